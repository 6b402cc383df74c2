/* Learning from the facts through the door: examples, models, what they say of each record, and
 * what becomes of them when somebody is erased. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "probe.h"

TestSuite(kundig_learn, .fini = probe_fini);

#define WITH(s) s, sizeof(s) - 1

enum { LEARN_ROWS = 72, LEARN_PEOPLE = 12, LEARN_GONE = 5 };

static const char learn_secret[] = "quokkaquarrel"; /* of one person alone: a topic and a word */

typedef struct learn_place {
    char folder[64];
    char path[96];
    kundig_options options;
    kundig_error err;
} learn_place;

static void learn_begin(learn_place *place)
{
    memset(place, 0, sizeof *place);
    strcpy(place->folder, "/tmp/kundig-learn-XXXXXX");
    cr_assert(mkdtemp(place->folder));
    kundig_options_init(&place->options);
    place->options.allocator = probe_allocator(NULL);
}

static void learn_end(learn_place *place)
{
    static const char *const ends[] = {"a", "a-wal", "a-shm", "b", "b-wal", "b-shm"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%s", place->folder, ends[i]);
        unlink(path);
    }
    cr_assert_eq(rmdir(place->folder), 0, "nothing else was left behind");
}

/* name: of a file in the folder; NULL: in memory. */
static kundig *learn_open(learn_place *place, const char *name)
{
    kundig *k = NULL;
    snprintf(place->path, sizeof place->path, "%s/%s", place->folder, name ? name : "");
    const char *path = name ? place->path : ":memory:";
    cr_assert_eq(kundig_open(path, strlen(path), &place->options, &k, &place->err), KUNDIG_OK, "%s",
                 place->err.message);
    return k;
}

static kundig_text learn_str(const char *text)
{
    return (kundig_text){text, text ? strlen(text) : 0};
}

static void learn_record(kundig *k, uint32_t i, kundig_error *err)
{
    static const char *const words[3][3] = {
        {"the parcel came two weeks late", "my package never arrived", "shipping took ages"},
        {"nobody picked up the phone", "I was on hold for an hour", "the hotline hung up"},
        {"I am happy with everything", "great shop, I love it", "wonderful, thank you"}};
    static const char *const topics[3] = {"delivery", "phone", "praise"};
    char id[16];
    char customer[16];
    char text[160];
    kundig_score score = {.scale = KUNDIG_SCALE_NPS, .value = i % 3 == 2 ? 10 : (double)(i % 5)};
    kundig_feedback record;
    bool gone = i % LEARN_PEOPLE == LEARN_GONE;
    snprintf(id, sizeof id, "%u", (unsigned)i);
    snprintf(customer, sizeof customer, "c%u", (unsigned)(i % LEARN_PEOPLE));
    snprintf(text, sizeof text, "%s, %s.%s%s", words[i % 3][i / 3 % 3], words[i % 3][i / 9 % 3],
             gone ? " " : "", gone ? learn_secret : "");
    kundig_feedback_init(&record);
    record.source = learn_str("crm");
    record.id = learn_str(id);
    record.customer = learn_str(customer);
    record.time_ms = (int64_t)(i % 7) * 86400000;
    record.text = learn_str(text);
    record.scores = &score;
    record.score_count = 1;
    cr_assert_eq(kundig_feedback_add(k, &record, 1, NULL, err), KUNDIG_OK, "%s", err->message);
    for (uint32_t topic = 0; topic < 4 && i % 6; topic++) {
        kundig_label label;
        kundig_label_init(&label);
        label.source = record.source;
        label.id = record.id;
        label.topic = topic < 3 ? learn_str(topics[topic]) : learn_str(learn_secret);
        label.holds = topic == i % 3 || topic == 3 ? KUNDIG_YES : KUNDIG_NO;
        if (topic < 3 || gone) {
            cr_assert_eq(kundig_label_add(k, &label, 1, NULL, err), KUNDIG_OK, "%s", err->message);
        }
    }
}

static void learn_fill(kundig *k, bool without, kundig_error *err)
{
    for (uint32_t i = 0; i < LEARN_ROWS; i++) {
        if (!without || i % LEARN_PEOPLE != LEARN_GONE) {
            learn_record(k, i, err);
        }
    }
}

