#define _POSIX_C_SOURCE 200809L
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/calendar.h"
#include "base/text.h"
#include "base/zone.h"
#include "probe.h"
#include "zone_bytes.h"
#include "zone_points.h"

TestSuite(zone, .fini = probe_fini);

static kundig__mem zone_mem(void)
{
    kundig__mem mem;
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem_init(&mem, &allocator, 0);
    return mem;
}

/* Seconds since 1970 of a wall clock's time read as UTC. */
static int64_t at(int32_t year, int32_t month, int32_t day, int64_t hour, int64_t minute)
{
    int64_t days = kundig__days_from_date((kundig__date){year, month, day});
    return days * 86400 + hour * 3600 + minute * 60;
}

static kundig__zone *parsed(kundig__mem *mem, const zone_bytes *bytes)
{
    kundig__zone *zone = NULL;
    kundig_error err = {0};
    int rc =
        kundig__zone_parse(mem, KUNDIG__TEXT("Made/Up"), bytes->data, bytes->size, &zone, &err);
    cr_assert_eq(rc, KUNDIG_OK, "%s", err.message);
    cr_assert_eq(zone->starts[0], INT64_MIN);
    for (size_t i = 1; i < zone->count; i++) {
        cr_assert(zone->starts[i] > zone->starts[i - 1]);
        cr_assert_neq(zone->offsets[i], zone->offsets[i - 1]);
    }
    return zone;
}

static kundig__zone *with_rule(kundig__mem *mem, const char *rule)
{
    static const int32_t offsets[1] = {3600};
    zone_bytes bytes = zone_file('3', NULL, NULL, 0, offsets, 1, rule);
    return parsed(mem, &bytes);
}

static void refused(const zone_bytes *bytes, size_t pos, const char *why)
{
    kundig__mem mem = zone_mem();
    kundig__zone *zone = NULL;
    kundig_error err = {0};
    int rc =
        kundig__zone_parse(&mem, KUNDIG__TEXT("Made/Up"), bytes->data, bytes->size, &zone, &err);
    cr_assert_eq(rc, KUNDIG_E_FORMAT, "%s: %d", why, rc);
    cr_assert_null(zone);
    cr_assert_eq(err.pos, pos, "%s: at %zu, not %zu", why, err.pos, pos);
    cr_assert_not_null(strstr(err.message, why), "%s", err.message);
    cr_assert_not_null(strstr(err.message, "Made/Up"), "%s", err.message);
    cr_assert_eq(mem.used, 0);
}

Test(zone, agrees_with_python_over_the_systems_files)
{
    kundig__mem mem = zone_mem();
    kundig_text directory = KUNDIG__TEXT("/usr/share/zoneinfo");
    kundig__zone *zone = NULL;
    size_t count = sizeof zone_points / sizeof zone_points[0];
    if (access("/usr/share/zoneinfo/Europe/Berlin", R_OK) != 0) {
        cr_skip_test("no zone files in /usr/share/zoneinfo");
    }
    for (size_t i = 0; i < count; i++) {
        const zone_point *point = &zone_points[i];
        kundig_error err = {0};
        kundig_text name = kundig__str(point->name);
        if (!zone || !kundig__text_equal(name, kundig__text(zone->name, zone->name_len))) {
            kundig__zone_free(zone);
            int rc = kundig__zone_load(&mem, directory, name, &zone, &err);
            cr_assert_eq(rc, KUNDIG_OK, "%s", err.message);
        }
        cr_assert_eq(kundig__zone_offset(zone, point->utc, NULL, NULL), point->offset,
                     "%s at %lld: %d, not %d", point->name, (long long)point->utc,
                     kundig__zone_offset(zone, point->utc, NULL, NULL), point->offset);
        cr_assert_eq(kundig__zone_to_utc_ms(zone, point->local * 1000 + 7),
                     point->local_utc * 1000 + 7, "%s local %lld: %lld", point->name,
                     (long long)point->local,
                     (long long)kundig__zone_to_utc_ms(zone, point->local * 1000 + 7));
    }
    kundig__zone_free(zone);
    cr_assert_eq(mem.used, 0);
}

