/* The page of a change: one sentence, what stands in the way of it, how it splits, and what goes
 * together with it, with the words of those who scored so. */
#include <stdlib.h>
#include <string.h>

#include "page.h"

#define EXPLAIN_SHOWN    6 /* causes of a field */
#define EXPLAIN_LABEL    28
#define EXPLAIN_PLOT     18 /* at least */
#define EXPLAIN_WIDE     40
#define EXPLAIN_QUOTE    2 /* lines */
#define EXPLAIN_INTERVAL 16

typedef struct explain_page {
    cli_page out;
    const kundig_table *tables[KUNDIG_EXPLAIN_TABLES];
    int unit;
    size_t plot; /* columns of a plot */
} explain_page;

/* ---- Cells ----------------------------------------------------------------------------------- */

static size_t explain_at(const kundig_table *table, const char *name)
{
    return kundig_table_find_column(table, name, strlen(name));
}

static double explain_number(const kundig_table *table, size_t row, const char *name)
{
    return kundig_table_number(table, row, explain_at(table, name));
}

static bool explain_has(const kundig_table *table, size_t row, const char *name)
{
    return !kundig_table_is_null(table, row, explain_at(table, name));
}

static kundig_text explain_text(const kundig_table *table, size_t row, const char *name)
{
    kundig_text text = kundig_table_text(table, row, explain_at(table, name));
    return text.data ? text : (kundig_text){"", 0};
}

/* Points of a score and of a share as they are shown: x 100. */
static double explain_points(const explain_page *page, double value)
{
    return page->unit == KUNDIG_UNIT_POINTS ? value : 100 * value;
}

static void explain_value(const explain_page *page, double value, bool is_signed, char *out,
                          size_t size)
{
    double shown = explain_points(page, value);
    bool fine = page->unit == KUNDIG_UNIT_POINTS;
    double least = fine ? .005 : .05;
    shown = shown > -least && shown < least ? 0 : shown;
    snprintf(out, size,
             is_signed && shown != 0 ? (fine ? "%+.2f" : "%+.1f") : (fine ? "%.2f" : "%.1f"),
             shown);
}

static void explain_range(const explain_page *page, double lo, double hi, char *out, size_t size)
{
    char from[32];
    char to[32];
    explain_value(page, lo, true, from, sizeof from);
    explain_value(page, hi, true, to, sizeof to);
    snprintf(out, size, "%s to %s", from, to);
}

/* ---- Plots ----------------------------------------------------------------------------------- */

static size_t explain_place(double value, double most, size_t columns)
{
    double at = (value / most + 1) / 2 * (double)(columns - 1) + .5;
    return at < 0 ? 0 : at >= (double)columns ? columns - 1 : (size_t)at;
}

/* An interval with its value on a scale from -most to most; the axis stands in its middle. */
static void explain_plot(explain_page *page, double value, double lo, double hi, double most,
                         const char *style)
{
    size_t columns = page->plot;
    size_t from = explain_place(lo, most, columns);
    size_t to = explain_place(hi, most, columns);
    size_t dot = explain_place(value, most, columns);
    size_t axis = explain_place(0, most, columns);
    cli_page_blanks(&page->out, 2);
    for (size_t at = 0; at < columns; at++) {
        if (at == dot) {
            cli_page_styled(&page->out, style, "●", strlen("●"));
        } else if (at >= from && at <= to) {
            const char *line = at == axis ? "┼" : "─";
            cli_page_styled(&page->out, style, line, strlen(line));
        } else if (at == axis) {
            cli_page_styled(&page->out, CLI_STYLE_DIM, "│", strlen("│"));
        } else {
            cli_page_blanks(&page->out, 1);
        }
    }
}

/* A bar from the axis to the value. */
static void explain_bar(explain_page *page, double value, double most, const char *style)
{
    size_t columns = page->plot;
    size_t axis = explain_place(0, most, columns);
    size_t end = explain_place(value, most, columns);
    cli_page_blanks(&page->out, 2);
    for (size_t at = 0; at < columns; at++) {
        if (at == axis) {
            cli_page_styled(&page->out, CLI_STYLE_DIM, "│", strlen("│"));
        } else if ((at < axis && at >= end) || (at > axis && at <= end)) {
            cli_page_styled(&page->out, style, "█", strlen("█"));
        } else {
            cli_page_blanks(&page->out, 1);
        }
    }
}

/* ---- Pieces ---------------------------------------------------------------------------------- */

static void explain_wrapped(explain_page *page, const char *style, size_t indent, kundig_text text,
                            size_t most)
{
    char *clean = cli_page_clean(text);
    if (!clean) {
        page->out.failed = true;
        return;
    }
    cli_page_wrap(&page->out, style, indent, clean, most);
    free(clean);
}

