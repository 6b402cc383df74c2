/* kundig_chart(): a row a series and period; and what kundig_alarms() charts as well.
 *
 * Invariant: rows stand in order of keys, then of time. Cost: that of the series and the charts. */
#include "base/calendar.h"
#include "base/math.h"
#include "base/options.h"
#include "base/text.h"
#include "metrics/metric.h"
#include "table/table.h"
#include "why/control.h"
#include "why/why.h"

#define CHART_RATE   0.01
#define CHART_LAMBDA 0.3
#define CHART_SLACK  0.5

static bool chart_positive(double value, double most)
{
    return kundig__is_finite(value) && value >= 0 && value <= most;
}

int kundig__chart_options(const kundig_chart_options *options, kundig_chart_options *known,
                          kundig_error *err)
{
    kundig_chart_options read;
    int rc = kundig__options_read(&read, sizeof read, options, "kundig_chart_options", err);
    if (rc) {
        return rc;
    }
    if (!options) {
        read.since_ms = KUNDIG_TIME_ABSENT;
    }
    if (read.chart < KUNDIG_CHART_DEFAULT || read.chart > KUNDIG_CHART_CUSUM ||
        read.limits < KUNDIG_LIMITS_EXACT || read.limits > KUNDIG_LIMITS_THREE_SIGMA ||
        read.weekdays < KUNDIG_UNKNOWN || read.weekdays > KUNDIG_YES) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "chart, limits or weekdays is none of the values it can have");
    }
    if (read.reserved) {
        return kundig__fail(err, KUNDIG_E_VERSION, 0,
                            "kundig_chart_options sets a field that this library does not know");
    }
    if (!chart_positive(read.rate, 0.5) || !chart_positive(read.lambda, 1) ||
        !chart_positive(read.width, 1e6) || !chart_positive(read.slack, 1e6) ||
        !chart_positive(read.limit, 1e6) || !chart_positive(read.sigma, 1e12) ||
        !kundig__is_finite(read.target)) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "rate is at most 0.5 and lambda at most 1; they, width, slack, limit "
                            "and sigma are not below 0");
    }
    read.rate = read.rate > 0 ? read.rate : CHART_RATE;
    read.lambda = read.lambda > 0 ? read.lambda : CHART_LAMBDA;
    read.slack = read.slack > 0 ? read.slack : CHART_SLACK;
    *known = read;
    return KUNDIG_OK;
}

const char *kundig__chart_name(int32_t chart)
{
    static const char *const names[] = {"default", "share", "count", "ewma", "cusum"};
    return names[chart];
}

/* ---- Series, and a metric's values ---------------------------------------------------------- */

/* The row of a series and period, in a table that has them in the order of both. */
static void chart_values(const kundig__charted *charted, const kundig_table *table)
{
    const kundig__series *series = &charted->series;
    size_t keys = charted->query->group_field_count;
    size_t value = kundig_table_find_column(table, "value", 5);
    size_t rows = kundig_table_row_count(table);
    size_t row = 0;
    for (uint32_t i = 0; i < series->count; i++) {
        for (uint32_t t = 0; t < series->periods; t++) {
            char label[16];
            kundig_text period = {label,
                                  kundig__window_label(series->every, series->starts[t], label)};
            size_t at = row;
            bool same = false;
            /* Rows of groups without what is spoken of are in no series: passed over. */
            for (; at < rows && !same; at++) {
                same = kundig__text_equal(kundig_table_text(table, at, keys), period);
                for (size_t key = 0; same && key < keys; key++) {
                    char buffer[32];
                    kundig_text mine =
                        kundig__grouping_key(series->grouping, series->groups[i], key, buffer);
                    kundig_text theirs = kundig_table_text(table, at, key);
                    same = (mine.data != NULL) == (theirs.data != NULL) &&
                           kundig__text_equal(mine, theirs);
                }
                if (!same && at - row >= rows) {
                    break;
                }
            }
            if (same) {
                row = at;
                charted->values[(size_t)i * series->periods + t] =
                    kundig_table_is_null(table, at - 1, value)
                        ? charted->values[(size_t)i * series->periods + t]
                        : kundig_table_number(table, at - 1, value);
            }
        }
    }
}

static int chart_measure(kundig__corpus *corpus, kundig__charted *charted, kundig_error *err)
{
    kundig_table *table = NULL;
    double zero = 0;
    size_t cells = (size_t)charted->series.count * charted->series.periods;
    charted->values = kundig__alloc(charted->mem, cells * sizeof *charted->values);
    if (!charted->values) {
        return kundig__nomem(charted->mem, err);
    }
    for (size_t i = 0; i < cells; i++) {
        charted->values[i] = zero / zero;
    }
    int rc = kundig__measure(corpus, charted->query, &table, err);
    if (!rc) {
        chart_values(charted, table);
    }
    kundig_table_free(table);
    return rc;
}

int kundig__charted_new(kundig__corpus *corpus, const kundig_query *query,
                        const kundig_chart_options *options, kundig__charted *out,
                        kundig_error *err)
{
    kundig__context *context = kundig__corpus_context(corpus);
    kundig__charted charted = {.mem = &context->mem};
    bool of_metric = query->metric.data &&
                     (options->chart == KUNDIG_CHART_EWMA || options->chart == KUNDIG_CHART_CUSUM);
    int rc = kundig__query_copy(query, &context->mem.hook, &charted.query, err);
    if (!rc && charted.query->every == KUNDIG_EVERY_NONE) {
        charted.query->every = KUNDIG_EVERY_DAY;
    }
    if (!rc && !charted.query->group_field_count && !of_metric) {
        rc = kundig_query_group_by(charted.query, "topic", 5, err);
    }
    rc = rc ? rc
            : kundig__series_new(corpus, charted.query, charted.query->every, &charted.series, err);
    if (!rc && of_metric) {
        charted.metric = charted.query->metric;
        rc = chart_measure(corpus, &charted, err);
    }
    if (rc) {
        kundig__charted_free(&charted);
        return rc;
    }
    *out = charted;
    return KUNDIG_OK;
}

