#include "teaching.h"
#include "topics/discovered.h"

TestSuite(discovered_table, .fini = probe_fini);

Test(discovered_table, refuses_calls_without_what_they_need)
{
    kundig_table *table = NULL;
    kundig_bytes *bytes = NULL;
    kundig_error err = {0, 0, ""};
    cr_assert_eq(kundig_model_discovered(NULL, &table, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_define(NULL, KUNDIG__TEXT("t"), KUNDIG__TEXT("a"), &bytes, &err),
                 KUNDIG_E_ARG);
}
