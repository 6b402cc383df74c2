/* From rows to cells.
 *
 * One pass tallies answers by group, block by block and layer by layer: a row counts in one group a
 * layer. Where customers are known two more follow (roster.c):
 *
 *   groups of each row > entries, placed group by group (a counting sort) > rosters
 *
 * Groups of layer 0 are kept in between, 4 bytes a row; those of higher layers, which few rows
 * have, are asked for again.
 * Invariant: only integers are added, each checked, so neither the order of rows nor the number of
 * threads can show. Parts work on stretches of rows, then on stretches of groups; they share
 * nothing they write and allocate nothing.
 * Cost: O(layers rows + groups); with customers also 12 bytes a row (20 with weights), 8 (16) more
 * a further group of a row, and 8 bytes a customer and part. No hashing. */
#include "corpus/rows.h"
#include "corpus/said.h"
#include "metrics/gather_job.h"

#include "base/os.h"

#ifdef KUNDIG_TINY
#define GATHER_PART_ROWS 64
#define GATHER_SPARE     4
#else
#define GATHER_PART_ROWS 65536
#define GATHER_SPARE     65536
#endif

/* Points below this may be squared and summed over all rows in 64 bits. */
#define GATHER_SMALL 32768

void kundig__gather_init(kundig__gather *gather, kundig__corpus *corpus, const kundig__asked *asked,
                         const kundig__question *question)
{
    *gather = (kundig__gather){0};
    gather->corpus = corpus;
    gather->context = kundig__corpus_context(corpus);
    gather->asked = asked;
    gather->question = question;
}

/* Novelties as answers of the rows. */
static int gather_novelties(kundig__gather *gather, kundig_error *err)
{
    const kundig__said *said = NULL;
    uint32_t rows = kundig__corpus_rows(gather->corpus);
    int rc = kundig__corpus_said(gather->corpus, &said, err);
    if (rc || gather->answers || !rows) {
        return rc;
    }
    gather->answers = kundig__alloc(&gather->context->mem, rows * sizeof *gather->answers);
    if (!gather->answers) {
        return kundig__nomem(&gather->context->mem, err);
    }
    gather->answer_rows = rows;
    for (uint32_t row = 0; row < rows; row++) {
        bool has = said->novelties && said->novelties[row] >= 0;
        gather->answers[row] = has ? said->novelties[row] : KUNDIG__SCORE_MISSING;
    }
    return KUNDIG_OK;
}

