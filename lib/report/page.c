/* Lines for a terminal: what is written here is what reaches it.
 *
 * Invariants: no line is wider than the page unless one grapheme cluster is; no line ends in a
 * blank; no control character leaves but the styles written here and "\n", and those only when
 * asked for. Styles are bold, dim, red and green of the terminal's own palette, each ended where
 * it began, so a cut or a search shows plain text. Cost: O(bytes written). */
#include "report/page.h"

#include "base/number.h"
#include "base/text.h"
#include "base/utf8.h"

#define PAGE_ELLIPSIS "\xE2\x80\xA6"

void kundig__page_init(kundig__page *page, kundig__mem *mem, size_t width, bool color)
{
    memset(page, 0, sizeof *page);
    kundig__buf_init(&page->buf, mem);
    kundig__buf_init(&page->clean, mem);
    page->width = width == 0 ? 100 : width < 40 ? 40 : width > 1000 ? 1000 : width;
    page->color = color;
}

void kundig__page_free(kundig__page *page)
{
    kundig__buf_free(&page->buf);
    kundig__buf_free(&page->clean);
}

int kundig__page_take(kundig__page *page, kundig_bytes **out, kundig_error *err)
{
    if (page->clean.failed) {
        page->buf.failed = true;
    }
    return kundig__buf_take(&page->buf, out, err);
}

kundig_text kundig__page_clean(kundig__page *page, kundig_text text)
{
    kundig__buf *out = &page->clean;
    out->len = 0;
    size_t at = 0;
    bool blank = false;
    while (at < text.len) {
        uint32_t code;
        size_t taken = kundig__utf8_decode(text.data + at, text.len - at, &code);
        bool space = code == ' ' || (code >= 0x09 && code <= 0x0D) || code == 0x85 ||
                     code == 0xA0 || code == 0x2028 || code == 0x2029;
        if (space) {
            blank = out->len > 0;
        } else if (code < 0x20 || (code >= 0x7F && code < 0xA0)) {
            kundig__buf_str(out, blank ? " \xEF\xBF\xBD" : "\xEF\xBF\xBD");
            blank = false;
        } else if (!kundig__utf8_is_hidden(code)) {
            if (blank) {
                kundig__buf_char(out, ' ');
            }
            kundig__buf_add(out, text.data + at, taken);
            blank = false;
        }
        at += taken;
    }
    return (kundig_text){out->data ? out->data : "", out->failed ? 0 : out->len};
}

size_t kundig__page_width(kundig_text text)
{
    return text.len ? kundig__utf8_width(text.data, text.len) : 0;
}

static const char *page_style_code(int style)
{
    switch (style) {
    case KUNDIG__STYLE_BOLD:
        return "\x1B[1m";
    case KUNDIG__STYLE_DIM:
        return "\x1B[2m";
    case KUNDIG__STYLE_GOOD:
        return "\x1B[32m";
    case KUNDIG__STYLE_BAD:
        return "\x1B[31m";
    default:
        return NULL;
    }
}

void kundig__page_put(kundig__page *page, int style, kundig_text text)
{
    if (text.len == 0) {
        return;
    }
    const char *code = page->color ? page_style_code(style) : NULL;
    if (code) {
        kundig__buf_str(&page->buf, code);
    }
    kundig__buf_text(&page->buf, text);
    if (code) {
        kundig__buf_str(&page->buf, "\x1B[0m");
    }
    page->column += kundig__page_width(text);
}

void kundig__page_str(kundig__page *page, int style, const char *str)
{
    kundig__page_put(page, style, kundig__str(str));
}

void kundig__page_repeat(kundig__page *page, int style, const char *str, size_t count)
{
    const char *code = page->color && count ? page_style_code(style) : NULL;
    if (code) {
        kundig__buf_str(&page->buf, code);
    }
    for (size_t i = 0; i < count; i++) {
        kundig__buf_str(&page->buf, str);
    }
    if (code) {
        kundig__buf_str(&page->buf, "\x1B[0m");
    }
    page->column += count;
}

void kundig__page_to(kundig__page *page, size_t column)
{
    while (page->column < column) {
        kundig__buf_char(&page->buf, ' ');
        page->column++;
    }
}

