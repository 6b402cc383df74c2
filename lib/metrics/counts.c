/* Counts: records and distinct customers. An enumeration has no sampling error: lo = hi = value.
 * Cost: O(1) a cell. */
#include "metrics/metric.h"

static void count_exactly(double value, uint64_t n, kundig__estimate *out)
{
    out->status = KUNDIG__STATUS_OK;
    out->value = value;
    out->lo = value;
    out->hi = value;
    out->se = 0;
    out->n_eff = (double)n;
    out->method = "enumeration";
}

void kundig__finish_count(const kundig__cell *cell, const kundig__asked *asked,
                          kundig__estimate *out)
{
    uint64_t items = kundig__cell_items(cell, asked->unit);
    count_exactly((double)items, items, out);
}

void kundig__finish_customers(const kundig__cell *cell, const kundig__asked *asked,
                              kundig__estimate *out)
{
    if (cell->customers == 0) {
        out->status = KUNDIG__STATUS_NO_DATA;
        out->method = "no record names a customer";
        return;
    }
    count_exactly((double)cell->customers, kundig__cell_items(cell, asked->unit), out);
}
