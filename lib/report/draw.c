/* Sections of the analysis as lines: headings, sentences, scores, groups and changes with their
 * intervals on one axis. */
#include "base/text.h"
#include "report/analysis.h"
#include "table/table.h"

#define DRAW_INDENT     2
#define DRAW_MOST_ROWS  12
#define DRAW_MOST_LABEL 28
#define DRAW_LEAST_PLOT 15
#define DRAW_MOST_PLOT  50
#define DRAW_P          7  /* "<0.0001" */
#define DRAW_SMALL      10 /* answers below which a group is marked */

typedef struct draw_rows {
    size_t at[DRAW_MOST_ROWS]; /* rows drawn, in the order of the table */
    size_t count;
    size_t left; /* rows not drawn */
} draw_rows;

static size_t draw_column(const kundig_table *table, const char *name)
{
    return kundig_table_find_column(table, name, strlen(name));
}

static kundig_text draw_view(const kundig__buf *buf)
{
    return (kundig_text){buf->data ? buf->data : "", buf->len};
}

/* The rows with the most records, kept in order. */
static void draw_choose(const kundig_table *table, size_t n, draw_rows *out)
{
    size_t rows = kundig_table_row_count(table);
    out->count = 0;
    for (size_t row = 0; row < rows; row++) {
        size_t at = out->count < DRAW_MOST_ROWS ? out->count++ : DRAW_MOST_ROWS;
        int64_t records = kundig_table_int(table, row, n);
        while (at && kundig_table_int(table, out->at[at - 1], n) < records) {
            if (at < DRAW_MOST_ROWS) {
                out->at[at] = out->at[at - 1];
            }
            at--;
        }
        if (at < DRAW_MOST_ROWS) {
            out->at[at] = row;
        }
    }
    for (size_t i = 1; i < out->count; i++) {
        size_t row = out->at[i];
        size_t at = i;
        while (at && out->at[at - 1] > row) {
            out->at[at] = out->at[at - 1];
            at--;
        }
        out->at[at] = row;
    }
    out->left = rows - out->count;
}

static void draw_value_at(kundig__buf *out, const kundig_table *table, size_t row,
                          const char *column, int unit, bool sign)
{
    size_t at = draw_column(table, column);
    if (kundig_table_is_null(table, row, at)) {
        kundig__buf_char(out, '-');
    } else {
        kundig__page_value(out, unit, kundig_table_number(table, row, at), sign);
    }
}

/* "-28.4 to -21.0", or the status where there is no value */
static void draw_interval_at(kundig__buf *out, const kundig_table *table, size_t row, int unit,
                             bool sign)
{
    if (kundig_table_is_null(table, row, draw_column(table, "lo"))) {
        kundig_text status = kundig_table_text(table, row, draw_column(table, "status"));
        for (size_t i = 0; i < status.len; i++) {
            kundig__buf_char(out, status.data[i] == '_' ? ' ' : status.data[i]);
        }
        return;
    }
    draw_value_at(out, table, row, "lo", unit, sign);
    kundig__buf_str(out, " to ");
    draw_value_at(out, table, row, "hi", unit, sign);
}

static void draw_level(kundig__buf *out, double level)
{
    kundig__buf_fixed(out, level * 100, 1);
    if (!out->failed && out->len > 2 && out->data[out->len - 1] == '0') {
        out->len -= 2;
    }
    kundig__buf_str(out, "% interval");
}

static kundig_text draw_label(kundig__page *page, const kundig_table *table, size_t row)
{
    kundig_text key = kundig_table_text(table, row, 0);
    return key.data ? kundig__page_clean(page, key) : KUNDIG__TEXT("(none)");
}

static size_t draw_label_width(kundig__page *page, const kundig_table *table, const draw_rows *rows)
{
    size_t width = kundig__page_width(kundig__str(kundig_table_column_name(table, 0)));
    for (size_t i = 0; i < rows->count; i++) {
        size_t own = kundig__page_width(draw_label(page, table, rows->at[i]));
        width = own > width ? own : width;
    }
    return width > DRAW_MOST_LABEL ? DRAW_MOST_LABEL : width;
}

/* What is left for labels beside the figures, and enough to tell them apart. */
static size_t draw_narrow(const kundig__page *page, size_t label, size_t figures)
{
    size_t room = page->width > figures ? page->width - figures : 0;
    return label <= room ? label : room > 6 ? room : 6;
}

