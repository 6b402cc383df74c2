/* kundig_alarms(): signals of control charts as a list, with what was said.
 *
 * A run of signals of one chart and direction is one alarm, told where it first fired. Invariant:
 * rows are in order of time, latest first, then of keys and charts. Cost: that of the charts; then
 * the choice of comments. */
#include "base/calendar.h"
#include "base/math.h"
#include "base/order.h"
#include "base/text.h"
#include "metrics/quotes.h"
#include "table/table.h"
#include "why/control.h"
#include "why/why.h"

#define ALARMS_QUOTES 2

typedef struct alarms_alarm {
    int32_t chart;
    uint32_t series;
    uint32_t period;
    kundig__control_point point;
} alarms_alarm;

typedef struct alarms_job {
    kundig__corpus *corpus;
    kundig__mem *mem;
    const kundig_chart_options *options;
    kundig__charted charted;
    alarms_alarm *alarms;
    size_t count;
    size_t capacity;
    uint32_t *order; /* of the alarms shown */
    size_t order_size;
    size_t shown;
    kundig__grouping *grouping; /* by series and period */
    uint32_t *parts;            /* a group of it: the alarm shown */
    uint32_t *quotes;
    bool overspread;
} alarms_job;

static void alarms_end(alarms_job *job)
{
    size_t groups = job->grouping ? kundig__grouping_count(job->grouping) : 0;
    kundig__free(job->mem, job->parts, groups * sizeof *job->parts);
    kundig__free(job->mem, job->quotes, ALARMS_QUOTES * job->shown * sizeof *job->quotes);
    kundig__free(job->mem, job->order, job->order_size * sizeof *job->order);
    kundig__free(job->mem, job->alarms, job->capacity * sizeof *job->alarms);
    kundig__grouping_free(job->grouping);
    kundig__charted_free(&job->charted);
}

/* Ended after since_ms? Periods are dates; the zone moves them by less than a day. */
static bool alarms_since(const alarms_job *job, uint32_t period)
{
    const kundig__series *series = &job->charted.series;
    int64_t end = kundig__window_next(series->every, series->starts[period]) * KUNDIG__DAY_MS;
    return job->options->since_ms == KUNDIG_TIME_ABSENT || end > job->options->since_ms;
}

static int alarms_collect(alarms_job *job, int32_t chart, const kundig__control *control,
                          kundig_error *err)
{
    const kundig__series *series = &job->charted.series;
    for (uint32_t i = 0; i < series->count; i++) {
        int8_t before = 0;
        for (uint32_t t = 0; t < series->periods; t++) {
            const kundig__control_point *point = &control->points[(size_t)i * series->periods + t];
            job->overspread = job->overspread || point->overspread;
            if (!point->tested) {
                continue;
            }
            bool begins = point->signal && point->signal != before;
            before = point->signal;
            if (!begins || !alarms_since(job, t)) {
                continue;
            }
            if (!kundig__grow(job->mem, (void **)&job->alarms, &job->capacity, job->count + 1,
                              sizeof *job->alarms)) {
                return kundig__nomem(job->mem, err);
            }
            job->alarms[job->count++] = (alarms_alarm){chart, i, t, *point};
        }
    }
    return KUNDIG_OK;
}

static int alarms_run(alarms_job *job, kundig_error *err)
{
    int32_t only = job->options->chart;
    int rc = KUNDIG_OK;
    for (int32_t chart = KUNDIG_CHART_SHARE; !rc && chart <= KUNDIG_CHART_CUSUM; chart++) {
        kundig__control control = {0};
        if (only && chart != only) {
            continue;
        }
        rc = kundig__control_run(&job->charted.series, job->charted.values, chart, job->options,
                                 &control, err);
        rc = rc ? rc : alarms_collect(job, chart, &control, err);
        kundig__control_free(&control);
    }
    return rc;
}

static int alarms_order(const void *ud, uint32_t a, uint32_t b)
{
    const alarms_job *job = ud;
    const alarms_alarm *first = &job->alarms[a];
    const alarms_alarm *second = &job->alarms[b];
    if (first->period != second->period) {
        return first->period > second->period ? -1 : 1;
    }
    if (first->series != second->series) {
        return first->series < second->series ? -1 : 1;
    }
    return first->chart < second->chart ? -1 : first->chart > second->chart;
}

static int alarms_choose(alarms_job *job, size_t limit, kundig_error *err)
{
    job->order_size = job->count;
    job->order = kundig__alloc(job->mem, job->count * sizeof *job->order);
    if (!job->order) {
        return kundig__nomem(job->mem, err);
    }
    for (size_t i = 0; i < job->count; i++) {
        job->order[i] = (uint32_t)i;
    }
    kundig__order_sort(job->order, job->count, alarms_order, job);
    job->shown = limit && limit < job->count ? limit : job->count;
    return KUNDIG_OK;
}

/* ---- What was said -------------------------------------------------------------------------- */

static void alarms_label(const alarms_job *job, uint32_t period, char out[16], kundig_text *text)
{
    const kundig__series *series = &job->charted.series;
    *text = (kundig_text){out, kundig__window_label(series->every, series->starts[period], out)};
}

