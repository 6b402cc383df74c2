/* Checking a store through and through, and saying in words what is wrong.
 *
 * Everything happens in one reading transaction: SQLite's own check of the file, the schema, what
 * the file says of itself, every record against its hash and all of them against their sum, the
 * corpus they make, values that belong to nobody, blank rows that are not blank, the pinned model,
 * mappings, receipts, the cache against the facts, erasures that are not finished.
 *
 * Invariant: whatever the bytes of the file are, there is a table of findings in the end: damage is
 * a row of it and never an error. Cost: everything is read once or twice. */
#include "base/text.h"
#include "store/db.h"
#include "table/table.h"

#include <stdarg.h>
#include <stdio.h>

#ifdef KUNDIG_TINY
#define VERIFY_MOST 20u
#else
#define VERIFY_MOST 1000u
#endif

enum { VERIFY_SEVERITY, VERIFY_TABLE, VERIFY_ROW, VERIFY_FINDING };

void kundig__fault(kundig__faults *faults, const char *severity, const char *table, int64_t n,
                   const char *format, ...)
{
    char words[sizeof((kundig_error *)0)->message];
    va_list args;
    if (faults->told == VERIFY_MOST) {
        faults->untold++;
        return;
    }
    va_start(args, format);
    int len = vsnprintf(words, sizeof words, format, args);
    va_end(args);
    faults->told++;
    kundig__table_row(faults->table);
    kundig__table_set_text(faults->table, VERIFY_SEVERITY, kundig__str(severity));
    kundig__table_set_text(faults->table, VERIFY_TABLE, kundig__str(table));
    if (n) {
        kundig__table_set_int(faults->table, VERIFY_ROW, n);
    }
    kundig__table_set_text(faults->table, VERIFY_FINDING, kundig__str(len < 0 ? "" : words));
}

typedef struct verify_call {
    kundig__context *context;
    kundig__store *store;
    kundig__faults faults;
    kundig__corpus *corpus;
} verify_call;

/* Damage becomes a finding; want of memory and the like stay errors. */
static int verify_step(verify_call *call, int rc, const char *table, const kundig_error *why,
                       kundig_error *err)
{
    switch (rc) {
    case KUNDIG_OK:
        return KUNDIG_OK;
    case KUNDIG_E_FORMAT:
    case KUNDIG_E_VERSION:
    case KUNDIG_E_INTERNAL:
    case KUNDIG_E_VALUE:
        kundig__fault(&call->faults, "error", table, 0, "%s", why->message);
        return KUNDIG_OK;
    default:
        if (err) {
            *err = *why;
        }
        return rc;
    }
}

/* Call for each row of a query; n of the row is its first column. */
typedef int verify_fn(verify_call *call, sqlite3_stmt *statement, kundig_error *err);

static int verify_each(verify_call *call, const char *sql, const char *table, verify_fn *each,
                       kundig_error *err)
{
    sqlite3_stmt *statement = NULL;
    kundig_error why = {0};
    bool row = false;
    int rc = kundig__db_prepare(call->store, sql, &statement, &why);
    while (!rc && !(rc = kundig__db_step(call->store, statement, &row, &why)) && row) {
        rc = each(call, statement, &why);
    }
    sqlite3_finalize(statement);
    return verify_step(call, rc, table, &why, err);
}

/* ---- The file ---- */

static int verify_structure_row(verify_call *call, sqlite3_stmt *statement, kundig_error *err)
{
    kundig_text text = kundig__db_text(statement, 0);
    (void)err;
    if (!kundig__text_equal(text, KUNDIG__TEXT("ok"))) {
        kundig__fault(&call->faults, "error", NULL, 0, "%.*s", kundig__shown(text),
                      text.data ? text.data : "");
    }
    return KUNDIG_OK;
}

static int verify_permissions(verify_call *call, kundig_error *err)
{
    bool shared = false;
    int rc = kundig__path_is_shared(call->store->mem, call->store->name, &shared, err);
    if (!rc && shared) {
        kundig__fault(&call->faults, "note", NULL, 0,
                      "others than its owner may open the file: chmod 600 keeps it private");
    }
    return rc;
}

