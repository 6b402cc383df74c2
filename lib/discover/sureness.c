/* How sure clusters are: do two halves of the notes, neither knowing of the other, find them again?
 *
 * Of each cluster and each half: what it has in common with the half's cluster most like it, over
 * what either holds (Hennig 2007, clusterwise Jaccard). Notes that only few features tell from
 * others make both halves wander, and that is what is shown.
 *
 * Invariant: numbers in [0, 1] of whole counts. Cost: two fits of halves, words alone. */
#include "discover/quality.h"

typedef struct sureness_counts {
    uint32_t *joint; /* [cluster][cluster of the half] */
    uint32_t *own;
    uint32_t *theirs;
} sureness_counts;

static double sureness_best(const sureness_counts *counts, uint32_t clusters, uint32_t cluster)
{
    double best = 0;
    for (uint32_t t = 0; t < clusters; t++) {
        uint32_t joint = counts->joint[(size_t)cluster * clusters + t];
        if (joint) {
            double share =
                (double)joint / (double)(counts->own[cluster] + counts->theirs[t] - joint);
            best = share > best ? share : best;
        }
    }
    return best;
}

static int sureness_add(kundig__mem *mem, const kundig__halves *halves, const uint32_t *labels,
                        uint32_t clusters, const uint32_t *half, double *sureness)
{
    size_t joint_size = (size_t)clusters * clusters * sizeof(uint32_t);
    size_t size = clusters * sizeof(uint32_t);
    sureness_counts counts = {kundig__alloc_zero(mem, joint_size), kundig__alloc_zero(mem, size),
                              kundig__alloc_zero(mem, size)};
    int rc = KUNDIG_E_NOMEM;
    if (counts.joint && counts.own && counts.theirs) {
        for (size_t i = 0; i < halves->rows; i++) {
            if (labels[i] < clusters && half[i] < clusters) {
                counts.joint[(size_t)labels[i] * clusters + half[i]]++;
                counts.own[labels[i]]++;
                counts.theirs[half[i]]++;
            }
        }
        for (uint32_t t = 0; t < clusters; t++) {
            sureness[t] += sureness_best(&counts, clusters, t) / 2;
        }
        rc = KUNDIG_OK;
    }
    kundig__free(mem, counts.joint, joint_size);
    kundig__free(mem, counts.own, size);
    kundig__free(mem, counts.theirs, size);
    return rc;
}

int kundig__sureness(kundig__halves *halves, const uint32_t *labels, uint32_t clusters,
                     double *sureness, double *agreement)
{
    kundig__mem *mem = halves->fitting->mem;
    kundig__agreement found;
    int rc = kundig__halves_fit(halves, 0, clusters);
    for (uint32_t t = 0; t < clusters; t++) {
        sureness[t] = 0;
    }
    for (int i = 0; i < 2 && rc == KUNDIG_OK; i++) {
        rc = sureness_add(mem, halves, labels, clusters, halves->labels[i], sureness);
    }
    if (rc == KUNDIG_OK) {
        rc = kundig__agree(mem, halves->labels[0], clusters, halves->labels[1], clusters,
                           halves->rows, &found);
    }
    if (rc == KUNDIG_OK) {
        double mean = (found.rand + found.mutual) / 2;
        *agreement = mean > 0 ? mean : 0;
    }
    return rc;
}