Test(zone, version_one_files_are_read)
{
    kundig__mem mem = zone_mem();
    const int64_t times[] = {-2000000000, 0, 1000000000};
    const uint8_t types[] = {1, 0, 1};
    const int32_t offsets[] = {0, -5400};
    zone_bytes bytes;
    bytes.size = 0;
    zone_put_block(&bytes, 0, 4, times, types, 3, offsets, 2);
    kundig__zone *zone = parsed(&mem, &bytes);
    int64_t from = 0;
    int64_t to = 0;
    cr_assert_eq(zone->count, 4);
    cr_assert_eq(kundig__zone_offset(zone, -2000000001, &from, &to), 0);
    cr_assert(from == INT64_MIN && to == -2000000000);
    cr_assert_eq(kundig__zone_offset(zone, -1, &from, &to), -5400);
    cr_assert(from == -2000000000 && to == 0);
    cr_assert_eq(kundig__zone_offset(zone, 0, &from, &to), 0);
    cr_assert(from == 0 && to == 1000000000);
    cr_assert_eq(kundig__zone_offset(zone, INT64_MAX, &from, &to), -5400);
    cr_assert(from == 1000000000 && to == INT64_MAX);
    cr_assert_eq(kundig__zone_offset(zone, INT64_MIN, NULL, NULL), 0);
    kundig__zone_free(zone);
}

Test(zone, the_first_block_is_stepped_over_and_empty_changes_are_dropped)
{
    kundig__mem mem = zone_mem();
    const int64_t times[] = {-INT64_C(576460752303423488), 100, 200, 300};
    const uint8_t types[] = {1, 0, 2, 1};
    const int32_t offsets[] = {3600, 7200, 3600};
    zone_bytes bytes = zone_file('2', times, types, 4, offsets, 3, "");
    kundig__zone *zone = parsed(&mem, &bytes);
    cr_assert_eq(zone->count, 4);
    cr_assert_eq(zone->starts[2], 100);
    cr_assert_eq(zone->starts[3], 300);
    cr_assert_eq(kundig__zone_offset(zone, at(2150, 7, 1, 0, 0), NULL, NULL), 7200);
    kundig__zone_free(zone);
}

Test(zone, rules_of_months_and_weeks_are_laid_out_to_2200)
{
    kundig__mem mem = zone_mem();
    kundig__zone *zone = with_rule(&mem, "CET-1CEST,M3.5.0,M10.5.0/3");
    /* 2026: March 29th and October 25th, both at 01:00 UTC */
    cr_assert_eq(kundig__zone_offset(zone, at(2026, 3, 29, 1, 0) - 1, NULL, NULL), 3600);
    cr_assert_eq(kundig__zone_offset(zone, at(2026, 3, 29, 1, 0), NULL, NULL), 7200);
    cr_assert_eq(kundig__zone_offset(zone, at(2026, 10, 25, 1, 0) - 1, NULL, NULL), 7200);
    cr_assert_eq(kundig__zone_offset(zone, at(2026, 10, 25, 1, 0), NULL, NULL), 3600);
    cr_assert_eq(kundig__zone_offset(zone, at(2200, 7, 1, 0, 0), NULL, NULL), 7200);
    cr_assert_eq(kundig__zone_offset(zone, at(2200, 12, 1, 0, 0), NULL, NULL), 3600);
    cr_assert_eq(kundig__zone_offset(zone, at(2201, 7, 1, 0, 0), NULL, NULL), 3600);
    /* A gap moves forward, an overlap takes the earlier one. */
    cr_assert_eq(kundig__zone_to_utc_ms(zone, at(2026, 3, 29, 2, 30) * 1000),
                 at(2026, 3, 29, 1, 30) * 1000);
    cr_assert_eq(kundig__zone_to_utc_ms(zone, at(2026, 3, 29, 3, 0) * 1000),
                 at(2026, 3, 29, 1, 0) * 1000);
    cr_assert_eq(kundig__zone_to_utc_ms(zone, at(2026, 3, 29, 2, 0) * 1000 - 1),
                 at(2026, 3, 29, 1, 0) * 1000 - 1);
    cr_assert_eq(kundig__zone_to_utc_ms(zone, at(2026, 10, 25, 2, 30) * 1000),
                 at(2026, 10, 25, 0, 30) * 1000);
    cr_assert_eq(kundig__zone_to_utc_ms(zone, at(2026, 10, 25, 3, 0) * 1000),
                 at(2026, 10, 25, 2, 0) * 1000);
    kundig__zone_free(zone);
}

