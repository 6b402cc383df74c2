/* Small helpers on borrowed text: compare, cut, trim, ASCII case. No locale. */
#ifndef KUNDIG_BASE_TEXT_H
#define KUNDIG_BASE_TEXT_H

#include <stdbool.h>

#include "kundig.h"

#define KUNDIG__TEXT(literal) ((kundig_text){(literal), sizeof(literal) - 1})

static inline kundig_text kundig__text(const char *data, size_t len)
{
    return (kundig_text){data, len};
}

/* ASCII's own, whatever the locale. */
static inline bool kundig__text_is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline bool kundig__text_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

kundig_text kundig__str(const char *str);              /* NUL-terminated; NULL gives absent */
bool kundig__text_equal(kundig_text a, kundig_text b); /* absent equals absent alone */
/* Order by bytes; absent before everything. <0, 0, >0 */
int kundig__text_order(kundig_text a, kundig_text b);
kundig_text kundig__text_cut_blanks(kundig_text text);
/* Without the ASCII white space and U+00A0 at both ends. */
static inline kundig_text kundig__text_trim(kundig_text text)
{
    bool plain = text.len && (unsigned char)text.data[0] - 0x21u < 0x5E &&
                 (unsigned char)text.data[text.len - 1] - 0x21u < 0x5E;
    return plain ? text : kundig__text_cut_blanks(text);
}

/* Equal but for ASCII case. */
bool kundig__text_equal_nocase(kundig_text a, kundig_text b);

/* A place in a text as people count: lines and code points from 1. Lines end with LF, CR or both.
 */
typedef struct kundig__place {
    size_t pos; /* in bytes */
    uint32_t line;
    uint32_t column;
} kundig__place;

/* Go on to byte `to`, not before place->pos. */
void kundig__place_move(kundig__place *place, kundig_text text, size_t to);

#endif
