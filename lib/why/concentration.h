/* Who speaks of what, and how unevenly: records over customers. For the files of this room. */
#ifndef KUNDIG_WHY_CONCENTRATION_H
#define KUNDIG_WHY_CONCENTRATION_H

#include "metrics/gather.h"

/* Of one group, or of all records that are in any. */
typedef struct kundig__voices {
    uint64_t records;
    uint64_t customers;    /* who name themselves */
    uint64_t of_customers; /* records of those */
    uint64_t busiest;      /* how many the busiest 1 % of customers are, rounded up */
    uint64_t of_busiest;   /* records of those */
    kundig__i128 uneven;   /* sum of (2 i - C - 1) x_i, x_i the records of the i-th quietest */
    uint64_t valued;       /* customers whose revenue is known */
    kundig__i128 revenue;  /* of those, in thousandths */
} kundig__voices;

/* NaN where no customer is named. */
double kundig__voices_top_share(const kundig__voices *voices);
double kundig__voices_gini(const kundig__voices *voices);
double kundig__voices_revenue(const kundig__voices *voices); /* NaN where none is known */
/* From the records of each customer, which are put in order here. */
void kundig__voices_count(kundig__voices *voices, uint32_t *records, size_t customers);

typedef struct kundig__concentration {
    kundig__mem *mem;
    kundig__side side;      /* the groups that hold a record, in order of their keys */
    kundig__voices *groups; /* a place of side.groups */
    kundig__voices all;
    bool has_failures; /* topics were asked for, and comments tell how they feel of them */
    uint64_t journeys; /* customers, and records without one, with a comment */
    uint64_t failures; /* of those, who blame any topic */
} kundig__concentration;

/* The gather is ready and has gathered nothing; records of kinds that its metric does not read are
 * left out. Free it after a failure too. */
int kundig__concentration_new(kundig__gather *gather, const kundig_query *query, bool of_topics,
                              kundig__concentration *out, kundig_error *err);
void kundig__concentration_free(kundig__concentration *concentration);

#endif
