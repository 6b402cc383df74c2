/* Splitting: one pass from the first byte to the last, folding and hashing as it goes.
 *
 *   text     |Die |ʺGröße"...      |sooooo    |gut
 *   folded   |die |  größe"...     |soo       |gut      same places; what shrinks leaves dead bytes
 *            0                                      len + padding | tail: tokens that grew
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
#include "text/fold.h"
#include "text/special.h"

#define TOKEN_RUN_MAX    4 /* grapheme clusters of a symbol token */
#define TOKEN_KEYCAP     0x20E3
#define TOKEN_AS_PICTURE 0xFE0F
#define TOKEN_NON_JOINER 0x200C
#define TOKEN_JOINER     0x200D

/* What an ASCII byte is; above it, the lead of something longer. */
enum { A_GAP, A_WORD, A_SYMBOL, A_HIGH };
#define G   A_GAP
#define W   A_WORD
#define S   A_SYMBOL
#define H   A_HIGH
#define H16 H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H
static const uint8_t token_byte[256] = {
    G,   G,   G,   G,   G,   G,   G,   G,   G, G, G, G, G, G, G, G, /* controls */
    G,   G,   G,   G,   G,   G,   G,   G,   G, G, G, G, G, G, G, G,
    G,   S,   S,   S,   S,   S,   S,   S,   S, S, S, S, S, S, S, S, /*  !"#$%&'()*+,-./ */
    W,   W,   W,   W,   W,   W,   W,   W,   W, W, S, S, S, S, S, S, /* 0-9:;<=>? */
    S,   W,   W,   W,   W,   W,   W,   W,   W, W, W, W, W, W, W, W, /* @A-O */
    W,   W,   W,   W,   W,   W,   W,   W,   W, W, W, S, S, S, S, W, /* P-Z[\]^_ */
    S,   W,   W,   W,   W,   W,   W,   W,   W, W, W, W, W, W, W, W, /* `a-o */
    W,   W,   W,   W,   W,   W,   W,   W,   W, W, W, S, S, S, S, G, /* p-z{|}~ and delete */
    H16, H16, H16, H16, H16, H16, H16, H16,
};
#undef G
#undef W
#undef S
#undef H
#undef H16

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

static bool token_fail(token_scan *scan)
{
    scan->failed = true;
    scan->pos = scan->len;
    return false;
}

static void token_begin(token_scan *scan)
{
    scan->at = scan->pos;
    scan->out = scan->pos;
    scan->away = false;
}

