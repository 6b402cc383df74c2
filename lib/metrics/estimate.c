/* From cells to estimates: statuses first, then the metric's own arithmetic. The only way from
 * integers to numbers, for one group and for the difference of two. Cost: O(1). */
#include "base/math.h"
#include "metrics/metric.h"

const char *kundig__status_name(int status)
{
    static const char *const names[] = {"ok", "no_data", "too_few", "undefined", "suppressed"};
    return names[status];
}

static bool estimate_of_texts(const kundig__asked *asked)
{
    return asked->metric->reads == KUNDIG__READS_TOPICS ||
           kundig__metric_is_of_comments(asked->metric);
}

static const char *estimate_nothing(const kundig__asked *asked, bool in_a, bool in_b)
{
    if (estimate_of_texts(asked)) {
        return in_a ? "no text in b" : in_b ? "no text in a" : "no text";
    }
    return in_a ? "no answer in b" : in_b ? "no answer in a" : "no answer";
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
        out->method = estimate_of_texts(asked) ? "no text" : "no answer";
    }
}

/* Customers and answers without one, over both sets. */
static double estimate_clusters(const kundig__cell *a, const kundig__cell *b,
                                const kundig__cross *cross, int32_t unit)
{
    uint64_t customers = a->customers + b->customers - cross->customers;
    uint64_t nameless = unit == KUNDIG_OF_CUSTOMERS ? 0 : a->nameless + b->nameless;
    return (double)customers + (double)nameless;
}

/* sum over customers in both of (Xa - sa Wa)(Xb - sb Wb) / (Wa Wb) */
static bool estimate_covariance(const kundig__cross *cross, const kundig__moments *a,
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
        out->method = estimate_nothing(asked, na > 0, nb > 0);
        return;
    }
    if (na < asked->min_n || nb < asked->min_n) {
        out->status = KUNDIG__STATUS_TOO_FEW;
        out->method = "fewer than asked for";
        return;
    }
    if (!kundig__cell_moments(a, asked, &ma) || !kundig__cell_moments(b, asked, &mb) ||
        !estimate_covariance(cross, &ma, &mb, &pair.covariance)) {
        out->status = KUNDIG__STATUS_UNDEFINED;
        out->method = "sums beyond 128 bits";
        return;
    }
    pair.clustered = ma.clustered || mb.clustered || cross->customers;
    pair.clusters = estimate_clusters(a, b, cross, asked->unit);
    out->status = KUNDIG__STATUS_OK;
    out->a = ma.value;
    out->b = mb.value;
    out->weighted = ma.weighted || mb.weighted;
    out->clustered = pair.clustered;
    asked->metric->contrast(&pair, asked, out);
}

/* As many answers as make a figure exact: its variance, and what is added to it, vanish. */
#define ESTIMATE_EXACT 1e15

void kundig__cell_against(const kundig__outside *a, const kundig__cell *b,
                          const kundig__asked *asked, kundig__contrast *out)
{
    uint64_t nb = kundig__cell_items(b, asked->unit);
    kundig__moments mb;
    *out = (kundig__contrast){0};
    if (nb == 0 || nb < asked->min_n) {
        out->status = nb ? KUNDIG__STATUS_TOO_FEW : KUNDIG__STATUS_NO_DATA;
        out->method = nb ? "fewer than asked for" : estimate_nothing(asked, false, false);
        return;
    }
    if (!kundig__cell_moments(b, asked, &mb)) {
        out->status = KUNDIG__STATUS_UNDEFINED;
        out->method = "sums beyond 128 bits";
        return;
    }
    double n = a->n > 0 ? a->n : ESTIMATE_EXACT;
    double variance = a->n > 0 ? a->deviation * a->deviation : 0;
    kundig__moments ma = {.items = n,
                          .clusters = n,
                          .voices = n,
                          .value = a->value,
                          .variance = variance,
                          .spread = variance / n,
                          .kish = n,
                          .worth = n,
                          .per = 1,
                          .w = n};
    kundig__pair pair = {.a = &ma,
                         .b = &mb,
                         .clustered = mb.clustered,
                         .clusters = mb.clusters + a->n,
                         .quantile = kundig__normal_quantile(0.5 + asked->level / 2)};
    out->status = KUNDIG__STATUS_OK;
    out->a = ma.value;
    out->b = mb.value;
    out->weighted = mb.weighted;
    out->clustered = mb.clustered;
    asked->metric->contrast(&pair, asked, out);
}
