/* The words of both ends: their titles, their shares, the one that is remembered. */
#include "analysing.h"

TestSuite(contrast, .fini = probe_fini);

static void contrast_find(analysing *t)
{
    analysing_scored(t, NULL);
    analysing_find(t, kundig__find_words);
}

static void contrast_fill(analysing *t, int32_t scale, double worst, double best)
{
    analysing_answers(t, 40, scale, worst, 0, NULL, "late. parcel");
    analysing_answers(t, 20, scale, worst, 0, NULL, "broken. parcel");
    analysing_answers(t, 60, scale, best, 0, NULL, "friendly. parcel");
}

Test(contrast, names_the_ends_by_the_scale)
{
    static const struct {
        int32_t scale;
        double worst;
        double best;
        const char *titles[2];
        const char *column;
    } cases[] = {
        {KUNDIG_SCALE_NPS,
         2,
         9,
         {"Words detractors use more", "Words promoters use more"},
         "detractors"},
        {KUNDIG_SCALE_STARS,
         1,
         5,
         {"Words that go with low scores", "Words that go with high scores"},
         "low scores"},
        {KUNDIG_SCALE_CES_2010,
         5,
         1,
         {"Words that go with high scores", "Words that go with low scores"},
         "high scores"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        analysing t;
        analysing_open(&t);
        contrast_fill(&t, cases[i].scale, cases[i].worst, cases[i].best);
        contrast_find(&t);
        const kundig__section *bad = analysing_section(&t, cases[i].titles[0]);
        const kundig__section *good = analysing_section(&t, cases[i].titles[1]);
        cr_assert_not_null(bad, "%s", cases[i].titles[0]);
        cr_assert_not_null(good, "%s", cases[i].titles[1]);
        cr_assert_str_eq(kundig_table_column_name(bad->shown, 1), cases[i].column);
        cr_assert_str_eq(kundig_table_column_name(good->shown, 2), cases[i].column);
        analysing_is(t.a.word, "late"); /* the bad end's, the greatest contrast */
        analysing_is(kundig_table_text(bad->shown, 0, 0), "late");
        analysing_is(kundig_table_text(good->shown, 0, 0), "friendly");
        cr_assert_float_eq(kundig_table_number(bad->shown, 0, 1), 2.0 / 3, 1e-12);
        cr_assert_eq(kundig_table_number(bad->shown, 0, 2), 0);
        cr_assert_eq(analysing_int(bad->shown, 0, "comments"), 40);
        for (size_t row = 0; row < kundig_table_row_count(bad->shown); row++) {
            kundig_text word = kundig_table_text(bad->shown, row, 0);
            cr_assert_not(kundig__text_equal(word, KUNDIG__TEXT("parcel")), "all say it");
        }
        analysing_close(&t);
    }
}

Test(contrast, says_where_the_ends_are_and_that_it_is_no_cause)
{
    analysing t;
    analysing_open(&t);
    contrast_fill(&t, KUNDIG_SCALE_NPS, 2, 9);
    contrast_find(&t);
    analysing_says(&t, KUNDIG__LINE_QUIET,
                   "Share of the comments of detractors (6 or less, promoters 9 or more) that hold "
                   "the word, greatest contrast first (z), beyond chance for all words looked at. "
                   "An association, not a cause.");
    analysing_close(&t);
    analysing_open(&t);
    contrast_fill(&t, KUNDIG_SCALE_CES_2010, 5, 1);
    contrast_find(&t);
    analysing_says(&t, KUNDIG__LINE_QUIET,
                   "Share of the comments of high scores (4 or more, low scores 2 or less) that "
                   "hold the word, greatest contrast first (z), beyond chance for all words looked "
                   "at. An association, not a cause.");
    analysing_close(&t);
}

Test(contrast, counts_customers_where_they_are_named)
{
    for (int named = 0; named < 2; named++) {
        analysing t;
        analysing_open(&t);
        for (int i = 0; i < 120; i++) {
            char customer[8];
            snprintf(customer, sizeof customer, "c%d", i);
            kundig_score score = {.scale = KUNDIG_SCALE_NPS, .value = i % 2 ? 1 : 10};
            kundig_feedback r = analysing_record();
            r.scores = &score;
            r.score_count = 1;
            r.customer = kundig__str(named ? customer : NULL);
            r.text = i % 2 ? KUNDIG__TEXT("late") : KUNDIG__TEXT("friendly");
            analysing_add(&t, r);
        }
        contrast_find(&t);
        const kundig_table *shown = analysing_section(&t, "Words detractors use more")->shown;
        size_t at = kundig_table_find_column(shown, "customers", 9);
        cr_assert_eq(at != SIZE_MAX, named);
        if (named) {
            cr_assert_eq(kundig_table_int(shown, 0, at), 60);
        }
        analysing_close(&t);
    }
}

Test(contrast, has_nothing_to_say_without_words_or_contrast)
{
    analysing t;
    analysing_open(&t);
    contrast_find(&t);
    cr_assert_null(t.a.word.data);
    analysing_answers(&t, 50, KUNDIG_SCALE_NPS, 1, 0, NULL, NULL);
    analysing_answers(&t, 50, KUNDIG_SCALE_NPS, 9, 0, NULL, NULL);
    contrast_find(&t);
    cr_assert_eq(t.a.section_count, 1, "the score alone");
    analysing_answers(&t, 50, KUNDIG_SCALE_NPS, 1, 0, NULL, "the same");
    analysing_answers(&t, 50, KUNDIG_SCALE_NPS, 9, 0, NULL, "the same");
    contrast_find(&t);
    cr_assert_eq(t.a.section_count, 1);
    cr_assert_null(t.a.word.data);
    analysing_close(&t);
}
