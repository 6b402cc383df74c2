/* The ratio of two rates, exactly: conditional on how many events there are, each falls on one side
 * or the other. Invariant: lo <= ratio <= hi. Cost: a hundred incomplete beta functions. */
#include "why/rates.h"

#include "base/math.h"

/* The share x at which I_x(a, b) is `target`; the function rises with x. */
static double rate_quantile(double a, double b, double target)
{
    double low = 0;
    double high = 1;
    for (int i = 0; i < 60; i++) {
        double middle = (low + high) / 2;
        if (kundig__beta_inc(a, b, middle) < target) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return (low + high) / 2;
}

void kundig__rate_ratio(uint64_t y, double e, uint64_t y0, double e0, double level,
                        kundig__rate *out)
{
    double a = (double)y;
    double b = (double)y0;
    double tail = (1 - level) / 2;
    double share = e / (e + e0);
    double scale = e0 / e;
    double up = y ? kundig__beta_inc(a, b + 1, share) : 1;
    double down = y0 ? 1 - kundig__beta_inc(a + 1, b, share) : 1;
    double p = 2 * (up < down ? up : down);
    double lo = y ? rate_quantile(a, b + 1, tail) : 0;
    double hi = y0 ? rate_quantile(a + 1, b, 1 - tail) : 1;
    out->ratio = a / b * scale;
    out->lo = lo / (1 - lo) * scale;
    out->hi = hi / (1 - hi) * scale;
    out->p = p < 0 ? 0 : p > 1 ? 1 : p;
}