Test(zone, a_rule_begins_behind_the_last_transition)
{
    kundig__mem mem = zone_mem();
    const int64_t times[] = {0, at(2026, 6, 1, 0, 0)};
    const uint8_t types[] = {1, 1};
    const int32_t offsets[] = {3600, 10800};
    /* The second transition changes nothing, and yet the rule of March 2026 is not to be used. */
    zone_bytes bytes = zone_file('2', times, types, 2, offsets, 2, "CET-1CEST,M3.5.0,M10.5.0/3");
    kundig__zone *zone = parsed(&mem, &bytes);
    cr_assert_eq(kundig__zone_offset(zone, at(2026, 10, 25, 1, 0) - 1, NULL, NULL), 10800);
    cr_assert_eq(kundig__zone_offset(zone, at(2026, 10, 25, 1, 0), NULL, NULL), 3600);
    kundig__zone_free(zone);
}

Test(zone, rules_of_every_form_are_understood)
{
    static const struct {
        const char *rule;
        int32_t year, month, day, hour, minute; /* UTC of a change */
        int32_t before, behind;
    } rules[] = {
        /* n counts February 29th, Jn does not */
        {"AAA0BBB,59,300", 2024, 2, 29, 2, 0, 0, 3600},
        {"AAA0BBB,59,300", 2025, 3, 1, 2, 0, 0, 3600},
        {"AAA0BBB,J60,J300", 2024, 3, 1, 2, 0, 0, 3600},
        {"AAA0BBB,J60,J300", 2025, 3, 1, 2, 0, 0, 3600},
        {"AAA0BBB,J59,J300", 2024, 2, 28, 2, 0, 0, 3600},
        /* south: summer runs over new year */
        {"NZST-12NZDT,M9.5.0,M4.1.0/3", 2026, 9, 26, 14, 0, 43200, 46800},
        {"NZST-12NZDT,M9.5.0,M4.1.0/3", 2026, 4, 4, 14, 0, 46800, 43200},
        /* half an hour of summer */
        {"<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 2026, 10, 3, 15, 30, 37800, 39600},
        /* winter time as a negative summer (Dublin) */
        {"IST-1GMT0,M10.5.0,M3.5.0/1", 2026, 3, 29, 1, 0, 0, 3600},
        {"IST-1GMT0,M10.5.0,M3.5.0/1", 2026, 10, 25, 1, 0, 3600, 0},
        /* times beyond a day and below zero */
        {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 2026, 3, 29, 1, 0, -7200, -3600},
        {"EET-2EEST,M3.4.4/50,M10.4.4/50", 2026, 3, 28, 0, 0, 7200, 10800},
        {"AAA3BBB,M3.2.0/-167,M11.1.0/167", 2026, 3, 1, 4, 0, -10800, -7200},
        {"AAA3BBB,M3.2.0/-167,M11.1.0/167", 2026, 11, 8, 1, 0, -7200, -10800},
        /* minutes and seconds, a plus sign */
        {"AAA+0:59:60BBB", 0, 0, 0, 0, 0, 0, 0},
        {"AAA+1:30BBB+0:15,M3.2.0/+2:30,M11.1.0", 2026, 3, 8, 4, 0, -5400, -900},
    };
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        kundig__mem mem = zone_mem();
        if (rules[i].year == 0) {
            const int32_t offsets[1] = {0};
            zone_bytes bytes = zone_file('3', NULL, NULL, 0, offsets, 1, rules[i].rule);
            kundig__zone *zone = NULL;
            cr_assert_eq(
                kundig__zone_parse(&mem, KUNDIG__TEXT("x"), bytes.data, bytes.size, &zone, NULL),
                KUNDIG_E_FORMAT, "%s", rules[i].rule);
            continue;
        }
        kundig__zone *zone = with_rule(&mem, rules[i].rule);
        int64_t change =
            at(rules[i].year, rules[i].month, rules[i].day, rules[i].hour, rules[i].minute);
        cr_assert_eq(kundig__zone_offset(zone, change - 1, NULL, NULL), rules[i].before, "%s in %d",
                     rules[i].rule, rules[i].year);
        cr_assert_eq(kundig__zone_offset(zone, change, NULL, NULL), rules[i].behind, "%s in %d",
                     rules[i].rule, rules[i].year);
        kundig__zone_free(zone);
    }
}

