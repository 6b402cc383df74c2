/* kundig_weights(): answers weighed to stand for a population.
 *
 *   rows > cells: combinations of the margins' fields, in order of their keys
 *        > units: the records of a cell that come with one weight, in order of it
 *        > raking.c > a weight a unit, in 2^-20 > the gather, with these in the place of its own
 *
 * Records with an answer are weighed, so the weighted score stands for the population. The weights
 * records come with multiply in: raking begins with them. Records with a value that no margin
 * names, or whose margin is 0, are left out and counted: nobody said for whom they would stand.
 * Weights are of mean 1 over the others; a margin's unit does not matter.
 *
 * Invariant: neither the order of rows nor that of the margins of a field shows.
 * Cost: one pass over the rows, a sort of those that come with weights, O(units fields) a round;
 * 16 bytes a row. */
#include <stdio.h>

#include "base/math.h"
#include "base/order.h"
#include "base/text.h"
#include "metrics/share.h"
#include "metrics/weigh.h"

#define WEIGH_ROUNDS 1000

/* ---- Margins -------------------------------------------------------------------------------- */

static int weigh_margin_order(const void *ud, uint32_t a, uint32_t b)
{
    const kundig__weigh_job *job = ud;
    if (job->field_of[a] != job->field_of[b]) {
        return job->field_of[a] < job->field_of[b] ? -1 : 1;
    }
    int order = kundig__text_order(job->margins[a].value, job->margins[b].value);
    return order ? order : a < b ? -1 : a > b;
}

void kundig__weigh_named(kundig_text field, kundig_text value, char out[120])
{
    int value_len = (int)(value.len < 50 ? value.len : 50);
    int field_len = (int)(field.len < 50 ? field.len : 50);
    if (value.data) {
        (void)snprintf(out, 120, "%.*s = %.*s", field_len, field.data, value_len, value.data);
    } else {
        (void)snprintf(out, 120, "no %.*s", field_len, field.data);
    }
}

static int weigh_read_fields(kundig__weigh_job *job, kundig_error *err)
{
    for (size_t i = 0; i < job->margin_count; i++) {
        const kundig_margin *margin = &job->margins[i];
        size_t field = 0;
        if (!margin->field.data || !margin->field.len) {
            return kundig__fail(err, KUNDIG_E_ARG, i, "a margin names no field");
        }
        if (!(margin->size >= 0) || !kundig__is_finite(margin->size)) {
            char name[120];
            kundig__weigh_named(margin->field, margin->value, name);
            return kundig__fail(err, KUNDIG_E_VALUE, i,
                                "the margin of %s is no number of 0 or more", name);
        }
        while (field < job->field_count &&
               !kundig__text_equal(job->fields[field].name, margin->field)) {
            field++;
        }
        if (field == KUNDIG__MAX_GROUP_FIELDS) {
            return kundig__fail(err, KUNDIG_E_LIMIT, i, "margins are of at most %d fields",
                                KUNDIG__MAX_GROUP_FIELDS);
        }
        if (field == job->field_count) {
            job->fields[job->field_count++] = (kundig__weigh_field){margin->field, 0, 0};
        }
        job->fields[field].count++;
        job->field_of[i] = (uint32_t)field;
        job->order[i] = (uint32_t)i;
    }
    return KUNDIG_OK;
}

static int weigh_margins(kundig__weigh_job *job, kundig_error *err)
{
    int rc = weigh_read_fields(job, err);
    if (rc) {
        return rc;
    }
    kundig__order_sort(job->order, job->margin_count, weigh_margin_order, job);
    for (size_t i = 0, first = 0; i < job->field_count; i++) {
        kundig__weigh_field *field = &job->fields[i];
        bool positive = false;
        field->first = first;
        for (size_t m = first; m < first + field->count; m++) {
            const kundig_margin *margin = &job->margins[job->order[m]];
            positive = positive || margin->size > 0;
            if (m > first &&
                kundig__text_equal(margin->value, job->margins[job->order[m - 1]].value)) {
                char name[120];
                kundig__weigh_named(field->name, margin->value, name);
                return kundig__fail(err, KUNDIG_E_VALUE, job->order[m],
                                    "there are two margins of %s", name);
            }
        }
        if (!positive) {
            return kundig__fail(err, KUNDIG_E_VALUE, job->order[first],
                                "the margins of %.*s add up to 0: nobody is left to stand for",
                                kundig__shown(field->name), field->name.data);
        }
        job->values[i] = field->count;
        first += field->count;
    }
    return KUNDIG_OK;
}

