/* Reading: canonical order, memory, and a check that notices. */
#include "fixture.h"

TestSuite(corpus, .fini = probe_fini);

Test(corpus, orders_records_by_time_source_and_id)
{
    static const struct {
        const char *source;
        const char *id;
        int64_t time_ms;
    } rows[6] = {{"b", "9", KUNDIG_TIME_ABSENT},
                 {NULL, "5", 1},
                 {"a", NULL, 1},
                 {"a", "10", 1},
                 {"a", "9", 1},
                 {"a", "0", 2}};
    fixture f;
    fixture_open(&f);
    for (int i = 5; i >= 0; i--) {
        kundig_feedback r = fixture_record(rows[i].id, "x");
        r.source = kundig__str(rows[i].source);
        r.time_ms = rows[i].time_ms;
        cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    }
    for (uint32_t a = 0; a < 6; a++) {
        for (uint32_t b = 0; b < 6; b++) {
            int order = kundig__corpus_order(f.corpus, 5 - a, 5 - b);
            cr_assert_eq((order > 0) - (order < 0), (a > b) - (a < b), "%u and %u", a, b);
        }
    }
    fixture_close(&f);
}

Test(corpus, gives_all_its_memory_back_and_says_what_it_holds)
{
    fixture f;
    uint64_t columns;
    uint64_t texts;
    fixture_open(&f);
    size_t empty = f.context.mem.used;
    kundig_feedback r = fixture_record("1", "some words");
    cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    kundig__corpus_memory(f.corpus, &columns, &texts);
    cr_assert_geq(columns + texts, empty);
    cr_assert_leq(columns + texts, f.context.mem.used);
    fixture_close(&f);
    cr_assert_eq(f.context.mem.used, 0);
}

Test(corpus, check_notices_what_is_broken)
{
    fixture f;
    kundig_score score = fixture_nps(4);
    fixture_open(&f);
    kundig_feedback r = fixture_record("1", "some words");
    r.channel = kundig__str("web");
    r.time_ms = 5;
    r.scores = &score;
    r.score_count = 1;
    cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    fixture_check(&f);
    f.corpus->dims[KUNDIG__DIM_CHANNEL].codes[0] = 9;
    cr_assert_eq(kundig__corpus_check(f.corpus, &f.err), KUNDIG_E_INTERNAL);
    cr_assert_str_eq(f.err.message, "a code has no text in its dictionary");
    f.corpus->dims[KUNDIG__DIM_CHANNEL].codes[0] = 1;
    f.corpus->questions[0].values[0] = 10001;
    cr_assert_eq(kundig__corpus_check(f.corpus, &f.err), KUNDIG_E_INTERNAL);
    f.corpus->questions[0].values[0] = 4000;
    uint8_t *flags = f.corpus->columns[KUNDIG__COL_FLAGS].data;
    flags[0] |= KUNDIG__ROW_SUPERSEDED;
    cr_assert_eq(kundig__corpus_check(f.corpus, &f.err), KUNDIG_E_INTERNAL);
    flags[0] &= (uint8_t)~KUNDIG__ROW_SUPERSEDED;
    f.corpus->timeless++;
    cr_assert_eq(kundig__corpus_check(f.corpus, &f.err), KUNDIG_E_INTERNAL);
    f.corpus->timeless--;
    f.corpus->texts.bytes++;
    cr_assert_eq(kundig__corpus_check(f.corpus, &f.err), KUNDIG_E_INTERNAL);
    f.corpus->texts.bytes--;
    fixture_check(&f);
    fixture_close(&f);
}

Test(corpus, a_memory_limit_is_an_error_and_leaves_it_as_it_was)
{
    fixture f;
    fixture_open(&f);
    kundig_feedback r = fixture_record("1", "some words");
    cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    f.context.mem.limit = f.context.mem.used + 1000;
    char *large = kundig__alloc(&f.context.mem, 900);
    cr_assert_not_null(large);
    kundig_feedback other = fixture_record("2", "other");
    other.agent = kundig__str("someone");
    other.product = kundig__str("something");
    other.segment = kundig__str("somewhere");
    cr_assert_eq(fixture_add(&f, &other, 1, NULL), KUNDIG_E_LIMIT);
    cr_assert_eq(kundig__corpus_rows(f.corpus), 1);
    fixture_check(&f);
    kundig__free(&f.context.mem, large, 900);
    f.context.mem.limit = 0;
    cr_assert_eq(fixture_add(&f, &other, 1, NULL), KUNDIG_OK);
    fixture_check(&f);
    fixture_close(&f);
}
