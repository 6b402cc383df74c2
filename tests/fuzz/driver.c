/* Replays inputs through a fuzz target without a fuzzer: every file given, every file of a folder
 * given, and each file cut short at a few places. So the corpus runs as a plain test everywhere. */
#define _POSIX_C_SOURCE 200809L
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t replayed;

/* A block of exactly `size` bytes, so that a sanitizer sees the first byte read beyond. */
static void replay_exact(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1);
    if (!copy) {
        fprintf(stderr, "driver: no memory\n");
        exit(2);
    }
    if (size) {
        memcpy(copy, data, size);
    }
    (void)LLVMFuzzerTestOneInput(copy, size);
    free(copy);
    replayed++;
}

static void replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        fprintf(stderr, "driver: cannot open %s\n", path);
        exit(2);
    }
    uint8_t *data = NULL;
    size_t size = 0;
    size_t capacity = 0;
    for (;;) {
        if (size == capacity) {
            capacity = capacity ? 2 * capacity : 4096;
            uint8_t *grown = realloc(data, capacity);
            if (!grown) {
                fprintf(stderr, "driver: no memory for %s\n", path);
                exit(2);
            }
            data = grown;
        }
        size_t got = fread(data + size, 1, capacity - size, file);
        if (got == 0) {
            break;
        }
        size += got;
    }
    fclose(file);
    replay_exact(data, size);
    for (size_t part = 1; part < 8; part++) {
        replay_exact(data, size * part / 8);
    }
    free(data);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void replay_folder(const char *path)
{
    DIR *folder = opendir(path);
    if (!folder) {
        fprintf(stderr, "driver: cannot open folder %s\n", path);
        exit(2);
    }
    char **names = NULL;
    size_t count = 0;
    for (const struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
        if (entry->d_name[0] == '.') {
            continue;
        }
        size_t len = strlen(path) + strlen(entry->d_name) + 2;
        char **grown = realloc(names, (count + 1) * sizeof *names);
        char *name = malloc(len);
        if (!grown || !name) {
            fprintf(stderr, "driver: no memory\n");
            exit(2);
        }
        snprintf(name, len, "%s/%s", path, entry->d_name);
        names = grown;
        names[count++] = name;
    }
    closedir(folder);
    if (count) {
        qsort(names, count, sizeof *names, by_name);
    }
    for (size_t i = 0; i < count; i++) {
        replay_file(names[i]);
        free(names[i]);
    }
    free(names);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        struct stat about;
        if (stat(argv[i], &about) != 0) {
            fprintf(stderr, "driver: no such file or folder: %s\n", argv[i]);
            return 2;
        }
        if (S_ISDIR(about.st_mode)) {
            replay_folder(argv[i]);
        } else {
            replay_file(argv[i]);
        }
    }
    if (replayed == 0) {
        fprintf(stderr, "driver: nothing to replay; give files or folders\n");
        return 2;
    }
    printf("%zu inputs replayed\n", replayed);
    return 0;
}
