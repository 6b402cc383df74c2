/* A clustering's life, and what it knows.
 *
 * Invariant: it never changes once it was given out.
 * Cost: a byte a feature and cluster in memory. */
#include "discover/clustered.h"

#include <string.h>

#include "base/math.h"

kundig__clustered *kundig__clustered_new(const kundig_allocator *allocator, uint32_t cluster_count,
                                         uint32_t row_count)
{
    kundig__mem mem;
    kundig__mem_init(&mem, allocator, 0);
    kundig__clustered *clustered = kundig__alloc_zero(&mem, sizeof *clustered);
    if (!clustered) {
        return NULL;
    }
    clustered->mem = mem;
    kundig__mem *own = &clustered->mem;
    atomic_init(&clustered->references, 1);
    clustered->cluster_count = cluster_count;
    clustered->row_count = row_count;
    clustered->width =
        (cluster_count + KUNDIG__FROZEN_WIDE - 1) / KUNDIG__FROZEN_WIDE * KUNDIG__FROZEN_WIDE;
    size_t cells = (size_t)row_count * clustered->width;
    clustered->clusters = kundig__alloc_zero(own, cluster_count * sizeof *clustered->clusters);
    clustered->buckets = kundig__alloc_zero(own, row_count * sizeof *clustered->buckets);
    clustered->weights = kundig__alloc_zero(own, row_count * sizeof *clustered->weights);
    clustered->rows = kundig__alloc_zero(own, cells);
    clustered->priors = kundig__alloc_zero(own, cluster_count * sizeof *clustered->priors);
    clustered->lookup = kundig__alloc(own, KUNDIG__NOTE_BUCKETS * sizeof *clustered->lookup);
    clustered->alls = kundig__alloc_zero(own, row_count * sizeof *clustered->alls);
    clustered->spreads = kundig__alloc_zero(own, cluster_count * sizeof *clustered->spreads);
    clustered->languages = kundig__languages_new(own);
    if (!clustered->clusters || !clustered->languages || !clustered->alls || !clustered->spreads ||
        !clustered->buckets || !clustered->weights || !clustered->rows || !clustered->priors ||
        !clustered->lookup) {
        kundig__clustered_free(clustered);
        return NULL;
    }
    memset(clustered->lookup, 0xFF, KUNDIG__NOTE_BUCKETS * sizeof *clustered->lookup);
    for (uint32_t t = 0; t < cluster_count; t++) {
        clustered->clusters[t].from = KUNDIG__NO_CLUSTER;
    }
    return clustered;
}

/* How many rows of usual size the logarithm stands for. */
static double clustered_count(uint8_t steps)
{
    return (kundig__exp((double)steps / KUNDIG__FROZEN_STEPS) - 1) / 2.718281828459045;
}

/* How many texts a cluster holds, as its prior tells. */
static double clustered_mass(const kundig__clustered *clustered, uint32_t cluster)
{
    int32_t prior = clustered->priors[cluster];
    return prior < KUNDIG__FROZEN_CLOSED ? kundig__exp((double)prior / KUNDIG__FROZEN_PRIOR - 1)
                                         : 0;
}

kundig__clustered *kundig__clustered_retain(kundig__clustered *clustered)
{
    if (clustered) {
        atomic_fetch_add_explicit(&clustered->references, 1, memory_order_relaxed);
    }
    return clustered;
}

void kundig__clustered_free(kundig__clustered *clustered)
{
    if (!clustered ||
        atomic_fetch_sub_explicit(&clustered->references, 1, memory_order_acq_rel) != 1) {
        return;
    }
    kundig__mem mem = clustered->mem;
    size_t clusters = clustered->cluster_count;
    size_t rows = clustered->row_count;
    kundig__free(&mem, clustered->clusters, clusters * sizeof *clustered->clusters);
    kundig__free(&mem, clustered->buckets, rows * sizeof *clustered->buckets);
    kundig__free(&mem, clustered->weights, rows * sizeof *clustered->weights);
    kundig__free(&mem, clustered->rows, rows * clustered->width);
    kundig__free(&mem, clustered->priors, clusters * sizeof *clustered->priors);
    kundig__free(&mem, clustered->lookup, KUNDIG__NOTE_BUCKETS * sizeof *clustered->lookup);
    kundig__free(&mem, clustered->alls, rows * sizeof *clustered->alls);
    kundig__free(&mem, clustered->spreads, clusters * sizeof *clustered->spreads);
    if (clustered->languages) {
        kundig__languages_free(clustered->languages, &mem);
    }
    kundig__free(&mem, clustered, sizeof *clustered);
}

const kundig__clustering_facts *kundig__clustered_facts(const kundig__clustered *clustered)
{
    return &clustered->facts;
}