/* Columns between the figures and the edge; 0 where they are too few for a drawing. */
static size_t draw_plot_width(const kundig__page *page, size_t used)
{
    size_t room = page->width > used ? page->width - used : 0;
    room = room > DRAW_MOST_PLOT ? DRAW_MOST_PLOT : room;
    return room < DRAW_LEAST_PLOT ? 0 : room;
}

/* The ends of the axis above the drawings. */
static void draw_axis(kundig__page *page, kundig__buf *scratch, size_t width, int unit,
                      const double axis[2], bool sign)
{
    size_t end = page->column + width;
    scratch->len = 0;
    kundig__page_value(scratch, unit, axis[0], sign);
    kundig__page_put(page, KUNDIG__STYLE_DIM, draw_view(scratch));
    scratch->len = 0;
    kundig__page_value(scratch, unit, axis[1], sign);
    size_t last = kundig__page_width(draw_view(scratch));
    if (end > last) {
        kundig__page_to(page, end - last);
    }
    kundig__page_put(page, KUNDIG__STYLE_DIM, draw_view(scratch));
}

static void draw_left(kundig__page *page, const draw_rows *rows, const char *what)
{
    if (rows->left == 0) {
        return;
    }
    kundig__page_to(page, DRAW_INDENT);
    kundig__page_str(page, KUNDIG__STYLE_DIM, "and ");
    kundig__buf *buf = &page->buf;
    size_t before = buf->len;
    kundig__page_count(buf, rows->left);
    page->column += buf->len - before;
    kundig__page_str(page, KUNDIG__STYLE_DIM, " more with fewer records; ask for all with --by ");
    kundig__page_put(page, KUNDIG__STYLE_DIM, kundig__page_clean(page, kundig__str(what)));
    kundig__page_line(page);
}

/* Red for the bad direction and green for the good one, where chance is exceeded. */
static int draw_style(const kundig__analysis *a, const kundig_table *table, size_t row,
                      const char *difference)
{
    size_t q = draw_column(table, "q");
    if (kundig_table_is_null(table, row, q) || kundig_table_number(table, row, q) >= 1 - a->level) {
        return KUNDIG__STYLE_PLAIN;
    }
    bool up = kundig_table_number(table, row, draw_column(table, difference)) > 0;
    return up == a->low_is_bad ? KUNDIG__STYLE_GOOD : KUNDIG__STYLE_BAD;
}

/* Widths of the columns of groups: the same in all sections, so that their axes stand in line. */
typedef struct draw_layout {
    size_t label;
    size_t counts;
    size_t values;
    size_t intervals;
    size_t plot;
    double axis[2];
} draw_layout;

static void draw_widen(size_t *width, const kundig__buf *text)
{
    size_t own = kundig__page_width(draw_view(text));
    *width = own > *width ? own : *width;
}

static void draw_measure(kundig__page *page, const kundig__section *section, kundig__buf *scratch,
                         draw_layout *out)
{
    const kundig_table *table = section->table;
    size_t n = draw_column(table, "n");
    draw_rows rows;
    draw_choose(table, n, &rows);
    size_t label = draw_label_width(page, table, &rows);
    out->label = label > out->label ? label : out->label;
    for (size_t i = 0; i < rows.count; i++) {
        scratch->len = 0;
        draw_value_at(scratch, table, rows.at[i], "value", section->unit, false);
        draw_widen(&out->values, scratch);
        scratch->len = 0;
        draw_interval_at(scratch, table, rows.at[i], section->unit, false);
        draw_widen(&out->intervals, scratch);
        scratch->len = 0;
        kundig__page_count(scratch, (uint64_t)kundig_table_int(table, rows.at[i], n));
        draw_widen(&out->counts, scratch);
    }
}

static void draw_lay_out(kundig__page *page, const kundig__analysis *a, kundig__buf *scratch,
                         draw_layout *out)
{
    *out = (draw_layout){.label = 1, .counts = 1, .values = strlen(a->metric)};
    scratch->len = 0;
    draw_level(scratch, a->level);
    draw_widen(&out->intervals, scratch);
    for (size_t i = 0; i < a->section_count; i++) {
        if (a->sections[i].drawing == KUNDIG__DRAW_GROUPS && a->sections[i].table) {
            draw_measure(page, &a->sections[i], scratch, out);
        }
    }
    out->axis[0] = a->axis_lo;
    out->axis[1] = a->axis_hi;
    kundig__plot_snap(a->unit, &out->axis[0], &out->axis[1]);
    size_t figures = DRAW_INDENT + 2 + out->counts + 3 + out->values + 2 + out->intervals;
    out->label = draw_narrow(page, out->label, figures);
    out->plot = a->axis ? draw_plot_width(page, figures + out->label + 2) : 0;
}