/* One customer is enough, so that what one person taught is in the model. */
static kundig_model *learn_teach(kundig *k, kundig_error *err)
{
    kundig_learn_options options;
    kundig_model *model = NULL;
    kundig_learn_options_init(&options);
    options.least_customers = 1;
    cr_assert_eq(kundig_teach(k, &options, &model, err), KUNDIG_OK, "%s", err->message);
    return model;
}

static void learn_pin(kundig *k, kundig_error *err)
{
    kundig_model *model = learn_teach(k, err);
    cr_assert_eq(kundig_pin_model(k, model, err), KUNDIG_OK, "%s", err->message);
    kundig_model_free(model);
}

static kundig_bytes *learn_bytes(kundig *k, kundig_error *err)
{
    kundig_model *model = NULL;
    kundig_bytes *bytes = NULL;
    cr_assert_eq(kundig_get_model(k, &model, err), KUNDIG_OK, "%s", err->message);
    cr_assert_eq(kundig_model_save(model, &bytes, err), KUNDIG_OK);
    kundig_model_free(model);
    return bytes;
}

static bool learn_equal(const kundig_bytes *a, const kundig_bytes *b)
{
    return kundig_bytes_len(a) == kundig_bytes_len(b) &&
           memcmp(kundig_bytes_data(a), kundig_bytes_data(b), kundig_bytes_len(a)) == 0;
}

static bool learn_has(const char *data, size_t len, const char *what)
{
    size_t wanted = strlen(what);
    for (size_t i = 0; i + wanted <= len; i++) {
        if (memcmp(data + i, what, wanted) == 0) {
            return true;
        }
    }
    return false;
}

static bool learn_file_has(const char *path, const char *what)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        return false;
    }
    char *data = malloc(1 << 24);
    size_t len = fread(data, 1, 1 << 24, file);
    bool has = learn_has(data, len, what);
    free(data);
    fclose(file);
    return has;
}

static void learn_erase(kundig *k, kundig_table **receipt, kundig_error *err)
{
    kundig_erasure erasure;
    kundig_erasure_init(&erasure);
    erasure.customer = learn_str("c5");
    cr_assert_eq(kundig_erase(k, &erasure, receipt, err), KUNDIG_OK, "%s", err->message);
}

/* What two handles answer, and the names of their facts. */
static void learn_same(kundig *a, kundig *b, kundig_error *err)
{
    char hash_a[33];
    char hash_b[33];
    kundig_bytes *model_a = learn_bytes(a, err);
    kundig_bytes *model_b = learn_bytes(b, err);
    cr_assert(learn_equal(model_a, model_b), "the models are the same to the byte");
    kundig_bytes_free(model_a);
    kundig_bytes_free(model_b);
    cr_assert_eq(kundig_facts_hash(a, hash_a, err), KUNDIG_OK);
    cr_assert_eq(kundig_facts_hash(b, hash_b, err), KUNDIG_OK);
    cr_assert_str_eq(hash_a, hash_b);
    for (int which = 0; which < 4; which++) {
        kundig_table *tables[2] = {NULL, NULL};
        kundig_bytes *json[2] = {NULL, NULL};
        for (int i = 0; i < 2; i++) {
            kundig *k = i ? b : a;
            int rc = which == 0   ? kundig_classify(k, NULL, 0, &tables[i], err)
                     : which == 1 ? kundig_sentiment(k, NULL, 0, &tables[i], err)
                     : which == 2 ? kundig_topics(k, NULL, 0, &tables[i], err)
                                  : kundig_label_next(k, NULL, 0, &tables[i], err);
            cr_assert_eq(rc, KUNDIG_OK, "%d: %s", which, err->message);
            cr_assert_eq(kundig_table_to_json(tables[i], &json[i], err), KUNDIG_OK);
            kundig_table_free(tables[i]);
        }
        cr_assert(learn_equal(json[0], json[1]), "%d:\n%s\n%s", which, kundig_bytes_data(json[0]),
                  kundig_bytes_data(json[1]));
        kundig_bytes_free(json[0]);
        kundig_bytes_free(json[1]);
    }
}

