#include "cells.h"

TestSuite(benjamini, .fini = probe_fini);

static const double oracle_p[] = {.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344,
                                  .0459, .3240, .4262, .5719, .6528, .7590, 1};
static const double oracle_q[] = {.0015, .003, .0095,   .035625, .0603,   .063857, .063857, .0645,
                                  .0765, .486, .581182, .714875, .753231, .813214, 1};

Test(benjamini, gives_the_published_values_in_any_order)
{
    double p[15];
    double q[15];
    uint32_t scratch[15];
    for (size_t turn = 0; turn < 15; turn++) {
        for (size_t i = 0; i < 15; i++) {
            p[(i * 7 + turn) % 15] = oracle_p[i];
        }
        kundig__benjamini_hochberg(p, 15, q, scratch);
        for (size_t i = 0; i < 15; i++) {
            near(q[(i * 7 + turn) % 15], oracle_q[i], 1e-6);
        }
    }
}

Test(benjamini, what_was_not_tested_takes_no_place)
{
    double zero = 0;
    double p[] = {zero / zero, .01, zero / zero, .04};
    double q[4];
    uint32_t scratch[4];
    kundig__benjamini_hochberg(p, 4, q, scratch);
    cr_assert(q[0] != q[0] && q[2] != q[2]);
    near(q[1], .02, 1e-15);
    near(q[3], .04, 1e-15);
    kundig__benjamini_hochberg(p, 0, q, scratch);
    kundig__benjamini_hochberg(p, 1, q, scratch);
    cr_assert(q[0] != q[0]);
}

Test(benjamini, equal_p_give_equal_q)
{
    double p[] = {.03, .03, .01, .03};
    double q[4];
    uint32_t scratch[4];
    kundig__benjamini_hochberg(p, 4, q, scratch);
    cr_assert_eq(q[0], q[1]);
    cr_assert_eq(q[1], q[3]);
    near(q[0], .03, 1e-15);
    near(q[2], .03, 1e-15);
}
