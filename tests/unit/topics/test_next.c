#include <criterion/criterion.h>

#include "probe.h"

TestSuite(next, .fini = probe_fini);

Test(next, refuses_calls_without_what_they_need)
{
    cr_assert_eq(kundig_model_next(NULL, 0, NULL, 0, 0, NULL, NULL), KUNDIG_E_ARG);
}