uint32_t kundig__weigh_margin_of(const kundig__weigh_job *job, size_t field, kundig_text value)
{
    const uint32_t *order = job->order + job->fields[field].first;
    uint32_t low = 0;
    uint32_t high = job->fields[field].count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int sign = kundig__text_order(job->margins[order[middle]].value, value);
        if (!sign) {
            return middle;
        }
        low = sign < 0 ? middle + 1 : low;
        high = sign < 0 ? high : middle;
    }
    return job->fields[field].count;
}

/* ---- Cells ---------------------------------------------------------------------------------- */

int kundig__weigh_gather(const kundig__weigh_job *job, kundig__gather *gather, kundig_error *err)
{
    kundig__gather_init(gather, job->corpus, &job->asked, job->question);
    int rc = kundig__gather_ready(gather, err);
    if (!rc && job->asked.metric->reads == KUNDIG__READS_TOPICS) {
        rc = kundig__share_answers(gather, KUNDIG__SHARE_OF_ANY, err);
    }
    return rc;
}

/* Labels of rows without an answer go; cells are counted. */
static void weigh_count(kundig__weigh_job *job, const kundig__gather *gather)
{
    const int32_t *known = job->question ? job->question->values : gather->answers;
    bool moods = job->asked.metric->reads == KUNDIG__READS_MOODS;
    for (uint32_t first = 0; first < job->side.rows; first += KUNDIG__GROUP_BLOCK) {
        int32_t block[KUNDIG__GROUP_BLOCK];
        const int32_t *answers = known ? known + first : NULL;
        uint32_t count = job->side.rows - first;
        count = count < KUNDIG__GROUP_BLOCK ? count : KUNDIG__GROUP_BLOCK;
        if (moods) {
            kundig__grouping_values(job->side.grouping, 0, first, count, block);
            answers = block;
        }
        for (uint32_t i = 0; i < count; i++) {
            uint32_t *label = &job->side.labels[first + i];
            if (*label == KUNDIG__NO_GROUP) {
                continue;
            }
            if (!answers || answers[i] == KUNDIG__SCORE_MISSING) {
                *label = KUNDIG__NO_GROUP;
            } else {
                job->cells[*label].n++;
                job->answered++;
            }
        }
    }
}

static int weigh_weight_order(const void *ud, uint32_t a, uint32_t b)
{
    const int64_t *weights = ud;
    return weights[a] < weights[b] ? -1 : weights[a] > weights[b];
}

/* Rows of a cell stand together, in order of the weights they come with. */
static int weigh_place(kundig__weigh_job *job, kundig_error *err)
{
    const int64_t *weights = kundig__corpus_weights(job->corpus);
    uint32_t first = 0;
    job->rows = kundig__alloc(job->mem, job->answered * sizeof *job->rows);
    if (!job->rows) {
        return kundig__nomem(job->mem, err);
    }
    for (uint32_t i = 0; i < job->side.count; i++) {
        job->cells[i].first = first;
        first += job->cells[i].n;
        job->cells[i].n = 0;
    }
    for (uint32_t row = 0; row < job->side.rows; row++) {
        if (job->side.labels[row] != KUNDIG__NO_GROUP) {
            kundig__weigh_cell *cell = &job->cells[job->side.labels[row]];
            job->rows[cell->first + cell->n++] = row;
        }
    }
    for (uint32_t i = 0; weights && i < job->side.count; i++) {
        kundig__order_sort(job->rows + job->cells[i].first, job->cells[i].n, weigh_weight_order,
                           weights);
    }
    return KUNDIG_OK;
}

static int64_t weigh_own(const kundig__weigh_job *job, uint32_t row)
{
    const int64_t *weights = kundig__corpus_weights(job->corpus);
    return weights ? weights[row] : KUNDIG__WEIGHT_ONE;
}

/* The values of a cell as places among the margins; false where it stands for nobody. */
static bool weigh_cell_parts(kundig__weigh_job *job, const kundig__weigh_cell *cell,
                             uint32_t *parts)
{
    uint32_t number = job->side.groups[cell - job->cells];
    bool counts = true;
    for (size_t i = 0; i < job->field_count; i++) {
        char buffer[32];
        const kundig__weigh_field *field = &job->fields[i];
        parts[i] = kundig__weigh_margin_of(
            job, i, kundig__grouping_key(job->side.grouping, number, i, buffer));
        if (parts[i] == field->count) {
            job->unnamed[i] += cell->n;
            return false;
        }
        counts = counts && job->margins[job->order[field->first + parts[i]]].size > 0;
    }
    job->for_nobody += counts ? 0 : cell->n;
    return counts;
}

