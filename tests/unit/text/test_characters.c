#include <stdlib.h>

#include "support.h"

TestSuite(characters, .fini = probe_fini);

#define CHARACTERS_EVERY                                                                           \
    (KUNDIG__CHARACTERS(2) | KUNDIG__CHARACTERS(3) | KUNDIG__CHARACTERS(4) | KUNDIG__CHARACTERS(5))

/* The number of a row as its words say it: code points one by one. */
static uint64_t row_slowly(const uint32_t *codes, size_t count)
{
    uint64_t row = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t number = codes[i] * UINT64_C(0x9E3779B97F4A7C15);
        number = (number ^ number >> 32) * UINT64_C(0xD6E8FEB86659FD93);
        row = (row << 23 | row >> 41) + (number ^ number >> 29);
    }
    return row;
}

/* All rows of the tokens in scratch are those of the plain way, in order. */
static void rows_agree(kundig__scratch *scratch, const char *text, size_t len, uint32_t families)
{
    cr_assert_eq(kundig__text_features(scratch, text, len, KUNDIG__WORDS | families), KUNDIG_OK);
    size_t at = 0;
    for (size_t i = 0; i < scratch->token_count; i++) {
        const kundig__token *token = &scratch->tokens[i];
        if (token->kind == KUNDIG__TOKEN_URL || token->kind == KUNDIG__TOKEN_EMAIL ||
            token->kind == KUNDIG__TOKEN_HANDLE || token->kind == KUNDIG__TOKEN_CJK) {
            continue;
        }
        uint32_t codes[130] = {' '};
        size_t count = 1;
        for (size_t pos = 0; pos < token->folded_len && count < 129; count++) {
            pos += kundig__utf8_decode(scratch->folded + token->folded + pos,
                                       token->folded_len - pos, &codes[count]);
        }
        codes[count++] = ' ';
        for (size_t last = 1; last < count; last++) {
            for (size_t n = 2; n <= 5 && n <= last + 1; n++) {
                if (families & KUNDIG__CHARACTERS(n)) {
                    cr_assert_lt(at, scratch->gram_count);
                    cr_assert_eq(scratch->grams[at], row_slowly(codes + last + 1 - n, n),
                                 "row %zu of \"%.*s\"", at, (int)len, text);
                    at++;
                }
            }
        }
    }
    cr_assert_eq(at, scratch->gram_count);
}

Test(characters, are_all_rows_of_every_token_between_blanks)
{
    text_fixture fixture;
    text_begin(&fixture);
    kundig__scratch *scratch = &fixture.scratch;
    rows_agree(scratch, "gut", 3, KUNDIG__CHARACTERS(3));
    cr_assert_eq(scratch->gram_count, 3); /* " gu", "gut", "ut " */
    cr_assert_eq(scratch->grams[1], row_slowly((const uint32_t[]){'g', 'u', 't'}, 3));
    rows_agree(scratch, "a", 1, CHARACTERS_EVERY);
    cr_assert_eq(scratch->gram_count, 3); /* " a", "a ", " a " */
    rows_agree(scratch, "Ö 😀!", 8, CHARACTERS_EVERY);
    uint64_t seed = 9;
    for (uint32_t i = 0; i < 60000; i++) {
        char text[600];
        size_t len = text_make(&seed, text, 300);
        if (i % 3 == 0) {
            len += text_make(&seed, text + len, 300);
        }
        rows_agree(scratch, text, len, i % 2 ? (i / 2 % 16) << 2 : 7u << 2);
    }
    text_end(&fixture);
}

Test(characters, give_none_of_addresses_handles_and_pairs)
{
    text_fixture fixture;
    text_begin(&fixture);
    static const char text[] = "https://a.de/b?c info@firma.de @name 漢字";
    rows_agree(&fixture.scratch, text, sizeof text - 1, CHARACTERS_EVERY);
    cr_assert_eq(fixture.scratch.token_count, 4);
    cr_assert_eq(fixture.scratch.gram_count, 0);
    text_end(&fixture);
}

/* More than a batch of short tokens; a token without end gives what its first 128 give. */
Test(characters, of_long_texts_and_long_tokens_are_those_of_short_ones)
{
    text_fixture fixture;
    text_begin(&fixture);
    enum { ROOM = 20000 };
    char *text = kundig__alloc(&fixture.mem, ROOM);
    uint64_t seed = 4;
    for (unsigned shape = 0; shape < 40; shape++) {
        size_t len = 0;
        while (len + 500 < ROOM) {
            size_t letters = shape % 4 == 0 ? 1 : text_random(&seed) % (shape < 20 ? 20 : 300);
            for (size_t i = 0; i < letters; i++) {
                text[len++] = (char)('a' + text_random(&seed) % 26);
            }
            text[len++] = ' ';
        }
        rows_agree(&fixture.scratch, text, len, CHARACTERS_EVERY);
    }
    memset(text, 'x', ROOM);
    for (size_t i = 0; i < ROOM; i += 2) {
        text[i] = 'y';
    }
    rows_agree(&fixture.scratch, text, ROOM, CHARACTERS_EVERY);
    cr_assert_eq(fixture.scratch.gram_count, 129 + 128 + 127 + 126);
    kundig__free(&fixture.mem, text, ROOM);
    text_end(&fixture);
}

