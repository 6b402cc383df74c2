/* kundig_impact(): what each part does to a score. */
#include "why/why.h"

int kundig__impact(kundig__corpus *corpus, const kundig_query *query, size_t limit,
                   kundig_table **out, kundig_error *err)
{
    (void)corpus;
    (void)query;
    (void)limit;
    (void)out;
    return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "not there yet");
}
