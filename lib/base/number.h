/* Numbers to text and back, without locale, printf or strtod. */
#ifndef KUNDIG_BASE_NUMBER_H
#define KUNDIG_BASE_NUMBER_H

#include <stdbool.h>

#include "kundig.h"

#define KUNDIG__NUMBER_SIZE 32

/* Shortest text that reads back as the same double, as JavaScript and Python's repr choose digits:
 * "0.1", "1e-7", "123456789", "-0" becomes "0"; integers below 1e17 without exponent. Returns the
 * length; no NUL. value is finite. */
size_t kundig__number_write(double value, char out[KUNDIG__NUMBER_SIZE]);
/* Exactly `decimals` (0 to 9) digits after the point, correctly rounded half to even on the
 * double's exact value; "-0.0" becomes "0.0". |value| < 1e17. */
size_t kundig__number_write_fixed(double value, int decimals, char out[KUNDIG__NUMBER_SIZE]);
size_t kundig__int_write(int64_t value, char out[KUNDIG__NUMBER_SIZE]);
/* At least `width` digits, 20 at most, with zeros in front. */
size_t kundig__digits_write(char *out, uint64_t value, size_t width);

/* Read a decimal number ([-+]digits[.digits][e[-+]digits]), the whole text, correctly rounded.
 * false if it is not one or not finite. "-0" reads as 0, what is too small as 0. Any length is
 * safe: linear in time, no memory. */
bool kundig__number_read(kundig_text text, double *out);
/* The same with a decimal comma allowed ("7,5"). */
bool kundig__number_read_comma(kundig_text text, double *out);

#endif
