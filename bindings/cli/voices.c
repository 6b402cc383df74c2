/* The pages of who speaks: loud topics and meaningful ones in two axes, and groups in a funnel. */
#include <stdlib.h>
#include <string.h>

#include "page.h"

#define VOICES_SHOWN  20 /* topics in the two axes */
#define VOICES_MEAN   12 /* of them, those that mean most; the others are the loudest */
#define VOICES_LABEL  26
#define VOICES_NARROW 16
#define VOICES_WIDE   100
#define VOICES_LEAST  20 /* columns of a plot */
#define VOICES_MOST   120
#define VOICES_NUMBER 48

/* A column by its name; SIZE_MAX is asked for a table of another call, and never there. */
static size_t voices_column(const kundig_table *table, const char *name)
{
    return kundig_table_find_column(table, name, strlen(name));
}

static bool voices_null(const kundig_table *table, size_t row, const char *name)
{
    return kundig_table_is_null(table, row, voices_column(table, name));
}

static double voices_number(const kundig_table *table, size_t row, const char *name)
{
    return kundig_table_number(table, row, voices_column(table, name));
}

static kundig_text voices_text(const kundig_table *table, size_t row, const char *name)
{
    return kundig_table_text(table, row, voices_column(table, name));
}

static bool voices_is(const kundig_table *table, size_t row, const char *name, const char *value)
{
    kundig_text text = voices_text(table, row, name);
    return text.data && strcmp(text.data, value) == 0;
}

static void voices_write(char out[VOICES_NUMBER], double value, int unit, bool sign)
{
    bool score = unit == KUNDIG_UNIT_SCORE;
    bool share = unit == KUNDIG_UNIT_SHARE;
    value = value > -0.0005 && value < 0.0005 ? 0 : value; /* no "-0.0" */
    snprintf(out, VOICES_NUMBER,
             score || (share && sign)    ? "%+.1f"
             : unit == KUNDIG_UNIT_COUNT ? "%.0f"
                                         : "%.2f",
             score || share ? value * 100 : value);
    if (share) {
        snprintf(out, VOICES_NUMBER, sign ? "%+.1f" : "%.1f %%", value * 100);
    }
}

/* A number of the table as its unit is shown, right-aligned; "-" where there is none. */
static void voices_cell(cli_page *page, const kundig_table *table, size_t row, const char *name,
                        size_t columns)
{
    char text[VOICES_NUMBER] = "-";
    size_t column = voices_column(table, name);
    if (!kundig_table_is_null(table, row, column)) {
        voices_write(text, kundig_table_number(table, row, column),
                     kundig_table_column_unit(table, column), false);
    }
    cli_page_right(page, NULL, text, columns);
}

/* A label cut to its columns. */
static void voices_label(cli_page *page, const char *style, kundig_text text, size_t columns)
{
    char *clean = cli_page_clean(text.data ? text : (kundig_text){"(none)", 6});
    if (!clean) {
        page->failed = true;
        return;
    }
    size_t len = strlen(clean);
    bool cut = cli_page_columns(clean, len) > columns;
    len = cut ? cli_page_line(clean, columns - 1) : len;
    if (style) {
        cli_page_styled(page, style, clean, len);
    } else {
        cli_page_put(page, clean, len);
    }
    cli_page_str(page, cut ? "…" : "");
    size_t used = cli_page_columns(clean, len) + cut;
    cli_page_blanks(page, columns > used ? columns - used : 0);
    free(clean);
}

/* What a row is called: its title, else its keys. */
static kundig_text voices_name(const kundig_table *table, size_t row)
{
    size_t title = voices_column(table, "title");
    bool titled = title != SIZE_MAX && !kundig_table_is_null(table, row, title);
    return kundig_table_text(table, row, titled ? title : 0);
}

static void voices_notes(cli_page *page, const kundig_table *table)
{
    cli_page_str(page, "\n");
    for (size_t i = 0; i < kundig_table_note_count(table); i++) {
        cli_page_note(page, kundig_table_note(table, i));
    }
}

/* ---- Loud and meaningful -------------------------------------------------------------------- */

static const char *loud_style(const kundig_table *table, size_t row)
{
    return voices_is(table, row, "direction", "up")     ? CLI_STYLE_GOOD
           : voices_is(table, row, "direction", "down") ? CLI_STYLE_BAD
                                                        : CLI_STYLE_DIM;
}

