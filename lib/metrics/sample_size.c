/* How many answers a survey needs, and what it can see: normal approximations, as published with
 * the scores (lib/metrics/scores.c tells `detectable` by the same). Cost: O(1). */
#include "base/math.h"
#include "metrics/metrics.h"

static bool sample_is_positive(double x)
{
    return x > 0 && kundig__is_finite(x);
}

static int sample_check(double level, double power, kundig_error *err)
{
    if (!(level > 0 && level < 1) || !(power > 0 && power < 1)) {
        return kundig__fail(err, KUNDIG_E_VALUE, 0,
                            "level and power are between 0 and 1, such as 0.95 and 0.8");
    }
    return KUNDIG_OK;
}

int kundig_sample_size(double variance, double half_width, double level, double *out,
                       kundig_error *err)
{
    if (!out) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "out must not be NULL");
    }
    int rc = sample_check(level, 0.5, err);
    if (rc) {
        return rc;
    }
    if (!(variance >= 0) || !kundig__is_finite(variance) || !sample_is_positive(half_width)) {
        return kundig__fail(err, KUNDIG_E_VALUE, 0,
                            "a variance is 0 or more and a half-width above 0");
    }
    double ratio = kundig__normal_quantile(0.5 + level / 2) / half_width;
    double needed = ratio * ratio * variance;
    if (!kundig__is_finite(needed)) {
        return kundig__fail(err, KUNDIG_E_VALUE, 0,
                            "no number of answers gives an interval so narrow");
    }
    double whole = kundig__floor(needed);
    whole = whole < needed ? whole + 1 : whole;
    *out = whole > 1 ? whole : 1;
    return KUNDIG_OK;
}

int kundig_detectable_change(double variance_a, double n_a, double variance_b, double n_b,
                             double level, double power, double *out, kundig_error *err)
{
    if (!out) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "out must not be NULL");
    }
    int rc = sample_check(level, power, err);
    if (rc) {
        return rc;
    }
    if (!(variance_a >= 0) || !(variance_b >= 0) || !kundig__is_finite(variance_a) ||
        !kundig__is_finite(variance_b) || !sample_is_positive(n_a) || !sample_is_positive(n_b)) {
        return kundig__fail(err, KUNDIG_E_VALUE, 0,
                            "variances are 0 or more and numbers of answers above 0");
    }
    double reach = kundig__normal_quantile(0.5 + level / 2) + kundig__normal_quantile(power);
    double change = reach * kundig__sqrt(variance_a / n_a + variance_b / n_b);
    *out = change > 0 ? change : 0;
    return KUNDIG_OK;
}
