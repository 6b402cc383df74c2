#include <criterion/criterion.h>

#include "base/math.h"
#include "base/prng.h"
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

/* The same by trying every way through two or three states. */
static double bursts_cost_of(const uint32_t *relevant, const uint32_t *all, size_t count,
                             size_t states, size_t way)
{
    double share = 0;
    double total = 0;
    double cost = 0;
    size_t before = 0;
    for (size_t i = 0; i < count; i++) {
        share += relevant[i];
        total += all[i];
    }
    for (size_t i = 0; i < count; i++, way /= states) {
        size_t state = way % states;
        double p = share / total * (state == 2 ? 4 : state == 1 ? 2 : 1);
        cost += state > before ? (double)(state - before) * kundig__log((double)count) : 0;
        cost -= relevant[i] * kundig__log(p) + (all[i] - relevant[i]) * kundig__log(1 - p);
        before = state;
    }
    return cost;
}

Test(bursts, batches_take_the_cheapest_of_all_ways)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__prng prng;
    size_t bursting = 0;
    kundig__prng_init(&prng, 7);
    kundig__mem_init(&bursts_mem, &allocator, 0);
    for (size_t turn = 0; turn < 60; turn++) {
        enum { DAYS = 8, STATES = 3, WAYS = 6561 };
        uint32_t relevant[DAYS];
        uint32_t all[DAYS];
        uint32_t sum = 0;
        for (size_t i = 0; i < DAYS; i++) {
            all[i] = 20 + (uint32_t)kundig__prng_below(&prng, 10);
            relevant[i] = (uint32_t)kundig__prng_below(&prng, i / 3 == turn % 3 ? 20 : 3);
            sum += relevant[i];
        }
        uint32_t total = 0;
        for (size_t i = 0; i < DAYS; i++) {
            total += all[i];
        }
        if (total >= 8 * sum) { /* a share below an eighth has a fourth level */
            continue;
        }
        all[0] += total < 6 * sum ? 6 * sum - total : 0;
        size_t best = 0;
        for (size_t way = 1; way < WAYS; way++) {
            if (bursts_cost_of(relevant, all, DAYS, STATES, way) <
                bursts_cost_of(relevant, all, DAYS, STATES, best) - 1e-9) {
                best = way;
            }
        }
        kundig__bursts bursts;
        cr_assert_eq(
            kundig__bursts_of_batches(&bursts_mem, relevant, all, DAYS, 2, 1, &bursts, NULL),
            KUNDIG_OK);
        size_t states[DAYS] = {0};
        for (size_t i = 0; i < bursts.count; i++) {
            for (size_t day = bursts.bursts[i].first; day <= bursts.bursts[i].last; day++) {
                states[day]++;
            }
        }
        size_t mine = 0;
        for (size_t i = DAYS; i-- > 0;) {
            mine = mine * STATES + states[i];
        }
        cr_assert_float_eq(bursts_cost_of(relevant, all, DAYS, STATES, mine),
                           bursts_cost_of(relevant, all, DAYS, STATES, best), 1e-9, "turn %zu",
                           turn);
        bursting += bursts.count > 0;
        kundig__bursts_free(&bursts);
    }
    cr_assert(bursting > 5, "%zu", bursting);
}

Test(bursts, a_busy_day_is_no_burst_of_a_share)
{
    static const uint32_t relevant[] = {2, 2, 20, 2, 2};
    static const uint32_t all[] = {20, 20, 200, 20, 20};
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__bursts bursts;
    kundig__mem_init(&bursts_mem, &allocator, 0);
    cr_assert_eq(kundig__bursts_of_batches(&bursts_mem, relevant, all, 5, 2, 1, &bursts, NULL),
                 KUNDIG_OK);
    cr_assert_eq(bursts.count, 0);
    kundig__bursts_free(&bursts);
    /* all of nothing, and nothing of all */
    cr_assert_eq(kundig__bursts_of_batches(&bursts_mem, all, all, 5, 2, 1, &bursts, NULL), 0);
    cr_assert_eq(bursts.count, 0);
    static const uint32_t none[5];
    cr_assert_eq(kundig__bursts_of_batches(&bursts_mem, none, all, 5, 2, 1, &bursts, NULL), 0);
    cr_assert_eq(bursts.count, 0);
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
