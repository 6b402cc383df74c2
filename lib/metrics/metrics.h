/* What feedback means in numbers: one registry, one file a family. */
#ifndef KUNDIG_METRICS_METRICS_H
#define KUNDIG_METRICS_METRICS_H

#include "corpus/query.h"
#include "table/table.h"

#define KUNDIG__STATE_VERSION "999" /* 999 while in development */

int kundig__metrics_table(kundig__mem *mem, kundig_table **out, kundig_error *err);
int kundig__measure(kundig__corpus *corpus, const kundig_query *query, kundig_table **out,
                    kundig_error *err);
int kundig__compare(kundig__corpus *corpus, const kundig_query *query, uint32_t a, uint32_t b,
                    kundig_table **out, kundig_error *err);
int kundig__state_new(kundig__corpus *corpus, const kundig_query *query, kundig_state **out,
                      kundig_error *err);

/* Benjamini and Hochberg (1995): q-values of count p-values (NaN: not tested, stays NaN). scratch
 * holds count entries. */
void kundig__benjamini_hochberg(const double *p, size_t count, double *q, uint32_t *scratch);

/* kundig_topics(). */
int kundig__topics(kundig__corpus *corpus, const kundig_query *query, size_t limit,
                   kundig_table **out, kundig_error *err);

int kundig__funnel(kundig__corpus *corpus, const kundig_query *query, kundig_table **out,
                   kundig_error *err);
int kundig__benchmark(kundig__corpus *corpus, const kundig_query *query, double value, double n,
                      double deviation, kundig_table **out, kundig_error *err);
/* options are read and checked. */
int kundig__weigh_answers(kundig__corpus *corpus, const kundig_query *query,
                          const kundig_margin *margins, size_t margin_count,
                          const kundig_weights_options *options,
                          kundig_table *out[KUNDIG_WEIGHTS_TABLES], kundig_error *err);
int kundig__represent(kundig__corpus *corpus, const kundig_query *query,
                      kundig_table *out[KUNDIG_REPRESENT_TABLES], kundig_error *err);

#endif
