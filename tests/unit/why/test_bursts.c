#include <criterion/criterion.h>

#include "probe.h"
#include "why/bursts.h"

TestSuite(bursts, .fini = probe_fini);

static kundig__mem bursts_mem;

static kundig__bursts bursts_of(const int64_t *times, size_t count)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__bursts bursts;
    kundig_error err = {0};
    kundig__mem_init(&bursts_mem, &allocator, 0);
    cr_assert_eq(kundig__bursts_find(&bursts_mem, times, count, 2, 1, &bursts, &err), KUNDIG_OK,
                 "%s", err.message);
    return bursts;
}

/* The example that comes with a public package of the method. */
static size_t bursts_example(int64_t *times)
{
    static const int64_t parts[][3] = {{0, 400, 100}, {410, 450, 5}, {451, 469, 2},   {480, 600, 5},
                                       {700, 700, 1}, {710, 800, 5}, {900, 1000, 100}};
    size_t count = 0;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        for (int64_t time = parts[i][0]; time <= parts[i][1]; time += parts[i][2]) {
            times[count++] = time;
        }
    }
    return count;
}

Test(bursts, the_published_example_holds)
{
    int64_t times[100];
    size_t count = bursts_example(times);
    cr_assert_eq(count, 71);
    kundig__bursts bursts = bursts_of(times, count);
    static const struct {
        uint32_t level;
        int64_t from, to;
    } expected[] = {{2, 410, 600}, {3, 450, 469}, {2, 710, 800}};
    cr_assert_eq(bursts.levels, 11);
    cr_assert_eq(bursts.count, 3);
    for (size_t i = 0; i < 3; i++) {
        cr_assert_eq(bursts.bursts[i].level, expected[i].level);
        cr_assert_eq(times[bursts.bursts[i].first], expected[i].from);
        cr_assert_eq(times[bursts.bursts[i].last], expected[i].to);
    }
    kundig__bursts_free(&bursts);
}

Test(bursts, the_unit_of_time_makes_no_difference)
{
    int64_t times[100];
    size_t count = bursts_example(times);
    for (size_t i = 0; i < count; i++) {
        times[i] = INT64_C(1700000000000) + times[i] * 86400000;
    }
    kundig__bursts bursts = bursts_of(times, count);
    cr_assert_eq(bursts.count, 3);
    cr_assert_eq(bursts.levels, 11);
    kundig__bursts_free(&bursts);
}

Test(bursts, equal_times_are_as_dense_as_can_be)
{
    int64_t times[120];
    for (size_t i = 0; i < 120; i++) {
        times[i] = (int64_t)(i < 40 ? i : i < 80 ? 40 : i - 39) * 1000;
    }
    kundig__bursts bursts = bursts_of(times, 120);
    cr_assert_geq(bursts.count, 1);
    cr_assert_eq(times[bursts.bursts[0].first], 40000);
    cr_assert_eq(times[bursts.bursts[0].last], 40000);
    kundig__bursts_free(&bursts);
}

Test(bursts, few_events_and_even_ones_have_none)
{
    int64_t times[50] = {5, 5, 5};
    for (size_t count = 0; count <= 3; count++) {
        kundig__bursts bursts = bursts_of(times, count);
        cr_assert_eq(bursts.count, 0);
        kundig__bursts_free(&bursts);
    }
    for (int64_t i = 0; i < 50; i++) {
        times[i] = i * 7;
    }
    kundig__bursts bursts = bursts_of(times, 50);
    cr_assert_eq(bursts.count, 0);
    kundig__bursts_free(&bursts);
}

Test(bursts, every_allocation_may_fail)
{
    int64_t times[100];
    size_t count = bursts_example(times);
    for (int on = 0; on < 2; on++) {
        int rc = KUNDIG_E_NOMEM;
        for (size_t n = 1; rc; n++) {
            kundig_allocator allocator = probe_allocator(NULL);
            kundig__bursts bursts;
            kundig__mem_init(&bursts_mem, &allocator, 0);
            probe_shared.fail_at = probe_shared.allocations + n;
            probe_shared.fail_on = on;
            rc = kundig__bursts_find(&bursts_mem, times, count, 2, 1, &bursts, NULL);
            probe_shared.fail_at = 0;
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM);
            if (!rc) {
                kundig__bursts_free(&bursts);
            }
            cr_assert_lt(n, 50);
        }
    }
}
