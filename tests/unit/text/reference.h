/* Folding and splitting as text.h words them, written plainly: whole texts through utf8proc's own
 * calls, one code point after the other, no tables, no stretches, no bits. */
#ifndef KUNDIG_TESTS_TEXT_REFERENCE_H
#define KUNDIG_TESTS_TEXT_REFERENCE_H

#include <utf8proc.h>

#include "support.h"
#include "text/special.h"

enum { REFERENCE_ROOM = 16384 };

static inline size_t fold_slowly(const char *text, size_t len, char *out)
{
    static int32_t first[4096];
    static int32_t second[REFERENCE_ROOM];
    utf8proc_ssize_t count = utf8proc_decompose(
        (const utf8proc_uint8_t *)text, (utf8proc_ssize_t)len, first, 4096, UTF8PROC_DECOMPOSE);
    cr_assert(count >= 0 && count <= 4096);
    utf8proc_ssize_t total = 0;
    for (utf8proc_ssize_t i = 0; i < count; i++) {
        total += utf8proc_decompose_char(first[i], second + total, REFERENCE_ROOM - total,
                                         UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD, NULL);
        cr_assert(total <= REFERENCE_ROOM);
    }
    /* Canonical order by exchange: the definition itself. */
    for (utf8proc_ssize_t i = 0; i + 1 < total; i++) {
        int a = utf8proc_get_property(second[i])->combining_class;
        int b = utf8proc_get_property(second[i + 1])->combining_class;
        if (a > b && b > 0) {
            int32_t swap = second[i];
            second[i] = second[i + 1];
            second[i + 1] = swap;
            i = i > 0 ? i - 2 : i - 1;
        }
    }
    total = utf8proc_normalize_utf32(second, total, UTF8PROC_COMPOSE | UTF8PROC_STABLE);
    /* Soft hyphens that nothing joins; apostrophes; runs. */
    utf8proc_ssize_t kept = 0;
    for (utf8proc_ssize_t i = 0; i < total; i++) {
        uint32_t next = i + 1 < total ? (uint32_t)second[i + 1] : ' ';
        if (second[i] != 0xAD || (kundig__utf8_traits(next) & KUNDIG__CODE_JOINS)) {
            second[kept++] = second[i] == 0x2019 || second[i] == 0x02BC ? '\'' : second[i];
        }
    }
    size_t out_len = 0;
    for (utf8proc_ssize_t i = 0; i < kept; i++) {
        utf8proc_category_t category = utf8proc_category(second[i]);
        bool letter = category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
        if (i >= 2 && letter && second[i - 1] == second[i] && second[i - 2] == second[i]) {
            continue;
        }
        out_len += (size_t)utf8proc_encode_char(second[i], (utf8proc_uint8_t *)out + out_len);
    }
    return out_len;
}

/* A text as code points, with one that is a gap behind the last. */
typedef struct slow_text {
    const char *bytes;
    size_t len;
    uint32_t codes[512];
    size_t starts[513];
    size_t count;
} slow_text;

typedef struct slow_token {
    size_t start;
    size_t end;
    uint32_t kind;
} slow_token;

typedef struct slow_tokens {
    slow_token tokens[512];
    size_t count;
} slow_tokens;

static inline uint32_t slow_kind(uint32_t code)
{
    return code == 0x02BC ? KUNDIG__CODE_SYMBOL : kundig__utf8_traits(code) & KUNDIG__CODE_KIND;
}

static inline bool slow_joins(uint32_t code)
{
    return (kundig__utf8_traits(code) & KUNDIG__CODE_JOINS) != 0;
}

static inline bool slow_unspaced(uint32_t code)
{
    return kundig__is_unspaced(code, kundig__utf8_traits(code));
}

/* Of a word: letter, mark, number or line. */
static inline bool slow_in_word(uint32_t code)
{
    uint32_t kind = slow_kind(code);
    return code == '_' || ((kind == KUNDIG__CODE_LETTER || kind == KUNDIG__CODE_MARK ||
                            kind == KUNDIG__CODE_DIGIT) &&
                           !slow_unspaced(code));
}

static inline bool slow_begins_word(const slow_text *text, size_t i)
{
    return i < text->count && slow_in_word(text->codes[i]) &&
           slow_kind(text->codes[i]) != KUNDIG__CODE_MARK && !slow_joins(text->codes[i]);
}

/* Code points of the keycap sequence at i. */
static inline size_t slow_keycap(const slow_text *text, size_t i)
{
    if (i >= text->count || text->codes[i] < '0' || text->codes[i] > '9') {
        return 0;
    }
    size_t next = i + 1 < text->count && text->codes[i + 1] == 0xFE0F ? i + 2 : i + 1;
    return next < text->count && text->codes[next] == 0x20E3 ? next + 1 - i : 0;
}

static inline size_t slow_at(const slow_text *text, size_t byte)
{
    size_t i = 0;
    while (text->starts[i] < byte) {
        i++;
    }
    cr_assert_eq(text->starts[i], byte);
    return i;
}

