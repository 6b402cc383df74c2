/* Shares of comments with each topic: what no topic decides is summed once a group, the rest over
 * the comments that have the topic.
 *
 *   order   rows by group, within a group by customer (two counting sorts)
 *   base    a group: n, sum w, sum w w, customers, sum over customers of W W
 *   topic   those comments alone: sum w x, sum w w x; over customers sums of W X and X X
 *
 * With x = 1 or 0 the base and these give the cell that a pass over all comments with this x would
 * give: comments without the topic add nothing to the sums of x. Customers stand side by side, so
 * one customer's sums need neither rosters nor hashing.
 * Invariant: only integers are added, each checked; the order of rows cannot show.
 * Cost: O(rows + hits + groups + customers), whatever the number of topics: about four
 * times what a count costs where customers are known; 16 bytes a row while it runs and 240 a topic
 * that occurs in a group (560 with pairs). */
#include "metrics/share.h"
#include "base/order.h"
#include "corpus/rows.h"

#define SHARE_ASK     65536 /* rows between two looks at progress() */
#define SHARE_AHEAD   16
#define SHARE_NO_TEXT (UINT32_C(1) << 31) /* rows are fewer */

/* A row in order of groups and customers, with what would else be looked up far away. */
typedef struct share_entry {
    uint32_t row; /* SHARE_NO_TEXT: without a text */
    uint32_t customer;
} share_entry;

/* A topic of the group and of the customer in hand. */
typedef struct share_slot {
    uint32_t group; /* + 1: at is of this group */
    uint32_t run;   /* sums are of this customer's run */
    size_t at;      /* among the share's topics */
    kundig__i128 sums[2];
} share_slot;

/* The customer in hand. */
typedef struct share_run {
    uint32_t number;
    uint64_t n[2];
    kundig__i128 w[2];
    uint32_t *topics;
    size_t topic_count;
} share_run;

typedef struct share_job {
    kundig__share *share;
    kundig__mem *mem;
    uint32_t rows;
    share_entry *order;
    uint32_t order_count;
    uint32_t *starts; /* of a group in order; group_count + 1 */
    const uint32_t *customers;
    const int64_t *weights;
    const kundig__said *said;
    share_slot *slots; /* a topic */
    share_run run;
    uint32_t *theme_rows; /* a theme: + 1, the last row that has it */
    size_t first;         /* of the topics of the group in hand */
    bool fits;
} share_job;

void kundig__share_free(kundig__share *share)
{
    if (!share->context) {
        return;
    }
    kundig__mem *mem = &share->context->mem;
    size_t groups = share->group_count;
    kundig__free(mem, share->bases, groups * share->width * sizeof *share->bases);
    if (share->base_crosses) {
        kundig__free(mem, share->base_crosses, groups * sizeof *share->base_crosses);
    }
    kundig__free(mem, share->starts, (groups + 1) * sizeof *share->starts);
    kundig__free(mem, share->topics, share->topic_capacity * sizeof *share->topics);
    kundig__free(mem, share->cells, share->cell_capacity * sizeof *share->cells);
    kundig__free(mem, share->crosses, share->cross_capacity * sizeof *share->crosses);
    kundig__free(mem, share->occurring, share->plan->topic_count * sizeof *share->occurring);
    *share = (kundig__share){0};
}

/* ---- Order ---------------------------------------------------------------------------------- */

/* Counts to places; the end of all of them behind. */
static void share_places(uint32_t *counts, size_t count)
{
    uint32_t place = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t here = counts[i];
        counts[i] = place;
        place += here;
    }
}

static uint32_t share_group(const kundig__share *share, const share_entry *entry)
{
    return share->labels[entry->row & ~SHARE_NO_TEXT] / share->width;
}

