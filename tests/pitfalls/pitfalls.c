/* What other projects of this field fell into, one test each: through kundig.h, as a user would
 * have met it. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "kundig.h"
#include "probe.h"
#include "text/text.h"

TestSuite(pitfalls, .fini = probe_fini);

/* ---- A corpus, and what is asked of it ------------------------------------------------------- */

#define DAY    INT64_C(86400000)
#define MONDAY INT64_C(1767571200000) /* 2026-01-05 */

static kundig_text pit_text(const char *str)
{
    return (kundig_text){str, str ? strlen(str) : 0};
}

static kundig *pit_open(uint32_t threads)
{
    kundig *k = NULL;
    kundig_error err;
    kundig_options options;
    kundig_options_init(&options);
    options.threads = threads;
    options.allocator = probe_allocator(NULL);
    cr_assert_eq(kundig_open(":memory:", 8, &options, &k, &err), KUNDIG_OK, "%s", err.message);
    return k;
}

typedef struct pit_record {
    const char *id;
    const char *customer;
    const char *text;
    const char *stage;
    int32_t scale; /* 0: no score */
    double value;
    int64_t time_ms;
} pit_record;

static int pit_add(kundig *k, pit_record given, kundig_error *err)
{
    kundig_feedback record;
    kundig_score score = {.scale = given.scale, .value = given.value};
    kundig_feedback_init(&record);
    record.source = pit_text("s");
    record.id = pit_text(given.id);
    record.customer = pit_text(given.customer);
    record.text = pit_text(given.text);
    record.stage = pit_text(given.stage);
    record.time_ms = given.time_ms ? given.time_ms : KUNDIG_TIME_ABSENT;
    record.scores = &score;
    record.score_count = given.scale != 0;
    return kundig_feedback_add(k, &record, 1, NULL, err);
}

static void pit_give(kundig *k, pit_record given)
{
    kundig_error err = {0};
    cr_assert_eq(pit_add(k, given, &err), KUNDIG_OK, "%s", err.message);
}

static kundig_query *pit_query(const char *metric, const char *by)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_query *query = NULL;
    cr_assert_eq(kundig_query_new(&allocator, &query), KUNDIG_OK);
    if (metric) {
        cr_assert_eq(kundig_query_set_metric(query, metric, strlen(metric), NULL), KUNDIG_OK);
    }
    if (by) {
        cr_assert_eq(kundig_query_group_by(query, by, strlen(by), NULL), KUNDIG_OK);
    }
    return query;
}

static uint32_t pit_node(kundig_query *query, const char *condition)
{
    kundig_error err = {0};
    uint32_t node = 0;
    cr_assert_eq(kundig_query_parse(query, condition, strlen(condition), &node, &err), KUNDIG_OK,
                 "%s", err.message);
    return node;
}

static kundig_table *pit_measure(kundig *k, const char *metric, const char *by)
{
    kundig_table *table = NULL;
    kundig_error err = {0};
    kundig_query *query = pit_query(metric, by);
    cr_assert_eq(kundig_measure(k, query, &table, &err), KUNDIG_OK, "%s", err.message);
    kundig_query_free(query);
    return table;
}

static size_t pit_column(const kundig_table *table, const char *name)
{
    size_t column = kundig_table_find_column(table, name, strlen(name));
    cr_assert_neq(column, SIZE_MAX, "there is no column %s", name);
    return column;
}

static double pit_number(const kundig_table *table, size_t row, const char *name)
{
    return kundig_table_number(table, row, pit_column(table, name));
}

static int64_t pit_int(const kundig_table *table, size_t row, const char *name)
{
    return kundig_table_int(table, row, pit_column(table, name));
}

static bool pit_null(const kundig_table *table, size_t row, const char *name)
{
    return kundig_table_is_null(table, row, pit_column(table, name)) != 0;
}

static bool pit_says(const kundig_table *table, size_t row, const char *name, const char *value)
{
    kundig_text text = kundig_table_text(table, row, pit_column(table, name));
    return text.len == strlen(value) && memcmp(text.data, value, text.len) == 0;
}