static uint32_t weigh_unit_end(const kundig__weigh_job *job, const kundig__weigh_cell *cell,
                               uint32_t at)
{
    uint32_t end = at + 1;
    while (end < cell->n && weigh_own(job, job->rows[cell->first + end]) ==
                                weigh_own(job, job->rows[cell->first + at])) {
        end++;
    }
    return end;
}

static int weigh_units(kundig__weigh_job *job, kundig_error *err)
{
    uint32_t parts[KUNDIG__MAX_GROUP_FIELDS];
    size_t size;
    for (uint32_t i = 0; i < job->side.count; i++) {
        kundig__weigh_cell *cell = &job->cells[i];
        cell->unit = job->unit_count;
        if (!cell->n || !weigh_cell_parts(job, cell, parts)) {
            job->left_out += cell->n;
            continue;
        }
        for (uint32_t at = 0; at < cell->n; at = weigh_unit_end(job, cell, at)) {
            cell->unit_count++;
        }
        job->unit_count += cell->unit_count;
    }
    if (!kundig__size_mul(job->unit_count, job->field_count * sizeof *job->parts, &size)) {
        return kundig__nomem(job->mem, err);
    }
    job->parts = kundig__alloc(job->mem, size);
    job->counts = kundig__alloc(job->mem, job->unit_count * sizeof *job->counts);
    job->weights = kundig__alloc(job->mem, job->unit_count * sizeof *job->weights);
    if (!job->parts || !job->counts || !job->weights) {
        return kundig__nomem(job->mem, err);
    }
    for (uint32_t i = 0; i < job->side.count; i++) {
        const kundig__weigh_cell *cell = &job->cells[i];
        size_t unit = cell->unit;
        for (uint32_t at = 0; cell->unit_count && at < cell->n; unit++) {
            uint32_t end = weigh_unit_end(job, cell, at);
            (void)weigh_cell_parts(job, cell, job->parts + unit * job->field_count);
            job->counts[unit] = end - at;
            job->weights[unit] = (double)weigh_own(job, job->rows[cell->first + at]);
            at = end;
        }
    }
    return KUNDIG_OK;
}

static int weigh_cells(kundig__weigh_job *job, kundig_error *err)
{
    kundig__gather gather;
    int rc = kundig__weigh_gather(job, &gather, err);
    rc = rc ? rc : kundig__side_new(&gather, job->query, KUNDIG__NO_NODE, &job->side, err);
    if (!rc) {
        kundig__side_translate(&job->side);
        job->cells = kundig__alloc_zero(job->mem, job->side.count * sizeof *job->cells);
        rc = job->cells ? KUNDIG_OK : kundig__nomem(job->mem, err);
    }
    if (!rc) {
        weigh_count(job, &gather);
        rc = weigh_place(job, err);
    }
    rc = rc ? rc : weigh_units(job, err);
    kundig__gather_free(&gather);
    return rc;
}

/* ---- Weights -------------------------------------------------------------------------------- */

bool kundig__weigh_is_done(const kundig__weigh_job *job)
{
    int status = job->raking.status;
    return job->answered && (status == KUNDIG__RAKING_OK || status == KUNDIG__RAKING_CAPPED);
}

static int weigh_rake(kundig__weigh_job *job, uint64_t rounds, kundig_error *err)
{
    job->sizes = kundig__alloc(job->mem, job->margin_count * sizeof *job->sizes);
    job->row_weights = kundig__alloc_zero(job->mem, job->side.rows * sizeof *job->row_weights);
    if (!job->sizes || !job->row_weights) {
        return kundig__nomem(job->mem, err);
    }
    for (size_t i = 0; i < job->margin_count; i++) {
        job->sizes[i] = job->margins[job->order[i]].size;
    }
    job->raking = (kundig__raking){.units = job->unit_count,
                                   .fields = job->field_count,
                                   .parts = job->parts,
                                   .counts = job->counts,
                                   .weights = job->weights,
                                   .values = job->values,
                                   .margins = job->sizes,
                                   .most = job->most,
                                   .rounds = rounds ? rounds : WEIGH_ROUNDS};
    int rc = kundig__rake(kundig__corpus_context(job->corpus), &job->raking, err);
    if (rc || !kundig__weigh_is_done(job)) {
        return rc;
    }
    for (uint32_t i = 0; i < job->side.count; i++) {
        const kundig__weigh_cell *cell = &job->cells[i];
        size_t unit = cell->unit;
        for (uint32_t at = 0; cell->unit_count && at < cell->n; unit++) {
            uint32_t end = weigh_unit_end(job, cell, at);
            double rounded = kundig__floor(job->weights[unit] * (double)KUNDIG__WEIGHT_ONE + 0.5);
            int64_t weight = rounded > 1 ? (int64_t)rounded : 1;
            for (; at < end; at++) {
                job->row_weights[job->rows[cell->first + at]] = weight;
            }
        }
    }
    return KUNDIG_OK;
}

