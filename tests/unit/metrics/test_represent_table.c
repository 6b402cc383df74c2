#include "base/math.h"
#include "cells.h"
#include "crowd.h"

TestSuite(represent_table, .fini = probe_fini);

Test(represent_table, groups_by_hand)
{
    kundig_table *tables[KUNDIG_REPRESENT_TABLES];
    fixture f;
    fixture_open(&f);
    crowd_fill(&f, true);
    crowd_ask(&f, NULL, tables);
    cr_assert_eq(kundig_table_row_count(tables[0]), 2);
    cr_assert_str_eq(survey_text(tables[0], 0, "field"), "segment");
    cr_assert_str_eq(survey_text(tables[0], 0, "value"), "A");
    cr_assert_eq(survey_number(tables[0], 0, "base"), 50);
    cr_assert_eq(survey_number(tables[0], 0, "answered"), 30);
    cr_assert_eq(survey_number(tables[0], 0, "rate"), .6);
    /* Wilson (1927) of 30 in 50 */
    near(survey_number(tables[0], 0, "lo"), .461814, 1e-6);
    near(survey_number(tables[0], 0, "hi"), .723916, 1e-6);
    cr_assert_eq(survey_number(tables[0], 0, "share_base"), .5);
    cr_assert_eq(survey_number(tables[0], 0, "share_answered"), .75);
    cr_assert_eq(survey_number(tables[0], 0, "difference"), .25);
    /* z = .4 / sqrt(.4 * .6 * 2 / 50) = 4.082483 */
    cr_assert_float_eq(survey_number(tables[0], 0, "p"), 4.455709e-5, 1e-10);
    cr_assert_eq(survey_number(tables[0], 0, "q"), survey_number(tables[0], 0, "p"));
    cr_assert_eq(survey_number(tables[0], 1, "difference"), -.25);
    crowd_free(tables);
    fixture_close(&f);
}

Test(represent_table, a_hidden_answer_counts_in_the_rate_and_not_in_the_score)
{
    kundig_table *tables[KUNDIG_REPRESENT_TABLES];
    fixture f;
    fixture_open(&f);
    crowd_fill(&f, false);
    crowd_ask(&f, NULL, tables);
    cr_assert_eq(survey_number(tables[1], 0, "base"), 100);
    cr_assert_eq(survey_number(tables[1], 0, "answered"), 40);
    cr_assert_eq(survey_number(tables[1], 0, "rate"), .4);
    near(survey_number(tables[1], 0, "lo"), .309401, 1e-6);
    near(survey_number(tables[1], 0, "hi"), .497997, 1e-6);
    cr_assert_eq(survey_number(tables[1], 0, "scored"), 35, "5 gave no score");
    cr_assert_float_eq(survey_number(tables[1], 0, "value"), 15 / 35.0, 1e-12);
    cr_assert_float_eq(survey_number(tables[1], 0, "lowest"), (15 - 65) / 100.0, 1e-12);
    cr_assert_float_eq(survey_number(tables[1], 0, "highest"), (15 + 65) / 100.0, 1e-12);
    near(survey_number(tables[1], 0, "r_indicator"), .597985, 1e-6);
    near(survey_number(tables[1], 0, "r_adjusted"), .608375, 1e-6);
    near(survey_number(tables[1], 0, "r_lo"), .452080, 1e-6);
    near(survey_number(tables[1], 0, "r_hi"), .919225, 1e-6);
    cr_assert_eq(survey_number(tables[1], 0, "cells"), 2);
    cr_assert_str_eq(survey_text(tables[1], 0, "metric"), "nps");
    cr_assert_str_eq(survey_text(tables[1], 0, "method"), "adjusted Wald, of customers");
    crowd_free(tables);
    fixture_close(&f);
}

Test(represent_table, bounds_are_of_the_scale_of_the_metric)
{
    static const struct {
        const char *metric;
        double value, lowest, highest;
    } cases[] = {{"csat", .5, .25, .75}, {"csat_mean", 3.5, 2.25, 4.25}};
    kundig_table *tables[KUNDIG_REPRESENT_TABLES];
    fixture f;
    fixture_open(&f);
    for (int i = 0; i < 4; i++) {
        char id[2] = {(char)('a' + i), 0};
        crowd_customer(&f, id, "A", NULL, 0);
        if (i < 2) {
            kundig_feedback record = fixture_record(id, NULL);
            kundig_score score = {.scale = KUNDIG_SCALE_CSAT, .value = i ? 5 : 2};
            record.customer = kundig__str(id);
            record.scores = &score;
            record.score_count = 1;
            cr_assert_eq(fixture_add(&f, &record, 1, NULL), KUNDIG_OK);
        }
    }
    for (size_t i = 0; i < 2; i++) {
        kundig_query *query = survey_query(cases[i].metric);
        crowd_ask(&f, query, tables);
        cr_assert_eq(survey_number(tables[1], 0, "value"), cases[i].value);
        cr_assert_eq(survey_number(tables[1], 0, "lowest"), cases[i].lowest);
        cr_assert_eq(survey_number(tables[1], 0, "highest"), cases[i].highest);
        crowd_free(tables);
        kundig_query_free(query);
    }
    fixture_close(&f);
}

Test(represent_table, says_where_groups_are_too_small_to_tell_them_apart)
{
    kundig_table *tables[KUNDIG_REPRESENT_TABLES];
    fixture f;
    fixture_open(&f);
    crowd_fill(&f, false);
    crowd_customer(&f, "d1", "C", NULL, 0);
    crowd_customer(&f, "d2", NULL, NULL, 0);
    crowd_ask(&f, NULL, tables);
    cr_assert(survey_note(tables[1], "2 of 4 groups of the R-indicator have fewer than 5"));
    cr_assert(kundig_table_is_null(tables[0], 0, 1), "those without a segment come first");
    crowd_free(tables);
    fixture_close(&f);
}
