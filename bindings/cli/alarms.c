/* The page of alarms: what is out of the ordinary since when, and what was said; and control charts
 * as plots of points between their limits.
 *
 * Numbers come from the table of the library; here they are only drawn. */
#include <stdlib.h>
#include <string.h>

#include "page.h"

#define ALARMS_LISTED 20
#define ALARMS_DRAWN  6  /* charts of a page */
#define ALARMS_ROWS   9  /* of a plot */
#define ALARMS_AXIS   10 /* columns left of a plot */
#define ALARMS_STEP   7  /* columns of a period, at most */
#define ALARMS_QUOTE  2  /* lines */

static kundig_text alarms_cell(const kundig_table *table, size_t row, const char *name)
{
    size_t column = kundig_table_find_column(table, name, strlen(name));
    return column == SIZE_MAX ? (kundig_text){NULL, 0} : kundig_table_text(table, row, column);
}

static bool alarms_number(const kundig_table *table, size_t row, const char *name, double *out)
{
    size_t column = kundig_table_find_column(table, name, strlen(name));
    *out = 0;
    if (column == SIZE_MAX || kundig_table_is_null(table, row, column)) {
        return false;
    }
    *out = kundig_table_column_type(table, column) == KUNDIG_COLUMN_INT
               ? (double)kundig_table_int(table, row, column)
               : kundig_table_number(table, row, column);
    return true;
}

/* What a row is of: the values of the columns before `first`, with blanks between. Freed by the
 * caller; NULL: out of memory. */
static char *alarms_series(const kundig_table *table, size_t row, size_t first)
{
    size_t size = 16;
    for (size_t key = 0; key < first; key++) {
        size += kundig_table_text(table, row, key).len + 16;
    }
    char *joined = malloc(size);
    size_t len = 0;
    for (size_t key = 0; joined && key < first; key++) {
        kundig_text text = kundig_table_text(table, row, key);
        len += (size_t)snprintf(joined + len, size - len, "%s%s", key ? " / " : "",
                                text.data ? text.data : "(missing)");
    }
    if (joined && !first) {
        len = (size_t)snprintf(joined, size, "all records");
    }
    char *clean = joined ? cli_page_clean((kundig_text){joined, len}) : NULL;
    free(joined);
    return clean;
}

static void alarms_notes(cli_page *page, const kundig_table *table)
{
    for (size_t i = 0; i < kundig_table_note_count(table); i++) {
        cli_page_note(page, kundig_table_note(table, i));
    }
}

/* ---- The list ------------------------------------------------------------------------------- */

static bool alarms_same(kundig_text a, kundig_text b)
{
    return a.len == b.len && (!a.data) == (!b.data) && (!a.len || !memcmp(a.data, b.data, a.len));
}

/* Alarms of several charts of one series, period and direction stand side by side: one item. */
static bool alarms_goes_on(const kundig_table *table, size_t row, size_t first)
{
    bool same =
        alarms_same(alarms_cell(table, row, "period"), alarms_cell(table, row - 1, "period")) &&
        alarms_same(alarms_cell(table, row, "direction"), alarms_cell(table, row - 1, "direction"));
    for (size_t key = 0; same && key < first; key++) {
        same =
            alarms_same(kundig_table_text(table, row, key), kundig_table_text(table, row - 1, key));
    }
    return same;
}

static void alarms_quote(cli_page *page, kundig_text quote)
{
    char *clean = quote.len ? cli_page_clean(quote) : NULL;
    if (!quote.len) {
        return;
    }
    size_t size = clean ? strlen(clean) + 8 : 0;
    char *marked = clean ? malloc(size) : NULL;
    page->failed = page->failed || !marked;
    if (marked) {
        snprintf(marked, size, "“%s”", clean);
        cli_page_wrap(page, CLI_STYLE_DIM, 4, marked, ALARMS_QUOTE);
    }
    free(marked);
    free(clean);
}

