/* Typical comments of the parts of a set of rows.
 *
 * Candidates are neither short nor long and speak of little else. Of those of a topic the best is
 * the one whose evidence is the rule most candidates share, of a discovered topic the one that is
 * most surely of it; of other parts the one on the topic most candidates speak of. Ties go by the
 * canonical order of records, so the choice depends on the facts alone.
 * Invariant: a heap holds the best QUOTES_POOL candidates of each part, one a customer, whatever
 * the order of rows. Cost: one pass over the rows a layer; then QUOTES_POOL readings a part. */
#include "metrics/quotes.h"

#include "base/order.h"
#include "base/text.h"
#include "corpus/rows.h"
#include "text/mask.h"

#define QUOTES_POOL   32
#define QUOTES_SHORT  20 /* bytes of a comment */
#define QUOTES_LONG   240
#define QUOTES_LENGTH 90 /* reads well in one look */
#define QUOTES_STEP   16
#define QUOTES_USES   8 /* rules, or topics, of a candidate that are counted */

/* What the reading of one candidate found. */
typedef struct quotes_found {
    uint32_t uses[QUOTES_USES]; /* places in job->uses */
    uint32_t use_count;
    uint32_t worth; /* more is better */
} quotes_found;

typedef struct quotes_job {
    kundig__corpus *corpus;
    kundig__mem *mem;
    const kundig__quotes_ask *ask;
    const kundig_model *model;
    const kundig__said *said;  /* NULL: no part is of a topic */
    size_t topic_key;          /* of the grouping; SIZE_MAX: none */
    const uint32_t *customers; /* a row; NULL: none is known */
    const uint32_t *kinds;     /* NULL: records of every kind are read */
    const int32_t *answers;    /* a row; NULL: none */
    uint32_t group_count;
    uint32_t part_count;
    uint32_t *topics; /* of a part: the model's number, QUOTES_NO_TOPIC */
    uint32_t *heaps;  /* QUOTES_POOL rows a part */
    size_t *counts;   /* of rows in a part's heap */
    uint32_t *uses;   /* a rule: candidates of the part in hand that it found; zero in between */
    size_t rule_count;
    size_t use_count; /* rules and topics */
    kundig__reading reading;
} quotes_job;

#define QUOTES_NO_TOPIC UINT32_MAX

