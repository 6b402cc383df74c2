/* Shared by the tests of the text room. */
#ifndef KUNDIG_TESTS_TEXT_SUPPORT_H
#define KUNDIG_TESTS_TEXT_SUPPORT_H

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "probe.h"
#include "text/text.h"

typedef struct text_fixture {
    kundig__mem mem;
    kundig__scratch scratch;
    kundig__scratch other;
} text_fixture;

static inline void text_begin(text_fixture *fixture)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem_init(&fixture->mem, &allocator, 0);
    kundig__scratch_init(&fixture->scratch, &fixture->mem);
    kundig__scratch_init(&fixture->other, &fixture->mem);
}

static inline void text_end(text_fixture *fixture)
{
    kundig__scratch_free(&fixture->scratch);
    kundig__scratch_free(&fixture->other);
}

static inline uint64_t text_random(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *seed >> 33;
}

/* Pieces that meet each other badly. */
static const char *const text_pieces[] = {
    "a",
    "b",
    "A",
    "Z",
    "q",
    "1",
    "9",
    "_",
    " ",
    "\n",
    ".",
    ",",
    "!",
    "?",
    "'",
    "\"",
    "-",
    "/",
    ":",
    "(",
    ")",
    "@",
    "#",
    "*",
    "=",
    "<",
    "+",
    "ä",
    "Ö",
    "ß",
    "ẞ",
    "é",
    "İ",
    "ı",
    "ſ",
    "ŉ",
    "ǰ",
    "Ⱥ",
    "Ω",
    "ς",
    "Σ",
    "ᾳ",
    "ΐ",
    "ж",
    "Ж",
    "א",
    "ب",
    "ক",
    "ো",
    "ế",
    "Ế",
    "K",
    "Å",
    "ﬃ",
    "Ⓐ",
    "ⓐ",
    "\xCC\x81",
    "\xCC\xA3",
    "\xCD\x85",
    "\xCC\xB8",
    "\xCC\x88",
    "\xCD\x84",
    "’",
    "ʼ",
    "\xC2\xAD",
    "\xE2\x80\x8B",
    "\xE2\x80\x8C",
    "\xE2\x80\x8D",
    "\xC2\xA0",
    "\xEF\xBB\xBF",
    "\xE2\x80\x8F",
    "…",
    "„",
    "“",
    "½",
    "²",
    "Ⅳ",
    "٣",
    "3",
    "漢",
    "字",
    "哈",
    "〇",
    "か",
    "\xE3\x82\x99",
    "ー",
    "ｶ",
    "ﾞ",
    "豈",
    "\xEF\xA9\xAC",
    "ก",
    "ั",
    "ำ",
    "๑",
    "မ",
    "ာ",
    "ខ",
    "ລ",
    "각",
    "가",
    "ᄀ",
    "ᅡ",
    "ᆨ",
    "😀",
    "👍",
    "🏽",
    "❤",
    "\xEF\xB8\x8F",
    "\xE2\x83\xA3",
    "🇩",
    "🇪",
    "🏴",
    "\xF3\xA0\x81\xA7",
    "\xF3\xA0\x81\xBF",
    "👩",
    "ℹ",
    "©",
    "\xEF\xBF\xBD",
    "\xEE\x80\x80",
    "\xF0\x9D\x85\xA0",
    "\xE0\xA5\x98",
    "\xD8\x80",
    "\xDB\x9D",
    "aaa",
    "aaaa",
    "ööö",
    "漢漢漢",
    "111",
    "http://",
    "https://",
    "www.",
    "x@y.de",
    ".de",
    "@name",
    "…",
    "\xE1\x80\xAB",
    "\xF0\x91\x84\xA7",
};

static inline size_t text_make(uint64_t *seed, char *out, size_t room)
{
    size_t count = text_random(seed) % 12;
    size_t len = 0;
    for (size_t i = 0; i < count; i++) {
        const char *piece =
            text_pieces[text_random(seed) % (sizeof text_pieces / sizeof *text_pieces)];
        size_t times = text_random(seed) % 8 ? 1 : 1 + text_random(seed) % 4;
        for (; times > 0 && len + strlen(piece) <= room; times--) {
            memcpy(out + len, piece, strlen(piece));
            len += strlen(piece);
        }
    }
    return len;
}

static const char *const token_names[] = {"?", "w", "n", "c", "s", "u", "e", "h"};

