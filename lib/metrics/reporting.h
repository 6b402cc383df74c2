/* Reporting mode: what may be asked, and what of the answers is told. */
#ifndef KUNDIG_METRICS_REPORTING_H
#define KUNDIG_METRICS_REPORTING_H

#include "metrics/suppress.h"

/* ---- Veils: what becomes of each row of an answer -------------------------------------------- */

typedef struct kundig__veil {
    const kundig__plan *plan;
    const kundig__cube_table *table;
    const kundig__question *question; /* NULL: the metric reads none */
} kundig__veil;

/* row: any of the records in a row of the answer. */
static inline int kundig__veil_says(const kundig__veil *veil, uint32_t row)
{
    return kundig__plan_says(veil->plan, veil->table, veil->question, row);
}
static inline bool kundig__veil_shows_customers(const kundig__veil *veil)
{
    return veil->plan->shows_customers;
}
void kundig__veil_notes(const kundig__veil *veil, bool hides, bool timeless, kundig_table *table);

/* kundig_measure(); veil NULL: everything is told. */
int kundig__measure_veiled(kundig__corpus *corpus, const kundig_query *query,
                           const kundig__veil *veil, kundig_table **out, kundig_error *err);

typedef struct kundig__topics_limits {
    uint64_t k;        /* fewest customers of a topic that is told */
    uint64_t comments; /* and of one that is quoted */
} kundig__topics_limits;

int kundig__topics_limited(kundig__corpus *corpus, const kundig_query *query, size_t limit,
                           const kundig__topics_limits *limits, kundig_table **out,
                           kundig_error *err);

/* ---- The mode -------------------------------------------------------------------------------- */

typedef struct kundig__reporting kundig__reporting;

/* Reads report_k, report_comments, report_every and report_fields. *out is NULL where report_k is
 * 0. */
int kundig__reporting_new(kundig__context *context, const kundig_options *options,
                          kundig__reporting **out, kundig_error *err);
void kundig__reporting_free(kundig__reporting *reporting);
/* Has a question been answered? Then what it was answered from may not be changed by the handle. */
bool kundig__reporting_has_answered(const kundig__reporting *reporting);
int kundig__reporting_measure(kundig__reporting *reporting, kundig__corpus *corpus,
                              const kundig_query *query, kundig_table **out, kundig_error *err);
int kundig__reporting_topics(kundig__reporting *reporting, kundig__corpus *corpus,
                             const kundig_query *query, size_t limit, kundig_table **out,
                             kundig_error *err);

#endif
