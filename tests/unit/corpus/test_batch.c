/* Adding: whole or absent, exact counts, columns born with their first value. */
#include <stdio.h>

#include "fixture.h"

TestSuite(batch, .fini = probe_fini);

Test(batch, keeps_every_field_of_a_record)
{
    fixture f;
    fixture_open(&f);
    kundig_score scores[2] = {fixture_nps(9),
                              {.question = {"Ease", 4},
                               .scale = KUNDIG_SCALE_DECLARED,
                               .direction = KUNDIG_LOWER_IS_BETTER,
                               .minimum = -2.5,
                               .maximum = 2.5,
                               .value = 0.1234}};
    kundig_attribute attributes[3] = {
        {{"plan", 4}, {.type = KUNDIG_VALUE_TEXT, .text = {"gold", 4}}},
        {{"spend", 5}, {.type = KUNDIG_VALUE_NUMBER, .number = -0.0}},
        {{"vip", 3}, {.type = KUNDIG_VALUE_BOOL, .boolean = 1}}};
    kundig_feedback r = fixture_record("a1", "good");
    r.kind = KUNDIG_KIND_CALL;
    r.customer = kundig__str("c1");
    r.channel = kundig__str("phone");
    r.time_ms = 1000;
    r.time_precision = KUNDIG_PRECISION_MINUTE;
    r.updated_ms = 5;
    r.consent = KUNDIG_YES;
    r.weight = 1.5;
    r.has_weight = 1;
    r.scores = scores;
    r.score_count = 2;
    r.attributes = attributes;
    r.attribute_count = 3;
    kundig_added added;
    cr_assert_eq(fixture_add(&f, &r, 1, &added), KUNDIG_OK, "%s", f.err.message);
    cr_assert_eq(added.added, 1);
    cr_assert_eq(added.records, 1);
    fixture_check(&f);

    const kundig__corpus *c = f.corpus;
    cr_assert_eq(kundig__corpus_rows(c), 1);
    cr_assert_eq(kundig__corpus_times(c)[0], 1000);
    cr_assert_eq(kundig__corpus_precisions(c)[0], KUNDIG_PRECISION_MINUTE);
    cr_assert_eq(kundig__corpus_weights(c)[0], KUNDIG__WEIGHT_ONE * 3 / 2);
    cr_assert_eq(kundig__corpus_consents(c)[0], KUNDIG_YES);
    cr_assert_eq(kundig__corpus_dimension(c, KUNDIG__DIM_KIND)->codes[0], KUNDIG_KIND_CALL);
    cr_assert(
        kundig__text_equal(kundig__dimension_text(kundig__corpus_dimension(c, KUNDIG__DIM_KIND), 0),
                           kundig__str("call")));
    cr_assert(kundig__text_equal(kundig__corpus_id(c, 0), kundig__str("a1")));
    cr_assert(kundig__text_equal(kundig__corpus_text(c, 0), kundig__str("good")));
    cr_assert_null(kundig__corpus_dimension(c, KUNDIG__DIM_STAGE)->codes);
    cr_assert_eq(kundig__corpus_question_count(c), 2);
    const kundig__question *ease = kundig__corpus_question(c, 0);
    cr_assert(kundig__text_equal(ease->name, kundig__str("Ease")));
    cr_assert_eq(ease->values[0], 123);
    cr_assert_eq(ease->minimum, -2500);
    cr_assert_eq(ease->direction, KUNDIG_LOWER_IS_BETTER);
    const kundig__question *nps = kundig__corpus_question(c, 1);
    cr_assert(kundig__text_equal(nps->name, kundig__str("nps")));
    cr_assert_eq(nps->values[0], 9000);
    cr_assert_eq(kundig__corpus_attribute_count(c), 3);
    cr_assert_eq(kundig__corpus_attribute(c, 1)->numbers[0], 0.0);
    cr_assert_eq(kundig__corpus_attribute(c, 2)->numbers[0], 1.0);
    cr_assert_eq(kundig__corpus_generation(c), 1);
    fixture_close(&f);
}

