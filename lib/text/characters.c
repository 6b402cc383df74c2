/* Characters in a row: " gut " holds " g", "gu", "ut", "t ", " gu", "gut", "ut ", " gut", "gut ".
 *
 * Each code point has a number of 64 bits that look drawn by lot. The number of a row is that of
 * the row without its last character, turned by 23 bits, plus that of the last character: a turn
 * and an addition whatever the length, and whatever the code points. Sums of such numbers are as
 * good as drawn by lot themselves, in their low bits and their high ones, so two rows meet by
 * chance alone. (Four code points packed into one number and mixed there never meet, but only up
 * to U+FFFF and not five of them, and each row costs a multiplication.)
 *
 * The characters of many tokens are put side by side, one blank between two tokens, and gone
 * through together: how long each token is then costs no wrong guess. Rows that would reach across
 * a blank are written and then written over.
 * Invariant: a batch begins and ends with a blank; room for all that is written is made before.
 * Cost: linear; 0.4 ns a row; at most 4 rows a character, CHARACTERS_MAX characters a token. */
#include "text/characters.h"

#include "text/block.h"

#define CHARACTERS_MAX    128 /* of a token that are looked at */
#define CHARACTERS_ROWS   4   /* that end at one character: of 2, 3, 4 and 5 */
#define CHARACTERS_STEP   16  /* characters of ASCII taken at once */
#define CHARACTERS_BATCH  1280
#define CHARACTERS_COUNT  0x250 /* Latin: numbers that are kept */
#define CHARACTERS_ONE(n) ((families & KUNDIG__CHARACTERS(n)) != 0)

/* " gut war ", and how many rows end at each of it. */
typedef struct characters_batch {
    uint32_t codes[CHARACTERS_BATCH];
    uint8_t ends[CHARACTERS_BATCH];
    size_t count;
} characters_batch;

static uint64_t characters_number(uint64_t code)
{
    uint64_t number = code * UINT64_C(0x9E3779B97F4A7C15);
    number ^= number >> 32;
    number *= UINT64_C(0xD6E8FEB86659FD93);
    return number ^ number >> 29;
}

static inline uint64_t characters_turn(uint64_t row)
{
    return row << 23 | row >> 41;
}

/* Take the first CHARACTERS_STEP bytes as characters; false where one of the first len, fewer than
 * that, is above ASCII. */
static inline bool characters_ascii(uint32_t *codes, const char *folded, size_t len)
{
#ifdef BLOCK_SSE2
    __m128i zero = _mm_setzero_si128();
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)folded);
    __m128i low = _mm_unpacklo_epi8(bytes, zero);
    __m128i high = _mm_unpackhi_epi8(bytes, zero);
    __m128i *out = (__m128i *)(void *)codes;
    _mm_storeu_si128(out, _mm_unpacklo_epi16(low, zero));
    _mm_storeu_si128(out + 1, _mm_unpackhi_epi16(low, zero));
    _mm_storeu_si128(out + 2, _mm_unpacklo_epi16(high, zero));
    _mm_storeu_si128(out + 3, _mm_unpackhi_epi16(high, zero));
    return !((unsigned)_mm_movemask_epi8(bytes) & ((1u << len) - 1));
#else
    uint32_t all = 0;
    for (size_t i = 0; i < len; i++) {
        codes[i] = (unsigned char)folded[i];
        all |= codes[i];
    }
    return all < 0x80;
#endif
}

/* The characters of one token, and a blank. ends is how many rows end at the first character of a
 * token, at the second and so on, or at the blank behind it. */
static inline void characters_add(characters_batch *batch, const char *folded, size_t len,
                                  const uint8_t ends[CHARACTERS_STEP])
{
    uint32_t *codes = batch->codes + batch->count;
    memcpy(batch->ends + batch->count, ends, CHARACTERS_STEP);
    if (len < CHARACTERS_STEP && characters_ascii(codes, folded, len)) {
        codes[len] = ' ';
        batch->count += len + 1;
        return;
    }
    size_t count = 0;
    for (size_t pos = 0; pos < len && count < CHARACTERS_MAX;) {
        pos += kundig__utf8_decode(folded + pos, len - pos, &codes[count++]);
    }
    codes[count++] = ' ';
    for (size_t i = CHARACTERS_STEP; i < count; i++) {
        batch->ends[batch->count + i] = ends[CHARACTERS_STEP - 1];
    }
    batch->count += count;
}

