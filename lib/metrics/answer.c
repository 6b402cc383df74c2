/* From cells to rows and notes of a table: one way for kundig_measure() and for states, so their
 * bytes are equal. Cost: O(1) a row. */
#include <inttypes.h>

#include "base/math.h"
#include "metrics/metric.h"

const char *kundig__status_name(int status)
{
    static const char *const names[] = {"ok", "no_data", "too_few", "undefined"};
    return names[status];
}

void kundig__cell_finish(const kundig__cell *cell, const kundig__asked *asked,
                         kundig__estimate *out)
{
    uint64_t items = kundig__cell_items(cell, asked->unit);
    *out = (kundig__estimate){0};
    if (items < asked->min_n) {
        out->status = items || asked->metric->reads == KUNDIG__READS_NOTHING
                          ? KUNDIG__STATUS_TOO_FEW
                          : KUNDIG__STATUS_NO_DATA;
        out->method = "fewer than asked for";
    } else if (items == 0 && asked->metric->reads != KUNDIG__READS_NOTHING) {
        out->status = KUNDIG__STATUS_NO_DATA;
    } else {
        asked->metric->finish(cell, asked, out);
    }
    if (out->status == KUNDIG__STATUS_NO_DATA && !out->method) {
        out->method = "no answer";
    }
}

/* Customers and answers without one, over both sets. */
static double answer_clusters(const kundig__cell *a, const kundig__cell *b,
                              const kundig__cross *cross, int32_t unit)
{
    uint64_t customers = a->customers + b->customers - cross->customers;
    uint64_t nameless = unit == KUNDIG_OF_CUSTOMERS ? 0 : a->nameless + b->nameless;
    return (double)customers + (double)nameless;
}

/* sum over customers in both of (Xa - sa Wa)(Xb - sb Wb) / (Wa Wb) */
static bool answer_covariance(const kundig__cross *cross, const kundig__moments *a,
                              const kundig__moments *b, double *out)
{
    kundig__i128 q = cross->xx;
    kundig__i128 wx = cross->wx;
    kundig__i128 xw = cross->xw;
    kundig__i128 both;
    /* shift by the whole parts: X - floor W */
    if (!kundig__i128_add_product(&q, -b->floor, cross->xw) ||
        !kundig__i128_add_product(&q, -a->floor, cross->wx) ||
        !kundig__i128_mul(a->floor, b->floor, &both) ||
        !kundig__i128_add_product(&q, both, cross->ww) ||
        !kundig__i128_add_product(&xw, -a->floor, cross->ww) ||
        !kundig__i128_add_product(&wx, -b->floor, cross->ww)) {
        return false;
    }
    double sum = kundig__i128_to_double(q) - b->rest * kundig__i128_to_double(xw) -
                 a->rest * kundig__i128_to_double(wx) +
                 a->rest * b->rest * kundig__i128_to_double(cross->ww);
    *out = sum / a->w / b->w / a->per / b->per;
    return true;
}

void kundig__cells_contrast(const kundig__cell *a, const kundig__cell *b,
                            const kundig__cross *cross, const kundig__asked *asked,
                            kundig__contrast *out)
{
    uint64_t na = kundig__cell_items(a, asked->unit);
    uint64_t nb = kundig__cell_items(b, asked->unit);
    kundig__moments ma;
    kundig__moments mb;
    kundig__pair pair = {&ma, &mb, false, 0, 0, kundig__normal_quantile(0.5 + asked->level / 2)};
    *out = (kundig__contrast){0};
    if (na == 0 || nb == 0) {
        out->status = KUNDIG__STATUS_NO_DATA;
        out->method = na ? "no answer in b" : nb ? "no answer in a" : "no answer";
        return;
    }
    if (na < asked->min_n || nb < asked->min_n) {
        out->status = KUNDIG__STATUS_TOO_FEW;
        out->method = "fewer than asked for";
        return;
    }
    if (!kundig__cell_moments(a, asked, &ma) || !kundig__cell_moments(b, asked, &mb) ||
        !answer_covariance(cross, &ma, &mb, &pair.covariance)) {
        out->status = KUNDIG__STATUS_UNDEFINED;
        out->method = "sums beyond 128 bits";
        return;
    }
    pair.clustered = ma.clustered || mb.clustered || cross->customers;
    pair.clusters = answer_clusters(a, b, cross, asked->unit);
    out->status = KUNDIG__STATUS_OK;
    out->a = ma.value;
    out->b = mb.value;
    out->weighted = ma.weighted || mb.weighted;
    out->clustered = pair.clustered;
    asked->metric->contrast(&pair, asked, out);
}

