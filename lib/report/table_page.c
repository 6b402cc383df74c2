/* A table as aligned text: numbers right, texts left, long texts wrapped inside their column.
 *
 * Columns that hold no value, and texts that are the same in every row, are said once below instead
 * of drawn. Where the columns do not fit the width even so, each row becomes a block of lines "name
 * value". Cost: two passes over the cells. */
#include "report/report.h"

#include "base/options.h"
#include "base/text.h"
#include "report/page.h"
#include "table/table.h"

#define TABLE_PAGE_GAP        2
#define TABLE_PAGE_NARROW     12 /* a text column gives way down to this */
#define TABLE_PAGE_READABLE   24 /* and a long text is not read in less than this */
#define TABLE_PAGE_SAID       40 /* widest text that is said once below */
#define TABLE_PAGE_MOST_LINES 12

typedef struct table_page_column {
    size_t natural; /* widest cell or name */
    size_t width;
    int decimals;
    bool text;
    bool empty;    /* no row has a value */
    bool constant; /* every row has the same text */
    bool drawn;
    bool spared;  /* not drawn for lack of room */
    size_t start; /* the cell in hand, cleaned, in table_page.cells */
    size_t len;
} table_page_column;

typedef struct table_page {
    kundig__page *page;
    const kundig_table *table;
    size_t indent;
    size_t rows;
    size_t count; /* columns */
    table_page_column *columns;
    size_t text;       /* the column of comments; SIZE_MAX: none */
    size_t evidence;   /* byte ranges of that text, to be marked in it; SIZE_MAX: none */
    kundig__buf raw;   /* one cell as it is */
    kundig__buf cells; /* a row of cells, cleaned */
} table_page;

/* The next range "12-19 delay; ..." of a list; false where there is none. */
static bool table_page_range(kundig_text *list, size_t *start, size_t *end)
{
    size_t *out[2] = {start, end};
    size_t at = 0;
    for (int i = 0; i < 2; i++) {
        size_t digits = at;
        *out[i] = 0;
        while (at < list->len && list->data[at] >= '0' && list->data[at] <= '9' &&
               at - digits < 12) {
            *out[i] = *out[i] * 10 + (size_t)(list->data[at++] - '0');
        }
        if (at == digits || (i == 0 && (at == list->len || list->data[at++] != '-'))) {
            return false;
        }
    }
    while (at < list->len && list->data[at] != ';') {
        at++;
    }
    at = at + 2 <= list->len ? at + 2 : list->len;
    *list = kundig__text(list->data + at, list->len - at);
    return true;
}

/* A comment with its evidence in marks, into work->raw; ranges that overlap share one. */
static void table_page_mark(table_page *work, kundig_text text, kundig_text evidence)
{
    size_t start;
    size_t end;
    size_t done = 0;  /* of the text */
    size_t until = 0; /* where the open mark ends; 0: none is open */
    while (table_page_range(&evidence, &start, &end)) {
        if (start < done || end <= start || end > text.len) {
            continue;
        }
        if (until && start <= until) {
            until = end > until ? end : until;
            continue;
        }
        if (until) {
            kundig__buf_add(&work->raw, text.data + done, until - done);
            kundig__buf_str(&work->raw, "\xC2\xBB");
            done = until;
        }
        kundig__buf_add(&work->raw, text.data + done, start - done);
        kundig__buf_str(&work->raw, "\xC2\xAB");
        done = start;
        until = end;
    }
    if (until) {
        kundig__buf_add(&work->raw, text.data + done, until - done);
        kundig__buf_str(&work->raw, "\xC2\xBB");
        done = until;
    }
    kundig__buf_add(&work->raw, text.data + done, text.len - done);
}

