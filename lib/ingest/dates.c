/* Dates and times as people and programs write them.
 *
 * Years of two digits: 00 to 69 are 2000 to 2069, 70 to 99 are 1970 to 1999. Nothing here decides
 * the order of day and month: it reports what is written, counts what that says of the order, and
 * resolves with the order the whole column gave. Cost: one pass over the value, no allocation. */
#include "base/calendar.h"
#include "base/text.h"
#include "ingest/columns.h"

typedef struct dates_cursor {
    const char *at;
    const char *end;
} dates_cursor;

static bool dates_digits(dates_cursor *cursor, size_t least, size_t most, int64_t *value,
                         size_t *count)
{
    const char *p = cursor->at;
    int64_t sum = 0;
    while (p < cursor->end && kundig__text_is_digit(*p) && (size_t)(p - cursor->at) < most) {
        sum = sum * 10 + (*p - '0');
        p++;
    }
    size_t digits = (size_t)(p - cursor->at);
    if (digits < least || (p < cursor->end && kundig__text_is_digit(*p))) {
        return false;
    }
    cursor->at = p;
    *value = sum;
    if (count) {
        *count = digits;
    }
    return true;
}

static bool dates_skip(dates_cursor *cursor, char c)
{
    if (cursor->at < cursor->end && *cursor->at == c) {
        cursor->at++;
        return true;
    }
    return false;
}

static void dates_skip_blanks(dates_cursor *cursor)
{
    while (cursor->at < cursor->end && *cursor->at == ' ') {
        cursor->at++;
    }
}

/* A run of letters, lower-cased, "ä" as "ae"; 0 if there is none or it is too long. */
static size_t dates_word(dates_cursor *cursor, char out[16])
{
    size_t len = 0;
    const char *p = cursor->at;
    while (p < cursor->end && len < 14) {
        unsigned char c = (unsigned char)*p;
        if (c >= 'A' && c <= 'Z') {
            out[len++] = (char)(c + ('a' - 'A'));
        } else if (c >= 'a' && c <= 'z') {
            out[len++] = (char)c;
        } else if (c == 0xC3 && p + 1 < cursor->end &&
                   ((unsigned char)p[1] == 0xA4 || (unsigned char)p[1] == 0x84)) {
            out[len++] = 'a';
            out[len++] = 'e';
            p++;
        } else {
            break;
        }
        p++;
    }
    out[len] = '\0';
    if (len && len < 14) {
        cursor->at = p;
        return len;
    }
    return 0;
}

static bool dates_in_list(const char *word, const char *list, int32_t *place)
{
    size_t len = strlen(word);
    int32_t group = 1;
    for (const char *p = list; *p; p++) {
        if (strncmp(p, word, len) == 0 && (p[len] == ' ' || p[len] == '|' || p[len] == '\0') &&
            (p == list || p[-1] == ' ' || p[-1] == '|')) {
            *place = group;
            return true;
        }
        group += *p == '|';
    }
    return false;
}

/* A cheap look at the first letters before the lists are searched: most words are no dates. */
static bool dates_may_be_word(const char *at, const char *end)
{
    static const char starts[] = "janjaefebmarmaemrzaprmaymaijunjulaugsepoctoktnovdecdez"
                                 "montuewedthufrisatsundiemitdonfresamson";
    char head[3] = {0, 0, 0};
    size_t len = 0;
    while (at + len < end && len < 3) {
        unsigned char c = (unsigned char)at[len];
        bool upper = c >= 'A' && c <= 'Z';
        if (!upper && !(c >= 'a' && c <= 'z') && c < 0x80) {
            break;
        }
        head[len++] = (char)(upper ? c + ('a' - 'A') : c);
    }
    if (len < 3) {
        return len == 2; /* Mo, Di, ... */
    }
    for (size_t i = 0; i + 3 < sizeof starts; i++) {
        if (memcmp(starts + i, head, 3) == 0) {
            return true;
        }
    }
    return (unsigned char)head[1] >= 0x80; /* März, Jänner */
}

