/* The score by stage, touchpoint, channel and what else has few values.
 *
 * Each group is compared with all other records that answer; differences that exceed chance after
 * correction over the groups are said in words. Groups are never ranked: they stand by name. */
#include "base/text.h"
#include "report/analysis.h"
#include "table/table.h"

#define GROUPS_FEW   12 /* groups that are compared with the rest, and drawn */
#define GROUPS_SMALL 10 /* answers below which a group is marked */
#define GROUPS_SPARE 2  /* sections beside stage, touchpoint and channel */

typedef struct groups_answer {
    kundig_table *measured;
    size_t rows;
    double p[GROUPS_FEW];
    double q[GROUPS_FEW];
    double difference[GROUPS_FEW];
} groups_answer;

static int groups_measure(kundig__analysis *a, const char *field, kundig_table **out,
                          kundig_error *err)
{
    kundig_query *query = NULL;
    int code = kundig__analysis_query(a, a->metric, a->question_name, &query, err);
    if (!code) {
        code = kundig_query_group_by(query, field, strlen(field), err);
    }
    if (!code) {
        code = kundig__measure(a->corpus, query, out, err);
    }
    kundig_query_free(query);
    return code;
}

/* One group against the rest: b - a is group - rest. */
static int groups_against_rest(kundig__analysis *a, const char *field, kundig_text key,
                               double *difference, double *p, kundig_error *err)
{
    kundig_query *query = NULL;
    kundig_table *table = NULL;
    kundig_value value = {.type = KUNDIG_VALUE_TEXT, .text = key};
    uint32_t group;
    uint32_t rest;
    int code = kundig__analysis_query(a, a->metric, a->question_name, &query, err);
    if (!code) {
        code = kundig_query_condition(query, field, strlen(field), KUNDIG_OP_EQUAL, &value, 1,
                                      &group, err);
    }
    if (!code) {
        code = kundig_query_combine(query, KUNDIG_NONE_OF, &group, 1, &rest, err);
    }
    if (!code) {
        code = kundig__compare(a->corpus, query, rest, group, &table, err);
    }
    if (!code && kundig_table_row_count(table)) {
        size_t column = kundig_table_find_column(table, "p", 1);
        if (!kundig_table_is_null(table, 0, column)) {
            *p = kundig_table_number(table, 0, column);
            *difference =
                kundig_table_number(table, 0, kundig_table_find_column(table, "difference", 10));
        }
    }
    kundig_table_free(table);
    kundig_query_free(query);
    return code;
}

static int groups_compare(kundig__analysis *a, const char *field, groups_answer *answer,
                          kundig_error *err)
{
    uint32_t scratch[GROUPS_FEW];
    int code = KUNDIG_OK;
    volatile double zero = 0;
    for (size_t row = 0; row < answer->rows && row < GROUPS_FEW; row++) {
        answer->p[row] = zero / zero; /* not tested */
        answer->q[row] = zero / zero;
        answer->difference[row] = 0;
    }
    if (answer->rows > GROUPS_FEW || answer->rows < 2) {
        return KUNDIG_OK;
    }
    for (size_t row = 0; row < answer->rows && !code; row++) {
        kundig_text key = kundig_table_text(answer->measured, row, 0);
        kundig__figure estimate;
        kundig__figure_read(answer->measured, row, &estimate);
        if (key.data && estimate.ok && estimate.n >= GROUPS_SMALL) {
            code =
                groups_against_rest(a, field, key, &answer->difference[row], &answer->p[row], err);
        }
    }
    if (!code) {
        kundig__benjamini_hochberg(answer->p, answer->rows, answer->q, scratch);
    }
    return code;
}

