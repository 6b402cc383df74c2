/* What there is and what is missing, counted by hand beside it. */
#include "analysing.h"

TestSuite(volumes, .fini = probe_fini);

Test(volumes, count_what_each_current_record_brings)
{
    analysing t;
    analysing_open(&t);
    analysing_answers(&t, 3, KUNDIG_SCALE_NPS, 7, 4, NULL, "words");
    analysing_answers(&t, 2, KUNDIG_SCALE_CSAT, 4, 1, NULL, "");
    kundig_feedback r = analysing_record();
    r.customer = KUNDIG__TEXT("c");
    r.kind = KUNDIG_KIND_EMPLOYEE;
    analysing_add(&t, r);
    t.records--;
    r.updated_ms = 1; /* the same record again: one current version */
    r.text = KUNDIG__TEXT("late words");
    analysing_add(&t, r);
    analysing_begin(&t, NULL);
    analysing_find(&t, kundig__find_profile);
    cr_assert_eq(t.a.records, 6);
    cr_assert_eq(t.a.with_text, 4, "an empty comment is none");
    cr_assert_eq(t.a.with_score, 5);
    cr_assert_eq(t.a.with_time, 5);
    cr_assert_eq(t.a.with_customer, 1);
    cr_assert_eq(t.a.employees, 1);
    cr_assert_eq(t.a.answers[0] + t.a.answers[1], 5);
    analysing_is(t.a.first_day, "2026-01-02");
    analysing_is(t.a.last_day, "2026-01-05");
    cr_assert_eq(t.a.days, 4, "both ends count");
    analysing_find(&t, kundig__find_volumes);
    analysing_says(&t, KUNDIG__LINE_PLAIN, "6 records: 4 with a comment, 5 with a score.");
    analysing_says(&t, KUNDIG__LINE_PLAIN, "From 2026-01-02 to 2026-01-05: 4 days.");
    analysing_close(&t);
}

Test(volumes, say_that_a_condition_is_in_force)
{
    analysing t;
    kundig_query *query = NULL;
    kundig_allocator allocator = probe_allocator(NULL);
    uint32_t node;
    analysing_open(&t);
    analysing_answers(&t, 3, KUNDIG_SCALE_NPS, 7, 4, NULL, NULL);
    analysing_answers(&t, 4, KUNDIG_SCALE_NPS, 2, 4, NULL, NULL);
    cr_assert_eq(kundig_query_new(&allocator, &query), KUNDIG_OK);
    cr_assert_eq(kundig_query_parse(query, "nps = 7", 7, &node, NULL), KUNDIG_OK);
    cr_assert_eq(kundig_query_keep(query, node, NULL), KUNDIG_OK);
    analysing_begin(&t, query);
    analysing_find(&t, kundig__find_profile);
    analysing_find(&t, kundig__find_volumes);
    analysing_says(&t, KUNDIG__LINE_WARNING,
                   "A condition is in force: 3 of 7 records meet it. All below is about them.");
    analysing_says(&t, KUNDIG__LINE_QUIET,
                   "No record names a customer: each counts as a person of its own.");
    analysing_end(&t);
    kundig_query_free(query);
    analysing_close(&t);
}

Test(volumes, warn_where_more_than_a_twentieth_is_missing)
{
    for (int more = 0; more < 2; more++) {
        analysing t;
        analysing_open(&t);
        analysing_answers(&t, 19, KUNDIG_SCALE_NPS, 7, 4, NULL, "words");
        analysing_answers(&t, 1 + more, KUNDIG_SCALE_NPS, 7, 4, NULL, NULL);
        analysing_scored(&t, NULL);
        analysing_find(&t, kundig__find_health);
        analysing_says(&t, more ? KUNDIG__LINE_WARNING : KUNDIG__LINE_PLAIN,
                       more ? "2 records (9.5%) without a comment."
                            : "1 record (5.0%) without a comment.");
        cr_assert_eq(analysing_mark(&t, "Nothing is missing."), -1);
        analysing_close(&t);
    }
}

Test(volumes, coverage_is_by_touchpoint_before_stage)
{
    analysing t;
    analysing_open(&t);
    analysing_answers(&t, 3, KUNDIG_SCALE_NPS, 7, 4, "Order", "words");
    kundig_feedback r = analysing_record();
    r.stage = KUNDIG__TEXT("Use");
    r.text = KUNDIG__TEXT("words");
    analysing_add(&t, r);
    analysing_scored(&t, NULL);
    analysing_find(&t, kundig__find_health);
    const kundig_table *table = analysing_section(&t, "Health of the data")->table;
    cr_assert_eq(kundig_table_row_count(table), 2);
    cr_assert_str_eq(kundig_table_column_name(table, 0), "stage");
    analysing_is(kundig_table_text(table, 0, 0), "Order");
    cr_assert_eq(analysing_int(table, 0, "records"), 3);
    cr_assert_eq(kundig_table_number(table, 0, analysing_column(table, "share")), 0.75);
    cr_assert_eq(kundig_table_number(table, 0, analysing_column(table, "with_score")), 1);
    cr_assert_eq(kundig_table_number(table, 1, analysing_column(table, "with_score")), 0);
    cr_assert_eq(kundig_table_number(table, 1, analysing_column(table, "with_text")), 1);
    r.touchpoint = KUNDIG__TEXT("Checkout");
    analysing_add(&t, r);
    analysing_scored(&t, NULL);
    analysing_find(&t, kundig__find_health);
    table = analysing_section(&t, "Health of the data")->table;
    cr_assert_str_eq(kundig_table_column_name(table, 0), "touchpoint");
    analysing_close(&t);
}

Test(volumes, show_the_mapping_without_anybodys_words)
{
    static const char rows[] = "nps,comment\n9,secret words\n11,other words\n3,\n";
    kundig_options options;
    kundig_ingest_report *report = NULL;
    kundig *k = NULL;
    analysing t;
    kundig_options_init(&options);
    options.allocator = probe_allocator(NULL);
    cr_assert_eq(kundig_open(":memory:", 8, &options, &k, NULL), KUNDIG_OK);
    cr_assert_eq(kundig_ingest_bytes(k, rows, sizeof rows - 1, NULL, &report, NULL), KUNDIG_OK);
    analysing_open(&t);
    analysing_begin(&t, NULL);
    analysing_find(&t, kundig__find_understood);
    cr_assert_eq(t.a.section_count, 0, "without a report there is nothing to say");
    t.a.report = report;
    analysing_find(&t, kundig__find_understood);
    analysing_says(&t, KUNDIG__LINE_PLAIN, "3 rows = 2 accepted + 1 rejected.");
    const kundig__section *section = analysing_section(&t, "What was understood");
    cr_assert_eq(kundig_table_row_count(section->table), 2);
    cr_assert_eq(kundig_table_find_column(section->table, "examples", 8), SIZE_MAX);
    kundig_bytes *bytes = NULL;
    cr_assert_eq(kundig_table_to_json(section->table, &bytes, NULL), KUNDIG_OK);
    cr_assert_null(strstr(kundig_bytes_data(bytes), "secret"), "%s", kundig_bytes_data(bytes));
    analysing_is(kundig_table_text(section->table, 1, 0), "comment");
    const kundig_table *mapping = kundig_ingest_report_table(report, KUNDIG_INGEST_MAPPING);
    cr_assert_eq(analysing_int(section->table, 1, "filled"), analysing_int(mapping, 1, "filled"));
    kundig_bytes_free(bytes);
    analysing_close(&t);
    kundig_ingest_report_free(report);
    kundig_close(k);
}
