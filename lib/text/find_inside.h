/* The inside of finding, for its files alone. */
#ifndef KUNDIG_TEXT_FIND_INSIDE_H
#define KUNDIG_TEXT_FIND_INSIDE_H

#include "text/find.h"
#include "text/fold.h"

#define FIND_TERMS   64 /* a bit each */
#define FIND_SYMBOLS 64 /* most bytes of a symbol that is asked for */

/* Code points above ASCII that a needle knows one by one: U+0080 to U+07FF, U+1E00 to U+1EFF. */
#define FIND_LATIN_FIRST 0x1E00u
#define FIND_LATIN_LAST  0x1EFFu
#define FIND_CODES       (FOLD_TABLE_COUNT + 0x100u)

/* What such a code point may do for a needle. */
#define FIND_MAKES  1u /* it may be the needle, or change what stands before it */
#define FIND_FIRST  2u /* its key begins with the needle's second letter */
#define FIND_LAST   4u /* its key ends with the needle's first letter */
#define FIND_VANISH 8u /* it has no key */

/* Two neighbouring bytes without which a text cannot hold a word, in up to four spellings. */
typedef struct find_needle {
    uint8_t count; /* 0: none is known, every text must be read */
    uint8_t mask;  /* 0x20 for ASCII: case is overlooked */
    uint8_t first[4];
    uint8_t second[4];
    uint32_t at;   /* of ASCII: where the pair stands in the term's key */
    uint8_t *wild; /* FIND_CODES entries; NULL: code points above ASCII do nothing */
} find_needle;

typedef struct find_term {
    kundig_text key; /* spelt with ae for an umlaut */
    bool plain;      /* no umlaut in it: it finds those of the text by a, o, u as well */
    bool prefix;
    bool symbol; /* found inside runs of symbols */
    bool edge;   /* a character alone of a script without blanks: either end of a pair */
    uint32_t rarity;
    find_needle needle;
} find_term;

struct kundig__find {
    kundig__mem *mem;
    kundig__arena arena;
    find_term terms[FIND_TERMS]; /* row by row */
    uint32_t order[FIND_TERMS];  /* rarest first */
    uint32_t count;
    uint32_t row_count;
    uint32_t row_of[FIND_TERMS];
    uint64_t starts; /* terms that begin a row, a bit each */
    uint64_t ends;
    uint64_t overlaps; /* pairs of characters that overlap with the pair before */
    bool punctuation;  /* nothing else is asked */
};

/* find_key.c: append the key of folded text. umlauts: as ae, oe, ue; else as a, o, u. */
void kundig__find_key(kundig__buf *out, const char *folded, size_t len, bool umlauts);
/* Of a run of symbols: without punctuation unless that is asked for. */
void kundig__find_symbol_key(kundig__buf *out, const char *folded, size_t len, bool punctuation);

/* find_scan.c: choose the needles of all terms, and their order. masks: what masks say (NULL: texts
 * are read as they are looked at); words that stand there get none. false on failure of memory. */
bool kundig__find_needles(kundig__find *find, kundig__finder *finder, const char *masks);

/* find.c: the terms that stand in a text, a bit each. */
int kundig__find_terms(kundig__finder *finder, const kundig__find *find, const char *text,
                       size_t len, uint64_t *terms);

static inline uint8_t find_lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

static inline bool find_word_byte(uint8_t c)
{
    return (c >= '0' && c <= '9') || (find_lower(c) >= 'a' && find_lower(c) <= 'z') || c == '_';
}

#endif
