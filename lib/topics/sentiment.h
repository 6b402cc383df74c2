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

#define KUNDIG__LEXICON_VERSION "1" /* words and rules */

/* Made once, shared by threads; a model has one. */
typedef struct kundig__lexicon kundig__lexicon;

/* NULL on failure of memory. */
kundig__lexicon *kundig__lexicon_new(kundig__mem *mem);
void kundig__lexicon_free(kundig__lexicon *lexicon, kundig__mem *mem);

typedef struct kundig__opinion {
    float value;    /* in [-1, 1] */
    float positive; /* sum of what speaks for it, before it is squeezed */
    float negative;
    uint32_t words; /* that it knows */
    uint32_t negators;
    uint32_t questions;
    int32_t last; /* 1 if the last sentence that says something says good, -1 if bad */
} kundig__opinion;

/* Of tokens [first, end) of scratch, which holds words of text. `language` as found, or unknown:
 * then words of all languages count. ranges: the words that decided, at most
 * KUNDIG__EVIDENCE_MOST, in order; NULL where nobody asks. */
void kundig__lexicon_read(const kundig__lexicon *lexicon, const kundig__scratch *scratch,
                          const char *text, uint32_t first, uint32_t end, int language,
                          kundig__opinion *out, kundig__range *ranges, size_t *range_count);
/* What it says of a whole text, as signs of a lesson: ascending; returns how many. */
size_t kundig__mood_signs(const kundig__lexicon *lexicon, const kundig__scratch *scratch,
                          const char *text, int language, uint32_t signs[KUNDIG__MOOD_SIGNS]);

/* ---- Telling (sentiment.c) ---- */

struct kundig__reading;

/* The language that the lexicon reads a whole text in: as found where that is sure, else as given,
 * else unknown. */
int kundig__mood_language(const kundig__spoken *spoken, const kundig__scratch *scratch, int given);
/* The families that scratch must hold for kundig__mood_tell(). learned: NULL, nothing was. */
uint32_t kundig__mood_families(const kundig__mood_learned *learned);
/* The mood of a text as a whole: what was learned and the lexicon together. classifying asks
 * learned->classifier; both are NULL where only the lexicon speaks. language: of the text, or
 * unknown. Never KUNDIG_SENTIMENT_MIXED, which only parts can show. KUNDIG_OK or failures of
 * memory. */
int kundig__mood_tell(const kundig__mood_learned *learned, kundig__classifying *classifying,
                      const kundig__lexicon *lexicon, const kundig__scratch *scratch,
                      const char *text, int language, kundig__mood *out);

/* Fill reading->mood, sentence_moods and topic_moods: the last step of kundig__reading_run() where
 * reading->moods is set. reading->scratch holds the words of text, spoken and hits are settled;
 * none of them changes. language: as given to kundig__reading_run(). */
int kundig__feeling_run(struct kundig__reading *reading, const char *text, size_t len,
                        int language);
/* Free reading->feeling, sentence_moods and topic_moods. */
void kundig__feeling_free(struct kundig__reading *reading);

#define KUNDIG__PART_COMMENT  0
#define KUNDIG__PART_SENTENCE 1
#define KUNDIG__PART_TOPIC    2

/* Of the text read last, with moods: the bytes that decided the mood of a part, at most
 * KUNDIG__EVIDENCE_MOST ranges in order. index: of the sentence, or place in reading->topics. */
int kundig__feeling_evidence(struct kundig__reading *reading, const char *text, size_t len,
                             int part, size_t index, kundig__range *ranges, size_t *count);

/* ---- Teaching (mood_teach.c) ---- */

struct kundig__lessons;

/* What scored or labelled examples teach beside the classifier: fills all of out but classifier,
 * question and plan. course: as the classifier learns it, its lessons those of `lessons`. The same
 * for any order of the examples. KUNDIG_OK or failures of memory. */
int kundig__mood_teach(kundig__mem *mem, const kundig__course *course, const kundig_examples *set,
                       const struct kundig__lessons *lessons, const kundig__lexicon *lexicon,
                       kundig__mood_learned *out, kundig_error *err);

#endif
