/* Times of one case from its events: by the clock, within business hours, and of bots, each on its
 * own. Invariant: one pass in order of time; nothing that has not happened has a time. Cost: O(1)
 * an event, and a comparison with each bot. */
#include "base/calendar.h"
#include "base/options.h"
#include "base/text.h"

#define CASE_MINUTE_MS INT64_C(60000)
#define CASE_DAY       1440
#define CASE_WEEK_MS   (7 * KUNDIG__DAY_MS)
#define CASE_MONDAY    4 /* days from 1970-01-01 to the first Monday */
#define CASE_WEEKDAYS  127

/* Open milliseconds of a Monday's week up to `into` milliseconds of it. */
static int64_t case_open_in_week(const kundig_case_options *options, int64_t into)
{
    int64_t open = 0;
    for (int64_t day = 0; day < 7; day++) {
        int64_t from = day * KUNDIG__DAY_MS + options->opens * CASE_MINUTE_MS;
        int64_t to = day * KUNDIG__DAY_MS + options->closes * CASE_MINUTE_MS;
        if (options->weekdays >> day & 1 && into > from) {
            open += (into < to ? into : to) - from;
        }
    }
    return open;
}

/* Since a Monday long ago. */
static int64_t case_open_until(const kundig_case_options *options, int64_t time_ms)
{
    int64_t since = time_ms - CASE_MONDAY * KUNDIG__DAY_MS;
    int64_t weeks = kundig__floor_div(since, CASE_WEEK_MS);
    return weeks * case_open_in_week(options, CASE_WEEK_MS) +
           case_open_in_week(options, since - weeks * CASE_WEEK_MS);
}

static bool case_is_bot(const kundig_case_options *options, kundig_text agent)
{
    for (size_t i = 0; i < options->bot_count; i++) {
        if (agent.data && kundig__text_equal(options->bots[i], agent)) {
            return true;
        }
    }
    return false;
}

static int case_options(const kundig_case_options *given, kundig_case_options *known,
                        kundig_error *err)
{
    int rc = kundig__options_read(known, sizeof *known, given, "kundig_case_options", err);
    if (rc) {
        return rc;
    }
    if (known->weekdays < 0 || known->weekdays > CASE_WEEKDAYS || known->opens < 0 ||
        known->closes > CASE_DAY || (known->weekdays && known->opens >= known->closes)) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "weekdays are 7 bits, opens comes before closes, both in minutes of "
                            "the day");
    }
    if (known->bot_count && !known->bots) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "bots is NULL where bot_count is not 0");
    }
    return KUNDIG_OK;
}

int kundig_case_tell(const kundig_event *events, size_t count, const kundig_case_options *options,
                     kundig_case_times *out, kundig_error *err)
{
    kundig_case_options known;
    kundig_case_times told = {
        KUNDIG_TIME_ABSENT, KUNDIG_TIME_ABSENT, KUNDIG_TIME_ABSENT, KUNDIG_TIME_ABSENT, 0, 0};
    int64_t opened = 0;
    int64_t clock = 0; /* of the first response */
    int64_t before = INT64_MIN;
    if (!out || (!events && count)) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, out ? "events is NULL" : "out is NULL");
    }
    int rc = case_options(options, &known, err);
    for (size_t i = 0; !rc && i < count; i++) {
        kundig_event event;
        rc = kundig__element_read(&event, sizeof event, events, i, "kundig_event", err);
        if (rc) {
            break;
        }
        if (event.time_ms == KUNDIG_TIME_ABSENT || event.time_ms < before) {
            return kundig__fail(err, KUNDIG_E_VALUE, i,
                                "events of a case have times, in order of time");
        }
        if (i == 0) {
            opened = event.time_ms;
            clock = opened;
        }
        before = event.time_ms;
        bool bot = case_is_bot(&known, event.agent);
        bool answers =
            event.kind == KUNDIG_EVENT_CASE_ANSWERED || event.kind == KUNDIG_EVENT_CASE_RESOLVED;
        if (event.kind == KUNDIG_EVENT_CASE_REOPENED) {
            told.reopened++;
            told.resolution = KUNDIG_TIME_ABSENT;
            clock = told.answers ? clock : event.time_ms;
        } else if (answers && bot && told.bot_response == KUNDIG_TIME_ABSENT) {
            told.bot_response = event.time_ms - opened;
        }
        if (answers && !bot) {
            if (!told.answers++) {
                told.first_response = event.time_ms - clock;
                told.first_response_business =
                    known.weekdays
                        ? case_open_until(&known, event.time_ms) - case_open_until(&known, clock)
                        : KUNDIG_TIME_ABSENT;
            }
        }
        if (event.kind == KUNDIG_EVENT_CASE_RESOLVED) {
            told.resolution = event.time_ms - opened;
        }
    }
    if (!rc) {
        *out = told;
    }
    return rc;
}
