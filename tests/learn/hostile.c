/* Examples that mean harm: ten thousand classes, one example each, one class, texts of nothing and
 * of a megabyte, words that share a bucket, names of odd bytes. Learning ends in bounded time and
 * memory, with a model that can be saved, read again and asked, or with a clear refusal.
 *
 * usage: hostile [NAME]      under assertions and sanitizers: a tenth of the numbers */
#define _POSIX_C_SOURCE 200809L /* clock_gettime */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/hash.h"
#include "learn/features.h"
#include "made.h"
#include "probe.h"

#define HOSTILE_MOST_BYTES ((size_t)1200 << 20)

#if !defined(NDEBUG) || defined(__SANITIZE_ADDRESS__) || defined(KUNDIG_TINY)
#define HOSTILE_LESS 10u
#define HOSTILE_MOST 3600.0
#else
#define HOSTILE_LESS 1u
#define HOSTILE_MOST 45.0 /* seconds of the processor's time for a case */
#endif

typedef struct hostile {
    const char *name;
    kundig_allocator allocator;
    kundig_example *examples;
    size_t count;
    kundig_text *labels; /* one each, unless a case says otherwise */
    char **owned;
    size_t owned_count;
    int32_t lesson;
    bool failed;
} hostile;

static void hostile_fail(hostile *h, const char *what, const char *detail)
{
    printf("FAILED  %s: %s: %s\n", h->name, what, detail);
    h->failed = true;
}

static char *hostile_own(hostile *h, size_t size)
{
    char *memory = calloc(1, size ? size : 1);
    char **owned = realloc(h->owned, (h->owned_count + 1) * sizeof *owned);
    if (!memory || !owned) {
        fputs("hostile: out of memory\n", stderr);
        exit(2);
    }
    h->owned = owned;
    h->owned[h->owned_count++] = memory;
    return memory;
}

static void hostile_room(hostile *h, size_t count)
{
    h->count = count;
    h->examples = (kundig_example *)hostile_own(h, count * sizeof *h->examples);
    h->labels = (kundig_text *)hostile_own(h, count * sizeof *h->labels);
    for (size_t i = 0; i < count; i++) {
        kundig_example_init(&h->examples[i]);
        h->examples[i].labels = &h->labels[i];
        h->examples[i].label_count = 1;
    }
}

static kundig_text hostile_print(hostile *h, const char *format, size_t a, size_t b)
{
    char *text = hostile_own(h, 96);
    int len = snprintf(text, 96, format, a, b);
    return (kundig_text){text, (size_t)len};
}

static kundig_text hostile_same(hostile *h, size_t len, char byte)
{
    char *text = hostile_own(h, len);
    memset(text, byte, len);
    return (kundig_text){text, len};
}

static kundig_text hostile_words(hostile *h, size_t len, uint64_t seed)
{
    char *text = hostile_own(h, len);
    for (size_t i = 0; i < len; i++) {
        uint64_t random = made_random(&seed);
        text[i] = random % 7 == 0 ? ' ' : (char)('a' + random / 7 % 26);
    }
    return (kundig_text){text, len};
}

/* ---- Cases ---- */

static void hostile_alone(hostile *h, size_t count)
{
    hostile_room(h, count);
    for (size_t i = 0; i < h->count; i++) {
        h->examples[i].text = hostile_print(h, "word%zu and thing%zu", i, i * 7 % 1000);
        h->labels[i] = hostile_print(h, "class %zu", i, 0);
    }
}

static void hostile_classes_few(hostile *h)
{
    hostile_alone(h, 2000 / HOSTILE_LESS);
}

static void hostile_classes_alone(hostile *h)
{
    hostile_alone(h, 10000 / HOSTILE_LESS);
}

static void hostile_classes(hostile *h)
{
    hostile_room(h, 20000 / HOSTILE_LESS);
    for (size_t i = 0; i < h->count; i++) {
        h->examples[i].text = hostile_print(h, "word%zu and thing%zu", i % 10007, i * 7 % 1000);
        h->labels[i] = hostile_print(h, "class %zu", i % (10000 / HOSTILE_LESS), 0);
    }
}

