#include <criterion/criterion.h>

#include "base/prng.h"
#include "probe.h"

TestSuite(prng, .fini = probe_fini);

Test(prng, gives_the_published_sequence)
{
    /* From the state 1, 2, 3, 4, as the authors' code gives it. */
    static const uint64_t expected[10] = {
        UINT64_C(11520),
        UINT64_C(0),
        UINT64_C(1509978240),
        UINT64_C(1215971899390074240),
        UINT64_C(1216172134540287360),
        UINT64_C(607988272756665600),
        UINT64_C(16172922978634559625),
        UINT64_C(8476171486693032832),
        UINT64_C(10595114339597558777),
        UINT64_C(2904607092377533576),
    };
    kundig__prng prng = {{1, 2, 3, 4}};
    for (int i = 0; i < 10; i++) {
        uint64_t got = kundig__prng_next(&prng);
        cr_assert_eq(got, expected[i], "number %d is %llu", i, (unsigned long long)got);
    }
}

Test(prng, is_seeded_by_splitmix64)
{
    kundig__prng prng;
    kundig__prng_init(&prng, 0);
    cr_assert_eq(prng.s[0], UINT64_C(0xE220A8397B1DCDAF));
    cr_assert_eq(prng.s[1], UINT64_C(0x6E789E6AA1B965F4));
    cr_assert_eq(prng.s[2], UINT64_C(0x06C45D188009454F));
    cr_assert_eq(prng.s[3], UINT64_C(0xF88BB8A8724C81EC));
    kundig__prng_init(&prng, 1234567);
    cr_assert_eq(prng.s[0], UINT64_C(6457827717110365317));
    cr_assert_eq(prng.s[1], UINT64_C(3203168211198807973));
}

Test(prng, below_is_below_and_fair)
{
    kundig__prng prng;
    uint64_t counts[6] = {0};
    kundig__prng_init(&prng, 5);
    for (int i = 0; i < 60000; i++) {
        uint64_t got = kundig__prng_below(&prng, 6);
        cr_assert(got < 6);
        counts[got]++;
    }
    for (int i = 0; i < 6; i++) {
        cr_assert(counts[i] > 9600 && counts[i] < 10400, "%d came up %d times", i, (int)counts[i]);
    }
    for (int i = 0; i < 100; i++) {
        cr_assert_eq(kundig__prng_below(&prng, 1), 0);
    }
    /* A bound of 3 * 2^62: without redrawing, one value of every three would be twice as likely. */
    uint64_t bound = UINT64_C(3) << 62;
    uint64_t low = 0;
    for (int i = 0; i < 30000; i++) {
        uint64_t got = kundig__prng_below(&prng, bound);
        cr_assert(got < bound);
        low += got % 3 == 0 ? 1 : 0;
    }
    cr_assert(low > 9500 && low < 10500, "%d of 30000", (int)low);
}

Test(prng, unit_is_in_zero_to_one_with_53_bits)
{
    kundig__prng prng;
    double sum = 0;
    kundig__prng_init(&prng, 6);
    for (int i = 0; i < 100000; i++) {
        double u = kundig__prng_unit(&prng);
        cr_assert(u >= 0 && u < 1);
        cr_assert_eq(u * 0x1p53, (double)(uint64_t)(u * 0x1p53));
        sum += u;
    }
    cr_assert(sum > 49500 && sum < 50500);
    /* The greatest word gives the greatest double below 1. */
    kundig__prng top = {{0, 0, 0, 0}};
    cr_assert_eq(kundig__prng_unit(&top), 0.0);
}
