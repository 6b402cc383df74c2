#include <criterion/criterion.h>

#include "made.h"
#include "probe.h"

TestSuite(doubts, .fini = probe_fini);

static kundig_table *doubts_table(const made_set *made, size_t limit)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_examples *set = made_examples(made, &allocator, KUNDIG_LESSON_TOPICS);
    kundig_table *table = NULL;
    kundig_error err;
    cr_assert_eq(kundig_examples_doubts(NULL, set, NULL, limit, &table, &err), KUNDIG_OK, "%s",
                 err.message);
    kundig_examples_free(set);
    return table;
}

static bool doubts_is(kundig_text text, const char *is)
{
    return text.len == strlen(is) && memcmp(text.data, is, text.len) == 0;
}

static void doubts_relabel(made_set *made, size_t example, const char *label)
{
    ((kundig_text *)made->examples[example].labels)[0] = (kundig_text){label, strlen(label)};
}

Test(doubts, name_wrong_labels_first)
{
    made_set *made = made_new(1, 800, 6, 0);
    const char *wrong = made_topic_name(made, 5);
    size_t changed = 0;
    bool is_wrong[800] = {false};
    for (size_t i = 0; i < 800; i += 50) {
        if (!doubts_is(made->examples[i].labels[0], wrong)) {
            doubts_relabel(made, i, wrong);
            is_wrong[i] = true;
            changed++;
        }
    }
    kundig_table *table = doubts_table(made, 0);
    size_t top = 0;
    for (size_t row = 0; row < changed; row++) {
        size_t example = (size_t)kundig_table_int(table, row, 0);
        kundig_text text = kundig_table_text(table, row, 7);
        top += is_wrong[example];
        cr_assert_eq(text.len, made->examples[example].text.len);
        cr_assert(doubts_is(kundig_table_text(table, row, 1), "made"));
        cr_assert(doubts_is(kundig_table_text(table, row, 2), made->examples[example].id.data));
        cr_assert(kundig_table_number(table, row, 4) < kundig_table_number(table, row, 6));
    }
    cr_assert(top * 10 >= changed * 7, "%zu of %zu", top, changed);
    size_t rows = kundig_table_row_count(table);
    kundig_table_free(table);
    cr_assert_gt(rows, 5);
    table = doubts_table(made, 5);
    cr_assert_eq(kundig_table_row_count(table), 5);
    kundig_table_free(table);
    made_free(made);
}

Test(doubts, side_with_most_of_equal_texts)
{
    made_set *made = made_new(2, 300, 4, 0);
    kundig_text text = made->examples[0].text;
    for (size_t i = 0; i < 5; i++) {
        made->examples[i * 60].text = text;
        doubts_relabel(made, i * 60, i == 3 ? "odd one" : "theme/topic 0");
    }
    /* so that the odd label is a class with examples */
    for (size_t i = 1; i < 12; i++) {
        doubts_relabel(made, i, "odd one");
    }
    kundig_table *table = doubts_table(made, 0);
    bool found = false;
    for (size_t row = 0; row < kundig_table_row_count(table); row++) {
        if (kundig_table_int(table, row, 0) == 180) {
            found = true;
            cr_assert(doubts_is(kundig_table_text(table, row, 3), "odd one"));
            cr_assert(doubts_is(kundig_table_text(table, row, 5), "theme/topic 0"));
        }
    }
    cr_assert(found);
    kundig_table_free(table);
    made_free(made);
}

