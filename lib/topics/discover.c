/* Discovering topics in texts: from examples to a model that knows them.
 *
 *   examples, edits > survey > clusters > which are told > names > words > examples > model
 *
 * Invariant: the model is a function of the base, the examples and edits as sets, and the options
 * but threads and progress. Cost: that of clustering, and n log n of the rest. */
#include "base/options.h"
#include "base/text.h"
#include "topics/compiled.h"
#include "topics/edits.h"
#include "topics/exemplars.h"
#include "topics/lineage.h"
#include "topics/matches.h"
#include "topics/topic_words.h"

#define DISCOVER_MOST_THREADS    64u
#define DISCOVER_LEAST_CUSTOMERS 5u
#define DISCOVER_FITTED          200000u
#define DISCOVER_FITTED_BEST     50000u

int kundig__discover_options(const kundig_discover_options *options, kundig_discover_options *known,
                             kundig_error *err)
{
    kundig_discover_options read;
    int rc = kundig__options_read(&read, sizeof read, options, "kundig_discover_options", err);
    if (rc) {
        return rc;
    }
    if (read.quality < KUNDIG_QUALITY_FAST || read.quality > KUNDIG_QUALITY_DRAFT) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "quality is none of KUNDIG_QUALITY_");
    }
    if (read.topics == 1 || read.topics > KUNDIG__MOST_CLUSTERS ||
        read.themes > KUNDIG__MOST_CLUSTERS) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "topics is 0 or 2 to %u, themes 0 to %u: 0 finds how many there are",
                            KUNDIG__MOST_CLUSTERS, KUNDIG__MOST_CLUSTERS);
    }
    if (read.threads > DISCOVER_MOST_THREADS) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "threads is %u at most", DISCOVER_MOST_THREADS);
    }
    if (read.anew < 0 || read.anew > 1 || (!read.edits && read.edit_count)) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "anew is 0 or 1, and edits is NULL where edit_count is 0 alone");
    }
    if (read.reserved) {
        return kundig__fail(err, KUNDIG_E_VERSION, 0,
                            "kundig_discover_options sets a field that this library does not know");
    }
    read.least_customers = read.least_customers ? read.least_customers : DISCOVER_LEAST_CUSTOMERS;
    read.threads = read.threads ? read.threads : 1;
    if (read.most_fitted == 0) {
        read.most_fitted =
            read.quality == KUNDIG_QUALITY_BEST ? DISCOVER_FITTED_BEST : DISCOVER_FITTED;
    }
    *known = read;
    return KUNDIG_OK;
}

/* ---- One discovery -------------------------------------------------------------------------- */

typedef struct discover_work {
    kundig__mem mem;
    kundig__arena arena;
    const kundig_model *base;
    const kundig_examples *set;
    const kundig_discover_options *known;
    const kundig__discovered *before; /* NULL: begun anew */
    bool settle;
    kundig__edits edits;
    kundig__surveyed surveyed;
    kundig__placed *placed;
    uint32_t *moved;
    uint32_t *hints; /* by cluster: the one it is */
    kundig__discovered after;
} discover_work;

static int discover_cluster(discover_work *work, kundig_error *err)
{
    const kundig_discover_options *known = work->known;
    size_t before = work->before ? kundig__discovered_count(work->before) : 0;
    kundig__survey survey = {
        .texts = work->surveyed.texts,
        .text_count = work->surveyed.count,
        .hints = work->surveyed.hints,
        .hint_count = work->surveyed.hint_count,
        .aparts = work->surveyed.aparts,
        .apart_count = work->surveyed.apart_count,
        .clusters = known->topics,
        .themes = known->themes,
        .quality = known->quality,
        .least_writers = known->least_customers,
        .most_fitted = known->most_fitted > UINT32_MAX ? UINT32_MAX : (uint32_t)known->most_fitted,
        .seed = known->seed,
        .threads = known->threads,
        .before = work->before ? work->before->clustered : NULL,
        .settle = work->settle,
        .progress = known->progress,
        .progress_ud = known->progress_ud};
    work->placed =
        kundig__arena_alloc(&work->arena, (work->surveyed.count + 1) * sizeof *work->placed);
    work->moved = kundig__arena_alloc(&work->arena, (before + 1) * sizeof *work->moved);
    if (!work->placed || !work->moved) {
        return kundig__nomem(&work->mem, err);
    }
    return kundig__cluster(&work->mem, &survey, &work->after.clustered, work->placed,
                           before ? work->moved : NULL, err);
}

/* How much of a hint a cluster has: texts of it, else what its words weigh there. */
static double discover_share(const discover_work *work, uint32_t hint, uint32_t cluster,
                             const uint32_t *votes)
{
    const kundig__hint *of = &work->surveyed.hints[hint];
    double share = votes[cluster];
    for (size_t i = 0; i < of->word_count; i++) {
        for (int pair = 0; pair < 2; pair++) {
            double weight =
                kundig__clustered_weight(work->after.clustered, of->words[i], pair, cluster);
            share += weight > 0 ? weight / 1024 : 0;
        }
    }
    return share;
}

