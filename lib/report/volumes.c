/* What there is: what was understood of the input, how much of it, what is missing.
 *
 * Volumes are counted in one pass over the rows that meet the query. */
#include "base/calendar.h"
#include "base/text.h"
#include "report/analysis.h"
#include "table/table.h"

static void profile_row(kundig__analysis *a, uint32_t row)
{
    const kundig__corpus *corpus = a->corpus;
    const int64_t *times = kundig__corpus_times(corpus);
    const kundig__dimension *customer = kundig__corpus_dimension(corpus, KUNDIG__DIM_CUSTOMER);
    const kundig__dimension *kind = kundig__corpus_dimension(corpus, KUNDIG__DIM_KIND);
    a->records++;
    a->with_text += kundig__corpus_text(corpus, row).len > 0;
    a->with_time += times && times[row] != KUNDIG_TIME_ABSENT;
    a->with_customer += customer->codes && customer->codes[row];
    a->employees += kind->codes && kind->codes[row] == KUNDIG_KIND_EMPLOYEE;
    bool any = false;
    size_t questions = kundig__corpus_question_count(corpus);
    for (size_t i = 0; i < questions; i++) {
        const kundig__question *question = kundig__corpus_question(corpus, i);
        if (question->values && question->values[row] != KUNDIG__SCORE_MISSING) {
            a->answers[i]++;
            any = true;
        }
    }
    a->with_score += any;
}

static int profile_rows(kundig__analysis *a, const kundig__grouping *grouping, kundig_error *err)
{
    uint32_t groups[KUNDIG__GROUP_BLOCK];
    uint32_t rows = kundig__corpus_rows(a->corpus);
    for (uint32_t first = 0; first < rows; first += KUNDIG__GROUP_BLOCK) {
        uint32_t count = rows - first < KUNDIG__GROUP_BLOCK ? rows - first : KUNDIG__GROUP_BLOCK;
        kundig__grouping_rows(grouping, 0, first, count, groups);
        for (uint32_t i = 0; i < count; i++) {
            if (groups[i] != KUNDIG__NO_GROUP) {
                profile_row(a, first + i);
            }
        }
        int code = kundig__progress(kundig__corpus_context(a->corpus), first + count, rows, err);
        if (code) {
            return code;
        }
    }
    return KUNDIG_OK;
}

/* First and last day with a record, in the query's zone. */
static int profile_days(kundig__analysis *a, kundig_error *err)
{
    kundig_query *query = NULL;
    kundig_table *table = NULL;
    if (a->with_time == 0) {
        return KUNDIG_OK;
    }
    int code = kundig__analysis_query(a, "count", (kundig_text){NULL, 0}, &query, err);
    if (!code) {
        code = kundig_query_set_every(query, KUNDIG_EVERY_DAY, err);
    }
    if (!code) {
        code = kundig__measure(a->corpus, query, &table, err);
    }
    size_t rows = kundig_table_row_count(table);
    if (rows) {
        size_t period = kundig_table_find_column(table, "period", 6);
        a->first_day = kundig__arena_text(&a->arena, kundig_table_text(table, 0, period));
        a->last_day = kundig__arena_text(&a->arena, kundig_table_text(table, rows - 1, period));
        kundig__span first;
        kundig__span last;
        if (!a->first_day.data || !a->last_day.data) {
            a->failed = true;
        } else if (kundig__span_read(a->first_day, &first) &&
                   kundig__span_read(a->last_day, &last)) {
            a->days = (uint64_t)((last.to_ms - first.from_ms) / KUNDIG__DAY_MS);
        }
    }
    kundig_table_free(table);
    kundig_query_free(query);
    return code;
}

int kundig__find_profile(kundig__analysis *a, kundig_error *err)
{
    kundig_query *query = NULL;
    kundig__grouping *grouping = NULL;
    size_t questions = kundig__corpus_question_count(a->corpus);
    a->answers = kundig__arena_alloc(&a->arena, (questions + 1) * sizeof *a->answers);
    if (!a->answers) {
        return kundig__nomem(a->mem, err);
    }
    memset(a->answers, 0, (questions + 1) * sizeof *a->answers);
    int code = kundig__analysis_query(a, "count", (kundig_text){NULL, 0}, &query, err);
    if (!code) {
        code = kundig__grouping_new(a->corpus, query, KUNDIG__NO_NODE, &grouping, err);
    }
    if (!code) {
        code = profile_rows(a, grouping, err);
    }
    if (!code) {
        code = profile_days(a, err);
    }
    kundig__grouping_free(grouping);
    kundig_query_free(query);
    return code;
}

static uint64_t understood_summary(const kundig__analysis *a, const char *name)
{
    const kundig_table *table = kundig_ingest_report_table(a->report, KUNDIG_INGEST_SUMMARY);
    size_t names = kundig_table_find_column(table, "name", 4);
    size_t values = kundig_table_find_column(table, "value", 5);
    for (size_t row = 0; row < kundig_table_row_count(table); row++) {
        if (kundig__text_equal(kundig_table_text(table, row, names), kundig__str(name))) {
            return (uint64_t)kundig_table_int(table, row, values);
        }
    }
    return 0;
}

