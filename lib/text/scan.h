/* Between the parts of the tokeniser: the pass over one text and what every kind of token needs. */
#ifndef KUNDIG_TEXT_SCAN_H
#define KUNDIG_TEXT_SCAN_H

#include "text/fold.h"

#define TOKEN_AS_PICTURE 0xFE0F
#define TOKEN_NON_JOINER 0x200C
#define TOKEN_JOINER     0x200D

/* What an ASCII byte is; above it, the lead of something longer. The first three are also the kinds
 * of tokens that begin with such a byte, 0 being none. */
enum {
    BYTE_GAP = 0,
    BYTE_WORD = KUNDIG__TOKEN_WORD, /* letters and `_` */
    BYTE_SYMBOL = KUNDIG__TOKEN_SYMBOL,
    BYTE_DIGIT = 16,
    BYTE_HIGH
};
extern const uint8_t kundig__byte_kind[256];

typedef struct token_scan {
    kundig__scratch *scratch;
    const char *text;
    size_t len;
    size_t pos;
    size_t tail;  /* where the tail of scratch->folded ends */
    size_t at;    /* where the folded form of the token in work begins */
    size_t out;   /* and ends */
    bool away;    /* it stands in the tail */
    bool triples; /* some letter of ASCII stands three times in a row */
    bool failed;  /* for lack of memory */
} token_scan;

/* Give up for lack of memory; false. */
bool kundig__scan_fail(token_scan *scan);
/* Make sure that `bytes` more of folded form fit for text up to `to`, and behind them all that is
 * left, copied. */
bool kundig__scan_room(token_scan *scan, size_t bytes, size_t to);
/* Fold text[from..to), one stretch, the long way and go on behind it. */
bool kundig__scan_long_way(token_scan *scan, size_t from, size_t to);
/* Length of the keycap sequence at pos: a digit, perhaps U+FE0F, U+20E3; 0 if there is none. */
size_t kundig__scan_keycap(const token_scan *scan, size_t pos);
/* Room for `count` more tokens. */
bool kundig__scan_token_room(token_scan *scan, size_t count);

/* The rest of a word from scan->pos on; what is folded of it already stands in scan->at..out. */
bool kundig__scan_word(token_scan *scan, size_t start, uint32_t kind);
/* A run of characters of a script without blanks, one at least: pairs that overlap. */
bool kundig__scan_pairs(token_scan *scan);
/* A run of symbols, at most four clusters of it, or the address or handle that one is part of. */
bool kundig__scan_symbols(token_scan *scan);

static inline void token_begin(token_scan *scan)
{
    scan->at = scan->pos;
    scan->out = scan->pos;
    scan->away = false;
}

static inline void token_copy(token_scan *scan, size_t count)
{
    memcpy(scan->scratch->folded + scan->out, scan->text + scan->pos, count);
    scan->out += count;
    scan->pos += count;
}

/* What the table says of the two bytes at pos. */
static inline const kundig__fold_entry *token_entry(const token_scan *scan, size_t pos)
{
    uint32_t code = ((unsigned char)scan->text[pos] & 0x1Fu) << 6 |
                    ((unsigned char)scan->text[pos + 1] & 0x3Fu);
    return &scan->scratch->table[code - FOLD_TABLE_FIRST];
}

static inline bool token_keep(token_scan *scan, uint32_t kind, size_t start, size_t end, size_t at,
                              size_t count)
{
    kundig__scratch *scratch = scan->scratch;
    if (scratch->token_count == scratch->token_capacity && !kundig__scan_token_room(scan, 1)) {
        return false;
    }
    kundig__token *token = &scratch->tokens[scratch->token_count++];
    token->start = (uint32_t)start;
    token->end = (uint32_t)end;
    token->folded = (uint32_t)at;
    token->folded_len = (uint32_t)count;
    token->kind = kind;
    token->reserved = 0;
    return true;
}

/* End the token in work. */
static inline bool token_end(token_scan *scan, uint32_t kind, size_t start)
{
    if (scan->away) {
        scan->tail = scan->out;
    }
    return token_keep(scan, kind, start, scan->pos, scan->at, scan->out - scan->at);
}

#endif
