/* Themes: the level above clusters.
 *
 * Clusters are merged where least is lost, down to the number of themes; then those that would fit
 * another theme better go there, so that an early merge is no fate. How many: the number at which
 * two halves of the rows, put together by the same clusters, merge them most alike.
 *
 * Invariant: every cluster is in exactly one theme, none of which is empty; whole numbers decide.
 * Cost: a few passes over words x clusters of it x themes. */
#include <string.h>

#include "base/math.h"
#include "discover/quality.h"

#define THEMES_PASSES 8u

static const uint32_t themes_grid[] = {64, 57, 50, 45, 40, 34, 28, 24, 20, 17,
                                       14, 12, 10, 8,  7,  6,  5,  4,  3,  2};
enum { THEMES_GRID = sizeof themes_grid / sizeof themes_grid[0] };

/* The rows of a half (2: all of them) by their clusters. */
static bool themes_bottle(const kundig__halves *halves, const uint32_t *labels, uint32_t clusters,
                          uint32_t half, kundig__bottle *bottle)
{
    if (!kundig__bottle_init(bottle, halves->fitting->mem, &halves->sheet, clusters, 0)) {
        return false;
    }
    for (size_t i = 0; i < halves->rows; i++) {
        bool in = half == 2 || kundig__halves_has(halves, 0, half, i);
        bottle->labels[i] = in ? labels[i] : KUNDIG__NO_CLUSTER;
    }
    kundig__bottle_count(bottle);
    kundig__bottle_weigh(bottle);
    return true;
}

/* Which merged cluster each cluster is in now; one that has no row is in the first. */
static void themes_read(const kundig__bottle *bottle, const uint32_t *labels, uint32_t clusters,
                        uint32_t *themes)
{
    memset(themes, 0, clusters * sizeof *themes);
    for (size_t i = 0; i < bottle->sheet->count; i++) {
        if (bottle->labels[i] != KUNDIG__NO_CLUSTER && labels[i] < clusters) {
            themes[labels[i]] = bottle->labels[i];
        }
    }
}

/* ---- How many ------------------------------------------------------------------------------- */

/* The numbers that a person can use: neither nearly one nor nearly as many as clusters. */
static bool themes_useful(uint32_t number, uint32_t clusters)
{
    uint32_t square = number * number;
    return square * 4 >= clusters && square * 4 <= 9 * clusters;
}

static int themes_try(const kundig__halves *halves, const uint32_t *labels, uint32_t clusters,
                      kundig__bottle *bottles, uint32_t *rows, double *scores)
{
    size_t count = halves->rows;
    uint32_t themes[KUNDIG__MOST_CLUSTERS];
    for (uint32_t i = 0; i < THEMES_GRID; i++) {
        uint32_t number = themes_grid[i];
        scores[i] = -1;
        if (!themes_useful(number, clusters)) {
            continue;
        }
        for (uint32_t half = 0; half < 2; half++) {
            if (!kundig__bottle_merge(&bottles[half], number)) {
                return KUNDIG_E_NOMEM;
            }
            themes_read(&bottles[half], labels, clusters, themes);
            for (size_t j = 0; j < count; j++) {
                rows[half * count + j] =
                    labels[j] < clusters ? themes[labels[j]] : KUNDIG__NO_CLUSTER;
            }
        }
        kundig__agreement agreement;
        int rc = kundig__agree(halves->fitting->mem, rows, number, rows + count, number, count,
                               &agreement);
        if (rc != KUNDIG_OK) {
            return rc;
        }
        scores[i] = (agreement.rand + agreement.mutual) / 2;
    }
    return KUNDIG_OK;
}

static uint32_t themes_best(const double *scores, uint32_t clusters)
{
    uint32_t best = 0;
    double most = -1;
    for (uint32_t i = 0; i < THEMES_GRID; i++) {
        double sum = 2 * scores[i];
        double weight = 2;
        for (uint32_t j = i ? i - 1 : 1; j < THEMES_GRID && j <= i + 1; j += 2) {
            sum += scores[j] >= 0 ? scores[j] : 0;
            weight += scores[j] >= 0;
        }
        if (scores[i] >= 0 && sum / weight > most) {
            most = sum / weight;
            best = themes_grid[i];
        }
    }
    return best ? best : clusters;
}

