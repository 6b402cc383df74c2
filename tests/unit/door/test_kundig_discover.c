/* Discovery through the door. */
#include <criterion/criterion.h>

#include "probe.h"

TestSuite(kundig_discover, .fini = probe_fini);

#define TEXT(s) ((kundig_text){s, sizeof(s) - 1})

static kundig *discover_open(void)
{
    kundig *k = NULL;
    kundig_options options;
    kundig_options_init(&options);
    options.allocator = probe_allocator(NULL);
    cr_assert_eq(kundig_open(":memory:", 8, &options, &k, NULL), KUNDIG_OK);
    return k;
}

Test(kundig_discover, refuses_calls_without_what_they_need)
{
    kundig_model *model = NULL;
    kundig_text topic = TEXT("t-0123456789ab");
    kundig_text none = {NULL, 0};
    cr_assert_eq(kundig_discover(NULL, NULL, NULL, &model, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_edit_add(NULL, NULL, 0, NULL, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_label_discovered(NULL, topic, topic, 0, topic, 0, NULL, NULL),
                 KUNDIG_E_ARG);
    kundig *k = discover_open();
    cr_assert_eq(kundig_label_discovered(k, topic, none, 0, none, KUNDIG_TIME_ABSENT, NULL, NULL),
                 KUNDIG_E_VALUE);
    cr_assert_eq(kundig_label_discovered(k, topic, TEXT("post"), 0, (kundig_text){NULL, 3},
                                         KUNDIG_TIME_ABSENT, NULL, NULL),
                 KUNDIG_E_ARG);
    cr_assert_eq(kundig_label_discovered(k, topic, TEXT("post"), 0, none, INT64_MAX, NULL, NULL),
                 KUNDIG_E_VALUE);
    kundig_error err;
    cr_assert_eq(
        kundig_label_discovered(k, topic, TEXT("post"), 0, none, KUNDIG_TIME_ABSENT, NULL, &err),
        KUNDIG_E_NOT_FOUND);
    cr_assert(strstr(err.message, "t-0123456789ab"), "%s", err.message);
    cr_assert_null(model);
    kundig_close(k);
}
