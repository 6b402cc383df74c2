#include <criterion/criterion.h>

#include "probe.h"

TestSuite(examples, .fini = probe_fini);

Test(examples, refuses_calls_without_what_they_need)
{
    cr_assert_eq(kundig_examples_new(NULL, 0, NULL, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_examples_add(NULL, NULL, 0, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_examples_remove(NULL, NULL, 0, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_examples_count(NULL), 0);
}
