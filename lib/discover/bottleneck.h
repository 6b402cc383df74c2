/* The sequential information bottleneck: rows of features fall into clusters so that what a cluster
 * is tells as much as can be of what its rows hold. */
#ifndef KUNDIG_DISCOVER_BOTTLENECK_H
#define KUNDIG_DISCOVER_BOTTLENECK_H

#include <string.h>

#include "base/prng.h"
#include "discover/clusters.h"

/* What is clustered: rows, each a set of features; borrowed. Notes are such rows, and so are sets
 * of labels that other runs gave. */
typedef struct kundig__sheet {
    size_t count;
    const size_t *starts; /* count + 1 */
    const uint32_t *cells;
    uint32_t feature_count;
    const float *scales;    /* of features: what they count beside their weight; NULL: 1 */
    const uint32_t *masses; /* of rows, in 1 / KUNDIG__BOTTLE_MASS; NULL: 1 each */
    /* Rows that move as one: those of group g are members[group_starts[g]..group_starts[g + 1]).
     * groups tells the group of each row, KUNDIG__NO_HINT: it moves alone; NULL: there are none. */
    const uint32_t *groups;
    const uint32_t *members;
    const uint32_t *group_starts;
    uint32_t group_count;
    const uint8_t *owners;       /* of groups: no other such group may share its cluster; or NULL */
    const kundig__apart *aparts; /* of groups */
    size_t apart_count;
} kundig__sheet;

#define KUNDIG__BOTTLE_STEPS 512 /* of a logarithm */
#define KUNDIG__BOTTLE_TABLE 4096u
#define KUNDIG__BOTTLE_LOG   256u
#define KUNDIG__BOTTLE_MASS  256u

/* One run; belongs to one thread. */
typedef struct kundig__bottle {
    kundig__mem *mem;
    const kundig__sheet *sheet;
    kundig__prng prng;
    uint32_t clusters; /* columns in use */
    uint32_t width;    /* columns there is room for: a multiple of 32 */
    uint32_t *labels;  /* of rows; KUNDIG__NO_CLUSTER: it has no feature that counts */
    float *weights;    /* of features: how much it tells of clusters, scale included; 0: dropped */
    /* rows as they count now: cells[starts[i]..starts[i] + counts[i]) */
    uint32_t *cells;
    int16_t *factors;
    uint32_t *counts;
    uint32_t *units; /* of rows: what it adds to the sum of each of its features */
    float *inverses; /* of rows: 1 / (sum of factors x steps) */
    double unit;     /* units of a row of mass 1 whose weights are 1 together */
    float *slopes;   /* of features: c in log(1 + c sum) */
    uint32_t *sums;  /* [feature][width], exact */
    int16_t *logs;   /* [feature][width], log(1 + c sum) in steps */
    void *log_block;
    uint64_t *masses;      /* of clusters */
    uint64_t *frequencies; /* of features: mass of the rows that have it */
    uint32_t *members;     /* of clusters: rows */
    float *priors;         /* of clusters: what a further row of mass 1 costs */
    uint32_t *owners;      /* of clusters: the group that owns it */
    uint32_t *order;       /* of movers */
    size_t mover_count;
    float stay;      /* by how many nats another cluster must be better; 0 at first */
    int32_t *totals; /* of clusters, one row's */
    float *scores;
    float *group_scores;
    float log_table[KUNDIG__BOTTLE_LOG + 1];
    float exp_table[KUNDIG__BOTTLE_TABLE];
    float less_table[KUNDIG__BOTTLE_TABLE + 1];
    float noise_table[KUNDIG__BOTTLE_TABLE];
} kundig__bottle;

/* log x for x >= 1, to 4e-6; table holds log(1 + i / KUNDIG__BOTTLE_LOG). */
static inline float kundig__quick_log(const float *table, float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    int exponent = (int)(bits >> 23) - 127;
    uint32_t index = bits >> 15 & (KUNDIG__BOTTLE_LOG - 1);
    float rest = (float)(bits & 0x7FFF) * (1.0f / 32768);
    return (float)exponent * 0.69314718f + table[index] + rest * (table[index + 1] - table[index]);
}

/* Fill that table. */
void kundig__quick_log_table(float table[KUNDIG__BOTTLE_LOG + 1]);

/* Room for so many clusters. A failed init needs no free. */
bool kundig__bottle_init(kundig__bottle *bottle, kundig__mem *mem, const kundig__sheet *sheet,
                         uint32_t clusters, uint64_t seed);
void kundig__bottle_free(kundig__bottle *bottle);
/* What follows allocates nothing but for merging. */

/* Labels drawn by lot among the clusters; groups as one. */
void kundig__bottle_draw(kundig__bottle *bottle);
/* Count everything anew from labels and weights: after either was changed from outside. */
void kundig__bottle_count(kundig__bottle *bottle);
/* Every row once, in an order drawn by lot, goes where it fits best; noise: by how many nats the
 * lot has a say in that. Returns how many rows moved. */
size_t kundig__bottle_sweep(kundig__bottle *bottle, float noise);
/* Weigh features anew by what they tell of the clusters; count follows by itself. */
void kundig__bottle_weigh(kundig__bottle *bottle);
/* Merge the two clusters that lose least by it until `clusters` are left. false on failure of
 * memory. */
bool kundig__bottle_merge(kundig__bottle *bottle, uint32_t clusters);
/* What the clusters score for a row, itself left out of its own; `clusters` numbers. */
const float *kundig__bottle_score(kundig__bottle *bottle, size_t row);

/* A whole run. */
typedef struct kundig__bottle_plan {
    uint32_t clusters;
    float over;      /* it begins with so many times as many */
    float noise;     /* in all but the last sweeps */
    uint32_t first;  /* sweeps before features are weighed */
    uint32_t rounds; /* of weighing; clusters are merged in the middle */
    uint32_t sweeps; /* of each round */
    uint32_t last;
} kundig__bottle_plan;

/* From labels drawn by lot to clusters; there must be room for over x clusters. false on failure of
 * memory. */
bool kundig__bottle_run(kundig__bottle *bottle, const kundig__bottle_plan *plan);

#endif
