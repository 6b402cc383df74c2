/* The way of one comment: valid UTF-8 > fold > tokens > hashes, once per pass, into scratch.
 *
 * Fold: NFC, full case folding, U+2019 and U+02BC to apostrophe, soft hyphens dropped, runs of
 * three or more equal letters to two (digits untouched). Folding folded text changes nothing.
 *
 * Tokens, each a slice of the text handed in, whose folded form is the fold of that slice:
 *   word      letters, marks, numbers and `_`; apostrophe, U+200C and U+200D between two letters or
 *             digits stay inside
 *   number    a word of numbers alone
 *   pair      two neighbouring characters, with their marks, of a script written without blanks
 *             (Han, kana, Bopomofo, Thai, Lao, Khmer, Myanmar); pairs overlap; one alone if it
 *             stands alone
 *   symbol    punctuation, emoji and other symbols: runs cut behind the fourth grapheme cluster
 *   url       http://, https://, ftp:// or www., without the punctuation that ends a sentence
 *   e-mail    up to 64 bytes before the @ and a domain with a dot behind it
 *   handle    @ and a word
 * White space, controls and format characters part tokens and belong to none.
 *
 * Characters in a row are looked at inside " token ", its folded form between two blanks: those of
 * 3 in " gut " are " gu", "gut", "ut ". Words, numbers and symbols give them; addresses and handles
 * do not, being names nobody repeats, nor do pairs, which are characters in a row already. Of a
 * token the first 128 code points count. A token shorter than n - 2 code points has no row of n. */
#ifndef KUNDIG_TEXT_TEXT_H
#define KUNDIG_TEXT_TEXT_H

#include "base/utf8.h"

#define KUNDIG__TOKENISER_VERSION "1"

#define KUNDIG__TOKEN_WORD   1 /* letters, marks, digits, inner apostrophe */
#define KUNDIG__TOKEN_NUMBER 2 /* digits alone */
#define KUNDIG__TOKEN_CJK    3 /* a pair of characters of a script written without blanks */
#define KUNDIG__TOKEN_SYMBOL 4 /* punctuation and emoji, runs of at most 4 grapheme clusters */
#define KUNDIG__TOKEN_URL    5
#define KUNDIG__TOKEN_EMAIL  6
#define KUNDIG__TOKEN_HANDLE 7 /* @name */

typedef struct kundig__token {
    uint32_t start; /* byte offsets into the text */
    uint32_t end;
    uint32_t folded; /* where its folded form stands in scratch->folded */
    uint32_t folded_len;
    uint32_t kind; /* KUNDIG__TOKEN_ */
    uint32_t reserved;
    uint64_t hash; /* XXH3 of the folded form */
} kundig__token;

/* What a stretch folded to. */
typedef struct kundig__fold_result {
    size_t bytes;
    size_t codes;
    const char *data; /* NULL: it stands in the folder */
} kundig__fold_result;

/* Reused from comment to comment; grows, never shrinks. */
typedef struct kundig__scratch {
    kundig__mem *mem;
    char *folded;
    size_t folded_len;
    size_t folded_capacity;
    kundig__token *tokens;
    size_t token_count;
    size_t token_capacity;
    uint64_t *pairs; /* pairs[i] joins tokens i and i + 1; token_count - 1 of them */
    size_t pair_capacity;
    uint64_t *grams; /* rows of characters: token by token, by their last character, by length */
    size_t gram_count;
    size_t gram_capacity;
    /* the folder's own */
    kundig__folder folder;
    struct kundig__fold_entry *table;
    struct kundig__fold_known *known; /* NULL until the first stretch that takes the long way */
    kundig__fold_result result;
    struct kundig__text_bits *bits;
    size_t bit_capacity;
    uint64_t *characters; /* the numbers of the first code points */
} kundig__scratch;

void kundig__scratch_init(kundig__scratch *scratch, kundig__mem *mem);
void kundig__scratch_free(kundig__scratch *scratch);

#define KUNDIG__WORDS         1u
#define KUNDIG__PAIRS         2u
#define KUNDIG__CHARACTERS(n) (1u << (n)) /* n characters in a row, n = 2 to 5: grams */

/* Fold, split and hash. text is valid UTF-8 without NUL, len < 2^30. families: KUNDIG__WORDS, with
 * any of the others. KUNDIG_OK or KUNDIG_E_NOMEM / KUNDIG_E_LIMIT. */
int kundig__text_features(kundig__scratch *scratch, const char *text, size_t len,
                          uint32_t families);
/* The folded text alone (scratch->folded), for "contains" and for comparing names. */
int kundig__text_fold(kundig__scratch *scratch, const char *text, size_t len);
uint64_t kundig__pair_hash(uint64_t first, uint64_t second);

#endif
