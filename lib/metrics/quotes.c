/* A typical comment of each topic.
 *
 * Candidates are the comments that speak of little else and are neither short nor long; of those
 * the one whose evidence is the rule most candidates share, of a discovered topic the one that is
 * most surely of it. Ties go by the canonical order of
 * records, so the choice depends on the facts alone.
 * Invariant: a heap holds the best QUOTES_POOL candidates of each topic, whatever the order of
 * rows. Cost: one pass over the rows; then QUOTES_POOL readings a topic, twice. */
#include "metrics/quotes.h"

#include "base/order.h"
#include "base/text.h"

#define QUOTES_POOL   32
#define QUOTES_SHORT  20 /* bytes of a comment */
#define QUOTES_LONG   240
#define QUOTES_LENGTH 90 /* reads well in one look */
#define QUOTES_STEP   16

typedef struct quotes_job {
    kundig__corpus *corpus;
    kundig__mem *mem;
    const kundig__said *said;
    size_t topic_count;
    uint32_t *heaps; /* QUOTES_POOL rows a topic */
    size_t *counts;  /* of rows in a topic's heap */
    uint32_t *uses;  /* a rule: candidates of the topic in hand that it found; zero in between */
    size_t rule_count;
    size_t use_count; /* rules and topics */
    kundig__reading reading;
} quotes_job;

/* How far a row is from a comment on one thing that reads well; less is better. */
static uint64_t quotes_distance(const quotes_job *job, uint32_t row)
{
    const kundig__said *said = job->said;
    uint64_t topics = said->starts[row + 1] - said->starts[row];
    size_t len = kundig__corpus_text(job->corpus, row).len;
    size_t away = len < QUOTES_LENGTH ? QUOTES_LENGTH - len : len - QUOTES_LENGTH;
    return topics << 32 | away / QUOTES_STEP;
}

static int quotes_order(const void *ud, uint32_t a, uint32_t b)
{
    const quotes_job *job = ud;
    uint64_t first = quotes_distance(job, a);
    uint64_t second = quotes_distance(job, b);
    if (first != second) {
        return first < second ? -1 : 1;
    }
    return kundig__corpus_order(job->corpus, a, b);
}

static int quotes_candidates(quotes_job *job, const kundig__grouping *grouping, kundig_error *err)
{
    const kundig__said *said = job->said;
    uint32_t groups[KUNDIG__GROUP_BLOCK];
    for (uint32_t first = 0; first < said->rows; first += KUNDIG__GROUP_BLOCK) {
        uint32_t left = said->rows - first;
        uint32_t count = left < KUNDIG__GROUP_BLOCK ? left : KUNDIG__GROUP_BLOCK;
        int rc = kundig__progress(kundig__corpus_context(job->corpus), first, said->rows, err);
        if (rc) {
            return rc;
        }
        kundig__grouping_rows(grouping, 0, first, count, groups);
        for (uint32_t i = 0; i < count; i++) {
            uint32_t row = first + i;
            size_t len = kundig__corpus_text(job->corpus, row).len;
            if (groups[i] == KUNDIG__NO_GROUP || len < QUOTES_SHORT || len > QUOTES_LONG) {
                continue;
            }
            for (uint64_t at = said->starts[row]; at < said->starts[row + 1]; at++) {
                uint32_t topic = said->topics[at];
                kundig__order_push(job->heaps + (size_t)topic * QUOTES_POOL, &job->counts[topic],
                                   QUOTES_POOL, row, quotes_order, job);
            }
        }
    }
    return KUNDIG_OK;
}

static int quotes_read(quotes_job *job, uint32_t row)
{
    const kundig__corpus *corpus = job->corpus;
    kundig_text text = kundig__corpus_text(corpus, row);
    kundig_text language =
        kundig__dimension_text(kundig__corpus_dimension(corpus, KUNDIG__DIM_LANGUAGE), row);
    return kundig__reading_run(&job->reading, text.data, text.len, kundig__language_find(language));
}

/* Was the topic taught or discovered? Then no rule of the model found it. */
static bool quotes_is_learned(const kundig__hit *hit)
{
    return hit->rule == KUNDIG__RULE_TAUGHT || hit->rule == KUNDIG__RULE_DISCOVERED;
}

/* Where uses of a hit's rule are counted; a topic that was learned is one behind all rules. */
static uint32_t *quotes_use(const quotes_job *job, const kundig__hit *hit)
{
    return &job->uses[quotes_is_learned(hit) ? job->rule_count + hit->topic : hit->rule];
}

