/* Shared by the tests of the text room. */
#ifndef KUNDIG_TESTS_TEXT_SUPPORT_H
#define KUNDIG_TESTS_TEXT_SUPPORT_H

#include <criterion/criterion.h>
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

#endif
