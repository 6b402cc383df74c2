/* Whom answers stand for: margins from the command line or a file, and the pages of weights, of who
 * answered, and of rewards. */
#include <stdlib.h>
#include <string.h>

#include "page.h"

#define WEIGHTS_BAR   20
#define WEIGHTS_CELLS 40 /* rows of a page */
#define WEIGHTS_LABEL 28
#define WEIGHTS_FILE  ((uint64_t)1 << 26)

/* ---- Margins -------------------------------------------------------------------------------- */

typedef struct weights_margins {
    kundig_margin *items;
    size_t count;
    size_t capacity;
    char *data; /* of the file; margins borrow from it */
} weights_margins;

static bool weights_add(weights_margins *margins, kundig_text field, kundig_text value, double size)
{
    if (margins->count == margins->capacity) {
        size_t wanted = margins->capacity ? margins->capacity * 2 : 16;
        kundig_margin *grown = realloc(margins->items, wanted * sizeof *grown);
        if (!grown) {
            cli_say("out of memory");
            return false;
        }
        margins->items = grown;
        margins->capacity = wanted;
    }
    value.data = value.len ? value.data : NULL;
    margins->items[margins->count++] = (kundig_margin){field, value, size};
    return true;
}

/* Where the field of "channel:email=60" ends; one may be "attribute:plan". */
static size_t weights_field(const char *word)
{
    static const char *const kinds[] = {"attribute:", "question:", "model:"};
    size_t skip = 0;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t len = strlen(kinds[i]);
        if (strncmp(word, kinds[i], len) == 0 && strchr(word + len, ':')) {
            skip = len;
        }
    }
    return skip + strcspn(word + skip, ":");
}

static int weights_word(weights_margins *margins, const char *word)
{
    size_t field = weights_field(word);
    const char *equals = strrchr(word, '=');
    char *end = NULL;
    double size = equals ? strtod(equals + 1, &end) : 0;
    if (!field || word[field] != ':' || !equals || equals < word + field || end == equals + 1 ||
        *end) {
        cli_say("--margin takes FIELD:VALUE=SIZE such as channel:email=60, not \"%s\"", word);
        return CLI_USAGE;
    }
    kundig_text name = {word, field};
    kundig_text value = {word + field + 1, (size_t)(equals - word) - field - 1};
    return weights_add(margins, name, value, size) ? CLI_OK : CLI_FAILED;
}

/* One field of a line, unquoted in place; *at goes behind its comma, or stays at the line's end. */
static kundig_text weights_cell(char **at, const char *end)
{
    char *from = *at;
    char *to = from;
    char *read = from;
    bool quoted = read < end && *read == '"';
    read += quoted;
    while (read < end && (quoted || (*read != ',' && *read != '\n' && *read != '\r'))) {
        if (quoted && *read == '"') {
            if (read + 1 < end && read[1] == '"') {
                read++;
            } else {
                quoted = false;
                read++;
                continue;
            }
        }
        *to++ = *read++;
    }
    *at = read < end && *read == ',' ? read + 1 : read;
    return (kundig_text){from, (size_t)(to - from)};
}

static bool weights_number(kundig_text text, double *out)
{
    char number[64];
    char *end;
    if (!text.len || text.len >= sizeof number) {
        return false;
    }
    memcpy(number, text.data, text.len);
    number[text.len] = '\0';
    *out = strtod(number, &end);
    return !*end;
}

static int weights_file(weights_margins *margins, const char *path)
{
    size_t len = 0;
    int code = cli_read_all(path, WEIGHTS_FILE, &margins->data, &len);
    if (code != CLI_OK) {
        return code;
    }
    char *at = margins->data;
    const char *end = at + len;
    at += len >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    for (size_t line = 1; at < end; line++) {
        double size = 0;
        kundig_text field = weights_cell(&at, end);
        kundig_text value = weights_cell(&at, end);
        kundig_text number = weights_cell(&at, end);
        bool ends = at == end || *at == '\n' || *at == '\r';
        at += at < end && *at == '\r';
        at += at < end && *at == '\n';
        if (line == 1 || (ends && !field.len && !value.len && !number.len)) {
            continue;
        }
        if (!ends || !field.len || !weights_number(number, &size)) {
            cli_say("%s, line %zu: field,value,size is wanted, such as channel,email,60", path,
                    line);
            return CLI_USAGE;
        }
        if (!weights_add(margins, field, value, size)) {
            return CLI_FAILED;
        }
    }
    if (!margins->count) {
        cli_say("%s holds no margin below its first line, field,value,size", path);
        return CLI_USAGE;
    }
    return CLI_OK;
}