static kundig_text table_page_clean_cell(table_page *work, size_t row, size_t column)
{
    const kundig_table *table = work->table;
    if (kundig_table_column_type(table, column) == KUNDIG_COLUMN_TEXT &&
        !kundig_table_is_null(table, row, column)) {
        kundig_text text = kundig_table_text(table, row, column);
        if (column == work->text && work->evidence != SIZE_MAX) {
            work->raw.len = 0;
            table_page_mark(work, text, kundig_table_text(table, row, work->evidence));
            text = kundig__text(work->raw.data ? work->raw.data : "", work->raw.len);
        }
        return kundig__page_clean(work->page, text);
    }
    work->raw.len = 0;
    kundig__page_cell(&work->raw, table, row, column, work->columns[column].decimals);
    return (kundig_text){work->raw.data ? work->raw.data : "", work->raw.len};
}

static void table_page_measure(table_page *work)
{
    const kundig_table *table = work->table;
    for (size_t i = 0; i < work->count; i++) {
        table_page_column *column = &work->columns[i];
        column->text = kundig_table_column_type(table, i) == KUNDIG_COLUMN_TEXT;
        column->decimals = kundig__page_decimals(table, i);
        column->natural = kundig__page_width(
            kundig__page_clean(work->page, kundig__str(kundig_table_column_name(table, i))));
        column->empty =
            work->rows > 0 && i > 0 && kundig_table_column_type(table, i) != KUNDIG_COLUMN_NUMBER;
        column->constant = work->rows > 1 && i > 0 && column->text;
        kundig_text first = kundig_table_text(table, 0, i);
        for (size_t row = 0; row < work->rows; row++) {
            bool null = kundig_table_is_null(table, row, i);
            column->empty = column->empty && null;
            column->constant = column->constant && !null &&
                               kundig__text_equal(first, kundig_table_text(table, row, i));
            size_t width = kundig__page_width(table_page_clean_cell(work, row, i));
            column->natural = width > column->natural ? width : column->natural;
        }
        /* A long text is a thing of its own, even if it comes twice. */
        column->constant = column->constant && column->natural <= TABLE_PAGE_SAID;
        column->width = column->natural;
        column->drawn = !column->empty && !column->constant;
    }
    if (work->evidence != SIZE_MAX) { /* it stands in the text */
        table_page_column *evidence = &work->columns[work->evidence];
        evidence->drawn = false;
        evidence->empty = false;
        evidence->constant = false;
    }
}

static size_t table_page_total(const table_page *work)
{
    size_t total = work->indent;
    size_t drawn = 0;
    for (size_t i = 0; i < work->count; i++) {
        if (work->columns[i].drawn) {
            total += work->columns[i].width + (drawn ? TABLE_PAGE_GAP : 0);
            drawn++;
        }
    }
    return total;
}

/* Narrow the widest texts until the row fits; false if it cannot be read then. */
static bool table_page_narrow(table_page *work)
{
    for (size_t i = 0; i < work->count; i++) {
        work->columns[i].width = work->columns[i].natural;
    }
    size_t total = table_page_total(work);
    while (total > work->page->width) {
        table_page_column *widest = NULL;
        size_t second = TABLE_PAGE_NARROW;
        for (size_t i = 0; i < work->count; i++) {
            table_page_column *column = &work->columns[i];
            if (!column->drawn || !column->text || column->width <= TABLE_PAGE_NARROW) {
                continue;
            }
            if (!widest || column->width > widest->width) {
                second = widest && widest->width > second ? widest->width : second;
                widest = column;
            } else if (column->width > second) {
                second = column->width;
            }
        }
        if (!widest) {
            return false;
        }
        size_t over = total - work->page->width;
        size_t give = widest->width - second;
        give = give == 0 ? 1 : give < over ? give : over;
        widest->width -= give;
        total -= give;
    }
    for (size_t i = 0; i < work->count; i++) {
        table_page_column *column = &work->columns[i];
        if (column->drawn && column->width < column->natural &&
            column->natural > 2 * TABLE_PAGE_READABLE && column->width < TABLE_PAGE_READABLE) {
            return false;
        }
    }
    return true;
}