/* ---- The whole ------------------------------------------------------------------------------ */

static int weigh_ask(kundig__weigh_job *job, kundig_error *err)
{
    const kundig_query *query = job->query;
    if (query->unit == KUNDIG_OF_CUSTOMERS) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "weights are of records; where every customer counts once, none "
                            "weighs more than another");
    }
    if (query->group_field_count || query->every != KUNDIG_EVERY_NONE) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "weights are of all records that a query keeps: filter them, in the "
                            "place of grouping");
    }
    int rc = kundig__ask_default(job->corpus, job->query, &job->asked, &job->question, err);
    if (!rc && !job->asked.metric->contrast) {
        rc = kundig__fail(err, KUNDIG_E_ARG, 0, "%s is a count: name a score to weigh",
                          job->asked.metric->name);
    }
    for (size_t i = 0; i < job->field_count && !rc; i++) {
        kundig_text name = job->fields[i].name;
        kundig__field field;
        rc = kundig__field_resolve(job->corpus, name, &field, err);
        if (!rc && (field.type == KUNDIG__FIELD_TOPIC || field.type == KUNDIG__FIELD_THEME)) {
            rc = kundig__fail(err, KUNDIG_E_ARG, job->order[job->fields[i].first],
                              "a record may have several values of %.*s: margins need one",
                              kundig__shown(name), name.data);
        }
        rc = rc ? rc : kundig_query_group_by(job->query, name.data, name.len, err);
    }
    return rc;
}

static void weigh_end(kundig__weigh_job *job)
{
    size_t units = job->unit_count;
    kundig__free(job->mem, job->field_of, job->margin_count * sizeof *job->field_of);
    kundig__free(job->mem, job->order, job->margin_count * sizeof *job->order);
    kundig__free(job->mem, job->parts, units * job->field_count * sizeof *job->parts);
    kundig__free(job->mem, job->counts, units * sizeof *job->counts);
    kundig__free(job->mem, job->weights, units * sizeof *job->weights);
    kundig__free(job->mem, job->sizes, job->margin_count * sizeof *job->sizes);
    kundig__free(job->mem, job->row_weights,
                 job->row_weights ? job->side.rows * sizeof *job->row_weights : 0);
    kundig__free(job->mem, job->rows, job->answered * sizeof *job->rows);
    kundig__free(job->mem, job->cells, job->side.count * sizeof *job->cells);
    kundig__side_free(&job->side);
    kundig_query_free(job->query);
}

int kundig__weigh_answers(kundig__corpus *corpus, const kundig_query *query,
                          const kundig_margin *margins, size_t margin_count,
                          const kundig_weights_options *options,
                          kundig_table *out[KUNDIG_WEIGHTS_TABLES], kundig_error *err)
{
    kundig__context *context = kundig__corpus_context(corpus);
    kundig__weigh_job job = {.corpus = corpus,
                             .mem = &context->mem,
                             .margins = margins,
                             .margin_count = margin_count,
                             .most = options->most};
    if (!margin_count || margin_count > UINT32_MAX) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "give a margin at least: how many have a value");
    }
    if (job.most != 0 && (!(job.most >= 1) || !kundig__is_finite(job.most))) {
        return kundig__fail(err, KUNDIG_E_VALUE, 0,
                            "the greatest weight is told in means: 1 at least, or 0 for none");
    }
    job.field_of = kundig__alloc(job.mem, margin_count * sizeof *job.field_of);
    job.order = kundig__alloc(job.mem, margin_count * sizeof *job.order);
    int rc = job.field_of && job.order ? KUNDIG_OK : kundig__nomem(job.mem, err);
    rc = rc ? rc : weigh_margins(&job, err);
    rc = rc ? rc : kundig__query_copy(query, &job.mem->hook, &job.query, err);
    rc = rc ? rc : weigh_ask(&job, err);
    rc = rc ? rc : weigh_cells(&job, err);
    rc = rc ? rc : weigh_rake(&job, options->rounds, err);
    rc = rc ? rc : kundig__weigh_tables(&job, out, err);
    weigh_end(&job);
    return rc;
}
