/* From rows to cells.
 *
 * One pass tallies answers by group, block by block. Where customers are known two more follow:
 *
 *   labels (group of each row) > entries, placed group by group (a counting sort) > rosters
 *
 *   entries:  | group 0: {customer, x} {customer, x} ... | group 1: ... | ...
 *   slots:    one a customer: {stamp of the group in hand, place in its roster}; never cleared
 *   roster:   one member a customer of the group in hand: n, sum w, sum w x
 *
 * Invariant: only integers are added, each checked, so neither the order of rows nor the number of
 * threads can show. Parts work on stretches of rows, then on stretches of groups; they share
 * nothing they write and allocate nothing.
 * Cost: O(rows + groups); with customers also 12 bytes a row (20 with weights) and 8 bytes a
 * customer and part. No hashing. */
#include "metrics/gather.h"

#include "base/os.h"

#ifdef KUNDIG_TINY
#define GATHER_STEP      KUNDIG__GROUP_BLOCK
#define GATHER_PART_ROWS 64
#define GATHER_SPARE     4
#define GATHER_ROUND     64
#else
#define GATHER_STEP      (UINT32_C(64) * KUNDIG__GROUP_BLOCK)
#define GATHER_PART_ROWS 65536
#define GATHER_SPARE     65536
#define GATHER_ROUND     (UINT32_C(1) << 20)
#endif
#define GATHER_AHEAD 16

/* Points below this may be squared and summed over all rows in 64 bits. */
#define GATHER_SMALL 32768

enum {
    GATHER_STEPS, /* how many answers count -1, 0, 1, and how many are missing */
    GATHER_POINTS,
    GATHER_WIDE
};

typedef struct gather_steps {
    uint32_t counts[4];
} gather_steps;

typedef struct gather_points {
    uint64_t n;
    uint64_t missing;
    int64_t x;
    int64_t xx;
} gather_points;

typedef struct gather_slot {
    uint32_t stamp;
    uint32_t index;
} gather_slot;

/* What one part owns. */
typedef struct gather_part {
    uint32_t first; /* rows [first, end); later groups */
    uint32_t end;
    uint32_t at;
    uint64_t other_kind;
    bool overflow;
    void *tallies;      /* count + 1: the last takes rows of no group */
    uint32_t *places;   /* a group: where its next entry goes */
    gather_slot *slots; /* two a customer with pairs: a behind b */
    kundig__member *members;
    uint32_t stamp;
    uint32_t groups[KUNDIG__GROUP_BLOCK];
} gather_part;

typedef struct gather_job {
    kundig__gather *gather;
    int how; /* GATHER_ */
    size_t tally_size;
    uint32_t rows;
    const int32_t *answers;
    const uint32_t *kinds; /* NULL: no row is left out for its kind */
    const uint32_t *customers;
    uint32_t customer_count; /* codes 1 .. */
    const int64_t *weights;
    uint32_t *label_target; /* where labels are kept; NULL: they are not */
    uint32_t part_count;
    gather_part *parts;
    uint64_t *entries; /* customer, x << 32 */
    int64_t *entry_weights;
    uint32_t *starts; /* of a group's entries; count + 1 */
    uint32_t entry_count;
    uint32_t roster_size; /* most members of a group */
    uint64_t done;
    uint64_t total;
    int error;
} gather_job;

void kundig__gather_init(kundig__gather *gather, kundig__corpus *corpus, const kundig__asked *asked,
                         const kundig__question *question)
{
    *gather = (kundig__gather){0};
    gather->corpus = corpus;
    gather->context = kundig__corpus_context(corpus);
    gather->asked = asked;
    gather->question = question;
}

void kundig__gather_free(kundig__gather *gather)
{
    kundig__mem *mem = &gather->context->mem;
    kundig__free(mem, gather->labels, gather->label_rows * sizeof *gather->labels);
    kundig__free(mem, gather->cells, gather->count * sizeof *gather->cells);
    if (gather->crosses) {
        kundig__free(mem, gather->crosses, gather->count / 2 * sizeof *gather->crosses);
    }
    if (gather->numbers) {
        kundig__free(mem, gather->numbers, gather->number_count * sizeof *gather->numbers);
    }
    gather->labels = NULL;
    gather->cells = NULL;
    gather->crosses = NULL;
    gather->numbers = NULL;
}

