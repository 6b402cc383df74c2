/* Counts of customers by series and period.
 *
 * Three groupings number each row: by all fields, by those of the base, by period. What a row says
 * goes into the cell of a series and period; within a cell, rows are gone over with a mark a
 * customer, so each counts once.
 * Invariant: only sets of customers decide, so no order of rows shows. Cost: two passes over the
 * rows, 8 bytes a row and topic while they run, 4 bytes a series and period. */
#include "why/series.h"

#include <inttypes.h>

#include "base/calendar.h"
#include "base/text.h"
#include "corpus/rows.h"

#define SERIES_MOST_CELLS (UINT32_C(1) << 24)

typedef struct series_job {
    kundig__corpus *corpus;
    kundig__context *context;
    kundig__mem *mem;
    const uint32_t *customers; /* NULL: none is named */
    uint32_t customer_count;
    uint32_t rows;
    kundig_query *queries[3]; /* of the three groupings */
    kundig__grouping *of_series;
    kundig__grouping *of_bases;
    kundig__grouping *of_periods;
    uint32_t *series_of; /* a group of of_series: its series; KUNDIG__NO_GROUP */
    uint32_t *period_of; /* a group of of_periods */
    uint32_t *marks;     /* a customer: the cell last counted, + 1 */
} series_job;

static void series_end(series_job *job)
{
    kundig__mem *mem = job->mem;
    kundig__free(mem, job->series_of,
                 job->of_series ? kundig__grouping_count(job->of_series) * sizeof(uint32_t) : 0);
    kundig__free(mem, job->period_of,
                 job->of_periods ? kundig__grouping_count(job->of_periods) * sizeof(uint32_t) : 0);
    kundig__free(mem, job->marks, ((size_t)job->customer_count + 1) * sizeof *job->marks);
    kundig__grouping_free(job->of_bases);
    kundig__grouping_free(job->of_periods);
    kundig_query_free(job->queries[1]);
    kundig_query_free(job->queries[2]);
}

/* ---- Groupings ------------------------------------------------------------------------------ */

/* The grouping borrows from *asked, which is the caller's as well. */
static int series_grouping(series_job *job, const kundig_query *query, const bool *keep,
                           int32_t every, kundig_query **asked, kundig__grouping **out,
                           kundig_error *err)
{
    kundig_query *own = NULL;
    int rc = kundig__query_copy(query, &job->mem->hook, &own, err);
    if (rc) {
        return rc;
    }
    size_t kept = 0;
    for (size_t i = 0; i < own->group_field_count; i++) {
        if (keep[i]) {
            own->group_fields[kept++] = own->group_fields[i];
        }
    }
    own->group_field_count = kept;
    own->every = every;
    *asked = own;
    return kundig__grouping_new(job->corpus, own, KUNDIG__NO_NODE, out, err);
}

/* Which fields say what is spoken of: those the model reads, else the last. */
static int series_spoken(const series_job *job, const kundig_query *query, bool *spoken,
                         kundig_error *err)
{
    bool any = false;
    for (size_t i = 0; i < query->group_field_count; i++) {
        kundig__field field;
        int rc = kundig__field_resolve(job->corpus, query->group_fields[i], &field, err);
        if (rc) {
            return rc;
        }
        spoken[i] = kundig__field_is_read(field.type);
        any = any || spoken[i];
    }
    if (!any && query->group_field_count) {
        spoken[query->group_field_count - 1] = true;
    }
    return KUNDIG_OK;
}

static int series_groupings(series_job *job, const kundig_query *query, int32_t every, bool *spoken,
                            kundig_error *err)
{
    bool all[KUNDIG__MAX_GROUP_FIELDS];
    bool bases[KUNDIG__MAX_GROUP_FIELDS];
    bool none[KUNDIG__MAX_GROUP_FIELDS] = {false};
    int rc = series_spoken(job, query, spoken, err);
    for (size_t i = 0; i < query->group_field_count; i++) {
        all[i] = true;
        bases[i] = !spoken[i];
    }
    rc = rc ? rc
            : series_grouping(job, query, all, KUNDIG_EVERY_NONE, &job->queries[0], &job->of_series,
                              err);
    rc = rc ? rc
            : series_grouping(job, query, bases, KUNDIG_EVERY_NONE, &job->queries[1],
                              &job->of_bases, err);
    return rc ? rc
              : series_grouping(job, query, none, every, &job->queries[2], &job->of_periods, err);
}

/* ---- Numbers -------------------------------------------------------------------------------- */

