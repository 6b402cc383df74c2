/* From texts to clusters: the whole way.
 *
 *   texts > notes > labels of fitted notes > what is frozen of them > where all texts belong
 *
 * Invariant: what comes out is a function of the texts as a set and of what was asked.
 * Cost: see bottleneck.c; 6 bytes a feature and cluster while it lasts. */
#include <string.h>

#include "base/order.h"
#include "discover/quality.h"
#include "discover/units.h"

#define CLUSTER_DRAFT      20000u /* texts that a draft fits, */
#define CLUSTER_DRAFT_EACH 100u   /* or so many for each cluster */
#define CLUSTER_STEPS      4u

typedef struct cluster_work {
    kundig__fitting fitting;
    kundig__hints hints;
    kundig__mem *mem;
    const kundig__survey *survey;
} cluster_work;

static int cluster_progress(const kundig__survey *survey, uint64_t done, kundig_error *err)
{
    if (survey->progress && survey->progress(survey->progress_ud, done, CLUSTER_STEPS) != 0) {
        return kundig__fail(err, KUNDIG_E_CANCELLED, 0, "cancelled while topics were discovered");
    }
    return KUNDIG_OK;
}

/* ---- Facts ---------------------------------------------------------------------------------- */

static int cluster_writer_order(const void *ud, uint32_t a, uint32_t b)
{
    const kundig__told_text *texts = ud;
    return texts[a].writer < texts[b].writer ? -1 : texts[a].writer > texts[b].writer;
}

static uint32_t cluster_of(const void *ud, size_t text)
{
    const cluster_work *work = ud;
    uint32_t note = work->fitting.notes.of_text[text];
    return note == KUNDIG__NO_NOTE ? KUNDIG__NO_CLUSTER : work->fitting.labels[note];
}

int kundig__cluster_writers(kundig__mem *mem, const kundig__survey *survey,
                            kundig__clustered *clustered,
                            uint32_t (*cluster_of_text)(const void *ud, size_t text),
                            const void *ud)
{
    if (clustered->facts.writers == 0) {
        return KUNDIG_OK;
    }
    size_t size = survey->text_count * sizeof(uint32_t);
    size_t last_size = clustered->cluster_count * sizeof(uint32_t);
    uint32_t *order = kundig__alloc(mem, size);
    uint32_t *last = kundig__alloc(mem, last_size);
    int rc = KUNDIG_E_NOMEM;
    if (order && last) {
        size_t known = 0;
        for (size_t i = 0; i < survey->text_count; i++) {
            if (survey->texts[i].writer != KUNDIG__NO_WRITER) {
                order[known++] = (uint32_t)i;
            }
        }
        kundig__order_sort(order, known, cluster_writer_order, survey->texts);
        memset(last, 0xFF, last_size);
        for (uint32_t t = 0; t < clustered->cluster_count; t++) {
            clustered->clusters[t].writers = 0;
        }
        for (size_t i = 0; i < known; i++) {
            uint32_t cluster = cluster_of_text(ud, order[i]);
            uint32_t writer = survey->texts[order[i]].writer;
            if (cluster != KUNDIG__NO_CLUSTER) {
                clustered->clusters[cluster].writers += last[cluster] != writer;
                last[cluster] = writer;
            }
        }
        rc = KUNDIG_OK;
    }
    kundig__free(mem, order, size);
    kundig__free(mem, last, last_size);
    return rc;
}

static int cluster_count(cluster_work *work)
{
    const kundig__fitting *fitting = &work->fitting;
    kundig__clustered *clustered = fitting->clustered;
    const kundig__notes *notes = &fitting->notes;
    kundig__clustering_facts *facts = &clustered->facts;
    for (size_t i = 0; i < notes->count; i++) {
        uint32_t label = fitting->labels[i];
        bool fits =
            label != KUNDIG__NO_CLUSTER && kundig__clustered_fits(clustered, fitting->fits[i]);
        facts->nowhere += fits ? 0 : notes->text_counts[i];
        facts->texts += notes->text_counts[i];
        if (label != KUNDIG__NO_CLUSTER) {
            clustered->clusters[label].texts += notes->text_counts[i];
            clustered->clusters[label].print += i < notes->fitted ? notes->hashes[i] : 0;
        }
    }
    for (size_t i = 0; i < notes->text_count; i++) {
        bool empty = notes->of_text[i] == KUNDIG__NO_NOTE;
        facts->texts += empty;
        facts->nowhere += empty;
    }
    facts->fitted = notes->fitted_texts;
    facts->writers = notes->writers;
    facts->collisions = kundig__clustered_share(notes->collisions);
    return kundig__cluster_writers(work->mem, work->survey, clustered, cluster_of, work);
}

