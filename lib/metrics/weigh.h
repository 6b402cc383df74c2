/* The inside of kundig_weights(): what weigh.c finds and weigh_table.c tells. */
#ifndef KUNDIG_METRICS_WEIGH_H
#define KUNDIG_METRICS_WEIGH_H

#include "metrics/gather.h"
#include "metrics/raking.h"

typedef struct kundig__weigh_field {
    kundig_text name;
    size_t first; /* of its margins, in job->order */
    uint32_t count;
} kundig__weigh_field;

typedef struct kundig__weigh_cell {
    uint32_t n;
    uint32_t first; /* in job->rows */
    size_t unit;
    size_t unit_count; /* 0: left out */
} kundig__weigh_cell;

typedef struct kundig__weigh_job {
    kundig__corpus *corpus;
    kundig__mem *mem;
    const kundig_margin *margins;
    size_t margin_count;
    double most;
    kundig__weigh_field fields[KUNDIG__MAX_GROUP_FIELDS];
    size_t field_count;
    uint32_t *field_of; /* a margin */
    uint32_t *order;    /* margins by field and value */
    kundig_query *query;
    kundig__asked asked;
    const kundig__question *question;
    kundig__side side;
    kundig__weigh_cell *cells;
    uint32_t *rows; /* cell by cell */
    uint32_t answered;
    uint64_t left_out;
    uint64_t unnamed[KUNDIG__MAX_GROUP_FIELDS]; /* records, by the first field without a margin */
    uint64_t for_nobody;                        /* records whose margin is 0 */
    size_t unit_count;
    uint32_t *parts;
    double *counts;
    double *weights;
    double *sizes;
    uint32_t values[KUNDIG__MAX_GROUP_FIELDS];
    kundig__raking raking;
    int64_t *row_weights;
} kundig__weigh_job;

/* weigh.c */
bool kundig__weigh_is_done(const kundig__weigh_job *job);
/* The place of a value among the margins of its field; count where none names it. */
uint32_t kundig__weigh_margin_of(const kundig__weigh_job *job, size_t field, kundig_text value);
/* "channel = email", or that there is no value. */
void kundig__weigh_named(kundig_text field, kundig_text value, char out[120]);
/* A gather that can read the answers; to be freed after a failure too. */
int kundig__weigh_gather(const kundig__weigh_job *job, kundig__gather *gather, kundig_error *err);

/* weigh_table.c */
int kundig__weigh_tables(kundig__weigh_job *job, kundig_table *out[KUNDIG_WEIGHTS_TABLES],
                         kundig_error *err);

#endif
