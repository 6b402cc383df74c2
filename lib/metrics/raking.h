/* Weights that meet margins: a pure function of counts and margins. */
#ifndef KUNDIG_METRICS_RAKING_H
#define KUNDIG_METRICS_RAKING_H

#include "base/context.h"

#define KUNDIG__RAKING_ERROR 1e-10 /* of a margin, relative: where it is met */

enum {
    KUNDIG__RAKING_OK,
    KUNDIG__RAKING_EMPTY,     /* no unit has a value whose margin is positive: see empty_ */
    KUNDIG__RAKING_UNSETTLED, /* margins contradict each other, or rounds are too few */
    KUNDIG__RAKING_CAPPED     /* the greatest weight keeps some margin from being met */
};

/* A unit is records of equal values and equal weight. Units come in an order of their own content:
 * sums of floating point go by it. */
typedef struct kundig__raking {
    size_t units;
    size_t fields;
    const uint32_t *parts;  /* units times fields: the unit's value of a field */
    const double *counts;   /* records of a unit, > 0 */
    double *weights;        /* of one record, > 0; afterwards those found, of mean 1 */
    const uint32_t *values; /* of a field: how many */
    const double *margins;  /* of all values of field 0, of field 1, ...: finite, >= 0; units have
                               none of a value whose margin is 0 */
    double most;            /* greatest weight, >= 1; 0: none */
    uint64_t rounds;        /* at most */

    int status; /* KUNDIG__RAKING_ */
    size_t empty_field;
    uint32_t empty_value;
    uint64_t used;  /* rounds */
    double error;   /* greatest relative error of a margin */
    double trimmed; /* records that weigh `most`, where that is less than they would */
} kundig__raking;

/* KUNDIG_OK whatever the status; KUNDIG_E_NOMEM, KUNDIG_E_LIMIT, KUNDIG_E_CANCELLED. Weights are
 * those found where the status is _OK or _CAPPED. */
int kundig__rake(kundig__context *context, kundig__raking *raking, kundig_error *err);

#endif
