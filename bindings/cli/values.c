/* Words of the command line to values, each refused with what it takes.
 *
 * Times are UTC: a driver reads the clock, but no locale and no zone of the machine. */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli.h"

static size_t distance_least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Edits (insert, delete, replace, swap neighbours) from one word to another, both short. */
static size_t word_distance(const char *a, const char *b)
{
    size_t rows[3][40];
    size_t a_len = strlen(a);
    size_t b_len = strlen(b);
    if (a_len >= 40 || b_len >= 40) {
        return SIZE_MAX;
    }
    for (size_t j = 0; j <= b_len; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= a_len; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i - 1) % 3];
        const size_t *before = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t best = above[j - 1] + (a[i - 1] != b[j - 1]);
            best = distance_least(best, above[j] + 1);
            best = distance_least(best, row[j - 1] + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                best = distance_least(best, before[j - 2] + 1);
            }
            row[j] = best;
        }
    }
    return rows[a_len % 3][b_len];
}

const char *cli_nearest(const char *word, const char *const *names, size_t count)
{
    const char *nearest = NULL;
    size_t least = SIZE_MAX;
    size_t len = strlen(word);
    for (size_t i = 0; i < count; i++) {
        size_t distance = word_distance(word, names[i]);
        /* A beginning is as good as a slip of one key. */
        if (len >= 2 && strncmp(word, names[i], len) == 0 && distance > 1) {
            distance = 1;
        }
        if (distance < least) {
            least = distance;
            nearest = names[i];
        }
    }
    return (least <= 1 && len >= 2) || (least == 2 && len > 4) || (least == 3 && len > 7) ? nearest
                                                                                          : NULL;
}

static int value_refused(const char *name, const char *value, const char *const *words,
                         size_t count)
{
    cli_say("--%s takes %s, not \"%s\"", name, words[0], value);
    const char *nearest = cli_nearest(value, words + 1, count - 1);
    if (nearest) {
        cli_hint("did you mean --%s %s?", name, nearest);
    }
    return CLI_USAGE;
}

/* words[0] tells the choice; the others are its words, numbered from `first`. */
int cli_value_choice(const char *name, const char *value, const char *const *words, size_t count,
                     int first, int *out)
{
    for (size_t i = 1; i < count; i++) {
        if (strcmp(value, words[i]) == 0) {
            *out = first + (int)i - 1;
            return CLI_OK;
        }
    }
    return value_refused(name, value, words, count);
}

int cli_value_count(const char *name, const char *value, uint64_t least, uint64_t most,
                    uint64_t *out)
{
    uint64_t number = 0;
    bool good = *value != '\0';
    for (const char *at = value; *at && good; at++) {
        good = *at >= '0' && *at <= '9' && number <= (most - (uint64_t)(*at - '0')) / 10;
        number = number * 10 + (uint64_t)(*at - '0');
    }
    if (!good || number < least) {
        if (most <= UINT32_MAX) {
            cli_say("--%s takes a whole number from %llu to %llu, not \"%s\"", name,
                    (unsigned long long)least, (unsigned long long)most, value);
        } else {
            cli_say("--%s takes a whole number from %llu, not \"%s\"", name,
                    (unsigned long long)least, value);
        }
        return CLI_USAGE;
    }
    *out = number;
    return CLI_OK;
}

/* Bytes, with K, M, G or T for powers of 1024. */
int cli_value_size(const char *name, const char *value, uint64_t *out)
{
    size_t len = strlen(value);
    char digits[24];
    unsigned shift = 0;
    if (len > 1 && (value[len - 1] == 'B' || value[len - 1] == 'b')) {
        len--;
    }
    static const char units[] = "KMGTkmgt";
    const char *unit = len ? strchr(units, value[len - 1]) : NULL;
    if (unit && *unit) {
        shift = 10 * ((unsigned)(unit - units) % 4 + 1);
        len--;
    }
    uint64_t number = 0;
    bool good = len > 0 && len < sizeof digits;
    if (good) {
        memcpy(digits, value, len);
        digits[len] = '\0';
        for (size_t i = 0; i < len && good; i++) {
            good = digits[i] >= '0' && digits[i] <= '9';
        }
        char *end;
        number = good ? strtoull(digits, &end, 10) : 0;
        good = good && number > 0 && number <= (UINT64_MAX >> shift);
    }
    if (!good) {
        cli_say("--%s takes a number of bytes such as 500M or 2G, not \"%s\"", name, value);
        return CLI_USAGE;
    }
    *out = number << shift;
    return CLI_OK;
}

