#include "reference.h"

TestSuite(fold, .fini = probe_fini);

static void folds(text_fixture *fixture, const char *text, const char *expected)
{
    cr_assert_eq(kundig__text_fold(&fixture->scratch, text, strlen(text)), KUNDIG_OK);
    cr_assert(fixture->scratch.folded_len == strlen(expected) &&
                  memcmp(fixture->scratch.folded, expected, strlen(expected)) == 0,
              "\"%s\" folds to \"%.*s\", not \"%s\"", text, (int)fixture->scratch.folded_len,
              fixture->scratch.folded, expected);
}

Test(fold, lowers_and_composes)
{
    text_fixture fixture;
    text_begin(&fixture);
    folds(&fixture, "", "");
    folds(&fixture, "The QUICK brown Fox", "the quick brown fox");
    folds(&fixture, "ÄÖÜ Straße STRASSE ẞ", "äöü strasse strasse ss");
    folds(&fixture,
          "U\xCC\x88"
          "bel A\xCC\x8A",
          "übel å");
    folds(&fixture, "Кот ΣΊΣΥΦΟΣ", "кот σίσυφοσ");
    folds(&fixture, "İI ıi", "i\xCC\x87i ıi");
    folds(&fixture, "ﬃ ŉ", "ffi 'n");
    folds(&fixture, "漢字 각 😀", "漢字 각 😀");
    text_end(&fixture);
}

Test(fold, makes_one_apostrophe_of_three)
{
    text_fixture fixture;
    text_begin(&fixture);
    folds(&fixture, "don’t donʼt don't", "don't don't don't");
    text_end(&fixture);
}

Test(fold, drops_soft_hyphens_that_nothing_joins)
{
    text_fixture fixture;
    text_begin(&fixture);
    folds(&fixture, "Ver\xC2\xADsand\xC2\xAD\xC2\xAD", "versand");
    folds(&fixture, "a\xC2\xAD\xCC\x88", "a\xC2\xAD\xCC\x88");
    text_end(&fixture);
}

Test(fold, cuts_runs_of_letters_to_two_and_leaves_digits)
{
    text_fixture fixture;
    text_begin(&fixture);
    folds(&fixture, "sooooo goooOOOood", "soo good");
    folds(&fixture, "aa bbb cccc", "aa bb cc");
    folds(&fixture, "1000000 ...... ___", "1000000 ...... ___");
    folds(&fixture, "Schööön öÖö", "schöön öö");
    folds(&fixture, "Flussschiff Straßsse ßß", "flusschiff strasse ss");
    folds(&fixture, "哈哈哈哈", "哈哈");
    folds(&fixture, "xxxxxxxxxxxxxxxxxxxxy", "xxy");
    folds(&fixture, "aaaaaaa\xCC\x88", "aaä");
    folds(&fixture,
          "e\xCC\x81"
          "e\xCC\x81"
          "é",
          "éé");
    text_end(&fixture);
}

static void agrees(text_fixture *fixture, const char *text, size_t len)
{
    static char slow[16384];
    cr_assert_eq(kundig__text_fold(&fixture->scratch, text, len), KUNDIG_OK);
    size_t slow_len = fold_slowly(text, len, slow);
    if (fixture->scratch.folded_len != slow_len ||
        memcmp(fixture->scratch.folded, slow, slow_len) != 0) {
        cr_assert_fail("\"%.*s\" folds to \"%.*s\", slowly to \"%.*s\"", (int)len, text,
                       (int)fixture->scratch.folded_len, fixture->scratch.folded, (int)slow_len,
                       slow);
    }
    /* And again. */
    cr_assert_eq(
        kundig__text_fold(&fixture->other, fixture->scratch.folded, fixture->scratch.folded_len),
        KUNDIG_OK);
    if (fixture->other.folded_len != slow_len ||
        memcmp(fixture->other.folded, slow, slow_len) != 0) {
        cr_assert_fail("the fold of \"%.*s\" is not stable", (int)len, text);
    }
}

static bool fold_is_scalar(uint32_t code)
{
    return code != 0 && (code < 0xD800 || code > 0xDFFF);
}

Test(fold, agrees_with_the_slow_way_on_every_code_point)
{
    text_fixture fixture;
    text_begin(&fixture);
    for (uint32_t code = 1; code <= 0x10FFFF; code += PROBE_STRIDE) {
        char text[24] = "x";
        if (!fold_is_scalar(code)) {
            continue;
        }
        size_t len = 1 + kundig__utf8_encode(code, text + 1);
        text[len++] = 'Y';
        agrees(&fixture, text + 1, len - 2);
        agrees(&fixture, text, len);
    }
    text_end(&fixture);
}

Test(fold, agrees_with_the_slow_way_on_letters_with_marks)
{
    text_fixture fixture;
    text_begin(&fixture);
    static const uint32_t marks[] = {0x300, 0x301,  0x307,  0x308,   0x30A,   0x323,  0x328,
                                     0x338, 0x342,  0x345,  0x344,   0x653,   0x93C,  0x9BE,
                                     0xDCF, 0x1161, 0x11A8, 0x200D,  0x3099,  0xFE0F, 0x20E3,
                                     0xAD,  0x2019, 0x102E, 0x1133E, 0x110BA, 0x16D67};
    for (uint32_t code = 1; code <= 0x1FFFF; code += PROBE_STRIDE) {
        if (!fold_is_scalar(code)) {
            continue;
        }
        for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
            char text[24];
            size_t len = kundig__utf8_encode(code, text);
            len += kundig__utf8_encode(marks[i], text + len);
            agrees(&fixture, text, len);
            if (code < 0x600 || (code >= 0x1E00 && code < 0x2000)) {
                len += kundig__utf8_encode(marks[(i + 5) % 10], text + len);
                agrees(&fixture, text, len);
            }
        }
    }
    text_end(&fixture);
}

Test(fold, agrees_with_the_slow_way_on_random_texts)
{
    text_fixture fixture;
    text_begin(&fixture);
    uint64_t seed = 7;
    for (int i = 0; i < 200000; i++) {
        char text[256];
        agrees(&fixture, text, text_make(&seed, text, sizeof text));
    }
    text_end(&fixture);
}

Test(fold, fails_cleanly_without_memory)
{
    static const char text[] = "Größe \xE1\xBE\x82\xE1\xBE\x82\xE1\xBE\x82\xE1\xBE\x82";
    for (int forever = 0; forever < 2; forever++) {
        for (size_t fail_at = 1;; fail_at++) {
            text_fixture fixture;
            probe_shared.allocations = 0;
            probe_shared.fail_at = fail_at;
            probe_shared.fail_on = forever != 0;
            text_begin(&fixture);
            int code = kundig__text_fold(&fixture.scratch, text, sizeof text - 1);
            bool reached = probe_shared.allocations >= fail_at;
            probe_shared.fail_at = 0;
            cr_assert_eq(code, reached ? KUNDIG_E_NOMEM : KUNDIG_OK);
            /* What failed once works with memory. */
            cr_assert_eq(kundig__text_fold(&fixture.scratch, text, sizeof text - 1), KUNDIG_OK);
            text_end(&fixture);
            cr_assert_eq(probe_shared.live_blocks, 0);
            if (!reached) {
                break;
            }
            cr_assert_lt(fail_at, 1000);
        }
    }
}
