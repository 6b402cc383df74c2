/* How fast, how small, how right: one set of examples learned from and another one asked about.
 *
 *   learn TRAIN ASK [--quality best] [--threads N] [--bytes N] [--runs N] [--sentiment]
 *
 * Files hold one example a line: label, tab, text. The answer is one line of JSON. Seconds of
 * learning are from texts to a model in memory, seconds of asking from texts to classes; both are
 * processor time, wall clock where there are several threads. Memory is what kundig asked for. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kundig.h"

enum { LEARN_RUNS = 32 };

typedef struct learn_set {
    char *data;
    kundig_text *labels;
    kundig_text *texts;
    size_t count;
    size_t bytes;
} learn_set;

typedef struct learn_memory {
    size_t live;
    size_t peak;
} learn_memory;

static void *learn_counting(void *ud, void *ptr, size_t old_size, size_t new_size)
{
    learn_memory *memory = ud;
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

static void *learn_need(void *ptr)
{
    if (!ptr) {
        fprintf(stderr, "learn: no memory\n");
        exit(1);
    }
    return ptr;
}

static void learn_check(int rc, const kundig_error *err, const char *what)
{
    if (rc) {
        fprintf(stderr, "learn: %s: %s\n", what, err->message);
        exit(1);
    }
}

static learn_set learn_read(const char *path)
{
    learn_set set = {0};
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END)) {
        fprintf(stderr, "learn: %s cannot be read\n", path);
        exit(1);
    }
    size_t size = (size_t)ftell(file);
    rewind(file);
    set.data = learn_need(malloc(size + 1));
    size = fread(set.data, 1, size, file);
    set.data[size] = 0;
    fclose(file);
    size_t lines = 1;
    for (size_t i = 0; i < size; i++) {
        lines += set.data[i] == '\n';
    }
    set.labels = learn_need(malloc(lines * sizeof *set.labels));
    set.texts = learn_need(malloc(lines * sizeof *set.texts));
    for (char *at = set.data; at < set.data + size;) {
        char *end = memchr(at, '\n', (size_t)(set.data + size - at));
        end = end ? end : set.data + size;
        char *tab = memchr(at, '\t', (size_t)(end - at));
        if (tab) {
            set.labels[set.count] = (kundig_text){at, (size_t)(tab - at)};
            set.texts[set.count] = (kundig_text){tab + 1, (size_t)(end - tab - 1)};
            set.bytes += (size_t)(end - tab - 1);
            set.count++;
        }
        at = end + 1;
    }
    return set;
}

static double learn_seconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static kundig_model *learn_once(const learn_set *set, int32_t lesson,
                                const kundig_learn_options *options,
                                const kundig_allocator *allocator)
{
    kundig_error err;
    kundig_examples *examples = NULL;
    kundig_model *model = NULL;
    kundig_example *list = learn_need(malloc(set->count * sizeof *list));
    for (size_t i = 0; i < set->count; i++) {
        kundig_example_init(&list[i]);
        list[i].text = set->texts[i];
        list[i].labels = &set->labels[i];
        list[i].label_count = 1;
    }
    learn_check(kundig_examples_new(allocator, lesson, &examples, &err), &err, "examples");
    learn_check(kundig_examples_add(examples, list, set->count, &err), &err, "examples");
    learn_check(kundig_model_teach(NULL, examples, options, &model, &err), &err, "teach");
    kundig_examples_free(examples);
    free(list);
    return model;
}

static void learn_print(const char *name, const double *seconds, int count)
{
    printf("\"%s\":[", name);
    for (int i = 0; i < count; i++) {
        printf("%s%.6f", i ? "," : "", seconds[i]);
    }
    printf("],");
}

int main(int argc, char **argv)
{
    kundig_learn_options options;
    kundig_learn_options_init(&options);
    int32_t lesson = KUNDIG_LESSON_TOPICS;
    const char *paths[2] = {NULL, NULL};
    int path_count = 0;
    int runs = 5;
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : "";
        if (strcmp(argv[i], "--quality") == 0) {
            options.quality = strcmp(value, "best") == 0 ? KUNDIG_QUALITY_BEST : 0;
            i++;
        } else if (strcmp(argv[i], "--threads") == 0) {
            options.threads = (uint32_t)strtoul(value, NULL, 10);
            i++;
        } else if (strcmp(argv[i], "--bytes") == 0) {
            options.most_bytes = strtoull(value, NULL, 10);
            i++;
        } else if (strcmp(argv[i], "--runs") == 0) {
            runs = atoi(value);
            i++;
        } else if (strcmp(argv[i], "--sentiment") == 0) {
            lesson = KUNDIG_LESSON_SENTIMENT;
        } else if (path_count < 2) {
            paths[path_count++] = argv[i];
        }
    }
    if (path_count < 2 || runs < 1 || runs > LEARN_RUNS) {
        fprintf(stderr, "usage: learn TRAIN ASK [--quality best] [--threads N] [--bytes N] "
                        "[--runs 1..32] [--sentiment]\n");
        return 2;
    }
    clockid_t clock = options.threads > 1 ? CLOCK_MONOTONIC : CLOCK_PROCESS_CPUTIME_ID;
    learn_set train = learn_read(paths[0]);
    learn_set ask = learn_read(paths[1]);
    learn_memory memory = {0};
    kundig_allocator allocator = {learn_counting, &memory};
    kundig_error err;
    kundig_model *model = NULL;
    double seconds[LEARN_RUNS];
    for (int run = 0; run < runs; run++) {
        kundig_model_free(model);
        double start = learn_seconds(clock);
        model = learn_once(&train, lesson, &options, &allocator);
        seconds[run] = learn_seconds(clock) - start;
    }
    printf("{");
    learn_print("learn", seconds, runs);
    kundig_bytes *bytes = NULL;
    learn_check(kundig_model_save(model, &bytes, &err), &err, "save");
    int32_t *classes = learn_need(malloc((ask.count + 1) * sizeof *classes));
    for (int run = 0; run < runs; run++) {
        double start = learn_seconds(clock);
        learn_check(kundig_model_classify(model, lesson, ask.texts, ask.count, options.threads,
                                          classes, NULL, NULL, NULL, &err),
                    &err, "classify");
        seconds[run] = learn_seconds(clock) - start;
    }
    learn_print("ask", seconds, runs);
    /* Refused texts have the class that is most probable all the same. */
    size_t class_count = kundig_model_class_count(model, lesson);
    float *rows = learn_need(malloc((ask.count + 1) * class_count * sizeof *rows));
    learn_check(kundig_model_classify(model, lesson, ask.texts, ask.count, options.threads, classes,
                                      rows, NULL, NULL, &err),
                &err, "classify");
    size_t right = 0;
    size_t refused = 0;
    for (size_t i = 0; i < ask.count; i++) {
        size_t best = 0;
        for (size_t c = 1; c < class_count; c++) {
            best = rows[i * class_count + c] > rows[i * class_count + best] ? c : best;
        }
        kundig_text name = kundig_model_class_name(model, lesson, best);
        right +=
            name.len == ask.labels[i].len && memcmp(name.data, ask.labels[i].data, name.len) == 0;
        refused += classes[i] < 0;
    }
    printf("\"examples\":%zu,\"example_bytes\":%zu,\"classes\":%zu,\"asked\":%zu,"
           "\"asked_bytes\":%zu,\"accuracy\":%.5f,\"refused\":%zu,\"model_bytes\":%zu,"
           "\"peak_bytes\":%zu}\n",
           train.count, train.bytes, class_count, ask.count, ask.bytes,
           (double)right / (double)(ask.count ? ask.count : 1), refused, kundig_bytes_len(bytes),
           memory.peak);
    kundig_bytes_free(bytes);
    kundig_model_free(model);
    free(rows);
    free(classes);
    free(train.labels);
    free(train.texts);
    free(train.data);
    free(ask.labels);
    free(ask.texts);
    free(ask.data);
    return 0;
}
