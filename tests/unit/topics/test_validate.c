#include <criterion/criterion.h>
#include <stdio.h>

#include "made.h"
#include "probe.h"

TestSuite(validate, .fini = probe_fini);

static kundig_table *validate_table(const made_set *made, int32_t lesson, uint32_t folds,
                                    uint32_t threads)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_examples *set = made_examples(made, &allocator, lesson);
    kundig_learn_options options;
    kundig_table *table = NULL;
    kundig_error err;
    kundig_learn_options_init(&options);
    options.folds = folds;
    options.threads = threads;
    options.least_customers = 1;
    cr_assert_eq(kundig_examples_validate(NULL, set, &options, &table, &err), KUNDIG_OK, "%s",
                 err.message);
    kundig_examples_free(set);
    return table;
}

/* Of the last row, which is of all folds together. */
static double validate_all(const kundig_table *table, const char *name)
{
    size_t row = kundig_table_row_count(table) - 1;
    for (size_t i = 0; i < kundig_table_column_count(table); i++) {
        if (strcmp(kundig_table_column_name(table, i), name) == 0) {
            return kundig_table_number(table, row, i);
        }
    }
    cr_assert_fail("there is no column %s", name);
    return -1;
}

static kundig_bytes *validate_json(const kundig_table *table)
{
    kundig_bytes *json = NULL;
    kundig_error err;
    cr_assert_eq(kundig_table_to_json(table, &json, &err), KUNDIG_OK);
    return json;
}

Test(validate, tells_of_each_fold_and_of_all_together)
{
    made_set *made = made_new(1, 600, 6, 0);
    kundig_table *table = validate_table(made, KUNDIG_LESSON_TOPICS, 4, 1);
    int64_t asked = 0;
    cr_assert_eq(kundig_table_row_count(table), 5);
    cr_assert_str_eq(kundig_table_column_name(table, 0), "fold");
    cr_assert_str_eq(kundig_table_column_name(table, 11), "refused");
    for (size_t row = 0; row < 4; row++) {
        cr_assert_eq(kundig_table_int(table, row, 0), (int64_t)row + 1);
        asked += kundig_table_int(table, row, 1);
    }
    cr_assert(kundig_table_is_null(table, 4, 0));
    cr_assert_eq(kundig_table_int(table, 4, 1), 600);
    cr_assert_eq(asked, 600);
    double accuracy = validate_all(table, "accuracy");
    cr_assert(accuracy > 0.85 && accuracy <= 1, "%f", accuracy);
    cr_assert(validate_all(table, "lo") < accuracy && accuracy < validate_all(table, "hi"));
    cr_assert_gt(validate_all(table, "macro_f1"), 0.8);
    cr_assert(validate_all(table, "ece") < 0.1);
    kundig_table_free(table);
    made_free(made);
}

Test(validate, lets_no_answer_through_by_equal_texts)
{
    /* Labels are drawn; each text stands three times with its label. Whoever learned one of the
     * three would know the others. */
    made_set *made = made_new(2, 450, 5, 0);
    uint64_t state = 7;
    for (size_t i = 0; i < 450; i++) {
        kundig_text *label = (kundig_text *)made->examples[i].labels;
        if (i % 3 == 0) {
            *label = made->examples[made_random(&state) % 450].labels[0];
        } else {
            *label = made->examples[i - 1].labels[0];
            made->examples[i].text = made->examples[i - 1].text;
        }
    }
    kundig_table *table = validate_table(made, KUNDIG_LESSON_TOPICS, 5, 1);
    cr_assert_lt(validate_all(table, "accuracy"), 0.35);
    kundig_table_free(table);
    made_free(made);
}

Test(validate, lets_no_answer_through_by_customers)
{
    /* Each customer says one word of their own and has one topic. */
    made_set *made = made_new(3, 400, 4, 0);
    uint64_t state = 8;
    char words[40][16];
    char texts[400][48];
    for (size_t i = 0; i < 400; i++) {
        size_t customer = made_random(&state) % 40;
        int len = snprintf(texts[i], sizeof texts[i], "own%zu said%zu", customer, i);
        snprintf(words[customer], sizeof words[customer], "c%zu", customer);
        kundig_text *label = (kundig_text *)made->examples[i].labels;
        *label = (kundig_text){&"abcd"[customer % 4], 1};
        made->examples[i].text = (kundig_text){texts[i], (size_t)len};
        made->examples[i].customer = (kundig_text){words[customer], strlen(words[customer])};
    }
    kundig_table *named = validate_table(made, KUNDIG_LESSON_TOPICS, 5, 1);
    for (size_t i = 0; i < 400; i++) {
        made->examples[i].customer = (kundig_text){NULL, 0};
    }
    kundig_table *unnamed = validate_table(made, KUNDIG_LESSON_TOPICS, 5, 1);
    cr_assert_lt(validate_all(named, "accuracy"), 0.4);
    cr_assert_gt(validate_all(unnamed, "accuracy"), 0.9);
    kundig_table_free(named);
    kundig_table_free(unnamed);
    made_free(made);
}