/* Which cluster each told hint became: the one that has most of it and is not another's already. */
static int discover_hints(discover_work *work, kundig_error *err)
{
    uint32_t count = kundig__discovered_count(&work->after);
    const kundig__surveyed *surveyed = &work->surveyed;
    work->hints = kundig__arena_alloc(&work->arena, (count + 1) * sizeof *work->hints);
    uint32_t *votes = kundig__arena_alloc(&work->arena, (count + 1) * sizeof *votes);
    uint32_t *next = kundig__arena_alloc(&work->arena, (surveyed->count + 1) * sizeof *next);
    uint32_t *heads =
        kundig__arena_alloc(&work->arena, ((size_t)surveyed->hint_count + 1) * sizeof *heads);
    if (!work->hints || !votes || !next || !heads) {
        return kundig__nomem(&work->mem, err);
    }
    for (uint32_t i = 0; i < count; i++) {
        work->hints[i] = KUNDIG__NO_HINT;
    }
    for (uint32_t i = 0; i < surveyed->hint_count; i++) {
        heads[i] = UINT32_MAX;
    }
    for (uint32_t i = 0; i < surveyed->count; i++) {
        uint32_t hint = surveyed->texts[i].hint;
        if (hint != KUNDIG__NO_HINT && work->placed[i].cluster != KUNDIG__NO_CLUSTER) {
            next[i] = heads[hint];
            heads[hint] = i;
        }
    }
    for (uint32_t hint = 0; hint < surveyed->hint_count; hint++) {
        uint32_t best = KUNDIG__NO_CLUSTER;
        double most = 0;
        if (surveyed->tolds[hint].told == KUNDIG__NO_TOLD) {
            continue;
        }
        memset(votes, 0, count * sizeof *votes);
        for (uint32_t at = heads[hint]; at != UINT32_MAX; at = next[at]) {
            votes[work->placed[at].cluster]++;
        }
        for (uint32_t i = 0; i < count; i++) {
            double share =
                work->hints[i] == KUNDIG__NO_HINT ? discover_share(work, hint, i, votes) : 0;
            if (share > most) {
                most = share;
                best = i;
            }
        }
        if (best != KUNDIG__NO_CLUSTER) {
            work->hints[best] = hint;
        }
    }
    return KUNDIG_OK;
}

/* Topics as they are after settling: names and what became of them stand, all else is counted. */
static int discover_settled(discover_work *work, kundig_error *err)
{
    const kundig__discovered *before = work->before;
    kundig__discovered *after = &work->after;
    uint32_t count = kundig__discovered_count(before);
    if (kundig__discovered_count(after) != count ||
        kundig__discovered_theme_count(after) != kundig__discovered_theme_count(before)) {
        return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "settled clusters are others");
    }
    memcpy(after->topics, before->topics, count * sizeof *after->topics);
    memcpy(after->themes, before->themes,
           kundig__discovered_theme_count(before) * sizeof *after->themes);
    for (uint32_t i = 0; i < count; i++) {
        after->topics[i].matches = (kundig_text){NULL, 0};
        after->topics[i].agreement = 0;
    }
    after->events =
        kundig__arena_alloc(&work->arena, (before->event_count + 1) * sizeof *after->events);
    if (!after->events) {
        return kundig__nomem(&work->mem, err);
    }
    memcpy(after->events, before->events, before->event_count * sizeof *after->events);
    after->event_count = before->event_count;
    return KUNDIG_OK;
}

static int discover_names(discover_work *work, kundig_error *err)
{
    kundig__discovered *after = &work->after;
    uint32_t count = kundig__discovered_count(after);
    uint32_t themes = kundig__discovered_theme_count(after);
    after->topics = kundig__arena_alloc(&work->arena, ((size_t)count + 1) * sizeof *after->topics);
    after->themes = kundig__arena_alloc(&work->arena, ((size_t)themes + 1) * sizeof *after->themes);
    if (!after->topics || !after->themes) {
        return kundig__nomem(&work->mem, err);
    }
    memset(after->topics, 0, count * sizeof *after->topics);
    memset(after->themes, 0, themes * sizeof *after->themes);
    if (work->settle) {
        int rc = discover_settled(work, err);
        return rc || kundig__discovered_index(&work->arena, after) ? rc
                                                                   : kundig__nomem(&work->mem, err);
    }
    int rc = discover_hints(work, err);
    if (rc) {
        return rc;
    }
    if (!kundig__lineage(&work->arena, work->before, work->moved, &work->surveyed, work->hints,
                         after) ||
        !kundig__discovered_index(&work->arena, after)) {
        return kundig__nomem(&work->mem, err);
    }
    kundig__edits_heed(&work->edits, after);
    return KUNDIG_OK;
}

