#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/math.h"
#include "base/number.h"
#include "base/prng.h"
#include "base/text.h"
#include "probe.h"

TestSuite(number, .fini = probe_fini);

static void writes(double value, const char *expected)
{
    char out[KUNDIG__NUMBER_SIZE];
    size_t len = kundig__number_write(value, out);
    cr_assert(len == strlen(expected) && memcmp(out, expected, len) == 0, "%a: %.*s, not %s", value,
              (int)len, out, expected);
}

static void fixes(double value, int decimals, const char *expected)
{
    char out[KUNDIG__NUMBER_SIZE];
    size_t len = kundig__number_write_fixed(value, decimals, out);
    cr_assert(len == strlen(expected) && memcmp(out, expected, len) == 0, "%a: %.*s, not %s", value,
              (int)len, out, expected);
}

static void reads(const char *text, double expected)
{
    double got = -77;
    cr_assert(kundig__number_read(kundig__str(text), &got), "%s", text);
    cr_assert_eq(got, expected, "%s: %a, not %a", text, got, expected);
}

static void refuses(const char *text)
{
    double got = -77;
    cr_assert_not(kundig__number_read(kundig__str(text), &got), "%s", text);
    cr_assert_eq(got, -77.0, "%s touched its output", text);
}

Test(number, writes_the_shortest_digits_as_javascript_and_python_choose_them)
{
    writes(0, "0");
    writes(-0.0, "0");
    writes(0.1, "0.1");
    writes(-0.3, "-0.3");
    writes(0.1 + 0.2, "0.30000000000000004");
    writes(1.0 / 3, "0.3333333333333333");
    writes(7.5, "7.5");
    writes(100, "100");
    writes(123456789, "123456789");
    writes(1e-6, "0.000001");
    writes(1.5e-6, "0.0000015");
    writes(1e-7, "1e-7");
    writes(-1.25e-9, "-1.25e-9");
    writes(9007199254740993.0, "9007199254740992");
    writes(0x1p56, "72057594037927940");
    writes(12345678901234568.0, "12345678901234568");
    writes(99999999999999984.0, "99999999999999980");
    writes(1e17, "1e17");
    writes(123456789012345680000.0, "1.2345678901234568e20");
    writes(1e21, "1e21");
    writes(1e22, "1e22");
    writes(1e23, "1e23");
    writes(9.5367431640625e-7, "9.5367431640625e-7");
    writes(5e-324, "5e-324");
    writes(1.7976931348623157e308, "1.7976931348623157e308");
    writes(-1.7976931348623157e308, "-1.7976931348623157e308");
    writes(2.2250738585072014e-308, "2.2250738585072014e-308");
    writes(2.225073858507201e-308, "2.225073858507201e-308");
    /* Powers of two, whose lower neighbour is nearer: the shortest digits are not the nearest. */
    writes(0x1p-24, "5.960464477539063e-8");
    writes(0x1p-44, "5.684341886080802e-14");
    writes(0x1p89, "6.189700196426902e26");
    writes(0x1p-1007, "7.291122019556398e-304");
    writes(0x1p63, "9.223372036854776e18");
}

static double any_double(kundig__prng *prng, int i)
{
    uint64_t bits = kundig__prng_next(prng);
    double value;
    if (i % 4 == 1) {
        /* few digits */
        return (double)(bits % 2000000) / (double)(bits >> 40 & 1023 ? bits >> 40 & 1023 : 1);
    }
    if (i % 4 == 2) {
        bits &= ~((UINT64_C(1) << (bits >> 58 & 31)) - 1) & ~(UINT64_C(0xFFFFF) << 20);
    }
    if (i % 8 == 3) {
        bits &= ~(UINT64_C(0x7FF) << 52); /* subnormal */
    }
    memcpy(&value, &bits, sizeof value);
    return kundig__is_finite(value) ? value : 1.5;
}