/* The mapping without its examples, which may be somebody's words. */
static int understood_mapping(kundig__analysis *a, const kundig_table *mapping, kundig_table **out,
                              kundig_error *err)
{
    kundig_table *table = kundig__table_new(a->mem);
    static const char *const names[] = {"column", "field", "filled", "why"};
    for (size_t i = 0; i < 4; i++) {
        kundig__table_column(table, names[i], i == 2 ? KUNDIG_COLUMN_INT : KUNDIG_COLUMN_TEXT,
                             i == 2 ? KUNDIG_UNIT_COUNT : KUNDIG_UNIT_NONE);
    }
    for (size_t row = 0; row < kundig_table_row_count(mapping); row++) {
        kundig__table_row(table);
        for (size_t i = 0; i < 4; i++) {
            size_t from = kundig_table_find_column(mapping, names[i], strlen(names[i]));
            if (i != 2) {
                kundig__table_set_text(table, i, kundig_table_text(mapping, row, from));
            } else if (!kundig_table_is_null(mapping, row, from)) {
                kundig__table_set_int(table, i, kundig_table_int(mapping, row, from));
            }
        }
    }
    return kundig__table_finish(table, out, err);
}

/* What the ingest found: warnings stand on top, notes with the health of the data. */
static void understood_findings(kundig__analysis *a, kundig__section *section, bool warnings)
{
    const kundig_table *findings = kundig_ingest_report_table(a->report, KUNDIG_INGEST_FINDINGS);
    size_t severity = kundig_table_find_column(findings, "severity", 8);
    size_t finding = kundig_table_find_column(findings, "finding", 7);
    for (size_t row = 0; row < kundig_table_row_count(findings); row++) {
        bool warning =
            kundig__text_equal(kundig_table_text(findings, row, severity), KUNDIG__TEXT("warning"));
        if (warning == warnings) {
            kundig__section_line(
                a, section, warning ? KUNDIG__LINE_WARNING : KUNDIG__LINE_PLAIN, "%s",
                kundig__analysis_text(a, kundig_table_text(findings, row, finding)));
        }
    }
}

int kundig__find_understood(kundig__analysis *a, kundig_error *err)
{
    if (!a->report) {
        return KUNDIG_OK;
    }
    kundig__section *section = kundig__section_new(a, "What was understood");
    if (!section) {
        return KUNDIG_OK;
    }
    kundig__section_line(a, section, KUNDIG__LINE_PLAIN, "%s = %s accepted + %s rejected.",
                         kundig__analysis_counted(a, understood_summary(a, "rows"), "row"),
                         kundig__analysis_count(a, understood_summary(a, "accepted")),
                         kundig__analysis_count(a, understood_summary(a, "rejected")));
    section->after = section->line_count;
    kundig_table *mapping = kundig_ingest_report_table(a->report, KUNDIG_INGEST_MAPPING);
    int code = understood_mapping(a, mapping, &section->table, err);
    if (code) {
        return code;
    }
    understood_findings(a, section, true);
    return KUNDIG_OK;
}

int kundig__find_volumes(kundig__analysis *a, kundig_error *err)
{
    (void)err;
    kundig__section *section = kundig__section_new(a, "Volumes");
    if (!section) {
        return KUNDIG_OK;
    }
    uint32_t all = kundig__corpus_current_rows(a->corpus);
    kundig__section_line(a, section, KUNDIG__LINE_PLAIN, "%s: %s with a comment, %s with a score.",
                         kundig__analysis_counted(a, a->records, "record"),
                         kundig__analysis_count(a, a->with_text),
                         kundig__analysis_count(a, a->with_score));
    if (a->records < all) {
        kundig__section_line(a, section, KUNDIG__LINE_WARNING,
                             "A condition is in force: %s of %s meet it. All below is about them.",
                             kundig__analysis_count(a, a->records),
                             kundig__analysis_counted(a, all, "record"));
    }
    if (a->last_day.data) {
        kundig__section_line(a, section, KUNDIG__LINE_PLAIN, "From %s to %s: %s.",
                             a->first_day.data, a->last_day.data,
                             kundig__analysis_counted(a, a->days, "day"));
    }
    if (!a->report && a->records && a->with_customer == 0) {
        kundig__section_line(a, section, KUNDIG__LINE_QUIET,
                             "No record names a customer: each counts as a person of its own.");
    }
    return KUNDIG_OK;
}

/* ---- Health ---- */

static void health_missing(kundig__analysis *a, kundig__section *section, uint64_t have,
                           const char *what)
{
    uint64_t missing = a->records - have;
    if (missing == 0 || have == 0) {
        return;
    }
    kundig__section_line(a, section,
                         missing * 20 > a->records ? KUNDIG__LINE_WARNING : KUNDIG__LINE_PLAIN,
                         "%s (%s) without %s.", kundig__analysis_counted(a, missing, "record"),
                         kundig__analysis_percent(a, missing, a->records), what);
}