/* What a table says, byte for byte, behind what was said before. */
typedef struct pit_answers {
    char *bytes;
    size_t len;
    size_t capacity;
} pit_answers;

static void pit_hear(pit_answers *answers, const void *data, size_t len)
{
    if (answers->len + len > answers->capacity) {
        answers->capacity = 2 * (answers->len + len);
        answers->bytes = realloc(answers->bytes, answers->capacity);
        cr_assert_not_null(answers->bytes);
    }
    memcpy(answers->bytes + answers->len, data, len);
    answers->len += len;
}

static void pit_hear_table(pit_answers *answers, int rc, kundig_table *table,
                           const kundig_error *err)
{
    kundig_bytes *json = NULL;
    if (rc) {
        pit_hear(answers, err->message, strlen(err->message));
        return;
    }
    cr_assert_eq(kundig_table_to_json(table, &json, NULL), KUNDIG_OK);
    pit_hear(answers, kundig_bytes_data(json), kundig_bytes_len(json));
    kundig_bytes_free(json);
    kundig_table_free(table);
}

/* Everything that can be asked of a corpus of pit_town(). */
static void pit_ask(kundig *k, pit_answers *answers)
{
    static const char *const metrics[] = {"nps", "count", "customers", "share", "sentiment"};
    static const char *const fields[] = {NULL, "topic", "stage", "customer"};
    kundig_error err = {0};
    kundig_table *table = NULL;
    kundig_table *tables[4];
    int rc;
    for (size_t m = 0; m < 5; m++) {
        for (size_t f = 0; f < 4; f++) {
            kundig_query *query = pit_query(metrics[m], fields[f]);
            rc = kundig_measure(k, query, &table, &err);
            pit_hear_table(answers, rc, table, &err);
            kundig_query_free(query);
        }
    }
    rc = kundig_impact(k, NULL, 0, &table, &err);
    pit_hear_table(answers, rc, table, &err);
    rc = kundig_loud(k, NULL, 0, &table, &err);
    pit_hear_table(answers, rc, table, &err);
    rc = kundig_chart(k, NULL, NULL, &table, &err);
    pit_hear_table(answers, rc, table, &err);
    rc = kundig_alarms(k, NULL, NULL, 0, &table, &err);
    pit_hear_table(answers, rc, table, &err);
    rc = kundig_emerging(k, NULL, NULL, &table, &err);
    pit_hear_table(answers, rc, table, &err);
    rc = kundig_buts(k, NULL, 0, &table, &err);
    pit_hear_table(answers, rc, table, &err);
    rc = kundig_mismatch(k, NULL, 0, &table, &err);
    pit_hear_table(answers, rc, table, &err);
    kundig_query *query = pit_query("nps", "stage");
    rc = kundig_funnel(k, query, &table, &err);
    pit_hear_table(answers, rc, table, &err);
    uint32_t early = pit_node(query, "time < 2026-02-01");
    uint32_t late = pit_node(query, "time >= 2026-02-01");
    rc = kundig_compare(k, query, early, late, &table, &err);
    pit_hear_table(answers, rc, table, &err);
    rc = kundig_words(k, query, early, late, NULL, &table, &err);
    pit_hear_table(answers, rc, table, &err);
    rc = kundig_explain(k, query, early, late, NULL, tables, 4, &err);
    for (size_t i = 0; i < 4; i++) {
        pit_hear_table(answers, rc, rc ? NULL : tables[i], &err);
    }
    kundig_query_free(query);
}

