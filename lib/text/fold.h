/* Between the folder and the tokeniser: one fold, used on whole texts and on tokens alike. */
#ifndef KUNDIG_TEXT_FOLD_H
#define KUNDIG_TEXT_FOLD_H

#include <string.h>

#include "text/text.h"

#define FOLD_PADDING     64 /* bytes behind the text that may be written and mean nothing */
#define FOLD_ONES        UINT64_C(0x0101010101010101)
#define FOLD_TOPS        UINT64_C(0x8080808080808080)
#define FOLD_SOFT_HYPHEN 0xAD
#define FOLD_APOSTROPHE  0x2019
#define FOLD_MODIFIER    0x02BC /* letter apostrophe */

/* Code points of two bytes, U+0080 to U+07FF: most fold to two bytes again. */
#define FOLD_TABLE_FIRST 0x80
#define FOLD_TABLE_COUNT 0x780

typedef struct kundig__fold_entry {
    char bytes[2];
    uint8_t kind; /* KUNDIG__CODE_LETTER ...; 0: take the long way */
    uint8_t reserved;
} kundig__fold_entry;

/* The table of this scratch; false on failure of memory. */
bool kundig__fold_table(kundig__scratch *scratch);
/* Room for `need` bytes in scratch->folded and the padding. */
bool kundig__fold_room(kundig__scratch *scratch, size_t need);
/* End of the stretch that must be folded in one piece: all that joins at pos and behind. */
size_t kundig__fold_stretch(const char *text, size_t len, size_t pos);
/* Short stretches that were folded before: the place is told by the text, the last one stays. */
#define FOLD_KNOWN_MAX   16 /* bytes of a stretch, and of its fold */
#define FOLD_KNOWN_COUNT 512

typedef struct kundig__fold_known {
    uint64_t
        head; /* the first bytes of the stretch, and the last; they overlap as its length says */
    uint64_t tail;
    uint8_t len; /* 0: none */
    kundig__fold_result result;
    char bytes[FOLD_KNOWN_MAX];
} kundig__fold_known;

/* Fold a stretch; scratch->result tells what kundig__fold_write will write. */
bool kundig__fold_run(kundig__scratch *scratch, const char *text, size_t len);
void kundig__fold_write(const kundig__scratch *scratch, char *out);
/* Cut runs of three or more equal letters in data[0..len) to two; the new length. */
size_t kundig__fold_collapse(char *data, size_t len);
/* Fold text behind scratch->folded[at]; *end is where it ends. */
bool kundig__fold_append(kundig__scratch *scratch, size_t at, const char *text, size_t len,
                         size_t *end);

/* Eight bytes as a number whose lowest byte is the first; zero behind the end. */
static inline uint64_t fold_load(const char *text, size_t left)
{
    uint64_t block = 0;
    if (left >= sizeof block) {
        memcpy(&block, text, sizeof block);
    } else {
        memcpy(&block, text, left);
    }
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    uint64_t swapped = 0;
    for (int i = 0; i < 8; i++) {
        swapped = swapped << 8 | (block >> (8 * i) & 0xFF);
    }
    block = swapped;
#endif
    return block;
}

static inline void fold_store(char *out, uint64_t block)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    uint64_t swapped = 0;
    for (int i = 0; i < 8; i++) {
        swapped = swapped << 8 | (block >> (8 * i) & 0xFF);
    }
    block = swapped;
#endif
    memcpy(out, &block, sizeof block);
}

/* The top bit of each byte that is an ASCII letter. */
static inline uint64_t fold_letters(uint64_t block)
{
    uint64_t low = (block & ~FOLD_TOPS) | FOLD_ONES * 0x20;
    return (low + FOLD_ONES * (0x80 - 'a')) & ~(low + FOLD_ONES * (0x7F - 'z')) & FOLD_TOPS &
           ~block;
}

/* The top bit of each byte of an ASCII word; alpha is fold_letters(block). */
static inline uint64_t fold_word_bytes(uint64_t block, uint64_t alpha)
{
    uint64_t low = block & ~FOLD_TOPS;
    uint64_t digits = (low + FOLD_ONES * (0x80 - '0')) & ~(low + FOLD_ONES * (0x7F - '9'));
    uint64_t lines = ~((low ^ FOLD_ONES * '_') + FOLD_ONES * 0x7F);
    return alpha | ((digits | lines) & ~block & FOLD_TOPS);
}

/* The top bit of each byte that is zero; none has its top bit set. */
static inline uint64_t fold_zeros(uint64_t low)
{
    return ~(low + FOLD_ONES * 0x7F) & FOLD_TOPS;
}

/* The top bits of eight bytes, in order, as the lowest eight bits. */
static inline uint64_t fold_tops_to_bits(uint64_t tops)
{
    return (tops >> 7) * UINT64_C(0x0102040810204080) >> 56;
}

/* Index of the lowest bit that is set; bits is not 0. */
static inline size_t fold_lowest(uint64_t bits)
{
#if defined(__GNUC__)
    return (size_t)__builtin_ctzll(bits);
#else
    size_t index = 0;
    for (; !(bits & 1); bits >>= 1) {
        index++;
    }
    return index;
#endif
}

/* Index of the lowest byte whose top bit is set in tops, which is not 0. */
static inline size_t fold_first(uint64_t tops)
{
    return fold_lowest(tops) / 8;
}

/* Does any of the first `count` bytes of data stand three times, each `lag` (1 or 2) behind the
 * other? Bytes behind them, up to the padding, are read and change nothing. */
static inline bool fold_has_triple(const char *data, size_t count, size_t lag)
{
    size_t reach = 2 * lag;
    size_t stride = 8 - reach;
    for (size_t i = 0; i + reach < count; i += stride) {
        uint64_t block = fold_load(data + i, sizeof block);
        uint64_t differ = (block ^ block >> (8 * lag)) | (block ^ block >> (8 * reach));
        size_t starts = count - reach - i < stride ? count - reach - i : stride;
        if ((differ - FOLD_ONES) & ~differ & FOLD_TOPS & ((UINT64_C(1) << (8 * starts)) - 1)) {
            return true;
        }
    }
    return false;
}

#endif
