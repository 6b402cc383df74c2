#include "../metrics/survey.h"
#include "base/math.h"
#include "why/control.h"
#include "why/limits.h"
#include "why/why.h"

TestSuite(control, .fini = probe_fini);

enum { CONTROLLED_SERIES = 12, CONTROLLED_PERIODS = 80 };

/* Series made by hand, days from Thursday 2026-01-01 on: no corpus is behind them. */
typedef struct controlled {
    fixture f;
    kundig__series series;
    uint32_t bases[CONTROLLED_SERIES];
    int64_t starts[CONTROLLED_PERIODS];
    uint32_t y[CONTROLLED_SERIES * CONTROLLED_PERIODS];
    uint32_t n[CONTROLLED_PERIODS];
    kundig_chart_options options;
    kundig__control control;
} controlled;

static void controlled_open(controlled *c, uint32_t count, uint32_t periods, int32_t every)
{
    memset(c, 0, sizeof *c);
    fixture_open(&c->f);
    kundig_chart_options given;
    kundig_chart_options_init(&given);
    cr_assert_eq(kundig__chart_options(&given, &c->options, &c->f.err), KUNDIG_OK);
    c->series = (kundig__series){.mem = &c->f.context.mem,
                                 .count = count,
                                 .bases = c->bases,
                                 .base_count = 1,
                                 .periods = periods,
                                 .starts = c->starts,
                                 .every = every,
                                 .y = c->y,
                                 .n = c->n};
    for (uint32_t t = 0; t < periods; t++) {
        c->starts[t] = 20454 + (every == KUNDIG_EVERY_DAY ? t : 7 * (int64_t)t);
    }
}

static void controlled_run(controlled *c, int32_t chart, const double *values)
{
    kundig__control_free(&c->control);
    cr_assert_eq(
        kundig__control_run(&c->series, values, chart, &c->options, &c->control, &c->f.err),
        KUNDIG_OK);
}

static void controlled_close(controlled *c)
{
    kundig__control_free(&c->control);
    fixture_close(&c->f);
}

static const kundig__control_point *controlled_at(const controlled *c, uint32_t series, uint32_t t)
{
    return &c->control.points[(size_t)series * c->series.periods + t];
}

static uint32_t controlled_binomial(kundig__prng *prng, uint32_t n, double p)
{
    uint32_t y = 0;
    for (uint32_t i = 0; i < n; i++) {
        y += kundig__prng_unit(prng) < p;
    }
    return y;
}

/* Periods with a signal of any series, and periods in which any was tested. */
static void controlled_count(const controlled *c, size_t *fired, size_t *tested)
{
    for (uint32_t t = 0; t < c->series.periods; t++) {
        bool any = false;
        bool seen = false;
        for (uint32_t i = 0; i < c->series.count; i++) {
            any = any || controlled_at(c, i, t)->signal;
            seen = seen || controlled_at(c, i, t)->tested;
        }
        *fired += any;
        *tested += seen;
    }
}

/* Chance alone: levels of many kinds, days of many sizes. Day by day as many customers (Poisson of
 * many binomials) where `volume` is 0. */
static void controlled_noise(controlled *c, kundig__prng *prng, bool counts)
{
    for (uint32_t t = 0; t < c->series.periods; t++) {
        c->n[t] = counts ? 400 : 20 + (uint32_t)kundig__prng_below(prng, 180);
        for (uint32_t i = 0; i < c->series.count; i++) {
            double p = 0.01 + 0.03 * i;
            c->y[i * c->series.periods + t] = counts ? controlled_binomial(prng, 400, p / 20)
                                                     : controlled_binomial(prng, c->n[t], p);
        }
    }
}

Test(control, chance_alone_fires_at_most_at_the_rate)
{
    static const int32_t charts[] = {KUNDIG_CHART_SHARE, KUNDIG_CHART_COUNT, KUNDIG_CHART_EWMA,
                                     KUNDIG_CHART_CUSUM};
    static controlled c;
    size_t seeds = probe_full() ? 200 : 20;
    for (size_t chart = 0; chart < 4; chart++) {
        size_t fired = 0;
        size_t tested = 0;
        for (uint64_t seed = 0; seed < seeds; seed++) {
            kundig__prng prng;
            kundig__prng_init(&prng, seed * 9 + chart);
            controlled_open(&c, CONTROLLED_SERIES, CONTROLLED_PERIODS, KUNDIG_EVERY_DAY);
            c.options.rate = 0.05;
            controlled_noise(&c, &prng, charts[chart] == KUNDIG_CHART_COUNT);
            controlled_run(&c, charts[chart], NULL);
            controlled_count(&c, &fired, &tested);
            controlled_close(&c);
        }
        double share = (double)fired / (double)tested;
        cr_assert_gt(tested, seeds * 50);
        cr_assert_lt(share, 0.05 + 4 * kundig__sqrt(0.05 * 0.95 / (double)tested),
                     "chart %d: %zu of %zu", (int)charts[chart], fired, tested);
    }
}