void kundig__page_fit(kundig__page *page, int style, kundig_text text, size_t width, bool right)
{
    size_t have = kundig__page_width(text);
    size_t end = page->column + width;
    if (have > width) {
        size_t keep = width ? kundig__utf8_cut(text.data, text.len, width - 1) : 0;
        kundig__page_put(page, style, (kundig_text){text.data, keep});
        if (width) {
            kundig__page_str(page, style, PAGE_ELLIPSIS);
        }
    } else {
        if (right) {
            kundig__page_to(page, end - have);
        }
        kundig__page_put(page, style, text);
    }
    kundig__page_to(page, end);
}

void kundig__page_line(kundig__page *page)
{
    kundig__buf *buf = &page->buf;
    if (!buf->failed) {
        while (buf->len > page->line_start && buf->data[buf->len - 1] == ' ') {
            buf->len--;
        }
    }
    kundig__buf_char(buf, '\n');
    page->line_start = buf->len;
    page->column = 0;
}

kundig_text kundig__page_cut_line(kundig_text *rest, size_t width)
{
    kundig_text line = *rest;
    size_t keep = kundig__utf8_cut(line.data, line.len, width);
    if (keep < line.len) {
        size_t blank = keep;
        /* The blank may stand right behind what fits. */
        while (blank > 0 && line.data[blank] != ' ') {
            blank--;
        }
        if (blank > 0) {
            keep = blank;
        }
        if (keep == 0) { /* wider than the page: shown all the same */
            uint32_t code;
            keep = kundig__utf8_decode(line.data, line.len, &code);
        }
        line.len = keep;
    }
    rest->data += line.len;
    rest->len -= line.len;
    while (rest->len && rest->data[0] == ' ') {
        rest->data++;
        rest->len--;
    }
    while (line.len && line.data[line.len - 1] == ' ') {
        line.len--;
    }
    return line;
}

void kundig__page_wrap(kundig__page *page, int style, size_t indent, kundig_text text)
{
    kundig_text rest = kundig__page_clean(page, text);
    do {
        kundig__page_to(page, indent);
        size_t room = page->column + 8 < page->width ? page->width - page->column : 8;
        kundig__page_put(page, style, kundig__page_cut_line(&rest, room));
        kundig__page_line(page);
    } while (rest.len && !page->buf.failed);
}

/* ---- Values as people read them ---- */

static void page_fixed(kundig__buf *out, double value, int decimals, bool sign)
{
    char text[KUNDIG__NUMBER_SIZE];
    if (value >= 1e15 || value <= -1e15) {
        kundig__buf_number(out, value);
        return;
    }
    size_t len = kundig__number_write_fixed(value, decimals, text);
    if (sign && text[0] != '-') {
        bool zero = true;
        for (size_t i = 0; i < len; i++) {
            zero = zero && (text[i] == '0' || text[i] == '.');
        }
        if (!zero) {
            kundig__buf_char(out, '+');
        }
    }
    kundig__buf_add(out, text, len);
}

void kundig__page_value(kundig__buf *out, int unit, double value, bool sign)
{
    switch (unit) {
    case KUNDIG_UNIT_SCORE:
        page_fixed(out, value * 100, 1, true);
        break;
    case KUNDIG_UNIT_SHARE:
        page_fixed(out, value * 100, 1, sign);
        if (!sign) {
            kundig__buf_char(out, '%');
        }
        break;
    default:
        page_fixed(out, value, 2, sign);
        break;
    }
}

void kundig__page_p(kundig__buf *out, double p)
{
    if (p < 0.0001) {
        kundig__buf_str(out, "<0.0001");
    } else {
        page_fixed(out, p, 4, false);
    }
}

static void page_grouped(kundig__buf *out, const char *digits, size_t len)
{
    size_t at = 0;
    if (len && digits[0] == '-') {
        kundig__buf_char(out, '-');
        at = 1;
    }
    for (size_t i = at; i < len; i++) {
        if (i > at && (len - i) % 3 == 0) {
            kundig__buf_char(out, ',');
        }
        kundig__buf_char(out, digits[i]);
    }
}

void kundig__page_count(kundig__buf *out, uint64_t count)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + count % 10);
        count /= 10;
    } while (count);
    page_grouped(out, digits + at, sizeof digits - at);
}