/* The C library of the tests is the oracle; kundig itself never calls it. */
Test(number, writes_and_reads_back_any_double_with_the_fewest_digits)
{
    kundig__prng prng;
    kundig__prng_init(&prng, 11);
    for (int i = 0; i < 60000; i++) {
        double value = any_double(&prng, i);
        char out[KUNDIG__NUMBER_SIZE + 1];
        size_t len = kundig__number_write(value, out);
        cr_assert(len > 0 && len < KUNDIG__NUMBER_SIZE);
        out[len] = '\0';
        cr_assert_eq(strtod(out, NULL), value, "%a as %s", value, out);
        reads(out, value);
        size_t digits = 0;
        size_t zeros = 0;
        for (const char *c = out; *c && *c != 'e'; c++) {
            if (*c >= '0' && *c <= '9' && (digits > 0 || *c != '0')) {
                digits++;
                zeros = *c == '0' ? zeros + 1 : 0;
            }
        }
        if (digits - zeros > 1) {
            /* One digit less does not read back. */
            char shorter[64];
            snprintf(shorter, sizeof shorter, "%.*e", (int)(digits - zeros) - 2, value);
            cr_assert(strtod(shorter, NULL) != value, "%s is longer than %s", out, shorter);
        }
    }
}

Test(number, fixed_decimals_are_rounded_on_the_exact_value)
{
    fixes(0, 0, "0");
    fixes(0, 3, "0.000");
    fixes(-0.0, 1, "0.0");
    fixes(-0.04, 1, "0.0");
    fixes(-0.06, 1, "-0.1");
    fixes(0.5, 0, "0");
    fixes(1.5, 0, "2");
    fixes(2.5, 0, "2");
    fixes(0.125, 2, "0.12");
    fixes(0.375, 2, "0.38");
    fixes(2.675, 2, "2.67"); /* the double lies below */
    fixes(1.005, 2, "1.00");
    fixes(1.115, 2, "1.11"); /* and this one as well */
    fixes(99.95, 1, "100.0");
    fixes(999999.9999999, 6, "1000000.000000");
    fixes(-24.69, 1, "-24.7");
    fixes(99999999999999984.0, 9, "99999999999999984.000000000");
    fixes(-99999999999999984.0, 9, "-99999999999999984.000000000");
    fixes(5e-324, 9, "0.000000000");
    fixes(-5e-324, 0, "0");
    fixes(0x1p-30, 9, "0.000000001");
    fixes(5e-10, 9, "0.000000001"); /* the double lies above */
}

Test(number, fixed_decimals_agree_with_the_c_library)
{
    kundig__prng prng;
    kundig__prng_init(&prng, 12);
    for (int i = 0; i < 60000; i++) {
        double value = any_double(&prng, i);
        if (!(kundig__abs(value) < 1e17)) {
            continue;
        }
        int decimals = i % 10;
        char expected[64];
        snprintf(expected, sizeof expected, "%.*f", decimals, value);
        bool zero = strspn(expected, "-0.") == strlen(expected);
        fixes(value, decimals, zero && expected[0] == '-' ? expected + 1 : expected);
    }
}

Test(number, integers_are_written_to_their_ends)
{
    char out[KUNDIG__NUMBER_SIZE];
    cr_assert_eq(kundig__int_write(INT64_MIN, out), 20);
    cr_assert_eq(memcmp(out, "-9223372036854775808", 20), 0);
    cr_assert_eq(kundig__int_write(0, out), 1);
    cr_assert_eq(out[0], '0');
}

Test(number, reads_what_the_grammar_allows_and_nothing_else)
{
    reads("0", 0);
    reads("-0", 0);
    reads("+7", 7);
    reads("007.50", 7.5);
    reads("1e3", 1000);
    reads("1E+3", 1000);
    reads("1e-3", 0.001);
    reads("123456789012345678", 123456789012345678.0);
    const char *bad[] = {"",
                         " ",
                         "1 ",
                         " 1",
                         ".",
                         ".5",
                         "5.",
                         "1e",
                         "1e+",
                         "e5",
                         "+",
                         "-",
                         "--1",
                         "1,5",
                         "0x1",
                         "1_0",
                         "inf",
                         "nan",
                         "1e5.",
                         "1.2.3",
                         "1e5e5",
                         "1f",
                         "NaN",
                         "Infinity",
                         "1e400",
                         "-1e309",
                         "1.7976931348623159e308",
                         "\xEF\xBC\x91"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        refuses(bad[i]);
    }
    double got = 0;
    cr_assert_not(kundig__number_read((kundig_text){NULL, 0}, &got));
    cr_assert_not(kundig__number_read((kundig_text){"1\0002", 3}, &got));
    cr_assert(kundig__number_read((kundig_text){"12345", 2}, &got));
    cr_assert_eq(got, 12.0);
}

