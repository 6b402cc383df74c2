#include "metrics/share.h"
#include "spoken.h"

TestSuite(share_plan, .fini = probe_fini);

static kundig__share_plan plan_of(fixture *f, const kundig_query *query)
{
    kundig__share_plan plan;
    cr_assert_eq(kundig__share_plan_new(f->corpus, query, &plan, &f->err), KUNDIG_OK, "%s",
                 f->err.message);
    return plan;
}

static bool plan_text_is(kundig_text text, const char *expected)
{
    return kundig__text_equal(text, kundig__str(expected));
}

Test(share_plan, keys_of_topics_are_parted_from_those_of_comments)
{
    static spoken s;
    fixture f;
    spoken_make(&s, 20, 0, 1);
    spoken_open(&f, &s, 0, 1);
    kundig_query *query = spoken_query("share", "stage", "topic", "channel");
    survey_group(query, "theme");
    query->every = KUNDIG_EVERY_MONTH;
    kundig__share_plan plan = plan_of(&f, query);
    cr_assert_eq(plan.keys.count, 5);
    cr_assert_eq(plan.keys.topics, 2 | 8);
    cr_assert(plan_text_is(plan.names[1], "topic") && plan_text_is(plan.names[4], "period"));
    cr_assert_eq(plan.query->group_field_count, 2);
    cr_assert(plan_text_is(plan.query->group_fields[1], "channel"));
    cr_assert_eq(plan.topic_count, SAYING_TOPICS + 1);
    cr_assert_not(plan.of_themes);
    /* "delay" of the theme "delivery" is topic 1 of the model */
    cr_assert_null(plan.texts[0].data);
    cr_assert(plan_text_is(plan.texts[4], "delay") && plan_text_is(plan.texts[5], "delivery"));
    kundig__share_plan_free(&plan);
    kundig_query_free(query);

    query = spoken_query("share", "theme", NULL, NULL);
    plan = plan_of(&f, query);
    cr_assert(plan.of_themes);
    cr_assert_eq(plan.topic_count, SAYING_THEMES + 1);
    cr_assert(plan_text_is(plan.texts[1], "Money"));
    kundig__share_plan_free(&plan);
    kundig_query_free(query);

    query = spoken_query("share", "stage", NULL, NULL);
    plan = plan_of(&f, query);
    cr_assert_eq(plan.keys.topics, 0);
    cr_assert_null(plan.texts);
    kundig__share_plan_free(&plan);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(share_plan, answers_are_of_comments_alone)
{
    static spoken s;
    fixture f;
    kundig_query *query = survey_query("share");
    kundig__asked asked;
    const kundig__question *question;
    spoken_make(&s, 60, 0, 2);
    spoken_open(&f, &s, 0, 1);
    cr_assert_eq(kundig__ask(f.corpus, query, &asked, &question, &f.err), KUNDIG_OK);
    cr_assert_null(question);
    for (int how = KUNDIG__SHARE_OF_ANY; how <= KUNDIG__SHARE_EACH; how++) {
        kundig__gather gather;
        kundig__gather_init(&gather, f.corpus, &asked, NULL);
        cr_assert_eq(kundig__share_answers(&gather, how, &f.err), KUNDIG_OK);
        for (uint32_t row = 0; row < 60; row++) {
            size_t answer = spoken_answer(&f, row);
            int32_t expected =
                how == KUNDIG__SHARE_OF_ANY ? s.sets[answer] != 0 : how == KUNDIG__SHARE_EACH;
            expected = s.survey.answers[answer].record.text.data ? expected : KUNDIG__SCORE_MISSING;
            cr_assert_eq(gather.answers[row], expected);
        }
        kundig__gather_free(&gather);
    }
    kundig_query_free(query);
    fixture_close(&f);
}
