/* What words and letters tell about languages: the tables, and how evidence adds up.
 *
 * Evidence is eight lanes, one a language, lane 0 for all others, in eighths of a bit: by how much
 * a word is likelier in that language than a word that is not on its list. */
#ifndef KUNDIG_TEXT_LANGUAGE_TABLES_H
#define KUNDIG_TEXT_LANGUAGE_TABLES_H

#include "text/language.h"

#define LANGUAGE_BUCKET_BITS  13
#define LANGUAGE_BUCKET_COUNT (1u << LANGUAGE_BUCKET_BITS)
#define LANGUAGE_BUCKET_SIZE  4
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
    /* Words: buckets that run over into the next one. A slot is 20 bits of the hash over the
     * number of a pattern; 0: empty. Patterns are sets of lanes; many words share one; the first
     * is nothing. */
    uint32_t slots[LANGUAGE_BUCKET_COUNT * LANGUAGE_BUCKET_SIZE];
    language_lanes patterns[LANGUAGE_PATTERN_MOST];
    uint32_t pattern_count;
    uint32_t word_count;
    uint32_t most_buckets; /* that any look-up whatever sees */
    /* Letters, lanes with LANGUAGE_BIAS. */
    uint64_t triples[LANGUAGE_TRIPLE_COUNT];
    uint64_t letters[LANGUAGE_LETTER_COUNT];
};

/* A slot, if its tag is this one; else 0. */
static inline uint32_t language_match(uint32_t held, uint32_t tag)
{
    return ((held ^ tag) >> LANGUAGE_PATTERN_BITS) == 0 ? held : 0;
}

/* The number of the pattern of the word with this hash, 0 if it is on no list. 33 bits of the hash
 * are compared: a stranger is taken for a known word once in a million, and who makes such words on
 * purpose changes the language of his own comment. */
static inline uint32_t language_pattern(const kundig__languages *languages, uint64_t hash)
{
    uint32_t tag = (uint32_t)hash << LANGUAGE_PATTERN_BITS;
    for (size_t bucket = (size_t)(hash >> (64 - LANGUAGE_BUCKET_BITS));;
         bucket = (bucket + 1) % LANGUAGE_BUCKET_COUNT) {
        const uint32_t *slots = languages->slots + bucket * LANGUAGE_BUCKET_SIZE;
        /* All four at once: which one it is cannot be foreseen. Empty slots match none, for a
         * pattern's number is never 0, and tag 0 finds them as nothing. */
        uint32_t held = language_match(slots[0], tag) | language_match(slots[1], tag) |
                        language_match(slots[2], tag) | language_match(slots[3], tag);
        if (held != 0 || slots[LANGUAGE_BUCKET_SIZE - 1] == 0) {
            return held % LANGUAGE_PATTERN_MOST;
        }
    }
}

/* Is it a word behind which a full stop ends no sentence? */
bool kundig__language_is_abbreviation(const kundig__languages *languages, uint64_t hash);
/* Add what the letters of a folded word tell to scores[0..KUNDIG__LANGUAGE_COUNT). */
void kundig__language_letters(const kundig__languages *languages, const char *word, size_t len,
                              int64_t *scores);

#endif
