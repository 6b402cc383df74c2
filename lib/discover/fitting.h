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
    uint32_t *was;     /* of notes: label by survey->before */
    float *margins;    /* of notes */
    float *fits;       /* of notes: see kundig__clustering_facts.least_fit */
    kundig__clustered *clustered;
} kundig__fitting;

/* One run from nothing: labels of all fitted notes. Runs of one fitting may go side by side, each
 * with a mem and labels of its own. KUNDIG_OK or failures of memory. */
int kundig__fit_run(const kundig__fitting *fitting, kundig__mem *mem, uint32_t clusters,
                    uint64_t seed, uint32_t *labels);
/* Go on from labels, features weighed by them; stay: how much better, in nats, another cluster must
 * be for a note to move. */
int kundig__fit_on(const kundig__fitting *fitting, kundig__mem *mem, uint32_t clusters,
                   uint64_t seed, float stay, uint32_t *labels);
/* Labels, margins and clustered from labels: clusters are numbered by size, empty ones go, unless
 * they go on from an earlier clustering. */
int kundig__fit_freeze(kundig__fitting *fitting);
/* Below which fit a text is in no cluster: what texts drawn by lot reach. */
int kundig__fit_chance(kundig__fitting *fitting);
/* Texts [from, to), and where they go; texts without data are not asked about. put is called by
 * several threads, each text by one. */
typedef struct kundig__placing {
    kundig__mem *mem;
    const kundig__clustered *clustered;
    uint32_t threads;
    size_t from;
    size_t to;
    bool units; /* whether units are told, too */
    kundig_text (*text)(const void *ud, size_t text);
    void (*put)(void *ud, size_t text, const kundig__assigning *assigning);
    void *ud;
} kundig__placing;

/* KUNDIG_OK or failures of memory. */
int kundig__place_all(const kundig__placing *placing);
/* Different writers of each cluster, where any is known (facts.writers). */
int kundig__cluster_writers(kundig__mem *mem, const kundig__survey *survey,
                            kundig__clustered *clustered,
                            uint32_t (*cluster_of_text)(const void *ud, size_t text),
                            const void *ud);
/* Labels, margins and fits of the notes from `from` on, by what is frozen of a clustering. */
int kundig__fit_place(kundig__fitting *fitting, const kundig__clustered *clustered, size_t from);

/* Going on from survey->before. */

/* Labels of the fitted notes; clusters of before keep their numbers, and new ones may come. */
int kundig__fit_warm(kundig__fitting *fitting);
/* What clusters came from, once it is known where all notes are; moved: see kundig__cluster(), or
 * NULL. */
int kundig__fit_lineage(kundig__fitting *fitting, uint32_t *moved);
/* clustered, labels, margins and fits of all notes. */
int kundig__fit_settle(kundig__fitting *fitting);

#endif