static bool dates_month(dates_cursor *cursor, int32_t *month)
{
    char word[16];
    const char *back = cursor->at;
    if (dates_may_be_word(cursor->at, cursor->end) && dates_word(cursor, word) &&
        dates_in_list(word,
                      "jan january januar jaenner|feb february februar|mar march maerz mrz maer|"
                      "apr april|may mai|jun june juni|jul july juli|aug august|"
                      "sep sept september|oct okt october oktober|nov november|"
                      "dec dez december dezember",
                      month)) {
        return true;
    }
    cursor->at = back;
    return false;
}

static bool dates_weekday(dates_cursor *cursor)
{
    char word[16];
    int32_t place;
    const char *back = cursor->at;
    if (dates_may_be_word(cursor->at, cursor->end) && dates_word(cursor, word) &&
        dates_in_list(word,
                      "mon monday mo montag|tue tues tuesday di dienstag|wed wednesday mi mittwoch|"
                      "thu thur thurs thursday do donnerstag|fri friday fr freitag|"
                      "sat saturday sa samstag sonnabend|sun sunday so sonntag",
                      &place)) {
        (void)dates_skip(cursor, '.');
        (void)dates_skip(cursor, ',');
        dates_skip_blanks(cursor);
        return true;
    }
    cursor->at = back;
    return false;
}

static bool dates_year(dates_cursor *cursor, int32_t *year)
{
    int64_t value;
    size_t digits;
    if (!dates_digits(cursor, 2, 4, &value, &digits) || digits == 3) {
        return false;
    }
    if (digits == 2) {
        value += value < 70 ? 2000 : 1900;
    }
    *year = (int32_t)value;
    return true;
}

/* "Z", "UTC", "+02:00", "-0530", "+02", with a blank before. */
static bool dates_offset(dates_cursor *cursor, kundig__moment *out)
{
    int64_t hours;
    int64_t minutes = 0;
    size_t digits;
    char word[16];
    dates_skip_blanks(cursor);
    if (cursor->at == cursor->end) {
        return true;
    }
    if (*cursor->at == 'Z' || *cursor->at == 'z' || *cursor->at == 'U' || *cursor->at == 'G') {
        int32_t place;
        if (!dates_word(cursor, word) || !dates_in_list(word, "z utc gmt", &place)) {
            return false;
        }
        out->offset = true;
        if (cursor->at == cursor->end) {
            return true;
        }
    }
    if (*cursor->at != '+' && *cursor->at != '-') {
        return false;
    }
    int64_t sign = *cursor->at == '-' ? -1 : 1;
    cursor->at++;
    if (!dates_digits(cursor, 2, 4, &hours, &digits) || digits == 3) {
        return false;
    }
    if (digits == 4) {
        minutes = hours % 100;
        hours /= 100;
    } else if (dates_skip(cursor, ':') && !dates_digits(cursor, 2, 2, &minutes, NULL)) {
        return false;
    }
    out->offset = true;
    out->offset_ms = sign * (hours * 60 + minutes) * 60000;
    out->no_such_clock = out->no_such_clock || hours > 15 || minutes > 59;
    return cursor->at == cursor->end;
}

/* What stands behind a date: nothing, or a time of day to the end. */
static bool dates_clock(dates_cursor *cursor, kundig__moment *out)
{
    int64_t hour;
    int64_t minute;
    int64_t second = 0;
    int64_t milli = 0;
    char word[16];
    if (!dates_skip(cursor, 'T') && !dates_skip(cursor, 't')) {
        (void)dates_skip(cursor, ',');
        dates_skip_blanks(cursor);
    }
    if (cursor->at == cursor->end) {
        return true;
    }
    if (!dates_digits(cursor, 1, 2, &hour, NULL) || !dates_skip(cursor, ':') ||
        !dates_digits(cursor, 2, 2, &minute, NULL)) {
        return false;
    }
    out->precision = KUNDIG_PRECISION_MINUTE;
    if (dates_skip(cursor, ':')) {
        if (!dates_digits(cursor, 2, 2, &second, NULL)) {
            return false;
        }
        out->precision = KUNDIG_PRECISION_MS;
        if (dates_skip(cursor, '.') || dates_skip(cursor, ',')) {
            int64_t unit = 100;
            const char *start = cursor->at;
            for (; cursor->at < cursor->end && kundig__text_is_digit(*cursor->at); cursor->at++) {
                milli += (*cursor->at - '0') * unit;
                unit /= 10;
            }
            if (cursor->at == start) {
                return false;
            }
        }
    }
    dates_skip_blanks(cursor);
    const char *back = cursor->at;
    bool half = false;
    bool late = false;
    if (cursor->at < cursor->end && dates_word(cursor, word)) {
        int32_t place;
        if (strcmp(word, "a") == 0 || strcmp(word, "p") == 0) {
            half = dates_skip(cursor, '.') && dates_skip(cursor, 'm');
            (void)dates_skip(cursor, '.');
        } else {
            half = strcmp(word, "am") == 0 || strcmp(word, "pm") == 0;
        }
        late = half && word[0] == 'p';
        if (!half && !dates_in_list(word, "uhr h", &place)) {
            cursor->at = back;
        }
    }
    if (half) {
        out->no_such_clock = hour < 1 || hour > 12;
        hour = hour % 12 + (late ? 12 : 0);
    }
    out->clock = true;
    out->no_such_clock = out->no_such_clock || hour > 23 || minute > 59 || second > 60;
    second = second == 60 ? 59 : second; /* a leap second */
    out->clock_ms = ((hour * 60 + minute) * 60 + second) * 1000 + milli;
    return dates_offset(cursor, out);
}

