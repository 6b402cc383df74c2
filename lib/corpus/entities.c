/* Customers and events: rows of canonical bytes, with the identity and versions of all facts.
 *
 * They are read by joins and few at a time, so a row is its canonical bytes and nothing else. Both
 * lists are little-endian, texts as in canon.c:
 *
 *   customer  u8 1, text source, id, i64 updated, since, u8 churned, text segment,
 *             number basket, orders, revenue, attributes
 *   event     u8 1, u32 kind, text source, id, customer, case, i64 time, u8 precision, i64 updated,
 *             text agent, department, topic, number value
 *   number    u8 0 if null, else u8 2 and the IEEE 754 bits as u64
 *   attributes  u32 count; each, in byte order of names: text name, u8 type, then text, u64 bits of
 *             the number, or u8 of the boolean
 *
 * Invariant: one row a version; a call is whole or absent. Cost: the bytes, one key, and 13 bytes a
 * row. */
#include "base/bytes.h"
#include "base/calendar.h"
#include "base/math.h"
#include "base/options.h"
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
        return "rows and bytes of customers or events differ in number";
    }
    return kundig__identity_check(&store->identity, store->flags, store->rows);
}

/* What one call works with: the caller's records, mended texts, the bytes of one record. */
typedef struct entities_call {
    kundig__mem *mem;
    kundig__buf bytes;
    kundig__buf scratch;
    kundig__arena arena;
    uint64_t replaced;
    kundig_text source; /* of the record just written */
    kundig_text id;
    int64_t updated;
} entities_call;

static int entities_text(entities_call *call, kundig_text *text, const char *name,
                         kundig_error *err)
{
    if (!text->data && text->len) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "%s has a length but no bytes", name);
    }
    if (text->len >= KUNDIG__MAX_TEXT) {
        return kundig__fail(err, KUNDIG_E_VALUE, 0, "%s is longer than 1 GiB", name);
    }
    if (!kundig__text_mended(text, &call->scratch, &call->arena, &call->replaced)) {
        return kundig__nomem(call->mem, err);
    }
    return KUNDIG_OK;
}

static int entities_time(int64_t time_ms, const char *name, kundig_error *err)
{
    if (time_ms != KUNDIG_TIME_ABSENT && !kundig__time_in_range(time_ms)) {
        return kundig__fail(err, KUNDIG_E_VALUE, 0, "%s lies outside the years 0001 to 9999", name);
    }
    return KUNDIG_OK;
}

static int entities_enum(int32_t value, int32_t greatest, const char *name, kundig_error *err)
{
    if (value < 0 || value > greatest) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "%s is %ld; known are 0 to %ld", name,
                            (long)value, (long)greatest);
    }
    return KUNDIG_OK;
}

static void entities_put_double(kundig__buf *out, double value)
{
    double one_zero = value == 0 ? 0 : value; /* -0 has other bytes */
    uint64_t bits;
    memcpy(&bits, &one_zero, sizeof bits);
    kundig__put_u64(out, bits);
}

static int entities_number(entities_call *call, const kundig_value *value, const char *name,
                           kundig_error *err)
{
    if (value->type == KUNDIG_VALUE_NULL) {
        kundig__put_u8(&call->bytes, 0);
        return KUNDIG_OK;
    }
    if (value->type != KUNDIG_VALUE_NUMBER) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "%s must be a number or null", name);
    }
    if (!kundig__is_finite(value->number)) {
        return kundig__fail(err, KUNDIG_E_VALUE, 0, "%s is not a finite number", name);
    }
    kundig__put_u8(&call->bytes, KUNDIG_VALUE_NUMBER);
    entities_put_double(&call->bytes, value->number);
    return KUNDIG_OK;
}

