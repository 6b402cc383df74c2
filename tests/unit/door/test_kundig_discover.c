/* Discovery through the door. */
#include <criterion/criterion.h>

#include "probe.h"

TestSuite(kundig_discover, .fini = probe_fini);

Test(kundig_discover, refuses_calls_without_a_handle)
{
    kundig_model *model = NULL;
    kundig_text topic = {"t-0123456789ab", 14};
    cr_assert_eq(kundig_discover(NULL, NULL, NULL, &model, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_edit_add(NULL, NULL, 0, NULL, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_label_discovered(NULL, topic, topic, 0, topic, 0, NULL, NULL),
                 KUNDIG_E_ARG);
    cr_assert_null(model);
}
