/* Time zones from TZif files, RFC 8536 and 9636.
 *
 *   header 44 bytes | block with 32-bit times | header | block with 64-bit times | \n rule \n
 *
 * The first block is stepped over where a second one follows. Transitions that change no offset are
 * dropped, so a stretch is as long as it can be. The rule behind the last transition is laid out up
 * to the year ZONE_LAST_YEAR; later instants keep the offset of its end.
 *
 * Invariant: starts[0] is INT64_MIN, starts ascend, neighbours differ in offset. Every byte is
 * checked before it is used: files may come from anyone. Cost: linear in the file, a binary search
 * a look-up. */
#include "base/zone.h"

#include "base/calendar.h"
#include "base/hash.h"
#include "base/os.h"
#include "base/text.h"

#define ZONE_HEADER     44
#define ZONE_DAY        INT64_C(86400)
#define ZONE_FIRST_YEAR 1800 /* of a rule with nothing in front of it; no clock changed before */
#define ZONE_LAST_YEAR  2200
#define ZONE_FILE_MOST  ((size_t)1 << 20)
#define ZONE_OFFSET_MIN (-89999) /* as RFC 9636 recommends: less than 25 hours west, 26 east */
#define ZONE_OFFSET_MAX 93599
/* Beyond any calendar; keeps sums with offsets in range. */
#define ZONE_TIME_MOST (INT64_MAX / 4)

/* ---- Building -------------------------------------------------------------------------------- */

typedef struct zone_build {
    kundig__mem *mem;
    int64_t *starts;
    size_t starts_capacity;
    int32_t *offsets;
    size_t offsets_capacity;
    size_t count;
} zone_build;

/* From `start` on `offset` holds. A start not behind the last one replaces it. */
static bool zone_add(zone_build *build, int64_t start, int32_t offset)
{
    while (build->count > 0 && build->starts[build->count - 1] >= start) {
        build->count--;
    }
    if (build->count > 0 && build->offsets[build->count - 1] == offset) {
        return true;
    }
    void *starts = build->starts;
    void *offsets = build->offsets;
    bool ok = kundig__grow(build->mem, &starts, &build->starts_capacity, build->count + 1,
                           sizeof *build->starts);
    build->starts = starts;
    ok = ok && kundig__grow(build->mem, &offsets, &build->offsets_capacity, build->count + 1,
                            sizeof *build->offsets);
    build->offsets = offsets;
    if (ok) {
        build->starts[build->count] = start;
        build->offsets[build->count] = offset;
        build->count++;
    }
    return ok;
}

static void zone_build_free(zone_build *build)
{
    kundig__free(build->mem, build->starts, build->starts_capacity * sizeof *build->starts);
    kundig__free(build->mem, build->offsets, build->offsets_capacity * sizeof *build->offsets);
}

/* Exactly as large as needed, so that zone_free knows the sizes. */
static int zone_finish(zone_build *build, kundig_text name, uint64_t checksum, kundig__zone **out,
                       kundig_error *err)
{
    kundig__mem *mem = build->mem;
    size_t starts_size = build->count * sizeof *build->starts;
    size_t offsets_size = build->count * sizeof *build->offsets;
    kundig__zone *zone = kundig__alloc_zero(mem, sizeof *zone);
    if (!zone) {
        return kundig__nomem(mem, err);
    }
    zone->mem = mem;
    zone->name_len = name.len;
    zone->count = build->count;
    zone->checksum = checksum;
    zone->name = kundig__alloc(mem, name.len);
    zone->starts = zone->name ? kundig__alloc(mem, starts_size) : NULL;
    zone->offsets = zone->starts ? kundig__alloc(mem, offsets_size) : NULL;
    if (!zone->offsets) {
        int rc = kundig__nomem(mem, err);
        kundig__zone_free(zone);
        return rc;
    }
    if (name.len) {
        memcpy(zone->name, name.data, name.len);
    }
    memcpy(zone->starts, build->starts, starts_size);
    memcpy(zone->offsets, build->offsets, offsets_size);
    *out = zone;
    return KUNDIG_OK;
}

