#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "base/text.h"
#include "probe.h"

TestSuite(calendar, .fini = probe_fini);

static int64_t days_of(int32_t year, int32_t month, int32_t day)
{
    return kundig__days_from_date((kundig__date){year, month, day});
}

Test(calendar, days_and_dates_are_inverse_over_ten_thousand_years)
{
    kundig__date date = {1, 1, 1};
    static const int32_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    cr_assert_eq(days_of(1970, 1, 1), 0);
    cr_assert_eq(days_of(1969, 12, 31), -1);
    cr_assert_eq(days_of(2000, 3, 1), 11017);
    cr_assert_eq(days_of(1, 1, 1), -719162);
    cr_assert_eq(days_of(9999, 12, 31), 2932896);
    /* Day by day, by counting. */
    for (int64_t days = -719162; days <= 2932896; days++) {
        kundig__date got = kundig__date_from_days(days);
        cr_assert(got.year == date.year && got.month == date.month && got.day == date.day,
                  "day %lld is %d-%d-%d", (long long)days, got.year, got.month, got.day);
        cr_assert_eq(kundig__days_from_date(date), days);
        bool leap = date.year % 4 == 0 && (date.year % 100 != 0 || date.year % 400 == 0);
        int32_t last = lengths[date.month - 1] + (leap && date.month == 2 ? 1 : 0);
        if (date.day++ == last) {
            date.day = 1;
            date.year += date.month == 12 ? 1 : 0;
            date.month = date.month % 12 + 1;
        }
    }
}

Test(calendar, knows_which_dates_exist)
{
    cr_assert(kundig__date_exists(2024, 2, 29));
    cr_assert(kundig__date_exists(2000, 2, 29));
    cr_assert_not(kundig__date_exists(1900, 2, 29));
    cr_assert_not(kundig__date_exists(2026, 2, 30));
    cr_assert_not(kundig__date_exists(2026, 4, 31));
    cr_assert_not(kundig__date_exists(2026, 0, 1));
    cr_assert_not(kundig__date_exists(2026, 13, 1));
    cr_assert_not(kundig__date_exists(2026, 1, 0));
    cr_assert_not(kundig__date_exists(0, 1, 1));
    cr_assert_not(kundig__date_exists(10000, 1, 1));
    cr_assert_not(kundig__date_exists(2026, INT32_MIN, INT32_MAX));
}

Test(calendar, division_rounds_down)
{
    cr_assert_eq(kundig__floor_div(7, 2), 3);
    cr_assert_eq(kundig__floor_div(-7, 2), -4);
    cr_assert_eq(kundig__floor_div(-8, 2), -4);
    cr_assert_eq(kundig__floor_div(7, -2), -4);
    cr_assert_eq(kundig__floor_div(INT64_MIN, 86400000), -INT64_C(106751991168));
}

static void labels(int32_t every, int64_t days, const char *expected)
{
    char out[16];
    int64_t start = kundig__window_start(every, days);
    size_t len = kundig__window_label(every, start, out);
    cr_assert(len == strlen(expected) && memcmp(out, expected, len) == 0, "%.*s, not %s", (int)len,
              out, expected);
}

Test(calendar, labels_windows_as_iso_8601_does)
{
    labels(KUNDIG_EVERY_DAY, days_of(2026, 3, 9), "2026-03-09");
    labels(KUNDIG_EVERY_WEEK, days_of(2026, 3, 9), "2026-W11");
    labels(KUNDIG_EVERY_MONTH, days_of(2026, 3, 9), "2026-03");
    labels(KUNDIG_EVERY_QUARTER, days_of(2026, 3, 9), "2026-Q1");
    labels(KUNDIG_EVERY_YEAR, days_of(2026, 3, 9), "2026");
    labels(KUNDIG_EVERY_QUARTER, days_of(2026, 12, 31), "2026-Q4");
    labels(KUNDIG_EVERY_WEEK, days_of(2021, 1, 3), "2020-W53");
    labels(KUNDIG_EVERY_WEEK, days_of(2021, 1, 4), "2021-W01");
    labels(KUNDIG_EVERY_WEEK, days_of(2024, 12, 30), "2025-W01");
    labels(KUNDIG_EVERY_WEEK, days_of(2027, 1, 1), "2026-W53");
    labels(KUNDIG_EVERY_WEEK, days_of(1, 1, 1), "0001-W01");
    labels(KUNDIG_EVERY_WEEK, days_of(9999, 12, 31), "9999-W52");
    labels(KUNDIG_EVERY_YEAR, days_of(33, 6, 1), "0033");
}

