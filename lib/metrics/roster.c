/* From groups of rows to customers: the clusters of every group.
 *
 *   entries:  | group 0: {customer, x} {customer, x} ... | group 1: ... | ...
 *   slots:    one a customer: {stamp of the group in hand, place in its roster}; never cleared
 *   roster:   one member a customer of the group in hand: n, sum w, sum w x
 *
 * A row has an entry in each of its groups. Invariant and cost: see gather.c. */
#include "metrics/gather_job.h"

#define GATHER_AHEAD 16

size_t kundig__gather_slot_count(const gather_job *job)
{
    return ((size_t)job->customer_count + 1) * (job->gather->pairs ? 2 : 1);
}

static int gather_place(gather_job *job, kundig_error *err)
{
    kundig__gather *gather = job->gather;
    kundig__mem *mem = &gather->context->mem;
    uint64_t total = 0;
    job->starts = kundig__alloc(mem, ((size_t)gather->count + 1) * sizeof *job->starts);
    if (!job->starts) {
        return kundig__nomem(mem, err);
    }
    for (uint32_t i = 0; i < job->part_count; i++) {
        job->parts[i].places = kundig__alloc(mem, gather->count * sizeof *job->parts[i].places);
        if (!job->parts[i].places) {
            return kundig__nomem(mem, err);
        }
    }
    uint32_t most = 0;
    for (uint32_t group = 0; group < gather->count; group++) {
        job->starts[group] = (uint32_t)total;
        for (uint32_t i = 0; i < job->part_count; i++) {
            job->parts[i].places[group] = (uint32_t)total;
            total += kundig__gather_part_n(job, &job->parts[i], group);
        }
        uint32_t here = (uint32_t)(total - job->starts[group]);
        most = here > most ? here : most;
    }
    if (total > UINT32_MAX) {
        return kundig__fail(err, KUNDIG_E_LIMIT, 0,
                            "records stand in more than 4294967295 groups together");
    }
    job->starts[gather->count] = (uint32_t)total;
    job->entry_count = (uint32_t)total;
    job->entries = kundig__alloc(mem, job->entry_count * sizeof *job->entries);
    if (!job->entries) {
        return kundig__nomem(mem, err);
    }
    if (job->weights) {
        job->entry_weights = kundig__alloc(mem, job->entry_count * sizeof *job->entry_weights);
        if (!job->entry_weights) {
            return kundig__nomem(mem, err);
        }
    }
    most = most < job->customer_count ? most : job->customer_count;
    size_t members_size = (size_t)most * (gather->pairs ? 2 : 1) * sizeof(kundig__member);
    job->roster_size = most;
    for (uint32_t i = 0; i < job->part_count; i++) {
        gather_part *part = &job->parts[i];
        part->slots = kundig__alloc_zero(mem, kundig__gather_slot_count(job) * sizeof *part->slots);
        part->members = part->slots ? kundig__alloc(mem, members_size) : NULL;
        if (!part->members) {
            return kundig__nomem(mem, err);
        }
    }
    return KUNDIG_OK;
}

static void gather_scatter_block(const gather_job *job, gather_part *part, const uint32_t *groups,
                                 const int32_t *answers, uint32_t first, uint32_t count)
{
    const kundig__metric *metric = job->gather->asked->metric;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t row = first + i;
        if (groups[i] == KUNDIG__NO_GROUP) {
            continue;
        }
        int32_t answer = 0;
        if (metric->reads != KUNDIG__READS_NOTHING) {
            answer = answers ? answers[i] : KUNDIG__SCORE_MISSING;
            if (answer == KUNDIG__SCORE_MISSING) {
                continue;
            }
        }
        uint32_t x = (uint32_t)(int32_t)kundig__metric_x(metric, answer);
        uint32_t place = part->places[groups[i]]++;
        job->entries[place] = (uint64_t)job->customers[row] | (uint64_t)x << 32;
        if (job->weights) {
            job->entry_weights[place] = job->weights[row];
        }
    }
}

static void gather_scatter_step(void *ud, uint32_t index)
{
    gather_job *job = ud;
    gather_part *part = &job->parts[index];
    uint32_t end = part->end - part->at > GATHER_STEP ? part->at + GATHER_STEP : part->end;
    while (part->at < end) {
        uint32_t count = end - part->at;
        count = count < KUNDIG__GROUP_BLOCK ? count : KUNDIG__GROUP_BLOCK;
        uint32_t layers = kundig__gather_layers(job->gather, part->at, count);
        for (uint32_t layer = 0; layer < layers; layer++) {
            const uint32_t *groups = kundig__gather_layer(job, part, layer, part->at, count);
            const int32_t *answers = kundig__gather_answers(job, part, layer, part->at, count);
            gather_scatter_block(job, part, groups, answers, part->at, count);
        }
        part->at += count;
    }
}