static void explain_label(explain_page *page, const char *style, kundig_text text, size_t columns)
{
    char *clean = cli_page_clean(text);
    if (!clean) {
        page->out.failed = true;
        return;
    }
    size_t len = strlen(clean);
    bool cut = cli_page_columns(clean, len) > columns;
    len = cut ? cli_page_line(clean, columns - 1) : len;
    size_t used = cli_page_columns(clean, len) + cut;
    cli_page_styled(&page->out, style, clean, len);
    cli_page_str(&page->out, cut ? "…" : "");
    cli_page_blanks(&page->out, columns > used ? columns - used : 0);
    free(clean);
}

static void explain_breaks(explain_page *page)
{
    const kundig_table *table = page->tables[KUNDIG_EXPLAIN_BREAKS];
    size_t rows = kundig_table_row_count(table);
    for (size_t row = 0; row < rows; row++) {
        cli_page_styled(&page->out, CLI_STYLE_BAD, "! ", 2);
        kundig_text sentence = explain_text(table, row, "sentence");
        char *clean = cli_page_clean(sentence);
        if (!clean) {
            page->out.failed = true;
            return;
        }
        size_t len = cli_page_line(clean, page->out.width - 2);
        cli_page_put(&page->out, clean, len);
        cli_page_str(&page->out, "\n");
        cli_page_wrap(&page->out, NULL, 2, clean + len + strspn(clean + len, " "), SIZE_MAX);
        free(clean);
    }
    cli_page_str(&page->out, rows ? "\n" : "");
}

/* Is it sure which way? Then the colour says so. */
static const char *explain_style(double lo, double hi)
{
    return hi < 0 ? CLI_STYLE_BAD : lo > 0 ? CLI_STYLE_GOOD : NULL;
}

static double explain_most(double most, double lo, double hi)
{
    most = -lo > most ? -lo : most;
    return hi > most ? hi : most;
}

static void explain_split_line(explain_page *page, size_t row, const char *name, double most)
{
    const kundig_table *table = page->tables[KUNDIG_EXPLAIN_SPLITS];
    char column[16];
    char text[80];
    double value = explain_number(table, row, name);
    snprintf(column, sizeof column, "%s_lo", name);
    double lo = explain_number(table, row, column);
    snprintf(column, sizeof column, "%s_hi", name);
    double hi = explain_number(table, row, column);
    explain_label(page, NULL, (kundig_text){name, strlen(name)}, 5);
    explain_value(page, value, true, text, sizeof text);
    cli_page_right(&page->out, CLI_STYLE_BOLD, text, 7);
    explain_range(page, lo, hi, text, sizeof text);
    cli_page_right(&page->out, NULL, text, EXPLAIN_INTERVAL);
    explain_bar(page, value, most, explain_style(lo, hi));
    cli_page_str(&page->out, "\n");
}

static void explain_splits(explain_page *page)
{
    const kundig_table *table = page->tables[KUNDIG_EXPLAIN_SPLITS];
    size_t rows = kundig_table_row_count(table);
    size_t label = EXPLAIN_LABEL - 7;
    double most = 1e-9;
    bool any = false;
    for (size_t row = 0; row < rows; row++) {
        if (explain_has(table, row, "mix")) {
            double mix = explain_number(table, row, "mix");
            double rate = explain_number(table, row, "rate");
            most = explain_most(explain_most(most, mix, mix), rate, rate);
            any = true;
        }
    }
    if (!any) {
        return;
    }
    static const char title[] = "How it splits: mix (other shares) and rate (other scores)";
    cli_page_wrap(&page->out, CLI_STYLE_BOLD, 0, title, SIZE_MAX);
    for (size_t row = 0; row < rows; row++) {
        if (!explain_has(table, row, "mix")) {
            continue;
        }
        cli_page_blanks(&page->out, 2);
        explain_label(page, NULL, explain_text(table, row, "field"), label);
        explain_split_line(page, row, "mix", most);
        cli_page_blanks(&page->out, 2 + label);
        explain_split_line(page, row, "rate", most);
        if (kundig_table_int(table, row, explain_at(table, "simpson"))) {
            bool sure = kundig_table_int(table, row, explain_at(table, "simpson_sure")) != 0;
            const char *words = sure ? "Simpson's paradox: inside the values the score moved the "
                                       "other way than the whole."
                                     : "Inside the values the score seems to have moved the other "
                                       "way than the whole, within what chance explains.";
            cli_page_wrap(&page->out, sure ? CLI_STYLE_BAD : CLI_STYLE_DIM, 4, words, SIZE_MAX);
        }
    }
    cli_page_str(&page->out, "\n");
}

/* ---- Causes ---------------------------------------------------------------------------------- */

