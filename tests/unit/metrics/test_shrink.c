#include "base/math.h"
#include "cells.h"

TestSuite(shrink, .fini = probe_fini);

/* Expected values: the formulas in exact fractions in other code. */
Test(shrink, groups_are_drawn_to_the_whole_as_far_as_they_are_small)
{
    kundig__shrunk three[] = {{10, .2, 0, 0, 0}, {40, .5, 0, 0, 0}, {50, .9, 0, 0, 0}};
    kundig__shrinkage found = kundig__shrink(three, 3, .67, .2, .95, 0, 1);
    near(found.between, .09672413793103449, 1e-14);
    near(found.dispersion, 15.025, 1e-12);
    near(three[0].shrunk, .2805317577548006, 1e-13);
    near(three[1].shrunk, .5083559322033898, 1e-13);
    near(three[2].shrunk, .8908661417322834, 1e-13);
    cr_assert_eq(three[0].lo, 0); /* of -.055: the scale ends there */
    near(three[0].hi, .6164735965672756, 1e-12);
    near(three[1].lo, .36997470884965633, 1e-12);
    near(three[1].hi, .6467371555571233, 1e-12);

    kundig__shrunk five[] = {{10, .2, 0, 0, 0},
                             {40, .5, 0, 0, 0},
                             {50, .9, 0, 0, 0},
                             {20, .6, 0, 0, 0},
                             {30, .7, 0, 0, 0}};
    found = kundig__shrink(five, 5, .66, .2, .95, -1, 1);
    near(found.between, .047058823529411764, 1e-14);
    near(five[0].shrunk, .3371929824561403, 1e-13);
    near(five[0].lo, -.005913515022440752, 1e-12);
    near(five[3].lo, .4277322727134395, 1e-12);
    near(five[4].hi, .8473134074001809, 1e-12);
}

Test(shrink, where_chance_explains_all_every_group_stands_at_the_whole)
{
    kundig__shrunk groups[] = {{10, .2, 0, 0, 0}, {40, .25, 0, 0, 0}, {50, .22, 0, 0, 0}};
    kundig__shrinkage found = kundig__shrink(groups, 3, .23, .16, .95, 0, 1);
    cr_assert_eq(found.between, 0);
    near(found.dispersion, .09375, 1e-13);
    for (int i = 0; i < 3; i++) {
        cr_assert_eq(groups[i].shrunk, .23);
    }
    near(groups[0].lo, .13933180339123635, 1e-12);
    near(groups[2].hi, .3154328494158941, 1e-12);
}

Test(shrink, one_group_and_answers_without_spread_are_no_exception)
{
    kundig__shrunk one = {25, .4, 0, 0, 0};
    kundig__shrinkage found = kundig__shrink(&one, 1, .4, .24, .95, 0, 1);
    cr_assert_eq(found.between, 0);
    cr_assert(!kundig__is_finite(found.dispersion));
    cr_assert_eq(one.shrunk, .4);
    near(one.lo, .4 - 1.959963984540054 * kundig__sqrt(.24 / 25), 1e-12);

    kundig__shrunk same[] = {{3, 5, 0, 0, 0}, {9, 5, 0, 0, 0}};
    (void)kundig__shrink(same, 2, 5, 0, .95, 1, 5);
    cr_assert_eq(same[0].shrunk, 5);
    cr_assert_eq(same[0].lo, 5);
    kundig__shrunk apart[] = {{3, 2, 0, 0, 0}, {9, 5, 0, 0, 0}};
    (void)kundig__shrink(apart, 2, 4.25, 0, .95, 1, 5);
    near(apart[0].shrunk, 2, 1e-14);
    near(apart[1].shrunk, 5, 1e-14);
    (void)kundig__shrink(NULL, 0, 0, 1, .95, 0, 1);
}

Test(shrink, a_shrunk_value_lies_between_the_group_and_the_whole)
{
    for (double n = 1; n < 1e6; n *= 10) {
        kundig__shrunk groups[] = {{n, .9, 0, 0, 0}, {1000, .3, 0, 0, 0}, {1000, .5, 0, 0, 0}};
        (void)kundig__shrink(groups, 3, .5, .2, .95, 0, 1);
        cr_assert(groups[0].shrunk >= .5 && groups[0].shrunk <= .9, "n = %g", n);
        cr_assert(groups[0].lo <= groups[0].shrunk && groups[0].shrunk <= groups[0].hi);
    }
}