static void cluster_place(const cluster_work *work, kundig__placed *placed)
{
    const kundig__fitting *fitting = &work->fitting;
    for (size_t i = 0; placed && i < work->survey->text_count; i++) {
        uint32_t note = fitting->notes.of_text[i];
        placed[i].cluster = cluster_of(work, i);
        placed[i].margin = note == KUNDIG__NO_NOTE ? 0 : fitting->margins[note];
        placed[i].nowhere = placed[i].cluster == KUNDIG__NO_CLUSTER ||
                            !kundig__clustered_fits(fitting->clustered, fitting->fits[note]);
    }
}

/* ---- The whole ------------------------------------------------------------------------------ */

/* How many of the fitted notes have a feature. */
static int cluster_enough(const cluster_work *work, kundig_error *err)
{
    const kundig__notes *notes = &work->fitting.notes;
    size_t some = 0;
    for (size_t i = 0; i < notes->fitted; i++) {
        some += notes->starts[i + 1] > notes->starts[i];
    }
    if (notes->count < 2) {
        return kundig__fail(err, KUNDIG_E_EMPTY, 0,
                            "%s: topics are what several different comments have in common, give "
                            "more of them",
                            notes->count ? "all comments say the same" : "no comment has words");
    }
    if (some < 2) {
        return kundig__fail(
            err, KUNDIG_E_EMPTY, 0,
            notes->writers
                ? "no word is used by %lu customers: give more comments, or ask for fewer customers"
                : "no two comments share a word: give more comments",
            (unsigned long)work->survey->least_writers);
    }
    return KUNDIG_OK;
}

static int cluster_scales(kundig__fitting *fitting)
{
    const kundig__notes *notes = &fitting->notes;
    static const float scales[KUNDIG__NOTE_SPACES] = {1.0f, 0.05f, 0.3f};
    fitting->scales = kundig__alloc(fitting->mem, notes->feature_count * sizeof *fitting->scales);
    fitting->labels = kundig__alloc(fitting->mem, notes->count * sizeof *fitting->labels);
    fitting->was = kundig__alloc(fitting->mem, notes->count * sizeof *fitting->was);
    fitting->margins = kundig__alloc_zero(fitting->mem, notes->count * sizeof *fitting->margins);
    fitting->fits = kundig__alloc_zero(fitting->mem, notes->count * sizeof *fitting->fits);
    if (!fitting->scales || !fitting->labels || !fitting->was || !fitting->margins ||
        !fitting->fits) {
        return KUNDIG_E_NOMEM;
    }
    for (uint32_t i = 0; i < notes->feature_count; i++) {
        fitting->scales[i] = scales[notes->buckets[i] >> KUNDIG__NOTE_BITS];
    }
    memset(fitting->labels, 0xFF, notes->count * sizeof *fitting->labels);
    fitting->sheet = (kundig__sheet){.count = notes->fitted,
                                     .starts = notes->starts,
                                     .cells = notes->cells,
                                     .feature_count = notes->feature_count,
                                     .scales = fitting->scales,
                                     .masses = notes->masses};
    return KUNDIG_OK;
}

/* How many clusters; 0: to be found. */
static uint32_t cluster_goal(const cluster_work *work)
{
    size_t some = 0;
    const kundig__notes *notes = &work->fitting.notes;
    for (size_t i = 0; i < notes->fitted; i++) {
        some += notes->starts[i + 1] > notes->starts[i];
    }
    uint32_t goal = work->survey->clusters;
    goal = goal < KUNDIG__MOST_CLUSTERS ? goal : KUNDIG__MOST_CLUSTERS;
    return goal < some ? goal : (uint32_t)some;
}