void kundig__zone_free(kundig__zone *zone)
{
    if (zone) {
        kundig__mem *mem = zone->mem;
        kundig__free(mem, zone->name, zone->name_len);
        kundig__free(mem, zone->starts, zone->count * sizeof *zone->starts);
        kundig__free(mem, zone->offsets, zone->count * sizeof *zone->offsets);
        kundig__free(mem, zone, sizeof *zone);
    }
}

/* ---- The rule behind the last transition (POSIX TZ with the extensions of RFC 9636) -----------
 */

#define ZONE_DAY_JULIAN 1 /* Jn: 1 to 365, February 29th is never counted */
#define ZONE_DAY_ZERO   2 /* n: 0 to 365, February 29th is counted */
#define ZONE_DAY_WEEK   3 /* Mm.w.d */

typedef struct zone_day {
    int32_t kind;
    int32_t day; /* of the year, or of the week with Sunday 0 */
    int32_t month;
    int32_t week; /* 5 is the last one */
    int32_t time; /* seconds after local midnight, by the clock in force before */
} zone_day;

typedef struct zone_rule {
    int32_t standard; /* seconds east */
    int32_t summer;
    bool has_summer;
    zone_day begin;
    zone_day end;
} zone_rule;

typedef struct zone_cursor {
    const char *at;
    const char *end;
} zone_cursor;

static bool zone_take(zone_cursor *cursor, char c)
{
    if (cursor->at < cursor->end && *cursor->at == c) {
        cursor->at++;
        return true;
    }
    return false;
}

/* One to three digits, at most `most`. */
static bool zone_number(zone_cursor *cursor, int32_t most, int32_t *out)
{
    int32_t value = 0;
    int count = 0;
    while (cursor->at < cursor->end && kundig__text_is_digit(*cursor->at) && count < 4) {
        value = value * 10 + (*cursor->at++ - '0');
        count++;
    }
    *out = value;
    return count >= 1 && count <= 3 && value <= most;
}

/* [+-]h[h[h]][:mm[:ss]] in seconds */
static bool zone_clock(zone_cursor *cursor, int32_t hours_most, int32_t *out)
{
    int32_t hours = 0;
    int32_t minutes = 0;
    int32_t seconds = 0;
    bool negative = zone_take(cursor, '-');
    if (!negative) {
        (void)zone_take(cursor, '+');
    }
    if (!zone_number(cursor, hours_most, &hours)) {
        return false;
    }
    if (zone_take(cursor, ':')) {
        if (!zone_number(cursor, 59, &minutes) ||
            (zone_take(cursor, ':') && !zone_number(cursor, 59, &seconds))) {
            return false;
        }
    }
    *out = (hours * 3600 + minutes * 60 + seconds) * (negative ? -1 : 1);
    return true;
}

static bool zone_is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* "CET" or "<+03>"; the name itself is of no use here. */
static bool zone_abbreviation(zone_cursor *cursor)
{
    const char *start = cursor->at;
    if (zone_take(cursor, '<')) {
        start = cursor->at;
        while (cursor->at < cursor->end &&
               (zone_is_letter(*cursor->at) || kundig__text_is_digit(*cursor->at) ||
                *cursor->at == '+' || *cursor->at == '-')) {
            cursor->at++;
        }
        return cursor->at - start >= 3 && zone_take(cursor, '>');
    }
    while (cursor->at < cursor->end && zone_is_letter(*cursor->at)) {
        cursor->at++;
    }
    return cursor->at - start >= 3;
}

static bool zone_rule_day(zone_cursor *cursor, zone_day *out)
{
    out->time = 2 * 3600;
    if (zone_take(cursor, 'J')) {
        out->kind = ZONE_DAY_JULIAN;
        if (!zone_number(cursor, 365, &out->day) || out->day < 1) {
            return false;
        }
    } else if (zone_take(cursor, 'M')) {
        out->kind = ZONE_DAY_WEEK;
        if (!zone_number(cursor, 12, &out->month) || out->month < 1 || !zone_take(cursor, '.') ||
            !zone_number(cursor, 5, &out->week) || out->week < 1 || !zone_take(cursor, '.') ||
            !zone_number(cursor, 6, &out->day)) {
            return false;
        }
    } else {
        out->kind = ZONE_DAY_ZERO;
        if (!zone_number(cursor, 365, &out->day)) {
            return false;
        }
    }
    return !zone_take(cursor, '/') || zone_clock(cursor, 167, &out->time);
}

