/* What moved between the last two whole periods, and whether that exceeds chance.
 *
 * A period is whole if the records reach both its ends: the first and last one mostly are not. The
 * finest of month, quarter, year (for short spans week, day) is taken that has enough answers in
 * both periods. */
#include "base/calendar.h"
#include "base/text.h"
#include "report/analysis.h"
#include "table/table.h"

#define CHANGES_ENOUGH 30
#define CHANGES_LEAST  10
#define CHANGES_FEW    12 /* groups */

typedef struct changes_choice {
    kundig_text a; /* labels, in the arena */
    kundig_text b;
    kundig_text cut; /* the period behind them that is not whole, or empty */
    int64_t least;   /* answers in the smaller one */
    int32_t every;
} changes_choice;

static int changes_query(kundig__analysis *a, kundig_query **out, kundig_error *err)
{
    return kundig__analysis_query(a, a->metric, a->question_name, out, err);
}

/* Do the days with records reach both ends of a period? */
static bool changes_whole(const kundig__analysis *a, kundig_text label)
{
    kundig__span span;
    kundig__span first;
    kundig__span last;
    return label.data && kundig__span_read(label, &span) &&
           kundig__span_read(a->first_day, &first) && kundig__span_read(a->last_day, &last) &&
           first.from_ms <= span.from_ms && last.to_ms >= span.to_ms;
}

/* The last two whole periods, if they follow each other. */
static int changes_try(kundig__analysis *a, int32_t every, changes_choice *out, kundig_error *err)
{
    kundig_query *query = NULL;
    kundig_table *table = NULL;
    out->least = 0;
    out->every = every;
    out->cut = KUNDIG__TEXT("");
    int code = changes_query(a, &query, err);
    if (!code) {
        code = kundig_query_set_every(query, every, err);
    }
    if (!code) {
        code = kundig__measure(a->corpus, query, &table, err);
    }
    if (code) {
        goto done;
    }
    size_t period = kundig_table_find_column(table, "period", 6);
    size_t row = kundig_table_row_count(table);
    while (row && !changes_whole(a, kundig_table_text(table, row - 1, period))) {
        row--;
    }
    if (row < 2 || !changes_whole(a, kundig_table_text(table, row - 2, period))) {
        goto done;
    }
    kundig__span before;
    kundig__span after;
    if (!kundig__span_read(kundig_table_text(table, row - 2, period), &before) ||
        !kundig__span_read(kundig_table_text(table, row - 1, period), &after) ||
        before.to_ms != after.from_ms) {
        goto done;
    }
    kundig__figure first;
    kundig__figure second;
    kundig__figure_read(table, row - 2, &first);
    kundig__figure_read(table, row - 1, &second);
    if (first.ok && second.ok) {
        if (row < kundig_table_row_count(table) && kundig_table_text(table, row, period).data) {
            out->cut = kundig__arena_text(&a->arena, kundig_table_text(table, row, period));
            a->failed = a->failed || !out->cut.data;
        }
        out->least = first.n < second.n ? first.n : second.n;
        out->a = kundig__arena_text(&a->arena, kundig_table_text(table, row - 2, period));
        out->b = kundig__arena_text(&a->arena, kundig_table_text(table, row - 1, period));
        a->failed = a->failed || !out->a.data || !out->b.data;
    }
done:
    kundig_table_free(table);
    kundig_query_free(query);
    return code;
}

static int changes_choose(kundig__analysis *a, changes_choice *out, kundig_error *err)
{
    static const int32_t wide[] = {KUNDIG_EVERY_MONTH, KUNDIG_EVERY_QUARTER, KUNDIG_EVERY_YEAR,
                                   KUNDIG_EVERY_WEEK};
    static const int32_t narrow[] = {KUNDIG_EVERY_WEEK, KUNDIG_EVERY_DAY, KUNDIG_EVERY_MONTH};
    bool is_wide = a->days >= 62;
    const int32_t *order = is_wide ? wide : narrow;
    size_t count = is_wide ? sizeof wide / sizeof *wide : sizeof narrow / sizeof *narrow;
    out->least = 0;
    for (size_t i = 0; i < count; i++) {
        changes_choice choice;
        int code = changes_try(a, order[i], &choice, err);
        if (code) {
            return code;
        }
        if (choice.least > out->least) {
            *out = choice;
        }
        if (out->least >= CHANGES_ENOUGH) {
            break;
        }
    }
    return KUNDIG_OK;
}