static int themes_choose(const kundig__halves *halves, const uint32_t *labels, uint32_t clusters,
                         uint32_t *number)
{
    kundig__mem *mem = halves->fitting->mem;
    kundig__bottle bottles[2];
    double scores[THEMES_GRID];
    size_t size = 2 * halves->rows * sizeof(uint32_t);
    if (!themes_bottle(halves, labels, clusters, 0, &bottles[0])) {
        return KUNDIG_E_NOMEM;
    }
    if (!themes_bottle(halves, labels, clusters, 1, &bottles[1])) {
        kundig__bottle_free(&bottles[0]);
        return KUNDIG_E_NOMEM;
    }
    uint32_t *rows = kundig__alloc(mem, size);
    int rc = KUNDIG_E_NOMEM;
    if (rows) {
        rc = themes_try(halves, labels, clusters, bottles, rows, scores);
    }
    if (rc == KUNDIG_OK) {
        *number = themes_best(scores, clusters);
    }
    kundig__free(mem, rows, size);
    kundig__bottle_free(&bottles[0]);
    kundig__bottle_free(&bottles[1]);
    return rc;
}

/* ---- Which ---------------------------------------------------------------------------------- */

typedef struct themes_work {
    const kundig__bottle *bottle; /* by clusters */
    uint32_t clusters;
    uint32_t count; /* themes */
    uint32_t *themes;
    uint64_t *sums;   /* of one word, by theme */
    uint64_t *masses; /* of themes */
    uint32_t *sizes;  /* of themes: clusters */
    double *gains;    /* [cluster][theme]: what it adds to a theme that does not hold it */
    uint8_t *touched;
} themes_work;

static double themes_entropy(double x)
{
    return x > 0 ? x * kundig__log(x) : 0;
}

/* What x more tells beside what is there. */
static double themes_more(double there, double x)
{
    return themes_entropy(there + x) - themes_entropy(there);
}

static void themes_gain(themes_work *work)
{
    const kundig__bottle *bottle = work->bottle;
    uint32_t count = work->count;
    memset(work->gains, 0, (size_t)work->clusters * count * sizeof *work->gains);
    memset(work->masses, 0, count * sizeof *work->masses);
    memset(work->sizes, 0, count * sizeof *work->sizes);
    for (uint32_t c = 0; c < work->clusters; c++) {
        work->masses[work->themes[c]] += bottle->masses[c];
        work->sizes[work->themes[c]]++;
    }
    for (uint32_t i = 0; i < bottle->sheet->feature_count; i++) {
        const uint32_t *sums = bottle->sums + (size_t)i * bottle->width;
        if (bottle->weights[i] == 0) {
            continue;
        }
        double weight = (double)bottle->weights[i] / bottle->unit / KUNDIG__BOTTLE_MASS;
        memset(work->sums, 0, count * sizeof *work->sums);
        for (uint32_t c = 0; c < work->clusters; c++) {
            work->sums[work->themes[c]] += sums[c];
        }
        for (uint32_t c = 0; c < work->clusters; c++) {
            double *gains = work->gains + (size_t)c * count;
            double alone = themes_entropy(sums[c]);
            for (uint32_t t = 0; t < count && sums[c]; t++) {
                uint64_t there = work->sums[t] - (work->themes[c] == t ? sums[c] : 0);
                gains[t] += weight * (there ? themes_more((double)there, sums[c]) - alone : 0);
            }
        }
    }
    for (uint32_t c = 0; c < work->clusters; c++) {
        double mass = (double)bottle->masses[c] / KUNDIG__BOTTLE_MASS;
        for (uint32_t t = 0; t < count; t++) {
            uint64_t there = work->masses[t] - (work->themes[c] == t ? bottle->masses[c] : 0);
            work->gains[(size_t)c * count + t] -=
                themes_more((double)there / KUNDIG__BOTTLE_MASS, mass);
        }
    }
}

