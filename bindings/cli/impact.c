/* The page of impact: what each topic does to a score, with its interval drawn around zero, and the
 * shares that sum to the score.
 *
 *   Late delivery   1,204   -38.1   -6.3 *      ──●──      │           -4.9
 *       611 customers · -7.4 to -5.2 · praised +12.1, blamed -40.2 · a basic
 */
#include <stdlib.h>
#include <string.h>

#include "page.h"

#define IMPACT_SHOWN  15
#define IMPACT_LABEL  34 /* columns of the widest label */
#define IMPACT_PLOT   44 /* of the widest plot */
#define IMPACT_LEAST  11 /* of the narrowest */
#define IMPACT_NUMBER ((size_t)7)
#define IMPACT_BASIC  0.5 /* asymmetry beyond which a topic is told a basic, or a delighter */
#define IMPACT_Q      0.05

typedef struct impact_page {
    cli_page out;
    const kundig_table *table;
    const kundig_table *all; /* the score of all records; NULL: there is none */
    const char *field;
    size_t label;
    size_t plot;
    size_t rows; /* shown */
    int unit;
    double least; /* of the plot's axis */
    double most;
} impact_page;

static size_t impact_column(const impact_page *page, const char *name)
{
    return kundig_table_find_column(page->table, name, strlen(name));
}

static bool impact_has(const impact_page *page, size_t row, const char *name)
{
    return !kundig_table_is_null(page->table, row, impact_column(page, name));
}

static double impact_number(const impact_page *page, size_t row, const char *name)
{
    return kundig_table_number(page->table, row, impact_column(page, name));
}

/* ---- Numbers -------------------------------------------------------------------------------- */

static void impact_count(char *out, size_t size, int64_t count)
{
    char digits[32];
    int len = snprintf(digits, sizeof digits, "%lld", (long long)count);
    size_t used = 0;
    for (int i = 0; i < len && used + 2 < size; i++) {
        if (i && (len - i) % 3 == 0) {
            out[used++] = ',';
        }
        out[used++] = digits[i];
    }
    out[used] = '\0';
}

/* Scores and shares times 100; differences have their sign. */
static void impact_value(const impact_page *page, char *out, size_t size, double value,
                         bool difference)
{
    bool hundred = page->unit == KUNDIG_UNIT_SCORE || page->unit == KUNDIG_UNIT_SHARE;
    bool with_sign = difference || page->unit == KUNDIG_UNIT_SCORE;
    double shown = hundred ? 100 * value : value;
    int decimals = hundred ? 1 : 2;
    double zero = hundred ? 0.05 : 0.005;
    if (shown > -zero && shown < zero) {
        snprintf(out, size, "%.*f", decimals, 0.0);
    } else {
        snprintf(out, size, with_sign ? "%+.*f" : "%.*f", decimals, shown);
    }
}

static void impact_cell(impact_page *page, size_t row, const char *name, const char *style,
                        bool difference)
{
    char text[32] = "-";
    if (impact_has(page, row, name)) {
        impact_value(page, text, sizeof text, impact_number(page, row, name), difference);
    }
    cli_page_right(&page->out, style, text, IMPACT_NUMBER);
}

/* ---- The plot ------------------------------------------------------------------------------- */

static void impact_axis(impact_page *page)
{
    page->least = 0;
    page->most = 0;
    for (size_t row = 0; row < page->rows; row++) {
        static const char *const names[] = {"impact", "lo", "hi"};
        for (size_t i = 0; i < 3; i++) {
            if (impact_has(page, row, names[i])) {
                double value = impact_number(page, row, names[i]);
                page->least = value < page->least ? value : page->least;
                page->most = value > page->most ? value : page->most;
            }
        }
    }
}

static size_t impact_place(const impact_page *page, double value)
{
    double width = page->most - page->least;
    double part = width > 0 ? (value - page->least) / width : 0;
    size_t place = (size_t)(part * (double)(page->plot - 1) + 0.5);
    return place < page->plot ? place : page->plot - 1;
}

