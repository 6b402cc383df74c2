/* Each method asks strike() whether it is to fail, else calls the method of "unix". What releases
 * something (close, unlock, unmap) is done also where it is reported as failed, as systems do.
 *
 * No sync reaches the system: it keeps what a killed process wrote, and the power is lost in the
 * log alone.
 *
 * Invariant: a fault is either reported to SQLite or kills the process; nothing else is changed. */
#define _POSIX_C_SOURCE 200809L
#include "shim.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "disk.h"

typedef struct shim_file {
    sqlite3_file base;
    sqlite3_file *real; /* stands behind this struct */
    int node;           /* of the log */
    bool folder_synced; /* the first sync of a journal that was made also syncs its folder */
    char name[64];
} shim_file;

/* What a call does, as far as faults care. */
enum {
    SHIM_READS = 1,
    SHIM_WRITES = 2,
    SHIM_GROWS = 4,
    SHIM_CHANGES = 8,
    SHIM_SYNCS = 16,
    SHIM_LOCKS = 32
};

static struct shim_state {
    sqlite3_vfs vfs;
    sqlite3_vfs *unix_vfs;
    shim_fault fault;
    uint64_t at;
    uint64_t calls;
    bool for_ever;
    bool struck;
    char where[96];
} shim;

static const unsigned concerned[SHIM_FAULTS] = {
    [SHIM_NOTHING] = ~0u,       [SHIM_EIO] = ~0u,          [SHIM_ENOSPC] = SHIM_GROWS,
    [SHIM_SHORT] = SHIM_WRITES, [SHIM_FSYNC] = SHIM_SYNCS, [SHIM_LOCKED] = SHIM_LOCKS,
    [SHIM_KILL] = SHIM_CHANGES,
};

const char *shim_name(shim_fault fault)
{
    static const char *const names[SHIM_FAULTS] = {
        "nothing", "error", "disk full", "short write", "failed sync", "locked", "kill",
    };
    return names[fault];
}

static const char *last_part(const char *path)
{
    const char *slash = path ? strrchr(path, '/') : NULL;
    return slash ? slash + 1 : path ? path : "temporary";
}

/* Count a call; true if it is to fail. */
static bool strike(unsigned does, const char *call, const char *name)
{
    if (!(concerned[shim.fault] & does)) {
        return false;
    }
    shim.calls++;
    if (shim.fault == SHIM_NOTHING || shim.at == 0 ||
        (shim.for_ever ? shim.calls < shim.at : shim.calls != shim.at)) {
        return false;
    }
    if (!shim.struck) {
        shim.struck = true;
        snprintf(shim.where, sizeof shim.where, "%s %s", call, name);
    }
    return true;
}

static void fall(void)
{
    if (shim.fault == SHIM_KILL) {
        kill(getpid(), SIGKILL);
        for (;;) {
            pause();
        }
    }
}

static int refusal(int error)
{
    fall();
    return shim.fault == SHIM_ENOSPC   ? SQLITE_FULL
           : shim.fault == SHIM_LOCKED ? SQLITE_BUSY
                                       : error;
}

/* ---- methods of a file ---- */

static shim_file *of(sqlite3_file *file)
{
    return (shim_file *)(void *)file;
}

static int shim_close(sqlite3_file *file)
{
    shim_file *f = of(file);
    int rc = f->real->pMethods ? f->real->pMethods->xClose(f->real) : SQLITE_OK;
    return strike(SHIM_READS, "close", f->name) ? SQLITE_IOERR_CLOSE : rc;
}

static int shim_read(sqlite3_file *file, void *bytes, int amount, sqlite3_int64 offset)
{
    shim_file *f = of(file);
    if (strike(SHIM_READS, "read", f->name)) {
        memset(bytes, 0xA5, (size_t)amount);
        return refusal(SQLITE_IOERR_READ);
    }
    return f->real->pMethods->xRead(f->real, bytes, amount, offset);
}

static int shim_write(sqlite3_file *file, const void *bytes, int amount, sqlite3_int64 offset)
{
    shim_file *f = of(file);
    if (strike(SHIM_WRITES | SHIM_GROWS | SHIM_CHANGES, "write", f->name)) {
        int half = amount / 2;
        if ((shim.fault == SHIM_SHORT || shim.fault == SHIM_KILL) && half > 0) {
            (void)f->real->pMethods->xWrite(f->real, bytes, half, offset);
            disk_written(f->node, bytes, (size_t)half, offset);
        }
        return refusal(SQLITE_IOERR_WRITE);
    }
    int rc = f->real->pMethods->xWrite(f->real, bytes, amount, offset);
    if (rc == SQLITE_OK) {
        disk_written(f->node, bytes, (size_t)amount, offset);
    }
    return rc;
}