Test(doubts, go_both_ways_where_a_text_has_several_topics)
{
    made_set *made = made_new(3, 900, 5, MADE_SEVERAL);
    /* One loses all its topics, one gets another's. */
    size_t lost = 0;
    while (made->examples[lost].label_count != 2) {
        lost++;
    }
    size_t got = lost + 1;
    while (made->examples[got].label_count != 1) {
        got++;
    }
    kundig_text labels[2] = {made->examples[got].labels[0], {NULL, 0}};
    for (uint32_t topic = 0; !labels[1].data; topic++) {
        const char *name = made_topic_name(made, topic);
        if (!doubts_is(labels[0], name)) {
            labels[1] = (kundig_text){name, strlen(name)};
        }
    }
    made->examples[lost].label_count = 0;
    made->examples[got].labels = labels;
    made->examples[got].label_count = 2;
    kundig_table *table = doubts_table(made, 0);
    size_t missing = 0;
    bool too_many = false;
    for (size_t row = 0; row < kundig_table_row_count(table); row++) {
        bool no_label = kundig_table_is_null(table, row, 3);
        bool no_instead = kundig_table_is_null(table, row, 5);
        cr_assert_neq(no_label, no_instead, "one of them");
        cr_assert_eq(no_label, kundig_table_is_null(table, row, 4));
        cr_assert_eq(no_instead, kundig_table_is_null(table, row, 6));
        missing += kundig_table_int(table, row, 0) == (int64_t)lost && no_label;
        too_many = too_many || (kundig_table_int(table, row, 0) == (int64_t)got && no_instead &&
                                doubts_is(kundig_table_text(table, row, 3), labels[1].data));
    }
    cr_assert_geq(missing, 1);
    cr_assert(too_many);
    kundig_table_free(table);
    made_free(made);
}

Test(doubts, are_the_same_for_any_order)
{
    static const unsigned flags[] = {0, MADE_SEVERAL | MADE_PARTIAL};
    for (size_t i = 0; i < 2; i++) {
        made_set *made = made_new(4, 400, 5, flags[i]);
        for (size_t j = 0; j < 40; j++) {
            made->examples[j].text = made->examples[j % 9].text;
        }
        kundig_table *first = doubts_table(made, 0);
        made_shuffle(made, 3);
        kundig_table *second = doubts_table(made, 0);
        cr_assert_gt(kundig_table_row_count(first), 10);
        cr_assert_eq(kundig_table_row_count(first), kundig_table_row_count(second));
        for (size_t row = 0; row < kundig_table_row_count(first); row++) {
            for (size_t column = 3; column < 8; column++) {
                kundig_text a = kundig_table_text(first, row, column);
                kundig_text b = kundig_table_text(second, row, column);
                double p = kundig_table_number(first, row, column);
                double q = kundig_table_number(second, row, column);
                cr_assert(a.len == b.len && (!a.len || memcmp(a.data, b.data, a.len) == 0));
                cr_assert_eq(memcmp(&p, &q, sizeof p), 0);
            }
        }
        kundig_table_free(first);
        kundig_table_free(second);
        made_free(made);
    }
}

Test(doubts, refuse_calls_without_what_they_need)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_examples *set = NULL;
    kundig_table *table = NULL;
    kundig_error err;
    cr_assert_eq(kundig_examples_doubts(NULL, NULL, NULL, 0, &table, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_examples_new(&allocator, KUNDIG_LESSON_TOPICS, &set, &err), KUNDIG_OK);
    cr_assert_eq(kundig_examples_doubts(NULL, set, NULL, 0, NULL, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_examples_doubts(NULL, set, NULL, 0, &table, &err), KUNDIG_E_EMPTY);
    cr_assert_null(table);
    kundig_examples_free(set);
}

Test(doubts, end_cleanly_when_memory_fails)
{
    kundig_allocator allocator = probe_allocator(NULL);
    made_set *made = made_new(1, 16, 2, 0);
    made->examples[1].text = made->examples[0].text;
    doubts_relabel(made, 0, "topic 1");
    doubts_relabel(made, 1, "theme/topic 0");
    kundig_examples *set = made_examples(made, &allocator, KUNDIG_LESSON_TOPICS);
    kundig_learn_options options;
    size_t live = probe_shared.live_blocks;
    size_t failures = 0;
    kundig_learn_options_init(&options);
    options.folds = 2;
    for (int on = 0; on < 2; on++) {
        int rc = KUNDIG_E_NOMEM;
        for (size_t fail_at = 1; rc; fail_at = probe_leap(fail_at)) {
            kundig_table *table = NULL;
            kundig_error err;
            probe_shared.allocations = 0;
            probe_shared.fail_at = fail_at;
            probe_shared.fail_on = on;
            rc = kundig_examples_doubts(NULL, set, &options, 0, &table, &err);
            probe_shared.fail_at = 0;
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM, "%s", err.message);
            cr_assert_eq(table != NULL, rc == KUNDIG_OK);
            failures += rc != KUNDIG_OK;
            kundig_table_free(table);
            cr_assert_eq(probe_shared.live_blocks, live);
        }
    }
    cr_assert_gt(failures, 15);
    kundig_examples_free(set);
    made_free(made);
}