/* *sound: the tables are those of this format. */
static int verify_schema(verify_call *call, bool *sound, kundig_error *err)
{
    kundig_error why = {0};
    int format = -1;
    *sound = false;
    int rc = kundig__schema_check(call->store, &format, &why);
    if (rc) {
        return verify_step(call, rc, NULL, &why, err);
    }
    if (format < 0) {
        kundig__fault(&call->faults, "error", NULL, 0,
                      "the file is empty: no store was made in it yet");
    } else if (format < KUNDIG__STORE_FORMAT) {
        kundig__fault(&call->faults, "warning", NULL, 0,
                      "a store of the older format %d, which has no hashes: open it once for "
                      "writing",
                      format);
    } else {
        *sound = true;
    }
    return KUNDIG_OK;
}

static int verify_state(verify_call *call, bool *sound, kundig_error *err)
{
    kundig__store *store = call->store;
    kundig_error why = {0};
    int rc = kundig__store_state_read(store, &store->state, &why);
    *sound = !rc;
    if (rc) {
        return verify_step(call, rc, "state", &why, err);
    }
    if (store->state.pending) {
        kundig__fault(&call->faults, "warning", "state", 0,
                      "an erasure is not finished: FILE-wal may still hold erased bytes. The "
                      "next call that writes finishes it, once nobody reads an older state");
    }
    if (store->state.has_pseudonyms && call->context->has_pseudonym_key) {
        kundig__hash128 mark = kundig__store_key_mark(call->context);
        if (memcmp(&mark, &store->state.pseudonyms, sizeof mark) != 0) {
            kundig__fault(&call->faults, "error", "state", 0,
                          "the pseudonyms were made with another key than the one given");
        }
    }
    return KUNDIG_OK;
}

/* ---- Facts ---- */

static int verify_facts(verify_call *call, kundig_error *err)
{
    kundig_error why = {0};
    int rc = kundig__corpus_new(call->context, &call->corpus, err);
    if (rc) {
        return rc;
    }
    rc = kundig__store_read(call->store, call->corpus, &why);
    if (rc) {
        kundig__corpus_free(call->corpus);
        call->corpus = NULL;
        return verify_step(call, rc, NULL, &why, err);
    }
    rc = kundig__corpus_check(call->corpus, &why);
    return verify_step(call, rc, NULL, &why, err);
}

/* One row: how many rows are blank, and the first of them that is not. */
static int verify_blank_row(verify_call *call, sqlite3_stmt *statement, kundig_error *err)
{
    kundig_text table = kundig__db_text(statement, 2);
    int64_t blank = sqlite3_column_int64(statement, 0);
    char name[32];
    (void)err;
    snprintf(name, sizeof name, "%.*s", kundig__shown(table), table.data ? table.data : "");
    if (sqlite3_column_type(statement, 1) != SQLITE_NULL) {
        kundig__fault(&call->faults, "error", name, sqlite3_column_int64(statement, 1),
                      "is erased and still holds something");
    }
    if (blank) {
        kundig__fault(&call->faults, "note", name, 0,
                      "rows left blank by erasures: %lld; kundig compact takes them out",
                      (long long)blank);
    }
    return KUNDIG_OK;
}

static int verify_blank(verify_call *call, int kind, kundig_error *err)
{
    const kundig__store_table *table = kundig__store_table_of(kind);
    kundig__buf sql;
    kundig__buf_init(&sql, call->store->mem);
    kundig__buf_str(&sql, "SELECT count(*), min(CASE WHEN coalesce(NULL");
    for (int i = 0; i < table->column_count; i++) {
        kundig__buf_str(&sql, ", ");
        kundig__buf_str(&sql, table->columns[i].name);
    }
    kundig__buf_str(&sql, ") IS NOT NULL THEN n END), '");
    kundig__buf_str(&sql, table->name);
    kundig__buf_str(&sql, "' FROM ");
    kundig__buf_str(&sql, table->name);
    kundig__buf_str(&sql, " WHERE hash IS NULL");
    kundig__buf_char(&sql, '\0');
    int rc = sql.failed ? kundig__nomem(call->store->mem, err)
                        : verify_each(call, sql.data, table->name, verify_blank_row, err);
    kundig__buf_free(&sql);
    return rc;
}

