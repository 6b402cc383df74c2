/* All facts but feedback: customers, events, labels, links, consents, retention rules, edits. They
 * have the identity and versions of feedback, but are read by joins and few at a time, so a row is
 * its canonical bytes (entity_write.c) and nothing else.
 *
 * Invariant: one row a version; a batch is whole or absent. Cost: the bytes, one key, and 13 bytes
 * a row. */
#include "base/bytes.h"
#include "base/text.h"
#include "corpus/facts.h"

void kundig__fact_store_init(kundig__fact_store *store, kundig__mem *mem,
                             const uint8_t key[KUNDIG__SIPHASH_KEY_SIZE])
{
    memset(store, 0, sizeof *store);
    store->mem = mem;
    kundig__identity_init(&store->identity, mem, key);
    kundig__dict_init(&store->sources, mem, key);
    kundig__pool_init(&store->bytes, mem);
}

void kundig__fact_store_free(kundig__fact_store *store)
{
    if (store->mem) {
        kundig__identity_free(&store->identity);
        kundig__dict_free(&store->sources);
        kundig__pool_free(&store->bytes);
        kundig__free(store->mem, store->flags, store->flag_capacity * sizeof *store->flags);
        kundig__free(store->mem, store->updated, store->updated_capacity * sizeof *store->updated);
    }
}

size_t kundig__fact_store_memory(const kundig__fact_store *store)
{
    return kundig__identity_memory(&store->identity) + kundig__dict_memory(&store->sources) +
           kundig__pool_memory(&store->bytes, false) + kundig__pool_memory(&store->bytes, true) +
           store->flag_capacity * sizeof *store->flags +
           store->updated_capacity * sizeof *store->updated;
}

const char *kundig__fact_store_check(const kundig__fact_store *store)
{
    if (store->bytes.rows != store->rows) {
        return "rows and bytes of facts differ in number";
    }
    for (uint32_t row = 0; store->identity.record_of && row < store->rows; row++) {
        uint32_t head = store->identity.heads[store->identity.record_of[row]];
        if (head < store->rows && store->updated[head] < store->updated[row]) {
            return "a fact's current row is not its newest";
        }
    }
    return kundig__identity_check(&store->identity, store->flags, store->rows);
}

kundig_text kundig__fact_store_row(const kundig__fact_store *store, uint32_t row)
{
    return kundig__pool_get(&store->bytes, row);
}

bool kundig__fact_store_is_current(const kundig__fact_store *store, uint32_t row)
{
    return (store->flags[row] & KUNDIG__ROW_SUPERSEDED) == 0;
}

/* ---- The batch ---- */

void kundig__fact_store_begin(kundig__fact_store *store)
{
    kundig__identity_begin(&store->identity);
    store->rows_before = store->rows;
    store->sources_before = store->sources.count;
}

bool kundig__fact_store_commit(kundig__fact_store *store)
{
    kundig__identity_commit(&store->identity);
    return store->rows != store->rows_before;
}

void kundig__fact_store_abandon(kundig__fact_store *store)
{
    kundig__identity_undo(&store->identity, store->flags);
    kundig__pool_shrink(&store->bytes, store->rows_before);
    kundig__dict_shrink(&store->sources, store->sources_before);
    store->rows = store->rows_before;
}

void kundig__entity_init(kundig__entity *entity, kundig__context *context)
{
    kundig__mem *mem = &context->mem;
    memset(entity, 0, sizeof *entity);
    entity->mem = mem;
    entity->context = context;
    kundig__buf_init(&entity->bytes, mem);
    kundig__buf_init(&entity->key, mem);
    kundig__buf_init(&entity->scratch, mem);
    kundig__arena_init(&entity->arena, mem);
}

void kundig__entity_free(kundig__entity *entity)
{
    if (entity->mem) {
        kundig__buf_free(&entity->bytes);
        kundig__buf_free(&entity->key);
        kundig__buf_free(&entity->scratch);
        kundig__arena_free(&entity->arena);
    }
}

