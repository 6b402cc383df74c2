/* xoshiro256** by Blackman and Vigna, seeded by splitmix64 (both in the public domain). Integers
 * alone, so the same on every machine. About 1 ns a number. */
#include "base/prng.h"

#include "base/int128.h"

static uint64_t prng_rotate(uint64_t x, int by)
{
    return x << by | x >> (64 - by);
}

void kundig__prng_init(kundig__prng *prng, uint64_t seed)
{
    for (int i = 0; i < 4; i++) {
        seed += UINT64_C(0x9E3779B97F4A7C15);
        uint64_t z = seed;
        z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
        z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
        prng->s[i] = z ^ z >> 31;
    }
}

uint64_t kundig__prng_next(kundig__prng *prng)
{
    uint64_t *s = prng->s;
    uint64_t result = prng_rotate(s[1] * 5, 7) * 9;
    uint64_t shifted = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = prng_rotate(s[3], 45);
    return result;
}

uint64_t kundig__prng_below(kundig__prng *prng, uint64_t bound)
{
    /* The upper half of a product lies in [0, bound); draws whose lower half falls into the first
     * 2^64 mod bound values would come up once too often. */
    kundig__u128 product = (kundig__u128)kundig__prng_next(prng) * bound;
    if ((uint64_t)product < bound) {
        uint64_t unfair = (0 - bound) % bound;
        while ((uint64_t)product < unfair) {
            product = (kundig__u128)kundig__prng_next(prng) * bound;
        }
    }
    return (uint64_t)(product >> 64);
}

double kundig__prng_unit(kundig__prng *prng)
{
    return (double)(kundig__prng_next(prng) >> 11) * 0x1p-53;
}
