/* Tables as CSV: RFC 4180, comma, CRLF, UTF-8 without a byte order mark, header first.
 *
 * Null is an empty field, an empty text is "". A text whose first character starts a formula in a
 * spreadsheet gets an apostrophe in front: = + - @, tab, CR, LF, and the full-width forms that some
 * spreadsheets read alike. Own numbers are never touched. Cost: O(bytes written). */
#include "table/columns.h"
#include "table/table.h"

static bool csv_starts_formula(kundig_text text)
{
    if (text.len == 0) {
        return false;
    }
    switch (text.data[0]) {
    case '=':
    case '+':
    case '-':
    case '@':
    case '\t':
    case '\r':
    case '\n':
        return true;
    default:
        break;
    }
    static const char wide[4][4] = {"\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0"};
    for (size_t i = 0; i < 4; i++) {
        if (text.len >= 3 && memcmp(text.data, wide[i], 3) == 0) {
            return true;
        }
    }
    return false;
}

void kundig__csv_text(kundig__buf *buf, kundig_text text)
{
    if (!text.data) {
        return;
    }
    bool quoted = text.len == 0;
    for (size_t i = 0; i < text.len && !quoted; i++) {
        char c = text.data[i];
        quoted = c == '"' || c == ',' || c == '\r' || c == '\n';
    }
    bool formula = csv_starts_formula(text);
    if (!quoted) {
        if (formula) {
            kundig__buf_char(buf, '\'');
        }
        kundig__buf_text(buf, text);
        return;
    }
    kundig__buf_str(buf, formula ? "\"'" : "\"");
    size_t plain = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '"') {
            kundig__buf_add(buf, text.data + plain, i + 1 - plain);
            plain = i; /* once more with what follows */
        }
    }
    kundig__buf_add(buf, text.data + plain, text.len - plain);
    kundig__buf_char(buf, '"');
}

static void csv_cell(kundig__buf *buf, const kundig_table *table, size_t row, size_t column)
{
    if (kundig_table_is_null(table, row, column)) {
        return;
    }
    if (table->columns[column].type == KUNDIG_COLUMN_TEXT) {
        kundig__csv_text(buf, kundig_table_text(table, row, column));
    } else {
        kundig__plain_cell(buf, table, row, column);
    }
}

int kundig_table_to_csv(const kundig_table *table, kundig_bytes **out, kundig_error *err)
{
    if (!table || !out) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "a table and a place for the bytes are needed");
    }
    kundig__mem mem;
    kundig__mem_init(&mem, &table->mem.hook, 0);
    kundig__buf buf;
    kundig__buf_init(&buf, &mem);
    for (size_t i = 0; i < table->column_count; i++) {
        if (i) {
            kundig__buf_char(&buf, ',');
        }
        kundig__csv_text(&buf, table->columns[i].name);
    }
    kundig__buf_str(&buf, "\r\n");
    for (size_t row = 0; row < table->row_count && !buf.failed; row++) {
        for (size_t i = 0; i < table->column_count; i++) {
            if (i) {
                kundig__buf_char(&buf, ',');
            }
            csv_cell(&buf, table, row, i);
        }
        kundig__buf_str(&buf, "\r\n");
    }
    int code = kundig__buf_take(&buf, out, err);
    kundig__buf_free(&buf);
    return code;
}
