#include "scored_scene.h"

TestSuite(mismatch, .fini = probe_fini);

static const scored_line mismatch_lines[] = {
    {"It was awful.", 10, "a"},
    {"awful", 9, "a"},
    {"I love it.", 9, "b"},
    {"wonderful", 10, NULL},
    {"I love it. So friendly, wonderful!", 0, NULL},
    {"I love it", 6, "c"},
    {"awful", 2, "d"},
    {"terrible", 8, "e"},
    {"wonderful", 7, "e"},
    {"The parcel came on Tuesday", 10, "f"},
    {"The parcel came on Tuesday", 0, "g"},
    {"The staff was wonderful. The price was awful.", 10, "h"},
    {"I love it", -1, "i"},
};

#define MISMATCH_LINES (sizeof mismatch_lines / sizeof *mismatch_lines)

static void mismatch_open(fixture *f, size_t step)
{
    model_open(f);
    scored_give(f, mismatch_lines, MISMATCH_LINES, step);
}

Test(mismatch, lists_scores_and_comments_that_disagree_the_farthest_apart_first)
{
    fixture f;
    mismatch_open(&f, 1);
    kundig_table *table = scored_ask(&f, kundig__mismatch, NULL, 0);
    cr_assert_eq(kundig_table_row_count(table), 4);
    double before = 3;
    for (size_t row = 0; row < 4; row++) {
        double score = survey_number(table, row, "score");
        double value = survey_number(table, row, "value");
        double apart = score / 5 - 1 - value;
        apart = apart < 0 ? -apart : apart;
        cr_assert(apart <= before + 1e-9, "%zu", row);
        before = apart;
        cr_assert_str_eq(survey_text(table, row, "kind"),
                         score >= 9 ? "high score, negative text" : "low score, positive text");
        cr_assert_str_eq(survey_text(table, row, "sentiment"),
                         score >= 9 ? "negative" : "positive");
        cr_assert(score >= 9 || score <= 6);
    }
    cr_assert_eq(survey_number(table, 0, "score"), 0);
    cr_assert_str_eq(survey_text(table, 0, "topics"), "staff");
    cr_assert_eq(survey_number(table, 3, "score"), 6);
    kundig_table_free(table);
    fixture_close(&f);
}

Test(mismatch, rates_count_each_customer_once_among_those_with_both)
{
    fixture f;
    mismatch_open(&f, 1);
    kundig_table *table = scored_ask(&f, kundig__mismatch, NULL, 1);
    cr_assert_eq(kundig_table_row_count(table), 1);
    /* high: a, b, f, h and one without a name; what came on Tuesday is neutral */
    cr_assert(
        scored_notes(table, "of 5 customers with a high score and a comment, 1 wrote a negative"));
    cr_assert(
        scored_notes(table, "of 4 customers with a low score and a comment, 2 wrote a positive"));
    cr_assert(scored_notes(table, "4 records in all"));
    kundig_table_free(table);
    table = scored_ask(&f, kundig__mismatch, "nps >= 7", 0);
    cr_assert(scored_notes(table, "nobody with a low score"));
    kundig_table_free(table);
    fixture_close(&f);
}

Test(mismatch, same_bytes_in_any_order)
{
    kundig_bytes *first = NULL;
    for (size_t step = 1; step <= 5; step += 2) {
        fixture f;
        mismatch_open(&f, step);
        kundig_bytes *bytes = survey_json(scored_ask(&f, kundig__mismatch, NULL, 0));
        if (first) {
            survey_same(first, bytes);
            kundig_bytes_free(bytes);
        } else {
            first = bytes;
        }
        fixture_close(&f);
    }
    kundig_bytes_free(first);
}

Test(mismatch, goes_by_direction)
{
    fixture f;
    model_open(&f);
    const scored_line lines[] = {{"awful", 0, NULL}, {"I love it", 0, NULL}};
    for (size_t i = 0; i < 4; i++) {
        kundig_score score = {.scale = KUNDIG_SCALE_CES_2010, .value = i < 2 ? 1 : 5};
        scored_add(&f, i, &lines[i % 2], &score);
    }
    kundig_table *table = scored_ask(&f, kundig__mismatch, NULL, 0);
    cr_assert_eq(kundig_table_row_count(table), 2);
    for (size_t row = 0; row < 2; row++) {
        bool good = survey_number(table, row, "score") == 1;
        cr_assert_str_eq(survey_text(table, row, "sentiment"), good ? "negative" : "positive");
    }
    kundig_table_free(table);
    fixture_close(&f);
}

Test(mismatch, masks_what_the_handle_masks_and_tells_of_nobody)
{
    fixture f;
    kundig_table *table = NULL;
    kundig_query *query = fixture_query(NULL);
    const scored_line line = {"Mrs. Kowalska was awful, call 020 7946 0018", 10, NULL};
    model_open(&f);
    cr_assert_eq(kundig__mismatch(f.corpus, query, 0, &table, &f.err), KUNDIG_E_NOT_FOUND);
    cr_assert_null(table);
    kundig_query_free(query);
    f.context.mask = KUNDIG_PERSONAL_ALL;
    scored_give(&f, &line, 1, 1);
    table = scored_ask(&f, kundig__mismatch, NULL, 0);
    cr_assert_eq(kundig_table_row_count(table), 1);
    cr_assert(!strstr(survey_text(table, 0, "text"), "Kowalska"));
    cr_assert(!strstr(survey_text(table, 0, "text"), "7946"));
    kundig_table_free(table);
    fixture_close(&f);
}

Test(mismatch, fails_cleanly_at_every_allocation)
{
    fixture f;
    mismatch_open(&f, 1);
    f.context.mask = KUNDIG_PERSONAL_ALL;
    scored_sweep(&f, kundig__mismatch);
    fixture_close(&f);
}