/* The move that gains most between themes not touched yet; false: there is none. */
static bool themes_move(themes_work *work)
{
    uint32_t who = 0;
    uint32_t where = 0;
    double most = 1e-9;
    for (uint32_t c = 0; c < work->clusters; c++) {
        uint32_t own = work->themes[c];
        const double *gains = work->gains + (size_t)c * work->count;
        for (uint32_t t = 0; t < work->count; t++) {
            bool may = !work->touched[own] && !work->touched[t] && work->sizes[own] > 1;
            if (may && t != own && gains[t] - gains[own] > most) {
                most = gains[t] - gains[own];
                who = c;
                where = t;
            }
        }
    }
    if (most <= 1e-9) {
        return false;
    }
    work->touched[work->themes[who]] = 1;
    work->touched[where] = 1;
    work->themes[who] = where;
    return true;
}

static bool themes_refine(const kundig__bottle *bottle, uint32_t clusters, uint32_t *themes,
                          uint32_t count)
{
    kundig__mem *mem = bottle->mem;
    themes_work work = {.bottle = bottle, .clusters = clusters, .count = count, .themes = themes};
    size_t gains = (size_t)clusters * count * sizeof *work.gains;
    work.sums = kundig__alloc(mem, count * sizeof *work.sums);
    work.masses = kundig__alloc(mem, count * sizeof *work.masses);
    work.sizes = kundig__alloc(mem, count * sizeof *work.sizes);
    work.gains = kundig__alloc(mem, gains);
    work.touched = kundig__alloc(mem, count);
    bool fits = work.sums && work.masses && work.sizes && work.gains && work.touched;
    bool moved = fits;
    for (uint32_t pass = 0; pass < THEMES_PASSES && moved; pass++) {
        themes_gain(&work);
        memset(work.touched, 0, count);
        moved = themes_move(&work);
        while (themes_move(&work)) {
        }
    }
    kundig__free(mem, work.sums, count * sizeof *work.sums);
    kundig__free(mem, work.masses, count * sizeof *work.masses);
    kundig__free(mem, work.sizes, count * sizeof *work.sizes);
    kundig__free(mem, work.gains, gains);
    kundig__free(mem, work.touched, count);
    return fits;
}

/* Themes in the order of their first cluster; those that hold none go. */
static uint32_t themes_number(uint32_t *themes, uint32_t clusters)
{
    uint32_t numbers[KUNDIG__MOST_CLUSTERS];
    uint32_t count = 0;
    memset(numbers, 0xFF, sizeof numbers);
    for (uint32_t c = 0; c < clusters; c++) {
        if (numbers[themes[c]] == UINT32_MAX) {
            numbers[themes[c]] = count++;
        }
        themes[c] = numbers[themes[c]];
    }
    return count;
}

int kundig__themes(const kundig__halves *halves, const uint32_t *labels, uint32_t clusters,
                   uint32_t wanted, uint32_t *themes, uint32_t *theme_count)
{
    uint32_t number = wanted < clusters ? wanted : clusters;
    int rc = wanted ? KUNDIG_OK : themes_choose(halves, labels, clusters, &number);
    kundig__bottle bottle;
    if (rc != KUNDIG_OK || !themes_bottle(halves, labels, clusters, 2, &bottle)) {
        return KUNDIG_E_NOMEM;
    }
    bool fits = kundig__bottle_merge(&bottle, number);
    if (fits) {
        themes_read(&bottle, labels, clusters, themes);
    }
    kundig__bottle_free(&bottle);
    if (!fits || !themes_bottle(halves, labels, clusters, 2, &bottle)) {
        return KUNDIG_E_NOMEM;
    }
    fits = themes_refine(&bottle, clusters, themes, number);
    kundig__bottle_free(&bottle);
    *theme_count = fits ? themes_number(themes, clusters) : 0;
    return fits ? KUNDIG_OK : KUNDIG_E_NOMEM;
}