Test(zone, summer_all_year_is_one_stretch)
{
    kundig__mem mem = zone_mem();
    kundig__zone *zone = with_rule(&mem, "XXX3EDT4,0/0,J365/23");
    int64_t from;
    int64_t to;
    cr_assert_eq(kundig__zone_offset(zone, at(2026, 7, 1, 0, 0), &from, &to), -14400);
    cr_assert(from < at(1900, 1, 1, 0, 0));
    cr_assert(to > at(2200, 1, 1, 0, 0));
    kundig__zone_free(zone);
    zone = with_rule(&mem, "<-05>5");
    cr_assert_eq(zone->count, 1);
    cr_assert_eq(kundig__zone_offset(zone, 0, &from, &to), -18000);
    cr_assert(from == INT64_MIN && to == INT64_MAX);
    kundig__zone_free(zone);
}

Test(zone, a_last_transition_long_ago_or_far_ahead_costs_nothing)
{
    const int64_t moments[] = {-INT64_C(2305843009213693951), -INT64_C(1000000000000000),
                               INT64_C(1000000000000000), INT64_C(2305843009213693951)};
    for (size_t i = 0; i < 4; i++) {
        kundig__mem mem = zone_mem();
        const uint8_t types[] = {0};
        const int32_t offsets[] = {3600};
        zone_bytes bytes =
            zone_file('2', &moments[i], types, 1, offsets, 1, "CET-1CEST,M3.5.0,M10.5.0/3");
        kundig__zone *zone = parsed(&mem, &bytes);
        cr_assert_eq(kundig__zone_offset(zone, at(2026, 7, 1, 0, 0), NULL, NULL),
                     moments[i] < 0 ? 7200 : 3600);
        cr_assert(mem.peak < 100000, "%zu bytes", mem.peak);
        kundig__zone_free(zone);
    }
}

Test(zone, local_times_at_the_ends_do_not_overflow)
{
    kundig__mem mem = zone_mem();
    kundig__zone *zone = with_rule(&mem, "<-12>12<+14>-14,M3.5.0,M10.5.0/3");
    cr_assert(kundig__zone_to_utc_ms(zone, INT64_MIN) < 0);
    cr_assert(kundig__zone_to_utc_ms(zone, INT64_MAX) > 0);
    /* A whole day is skipped, a whole day comes twice. */
    for (int64_t local = at(2026, 3, 1, 0, 0); local < at(2026, 12, 1, 0, 0); local += 1799) {
        int64_t utc = kundig__zone_to_utc_ms(zone, local * 1000) / 1000;
        int64_t back = utc + kundig__zone_offset(zone, utc, NULL, NULL);
        cr_assert(back == local || back == local + 26 * 3600, "%lld", (long long)local);
    }
    kundig__zone_free(zone);
}

/* A jump of 20 hours that is taken back an hour later: the local time is skipped first and shown
 * afterwards, and what is shown goes before what is skipped. */