static bool token_keep(token_scan *scan, uint32_t kind, size_t start, size_t end, size_t at,
                       size_t count)
{
    kundig__scratch *scratch = scan->scratch;
    if (scratch->token_count == scratch->token_capacity) {
        void *tokens = scratch->tokens;
        bool fits = kundig__grow(scratch->mem, &tokens, &scratch->token_capacity,
                                 scratch->token_count + 1, sizeof *scratch->tokens);
        scratch->tokens = tokens;
        if (!fits) {
            return token_fail(scan);
        }
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
static bool token_end(token_scan *scan, uint32_t kind, size_t start)
{
    if (scan->away) {
        scan->tail = scan->out;
    }
    return token_keep(scan, kind, start, scan->pos, scan->at, scan->out - scan->at);
}

/* Make sure that `bytes` more of folded form fit for text up to `to`, and behind them all that is
 * left, copied. */
static bool token_room(token_scan *scan, size_t bytes, size_t to)
{
    if (!scan->away) {
        if (scan->out + bytes <= to) {
            return true;
        }
        size_t have = scan->out - scan->at;
        if (!kundig__fold_room(scan->scratch, scan->tail + have + bytes + (scan->len - to))) {
            return token_fail(scan);
        }
        memcpy(scan->scratch->folded + scan->tail, scan->scratch->folded + scan->at, have);
        scan->at = scan->tail;
        scan->out = scan->tail + have;
        scan->away = true;
        return true;
    }
    return kundig__fold_room(scan->scratch, scan->out + bytes + (scan->len - to)) ||
           token_fail(scan);
}

/* Fold text[from..to), one stretch, the long way and go on behind it. */
static bool token_long_way(token_scan *scan, size_t from, size_t to)
{
    size_t bytes;
    if (!kundig__fold_run(scan->scratch, scan->text + from, to - from, &bytes)) {
        return token_fail(scan);
    }
    if (!token_room(scan, bytes, to)) {
        return false;
    }
    kundig__fold_write(scan->scratch, scan->scratch->folded + scan->out);
    scan->out += bytes;
    scan->pos = to;
    return true;
}

/* What the table says of the two bytes at pos. */
static const kundig__fold_entry *token_entry(const token_scan *scan, size_t pos)
{
    uint32_t code = ((unsigned char)scan->text[pos] & 0x1Fu) << 6 |
                    ((unsigned char)scan->text[pos + 1] & 0x3Fu);
    return &scan->scratch->table[code - FOLD_TABLE_FIRST];
}

/* Of a word without wide letters: a digit, or a byte of a wide number? */
static bool token_byte_is_number(char c)
{
    return (unsigned char)c <= '9' || (unsigned char)c >= 0x80;
}

static void token_copy(token_scan *scan, size_t count)
{
    memcpy(scan->scratch->folded + scan->out, scan->text + scan->pos, count);
    scan->out += count;
    scan->pos += count;
}

/* Length of the keycap sequence at pos: a digit, perhaps U+FE0F, U+20E3; 0 if there is none. */
static size_t token_keycap(const token_scan *scan, size_t pos)
{
    const char *text = scan->text + pos;
    size_t left = scan->len - pos;
    if (left < 4 || text[0] < '0' || text[0] > '9') {
        return 0;
    }
    size_t end = left >= 7 && memcmp(text + 1, "\xEF\xB8\x8F", 3) == 0 ? 4 : 1;
    return memcmp(text + end, "\xE2\x83\xA3", 3) == 0 ? end + 3 : 0;
}

/* A code point above ASCII inside a word, or at its start: go past it and return its kind, or
 * return 0 where the word ends. inner: may apostrophes, joiners and soft hyphens stand inside? */
static uint32_t token_word_high(token_scan *scan, size_t start, bool inner)
{
    const char *text = scan->text;
    size_t pos = scan->pos;
    uint32_t code;
    size_t step = kundig__utf8_decode(text + pos, scan->len - pos, &code);
    if (code == FOLD_APOSTROPHE || code == FOLD_MODIFIER || code == TOKEN_JOINER ||
        code == TOKEN_NON_JOINER) {
        if (!inner || pos == start || !kundig__is_word_start(text, scan->len, pos + step)) {
            return 0;
        }
        if (code == FOLD_APOSTROPHE || code == FOLD_MODIFIER) {
            scan->scratch->folded[scan->out++] = '\'';
            scan->pos += step;
        } else {
            token_copy(scan, step);
        }
        return KUNDIG__CODE_LETTER;
    }
    if (code == FOLD_SOFT_HYPHEN) {
        size_t end = pos;
        while (scan->len - end >= 2 && memcmp(text + end, "\xC2\xAD", 2) == 0) {
            end += 2;
        }
        if (!inner || pos == start || !kundig__is_word_start(text, scan->len, end)) {
            return 0;
        }
        scan->pos = end;
        return KUNDIG__CODE_DIGIT; /* leaves a number a number */
    }
    uint32_t traits = kundig__utf8_traits(code);
    uint32_t kind = traits & KUNDIG__CODE_KIND;
    if (kind != KUNDIG__CODE_LETTER && kind != KUNDIG__CODE_MARK && kind != KUNDIG__CODE_DIGIT) {
        return 0;
    }
    if (traits & KUNDIG__CODE_JOINS) {
        if (pos > start && token_keycap(scan, pos - 1)) {
            scan->pos--; /* the digit belongs to the symbol that follows */
            scan->out--;
            return 0;
        }
        /* What stands before was copied, byte for byte in number; take it back. */
        size_t from = pos;
        while (from > start && ((unsigned char)text[--from] & 0xC0) == 0x80) {
        }
        scan->out -= pos - from;
        return token_long_way(scan, from, kundig__fold_stretch(text, scan->len, pos))
                   ? KUNDIG__CODE_MARK
                   : 0;
    }
    if (kundig__is_unspaced(code, traits)) {
        return 0;
    }
    if (traits & KUNDIG__CODE_FOLDS) {
        size_t end = kundig__fold_stretch(text, scan->len, pos + step);
        kind = end == pos + step ? kind : KUNDIG__CODE_MARK;
        return token_long_way(scan, pos, end) ? kind : 0;
    }
    token_copy(scan, step);
    return kind;
}

/* The rest of a word from scan->pos on; what is folded of it already stands in scan->at..out. */
static bool token_word(token_scan *scan, size_t start, uint32_t kind)
{
    const char *text = scan->text;
    size_t len = scan->len;
    bool inner = kind == KUNDIG__TOKEN_WORD;
    char *folded = scan->scratch->folded;
    size_t pos = scan->pos;
    size_t out = scan->out;
    uint64_t letters = 0; /* not 0: more than numbers */
    size_t widest = 1;    /* of its code points, in bytes; 3 for anything unusual */
    for (;;) {
        uint64_t block = fold_load(text + pos, len - pos);
        uint64_t alpha = fold_letters(block);
        uint64_t stops = ~fold_word_bytes(block, alpha) & FOLD_TOPS;
        size_t step = stops ? fold_first(stops) : sizeof block;
        block |= alpha >> 2;
        for (size_t i = 0; i < step; i++) { /* exactly: what follows is folded in place already */
            unsigned char c = (unsigned char)(block >> (8 * i));
            letters |= c > '9';
            folded[out + i] = (char)c;
        }
        pos += step;
        out += step;
        if (!stops) {
            continue;
        }
        if (pos >= len) {
            break;
        }
        unsigned char c = (unsigned char)text[pos];
        if (c < 0x80) {
            if (c == '\'' && inner && pos > start && kundig__is_word_start(text, len, pos + 1)) {
                folded[out++] = '\'';
                pos++;
                letters = 1;
                continue;
            }
            break;
        }
        if (c < 0xE0) {
            const kundig__fold_entry *entry = token_entry(scan, pos);
            if (entry->kind == KUNDIG__CODE_LETTER || entry->kind == KUNDIG__CODE_DIGIT) {
                memcpy(folded + out, entry->bytes, 2);
                letters |= entry->kind == KUNDIG__CODE_LETTER;
                widest = widest > 2 ? widest : 2;
                pos += 2;
                out += 2;
                continue;
            }
            if (entry->kind) {
                break;
            }
        }
        scan->pos = pos;
        scan->out = out;
        uint32_t went = token_word_high(scan, start, inner);
        folded = scan->scratch->folded;
        pos = scan->pos;
        out = scan->out;
        if (!went) {
            break;
        }
        letters |= went != KUNDIG__CODE_DIGIT;
        widest = 3;
    }
    scan->pos = pos;
    scan->out = out;
    if (scan->failed) {
        return false;
    }
    if (pos == start) {
        return true; /* only a keycap's digit */
    }
    folded += scan->at;
    size_t count = out - scan->at;
    if (widest > 2 || fold_has_triple(folded, count, 1) ||
        (widest == 2 && fold_has_triple(folded, count, 2))) {
        scan->out = scan->at + kundig__fold_collapse(folded, count);
    }
    if (kind == KUNDIG__TOKEN_WORD && !letters) {
        kind = KUNDIG__TOKEN_NUMBER;
    } else if (kind == KUNDIG__TOKEN_HANDLE && count == 1) {
        kind = KUNDIG__TOKEN_SYMBOL; /* its name was a keycap */
    }
    return token_end(scan, kind, start);
}

/* One character of a script without blanks, with all that joins it. */
typedef struct token_unit {
    size_t start; /* in the text; of repeated letters, the last */
    size_t end;
    size_t len;   /* folded */
    bool repeats; /* it is one letter alone */
} token_unit;

/* Does the fold of `unit`, at data + len, begin with the letter that stands twice before it? */
static bool token_unit_repeats(const char *data, const token_unit *first, const token_unit *second,
                               size_t len)
{
    if (!first->repeats || !second->repeats || first->len != second->len || len < first->len) {
        return false;
    }
    return memcmp(data, data + first->len, first->len) == 0 &&
           memcmp(data, data + first->len + second->len, first->len) == 0;
}

/* A run of such characters, one at least: pairs that overlap. The folded forms of two units wait
 * at scan->at until it is clear that no third of the same letter follows. */
static bool token_pairs(token_scan *scan)
{
    const char *text = scan->text;
    token_unit units[2] = {{0, 0, 0, false}, {0, 0, 0, false}};
    unsigned waiting = 0;
    while (scan->pos < scan->len) {
        token_unit unit = {scan->pos, 0, 0, false};
        uint32_t code;
        size_t step = kundig__utf8_decode(text + scan->pos, scan->len - scan->pos, &code);
        uint32_t traits = code < 0x80 ? 0 : kundig__utf8_traits(code);
        bool letter = (traits & KUNDIG__CODE_KIND) == KUNDIG__CODE_LETTER;
        if (!kundig__is_unspaced(code, traits)) {
            break;
        }
        unit.end = kundig__fold_stretch(text, scan->len, scan->pos + step);
        size_t before = scan->out;
        if (unit.end == unit.start + step && !(traits & KUNDIG__CODE_FOLDS)) {
            if (!token_room(scan, step, unit.end)) {
                return false;
            }
            before = scan->out;
            token_copy(scan, step);
            unit.repeats = letter;
        } else {
            size_t shift = scan->out - scan->at;
            if (!token_long_way(scan, unit.start, unit.end)) {
                return false;
            }
            before = scan->at + shift;
            scan->out =
                before + kundig__fold_collapse(scan->scratch->folded + before, scan->out - before);
            unit.repeats = scan->scratch->folder.count == 1 && letter;
        }
        unit.len = scan->out - before;
        char *data = scan->scratch->folded + scan->at;
        if (waiting == 2 && token_unit_repeats(data, &units[0], &units[1], unit.len)) {
            memmove(data + units[0].len, data + units[0].len + units[1].len, unit.len);
            scan->out -= units[1].len;
            units[1] = unit;
            continue;
        }
        if (waiting == 2) {
            if (!token_keep(scan, KUNDIG__TOKEN_CJK, units[0].start, units[1].end, scan->at,
                            units[0].len + units[1].len)) {
                return false;
            }
            scan->at += units[0].len;
            units[0] = units[1];
            waiting = 1;
        }
        units[waiting++] = unit;
    }
    return token_end(scan, KUNDIG__TOKEN_CJK, units[0].start);
}

/* Put the words from tokens[first] on and the text up to `to` together as one token. */
static bool token_join(token_scan *scan, size_t first, size_t to, uint32_t kind)
{
    kundig__scratch *scratch = scan->scratch;
    size_t start = scratch->tokens[first].start;
    scratch->token_count = first;
    scan->pos = to;
    scan->at = scan->tail;
    scan->away = true;
    if (!kundig__fold_append(scratch, scan->tail, scan->text + start, to - start, &scan->out)) {
        return token_fail(scan);
    }
    return token_end(scan, kind, start);
}

static bool token_is_word(const kundig__token *token)
{
    return token->kind == KUNDIG__TOKEN_WORD || token->kind == KUNDIG__TOKEN_NUMBER;
}

/* The first token of the mail address whose @ stands at pos, just behind the last token. */
static size_t token_email_first(const token_scan *scan, size_t pos)
{
    const kundig__token *tokens = scan->scratch->tokens;
    size_t first = scan->scratch->token_count - 1;
    while (first >= 2) {
        const kundig__token *mark = &tokens[first - 1];
        const kundig__token *word = &tokens[first - 2];
        if (mark->end != tokens[first].start || mark->kind != KUNDIG__TOKEN_SYMBOL ||
            mark->end - mark->start != 1 || !strchr(".+-%&", scan->text[mark->start]) ||
            !token_is_word(word) || word->end != mark->start ||
            pos - word->start > KUNDIG__EMAIL_LOCAL_MAX) {
            break;
        }
        first -= 2;
    }
    return first;
}

/* Is the symbol at scan->pos the middle of an address, or the @ of a handle? If so, make the token.
 * *done tells. */
static bool token_special(token_scan *scan, bool *done)
{
    const char *text = scan->text;
    size_t pos = scan->pos;
    size_t count = scan->scratch->token_count;
    const kundig__token *last = count ? &scan->scratch->tokens[count - 1] : NULL;
    bool touches = last && last->end == pos && last->kind != KUNDIG__TOKEN_SYMBOL &&
                   last->kind != KUNDIG__TOKEN_CJK;
    bool word = touches && token_is_word(last);
    size_t end;
    *done = true;
    switch (text[pos]) {
    case '@':
        if (word && pos - last->start <= KUNDIG__EMAIL_LOCAL_MAX) {
            end = kundig__domain_end(text, scan->len, pos + 1);
            if (end > pos + 1) {
                return token_join(scan, token_email_first(scan, pos), end, KUNDIG__TOKEN_EMAIL);
            }
        }
        if (!touches && kundig__is_word_start(text, scan->len, pos + 1)) {
            token_begin(scan);
            token_copy(scan, 1);
            return token_word(scan, pos, KUNDIG__TOKEN_HANDLE);
        }
        break;
    case ':':
        if (word && scan->len - pos > 3 && text[pos + 1] == '/' && text[pos + 2] == '/' &&
            kundig__is_url_head(text, last->start, pos, false)) {
            end = kundig__url_end(text, scan->len, pos + 3);
            if (end > pos + 3) {
                return token_join(scan, count - 1, end, KUNDIG__TOKEN_URL);
            }
        }
        break;
    case '.':
        if (word && kundig__is_url_head(text, last->start, pos, true)) {
            end = kundig__url_end(text, scan->len, pos + 1);
            if (end > pos + 1) {
                return token_join(scan, count - 1, end, KUNDIG__TOKEN_URL);
            }
        }
        break;
    default:
        break;
    }
    *done = false;
    return true;
}

/* Does a symbol begin at pos? */
static bool token_is_symbol(const token_scan *scan, size_t pos)
{
    unsigned char c = (unsigned char)scan->text[pos];
    if (c < 0x80) {
        return token_byte[c] == A_SYMBOL || token_keycap(scan, pos) != 0;
    }
    uint32_t code;
    size_t step = kundig__utf8_decode(scan->text + pos, scan->len - pos, &code);
    if (step == 2 && token_entry(scan, pos)->kind) {
        return token_entry(scan, pos)->kind == KUNDIG__CODE_SYMBOL;
    }
    return code == FOLD_MODIFIER ||
           (kundig__utf8_traits(code) & KUNDIG__CODE_KIND) == KUNDIG__CODE_SYMBOL;
}

/* One grapheme cluster that begins with a symbol or a keycap's digit. *odd is set if letters may
 * have come of its marks (U+0345 folds to one). */
static bool token_cluster(token_scan *scan, bool *odd)
{
    const char *text = scan->text;
    size_t pos = scan->pos;
    uint32_t code;
    size_t end = pos + kundig__utf8_decode(text + pos, scan->len - pos, &code);
    bool apostrophe = code == FOLD_APOSTROPHE || code == FOLD_MODIFIER;
    bool simple = !apostrophe && !(kundig__utf8_traits(code) & KUNDIG__CODE_FOLDS);
    int32_t state = 0;
    while (end < scan->len && (unsigned char)text[end] >= 0x80) {
        uint32_t next;
        size_t step = kundig__utf8_decode(text + end, scan->len - end, &next);
        uint32_t traits = kundig__utf8_traits(next);
        if (kundig__utf8_breaks(code, next, &state) ||
            ((traits & KUNDIG__CODE_KIND) == KUNDIG__CODE_LETTER && code != TOKEN_JOINER)) {
            break; /* some vowels extend a cluster and are letters all the same */
        }
        simple &= !(traits & (KUNDIG__CODE_FOLDS | KUNDIG__CODE_JOINS)) || next == TOKEN_AS_PICTURE;
        apostrophe = false;
        code = next;
        end += step;
    }
    if (simple) {
        if (!token_room(scan, end - pos, end)) {
            return false;
        }
        token_copy(scan, end - pos);
        return true;
    }
    if (apostrophe) {
        scan->scratch->folded[scan->out++] = '\'';
        scan->pos = end;
        return true;
    }
    *odd = true;
    return token_long_way(scan, pos, end);
}

/* A run of symbols, at most TOKEN_RUN_MAX clusters of it. */
static bool token_symbols(token_scan *scan)
{
    size_t start = scan->pos;
    bool special;
    if (!token_special(scan, &special) || special) {
        return !scan->failed;
    }
    bool odd = false;
    token_begin(scan);
    for (int clusters = 0; clusters < TOKEN_RUN_MAX && scan->pos < scan->len; clusters++) {
        size_t pos = scan->pos;
        unsigned char c = (unsigned char)scan->text[pos];
        unsigned char next = pos + 1 < scan->len ? (unsigned char)scan->text[pos + 1] : 0;
        if (clusters > 0) {
            if (!token_is_symbol(scan, pos)) {
                break;
            }
            if (c == '@' && kundig__is_word_start(scan->text, scan->len, pos + 1)) {
                break; /* a handle of its own */
            }
        }
        if (c < 0x80 && next < 0x80) {
            scan->scratch->folded[scan->out++] = (char)c;
            scan->pos++;
        } else if (!token_cluster(scan, &odd)) {
            return false;
        }
    }
    if (odd) {
        scan->out = scan->at +
                    kundig__fold_collapse(scan->scratch->folded + scan->at, scan->out - scan->at);
    }
    return token_end(scan, KUNDIG__TOKEN_SYMBOL, start);
}

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
        return token_symbols(scan);
    }
    token_begin(scan);
    return kundig__is_unspaced(code, traits) ? token_pairs(scan)
                                             : token_word(scan, scan->pos, KUNDIG__TOKEN_WORD);
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
        return token_word(scan, start, KUNDIG__TOKEN_WORD) &&
               (scan->pos != start || token_symbols(scan));
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
        uint8_t byte = token_byte[(unsigned char)text[pos]];
        bool word = byte == A_WORD;
        if (byte == A_HIGH && (unsigned char)text[pos] < 0xE0) {
            uint8_t kind = token_entry(&scan, pos)->kind;
            word = kind == KUNDIG__CODE_LETTER || kind == KUNDIG__CODE_DIGIT;
        }
        if (word) {
            token_plain(&scan);
            scan.pos += scan.pos < len && text[scan.pos] == ' ';
        } else if (byte == A_GAP) {
            scan.pos++;
        } else if (byte == A_HIGH) {
            token_high(&scan);
        } else if (pos + 1 == len || token_byte[(unsigned char)text[pos + 1]] == A_GAP) {
            token_keep(&scan, KUNDIG__TOKEN_SYMBOL, pos, pos + 1, pos, 1);
            scan.pos += !scan.failed;
        } else {
            token_symbols(&scan);
        }
    }
    scratch->folded_len = scan.tail;
    if (scan.failed || !token_hash(scratch, (families & KUNDIG__PAIRS) != 0)) {
        scratch->token_count = 0;
        return kundig__nomem(scratch->mem, NULL);
    }
    return KUNDIG_OK;
}
