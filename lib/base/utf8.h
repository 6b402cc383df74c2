/* UTF-8 and Unicode properties; the only room that knows utf8proc. */
#ifndef KUNDIG_BASE_UTF8_H
#define KUNDIG_BASE_UTF8_H

#include <stdbool.h>

#include "base/mem.h"

/* Length of the valid prefix of text. */
size_t kundig__utf8_valid(const char *text, size_t len);
/* Append text with each ill-formed sequence (maximal subpart, Unicode 3.9) and each NUL replaced by
 * U+FFFD; returns how many bytes were replaced. */
size_t kundig__utf8_mend(kundig__buf *out, const char *text, size_t len);
/* Decode one code point of valid UTF-8 at text[0..len), len > 0; returns its length in bytes. */
size_t kundig__utf8_decode(const char *text, size_t len, uint32_t *code);
size_t kundig__utf8_encode(uint32_t code, char out[4]);
/* Columns a terminal gives valid UTF-8: 0 for marks, 2 for wide. */
size_t kundig__utf8_width(const char *text, size_t len);
/* Largest prefix of at most `width` columns that ends between grapheme clusters. */
size_t kundig__utf8_cut(const char *text, size_t len, size_t width);
/* Code points that must not reach a terminal or page raw: C0, C1, bidi controls, zero width. */
bool kundig__utf8_is_hidden(uint32_t code);
const char *kundig__unicode_version(void);

#endif
