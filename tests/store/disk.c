/* The log is one list of operations and one pool of bytes. A rest is made by going through the log
 * up to the moment: each file has its sure bytes and a list of what came after its last sync, each
 * folder entry a list of what it was called since the last sync of the folder.
 *
 * Cost of a rest: the bytes of the log up to the moment. */
#include "disk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "help.h"

enum {
    DISK_WRITE,
    DISK_TRUNCATE,
    DISK_SYNC,
    DISK_SYNC_ALL,
    DISK_CREATE,
    DISK_DELETE,
    DISK_DELETE_ALL,
    DISK_MARK
};

#define DISK_SECTOR 512
#define DISK_NAMES  16
#define DISK_NODES  4096

typedef struct disk_op {
    int what;
    int node; /* CREATE, DELETE: of the name, too */
    int name;
    int64_t offset; /* TRUNCATE: the size */
    size_t start;   /* of the bytes in the pool */
    size_t len;
} disk_op;

static struct disk_state {
    bool on;
    disk_op *ops;
    size_t count;
    size_t capacity;
    unsigned char *pool;
    size_t used;
    size_t room;
    char names[DISK_NAMES][128];
    int name_count;
    int now[DISK_NAMES]; /* the node of each name; -1: none */
    int node_count;
} disk;

static bool is_shared_memory(const char *path)
{
    size_t len = strlen(path);
    return len > 4 && strcmp(path + len - 4, "-shm") == 0;
}

static int name_number(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    for (int i = 0; i < disk.name_count; i++) {
        if (strcmp(disk.names[i], name) == 0) {
            return i;
        }
    }
    if (disk.name_count == DISK_NAMES) {
        die("disk: more than %d names in one folder", DISK_NAMES);
    }
    copy_name(disk.names[disk.name_count], sizeof disk.names[0], name);
    disk.now[disk.name_count] = -1;
    return disk.name_count++;
}

static disk_op *add(int what, int node)
{
    if (disk.count == disk.capacity) {
        disk.capacity = disk.capacity ? 2 * disk.capacity : 1024;
        disk.ops = grow(disk.ops, disk.capacity * sizeof *disk.ops);
    }
    disk_op *op = &disk.ops[disk.count++];
    *op = (disk_op){.what = what, .node = node, .name = -1};
    return op;
}

static void keep(disk_op *op, const void *bytes, size_t len)
{
    if (disk.used + len > disk.room) {
        disk.room = 2 * (disk.used + len);
        disk.pool = grow(disk.pool, disk.room);
    }
    memcpy(disk.pool + disk.used, bytes, len);
    op->start = disk.used;
    op->len = len;
    disk.used += len;
}

int disk_opened(const char *path, bool created)
{
    if (!disk.on || !path || is_shared_memory(path)) {
        return -1;
    }
    int name = name_number(path);
    if (created || disk.now[name] < 0) {
        if (disk.node_count == DISK_NODES) {
            die("disk: more than %d files were made", DISK_NODES);
        }
        disk.now[name] = disk.node_count++;
        disk_op *op = add(DISK_CREATE, disk.now[name]);
        op->name = name;
    }
    return disk.now[name];
}

void disk_written(int node, const void *bytes, size_t len, int64_t offset)
{
    if (disk.on && node >= 0) {
        disk_op *op = add(DISK_WRITE, node);
        op->offset = offset;
        keep(op, bytes, len);
    }
}

void disk_truncated(int node, int64_t size)
{
    if (disk.on && node >= 0) {
        add(DISK_TRUNCATE, node)->offset = size;
    }
}

void disk_synced(int node, bool folder)
{
    if (disk.on && node >= 0) {
        (void)add(folder ? DISK_SYNC_ALL : DISK_SYNC, node);
    }
}

void disk_deleted(const char *path, bool folder)
{
    if (disk.on && !is_shared_memory(path)) {
        int name = name_number(path);
        disk_op *op = add(folder ? DISK_DELETE_ALL : DISK_DELETE, disk.now[name]);
        op->name = name;
        disk.now[name] = -1;
    }
}

void disk_mark(void)
{
    if (disk.on) {
        (void)add(DISK_MARK, -1);
    }
}

void disk_log(void)
{
    disk_free();
    disk.on = true;
}

void disk_log_end(void)
{
    disk.on = false;
}

void disk_free(void)
{
    free(disk.ops);
    free(disk.pool);
    memset(&disk, 0, sizeof disk);
}

size_t disk_length(void)
{
    return disk.count;
}

size_t disk_marks(size_t cut)
{
    size_t marks = 0;
    for (size_t i = 0; i < cut; i++) {
        marks += disk.ops[i].what == DISK_MARK;
    }
    return marks;
}

/* ---- the making of a rest ---- */

typedef struct disk_node {
    unsigned char *bytes;
    size_t size;
    size_t room;
    size_t *pending; /* operations since the last sync */
    size_t count;
    size_t capacity;
} disk_node;

typedef struct disk_entry {
    int sure;      /* the node it surely names; -1: none */
    int later[64]; /* what it named since, in order */
    int later_count;
} disk_entry;

static void node_resize(disk_node *n, size_t size)
{
    if (size > n->room) {
        n->room = size + size / 2;
        n->bytes = grow(n->bytes, n->room);
    }
    if (size > n->size) {
        memset(n->bytes + n->size, 0, size - n->size);
    }
    n->size = size;
}

