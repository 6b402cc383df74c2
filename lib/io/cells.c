/* Rows from cells that are in memory already. Invariant: nothing is copied; the caller's cells
 * outlive the rows. Cost: O(columns) a row. */
#include "base/text.h"
#include "io/rows.h"

typedef struct cells_reader {
    kundig__rows rows;
    kundig__context *context;
    const kundig_text *cells;
    size_t row_count;
    size_t at;
    kundig_text *columns;
    size_t *offsets; /* zeros */
} cells_reader;

static int cells_next(kundig__rows *rows, kundig__row *row, kundig_error *err)
{
    cells_reader *reader = (cells_reader *)rows;
    (void)err;
    if (reader->at == reader->row_count) {
        return 0;
    }
    memset(row, 0, sizeof *row);
    row->cells = reader->cells + reader->at * rows->column_count;
    row->cell_count = rows->column_count;
    row->offsets = reader->offsets;
    reader->at++;
    row->line = reader->at;
    rows->position = reader->at;
    return 1;
}

static int cells_rewind(kundig__rows *rows, kundig_error *err)
{
    cells_reader *reader = (cells_reader *)rows;
    (void)err;
    reader->at = 0;
    rows->position = 0;
    return KUNDIG_OK;
}

static void cells_close(kundig__rows *rows)
{
    cells_reader *reader = (cells_reader *)rows;
    kundig__mem *mem = &reader->context->mem;
    size_t count = rows->column_count;
    kundig__free(mem, reader->columns, count * sizeof *reader->columns);
    kundig__free(mem, reader->offsets, count * sizeof *reader->offsets);
    kundig__free(mem, reader, sizeof *reader);
}

int kundig__rows_from_cells(kundig__context *context, const kundig_text *columns,
                            size_t column_count, const kundig_text *cells, size_t row_count,
                            kundig__rows **out, kundig_error *err)
{
    size_t size;
    if (!column_count) {
        return kundig__fail(err, KUNDIG_E_EMPTY, 0, "there are no columns");
    }
    if (!kundig__size_mul(column_count, sizeof(kundig_text), &size)) {
        return kundig__fail(err, KUNDIG_E_LIMIT, 0, "there are too many columns");
    }
    cells_reader *reader = kundig__alloc_zero(&context->mem, sizeof *reader);
    if (!reader) {
        return kundig__nomem(&context->mem, err);
    }
    reader->context = context;
    reader->rows.column_count = column_count;
    reader->columns = kundig__alloc(&context->mem, size);
    reader->offsets = kundig__alloc_zero(&context->mem, column_count * sizeof *reader->offsets);
    if (!reader->columns || !reader->offsets) {
        int rc = kundig__nomem(&context->mem, err);
        cells_close(&reader->rows);
        return rc;
    }
    for (size_t i = 0; i < column_count; i++) {
        reader->columns[i] = columns[i].data ? kundig__text_trim(columns[i]) : kundig__text("", 0);
    }
    reader->cells = cells;
    reader->row_count = row_count;
    reader->rows.next = cells_next;
    reader->rows.rewind = cells_rewind;
    reader->rows.close = cells_close;
    reader->rows.columns = reader->columns;
    reader->rows.size = row_count;
    *out = &reader->rows;
    return KUNDIG_OK;
}