static void draw_group(kundig__page *page, const kundig__analysis *a,
                       const kundig__section *section, const draw_layout *layout, size_t row,
                       kundig__buf *scratch)
{
    const kundig_table *table = section->table;
    kundig__figure figure;
    kundig__figure_read(table, row, &figure);
    bool small = figure.n < DRAW_SMALL;
    int text = small ? KUNDIG__STYLE_DIM : KUNDIG__STYLE_PLAIN;
    int style = small ? KUNDIG__STYLE_DIM : draw_style(a, table, row, "against_rest");
    kundig__page_to(page, DRAW_INDENT);
    kundig__page_fit(page, text, draw_label(page, table, row), layout->label, false);
    kundig__page_to(page, page->column + 2);
    scratch->len = 0;
    kundig__page_count(scratch, (uint64_t)figure.n);
    kundig__page_fit(page, text, draw_view(scratch), layout->counts, true);
    kundig__page_str(page, text, small ? "*" : " ");
    kundig__page_to(page, page->column + 2);
    scratch->len = 0;
    draw_value_at(scratch, table, row, "value", section->unit, false);
    kundig__page_fit(page, style, draw_view(scratch), layout->values, true);
    kundig__page_to(page, page->column + 2);
    scratch->len = 0;
    draw_interval_at(scratch, table, row, section->unit, false);
    kundig__page_fit(page, text, draw_view(scratch), layout->intervals, false);
    if (layout->plot && figure.ok) {
        kundig__page_to(page, page->column + 2);
        kundig__plot_interval(page, layout->plot, layout->axis, a->overall.value, figure.lo,
                              figure.hi, figure.value, style);
    }
    kundig__page_line(page);
}

/* The first of the sections of groups explains the mark. */
static bool draw_is_first(const kundig__analysis *a, const kundig__section *section)
{
    const kundig__section *at = a->sections;
    while (at->drawing != KUNDIG__DRAW_GROUPS) {
        at++;
    }
    return at == section;
}

static void draw_groups(kundig__page *page, const kundig__analysis *a,
                        const kundig__section *section, kundig__buf *scratch)
{
    const kundig_table *table = section->table;
    draw_rows rows;
    draw_layout layout;
    draw_choose(table, draw_column(table, "n"), &rows);
    draw_lay_out(page, a, scratch, &layout);
    kundig__page_to(page, DRAW_INDENT);
    kundig__page_fit(page, KUNDIG__STYLE_BOLD, kundig__str(kundig_table_column_name(table, 0)),
                     layout.label, false);
    kundig__page_to(page, page->column + 2);
    kundig__page_fit(page, KUNDIG__STYLE_BOLD, KUNDIG__TEXT("n"), layout.counts, true);
    kundig__page_to(page, page->column + 3);
    kundig__page_fit(page, KUNDIG__STYLE_BOLD, kundig__str(a->metric), layout.values, true);
    kundig__page_to(page, page->column + 2);
    scratch->len = 0;
    draw_level(scratch, a->level);
    kundig__page_fit(page, KUNDIG__STYLE_BOLD, draw_view(scratch), layout.intervals, false);
    if (layout.plot) {
        kundig__page_to(page, page->column + 2);
        draw_axis(page, scratch, layout.plot, section->unit, layout.axis, false);
    }
    kundig__page_line(page);
    for (size_t i = 0; i < rows.count; i++) {
        draw_group(page, a, section, &layout, rows.at[i], scratch);
    }
    draw_left(page, &rows, kundig_table_column_name(table, 0));
    if (layout.plot && draw_is_first(a, section)) {
        kundig__page_to(page, DRAW_INDENT);
        scratch->len = 0;
        kundig__buf_str(scratch, "\xE2\x94\x8A all records: ");
        kundig__page_value(scratch, section->unit, a->overall.value, false);
        kundig__page_put(page, KUNDIG__STYLE_DIM, draw_view(scratch));
        kundig__page_line(page);
    }
}