static void hostile_classes_several(hostile *h)
{
    hostile_room(h, 10000 / HOSTILE_LESS);
    for (size_t i = 0; i < h->count; i++) {
        h->examples[i].text = hostile_print(h, "word%zu and thing%zu", i, i * 7 % 1000);
        kundig_text *labels = (kundig_text *)hostile_own(h, 5 * sizeof *labels);
        for (size_t j = 0; j < 5; j++) {
            labels[j] = hostile_print(h, "class %zu", (i * 5 + j) % h->count, 0);
        }
        h->examples[i].labels = labels;
        h->examples[i].label_count = 5;
    }
}

static void hostile_one_example(hostile *h)
{
    hostile_room(h, 1);
    h->examples[0].text = (kundig_text){"hello", 5};
    h->labels[0] = (kundig_text){"a", 1};
}

static void hostile_one_class(hostile *h)
{
    hostile_room(h, 500);
    for (size_t i = 0; i < h->count; i++) {
        h->examples[i].text = hostile_print(h, "word%zu here %zu", i, i);
        h->labels[i] = (kundig_text){"a", 1};
    }
}

static void hostile_two_examples(hostile *h)
{
    hostile_room(h, 2);
    h->examples[0].text = (kundig_text){"hello", 5};
    h->examples[1].text = (kundig_text){"goodbye", 7};
    h->labels[0] = (kundig_text){"a", 1};
    h->labels[1] = (kundig_text){"b", 1};
}

static void hostile_empty_texts(hostile *h)
{
    static const char *const empty[] = {"", " ", "\n\n", "\xC2\xA0", "\xE2\x80\x8B"};
    hostile_room(h, 1000);
    for (size_t i = 0; i < h->count; i++) {
        const char *text = empty[i % 5];
        h->examples[i].text = i % 7 ? (kundig_text){text, strlen(text)} : (kundig_text){NULL, 0};
        h->labels[i] = i % 2 ? (kundig_text){"a", 1} : (kundig_text){"b", 1};
    }
}

static void hostile_one_text(hostile *h)
{
    hostile_room(h, 5000 / HOSTILE_LESS);
    for (size_t i = 0; i < h->count; i++) {
        h->examples[i].text = (kundig_text){"always the same", 15};
        h->labels[i] = hostile_print(h, "class %zu", i % 700, 0);
    }
    h->examples[0].text = (kundig_text){"but for one", 11};
}

static void hostile_long_words(hostile *h)
{
    hostile_room(h, 8);
    for (size_t i = 0; i < h->count; i++) {
        h->examples[i].text = hostile_words(h, ((size_t)1 << 20) / HOSTILE_LESS, i);
        h->labels[i] = hostile_print(h, "class %zu", i % 2, 0);
    }
}

static void hostile_long_one(hostile *h)
{
    static const char bytes[] = {'a', '.', '5', ' ', '\n', '!'};
    hostile_room(h, 12);
    for (size_t i = 0; i < h->count; i++) {
        h->examples[i].text =
            hostile_same(h, ((size_t)1 << 20) / HOSTILE_LESS - i, bytes[i % sizeof bytes]);
        h->labels[i] = hostile_print(h, "class %zu", i % 3, 0);
    }
}

static void hostile_long_repeated(hostile *h)
{
    hostile_room(h, 12);
    for (size_t i = 0; i < h->count; i++) {
        size_t len = ((size_t)1 << 20) / HOSTILE_LESS;
        char *text = hostile_own(h, len);
        for (size_t at = 0; at < len; at++) {
            text[at] = "late never"[at % (10 - i % 2)];
        }
        h->examples[i].text = (kundig_text){text, len};
        h->labels[i] = hostile_print(h, "class %zu", i % 3, 0);
    }
}

