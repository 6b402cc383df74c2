/* Finding comments by their words: what was asked, compiled once, held against many texts.
 *
 * Words are what the tokeniser makes of the question and of the text, so `e-mail` is two words in a
 * row; punctuation parts words and is looked for only where nothing else is asked. What addresses
 * and handles are made of counts as words in a row. Spelling: what is folded, without accents;
 * an umlaut in the text is found as it is, as ae, oe, ue and as a, o, u; one in the question finds
 * itself and ae, oe, ue. Emoji and other symbols are found inside runs of them. */
#ifndef KUNDIG_TEXT_FIND_H
#define KUNDIG_TEXT_FIND_H

#include "text/text.h"

#define KUNDIG__FIND_WORDS 16u /* at most */

typedef struct kundig__find kundig__find; /* never changes: threads share it */

/* masked: the texts that will be read hold masks ("[e-mail]") that the texts looked at do not.
 * KUNDIG_E_EMPTY: there is no word; KUNDIG_E_FORMAT: a quote is open, or a * stands elsewhere than
 * behind a word, pos says where; KUNDIG_E_LIMIT: too many words, or too long a symbol. */
int kundig__find_new(kundig__mem *mem, const char *text, size_t len, bool masked,
                     kundig__find **out, kundig_error *err);
void kundig__find_free(kundig__find *find);

#define KUNDIG__FIND_NO   0
#define KUNDIG__FIND_YES  1
#define KUNDIG__FIND_READ 2 /* only reading tells */

/* A look at the bytes, tens of times as fast as reading: surely not, surely, or perhaps. text is
 * valid UTF-8 without NUL. */
int kundig__find_look(const kundig__find *find, const char *text, size_t len);

typedef struct kundig__find_place {
    uint32_t start; /* bytes of the text */
    uint32_t end;
} kundig__find_place;

/* Reads texts one after the other; belongs to one thread. */
typedef struct kundig__finder {
    kundig__mem *mem;
    kundig__scratch scratch;
    kundig__buf keys; /* of the token in work */
    kundig__find_place *places;
    size_t place_count;
    size_t place_capacity;
} kundig__finder;

void kundig__finder_init(kundig__finder *finder, kundig__mem *mem);
void kundig__finder_free(kundig__finder *finder);
/* Does every word stand in the text (len < 2^30)? places: find them all, in order of start and end;
 * none overlap. KUNDIG_OK, KUNDIG_E_NOMEM or KUNDIG_E_LIMIT. */
int kundig__finder_read(kundig__finder *finder, const kundig__find *find, const char *text,
                        size_t len, bool places, bool *met);

#endif
