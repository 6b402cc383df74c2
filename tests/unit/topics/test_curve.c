#include <criterion/criterion.h>
#include <stdlib.h>

#include "made.h"
#include "probe.h"

TestSuite(curve, .fini = probe_fini);

static kundig_table *curve_table(const made_set *made, int32_t lesson, uint32_t threads)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_examples *set = made_examples(made, &allocator, lesson);
    kundig_learn_options options;
    kundig_table *table = NULL;
    kundig_error err;
    kundig_learn_options_init(&options);
    options.threads = threads;
    options.least_customers = 1;
    cr_assert_eq(kundig_examples_curve(NULL, set, &options, &table, &err), KUNDIG_OK, "%s",
                 err.message);
    kundig_examples_free(set);
    return table;
}

static bool curve_notes_hold(const kundig_table *table, const char *part)
{
    for (size_t i = 0; i < kundig_table_note_count(table); i++) {
        if (strstr(kundig_table_note(table, i), part)) {
            return true;
        }
    }
    return false;
}

Test(curve, doubles_up_to_all_and_rises)
{
    made_set *made = made_new(1, 1500, 8, 0);
    kundig_table *table = curve_table(made, KUNDIG_LESSON_TOPICS, 1);
    size_t rows = kundig_table_row_count(table);
    /* 1,200 are learned from, 150 of a class: 5, 10, 20, 40, 80 and all */
    cr_assert_eq(rows, 6);
    cr_assert_eq(kundig_table_int(table, rows - 1, 0), 1200);
    for (size_t row = 0; row + 1 < rows; row++) {
        double each = (double)(5u << row);
        double is = kundig_table_number(table, row, 1);
        cr_assert(is > each * 0.95 && is < each * 1.05, "%f", is);
        cr_assert_eq(kundig_table_int(table, row, 0), (int64_t)(is * 8 + 0.5));
        cr_assert(kundig_table_number(table, row, 3) <= kundig_table_number(table, row, 2));
        cr_assert(kundig_table_number(table, row, 4) >= kundig_table_number(table, row, 2));
    }
    cr_assert_gt(kundig_table_number(table, rows - 1, 2), kundig_table_number(table, 0, 2) + 0.1);
    cr_assert(curve_notes_hold(table, "same 300 examples"));
    cr_assert(curve_notes_hold(table, "twice as many to learn from (2400)"));
    kundig_table_free(table);
    made_free(made);
}

/* Twice as many were learned from: does what was said of them hold? */
Test(curve, foretells_what_twice_as_many_bring)
{
    size_t held = 0;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        made_set *half = made_new(seed, 1000, 12, 0);
        made_set *all = made_new(seed, 2000, 12, 0);
        kundig_table *table = curve_table(half, KUNDIG_LESSON_TOPICS, 1);
        kundig_table *later = curve_table(all, KUNDIG_LESSON_TOPICS, 1);
        double came = 100 * kundig_table_number(later, kundig_table_row_count(later) - 1, 2);
        const char *note = kundig_table_note(table, 1);
        const char *lo = strstr(note, "sureness to ");
        const char *hi = strstr(note, " % to ");
        cr_assert(lo && hi, "%s", note);
        hi = strstr(lo, " % to ");
        held += came >= strtod(lo + 12, NULL) - 0.05 && came <= strtod(hi + 6, NULL) + 0.05;
        kundig_table_free(table);
        kundig_table_free(later);
        made_free(half);
        made_free(all);
    }
    cr_assert_geq(held, 4, "%zu of 6", held);
}

Test(curve, never_foretells_less_than_there_is)
{
    size_t more = 0;
    size_t nothing = 0;
    for (uint64_t seed = 1; seed <= 24; seed++) {
        made_set *made = made_new(seed, 160, 3, 0);
        /* half of the labels say nothing: a flat curve */
        for (size_t i = 0; i < 80; i++) {
            made->examples[i].text = made->examples[(i * 37 + 11) % 80].text;
        }
        kundig_table *table = curve_table(made, KUNDIG_LESSON_TOPICS, 1);
        for (size_t i = 0; i < kundig_table_note_count(table); i++) {
            const char *note = kundig_table_note(table, i);
            const char *from = strstr(note, "accuracy from ");
            const char *to = strstr(note, "to about ");
            nothing += strstr(note, "may bring nothing: the accuracy") != NULL;
            if (from && to) {
                more++;
                cr_assert_leq(strtod(from + 14, NULL), strtod(to + 9, NULL), "%s", note);
            }
        }
        kundig_table_free(table);
        made_free(made);
    }
    cr_assert_gt(more, 0);
    cr_assert_gt(nothing, 0, "%zu foretell more", more);
}

