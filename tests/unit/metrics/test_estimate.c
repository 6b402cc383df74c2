#include "base/math.h"
#include "cells.h"

TestSuite(estimate, .fini = probe_fini);

Test(estimate, statuses_have_names)
{
    cr_assert_str_eq(kundig__status_name(KUNDIG__STATUS_OK), "ok");
    cr_assert_str_eq(kundig__status_name(KUNDIG__STATUS_NO_DATA), "no_data");
    cr_assert_str_eq(kundig__status_name(KUNDIG__STATUS_TOO_FEW), "too_few");
    cr_assert_str_eq(kundig__status_name(KUNDIG__STATUS_UNDEFINED), "undefined");
}

Test(estimate, sums_that_cannot_be_are_undefined)
{
    kundig__asked asked = cells_asked("nps");
    kundig__cell cell = cells_net(1, 1, 1);
    kundig__cell other = cells_net(1, 1, 1);
    cell.w = 0;
    cr_assert_eq(cells_finish(&cell, &asked).status, KUNDIG__STATUS_UNDEFINED);
    cr_assert_eq(cells_contrast(&cell, &other, &asked).status, KUNDIG__STATUS_UNDEFINED);
    cell = cells_net(1, 1, 1);
    cell.wx = (kundig__i128)1 << 126;
    cell.wxx = -((kundig__i128)1 << 126);
    cr_assert_eq(cells_finish(&cell, &asked).status, KUNDIG__STATUS_UNDEFINED);
}

Test(estimate, one_customer_in_both_sets_has_no_difference_to_test)
{
    static const int64_t up[] = {1, 1};
    kundig__asked asked = cells_asked("nps");
    kundig__cell a = {0};
    kundig__cell b = {0};
    kundig__i128 w = KUNDIG__WEIGHT_ONE * 2;
    kundig__cross cross = {1, w * w, w * w, w * w, w * w};
    kundig__contrast out;
    cells_customer(&a, &asked, up, 2);
    cells_customer(&b, &asked, up, 2);
    kundig__cells_contrast(&a, &b, &cross, &asked, &out);
    cr_assert_eq(out.status, KUNDIG__STATUS_UNDEFINED);
    cr_assert_str_eq(out.method, "one customer alone");
}

/* All answers of a set by one customer: their deviations add up to zero whatever they say. */
Test(estimate, a_set_of_one_customer_is_no_certainty)
{
    static const char *const metrics[] = {"nps", "csat", "score_mean"};
    static const int64_t mixed[] = {1, 0, 1, 0, 1, 1, 0, 1, 1, 1};
    static const int64_t pair[] = {0, 1};
    for (size_t i = 0; i < 3; i++) {
        for (int turn = 0; turn < 2; turn++) {
            kundig__asked asked = cells_asked(metrics[i]);
            kundig__cell one = {0};
            kundig__cell many = {0};
            kundig__cell answer = {0};
            cells_customer(&one, &asked, mixed, 10);
            cells_add(&answer, 1, 1, KUNDIG__WEIGHT_ONE);
            for (size_t customer = 0; customer < 20; customer++) {
                cells_customer(&many, &asked, pair, 2);
                cells_customer(&many, &asked, &mixed[customer % 2], 1);
            }
            const kundig__cell *a = turn ? &many : &one;
            const kundig__cell *b = turn ? &one : &many;
            kundig__contrast out = cells_contrast(a, b, &asked);
            if (i < 2) { /* worth one answer */
                cr_assert_eq(out.status, KUNDIG__STATUS_OK);
                cr_assert(out.p > .3, "%s: p = %g", metrics[i], out.p);
                out = cells_contrast(turn ? &many : &answer, turn ? &answer : &many, &asked);
                cr_assert_eq(out.status, KUNDIG__STATUS_OK);
                cr_assert(out.p > .3, "%s: p = %g", metrics[i], out.p);
            } else {
                cr_assert_eq(out.status, KUNDIG__STATUS_UNDEFINED);
                out = cells_contrast(turn ? &many : &answer, turn ? &answer : &many, &asked);
                cr_assert_eq(out.status, KUNDIG__STATUS_UNDEFINED);
            }
            asked.interval = KUNDIG_INTERVAL_WALD;
            out = cells_contrast(a, b, &asked);
            cr_assert_eq(out.status, KUNDIG__STATUS_UNDEFINED);
        }
    }
}

Test(estimate, equal_sets_do_not_differ)
{
    static const char *const metrics[] = {"nps", "csat", "score_mean"};
    for (size_t i = 0; i < 3; i++) {
        kundig__asked asked = cells_asked(metrics[i]);
        kundig__cell a = cells_net(0, 30, 50);
        kundig__contrast out = cells_contrast(&a, &a, &asked);
        cr_assert_eq(out.z, 0);
        cr_assert_float_eq(out.p, 1, 1e-12);
        cr_assert_float_eq(out.lo, -out.hi, 1e-15);
        cr_assert(out.detectable > 0);
    }
}
