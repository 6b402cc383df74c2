#include "charting.h"

TestSuite(alarms, .fini = probe_fini);

static kundig_table *alarmed(fixture *f, const char *by, const kundig_chart_options *options,
                             size_t limit)
{
    kundig_query *query = charting_query(by, KUNDIG_EVERY_NONE);
    kundig_table *table = NULL;
    cr_assert_eq(kundig__alarms(f->corpus, query, options, limit, &table, &f->err), KUNDIG_OK, "%s",
                 f->err.message);
    kundig_query_free(query);
    return table;
}

static bool alarmed_is(const kundig_table *table, size_t row, const char *name, const char *value)
{
    return kundig__text_equal(kundig_table_text(table, row, survey_column(table, name)),
                              kundig__str(value));
}

Test(alarms, tell_the_day_how_many_times_as_many_and_what_was_said)
{
    fixture f;
    kundig_chart_options options = charting_options();
    options.chart = KUNDIG_CHART_SHARE;
    fixture_open(&f);
    charting_scene(&f);
    kundig_table *table = alarmed(&f, "channel,stage", &options, 0);
    cr_assert_eq(kundig_table_row_count(table), 2);
    cr_assert(alarmed_is(table, 0, "channel", "shop"));
    cr_assert(alarmed_is(table, 0, "stage", "Complaint"));
    cr_assert(alarmed_is(table, 0, "chart", "share"));
    cr_assert(alarmed_is(table, 0, "period", "2026-01-16"));
    cr_assert(alarmed_is(table, 0, "onset", "2026-01-16"));
    cr_assert(alarmed_is(table, 0, "direction", "up"));
    cr_assert(alarmed_is(table, 1, "direction", "down"));
    cr_assert_eq(kundig_table_int(table, 0, survey_column(table, "customers")), 12);
    cr_assert_float_eq(survey_number(table, 0, "expected"), 3.9, 1e-12);
    cr_assert_float_eq(survey_number(table, 0, "ratio"), 12 / 3.9, 1e-12);
    cr_assert_leq(survey_number(table, 0, "q"), 0.01);
    cr_assert(
        alarmed_is(table, 0, "quote_1", "The parcel came late again and nobody told me why."));
    cr_assert(alarmed_is(table, 0, "sentence",
                         "2026-01-16: 12 of 39 customers, where 3.9 were to be expected"));
    kundig_table_free(table);
    fixture_close(&f);
}

Test(alarms, one_customer_who_writes_38_times_raises_none_and_38_customers_do)
{
    for (int crowd = 0; crowd < 2; crowd++) {
        fixture f;
        kundig_chart_options options = charting_options();
        fixture_open(&f);
        for (int day = 0; day < 30; day++) {
            charting_crowd(&f, day, "mail", "Complaint", 3);
            charting_crowd(&f, day, "mail", "Order", 40);
        }
        for (int i = 0; i < 38; i++) {
            char name[16];
            snprintf(name, sizeof name, "writer%d", crowd ? i : 0);
            charting_add(&f, 25, "mail", "Complaint", name);
        }
        kundig_table *table = alarmed(&f, "stage", &options, 0);
        if (crowd) {
            cr_assert_geq(kundig_table_row_count(table), 2);
        } else {
            cr_assert_eq(kundig_table_row_count(table), 0);
        }
        kundig_table_free(table);
        fixture_close(&f);
    }
}

Test(alarms, of_a_stream_tell_what_fired_since)
{
    fixture f;
    kundig_chart_options options = charting_options();
    fixture_open(&f);
    charting_scene(&f);
    kundig_table *table = alarmed(&f, "channel,stage", &options, 0);
    size_t all = kundig_table_row_count(table);
    cr_assert_geq(all, 2);
    kundig_table_free(table);
    options.since_ms = INT64_C(1767225600000) + 20 * KUNDIG__DAY_MS;
    table = alarmed(&f, "channel,stage", &options, 0);
    cr_assert_eq(kundig_table_row_count(table), 0, "nothing is new");
    kundig_table_free(table);
    /* Records come in, one by one; at some of them it fires, and not before. */
    int fired = 0;
    charting_crowd(&f, 20, "shop", "Order", 27);
    for (int i = 0; i < 15 && !fired; i++) {
        char name[16];
        snprintf(name, sizeof name, "new%d", i);
        charting_add(&f, 20, "shop", "Complaint", name);
        table = alarmed(&f, "channel,stage", &options, 0);
        if (kundig_table_row_count(table)) {
            cr_assert(alarmed_is(table, 0, "period", "2026-01-21"));
            fired = i + 1;
        }
        kundig_table_free(table);
    }
    cr_assert(fired > 6 && fired < 15, "at %d", fired);
    fixture_close(&f);
}