static int weights_margins_of(const cli_arguments *arguments, weights_margins *margins)
{
    int code = arguments->margin_file ? weights_file(margins, arguments->margin_file) : CLI_OK;
    for (size_t i = 0; i < arguments->margins.count && code == CLI_OK; i++) {
        code = weights_word(margins, arguments->margins.items[i]);
    }
    return code;
}

/* ---- Numbers and texts ---------------------------------------------------------------------- */

static size_t weights_column(const kundig_table *table, const char *name)
{
    return kundig_table_find_column(table, name, strlen(name));
}

static bool weights_has(const kundig_table *table, size_t row, const char *name)
{
    return !kundig_table_is_null(table, row, weights_column(table, name));
}

static double weights_value(const kundig_table *table, size_t row, const char *name)
{
    size_t column = weights_column(table, name);
    return kundig_table_column_type(table, column) == KUNDIG_COLUMN_INT
               ? (double)kundig_table_int(table, row, column)
               : kundig_table_number(table, row, column);
}

/* A cell as people read it: scores times 100 with a sign, shares in percent. "-": none. */
static const char *weights_show(const kundig_table *table, size_t row, const char *name,
                                char out[40])
{
    size_t column = weights_column(table, name);
    int unit = kundig_table_column_unit(table, column);
    double value = kundig_table_is_null(table, row, column) ? 0 : weights_value(table, row, name);
    if (kundig_table_is_null(table, row, column)) {
        snprintf(out, 40, "-");
    } else if (unit == KUNDIG_UNIT_SCORE) {
        snprintf(out, 40, value > -0.0005 && value < 0.0005 ? "0.0" : "%+.1f", 100 * value);
    } else if (unit == KUNDIG_UNIT_SHARE) {
        snprintf(out, 40, "%.1f %%", 100 * value);
    } else if (unit == KUNDIG_UNIT_COUNT) {
        snprintf(out, 40, "%.0f", value);
    } else {
        snprintf(out, 40, "%.2f", value);
    }
    return out;
}

static void weights_line(cli_page *page, const char *style, const char *text)
{
    char *clean = cli_page_clean((kundig_text){text, strlen(text)});
    page->failed = page->failed || !clean;
    if (clean) {
        cli_page_wrap(page, style, 0, clean, SIZE_MAX);
    }
    free(clean);
}

static void weights_label(cli_page *page, size_t indent, kundig_text text, size_t columns)
{
    char *clean = cli_page_clean(text.data ? text : (kundig_text){"(none)", 6});
    if (!clean) {
        page->failed = true;
        return;
    }
    size_t len = strlen(clean);
    bool cut = cli_page_columns(clean, len) > columns;
    len = cut ? cli_page_line(clean, columns - 1) : len;
    cli_page_blanks(page, indent);
    cli_page_put(page, clean, len);
    cli_page_str(page, cut ? "…" : "");
    size_t used = cli_page_columns(clean, len) + cut;
    cli_page_blanks(page, columns > used ? columns - used : 0);
    free(clean);
}

/* A share as a bar, with a mark where another one ends. */
static void weights_bar(cli_page *page, const char *style, double share, double mark)
{
    size_t full = (size_t)(share * WEIGHTS_BAR + 0.5);
    size_t at = (size_t)(mark * WEIGHTS_BAR + 0.5);
    char bar[WEIGHTS_BAR * 4 + 8] = "";
    for (size_t i = 0; i <= WEIGHTS_BAR; i++) {
        strcat(bar, mark >= 0 && i == at ? "│" : i < full ? "█" : i < WEIGHTS_BAR ? "·" : "");
    }
    cli_page_str(page, "  ");
    cli_page_styled(page, style, bar, strlen(bar));
}

static void weights_notes(cli_page *page, const kundig_table *table)
{
    for (size_t i = 0; i < kundig_table_note_count(table); i++) {
        cli_page_note(page, kundig_table_note(table, i));
    }
}