/* What scoring asks for beside the rows. */
static void clustered_follow(kundig__clustered *clustered)
{
    double mass = 0;
    kundig__quick_log_table(clustered->log_table);
    for (uint32_t i = 0; i < 256; i++) {
        clustered->counts[i] = (float)clustered_count((uint8_t)i);
    }
    for (uint32_t t = 0; t < clustered->cluster_count; t++) {
        mass += clustered_mass(clustered, t);
    }
    for (uint32_t t = 0; t < clustered->cluster_count; t++) {
        double own = clustered_mass(clustered, t);
        clustered->spreads[t] = own > 0 ? (float)(mass / own) : 0;
    }
    uint64_t weights = 0;
    uint64_t words = 0;
    for (uint32_t i = 0; i < clustered->row_count; i++) {
        const uint8_t *row = clustered->rows + (size_t)i * clustered->width;
        double all = 0.5;
        for (uint32_t t = 0; t < clustered->cluster_count; t++) {
            all += (double)clustered->counts[row[t]];
        }
        clustered->alls[i] = (float)kundig__log(all);
        bool word = clustered->buckets[i] >> KUNDIG__NOTE_BITS == KUNDIG__NOTE_WORDS;
        words += word;
        weights += word ? clustered->weights[i] : 0;
    }
    clustered->strange = words ? (uint32_t)(weights / words / kundig__note_strange(0)) + 1 : 1;
}

void kundig__clustered_settle(kundig__clustered *clustered)
{
    kundig__clustering_facts *facts = &clustered->facts;
    facts->cluster_count = clustered->cluster_count;
    facts->clusters = clustered->clusters;
    facts->words = 0;
    facts->characters = 0;
    for (uint32_t i = 0; i < clustered->row_count; i++) {
        uint32_t space = clustered->buckets[i] >> KUNDIG__NOTE_BITS;
        clustered->lookup[clustered->buckets[i]] = i;
        facts->words += space == KUNDIG__NOTE_WORDS;
        facts->characters += space == KUNDIG__NOTE_CHARACTERS;
    }
    clustered->pairs = clustered->row_count > facts->words + facts->characters;
    facts->least_fit = (double)clustered->least_fit / KUNDIG__FROZEN_PRIOR;
    clustered_follow(clustered);
    facts->bytes = kundig__clustered_size(clustered);
}

/* A feature's row: whole numbers. */
static uint16_t clustered_weight_steps(float weight)
{
    float steps = weight * (float)KUNDIG__FROZEN_WEIGHT + 0.5f;
    return steps < 1 ? 1 : steps < 65535 ? (uint16_t)steps : 65535;
}

kundig__clustered *kundig__clustered_freeze(const kundig_allocator *allocator,
                                            const kundig__notes *notes,
                                            const kundig__bottle *bottle)
{
    uint32_t rows = 0;
    for (uint32_t i = 0; i < notes->feature_count; i++) {
        rows += bottle->weights[i] > 0;
    }
    kundig__clustered *clustered = kundig__clustered_new(allocator, bottle->clusters, rows);
    if (!clustered) {
        return NULL;
    }
    /* By bucket: lookup serves as the way back. */
    for (uint32_t i = 0; i < notes->feature_count; i++) {
        if (bottle->weights[i] > 0) {
            clustered->lookup[notes->buckets[i]] = i;
        }
    }
    uint32_t at = 0;
    for (uint32_t bucket = 0; bucket < KUNDIG__NOTE_BUCKETS; bucket++) {
        uint32_t feature = clustered->lookup[bucket];
        if (feature == KUNDIG__NO_FEATURE) {
            continue;
        }
        clustered->buckets[at] = bucket;
        clustered->weights[at] = clustered_weight_steps(bottle->weights[feature]);
        uint8_t *row = clustered->rows + (size_t)at++ * clustered->width;
        const int16_t *logs = bottle->logs + (size_t)feature * bottle->width;
        for (uint32_t t = 0; t < clustered->cluster_count; t++) {
            const int step = KUNDIG__BOTTLE_STEPS / KUNDIG__FROZEN_STEPS;
            int steps = (logs[t] + step / 2) / step;
            row[t] = (uint8_t)(steps < 255 ? steps : 255);
        }
    }
    for (uint32_t t = 0; t < clustered->cluster_count; t++) {
        clustered->priors[t] = (int32_t)(bottle->priors[t] * KUNDIG__FROZEN_PRIOR + 0.5f);
    }
    return clustered;
}

double kundig__clustered_weight(const kundig__clustered *clustered, uint64_t hash, bool pair,
                                uint32_t cluster)
{
    uint32_t space = pair ? KUNDIG__NOTE_PAIRS : KUNDIG__NOTE_WORDS;
    uint32_t at = clustered->lookup[kundig__note_bucket(hash, space)];
    if (at == KUNDIG__NO_FEATURE || cluster >= clustered->cluster_count) {
        return 0;
    }
    uint8_t cell = clustered->rows[(size_t)at * clustered->width + cluster];
    /* Half a text of no cluster in particular is added to both. */
    double here = (double)clustered->counts[cell] * (double)clustered->spreads[cluster] + 0.5;
    return kundig__log(here) - (double)clustered->alls[at];
}