Test(batch, gives_earlier_rows_no_value_in_a_column_born_later)
{
    fixture f;
    fixture_open(&f);
    kundig_feedback plain[5];
    char ids[5][2] = {"0", "1", "2", "3", "4"};
    for (int i = 0; i < 5; i++) {
        plain[i] = fixture_record(ids[i], NULL);
    }
    cr_assert_eq(fixture_add(&f, plain, 5, NULL), KUNDIG_OK);
    cr_assert_null(kundig__corpus_times(f.corpus));
    cr_assert_null(kundig__corpus_weights(f.corpus));
    kundig_score score = fixture_nps(3);
    kundig_attribute attribute = {{"n", 1}, {.type = KUNDIG_VALUE_NUMBER, .number = 2}};
    kundig_feedback full = fixture_record("5", "late");
    full.time_ms = 86400000;
    full.time_precision = KUNDIG_PRECISION_DAY;
    full.stage = kundig__str("Order");
    full.weight = 2;
    full.has_weight = 1;
    full.scores = &score;
    full.score_count = 1;
    full.attributes = &attribute;
    full.attribute_count = 1;
    cr_assert_eq(fixture_add(&f, &full, 1, NULL), KUNDIG_OK);
    fixture_check(&f);
    for (uint32_t row = 0; row < 5; row++) {
        cr_assert_eq(kundig__corpus_times(f.corpus)[row], KUNDIG_TIME_ABSENT);
        cr_assert_eq(kundig__corpus_weights(f.corpus)[row], KUNDIG__WEIGHT_ONE);
        cr_assert_eq(kundig__corpus_question(f.corpus, 0)->values[row], KUNDIG__SCORE_MISSING);
        cr_assert_eq(kundig__corpus_dimension(f.corpus, KUNDIG__DIM_STAGE)->codes[row], 0);
        cr_assert_not(kundig__attribute_has(kundig__corpus_attribute(f.corpus, 0), row));
        cr_assert_null(kundig__corpus_text(f.corpus, row).data);
    }
    cr_assert(kundig__text_equal(kundig__corpus_text(f.corpus, 5), kundig__str("late")));
    fixture_close(&f);
}

Test(batch, leaves_no_trace_of_a_refused_record_and_goes_on)
{
    fixture f;
    fixture_open(&f);
    kundig_added added;
    kundig_added_init(&added);
    kundig_score off = {.question = {"New", 3}, .scale = KUNDIG_SCALE_NPS, .value = 11};
    kundig_feedback good = fixture_record("1", "fine");
    kundig_feedback bad = fixture_record("2", "bad");
    const char *field = NULL;
    bad.channel = kundig__str("fax");
    bad.scores = &off;
    bad.score_count = 1;
    cr_assert_eq(kundig__batch_begin(f.corpus, &f.err), KUNDIG_OK);
    cr_assert_eq(kundig__batch_add(f.corpus, &good, &added, &field, &f.err), KUNDIG_OK);
    cr_assert_eq(kundig__batch_add(f.corpus, &bad, &added, &field, &f.err), KUNDIG_E_VALUE);
    cr_assert_str_eq(field, "score");
    cr_assert_str_eq(f.err.message, "the answer 11 to 'New' is off its scale (nps, 0 to 10)");
    good.id = kundig__str("3");
    cr_assert_eq(kundig__batch_add(f.corpus, &good, &added, &field, &f.err), KUNDIG_OK);
    kundig__batch_commit(f.corpus);
    fixture_check(&f);
    cr_assert_eq(added.records, 2);
    cr_assert_eq(added.added, 2);
    cr_assert_eq(kundig__corpus_rows(f.corpus), 2);
    cr_assert_eq(kundig__corpus_question_count(f.corpus), 0);
    cr_assert_null(kundig__corpus_dimension(f.corpus, KUNDIG__DIM_CHANNEL)->codes);
    fixture_close(&f);
}

Test(batch, is_absent_once_abandoned)
{
    fixture f;
    fixture_open(&f);
    kundig_score score = fixture_nps(7);
    kundig_attribute attribute = {{"tier", 4}, {.type = KUNDIG_VALUE_TEXT, .text = {"a", 1}}};
    kundig_feedback r = fixture_record("1", "first");
    r.attributes = &attribute;
    r.attribute_count = 1;
    r.channel = kundig__str("web");
    cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    uint64_t generation = kundig__corpus_generation(f.corpus);

    cr_assert_eq(kundig__batch_begin(f.corpus, &f.err), KUNDIG_OK);
    attribute.value.text = kundig__str("b");
    r.updated_ms = 9; /* a newer version of the same record */
    cr_assert_eq(kundig__batch_add(f.corpus, &r, NULL, NULL, &f.err), KUNDIG_OK);
    r.id = kundig__str("2");
    r.stage = kundig__str("Order");
    r.channel = kundig__str("phone");
    r.time_ms = 0;
    r.scores = &score;
    r.score_count = 1;
    r.text = kundig__str("a\xFF");
    cr_assert_eq(kundig__batch_add(f.corpus, &r, NULL, NULL, &f.err), KUNDIG_OK);
    cr_assert_eq(kundig__corpus_rows(f.corpus), 3);
    kundig__batch_abandon(f.corpus);
    fixture_check(&f);

    cr_assert_eq(kundig__corpus_rows(f.corpus), 1);
    cr_assert_eq(kundig__corpus_current_rows(f.corpus), 1);
    cr_assert_eq(kundig__corpus_generation(f.corpus), generation);
    cr_assert_eq(kundig__corpus_flags(f.corpus)[0] & KUNDIG__ROW_SUPERSEDED, 0);
    cr_assert_null(kundig__corpus_times(f.corpus));
    cr_assert_eq(kundig__corpus_question_count(f.corpus), 0);
    cr_assert_null(kundig__corpus_dimension(f.corpus, KUNDIG__DIM_STAGE)->codes);
    cr_assert_eq(kundig__corpus_dimension(f.corpus, KUNDIG__DIM_CHANNEL)->dict.count, 1);
    cr_assert_eq(kundig__corpus_attribute(f.corpus, 0)->texts.dict.count, 1);
    cr_assert_eq(kundig__corpus_replaced_bytes(f.corpus), 0);
    fixture_close(&f);
}

