/* Clauses behind a word of contrast: "great, but the queue was long". */
#ifndef KUNDIG_WHY_CONTRARY_H
#define KUNDIG_WHY_CONTRARY_H

#include "text/language.h"

#define KUNDIG__CONTRARY_WORDS 80u /* rows of words that are known, at most */

/* The words, by their first; made once a question. */
typedef struct kundig__contraries {
    uint64_t hashes[KUNDIG__CONTRARY_WORDS];
    uint64_t filter[4];
    size_t count;
} kundig__contraries;

typedef struct kundig__contrary {
    uint32_t first; /* tokens [first, end) of the clause */
    uint32_t end;
    uint32_t word;      /* the token where the contrast is */
    uint32_t from;      /* where the clause before it begins */
    const char *spoken; /* "but": static text */
    bool excepts;       /* "except": what stands there is what is missed, whatever it says */
} kundig__contrary;

void kundig__contraries_init(kundig__contraries *words);
/* May a text hold one? Words of any language count. */
bool kundig__contraries_any(const kundig__contraries *words, const kundig__scratch *scratch);
/* The next clause of a sentence that begins at or behind token *at, which goes on behind the word
 * of contrast; false where there is none. language: of the sentence; unknown: English and German.
 */
bool kundig__contrary_next(const kundig__contraries *words, const kundig__scratch *scratch,
                           const kundig__sentence *sentence, int language, uint32_t *at,
                           kundig__contrary *out);

#endif
