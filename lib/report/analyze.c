/* The page of kundig_analyze(): findings in the order a practitioner asks, then drawn or written
 * as JSON.
 *
 * Every number on it is an answer of kundig__measure(), kundig__compare() or kundig__words(), or a
 * count of one pass over the rows; nothing is estimated here. The JSON holds the same sections,
 * sentences and tables as the page. */
#include "report/report.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"
#include "report/analysis.h"
#include "table/table.h"

static kundig_text analysis_printed(kundig__analysis *a, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int need = vsnprintf(NULL, 0, format, arguments);
    char *made = need < 0 ? NULL : kundig__arena_alloc(&a->arena, (size_t)need + 1);
    if (!made) {
        a->failed = true;
        va_end(again);
        return (kundig_text){"", 0};
    }
    vsnprintf(made, (size_t)need + 1, format, again);
    va_end(again);
    return (kundig_text){made, (size_t)need};
}

kundig__section *kundig__section_new(kundig__analysis *a, const char *format, ...)
{
    void *sections = a->sections;
    bool grown = !a->failed && kundig__grow(a->mem, &sections, &a->section_capacity,
                                            a->section_count + 1, sizeof *a->sections);
    a->sections = sections;
    if (!grown) {
        a->failed = true;
        return NULL;
    }
    kundig__section *section = &a->sections[a->section_count++];
    memset(section, 0, sizeof *section);
    section->after = SIZE_MAX;
    va_list arguments;
    va_start(arguments, format);
    section->title = analysis_printed(a, format, arguments);
    va_end(arguments);
    return section;
}