Test(calendar, windows_follow_each_other_and_hold_their_days)
{
    for (int32_t every = KUNDIG_EVERY_DAY; every <= KUNDIG_EVERY_YEAR; every++) {
        int64_t start = kundig__window_start(every, -719162);
        while (start < 2932896) {
            int64_t next = kundig__window_next(every, start);
            cr_assert(next > start && next - start <= 366);
            cr_assert_eq(kundig__window_start(every, start), start);
            cr_assert_eq(kundig__window_start(every, next - 1), start);
            cr_assert_eq(kundig__window_start(every, next), next);
            start = next;
        }
    }
}

/* Every label reads back as the span of its window. */
Test(calendar, labels_read_back)
{
    for (int32_t every = KUNDIG_EVERY_DAY; every <= KUNDIG_EVERY_YEAR; every++) {
        for (int64_t start = kundig__window_start(every, days_of(1999, 12, 25));
             start < days_of(2031, 1, 1); start = kundig__window_next(every, start)) {
            char out[16];
            kundig__span span;
            size_t len = kundig__window_label(every, start, out);
            cr_assert(kundig__span_read((kundig_text){out, len}, &span), "%.*s", (int)len, out);
            cr_assert_eq(span.from_ms, start * KUNDIG__DAY_MS, "%.*s", (int)len, out);
            cr_assert_eq(span.to_ms, kundig__window_next(every, start) * KUNDIG__DAY_MS);
            cr_assert_not(span.has_offset);
        }
    }
}

Test(calendar, far_days_are_clamped_not_overflowed)
{
    const int64_t far[] = {INT64_MIN, INT64_MIN / 86400000, INT64_MAX / 86400000, INT64_MAX};
    for (size_t i = 0; i < 4; i++) {
        for (int32_t every = 0; every <= 6; every++) {
            char out[16];
            int64_t start = kundig__window_start(every, far[i]);
            cr_assert(kundig__window_label(every, start, out) <= sizeof out);
            cr_assert(kundig__window_next(every, start) > start);
        }
        char out[32];
        cr_assert(kundig__time_write(far[i], KUNDIG_PRECISION_MS, out) <= sizeof out);
    }
}

static void spans(const char *text, int64_t from_ms, int64_t width_ms, bool has_offset)
{
    kundig__span span = {1, 2, false};
    cr_assert(kundig__span_read(kundig__str(text), &span), "%s", text);
    cr_assert_eq(span.from_ms, from_ms, "%s from %lld", text, (long long)span.from_ms);
    cr_assert_eq(span.to_ms - span.from_ms, width_ms, "%s is %lld wide", text,
                 (long long)(span.to_ms - span.from_ms));
    cr_assert_eq(span.has_offset, has_offset, "%s", text);
}

Test(calendar, a_time_spans_what_it_leaves_open)
{
    int64_t day = days_of(2026, 3, 9) * KUNDIG__DAY_MS;
    spans("2026-03-09", day, KUNDIG__DAY_MS, false);
    spans("2026-03-09T14", day + 14 * 3600000, 3600000, false);
    spans("2026-03-09T14:30", day + 52200000, 60000, false);
    spans("2026-03-09 14:30", day + 52200000, 60000, false);
    spans("2026-03-09T14:30:15", day + 52215000, 1000, false);
    spans("2026-03-09T14:30:15.5", day + 52215500, 100, false);
    spans("2026-03-09T14:30:15,12", day + 52215120, 10, false);
    spans("2026-03-09T14:30:15.123", day + 52215123, 1, false);
    spans("2026-03-09T14:30:15.123999999", day + 52215123, 1, false);
    spans("2026-03-09T14:30Z", day + 52200000, 60000, true);
    spans("2026-03-09t14:30z", day + 52200000, 60000, true);
    spans("2026-03-09 14:30:15 UTC", day + 52215000, 1000, true);
    spans("2026-03-09T14:30+02:00", day + 45000000, 60000, true);
    spans("2026-03-09T14:30:15.123-0330", day + 52215123 + 12600000, 1, true);
    spans("2026-03-09 14:30:15 +0200", day + 45015000, 1000, true);
    spans("2026-03-09T14+01", day + 13 * 3600000, 3600000, true);
    spans("2026-03-09T00:30+14:00", day - 48600000, 60000, true);
    spans("0001-01-01T00:00Z", -INT64_C(62135596800000), 60000, true);
    spans("9999", INT64_C(253370764800000), INT64_C(365) * KUNDIG__DAY_MS, false);
    spans("2024-02", days_of(2024, 2, 1) * KUNDIG__DAY_MS, 29 * KUNDIG__DAY_MS, false);
    spans("2020-W53", days_of(2020, 12, 28) * KUNDIG__DAY_MS, 7 * KUNDIG__DAY_MS, false);
}