/* Bare digits: YYYYMMDD, Unix seconds (10 digits, maybe with a fraction) or milliseconds (13). */
static bool dates_bare(kundig_text text, kundig__moment *out)
{
    int64_t value = 0;
    size_t digits = 0;
    while (digits < text.len && digits < 14 && kundig__text_is_digit(text.data[digits])) {
        value = value * 10 + (text.data[digits] - '0');
        digits++;
    }
    if (digits == 8 && text.len == 8 && value >= 19000101 && value <= 21991231) {
        out->shape = KUNDIG__MOMENT_YEAR_FIRST;
        out->year = (int32_t)(value / 10000);
        out->first = (int32_t)(value / 100 % 100);
        out->second = (int32_t)(value % 100);
        return out->first >= 1 && out->first <= 12 && out->second >= 1 && out->second <= 31;
    }
    out->shape = KUNDIG__MOMENT_UNIX;
    out->clock = true;
    out->offset = true;
    out->precision = KUNDIG_PRECISION_MS;
    if (digits == 13 && text.len == 13) {
        out->unix_ms = value;
        return true;
    }
    if (digits == 10 && (text.len == 10 || text.data[10] == '.')) {
        int64_t unit = 100;
        out->unix_ms = value * 1000;
        for (size_t i = 11; i < text.len; i++) {
            if (!kundig__text_is_digit(text.data[i])) {
                return false;
            }
            out->unix_ms += (text.data[i] - '0') * unit;
            unit /= 10;
        }
        return true;
    }
    return false;
}

/* Behind a first number of one or two digits. */
static bool dates_small_first(dates_cursor *cursor, int64_t first, kundig__moment *out)
{
    int64_t second;
    int32_t month;
    if (cursor->at == cursor->end) {
        return false;
    }
    char mark = *cursor->at;
    if (mark == '/' || mark == '-' || mark == '.') {
        cursor->at++;
    } else if (mark != ' ') {
        return false;
    }
    dates_skip_blanks(cursor);
    if (dates_month(cursor, &month)) {
        (void)dates_skip(cursor, '.');
        (void)dates_skip(cursor, ',');
        (void)dates_skip(cursor, '-');
        (void)dates_skip(cursor, '/');
        dates_skip_blanks(cursor);
        out->shape = KUNDIG__MOMENT_NAMED;
        out->first = month;
        out->second = (int32_t)first;
        return dates_year(cursor, &out->year);
    }
    if (mark == ' ' || !dates_digits(cursor, 1, 2, &second, NULL) || !dates_skip(cursor, mark)) {
        return false;
    }
    dates_skip_blanks(cursor);
    out->shape = KUNDIG__MOMENT_NUMERIC;
    out->dotted = mark == '.';
    out->first = (int32_t)first;
    out->second = (int32_t)second;
    return dates_year(cursor, &out->year);
}

