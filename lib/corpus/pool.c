/* Texts of rows, appended in row order into chunks that never move.
 *
 *   chunks     | rows 0 .. 6,990 | rows 6,991 .. 13,980 | ...     about 1 MiB each; a longer text
 * has offsets    where the text of each row starts in its chunk      a chunk of its own directory
 * chunk of row 0, 1024, 2048, ...
 *
 * The end of a text is the start of the next row's, or the end of its chunk. Invariant: first_row
 * never falls from chunk to chunk, and the last chunk is the one that is written. Cost: 4 bytes a
 * row beside the text; a look-up walks at most the chunks of 1024 rows. */
#include "corpus/facts.h"

#define POOL_CHUNK ((size_t)1 << 20)
#ifdef KUNDIG_TINY
#define POOL_FIRST_CHUNK ((size_t)8)
#else
#define POOL_FIRST_CHUNK ((size_t)4096)
#endif

void kundig__pool_init(kundig__pool *pool, kundig__mem *mem)
{
    memset(pool, 0, sizeof *pool);
    pool->mem = mem;
}

void kundig__pool_free(kundig__pool *pool)
{
    for (size_t i = 0; i < pool->chunk_count; i++) {
        kundig__free(pool->mem, pool->chunks[i].data, pool->chunks[i].size);
    }
    kundig__free(pool->mem, pool->chunks, pool->chunk_capacity * sizeof *pool->chunks);
    kundig__free(pool->mem, pool->offsets, pool->capacity * sizeof *pool->offsets);
    kundig__free(pool->mem, pool->directory, pool->directory_capacity * sizeof *pool->directory);
    kundig__pool_init(pool, pool->mem);
}

static bool pool_reserve_rows(kundig__pool *pool, uint32_t row)
{
    if (row >= pool->capacity) {
        size_t wanted = kundig__row_capacity(row);
        uint32_t *offsets = kundig__realloc(
            pool->mem, pool->offsets, pool->capacity * sizeof *offsets, wanted * sizeof *offsets);
        if (!offsets) {
            return false;
        }
        if (!pool->offsets) {
            memset(offsets, 0, row * sizeof *offsets);
            pool->rows = row;
        }
        pool->offsets = offsets;
        pool->capacity = wanted;
    }
    if (row / KUNDIG__POOL_STRIDE >= pool->directory_capacity) {
        size_t before = pool->directory_capacity;
        void *directory = pool->directory;
        if (!kundig__grow(pool->mem, &directory, &pool->directory_capacity,
                          (size_t)row / KUNDIG__POOL_STRIDE + 1, sizeof *pool->directory)) {
            return false;
        }
        pool->directory = directory;
        memset(pool->directory + before, 0,
               (pool->directory_capacity - before) * sizeof *pool->directory);
    }
    return true;
}

bool kundig__pool_reserve(kundig__pool *pool, uint32_t row, size_t len)
{
    if (!pool_reserve_rows(pool, row)) {
        return false;
    }
    kundig__pool_chunk *last = pool->chunk_count ? &pool->chunks[pool->chunk_count - 1] : NULL;
    if (len == 0 || (last && len <= last->size - last->used)) {
        return true;
    }
    size_t size = last ? last->size * 2 : POOL_FIRST_CHUNK;
    if (size > POOL_CHUNK) {
        size = POOL_CHUNK;
    }
    if (size < len) {
        size = len;
    }
    if (last && last->used == 0) {
        /* Reserved for a row that was not put in the end. */
        char *data = kundig__realloc(pool->mem, last->data, last->size, size);
        if (!data) {
            return false;
        }
        last->data = data;
        last->size = size;
        return true;
    }
    void *chunks = pool->chunks;
    if (!kundig__grow(pool->mem, &chunks, &pool->chunk_capacity, pool->chunk_count + 1,
                      sizeof *pool->chunks)) {
        return false;
    }
    pool->chunks = chunks;
    char *data = kundig__alloc(pool->mem, size);
    if (!data) {
        return false;
    }
    pool->chunks[pool->chunk_count] =
        (kundig__pool_chunk){data, size, 0, pool->chunk_count ? row : 0};
    pool->chunk_count++;
    return true;
}

void kundig__pool_put(kundig__pool *pool, uint32_t row, kundig_text text)
{
    kundig__pool_chunk *last = pool->chunk_count ? &pool->chunks[pool->chunk_count - 1] : NULL;
    pool->offsets[row] = last ? (uint32_t)last->used : 0;
    if (row % KUNDIG__POOL_STRIDE == 0) {
        pool->directory[row / KUNDIG__POOL_STRIDE] = last ? (uint32_t)(pool->chunk_count - 1) : 0;
    }
    if (text.data && text.len) {
        memcpy(last->data + last->used, text.data, text.len);
        last->used += text.len;
        pool->bytes += text.len;
    }
    pool->rows = row + 1;
}

static size_t pool_chunk_of(const kundig__pool *pool, uint32_t row)
{
    size_t at = pool->directory[row / KUNDIG__POOL_STRIDE];
    while (at + 1 < pool->chunk_count && pool->chunks[at + 1].first_row <= row) {
        at++;
    }
    return at;
}

kundig_text kundig__pool_get(const kundig__pool *pool, uint32_t row)
{
    kundig_text text = {"", 0};
    if (pool->chunk_count) {
        size_t at = pool_chunk_of(pool, row);
        const kundig__pool_chunk *chunk = &pool->chunks[at];
        size_t start = pool->offsets[row];
        size_t end = chunk->used;
        if (row + 1 < pool->rows &&
            (at + 1 == pool->chunk_count || pool->chunks[at + 1].first_row > row + 1)) {
            end = pool->offsets[row + 1];
        }
        text.data = chunk->data + start;
        text.len = end - start;
    }
    return text;
}

void kundig__pool_shrink(kundig__pool *pool, uint32_t rows)
{
    if (rows >= pool->rows) {
        return;
    }
    if (pool->chunk_count) {
        size_t at = pool_chunk_of(pool, rows);
        for (size_t i = at + 1; i < pool->chunk_count; i++) {
            pool->bytes -= pool->chunks[i].used;
            kundig__free(pool->mem, pool->chunks[i].data, pool->chunks[i].size);
        }
        pool->chunk_count = at + 1;
        pool->bytes -= pool->chunks[at].used - pool->offsets[rows];
        pool->chunks[at].used = pool->offsets[rows];
    }
    pool->rows = rows;
}

size_t kundig__pool_memory(const kundig__pool *pool, bool texts)
{
    size_t bytes = 0;
    if (texts) {
        for (size_t i = 0; i < pool->chunk_count; i++) {
            bytes += pool->chunks[i].size;
        }
        return bytes;
    }
    return pool->chunk_capacity * sizeof *pool->chunks + pool->capacity * sizeof *pool->offsets +
           pool->directory_capacity * sizeof *pool->directory;
}
