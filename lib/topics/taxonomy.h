/* A taxonomy as it was written: themes, topics and their rules, with places in the file. What may be
 * written, as plain text and as JSON, stands in kundig.h at kundig_model_new(). */
#ifndef KUNDIG_TOPICS_TAXONOMY_H
#define KUNDIG_TOPICS_TAXONOMY_H

#include "base/mem.h"
#include "text/language.h"

#define KUNDIG__MOST_TOPICS 65535u
#define KUNDIG__MOST_RULES  (UINT32_C(1) << 20)
#define KUNDIG__MOST_TERMS  16u
#define KUNDIG__MOST_PREFIX 63u /* bytes of a beginning */

#define KUNDIG__TERM_WORD   1 /* a token whose folded form is text */
#define KUNDIG__TERM_PREFIX 2 /* a token whose folded form begins with text */
#define KUNDIG__TERM_STEM   3 /* a token with the stem of text */
#define KUNDIG__TERM_ANY    4 /* any one word */
#define KUNDIG__TERM_GAP    5 /* none to three tokens of the same sentence */

typedef struct kundig__term {
    int32_t type;     /* KUNDIG__TERM_ */
    kundig_text text; /* one token, folded; absent for any and gap */
} kundig__term;

#define KUNDIG__RULE_HIT  1
#define KUNDIG__RULE_NOT  2 /* an exclusion */
#define KUNDIG__RULE_PART 3 /* a part of compounds alone; belongs to no topic */

typedef struct kundig__rule {
    int32_t kind;     /* KUNDIG__RULE_ */
    int32_t language; /* KUNDIG__LANGUAGE_; unknown: every language */
    uint32_t topic;   /* index; 0 for parts */
    uint32_t line;    /* from 1 */
    uint32_t column;  /* from 1, in characters */
    uint32_t term_count;
    kundig__term *terms; /* neither first nor last is a gap or any; at least one */
    kundig_text written; /* as in the file, for people */
} kundig__rule;

typedef struct kundig__topic {
    kundig_text name; /* unique among topics */
    kundig_text title;
    uint32_t theme; /* index */
    uint32_t line;
    uint32_t column;
    bool taught;     /* no file names it, examples do */
    bool discovered; /* nobody named it */
} kundig__topic;

typedef struct kundig__theme {
    kundig_text name; /* unique among themes */
    kundig_text title;
    uint32_t line;
    uint32_t column;
    bool taught;     /* as of a topic */
    bool discovered; /* as of a topic */
} kundig__theme;

/* Everything is in its own arena; themes and topics in the order of the file. */
typedef struct kundig__taxonomy {
    kundig__mem *mem;
    kundig__arena arena;
    kundig_text title;
    kundig__theme *themes;
    size_t theme_count;
    size_t theme_capacity;
    kundig__topic *topics;
    size_t topic_count;
    size_t topic_capacity;
    kundig__rule *rules;
    size_t rule_count;
    size_t rule_capacity;
} kundig__taxonomy;

void kundig__taxonomy_init(kundig__taxonomy *taxonomy, kundig__mem *mem);
void kundig__taxonomy_free(kundig__taxonomy *taxonomy);
/* Read a taxonomy: JSON if its first character is {, else plain text. KUNDIG_E_FORMAT names line,
 * column and reason of the first fault, err->pos is its byte. */
int kundig__taxonomy_read(kundig__taxonomy *taxonomy, const char *data, size_t len,
                          kundig_error *err);
/* The ready taxonomy's text. */
kundig_text kundig__taxonomy_ready(void);

#define KUNDIG__FINDING_ERROR   1
#define KUNDIG__FINDING_WARNING 2
#define KUNDIG__FINDING_NOTE    3
#define KUNDIG__MOST_FINDINGS   10000u /* of one severity; one more says that there are more */

typedef struct kundig__finding {
    int32_t severity; /* KUNDIG__FINDING_ */
    uint32_t line;
    uint32_t column;
    kundig_text sentence;
} kundig__finding;

typedef struct kundig__findings {
    kundig__mem *mem;
    kundig__arena arena;
    kundig__finding *items; /* in order of line, column */
    size_t count;
    size_t capacity;
    size_t kept[KUNDIG__FINDING_NOTE + 1]; /* of each severity, those not listed too */
} kundig__findings;

void kundig__findings_init(kundig__findings *findings, kundig__mem *mem);
void kundig__findings_free(kundig__findings *findings);
/* What is wrong or odd: every fault of the file (reading goes on behind one), rules that can never
 * decide anything, rules of several topics, topics without a rule. KUNDIG_OK or failures of memory.
 */
int kundig__taxonomy_check(kundig__findings *findings, const char *data, size_t len,
                           kundig_error *err);

#endif