/* Fill a roster from a group's entries; those without a customer go into its cell. */
static uint32_t gather_roster(gather_job *job, gather_part *part, uint32_t group,
                              gather_slot *slots, kundig__member *members)
{
    kundig__cell *cell = &job->gather->cells[group];
    uint32_t end = job->starts[group + 1];
    uint32_t stamp = part->stamp;
    uint32_t count = 0;
    for (uint32_t i = job->starts[group]; i < end; i++) {
        if (i + GATHER_AHEAD < end) {
            __builtin_prefetch(&slots[(uint32_t)job->entries[i + GATHER_AHEAD]], 1);
        }
        uint32_t customer = (uint32_t)job->entries[i];
        int32_t x = (int32_t)(uint32_t)(job->entries[i] >> 32);
        int64_t w = job->entry_weights ? job->entry_weights[i] : KUNDIG__WEIGHT_ONE;
        if (customer == 0) {
            part->overflow = !kundig__cell_nameless(cell, x, w) || part->overflow;
            continue;
        }
        gather_slot *slot = &slots[customer];
        kundig__i128 wx = (kundig__i128)w * x;
        if (slot->stamp != stamp) {
            slot->stamp = stamp;
            slot->index = count;
            members[count++] = (kundig__member){customer, 1, w, wx};
        } else {
            kundig__member *member = &members[slot->index];
            member->n++;
            member->w += w; /* 2^31 records of 2^40: fits */
            member->x += wx;
        }
    }
    return count;
}

static bool gather_clusters(const kundig__asked *asked, kundig__cell *cell,
                            const kundig__member *members, uint32_t count)
{
    bool fits = true;
    for (uint32_t i = 0; i < count; i++) {
        fits = kundig__cell_customer(cell, asked, members[i].w, members[i].x) && fits;
    }
    return fits;
}

/* Products over customers that stand in both rosters. */
static bool gather_cross(const gather_job *job, const gather_part *part, uint32_t pair,
                         uint32_t count_b)
{
    const kundig__asked *asked = job->gather->asked;
    const gather_slot *slots_a = part->slots;
    const kundig__member *members_b = part->members + job->roster_size;
    kundig__cross *cross = &job->gather->crosses[pair];
    int shift = kundig__asked_shift(asked);
    bool fits = true;
    for (uint32_t i = 0; i < count_b; i++) {
        const gather_slot *slot = &slots_a[members_b[i].customer];
        if (slot->stamp != part->stamp) {
            continue;
        }
        kundig__i128 aw = part->members[slot->index].w;
        kundig__i128 ax = part->members[slot->index].x;
        kundig__i128 bw = members_b[i].w;
        kundig__i128 bx = members_b[i].x;
        if (asked->unit == KUNDIG_OF_CUSTOMERS) {
            fits = kundig__cell_mean(aw, ax, shift, &ax) && kundig__cell_mean(bw, bx, shift, &bx) &&
                   fits;
            aw = 1;
            bw = 1;
        }
        cross->customers++;
        fits = kundig__i128_add_product(&cross->xx, ax, bx) &&
               kundig__i128_add_product(&cross->xw, ax, bw) &&
               kundig__i128_add_product(&cross->wx, aw, bx) &&
               kundig__i128_add_product(&cross->ww, aw, bw) && fits;
    }
    return fits;
}

static void gather_roster_step(void *ud, uint32_t index)
{
    gather_job *job = ud;
    gather_part *part = &job->parts[index];
    kundig__gather *gather = job->gather;
    uint32_t width = gather->pairs ? 2 : 1;
    uint32_t handled = 0;
    while (part->at < part->end && handled < GATHER_ROUND) {
        uint32_t group = part->at * width;
        handled += job->starts[group + width] - job->starts[group] + 1;
        part->stamp++;
        uint32_t count = gather_roster(job, part, group, part->slots, part->members);
        bool fits = gather_clusters(gather->asked, &gather->cells[group], part->members, count);
        if (gather->pairs) {
            kundig__member *members_b = part->members + job->roster_size;
            count = gather_roster(job, part, group + 1, part->slots + job->customer_count + 1,
                                  members_b);
            fits = gather_clusters(gather->asked, &gather->cells[group + 1], members_b, count) &&
                   gather_cross(job, part, part->at, count) && fits;
        }
        part->overflow = !fits || part->overflow;
        part->at++;
    }
}

static int gather_visit(gather_job *job, kundig_error *err)
{
    kundig__gather *gather = job->gather;
    gather_part *part = &job->parts[0];
    for (uint32_t group = 0; group < gather->count; group++) {
        part->stamp++;
        uint32_t count = gather_roster(job, part, group, part->slots, part->members);
        if (part->overflow) {
            return kundig__gather_overflow(err);
        }
        int rc = gather->visitor(gather->visitor_ud, group, part->members, count, err);
        if (rc) {
            return rc;
        }
    }
    return KUNDIG_OK;
}

int kundig__gather_rosters(gather_job *job, kundig_error *err)
{
    kundig__gather *gather = job->gather;
    uint32_t width = gather->pairs ? 2 : 1;
    uint32_t units = gather->count / width;
    uint32_t unit = 0;
    int rc = gather_place(job, err);
    if (rc) {
        return rc;
    }
    job->gather->labelled = job->gather->labels != NULL;
    kundig__gather_rewind(job);
    rc = kundig__gather_run(job, gather_scatter_step, err);
    if (rc || gather->visitor) {
        return rc ? rc : gather_visit(job, err);
    }
    for (uint32_t i = 0; i < job->part_count; i++) {
        uint64_t until = (uint64_t)job->entry_count * (i + 1) / job->part_count;
        job->parts[i].first = unit;
        while (unit < units &&
               (i + 1 == job->part_count || job->starts[(unit + 1) * width] <= until)) {
            unit++;
        }
        job->parts[i].end = unit;
    }
    kundig__gather_rewind(job);
    return kundig__gather_run(job, gather_roster_step, err);
}
