/* The page of topics: what customers speak of, theme by theme, for people to read.
 *
 * Texts of comments and labels come from anyone: what a terminal obeys never leaves. A row of the
 * page is a label with its numbers, then words that the label does not hold, then a quote. */
#include <stdlib.h>
#include <string.h>

#include "page.h"

#define PAGE_MOST_LABEL 3 /* lines */
#define PAGE_MOST_QUOTE 2
#define PAGE_MOST_WORDS 3

typedef struct topics_page {
    cli_page out;
    const kundig_table *table;
    size_t theme;
    size_t topic;
    size_t title;
    size_t comments;
    size_t customers;
    size_t share;
    size_t metric;
    size_t value;
    size_t lo;
    size_t hi;
    size_t words;
    size_t quote;
    size_t label; /* columns of a label */
    bool with_customers;
    bool with_value;
    bool with_ids;
    bool compared; /* is there a value of all records? */
    double all;
} topics_page;

/* ---- Numbers -------------------------------------------------------------------------------- */

static void page_count(char *out, size_t size, const kundig_table *table, size_t row, size_t column)
{
    if (kundig_table_is_null(table, row, column)) {
        snprintf(out, size, "-");
        return;
    }
    char digits[32];
    int len =
        snprintf(digits, sizeof digits, "%lld", (long long)kundig_table_int(table, row, column));
    size_t used = 0;
    for (int i = 0; i < len && used + 2 < size; i++) {
        if (i && (len - i) % 3 == 0) {
            out[used++] = ',';
        }
        out[used++] = digits[i];
    }
    out[used] = '\0';
}

static void page_value(char *out, size_t size, int unit, double value)
{
    if (unit == KUNDIG_UNIT_SCORE) {
        snprintf(out, size, value > -0.0005 && value < 0.0005 ? "0.0" : "%+.1f", 100 * value);
    } else if (unit == KUNDIG_UNIT_SHARE) {
        snprintf(out, size, "%.1f%%", 100 * value);
    } else {
        snprintf(out, size, unit == KUNDIG_UNIT_COUNT ? "%.0f" : "%.2f", value);
    }
}

/* "-61.0 to -23.4"; empty where there is no interval */
static void page_interval(char *out, size_t size, int unit, const kundig_table *table, size_t row,
                          size_t lo, size_t hi)
{
    char from[32];
    char to[32];
    *out = '\0';
    if (!kundig_table_is_null(table, row, lo) && !kundig_table_is_null(table, row, hi)) {
        page_value(from, sizeof from, unit, kundig_table_number(table, row, lo));
        page_value(to, sizeof to, unit, kundig_table_number(table, row, hi));
        snprintf(out, size, "%s to %s", from, to);
    }
}

/* ---- Rows ----------------------------------------------------------------------------------- */

#define COLUMN_COMMENTS  ((size_t)8)
#define COLUMN_CUSTOMERS ((size_t)9)
#define COLUMN_SHARE     ((size_t)6)
#define COLUMN_VALUE     ((size_t)7)
#define COLUMN_INTERVAL  ((size_t)16)

static void page_numbers(topics_page *page, size_t row)
{
    const kundig_table *table = page->table;
    int unit = kundig_table_column_unit(table, page->value);
    char text[80];
    page_count(text, sizeof text, table, row, page->comments);
    cli_page_right(&page->out, NULL, text, COLUMN_COMMENTS);
    if (page->with_customers) {
        page_count(text, sizeof text, table, row, page->customers);
        cli_page_right(&page->out, NULL, text, COLUMN_CUSTOMERS);
    }
    if (kundig_table_is_null(table, row, page->share)) {
        snprintf(text, sizeof text, "-");
    } else {
        page_value(text, sizeof text, KUNDIG_UNIT_SHARE,
                   kundig_table_number(table, row, page->share));
    }
    cli_page_right(&page->out, NULL, text, COLUMN_SHARE);
    if (page->with_value) {
        const char *style = NULL;
        if (kundig_table_is_null(table, row, page->value)) {
            snprintf(text, sizeof text, "-");
        } else {
            page_value(text, sizeof text, unit, kundig_table_number(table, row, page->value));
            if (page->compared && !kundig_table_is_null(table, row, page->lo)) {
                style = kundig_table_number(table, row, page->lo) > page->all   ? CLI_STYLE_GOOD
                        : kundig_table_number(table, row, page->hi) < page->all ? CLI_STYLE_BAD
                                                                                : NULL;
            }
        }
        cli_page_right(&page->out, style, text, COLUMN_VALUE);
        page_interval(text, sizeof text, unit, table, row, page->lo, page->hi);
        cli_page_right(&page->out, NULL, text, *text ? COLUMN_INTERVAL : 0);
    }
}