/* How many records of every group lack a value; the rows are those of `groups`, by key. */
static int health_count(kundig__analysis *a, const char *field, kundig_text missing,
                        kundig_table **out, kundig_error *err)
{
    kundig_query *query = NULL;
    uint32_t node = 0;
    int code = kundig__analysis_query(a, "count", (kundig_text){NULL, 0}, &query, err);
    if (!code) {
        code = kundig_query_group_by(query, field, strlen(field), err);
    }
    if (!code && missing.data) {
        code = kundig_query_condition(query, missing.data, missing.len, KUNDIG_OP_MISSING, NULL, 0,
                                      &node, err);
        if (!code) {
            code = kundig_query_keep(query, node, err);
        }
    }
    if (!code) {
        code = kundig__measure(a->corpus, query, out, err);
    }
    kundig_query_free(query);
    return code;
}

static int64_t health_n(const kundig_table *table, kundig_text key)
{
    size_t n = kundig_table_find_column(table, "n", 1);
    for (size_t row = 0; row < kundig_table_row_count(table); row++) {
        if (kundig__text_equal(kundig_table_text(table, row, 0), key)) {
            return kundig_table_int(table, row, n);
        }
    }
    return 0;
}

/* Coverage: of every touchpoint (else stage, else channel), who scores and who writes. */
static int health_coverage(kundig__analysis *a, const char *field, kundig_table **out,
                           kundig_error *err)
{
    kundig_table *groups = NULL;
    kundig_table *no_score = NULL;
    kundig_table *no_text = NULL;
    int code = health_count(a, field, (kundig_text){NULL, 0}, &groups, err);
    if (!code && a->scored) {
        kundig_text question = kundig__analysis_field(a);
        code = a->failed ? kundig__nomem(a->mem, err)
                         : health_count(a, field, question, &no_score, err);
    }
    if (!code) {
        code = health_count(a, field, KUNDIG__TEXT("text"), &no_text, err);
    }
    if (code) {
        goto done;
    }
    kundig_table *table = kundig__table_new(a->mem);
    kundig__table_column(table, field, KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "records", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    kundig__table_column(table, "share", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    kundig__table_column(table, "with_score", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    kundig__table_column(table, "with_text", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    size_t n = kundig_table_find_column(groups, "n", 1);
    for (size_t row = 0; row < kundig_table_row_count(groups); row++) {
        kundig_text key = kundig_table_text(groups, row, 0);
        double records = kundig_table_number(groups, row, n);
        kundig__table_row(table);
        kundig__table_set_text(table, 0, key);
        kundig__table_set_int(table, 1, kundig_table_int(groups, row, n));
        kundig__table_set_number(table, 2, records / (double)a->records);
        if (a->scored) {
            kundig__table_set_number(table, 3, 1 - (double)health_n(no_score, key) / records);
        }
        kundig__table_set_number(table, 4, 1 - (double)health_n(no_text, key) / records);
    }
    code = kundig__table_finish(table, out, err);
done:
    kundig_table_free(groups);
    kundig_table_free(no_score);
    kundig_table_free(no_text);
    return code;
}

int kundig__find_health(kundig__analysis *a, kundig_error *err)
{
    kundig__section *section = kundig__section_new(a, "Health of the data");
    if (!section) {
        return KUNDIG_OK;
    }
    size_t before = section->line_count;
    bool all = a->records == kundig__corpus_current_rows(a->corpus);
    if (a->report) {
        understood_findings(a, section, false);
    }
    if (!a->report || !all) {
        /* The notes of the ingest are about rows of the file; these about the records asked for. */
        health_missing(a, section, a->scored ? a->answers[a->question] : 0, "a score");
        health_missing(a, section, a->with_text, "a comment");
        health_missing(a, section, a->with_time, "a date");
        health_missing(a, section, a->with_customer, "a customer");
    }
    if (!a->scored && kundig__corpus_question_count(a->corpus) == 0) {
        kundig__section_line(a, section, KUNDIG__LINE_WARNING,
                             "No score was found. If a column holds one, name it: --map "
                             "nps=COLUMN, csat=COLUMN, stars=COLUMN or score[1..10]=COLUMN.");
    }
    if (a->records && a->with_text == 0) {
        kundig__section_line(a, section, KUNDIG__LINE_WARNING,
                             "No comment was found: numbers say how much, not why.");
    }
    if (a->records && a->with_time == 0) {
        kundig__section_line(a, section, KUNDIG__LINE_WARNING,
                             "No date was found: nothing can be said about change.");
    }
    if (section->line_count == before) {
        kundig__section_line(a, section, KUNDIG__LINE_PLAIN, "Nothing is missing.");
    }
    section->after = section->line_count;
    static const int dims[] = {KUNDIG__DIM_TOUCHPOINT, KUNDIG__DIM_STAGE, KUNDIG__DIM_CHANNEL};
    for (size_t i = 0; i < sizeof dims / sizeof *dims; i++) {
        const kundig__dimension *dimension = kundig__corpus_dimension(a->corpus, dims[i]);
        if (dimension->codes && dimension->dict.count <= 12 && a->records) {
            return health_coverage(a, kundig__dimension_name(dims[i]), &section->table, err);
        }
    }
    return KUNDIG_OK;
}