static void impact_plot(impact_page *page, size_t row, const char *style)
{
    bool known = impact_has(page, row, "impact");
    bool spread = known && impact_has(page, row, "lo");
    size_t zero = impact_place(page, 0);
    size_t at = known ? impact_place(page, impact_number(page, row, "impact")) : SIZE_MAX;
    size_t lo = spread ? impact_place(page, impact_number(page, row, "lo")) : at;
    size_t hi = spread ? impact_place(page, impact_number(page, row, "hi")) : at;
    cli_page_blanks(&page->out, 2);
    for (size_t i = 0; i < page->plot; i++) {
        bool inside = known && i >= lo && i <= hi;
        const char *mark = i == at               ? "●"
                           : inside && i == zero ? "┼"
                           : inside              ? "─"
                           : i == zero           ? "│"
                                                 : " ";
        if (style && (i == at || inside)) {
            cli_page_styled(&page->out, style, mark, strlen(mark));
        } else {
            cli_page_str(&page->out, mark);
        }
    }
}

/* ---- Rows ----------------------------------------------------------------------------------- */

/* A part of a line, behind " · " where it is not the first. */
static void impact_part(char *line, size_t size, const char *text)
{
    size_t len = strlen(line);
    if (*text) {
        snprintf(line + len, size - len, "%s%s", len ? " · " : "", text);
    }
}

/* Is an effect of mentions beyond chance? 1: it is more, -1: less, 0: neither. */
static int impact_side(const impact_page *page, size_t row, const char *lo, const char *hi)
{
    if (!impact_has(page, row, lo)) {
        return 0;
    }
    return impact_number(page, row, lo) > 0 ? 1 : impact_number(page, row, hi) < 0 ? -1 : 0;
}

/* What praise and blame go with, where that is beyond chance. */
static void impact_tell_mentions(const impact_page *page, size_t row, char *line, size_t size)
{
    char text[96] = "";
    char value[32];
    int praised = impact_side(page, row, "positive_lo", "positive_hi");
    int blamed = impact_side(page, row, "negative_lo", "negative_hi");
    double asymmetry =
        impact_has(page, row, "asymmetry") ? impact_number(page, row, "asymmetry") : 0;
    if (praised) {
        impact_value(page, value, sizeof value, impact_number(page, row, "positive"), true);
        snprintf(text, sizeof text, "praised %s", value);
    }
    if (blamed) {
        size_t len = strlen(text);
        impact_value(page, value, sizeof value, impact_number(page, row, "negative"), true);
        snprintf(text + len, sizeof text - len, "%sblamed %s", praised ? ", " : "", value);
    }
    impact_part(line, size, text);
    impact_part(line, size,
                blamed < 0 && asymmetry <= -IMPACT_BASIC   ? "a basic"
                : praised > 0 && asymmetry >= IMPACT_BASIC ? "a delighter"
                                                           : "");
}

/* "611 customers · -7.4 to -5.2 · praised +12.1, blamed -40.2 · a basic" */
static void impact_details(impact_page *page, size_t row)
{
    char line[256] = "";
    char text[96];
    char lo[32];
    char hi[32];
    if (impact_has(page, row, "customers")) {
        int64_t customers = kundig_table_int(page->table, row, impact_column(page, "customers"));
        impact_count(lo, sizeof lo, customers);
        snprintf(text, sizeof text, "%s customer%s", lo, customers == 1 ? "" : "s");
        impact_part(line, sizeof line, text);
    }
    if (impact_has(page, row, "lo")) {
        impact_value(page, lo, sizeof lo, impact_number(page, row, "lo"), true);
        impact_value(page, hi, sizeof hi, impact_number(page, row, "hi"), true);
        snprintf(text, sizeof text, "%s to %s", lo, hi);
        impact_part(line, sizeof line, text);
    } else if (!impact_has(page, row, "impact") || !impact_has(page, row, "se")) {
        kundig_text method = kundig_table_text(page->table, row, impact_column(page, "method"));
        impact_part(line, sizeof line, method.data ? method.data : "");
    }
    impact_tell_mentions(page, row, line, sizeof line);
    if (*line) {
        cli_page_wrap(&page->out, CLI_STYLE_DIM, 4, line, 2);
    }
}

static char *impact_label(const impact_page *page, size_t row)
{
    char none[128];
    kundig_text key = kundig_table_text(page->table, row, 0);
    kundig_text title = kundig_table_text(page->table, row, impact_column(page, "title"));
    if (!key.data) {
        snprintf(none, sizeof none, "(no %s)", page->field);
        return cli_page_clean((kundig_text){none, strlen(none)});
    }
    return cli_page_clean(title.len ? title : key);
}