/* An axis around zero that holds the intervals of groups that are not small. */
static void draw_change_axis(const kundig_table *table, const draw_rows *rows, int unit,
                             double axis[2])
{
    double most = 0;
    for (size_t i = 0; i < rows->count; i++) {
        size_t row = rows->at[i];
        if (kundig_table_is_null(table, row, draw_column(table, "lo")) ||
            kundig_table_int(table, row, draw_column(table, "a_n")) < DRAW_SMALL ||
            kundig_table_int(table, row, draw_column(table, "b_n")) < DRAW_SMALL) {
            continue;
        }
        double lo = -kundig_table_number(table, row, draw_column(table, "lo"));
        double hi = kundig_table_number(table, row, draw_column(table, "hi"));
        most = lo > most ? lo : most;
        most = hi > most ? hi : most;
    }
    axis[0] = -most;
    axis[1] = most;
    kundig__plot_snap(unit, &axis[0], &axis[1]);
}

static void draw_p_at(kundig__page *page, const kundig_table *table, size_t row,
                      kundig__buf *scratch)
{
    size_t q = draw_column(table, "q");
    scratch->len = 0;
    if (kundig_table_is_null(table, row, q)) {
        kundig__buf_char(scratch, '-');
    } else {
        kundig__page_p(scratch, kundig_table_number(table, row, q));
    }
    kundig__page_to(page, page->column + 2);
    kundig__page_fit(page, KUNDIG__STYLE_PLAIN, draw_view(scratch), DRAW_P, true);
}

static void draw_changes(kundig__page *page, const kundig__analysis *a,
                         const kundig__section *section, kundig__buf *scratch)
{
    static const char *const columns[] = {"a", "b", "difference"};
    const kundig_table *table = section->table;
    draw_rows rows;
    draw_choose(table, draw_column(table, "b_n"), &rows);
    size_t label = draw_label_width(page, table, &rows);
    kundig_text names[3] = {a->period_a, a->period_b, KUNDIG__TEXT("change")};
    size_t widths[3];
    double axis[2];
    draw_change_axis(table, &rows, section->unit, axis);
    size_t used = DRAW_INDENT + label;
    for (size_t c = 0; c < 3; c++) {
        widths[c] = kundig__page_width(names[c]);
        for (size_t i = 0; i < rows.count; i++) {
            scratch->len = 0;
            draw_value_at(scratch, table, rows.at[i], columns[c], section->unit, c == 2);
            size_t width = kundig__page_width(draw_view(scratch));
            widths[c] = width > widths[c] ? width : widths[c];
        }
        used += 2 + widths[c];
    }
    bool with_q = used + 3 + DRAW_P <= page->width || page->width >= 60;
    used += with_q ? 3 + DRAW_P : 1;
    label = draw_narrow(page, label, used - label);
    size_t plot = draw_plot_width(page, used + 2);
    kundig__page_to(page, DRAW_INDENT);
    kundig__page_fit(page, KUNDIG__STYLE_BOLD, kundig__str(kundig_table_column_name(table, 0)),
                     label, false);
    for (size_t c = 0; c < 3; c++) {
        kundig__page_to(page, page->column + 2);
        kundig__page_fit(page, KUNDIG__STYLE_BOLD, names[c], widths[c], true);
    }
    kundig__page_to(page, page->column + 1);
    if (with_q) {
        kundig__page_to(page, page->column + 2);
        kundig__page_fit(page, KUNDIG__STYLE_BOLD, KUNDIG__TEXT("q"), DRAW_P, true);
    }
    if (plot) {
        kundig__page_to(page, page->column + 2);
        draw_axis(page, scratch, plot, section->unit, axis, true);
    }
    kundig__page_line(page);
    for (size_t i = 0; i < rows.count; i++) {
        size_t row = rows.at[i];
        bool small = kundig_table_int(table, row, draw_column(table, "a_n")) < DRAW_SMALL ||
                     kundig_table_int(table, row, draw_column(table, "b_n")) < DRAW_SMALL;
        int text = small ? KUNDIG__STYLE_DIM : KUNDIG__STYLE_PLAIN;
        int style = small ? KUNDIG__STYLE_DIM : draw_style(a, table, row, "difference");
        kundig__page_to(page, DRAW_INDENT);
        kundig__page_fit(page, text, draw_label(page, table, row), label, false);
        for (size_t c = 0; c < 3; c++) {
            kundig__page_to(page, page->column + 2);
            scratch->len = 0;
            draw_value_at(scratch, table, row, columns[c], section->unit, c == 2);
            kundig__page_fit(page, c == 2 ? style : text, draw_view(scratch), widths[c], true);
        }
        kundig__page_str(page, text, small ? "*" : " ");
        if (with_q) {
            draw_p_at(page, table, row, scratch);
        }
        if (plot && !kundig_table_is_null(table, row, draw_column(table, "lo"))) {
            kundig__page_to(page, page->column + 2);
            kundig__plot_interval(
                page, plot, axis, 0, kundig_table_number(table, row, draw_column(table, "lo")),
                kundig_table_number(table, row, draw_column(table, "hi")),
                kundig_table_number(table, row, draw_column(table, "difference")), style);
        }
        kundig__page_line(page);
    }
    draw_left(page, &rows, kundig_table_column_name(table, 0));
}