/* Rows by customer; those of no group are left out. */
static int share_by_customer(share_job *job, share_entry *order, kundig_error *err)
{
    const kundig__share *share = job->share;
    uint32_t *places = NULL;
    size_t count = (size_t)kundig__people_known(share->corpus)->dict.count + 1;
    uint32_t at = 0;
    if (job->customers) {
        places = kundig__alloc_zero(job->mem, count * sizeof *places);
        if (!places) {
            return kundig__nomem(job->mem, err);
        }
        for (uint32_t row = 0; row < job->rows; row++) {
            places[job->customers[row]] += share->labels[row] != KUNDIG__NO_GROUP;
        }
        share_places(places, count);
    }
    for (uint32_t row = 0; row < job->rows; row++) {
        if (share->labels[row] != KUNDIG__NO_GROUP) {
            uint32_t customer = places ? job->customers[row] : 0;
            bool text = kundig__corpus_text(share->corpus, row).len > 0;
            order[places ? places[customer]++ : at] =
                (share_entry){text ? row : row | SHARE_NO_TEXT, customer};
            at++;
        }
    }
    job->order_count = at;
    kundig__free(job->mem, places, places ? count * sizeof *places : 0);
    return KUNDIG_OK;
}

static int share_order(share_job *job, kundig_error *err)
{
    const kundig__share *share = job->share;
    size_t size = job->rows * sizeof *job->order;
    size_t groups = (size_t)share->group_count + 1;
    job->order = kundig__alloc(job->mem, size);
    job->starts = kundig__alloc_zero(job->mem, groups * sizeof *job->starts);
    share_entry *by_customer = kundig__alloc(job->mem, size);
    int rc = KUNDIG_OK;
    if (!job->order || !job->starts || !by_customer) {
        rc = kundig__nomem(job->mem, err);
    }
    rc = rc ? rc : share_by_customer(job, by_customer, err);
    if (!rc && share->group_count == 1) {
        share_entry *swap = job->order;
        job->order = by_customer;
        by_customer = swap;
        job->starts[1] = job->order_count;
    } else if (!rc) {
        for (uint32_t i = 0; i < job->order_count; i++) {
            job->starts[share_group(share, &by_customer[i])]++;
        }
        share_places(job->starts, groups);
        for (uint32_t i = 0; i < job->order_count; i++) {
            job->order[job->starts[share_group(share, &by_customer[i])]++] = by_customer[i];
        }
        /* each start is now the next one's */
        memmove(job->starts + 1, job->starts, (groups - 1) * sizeof *job->starts);
        job->starts[0] = 0;
    }
    kundig__free(job->mem, by_customer, size);
    return rc;
}

/* ---- One comment ---------------------------------------------------------------------------- */

/* The slot of a topic in the group in hand; NULL: no memory. */
static share_slot *share_slot_of(share_job *job, uint32_t group, uint32_t topic)
{
    kundig__share *share = job->share;
    share_slot *slot = &job->slots[topic];
    if (slot->group != group + 1) {
        size_t width = share->width;
        size_t need = share->count + 1;
        if (!kundig__grow(job->mem, (void **)&share->topics, &share->topic_capacity, need,
                          sizeof *share->topics) ||
            !kundig__grow(job->mem, (void **)&share->cells, &share->cell_capacity, need * width,
                          sizeof *share->cells) ||
            (width > 1 && !kundig__grow(job->mem, (void **)&share->crosses, &share->cross_capacity,
                                        need, sizeof *share->crosses))) {
            return NULL;
        }
        slot->group = group + 1;
        slot->at = share->count++;
        share->topics[slot->at] = (kundig__share_topic){topic, 0};
        memset(&share->cells[slot->at * width], 0, width * sizeof *share->cells);
        if (width > 1) {
            share->crosses[slot->at] = (kundig__cross){0};
        }
    }
    if (slot->run != job->run.number) {
        slot->run = job->run.number;
        slot->sums[0] = 0;
        slot->sums[1] = 0;
        job->run.topics[job->run.topic_count++] = topic;
    }
    return slot;
}

static bool share_hit(share_job *job, uint32_t group, uint32_t topic, uint32_t set, int64_t w,
                      bool nameless)
{
    share_slot *slot = share_slot_of(job, group, topic);
    if (!slot) {
        return false;
    }
    kundig__cell *cell = &job->share->cells[slot->at * job->share->width + set];
    job->fits =
        kundig__i128_add(&cell->wx, w) && kundig__i128_add_product(&cell->wwx, w, w) && job->fits;
    if (nameless) {
        /* a customer of its own: W = X */
        job->fits = kundig__i128_add_product(&cell->cwx, w, w) &&
                    kundig__i128_add_product(&cell->cxx, w, w) && job->fits;
    } else {
        slot->sums[set] += w; /* 2^31 comments of 2^40: fits */
    }
    return true;
}

