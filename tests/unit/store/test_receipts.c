/* Receipts as a table: one row each, absent is null. */
#include <criterion/criterion.h>

#include "probe.h"
#include "store/store.h"
#include "table/table.h"

TestSuite(receipts, .fini = probe_fini);

static kundig__receipt receipts_one(void)
{
    kundig__receipt receipt = {.time_ms = INT64_C(1767225600000), .action = "erase", .records = 2};
    strcpy(receipt.subject, "00112233445566778899aabbccddeeff");
    strcpy(receipt.before, "0123456789abcdef0123456789abcdef");
    strcpy(receipt.after, "fedcba9876543210fedcba9876543210");
    for (int kind = 0; kind < KUNDIG__FACT_KINDS; kind++) {
        receipt.rows[kind] = 10 + (uint64_t)kind;
    }
    return receipt;
}

static int receipts_make(kundig_bytes **out)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig_table *table = NULL;
    kundig_table *done = NULL;
    kundig__receipt receipt = receipts_one();
    kundig__mem_init(&mem, &allocator, 0);
    int rc = kundig__receipts_new(&mem, &table, NULL);
    if (rc) {
        return rc;
    }
    kundig__receipts_row(table, &receipt);
    receipt.time_ms = KUNDIG_TIME_ABSENT;
    receipt.subject[0] = '\0';
    receipt.action = "merge";
    receipt.pending = true;
    kundig__receipts_row(table, &receipt);
    rc = kundig__table_finish(table, &done, NULL);
    rc = rc ? rc : kundig_table_to_csv(done, out, NULL);
    kundig_table_free(done);
    return rc;
}

Test(receipts, have_a_column_for_all_that_can_go)
{
    kundig_bytes *csv = NULL;
    cr_assert_eq(receipts_make(&csv), KUNDIG_OK);
    cr_assert_str_eq(
        kundig_bytes_data(csv),
        "time,action,subject,records,versions,customers,events,labels,links,consents,edits,before,"
        "after,"
        "status\r\n"
        "2026-01-01T00:00Z,erase,00112233445566778899aabbccddeeff,2,10,11,12,13,14,15,17,"
        "0123456789abcdef0123456789abcdef,fedcba9876543210fedcba9876543210,done\r\n"
        ",merge,,2,10,11,12,13,14,15,17,"
        "0123456789abcdef0123456789abcdef,fedcba9876543210fedcba9876543210,pending\r\n");
    kundig_bytes_free(csv);
}

Test(receipts, survive_failure_of_every_allocation)
{
    for (int forever = 0; forever < 2; forever++) {
        int rc = KUNDIG_E_NOMEM;
        for (size_t fail_at = 1; rc; fail_at++) {
            kundig_bytes *csv = NULL;
            probe_shared.allocations = 0;
            probe_shared.fail_on = forever != 0;
            probe_shared.fail_at = fail_at;
            rc = receipts_make(&csv);
            probe_shared.fail_at = 0;
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM);
            cr_assert_eq(csv == NULL, rc != KUNDIG_OK);
            kundig_bytes_free(csv);
            cr_assert_eq(probe_shared.live_blocks, 0);
        }
    }
}
