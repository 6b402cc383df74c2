/* Runs over notes, and what is frozen of them.
 *
 * Invariant: what comes out is a function of the notes, the number of clusters and the seed.
 * Cost: bottleneck.c's. */
#include <string.h>

#include "base/order.h"
#include "discover/fitting.h"

static const kundig__bottle_plan fit_plan = {
    .over = 1.7f, .noise = 0.1f, .first = 6, .rounds = 6, .sweeps = 3, .last = 5};

int kundig__fit_run(const kundig__fitting *fitting, kundig__mem *mem, uint32_t clusters,
                    uint64_t seed, uint32_t *labels)
{
    kundig__bottle_plan plan = fit_plan;
    plan.clusters = clusters;
    uint32_t room = (uint32_t)(plan.over * (float)clusters + 0.5f);
    kundig__bottle bottle;
    if (!kundig__bottle_init(&bottle, mem, &fitting->sheet, room, seed)) {
        return KUNDIG_E_NOMEM;
    }
    bool fits = kundig__bottle_run(&bottle, &plan);
    if (fits) {
        memcpy(labels, bottle.labels, fitting->sheet.count * sizeof *labels);
    }
    kundig__bottle_free(&bottle);
    return fits ? KUNDIG_OK : KUNDIG_E_NOMEM;
}

int kundig__fit_on(const kundig__fitting *fitting, kundig__mem *mem, uint32_t clusters,
                   uint64_t seed, float stay, uint32_t *labels)
{
    kundig__bottle bottle;
    if (!kundig__bottle_init(&bottle, mem, &fitting->sheet, clusters, seed)) {
        return KUNDIG_E_NOMEM;
    }
    memcpy(bottle.labels, labels, fitting->sheet.count * sizeof *labels);
    bottle.stay = stay;
    kundig__bottle_count(&bottle);
    for (uint32_t i = 0; i < 2; i++) {
        kundig__bottle_weigh(&bottle);
        for (uint32_t j = 0; j < fit_plan.sweeps; j++) {
            kundig__bottle_sweep(&bottle, 0);
        }
    }
    memcpy(labels, bottle.labels, fitting->sheet.count * sizeof *labels);
    kundig__bottle_free(&bottle);
    return KUNDIG_OK;
}

/* ---- Freezing ------------------------------------------------------------------------------- */

typedef struct fit_sizes {
    const uint64_t *texts;
    const uint64_t *prints;
} fit_sizes;

static int fit_size_order(const void *ud, uint32_t a, uint32_t b)
{
    const fit_sizes *sizes = ud;
    if (sizes->texts[a] != sizes->texts[b]) {
        return sizes->texts[a] > sizes->texts[b] ? -1 : 1;
    }
    if (sizes->prints[a] != sizes->prints[b]) {
        return sizes->prints[a] < sizes->prints[b] ? -1 : 1;
    }
    return a < b ? -1 : a > b;
}

/* Number clusters by size; empty ones go. */
static int fit_number(kundig__fitting *fitting)
{
    kundig__mem *mem = fitting->mem;
    const kundig__notes *notes = &fitting->notes;
    size_t count = fitting->clusters;
    uint64_t *texts = kundig__alloc_zero(mem, 2 * count * sizeof *texts);
    uint32_t *order = kundig__alloc(mem, 2 * count * sizeof *order);
    if (!texts || !order) {
        kundig__free(mem, texts, 2 * count * sizeof *texts);
        kundig__free(mem, order, 2 * count * sizeof *order);
        return KUNDIG_E_NOMEM;
    }
    uint64_t *prints = texts + count;
    uint32_t *numbers = order + count;
    for (size_t i = 0; i < notes->fitted; i++) {
        uint32_t label = fitting->labels[i];
        if (label < count) {
            texts[label] += notes->text_counts[i];
            prints[label] += notes->hashes[i];
        }
    }
    uint32_t used = 0;
    for (uint32_t t = 0; t < count; t++) {
        order[t] = t;
        used += texts[t] > 0;
    }
    fit_sizes sizes = {texts, prints};
    kundig__order_sort(order, count, fit_size_order, &sizes);
    for (uint32_t t = 0; t < count; t++) {
        numbers[order[t]] = t;
    }
    for (size_t i = 0; i < notes->fitted; i++) {
        uint32_t label = fitting->labels[i];
        fitting->labels[i] = label < count ? numbers[label] : KUNDIG__NO_CLUSTER;
    }
    fitting->clusters = used;
    kundig__free(mem, texts, 2 * count * sizeof *texts);
    kundig__free(mem, order, 2 * count * sizeof *order);
    return KUNDIG_OK;
}

/* How much better each fitted note fits its cluster than the best other, itself left out. */
static void fit_margins(kundig__fitting *fitting, kundig__bottle *bottle)
{
    for (size_t i = 0; i < fitting->notes.fitted; i++) {
        uint32_t label = fitting->labels[i];
        fitting->margins[i] = 0;
        if (label == KUNDIG__NO_CLUSTER || bottle->clusters < 2) {
            continue;
        }
        const float *scores = kundig__bottle_score(bottle, i);
        float other = -1e30f;
        for (uint32_t t = 0; t < bottle->clusters; t++) {
            other = t != label && scores[t] > other ? scores[t] : other;
        }
        fitting->margins[i] = scores[label] > other ? scores[label] - other : 0;
    }
}