/* Compare the two periods, overall or in the groups of a field. */
static int changes_compare(kundig__analysis *a, const changes_choice *choice, const char *field,
                           kundig_table **out, kundig_error *err)
{
    kundig_query *query = NULL;
    uint32_t nodes[2];
    int code = changes_query(a, &query, err);
    for (size_t i = 0; i < 2 && !code; i++) {
        kundig_value value = {.type = KUNDIG_VALUE_TEXT, .text = i ? choice->b : choice->a};
        code = kundig_query_condition(query, "time", 4, KUNDIG_OP_EQUAL, &value, 1, &nodes[i], err);
    }
    if (!code && field) {
        code = kundig_query_group_by(query, field, strlen(field), err);
    }
    if (!code) {
        code = kundig__compare(a->corpus, query, nodes[0], nodes[1], out, err);
    }
    kundig_query_free(query);
    return code;
}

static double changes_number(const kundig_table *table, size_t row, const char *name)
{
    return kundig_table_number(table, row, kundig_table_find_column(table, name, strlen(name)));
}

static bool changes_null(const kundig_table *table, size_t row, const char *name)
{
    return kundig_table_is_null(table, row, kundig_table_find_column(table, name, strlen(name))) !=
           0;
}

static void changes_say(kundig__analysis *a, kundig__section *section, const changes_choice *choice,
                        const kundig_table *table)
{
    if (kundig_table_row_count(table) == 0 || changes_null(table, 0, "p")) {
        kundig__section_line(a, section, KUNDIG__LINE_PLAIN,
                             "From %s to %s no change can be measured.", choice->a.data,
                             choice->b.data);
        return;
    }
    double p = changes_number(table, 0, "p");
    a->moved = p < 1 - a->level;
    size_t n_a = kundig_table_find_column(table, "a_n", 3);
    size_t n_b = kundig_table_find_column(table, "b_n", 3);
    kundig__section_line(
        a, section, KUNDIG__LINE_PLAIN, "%s went from %s in %s (n = %s) to %s in %s (n = %s).",
        a->metric, kundig__analysis_value(a, a->unit, changes_number(table, 0, "a"), false),
        choice->a.data, kundig__analysis_count(a, (uint64_t)kundig_table_int(table, 0, n_a)),
        kundig__analysis_value(a, a->unit, changes_number(table, 0, "b"), false), choice->b.data,
        kundig__analysis_count(a, (uint64_t)kundig_table_int(table, 0, n_b)));
    kundig__section_line(
        a, section, KUNDIG__LINE_PLAIN, "The difference is %s%s (%s to %s, p = %s): %s.",
        kundig__analysis_value(a, a->unit, changes_number(table, 0, "difference"), true),
        a->unit == KUNDIG_UNIT_SHARE ? " percentage points" : "",
        kundig__analysis_value(a, a->unit, changes_number(table, 0, "lo"), true),
        kundig__analysis_value(a, a->unit, changes_number(table, 0, "hi"), true),
        kundig__analysis_p(a, p),
        a->moved ? "more than chance gives" : "no more than chance gives");
    if (!changes_null(table, 0, "detectable")) {
        double detectable = changes_number(table, 0, "detectable");
        /* A width: it has no sign. */
        const char *size = kundig__analysis_value(a, a->unit, detectable, true);
        kundig__section_line(a, section, KUNDIG__LINE_QUIET,
                             "With so many answers a change of %s is found four times in five; "
                             "smaller ones mostly stay unseen.",
                             size[0] == '+' ? size + 1 : size);
    }
}

