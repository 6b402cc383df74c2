/* Which language a sentence, and a whole comment, is written in.
 *
 * Evidence is words that one language uses and others do not, and letters; nothing is learned from
 * anybody's comments. The tables are made once and shared by threads. Where nothing tells, where
 * two languages tie, and in any other language the answer is unknown. */
#ifndef KUNDIG_TEXT_LANGUAGE_H
#define KUNDIG_TEXT_LANGUAGE_H

#include "text/text.h"

#define KUNDIG__LANGUAGE_VERSION "1" /* words and rules */

enum {
    KUNDIG__LANGUAGE_UNKNOWN,
    KUNDIG__LANGUAGE_DE,
    KUNDIG__LANGUAGE_EN,
    KUNDIG__LANGUAGE_FR,
    KUNDIG__LANGUAGE_ES,
    KUNDIG__LANGUAGE_PT,
    KUNDIG__LANGUAGE_IT,
    KUNDIG__LANGUAGE_NL,
    KUNDIG__LANGUAGE_COUNT
};

/* "de"; "unknown" for what is none of them. Static text. */
const char *kundig__language_name(int language);
/* The language that people and tables call so: "de", "DE", "de-AT", "deu", "ger", "German",
 * "Deutsch"; KUNDIG__LANGUAGE_UNKNOWN for any other. */
int kundig__language_find(kundig_text name);

typedef struct kundig__languages kundig__languages;

/* NULL on failure of memory. */
kundig__languages *kundig__languages_new(kundig__mem *mem);
void kundig__languages_free(kundig__languages *languages, kundig__mem *mem);

typedef struct kundig__sentence {
    uint32_t first; /* tokens [first, end) of the scratch */
    uint32_t end;
    int32_t language;                       /* KUNDIG__LANGUAGE_ */
    uint32_t sureness;                      /* in thousandths; 0 where unknown */
    int64_t scores[KUNDIG__LANGUAGE_COUNT]; /* the evidence, in eighths of a bit */
} kundig__sentence;

/* What was understood of one comment. Reused from comment to comment. */
typedef struct kundig__spoken {
    kundig__mem *mem;
    kundig__sentence *sentences; /* together they hold every token */
    size_t sentence_count;
    size_t sentence_capacity;
    int32_t language; /* of the comment */
    uint32_t sureness;
    bool mixed; /* sentences are surely in several languages */
} kundig__spoken;

void kundig__spoken_init(kundig__spoken *spoken, kundig__mem *mem);
void kundig__spoken_free(kundig__spoken *spoken);
/* scratch holds the words of text (kundig__text_features). A sentence ends behind . ! ? and their
 * like, and at a line end. false on failure of memory. */
bool kundig__language_read(const kundig__languages *languages, const kundig__scratch *scratch,
                           const char *text, size_t len, kundig__spoken *spoken);

#endif
