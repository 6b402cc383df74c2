/* A comment as it is shown, the topics of its record, and the places that say so. */
#ifndef KUNDIG_CORPUS_SHOWING_H
#define KUNDIG_CORPUS_SHOWING_H

#include "corpus/facts.h"
#include "corpus/query.h"
#include "text/find.h"
#include "text/personal.h"

#define KUNDIG__NO_TOPIC UINT32_MAX

/* Made for one query; shows one row after the other. */
typedef struct kundig__showing {
    kundig__corpus *corpus;
    kundig__mem *mem;
    const kundig__said *said; /* NULL: the query's filter names neither topic nor theme */
    uint8_t *named;           /* a topic: is its evidence asked for? */
    size_t named_count;
    const kundig__find *find; /* words that were searched; the caller sets it, or NULL */
    kundig__finder finder;
    kundig__reading reading;
    kundig__personal personal;
    uint32_t *masks; /* where the mask of a span begins in the text as shown */
    size_t mask_capacity;
    kundig__hit *hits; /* places in the text as shown */
    size_t hit_capacity;
    uint32_t *order;
    size_t order_capacity;
    kundig__buf masked;
    kundig__buf topic_names;
    kundig__buf places;
    /* Of the row that was shown last; absent where there is nothing: */
    kundig_text text;
    kundig_text topics;   /* "delay, staff" */
    kundig_text evidence; /* "12-19 delay; 30-41": bytes of text; words have no topic */
} kundig__showing;

/* On failure there is nothing to free. */
int kundig__showing_init(kundig__showing *showing, kundig__corpus *corpus,
                         const kundig_query *query, kundig_error *err);
void kundig__showing_free(kundig__showing *showing);
/* Read the comment of a row again, and mask it where the context says so. */
int kundig__showing_show(kundig__showing *showing, uint32_t row, kundig_error *err);
/* Bytes of the comment that was shown last, as it came, in the comment as shown. */
kundig__range kundig__showing_place(const kundig__showing *showing, kundig__range range);

#endif
