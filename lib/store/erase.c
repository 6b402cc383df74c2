/* Forgetting on disk: rows are blanked where they stand, the sums follow, FILE-wal is emptied.
 *
 * A row keeps its number and loses everything else. Its smaller cell stays on its page, where
 * SQLite's secure_delete zeroes what it leaves, and the pages of long texts are zeroed when they
 * come free; nothing is deleted, so no page is ever balanced and no copy is left behind. Then
 * FILE-wal, which holds pages as they were, is written back and cut to nothing. While another
 * connection still reads an old state that cannot be: `pending` says so in the file until somebody
 * has done it.
 *
 * Invariant: the transaction that blanks also takes the hashes out of the sums, overwrites the key
 * of the cache, replaces what the rows taught, sets `pending` and logs the receipt; `pending` is
 * taken back only by who emptied FILE-wal after it. Cost: a few writes a row; no table is searched.
 */
#include "base/text.h"
#include "store/db.h"

/* How long to wait for readers to go before a receipt says "pending". */
#define ERASE_WAIT_MS 100

static void erase_state_name(const kundig__store_state *state, char hex[33])
{
    kundig__fact_sum sums[KUNDIG__FACT_KINDS];
    for (int kind = 0; kind < KUNDIG__FACT_KINDS; kind++) {
        sums[kind] = state->kinds[kind].sum;
    }
    kundig__facts_name(sums, state->has_model ? &state->model : NULL, hex);
}

/* ---- Blanking ---- */

/* "UPDATE feedback SET hash = NULL, ... WHERE n = ?1" */
static int erase_prepare(kundig__store *store, const kundig__store_table *table, sqlite3_stmt **out,
                         kundig_error *err)
{
    kundig__buf sql;
    kundig__buf_init(&sql, store->mem);
    kundig__buf_str(&sql, "UPDATE ");
    kundig__buf_str(&sql, table->name);
    kundig__buf_str(&sql, " SET hash = NULL");
    for (int i = 0; i < table->column_count; i++) {
        kundig__buf_str(&sql, ", ");
        kundig__buf_str(&sql, table->columns[i].name);
        kundig__buf_str(&sql, " = NULL");
    }
    kundig__buf_str(&sql, " WHERE n = ?1 AND hash IS NOT NULL");
    kundig__buf_char(&sql, '\0');
    int rc =
        sql.failed ? kundig__nomem(store->mem, err) : kundig__db_prepare(store, sql.data, out, err);
    kundig__buf_free(&sql);
    return rc;
}

/* Answers or attributes of a row: a run of keys. */
static int erase_prepare_values(kundig__store *store, const char *table, sqlite3_stmt **out,
                                kundig_error *err)
{
    char sql[96];
    if (!table) {
        return KUNDIG_OK;
    }
    sqlite3_snprintf(sizeof sql, sql, "UPDATE %s SET value = NULL WHERE key >= ?1 AND key < ?2",
                     table);
    return kundig__db_prepare(store, sql, out, err);
}

static int erase_values(kundig__store *store, sqlite3_stmt *statement, uint64_t n,
                        kundig_error *err)
{
    if (!statement) {
        return KUNDIG_OK;
    }
    sqlite3_bind_int64(statement, 1, (int64_t)n * KUNDIG__STORE_NAMES);
    sqlite3_bind_int64(statement, 2, (int64_t)(n + 1) * KUNDIG__STORE_NAMES);
    return kundig__db_run(store, statement, err);
}

/* Blank the rows of a kind and take them out of its sum. */
static int erase_kind(kundig__store *store, const kundig__corpus *corpus,
                      const kundig__forgetting *forgetting, int kind, kundig__store_state *state,
                      kundig_error *err)
{
    const kundig__store_table *table = kundig__store_table_of(kind);
    sqlite3_stmt *of_row = NULL;
    sqlite3_stmt *of_attributes = NULL;
    sqlite3_stmt *of_answers = NULL;
    kundig__buf canonical;
    kundig__buf_init(&canonical, store->mem);
    int rc = erase_prepare(store, table, &of_row, err);
    rc = rc ? rc : erase_prepare_values(store, table->attributes, &of_attributes, err);
    rc = rc ? rc : erase_prepare_values(store, table->answers, &of_answers, err);
    for (size_t i = 0; i < forgetting->count[kind] && !rc; i++) {
        uint32_t row = forgetting->rows[kind][i];
        uint64_t n = kundig__store_n(store, kind, row);
        canonical.len = 0;
        kundig__fact_canonical(corpus, kind, row, &canonical);
        if (canonical.failed) {
            rc = kundig__nomem(store->mem, err);
            break;
        }
        kundig__hash128 hash = kundig__canonical_hash(&canonical);
        kundig__fact_sum_subtract(&state->kinds[kind].sum, &hash);
        sqlite3_bind_int64(of_row, 1, (int64_t)n);
        rc = kundig__db_run(store, of_row, err);
        if (!rc && sqlite3_changes(store->db) != 1) {
            rc = kundig__db_damaged(store, err, "row %lu of table %s is not there",
                                    (unsigned long)n, table->name);
        }
        rc = rc ? rc : erase_values(store, of_attributes, n, err);
        rc = rc ? rc : erase_values(store, of_answers, n, err);
    }
    sqlite3_finalize(of_row);
    sqlite3_finalize(of_attributes);
    sqlite3_finalize(of_answers);
    kundig__buf_free(&canonical);
    return rc;
}

