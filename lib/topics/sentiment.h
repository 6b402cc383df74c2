/* How the one who wrote a text feels: about the whole, in each sentence, about each topic. */
#ifndef KUNDIG_TOPICS_SENTIMENT_H
#define KUNDIG_TOPICS_SENTIMENT_H

#include "text/language.h"
#include "topics/taught.h"

#define KUNDIG__MOOD_LEXICON 1 /* where it comes from */
#define KUNDIG__MOOD_LEARNED 2
#define KUNDIG__MOOD_BOTH    3

#define KUNDIG__MOOD_OK      0
#define KUNDIG__MOOD_OUTSIDE 1 /* unlike what was learned from */
#define KUNDIG__MOOD_EMPTY   2 /* nothing to tell from */

typedef struct kundig__mood {
    int32_t sentiment; /* KUNDIG_SENTIMENT_; UNKNOWN where empty */
    uint8_t origin;
    uint8_t status;
    int16_t value;          /* in thousandths: what columns and metrics keep */
    float probabilities[3]; /* negative, neutral, positive */
    bool has_expected;
    double expected; /* score, on its scale */
    double lo;
    double hi;
} kundig__mood;

/* Numbers of signs that the lexicon gives a text. */
#define KUNDIG__MOOD_SIGNS 16u

/* ---- The lexicon (lexicon.c): rules over tokens, no learning ---- */

typedef struct kundig__opinion {
    float value;    /* in [-1, 1] */
    float positive; /* sum of what speaks for it, before it is squeezed */
    float negative;
    uint32_t words; /* that it knows */
} kundig__opinion;

/* Of tokens [first, end) of scratch, which holds words of text. `language` as found, or unknown:
 * then words of all languages count. ranges: the words that decided, as evidence; may be NULL. */
void kundig__lexicon_read(const kundig__scratch *scratch, const char *text, uint32_t first,
                          uint32_t end, int language, kundig__opinion *out, kundig__range *ranges,
                          size_t *range_count);

#endif