static void explain_score(const explain_page *page, size_t row, const char *name, char *out,
                          size_t size)
{
    const kundig_table *table = page->tables[KUNDIG_EXPLAIN_CAUSES];
    if (explain_has(table, row, name)) {
        explain_value(page, explain_number(table, row, name), page->unit == KUNDIG_UNIT_SCORE, out,
                      size);
    } else {
        snprintf(out, size, "none");
    }
}

static void explain_facts(explain_page *page, size_t row)
{
    const kundig_table *table = page->tables[KUNDIG_EXPLAIN_CAUSES];
    char before[32];
    char after[32];
    char line[256];
    bool named =
        explain_has(table, row, "before_customers") && explain_has(table, row, "after_customers");
    explain_score(page, row, "before", before, sizeof before);
    explain_score(page, row, "after", after, sizeof after);
    int len = snprintf(line, sizeof line, "share %.1f → %.1f %%, score %s → %s, %lld → %lld %s",
                       100 * explain_number(table, row, "before_share"),
                       100 * explain_number(table, row, "after_share"), before, after,
                       (long long)kundig_table_int(
                           table, row, explain_at(table, named ? "before_customers" : "before_n")),
                       (long long)kundig_table_int(
                           table, row, explain_at(table, named ? "after_customers" : "after_n")),
                       named ? "customers" : "answers");
    if (explain_has(table, row, "q") && len > 0 && (size_t)len < sizeof line) {
        double q = explain_number(table, row, "q");
        snprintf(line + len, sizeof line - (size_t)len, q < .001 ? ", q < .001" : ", q = %.3f", q);
    }
    cli_page_wrap(&page->out, CLI_STYLE_DIM, 4, line, SIZE_MAX);
}

static void explain_quote(explain_page *page, kundig_text quote)
{
    char *clean = quote.len ? cli_page_clean(quote) : NULL;
    char *told = clean ? malloc(strlen(clean) + 8) : NULL;
    if (told) {
        strcpy(told, "“");
        strcat(told, clean);
        strcat(told, "”");
        cli_page_wrap(&page->out, NULL, 4, told, EXPLAIN_QUOTE);
    }
    page->out.failed = page->out.failed || (quote.len && !told);
    free(clean);
    free(told);
}

static void explain_cause(explain_page *page, size_t row, double most)
{
    const kundig_table *table = page->tables[KUNDIG_EXPLAIN_CAUSES];
    kundig_text title = explain_text(table, row, "title");
    kundig_text value = explain_text(table, row, "value");
    char none[64];
    snprintf(none, sizeof none, "(no %.40s)", explain_text(table, row, "field").data);
    kundig_text label = title.len ? title : value.len ? value : (kundig_text){none, strlen(none)};
    double contribution = explain_number(table, row, "contribution");
    bool known = explain_has(table, row, "lo");
    double lo = known ? explain_number(table, row, "lo") : contribution;
    double hi = known ? explain_number(table, row, "hi") : contribution;
    bool sure = explain_has(table, row, "q") && explain_number(table, row, "q") <= .05;
    char text[80];
    cli_page_blanks(&page->out, 2);
    explain_label(page, sure ? CLI_STYLE_BOLD : NULL, label, EXPLAIN_LABEL - 2);
    explain_value(page, contribution, true, text, sizeof text);
    cli_page_right(&page->out, sure ? CLI_STYLE_BOLD : NULL, text, 7);
    explain_range(page, lo, hi, text, sizeof text);
    cli_page_right(&page->out, NULL, known ? text : "", EXPLAIN_INTERVAL);
    explain_plot(page, contribution, lo, hi, most, sure ? explain_style(lo, hi) : CLI_STYLE_DIM);
    cli_page_str(&page->out, "\n");
    explain_facts(page, row);
    explain_quote(page, explain_text(table, row, "quote_1"));
    explain_quote(page, explain_text(table, row, "quote_2"));
}

/* Causes of one field stand together, the greatest first. */
static void explain_causes(explain_page *page)
{
    const kundig_table *table = page->tables[KUNDIG_EXPLAIN_CAUSES];
    size_t rows = kundig_table_row_count(table);
    double most = 1e-9;
    kundig_text before = {"", 0};
    for (size_t row = 0; row < rows; row++) {
        if (explain_has(table, row, "lo")) {
            most = explain_most(most, explain_number(table, row, "lo"),
                                explain_number(table, row, "hi"));
        }
    }
    for (size_t row = 0; row < rows && !page->out.failed; row++) {
        kundig_text field = explain_text(table, row, "field");
        if (!explain_has(table, row, "contribution")) {
            continue;
        }
        if (field.len != before.len || memcmp(field.data, before.data, field.len) != 0) {
            char title[160];
            snprintf(title, sizeof title, "What goes together with it, by %.*s",
                     (int)(field.len < 80 ? field.len : 80), field.data);
            cli_page_str(&page->out, before.len ? "\n" : "");
            explain_wrapped(page, CLI_STYLE_BOLD, 0, (kundig_text){title, strlen(title)}, SIZE_MAX);
            before = field;
        }
        explain_cause(page, row, most);
    }
}

