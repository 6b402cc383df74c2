/* Scores: Net Promoter, shares and means, and their differences.
 *
 * A value is raw; only its interval is adjusted. Where answers are weighted or clustered the same
 * formulas run on the size of the simple sample that would be as certain, so plain data give the
 * published figures and no edge gives an interval of width zero (plain Wald, asked for by name,
 * excepted). Cost: O(1) a cell. */
#include "base/math.h"
#include "metrics/metric.h"

#define SCORE_POWER 0.8

static double score_nan(void)
{
    double zero = 0;
    return zero / zero;
}

/* Of the normal distribution; where customers come back of Student's, for a variance that few, or
 * one loud one, decide is known badly. Answers that the interval adds are as many more to know it
 * from. */
static double score_quantile(const kundig__moments *m, double level, double added)
{
    double p = 0.5 + level / 2;
    double df = m->voices + added - 1;
    return m->clustered && m->clusters >= 2 ? kundig__student_quantile(p, df > 1 ? df : 1)
                                            : kundig__normal_quantile(p);
}

/* What all scores have in common; false where there is nothing more to say. */
static bool score_begin(const kundig__cell *cell, const kundig__asked *asked, kundig__moments *m,
                        kundig__estimate *out)
{
    if (!kundig__cell_moments(cell, asked, m)) {
        out->status = KUNDIG__STATUS_UNDEFINED;
        out->method = "sums beyond 128 bits";
        return false;
    }
    double variance;
    out->status = KUNDIG__STATUS_OK;
    out->value = m->value;
    out->weighted = m->weighted;
    out->clustered = m->clustered;
    out->se = kundig__design_variance(m, m->clustered, m->clusters, &variance)
                  ? kundig__sqrt(variance)
                  : score_nan();
    out->n_eff = m->clustered ? kundig__design_n(m, true, m->clusters) : m->kish;
    return true;
}

static void score_interval(kundig__estimate *out, kundig__interval interval)
{
    out->lo = interval.lo;
    out->hi = interval.hi;
}

void kundig__finish_net(const kundig__cell *cell, const kundig__asked *asked, kundig__estimate *out)
{
    kundig__moments m;
    if (!score_begin(cell, asked, &m, out)) {
        return;
    }
    double z = score_quantile(&m, asked->level, 3);
    double n = kundig__design_n(&m, m.clustered, m.clusters);
    if (asked->interval == KUNDIG_INTERVAL_WALD && kundig__is_finite(out->se)) {
        out->method = "Wald";
        score_interval(out, kundig__wald(m.value, out->se, z, -1, 1));
    } else if (asked->interval == KUNDIG_INTERVAL_SCORE) {
        out->method = "Tango score";
        score_interval(out, kundig__tango(m.value, m.variance, n, z));
    } else {
        kundig__adjusted adjusted = kundig__net_adjust(m.value, m.variance, n);
        kundig__interval interval =
            kundig__wald(adjusted.value, kundig__sqrt(adjusted.variance), z, -1, 1);
        /* With one answer, or at a low level, the added answers pull it off the value it is of. */
        interval.lo = m.value < interval.lo ? m.value : interval.lo;
        interval.hi = m.value > interval.hi ? m.value : interval.hi;
        out->method = "adjusted Wald";
        score_interval(out, interval);
    }
}

void kundig__finish_share(const kundig__cell *cell, const kundig__asked *asked,
                          kundig__estimate *out)
{
    kundig__moments m;
    if (!score_begin(cell, asked, &m, out)) {
        return;
    }
    double z = score_quantile(&m, asked->level, 2);
    if (asked->interval == KUNDIG_INTERVAL_WALD && kundig__is_finite(out->se)) {
        out->method = "Wald";
        score_interval(out, kundig__wald(m.value, out->se, z, 0, 1));
    } else {
        double n = kundig__design_n(&m, m.clustered, m.clusters);
        out->method = "Wilson";
        score_interval(out, kundig__wilson(m.value, n, z));
    }
}

/* Variance of a mean with the usual n - 1, and its degrees of freedom; false if unknown. */
static bool score_mean_variance(const kundig__moments *m, bool clustered, double clusters,
                                double *variance, double *df)
{
    if (!kundig__design_variance(m, clustered, clusters, variance)) {
        return false;
    }
    *df = (clustered ? m->voices : m->items) - 1;
    *df = clustered && *df < 1 ? 1 : *df;
    if (*df < 1) {
        return false;
    }
    if (!clustered) {
        *variance *= m->items / *df;
    }
    return true;
}

void kundig__finish_mean(const kundig__cell *cell, const kundig__asked *asked,
                         kundig__estimate *out)
{
    kundig__moments m;
    if (!score_begin(cell, asked, &m, out)) {
        return;
    }
    double lowest = asked->minimum / 1000.0;
    double highest = asked->maximum / 1000.0;
    double variance;
    double df;
    bool known = score_mean_variance(&m, m.clustered, m.clusters, &variance, &df);
    out->se = known ? kundig__sqrt(variance) : score_nan();
    if (known && asked->interval == KUNDIG_INTERVAL_WALD) {
        out->method = "Wald";
        score_interval(out, kundig__wald(m.value, out->se, score_quantile(&m, asked->level, 0),
                                         lowest, highest));
    } else if (known && m.variance > 0) {
        double t = kundig__student_quantile(0.5 + asked->level / 2, df);
        out->method = "Student t score";
        score_interval(out, kundig__mean_score(m.value, variance, t, lowest, highest));
    } else {
        double n = kundig__design_n(&m, m.clustered, m.clusters);
        out->method = "no spread seen: bound on unseen answers";
        score_interval(out, kundig__unseen(m.value, n, asked->level, lowest, highest));
    }
}

