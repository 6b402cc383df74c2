/* The page of topics: what customers speak of, theme by theme, for people to read.
 *
 * Texts of comments and labels come from anyone: what a terminal obeys never leaves. A row of the
 * page is a label with its numbers, then words that the label does not hold, then a quote. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

#define PAGE_MOST_LABEL 3 /* lines */
#define PAGE_MOST_QUOTE 2
#define PAGE_MOST_WORDS 3

#define STYLE_BOLD "\x1B[1m"
#define STYLE_DIM  "\x1B[2m"
#define STYLE_GOOD "\x1B[32m"
#define STYLE_BAD  "\x1B[31m"
#define STYLE_NONE "\x1B[0m"

typedef struct topics_page {
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
    size_t width;
    size_t label; /* columns of a label */
    bool color;
    bool with_customers;
    bool with_value;
    bool with_ids;
    bool compared; /* is there a value of all records? */
    double all;
    bool failed;
} topics_page;

/* ---- Text ----------------------------------------------------------------------------------- */

static uint32_t page_point(const char *text, size_t len, size_t *at)
{
    unsigned char first = (unsigned char)text[*at];
    size_t more = first < 0x80 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
    uint32_t point = first < 0x80 ? first : first & (0x3Fu >> more);
    (*at)++;
    for (; more && *at < len && ((unsigned char)text[*at] & 0xC0) == 0x80; more--) {
        point = point << 6 | ((unsigned char)text[(*at)++] & 0x3F);
    }
    return point;
}

/* Columns that a terminal gives a character; what joins the one before has none. */
static size_t page_columns_of(uint32_t point)
{
    if ((point >= 0x300 && point <= 0x36F) || (point >= 0x200B && point <= 0x200F) ||
        (point >= 0xFE00 && point <= 0xFE0F) || (point >= 0x1F3FB && point <= 0x1F3FF)) {
        return 0;
    }
    bool wide = (point >= 0x1100 && point <= 0x115F) || (point >= 0x2E80 && point <= 0xA4CF) ||
                (point >= 0xAC00 && point <= 0xD7A3) || (point >= 0xF900 && point <= 0xFAFF) ||
                (point >= 0xFE30 && point <= 0xFE6F) || (point >= 0xFF00 && point <= 0xFF60) ||
                (point >= 0xFFE0 && point <= 0xFFE6) || (point >= 0x1F300 && point <= 0x1FAFF) ||
                (point >= 0x20000 && point <= 0x3FFFD);
    return wide ? 2 : 1;
}

static bool page_obeyed(uint32_t point)
{
    return point < 0x20 || (point >= 0x7F && point < 0xA0) ||
           (point >= 0x200B && point <= 0x200C) || (point >= 0x200E && point <= 0x200F) ||
           (point >= 0x2028 && point <= 0x202E) || (point >= 0x2060 && point <= 0x206F) ||
           point == 0xFEFF;
}

/* A text in one line, without what a terminal obeys; freed by the caller. NULL: out of memory. */
static char *page_clean(kundig_text text)
{
    char *clean = malloc(text.len + 1);
    size_t len = 0;
    for (size_t at = 0; clean && at < text.len;) {
        size_t start = at;
        uint32_t point = page_point(text.data, text.len, &at);
        if (point <= 0x20 || page_obeyed(point)) {
            if (len && clean[len - 1] != ' ' && point <= 0x20) {
                clean[len++] = ' ';
            }
            continue;
        }
        memcpy(clean + len, text.data + start, at - start);
        len += at - start;
    }
    if (clean) {
        clean[len && clean[len - 1] == ' ' ? len - 1 : len] = '\0';
    }
    return clean;
}

static size_t page_columns(const char *text, size_t len)
{
    size_t columns = 0;
    for (size_t at = 0; at < len;) {
        columns += page_columns_of(page_point(text, len, &at));
    }
    return columns;
}

/* How many bytes of a text make its next line: up to a blank where there is one. */
static size_t page_line(const char *text, size_t columns)
{
    size_t len = strlen(text);
    size_t used = 0;
    size_t blank = 0;
    for (size_t at = 0; at < len;) {
        size_t start = at;
        uint32_t point = page_point(text, len, &at);
        used += page_columns_of(point);
        if (point == ' ') {
            blank = start;
        }
        if (used > columns) {
            return blank ? blank : start ? start : at;
        }
    }
    return len;
}

/* ---- Writing -------------------------------------------------------------------------------- */

static void page_put(topics_page *page, const char *text, size_t len)
{
    page->failed = page->failed || !cli_write(text, len);
}

static void page_str(topics_page *page, const char *text)
{
    page_put(page, text, strlen(text));
}

static void page_blanks(topics_page *page, size_t count)
{
    for (; count; count--) {
        page_put(page, " ", 1);
    }
}

static void page_styled(topics_page *page, const char *style, const char *text, size_t len)
{
    if (page->color) {
        page_str(page, style);
    }
    page_put(page, text, len);
    if (page->color) {
        page_str(page, STYLE_NONE);
    }
}