/* ---- Parts ---------------------------------------------------------------------------------- */

static void gather_start(gather_job *job, kundig__gather *gather)
{
    const kundig__corpus *corpus = gather->corpus;
    const kundig__metric *metric = gather->asked->metric;
    const kundig__dimension *customers = kundig__corpus_dimension(corpus, KUNDIG__DIM_CUSTOMER);
    const kundig__question *question = gather->question;
    *job = (gather_job){0};
    job->gather = gather;
    job->rows = kundig__corpus_rows(corpus);
    job->answers = question ? question->values : NULL;
    if (metric->kinds != KUNDIG__KINDS_ALL) {
        job->kinds = kundig__corpus_dimension(corpus, KUNDIG__DIM_KIND)->codes;
    }
    job->customers = customers->codes;
    job->customer_count = customers->dict.count;
    job->weights = kundig__corpus_weights(corpus);
    job->how =
        job->weights || (question &&
                         (question->minimum < -GATHER_SMALL || question->maximum > GATHER_SMALL) &&
                         metric->reads == KUNDIG__READS_VALUE)
            ? GATHER_WIDE
        : metric->reads == KUNDIG__READS_VALUE ? GATHER_POINTS
                                               : GATHER_STEPS;
    job->tally_size = job->how == GATHER_WIDE     ? sizeof(kundig__cell)
                      : job->how == GATHER_POINTS ? sizeof(gather_points)
                                                  : sizeof(gather_steps);
}

static int gather_parts_new(gather_job *job, kundig_error *err)
{
    kundig__mem *mem = &job->gather->context->mem;
    uint32_t most = job->rows / GATHER_PART_ROWS + 1;
    uint32_t threads = job->gather->context->threads;
    uint32_t count = threads < most ? threads : most;
    count = count ? count : 1;
    size_t size;
    if (!kundig__size_mul(count, sizeof *job->parts, &size)) {
        return kundig__nomem(mem, err);
    }
    job->parts = kundig__alloc_zero(mem, size);
    if (!job->parts) {
        return kundig__nomem(mem, err);
    }
    job->part_count = count;
    uint32_t blocks = job->rows / KUNDIG__GROUP_BLOCK + 1;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t first = (uint64_t)blocks * i / count * KUNDIG__GROUP_BLOCK;
        uint64_t end = (uint64_t)blocks * (i + 1) / count * KUNDIG__GROUP_BLOCK;
        job->parts[i].first = first < job->rows ? (uint32_t)first : job->rows;
        job->parts[i].end = end < job->rows ? (uint32_t)end : job->rows;
    }
    return KUNDIG_OK;
}

static size_t gather_slot_count(const gather_job *job)
{
    return ((size_t)job->customer_count + 1) * (job->gather->pairs ? 2 : 1);
}

static void gather_end(gather_job *job)
{
    kundig__mem *mem = &job->gather->context->mem;
    size_t count = job->gather->count;
    for (uint32_t i = 0; i < job->part_count; i++) {
        gather_part *part = &job->parts[i];
        kundig__free(mem, part->tallies, (count + 1) * job->tally_size);
        kundig__free(mem, part->places, count * sizeof *part->places);
        kundig__free(mem, part->slots, gather_slot_count(job) * sizeof *part->slots);
        kundig__free(mem, part->members,
                     (size_t)job->roster_size * (job->gather->pairs ? 2 : 1) *
                         sizeof *part->members);
    }
    kundig__free(mem, job->parts, job->part_count * sizeof *job->parts);
    kundig__free(mem, job->entries, job->entry_count * sizeof *job->entries);
    kundig__free(mem, job->entry_weights, job->entry_count * sizeof *job->entry_weights);
    kundig__free(mem, job->starts, (count + 1) * sizeof *job->starts);
}

