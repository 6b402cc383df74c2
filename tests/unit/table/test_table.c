#include <criterion/criterion.h>

#include "base/math.h"
#include "base/text.h"
#include "probe.h"
#include "table/table.h"

TestSuite(table, .fini = probe_fini);

static kundig__mem table_test_mem(void)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__mem_init(&mem, &allocator, 0);
    return mem;
}

/* One column of each type, a full row, an empty row, a note. */
static kundig_table *table_test_build(kundig__mem *mem)
{
    kundig_table *table = kundig__table_new(mem);
    size_t stage = kundig__table_column(table, "stage", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    size_t n = kundig__table_column(table, "n", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    size_t value = kundig__table_column(table, "value", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SCORE);
    size_t ok = kundig__table_column(table, "ok", KUNDIG_COLUMN_BOOL, KUNDIG_UNIT_NONE);
    kundig__table_row(table);
    kundig__table_set_text(table, stage, KUNDIG__TEXT("Order"));
    kundig__table_set_int(table, n, INT64_MIN);
    kundig__table_set_number(table, value, -0.25);
    kundig__table_set_bool(table, ok, true);
    kundig__table_row(table);
    kundig__table_note(table, "%d records were left out", 3);
    return table;
}

Test(table, gives_back_what_was_set)
{
    kundig__mem mem = table_test_mem();
    kundig_table *t = NULL;
    cr_assert_eq(kundig__table_finish(table_test_build(&mem), &t, NULL), KUNDIG_OK);
    cr_assert_eq(kundig_table_row_count(t), 2);
    cr_assert_eq(kundig_table_column_count(t), 4);
    cr_assert_str_eq(kundig_table_column_name(t, 2), "value");
    cr_assert_eq(kundig_table_column_type(t, 2), KUNDIG_COLUMN_NUMBER);
    cr_assert_eq(kundig_table_column_unit(t, 2), KUNDIG_UNIT_SCORE);
    cr_assert_eq(kundig_table_find_column(t, "ok", 2), 3);
    kundig_text stage = kundig_table_text(t, 0, 0);
    cr_assert(kundig__text_equal(stage, KUNDIG__TEXT("Order")));
    cr_assert_eq(stage.data[stage.len], '\0');
    cr_assert_eq(kundig_table_int(t, 0, 1), INT64_MIN);
    cr_assert_eq(kundig_table_number(t, 0, 2), -0.25);
    cr_assert_eq(kundig_table_int(t, 0, 3), 1);
    for (size_t i = 0; i < 4; i++) {
        cr_assert_eq(kundig_table_is_null(t, 0, i), 0);
        cr_assert_eq(kundig_table_is_null(t, 1, i), 1);
    }
    cr_assert_eq(kundig_table_note_count(t), 1);
    cr_assert_str_eq(kundig_table_note(t, 0), "3 records were left out");
    kundig_table_free(t);
}

Test(table, answers_questions_outside_of_it_without_harm)
{
    kundig__mem mem = table_test_mem();
    kundig_table *t = table_test_build(&mem);
    cr_assert_null(kundig_table_column_name(t, 4));
    cr_assert_eq(kundig_table_column_type(t, 4), 0);
    cr_assert_eq(kundig_table_column_unit(t, SIZE_MAX), KUNDIG_UNIT_NONE);
    cr_assert_eq(kundig_table_is_null(t, 2, 0), 1);
    cr_assert_eq(kundig_table_is_null(t, 0, 9), 1);
    cr_assert_null(kundig_table_text(t, 0, 1).data, "an integer is not a text");
    cr_assert_eq(kundig_table_int(t, 0, 0), 0);
    cr_assert_eq(kundig_table_number(t, 0, 0), 0);
    cr_assert_eq(kundig_table_number(t, 0, 1), -9223372036854775808.0);
    cr_assert_null(kundig_table_note(t, 1));
    cr_assert_eq(kundig_table_find_column(t, "OK", 2), SIZE_MAX);
    cr_assert_eq(kundig_table_find_column(t, NULL, 3), SIZE_MAX);
    kundig_table_free(t);
    cr_assert_eq(kundig_table_row_count(NULL), 0);
    cr_assert_eq(kundig_table_column_count(NULL), 0);
    cr_assert_eq(kundig_table_is_null(NULL, 0, 0), 1);
    cr_assert_eq(kundig_table_note_count(NULL), 0);
    cr_assert_null(kundig_table_retain(NULL));
    kundig_table_free(NULL);
}

Test(table, keeps_absent_and_empty_texts_apart)
{
    kundig__mem mem = table_test_mem();
    kundig_table *t = kundig__table_new(&mem);
    size_t text = kundig__table_column(t, "text", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_row(t);
    kundig__table_set_text(t, text, (kundig_text){NULL, 0});
    kundig__table_row(t);
    kundig__table_set_text(t, text, (kundig_text){"", 0});
    cr_assert_eq(kundig_table_is_null(t, 0, text), 1);
    cr_assert_eq(kundig_table_is_null(t, 1, text), 0);
    cr_assert_not_null(kundig_table_text(t, 1, text).data);
    kundig_table_free(t);
}

Test(table, holds_no_number_that_is_not_finite)
{
    kundig__mem mem = table_test_mem();
    kundig_table *t = kundig__table_new(&mem);
    size_t value = kundig__table_column(t, "value", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_NONE);
    volatile double zero = 0;
    double bad[3] = {0 / zero, 1 / zero, -1 / zero};
    for (size_t i = 0; i < 3; i++) {
        kundig__table_row(t);
        kundig__table_set_number(t, value, bad[i]);
        cr_assert_eq(kundig_table_is_null(t, i, value), 1);
    }
    kundig_table_free(t);
}

Test(table, keeps_names_of_the_code_and_numbers_names_of_the_data)
{
    kundig__mem mem = table_test_mem();
    kundig_table *t = kundig__table_new(&mem);
    kundig__table_column_text(t, KUNDIG__TEXT("value"), KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column_text(t, KUNDIG__TEXT("value"), KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column_text(t, KUNDIG__TEXT("value_3"), KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(t, "value", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SCORE);
    cr_assert_eq(kundig_table_find_column(t, "value", 5), 3);
    cr_assert_str_eq(kundig_table_column_name(t, 0), "value_4");
    cr_assert_str_eq(kundig_table_column_name(t, 1), "value_2");
    cr_assert_str_eq(kundig_table_column_name(t, 2), "value_3");
    kundig_table_free(t);
}

Test(table, gives_old_rows_null_in_a_later_column)
{
    kundig__mem mem = table_test_mem();
    kundig_table *t = kundig__table_new(&mem);
    size_t first = kundig__table_column(t, "a", KUNDIG_COLUMN_INT, KUNDIG_UNIT_NONE);
    for (int i = 0; i < 100; i++) {
        kundig__table_row(t);
        kundig__table_set_int(t, first, i);
    }
    size_t later = kundig__table_column(t, "b", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_row(t);
    kundig__table_set_text(t, later, KUNDIG__TEXT("x"));
    for (size_t i = 0; i < 100; i++) {
        cr_assert_eq(kundig_table_is_null(t, i, later), 1);
        cr_assert_eq(kundig_table_int(t, i, first), (int64_t)i);
    }
    cr_assert_eq(kundig_table_is_null(t, 100, later), 0);
    kundig_table_free(t);
}

Test(table, lives_until_the_last_reference_and_longer_than_its_maker)
{
    kundig_table *t = NULL;
    {
        kundig__mem mem = table_test_mem();
        cr_assert_eq(kundig__table_finish(table_test_build(&mem), &t, NULL), KUNDIG_OK);
        memset(&mem, 0xA5, sizeof mem);
    }
    kundig_table *second = kundig_table_retain(t);
    cr_assert_eq(second, t);
    kundig_table_free(t);
    cr_assert_eq(kundig_table_row_count(second), 2);
    kundig_table_free(second);
}

Test(table, copies_notes_also_its_own)
{
    kundig__mem mem = table_test_mem();
    kundig_table *from = table_test_build(&mem);
    kundig_table *to = kundig__table_new(&mem);
    kundig__table_copy_notes(to, from);
    kundig__table_copy_notes(to, to);
    cr_assert_eq(kundig_table_note_count(to), 2);
    cr_assert_str_eq(kundig_table_note(to, 1), "3 records were left out");
    kundig_table_free(from);
    kundig_table_free(to);
}

Test(table, writes_notes_of_any_length)
{
    kundig__mem mem = table_test_mem();
    kundig_table *t = kundig__table_new(&mem);
    char longer[1001];
    memset(longer, 'x', 1000);
    longer[1000] = '\0';
    kundig__table_note(t, "%s.", longer);
    cr_assert_eq(strlen(kundig_table_note(t, 0)), 1001);
    kundig_table_free(t);
}

Test(table, says_the_memory_limit_was_reached)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__mem_init(&mem, &allocator, 20000);
    kundig_table *t = kundig__table_new(&mem);
    size_t n = kundig__table_column(t, "n", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    for (int i = 0; i < 100000; i++) {
        kundig__table_row(t);
        kundig__table_set_int(t, n, i);
    }
    kundig_table *out = NULL;
    kundig_error err;
    cr_assert_eq(kundig__table_finish(t, &out, &err), KUNDIG_E_LIMIT);
    cr_assert_null(out);
    cr_assert_eq(err.code, KUNDIG_E_LIMIT);
    cr_assert_not_null(strstr(err.message, "memory limit"));
}

Test(table, fails_cleanly_at_every_allocation)
{
    for (int forever = 0; forever < 2; forever++) {
        for (size_t n = 1;; n++) {
            probe p = {.fail_at = n, .fail_on = forever};
            kundig_allocator allocator = probe_allocator(&p);
            kundig__mem mem;
            kundig__mem_init(&mem, &allocator, 0);
            kundig_table *t = table_test_build(&mem);
            kundig__table_column_text(t, KUNDIG__TEXT("x"), KUNDIG_COLUMN_TEXT, 0);
            kundig__table_column(t, "x", KUNDIG_COLUMN_TEXT, 0);
            kundig__table_note(t, "%s", "ill-formed \xFF");
            kundig__table_note(t, "%0300d", 7);
            kundig__table_copy_notes(t, t);
            for (int i = 0; i < 40; i++) {
                kundig__table_row(t);
                kundig__table_set_text(t, 0, KUNDIG__TEXT("some text"));
            }
            kundig_table *out = NULL;
            kundig_error err = {0, 0, ""};
            int code = kundig__table_finish(t, &out, &err);
            cr_assert(code == KUNDIG_OK || (code == KUNDIG_E_NOMEM && !out && err.message[0]));
            kundig_table_free(out);
            cr_assert_eq(p.live_blocks, 0, "allocation %zu leaks", n);
            if (code == KUNDIG_OK) {
                cr_assert_gt(n, 5);
                break;
            }
        }
    }
}

Test(table, holds_valid_text_whatever_comes_in)
{
    kundig__mem mem = table_test_mem();
    kundig_table *t = kundig__table_new(&mem);
    kundig__table_column_text(t, KUNDIG__TEXT("a\xFF"), KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column_text(t, KUNDIG__TEXT("a\xFE"), KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_row(t);
    kundig__table_set_text(t, 0, (kundig_text){"x\0\xC3y", 4});
    kundig__table_note(t, "%s", "cut \xE2\x82");
    cr_assert_str_eq(kundig_table_column_name(t, 0), "a\xEF\xBF\xBD");
    cr_assert_str_eq(kundig_table_column_name(t, 1), "a\xEF\xBF\xBD_2");
    cr_assert_str_eq(kundig_table_text(t, 0, 0).data, "x\xEF\xBF\xBD\xEF\xBF\xBDy");
    cr_assert_eq(kundig_table_text(t, 0, 0).len, 8);
    cr_assert_str_eq(kundig_table_note(t, 0), "cut \xEF\xBF\xBD");
    kundig_table_free(t);
}
