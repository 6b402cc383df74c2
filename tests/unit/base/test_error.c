#include <criterion/criterion.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "base/utf8.h"
#include "probe.h"

TestSuite(error, .fini = probe_fini);

Test(error, fills_code_position_and_sentence_and_returns_the_code)
{
    kundig_error err;
    memset(&err, 0xA5, sizeof err);
    cr_assert_eq(kundig__fail(&err, KUNDIG_E_VALUE, 17, "line %d of \"%.*s\"", 3, 2, "abc"),
                 KUNDIG_E_VALUE);
    cr_assert_eq(err.code, KUNDIG_E_VALUE);
    cr_assert_eq(err.pos, 17);
    cr_assert_str_eq(err.message, "line 3 of \"ab\"");
    cr_assert_eq(kundig__fail(NULL, KUNDIG_E_IO, 1, "%s", "nobody listens"), KUNDIG_E_IO);
}

/* Characters of 1 to 4 bytes, shifted so that every one of their bytes meets the end. */
Test(error, a_long_message_is_cut_at_a_whole_character)
{
    static const char *const units[] = {"x", "\xC3\xB6", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"};
    for (size_t u = 0; u < 4; u++) {
        for (size_t shift = 0; shift < 8; shift++) {
            kundig_error err;
            char text[600] = "--------";
            size_t len = shift;
            while (len < 500) {
                memcpy(text + len, units[u], u + 1);
                len += u + 1;
            }
            text[len] = '\0';
            memset(&err, 0xA5, sizeof err);
            kundig__fail(&err, KUNDIG_E_ARG, 0, "%s", text);
            size_t got = strlen(err.message);
            cr_assert(got < sizeof err.message && got + 4 >= sizeof err.message, "%zu", got);
            cr_assert_eq(kundig__utf8_valid(err.message, got), got, "unit %zu shift %zu", u, shift);
            cr_assert_eq(memcmp(err.message, text, got), 0);
        }
    }
    /* A message that just fits is not cut. */
    kundig_error err;
    char text[240];
    memset(text, 'y', 239);
    memcpy(text + 237, "\xC3\xB6", 3);
    kundig__fail(&err, KUNDIG_E_ARG, 0, "%s", text);
    cr_assert_str_eq(err.message, text);
}

Test(error, control_characters_do_not_reach_a_terminal)
{
    kundig_error err;
    kundig__fail(&err, KUNDIG_E_ARG, 0, "%s", "a\033[31mb\r\n\tc\x7F");
    for (const char *c = err.message; *c; c++) {
        cr_assert((unsigned char)*c >= 0x20 && *c != 0x7F);
    }
    kundig__fail(&err, KUNDIG_E_ARG, 0, "%s", "\x80\x80\x80");
    cr_assert_eq(err.message[3], '\0');
}

Test(error, shown_text_is_short_and_ends_with_a_whole_character)
{
    char text[200];
    for (size_t shift = 0; shift < 4; shift++) {
        memset(text, 'z', sizeof text);
        for (size_t i = shift; i + 4 < sizeof text; i += 4) {
            memcpy(text + i, "\xF0\x9F\x98\x80", 4);
        }
        for (size_t len = shift; len + 4 < sizeof text; len += 4) {
            int shown = kundig__shown((kundig_text){text, len});
            cr_assert(shown >= 0 && shown <= 80 && (size_t)shown <= len);
            cr_assert_eq(kundig__utf8_valid(text, (size_t)shown), (size_t)shown);
            cr_assert(len > 80 || (size_t)shown == len);
            cr_assert(len <= 80 || shown > 76);
        }
    }
    cr_assert_eq(kundig__shown((kundig_text){NULL, 12}), 0);
    memset(text, 0x80, sizeof text);
    cr_assert_eq(kundig__shown((kundig_text){text, sizeof text}), 0);
}

Test(error, every_code_has_a_text_of_its_own)
{
    for (int a = -15; a <= 0; a++) {
        const char *text = kundig_strerror(a);
        cr_assert(text && *text && strcmp(text, "unknown error") != 0, "%d", a);
        for (int b = a + 1; b <= 0; b++) {
            cr_assert_str_neq(text, kundig_strerror(b));
        }
    }
    cr_assert_str_eq(kundig_strerror(-16), "unknown error");
    cr_assert_str_eq(kundig_strerror(1), "unknown error");
    cr_assert_str_eq(kundig_strerror(-2147483647 - 1), "unknown error");
}
