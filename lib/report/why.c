/* Why the score is what it is: what moved it, what goes together with it, what was out of the
 * ordinary lately. Each is left out where there is nothing beyond chance to tell. */
#include "why/why.h"

#include "base/calendar.h"
#include "base/text.h"
#include "report/analysis.h"
#include "table/table.h"

#define WHY_CAUSES 5
#define WHY_TOPICS 8
#define WHY_ALARMS 5
#define WHY_LATELY 14  /* days */
#define WHY_DAILY  120 /* days of data up to which days are charted, else weeks */

static size_t why_column(const kundig_table *table, const char *name)
{
    return kundig_table_find_column(table, name, strlen(name));
}

static double why_number(const kundig_table *table, size_t row, const char *name)
{
    return kundig_table_number(table, row, why_column(table, name));
}

static kundig_text why_text(const kundig_table *table, size_t row, const char *name)
{
    return kundig_table_text(table, row, why_column(table, name));
}

static bool why_beyond_chance(const kundig__analysis *a, const kundig_table *table, size_t row)
{
    size_t q = why_column(table, "q");
    return !kundig_table_is_null(table, row, q) &&
           kundig_table_number(table, row, q) <= 1 - a->level;
}

/* The title of a topic, else its name, else that there is none. */
static kundig_text why_name(const kundig_table *table, size_t row, const char *key)
{
    kundig_text title = why_text(table, row, "title");
    kundig_text name = title.data ? title : why_text(table, row, key);
    return name.data ? name : kundig__str("(none)");
}

/* ---- What moved it -------------------------------------------------------------------------- */

