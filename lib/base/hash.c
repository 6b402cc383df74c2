/* Hashes; the only file that knows xxHash and libsodium's. XXH_INLINE_ALL keeps xxHash's symbols
 * private. Cost: XXH3 a few ns a word, SipHash about 20 ns, BLAKE2b about 1 ns a byte. */
#include "base/hash.h"

#define XXH_INLINE_ALL
#include <sodium.h>
#include <xxhash.h>

/* Apart, so that words need none of its registers saved. */
static __attribute__((noinline)) uint64_t hash_long(const void *data, size_t len)
{
    return XXH3_64bits(data, len);
}

uint64_t kundig__xxh3(const void *data, size_t len)
{
    if (len <= 16) {
        return XXH3_64bits(data, len);
    }
    return hash_long(data, len);
}

/* The length tells how XXH3 reads its data, and lengths of words are as good as random: so pieces
 * are put in four lists first and each list is hashed in a loop of its own, that never guesses. */
void kundig__xxh3_many(const char *data, const uint32_t *at, const uint32_t *len, uint64_t *hash,
                       size_t step, size_t count)
{
    enum { BATCH = 64 };
    uint8_t lists[4][BATCH];
    for (size_t first = 0; first < count; first += BATCH) {
        size_t some = count - first < BATCH ? count - first : BATCH;
        size_t ends[4] = {0, 0, 0, 0};
        for (size_t i = 0; i < some; i++) {
            uint32_t bytes = len[i * step];
            lists[0][ends[0]] = (uint8_t)i;
            lists[1][ends[1]] = (uint8_t)i;
            lists[2][ends[2]] = (uint8_t)i;
            lists[3][ends[3]] = (uint8_t)i;
            ends[0] += bytes < 4;
            ends[1] += bytes - 4 < 5;
            ends[2] += bytes - 9 < 8;
            ends[3] += bytes > 16;
        }
        for (size_t i = 0; i < ends[0]; i++) {
            size_t j = lists[0][i] * step;
            uint32_t bytes = len[j];
            if (bytes < 4) {
                hash[j / 2] = XXH3_64bits(data + at[j], bytes);
            }
        }
        for (size_t i = 0; i < ends[1]; i++) {
            size_t j = lists[1][i] * step;
            uint32_t bytes = len[j];
            if (bytes >= 4 && bytes <= 8) {
                hash[j / 2] = XXH3_64bits(data + at[j], bytes);
            }
        }
        for (size_t i = 0; i < ends[2]; i++) {
            size_t j = lists[2][i] * step;
            uint32_t bytes = len[j];
            if (bytes >= 9 && bytes <= 16) {
                hash[j / 2] = XXH3_64bits(data + at[j], bytes);
            }
        }
        for (size_t i = 0; i < ends[3]; i++) {
            size_t j = lists[3][i] * step;
            hash[j / 2] = hash_long(data + at[j], len[j]);
        }
        at += some * step;
        len += some * step;
        hash += some * step / 2;
    }
}

uint64_t kundig__siphash(const uint8_t key[KUNDIG__SIPHASH_KEY_SIZE], const void *data, size_t len)
{
    unsigned char out[crypto_shorthash_BYTES];
    uint64_t hash = 0;
    crypto_shorthash(out, data, len, key);
    for (unsigned i = 0; i < 8; i++) {
        hash |= (uint64_t)out[i] << (8 * i);
    }
    return hash;
}

kundig__hash128 kundig__blake2b(const uint8_t *key, const void *data, size_t len)
{
    kundig__hash128 out;
    crypto_generichash(out.bytes, sizeof out.bytes, data, len, key,
                       key ? KUNDIG__BLAKE2B_KEY_SIZE : 0);
    return out;
}
