/* From texts to clusters: the whole way.
 *
 *   texts > notes > labels of fitted notes > what is frozen of them > where all texts belong
 *
 * Invariant: what comes out is a function of the texts as a set and of what was asked.
 * Cost: see bottleneck.c; 6 bytes a feature and cluster while it lasts. */
#include <string.h>

#include "base/order.h"
#include "base/os.h"
#include "discover/fitting.h"

#define CLUSTER_THREADS 64u
#define CLUSTER_WORTH   512u /* notes that are worth a thread */
#define CLUSTER_STEPS   4u

typedef struct cluster_part {
    kundig__mem mem;
    size_t from;
    size_t to;
    int rc;
} cluster_part;

typedef struct cluster_work {
    kundig__fitting fitting;
    kundig__mem *mem;
    const kundig__survey *survey;
    uint32_t *labels; /* of all notes */
    float *margins;
    cluster_part parts[CLUSTER_THREADS];
} cluster_work;

static int cluster_progress(const kundig__survey *survey, uint64_t done, kundig_error *err)
{
    if (survey->progress && survey->progress(survey->progress_ud, done, CLUSTER_STEPS) != 0) {
        return kundig__fail(err, KUNDIG_E_CANCELLED, 0, "cancelled while topics were discovered");
    }
    return KUNDIG_OK;
}

/* ---- Notes that were not fitted ------------------------------------------------------------- */

static int cluster_assign_all(cluster_work *work, cluster_part *part, kundig__assigning *assigning)
{
    kundig__scratch scratch;
    kundig__scratch_init(&scratch, &part->mem);
    int rc = KUNDIG_OK;
    for (size_t i = part->from; i < part->to && rc == KUNDIG_OK; i++) {
        kundig_text text = work->survey->texts[work->fitting.notes.leads[i]].text;
        rc = kundig__text_features(&scratch, text.data, text.len, KUNDIG__DISCOVER_FAMILIES);
        if (rc == KUNDIG_OK) {
            rc = kundig__assign(assigning, &scratch, text.data, text.len, false);
        }
        work->labels[i] = assigning->cluster;
        work->margins[i] = assigning->margin;
    }
    kundig__scratch_free(&scratch);
    return rc;
}

static void cluster_assign_part(void *ud, uint32_t number)
{
    cluster_work *work = ud;
    cluster_part *part = &work->parts[number];
    kundig__assigning assigning;
    part->rc = kundig__assigning_init(&assigning, &part->mem, work->fitting.clustered);
    if (part->rc == KUNDIG_OK) {
        part->rc = cluster_assign_all(work, part, &assigning);
        kundig__assigning_free(&assigning);
    }
}

/* Label notes [from, count) by what is frozen. */
static int cluster_assign(cluster_work *work, size_t from)
{
    size_t count = work->fitting.notes.count - from;
    uint32_t threads = work->survey->threads ? work->survey->threads : 1;
    threads = threads < CLUSTER_THREADS ? threads : CLUSTER_THREADS;
    size_t worth = count / CLUSTER_WORTH + 1;
    uint32_t parts = threads < worth ? threads : (uint32_t)worth;
    for (uint32_t i = 0; i < parts; i++) {
        cluster_part *part = &work->parts[i];
        memset(part, 0, sizeof *part);
        kundig__mem_lend(work->mem, &part->mem, parts, i);
        part->from = from + count * i / parts;
        part->to = from + count * (i + 1) / parts;
    }
    kundig__fork_join(parts, cluster_assign_part, work);
    int rc = KUNDIG_OK;
    for (uint32_t i = 0; i < parts; i++) {
        rc = rc == KUNDIG_OK ? work->parts[i].rc : rc;
        kundig__mem_take_back(work->mem, &work->parts[i].mem);
    }
    return rc;
}

/* ---- Facts ---------------------------------------------------------------------------------- */

static int cluster_writer_order(const void *ud, uint32_t a, uint32_t b)
{
    const kundig__told_text *texts = ud;
    return texts[a].writer < texts[b].writer ? -1 : texts[a].writer > texts[b].writer;
}

/* The cluster of a text. */
static uint32_t cluster_of(const cluster_work *work, size_t text)
{
    uint32_t note = work->fitting.notes.of_text[text];
    return note == KUNDIG__NO_NOTE ? KUNDIG__NO_CLUSTER : work->labels[note];
}