static int changes_by_group(kundig__analysis *a, const changes_choice *choice, kundig_error *err)
{
    kundig_table *table = NULL;
    const char *field = a->group_field.data;
    if (!field) {
        return KUNDIG_OK;
    }
    int code = changes_compare(a, choice, field, &table, err);
    size_t rows = kundig_table_row_count(table);
    if (code || rows < 2 || rows > CHANGES_FEW) {
        kundig_table_free(table);
        return code;
    }
    size_t looked = 0;
    size_t beyond = 0;
    for (size_t row = 0; row < rows; row++) {
        looked += !changes_null(table, row, "q");
    }
    kundig__section *section = !looked ? NULL
                                       : kundig__section_new(a, "What moved by %s, %s to %s", field,
                                                             choice->a.data, choice->b.data);
    if (!section) {
        kundig_table_free(table);
        return KUNDIG_OK;
    }
    section->drawing = KUNDIG__DRAW_CHANGES;
    section->unit = a->unit;
    section->table = table;
    section->after = 0;
    double worst = 0;
    for (size_t row = 0; row < rows; row++) {
        if (changes_null(table, row, "q") || changes_number(table, row, "q") >= 1 - a->level) {
            continue;
        }
        beyond++;
        double lost = changes_number(table, row, "difference") * (a->low_is_bad ? -1 : 1);
        kundig_text key = kundig_table_text(table, row, 0);
        if (lost > worst && key.data) {
            worst = lost;
            a->moved_group = kundig__arena_text(&a->arena, key);
            a->failed = a->failed || !a->moved_group.data;
        }
    }
    if (beyond == 0) {
        kundig__section_line(a, section, KUNDIG__LINE_PLAIN,
                             "No group moved by more than chance, %zu looked at together.", looked);
    } else {
        kundig__section_line(a, section, KUNDIG__LINE_PLAIN,
                             "%zu of %zu groups moved by more than chance, %zu looked at together.",
                             beyond, rows, looked);
    }
    for (size_t row = 0; row < rows; row++) {
        if (changes_number(table, row, "a_n") < CHANGES_LEAST ||
            changes_number(table, row, "b_n") < CHANGES_LEAST) {
            kundig__section_line(a, section, KUNDIG__LINE_QUIET,
                                 "* fewer than %d answers in one of the two: it says little.",
                                 CHANGES_LEAST);
            break;
        }
    }
    return KUNDIG_OK;
}

int kundig__find_changes(kundig__analysis *a, kundig_error *err)
{
    changes_choice choice = {.cut = KUNDIG__TEXT("")};
    kundig_table *table = NULL;
    if (!a->scored || !a->overall.ok || !a->last_day.data) {
        return KUNDIG_OK;
    }
    int code = changes_choose(a, &choice, err);
    if (code || a->failed) {
        return code;
    }
    if (choice.least < CHANGES_LEAST) {
        kundig__section *section = kundig__section_new(a, "What moved");
        kundig__section_line(a, section, KUNDIG__LINE_PLAIN,
                             "There are no two whole periods side by side with %d answers each: "
                             "too little to speak of change.",
                             CHANGES_LEAST);
        return KUNDIG_OK;
    }
    code = changes_compare(a, &choice, NULL, &table, err);
    if (code) {
        return code;
    }
    kundig__section *section =
        kundig__section_new(a, "What moved, %s to %s", choice.a.data, choice.b.data);
    if (!section) {
        kundig_table_free(table);
        return KUNDIG_OK;
    }
    section->drawing = KUNDIG__DRAW_NOTHING;
    section->unit = a->unit;
    section->table = table;
    a->period_a = choice.a;
    a->period_b = choice.b;
    changes_say(a, section, &choice, table);
    if (choice.cut.len) {
        kundig__section_line(a, section, KUNDIG__LINE_QUIET,
                             "%s is left out: the dates end within it.", choice.cut.data);
    }
    return changes_by_group(a, &choice, err);
}