static bool alarms_of_group(const alarms_job *job, const alarms_alarm *alarm, uint32_t group)
{
    const kundig__series *series = &job->charted.series;
    size_t keys = job->charted.query->group_field_count;
    char label[16];
    char buffers[2][32];
    kundig_text period;
    alarms_label(job, alarm->period, label, &period);
    if (!kundig__text_equal(kundig__grouping_key(job->grouping, group, keys, buffers[0]), period)) {
        return false;
    }
    for (size_t key = 0; key < keys; key++) {
        kundig_text mine =
            kundig__grouping_key(series->grouping, series->groups[alarm->series], key, buffers[0]);
        kundig_text theirs = kundig__grouping_key(job->grouping, group, key, buffers[1]);
        if ((mine.data == NULL) != (theirs.data == NULL) || !kundig__text_equal(mine, theirs)) {
            return false;
        }
    }
    return true;
}

/* Alarms of one series and period, by several charts, share their comments: those of the first. */
static uint32_t alarms_first_like(const alarms_job *job, uint32_t place)
{
    const alarms_alarm *alarm = &job->alarms[job->order[place]];
    while (place) {
        const alarms_alarm *before = &job->alarms[job->order[place - 1]];
        if (before->series != alarm->series || before->period != alarm->period) {
            break;
        }
        place--;
    }
    return place;
}

static int alarms_quote(alarms_job *job, kundig_error *err)
{
    int rc =
        kundig__grouping_new(job->corpus, job->charted.query, KUNDIG__NO_NODE, &job->grouping, err);
    uint32_t groups = rc ? 0 : kundig__grouping_count(job->grouping);
    job->parts = rc ? NULL : kundig__alloc(job->mem, groups * sizeof *job->parts);
    job->quotes =
        rc ? NULL : kundig__alloc(job->mem, ALARMS_QUOTES * job->shown * sizeof *job->quotes);
    if (!rc && (!job->parts || !job->quotes)) {
        rc = kundig__nomem(job->mem, err);
    }
    for (uint32_t group = 0; !rc && group < groups; group++) {
        job->parts[group] = KUNDIG__NO_GROUP;
        for (uint32_t i = 0; i < job->shown; i++) {
            if (alarms_first_like(job, i) == i &&
                alarms_of_group(job, &job->alarms[job->order[i]], group)) {
                job->parts[group] = i;
                break;
            }
        }
    }
    kundig__quotes_ask ask = {.grouping = job->grouping,
                              .parts = job->parts,
                              .part_count = (uint32_t)job->shown,
                              .most = ALARMS_QUOTES};
    return rc ? rc : kundig__quotes_of(job->corpus, &ask, job->quotes, err);
}

/* ---- The table ------------------------------------------------------------------------------ */

enum {
    ALARMS_CHART,
    ALARMS_PERIOD,
    ALARMS_ONSET,
    ALARMS_DIRECTION,
    ALARMS_Y,
    ALARMS_N,
    ALARMS_VALUE,
    ALARMS_EXPECTED,
    ALARMS_LOWER,
    ALARMS_UPPER,
    ALARMS_RATIO,
    ALARMS_P,
    ALARMS_Q,
    ALARMS_CUSTOMERS,
    ALARMS_QUOTE_1,
    ALARMS_QUOTE_2,
    ALARMS_SENTENCE
};

