/* kundig_represent(): do those who answered stand for those who could? */
#include "metrics/metrics.h"

int kundig__represent(kundig__corpus *corpus, const kundig_query *query,
                      kundig_table *out[KUNDIG_REPRESENT_TABLES], kundig_error *err)
{
    (void)corpus;
    (void)query;
    (void)out;
    return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "not there yet");
}
