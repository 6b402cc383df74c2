#include <criterion/criterion.h>
#include <string.h>

#include "base/text.h"
#include "probe.h"

TestSuite(text, .fini = probe_fini);

static const kundig_text absent = {NULL, 0};
static const kundig_text empty = {"", 0};

Test(text, absent_differs_from_empty)
{
    cr_assert(kundig__text_equal(absent, absent));
    cr_assert(kundig__text_equal(empty, empty));
    cr_assert_not(kundig__text_equal(absent, empty));
    cr_assert_not(kundig__text_equal(empty, absent));
    cr_assert_not(kundig__text_equal_nocase(absent, empty));
    cr_assert(kundig__text_order(absent, empty) < 0);
    cr_assert(kundig__text_order(empty, absent) > 0);
    cr_assert_eq(kundig__text_order(absent, absent), 0);
    cr_assert_null(kundig__str(NULL).data);
    cr_assert_eq(kundig__str("abc").len, 3);
}

Test(text, order_is_by_unsigned_bytes_then_length)
{
    const kundig_text ascending[] = {absent,      empty,       {"\0", 1},      {"a", 1},
                                     {"a\0", 2},  {"aa", 2},   {"b", 1},       {"\x7F", 1},
                                     {"\x80", 1}, {"\xFF", 1}, {"\xFF\xFF", 2}};
    size_t count = sizeof ascending / sizeof ascending[0];
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < count; j++) {
            int order = kundig__text_order(ascending[i], ascending[j]);
            cr_assert_eq((order > 0) - (order < 0), (i > j) - (i < j), "%zu %zu", i, j);
            cr_assert_eq(kundig__text_equal(ascending[i], ascending[j]), i == j);
        }
    }
}

static void trims(const char *text, size_t len, const char *expected)
{
    kundig_text got = kundig__text_trim((kundig_text){text, len});
    cr_assert(got.len == strlen(expected) && memcmp(got.data, expected, got.len) == 0,
              "\"%.*s\", not \"%s\"", (int)got.len, got.data, expected);
    cr_assert(got.data >= text && got.data + got.len <= text + len);
}

#define TRIMS(text, expected) trims(text, sizeof(text) - 1, expected)

Test(text, trims_white_space_and_the_fixed_space_at_both_ends_alone)
{
    TRIMS("", "");
    TRIMS(" \t\r\n\v\f", "");
    TRIMS("a", "a");
    TRIMS("  a b\t", "a b");
    TRIMS("\xC2\xA0 a\xC2\xA0\xC2\xA0", "a");
    TRIMS("\xC2\xA0\xC2\xA0", "");
    TRIMS(" \xC2\xA0 \xC2\xA0 ", "");
    /* half of a fixed space is not one, nor is the end of another character */
    TRIMS("\xA0"
          "a\xC2",
          "\xA0"
          "a\xC2");
    TRIMS("\xC3\xA0", "\xC3\xA0");
    TRIMS("a\xE2\x82\xA0", "a\xE2\x82\xA0");
    kundig_text got = kundig__text_trim(absent);
    cr_assert(got.data == NULL && got.len == 0);
}

Test(text, ascii_case_alone_is_folded)
{
    cr_assert(kundig__text_equal_nocase(KUNDIG__TEXT("NPS Score_9"), KUNDIG__TEXT("nps sCORE_9")));
    cr_assert_not(kundig__text_equal_nocase(KUNDIG__TEXT("ab"), KUNDIG__TEXT("abc")));
    cr_assert_not(kundig__text_equal_nocase(KUNDIG__TEXT("\xC3\x84"), KUNDIG__TEXT("\xC3\xA4")));
    /* neighbours of the letters differ by 32 as well */
    cr_assert_not(kundig__text_equal_nocase(KUNDIG__TEXT("@"), KUNDIG__TEXT("`")));
    cr_assert_not(kundig__text_equal_nocase(KUNDIG__TEXT("["), KUNDIG__TEXT("{")));
    cr_assert(kundig__text_equal_nocase(empty, empty));
}

Test(text, classes_know_ascii_and_nothing_else)
{
    for (int i = 0; i < 256; i++) {
        char c = (char)i;
        bool space = i == ' ' || (i >= 9 && i <= 13);
        cr_assert_eq(kundig__text_is_space(c), space, "%d", i);
        cr_assert_eq(kundig__text_is_digit(c), i >= '0' && i <= '9', "%d", i);
    }
}

/* Lines end with LF, CR or both; columns are code points. */
Test(text, places_are_counted_as_people_do)
{
    static const char data[] = "a\xC3\xA4\n\r\n\r\xF0\x9F\x98\x80"
                               "x";
    static const struct {
        size_t pos;
        uint32_t line;
        uint32_t column;
    } cases[] = {{0, 1, 1}, {1, 1, 2}, {3, 1, 3},  {4, 2, 1},
                 {6, 3, 1}, {7, 4, 1}, {11, 4, 2}, {12, 4, 3}};
    kundig__place steps = {0, 1, 1};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kundig__place leap = {0, 1, 1};
        kundig__place_move(&steps, kundig__text(data, sizeof data - 1), cases[i].pos);
        kundig__place_move(&leap, kundig__text(data, sizeof data - 1), cases[i].pos);
        cr_assert_eq(steps.line, cases[i].line, "byte %zu", cases[i].pos);
        cr_assert_eq(steps.column, cases[i].column, "byte %zu", cases[i].pos);
        cr_assert_eq(memcmp(&steps, &leap, sizeof steps), 0);
    }
}