/* Is a word of a label or of a list: as it stands, or in the other case of its ASCII letters? */
static bool page_holds(const char *text, const char *word, size_t len)
{
    for (; *text; text++) {
        size_t i = 0;
        while (i < len && text[i]) {
            unsigned char a = (unsigned char)text[i];
            unsigned char b = (unsigned char)word[i];
            a = a >= 'A' && a <= 'Z' ? (unsigned char)(a + 32) : a;
            b = b >= 'A' && b <= 'Z' ? (unsigned char)(b + 32) : b;
            if (a != b) {
                break;
            }
            i++;
        }
        if (i == len) {
            return true;
        }
    }
    return false;
}

/* Words that tell a topic and that its label does not hold, three at most: "courier, doorstep". */
static void page_untold(const char *label, const char *words, char *out)
{
    size_t count = 0;
    *out = '\0';
    for (const char *at = words; *at && count < PAGE_MOST_WORDS;) {
        size_t len = strcspn(at, ";,");
        size_t name = len;
        while (name && at[name - 1] == ' ') {
            name--;
        }
        if (name && !page_holds(label, at, name)) {
            strcat(out, count++ ? ", " : "");
            strncat(out, at, name);
        }
        at += len;
        at += strspn(at, ";, ");
    }
}

/* "courier, doorstep · “It came late.”" */
static void page_told(topics_page *page, size_t row, const char *label)
{
    char *words = cli_page_clean(kundig_table_text(page->table, row, page->words));
    char *quote = cli_page_clean(kundig_table_text(page->table, row, page->quote));
    char *told = words && quote ? malloc(2 * strlen(words) + strlen(quote) + 16) : NULL;
    if (told) {
        page_untold(label, words, told);
        strcat(told, *told && *quote ? " · " : "");
        if (*quote) {
            strcat(told, "“");
            strcat(told, quote);
            strcat(told, "”");
        }
        cli_page_wrap(&page->out, CLI_STYLE_DIM, 4, told, PAGE_MOST_QUOTE);
    }
    page->out.failed = page->out.failed || !told;
    free(words);
    free(quote);
    free(told);
}

static void page_row(topics_page *page, size_t row)
{
    kundig_text title = kundig_table_text(page->table, row, page->title);
    char *label =
        cli_page_clean(title.len ? title : kundig_table_text(page->table, row, page->topic));
    if (!label) {
        page->out.failed = true;
        return;
    }
    const char *at = label;
    for (size_t line = 1; line == 1 || *at; line++) {
        size_t len = cli_page_line(at, page->label);
        bool cut = line == PAGE_MOST_LABEL && at[len];
        len = cut ? cli_page_line(at, page->label - 1) : len;
        cli_page_blanks(&page->out, 2);
        cli_page_styled(&page->out, CLI_STYLE_BOLD, at, len);
        if (cut) {
            cli_page_str(&page->out, "…");
        }
        if (line == 1) {
            cli_page_blanks(&page->out, page->label - cli_page_columns(at, len));
            page_numbers(page, row);
        }
        cli_page_str(&page->out, "\n");
        at = cut ? "" : at + len;
        at += strspn(at, " ");
    }
    if (page->with_ids) {
        kundig_text id = kundig_table_text(page->table, row, page->topic);
        cli_page_blanks(&page->out, 4);
        cli_page_styled(&page->out, CLI_STYLE_DIM, id.data, id.len);
        cli_page_str(&page->out, "\n");
    }
    page_told(page, row, label);
    free(label);
}