static bool weights_same(kundig_text a, kundig_text b)
{
    return !a.data == !b.data && a.len == b.len && (!a.len || memcmp(a.data, b.data, a.len) == 0);
}

/* All tables as one document; of csv the first. */
static int weights_write(const cli_arguments *arguments, kundig_table *const *tables,
                         const char *const *names, size_t count)
{
    kundig_error err = {0, 0, ""};
    bool written = true;
    if (arguments->format == CLI_FORMAT_CSV) {
        return cli_write_table(arguments, tables[0]);
    }
    for (size_t i = 0; i < count && written; i++) {
        kundig_bytes *bytes = NULL;
        char name[40];
        int code = kundig_table_to_json(tables[i], &bytes, &err);
        if (code) {
            return cli_failed(code, &err);
        }
        snprintf(name, sizeof name, "%s\"%s\":", i ? "," : "{", names[i]);
        written = cli_write(name, strlen(name)) &&
                  cli_write(kundig_bytes_data(bytes), kundig_bytes_len(bytes));
        kundig_bytes_free(bytes);
    }
    return written && cli_write("}\n", 2) ? CLI_OK : CLI_FAILED;
}

/* ---- Weights -------------------------------------------------------------------------------- */

static void weights_scores(cli_page *page, const kundig_table *score)
{
    static const char *const titles[] = {"as answered", "weighed"};
    char line[400];
    char value[40];
    char lo[40];
    char hi[40];
    char n[40];
    kundig_text metric = kundig_table_text(score, 0, weights_column(score, "metric"));
    for (size_t row = 0; row < 2; row++) {
        weights_show(score, row, "n", n);
        if (weights_has(score, row, "value")) {
            snprintf(line, sizeof line, "  %-12s  %.*s %8s   %s to %s   %s records", titles[row],
                     (int)metric.len, metric.data, weights_show(score, row, "value", value),
                     weights_show(score, row, "lo", lo), weights_show(score, row, "hi", hi), n);
        } else {
            kundig_text status = kundig_table_text(score, row, weights_column(score, "status"));
            kundig_text method = kundig_table_text(score, row, weights_column(score, "method"));
            snprintf(line, sizeof line, "  %-12s  %.*s        -   %.*s: %.*s", titles[row],
                     (int)metric.len, metric.data, (int)status.len, status.data, (int)method.len,
                     method.data);
        }
        cli_page_styled(page, row ? CLI_STYLE_BOLD : "", line, strlen(line));
        cli_page_str(page, "\n");
    }
    cli_page_str(page, "\n");
}

/* How a field is spread over the records, and over those they stand for. */
static void weights_shares(cli_page *page, const kundig_table *cells, size_t field)
{
    size_t rows = kundig_table_row_count(cells);
    size_t weighted = weights_column(cells, "weighted");
    double all = 0;
    double total = 0;
    kundig_text name = {kundig_table_column_name(cells, field),
                        strlen(kundig_table_column_name(cells, field))};
    for (size_t row = 0; row < rows; row++) {
        all += weights_value(cells, row, "n");
        total += kundig_table_is_null(cells, row, weighted)
                     ? 0
                     : kundig_table_number(cells, row, weighted);
    }
    weights_label(page, 0, name, WEIGHTS_LABEL);
    cli_page_right(page, CLI_STYLE_DIM, "records", 8);
    cli_page_right(page, CLI_STYLE_DIM, "share", 8);
    cli_page_right(page, CLI_STYLE_DIM, "weighed", 8);
    cli_page_str(page, "\n");
    size_t shown = 0;
    for (size_t row = 0; row < rows && shown < WEIGHTS_CELLS; row++) {
        kundig_text value = kundig_table_text(cells, row, field);
        double n = 0;
        double stands = 0;
        size_t before = 0;
        while (before < row && !weights_same(kundig_table_text(cells, before, field), value)) {
            before++;
        }
        if (before < row) {
            continue;
        }
        for (size_t other = row; other < rows; other++) {
            if (weights_same(kundig_table_text(cells, other, field), value)) {
                n += weights_value(cells, other, "n");
                stands += kundig_table_is_null(cells, other, weighted)
                              ? 0
                              : kundig_table_number(cells, other, weighted);
            }
        }
        char text[40];
        shown++;
        weights_label(page, 2, value, WEIGHTS_LABEL - 2);
        snprintf(text, sizeof text, "%.0f", n);
        cli_page_right(page, NULL, text, 8);
        snprintf(text, sizeof text, "%.1f %%", 100 * n / all);
        cli_page_right(page, NULL, text, 8);
        if (total > 0) {
            snprintf(text, sizeof text, "%.1f %%", 100 * stands / total);
            cli_page_right(page, NULL, text, 8);
            weights_bar(page, "", stands / total, n / all);
        }
        cli_page_str(page, "\n");
    }
    cli_page_str(page, shown == WEIGHTS_CELLS ? "  ...\n\n" : "\n");
}