Test(batch, survives_failure_of_every_allocation)
{
    kundig_score scores[2] = {fixture_nps(7),
                              {.question = {"csat", 4}, .scale = KUNDIG_SCALE_CSAT, .value = 4}};
    kundig_attribute attributes[2] = {{{"tier", 4}, {.type = KUNDIG_VALUE_TEXT, .text = {"a", 1}}},
                                      {{"age", 3}, {.type = KUNDIG_VALUE_NUMBER, .number = 40}}};
    kundig_feedback rounds[2][4];
    for (int i = 0; i < 2; i++) {
        for (int k = 0; k < 4; k++) {
            /* k == 2: another version of k == 1; k == 3: no id, twice the same */
            rounds[i][k] = fixture_record(k == 3   ? NULL
                                          : k == 0 ? "x"
                                                   : "y",
                                          k == 2 ? "changed \xC3" : "some words");
            rounds[i][k].channel = kundig__str(i ? "web" : "phone");
            if (i) {
                rounds[i][k].scores = scores;
                rounds[i][k].score_count = 2;
                rounds[i][k].attributes = attributes;
                rounds[i][k].attribute_count = 2;
                rounds[i][k].time_ms = 1;
                rounds[i][k].customer = kundig__str("c");
            }
        }
    }
    for (int forever = 0; forever < 2; forever++) {
        size_t fail_at = 1;
        for (bool done = false; !done; fail_at++) {
            fixture f;
            probe_shared.fail_at = 0;
            fixture_open(&f);
            cr_assert_eq(fixture_add(&f, rounds[0], 4, NULL), KUNDIG_OK);
            uint32_t rows = kundig__corpus_rows(f.corpus);
            probe_shared.allocations = 0;
            probe_shared.fail_on = forever != 0;
            probe_shared.fail_at = fail_at;
            int rc = fixture_add(&f, rounds[1], 4, NULL);
            done = probe_shared.allocations < fail_at;
            probe_shared.fail_at = 0;
            fixture_check(&f);
            if (rc) {
                cr_assert_eq(rc, KUNDIG_E_NOMEM);
                cr_assert_eq(kundig__corpus_rows(f.corpus), rows);
                cr_assert_eq(kundig__corpus_question_count(f.corpus), 0);
                cr_assert_null(kundig__corpus_times(f.corpus));
            } else {
                cr_assert(done);
                cr_assert_gt(kundig__corpus_rows(f.corpus), rows);
            }
            /* And whatever happened, the corpus still works. */
            cr_assert_eq(fixture_add(&f, rounds[1], 4, NULL), KUNDIG_OK);
            fixture_check(&f);
            fixture_close(&f);
        }
        cr_assert_gt(fail_at, 20);
    }
}

Test(batch, stays_within_a_hundred_bytes_a_record)
{
    /* id, customer, time, source and four dimensions, one score, a text. */
    enum { COUNT = 200000 };
    static const char *const words[8] = {"a", "b", "c", "d", "e", "f", "g", "h"};
    fixture f;
    fixture_open(&f);
    cr_assert_eq(kundig__batch_begin(f.corpus, &f.err), KUNDIG_OK);
    for (int i = 0; i < COUNT; i++) {
        char id[16];
        char customer[16];
        kundig_score score = fixture_nps(i % 11);
        kundig_feedback r = fixture_record(NULL, "some words");
        r.id = kundig__text(id, (size_t)snprintf(id, sizeof id, "R%08d", i));
        r.customer =
            kundig__text(customer, (size_t)snprintf(customer, sizeof customer, "C%06d", i / 3));
        r.time_ms = i * INT64_C(1000);
        r.time_precision = KUNDIG_PRECISION_MINUTE;
        r.channel = kundig__str(words[i % 3]);
        r.touchpoint = kundig__str(words[i % 5]);
        r.stage = kundig__str(words[i % 7]);
        r.product = kundig__str(words[i % 8]);
        r.scores = &score;
        r.score_count = 1;
        cr_assert_eq(kundig__batch_add(f.corpus, &r, NULL, NULL, &f.err), KUNDIG_OK);
    }
    kundig__batch_commit(f.corpus);
    uint64_t columns;
    uint64_t texts;
    kundig__corpus_memory(f.corpus, &columns, &texts);
    cr_assert_leq(columns, UINT64_C(100) * COUNT, "%g bytes a record", (double)columns / COUNT);
    cr_assert_geq(texts, UINT64_C(10) * COUNT);
    fixture_close(&f);
}