static int verify_unused_row(verify_call *call, sqlite3_stmt *statement, kundig_error *err)
{
    bool question = sqlite3_column_int(statement, 1) != 0;
    (void)err;
    kundig__fault(&call->faults, "warning", question ? "question" : "property",
                  sqlite3_column_int64(statement, 0), "is a name that no record uses");
    return KUNDIG_OK;
}

/* ---- What stands beside the facts ---- */

static int verify_mapping_row(verify_call *call, sqlite3_stmt *statement, kundig_error *err)
{
    kundig__hash128 stored;
    kundig__hash128 hash;
    if (sqlite3_column_type(statement, 2) == SQLITE_BLOB && !sqlite3_column_bytes(statement, 2) &&
        !sqlite3_column_bytes(statement, 3)) {
        return KUNDIG_OK; /* blank */
    }
    int rc = kundig__mapping_hash(call->store, kundig__db_text(statement, 2),
                                  kundig__db_text(statement, 3), &hash, err);
    if (!rc && (!kundig__db_blob(statement, 1, stored.bytes, sizeof stored.bytes) ||
                memcmp(&stored, &hash, sizeof hash) != 0)) {
        kundig__fault(&call->faults, "error", "mapping", sqlite3_column_int64(statement, 0),
                      "does not agree with its hash");
    }
    return rc;
}

static int verify_receipt(void *ud, int64_t n, const kundig__receipt *receipt, kundig_error *err)
{
    verify_call *call = ud;
    (void)err;
    if (!receipt) {
        kundig__fault(&call->faults, "error", "receipt", n, "does not agree with its hash");
    } else if (receipt->pending && !call->store->state.pending) {
        kundig__fault(&call->faults, "error", "receipt", n,
                      "says pending, and table state says that nothing is");
    }
    return KUNDIG_OK;
}

/* The cache holds the first rows of feedback, or is not used at all. */
static int verify_cache(verify_call *call, kundig_error *err)
{
    kundig__store *store = call->store;
    kundig__corpus *image = NULL;
    kundig__fact_sum sums[2]; /* of the image and the rows behind it; of all rows */
    kundig_error why = {0};
    int64_t parts = 0;
    memset(sums, 0, sizeof sums);
    kundig__store_forgets(store);
    int rc = kundig__db_integer(store, "SELECT count(*) FROM cache", &parts, &why);
    rc = rc ? rc : kundig__cache_read(store, &image, &why);
    if (rc || !parts) {
        return verify_step(call, rc, "cache", &why, err);
    }
    if (!image) {
        kundig__fault(&call->faults, "note", "cache", 0,
                      "it fits an older state or has changed, and is not used");
        return KUNDIG_OK;
    }
    uint32_t rows = kundig__fact_rows(image, KUNDIG_FACTS_FEEDBACK);
    bool fits = rows <= kundig__fact_rows(call->corpus, KUNDIG_FACTS_FEEDBACK);
    if (fits) {
        rc = kundig__fact_sum_rows(image, KUNDIG_FACTS_FEEDBACK, 0, &sums[0], err);
        rc = rc ? rc : kundig__fact_sum_rows(call->corpus, KUNDIG_FACTS_FEEDBACK, 0, &sums[1], err);
        rc = rc ? rc
                : kundig__fact_sum_rows(call->corpus, KUNDIG_FACTS_FEEDBACK, rows, &sums[0], err);
        fits = !rc && memcmp(&sums[0], &sums[1], sizeof sums[0]) == 0;
    }
    if (!rc && !fits) {
        kundig__fault(&call->faults, "error", "cache", 0, "does not agree with the facts");
    }
    kundig__corpus_free(image);
    return rc;
}