/* A label in its columns: cut where it is longer. */
static void impact_put_label(impact_page *page, const char *style, const char *label)
{
    size_t len = strlen(label);
    size_t columns = cli_page_columns(label, len);
    bool cut = columns > page->label;
    if (cut) {
        len = cli_page_line(label, page->label - 1);
        columns = cli_page_columns(label, len) + 1;
    }
    cli_page_blanks(&page->out, 2);
    cli_page_styled(&page->out, style, label, len);
    cli_page_str(&page->out, cut ? "…" : "");
    cli_page_blanks(&page->out, page->label - columns);
}

static void impact_row(impact_page *page, size_t row)
{
    char count[32];
    char *label = impact_label(page, row);
    if (!label) {
        page->out.failed = true;
        return;
    }
    bool sure = impact_has(page, row, "q") && impact_number(page, row, "q") <= IMPACT_Q;
    bool worse = sure && impact_number(page, row, "impact") < 0;
    const char *style = !sure ? NULL : worse ? CLI_STYLE_BAD : CLI_STYLE_GOOD;
    impact_put_label(page, CLI_STYLE_BOLD, label);
    impact_count(count, sizeof count, kundig_table_int(page->table, row, impact_column(page, "n")));
    cli_page_right(&page->out, NULL, count, IMPACT_NUMBER);
    impact_cell(page, row, "value", NULL, false);
    impact_cell(page, row, "impact", style, true);
    cli_page_str(&page->out, sure ? " *" : "  ");
    impact_plot(page, row, style);
    impact_cell(page, row, "additive", NULL, true);
    cli_page_str(&page->out, "\n");
    impact_details(page, row);
    free(label);
}

/* ---- The whole ------------------------------------------------------------------------------ */

/* What the rows from one on add. */
static double impact_sum(const impact_page *page, size_t from)
{
    double sum = 0;
    for (size_t row = from; row < kundig_table_row_count(page->table); row++) {
        sum += impact_has(page, row, "additive") ? impact_number(page, row, "additive") : 0;
    }
    return sum;
}

static void impact_line(impact_page *page, const char *label, const char *count, const char *value,
                        double additive)
{
    char text[32];
    impact_put_label(page, CLI_STYLE_DIM, label);
    cli_page_right(&page->out, NULL, count, IMPACT_NUMBER);
    cli_page_right(&page->out, NULL, value, IMPACT_NUMBER);
    cli_page_blanks(&page->out, 2 + IMPACT_NUMBER + 2 + 2 + page->plot);
    impact_value(page, text, sizeof text, additive, true);
    cli_page_right(&page->out, NULL, text, IMPACT_NUMBER);
    cli_page_str(&page->out, "\n");
}

/* What is not shown, and the line that shows that shares add up. */
static void impact_close(impact_page *page)
{
    size_t rows = kundig_table_row_count(page->table);
    char count[32] = "";
    char value[32] = "";
    if (page->rows < rows) {
        char label[64];
        snprintf(label, sizeof label, "%zu more", rows - page->rows);
        impact_line(page, label, "", "", impact_sum(page, page->rows));
    }
    if (page->all && kundig_table_row_count(page->all)) {
        size_t n = kundig_table_find_column(page->all, "n", 1);
        size_t score = kundig_table_find_column(page->all, "value", 5);
        impact_count(count, sizeof count, kundig_table_int(page->all, 0, n));
        if (!kundig_table_is_null(page->all, 0, score)) {
            impact_value(page, value, sizeof value, kundig_table_number(page->all, 0, score),
                         false);
        }
    }
    impact_line(page, "all records", count, value, impact_sum(page, 0));
    cli_page_str(&page->out, "\n");
    cli_page_note(&page->out,
                  "impact: the score less what it is without them; share: every answer split over "
                  "what it speaks of, so that the shares sum to the score; praised, blamed: points "
                  "of a record that does so, where that is beyond chance; *: q <= 0.05, more than "
                  "chance though so many were looked at");
}

static void impact_header(impact_page *page)
{
    kundig_text metric = kundig_table_text(page->table, 0, impact_column(page, "metric"));
    const char *name = metric.data ? metric.data : "value";
    impact_put_label(page, CLI_STYLE_DIM, page->field);
    cli_page_right(&page->out, CLI_STYLE_DIM, "n", IMPACT_NUMBER);
    cli_page_right(&page->out, CLI_STYLE_DIM, strlen(name) > IMPACT_NUMBER ? "score" : name,
                   IMPACT_NUMBER);
    cli_page_right(&page->out, CLI_STYLE_DIM, "impact", IMPACT_NUMBER);
    cli_page_blanks(&page->out, 2 + 2 + page->plot);
    cli_page_right(&page->out, CLI_STYLE_DIM, "share", IMPACT_NUMBER);
    cli_page_str(&page->out, "\n");
}