static bool loud_has(const kundig_table *table, size_t row, const char *word)
{
    kundig_text quadrant = voices_text(table, row, "quadrant");
    return quadrant.data && strstr(quadrant.data, word) != NULL;
}

/* Twice for a hundredfold: bits, and what is left of the last one. */
static double loud_log(double value)
{
    double bits = 0;
    for (; value >= 2; value /= 2) {
        bits++;
    }
    return bits + (value - 1);
}

/* One topic in its place from quiet to loud, its name beside it. */
static void loud_point(cli_page *page, const kundig_table *table, size_t row, size_t at,
                       size_t middle, size_t columns)
{
    const char *style = loud_style(table, row);
    bool chance =
        !(voices_is(table, row, "direction", "up") || voices_is(table, row, "direction", "down"));
    char *clean = cli_page_clean(voices_name(table, row));
    if (!clean) {
        page->failed = true;
        return;
    }
    size_t len = strlen(clean);
    bool left = at > columns / 2;
    size_t room = left ? at - 1 : columns - at - 2;
    bool cut = cli_page_columns(clean, len) > room;
    len = cut ? cli_page_line(clean, room - 1) : len;
    size_t used = cli_page_columns(clean, len) + cut;
    size_t begin = left ? at - 1 - used : at;
    for (size_t i = 0; i < begin; i++) {
        cli_page_str(page, i == middle ? "│" : " ");
    }
    if (left) {
        cli_page_styled(page, style, clean, len);
        cli_page_str(page, cut ? "… " : " ");
    }
    cli_page_styled(page, style, chance ? "○" : "●", 3);
    if (!left) {
        cli_page_str(page, " ");
        cli_page_styled(page, style, clean, len);
        cli_page_str(page, cut ? "…" : "");
    }
    for (size_t i = left ? at + 1 : at + 2 + used; i < columns; i++) {
        cli_page_str(page, i == middle ? "│" : " ");
    }
    free(clean);
}

static void loud_rule(cli_page *page, const char *left, const char *right, size_t middle,
                      size_t columns)
{
    size_t used[2] = {cli_page_columns(left, strlen(left)), cli_page_columns(right, strlen(right))};
    cli_page_blanks(page, 2);
    for (size_t i = 0; i < columns;) {
        if (i == 1 && used[0]) {
            cli_page_str(page, left);
            i += used[0];
        } else if (i + used[1] + 1 == columns && used[1]) {
            cli_page_str(page, right);
            i += used[1];
        } else {
            cli_page_str(page, i == middle ? "┼" : "─");
            i++;
        }
    }
    cli_page_str(page, "\n");
}

/* Which rows a page shows, in the order of the table: those that mean most, and the loudest of the
 * others; with a limit the first ones. */
typedef struct loud_choice {
    size_t *rows;
    size_t count;
    size_t ranked; /* of the table */
} loud_choice;

static bool loud_chosen(const loud_choice *choice, size_t row)
{
    for (size_t i = 0; i < choice->count; i++) {
        if (choice->rows[i] == row) {
            return true;
        }
    }
    return false;
}

static int loud_ascending(const void *a, const void *b)
{
    size_t left = *(const size_t *)a;
    size_t right = *(const size_t *)b;
    return left < right ? -1 : left > right;
}

static bool loud_choose(const kundig_table *table, size_t limit, loud_choice *out)
{
    size_t rows = kundig_table_row_count(table);
    size_t most = limit ? limit : VOICES_SHOWN;
    *out = (loud_choice){0};
    most = most < rows ? most : rows;
    out->rows = malloc((most + 1) * sizeof *out->rows);
    if (!out->rows) {
        return false;
    }
    while (out->ranked < rows && !voices_null(table, out->ranked, "meaning")) {
        out->ranked++;
    }
    for (size_t row = 0; row < most && (limit || row < VOICES_MEAN || rows <= VOICES_SHOWN);
         row++) {
        out->rows[out->count++] = row;
    }
    while (out->count < most) {
        size_t loudest = SIZE_MAX;
        for (size_t row = 0; row < rows; row++) {
            bool better = loudest == SIZE_MAX || voices_number(table, row, "records") >
                                                     voices_number(table, loudest, "records");
            loudest = !loud_chosen(out, row) && row < out->ranked && better ? row : loudest;
        }
        if (loudest == SIZE_MAX) {
            break;
        }
        out->rows[out->count++] = loudest;
    }
    qsort(out->rows, out->count, sizeof *out->rows, loud_ascending);
    return true;
}

