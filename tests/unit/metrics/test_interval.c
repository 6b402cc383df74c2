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

/* Expected counts: sums of exact fractions in other code. */
Test(interval, binomial_limits_keep_their_tails)
{
    static const struct {
        double p;
        double n;
        double limits[4]; /* of 95 %, of 99.8 % */
    } cases[] = {{.2, 50, {5, 16, 2, 19}}, {.9, 30, {23, 30, 21, 30}}, {.01, 20, {0, 1, 0, 3}},
                 {.5, 1, {0, 1, 0, 1}},    {.33, 7, {0, 5, 0, 6}},     {0, 9, {0, 0, 0, 0}},
                 {1, 9, {9, 9, 9, 9}}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        kundig__interval inner = kundig__binomial_limits(cases[i].p, cases[i].n, .95);
        kundig__interval outer = kundig__binomial_limits(cases[i].p, cases[i].n, .998);
        cr_assert_eq(inner.lo, cases[i].limits[0] / cases[i].n, "%zu", i);
        cr_assert_eq(inner.hi, cases[i].limits[1] / cases[i].n, "%zu", i);
        cr_assert_eq(outer.lo, cases[i].limits[2] / cases[i].n, "%zu", i);
        cr_assert_eq(outer.hi, cases[i].limits[3] / cases[i].n, "%zu", i);
    }
    kundig__interval many = kundig__binomial_limits(.4, 1e6, .95);
    cr_assert_float_eq(many.lo, .4 - Z95 * kundig__sqrt(.24 / 1e6), 2e-6);
    cr_assert_float_eq(many.hi, .4 + Z95 * kundig__sqrt(.24 / 1e6), 2e-6);
    kundig__interval broken = kundig__binomial_limits(.4, 12.7, .95);
    cr_assert(broken.lo >= 0 && broken.lo < .4 && broken.hi > .4 && broken.hi <= 1);
    cr_assert_eq(kundig__binomial_limits(.4, .5, .95).hi, 1);
}

Test(interval, net_limits_keep_their_tails)
{
    static const struct {
        double down;
        double up;
        uint32_t n;
        double limits[4];
    } cases[] = {{.1, .7, 10, {2, 10, -1, 10}},
                 {.1, .7, 100, {47, 73, 38, 79}},
                 {.3, .5, 25, {-4, 13, -9, 18}},
                 {.5, .5, 7, {-5, 5, -7, 7}},
                 {0, 1, 200, {200, 200, 200, 200}}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double s = cases[i].up - cases[i].down;
        double v = cases[i].up + cases[i].down - s * s;
        double n = cases[i].n;
        kundig__interval inner = kundig__net_limits(s, v, cases[i].n, .95);
        kundig__interval outer = kundig__net_limits(s, v, cases[i].n, .998);
        cr_assert_eq(inner.lo, cases[i].limits[0] / n, "%zu: %g", i, inner.lo * n);
        cr_assert_eq(inner.hi, cases[i].limits[1] / n, "%zu: %g", i, inner.hi * n);
        cr_assert_eq(outer.lo, cases[i].limits[2] / n, "%zu: %g", i, outer.lo * n);
        cr_assert_eq(outer.hi, cases[i].limits[3] / n, "%zu: %g", i, outer.hi * n);
    }
}

Test(interval, limits_of_means_lean_as_the_answers_do)
{
    double third = .6 - 3 * .6 * .8 + 2 * .216;
    kundig__interval inner = kundig__mean_limits(.6, .44, third, 400, .95, -1, 1);
    kundig__interval outer = kundig__mean_limits(.6, .44, third, 400, .998, -1, 1);
    near(inner.lo, .5338975122441662, 1e-12);
    near(inner.hi, .663906815030752, 1e-12);
    near(outer.lo, .49420535954944383, 1e-12);
    near(outer.hi, .69918818104131, 1e-12);
    kundig__interval wild = kundig__mean_limits(.9, .01, -5, 4, .998, -1, 1);
    cr_assert(wild.lo < .9 && wild.hi > .9 && wild.hi <= 1);
    kundig__interval none = kundig__mean_limits(3, 0, 0, 4, .95, 1, 5);
    cr_assert(none.lo == 3 && none.hi == 3);
}
