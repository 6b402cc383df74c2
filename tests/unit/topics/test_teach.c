#include <criterion/criterion.h>

#include "probe.h"

TestSuite(teach, .fini = probe_fini);

Test(teach, refuses_calls_without_what_they_need)
{
    cr_assert_eq(kundig_model_teach(NULL, NULL, NULL, NULL, NULL), KUNDIG_E_ARG);
}
