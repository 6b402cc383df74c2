/* kundig_funnel(): groups beside what chance does to them. */
#include "metrics/metrics.h"

int kundig__funnel(kundig__corpus *corpus, const kundig_query *query, kundig_table **out,
                   kundig_error *err)
{
    (void)corpus;
    (void)query;
    (void)out;
    return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "not there yet");
}
