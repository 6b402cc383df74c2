/* What words and letters tell about languages: the tables, and how evidence adds up.
 *
 * Evidence is eight lanes, one a language, lane 0 for all others, in eighths of a bit: by how much
 * a word is likelier in that language than a word that is not on its list. */
#ifndef KUNDIG_TEXT_LANGUAGE_TABLES_H
#define KUNDIG_TEXT_LANGUAGE_TABLES_H

#include "text/language.h"

#define LANGUAGE_SLOT_BITS    14
#define LANGUAGE_SLOT_COUNT   (1u << LANGUAGE_SLOT_BITS)
#define LANGUAGE_PATTERN_BITS 12
#define LANGUAGE_PATTERN_MOST (1u << LANGUAGE_PATTERN_BITS)
#define LANGUAGE_TRIPLE_COUNT (1u << 15) /* three letters, five bits each */
#define LANGUAGE_LETTER_FIRST 0xDF       /* letters with accents, U+00DF to U+017F */
#define LANGUAGE_LETTER_COUNT 0xA1
#define LANGUAGE_BIAS         64 /* of lanes that may be negative */

struct kundig__languages {
    /* Words: open addressing. A slot is 20 bits of the hash over the number of a pattern; 0: empty.
     * Patterns are sets of lanes; many words share one. */
    uint32_t slots[LANGUAGE_SLOT_COUNT];
    uint64_t patterns[LANGUAGE_PATTERN_MOST];
    uint32_t pattern_count;
    uint32_t word_count;
    uint32_t longest_probe; /* of any hash whatever */
    /* Letters, lanes with LANGUAGE_BIAS. */
    uint64_t triples[LANGUAGE_TRIPLE_COUNT];
    uint64_t letters[LANGUAGE_LETTER_COUNT];
};

/* The lanes of the word with this hash, 0 if it is on no list. 34 bits of the hash are compared: a
 * stranger is taken for a known word once in a million, and who makes such words on purpose changes
 * the language of his own comment. */
static inline uint64_t language_lanes(const kundig__languages *languages, uint64_t hash)
{
    uint32_t tag = (uint32_t)hash << LANGUAGE_PATTERN_BITS;
    for (size_t slot = (size_t)(hash >> (64 - LANGUAGE_SLOT_BITS));;
         slot = (slot + 1) % LANGUAGE_SLOT_COUNT) {
        uint32_t held = languages->slots[slot];
        if (held == 0) {
            return 0;
        }
        if (((held ^ tag) >> LANGUAGE_PATTERN_BITS) == 0) {
            return languages->patterns[held % LANGUAGE_PATTERN_MOST];
        }
    }
}

/* Is it a word behind which a full stop ends no sentence? */
bool kundig__language_is_abbreviation(const kundig__languages *languages, uint64_t hash);
/* Add what the letters of a folded word tell to scores[0..KUNDIG__LANGUAGE_COUNT). */
void kundig__language_letters(const kundig__languages *languages, const char *word, size_t len,
                              int64_t *scores);

#endif
