/* Own pseudo-random numbers (xoshiro256**, seeded by splitmix64): same on every machine. */
#ifndef KUNDIG_BASE_PRNG_H
#define KUNDIG_BASE_PRNG_H

#include <stdint.h>

typedef struct kundig__prng {
    uint64_t s[4];
} kundig__prng;

void kundig__prng_init(kundig__prng *prng, uint64_t seed);
uint64_t kundig__prng_next(kundig__prng *prng);
uint64_t kundig__prng_below(kundig__prng *prng, uint64_t bound); /* unbiased; bound > 0 */
double kundig__prng_unit(kundig__prng *prng);                    /* [0, 1), 53 bits */

#endif