static int weights_page(const cli_arguments *arguments, kundig_table *const *tables)
{
    cli_page page = {cli_width(arguments, 140), cli_use_color(arguments), false};
    const kundig_table *cells = tables[KUNDIG_WEIGHTS_CELLS];
    const kundig_table *summary = tables[KUNDIG_WEIGHTS_SUMMARY];
    char line[600];
    char text[6][40];
    kundig_text method = kundig_table_text(summary, 0, weights_column(summary, "method"));
    snprintf(line, sizeof line, "The score, weighed to margins (%.*s)", (int)method.len,
             method.data);
    weights_line(&page, CLI_STYLE_BOLD, line);
    weights_scores(&page, tables[KUNDIG_WEIGHTS_SCORE]);
    for (size_t field = 0; field < weights_column(cells, "n"); field++) {
        weights_shares(&page, cells, field);
    }
    if (weights_has(summary, 0, "deff")) {
        weights_line(&page, CLI_STYLE_DIM,
                     "Bars are the shares records stand for; the stroke is their share among the "
                     "answers.");
        snprintf(line, sizeof line,
                 "Weights from %s to %s of the mean after %s round%s. Design effect %s: %s weighed "
                 "records say as much of a mean as %s.",
                 weights_show(summary, 0, "smallest", text[0]),
                 weights_show(summary, 0, "largest", text[1]),
                 weights_show(summary, 0, "rounds", text[2]),
                 weights_value(summary, 0, "rounds") > 1 ? "s" : "",
                 weights_show(summary, 0, "deff", text[3]), weights_show(summary, 0, "n", text[4]),
                 weights_show(summary, 0, "n_eff", text[5]));
        weights_line(&page, "", line);
        if (weights_value(summary, 0, "trimmed") > 0) {
            snprintf(line, sizeof line,
                     "%s records would weigh more than %s means and were cut to it; a margin is "
                     "missed by %.1f %% at most.",
                     weights_show(summary, 0, "trimmed", text[0]),
                     weights_show(summary, 0, "largest", text[1]),
                     100 * weights_value(summary, 0, "largest_error"));
            weights_line(&page, "", line);
        }
    }
    weights_notes(&page, summary);
    weights_notes(&page, tables[KUNDIG_WEIGHTS_SCORE]);
    return page.failed ? CLI_FAILED : CLI_OK;
}

static int weights_weigh(const cli_arguments *arguments, kundig *corpus, const kundig_query *query)
{
    static const char *const names[] = {"cells", "summary", "score"};
    weights_margins margins = {NULL, 0, 0, NULL};
    kundig_table *tables[KUNDIG_WEIGHTS_TABLES] = {NULL};
    kundig_error err = {0, 0, ""};
    kundig_weights_options options;
    kundig_weights_options_init(&options);
    options.most = arguments->most;
    options.rounds = arguments->rounds;
    int exit_code = weights_margins_of(arguments, &margins);
    if (exit_code == CLI_OK) {
        cli_progress_start("weighing", false);
        int code = kundig_weights(corpus, query, margins.items, margins.count, &options, tables,
                                  KUNDIG_WEIGHTS_TABLES, &err);
        cli_progress_end();
        exit_code = code ? cli_failed_with(arguments, code, &err) : CLI_OK;
    }
    if (exit_code == CLI_OK) {
        exit_code = arguments->format == CLI_FORMAT_TEXT
                        ? weights_page(arguments, tables)
                        : weights_write(arguments, tables, names, KUNDIG_WEIGHTS_TABLES);
    }
    for (size_t i = 0; i < KUNDIG_WEIGHTS_TABLES; i++) {
        kundig_table_free(tables[i]);
    }
    free(margins.items);
    free(margins.data);
    return exit_code;
}

