/* Which question leads, and where the ends of its scale are. */
#include "analysing.h"

TestSuite(scores, .fini = probe_fini);

static void scores_ask(analysing *t, int count, const char *question, int32_t scale, double value)
{
    kundig_score score = {.question = kundig__str(question),
                          .scale = scale,
                          .direction = scale == KUNDIG_SCALE_DECLARED ? KUNDIG_LOWER_IS_BETTER : 0,
                          .minimum = 0,
                          .maximum = scale == KUNDIG_SCALE_DECLARED ? 1 : 0,
                          .value = value};
    kundig_feedback record = analysing_record();
    record.scores = &score;
    record.score_count = 1;
    for (int i = 0; i < count; i++) {
        analysing_add(t, record);
    }
}

Test(scores, lead_by_scale_then_by_answers_then_by_name)
{
    analysing t;
    analysing_open(&t);
    scores_ask(&t, 9, "service", KUNDIG_SCALE_CSAT, 4);
    scores_ask(&t, 2, "zeal", KUNDIG_SCALE_NPS, 9);
    analysing_scored(&t, NULL);
    analysing_is(t.a.question_name, "zeal");
    scores_ask(&t, 2, "again", KUNDIG_SCALE_NPS, 3);
    analysing_scored(&t, NULL);
    analysing_is(t.a.question_name, "again");
    scores_ask(&t, 1, "zeal", KUNDIG_SCALE_NPS, 3);
    analysing_scored(&t, NULL);
    analysing_is(t.a.question_name, "zeal");
    cr_assert_str_eq(t.a.metric, "nps");
    const kundig_table *table = analysing_section(&t, "The score")->table;
    static const char *const wants[4][2] = {
        {"zeal", "nps"}, {"again", "nps"}, {"service", "csat"}, {"service", "csat_mean"}};
    size_t rows = kundig_table_row_count(table);
    size_t at = 0;
    for (size_t row = 0; row < rows; row++) {
        kundig_text metric = kundig_table_text(table, row, analysing_column(table, "metric"));
        if (kundig__text_equal(metric, KUNDIG__TEXT("enps"))) {
            continue; /* none of employees is said of those who are not */
        }
        cr_assert_lt(at, 4);
        analysing_is(kundig_table_text(table, row, 0), wants[at][0]);
        analysing_is(metric, wants[at][1]);
        at++;
    }
    cr_assert_eq(at, 4);
    analysing_close(&t);
}

Test(scores, have_the_ends_their_scale_gives)
{
    static const struct {
        int32_t scale;
        double value;
        int32_t low;
        int32_t high;
        const char *bad;
    } cases[] = {
        {KUNDIG_SCALE_NPS, 7, 6000, 9000, "detractors"},
        {KUNDIG_SCALE_CSAT, 4, 2000, 4000, "low scores"},
        {KUNDIG_SCALE_STARS, 4, 2000, 4000, "low scores"},
        {KUNDIG_SCALE_CES, 4, 3000, 5000, "low scores"},
        {KUNDIG_SCALE_CES_2010, 4, 2000, 4000, "high scores"}, /* effort: much is bad */
        {KUNDIG_SCALE_DECLARED, 0.5, 0, 1000, "high scores"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        analysing t;
        analysing_open(&t);
        scores_ask(&t, 3, "q", cases[i].scale, cases[i].value);
        analysing_scored(&t, NULL);
        cr_assert_eq(t.a.low, cases[i].low, "case %zu: %d", i, t.a.low);
        cr_assert_eq(t.a.high, cases[i].high, "case %zu: %d", i, t.a.high);
        cr_assert_str_eq(t.a.bad_name, cases[i].bad);
        cr_assert_eq(t.a.low_is_bad, strcmp(cases[i].bad, "high scores") != 0);
        analysing_close(&t);
    }
}

Test(scores, parts_of_the_bar_are_all_answers)
{
    analysing t;
    analysing_open(&t);
    for (int value = 0; value <= 10; value++) {
        scores_ask(&t, value + 1, "q", KUNDIG_SCALE_NPS, value);
    }
    analysing_scored(&t, NULL);
    const kundig_table *table = analysing_section(&t, "The score")->table;
    cr_assert_eq(analysing_int(table, 0, "n"), 66);
    cr_assert_eq(analysing_int(table, 0, "worst"), 28); /* 1 + ... + 7 */
    cr_assert_eq(analysing_int(table, 0, "middle"), 17);
    cr_assert_eq(analysing_int(table, 0, "best"), 21);
    cr_assert(t.a.overall.ok);
    cr_assert_lt(t.a.overall.lo, t.a.overall.value);
    cr_assert_gt(t.a.overall.hi, t.a.overall.value);
    analysing_is(kundig_table_text(table, 0, analysing_column(table, "scale")), "0 to 10");
    analysing_close(&t);
}

Test(scores, stop_at_sixteen_questions_and_keep_the_most_answered)
{
    analysing t;
    analysing_open(&t);
    for (int i = 0; i < 20; i++) {
        char name[4];
        snprintf(name, sizeof name, "q%02d", i);
        scores_ask(&t, i + 1, name, KUNDIG_SCALE_STARS, 4);
    }
    analysing_scored(&t, NULL);
    const kundig_table *table = analysing_section(&t, "The score")->table;
    cr_assert_eq(kundig_table_row_count(table), 16);
    analysing_is(kundig_table_text(table, 0, 0), "q19");
    analysing_is(kundig_table_text(table, 15, 0), "q04");
    analysing_close(&t);
}

Test(scores, say_so_where_nobody_answers_and_where_few_answer_much)
{
    analysing t;
    analysing_open(&t);
    analysing_add(&t, analysing_record());
    analysing_scored(&t, NULL);
    cr_assert_not(t.a.scored);
    analysing_says(&t, KUNDIG__LINE_PLAIN, "No record answers a score question.");
    kundig_score score = {.scale = KUNDIG_SCALE_NPS};
    kundig_feedback r = analysing_record();
    r.scores = &score;
    r.score_count = 1;
    for (int i = 0; i < 8; i++) {
        score.value = i;
        r.customer = i < 4 ? KUNDIG__TEXT("c1") : KUNDIG__TEXT("c2");
        analysing_add(&t, r);
    }
    analysing_scored(&t, NULL);
    analysing_says(&t, KUNDIG__LINE_QUIET,
                   "8 answers of 2 customers: answers of one customer resemble each other, and "
                   "the interval is wider for it.");
    analysing_close(&t);
}
