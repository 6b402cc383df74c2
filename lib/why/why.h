/* Why a score is what it is: what its parts do to it, what moved it, what is out of the ordinary or
 * new, the words behind it, and who speaks.
 *
 *   rows > parts.c: sums a part, exact > impact.c, explain.c, loud.c
 *   rows > counts a series and period > chart.c > alarms; times > bursts.c > emerging.c
 *   texts > words.c, buts.c, mismatch.c
 *
 * Everything is an association. Queries are not NULL here; options are read and checked. */
#ifndef KUNDIG_WHY_WHY_H
#define KUNDIG_WHY_WHY_H

#include "metrics/metrics.h"

int kundig__impact(kundig__corpus *corpus, const kundig_query *query, size_t limit,
                   kundig_table **out, kundig_error *err);
int kundig__explain(kundig__corpus *corpus, const kundig_query *query, uint32_t before,
                    uint32_t after, const kundig_explain_options *options,
                    kundig_table *out[KUNDIG_EXPLAIN_TABLES], kundig_error *err);
/* The caller's, checked, with defaults in the place of 0. */
int kundig__chart_options(const kundig_chart_options *options, kundig_chart_options *known,
                          kundig_error *err);
int kundig__chart(kundig__corpus *corpus, const kundig_query *query,
                  const kundig_chart_options *options, kundig_table **out, kundig_error *err);
int kundig__alarms(kundig__corpus *corpus, const kundig_query *query,
                   const kundig_chart_options *options, size_t limit, kundig_table **out,
                   kundig_error *err);
int kundig__emerging(kundig__corpus *corpus, const kundig_query *query,
                     const kundig_emerging_options *options, kundig_table **out, kundig_error *err);
int kundig__words(kundig__corpus *corpus, const kundig_query *query, uint32_t a, uint32_t b,
                  const kundig_words_options *options, kundig_table **out, kundig_error *err);
int kundig__buts(kundig__corpus *corpus, const kundig_query *query, size_t limit,
                 kundig_table **out, kundig_error *err);
int kundig__mismatch(kundig__corpus *corpus, const kundig_query *query, size_t limit,
                     kundig_table **out, kundig_error *err);
int kundig__loud(kundig__corpus *corpus, const kundig_query *query, size_t limit,
                 kundig_table **out, kundig_error *err);

/* Log-odds ratio of a word (Monroe, Colaresi and Quinn 2008): y of n in each group, prior counts
 * included. Returns z = delta / sqrt(variance). */
double kundig__log_odds(double y1, double n1, double y2, double n2, double *delta,
                        double *variance);

#endif
