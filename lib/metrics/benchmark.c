/* kundig_benchmark(): groups and a figure from outside. */
#include "metrics/metrics.h"

int kundig__benchmark(kundig__corpus *corpus, const kundig_query *query, double value, double n,
                      double deviation, kundig_table **out, kundig_error *err)
{
    (void)corpus;
    (void)query;
    (void)value;
    (void)n;
    (void)deviation;
    (void)out;
    return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "not there yet");
}