/* Run work over the stretches of all parts, in steps, so that progress() is asked between. */
static int gather_run(gather_job *job, void (*work)(void *ud, uint32_t part), kundig_error *err)
{
    for (;;) {
        uint64_t before = 0;
        uint64_t after = 0;
        bool more = false;
        for (uint32_t i = 0; i < job->part_count; i++) {
            before += job->parts[i].at;
        }
        kundig__fork_join(job->part_count, work, job);
        for (uint32_t i = 0; i < job->part_count; i++) {
            after += job->parts[i].at;
            more = more || job->parts[i].at < job->parts[i].end;
            if (job->parts[i].overflow) {
                return kundig__fail(err, KUNDIG_E_LIMIT, 0,
                                    "a sum leaves 128 bits: weights or answers are too large");
            }
        }
        job->done += after - before;
        job->done = job->done < job->total ? job->done : job->total;
        int rc = kundig__progress(job->gather->context, job->done, job->total, err);
        if (rc || !more) {
            return rc;
        }
    }
}

static void gather_rewind(gather_job *job)
{
    for (uint32_t i = 0; i < job->part_count; i++) {
        job->parts[i].at = job->parts[i].first;
    }
}

/* ---- Labels and tallies --------------------------------------------------------------------- */

/* Groups of a block of rows; those of a kind that is not read become KUNDIG__NO_GROUP. */
static void gather_groups(gather_job *job, gather_part *part, uint32_t first, uint32_t count,
                          uint32_t *groups)
{
    kundig__grouping_rows(job->gather->grouping, 0, first, count, groups);
    int32_t kinds = job->gather->asked->metric->kinds;
    if (kinds == KUNDIG__KINDS_ALL || (kinds == KUNDIG__KINDS_CUSTOMERS && !job->kinds)) {
        return;
    }
    uint32_t wanted = kinds == KUNDIG__KINDS_EMPLOYEES;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t employee = job->kinds && job->kinds[first + i] == KUNDIG_KIND_EMPLOYEE;
        uint32_t other = employee != wanted;
        part->other_kind += other & (groups[i] != KUNDIG__NO_GROUP);
        groups[i] |= 0 - other;
    }
}

static void gather_label_step(void *ud, uint32_t index)
{
    gather_job *job = ud;
    gather_part *part = &job->parts[index];
    uint32_t end = part->end - part->at > GATHER_STEP ? part->at + GATHER_STEP : part->end;
    while (part->at < end) {
        uint32_t count = end - part->at;
        count = count < KUNDIG__GROUP_BLOCK ? count : KUNDIG__GROUP_BLOCK;
        gather_groups(job, part, part->at, count, job->label_target + part->at);
        part->at += count;
    }
}

static void gather_tally_steps(const gather_job *job, gather_steps *tallies, const uint32_t *groups,
                               uint32_t first, uint32_t count)
{
    const kundig__metric *metric = job->gather->asked->metric;
    uint32_t none = job->gather->count;
    int32_t low = metric->low;
    int32_t high = metric->high;
    if (!job->answers) {
        uint32_t step = metric->reads == KUNDIG__READS_NOTHING ? 1 : 3;
        for (uint32_t i = 0; i < count; i++) {
            uint32_t group = groups[i] < none ? groups[i] : none;
            tallies[group].counts[step]++;
        }
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t group = groups[i] < none ? groups[i] : none;
        int32_t answer = job->answers[first + i];
        uint32_t missing = answer == KUNDIG__SCORE_MISSING;
        uint32_t step = (uint32_t)(answer >= low) + (uint32_t)(answer >= high);
        tallies[group].counts[step | (missing * 3)]++;
    }
}

static void gather_tally_points(const gather_job *job, gather_points *tallies,
                                const uint32_t *groups, uint32_t first, uint32_t count)
{
    uint32_t none = job->gather->count;
    for (uint32_t i = 0; i < count; i++) {
        gather_points *tally = &tallies[groups[i] < none ? groups[i] : none];
        int64_t answer = job->answers ? job->answers[first + i] : KUNDIG__SCORE_MISSING;
        if (answer == KUNDIG__SCORE_MISSING) {
            tally->missing++;
        } else {
            tally->n++;
            tally->x += answer;
            tally->xx += answer * answer;
        }
    }
}