/* Rows from most meaning to least, columns from quiet to loud; the lines are the medians of all. */
static void loud_axes(cli_page *page, const kundig_table *table, const loud_choice *choice)
{
    size_t columns = page->width > VOICES_MOST + 2 ? VOICES_MOST : page->width - 2;
    double quiet_most = 0; /* loudest of the quiet ones, quietest of the loud ones */
    double loud_least = 0;
    double least = 0;
    double most = 0;
    bool ruled = false;
    for (size_t row = 0; row < choice->ranked; row++) {
        double records = voices_number(table, row, "records");
        bool loud = loud_has(table, row, "loud ");
        quiet_most = !loud && records > quiet_most ? records : quiet_most;
        loud_least = loud && (loud_least <= 0 || records < loud_least) ? records : loud_least;
    }
    for (size_t i = 0; i < choice->count && choice->rows[i] < choice->ranked; i++) {
        double records = voices_number(table, choice->rows[i], "records");
        least = !i || records < least ? records : least;
        most = records > most ? records : most;
    }
    if (!choice->ranked || !choice->count) {
        return;
    }
    least = quiet_most > 0 && quiet_most < least ? quiet_most : least;
    double span = loud_log(most) - loud_log(least);
    double scale = span > 0 ? (double)(columns - 1) / span : 0;
    double between = loud_least > 0 && quiet_most > 0
                         ? (loud_log(quiet_most) + loud_log(loud_least)) / 2 - loud_log(least)
                         : span;
    size_t middle = (size_t)(between * scale + 0.5);
    loud_rule(page, " quiet but meaningful ", " loud and meaningful ", middle, columns);
    for (size_t i = 0; i < choice->count && choice->rows[i] < choice->ranked && !page->failed;
         i++) {
        size_t row = choice->rows[i];
        double records = voices_number(table, row, "records");
        if (!ruled && i && 2 * row >= choice->ranked) {
            loud_rule(page, "", "", middle, columns);
            ruled = true;
        }
        cli_page_blanks(page, 2);
        loud_point(page, table, row, (size_t)((loud_log(records) - loud_log(least)) * scale + 0.5),
                   middle, columns);
        cli_page_str(page, "\n");
    }
    if (!ruled && choice->count > 1) {
        loud_rule(page, "", "", middle, columns);
    }
    loud_rule(page, " neither ", " loud only ", middle, columns);
    cli_page_str(page, "  from below: customers times impact; to the right: records; lines: the "
                       "medians\n  ");
    cli_page_styled(page, CLI_STYLE_BAD, "●", 3);
    cli_page_str(page, " ");
    cli_page_styled(page, CLI_STYLE_GOOD, "●", 3);
    cli_page_str(page, " impact below, above zero  ");
    cli_page_styled(page, CLI_STYLE_DIM, "○", 3);
    cli_page_str(page, " within chance, and so in no way meaningful\n\n");
}

static void loud_interval(cli_page *page, const kundig_table *table, size_t row)
{
    char text[VOICES_NUMBER * 3] = "-";
    int unit = kundig_table_column_unit(table, voices_column(table, "impact"));
    if (!voices_null(table, row, "impact")) {
        char value[VOICES_NUMBER];
        char lo[VOICES_NUMBER] = "?";
        char hi[VOICES_NUMBER] = "?";
        voices_write(value, voices_number(table, row, "impact"), unit, true);
        if (!voices_null(table, row, "lo")) {
            voices_write(lo, voices_number(table, row, "lo"), unit, true);
            voices_write(hi, voices_number(table, row, "hi"), unit, true);
        }
        snprintf(text, sizeof text, "%s (%s to %s)", value, lo, hi);
    }
    cli_page_right(page, loud_style(table, row), text, 22);
}

