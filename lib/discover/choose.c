/* How many clusters: as many as two halves of the notes agree on.
 *
 * Each number of a geometric grid is tried: both halves of the notes are put into so many clusters,
 * all notes labelled by both, and (rand + mutual) / 2 told of that, the mean of two cuts. The curve
 * is smoothed, and its top found between the numbers tried. It has one wide top, so numbers beyond
 * it are not tried once two in a row fall well below.
 *
 * Invariant: at least 1 cluster, at most one for every eight rows, but where those are few.
 * Cost: some twenty fits of halves, words alone; most of it for the largest numbers. */
#include "base/math.h"
#include "discover/quality.h"

#define CHOOSE_CUTS   4u
#define CHOOSE_ROWS   8u   /* of a cluster, on average, at least */
#define CHOOSE_FEW    16u  /* rows that no halves are made of */
#define CHOOSE_FEW_BY 5u   /* of so few rows, one cluster each so many */
#define CHOOSE_SURE   32u  /* up to here all are tried */
#define CHOOSE_FALL   0.03 /* below the best so far, twice in a row: no further */

static const uint32_t choose_grid[] = {2,  3,  4,  6,   8,   11,  16,  23,  32,
                                       45, 64, 90, 128, 181, 256, 362, 512, 724};
enum { CHOOSE_GRID = sizeof choose_grid / sizeof choose_grid[0] };
#define CHOOSE_USUAL 2u /* where the grid begins, unless even that is too many */

/* Mean agreement of two halves at a number of clusters. */
static int choose_try(kundig__halves *halves, uint32_t clusters, double *out, kundig_error *err)
{
    double sum = 0;
    uint32_t cuts = clusters < CHOOSE_SURE ? CHOOSE_CUTS : CHOOSE_CUTS / 2;
    for (uint32_t cut = 0; cut < cuts; cut++) {
        kundig__agreement agreement;
        int rc = kundig__quality_go_on(halves->fitting, err);
        if (rc == KUNDIG_OK) {
            rc = kundig__halves_fit(halves, cut, clusters);
        }
        if (rc == KUNDIG_OK) {
            rc = kundig__agree(halves->fitting->mem, halves->labels[0], clusters, halves->labels[1],
                               clusters, halves->rows, &agreement);
        }
        if (rc != KUNDIG_OK) {
            return rc;
        }
        sum += (agreement.rand + agreement.mutual) / 2;
    }
    *out = sum / cuts;
    return KUNDIG_OK;
}

/* The score at a place of the grid with those beside it. */
static double choose_smooth(const double *scores, uint32_t first, uint32_t last, uint32_t at)
{
    double sum = 2 * scores[at];
    double weight = 2;
    if (at > first) {
        sum += scores[at - 1];
        weight++;
    }
    if (at < last) {
        sum += scores[at + 1];
        weight++;
    }
    return sum / weight;
}

/* The top of the parabola through a place and those beside it, in steps of the grid. */
static double choose_between(const double *scores, uint32_t first, uint32_t last, uint32_t at)
{
    if (at == first || at == last) {
        return 0;
    }
    double before = choose_smooth(scores, first, last, at - 1);
    double here = choose_smooth(scores, first, last, at);
    double after = choose_smooth(scores, first, last, at + 1);
    double bend = before - 2 * here + after;
    double shift = bend < -1e-9 ? (before - after) / (2 * bend) : 0;
    return shift > 0.5 ? 0.5 : shift < -0.5 ? -0.5 : shift;
}

static int choose_climb(kundig__halves *halves, size_t most, uint32_t *clusters, kundig_error *err)
{
    double scores[CHOOSE_GRID] = {0};
    uint32_t first = most < choose_grid[CHOOSE_USUAL] ? 0 : CHOOSE_USUAL;
    uint32_t last = first;
    double best = 0;
    uint32_t below = 0;
    for (uint32_t i = first; i < CHOOSE_GRID && choose_grid[i] <= most && below < 2; i++) {
        int rc = choose_try(halves, choose_grid[i], &scores[i], err);
        if (rc != KUNDIG_OK) {
            return rc;
        }
        last = i;
        best = scores[i] > best ? scores[i] : best;
        bool falls = choose_grid[i] >= CHOOSE_SURE && scores[i] < best - CHOOSE_FALL;
        below = falls ? below + 1 : 0;
    }
    uint32_t top = first;
    for (uint32_t i = first + 1; i <= last; i++) {
        if (choose_smooth(scores, first, last, i) > choose_smooth(scores, first, last, top)) {
            top = i;
        }
    }
    /* Steps of the grid are half powers of 2. */
    double steps = choose_between(scores, first, last, top) * 0.34657359027997264;
    *clusters = (uint32_t)((double)choose_grid[top] * kundig__exp(steps) + 0.5);
    return KUNDIG_OK;
}

int kundig__choose(const kundig__fitting *fitting, uint32_t *clusters, kundig_error *err)
{
    kundig__halves halves;
    int rc = kundig__halves_make(&halves, fitting);
    if (rc != KUNDIG_OK) {
        return rc;
    }
    size_t some = 0;
    for (size_t i = 0; i < halves.rows; i++) {
        some += halves.starts[i + 1] > halves.starts[i];
    }
    if (some < CHOOSE_FEW) {
        *clusters = (uint32_t)(some / CHOOSE_FEW_BY > 1 ? some / CHOOSE_FEW_BY : 1);
    } else {
        rc = choose_climb(&halves, some / CHOOSE_ROWS, clusters, err);
    }
    kundig__halves_free(&halves);
    return rc;
}
