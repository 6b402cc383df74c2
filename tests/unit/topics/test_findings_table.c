/* Findings as they are collected, and as the table the public call gives. */
#include "taxonomies.h"

TestSuite(findings_table, .fini = probe_fini);

Test(findings_table, keeps_a_bounded_number_of_each_severity)
{
    taxonomy_fixture f;
    taxonomies_begin(&f);
    for (uint32_t i = 0; i < KUNDIG__MOST_FINDINGS + 10; i++) {
        cr_assert(kundig__finding_add(&f.findings, KUNDIG__FINDING_NOTE, i, 1, "n"));
    }
    cr_assert(kundig__finding_add(&f.findings, KUNDIG__FINDING_ERROR, 7, 2, "%s", "e"));
    cr_assert_eq(f.findings.count, KUNDIG__MOST_FINDINGS + 2);
    cr_assert_str_eq(f.findings.items[KUNDIG__MOST_FINDINGS].sentence.data,
                     "there are more of this kind: the first 10000 are listed");
    cr_assert_str_eq(f.findings.items[KUNDIG__MOST_FINDINGS + 1].sentence.data, "e");
    taxonomies_end(&f);
}

Test(findings_table, holds_severity_line_column_and_finding)
{
    static const char text[] = "topic a:\nen: late, late, d*\ntopic b:\nen: late\n";
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_table *table = NULL;
    kundig_bytes *csv = NULL;
    kundig_error err;
    cr_assert_eq(kundig_taxonomy_check(&allocator, text, sizeof text - 1, &table, &err), KUNDIG_OK);
    cr_assert_eq(kundig_table_to_csv(table, &csv, &err), KUNDIG_OK);
    cr_assert_str_eq(
        kundig_bytes_data(csv),
        "severity,line,column,finding\r\n"
        "warning,2,11,this is the same as 'late' in line 2: drop one\r\n"
        "error,2,17,a beginning needs at least 2 letters before the *\r\n"
        "note,4,5,\"topics 'a' and 'b' share this rule, which stands in line 2 too: a comment "
        "counts in both\"\r\n");
    kundig_bytes_free(csv);
    kundig_table_free(table);
}

Test(findings_table, is_made_of_the_ready_taxonomy_when_none_is_given)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_text ready = kundig_taxonomy_ready();
    kundig_table *table = NULL;
    kundig_error err;
    cr_assert_gt(ready.len, 1000);
    cr_assert_eq(kundig_taxonomy_check(&allocator, NULL, 0, &table, &err), KUNDIG_OK);
    for (size_t row = 0; row < kundig_table_row_count(table); row++) {
        cr_assert_str_neq(kundig_table_text(table, row, 0).data, "error", "line %d: %s",
                          (int)kundig_table_int(table, row, 1),
                          kundig_table_text(table, row, 3).data);
    }
    kundig_table_free(table);
    table = NULL;
    cr_assert_eq(kundig_taxonomy_check(&allocator, "", 0, &table, &err), KUNDIG_OK);
    cr_assert_eq(kundig_table_row_count(table), 1, "an empty one has no rule");
    kundig_table_free(table);
    table = NULL;
    cr_assert_eq(kundig_taxonomy_check(&allocator, NULL, 3, &table, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_taxonomy_check(&allocator, "", 0, NULL, &err), KUNDIG_E_ARG);
    cr_assert_null(table);
}

Test(findings_table, ends_cleanly_when_memory_fails)
{
    static const char text[] = "topic a:\nen: late, late, d*\n";
    size_t failures = 0;
    for (int on = 0; on < 2; on++) {
        int rc = KUNDIG_E_NOMEM;
        for (size_t fail_at = 1; rc; fail_at++) {
            kundig_allocator allocator = probe_allocator(NULL);
            kundig_table *table = NULL;
            kundig_error err;
            probe_shared.allocations = 0;
            probe_shared.fail_at = fail_at;
            probe_shared.fail_on = on;
            rc = kundig_taxonomy_check(&allocator, text, sizeof text - 1, &table, &err);
            probe_shared.fail_at = 0;
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM, "%s", err.message);
            cr_assert_eq(table != NULL, rc == KUNDIG_OK);
            failures += rc != KUNDIG_OK;
            kundig_table_free(table);
            cr_assert_eq(probe_shared.live_blocks, 0);
        }
    }
    cr_assert_gt(failures, 20);
}