int kundig__gather_ready(kundig__gather *gather, kundig_error *err)
{
    const kundig__said *said = NULL;
    switch (gather->asked->metric->reads) {
    case KUNDIG__READS_MOODS:
        return kundig__corpus_moods(gather->corpus, &said, err);
    case KUNDIG__READS_NOVELTY:
        return gather_novelties(gather, err);
    default:
        return KUNDIG_OK;
    }
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
    if (gather->answers) {
        kundig__free(mem, gather->answers, gather->answer_rows * sizeof *gather->answers);
    }
    gather->answers = NULL;
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
    const kundig__dimension *customers = kundig__people_known(corpus);
    const kundig__question *question = gather->question;
    *job = (gather_job){0};
    job->gather = gather;
    job->rows = kundig__corpus_rows(corpus);
    job->answers = question ? question->values : gather->answers;
    job->moods = metric->reads == KUNDIG__READS_MOODS;
    if (metric->kinds != KUNDIG__KINDS_ALL) {
        job->kinds = kundig__corpus_dimension(corpus, KUNDIG__DIM_KIND)->codes;
    }
    job->customers = customers->codes;
    job->customer_count = customers->dict.count;
    job->weights = gather->weights ? gather->weights : kundig__corpus_weights(corpus);
    job->how =
        job->weights || (question &&
                         (question->minimum < -GATHER_SMALL || question->maximum > GATHER_SMALL) &&
                         metric->reads == KUNDIG__READS_VALUE)
            ? GATHER_WIDE
        : kundig__metric_is_of_values(metric) ? GATHER_POINTS
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

static void gather_end(gather_job *job)
{
    kundig__mem *mem = &job->gather->context->mem;
    size_t count = job->gather->count;
    for (uint32_t i = 0; i < job->part_count; i++) {
        gather_part *part = &job->parts[i];
        kundig__free(mem, part->tallies, (count + 1) * job->tally_size);
        kundig__free(mem, part->places, count * sizeof *part->places);
        kundig__free(mem, part->slots, kundig__gather_slot_count(job) * sizeof *part->slots);
        kundig__free(mem, part->members,
                     (size_t)job->roster_size * (job->gather->pairs ? 2 : 1) *
                         sizeof *part->members);
    }
    kundig__free(mem, job->parts, job->part_count * sizeof *job->parts);
    kundig__free(mem, job->entries, job->entry_count * sizeof *job->entries);
    kundig__free(mem, job->entry_weights, job->entry_count * sizeof *job->entry_weights);
    kundig__free(mem, job->starts, (count + 1) * sizeof *job->starts);
}

int kundig__gather_overflow(kundig_error *err)
{
    return kundig__fail(err, KUNDIG_E_LIMIT, 0,
                        "a sum leaves 128 bits: weights or answers are too large");
}

int kundig__gather_run(gather_job *job, void (*work)(void *ud, uint32_t part), kundig_error *err)
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
                return kundig__gather_overflow(err);
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

void kundig__gather_rewind(gather_job *job)
{
    for (uint32_t i = 0; i < job->part_count; i++) {
        job->parts[i].at = job->parts[i].first;
    }
}

/* ---- Labels and tallies --------------------------------------------------------------------- */

/* Groups in one numbering; rows of a kind that is not read become KUNDIG__NO_GROUP. */
static void gather_number(gather_job *job, gather_part *part, uint32_t which, uint32_t layer,
                          uint32_t first, uint32_t count, uint32_t *groups)
{
    const kundig__numbering *numbering = &job->gather->numberings[which];
    int32_t kinds = job->gather->asked->metric->kinds;
    if (layer >= kundig__grouping_layers(numbering->grouping)) {
        memset(groups, 0xFF, count * sizeof *groups);
        return;
    }
    kundig__grouping_rows(numbering->grouping, layer, first, count, groups);
    if (kinds == KUNDIG__KINDS_EMPLOYEES || (kinds == KUNDIG__KINDS_CUSTOMERS && job->kinds)) {
        uint32_t wanted = kinds == KUNDIG__KINDS_EMPLOYEES;
        for (uint32_t i = 0; i < count; i++) {
            uint32_t employee = job->kinds && job->kinds[first + i] == KUNDIG_KIND_EMPLOYEE;
            uint32_t other = employee != wanted;
            part->counted.other_kind += other & (groups[i] != KUNDIG__NO_GROUP) & (layer == 0);
            groups[i] |= 0 - other;
        }
    }
    const int64_t *weights = job->gather->weights;
    for (uint32_t i = 0; weights && i < count; i++) {
        groups[i] |= 0 - (uint32_t)(weights[first + i] == 0);
    }
    if (numbering->map) {
        for (uint32_t i = 0; i < count; i++) {
            groups[i] = groups[i] == KUNDIG__NO_GROUP ? groups[i] : numbering->map[groups[i]];
        }
    }
}

uint32_t kundig__gather_layers(const kundig__gather *gather, uint32_t first, uint32_t count)
{
    uint32_t most = 1;
    for (uint32_t i = 0; gather->layers > 1 && i < gather->numbering_count; i++) {
        const kundig__grouping *grouping = gather->numberings[i].grouping;
        uint32_t layers = kundig__grouping_layers_of(grouping, first, count);
        most = layers > most ? layers : most;
    }
    return most;
}

const uint32_t *kundig__gather_layer(gather_job *job, gather_part *part, uint32_t layer,
                                     uint32_t first, uint32_t count)
{
    const kundig__gather *gather = job->gather;
    if (layer == 0 && gather->labelled) {
        return gather->labels + first;
    }
    bool kept = job->label_target && layer == job->label_layer;
    uint32_t *groups = kept ? job->label_target + first : part->groups;
    gather_number(job, part, 0, layer, first, count, groups);
    if (gather->numbering_count > 1) {
        gather_number(job, part, 1, layer, first, count, part->others);
        for (uint32_t i = 0; i < count; i++) {
            groups[i] = groups[i] == KUNDIG__NO_GROUP ? part->others[i] : groups[i];
        }
    }
    return groups;
}

static void gather_label_step(void *ud, uint32_t index)
{
    gather_job *job = ud;
    gather_part *part = &job->parts[index];
    uint32_t end = part->end - part->at > GATHER_STEP ? part->at + GATHER_STEP : part->end;
    while (part->at < end) {
        uint32_t count = end - part->at;
        count = count < KUNDIG__GROUP_BLOCK ? count : KUNDIG__GROUP_BLOCK;
        (void)kundig__gather_layer(job, part, job->label_layer, part->at, count);
        part->at += count;
    }
}

const int32_t *kundig__gather_answers(const gather_job *job, gather_part *part, uint32_t layer,
                                      uint32_t first, uint32_t count)
{
    if (job->moods) {
        /* A second numbering lists the same: it is of the same query. */
        kundig__grouping_values(job->gather->numberings[0].grouping, layer, first, count,
                                part->answers);
        return part->answers;
    }
    return job->answers ? job->answers + first : NULL;
}

/* Records, each once: with several layers the cells count some again. */
static void gather_count(const gather_job *job, gather_part *part, uint32_t layer,
                         const uint32_t *groups, const int32_t *answers, uint32_t first,
                         uint32_t count)
{
    bool needs = job->gather->asked->metric->reads != KUNDIG__READS_NOTHING;
    if (layer == 0) {
        memset(part->answered, 0, count);
    }
    for (uint32_t i = 0; i < count; i++) {
        if (groups[i] != KUNDIG__NO_GROUP) {
            bool answers_now = !needs || (answers && answers[i] != KUNDIG__SCORE_MISSING);
            part->counted.selected += layer == 0;
            if (answers_now && !part->answered[i]) {
                part->answered[i] = 1;
                part->counted.n++;
                part->counted.nameless += !job->customers || !job->customers[first + i];
            }
        }
    }
}

static void gather_tally_steps(const gather_job *job, gather_steps *tallies, const uint32_t *groups,
                               const int32_t *answers, uint32_t count)
{
    const kundig__metric *metric = job->gather->asked->metric;
    uint32_t none = job->gather->count;
    int32_t low = metric->low;
    int32_t high = metric->high;
    if (!answers) {
        uint32_t step = metric->reads == KUNDIG__READS_NOTHING ? 1 : 3;
        for (uint32_t i = 0; i < count; i++) {
            uint32_t group = groups[i] < none ? groups[i] : none;
            tallies[group].counts[step]++;
        }
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t group = groups[i] < none ? groups[i] : none;
        int32_t answer = answers[i];
        uint32_t missing = answer == KUNDIG__SCORE_MISSING;
        uint32_t step = (uint32_t)(answer >= low) + (uint32_t)(answer >= high);
        tallies[group].counts[step | (missing * 3)]++;
    }
}

static void gather_tally_points(const gather_job *job, gather_points *tallies,
                                const uint32_t *groups, const int32_t *answers, uint32_t count)
{
    uint32_t none = job->gather->count;
    for (uint32_t i = 0; i < count; i++) {
        gather_points *tally = &tallies[groups[i] < none ? groups[i] : none];
        int64_t answer = answers ? answers[i] : KUNDIG__SCORE_MISSING;
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
                              const int32_t *answers, uint32_t first, uint32_t count)
{
    const kundig__metric *metric = job->gather->asked->metric;
    bool fits = true;
    for (uint32_t i = 0; i < count; i++) {
        if (groups[i] == KUNDIG__NO_GROUP) {
            continue;
        }
        kundig__cell *tally = &tallies[groups[i]];
        int32_t answer = answers                                  ? answers[i]
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
        count = count < KUNDIG__GROUP_BLOCK ? count : KUNDIG__GROUP_BLOCK;
        uint32_t layers = kundig__gather_layers(job->gather, first, count);
        for (uint32_t layer = 0; layer < layers; layer++) {
            const uint32_t *groups = kundig__gather_layer(job, part, layer, first, count);
            const int32_t *answers = kundig__gather_answers(job, part, layer, first, count);
            if (job->gather->layers > 1) {
                gather_count(job, part, layer, groups, answers, first, count);
            }
            switch (job->how) {
            case GATHER_STEPS:
                gather_tally_steps(job, part->tallies, groups, answers, count);
                break;
            case GATHER_POINTS:
                gather_tally_points(job, part->tallies, groups, answers, count);
                break;
            default:
                part->overflow =
                    !gather_tally_wide(job, part->tallies, groups, answers, first, count) ||
                    part->overflow;
            }
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
    kundig__gather_rewind(job);
    int rc = kundig__gather_run(job, gather_tally_step, err);
    bool fits = true;
    for (uint32_t i = 0; !rc && i < job->part_count; i++) {
        fits = kundig__counted_add(&gather->counted, &job->parts[i].counted, 1) && fits;
        job->parts[i].counted = (kundig__counted){0};
        for (uint32_t group = 0; group < gather->count; group++) {
            kundig__cell cell;
            gather_cell(job, &job->parts[i], group, &cell);
            fits = kundig__cell_add(&gather->cells[group], &cell, 1) && fits;
        }
    }
    return rc || fits ? rc : kundig__gather_overflow(err);
}

uint64_t kundig__gather_part_n(const gather_job *job, const gather_part *part, uint32_t group)
{
    kundig__cell cell;
    if (job->how == GATHER_STEPS) {
        const uint32_t *counts = ((const gather_steps *)part->tallies)[group].counts;
        return (uint64_t)counts[0] + counts[1] + counts[2];
    }
    gather_cell(job, part, group, &cell);
    return cell.n;
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
    kundig__gather *gather = job->gather;
    int rc = gather_tally(job, err);
    if (rc) {
        return rc;
    }
    if (!job->customers) {
        gather_all_nameless(gather);
    } else {
        rc = kundig__gather_rosters(job, err);
    }
    for (uint32_t group = 0; gather->layers == 1 && group < gather->count; group++) {
        gather->counted.selected += gather->cells[group].selected;
        gather->counted.n += gather->cells[group].n;
        gather->counted.nameless += gather->cells[group].nameless;
    }
    return rc;
}

/* ---- Ways in -------------------------------------------------------------------------------- */

static void gather_set_numberings(kundig__gather *gather, const kundig__numbering *numberings,
                                  uint32_t count)
{
    gather->numbering_count = count;
    gather->layers = 1;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t layers = kundig__grouping_layers(numberings[i].grouping);
        gather->numberings[i] = numberings[i];
        gather->layers = layers > gather->layers ? layers : gather->layers;
    }
}

static int gather_labels_new(kundig__gather *gather, uint32_t rows, kundig_error *err)
{
    gather->labels = kundig__alloc(&gather->context->mem, rows * sizeof *gather->labels);
    gather->label_rows = gather->labels ? rows : 0;
    return gather->labels ? KUNDIG_OK : kundig__nomem(&gather->context->mem, err);
}

/* Give numbers to groups of a layer that have none yet; the next free one. */
static uint32_t gather_give_numbers(uint32_t *map, uint32_t used, uint32_t *groups, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (groups[i] != KUNDIG__NO_GROUP) {
            if (map[groups[i]] == KUNDIG__NO_GROUP) {
                map[groups[i]] = used++;
            }
            groups[i] = map[groups[i]];
        }
    }
    return used;
}

/* Number anew the groups that hold rows: many more numbers were handed out than there are rows. */
static int gather_compact(gather_job *job, uint32_t *map, uint32_t count, kundig_error *err)
{
    kundig__gather *gather = job->gather;
    uint32_t *groups = job->parts[0].groups;
    memset(map, 0xFF, count * sizeof *map);
    uint32_t used = gather_give_numbers(map, 0, gather->labels, job->rows);
    for (uint32_t first = 0; gather->layers > 1 && first < job->rows;
         first += KUNDIG__GROUP_BLOCK) {
        uint32_t rows = job->rows - first;
        rows = rows < KUNDIG__GROUP_BLOCK ? rows : KUNDIG__GROUP_BLOCK;
        uint32_t layers = kundig__gather_layers(gather, first, rows);
        for (uint32_t layer = 1; layer < layers; layer++) {
            kundig__grouping_rows(gather->numberings[0].grouping, layer, first, rows, groups);
            used = gather_give_numbers(map, used, groups, rows);
        }
    }
    gather->numbers = kundig__alloc(&gather->context->mem, used * sizeof *gather->numbers);
    if (!gather->numbers) {
        return kundig__nomem(&gather->context->mem, err);
    }
    gather->number_count = used;
    gather->count = used;
    for (uint32_t group = 0; group < count; group++) {
        if (map[group] != KUNDIG__NO_GROUP) {
            gather->numbers[map[group]] = group;
        }
    }
    return KUNDIG_OK;
}

int kundig__gather_groups(kundig__gather *gather, const kundig__grouping *grouping,
                          kundig_error *err)
{
    gather_job job;
    kundig__mem *mem = &gather->context->mem;
    uint32_t count = kundig__grouping_count(grouping);
    uint32_t *map = NULL;
    gather_start(&job, gather);
    gather_set_numberings(gather, &(kundig__numbering){grouping, NULL}, 1);
    bool sparse = (uint64_t)count > (uint64_t)job.rows * 4 + GATHER_SPARE;
    int rc = gather_parts_new(&job, err);
    if (!rc && (sparse || job.customers)) {
        rc = gather_labels_new(gather, job.rows, err);
    }
    job.total = (uint64_t)job.rows * (job.customers ? 2u : 1u);
    job.label_target = gather->labels;
    if (!rc && sparse) {
        job.total += job.rows;
        kundig__gather_rewind(&job);
        rc = kundig__gather_run(&job, gather_label_step, err);
        map = rc ? NULL : kundig__alloc(mem, count * sizeof *map);
        rc = rc ? rc : map ? gather_compact(&job, map, count, err) : kundig__nomem(mem, err);
        gather->numberings[0].map = map;
        gather->labelled = true;
    } else if (!rc) {
        gather->count = count;
    }
    rc = rc ? rc : gather_cells(&job, err);
    gather_end(&job);
    kundig__free(mem, map, count * sizeof *map);
    gather->numbering_count = 0;
    return rc;
}

int kundig__gather_label(kundig__gather *gather, const kundig__grouping *grouping, uint32_t layer,
                         uint32_t *labels, kundig_error *err)
{
    gather_job job;
    gather_start(&job, gather);
    gather_set_numberings(gather, &(kundig__numbering){grouping, NULL}, 1);
    job.label_target = labels;
    job.label_layer = layer;
    job.total = job.rows;
    int rc = gather_parts_new(&job, err);
    if (!rc) {
        kundig__gather_rewind(&job);
        rc = kundig__gather_run(&job, gather_label_step, err);
    }
    for (uint32_t i = 0; !rc && i < job.part_count; i++) {
        gather->counted.other_kind += job.parts[i].counted.other_kind;
    }
    gather_end(&job);
    gather->numbering_count = 0;
    return rc;
}

int kundig__gather_pairs(kundig__gather *gather, uint32_t *labels,
                         const kundig__numbering numberings[2], uint32_t group_count,
                         kundig_error *err)
{
    gather_job job;
    kundig__mem *mem = &gather->context->mem;
    gather_start(&job, gather);
    gather_set_numberings(gather, numberings, 2);
    gather->labels = labels;
    gather->label_rows = job.rows;
    gather->labelled = true;
    gather->pairs = true;
    gather->crosses = kundig__alloc_zero(mem, group_count * sizeof *gather->crosses);
    gather->count = gather->crosses ? group_count * 2 : 0;
    job.total = (uint64_t)job.rows * (job.customers ? 2u : 1u);
    int rc = gather->crosses ? gather_parts_new(&job, err) : kundig__nomem(mem, err);
    rc = rc ? rc : gather_cells(&job, err);
    gather_end(&job);
    gather->numbering_count = 0;
    return rc;
}
