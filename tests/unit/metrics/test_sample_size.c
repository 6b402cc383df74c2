#include "cells.h"

TestSuite(sample_size, .fini = probe_fini);

Test(sample_size, gives_the_published_numbers)
{
    /* shared/spec/metrics.md 3.1: z^2 V / e^2 for 5 points */
    static const double variances[] = {.44, .5475, 1};
    static const double needed[] = {677, 842, 1537};
    for (size_t i = 0; i < 3; i++) {
        double n = 0;
        cr_assert_eq(kundig_sample_size(variances[i], .05, .95, &n, NULL), KUNDIG_OK);
        cr_assert_eq(n, needed[i]);
    }
}

Test(sample_size, one_answer_is_the_least)
{
    double n = 0;
    cr_assert_eq(kundig_sample_size(0, .05, .95, &n, NULL), KUNDIG_OK);
    cr_assert_eq(n, 1);
    cr_assert_eq(kundig_sample_size(.25, 10, .95, &n, NULL), KUNDIG_OK);
    cr_assert_eq(n, 1);
}

Test(sample_size, tells_the_change_that_two_waves_show)
{
    /* (20, 30, 50) and (10, 20, 70): (1.959964 + .841621) * .10247; metrics.md 3.1 */
    double change = 0;
    int rc = kundig_detectable_change(.61, 100, .44, 100, .95, .8, &change, NULL);
    cr_assert_eq(rc, KUNDIG_OK);
    near(change, .28708, 1e-5);
    /* At the power that a test of no effect has, nothing is left. */
    cr_assert_eq(kundig_detectable_change(.61, 100, .44, 100, .5, .01, &change, NULL), KUNDIG_OK);
    cr_assert_eq(change, 0);
}

Test(sample_size, refuses_what_means_nothing)
{
    double zero = 0;
    double nan = zero / zero;
    double endless = 1 / zero;
    double out = 7;
    kundig_error err;
    const double bad[][3] = {{-1, .05, .95}, {nan, .05, .95}, {endless, .05, .95}, {1, 0, .95},
                             {1, -1, .95},   {1, nan, .95},   {1, endless, .95},   {1, .05, 0},
                             {1, .05, 1},    {1, .05, nan},   {1, 1e-200, .95}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        cr_assert_eq(kundig_sample_size(bad[i][0], bad[i][1], bad[i][2], &out, &err),
                     KUNDIG_E_VALUE, "%zu", i);
    }
    const double worse[][6] = {{-1, 1, 1, 1, .95, .8},  {1, 0, 1, 1, .95, .8},
                               {1, 1, nan, 1, .95, .8}, {1, 1, 1, endless, .95, .8},
                               {1, 1, 1, 1, 1, .8},     {1, 1, 1, 1, .95, 0}};
    for (size_t i = 0; i < sizeof worse / sizeof *worse; i++) {
        const double *w = worse[i];
        cr_assert_eq(kundig_detectable_change(w[0], w[1], w[2], w[3], w[4], w[5], &out, &err),
                     KUNDIG_E_VALUE, "%zu", i);
    }
    cr_assert_eq(out, 7);
    cr_assert_eq(kundig_sample_size(1, .05, .95, NULL, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_detectable_change(1, 1, 1, 1, .95, .8, NULL, &err), KUNDIG_E_ARG);
}
