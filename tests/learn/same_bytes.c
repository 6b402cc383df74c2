/* Learns from made examples and prints a hash of all that comes of it: models as saved, answers,
 * tables. Whatever compiler and processor, however many threads, in whatever order the examples
 * stand: the same lines. tests/support/same_bytes builds it in many ways and compares.
 *
 * usage: same_bytes THREADS ORDER [few]       ORDER: 0 as made, 1 backwards, else a seed */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "made.h"

static uint32_t same_threads;
static uint64_t same_order;

static void same_check(int rc, const char *what, const kundig_error *err)
{
    if (rc != KUNDIG_OK) {
        fprintf(stderr, "same_bytes: %s: %d %s\n", what, rc, err->message);
        exit(2);
    }
}

/* FNV-1a */
static uint64_t same_hash(uint64_t hash, const void *data, size_t size)
{
    const unsigned char *bytes = data;
    for (size_t i = 0; i < size; i++) {
        hash = (hash ^ bytes[i]) * UINT64_C(0x100000001B3);
    }
    return hash;
}

#define SAME_BEGIN UINT64_C(0xCBF29CE484222325)

static void same_say(const char *name, const char *what, uint64_t hash, size_t count)
{
    printf("%-14s %-11s %016llx %zu\n", name, what, (unsigned long long)hash, count);
}

/* A table without its first `skip` columns: the number of an example is where it stands. */
static void same_table(const char *name, const char *what, kundig_table *table, size_t skip)
{
    uint64_t hash = SAME_BEGIN;
    for (size_t row = 0; row < kundig_table_row_count(table); row++) {
        for (size_t column = skip; column < kundig_table_column_count(table); column++) {
            int64_t whole = kundig_table_int(table, row, column);
            double number = kundig_table_number(table, row, column);
            kundig_text text = kundig_table_text(table, row, column);
            hash = same_hash(hash, &whole, sizeof whole);
            hash = same_hash(hash, &number, sizeof number);
            hash = same_hash(hash, text.data, text.len);
        }
    }
    for (size_t i = 0; i < kundig_table_note_count(table); i++) {
        const char *note = kundig_table_note(table, i);
        hash = same_hash(hash, note, strlen(note));
    }
    same_say(name, what, hash, kundig_table_row_count(table));
    kundig_table_free(table);
}

static void same_model(const char *name, const kundig_model *model)
{
    kundig_bytes *bytes = NULL;
    kundig_error err;
    same_check(kundig_model_save(model, &bytes, &err), "save", &err);
    same_say(name, "model",
             same_hash(SAME_BEGIN, kundig_bytes_data(bytes), kundig_bytes_len(bytes)),
             kundig_bytes_len(bytes));
    kundig_bytes_free(bytes);
}

static void same_answers(const char *name, const kundig_model *model, int32_t lesson,
                         const made_set *asked)
{
    size_t count = asked->count;
    size_t classes = kundig_model_class_count(model, lesson);
    kundig_text *texts = malloc(count * sizeof *texts);
    int32_t *best = malloc(count * sizeof *best);
    float *sureness = malloc(count * sizeof *sureness);
    float *probabilities = malloc(count * classes * sizeof *probabilities);
    uint8_t *holds = malloc(count * classes + 1);
    kundig_error err;
    if (!texts || !best || !sureness || !probabilities || !holds) {
        exit(2);
    }
    for (size_t i = 0; i < count; i++) {
        texts[i] = asked->examples[i].text;
    }
    same_check(kundig_model_classify(model, lesson, texts, count, same_threads, best, probabilities,
                                     holds, sureness, &err),
               "classify", &err);
    uint64_t hash = same_hash(SAME_BEGIN, best, count * sizeof *best);
    hash = same_hash(hash, probabilities, count * classes * sizeof *probabilities);
    hash = same_hash(hash, holds, count * classes);
    hash = same_hash(hash, sureness, count * sizeof *sureness);
    same_say(name, "answers", hash, count);
    kundig_table *table = NULL;
    same_check(kundig_model_next(model, lesson, texts, count, 0, &table, &err), "next", &err);
    same_table(name, "next", table, 0);
    free(texts);
    free(best);
    free(sureness);
    free(probabilities);
    free(holds);
}

/* What is said of single texts, rules, examples and mood together. */
static void same_readings(const char *name, const kundig_model *model, const made_set *asked)
{
    uint64_t hash = SAME_BEGIN;
    kundig_error err;
    for (size_t i = 0; i < asked->count && i < 100; i++) {
        kundig_text text = asked->examples[i].text;
        for (int which = 0; which < 2; which++) {
            kundig_table *table = NULL;
            kundig_bytes *json = NULL;
            same_check(which ? kundig_model_sentiment(model, text.data, text.len, &table, &err)
                             : kundig_model_read(model, text.data, text.len, &table, &err),
                       "read", &err);
            same_check(kundig_table_to_json(table, &json, &err), "json", &err);
            hash = same_hash(hash, kundig_bytes_data(json), kundig_bytes_len(json));
            kundig_bytes_free(json);
            kundig_table_free(table);
        }
    }
    same_say(name, "readings", hash, asked->count < 100 ? asked->count : 100);
}

