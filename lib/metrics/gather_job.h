/* The inside of a gather: what gather.c begins and roster.c ends. */
#ifndef KUNDIG_METRICS_GATHER_JOB_H
#define KUNDIG_METRICS_GATHER_JOB_H

#include "metrics/gather.h"

#ifdef KUNDIG_TINY
#define GATHER_STEP  KUNDIG__GROUP_BLOCK
#define GATHER_ROUND 64
#else
#define GATHER_STEP  (UINT32_C(64) * KUNDIG__GROUP_BLOCK)
#define GATHER_ROUND (UINT32_C(1) << 20)
#endif

enum {
    GATHER_STEPS, /* how many answers count -1, 0, 1, and how many are missing */
    GATHER_POINTS,
    GATHER_WIDE
};

typedef struct gather_steps {
    uint32_t counts[4];
} gather_steps;

typedef struct gather_points {
    uint64_t n;
    uint64_t missing;
    int64_t x;
    int64_t xx;
} gather_points;

typedef struct gather_slot {
    uint32_t stamp;
    uint32_t index;
} gather_slot;

/* What one part owns. */
typedef struct gather_part {
    uint32_t first; /* rows [first, end); later groups */
    uint32_t end;
    uint32_t at;
    kundig__counted counted;
    bool overflow;
    void *tallies;      /* count + 1: the last takes rows of no group */
    uint32_t *places;   /* a group: where its next entry goes */
    gather_slot *slots; /* two a customer with pairs: a behind b */
    kundig__member *members;
    uint32_t stamp;
    uint32_t groups[KUNDIG__GROUP_BLOCK];
    uint32_t others[KUNDIG__GROUP_BLOCK]; /* of the second numbering */
    int32_t answers[KUNDIG__GROUP_BLOCK];
    uint8_t answered[KUNDIG__GROUP_BLOCK]; /* in any layer so far */
} gather_part;

typedef struct gather_job {
    kundig__gather *gather;
    int how; /* GATHER_ */
    size_t tally_size;
    uint32_t rows;
    const int32_t *answers;
    bool moods;            /* answers are of a row and layer: kundig__gather_answers() */
    const uint32_t *kinds; /* NULL: no row is left out for its kind */
    const uint32_t *customers;
    uint32_t customer_count; /* codes 1 .. */
    const int64_t *weights;
    uint32_t *label_target; /* where groups of layer 0 are kept; NULL: they are not */
    uint32_t label_layer;   /* the one that is labelled */
    uint32_t part_count;
    gather_part *parts;
    uint64_t *entries; /* customer, x << 32 */
    int64_t *entry_weights;
    uint32_t *starts; /* of a group's entries; count + 1 */
    uint32_t entry_count;
    uint32_t roster_size; /* most members of a group */
    uint64_t done;
    uint64_t total;
} gather_job;

/* gather.c */
int kundig__gather_overflow(kundig_error *err);
/* Run work over the stretches of all parts, in steps, so that progress() is asked between. */
int kundig__gather_run(gather_job *job, void (*work)(void *ud, uint32_t part), kundig_error *err);
void kundig__gather_rewind(gather_job *job);
/* Layers that these rows need. */
uint32_t kundig__gather_layers(const kundig__gather *gather, uint32_t first, uint32_t count);
/* Groups of a block of rows in a layer, to be read before the next call. */
const uint32_t *kundig__gather_layer(gather_job *job, gather_part *part, uint32_t layer,
                                     uint32_t first, uint32_t count);
/* Answers of a block of rows in a layer, to be read before the next call; NULL: there are none. */
const int32_t *kundig__gather_answers(const gather_job *job, gather_part *part, uint32_t layer,
                                      uint32_t first, uint32_t count);
/* Answers of a group in a part. */
uint64_t kundig__gather_part_n(const gather_job *job, const gather_part *part, uint32_t group);

/* roster.c: clusters of all groups into their cells, or members to the visitor. */
int kundig__gather_rosters(gather_job *job, kundig_error *err);
size_t kundig__gather_slot_count(const gather_job *job);

#endif