static void validate_is_same(unsigned flags, int32_t lesson)
{
    made_set *made = made_new(4, 240, 5, flags);
    kundig_table *first = validate_table(made, lesson, 3, 1);
    made_shuffle(made, 5);
    kundig_table *second = validate_table(made, lesson, 3, 2);
    kundig_bytes *a = validate_json(first);
    kundig_bytes *b = validate_json(second);
    cr_assert_str_eq(kundig_bytes_data(a), kundig_bytes_data(b));
    kundig_bytes_free(a);
    kundig_bytes_free(b);
    kundig_table_free(first);
    kundig_table_free(second);
    made_free(made);
}

Test(validate, is_the_same_for_any_order_and_threads)
{
    validate_is_same(0, KUNDIG_LESSON_TOPICS);
    validate_is_same(MADE_CUSTOMERS, KUNDIG_LESSON_TOPICS);
    validate_is_same(MADE_SEVERAL | MADE_PARTIAL, KUNDIG_LESSON_TOPICS);
    validate_is_same(MADE_SCORES | MADE_CUSTOMERS, KUNDIG_LESSON_SENTIMENT);
}

Test(validate, knows_several_topics_and_scores)
{
    made_set *several = made_new(5, 900, 5, MADE_SEVERAL);
    kundig_table *table = validate_table(several, KUNDIG_LESSON_TOPICS, 3, 2);
    cr_assert_gt(validate_all(table, "accuracy"), 0.8);
    cr_assert_gt(validate_all(table, "micro_f1"), 0.7);
    kundig_table_free(table);
    made_free(several);
    made_set *scores = made_new(6, 900, 3, MADE_SCORES);
    table = validate_table(scores, KUNDIG_LESSON_SENTIMENT, 3, 2);
    cr_assert_gt(validate_all(table, "accuracy"), 0.65, "%f", validate_all(table, "accuracy"));
    cr_assert_eq(kundig_table_int(table, kundig_table_row_count(table) - 1, 1), 900);
    kundig_table_free(table);
    made_free(scores);
}

Test(validate, refuses_calls_without_what_they_need)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_examples *set = NULL;
    kundig_table *table = NULL;
    kundig_error err;
    cr_assert_eq(kundig_examples_validate(NULL, NULL, NULL, &table, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_examples_new(&allocator, KUNDIG_LESSON_TOPICS, &set, &err), KUNDIG_OK);
    cr_assert_eq(kundig_examples_validate(NULL, set, NULL, NULL, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_examples_validate(NULL, set, NULL, &table, &err), KUNDIG_E_EMPTY);
    cr_assert_null(table);
    kundig_examples_free(set);
}

Test(validate, ends_cleanly_when_memory_fails)
{
    kundig_allocator allocator = probe_allocator(NULL);
    made_set *made = made_new(1, 16, 2, 0);
    kundig_examples *set = made_examples(made, &allocator, KUNDIG_LESSON_TOPICS);
    kundig_learn_options options;
    size_t live = probe_shared.live_blocks;
    size_t failures = 0;
    kundig_learn_options_init(&options);
    options.folds = 2;
    for (int on = 0; on < 2; on++) {
        int rc = KUNDIG_E_NOMEM;
        for (size_t fail_at = 1; rc; fail_at = probe_next(fail_at)) {
            kundig_table *table = NULL;
            kundig_error err;
            probe_shared.allocations = 0;
            probe_shared.fail_at = fail_at;
            probe_shared.fail_on = on;
            rc = kundig_examples_validate(NULL, set, &options, &table, &err);
            probe_shared.fail_at = 0;
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM, "%s", err.message);
            cr_assert_eq(table != NULL, rc == KUNDIG_OK);
            failures += rc != KUNDIG_OK;
            kundig_table_free(table);
            cr_assert_eq(probe_shared.live_blocks, live);
        }
    }
    cr_assert_gt(failures, 30 / PROBE_STRIDE);
    kundig_examples_free(set);
    made_free(made);
}