Test(zone, a_time_that_a_later_stretch_shows_is_in_no_gap)
{
    kundig__mem mem = zone_mem();
    const int64_t times[] = {0, 3600};
    const uint8_t types[] = {1, 0};
    const int32_t offsets[] = {0, 72000};
    zone_bytes bytes = zone_file('2', times, types, 2, offsets, 2, "");
    kundig__zone *zone = parsed(&mem, &bytes);
    cr_assert_eq(kundig__zone_to_utc_ms(zone, 18000 * 1000), 18000 * 1000);
    cr_assert_eq(kundig__zone_to_utc_ms(zone, 1800 * 1000), 1800 * 1000); /* in a gap for good */
    cr_assert_eq(kundig__zone_to_utc_ms(zone, 72000 * 1000), 0);
    kundig__zone_free(zone);
}

Test(zone, each_broken_byte_is_named)
{
    const int64_t times[] = {100, 200};
    const uint8_t types[] = {1, 0};
    const int32_t offsets[] = {3600, 7200};
    const zone_bytes good =
        zone_file('2', times, types, 2, offsets, 2, "CET-1CEST,M3.5.0,M10.5.0/3");
    const size_t second = 44 + 10; /* the first block holds one type and four letters */
    const size_t body = second + 44;
    zone_bytes bad = good;
    bad.data[0] = 't';
    refused(&bad, 0, "does not start with");
    bad = good;
    bad.data[4] = '9';
    refused(&bad, 4, "version");
    bad = good;
    bad.data[second] = 0;
    refused(&bad, second, "does not start with");
    bad = good;
    bad.data[second + 20] = 0xFF;
    refused(&bad, bad.size, "promises");
    bad = good;
    memset(bad.data + second + 32, 0xFF, 4);
    refused(&bad, bad.size, "promises");
    bad = good;
    bad.data[second + 39] = 0;
    refused(&bad, body, "local time type");
    bad = good;
    bad.data[second + 27] = 1;
    refused(&bad, body, "contradict");
    bad = good;
    bad.data[second + 31] = 1;
    refused(&bad, body, "leap seconds");
    bad = good;
    bad.data[body + 7] = 200;
    refused(&bad, body + 8, "ascend");
    bad = good;
    bad.data[body + 16] = 2;
    refused(&bad, body + 16, "names a local time type");
    bad = good;
    bad.data[body + 18] = 0x7F;
    refused(&bad, body + 18, "out of range");
    bad = good;
    bad.data[body + 18 + 6 + 4] = 2;
    refused(&bad, body + 18 + 6, "out of range");
    bad = good;
    bad.data[body + 18 + 5] = 4;
    refused(&bad, body + 18, "out of range");
    bad = good;
    bad.data[body + 34] = ' ';
    refused(&bad, body + 34, "rule for later years is missing");
    bad = good;
    bad.size--;
    refused(&bad, bad.size, "ends inside the rule");
}

Test(zone, rules_that_are_none_are_refused)
{
    static const char *const rules[] = {
        "C",
        "CE-1",
        "CET",
        "CET-",
        "CET-25",
        "CET-1:60",
        "CET-1CEST",
        "CET-1CEST,",
        "CET-1CEST,M3.5.0",
        "CET-1CEST,M3.5.0,",
        "CET-1CEST,M3.5.0,M10.5.0/3x",
        "CET-1CEST,M13.5.0,M10.5.0",
        "CET-1CEST,M0.5.0,M10.5.0",
        "CET-1CEST,M3.6.0,M10.5.0",
        "CET-1CEST,M3.0.0,M10.5.0",
        "CET-1CEST,M3.5.7,M10.5.0",
        "CET-1CEST,M3.5,M10.5.0",
        "CET-1CEST,J0,J300",
        "CET-1CEST,J366,J300",
        "CET-1CEST,366,300",
        "CET-1CEST,99999999999999999999,300",
        "CET-1CEST,M3.5.0/168,M10.5.0",
        "CET-1CEST,M3.5.0/-168,M10.5.0",
        "CET-1CEST,M3.5.0/1:,M10.5.0",
        "<+01-1",
        "<+0>-1",
        "<+01>-1<+02,M3.5.0,M10.5.0",
        "CET-1CEST-2CEMT-3,M3.5.0,M10.5.0",
        " CET-1",
        "Gr\xC3\xBC\xC3\x9F-1",
    };
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        const int32_t offsets[1] = {3600};
        kundig__mem mem = zone_mem();
        kundig__zone *zone = NULL;
        kundig_error err = {0};
        zone_bytes bytes = zone_file('3', NULL, NULL, 0, offsets, 1, rules[i]);
        cr_assert_eq(
            kundig__zone_parse(&mem, KUNDIG__TEXT("x"), bytes.data, bytes.size, &zone, &err),
            KUNDIG_E_FORMAT, "%s", rules[i]);
        cr_assert_null(zone);
        cr_assert(err.pos >= bytes.size - 1 - strlen(rules[i]) && err.pos < bytes.size, "%s: %zu",
                  rules[i], err.pos);
    }
}