/* The rows [row, row + count) are one item. */
static void alarms_item(cli_page *page, const kundig_table *table, size_t row, size_t count,
                        size_t first)
{
    kundig_text direction = alarms_cell(table, row, "direction");
    bool up = direction.data && strcmp(direction.data, "up") == 0;
    char *name = alarms_series(table, row, first);
    char charts[64] = "";
    double q;
    double least = 1;
    double ratio;
    char text[96];
    if (!name) {
        page->failed = true;
        return;
    }
    for (size_t i = row; i < row + count; i++) {
        kundig_text chart = alarms_cell(table, i, "chart");
        size_t len = strlen(charts);
        snprintf(charts + len, sizeof charts - len, "%s%s", len ? ", " : "",
                 chart.data ? chart.data : "");
        if (alarms_number(table, i, "q", &q) && q < least) {
            least = q;
        }
    }
    kundig_text onset = alarms_cell(table, row, "onset");
    kundig_text sentence = alarms_cell(table, row, "sentence");
    cli_page_styled(page, CLI_STYLE_BOLD, onset.data ? onset.data : "", onset.len);
    cli_page_str(page, "  ");
    size_t room = page->width > 40 ? page->width - 36 : 20;
    bool cut = cli_page_columns(name, strlen(name)) > room;
    cli_page_styled(page, CLI_STYLE_BOLD, name, cut ? cli_page_line(name, room) : strlen(name));
    cli_page_str(page, cut ? "…  " : "  ");
    if (alarms_number(table, row, "ratio", &ratio)) {
        snprintf(text, sizeof text, ratio < 10 ? "%s x %.1f" : "%s x %.0f", up ? "▲" : "▼", ratio);
    } else {
        snprintf(text, sizeof text, "%s", up ? "▲" : "▼");
    }
    cli_page_styled(page, up ? CLI_STYLE_BAD : CLI_STYLE_GOOD, text, strlen(text));
    cli_page_str(page, "\n");
    if (least < 1) {
        char value[32];
        if (least < 0.0001) {
            snprintf(value, sizeof value, "< 0.0001");
        } else {
            snprintf(value, sizeof value, "= %.4f", least);
        }
        snprintf(text, sizeof text, ". q %s, by %s", value, charts);
    } else {
        snprintf(text, sizeof text, ". By %s", charts);
    }
    size_t size = sentence.len + sizeof text;
    char *whole = malloc(size);
    page->failed = page->failed || !whole;
    if (whole) {
        snprintf(whole, size, "%s%s", sentence.data ? sentence.data : "", text);
        cli_page_wrap(page, "", 4, whole, 3);
    }
    free(whole);
    alarms_quote(page, alarms_cell(table, row, "quote_1"));
    alarms_quote(page, alarms_cell(table, row, "quote_2"));
    free(name);
}

static void alarms_list(cli_page *page, const kundig_table *table, size_t first, size_t limit)
{
    size_t rows = kundig_table_row_count(table);
    size_t shown = 0;
    size_t row = 0;
    while (row < rows && shown < limit && !page->failed) {
        size_t count = 1;
        while (row + count < rows && alarms_goes_on(table, row + count, first)) {
            count++;
        }
        cli_page_str(page, shown ? "\n" : "");
        alarms_item(page, table, row, count, first);
        row += count;
        shown++;
    }
    if (!rows) {
        cli_page_str(page, "no alarm: nothing is out of the ordinary\n");
    }
    if (row < rows) {
        cli_page_str(page, "\n");
        cli_page_note(page, "more alarms, earlier ones, are not shown: --limit N");
    }
}

/* ---- A chart -------------------------------------------------------------------------------- */

/* One series: the rows [row, row + count) of the table. */
typedef struct alarms_plot {
    const kundig_table *table;
    size_t row;
    size_t count;
    size_t columns;
    size_t step; /* columns of a period; its value stands in the middle one */
    double low;
    double high;
    double scale; /* 100 of shares */
} alarms_plot;

static void alarms_widen(alarms_plot *plot, const char *name)
{
    double value;
    for (size_t i = 0; i < plot->count; i++) {
        if (alarms_number(plot->table, plot->row + i, name, &value)) {
            plot->low = value < plot->low ? value : plot->low;
            plot->high = value > plot->high ? value : plot->high;
        }
    }
}