Test(control, a_share_three_times_as_high_is_found_on_its_day_and_a_small_shift_within_two_weeks)
{
    static controlled c;
    size_t found = 0;
    size_t small = 0;
    size_t near = 0;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        kundig__prng prng;
        kundig__prng_init(&prng, seed);
        controlled_open(&c, CONTROLLED_SERIES, CONTROLLED_PERIODS, KUNDIG_EVERY_DAY);
        controlled_noise(&c, &prng, false);
        for (uint32_t t = 40; t < CONTROLLED_PERIODS; t++) {
            c.n[t] = 150;
            for (uint32_t i = 0; i < CONTROLLED_SERIES; i++) {
                double p = 0.01 + 0.03 * i;
                p = i == 2 ? 3 * p : i == 5 ? 1.6 * p : p;
                c.y[i * CONTROLLED_PERIODS + t] = controlled_binomial(&prng, 150, p);
            }
        }
        controlled_run(&c, KUNDIG_CHART_SHARE, NULL);
        found += controlled_at(&c, 2, 40)->signal == 1;
        controlled_run(&c, KUNDIG_CHART_CUSUM, NULL);
        for (uint32_t t = 40; t < 54; t++) {
            const kundig__control_point *point = controlled_at(&c, 5, t);
            if (point->signal == 1) {
                small++;
                near += point->onset + 5 >= 40 && point->onset <= 44;
                break;
            }
        }
        controlled_close(&c);
    }
    cr_assert_geq(found, 19);
    cr_assert_geq(small, 17);
    cr_assert_geq(near, 14, "%zu of %zu onsets", near, small);
}

Test(control, weekends_raise_no_alarm_and_a_shift_on_top_of_them_does)
{
    static controlled c;
    size_t fired = 0;
    size_t tested = 0;
    size_t found = 0;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        kundig__prng prng;
        kundig__prng_init(&prng, seed);
        controlled_open(&c, CONTROLLED_SERIES, CONTROLLED_PERIODS, KUNDIG_EVERY_DAY);
        for (uint32_t t = 0; t < CONTROLLED_PERIODS; t++) {
            uint32_t day = t % 7; /* 2 and 3 are the weekend */
            double rhythm = day == 2 || day == 3 ? 0.3 : 1;
            c.n[t] = 4000;
            for (uint32_t i = 0; i < CONTROLLED_SERIES; i++) {
                c.y[i * CONTROLLED_PERIODS + t] =
                    controlled_binomial(&prng, 4000, 0.005 * (i + 1) * rhythm);
            }
        }
        controlled_run(&c, KUNDIG_CHART_COUNT, NULL);
        controlled_count(&c, &fired, &tested);
        /* As many on a Sunday as on weekdays: out of the ordinary only for those who know. */
        uint32_t sunday = 66;
        cr_assert_eq(sunday % 7, 3);
        c.y[4 * CONTROLLED_PERIODS + sunday] = 100;
        controlled_run(&c, KUNDIG_CHART_COUNT, NULL);
        found += controlled_at(&c, 4, sunday)->signal == 1;
        c.options.weekdays = KUNDIG_NO;
        controlled_run(&c, KUNDIG_CHART_COUNT, NULL);
        cr_assert_eq(controlled_at(&c, 4, sunday)->signal, 0);
        controlled_close(&c);
    }
    cr_assert_lt((double)fired / (double)tested,
                 0.01 + 4 * kundig__sqrt(0.01 * 0.99 / (double)tested), "%zu of %zu", fired,
                 tested);
    cr_assert_eq(found, 20);
}

Test(control, shares_with_a_rhythm_are_held_against_their_own_weekday)
{
    static controlled c;
    size_t late = 0;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        kundig__prng prng;
        kundig__prng_init(&prng, seed);
        controlled_open(&c, 3, CONTROLLED_PERIODS, KUNDIG_EVERY_DAY);
        for (uint32_t t = 0; t < CONTROLLED_PERIODS; t++) {
            c.n[t] = 300;
            for (uint32_t i = 0; i < 3; i++) {
                c.y[i * CONTROLLED_PERIODS + t] =
                    controlled_binomial(&prng, 300, t % 7 == 2 || t % 7 == 3 ? 0.4 : 0.1);
            }
        }
        controlled_run(&c, KUNDIG_CHART_SHARE, NULL);
        for (uint32_t t = 21; t < CONTROLLED_PERIODS; t++) {
            for (uint32_t i = 0; i < 3; i++) {
                late += controlled_at(&c, i, t)->signal != 0;
            }
        }
        controlled_close(&c);
    }
    cr_assert_leq(late, 10); /* of 1770: 0.6 % */
}

