#include "teaching.h"
#include "topics/discovered.h"

TestSuite(discovered_read, .fini = probe_fini);

Test(discovered_read, refuses_calls_without_what_they_need)
{
    kundig_model *model = model_of("topic late: Late\nen: late\n");
    cr_assert_null(kundig__model_discovered_of(model));
    kundig_model_free(model);
}