/* Labels of fitted notes, what is frozen of them, and where the others belong. */
static int cluster_fit(cluster_work *work, kundig_error *err)
{
    kundig__fitting *fitting = &work->fitting;
    const kundig__survey *survey = work->survey;
    int rc;
    if (survey->before) {
        rc = kundig__fit_warm(fitting);
    } else {
        fitting->clusters = cluster_goal(work);
        rc = kundig__quality_fit(fitting, err);
    }
    if (rc == KUNDIG_OK) {
        rc = cluster_progress(survey, 2, err);
    }
    if (rc == KUNDIG_OK) {
        rc = kundig__fit_freeze(fitting);
    }
    if (rc == KUNDIG_OK) {
        rc = kundig__fit_place(fitting, fitting->clustered, fitting->notes.fitted);
    }
    if (rc == KUNDIG_OK) {
        fitting->clustered->facts.quality = survey->quality;
        rc = kundig__quality_tell(fitting);
    }
    return rc;
}

static int cluster_do(cluster_work *work, uint32_t *moved, kundig_error *err)
{
    kundig__fitting *fitting = &work->fitting;
    const kundig__survey *survey = work->survey;
    bool settle = survey->before && survey->settle;
    int rc = settle ? KUNDIG_OK : cluster_enough(work, err);
    if (rc == KUNDIG_OK) {
        rc = cluster_scales(fitting);
    }
    if (rc == KUNDIG_OK) {
        rc = kundig__hints_make(fitting, &work->hints);
    }
    if (rc == KUNDIG_OK) {
        rc = cluster_progress(survey, 1, err);
    }
    if (rc == KUNDIG_OK) {
        rc = settle ? kundig__fit_settle(fitting) : cluster_fit(work, err);
    }
    if (rc == KUNDIG_OK) {
        rc = cluster_progress(survey, 3, err);
    }
    if (rc == KUNDIG_OK) {
        rc = cluster_count(work);
    }
    if (rc == KUNDIG_OK && survey->before && !settle) {
        rc = kundig__fit_lineage(fitting, moved);
    }
    for (uint32_t t = 0; settle && moved && t < fitting->clusters; t++) {
        moved[t] = t;
    }
    return rc;
}

int kundig__cluster_units(kundig__mem *mem, const kundig__survey *survey, kundig__clustered **out,
                          kundig__placed *placed, uint32_t *moved, kundig_error *err)
{
    /* A draft fits a sample and assigns the rest. */
    kundig__survey asked = *survey;
    uint32_t draft = CLUSTER_DRAFT_EACH * asked.clusters;
    draft = draft > CLUSTER_DRAFT ? draft : CLUSTER_DRAFT;
    if (asked.quality == KUNDIG_QUALITY_DRAFT && draft < asked.most_fitted) {
        asked.most_fitted = draft;
    }
    cluster_work work = {.fitting = {.mem = mem, .survey = &asked}, .mem = mem, .survey = &asked};
    kundig__fitting *fitting = &work.fitting;
    int rc =
        kundig__notes_make(&fitting->notes, mem, &asked, asked.quality == KUNDIG_QUALITY_BEST, err);
    if (rc != KUNDIG_OK) {
        return rc;
    }
    rc = cluster_do(&work, moved, err);
    if (rc == KUNDIG_OK) {
        kundig__clustered_settle(fitting->clustered);
        cluster_place(&work, placed);
        *out = fitting->clustered;
    } else {
        kundig__clustered_free(fitting->clustered);
        rc = rc == KUNDIG_E_NOMEM || rc == KUNDIG_E_LIMIT ? kundig__nomem(mem, err) : rc;
    }
    size_t count = fitting->notes.count;
    kundig__free(mem, fitting->scales, fitting->notes.feature_count * sizeof *fitting->scales);
    kundig__free(mem, fitting->labels, count * sizeof *fitting->labels);
    kundig__free(mem, fitting->was, count * sizeof *fitting->was);
    kundig__free(mem, fitting->margins, count * sizeof *fitting->margins);
    kundig__free(mem, fitting->fits, count * sizeof *fitting->fits);
    kundig__hints_free(&work.hints);
    kundig__notes_free(&fitting->notes);
    return rc;
}
