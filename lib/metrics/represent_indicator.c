/* The R-indicator (Schouten, Cobben and Bethlehem 2009): R = 1 - 2 S, S the standard deviation of
 * response propensities over the base. 1: all cells answer alike. 0: half of them all, half of them
 * none.
 *
 * Propensities are the cells' own rates r/n. Chance alone spreads them, so S is too large: of cell
 * h the rate has the variance v = p (1 - p) / n, without bias r (n - r) / (n n (n - 1)), which adds
 * (1 - n/N) n v to the sum of n (p - mean)^2. What is adjusted has that taken off. Its interval is
 * that of the sum (delta method with the second-order term, so that it does not vanish where all
 * cells answer alike), brought through 1 - 2 sqrt.
 *
 * Cost: O(cells). */
#include "base/math.h"
#include "metrics/represent.h"

static double indicator_of(double sum, double people)
{
    double square = sum > 0 ? sum / (people - 1) : 0;
    double r = 1 - 2 * kundig__sqrt(square);
    return r > 0 ? r : 0;
}

bool kundig__r_indicator(const uint32_t *base, const uint32_t *answered, size_t cells, double z,
                         kundig__indicator *out)
{
    double people = 0;
    double all = 0;
    for (size_t i = 0; i < cells; i++) {
        people += base[i];
        all += answered[i];
    }
    *out = (kundig__indicator){.cells = cells};
    if (cells < 2 || people < 2) {
        return false;
    }
    double mean = all / people;
    double sum = 0;
    double chance = 0;
    double variance = 0;
    for (size_t i = 0; i < cells; i++) {
        double n = base[i];
        double p = answered[i] / n;
        /* Of one person alone nothing is known of chance: that of all. */
        double v = n > 1 ? p * (1 - p) / (n - 1) : mean * (1 - mean);
        double off = p - mean;
        sum += n * off * off;
        chance += (1 - n / people) * n * v;
        variance += 4 * n * off * n * off * v + 2 * n * v * n * v;
    }
    double margin = z * kundig__sqrt(variance);
    out->r = indicator_of(sum, people);
    out->adjusted = indicator_of(sum - chance, people);
    out->lo = indicator_of(sum - chance + margin, people);
    out->hi = indicator_of(sum - chance - margin, people);
    return true;
}
