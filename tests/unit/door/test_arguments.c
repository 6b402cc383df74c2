#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "kundig.h"
#include "probe.h"

TestSuite(arguments, .fini = probe_fini);

#define TEXT(s) ((kundig_text){s, sizeof(s) - 1})

static kundig *arguments_open(void)
{
    kundig *k = NULL;
    kundig_options options;
    kundig_options_init(&options);
    options.allocator = probe_allocator(NULL);
    cr_assert_eq(kundig_open(":memory:", 8, &options, &k, NULL), KUNDIG_OK);
    return k;
}

/* Each array is a block of its own, so that ASan sees a step beyond it. */
Test(arguments, an_element_of_another_size_is_refused_and_not_read_beyond_the_array)
{
    kundig *k = arguments_open();
    kundig_error err;
    for (uint32_t more = 8; more <= 2048; more *= 2) {
        kundig_feedback *f = malloc(2 * sizeof *f);
        kundig_customer *c = malloc(2 * sizeof *c);
        kundig_event *e = malloc(2 * sizeof *e);
        cr_assert(f && c && e);
        for (size_t i = 0; i < 2; i++) {
            kundig_feedback_init(&f[i]);
            kundig_customer_init(&c[i]);
            kundig_event_init(&e[i]);
            f[i].id = c[i].id = e[i].id = TEXT("x");
        }
        f[1].size += more;
        c[1].size += more;
        e[1].size += more;
        cr_assert_eq(kundig_feedback_add(k, f, 2, NULL, &err), KUNDIG_E_ARG);
        cr_assert_eq(err.pos, 1);
        cr_assert_eq(kundig_customer_add(k, c, 2, NULL, &err), KUNDIG_E_ARG);
        cr_assert_eq(err.pos, 1);
        cr_assert_eq(kundig_event_add(k, e, 2, NULL, &err), KUNDIG_E_ARG);
        cr_assert_eq(err.pos, 1);
        free(f);
        free(c);
        free(e);
    }
    kundig_close(k);
}

Test(arguments, reserved_fields_must_be_zero)
{
    kundig *k = arguments_open();
    kundig_error err;
    kundig_added added;
    kundig_page_options page;
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_table *table = NULL;
    kundig_bytes *bytes = NULL;
    kundig_added_init(&added);
    added.reserved = 1;
    cr_assert_eq(kundig_feedback_add(k, NULL, 0, &added, &err), KUNDIG_E_VERSION);
    cr_assert_eq(kundig_customer_add(k, NULL, 0, &added, &err), KUNDIG_E_VERSION);
    cr_assert_eq(kundig_event_add(k, NULL, 0, &added, &err), KUNDIG_E_VERSION);
    cr_assert_eq(kundig_metrics(&allocator, &table, NULL), KUNDIG_OK);
    kundig_page_options_init(&page);
    page.reserved = 1;
    cr_assert_eq(kundig_table_to_page(table, &page, &bytes, &err), KUNDIG_E_VERSION);
    cr_assert_null(bytes);
    kundig_table_free(table);
    kundig_close(k);
}

/* One element stands there: a count is looked at before what it counts. */
Test(arguments, a_count_above_the_documented_limit_is_refused_unread)
{
    kundig *k = arguments_open();
    kundig_error err;
    kundig_feedback f;
    kundig_customer c;
    kundig_score score = {.scale = KUNDIG_SCALE_NPS, .value = 3};
    kundig_attribute attribute = {.name = TEXT("a"), .value = {.type = KUNDIG_VALUE_BOOL}};
    const size_t counts[] = {4097, SIZE_MAX / 2, SIZE_MAX};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        kundig_feedback_init(&f);
        f.scores = &score;
        f.score_count = counts[i];
        cr_assert_eq(kundig_feedback_add(k, &f, 1, NULL, &err), KUNDIG_E_LIMIT);
        cr_assert_not_null(strstr(err.message, "4096"), "%s", err.message);
        kundig_feedback_init(&f);
        f.attributes = &attribute;
        f.attribute_count = counts[i];
        cr_assert_eq(kundig_feedback_add(k, &f, 1, NULL, &err), KUNDIG_E_LIMIT);
        kundig_customer_init(&c);
        c.id = TEXT("c");
        c.attributes = &attribute;
        c.attribute_count = counts[i];
        cr_assert_eq(kundig_customer_add(k, &c, 1, NULL, &err), KUNDIG_E_LIMIT);
    }
    kundig_close(k);
}

Test(arguments, colour_is_yes_or_no_on_every_page)
{
    kundig *k = arguments_open();
    kundig_analyze_options options;
    kundig_bytes *bytes = NULL;
    kundig_analyze_options_init(&options);
    options.color = 2;
    cr_assert_eq(kundig_analyze(k, NULL, NULL, &options, &bytes, NULL), KUNDIG_E_ARG);
    cr_assert_null(bytes);
    kundig_close(k);
}
