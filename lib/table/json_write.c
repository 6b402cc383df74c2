/* Tables as JSON: one line, one object a row, null where there is no value.
 *
 * The bytes are a function of the table: numbers in shortest round-trip form, keys in column
 * order, no space. `<`, `>`, `&`, U+2028 and U+2029 are escaped, so the text may stand in an HTML
 * page. Cost: O(bytes written). */
#include "table/columns.h"
#include "table/table.h"

static const char *json_type_name(int type)
{
    switch (type) {
    case KUNDIG_COLUMN_TEXT:
        return "text";
    case KUNDIG_COLUMN_INT:
        return "int";
    case KUNDIG_COLUMN_NUMBER:
        return "number";
    default:
        return "bool";
    }
}

static const char *json_unit_name(int unit)
{
    switch (unit) {
    case KUNDIG_UNIT_SCORE:
        return "\"score\"";
    case KUNDIG_UNIT_SHARE:
        return "\"share\"";
    case KUNDIG_UNIT_POINTS:
        return "\"points\"";
    case KUNDIG_UNIT_COUNT:
        return "\"count\"";
    case KUNDIG_UNIT_P_VALUE:
        return "\"p_value\"";
    default:
        return "null";
    }
}

static void json_escape_unit(kundig__buf *buf, uint32_t code)
{
    static const char hex[] = "0123456789abcdef";
    char out[6] = {
        '\\',          'u', hex[(code >> 12) & 15], hex[(code >> 8) & 15], hex[(code >> 4) & 15],
        hex[code & 15]};
    kundig__buf_add(buf, out, sizeof out);
}

void kundig__json_text(kundig__buf *buf, kundig_text text)
{
    if (!text.data) {
        kundig__buf_str(buf, "null");
        return;
    }
    kundig__buf_char(buf, '"');
    size_t plain = 0; /* start of what can go as it is */
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.data[i];
        size_t taken = 1;
        uint32_t code = c;
        const char *name = NULL;
        if (c == '"') {
            name = "\\\"";
        } else if (c == '\\') {
            name = "\\\\";
        } else if (c == '\n') {
            name = "\\n";
        } else if (c == '\r') {
            name = "\\r";
        } else if (c == '\t') {
            name = "\\t";
        } else if (c == '\b') {
            name = "\\b";
        } else if (c == '\f') {
            name = "\\f";
        } else if (c == 0xE2 && text.len - i >= 3 && (unsigned char)text.data[i + 1] == 0x80 &&
                   ((unsigned char)text.data[i + 2] & 0xFE) == 0xA8) {
            taken = 3;
            code = 0x2028u + ((unsigned char)text.data[i + 2] & 1u);
        } else if (c >= 0x20 && c != 0x7F && c != '<' && c != '>' && c != '&') {
            continue;
        }
        kundig__buf_add(buf, text.data + plain, i - plain);
        if (name) {
            kundig__buf_str(buf, name);
        } else {
            json_escape_unit(buf, code);
        }
        i += taken - 1;
        plain = i + 1;
    }
    kundig__buf_add(buf, text.data + plain, text.len - plain);
    kundig__buf_char(buf, '"');
}

static void json_cell(kundig__buf *buf, const kundig_table *table, size_t row, size_t column)
{
    if (kundig_table_is_null(table, row, column)) {
        kundig__buf_str(buf, "null");
        return;
    }
    if (table->columns[column].type == KUNDIG_COLUMN_TEXT) {
        kundig__json_text(buf, kundig_table_text(table, row, column));
    } else {
        kundig__plain_cell(buf, table, row, column);
    }
}

void kundig__json_table(kundig__buf *buf, const kundig_table *table)
{
    kundig__buf_str(buf, "{\"columns\":[");
    for (size_t i = 0; i < table->column_count; i++) {
        const kundig__column *column = &table->columns[i];
        kundig__buf_str(buf, i ? ",{\"name\":" : "{\"name\":");
        kundig__json_text(buf, column->name);
        kundig__buf_str(buf, ",\"type\":\"");
        kundig__buf_str(buf, json_type_name(column->type));
        kundig__buf_str(buf, "\",\"unit\":");
        kundig__buf_str(buf, json_unit_name(column->unit));
        kundig__buf_char(buf, '}');
    }
    kundig__buf_str(buf, "],\"rows\":[");
    for (size_t row = 0; row < table->row_count && !buf->failed; row++) {
        kundig__buf_str(buf, row ? ",{" : "{");
        for (size_t i = 0; i < table->column_count; i++) {
            if (i) {
                kundig__buf_char(buf, ',');
            }
            kundig__json_text(buf, table->columns[i].name);
            kundig__buf_char(buf, ':');
            json_cell(buf, table, row, i);
        }
        kundig__buf_char(buf, '}');
    }
    kundig__buf_str(buf, "],\"notes\":[");
    for (size_t i = 0; i < table->note_count; i++) {
        if (i) {
            kundig__buf_char(buf, ',');
        }
        kundig__json_text(buf, table->notes[i]);
    }
    kundig__buf_str(buf, "]}");
}

int kundig_table_to_json(const kundig_table *table, kundig_bytes **out, kundig_error *err)
{
    if (!table || !out) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "a table and a place for the bytes are needed");
    }
    kundig__mem mem;
    kundig__mem_init(&mem, &table->mem.hook, 0);
    kundig__buf buf;
    kundig__buf_init(&buf, &mem);
    kundig__json_table(&buf, table);
    int code = kundig__buf_take(&buf, out, err);
    kundig__buf_free(&buf);
    return code;
}
