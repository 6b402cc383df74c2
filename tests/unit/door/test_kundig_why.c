/* Why, through the door: what is refused, what NULL stands for, and whose the tables are. */
#include <stdio.h>

#include <criterion/criterion.h>

#include "probe.h"

TestSuite(kundig_why, .fini = probe_fini);

#define TEXT(s) ((kundig_text){s, sizeof(s) - 1})

static kundig *why_open(uint32_t report_k)
{
    kundig *k = NULL;
    kundig_options options;
    kundig_options_init(&options);
    options.allocator = probe_allocator(NULL);
    options.report_k = report_k;
    options.report_fields = report_k ? TEXT("channel") : (kundig_text){NULL, 0};
    cr_assert_eq(kundig_open(":memory:", 8, &options, &k, NULL), KUNDIG_OK);
    return k;
}

/* 60 answers of 30 customers through two channels, in two quarters. */
static kundig *why_corpus(uint32_t report_k)
{
    kundig *k = why_open(report_k);
    for (int i = 0; i < 60; i++) {
        char id[8];
        char customer[8];
        kundig_score score = {0};
        kundig_feedback record;
        kundig_feedback_init(&record);
        snprintf(id, sizeof id, "r%d", i);
        snprintf(customer, sizeof customer, "c%d", i % 30);
        record.id = (kundig_text){id, strlen(id)};
        record.customer = (kundig_text){customer, strlen(customer)};
        record.channel = i % 2 ? TEXT("web") : TEXT("app");
        record.text = i % 3 ? TEXT("Far too late, but friendly.") : TEXT("Quick and easy.");
        record.time_ms = (int64_t)i * 3 * 86400000;
        score.scale = KUNDIG_SCALE_NPS;
        score.value = i % 11;
        record.scores = &score;
        record.score_count = 1;
        cr_assert_eq(kundig_feedback_add(k, &record, 1, NULL, NULL), KUNDIG_OK);
    }
    kundig_customer customer;
    kundig_customer_init(&customer);
    customer.id = TEXT("c1");
    customer.segment = TEXT("old");
    cr_assert_eq(kundig_customer_add(k, &customer, 1, NULL, NULL), KUNDIG_OK);
    return k;
}

static uint32_t why_node(kundig_query *query, const char *condition)
{
    uint32_t node = 0;
    cr_assert_eq(kundig_query_parse(query, condition, strlen(condition), &node, NULL), KUNDIG_OK);
    return node;
}

static kundig_query *why_query(const char *metric)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_query *query = NULL;
    cr_assert_eq(kundig_query_new(&allocator, &query), KUNDIG_OK);
    if (metric) {
        cr_assert_eq(kundig_query_set_metric(query, metric, strlen(metric), NULL), KUNDIG_OK);
    }
    return query;
}

/* Calls of one form: (query, limit). */
static int (*const why_listed[])(kundig *, const kundig_query *, size_t, kundig_table **,
                                 kundig_error *) = {kundig_impact, kundig_loud, kundig_buts,
                                                    kundig_mismatch};

