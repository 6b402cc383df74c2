/* How many clusters, how sure they are, how they are made surer, and the level above them: steps of
 * the whole way that look at many runs. Each is a function of the fitted notes, the seed and the
 * hints alone; threads share the work and change no bit. */
#ifndef KUNDIG_DISCOVER_QUALITY_H
#define KUNDIG_DISCOVER_QUALITY_H

#include "discover/fitting.h"

/* KUNDIG_OK, or KUNDIG_E_CANCELLED where the survey's progress says so. */
int kundig__quality_go_on(const kundig__fitting *fitting, kundig_error *err);

/* How far two ways of putting the same rows into clusters agree, by chance alone: 0. Numbers of a
 * and b are below a_count and b_count, or KUNDIG__NO_CLUSTER: the row is left out. */
typedef struct kundig__agreement {
    double rand;   /* adjusted Rand index */
    double mutual; /* adjusted mutual information over the mean of both entropies */
} kundig__agreement;
int kundig__agree(kundig__mem *mem, const uint32_t *a, uint32_t a_count, const uint32_t *b,
                  uint32_t b_count, size_t rows, kundig__agreement *out);

/* Clusters of halves: words of the first notes alone, so that dozens of fits are affordable. Half
 * 0 and half 1 of cut c are told by a bit of the notes' content. */
typedef struct kundig__halves {
    const kundig__fitting *fitting;
    size_t rows;
    size_t *starts;
    uint32_t *cells;
    float *scales;
    uint32_t feature_count;
    kundig__sheet sheet;
    uint32_t *labels[2]; /* of all rows by each half; KUNDIG__NO_CLUSTER: nothing known of it */
} kundig__halves;

/* KUNDIG_OK or failures of memory. A failed make needs no free. */
int kundig__halves_make(kundig__halves *halves, const kundig__fitting *fitting);
void kundig__halves_free(kundig__halves *halves);
/* Is a row of that half of a cut? */
bool kundig__halves_has(const kundig__halves *halves, uint32_t cut, uint32_t half, size_t row);
/* Fit both halves of a cut, on two threads where the survey has them, and label all rows by each.
 */
int kundig__halves_fit(kundig__halves *halves, uint32_t cut, uint32_t clusters);

/* The number of clusters on which two halves of the notes agree most: the largest smoothed (rand +
 * mutual) / 2 on a geometric grid. */
int kundig__choose(const kundig__fitting *fitting, uint32_t *clusters, kundig_error *err);

/* How surely two halves of the notes find the clusters again: of each cluster the share that it has
 * in common with the most alike of each half (Jaccard), the mean of both halves; and how far the
 * halves agree on the whole, (rand + mutual) / 2. sureness: `clusters` numbers in [0, 1]. */
int kundig__sureness(kundig__halves *halves, const uint32_t *labels, uint32_t clusters,
                     double *sureness, double *agreement);

/* Labels that several runs agree on: each note is the set of labels that the runs gave it, and
 * those sets are clustered. Never more clusters than asked for. */
int kundig__consensus(const kundig__fitting *fitting, uint32_t clusters, uint32_t *labels,
                      kundig_error *err);

/* Into how many themes clusters fall (wanted: 0, as many as two halves agree on), and which is
 * whose: clusters are merged where least is lost, and go one by one where they fit best; so each is
 * in exactly one theme. themes: `clusters` numbers; themes are numbered by their first cluster. */
int kundig__themes(const kundig__halves *halves, const uint32_t *labels, uint32_t clusters,
                   uint32_t wanted, uint32_t *themes, uint32_t *theme_count);

/* What people said, as groups of rows that move as one. Where hints contradict each other: what was
 * pointed at wins over words, the hint with the lesser number over others, and to stand apart over
 * fitting well. */
typedef struct kundig__hints {
    kundig__mem *mem;
    size_t rows;
    size_t count;
    uint32_t *groups;
    uint32_t *members;
    uint32_t *starts;
    uint8_t *owners;
} kundig__hints;

/* Into fitting->sheet, which borrows from hints. KUNDIG_OK or failures of memory; a failed make
 * needs no free. */
int kundig__hints_make(kundig__fitting *fitting, kundig__hints *hints);
void kundig__hints_free(kundig__hints *hints);

/* ---- The two steps of the whole way ---- */

/* Labels of all fitted notes, from nothing: how many clusters (fitting->clusters; 0: chosen), and
 * by which quality. */
int kundig__quality_fit(kundig__fitting *fitting, kundig_error *err);
/* Themes and sureness of what was frozen. */
int kundig__quality_tell(kundig__fitting *fitting);

#endif
