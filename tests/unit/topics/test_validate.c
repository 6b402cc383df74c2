#include <criterion/criterion.h>

#include "probe.h"

TestSuite(validate, .fini = probe_fini);

Test(validate, refuses_calls_without_what_they_need)
{
    cr_assert_eq(kundig_examples_validate(NULL, NULL, NULL, NULL, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_examples_curve(NULL, NULL, NULL, NULL, NULL), KUNDIG_E_ARG);
}