/* Count a comment for each of its topics (or themes, or for having none). */
static bool share_hits(share_job *job, uint32_t group, uint32_t row, uint32_t set, int64_t w,
                       bool nameless)
{
    const kundig__said *said = job->said;
    uint64_t first = said->starts[row];
    uint64_t end = said->starts[row + 1];
    if (first == end) {
        return share_hit(job, group, 0, set, w, nameless);
    }
    for (uint64_t i = first; i < end; i++) {
        uint32_t topic = said->topics[i];
        if (job->theme_rows) {
            topic = said->themes[topic];
            if (job->theme_rows[topic] == row + 1) {
                continue;
            }
            job->theme_rows[topic] = row + 1;
        }
        if (!share_hit(job, group, topic + 1, set, w, nameless)) {
            return false;
        }
    }
    return true;
}

static bool share_comment(share_job *job, uint32_t group, const share_entry *entry)
{
    kundig__share *share = job->share;
    uint32_t row = entry->row & ~SHARE_NO_TEXT;
    uint32_t set = share->width > 1 ? share->labels[row] % share->width : 0;
    kundig__cell *base = &share->bases[(size_t)group * share->width + set];
    int64_t w = job->weights ? job->weights[row] : KUNDIG__WEIGHT_ONE;
    bool nameless = !entry->customer;
    base->selected++;
    if (entry->row & SHARE_NO_TEXT) {
        return true;
    }
    job->fits = kundig__cell_answer(base, 0, w) && job->fits;
    if (nameless) {
        job->fits = kundig__cell_nameless(base, 0, w) && job->fits;
    } else {
        job->run.n[set]++;
        job->run.w[set] += w;
    }
    return share_hits(job, group, row, set, w, nameless);
}

/* ---- One customer --------------------------------------------------------------------------- */

/* A customer's part of a topic; with unit customers the mean, as each then weighs 1. */
static kundig__i128 share_part(share_job *job, kundig__i128 w, kundig__i128 x)
{
    kundig__i128 mean = 0;
    if (job->share->asked->unit != KUNDIG_OF_CUSTOMERS) {
        return x;
    }
    job->fits =
        (w == 0 || kundig__cell_mean(w, x, kundig__asked_shift(job->share->asked), &mean)) &&
        job->fits;
    return mean;
}

static void share_end_topic(share_job *job, const share_slot *slot, const kundig__i128 *w)
{
    kundig__share *share = job->share;
    bool of_customers = share->asked->unit == KUNDIG_OF_CUSTOMERS;
    kundig__i128 x[2] = {0, 0};
    for (uint32_t set = 0; set < share->width; set++) {
        kundig__cell *cell = &share->cells[slot->at * share->width + set];
        x[set] = share_part(job, job->run.w[set], slot->sums[set]);
        if (of_customers) {
            job->fits = kundig__i128_add(&cell->m, x[set]) &&
                        kundig__i128_add_product(&cell->mm, x[set], x[set]) && job->fits;
        } else {
            job->fits = kundig__i128_add_product(&cell->cwx, w[set], x[set]) &&
                        kundig__i128_add_product(&cell->cxx, x[set], x[set]) && job->fits;
        }
    }
    if (job->run.n[0] && job->run.n[1]) {
        kundig__cross *cross = &share->crosses[slot->at];
        job->fits = kundig__i128_add_product(&cross->xx, x[0], x[1]) &&
                    kundig__i128_add_product(&cross->xw, x[0], w[1]) &&
                    kundig__i128_add_product(&cross->wx, w[0], x[1]) && job->fits;
    }
}

