/* Hashes, each for its own job:
 * XXH3     buckets of features and checksums: same on all machines, no defence against attack;
 * SipHash  maps keyed by outside text, random key a handle (libsodium);
 * BLAKE2b  content identity and pseudonyms (libsodium). */
#ifndef KUNDIG_BASE_HASH_H
#define KUNDIG_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#define KUNDIG__SIPHASH_KEY_SIZE 16
#define KUNDIG__BLAKE2B_KEY_SIZE 32

typedef struct kundig__hash128 {
    uint8_t bytes[16]; /* ordered by memcmp */
} kundig__hash128;

uint64_t kundig__xxh3(const void *data, size_t len);
/* XXH3 of many short pieces of data: piece i is at[i * step] bytes into data and len[i * step]
 * bytes long, its hash goes to hash[i * step / 2]. step counts 32-bit words and is even. */
void kundig__xxh3_many(const char *data, const uint32_t *at, const uint32_t *len, uint64_t *hash,
                       size_t step, size_t count);
uint64_t kundig__siphash(const uint8_t key[KUNDIG__SIPHASH_KEY_SIZE], const void *data, size_t len);
/* key may be NULL: no key. */
kundig__hash128 kundig__blake2b(const uint8_t *key, const void *data, size_t len);

#endif