Test(control, counts_that_vary_by_more_than_chance_have_wider_limits)
{
    static controlled c;
    size_t fired = 0;
    size_t tested = 0;
    size_t wide = 0;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        kundig__prng prng;
        kundig__prng_init(&prng, seed);
        controlled_open(&c, 4, CONTROLLED_PERIODS, KUNDIG_EVERY_WEEK);
        for (uint32_t t = 0; t < CONTROLLED_PERIODS; t++) {
            c.n[t] = 500;
            for (uint32_t i = 0; i < 4; i++) {
                double p = 0.14 + 0.12 * kundig__prng_unit(&prng); /* of every week its own */
                c.y[i * CONTROLLED_PERIODS + t] = controlled_binomial(&prng, 500, p);
            }
        }
        controlled_run(&c, KUNDIG_CHART_SHARE, NULL);
        for (uint32_t t = 30; t < CONTROLLED_PERIODS; t++) {
            for (uint32_t i = 0; i < 4; i++) {
                fired += controlled_at(&c, i, t)->signal != 0;
                wide += controlled_at(&c, i, t)->overspread;
                tested++;
            }
        }
        controlled_close(&c);
    }
    cr_assert_geq(wide, tested * 9 / 10);
    cr_assert_leq(fired, tested / 100, "%zu of %zu", fired, tested);
}

Test(control, a_period_is_tested_given_those_before_by_the_exact_tails)
{
    static controlled c;
    static const uint32_t y[] = {3, 5, 4, 2, 12};
    controlled_open(&c, 1, 5, KUNDIG_EVERY_WEEK);
    for (uint32_t t = 0; t < 5; t++) {
        c.n[t] = 40 + t;
        c.y[t] = y[t];
    }
    controlled_run(&c, KUNDIG_CHART_SHARE, NULL);
    for (uint32_t t = 0; t < KUNDIG__CONTROL_LEAST; t++) {
        cr_assert(!controlled_at(&c, 0, t)->tested, "the first periods tell the level");
    }
    kundig__tails tails = kundig__tails_of_share(12, 44, 14, 40 + 41 + 42 + 43);
    const kundig__control_point *point = controlled_at(&c, 0, 4);
    cr_assert(point->tested);
    cr_assert_float_eq(point->p, 2 * tails.up, 1e-15);
    cr_assert_float_eq(point->q, point->p, 1e-15); /* one series */
    cr_assert_float_eq(point->centre, 14. / 166, 1e-15);
    cr_assert_float_eq(point->expected, 44 * 14. / 166, 1e-12);
    cr_assert_eq(point->signal, point->p <= 0.01);
    /* What is drawn is what fires: one more than the upper limit would. */
    double above = kundig__floor(point->upper * 44 + 0.5) + 1;
    cr_assert_leq(2 * kundig__tails_of_share((uint64_t)above, 44, 14, 166).up, 0.01);
    cr_assert_gt(2 * kundig__tails_of_share((uint64_t)above - 1, 44, 14, 166).up, 0.01);
    controlled_close(&c);
}

Test(control, gaps_break_no_limits_and_first_and_last_periods_may_be_cut_off)
{
    static controlled c;
    controlled_open(&c, 1, 12, KUNDIG_EVERY_WEEK);
    for (uint32_t t = 0; t < 12; t++) {
        c.n[t] = t == 6 ? 0 : 500;
        c.y[t] = t == 6 ? 0 : t == 0 ? 1 : t == 11 ? 2 : 100;
    }
    controlled_run(&c, KUNDIG_CHART_COUNT, NULL);
    cr_assert(!controlled_at(&c, 0, 6)->tested, "nobody wrote");
    cr_assert_eq(controlled_at(&c, 0, 6)->signal, 0);
    cr_assert_float_eq(controlled_at(&c, 0, 10)->centre, 100, 1e-12);
    cr_assert_eq(controlled_at(&c, 0, 11)->signal, 0, "it may not be over");
    c.y[11] = 300;
    controlled_run(&c, KUNDIG_CHART_COUNT, NULL);
    cr_assert_eq(controlled_at(&c, 0, 11)->signal, 1, "so many are out of the ordinary already");
    controlled_run(&c, KUNDIG_CHART_SHARE, NULL);
    cr_assert(!controlled_at(&c, 0, 6)->tested);
    controlled_close(&c);
}