static int erase_names(kundig__store *store, const kundig__store_names *known, const char *sql,
                       const kundig__forgotten_names *names, kundig_error *err)
{
    sqlite3_stmt *statement = NULL;
    int rc = names->count ? kundig__db_prepare(store, sql, &statement, err) : KUNDIG_OK;
    for (size_t i = 0; i < names->count && !rc; i++) {
        uint32_t place = kundig__dict_find(&known->dict, names->names[i].data, names->names[i].len);
        if (place == KUNDIG__DICT_NONE) {
            rc = kundig__db_damaged(store, err, "a name of an answer or attribute is not there");
        } else {
            sqlite3_bind_int64(statement, 1, known->numbers[place]);
            rc = kundig__db_run(store, statement, err);
        }
    }
    sqlite3_finalize(statement);
    return rc;
}

/* How files were mapped that held nothing else: a file may be named after whom it is of. */
static int erase_mappings(kundig__store *store, const kundig__forgotten_names *sources,
                          kundig_error *err)
{
    int rc = KUNDIG_OK;
    for (size_t i = 0; i < sources->count && !rc; i++) {
        rc = kundig__mapping_blank(store, sources->names[i], err);
    }
    return rc;
}

/* Names of questions, attributes and sources that nobody else uses. */
static int erase_unused(kundig__store *store, const kundig__corpus *corpus,
                        const kundig__forgetting *forgetting, kundig_error *err)
{
    kundig__arena arena;
    kundig__forgotten_names names;
    kundig__arena_init(&arena, store->mem);
    int rc = kundig__forgotten_questions(corpus, forgetting, &arena, &names, err);
    rc = rc ? rc
            : erase_names(store, &store->questions,
                          "UPDATE question SET name = NULL, scale = NULL, direction = NULL, "
                          "minimum = NULL, maximum = NULL WHERE number = ?1",
                          &names, err);
    rc = rc ? rc : kundig__forgotten_attributes(corpus, forgetting, &arena, &names, err);
    rc = rc ? rc
            : erase_names(store, &store->properties,
                          "UPDATE property SET name = NULL WHERE number = ?1", &names, err);
    rc = rc ? rc : kundig__forgotten_sources(corpus, forgetting, &arena, &names, err);
    rc = rc ? rc : erase_mappings(store, &names, err);
    kundig__arena_free(&arena);
    return rc;
}

/* ---- Emptying FILE-wal ---- */

/* Say in the file that what was pending at this count of erasures is done. Who comes later finds
 * it, so a failure here is none. */
static void erase_settled(kundig__store *store, uint64_t erasures)
{
    kundig__store_state state;
    bool done = false;
    if (kundig__db_exec(store, "BEGIN IMMEDIATE", NULL)) {
        return;
    }
    if (!kundig__store_state_read(store, &state, NULL) && state.pending &&
        state.erasures == erasures) {
        state.pending = false;
        done = !kundig__store_state_write(store, &state, NULL) &&
               !kundig__audit_settled(store, NULL) && !kundig__db_exec(store, "COMMIT", NULL);
    }
    if (!done) {
        kundig__db_rollback(store);
    }
    store->seen = false;
}

/* True if FILE-wal is empty now. */
static bool erase_write_back(kundig__store *store)
{
    return sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) ==
           SQLITE_OK;
}

/* Try to do what is pending since this count of erasures; true if FILE-wal is empty now. */
static bool erase_finish(kundig__store *store, uint64_t erasures, uint32_t wait_ms)
{
    sqlite3_busy_timeout(store->db, (int)wait_ms);
    bool empty = erase_write_back(store);
    if (empty) {
        erase_settled(store, erasures);
    }
    sqlite3_busy_timeout(store->db, (int)store->options.busy_ms);
    return empty;
}

