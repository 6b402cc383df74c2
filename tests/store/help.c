#define _XOPEN_SOURCE 700
#include "help.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HELP_FOLDERS 16

static char folders[HELP_FOLDERS][256];
static int folder_count;
static pid_t folder_owner;
static const char *folder_below = ".";

void die(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fflush(stdout);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(1);
}

void *grow(void *old, size_t size)
{
    void *p = realloc(old, size ? size : 1);
    if (!p) {
        die("out of memory");
    }
    return p;
}

uint64_t throw_whole(dice *d)
{
    uint64_t z = (d->state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

uint64_t throw_dice(dice *d, uint64_t sides)
{
    return throw_whole(d) % (sides ? sides : 1);
}

void copy_name(char *to, size_t room, const char *from)
{
    size_t len = strlen(from);
    if (len >= room) {
        die("\"%s\" is too long a name", from);
    }
    memcpy(to, from, len + 1);
}

/* ---- files ---- */

content file_read(const char *path)
{
    content c = {NULL, 0};
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0) {
        die("%s: %s", path, strerror(errno));
    }
    long size = ftell(file);
    rewind(file);
    c.size = (size_t)size;
    c.bytes = grow(NULL, c.size);
    if (fread(c.bytes, 1, c.size, file) != c.size) {
        die("%s: cannot be read", path);
    }
    fclose(file);
    return c;
}

bool file_there(const char *path)
{
    struct stat s;
    return lstat(path, &s) == 0;
}

/* Not cut to nothing first: file systems hurry to the disk what is written then. */
void file_write(const char *path, const void *bytes, size_t size)
{
    const char *at = bytes;
    size_t left = size;
    int file = open(path, O_WRONLY | O_CREAT, 0600);
    while (file >= 0 && left > 0) {
        ssize_t done = write(file, at, left);
        if (done <= 0) {
            break;
        }
        at += done;
        left -= (size_t)done;
    }
    if (file < 0 || left > 0 || ftruncate(file, (off_t)size) != 0 || close(file) != 0) {
        die("%s: %s", path, strerror(errno));
    }
}

const char *in(const char *folder, const char *name)
{
    static char paths[4][512];
    static int next;
    next = (next + 1) % 4;
    snprintf(paths[next], sizeof paths[0], "%s/%s", folder, name);
    return paths[next];
}

/* Call `act` for each file of a folder until it says true. */
static bool each_file(const char *folder, bool (*act)(const char *name, void *with), void *with)
{
    DIR *d = opendir(folder);
    if (!d) {
        die("%s: %s", folder, strerror(errno));
    }
    bool done = false;
    const struct dirent *e;
    while (!done && (e = readdir(d)) != NULL) {
        done = strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 && act(e->d_name, with);
    }
    closedir(d);
    return done;
}

static bool drop_one(const char *name, void *with)
{
    const char *folder = with;
    (void)remove(in(folder, name));
    return false;
}

void folder_empty(const char *folder)
{
    char copy[256];
    copy_name(copy, sizeof copy, folder);
    (void)each_file(copy, drop_one, copy);
}

static bool copy_one(const char *name, void *with)
{
    const char **way = with;
    content c = file_read(in(way[0], name));
    file_write(in(way[1], name), c.bytes, c.size);
    free(c.bytes);
    return false;
}

void folder_copy(const char *from, const char *to)
{
    const char *way[2] = {from, to};
    folder_empty(to);
    (void)each_file(from, copy_one, way);
}

typedef struct seeking {
    const char *folder;
    const unsigned char *bytes;
    size_t size;
    char *name;
} seeking;

static bool holds_one(const char *name, void *with)
{
    const seeking *s = with;
    content c = file_read(in(s->folder, name));
    bool found = false;
    for (const unsigned char *p = c.bytes; !found && s->size && c.size >= s->size; p++) {
        size_t left = c.size - (size_t)(p - c.bytes);
        if (left < s->size || !(p = memchr(p, s->bytes[0], left - s->size + 1))) {
            break;
        }
        found = memcmp(p, s->bytes, s->size) == 0;
    }
    free(c.bytes);
    if (found) {
        copy_name(s->name, 256, name);
    }
    return found;
}

const char *folder_holds(const char *folder, const void *bytes, size_t size)
{
    static char name[256];
    seeking s = {folder, bytes, size, name};
    return each_file(folder, holds_one, &s) ? name : NULL;
}

static void folders_drop(void)
{
    if (folder_owner == getpid()) {
        for (int i = 0; i < folder_count; i++) {
            folder_empty(folders[i]);
            (void)rmdir(folders[i]);
        }
    }
}

const char *folder_new(void)
{
    if (folder_count == HELP_FOLDERS) {
        die("more than %d folders", HELP_FOLDERS);
    }
    if (folder_count == 0) {
        folder_owner = getpid();
        atexit(folders_drop);
    }
    char *folder = folders[folder_count];
    char below[PATH_MAX];
    if (!realpath(folder_below, below) || strlen(below) > sizeof folders[0] - 32) {
        die("%s: no folder to work in", folder_below);
    }
    copy_name(folder, sizeof folders[0], below);
    copy_name(folder + strlen(folder), 32, "/kundig-store-XXXXXX");
    if (!mkdtemp(folder)) {
        die("%s: %s", folder, strerror(errno));
    }
    folder_count++;
    return folder;
}

static bool count_one(const char *name, void *with)
{
    (void)name;
    ++*(size_t *)with;
    return false;
}

size_t open_files(void)
{
    size_t count = 0;
    (void)each_file("/proc/self/fd", count_one, &count);
    return count;
}

/* ---- arguments ---- */

static uint64_t number_of(const char *text)
{
    char *end = NULL;
    unsigned long long n = text ? strtoull(text, &end, 10) : 0;
    if (!text || end == text || *end) {
        die("a number was expected, not \"%s\"", text ? text : "");
    }
    return n;
}

settings settings_read(int argc, char **argv, uint64_t runs)
{
    settings s = {.runs = runs, .seed = 1};
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;
        if (strcmp(argv[i], "--full") == 0) {
            s.full = true;
        } else if (strcmp(argv[i], "--runs") == 0) {
            s.runs = number_of(value);
            i++;
        } else if (strcmp(argv[i], "--seed") == 0) {
            s.seed = number_of(value);
            i++;
        } else if (strcmp(argv[i], "--only") == 0 && value) {
            s.only = value;
            i++;
        } else if (strcmp(argv[i], "--folder") == 0 && value) {
            folder_below = value;
            i++;
        } else if (argv[i][0] != '-' && !s.file) {
            s.file = argv[i];
        } else {
            die("%s: [--runs N] [--seed N] [--folder FOLDER] [--only WORD] [--full] [FILE]",
                argv[0]);
        }
    }
    return s;
}
