/* Discovers topics in made texts and prints a hash of all that comes of it: models as saved,
 * tables, what becomes of each text. Whatever compiler and processor, however many threads, in
 * whatever order the texts stand: the same lines. tests/support/same_bytes builds it in many ways
 * and compares.
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
    printf("%-10s %-10s %016llx %zu\n", name, what, (unsigned long long)hash, count);
}

static uint64_t same_table(uint64_t hash, kundig_table *table)
{
    kundig_bytes *json = NULL;
    kundig_error err;
    same_check(kundig_table_to_json(table, &json, &err), "json", &err);
    hash = same_hash(hash, kundig_bytes_data(json), kundig_bytes_len(json));
    kundig_bytes_free(json);
    kundig_table_free(table);
    return hash;
}

static void same_model(const char *name, const kundig_model *model)
{
    kundig_bytes *bytes = NULL;
    kundig_table *table = NULL;
    kundig_error err;
    same_check(kundig_model_save(model, &bytes, &err), "save", &err);
    same_say(name, "model",
             same_hash(SAME_BEGIN, kundig_bytes_data(bytes), kundig_bytes_len(bytes)),
             kundig_bytes_len(bytes));
    kundig_bytes_free(bytes);
    same_check(kundig_model_discovered(model, &table, &err), "discovered", &err);
    uint64_t hash = same_table(SAME_BEGIN, table);
    same_check(
        kundig_model_show(model, KUNDIG_LESSON_DISCOVERED, KUNDIG_SHOW_HISTORY, &table, &err),
        "history", &err);
    same_say(name, "tables", same_table(hash, table),
             kundig_model_class_count(model, KUNDIG_LESSON_DISCOVERED));
}

/* What the frozen model says of texts it was not made of. */
static void same_answers(const char *name, const kundig_model *model, const made_set *asked)
{
    size_t classes = kundig_model_class_count(model, KUNDIG_LESSON_DISCOVERED);
    kundig_text *texts = malloc(asked->count * sizeof *texts);
    int32_t *best = malloc(asked->count * sizeof *best);
    float *sureness = malloc(asked->count * sizeof *sureness);
    float *probabilities = malloc(asked->count * classes * sizeof *probabilities);
    kundig_error err;
    if (!texts || !best || !sureness || !probabilities) {
        exit(2);
    }
    for (size_t i = 0; i < asked->count; i++) {
        texts[i] = asked->examples[i].text;
    }
    same_check(kundig_model_classify(model, KUNDIG_LESSON_DISCOVERED, texts, asked->count,
                                     same_threads, best, probabilities, NULL, sureness, &err),
               "classify", &err);
    uint64_t hash = same_hash(SAME_BEGIN, best, asked->count * sizeof *best);
    hash = same_hash(hash, probabilities, asked->count * classes * sizeof *probabilities);
    hash = same_hash(hash, sureness, asked->count * sizeof *sureness);
    for (size_t i = 0; i < asked->count && i < 100; i++) {
        kundig_table *table = NULL;
        same_check(kundig_model_read(model, texts[i].data, texts[i].len, &table, &err), "read",
                   &err);
        hash = same_table(hash, table);
    }
    same_say(name, "answers", hash, asked->count);
    free(texts);
    free(best);
    free(sureness);
    free(probabilities);
}

/* Numbers of texts in the order asked for. */
static uint32_t *same_numbers(size_t count)
{
    uint32_t *order = malloc(count * sizeof *order);
    uint64_t random = same_order;
    if (!order) {
        exit(2);
    }
    for (uint32_t i = 0; i < count; i++) {
        order[i] = same_order == 1 ? (uint32_t)count - 1 - i : i;
    }
    for (size_t i = count; same_order > 1 && i > 1; i--) {
        size_t at = made_random(&random) % i;
        uint32_t other = order[i - 1];
        order[i - 1] = order[at];
        order[at] = other;
    }
    return order;
}

/* Those texts; of labels every tenth stays, if any. The key of a text is its number. */
static kundig_examples *same_examples(const made_set *made, const uint32_t *order, size_t count,
                                      bool labels)
{
    kundig_examples *set = NULL;
    kundig_error err;
    same_check(kundig_examples_new(NULL, KUNDIG_LESSON_TOPICS, &set, &err), "examples", &err);
    for (size_t i = 0; i < count; i++) {
        char id[16];
        kundig_example example = made->examples[order[i]];
        example.label_count = labels && order[i] % 10 == 0 ? example.label_count : 0;
        example.denied_count = 0;
        example.source = (kundig_text){"made", 4};
        example.id = (kundig_text){id, (size_t)snprintf(id, sizeof id, "%u", (unsigned)order[i])};
        same_check(kundig_examples_add(set, &example, 1, &err), "add", &err);
    }
    return set;
}