static bool gather_tally_wide(const gather_job *job, kundig__cell *tallies, const uint32_t *groups,
                              uint32_t first, uint32_t count)
{
    const kundig__metric *metric = job->gather->asked->metric;
    bool fits = true;
    for (uint32_t i = 0; i < count; i++) {
        if (groups[i] == KUNDIG__NO_GROUP) {
            continue;
        }
        kundig__cell *tally = &tallies[groups[i]];
        int32_t answer = job->answers                             ? job->answers[first + i]
                         : metric->reads == KUNDIG__READS_NOTHING ? 0
                                                                  : KUNDIG__SCORE_MISSING;
        tally->selected++;
        if (answer != KUNDIG__SCORE_MISSING) {
            int64_t weight = job->weights ? job->weights[first + i] : KUNDIG__WEIGHT_ONE;
            fits = kundig__cell_answer(tally, kundig__metric_x(metric, answer), weight) && fits;
        }
    }
    return fits;
}

static void gather_tally_step(void *ud, uint32_t index)
{
    gather_job *job = ud;
    gather_part *part = &job->parts[index];
    uint32_t end = part->end - part->at > GATHER_STEP ? part->at + GATHER_STEP : part->end;
    while (part->at < end) {
        uint32_t first = part->at;
        uint32_t count = end - first;
        const uint32_t *groups = part->groups;
        count = count < KUNDIG__GROUP_BLOCK ? count : KUNDIG__GROUP_BLOCK;
        if (!job->gather->grouping) {
            groups = job->gather->labels + first;
        } else {
            uint32_t *target = job->label_target ? job->label_target + first : part->groups;
            gather_groups(job, part, first, count, target);
            groups = target;
        }
        switch (job->how) {
        case GATHER_STEPS:
            gather_tally_steps(job, part->tallies, groups, first, count);
            break;
        case GATHER_POINTS:
            gather_tally_points(job, part->tallies, groups, first, count);
            break;
        default:
            part->overflow =
                !gather_tally_wide(job, part->tallies, groups, first, count) || part->overflow;
        }
        part->at += count;
    }
}

/* A tally as a cell of records that weigh 1 each. */
static void gather_cell(const gather_job *job, const gather_part *part, uint32_t group,
                        kundig__cell *cell)
{
    kundig__i128 n;
    kundig__i128 x;
    kundig__i128 xx;
    *cell = (kundig__cell){0};
    if (job->how == GATHER_WIDE) {
        *cell = ((const kundig__cell *)part->tallies)[group];
        return;
    }
    if (job->how == GATHER_POINTS) {
        const gather_points *tally = (const gather_points *)part->tallies + group;
        cell->n = tally->n;
        cell->selected = tally->n + tally->missing;
        x = tally->x;
        xx = tally->xx;
    } else {
        const uint32_t *counts = ((const gather_steps *)part->tallies)[group].counts;
        cell->n = (uint64_t)counts[0] + counts[1] + counts[2];
        cell->selected = cell->n + counts[3];
        x = (kundig__i128)counts[2] - counts[0];
        xx = (kundig__i128)counts[2] + counts[0];
    }
    n = (kundig__i128)cell->n;
    cell->w = n * KUNDIG__WEIGHT_ONE;
    cell->wx = x * KUNDIG__WEIGHT_ONE;
    cell->wxx = xx * KUNDIG__WEIGHT_ONE;
    cell->ww = cell->w * KUNDIG__WEIGHT_ONE;
    cell->wwx = cell->wx * KUNDIG__WEIGHT_ONE;
    cell->wwxx = cell->wxx * KUNDIG__WEIGHT_ONE;
}

static int gather_tally(gather_job *job, kundig_error *err)
{
    kundig__gather *gather = job->gather;
    kundig__mem *mem = &gather->context->mem;
    size_t tallies_size;
    size_t cells_size;
    if (!kundig__size_mul((size_t)gather->count + 1, job->tally_size, &tallies_size) ||
        !kundig__size_mul(gather->count, sizeof *gather->cells, &cells_size)) {
        return kundig__nomem(mem, err);
    }
    gather->cells = kundig__alloc_zero(mem, cells_size);
    if (!gather->cells) {
        return kundig__nomem(mem, err);
    }
    for (uint32_t i = 0; i < job->part_count; i++) {
        job->parts[i].tallies = kundig__alloc_zero(mem, tallies_size);
        if (!job->parts[i].tallies) {
            return kundig__nomem(mem, err);
        }
    }
    gather_rewind(job);
    int rc = gather_run(job, gather_tally_step, err);
    bool fits = true;
    for (uint32_t i = 0; !rc && i < job->part_count; i++) {
        gather->other_kind += job->parts[i].other_kind;
        job->parts[i].other_kind = 0;
        for (uint32_t group = 0; group < gather->count; group++) {
            kundig__cell cell;
            gather_cell(job, &job->parts[i], group, &cell);
            fits = kundig__cell_add(&gather->cells[group], &cell, 1) && fits;
        }
    }
    if (!rc && !fits) {
        rc = kundig__fail(err, KUNDIG_E_LIMIT, 0,
                          "a sum leaves 128 bits: weights or answers are too large");
    }
    return rc;
}

