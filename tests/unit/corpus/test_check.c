/* What is refused, and in which words. */
#include "fixture.h"

TestSuite(check, .fini = probe_fini);

static int check_one(fixture *f, const kundig_feedback *record, const char **field)
{
    *field = NULL;
    cr_assert_eq(kundig__batch_begin(f->corpus, &f->err), KUNDIG_OK);
    int rc = kundig__batch_add(f->corpus, record, NULL, field, &f->err);
    if (rc) {
        kundig__batch_abandon(f->corpus);
    } else {
        kundig__batch_commit(f->corpus);
    }
    return rc;
}

Test(check, refuses_answers_off_their_scale)
{
    static const struct {
        int32_t scale;
        double value;
        int rc;
    } cases[] = {
        {KUNDIG_SCALE_NPS, 0, KUNDIG_OK},
        {KUNDIG_SCALE_NPS, 10, KUNDIG_OK},
        {KUNDIG_SCALE_NPS, 10.0001, KUNDIG_E_VALUE},
        {KUNDIG_SCALE_NPS, -1, KUNDIG_E_VALUE},
        {KUNDIG_SCALE_NPS, 7.5, KUNDIG_E_VALUE},
        {KUNDIG_SCALE_NPS, 7.0000001, KUNDIG_E_VALUE},
        {KUNDIG_SCALE_CSAT, 4.333, KUNDIG_OK},
        {KUNDIG_SCALE_CSAT, 0.9, KUNDIG_E_VALUE},
        {KUNDIG_SCALE_CES, 7, KUNDIG_OK},
        {KUNDIG_SCALE_CES, 8, KUNDIG_E_VALUE},
        {KUNDIG_SCALE_CES_2010, 5, KUNDIG_OK},
        {KUNDIG_SCALE_STARS, 5.5, KUNDIG_E_VALUE},
        {0, 5, KUNDIG_E_ARG},
        {7, 5, KUNDIG_E_ARG},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fixture f;
        const char *field;
        fixture_open(&f);
        kundig_score score = {.scale = cases[i].scale, .value = cases[i].value};
        kundig_feedback r = fixture_record("1", NULL);
        r.scores = &score;
        r.score_count = 1;
        cr_assert_eq(check_one(&f, &r, &field), cases[i].rc, "case %zu", i);
        if (cases[i].rc) {
            cr_assert_str_eq(field, "score");
            cr_assert_eq(kundig__corpus_rows(f.corpus), 0);
        }
        fixture_close(&f);
    }
}

Test(check, refuses_scores_that_are_no_numbers)
{
    fixture f;
    const char *field;
    double zero = 0;
    double bad[3] = {zero / zero, 1 / zero, -1 / zero};
    fixture_open(&f);
    for (int i = 0; i < 3; i++) {
        kundig_score score = {.scale = KUNDIG_SCALE_CSAT, .value = bad[i]};
        kundig_feedback r = fixture_record("1", NULL);
        r.scores = &score;
        r.score_count = 1;
        cr_assert_eq(check_one(&f, &r, &field), KUNDIG_E_VALUE);
        score = (kundig_score){.scale = KUNDIG_SCALE_DECLARED, .maximum = bad[i]};
        cr_assert_eq(check_one(&f, &r, &field), KUNDIG_E_VALUE);
        kundig_attribute attribute = {{"a", 1}, {.type = KUNDIG_VALUE_NUMBER, .number = bad[i]}};
        r.score_count = 0;
        r.attributes = &attribute;
        r.attribute_count = 1;
        cr_assert_eq(check_one(&f, &r, &field), KUNDIG_E_VALUE);
        r.attribute_count = 0;
        r.has_weight = 1;
        r.weight = bad[i];
        cr_assert_eq(check_one(&f, &r, &field), KUNDIG_E_VALUE);
        cr_assert_str_eq(field, "weight");
    }
    fixture_close(&f);
}

Test(check, wants_one_answer_a_question_and_one_scale_a_question)
{
    fixture f;
    const char *field;
    fixture_open(&f);
    kundig_score twice[2] = {fixture_nps(1), fixture_nps(2)};
    kundig_feedback r = fixture_record("1", NULL);
    r.scores = twice;
    r.score_count = 2;
    cr_assert_eq(check_one(&f, &r, &field), KUNDIG_E_VALUE);
    cr_assert_str_eq(f.err.message, "'nps' is answered twice in one record");
    r.score_count = 1;
    cr_assert_eq(check_one(&f, &r, &field), KUNDIG_OK);
    r.score_count = 2;
    cr_assert_eq(check_one(&f, &r, &field), KUNDIG_E_VALUE, "also once it is known");
    kundig_score other = {.question = {"nps", 3}, .scale = KUNDIG_SCALE_CSAT, .value = 3};
    r.scores = &other;
    r.score_count = 1;
    cr_assert_eq(check_one(&f, &r, &field), KUNDIG_E_VALUE);
    cr_assert_str_eq(f.err.message, "'nps' is asked on nps (0 to 10) in this corpus, here on csat "
                                    "(1 to 5): give the question another name");
    fixture_close(&f);
}

