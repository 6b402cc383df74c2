/* kundig_emerging(): what is coming up. */
#include "why/why.h"

int kundig__emerging(kundig__corpus *corpus, const kundig_query *query,
                     const kundig_emerging_options *options, kundig_table **out, kundig_error *err)
{
    (void)corpus;
    (void)query;
    (void)options;
    (void)out;
    return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "not there yet");
}