void kundig__section_line(kundig__analysis *a, kundig__section *section, int mark,
                          const char *format, ...)
{
    if (!section || a->failed) {
        return;
    }
    void *lines = section->lines;
    bool grown = kundig__grow(a->mem, &lines, &section->line_capacity, section->line_count + 1,
                              sizeof *section->lines);
    section->lines = lines;
    if (!grown) {
        a->failed = true;
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    kundig_text text = analysis_printed(a, format, arguments);
    va_end(arguments);
    section->lines[section->line_count++] = (kundig__line){mark, text};
}

/* What a writer wrote, as text of the analysis. */
static const char *analysis_kept(kundig__analysis *a, kundig__buf *buf)
{
    kundig_text kept = {NULL, 0};
    if (!buf->failed) {
        kept = kundig__arena_text(&a->arena, (kundig_text){buf->data ? buf->data : "", buf->len});
    }
    kundig__buf_free(buf);
    if (!kept.data) {
        a->failed = true;
        return "";
    }
    return kept.data;
}

const char *kundig__analysis_count(kundig__analysis *a, uint64_t count)
{
    kundig__buf buf;
    kundig__buf_init(&buf, a->mem);
    kundig__page_count(&buf, count);
    return analysis_kept(a, &buf);
}

const char *kundig__analysis_counted(kundig__analysis *a, uint64_t count, const char *what)
{
    kundig__buf buf;
    kundig__buf_init(&buf, a->mem);
    kundig__page_count(&buf, count);
    kundig__buf_char(&buf, ' ');
    kundig__buf_str(&buf, what);
    if (count != 1) {
        kundig__buf_char(&buf, 's');
    }
    return analysis_kept(a, &buf);
}

const char *kundig__analysis_value(kundig__analysis *a, int unit, double value, bool sign)
{
    kundig__buf buf;
    kundig__buf_init(&buf, a->mem);
    kundig__page_value(&buf, unit, value, sign);
    return analysis_kept(a, &buf);
}

const char *kundig__analysis_percent(kundig__analysis *a, uint64_t part, uint64_t whole)
{
    double share = whole ? (double)part / (double)whole : 0;
    return kundig__analysis_value(a, KUNDIG_UNIT_SHARE, share, false);
}

const char *kundig__analysis_p(kundig__analysis *a, double p)
{
    kundig__buf buf;
    kundig__buf_init(&buf, a->mem);
    kundig__page_p(&buf, p);
    return analysis_kept(a, &buf);
}

const char *kundig__analysis_text(kundig__analysis *a, kundig_text text)
{
    kundig_text kept = kundig__arena_text(&a->arena, text.data ? text : KUNDIG__TEXT("(none)"));
    if (!kept.data) {
        a->failed = true;
        return "";
    }
    return kept.data;
}

int kundig__analysis_query(kundig__analysis *a, const char *metric, kundig_text question,
                           kundig_query **out, kundig_error *err)
{
    kundig_query *query = NULL;
    int code = kundig__query_copy(a->query, &a->mem->hook, &query, err);
    if (!code) {
        /* Its groups and window are not ours. */
        query->group_field_count = 0;
        query->every = KUNDIG_EVERY_NONE;
        code = kundig_query_set_metric(query, metric, strlen(metric), err);
    }
    if (!code && question.data) {
        code = kundig_query_set_question(query, question.data, question.len, err);
    }
    if (code) {
        kundig_query_free(query);
        return code;
    }
    *out = query;
    return KUNDIG_OK;
}

kundig_text kundig__analysis_field(kundig__analysis *a)
{
    kundig__buf buf;
    kundig__buf_init(&buf, a->mem);
    kundig__buf_str(&buf, "question:");
    kundig__buf_text(&buf, a->question_name);
    return kundig__str(analysis_kept(a, &buf));
}

int kundig__analysis_ends(kundig__analysis *a, kundig_query *query, uint32_t *bad, uint32_t *good,
                          kundig_error *err)
{
    kundig_text field = kundig__analysis_field(a);
    if (a->failed) {
        return kundig__nomem(a->mem, err);
    }
    kundig_value low = {.type = KUNDIG_VALUE_NUMBER, .number = (double)a->low / 1000};
    kundig_value high = {.type = KUNDIG_VALUE_NUMBER, .number = (double)a->high / 1000};
    int code = kundig_query_condition(query, field.data, field.len, KUNDIG_OP_LESS_OR_EQUAL, &low,
                                      1, a->low_is_bad ? bad : good, err);
    if (!code) {
        code = kundig_query_condition(query, field.data, field.len, KUNDIG_OP_GREATER_OR_EQUAL,
                                      &high, 1, a->low_is_bad ? good : bad, err);
    }
    return code;
}

void kundig__figure_read(const kundig_table *table, size_t row, kundig__figure *out)
{
    size_t value = kundig_table_find_column(table, "value", 5);
    size_t lo = kundig_table_find_column(table, "lo", 2);
    size_t hi = kundig_table_find_column(table, "hi", 2);
    size_t n = kundig_table_find_column(table, "n", 1);
    size_t customers = kundig_table_find_column(table, "customers", 9);
    size_t status = kundig_table_find_column(table, "status", 6);
    out->ok = !kundig_table_is_null(table, row, value);
    out->value = kundig_table_number(table, row, value);
    out->lo =
        kundig_table_is_null(table, row, lo) ? out->value : kundig_table_number(table, row, lo);
    out->hi =
        kundig_table_is_null(table, row, hi) ? out->value : kundig_table_number(table, row, hi);
    out->n = kundig_table_int(table, row, n);
    out->has_customers = !kundig_table_is_null(table, row, customers);
    out->customers = kundig_table_int(table, row, customers);
    out->status = kundig_table_text(table, row, status);
}

static void analysis_free(kundig__analysis *a)
{
    for (size_t i = 0; i < a->section_count; i++) {
        kundig__section *section = &a->sections[i];
        kundig_table_free(section->table);
        kundig_table_free(section->shown);
        kundig__free(a->mem, section->lines, section->line_capacity * sizeof *section->lines);
    }
    kundig__free(a->mem, a->sections, a->section_capacity * sizeof *a->sections);
    kundig__arena_free(&a->arena);
}

static void analysis_write_json(const kundig__analysis *a, kundig__buf *buf)
{
    kundig__buf_str(buf, "{\"sections\":[");
    for (size_t i = 0; i < a->section_count; i++) {
        const kundig__section *section = &a->sections[i];
        kundig__buf_str(buf, i ? ",{\"title\":" : "{\"title\":");
        kundig__json_text(buf, section->title);
        kundig__buf_str(buf, ",\"text\":[");
        for (size_t line = 0; line < section->line_count; line++) {
            if (line) {
                kundig__buf_char(buf, ',');
            }
            kundig__json_text(buf, section->lines[line].text);
        }
        kundig__buf_str(buf, "],\"table\":");
        if (section->table) {
            kundig__json_table(buf, section->table);
        } else {
            kundig__buf_str(buf, "null");
        }
        kundig__buf_char(buf, '}');
    }
    kundig__buf_str(buf, "]}");
}

static int analysis_take_json(const kundig__analysis *a, kundig_bytes **out, kundig_error *err)
{
    kundig__buf buf;
    kundig__buf_init(&buf, a->mem);
    analysis_write_json(a, &buf);
    int code = kundig__buf_take(&buf, out, err);
    kundig__buf_free(&buf);
    return code;
}

static int analysis_take_page(const kundig__analysis *a, const kundig_analyze_options *options,
                              kundig_bytes **out, kundig_error *err)
{
    kundig__page page;
    kundig__page_init(&page, a->mem, options->width, options->color != 0);
    kundig__draw_title(&page, a);
    for (size_t i = 0; i < a->section_count; i++) {
        kundig__page_line(&page);
        kundig__draw_section(&page, a, &a->sections[i]);
    }
    int code = kundig__page_take(&page, out, err);
    kundig__page_free(&page);
    return code;
}

int kundig__analyze(kundig__corpus *corpus, const kundig_query *query,
                    const kundig_ingest_report *report, const kundig_analyze_options *options,
                    kundig_bytes **out, kundig_error *err)
{
    kundig__analysis a;
    memset(&a, 0, sizeof a);
    a.corpus = corpus;
    a.query = query;
    a.report = report;
    a.title = options->title;
    a.mem = &kundig__corpus_context(corpus)->mem;
    a.level = query ? query->level : 0.95;
    kundig__arena_init(&a.arena, a.mem);
    static int (*const findings[])(kundig__analysis *, kundig_error *) = {
        kundig__find_profile, kundig__find_understood, kundig__find_volumes, kundig__find_scores,
        kundig__find_groups,  kundig__find_changes,    kundig__find_causes,  kundig__find_topics,
        kundig__find_impact,  kundig__find_alarms,     kundig__find_words,   kundig__find_health,
        kundig__find_next};
    int code = KUNDIG_OK;
    for (size_t i = 0; i < sizeof findings / sizeof *findings && !code; i++) {
        code = findings[i](&a, err);
        if (!code && a.failed) {
            code = kundig__nomem(a.mem, err);
        }
    }
    if (!code) {
        code = options->format == KUNDIG_PAGE_JSON ? analysis_take_json(&a, out, err)
                                                   : analysis_take_page(&a, options, out, err);
    }
    analysis_free(&a);
    return code;
}