static void loud_rows(cli_page *page, const kundig_table *table, const loud_choice *choice)
{
    bool wide = page->width >= VOICES_WIDE;
    size_t label = wide ? VOICES_LABEL : VOICES_NARROW;
    bool risk = false;
    for (size_t i = 0; i < choice->count; i++) {
        risk = risk || !voices_null(table, choice->rows[i], "at_risk");
    }
    cli_page_blanks(page, 2 + label);
    cli_page_right(page, CLI_STYLE_DIM, "records", 7);
    cli_page_right(page, CLI_STYLE_DIM, "customers", 9);
    cli_page_right(page, CLI_STYLE_DIM, "top 1 %", 7);
    if (wide) {
        cli_page_right(page, CLI_STYLE_DIM, "Gini", 5);
        cli_page_right(page, CLI_STYLE_DIM, "score", 7);
        cli_page_right(page, CLI_STYLE_DIM, "one vote", 8);
    }
    cli_page_right(page, CLI_STYLE_DIM, "impact", 22);
    if (risk) {
        cli_page_right(page, CLI_STYLE_DIM, "at risk", 9);
    }
    cli_page_str(page, "\n");
    for (size_t i = 0; i < choice->count && !page->failed; i++) {
        char text[VOICES_NUMBER];
        size_t row = choice->rows[i];
        cli_page_blanks(page, 2);
        voices_label(page, loud_has(table, row, "meaningful") ? CLI_STYLE_BOLD : NULL,
                     voices_name(table, row), label);
        voices_cell(page, table, row, "records", 7);
        voices_cell(page, table, row, "customers", 9);
        voices_cell(page, table, row, "top_share", 7);
        if (wide) {
            voices_cell(page, table, row, "gini", 5);
            voices_cell(page, table, row, "value", 7);
            voices_cell(page, table, row, "capped", 8);
        }
        loud_interval(page, table, row);
        if (risk) {
            snprintf(text, sizeof text, voices_null(table, row, "at_risk") ? "-" : "%.0f",
                     voices_number(table, row, "at_risk"));
            cli_page_right(page, NULL, text, 9);
        }
        cli_page_str(page, "\n");
    }
}

int cli_loud(const cli_arguments *arguments, kundig *corpus, const kundig_query *query)
{
    kundig_table *table = NULL;
    kundig_error err = {0, 0, ""};
    cli_page page = {cli_width(arguments, 140), cli_use_color(arguments), false};
    bool text = arguments->format == CLI_FORMAT_TEXT;
    size_t limit = (size_t)arguments->limit;
    cli_progress_start("measuring", false);
    int code = kundig_loud(corpus, query, text ? 0 : limit, &table, &err);
    cli_progress_end();
    if (code) {
        return cli_failed_with(arguments, code, &err);
    }
    int exit_code = CLI_OK;
    if (!text) {
        exit_code = cli_write_table(arguments, table);
    } else {
        loud_choice choice;
        page.failed = !loud_choose(table, limit, &choice);
        if (!page.failed) {
            size_t rows = kundig_table_row_count(table);
            loud_axes(&page, table, &choice);
            loud_rows(&page, table, &choice);
            if (choice.count < rows) {
                char line[128];
                snprintf(line, sizeof line, "\n%zu of %zu: those that mean most%s\n", choice.count,
                         rows, limit ? "" : ", and the loudest of the others");
                cli_page_str(&page, line);
            }
            voices_notes(&page, table);
        }
        free(choice.rows);
        exit_code = page.failed ? CLI_FAILED : CLI_OK;
    }
    kundig_table_free(table);
    return exit_code;
}

/* ---- Funnels -------------------------------------------------------------------------------- */

typedef struct funnel_axis {
    double low;
    double high;
    size_t columns;
} funnel_axis;

static size_t funnel_place(const funnel_axis *axis, double value)
{
    double span = axis->high - axis->low;
    double part = span > 0 ? (value - axis->low) / span : 0.5;
    part = part < 0 ? 0 : part > 1 ? 1 : part;
    return (size_t)(part * (double)(axis->columns - 1) + 0.5);
}

static void funnel_stretch(funnel_axis *axis, const kundig_table *table, size_t row,
                           const char *name)
{
    double value = voices_number(table, row, name);
    axis->low = value < axis->low ? value : axis->low;
    axis->high = value > axis->high ? value : axis->high;
}

