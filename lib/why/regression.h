/* What a record that praises or blames something scores more or less than one that does not, all
 * other mentions held: least squares on indicators. For the files of this room. */
#ifndef KUNDIG_WHY_REGRESSION_H
#define KUNDIG_WHY_REGRESSION_H

#include "why/parts.h"

#define KUNDIG__MENTIONS_LEAST 5   /* persons who say so, else it is not asked what it does */
#define KUNDIG__MENTIONS_MOST  512 /* kinds of mention in one regression: those of most persons */
#define KUNDIG__MENTIONS_ROW   32  /* of one record: its first */

enum {
    KUNDIG__MENTION_TOLD,
    KUNDIG__MENTION_RARE,     /* of fewer than KUNDIG__MENTIONS_LEAST persons */
    KUNDIG__MENTION_BEYOND,   /* there are KUNDIG__MENTIONS_MOST of more persons */
    KUNDIG__MENTION_COLLINEAR /* others say the same */
};

typedef struct kundig__mention {
    int status;
    uint64_t n; /* records */
    uint64_t persons;
    double value; /* natural units; NaN unless told */
    double lo;    /* NaN where no spread is seen */
    double hi;
    double often; /* share of the records, by weight */
} kundig__mention;

typedef struct kundig__mentions {
    kundig__mem *mem;
    kundig__mention *sides; /* 2 * number: praise; + 1: blame */
    uint32_t count;         /* numbers */
} kundig__mentions;

/* parts are kept, and of topics or themes (their numbers) of one set. level is of the intervals.
 * Free it after a failure too. */
int kundig__mentions_new(kundig__corpus *corpus, const kundig__score_parts *parts, bool themes,
                         double level, kundig__mentions *out, kundig_error *err);
void kundig__mentions_free(kundig__mentions *mentions);

#endif