/* How far a row is from a comment on one thing that reads well; less is better. */
static uint64_t quotes_distance(const quotes_job *job, uint32_t row)
{
    const kundig__said *said = job->said;
    uint64_t topics = said ? said->starts[row + 1] - said->starts[row] : 0;
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

/* ---- Candidates ----------------------------------------------------------------------------- */

static bool quotes_is_same(const quotes_job *job, uint32_t a, uint32_t b)
{
    return a == b ||
           (job->customers && job->customers[a] && job->customers[a] == job->customers[b]);
}

/* One a customer: the better one stays. */
static void quotes_push(quotes_job *job, uint32_t part, uint32_t row)
{
    uint32_t *heap = job->heaps + (size_t)part * QUOTES_POOL;
    size_t count = job->counts[part];
    if (count == QUOTES_POOL && quotes_order(job, row, heap[0]) >= 0) {
        return;
    }
    for (size_t at = 0; at < count; at++) {
        if (quotes_is_same(job, heap[at], row)) {
            if (quotes_order(job, row, heap[at]) < 0) {
                kundig__order_replace(heap, count, at, row, quotes_order, job);
            }
            return;
        }
    }
    kundig__order_push(heap, &job->counts[part], QUOTES_POOL, row, quotes_order, job);
}

/* Does the row's answer go the way of the part? */
static bool quotes_leans(const quotes_job *job, uint32_t part, int32_t answer)
{
    int lean = job->ask->leans ? job->ask->leans[part] : KUNDIG__QUOTES_ANY;
    if (lean == KUNDIG__QUOTES_ANY) {
        return true;
    }
    if (answer == KUNDIG__SCORE_MISSING) {
        return false;
    }
    int64_t x = kundig__metric_x(job->ask->asked->metric, answer);
    return lean == KUNDIG__QUOTES_LOW ? x <= job->ask->low : x >= job->ask->high;
}

static bool quotes_is_read(const quotes_job *job, uint32_t row)
{
    size_t len = kundig__corpus_text(job->corpus, row).len;
    if (len < QUOTES_SHORT || len > QUOTES_LONG) {
        return false;
    }
    if (!job->ask->asked || job->ask->asked->metric->kinds == KUNDIG__KINDS_ALL) {
        return true;
    }
    bool employee = job->kinds && job->kinds[row] == KUNDIG_KIND_EMPLOYEE;
    return employee == (job->ask->asked->metric->kinds == KUNDIG__KINDS_EMPLOYEES);
}

static uint32_t quotes_part(const quotes_job *job, uint32_t row, uint32_t group)
{
    const kundig__quotes_ask *ask = job->ask;
    uint32_t set = ask->sets ? ask->sets[row] : 0;
    if (group == KUNDIG__NO_GROUP || (ask->sets && set >= ask->set_count)) {
        return KUNDIG__NO_GROUP;
    }
    return ask->parts ? ask->parts[(size_t)set * job->group_count + group] : group;
}

static void quotes_layer(quotes_job *job, uint32_t layer, uint32_t first, uint32_t count)
{
    const kundig__quotes_ask *ask = job->ask;
    uint32_t groups[KUNDIG__GROUP_BLOCK];
    int32_t moods[KUNDIG__GROUP_BLOCK];
    const int32_t *answers = job->answers ? job->answers + first : NULL;
    kundig__grouping_rows(ask->grouping, layer, first, count, groups);
    if (ask->leans && ask->asked->metric->reads == KUNDIG__READS_MOODS) {
        kundig__grouping_values(ask->grouping, layer, first, count, moods);
        answers = moods;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t part = quotes_part(job, first + i, groups[i]);
        if (part != KUNDIG__NO_GROUP && quotes_is_read(job, first + i) &&
            quotes_leans(job, part, answers ? answers[i] : KUNDIG__SCORE_MISSING)) {
            quotes_push(job, part, first + i);
        }
    }
}

static int quotes_candidates(quotes_job *job, kundig_error *err)
{
    uint32_t rows = kundig__corpus_rows(job->corpus);
    for (uint32_t first = 0; first < rows; first += KUNDIG__GROUP_BLOCK) {
        uint32_t count = rows - first < KUNDIG__GROUP_BLOCK ? rows - first : KUNDIG__GROUP_BLOCK;
        uint32_t layers = kundig__grouping_layers_of(job->ask->grouping, first, count);
        int rc = kundig__progress(kundig__corpus_context(job->corpus), first, rows, err);
        if (rc) {
            return rc;
        }
        for (uint32_t layer = 0; layer < layers; layer++) {
            quotes_layer(job, layer, first, count);
        }
    }
    return KUNDIG_OK;
}

/* ---- Reading them --------------------------------------------------------------------------- */

/* Was the topic taught or discovered? Then no rule of the model found it. */
static bool quotes_is_learned(const kundig__hit *hit)
{
    return hit->rule == KUNDIG__RULE_TAUGHT || hit->rule == KUNDIG__RULE_DISCOVERED;
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

static void quotes_use(quotes_job *job, quotes_found *found, size_t use)
{
    for (uint32_t i = 0; i < found->use_count; i++) {
        if (found->uses[i] == use) {
            return;
        }
    }
    if (found->use_count < QUOTES_USES) {
        found->uses[found->use_count++] = (uint32_t)use;
        job->uses[use]++;
    }
}

/* Read a candidate: by which rules it has the part's topic, a learned one being a rule behind all
 * others; where the part has none, which topics it has. */
static int quotes_read(quotes_job *job, uint32_t topic, uint32_t row, quotes_found *found)
{
    const kundig__corpus *corpus = job->corpus;
    const kundig__reading *reading = &job->reading;
    kundig_text text = kundig__corpus_text(corpus, row);
    kundig_text language =
        kundig__dimension_text(kundig__corpus_dimension(corpus, KUNDIG__DIM_LANGUAGE), row);
    int rc =
        kundig__reading_run(&job->reading, text.data, text.len, kundig__language_find(language));
    *found = (quotes_found){.use_count = 0};
    if (rc) {
        return rc;
    }
    if (topic == QUOTES_NO_TOPIC) {
        for (size_t i = 0; i < reading->topic_count; i++) {
            quotes_use(job, found, job->rule_count + reading->topics[i]);
        }
    } else if (kundig__model_topic(job->model, topic)->cluster != KUNDIG__NO_CLASS) {
        found->worth = quotes_sure(reading, topic);
    } else {
        for (size_t i = 0; i < reading->hit_count; i++) {
            const kundig__hit *hit = &reading->hits[i];
            if (hit->topic == topic) {
                quotes_use(job, found,
                           quotes_is_learned(hit) ? job->rule_count + topic : hit->rule);
            }
        }
    }
    return KUNDIG_OK;
}

static void quotes_weigh(const quotes_job *job, quotes_found *found)
{
    for (uint32_t i = 0; i < found->use_count; i++) {
        uint32_t uses = job->uses[found->uses[i]];
        found->worth = uses > found->worth ? uses : found->worth;
    }
}

static bool quotes_is_told(const quotes_job *job, const uint32_t *rows, uint32_t count,
                           uint32_t row)
{
    for (uint32_t i = 0; i < count; i++) {
        if (rows[i] == row || kundig__text_equal(kundig__corpus_text(job->corpus, rows[i]),
                                                 kundig__corpus_text(job->corpus, row))) {
            return true;
        }
    }
    return false;
}

/* The best of the pool that was not told yet; KUNDIG__NO_ROW: all were. */
static uint32_t quotes_best(const quotes_job *job, const uint32_t *pool, const quotes_found *found,
                            size_t count, const uint32_t *told, uint32_t told_count)
{
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        if (quotes_is_told(job, told, told_count, pool[i])) {
            continue;
        }
        if (best == SIZE_MAX || found[i].worth > found[best].worth ||
            (found[i].worth == found[best].worth && quotes_order(job, pool[i], pool[best]) < 0)) {
            best = i;
        }
    }
    return best == SIZE_MAX ? KUNDIG__NO_ROW : pool[best];
}

static int quotes_pick(quotes_job *job, uint32_t part, uint32_t *out)
{
    const uint32_t *pool = job->heaps + (size_t)part * QUOTES_POOL;
    size_t count = job->counts[part];
    quotes_found found[QUOTES_POOL];
    int rc = KUNDIG_OK;
    size_t read = 0;
    while (read < count && !rc) {
        rc = quotes_read(job, job->topics[part], pool[read], &found[read]);
        read++;
    }
    for (size_t i = 0; i < read; i++) {
        quotes_weigh(job, &found[i]);
    }
    for (size_t i = 0; i < read; i++) {
        for (uint32_t use = 0; use < found[i].use_count; use++) {
            job->uses[found[i].uses[use]] = 0;
        }
    }
    for (uint32_t i = 0; i < job->ask->most && !rc; i++) {
        out[i] = quotes_best(job, pool, found, count, out, i);
        if (out[i] == KUNDIG__NO_ROW) {
            break;
        }
    }
    return rc;
}

/* ---- The whole ------------------------------------------------------------------------------ */

static size_t quotes_topic_key(const kundig__corpus *corpus, const kundig__grouping *grouping)
{
    for (size_t key = 0; key < kundig__grouping_key_count(grouping); key++) {
        kundig__field field;
        int rc =
            kundig__field_resolve(corpus, kundig__grouping_key_name(grouping, key), &field, NULL);
        if (!rc && field.type == KUNDIG__FIELD_TOPIC) {
            return key;
        }
    }
    return SIZE_MAX;
}

static void quotes_topics(quotes_job *job)
{
    const kundig__quotes_ask *ask = job->ask;
    size_t groups = (size_t)job->group_count * (ask->sets ? ask->set_count : 1);
    memset(job->topics, 0xFF, job->part_count * sizeof *job->topics);
    for (size_t at = 0; job->said && at < groups; at++) {
        char buffer[32];
        uint32_t group = (uint32_t)(at % job->group_count);
        uint32_t part = ask->parts ? ask->parts[at] : group;
        if (part == KUNDIG__NO_GROUP) {
            continue;
        }
        kundig_text name = kundig__grouping_key(ask->grouping, group, job->topic_key, buffer);
        if (name.data) {
            job->topics[part] = kundig__dict_find(job->said->topic_names, name.data, name.len);
        }
    }
}

static int quotes_start(quotes_job *job, kundig_error *err)
{
    const kundig__quotes_ask *ask = job->ask;
    const kundig__dimension *people = NULL;
    int rc = kundig__corpus_people(job->corpus, &people, err);
    job->topic_key = quotes_topic_key(job->corpus, ask->grouping);
    if (!rc && job->topic_key != SIZE_MAX) {
        rc = kundig__corpus_said(job->corpus, &job->said, err);
    }
    rc = rc ? rc : kundig__corpus_model(job->corpus, &job->model, err);
    if (rc) {
        return rc;
    }
    job->customers = people->codes;
    job->kinds = kundig__corpus_dimension(job->corpus, KUNDIG__DIM_KIND)->codes;
    job->answers = ask->leans && ask->question ? ask->question->values : NULL;
    job->rule_count = kundig__model_rule_count(job->model);
    job->use_count = job->rule_count + kundig__model_topic_count(job->model);
    return KUNDIG_OK;
}

int kundig__quotes_of(kundig__corpus *corpus, const kundig__quotes_ask *ask, uint32_t *rows,
                      kundig_error *err)
{
    quotes_job job = {.corpus = corpus, .ask = ask};
    job.mem = &kundig__corpus_context(corpus)->mem;
    job.group_count = kundig__grouping_count(ask->grouping);
    job.part_count = ask->parts ? ask->part_count : job.group_count;
    size_t parts = job.part_count;
    size_t heap_bytes = 0;
    int rc = quotes_start(&job, err);
    if (rc) {
        return rc;
    }
    kundig__reading_init(&job.reading, job.mem, job.model);
    if (kundig__size_mul(parts, QUOTES_POOL * sizeof *job.heaps, &heap_bytes)) {
        job.heaps = kundig__alloc(job.mem, heap_bytes);
    }
    job.topics = kundig__alloc(job.mem, parts * sizeof *job.topics);
    job.counts = kundig__alloc_zero(job.mem, parts * sizeof *job.counts);
    job.uses = kundig__alloc_zero(job.mem, job.use_count * sizeof *job.uses);
    if (!job.heaps || !job.topics || !job.counts || !job.uses) {
        rc = kundig__nomem(job.mem, err);
        goto done;
    }
    memset(rows, 0xFF, parts * ask->most * sizeof *rows);
    quotes_topics(&job);
    rc = quotes_candidates(&job, err);
    for (uint32_t part = 0; part < job.part_count && !rc; part++) {
        rc = quotes_pick(&job, part, rows + (size_t)part * ask->most);
        if (rc) {
            kundig__nomem(job.mem, err);
        }
    }
done:
    kundig__free(job.mem, job.heaps, job.heaps ? heap_bytes : 0);
    kundig__free(job.mem, job.topics, parts * sizeof *job.topics);
    kundig__free(job.mem, job.counts, parts * sizeof *job.counts);
    kundig__free(job.mem, job.uses, job.use_count * sizeof *job.uses);
    kundig__reading_free(&job.reading);
    return rc;
}

int kundig__quotes_set(kundig_table *table, size_t column, kundig__corpus *corpus, uint32_t row,
                       kundig_error *err)
{
    kundig__mem *mem = &kundig__corpus_context(corpus)->mem;
    kundig__buf quote;
    if (row == KUNDIG__NO_ROW) {
        return KUNDIG_OK;
    }
    kundig__buf_init(&quote, mem);
    int rc =
        kundig__text_masked(mem, kundig__corpus_text(corpus, row), KUNDIG_PERSONAL_ALL, &quote);
    if (rc) {
        kundig__nomem(mem, err);
    } else {
        kundig__table_set_text(table, column, kundig__text(quote.data, quote.len));
    }
    kundig__buf_free(&quote);
    return rc;
}
