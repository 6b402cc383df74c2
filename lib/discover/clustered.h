/* The inside of a clustering, for its files alone: what is kept of a run when its texts are gone.
 *
 * A feature is a row: how much it counts, and what each cluster says of it, the logarithm of 1 + c
 * sum in sixteenths. Rows are whole numbers, so a clustering from bytes is the one that was made.
 */
#ifndef KUNDIG_DISCOVER_CLUSTERED_H
#define KUNDIG_DISCOVER_CLUSTERED_H

#include <stdatomic.h>

#include "discover/bottleneck.h"
#include "discover/notes.h"
#include "text/language.h"

#define KUNDIG__FROZEN_STEPS  16u    /* of a logarithm */
#define KUNDIG__FROZEN_WEIGHT 65535u /* steps of a weight of 1 */
#define KUNDIG__FROZEN_PRIOR  65536  /* steps of a nat of a prior */
#define KUNDIG__FROZEN_WORST  60.0f  /* fit of a text of which nothing is known */
#define KUNDIG__FROZEN_WIDE   16u    /* rows are a multiple of it long */
#define KUNDIG__FROZEN_FITS   64u    /* steps of the curve of how well texts fit */
#define KUNDIG__FROZEN_CLOSED                                                                      \
    (32 * KUNDIG__FROZEN_PRIOR)                /* prior of an empty cluster, at least              \
                                                */
#define KUNDIG__FROZEN_CELLS ((size_t)1 << 26) /* rows x clusters, at most */

struct kundig__clustered {
    kundig__mem mem;
    atomic_uint references;
    kundig__clustering_facts facts;
    kundig__cluster_facts *clusters;
    uint32_t cluster_count;
    uint32_t width; /* of a row */
    uint32_t row_count;
    uint32_t *buckets; /* of rows, ascending */
    uint16_t *weights; /* of rows; at least 1 */
    uint8_t *rows;     /* [row][width] */
    int32_t *priors;   /* of clusters: what its size costs */
    uint32_t *lookup;  /* rows of buckets; KUNDIG__NO_FEATURE */
    /* How well fitted texts fit, in steps: fits[i] is what i / 63 of them do not reach. */
    int32_t fits[KUNDIG__FROZEN_FITS];
    int32_t least_fit;
    /* What follows from the rest. */
    bool pairs;        /* some rows are pairs */
    uint32_t strange;  /* weight of a twentieth of a word that is not known */
    float *alls;       /* of rows: log of how many texts of usual size hold it, and a half */
    float *spreads;    /* of clusters: how many times it is in all; 0: it is empty */
    float counts[256]; /* of logarithms: how many texts of usual size they stand for */
    float log_table[KUNDIG__BOTTLE_LOG + 1];
    kundig__languages *languages; /* where sentences end */
};

/* Room for it all; everything is 0, lookup is empty. NULL on failure of memory. */
kundig__clustered *kundig__clustered_new(const kundig_allocator *allocator, uint32_t cluster_count,
                                         uint32_t row_count);
/* Everything that follows from the rest. */
void kundig__clustered_settle(kundig__clustered *clustered);
/* What is kept of a run that has ended. NULL on failure of memory. */
kundig__clustered *kundig__clustered_freeze(const kundig_allocator *allocator,
                                            const kundig__notes *notes,
                                            const kundig__bottle *bottle);

/* A share as it is kept. */
double kundig__clustered_share(double share);
/* Bytes that kundig__clustered_put() makes. */
uint64_t kundig__clustered_size(const kundig__clustered *clustered);

/* Scores of the features of one text after the other; belongs to one thread. */
typedef struct kundig__scoring {
    kundig__mem *mem;
    const kundig__clustered *clustered;
    uint32_t *rows; /* of the last text */
    int16_t *factors;
    size_t capacity;
    size_t factor_capacity;
    int32_t *totals;
    float *scores; /* of clusters */
    size_t count;  /* rows of the last text; 0: nothing is known of it, scores mean nothing */
    float known;   /* share of its features, weighed, that are known */
    float fit;
    uint32_t best;
    uint32_t second;
    float margin;
} kundig__scoring;

bool kundig__scoring_init(kundig__scoring *scoring, kundig__mem *mem,
                          const kundig__clustered *clustered);
void kundig__scoring_free(kundig__scoring *scoring);
/* false on failure of memory */
bool kundig__score(kundig__scoring *scoring, const kundig__presence *presence);
/* Does a text that fits so well fit a cluster at all? */
bool kundig__clustered_fits(const kundig__clustered *clustered, float fit);
/* Share of fitted texts that fit better than so. */
float kundig__clustered_novelty(const kundig__clustered *clustered, float fit);

#endif
