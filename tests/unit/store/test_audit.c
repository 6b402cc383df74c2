/* The log: what was told is read back, what was tampered with is noticed. */
#include "erasing.h"

TestSuite(audit, .fini = probe_fini);

static int audit_log(stored *s, const kundig__receipt *receipt)
{
    int rc = kundig__store_begin(s->store, &s->corpus, &s->err);
    rc = rc ? rc : kundig__audit_log(s->store, receipt, &s->err);
    if (rc) {
        kundig__store_rollback(s->store);
        return rc;
    }
    return kundig__store_commit(s->store, &s->corpus, &s->err);
}

static kundig__receipt audit_receipt(void)
{
    kundig__receipt receipt = erasing_receipt();
    strcpy(receipt.before, "0123456789abcdef0123456789abcdef");
    strcpy(receipt.after, "fedcba9876543210fedcba9876543210");
    receipt.records = 3;
    for (int kind = 0; kind < KUNDIG__FACT_KINDS; kind++) {
        receipt.rows[kind] = 10 + (uint64_t)kind;
    }
    return receipt;
}

Test(audit, keeps_receipts_in_order)
{
    stored s;
    kundig_table *log = NULL;
    stored_begin(&s);
    STORED_OK(&s, stored_open(&s));
    STORED_OK(&s, kundig__store_audit(s.store, &log, &s.err));
    cr_assert_eq(kundig_table_row_count(log), 0);
    kundig_table_free(log);
    kundig__receipt receipt = audit_receipt();
    STORED_OK(&s, audit_log(&s, &receipt));
    receipt.action = "merge";
    receipt.subject[0] = '\0';
    receipt.time_ms = KUNDIG_TIME_ABSENT;
    receipt.pending = true;
    STORED_OK(&s, audit_log(&s, &receipt));
    stored_close(&s);
    STORED_OK(&s, stored_open(&s));
    STORED_OK(&s, kundig__store_audit(s.store, &log, &s.err));
    cr_assert_eq(kundig_table_row_count(log), 2);
    cr_assert_str_eq(erasing_cell(log, 0, "time").data, "1970-01-01T00:00:01Z");
    cr_assert_null(erasing_cell(log, 1, "time").data);
    cr_assert_str_eq(erasing_cell(log, 0, "action").data, "erase");
    cr_assert_str_eq(erasing_cell(log, 1, "action").data, "merge");
    cr_assert_str_eq(erasing_cell(log, 0, "subject").data, "00112233445566778899aabbccddeeff");
    cr_assert_null(erasing_cell(log, 1, "subject").data);
    cr_assert_eq(erasing_count(log, 0, "records"), 3);
    cr_assert_eq(erasing_count(log, 0, "versions"), 10);
    cr_assert_eq(erasing_count(log, 1, "consents"), 15);
    cr_assert_eq(erasing_count(log, 1, "edits"), 17);
    cr_assert_str_eq(erasing_cell(log, 0, "before").data, "0123456789abcdef0123456789abcdef");
    cr_assert_str_eq(erasing_cell(log, 0, "after").data, "fedcba9876543210fedcba9876543210");
    cr_assert_str_eq(erasing_cell(log, 0, "status").data, "done");
    cr_assert_str_eq(erasing_cell(log, 1, "status").data, "pending");
    kundig_table_free(log);
    stored_end(&s);
}

Test(audit, what_was_pending_is_done)
{
    stored s;
    kundig_table *log = NULL;
    kundig__receipt receipt = audit_receipt();
    stored_begin(&s);
    STORED_OK(&s, stored_open(&s));
    for (int i = 0; i < 4; i++) {
        receipt.pending = i % 2;
        STORED_OK(&s, audit_log(&s, &receipt));
    }
    STORED_OK(&s, kundig__store_begin(s.store, &s.corpus, &s.err));
    STORED_OK(&s, kundig__audit_settled(s.store, &s.err));
    STORED_OK(&s, kundig__store_commit(s.store, &s.corpus, &s.err));
    STORED_OK(&s, kundig__store_audit(s.store, &log, &s.err));
    cr_assert_eq(kundig_table_row_count(log), 4);
    for (size_t row = 0; row < 4; row++) {
        cr_assert_str_eq(erasing_cell(log, row, "status").data, "done");
    }
    kundig_table_free(log);
    stored_end(&s);
}

Test(audit, a_receipt_that_was_changed_is_refused)
{
    static const char *const changes[] = {
        "UPDATE receipt SET records = 4",
        "UPDATE receipt SET action = 'other'",
        "UPDATE receipt SET action = 'expire'",
        "UPDATE receipt SET subject = 'short'",
        "UPDATE receipt SET subject = NULL",
        "UPDATE receipt SET before = ''",
        "UPDATE receipt SET after = upper(after)",
        "UPDATE receipt SET pending = 1",
        "UPDATE receipt SET time_ms = NULL",
        "UPDATE receipt SET hash = x'00'",
        "UPDATE receipt SET retentions = retentions + 1",
        "UPDATE receipt SET edits = edits - 1",
        "UPDATE receipt SET edits = 0",
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        stored s;
        kundig_table *log = NULL;
        kundig__receipt receipt = audit_receipt();
        stored_begin(&s);
        STORED_OK(&s, stored_open(&s));
        STORED_OK(&s, audit_log(&s, &receipt));
        stored_sql(&s, changes[i]);
        cr_assert_eq(kundig__store_audit(s.store, &log, &s.err), KUNDIG_E_FORMAT, "%s", changes[i]);
        cr_assert(strstr(s.err.message, "row 1 of table receipt"), "%s", s.err.message);
        cr_assert_null(log);
        stored_end(&s);
    }
}

static int audit_read(stored *s, const kundig__receipt *receipt)
{
    kundig_table *log = NULL;
    (void)receipt;
    int rc = kundig__store_audit(s->store, &log, &s->err);
    cr_assert_eq(log == NULL, rc != KUNDIG_OK);
    kundig_table_free(log);
    return rc;
}

Test(audit, survives_failure_of_every_allocation)
{
    int (*const calls[])(stored *, const kundig__receipt *) = {audit_log, audit_read};
    stored s;
    kundig__receipt receipt = audit_receipt();
    stored_begin(&s);
    STORED_OK(&s, stored_open(&s));
    for (int i = 0; i < 4; i++) {
        bool forever = i % 2;
        int rc = KUNDIG_E_NOMEM;
        for (size_t fail_at = 1; rc; fail_at++) {
            probe_shared.allocations = 0;
            probe_shared.fail_on = forever;
            probe_shared.fail_at = fail_at;
            rc = calls[i / 2](&s, &receipt);
            probe_shared.fail_at = 0;
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM, "%d: %s", rc, s.err.message);
            stored_check(&s);
        }
    }
    cr_assert_eq(stored_number(&s, "SELECT count(*) FROM receipt"), 2, "whole or absent");
    stored_end(&s);
}