/* ---- Who answered --------------------------------------------------------------------------- */

static void weights_groups(cli_page *page, const kundig_table *groups, double rate)
{
    size_t rows = kundig_table_row_count(groups);
    kundig_text field = {NULL, 0};
    char text[40];
    char hi[40];
    for (size_t row = 0; row < rows && !page->failed; row++) {
        kundig_text name = kundig_table_text(groups, row, weights_column(groups, "field"));
        if (!row || !weights_same(name, field)) {
            field = name;
            cli_page_str(page, row ? "\n" : "");
            weights_label(page, 0, name, WEIGHTS_LABEL);
            cli_page_right(page, CLI_STYLE_DIM, "of", 7);
            cli_page_right(page, CLI_STYLE_DIM, "answered", 8);
            cli_page_right(page, CLI_STYLE_DIM, "rate", 7);
            cli_page_right(page, CLI_STYLE_DIM, "interval", 16);
            cli_page_str(page, "\n");
        }
        bool certain = weights_has(groups, row, "q") && weights_value(groups, row, "q") < 0.05;
        const char *style = !certain                                    ? ""
                            : weights_value(groups, row, "rate") > rate ? CLI_STYLE_GOOD
                                                                        : CLI_STYLE_BAD;
        weights_label(page, 2, kundig_table_text(groups, row, weights_column(groups, "value")),
                      WEIGHTS_LABEL - 2);
        cli_page_right(page, NULL, weights_show(groups, row, "base", text), 7);
        cli_page_right(page, NULL, weights_show(groups, row, "answered", text), 8);
        cli_page_right(page, certain ? style : NULL, weights_show(groups, row, "rate", text), 7);
        char interval[100];
        snprintf(interval, sizeof interval, "%s to %s", weights_show(groups, row, "lo", text),
                 weights_show(groups, row, "hi", hi));
        cli_page_right(page, NULL, interval, 16);
        if (page->width >= 92) {
            weights_bar(page, style, weights_value(groups, row, "rate"), rate);
        }
        cli_page_str(page, certain ? " *\n" : "\n");
    }
    cli_page_str(page, "\n");
}

static void weights_bounds(cli_page *page, const kundig_table *summary)
{
    char line[600];
    char text[7][40];
    kundig_text metric = kundig_table_text(summary, 0, weights_column(summary, "metric"));
    if (!weights_has(summary, 0, "value")) {
        weights_line(page, "", "No score: nobody of them gave one.");
        return;
    }
    snprintf(
        line, sizeof line,
        "%.*s of the %s who gave a score: %s (%s to %s). Were all others at the worst of the "
        "scale %s, at the best %s.",
        (int)metric.len, metric.data, weights_show(summary, 0, "scored", text[0]),
        weights_show(summary, 0, "value", text[1]), weights_show(summary, 0, "value_lo", text[2]),
        weights_show(summary, 0, "value_hi", text[3]), weights_show(summary, 0, "lowest", text[4]),
        weights_show(summary, 0, "highest", text[5]));
    weights_line(page, "", line);
    double silent = 1 - weights_value(summary, 0, "scored") / weights_value(summary, 0, "base");
    if (kundig_table_column_unit(summary, weights_column(summary, "value")) == KUNDIG_UNIT_SCORE) {
        snprintf(line, sizeof line,
                 "For every 10 points by which the others differ, the score is %.1f points off.",
                 10 * silent);
    } else {
        snprintf(line, sizeof line,
                 "Whatever the others differ by, %.0f %% of it the score is off.", 100 * silent);
    }
    weights_line(page, "", line);
}

