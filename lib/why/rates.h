/* Two rates of events side by side: pure functions of numbers, for the files of this room. */
#ifndef KUNDIG_WHY_RATES_H
#define KUNDIG_WHY_RATES_H

#include <stdint.h>

typedef struct kundig__rate {
    double ratio; /* not finite where nothing happened before */
    double lo;
    double hi; /* not finite: no bound */
    double p;  /* two-sided */
} kundig__rate;

/* y events in an exposure of e > 0 against y0 in e0 > 0, y + y0 > 0. Given y + y0, y is binomial
 * with odds ratio e / e0 (Przyborowski and Wilenski 1940); the interval is that of Clopper and
 * Pearson (1934) for the share y / (y + y0), told as a ratio. */
void kundig__rate_ratio(uint64_t y, double e, uint64_t y0, double e0, double level,
                        kundig__rate *out);

#endif