typedef struct same_case {
    const char *name;
    size_t count;
    uint32_t topics;
    unsigned flags;
    int32_t lesson;
    int32_t quality;
    bool rules;
    bool tables;
} same_case;

static void same_tables(const same_case *is, const kundig_model *base, const kundig_model *model,
                        const kundig_examples *set, const kundig_learn_options *options)
{
    static const char *const shown[] = {"summary",     "classes",   "features",
                                        "calibration", "confusion", "sizes"};
    kundig_error err;
    for (int32_t i = KUNDIG_SHOW_SUMMARY; i <= KUNDIG_SHOW_SIZES; i++) {
        kundig_table *table = NULL;
        same_check(kundig_model_show(model, is->lesson, i, &table, &err), shown[i], &err);
        same_table(is->name, shown[i], table, 0);
    }
    if (is->tables) {
        kundig_table *validated = NULL;
        kundig_table *curve = NULL;
        kundig_table *doubts = NULL;
        same_check(kundig_examples_validate(base, set, options, &validated, &err), "validate",
                   &err);
        same_table(is->name, "validate", validated, 0);
        same_check(kundig_examples_curve(base, set, options, &curve, &err), "curve", &err);
        same_table(is->name, "curve", curve, 0);
        same_check(kundig_examples_doubts(base, set, options, 0, &doubts, &err), "doubts", &err);
        same_table(is->name, "doubts", doubts, 1);
    }
}

static void same_case_run(const same_case *is, bool few)
{
    static const char rules[] = "topic 1:\nen: kalo*, miren\ntopic own:\nen: ten, \"ro ka\"\n";
    size_t count = few ? is->count / 6 : is->count;
    made_set *learned = made_new(11, count, is->topics, is->flags);
    made_set *asked = made_new(12, few ? 100 : 1000, is->topics, is->flags);
    kundig_learn_options options;
    kundig_model *base = NULL;
    kundig_model *model = NULL;
    kundig_error err;
    if (same_order) {
        made_shuffle(learned, same_order - 1);
    }
    kundig_examples *set = made_examples(learned, NULL, is->lesson);
    kundig_learn_options_init(&options);
    options.quality = is->quality;
    options.threads = same_threads;
    if (is->rules) {
        same_check(kundig_model_new(NULL, rules, sizeof rules - 1, &base, &err), "rules", &err);
    }
    same_check(kundig_model_teach(base, set, &options, &model, &err), is->name, &err);
    same_model(is->name, model);
    same_answers(is->name, model, is->lesson, asked);
    same_readings(is->name, model, asked);
    same_tables(is, base, model, set, &options);
    kundig_model *smaller = NULL;
    kundig_bytes *bytes = NULL;
    same_check(kundig_model_save(model, &bytes, &err), "save", &err);
    int rc = kundig_model_prune(model, is->lesson, kundig_bytes_len(bytes) / 2, &smaller, &err);
    kundig_bytes_free(bytes);
    if (rc == KUNDIG_OK) {
        same_model(is->name, smaller);
    } else {
        printf("%-14s pruned      %d\n", is->name, rc);
    }
    kundig_model_free(smaller);
    kundig_model_free(model);
    kundig_model_free(base);
    kundig_examples_free(set);
    made_free(learned);
    made_free(asked);
}

int main(int argc, char **argv)
{
    static const same_case cases[] = {
        {"one", 3000, 24, 0, KUNDIG_LESSON_TOPICS, KUNDIG_QUALITY_FAST, false, true},
        {"one_known", 3000, 13, MADE_CUSTOMERS, KUNDIG_LESSON_TOPICS, KUNDIG_QUALITY_FAST, true,
         true},
        {"one_best", 800, 12, 0, KUNDIG_LESSON_TOPICS, KUNDIG_QUALITY_BEST, false, false},
        {"several", 2500, 17, MADE_SEVERAL, KUNDIG_LESSON_TOPICS, KUNDIG_QUALITY_FAST, true, true},
        {"partial", 2500, 9, MADE_SEVERAL | MADE_PARTIAL | MADE_CUSTOMERS, KUNDIG_LESSON_TOPICS,
         KUNDIG_QUALITY_FAST, true, true},
        {"several_best", 800, 9, MADE_SEVERAL, KUNDIG_LESSON_TOPICS, KUNDIG_QUALITY_BEST, false,
         false},
        {"scores", 3000, 3, MADE_SCORES, KUNDIG_LESSON_SENTIMENT, KUNDIG_QUALITY_FAST, false, true},
        {"scores_known", 600, 3, MADE_SCORES | MADE_CUSTOMERS, KUNDIG_LESSON_SENTIMENT,
         KUNDIG_QUALITY_FAST, false, true},
        {"scores_best", 800, 3, MADE_SCORES, KUNDIG_LESSON_SENTIMENT, KUNDIG_QUALITY_BEST, false,
         false},
    };
    if (argc < 3) {
        fputs("usage: same_bytes THREADS ORDER [few]\n", stderr);
        return 2;
    }
    same_threads = (uint32_t)strtoul(argv[1], NULL, 10);
    same_order = strtoull(argv[2], NULL, 10);
    bool few = argc > 3 && strcmp(argv[3], "few") == 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        same_case_run(&cases[i], few);
    }
    return 0;
}