/* false: cursor->at is where it stops making sense. */
static bool zone_rule_read(zone_cursor *cursor, zone_rule *out)
{
    int32_t west = 0;
    memset(out, 0, sizeof *out);
    if (!zone_abbreviation(cursor) || !zone_clock(cursor, 24, &west)) {
        return false;
    }
    out->standard = -west;
    if (cursor->at == cursor->end) {
        return true;
    }
    out->has_summer = true;
    out->summer = out->standard + 3600;
    if (!zone_abbreviation(cursor)) {
        return false;
    }
    if (cursor->at < cursor->end && *cursor->at != ',') {
        if (!zone_clock(cursor, 24, &west)) {
            return false;
        }
        out->summer = -west;
    }
    return zone_take(cursor, ',') && zone_rule_day(cursor, &out->begin) && zone_take(cursor, ',') &&
           zone_rule_day(cursor, &out->end) && cursor->at == cursor->end;
}

/* Local seconds since 1970 of a rule's moment in a year. */
static int64_t zone_rule_moment(const zone_day *day, int32_t year)
{
    int64_t first = kundig__days_from_date((kundig__date){year, 1, 1});
    int64_t days = 0;
    if (day->kind == ZONE_DAY_ZERO) {
        days = first + day->day;
    } else if (day->kind == ZONE_DAY_JULIAN) {
        bool leap = kundig__date_exists(year, 2, 29);
        days = first + day->day - 1 + (leap && day->day >= 60 ? 1 : 0);
    } else {
        int64_t month = kundig__days_from_date((kundig__date){year, day->month, 1});
        int64_t next = kundig__window_next(KUNDIG_EVERY_MONTH, month);
        int64_t weekday = ((month + 4) % 7 + 7) % 7; /* 1970-01-01 was a Thursday */
        days = month + (day->day - weekday + 7) % 7 + (int64_t)(day->week - 1) * 7;
        days -= days >= next ? 7 : 0;
    }
    return days * ZONE_DAY + day->time;
}

typedef struct zone_event {
    int64_t at;
    int32_t offset;
} zone_event;

/* Lay the rule out behind the instant `last`, INT64_MIN if no transition stands in front of it. */
static bool zone_rule_lay_out(zone_build *build, const zone_rule *rule, int64_t last)
{
    int32_t year = ZONE_FIRST_YEAR;
    if (last == INT64_MIN) {
        if (!zone_add(build, INT64_MIN, rule->standard)) {
            return false;
        }
    } else {
        int32_t before = kundig__date_from_days(kundig__floor_div(last, ZONE_DAY)).year - 1;
        year = before > year ? before : year;
    }
    if (!rule->has_summer) {
        return last == INT64_MIN || zone_add(build, last + 1, rule->standard);
    }
    /* Times reach a week into a neighbouring year, and the end of one year's summer may be the
     * beginning of the next one's: zone_add lets the later rule win. */
    for (; year <= ZONE_LAST_YEAR; year++) {
        zone_event events[2] = {
            {zone_rule_moment(&rule->begin, year) - rule->standard, rule->summer},
            {zone_rule_moment(&rule->end, year) - rule->summer, rule->standard},
        };
        int first = events[0].at <= events[1].at ? 0 : 1;
        for (int i = 0; i < 2; i++) {
            zone_event event = events[i == 0 ? first : 1 - first];
            if (event.at > last && !zone_add(build, event.at, event.offset)) {
                return false;
            }
        }
    }
    return true;
}

/* ---- Reading bytes --------------------------------------------------------------------------- */

typedef struct zone_counts {
    uint32_t isut;
    uint32_t isstd;
    uint32_t leap;
    uint32_t time;
    uint32_t type;
    uint32_t chars;
} zone_counts;

