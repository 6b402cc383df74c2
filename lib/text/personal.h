/* Personal data in a comment: located byte for byte, and masked.
 *
 * Spans are in order and do not overlap; each begins and ends between grapheme clusters. Kinds are
 * looked for one after the other, those with the surest form first: URL, e-mail, IBAN, card, phone,
 * address, name. What one kind has taken, the next do not see: so a number inside an address of a
 * page is no phone, and the digits of an IBAN are no card. Asking for fewer kinds changes no span.
 *
 * A name's span leaves salutation, title and a genitive's 's outside. A mask in the text ("[name]")
 * is no personal data and parts what stands around it: masking twice changes nothing. */
#ifndef KUNDIG_TEXT_PERSONAL_H
#define KUNDIG_TEXT_PERSONAL_H

#include "text/text.h"

#define KUNDIG__PERSONAL_MOST ((size_t)1 << 30) /* a text is shorter */

typedef struct kundig__personal_span {
    uint32_t start; /* bytes of the text */
    uint32_t end;
    uint32_t kind; /* one of KUNDIG_PERSONAL_ */
} kundig__personal_span;

/* Reused from comment to comment. */
typedef struct kundig__personal {
    kundig__mem *mem;
    kundig__personal_span *spans;
    size_t count;
    size_t capacity;
    /* the rules' own: text/personal_view.h */
    char *plain;
    size_t plain_len;
    size_t plain_capacity;
    uint32_t *places;
    size_t place_capacity;
    bool is_ascii;
    bool has_found;
    struct kundig__personal_mark *marks;
    size_t mark_count;
    size_t mark_capacity;
    uint32_t cue_lengths[26]; /* by first letter, a bit a length */
    uint8_t cue_first[27];    /* where each letter's cues begin */
} kundig__personal;

void kundig__personal_init(kundig__personal *personal, kundig__mem *mem);
void kundig__personal_free(kundig__personal *personal);
/* Find personal data of these kinds (KUNDIG_PERSONAL_, together) in valid UTF-8 without NUL.
 * KUNDIG_OK, KUNDIG_E_NOMEM or KUNDIG_E_LIMIT. */
int kundig__personal_find(kundig__personal *personal, const char *text, size_t len, uint32_t kinds);
/* Append text with every span replaced by its mask, "[e-mail]". */
void kundig__personal_mask(const kundig__personal *personal, const char *text, size_t len,
                           kundig__buf *out);
/* "e-mail"; static text; NULL if kind is not one kind. */
const char *kundig__personal_name(uint32_t kind);

#endif
