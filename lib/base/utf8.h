/* UTF-8 and Unicode properties; the only room that knows utf8proc. */
#ifndef KUNDIG_BASE_UTF8_H
#define KUNDIG_BASE_UTF8_H

#include <stdbool.h>

#include "base/mem.h"

/* Length of the prefix of text that needs no mending: valid UTF-8 without NUL. */
size_t kundig__utf8_valid(const char *text, size_t len);
/* Append text with each ill-formed sequence (maximal subpart, Unicode 3.9) and each NUL replaced by
 * U+FFFD; returns how many bytes were replaced. */
size_t kundig__utf8_mend(kundig__buf *out, const char *text, size_t len);
/* Ascending offsets (equal ones may repeat) into what kundig__utf8_mend makes of given[0..len)
 * become offsets into given. One inside a replacement becomes the start of what was replaced, one
 * behind the end becomes len. Linear in len + count. */
void kundig__utf8_given_offsets(const char *given, size_t len, size_t *offsets, size_t count);
/* Decode one code point of valid UTF-8 at text[0..len), len > 0; returns its length in bytes. */
static inline size_t kundig__utf8_decode(const char *text, size_t len, uint32_t *code)
{
    const unsigned char *bytes = (const unsigned char *)text;
    uint32_t lead = bytes[0];
    (void)len;
    if (lead < 0x80) {
        *code = lead;
        return 1;
    }
    if (lead < 0xE0) {
        *code = (lead & 0x1F) << 6 | (bytes[1] & 0x3Fu);
        return 2;
    }
    if (lead < 0xF0) {
        *code = (lead & 0x0F) << 12 | (bytes[1] & 0x3Fu) << 6 | (bytes[2] & 0x3Fu);
        return 3;
    }
    *code = (lead & 0x07) << 18 | (bytes[1] & 0x3Fu) << 12 | (bytes[2] & 0x3Fu) << 6 |
            (bytes[3] & 0x3Fu);
    return 4;
}
size_t kundig__utf8_encode(uint32_t code, char out[4]);
/* The canonical decomposition of a code point, whole and in order; 0 if it has none. */
size_t kundig__utf8_decompose(uint32_t code, uint32_t out[4]);
/* Columns a terminal gives valid UTF-8: 0 for marks, 2 for wide. An emoji sequence counts once. */
size_t kundig__utf8_width(const char *text, size_t len);
/* Largest prefix of at most `width` columns that ends between grapheme clusters. */
size_t kundig__utf8_cut(const char *text, size_t len, size_t width);
/* Code points that must not reach a terminal or page raw: C0, C1, bidi controls, zero width, line
 * separators, tags. The joiners U+200C and U+200D are not among them: Persian and emoji need them.
 */
bool kundig__utf8_is_hidden(uint32_t code);
const char *kundig__unicode_version(void);

/* What a code point is: one kind, and flags. */
#define KUNDIG__CODE_LETTER 1u
#define KUNDIG__CODE_MARK   2u
#define KUNDIG__CODE_DIGIT  3u /* any number: digits, fractions, Roman numerals */
#define KUNDIG__CODE_SYMBOL 4u /* punctuation, symbols, private use, unassigned */
#define KUNDIG__CODE_GAP    5u /* white space, controls, format characters */
#define KUNDIG__CODE_KIND   7u
#define KUNDIG__CODE_FOLDS  8u  /* case folding or canonical decomposition changes it */
#define KUNDIG__CODE_JOINS  16u /* may compose with what stands before, or change places with it */

uint32_t kundig__utf8_traits(uint32_t code);

/* Is there a grapheme cluster boundary between two neighbours? *state is 0 at the start of a text
 * and belongs to the function. */
bool kundig__utf8_breaks(uint32_t before, uint32_t after, int32_t *state);

/* Case folding that keeps canonical equivalence: NFC(full case folding(NFD(text))). Linear in len
 * whatever the marks. The result stands in codes[0..count) until the next call. Text may be cut
 * before any code point that does not JOIN and folded piece by piece with the same result. */
typedef struct kundig__folder {
    kundig__mem *mem;
    int32_t *codes;
    size_t count;
    size_t capacity;
    int32_t *spare;
    size_t spare_capacity;
} kundig__folder;

void kundig__folder_init(kundig__folder *folder, kundig__mem *mem);
void kundig__folder_free(kundig__folder *folder);
/* text is valid UTF-8. false on failure of memory. */
bool kundig__folder_run(kundig__folder *folder, const char *text, size_t len);

#endif
