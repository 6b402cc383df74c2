#include "cells.h"

TestSuite(counts, .fini = probe_fini);

Test(counts, are_exact_and_have_no_sampling_error)
{
    static const int64_t two[] = {0, 0};
    kundig__asked asked = cells_asked("count");
    kundig__cell cell = {0};
    cells_customer(&cell, &asked, two, 2);
    cells_customer(&cell, &asked, two, 1);
    cells_add(&cell, 4, 0, KUNDIG__WEIGHT_ONE);
    kundig__estimate e = cells_finish(&cell, &asked);
    cr_assert_eq(e.value, 7);
    cr_assert_eq(e.lo, 7);
    cr_assert_eq(e.hi, 7);
    cr_assert_eq(e.se, 0);
    cr_assert_str_eq(e.method, "enumeration");
    asked.unit = KUNDIG_OF_CUSTOMERS;
    cr_assert_eq(cells_finish(&cell, &asked).value, 2);
    asked = cells_asked("customers");
    cr_assert_eq(cells_finish(&cell, &asked).value, 2);
}

Test(counts, of_customers_need_a_name)
{
    kundig__asked asked = cells_asked("customers");
    kundig__cell cell = cells_net(0, 5, 0);
    cr_assert_eq(cells_finish(&cell, &asked).status, KUNDIG__STATUS_NO_DATA);
}

Test(counts, have_no_difference)
{
    cr_assert_null(cells_asked("count").metric->contrast);
    cr_assert_null(cells_asked("customers").metric->contrast);
}