static inline size_t slow_word_end(const slow_text *text, size_t start, size_t i, bool inner)
{
    while (i < text->count && !slow_keycap(text, i)) {
        uint32_t code = text->codes[i];
        if (slow_in_word(code)) {
            i++;
            continue;
        }
        size_t next = i + 1;
        if (code == 0xAD) {
            while (next < text->count && text->codes[next] == 0xAD) {
                next++;
            }
        } else if (code != '\'' && code != 0x2019 && code != 0x02BC && code != 0x200C &&
                   code != 0x200D) {
            break;
        }
        if (!inner || i == start || !slow_begins_word(text, next)) {
            break;
        }
        i = next;
    }
    return i;
}

static inline void slow_add(slow_tokens *out, const slow_text *text, size_t from, size_t to,
                            uint32_t kind)
{
    out->tokens[out->count++] = (slow_token){text->starts[from], text->starts[to], kind};
}

static inline size_t slow_word(const slow_text *text, size_t start, slow_tokens *out)
{
    size_t end = slow_word_end(text, start, start, true);
    uint32_t kind = KUNDIG__TOKEN_NUMBER;
    for (size_t i = start; i < end; i++) {
        if (slow_kind(text->codes[i]) != KUNDIG__CODE_DIGIT && text->codes[i] != 0xAD) {
            kind = KUNDIG__TOKEN_WORD;
        }
    }
    slow_add(out, text, start, end, kind);
    return end;
}

/* A character of a script without blanks and what joins it. */
typedef struct slow_unit {
    size_t from;
    size_t to;
    char folded[64];
    size_t len;
    bool alone; /* one letter, nothing joins it */
} slow_unit;

static inline size_t slow_pairs(const slow_text *text, size_t i, slow_tokens *out)
{
    static slow_unit units[512];
    size_t count = 0;
    while (i < text->count && slow_unspaced(text->codes[i])) {
        slow_unit unit = {.from = i++};
        while (i < text->count && slow_joins(text->codes[i])) {
            i++;
        }
        unit.to = i;
        size_t bytes = text->starts[unit.to] - text->starts[unit.from];
        static char folded[REFERENCE_ROOM];
        unit.len = fold_slowly(text->bytes + text->starts[unit.from], bytes, folded);
        cr_assert_leq(unit.len, sizeof unit.folded);
        memcpy(unit.folded, folded, unit.len);
        uint32_t first;
        unit.alone = kundig__utf8_decode(unit.folded, unit.len, &first) == unit.len &&
                     slow_kind(text->codes[unit.from]) == KUNDIG__CODE_LETTER;
        const slow_unit *one = count > 1 ? &units[count - 2] : NULL;
        const slow_unit *two = one + 1;
        bool third = one && one->alone && two->alone && one->len == two->len &&
                     memcmp(one->folded, two->folded, one->len) == 0 && unit.len >= one->len &&
                     memcmp(one->folded, unit.folded, one->len) == 0;
        count -= third;
        units[count++] = unit;
    }
    if (count == 1) {
        slow_add(out, text, units[0].from, units[0].to, KUNDIG__TOKEN_CJK);
    }
    for (size_t k = 1; k < count; k++) {
        slow_add(out, text, units[k - 1].from, units[k].to, KUNDIG__TOKEN_CJK);
    }
    return i;
}

static inline bool slow_is_word(const slow_token *token)
{
    return token->kind == KUNDIG__TOKEN_WORD || token->kind == KUNDIG__TOKEN_NUMBER;
}

/* Is the symbol at i part of an address or the @ of a handle? Then its end, else i. */
static inline size_t slow_address(const slow_text *text, size_t i, slow_tokens *out)
{
    const char *bytes = text->bytes;
    size_t pos = text->starts[i];
    slow_token *last = out->count ? &out->tokens[out->count - 1] : NULL;
    bool touches = last && last->end == pos && last->kind != KUNDIG__TOKEN_SYMBOL &&
                   last->kind != KUNDIG__TOKEN_CJK;
    bool word = touches && slow_is_word(last);
    size_t end = pos + 1;
    if (text->codes[i] == '@') {
        if (word && pos - last->start <= KUNDIG__EMAIL_LOCAL_MAX) {
            end = kundig__domain_end(bytes, text->len, pos + 1);
            if (end > pos + 1) {
                while (last - out->tokens >= 2 && last[-1].kind == KUNDIG__TOKEN_SYMBOL &&
                       last[-1].end == last->start && last[-1].end - last[-1].start == 1 &&
                       strchr(".+-%&", bytes[last[-1].start]) && slow_is_word(&last[-2]) &&
                       last[-2].end == last[-1].start &&
                       pos - last[-2].start <= KUNDIG__EMAIL_LOCAL_MAX) {
                    last -= 2;
                }
                last->end = end;
                last->kind = KUNDIG__TOKEN_EMAIL;
                out->count = (size_t)(last - out->tokens) + 1;
                return slow_at(text, end);
            }
        }
        if (!touches && slow_begins_word(text, i + 1)) {
            size_t to = slow_word_end(text, i, i + 1, false);
            if (to > i + 1) {
                slow_add(out, text, i, to, KUNDIG__TOKEN_HANDLE);
            } else {
                slow_add(out, text, i, to, KUNDIG__TOKEN_SYMBOL);
            }
            return to;
        }
        return i;
    }
    size_t host = 0;
    if (word && text->codes[i] == ':' && text->len - pos > 3 && bytes[pos + 1] == '/' &&
        bytes[pos + 2] == '/' && kundig__is_url_head(bytes, last->start, pos, false)) {
        host = pos + 3;
    } else if (word && text->codes[i] == '.' &&
               kundig__is_url_head(bytes, last->start, pos, true)) {
        host = pos + 1;
    }
    end = host ? kundig__url_end(bytes, text->len, host) : 0;
    if (host && end > host) {
        last->end = end;
        last->kind = KUNDIG__TOKEN_URL;
        return slow_at(text, end);
    }
    return i;
}