typedef struct same_case {
    const char *name;
    size_t count;
    uint32_t topics; /* made, and asked for unless found */
    unsigned flags;
    int32_t quality;
    bool found;
    bool labels;
    uint64_t most_fitted;
} same_case;

/* One discovery on top of base; the base is given back. */
static kundig_model *same_step(const same_case *is, kundig_model *base, const made_set *made,
                               size_t count, const kundig_edit *edits, size_t edit_count)
{
    kundig_discover_options options;
    kundig_model *model = NULL;
    kundig_error err;
    uint32_t *order = same_numbers(count);
    kundig_examples *set = same_examples(made, order, count, is->labels);
    int32_t *found = malloc(count * sizeof *found);
    uint64_t hash = 0;
    if (!found) {
        exit(2);
    }
    kundig_discover_options_init(&options);
    options.topics = is->found || base ? 0 : is->topics;
    options.quality = is->quality;
    options.threads = same_threads;
    options.most_fitted = is->most_fitted;
    options.edits = edits;
    options.edit_count = edit_count;
    same_check(kundig_model_discover(base, set, &options, &model, found, &err), is->name, &err);
    for (size_t i = 0; i < count; i++) {
        uint32_t pair[2] = {order[i], (uint32_t)found[i]};
        hash += same_hash(SAME_BEGIN, pair, sizeof pair);
    }
    same_say(is->name, "found", hash, count);
    same_model(is->name, model);
    free(found);
    free(order);
    kundig_examples_free(set);
    kundig_model_free(base);
    return model;
}

/* Most of the texts, then all of them on top of that, then once more with what a person says. */
static void same_case_run(const same_case *is, bool few)
{
    size_t count = few ? is->count / 4 : is->count;
    made_set *made = made_new(21, count, is->topics, is->flags);
    made_set *asked = made_new(22, few ? 200 : 1000, is->topics, is->flags);
    kundig_model *model = same_step(is, NULL, made, count * 7 / 10, NULL, 0);
    same_answers(is->name, model, asked);
    model = same_step(is, model, made, count, NULL, 0);
    kundig_edit edits[3];
    for (int i = 0; i < 3; i++) {
        kundig_edit_init(&edits[i]);
    }
    char name[2][16];
    for (size_t i = 0; i < 2; i++) {
        kundig_text text = kundig_model_class_name(model, KUNDIG_LESSON_DISCOVERED, i);
        memcpy(name[i], text.data, text.len);
        edits[i].topic = (kundig_text){name[i], text.len};
    }
    edits[0].kind = KUNDIG_EDIT_RENAME;
    edits[0].name = (kundig_text){"named", 5};
    edits[1].kind = KUNDIG_EDIT_HIDE;
    edits[2].kind = KUNDIG_EDIT_APART;
    edits[2].source = edits[2].other_source = (kundig_text){"made", 4};
    edits[2].id = (kundig_text){"3", 1};
    edits[2].other_id = (kundig_text){"7", 1};
    model = same_step(is, model, made, count, edits, 3);
    same_answers(is->name, model, asked);
    kundig_model_free(model);
    made_free(made);
    made_free(asked);
}

int main(int argc, char **argv)
{
    static const same_case cases[] = {
        {"given", 6000, 24, 0, KUNDIG_QUALITY_FAST, false, false, 0},
        {"customers", 4000, 13, MADE_CUSTOMERS, KUNDIG_QUALITY_FAST, false, false, 0},
        {"labels", 4000, 9, MADE_CUSTOMERS, KUNDIG_QUALITY_FAST, false, true, 0},
        {"found", 3000, 9, 0, KUNDIG_QUALITY_FAST, true, false, 0},
        {"sample", 4000, 12, 0, KUNDIG_QUALITY_FAST, false, false, 500},
        {"draft", 4000, 12, 0, KUNDIG_QUALITY_DRAFT, false, false, 0},
        {"best", 1600, 6, 0, KUNDIG_QUALITY_BEST, false, false, 0},
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
