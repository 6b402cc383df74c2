/* Splitting: one pass from the first byte to the last, folding and hashing as it goes.
 *
 *   text     |Die  |Größe|...|sooooo|Preis    |
 *   folded   |die  |grösse...|soo___|preis    |padding|tail: tokens that grew
 *
 * All ASCII is folded in place at once, and its words marked with bits; a word of nothing else is
 * two looks at those bits. A token's folded form begins where the token begins, so nothing is
 * moved. A token whose fold is longer than itself moves to the tail, as do addresses, which are
 * seen only when their words are done.
 *
 * Invariants: tokens are in order of start; token.start is a boundary of stretches (fold.h), so
 * the folded form of a token is the fold of its slice; only pairs of characters overlap.
 * Cost: linear. Each byte is looked at a bounded number of times: an address looks back at 64
 * bytes at most and forward at what it then consumes, or at most at 255 bytes.
 */
#include "base/hash.h"
#include "text/scan.h"
#include "text/special.h"

/* A token, or a gap, that begins with a code point above ASCII. */
static bool token_high(token_scan *scan)
{
    uint32_t code;
    size_t step = kundig__utf8_decode(scan->text + scan->pos, scan->len - scan->pos, &code);
    uint32_t kind = step == 2 ? token_entry(scan, scan->pos)->kind : 0;
    uint32_t traits = kind ? kind : kundig__utf8_traits(code);
    kind = code == FOLD_MODIFIER ? KUNDIG__CODE_SYMBOL : traits & KUNDIG__CODE_KIND;
    if (kind == KUNDIG__CODE_GAP) {
        scan->pos += step;
        return true;
    }
    if (kind == KUNDIG__CODE_SYMBOL) {
        return kundig__scan_symbols(scan);
    }
    token_begin(scan);
    return kundig__is_unspaced(code, traits)
               ? kundig__scan_pairs(scan)
               : kundig__scan_word(scan, scan->pos, KUNDIG__TOKEN_WORD);
}

/* Of a word without wide letters: a digit, or a byte of a wide number? */
static bool token_byte_is_number(char c)
{
    return (unsigned char)c <= '9' || (unsigned char)c >= 0x80;
}

/* Both hashes are mixed already: one odd factor tells first from second, the rest spreads their
 * sum over all bits, high and low, for consumers take either. */
uint64_t kundig__pair_hash(uint64_t first, uint64_t second)
{
    uint64_t hash = first * UINT64_C(0x9E3779B97F4A7C15) + second;
    hash ^= hash >> 32;
    hash *= UINT64_C(0xD6E8FEB86659FD93);
    return hash ^ hash >> 32;
}

/* Hash all tokens, in a loop of its own: it waits for nothing but lengths, which are known. */
static bool token_hash(kundig__scratch *scratch, bool pairs_too)
{
    size_t count = scratch->token_count;
    void *pairs = scratch->pairs;
    bool fits = !pairs_too || kundig__grow(scratch->mem, &pairs, &scratch->pair_capacity, count,
                                           sizeof *scratch->pairs);
    scratch->pairs = pairs;
    if (!fits) {
        return false;
    }
    uint64_t before = 0;
    for (size_t i = 0; i < count; i++) {
        kundig__token *token = &scratch->tokens[i];
        token->hash = kundig__xxh3(scratch->folded + token->folded, token->folded_len);
        if (pairs_too && i > 0) {
            scratch->pairs[i - 1] = kundig__pair_hash(before, token->hash);
        }
        before = token->hash;
    }
    return true;
}

/* End of the run of ASCII word bytes that begins at pos; pos if none does. */
static size_t token_run(const uint64_t *words, size_t pos)
{
    for (;;) {
        unsigned shift = pos & 63;
        uint64_t rest = ~(words[pos / 64] >> shift);
        size_t count = rest ? fold_lowest(rest) : 64;
        if (count < 64 - shift) {
            return pos + count;
        }
        pos += 64 - shift; /* the words behind the last are zero */
    }
}