/* Words that share one bucket, found by trying. */
static void hostile_colliding(hostile *h)
{
    size_t words = 400 / HOSTILE_LESS;
    size_t found = 0;
    char(*word)[16] = (char(*)[16])hostile_own(h, words * sizeof *word);
    uint32_t bucket = 4711;
    for (uint64_t number = 0; found < words; number++) {
        char text[16];
        size_t len = 0;
        for (uint64_t left = number + 1; left; left /= 26) {
            text[len++] = (char)('a' + left % 26);
        }
        if (kundig__feature_bucket(kundig__xxh3(text, len), KUNDIG__BLOCK_WORDS,
                                   KUNDIG__FEATURE_BITS) == bucket) {
            memcpy(word[found++], text, len);
        }
    }
    hostile_room(h, 4000 / HOSTILE_LESS);
    for (size_t i = 0; i < h->count; i++) {
        char *text = hostile_own(h, 16 * 32);
        size_t len = 0;
        for (size_t j = 0; j < 20; j++) {
            len += (size_t)snprintf(text + len, 16 * 32 - len, "%s ", word[(i * 31 + j) % words]);
        }
        h->examples[i].text = (kundig_text){text, len};
        h->labels[i] = hostile_print(h, "class %zu", i % 10, 0);
    }
}

static void hostile_odd_names(hostile *h)
{
    static const char *const names[] = {"a;b",
                                        "/",
                                        "a/b/c",
                                        "\xE2\x80\xAEreversed",
                                        "\xF0\x9F\x98\x80",
                                        "\"quoted\", comma",
                                        "<script>",
                                        "%s%n",
                                        "-1",
                                        "null",
                                        "\xCC\x81",
                                        "A"};
    hostile_room(h, 240);
    for (size_t i = 0; i < h->count; i++) {
        const char *name = names[i % 12];
        h->examples[i].text = hostile_print(h, "word%zu of kind%zu", i, i % 12);
        h->labels[i] = (kundig_text){name, strlen(name)};
    }
}

static void hostile_bad_names(hostile *h)
{
    hostile_room(h, 40);
    for (size_t i = 0; i < h->count; i++) {
        h->examples[i].text = hostile_print(h, "word%zu of kind%zu", i, i % 2);
        h->labels[i] = i % 2 ? (kundig_text){"\xFF\xFE\0x", 4} : (kundig_text){"fine", 4};
    }
}

static void hostile_long_names(hostile *h)
{
    hostile_room(h, 40);
    for (size_t i = 0; i < h->count; i++) {
        h->examples[i].text = hostile_print(h, "word%zu of kind%zu", i, i % 2);
        h->labels[i] = hostile_same(h, i == 30 ? 1 << 20 : 200, i % 2 ? 'x' : 'y');
    }
}

static void hostile_one_customer(hostile *h)
{
    hostile_room(h, 400);
    for (size_t i = 0; i < h->count; i++) {
        h->examples[i].text = hostile_print(h, "word%zu of kind%zu", i, i % 2);
        h->examples[i].customer = (kundig_text){"only one", 8};
        h->labels[i] = hostile_print(h, "class %zu", i % 2, 0);
    }
}

static void hostile_weights(hostile *h)
{
    hostile_room(h, 2000 / HOSTILE_LESS);
    for (size_t i = 0; i < h->count; i++) {
        h->examples[i].text = hostile_print(h, "word%zu of kind%zu", i % 50, i % 4);
        h->examples[i].has_weight = 1;
        h->examples[i].weight = i % 3 ? 1048576.0 : 1.0 / 1048576;
        h->labels[i] = hostile_print(h, "class %zu", i % 4, 0);
    }
}

static void hostile_denials(hostile *h)
{
    hostile_room(h, 3000 / HOSTILE_LESS);
    for (size_t i = 0; i < h->count; i++) {
        h->examples[i].text = hostile_print(h, "word%zu of kind%zu", i, i % 9);
        h->labels[i] = hostile_print(h, "class %zu", i % 300, 0);
        h->examples[i].partial = 1;
        h->examples[i].label_count = 0;
        h->examples[i].denied = &h->labels[i];
        h->examples[i].denied_count = 1;
    }
}