int cli_value_number(const char *name, const char *value, double least, double *out)
{
    char *end;
    double number = strtod(value, &end);
    if (end == value || *end || !(number >= least) || number > 1e300) {
        cli_say("--%s takes a number from %g, not \"%s\"", name, least, value);
        return CLI_USAGE;
    }
    *out = number;
    return CLI_OK;
}

int cli_value_level(const char *name, const char *value, double *out)
{
    char *end;
    double level = strtod(value, &end);
    bool percent = *end == '%' && end != value;
    if (percent) {
        level /= 100;
        end++;
    }
    if (end == value || *end || !(level > 0 && level < 1)) {
        cli_say("--%s takes a confidence between 0 and 1 such as 0.95, not \"%s\"", name, value);
        return CLI_USAGE;
    }
    *out = level;
    return CLI_OK;
}

int cli_value_rate(const char *name, const char *value, double *out)
{
    char *end;
    double rate = strtod(value, &end);
    bool percent = *end == '%' && end != value;
    if (percent) {
        rate /= 100;
        end++;
    }
    if (end == value || *end || !(rate > 0 && rate <= 0.5)) {
        cli_say("--%s takes a share of periods up to 0.5 such as 0.01, not \"%s\"", name, value);
        return CLI_USAGE;
    }
    *out = rate;
    return CLI_OK;
}

int cli_value_benchmark(const char *name, const char *value, double out[3])
{
    const char *at = value;
    out[0] = out[1] = out[2] = 0;
    for (int i = 0; i < 3; i++) {
        char *end;
        out[i] = strtod(at, &end);
        if (end == at || (*end && (*end != ':' || i == 2))) {
            cli_say("--%s takes VALUE, VALUE:N or VALUE:N:SD such as 0.31:1200, not \"%s\"", name,
                    value);
            return CLI_USAGE;
        }
        if (!*end) {
            break;
        }
        at = end + 1;
    }
    return CLI_OK;
}

int cli_value_delimiter(const char *name, const char *value, char *out)
{
    if (strcmp(value, "tab") == 0 || strcmp(value, "\\t") == 0) {
        *out = '\t';
    } else if (strlen(value) == 1 && *value > ' ' && *value < 0x7F && *value != '"') {
        *out = *value;
    } else {
        cli_say("--%s takes one character such as \";\" or the word tab, not \"%s\"", name, value);
        return CLI_USAGE;
    }
    return CLI_OK;
}

/* --mask, or --mask=KIND,KIND */
int cli_value_mask(const char *kinds, uint32_t *out)
{
    static const char *const names[] = {"e-mail", "phone",   "iban", "card",
                                        "url",    "address", "name"};
    const size_t count = sizeof names / sizeof *names;
    *out = kinds ? 0 : KUNDIG_PERSONAL_ALL;
    for (const char *at = kinds; at; at = *at ? at + 1 : NULL) {
        size_t len = strcspn(at, ",");
        size_t kind = 0;
        while (kind < count && (strlen(names[kind]) != len || memcmp(names[kind], at, len) != 0)) {
            kind++;
        }
        if (kind == count && (len != 3 || memcmp(at, "all", 3) != 0)) {
            cli_say("--mask takes all, or some of e-mail, phone, iban, card, url, address, name; "
                    "not \"%.*s\"",
                    (int)len, at);
            return CLI_USAGE;
        }
        *out |= kind == count ? KUNDIG_PERSONAL_ALL : UINT32_C(1) << kind;
        at += len;
        if (!*at) {
            break;
        }
    }
    return CLI_OK;
}

char *cli_quoted(const char *text)
{
    size_t size = 3; /* two quotes and the end */
    for (const char *at = text; *at; at++) {
        size += *at == '\'' ? 4 : 1;
    }
    char *quoted = malloc(size);
    if (quoted) {
        char *to = quoted;
        *to++ = '\'';
        for (const char *at = text; *at; at++) {
            if (*at == '\'') {
                memcpy(to, "'\\''", 4);
                to += 4;
            } else {
                *to++ = *at;
            }
        }
        *to++ = '\'';
        *to = '\0';
    }
    return quoted;
}