static void node_put(disk_node *n, const unsigned char *bytes, size_t len, size_t offset)
{
    if (offset + len > n->size) {
        node_resize(n, offset + len);
    }
    memcpy(n->bytes + offset, bytes, len);
}

static void node_apply(disk_node *n, const disk_op *op)
{
    if (op->what == DISK_WRITE) {
        node_put(n, disk.pool + op->start, op->len, (size_t)op->offset);
    } else if ((size_t)op->offset < n->size) {
        node_resize(n, (size_t)op->offset);
    }
}

/* A write of which some sectors reached the disk; the file may have grown all the same. */
static void node_tear(disk_node *n, const disk_op *op, dice *d)
{
    size_t end = (size_t)op->offset + op->len;
    size_t old = n->size;
    bool junk = throw_dice(d, 4) == 0;
    if (end > old && throw_dice(d, 2)) {
        node_resize(n, end);
        for (size_t i = old; junk && i < end; i++) {
            n->bytes[i] = (unsigned char)throw_dice(d, 256);
        }
    }
    for (size_t at = (size_t)op->offset; at < end;) {
        size_t next = (at / DISK_SECTOR + 1) * DISK_SECTOR;
        next = next < end ? next : end;
        if (throw_dice(d, 2)) {
            node_put(n, disk.pool + op->start + (at - (size_t)op->offset), next - at, at);
        }
        at = next;
    }
}

static void node_sync(disk_node *n)
{
    for (size_t i = 0; i < n->count; i++) {
        node_apply(n, &disk.ops[n->pending[i]]);
    }
    n->count = 0;
}

static void node_lose_power(disk_node *n, dice *d)
{
    uint64_t style = throw_dice(d, 4);
    if (style == 0) { /* nothing of it reached the disk */
        n->count = 0;
    } else if (style == 1) { /* all of it did */
        node_sync(n);
    } else {
        for (size_t i = n->count; style == 3 && i > 1; i--) {
            size_t j = throw_dice(d, i);
            size_t other = n->pending[j];
            n->pending[j] = n->pending[i - 1];
            n->pending[i - 1] = other;
        }
        for (size_t i = 0; i < n->count; i++) {
            const disk_op *op = &disk.ops[n->pending[i]];
            uint64_t fate = throw_dice(d, 3);
            if (fate == 1) {
                node_apply(n, op);
            } else if (fate == 2 && op->what == DISK_WRITE) {
                node_tear(n, op, d);
            }
        }
        n->count = 0;
    }
}

static void entry_add(disk_entry *e, int node)
{
    if (e->later_count == (int)(sizeof e->later / sizeof *e->later)) {
        die("disk: a name changed too often without a sync of its folder");
    }
    e->later[e->later_count++] = node;
}

static void folder_sync(disk_entry *entries)
{
    for (int i = 0; i < disk.name_count; i++) {
        if (entries[i].later_count > 0) {
            entries[i].sure = entries[i].later[entries[i].later_count - 1];
            entries[i].later_count = 0;
        }
    }
}

static void replay(disk_node *nodes, disk_entry *entries, size_t cut)
{
    for (size_t i = 0; i < cut; i++) {
        const disk_op *op = &disk.ops[i];
        disk_node *n = op->node >= 0 ? &nodes[op->node] : NULL;
        switch (op->what) {
        case DISK_WRITE:
        case DISK_TRUNCATE:
            if (n->count == n->capacity) {
                n->capacity = n->capacity ? 2 * n->capacity : 16;
                n->pending = grow(n->pending, n->capacity * sizeof *n->pending);
            }
            n->pending[n->count++] = i;
            break;
        case DISK_SYNC:
        case DISK_SYNC_ALL:
            node_sync(n);
            break;
        case DISK_CREATE:
            entry_add(&entries[op->name], op->node);
            break;
        case DISK_DELETE:
        case DISK_DELETE_ALL:
            entry_add(&entries[op->name], -1);
            break;
        default:
            break;
        }
        if (op->what == DISK_SYNC_ALL || op->what == DISK_DELETE_ALL) {
            folder_sync(entries);
        }
    }
}

void disk_left(const char *folder, size_t cut, uint64_t seed)
{
    dice d = {seed};
    disk_node *nodes = grow(NULL, (size_t)(disk.node_count + 1) * sizeof *nodes);
    disk_entry entries[DISK_NAMES];
    memset(nodes, 0, (size_t)(disk.node_count + 1) * sizeof *nodes);
    for (int i = 0; i < DISK_NAMES; i++) {
        entries[i] = (disk_entry){.sure = -1};
    }
    replay(nodes, entries, cut);
    for (int i = 0; i < disk.node_count; i++) {
        node_lose_power(&nodes[i], &d);
    }
    for (int i = 0; i < disk.name_count; i++) {
        const disk_entry *e = &entries[i];
        uint64_t steps = throw_dice(&d, (uint64_t)e->later_count + 1);
        int node = steps ? e->later[steps - 1] : e->sure;
        if (node >= 0) {
            char path[512];
            snprintf(path, sizeof path, "%s/%s", folder, disk.names[i]);
            file_write(path, nodes[node].bytes, nodes[node].size);
        }
    }
    for (int i = 0; i < disk.node_count; i++) {
        free(nodes[i].bytes);
        free(nodes[i].pending);
    }
    free(nodes);
}