void kundig__charted_free(kundig__charted *charted)
{
    kundig__free(charted->mem, charted->values,
                 charted->values ? (size_t)charted->series.count * charted->series.periods *
                                       sizeof *charted->values
                                 : 0);
    kundig__series_free(&charted->series);
    kundig_query_free(charted->query);
}

void kundig__charted_key_columns(const kundig__charted *charted, kundig_table *table)
{
    for (size_t key = 0; key < charted->query->group_field_count; key++) {
        kundig__table_column_text(table, kundig__grouping_key_name(charted->series.grouping, key),
                                  KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    }
}

void kundig__charted_keys(const kundig__charted *charted, uint32_t series, kundig_table *table)
{
    for (size_t key = 0; key < charted->query->group_field_count; key++) {
        char buffer[32];
        kundig__table_set_text(table, key,
                               kundig__grouping_key(charted->series.grouping,
                                                    charted->series.groups[series], key, buffer));
    }
}

/* ---- The table ------------------------------------------------------------------------------ */

enum {
    CHART_PERIOD,
    CHART_CHART,
    CHART_Y,
    CHART_N,
    CHART_VALUE,
    CHART_CENTRE,
    CHART_LOWER,
    CHART_UPPER,
    CHART_P,
    CHART_SIGNAL
};

static void chart_columns(kundig_table *table, int unit)
{
    kundig__table_column(table, "period", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "chart", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "y", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    kundig__table_column(table, "n", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    kundig__table_column(table, "value", KUNDIG_COLUMN_NUMBER, unit);
    kundig__table_column(table, "centre", KUNDIG_COLUMN_NUMBER, unit);
    kundig__table_column(table, "lower", KUNDIG_COLUMN_NUMBER, unit);
    kundig__table_column(table, "upper", KUNDIG_COLUMN_NUMBER, unit);
    kundig__table_column(table, "p", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_P_VALUE);
    kundig__table_column(table, "signal", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
}

static int chart_table(const kundig__charted *charted, const kundig__control *control,
                       int32_t chart, kundig_table **out, kundig_error *err)
{
    const kundig__series *series = &charted->series;
    size_t keys = charted->query->group_field_count;
    bool overspread = false;
    kundig_table *table = kundig__table_new(charted->mem);
    if (!table) {
        return kundig__nomem(charted->mem, err);
    }
    kundig__charted_key_columns(charted, table);
    chart_columns(table, chart == KUNDIG_CHART_SHARE   ? KUNDIG_UNIT_SHARE
                         : chart == KUNDIG_CHART_COUNT ? KUNDIG_UNIT_COUNT
                                                       : KUNDIG_UNIT_NONE);
    for (uint32_t i = 0; i < series->count; i++) {
        for (uint32_t t = 0; t < series->periods; t++) {
            const kundig__control_point *point = &control->points[(size_t)i * series->periods + t];
            char label[16];
            size_t len = kundig__window_label(series->every, series->starts[t], label);
            uint32_t n = series->n[(size_t)series->bases[i] * series->periods + t];
            uint32_t y = series->y[(size_t)i * series->periods + t];
            kundig__table_row(table);
            kundig__charted_keys(charted, i, table);
            kundig__table_set_text(table, keys + CHART_PERIOD, (kundig_text){label, len});
            kundig__table_set_text(table, keys + CHART_CHART,
                                   kundig__str(kundig__chart_name(chart)));
            kundig__table_set_int(table, keys + CHART_Y, y);
            kundig__table_set_int(table, keys + CHART_N, n);
            overspread = overspread || point->overspread;
            if (point->tested) {
                kundig__table_set_number(table, keys + CHART_VALUE, point->value);
                kundig__table_set_number(table, keys + CHART_CENTRE, point->centre);
                kundig__table_set_number(table, keys + CHART_LOWER, point->lower);
                kundig__table_set_number(table, keys + CHART_UPPER, point->upper);
                kundig__table_set_number(table, keys + CHART_P, point->p);
            } else if (n && chart == KUNDIG_CHART_SHARE) {
                kundig__table_set_number(table, keys + CHART_VALUE, (double)y / (double)n);
            }
            if (point->signal) {
                kundig__table_set_text(table, keys + CHART_SIGNAL,
                                       kundig__str(point->signal > 0 ? "up" : "down"));
            }
        }
    }
    kundig__left_out_notes(&series->left_out, table);
    if (overspread) {
        kundig__table_note(table, "some series vary by more than chance from period to period; "
                                  "their limits are wider by as much");
    }
    return kundig__table_finish(table, out, err);
}

int kundig__chart(kundig__corpus *corpus, const kundig_query *query,
                  const kundig_chart_options *options, kundig_table **out, kundig_error *err)
{
    kundig__charted charted;
    kundig__control control = {0};
    kundig_chart_options known = *options;
    if (!known.chart) {
        known.chart = KUNDIG_CHART_SHARE;
    }
    int rc = kundig__charted_new(corpus, query, &known, &charted, err);
    if (rc) {
        return rc;
    }
    rc = kundig__control_run(&charted.series, charted.values, known.chart, &known, &control, err);
    rc = rc ? rc : chart_table(&charted, &control, known.chart, out, err);
    kundig__control_free(&control);
    kundig__charted_free(&charted);
    return rc;
}
