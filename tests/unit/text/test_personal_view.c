#include "personal_cases.h"
#include "text/personal_view.h"

TestSuite(personal_view, .fini = probe_fini);

static void personal_views(const char *text, const char *expected)
{
    personal_fixture fixture;
    personal_begin(&fixture);
    cr_assert(kundig__view_make(&fixture.personal, text, strlen(text)));
    cr_assert_eq(fixture.personal.plain_len, strlen(expected), "%.*s",
                 (int)fixture.personal.plain_len, fixture.personal.plain);
    cr_assert_eq(memcmp(fixture.personal.plain, expected, strlen(expected)), 0, "%.*s",
                 (int)fixture.personal.plain_len, fixture.personal.plain);
    personal_end(&fixture);
}

Test(personal_view, folds_what_disguises_ascii)
{
    personal_views("plain 123", "plain 123");
    personal_views("Grüße Straße ẞ", "Grusse Strasse SS");
    personal_views("Mu\xCC\x88ller", "Muller");
    personal_views("０３０", "030");
    personal_views("٠٣٠", "030");
    personal_views("0\xE2\x80\x8B\xC2\xAD\xE2\x80\x8D"
                   "30",
                   "030");
    personal_views("1\xC2\xA0"
                   "2\xE2\x80\x89"
                   "3\xE2\x80\xAF"
                   "4",
                   "1 2 3 4");
    personal_views("1‐2‑3–4—5−6", "1-2-3-4-5-6");
    personal_views("O’Neil ‘x’", "O'Neil 'x'");
    personal_views("5 € £ ¥", "5 $ $ $");
    personal_views("ŁódźĶĸ", "LodzKk");
    personal_views("Жж ế 山", "\x80\x81 \x81 \x82");
    personal_views("a😀b½", "a\x83"
                           "b\x83");
}

Test(personal_view, knows_where_each_character_stands)
{
    static const char text[] = "aß\xC2\xADé😀1";
    static const uint32_t places[] = {0, 1, 1, 5, 7, 11};
    personal_fixture fixture;
    personal_begin(&fixture);
    cr_assert(kundig__view_make(&fixture.personal, text, sizeof text - 1));
    cr_assert_eq(fixture.personal.plain_len, 6);
    for (size_t i = 0; i < 6; i++) {
        cr_assert_eq(fixture.personal.places[i], places[i], "%zu: %u", i,
                     (unsigned)fixture.personal.places[i]);
    }
    personal_end(&fixture);
}

Test(personal_view, keeps_masks_out_of_sight)
{
    static const char text[] = "a [name] [phones] [e-mail";
    personal_fixture fixture;
    personal_begin(&fixture);
    cr_assert(kundig__view_make(&fixture.personal, text, sizeof text - 1));
    for (size_t i = 0; i < sizeof text - 1; i++) {
        cr_assert_eq((unsigned char)fixture.personal.plain[i] == VIEW_MASK, i >= 2 && i < 8);
    }
    personal_end(&fixture);
}

Test(personal_view, marks_places_to_look_at)
{
    static const char text[] = "Frau 12 a@b x://y www.z q?r (at) dot";
    static const int types[] = {MARK_CUE, MARK_DIGITS, MARK_AT,      MARK_SCHEME,
                                MARK_WWW, MARK_QUERY,  MARK_BRACKET, MARK_DOT};
    personal_fixture fixture;
    personal_begin(&fixture);
    cr_assert(kundig__view_make(&fixture.personal, text, sizeof text - 1));
    cr_assert_eq(fixture.personal.mark_count, sizeof types / sizeof *types);
    for (size_t i = 0; i < fixture.personal.mark_count; i++) {
        cr_assert_eq(fixture.personal.marks[i].type, types[i], "mark %zu", i);
    }
    cr_assert(kundig__view_make(&fixture.personal, "nothing here", 12));
    cr_assert_eq(fixture.personal.mark_count, 0);
    personal_end(&fixture);
}

/* Each code point alone: one class, one place, never longer than its bytes. */
Test(personal_view, takes_every_code_point)
{
    personal_fixture fixture;
    personal_begin(&fixture);
    for (uint32_t code = 1; code <= 0x10FFFF; code += PROBE_STRIDE) {
        char text[8];
        if (code >= 0xD800 && code <= 0xDFFF) {
            continue;
        }
        size_t len = kundig__utf8_encode(code, text);
        cr_assert(kundig__view_make(&fixture.personal, text, len));
        size_t count = fixture.personal.plain_len;
        cr_assert_leq(count, len);
        for (size_t i = 0; i < count; i++) {
            unsigned char c = (unsigned char)fixture.personal.plain[i];
            cr_assert(c < 0x80 || c <= VIEW_SYMBOL, "U+%04X", (unsigned)code);
            cr_assert(code < 0x80 || fixture.personal.places[i] == 0);
        }
        uint32_t kind = kundig__utf8_traits(code) & KUNDIG__CODE_KIND;
        if (kind == KUNDIG__CODE_LETTER && code != 0x02BC) { /* an apostrophe */
            cr_assert(count > 0 && (view_is(&fixture.personal, 0) & VIEW_IS_LETTER) != 0,
                      "U+%04X is a letter", (unsigned)code);
        }
    }
    personal_end(&fixture);
}