/* How well each fitted note fits its cluster, itself left out of it and of all. */
static int fit_fits(kundig__fitting *fitting, const kundig__bottle *bottle)
{
    const kundig__notes *notes = &fitting->notes;
    size_t size = notes->feature_count * sizeof(uint64_t);
    uint64_t *alls = kundig__alloc_zero(fitting->mem, size);
    if (!alls) {
        return KUNDIG_E_NOMEM;
    }
    uint64_t mass = 0;
    for (uint32_t t = 0; t < bottle->clusters; t++) {
        mass += bottle->masses[t];
        for (uint32_t y = 0; y < notes->feature_count; y++) {
            alls[y] += bottle->sums[(size_t)y * bottle->width + t];
        }
    }
    double strange = (double)fitting->clustered->strange / KUNDIG__FROZEN_WEIGHT;
    for (size_t i = 0; i < notes->fitted; i++) {
        uint32_t own = fitting->labels[i];
        fitting->fits[i] = -KUNDIG__FROZEN_WORST;
        if (own == KUNDIG__NO_CLUSTER) {
            continue;
        }
        uint32_t units = bottle->units[i];
        uint64_t left = bottle->masses[own] - notes->masses[i];
        float spread = left ? (float)((double)(mass - notes->masses[i]) / (double)left) : 0;
        double sum = 0;
        double weights = notes->strange[i] * strange;
        for (size_t j = notes->starts[i]; j < notes->starts[i + 1]; j++) {
            uint32_t y = notes->cells[j];
            float weight = bottle->weights[y];
            if (weight == 0) {
                weights += kundig__note_strange(notes->buckets[y]) * strange;
                continue;
            }
            float slope = bottle->slopes[y] * (1 / 2.71828183f);
            float here = (float)(bottle->sums[(size_t)y * bottle->width + own] - units) * slope;
            float all = (float)(alls[y] - units) * slope;
            const float *table = bottle->log_table;
            sum += (double)weight * (double)(kundig__quick_log(table, here * spread * 2 + 1) -
                                             kundig__quick_log(table, all * 2 + 1));
            weights += (double)weight;
        }
        fitting->fits[i] = (float)(sum / weights);
    }
    kundig__free(fitting->mem, alls, size);
    return KUNDIG_OK;
}

static int fit_fit_order(const void *ud, uint32_t a, uint32_t b)
{
    const float *fits = ud;
    return fits[a] < fits[b] ? -1 : fits[a] > fits[b] ? 1 : a < b ? -1 : a > b;
}

/* The curve of how well fitted notes fit. */
static int fit_curve(kundig__fitting *fitting)
{
    size_t fitted = fitting->notes.fitted;
    uint32_t *order = kundig__alloc(fitting->mem, fitted * sizeof *order);
    if (!order) {
        return KUNDIG_E_NOMEM;
    }
    size_t count = 0;
    for (size_t i = 0; i < fitted; i++) {
        if (fitting->labels[i] != KUNDIG__NO_CLUSTER) {
            order[count++] = (uint32_t)i;
        }
    }
    kundig__order_sort(order, count, fit_fit_order, fitting->fits);
    for (uint32_t i = 0; i < KUNDIG__FROZEN_FITS && count; i++) {
        size_t at = (count - 1) * i / (KUNDIG__FROZEN_FITS - 1);
        fitting->clustered->fits[i] = (int32_t)(fitting->fits[order[at]] * KUNDIG__FROZEN_PRIOR);
    }
    kundig__free(fitting->mem, order, fitted * sizeof *order);
    return KUNDIG_OK;
}

int kundig__fit_freeze(kundig__fitting *fitting)
{
    kundig__bottle bottle;
    int rc = fitting->survey->before ? KUNDIG_OK : fit_number(fitting);
    if (rc != KUNDIG_OK) {
        return rc;
    }
    if (!kundig__bottle_init(&bottle, fitting->mem, &fitting->sheet, fitting->clusters, 0)) {
        return KUNDIG_E_NOMEM;
    }
    memcpy(bottle.labels, fitting->labels, fitting->sheet.count * sizeof *bottle.labels);
    kundig__bottle_count(&bottle);
    kundig__bottle_weigh(&bottle);
    fit_margins(fitting, &bottle);
    fitting->clustered = kundig__clustered_freeze(&fitting->mem->hook, &fitting->notes, &bottle);
    rc = KUNDIG_E_NOMEM;
    if (fitting->clustered) {
        kundig__clustered_settle(fitting->clustered);
        rc = fit_fits(fitting, &bottle);
    }
    kundig__bottle_free(&bottle);
    rc = rc == KUNDIG_OK ? fit_curve(fitting) : rc;
    return rc == KUNDIG_OK ? kundig__fit_chance(fitting) : rc;
}
