/* What a file is, from its first bytes; shared inside io. */
#ifndef KUNDIG_IO_SNIFF_H
#define KUNDIG_IO_SNIFF_H

#include "io/rows.h"

/* KUNDIG_OK for what may be a text table, else KUNDIG_E_FORMAT: names the format and says what to
 * do. */
int kundig__sniff_format(const char *data, size_t len, kundig_error *err);
/* The line end that stands behind the first line: '\n' (alone or behind '\r') or '\r'. */
char kundig__sniff_line_end(const char *data, size_t len);
/* The delimiter under which the first rows agree best with the header; 0: one column. `whole`: the
 * data end with the file, so the last row is whole. */
char kundig__sniff_delimiter(const char *data, size_t len, bool whole, char line_end);

#endif
