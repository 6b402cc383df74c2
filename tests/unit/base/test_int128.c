#include <criterion/criterion.h>

#include "base/int128.h"
#include "base/prng.h"
#include "probe.h"

TestSuite(int128, .fini = probe_fini);

static kundig__i128 power2(int k)
{
    return (kundig__i128)1 << k;
}

Test(int128, small_numbers_are_exact)
{
    cr_assert_eq(kundig__i128_to_double(0), 0.0);
    cr_assert_eq(kundig__i128_to_double(-1), -1.0);
    cr_assert_eq(kundig__i128_to_double(INT64_C(9007199254740992)), 9007199254740992.0);
    cr_assert_eq(kundig__i128_to_double(-INT64_C(9007199254740991)), -9007199254740991.0);
    for (int k = 0; k < 127; k++) {
        double expected = 1;
        for (int i = 0; i < k; i++) {
            expected *= 2;
        }
        cr_assert_eq(kundig__i128_to_double(power2(k)), expected, "2^%d", k);
        cr_assert_eq(kundig__i128_to_double(-power2(k)), -expected, "-2^%d", k);
    }
}

Test(int128, ties_go_to_even_and_anything_beyond_a_tie_goes_up)
{
    for (int k = 54; k < 126; k++) {
        kundig__i128 half = power2(k - 53);
        double one = kundig__i128_to_double(power2(k));
        double next = kundig__i128_to_double(power2(k) + 2 * half);
        double second = kundig__i128_to_double(power2(k) + 4 * half);
        cr_assert(one < next && next < second);
        cr_assert_eq(kundig__i128_to_double(power2(k) + half), one, "%d", k);
        cr_assert_eq(kundig__i128_to_double(power2(k) + 3 * half), second, "%d", k);
        cr_assert_eq(kundig__i128_to_double(power2(k) + half - 1), one, "%d", k);
        cr_assert_eq(kundig__i128_to_double(power2(k) + half + 1), next, "%d", k);
        /* All ones round up to the next power. */
        cr_assert_eq(kundig__i128_to_double(power2(k + 1) - 1),
                     kundig__i128_to_double(power2(k + 1)), "%d", k);
    }
}

Test(int128, the_ends_do_not_overflow)
{
    kundig__i128 most = power2(126) - 1 + power2(126);
    cr_assert_eq(kundig__i128_to_double(most), 0x1p127);
    cr_assert_eq(kundig__i128_to_double(-most - 1), -0x1p127);
}

Test(int128, agrees_with_the_conversion_of_64_bits)
{
    kundig__prng prng;
    kundig__prng_init(&prng, 3);
    for (int i = 0; i < 100000; i++) {
        int64_t value = (int64_t)kundig__prng_next(&prng) >> (i % 64);
        cr_assert_eq(kundig__i128_to_double(value), (double)value);
    }
}
