/* The inside of kundig_represent(): what represent.c finds and represent_table.c tells. */
#ifndef KUNDIG_METRICS_REPRESENT_H
#define KUNDIG_METRICS_REPRESENT_H

#include "metrics/gather.h"

/* A field of customers: what is known of each of the base. */
typedef struct kundig__base_field {
    kundig_text name;
    kundig__dict values;
    uint32_t *codes;  /* a person: 0 for missing, else the value's code + 1 */
    int64_t *updated; /* when the fact was written that says so */
    uint32_t *ranks;  /* of a code, in byte order, 0 for missing; as many as values, with it */
    bool known;       /* some customer has it */
} kundig__base_field;

typedef struct kundig__represent_job {
    kundig__corpus *corpus;
    kundig__mem *mem;
    kundig_query *query; /* without group fields */
    kundig__asked asked;
    const kundig__question *question;
    bool has_metric;
    bool invited;        /* the base: those who were; else all customers known */
    kundig__dict people; /* of the base */
    uint32_t base;
    kundig__base_field fields[KUNDIG__MAX_GROUP_FIELDS];
    size_t field_count;
    uint8_t *answered; /* a person */
    uint32_t answered_count;
    int64_t *row_weights; /* 0: not of the base */
    uint64_t nameless;    /* records that meet the query and name no customer */
    uint64_t strangers;   /* customers with such a record who are not of the base */
    kundig__cell cell;    /* the metric over those of the base, a customer once */
    kundig__counted counted;
} kundig__represent_job;

/* How unlike cells of people answer. */
typedef struct kundig__indicator {
    size_t cells;
    double r;        /* 1 - 2 S */
    double adjusted; /* less what chance adds to S */
    double lo;
    double hi;
} kundig__indicator;

/* represent_indicator.c: cells of base and answered people, in an order of their own; z is the
 * quantile of the interval. false where there is nothing to compare: fewer than two cells. */
bool kundig__r_indicator(const uint32_t *base, const uint32_t *answered, size_t cells, double z,
                         kundig__indicator *out);

/* represent_table.c */
int kundig__represent_tables(kundig__represent_job *job, kundig_table *out[KUNDIG_REPRESENT_TABLES],
                             kundig_error *err);

#endif
