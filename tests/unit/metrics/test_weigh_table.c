#include "weighed.h"

TestSuite(weigh_table, .fini = probe_fini);

Test(weigh_table, post_stratification_by_hand)
{
    /* w = N_h / n_h times n / N: 600/20 * 100/1000 and so on */
    static const weighed_cell cells[] = {{"email", NULL, 0, 20, {10, 0, 10}},
                                         {"phone", NULL, 0, 30, {15, 0, 15}},
                                         {"shop", NULL, 0, 50, {5, 20, 25}}};
    static const kundig_margin margins[] = {{{"channel", 7}, {"shop", 4}, 100},
                                            {{"channel", 7}, {"email", 5}, 600},
                                            {{"channel", 7}, {"phone", 5}, 300}};
    static const double population[] = {600, 300, 100};
    static const double weights[] = {3, 1, .2};
    kundig_table *tables[KUNDIG_WEIGHTS_TABLES];
    fixture f;
    fixture_open(&f);
    weighed_fill(&f, cells, 3);
    weighed_ask(&f, NULL, margins, 3, 0, tables);
    for (size_t i = 0; i < 3; i++) {
        cr_assert_eq(survey_number(tables[0], i, "population"), population[i]);
        cr_assert_float_eq(survey_number(tables[0], i, "weight"), weights[i], 1e-12);
        cr_assert_float_eq(survey_number(tables[0], i, "weighted"), population[i] / 10, 1e-10);
    }
    cr_assert_eq(survey_number(tables[1], 0, "margins"), 3);
    cr_assert_eq(survey_number(tables[1], 0, "rounds"), 1);
    cr_assert_float_eq(survey_number(tables[1], 0, "smallest"), .2, 1e-12);
    cr_assert_float_eq(survey_number(tables[1], 0, "largest"), 3, 1e-12);
    /* (20 * 9 + 30 + 50 * .04) / 100 */
    cr_assert_float_eq(survey_number(tables[1], 0, "deff"), 2.12, 1e-12);
    cr_assert_str_eq(survey_text(tables[1], 0, "method"), "post-stratification");
    cr_assert_str_eq(survey_text(tables[2], 0, "weights"), "given");
    cr_assert_eq(survey_number(tables[2], 0, "value"), .2);
    cr_assert_str_eq(survey_text(tables[2], 1, "weights"), "margins");
    cr_assert_float_eq(survey_number(tables[2], 1, "value"), .04, 1e-6);
    weighed_free(tables);
    fixture_close(&f);
}

Test(weigh_table, records_that_no_margin_names_are_left_out_and_counted)
{
    static const weighed_cell cells[] = {
        {"email", NULL, 0, 10, {5, 0, 5}}, {"phone", NULL, 0, 10, {0, 0, 10}},
        {"chat", NULL, 0, 3, {3, 0, 0}},   {"fax", NULL, 0, 2, {2, 0, 0}},
        {NULL, NULL, 0, 4, {4, 0, 0}},     {"letter", NULL, 0, 7, {7, 0, 0}},
        {"shop", NULL, 0, 1, {1, 0, 0}}};
    static const kundig_margin margins[] = {{{"channel", 7}, {"email", 5}, 1},
                                            {{"channel", 7}, {"phone", 5}, 1},
                                            {{"channel", 7}, {"letter", 6}, 0}};
    kundig_table *tables[KUNDIG_WEIGHTS_TABLES];
    fixture f;
    fixture_open(&f);
    weighed_fill(&f, cells, 7);
    weighed_ask(&f, NULL, margins, 3, 0, tables);
    cr_assert_eq(survey_number(tables[1], 0, "n"), 20);
    cr_assert_eq(survey_number(tables[1], 0, "left_out"), 17);
    cr_assert(survey_note(tables[1], "10 of 37 records are left out: no margin of channel names "
                                     "their value (no value, chat, fax, ...)"));
    cr_assert(survey_note(tables[1], "7 of 37 records are left out: their margin is 0"));
    cr_assert_eq(survey_number(tables[2], 0, "n"), 37);
    cr_assert_eq(survey_number(tables[2], 1, "n"), 20);
    cr_assert_eq(survey_number(tables[2], 1, "value"), .5);
    cr_assert_str_eq(survey_text(tables[2], 1, "method"), "adjusted Wald");
    size_t weight = survey_column(tables[0], "weight");
    cr_assert(kundig_table_is_null(tables[0], 0, weight), "without a channel");
    cr_assert(!kundig_table_is_null(tables[0], 2, weight), "email");
    weighed_free(tables);
    fixture_close(&f);
}

