#include <criterion/criterion.h>

#include "base/calendar.h"
#include "ingesting.h"

TestSuite(dates, .fini = probe_fini);

static const char *dates_show(const char *text, int32_t order, bool loose, char out[64])
{
    int64_t start = INT64_MIN;
    int32_t east = 0;
    kundig__zone utc = {NULL, NULL, 0, &start, &east, 1, 0};
    kundig__moment moment;
    int64_t time_ms = 0;
    int32_t precision = 0;
    if (!kundig__moment_read(kundig__str(text), loose, &moment)) {
        return "no date";
    }
    const char *why = kundig__moment_resolve(&moment, order, false, &utc, &time_ms, &precision);
    if (why) {
        return why;
    }
    out[kundig__time_write(time_ms, precision, out)] = '\0';
    return out;
}

#define IS(text, order, expected)                                                                  \
    do {                                                                                           \
        char shown[64];                                                                            \
        cr_expect_str_eq(dates_show(text, order, false, shown), expected, "%s gave %s", text,      \
                         dates_show(text, order, false, shown));                                   \
    } while (0)
#define DAY   KUNDIG_DATES_DAY_FIRST
#define MONTH KUNDIG_DATES_MONTH_FIRST

Test(dates, are_read_with_the_year_first)
{
    IS("2026-03-09", DAY, "2026-03-09");
    IS("2026/3/9", DAY, "2026-03-09");
    IS("2026.03.09", MONTH, "2026-03-09");
    IS("2026-03-09T14:30", DAY, "2026-03-09T14:30Z");
    IS("2026-03-09 14:30:15", DAY, "2026-03-09T14:30:15Z");
    IS("2026-03-09T14:30:15.250Z", DAY, "2026-03-09T14:30:15.250Z");
    IS("2026-03-09T14:30:15+02:00", DAY, "2026-03-09T12:30:15Z");
    IS("2026-03-09 14:30:15 -0530", DAY, "2026-03-09T20:00:15Z");
    IS("2026-03-09 14:30 UTC", DAY, "2026-03-09T14:30Z");
    IS("2026-03-09T14:30:15.123456789Z", DAY, "2026-03-09T14:30:15.123Z");
}

Test(dates, are_read_in_the_order_asked)
{
    IS("03/04/2018", DAY, "2018-04-03");
    IS("03/04/2018", MONTH, "2018-03-04");
    IS("3.4.2018", DAY, "2018-04-03");
    IS("11/04/2018 20:09", DAY, "2018-04-11T20:09Z");
    IS("4-11-18", MONTH, "2018-04-11");
    IS("03/04/69", DAY, "2069-04-03");
    IS("03/04/70", DAY, "1970-04-03");
    IS("4/11/2018 8:09 PM", MONTH, "2018-04-11T20:09Z");
    IS("4/11/2018 12:09:01 am", MONTH, "2018-04-11T00:09:01Z");
    IS("4/11/2018 8:09 p.m.", MONTH, "2018-04-11T20:09Z");
    IS("09.03.2026, 14:30 Uhr", DAY, "2026-03-09T14:30Z");
}

Test(dates, are_read_with_names_of_months)
{
    IS("9 March 2018", DAY, "2018-03-09");
    IS("9. März 2018", DAY, "2018-03-09");
    IS("9. MÄRZ 2018", DAY, "2018-03-09");
    IS("09-Mar-18", DAY, "2018-03-09");
    IS("Mar 9, 2018", DAY, "2018-03-09");
    IS("March 9 2018 10:15", DAY, "2018-03-09T10:15Z");
    IS("Fri, 9 Mar 2018 10:15:00 +0100", DAY, "2018-03-09T09:15Z");
    IS("Fr., 9. Dez. 2018", DAY, "2018-12-09");
    IS("15 sept 2018", DAY, "2018-09-15");
}

Test(dates, that_do_not_exist_are_refused_with_a_reason)
{
    IS("31/02/2018", DAY, "there is no such day in that month");
    IS("2018-02-29", DAY, "there is no such day in that month");
    IS("2020-02-29", DAY, "2020-02-29");
    IS("13/13/2018", DAY, "read with the day first, there is no such month");
    IS("13/04/2018", MONTH, "read with the month first, there is no such month");
    IS("2018-13-01", DAY, "there is no such month");
    IS("00/04/2018", DAY, "there is no such day in that month");
    IS("0000-01-01", DAY, "there is no such day in that month");
    IS("2018-01-01 24:30", DAY, "there is no such time of day");
    IS("2018-01-01 13:30 pm", DAY, "there is no such time of day");
    IS("2018-01-01 10:61", DAY, "there is no such time of day");
    IS("0001-01-01T00:00:00+05:00", DAY, "it lies outside the years 0001 to 9999");
}

Test(dates, are_nothing_else)
{
    static const char *const others[] = {
        "",         "2018",       "12",      "1.5",     "10/10",        "Order 66",   "May",
        "maybe 12", "127.0.0.1",  "1.2.3.4", "2018-03", "3/4/5/6",      "03/04-2018", "31/12/018",
        "20180309", "1520600000", "12:30",   "march",   "2018-03-09 x", "9 Mars",     "1/2/2018 at",
        "a/b/c",    "2018--03-09"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        kundig__moment moment;
        cr_expect(!kundig__moment_read(kundig__str(others[i]), false, &moment), "%s", others[i]);
    }
}

Test(dates, may_be_bare_digits_where_the_name_says_time)
{
    char shown[64];
    cr_expect_str_eq(dates_show("1520600000", DAY, true, shown), "2018-03-09T12:53:20Z");
    cr_expect_str_eq(dates_show("1520600000.5", DAY, true, shown), "2018-03-09T12:53:20.500Z");
    cr_expect_str_eq(dates_show("1520600000123", DAY, true, shown), "2018-03-09T12:53:20.123Z");
    cr_expect_str_eq(dates_show("20180309", DAY, true, shown), "2018-03-09");
    cr_expect_str_eq(dates_show("20181309", DAY, true, shown), "no date");
    cr_expect_str_eq(dates_show("152060000", DAY, true, shown), "no date");
}

Test(dates, vote_on_the_order_of_day_and_month)
{
    static const char *const column[] = {"13/04/2018", "04/13/2018", "03/04/2018",    "05.06.2018",
                                         "07/07/2018", "2018-01-02", "1/2/2018 10:00"};
    kundig__date_votes votes;
    memset(&votes, 0, sizeof votes);
    for (size_t i = 0; i < sizeof column / sizeof column[0]; i++) {
        kundig__moment moment;
        cr_assert(kundig__moment_read(kundig__str(column[i]), false, &moment));
        kundig__date_vote(&votes, &moment);
    }
    cr_expect(votes.day_first == 1 && votes.month_first == 1 && votes.open == 3);
    cr_expect(votes.dotted == 1 && votes.clocks == 1);
}