static int verify_beside(verify_call *call, kundig_error *err)
{
    kundig_error why = {0};
    kundig_model *model = NULL;
    int rc = kundig__store_model(call->store, &model, &why);
    if (rc == KUNDIG_E_VERSION) {
        kundig__fault(&call->faults, "warning", "model", 0, "%s", why.message);
        rc = KUNDIG_OK;
    }
    rc = verify_step(call, rc, "model", &why, err);
    rc = rc ? rc
            : verify_each(call, "SELECT n, hash, source, map FROM mapping ORDER BY n", "mapping",
                          verify_mapping_row, err);
    if (!rc) {
        rc = kundig__audit_each(call->store, verify_receipt, call, &why);
        rc = verify_step(call, rc, "receipt", &why, err);
    }
    return rc;
}

/* ---- All of it ---- */

static int verify_tables(verify_call *call, kundig_error *err)
{
    bool sound = false;
    int rc = verify_schema(call, &sound, err);
    if (rc || !sound) {
        return rc;
    }
    rc = verify_state(call, &sound, err);
    if (rc || !sound) {
        return rc;
    }
    rc = verify_facts(call, err);
    for (int kind = 0; kind < KUNDIG__FACT_KINDS && !rc; kind++) {
        rc = verify_blank(call, kind, err);
    }
    rc = rc ? rc
            : verify_each(call,
                          "SELECT number, 1 FROM question WHERE name IS NOT NULL AND number NOT IN "
                          "(SELECT key % 1048576 FROM answer WHERE value IS NOT NULL)",
                          "question", verify_unused_row, err);
    rc = rc ? rc
            : verify_each(call,
                          "SELECT number, 0 FROM property WHERE name IS NOT NULL AND number NOT IN "
                          "(SELECT key % 1048576 FROM attribute WHERE value IS NOT NULL UNION "
                          "SELECT key % 1048576 FROM customer_attribute WHERE value IS NOT NULL)",
                          "property", verify_unused_row, err);
    rc = rc ? rc : verify_beside(call, err);
    return rc || !call->corpus ? rc : verify_cache(call, err);
}

static int verify_file(verify_call *call, kundig_text path, uint32_t busy_ms, kundig_error *err)
{
    kundig__store_options options = {
        .access = KUNDIG_ACCESS_READ, .busy_ms = busy_ms, .bare = true};
    kundig_error why = {0};
    int rc = kundig__store_open(call->context, path, &options, &call->store, &why);
    if (rc) {
        return verify_step(call, rc, NULL, &why, err);
    }
    call->store->faults = &call->faults;
    rc = verify_permissions(call, err);
    if (!rc) {
        rc = verify_step(call, kundig__db_exec(call->store, "BEGIN", &why), NULL, &why, err);
    }
    rc =
        rc ? rc : verify_each(call, "PRAGMA integrity_check(100)", NULL, verify_structure_row, err);
    rc = rc ? rc : verify_tables(call, err);
    kundig__db_rollback(call->store);
    return rc;
}

static int verify_finish(verify_call *call, kundig_table **out, kundig_error *err)
{
    if (call->faults.untold) {
        kundig__table_note(call->faults.table, "further findings, not listed: %llu",
                           (unsigned long long)call->faults.untold);
    }
    return kundig__table_finish(call->faults.table, out, err);
}

int kundig__store_verify(kundig__context *context, kundig_text path, uint32_t busy_ms,
                         kundig_table **out, kundig_error *err)
{
    verify_call call = {.context = context};
    call.faults.table = kundig__table_new(&context->mem);
    if (!call.faults.table) {
        return kundig__nomem(&context->mem, err);
    }
    kundig__table_column(call.faults.table, "severity", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(call.faults.table, "table", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(call.faults.table, "row", KUNDIG_COLUMN_INT, KUNDIG_UNIT_NONE);
    kundig__table_column(call.faults.table, "finding", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    int rc = verify_file(&call, path, busy_ms, err);
    kundig__corpus_free(call.corpus);
    kundig__store_close(call.store, false);
    if (rc) {
        kundig_table_free(call.faults.table);
        return rc;
    }
    return verify_finish(&call, out, err);
}