/* Shaded where chance puts the value, a line where the interval is, a point at the value. */
static void funnel_plot(cli_page *page, const kundig_table *table, size_t row,
                        const funnel_axis *axis)
{
    size_t lo = funnel_place(axis, voices_number(table, row, "lo"));
    size_t hi = funnel_place(axis, voices_number(table, row, "hi"));
    size_t value = funnel_place(axis, voices_number(table, row, "value"));
    size_t whole = funnel_place(axis, voices_number(table, row, "whole"));
    size_t inner[2] = {funnel_place(axis, voices_number(table, row, "limit_95_lo")),
                       funnel_place(axis, voices_number(table, row, "limit_95_hi"))};
    size_t outer[2] = {funnel_place(axis, voices_number(table, row, "limit_998_lo")),
                       funnel_place(axis, voices_number(table, row, "limit_998_hi"))};
    bool outside = !voices_null(table, row, "outside");
    bool above = voices_number(table, row, "value") > voices_number(table, row, "whole");
    const char *style = !outside ? CLI_STYLE_BOLD : above ? CLI_STYLE_GOOD : CLI_STYLE_BAD;
    cli_page_blanks(page, 2);
    for (size_t i = 0; i < axis->columns; i++) {
        if (i == value) {
            cli_page_styled(page, style, "●", 3);
        } else if (i >= lo && i <= hi) {
            cli_page_styled(page, style, "━", 3);
        } else if (i == whole) {
            cli_page_str(page, "│");
        } else if (i >= inner[0] && i <= inner[1]) {
            cli_page_styled(page, CLI_STYLE_DIM, "▒", 3);
        } else if (i >= outer[0] && i <= outer[1]) {
            cli_page_styled(page, CLI_STYLE_DIM, "░", 3);
        } else {
            cli_page_str(page, " ");
        }
    }
}

/* The keys of a row in one text, parted by commas. */
static void funnel_keys(const kundig_table *table, size_t row, size_t keys, char *out, size_t size)
{
    size_t len = 0;
    out[0] = '\0';
    for (size_t key = 0; key < keys && len < size; key++) {
        kundig_text text = kundig_table_text(table, row, key);
        int wrote = snprintf(out + len, size - len, "%s%.*s", key ? ", " : "",
                             text.data ? (int)(text.len < 200 ? text.len : 200) : 6,
                             text.data ? text.data : "(none)");
        len += wrote > 0 ? (size_t)wrote : 0;
    }
}

static void funnel_row(cli_page *page, const kundig_table *table, size_t row, size_t keys,
                       size_t label, const funnel_axis *axis)
{
    char name[1024];
    char rank[VOICES_NUMBER] = "";
    funnel_keys(table, row, keys, name, sizeof name);
    cli_page_blanks(page, 2);
    voices_label(page, NULL, (kundig_text){name, strlen(name)}, label);
    voices_cell(page, table, row, "n", 6);
    if (voices_null(table, row, "value")) {
        kundig_text status = voices_text(table, row, "status");
        cli_page_blanks(page, 2);
        cli_page_styled(page, CLI_STYLE_DIM, status.data, status.len);
        cli_page_str(page, "\n");
        return;
    }
    voices_cell(page, table, row, "value", 7);
    voices_cell(page, table, row, "shrunk", 7);
    funnel_plot(page, table, row, axis);
    if (!voices_null(table, row, "outside")) {
        snprintf(rank, sizeof rank, "%s %%", voices_text(table, row, "outside").data);
    }
    cli_page_right(page, CLI_STYLE_BOLD, rank, 7);
    rank[0] = '\0';
    if (!voices_null(table, row, "rank")) {
        snprintf(rank, sizeof rank, "%.0f", voices_number(table, row, "rank"));
    }
    cli_page_right(page, NULL, rank, 4);
    cli_page_str(page, "\n");
}