static int entities_attribute(entities_call *call, const kundig_attribute *attribute,
                              kundig_error *err)
{
    kundig_text text = attribute->value.text;
    kundig__put_text(&call->bytes, attribute->name);
    kundig__put_u8(&call->bytes, (uint8_t)attribute->value.type);
    switch (attribute->value.type) {
    case KUNDIG_VALUE_TEXT: {
        int rc = entities_text(call, &text, "attribute", err);
        if (rc) {
            return rc;
        }
        if (!text.data) {
            return kundig__fail(err, KUNDIG_E_ARG, 0, "the text of '%.*s' is NULL",
                                kundig__shown(attribute->name), attribute->name.data);
        }
        kundig__put_text(&call->bytes, text);
        return KUNDIG_OK;
    }
    case KUNDIG_VALUE_NUMBER:
        if (!kundig__is_finite(attribute->value.number)) {
            return kundig__fail(err, KUNDIG_E_VALUE, 0, "'%.*s' is not a finite number",
                                kundig__shown(attribute->name), attribute->name.data);
        }
        entities_put_double(&call->bytes, attribute->value.number);
        return KUNDIG_OK;
    case KUNDIG_VALUE_BOOL:
        if (attribute->value.boolean != 0 && attribute->value.boolean != 1) {
            return kundig__fail(err, KUNDIG_E_ARG, 0, "the boolean '%.*s' is neither 0 nor 1",
                                kundig__shown(attribute->name), attribute->name.data);
        }
        kundig__put_u8(&call->bytes, (uint8_t)attribute->value.boolean);
        return KUNDIG_OK;
    default:
        return kundig__fail(err, KUNDIG_E_ARG, 0, "'%.*s' must be a text, a number or a boolean",
                            kundig__shown(attribute->name), attribute->name.data);
    }
}

static int entities_attributes(entities_call *call, const kundig_attribute *given, size_t count,
                               kundig_error *err)
{
    kundig_attribute *sorted = NULL;
    size_t kept = 0;
    int rc = KUNDIG_OK;
    if (count && !given) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "attributes is NULL, attribute_count is not 0");
    }
    if (count > KUNDIG__MAX_ATTRIBUTES) {
        return kundig__fail(err, KUNDIG_E_LIMIT, 0, "attribute_count is %zu; at most %d", count,
                            KUNDIG__MAX_ATTRIBUTES);
    }
    if (count) {
        sorted = kundig__arena_alloc(&call->arena, count * sizeof *sorted);
        if (!sorted) {
            return kundig__nomem(call->mem, err);
        }
    }
    for (size_t i = 0; i < count; i++) {
        kundig_attribute attribute = given[i];
        rc = entities_text(call, &attribute.name, "attribute", err);
        if (rc) {
            return rc;
        }
        if (!attribute.name.data || !attribute.name.len) {
            return kundig__fail(err, KUNDIG_E_VALUE, 0, "an attribute has no name");
        }
        if (attribute.value.type == KUNDIG_VALUE_NULL) {
            continue;
        }
        size_t at = kept++;
        int order = 1;
        while (at > 0 && (order = kundig__text_order(sorted[at - 1].name, attribute.name)) > 0) {
            sorted[at] = sorted[at - 1];
            at--;
        }
        if (at > 0 && order == 0) {
            return kundig__fail(err, KUNDIG_E_VALUE, 0, "'%.*s' is given twice in one record",
                                kundig__shown(attribute.name), attribute.name.data);
        }
        sorted[at] = attribute;
    }
    kundig__put_u32(&call->bytes, (uint32_t)kept);
    for (size_t i = 0; i < kept && !rc; i++) {
        rc = entities_attribute(call, &sorted[i], err);
    }
    return rc;
}

static int entities_required(kundig_text id, kundig_error *err)
{
    if (!id.data || !id.len) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "id is required");
    }
    return KUNDIG_OK;
}

