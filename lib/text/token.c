/* Splitting: where the bits of 64 bytes (bits.h) tell the tokens, they are read off them; where they
 * say that something odd stands, the scanner goes over it by every rule there is.
 *
 *   text     |Die  |Größe|...|sooooo|Preis    |
 *   folded   |die  |grösse...|soo___|preis    |padding|tail: tokens that grew
 *
 * A token's folded form begins where the token begins, so nothing is moved. A token whose fold is
 * longer than itself moves to the tail, as do addresses, which are seen only when their words are
 * done. What touches something odd is taken back and scanned with it.
 *
 * Invariants: tokens are in order of start; token.start is a boundary of stretches (fold.h), so
 * the folded form of a token is the fold of its slice; only pairs of characters overlap; the bits
 * give the tokens that the scanner would give.
 * Cost: linear. Each byte is looked at a bounded number of times: a token is taken back at most
 * once, an address looks back at 64 bytes at most and forward at what it then consumes, or at most
 * at 255 bytes.
 */
#include "base/hash.h"
#include "text/bits.h"
#include "text/characters.h"
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

/* Both hashes are mixed already: one odd factor tells first from second, the rest spreads their
 * sum over all bits, high and low, for consumers take either. */
uint64_t kundig__pair_hash(uint64_t first, uint64_t second)
{
    uint64_t hash = first * UINT64_C(0x9E3779B97F4A7C15) + second;
    hash ^= hash >> 32;
    hash *= UINT64_C(0xD6E8FEB86659FD93);
    return hash ^ hash >> 32;
}

/* Hash all tokens, in loops of their own: they wait for nothing but lengths, which are known. */
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
    kundig__token *tokens = scratch->tokens;
    if (count > 0) {
        kundig__xxh3_many(scratch->folded, &tokens->folded, &tokens->folded_len, &tokens->hash,
                          sizeof *tokens / sizeof(uint32_t), count);
    }
    for (size_t i = 1; pairs_too && i < count; i++) {
        scratch->pairs[i - 1] = kundig__pair_hash(tokens[i - 1].hash, tokens[i].hash);
    }
    return true;
}

/* One token or gap at scan->pos, by every rule there is. */
static void token_step(token_scan *scan)
{
    switch (kundig__byte_kind[(unsigned char)scan->text[scan->pos]]) {
    case BYTE_GAP:
        scan->pos++;
        break;
    case BYTE_WORD:
    case BYTE_DIGIT:
        token_begin(scan);
        if (kundig__scan_word(scan, scan->pos, KUNDIG__TOKEN_WORD) && scan->pos == scan->at) {
            kundig__scan_symbols(scan); /* it was a keycap's digit */
        }
        break;
    case BYTE_SYMBOL:
        kundig__scan_symbols(scan);
        break;
    default:
        token_high(scan);
        break;
    }
}

/* A token of digits, or one that begins above ASCII: is it a number? */
static __attribute__((noinline)) uint32_t token_number(const token_scan *scan, size_t start,
                                                       size_t end)
{
    for (size_t pos = start; pos < end;) {
        unsigned char c = (unsigned char)scan->text[pos];
        if (c < 0x80 ? c > '9' || c == '\'' : token_entry(scan, pos)->kind != KUNDIG__CODE_DIGIT) {
            return KUNDIG__TOKEN_WORD;
        }
        pos += c < 0x80 ? 1 : 2;
    }
    return KUNDIG__TOKEN_NUMBER;
}

/* A token that the bits found. */
static inline void token_found(token_scan *scan, kundig__token *token, size_t start, size_t end)
{
    uint32_t kind = kundig__byte_kind[(unsigned char)scan->text[start]];
    size_t count = end - start;
    token->start = (uint32_t)start;
    token->end = (uint32_t)end;
    token->folded = (uint32_t)start;
    token->kind = kind < BYTE_DIGIT ? kind : token_number(scan, start, end);
    token->reserved = 0;
    if (scan->triples && token->kind == KUNDIG__TOKEN_WORD) {
        char *folded = scan->scratch->folded + start;
        if (fold_has_triple(folded, count, 1) || fold_has_triple(folded, count, 2)) {
            count = kundig__fold_collapse(folded, count);
        }
    }
    token->folded_len = (uint32_t)count;
}

/* What the 64 bytes from `block` on hold behind scan->pos: where tokens begin, where they end, and
 * what is odd. */
typedef struct token_edges {
    uint64_t starts;
    uint64_t ends;
    uint64_t odd;
} token_edges;