static int explain_show(const cli_arguments *arguments, kundig_table *const *tables)
{
    explain_page page = {.out = {cli_width(arguments, 120), cli_use_color(arguments), false}};
    size_t used = EXPLAIN_LABEL + 9 + EXPLAIN_INTERVAL + 2 + 2;
    size_t room = page.out.width > used ? page.out.width - used : 0;
    memcpy(page.tables, tables, sizeof page.tables);
    page.plot = room < EXPLAIN_PLOT ? EXPLAIN_PLOT : room > EXPLAIN_WIDE ? EXPLAIN_WIDE : room;
    page.plot |= 1; /* the axis has a middle */
    page.unit = kundig_table_column_unit(tables[0], explain_at(tables[0], "change"));
    explain_wrapped(&page, CLI_STYLE_BOLD, 0,
                    explain_text(tables[KUNDIG_EXPLAIN_CHANGE], 0, "sentence"), SIZE_MAX);
    cli_page_str(&page.out, "\n");
    explain_breaks(&page);
    explain_splits(&page);
    explain_causes(&page);
    cli_page_str(&page.out, "\n");
    for (int i = 0; i < KUNDIG_EXPLAIN_TABLES; i++) {
        for (size_t note = 0; note < kundig_table_note_count(tables[i]); note++) {
            cli_page_note(&page.out, kundig_table_note(tables[i], note));
        }
    }
    return page.out.failed ? CLI_FAILED : CLI_OK;
}

/* ---- As data --------------------------------------------------------------------------------- */

static bool explain_write_json(const kundig_table *table, const char *name, bool first)
{
    kundig_bytes *json = NULL;
    char head[32];
    snprintf(head, sizeof head, "%s\"%s\":", first ? "{" : ",", name);
    bool written = kundig_table_to_json(table, &json, NULL) == KUNDIG_OK &&
                   cli_write(head, strlen(head)) &&
                   cli_write(kundig_bytes_data(json), kundig_bytes_len(json));
    kundig_bytes_free(json);
    return written;
}

static int explain_data(const cli_arguments *arguments, kundig_table *const *tables)
{
    static const char *const names[KUNDIG_EXPLAIN_TABLES] = {"change", "splits", "causes",
                                                             "breaks"};
    bool written = true;
    if (arguments->format == CLI_FORMAT_CSV) {
        return cli_write_table(arguments, tables[KUNDIG_EXPLAIN_CAUSES]);
    }
    for (int i = 0; i < KUNDIG_EXPLAIN_TABLES && written; i++) {
        written = explain_write_json(tables[i], names[i], i == 0);
    }
    return written && cli_write("}\n", 2) ? CLI_OK : CLI_FAILED;
}

/* ---- The whole ------------------------------------------------------------------------------- */

/* A bare period, "2018-Q2", means that the time is in it. */
static int explain_set(kundig_query *query, const char *option, const char *word, uint32_t *node)
{
    char condition[64];
    if (strlen(word) < 32 && word[0] >= '0' && word[0] <= '9' && !strpbrk(word, " =<>!'\"(")) {
        snprintf(condition, sizeof condition, "time = %s", word);
        word = condition;
    }
    return cli_node(query, option, word, node);
}

int cli_explain(const cli_arguments *arguments, kundig *corpus, kundig_query *query)
{
    kundig_error err = {0, 0, ""};
    kundig_table *tables[KUNDIG_EXPLAIN_TABLES] = {NULL};
    kundig_explain_options options;
    uint32_t before = 0;
    uint32_t after = 0;
    int exit_code = explain_set(query, "--before", arguments->before, &before);
    if (exit_code == CLI_OK) {
        exit_code = explain_set(query, "--after", arguments->after, &after);
    }
    if (exit_code != CLI_OK) {
        return exit_code;
    }
    bool text = arguments->format == CLI_FORMAT_TEXT;
    kundig_explain_options_init(&options);
    options.sentences = arguments->german ? KUNDIG_SENTENCES_GERMAN : KUNDIG_SENTENCES_ENGLISH;
    options.limit = arguments->limit ? arguments->limit : text ? EXPLAIN_SHOWN : 0;
    cli_progress_start("measuring", false);
    int code =
        kundig_explain(corpus, query, before, after, &options, tables, KUNDIG_EXPLAIN_TABLES, &err);
    cli_progress_end();
    if (code) {
        return cli_failed_with(arguments, code, &err);
    }
    exit_code = text ? explain_show(arguments, tables) : explain_data(arguments, tables);
    for (int i = 0; i < KUNDIG_EXPLAIN_TABLES; i++) {
        kundig_table_free(tables[i]);
    }
    return exit_code;
}