Test(control, charts_by_hand_hold_three_sigma_limits)
{
    /* Montgomery's orange juice: 30 samples of 50; samples 15 and 23 are out. */
    static const uint32_t y[] = {12, 15, 8, 10, 4,  7,  16, 9,  14, 10, 5,  6, 17, 12, 22,
                                 8,  10, 5, 13, 11, 20, 18, 24, 15, 9,  12, 7, 13, 9,  6};
    static controlled c;
    controlled_open(&c, 1, 30, KUNDIG_EVERY_DAY);
    c.options.limits = KUNDIG_LIMITS_THREE_SIGMA;
    uint32_t sum = 0;
    for (uint32_t t = 0; t < 30; t++) {
        c.n[t] = 50;
        c.y[t] = y[t];
        sum += y[t];
    }
    cr_assert_eq(sum, 347);
    controlled_run(&c, KUNDIG_CHART_SHARE, NULL);
    for (uint32_t t = 0; t < 30; t++) {
        const kundig__control_point *point = controlled_at(&c, 0, t);
        cr_assert_float_eq(point->centre, .2313333, 5e-8);
        cr_assert_float_eq(point->lower, .0524275, 5e-8);
        cr_assert_float_eq(point->upper, .4102391, 5e-8);
        cr_assert_eq(point->signal, t == 14 || t == 22);
    }
    controlled_close(&c);
}

Test(control, a_metric_with_target_and_sigma_is_charted_as_in_the_handbook)
{
    /* NIST/SEMATECH e-Handbook 6.3.2.4: limits 52.5884 and 47.4115; the first averages. */
    static const double values[] = {52.0, 47.0, 53.0, 49.3, 50.1, 47.0, 51.0, 50.1, 51.2, 50.5,
                                    49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1};
    static const double averages[] = {50.60, 49.52, 50.56, 50.18, 50.16, 49.21, 49.75,
                                      49.85, 50.26, 50.33, 50.11, 49.36, 49.52, 50.05,
                                      49.38, 49.92, 50.73, 51.23, 51.94, 51.99};
    static controlled c;
    controlled_open(&c, 1, 20, KUNDIG_EVERY_DAY);
    c.options.target = 50;
    c.options.sigma = 2.0539;
    c.options.width = 3;
    for (uint32_t t = 0; t < 20; t++) {
        c.n[t] = 1;
    }
    controlled_run(&c, KUNDIG_CHART_EWMA, values);
    for (uint32_t t = 0; t < 20; t++) {
        const kundig__control_point *point = controlled_at(&c, 0, t);
        cr_assert_float_eq(point->value, averages[t], 0.0051, "%u: %f", (unsigned)t, point->value);
        cr_assert_float_eq(point->upper, 52.5884, 6e-4);
        cr_assert_float_eq(point->lower, 47.4116, 6e-4);
        cr_assert_eq(point->signal, 0);
    }
    /* Sums by hand, slack 1/2 and limit 2 standard deviations, at the end of a shift of one. */
    double steps[] = {1, -1, 0, 1.5, 1.5, 1.5, 0};
    static const double sums[] = {0.5, -0.5, 0, 1, 2, 3, 0};
    c.options.sigma = 1;
    c.options.target = 0;
    c.options.slack = 0.5;
    c.options.limit = 2;
    c.series.periods = 7;
    controlled_run(&c, KUNDIG_CHART_CUSUM, steps);
    for (uint32_t t = 0; t < 7; t++) {
        const kundig__control_point *point = controlled_at(&c, 0, t);
        cr_assert_float_eq(point->value, sums[t], 1e-12, "%u: %f", (unsigned)t, point->value);
        cr_assert_eq(point->signal, t == 5);
    }
    cr_assert_eq(controlled_at(&c, 0, 5)->onset, 3, "the sum was last zero before");
    controlled_close(&c);
}

Test(control, no_series_no_periods_and_no_memory_are_answers)
{
    static controlled c;
    controlled_open(&c, 0, 0, KUNDIG_EVERY_DAY);
    controlled_run(&c, KUNDIG_CHART_CUSUM, NULL);
    controlled_run(&c, KUNDIG_CHART_SHARE, NULL);
    controlled_close(&c);
    controlled_open(&c, 3, 1, KUNDIG_EVERY_DAY);
    controlled_run(&c, KUNDIG_CHART_SHARE, NULL);
    cr_assert(!controlled_at(&c, 2, 0)->tested);
    kundig__control_free(&c.control);
    size_t failed = 0;
    for (;;) {
        probe_shared.fail_at = probe_shared.allocations + failed + 1;
        int rc = kundig__control_run(&c.series, NULL, KUNDIG_CHART_SHARE, &c.options, &c.control,
                                     &c.f.err);
        probe_shared.fail_at = 0;
        if (rc == KUNDIG_OK) {
            break;
        }
        cr_assert_eq(rc, KUNDIG_E_NOMEM);
        failed++;
    }
    cr_assert_gt(failed, 4);
    controlled_close(&c);
}
