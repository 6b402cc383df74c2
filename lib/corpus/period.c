/* Instants and written dates to windows of time.
 *
 * A time costs one division by a constant (a multiplication) and two look-ups by day: the offset of
 * its day in UTC, then the window of its local day. Days on which the offset changes are marked and
 * ask the zone. A written date has no offset. Invariant: the tables reach two days beyond the times
 * on both ends, more than any offset. Cost: 8 bytes a day between the first and the last time, and
 * about 2 ns a row. */
#include "corpus/period.h"

#include "base/calendar.h"

#define PERIOD_CHANGES INT32_MIN
#define PERIOD_DAY     UINT64_C(86400000)
#define PERIOD_MARGIN  3

static void period_fill_offsets(kundig__period *period)
{
    int64_t day_seconds = KUNDIG__DAY_MS / 1000;
    int64_t first = period->first_ms / 1000; /* exact: a midnight */
    int64_t end = first + (int64_t)period->day_count * day_seconds;
    for (uint32_t day = 0; day < period->day_count;) {
        int64_t to;
        int64_t start = first + day * day_seconds;
        int32_t seconds = kundig__zone_offset(period->zone, start, NULL, &to);
        bool odd = seconds <= -day_seconds || seconds >= day_seconds;
        int32_t offset = odd ? PERIOD_CHANGES : seconds * 1000;
        to = to < end ? to : end;
        /* All days that lie wholly before the next change. */
        while (day < period->day_count && to - first >= (day + 1) * day_seconds) {
            period->offsets[day++] = offset;
        }
        if (day < period->day_count) {
            period->offsets[day++] = PERIOD_CHANGES;
        }
    }
}

static bool period_fill_windows(kundig__period *period)
{
    int64_t first = kundig__floor_div(period->first_ms, KUNDIG__DAY_MS);
    int64_t start = kundig__window_start(period->every, first);
    for (uint32_t day = 0; day < period->day_count;) {
        void *starts = period->starts;
        int64_t next = kundig__window_next(period->every, start);
        if (!kundig__grow(period->mem, &starts, &period->start_capacity,
                          (size_t)period->window_count + 1, sizeof *period->starts)) {
            return false;
        }
        period->starts = starts;
        period->starts[period->window_count] = (int32_t)start;
        while (day < period->day_count && first + day < next) {
            period->windows[day++] = period->window_count;
        }
        period->window_count++;
        start = next;
    }
    return true;
}

int kundig__period_init(kundig__period *period, kundig__mem *mem, const kundig__zone *zone,
                        int32_t every, int64_t least, int64_t greatest, kundig_error *err)
{
    memset(period, 0, sizeof *period);
    period->mem = mem;
    period->zone = zone;
    period->every = every;
    if (least > greatest) {
        return KUNDIG_OK;
    }
    int64_t first = kundig__floor_div(least, KUNDIG__DAY_MS) - PERIOD_MARGIN;
    int64_t last = kundig__floor_div(greatest, KUNDIG__DAY_MS) + PERIOD_MARGIN;
    uint32_t days = (uint32_t)(last - first + 1);
    period->first_ms = first * KUNDIG__DAY_MS;
    period->offsets = kundig__alloc(mem, days * sizeof *period->offsets);
    period->windows = kundig__alloc(mem, days * sizeof *period->windows);
    period->day_count = days;
    if (!period->offsets || !period->windows || !period_fill_windows(period)) {
        int rc = kundig__nomem(mem, err);
        kundig__period_free(period);
        return rc;
    }
    period_fill_offsets(period);
    return KUNDIG_OK;
}

void kundig__period_free(kundig__period *period)
{
    if (period->mem) {
        kundig__free(period->mem, period->offsets, period->day_count * sizeof *period->offsets);
        kundig__free(period->mem, period->windows, period->day_count * sizeof *period->windows);
        kundig__free(period->mem, period->starts, period->start_capacity * sizeof *period->starts);
        memset(period, 0, sizeof *period);
    }
}

/* The local day of an instant on a day when the offset changes. */
static uint32_t period_odd_day(const kundig__period *period, int64_t time_ms)
{
    int64_t seconds = kundig__floor_div(time_ms, 1000);
    int64_t local =
        time_ms + (int64_t)kundig__zone_offset(period->zone, seconds, NULL, NULL) * 1000;
    return (uint32_t)kundig__floor_div(local - period->first_ms, KUNDIG__DAY_MS);
}

/* The local day of milliseconds since first_ms. The quotient of 86,400,000 = 1024 * 84,375 fits 32
 * bits for 139 years of data: then it is one short multiplication. */
static inline uint32_t period_day(const kundig__period *period, uint64_t since, bool is_short,
                                  bool written)
{
    uint32_t day = is_short ? (uint32_t)(since >> 10) / 84375u : (uint32_t)(since / PERIOD_DAY);
    if (written) {
        return day;
    }
    int32_t offset = period->offsets[day];
    if (offset == PERIOD_CHANGES) {
        return period_odd_day(period, period->first_ms + (int64_t)since);
    }
    int32_t rest = (int32_t)(since - day * PERIOD_DAY) + offset;
    return day + (rest >= (int32_t)PERIOD_DAY) - (rest < 0);
}

uint32_t kundig__period_window(const kundig__period *period, int64_t time_ms, bool written)
{
    uint64_t since = (uint64_t)(time_ms - period->first_ms);
    return period->windows[period_day(period, since, false, written)];
}

static inline void period_rows(const kundig__period *period, const int64_t *times,
                               const uint8_t *precisions, uint32_t count, uint32_t *groups,
                               bool is_short)
{
    uint32_t window_count = period->window_count;
    for (uint32_t i = 0; i < count; i++) {
        if (times[i] == KUNDIG_TIME_ABSENT) {
            groups[i] = UINT32_MAX;
            continue;
        }
        bool written = precisions && precisions[i] == KUNDIG_PRECISION_DAY;
        uint64_t since = (uint64_t)(times[i] - period->first_ms);
        groups[i] = groups[i] * window_count +
                    period->windows[period_day(period, since, is_short, written)];
    }
}

void kundig__period_rows(const kundig__period *period, const int64_t *times,
                         const uint8_t *precisions, uint32_t count, uint32_t *groups)
{
    if (period->day_count <= UINT32_MAX / 84375u) {
        period_rows(period, times, precisions, count, groups, true);
    } else {
        period_rows(period, times, precisions, count, groups, false);
    }
}

size_t kundig__period_label(const kundig__period *period, uint32_t window, char out[32])
{
    return kundig__window_label(period->every, period->starts[window], out);
}