/* A word at scan->pos of ASCII and of what the table knows, folded where it stands; the long way
 * round where it holds anything else. */
static bool token_plain(token_scan *scan)
{
    const char *text = scan->text;
    size_t len = scan->len;
    char *folded = scan->scratch->folded;
    size_t start = scan->pos;
    size_t end = start;
    bool wide = false;
    bool letters = false; /* among the wide */
    for (;;) {
        end = token_run(scan->scratch->words, end);
        unsigned char next = end < len ? (unsigned char)text[end] : ' ';
        if (next < 0x80 && next != '\'') {
            break;
        }
        if (next >= 0x80 && next < 0xE0) {
            const kundig__fold_entry *entry = token_entry(scan, end);
            if (entry->kind == KUNDIG__CODE_LETTER || entry->kind == KUNDIG__CODE_DIGIT) {
                memcpy(folded + end, entry->bytes, 2);
                letters |= entry->kind == KUNDIG__CODE_LETTER;
                wide = true;
                end += 2;
                continue;
            }
            if (entry->kind) {
                break;
            }
        }
        token_begin(scan);
        return kundig__scan_word(scan, start, KUNDIG__TOKEN_WORD) &&
               (scan->pos != start || kundig__scan_symbols(scan));
    }
    size_t count = end - start;
    folded += start;
    uint32_t kind = KUNDIG__TOKEN_WORD;
    if (!letters && token_byte_is_number(folded[0])) {
        size_t digits = 1;
        while (digits < count && token_byte_is_number(folded[digits])) {
            digits++;
        }
        kind = digits < count ? KUNDIG__TOKEN_WORD : KUNDIG__TOKEN_NUMBER;
    }
    if ((scan->triples || wide) &&
        (fold_has_triple(folded, count, 1) || (wide && fold_has_triple(folded, count, 2)))) {
        count = kundig__fold_collapse(folded, count);
    }
    scan->pos = end;
    return token_keep(scan, kind, start, end, start, count);
}

int kundig__text_features(kundig__scratch *scratch, const char *text, size_t len, uint32_t families)
{
    token_scan scan = {.scratch = scratch, .text = text, .len = len, .tail = len + FOLD_PADDING};
    scratch->token_count = 0;
    scratch->folded_len = 0;
    if (!kundig__fold_table(scratch) || !kundig__fold_ascii(scratch, text, len, &scan.triples)) {
        return kundig__nomem(scratch->mem, NULL);
    }
    while (scan.pos < len) {
        size_t pos = scan.pos;
        uint8_t byte = kundig__byte_kind[(unsigned char)text[pos]];
        bool word = byte == BYTE_WORD;
        if (byte == BYTE_HIGH && (unsigned char)text[pos] < 0xE0) {
            uint8_t kind = token_entry(&scan, pos)->kind;
            word = kind == KUNDIG__CODE_LETTER || kind == KUNDIG__CODE_DIGIT;
        }
        if (word) {
            token_plain(&scan);
            scan.pos += scan.pos < len && text[scan.pos] == ' ';
        } else if (byte == BYTE_GAP) {
            scan.pos++;
        } else if (byte == BYTE_HIGH) {
            token_high(&scan);
        } else if (pos + 1 == len || kundig__byte_kind[(unsigned char)text[pos + 1]] == BYTE_GAP) {
            token_keep(&scan, KUNDIG__TOKEN_SYMBOL, pos, pos + 1, pos, 1);
            scan.pos += !scan.failed;
        } else {
            kundig__scan_symbols(&scan);
        }
    }
    scratch->folded_len = scan.tail;
    if (scan.failed || !token_hash(scratch, (families & KUNDIG__PAIRS) != 0)) {
        scratch->token_count = 0;
        return kundig__nomem(scratch->mem, NULL);
    }
    return KUNDIG_OK;
}
