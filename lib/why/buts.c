/* kundig_buts(): what the satisfied still miss. */
#include "why/why.h"

int kundig__buts(kundig__corpus *corpus, const kundig_query *query, size_t limit,
                 kundig_table **out, kundig_error *err)
{
    (void)corpus;
    (void)query;
    (void)limit;
    (void)out;
    return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "not there yet");
}
