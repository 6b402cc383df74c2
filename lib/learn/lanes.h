/* Four numbers at once: the same bits with SSE2 and in plain C, for each lane does what one float
 * would do, and sums across lanes are written out. */
#ifndef KUNDIG_LEARN_LANES_H
#define KUNDIG_LEARN_LANES_H

#include <stdint.h>
#include <string.h>

#include "base/math.h"

#if defined(__SSE2__) && !defined(KUNDIG_NO_SIMD)
#define LANES_SSE2
#include <emmintrin.h>
typedef __m128 lanes;
#else
typedef struct lanes {
    float at[4];
} lanes;
#endif

#define LANES 4u

#ifdef LANES_SSE2

static inline lanes lane4_load(const float *from)
{
    return _mm_loadu_ps(from);
}

static inline void lane4_store(float *to, lanes a)
{
    _mm_storeu_ps(to, a);
}

static inline lanes lane4_all(float a)
{
    return _mm_set1_ps(a);
}

static inline lanes lane4_add(lanes a, lanes b)
{
    return _mm_add_ps(a, b);
}

static inline lanes lane4_sub(lanes a, lanes b)
{
    return _mm_sub_ps(a, b);
}

static inline lanes lane4_mul(lanes a, lanes b)
{
    return _mm_mul_ps(a, b);
}

static inline lanes lane4_div(lanes a, lanes b)
{
    return _mm_div_ps(a, b);
}

/* Correctly rounded; a >= 0. */
static inline lanes lane4_sqrt(lanes a)
{
    return _mm_sqrt_ps(a);
}

/* a > b ? a : b */
static inline lanes lane4_max(lanes a, lanes b)
{
    return _mm_max_ps(a, b);
}

/* 2^n for whole n in [-126, 127] given as n + LANES_MAGIC. */
static inline lanes lane4_power(lanes n)
{
    __m128i bits = _mm_castps_si128(n);
    bits = _mm_slli_epi32(_mm_add_epi32(bits, _mm_set1_epi32(127)), 23);
    return _mm_castsi128_ps(bits);
}

#else

static inline lanes lane4_load(const float *from)
{
    lanes out;
    memcpy(out.at, from, sizeof out.at);
    return out;
}

static inline void lane4_store(float *to, lanes a)
{
    memcpy(to, a.at, sizeof a.at);
}

static inline lanes lane4_all(float a)
{
    return (lanes){{a, a, a, a}};
}

static inline lanes lane4_add(lanes a, lanes b)
{
    for (unsigned i = 0; i < LANES; i++) {
        a.at[i] += b.at[i];
    }
    return a;
}

static inline lanes lane4_sub(lanes a, lanes b)
{
    for (unsigned i = 0; i < LANES; i++) {
        a.at[i] -= b.at[i];
    }
    return a;
}

static inline lanes lane4_mul(lanes a, lanes b)
{
    for (unsigned i = 0; i < LANES; i++) {
        a.at[i] *= b.at[i];
    }
    return a;
}

static inline lanes lane4_div(lanes a, lanes b)
{
    for (unsigned i = 0; i < LANES; i++) {
        a.at[i] /= b.at[i];
    }
    return a;
}

/* Rounding the root of twice as many digits once more changes nothing. */
static inline lanes lane4_sqrt(lanes a)
{
    for (unsigned i = 0; i < LANES; i++) {
        a.at[i] = (float)kundig__sqrt((double)a.at[i]);
    }
    return a;
}

static inline lanes lane4_max(lanes a, lanes b)
{
    for (unsigned i = 0; i < LANES; i++) {
        a.at[i] = a.at[i] > b.at[i] ? a.at[i] : b.at[i];
    }
    return a;
}

static inline lanes lane4_power(lanes n)
{
    for (unsigned i = 0; i < LANES; i++) {
        uint32_t bits;
        memcpy(&bits, &n.at[i], sizeof bits);
        bits = (bits + 127) << 23;
        memcpy(&n.at[i], &bits, sizeof bits);
    }
    return n;
}

#endif

#define LANES_MAGIC 12582912.0f /* 1.5 * 2^23: what is added to it is rounded to a whole number */

/* e^x for x in [-80, 80], to about 2e-7 of itself. */
static inline lanes lane4_exp(lanes x)
{
    lanes magic = lane4_all(LANES_MAGIC);
    lanes shifted = lane4_add(lane4_mul(x, lane4_all(1.44269504f)), magic);
    lanes whole = lane4_sub(shifted, magic);
    /* ln 2 in two parts: the first times whole is exact. */
    lanes r = lane4_sub(x, lane4_mul(whole, lane4_all(0.693359375f)));
    r = lane4_sub(r, lane4_mul(whole, lane4_all(-2.12194440e-4f)));
    lanes p = lane4_all(1.9875691500e-4f);
    p = lane4_add(lane4_mul(p, r), lane4_all(1.3981999507e-3f));
    p = lane4_add(lane4_mul(p, r), lane4_all(8.3334519073e-3f));
    p = lane4_add(lane4_mul(p, r), lane4_all(4.1665795894e-2f));
    p = lane4_add(lane4_mul(p, r), lane4_all(1.6666665459e-1f));
    p = lane4_add(lane4_mul(p, r), lane4_all(5.0000001201e-1f));
    p = lane4_add(lane4_mul(lane4_mul(p, r), r), lane4_add(r, lane4_all(1)));
    return lane4_mul(p, lane4_power(shifted));
}

#endif
