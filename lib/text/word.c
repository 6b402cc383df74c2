/* Words that hold more than ASCII and what the table knows, or apostrophes.
 *
 * Invariant: scan->text[start..pos) is folded in scratch->folded[at..out), runs of letters uncut.
 * Cost: linear; the long way only for stretches that need it. */
#include "text/scan.h"
#include "text/special.h"

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
        if (pos > start && kundig__scan_keycap(scan, pos - 1)) {
            scan->pos--; /* the digit belongs to the symbol that follows */
            scan->out--;
            return 0;
        }
        /* What stands before was copied, byte for byte in number; take it back. */
        size_t from = pos;
        while (from > start && ((unsigned char)text[--from] & 0xC0) == 0x80) {
        }
        scan->out -= pos - from;
        return kundig__scan_long_way(scan, from, kundig__fold_stretch(text, scan->len, pos))
                   ? KUNDIG__CODE_MARK
                   : 0;
    }
    if (kundig__is_unspaced(code, traits)) {
        return 0;
    }
    if (traits & KUNDIG__CODE_FOLDS) {
        size_t end = kundig__fold_stretch(text, scan->len, pos + step);
        kind = end == pos + step ? kind : KUNDIG__CODE_MARK;
        return kundig__scan_long_way(scan, pos, end) ? kind : 0;
    }
    token_copy(scan, step);
    return kind;
}

/* The rest of a word from scan->pos on; what is folded of it already stands in scan->at..out. */
bool kundig__scan_word(token_scan *scan, size_t start, uint32_t kind)
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
