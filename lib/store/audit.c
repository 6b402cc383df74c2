/* The log of receipts: written with what it tells of, read as a table.
 *
 * A row is sealed by the hash of its other columns, like a fact. Invariant: it holds no personal
 * data: counts, the states before and after, a time the caller gave, a keyed pseudonym. Cost: one
 * row each. */
#include "base/bytes.h"
#include "base/text.h"
#include "store/db.h"
#include "table/table.h"

#define AUDIT_COLUMNS                                                                              \
    "time_ms, action, subject, records, versions, customers, events, labels, links, consents, "    \
    "retentions, edits, before, after, pending"

static const char *const audit_actions[] = {"erase", "expire", "merge"};

static int audit_seal(kundig__store *store, const kundig__receipt *receipt, kundig__hash128 *out,
                      kundig_error *err)
{
    kundig__buf bytes;
    kundig__buf_init(&bytes, store->mem);
    kundig__put_i64(&bytes, receipt->time_ms);
    kundig__put_text(&bytes, kundig__str(receipt->action));
    kundig__put_text(&bytes, kundig__str(receipt->subject));
    kundig__put_u64(&bytes, receipt->records);
    for (int kind = 0; kind < KUNDIG_FACTS_EDITS; kind++) {
        kundig__put_u64(&bytes, receipt->rows[kind]);
    }
    kundig__put_text(&bytes, kundig__str(receipt->before));
    kundig__put_text(&bytes, kundig__str(receipt->after));
    kundig__put_u8(&bytes, receipt->pending);
    if (receipt->rows[KUNDIG_FACTS_EDITS]) {
        /* Receipts without edits are sealed as they were before there were any. */
        kundig__put_u64(&bytes, receipt->rows[KUNDIG_FACTS_EDITS]);
    }
    int rc = bytes.failed ? kundig__nomem(store->mem, err) : KUNDIG_OK;
    if (!rc) {
        *out = kundig__blake2b(NULL, bytes.data, bytes.len);
    }
    kundig__buf_free(&bytes);
    return rc;
}

static int audit_bind(kundig__store *store, sqlite3_stmt *statement, const kundig__receipt *receipt,
                      const kundig__hash128 *seal, kundig_error *err)
{
    int column = 1;
    sqlite3_bind_blob(statement, column++, seal->bytes, sizeof seal->bytes, SQLITE_STATIC);
    if (receipt->time_ms != KUNDIG_TIME_ABSENT) {
        sqlite3_bind_int64(statement, column, receipt->time_ms);
    }
    column++;
    kundig_text subject = kundig__str(*receipt->subject ? receipt->subject : NULL);
    int rc = kundig__db_bind(store, statement, column++, kundig__str(receipt->action), err);
    rc = rc ? rc : kundig__db_bind(store, statement, column++, subject, err);
    sqlite3_bind_int64(statement, column++, (int64_t)receipt->records);
    for (int kind = 0; kind < KUNDIG__FACT_KINDS; kind++) {
        sqlite3_bind_int64(statement, column++, (int64_t)receipt->rows[kind]);
    }
    rc = rc ? rc : kundig__db_bind(store, statement, column++, kundig__str(receipt->before), err);
    rc = rc ? rc : kundig__db_bind(store, statement, column++, kundig__str(receipt->after), err);
    sqlite3_bind_int(statement, column, receipt->pending);
    return rc;
}

int kundig__audit_log(kundig__store *store, const kundig__receipt *receipt, kundig_error *err)
{
    sqlite3_stmt *statement = NULL;
    kundig__hash128 seal;
    int rc = audit_seal(store, receipt, &seal, err);
    rc = rc ? rc
            : kundig__db_prepare(store,
                                 "INSERT INTO receipt (hash, " AUDIT_COLUMNS
                                 ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, "
                                 "?13, ?14, ?15, ?16)",
                                 &statement, err);
    rc = rc ? rc : audit_bind(store, statement, receipt, &seal, err);
    rc = rc ? rc : kundig__db_run(store, statement, err);
    sqlite3_finalize(statement);
    return rc;
}

/* ---- Reading ---- */

/* 32 digits or nothing. */
static bool audit_hex(sqlite3_stmt *statement, int column, bool required, char out[33])
{
    kundig_text text = kundig__db_text(statement, column);
    if (text.data && text.len != 32) {
        return false;
    }
    memset(out, 0, 33);
    if (text.data) {
        memcpy(out, text.data, 32);
    }
    return text.data || !required;
}