Test(alarms, latest_come_first_and_no_more_than_wanted)
{
    fixture f;
    kundig_chart_options options = charting_options();
    options.chart = KUNDIG_CHART_SHARE;
    fixture_open(&f);
    charting_scene(&f);
    charting_crowd(&f, 18, "phone", "Complaint", 15);
    kundig_table *table = alarmed(&f, "channel,stage", &options, 0);
    cr_assert_eq(kundig_table_row_count(table), 4);
    cr_assert(alarmed_is(table, 0, "period", "2026-01-19"));
    cr_assert(alarmed_is(table, 3, "period", "2026-01-16"));
    kundig_table_free(table);
    table = alarmed(&f, "channel,stage", &options, 1);
    cr_assert_eq(kundig_table_row_count(table), 1);
    cr_assert_eq(kundig_table_note_count(table), 1);
    cr_assert(strstr(kundig_table_note(table, 0), "4 alarms in all"));
    kundig_table_free(table);
    fixture_close(&f);
}

Test(alarms, a_rest_of_a_week_is_not_too_few)
{
    fixture f;
    fixture_open(&f);
    for (int day = 4; day < 4 + 7 * 12 + 1; day++) { /* a Monday, twelve weeks on, and one day */
        charting_crowd(&f, day, "mail", "Order", 30);
        charting_crowd(&f, day, "mail", "Use", 10);
    }
    kundig_query *query = charting_query("stage", KUNDIG_EVERY_WEEK);
    kundig_chart_options options = charting_options();
    kundig_table *table = NULL;
    cr_assert_eq(kundig__alarms(f.corpus, query, &options, 0, &table, &f.err), KUNDIG_OK);
    cr_assert_eq(kundig_table_row_count(table), 0);
    kundig_table_free(table);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(alarms, nothing_and_one_day_raise_none_and_say_why)
{
    fixture f;
    kundig_chart_options options = charting_options();
    fixture_open(&f);
    kundig_table *table = alarmed(&f, "stage", &options, 0);
    cr_assert_eq(kundig_table_row_count(table), 0);
    kundig_table_free(table);
    charting_crowd(&f, 3, "mail", "Order", 5);
    table = alarmed(&f, "stage", &options, 0);
    cr_assert_eq(kundig_table_row_count(table), 0);
    cr_assert(strstr(kundig_table_note(table, 0), "too few"));
    kundig_table_free(table);
    fixture_close(&f);
}

Test(alarms, fail_cleanly_wherever_memory_ends)
{
    for (int on = 0; on < 2; on++) {
        size_t fail_at = 1;
        /* thousands of allocations make the ready model, whose own tests fail each */
        for (;; fail_at = probe_leap(fail_at)) {
            fixture f;
            kundig_table *table = NULL;
            kundig_chart_options options = charting_options();
            fixture_open(&f);
            for (int day = 0; day < 6; day++) {
                charting_crowd(&f, day, "mail", "Order", day == 5 ? 1 : 9);
                charting_crowd(&f, day, "mail", "Use", day == 5 ? 9 : 1);
            }
            survey_warm(&f);
            kundig_query *query = charting_query("stage", KUNDIG_EVERY_DAY);
            probe_shared.fail_at = probe_shared.allocations + fail_at;
            probe_shared.fail_on = on;
            int rc = kundig__alarms(f.corpus, query, &options, 0, &table, &f.err);
            probe_shared.fail_at = 0;
            probe_shared.fail_on = false;
            cr_assert_eq(rc != KUNDIG_OK, table == NULL);
            if (!rc) {
                cr_assert_geq(kundig_table_row_count(table), 2);
            }
            kundig_table_free(table);
            kundig_query_free(query);
            fixture_close(&f);
            if (!rc) {
                break;
            }
            cr_assert_eq(rc, KUNDIG_E_NOMEM);
        }
        cr_assert_gt(fail_at, 25);
    }
}
