/* What words and letters tell about languages: the tables, and how evidence adds up.
 *
 * Evidence is eight lanes, one a language, lane 0 for all others, in eighths of a bit: by how much
 * a word is likelier in that language than a word that is not on its list. */
#ifndef KUNDIG_TEXT_LANGUAGE_TABLES_H
#define KUNDIG_TEXT_LANGUAGE_TABLES_H

#include "text/language.h"

#define LANGUAGE_SLOT_BITS    14
#define LANGUAGE_SLOT_COUNT   (1u << LANGUAGE_SLOT_BITS)
#define LANGUAGE_STEP_BITS    12
#define LANGUAGE_STEP_COUNT   (1u << LANGUAGE_STEP_BITS)
#define LANGUAGE_PATTERN_BITS 12
#define LANGUAGE_PATTERN_MOST (1u << LANGUAGE_PATTERN_BITS)
#define LANGUAGE_TRIPLE_COUNT (1u << 15) /* three letters, five bits each */
#define LANGUAGE_LETTER_FIRST 0xDF       /* letters with accents, U+00DF to U+017F */
#define LANGUAGE_LETTER_COUNT 0xA1
#define LANGUAGE_BIAS         64 /* of lanes that may be negative */

/* Weights of at most 255, four lanes of 16 bits in each, so that many add up without a carry. */
typedef struct language_lanes {
    uint64_t even; /* lanes 0, 2, 4, 6 */
    uint64_t odd;
} language_lanes;

#define LANGUAGE_CARRY 256 /* so many lanes add up */

struct kundig__languages {
    /* Words: each has a slot to itself. The hash picks a step, hash and step the slot; the steps
     * were chosen so that no two words meet. A slot is 20 bits of the hash over the number of a
     * pattern; 0: empty. Patterns are sets of lanes; many words share one; the first is nothing. */
    uint8_t steps[LANGUAGE_STEP_COUNT];
    uint32_t slots[LANGUAGE_SLOT_COUNT];
    language_lanes patterns[LANGUAGE_PATTERN_MOST];
    uint32_t pattern_count;
    uint32_t word_count;
    /* Letters, lanes with LANGUAGE_BIAS. */
    uint64_t triples[LANGUAGE_TRIPLE_COUNT];
    uint64_t letters[LANGUAGE_LETTER_COUNT];
};

/* Where a word stands. */
static inline uint32_t language_slot(uint64_t hash, uint32_t step)
{
    return ((uint32_t)(hash >> 20) + step * ((uint32_t)hash | 1)) >> (32 - LANGUAGE_SLOT_BITS);
}

/* The number of the pattern of the word with this hash, 0 if it is on no list: one look at one
 * slot, without a branch. A stranger is taken for a known word about once in two million, and who
 * makes such words on purpose changes the language of his own comment. */
static inline uint32_t language_pattern(const kundig__languages *languages, uint64_t hash)
{
    uint32_t tag = (uint32_t)hash << LANGUAGE_PATTERN_BITS;
    uint32_t step = languages->steps[hash >> (64 - LANGUAGE_STEP_BITS)];
    uint32_t held = languages->slots[language_slot(hash, step)];
    uint32_t same = ((held ^ tag) >> LANGUAGE_PATTERN_BITS) == 0;
    return held % LANGUAGE_PATTERN_MOST & (0 - same);
}

/* Is it a word behind which a full stop ends no sentence? */
bool kundig__language_is_abbreviation(const kundig__languages *languages, uint64_t hash);
/* Add what the letters of a folded word tell to scores[0..KUNDIG__LANGUAGE_COUNT). */
void kundig__language_letters(const kundig__languages *languages, const char *word, size_t len,
                              int64_t *scores);

#endif