/* 0 is the highest row; ALARMS_ROWS where there is no value. */
static size_t alarms_height(const alarms_plot *plot, size_t row, const char *name)
{
    double value;
    if (!alarms_number(plot->table, row, name, &value)) {
        return ALARMS_ROWS;
    }
    double share = (value - plot->low) / (plot->high - plot->low);
    double height = (1 - share) * (ALARMS_ROWS - 1) + 0.5;
    return height < 0 ? 0 : height >= ALARMS_ROWS ? ALARMS_ROWS - 1 : (size_t)height;
}

/* The period that a column shows: where there are more periods than columns, the first signal of
 * those that share it, else the last. */
static size_t alarms_period(const alarms_plot *plot, size_t column)
{
    size_t from = column * plot->count / plot->columns;
    size_t to = (column + 1) * plot->count / plot->columns;
    to = to > from ? to : from + 1;
    for (size_t i = from; i < to; i++) {
        if (alarms_cell(plot->table, plot->row + i, "signal").data) {
            return plot->row + i;
        }
    }
    return plot->row + to - 1;
}

static void alarms_plot_line(cli_page *page, const alarms_plot *plot, size_t line)
{
    char label[32];
    double value = plot->high - (plot->high - plot->low) * (double)line / (ALARMS_ROWS - 1);
    value *= plot->scale;
    if (line % 2 == 0) {
        snprintf(label, sizeof label,
                 plot->scale > 1             ? "%.1f %%"
                 : value < 10 && value > -10 ? "%.2f"
                                             : "%.0f",
                 value);
    } else {
        label[0] = '\0';
    }
    cli_page_right(page, CLI_STYLE_DIM, label, ALARMS_AXIS - 4);
    cli_page_str(page, " │");
    for (size_t column = 0; column < plot->columns; column++) {
        size_t row = alarms_period(plot, column);
        kundig_text signal = alarms_cell(plot->table, row, "signal");
        bool up = signal.data && strcmp(signal.data, "up") == 0;
        bool middle = column % plot->step == plot->step / 2;
        if (middle && alarms_height(plot, row, "value") == line) {
            const char *mark = !signal.data ? "•" : up ? "▲" : "▼";
            cli_page_styled(page,
                            !signal.data ? CLI_STYLE_BOLD
                            : up         ? CLI_STYLE_BAD
                                         : CLI_STYLE_GOOD,
                            mark, strlen(mark));
        } else if (alarms_height(plot, row, "upper") == line ||
                   alarms_height(plot, row, "lower") == line) {
            cli_page_styled(page, CLI_STYLE_DIM, "╌", strlen("╌"));
        } else if (alarms_height(plot, row, "centre") == line) {
            cli_page_styled(page, CLI_STYLE_DIM, "─", strlen("─"));
        } else {
            cli_page_str(page, " ");
        }
    }
    cli_page_str(page, "\n");
}

static void alarms_plot_draw(cli_page *page, alarms_plot *plot, size_t first)
{
    size_t room = page->width > ALARMS_AXIS + 10 ? page->width - ALARMS_AXIS : 10;
    char *name = alarms_series(plot->table, plot->row, first);
    kundig_text chart = alarms_cell(plot->table, plot->row, "chart");
    bool share = chart.data && strcmp(chart.data, "share") == 0;
    bool counts = chart.data && strcmp(chart.data, "count") == 0;
    char title[256];
    if (!name) {
        page->failed = true;
        return;
    }
    snprintf(title, sizeof title, "%.120s: %s", name,
             share    ? "share of the customers who wrote"
             : counts ? "customers"
                      : (chart.data ? chart.data : ""));
    free(name);
    cli_page_wrap(page, CLI_STYLE_BOLD, 0, title, 2);
    plot->step = plot->count < room ? room / plot->count : 1;
    plot->step = plot->step < ALARMS_STEP ? plot->step : ALARMS_STEP;
    plot->columns = plot->count < room ? plot->count * plot->step : room;
    plot->scale = share ? 100 : 1;
    plot->low = 1e300;
    plot->high = -1e300;
    alarms_widen(plot, "value");
    alarms_widen(plot, "lower");
    alarms_widen(plot, "upper");
    if (plot->low > plot->high) {
        cli_page_str(page, "  nothing to draw\n");
        return;
    }
    if (plot->high - plot->low < 1e-9) {
        plot->high = plot->low + 1;
    }
    for (size_t line = 0; line < ALARMS_ROWS && !page->failed; line++) {
        alarms_plot_line(page, plot, line);
    }
    kundig_text from = alarms_cell(plot->table, plot->row, "period");
    kundig_text to = alarms_cell(plot->table, plot->row + plot->count - 1, "period");
    cli_page_blanks(page, ALARMS_AXIS);
    cli_page_styled(page, CLI_STYLE_DIM, from.data ? from.data : "", from.len);
    if (plot->count > 1) {
        size_t used = from.len + to.len;
        cli_page_blanks(page, plot->columns > used ? plot->columns - used : 1);
        cli_page_styled(page, CLI_STYLE_DIM, to.data ? to.data : "", to.len);
    }
    cli_page_str(page, "\n");
}