static int shim_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    shim_file *f = of(file);
    if (strike(SHIM_CHANGES, "truncate", f->name)) {
        return refusal(SQLITE_IOERR_TRUNCATE);
    }
    int rc = f->real->pMethods->xTruncate(f->real, size);
    if (rc == SQLITE_OK) {
        disk_truncated(f->node, size);
    }
    return rc;
}

static int shim_sync(sqlite3_file *file, int flags)
{
    shim_file *f = of(file);
    (void)flags;
    if (strike(SHIM_SYNCS | SHIM_CHANGES, "sync", f->name)) {
        return refusal(SQLITE_IOERR_FSYNC);
    }
    disk_synced(f->node, f->folder_synced);
    f->folder_synced = false;
    return SQLITE_OK;
}

static int shim_size(sqlite3_file *file, sqlite3_int64 *size)
{
    shim_file *f = of(file);
    if (strike(SHIM_READS, "size", f->name)) {
        return refusal(SQLITE_IOERR_FSTAT);
    }
    return f->real->pMethods->xFileSize(f->real, size);
}

static int shim_lock(sqlite3_file *file, int level)
{
    shim_file *f = of(file);
    if (strike(SHIM_READS | SHIM_LOCKS, "lock", f->name)) {
        return refusal(SQLITE_IOERR_LOCK);
    }
    return f->real->pMethods->xLock(f->real, level);
}

static int shim_unlock(sqlite3_file *file, int level)
{
    shim_file *f = of(file);
    int rc = f->real->pMethods->xUnlock(f->real, level);
    return strike(SHIM_READS, "unlock", f->name) ? refusal(SQLITE_IOERR_UNLOCK) : rc;
}

static int shim_reserved(sqlite3_file *file, int *out)
{
    shim_file *f = of(file);
    if (strike(SHIM_READS, "look for a lock", f->name)) {
        return refusal(SQLITE_IOERR_CHECKRESERVEDLOCK);
    }
    return f->real->pMethods->xCheckReservedLock(f->real, out);
}

static int shim_control(sqlite3_file *file, int op, void *argument)
{
    shim_file *f = of(file);
    if (op == SQLITE_FCNTL_SIZE_HINT && strike(SHIM_WRITES | SHIM_GROWS, "size hint", f->name)) {
        return refusal(SQLITE_IOERR_WRITE);
    }
    return f->real->pMethods->xFileControl(f->real, op, argument);
}

static int shim_sector(sqlite3_file *file)
{
    shim_file *f = of(file);
    return f->real->pMethods->xSectorSize(f->real);
}

static int shim_device(sqlite3_file *file)
{
    shim_file *f = of(file);
    return f->real->pMethods->xDeviceCharacteristics(f->real);
}

static int shim_shm_map(sqlite3_file *file, int region, int size, int extend, void volatile **out)
{
    shim_file *f = of(file);
    if (strike(extend ? SHIM_READS | SHIM_GROWS : SHIM_READS, "shm map", f->name)) {
        *out = NULL;
        return refusal(SQLITE_IOERR_SHMMAP);
    }
    return f->real->pMethods->xShmMap(f->real, region, size, extend, out);
}

static int shim_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
    shim_file *f = of(file);
    if (flags & SQLITE_SHM_UNLOCK) {
        int rc = f->real->pMethods->xShmLock(f->real, offset, n, flags);
        return strike(SHIM_READS, "shm unlock", f->name) ? refusal(SQLITE_IOERR_SHMLOCK) : rc;
    }
    if (strike(SHIM_READS | SHIM_LOCKS, "shm lock", f->name)) {
        return refusal(SQLITE_IOERR_SHMLOCK);
    }
    return f->real->pMethods->xShmLock(f->real, offset, n, flags);
}

static void shim_shm_barrier(sqlite3_file *file)
{
    shim_file *f = of(file);
    f->real->pMethods->xShmBarrier(f->real);
}

static int shim_shm_unmap(sqlite3_file *file, int drop)
{
    shim_file *f = of(file);
    int rc = f->real->pMethods->xShmUnmap(f->real, drop);
    return strike(SHIM_READS, "shm unmap", f->name) ? refusal(SQLITE_IOERR_SHMMAP) : rc;
}