Test(weigh_table, what_cannot_be_met_is_undefined_and_says_why)
{
    static const weighed_cell cells[] = {{"email", "early", 0, 10, {5, 0, 5}},
                                         {"phone", "early", 0, 10, {0, 0, 10}},
                                         {"phone", "late", 0, 10, {0, 0, 10}}};
    static const kundig_margin empty[] = {{{"channel", 7}, {"email", 5}, 1},
                                          {{"channel", 7}, {"Phone", 5}, 1}};
    static const kundig_margin against[] = {{{"channel", 7}, {"email", 5}, 9},
                                            {{"channel", 7}, {"phone", 5}, 1},
                                            {{"stage", 5}, {"early", 5}, 5},
                                            {{"stage", 5}, {"late", 4}, 5}};
    kundig_table *tables[KUNDIG_WEIGHTS_TABLES];
    fixture f;
    fixture_open(&f);
    weighed_fill(&f, cells, 3);
    for (int turn = 0; turn < 2; turn++) {
        weighed_ask(&f, NULL, turn ? against : empty, turn ? 4 : 2, 0, tables);
        cr_assert_str_eq(survey_text(tables[1], 0, "status"), "undefined");
        cr_assert(survey_note(tables[1], turn ? "do not settle after 1000 rounds"
                                              : "asks for channel = Phone, and no record"));
        cr_assert(kundig_table_is_null(tables[1], 0, survey_column(tables[1], "deff")));
        cr_assert(kundig_table_is_null(tables[0], 0, survey_column(tables[0], "weight")));
        cr_assert_str_eq(survey_text(tables[2], 0, "status"), "ok");
        cr_assert_str_eq(survey_text(tables[2], 1, "status"), "undefined");
        cr_assert_str_eq(survey_text(tables[2], 1, "method"), "margins are not met");
        cr_assert(kundig_table_is_null(tables[2], 1, survey_column(tables[2], "value")));
        weighed_free(tables);
    }
    fixture_close(&f);
}

Test(weigh_table, nothing_to_weigh_is_no_data)
{
    static const weighed_cell cells[] = {{"email", NULL, 0, 10, {5, 0, 5}}};
    static const kundig_margin margin = {{"channel", 7}, {"email", 5}, 1};
    kundig_table *tables[KUNDIG_WEIGHTS_TABLES];
    fixture f;
    fixture_open(&f);
    weighed_fill(&f, cells, 1);
    kundig_query *query = survey_query("nps");
    uint32_t node = survey_node(query, "channel = fax");
    cr_assert_eq(kundig_query_keep(query, node, NULL), KUNDIG_OK);
    weighed_ask(&f, query, &margin, 1, 0, tables);
    cr_assert_eq(kundig_table_row_count(tables[0]), 0);
    cr_assert_str_eq(survey_text(tables[1], 0, "status"), "no_data");
    cr_assert_str_eq(survey_text(tables[2], 0, "status"), "no_data");
    cr_assert_str_eq(survey_text(tables[2], 1, "status"), "no_data");
    weighed_free(tables);
    kundig_query_free(query);
    /* One cell weighs 1. */
    weighed_ask(&f, NULL, &margin, 1, 0, tables);
    cr_assert_eq(survey_number(tables[0], 0, "weight"), 1);
    cr_assert_eq(survey_number(tables[1], 0, "deff"), 1);
    cr_assert_str_eq(survey_text(tables[2], 1, "method"), "adjusted Wald");
    weighed_free(tables);
    fixture_close(&f);
}

Test(weigh_table, capped_records_are_counted_and_the_error_is_told)
{
    static const weighed_cell cells[] = {{"email", NULL, 0, 10, {5, 0, 5}},
                                         {"phone", NULL, 0, 40, {10, 10, 20}},
                                         {"shop", NULL, 0, 50, {25, 0, 25}}};
    static const kundig_margin margins[] = {{{"channel", 7}, {"email", 5}, 30},
                                            {{"channel", 7}, {"phone", 5}, 30},
                                            {{"channel", 7}, {"shop", 4}, 40}};
    kundig_table *tables[KUNDIG_WEIGHTS_TABLES];
    fixture f;
    fixture_open(&f);
    weighed_fill(&f, cells, 3);
    weighed_ask(&f, NULL, margins, 3, 2, tables);
    cr_assert_eq(survey_number(tables[1], 0, "trimmed"), 10);
    cr_assert_eq(survey_number(tables[1], 0, "largest"), 2);
    cr_assert_float_eq(survey_number(tables[1], 0, "largest_error"), 1 / 3.0, 1e-12);
    cr_assert(survey_note(tables[1], "greatest weight allowed keeps"));
    cr_assert_str_eq(survey_text(tables[1], 0, "status"), "ok");
    weighed_free(tables);
    fixture_close(&f);
}