/* Every call once; options NULL. Returns the code of the last, and counts those with `wanted`. */
static size_t why_every(kundig *k, const kundig_query *query, uint32_t a, uint32_t b, int wanted)
{
    static const kundig_margin margins[] = {
        {{"channel", 7}, {"app", 3}, 2},
        {{"channel", 7}, {"web", 3}, 1},
    };
    kundig_table *one = NULL;
    kundig_table *several[KUNDIG_EXPLAIN_TABLES] = {NULL};
    size_t met = 0;
    for (size_t i = 0; i < 4; i++) {
        met += why_listed[i](k, query, 0, &one, NULL) == wanted;
        kundig_table_free(one);
        one = NULL;
    }
    met += kundig_chart(k, query, NULL, &one, NULL) == wanted;
    kundig_table_free(one);
    one = NULL;
    met += kundig_alarms(k, query, NULL, 0, &one, NULL) == wanted;
    kundig_table_free(one);
    one = NULL;
    met += kundig_emerging(k, query, NULL, &one, NULL) == wanted;
    kundig_table_free(one);
    one = NULL;
    met += kundig_words(k, query, a, b, NULL, &one, NULL) == wanted;
    kundig_table_free(one);
    one = NULL;
    met += kundig_benchmark(k, query, 0.5, 0, 0, &one, NULL) == wanted;
    kundig_table_free(one);
    met += kundig_explain(k, query, a, b, NULL, several, KUNDIG_EXPLAIN_TABLES, NULL) == wanted;
    for (size_t i = 0; i < KUNDIG_EXPLAIN_TABLES; i++) {
        kundig_table_free(several[i]);
        several[i] = NULL;
    }
    met +=
        kundig_weights(k, query, margins, 2, NULL, several, KUNDIG_WEIGHTS_TABLES, NULL) == wanted;
    for (size_t i = 0; i < KUNDIG_WEIGHTS_TABLES; i++) {
        kundig_table_free(several[i]);
        several[i] = NULL;
    }
    met += kundig_represent(k, query, several, KUNDIG_REPRESENT_TABLES, NULL) == wanted;
    for (size_t i = 0; i < KUNDIG_REPRESENT_TABLES; i++) {
        kundig_table_free(several[i]);
    }
    return met;
}

Test(kundig_why, answers_every_question_through_the_door)
{
    kundig *k = why_corpus(0);
    kundig_query *query = why_query("nps");
    uint32_t before = why_node(query, "time = 1970-Q1");
    uint32_t after = why_node(query, "time = 1970-Q2");
    cr_assert_eq(why_every(k, query, before, after, KUNDIG_OK), 12);
    kundig_query_free(query);
    query = why_query("nps");
    cr_assert_eq(kundig_query_group_by(query, "channel", 7, NULL), KUNDIG_OK);
    kundig_table *table = NULL;
    cr_assert_eq(kundig_funnel(k, query, &table, NULL), KUNDIG_OK);
    cr_assert_eq(kundig_table_row_count(table), 2);
    kundig_table_free(table);
    kundig_query_free(query);
    kundig_close(k);
}

