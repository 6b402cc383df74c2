/* kundig_weights(): answers weighed to stand for a population. */
#include "metrics/metrics.h"

int kundig__weigh_answers(kundig__corpus *corpus, const kundig_query *query,
                          const kundig_margin *margins, size_t margin_count,
                          const kundig_weights_options *options,
                          kundig_table *out[KUNDIG_WEIGHTS_TABLES], kundig_error *err)
{
    (void)corpus;
    (void)query;
    (void)margins;
    (void)margin_count;
    (void)options;
    (void)out;
    return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "not there yet");
}
