/* kundig_chart(): control charts. */
#include "base/options.h"
#include "why/why.h"

int kundig__chart_options(const kundig_chart_options *options, kundig_chart_options *known,
                          kundig_error *err)
{
    return kundig__options_read(known, sizeof *known, options, "kundig_chart_options", err);
}

int kundig__chart(kundig__corpus *corpus, const kundig_query *query,
                  const kundig_chart_options *options, kundig_table **out, kundig_error *err)
{
    (void)corpus;
    (void)query;
    (void)options;
    (void)out;
    return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "not there yet");
}
