/* Between the whole way and its steps: notes that find their clusters. */
#ifndef KUNDIG_DISCOVER_FITTING_H
#define KUNDIG_DISCOVER_FITTING_H

#include "discover/clustered.h"

typedef struct kundig__fitting {
    kundig__mem *mem;
    const kundig__survey *survey;
    kundig__notes notes;
    float *scales; /* of features: what a word, a row of characters and a pair count */
    kundig__sheet sheet;
    uint32_t clusters; /* how many */
    uint32_t *labels;  /* of fitted notes; KUNDIG__NO_CLUSTER: no feature */
    float *margins;    /* of fitted notes */
    kundig__clustered *clustered;
} kundig__fitting;

/* One run from nothing: labels of all fitted notes. Runs of one fitting may go side by side, each
 * with a mem and labels of its own. KUNDIG_OK or failures of memory. */
int kundig__fit_run(const kundig__fitting *fitting, kundig__mem *mem, uint32_t clusters,
                    uint64_t seed, uint32_t *labels);
/* Go on from labels, features weighed by them. */
int kundig__fit_on(const kundig__fitting *fitting, kundig__mem *mem, uint32_t clusters,
                   uint64_t seed, uint32_t *labels);
/* Labels, margins and clustered from labels: clusters are numbered by size, empty ones go, unless
 * they go on from an earlier clustering. */
int kundig__fit_freeze(kundig__fitting *fitting);

#endif