static int row_order(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* Rows of 2 of the first 1,500 code points, of 3 of ASCII, of 4 of 36 letters and of 5 of 14: no
 * two of six and a half million are the same number. */
Test(characters, meet_nowhere_among_millions)
{
    static uint64_t rows[6600000];
    size_t count = 0;
    uint32_t codes[5];
    for (codes[0] = 0x20; codes[0] < 1500; codes[0]++) {
        for (codes[1] = 0x20; codes[1] < 1500; codes[1]++) {
            rows[count++] = row_slowly(codes, 2);
        }
    }
    for (codes[0] = 0x20; codes[0] < 0x7F; codes[0]++) {
        for (codes[1] = 0x20; codes[1] < 0x7F; codes[1]++) {
            for (codes[2] = 0x20; codes[2] < 0x7F; codes[2]++) {
                rows[count++] = row_slowly(codes, 3);
            }
        }
    }
    for (uint32_t i = 0; i < 36 * 36 * 36 * 36; i++) {
        for (uint32_t j = 0, rest = i; j < 4; j++, rest /= 36) {
            codes[j] = rest % 36 < 26 ? 'a' + rest % 36 : 0xDF + rest % 36 - 26;
        }
        rows[count++] = row_slowly(codes, 4);
    }
    for (uint32_t i = 0; i < 14 * 14 * 14 * 14 * 14; i++) {
        for (uint32_t j = 0, rest = i; j < 5; j++, rest /= 14) {
            codes[j] = 'a' + rest % 14;
        }
        rows[count++] = row_slowly(codes, 5);
    }
    cr_assert_leq(count, sizeof rows / sizeof *rows);
    cr_assert_gt(count, 5000000);
    qsort(rows, count, sizeof *rows, row_order);
    for (size_t i = 1; i < count; i++) {
        cr_assert_neq(rows[i], rows[i - 1]);
    }
}

/* Of 2^20 rows of four, the low and the high 20 bits, and those that a product brings on top, fill
 * their 2^20 buckets as chance does: 662,827 of them, give or take 300. */
Test(characters, spread_over_low_and_high_bits)
{
    static uint8_t filled[3][1 << 20];
    memset(filled, 0, sizeof filled);
    for (uint32_t i = 0; i < 1u << 20; i++) {
        uint32_t codes[4] = {'a' + (i & 31), 'a' + (i >> 5 & 31), 'a' + (i >> 10 & 31),
                             'a' + (i >> 15)};
        uint64_t row = row_slowly(codes, 4);
        filled[0][row & 0xFFFFF] = 1;
        filled[1][row >> 44] = 1;
        filled[2][row * UINT64_C(0x9E3779B97F4A7C15) >> 44] = 1;
    }
    for (int which = 0; which < 3; which++) {
        long count = 0;
        for (size_t i = 0; i < sizeof filled[which]; i++) {
            count += filled[which][i];
        }
        cr_assert(count > 660500 && count < 665200, "%d: %ld", which, count);
    }
}

/* Known answers: rows stand in models, so they never change by accident. */
Test(characters, hash_as_ever)
{
    text_fixture fixture;
    text_begin(&fixture);
    cr_assert_eq(kundig__text_features(&fixture.scratch, "Öl", 3, CHARACTERS_EVERY), KUNDIG_OK);
    cr_assert_eq(fixture.scratch.gram_count, 6);
    cr_assert_eq(fixture.scratch.grams[0], UINT64_C(0x4B226915AAED8BD5));
    cr_assert_eq(fixture.scratch.grams[5], UINT64_C(0xC0FF63F749E98F45));
    text_end(&fixture);
}

Test(characters, fail_cleanly_without_memory)
{
    static const char text[] = "Größe und Preis, und noch vieles mehr von all dem";
    for (int forever = 0; forever < 2; forever++) {
        for (size_t fail_at = 1;; fail_at++) {
            text_fixture fixture;
            probe_shared.allocations = 0;
            probe_shared.fail_at = fail_at;
            probe_shared.fail_on = forever != 0;
            text_begin(&fixture);
            int code = kundig__text_features(&fixture.scratch, text, sizeof text - 1,
                                             KUNDIG__WORDS | CHARACTERS_EVERY);
            bool reached = probe_shared.allocations >= fail_at;
            probe_shared.fail_at = 0;
            cr_assert_eq(code, reached ? KUNDIG_E_NOMEM : KUNDIG_OK);
            cr_assert(!reached || fixture.scratch.gram_count == 0);
            rows_agree(&fixture.scratch, text, sizeof text - 1, CHARACTERS_EVERY);
            text_end(&fixture);
            cr_assert_eq(probe_shared.live_blocks, 0);
            if (!reached) {
                break;
            }
            cr_assert_lt(fail_at, 1000);
        }
    }
}
