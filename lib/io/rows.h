/* Where rows come from: CSV in a file, CSV in memory, cells in memory. One shape for all. */
#ifndef KUNDIG_IO_ROWS_H
#define KUNDIG_IO_ROWS_H

#include "base/context.h"

typedef struct kundig__row {
    const kundig_text *cells; /* borrowed until the next call; unquoted; a cell of a file is never
                                 absent, an absent cell of memory is missing */
    size_t cell_count;
    const size_t *offsets; /* byte offset of each cell in the input */
    uint64_t line;         /* physical line the row starts on, from 1; memory: row, from 1 */
    uint64_t offset;       /* byte offset of the row */
    kundig_text raw;       /* the row as it stood, without its line end; absent in memory and where
                              a line is too long to keep */
    bool plain;            /* ASCII without NUL throughout */
    /* Set where the reader could not make a row of it: reason is a sentence, cells are empty. */
    const char *bad_reason;
    size_t bad_offset;
    uint64_t bad_column; /* from 1; 0: the whole row */
} kundig__row;

typedef struct kundig__rows kundig__rows;
struct kundig__rows {
    /* 1: a row, 0: the end, negative: an error that ends the reading. */
    int (*next)(kundig__rows *rows, kundig__row *row, kundig_error *err);
    int (*rewind)(kundig__rows *rows,
                  kundig_error *err); /* back to the first row after the header */
    void (*close)(kundig__rows *rows);
    const kundig_text *columns; /* the header, live until close */
    size_t column_count;
    char delimiter; /* 0 for memory */
    bool had_bom;
    bool is_file;
    uint64_t position; /* bytes (memory: rows) read so far, for progress */
    uint64_t size;     /* bytes (memory: rows) in all; 0 if unknown */
    uint64_t passed;   /* set by the caller: what progress() is told beside position and in all */
    uint64_t total;
    kundig_text header; /* the header as it stood; memory: absent */
};

typedef struct kundig__csv_options {
    char delimiter;   /* 0: find it */
    int32_t encoding; /* KUNDIG_ENCODING_ */
    uint64_t max_field;
} kundig__csv_options;

/* Rows with too few cells, or with filled cells beyond the header's, are bad; blank lines are no
 * rows. A quote that does not close within max_field, or whose end is no end of a cell, spoils the
 * line it opens on and no more: reading goes on with the next physical line. A record is held
 * whole: at most max_field bytes a cell and 64 MiB (or twice max_field) in all. A pipe is read into
 * memory, since ingest reads twice.
 *
 * The header is read here. KUNDIG_E_EMPTY: no header. KUNDIG_E_FORMAT: XLSX, gzip, PDF, UTF-16,
 * ... : the sentence names it and says what to do. */
int kundig__rows_from_file(kundig__context *context, kundig_text path,
                           const kundig__csv_options *options, kundig__rows **out,
                           kundig_error *err);
int kundig__rows_from_bytes(kundig__context *context, const char *data, size_t len,
                            const kundig__csv_options *options, kundig__rows **out,
                            kundig_error *err);
int kundig__rows_from_cells(kundig__context *context, const kundig_text *columns,
                            size_t column_count, const kundig_text *cells, size_t row_count,
                            kundig__rows **out, kundig_error *err);

/* Append Windows-1252 as UTF-8; the five bytes it leaves open become U+FFFD. */
void kundig__cp1252_decode(kundig__buf *out, const char *data, size_t len);
/* Ill-formed UTF-8 that reads well as Windows-1252: bytes above 0x7F are mostly letters or the
 * punctuation that Windows puts beside letters. */
bool kundig__cp1252_looks_like(const char *data, size_t len);

#endif