static int groups_table(kundig__analysis *a, const char *field, const groups_answer *answer,
                        kundig_table **out, kundig_error *err)
{
    kundig_table *table = kundig__table_new(a->mem);
    kundig__table_column(table, field, KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "metric", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "value", KUNDIG_COLUMN_NUMBER, a->unit);
    kundig__table_column(table, "lo", KUNDIG_COLUMN_NUMBER, a->unit);
    kundig__table_column(table, "hi", KUNDIG_COLUMN_NUMBER, a->unit);
    kundig__table_column(table, "n", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    kundig__table_column(table, "customers", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    kundig__table_column(table, "against_rest", KUNDIG_COLUMN_NUMBER, a->unit);
    kundig__table_column(table, "q", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_P_VALUE);
    kundig__table_column(table, "status", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    for (size_t row = 0; row < answer->rows; row++) {
        kundig__figure estimate;
        kundig__figure_read(answer->measured, row, &estimate);
        kundig__table_row(table);
        kundig__table_set_text(table, 0, kundig_table_text(answer->measured, row, 0));
        kundig__table_set_text(table, 1, kundig__str(a->metric));
        if (estimate.ok) {
            kundig__table_set_number(table, 2, estimate.value);
            kundig__table_set_number(table, 3, estimate.lo);
            kundig__table_set_number(table, 4, estimate.hi);
        }
        kundig__table_set_int(table, 5, estimate.n);
        if (estimate.has_customers) {
            kundig__table_set_int(table, 6, estimate.customers);
        }
        if (answer->rows <= GROUPS_FEW && answer->p[row] == answer->p[row]) {
            kundig__table_set_number(table, 7, answer->difference[row]);
            kundig__table_set_number(table, 8, answer->q[row]);
        }
        kundig__table_set_text(table, 9, estimate.status);
    }
    kundig__table_copy_notes(table, answer->measured);
    return kundig__table_finish(table, out, err);
}

/* Groups that differ from the rest, named in one sentence a direction. */
static void groups_say(kundig__analysis *a, kundig__section *section, const groups_answer *answer)
{
    kundig__buf names;
    kundig__buf_init(&names, a->mem);
    bool any = false;
    bool tested = false;
    for (int above = 1; above >= 0; above--) {
        names.len = 0;
        for (size_t row = 0; row < answer->rows && row < GROUPS_FEW; row++) {
            bool known = answer->rows <= GROUPS_FEW && answer->p[row] == answer->p[row];
            tested = tested || known;
            if (!known || answer->q[row] >= 1 - a->level ||
                (answer->difference[row] > 0) != (above == 1)) {
                continue;
            }
            kundig__buf_str(&names, names.len ? ", " : "");
            kundig__buf_text(&names, kundig_table_text(answer->measured, row, 0));
            kundig__buf_str(&names, " (");
            kundig__page_value(&names, a->unit, answer->difference[row], true);
            kundig__buf_char(&names, ')');
        }
        if (names.len && !names.failed) {
            any = true;
            kundig__section_line(a, section, KUNDIG__LINE_PLAIN,
                                 "%s all other records by more than chance: %.*s.",
                                 above ? "Above" : "Below", (int)names.len, names.data);
        }
    }
    if (names.failed) {
        a->failed = true;
    }
    kundig__buf_free(&names);
    if (tested && !any) {
        kundig__section_line(a, section, KUNDIG__LINE_PLAIN,
                             "No group differs from all other records by more than chance.");
    }
    for (size_t row = 0; row < answer->rows; row++) {
        kundig__figure estimate;
        kundig__figure_read(answer->measured, row, &estimate);
        if (estimate.n > 0 && estimate.n < GROUPS_SMALL) {
            kundig__section_line(a, section, KUNDIG__LINE_QUIET,
                                 "* fewer than %d answers: the interval says little.",
                                 GROUPS_SMALL);
            break;
        }
    }
}

/* What the end of the page asks about: the first field, and the group that stands lowest. */
static void groups_remember(kundig__analysis *a, const char *field, const groups_answer *answer)
{
    if (!a->group_field.data) {
        a->group_field = kundig__str(field);
    }
    if (a->worst_group.data || answer->rows > GROUPS_FEW) {
        return;
    }
    /* Most answers lost against the rest, not merely the lowest value. */
    double most = 0;
    size_t worst = SIZE_MAX;
    double bad = a->low_is_bad ? -1 : 1;
    for (size_t row = 0; row < answer->rows; row++) {
        kundig__figure estimate;
        kundig__figure_read(answer->measured, row, &estimate);
        double lost = answer->difference[row] * bad * (double)estimate.n;
        if (answer->p[row] == answer->p[row] && answer->q[row] < 1 - a->level && lost > most) {
            most = lost;
            worst = row;
        }
    }
    if (worst != SIZE_MAX) {
        a->worst_field = kundig__str(field);
        a->worst_group =
            kundig__arena_text(&a->arena, kundig_table_text(answer->measured, worst, 0));
        a->failed = a->failed || !a->worst_group.data;
    }
}

static void groups_axis(kundig__analysis *a, const groups_answer *answer)
{
    for (size_t row = 0; row < answer->rows; row++) {
        kundig__figure estimate;
        kundig__figure_read(answer->measured, row, &estimate);
        if (!estimate.ok || estimate.n < GROUPS_SMALL) {
            continue;
        }
        if (!a->axis) {
            a->axis = true;
            a->axis_lo = a->overall.lo;
            a->axis_hi = a->overall.hi;
        }
        a->axis_lo = estimate.lo < a->axis_lo ? estimate.lo : a->axis_lo;
        a->axis_hi = estimate.hi > a->axis_hi ? estimate.hi : a->axis_hi;
    }
}

static int groups_section(kundig__analysis *a, int dim, kundig_error *err)
{
    const char *field = kundig__dimension_name(dim);
    groups_answer answer = {.measured = NULL};
    int code = groups_measure(a, field, &answer.measured, err);
    if (code) {
        return code;
    }
    answer.rows = kundig_table_row_count(answer.measured);
    kundig__section *section = NULL;
    if (answer.rows >= 2) {
        code = groups_compare(a, field, &answer, err);
        if (!code) {
            section = kundig__section_new(a, "By %s", field);
        }
    }
    if (section) {
        section->drawing = KUNDIG__DRAW_GROUPS;
        section->unit = a->unit;
        section->after = 0;
        groups_axis(a, &answer);
        groups_say(a, section, &answer);
        groups_remember(a, field, &answer);
        code = groups_table(a, field, &answer, &section->table, err);
    }
    kundig_table_free(answer.measured);
    return code;
}

int kundig__find_groups(kundig__analysis *a, kundig_error *err)
{
    static const int dims[] = {KUNDIG__DIM_STAGE,    KUNDIG__DIM_TOUCHPOINT, KUNDIG__DIM_CHANNEL,
                               KUNDIG__DIM_SEGMENT,  KUNDIG__DIM_PRODUCT,    KUNDIG__DIM_DEPARTMENT,
                               KUNDIG__DIM_LANGUAGE, KUNDIG__DIM_KIND,       KUNDIG__DIM_SOURCE};
    size_t spare = GROUPS_SPARE;
    if (!a->scored || !a->overall.ok) {
        return KUNDIG_OK;
    }
    for (size_t i = 0; i < sizeof dims / sizeof *dims; i++) {
        const kundig__dimension *dimension = kundig__corpus_dimension(a->corpus, dims[i]);
        bool main = i < 3;
        if (!dimension->codes || (!main && spare == 0)) {
            continue;
        }
        if (!main && (dimension->dict.count > GROUPS_FEW || dimension->dict.count < 2)) {
            continue;
        }
        size_t before = a->section_count;
        int code = groups_section(a, dims[i], err);
        if (code) {
            return code;
        }
        spare -= !main && a->section_count > before;
    }
    return KUNDIG_OK;
}
