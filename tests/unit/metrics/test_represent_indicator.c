#include "base/math.h"
#include "base/prng.h"
#include "cells.h"
#include "metrics/represent.h"

TestSuite(represent_indicator, .fini = probe_fini);

Test(represent_indicator, by_hand)
{
    /* Rates .6 and .2, mean .4: S^2 = (50 * .04 + 50 * .04) / 99. Chance adds
     * 1/2 * 50 * (.24 / 49 + .16 / 49) = .2040816 to the 4. */
    static const uint32_t base[] = {50, 50};
    static const uint32_t answered[] = {30, 10};
    kundig__indicator out;
    cr_assert(kundig__r_indicator(base, answered, 2, 1.959963984540054, &out));
    cr_assert_eq(out.cells, 2);
    near(out.r, .597985, 1e-6);
    near(out.adjusted, .608375, 1e-6);
    /* 400 * (.4 / 49) + 2 * (50 * .24 / 49)^2 + 2 * (50 * .16 / 49)^2 = 3.438567 */
    near(out.lo, .452080, 1e-6);
    near(out.hi, .919225, 1e-6);
}

Test(represent_indicator, knows_its_ends)
{
    static const uint32_t base[] = {500, 500};
    static const uint32_t all_or_none[] = {500, 0};
    static const uint32_t alike[] = {250, 250};
    static const uint32_t nobody[] = {0, 0};
    static const uint32_t one[] = {1, 1};
    kundig__indicator out;
    cr_assert(kundig__r_indicator(base, all_or_none, 2, 1.96, &out));
    cr_assert_lt(out.r, .001);
    cr_assert_eq(out.lo, out.hi, "whom chance has no part in");
    cr_assert(kundig__r_indicator(base, alike, 2, 1.96, &out));
    cr_assert_eq(out.r, 1);
    cr_assert_eq(out.adjusted, 1);
    cr_assert_eq(out.hi, 1);
    cr_assert_lt(out.lo, 1);
    cr_assert(kundig__r_indicator(base, nobody, 2, 1.96, &out));
    cr_assert_eq(out.lo, 1);
    cr_assert(kundig__r_indicator(one, nobody, 2, 1.96, &out));
    cr_assert(!kundig__r_indicator(base, alike, 1, 1.96, &out));
    cr_assert(!kundig__r_indicator(base, alike, 0, 1.96, &out));
}

Test(represent_indicator, is_not_fooled_by_many_small_cells)
{
    /* Nobody differs: unadjusted, 50 cells of 10 look unlike each other all the same. */
    kundig__prng prng;
    double plain = 0;
    double adjusted = 0;
    int covered = 0;
    kundig__prng_init(&prng, 11);
    for (int turn = 0; turn < 400; turn++) {
        uint32_t base[50];
        uint32_t answered[50];
        kundig__indicator out;
        for (size_t i = 0; i < 50; i++) {
            base[i] = 10;
            answered[i] = 0;
            for (int person = 0; person < 10; person++) {
                answered[i] += kundig__prng_below(&prng, 10) < 3;
            }
        }
        cr_assert(kundig__r_indicator(base, answered, 50, 1.959963984540054, &out));
        plain += out.r / 400;
        adjusted += out.adjusted / 400;
        covered += out.hi == 1;
    }
    cr_assert_lt(plain, .73);
    cr_assert_gt(adjusted, .93);
    cr_assert_geq(covered, 380);
}

Test(represent_indicator, its_interval_covers_what_is_true)
{
    static const uint32_t thirds[] = {20, 30, 45, 60};
    static const uint32_t sizes[] = {100, 200, 300, 150};
    double people = 0;
    double mean = 0;
    double sum = 0;
    int covered = 0;
    kundig__prng prng;
    for (size_t i = 0; i < 4; i++) {
        people += sizes[i];
        mean += sizes[i] * (thirds[i] / 100.0);
    }
    mean /= people;
    for (size_t i = 0; i < 4; i++) {
        sum += sizes[i] * (thirds[i] / 100.0 - mean) * (thirds[i] / 100.0 - mean);
    }
    double truth = 1 - 2 * kundig__sqrt(sum / (people - 1));
    kundig__prng_init(&prng, 12);
    for (int turn = 0; turn < 1000; turn++) {
        uint32_t answered[4] = {0};
        kundig__indicator out;
        for (size_t i = 0; i < 4; i++) {
            for (uint32_t person = 0; person < sizes[i]; person++) {
                answered[i] += kundig__prng_below(&prng, 100) < thirds[i];
            }
        }
        cr_assert(kundig__r_indicator(sizes, answered, 4, 1.959963984540054, &out));
        covered += out.lo <= truth && truth <= out.hi;
    }
    cr_assert_geq(covered, 930, "%d of 1000", covered);
    cr_assert_leq(covered, 980, "%d of 1000", covered);
}
