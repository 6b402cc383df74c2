#include "support.h"

TestSuite(scratch, .fini = probe_fini);

Test(scratch, allocates_nothing_for_the_second_comment)
{
    text_fixture fixture;
    text_begin(&fixture);
    static const char text[] = "Die Größe passt nicht, e\xCC\x81"
                               "chte Enttäuschung!!! 漢字漢字";
    cr_assert_eq(kundig__text_features(&fixture.scratch, text, sizeof text - 1,
                                       KUNDIG__WORDS | KUNDIG__PAIRS),
                 KUNDIG_OK);
    size_t before = probe_shared.allocations;
    cr_assert_eq(kundig__text_features(&fixture.scratch, text, sizeof text - 1,
                                       KUNDIG__WORDS | KUNDIG__PAIRS),
                 KUNDIG_OK);
    cr_assert_eq(probe_shared.allocations, before);
    text_end(&fixture);
}

Test(scratch, can_be_freed_unused_and_twice)
{
    text_fixture fixture;
    text_begin(&fixture);
    text_end(&fixture);
    text_end(&fixture);
}

Test(scratch, tells_pairs_apart_by_order)
{
    uint64_t a = kundig__xxh3("gut", 3);
    uint64_t b = kundig__xxh3("nicht", 5);
    cr_assert_neq(kundig__pair_hash(a, b), kundig__pair_hash(b, a));
    cr_assert_neq(kundig__pair_hash(a, a), kundig__pair_hash(b, b));
    cr_assert_neq(kundig__pair_hash(a, a), 0);
}

/* Of a million pairs of 1,000 words, the low and the high 20 bits must fill their buckets as chance
 * does: 2^20 (1 - e^(-10^6/2^20)) = 644,554 of them, give or take 350. */
Test(scratch, spreads_pairs_over_low_and_high_bits)
{
    static uint8_t low[1 << 20];
    static uint8_t high[1 << 20];
    static uint64_t words[1000];
    for (unsigned i = 0; i < 1000; i++) {
        words[i] = kundig__xxh3(&i, sizeof i);
    }
    for (unsigned i = 0; i < 1000; i++) {
        for (unsigned j = 0; j < 1000; j++) {
            uint64_t hash = kundig__pair_hash(words[i], words[j]);
            low[hash & 0xFFFFF] = 1;
            high[hash >> 44] = 1;
        }
    }
    long low_count = 0;
    long high_count = 0;
    for (size_t i = 0; i < sizeof low; i++) {
        low_count += low[i];
        high_count += high[i];
    }
    cr_assert(low_count > 642500 && low_count < 646500, "%ld", low_count);
    cr_assert(high_count > 642500 && high_count < 646500, "%ld", high_count);
}