static void share_end_customer(share_job *job, uint32_t group)
{
    kundig__share *share = job->share;
    share_run *run = &job->run;
    bool of_customers = share->asked->unit == KUNDIG_OF_CUSTOMERS;
    kundig__i128 w[2] = {of_customers ? 1 : run->w[0], of_customers ? 1 : run->w[1]};
    for (uint32_t set = 0; set < share->width; set++) {
        kundig__cell *base = &share->bases[(size_t)group * share->width + set];
        if (run->n[set]) {
            job->fits = kundig__cell_customer(base, share->asked, run->w[set], 0) && job->fits;
        }
    }
    if (run->n[0] && run->n[1]) {
        kundig__cross *cross = &share->base_crosses[group];
        cross->customers++;
        job->fits = kundig__i128_add_product(&cross->ww, w[0], w[1]) && job->fits;
    }
    for (size_t i = 0; i < run->topic_count; i++) {
        share_end_topic(job, &job->slots[run->topics[i]], w);
    }
    run->number++;
    run->topic_count = 0;
    memset(run->n, 0, sizeof run->n);
    memset(run->w, 0, sizeof run->w);
}

/* ---- One group ------------------------------------------------------------------------------ */

/* What the topic's own sums are, with the base: the cell of x = 1 or 0 over all comments. */
static void share_cell_end(const kundig__cell *base, kundig__cell *cell)
{
    kundig__cell whole = *base;
    whole.wx = cell->wx;
    whole.wxx = cell->wx;
    whole.wwx = cell->wwx;
    whole.wwxx = cell->wwx;
    whole.cwx = cell->cwx;
    whole.cxx = cell->cxx;
    whole.m = cell->m;
    whole.mm = cell->mm;
    *cell = whole;
}

static int share_topic_order(const void *ud, uint32_t a, uint32_t b)
{
    const kundig__share_topic *topics = ud;
    return topics[a].topic < topics[b].topic ? -1 : topics[a].topic > topics[b].topic;
}

/* Places of the group's topics in order of their numbers. */
static void share_sort_topics(share_job *job)
{
    kundig__share_topic *topics = job->share->topics + job->first;
    uint32_t count = (uint32_t)(job->share->count - job->first);
    for (uint32_t i = 0; i < count; i++) {
        job->run.topics[i] = i;
    }
    kundig__order_sort(job->run.topics, count, share_topic_order, topics);
    for (uint32_t i = 0; i < count; i++) {
        topics[i].place = job->run.topics[i];
    }
}

static void share_end_group(share_job *job, uint32_t group)
{
    kundig__share *share = job->share;
    const kundig__cell *base = &share->bases[(size_t)group * share->width];
    for (size_t at = job->first; at < share->count; at++) {
        for (uint32_t set = 0; set < share->width; set++) {
            share_cell_end(&base[set], &share->cells[at * share->width + set]);
        }
        if (share->width > 1) {
            share->crosses[at].customers = share->base_crosses[group].customers;
            share->crosses[at].ww = share->base_crosses[group].ww;
        }
    }
    share_sort_topics(job);
    share->starts[group + 1] = share->count;
    job->first = share->count;
    for (uint32_t set = 0; set < share->width; set++) {
        share->counted.selected += base[set].selected;
        share->counted.n += base[set].n;
        share->counted.nameless += base[set].nameless;
    }
}

static int share_count(share_job *job, kundig_error *err)
{
    kundig__share *share = job->share;
    for (uint32_t group = 0; group < share->group_count; group++) {
        uint32_t end = job->starts[group + 1];
        for (uint32_t i = job->starts[group]; i < end; i++) {
            const share_entry *entry = &job->order[i];
            if (i + SHARE_AHEAD < end) {
                uint32_t ahead = entry[SHARE_AHEAD].row & ~SHARE_NO_TEXT;
                __builtin_prefetch(&job->said->starts[ahead]);
            }
            if (!share_comment(job, group, entry)) {
                return kundig__nomem(job->mem, err);
            }
            if (i + 1 == end || !entry->customer || entry[1].customer != entry->customer) {
                share_end_customer(job, group);
            }
            if (i % SHARE_ASK == SHARE_ASK - 1) {
                int rc = kundig__progress(share->context, i, job->order_count, err);
                if (rc) {
                    return rc;
                }
            }
        }
        share_end_group(job, group);
    }
    return job->fits ? KUNDIG_OK
                     : kundig__fail(err, KUNDIG_E_LIMIT, 0,
                                    "a sum leaves 128 bits: weights are too large");
}

/* ---- The whole ------------------------------------------------------------------------------ */
static void share_occurring(share_job *job)
{
    kundig__share *share = job->share;
    for (uint32_t topic = 0; topic < share->plan->topic_count; topic++) {
        if (topic == 0 || job->slots[topic].group) {
            share->occurring[share->occurring_count++] = topic;
        }
    }
}

