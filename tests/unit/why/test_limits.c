#include <criterion/criterion.h>

#include "base/math.h"
#include "probe.h"
#include "why/limits.h"

TestSuite(limits, .fini = probe_fini);

/* n choose k by Pascal's triangle: exact in doubles here. */
static double limits_pascal(int n, int k)
{
    double row[64] = {1};
    for (int i = 1; i <= n; i++) {
        for (int j = i; j > 0; j--) {
            row[j] += row[j - 1];
        }
    }
    return k < 0 || k > n ? 0 : row[k];
}

Test(limits, tails_of_shares_are_those_of_all_ways_to_draw)
{
    for (int n = 1; n <= 8; n++) {
        for (int n0 = 0; n0 <= 9; n0++) {
            for (int marked = 0; marked <= n + n0; marked++) {
                for (int y = 0; y <= n && y <= marked; y++) {
                    if (marked - y > n0) {
                        continue;
                    }
                    double up = 0;
                    double down = 0;
                    for (int x = 0; x <= n; x++) {
                        double ways =
                            limits_pascal(marked, x) * limits_pascal(n + n0 - marked, n - x);
                        up += x >= y ? ways : 0;
                        down += x <= y ? ways : 0;
                    }
                    double all = limits_pascal(n + n0, n);
                    kundig__tails tails = kundig__tails_of_share(
                        (uint64_t)y, (uint64_t)n, (uint64_t)(marked - y), (uint64_t)n0);
                    cr_assert_float_eq(tails.up, up / all, 1e-11);
                    cr_assert_float_eq(tails.down, down / all, 1e-11);
                }
            }
        }
    }
}

Test(limits, tails_of_counts_are_binomial)
{
    for (int y = 0; y <= 7; y++) {
        for (int y0 = 0; y0 <= 9; y0++) {
            double p = .25; /* one period against three */
            double up = 0;
            double down = 0;
            for (int x = 0; x <= y + y0; x++) {
                double ways = limits_pascal(y + y0, x);
                for (int i = 0; i < y + y0; i++) {
                    ways *= i < x ? p : 1 - p;
                }
                up += x >= y ? ways : 0;
                down += x <= y ? ways : 0;
            }
            kundig__tails tails = kundig__tails_of_count((uint64_t)y, (uint64_t)y0, 3);
            cr_assert_float_eq(tails.up, up, 1e-12);
            cr_assert_float_eq(tails.down, down, 1e-12);
        }
    }
}

Test(limits, run_lengths_are_the_published_ones)
{
    /* One-sided sums with slack .5: limit 4 is passed once in 335.4 values, 5 in 930.9 (tables of
     * the method give 336 and 930 to 938, by the number of states). */
    cr_assert_float_eq(kundig__cusum_run_length(.5, 4), 336, 3);
    cr_assert_float_eq(kundig__cusum_run_length(.5, 5), 932, 9);
    cr_assert_float_eq(kundig__cusum_limit(.5, kundig__cusum_run_length(.5, 4.3)), 4.3, 1e-6);
}

Test(limits, squares_exceed_chance_as_tables_say)
{
    /* 95 % points of chi square: 12.592 with 6, 124.342 with 100 degrees of freedom */
    cr_assert_float_eq(kundig__squares_z(12.592, 6), 1.645, .02);
    cr_assert_float_eq(kundig__squares_z(124.342, 100), 1.645, .005);
    cr_assert(kundig__squares_z(0, 4) < -2);
}
