#include <criterion/criterion.h>

#include "base/text.h"
#include "probe.h"
#include "table/table.h"

TestSuite(csv_write, .fini = probe_fini);

static void csv_test_text(kundig_text text, const char *want)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__mem_init(&mem, &allocator, 0);
    kundig__buf buf;
    kundig__buf_init(&buf, &mem);
    kundig__csv_text(&buf, text);
    kundig__buf_char(&buf, '\0');
    cr_assert_str_eq(buf.data, want);
    kundig__buf_free(&buf);
}

static kundig_table *csv_test_table(const kundig_allocator *allocator)
{
    kundig__mem mem;
    kundig__mem_init(&mem, allocator, 0);
    kundig_table *t = kundig__table_new(&mem);
    kundig__table_column_text(t, KUNDIG__TEXT("=stage"), KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(t, "n", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    kundig__table_column(t, "value", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SCORE);
    kundig__table_column(t, "ok", KUNDIG_COLUMN_BOOL, KUNDIG_UNIT_NONE);
    kundig__table_row(t);
    kundig__table_set_text(t, 0, KUNDIG__TEXT("First, \"Payment\""));
    kundig__table_set_int(t, 1, -12);
    kundig__table_set_number(t, 2, -0.5);
    kundig__table_set_bool(t, 3, true);
    kundig__table_row(t);
    kundig__table_row(t);
    kundig__table_set_text(t, 0, KUNDIG__TEXT(""));
    kundig__table_note(t, "notes are not part of a CSV");
    return t;
}

Test(csv_write, writes_header_rows_and_null_apart_from_empty)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_table *t = csv_test_table(&allocator);
    kundig_bytes *bytes = NULL;
    cr_assert_eq(kundig_table_to_csv(t, &bytes, NULL), KUNDIG_OK);
    cr_assert_str_eq(kundig_bytes_data(bytes), "'=stage,n,value,ok\r\n"
                                               "\"First, \"\"Payment\"\"\",-12,-0.5,true\r\n"
                                               ",,,\r\n"
                                               "\"\",,,\r\n");
    kundig_bytes_free(bytes);
    kundig_table_free(t);
}

Test(csv_write, disarms_texts_a_spreadsheet_would_run)
{
    csv_test_text(KUNDIG__TEXT("=1+1"), "'=1+1");
    csv_test_text(KUNDIG__TEXT("+49 30"), "'+49 30");
    csv_test_text(KUNDIG__TEXT("-5"), "'-5");
    csv_test_text(KUNDIG__TEXT("@SUM(A1)"), "'@SUM(A1)");
    csv_test_text(KUNDIG__TEXT("\tx"), "'\tx");
    csv_test_text(KUNDIG__TEXT("\r=1"), "\"'\r=1\"");
    csv_test_text(KUNDIG__TEXT("\n=1"), "\"'\n=1\"");
    csv_test_text(KUNDIG__TEXT("=\"a\",1"), "\"'=\"\"a\"\",1\"");
    csv_test_text(KUNDIG__TEXT("\xEF\xBC\x9D"
                               "1"),
                  "'\xEF\xBC\x9D"
                  "1");
    csv_test_text(KUNDIG__TEXT("\xEF\xBC\xA0"
                               "1"),
                  "'\xEF\xBC\xA0"
                  "1");
    csv_test_text(KUNDIG__TEXT("a=1"), "a=1");
    csv_test_text(KUNDIG__TEXT("\xEF\xBC"), "\xEF\xBC");
}

Test(csv_write, quotes_what_would_break_a_row)
{
    csv_test_text(KUNDIG__TEXT("a,b"), "\"a,b\"");
    csv_test_text(KUNDIG__TEXT("say \"no\""), "\"say \"\"no\"\"\"");
    csv_test_text(KUNDIG__TEXT("\"\""), "\"\"\"\"\"\"");
    csv_test_text(KUNDIG__TEXT("two\nlines"), "\"two\nlines\"");
    csv_test_text(KUNDIG__TEXT("plain text; really"), "plain text; really");
    csv_test_text((kundig_text){NULL, 0}, "");
}

Test(csv_write, refuses_no_table_and_no_place)
{
    kundig_bytes *bytes = NULL;
    cr_assert_eq(kundig_table_to_csv(NULL, &bytes, NULL), KUNDIG_E_ARG);
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_table *t = csv_test_table(&allocator);
    cr_assert_eq(kundig_table_to_csv(t, NULL, NULL), KUNDIG_E_ARG);
    kundig_table_free(t);
}

Test(csv_write, fails_cleanly_at_every_allocation)
{
    for (int forever = 0; forever < 2; forever++) {
        for (size_t n = 1;; n++) {
            probe p = {0};
            kundig_allocator allocator = probe_allocator(&p);
            kundig_table *t = csv_test_table(&allocator);
            p.fail_at = p.allocations + n;
            p.fail_on = forever;
            kundig_bytes *bytes = NULL;
            int code = kundig_table_to_csv(t, &bytes, NULL);
            cr_assert(code == KUNDIG_OK || (code == KUNDIG_E_NOMEM && !bytes));
            kundig_bytes_free(bytes);
            kundig_table_free(t);
            cr_assert_eq(p.live_blocks, 0, "allocation %zu leaks", n);
            if (code == KUNDIG_OK) {
                cr_assert_gt(n, 1);
                break;
            }
        }
    }
}
