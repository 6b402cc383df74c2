/* kundig_explain(): why a score moved. */
#include "why/why.h"

int kundig__explain(kundig__corpus *corpus, const kundig_query *query, uint32_t before,
                    uint32_t after, const kundig_explain_options *options,
                    kundig_table *out[KUNDIG_EXPLAIN_TABLES], kundig_error *err)
{
    (void)corpus;
    (void)query;
    (void)before;
    (void)after;
    (void)options;
    (void)out;
    return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "not there yet");
}