static bool pit_same(const pit_answers *a, const pit_answers *b)
{
    return a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

#define TOWN 240

/* Two months of a small town's feedback; record i, always the same. */
static pit_record pit_town(size_t i, char id[16], char customer[16])
{
    static const char *const texts[] = {"The delivery was late, and nobody called.",
                                        "Friendly staff, quick answer.",
                                        "The invoice is wrong again.",
                                        "I waited an hour on the hotline.",
                                        "Great price, and it came on time.",
                                        "My order arrived broken."};
    static const char *const stages[] = {"Order", "Delivery", "After sales"};
    static const int scores[] = {2, 10, 4, 5, 9, 1};
    snprintf(id, 16, "r%zu", i);
    snprintf(customer, 16, "c%zu", i * 7 % 90);
    size_t what = (i * 11 + i / 7) % 6;
    return (pit_record){id,
                        i % 9 ? customer : NULL,
                        texts[what],
                        stages[i % 3],
                        i % 10 ? KUNDIG_SCALE_NPS : 0,
                        (double)scores[what],
                        MONDAY + (int64_t)(i / 4) * DAY + (int64_t)(i % 4) * 3600000};
}

static void pit_settle(kundig *k, size_t i)
{
    char id[16];
    char customer[16];
    pit_give(k, pit_town(i, id, customer));
}

/* ---- The pitfalls ---------------------------------------------------------------------------- */

Test(pitfalls, p01_nps_is_computed_of_answers_to_an_nps_question_alone)
{
    kundig *k = pit_open(1);
    kundig_table *table = NULL;
    kundig_error err = {0};
    pit_give(k, (pit_record){.id = "1", .scale = KUNDIG_SCALE_CSAT, .value = 5});
    pit_give(k, (pit_record){.id = "2", .scale = KUNDIG_SCALE_STARS, .value = 1});
    kundig_query *query = pit_query("nps", NULL);
    cr_assert_eq(kundig_measure(k, query, &table, &err), KUNDIG_E_NOT_FOUND);
    kundig_query_free(query);
    pit_give(k, (pit_record){.id = "3", .scale = KUNDIG_SCALE_NPS, .value = 9});
    table = pit_measure(k, "nps", NULL);
    cr_assert_eq(pit_int(table, 0, "n"), 1);
    cr_assert_eq(pit_number(table, 0, "value"), 1);
    kundig_table_free(table);
    kundig_close(k);
}

Test(pitfalls, p02_no_data_is_a_status_and_not_zero)
{
    kundig *k = pit_open(1);
    pit_give(k, (pit_record){.id = "1", .stage = "Order", .scale = KUNDIG_SCALE_NPS, .value = 7});
    pit_give(k, (pit_record){.id = "2", .stage = "Delivery", .text = "no score here"});
    kundig_table *table = pit_measure(k, "nps", "stage");
    cr_assert(pit_says(table, 0, "stage", "Delivery"));
    cr_assert(pit_says(table, 0, "status", "no_data"));
    cr_assert(pit_null(table, 0, "value") && pit_null(table, 0, "lo") && pit_null(table, 0, "hi"));
    /* and a zero that is one is told */
    cr_assert(pit_says(table, 1, "status", "ok"));
    cr_assert_eq(pit_number(table, 1, "value"), 0);
    kundig_table_free(table);
    kundig_close(k);
}

Test(pitfalls, p03_scores_off_their_scale_are_refused_and_counted)
{
    static const char csv[] = "nps,comment\n9,good\n11,too good\n-1,bad\n0,poor\n";
    kundig *k = pit_open(1);
    kundig_error err = {0};
    kundig_ingest_report *report = NULL;
    cr_assert_eq(
        pit_add(k, (pit_record){.id = "1", .scale = KUNDIG_SCALE_NPS, .value = 10.5}, &err),
        KUNDIG_E_VALUE);
    cr_assert_eq(kundig_ingest_bytes(k, csv, sizeof csv - 1, NULL, &report, &err), KUNDIG_OK, "%s",
                 err.message);
    const kundig_table *told = kundig_ingest_report_table(report, KUNDIG_INGEST_SUMMARY);
    for (size_t row = 0; row < kundig_table_row_count(told); row++) {
        int64_t value = pit_int(told, row, "value");
        cr_assert(!pit_says(told, row, "name", "rows") || value == 4);
        cr_assert(!pit_says(told, row, "name", "accepted") || value == 2);
        cr_assert(!pit_says(told, row, "name", "rejected") || value == 2);
    }
    told = kundig_ingest_report_table(report, KUNDIG_INGEST_REJECTS);
    cr_assert_eq(kundig_table_row_count(told), 2);
    kundig_ingest_report_free(report);
    kundig_table *table = pit_measure(k, "nps", NULL);
    cr_assert_eq(pit_int(table, 0, "n"), 2);
    kundig_table_free(table);
    kundig_close(k);
}

/* Events of a case: kinds, and times in minutes from a Monday, 0:00. */
static kundig_event pit_event(int32_t kind, int64_t minutes, const char *agent)
{
    kundig_event event;
    kundig_event_init(&event);
    event.kind = kind;
    event.time_ms = MONDAY + minutes * 60000;
    event.agent = pit_text(agent);
    return event;
}

static kundig_case_times pit_case(const kundig_event *events, size_t count)
{
    static const kundig_text bots[] = {{"bot", 3}};
    kundig_case_options options;
    kundig_case_times times;
    kundig_case_options_init(&options);
    options.weekdays = 31;
    options.opens = 9 * 60;
    options.closes = 17 * 60;
    options.bots = bots;
    options.bot_count = 1;
    cr_assert_eq(kundig_case_tell(events, count, &options, &times, NULL), KUNDIG_OK);
    return times;
}

#define PIT_MINUTES(ms) ((ms) / 60000)

Test(pitfalls, p04_response_times_with_and_without_business_hours_are_two_figures)
{
    const kundig_event events[] = {pit_event(KUNDIG_EVENT_CASE_OPENED, 16 * 60 + 30, NULL),
                                   pit_event(KUNDIG_EVENT_CASE_ANSWERED, 33 * 60 + 15, "ann")};
    kundig_case_times times = pit_case(events, 2);
    cr_assert_eq(PIT_MINUTES(times.first_response), 16 * 60 + 45);
    cr_assert_eq(PIT_MINUTES(times.first_response_business), 45);
}

Test(pitfalls, p05_the_clock_of_the_first_response_starts_again_when_a_case_is_reopened)
{
    /* Monday 9:00, closed by a bot at 9:05, reopened on Friday 14:00, answered at 14:10 */
    int64_t friday = 4 * 1440 + 14 * 60;
    const kundig_event events[] = {pit_event(KUNDIG_EVENT_CASE_OPENED, 9 * 60, NULL),
                                   pit_event(KUNDIG_EVENT_CASE_RESOLVED, 9 * 60 + 5, "bot"),
                                   pit_event(KUNDIG_EVENT_CASE_REOPENED, friday, NULL),
                                   pit_event(KUNDIG_EVENT_CASE_ANSWERED, friday + 10, "ann")};
    kundig_case_times times = pit_case(events, 4);
    cr_assert_eq(PIT_MINUTES(times.first_response), 10);
    cr_assert_eq(PIT_MINUTES(times.first_response_business), 10);
}

Test(pitfalls, p06_what_a_bot_said_is_timed_apart)
{
    const kundig_event events[] = {pit_event(KUNDIG_EVENT_CASE_OPENED, 10 * 60, NULL),
                                   pit_event(KUNDIG_EVENT_CASE_ANSWERED, 10 * 60 + 1, "bot"),
                                   pit_event(KUNDIG_EVENT_CASE_ANSWERED, 11 * 60, "ann")};
    kundig_case_times times = pit_case(events, 3);
    cr_assert_eq(PIT_MINUTES(times.bot_response), 1);
    cr_assert_eq(PIT_MINUTES(times.first_response), 60);
    cr_assert_eq(times.answers, 1);
}

Test(pitfalls, p07_who_never_answered_is_in_no_mean)
{
    const kundig_event events[] = {pit_event(KUNDIG_EVENT_CASE_OPENED, 10 * 60, NULL),
                                   pit_event(KUNDIG_EVENT_CASE_ANSWERED, 10 * 60 + 1, "bot")};
    kundig_case_times times = pit_case(events, 2);
    cr_assert_eq(times.first_response, KUNDIG_TIME_ABSENT);
    cr_assert_eq(times.first_response_business, KUNDIG_TIME_ABSENT);
    cr_assert_eq(times.resolution, KUNDIG_TIME_ABSENT);
    cr_assert_eq(times.answers, 0);
}

Test(pitfalls, p08_records_and_customers_are_told_together)
{
    kundig *k = pit_open(1);
    kundig_table *table = NULL;
    char id[16];
    for (size_t i = 0; i < 38; i++) {
        snprintf(id, sizeof id, "a%zu", i);
        pit_give(k, (pit_record){.id = id,
                                 .customer = "loud",
                                 .text = "The delivery was late.",
                                 .scale = KUNDIG_SCALE_NPS,
                                 .value = 1});
    }
    pit_give(k, (pit_record){.id = "b",
                             .customer = "calm",
                             .text = "The delivery was late.",
                             .scale = KUNDIG_SCALE_NPS,
                             .value = 9});
    table = pit_measure(k, "nps", NULL);
    cr_assert_eq(pit_int(table, 0, "n"), 39);
    cr_assert_eq(pit_int(table, 0, "customers"), 2);
    kundig_table_free(table);
    cr_assert_eq(kundig_topics(k, NULL, 0, &table, NULL), KUNDIG_OK);
    cr_assert_eq(pit_int(table, 0, "comments"), 39);
    cr_assert_eq(pit_int(table, 0, "customers"), 2);
    kundig_table_free(table);
    kundig_close(k);
}

/* Three matters, said in many ways. */
static void pit_matter(kundig *k, size_t i)
{
    static const char *const matters[][4] = {
        {"parcel delivery was late again", "late parcel and no delivery", "the parcel came late",
         "delivery of the parcel took weeks"},
        {"wrong invoice and charged twice", "the invoice charged me twice",
         "invoice amount is wrong", "charged a wrong amount on the invoice"},
        {"hotline kept me waiting for hours", "waiting on the hotline queue",
         "nobody answers the hotline", "hours in the hotline queue waiting"}};
    char id[16];
    char customer[16];
    char text[80];
    snprintf(id, sizeof id, "m%zu", i);
    snprintf(customer, sizeof customer, "k%zu", i % 60);
    snprintf(text, sizeof text, "%s %s", matters[i % 3][i / 3 % 4], i % 2 ? "indeed" : "sadly");
    pit_give(k, (pit_record){.id = id, .customer = customer, .text = text});
}

static kundig_model *pit_discover(kundig *k)
{
    kundig_model *model = NULL;
    kundig_error err = {0};
    kundig_discover_options options;
    kundig_discover_options_init(&options);
    options.topics = 3;
    options.least_customers = 2;
    cr_assert_eq(kundig_discover(k, NULL, &options, &model, &err), KUNDIG_OK, "%s", err.message);
    return model;
}

static kundig_table *pit_discovered(const kundig_model *model)
{
    kundig_table *table = NULL;
    cr_assert_eq(kundig_model_discovered(model, &table, NULL), KUNDIG_OK);
    return table;
}

static bool pit_has_topic(const kundig_table *table, kundig_text name)
{
    for (size_t row = 0; row < kundig_table_row_count(table); row++) {
        kundig_text other = kundig_table_text(table, row, pit_column(table, "topic"));
        if (other.len == name.len && memcmp(other.data, name.data, name.len) == 0) {
            return true;
        }
    }
    return false;
}

Test(pitfalls, p09_topics_keep_their_names_when_records_come_and_go)
{
    kundig *k = pit_open(1);
    kundig_error err = {0};
    for (size_t i = 0; i < 150; i++) {
        pit_matter(k, i);
    }
    kundig_model *first = pit_discover(k);
    cr_assert_eq(kundig_set_model(k, first, &err), KUNDIG_OK);
    for (size_t i = 150; i < 180; i++) {
        pit_matter(k, i);
    }
    kundig_erasure whom;
    kundig_erasure_init(&whom);
    whom.customer = pit_text("k7");
    cr_assert_eq(kundig_erase(k, &whom, NULL, &err), KUNDIG_OK);
    kundig_model *second = pit_discover(k);
    kundig_table *before = pit_discovered(first);
    kundig_table *after = pit_discovered(second);
    cr_assert_geq(kundig_table_row_count(before), 3);
    for (size_t row = 0; row < kundig_table_row_count(before); row++) {
        cr_assert(
            pit_has_topic(after, kundig_table_text(before, row, pit_column(before, "topic"))));
    }
    kundig_table_free(before);
    kundig_table_free(after);
    kundig_model_free(first);
    kundig_model_free(second);
    kundig_close(k);
}

Test(pitfalls, p10_threads_and_the_order_of_arrival_show_nowhere)
{
    pit_answers one = {0};
    pit_answers four = {0};
    kundig *k = pit_open(1);
    kundig *l = pit_open(4);
    for (size_t i = 0; i < TOWN; i++) {
        pit_settle(k, i);
        pit_settle(l, (i * 77 + 31) % TOWN);
    }
    pit_ask(k, &one);
    pit_ask(l, &four);
    cr_assert(pit_same(&one, &four));
    free(one.bytes);
    free(four.bytes);
    kundig_close(k);
    kundig_close(l);
}

Test(pitfalls, p11_how_many_features_share_a_bucket_is_told)
{
    kundig *k = pit_open(1);
    for (size_t i = 0; i < 150; i++) {
        pit_matter(k, i);
    }
    kundig_model *model = pit_discover(k);
    kundig_table *table = pit_discovered(model);
    for (size_t row = 0; row < kundig_table_row_count(table); row++) {
        double share = pit_number(table, row, "collisions");
        cr_assert(share >= 0 && share <= 1);
    }
    kundig_table_free(table);
    kundig_model_free(model);
    kundig_close(k);
}

Test(pitfalls, p12_numbers_go_through_the_same_mixer_as_words)
{
    /* Numbers in a row must not fall into buckets in a row: of 4,096 of them about 1 - 1/e of as
     * many buckets are hit, as by words; a mixer that is skipped would hit all, or few. */
    static bool hit[2][4096];
    size_t hits[2] = {0, 0};
    kundig__mem mem;
    kundig__scratch scratch;
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem_init(&mem, &allocator, 0);
    kundig__scratch_init(&scratch, &mem);
    for (unsigned i = 0; i < 4096; i++) {
        for (size_t what = 0; what < 2; what++) {
            char text[16];
            int len = snprintf(text, sizeof text, what ? "w%u" : "%u", 100000 + i);
            cr_assert_eq(kundig__text_features(&scratch, text, (size_t)len, KUNDIG__WORDS),
                         KUNDIG_OK);
            cr_assert_eq(scratch.token_count, 1);
            bool *bucket = &hit[what][scratch.tokens[0].hash % 4096];
            hits[what] += !*bucket;
            *bucket = true;
        }
    }
    cr_assert(hits[0] > 2500 && hits[0] < 2680, "%zu buckets", hits[0]);
    cr_assert(hits[1] > 2500 && hits[1] < 2680, "%zu buckets", hits[1]);
    kundig__scratch_free(&scratch);
}

Test(pitfalls, p13_asking_changes_nothing)
{
    char before[33];
    char after[33];
    pit_answers first = {0};
    pit_answers second = {0};
    kundig *k = pit_open(1);
    for (size_t i = 0; i < TOWN; i++) {
        pit_settle(k, i);
    }
    cr_assert_eq(kundig_facts_hash(k, before, NULL), KUNDIG_OK);
    pit_ask(k, &first);
    pit_ask(k, &second);
    cr_assert_eq(kundig_facts_hash(k, after, NULL), KUNDIG_OK);
    cr_assert_str_eq(before, after);
    cr_assert(pit_same(&first, &second));
    free(first.bytes);
    free(second.bytes);
    kundig_close(k);
}

Test(pitfalls, p14_a_name_of_two_things_is_refused_until_it_says_which)
{
    kundig *k = pit_open(1);
    kundig_error err = {0};
    kundig_table *table = NULL;
    kundig_feedback record;
    kundig_score score = {.question = pit_text("price"), .scale = KUNDIG_SCALE_CSAT, .value = 4};
    kundig_attribute attribute = {pit_text("price"),
                                  {.type = KUNDIG_VALUE_TEXT, .text = pit_text("high")}};
    kundig_feedback_init(&record);
    record.id = pit_text("1");
    record.scores = &score;
    record.score_count = 1;
    record.attributes = &attribute;
    record.attribute_count = 1;
    cr_assert_eq(kundig_feedback_add(k, &record, 1, NULL, &err), KUNDIG_OK, "%s", err.message);
    kundig_query *query = pit_query("count", "price");
    cr_assert_eq(kundig_measure(k, query, &table, &err), KUNDIG_E_AMBIGUOUS);
    cr_assert(strstr(err.message, "question:price") && strstr(err.message, "attribute:price"));
    kundig_query_free(query);
    table = pit_measure(k, "count", "attribute:price");
    cr_assert(pit_says(table, 0, "attribute:price", "high") || pit_says(table, 0, "price", "high"));
    kundig_table_free(table);
    kundig_close(k);
}

Test(pitfalls, p15_importance_is_split_by_correlations)
{
    /* Two predictors, one measured in cents: their covariances are another matter */
    static const double covariances[] = {1, 50, 50, 10000};
    static const double correlations[] = {1, .5, .5, 1};
    static const double outcome[] = {.6, .6};
    kundig_allocator allocator = probe_allocator(NULL);
    double shares[2];
    double r_squared = 0;
    cr_assert_eq(kundig_relative_weights(&allocator, covariances, outcome, 2, KUNDIG_RELATIVE_LMG,
                                         shares, NULL, NULL),
                 KUNDIG_E_VALUE);
    cr_assert_eq(kundig_relative_weights(&allocator, correlations, outcome, 2, KUNDIG_RELATIVE_LMG,
                                         shares, &r_squared, NULL),
                 KUNDIG_OK);
    /* R^2 = (r1^2 + r2^2 - 2 r1 r2 r) / (1 - r^2) = .36 / .75 = .48, half of it each */
    cr_assert_float_eq(r_squared, .48, 1e-12);
    cr_assert_float_eq(shares[0], .24, 1e-12);
    cr_assert_float_eq(shares[1], .24, 1e-12);
}

Test(pitfalls, p16_alpha_is_a_rate_and_no_repeat_purchase_works)
{
    kundig_purchasing weeks = {.2425965, 4.413685, .7929888, 2.426166};
    kundig_purchasing days = {.2425965, 4.413685 * 7, .7929888, 2.426166};
    double one = 0;
    double other = 0;
    /* Another unit of time: a rate goes with it, a scale would go against it. */
    cr_assert_eq(kundig_purchasing_alive(&weeks, 4, 20, 30, &one, NULL), KUNDIG_OK);
    cr_assert_eq(kundig_purchasing_alive(&days, 4, 140, 210, &other, NULL), KUNDIG_OK);
    cr_assert_float_eq(one, other, 1e-13);
    cr_assert(one > 0 && one < 1);
    cr_assert_eq(kundig_purchasing_alive(&weeks, 0, 0, 30, &one, NULL), KUNDIG_OK);
    cr_assert_eq(one, 1);
    cr_assert_eq(kundig_purchasing_expected(&weeks, 0, 0, 30, 52, &one, NULL), KUNDIG_OK);
    cr_assert(one > 0 && one < 2);
}

Test(pitfalls, p17_two_records_of_one_instant_do_not_break_a_burst)
{
    kundig *k = pit_open(1);
    kundig_error err = {0};
    kundig_table *table = NULL;
    for (size_t i = 0; i < 120; i++) {
        char id[16];
        char customer[16];
        snprintf(id, sizeof id, "e%zu", i);
        snprintf(customer, sizeof customer, "e%zu", i);
        /* one a day, and forty in two instants */
        int64_t time = i < 80 ? MONDAY + (int64_t)i * DAY : MONDAY + 40 * DAY + (int64_t)(i % 2);
        pit_give(k, (pit_record){.id = id,
                                 .customer = customer,
                                 .stage = "Order",
                                 .text = "The parcel is late.",
                                 .time_ms = time});
    }
    kundig_query *query = pit_query(NULL, "stage");
    cr_assert_eq(kundig_emerging(k, query, NULL, &table, &err), KUNDIG_OK, "%s", err.message);
    bool found = false;
    for (size_t row = 0; row < kundig_table_row_count(table); row++) {
        found = found ||
                (pit_says(table, row, "kind", "burst") && pit_int(table, row, "records") >= 40);
    }
    cr_assert(found);
    kundig_table_free(table);
    kundig_query_free(query);
    kundig_close(k);
}

Test(pitfalls, p18_instants_fall_into_the_days_of_the_zone_that_is_named)
{
    kundig *k = pit_open(1);
    kundig_error err = {0};
    /* 23:30 in Greenwich is the next day in Berlin */
    pit_give(k, (pit_record){.id = "1",
                             .scale = KUNDIG_SCALE_NPS,
                             .value = 9,
                             .time_ms = MONDAY + 23 * 3600000 + 1800000});
    static const char *const zones[] = {"UTC", "Europe/Berlin"};
    static const char *const days[] = {"2026-01-05", "2026-01-06"};
    for (size_t i = 0; i < 2; i++) {
        kundig_query *query = pit_query("nps", NULL);
        kundig_table *table = NULL;
        cr_assert_eq(kundig_query_set_every(query, KUNDIG_EVERY_DAY, &err), KUNDIG_OK);
        cr_assert_eq(kundig_query_set_zone(query, zones[i], strlen(zones[i]), &err), KUNDIG_OK);
        cr_assert_eq(kundig_measure(k, query, &table, &err), KUNDIG_OK, "%s", err.message);
        cr_assert(pit_says(table, 0, "period", days[i]));
        kundig_table_free(table);
        kundig_query_free(query);
    }
    kundig_close(k);
}

Test(pitfalls, p19_after_erasing_a_customer_every_answer_is_that_of_a_corpus_without_them)
{
    pit_answers erased = {0};
    pit_answers rebuilt = {0};
    kundig *k = pit_open(1);
    kundig *l = pit_open(1);
    kundig_error err = {0};
    kundig_erasure whom;
    for (size_t i = 0; i < TOWN; i++) {
        char id[16];
        char customer[16];
        pit_record record = pit_town(i, id, customer);
        pit_settle(k, i);
        if (!record.customer || strcmp(record.customer, "c14") != 0) {
            pit_settle(l, i);
        }
    }
    pit_ask(k, &erased); /* what was derived before must go, too */
    erased.len = 0;
    kundig_erasure_init(&whom);
    whom.customer = pit_text("c14");
    cr_assert_eq(kundig_erase(k, &whom, NULL, &err), KUNDIG_OK, "%s", err.message);
    pit_ask(k, &erased);
    pit_ask(l, &rebuilt);
    cr_assert(pit_same(&erased, &rebuilt));
    free(erased.bytes);
    free(rebuilt.bytes);
    kundig_close(k);
    kundig_close(l);
}

Test(pitfalls, p20_a_difference_keeps_its_sign)
{
    kundig *k = pit_open(1);
    kundig_error err = {0};
    kundig_table *there = NULL;
    kundig_table *back = NULL;
    for (size_t i = 0; i < TOWN; i++) {
        pit_settle(k, i);
    }
    kundig_query *query = pit_query("nps", NULL);
    uint32_t a = pit_node(query, "topic = delay");
    uint32_t b = pit_node(query, "not (topic = delay)");
    cr_assert_eq(kundig_compare(k, query, a, b, &there, &err), KUNDIG_OK, "%s", err.message);
    cr_assert_eq(kundig_compare(k, query, b, a, &back, &err), KUNDIG_OK, "%s", err.message);
    cr_assert(pit_number(there, 0, "a") < pit_number(there, 0, "b"));
    cr_assert(pit_number(there, 0, "difference") > 0 && pit_number(there, 0, "z") > 0);
    cr_assert_eq(pit_number(there, 0, "difference"), -pit_number(back, 0, "difference"));
    cr_assert_eq(pit_number(there, 0, "lo"), -pit_number(back, 0, "hi"));
    cr_assert_eq(pit_number(there, 0, "z"), -pit_number(back, 0, "z"));
    kundig_table_free(there);
    kundig_table_free(back);
    kundig_query_free(query);
    kundig_close(k);
}
