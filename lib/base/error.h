/* Errors in the caller's hands: a code, a position, a sentence. */
#ifndef KUNDIG_BASE_ERROR_H
#define KUNDIG_BASE_ERROR_H

#include <stdarg.h>

#include "kundig.h"

/* Fill err (may be NULL) and return code. The format is printf's without floating point: a locale
 * would show. A message that does not fit is cut at a whole character. */
int kundig__fail(kundig_error *err, int code, size_t pos, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
int kundig__fail_args(kundig_error *err, int code, size_t pos, const char *format, va_list args)
    __attribute__((format(printf, 4, 0)));

/* For "%.*s": a text's length, cut to what a sentence can show. */
int kundig__shown(kundig_text text);

#endif
