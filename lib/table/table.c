/* Tables: typed columns of equal length with a bit a cell for "there is a value".
 *
 * Invariants: a built table is never written again, so any thread may read it; names of columns
 * are unique; texts are valid UTF-8 without NUL, and a NUL stands behind them; a number is finite.
 * A column named by the code keeps its name; one named by the data gives way and gets a number
 * behind ("value_2"). Building sticks at the first failure, and setters take NULL for a table that
 * could not be made. Cost: amortised O(1) a cell; texts stand in one arena; to free is O(columns +
 * arena blocks). */
#include "table/table.h"

#include <assert.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>

#include "base/math.h"
#include "base/utf8.h"
#include "table/columns.h"

static int table_failure(kundig_table *table, kundig_error *err)
{
    if (!table) {
        return kundig__fail(err, KUNDIG_E_NOMEM, 0, "out of memory");
    }
    return kundig__nomem(&table->mem, err);
}

kundig_table *kundig__table_new(kundig__mem *mem)
{
    uint64_t left = 0;
    if (mem->limit) {
        left = mem->used < mem->limit ? mem->limit - mem->used : 1;
    }
    kundig__mem own;
    kundig__mem_init(&own, &mem->hook, left);
    kundig_table *table = kundig__alloc_zero(&own, sizeof *table);
    if (!table) {
        mem->limit_hit = own.limit_hit;
        return NULL;
    }
    table->mem = own;
    atomic_init(&table->references, 1);
    kundig__arena_init(&table->arena, &table->mem);
    return table;
}

static size_t table_column_index(const kundig_table *table, kundig_text name)
{
    for (size_t i = 0; i < table->column_count; i++) {
        const kundig__column *column = &table->columns[i];
        if (column->name.len == name.len &&
            (name.len == 0 || memcmp(column->name.data, name.data, name.len) == 0)) {
            return i;
        }
    }
    return SIZE_MAX;
}

/* A copy that is valid UTF-8 whatever came in; data == NULL on failure. */
static kundig_text table_own_text(kundig_table *table, kundig_text text)
{
    if (kundig__utf8_valid(text.data, text.len) == text.len) {
        return kundig__arena_text(&table->arena, text);
    }
    kundig__buf mended;
    kundig__buf_init(&mended, &table->mem);
    kundig__utf8_mend(&mended, text.data, text.len);
    kundig_text own = {NULL, 0};
    if (!mended.failed) {
        own = kundig__arena_text(&table->arena, (kundig_text){mended.data, mended.len});
    }
    kundig__buf_free(&mended);
    return own;
}

/* `name` with the first free number behind it; data == NULL on failure. */
static kundig_text table_free_name(kundig_table *table, kundig_text name)
{
    size_t size;
    if (!kundig__size_add(name.len, 24, &size)) {
        return (kundig_text){NULL, 0};
    }
    char *made = kundig__arena_alloc(&table->arena, size);
    if (!made) {
        return (kundig_text){NULL, 0};
    }
    if (name.len) {
        memcpy(made, name.data, name.len);
    }
    for (size_t number = 2;; number++) {
        int digits = snprintf(made + name.len, 24, "_%zu", number);
        kundig_text candidate = {made, name.len + (size_t)digits};
        if (table_column_index(table, candidate) == SIZE_MAX) {
            return candidate;
        }
    }
}

static bool table_column_reserve(kundig_table *table, kundig__column *column, size_t rows)
{
    size_t cell = column->type == KUNDIG_COLUMN_TEXT ? sizeof(kundig_text) : sizeof(int64_t);
    void *cells = column->cells;
    bool done = kundig__grow(&table->mem, &cells, &column->cell_capacity, rows, cell);
    column->cells = cells;
    if (!done) {
        return false;
    }
    void *present = column->present;
    done = kundig__grow(&table->mem, &present, &column->present_capacity, rows / 8 + 1, 1);
    column->present = present;
    return done;
}

static void table_column_clear(kundig__column *column, size_t row)
{
    column->present[row / 8] = (uint8_t)(column->present[row / 8] & ~(1u << (row % 8)));
    if (column->type == KUNDIG_COLUMN_TEXT) {
        ((kundig_text *)column->cells)[row] = (kundig_text){NULL, 0};
    } else {
        memset((char *)column->cells + row * sizeof(int64_t), 0, sizeof(int64_t));
    }
}

static size_t table_add_column(kundig_table *table, kundig_text name, int type, int unit,
                               bool from_data)
{
    if (!table || table->failed) {
        return 0;
    }
    assert(type >= KUNDIG_COLUMN_TEXT && type <= KUNDIG_COLUMN_BOOL);
    void *columns = table->columns;
    bool grown = kundig__grow(&table->mem, &columns, &table->column_capacity,
                              table->column_count + 1, sizeof *table->columns);
    table->columns = columns;
    kundig_text own = {NULL, 0};
    if (grown) {
        own = table_own_text(table, name);
    }
    size_t taken = own.data ? table_column_index(table, own) : SIZE_MAX;
    if (taken != SIZE_MAX && !from_data && table->columns[taken].from_data) {
        kundig_text other = table_free_name(table, own);
        if (other.data) {
            table->columns[taken].name = other;
        } else {
            own.data = NULL;
        }
    } else if (taken != SIZE_MAX) {
        own = table_free_name(table, own);
    }
    if (!own.data) {
        table->failed = true;
        return 0;
    }
    kundig__column column = {.name = own, .type = type, .unit = unit, .from_data = from_data};
    bool reserved = table_column_reserve(table, &column, table->row_count + 1);
    /* Kept even then, so that what it holds is freed with the table. */
    table->columns[table->column_count] = column;
    if (!reserved) {
        table->failed = true;
    } else {
        for (size_t row = 0; row < table->row_count; row++) {
            table_column_clear(&column, row);
        }
    }
    return table->column_count++;
}