/* ---- Rosters -------------------------------------------------------------------------------- */

static uint64_t gather_tally_n(const gather_job *job, const gather_part *part, uint32_t group)
{
    kundig__cell cell;
    if (job->how == GATHER_STEPS) {
        const uint32_t *counts = ((const gather_steps *)part->tallies)[group].counts;
        return (uint64_t)counts[0] + counts[1] + counts[2];
    }
    gather_cell(job, part, group, &cell);
    return cell.n;
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
            total += gather_tally_n(job, &job->parts[i], group);
        }
        uint32_t here = (uint32_t)(total - job->starts[group]);
        most = here > most ? here : most;
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
        part->slots = kundig__alloc_zero(mem, gather_slot_count(job) * sizeof *part->slots);
        part->members = part->slots ? kundig__alloc(mem, members_size) : NULL;
        if (!part->members) {
            return kundig__nomem(mem, err);
        }
    }
    return KUNDIG_OK;
}

static void gather_scatter_step(void *ud, uint32_t index)
{
    gather_job *job = ud;
    gather_part *part = &job->parts[index];
    const kundig__metric *metric = job->gather->asked->metric;
    const uint32_t *labels = job->gather->labels;
    uint32_t end = part->end - part->at > GATHER_STEP ? part->at + GATHER_STEP : part->end;
    for (uint32_t row = part->at; row < end; row++) {
        uint32_t group = labels[row];
        if (group == KUNDIG__NO_GROUP) {
            continue;
        }
        int32_t answer = 0;
        if (metric->reads != KUNDIG__READS_NOTHING) {
            answer = job->answers ? job->answers[row] : KUNDIG__SCORE_MISSING;
            if (answer == KUNDIG__SCORE_MISSING) {
                continue;
            }
        }
        uint32_t x = (uint32_t)(int32_t)kundig__metric_x(metric, answer);
        uint32_t place = part->places[group]++;
        job->entries[place] = (uint64_t)job->customers[row] | (uint64_t)x << 32;
        if (job->weights) {
            job->entry_weights[place] = job->weights[row];
        }
    }
    part->at = end;
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
            return kundig__fail(err, KUNDIG_E_LIMIT, 0,
                                "a sum leaves 128 bits: weights or answers are too large");
        }
        int rc = gather->visitor(gather->visitor_ud, group, part->members, count, err);
        if (rc) {
            return rc;
        }
    }
    return KUNDIG_OK;
}

static int gather_rosters(gather_job *job, kundig_error *err)
{
    kundig__gather *gather = job->gather;
    uint32_t width = gather->pairs ? 2 : 1;
    uint32_t units = gather->count / width;
    uint32_t unit = 0;
    int rc = gather_place(job, err);
    if (rc) {
        return rc;
    }
    gather_rewind(job);
    rc = gather_run(job, gather_scatter_step, err);
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
    gather_rewind(job);
    return gather_run(job, gather_roster_step, err);
}

/* Without a customer column every answer is a cluster of its own. */
static void gather_all_nameless(kundig__gather *gather)
{
    for (uint32_t group = 0; group < gather->count; group++) {
        kundig__cell *cell = &gather->cells[group];
        cell->nameless = cell->n;
        cell->cww = cell->ww;
        cell->cwx = cell->wwx;
        cell->cxx = cell->wwxx;
    }
}

static int gather_cells(gather_job *job, kundig_error *err)
{
    int rc = gather_tally(job, err);
    if (rc) {
        return rc;
    }
    if (!job->customers) {
        gather_all_nameless(job->gather);
        return KUNDIG_OK;
    }
    return gather_rosters(job, err);
}

