/* How fast and how right topics are found that nobody named: a file in, seconds and topics out.
 *
 *   discover FILE [--topics N] [--quality draft|best] [--seed N] [--threads N] [--labels OUT]
 *
 * FILE holds one text a line: label, tab, text. The labels are not looked at. The answer is one
 * line of JSON: seconds from texts to a model (processor time, wall clock where there are several
 * threads), the most memory kundig asked for, how many topics there are. OUT gets the number of the
 * main topic of each text, one a line; -1 for none. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kundig.h"

typedef struct discover_memory {
    size_t live;
    size_t peak;
} discover_memory;

static void *discover_counting(void *ud, void *ptr, size_t old_size, size_t new_size)
{
    discover_memory *memory = ud;
    if (new_size == 0) {
        free(ptr);
        __atomic_fetch_sub(&memory->live, ptr ? old_size : 0, __ATOMIC_RELAXED);
        return NULL;
    }
    void *fresh = realloc(ptr, new_size);
    if (fresh) {
        size_t live =
            __atomic_add_fetch(&memory->live, new_size - (ptr ? old_size : 0), __ATOMIC_RELAXED);
        size_t peak = __atomic_load_n(&memory->peak, __ATOMIC_RELAXED);
        while (live > peak && !__atomic_compare_exchange_n(&memory->peak, &peak, live, 1,
                                                           __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
        }
    }
    return fresh;
}

static void *discover_need(void *ptr)
{
    if (!ptr) {
        fprintf(stderr, "discover: no memory\n");
        exit(1);
    }
    return ptr;
}

static void discover_check(int rc, const kundig_error *err)
{
    if (rc) {
        fprintf(stderr, "discover: %s\n", err->message);
        exit(1);
    }
}

static double discover_seconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The texts of a file; they borrow *data. */
static kundig_example *discover_read(const char *path, char **data, size_t *count)
{
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END)) {
        fprintf(stderr, "discover: %s cannot be read\n", path);
        exit(1);
    }
    size_t size = (size_t)ftell(file);
    rewind(file);
    *data = discover_need(malloc(size + 1));
    size = fread(*data, 1, size, file);
    fclose(file);
    size_t lines = 1;
    for (size_t i = 0; i < size; i++) {
        lines += (*data)[i] == '\n';
    }
    kundig_example *list = discover_need(malloc(lines * sizeof *list));
    *count = 0;
    for (char *at = *data; at < *data + size;) {
        char *end = memchr(at, '\n', (size_t)(*data + size - at));
        end = end ? end : *data + size;
        char *tab = memchr(at, '\t', (size_t)(end - at));
        if (tab) {
            kundig_example_init(&list[*count]);
            list[(*count)++].text = (kundig_text){tab + 1, (size_t)(end - tab - 1)};
        }
        at = end + 1;
    }
    return list;
}

static void discover_write(const char *path, const int32_t *found, size_t count)
{
    FILE *file = fopen(path, "wb");
    if (!file) {
        fprintf(stderr, "discover: %s cannot be written\n", path);
        exit(1);
    }
    for (size_t i = 0; i < count; i++) {
        fprintf(file, "%d\n", (int)found[i]);
    }
    fclose(file);
}

int main(int argc, char **argv)
{
    kundig_discover_options options;
    kundig_discover_options_init(&options);
    const char *path = NULL;
    const char *labels = NULL;
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : "";
        if (strcmp(argv[i], "--topics") == 0) {
            options.topics = (uint32_t)strtoul(value, NULL, 10);
            i++;
        } else if (strcmp(argv[i], "--quality") == 0) {
            options.quality = strcmp(value, "best") == 0    ? KUNDIG_QUALITY_BEST
                              : strcmp(value, "draft") == 0 ? KUNDIG_QUALITY_DRAFT
                                                            : KUNDIG_QUALITY_FAST;
            i++;
        } else if (strcmp(argv[i], "--seed") == 0) {
            options.seed = strtoull(value, NULL, 10);
            i++;
        } else if (strcmp(argv[i], "--threads") == 0) {
            options.threads = (uint32_t)strtoul(value, NULL, 10);
            i++;
        } else if (strcmp(argv[i], "--labels") == 0) {
            labels = value;
            i++;
        } else {
            path = argv[i];
        }
    }
    if (!path) {
        fprintf(stderr, "usage: discover FILE [--topics N] [--quality draft|best] [--seed N] "
                        "[--threads N] [--labels OUT]\n");
        return 2;
    }
    options.threads = options.threads ? options.threads : 1;
    clockid_t clock = options.threads > 1 ? CLOCK_MONOTONIC : CLOCK_PROCESS_CPUTIME_ID;
    char *data;
    size_t count;
    kundig_example *list = discover_read(path, &data, &count);
    int32_t *found = discover_need(malloc((count + 1) * sizeof *found));
    discover_memory memory = {0};
    kundig_allocator allocator = {discover_counting, &memory};
    kundig_error err;
    kundig_examples *examples = NULL;
    kundig_model *model = NULL;
    discover_check(kundig_examples_new(&allocator, KUNDIG_LESSON_TOPICS, &examples, &err), &err);
    double start = discover_seconds(clock);
    discover_check(kundig_examples_add(examples, list, count, &err), &err);
    discover_check(kundig_model_discover(NULL, examples, &options, &model, found, &err), &err);
    double seconds = discover_seconds(clock) - start;
    printf("{\"texts\":%zu,\"topics\":%zu,\"seconds\":%.3f,\"peak_bytes\":%zu}\n", count,
           kundig_model_class_count(model, KUNDIG_LESSON_DISCOVERED), seconds, memory.peak);
    if (labels) {
        discover_write(labels, found, count);
    }
    kundig_model_free(model);
    kundig_examples_free(examples);
    free(found);
    free(list);
    free(data);
    return 0;
}