/* ---- times ---------------------------------------------------------------------------------- */

int64_t cli_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool value_digits(const char **at, size_t count, int64_t least, int64_t most, int64_t *out)
{
    int64_t number = 0;
    for (size_t i = 0; i < count; i++) {
        if ((*at)[i] < '0' || (*at)[i] > '9') {
            return false;
        }
        number = number * 10 + ((*at)[i] - '0');
    }
    *at += count;
    *out = number;
    return number >= least && number <= most;
}

static bool value_byte(const char **at, char byte)
{
    bool there = **at == byte;
    *at += there;
    return there;
}

/* Days from 1970-01-01 in the Gregorian calendar; years begin in March, so that leap days are last.
 */
static int64_t value_days(int64_t year, int64_t month, int64_t day)
{
    int64_t shifted = month > 2 ? year : year - 1;
    int64_t month_days = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5;
    return 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + month_days + day - 719469;
}

int cli_value_time(const char *name, const char *value, int64_t *out)
{
    static const char lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const char *at = value;
    int64_t year;
    int64_t month;
    int64_t day;
    int64_t hour = 0;
    int64_t minute = 0;
    int64_t second = 0;
    bool good = value_digits(&at, 4, 1, 9999, &year) && value_byte(&at, '-') &&
                value_digits(&at, 2, 1, 12, &month) && value_byte(&at, '-') &&
                value_digits(&at, 2, 1, 31, &day);
    if (good) {
        bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        good = day <= lengths[month - 1] + (month == 2 && leap);
    }
    if (good && (value_byte(&at, 'T') || value_byte(&at, ' '))) {
        good = value_digits(&at, 2, 0, 23, &hour) && value_byte(&at, ':') &&
               value_digits(&at, 2, 0, 59, &minute) &&
               (!value_byte(&at, ':') || value_digits(&at, 2, 0, 59, &second));
        value_byte(&at, 'Z');
    }
    if (!good || *at) {
        cli_say("--%s takes a date or a time in UTC such as 2026-03-09 or 2026-03-09T14:30, not "
                "\"%s\"",
                name, value);
        return CLI_USAGE;
    }
    *out = (((value_days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second) * 1000;
    return CLI_OK;
}

int cli_value_seconds(const char *name, const char *value, uint32_t *milliseconds)
{
    char *end;
    double seconds = strtod(value, &end);
    if (end == value || *end || !(seconds > 0 && seconds <= 86400)) {
        cli_say("--%s takes seconds, more than 0 and at most 86400, not \"%s\"", name, value);
        return CLI_USAGE;
    }
    double found = seconds * 1000;
    *milliseconds = found < 1 ? 1 : (uint32_t)found;
    return CLI_OK;
}

int cli_value_windows(const char *name, const char *value, uint32_t *out)
{
    static const char *const names[] = {"day", "week", "month", "quarter", "year"};
    *out = 0;
    for (const char *at = value;; at++) {
        size_t len = strcspn(at, ",");
        size_t which = 0;
        while (which < 5 && (strlen(names[which]) != len || memcmp(names[which], at, len) != 0)) {
            which++;
        }
        if (which == 5) {
            cli_say("--%s takes some of day, week, month, quarter, year; not \"%.*s\"", name,
                    (int)len, at);
            return CLI_USAGE;
        }
        *out |= UINT32_C(1) << (KUNDIG_EVERY_DAY + which);
        at += len;
        if (!*at) {
            return CLI_OK;
        }
    }
}

int cli_value_keep(const char *name, const char *value, kundig_retention *out)
{
    const char *equals = strrchr(value, '=');
    const char *days = equals ? equals + 1 : "";
    int64_t number = -1;
    size_t digits = strlen(days);
    const char *at = days;
    bool good =
        equals && (strcmp(days, "never") == 0 ||
                   (digits >= 1 && digits <= 6 && value_digits(&at, digits, 0, 100000, &number)));
    if (!good) {
        cli_say("--%s takes PURPOSE=DAYS, 0 to 100000 days or never, such as support=365; not "
                "\"%s\"",
                name, value);
        cli_hint("=DAYS is for records that carry no purpose");
        return CLI_USAGE;
    }
    kundig_retention_init(out);
    out->days = (int32_t)number;
    if (equals > value) {
        out->purpose = (kundig_text){value, (size_t)(equals - value)};
    }
    return CLI_OK;
}