static int share_begin(share_job *job, kundig_error *err)
{
    kundig__share *share = job->share;
    size_t groups = share->group_count;
    uint32_t topics = share->plan->topic_count;
    size_t themes = job->said->theme_names->count;
    size_t size;
    share->bases = kundig__size_mul(groups * share->width, sizeof *share->bases, &size)
                       ? kundig__alloc_zero(job->mem, size)
                       : NULL;
    share->starts = kundig__alloc_zero(job->mem, (groups + 1) * sizeof *share->starts);
    share->occurring = kundig__alloc(job->mem, topics * sizeof *share->occurring);
    job->slots = kundig__alloc_zero(job->mem, topics * sizeof *job->slots);
    job->run.topics = kundig__alloc(job->mem, topics * sizeof *job->run.topics);
    if (!share->bases || !share->starts || !share->occurring || !job->slots || !job->run.topics) {
        return kundig__nomem(job->mem, err);
    }
    if (share->width > 1) {
        share->base_crosses = kundig__alloc_zero(job->mem, groups * sizeof *share->base_crosses);
        if (!share->base_crosses) {
            return kundig__nomem(job->mem, err);
        }
    }
    if (share->plan->of_themes) {
        job->theme_rows = kundig__alloc_zero(job->mem, themes * sizeof *job->theme_rows);
        if (!job->theme_rows) {
            return kundig__nomem(job->mem, err);
        }
    }
    return share_order(job, err);
}

static void share_end(share_job *job)
{
    const kundig__share_plan *plan = job->share->plan;
    kundig__free(job->mem, job->order, job->rows * sizeof *job->order);
    kundig__free(job->mem, job->starts,
                 ((size_t)job->share->group_count + 1) * sizeof *job->starts);
    kundig__free(job->mem, job->slots, plan->topic_count * sizeof *job->slots);
    kundig__free(job->mem, job->run.topics, plan->topic_count * sizeof *job->run.topics);
    if (job->theme_rows) {
        kundig__free(job->mem, job->theme_rows,
                     job->said->theme_names->count * sizeof *job->theme_rows);
    }
}

int kundig__share_new(kundig__share *share, kundig__corpus *corpus, const kundig__asked *asked,
                      const kundig__share_plan *plan, const uint32_t *labels, uint32_t group_count,
                      uint32_t width, kundig_error *err)
{
    share_job job = {0};
    *share = (kundig__share){0};
    share->corpus = corpus;
    share->context = kundig__corpus_context(corpus);
    share->asked = asked;
    share->plan = plan;
    share->labels = labels;
    share->group_count = group_count;
    share->width = width;
    job.share = share;
    job.mem = &share->context->mem;
    job.rows = kundig__corpus_rows(corpus);
    job.customers = kundig__people_known(corpus)->codes;
    job.weights = kundig__corpus_weights(corpus);
    job.said = plan->said;
    job.run.number = 1;
    job.fits = true;
    int rc = share_begin(&job, err);
    rc = rc ? rc : share_count(&job, err);
    if (!rc) {
        share_occurring(&job);
    }
    share_end(&job);
    return rc;
}

/* SIZE_MAX: nobody in the group speaks of it. */
static size_t share_find(const kundig__share *share, uint32_t group, uint32_t topic)
{
    size_t first = share->starts[group];
    size_t low = first;
    size_t high = share->starts[group + 1];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        size_t at = first + share->topics[middle].place;
        if (share->topics[at].topic == topic) {
            return at;
        }
        if (share->topics[at].topic < topic) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return SIZE_MAX;
}

const kundig__cell *kundig__share_cell(const kundig__share *share, uint32_t group, uint32_t topic,
                                       uint32_t set)
{
    size_t at = share_find(share, group, topic);
    return at == SIZE_MAX ? &share->bases[(size_t)group * share->width + set]
                          : &share->cells[at * share->width + set];
}

const kundig__cross *kundig__share_cross(const kundig__share *share, uint32_t group, uint32_t topic)
{
    size_t at = share_find(share, group, topic);
    return at == SIZE_MAX ? &share->base_crosses[group] : &share->crosses[at];
}