/* Columns that a reader of the page misses least: they follow from others, or say where a
 * definition comes from. Only figures, so never a group of that name; of texts only those of a
 * table whose rows end in a text of their own. */
static bool table_page_spare(const table_page *work, size_t column, const char *name)
{
    const char *last = kundig_table_column_name(work->table, work->count - 1);
    bool described = strcmp(last, "description") == 0 || strcmp(last, "quote") == 0;
    return column > 0 && work->columns[column].drawn &&
           strcmp(kundig_table_column_name(work->table, column), name) == 0 &&
           (!work->columns[column].text || described);
}

/* The same where comments and their moods are told: what a comment says is read there. */
static bool table_page_spare_told(const table_page *work, size_t column, const char *name)
{
    return work->columns[column].drawn &&
           strcmp(kundig_table_column_name(work->table, column), name) == 0;
}

/* Customers of both sets go together, both ends of an interval, and the shares of all moods. */
static bool table_page_is_half(const char *name)
{
    static const char *const halves[] = {"a_customers", "share_lo", "mixed",
                                         "neutral",     "positive", "lo"};
    for (size_t i = 0; i < sizeof halves / sizeof *halves; i++) {
        if (strcmp(name, halves[i]) == 0) {
            return true;
        }
    }
    return false;
}

typedef bool table_page_spared_fn(const table_page *work, size_t column, const char *name);

/* Leave out one after the other until the rest fits. */
static bool table_page_leave_out(table_page *work, const char *const *names, size_t count,
                                 table_page_spared_fn *is_spared)
{
    for (size_t s = 0; s < count; s++) {
        for (size_t i = 0; i < work->count; i++) {
            if (is_spared(work, i, names[s])) {
                work->columns[i].drawn = false;
                work->columns[i].spared = true;
                if (!table_page_is_half(names[s]) && table_page_narrow(work)) {
                    return true;
                }
            }
        }
    }
    return false;
}

/* Make the row fit: first by narrowing texts, then by leaving out what can be spared. */
static bool table_page_fit_columns(table_page *work)
{
    static const char *const spare[] = {"source",      "instead_probability",
                                        "class",       "n_eff",
                                        "z",           "se",
                                        "title",       "a_customers",
                                        "b_customers", "detectable",
                                        "mixed",       "neutral",
                                        "positive",    "negative",
                                        "share_lo",    "share_hi",
                                        "customers",   "sentiment"};
    static const char *const told[] = {"theme", "source", "time", "lo", "hi", "value"};
    if (table_page_narrow(work) ||
        table_page_leave_out(work, spare, sizeof spare / sizeof *spare, table_page_spare)) {
        return true;
    }
    bool tells = kundig_table_find_column(work->table, "sentiment", 9) != SIZE_MAX &&
                 kundig_table_find_column(work->table, "value", 5) != SIZE_MAX;
    if (tells &&
        table_page_leave_out(work, told, sizeof told / sizeof *told, table_page_spare_told)) {
        return true;
    }
    for (size_t i = 0; i < work->count; i++) {
        work->columns[i].drawn = work->columns[i].drawn || work->columns[i].spared;
        work->columns[i].spared = false;
    }
    return false;
}

static void table_page_header(table_page *work)
{
    kundig__page *page = work->page;
    size_t at = work->indent;
    for (size_t i = 0; i < work->count; i++) {
        table_page_column *column = &work->columns[i];
        if (!column->drawn) {
            continue;
        }
        kundig__page_to(page, at);
        kundig__page_fit(
            page, KUNDIG__STYLE_BOLD,
            kundig__page_clean(page, kundig__str(kundig_table_column_name(work->table, i))),
            column->width, !column->text);
        at += column->width + TABLE_PAGE_GAP;
    }
    kundig__page_line(page);
    kundig__page_to(page, work->indent);
    kundig__page_repeat(page, KUNDIG__STYLE_DIM, "\xE2\x94\x80",
                        at - TABLE_PAGE_GAP - work->indent);
    kundig__page_line(page);
}

