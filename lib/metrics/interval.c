/* Intervals as pure functions of numbers.
 *
 * Each takes n as a real number: for weighted or clustered answers it is the size of the simple
 * sample that would be as certain. Values are in natural units. Cost: O(1); Tango's interval is
 * found by 2 x 64 halvings, binomial limits by 2 log n; limits of a Net Promoter Score cost n^2,
 * and n is small. */
#include "base/math.h"
#include "metrics/metric.h"

static double interval_clip(double x, double lowest, double highest)
{
    if (x < lowest) {
        return lowest;
    }
    return x > highest ? highest : x;
}

kundig__adjusted kundig__net_adjust(double s, double v, double n)
{
    double all = n + 3;
    double value = n * s / all;
    /* second moment: v + s^2 for each answer, 1 for each of the added 3/4 + 3/4 */
    double second = (n * (v + s * s) + 1.5) / all;
    return (kundig__adjusted){value, (second - value * value) / all};
}

kundig__adjusted kundig__share_adjust(double s, double n)
{
    double all = n + 2;
    double value = (n * s + 1) / all;
    return (kundig__adjusted){value, value * (1 - value) / all};
}

kundig__interval kundig__wald(double value, double se, double z, double lowest, double highest)
{
    return (kundig__interval){interval_clip(value - z * se, lowest, highest),
                              interval_clip(value + z * se, lowest, highest)};
}

/* Does a score test keep the difference t? b and c are the counts of detractors and promoters. */
static bool interval_tango_keeps(double b, double c, double n, double t, double zz)
{
    double linear = (2 * n - c + b) * t - b - c;
    double root = linear * linear + 8 * n * b * t * (1 - t);
    double q = (kundig__sqrt(root > 0 ? root : 0) - linear) / (4 * n);
    double score = c - b - n * t;
    double variance = n * (2 * q + t * (1 - t));
    return score * score < zz * variance;
}

kundig__interval kundig__tango(double s, double v, double n, double z)
{
    /* Answers of -1, 0 and 1 have a second moment of at least |s|. Means of customers may have
     * less: they are taken as the least spread whole answers of that mean, else b and c would mean
     * another score. */
    double second = v + s * s;
    double least = s < 0 ? -s : s;
    second = second > least ? second : least;
    double b = n * (second - s) / 2;
    double c = n * (second + s) / 2;
    kundig__interval out = {s, s};
    for (int side = 0; side < 2; side++) {
        double in = s;
        double outside = side ? 1 : -1;
        for (int i = 0; i < 64; i++) {
            double middle = in + (outside - in) / 2;
            if (interval_tango_keeps(b, c, n, middle, z * z)) {
                in = middle;
            } else {
                outside = middle;
            }
        }
        *(side ? &out.hi : &out.lo) = interval_clip(in, -1, 1);
    }
    return out;
}

kundig__interval kundig__wilson(double p, double n, double z)
{
    double zz = z * z;
    double centre = p + zz / (2 * n);
    double half = z * kundig__sqrt(p * (1 - p) / n + zz / (4 * n * n));
    double all = 1 + zz / n;
    kundig__interval out = {interval_clip((centre - half) / all, 0, 1),
                            interval_clip((centre + half) / all, 0, 1)};
    /* the formula gives these exactly; rounding does not */
    if (p <= 0) {
        out.lo = 0;
    }
    if (p >= 1) {
        out.hi = 1;
    }
    return out;
}

kundig__interval kundig__mean_score(double value, double variance, double t, double lowest,
                                    double highest)
{
    double range = highest - lowest;
    double place = (value - lowest) / range;
    /* answers at the two ends alone that would be as certain */
    double n = place * (1 - place) * range * range / variance;
    if (place <= 0 || place >= 1) {
        return (kundig__interval){value, value};
    }
    kundig__interval part = kundig__wilson(place, n, t);
    return (kundig__interval){lowest + range * part.lo, lowest + range * part.hi};
}

kundig__interval kundig__unseen(double value, double n, double level, double lowest, double highest)
{
    double rare = 1 - kundig__exp(kundig__log(1 - level) / n);
    return (kundig__interval){interval_clip(value - rare * (value - lowest), lowest, highest),
                              interval_clip(value + rare * (highest - value), lowest, highest)};
}

/* ---- Limits --------------------------------------------------------------------------------- */

/* P(X < k) and P(X > k) of n answers that are 1 with probability p; k whole, 0 <= k <= n. */
static double limit_below(double p, double n, double k)
{
    return k <= 0 ? 0 : kundig__beta_inc(n - k + 1, k, 1 - p);
}

static double limit_above(double p, double n, double k)
{
    return k >= n ? 0 : kundig__beta_inc(k + 1, n - k, p);
}

kundig__interval kundig__binomial_limits(double p, double n, double level)
{
    double tail = (1 - level) / 2;
    double low = 0; /* keeps its tail */
    double high = kundig__floor(n) + 1;
    while (high - low > 1) {
        double middle = kundig__floor((low + high) / 2);
        if (limit_below(p, n, middle) <= tail) {
            low = middle;
        } else {
            high = middle;
        }
    }
    kundig__interval out = {low / n, 0};
    low = -1;
    high = kundig__floor(n); /* keeps its tail, where n is whole */
    while (high - low > 1) {
        double middle = kundig__floor((low + high) / 2);
        if (limit_above(p, n, middle) <= tail) {
            high = middle;
        } else {
            low = middle;
        }
    }
    out.hi = high + 1 > n && limit_above(p, n, high) > tail ? 1 : high / n;
    return out;
}

kundig__interval kundig__net_limits(double s, double v, uint32_t n, double level)
{
    /* chances of sums -n to n, a place each; the answers come one by one */
    double chances[2 * KUNDIG__NET_MOST + 1] = {0};
    double second = v + s * s;
    double up = (second + s) / 2;
    double down = (second - s) / 2;
    double stay = 1 - second;
    double tail = (1 - level) / 2;
    chances[0] = 1;
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t at = 2 * i + 2; at > 0; at--) {
            double two = at > 1 ? chances[at - 2] * up : 0;
            chances[at] = chances[at] * down + chances[at - 1] * stay + two;
        }
        chances[0] *= down;
    }
    uint32_t low = 0;
    uint32_t high = 2 * n;
    for (double sum = chances[0]; low < 2 * n && sum <= tail; sum += chances[low]) {
        low++;
    }
    for (double sum = chances[2 * n]; high > 0 && sum <= tail; sum += chances[high]) {
        high--;
    }
    return (kundig__interval){((double)low - n) / n, ((double)high - n) / n};
}

static double limit_skewed(double z, double skew)
{
    double bent = z + (z * z - 1) * skew / 6;
    /* far out, or with much skew, the term would turn the limit round */
    double least = z < 0 ? 2 * z : z / 2;
    double most = z < 0 ? z / 2 : 2 * z;
    bent = bent < least ? least : bent;
    return bent > most ? most : bent;
}

kundig__interval kundig__mean_limits(double value, double v, double third, double n, double level,
                                     double lowest, double highest)
{
    double z = kundig__normal_quantile(0.5 + level / 2);
    double se = kundig__sqrt(v / n);
    double skew = v > 0 ? third / (v * kundig__sqrt(v * n)) : 0;
    return (kundig__interval){interval_clip(value + limit_skewed(-z, skew) * se, lowest, highest),
                              interval_clip(value + limit_skewed(z, skew) * se, lowest, highest)};
}
