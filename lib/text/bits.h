/* Between the reader of bytes and the tokeniser: what each byte of a text is, a bit each. */
#ifndef KUNDIG_TEXT_BITS_H
#define KUNDIG_TEXT_BITS_H

#include "text/block.h"

/* Of 64 bytes of text. No byte is in two of the first three. */
typedef struct kundig__text_bits {
    uint64_t words;   /* bytes of ASCII words and of wide letters and digits that the table folds */
    uint64_t symbols; /* ASCII symbols */
    uint64_t odd;     /* here begins something that only the scanner understands */
    uint64_t quotes;  /* those of the symbols that are apostrophes */
} kundig__text_bits;

/* Fold text in place into scratch->folded[0..len), as far as it keeps its length, and say of each
 * byte what it is in scratch->bits[0..len / 64 + 1], the last of them empty. *triples tells whether
 * some letter may stand three times in a row. Room is made; false on failure of memory. */
bool kundig__text_bits_read(kundig__scratch *scratch, const char *text, size_t len, bool *triples);

#endif