/* Right-aligned, with two blanks before. */
static void page_right(topics_page *page, const char *style, const char *text, size_t columns)
{
    size_t have = strlen(text);
    page_blanks(page, 2 + (have < columns ? columns - have : 0));
    if (style) {
        page_styled(page, style, text, have);
    } else {
        page_str(page, text);
    }
}

/* Lines of a text from a column on; the last one of `most` ends in an ellipsis. */
static void page_wrap(topics_page *page, const char *style, size_t indent, const char *text,
                      size_t most)
{
    size_t columns = page->width > indent + 20 ? page->width - indent : 20;
    for (size_t line = 1; *text; line++) {
        size_t len = page_line(text, columns);
        bool cut = line == most && text[len];
        len = cut ? page_line(text, columns - 1) : len;
        page_blanks(page, indent);
        page_styled(page, style, text, len);
        page_str(page, cut ? "…\n" : "\n");
        if (cut) {
            return;
        }
        text += len;
        text += strspn(text, " ");
    }
}

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
    page_right(page, NULL, text, COLUMN_COMMENTS);
    if (page->with_customers) {
        page_count(text, sizeof text, table, row, page->customers);
        page_right(page, NULL, text, COLUMN_CUSTOMERS);
    }
    if (kundig_table_is_null(table, row, page->share)) {
        snprintf(text, sizeof text, "-");
    } else {
        page_value(text, sizeof text, KUNDIG_UNIT_SHARE,
                   kundig_table_number(table, row, page->share));
    }
    page_right(page, NULL, text, COLUMN_SHARE);
    if (page->with_value) {
        const char *style = NULL;
        if (kundig_table_is_null(table, row, page->value)) {
            snprintf(text, sizeof text, "-");
        } else {
            page_value(text, sizeof text, unit, kundig_table_number(table, row, page->value));
            if (page->compared && !kundig_table_is_null(table, row, page->lo)) {
                style = kundig_table_number(table, row, page->lo) > page->all   ? STYLE_GOOD
                        : kundig_table_number(table, row, page->hi) < page->all ? STYLE_BAD
                                                                                : NULL;
            }
        }
        page_right(page, style, text, COLUMN_VALUE);
        page_interval(text, sizeof text, unit, table, row, page->lo, page->hi);
        page_right(page, NULL, text, *text ? COLUMN_INTERVAL : 0);
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
    char *words = page_clean(kundig_table_text(page->table, row, page->words));
    char *quote = page_clean(kundig_table_text(page->table, row, page->quote));
    char *told = words && quote ? malloc(2 * strlen(words) + strlen(quote) + 16) : NULL;
    if (told) {
        page_untold(label, words, told);
        strcat(told, *told && *quote ? " · " : "");
        if (*quote) {
            strcat(told, "“");
            strcat(told, quote);
            strcat(told, "”");
        }
        page_wrap(page, STYLE_DIM, 4, told, PAGE_MOST_QUOTE);
    }
    page->failed = page->failed || !told;
    free(words);
    free(quote);
    free(told);
}

static void page_row(topics_page *page, size_t row)
{
    kundig_text title = kundig_table_text(page->table, row, page->title);
    char *label = page_clean(title.len ? title : kundig_table_text(page->table, row, page->topic));
    if (!label) {
        page->failed = true;
        return;
    }
    const char *at = label;
    for (size_t line = 1; line == 1 || *at; line++) {
        size_t len = page_line(at, page->label);
        bool cut = line == PAGE_MOST_LABEL && at[len];
        len = cut ? page_line(at, page->label - 1) : len;
        page_blanks(page, 2);
        page_styled(page, STYLE_BOLD, at, len);
        if (cut) {
            page_str(page, "…");
        }
        if (line == 1) {
            page_blanks(page, page->label - page_columns(at, len));
            page_numbers(page, row);
        }
        page_str(page, "\n");
        at = cut ? "" : at + len;
        at += strspn(at, " ");
    }
    if (page->with_ids) {
        kundig_text id = kundig_table_text(page->table, row, page->topic);
        page_blanks(page, 4);
        page_styled(page, STYLE_DIM, id.data, id.len);
        page_str(page, "\n");
    }
    page_told(page, row, label);
    free(label);
}

