#include "support.h"

TestSuite(presence, .fini = probe_fini);

static void presence_of(kundig__presence *presence, kundig__scratch *scratch, const char *text,
                        bool pairs)
{
    cr_assert_eq(kundig__text_features(scratch, text, strlen(text), KUNDIG__DISCOVER_FAMILIES),
                 KUNDIG_OK);
    cr_assert(kundig__presence_read(presence, scratch, 0, scratch->token_count, 0,
                                    scratch->gram_count, pairs));
}

Test(presence, holds_each_bucket_once_and_nothing_of_the_text_before)
{
    kundig__mem mem;
    discover_mem(&mem);
    kundig__scratch scratch;
    kundig__scratch_init(&scratch, &mem);
    kundig__presence presence;
    cr_assert(kundig__presence_init(&presence, &mem));
    presence_of(&presence, &scratch, "no no no", false);
    /* "no", and " no" and "no " and " no " of characters */
    cr_assert_eq(presence.count, 4);
    presence_of(&presence, &scratch, "no yes", true);
    size_t words = 0;
    size_t pairs = 0;
    for (size_t i = 0; i < presence.count; i++) {
        words += presence.list[i] >> KUNDIG__NOTE_BITS == KUNDIG__NOTE_WORDS;
        pairs += presence.list[i] >> KUNDIG__NOTE_BITS == KUNDIG__NOTE_PAIRS;
    }
    cr_assert_eq(words, 2);
    cr_assert_eq(pairs, 1);
    presence_of(&presence, &scratch, "", true);
    cr_assert_eq(presence.count, 0);
    kundig__presence_free(&presence);
    kundig__scratch_free(&scratch);
}

Test(presence, begins_anew_when_its_stamps_are_used_up)
{
    kundig__mem mem;
    discover_mem(&mem);
    kundig__scratch scratch;
    kundig__scratch_init(&scratch, &mem);
    kundig__presence presence;
    cr_assert(kundig__presence_init(&presence, &mem));
    presence_of(&presence, &scratch, "no", false);
    presence.stamp = UINT32_MAX;
    presence_of(&presence, &scratch, "no", false);
    cr_assert_eq(presence.count, 4);
    kundig__presence_free(&presence);
    kundig__scratch_free(&scratch);
}

Test(presence, frees_all_where_memory_fails)
{
    for (size_t n = 1; n < 3; n++) {
        kundig__mem mem;
        discover_mem(&mem);
        kundig__presence presence;
        probe_shared.allocations = 0;
        probe_shared.fail_at = n;
        cr_assert(!kundig__presence_init(&presence, &mem));
        probe_shared.fail_at = 0;
        cr_assert_eq(probe_shared.live_blocks, 0);
    }
}