/* How many texts topics have that history tells of, now. */
static void discover_events(kundig__discovered *after)
{
    for (size_t i = 0; i < after->event_count; i++) {
        uint32_t topic = kundig__discovered_find(after, after->events[i].topic);
        after->events[i].texts = topic == KUNDIG__NO_CLUSTER ? 0 : after->topics[topic].own_texts;
    }
}

/* The main topic of each text, as classes count. */
static void discover_found(const discover_work *work, const kundig_model *model, int32_t *found)
{
    const kundig__discovered *discovered = &model->discovered;
    for (size_t i = 0; i < work->surveyed.count; i++) {
        uint32_t cluster = work->placed[i].cluster;
        found[i] = -1;
        if (cluster != KUNDIG__NO_CLUSTER) {
            found[i] = (int32_t)kundig__discovered_class(discovered, cluster);
        }
    }
}

static int discover_run(discover_work *work, const kundig__discover_plan *plan, kundig_model **out,
                        int32_t *found, kundig_error *err)
{
    kundig_model *model = NULL;
    kundig__learned learned = kundig__learned_of(work->base);
    int rc = kundig__survey_make(&work->surveyed, &work->mem, work->set, &work->edits, work->before,
                                 err);
    if (rc) {
        return rc;
    }
    work->after.plan = *plan;
    work->after.generation = work->before ? work->before->generation + (work->settle ? 0 : 1) : 0;
    rc = discover_cluster(work, err);
    rc = rc ? rc : discover_names(work, err);
    if (!rc) {
        rc = kundig__exemplars(&work->mem, work->set, &work->surveyed, work->placed, &work->after);
        discover_events(&work->after);
        rc = rc ? rc
                : kundig__topic_words(&work->mem, &work->arena, &work->surveyed, work->placed,
                                      work->known->least_customers, work->before, &work->after);
        rc = rc ? kundig__nomem(&work->mem, err) : KUNDIG_OK;
    }
    rc = rc ? rc
            : kundig__matches(&work->mem, &work->arena, work->base, &work->surveyed, work->placed,
                              &work->after, err);
    if (!rc) {
        learned.discovered = work->after;
        rc = kundig__model_remake(&work->mem.hook, work->base, &learned, &model, err);
    }
    if (!rc) {
        if (found) {
            discover_found(work, model, found);
        }
        *out = model;
    }
    kundig__clustered_free(work->after.clustered);
    kundig__survey_free(&work->surveyed);
    return rc;
}

static void discover_open(discover_work *work, const kundig_model *base, const kundig_examples *set,
                          const kundig_discover_options *known)
{
    memset(work, 0, sizeof *work);
    kundig__mem_init(&work->mem, &set->mem.hook, kundig__mem_left(&set->mem));
    kundig__arena_init(&work->arena, &work->mem);
    work->base = base;
    work->set = set;
    work->known = known;
}

int kundig__model_discover(const kundig_model *base, const kundig_examples *set,
                           const kundig_discover_options *known, const kundig__discover_plan *plan,
                           kundig_model **out, int32_t *found, kundig_error *err)
{
    discover_work work;
    discover_open(&work, base, set, known);
    kundig__discover_plan own = {.quality = known->quality,
                                 .topics = known->topics,
                                 .themes = known->themes,
                                 .least_customers = known->least_customers,
                                 .most_fitted = known->most_fitted,
                                 .seed = known->seed};
    if (plan) {
        own = *plan;
    }
    if (base && !known->anew) {
        work.before = kundig__model_discovered_of(base);
    }
    int rc = kundig__edits_read(&work.edits, &work.mem, known->edits, known->edit_count, err);
    rc = rc ? rc : discover_run(&work, &own, out, found, err);
    kundig__edits_free(&work.edits);
    kundig__arena_free(&work.arena);
    return rc;
}

int kundig__model_settle(const kundig_model *model, const kundig_examples *set,
                         const kundig_discover_options *known, kundig_model **out,
                         kundig_error *err)
{
    discover_work work;
    if (!kundig__model_discovered_of(model)) {
        return kundig__fail(err, KUNDIG_E_EMPTY, 0, "the model discovered nothing");
    }
    discover_open(&work, model, set, known);
    work.before = kundig__model_discovered_of(model);
    work.settle = true;
    int rc = discover_run(&work, &work.before->plan, out, NULL, err);
    kundig__arena_free(&work.arena);
    return rc;
}

int kundig_model_discover(const kundig_model *base, const kundig_examples *set,
                          const kundig_discover_options *options, kundig_model **out,
                          int32_t *found, kundig_error *err)
{
    kundig_discover_options known;
    if (!set || !out) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "%s is NULL", set ? "out" : "set");
    }
    int rc = kundig__discover_options(options, &known, err);
    return rc ? rc : kundig__model_discover(base, set, &known, NULL, out, found, err);
}