Test(zone, every_truncation_and_every_flipped_byte_ends_well)
{
    const int64_t times[] = {-5, 100, 200};
    const uint8_t types[] = {1, 0, 1};
    const int32_t offsets[] = {3600, 7200};
    zone_bytes good = zone_file('2', times, types, 3, offsets, 2, "CET-1CEST,M3.5.0,M10.5.0/3");
    for (size_t i = 0; i < good.size * 257; i++) {
        kundig__mem mem = zone_mem();
        kundig__zone *zone = NULL;
        size_t where = i / 257;
        size_t size = i % 257 == 256 ? where : good.size;
        uint8_t *copy = malloc(size ? size : 1);
        memcpy(copy, good.data, size);
        if (size == good.size) {
            copy[where] = (uint8_t)i;
        }
        int rc = kundig__zone_parse(&mem, KUNDIG__TEXT("x"), copy, size, &zone, NULL);
        cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_FORMAT);
        cr_assert_eq(rc == KUNDIG_OK, zone != NULL);
        if (zone) {
            (void)kundig__zone_to_utc_ms(zone, 1);
            kundig__zone_free(zone);
        }
        cr_assert_eq(mem.used, 0);
        free(copy);
    }
}

Test(zone, names_cannot_leave_the_directory)
{
    static const char *const names[] = {
        "..",          "../etc/passwd", "Europe/../../etc",   "/etc/passwd", "Europe//Berlin",
        "Europe/",     "Europe",        "Europe/Berlin ",     "Nowhere",     "a.b",
        "Eur\\Berlin", "%s%n",          "Gr\xC3\xBC\xC3\x9F", ".",           "",
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        kundig__mem mem = zone_mem();
        kundig__zone *zone = NULL;
        kundig_error err = {0};
        cr_assert_eq(kundig__zone_load(&mem, KUNDIG__TEXT("/usr/share/zoneinfo"),
                                       kundig__str(names[i]), &zone, &err),
                     KUNDIG_E_NOT_FOUND, "%s: %s", names[i], err.message);
        cr_assert_null(zone);
        cr_assert_eq(mem.used, 0);
    }
    kundig__mem mem = zone_mem();
    kundig__zone *zone = NULL;
    kundig_error err = {0};
    kundig_text nul = {"Europe\0Berlin", 13};
    cr_assert_eq(kundig__zone_load(&mem, KUNDIG__TEXT("/usr/share/zoneinfo"), nul, &zone, &err),
                 KUNDIG_E_NOT_FOUND);
    cr_assert_eq(kundig__zone_load(&mem, KUNDIG__TEXT("/no/such/place"),
                                   KUNDIG__TEXT("Europe/Berlin"), &zone, &err),
                 KUNDIG_E_NOT_FOUND);
    cr_assert_not_null(strstr(err.message, "\"Europe/Berlin\" in /no/such/place"), "%s",
                       err.message);
    cr_assert_eq(
        kundig__zone_load(&mem, (kundig_text){NULL, 0}, KUNDIG__TEXT("Europe/Berlin"), &zone, NULL),
        KUNDIG_E_NOT_FOUND);
}

static void write_file(const char *path, const void *data, size_t size)
{
    FILE *file = fopen(path, "wb");
    cr_assert_not_null(file);
    cr_assert_eq(fwrite(data, 1, size, file), size);
    fclose(file);
}

