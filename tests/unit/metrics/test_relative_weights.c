#include <criterion/criterion.h>

#include "base/math.h"
#include "kundig.h"
#include "probe.h"

TestSuite(relative_weights, .fini = probe_fini);

/* Correlations of a public data set of 47 places in 1888, as computed from it: five predictors of
 * fertility (agriculture, examination, education, catholic, infant mortality). */
static const double relative_places[25] = {1,
                                           -0.686542208617136,
                                           -0.639522518948320,
                                           0.401095053048740,
                                           -0.060858608416582,
                                           -0.686542208617136,
                                           1,
                                           0.698415296288483,
                                           -0.572741806064166,
                                           -0.114021596482034,
                                           -0.639522518948320,
                                           0.698415296288483,
                                           1,
                                           -0.153858917090915,
                                           -0.099321845821346,
                                           0.401095053048740,
                                           -0.572741806064166,
                                           -0.153858917090915,
                                           1,
                                           0.175495907596623,
                                           -0.060858608416582,
                                           -0.114021596482034,
                                           -0.099321845821346,
                                           0.175495907596623,
                                           1};
static const double relative_fertility[5] = {0.353079183619975, -0.645882706457287,
                                             -0.663788857035069, 0.463684700651794,
                                             0.416556031434983};

Test(relative_weights, lmg_and_johnson_split_r_squared_as_published)
{
    static const double lmg[] = {.05709122, .17117303, .26013468, .10557015, .11276592};
    static const double johnson[] = {.04841690, .15470825, .27196410, .11468003, .11696572};
    kundig_allocator allocator = probe_allocator(NULL);
    for (int32_t method = 0; method < 2; method++) {
        double shares[5];
        double r_squared = 0;
        double sum = 0;
        cr_assert_eq(kundig_relative_weights(&allocator, relative_places, relative_fertility, 5,
                                             method, shares, &r_squared, NULL),
                     KUNDIG_OK);
        cr_assert_float_eq(r_squared, 0.7067350015927, 5e-14);
        for (size_t i = 0; i < 5; i++) {
            cr_assert_float_eq(shares[i], (method ? johnson : lmg)[i], 5.1e-9, "%d %zu %.9f",
                               (int)method, i, shares[i]);
            sum += shares[i];
        }
        cr_assert_float_eq(sum, r_squared, 1e-12);
    }
}

Test(relative_weights, predictors_that_are_unrelated_have_their_own_squares)
{
    kundig_allocator allocator = probe_allocator(NULL);
    static const double apart[] = {1, 0, 0, 0, 1, 0, 0, 0, 1};
    static const double y[] = {.5, -.3, 0};
    for (int32_t method = 0; method < 2; method++) {
        double shares[3];
        cr_assert_eq(kundig_relative_weights(&allocator, apart, y, 3, method, shares, NULL, NULL),
                     KUNDIG_OK);
        cr_assert_float_eq(shares[0], .25, 1e-15);
        cr_assert_float_eq(shares[1], .09, 1e-15);
        cr_assert_float_eq(shares[2], 0, 1e-15);
    }
}

Test(relative_weights, what_is_no_correlation_is_refused)
{
    kundig_allocator allocator = probe_allocator(NULL);
    static const double covariances[] = {4, 1, 1, 2};
    static const double lopsided[] = {1, .5, .4, 1};
    static const double twins[] = {1, 1, 1, 1};
    static const double fine[] = {1, .2, .2, 1};
    static const double y[] = {.4, .4};
    static const double impossible[] = {.9, -.9};
    double shares[2] = {7, 7};
    kundig_error err;
    for (int32_t method = 0; method < 2; method++) {
        cr_assert_eq(
            kundig_relative_weights(&allocator, covariances, y, 2, method, shares, NULL, &err),
            KUNDIG_E_VALUE);
        cr_assert_eq(err.pos, 0);
        cr_assert_eq(
            kundig_relative_weights(&allocator, lopsided, y, 2, method, shares, NULL, &err),
            KUNDIG_E_VALUE);
        cr_assert_eq(kundig_relative_weights(&allocator, twins, y, 2, method, shares, NULL, &err),
                     KUNDIG_E_VALUE);
        cr_assert_eq(
            kundig_relative_weights(&allocator, fine, impossible, 2, method, shares, NULL, &err),
            KUNDIG_E_VALUE);
        cr_assert_eq(kundig_relative_weights(&allocator, fine, y, 0, method, shares, NULL, &err),
                     KUNDIG_E_ARG);
        cr_assert_eq(kundig_relative_weights(&allocator, fine, y, 201, method, shares, NULL, &err),
                     KUNDIG_E_LIMIT);
        cr_assert_eq(kundig_relative_weights(&allocator, NULL, y, 2, method, shares, NULL, &err),
                     KUNDIG_E_ARG);
    }
    cr_assert_eq(kundig_relative_weights(&allocator, fine, y, 2, 2, shares, NULL, &err),
                 KUNDIG_E_ARG);
    cr_assert(shares[0] == 7 && shares[1] == 7);
}

Test(relative_weights, every_allocation_may_fail)
{
    for (int once = 0; once < 2; once++) {
        for (int32_t method = 0; method < 2; method++) {
            int rc = KUNDIG_E_NOMEM;
            for (size_t n = 1; rc; n++) {
                double shares[5];
                kundig_allocator allocator = probe_allocator(NULL);
                probe_shared.fail_at = probe_shared.allocations + n;
                probe_shared.fail_on = once == 0;
                rc = kundig_relative_weights(&allocator, relative_places, relative_fertility, 5,
                                             method, shares, NULL, NULL);
                probe_shared.fail_at = 0;
                cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM);
                cr_assert_lt(n, 20);
            }
        }
    }
}