static int entities_read_customer(entities_call *call, const void *records, size_t at,
                                  kundig_error *err)
{
    kundig_customer record;
    int rc = kundig__element_read(&record, sizeof record, records, at, "kundig_customer", err);
    if (!rc && record.size < sizeof record) {
        rc = kundig__fail(err, KUNDIG_E_ARG, 0,
                          "size is %lu: fill the record with kundig_customer_init()",
                          (unsigned long)record.size);
    }
    rc = rc ? rc : entities_enum(record.churned, KUNDIG_YES, "churned", err);
    rc = rc ? rc : entities_text(call, &record.source, "source", err);
    rc = rc ? rc : entities_required(record.id, err);
    rc = rc ? rc : entities_text(call, &record.id, "id", err);
    rc = rc ? rc : entities_time(record.updated_ms, "updated", err);
    rc = rc ? rc : entities_time(record.since_ms, "since", err);
    rc = rc ? rc : entities_text(call, &record.segment, "segment", err);
    if (rc) {
        return rc;
    }
    kundig__put_u8(&call->bytes, 1);
    kundig__put_text(&call->bytes, record.source);
    kundig__put_text(&call->bytes, record.id);
    kundig__put_i64(&call->bytes, record.updated_ms);
    kundig__put_i64(&call->bytes, record.since_ms);
    kundig__put_u8(&call->bytes, (uint8_t)record.churned);
    kundig__put_text(&call->bytes, record.segment);
    rc = entities_number(call, &record.basket, "basket", err);
    rc = rc ? rc : entities_number(call, &record.orders, "orders", err);
    rc = rc ? rc : entities_number(call, &record.revenue, "revenue", err);
    rc = rc ? rc : entities_attributes(call, record.attributes, record.attribute_count, err);
    call->source = record.source;
    call->id = record.id;
    call->updated = record.updated_ms;
    return rc;
}

static int entities_read_event(entities_call *call, const void *records, size_t at,
                               kundig_error *err)
{
    kundig_event record;
    int rc = kundig__element_read(&record, sizeof record, records, at, "kundig_event", err);
    if (!rc && record.size < sizeof record) {
        rc = kundig__fail(err, KUNDIG_E_ARG, 0,
                          "size is %lu: fill the record with kundig_event_init()",
                          (unsigned long)record.size);
    }
    if (!rc && record.reserved) {
        rc = kundig__fail(err, KUNDIG_E_VERSION, 0, "a reserved field of the record is not zero");
    }
    rc = rc ? rc : entities_enum(record.kind, KUNDIG_EVENT_PURCHASE, "kind", err);
    rc =
        rc ? rc : entities_enum(record.time_precision, KUNDIG_PRECISION_DAY, "time_precision", err);
    rc = rc ? rc : entities_text(call, &record.source, "source", err);
    rc = rc ? rc : entities_required(record.id, err);
    rc = rc ? rc : entities_text(call, &record.id, "id", err);
    rc = rc ? rc : entities_text(call, &record.customer, "customer", err);
    rc = rc ? rc : entities_text(call, &record.case_id, "case", err);
    rc = rc ? rc : entities_text(call, &record.agent, "agent", err);
    rc = rc ? rc : entities_text(call, &record.department, "department", err);
    rc = rc ? rc : entities_text(call, &record.topic, "topic", err);
    rc = rc ? rc : entities_time(record.time_ms, "time", err);
    rc = rc ? rc : entities_time(record.updated_ms, "updated", err);
    if (!rc && record.time_ms != KUNDIG_TIME_ABSENT &&
        record.time_precision == KUNDIG_PRECISION_DAY && record.time_ms % KUNDIG__DAY_MS) {
        rc = kundig__fail(err, KUNDIG_E_VALUE, 0, "a written date must be midnight in UTC");
    }
    if (rc) {
        return rc;
    }
    kundig__put_u8(&call->bytes, 1);
    kundig__put_u32(&call->bytes, (uint32_t)record.kind);
    kundig__put_text(&call->bytes, record.source);
    kundig__put_text(&call->bytes, record.id);
    kundig__put_text(&call->bytes, record.customer);
    kundig__put_text(&call->bytes, record.case_id);
    kundig__put_i64(&call->bytes, record.time_ms);
    kundig__put_u8(&call->bytes, record.time_ms == KUNDIG_TIME_ABSENT
                                     ? KUNDIG_PRECISION_MS
                                     : (uint8_t)record.time_precision);
    kundig__put_i64(&call->bytes, record.updated_ms);
    kundig__put_text(&call->bytes, record.agent);
    kundig__put_text(&call->bytes, record.department);
    kundig__put_text(&call->bytes, record.topic);
    call->source = record.source;
    call->id = record.id;
    call->updated = record.updated_ms;
    return entities_number(call, &record.value, "value", err);
}

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