/* Lines of a cell; a comment with its evidence marked is cut late, for the marks are what it is
 * shown for. */
static size_t table_page_most_lines(const table_page *work, size_t row, size_t column)
{
    bool marked = column == work->text && work->evidence != SIZE_MAX &&
                  !kundig_table_is_null(work->table, row, work->evidence);
    return marked ? (size_t)TABLE_PAGE_MOST_LINES * 8 : TABLE_PAGE_MOST_LINES;
}

static void table_page_row(table_page *work, size_t row)
{
    kundig__page *page = work->page;
    work->cells.len = 0;
    for (size_t i = 0; i < work->count; i++) {
        table_page_column *column = &work->columns[i];
        if (column->drawn) {
            kundig_text cell = table_page_clean_cell(work, row, i);
            column->start = work->cells.len;
            column->len = cell.len;
            kundig__buf_text(&work->cells, cell);
        }
    }
    if (work->cells.failed) {
        return;
    }
    bool more = true;
    for (size_t line = 0; more; line++) {
        more = false;
        size_t at = work->indent;
        for (size_t i = 0; i < work->count; i++) {
            table_page_column *column = &work->columns[i];
            if (!column->drawn) {
                continue;
            }
            if (line == 0 || column->len) {
                kundig_text rest = {work->cells.data + column->start, column->len};
                const char *whole = rest.data;
                kundig_text part = kundig__page_cut_line(&rest, column->width);
                if (line + 1 == table_page_most_lines(work, row, i) && rest.len) {
                    /* All that is left, for the ellipsis. */
                    part.len = (size_t)(rest.data + rest.len - part.data);
                    rest.len = 0;
                }
                kundig__page_to(page, at);
                kundig__page_fit(page,
                                 kundig_table_is_null(work->table, row, i) ? KUNDIG__STYLE_DIM
                                                                           : KUNDIG__STYLE_PLAIN,
                                 part, column->width, !column->text);
                column->start += (size_t)(rest.data - whole);
                column->len = rest.len;
                more = more || column->len;
            }
            at += column->width + TABLE_PAGE_GAP;
        }
        kundig__page_line(page);
    }
}

static void table_page_block(table_page *work, size_t row)
{
    kundig__page *page = work->page;
    size_t names = 0;
    for (size_t i = 0; i < work->count; i++) {
        if (work->columns[i].drawn) {
            size_t width = kundig__page_width(
                kundig__page_clean(page, kundig__str(kundig_table_column_name(work->table, i))));
            names = width > names ? width : names;
        }
    }
    names = names > page->width / 3 ? page->width / 3 : names;
    for (size_t i = 0; i < work->count; i++) {
        if (!work->columns[i].drawn) {
            continue;
        }
        bool null = kundig_table_is_null(work->table, row, i);
        kundig__page_to(page, work->indent);
        kundig__page_fit(
            page, KUNDIG__STYLE_BOLD,
            kundig__page_clean(page, kundig__str(kundig_table_column_name(work->table, i))), names,
            false);
        work->cells.len = 0;
        kundig__buf_text(&work->cells, table_page_clean_cell(work, row, i));
        kundig_text cell = {work->cells.data ? work->cells.data : "", work->cells.len};
        kundig__page_wrap(page, null ? KUNDIG__STYLE_DIM : KUNDIG__STYLE_PLAIN,
                          work->indent + names + TABLE_PAGE_GAP, cell);
    }
    if (row + 1 < work->rows) {
        kundig__page_line(page);
    }
}

