/* A comment in the stretches that speak of one thing each: its sentences. */
#ifndef KUNDIG_DISCOVER_UNITS_H
#define KUNDIG_DISCOVER_UNITS_H

#include "discover/clustered.h"

/* Tokens [from, to). */
typedef struct kundig__stretch {
    size_t from;
    size_t to;
} kundig__stretch;

/* Sentences; one of fewer than four tokens but symbols joins what is before it, the first one what
 * is behind, and what comes after KUNDIG__MOST_UNITS joins the last. scratch holds the words of
 * text. Returns how many there are; together they are all tokens. */
size_t kundig__units_cut(const kundig__languages *languages, const kundig__scratch *scratch,
                         const char *text, kundig__stretch stretches[KUNDIG__MOST_UNITS]);

/* What kundig__cluster() does with texts that speak of one thing each. */
int kundig__cluster_units(kundig__mem *mem, const kundig__survey *survey, kundig__clustered **out,
                          kundig__placed *placed, uint32_t *moved, kundig_error *err);

#endif
