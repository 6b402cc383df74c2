/* The proleptic Gregorian calendar in integers.
 *
 * A date is a count of days since 1970-01-01. The count goes through years that begin in March, so
 * that the leap day is the last of its year and months have lengths by formula. Days far outside
 * the years 0001 to 9999 are clamped to what milliseconds in 64 bits can say; nothing overflows.
 * Every function takes constant time. */
#include "base/calendar.h"

#include "base/number.h"

#define CALENDAR_ERA_DAYS  INT64_C(146097) /* 400 years */
#define CALENDAR_EPOCH     INT64_C(719468) /* 1970-01-01 counted from 0000-03-01 */
#define CALENDAR_DAYS_MOST (INT64_MAX / KUNDIG__DAY_MS)

int64_t kundig__floor_div(int64_t a, int64_t b)
{
    int64_t quotient = a / b;
    return (a % b != 0 && (a < 0) != (b < 0)) ? quotient - 1 : quotient;
}

static int32_t calendar_month_days(int32_t year, int32_t month)
{
    static const int32_t days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

bool kundig__date_exists(int32_t year, int32_t month, int32_t day)
{
    return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 &&
           day <= calendar_month_days(year, month);
}

int64_t kundig__days_from_date(kundig__date date)
{
    int64_t year = (int64_t)date.year - (date.month <= 2 ? 1 : 0);
    int64_t era = kundig__floor_div(year, 400);
    int64_t year_of_era = year - era * 400;
    int64_t month = date.month > 2 ? date.month - 3 : date.month + 9; /* March is 0 */
    int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * CALENDAR_ERA_DAYS + day_of_era - CALENDAR_EPOCH;
}

kundig__date kundig__date_from_days(int64_t days)
{
    days = days > CALENDAR_DAYS_MOST    ? CALENDAR_DAYS_MOST
           : days < -CALENDAR_DAYS_MOST ? -CALENDAR_DAYS_MOST
                                        : days;
    days += CALENDAR_EPOCH;
    int64_t era = kundig__floor_div(days, CALENDAR_ERA_DAYS);
    int64_t day = days - era * CALENDAR_ERA_DAYS;
    /* Take the leap days out, so that years are 365 days long. */
    int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    int64_t day_of_year = day - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * day_of_year + 2) / 153; /* March is 0 */
    kundig__date date;
    date.day = (int32_t)(day_of_year - (153 * month + 2) / 5 + 1);
    date.month = (int32_t)(month < 10 ? month + 3 : month - 9);
    date.year = (int32_t)(era * 400 + year + (date.month <= 2 ? 1 : 0));
    return date;
}

/* Monday is 0; 1970-01-01 was a Thursday. */
static int64_t calendar_weekday(int64_t days)
{
    int64_t shifted = days % 7 + 3;
    return (shifted + 7) % 7;
}

static int64_t calendar_clamp(int64_t days)
{
    /* A margin, so that the next window's start is in range as well. */
    int64_t most = CALENDAR_DAYS_MOST - 800;
    return days > most ? most : days < -most ? -most : days;
}

int64_t kundig__window_start(int32_t every, int64_t days)
{
    days = calendar_clamp(days);
    if (every == KUNDIG_EVERY_DAY) {
        return days;
    }
    if (every == KUNDIG_EVERY_WEEK) {
        return days - calendar_weekday(days);
    }
    kundig__date date = kundig__date_from_days(days);
    date.day = 1;
    if (every == KUNDIG_EVERY_QUARTER) {
        date.month = (date.month - 1) / 3 * 3 + 1;
    } else if (every == KUNDIG_EVERY_YEAR) {
        date.month = 1;
    }
    return kundig__days_from_date(date);
}

static int64_t calendar_add_months(int64_t start, int32_t months)
{
    kundig__date date = kundig__date_from_days(start);
    date.month += months;
    if (date.month > 12) {
        date.month -= 12;
        date.year++;
    }
    return kundig__days_from_date(date);
}

int64_t kundig__window_next(int32_t every, int64_t start)
{
    start = calendar_clamp(start);
    switch (every) {
    case KUNDIG_EVERY_DAY:
        return start + 1;
    case KUNDIG_EVERY_WEEK:
        return start + 7;
    case KUNDIG_EVERY_QUARTER:
        return calendar_add_months(start, 3);
    case KUNDIG_EVERY_YEAR:
        return calendar_add_months(start, 12);
    default:
        return calendar_add_months(start, 1);
    }
}

/* A year before 0 has a sign. */
static size_t calendar_put_year(char *out, int64_t year)
{
    size_t at = 0;
    if (year < 0) {
        out[at++] = '-';
        year = -year;
    }
    return at + kundig__digits_write(out + at, (uint64_t)year, 4);
}

static size_t calendar_put(char *out, int64_t value, size_t width)
{
    return kundig__digits_write(out, (uint64_t)value, width);
}

