/* Cells: the integers of one group, and the moments they give.
 *
 * Invariant: everything before kundig__cell_moments() is exact, so the order of arrival, the number
 * of threads and the tree of a merge cannot show. Weights stand in 2^-20 and points in thousandths;
 * sums have 128 bits and every step is checked: with answers on a scale of 10 points and weights
 * near 1 a group may hold 2^29 records of one customer before a sum overflows.
 * Before anything becomes floating point the sums are shifted by the whole part of the mean, which
 * is exact: no cancellation is left, and equal answers have a variance of exactly zero.
 * Cost: O(1) a call. */
#include "metrics/metric.h"

#include "base/math.h"

#define CELL_SHIFT_STEPS 40
#define CELL_SHIFT_VALUE 20

bool kundig__i128_add(kundig__i128 *sum, kundig__i128 value)
{
    return !__builtin_add_overflow(*sum, value, sum);
}

static int cell_bits(kundig__i128 value)
{
    kundig__u128 size = value < 0 ? (kundig__u128)0 - (kundig__u128)value : (kundig__u128)value;
    uint64_t high = (uint64_t)(size >> 64);
    uint64_t low = (uint64_t)size;
    return high ? 128 - __builtin_clzll(high) : low ? 64 - __builtin_clzll(low) : 0;
}

/* Written out: compilers call a function of their own library for the checked product of 128 bits,
 * and it is not everywhere. Refuses some products that just fit. */
bool kundig__i128_mul(kundig__i128 a, kundig__i128 b, kundig__i128 *product)
{
    bool short_a = a >= INT64_MIN && a <= INT64_MAX;
    if (!(short_a && b >= INT64_MIN && b <= INT64_MAX) && cell_bits(a) + cell_bits(b) > 127) {
        return false;
    }
    *product = a * b;
    return true;
}

bool kundig__i128_add_product(kundig__i128 *sum, kundig__i128 a, kundig__i128 b)
{
    kundig__i128 product;
    return kundig__i128_mul(a, b, &product) && kundig__i128_add(sum, product);
}

bool kundig__cell_answer(kundig__cell *cell, int64_t x, int64_t w)
{
    kundig__i128 wx = (kundig__i128)w * x;
    cell->n++;
    return kundig__i128_add(&cell->w, w) && kundig__i128_add(&cell->wx, wx) &&
           kundig__i128_add_product(&cell->wxx, wx, x) &&
           kundig__i128_add_product(&cell->ww, w, w) &&
           kundig__i128_add_product(&cell->wwx, wx, w) &&
           kundig__i128_add_product(&cell->wwxx, wx, wx);
}

bool kundig__cell_nameless(kundig__cell *cell, int64_t x, int64_t w)
{
    kundig__i128 wx = (kundig__i128)w * x;
    cell->nameless++;
    return kundig__i128_add_product(&cell->cww, w, w) &&
           kundig__i128_add_product(&cell->cwx, wx, w) &&
           kundig__i128_add_product(&cell->cxx, wx, wx);
}

bool kundig__cell_mean(kundig__i128 w, kundig__i128 x, int shift, kundig__i128 *mean)
{
    bool negative = x < 0;
    kundig__u128 size = negative ? (kundig__u128)0 - (kundig__u128)x : (kundig__u128)x;
    kundig__u128 whole = size / (kundig__u128)w;
    kundig__u128 rest = size % (kundig__u128)w;
    if (whole >> (126 - shift) || rest >> (126 - shift)) {
        return false;
    }
    kundig__u128 part = ((rest << (shift + 1)) + (kundig__u128)w) / ((kundig__u128)w * 2);
    kundig__i128 result = (kundig__i128)((whole << shift) + part);
    *mean = negative ? -result : result;
    return true;
}

bool kundig__cell_customer(kundig__cell *cell, const kundig__asked *asked, kundig__i128 w,
                           kundig__i128 x)
{
    cell->customers++;
    if (asked->unit == KUNDIG_OF_CUSTOMERS) {
        kundig__i128 mean;
        return kundig__cell_mean(w, x, kundig__asked_shift(asked), &mean) &&
               kundig__i128_add(&cell->m, mean) && kundig__i128_add_product(&cell->mm, mean, mean);
    }
    return kundig__i128_add_product(&cell->cww, w, w) &&
           kundig__i128_add_product(&cell->cwx, w, x) && kundig__i128_add_product(&cell->cxx, x, x);
}

static bool cell_count(uint64_t *to, uint64_t from, int sign)
{
    return sign > 0 ? !__builtin_add_overflow(*to, from, to)
                    : !__builtin_sub_overflow(*to, from, to);
}

