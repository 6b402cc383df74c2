/* What moved between the last two whole periods. */
#include "analysing.h"

TestSuite(changes, .fini = probe_fini);

static void changes_find(analysing *t)
{
    analysing_scored(t, NULL);
    analysing_find(t, kundig__find_groups);
    analysing_find(t, kundig__find_changes);
}

/* One answer to three of a stage on each day from `first` up to before `end`. */
static void changes_days(analysing *t, int first, int end, const char *stage, double value)
{
    for (int day = first; day < end; day++) {
        analysing_answers(t, 1, KUNDIG_SCALE_NPS, value, day, stage, NULL);
        analysing_answers(t, 1, KUNDIG_SCALE_NPS, day % 2 ? 10 : 0, day, stage, NULL);
    }
}

Test(changes, are_between_months_that_the_records_reach_both_ends_of)
{
    static const struct {
        int first;
        int end; /* days of 2026, the last one not counted */
        const char *a;
        const char *b;
    } cases[] = {
        {0, 90, "2026-02", "2026-03"},  /* up to the last of March */
        {0, 89, "2026-01", "2026-02"},  /* a day short of it */
        {0, 91, "2026-02", "2026-03"},  /* into April */
        {31, 120, "2026-03", "2026-04"} /* from the first of February on */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        analysing t;
        analysing_open(&t);
        changes_days(&t, cases[i].first, cases[i].end, "Order", 9);
        changes_find(&t);
        analysing_is(t.a.period_a, cases[i].a);
        analysing_is(t.a.period_b, cases[i].b);
        cr_assert_not(t.a.moved);
        analysing_close(&t);
    }
}

Test(changes, of_short_spans_are_between_weeks)
{
    analysing t;
    analysing_open(&t);
    changes_days(&t, 4, 32, "Order", 9); /* from the Monday of week 2 on */
    changes_find(&t);
    analysing_is(t.a.period_a, "2026-W04");
    analysing_is(t.a.period_b, "2026-W05");
    analysing_close(&t);
}

Test(changes, are_not_spoken_of_where_there_are_too_few_answers)
{
    analysing t;
    analysing_open(&t);
    analysing_answers(&t, 50, KUNDIG_SCALE_NPS, 9, 3, NULL, NULL);
    analysing_answers(&t, 50, KUNDIG_SCALE_NPS, 1, 40, NULL, NULL);
    changes_find(&t);
    analysing_says(&t, KUNDIG__LINE_PLAIN,
                   "There are no two whole periods side by side with 10 answers each: too little "
                   "to speak of change.");
    cr_assert_null(t.a.period_a.data);
    cr_assert_not(t.a.moved);
    analysing_close(&t);
    analysing_open(&t);
    analysing_answers(&t, 50, KUNDIG_SCALE_NPS, 9, -1, NULL, NULL);
    changes_find(&t);
    cr_assert_null(analysing_section(&t, "What moved"), "without a time nothing moves");
    analysing_close(&t);
}

Test(changes, name_the_group_that_moved_to_the_bad)
{
    for (int turned = 0; turned < 2; turned++) {
        analysing t;
        analysing_open(&t);
        changes_days(&t, 0, 90, "Order", 9);
        changes_days(&t, 0, 59, "Use", turned ? 0 : 10);
        changes_days(&t, 59, 90, "Use", turned ? 10 : 0);
        changes_find(&t);
        const kundig__section *section =
            analysing_section(&t, "What moved by stage, 2026-02 to 2026-03");
        cr_assert_not_null(section);
        cr_assert_eq(section->drawing, KUNDIG__DRAW_CHANGES);
        analysing_says(&t, KUNDIG__LINE_PLAIN,
                       "1 of 2 groups moved by more than chance, 2 looked at together.");
        cr_assert(t.a.moved);
        if (turned) {
            cr_assert_null(t.a.moved_group.data, "it got better");
        } else {
            analysing_is(t.a.moved_group, "Use");
        }
        const kundig_table *table = analysing_section(&t, "What moved, 2026-02 to 2026-03")->table;
        cr_assert_eq(analysing_int(table, 0, "a_n"), 112);
        cr_assert_eq(analysing_int(table, 0, "b_n"), 124);
        analysing_close(&t);
    }
}

Test(changes, mark_groups_with_few_answers_in_one_of_the_two)
{
    analysing t;
    analysing_open(&t);
    changes_days(&t, 0, 90, "Order", 9);
    changes_days(&t, 31, 90, "Use", 9);
    changes_find(&t);
    static const char mark[] = "* fewer than 10 answers in one of the two: it says little.";
    cr_assert_eq(analysing_mark(&t, mark), -1);
    analysing_answers(&t, 9, KUNDIG_SCALE_NPS, 9, 40, "Return", NULL);
    analysing_answers(&t, 20, KUNDIG_SCALE_NPS, 9, 70, "Return", NULL);
    changes_find(&t);
    analysing_says(&t, KUNDIG__LINE_QUIET, mark);
    analysing_close(&t);
}