/* ---- Ways in -------------------------------------------------------------------------------- */

static uint32_t *gather_labels_new(kundig__gather *gather, uint32_t rows)
{
    gather->labels = kundig__alloc(&gather->context->mem, rows * sizeof *gather->labels);
    gather->label_rows = gather->labels ? rows : 0;
    return gather->labels;
}

/* Number anew the groups that hold rows: many more numbers were handed out than there are rows. */
static int gather_compact(gather_job *job, uint32_t count, kundig_error *err)
{
    kundig__gather *gather = job->gather;
    kundig__mem *mem = &gather->context->mem;
    uint32_t *map = kundig__alloc(mem, count * sizeof *map);
    uint32_t used = 0;
    int rc = KUNDIG_OK;
    if (!map) {
        return kundig__nomem(mem, err);
    }
    memset(map, 0xFF, count * sizeof *map);
    for (uint32_t row = 0; row < job->rows; row++) {
        uint32_t group = gather->labels[row];
        if (group != KUNDIG__NO_GROUP) {
            if (map[group] == UINT32_MAX) {
                map[group] = used++;
            }
            gather->labels[row] = map[group];
        }
    }
    gather->numbers = kundig__alloc(mem, used * sizeof *gather->numbers);
    if (!gather->numbers) {
        rc = kundig__nomem(mem, err);
    } else {
        gather->number_count = used;
        gather->count = used;
        for (uint32_t group = 0; group < count; group++) {
            if (map[group] != UINT32_MAX) {
                gather->numbers[map[group]] = group;
            }
        }
    }
    kundig__free(mem, map, count * sizeof *map);
    return rc;
}

int kundig__gather_groups(kundig__gather *gather, const kundig__grouping *grouping,
                          kundig_error *err)
{
    gather_job job;
    uint32_t count = kundig__grouping_count(grouping);
    gather_start(&job, gather);
    bool sparse = (uint64_t)count > (uint64_t)job.rows * 4 + GATHER_SPARE;
    int rc = gather_parts_new(&job, err);
    if (!rc && (sparse || job.customers) && !gather_labels_new(gather, job.rows)) {
        rc = kundig__nomem(&gather->context->mem, err);
    }
    gather->grouping = grouping;
    job.total = (uint64_t)job.rows * (job.customers ? 2u : 1u);
    job.label_target = gather->labels;
    if (!rc && sparse) {
        job.total += job.rows;
        gather_rewind(&job);
        rc = gather_run(&job, gather_label_step, err);
        rc = rc ? rc : gather_compact(&job, count, err);
        gather->grouping = NULL;
        job.label_target = NULL;
    } else if (!rc) {
        gather->count = count;
    }
    rc = rc ? rc : gather_cells(&job, err);
    gather_end(&job);
    gather->grouping = NULL;
    return rc;
}

int kundig__gather_label(kundig__gather *gather, const kundig__grouping *grouping, uint32_t *labels,
                         kundig_error *err)
{
    gather_job job;
    gather_start(&job, gather);
    gather->grouping = grouping;
    job.label_target = labels;
    job.total = job.rows;
    int rc = gather_parts_new(&job, err);
    if (!rc) {
        gather_rewind(&job);
        rc = gather_run(&job, gather_label_step, err);
    }
    for (uint32_t i = 0; !rc && i < job.part_count; i++) {
        gather->other_kind += job.parts[i].other_kind;
    }
    gather_end(&job);
    gather->grouping = NULL;
    return rc;
}

int kundig__gather_pairs(kundig__gather *gather, uint32_t *labels, uint32_t group_count,
                         kundig_error *err)
{
    gather_job job;
    kundig__mem *mem = &gather->context->mem;
    gather_start(&job, gather);
    gather->labels = labels;
    gather->label_rows = job.rows;
    gather->pairs = true;
    gather->crosses = kundig__alloc_zero(mem, group_count * sizeof *gather->crosses);
    gather->count = gather->crosses ? group_count * 2 : 0;
    job.total = (uint64_t)job.rows * (job.customers ? 2u : 1u);
    int rc = gather->crosses ? gather_parts_new(&job, err) : kundig__nomem(mem, err);
    rc = rc ? rc : gather_cells(&job, err);
    gather_end(&job);
    return rc;
}