/* A number with commas between its thousands. */
static void page_grouped_fixed(kundig__buf *out, double value, int decimals)
{
    char text[KUNDIG__NUMBER_SIZE];
    if (value >= 1e15 || value <= -1e15) {
        kundig__buf_number(out, value);
        return;
    }
    size_t len = kundig__number_write_fixed(value, decimals, text);
    size_t whole = decimals ? len - (size_t)decimals - 1 : len;
    page_grouped(out, text, whole);
    kundig__buf_add(out, text + whole, len - whole);
}

static bool page_column_is(const kundig_table *table, size_t column, const char *name)
{
    return strcmp(kundig_table_column_name(table, column), name) == 0;
}

/* Decimals, at most three, that show the value. */
static int page_decimals_of(double value)
{
    char text[KUNDIG__NUMBER_SIZE];
    if (value >= 1e15 || value <= -1e15) {
        return 0;
    }
    size_t len = kundig__number_write_fixed(value, 3, text);
    int decimals = 3;
    while (decimals > 0 && text[len - 1] == '0') {
        len--;
        decimals--;
    }
    return decimals;
}

int kundig__page_decimals(const kundig_table *table, size_t column)
{
    if (kundig_table_column_type(table, column) != KUNDIG_COLUMN_NUMBER) {
        return 0;
    }
    int unit = kundig_table_column_unit(table, column);
    switch (unit) {
    case KUNDIG_UNIT_SCORE:
    case KUNDIG_UNIT_SHARE:
        return 1;
    case KUNDIG_UNIT_P_VALUE:
        return 4;
    default:
        break;
    }
    int most = unit == KUNDIG_UNIT_COUNT ? 1 : unit == KUNDIG_UNIT_POINTS ? 2 : 3;
    int decimals = 0;
    size_t rows = kundig_table_row_count(table);
    for (size_t row = 0; row < rows && decimals < most; row++) {
        if (!kundig_table_is_null(table, row, column)) {
            int need = page_decimals_of(kundig_table_number(table, row, column));
            decimals = need > decimals ? need : decimals;
        }
    }
    return decimals < most ? decimals : most;
}

static void page_number_cell(kundig__buf *out, const kundig_table *table, size_t row, size_t column,
                             int decimals)
{
    double value = kundig_table_number(table, row, column);
    switch (kundig_table_column_unit(table, column)) {
    case KUNDIG_UNIT_SCORE:
        /* A width has no sign. */
        if (page_column_is(table, column, "se") || page_column_is(table, column, "detectable")) {
            page_fixed(out, value * 100, 1, false);
        } else {
            kundig__page_value(out, KUNDIG_UNIT_SCORE, value, true);
        }
        break;
    case KUNDIG_UNIT_SHARE:
        page_fixed(out, value * 100, 1, page_column_is(table, column, "difference"));
        kundig__buf_char(out, '%');
        break;
    case KUNDIG_UNIT_P_VALUE:
        kundig__page_p(out, value);
        break;
    case KUNDIG_UNIT_COUNT:
        page_grouped_fixed(out, value, decimals);
        break;
    default:
        page_fixed(out, value, decimals, false);
        break;
    }
}

void kundig__page_cell(kundig__buf *out, const kundig_table *table, size_t row, size_t column,
                       int decimals)
{
    if (kundig_table_is_null(table, row, column)) {
        kundig__buf_char(out, '-');
        return;
    }
    switch (kundig_table_column_type(table, column)) {
    case KUNDIG_COLUMN_TEXT:
        kundig__buf_text(out, kundig_table_text(table, row, column));
        break;
    case KUNDIG_COLUMN_INT: {
        char digits[KUNDIG__NUMBER_SIZE];
        size_t len = kundig__int_write(kundig_table_int(table, row, column), digits);
        if (kundig_table_column_unit(table, column) == KUNDIG_UNIT_COUNT) {
            page_grouped(out, digits, len);
        } else {
            kundig__buf_add(out, digits, len);
        }
        break;
    }
    case KUNDIG_COLUMN_NUMBER:
        page_number_cell(out, table, row, column, decimals);
        break;
    default:
        kundig__buf_str(out, kundig_table_int(table, row, column) ? "yes" : "no");
        break;
    }
}
