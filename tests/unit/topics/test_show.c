#include <criterion/criterion.h>

#include "probe.h"

TestSuite(show, .fini = probe_fini);

Test(show, refuses_calls_without_what_they_need)
{
    cr_assert_eq(kundig_model_show(NULL, 0, 0, NULL, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_prune(NULL, 0, 0, NULL, NULL), KUNDIG_E_ARG);
}
