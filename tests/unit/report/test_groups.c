/* Groups against all other records: what is tested, said and remembered. */
#include "analysing.h"

TestSuite(groups, .fini = probe_fini);

static void groups_find(analysing *t)
{
    analysing_scored(t, NULL);
    analysing_find(t, kundig__find_groups);
}

Test(groups, remember_where_most_is_lost_not_what_is_lowest)
{
    analysing t;
    analysing_open(&t);
    analysing_answers(&t, 120, KUNDIG_SCALE_NPS, 1, 0, "Big", NULL);
    analysing_answers(&t, 80, KUNDIG_SCALE_NPS, 10, 0, "Big", NULL);
    analysing_answers(&t, 12, KUNDIG_SCALE_NPS, 0, 0, "Low", NULL);
    analysing_answers(&t, 400, KUNDIG_SCALE_NPS, 10, 0, "Good", NULL);
    groups_find(&t);
    analysing_is(t.a.group_field, "stage");
    analysing_is(t.a.worst_field, "stage");
    analysing_is(t.a.worst_group, "Big");
    const kundig__section *section = analysing_section(&t, "By stage");
    cr_assert_eq(section->drawing, KUNDIG__DRAW_GROUPS);
    cr_assert_eq(kundig_table_row_count(section->table), 3);
    double big =
        kundig_table_number(section->table, 0, analysing_column(section->table, "against_rest"));
    /* -20 in Big; 400 promoters and 12 detractors are the rest. */
    cr_assert_float_eq(big, -0.2 - 388.0 / 412, 1e-12);
    analysing_says(&t, KUNDIG__LINE_PLAIN,
                   "Above all other records by more than chance: Good (+124.5).");
    analysing_says(&t, KUNDIG__LINE_PLAIN,
                   "Below all other records by more than chance: Big (-114.2), Low (-160.0).");
    analysing_close(&t);
}

Test(groups, turn_with_the_scale)
{
    analysing t;
    analysing_open(&t);
    analysing_answers(&t, 60, KUNDIG_SCALE_CES_2010, 5, 0, "Hard", NULL);
    analysing_answers(&t, 60, KUNDIG_SCALE_CES_2010, 1, 0, "Easy", NULL);
    analysing_answers(&t, 5, KUNDIG_SCALE_CES_2010, 2, 0, "Hard", NULL);
    analysing_answers(&t, 5, KUNDIG_SCALE_CES_2010, 3, 0, "Easy", NULL);
    groups_find(&t);
    analysing_is(t.a.worst_group, "Hard");
    analysing_close(&t);
}

Test(groups, below_ten_answers_are_marked_and_neither_tested_nor_on_the_axis)
{
    analysing t;
    analysing_open(&t);
    analysing_answers(&t, 60, KUNDIG_SCALE_NPS, 9, 0, "A", NULL);
    analysing_answers(&t, 60, KUNDIG_SCALE_NPS, 8, 0, "A", NULL);
    analysing_answers(&t, 60, KUNDIG_SCALE_NPS, 9, 0, "B", NULL);
    analysing_answers(&t, 60, KUNDIG_SCALE_NPS, 8, 0, "B", NULL);
    analysing_answers(&t, 9, KUNDIG_SCALE_NPS, 0, 0, "Small", NULL);
    groups_find(&t);
    const kundig_table *table = analysing_section(&t, "By stage")->table;
    cr_assert(kundig_table_is_null(table, 2, analysing_column(table, "q")));
    cr_assert_not(kundig_table_is_null(table, 0, analysing_column(table, "q")));
    analysing_says(&t, KUNDIG__LINE_QUIET, "* fewer than 10 answers: the interval says little.");
    cr_assert_gt(t.a.axis_lo, 0, "the axis does not reach down to the small group");
    analysing_answers(&t, 1, KUNDIG_SCALE_NPS, 0, 0, "Small", NULL);
    groups_find(&t);
    table = analysing_section(&t, "By stage")->table;
    cr_assert_not(kundig_table_is_null(table, 2, analysing_column(table, "q")));
    analysing_is(t.a.worst_group, "Small");
    analysing_close(&t);
}

Test(groups, of_more_than_twelve_none_is_tested)
{
    for (int count = 12; count <= 13; count++) {
        analysing t;
        analysing_open(&t);
        for (int g = 0; g < count; g++) {
            char name[4] = {'g', (char)('a' + g), 0, 0};
            analysing_answers(&t, 10, KUNDIG_SCALE_NPS, g ? 9 : 0, 0, name, NULL);
            analysing_answers(&t, 5, KUNDIG_SCALE_NPS, 8, 0, name, NULL);
        }
        groups_find(&t);
        const kundig_table *table = analysing_section(&t, "By stage")->table;
        cr_assert_eq(kundig_table_row_count(table), (size_t)count);
        cr_assert_eq(kundig_table_is_null(table, 0, analysing_column(table, "q")) != 0,
                     count == 13);
        cr_assert_eq(t.a.worst_group.data == NULL, count == 13);
        analysing_close(&t);
    }
}

Test(groups, say_that_none_differs_and_are_not_made_of_one_value)
{
    analysing t;
    analysing_open(&t);
    analysing_answers(&t, 20, KUNDIG_SCALE_NPS, 9, 0, "A", NULL);
    analysing_answers(&t, 20, KUNDIG_SCALE_NPS, 3, 0, "A", NULL);
    groups_find(&t);
    cr_assert_null(analysing_section(&t, "By stage"), "one group is no grouping");
    analysing_answers(&t, 20, KUNDIG_SCALE_NPS, 9, 0, "B", NULL);
    analysing_answers(&t, 20, KUNDIG_SCALE_NPS, 3, 0, "B", NULL);
    groups_find(&t);
    analysing_says(&t, KUNDIG__LINE_PLAIN,
                   "No group differs from all other records by more than chance.");
    cr_assert_null(t.a.worst_group.data);
    analysing_close(&t);
}

Test(groups, beside_stage_touchpoint_and_channel_are_two_at_most)
{
    analysing t;
    analysing_open(&t);
    kundig_score score = {.scale = KUNDIG_SCALE_NPS};
    kundig_feedback r = analysing_record();
    r.scores = &score;
    r.score_count = 1;
    for (int i = 0; i < 40; i++) {
        kundig_text value = i % 2 ? KUNDIG__TEXT("x") : KUNDIG__TEXT("y");
        score.value = i % 11;
        r.stage = r.channel = r.touchpoint = value;
        r.segment = KUNDIG__TEXT("all the same");
        r.product = r.department = r.language = value;
        analysing_add(&t, r);
    }
    groups_find(&t);
    static const char *const titles[5] = {"By stage", "By touchpoint", "By channel", "By product",
                                          "By department"};
    cr_assert_eq(t.a.section_count, 6, "%zu", t.a.section_count);
    for (size_t i = 0; i < 5; i++) {
        analysing_is(t.a.sections[i + 1].title, titles[i]);
    }
    analysing_close(&t);
}
