/* What comments say, as columns of the corpus. */
#include "saying.h"

TestSuite(said, .fini = probe_fini);

Test(said, is_kept_and_counted_as_memory_of_the_corpus)
{
    static const uint8_t sets[2] = {5, 0};
    fixture f;
    const kundig__said *said = NULL;
    uint64_t before;
    uint64_t after;
    uint64_t texts;
    fixture_open(&f);
    kundig_feedback records[2] = {fixture_record("1", "words"), fixture_record("2", "more")};
    cr_assert_eq(fixture_add(&f, records, 2, NULL), KUNDIG_OK);
    kundig__corpus_memory(f.corpus, &before, &texts);
    saying_plant(&f, sets, NULL);
    cr_assert_eq(kundig__corpus_said(f.corpus, &said, &f.err), KUNDIG_OK);
    cr_assert_eq(said->most, 2);
    cr_assert_eq(said->topics[1], 2);
    kundig__corpus_memory(f.corpus, &after, &texts);
    cr_assert_gt(after, before);
    cr_assert_leq(after, f.context.mem.used);
    fixture_close(&f);
}
