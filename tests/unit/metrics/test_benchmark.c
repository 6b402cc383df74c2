#include "base/math.h"
#include "survey.h"

TestSuite(benchmark, .fini = probe_fini);

static kundig_table *benchmarked(fixture *f, kundig_query *query, double value, double n, double sd)
{
    kundig_table *table = NULL;
    int rc = kundig__benchmark(f->corpus, query, value, n, sd, &table, &f->err);
    cr_assert_eq(rc, KUNDIG_OK, "%s", f->err.message);
    return table;
}

static void benchmark_fill(fixture *f, const char *channel, const int counts[3])
{
    static const double answers[] = {3, 8, 10};
    for (int kind = 0; kind < 3; kind++) {
        for (int i = 0; i < counts[kind]; i++) {
            char id[32];
            snprintf(id, sizeof id, "%s-%d-%d", channel, kind, i);
            kundig_feedback record = fixture_record(id, NULL);
            kundig_score score = fixture_nps(answers[kind]);
            record.channel = kundig__str(channel);
            record.scores = &score;
            record.score_count = 1;
            cr_assert_eq(fixture_add(f, &record, 1, NULL), KUNDIG_OK);
        }
    }
}

/* (10, 20, 70) beside (20, 30, 50), of which value, size and spread alone are known: the published
 * difference of the two. */
Test(benchmark, says_what_a_comparison_with_its_answers_would)
{
    static const int counts[] = {10, 20, 70};
    fixture f;
    fixture_open(&f);
    benchmark_fill(&f, "email", counts);
    kundig_query *query = survey_query("nps");
    kundig_table *table = benchmarked(&f, query, .3, 100, kundig__sqrt(.7 - .09));
    cr_assert_eq(kundig_table_row_count(table), 1);
    cr_assert_float_eq(survey_number(table, 0, "a"), .3, 1e-15);
    cr_assert_float_eq(survey_number(table, 0, "b"), .6, 1e-15);
    cr_assert_float_eq(survey_number(table, 0, "difference"), .3, 1e-12);
    cr_assert_float_eq(survey_number(table, 0, "se"), .101507, 5e-7);
    cr_assert_float_eq(survey_number(table, 0, "z"), 2.869392, 5e-7);
    cr_assert_float_eq(survey_number(table, 0, "p"), .004113, 5e-7);
    cr_assert_eq(survey_number(table, 0, "a_n"), 100);
    cr_assert_eq(survey_number(table, 0, "b_n"), 100);
    kundig_table_free(table);
    query->interval = KUNDIG_INTERVAL_WALD;
    table = benchmarked(&f, query, .3, 100, kundig__sqrt(.7 - .09));
    cr_assert_float_eq(survey_number(table, 0, "lo"), .099163, 5e-7);
    cr_assert_float_eq(survey_number(table, 0, "hi"), .500837, 5e-7);
    cr_assert_float_eq(survey_number(table, 0, "z"), 2.9277, 5e-5);
    cr_assert_float_eq(survey_number(table, 0, "p"), .003415, 5e-7);
    kundig_table_free(table);
    /* exact: the group's own error alone, SE .066332 */
    table = benchmarked(&f, query, .3, 0, 0);
    cr_assert_float_eq(survey_number(table, 0, "se"), .066332, 5e-7);
    cr_assert(kundig_table_is_null(table, 0, survey_column(table, "a_n")));
    cr_assert(survey_note(table, "taken as exact"));
    kundig_table_free(table);
    /* an unknown spread is the greatest there can be: 1 - s^2 */
    table = benchmarked(&f, query, .3, 100, 0);
    cr_assert_float_eq(survey_number(table, 0, "se"), kundig__sqrt((.91 + .44) / 100), 1e-12);
    kundig_table_free(table);
    kundig_query_free(query);
    fixture_close(&f);
}

/* Shares and means: the same arithmetic, whatever stands behind the figure. */
Test(benchmark, means_and_shares_are_tested_as_they_are_compared)
{
    static survey s;
    static const char *const metrics[] = {"csat", "csat_mean", "nps"};
    for (unsigned m = 0; m < 3; m++) {
        fixture f;
        kundig_error err = {0};
        survey_make(&s, 300, 0, 40 + m);
        fixture_open(&f);
        cr_assert_eq(survey_add(&f, &s, 0, s.count, 1), KUNDIG_OK);
        kundig_query *query = survey_query(metrics[m]);
        uint32_t a = survey_node(query, "channel = email");
        uint32_t b = survey_node(query, "channel = phone");
        kundig_table *compared = NULL;
        cr_assert_eq(kundig__compare(f.corpus, query, a, b, &compared, &err), KUNDIG_OK);
        kundig_query *plain = survey_query(metrics[m]);
        kundig_query *other = survey_query(metrics[m]);
        cr_assert_eq(kundig_query_keep(plain, survey_node(plain, "channel = phone"), NULL), 0);
        cr_assert_eq(kundig_query_keep(other, survey_node(other, "channel = email"), NULL), 0);
        other->interval = KUNDIG_INTERVAL_WALD;
        kundig_table *measured = NULL;
        cr_assert_eq(kundig__measure(f.corpus, other, &measured, &err), KUNDIG_OK);
        double n = survey_number(measured, 0, "n");
        double sd = survey_number(measured, 0, "se") * kundig__sqrt(m == 1 ? n - 1 : n);
        kundig_table *table = benchmarked(&f, plain, survey_number(measured, 0, "value"), n, sd);
        static const char *const columns[] = {"a",  "b", "difference", "lo", "hi",
                                              "se", "z", "p",          "q",  "detectable"};
        for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
            cr_assert_float_eq(survey_number(table, 0, columns[i]),
                               survey_number(compared, 0, columns[i]), 1e-9, "%s of %s", columns[i],
                               metrics[m]);
        }
        kundig_table_free(table);
        kundig_table_free(compared);
        kundig_table_free(measured);
        kundig_query_free(query);
        kundig_query_free(plain);
        kundig_query_free(other);
        fixture_close(&f);
    }
}