static size_t calendar_put_date(char *out, kundig__date date)
{
    size_t at = calendar_put_year(out, date.year);
    out[at++] = '-';
    at += calendar_put(out + at, date.month, 2);
    out[at++] = '-';
    return at + calendar_put(out + at, date.day, 2);
}

/* Monday of week 1: the week that holds January 4th. */
static int64_t calendar_first_week(int32_t year)
{
    int64_t fourth = kundig__days_from_date((kundig__date){year, 1, 4});
    return fourth - calendar_weekday(fourth);
}

size_t kundig__window_label(int32_t every, int64_t start, char out[16])
{
    start = calendar_clamp(start);
    kundig__date date = kundig__date_from_days(start);
    if (every == KUNDIG_EVERY_DAY) {
        return calendar_put_date(out, date);
    }
    if (every == KUNDIG_EVERY_WEEK) {
        /* A week belongs to the year of its Thursday. */
        int64_t monday = start - calendar_weekday(start);
        int32_t year = kundig__date_from_days(monday + 3).year;
        size_t at = calendar_put_year(out, year);
        out[at++] = '-';
        out[at++] = 'W';
        return at + calendar_put(out + at, (monday - calendar_first_week(year)) / 7 + 1, 2);
    }
    size_t at = calendar_put_year(out, date.year);
    if (every == KUNDIG_EVERY_YEAR) {
        return at;
    }
    out[at++] = '-';
    if (every == KUNDIG_EVERY_QUARTER) {
        out[at++] = 'Q';
        return at + calendar_put(out + at, (date.month - 1) / 3 + 1, 1);
    }
    return at + calendar_put(out + at, date.month, 2);
}

/* A cursor over the text of a span. */
typedef struct calendar_cursor {
    const char *at;
    const char *end;
} calendar_cursor;

static bool calendar_take(calendar_cursor *cursor, char a, char b)
{
    if (cursor->at < cursor->end && (*cursor->at == a || *cursor->at == b)) {
        cursor->at++;
        return true;
    }
    return false;
}

static bool calendar_digits(calendar_cursor *cursor, int count, int32_t *out)
{
    int32_t value = 0;
    if (cursor->end - cursor->at < count) {
        return false;
    }
    for (int i = 0; i < count; i++) {
        char c = cursor->at[i];
        if (c < '0' || c > '9') {
            return false;
        }
        value = value * 10 + (c - '0');
    }
    cursor->at += count;
    *out = value;
    return true;
}

static bool calendar_at_end(const calendar_cursor *cursor)
{
    return cursor->at == cursor->end;
}

/* ".123": *ms is what was read, *width the span it leaves open. Digits behind the third are
 * dropped. */
static bool calendar_fraction(calendar_cursor *cursor, int64_t *ms, int64_t *width)
{
    int count = 0;
    *ms = 0;
    *width = 1000;
    while (cursor->at < cursor->end && *cursor->at >= '0' && *cursor->at <= '9') {
        if (count < 3) {
            *width /= 10;
            *ms += (*cursor->at - '0') * *width;
        }
        count++;
        cursor->at++;
    }
    return count >= 1 && count <= 9;
}

/* "Z", "UTC" or "+hh[[:]mm]", with or without a blank in front; to the end of the text. */
static bool calendar_offset(calendar_cursor *cursor, int64_t *offset_ms)
{
    int32_t hours = 0;
    int32_t minutes = 0;
    *offset_ms = 0;
    (void)calendar_take(cursor, ' ', ' ');
    if (calendar_take(cursor, 'Z', 'z')) {
        return calendar_at_end(cursor);
    }
    if (calendar_take(cursor, 'U', 'U')) {
        return calendar_take(cursor, 'T', 'T') && calendar_take(cursor, 'C', 'C') &&
               calendar_at_end(cursor);
    }
    bool west = cursor->at < cursor->end && *cursor->at == '-';
    if (!calendar_take(cursor, '+', '-') || !calendar_digits(cursor, 2, &hours) || hours > 23) {
        return false;
    }
    if (!calendar_at_end(cursor)) {
        (void)calendar_take(cursor, ':', ':');
        if (!calendar_digits(cursor, 2, &minutes) || minutes > 59) {
            return false;
        }
    }
    *offset_ms = (int64_t)(hours * 60 + minutes) * (west ? -60000 : 60000);
    return calendar_at_end(cursor);
}