static void hostile_scores(hostile *h)
{
    hostile_room(h, 3000 / HOSTILE_LESS);
    h->lesson = KUNDIG_LESSON_SENTIMENT;
    kundig_score *scores = (kundig_score *)hostile_own(h, h->count * sizeof *scores);
    for (size_t i = 0; i < h->count; i++) {
        h->examples[i].text =
            i % 5 ? (kundig_text){"!!!", 3} : hostile_print(h, "not not %zu", i, 0);
        h->examples[i].label_count = 0;
        scores[i].scale = KUNDIG_SCALE_NPS;
        scores[i].value = i % 11 < 10 ? 10 : 0;
        h->examples[i].score = &scores[i];
    }
}

/* ---- What is done with each ---- */

static double hostile_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The model is saved, read again, and both say the same of every text. */
static void hostile_use(hostile *h, const kundig_model *model)
{
    kundig_bytes *bytes = NULL;
    kundig_model *again = NULL;
    kundig_table *next = NULL;
    kundig_error err;
    size_t count = h->count < 300 ? h->count : 300;
    int32_t *said[2];
    kundig_text *texts = (kundig_text *)hostile_own(h, count * sizeof *texts);
    for (size_t i = 0; i < count; i++) {
        texts[i] = h->examples[i].text;
    }
    if (kundig_model_save(model, &bytes, &err) != KUNDIG_OK ||
        kundig_model_load(&h->allocator, kundig_bytes_data(bytes), kundig_bytes_len(bytes), &again,
                          &err) != KUNDIG_OK) {
        hostile_fail(h, "save and load", err.message);
    }
    for (int i = 0; i < 2 && again; i++) {
        said[i] = (int32_t *)hostile_own(h, count * sizeof *said[i]);
        if (kundig_model_classify(i ? again : model, h->lesson, texts, count, 2, said[i], NULL,
                                  NULL, NULL, &err) != KUNDIG_OK) {
            hostile_fail(h, "classify", err.message);
        }
    }
    if (again && memcmp(said[0], said[1], count * sizeof *said[0]) != 0) {
        hostile_fail(h, "load", "the model that was read again says something else");
    }
    if (kundig_model_next(model, h->lesson, texts, count, 0, &next, &err) != KUNDIG_OK) {
        hostile_fail(h, "next", err.message);
    }
    for (int32_t which = KUNDIG_SHOW_SUMMARY; which <= KUNDIG_SHOW_SIZES; which++) {
        kundig_table *shown = NULL;
        if (kundig_model_show(model, h->lesson, which, &shown, &err) != KUNDIG_OK) {
            hostile_fail(h, "show", err.message);
        }
        kundig_table_free(shown);
    }
    kundig_table_free(next);
    kundig_model_free(again);
    kundig_bytes_free(bytes);
}

static bool hostile_is_clear(int rc, const kundig_error *err)
{
    bool known =
        rc == KUNDIG_OK || rc == KUNDIG_E_EMPTY || rc == KUNDIG_E_VALUE || rc == KUNDIG_E_LIMIT;
    return known && (rc == KUNDIG_OK || strlen(err->message) > 15);
}

static void hostile_measure(hostile *h, const kundig_examples *set,
                            const kundig_learn_options *options)
{
    for (int which = 0; which < 3; which++) {
        static const char *const names[] = {"validate", "curve", "doubts"};
        kundig_table *table = NULL;
        kundig_error err = {0};
        double begin = hostile_now();
        int rc = which == 0   ? kundig_examples_validate(NULL, set, options, &table, &err)
                 : which == 1 ? kundig_examples_curve(NULL, set, options, &table, &err)
                              : kundig_examples_doubts(NULL, set, options, 20, &table, &err);
        printf("  %-9s %3d %6.2f s  %s\n", names[which], rc, hostile_now() - begin,
               rc ? err.message : "");
        if (!hostile_is_clear(rc, &err)) {
            hostile_fail(h, names[which], err.message);
        }
        kundig_table_free(table);
    }
}

