/* Symbols: runs of punctuation and emoji, and the addresses and handles that have symbols inside.
 *
 * Invariant: a cluster is never cut. Cost: linear; an address looks back at 64 bytes at most and
 * forward at what it then consumes, or at most at 255 bytes. */
#include "text/scan.h"
#include "text/special.h"

#define TOKEN_RUN_MAX 4 /* grapheme clusters of a symbol token */

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
        return kundig__scan_fail(scan);
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
            return kundig__scan_word(scan, pos, KUNDIG__TOKEN_HANDLE);
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
        return kundig__byte_kind[c] == BYTE_SYMBOL || kundig__scan_keycap(scan, pos) != 0;
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
        if (!kundig__scan_room(scan, end - pos, end)) {
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
    return kundig__scan_long_way(scan, pos, end);
}

/* A run of symbols, at most TOKEN_RUN_MAX clusters of it. */
bool kundig__scan_symbols(token_scan *scan)
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
