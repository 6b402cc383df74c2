/* Receipts as a table: what was forgotten or merged, of one call or of the whole log.
 *
 * Invariant: a receipt holds counts, hashes, a time and a keyed pseudonym, never a name. Cost: one
 * row each. */
#include "base/calendar.h"
#include "base/text.h"
#include "store/store.h"
#include "table/table.h"

enum {
    RECEIPTS_TIME,
    RECEIPTS_ACTION,
    RECEIPTS_SUBJECT,
    RECEIPTS_RECORDS,
    RECEIPTS_ROWS, /* one column a kind of fact from here on */
    RECEIPTS_EDITS = RECEIPTS_ROWS + KUNDIG_FACTS_CONSENTS + 1,
    RECEIPTS_BEFORE,
    RECEIPTS_AFTER,
    RECEIPTS_STATUS
};

/* Rules of retention name nobody: none is forgotten, and they need no column. */
static const char *const receipts_rows[] = {
    [KUNDIG_FACTS_FEEDBACK] = "versions", [KUNDIG_FACTS_CUSTOMERS] = "customers",
    [KUNDIG_FACTS_EVENTS] = "events",     [KUNDIG_FACTS_LABELS] = "labels",
    [KUNDIG_FACTS_LINKS] = "links",       [KUNDIG_FACTS_CONSENTS] = "consents",
};

int kundig__receipts_new(kundig__mem *mem, kundig_table **out, kundig_error *err)
{
    kundig_table *table = kundig__table_new(mem);
    if (!table) {
        return kundig__nomem(mem, err);
    }
    kundig__table_column(table, "time", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "action", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "subject", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "records", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    for (size_t kind = 0; kind < sizeof receipts_rows / sizeof *receipts_rows; kind++) {
        kundig__table_column(table, receipts_rows[kind], KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    }
    kundig__table_column(table, "edits", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    kundig__table_column(table, "before", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "after", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "status", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    *out = table;
    return KUNDIG_OK;
}

static void receipts_text(kundig_table *table, size_t column, const char *text)
{
    if (*text) {
        kundig__table_set_text(table, column, kundig__str(text));
    }
}

void kundig__receipts_row(kundig_table *table, const kundig__receipt *receipt)
{
    kundig__table_row(table);
    if (receipt->time_ms != KUNDIG_TIME_ABSENT) {
        char time[32];
        size_t len = kundig__time_write(receipt->time_ms, KUNDIG_PRECISION_MS, time);
        kundig__table_set_text(table, RECEIPTS_TIME, kundig__text(time, len));
    }
    receipts_text(table, RECEIPTS_ACTION, receipt->action);
    receipts_text(table, RECEIPTS_SUBJECT, receipt->subject);
    kundig__table_set_int(table, RECEIPTS_RECORDS, (int64_t)receipt->records);
    for (size_t kind = 0; kind < sizeof receipts_rows / sizeof *receipts_rows; kind++) {
        kundig__table_set_int(table, RECEIPTS_ROWS + kind, (int64_t)receipt->rows[kind]);
    }
    kundig__table_set_int(table, RECEIPTS_EDITS, (int64_t)receipt->rows[KUNDIG_FACTS_EDITS]);
    receipts_text(table, RECEIPTS_BEFORE, receipt->before);
    receipts_text(table, RECEIPTS_AFTER, receipt->after);
    receipts_text(table, RECEIPTS_STATUS, receipt->pending ? "pending" : "done");
}

int kundig__receipts_one(kundig__mem *mem, const kundig__receipt *receipt,
                         const kundig__forgetting *forgetting, kundig_table **out,
                         kundig_error *err)
{
    kundig_table *table = NULL;
    int rc = kundig__receipts_new(mem, &table, err);
    if (rc) {
        return rc;
    }
    kundig__receipts_row(table, receipt);
    if (forgetting && forgetting->timeless) {
        kundig__table_note(table, "records without a time, which were kept: %llu",
                           (unsigned long long)forgetting->timeless);
    }
    if (forgetting && forgetting->unruled) {
        kundig__table_note(table, "records whose purpose has no rule, which were kept: %llu",
                           (unsigned long long)forgetting->unruled);
    }
    return kundig__table_finish(table, out, err);
}
