/* The section on topics: what the page draws of the answer, and what it says beside it. */
#include "analysing.h"
#include "corpus/said.h"

TestSuite(report_topics, .fini = probe_fini);

static void topics_open(analysing *t)
{
    static const char taxonomy[] = "topic delay: Late delivery\nen: late\n"
                                   "topic staff: Staff\nen: friendly\n";
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_model *model = NULL;
    analysing_open(t);
    cr_assert_eq(kundig_model_new(&allocator, taxonomy, sizeof taxonomy - 1, &model, &t->err), 0,
                 "%s", t->err.message);
    kundig__corpus_set_model(t->corpus, model);
    kundig_model_free(model);
}

Test(report_topics, draws_the_topics_with_the_leading_score)
{
    analysing t;
    topics_open(&t);
    analysing_answers(&t, 30, KUNDIG_SCALE_NPS, 2, 0, NULL, "My parcel came late once again");
    analysing_answers(&t, 10, KUNDIG_SCALE_NPS, 9, 0, NULL, "A friendly driver brought it");
    analysing_answers(&t, 10, KUNDIG_SCALE_NPS, 9, 0, NULL, "All as it should be");
    analysing_scored(&t, NULL);
    analysing_find(&t, kundig__find_topics);
    const kundig__section *section = analysing_section(&t, "What customers speak of");
    cr_assert_not_null(section);
    cr_assert_eq(kundig_table_row_count(section->shown), 2);
    analysing_is(kundig_table_text(section->shown, 0, 0), "Late delivery");
    cr_assert_eq(analysing_int(section->shown, 0, "comments"), 30);
    cr_assert_float_eq(kundig_table_number(section->shown, 0, 2), .6, 1e-12);
    cr_assert_float_eq(
        kundig_table_number(section->shown, 0, analysing_column(section->shown, "nps")), -1, 1e-12);
    analysing_is(
        kundig_table_text(section->shown, 0, analysing_column(section->shown, "typical comment")),
        "My parcel came late once again");
    analysing_is(t.a.topic, "delay");
    cr_assert_not_null(strstr(section->lines[0].text.data, "50 comments; 80.0 %"));
    cr_assert_not_null(strstr(section->lines[0].text.data, "not a cause"));
    analysing_close(&t);
}

Test(report_topics, leaves_out_the_score_where_none_was_asked)
{
    analysing t;
    topics_open(&t);
    kundig_feedback record = analysing_record();
    record.text = KUNDIG__TEXT("My parcel came late once again");
    analysing_add(&t, record);
    analysing_scored(&t, NULL);
    analysing_find(&t, kundig__find_topics);
    const kundig__section *section = analysing_section(&t, "What customers speak of");
    cr_assert_not_null(section);
    cr_assert_eq(kundig_table_column_count(section->shown), 5);
    analysing_close(&t);
}

Test(report_topics, has_no_section_without_comments_or_without_topics)
{
    analysing t;
    topics_open(&t);
    analysing_answers(&t, 3, KUNDIG_SCALE_NPS, 2, 0, NULL, NULL);
    analysing_scored(&t, NULL);
    analysing_find(&t, kundig__find_topics);
    cr_assert_null(analysing_section(&t, "What customers speak of"));
    analysing_answers(&t, 3, KUNDIG_SCALE_NPS, 2, 0, NULL, "zzz zzz");
    analysing_scored(&t, NULL);
    analysing_find(&t, kundig__find_topics);
    cr_assert_null(analysing_section(&t, "What customers speak of"));
    analysing_close(&t);
}
