#include <criterion/criterion.h>

#include "base/text.h"
#include "kundig.h"
#include "probe.h"

TestSuite(case_times, .fini = probe_fini);

#define MINUTE INT64_C(60000)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)
#define MONDAY INT64_C(1767571200000) /* 2026-01-05 */

static kundig_event case_event(int32_t kind, int64_t time_ms, const char *agent)
{
    kundig_event event;
    kundig_event_init(&event);
    event.kind = kind;
    event.time_ms = time_ms;
    event.agent = kundig__str(agent);
    return event;
}

static kundig_case_times case_told(const kundig_event *events, size_t count,
                                   const kundig_case_options *options)
{
    kundig_case_times times;
    kundig_error err = {0};
    cr_assert_eq(kundig_case_tell(events, count, options, &times, &err), KUNDIG_OK, "%s",
                 err.message);
    return times;
}

static kundig_case_options case_office(void)
{
    kundig_case_options options;
    kundig_case_options_init(&options);
    options.weekdays = 31;
    options.opens = 9 * 60;
    options.closes = 17 * 60;
    return options;
}

Test(case_times, business_hours_leave_out_nights_and_weekends)
{
    kundig_case_options office = case_office();
    static const struct {
        int64_t from, to, open;
    } spans[] = {{10 * HOUR, 11 * HOUR, HOUR},
                 {16 * HOUR, DAY + 10 * HOUR, 2 * HOUR},
                 {4 * DAY + 16 * HOUR, 7 * DAY + 10 * HOUR, 2 * HOUR}, /* Friday to Monday */
                 {5 * DAY, 6 * DAY, 0},                                /* Saturday */
                 {0, 21 * DAY, 15 * 8 * HOUR},
                 {-9 * DAY, -2 * DAY, 5 * 8 * HOUR},
                 {12 * HOUR, 12 * HOUR, 0}};
    for (size_t i = 0; i < sizeof spans / sizeof spans[0]; i++) {
        kundig_event events[] = {
            case_event(KUNDIG_EVENT_CASE_OPENED, MONDAY + spans[i].from, NULL),
            case_event(KUNDIG_EVENT_CASE_ANSWERED, MONDAY + spans[i].to, "ann")};
        kundig_case_times times = case_told(events, 2, &office);
        cr_assert_eq(times.first_response, spans[i].to - spans[i].from);
        cr_assert_eq(times.first_response_business, spans[i].open, "%zu", i);
        times = case_told(events, 2, NULL);
        cr_assert_eq(times.first_response_business, KUNDIG_TIME_ABSENT);
    }
}

Test(case_times, a_resolution_that_does_not_hold_is_none)
{
    kundig_event events[] = {case_event(KUNDIG_EVENT_CASE_OPENED, MONDAY, NULL),
                             case_event(KUNDIG_EVENT_CASE_RESOLVED, MONDAY + HOUR, "ann"),
                             case_event(KUNDIG_EVENT_CASE_REOPENED, MONDAY + DAY, NULL),
                             case_event(KUNDIG_EVENT_CASE_RESOLVED, MONDAY + 2 * DAY, "bob")};
    kundig_case_times times = case_told(events, 3, NULL);
    cr_assert_eq(times.resolution, KUNDIG_TIME_ABSENT);
    cr_assert_eq(times.first_response, HOUR);
    cr_assert_eq(times.reopened, 1);
    times = case_told(events, 4, NULL);
    cr_assert_eq(times.resolution, 2 * DAY);
    cr_assert_eq(times.first_response, HOUR);
    cr_assert_eq(times.answers, 2);
}

Test(case_times, nothing_and_disorder_have_a_sentence_or_no_time)
{
    kundig_case_times times = case_told(NULL, 0, NULL);
    kundig_error err;
    cr_assert_eq(times.first_response, KUNDIG_TIME_ABSENT);
    cr_assert_eq(times.resolution, KUNDIG_TIME_ABSENT);
    kundig_event events[] = {case_event(KUNDIG_EVENT_CASE_OPENED, MONDAY, NULL),
                             case_event(KUNDIG_EVENT_CASE_ANSWERED, MONDAY - 1, "ann")};
    times.answers = 7;
    cr_assert_eq(kundig_case_tell(events, 2, NULL, &times, &err), KUNDIG_E_VALUE);
    cr_assert_eq(err.pos, 1);
    events[1].time_ms = KUNDIG_TIME_ABSENT;
    cr_assert_eq(kundig_case_tell(events, 2, NULL, &times, &err), KUNDIG_E_VALUE);
    cr_assert_eq(kundig_case_tell(NULL, 1, NULL, &times, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_case_tell(events, 1, NULL, NULL, &err), KUNDIG_E_ARG);
    kundig_case_options office = case_office();
    office.closes = office.opens;
    cr_assert_eq(kundig_case_tell(events, 1, &office, &times, &err), KUNDIG_E_ARG);
    office = case_office();
    office.bot_count = 1;
    cr_assert_eq(kundig_case_tell(events, 1, &office, &times, &err), KUNDIG_E_ARG);
    cr_assert_eq(times.answers, 7);
}