static int draw_unit(kundig_text name)
{
    return kundig__text_equal(name, KUNDIG__TEXT("score"))   ? KUNDIG_UNIT_SCORE
           : kundig__text_equal(name, KUNDIG__TEXT("share")) ? KUNDIG_UNIT_SHARE
                                                             : KUNDIG_UNIT_POINTS;
}

/* A piece of a line that goes on; on a line of its own where it does not fit. */
static void draw_piece(kundig__page *page, int style, kundig_text text)
{
    size_t gap = page->column > DRAW_INDENT ? 3 : 0;
    if (gap && page->column + gap + kundig__page_width(text) > page->width) {
        kundig__page_line(page);
        gap = 0;
    }
    kundig__page_to(page, page->column ? page->column + gap : DRAW_INDENT);
    size_t room = page->width - page->column;
    size_t own = kundig__page_width(text);
    kundig__page_fit(page, style, text, own < room ? own : room, false);
}

/* The bar of the leading question and what its parts are. */
static void draw_parts(kundig__page *page, const kundig__analysis *a, const kundig_table *table,
                       kundig__buf *scratch)
{
    static const char *const columns[] = {"worst", "middle", "best"};
    bool nps = a->unit == KUNDIG_UNIT_SCORE;
    const char *names[] = {a->bad_name, nps ? "passives" : "in between", a->good_name};
    uint64_t parts[3];
    uint64_t whole = 0;
    for (size_t i = 0; i < 3; i++) {
        int64_t part = kundig_table_int(table, 0, draw_column(table, columns[i]));
        parts[i] = part > 0 ? (uint64_t)part : 0;
        whole += parts[i];
    }
    if (whole == 0) {
        return;
    }
    size_t width = page->width - 2 * DRAW_INDENT;
    kundig__page_to(page, DRAW_INDENT);
    kundig__plot_parts(page, width > 80 ? 80 : width, parts);
    kundig__page_line(page);
    for (size_t i = 0; i < 3; i++) {
        scratch->len = 0;
        kundig__page_value(scratch, KUNDIG_UNIT_SHARE, (double)parts[i] / (double)whole, false);
        kundig__buf_char(scratch, ' ');
        kundig__buf_str(scratch, names[i]);
        kundig__buf_str(scratch, " (");
        kundig__page_count(scratch, parts[i]);
        kundig__buf_char(scratch, ')');
        draw_piece(page, KUNDIG__STYLE_PLAIN, draw_view(scratch));
    }
    kundig__page_line(page);
}

