/* Going on from an earlier clustering: its clusters keep their numbers.
 *
 *   refit    notes stand where the earlier clustering puts them; those that fit it worst may make
 *            clusters of their own; features are weighed anew, and sweeps move what now fits better
 *   settle   nothing moves: features that too few use now go, and the rest assigns all notes
 *
 * Invariants: settling what is settled, from the same texts, changes nothing: which features stay
 * follows from the texts, and what clusters say of them stays as it was. No cluster of before goes;
 * one without notes draws none.
 * Cost: placing all notes, and few sweeps. */
#include <string.h>

#include "discover/fitting.h"

#define WARM_NOVEL  0.9f /* share of fitted texts that fit better than a stranger */
#define WARM_CHANCE 1.1  /* times as many strangers as that are thought to be chance */
#define WARM_LEAST  20u  /* strangers beyond chance that may be something new */
#define WARM_STAY   0.1f /* nats by which another cluster must be better: topics are to last */
#define WARM_FEW    5u   /* notes that a new cluster needs */

/* ---- Settling ------------------------------------------------------------------------------- */

int kundig__fit_settle(kundig__fitting *fitting)
{
    const kundig__clustered *before = fitting->survey->before;
    const kundig__notes *notes = &fitting->notes;
    uint8_t *stays = kundig__alloc_zero(fitting->mem, KUNDIG__NOTE_BUCKETS);
    if (!stays) {
        return KUNDIG_E_NOMEM;
    }
    for (uint32_t i = 0; i < notes->feature_count; i++) {
        stays[notes->buckets[i]] = 1;
    }
    uint32_t rows = 0;
    for (uint32_t i = 0; i < before->row_count; i++) {
        rows += stays[before->buckets[i]];
    }
    kundig__clustered *after =
        kundig__clustered_new(&fitting->mem->hook, before->cluster_count, rows);
    if (after) {
        uint32_t at = 0;
        for (uint32_t i = 0; i < before->row_count; i++) {
            if (stays[before->buckets[i]]) {
                after->buckets[at] = before->buckets[i];
                after->weights[at] = before->weights[i];
                memcpy(after->rows + (size_t)at++ * after->width,
                       before->rows + (size_t)i * before->width, before->width);
            }
        }
        memcpy(after->priors, before->priors, before->cluster_count * sizeof *after->priors);
        memcpy(after->fits, before->fits, sizeof after->fits);
        after->least_fit = before->least_fit;
        for (uint32_t t = 0; t < before->cluster_count; t++) {
            kundig__cluster_facts *cluster = &after->clusters[t];
            cluster->theme = before->clusters[t].theme;
            cluster->sureness = before->clusters[t].sureness;
            cluster->came = KUNDIG__CAME_KEPT;
            cluster->from = t;
        }
        after->facts.theme_count = before->facts.theme_count;
        after->facts.agreement = before->facts.agreement;
        after->facts.quality = before->facts.quality;
        kundig__clustered_settle(after);
    }
    kundig__free(fitting->mem, stays, KUNDIG__NOTE_BUCKETS);
    fitting->clusters = before->cluster_count;
    fitting->clustered = after;
    return after ? kundig__fit_place(fitting, after, 0) : KUNDIG_E_NOMEM;
}

/* ---- New clusters --------------------------------------------------------------------------- */

/* Notes that fit worst. One without any known feature is among them. */
static size_t warm_strangers(const kundig__fitting *fitting, uint32_t *list)
{
    const kundig__notes *notes = &fitting->notes;
    size_t count = 0;
    for (size_t i = 0; i < notes->fitted; i++) {
        float novelty = kundig__clustered_novelty(fitting->survey->before, fitting->fits[i]);
        if (notes->starts[i + 1] > notes->starts[i] && novelty > WARM_NOVEL) {
            list[count++] = (uint32_t)i;
        }
    }
    return count;
}