size_t kundig__table_column(kundig_table *table, const char *name, int type, int unit)
{
    return table_add_column(table, (kundig_text){name, strlen(name)}, type, unit, false);
}

size_t kundig__table_column_text(kundig_table *table, kundig_text name, int type, int unit)
{
    if (!name.data) {
        name = (kundig_text){"", 0};
    }
    return table_add_column(table, name, type, unit, true);
}

void kundig__table_row(kundig_table *table)
{
    if (!table || table->failed) {
        return;
    }
    for (size_t i = 0; i < table->column_count; i++) {
        if (!table_column_reserve(table, &table->columns[i], table->row_count + 1)) {
            table->failed = true;
            return;
        }
    }
    for (size_t i = 0; i < table->column_count; i++) {
        table_column_clear(&table->columns[i], table->row_count);
    }
    table->row_count++;
}

/* The column whose last row takes a value of `type`; NULL once building has failed. */
static kundig__column *table_target(kundig_table *table, size_t column, int type)
{
    if (!table || table->failed) {
        return NULL;
    }
    assert(column < table->column_count && table->row_count > 0);
    assert(table->columns[column].type == type);
    if (column >= table->column_count || table->row_count == 0 ||
        table->columns[column].type != type) {
        return NULL;
    }
    return &table->columns[column];
}

static void table_mark(kundig__column *column, size_t row)
{
    column->present[row / 8] = (uint8_t)(column->present[row / 8] | (1u << (row % 8)));
}

void kundig__table_set_text(kundig_table *table, size_t column, kundig_text text)
{
    kundig__column *target = table_target(table, column, KUNDIG_COLUMN_TEXT);
    if (!target || !text.data) {
        return;
    }
    kundig_text own = table_own_text(table, text);
    if (!own.data) {
        table->failed = true;
        return;
    }
    ((kundig_text *)target->cells)[table->row_count - 1] = own;
    table_mark(target, table->row_count - 1);
}

void kundig__table_set_int(kundig_table *table, size_t column, int64_t value)
{
    kundig__column *target = table_target(table, column, KUNDIG_COLUMN_INT);
    if (target) {
        ((int64_t *)target->cells)[table->row_count - 1] = value;
        table_mark(target, table->row_count - 1);
    }
}

void kundig__table_set_number(kundig_table *table, size_t column, double value)
{
    kundig__column *target = table_target(table, column, KUNDIG_COLUMN_NUMBER);
    if (target && kundig__is_finite(value)) {
        ((double *)target->cells)[table->row_count - 1] = value;
        table_mark(target, table->row_count - 1);
    }
}

void kundig__table_set_bool(kundig_table *table, size_t column, bool value)
{
    kundig__column *target = table_target(table, column, KUNDIG_COLUMN_BOOL);
    if (target) {
        ((int64_t *)target->cells)[table->row_count - 1] = value;
        table_mark(target, table->row_count - 1);
    }
}

static void table_add_note(kundig_table *table, kundig_text note)
{
    void *notes = table->notes;
    bool grown = kundig__grow(&table->mem, &notes, &table->note_capacity, table->note_count + 1,
                              sizeof *table->notes);
    table->notes = notes;
    kundig_text own = {NULL, 0};
    if (grown) {
        own = table_own_text(table, note);
    }
    if (!own.data) {
        table->failed = true;
        return;
    }
    table->notes[table->note_count++] = own;
}

void kundig__table_note(kundig_table *table, const char *format, ...)
{
    if (!table || table->failed) {
        return;
    }
    char small[256];
    va_list arguments;
    va_start(arguments, format);
    int need = vsnprintf(small, sizeof small, format, arguments);
    va_end(arguments);
    if (need < 0) {
        return;
    }
    if ((size_t)need < sizeof small) {
        table_add_note(table, (kundig_text){small, (size_t)need});
        return;
    }
    size_t size = (size_t)need + 1;
    char *large = kundig__alloc(&table->mem, size);
    if (!large) {
        table->failed = true;
        return;
    }
    va_start(arguments, format);
    vsnprintf(large, size, format, arguments);
    va_end(arguments);
    table_add_note(table, (kundig_text){large, (size_t)need});
    kundig__free(&table->mem, large, size);
}

void kundig__table_copy_notes(kundig_table *to, const kundig_table *from)
{
    if (!to || !from) {
        return;
    }
    size_t count = from->note_count;
    for (size_t i = 0; i < count && !to->failed; i++) {
        table_add_note(to, from->notes[i]);
    }
}