Test(benchmark, every_group_has_a_row_and_q_heeds_them_all)
{
    static const int good[] = {10, 20, 70};
    static const int bad[] = {40, 30, 30};
    static const int few[] = {0, 0, 2};
    fixture f;
    fixture_open(&f);
    benchmark_fill(&f, "email", good);
    benchmark_fill(&f, "phone", bad);
    benchmark_fill(&f, "chat", few);
    kundig_query *query = survey_query("nps");
    query->min_n = 5;
    survey_group(query, "channel");
    kundig_table *table = benchmarked(&f, query, .3, 0, 0);
    cr_assert_eq(kundig_table_row_count(table), 3);
    cr_assert_str_eq(survey_text(table, 0, "status"), "too_few");
    cr_assert(kundig_table_is_null(table, 0, survey_column(table, "p")));
    cr_assert(survey_number(table, 1, "difference") > 0);
    cr_assert(survey_number(table, 2, "difference") < 0);
    for (size_t row = 1; row < 3; row++) {
        cr_assert(survey_number(table, row, "q") >= survey_number(table, row, "p"));
        cr_assert(survey_number(table, row, "q") <= 2 * survey_number(table, row, "p"));
    }
    kundig_table_free(table);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(benchmark, refuses_figures_that_cannot_be)
{
    static const int counts[] = {1, 2, 3};
    fixture f;
    kundig_table *table = NULL;
    fixture_open(&f);
    benchmark_fill(&f, "email", counts);
    kundig_query *query = survey_query("nps");
    double zero = 0;
    cr_assert_eq(kundig__benchmark(f.corpus, query, 31, 0, 0, &table, &f.err), KUNDIG_E_VALUE);
    cr_assert(strstr(f.err.message, "from -1 to 1"), "%s", f.err.message);
    cr_assert_eq(kundig__benchmark(f.corpus, query, zero / zero, 0, 0, &table, &f.err),
                 KUNDIG_E_VALUE);
    cr_assert_eq(kundig__benchmark(f.corpus, query, .3, -1, 0, &table, &f.err), KUNDIG_E_VALUE);
    cr_assert_eq(kundig__benchmark(f.corpus, query, .3, 10, 1.2, &table, &f.err), KUNDIG_E_VALUE);
    cr_assert_eq(kundig__benchmark(f.corpus, query, .3, 10, -1, &table, &f.err), KUNDIG_E_VALUE);
    query->metric = kundig__str("count");
    cr_assert_eq(kundig__benchmark(f.corpus, query, .3, 0, 0, &table, &f.err), KUNDIG_E_ARG);
    query->metric = kundig__str("csat");
    cr_assert_eq(kundig__benchmark(f.corpus, query, .3, 0, 0, &table, &f.err), KUNDIG_E_NOT_FOUND);
    cr_assert_null(table);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(benchmark, same_bytes_in_any_order_and_clean_failures)
{
    static survey s;
    kundig_bytes *first = NULL;
    kundig_query *query = survey_query("nps");
    survey_group(query, "stage");
    survey_make(&s, 60, SURVEY_CUSTOMERS | SURVEY_WEIGHTS, 25);
    for (size_t step = 1; step <= 3; step++) {
        fixture f;
        fixture_open(&f);
        f.context.threads = (uint32_t)step;
        for (size_t start = 0; start < step; start++) {
            cr_assert_eq(survey_add(&f, &s, step - 1 - start, s.count, step), KUNDIG_OK);
        }
        kundig_bytes *bytes = survey_json(benchmarked(&f, query, .1, 300, 0));
        if (first) {
            survey_same(first, bytes);
            kundig_bytes_free(bytes);
        } else {
            first = bytes;
        }
        survey_warm(&f);
        for (int on = 0; on < 2; on++) {
            int rc = KUNDIG_E_NOMEM;
            for (size_t at = 1; step == 1 && rc; at++) {
                kundig_table *table = NULL;
                size_t live = probe_shared.live_blocks;
                probe_shared.fail_at = probe_shared.allocations + at;
                probe_shared.fail_on = on;
                rc = kundig__benchmark(f.corpus, query, .1, 300, 0, &table, &f.err);
                probe_shared.fail_at = 0;
                probe_shared.fail_on = false;
                cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM);
                kundig_table_free(table);
                cr_assert_eq(probe_shared.live_blocks, live);
            }
        }
        fixture_close(&f);
    }
    kundig_bytes_free(first);
    kundig_query_free(query);
}
