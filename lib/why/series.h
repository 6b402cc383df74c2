/* How many customers speak of something, period by period: for the files of this room. */
#ifndef KUNDIG_WHY_SERIES_H
#define KUNDIG_WHY_SERIES_H

#include "corpus/query.h"

/* A series is a group of the query; its base is what it is a share of: the groups of the other
 * fields, where one says what is spoken of (a topic, a theme), else of all fields but the last. A
 * customer counts once in a period, and so does a record that names none. */
typedef struct kundig__series {
    kundig__mem *mem;
    kundig_query *query; /* that the grouping is of: it borrows names */
    kundig__grouping *grouping;
    uint32_t count;
    uint32_t *groups; /* of the grouping, a series; in order of keys */
    uint32_t *bases;  /* a series: its base */
    uint32_t base_count;
    uint32_t periods; /* from the first to the last with a record, gaps among them */
    int64_t *starts;  /* a period: days since 1970 of its first day */
    int32_t every;
    uint32_t *y; /* a series and period */
    uint32_t *n; /* a base and period */
    kundig__left_out left_out;
} kundig__series;

/* every: KUNDIG_EVERY_, not none. Series without a value in what is spoken of are left out. */
int kundig__series_new(kundig__corpus *corpus, const kundig_query *query, int32_t every,
                       kundig__series *out, kundig_error *err);
void kundig__series_free(kundig__series *series);

#endif
