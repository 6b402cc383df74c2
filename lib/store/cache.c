/* An image of the feedback, kept in the store so that opening it costs a fraction of reading rows.
 *
 *   part 0, 1, ...   u64 XXH3 of what follows, then up to 1 MiB of:
 *     u64 version, erasures; the last n and the sum of the rows in it; segments (row, n);
 *     the image, as corpus/image.c writes it
 *
 * Parts are encrypted with a key that stands in the row of table state alone: an erasure overwrites
 * the key, and two hundred megabytes are unreadable at once. Rows appended later are read from the
 * tables behind what the image holds. Invariant: an image is used only if `erasures` is still what
 * it was, every part has its checksum and the whole makes a sound corpus whose sum with the rows
 * behind it is that of the facts; otherwise it is as if there were none. Cost: about that of
 * reading the bytes. */
#include "base/cipher.h"
#include "corpus/image.h"
#include "store/db.h"

#define CACHE_VERSION UINT64_C(1)
#ifdef KUNDIG_TINY
#define CACHE_PART ((size_t)64)
#else
#define CACHE_PART ((size_t)1 << 20)
#endif
#define CACHE_HEAD sizeof(uint64_t)

/* ---- Writing ---- */

typedef struct cache_writer {
    kundig__store *store;
    sqlite3_stmt *insert;
    uint8_t *part; /* CACHE_HEAD + CACHE_PART bytes */
    size_t filled; /* behind the head */
    uint64_t number;
    const uint8_t *key;
    int rc;
    kundig_error *err;
} cache_writer;

static bool cache_flush(cache_writer *writer)
{
    uint64_t check = kundig__xxh3(writer->part + CACHE_HEAD, writer->filled);
    memcpy(writer->part, &check, sizeof check);
    kundig__cipher(writer->key, writer->number, writer->part, CACHE_HEAD + writer->filled);
    sqlite3_bind_int64(writer->insert, 1, (int64_t)writer->number);
    sqlite3_bind_blob(writer->insert, 2, writer->part, (int)(CACHE_HEAD + writer->filled),
                      SQLITE_STATIC);
    writer->rc = kundig__db_run(writer->store, writer->insert, writer->err);
    writer->number++;
    writer->filled = 0;
    return !writer->rc;
}

static bool cache_put(void *ud, const void *data, size_t size)
{
    cache_writer *writer = ud;
    const uint8_t *from = data;
    while (size) {
        size_t some = CACHE_PART - writer->filled < size ? CACHE_PART - writer->filled : size;
        memcpy(writer->part + CACHE_HEAD + writer->filled, from, some);
        writer->filled += some;
        from += some;
        size -= some;
        if (writer->filled == CACHE_PART && !cache_flush(writer)) {
            return false;
        }
    }
    return true;
}

static bool cache_put_u64(cache_writer *writer, uint64_t value)
{
    return cache_put(writer, &value, sizeof value);
}

static bool cache_put_all(cache_writer *writer, const kundig__corpus *corpus)
{
    const kundig__store *store = writer->store;
    const kundig__store_known *known = &store->known[KUNDIG_FACTS_FEEDBACK];
    bool ok = cache_put_u64(writer, CACHE_VERSION) &&
              cache_put_u64(writer, store->state.erasures) && cache_put_u64(writer, known->last) &&
              cache_put_u64(writer, known->rows) &&
              cache_put(writer, &known->sum, sizeof known->sum) &&
              cache_put_u64(writer, known->segment_count);
    for (size_t i = 0; i < known->segment_count && ok; i++) {
        ok = cache_put_u64(writer, known->segments[i].first_row) &&
             cache_put_u64(writer, known->segments[i].first_n);
    }
    kundig__image_sink sink = {writer, cache_put};
    return ok && kundig__image_save(corpus, &sink) && (!writer->filled || cache_flush(writer));
}

int kundig__store_cache(kundig__store *store, kundig__corpus *corpus, kundig_error *err)
{
    kundig__store_state state = store->state;
    cache_writer writer = {.store = store, .key = state.cache_key, .err = err};
    state.has_cache_key = true;
    if (!kundig__random(state.cache_key, sizeof state.cache_key)) {
        return kundig__fail(err, KUNDIG_E_IO, 0, "the system gave no random key");
    }
    writer.part = kundig__alloc(store->mem, CACHE_HEAD + CACHE_PART);
    int rc = writer.part ? kundig__db_exec(store, "DELETE FROM cache", err)
                         : kundig__nomem(store->mem, err);
    rc = rc ? rc
            : kundig__db_prepare(store, "INSERT INTO cache (part, bytes) VALUES (?1, ?2)",
                                 &writer.insert, err);
    if (!rc && !cache_put_all(&writer, corpus)) {
        rc = writer.rc;
    }
    rc = rc ? rc : kundig__store_state_write(store, &state, err);
    if (!rc) {
        store->state = state;
    }
    sqlite3_finalize(writer.insert);
    kundig__free(store->mem, writer.part, writer.part ? CACHE_HEAD + CACHE_PART : 0);
    return rc;
}

/* ---- Reading ---- */

typedef struct cache_reader {
    kundig__store *store;
    sqlite3_stmt *select;
    uint8_t *part;
    size_t size; /* of the part, with its head */
    size_t at;
    uint64_t number;
} cache_reader;