static inline size_t slow_symbols(const slow_text *text, size_t start, slow_tokens *out)
{
    size_t end = slow_address(text, start, out);
    if (end != start) {
        return end;
    }
    size_t i = start;
    for (int clusters = 0; clusters < 4 && i < text->count; clusters++) {
        if (clusters > 0 &&
            ((slow_kind(text->codes[i]) != KUNDIG__CODE_SYMBOL && !slow_keycap(text, i)) ||
             text->codes[i] == '_' || (text->codes[i] == '@' && slow_begins_word(text, i + 1)))) {
            break;
        }
        uint32_t before = text->codes[i++];
        int32_t state = 0;
        while (i < text->count && text->codes[i] >= 0x80 &&
               !kundig__utf8_breaks(before, text->codes[i], &state) &&
               (slow_kind(text->codes[i]) != KUNDIG__CODE_LETTER || before == 0x200D)) {
            before = text->codes[i++];
        }
    }
    slow_add(out, text, start, i, KUNDIG__TOKEN_SYMBOL);
    return i;
}

static inline void split_slowly(const char *bytes, size_t len, slow_tokens *out)
{
    static slow_text text;
    text.bytes = bytes;
    text.len = len;
    text.count = 0;
    for (size_t pos = 0; pos < len; text.count++) {
        cr_assert_lt(text.count, 512);
        text.starts[text.count] = pos;
        pos += kundig__utf8_decode(bytes + pos, len - pos, &text.codes[text.count]);
    }
    text.starts[text.count] = len;
    out->count = 0;
    for (size_t i = 0; i < text.count;) {
        uint32_t code = text.codes[i];
        if (slow_keycap(&text, i)) {
            i = slow_symbols(&text, i, out);
        } else if (slow_in_word(code)) {
            i = slow_word(&text, i, out);
        } else if (slow_unspaced(code)) {
            i = slow_pairs(&text, i, out);
        } else if (slow_kind(code) == KUNDIG__CODE_SYMBOL) {
            i = slow_symbols(&text, i, out);
        } else {
            i++;
        }
    }
}

/* The tokens of text are those of the plain way: where they stand, what they are, how they fold. */
static inline void splits_as_slowly(kundig__scratch *scratch, const char *text, size_t len)
{
    static slow_tokens slow;
    static char folded[REFERENCE_ROOM];
    split_slowly(text, len, &slow);
    cr_assert_eq(kundig__text_features(scratch, text, len, KUNDIG__WORDS | KUNDIG__PAIRS),
                 KUNDIG_OK);
    for (size_t i = 0; i < slow.count && i < scratch->token_count; i++) {
        const kundig__token *token = &scratch->tokens[i];
        const slow_token *expected = &slow.tokens[i];
        size_t bytes = fold_slowly(text + expected->start, expected->end - expected->start, folded);
        if (token->start != expected->start || token->end != expected->end ||
            token->kind != expected->kind || token->folded_len != bytes ||
            memcmp(scratch->folded + token->folded, folded, bytes) != 0 ||
            token->hash != kundig__xxh3(folded, bytes)) {
            cr_assert_fail("token %zu of \"%.*s\" is %s:%.*s at %u to %u, slowly %s:%.*s at %zu "
                           "to %zu",
                           i, (int)len, text, token_names[token->kind], (int)token->folded_len,
                           scratch->folded + token->folded, (unsigned)token->start,
                           (unsigned)token->end, token_names[expected->kind], (int)bytes, folded,
                           expected->start, expected->end);
        }
        if (i > 0) {
            cr_assert_eq(scratch->pairs[i - 1], kundig__pair_hash(token[-1].hash, token->hash));
        }
    }
    cr_assert_eq(scratch->token_count, slow.count, "\"%.*s\" has %zu tokens, slowly %zu", (int)len,
                 text, scratch->token_count, slow.count);
}

#endif