static int why_causes_shown(const kundig__analysis *a, const kundig_table *causes,
                            kundig_table **out, kundig_error *err)
{
    kundig_table *table = kundig__table_new(a->mem);
    size_t told = 0;
    kundig__table_column(table, "by", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "what", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "contributes", KUNDIG_COLUMN_NUMBER, a->unit);
    kundig__table_column(table, "from", KUNDIG_COLUMN_NUMBER, a->unit);
    kundig__table_column(table, "to", KUNDIG_COLUMN_NUMBER, a->unit);
    kundig__table_column(table, "typical comment", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    for (size_t row = 0; row < kundig_table_row_count(causes) && told < WHY_CAUSES; row++) {
        if (!why_beyond_chance(a, causes, row)) {
            continue;
        }
        told++;
        kundig__table_row(table);
        kundig__table_set_text(table, 0, why_text(causes, row, "field"));
        kundig__table_set_text(table, 1, why_name(causes, row, "value"));
        kundig__table_set_number(table, 2, why_number(causes, row, "contribution"));
        kundig__table_set_number(table, 3, why_number(causes, row, "lo"));
        kundig__table_set_number(table, 4, why_number(causes, row, "hi"));
        kundig__table_set_text(table, 5, why_text(causes, row, "quote_1"));
    }
    return kundig__table_finish(table, out, err);
}

static int why_explain(kundig__analysis *a, kundig_table *tables[KUNDIG_EXPLAIN_TABLES],
                       kundig_error *err)
{
    kundig_query *query = NULL;
    uint32_t nodes[2];
    kundig_explain_options options = {.sentences = KUNDIG_SENTENCES_ENGLISH};
    int code = kundig__analysis_query(a, a->metric, a->question_name, &query, err);
    for (size_t i = 0; i < 2 && !code; i++) {
        kundig_value value = {.type = KUNDIG_VALUE_TEXT, .text = i ? a->period_b : a->period_a};
        code = kundig_query_condition(query, "time", 4, KUNDIG_OP_EQUAL, &value, 1, &nodes[i], err);
    }
    code =
        code ? code : kundig__explain(a->corpus, query, nodes[0], nodes[1], &options, tables, err);
    kundig_query_free(query);
    return code;
}

int kundig__find_causes(kundig__analysis *a, kundig_error *err)
{
    kundig_table *tables[KUNDIG_EXPLAIN_TABLES] = {NULL};
    if (!a->moved || !a->period_a.data || !a->period_b.data) {
        return KUNDIG_OK;
    }
    int code = why_explain(a, tables, err);
    if (code) {
        return code;
    }
    kundig__section *section =
        kundig__section_new(a, "Why it moved, %s to %s", a->period_a.data, a->period_b.data);
    if (section) {
        kundig__section_line(
            a, section, KUNDIG__LINE_PLAIN, "%s",
            kundig__analysis_text(a, why_text(tables[KUNDIG_EXPLAIN_CHANGE], 0, "sentence")));
        const kundig_table *breaks = tables[KUNDIG_EXPLAIN_BREAKS];
        for (size_t row = 0; row < kundig_table_row_count(breaks); row++) {
            kundig__section_line(a, section, KUNDIG__LINE_WARNING, "%s",
                                 kundig__analysis_text(a, why_text(breaks, row, "sentence")));
        }
        section->after = section->line_count;
        code = why_causes_shown(a, tables[KUNDIG_EXPLAIN_CAUSES], &section->shown, err);
        section->table = tables[KUNDIG_EXPLAIN_CAUSES];
        tables[KUNDIG_EXPLAIN_CAUSES] = NULL;
        section->drawing = !code && kundig_table_row_count(section->shown) ? KUNDIG__DRAW_TABLE
                                                                           : KUNDIG__DRAW_NOTHING;
    }
    for (size_t i = 0; i < KUNDIG_EXPLAIN_TABLES; i++) {
        kundig_table_free(tables[i]);
    }
    return code;
}

/* ---- What goes together with it ------------------------------------------------------------- */

static int why_impact_shown(const kundig__analysis *a, const kundig_table *impact,
                            kundig_table **out, kundig_error *err)
{
    kundig_table *table = kundig__table_new(a->mem);
    size_t told = 0;
    kundig__table_column(table, "topic", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "answers", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    kundig__table_column(table, a->metric, KUNDIG_COLUMN_NUMBER, a->unit);
    kundig__table_column(table, "impact", KUNDIG_COLUMN_NUMBER, a->unit);
    kundig__table_column(table, "from", KUNDIG_COLUMN_NUMBER, a->unit);
    kundig__table_column(table, "to", KUNDIG_COLUMN_NUMBER, a->unit);
    kundig__table_column(table, "part of the score", KUNDIG_COLUMN_NUMBER, a->unit);
    for (size_t row = 0; row < kundig_table_row_count(impact) && told < WHY_TOPICS; row++) {
        if (!why_text(impact, row, "topic").data || !why_beyond_chance(a, impact, row)) {
            continue;
        }
        told++;
        kundig__table_row(table);
        kundig__table_set_text(table, 0, why_name(impact, row, "topic"));
        kundig__table_set_int(table, 1, kundig_table_int(impact, row, why_column(impact, "n")));
        kundig__table_set_number(table, 2, why_number(impact, row, "value"));
        kundig__table_set_number(table, 3, why_number(impact, row, "impact"));
        kundig__table_set_number(table, 4, why_number(impact, row, "lo"));
        kundig__table_set_number(table, 5, why_number(impact, row, "hi"));
        kundig__table_set_number(table, 6, why_number(impact, row, "additive"));
    }
    return kundig__table_finish(table, out, err);
}

int kundig__find_impact(kundig__analysis *a, kundig_error *err)
{
    kundig_query *query = NULL;
    kundig_table *impact = NULL;
    kundig_table *shown = NULL;
    if (!a->scored || a->with_text == 0) {
        return KUNDIG_OK;
    }
    int code = kundig__analysis_query(a, a->metric, a->question_name, &query, err);
    code = code ? code : kundig__impact(a->corpus, query, 0, &impact, err);
    kundig_query_free(query);
    code = code ? code : why_impact_shown(a, impact, &shown, err);
    kundig__section *section = code || !kundig_table_row_count(shown)
                                   ? NULL
                                   : kundig__section_new(a, "What goes together with the score");
    if (!section) {
        kundig_table_free(impact);
        kundig_table_free(shown);
        return code;
    }
    kundig__section_line(a, section, KUNDIG__LINE_QUIET,
                         "Impact: the score less what it is without the topic, greatest first, "
                         "beyond chance for all topics looked at. Parts of the score, over all "
                         "topics and the comments without one, sum to it. An association, not a "
                         "cause.");
    section->after = section->line_count;
    section->table = impact;
    section->shown = shown;
    section->unit = a->unit;
    return KUNDIG_OK;
}

/* ---- What was out of the ordinary lately ---------------------------------------------------- */

static int why_alarms_shown(const kundig__analysis *a, const kundig_table *alarms,
                            kundig_table **out, kundig_error *err)
{
    kundig_table *table = kundig__table_new(a->mem);
    kundig__table_column(table, "topic", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "what happened", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "typical comment", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    for (size_t row = 0; row < kundig_table_row_count(alarms); row++) {
        kundig__table_row(table);
        kundig__table_set_text(table, 0, why_text(alarms, row, "topic"));
        kundig__table_set_text(table, 1, why_text(alarms, row, "sentence"));
        kundig__table_set_text(table, 2, why_text(alarms, row, "quote_1"));
    }
    return kundig__table_finish(table, out, err);
}

int kundig__find_alarms(kundig__analysis *a, kundig_error *err)
{
    kundig_query *query = NULL;
    kundig_table *alarms = NULL;
    kundig__span last;
    kundig_chart_options options;
    kundig_chart_options asked;
    if (a->with_text == 0 || !a->last_day.data || !kundig__span_read(a->last_day, &last)) {
        return KUNDIG_OK;
    }
    kundig_chart_options_init(&asked);
    asked.chart = KUNDIG_CHART_SHARE;
    asked.since_ms = last.to_ms - WHY_LATELY * KUNDIG__DAY_MS;
    int code = kundig__chart_options(&asked, &options, err);
    code = code ? code : kundig__analysis_query(a, "count", kundig__text(NULL, 0), &query, err);
    if (!code) {
        code = kundig_query_set_every(
            query, a->days <= WHY_DAILY ? KUNDIG_EVERY_DAY : KUNDIG_EVERY_WEEK, err);
    }
    code = code ? code : kundig__alarms(a->corpus, query, &options, WHY_ALARMS, &alarms, err);
    kundig_query_free(query);
    kundig__section *section = code || !kundig_table_row_count(alarms)
                                   ? NULL
                                   : kundig__section_new(a, "Out of the ordinary lately");
    if (!section) {
        kundig_table_free(alarms);
        return code;
    }
    kundig__section_line(a, section, KUNDIG__LINE_QUIET,
                         "Topics that more, or fewer, customers spoke of than before; with nothing "
                         "going on one period in a hundred shows any: kundig alarms tells more.");
    section->after = section->line_count;
    section->table = alarms;
    return why_alarms_shown(a, alarms, &section->shown, err);
}