static void alarms_columns(kundig_table *table)
{
    static const struct {
        const char *name;
        int type;
        int unit;
    } columns[] = {{"chart", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
                   {"period", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
                   {"onset", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
                   {"direction", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
                   {"y", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT},
                   {"n", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT},
                   {"value", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_NONE},
                   {"expected", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_COUNT},
                   {"lower", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_NONE},
                   {"upper", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_NONE},
                   {"ratio", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_NONE},
                   {"p", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_P_VALUE},
                   {"q", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_P_VALUE},
                   {"customers", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT},
                   {"quote_1", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
                   {"quote_2", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
                   {"sentence", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE}};
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        kundig__table_column(table, columns[i].name, columns[i].type, columns[i].unit);
    }
}

/* One decimal, as people say it. */
static void alarms_round(kundig__buf *buf, double value)
{
    kundig__buf_number(buf, kundig__floor(value * 10 + 0.5) / 10);
}

static void alarms_sentence(const alarms_job *job, const alarms_alarm *alarm, uint32_t y,
                            uint32_t n, kundig__buf *buf)
{
    const kundig__control_point *point = &alarm->point;
    char label[16];
    kundig_text text;
    alarms_label(job, alarm->period, label, &text);
    kundig__buf_add(buf, text.data, text.len);
    if (job->charted.values) {
        kundig__buf_str(buf, point->signal > 0 ? ": above its limit" : ": below its limit");
    } else {
        kundig__buf_str(buf, ": ");
        kundig__buf_number(buf, y);
        kundig__buf_str(buf, " of ");
        kundig__buf_number(buf, n);
        kundig__buf_str(buf, " customers, where ");
        alarms_round(buf, point->expected);
        kundig__buf_str(buf, " were to be expected");
    }
    if (point->onset < alarm->period) {
        alarms_label(job, point->onset, label, &text);
        kundig__buf_str(buf, "; since ");
        kundig__buf_add(buf, text.data, text.len);
    }
}

static int alarms_row(alarms_job *job, uint32_t place, kundig_table *table, kundig__buf *buf,
                      kundig_error *err)
{
    const kundig__series *series = &job->charted.series;
    const alarms_alarm *alarm = &job->alarms[job->order[place]];
    const kundig__control_point *point = &alarm->point;
    size_t first = job->charted.query->group_field_count;
    uint32_t y = series->y[(size_t)alarm->series * series->periods + alarm->period];
    uint32_t n = series->n[(size_t)series->bases[alarm->series] * series->periods + alarm->period];
    char label[16];
    kundig_text text;
    kundig__table_row(table);
    kundig__charted_keys(&job->charted, alarm->series, table);
    kundig__table_set_text(table, first + ALARMS_CHART,
                           kundig__str(kundig__chart_name(alarm->chart)));
    alarms_label(job, alarm->period, label, &text);
    kundig__table_set_text(table, first + ALARMS_PERIOD, text);
    alarms_label(job, point->onset, label, &text);
    kundig__table_set_text(table, first + ALARMS_ONSET, text);
    kundig__table_set_text(table, first + ALARMS_DIRECTION,
                           kundig__str(point->signal > 0 ? "up" : "down"));
    kundig__table_set_int(table, first + ALARMS_Y, y);
    kundig__table_set_int(table, first + ALARMS_N, n);
    kundig__table_set_number(table, first + ALARMS_VALUE, point->value);
    kundig__table_set_number(table, first + ALARMS_LOWER, point->lower);
    kundig__table_set_number(table, first + ALARMS_UPPER, point->upper);
    kundig__table_set_number(table, first + ALARMS_P, point->p);
    kundig__table_set_number(table, first + ALARMS_Q, point->q);
    kundig__table_set_int(table, first + ALARMS_CUSTOMERS, y);
    if (!job->charted.values) {
        kundig__table_set_number(table, first + ALARMS_EXPECTED, point->expected);
        if (point->expected > 0) {
            kundig__table_set_number(table, first + ALARMS_RATIO, (double)y / point->expected);
        }
    }
    buf->len = 0;
    alarms_sentence(job, alarm, y, n, buf);
    if (buf->failed) {
        return kundig__nomem(job->mem, err);
    }
    kundig__table_set_text(table, first + ALARMS_SENTENCE, (kundig_text){buf->data, buf->len});
    const uint32_t *quotes = job->quotes + (size_t)ALARMS_QUOTES * alarms_first_like(job, place);
    int rc = kundig__quotes_set(table, first + ALARMS_QUOTE_1, job->corpus, quotes[0], err);
    return rc ? rc : kundig__quotes_set(table, first + ALARMS_QUOTE_2, job->corpus, quotes[1], err);
}

static int alarms_table(alarms_job *job, kundig_table **out, kundig_error *err)
{
    const kundig__series *series = &job->charted.series;
    kundig__buf buf;
    int rc = KUNDIG_OK;
    kundig_table *table = kundig__table_new(job->mem);
    if (!table) {
        return kundig__nomem(job->mem, err);
    }
    kundig__buf_init(&buf, job->mem);
    kundig__charted_key_columns(&job->charted, table);
    alarms_columns(table);
    for (uint32_t i = 0; !rc && i < job->shown; i++) {
        rc = alarms_row(job, i, table, &buf, err);
    }
    kundig__buf_free(&buf);
    if (rc) {
        kundig_table_free(table);
        return rc;
    }
    kundig__left_out_notes(&series->left_out, table);
    if (series->periods <= KUNDIG__CONTROL_LEAST) {
        kundig__table_note(table, "%u periods are too few: the first %d tell the level",
                           (unsigned)series->periods, KUNDIG__CONTROL_LEAST);
    }
    if (job->overspread) {
        kundig__table_note(table, "some series vary by more than chance from period to period; "
                                  "their limits are wider by as much");
    }
    if (job->shown < job->count) {
        kundig__table_note(table, "%zu alarms in all; the latest %zu are shown", job->count,
                           job->shown);
    }
    return kundig__table_finish(table, out, err);
}

int kundig__alarms(kundig__corpus *corpus, const kundig_query *query,
                   const kundig_chart_options *options, size_t limit, kundig_table **out,
                   kundig_error *err)
{
    alarms_job job = {.corpus = corpus, .options = options};
    job.mem = &kundig__corpus_context(corpus)->mem;
    int rc = kundig__charted_new(corpus, query, options, &job.charted, err);
    if (rc) {
        return rc;
    }
    rc = alarms_run(&job, err);
    rc = rc ? rc : alarms_choose(&job, limit, err);
    rc = rc ? rc : alarms_quote(&job, err);
    rc = rc ? rc : alarms_table(&job, out, err);
    alarms_end(&job);
    return rc;
}