/* Write the rows of a batch at out; returns their end. */
static inline uint64_t *characters_rows(const characters_batch *batch, const uint64_t *numbers,
                                        uint64_t *out, uint32_t families)
{
    uint64_t one = numbers[' '];
    uint64_t two = 0;
    uint64_t three = 0;
    uint64_t four = 0;
    for (size_t i = 1; i < batch->count; i++) {
        uint32_t code = batch->codes[i];
        uint64_t number = code < CHARACTERS_COUNT ? numbers[code] : characters_number(code);
        uint64_t five = characters_turn(four) + number;
        four = characters_turn(three) + number;
        three = characters_turn(two) + number;
        two = characters_turn(one) + number;
        one = number;
        uint64_t *row = out;
        *row = two;
        row += CHARACTERS_ONE(2);
        *row = three;
        row += CHARACTERS_ONE(3);
        *row = four;
        row += CHARACTERS_ONE(4);
        if (CHARACTERS_ONE(5)) {
            *row = five;
        }
        out += batch->ends[i];
    }
    return out;
}

static bool characters_flush(kundig__scratch *scratch, characters_batch *batch, uint32_t families)
{
    void *grams = scratch->grams;
    bool fits = kundig__grow(scratch->mem, &grams, &scratch->gram_capacity,
                             scratch->gram_count + (batch->count + 1) * CHARACTERS_ROWS,
                             sizeof *scratch->grams);
    scratch->grams = grams;
    if (!fits) {
        return false;
    }
    uint64_t *out = scratch->grams + scratch->gram_count;
    const uint32_t usual = KUNDIG__CHARACTERS(2) | KUNDIG__CHARACTERS(3) | KUNDIG__CHARACTERS(4);
    out = families == usual /* which makes a loop of its own */
              ? characters_rows(batch, scratch->characters, out, usual)
              : characters_rows(batch, scratch->characters, out, families);
    scratch->gram_count = (size_t)(out - scratch->grams);
    batch->count = 1;
    return true;
}

/* The numbers of the first code points, kept. */
static bool characters_numbers(kundig__scratch *scratch)
{
    if (!scratch->characters) {
        scratch->characters =
            kundig__alloc(scratch->mem, CHARACTERS_COUNT * sizeof *scratch->characters);
        for (uint32_t code = 0; scratch->characters && code < CHARACTERS_COUNT; code++) {
            scratch->characters[code] = characters_number(code);
        }
    }
    return scratch->characters != NULL;
}

void kundig__characters_free(kundig__scratch *scratch)
{
    if (scratch->characters) {
        kundig__free(scratch->mem, scratch->characters,
                     CHARACTERS_COUNT * sizeof *scratch->characters);
    }
    kundig__free(scratch->mem, scratch->grams, scratch->gram_capacity * sizeof *scratch->grams);
}

bool kundig__characters(kundig__scratch *scratch, uint32_t families)
{
    scratch->gram_count = 0;
    families &= KUNDIG__CHARACTERS(2) | KUNDIG__CHARACTERS(3) | KUNDIG__CHARACTERS(4) |
                KUNDIG__CHARACTERS(5);
    if (!families) {
        return true;
    }
    if (!characters_numbers(scratch)) {
        return false;
    }
    uint8_t ends[CHARACTERS_STEP];
    unsigned sum = 0;
    for (unsigned i = 0; i < CHARACTERS_STEP; i++) {
        sum += i < CHARACTERS_ROWS && CHARACTERS_ONE(i + 2);
        ends[i] = (uint8_t)sum;
    }
    characters_batch batch;
    batch.codes[0] = ' ';
    batch.count = 1;
    for (size_t i = 0; i < scratch->token_count; i++) {
        const kundig__token *token = &scratch->tokens[i];
        if (token->kind > KUNDIG__TOKEN_SYMBOL || token->kind == KUNDIG__TOKEN_CJK) {
            continue;
        }
        characters_add(&batch, scratch->folded + token->folded, token->folded_len, ends);
        if (batch.count + CHARACTERS_MAX + 2 * CHARACTERS_STEP > CHARACTERS_BATCH &&
            !characters_flush(scratch, &batch, families)) {
            return false;
        }
    }
    return characters_flush(scratch, &batch, families);
}
