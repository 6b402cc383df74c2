/* Empirical Bayes: what a group would say with all its answers, seen beside the other groups.
 *
 * The variance between groups is that of DerSimonian and Laird (1986), not below zero; a group is
 * drawn to the whole by the part of its distance that chance explains. The intervals add what is
 * not known of the whole, and of the variance between, as Morris (1983) does: without that those of
 * few groups are too short. Where no difference is left all groups stand at the whole.
 * Cost: O(groups). */
#include "base/math.h"
#include "metrics/metric.h"

/* Variance between the groups; mean square of their distances in standard errors. */
static kundig__shrinkage shrink_between(const kundig__shrunk *groups, size_t count, double within)
{
    double zero = 0;
    kundig__shrinkage out = {0, zero / zero};
    double sum = 0;
    double squares = 0;
    double moment = 0;
    for (size_t i = 0; i < count; i++) {
        sum += groups[i].n;
        squares += groups[i].n * groups[i].n;
        moment += groups[i].n * groups[i].value;
    }
    double room = sum - squares / sum;
    if (count < 2 || !(room > 0)) {
        return out;
    }
    double mean = moment / sum;
    double q = 0; /* of Cochran, times within */
    for (size_t i = 0; i < count; i++) {
        double off = groups[i].value - mean;
        q += groups[i].n * off * off;
    }
    double between = (q - (double)(count - 1) * within) / room;
    out.between = between > 0 ? between : 0;
    if (within > 0) {
        out.dispersion = q / within / (double)(count - 1);
    }
    return out;
}

kundig__shrinkage kundig__shrink(kundig__shrunk *groups, size_t count, double whole, double within,
                                 double level, double lowest, double highest)
{
    kundig__shrinkage out = shrink_between(groups, count, within);
    double z = kundig__normal_quantile(0.5 + level / 2);
    double precision = 0;
    double mean_error = 0; /* of one group, weighed as the mean is */
    for (size_t i = 0; i < count; i++) {
        double error = within / groups[i].n;
        double all = error + out.between;
        precision += all > 0 ? 1 / all : 0;
        mean_error += all > 0 ? error / all : 0;
    }
    mean_error = precision > 0 ? mean_error / precision : 0;
    for (size_t i = 0; i < count; i++) {
        kundig__shrunk *group = &groups[i];
        double error = within / group->n;
        double all = error + out.between;
        double part = all > 0 ? error / all : 1; /* of the way to the whole */
        double off = group->value - whole;
        double variance = error * (1 - part);
        if (all > 0) {
            double known = count > 4 ? (double)(count - 3) : 1;
            double of_part = 2 / known * part * part * ((mean_error + out.between) / all);
            variance += part * part / precision + of_part * off * off;
        }
        kundig__interval interval = {0, 0};
        group->shrunk = part * whole + (1 - part) * group->value;
        interval = kundig__wald(group->shrunk, kundig__sqrt(variance), z, lowest, highest);
        group->lo = interval.lo;
        group->hi = interval.hi;
    }
    return out;
}