Test(zone, files_are_read_whole_and_checked)
{
    char folder[] = "/tmp/kundig_zone_XXXXXX";
    char path[64];
    cr_assert_not_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/Some-Zone_1", folder);
    const int32_t offsets[1] = {3600};
    zone_bytes bytes = zone_file('2', NULL, NULL, 0, offsets, 1, "CET-1CEST,M3.5.0,M10.5.0/3");
    write_file(path, bytes.data, bytes.size);
    kundig__mem mem = zone_mem();
    kundig__zone *zone = NULL;
    kundig__zone *again = NULL;
    kundig_error err = {0};
    kundig_text directory = kundig__str(folder);
    cr_assert_eq(kundig__zone_load(&mem, directory, KUNDIG__TEXT("Some-Zone_1"), &zone, &err),
                 KUNDIG_OK, "%s", err.message);
    again = parsed(&mem, &bytes);
    cr_assert_eq(zone->checksum, again->checksum);
    cr_assert_eq(zone->count, again->count);
    kundig__zone_free(zone);
    kundig__zone_free(again);
    zone = NULL;
    write_file(path, "", 0);
    cr_assert_eq(kundig__zone_load(&mem, directory, KUNDIG__TEXT("Some-Zone_1"), &zone, &err),
                 KUNDIG_E_FORMAT);
    char *large = calloc(1, 3 << 20);
    memcpy(large, bytes.data, bytes.size);
    write_file(path, large, 3 << 20);
    free(large);
    cr_assert_eq(kundig__zone_load(&mem, directory, KUNDIG__TEXT("Some-Zone_1"), &zone, &err),
                 KUNDIG_E_FORMAT);
    cr_assert_not_null(strstr(err.message, "too large"), "%s", err.message);
    cr_assert_null(zone);
    cr_assert_eq(mem.used, 0);
    unlink(path);
    rmdir(folder);
}

Test(zone, utc_needs_no_file)
{
    kundig__mem mem = zone_mem();
    kundig__zone *zone = NULL;
    cr_assert_eq(kundig__zone_load(&mem, (kundig_text){NULL, 0}, KUNDIG__TEXT("UTC"), &zone, NULL),
                 KUNDIG_OK);
    cr_assert_eq(zone->count, 1);
    cr_assert_eq(kundig__zone_to_utc_ms(zone, 123456), 123456);
    cr_assert_eq(kundig__zone_to_utc_ms(zone, -123456), -123456);
    kundig__zone_free(zone);
    kundig__zone_free(NULL);
}

Test(zone, fails_cleanly_at_every_allocation)
{
    const int64_t times[] = {-5, 100, 200};
    const uint8_t types[] = {1, 0, 1};
    const int32_t offsets[] = {3600, 7200};
    zone_bytes bytes = zone_file('2', times, types, 3, offsets, 2, "CET-1CEST,M3.5.0,M10.5.0/3");
    for (int mode = 0; mode < 4; mode++) {
        int rc = KUNDIG_E_NOMEM;
        for (size_t n = 1; rc != KUNDIG_OK; n++) {
            probe p = {0};
            p.fail_at = n;
            p.fail_on = mode & 1;
            kundig_allocator allocator = probe_allocator(&p);
            kundig__mem mem;
            kundig__zone *zone = NULL;
            kundig_error err = {0};
            kundig__mem_init(&mem, &allocator, 0);
            rc = mode < 2 ? kundig__zone_parse(&mem, KUNDIG__TEXT("x"), bytes.data, bytes.size,
                                               &zone, &err)
                          : kundig__zone_load(&mem, KUNDIG__TEXT("/usr/share/zoneinfo"),
                                              KUNDIG__TEXT("Europe/Berlin"), &zone, &err);
            if (rc == KUNDIG_E_NOT_FOUND) {
                break; /* no zone files here */
            }
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM, "%zu: %s", n, err.message);
            cr_assert_eq(rc == KUNDIG_OK, zone != NULL);
            kundig__zone_free(zone);
            cr_assert_eq(p.live_blocks, 0, "allocation %zu", n);
            cr_assert_eq(p.live_bytes, 0);
            cr_assert_eq(mem.used, 0);
            cr_assert(n < 1000);
        }
    }
}