static int weights_represent_page(const cli_arguments *arguments, kundig_table *const *tables)
{
    cli_page page = {cli_width(arguments, 140), cli_use_color(arguments), false};
    const kundig_table *groups = tables[KUNDIG_REPRESENT_GROUPS];
    const kundig_table *summary = tables[KUNDIG_REPRESENT_SUMMARY];
    char line[600];
    char text[5][40];
    kundig_text based = kundig_table_text(summary, 0, weights_column(summary, "based_on"));
    bool invited = based.len == 11;
    bool certain = false;
    snprintf(
        line, sizeof line, "%s of %s customers %s answered: %s (%s to %s)",
        weights_show(summary, 0, "answered", text[0]), weights_show(summary, 0, "base", text[1]),
        invited ? "who were invited" : "who are known", weights_show(summary, 0, "rate", text[2]),
        weights_show(summary, 0, "lo", text[3]), weights_show(summary, 0, "hi", text[4]));
    weights_line(&page, CLI_STYLE_BOLD, line);
    cli_page_str(&page, "\n");
    weights_groups(&page, groups, weights_value(summary, 0, "rate"));
    for (size_t row = 0; row < kundig_table_row_count(groups); row++) {
        certain =
            certain || (weights_has(groups, row, "q") && weights_value(groups, row, "q") < 0.05);
    }
    if (kundig_table_row_count(groups) > 1) {
        weights_line(&page, "",
                     certain ? "* answers more, or less, often than the others: more than chance "
                               "(q < 0.05). Weighing to these groups helps: --margin."
                             : "No group answers more often than the others beyond chance.");
    }
    if (weights_has(summary, 0, "r_adjusted")) {
        snprintf(line, sizeof line,
                 "R-indicator %s (%s to %s) over %s groups: 1 is answers from a cross-section, 0 "
                 "from half of the groups alone.",
                 weights_show(summary, 0, "r_adjusted", text[0]),
                 weights_show(summary, 0, "r_lo", text[1]),
                 weights_show(summary, 0, "r_hi", text[2]),
                 weights_show(summary, 0, "cells", text[3]));
        weights_line(&page, "", line);
    }
    weights_bounds(&page, summary);
    weights_notes(&page, groups);
    weights_notes(&page, summary);
    return page.failed ? CLI_FAILED : CLI_OK;
}

static int weights_represent(const cli_arguments *arguments, kundig *corpus,
                             const kundig_query *query)
{
    static const char *const names[] = {"groups", "summary"};
    kundig_table *tables[KUNDIG_REPRESENT_TABLES] = {NULL};
    kundig_error err = {0, 0, ""};
    cli_progress_start("measuring", false);
    int code = kundig_represent(corpus, query, tables, KUNDIG_REPRESENT_TABLES, &err);
    cli_progress_end();
    if (code) {
        int exit_code = cli_failed_with(arguments, code, &err);
        if (code == KUNDIG_E_EMPTY) {
            cli_hint("a CSV file holds feedback alone: customers and invitations are added to a "
                     "store from C, Python or Lua");
        }
        return exit_code;
    }
    int exit_code = arguments->format == CLI_FORMAT_TEXT
                        ? weights_represent_page(arguments, tables)
                        : weights_write(arguments, tables, names, KUNDIG_REPRESENT_TABLES);
    kundig_table_free(tables[0]);
    kundig_table_free(tables[1]);
    return exit_code;
}

/* ---- Rewards -------------------------------------------------------------------------------- */

static int weights_incentive_page(const cli_arguments *arguments, const kundig_table *table)
{
    cli_page page = {cli_width(arguments, 140), cli_use_color(arguments), false};
    char line[800];
    char text[7][40];
    kundig_text metric = kundig_table_text(table, 0, weights_column(table, "metric"));
    if (!weights_has(table, 0, "difference")) {
        kundig_text method = kundig_table_text(table, 0, weights_column(table, "method"));
        snprintf(line, sizeof line, "No difference can be told of %s: %.*s.", arguments->incentive,
                 (int)method.len, method.data);
        weights_line(&page, CLI_STYLE_BOLD, line);
    } else {
        bool certain = weights_value(table, 0, "lo") > 0 || weights_value(table, 0, "hi") < 0;
        snprintf(line, sizeof line, "%.*s where %s: %s of %s records; of all others: %s of %s.",
                 (int)metric.len, metric.data, arguments->incentive,
                 weights_show(table, 0, "b", text[0]), weights_show(table, 0, "b_n", text[1]),
                 weights_show(table, 0, "a", text[2]), weights_show(table, 0, "a_n", text[3]));
        weights_line(&page, CLI_STYLE_BOLD, line);
        double p = weights_value(table, 0, "p");
        snprintf(text[0], sizeof *text, p < 0.001 ? "< 0.001" : "%.3f", p);
        snprintf(line, sizeof line, "The difference is %s (%s to %s, p %s)%s.",
                 weights_show(table, 0, "difference", text[4]),
                 weights_show(table, 0, "lo", text[5]), weights_show(table, 0, "hi", text[6]),
                 text[0],
                 certain ? ": rewarded answers are other answers. That goes together with the "
                           "reward and need not come from it; look at both apart"
                         : ": not more than chance");
        weights_line(&page, certain ? CLI_STYLE_BAD : "", line);
    }
    weights_notes(&page, table);
    return page.failed ? CLI_FAILED : CLI_OK;
}

