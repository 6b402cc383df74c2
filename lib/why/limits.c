/* Exact tails of counts given what was before, so that no level needs to be known, and limits of
 * cumulative sums. Sums run in a fixed order: the same bits everywhere. Cost: a tail of shares the
 * smaller count's terms; a limit about forty small systems. */
#include "why/limits.h"

#include "base/math.h"

#define LIMITS_STATES   60
#define LIMITS_HALVINGS 40

static double limits_choose(double n, double k)
{
    return kundig__lgamma(n + 1) - kundig__lgamma(k + 1) - kundig__lgamma(n - k + 1);
}

/* Terms of a hypergeometric distribution from y on, upward or downward, while they count. */
static double limits_sum(double y, double n, double marked, double all, bool upward)
{
    double least = marked + n > all ? marked + n - all : 0;
    double most = marked < n ? marked : n;
    if (upward ? y <= least : y >= most) {
        return 1;
    }
    double term = kundig__exp(limits_choose(marked, y) + limits_choose(all - marked, n - y) -
                              limits_choose(all, n));
    double sum = 0;
    while (y >= least && y <= most && term > sum * 1e-17) {
        sum += term;
        if (upward) {
            term *= (marked - y) * (n - y) / ((y + 1) * (all - marked - n + y + 1));
            y += 1;
        } else {
            term *= y * (all - marked - n + y) / ((marked - y + 1) * (n - y + 1));
            y -= 1;
        }
    }
    return sum < 1 ? sum : 1;
}

kundig__tails kundig__tails_of_share(uint64_t y, uint64_t n, uint64_t y0, uint64_t n0)
{
    double marked = (double)y + (double)y0;
    double all = (double)n + (double)n0;
    double at = (double)y;
    double of = (double)n;
    return (kundig__tails){limits_sum(at, of, marked, all, true),
                           limits_sum(at, of, marked, all, false)};
}

kundig__tails kundig__tails_of_count(uint64_t y, uint64_t y0, uint64_t periods)
{
    double m = (double)y + (double)y0;
    double p = 1 / ((double)periods + 1);
    double at = (double)y;
    kundig__tails tails = {1, 1};
    if (y) {
        tails.up = kundig__beta_inc(at, m - at + 1, p);
    }
    if (y0) {
        tails.down = kundig__beta_inc(m - at, at + 1, 1 - p);
    }
    return tails;
}

double kundig__tails_both(kundig__tails tails)
{
    double p = 2 * (tails.up < tails.down ? tails.up : tails.down);
    return p < 1 ? p : 1;
}

double kundig__cusum_run_length(double slack, double limit)
{
    static const size_t states = LIMITS_STATES;
    double a[LIMITS_STATES][LIMITS_STATES + 1];
    /* State 0 is the sum 0; the others are stretches of equal width up to the limit. */
    double width = 2 * limit / (2 * (double)states - 1);
    for (size_t i = 0; i < states; i++) {
        for (size_t j = 0; j < states; j++) {
            double to = ((double)j - (double)i + 0.5) * width + slack;
            double from = to - width;
            double moves =
                j ? kundig__normal_cdf(to) - kundig__normal_cdf(from) : kundig__normal_cdf(to);
            a[i][j] = (i == j ? 1 : 0) - moves;
        }
        a[i][states] = 1;
    }
    for (size_t i = 0; i < states; i++) {
        for (size_t r = i + 1; r < states; r++) {
            double factor = a[r][i] / a[i][i];
            for (size_t c = i; c <= states; c++) {
                a[r][c] -= factor * a[i][c];
            }
        }
    }
    for (size_t i = states; i-- > 0;) {
        for (size_t c = i + 1; c < states; c++) {
            a[i][states] -= a[i][c] * a[c][states];
        }
        a[i][states] /= a[i][i];
    }
    return a[0][states];
}

double kundig__cusum_limit(double slack, double run_length)
{
    double least = 0.01;
    double most = 30;
    for (int i = 0; i < LIMITS_HALVINGS; i++) {
        double middle = least + (most - least) / 2;
        if (kundig__cusum_run_length(slack, middle) < run_length) {
            least = middle;
        } else {
            most = middle;
        }
    }
    return most;
}

double kundig__squares_z(double squares, double df)
{
    double mean = 1 - 2 / (9 * df);
    if (squares <= 0) {
        return -mean / kundig__sqrt(2 / (9 * df));
    }
    return (kundig__exp(kundig__log(squares / df) / 3) - mean) / kundig__sqrt(2 / (9 * df));
}