static void page_header(topics_page *page)
{
    kundig_text metric = kundig_table_text(page->table, 0, page->metric);
    cli_page_blanks(&page->out, 2 + page->label);
    cli_page_right(&page->out, CLI_STYLE_DIM, "comments", COLUMN_COMMENTS);
    if (page->with_customers) {
        cli_page_right(&page->out, CLI_STYLE_DIM, "customers", COLUMN_CUSTOMERS);
    }
    cli_page_right(&page->out, CLI_STYLE_DIM, "share", COLUMN_SHARE);
    if (page->with_value) {
        cli_page_right(&page->out, CLI_STYLE_DIM, metric.data ? metric.data : "value",
                       COLUMN_VALUE);
        cli_page_right(&page->out, CLI_STYLE_DIM, "interval", COLUMN_INTERVAL);
    }
    cli_page_str(&page->out, "\n");
}

/* ---- Themes --------------------------------------------------------------------------------- */

static bool page_same(kundig_text a, kundig_text b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

/* The title of the theme of a row; its name where the model has none. */
static kundig_text page_theme(const topics_page *page, const kundig_table *topics, size_t row)
{
    kundig_text theme = kundig_table_text(page->table, row, page->theme);
    size_t names = kundig_table_find_column(topics, "theme", 5);
    size_t titles = kundig_table_find_column(topics, "theme_title", 11);
    for (size_t at = 0; at < kundig_table_row_count(topics); at++) {
        if (page_same(kundig_table_text(topics, at, names), theme)) {
            kundig_text title = kundig_table_text(topics, at, titles);
            return title.len ? title : theme;
        }
    }
    return theme;
}

static void page_discovered(topics_page *page, size_t row, size_t sureness);

/* Themes in order of their greatest topics; in each, topics as the table has them. sureness: its
 * column, of what was discovered; else SIZE_MAX. */
static void page_themes(topics_page *page, const kundig_table *topics, size_t sureness)
{
    size_t rows = kundig_table_row_count(page->table);
    size_t themes = 0;
    bool *done = calloc(rows ? rows : 1, sizeof *done);
    if (!done) {
        page->out.failed = true;
        return;
    }
    for (size_t first = 0; first < rows; first++) {
        size_t before = 0;
        kundig_text theme = kundig_table_text(page->table, first, page->theme);
        while (before < first &&
               !page_same(kundig_table_text(page->table, before, page->theme), theme)) {
            before++;
        }
        themes += before == first;
    }
    for (size_t first = 0; first < rows; first++) {
        if (done[first]) {
            continue;
        }
        kundig_text theme = kundig_table_text(page->table, first, page->theme);
        char *title = cli_page_clean(page_theme(page, topics, first));
        size_t own = 0;
        for (size_t row = first; row < rows; row++) {
            own += page_same(kundig_table_text(page->table, row, page->theme), theme);
        }
        if (own == 1 && themes > 1 && themes < rows) {
            cli_page_str(&page->out, "\n"); /* its topic says it all */
        } else if (themes > 1 && themes < rows && title) {
            cli_page_str(&page->out, "\n");
            cli_page_wrap(&page->out, CLI_STYLE_BOLD, 0, title, 1);
        }
        page->out.failed = page->out.failed || !title;
        free(title);
        for (size_t row = first; row < rows && !page->out.failed; row++) {
            if (!done[row] && page_same(kundig_table_text(page->table, row, page->theme), theme)) {
                done[row] = true;
                if (sureness == SIZE_MAX) {
                    page_row(page, row);
                } else {
                    page_discovered(page, row, sureness);
                }
            }
        }
    }
    free(done);
}

static bool page_has(const kundig_table *table, size_t column)
{
    for (size_t row = 0; row < kundig_table_row_count(table); row++) {
        if (!kundig_table_is_null(table, row, column)) {
            return true;
        }
    }
    return false;
}

static size_t page_column(const kundig_table *table, const char *name)
{
    return kundig_table_find_column(table, name, strlen(name));
}

int cli_topics_page(const cli_arguments *arguments, const kundig_table *table,
                    const kundig_table *topics, const kundig_table *all, bool with_ids)
{
    topics_page page = {
        .table = table,
        .theme = page_column(table, "theme"),
        .topic = page_column(table, "topic"),
        .title = page_column(table, "title"),
        .comments = page_column(table, "comments"),
        .customers = page_column(table, "customers"),
        .share = page_column(table, "share"),
        .metric = page_column(table, "metric"),
        .value = page_column(table, "value"),
        .lo = page_column(table, "lo"),
        .hi = page_column(table, "hi"),
        .words = page_column(table, "words"),
        .quote = page_column(table, "quote"),
        .out.width = cli_width(arguments, 140),
        .out.color = cli_use_color(arguments),
        .with_ids = with_ids,
    };
    page.with_customers = page_has(table, page.customers);
    page.with_value = page_has(table, page.value);
    size_t numbers = COLUMN_COMMENTS + COLUMN_SHARE + 4 +
                     (page.with_customers ? COLUMN_CUSTOMERS + 2 : 0) +
                     (page.with_value ? COLUMN_VALUE + COLUMN_INTERVAL + 4 : 0);
    page.label = page.out.width > numbers + 22 ? page.out.width - numbers - 2 : 20;
    page.label = page.label > 60 ? 60 : page.label;
    if (all && kundig_table_row_count(all) == 1) {
        size_t value = page_column(all, "value");
        page.compared = !kundig_table_is_null(all, 0, value);
        page.all = kundig_table_number(all, 0, value);
    }
    if (kundig_table_row_count(table)) {
        page_header(&page);
        page_themes(&page, topics, SIZE_MAX);
        cli_page_str(&page.out, "\n");
    }
    if (page.compared && page.with_value) {
        int unit = kundig_table_column_unit(all, page_column(all, "value"));
        char value[40];
        char interval[80];
        char text[200];
        kundig_text metric = kundig_table_text(table, 0, page.metric);
        page_value(value, sizeof value, unit, page.all);
        page_interval(interval, sizeof interval, unit, all, 0, page_column(all, "lo"),
                      page_column(all, "hi"));
        snprintf(text, sizeof text, "All records together: %.*s %s%s%s%s.", (int)metric.len,
                 metric.data, value, *interval ? " (" : "", interval, *interval ? ")" : "");
        cli_page_note(&page.out, text);
    }
    for (size_t note = 0; note < kundig_table_note_count(table); note++) {
        cli_page_note(&page.out, kundig_table_note(table, note));
    }
    return page.out.failed ? CLI_FAILED : CLI_OK;
}

/* ---- What was discovered -------------------------------------------------------------------- */

#define COLUMN_ID       14
#define COLUMN_SURENESS 8

/* "kept", "split from t-...", "is delay (88 %)", "hidden": what a reader must know beside sizes. */
static void page_remarks(topics_page *page, size_t row)
{
    static const char *const names[] = {"came", "from", "matches", "agreement", "state"};
    kundig_text found[5];
    size_t columns[5];
    char text[600];
    size_t len = 0;
    for (size_t i = 0; i < 5; i++) {
        columns[i] = page_column(page->table, names[i]);
        found[i] = kundig_table_text(page->table, row, columns[i]);
    }
    *text = '\0';
    if (found[0].len && !page_same(found[0], (kundig_text){"new", 3})) {
        len += (size_t)snprintf(text, sizeof text, "%.*s%s%.*s", (int)found[0].len, found[0].data,
                                found[1].len ? " from " : "", (int)found[1].len,
                                found[1].len ? found[1].data : "");
    }
    if (found[2].len) {
        len += (size_t)snprintf(text + len, sizeof text - len, "%slike %.*s (%.0f%%)",
                                len ? ", " : "", (int)found[2].len, found[2].data,
                                100 * kundig_table_number(page->table, row, columns[3]));
    }
    if (found[4].len && len < sizeof text) {
        snprintf(text + len, sizeof text - len, "%s%.*s", len ? ", " : "", (int)found[4].len,
                 found[4].data);
    }
    if (*text) {
        cli_page_wrap(&page->out, CLI_STYLE_DIM, COLUMN_ID + 2, text, 2);
    }
}

static void page_discovered(topics_page *page, size_t row, size_t sureness)
{
    const kundig_table *table = page->table;
    kundig_text id = kundig_table_text(table, row, page->topic);
    char *label = cli_page_clean(kundig_table_text(table, row, page->title));
    char text[40];
    if (!label) {
        page->out.failed = true;
        return;
    }
    size_t len = cli_page_line(label, page->label);
    bool cut = label[len] != '\0';
    len = cut ? cli_page_line(label, page->label - 1) : len;
    cli_page_styled(&page->out, CLI_STYLE_DIM, id.data, id.len);
    cli_page_blanks(&page->out, 2 + (id.len < COLUMN_ID ? COLUMN_ID - id.len : 0));
    cli_page_styled(&page->out, CLI_STYLE_BOLD, label, len);
    cli_page_str(&page->out, cut ? "…" : "");
    cli_page_blanks(&page->out, page->label - cli_page_columns(label, len) - cut);
    page_count(text, sizeof text, table, row, page->comments);
    cli_page_right(&page->out, NULL, text, COLUMN_COMMENTS);
    if (page->with_customers) {
        page_count(text, sizeof text, table, row, page->customers);
        cli_page_right(&page->out, NULL, text, COLUMN_CUSTOMERS);
    }
    page_value(text, sizeof text, KUNDIG_UNIT_SHARE, kundig_table_number(table, row, page->share));
    cli_page_right(&page->out, NULL, text, COLUMN_SHARE);
    if (kundig_table_is_null(table, row, sureness)) {
        snprintf(text, sizeof text, "-");
    } else {
        snprintf(text, sizeof text, "%.0f%%", 100 * kundig_table_number(table, row, sureness));
    }
    cli_page_right(&page->out, NULL, text, COLUMN_SURENESS);
    cli_page_str(&page->out, "\n");
    page_remarks(page, row);
    free(label);
}

int cli_discovered_page(const cli_arguments *arguments, const kundig_table *table)
{
    topics_page page = {
        .table = table,
        .theme = page_column(table, "theme"),
        .topic = page_column(table, "topic"),
        .title = page_column(table, "title"),
        .comments = page_column(table, "texts"),
        .customers = page_column(table, "customers"),
        .share = page_column(table, "share"),
        .out.width = cli_width(arguments, 140),
        .out.color = cli_use_color(arguments),
    };
    size_t sureness = page_column(table, "sureness");
    page.with_customers = page_has(table, page.customers);
    size_t numbers = COLUMN_ID + COLUMN_COMMENTS + COLUMN_SHARE + COLUMN_SURENESS + 8 +
                     (page.with_customers ? COLUMN_CUSTOMERS + 2 : 0);
    page.label = page.out.width > numbers + 20 ? page.out.width - numbers : 20;
    page.label = page.label > 60 ? 60 : page.label;
    cli_page_blanks(&page.out, COLUMN_ID + 2 + page.label);
    cli_page_right(&page.out, CLI_STYLE_DIM, "comments", COLUMN_COMMENTS);
    if (page.with_customers) {
        cli_page_right(&page.out, CLI_STYLE_DIM, "customers", COLUMN_CUSTOMERS);
    }
    cli_page_right(&page.out, CLI_STYLE_DIM, "share", COLUMN_SHARE);
    cli_page_right(&page.out, CLI_STYLE_DIM, "sureness", COLUMN_SURENESS);
    cli_page_str(&page.out, "\n");
    page_themes(&page, table, sureness);
    cli_page_str(&page.out, "\n");
    for (size_t note = 0; note < kundig_table_note_count(table); note++) {
        cli_page_note(&page.out, kundig_table_note(table, note));
    }
    return page.out.failed ? CLI_FAILED : CLI_OK;
}
