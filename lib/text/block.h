/* 64 bytes of text at once: folded as far as they are ASCII, and what each byte is, a bit each.
 *
 * Two ways with the same results to the bit: SSE2, which every x86-64 has, and eight bytes a step
 * in plain C. No bit is set where the byte means nothing yet: what stands above ASCII is `high`. */
#ifndef KUNDIG_TEXT_BLOCK_H
#define KUNDIG_TEXT_BLOCK_H

#include "text/fold.h"

#if defined(__SSE2__) && !defined(KUNDIG_NO_SIMD)
#define BLOCK_SSE2
#include <emmintrin.h>
#endif

#define BLOCK_SIZE 64

typedef struct text_block {
    uint64_t words;   /* ASCII letters, digits and `_` */
    uint64_t symbols; /* other ASCII that can be seen, the apostrophe among it */
    uint64_t quotes;  /* apostrophes */
    uint64_t high;    /* 0x80 and above */
    uint64_t same;    /* ASCII letters that fold to what stands before them */
    bool rare;        /* `@` or `/` is among them */
} text_block;

/* in and out may not overlap; before is the byte in front, folded or not. */
static inline void block_plain(const char *in, char before, char *out, text_block *block)
{
    *block = (text_block){0};
    uint64_t last = (unsigned char)before;
    for (unsigned i = 0; i < BLOCK_SIZE; i += 8) {
        uint64_t eight = fold_load(in + i, 8);
        uint64_t low = eight & ~FOLD_TOPS;
        uint64_t alpha = fold_letters(eight);
        uint64_t word = fold_word_bytes(eight, alpha);
        /* From 0x21 to 0x7E. */
        uint64_t seen = (low + FOLD_ONES * (0x80 - 0x21)) & ~(low + FOLD_ONES) & ~eight & FOLD_TOPS;
        uint64_t folded = eight | alpha >> 2;
        uint64_t differ = (folded ^ (folded << 8 | last)) & ~(FOLD_ONES * 0x20);
        uint64_t quote = low ^ FOLD_ONES * '\'';
        uint64_t at = low ^ FOLD_ONES * '@';
        uint64_t slash = low ^ FOLD_ONES * '/';
        block->words |= fold_tops_to_bits(word) << i;
        block->symbols |= fold_tops_to_bits(seen & ~word) << i;
        block->quotes |= fold_tops_to_bits(fold_zeros(quote) & seen) << i;
        block->high |= fold_tops_to_bits(eight & FOLD_TOPS) << i;
        block->same |= fold_tops_to_bits(fold_zeros(differ & ~FOLD_TOPS) & ~differ & alpha) << i;
        block->rare |= ((fold_zeros(at) | fold_zeros(slash)) & seen) != 0;
        last = eight >> 56;
        fold_store(out + i, folded);
    }
}

#ifdef BLOCK_SSE2

/* Bytes from `first` on, `count` of them. */
static inline __m128i block_range(__m128i bytes, unsigned char first, unsigned char count)
{
    __m128i moved = _mm_add_epi8(bytes, _mm_set1_epi8((char)(0x80 - first)));
    return _mm_cmplt_epi8(moved, _mm_set1_epi8((char)(0x80 + count)));
}

static inline void block_sse2(const char *in, char before, char *out, text_block *block)
{
    *block = (text_block){0};
    __m128i case_bit = _mm_set1_epi8(0x20);
    __m128i last = _mm_cvtsi32_si128((unsigned char)before | 0x20);
    __m128i rare = _mm_setzero_si128();
    for (unsigned i = 0; i < BLOCK_SIZE; i += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(in + i));
        __m128i low = _mm_or_si128(bytes, case_bit);
        __m128i alpha = block_range(low, 'a', 26);
        __m128i word = _mm_or_si128(_mm_or_si128(alpha, block_range(bytes, '0', 10)),
                                    _mm_cmpeq_epi8(bytes, _mm_set1_epi8('_')));
        __m128i symbol = _mm_andnot_si128(word, block_range(bytes, 0x21, 0x5E));
        __m128i same = _mm_cmpeq_epi8(low, _mm_or_si128(_mm_slli_si128(low, 1), last));
        last = _mm_srli_si128(low, 15);
        rare = _mm_or_si128(rare, _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('@')),
                                               _mm_cmpeq_epi8(bytes, _mm_set1_epi8('/'))));
        _mm_storeu_si128((__m128i *)(void *)(out + i),
                         _mm_or_si128(bytes, _mm_and_si128(alpha, case_bit)));
        block->words |= (uint64_t)(unsigned)_mm_movemask_epi8(word) << i;
        block->symbols |= (uint64_t)(unsigned)_mm_movemask_epi8(symbol) << i;
        block->quotes |=
            (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\''))) << i;
        block->high |= (uint64_t)(unsigned)_mm_movemask_epi8(bytes) << i;
        block->same |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_and_si128(same, alpha)) << i;
    }
    block->rare = _mm_movemask_epi8(rare) != 0;
}

#endif

static inline void block_read(const char *in, char before, char *out, text_block *block)
{
#ifdef BLOCK_SSE2
    block_sse2(in, before, out, block);
#else
    block_plain(in, before, out, block);
#endif
}

#endif