/* Which groups hold a row: a byte a group. */
static int series_seen(series_job *job, const kundig__grouping *grouping, uint8_t **seen,
                       kundig_error *err)
{
    uint32_t groups[KUNDIG__GROUP_BLOCK];
    *seen = kundig__alloc_zero(job->mem, kundig__grouping_count(grouping));
    if (!*seen) {
        return kundig__nomem(job->mem, err);
    }
    for (uint32_t first = 0; first < job->rows; first += KUNDIG__GROUP_BLOCK) {
        uint32_t count = job->rows - first;
        count = count < KUNDIG__GROUP_BLOCK ? count : KUNDIG__GROUP_BLOCK;
        uint32_t layers = kundig__grouping_layers_of(grouping, first, count);
        int rc = kundig__progress(job->context, first, job->rows, err);
        if (rc) {
            return rc;
        }
        for (uint32_t layer = 0; layer < layers; layer++) {
            kundig__grouping_rows(grouping, layer, first, count, groups);
            for (uint32_t i = 0; i < count; i++) {
                if (groups[i] != KUNDIG__NO_GROUP) {
                    (*seen)[groups[i]] = 1;
                }
            }
        }
    }
    return KUNDIG_OK;
}

static int series_number_groups(series_job *job, const kundig_query *query, const bool *spoken,
                                kundig__series *out, kundig_error *err)
{
    uint32_t numbers = kundig__grouping_count(job->of_series);
    uint8_t *seen = NULL;
    int rc = series_seen(job, job->of_series, &seen, err);
    out->groups = rc ? NULL : kundig__alloc(job->mem, numbers * sizeof *out->groups);
    out->bases = rc ? NULL : kundig__alloc(job->mem, numbers * sizeof *out->bases);
    job->series_of = rc ? NULL : kundig__alloc(job->mem, numbers * sizeof *job->series_of);
    if (!rc && (!out->groups || !out->bases || !job->series_of)) {
        rc = kundig__nomem(job->mem, err);
    }
    for (uint32_t group = 0; !rc && group < numbers; group++) {
        bool said = seen[group] != 0;
        for (size_t key = 0; said && key < query->group_field_count; key++) {
            char buffer[32];
            said = !spoken[key] ||
                   kundig__grouping_key(job->of_series, group, key, buffer).data != NULL;
        }
        job->series_of[group] = KUNDIG__NO_GROUP;
        if (said) {
            out->groups[out->count++] = group;
        }
    }
    kundig__free(job->mem, seen, numbers);
    if (!rc) {
        kundig__grouping_sort(job->of_series, out->groups, out->count);
        for (uint32_t i = 0; i < out->count; i++) {
            job->series_of[out->groups[i]] = i;
        }
    }
    return rc;
}

static int64_t series_start(const kundig__grouping *grouping, uint32_t group)
{
    char buffer[32];
    kundig__span span;
    kundig_text label = kundig__grouping_key(grouping, group, 0, buffer);
    return label.data && kundig__span_read(label, &span) ? span.from_ms / KUNDIG__DAY_MS
                                                         : INT64_MIN;
}

