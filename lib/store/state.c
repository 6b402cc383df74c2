/* What the file says of itself: counters, the sum of each kind of fact, keys and marks.
 *
 * One row of `state` and one a kind of `kind`, sealed together by a hash, so that a flipped byte in
 * them is noticed even where no facts are read. Invariant: a transaction that changes facts writes
 * them too, so they always agree. Cost: nine small rows. */
#include "base/bytes.h"
#include "store/db.h"

/* Half of the rows that answers have keys for: what is appended has room, too. */
#define STATE_MOST_ROWS (INT64_MAX / KUNDIG__STORE_NAMES / 2)

/* BLAKE2b-128 of all that is said. */
static int state_seal(kundig__store *store, const kundig__store_state *state, kundig__hash128 *out,
                      kundig_error *err)
{
    kundig__buf bytes;
    kundig__buf_init(&bytes, store->mem);
    kundig__put_u64(&bytes, state->generation);
    kundig__put_u64(&bytes, state->erasures);
    kundig__put_u8(&bytes, state->pending);
    kundig__put_u8(&bytes, state->has_pseudonyms);
    kundig__put_u8(&bytes, state->has_model);
    kundig__put_u8(&bytes, state->has_cache_key);
    if (state->has_pseudonyms) {
        kundig__buf_add(&bytes, state->pseudonyms.bytes, sizeof state->pseudonyms.bytes);
    }
    if (state->has_model) {
        kundig__buf_add(&bytes, state->model.bytes, sizeof state->model.bytes);
    }
    if (state->has_cache_key) {
        kundig__buf_add(&bytes, state->cache_key, sizeof state->cache_key);
    }
    /* A file that never had edits is sealed as it was before there were any. */
    const kundig__store_kind none = {0};
    bool edits = memcmp(&state->kinds[KUNDIG_FACTS_EDITS], &none, sizeof none) != 0;
    int kinds = edits ? KUNDIG__FACT_KINDS : KUNDIG_FACTS_EDITS;
    for (int kind = 0; kind < kinds; kind++) {
        const kundig__store_kind *of = &state->kinds[kind];
        kundig__put_u64(&bytes, of->last);
        kundig__put_u32(&bytes, of->used);
        kundig__put_u64(&bytes, of->sum.count);
        kundig__put_u64(&bytes, of->sum.low);
        kundig__put_u64(&bytes, of->sum.high);
    }
    int rc = bytes.failed ? kundig__nomem(store->mem, err) : KUNDIG_OK;
    if (!rc) {
        *out = kundig__blake2b(NULL, bytes.data, bytes.len);
    }
    kundig__buf_free(&bytes);
    return rc;
}

static int state_read_kinds(kundig__store *store, kundig__store_state *out, kundig_error *err)
{
    sqlite3_stmt *statement = NULL;
    bool row = false;
    int kind = 0;
    int rc = kundig__db_prepare(
        store, "SELECT kind, last, used, count, sum FROM kind ORDER BY kind", &statement, err);
    while (!rc && !(rc = kundig__db_step(store, statement, &row, err)) && row) {
        uint8_t sum[16];
        if (kind >= KUNDIG__FACT_KINDS || sqlite3_column_int64(statement, 0) != kind ||
            sqlite3_column_int64(statement, 1) < 0 ||
            sqlite3_column_int64(statement, 1) > STATE_MOST_ROWS ||
            !kundig__db_blob(statement, 4, sum, sizeof sum)) {
            rc = kundig__db_damaged(store, err, "table kind");
            break;
        }
        kundig__reader reader = {sum, sizeof sum, 0, false};
        kundig__store_kind *of = &out->kinds[kind++];
        of->last = (uint64_t)sqlite3_column_int64(statement, 1);
        of->used = (uint32_t)sqlite3_column_int64(statement, 2);
        of->sum.count = (uint64_t)sqlite3_column_int64(statement, 3);
        of->sum.low = kundig__take_u64(&reader);
        of->sum.high = kundig__take_u64(&reader);
    }
    if (!rc && kind != KUNDIG__FACT_KINDS) {
        rc = kundig__db_damaged(store, err, "table kind lacks rows");
    }
    sqlite3_finalize(statement);
    return rc;
}

/* A blob that may be NULL. */
static bool state_blob(sqlite3_stmt *statement, int column, bool *has, void *out, size_t size)
{
    *has = sqlite3_column_type(statement, column) != SQLITE_NULL;
    return !*has || kundig__db_blob(statement, column, out, size);
}

