#include <criterion/criterion.h>
#include <string.h>

#include "base/mem.h"
#include "probe.h"
#include "topics/topics.h"

TestSuite(personal_table, .fini = probe_fini);

static kundig_table *personal_table_of(const char *text, size_t len, uint32_t kinds)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_table *table = NULL;
    kundig_error err = {0};
    cr_assert_eq(kundig_text_personal(&allocator, text, len, kinds, &table, &err), KUNDIG_OK, "%s",
                 err.message);
    return table;
}

Test(personal_table, says_where_of_what_kind_and_what)
{
    static const char text[] = "Frau Müller, 030 23125001";
    kundig_table *table = personal_table_of(text, sizeof text - 1, 0);
    cr_assert_eq(kundig_table_row_count(table), 2);
    cr_assert_eq(kundig_table_find_column(table, "start", 5), 0);
    cr_assert_eq(kundig_table_find_column(table, "end", 3), 1);
    cr_assert_eq(kundig_table_find_column(table, "kind", 4), 2);
    cr_assert_eq(kundig_table_find_column(table, "found", 5), 3);
    cr_assert_eq(kundig_table_int(table, 0, 0), 5);
    cr_assert_eq(kundig_table_int(table, 0, 1), 12);
    cr_assert_str_eq(kundig_table_text(table, 0, 2).data, "name");
    cr_assert_str_eq(kundig_table_text(table, 0, 3).data, "Müller");
    cr_assert_str_eq(kundig_table_text(table, 1, 2).data, "phone");
    kundig_table_free(table);
}

Test(personal_table, counts_bytes_as_given)
{
    static const char text[] = "\xFF\xC3 Frau M\xC3\xBCller\xE2\x82 a\0 \x80"
                               "x@example.com\xFF.";
    kundig_table *table = personal_table_of(text, sizeof text - 1, 0);
    cr_assert_eq(kundig_table_row_count(table), 2);
    const char *name = strstr(text, "M\xC3");
    cr_assert_eq(kundig_table_int(table, 0, 0), name - text);
    cr_assert_eq(kundig_table_int(table, 0, 1), name - text + 7);
    size_t mail = sizeof text - 1 - strlen("x@example.com\xFF.");
    cr_assert_eq(kundig_table_int(table, 1, 0), (int64_t)mail);
    cr_assert_eq(kundig_table_int(table, 1, 1), (int64_t)(sizeof text - 1 - 2));
    cr_assert_str_eq(kundig_table_text(table, 1, 3).data, "x@example.com");
    kundig_table_free(table);
}

Test(personal_table, masks)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_bytes *bytes = NULL;
    static const char text[] = "\xFF Frau M\xC3\xBCller, 030 23125001";
    cr_assert_eq(kundig_text_mask(&allocator, text, sizeof text - 1, 0, &bytes, NULL), KUNDIG_OK);
    cr_assert_str_eq(kundig_bytes_data(bytes), "\xEF\xBF\xBD Frau [name], [phone]");
    kundig_bytes_free(bytes);
    cr_assert_eq(
        kundig_text_mask(&allocator, text, sizeof text - 1, KUNDIG_PERSONAL_PHONE, &bytes, NULL),
        KUNDIG_OK);
    cr_assert_str_eq(kundig_bytes_data(bytes), "\xEF\xBF\xBD Frau Müller, [phone]");
    kundig_bytes_free(bytes);
    cr_assert_eq(kundig_text_mask(&allocator, NULL, 0, 0, &bytes, NULL), KUNDIG_OK);
    cr_assert_eq(kundig_bytes_len(bytes), 0);
    kundig_bytes_free(bytes);
}

Test(personal_table, refuses_wrong_arguments)
{
    kundig_table *table = NULL;
    kundig_bytes *bytes = NULL;
    kundig_error err = {0};
    cr_assert_eq(kundig_text_personal(NULL, NULL, 1, 0, &table, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_text_personal(NULL, "a", 1, 128, &table, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_text_personal(NULL, "a", 1, 0, NULL, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_text_mask(NULL, NULL, 1, 0, &bytes, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_text_mask(NULL, "a", 1, 128, &bytes, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_text_mask(NULL, "a", 1, 0, NULL, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_text_mask(NULL, "a", (size_t)1 << 30, 0, &bytes, &err), KUNDIG_E_LIMIT);
    cr_assert_null(table);
    cr_assert_null(bytes);
    kundig_table *none = personal_table_of(NULL, 0, 0);
    cr_assert_eq(kundig_table_row_count(none), 0);
    kundig_table_free(none);
}

Test(personal_table, fails_cleanly_without_memory)
{
    static const char text[] = "\xFF Frau M\xC3\xBCller, 030 23125001, a@example.com";
    for (int mode = 0; mode < 4; mode++) {
        int rc = KUNDIG_E_NOMEM;
        for (size_t n = 1; rc != KUNDIG_OK; n++) {
            kundig_allocator allocator = probe_allocator(NULL);
            kundig_table *table = NULL;
            kundig_bytes *bytes = NULL;
            kundig_error err = {0};
            cr_assert_lt(n, 300);
            probe_shared.allocations = 0;
            probe_shared.fail_at = n;
            probe_shared.fail_on = mode & 1;
            rc = mode & 2
                     ? kundig_text_mask(&allocator, text, sizeof text - 1, 0, &bytes, &err)
                     : kundig_text_personal(&allocator, text, sizeof text - 1, 0, &table, &err);
            probe_shared.fail_at = 0;
            probe_shared.fail_on = false;
            cr_assert(rc == KUNDIG_OK || (rc == KUNDIG_E_NOMEM && err.code == rc));
            cr_assert((rc == KUNDIG_OK) == (table || bytes));
            kundig_table_free(table);
            kundig_bytes_free(bytes);
            cr_assert_eq(probe_shared.live_blocks, 0);
        }
    }
}