static int weights_incentive(const cli_arguments *arguments, kundig *corpus, kundig_query *query)
{
    kundig_table *table = NULL;
    kundig_error err = {0, 0, ""};
    uint32_t with;
    uint32_t without;
    int exit_code = cli_node(query, "--incentive", arguments->incentive, &with);
    if (exit_code != CLI_OK) {
        return exit_code;
    }
    int code = kundig_query_combine(query, KUNDIG_NONE_OF, &with, 1, &without, &err);
    if (!code && !arguments->metric) {
        code = kundig_query_set_metric(query, "nps", 3, &err);
    }
    cli_progress_start("measuring", false);
    code = code ? code : kundig_compare(corpus, query, without, with, &table, &err);
    cli_progress_end();
    if (code) {
        return cli_failed_with(arguments, code, &err);
    }
    exit_code = arguments->format == CLI_FORMAT_TEXT ? weights_incentive_page(arguments, table)
                                                     : cli_write_table(arguments, table);
    kundig_table_free(table);
    return exit_code;
}

/* ---- How many answers are needed ------------------------------------------------------------- */

typedef struct weights_plan {
    double half_width; /* asked for, in the metric's own unit */
    double variance;   /* of one answer, with what customers who come back add */
    double n;
    double half_now;
    double needed;
    double worst;      /* were answers spread as widely as can be; 0: that is not known */
    double detectable; /* between two waves of as many answers as there are */
    double detectable_then;
} weights_plan;

static int weights_planned(const cli_arguments *arguments, const kundig_table *table, double half,
                           double widest, weights_plan *out)
{
    kundig_error err = {0, 0, ""};
    double level = arguments->level > 0 ? arguments->level : 0.95;
    double n = weights_value(table, 0, "n");
    double se = weights_value(table, 0, "se");
    double variance = se * se * n;
    *out = (weights_plan){.half_width = half, .variance = variance, .n = n};
    out->half_now = (weights_value(table, 0, "hi") - weights_value(table, 0, "lo")) / 2;
    int code = kundig_sample_size(variance, half, level, &out->needed, &err);
    if (!code && widest > 0) {
        code = kundig_sample_size(widest, half, level, &out->worst, &err);
    }
    if (!code) {
        code =
            kundig_detectable_change(variance, n, variance, n, level, 0.8, &out->detectable, &err);
    }
    if (!code) {
        code = kundig_detectable_change(variance, out->needed, variance, out->needed, level, 0.8,
                                        &out->detectable_then, &err);
    }
    return code ? cli_failed_with(arguments, code, &err) : CLI_OK;
}

static int weights_plan_page(const cli_arguments *arguments, const kundig_table *table,
                             const weights_plan *plan, double per)
{
    cli_page page = {cli_width(arguments, 140), cli_use_color(arguments), false};
    char line[500];
    char value[40];
    kundig_text metric = kundig_table_text(table, 0, weights_column(table, "metric"));
    const char *points = per > 1 ? " points" : "";
    snprintf(line, sizeof line, "%.*s to ±%g%s needs %.0f answers that spread as these do",
             (int)metric.len, metric.data, plan->half_width * per, points, plan->needed);
    weights_line(&page, CLI_STYLE_BOLD, line);
    if (plan->worst > 0) {
        snprintf(line, sizeof line, "Were they spread as widely as can be: %.0f.", plan->worst);
        weights_line(&page, "", line);
    }
    int digits = per > 1 ? 1 : 2;
    snprintf(line, sizeof line, "Now: %s to ±%.*f%s with %.0f answers.",
             weights_show(table, 0, "value", value), digits, plan->half_now * per, points, plan->n);
    weights_line(&page, "", line);
    snprintf(line, sizeof line,
             "Between two waves a change of %.*f%s is found four times out of five with as many "
             "answers each as there are now, one of %.*f%s with %.0f each.",
             digits, plan->detectable * per, points, digits, plan->detectable_then * per, points,
             plan->needed);
    weights_line(&page, "", line);
    weights_notes(&page, table);
    return page.failed ? CLI_FAILED : CLI_OK;
}

