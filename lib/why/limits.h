/* What chance alone does to counts and sums: exact tails, and limits from a rate of false alarms.
 * Pure functions of numbers, for the files of this room. */
#ifndef KUNDIG_WHY_LIMITS_H
#define KUNDIG_WHY_LIMITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct kundig__tails {
    double up;   /* P(as many or more) */
    double down; /* P(as many or fewer) */
} kundig__tails;

/* y of n, where y0 of n0 were before: hypergeometric, given y + y0 (Fisher's exact test). */
kundig__tails kundig__tails_of_share(uint64_t y, uint64_t n, uint64_t y0, uint64_t n0);
/* y in one period, where y0 were in `periods` of them: binomial, given y + y0. */
kundig__tails kundig__tails_of_count(uint64_t y, uint64_t y0, uint64_t periods);
/* Both ways: twice the smaller tail, at most 1. */
double kundig__tails_both(kundig__tails tails);

/* The limit of a one-sided cumulative sum of standard normal values less `slack` that is passed
 * once in run_length values on the mean, starting at 0: Brook and Evans (1972), a chain of 60
 * states. */
double kundig__cusum_limit(double slack, double run_length);
/* Mean values until the limit is passed. */
double kundig__cusum_run_length(double slack, double limit);

/* Does a sum of squares of so many degrees of freedom exceed chance (Wilson and Hilferty 1931)?
 * Returns the normal value. */
double kundig__squares_z(double squares, double df);

#endif