Test(curve, is_the_same_for_any_order_and_threads)
{
    static const unsigned flags[] = {0, MADE_CUSTOMERS, MADE_SEVERAL | MADE_PARTIAL,
                                     MADE_SCORES | MADE_CUSTOMERS};
    for (size_t i = 0; i < 4; i++) {
        int32_t lesson = flags[i] & MADE_SCORES ? KUNDIG_LESSON_SENTIMENT : KUNDIG_LESSON_TOPICS;
        made_set *made = made_new(3, 300, 4, flags[i]);
        kundig_bytes *json[2] = {NULL, NULL};
        for (uint32_t at = 0; at < 2; at++) {
            /* equal texts of one topic and of two */
            if (at == 0) {
                for (size_t j = 0; j < 60; j++) {
                    made->examples[j].text = made->examples[j % 7].text;
                }
            }
            kundig_table *table = curve_table(made, lesson, at + 1);
            kundig_error err;
            cr_assert_eq(kundig_table_to_json(table, &json[at], &err), KUNDIG_OK);
            kundig_table_free(table);
            made_shuffle(made, 9);
        }
        cr_assert_str_eq(kundig_bytes_data(json[0]), kundig_bytes_data(json[1]));
        kundig_bytes_free(json[0]);
        kundig_bytes_free(json[1]);
        made_free(made);
    }
}

Test(curve, says_where_examples_are_too_few)
{
    made_set *made = made_new(1, 30, 3, 0);
    kundig_table *table = curve_table(made, KUNDIG_LESSON_TOPICS, 1);
    cr_assert_geq(kundig_table_row_count(table), 1);
    cr_assert(curve_notes_hold(table, "too few") || curve_notes_hold(table, "twice as many"));
    kundig_table_free(table);
    made_free(made);
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_examples *set = NULL;
    kundig_error err;
    kundig_example two[2];
    kundig_text labels[2] = {{"a", 1}, {"b", 1}};
    for (int i = 0; i < 2; i++) {
        kundig_example_init(&two[i]);
        two[i].text = i ? (kundig_text){"one", 3} : (kundig_text){"two", 3};
        two[i].labels = &labels[i];
        two[i].label_count = 1;
    }
    table = NULL;
    cr_assert_eq(kundig_examples_new(&allocator, KUNDIG_LESSON_TOPICS, &set, &err), KUNDIG_OK);
    cr_assert_eq(kundig_examples_add(set, two, 2, &err), KUNDIG_OK);
    cr_assert_eq(kundig_examples_curve(NULL, set, NULL, &table, &err), KUNDIG_E_EMPTY);
    cr_assert_eq(kundig_examples_curve(NULL, NULL, NULL, &table, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_examples_curve(NULL, set, NULL, NULL, &err), KUNDIG_E_ARG);
    cr_assert_null(table);
    kundig_examples_free(set);
}

Test(curve, ends_cleanly_when_memory_fails)
{
    kundig_allocator allocator = probe_allocator(NULL);
    made_set *made = made_new(1, 24, 2, 0);
    kundig_examples *set = made_examples(made, &allocator, KUNDIG_LESSON_TOPICS);
    size_t live = probe_shared.live_blocks;
    size_t failures = 0;
    for (int on = 0; on < 2; on++) {
        int rc = KUNDIG_E_NOMEM;
        for (size_t fail_at = 1; rc; fail_at = probe_next(fail_at)) {
            kundig_table *table = NULL;
            kundig_error err;
            probe_shared.allocations = 0;
            probe_shared.fail_at = fail_at;
            probe_shared.fail_on = on;
            rc = kundig_examples_curve(NULL, set, NULL, &table, &err);
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
