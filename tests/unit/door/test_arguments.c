#include <criterion/criterion.h>
#include <stdbool.h>
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

Test(arguments, only_known_kinds_of_personal_data_can_be_masked)
{
    char mark;
    for (uint32_t bit = 1; bit; bit <<= 1) {
        kundig *k = (kundig *)(void *)&mark;
        kundig_options options;
        kundig_allocator allocator = probe_allocator(NULL);
        kundig_table *table = (kundig_table *)(void *)&mark;
        kundig_bytes *bytes = (kundig_bytes *)(void *)&mark;
        kundig_options_init(&options);
        options.allocator = allocator;
        options.mask = bit | KUNDIG_PERSONAL_EMAIL;
        bool known = (bit & ~KUNDIG_PERSONAL_ALL) == 0;
        cr_assert_eq(kundig_open(":memory:", 8, &options, &k, NULL),
                     known ? KUNDIG_OK : KUNDIG_E_VERSION, "bit %lu", (unsigned long)bit);
        int want = known ? KUNDIG_OK : KUNDIG_E_ARG;
        cr_assert_eq(kundig_text_personal(&allocator, "a", 1, bit, &table, NULL), want);
        cr_assert_eq(kundig_text_mask(&allocator, "a", 1, bit, &bytes, NULL), want);
        if (known) {
            kundig_close(k);
            kundig_table_free(table);
            kundig_bytes_free(bytes);
        } else {
            cr_assert((void *)k == &mark && (void *)table == &mark && (void *)bytes == &mark,
                      "outputs stay as they were");
        }
    }
}

Test(arguments, models_and_texts_want_something_to_read_and_somewhere_to_answer)
{
    static const char taxonomy[] = "topic a: A\nen: late\n";
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_model *model = NULL;
    kundig_model *loaded = NULL;
    kundig_table *table = NULL;
    kundig_bytes *bytes = NULL;
    kundig_error err;
    cr_assert_eq(kundig_model_new(&allocator, taxonomy, sizeof taxonomy - 1, NULL, &err),
                 KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_new(&allocator, NULL, 1, &model, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_new(&allocator, "", 0, &model, &err), KUNDIG_E_EMPTY);
    cr_assert_null(model);
    cr_assert_eq(kundig_model_new(&allocator, taxonomy, sizeof taxonomy - 1, &model, &err),
                 KUNDIG_OK, "%s", err.message);
    cr_assert_eq(kundig_model_save(NULL, &bytes, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_save(model, NULL, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_load(&allocator, NULL, 1, &loaded, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_load(&allocator, taxonomy, sizeof taxonomy, NULL, &err),
                 KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_load(&allocator, taxonomy, sizeof taxonomy, &loaded, &err),
                 KUNDIG_E_FORMAT);
    cr_assert_null(loaded);
    for (int with = 0; with < 2; with++) {
        /* Without a model, then without somewhere to answer. */
        const kundig_model *given = with ? model : NULL;
        kundig_table **out = with ? NULL : &table;
        cr_assert_eq(kundig_model_topics(given, out, &err), KUNDIG_E_ARG);
        cr_assert_eq(kundig_model_read(given, "late", 4, out, &err), KUNDIG_E_ARG);
        cr_assert_eq(kundig_model_languages(given, "late", 4, out, &err), KUNDIG_E_ARG);
    }
    cr_assert_eq(kundig_model_read(model, NULL, 4, &table, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_languages(model, NULL, 4, &table, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_text_personal(&allocator, NULL, 4, 0, &table, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_text_personal(&allocator, "late", 4, 0, NULL, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_text_mask(&allocator, NULL, 4, 0, &bytes, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_text_mask(&allocator, "late", 4, 0, NULL, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_taxonomy_check(&allocator, NULL, 4, &table, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_taxonomy_check(&allocator, taxonomy, sizeof taxonomy - 1, NULL, &err),
                 KUNDIG_E_ARG);
    cr_assert(!table && !bytes);
    kundig_model_free(NULL);
    cr_assert_null(kundig_model_retain(NULL));
    kundig_model_free(model);
}