static uint32_t zone_be32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static int64_t zone_signed(const uint8_t *at, size_t width)
{
    uint64_t bits = zone_be32(at);
    if (width == 4) {
        return (int64_t)bits - (bits >> 31 ? INT64_C(4294967296) : 0);
    }
    bits = bits << 32 | zone_be32(at + 4);
    int64_t value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static int zone_bad(kundig_error *err, kundig_text name, size_t pos, const char *what)
{
    return kundig__fail(err, KUNDIG_E_FORMAT, pos, "the zone file of %.*s is damaged: %s",
                        kundig__shown(name), name.data ? name.data : "", what);
}

/* Header at *pos; moves *pos behind it. The block behind it is known to fit. */
static int zone_header(const uint8_t *data, size_t size, size_t *pos, size_t width,
                       kundig_text name, zone_counts *out, size_t *block, kundig_error *err)
{
    if (size - *pos < ZONE_HEADER) {
        return zone_bad(err, name, size, "it ends inside a header");
    }
    const uint8_t *at = data + *pos;
    if (memcmp(at, "TZif", 4) != 0) {
        return kundig__fail(err, KUNDIG_E_FORMAT, *pos,
                            "the zone %.*s is not a TZif file: it does not start with \"TZif\"",
                            kundig__shown(name), name.data ? name.data : "");
    }
    if (at[4] != 0 && (at[4] < '2' || at[4] > '4')) {
        return zone_bad(err, name, *pos + 4, "its version is not 1 to 4");
    }
    *out = (zone_counts){zone_be32(at + 20), zone_be32(at + 24), zone_be32(at + 28),
                         zone_be32(at + 32), zone_be32(at + 36), zone_be32(at + 40)};
    /* Each term is below 2^36: no overflow in 64 bits. */
    uint64_t need = (uint64_t)out->time * (width + 1) + (uint64_t)out->type * 6 + out->chars +
                    (uint64_t)out->leap * (width + 4) + out->isstd + out->isut;
    *pos += ZONE_HEADER;
    if (need > size - *pos) {
        return zone_bad(err, name, size, "it ends before what its header promises");
    }
    *block = (size_t)need;
    return KUNDIG_OK;
}

/* The block at pos with times of `width` bytes. */
static int zone_block(zone_build *build, const uint8_t *data, size_t pos, size_t width,
                      const zone_counts *counts, kundig_text name, int64_t *last, kundig_error *err)
{
    const uint8_t *times = data + pos;
    const uint8_t *indexes = times + (size_t)counts->time * width;
    const uint8_t *types = indexes + counts->time;
    if (counts->type < 1 || counts->type > 256 || counts->chars < 1) {
        return zone_bad(err, name, pos, "it has no local time type, or too many");
    }
    if (counts->leap > 0) {
        return kundig__fail(err, KUNDIG_E_FORMAT, pos,
                            "the zone %.*s counts leap seconds (a file from \"right/\"); times "
                            "here do not: use the plain file",
                            kundig__shown(name), name.data ? name.data : "");
    }
    if ((counts->isut != 0 && counts->isut != counts->type) ||
        (counts->isstd != 0 && counts->isstd != counts->type)) {
        return zone_bad(err, name, pos, "the counts of its header contradict each other");
    }
    for (uint32_t i = 0; i < counts->type; i++) {
        const uint8_t *type = types + (size_t)i * 6;
        int64_t offset = zone_signed(type, 4);
        if (offset < ZONE_OFFSET_MIN || offset > ZONE_OFFSET_MAX || type[4] > 1 ||
            type[5] >= counts->chars) {
            return zone_bad(err, name, (size_t)(type - data), "a local time type is out of range");
        }
    }
    if (!zone_add(build, INT64_MIN, (int32_t)zone_signed(types, 4))) {
        return kundig__nomem(build->mem, err);
    }
    *last = INT64_MIN;
    for (uint32_t i = 0; i < counts->time; i++) {
        const uint8_t *at = times + (size_t)i * width;
        int64_t start = zone_signed(at, width);
        if (start <= *last || start < -ZONE_TIME_MOST || start > ZONE_TIME_MOST) {
            return zone_bad(err, name, (size_t)(at - data), "its transitions do not ascend");
        }
        if (indexes[i] >= counts->type) {
            return zone_bad(err, name, (size_t)(indexes - data) + i,
                            "a transition names a local time type that is not there");
        }
        *last = start;
        int32_t offset = (int32_t)zone_signed(types + (size_t)indexes[i] * 6, 4);
        if (!zone_add(build, start, offset)) {
            return kundig__nomem(build->mem, err);
        }
    }
    return KUNDIG_OK;
}

/* "\n" rule "\n" at pos; an empty rule says nothing. */
static int zone_footer(zone_build *build, const uint8_t *data, size_t size, size_t pos,
                       int64_t last, kundig_text name, kundig_error *err)
{
    if (pos == size || data[pos] != '\n') {
        return zone_bad(err, name, pos, "the rule for later years is missing");
    }
    pos++;
    const uint8_t *end = memchr(data + pos, '\n', size - pos);
    if (!end) {
        return zone_bad(err, name, size, "it ends inside the rule for later years");
    }
    const char *start = (const char *)data + pos;
    zone_cursor cursor = {start, (const char *)end};
    zone_rule rule;
    if (cursor.at == cursor.end) {
        return KUNDIG_OK;
    }
    if (!zone_rule_read(&cursor, &rule)) {
        return zone_bad(err, name, pos + (size_t)(cursor.at - start),
                        "the rule for later years is not one");
    }
    return zone_rule_lay_out(build, &rule, last) ? KUNDIG_OK : kundig__nomem(build->mem, err);
}

int kundig__zone_parse(kundig__mem *mem, kundig_text name, const void *data, size_t size,
                       kundig__zone **out, kundig_error *err)
{
    const uint8_t *bytes = data;
    zone_build build = {mem, NULL, 0, NULL, 0, 0};
    zone_counts counts;
    size_t pos = 0;
    size_t block = 0;
    int64_t last = INT64_MIN;
    int rc = zone_header(bytes, size, &pos, 4, name, &counts, &block, err);
    if (rc) {
        goto done;
    }
    if (bytes[4] == 0) {
        rc = zone_block(&build, bytes, pos, 4, &counts, name, &last, err);
    } else {
        pos += block;
        rc = zone_header(bytes, size, &pos, 8, name, &counts, &block, err);
        if (!rc) {
            rc = zone_block(&build, bytes, pos, 8, &counts, name, &last, err);
        }
        if (!rc) {
            rc = zone_footer(&build, bytes, size, pos + block, last, name, err);
        }
    }
    if (!rc) {
        rc = zone_finish(&build, name, kundig__xxh3(data, size), out, err);
    }
done:
    zone_build_free(&build);
    return rc;
}

/* ---- Loading --------------------------------------------------------------------------------- */

/* Names of the IANA data base: parts of letters, digits, "_", "+", "-", with "/" between them. */
static bool zone_name_is_plain(kundig_text name)
{
    if (!name.data || name.len == 0 || name.len > 255) {
        return false;
    }
    char before = '/';
    for (size_t i = 0; i < name.len; i++) {
        char c = name.data[i];
        bool inside =
            zone_is_letter(c) || kundig__text_is_digit(c) || c == '_' || c == '+' || c == '-';
        if (!inside && (c != '/' || before == '/')) {
            return false;
        }
        before = c;
    }
    return before != '/';
}

static int zone_unknown(kundig_error *err, kundig_text directory, kundig_text name)
{
    return kundig__fail(err, KUNDIG_E_NOT_FOUND, 0,
                        "no time zone named \"%.*s\" in %.*s: use a name such as Europe/Berlin, "
                        "or give the zone's bytes with kundig_zone_add()",
                        kundig__shown(name), name.data ? name.data : "", kundig__shown(directory),
                        directory.data ? directory.data : "");
}

static int zone_read_file(kundig__mem *mem, kundig_text path, kundig__buf *out, kundig_error *err)
{
    kundig__file *file = NULL;
    char piece[4096];
    size_t got = 0;
    int rc = kundig__file_open(mem, path, &file, err);
    if (rc) {
        return rc;
    }
    do {
        rc = kundig__file_read(file, piece, sizeof piece, &got, err);
        if (!rc) {
            kundig__buf_add(out, piece, got);
        }
    } while (!rc && got > 0 && !out->failed && out->len <= ZONE_FILE_MOST);
    kundig__file_close(file);
    if (!rc && out->failed) {
        rc = kundig__nomem(mem, err);
    } else if (!rc && out->len > ZONE_FILE_MOST) {
        rc = kundig__fail(err, KUNDIG_E_FORMAT, ZONE_FILE_MOST,
                          "%.*s is too large to be a time zone", kundig__shown(path), path.data);
    }
    return rc;
}

static int zone_make_utc(kundig__mem *mem, kundig_text name, kundig__zone **out, kundig_error *err)
{
    zone_build build = {mem, NULL, 0, NULL, 0, 0};
    int rc = zone_add(&build, INT64_MIN, 0)
                 ? zone_finish(&build, name, kundig__xxh3("", 0), out, err)
                 : kundig__nomem(mem, err);
    zone_build_free(&build);
    return rc;
}

int kundig__zone_load(kundig__mem *mem, kundig_text directory, kundig_text name, kundig__zone **out,
                      kundig_error *err)
{
    kundig__buf path;
    kundig__buf bytes;
    if (kundig__text_equal(name, KUNDIG__TEXT("UTC"))) {
        return zone_make_utc(mem, name, out, err);
    }
    if (!zone_name_is_plain(name) || !directory.data || directory.len == 0) {
        return zone_unknown(err, directory, name);
    }
    kundig__buf_init(&path, mem);
    kundig__buf_init(&bytes, mem);
    kundig__buf_text(&path, directory);
    kundig__buf_char(&path, '/');
    kundig__buf_text(&path, name);
    int rc = path.failed ? kundig__nomem(mem, err) : KUNDIG_OK;
    if (!rc) {
        rc = zone_read_file(mem, (kundig_text){path.data, path.len}, &bytes, err);
        if (rc == KUNDIG_E_IO || rc == KUNDIG_E_ARG) {
            rc = zone_unknown(err, directory, name);
        }
    }
    if (!rc) {
        rc = kundig__zone_parse(mem, name, bytes.data ? bytes.data : "", bytes.len, out, err);
    }
    kundig__buf_free(&bytes);
    kundig__buf_free(&path);
    return rc;
}

/* ---- Asking ---------------------------------------------------------------------------------- */

/* The stretch that holds an instant. */
static size_t zone_seek(const kundig__zone *zone, int64_t utc_seconds)
{
    size_t low = 0;
    size_t high = zone->count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (zone->starts[middle] <= utc_seconds) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

int32_t kundig__zone_offset(const kundig__zone *zone, int64_t utc_seconds, int64_t *from,
                            int64_t *to)
{
    size_t at = zone_seek(zone, utc_seconds);
    if (from) {
        *from = zone->starts[at];
    }
    if (to) {
        *to = at + 1 < zone->count ? zone->starts[at + 1] : INT64_MAX;
    }
    return zone->offsets[at];
}

int64_t kundig__zone_to_utc_ms(const kundig__zone *zone, int64_t local_ms)
{
    /* A margin of two days, so that no offset leads out of range. */
    const int64_t most = INT64_MAX - 2 * KUNDIG__DAY_MS;
    local_ms = local_ms > most ? most : local_ms < -most ? -most : local_ms;
    int64_t local = kundig__floor_div(local_ms, 1000);
    int64_t ms = local_ms - local * 1000;
    bool has_gap = false;
    int64_t gap = 0;
    /* The first stretch in which the clock shows this time. If none does, it lies in a gap, and the
     * offset before the gap holds. No stretch that begins beyond the last offset can show it. */
    for (size_t at = zone_seek(zone, local - ZONE_OFFSET_MAX - 1); at < zone->count; at++) {
        int64_t utc = local - zone->offsets[at];
        int64_t end = at + 1 < zone->count ? zone->starts[at + 1] : INT64_MAX;
        if (zone->starts[at] > local - ZONE_OFFSET_MIN) {
            break;
        }
        if (utc >= zone->starts[at] && utc < end) {
            return utc * 1000 + ms;
        }
        if (!has_gap && utc >= end && local - zone->offsets[at + 1] < end) {
            has_gap = true;
            gap = utc;
        }
    }
    return gap * 1000 + ms;
}