Test(kundig_learn, refuses_calls_without_what_they_need)
{
    cr_assert_eq(kundig_examples_collect(NULL, NULL, NULL, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_teach(NULL, NULL, NULL, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_classify(NULL, NULL, 0, NULL, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_sentiment(NULL, NULL, 0, NULL, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_label_next(NULL, NULL, 0, NULL, NULL), KUNDIG_E_ARG);
    learn_place place;
    kundig_learn_options options;
    learn_begin(&place);
    kundig *k = learn_open(&place, NULL);
    cr_assert_eq(kundig_examples_collect(k, NULL, NULL, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_teach(k, NULL, NULL, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_classify(k, NULL, 0, NULL, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_sentiment(k, NULL, 0, NULL, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_label_next(k, NULL, 0, NULL, NULL), KUNDIG_E_ARG);
    kundig_learn_options_init(&options);
    options.labels = 9;
    kundig_model *model = NULL;
    cr_assert_eq(kundig_teach(k, &options, &model, NULL), KUNDIG_E_ARG);
    kundig_table *table = NULL;
    cr_assert_eq(kundig_label_next(k, NULL, 0, &table, &place.err), KUNDIG_E_EMPTY,
                 "nothing was learned");
    cr_assert_null(table);
    kundig_close(k);
    learn_end(&place);
}

Test(kundig_learn, nothing_of_it_is_told_in_reporting_mode)
{
    learn_place place;
    kundig_table *table = NULL;
    kundig_model *model = NULL;
    kundig_examples *set = NULL;
    kundig_query *query = NULL;
    learn_begin(&place);
    place.options.report_k = 3;
    kundig *k = learn_open(&place, NULL);
    learn_fill(k, false, &place.err);
    cr_assert_eq(kundig_examples_new(&place.options.allocator, KUNDIG_LESSON_TOPICS, &set, NULL),
                 KUNDIG_OK);
    cr_assert_eq(kundig_examples_collect(k, NULL, set, NULL), KUNDIG_E_MODE);
    cr_assert_eq(kundig_teach(k, NULL, &model, NULL), KUNDIG_E_MODE);
    cr_assert_eq(kundig_classify(k, NULL, 0, &table, NULL), KUNDIG_E_MODE);
    cr_assert_eq(kundig_sentiment(k, NULL, 0, &table, NULL), KUNDIG_E_MODE);
    cr_assert_eq(kundig_label_next(k, NULL, 0, &table, NULL), KUNDIG_E_MODE);
    cr_assert_eq(kundig_query_new(&place.options.allocator, &query), KUNDIG_OK);
    cr_assert_eq(kundig_query_set_metric(query, WITH("sentiment"), NULL), KUNDIG_OK);
    cr_assert_eq(kundig_measure(k, query, &table, &place.err), KUNDIG_E_MODE);
    cr_assert_not_null(strstr(place.err.message, "sentiments and novelty are not told"));
    cr_assert_eq(kundig_topics(k, query, 0, &table, NULL), KUNDIG_E_MODE);
    cr_assert_eq(kundig_query_set_metric(query, WITH("count"), NULL), KUNDIG_OK);
    cr_assert_eq(kundig_query_group_by(query, WITH("sentiment"), NULL), KUNDIG_OK);
    cr_assert_eq(kundig_measure(k, query, &table, NULL), KUNDIG_E_MODE, "no declared field");
    cr_assert_null(table);
    cr_assert_eq(kundig_topics(k, NULL, 0, &table, &place.err), KUNDIG_OK, "%s", place.err.message);
    size_t sentiment = kundig_table_find_column(table, WITH("sentiment"));
    cr_assert_gt(kundig_table_row_count(table), 0);
    for (size_t row = 0; row < kundig_table_row_count(table); row++) {
        for (size_t column = sentiment - 4; column <= sentiment; column++) {
            cr_assert(kundig_table_is_null(table, row, column));
        }
    }
    kundig_table_free(table);
    kundig_query_free(query);
    kundig_examples_free(set);
    kundig_close(k);
    learn_end(&place);
}

Test(kundig_learn, examples_are_collected_once_a_call)
{
    learn_place place;
    kundig_examples *set = NULL;
    learn_begin(&place);
    kundig *k = learn_open(&place, NULL);
    learn_fill(k, false, &place.err);
    cr_assert_eq(kundig_examples_new(&place.options.allocator, KUNDIG_LESSON_SENTIMENT, &set, NULL),
                 KUNDIG_OK);
    cr_assert_eq(kundig_examples_collect(k, NULL, set, &place.err), KUNDIG_OK, "%s",
                 place.err.message);
    cr_assert_eq(kundig_examples_count(set), LEARN_ROWS);
    kundig_examples_free(set);
    kundig_close(k);
    learn_end(&place);
}

Test(kundig_learn, who_is_erased_taught_nothing_in_memory_and_in_stores)
{
    for (int stored = 0; stored < 2; stored++) {
        learn_place place;
        kundig_table *receipt = NULL;
        char after[33];
        learn_begin(&place);
        kundig *k = learn_open(&place, stored ? "a" : NULL);
        learn_fill(k, false, &place.err);
        learn_pin(k, &place.err);
        kundig_bytes *before = learn_bytes(k, &place.err);
        cr_assert(learn_has(kundig_bytes_data(before), kundig_bytes_len(before), learn_secret));
        learn_erase(k, &receipt, &place.err);
        kundig_bytes *now = learn_bytes(k, &place.err);
        cr_assert(!learn_equal(before, now));
        cr_assert(!learn_has(kundig_bytes_data(now), kundig_bytes_len(now), learn_secret));
        cr_assert_eq(kundig_facts_hash(k, after, &place.err), KUNDIG_OK);
        size_t column = kundig_table_find_column(receipt, WITH("after"));
        cr_assert_str_eq(kundig_table_text(receipt, 0, column).data, after);

        kundig *never = learn_open(&place, stored ? "b" : NULL);
        learn_fill(never, true, &place.err);
        learn_pin(never, &place.err);
        learn_same(k, never, &place.err);
        kundig_close(never);
        if (stored) {
            kundig_close(k);
            k = learn_open(&place, "a");
            kundig_bytes *again = learn_bytes(k, &place.err);
            cr_assert(learn_equal(again, now));
            kundig_bytes_free(again);
            static const char *const ends[] = {"a", "a-wal", "a-shm"};
            for (size_t i = 0; i < 3; i++) {
                char path[128];
                snprintf(path, sizeof path, "%s/%s", place.folder, ends[i]);
                cr_assert(!learn_file_has(path, learn_secret), "%s", ends[i]);
                cr_assert(i || learn_file_has(path, "delivery"), "it can be looked into");
            }
        }
        kundig_bytes_free(before);
        kundig_bytes_free(now);
        kundig_table_free(receipt);
        kundig_close(k);
        learn_end(&place);
    }
}

Test(kundig_learn, a_model_in_use_forgets_with_the_pinned_one_and_others_stay)
{
    for (int stored = 0; stored < 2; stored++) {
        learn_place place;
        learn_begin(&place);
        kundig *k = learn_open(&place, stored ? "a" : NULL);
        learn_fill(k, false, &place.err);
        kundig_model *model = learn_teach(k, &place.err);
        cr_assert_eq(kundig_set_model(k, model, &place.err), KUNDIG_OK);
        kundig_bytes *before = learn_bytes(k, &place.err);
        kundig_bytes *pruned_before = NULL;
        cr_assert_eq(kundig_model_save(model, &pruned_before, &place.err), KUNDIG_OK);
        learn_erase(k, NULL, &place.err);
        kundig_bytes *now = learn_bytes(k, &place.err);
        cr_assert(!learn_equal(before, now));
        kundig_bytes *mine = NULL;
        cr_assert_eq(kundig_model_save(model, &mine, &place.err), KUNDIG_OK);
        cr_assert(learn_equal(mine, pruned_before), "a model itself never changes");
        cr_assert_eq(kundig_set_model(k, NULL, &place.err), KUNDIG_OK);
        kundig_bytes *ready = learn_bytes(k, &place.err);
        learn_erase(k, NULL, &place.err);
        kundig_bytes *still = learn_bytes(k, &place.err);
        cr_assert(learn_equal(ready, still));
        kundig_bytes_free(before);
        kundig_bytes_free(pruned_before);
        kundig_bytes_free(now);
        kundig_bytes_free(mine);
        kundig_bytes_free(ready);
        kundig_bytes_free(still);
        kundig_model_free(model);
        kundig_close(k);
        learn_end(&place);
    }
}

Test(kundig_learn, expired_records_taught_nothing)
{
    learn_place place;
    kundig_retention rule;
    learn_begin(&place);
    kundig *k = learn_open(&place, "a");
    kundig *never = learn_open(&place, NULL);
    learn_fill(k, false, &place.err);
    learn_pin(k, &place.err);
    kundig_retention_init(&rule);
    rule.days = 3;
    cr_assert_eq(kundig_retention_add(k, &rule, 1, NULL, &place.err), KUNDIG_OK);
    cr_assert_eq(kundig_expire(k, INT64_C(6) * 86400000, NULL, &place.err), KUNDIG_OK, "%s",
                 place.err.message);
    for (uint32_t i = 0; i < LEARN_ROWS; i++) {
        if (i % 7 >= 3) {
            learn_record(never, i, &place.err);
        }
    }
    cr_assert_eq(kundig_retention_add(never, &rule, 1, NULL, &place.err), KUNDIG_OK);
    learn_pin(never, &place.err);
    learn_same(k, never, &place.err);
    kundig_close(never);
    kundig_close(k);
    learn_end(&place);
}

Test(kundig_learn, an_erasure_that_fails_to_learn_changes_nothing)
{
    learn_place place;
    kundig_erasure erasure;
    char before[33];
    char after[33];
    learn_begin(&place);
    kundig_erasure_init(&erasure);
    erasure.customer = learn_str("c5");
    for (int stored = 0; stored < 2; stored++) {
        kundig *k = learn_open(&place, stored ? "a" : NULL);
        learn_fill(k, false, &place.err);
        learn_pin(k, &place.err);
        cr_assert_eq(kundig_facts_hash(k, before, &place.err), KUNDIG_OK);
        int rc = KUNDIG_E_NOMEM;
        size_t failures = 0;
        for (size_t at = 1; rc; at += 1 + at / 4) {
            probe_shared.fail_on = true;
            probe_shared.fail_at = probe_shared.allocations + at;
            rc = kundig_erase(k, &erasure, NULL, &place.err);
            probe_shared.fail_at = 0;
            probe_shared.fail_on = false;
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM, "%d %s", rc, place.err.message);
            cr_assert_eq(kundig_facts_hash(k, after, &place.err), KUNDIG_OK, "%s",
                         place.err.message);
            cr_assert_eq(strcmp(before, after) == 0, rc != KUNDIG_OK);
            failures += rc != KUNDIG_OK;
        }
        cr_assert_gt(failures, 20);
        kundig_close(k);
    }
    learn_end(&place);
}

Test(kundig_learn, comments_are_shown_masked_and_places_follow)
{
    learn_place place;
    kundig_table *table = NULL;
    kundig_feedback record;
    learn_begin(&place);
    place.options.mask = KUNDIG_PERSONAL_ALL;
    kundig *k = learn_open(&place, NULL);
    kundig_feedback_init(&record);
    record.id = learn_str("1");
    record.text = learn_str("Write to ann.example@mail.example.com, the delivery was terrible.");
    cr_assert_eq(kundig_feedback_add(k, &record, 1, NULL, &place.err), KUNDIG_OK);
    for (int which = 0; which < 2; which++) {
        int rc = which ? kundig_sentiment(k, NULL, 0, &table, &place.err)
                       : kundig_classify(k, NULL, 0, &table, &place.err);
        cr_assert_eq(rc, KUNDIG_OK, "%s", place.err.message);
        size_t text = kundig_table_find_column(table, WITH("text"));
        size_t evidence = kundig_table_find_column(table, WITH("evidence"));
        bool found = false;
        for (size_t row = 0; row < kundig_table_row_count(table); row++) {
            kundig_text shown = kundig_table_text(table, row, text);
            kundig_text places = kundig_table_text(table, row, evidence);
            cr_assert(!learn_has(shown.data, shown.len, "ann.example"), "%s", shown.data);
            cr_assert(learn_has(shown.data, shown.len, "delivery"), "%s", shown.data);
            for (const char *at = places.data; at; at = strchr(at, ';') ? strchr(at, ';') + 2 : 0) {
                size_t start = (size_t)strtoul(at, NULL, 10);
                size_t end = (size_t)strtoul(strchr(at, '-') + 1, NULL, 10);
                cr_assert(start < end && end <= shown.len);
                found = found ||
                        learn_has(shown.data + start, end - start, which ? "terrible" : "delivery");
            }
        }
        cr_assert(found, "what decided stands where it is said to stand");
        kundig_table_free(table);
    }
    kundig_close(k);
    learn_end(&place);
}