static void impact_layout(impact_page *page)
{
    size_t widest = strlen(page->field);
    size_t numbers = 2 + 4 * (2 + IMPACT_NUMBER) + 2 + 2;
    for (size_t row = 0; row < page->rows; row++) {
        char *label = impact_label(page, row);
        size_t columns = label ? cli_page_columns(label, strlen(label)) : 0;
        widest = columns > widest ? columns : widest;
        page->out.failed = page->out.failed || !label;
        free(label);
    }
    widest = widest < 12 ? 12 : widest > IMPACT_LABEL ? IMPACT_LABEL : widest;
    size_t room = page->out.width > numbers + IMPACT_LEAST ? page->out.width - numbers : 0;
    page->label = room > widest + IMPACT_LEAST ? widest
                  : room > 12 + IMPACT_LEAST   ? room - IMPACT_LEAST
                                               : 12;
    page->plot = room > page->label + IMPACT_LEAST ? room - page->label : IMPACT_LEAST;
    page->plot = page->plot > IMPACT_PLOT ? IMPACT_PLOT : page->plot;
}

static int impact_write(const cli_arguments *arguments, const kundig_table *table,
                        const kundig_table *all)
{
    impact_page page = {.table = table, .all = all};
    size_t limit = arguments->limit ? (size_t)arguments->limit : IMPACT_SHOWN;
    size_t rows = kundig_table_row_count(table);
    page.out.width = cli_width(arguments, 132);
    page.out.color = cli_use_color(arguments);
    page.field = kundig_table_column_name(table, 0);
    page.unit = kundig_table_column_unit(table, impact_column(&page, "impact"));
    page.rows = rows < limit ? rows : limit;
    if (!rows) {
        cli_say("no record that can be counted, so there is nothing to tell");
        return CLI_OK;
    }
    impact_layout(&page);
    impact_axis(&page);
    impact_header(&page);
    for (size_t row = 0; row < page.rows; row++) {
        impact_row(&page, row);
    }
    impact_close(&page);
    for (size_t i = 0; i < kundig_table_note_count(table); i++) {
        cli_page_note(&page.out, kundig_table_note(table, i));
    }
    return page.out.failed ? CLI_FAILED : CLI_OK;
}

/* The score of all records, for the line below; NULL where it cannot be told. */
static int impact_all(const cli_arguments *arguments, kundig *corpus, const kundig_table *table,
                      kundig_table **all)
{
    cli_arguments ungrouped = *arguments;
    kundig_query *query = NULL;
    kundig_error err = {0, 0, ""};
    size_t column = kundig_table_find_column(table, "metric", 6);
    kundig_text metric = kundig_table_row_count(table) ? kundig_table_text(table, 0, column)
                                                       : (kundig_text){NULL, 0};
    ungrouped.by.count = 0;
    ungrouped.metric = metric.data;
    if (!metric.data) {
        return CLI_OK;
    }
    int exit_code = cli_query(&ungrouped, &query);
    if (exit_code == CLI_OK) {
        int code = kundig_measure(corpus, query, all, &err);
        exit_code = code ? cli_failed_with(arguments, code, &err) : CLI_OK;
    }
    kundig_query_free(query);
    return exit_code;
}

int cli_impact(const cli_arguments *arguments, kundig *corpus, kundig_query *query)
{
    bool page = arguments->format == CLI_FORMAT_TEXT;
    kundig_error err = {0, 0, ""};
    kundig_table *table = NULL;
    kundig_table *all = NULL;
    cli_progress_start("measuring", false);
    int code = kundig_impact(corpus, query, page ? 0 : (size_t)arguments->limit, &table, &err);
    cli_progress_end();
    int exit_code = code ? cli_failed_with(arguments, code, &err) : CLI_OK;
    if (exit_code == CLI_OK && !page) {
        exit_code = cli_write_table(arguments, table);
    } else if (exit_code == CLI_OK) {
        exit_code = impact_all(arguments, corpus, table, &all);
        exit_code = exit_code == CLI_OK ? impact_write(arguments, table, all) : exit_code;
    }
    kundig_table_free(all);
    kundig_table_free(table);
    return exit_code;
}