/* What stands behind "2026-03-09T". */
static bool calendar_time(calendar_cursor *cursor, int64_t day_ms, kundig__span *out)
{
    int32_t hour = 0;
    int32_t minute = 0;
    int32_t second = 0;
    int64_t ms = 0;
    int64_t width = 3600000;
    if (!calendar_digits(cursor, 2, &hour) || hour > 23) {
        return false;
    }
    if (calendar_take(cursor, ':', ':')) {
        width = 60000;
        if (!calendar_digits(cursor, 2, &minute) || minute > 59) {
            return false;
        }
        if (calendar_take(cursor, ':', ':')) {
            width = 1000;
            if (!calendar_digits(cursor, 2, &second) || second > 59) {
                return false;
            }
            if (calendar_take(cursor, '.', ',') && !calendar_fraction(cursor, &ms, &width)) {
                return false;
            }
        }
    }
    int64_t offset_ms = 0;
    bool has_offset = !calendar_at_end(cursor);
    if (has_offset && !calendar_offset(cursor, &offset_ms)) {
        return false;
    }
    int64_t from = day_ms + ((int64_t)hour * 60 + minute) * 60000 + (int64_t)second * 1000 + ms;
    out->from_ms = from - offset_ms;
    out->to_ms = out->from_ms + width;
    out->has_offset = has_offset;
    return true;
}

static bool calendar_set(kundig__span *out, int64_t from_days, int64_t to_days)
{
    *out = (kundig__span){from_days * KUNDIG__DAY_MS, to_days * KUNDIG__DAY_MS, false};
    return true;
}

static bool calendar_set_window(kundig__span *out, int32_t every, kundig__date first)
{
    int64_t start = kundig__days_from_date(first);
    return calendar_set(out, start, kundig__window_next(every, start));
}

static bool calendar_set_week(kundig__span *out, int32_t year, int32_t week)
{
    int64_t monday = calendar_first_week(year) + (int64_t)(week - 1) * 7;
    /* Week 53 exists only where its Thursday still lies in the year. */
    if (week < 1 || kundig__date_from_days(monday + 3).year != year) {
        return false;
    }
    return calendar_set(out, monday, monday + 7);
}

bool kundig__span_read(kundig_text text, kundig__span *out)
{
    calendar_cursor cursor = {text.data, text.data ? text.data + text.len : NULL};
    kundig__span span = {0, 0, false};
    int32_t year = 0;
    int32_t month = 0;
    int32_t day = 0;
    bool ok = false;
    if (!text.data || !calendar_digits(&cursor, 4, &year) || year < 1) {
        return false;
    }
    if (calendar_at_end(&cursor)) {
        ok = calendar_set_window(&span, KUNDIG_EVERY_YEAR, (kundig__date){year, 1, 1});
    } else if (!calendar_take(&cursor, '-', '-')) {
        return false;
    } else if (calendar_take(&cursor, 'Q', 'q')) {
        ok = calendar_digits(&cursor, 1, &month) && calendar_at_end(&cursor) && month >= 1 &&
             month <= 4 &&
             calendar_set_window(&span, KUNDIG_EVERY_QUARTER,
                                 (kundig__date){year, month * 3 - 2, 1});
    } else if (calendar_take(&cursor, 'W', 'w')) {
        ok = calendar_digits(&cursor, 2, &month) && calendar_at_end(&cursor) &&
             calendar_set_week(&span, year, month);
    } else if (!calendar_digits(&cursor, 2, &month) || month < 1 || month > 12) {
        return false;
    } else if (calendar_at_end(&cursor)) {
        ok = calendar_set_window(&span, KUNDIG_EVERY_MONTH, (kundig__date){year, month, 1});
    } else if (!calendar_take(&cursor, '-', '-') || !calendar_digits(&cursor, 2, &day) ||
               !kundig__date_exists(year, month, day)) {
        return false;
    } else {
        int64_t days = kundig__days_from_date((kundig__date){year, month, day});
        if (calendar_at_end(&cursor)) {
            ok = calendar_set(&span, days, days + 1);
        } else {
            ok = (calendar_take(&cursor, 'T', 't') || calendar_take(&cursor, ' ', ' ')) &&
                 calendar_time(&cursor, days * KUNDIG__DAY_MS, &span);
        }
    }
    if (ok) {
        *out = span;
    }
    return ok;
}

size_t kundig__time_write(int64_t time_ms, int32_t precision, char out[32])
{
    int64_t days = kundig__floor_div(time_ms, KUNDIG__DAY_MS);
    int64_t ms = time_ms % KUNDIG__DAY_MS;
    ms += ms < 0 ? KUNDIG__DAY_MS : 0;
    size_t at = calendar_put_date(out, kundig__date_from_days(days));
    if (precision == KUNDIG_PRECISION_DAY) {
        return at;
    }
    if (precision == KUNDIG_PRECISION_MINUTE) {
        ms -= ms % 60000;
    }
    out[at++] = 'T';
    at += calendar_put(out + at, ms / 3600000, 2);
    out[at++] = ':';
    at += calendar_put(out + at, ms / 60000 % 60, 2);
    if (ms % 60000 != 0) {
        out[at++] = ':';
        at += calendar_put(out + at, ms / 1000 % 60, 2);
    }
    if (ms % 1000 != 0) {
        out[at++] = '.';
        at += calendar_put(out + at, ms % 1000, 3);
    }
    out[at++] = 'Z';
    return at;
}