/* The next part, shown and checked. */
static bool cache_next(cache_reader *reader)
{
    bool row = false;
    kundig_error ignored;
    if (kundig__db_step(reader->store, reader->select, &row, &ignored) || !row ||
        sqlite3_column_int64(reader->select, 0) != (int64_t)reader->number) {
        return false;
    }
    kundig_text bytes = kundig__db_text(reader->select, 1);
    if (!bytes.data || bytes.len <= CACHE_HEAD || bytes.len > CACHE_HEAD + CACHE_PART) {
        return false;
    }
    memcpy(reader->part, bytes.data, bytes.len);
    kundig__cipher(reader->store->state.cache_key, reader->number, reader->part, bytes.len);
    uint64_t check;
    memcpy(&check, reader->part, sizeof check);
    reader->size = bytes.len;
    reader->at = CACHE_HEAD;
    reader->number++;
    return check == kundig__xxh3(reader->part + CACHE_HEAD, bytes.len - CACHE_HEAD);
}

static bool cache_take(void *ud, void *data, size_t size)
{
    cache_reader *reader = ud;
    uint8_t *to = data;
    while (size) {
        if (reader->at == reader->size && !cache_next(reader)) {
            return false;
        }
        size_t some = reader->size - reader->at < size ? reader->size - reader->at : size;
        memcpy(to, reader->part + reader->at, some);
        reader->at += some;
        to += some;
        size -= some;
    }
    return true;
}

static uint64_t cache_take_u64(cache_reader *reader, kundig__image_source *source)
{
    uint64_t value = 0;
    if (source->left < sizeof value || !cache_take(reader, &value, sizeof value)) {
        source->left = 0;
        return 0;
    }
    source->left -= sizeof value;
    return value;
}

/* What stands before the image. KUNDIG_E_EMPTY: it does not fit. */
static int cache_take_head(cache_reader *reader, kundig__image_source *source,
                           kundig__store_known *known, kundig_error *err)
{
    kundig__store *store = reader->store;
    const kundig__store_kind *of = &store->state.kinds[KUNDIG_FACTS_FEEDBACK];
    bool fits = cache_take_u64(reader, source) == CACHE_VERSION &&
                cache_take_u64(reader, source) == store->state.erasures;
    known->last = cache_take_u64(reader, source);
    known->rows = (uint32_t)cache_take_u64(reader, source);
    known->sum.count = cache_take_u64(reader, source);
    known->sum.low = cache_take_u64(reader, source);
    known->sum.high = cache_take_u64(reader, source);
    uint64_t count = cache_take_u64(reader, source);
    fits = fits && source->left && known->last <= of->last && known->sum.count == known->rows &&
           known->sum.count <= of->sum.count && count <= known->rows &&
           count <= source->left / (2 * sizeof(uint64_t)) && (count > 0) == (known->rows > 0);
    if (!fits) {
        return KUNDIG_E_EMPTY;
    }
    known->segments = kundig__alloc(store->mem, (size_t)count * sizeof *known->segments);
    if (!known->segments) {
        return kundig__nomem(store->mem, err);
    }
    known->segment_capacity = (size_t)count;
    for (uint64_t i = 0; i < count; i++) {
        uint64_t row = cache_take_u64(reader, source);
        uint64_t n = cache_take_u64(reader, source);
        const kundig__store_segment *before = i ? &known->segments[i - 1] : NULL;
        if (row >= known->rows || (before ? row <= before->first_row : row != 0) || n < 1 ||
            n > known->last || (before && n <= before->first_n + (row - before->first_row))) {
            return KUNDIG_E_EMPTY;
        }
        known->segments[known->segment_count++] = (kundig__store_segment){(uint32_t)row, n};
    }
    return KUNDIG_OK;
}

int kundig__cache_read(kundig__store *store, kundig__corpus **out, kundig_error *err)
{
    cache_reader reader = {.store = store};
    kundig__store_known known;
    kundig__corpus *corpus = NULL;
    int64_t parts = 0;
    int64_t bytes = 0;
    memset(&known, 0, sizeof known);
    if (!store->state.has_cache_key ||
        kundig__db_integer(store, "SELECT count(*) FROM cache", &parts, NULL) ||
        kundig__db_integer(store, "SELECT total(length(bytes)) FROM cache", &bytes, NULL) ||
        bytes <= parts * (int64_t)CACHE_HEAD) {
        return KUNDIG_OK;
    }
    kundig__image_source source = {&reader, cache_take,
                                   (uint64_t)(bytes - parts * (int64_t)CACHE_HEAD)};
    reader.part = kundig__alloc(store->mem, CACHE_HEAD + CACHE_PART);
    int rc = reader.part ? kundig__db_prepare(store, "SELECT part, bytes FROM cache ORDER BY part",
                                              &reader.select, err)
                         : kundig__nomem(store->mem, err);
    rc = rc ? rc : cache_take_head(&reader, &source, &known, err);
    rc = rc ? rc : kundig__image_load(store->context, &source, &corpus, err);
    if (!rc && kundig__fact_rows(corpus, KUNDIG_FACTS_FEEDBACK) != known.rows) {
        rc = KUNDIG_E_EMPTY;
    }
    sqlite3_finalize(reader.select);
    kundig__free(store->mem, reader.part, reader.part ? CACHE_HEAD + CACHE_PART : 0);
    if (rc) {
        kundig__corpus_free(corpus);
        kundig__free(store->mem, known.segments, known.segment_capacity * sizeof *known.segments);
        return rc == KUNDIG_E_NOMEM || rc == KUNDIG_E_LIMIT ? rc : KUNDIG_OK;
    }
    store->known[KUNDIG_FACTS_FEEDBACK] = known;
    *out = corpus;
    return KUNDIG_OK;
}