static void draw_scores(kundig__page *page, const kundig__analysis *a,
                        const kundig__section *section, kundig__buf *scratch)
{
    const kundig_table *table = section->table;
    for (size_t row = 0; row < kundig_table_row_count(table); row++) {
        int unit = draw_unit(kundig_table_text(table, row, draw_column(table, "unit")));
        kundig_text metric = kundig_table_text(table, row, draw_column(table, "metric"));
        kundig_text question = kundig_table_text(table, row, draw_column(table, "question"));
        kundig__figure figure;
        kundig__figure_read(table, row, &figure);
        int style = row ? KUNDIG__STYLE_PLAIN : KUNDIG__STYLE_BOLD;
        scratch->len = 0;
        kundig__buf_text(scratch, metric);
        kundig__buf_str(scratch, "  ");
        draw_value_at(scratch, table, row, "value", unit, false);
        draw_piece(page, style, draw_view(scratch));
        scratch->len = 0;
        if (figure.ok) {
            draw_level(scratch, a->level);
            kundig__buf_char(scratch, ' ');
        }
        draw_interval_at(scratch, table, row, unit, false);
        draw_piece(page, KUNDIG__STYLE_PLAIN, draw_view(scratch));
        scratch->len = 0;
        kundig__buf_str(scratch, "n = ");
        kundig__page_count(scratch, (uint64_t)figure.n);
        draw_piece(page, KUNDIG__STYLE_PLAIN, draw_view(scratch));
        scratch->len = 0;
        if (!kundig__text_equal_nocase(question, metric)) {
            kundig__buf_text(scratch, question);
            kundig__buf_str(scratch, ", ");
        }
        kundig__buf_text(scratch, kundig_table_text(table, row, draw_column(table, "scale")));
        draw_piece(page, KUNDIG__STYLE_DIM, kundig__page_clean(page, draw_view(scratch)));
        kundig__page_line(page);
        if (row == 0) {
            draw_parts(page, a, table, scratch);
        }
    }
}

static void draw_lines(kundig__page *page, const kundig__section *section, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        const kundig__line *line = &section->lines[i];
        kundig__page_to(page, DRAW_INDENT);
        switch (line->mark) {
        case KUNDIG__LINE_COMMAND:
            /* Never broken: it is to be copied. */
            kundig__page_to(page, 2 * DRAW_INDENT);
            kundig__page_put(page, KUNDIG__STYLE_BOLD, kundig__page_clean(page, line->text));
            kundig__page_line(page);
            break;
        case KUNDIG__LINE_WARNING:
            kundig__page_str(page, KUNDIG__STYLE_BAD, "! ");
            kundig__page_wrap(page, KUNDIG__STYLE_PLAIN, DRAW_INDENT + 2, line->text);
            break;
        case KUNDIG__LINE_QUIET:
            kundig__page_wrap(page, KUNDIG__STYLE_DIM, DRAW_INDENT, line->text);
            break;
        default:
            kundig__page_wrap(page, KUNDIG__STYLE_PLAIN, DRAW_INDENT, line->text);
            break;
        }
    }
}

void kundig__draw_title(kundig__page *page, const kundig__analysis *a)
{
    kundig__page_str(page, KUNDIG__STYLE_BOLD, "kundig");
    if (a->title.data) {
        kundig__page_to(page, page->column + 2);
        kundig_text title = kundig__page_clean(page, a->title);
        size_t room = page->width - page->column;
        size_t own = kundig__page_width(title);
        kundig__page_fit(page, KUNDIG__STYLE_BOLD, title, own < room ? own : room, false);
    }
    kundig__page_line(page);
}

void kundig__draw_section(kundig__page *page, const kundig__analysis *a,
                          const kundig__section *section)
{
    kundig__buf scratch;
    kundig__buf_init(&scratch, page->buf.mem);
    kundig_text title = kundig__page_clean(page, section->title);
    kundig__page_put(page, KUNDIG__STYLE_BOLD, title);
    kundig__page_to(page, page->column + 1);
    if (page->column < page->width) {
        kundig__page_repeat(page, KUNDIG__STYLE_DIM, "\xE2\x94\x80", page->width - page->column);
    }
    kundig__page_line(page);
    size_t above = section->after < section->line_count ? section->after : section->line_count;
    draw_lines(page, section, 0, above);
    if (section->table) {
        switch (section->drawing) {
        case KUNDIG__DRAW_SCORES:
            draw_scores(page, a, section, &scratch);
            break;
        case KUNDIG__DRAW_GROUPS:
            draw_groups(page, a, section, &scratch);
            break;
        case KUNDIG__DRAW_CHANGES:
            draw_changes(page, a, section, &scratch);
            break;
        case KUNDIG__DRAW_NOTHING:
            break;
        default:
            kundig__page_table(page, DRAW_INDENT, section->shown ? section->shown : section->table);
            break;
        }
    }
    draw_lines(page, section, above, section->line_count);
    if (scratch.failed) {
        page->buf.failed = true;
    }
    kundig__buf_free(&scratch);
}
