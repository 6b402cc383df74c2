/* kundig_alarms(): what is out of the ordinary. */
#include "why/why.h"

int kundig__alarms(kundig__corpus *corpus, const kundig_query *query,
                   const kundig_chart_options *options, size_t limit, kundig_table **out,
                   kundig_error *err)
{
    (void)corpus;
    (void)query;
    (void)options;
    (void)limit;
    (void)out;
    return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "not there yet");
}
