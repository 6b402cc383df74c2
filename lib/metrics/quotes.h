/* Typical comments of the parts of a set of rows, for the rooms that show them. */
#ifndef KUNDIG_METRICS_QUOTES_H
#define KUNDIG_METRICS_QUOTES_H

#include "corpus/said.h"
#include "metrics/metric.h"

#define KUNDIG__NO_ROW UINT32_MAX

/* Whose comments speak for a part. */
#define KUNDIG__QUOTES_ANY  0
#define KUNDIG__QUOTES_LOW  1 /* of records whose answer counts at most ask.low */
#define KUNDIG__QUOTES_HIGH 2 /* at least ask.high */

typedef struct kundig__quotes_ask {
    const kundig__grouping *grouping; /* which rows, in which groups */
    /* The part of a group, KUNDIG__NO_GROUP: of none; NULL: every group is the part of its number.
     * Parts take 128 bytes each, so name those that are shown. */
    const uint32_t *parts;
    /* A set of each row, below set_count; rows of others are passed over. The part of a group is
     * then at set * kundig__grouping_count() + group. NULL: all are of one set. */
    const uint8_t *sets;
    uint32_t set_count;
    uint32_t part_count;  /* without parts: kundig__grouping_count() */
    uint32_t most;        /* comments of a part */
    const uint8_t *leans; /* of a part: KUNDIG__QUOTES_; NULL: any */
    /* Where a part leans: how answers count (kundig__metric_x()), and the bounds. */
    const kundig__asked *asked;
    const kundig__question *question;
    int64_t low;
    int64_t high;
} kundig__quotes_ask;

/* Choose the comments: rows[part * most..] become rows of the corpus, best first, KUNDIG__NO_ROW
 * behind the last. A part whose groups have a topic gets what is typical of the topic; others what
 * speaks of the topics most of its comments speak of. Those of one part are of different customers
 * and different texts; a part without a comment of middling length has none. */
int kundig__quotes_of(kundig__corpus *corpus, const kundig__quotes_ask *ask, uint32_t *rows,
                      kundig_error *err);
/* Put a row's comment into a cell, personal data masked; null for KUNDIG__NO_ROW. */
int kundig__quotes_set(kundig_table *table, size_t column, kundig__corpus *corpus, uint32_t row,
                       kundig_error *err);

#endif