/* Write the record that stands in `call` behind the last row. */
static int entities_place(kundig__fact_store *store, entities_call *call, kundig_added *added,
                          kundig_error *err)
{
    kundig__rows_of rows = {store, entities_encode, entities_updated};
    uint32_t source = 0;
    if (store->rows >= KUNDIG__MAX_ROWS) {
        return kundig__fail(err, KUNDIG_E_LIMIT, 0, "a corpus holds at most %lu records of a kind",
                            (unsigned long)KUNDIG__MAX_ROWS);
    }
    if (call->source.data) {
        source = kundig__dict_add(&store->sources, call->source.data, call->source.len);
        if (source == KUNDIG__DICT_NONE) {
            return kundig__nomem(store->mem, err);
        }
        source++;
    }
    if (call->bytes.failed || !entities_reserve(store, call->bytes.len)) {
        return kundig__nomem(store->mem, err);
    }
    store->flags[store->rows] = 0;
    store->updated[store->rows] = call->updated;
    kundig__pool_put(&store->bytes, store->rows, kundig__text(call->bytes.data, call->bytes.len));
    int placed = kundig__identity_place(&store->identity, &rows, store->flags, source, call->id,
                                        store->rows, err);
    if (placed < 0) {
        return placed;
    }
    if (placed == KUNDIG__PLACED_UNCHANGED) {
        kundig__pool_shrink(&store->bytes, store->rows);
    } else {
        store->rows++;
    }
    added->records++;
    added->added += placed == KUNDIG__PLACED_NEW;
    added->versions += placed == KUNDIG__PLACED_VERSION || placed == KUNDIG__PLACED_CONFLICT;
    added->conflicts += placed == KUNDIG__PLACED_CONFLICT;
    added->unchanged += placed == KUNDIG__PLACED_UNCHANGED;
    added->replaced_bytes += call->replaced;
    return KUNDIG_OK;
}

static int entities_add(kundig__corpus *corpus, kundig__fact_store *store,
                        int (*take)(entities_call *, const void *, size_t, kundig_error *),
                        const void *records, size_t count, kundig_added *added, kundig_error *err)
{
    entities_call call = {.mem = store->mem};
    kundig_added counts = *added;
    uint32_t rows_before = store->rows;
    uint32_t sources_before = store->sources.count;
    int rc = KUNDIG_OK;
    kundig__buf_init(&call.bytes, store->mem);
    kundig__buf_init(&call.scratch, store->mem);
    kundig__arena_init(&call.arena, store->mem);
    kundig__identity_begin(&store->identity);
    for (size_t i = 0; i < count && !rc; i++) {
        call.bytes.len = 0;
        call.replaced = 0;
        kundig__arena_free(&call.arena);
        rc = take(&call, records, i, err);
        if (!rc) {
            rc = entities_place(store, &call, &counts, err);
        }
        if (!rc && i % 65536 == 65535) {
            rc = kundig__progress(corpus->context, i + 1, count, err);
        }
        if (rc && err) {
            err->pos = i;
        }
    }
    kundig__buf_free(&call.bytes);
    kundig__buf_free(&call.scratch);
    kundig__arena_free(&call.arena);
    if (rc) {
        kundig__identity_undo(&store->identity, store->flags);
        kundig__pool_shrink(&store->bytes, rows_before);
        kundig__dict_shrink(&store->sources, sources_before);
        store->rows = rows_before;
    } else {
        kundig__identity_commit(&store->identity);
        corpus->generation += store->rows != rows_before;
        *added = counts;
    }
    return rc;
}

int kundig__customers_add(kundig__corpus *corpus, const kundig_customer *records, size_t count,
                          kundig_added *added, kundig_error *err)
{
    return entities_add(corpus, &corpus->customers, entities_read_customer, records, count, added,
                        err);
}

int kundig__events_add(kundig__corpus *corpus, const kundig_event *records, size_t count,
                       kundig_added *added, kundig_error *err)
{
    return entities_add(corpus, &corpus->events, entities_read_event, records, count, added, err);
}