Test(check, wants_one_type_an_attribute)
{
    fixture f;
    const char *field;
    fixture_open(&f);
    kundig_attribute a = {{"age", 3}, {.type = KUNDIG_VALUE_NUMBER, .number = 40}};
    kundig_feedback r = fixture_record("1", NULL);
    r.attributes = &a;
    r.attribute_count = 1;
    cr_assert_eq(check_one(&f, &r, &field), KUNDIG_OK);
    a.value = (kundig_value){.type = KUNDIG_VALUE_TEXT, .text = {"old", 3}};
    cr_assert_eq(check_one(&f, &r, &field), KUNDIG_E_VALUE);
    cr_assert_str_eq(f.err.message, "'age' is a number in this corpus, here a text: give the "
                                    "attribute another name");
    a.value.type = KUNDIG_VALUE_TIME;
    cr_assert_eq(check_one(&f, &r, &field), KUNDIG_E_ARG);
    a.value.type = KUNDIG_VALUE_NULL;
    r.id = kundig__str("2");
    cr_assert_eq(check_one(&f, &r, &field), KUNDIG_OK, "null is no value");
    fixture_check(&f);
    fixture_close(&f);
}

Test(check, wants_times_and_weights_in_range)
{
    fixture f;
    const char *field;
    fixture_open(&f);
    kundig_feedback r = fixture_record("1", NULL);
    r.time_ms = INT64_C(-62135596800000);
    cr_assert_eq(check_one(&f, &r, &field), KUNDIG_OK);
    r.time_ms--;
    cr_assert_eq(check_one(&f, &r, &field), KUNDIG_E_VALUE);
    cr_assert_str_eq(field, "time");
    r.time_ms = INT64_C(253402300799999);
    cr_assert_eq(check_one(&f, &r, &field), KUNDIG_OK);
    r.time_ms++;
    cr_assert_eq(check_one(&f, &r, &field), KUNDIG_E_VALUE);
    r.time_ms = 1;
    r.time_precision = KUNDIG_PRECISION_DAY;
    cr_assert_eq(check_one(&f, &r, &field), KUNDIG_E_VALUE, "a date is midnight");
    r.time_ms = KUNDIG_TIME_ABSENT;
    r.updated_ms = INT64_MAX;
    cr_assert_eq(check_one(&f, &r, &field), KUNDIG_E_VALUE);
    cr_assert_str_eq(field, "updated");
    r.updated_ms = KUNDIG_TIME_ABSENT;
    r.has_weight = 1;
    r.weight = 0;
    cr_assert_eq(check_one(&f, &r, &field), KUNDIG_E_VALUE);
    r.weight = 1048576;
    cr_assert_eq(check_one(&f, &r, &field), KUNDIG_OK);
    r.weight = 1048577;
    cr_assert_eq(check_one(&f, &r, &field), KUNDIG_E_VALUE);
    fixture_close(&f);
}

Test(check, refuses_what_this_version_does_not_know)
{
    fixture f;
    const char *field;
    fixture_open(&f);
    kundig_feedback r = fixture_record("1", NULL);
    r.reserved = 1;
    cr_assert_eq(check_one(&f, &r, &field), KUNDIG_E_VERSION);
    r.reserved = 0;
    r.size = 8;
    cr_assert_eq(check_one(&f, &r, &field), KUNDIG_E_ARG);
    r = fixture_record("", NULL);
    cr_assert_eq(check_one(&f, &r, &field), KUNDIG_E_VALUE, "an empty id names nothing");
    cr_assert_str_eq(field, "id");
    r = fixture_record("1", NULL);
    r.kind = 10;
    cr_assert_eq(check_one(&f, &r, &field), KUNDIG_E_ARG);
    r.kind = 0;
    r.scores = NULL;
    r.score_count = 1;
    cr_assert_eq(check_one(&f, &r, &field), KUNDIG_E_ARG);
    fixture_close(&f);
}

Test(check, mends_texts_and_counts_what_was_replaced)
{
    fixture f;
    kundig_added added;
    fixture_open(&f);
    kundig_feedback r = fixture_record("1", "caf\xE9 ok");
    r.channel = kundig__text("a\0b", 3);
    cr_assert_eq(fixture_add(&f, &r, 1, &added), KUNDIG_OK);
    cr_assert_eq(added.replaced_bytes, 2);
    cr_assert_eq(kundig__corpus_replaced_bytes(f.corpus), 2);
    cr_assert(
        kundig__text_equal(kundig__corpus_text(f.corpus, 0), kundig__str("caf\xEF\xBF\xBD ok")));
    cr_assert(kundig__text_equal(
        kundig__dimension_text(kundig__corpus_dimension(f.corpus, KUNDIG__DIM_CHANNEL), 0),
        kundig__str("a\xEF\xBF\xBD"
                    "b")));
    r = fixture_record("2", "gr\xC3\xBC\xC3\x9F");
    cr_assert_eq(fixture_add(&f, &r, 1, &added), KUNDIG_OK);
    cr_assert_eq(added.replaced_bytes, 0);
    cr_assert(kundig__text_equal(kundig__corpus_text(f.corpus, 1), r.text));
    fixture_close(&f);
}
