#include <criterion/criterion.h>

#include "probe.h"

TestSuite(sentiment_table, .fini = probe_fini);

Test(sentiment_table, refuses_calls_without_what_they_need)
{
    cr_assert_eq(kundig_model_sentiment(NULL, NULL, 0, NULL, NULL), KUNDIG_E_ARG);
}
