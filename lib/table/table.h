/* Building tables. Failure sticks: build on, then kundig__table_finish() says whether it went well.
 * A table owns its memory through its own copy of the allocator and outlives its handle. */
#ifndef KUNDIG_TABLE_TABLE_H
#define KUNDIG_TABLE_TABLE_H

#include "base/mem.h"

/* allocator and what is left of the budget are taken from mem; NULL on failure (ask
 * kundig__nomem(mem)). */
kundig_table *kundig__table_new(kundig__mem *mem);
/* Returns the column's index. name is copied. */
size_t kundig__table_column(kundig_table *table, const char *name, int type, int unit);
size_t kundig__table_column_text(kundig_table *table, kundig_text name, int type, int unit);
void kundig__table_row(kundig_table *table); /* a new last row, all null */
/* Set a cell of the last row. An absent text stays null. */
void kundig__table_set_text(kundig_table *table, size_t column, kundig_text text);
void kundig__table_set_int(kundig_table *table, size_t column, int64_t value);
void kundig__table_set_number(kundig_table *table, size_t column,
                              double value); /* not finite: null */
void kundig__table_set_bool(kundig_table *table, size_t column, bool value);
void kundig__table_note(kundig_table *table, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Notes go from one table to another. */
void kundig__table_copy_notes(kundig_table *to, const kundig_table *from);
/* Hand over, or free the table and return the error. *out is set on success alone. */
int kundig__table_finish(kundig_table *table, kundig_table **out, kundig_error *err);

/* The table's own allocator, for results made from it. */
const kundig_allocator *kundig__table_allocator(const kundig_table *table);

/* Append one table as JSON to a larger document; a text as a JSON string. */
void kundig__json_table(kundig__buf *buf, const kundig_table *table);
void kundig__json_text(kundig__buf *buf, kundig_text text);
/* A cell as kundig_table_to_csv() writes it. */
void kundig__csv_text(kundig__buf *buf, kundig_text text);

#endif