static int weights_plan_write(const cli_arguments *arguments, const weights_plan *plan)
{
    static const char *const names[] = {"half_width", "level",          "variance",
                                        "n",          "half_width_now", "needed",
                                        "worst",      "detectable",     "detectable_then"};
    const double values[] = {plan->half_width,     arguments->level > 0 ? arguments->level : 0.95,
                             plan->variance,       plan->n,
                             plan->half_now,       plan->needed,
                             plan->worst,          plan->detectable,
                             plan->detectable_then};
    size_t count = sizeof values / sizeof *values;
    bool json = arguments->format == CLI_FORMAT_JSON;
    char head[300] = "";
    char row[500] = "";
    for (size_t i = 0; i < count; i++) {
        char number[40];
        if (values[i] > 0 || i != 6) {
            snprintf(number, sizeof number, "%.12g", values[i]);
        } else {
            snprintf(number, sizeof number, "%s", json ? "null" : "");
        }
        if (json) {
            snprintf(row + strlen(row), sizeof row - strlen(row), "%s\"%s\":%s", i ? "," : "{",
                     names[i], number);
        } else {
            snprintf(head + strlen(head), sizeof head - strlen(head), "%s%s", i ? "," : "",
                     names[i]);
            snprintf(row + strlen(row), sizeof row - strlen(row), "%s%s", i ? "," : "", number);
        }
    }
    const char *end = json ? "}\n" : "\r\n";
    bool written = (json || (cli_write(head, strlen(head)) && cli_write("\r\n", 2))) &&
                   cli_write(row, strlen(row)) && cli_write(end, strlen(end));
    return written ? CLI_OK : CLI_FAILED;
}

static int weights_plan_of(const cli_arguments *arguments, kundig *corpus, kundig_query *query)
{
    kundig_table *table = NULL;
    kundig_error err = {0, 0, ""};
    weights_plan plan;
    int code = arguments->metric ? 0 : kundig_query_set_metric(query, "nps", 3, &err);
    cli_progress_start("measuring", false);
    code = code ? code : kundig_measure(corpus, query, &table, &err);
    cli_progress_end();
    if (code) {
        return cli_failed_with(arguments, code, &err);
    }
    int exit_code = CLI_USAGE;
    int unit = kundig_table_column_unit(table, weights_column(table, "value"));
    double per = unit == KUNDIG_UNIT_SCORE || unit == KUNDIG_UNIT_SHARE ? 100 : 1;
    double widest = unit == KUNDIG_UNIT_SCORE ? 1 : unit == KUNDIG_UNIT_SHARE ? 0.25 : 0;
    if (unit == KUNDIG_UNIT_COUNT) {
        cli_say("%s is a count: name a score to plan for", arguments->metric);
    } else if (!weights_has(table, 0, "se") || !weights_has(table, 0, "lo")) {
        cli_say("there are too few answers to know how they spread");
        cli_hint("at worst a Net Promoter Score to 5 points up and down needs 1537 answers");
        exit_code = CLI_FAILED;
    } else {
        exit_code = weights_planned(arguments, table, arguments->plan / per, widest, &plan);
    }
    if (exit_code == CLI_OK) {
        exit_code = arguments->format == CLI_FORMAT_TEXT
                        ? weights_plan_page(arguments, table, &plan, per)
                        : weights_plan_write(arguments, &plan);
    }
    kundig_table_free(table);
    return exit_code;
}

int cli_weights(const cli_arguments *arguments, kundig *corpus, kundig_query *query)
{
    if (arguments->represent) {
        return weights_represent(arguments, corpus, query);
    }
    if (arguments->plan > 0) {
        return weights_plan_of(arguments, corpus, query);
    }
    return arguments->incentive ? weights_incentive(arguments, corpus, query)
                                : weights_weigh(arguments, corpus, query);
}