static int series_number_periods(series_job *job, kundig__series *out, kundig_error *err)
{
    uint32_t numbers = kundig__grouping_count(job->of_periods);
    int64_t first = INT64_MAX;
    int64_t last = INT64_MIN;
    uint8_t *seen = NULL;
    int rc = series_seen(job, job->of_periods, &seen, err);
    job->period_of = rc ? NULL : kundig__alloc(job->mem, numbers * sizeof *job->period_of);
    if (!rc && !job->period_of) {
        rc = kundig__nomem(job->mem, err);
    }
    for (uint32_t group = 0; !rc && group < numbers; group++) {
        int64_t start = seen[group] ? series_start(job->of_periods, group) : INT64_MIN;
        if (start != INT64_MIN) {
            first = start < first ? start : first;
            last = start > last ? start : last;
        }
    }
    for (int64_t start = first; !rc && start <= last;
         start = kundig__window_next(out->every, start)) {
        out->periods++;
    }
    out->starts = rc ? NULL : kundig__alloc(job->mem, out->periods * sizeof *out->starts);
    if (!rc && !out->starts) {
        rc = kundig__nomem(job->mem, err);
    }
    int64_t at = first;
    for (uint32_t i = 0; !rc && i < out->periods; i++) {
        out->starts[i] = at;
        at = kundig__window_next(out->every, at);
    }
    for (uint32_t group = 0; !rc && group < numbers; group++) {
        int64_t start = seen[group] ? series_start(job->of_periods, group) : INT64_MIN;
        uint32_t low = 0;
        uint32_t high = out->periods;
        while (low < high) {
            uint32_t middle = low + (high - low) / 2;
            if (out->starts[middle] < start) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        job->period_of[group] = start == INT64_MIN ? KUNDIG__NO_GROUP : low;
    }
    kundig__free(job->mem, seen, numbers);
    return rc;
}

/* ---- Counting ------------------------------------------------------------------------------- */

typedef struct series_entries {
    uint32_t *starts; /* of a cell's customers; cells + 1 */
    uint32_t *customers;
    size_t cells;
    size_t count;
} series_entries;

static void series_entries_free(series_job *job, series_entries *entries)
{
    kundig__free(job->mem, entries->starts, (entries->cells + 1) * sizeof *entries->starts);
    kundig__free(job->mem, entries->customers, entries->count * sizeof *entries->customers);
}

/* Visit what every row says: cells of a grouping and period. Customers that are named go where
 * `entries` says; others are counted at once. Without entries rows are counted into starts. */
static int series_pass(series_job *job, const kundig__grouping *grouping, const uint32_t *number_of,
                       uint32_t periods, series_entries *entries, bool place, uint32_t *counts,
                       kundig_error *err)
{
    uint32_t groups[KUNDIG__GROUP_BLOCK];
    uint32_t times[KUNDIG__GROUP_BLOCK];
    for (uint32_t first = 0; first < job->rows; first += KUNDIG__GROUP_BLOCK) {
        uint32_t count = job->rows - first;
        count = count < KUNDIG__GROUP_BLOCK ? count : KUNDIG__GROUP_BLOCK;
        uint32_t layers = kundig__grouping_layers_of(grouping, first, count);
        int rc = kundig__progress(job->context, first, job->rows, err);
        if (rc) {
            return rc;
        }
        kundig__grouping_rows(job->of_periods, 0, first, count, times);
        for (uint32_t layer = 0; layer < layers; layer++) {
            kundig__grouping_rows(grouping, layer, first, count, groups);
            for (uint32_t i = 0; i < count; i++) {
                uint32_t number =
                    groups[i] == KUNDIG__NO_GROUP || !number_of ? groups[i] : number_of[groups[i]];
                if (number == KUNDIG__NO_GROUP || times[i] == KUNDIG__NO_GROUP ||
                    job->period_of[times[i]] == KUNDIG__NO_GROUP) {
                    continue;
                }
                size_t cell = (size_t)number * periods + job->period_of[times[i]];
                uint32_t customer = job->customers ? job->customers[first + i] : 0;
                if (customer && place) {
                    entries->customers[entries->starts[cell]++] = customer;
                } else if (customer) {
                    entries->starts[cell + 1]++;
                } else if (!place) {
                    counts[cell]++;
                }
            }
        }
    }
    return KUNDIG_OK;
}

/* Distinct customers of every cell. */
static int series_count(series_job *job, const kundig__grouping *grouping,
                        const uint32_t *number_of, uint32_t numbers, uint32_t periods,
                        uint32_t **counts, kundig_error *err)
{
    series_entries entries = {.cells = (size_t)numbers * periods};
    *counts = kundig__alloc_zero(job->mem, entries.cells * sizeof **counts);
    entries.starts = kundig__alloc_zero(job->mem, (entries.cells + 1) * sizeof *entries.starts);
    int rc = *counts && entries.starts ? KUNDIG_OK : kundig__nomem(job->mem, err);
    rc = rc ? rc : series_pass(job, grouping, number_of, periods, &entries, false, *counts, err);
    for (size_t cell = 0; !rc && cell < entries.cells; cell++) {
        if (entries.starts[cell + 1] > UINT32_MAX - entries.starts[cell]) {
            rc = kundig__fail(err, KUNDIG_E_LIMIT, 0, "more than 2^32 things are said");
            break;
        }
        entries.starts[cell + 1] += entries.starts[cell];
    }
    if (!rc) {
        entries.count = entries.starts[entries.cells];
        entries.customers = kundig__alloc(job->mem, entries.count * sizeof *entries.customers);
        rc = entries.customers || !entries.count ? KUNDIG_OK : kundig__nomem(job->mem, err);
    }
    rc = rc ? rc : series_pass(job, grouping, number_of, periods, &entries, true, *counts, err);
    /* Placing has moved every start to its cell's end. */
    for (size_t cell = 0, at = 0; !rc && cell < entries.cells; cell++) {
        for (; at < entries.starts[cell]; at++) {
            uint32_t *mark = &job->marks[entries.customers[at]];
            (*counts)[cell] += *mark != cell + 1;
            *mark = (uint32_t)(cell + 1);
        }
    }
    memset(job->marks, 0, ((size_t)job->customer_count + 1) * sizeof *job->marks);
    series_entries_free(job, &entries);
    return rc;
}

/* The base of each series: the group of of_bases with the same keys. */
static int series_find_bases(series_job *job, const kundig_query *query, const bool *spoken,
                             kundig__series *out, kundig_error *err)
{
    uint32_t numbers = kundig__grouping_count(job->of_bases);
    kundig__dict names;
    kundig__buf key;
    int rc = KUNDIG_OK;
    kundig__dict_init(&names, job->mem, job->context->siphash_key);
    kundig__buf_init(&key, job->mem);
    out->base_count = numbers;
    for (uint32_t group = 0; !rc && group < numbers + out->count; group++) {
        bool base = group < numbers;
        const kundig__grouping *grouping = base ? job->of_bases : job->of_series;
        uint32_t number = base ? group : out->groups[group - numbers];
        key.len = 0;
        for (size_t field = 0, at = 0; field < query->group_field_count; field++) {
            char buffer[32];
            if (spoken[field]) {
                continue;
            }
            kundig_text text = kundig__grouping_key(grouping, number, base ? at : field, buffer);
            uint32_t len = text.data ? (uint32_t)text.len + 1 : 0;
            kundig__buf_add(&key, &len, sizeof len);
            kundig__buf_add(&key, text.data, text.len);
            at++;
        }
        /* Groups of bases stand in the dictionary in order of their numbers. */
        uint32_t code = key.failed ? KUNDIG__DICT_NONE
                                   : kundig__dict_add(&names, key.data ? key.data : "", key.len);
        if (code == KUNDIG__DICT_NONE) {
            rc = kundig__nomem(job->mem, err);
        } else if (!base) {
            out->bases[group - numbers] = code;
        }
    }
    kundig__buf_free(&key);
    kundig__dict_free(&names);
    return rc;
}

int kundig__series_new(kundig__corpus *corpus, const kundig_query *query, int32_t every,
                       kundig__series *out, kundig_error *err)
{
    bool spoken[KUNDIG__MAX_GROUP_FIELDS] = {false};
    const kundig__dimension *people = NULL;
    kundig__context *context = kundig__corpus_context(corpus);
    series_job job = {.corpus = corpus, .context = context, .mem = &context->mem};
    kundig__series made = {.mem = &context->mem, .every = every};
    int rc = kundig__corpus_people(corpus, &people, err);
    if (rc) {
        return rc;
    }
    job.customers = people->codes;
    job.customer_count = people->dict.count;
    job.rows = kundig__corpus_rows(corpus);
    job.marks = kundig__alloc_zero(job.mem, ((size_t)job.customer_count + 1) * sizeof *job.marks);
    rc = job.marks ? KUNDIG_OK : kundig__nomem(job.mem, err);
    rc = rc ? rc : series_groupings(&job, query, every, spoken, err);
    rc = rc ? rc : series_number_groups(&job, query, spoken, &made, err);
    rc = rc ? rc : series_number_periods(&job, &made, err);
    rc = rc ? rc : series_find_bases(&job, query, spoken, &made, err);
    if (!rc && ((uint64_t)made.count + made.base_count) * made.periods > SERIES_MOST_CELLS) {
        rc = kundig__fail(err, KUNDIG_E_LIMIT, 0,
                          "%" PRIu32 " groups over %" PRIu32 " periods are too many to chart; "
                          "group by less, or take longer periods",
                          made.count, made.periods);
    }
    rc = rc ? rc
            : series_count(&job, job.of_series, job.series_of, made.count, made.periods, &made.y,
                           err);
    rc = rc ? rc
            : series_count(&job, job.of_bases, NULL, made.base_count, made.periods, &made.n, err);
    if (!rc) {
        kundig__grouping_left_out(job.of_periods, &made.left_out);
    }
    made.query = job.queries[0];
    made.grouping = job.of_series;
    series_end(&job);
    if (rc) {
        kundig__series_free(&made);
        return rc;
    }
    *out = made;
    return KUNDIG_OK;
}

void kundig__series_free(kundig__series *series)
{
    kundig__mem *mem = series->mem;
    if (!mem) {
        return;
    }
    uint32_t numbers = series->grouping ? kundig__grouping_count(series->grouping) : 0;
    kundig__free(mem, series->groups, numbers * sizeof *series->groups);
    kundig__free(mem, series->bases, numbers * sizeof *series->bases);
    kundig__free(mem, series->starts, series->periods * sizeof *series->starts);
    kundig__free(mem, series->y, (size_t)series->count * series->periods * sizeof *series->y);
    kundig__free(mem, series->n, (size_t)series->base_count * series->periods * sizeof *series->n);
    kundig__grouping_free(series->grouping);
    kundig_query_free(series->query);
    *series = (kundig__series){0};
}
