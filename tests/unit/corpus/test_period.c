/* Times to windows: the tables against the calendar and the zone, one time after the other. */
#include <stdio.h>

#include "base/calendar.h"
#include "base/prng.h"
#include "corpus/period.h"
#include "fixture.h"

TestSuite(period, .fini = probe_fini);

static const kundig__zone *period_zone(fixture *f, const char *name)
{
    const kundig__zone *zone = NULL;
    cr_assert_eq(kundig__zone_get(&f->context, kundig__str(name), &zone, &f->err), KUNDIG_OK);
    return zone;
}

Test(period, agrees_with_the_zone_for_every_hour_of_two_years)
{
    static const char *const names[4] = {"Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe",
                                         "Africa/Casablanca"};
    fixture f;
    fixture_open(&f);
    for (int z = 0; z < 4; z++) {
        const kundig__zone *zone = NULL;
        kundig__period period;
        cr_assert_eq(kundig__zone_get(&f.context, kundig__str(names[z]), &zone, &f.err), KUNDIG_OK);
        int64_t least = INT64_C(1735689600000);
        int64_t greatest = least + 730 * KUNDIG__DAY_MS;
        cr_assert_eq(kundig__period_init(&period, &f.context.mem, zone, KUNDIG_EVERY_DAY, least,
                                         greatest, &f.err),
                     KUNDIG_OK);
        for (int64_t t = least; t <= greatest; t += 1800000) {
            char label[32];
            char expected[16];
            int64_t local = t + (int64_t)kundig__zone_offset(zone, t / 1000, NULL, NULL) * 1000;
            size_t len =
                kundig__period_label(&period, kundig__period_window(&period, t, false), label);
            size_t want = kundig__window_label(KUNDIG_EVERY_DAY,
                                               kundig__floor_div(local, KUNDIG__DAY_MS), expected);
            cr_assert(kundig__text_equal(kundig__text(label, len), kundig__text(expected, want)),
                      "%s at %lld", names[z], (long long)t);
        }
        kundig__period_free(&period);
    }
    fixture_close(&f);
}

Test(period, a_written_date_lies_in_the_window_of_its_own_day_in_every_zone)
{
    static const char *const names[3] = {"Pacific/Kiritimati", "Pacific/Niue", "Europe/Berlin"};
    fixture f;
    fixture_open(&f);
    for (int z = 0; z < 3; z++) {
        for (int32_t every = KUNDIG_EVERY_DAY; every <= KUNDIG_EVERY_YEAR; every++) {
            kundig__period period;
            int64_t least = INT64_C(1735689600000);
            int64_t greatest = least + 800 * KUNDIG__DAY_MS;
            cr_assert_eq(kundig__period_init(&period, &f.context.mem, period_zone(&f, names[z]),
                                             every, least, greatest, &f.err),
                         KUNDIG_OK);
            for (int64_t t = least; t <= greatest; t += KUNDIG__DAY_MS) {
                char label[32];
                char expected[16];
                size_t len =
                    kundig__period_label(&period, kundig__period_window(&period, t, true), label);
                int64_t start = kundig__window_start(every, t / KUNDIG__DAY_MS);
                size_t want = kundig__window_label(every, start, expected);
                cr_assert(
                    kundig__text_equal(kundig__text(label, len), kundig__text(expected, want)),
                    "%s, %lld: %.*s, not %.*s", names[z], (long long)t, (int)len, label, (int)want,
                    expected);
            }
            kundig__period_free(&period);
        }
    }
    fixture_close(&f);
}

Test(period, a_day_begins_at_local_midnight_and_ends_a_millisecond_before_the_next)
{
    static const struct {
        const char *zone;
        int64_t hours; /* east of UTC, all the time */
    } cases[] = {{"Pacific/Kiritimati", 14}, {"Pacific/Niue", -11}, {"UTC", 0}};
    fixture f;
    fixture_open(&f);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kundig__period period;
        int64_t day = INT64_C(1735689600000);
        cr_assert_eq(kundig__period_init(&period, &f.context.mem, period_zone(&f, cases[i].zone),
                                         KUNDIG_EVERY_DAY, day, day + 30 * KUNDIG__DAY_MS, &f.err),
                     KUNDIG_OK);
        for (int64_t local = day + KUNDIG__DAY_MS; local < day + 30 * KUNDIG__DAY_MS;
             local += KUNDIG__DAY_MS) {
            int64_t midnight = local - cases[i].hours * INT64_C(3600000);
            uint32_t today = kundig__period_window(&period, local, true);
            cr_assert_eq(kundig__period_window(&period, midnight, false), today);
            cr_assert_eq(kundig__period_window(&period, midnight - 1, false), today - 1);
        }
        kundig__period_free(&period);
    }
    fixture_close(&f);
}

/* Many rows at once give what one after the other gives; data of some years and of all years are
 * divided in two ways. */