/* Cluster some notes by themselves; they get the labels from `first` on. */
static int warm_open(kundig__fitting *fitting, const uint32_t *order, size_t count, uint32_t first,
                     uint32_t extra)
{
    const kundig__notes *notes = &fitting->notes;
    kundig__mem *mem = fitting->mem;
    size_t cells = 0;
    for (size_t i = 0; i < count; i++) {
        cells += notes->starts[order[i] + 1] - notes->starts[order[i]];
    }
    kundig__fitting part = *fitting;
    size_t *starts = kundig__alloc(mem, (count + 1) * sizeof *starts);
    uint32_t *list = kundig__alloc(mem, cells * sizeof *list);
    uint32_t *masses = kundig__alloc(mem, count * sizeof *masses);
    uint32_t *labels = kundig__alloc(mem, count * sizeof *labels);
    int rc = KUNDIG_E_NOMEM;
    if (starts && list && masses && labels) {
        size_t at = 0;
        for (size_t i = 0; i < count; i++) {
            size_t from = notes->starts[order[i]];
            size_t size = notes->starts[order[i] + 1] - from;
            starts[i] = at;
            memcpy(list + at, notes->cells + from, size * sizeof *list);
            masses[i] = notes->masses[order[i]];
            at += size;
        }
        starts[count] = at;
        part.sheet = (kundig__sheet){.count = count,
                                     .starts = starts,
                                     .cells = list,
                                     .feature_count = notes->feature_count,
                                     .scales = fitting->scales,
                                     .masses = masses};
        rc = kundig__fit_run(&part, mem, extra, fitting->survey->seed, labels);
    }
    for (size_t i = 0; i < count && rc == KUNDIG_OK; i++) {
        if (labels[i] < extra) {
            fitting->labels[order[i]] = first + labels[i];
        }
    }
    kundig__free(mem, starts, (count + 1) * sizeof *starts);
    kundig__free(mem, list, cells * sizeof *list);
    kundig__free(mem, masses, count * sizeof *masses);
    kundig__free(mem, labels, count * sizeof *labels);
    return rc;
}

/* How many clusters may be new. */
static uint32_t warm_extra(const kundig__fitting *fitting, size_t strangers)
{
    uint32_t before = fitting->survey->before->cluster_count;
    uint32_t wanted = fitting->survey->clusters;
    size_t fitted = fitting->notes.fitted;
    uint64_t extra;
    if (wanted) {
        extra = wanted > before ? wanted - before : 0;
        extra = extra < strangers / WARM_FEW ? extra : strangers / WARM_FEW;
    } else {
        /* Texts that before was made of are no strangers to it; of others some are by chance. What
         * is more than that is shared among clusters of usual size. */
        uint64_t known = fitting->survey->before->facts.fitted;
        uint64_t texts = fitting->notes.fitted_texts;
        double fresh = texts > known ? (double)(texts - known) : 0;
        size_t chance = (size_t)(fresh * (double)(1 - WARM_NOVEL) * WARM_CHANCE);
        size_t more = strangers > chance ? strangers - chance : 0;
        extra = more < WARM_LEAST ? 0 : ((uint64_t)more * before + fitted / 2) / fitted;
    }
    uint64_t room = KUNDIG__MOST_CLUSTERS - before;
    return (uint32_t)(extra < room ? extra : room);
}

/* New clusters that came to too few go again: their notes go back, and find what is nearest. */
static void warm_close(kundig__fitting *fitting, uint32_t *sizes)
{
    uint32_t before = fitting->survey->before->cluster_count;
    size_t fitted = fitting->notes.fitted;
    uint32_t number = before;
    memset(sizes, 0, fitting->clusters * sizeof *sizes);
    for (size_t i = 0; i < fitted; i++) {
        if (fitting->labels[i] != KUNDIG__NO_CLUSTER) {
            sizes[fitting->labels[i]]++;
        }
    }
    for (uint32_t t = before; t < fitting->clusters; t++) {
        sizes[t] = sizes[t] < WARM_FEW ? KUNDIG__NO_CLUSTER : number++;
    }
    for (size_t i = 0; i < fitted; i++) {
        uint32_t label = fitting->labels[i];
        if (label != KUNDIG__NO_CLUSTER && label >= before) {
            fitting->labels[i] =
                sizes[label] == KUNDIG__NO_CLUSTER ? fitting->was[i] : sizes[label];
        }
    }
    fitting->clusters = number;
}

