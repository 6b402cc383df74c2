#include <criterion/criterion.h>

#include "base/math.h"
#include "probe.h"
#include "why/rates.h"

TestSuite(rates, .fini = probe_fini);

/* 2^-5 is the probability of five of five where both sides are as long. */
Test(rates, five_against_none_is_twice_a_half_to_the_fifth)
{
    kundig__rate rate;
    kundig__rate_ratio(5, 1, 0, 1, .95, &rate);
    cr_assert_float_eq(rate.p, 2 * .03125, 1e-13);
    cr_assert(!kundig__is_finite(rate.ratio));
    cr_assert(!kundig__is_finite(rate.hi));
    /* Clopper and Pearson for 5 of 5: lo = .025^(1/5) = .4781762 */
    cr_assert_float_eq(rate.lo, .4781762499 / (1 - .4781762499), 1e-7);
}

/* Clopper and Pearson for 8 of 10: .4439045 to .9747893; P(X >= 8) = 56/1024. */
Test(rates, the_interval_is_that_of_the_share)
{
    kundig__rate rate;
    kundig__rate_ratio(8, 3, 2, 3, .95, &rate);
    cr_assert_float_eq(rate.ratio, 4, 1e-12);
    cr_assert_float_eq(rate.p, 2 * 56 / 1024.0, 1e-12);
    cr_assert_float_eq(rate.lo, .4439045 / (1 - .4439045), 1e-5);
    cr_assert_float_eq(rate.hi, .9747893 / (1 - .9747893), 1e-3);
}

Test(rates, exposure_scales_the_ratio)
{
    kundig__rate even;
    kundig__rate long_before;
    kundig__rate_ratio(8, 1, 2, 1, .95, &even);
    kundig__rate_ratio(8, 1, 2, 10, .95, &long_before);
    cr_assert_float_eq(long_before.ratio, 10 * even.ratio, 1e-9);
    cr_assert_float_eq(long_before.lo, 10 * even.lo, 1e-9);
    cr_assert(long_before.p < even.p);
}

Test(rates, nothing_now_is_no_rise)
{
    kundig__rate rate;
    kundig__rate_ratio(0, 1, 4, 1, .95, &rate);
    cr_assert_eq(rate.ratio, 0);
    cr_assert_eq(rate.lo, 0);
    cr_assert(rate.hi < 2);
    cr_assert_float_eq(rate.p, 2 * .0625, 1e-13);
}