void kundig__store_write_back(kundig__store *store)
{
    sqlite3_busy_timeout(store->db, ERASE_WAIT_MS);
    (void)erase_write_back(store);
    sqlite3_busy_timeout(store->db, (int)store->options.busy_ms);
}

int kundig__store_settle(kundig__store *store, kundig_error *err)
{
    if (store->options.access == KUNDIG_ACCESS_READ || store->writing) {
        return KUNDIG_OK;
    }
    int rc = kundig__store_look(store, err);
    if (!rc && store->state.pending) {
        (void)erase_finish(store, store->state.erasures, 0);
    }
    return rc;
}

/* ---- All of it ---- */

static int erase_all(kundig__store *store, const kundig__corpus *corpus,
                     const kundig__forgetting *forgetting, const kundig_bytes *model,
                     kundig__store_state *state, kundig_error *err)
{
    int rc = KUNDIG_OK;
    for (int kind = 0; kind < KUNDIG__FACT_KINDS && !rc; kind++) {
        if (forgetting->count[kind]) {
            rc = erase_kind(store, corpus, forgetting, kind, state, err);
        }
    }
    rc = rc ? rc : erase_unused(store, corpus, forgetting, err);
    rc = rc || !model ? rc : kundig__pinned_write(store, model, state, err);
    state->erasures++;
    state->pending = true;
    state->has_cache_key = false;
    memset(state->cache_key, 0, sizeof state->cache_key);
    return rc ? rc : kundig__store_state_write(store, state, err);
}

/* The receipt as it will read if FILE-wal can be emptied, and if not: made before anything is sure,
 * for afterwards nothing may fail. */
static int erase_receipts(kundig__store *store, const kundig__receipt *receipt,
                          const kundig__forgetting *forgetting, kundig_table *tables[2],
                          kundig_error *err)
{
    int rc = KUNDIG_OK;
    for (int pending = 0; pending < 2 && !rc; pending++) {
        kundig__receipt told = *receipt;
        told.pending = pending != 0;
        rc = kundig__receipts_one(store->mem, &told, forgetting, &tables[pending], err);
    }
    return rc;
}

int kundig__store_forget(kundig__store *store, kundig__corpus **corpus,
                         const kundig__forgetting *forgetting, const kundig_bytes *model,
                         const kundig__receipt *receipt, kundig_table **out, kundig_error *err)
{
    kundig__store_state state = store->state;
    kundig__receipt told = *receipt;
    kundig_table *tables[2] = {NULL, NULL};
    bool blanks = false;
    bool pending = false;
    int rc = KUNDIG_OK;
    told.records = forgetting->records;
    for (int kind = 0; kind < KUNDIG__FACT_KINDS; kind++) {
        told.rows[kind] = forgetting->count[kind];
        blanks = blanks || forgetting->count[kind];
    }
    /* Who asks again for somebody whose bytes are still in FILE-wal is not told that it is done. */
    told.pending = blanks || state.pending;
    erase_state_name(&state, told.before);
    if (blanks) {
        rc = erase_all(store, *corpus, forgetting, model, &state, err);
    }
    erase_state_name(&state, told.after);
    rc = rc ? rc : kundig__audit_log(store, &told, err);
    if (!rc && out) {
        rc = erase_receipts(store, &told, forgetting, tables, err);
    }
    rc = rc ? rc : kundig__db_exec(store, "COMMIT", err);
    kundig__store_rollback(store); /* of nothing, if all went well */
    if (!rc && blanks) {
        kundig__corpus_free(*corpus);
        *corpus = NULL;
        kundig__store_forgets(store);
    }
    if (!rc && told.pending) {
        pending = !erase_finish(store, state.erasures, ERASE_WAIT_MS);
    }
    if (!rc && out) {
        *out = tables[pending];
        tables[pending] = NULL;
    }
    kundig_table_free(tables[0]);
    kundig_table_free(tables[1]);
    return rc;
}

int kundig__store_log(kundig__store *store, kundig__corpus *corpus, kundig__receipt *receipt,
                      kundig_error *err)
{
    int rc = kundig__store_write(store, corpus, err);
    if (!rc) {
        erase_state_name(&store->state, receipt->after);
        rc = kundig__audit_log(store, receipt, err);
    }
    return rc;
}

void kundig__store_give_up(kundig__store *store, kundig__corpus **corpus)
{
    kundig__store_rollback(store);
    kundig__corpus_free(*corpus);
    *corpus = NULL;
    kundig__store_forgets(store);
}
