/* Sums of hashes: the state of the facts as integers, whatever order they came in.
 *
 * A row counts as the BLAKE2b-128 of its canonical bytes, read as a little-endian number; a kind is
 * the count of its rows and their sum modulo 2^128, so rows can be added and taken away one by one.
 * What is published of a state is BLAKE2b-128 of
 *
 *   "kundig facts 1"; each kind in the order of KUNDIG_FACTS_: u64 count, low, high, of edits
 *   only where there are any; u8 1 and the 16 bytes of the model's hash, or u8 0
 *
 * Invariant: integers, so neither the order of rows nor the number of threads shows. Cost: about a
 * microsecond a row. */
#include "base/bytes.h"
#include "base/os.h"
#include "corpus/facts.h"

#ifdef KUNDIG_TINY
#define SUMS_PART_ROWS 2u
#else
#define SUMS_PART_ROWS 1024u
#endif
#define SUMS_TITLE "kundig facts 1"

static uint64_t sums_half(const uint8_t *bytes)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < 8; i++) {
        value |= (uint64_t)bytes[i] << (8 * i);
    }
    return value;
}

static void sums_join(kundig__fact_sum *sum, const kundig__fact_sum *more)
{
    uint64_t low = sum->low + more->low;
    sum->count += more->count;
    sum->high += more->high + (low < more->low);
    sum->low = low;
}

void kundig__fact_sum_add(kundig__fact_sum *sum, const kundig__hash128 *hash)
{
    kundig__fact_sum one = {1, sums_half(hash->bytes), sums_half(hash->bytes + 8)};
    sums_join(sum, &one);
}

void kundig__fact_sum_subtract(kundig__fact_sum *sum, const kundig__hash128 *hash)
{
    uint64_t low = sums_half(hash->bytes);
    sum->count--;
    sum->high -= sums_half(hash->bytes + 8) + (sum->low < low);
    sum->low -= low;
}

/* ---- Rows ---- */

typedef struct sums_part {
    kundig__mem mem;
    kundig__buf bytes;
    uint32_t first; /* rows [first, end) */
    uint32_t end;
    kundig__fact_sum sum;
} sums_part;

typedef struct sums_job {
    const kundig__corpus *corpus;
    int kind;
    sums_part *parts;
} sums_job;

static void sums_work(void *ud, uint32_t index)
{
    const sums_job *job = ud;
    sums_part *part = &job->parts[index];
    for (uint32_t row = part->first; row < part->end && !part->bytes.failed; row++) {
        part->bytes.len = 0;
        kundig__fact_canonical(job->corpus, job->kind, row, &part->bytes);
        kundig__hash128 hash = kundig__canonical_hash(&part->bytes);
        kundig__fact_sum_add(&part->sum, &hash);
    }
}

int kundig__fact_sum_rows(kundig__corpus *corpus, int kind, uint32_t first, kundig__fact_sum *sum,
                          kundig_error *err)
{
    kundig__mem *mem = corpus->mem;
    uint32_t rows = kundig__fact_rows(corpus, kind) - first;
    uint32_t most = rows / SUMS_PART_ROWS + 1;
    uint32_t count = corpus->context->threads < most ? corpus->context->threads : most;
    kundig__fact_sum whole = *sum;
    int rc = KUNDIG_OK;
    if (!rows) {
        return KUNDIG_OK;
    }
    sums_part *parts = kundig__alloc_zero(mem, count * sizeof *parts);
    if (!parts) {
        return kundig__nomem(mem, err);
    }
    for (uint32_t i = 0; i < count; i++) {
        kundig__mem_lend(mem, &parts[i].mem, count, i);
        kundig__buf_init(&parts[i].bytes, &parts[i].mem);
        parts[i].first = first + (uint32_t)((uint64_t)rows * i / count);
        parts[i].end = first + (uint32_t)((uint64_t)rows * (i + 1) / count);
    }
    sums_job job = {corpus, kind, parts};
    kundig__fork_join(count, sums_work, &job);
    for (uint32_t i = 0; i < count; i++) {
        if (parts[i].bytes.failed && !rc) {
            mem->limit_hit = parts[i].mem.limit_hit;
            rc = kundig__nomem(mem, err);
        }
        sums_join(&whole, &parts[i].sum);
    }
    for (uint32_t i = 0; i < count; i++) {
        kundig__buf_free(&parts[i].bytes);
        kundig__mem_take_back(mem, &parts[i].mem);
    }
    kundig__free(mem, parts, count * sizeof *parts);
    if (!rc) {
        *sum = whole;
    }
    return rc;
}

/* ---- The name ---- */

void kundig__facts_name(const kundig__fact_sum sums[KUNDIG__FACT_KINDS],
                        const kundig__hash128 *model, char hex[33])
{
    static const char digits[] = "0123456789abcdef";
    uint8_t bytes[sizeof SUMS_TITLE - 1 + KUNDIG__FACT_KINDS * 24 + 17];
    size_t len = sizeof SUMS_TITLE - 1;
    memcpy(bytes, SUMS_TITLE, len);
    /* Facts without edits keep the name they had before there were any. */
    int kinds = sums[KUNDIG_FACTS_EDITS].count ? KUNDIG__FACT_KINDS : KUNDIG_FACTS_EDITS;
    for (int kind = 0; kind < kinds; kind++) {
        const uint64_t numbers[3] = {sums[kind].count, sums[kind].low, sums[kind].high};
        for (size_t i = 0; i < 24; i++) {
            bytes[len++] = (uint8_t)(numbers[i / 8] >> (8 * (i % 8)));
        }
    }
    bytes[len++] = model != NULL;
    if (model) {
        memcpy(bytes + len, model->bytes, sizeof model->bytes);
        len += sizeof model->bytes;
    }
    kundig__hash128 hash = kundig__blake2b(NULL, bytes, len);
    for (size_t i = 0; i < sizeof hash.bytes; i++) {
        hex[2 * i] = digits[hash.bytes[i] >> 4];
        hex[2 * i + 1] = digits[hash.bytes[i] & 15];
    }
    hex[32] = '\0';
}
