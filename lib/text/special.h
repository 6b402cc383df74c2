/* Between the tokeniser and what recognises addresses: questions about the source text alone. */
#ifndef KUNDIG_TEXT_SPECIAL_H
#define KUNDIG_TEXT_SPECIAL_H

#include "text/text.h"

#define KUNDIG__EMAIL_LOCAL_MAX  64
#define KUNDIG__EMAIL_DOMAIN_MAX 255

/* Is it a character of a script written without blanks between words? Its digits are not: they are
 * numbers as all digits are. traits are the code point's. */
bool kundig__is_unspaced(uint32_t code, uint32_t traits);
/* Does a letter or digit of a word stand at pos, one that begins a stretch of its own? */
bool kundig__is_word_start(const char *text, size_t len, size_t pos);
/* Is text[start..end) "http", "https", "ftp" (then www is false) or "www"? */
bool kundig__is_url_head(const char *text, size_t start, size_t end, bool www);
/* End of the address whose host begins at pos; pos if none begins there. */
size_t kundig__url_end(const char *text, size_t len, size_t pos);
/* End of the mail domain that begins at pos, behind an @; pos if there is none. */
size_t kundig__domain_end(const char *text, size_t len, size_t pos);

#endif