Test(kundig_why, refuses_calls_without_what_they_need)
{
    kundig *k = why_corpus(0);
    kundig_query *query = why_query("nps");
    uint32_t node = why_node(query, "channel = app");
    kundig_table *table = NULL;
    kundig_error err = {0, 0, {0}};
    cr_assert_eq(why_every(NULL, query, node, node, KUNDIG_E_ARG), 12);
    for (size_t i = 0; i < 4; i++) {
        cr_assert_eq(why_listed[i](k, query, 0, NULL, &err), KUNDIG_E_ARG);
        cr_assert(strstr(err.message, "out"), "%s", err.message);
    }
    cr_assert_eq(kundig_chart(k, query, NULL, NULL, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_alarms(k, query, NULL, 0, NULL, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_emerging(k, query, NULL, NULL, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_funnel(k, NULL, &table, &err), KUNDIG_E_ARG);
    cr_assert(strstr(err.message, "query"), "%s", err.message);
    cr_assert_eq(kundig_benchmark(k, NULL, 0, 0, 0, &table, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_words(k, NULL, 0, 0, NULL, &table, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_explain(k, NULL, 0, 0, NULL, &table, 1, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_explain(k, query, node, node, NULL, NULL, 0, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_weights(k, query, NULL, 0, NULL, &table, 1, &err), KUNDIG_E_ARG);
    cr_assert(strstr(err.message, "margins"), "%s", err.message);
    cr_assert_eq(kundig_represent(k, query, NULL, 0, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_words(k, query, node, node + 1, NULL, &table, &err), KUNDIG_E_ARG);
    cr_assert(strstr(err.message, "made in this query"), "%s", err.message);
    cr_assert_eq(kundig_explain(k, query, node + 1, node, NULL, &table, 1, &err), KUNDIG_E_ARG);
    cr_assert(strstr(err.message, "before and after"), "%s", err.message);
    cr_assert_null(table);
    kundig_query_free(query);
    kundig_close(k);
}

Test(kundig_why, reads_no_query_as_everything)
{
    kundig *k = why_corpus(0);
    kundig_query *query = why_query(NULL);
    for (size_t i = 0; i < 4; i++) {
        kundig_table *tables[2] = {NULL};
        kundig_bytes *json[2] = {NULL};
        cr_assert_eq(why_listed[i](k, NULL, 0, &tables[0], NULL), KUNDIG_OK);
        cr_assert_eq(why_listed[i](k, query, 0, &tables[1], NULL), KUNDIG_OK);
        for (size_t j = 0; j < 2; j++) {
            cr_assert_eq(kundig_table_to_json(tables[j], &json[j], NULL), KUNDIG_OK);
            kundig_table_free(tables[j]);
        }
        cr_assert_str_eq(kundig_bytes_data(json[0]), kundig_bytes_data(json[1]));
        kundig_bytes_free(json[0]);
        kundig_bytes_free(json[1]);
    }
    kundig_query_free(query);
    kundig_close(k);
}

Test(kundig_why, gives_as_many_tables_as_the_caller_has_room_for)
{
    kundig *k = why_corpus(0);
    kundig_query *query = why_query("nps");
    uint32_t before = why_node(query, "time = 1970-Q1");
    uint32_t after = why_node(query, "time = 1970-Q2");
    kundig_table *tables[6] = {NULL};
    kundig_table *const untouched = (kundig_table *)(void *)&k;
    tables[1] = untouched;
    cr_assert_eq(kundig_explain(k, query, before, after, NULL, tables, 1, NULL), KUNDIG_OK);
    cr_assert_neq(kundig_table_find_column(tables[0], "sentence", 8), SIZE_MAX);
    cr_assert_eq(tables[1], untouched);
    kundig_table_free(tables[0]);
    tables[4] = tables[5] = untouched;
    cr_assert_eq(kundig_explain(k, query, before, after, NULL, tables, 6, NULL), KUNDIG_OK);
    cr_assert_null(tables[4]);
    cr_assert_null(tables[5]);
    for (size_t i = 0; i < KUNDIG_EXPLAIN_TABLES; i++) {
        cr_assert_not_null(tables[i]);
        kundig_table_free(tables[i]);
    }
    kundig_query_free(query);
    kundig_close(k);
}

Test(kundig_why, leaves_outputs_alone_on_failure)
{
    kundig *k = why_corpus(0);
    kundig_query *query = why_query("count");
    kundig_table *const untouched = (kundig_table *)(void *)&k;
    kundig_table *tables[KUNDIG_WEIGHTS_TABLES] = {untouched, untouched, untouched};
    kundig_margin margin = {TEXT("channel"), TEXT("app"), -1};
    cr_assert_eq(kundig_impact(k, query, 0, &tables[0], NULL), KUNDIG_E_ARG);
    cr_assert_neq(kundig_weights(k, NULL, &margin, 1, NULL, tables, 3, NULL), KUNDIG_OK);
    for (size_t i = 0; i < KUNDIG_WEIGHTS_TABLES; i++) {
        cr_assert_eq(tables[i], untouched);
    }
    kundig_query_free(query);
    kundig_close(k);
}

Test(kundig_why, tells_nothing_in_reporting_mode)
{
    kundig *k = why_corpus(5);
    kundig_query *query = why_query("nps");
    uint32_t before = why_node(query, "time = 1970-Q1");
    uint32_t after = why_node(query, "time = 1970-Q2");
    kundig_table *table = NULL;
    cr_assert_eq(why_every(k, query, before, after, KUNDIG_E_MODE), 12);
    cr_assert_eq(kundig_funnel(k, query, &table, NULL), KUNDIG_E_MODE);
    cr_assert_null(table);
    kundig_query_free(query);
    kundig_close(k);
}
