#include "charting.h"
#include "why/limits.h"

TestSuite(chart, .fini = probe_fini);

static kundig_table *charted_of(fixture *f, const char *by, const kundig_chart_options *options)
{
    kundig_query *query = charting_query(by, KUNDIG_EVERY_NONE);
    kundig_table *table = NULL;
    cr_assert_eq(kundig__chart(f->corpus, query, options, &table, &f->err), KUNDIG_OK, "%s",
                 f->err.message);
    kundig_query_free(query);
    return table;
}

static bool charted_null(const kundig_table *table, size_t row, const char *name)
{
    return kundig_table_is_null(table, row, survey_column(table, name));
}

Test(chart, has_a_row_a_series_and_day_with_its_limits)
{
    fixture f;
    kundig_chart_options options = charting_options();
    fixture_open(&f);
    charting_scene(&f);
    kundig_table *table = charted_of(&f, "channel,stage", &options);
    cr_assert_eq(kundig_table_row_count(table), 80);
    size_t day = 40 + 15; /* phone, then shop */
    cr_assert(kundig__text_equal(kundig_table_text(table, day, 0), kundig__str("shop")));
    cr_assert(kundig__text_equal(kundig_table_text(table, day, 1), kundig__str("Complaint")));
    cr_assert(kundig__text_equal(kundig_table_text(table, day, 2), kundig__str("2026-01-16")));
    cr_assert(kundig__text_equal(kundig_table_text(table, day, survey_column(table, "signal")),
                                 kundig__str("up")));
    cr_assert_eq(kundig_table_int(table, day, survey_column(table, "y")), 12);
    cr_assert_eq(kundig_table_int(table, day, survey_column(table, "n")), 39);
    cr_assert_float_eq(survey_number(table, day, "value"), 12. / 39, 1e-15);
    cr_assert_float_eq(survey_number(table, day, "centre"), 0.1, 1e-15);
    double p = 2 * kundig__tails_of_share(12, 39, 45, 450).up;
    cr_assert_float_eq(survey_number(table, day, "p"), p, 1e-15);
    size_t signals = 0;
    for (size_t row = 0; row < 80; row++) {
        signals += !charted_null(table, row, "signal");
        cr_assert_eq(charted_null(table, row, "upper"), row % 20 < KUNDIG__CONTROL_LEAST);
    }
    cr_assert_eq(signals, 2, "more complaints are fewer orders");
    kundig_table_free(table);
    fixture_close(&f);
}

Test(chart, draws_the_values_of_a_metric)
{
    fixture f;
    kundig_table *table = NULL;
    kundig_chart_options options = charting_options();
    fixture_open(&f);
    charting_scene(&f);
    kundig_query *query = survey_query("nps");
    options.chart = KUNDIG_CHART_EWMA;
    options.target = 0;
    options.sigma = 1;
    cr_assert_eq(kundig__chart(f.corpus, query, &options, &table, &f.err), KUNDIG_OK, "%s",
                 f.err.message);
    cr_assert_eq(kundig_table_row_count(table), 20);
    double average = 0;
    for (size_t row = 0; row < 20; row++) {
        average = 0.3 * 1 + 0.7 * average; /* all are promoters */
        cr_assert_float_eq(survey_number(table, row, "value"), average, 1e-12);
    }
    kundig_table_free(table);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(chart, options_are_checked)
{
    kundig_chart_options given;
    kundig_chart_options known;
    kundig_error err;
    kundig_chart_options_init(&given);
    cr_assert_eq(kundig__chart_options(NULL, &known, &err), KUNDIG_OK);
    cr_assert_eq(known.rate, 0.01);
    cr_assert_eq(known.since_ms, KUNDIG_TIME_ABSENT);
    double zero = 0;
    given.rate = zero / zero;
    cr_assert_eq(kundig__chart_options(&given, &known, &err), KUNDIG_E_ARG);
    given.rate = 0.6;
    cr_assert_eq(kundig__chart_options(&given, &known, &err), KUNDIG_E_ARG);
    given.rate = 0.5;
    cr_assert_eq(kundig__chart_options(&given, &known, &err), KUNDIG_OK);
    given.lambda = 1.1;
    cr_assert_eq(kundig__chart_options(&given, &known, &err), KUNDIG_E_ARG);
    given.lambda = 1;
    given.chart = KUNDIG_CHART_CUSUM + 1;
    cr_assert_eq(kundig__chart_options(&given, &known, &err), KUNDIG_E_ARG);
    given.chart = -1;
    cr_assert_eq(kundig__chart_options(&given, &known, &err), KUNDIG_E_ARG);
    given.chart = KUNDIG_CHART_COUNT;
    given.reserved = 1;
    cr_assert_eq(kundig__chart_options(&given, &known, &err), KUNDIG_E_VERSION);
}

Test(chart, no_records_one_day_and_no_value_are_tables)
{
    fixture f;
    kundig_chart_options options = charting_options();
    fixture_open(&f);
    kundig_table *table = charted_of(&f, "stage", &options);
    cr_assert_eq(kundig_table_row_count(table), 0);
    kundig_table_free(table);
    charting_crowd(&f, 3, "mail", "Order", 5);
    table = charted_of(&f, "stage", &options);
    cr_assert_eq(kundig_table_row_count(table), 1);
    cr_assert(charted_null(table, 0, "upper"));
    cr_assert_eq(survey_number(table, 0, "value"), 1);
    kundig_table_free(table);
    table = charted_of(&f, "segment", &options);
    cr_assert_eq(kundig_table_row_count(table), 0, "nobody is of a segment");
    kundig_table_free(table);
    fixture_close(&f);
}

Test(chart, fails_cleanly_wherever_memory_ends)
{
    for (int on = 0; on < 2; on++) {
        size_t fail_at = 1;
        for (;; fail_at++) {
            fixture f;
            kundig_table *table = NULL;
            kundig_chart_options options = charting_options();
            options.chart = KUNDIG_CHART_EWMA;
            fixture_open(&f);
            charting_crowd(&f, 0, "mail", "Order", 3);
            charting_crowd(&f, 4, "mail", "Use", 2);
            survey_warm(&f);
            kundig_query *query = charting_query("stage", KUNDIG_EVERY_DAY);
            cr_assert_eq(kundig_query_set_metric(query, "nps", 3, &f.err), KUNDIG_OK);
            probe_shared.fail_at = probe_shared.allocations + fail_at;
            probe_shared.fail_on = on;
            int rc = kundig__chart(f.corpus, query, &options, &table, &f.err);
            probe_shared.fail_at = 0;
            probe_shared.fail_on = false;
            cr_assert_eq(rc != KUNDIG_OK, table == NULL);
            kundig_table_free(table);
            kundig_query_free(query);
            fixture_close(&f);
            if (!rc) {
                break;
            }
            cr_assert_eq(rc, KUNDIG_E_NOMEM);
        }
        cr_assert_gt(fail_at, 20);
    }
}