/* What was not drawn, and the notes. */
static void table_page_foot(table_page *work)
{
    static const char *const starts[] = {"In every row: ", "No values: ", "Left out for width: "};
    kundig__buf *line = &work->cells;
    for (int kind = 0; kind < 3; kind++) {
        line->len = 0;
        for (size_t i = 0; i < work->count; i++) {
            const table_page_column *column = &work->columns[i];
            if (!(kind == 0 ? column->constant : kind == 1 ? column->empty : column->spared)) {
                continue;
            }
            kundig__buf_str(line, line->len == 0 ? starts[kind] : kind == 0 ? "; " : ", ");
            kundig__buf_str(line, kundig_table_column_name(work->table, i));
            if (kind == 0) {
                kundig__buf_char(line, ' ');
                kundig__buf_text(line, kundig_table_text(work->table, 0, i));
            }
        }
        if (line->len && !line->failed) {
            kundig__page_wrap(work->page, KUNDIG__STYLE_DIM, work->indent,
                              (kundig_text){line->data, line->len});
        }
    }
    for (size_t i = 0; i < kundig_table_note_count(work->table); i++) {
        kundig__page_to(work->page, work->indent);
        kundig__page_str(work->page, KUNDIG__STYLE_DIM, "Note:");
        kundig__page_wrap(work->page, KUNDIG__STYLE_DIM, work->indent + 6,
                          kundig__str(kundig_table_note(work->table, i)));
    }
}

void kundig__page_table(kundig__page *page, size_t indent, const kundig_table *table)
{
    table_page work = {.page = page,
                       .table = table,
                       .indent = indent,
                       .rows = kundig_table_row_count(table),
                       .count = kundig_table_column_count(table)};
    kundig__mem *mem = page->buf.mem;
    size_t size = work.count * sizeof *work.columns;
    work.text = kundig_table_find_column(table, "text", 4);
    work.evidence =
        work.text == SIZE_MAX ? SIZE_MAX : kundig_table_find_column(table, "evidence", 8);
    kundig__buf_init(&work.raw, mem);
    kundig__buf_init(&work.cells, mem);
    work.columns = kundig__alloc_zero(mem, size);
    if (!work.columns) {
        page->buf.failed = true;
        return;
    }
    table_page_measure(&work);
    if (work.count && work.rows == 0) {
        table_page_header(&work);
        kundig__page_to(page, indent);
        kundig__page_str(page, KUNDIG__STYLE_DIM, "no rows");
        kundig__page_line(page);
    } else if (table_page_fit_columns(&work)) {
        if (work.count) {
            table_page_header(&work);
        }
        for (size_t row = 0; row < work.rows && !page->buf.failed; row++) {
            table_page_row(&work, row);
        }
    } else {
        for (size_t row = 0; row < work.rows && !page->buf.failed; row++) {
            table_page_block(&work, row);
        }
    }
    table_page_foot(&work);
    if (work.raw.failed || work.cells.failed) {
        page->buf.failed = true;
    }
    kundig__buf_free(&work.raw);
    kundig__buf_free(&work.cells);
    kundig__free(mem, work.columns, size);
}

int kundig__table_page(kundig__mem *mem, const kundig_table *table,
                       const kundig_page_options *options, kundig_bytes **out, kundig_error *err)
{
    kundig__page page;
    kundig__page_init(&page, mem, options->width, options->color != 0);
    kundig__page_table(&page, 0, table);
    int code = kundig__page_take(&page, out, err);
    kundig__page_free(&page);
    return code;
}

int kundig_table_to_page(const kundig_table *table, const kundig_page_options *options,
                         kundig_bytes **out, kundig_error *err)
{
    kundig_page_options known;
    if (!table || !out) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "a table and a place for the page are needed");
    }
    int code = kundig__options_read(&known, sizeof known, options, "kundig_page_options", err);
    if (code) {
        return code;
    }
    if (known.reserved) {
        return kundig__fail(err, KUNDIG_E_VERSION, 0,
                            "a reserved field of kundig_page_options is not zero");
    }
    if (known.color != 0 && known.color != 1) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "color is 0 or 1, not %d", (int)known.color);
    }
    kundig__mem mem;
    kundig__mem_init(&mem, kundig__table_allocator(table), 0);
    return kundig__table_page(&mem, table, &known, out, err);
}
