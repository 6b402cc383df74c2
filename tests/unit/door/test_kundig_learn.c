#include <criterion/criterion.h>

#include "probe.h"

TestSuite(kundig_learn, .fini = probe_fini);

Test(kundig_learn, refuses_calls_without_what_they_need)
{
    cr_assert_eq(kundig_examples_collect(NULL, NULL, NULL, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_teach(NULL, NULL, NULL, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_classify(NULL, NULL, 0, NULL, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_sentiment(NULL, NULL, 0, NULL, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_label_next(NULL, NULL, 0, NULL, NULL), KUNDIG_E_ARG);
}