/* Different writers of each cluster. */
static int cluster_writers(cluster_work *work)
{
    kundig__clustered *clustered = work->fitting.clustered;
    const kundig__survey *survey = work->survey;
    if (work->fitting.notes.writers == 0) {
        return KUNDIG_OK;
    }
    size_t size = survey->text_count * sizeof(uint32_t);
    size_t last_size = clustered->cluster_count * sizeof(uint32_t);
    uint32_t *order = kundig__alloc(work->mem, size);
    uint32_t *last = kundig__alloc(work->mem, last_size);
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
        for (size_t i = 0; i < known; i++) {
            uint32_t cluster = cluster_of(work, order[i]);
            uint32_t writer = survey->texts[order[i]].writer;
            if (cluster != KUNDIG__NO_CLUSTER) {
                clustered->clusters[cluster].writers += last[cluster] != writer;
                last[cluster] = writer;
            }
        }
        rc = KUNDIG_OK;
    }
    kundig__free(work->mem, order, size);
    kundig__free(work->mem, last, last_size);
    return rc;
}

static int cluster_count(cluster_work *work)
{
    kundig__clustered *clustered = work->fitting.clustered;
    const kundig__notes *notes = &work->fitting.notes;
    kundig__clustering_facts *facts = &clustered->facts;
    for (size_t i = 0; i < notes->count; i++) {
        uint32_t label = work->labels[i];
        bool fits = label != KUNDIG__NO_CLUSTER &&
                    (int32_t)(work->margins[i] * KUNDIG__FROZEN_PRIOR) >= clustered->least_margin;
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
    facts->quality = work->survey->quality;
    facts->collisions = kundig__clustered_share(notes->collisions);
    facts->theme_count = clustered->cluster_count;
    for (uint32_t t = 0; t < clustered->cluster_count; t++) {
        clustered->clusters[t].theme = t;
    }
    return cluster_writers(work);
}

static void cluster_place(const cluster_work *work, kundig__placed *placed)
{
    for (size_t i = 0; placed && i < work->survey->text_count; i++) {
        uint32_t note = work->fitting.notes.of_text[i];
        placed[i].cluster = cluster_of(work, i);
        placed[i].margin = note == KUNDIG__NO_NOTE ? 0 : work->margins[note];
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
    fitting->margins = kundig__alloc_zero(fitting->mem, notes->count * sizeof *fitting->margins);
    if (!fitting->scales || !fitting->labels || !fitting->margins) {
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

static uint32_t cluster_goal(const cluster_work *work)
{
    size_t some = 0;
    const kundig__notes *notes = &work->fitting.notes;
    for (size_t i = 0; i < notes->fitted; i++) {
        some += notes->starts[i + 1] > notes->starts[i];
    }
    uint32_t goal = work->survey->clusters ? work->survey->clusters : 20;
    goal = goal < KUNDIG__MOST_CLUSTERS ? goal : KUNDIG__MOST_CLUSTERS;
    return goal < some ? goal : (uint32_t)some;
}

static int cluster_do(cluster_work *work, kundig_error *err)
{
    kundig__fitting *fitting = &work->fitting;
    int rc = cluster_enough(work, err);
    if (rc == KUNDIG_OK) {
        rc = cluster_scales(fitting);
    }
    if (rc == KUNDIG_OK) {
        rc = cluster_progress(work->survey, 1, err);
    }
    if (rc == KUNDIG_OK) {
        work->labels = fitting->labels;
        work->margins = fitting->margins;
        fitting->clusters = cluster_goal(work);
        rc = kundig__fit_run(fitting, work->mem, fitting->clusters, work->survey->seed,
                             fitting->labels);
    }
    if (rc == KUNDIG_OK) {
        rc = cluster_progress(work->survey, 2, err);
    }
    if (rc == KUNDIG_OK) {
        rc = kundig__fit_freeze(fitting);
    }
    if (rc == KUNDIG_OK) {
        kundig__clustered_settle(fitting->clustered);
        rc = cluster_assign(work, fitting->notes.fitted);
    }
    if (rc == KUNDIG_OK) {
        rc = cluster_progress(work->survey, 3, err);
    }
    if (rc == KUNDIG_OK) {
        rc = cluster_count(work);
    }
    return rc;
}

int kundig__cluster(kundig__mem *mem, const kundig__survey *survey, kundig__clustered **out,
                    kundig__placed *placed, uint32_t *moved, kundig_error *err)
{
    (void)moved;
    cluster_work work = {.fitting = {.mem = mem, .survey = survey}, .mem = mem, .survey = survey};
    kundig__fitting *fitting = &work.fitting;
    int rc = kundig__notes_make(&fitting->notes, mem, survey, false, err);
    if (rc != KUNDIG_OK) {
        return rc;
    }
    rc = cluster_do(&work, err);
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
    kundig__free(mem, fitting->margins, count * sizeof *fitting->margins);
    kundig__notes_free(&fitting->notes);
    return rc;
}