static void page_header(topics_page *page)
{
    kundig_text metric = kundig_table_text(page->table, 0, page->metric);
    page_blanks(page, 2 + page->label);
    page_right(page, STYLE_DIM, "comments", COLUMN_COMMENTS);
    if (page->with_customers) {
        page_right(page, STYLE_DIM, "customers", COLUMN_CUSTOMERS);
    }
    page_right(page, STYLE_DIM, "share", COLUMN_SHARE);
    if (page->with_value) {
        page_right(page, STYLE_DIM, metric.data ? metric.data : "value", COLUMN_VALUE);
        page_right(page, STYLE_DIM, "interval", COLUMN_INTERVAL);
    }
    page_str(page, "\n");
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
        page->failed = true;
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
        char *title = page_clean(page_theme(page, topics, first));
        size_t own = 0;
        for (size_t row = first; row < rows; row++) {
            own += page_same(kundig_table_text(page->table, row, page->theme), theme);
        }
        if (own == 1 && themes > 1 && themes < rows) {
            page_str(page, "\n"); /* its topic says it all */
        } else if (themes > 1 && themes < rows && title) {
            page_str(page, "\n");
            page_wrap(page, STYLE_BOLD, 0, title, 1);
        }
        page->failed = page->failed || !title;
        free(title);
        for (size_t row = first; row < rows && !page->failed; row++) {
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

static void page_note(topics_page *page, const char *note)
{
    char *clean = page_clean((kundig_text){note, strlen(note)});
    if (clean) {
        page_wrap(page, STYLE_DIM, 0, clean, SIZE_MAX);
    }
    page->failed = page->failed || !clean;
    free(clean);
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
        .width = cli_width(arguments, 140),
        .color = cli_use_color(arguments),
        .with_ids = with_ids,
    };
    page.with_customers = page_has(table, page.customers);
    page.with_value = page_has(table, page.value);
    size_t numbers = COLUMN_COMMENTS + COLUMN_SHARE + 4 +
                     (page.with_customers ? COLUMN_CUSTOMERS + 2 : 0) +
                     (page.with_value ? COLUMN_VALUE + COLUMN_INTERVAL + 4 : 0);
    page.label = page.width > numbers + 22 ? page.width - numbers - 2 : 20;
    page.label = page.label > 60 ? 60 : page.label;
    if (all && kundig_table_row_count(all) == 1) {
        size_t value = page_column(all, "value");
        page.compared = !kundig_table_is_null(all, 0, value);
        page.all = kundig_table_number(all, 0, value);
    }
    if (kundig_table_row_count(table)) {
        page_header(&page);
        page_themes(&page, topics, SIZE_MAX);
        page_str(&page, "\n");
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
        page_note(&page, text);
    }
    for (size_t note = 0; note < kundig_table_note_count(table); note++) {
        page_note(&page, kundig_table_note(table, note));
    }
    return page.failed ? CLI_FAILED : CLI_OK;
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
        page_wrap(page, STYLE_DIM, COLUMN_ID + 2, text, 2);
    }
}

static void page_discovered(topics_page *page, size_t row, size_t sureness)
{
    const kundig_table *table = page->table;
    kundig_text id = kundig_table_text(table, row, page->topic);
    char *label = page_clean(kundig_table_text(table, row, page->title));
    char text[40];
    if (!label) {
        page->failed = true;
        return;
    }
    size_t len = page_line(label, page->label);
    bool cut = label[len] != '\0';
    len = cut ? page_line(label, page->label - 1) : len;
    page_styled(page, STYLE_DIM, id.data, id.len);
    page_blanks(page, 2 + (id.len < COLUMN_ID ? COLUMN_ID - id.len : 0));
    page_styled(page, STYLE_BOLD, label, len);
    page_str(page, cut ? "…" : "");
    page_blanks(page, page->label - page_columns(label, len) - cut);
    page_count(text, sizeof text, table, row, page->comments);
    page_right(page, NULL, text, COLUMN_COMMENTS);
    if (page->with_customers) {
        page_count(text, sizeof text, table, row, page->customers);
        page_right(page, NULL, text, COLUMN_CUSTOMERS);
    }
    page_value(text, sizeof text, KUNDIG_UNIT_SHARE, kundig_table_number(table, row, page->share));
    page_right(page, NULL, text, COLUMN_SHARE);
    if (kundig_table_is_null(table, row, sureness)) {
        snprintf(text, sizeof text, "-");
    } else {
        snprintf(text, sizeof text, "%.0f%%", 100 * kundig_table_number(table, row, sureness));
    }
    page_right(page, NULL, text, COLUMN_SURENESS);
    page_str(page, "\n");
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
        .width = cli_width(arguments, 140),
        .color = cli_use_color(arguments),
    };
    size_t sureness = page_column(table, "sureness");
    page.with_customers = page_has(table, page.customers);
    size_t numbers = COLUMN_ID + COLUMN_COMMENTS + COLUMN_SHARE + COLUMN_SURENESS + 8 +
                     (page.with_customers ? COLUMN_CUSTOMERS + 2 : 0);
    page.label = page.width > numbers + 20 ? page.width - numbers : 20;
    page.label = page.label > 60 ? 60 : page.label;
    page_blanks(&page, COLUMN_ID + 2 + page.label);
    page_right(&page, STYLE_DIM, "comments", COLUMN_COMMENTS);
    if (page.with_customers) {
        page_right(&page, STYLE_DIM, "customers", COLUMN_CUSTOMERS);
    }
    page_right(&page, STYLE_DIM, "share", COLUMN_SHARE);
    page_right(&page, STYLE_DIM, "sureness", COLUMN_SURENESS);
    page_str(&page, "\n");
    page_themes(&page, table, sureness);
    page_str(&page, "\n");
    for (size_t note = 0; note < kundig_table_note_count(table); note++) {
        page_note(&page, kundig_table_note(table, note));
    }
    return page.failed ? CLI_FAILED : CLI_OK;
}
