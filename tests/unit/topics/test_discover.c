#include "teaching.h"
#include "topics/discovered.h"

TestSuite(discover, .fini = probe_fini);

Test(discover, refuses_calls_without_what_they_need)
{
    kundig_model *model = NULL;
    kundig_error err = {0, 0, ""};
    kundig_examples *set = teach_set(KUNDIG_LESSON_TOPICS);
    cr_assert_eq(kundig_model_discover(NULL, NULL, NULL, &model, NULL, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_discover(NULL, set, NULL, NULL, NULL, &err), KUNDIG_E_ARG);
    cr_assert_null(model);
    kundig_examples_free(set);
}
