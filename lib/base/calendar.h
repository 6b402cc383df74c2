/* The proleptic Gregorian calendar in integers: dates, ISO weeks, spans. */
#ifndef KUNDIG_BASE_CALENDAR_H
#define KUNDIG_BASE_CALENDAR_H

#include <stdbool.h>

#include "kundig.h"

#define KUNDIG__DAY_MS INT64_C(86400000)

typedef struct kundig__date {
    int32_t year; /* 1 to 9999 */
    int32_t month;
    int32_t day;
} kundig__date;

/* Days since 1970-01-01 */
int64_t kundig__days_from_date(kundig__date date);
kundig__date kundig__date_from_days(int64_t days);
bool kundig__date_exists(int32_t year, int32_t month, int32_t day);
int64_t kundig__floor_div(int64_t a, int64_t b);

/* First day of the window (KUNDIG_EVERY_) that holds `days`, and of the next one. */
int64_t kundig__window_start(int32_t every, int64_t days);
int64_t kundig__window_next(int32_t every, int64_t start);
/* Label: "2026-03-09", "2026-W11", "2026-03", "2026-Q1", "2026". Returns its length. */
size_t kundig__window_label(int32_t every, int64_t start, char out[16]);

/* A span of local time, half-open, in milliseconds since 1970 as if the zone were UTC. */
typedef struct kundig__span {
    int64_t from_ms;
    int64_t to_ms;
    bool has_offset; /* the text named an offset: the span is in UTC */
} kundig__span;

/* "2026", "2026-03", "2026-Q1", "2026-W11", "2026-03-09", "2026-03-09T14", "...T14:30",
 * "...:30:15", ".123" (1 to 9 digits behind a point or comma; those behind the third are dropped),
 * behind a time "Z", "UTC" or an offset ("+02", "+0200", "+02:00"), also behind a blank; a blank may
 * stand for T. false, and *out as it was, if it is not one: no 2026-02-30, no week 53 where there is
 * none, no 24:00, no second 60. */
bool kundig__span_read(kundig_text text, kundig__span *out);
/* ISO 8601 of an instant by precision: "2026-03-09" or "2026-03-09T14:30Z" or with seconds and
 * milliseconds where they are not zero. Returns its length. */
size_t kundig__time_write(int64_t time_ms, int32_t precision, char out[32]);

#endif