static bool hostile_run(const char *name, void (*make)(hostile *), int expected, bool best,
                        bool measured)
{
    hostile h = {.name = name, .allocator = probe_allocator(NULL)};
    kundig_examples *set = NULL;
    kundig_model *model = NULL;
    kundig_learn_options options;
    kundig_error err = {0};
    make(&h);
    kundig_learn_options_init(&options);
    options.threads = 2;
    options.folds = 2;
    options.quality = best ? KUNDIG_QUALITY_BEST : KUNDIG_QUALITY_FAST;
    double begin = hostile_now();
    probe_shared.peak_bytes = 0;
    int rc = kundig_examples_new(&h.allocator, h.lesson, &set, &err);
    if (rc == KUNDIG_OK) {
        rc = kundig_examples_add(set, h.examples, h.count, &err);
    }
    if (rc == KUNDIG_OK) {
        rc = kundig_model_teach(NULL, set, &options, &model, &err);
    }
    printf("%s%s: %d %.2f s, %zu MB  %s\n", name, best ? " (best)" : "", rc, hostile_now() - begin,
           probe_shared.peak_bytes >> 20, rc ? err.message : "");
    if (rc != expected || !hostile_is_clear(rc, &err)) {
        hostile_fail(&h, "teach", err.message);
    }
    if (rc == KUNDIG_OK) {
        hostile_use(&h, model);
    }
    if (measured && !best && set && kundig_examples_count(set)) {
        hostile_measure(&h, set, &options);
    }
    double took = hostile_now() - begin;
    printf("  all       %10.2f s, %zu MB\n", took, probe_shared.peak_bytes >> 20);
    if (took > HOSTILE_MOST || probe_shared.peak_bytes > HOSTILE_MOST_BYTES) {
        hostile_fail(&h, "bounds", "too slow, or too much memory");
    }
    kundig_model_free(model);
    kundig_examples_free(set);
    for (size_t i = 0; i < h.owned_count; i++) {
        free(h.owned[i]);
    }
    free(h.owned);
    if (probe_shared.live_blocks) {
        hostile_fail(&h, "memory", "something leaked");
        probe_shared.live_blocks = 0;
    }
    return !h.failed;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*make)(hostile *);
        int expected;
        bool best;     /* with the best quality, too */
        bool measured; /* and validated, drawn as a curve, doubted */
    } cases[] = {
        {"one_example", hostile_one_example, KUNDIG_E_EMPTY, true, true},
        {"one_class", hostile_one_class, KUNDIG_E_EMPTY, true, true},
        {"two_examples", hostile_two_examples, KUNDIG_OK, true, true},
        {"empty_texts", hostile_empty_texts, KUNDIG_OK, true, true},
        {"one_text", hostile_one_text, KUNDIG_OK, false, true},
        {"odd_names", hostile_odd_names, KUNDIG_OK, true, true},
        {"bad_names", hostile_bad_names, KUNDIG_E_VALUE, false, true},
        {"long_names", hostile_long_names, KUNDIG_E_VALUE, false, true},
        {"one_customer", hostile_one_customer, KUNDIG_E_EMPTY, false, true},
        {"weights", hostile_weights, KUNDIG_OK, true, true},
        {"denials", hostile_denials, KUNDIG_E_EMPTY, false, true},
        {"scores", hostile_scores, KUNDIG_OK, true, true},
        {"colliding", hostile_colliding, KUNDIG_OK, false, true},
        {"long_one", hostile_long_one, KUNDIG_OK, true, true},
        {"long_repeated", hostile_long_repeated, KUNDIG_OK, true, true},
        {"long_words", hostile_long_words, KUNDIG_OK, true, true},
        {"classes_few", hostile_classes_few, KUNDIG_OK, true, true},
        {"classes_alone", hostile_classes_alone, KUNDIG_OK, true, false},
        {"classes_several", hostile_classes_several, KUNDIG_OK, false, false},
        {"classes", hostile_classes, KUNDIG_OK, false, false},
    };
    bool fine = true;
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (int best = 0; best <= cases[i].best; best++) {
            if (argc < 2 || strcmp(argv[1], cases[i].name) == 0) {
                fine = hostile_run(cases[i].name, cases[i].make, cases[i].expected, best,
                                   cases[i].measured) &&
                       fine;
            }
        }
    }
    return fine ? 0 : 1;
}