Test(calendar, refuses_what_is_not_a_span_and_leaves_the_output_alone)
{
    const char *bad[] = {
        "",
        "2",
        "202",
        "20260",
        "2026-",
        "2026-3",
        "2026-00",
        "2026-13",
        "2026-02-30",
        "2025-02-29",
        "2026-04-31",
        "2026-03-00",
        "2026-3-9",
        "2026/03/09",
        "20260309",
        "2026-Q0",
        "2026-Q5",
        "2026-Q",
        "2026-Q11",
        "2026-W00",
        "2025-W53",
        "2026-W54",
        "2026-W1",
        "2026-W11-1",
        "0000",
        "0000-01-01",
        "-001",
        "+2026",
        " 2026",
        "2026 ",
        "2026-03-09T",
        "2026-03-09T24",
        "2026-03-09T24:00",
        "2026-03-09T23:60",
        "2026-03-09T23:59:60",
        "2026-03-09T1:30",
        "2026-03-09T14:3",
        "2026-03-09T14:30:",
        "2026-03-09T14:30:15.",
        "2026-03-09T14:30:15.1234567890",
        "2026-03-09T14:30+",
        "2026-03-09T14:30+2",
        "2026-03-09T14:30+24:00",
        "2026-03-09T14:30+02:60",
        "2026-03-09T14:30+02:",
        "2026-03-09T14:30+02:00:00",
        "2026-03-09T14:30 ",
        "2026-03-09T14:30Z ",
        "2026-03-09T14:30UTCx",
        "2026-03-09T14:30 CET",
        "2026-03-09Z",
        "2026-03-09  14:30",
        "2026-03-09T14:30.5",
        ("2026-03-09\xC2\xA0"
         "14:30"),
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        kundig__span span = {1, 2, true};
        cr_assert_not(kundig__span_read(kundig__str(bad[i]), &span), "%s", bad[i]);
        cr_assert(span.from_ms == 1 && span.to_ms == 2 && span.has_offset, "%s", bad[i]);
    }
    kundig__span span;
    cr_assert_not(kundig__span_read((kundig_text){NULL, 0}, &span));
    cr_assert_not(kundig__span_read((kundig_text){"2026\0", 5}, &span));
    /* Every cut of a long one is either a span or refused; nothing is read beyond. */
    const char *whole = "2026-03-09T14:30:15.123+02:00";
    for (size_t len = 0; len <= strlen(whole); len++) {
        char *copy = malloc(len ? len : 1);
        memcpy(copy, whole, len);
        (void)kundig__span_read((kundig_text){copy, len}, &span);
        free(copy);
    }
}

static void shows(int64_t time_ms, int32_t precision, const char *expected)
{
    char out[32];
    size_t len = kundig__time_write(time_ms, precision, out);
    cr_assert(len == strlen(expected) && memcmp(out, expected, len) == 0, "%.*s, not %s", (int)len,
              out, expected);
}

Test(calendar, instants_are_written_by_their_precision)
{
    shows(0, KUNDIG_PRECISION_MS, "1970-01-01T00:00Z");
    shows(-1, KUNDIG_PRECISION_MS, "1969-12-31T23:59:59.999Z");
    shows(1000, KUNDIG_PRECISION_MS, "1970-01-01T00:00:01Z");
    shows(60005, KUNDIG_PRECISION_MS, "1970-01-01T00:01:00.005Z");
    shows(61005, KUNDIG_PRECISION_MINUTE, "1970-01-01T00:01Z");
    shows(-1, KUNDIG_PRECISION_MINUTE, "1969-12-31T23:59Z");
    shows(-1, KUNDIG_PRECISION_DAY, "1969-12-31");
    shows(INT64_C(1773066600000), KUNDIG_PRECISION_MS, "2026-03-09T14:30Z");
    shows(-INT64_C(62135596800000), KUNDIG_PRECISION_DAY, "0001-01-01");
    /* and read back */
    for (int64_t ms = -INT64_C(62135596800000); ms < INT64_C(253402300800000);
         ms += INT64_C(98765432123)) {
        char out[32];
        kundig__span span;
        size_t len = kundig__time_write(ms, KUNDIG_PRECISION_MS, out);
        cr_assert(kundig__span_read((kundig_text){out, len}, &span), "%.*s", (int)len, out);
        cr_assert_eq(span.from_ms, ms);
        cr_assert(span.has_offset);
    }
}
