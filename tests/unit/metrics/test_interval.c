#include "base/math.h"
#include "cells.h"

TestSuite(interval, .fini = probe_fini);

#define Z95 1.959963984540054

Test(interval, wilson_oracles_hold_to_every_digit)
{
    near(kundig__wilson(.8, 100, Z95).lo, .711171, 1e-6);
    near(kundig__wilson(.8, 100, Z95).hi, .866633, 1e-6);
    cr_assert_eq(kundig__wilson(0, 10, Z95).lo, 0);
    near(kundig__wilson(0, 10, Z95).hi, .277533, 1e-6);
    cr_assert_eq(kundig__wilson(1, 10, Z95).hi, 1);
    near(kundig__wilson(1, 10, Z95).lo, 1 - .277533, 1e-6);
}

Test(interval, tango_is_the_mirror_of_itself)
{
    static const double shares[][3] = {{.2, .3, .5}, {.05, .9, .05}, {0, .5, .5}, {.01, .04, .95}};
    for (size_t i = 0; i < 4; i++) {
        double s = shares[i][2] - shares[i][0];
        double v = shares[i][2] + shares[i][0] - s * s;
        kundig__interval there = kundig__tango(s, v, 30, Z95);
        kundig__interval back = kundig__tango(-s, v, 30, Z95);
        near(there.lo, -back.hi, 1e-12);
        near(there.hi, -back.lo, 1e-12);
        cr_assert(there.lo < s && s < there.hi);
        cr_assert(there.lo >= -1 && there.hi <= 1);
    }
}

Test(interval, tango_of_means_is_that_of_whole_answers_with_their_mean)
{
    /* thirty customers whose answers all average .3: nine promoters and 21 passives at the least */
    kundig__interval means = kundig__tango(.3, 0, 30, Z95);
    kundig__interval whole = kundig__tango(.3, .3 - .09, 30, Z95);
    kundig__interval less = kundig__tango(-.3, 0, 30, Z95);
    cr_assert_float_eq(means.lo, whole.lo, 1e-12);
    cr_assert_float_eq(means.hi, whole.hi, 1e-12);
    cr_assert_float_eq(less.lo, -means.hi, 1e-12);
    cr_assert(means.lo < .3 && means.hi > .3);
}

Test(interval, more_answers_narrow_every_interval)
{
    kundig__interval before = {-1, 1};
    kundig__interval wilson = {0, 1};
    for (double n = 1; n < 1e7; n *= 7.5) {
        kundig__interval tango = kundig__tango(.25, .6, n, Z95);
        kundig__interval share = kundig__wilson(.3, n, Z95);
        cr_assert(tango.hi - tango.lo < before.hi - before.lo, "n = %g", n);
        cr_assert(share.hi - share.lo < wilson.hi - wilson.lo);
        before = tango;
        wilson = share;
    }
}

Test(interval, half_widths_need_the_published_sample_sizes)
{
    /* n = z^2 V / e^2 for five points */
    static const double rows[][2] = {{.44, 677}, {.5475, 842}, {1, 1537}};
    for (size_t i = 0; i < 3; i++) {
        double n = rows[i][1];
        double enough = Z95 * kundig__sqrt(rows[i][0] / n);
        double short_of = Z95 * kundig__sqrt(rows[i][0] / (n - 1));
        cr_assert(enough <= .05 && short_of > .05);
    }
}

Test(interval, adjusted_values_are_those_of_the_added_answers)
{
    kundig__adjusted net = kundig__net_adjust(.6, .44, 100);
    near(net.value, 60.0 / 103, 1e-15);
    near(net.variance, (81.5 / 103 - 60.0 / 103 * 60.0 / 103) / 103, 1e-15);
    kundig__adjusted share = kundig__share_adjust(.5, 8);
    near(share.value, .5, 1e-15);
    near(share.variance, .025, 1e-15);
}

Test(interval, unseen_answers_stay_possible)
{
    kundig__interval one = kundig__unseen(3, 1, .95, 1, 5);
    near(one.lo, 3 - .95 * 2, 1e-14);
    near(one.hi, 3 + .95 * 2, 1e-14);
    kundig__interval edge = kundig__unseen(5, 100, .95, 1, 5);
    cr_assert_eq(edge.hi, 5);
    near(edge.lo, 5 - 4 * .0295130, 1e-6);
}