/* The bits at `block`, each with those before it (in *before, of the same block) and behind it. */
static inline token_edges token_look(const kundig__text_bits *bits, uint64_t from,
                                     token_edges *carry)
{
    uint64_t words = bits->words & from;
    uint64_t symbols = bits->symbols & from;
    /* An apostrophe between two bytes of words is one itself. */
    uint64_t inner = bits->quotes & (words << 1 | carry->odd) & (words >> 1 | bits[1].words << 63);
    carry->odd = words >> 63;
    words |= inner;
    symbols &= ~inner;
    uint64_t after_word = words << 1 | carry->starts;
    uint64_t after_symbol = symbols << 1 | carry->ends;
    carry->starts = words >> 63;
    carry->ends = symbols >> 63;
    uint64_t runs = symbols & ~after_symbol;
    /* Runs of five symbols and more are more than one token. */
    uint64_t two = symbols & (symbols >> 1 | bits[1].symbols << 63);
    uint64_t more = bits[1].symbols & (bits[1].symbols >> 1);
    uint64_t four = two & (two >> 2 | more << 62);
    uint64_t five = four & (symbols >> 4 | bits[1].symbols << 60);
    return (token_edges){(words & ~after_word) | runs,
                         (after_word & ~words) | (after_symbol & ~symbols),
                         (bits->odd & from) | (runs & five)};
}

/* The text holds something odd at pos: take back what touches it, let the scanner go past it. */
static void token_odd(token_scan *scan, size_t pos, size_t open, size_t floor)
{
    kundig__scratch *scratch = scan->scratch;
    scan->pos = open < pos ? open : pos;
    while (scratch->token_count > floor &&
           scratch->tokens[scratch->token_count - 1].end == scan->pos) {
        scan->pos = scratch->tokens[--scratch->token_count].start;
    }
    while (scan->pos <= pos && !scan->failed) {
        token_step(scan);
    }
}

static void token_all(token_scan *scan)
{
    kundig__scratch *scratch = scan->scratch;
    const size_t none = SIZE_MAX;
    size_t open = none; /* where a token began whose end is not seen yet */
    size_t floor = 0;   /* tokens that stand for good */
    uint64_t from = UINT64_MAX;
    token_edges carry = {0, 0, 0};
    for (size_t i = 0; i * BLOCK_SIZE <= scan->len && !scan->failed;) {
        if (scratch->token_capacity < scratch->token_count + BLOCK_SIZE &&
            !kundig__scan_token_room(scan, BLOCK_SIZE)) {
            return;
        }
        size_t base = i * BLOCK_SIZE;
        token_edges edges = token_look(&scratch->bits[i], from, &carry);
        if (edges.odd) { /* what begins there or ends behind it does not count */
            edges.starts &= (edges.odd & (0 - edges.odd)) - 1;
            edges.ends &= edges.odd ^ (edges.odd - 1);
        }
        kundig__token *token = &scratch->tokens[scratch->token_count];
        if (open != none && edges.ends) {
            token_found(scan, token++, open, base + fold_lowest(edges.ends));
            edges.ends &= edges.ends - 1;
            open = none;
        }
        while (edges.ends) {
            token_found(scan, token++, base + fold_lowest(edges.starts),
                        base + fold_lowest(edges.ends));
            edges.starts &= edges.starts - 1;
            edges.ends &= edges.ends - 1;
        }
        scratch->token_count = (size_t)(token - scratch->tokens);
        if (edges.starts) {
            open = base + fold_lowest(edges.starts);
        }
        if (!edges.odd) {
            from = UINT64_MAX;
            i++;
            continue;
        }
        token_odd(scan, base + fold_lowest(edges.odd), open, floor);
        floor = scratch->token_count;
        open = none;
        carry = (token_edges){0, 0, 0};
        i = scan->pos / BLOCK_SIZE;
        from = UINT64_MAX << scan->pos % BLOCK_SIZE;
    }
}

int kundig__text_features(kundig__scratch *scratch, const char *text, size_t len, uint32_t families)
{
    token_scan scan = {.scratch = scratch, .text = text, .len = len, .tail = len + FOLD_PADDING};
    scratch->token_count = 0;
    scratch->folded_len = 0;
    scratch->gram_count = 0;
    if (!kundig__text_bits_read(scratch, text, len, &scan.triples)) {
        return kundig__nomem(scratch->mem, NULL);
    }
    token_all(&scan);
    scratch->folded_len = scan.tail;
    if (scan.failed || !token_hash(scratch, (families & KUNDIG__PAIRS) != 0) ||
        !kundig__characters(scratch, families)) {
        scratch->token_count = 0;
        scratch->gram_count = 0;
        return kundig__nomem(scratch->mem, NULL);
    }
    return KUNDIG_OK;
}
