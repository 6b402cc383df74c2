/* Identity and versions: a property of the set of records, not of their order. */
#include <stdio.h>

#include "base/prng.h"
#include "fixture.h"

TestSuite(identity, .fini = probe_fini);

Test(identity, counts_new_known_and_changed_records_exactly)
{
    fixture f;
    kundig_added added;
    fixture_open(&f);
    kundig_feedback r[2] = {fixture_record("1", "first"), fixture_record("2", "second")};
    cr_assert_eq(fixture_add(&f, r, 2, &added), KUNDIG_OK);
    cr_assert_eq(added.added, 2);
    cr_assert_eq(fixture_add(&f, r, 2, &added), KUNDIG_OK);
    cr_assert_eq(added.added, 0);
    cr_assert_eq(added.unchanged, 2);
    cr_assert_eq(kundig__corpus_generation(f.corpus), 1, "nothing changed, so nothing is stale");
    r[0].text = kundig__str("other words");
    cr_assert_eq(fixture_add(&f, r, 2, &added), KUNDIG_OK);
    cr_assert_eq(added.versions, 1);
    cr_assert_eq(added.conflicts, 1, "both versions claim no updated time");
    cr_assert_eq(added.unchanged, 1);
    r[0].text = kundig__str("newer words");
    r[0].updated_ms = 100;
    cr_assert_eq(fixture_add(&f, r, 1, &added), KUNDIG_OK);
    cr_assert_eq(added.versions, 1);
    cr_assert_eq(added.conflicts, 0);
    cr_assert_eq(fixture_add(&f, r, 1, &added), KUNDIG_OK);
    cr_assert_eq(added.unchanged, 1);
    r[0].text = kundig__str("first");
    r[0].updated_ms = KUNDIG_TIME_ABSENT;
    cr_assert_eq(fixture_add(&f, r, 1, &added), KUNDIG_OK);
    cr_assert_eq(added.unchanged, 1, "an old version is known too");
    fixture_check(&f);
    cr_assert_eq(kundig__corpus_rows(f.corpus), 4);
    cr_assert_eq(kundig__corpus_current_rows(f.corpus), 2);
    fixture_close(&f);
}

Test(identity, keeps_sources_apart)
{
    fixture f;
    kundig_added added;
    fixture_open(&f);
    kundig_feedback r[3] = {fixture_record("1", "x"), fixture_record("1", "x"),
                            fixture_record("1", "x")};
    r[1].source = kundig__str("other.csv");
    r[2].source = kundig__text(NULL, 0);
    cr_assert_eq(fixture_add(&f, r, 3, &added), KUNDIG_OK);
    cr_assert_eq(added.added, 3);
    fixture_close(&f);
}

Test(identity, finds_a_record_by_its_source_and_id)
{
    fixture f;
    kundig__buf scratch;
    fixture_open(&f);
    kundig_feedback r[4] = {fixture_record("1", "x"), fixture_record("2", "x"),
                            fixture_record("1", "y"), fixture_record("1", "z")};
    r[2].source = kundig__str("other.csv");
    r[3].source = kundig__text(NULL, 0);
    cr_assert_eq(fixture_add(&f, r, 4, NULL), KUNDIG_OK);
    kundig__buf_init(&scratch, f.corpus->mem);
    const kundig__identity *identity = &f.corpus->identity;
    const uint32_t *sources = f.corpus->dims[KUNDIG__DIM_SOURCE].codes;
    for (uint32_t row = 0; row < 4; row++) {
        cr_assert_eq(kundig__identity_find(identity, &scratch, sources[row], r[row].id), row);
    }
    cr_assert_eq(kundig__identity_find(identity, &scratch, sources[2], r[1].id), KUNDIG__DICT_NONE);
    cr_assert_eq(kundig__identity_find(identity, &scratch, sources[0], kundig__str("")),
                 KUNDIG__DICT_NONE);
    kundig__buf_free(&scratch);
    probe_shared.allocations = 0;
    probe_shared.fail_at = 1;
    cr_assert_eq(kundig__identity_find(identity, &scratch, sources[0], r[0].id), KUNDIG__DICT_NONE);
    probe_shared.fail_at = 0;
    cr_assert(scratch.failed, "not found for want of memory");
    kundig__buf_free(&scratch);
    fixture_close(&f);
}