static double score_two_sided(double z)
{
    return kundig__erfc(kundig__abs(z) / kundig__sqrt(2));
}

/* z, p and the smallest change found with 80 % power, from difference and se; t with df > 0. */
static void score_test(const kundig__pair *pair, double difference, double se, double df,
                       double quantile, kundig__contrast *out)
{
    out->se = se;
    out->lo = difference - quantile * se;
    out->hi = difference + quantile * se;
    out->detectable = (pair->quantile + kundig__normal_quantile(SCORE_POWER)) * se;
    if (se <= 0) {
        out->z = score_nan();
        out->p = score_nan();
        return;
    }
    out->z = difference / se;
    out->p = df > 0 ? kundig__beta_inc(df / 2, 0.5, df / (df + out->z * out->z))
                    : score_two_sided(out->z);
}

static void score_clip(kundig__contrast *out, double widest)
{
    out->lo = out->lo < -widest ? -widest : out->lo;
    out->hi = out->hi > widest ? widest : out->hi;
}

static void score_undefined(kundig__contrast *out, const char *why)
{
    out->status = KUNDIG__STATUS_UNDEFINED;
    out->method = why;
}

/* Differences of shares and Net Promoter Scores: `adjust` each sample, or plain Wald. */
static void score_contrast(const kundig__pair *pair, const kundig__asked *asked, double added,
                           double widest, kundig__contrast *out)
{
    double va;
    double vb;
    bool wald = asked->interval == KUNDIG_INTERVAL_WALD;
    if (pair->clustered && pair->clusters < 2) {
        score_undefined(out, "one customer alone");
        return;
    }
    if (wald && (!kundig__design_variance(pair->a, pair->clustered, pair->clusters, &va) ||
                 !kundig__design_variance(pair->b, pair->clustered, pair->clusters, &vb))) {
        score_undefined(out, "one customer alone in a set");
        return;
    }
    double factor = pair->clustered ? pair->clusters / (pair->clusters - 1) : 1;
    double covariance = 2 * factor * pair->covariance;
    if (wald) {
        double variance = va + vb - covariance;
        out->method = "Wald";
        score_test(pair, out->b - out->a, kundig__sqrt(variance > 0 ? variance : 0), 0,
                   pair->quantile, out);
    } else {
        double na = kundig__design_n(pair->a, pair->clustered, pair->clusters);
        double nb = kundig__design_n(pair->b, pair->clustered, pair->clusters);
        bool net = added > 2;
        kundig__adjusted a = net ? kundig__net_adjust(pair->a->value, pair->a->variance, na)
                                 : kundig__share_adjust(pair->a->value, na);
        kundig__adjusted b = net ? kundig__net_adjust(pair->b->value, pair->b->variance, nb)
                                 : kundig__share_adjust(pair->b->value, nb);
        /* an adjusted value is the raw one times n / (n + added), and a constant */
        double shrink = na / (na + added) * (nb / (nb + added));
        double variance = a.variance + b.variance - covariance * shrink;
        out->method = net ? "adjusted Wald" : "Agresti-Caffo";
        score_test(pair, b.value - a.value, kundig__sqrt(variance > 0 ? variance : 0), 0,
                   pair->quantile, out);
    }
    score_clip(out, widest);
}

void kundig__contrast_net(const kundig__pair *pair, const kundig__asked *asked,
                          kundig__contrast *out)
{
    score_contrast(pair, asked, 3, 2, out);
}

void kundig__contrast_share(const kundig__pair *pair, const kundig__asked *asked,
                            kundig__contrast *out)
{
    score_contrast(pair, asked, 2, 1, out);
}

void kundig__contrast_mean(const kundig__pair *pair, const kundig__asked *asked,
                           kundig__contrast *out)
{
    double va;
    double vb;
    double dfa;
    double dfb;
    if (!score_mean_variance(pair->a, pair->clustered, pair->clusters, &va, &dfa) ||
        !score_mean_variance(pair->b, pair->clustered, pair->clusters, &vb, &dfb)) {
        score_undefined(out, "one answer alone has no spread");
        return;
    }
    double variance = va + vb;
    double df = dfa < dfb ? dfa : dfb;
    if (pair->clustered) {
        variance -= 2 * pair->clusters / (pair->clusters - 1) * pair->covariance;
    } else if (variance > 0) {
        df = variance * variance / (va * va / dfa + vb * vb / dfb);
    }
    if (variance <= 0) {
        score_undefined(out, "no spread seen");
        return;
    }
    bool wald = asked->interval == KUNDIG_INTERVAL_WALD;
    out->method = wald ? "Wald" : pair->clustered ? "Student t" : "Welch t";
    double quantile = wald ? pair->quantile : kundig__student_quantile(0.5 + asked->level / 2, df);
    score_test(pair, out->b - out->a, kundig__sqrt(variance), wald ? 0 : df, quantile, out);
    score_clip(out, (asked->maximum - asked->minimum) / 1000.0);
}
