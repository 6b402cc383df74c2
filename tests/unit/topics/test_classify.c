#include <criterion/criterion.h>

#include "probe.h"

TestSuite(classify, .fini = probe_fini);

Test(classify, refuses_calls_without_what_they_need)
{
    cr_assert_eq(kundig_model_class_count(NULL, 0), 0);
    cr_assert_eq(kundig_model_classify(NULL, 0, NULL, 0, 0, NULL, NULL, NULL, NULL, NULL),
                 KUNDIG_E_ARG);
}