static int warm_grow(kundig__fitting *fitting, uint32_t *list)
{
    size_t strangers = warm_strangers(fitting, list);
    uint32_t before = fitting->survey->before->cluster_count;
    uint32_t extra = warm_extra(fitting, strangers);
    int rc = extra ? warm_open(fitting, list, strangers, before, extra) : KUNDIG_OK;
    fitting->clusters = before + extra;
    return rc;
}

int kundig__fit_warm(kundig__fitting *fitting)
{
    const kundig__clustered *before = fitting->survey->before;
    kundig__mem *mem = fitting->mem;
    size_t fitted = fitting->notes.fitted;
    size_t count = fitting->notes.count;
    int rc = kundig__fit_place(fitting, before, 0);
    if (rc != KUNDIG_OK) {
        return rc;
    }
    memcpy(fitting->was, fitting->labels, count * sizeof *fitting->was);
    uint32_t *list = kundig__alloc(mem, fitted * sizeof *list);
    rc = list ? warm_grow(fitting, list) : KUNDIG_E_NOMEM;
    kundig__free(mem, list, fitted * sizeof *list);
    if (rc == KUNDIG_OK) {
        rc = kundig__fit_on(fitting, mem, fitting->clusters, fitting->survey->seed, WARM_STAY,
                            fitting->labels);
    }
    if (rc == KUNDIG_OK && fitting->clusters > before->cluster_count) {
        size_t size = fitting->clusters * sizeof(uint32_t);
        uint32_t *sizes = kundig__alloc(mem, size);
        rc = KUNDIG_E_NOMEM;
        if (sizes) {
            warm_close(fitting, sizes);
            rc = kundig__fit_on(fitting, mem, fitting->clusters, fitting->survey->seed, WARM_STAY,
                                fitting->labels);
        }
        kundig__free(mem, sizes, size);
    }
    return rc;
}

/* ---- Lineage -------------------------------------------------------------------------------- */

int kundig__fit_lineage(kundig__fitting *fitting, uint32_t *moved)
{
    const kundig__notes *notes = &fitting->notes;
    uint32_t before = fitting->survey->before->cluster_count;
    uint32_t after = fitting->clusters;
    size_t size = (size_t)before * after * sizeof(uint64_t);
    uint64_t *texts = kundig__alloc_zero(fitting->mem, size);
    if (!texts) {
        return KUNDIG_E_NOMEM;
    }
    for (size_t i = 0; i < notes->count; i++) {
        if (fitting->was[i] != KUNDIG__NO_CLUSTER && fitting->labels[i] != KUNDIG__NO_CLUSTER) {
            texts[(size_t)fitting->was[i] * after + fitting->labels[i]] += notes->text_counts[i];
        }
    }
    for (uint32_t t = 0; t < after; t++) {
        kundig__cluster_facts *cluster = &fitting->clustered->clusters[t];
        uint64_t most = 0;
        uint32_t from = KUNDIG__NO_CLUSTER;
        for (uint32_t b = 0; b < before; b++) {
            if (texts[(size_t)b * after + t] > most) {
                most = texts[(size_t)b * after + t];
                from = b;
            }
        }
        bool kept = t < before;
        bool split = from != KUNDIG__NO_CLUSTER && 2 * most > cluster->texts;
        cluster->came = kept ? KUNDIG__CAME_KEPT : split ? KUNDIG__CAME_SPLIT : KUNDIG__CAME_NEW;
        cluster->from = kept ? t : split ? from : KUNDIG__NO_CLUSTER;
    }
    for (uint32_t b = 0; b < before; b++) {
        uint64_t most = texts[(size_t)b * after + b];
        uint32_t to = b;
        for (uint32_t t = 0; t < after; t++) {
            if (texts[(size_t)b * after + t] > most) {
                most = texts[(size_t)b * after + t];
                to = t;
            }
        }
        if (to != b && to < before) {
            fitting->clustered->clusters[to].came = KUNDIG__CAME_MERGED;
        }
        if (moved) {
            moved[b] = to;
        }
    }
    kundig__free(fitting->mem, texts, size);
    return KUNDIG_OK;
}
