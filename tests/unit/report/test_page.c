#include <criterion/criterion.h>

#include "base/text.h"
#include "probe.h"
#include "report/page.h"

TestSuite(page, .fini = probe_fini);

typedef struct page_test {
    kundig__mem mem;
    kundig__page page;
} page_test;

static page_test *page_test_new(size_t width, bool color)
{
    static page_test test;
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem_init(&test.mem, &allocator, 0);
    kundig__page_init(&test.page, &test.mem, width, color);
    return &test;
}

/* Ends the page and says whether it reads so. */
static void page_test_is(page_test *test, const char *want)
{
    kundig_bytes *bytes = NULL;
    cr_assert_eq(kundig__page_take(&test->page, &bytes, NULL), KUNDIG_OK);
    cr_assert_str_eq(kundig_bytes_data(bytes), want);
    kundig_bytes_free(bytes);
    kundig__page_free(&test->page);
}

Test(page, lets_no_control_character_reach_a_terminal)
{
    page_test *t = page_test_new(100, false);
    kundig__page_wrap(&t->page, KUNDIG__STYLE_BOLD, 0,
                      KUNDIG__TEXT("a\x1B[31mred\x07\xC2\x9B"
                                   "b"));
    kundig__page_wrap(&t->page, KUNDIG__STYLE_PLAIN, 0,
                      KUNDIG__TEXT("x\xE2\x80\xAE"
                                   "evil\xE2\x81\xA6\xE2\x80\x8B\xEF\xBB\xBFy"));
    page_test_is(t, "a\xEF\xBF\xBD[31mred\xEF\xBF\xBD\xEF\xBF\xBD"
                    "b\nxevily\n");
}

Test(page, reads_line_ends_and_tabs_as_one_blank)
{
    page_test *t = page_test_new(100, false);
    kundig__page_wrap(&t->page, KUNDIG__STYLE_PLAIN, 0,
                      KUNDIG__TEXT("  one\r\n\n\ttwo\xE2\x80\xA8three\xC2\xA0"
                                   "four  "));
    page_test_is(t, "one two three four\n");
}

Test(page, wraps_at_blanks_and_cuts_what_has_none)
{
    page_test *t = page_test_new(40, false);
    kundig__page_wrap(&t->page, KUNDIG__STYLE_PLAIN, 2,
                      KUNDIG__TEXT("These words are wider than one line of forty columns."));
    kundig__page_wrap(&t->page, KUNDIG__STYLE_PLAIN, 0,
                      KUNDIG__TEXT("012345678901234567890123456789012345678901234567890"));
    page_test_is(t, "  These words are wider than one line of\n"
                    "  forty columns.\n"
                    "0123456789012345678901234567890123456789\n"
                    "01234567890\n");
}

Test(page, counts_wide_characters_as_two_columns)
{
    page_test *t = page_test_new(40, false);
    kundig__page_fit(&t->page, KUNDIG__STYLE_PLAIN, KUNDIG__TEXT("\xE6\x97\xA5\xE6\x9C\xAC"), 6,
                     false);
    kundig__page_str(&t->page, KUNDIG__STYLE_PLAIN, "|");
    kundig__page_line(&t->page);
    kundig__page_fit(&t->page, KUNDIG__STYLE_PLAIN,
                     KUNDIG__TEXT("\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E"), 4, true);
    kundig__page_str(&t->page, KUNDIG__STYLE_PLAIN, "|");
    kundig__page_line(&t->page);
    page_test_is(t, "\xE6\x97\xA5\xE6\x9C\xAC  |\n\xE6\x97\xA5\xE2\x80\xA6 |\n");
}

Test(page, writes_styles_only_when_asked)
{
    page_test *t = page_test_new(40, true);
    kundig__page_str(&t->page, KUNDIG__STYLE_BOLD, "b");
    kundig__page_str(&t->page, KUNDIG__STYLE_PLAIN, "p");
    kundig__page_repeat(&t->page, KUNDIG__STYLE_BAD, "-", 2);
    kundig__page_line(&t->page);
    page_test_is(t, "\x1B[1mb\x1B[0mp\x1B[31m--\x1B[0m\n");
}

Test(page, leaves_no_blank_at_the_end_of_a_line)
{
    page_test *t = page_test_new(40, false);
    kundig__page_fit(&t->page, KUNDIG__STYLE_PLAIN, KUNDIG__TEXT("a"), 10, false);
    kundig__page_line(&t->page);
    kundig__page_to(&t->page, 5);
    kundig__page_line(&t->page);
    page_test_is(t, "a\n\n");
}

Test(page, shows_values_by_their_unit)
{
    static const struct {
        int unit;
        double value;
        bool sign;
        const char *want;
    } cases[] = {
        {KUNDIG_UNIT_SCORE, 0.1234, false, "+12.3"}, {KUNDIG_UNIT_SCORE, -0.247, false, "-24.7"},
        {KUNDIG_UNIT_SCORE, 0.0001, false, "0.0"},   {KUNDIG_UNIT_SCORE, -0.0001, false, "0.0"},
        {KUNDIG_UNIT_SCORE, 1, false, "+100.0"},     {KUNDIG_UNIT_SHARE, 0.54, false, "54.0%"},
        {KUNDIG_UNIT_SHARE, 0.54, true, "+54.0"},    {KUNDIG_UNIT_POINTS, 4.125, false, "4.12"},
        {KUNDIG_UNIT_POINTS, 0.5, true, "+0.50"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        page_test *t = page_test_new(40, false);
        kundig__page_value(&t->page.buf, cases[i].unit, cases[i].value, cases[i].sign);
        page_test_is(t, cases[i].want);
    }
}

Test(page, groups_thousands_and_names_small_p_values)
{
    page_test *t = page_test_new(40, false);
    static const uint64_t counts[] = {0, 999, 1000, 1234567, UINT64_MAX};
    for (size_t i = 0; i < 5; i++) {
        kundig__page_count(&t->page.buf, counts[i]);
        kundig__buf_char(&t->page.buf, ' ');
    }
    kundig__page_p(&t->page.buf, 0.00009);
    kundig__buf_char(&t->page.buf, ' ');
    kundig__page_p(&t->page.buf, 0.04129);
    page_test_is(t, "0 999 1,000 1,234,567 18,446,744,073,709,551,615 <0.0001 0.0413");
}

Test(page, holds_its_width_in_bounds)
{
    page_test *t = page_test_new(0, false);
    cr_assert_eq(t->page.width, 100);
    kundig__page_free(&t->page);
    t = page_test_new(3, false);
    cr_assert_eq(t->page.width, 40);
    kundig__page_free(&t->page);
    t = page_test_new(1u << 30, false);
    cr_assert_eq(t->page.width, 1000);
    kundig__page_free(&t->page);
}

/* Looking at all that is left for each line would take minutes here. */
Test(page, wraps_a_long_text_in_linear_time)
{
    enum { BYTES = 2 << 20 };
    page_test *t = page_test_new(40, false);
    char *text = kundig__alloc(&t->mem, BYTES);
    memset(text, 'x', BYTES);
    kundig__page_wrap(&t->page, KUNDIG__STYLE_PLAIN, 0, kundig__text(text, BYTES));
    kundig__free(&t->mem, text, BYTES);
    cr_assert_eq(t->page.buf.len, BYTES + (BYTES + 39) / 40);
    kundig__page_free(&t->page);
}
