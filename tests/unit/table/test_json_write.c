#include <criterion/criterion.h>

#include "base/text.h"
#include "probe.h"
#include "table/table.h"

TestSuite(json_write, .fini = probe_fini);

static kundig_table *json_test_table(const kundig_allocator *allocator)
{
    kundig__mem mem;
    kundig__mem_init(&mem, allocator, 0);
    kundig_table *t = kundig__table_new(&mem);
    kundig__table_column_text(t, KUNDIG__TEXT("sta\"ge"), KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(t, "n", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    kundig__table_column(t, "value", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SCORE);
    kundig__table_column(t, "ok", KUNDIG_COLUMN_BOOL, KUNDIG_UNIT_NONE);
    kundig__table_row(t);
    kundig__table_set_text(t, 0, KUNDIG__TEXT("Zahlung \xC3\xBC"));
    kundig__table_set_int(t, 1, INT64_MAX);
    kundig__table_set_number(t, 2, 0.1);
    kundig__table_set_bool(t, 3, false);
    kundig__table_row(t);
    kundig__table_set_number(t, 2, -1);
    kundig__table_note(t, "a note");
    return t;
}

static void json_test_text(kundig_text text, const char *want)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__mem_init(&mem, &allocator, 0);
    kundig__buf buf;
    kundig__buf_init(&buf, &mem);
    kundig__json_text(&buf, text);
    cr_assert_eq(buf.len, strlen(want), "%.*s", (int)buf.len, buf.data);
    cr_assert_arr_eq(buf.data, want, buf.len, "%.*s", (int)buf.len, buf.data);
    kundig__buf_free(&buf);
}

Test(json_write, writes_columns_rows_and_notes_on_one_line)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_table *t = json_test_table(&allocator);
    kundig_bytes *bytes = NULL;
    cr_assert_eq(kundig_table_to_json(t, &bytes, NULL), KUNDIG_OK);
    cr_assert_str_eq(kundig_bytes_data(bytes),
                     "{\"columns\":[{\"name\":\"sta\\\"ge\",\"type\":\"text\",\"unit\":null},"
                     "{\"name\":\"n\",\"type\":\"int\",\"unit\":\"count\"},"
                     "{\"name\":\"value\",\"type\":\"number\",\"unit\":\"score\"},"
                     "{\"name\":\"ok\",\"type\":\"bool\",\"unit\":null}],"
                     "\"rows\":[{\"sta\\\"ge\":\"Zahlung \xC3\xBC\",\"n\":9223372036854775807,"
                     "\"value\":0.1,\"ok\":false},"
                     "{\"sta\\\"ge\":null,\"n\":null,\"value\":-1,\"ok\":null}],"
                     "\"notes\":[\"a note\"]}");
    kundig_bytes_free(bytes);
    kundig_table_free(t);
}

Test(json_write, writes_an_empty_table_whole)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__mem_init(&mem, &allocator, 0);
    kundig_table *t = kundig__table_new(&mem);
    kundig_bytes *bytes = NULL;
    cr_assert_eq(kundig_table_to_json(t, &bytes, NULL), KUNDIG_OK);
    cr_assert_str_eq(kundig_bytes_data(bytes), "{\"columns\":[],\"rows\":[],\"notes\":[]}");
    kundig_bytes_free(bytes);
    kundig_table_free(t);
}

Test(json_write, escapes_what_json_and_html_read_as_their_own)
{
    json_test_text(KUNDIG__TEXT("\"\\/"), "\"\\\"\\\\/\"");
    json_test_text(KUNDIG__TEXT("\n\r\t\b\f\x01\x1f\x7f"),
                   "\"\\n\\r\\t\\b\\f\\u0001\\u001f\\u007f\"");
    json_test_text(KUNDIG__TEXT("</script>&"), "\"\\u003c/script\\u003e\\u0026\"");
    json_test_text(KUNDIG__TEXT("a\xE2\x80\xA8z\xE2\x80\xA9"), "\"a\\u2028z\\u2029\"");
    /* Neighbours of U+2028 and cut sequences stay. */
    json_test_text(KUNDIG__TEXT("\xE2\x80\xA7\xE2\x80\xAA\xE2\x80"),
                   "\"\xE2\x80\xA7\xE2\x80\xAA\xE2\x80\"");
    json_test_text((kundig_text){NULL, 0}, "null");
    json_test_text((kundig_text){"", 0}, "\"\"");
    json_test_text((kundig_text){"a\0b", 3}, "\"a\\u0000b\"");
}

Test(json_write, refuses_no_table_and_no_place)
{
    kundig_error err;
    kundig_bytes *bytes = NULL;
    cr_assert_eq(kundig_table_to_json(NULL, &bytes, &err), KUNDIG_E_ARG);
    cr_assert_eq(err.code, KUNDIG_E_ARG);
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_table *t = json_test_table(&allocator);
    cr_assert_eq(kundig_table_to_json(t, NULL, NULL), KUNDIG_E_ARG);
    kundig_table_free(t);
}

Test(json_write, fails_cleanly_at_every_allocation)
{
    for (int forever = 0; forever < 2; forever++) {
        for (size_t n = 1;; n++) {
            probe p = {0};
            kundig_allocator allocator = probe_allocator(&p);
            kundig_table *t = json_test_table(&allocator);
            p.fail_at = p.allocations + n;
            p.fail_on = forever;
            kundig_bytes *bytes = NULL;
            int code = kundig_table_to_json(t, &bytes, NULL);
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