void kundig__method_text(const char *method, bool weighted, bool clustered, int32_t unit,
                         char out[96])
{
    const char *const parts[] = {method, weighted ? ", weighted" : "",
                                 clustered ? ", clustered by customer" : "",
                                 unit == KUNDIG_OF_CUSTOMERS ? ", of customers" : ""};
    size_t len = 0;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        size_t add = strlen(parts[i]);
        memcpy(out + len, parts[i], add);
        len += add;
    }
    out[len] = 0;
}

void kundig__answer_open(kundig_table *table, const kundig__asked *asked,
                         kundig__answer_columns *columns)
{
    int unit = asked->metric->unit;
    columns->metric = kundig__table_column(table, "metric", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    columns->value = kundig__table_column(table, "value", KUNDIG_COLUMN_NUMBER, unit);
    columns->lo = kundig__table_column(table, "lo", KUNDIG_COLUMN_NUMBER, unit);
    columns->hi = kundig__table_column(table, "hi", KUNDIG_COLUMN_NUMBER, unit);
    columns->se = kundig__table_column(table, "se", KUNDIG_COLUMN_NUMBER, unit);
    columns->n = kundig__table_column(table, "n", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    columns->customers =
        kundig__table_column(table, "customers", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    columns->n_eff = kundig__table_column(table, "n_eff", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_COUNT);
    columns->status = kundig__table_column(table, "status", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    columns->method = kundig__table_column(table, "method", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
}

/* Records counted: with unit customers those that name one. */
static int64_t answer_n(const kundig__cell *cell, const kundig__asked *asked)
{
    uint64_t n = cell->n - (asked->unit == KUNDIG_OF_CUSTOMERS ? cell->nameless : 0);
    return (int64_t)n;
}

void kundig__answer_row(kundig_table *table, const kundig__answer_columns *columns,
                        const kundig__asked *asked, const kundig__cell *cell)
{
    kundig__estimate estimate;
    char method[96];
    kundig__cell_finish(cell, asked, &estimate);
    kundig__method_text(estimate.method, estimate.weighted, estimate.clustered, asked->unit,
                        method);
    kundig__table_set_text(table, columns->metric,
                           (kundig_text){asked->metric->name, strlen(asked->metric->name)});
    if (estimate.status == KUNDIG__STATUS_OK) {
        kundig__table_set_number(table, columns->value, estimate.value);
        kundig__table_set_number(table, columns->lo, estimate.lo);
        kundig__table_set_number(table, columns->hi, estimate.hi);
        kundig__table_set_number(table, columns->se, estimate.se);
        kundig__table_set_number(table, columns->n_eff, estimate.n_eff);
    }
    kundig__table_set_int(table, columns->n, answer_n(cell, asked));
    if (cell->customers) {
        kundig__table_set_int(table, columns->customers, (int64_t)cell->customers);
    }
    const char *status = kundig__status_name(estimate.status);
    kundig__table_set_text(table, columns->status, (kundig_text){status, strlen(status)});
    kundig__table_set_text(table, columns->method, (kundig_text){method, strlen(method)});
}

void kundig__answer_notes(kundig_table *table, const kundig__asked *asked,
                          const kundig__cell *total, const kundig__omitted *omitted)
{
    kundig__left_out_notes(&omitted->left_out, table);
    if (omitted->other_kind) {
        bool employees = asked->metric->kinds == KUNDIG__KINDS_EMPLOYEES;
        kundig__table_note(table, "%" PRIu64 " records %s are left out: %s does not read them",
                           omitted->other_kind,
                           employees ? "of other kinds than employee" : "of employees",
                           asked->metric->name);
    }
    if (total->n < total->selected) {
        kundig__table_note(table, "%" PRIu64 " of %" PRIu64 " records have no answer to %.*s",
                           total->selected - total->n, total->selected,
                           kundig__shown(asked->question), asked->question.data);
    }
    if (asked->unit == KUNDIG_OF_CUSTOMERS && total->nameless) {
        kundig__table_note(table, "%" PRIu64 " of %" PRIu64
                                  " records name no customer and are left out",
                           total->nameless, total->n);
    }
}
