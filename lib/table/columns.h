/* The inside of a table, for the files of this room alone. */
#ifndef KUNDIG_TABLE_COLUMNS_H
#define KUNDIG_TABLE_COLUMNS_H

#include <stdatomic.h>

#include "base/mem.h"

typedef struct kundig__column {
    kundig_text name; /* NUL-terminated, in the arena */
    int type;
    int unit;
    bool from_data; /* its name came with the data and gives way to the code's names */
    void *cells;    /* kundig_text, int64_t (int, bool) or double */
    size_t cell_capacity;
    uint8_t *present; /* a bit a row, least significant first */
    size_t present_capacity;
} kundig__column;

struct kundig_table {
    atomic_size_t references;
    kundig__mem mem;
    kundig__arena arena; /* names, texts, notes */
    kundig__column *columns;
    size_t column_count;
    size_t column_capacity;
    size_t row_count;
    kundig_text *notes;
    size_t note_count;
    size_t note_capacity;
    bool failed;
};

/* Append a cell that is neither null nor text, as JSON and CSV both write it. */
void kundig__plain_cell(kundig__buf *buf, const kundig_table *table, size_t row, size_t column);

#endif
