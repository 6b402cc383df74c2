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