/* The row a statement stands on: hash, then AUDIT_COLUMNS from its second column on. */
static bool audit_take(kundig__store *store, sqlite3_stmt *statement, kundig__receipt *out, int *rc,
                       kundig_error *err)
{
    kundig__hash128 stored;
    kundig__hash128 seal;
    int column = 2;
    bool timed = sqlite3_column_type(statement, column) != SQLITE_NULL;
    memset(out, 0, sizeof *out);
    out->time_ms = timed ? sqlite3_column_int64(statement, column) : KUNDIG_TIME_ABSENT;
    kundig_text action = kundig__db_text(statement, ++column);
    for (size_t i = 0; i < sizeof audit_actions / sizeof *audit_actions; i++) {
        if (kundig__text_equal(action, kundig__str(audit_actions[i]))) {
            out->action = audit_actions[i];
        }
    }
    bool sound = out->action && audit_hex(statement, ++column, false, out->subject);
    if (sound) {
        out->records = (uint64_t)sqlite3_column_int64(statement, ++column);
        for (int kind = 0; kind < KUNDIG__FACT_KINDS; kind++) {
            out->rows[kind] = (uint64_t)sqlite3_column_int64(statement, ++column);
        }
        sound = audit_hex(statement, column + 1, true, out->before) &&
                audit_hex(statement, column + 2, true, out->after) &&
                kundig__db_blob(statement, 1, stored.bytes, sizeof stored.bytes);
        out->pending = sqlite3_column_int(statement, column + 3) != 0;
    }
    *rc = sound ? audit_seal(store, out, &seal, err) : KUNDIG_OK;
    return sound && !*rc && memcmp(&stored, &seal, sizeof seal) == 0;
}

int kundig__audit_each(kundig__store *store, kundig__audit_fn *call, void *ud, kundig_error *err)
{
    sqlite3_stmt *statement = NULL;
    bool row = false;
    int rc = kundig__db_prepare(store, "SELECT n, hash, " AUDIT_COLUMNS " FROM receipt ORDER BY n",
                                &statement, err);
    while (!rc && !(rc = kundig__db_step(store, statement, &row, err)) && row) {
        kundig__receipt receipt;
        int64_t n = sqlite3_column_int64(statement, 0);
        bool sound = audit_take(store, statement, &receipt, &rc, err);
        rc = rc ? rc : call(ud, n, sound ? &receipt : NULL, err);
    }
    sqlite3_finalize(statement);
    return rc;
}

typedef struct audit_list {
    kundig__store *store;
    kundig_table *table;
} audit_list;

static int audit_row(void *ud, int64_t n, const kundig__receipt *receipt, kundig_error *err)
{
    audit_list *list = ud;
    if (!receipt) {
        return kundig__db_damaged(list->store, err, "row %ld of table receipt", (long)n);
    }
    kundig__receipts_row(list->table, receipt);
    return KUNDIG_OK;
}

int kundig__store_audit(kundig__store *store, kundig_table **out, kundig_error *err)
{
    audit_list list = {store, NULL};
    int rc = kundig__receipts_new(store->mem, &list.table, err);
    rc = rc ? rc : kundig__audit_each(store, audit_row, &list, err);
    if (rc) {
        kundig_table_free(list.table);
        return rc;
    }
    return kundig__table_finish(list.table, out, err);
}

/* ---- What is pending is done ---- */

typedef struct audit_settling {
    kundig__store *store;
    sqlite3_stmt *statement;
} audit_settling;

static int audit_settle(void *ud, int64_t n, const kundig__receipt *receipt, kundig_error *err)
{
    audit_settling *call = ud;
    kundig__hash128 seal;
    if (!receipt || !receipt->pending) {
        return KUNDIG_OK;
    }
    kundig__receipt done = *receipt;
    done.pending = false;
    int rc = audit_seal(call->store, &done, &seal, err);
    if (!rc) {
        sqlite3_bind_blob(call->statement, 1, seal.bytes, sizeof seal.bytes, SQLITE_STATIC);
        sqlite3_bind_int64(call->statement, 2, n);
        rc = kundig__db_run(call->store, call->statement, err);
    }
    return rc;
}

int kundig__audit_settled(kundig__store *store, kundig_error *err)
{
    audit_settling call = {store, NULL};
    int rc = kundig__db_prepare(store, "UPDATE receipt SET hash = ?1, pending = 0 WHERE n = ?2",
                                &call.statement, err);
    rc = rc ? rc : kundig__audit_each(store, audit_settle, &call, err);
    sqlite3_finalize(call.statement);
    return rc;
}
