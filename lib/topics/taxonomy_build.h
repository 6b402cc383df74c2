/* Between the parts of the taxonomy reader: what plain text and JSON share. */
#ifndef KUNDIG_TOPICS_TAXONOMY_BUILD_H
#define KUNDIG_TOPICS_TAXONOMY_BUILD_H

#include "base/dict.h"
#include "base/text.h"
#include "topics/taxonomy.h"

#define KUNDIG__MOST_NAME     64u                /* bytes of a name */
#define KUNDIG__MOST_WRITTEN  1000u              /* bytes of a rule or a title */
#define KUNDIG__MOST_TAXONOMY ((size_t)64 << 20) /* bytes of a taxonomy */
#define KUNDIG__NO_TOPIC      UINT32_MAX         /* rules are read for their faults alone */

/* One taxonomy in work. */
typedef struct kundig__taxonomy_build {
    kundig__taxonomy *taxonomy;
    kundig__findings *findings; /* where faults go; NULL: the first one ends the reading */
    kundig_error *err;
    kundig__dict theme_names; /* a name's code is its index */
    kundig__dict topic_names;
    kundig__scratch scratch;
    kundig__buf plain; /* what stands in quotes, without them */
    kundig__term terms[KUNDIG__MOST_TERMS];
    uint32_t term_count;
    bool full; /* it was said that there are too many rules; the rest are not read */
} kundig__taxonomy_build;

/* Say what is wrong at a place. Returns the code, to be handed on; KUNDIG_OK if faults are
 * collected, and then what is faulty is left out and reading goes on. */
int kundig__taxonomy_fault(kundig__taxonomy_build *build, int code, kundig__place place,
                           const char *format, ...) __attribute__((format(printf, 4, 5)));
/* The faults that both forms know: a byte that belongs to no text, a language that is none. */
int kundig__taxonomy_no_text(kundig__taxonomy_build *build, kundig__place place,
                             unsigned char byte);
int kundig__taxonomy_no_language(kundig__taxonomy_build *build, kundig__place place,
                                 kundig_text name);
/* "de" to "nl", or "any", in any case. */
bool kundig__taxonomy_language(kundig_text name, int32_t *language);
/* May it be the name of a theme or topic? */
bool kundig__taxonomy_is_name(kundig_text name);
/* Add a theme; an empty title gives way to the name. place is the name's. */
int kundig__taxonomy_theme(kundig__taxonomy_build *build, kundig__place place, kundig_text name,
                           kundig_text title, uint32_t *theme);
int kundig__taxonomy_topic(kundig__taxonomy_build *build, kundig__place place, kundig_text name,
                           kundig_text title, uint32_t theme, uint32_t *topic);
/* A topic that makes a theme of its own name. */
int kundig__taxonomy_lone_topic(kundig__taxonomy_build *build, kundig__place place,
                                kundig_text name, kundig_text title, uint32_t *topic);
int kundig__taxonomy_title(kundig__taxonomy_build *build, kundig__place place, kundig_text title);
/* Add a rule. fault->code is not 0 if it is faulty; then fault->pos is the byte of written. */
int kundig__taxonomy_rule(kundig__taxonomy_build *build, kundig__place place, kundig_text written,
                          int32_t kind, int32_t language, uint32_t topic, kundig_error *fault);

/* What a rule is made of, into build->terms; faults as above. false on failure of memory. */
bool kundig__taxonomy_terms(kundig__taxonomy_build *build, kundig_text written, int32_t kind,
                            int32_t language, kundig_error *fault);

/* Read either form. Faults are said, and then the taxonomy is what could be read. */
int kundig__taxonomy_run(kundig__taxonomy *taxonomy, kundig_text data, kundig__findings *findings,
                         kundig_error *err);
/* Each form; from is where it begins. JSON begins with an opening brace. */
int kundig__taxonomy_plain(kundig__taxonomy_build *build, kundig_text data, kundig__place from);
int kundig__taxonomy_json(kundig__taxonomy_build *build, kundig_text data, kundig__place from);

/* Keep a finding; false on failure of memory. */
bool kundig__finding_add(kundig__findings *findings, int32_t severity, uint32_t line,
                         uint32_t column, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

#endif
