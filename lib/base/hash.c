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