static bool cell_sum(kundig__i128 *to, kundig__i128 from, int sign)
{
    return sign > 0 ? !__builtin_add_overflow(*to, from, to)
                    : !__builtin_sub_overflow(*to, from, to);
}

bool kundig__cell_add(kundig__cell *to, const kundig__cell *from, int sign)
{
    return cell_count(&to->selected, from->selected, sign) && cell_count(&to->n, from->n, sign) &&
           cell_count(&to->customers, from->customers, sign) &&
           cell_count(&to->nameless, from->nameless, sign) && cell_sum(&to->w, from->w, sign) &&
           cell_sum(&to->wx, from->wx, sign) && cell_sum(&to->wxx, from->wxx, sign) &&
           cell_sum(&to->ww, from->ww, sign) && cell_sum(&to->wwx, from->wwx, sign) &&
           cell_sum(&to->wwxx, from->wwxx, sign) && cell_sum(&to->cww, from->cww, sign) &&
           cell_sum(&to->cwx, from->cwx, sign) && cell_sum(&to->cxx, from->cxx, sign) &&
           cell_sum(&to->m, from->m, sign) && cell_sum(&to->mm, from->mm, sign);
}

int kundig__asked_shift(const kundig__asked *asked)
{
    return kundig__metric_is_of_values(asked->metric) ? CELL_SHIFT_VALUE : CELL_SHIFT_STEPS;
}

void kundig__asked_scale(const kundig__asked *asked, double *lowest, double *highest)
{
    bool values = kundig__metric_is_of_values(asked->metric);
    bool share = asked->metric->unit == KUNDIG_UNIT_SHARE;
    *lowest = values ? asked->minimum / 1000.0 : share ? 0 : -1;
    *highest = values ? asked->maximum / 1000.0 : 1;
}

uint64_t kundig__cell_items(const kundig__cell *cell, int32_t unit)
{
    return unit == KUNDIG_OF_CUSTOMERS ? cell->customers : cell->n;
}

/* sum of w (x - k)^2 from the sums of w, w x, w x x */
static bool cell_centre(kundig__i128 w, kundig__i128 wx, kundig__i128 wxx, kundig__i128 k,
                        kundig__i128 *wx_out, kundig__i128 *wxx_out)
{
    kundig__i128 kw;
    if (!kundig__i128_mul(k, w, &kw) || __builtin_sub_overflow(wx, kw, wx_out)) {
        return false;
    }
    /* wxx - 2 k wx + k k w = wxx - k (wx + (wx - k w)) */
    kundig__i128 both;
    kundig__i128 product;
    return !__builtin_add_overflow(wx, *wx_out, &both) && kundig__i128_mul(k, both, &product) &&
           !__builtin_sub_overflow(wxx, product, wxx_out);
}

static kundig__i128 cell_floor_div(kundig__i128 a, kundig__i128 b)
{
    kundig__i128 q = a / b;
    return a % b < 0 ? q - 1 : q;
}

/* q2 - 2 e q1 + e e q0, not below zero */
static double cell_square(kundig__i128 q0, kundig__i128 q1, kundig__i128 q2, double e)
{
    double square = kundig__i128_to_double(q2) - 2 * e * kundig__i128_to_double(q1) +
                    e * e * kundig__i128_to_double(q0);
    return square > 0 ? square : 0;
}

/* How many records of a simple sample the weighted ones are worth for an interval.
 *
 * V / spread says so for many records; for few, or very unlike weights, it swings, and where one
 * heavy record decides the value it promises far too much. So the answers that the interval adds
 * (to a score 3/4, 3/2, 3/4; to a share 1, 1) are added first, each with the weight
 * sum w^2 / sum w, and taken off the result: that is the number itself where all weigh the same,
 * (sum w)^2 / sum w^2 where all say the same, V / spread in the limit. */
static bool cell_worth(const kundig__cell *cell, const kundig__asked *asked, kundig__moments *m)
{
    bool share = asked->metric->unit == KUNDIG_UNIT_SHARE;
    double added = share ? 2 : 3;
    double added_x = share ? 1 : 0;
    double added_xx = share ? 1 : 1.5;
    kundig__i128 q1;
    kundig__i128 q2;
    if (!cell_centre(cell->ww, cell->wwx, cell->wwxx, m->floor, &q1, &q2)) {
        return false;
    }
    double ww = kundig__i128_to_double(cell->ww);
    double lean = (kundig__i128_to_double(q1) - m->rest * ww) / m->w / m->w;
    double spread = cell_square(cell->ww, q1, q2, m->rest) / m->w / m->w;
    double all = m->kish + added;
    double value = (m->kish * m->value + added_x) / all;
    double moved = m->value - value;
    double rest = added_xx - 2 * value * added_x + added * value * value;
    double second = (m->kish * (m->variance + moved * moved) + rest) / all;
    double part = m->kish / all;
    double variance =
        (spread + 2 * moved * lean + moved * moved / m->kish) * part * part + rest / all / all;
    double worth = second / variance - added;
    worth = worth < m->items ? worth : m->items;
    m->worth = worth > 1 ? worth : 1;
    return true;
}