/* How surely the comment just read speaks of a discovered topic, in thousandths; more where it
 * speaks of it above all. */
static uint32_t quotes_sure(const kundig__reading *reading, uint32_t topic)
{
    uint32_t sure = 0;
    for (size_t i = 0; i < reading->topic_count; i++) {
        if (reading->topics[i] == topic && reading->probabilities[i] > 0) {
            sure = (uint32_t)(reading->probabilities[i] * 1000.0f);
        }
    }
    return sure + (reading->main_topic == topic ? 1001 : 0);
}

/* The most candidates that share a rule with the comment just read. */
static uint32_t quotes_shared(const quotes_job *job, uint32_t topic)
{
    const kundig__reading *reading = &job->reading;
    uint32_t most = 0;
    if (kundig__model_topic(job->said->model, topic)->cluster != KUNDIG__NO_CLASS) {
        return quotes_sure(reading, topic);
    }
    for (size_t i = 0; i < reading->hit_count; i++) {
        const kundig__hit *hit = &reading->hits[i];
        if (hit->topic == topic && *quotes_use(job, hit) > most) {
            most = *quotes_use(job, hit);
        }
    }
    return most;
}

/* Has hit number `at` a rule, or a learned topic, that no hit before it has? */
static bool quotes_is_first(const kundig__reading *reading, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (reading->hits[i].rule == reading->hits[at].rule &&
            (!quotes_is_learned(&reading->hits[at]) ||
             reading->hits[i].topic == reading->hits[at].topic)) {
            return false;
        }
    }
    return true;
}

static int quotes_pick(quotes_job *job, uint32_t topic, uint32_t *out)
{
    const uint32_t *pool = job->heaps + (size_t)topic * QUOTES_POOL;
    size_t count = job->counts[topic];
    uint32_t most = 0;
    *out = KUNDIG__NO_ROW;
    for (size_t i = 0; i < count; i++) {
        int rc = quotes_read(job, pool[i]);
        if (rc) {
            return rc;
        }
        for (size_t at = 0; at < job->reading.hit_count; at++) {
            *quotes_use(job, &job->reading.hits[at]) += quotes_is_first(&job->reading, at);
        }
    }
    for (size_t i = 0; i < count; i++) {
        int rc = quotes_read(job, pool[i]);
        if (rc) {
            return rc;
        }
        uint32_t shared = quotes_shared(job, topic);
        if (*out == KUNDIG__NO_ROW || shared > most ||
            (shared == most && quotes_order(job, pool[i], *out) < 0)) {
            most = shared;
            *out = pool[i];
        }
    }
    memset(job->uses, 0, job->use_count * sizeof *job->uses);
    return KUNDIG_OK;
}

int kundig__quotes_choose(kundig__corpus *corpus, const kundig__grouping *grouping,
                          const kundig__said *said, uint32_t *rows, kundig_error *err)
{
    quotes_job job = {.corpus = corpus, .said = said};
    job.mem = &kundig__corpus_context(corpus)->mem;
    job.topic_count = kundig__model_topic_count(said->model);
    job.rule_count = kundig__model_rule_count(said->model);
    job.use_count = job.rule_count + job.topic_count;
    size_t heap_bytes = job.topic_count * QUOTES_POOL * sizeof *job.heaps;
    kundig__reading_init(&job.reading, job.mem, said->model);
    job.heaps = kundig__alloc(job.mem, heap_bytes);
    job.counts = kundig__alloc_zero(job.mem, job.topic_count * sizeof *job.counts);
    job.uses = kundig__alloc_zero(job.mem, job.use_count * sizeof *job.uses);
    int rc = job.heaps && job.counts && job.uses ? KUNDIG_OK : kundig__nomem(job.mem, err);
    rc = rc ? rc : quotes_candidates(&job, grouping, err);
    for (size_t topic = 0; topic < job.topic_count && !rc; topic++) {
        rc = quotes_pick(&job, (uint32_t)topic, &rows[topic]);
        if (rc) {
            kundig__nomem(job.mem, err);
        }
    }
    kundig__free(job.mem, job.heaps, heap_bytes);
    kundig__free(job.mem, job.counts, job.topic_count * sizeof *job.counts);
    kundig__free(job.mem, job.uses, job.use_count * sizeof *job.uses);
    kundig__reading_free(&job.reading);
    return rc;
}
