#include <criterion/criterion.h>

#include "kundig.h"
#include "probe.h"

TestSuite(purchasing, .fini = probe_fini);

/* As published for a public data set of compact disc buyers. */
static const kundig_purchasing purchasing_discs = {.2425965, 4.413685, .7929888, 2.426166};

static double purchasing_ahead(const kundig_purchasing *m, double x, double last, double age,
                               double ahead)
{
    double out = -1;
    kundig_error err = {0};
    cr_assert_eq(kundig_purchasing_expected(m, x, last, age, ahead, &out, &err), KUNDIG_OK, "%s",
                 err.message);
    return out;
}

Test(purchasing, published_figures_hold)
{
    /* At 78 weeks 1.8576 is published, from a series cut short; all of it gives 1.8579. */
    static const double times[] = {.1429, 1, 3, 31.8571, 32, 78};
    static const double expected[] = {.0078, .0532, .1506, 1.0405, 1.0437, 1.8579};
    double alive = 0;
    cr_assert_float_eq(purchasing_ahead(&purchasing_discs, 0, 0, 0, 52), 1.444004, 2e-5);
    cr_assert_float_eq(purchasing_ahead(&purchasing_discs, 26, 30.85714, 31, 52), 25.75659, 2e-4);
    cr_assert_eq(kundig_purchasing_alive(&purchasing_discs, 26, 30.85714, 31, &alive, NULL),
                 KUNDIG_OK);
    cr_assert_float_eq(alive, .9688523, 1e-6);
    cr_assert_float_eq(purchasing_ahead(&purchasing_discs, 2, 30.43, 38.86, 39), 1.226, 5e-4);
    for (size_t i = 0; i < 6; i++) {
        cr_assert_float_eq(purchasing_ahead(&purchasing_discs, 0, 0, 0, times[i]), expected[i],
                           5.5e-5);
    }
}

Test(purchasing, nothing_ahead_is_nothing_and_more_time_is_more)
{
    double before = 0;
    cr_assert_eq(purchasing_ahead(&purchasing_discs, 3, 10, 20, 0), 0);
    for (double ahead = 1; ahead < 5000; ahead *= 3) {
        double now = purchasing_ahead(&purchasing_discs, 3, 10, 20, ahead);
        cr_assert(now > before);
        before = now;
    }
}

Test(purchasing, what_cannot_be_is_refused)
{
    kundig_purchasing model = purchasing_discs;
    kundig_error err;
    double out = 7;
    cr_assert_eq(kundig_purchasing_alive(NULL, 0, 0, 1, &out, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_purchasing_alive(&model, 1, 3, 2, &out, &err), KUNDIG_E_VALUE);
    cr_assert_eq(kundig_purchasing_alive(&model, 0, 1, 2, &out, &err), KUNDIG_E_VALUE);
    cr_assert_eq(kundig_purchasing_alive(&model, -1, 0, 2, &out, &err), KUNDIG_E_VALUE);
    cr_assert_eq(kundig_purchasing_expected(&model, 1, 1, 2, -1, &out, &err), KUNDIG_E_VALUE);
    model.alpha = 0;
    cr_assert_eq(kundig_purchasing_alive(&model, 1, 1, 2, &out, &err), KUNDIG_E_VALUE);
    cr_assert_eq(err.pos, 1);
    model = purchasing_discs;
    model.a = 1;
    cr_assert_eq(kundig_purchasing_expected(&model, 1, 1, 2, 5, &out, &err), KUNDIG_E_VALUE);
    cr_assert_eq(out, 7);
}