bool kundig__cell_moments(const kundig__cell *cell, const kundig__asked *asked,
                          kundig__moments *out)
{
    bool of_customers = asked->unit == KUNDIG_OF_CUSTOMERS;
    double per = kundig__metric_is_of_values(asked->metric) ? 1000 : 1;
    kundig__i128 w = cell->w;
    kundig__i128 wx = cell->wx;
    kundig__i128 wxx = cell->wxx;
    *out = (kundig__moments){0};
    out->records = cell->n;
    if (of_customers) {
        per *= (double)(UINT64_C(1) << kundig__asked_shift(asked));
        w = (kundig__i128)cell->customers;
        wx = cell->m;
        wxx = cell->mm;
        out->records = cell->n - cell->nameless;
    } else {
        kundig__i128 n = (kundig__i128)cell->n;
        out->weighted =
            w != n * KUNDIG__WEIGHT_ONE || cell->ww != n * KUNDIG__WEIGHT_ONE * KUNDIG__WEIGHT_ONE;
        out->clustered = cell->n - cell->nameless > cell->customers;
    }
    if (w <= 0) {
        return false;
    }
    kundig__i128 k = cell_floor_div(wx, w);
    kundig__i128 wx1;
    kundig__i128 wxx1;
    if (!cell_centre(w, wx, wxx, k, &wx1, &wxx1)) {
        return false;
    }
    double w_d = kundig__i128_to_double(w);
    double e = kundig__i128_to_double(wx1) / w_d;
    double variance = kundig__i128_to_double(wxx1) / w_d - e * e;
    out->items = (double)kundig__cell_items(cell, asked->unit);
    out->clusters = of_customers ? out->items : (double)(cell->customers + cell->nameless);
    out->voices = out->clusters;
    out->value = kundig__i128_to_double(wx) / (w_d * per);
    out->variance = variance > 0 ? variance / per / per : 0;
    out->kish = out->items;
    out->worth = out->items;
    out->floor = k;
    out->rest = e;
    out->per = per;
    out->w = w_d;
    if (!out->weighted && !out->clustered) {
        out->spread = out->variance / out->items;
        return true;
    }
    if (cell->ww <= 0) {
        return false;
    }
    double kish = w_d / kundig__i128_to_double(cell->ww) * w_d;
    out->kish = kish < out->items ? kish : out->items; /* rounding, or sums that were forged */
    out->worth = out->kish;
    if (kundig__metric_is_of_steps(asked->metric) && out->weighted &&
        !cell_worth(cell, asked, out)) {
        return false;
    }
    if (out->clustered && cell->cww > 0) {
        double voices = w_d / kundig__i128_to_double(cell->cww) * w_d;
        out->voices = voices < out->clusters ? voices : out->clusters;
    }
    kundig__i128 q0 = out->clustered ? cell->cww : cell->ww;
    kundig__i128 q1 = out->clustered ? cell->cwx : cell->wwx;
    kundig__i128 q2 = out->clustered ? cell->cxx : cell->wwxx;
    kundig__i128 q11;
    kundig__i128 q21;
    if (!cell_centre(q0, q1, q2, k, &q11, &q21)) {
        return false;
    }
    out->spread = cell_square(q0, q11, q21, e) / w_d / w_d / per / per;
    return true;
}

bool kundig__design_variance(const kundig__moments *moments, bool clustered, double clusters,
                             double *out)
{
    if (clustered && (clusters < 2 || moments->clusters < 2)) {
        return false;
    }
    *out = clustered ? clusters / (clusters - 1) * moments->spread : moments->spread;
    return true;
}

double kundig__design_n(const kundig__moments *moments, bool clustered, double clusters)
{
    double variance;
    double n = moments->worth;
    if (!clustered) {
        return n;
    }
    double of_clusters = moments->clusters;
    if (moments->variance > 0 && kundig__design_variance(moments, clustered, clusters, &variance)) {
        of_clusters = variance > 0 ? moments->variance / variance : moments->items;
    }
    return of_clusters < n ? of_clusters : n;
}