/* Version 2: no memory-mapped reading, so that every read is a call. */
static const sqlite3_io_methods file_methods = {
    .iVersion = 2,
    .xClose = shim_close,
    .xRead = shim_read,
    .xWrite = shim_write,
    .xTruncate = shim_truncate,
    .xSync = shim_sync,
    .xFileSize = shim_size,
    .xLock = shim_lock,
    .xUnlock = shim_unlock,
    .xCheckReservedLock = shim_reserved,
    .xFileControl = shim_control,
    .xSectorSize = shim_sector,
    .xDeviceCharacteristics = shim_device,
    .xShmMap = shim_shm_map,
    .xShmLock = shim_shm_lock,
    .xShmBarrier = shim_shm_barrier,
    .xShmUnmap = shim_shm_unmap,
};

/* ---- methods of the VFS ---- */

static int shim_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *got)
{
    (void)vfs;
    shim_file *f = of(file);
    sqlite3_vfs *u = shim.unix_vfs;
    memset(f, 0, sizeof *f);
    f->real = (sqlite3_file *)(void *)(f + 1);
    f->node = -1;
    snprintf(f->name, sizeof f->name, "%s", last_part(path));
    int there = 1;
    if (path && (flags & SQLITE_OPEN_CREATE)) {
        (void)u->xAccess(u, path, SQLITE_ACCESS_EXISTS, &there);
    }
    if (strike(there ? SHIM_READS : SHIM_READS | SHIM_GROWS | SHIM_CHANGES, "open", f->name)) {
        return refusal(SQLITE_CANTOPEN);
    }
    int rc = u->xOpen(u, path, f->real, flags, got);
    if (rc == SQLITE_OK) {
        f->base.pMethods = &file_methods;
        f->node = disk_opened(path, !there);
        f->folder_synced =
            (flags & SQLITE_OPEN_CREATE) &&
            (flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL)) != 0;
    }
    return rc;
}

static int shim_delete(sqlite3_vfs *vfs, const char *path, int sync_folder)
{
    (void)vfs;
    sqlite3_vfs *u = shim.unix_vfs;
    if (strike(SHIM_READS | SHIM_CHANGES, "delete", last_part(path))) {
        return refusal(SQLITE_IOERR_DELETE);
    }
    int rc = u->xDelete(u, path, 0);
    if (rc == SQLITE_OK) {
        disk_deleted(path, sync_folder);
    }
    return rc;
}

static int shim_access(sqlite3_vfs *vfs, const char *path, int flags, int *out)
{
    (void)vfs;
    sqlite3_vfs *u = shim.unix_vfs;
    if (strike(SHIM_READS, "access", last_part(path))) {
        return refusal(SQLITE_IOERR_ACCESS);
    }
    return u->xAccess(u, path, flags, out);
}

static int shim_full_path(sqlite3_vfs *vfs, const char *path, int size, char *out)
{
    (void)vfs;
    sqlite3_vfs *u = shim.unix_vfs;
    if (strike(SHIM_READS, "full path", last_part(path))) {
        return refusal(SQLITE_CANTOPEN);
    }
    return u->xFullPathname(u, path, size, out);
}

/* Who waits for a lock that is never given waits no real time. */
static int shim_sleep(sqlite3_vfs *vfs, int microseconds)
{
    (void)vfs;
    sqlite3_vfs *u = shim.unix_vfs;
    return shim.fault == SHIM_LOCKED ? microseconds : u->xSleep(u, microseconds);
}

void shim_install(void)
{
    if (shim.unix_vfs) {
        return;
    }
    shim.unix_vfs = sqlite3_vfs_find("unix");
    if (!shim.unix_vfs) {
        fprintf(stderr, "shim: this SQLite has no VFS \"unix\"\n");
        exit(1);
    }
    shim.vfs = *shim.unix_vfs;
    shim.vfs.pNext = NULL;
    shim.vfs.zName = "shim";
    shim.vfs.szOsFile = (int)sizeof(shim_file) + shim.unix_vfs->szOsFile;
    shim.vfs.xOpen = shim_open;
    shim.vfs.xDelete = shim_delete;
    shim.vfs.xAccess = shim_access;
    shim.vfs.xFullPathname = shim_full_path;
    shim.vfs.xSleep = shim_sleep;
    if (sqlite3_vfs_register(&shim.vfs, 1) != SQLITE_OK) {
        fprintf(stderr, "shim: it cannot be registered\n");
        exit(1);
    }
}

void shim_arm(shim_fault fault, uint64_t n, bool for_ever)
{
    shim.fault = fault;
    shim.at = n;
    shim.for_ever = for_ever;
    shim.calls = 0;
    shim.struck = false;
    shim.where[0] = '\0';
}

uint64_t shim_disarm(void)
{
    shim.fault = SHIM_NOTHING;
    shim.at = 0;
    return shim.calls;
}

bool shim_struck(void)
{
    return shim.struck;
}

const char *shim_where(void)
{
    return shim.where;
}