/* Those whose answers heap up at the cut. */
static void funnel_heaps(cli_page *page, const kundig_table *table, size_t keys, double level)
{
    bool any = false;
    for (size_t row = 0; row < kundig_table_row_count(table); row++) {
        if (!voices_null(table, row, "heaping_q") &&
            voices_number(table, row, "heaping_q") <= 1 - level &&
            voices_number(table, row, "heaping") > voices_number(table, row, "heaping_others")) {
            char name[1024];
            char text[VOICES_NUMBER];
            char others[VOICES_NUMBER];
            char line[1200];
            funnel_keys(table, row, keys, name, sizeof name);
            voices_write(text, voices_number(table, row, "heaping"), KUNDIG_UNIT_SHARE, false);
            voices_write(others, voices_number(table, row, "heaping_others"), KUNDIG_UNIT_SHARE,
                         false);
            snprintf(line, sizeof line, "%s, others %s  %s", text, others, name);
            char *clean = cli_page_clean((kundig_text){line, strlen(line)});
            if (!clean) {
                page->failed = true;
                return;
            }
            cli_page_str(
                page, any ? "" : "\nAnswers heap up at the cut (of those at it and one below)\n");
            cli_page_wrap(page, CLI_STYLE_NONE, 2, clean, 2);
            free(clean);
            any = true;
        }
    }
}

static void funnel_page(cli_page *page, const kundig_table *table, double level)
{
    static const char *const bounds[] = {"lo", "hi", "limit_998_lo", "limit_998_hi"};
    size_t rows = kundig_table_row_count(table);
    size_t keys = voices_column(table, "metric");
    size_t label = page->width >= VOICES_WIDE ? VOICES_LABEL : VOICES_NARROW;
    size_t taken = 2 + label + 8 + 9 + 9 + 2 + 9 + 6;
    funnel_axis axis = {2, -2, 0};
    char head[VOICES_NUMBER * 2] = "";
    bool any = false;
    axis.columns = page->width > taken + VOICES_LEAST ? page->width - taken : VOICES_LEAST;
    for (size_t row = 0; row < rows; row++) {
        if (!voices_null(table, row, "value")) {
            axis.low = any ? axis.low : voices_number(table, row, "lo");
            axis.high = any ? axis.high : voices_number(table, row, "hi");
            for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++) {
                funnel_stretch(&axis, table, row, bounds[i]);
            }
            if (!any) {
                char whole[VOICES_NUMBER];
                voices_write(whole, voices_number(table, row, "whole"),
                             kundig_table_column_unit(table, voices_column(table, "whole")), false);
                snprintf(head, sizeof head, "│ the whole: %s", whole);
            }
            any = true;
        }
    }
    cli_page_blanks(page, 2 + label);
    cli_page_right(page, CLI_STYLE_DIM, "n", 6);
    cli_page_right(page, CLI_STYLE_DIM, "score", 7);
    cli_page_right(page, CLI_STYLE_DIM, "shrunk", 7);
    cli_page_blanks(page, 2);
    cli_page_styled(page, CLI_STYLE_DIM, head, strlen(head));
    size_t used = cli_page_columns(head, strlen(head));
    cli_page_blanks(page, axis.columns > used ? axis.columns - used : 0);
    cli_page_right(page, CLI_STYLE_DIM, "outside", 7);
    cli_page_right(page, CLI_STYLE_DIM, "rank", 4);
    cli_page_str(page, "\n");
    for (size_t row = 0; row < rows && !page->failed; row++) {
        funnel_row(page, table, row, keys, label, &axis);
    }
    if (any) {
        cli_page_str(page, "  ▒ 95 %, ░ 99.8 %: where chance alone would put a group of this "
                           "size; ● value, ━ its interval\n");
        funnel_heaps(page, table, keys, level);
    }
    voices_notes(page, table);
}

int cli_funnel(const cli_arguments *arguments, kundig *corpus, const kundig_query *query)
{
    kundig_table *table = NULL;
    kundig_error err = {0, 0, ""};
    cli_page page = {cli_width(arguments, 160), cli_use_color(arguments), false};
    const double *benchmark = arguments->benchmark;
    cli_progress_start("measuring", false);
    int code = arguments->has_benchmark ? kundig_benchmark(corpus, query, benchmark[0],
                                                           benchmark[1], benchmark[2], &table, &err)
                                        : kundig_funnel(corpus, query, &table, &err);
    cli_progress_end();
    if (code) {
        return cli_failed_with(arguments, code, &err);
    }
    int exit_code = CLI_OK;
    if (arguments->format != CLI_FORMAT_TEXT || arguments->has_benchmark) {
        exit_code = cli_write_table(arguments, table);
    } else {
        funnel_page(&page, table, arguments->level > 0 ? arguments->level : 0.95);
        exit_code = page.failed ? CLI_FAILED : CLI_OK;
    }
    kundig_table_free(table);
    return exit_code;
}