Test(identity, without_id_keeps_multiplicity_and_knows_a_reimport)
{
    fixture f;
    kundig_added added;
    fixture_open(&f);
    kundig_feedback r[4] = {fixture_record(NULL, "ok"), fixture_record(NULL, "ok"),
                            fixture_record(NULL, "bad"), fixture_record(NULL, "ok")};
    cr_assert_eq(fixture_add(&f, r, 4, &added), KUNDIG_OK);
    cr_assert_eq(added.added, 4);
    cr_assert_eq(fixture_add(&f, r, 4, &added), KUNDIG_OK);
    cr_assert_eq(added.added, 0);
    cr_assert_eq(added.unchanged, 4);
    cr_assert_eq(kundig__corpus_rows(f.corpus), 4);
    cr_assert_null(kundig__corpus_id(f.corpus, 0).data);
    r[2] = fixture_record(NULL, "ok"); /* one more than there are */
    cr_assert_eq(fixture_add(&f, r, 4, &added), KUNDIG_OK);
    cr_assert_eq(added.added, 1);
    cr_assert_eq(added.unchanged, 3);
    fixture_check(&f);
    fixture_close(&f);
}

Test(identity, stays_linear_when_a_column_of_equal_ids_is_taken_for_the_id)
{
    enum { COUNT = 100000 };
    fixture f;
    fixture_open(&f);
    cr_assert_eq(kundig__batch_begin(f.corpus, &f.err), KUNDIG_OK);
    kundig_added added;
    kundig_added_init(&added);
    for (int i = 0; i < COUNT; i++) {
        char text[16];
        kundig_feedback r = fixture_record("same", NULL);
        r.text = kundig__text(text, (size_t)snprintf(text, sizeof text, "%d", i));
        cr_assert_eq(kundig__batch_add(f.corpus, &r, &added, NULL, &f.err), KUNDIG_OK);
    }
    kundig__batch_commit(f.corpus);
    cr_assert_eq(added.added, 1);
    cr_assert_eq(added.versions, COUNT - 1);
    cr_assert_eq(added.conflicts, COUNT - 1);
    cr_assert_eq(kundig__corpus_current_rows(f.corpus), 1);
    fixture_check(&f);
    fixture_close(&f);
}

static uint32_t identity_current(const kundig__corpus *corpus)
{
    uint32_t row = 0;
    while (!kundig__row_is_current(corpus, row)) {
        row++;
    }
    return row;
}

Test(identity, the_current_version_does_not_depend_on_the_order)
{
    static const char *const texts[6] = {"a", "b", "c", "d", "e", "f"};
    static const int64_t updated[6] = {KUNDIG_TIME_ABSENT, 5, 7, 7, 7, 1};
    kundig__prng prng;
    char winner[2] = "";
    kundig__prng_init(&prng, 1);
    for (int round = 0; round < 50; round++) {
        fixture f;
        int order[6] = {0, 1, 2, 3, 4, 5};
        fixture_open(&f);
        for (size_t i = 5; i > 0; i--) {
            size_t j = (size_t)kundig__prng_below(&prng, i + 1);
            int swap = order[i];
            order[i] = order[j];
            order[j] = swap;
        }
        for (int i = 0; i < 6; i++) {
            kundig_feedback r = fixture_record("1", texts[order[i]]);
            r.updated_ms = updated[order[i]];
            cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
            fixture_check(&f);
        }
        kundig_text text = kundig__corpus_text(f.corpus, identity_current(f.corpus));
        cr_assert_eq(text.len, 1);
        cr_assert(text.data[0] >= 'c' && text.data[0] <= 'e', "the newest time wins");
        if (!winner[0]) {
            winner[0] = text.data[0];
        }
        cr_assert_eq(winner[0], text.data[0], "and among equals the greatest hash");
        fixture_close(&f);
    }
}
