#include "discovering.h"

TestSuite(discovered_show, .fini = probe_fini);

static kundig_table *discovered_shown(const kundig_model *model, int32_t which)
{
    kundig_table *table = NULL;
    kundig_error err = {0, 0, ""};
    cr_assert_eq(kundig_model_show(model, KUNDIG_LESSON_DISCOVERED, which, &table, &err), KUNDIG_OK,
                 "%s", err.message);
    return table;
}

Test(discovered_show, tells_sizes_classes_words_and_history)
{
    kundig_model *model = discover_all(NULL);
    kundig_table *table = discovered_shown(model, KUNDIG_SHOW_SUMMARY);
    bool seen = false;
    for (size_t row = 0; row < kundig_table_row_count(table); row++) {
        if (kundig__text_equal(kundig_table_text(table, row, 0), KUNDIG__TEXT("texts"))) {
            seen = true;
            cr_assert_eq(kundig_table_number(table, row, 1), DISCOVER_ALL);
        }
    }
    cr_assert(seen);
    kundig_table_free(table);
    table = discovered_shown(model, KUNDIG_SHOW_CLASSES);
    cr_assert_eq(kundig_table_row_count(table), TEACH_SUBJECTS);
    for (size_t row = 0; row < TEACH_SUBJECTS; row++) {
        cr_assert(
            kundig__text_equal(kundig_table_text(table, row, 0),
                               kundig_model_class_name(model, KUNDIG_LESSON_DISCOVERED, row)));
    }
    kundig_table_free(table);
    table = discovered_shown(model, KUNDIG_SHOW_FEATURES);
    cr_assert_gt(kundig_table_row_count(table), TEACH_SUBJECTS);
    kundig_table_free(table);
    table = discovered_shown(model, KUNDIG_SHOW_HISTORY);
    cr_assert_eq(kundig_table_row_count(table), TEACH_SUBJECTS);
    cr_assert(kundig__text_equal(kundig_table_text(table, 0, 1), KUNDIG__TEXT("new")));
    cr_assert_gt(kundig_table_text(table, 0, 4).len, 0);
    kundig_table_free(table);
    kundig_model_free(model);
}

Test(discovered_show, says_why_it_cannot_tell_the_rest)
{
    static const int32_t others[] = {KUNDIG_SHOW_CALIBRATION, KUNDIG_SHOW_CONFUSION,
                                     KUNDIG_SHOW_SIZES, 7, -1};
    kundig_model *model = discover_all(NULL);
    kundig_model *smaller = NULL;
    kundig_table *table = NULL;
    kundig_error err = {0, 0, ""};
    for (size_t i = 0; i < 5; i++) {
        cr_assert_eq(kundig_model_show(model, KUNDIG_LESSON_DISCOVERED, others[i], &table, &err),
                     KUNDIG_E_ARG);
        cr_assert(err.message[0]);
    }
    cr_assert_eq(kundig_model_prune(model, KUNDIG_LESSON_DISCOVERED, 1, &smaller, &err),
                 KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_show(model, KUNDIG_LESSON_TOPICS, KUNDIG_SHOW_HISTORY, &table, &err),
                 KUNDIG_E_EMPTY);
    kundig_model_free(model);
    model = model_of("topic late: Late\nen: late\n");
    cr_assert_eq(kundig_model_show(model, KUNDIG_LESSON_DISCOVERED, 0, &table, &err),
                 KUNDIG_E_EMPTY);
    cr_assert_null(table);
    kundig_model_free(model);
}

Test(discovered_show, fails_cleanly_at_every_allocation)
{
    kundig_model *model = discover_all(NULL);
    for (int on = 0; on < 2; on++) {
        int rc = KUNDIG_E_NOMEM;
        for (size_t n = 1; rc; n++) {
            kundig_table *table = NULL;
            size_t blocks = probe_shared.live_blocks;
            probe_shared.fail_at = probe_shared.allocations + n;
            probe_shared.fail_on = on;
            rc = kundig_model_show(model, KUNDIG_LESSON_DISCOVERED, KUNDIG_SHOW_CLASSES, &table,
                                   NULL);
            probe_shared.fail_at = 0;
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM);
            kundig_table_free(table);
            cr_assert_eq(probe_shared.live_blocks, blocks, "allocation %zu", n);
        }
    }
    kundig_model_free(model);
}
