#include <criterion/criterion.h>

#include "probe.h"

TestSuite(doubts, .fini = probe_fini);

Test(doubts, refuses_calls_without_what_they_need)
{
    cr_assert_eq(kundig_examples_doubts(NULL, NULL, NULL, 0, NULL, NULL), KUNDIG_E_ARG);
}
