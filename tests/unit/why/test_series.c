#include "charting.h"

TestSuite(series, .fini = probe_fini);

static void series_of(fixture *f, const char *by, int32_t every, kundig__series *out)
{
    kundig_query *query = charting_query(by, every);
    cr_assert_eq(kundig__series_new(f->corpus, query, every, out, &f->err), KUNDIG_OK, "%s",
                 f->err.message);
    kundig_query_free(query);
}

static bool series_is(const kundig__series *series, uint32_t i, size_t key, const char *value)
{
    char buffer[32];
    return kundig__text_equal(
        kundig__grouping_key(series->grouping, series->groups[i], key, buffer), kundig__str(value));
}

Test(series, customers_count_once_a_period_and_records_without_one_each)
{
    fixture f;
    kundig__series series;
    fixture_open(&f);
    for (int i = 0; i < 38; i++) {
        charting_add(&f, 0, "mail", "Order", "writer");
    }
    charting_add(&f, 0, "mail", "Use", "writer");
    charting_add(&f, 0, "mail", "Use", NULL);
    charting_add(&f, 0, "mail", "Use", NULL);
    charting_add(&f, 1, "mail", "Order", "writer");
    series_of(&f, "stage", KUNDIG_EVERY_DAY, &series);
    cr_assert_eq(series.count, 2);
    cr_assert_eq(series.base_count, 1);
    cr_assert_eq(series.periods, 2);
    cr_assert(series_is(&series, 0, 0, "Order"));
    cr_assert_eq(series.y[0], 1);
    cr_assert_eq(series.y[1], 1);
    cr_assert_eq(series.y[2], 3);
    cr_assert_eq(series.y[3], 0);
    cr_assert_eq(series.n[0], 3, "one who wrote, and two who name nobody");
    cr_assert_eq(series.n[1], 1);
    kundig__series_free(&series);
    fixture_close(&f);
}

Test(series, fields_beside_what_is_said_tell_whose_share_it_is)
{
    fixture f;
    kundig__series series;
    fixture_open(&f);
    charting_scene(&f);
    series_of(&f, "channel,stage", KUNDIG_EVERY_DAY, &series);
    cr_assert_eq(series.count, 4);
    cr_assert_geq(series.base_count, 2);
    cr_assert_eq(series.periods, 20);
    for (uint32_t i = 0; i < 4; i++) {
        bool shop = series_is(&series, i, 0, "shop");
        bool complaint = series_is(&series, i, 1, "Complaint");
        uint32_t day = 15;
        uint32_t y = shop ? (complaint ? 12 : 27) : complaint ? 2 : 18;
        cr_assert_eq(series.y[i * 20 + day], y);
        cr_assert_eq(series.n[series.bases[i] * 20 + day], shop ? 39 : 20);
    }
    kundig__series_free(&series);
    fixture_close(&f);
}

Test(series, periods_without_a_record_stand_between_the_others)
{
    fixture f;
    kundig__series series;
    fixture_open(&f);
    charting_add(&f, 0, "mail", "Order", "a");
    charting_add(&f, 65, "mail", "Order", "b");
    series_of(&f, "stage", KUNDIG_EVERY_DAY, &series);
    cr_assert_eq(series.periods, 66);
    cr_assert_eq(series.n[30], 0);
    kundig__series_free(&series);
    series_of(&f, "stage", KUNDIG_EVERY_MONTH, &series);
    cr_assert_eq(series.periods, 3); /* January to March */
    cr_assert_eq(series.n[0], 1);
    cr_assert_eq(series.n[1], 0);
    cr_assert_eq(series.n[2], 1);
    kundig__series_free(&series);
    fixture_close(&f);
}

Test(series, any_order_of_records_gives_the_same_numbers)
{
    static survey s;
    for (uint64_t seed = 1; seed < 4; seed++) {
        fixture a;
        fixture b;
        kundig__series first;
        kundig__series second;
        survey_make(&s, 400, SURVEY_CUSTOMERS, seed);
        fixture_open(&a);
        fixture_open(&b);
        cr_assert_eq(survey_add(&a, &s, 0, s.count, 1), KUNDIG_OK);
        for (size_t step = 7; step-- > 0;) {
            cr_assert_eq(survey_add(&b, &s, step, s.count, 7), KUNDIG_OK);
        }
        series_of(&a, "channel,stage", KUNDIG_EVERY_WEEK, &first);
        series_of(&b, "channel,stage", KUNDIG_EVERY_WEEK, &second);
        cr_assert_eq(first.count, second.count);
        cr_assert_eq(first.periods, second.periods);
        size_t cells = (size_t)first.count * first.periods;
        cr_assert_eq(memcmp(first.y, second.y, cells * sizeof *first.y), 0);
        uint64_t sum = 0;
        for (uint32_t i = 0; i < first.count; i++) {
            for (uint32_t t = 0; t < first.periods; t++) {
                uint32_t n = first.n[first.bases[i] * first.periods + t];
                cr_assert_eq(n, second.n[second.bases[i] * first.periods + t]);
                cr_assert_leq(first.y[i * first.periods + t], n);
                sum += first.y[i * first.periods + t];
            }
        }
        cr_assert_gt(sum, 200);
        kundig__series_free(&first);
        kundig__series_free(&second);
        fixture_close(&a);
        fixture_close(&b);
    }
}

Test(series, nothing_in_a_corpus_is_no_series)
{
    fixture f;
    kundig__series series;
    fixture_open(&f);
    series_of(&f, "stage", KUNDIG_EVERY_DAY, &series);
    cr_assert_eq(series.count, 0);
    cr_assert_eq(series.periods, 0);
    kundig__series_free(&series);
    kundig_query *query = charting_query("nix", KUNDIG_EVERY_DAY);
    cr_assert_eq(kundig__series_new(f.corpus, query, KUNDIG_EVERY_DAY, &series, &f.err),
                 KUNDIG_E_NOT_FOUND);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(series, fails_cleanly_wherever_memory_ends)
{
    for (int on = 0; on < 2; on++) {
        size_t fail_at = 1;
        for (;; fail_at++) {
            fixture f;
            kundig__series series;
            fixture_open(&f);
            charting_crowd(&f, 0, "mail", "Order", 3);
            charting_crowd(&f, 4, "mail", "Use", 2);
            survey_warm(&f);
            kundig_query *query = charting_query("channel,stage", KUNDIG_EVERY_DAY);
            probe_shared.fail_at = probe_shared.allocations + fail_at;
            probe_shared.fail_on = on;
            int rc = kundig__series_new(f.corpus, query, KUNDIG_EVERY_DAY, &series, &f.err);
            probe_shared.fail_at = 0;
            probe_shared.fail_on = false;
            if (!rc) {
                kundig__series_free(&series);
            }
            kundig_query_free(query);
            fixture_close(&f);
            if (!rc) {
                break;
            }
            cr_assert_eq(rc, KUNDIG_E_NOMEM);
        }
        cr_assert_gt(fail_at, 15);
    }
}
