#include "support.h"

TestSuite(scan, .fini = probe_fini);

/* Long texts of one thing: none may take more than linear time. Quadratic ones would take hours. */
Test(scan, takes_linear_time_on_any_text, .timeout = 60)
{
    text_fixture fixture;
    text_begin(&fixture);
    static const char *const units[] = {
        "a",
        "1",
        "_",
        "@",
        ".",
        "!",
        "'",
        "a@",
        "a.",
        "a.b@",
        "@a",
        "a@a.",
        "http://",
        ":",
        "www.",
        "www.a.",
        "(",
        ")",
        "http://a)))",
        "\xCC\x81",
        "\xCC\x81\xCC\xA3",
        "\xCD\x85",
        "\xE2\x80\x8D",
        "\xC2\xAD",
        "a\xC2\xAD",
        "\xEF\xB8\x8F",
        "👩‍",
        "🇩",
        "1️⃣",
        "漢",
        "か\xE3\x82\x99",
        "\xEF\xA9\xAC",
        "\xF0\x9D\x85\xA0",
        "ᾂ",
        "ᾂ ",
        "ß",
        "’",
        "a’",
        "\xE1\x84\x80",
        "\xE1\x85\xA1",
        "ก",
        "ั",
        "a.a-a+",
        "\xF3\xA0\x81\xA7",
        "\xD8\x80",
        "\xEF\xBF\xBD",
        "ab",
        "aab",
    };
    size_t len = 1000000;
    char *text = kundig__alloc(&fixture.mem, len + 32);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t unit = strlen(units[i]);
        size_t used = 0;
        while (used + unit <= len) {
            memcpy(text + used, units[i], unit);
            used += unit;
        }
        for (int head = 0; head < 2; head++) {
            cr_assert_eq(
                kundig__text_features(&fixture.scratch, text, used, KUNDIG__WORDS | KUNDIG__PAIRS),
                KUNDIG_OK);
            cr_assert_leq(fixture.scratch.token_count, used);
            cr_assert_leq(fixture.scratch.folded_len, 8 * len + 64);
            cr_assert_eq(kundig__text_fold(&fixture.scratch, text, used), KUNDIG_OK);
            /* Once more with a letter in front. */
            memmove(text + 1, text, used);
            text[0] = 'q';
            used++;
        }
    }
    kundig__free(&fixture.mem, text, len + 32);
    text_end(&fixture);
}

#define SCAN_ALL                                                                                   \
    (KUNDIG__WORDS | KUNDIG__PAIRS | KUNDIG__CHARACTERS(2) | KUNDIG__CHARACTERS(3) |               \
     KUNDIG__CHARACTERS(4) | KUNDIG__CHARACTERS(5))

/* A text of `count` times one piece, with something in front; its memory is the fixture's. */
static char *scan_repeat(text_fixture *fixture, const char *front, const char *piece, size_t count,
                         size_t *len)
{
    size_t head = strlen(front);
    size_t each = strlen(piece);
    *len = head + count * each;
    char *text = kundig__alloc(&fixture->mem, *len);
    cr_assert_not_null(text);
    memcpy(text, front, head);
    for (size_t i = 0; i < count; i++) {
        memcpy(text + head + i * each, piece, each);
    }
    return text;
}

/* What one text costs: bytes held at most, beside the text, by each byte of it. */
static void scan_costs(text_fixture *fixture, const char *front, const char *piece, size_t count,
                       size_t tokens, size_t bytes_each)
{
    size_t len;
    char *text = scan_repeat(fixture, front, piece, count, &len);
    size_t before = fixture->mem.used;
    fixture->mem.peak = before;
    cr_assert_eq(kundig__text_features(&fixture->scratch, text, len, SCAN_ALL), KUNDIG_OK);
    cr_assert_eq(fixture->scratch.token_count, tokens, "%zu tokens of \"%s\"",
                 fixture->scratch.token_count, piece);
    size_t held = fixture->mem.peak - before;
    cr_assert_leq(held, bytes_each * len + 100000, "%zu bytes for %zu of \"%s\"", held, len, piece);
    kundig__free(&fixture->mem, text, len);
    kundig__scratch_free(&fixture->scratch);
}

/* One token of 64 MB: the text once more, folded, and half a byte for its bits. */
Test(scan, bears_a_token_without_end, .timeout = 120)
{
    text_fixture fixture;
    text_begin(&fixture);
    scan_costs(&fixture, "", "ab", 32 << 20, 1, 2);
    scan_costs(&fixture, "", "Ab1_", 16 << 20, 1, 2);
    scan_costs(&fixture, "", "1", 16 << 20, 1, 2);
    scan_costs(&fixture, "", "ö", 8 << 20, 1, 2);
    scan_costs(&fixture, "@", "ab", 16 << 20, 1, 2);
    scan_costs(&fixture, "http://", "ab", 16 << 20, 1, 5);
    scan_costs(&fixture, "", "a'", 8 << 20, 2, 2);
    text_end(&fixture);
}

/* A million marks on one letter: put in order by counting, never by exchange. */
Test(scan, bears_a_million_marks_on_one_letter, .timeout = 120)
{
    text_fixture fixture;
    text_begin(&fixture);
    scan_costs(&fixture, "a", "\xCC\x81", 1000000, 1, 24);
    scan_costs(&fixture, "a", "\xCC\x81\xCC\xA3", 500000, 1, 24);
    scan_costs(&fixture, "a", "\xE3\x82\x99\xCC\xA3\xCD\x85", 500000, 1, 24);
    scan_costs(&fixture, "!", "\xCC\x81\xCC\xA3", 500000, 1, 24);
    scan_costs(&fixture, "漢", "\xCC\x81\xCC\xA3", 500000, 1, 24);
    text_end(&fixture);
}