/* What tokens of text are, written as kind:folded separated by blanks. */
static inline void splits(const char *text, const char *expected)
{
    text_fixture fixture;
    text_begin(&fixture);
    cr_assert_eq(
        kundig__text_features(&fixture.scratch, text, strlen(text), KUNDIG__WORDS | KUNDIG__PAIRS),
        KUNDIG_OK);
    char shown[2048];
    size_t len = 0;
    for (size_t i = 0; i < fixture.scratch.token_count; i++) {
        const kundig__token *token = &fixture.scratch.tokens[i];
        len += (size_t)snprintf(shown + len, sizeof shown - len, "%s%s:%.*s", i ? " " : "",
                                token_names[token->kind], (int)token->folded_len,
                                fixture.scratch.folded + token->folded);
    }
    shown[len] = 0;
    cr_assert_str_eq(shown, expected);
    text_end(&fixture);
}

/* What must hold of the tokens of any text. */
static inline void token_check(text_fixture *fixture, const char *text, size_t len)
{
    kundig__scratch *scratch = &fixture->scratch;
    cr_assert_eq(kundig__text_features(scratch, text, len, KUNDIG__WORDS | KUNDIG__PAIRS),
                 KUNDIG_OK);
    size_t covered = 0;
    for (size_t i = 0; i < scratch->token_count; i++) {
        const kundig__token *token = &scratch->tokens[i];
        const kundig__token *last = i ? token - 1 : NULL;
        const char *folded = scratch->folded + token->folded;
        cr_assert(token->start < token->end && token->end <= len);
        cr_assert(token->folded_len > 0 &&
                  token->folded + token->folded_len <= scratch->folded_len);
        bool overlaps = last && token->start < last->end;
        if (overlaps) {
            cr_assert(token->kind == KUNDIG__TOKEN_CJK && last->kind == KUNDIG__TOKEN_CJK &&
                      token->start > last->start && token->end > last->end);
        }
        /* Between tokens stand gaps alone. */
        for (size_t pos = covered; pos < token->start;) {
            uint32_t code;
            pos += kundig__utf8_decode(text + pos, len - pos, &code);
            cr_assert_eq(kundig__utf8_traits(code) & KUNDIG__CODE_KIND, KUNDIG__CODE_GAP,
                         "U+%04X is in no token of \"%.*s\"", (unsigned)code, (int)len, text);
        }
        covered = token->end;
        cr_assert_eq(kundig__utf8_valid(text + token->start, token->end - token->start),
                     token->end - token->start);
        cr_assert_eq(
            kundig__text_fold(&fixture->other, text + token->start, token->end - token->start),
            KUNDIG_OK);
        cr_assert(fixture->other.folded_len == token->folded_len &&
                      memcmp(fixture->other.folded, folded, token->folded_len) == 0,
                  "token %zu of \"%.*s\" is \"%.*s\", its slice folds to \"%.*s\"", i, (int)len,
                  text, (int)token->folded_len, folded, (int)fixture->other.folded_len,
                  fixture->other.folded);
        cr_assert_eq(token->hash, kundig__xxh3(folded, token->folded_len));
        cr_assert(token->kind >= KUNDIG__TOKEN_WORD && token->kind <= KUNDIG__TOKEN_HANDLE);
        if (last) {
            cr_assert_eq(scratch->pairs[i - 1], kundig__pair_hash(last->hash, token->hash));
        }
        bool word = token->kind == KUNDIG__TOKEN_WORD || token->kind == KUNDIG__TOKEN_NUMBER;
        bool after_word = last && last->end == token->start &&
                          (last->kind == KUNDIG__TOKEN_WORD || last->kind == KUNDIG__TOKEN_NUMBER);
        cr_assert(!word || !after_word, "a word of \"%.*s\" is cut", (int)len, text);
        if (token->kind == KUNDIG__TOKEN_NUMBER) {
            for (size_t pos = token->start; pos < token->end;) {
                uint32_t code;
                pos += kundig__utf8_decode(text + pos, len - pos, &code);
                cr_assert((kundig__utf8_traits(code) & KUNDIG__CODE_KIND) == KUNDIG__CODE_DIGIT ||
                              code == 0xAD,
                          "U+%04X in the number \"%.*s\" of \"%.*s\"", (unsigned)code,
                          (int)(token->end - token->start), text + token->start, (int)len, text);
            }
        }
        if (token->kind == KUNDIG__TOKEN_SYMBOL) {
            int32_t state = 0;
            uint32_t before;
            uint32_t after;
            size_t clusters = 1;
            size_t pos = token->start;
            pos += kundig__utf8_decode(text + pos, len - pos, &before);
            while (pos < token->end) {
                pos += kundig__utf8_decode(text + pos, len - pos, &after);
                clusters += kundig__utf8_breaks(before, after, &state);
                before = after;
            }
            cr_assert_leq(clusters, 4);
        }
    }
    for (size_t pos = covered; pos < len;) {
        uint32_t code;
        pos += kundig__utf8_decode(text + pos, len - pos, &code);
        cr_assert_eq(kundig__utf8_traits(code) & KUNDIG__CODE_KIND, KUNDIG__CODE_GAP);
    }
}

#endif