static void period_rows_agree(fixture *f, int64_t least, int64_t greatest, uint64_t seed)
{
    enum { COUNT = 3000 };
    static int64_t times[COUNT];
    static uint8_t precisions[COUNT];
    static uint32_t groups[COUNT];
    kundig__period period;
    kundig__prng prng;
    kundig__prng_init(&prng, seed);
    cr_assert_eq(kundig__period_init(&period, &f->context.mem, period_zone(f, "Europe/Berlin"),
                                     KUNDIG_EVERY_WEEK, least, greatest, &f->err),
                 KUNDIG_OK);
    for (int i = 0; i < COUNT; i++) {
        times[i] = least + (int64_t)kundig__prng_below(&prng, (uint64_t)(greatest - least) + 1);
        precisions[i] = (uint8_t)(i % 3 ? KUNDIG_PRECISION_MS : KUNDIG_PRECISION_DAY);
        groups[i] = (uint32_t)i % 5;
    }
    times[0] = least;
    times[1] = greatest;
    times[2] = KUNDIG_TIME_ABSENT;
    kundig__period_rows(&period, times, precisions, COUNT, groups);
    cr_assert_eq(groups[2], UINT32_MAX);
    for (int i = 0; i < COUNT; i++) {
        if (times[i] != KUNDIG_TIME_ABSENT) {
            uint32_t window = kundig__period_window(&period, times[i], i % 3 == 0);
            cr_assert_lt(window, period.window_count);
            cr_assert_eq(groups[i], (uint32_t)i % 5 * period.window_count + window, "%lld",
                         (long long)times[i]);
        }
    }
    /* Without precisions all are instants. */
    uint32_t one = 0;
    kundig__period_rows(&period, &times[3], NULL, 1, &one);
    cr_assert_eq(one, kundig__period_window(&period, times[3], false));
    kundig__period_free(&period);
}

Test(period, rows_agree_with_one_time_after_the_other)
{
    fixture f;
    fixture_open(&f);
    period_rows_agree(&f, INT64_C(1735689600000), INT64_C(1767225599999), 1);
    period_rows_agree(&f, INT64_C(-62135596800000), INT64_C(253402300799999), 2);
    period_rows_agree(&f, -1, 1, 3);
    fixture_close(&f);
}

Test(period, windows_follow_each_other_without_a_gap)
{
    fixture f;
    fixture_open(&f);
    for (int32_t every = KUNDIG_EVERY_DAY; every <= KUNDIG_EVERY_YEAR; every++) {
        kundig__period period;
        int64_t least = INT64_C(1735689600000);
        cr_assert_eq(kundig__period_init(&period, &f.context.mem, period_zone(&f, "UTC"), every,
                                         least, least + 900 * KUNDIG__DAY_MS, &f.err),
                     KUNDIG_OK);
        for (uint32_t w = 1; w < period.window_count; w++) {
            cr_assert_eq(period.starts[w], kundig__window_next(every, period.starts[w - 1]));
        }
        uint32_t before = kundig__period_window(&period, least, false);
        for (int64_t t = least; t <= least + 900 * KUNDIG__DAY_MS; t += KUNDIG__DAY_MS) {
            uint32_t now = kundig__period_window(&period, t, false);
            cr_assert(now == before || now == before + 1);
            before = now;
        }
        kundig__period_free(&period);
    }
    fixture_close(&f);
}

Test(period, of_no_time_at_all_has_no_window)
{
    fixture f;
    kundig__period period;
    fixture_open(&f);
    int64_t times[2] = {KUNDIG_TIME_ABSENT, KUNDIG_TIME_ABSENT};
    uint32_t groups[2] = {0, 7};
    cr_assert_eq(kundig__period_init(&period, &f.context.mem, period_zone(&f, "UTC"),
                                     KUNDIG_EVERY_MONTH, INT64_MAX, INT64_MIN, &f.err),
                 KUNDIG_OK);
    cr_assert_eq(period.window_count, 0);
    kundig__period_rows(&period, times, NULL, 2, groups);
    cr_assert_eq(groups[0], UINT32_MAX);
    cr_assert_eq(groups[1], UINT32_MAX);
    kundig__period_free(&period);
    kundig__period_free(&period); /* twice is once */
    fixture_close(&f);
}

static int64_t period_call(fixture *f, void *ud)
{
    kundig__period period;
    int rc = kundig__period_init(&period, &f->context.mem, ud, KUNDIG_EVERY_DAY, 0,
                                 400 * KUNDIG__DAY_MS, &f->err);
    kundig__period_free(&period);
    return rc;
}

Test(period, survives_failure_of_every_allocation)
{
    fixture f;
    fixture_open(&f);
    fixture_sweep(&f, period_call, (void *)(uintptr_t)period_zone(&f, "UTC"));
    fixture_close(&f);
}
