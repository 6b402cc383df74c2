/* Reads CSV through every door at once and writes down what came, as text to compare. */
#ifndef KUNDIG_TESTS_READING_H
#define KUNDIG_TESTS_READING_H

#include "io/rows.h"
#include "probe.h"

typedef struct reading {
    char text[8192]; /* cells in brackets, rows apart by "/", bad rows as !reason */
    size_t rows;
    size_t bad;
    kundig__row last_bad; /* its texts are not to be used */
    char reason[240];
    char raw[4096];
    int rc;
    kundig_error err;
    char delimiter;
    bool had_bom;
} reading;

void reading_context(kundig__context *context);
/* From memory. max_field and delimiter as in kundig__csv_options. */
void read_bytes(reading *out, const char *data, size_t len, const kundig__csv_options *options);
/* From a file; also checks that a rewind gives the same again. */
void read_file(reading *out, const char *data, size_t len, const kundig__csv_options *options);
/* From both; they must agree. */
void read_csv(reading *out, const char *data);

#endif
