#include "scored_scene.h"

TestSuite(scored, .fini = probe_fini);

static void scored_open(fixture *f, const kundig_score *score, kundig__scored *scored)
{
    kundig_query *query = fixture_query(NULL);
    const scored_line line = {"late", 0, NULL};
    fixture_open(f);
    scored_add(f, 0, &line, score);
    cr_assert_eq(kundig__scored_begin(scored, f->corpus, query, &f->err), KUNDIG_OK, "%s",
                 f->err.message);
    kundig_query_free(query);
}

Test(scored, ends_and_places_go_by_scale_and_direction)
{
    static const struct {
        kundig_score score;
        double answer;
        int32_t place;
        int end;
    } cases[] = {
        {{.scale = KUNDIG_SCALE_NPS, .value = 9}, 9, 900, 1},
        {{.scale = KUNDIG_SCALE_NPS, .value = 9}, 8, 800, 0},
        {{.scale = KUNDIG_SCALE_NPS, .value = 9}, 7, 700, 0},
        {{.scale = KUNDIG_SCALE_NPS, .value = 9}, 6, 600, -1},
        {{.scale = KUNDIG_SCALE_CSAT, .value = 4}, 5, 1000, 1},
        {{.scale = KUNDIG_SCALE_CSAT, .value = 4}, 4, 750, 1},
        {{.scale = KUNDIG_SCALE_CSAT, .value = 4}, 3, 500, 0},
        {{.scale = KUNDIG_SCALE_CSAT, .value = 4}, 2, 250, -1},
        {{.scale = KUNDIG_SCALE_CES, .value = 4}, 5, 666, 1},
        {{.scale = KUNDIG_SCALE_CES, .value = 4}, 3, 333, -1},
        {{.scale = KUNDIG_SCALE_CES_2010, .value = 4}, 1, 1000, 1},
        {{.scale = KUNDIG_SCALE_CES_2010, .value = 4}, 4, 250, -1},
        {{.scale = KUNDIG_SCALE_DECLARED,
          .value = 1,
          .minimum = 0,
          .maximum = 1000000,
          .direction = KUNDIG_LOWER_IS_BETTER},
         100000,
         900,
         1},
        {{.scale = KUNDIG_SCALE_DECLARED,
          .value = .5,
          .minimum = 0,
          .maximum = 1,
          .direction = KUNDIG_HIGHER_IS_BETTER},
         .5,
         500,
         0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fixture f;
        kundig__scored scored;
        int32_t answer = (int32_t)(cases[i].answer * 1000);
        scored_open(&f, &cases[i].score, &scored);
        cr_assert_eq(kundig__scored_place(&scored, answer), cases[i].place, "%zu", i);
        cr_assert_eq(kundig__scored_end_of(&scored, answer), cases[i].end, "%zu", i);
        kundig__scored_end(&scored);
        fixture_close(&f);
    }
}

Test(scored, a_question_is_found_or_missed_in_a_sentence)
{
    fixture f;
    kundig__scored scored;
    kundig_query *query = fixture_query(NULL);
    fixture_open(&f);
    cr_assert_eq(kundig__scored_begin(&scored, f.corpus, query, &f.err), KUNDIG_E_NOT_FOUND);
    const scored_line line = {"late", 0, NULL};
    scored_add(&f, 0, &line, &(kundig_score){.scale = KUNDIG_SCALE_CSAT, .value = 4});
    /* a metric that reads no answer is left aside; one that nobody knows is told */
    cr_assert_eq(kundig_query_set_metric(query, "count", 5, NULL), KUNDIG_OK);
    cr_assert_eq(kundig__scored_begin(&scored, f.corpus, query, &f.err), KUNDIG_OK);
    cr_assert_eq(scored.question->scale, KUNDIG_SCALE_CSAT);
    kundig__scored_end(&scored);
    query->metric = kundig__str("nonsense");
    cr_assert_eq(kundig__scored_begin(&scored, f.corpus, query, &f.err), KUNDIG_E_NOT_FOUND);
    cr_assert(strstr(f.err.message, "nonsense"));
    kundig_query_free(query);
    fixture_close(&f);
}

Test(scored, rows_are_those_that_a_metric_would_read)
{
    fixture f;
    kundig__scored scored;
    int32_t answers[8];
    static const scored_line lines[] = {{"a", 9, NULL}, {"b", 3, NULL}, {"c", -1, NULL}};
    kundig_score score = fixture_nps(10);
    fixture_open(&f);
    scored_give(&f, lines, 3, 1);
    kundig_feedback employee = fixture_record("e", "d");
    employee.kind = KUNDIG_KIND_EMPLOYEE;
    employee.scores = &score;
    employee.score_count = 1;
    cr_assert_eq(fixture_add(&f, &employee, 1, NULL), KUNDIG_OK);
    kundig_query *query = fixture_query("nps != 3");
    cr_assert_eq(kundig__scored_begin(&scored, f.corpus, query, &f.err), KUNDIG_OK);
    kundig__scored_rows(&scored, 0, 4, answers);
    cr_assert_eq(answers[0], 9000);
    cr_assert_eq(answers[1], KUNDIG__SCORE_MISSING, "filtered");
    cr_assert_eq(answers[2], KUNDIG__SCORE_MISSING, "not answered");
    cr_assert_eq(answers[3], KUNDIG__SCORE_MISSING, "no customer");
    kundig__scored_end(&scored);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(scored, heads_count_customers_once_and_nameless_records_each)
{
    fixture f;
    kundig__scored scored;
    kundig__heads heads;
    static const scored_line lines[] = {
        {"a", 9, "x"}, {"b", 3, "y"}, {"c", 4, "x"}, {"d", 5, NULL}, {"e", 5, NULL}};
    kundig_query *query = fixture_query(NULL);
    char words[96];
    fixture_open(&f);
    scored_give(&f, lines, 5, 1);
    cr_assert_eq(kundig__scored_begin(&scored, f.corpus, query, &f.err), KUNDIG_OK);
    cr_assert(kundig__heads_init(&heads, &scored));
    for (uint32_t row = 0; row < 5; row++) {
        kundig__heads_add(&heads, &scored, row);
    }
    cr_assert_eq(heads.count, 4);
    kundig__heads_free(&heads);
    /* Wilson's interval of 1 of 3 and of all of 5, as in shared/spec/metrics.md 3.1 by hand */
    kundig__heads_words(&scored, 1, 3, words);
    cr_assert_str_eq(words, "33.3 % (95 % interval 6.1 to 79.2)");
    kundig__heads_words(&scored, 5, 5, words);
    cr_assert_str_eq(words, "100.0 % (95 % interval 56.6 to 100.0)");
    kundig__scored_end(&scored);
    kundig_query_free(query);
    fixture_close(&f);
}
