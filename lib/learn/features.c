/* From hashes to features: the bucket of each hash, the row of each bucket, each row once.
 *
 *   list    | words and pairs | characters | signs |      places[list[i].row] == i
 *
 * A row is in the list if the list says so at the row's place; so nothing is cleared between texts,
 * and no text, however it was made, finds a slow way: one look a feature.
 * Cost: linear, about 2 ns a feature. */
#include "learn/features.h"

#include "base/math.h"

#if defined(__GNUC__)
#define FEATURE_FETCH(at) __builtin_prefetch(at)
#else
#define FEATURE_FETCH(at) ((void)0)
#endif
#define FEATURE_AHEAD 16u

#define FEATURE_BEGIN UINT64_C(0x5851F42D4C957F2D)
#define FEATURE_END   UINT64_C(0x14057B7EF767814F)

size_t kundig__feature_buckets(uint32_t bits, uint32_t sign_count)
{
    return ((size_t)2 << bits) + sign_count;
}

static inline uint32_t feature_bucket(uint64_t hash, uint32_t block, uint32_t bits)
{
    return (uint32_t)((hash * UINT64_C(0x9E3779B97F4A7C15)) >> (64 - bits)) + (block << bits);
}

uint32_t kundig__feature_bucket(uint64_t hash, uint32_t block, uint32_t bits)
{
    return feature_bucket(hash, block, bits);
}

uint64_t kundig__feature_begin(uint64_t first)
{
    return kundig__pair_hash(FEATURE_BEGIN, first);
}

uint64_t kundig__feature_end(uint64_t last)
{
    return kundig__pair_hash(last, FEATURE_END);
}

size_t kundig__feature_grams(const kundig__scratch *scratch, const kundig__token *token)
{
    if (token->kind > KUNDIG__TOKEN_SYMBOL || token->kind == KUNDIG__TOKEN_CJK) {
        return 0;
    }
    /* Of c characters between two blanks c + 1 rows of two, c of three and c - 1 of four. */
    const char *folded = scratch->folded + token->folded;
    size_t codes = 0;
    for (size_t i = 0; i < token->folded_len; i++) {
        codes += ((unsigned char)folded[i] & 0xC0) != 0x80;
    }
    return 3 * (codes < 128 ? codes : 128);
}

void kundig__feature_counts(float counts[KUNDIG__FEATURE_MOST + 1])
{
    counts[0] = 0;
    for (uint32_t i = 1; i <= KUNDIG__FEATURE_MOST; i++) {
        counts[i] = (float)(1 + kundig__log((double)i));
    }
}

bool kundig__features_init(kundig__features *features, kundig__mem *mem, uint32_t bits,
                           uint32_t sign_count, const uint32_t *rows, uint32_t row_count)
{
    memset(features, 0, sizeof *features);
    features->mem = mem;
    features->bits = bits;
    features->sign_count = sign_count;
    features->rows = rows;
    features->row_count = rows ? row_count : (uint32_t)kundig__feature_buckets(bits, sign_count);
    features->places = kundig__alloc_zero(mem, features->row_count * sizeof *features->places);
    return features->places != NULL;
}

void kundig__features_free(kundig__features *features)
{
    kundig__mem *mem = features->mem;
    if (mem) {
        kundig__free(mem, features->places, features->row_count * sizeof *features->places);
        kundig__free(mem, features->list, features->capacity * sizeof *features->list);
    }
    memset(features, 0, sizeof *features);
}

typedef struct feature_sink {
    const uint32_t *rows;
    uint32_t *places;
    kundig__feature *list;
    size_t count;
    uint32_t unknown;
} feature_sink;

static inline void feature_add(feature_sink *sink, uint32_t bucket)
{
    uint32_t row = sink->rows ? sink->rows[bucket] : bucket;
    if (row == KUNDIG__NO_ROW) {
        sink->unknown++;
        return;
    }
    size_t place = sink->places[row];
    if (place < sink->count && sink->list[place].row == row) {
        uint32_t count = sink->list[place].count;
        sink->list[place].count = count + (count < KUNDIG__FEATURE_MOST);
        return;
    }
    sink->places[row] = (uint32_t)sink->count;
    sink->list[sink->count++] = (kundig__feature){row, 1};
}

bool kundig__features_read(kundig__features *features, const kundig__scratch *scratch,
                           const uint32_t *signs, size_t sign_count)
{
    size_t tokens = scratch->token_count;
    size_t most = 2 * tokens + 1 + scratch->gram_count + sign_count;
    size_t need = most < features->row_count ? most : features->row_count;
    void *list = features->list;
    bool fits =
        kundig__grow(features->mem, &list, &features->capacity, need, sizeof *features->list);
    features->list = list;
    if (!fits) {
        return false;
    }
    uint32_t bits = features->bits;
    feature_sink sink = {features->rows, features->places, features->list, 0, 0};
    for (size_t i = 0; i < tokens; i++) {
        feature_add(&sink, feature_bucket(scratch->tokens[i].hash, KUNDIG__BLOCK_WORDS, bits));
    }
    for (size_t i = 0; i + 1 < tokens; i++) {
        feature_add(&sink, feature_bucket(scratch->pairs[i], KUNDIG__BLOCK_WORDS, bits));
    }
    if (tokens) {
        uint64_t begin = kundig__feature_begin(scratch->tokens[0].hash);
        uint64_t end = kundig__feature_end(scratch->tokens[tokens - 1].hash);
        feature_add(&sink, feature_bucket(begin, KUNDIG__BLOCK_WORDS, bits));
        feature_add(&sink, feature_bucket(end, KUNDIG__BLOCK_WORDS, bits));
    }
    features->seen[KUNDIG__BLOCK_WORDS] = (uint32_t)(tokens ? 2 * tokens + 1 : 0);
    features->unknown[KUNDIG__BLOCK_WORDS] = sink.unknown;
    features->ends[KUNDIG__BLOCK_WORDS] = sink.count;
    sink.unknown = 0;
    for (size_t i = 0; i < scratch->gram_count; i++) {
        if (features->rows && i + FEATURE_AHEAD < scratch->gram_count) {
            uint64_t soon = scratch->grams[i + FEATURE_AHEAD];
            FEATURE_FETCH(features->rows + feature_bucket(soon, KUNDIG__BLOCK_CHARACTERS, bits));
        }
        feature_add(&sink, feature_bucket(scratch->grams[i], KUNDIG__BLOCK_CHARACTERS, bits));
    }
    features->seen[KUNDIG__BLOCK_CHARACTERS] = (uint32_t)scratch->gram_count;
    features->unknown[KUNDIG__BLOCK_CHARACTERS] = sink.unknown;
    features->ends[KUNDIG__BLOCK_CHARACTERS] = sink.count;
    sink.unknown = 0;
    for (size_t i = 0; i < sign_count; i++) {
        if (signs[i] < features->sign_count) {
            feature_add(&sink, (UINT32_C(2) << bits) + signs[i]);
        }
    }
    features->seen[KUNDIG__BLOCK_SIGNS] = (uint32_t)sign_count;
    features->unknown[KUNDIG__BLOCK_SIGNS] = sink.unknown;
    features->ends[KUNDIG__BLOCK_SIGNS] = sink.count;
    return true;
}