bool kundig__moment_read(kundig_text text, bool loose, kundig__moment *out)
{
    int64_t value;
    int64_t month;
    int64_t day;
    size_t digits = 0;
    memset(out, 0, sizeof *out);
    out->precision = KUNDIG_PRECISION_DAY;
    text = kundig__text_trim(text);
    if (text.len < 6 || text.len > 48) {
        return false;
    }
    dates_cursor cursor = {text.data, text.data + text.len};
    if (!kundig__text_is_digit(*cursor.at)) {
        int32_t named;
        (void)dates_weekday(&cursor);
        if (cursor.at == cursor.end) {
            return false;
        }
        if (!kundig__text_is_digit(*cursor.at)) {
            if (!dates_month(&cursor, &named)) {
                return false;
            }
            (void)dates_skip(&cursor, '.');
            dates_skip_blanks(&cursor);
            if (!dates_digits(&cursor, 1, 2, &day, NULL)) {
                return false;
            }
            (void)dates_skip(&cursor, ',');
            dates_skip_blanks(&cursor);
            out->shape = KUNDIG__MOMENT_NAMED;
            out->first = named;
            out->second = (int32_t)day;
            return dates_year(&cursor, &out->year) && dates_clock(&cursor, out);
        }
    }
    if (!dates_digits(&cursor, 1, 4, &value, &digits)) {
        return loose && dates_bare(text, out);
    }
    if (digits == 4) {
        char mark = cursor.at < cursor.end ? *cursor.at : '\0';
        if ((mark != '-' && mark != '/' && mark != '.') || !dates_skip(&cursor, mark) ||
            !dates_digits(&cursor, 1, 2, &month, NULL) || !dates_skip(&cursor, mark) ||
            !dates_digits(&cursor, 1, 2, &day, NULL)) {
            return false;
        }
        out->shape = KUNDIG__MOMENT_YEAR_FIRST;
        out->year = (int32_t)value;
        out->first = (int32_t)month;
        out->second = (int32_t)day;
        return dates_clock(&cursor, out);
    }
    return digits <= 2 && dates_small_first(&cursor, value, out) && dates_clock(&cursor, out);
}

const char *kundig__moment_resolve(const kundig__moment *moment, int32_t order, bool day_only,
                                   const kundig__zone *zone, int64_t *time_ms, int32_t *precision)
{
    const int64_t first_ms = INT64_C(-62135596800000); /* 0001-01-01 */
    const int64_t last_ms = INT64_C(253402300799999);  /* 9999-12-31 */
    if (moment->shape == KUNDIG__MOMENT_UNIX) {
        *time_ms = moment->unix_ms;
        *precision = moment->precision;
        return NULL;
    }
    int32_t month = moment->first;
    int32_t day = moment->second;
    if (moment->shape == KUNDIG__MOMENT_NUMERIC && order != KUNDIG_DATES_MONTH_FIRST) {
        month = moment->second;
        day = moment->first;
    }
    if (month < 1 || month > 12) {
        return moment->shape == KUNDIG__MOMENT_NUMERIC
                   ? (order == KUNDIG_DATES_MONTH_FIRST
                          ? "read with the month first, there is no such month"
                          : "read with the day first, there is no such month")
                   : "there is no such month";
    }
    if (!kundig__date_exists(moment->year, month, day)) {
        return "there is no such day in that month";
    }
    if (moment->no_such_clock) {
        return "there is no such time of day";
    }
    kundig__date date = {moment->year, month, day};
    int64_t local = kundig__days_from_date(date) * KUNDIG__DAY_MS;
    if (!moment->clock || day_only) {
        *time_ms = local;
        *precision = KUNDIG_PRECISION_DAY;
        return NULL;
    }
    local += moment->clock_ms;
    if (moment->offset) {
        local -= moment->offset_ms;
    } else {
        local = kundig__zone_to_utc_ms(zone, local);
    }
    if (local < first_ms || local > last_ms) {
        return "it lies outside the years 0001 to 9999";
    }
    *time_ms = local;
    *precision = moment->precision;
    return NULL;
}

void kundig__date_vote(kundig__date_votes *votes, const kundig__moment *moment)
{
    votes->clocks += moment->clock && (moment->clock_ms != 0 || moment->offset);
    if (moment->shape != KUNDIG__MOMENT_NUMERIC) {
        return;
    }
    if (moment->first > 12 && moment->second <= 12) {
        votes->day_first++;
    } else if (moment->second > 12 && moment->first <= 12) {
        votes->month_first++;
    } else if (moment->first != moment->second && moment->first <= 12) {
        votes->open++;
        votes->dotted += moment->dotted;
    }
}
