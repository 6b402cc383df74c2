/* What a store keeps beside the facts: the pinned model, and how the columns of each source were
 * mapped. Invariant: bytes that do not agree with their hash are never used. Cost: the model is
 * loaded once, when comments are first read. */
#include "base/bytes.h"
#include "base/text.h"
#include "store/db.h"

/* ---- The model ---- */

static int pinned_load(kundig__store *store, kundig_text bytes, kundig_error *err)
{
    kundig_model *model = NULL;
    kundig__hash128 hash = kundig__blake2b(NULL, bytes.data, bytes.len);
    if (!bytes.data || memcmp(&hash, &store->state.model, sizeof hash) != 0) {
        return kundig__db_damaged(store, err, "the pinned model does not agree with its hash");
    }
    int rc = kundig_model_load(&store->mem->hook, bytes.data, bytes.len, &model, err);
    if (rc == KUNDIG_E_VERSION) {
        return kundig__fail(err, rc, 0,
                            "the model pinned in %.*s was made by another version of kundig: pin "
                            "one that this version makes",
                            kundig__shown(store->name), store->name.data);
    }
    if (!rc) {
        kundig_model_free(store->model);
        store->model = model;
        store->model_hash = hash;
    }
    return rc;
}

int kundig__store_model(kundig__store *store, kundig_model **out, kundig_error *err)
{
    sqlite3_stmt *statement = NULL;
    bool row = false;
    int rc = kundig__store_look(store, err);
    if (rc) {
        return rc;
    }
    if (store->state.has_model && (!store->model || memcmp(&store->model_hash, &store->state.model,
                                                           sizeof store->model_hash) != 0)) {
        rc = kundig__db_prepare(store, "SELECT bytes FROM model WHERE one = 1", &statement, err);
        rc = rc ? rc : kundig__db_step(store, statement, &row, err);
        rc = rc ? rc
                : pinned_load(store, row ? kundig__db_text(statement, 0) : kundig__text(NULL, 0),
                              err);
        sqlite3_finalize(statement);
    }
    if (!rc) {
        *out = store->state.has_model ? store->model : NULL;
    }
    return rc;
}

int kundig__pinned_write(kundig__store *store, const kundig_bytes *model,
                         kundig__store_state *state, kundig_error *err)
{
    sqlite3_stmt *statement = NULL;
    int rc = kundig__db_exec(store, "DELETE FROM model", err);
    state->has_model = model != NULL;
    state->generation++;
    if (!rc && model) {
        const char *data = kundig_bytes_data(model);
        size_t len = kundig_bytes_len(model);
        state->model = kundig__blake2b(NULL, data, len);
        rc = kundig__db_prepare(store, "INSERT INTO model VALUES (1, ?1)", &statement, err);
        if (!rc) {
            int code = sqlite3_bind_blob64(statement, 1, data, len, SQLITE_STATIC);
            rc = code ? kundig__db_fail(store, code, "writing", err)
                      : kundig__db_run(store, statement, err);
        }
        sqlite3_finalize(statement);
    }
    return rc;
}

int kundig__store_pin(kundig__store *store, const kundig_bytes *model, kundig_error *err)
{
    kundig__store_state state = store->state;
    int rc = kundig__pinned_write(store, model, &state, err);
    rc = rc ? rc : kundig__store_state_write(store, &state, err);
    if (!rc) {
        store->state = state;
    }
    return rc;
}

/* ---- Mappings ---- */

int kundig__mapping_hash(kundig__store *store, kundig_text source, kundig_text map,
                         kundig__hash128 *out, kundig_error *err)
{
    kundig__buf bytes;
    kundig__buf_init(&bytes, store->mem);
    kundig__put_text(&bytes, source);
    kundig__put_text(&bytes, map);
    int rc = bytes.failed ? kundig__nomem(store->mem, err) : KUNDIG_OK;
    if (!rc) {
        *out = kundig__blake2b(NULL, bytes.data, bytes.len);
    }
    kundig__buf_free(&bytes);
    return rc;
}

int kundig__store_mapping(kundig__store *store, kundig_text source, kundig_text *map,
                          kundig_error *err)
{
    sqlite3_stmt *statement = NULL;
    kundig__hash128 stored;
    kundig__hash128 hash;
    bool row = false;
    kundig_text found = {NULL, 0};
    store->text.len = 0;
    int rc = kundig__db_prepare(store, "SELECT map, hash FROM mapping WHERE source = ?1",
                                &statement, err);
    rc = rc ? rc : kundig__db_bind(store, statement, 1, source, err);
    rc = rc ? rc : kundig__db_step(store, statement, &row, err);
    if (!rc && row) {
        kundig_text text = kundig__db_text(statement, 0);
        rc = kundig__mapping_hash(store, source, text, &hash, err);
        if (!rc && (!kundig__db_blob(statement, 1, stored.bytes, sizeof stored.bytes) ||
                    memcmp(&stored, &hash, sizeof hash) != 0)) {
            rc = kundig__db_damaged(store, err,
                                    "a row of table mapping does not agree with its "
                                    "hash");
        }
        kundig__buf_text(&store->text, text);
        kundig__buf_char(&store->text, '\0');
        if (!rc && store->text.failed) {
            kundig__buf_free(&store->text);
            rc = kundig__nomem(store->mem, err);
        }
        found = kundig__text(store->text.data, text.len);
    }
    sqlite3_finalize(statement);
    if (!rc) {
        *map = found;
    }
    return rc;
}

int kundig__mapping_blank(kundig__store *store, kundig_text source, kundig_error *err)
{
    sqlite3_stmt *statement = NULL;
    int rc = kundig__db_prepare(
        store, "UPDATE mapping SET source = x'', map = '', hash = x'' WHERE source = ?1",
        &statement, err);
    rc = rc ? rc : kundig__db_bind(store, statement, 1, source, err);
    rc = rc ? rc : kundig__db_run(store, statement, err);
    sqlite3_finalize(statement);
    return rc;
}

/* A changed one is blanked and appended anew: a row that grows would move others. */
int kundig__store_set_mapping(kundig__store *store, kundig_text source, kundig_text map,
                              kundig_error *err)
{
    sqlite3_stmt *statement = NULL;
    kundig__hash128 hash;
    kundig_text known;
    int rc = kundig__store_mapping(store, source, &known, err);
    if (rc || kundig__text_equal(known, map)) {
        return rc;
    }
    rc = kundig__mapping_hash(store, source, map, &hash, err);
    rc = rc ? rc : kundig__mapping_blank(store, source, err);
    rc = rc ? rc
            : kundig__db_prepare(store,
                                 "INSERT INTO mapping (source, map, hash) VALUES (?1, ?2, ?3)",
                                 &statement, err);
    rc = rc ? rc : kundig__db_bind(store, statement, 1, source, err);
    rc = rc ? rc : kundig__db_bind(store, statement, 2, map, err);
    if (!rc) {
        sqlite3_bind_blob(statement, 3, hash.bytes, sizeof hash.bytes, SQLITE_STATIC);
        rc = kundig__db_run(store, statement, err);
    }
    sqlite3_finalize(statement);
    return rc;
}
