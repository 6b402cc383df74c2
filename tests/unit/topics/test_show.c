#include "teaching.h"

TestSuite(show, .fini = probe_fini);

static kundig_table *shown(const kundig_model *model, int32_t which)
{
    kundig_table *table = NULL;
    kundig_error err = {0, 0, ""};
    cr_assert_eq(kundig_model_show(model, KUNDIG_LESSON_TOPICS, which, &table, &err), KUNDIG_OK,
                 "%s", err.message);
    return table;
}

static double show_named(const kundig_table *table, const char *name)
{
    for (size_t row = 0; row < kundig_table_row_count(table); row++) {
        if (kundig__text_equal(kundig_table_text(table, row, 0), kundig__str(name))) {
            return kundig_table_number(table, row, 1);
        }
    }
    cr_assert_fail("no row %s", name);
    return 0;
}

Test(show, refuses_calls_without_what_they_need)
{
    kundig_table *table = NULL;
    kundig_model *smaller = NULL;
    kundig_error err = {0, 0, ""};
    kundig_model *model = model_of("topic late: Late\nen: late\n");
    cr_assert_eq(kundig_model_show(NULL, 0, 0, &table, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_show(model, 0, 0, NULL, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_show(model, 3, 0, &table, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_show(model, 2, 0, &table, &err), KUNDIG_E_EMPTY);
    cr_assert_eq(kundig_model_show(model, 0, 0, &table, &err), KUNDIG_E_EMPTY);
    cr_assert_eq(kundig_model_show(model, 1, 0, &table, &err), KUNDIG_E_EMPTY);
    cr_assert_eq(kundig_model_prune(NULL, 0, 1, &smaller, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_prune(model, 0, 1, NULL, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_prune(model, 0, 1, &smaller, &err), KUNDIG_E_EMPTY);
    kundig_model_free(model);
    kundig_examples *set = taught_examples();
    model = teach(NULL, set);
    cr_assert_eq(kundig_model_show(model, 0, 6, &table, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_show(model, 0, -1, &table, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_prune(model, 0, 1, &smaller, &err), KUNDIG_E_VALUE);
    cr_assert(err.message[0]);
    cr_assert_null(table);
    cr_assert_null(smaller);
    kundig_model_free(model);
    kundig_examples_free(set);
}

Test(show, tells_sizes_classes_and_how_sure_it_is)
{
    kundig_examples *set = taught_examples();
    kundig_model *model = teach(NULL, set);
    kundig_table *table = shown(model, KUNDIG_SHOW_SUMMARY);
    cr_assert_eq(show_named(table, "classes"), TEACH_SUBJECTS);
    cr_assert_eq(show_named(table, "examples"), 24 * TEACH_SUBJECTS);
    cr_assert_gt(show_named(table, "bytes"), 1000);
    cr_assert_gt(show_named(table, "accuracy"), 0.7);
    kundig_table_free(table);

    table = shown(model, KUNDIG_SHOW_CLASSES);
    cr_assert_eq(kundig_table_row_count(table), TEACH_SUBJECTS);
    for (size_t row = 0; row < TEACH_SUBJECTS; row++) {
        cr_assert(kundig__text_equal(kundig_table_text(table, row, 0),
                                     kundig_model_class_name(model, 0, row)));
        cr_assert_eq(kundig_table_int(table, row, 1), 24);
        cr_assert(kundig_table_is_null(table, row, 2), "nobody was named");
        cr_assert(kundig_table_is_null(table, row, 6), "one topic has no threshold");
    }
    kundig_table_free(table);

    table = shown(model, KUNDIG_SHOW_CALIBRATION);
    cr_assert_eq(kundig_table_row_count(table), KUNDIG__LEARN_BINS);
    int64_t n = 0;
    for (size_t row = 0; row < KUNDIG__LEARN_BINS; row++) {
        n += kundig_table_int(table, row, 2);
        cr_assert_eq(kundig_table_is_null(table, row, 3), kundig_table_int(table, row, 2) == 0);
    }
    kundig_table_free(table);
    table = shown(model, KUNDIG_SHOW_SUMMARY);
    cr_assert_eq((double)n, show_named(table, "aside"), "each kept aside is in one bin");
    kundig_table_free(table);
    table = shown(model, KUNDIG_SHOW_FEATURES);
    cr_assert_eq(kundig_table_column_count(table), 3);
    kundig_table_free(table);
    table = shown(model, KUNDIG_SHOW_CONFUSION);
    cr_assert_eq(kundig_table_column_count(table), 3);
    kundig_table_free(table);
    kundig_model_free(model);
    kundig_examples_free(set);
}

/* A smaller model is as small as was asked for, says what it lost, and is saved and read back. */
Test(show, models_are_made_smaller)
{
    kundig_examples *set = taught_examples();
    kundig_model *base = model_of("topic refund: R\nen: refund\n");
    kundig_model *model = teach(base, set);
    kundig_table *table = shown(model, KUNDIG_SHOW_SIZES);
    size_t rows = kundig_table_row_count(table);
    cr_assert_gt(rows, 2);
    for (size_t row = 1; row < rows; row++) {
        cr_assert_lt(kundig_table_int(table, row, 0), kundig_table_int(table, row - 1, 0));
    }
    uint64_t most = (uint64_t)kundig_table_int(table, rows / 2, 0);
    kundig_table_free(table);
    kundig_model *smaller = NULL;
    cr_assert_eq(kundig_model_prune(model, KUNDIG_LESSON_TOPICS, most, &smaller, NULL), KUNDIG_OK);
    table = shown(smaller, KUNDIG_SHOW_SUMMARY);
    cr_assert_leq(show_named(table, "bytes"), (double)most);
    kundig_table_free(table);
    cr_assert_eq(kundig__model_topic_count(smaller), kundig__model_topic_count(model));
    kundig_bytes *bytes = NULL;
    kundig_model *again = NULL;
    cr_assert_eq(kundig_model_save(smaller, &bytes, NULL), KUNDIG_OK);
    kundig_allocator allocator = probe_allocator(NULL);
    cr_assert_eq(kundig_model_load(&allocator, kundig_bytes_data(bytes), kundig_bytes_len(bytes),
                                   &again, NULL),
                 KUNDIG_OK);
    kundig_bytes_free(bytes);
    kundig_model_free(again);
    kundig_model_free(smaller);
    kundig_model_free(model);
    kundig_model_free(base);
    kundig_examples_free(set);
}

Test(show, fails_cleanly_at_every_allocation)
{
    kundig_examples *set = taught_examples();
    kundig_model *taught = teach(NULL, set);
    kundig_bytes *bytes = NULL;
    cr_assert_eq(kundig_model_save(taught, &bytes, NULL), KUNDIG_OK);
    probe p = {0};
    kundig_allocator allocator = probe_allocator(&p);
    kundig_model *model = NULL;
    cr_assert_eq(kundig_model_load(&allocator, kundig_bytes_data(bytes), kundig_bytes_len(bytes),
                                   &model, NULL),
                 KUNDIG_OK);
    size_t live = p.live_blocks;
    for (int32_t which = 0; which < 7; which++) {
        for (int forever = 0; forever < 2; forever++) {
            for (size_t n = 1;; n++) {
                kundig_table *table = NULL;
                kundig_model *smaller = NULL;
                kundig_error err = {0, 0, ""};
                p.allocations = 0;
                p.fail_at = n;
                p.fail_on = forever;
                int rc = which < 6 ? kundig_model_show(model, 0, which, &table, &err)
                                   : kundig_model_prune(model, 0, 9000, &smaller, &err);
                cr_assert(rc == KUNDIG_OK || (rc == KUNDIG_E_NOMEM && err.message[0]), "%d %s", rc,
                          err.message);
                kundig_table_free(table);
                kundig_model_free(smaller);
                cr_assert_eq(p.live_blocks, live, "allocation %zu leaks", n);
                if (p.allocations < n) {
                    cr_assert_gt(n, 3);
                    break;
                }
            }
        }
    }
    p.fail_at = 0;
    p.fail_on = false;
    kundig_model_free(model);
    kundig_bytes_free(bytes);
    kundig_model_free(taught);
    kundig_examples_free(set);
}