/* Folding is canonical: what compatibility would blow up (U+FDFA to 18 letters) stays as it is, and
 * nothing grows more than threefold, be it code points or marks of them. */
Test(scan, lets_no_code_point_grow_more_than_threefold)
{
    text_fixture fixture;
    text_begin(&fixture);
    for (uint32_t code = 1; code <= 0x10FFFF; code += PROBE_STRIDE) {
        char text[4];
        if (code < 0xD800 || code > 0xDFFF) {
            size_t len = kundig__utf8_encode(code, text);
            cr_assert_eq(kundig__text_fold(&fixture.scratch, text, len), KUNDIG_OK);
            cr_assert_leq(fixture.scratch.folded_len, 3 * len, "U+%04X", (unsigned)code);
        }
    }
    size_t len;
    char *text = scan_repeat(&fixture, "", "\xEF\xB7\xBA ", 300000, &len);
    cr_assert_eq(kundig__text_fold(&fixture.scratch, text, len), KUNDIG_OK);
    cr_assert_eq(fixture.scratch.folded_len, len);
    kundig__free(&fixture.mem, text, len);
    kundig__scratch_free(&fixture.scratch);
    scan_costs(&fixture, "", "\xEF\xB7\xBA ", 300000, 300000, 48);
    scan_costs(&fixture, "", "\xCE\x90 ", 300000, 300000, 64); /* grows threefold */
    text_end(&fixture);
}

/* Nothing is keyed by the text but one table of a fixed size: 200,000 comments of stretches that
 * nobody has seen before hold no more than the first of them. */
Test(scan, holds_no_more_for_a_flood_of_new_words, .timeout = 120)
{
    text_fixture fixture;
    text_begin(&fixture);
    uint64_t seed = 21;
    size_t used = 0;
    for (int i = 0; i < 200000; i++) {
        char text[64];
        size_t len = 0;
        for (int piece = 0; piece < 4; piece++) {
            len += kundig__utf8_encode((uint32_t)(0x61 + text_random(&seed) % 26), text + len);
            len += kundig__utf8_encode((uint32_t)(0x300 + text_random(&seed) % 0x40), text + len);
            len += kundig__utf8_encode((uint32_t)(0x900 + text_random(&seed) % 0x400), text + len);
            len += kundig__utf8_encode((uint32_t)(0x1E00 + text_random(&seed) % 0x100), text + len);
        }
        cr_assert_eq(kundig__text_features(&fixture.scratch, text, len, SCAN_ALL), KUNDIG_OK);
        used = i == 1000 ? fixture.mem.used : used;
    }
    cr_assert_leq(fixture.mem.used, used + 4096);
    text_end(&fixture);
}

/* Widthless characters between letters part words or join them, and cost what letters cost. */
Test(scan, bears_widthless_characters_everywhere, .timeout = 120)
{
    text_fixture fixture;
    text_begin(&fixture);
    scan_costs(&fixture, "", "a\xE2\x80\x8B", 300000, 300000, 64); /* U+200B is a gap */
    scan_costs(&fixture, "", "a\xE2\x80\x8D", 300000, 1, 24);      /* U+200D joins, but the last */
    scan_costs(&fixture, "", "a\xC2\xAD", 300000, 1, 4);           /* soft hyphens are dropped */
    scan_costs(&fixture, "", "\xC2\xAD", 300000, 0, 4);
    scan_costs(&fixture, "a", "\xC2\xAD", 300000, 1, 4);
    scan_costs(&fixture, "", "a\xEF\xB8\x8F", 300000, 1, 24); /* variation selectors */
    scan_costs(&fixture, "", "\xEF\xBB\xBF", 300000, 0, 4);   /* byte order marks */
    scan_costs(&fixture, "a", "\xE2\x80\x8B", 300000, 1, 4);
    scan_costs(&fixture, "", "a\xE2\x80\xAE", 300000, 300000, 64); /* turned right to left */
    text_end(&fixture);
}

Test(scan, fails_cleanly_without_memory)
{
    static const char text[] = "Größe \xE1\xBE\x82\xE1\xBE\x82\xE1\xBE\x82 a@b.de "
                               "か\xE3\x82\x99\xEF\xA9\xAC漢字 a b c d e f g h i j k l m n o p";
    for (int forever = 0; forever < 2; forever++) {
        for (size_t fail_at = 1;; fail_at++) {
            text_fixture fixture;
            probe_shared.allocations = 0;
            probe_shared.fail_at = fail_at;
            probe_shared.fail_on = forever != 0;
            text_begin(&fixture);
            int code = kundig__text_features(&fixture.scratch, text, sizeof text - 1,
                                             KUNDIG__WORDS | KUNDIG__PAIRS);
            bool reached = probe_shared.allocations >= fail_at;
            probe_shared.fail_at = 0;
            cr_assert_eq(code, reached ? KUNDIG_E_NOMEM : KUNDIG_OK);
            token_check(&fixture, text, sizeof text - 1);
            text_end(&fixture);
            cr_assert_eq(probe_shared.live_blocks, 0);
            if (!reached) {
                break;
            }
            cr_assert_lt(fail_at, 1000);
        }
    }
}
