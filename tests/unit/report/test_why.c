/* Why the score is what it is, on the page: told where it is beyond chance, left out where not. */
#include "analysing.h"

TestSuite(report_why, .fini = probe_fini);

/* Three whole months from 2026-01 on: comments on parcels, whose score falls by `worse` in the last
 * one, and on staff. */
static void why_fill(analysing *t, double worse)
{
    static const int starts[] = {0, 31, 59, 90};
    for (int month = 0; month < 3; month++) {
        double parcel = month == 2 ? 9 - worse : 9;
        for (int day = 0; day < starts[month + 1] - starts[month]; day++) {
            int at = starts[month] + day;
            analysing_answers(t, 4, KUNDIG_SCALE_NPS, day % 5 ? parcel : 8, at, NULL,
                              "The parcel was delivered to the neighbour on that day.");
            analysing_answers(t, 4, KUNDIG_SCALE_NPS, day % 4 ? 10 : 7, at, NULL,
                              "The friendly staff was a pleasure to talk to.");
        }
    }
}

static void why_find(analysing *t)
{
    analysing_scored(t, NULL);
    analysing_find(t, kundig__find_changes);
    analysing_find(t, kundig__find_causes);
    analysing_find(t, kundig__find_impact);
    analysing_find(t, kundig__find_alarms);
}

Test(report_why, tells_what_a_fall_goes_together_with)
{
    analysing t;
    analysing_open(&t);
    why_fill(&t, 7);
    why_find(&t);
    const kundig__section *moved = analysing_section(&t, "Why it moved, 2026-02 to 2026-03");
    cr_assert_not_null(moved);
    cr_assert_gt(moved->line_count, 0);
    cr_assert(strstr(moved->lines[0].text.data, "more than chance"));
    cr_assert_gt(kundig_table_row_count(moved->shown), 0);
    cr_assert_lt(kundig_table_number(moved->shown, 0, 2), 0);
    const kundig__section *impact = analysing_section(&t, "What goes together with the score");
    cr_assert_not_null(impact);
    size_t rows = kundig_table_row_count(impact->shown);
    cr_assert(rows > 0 && rows <= 8);
    /* greatest first, each with its interval around it */
    for (size_t row = 0; row < rows; row++) {
        double value = kundig_table_number(impact->shown, row, 3);
        cr_assert(kundig_table_number(impact->shown, row, 4) <= value);
        cr_assert(kundig_table_number(impact->shown, row, 5) >= value);
    }
    analysing_close(&t);
}

Test(report_why, leaves_out_what_chance_explains)
{
    analysing t;
    analysing_open(&t);
    why_fill(&t, 0);
    why_find(&t);
    cr_assert_null(analysing_section(&t, "Why it moved, 2026-02 to 2026-03"));
    cr_assert_null(analysing_section(&t, "Out of the ordinary lately"));
    analysing_close(&t);
}

Test(report_why, tells_an_alarm_of_the_last_days)
{
    analysing t;
    analysing_open(&t);
    why_fill(&t, 0);
    analysing_answers(&t, 40, KUNDIG_SCALE_NPS, 2, 88, NULL,
                      "The invoice is wrong and I was charged twice.");
    why_find(&t);
    const kundig__section *alarms = analysing_section(&t, "Out of the ordinary lately");
    cr_assert_not_null(alarms);
    cr_assert_gt(kundig_table_row_count(alarms->shown), 0);
    kundig_text sentence = kundig_table_text(alarms->shown, 0, 1);
    cr_assert(sentence.len > 10 && memcmp(sentence.data, "2026-03-30", 10) == 0);
    analysing_close(&t);
}

Test(report_why, is_silent_without_scores_and_texts)
{
    analysing t;
    analysing_open(&t);
    analysing_scored(&t, NULL);
    size_t before = t.a.section_count;
    analysing_find(&t, kundig__find_causes);
    analysing_find(&t, kundig__find_impact);
    analysing_find(&t, kundig__find_alarms);
    cr_assert_eq(t.a.section_count, before);
    analysing_close(&t);
}