Test(number, a_decimal_comma_is_read_where_it_is_allowed)
{
    double got = 0;
    cr_assert(kundig__number_read_comma(KUNDIG__TEXT("7,5"), &got));
    cr_assert_eq(got, 7.5);
    cr_assert(kundig__number_read_comma(KUNDIG__TEXT("-7.25"), &got));
    cr_assert_eq(got, -7.25);
    const char *bad[] = {"1.234,5", "1,234.5", "7,", ",5", "1,2,3", "7 ,5"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_assert_not(kundig__number_read_comma(kundig__str(bad[i]), &got), "%s", bad[i]);
    }
}

Test(number, reads_ties_and_the_edges_of_the_doubles_correctly)
{
    reads("9007199254740993", 9007199254740992.0);
    reads("9007199254740995", 9007199254740996.0);
    reads("9007199254740993.00000000000000000000000000000001", 9007199254740994.0);
    reads("9007199254740992.99999999999999999999999999999999", 9007199254740992.0);
    reads("0.500000000000000166533453693773481063544750213623046875", 0.5000000000000002);
    reads("1.7976931348623157e308", 1.7976931348623157e308);
    reads("1.7976931348623158e308", 1.7976931348623157e308);
    reads("179769313486231580793728971405301e276", 1.7976931348623157e308);
    reads("5e-324", 5e-324);
    reads("2.4703282292062328e-324", 5e-324);
    reads("2.4703282292062327e-324", 0);
    reads("1e-400", 0);
    reads("-1e-99999999999999999999999999", 0);
    reads("0e99999999999999999999999999", 0);
    reads("2.2250738585072011e-308", 2.225073858507201e-308); /* once hung other readers */
    reads("2.2250738585072012e-308", 2.2250738585072014e-308);
    reads("1e23", 1e23);
    reads("8.5e22", 8.5e22);
    reads("6.02214076e23", 6.02214076e23);
}

Test(number, reads_any_number_of_digits_as_the_c_library_does)
{
    kundig__prng prng;
    char text[1400];
    kundig__prng_init(&prng, 13);
    for (int i = 0; i < 20000; i++) {
        double value = any_double(&prng, i);
        int digits = i % 50 == 0 ? 780 : (int)kundig__prng_below(&prng, 30);
        snprintf(text, sizeof text, "%.*e", digits, value);
        if (i % 3 == 0) {
            /* the middle between two doubles, exactly or cut */
            uint64_t bits;
            double next;
            memcpy(&bits, &value, sizeof bits);
            bits++;
            memcpy(&next, &bits, sizeof next);
            if (kundig__is_finite(next)) {
                long double middle = ((long double)value + (long double)next) / 2;
                snprintf(text, sizeof text, "%.*Le", i % 2 ? 780 : 19, middle);
            }
        }
        double expected = strtod(text, NULL);
        if (kundig__is_finite(expected)) {
            reads(text, expected);
        } else {
            refuses(text);
        }
    }
}

Test(number, ten_thousand_digits_are_safe)
{
    static char text[20100];
    memset(text, '9', 10000);
    text[10000] = '\0';
    refuses(text);
    memset(text, '0', 10000);
    text[1] = '.';
    memcpy(text + 10000, "123456789e10001", 16);
    reads(text, 123.456789);
    memset(text, '0', 20000);
    text[0] = '1';
    memcpy(text + 20000, "e-20000", 8);
    reads(text, 0.1);
    /* A digit behind all others decides a tie. */
    memset(text, '0', 10000);
    memcpy(text, "9007199254740993.", 17);
    memcpy(text + 10000, "1", 2);
    reads(text, 9007199254740994.0);
    text[10000] = '0';
    reads(text, 9007199254740992.0);
    memset(text, '1', 10000);
    text[1] = '.';
    text[10000] = '\0';
    reads(text, 1.1111111111111112);
}