int kundig__table_finish(kundig_table *table, kundig_table **out, kundig_error *err)
{
    if (!table || table->failed) {
        int code = table_failure(table, err);
        kundig_table_free(table);
        return code;
    }
    *out = table;
    return KUNDIG_OK;
}

const kundig_allocator *kundig__table_allocator(const kundig_table *table)
{
    return &table->mem.hook;
}

kundig_table *kundig_table_retain(kundig_table *table)
{
    if (table) {
        atomic_fetch_add_explicit(&table->references, 1, memory_order_relaxed);
    }
    return table;
}

void kundig_table_free(kundig_table *table)
{
    if (!table || atomic_fetch_sub_explicit(&table->references, 1, memory_order_acq_rel) != 1) {
        return;
    }
    for (size_t i = 0; i < table->column_count; i++) {
        kundig__column *column = &table->columns[i];
        size_t cell = column->type == KUNDIG_COLUMN_TEXT ? sizeof(kundig_text) : sizeof(int64_t);
        kundig__free(&table->mem, column->cells, column->cell_capacity * cell);
        kundig__free(&table->mem, column->present, column->present_capacity);
    }
    kundig__free(&table->mem, table->columns, table->column_capacity * sizeof *table->columns);
    kundig__free(&table->mem, table->notes, table->note_capacity * sizeof *table->notes);
    kundig__arena_free(&table->arena);
    kundig__mem own = table->mem;
    kundig__free(&own, table, sizeof *table);
}

/* ---- Reading ---- */

static const kundig__column *table_column_at(const kundig_table *table, size_t column)
{
    return table && column < table->column_count ? &table->columns[column] : NULL;
}

/* The column if the cell holds a value, else NULL. */
static const kundig__column *table_cell(const kundig_table *table, size_t row, size_t column)
{
    const kundig__column *found = table_column_at(table, column);
    if (!found || row >= table->row_count || !(found->present[row / 8] & (1u << (row % 8)))) {
        return NULL;
    }
    return found;
}

size_t kundig_table_row_count(const kundig_table *table)
{
    return table ? table->row_count : 0;
}

size_t kundig_table_column_count(const kundig_table *table)
{
    return table ? table->column_count : 0;
}

const char *kundig_table_column_name(const kundig_table *table, size_t column)
{
    const kundig__column *found = table_column_at(table, column);
    return found ? found->name.data : NULL;
}

int kundig_table_column_type(const kundig_table *table, size_t column)
{
    const kundig__column *found = table_column_at(table, column);
    return found ? found->type : 0;
}

int kundig_table_column_unit(const kundig_table *table, size_t column)
{
    const kundig__column *found = table_column_at(table, column);
    return found ? found->unit : KUNDIG_UNIT_NONE;
}

size_t kundig_table_find_column(const kundig_table *table, const char *name, size_t len)
{
    if (!table || (!name && len)) {
        return SIZE_MAX;
    }
    return table_column_index(table, (kundig_text){name, len});
}

int kundig_table_is_null(const kundig_table *table, size_t row, size_t column)
{
    return table_cell(table, row, column) ? 0 : 1;
}

kundig_text kundig_table_text(const kundig_table *table, size_t row, size_t column)
{
    const kundig__column *found = table_cell(table, row, column);
    if (!found || found->type != KUNDIG_COLUMN_TEXT) {
        return (kundig_text){NULL, 0};
    }
    return ((const kundig_text *)found->cells)[row];
}

int64_t kundig_table_int(const kundig_table *table, size_t row, size_t column)
{
    const kundig__column *found = table_cell(table, row, column);
    if (!found || (found->type != KUNDIG_COLUMN_INT && found->type != KUNDIG_COLUMN_BOOL)) {
        return 0;
    }
    return ((const int64_t *)found->cells)[row];
}

double kundig_table_number(const kundig_table *table, size_t row, size_t column)
{
    const kundig__column *found = table_cell(table, row, column);
    if (!found) {
        return 0;
    }
    if (found->type == KUNDIG_COLUMN_NUMBER) {
        return ((const double *)found->cells)[row];
    }
    return found->type == KUNDIG_COLUMN_INT ? (double)((const int64_t *)found->cells)[row] : 0;
}

size_t kundig_table_note_count(const kundig_table *table)
{
    return table ? table->note_count : 0;
}

const char *kundig_table_note(const kundig_table *table, size_t note)
{
    return table && note < table->note_count ? table->notes[note].data : NULL;
}

void kundig__plain_cell(kundig__buf *buf, const kundig_table *table, size_t row, size_t column)
{
    switch (table->columns[column].type) {
    case KUNDIG_COLUMN_INT:
        kundig__buf_int(buf, kundig_table_int(table, row, column));
        break;
    case KUNDIG_COLUMN_NUMBER:
        kundig__buf_number(buf, kundig_table_number(table, row, column));
        break;
    default:
        kundig__buf_str(buf, kundig_table_int(table, row, column) ? "true" : "false");
        break;
    }
}