/* Charts with signals first, by how many; then as they stand. */
static void alarms_draw(cli_page *page, const kundig_table *table, size_t first, size_t limit)
{
    size_t rows = kundig_table_row_count(table);
    size_t periods = 0;
    size_t shown = 0;
    while (periods < rows && (!periods || !alarms_same(alarms_cell(table, periods, "period"),
                                                       alarms_cell(table, 0, "period")))) {
        periods++;
    }
    size_t series = periods ? rows / periods : 0;
    for (int quiet = 0; quiet < 2; quiet++) {
        for (size_t i = 0; i < series && shown < limit && !page->failed; i++) {
            bool signals = false;
            for (size_t t = 0; t < periods && !signals; t++) {
                signals = alarms_cell(table, i * periods + t, "signal").data != NULL;
            }
            if (signals == !quiet) {
                alarms_plot plot = {table, i * periods, periods, 0, 1, 0, 0, 1};
                cli_page_str(page, shown ? "\n" : "");
                alarms_plot_draw(page, &plot, first);
                shown++;
            }
        }
    }
    if (!series) {
        cli_page_str(page, "nothing to draw: no record has a time and says something\n");
        return;
    }
    cli_page_str(page, "\n");
    cli_page_note(page, "• value  ▲▼ out of the limits  ─ centre  ╌ limits");
    if (shown < series) {
        char note[160];
        snprintf(note, sizeof note,
                 "%zu of %zu charts are drawn, those with alarms first: --limit N", shown, series);
        cli_page_note(page, note);
    }
}

/* ---- The command ---------------------------------------------------------------------------- */

int cli_alarms(const cli_arguments *arguments, kundig *corpus, const kundig_query *query)
{
    kundig_table *table = NULL;
    kundig_error err = {0, 0, ""};
    kundig_chart_options options;
    cli_page page = {cli_width(arguments, 140), cli_use_color(arguments), false};
    bool wanted = arguments->format == CLI_FORMAT_TEXT;
    kundig_chart_options_init(&options);
    options.chart = arguments->chart_kind;
    options.limits = arguments->chart_limits;
    options.weekdays = arguments->weekdays;
    options.baseline = arguments->baseline;
    options.rate = arguments->rate;
    if (arguments->since_given) {
        options.since_ms = arguments->since_ms;
    }
    cli_progress_start("measuring", false);
    int code = arguments->chart
                   ? kundig_chart(corpus, query, &options, &table, &err)
                   : kundig_alarms(corpus, query, &options, wanted ? 0 : (size_t)arguments->limit,
                                   &table, &err);
    cli_progress_end();
    if (code) {
        return cli_failed_with(arguments, code, &err);
    }
    int exit_code = CLI_OK;
    if (wanted) {
        const char *before = arguments->chart ? "period" : "chart";
        size_t first = kundig_table_find_column(table, before, strlen(before));
        first = first == SIZE_MAX ? 0 : first;
        if (arguments->chart) {
            alarms_draw(&page, table, first,
                        arguments->limit ? (size_t)arguments->limit : ALARMS_DRAWN);
        } else {
            alarms_list(&page, table, first,
                        arguments->limit ? (size_t)arguments->limit : ALARMS_LISTED);
        }
        if (kundig_table_note_count(table)) {
            cli_page_str(&page, "\n");
        }
        alarms_notes(&page, table);
        exit_code = page.failed ? CLI_FAILED : CLI_OK;
    } else {
        exit_code = cli_write_table(arguments, table);
    }
    kundig_table_free(table);
    return exit_code;
}