int kundig__store_state_read(kundig__store *store, kundig__store_state *out, kundig_error *err)
{
    kundig__store_state state;
    kundig__hash128 stored;
    kundig__hash128 seal;
    sqlite3_stmt *statement = NULL;
    bool row = false;
    memset(&state, 0, sizeof state);
    int rc = kundig__db_prepare(store,
                                "SELECT generation, erasures, pending, pseudonyms, model, "
                                "cache_key, hash FROM state WHERE one = 1",
                                &statement, err);
    rc = rc ? rc : kundig__db_step(store, statement, &row, err);
    if (!rc) {
        if (row) {
            state.generation = (uint64_t)sqlite3_column_int64(statement, 0);
            state.erasures = (uint64_t)sqlite3_column_int64(statement, 1);
            state.pending = sqlite3_column_int64(statement, 2) != 0;
        }
        if (!row ||
            !state_blob(statement, 3, &state.has_pseudonyms, state.pseudonyms.bytes,
                        sizeof state.pseudonyms.bytes) ||
            !state_blob(statement, 4, &state.has_model, state.model.bytes,
                        sizeof state.model.bytes) ||
            !state_blob(statement, 5, &state.has_cache_key, state.cache_key,
                        sizeof state.cache_key) ||
            !kundig__db_blob(statement, 6, stored.bytes, sizeof stored.bytes)) {
            rc = kundig__db_damaged(store, err, "table state");
        }
    }
    sqlite3_finalize(statement);
    rc = rc ? rc : state_read_kinds(store, &state, err);
    rc = rc ? rc : state_seal(store, &state, &seal, err);
    if (!rc && memcmp(&seal, &stored, sizeof seal) != 0) {
        rc = kundig__db_damaged(store, err, "tables state and kind do not agree with their hash");
    }
    if (!rc) {
        *out = state;
    }
    return rc;
}

static void state_bind_blob(sqlite3_stmt *statement, int column, bool has, const void *data,
                            int size)
{
    if (has) {
        sqlite3_bind_blob(statement, column, data, size, SQLITE_STATIC);
    } else {
        sqlite3_bind_null(statement, column);
    }
}

static int state_put(kundig__store *store, const kundig__store_state *state, const char *of_store,
                     const char *of_kind, kundig_error *err)
{
    sqlite3_stmt *statement = NULL;
    kundig__hash128 seal;
    int rc = state_seal(store, state, &seal, err);
    rc = rc ? rc : kundig__db_prepare(store, of_store, &statement, err);
    if (!rc) {
        sqlite3_bind_int64(statement, 1, (int64_t)state->generation);
        sqlite3_bind_int64(statement, 2, (int64_t)state->erasures);
        sqlite3_bind_int64(statement, 3, state->pending);
        state_bind_blob(statement, 4, state->has_pseudonyms, state->pseudonyms.bytes, 16);
        state_bind_blob(statement, 5, state->has_model, state->model.bytes, 16);
        state_bind_blob(statement, 6, state->has_cache_key, state->cache_key, 32);
        sqlite3_bind_blob(statement, 7, seal.bytes, 16, SQLITE_STATIC);
        rc = kundig__db_run(store, statement, err);
    }
    sqlite3_finalize(statement);
    statement = NULL;
    rc = rc ? rc : kundig__db_prepare(store, of_kind, &statement, err);
    for (int kind = 0; kind < KUNDIG__FACT_KINDS && !rc; kind++) {
        const kundig__store_kind *of = &state->kinds[kind];
        uint8_t sum[16];
        for (unsigned i = 0; i < 8; i++) {
            sum[i] = (uint8_t)(of->sum.low >> (8 * i));
            sum[8 + i] = (uint8_t)(of->sum.high >> (8 * i));
        }
        sqlite3_bind_int64(statement, 1, (int64_t)of->last);
        sqlite3_bind_int64(statement, 2, of->used);
        sqlite3_bind_int64(statement, 3, (int64_t)of->sum.count);
        sqlite3_bind_blob(statement, 4, sum, sizeof sum, SQLITE_STATIC);
        sqlite3_bind_int(statement, 5, kind);
        rc = kundig__db_run(store, statement, err);
    }
    sqlite3_finalize(statement);
    return rc;
}

int kundig__store_state_write(kundig__store *store, const kundig__store_state *state,
                              kundig_error *err)
{
    return state_put(store, state,
                     "UPDATE state SET generation = ?1, erasures = ?2, pending = ?3, "
                     "pseudonyms = ?4, model = ?5, cache_key = ?6, hash = ?7 WHERE one = 1",
                     "UPDATE kind SET last = ?1, used = ?2, count = ?3, sum = ?4 WHERE kind = ?5",
                     err);
}

int kundig__store_state_make(kundig__store *store, const kundig__store_state *state,
                             kundig_error *err)
{
    return state_put(store, state, "INSERT INTO state VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                     "INSERT INTO kind VALUES (?5, ?1, ?2, ?3, ?4)", err);
}