/* ---- Adding ---- */

static void entities_encode(void *ud, uint32_t row, kundig__buf *out)
{
    const kundig__fact_store *store = ud;
    kundig__buf_text(out, kundig__pool_get(&store->bytes, row));
}

static int64_t entities_updated(void *ud, uint32_t row)
{
    const kundig__fact_store *store = ud;
    return store->updated[row];
}

static bool entities_reserve(kundig__fact_store *store, size_t len)
{
    if (store->rows >= store->flag_capacity) {
        size_t wanted = kundig__row_capacity(store->rows);
        uint8_t *flags = kundig__realloc(store->mem, store->flags, store->flag_capacity, wanted);
        if (!flags) {
            return false;
        }
        store->flags = flags;
        store->flag_capacity = wanted;
    }
    if (store->rows >= store->updated_capacity) {
        size_t wanted = kundig__row_capacity(store->rows);
        int64_t *updated =
            kundig__realloc(store->mem, store->updated, store->updated_capacity * sizeof *updated,
                            wanted * sizeof *updated);
        if (!updated) {
            return false;
        }
        store->updated = updated;
        store->updated_capacity = wanted;
    }
    return kundig__pool_reserve(&store->bytes, store->rows, len);
}

/* Write the record that stands in `entity` behind the last row: KUNDIG__PLACED_ or an error, after
 * which the batch must be abandoned. */
static int entities_place(kundig__fact_store *store, const kundig__entity *entity,
                          kundig_error *err)
{
    kundig__rows_of rows = {store, entities_encode, entities_updated};
    uint32_t source = 0;
    if (entity->source.data) {
        source = kundig__dict_add(&store->sources, entity->source.data, entity->source.len);
        if (source == KUNDIG__DICT_NONE) {
            return kundig__nomem(store->mem, err);
        }
        source++;
    }
    if (!entities_reserve(store, entity->bytes.len)) {
        return kundig__nomem(store->mem, err);
    }
    store->flags[store->rows] = 0;
    store->updated[store->rows] = entity->updated;
    kundig__pool_put(&store->bytes, store->rows,
                     kundig__text(entity->bytes.data, entity->bytes.len));
    int placed = kundig__identity_place(&store->identity, &rows, store->flags, source, entity->id,
                                        store->rows, err);
    if (placed == KUNDIG__PLACED_UNCHANGED) {
        kundig__pool_shrink(&store->bytes, store->rows);
    } else if (placed > 0) {
        store->rows++;
    }
    return placed;
}

int kundig__entity_add(kundig__corpus *corpus, const kundig__fact *fact, kundig_added *added,
                       const char **field, kundig_error *err)
{
    kundig__fact_store *store = &corpus->stores[fact->kind - 1];
    kundig__entity *entity = &corpus->entity;
    if (!corpus->in_batch || corpus->batch_broken) {
        return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "a record was added outside a batch");
    }
    int rc = kundig__entity_write(entity, fact, err);
    if (field) {
        *field = entity->field;
    }
    if (rc) {
        return rc;
    }
    if (store->rows >= KUNDIG__MAX_ROWS) {
        return kundig__fail(err, KUNDIG_E_LIMIT, 0, "a corpus holds at most %lu records of a kind",
                            (unsigned long)KUNDIG__MAX_ROWS);
    }
    int placed = entities_place(store, entity, err);
    if (placed < 0) {
        corpus->batch_broken = true;
        return placed;
    }
    if (added) {
        added->records++;
        added->added += placed == KUNDIG__PLACED_NEW;
        added->versions += placed == KUNDIG__PLACED_VERSION || placed == KUNDIG__PLACED_CONFLICT;
        added->conflicts += placed == KUNDIG__PLACED_CONFLICT;
        added->unchanged += placed == KUNDIG__PLACED_UNCHANGED;
        added->replaced_bytes += entity->replaced;
    }
    return KUNDIG_OK;
}
