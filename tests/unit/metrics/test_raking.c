#include "base/math.h"
#include "base/prng.h"
#include "cells.h"
#include "metrics/raking.h"

TestSuite(raking, .fini = probe_fini);

#define RAKED_MOST 10000

/* A table of rows and columns, each cell a unit; empty cells are none. */
typedef struct raked {
    kundig__context context;
    kundig__raking raking;
    uint32_t parts[2 * RAKED_MOST];
    double counts[RAKED_MOST];
    double weights[RAKED_MOST];
    double margins[2 * RAKED_MOST];
    uint32_t values[2];
    size_t cell[RAKED_MOST]; /* of a unit */
    kundig_error err;
} raked;

static raked *raked_new(const double *cells, uint32_t rows, uint32_t columns, const double *margins)
{
    static raked r;
    kundig_allocator allocator = probe_allocator(NULL);
    memset(&r, 0, sizeof r);
    kundig__mem_init(&r.context.mem, &allocator, 0);
    for (size_t i = 0; i < (size_t)rows * columns; i++) {
        if (cells[i] > 0) {
            size_t unit = r.raking.units++;
            r.parts[2 * unit] = (uint32_t)(i / columns);
            r.parts[2 * unit + 1] = (uint32_t)(i % columns);
            r.counts[unit] = cells[i];
            r.weights[unit] = 1;
            r.cell[unit] = i;
        }
    }
    memcpy(r.margins, margins, (rows + columns) * sizeof *margins);
    r.values[0] = rows;
    r.values[1] = columns;
    r.raking.fields = 2;
    r.raking.parts = r.parts;
    r.raking.counts = r.counts;
    r.raking.weights = r.weights;
    r.raking.margins = r.margins;
    r.raking.values = r.values;
    r.raking.rounds = 1000;
    return &r;
}

static void raked_run(raked *r)
{
    cr_assert_eq(kundig__rake(&r->context, &r->raking, &r->err), KUNDIG_OK, "%s", r->err.message);
    cr_assert_eq(r->context.mem.used, 0);
}

static double raked_mean(const raked *r)
{
    double n = 0;
    double sum = 0;
    for (size_t i = 0; i < r->raking.units; i++) {
        n += r->counts[i];
        sum += r->counts[i] * r->weights[i];
    }
    return sum / n;
}

Test(raking, gives_the_published_weights_and_keeps_the_odds_ratio)
{
    static const double cells[] = {20, 30, 10, 40};
    static const double margins[] = {60, 40, 50, 50};
    raked *r = raked_new(cells, 2, 2, margins);
    raked_run(r);
    cr_assert_eq(r->raking.status, KUNDIG__RAKING_OK);
    near(r->weights[0] * 20, 35.755711, 1e-6);
    near(r->weights[1] * 30, 24.244289, 1e-6);
    near(r->weights[2] * 10, 14.244289, 1e-6);
    near(r->weights[3] * 40, 25.755711, 1e-6);
    near(r->weights[0], 1.787786, 1e-6);
    near(r->weights[1], .808143, 1e-6);
    near(r->weights[2], 1.424429, 1e-6);
    near(r->weights[3], .643893, 1e-6);
    near(r->weights[0] * 20 * r->weights[3] * 40 / (r->weights[1] * 30 * r->weights[2] * 10),
         2.666667, 1e-6);
    cr_assert(r->raking.error < 1e-10);
    cr_assert_eq(r->raking.trimmed, 0);
}

Test(raking, with_one_field_is_post_stratification_in_one_round)
{
    static const double cells[] = {30, 10, 60};
    static const double margins[] = {1000, 500, 500, 1};
    raked *r = raked_new(cells, 3, 1, margins);
    r->raking.fields = 1;
    for (uint32_t i = 0; i < 3; i++) {
        r->parts[i] = i;
    }
    raked_run(r);
    cr_assert_eq(r->raking.used, 1);
    cr_assert_float_eq(r->weights[0], 1000 / 30.0 * 100 / 2000, 1e-14);
    cr_assert_float_eq(r->weights[1], 500 / 10.0 * 100 / 2000, 1e-14);
    cr_assert_float_eq(r->weights[2], 500 / 60.0 * 100 / 2000, 1e-14);
}

/* The same by cells[row][column], without anything clever. */
static void slow_rake(double *cells, uint32_t rows, uint32_t columns, const double *margins,
                      int rounds)
{
    double n = 0;
    double all[2] = {0, 0};
    for (uint32_t i = 0; i < rows * columns; i++) {
        n += cells[i];
    }
    for (uint32_t i = 0; i < rows + columns; i++) {
        all[i >= rows] += margins[i];
    }
    for (int round = 0; round < rounds; round++) {
        for (uint32_t i = 0; i < rows; i++) {
            double sum = 0;
            for (uint32_t j = 0; j < columns; j++) {
                sum += cells[i * columns + j];
            }
            for (uint32_t j = 0; j < columns; j++) {
                cells[i * columns + j] *= margins[i] / all[0] * n / sum;
            }
        }
        for (uint32_t j = 0; j < columns; j++) {
            double sum = 0;
            for (uint32_t i = 0; i < rows; i++) {
                sum += cells[i * columns + j];
            }
            for (uint32_t i = 0; i < rows; i++) {
                cells[i * columns + j] *= margins[rows + j] / all[1] * n / sum;
            }
        }
    }
}

static double raked_random(kundig__prng *prng, uint64_t most)
{
    return (double)(1 + kundig__prng_below(prng, most));
}

Test(raking, agrees_with_a_slow_loop_and_keeps_every_odds_ratio)
{
    kundig__prng prng;
    kundig__prng_init(&prng, 7);
    for (int turn = 0; turn < 50; turn++) {
        double cells[48];
        double margins[14];
        uint32_t rows = 2 + (uint32_t)kundig__prng_below(&prng, 5);
        uint32_t columns = 2 + (uint32_t)kundig__prng_below(&prng, 6);
        for (uint32_t i = 0; i < rows * columns; i++) {
            cells[i] = raked_random(&prng, 50);
        }
        for (uint32_t i = 0; i < rows + columns; i++) {
            margins[i] = raked_random(&prng, 1000) / 7;
        }
        raked *r = raked_new(cells, rows, columns, margins);
        raked_run(r);
        cr_assert_eq(r->raking.status, KUNDIG__RAKING_OK);
        cr_assert_float_eq(raked_mean(r), 1, 1e-9);
        for (uint32_t i = 0; i + 1 < rows; i++) {
            for (uint32_t j = 0; j + 1 < columns; j++) {
                const double *w = r->weights + i * columns + j;
                cr_assert_float_eq(w[0] * w[columns + 1] / (w[1] * w[columns]), 1, 1e-9);
            }
        }
        double slow[48];
        memcpy(slow, cells, sizeof slow);
        slow_rake(slow, rows, columns, margins, 400);
        for (uint32_t i = 0; i < rows * columns; i++) {
            cr_assert_float_eq(r->weights[i] * cells[i], slow[i], 1e-7 * slow[i]);
        }
    }
}

Test(raking, begins_with_the_weights_records_come_with)
{
    static const double cells[] = {20, 30, 10, 40};
    static const double margins[] = {6, 4, 10, 10};
    raked *r = raked_new(cells, 2, 2, margins);
    double apart[4];
    raked_run(r);
    memcpy(apart, r->weights, sizeof apart);
    /* As many records of half the weight bring the same. */
    static const double halves[] = {40, 30, 20, 40};
    r = raked_new(halves, 2, 2, margins);
    r->weights[0] = r->weights[2] = 5e5;
    r->weights[1] = r->weights[3] = 1e6;
    raked_run(r);
    cr_assert_float_eq(raked_mean(r), 1, 1e-9);
    cr_assert_float_eq(r->weights[0] / r->weights[1], apart[0] / apart[1] / 2, 1e-9);
    cr_assert_float_eq(r->weights[2] / r->weights[3], apart[2] / apart[3] / 2, 1e-9);
}

Test(raking, a_margin_without_records_is_named)
{
    static const double cells[] = {20, 0, 10, 0};
    static const double margins[] = {60, 40, 50, 50};
    raked *r = raked_new(cells, 2, 2, margins);
    raked_run(r);
    cr_assert_eq(r->raking.status, KUNDIG__RAKING_EMPTY);
    cr_assert_eq(r->raking.empty_field, 1);
    cr_assert_eq(r->raking.empty_value, 1);
    r = raked_new(cells, 2, 2, margins);
    r->margins[3] = 0;
    raked_run(r);
    cr_assert_eq(r->raking.status, KUNDIG__RAKING_OK, "a margin of 0 asks for nobody");
    r->raking.units = 0;
    raked_run(r);
    cr_assert_eq(r->raking.status, KUNDIG__RAKING_EMPTY);
}

Test(raking, an_empty_cell_does_no_harm_unless_it_makes_margins_contradict)
{
    static const double one_empty[] = {20, 0, 10, 40};
    static const double possible[] = {40, 60, 50, 50};
    static const double impossible[] = {60, 40, 50, 50};
    raked *r = raked_new(one_empty, 2, 2, possible);
    raked_run(r);
    cr_assert_eq(r->raking.status, KUNDIG__RAKING_OK);
    near(r->weights[0] * 20, 28, 1e-6);
    near(r->weights[1] * 10, 7, 1e-6);
    near(r->weights[2] * 40, 35, 1e-6);
    r = raked_new(one_empty, 2, 2, impossible);
    raked_run(r);
    cr_assert_eq(r->raking.status, KUNDIG__RAKING_UNSETTLED);
    cr_assert(r->raking.error > .1);
    r = raked_new(one_empty, 2, 2, possible);
    r->raking.rounds = 2;
    raked_run(r);
    cr_assert_eq(r->raking.status, KUNDIG__RAKING_UNSETTLED, "two rounds are too few");
}

Test(raking, a_limit_that_leaves_room_is_kept_with_every_margin_met)
{
    /* Of the first row's records those in the second column may not weigh more than 1.5; the
     * margins can be met all the same. */
    static const double cells[] = {40, 10, 10, 20, 10, 40, 30, 20, 20};
    static const double margins[] = {50, 60, 90, 60, 70, 70};
    raked *r = raked_new(cells, 3, 3, margins);
    raked_run(r);
    double free = 0;
    for (size_t i = 0; i < 9; i++) {
        free = r->weights[i] > free ? r->weights[i] : free;
    }
    cr_assert_gt(free, 1.9);
    r = raked_new(cells, 3, 3, margins);
    r->raking.most = 1.85;
    raked_run(r);
    cr_assert_eq(r->raking.status, KUNDIG__RAKING_OK);
    cr_assert(r->raking.error < 1e-10);
    cr_assert_gt(r->raking.trimmed, 0);
    cr_assert_float_eq(raked_mean(r), 1, 1e-9);
    for (size_t i = 0; i < 9; i++) {
        cr_assert_leq(r->weights[i], 1.85);
    }
}

Test(raking, a_limit_that_cannot_be_kept_with_the_margins_goes_before_them)
{
    /* Weights would be 3, .75, .5; with 2 at most what is lacking goes to the others. */
    static const double cells[] = {10, 40, 50};
    static const double margins[] = {30, 30, 40, 1};
    raked *r = raked_new(cells, 3, 1, margins);
    r->raking.most = 2;
    raked_run(r);
    cr_assert_eq(r->raking.status, KUNDIG__RAKING_CAPPED);
    cr_assert_eq(r->raking.trimmed, 10);
    cr_assert_eq(r->weights[0], 2);
    cr_assert_float_eq(r->weights[1], .75 * 80 / 70, 1e-12);
    cr_assert_float_eq(r->weights[2], .8 * 80 / 70, 1e-12);
    cr_assert_float_eq(r->raking.error, 1 / 3.0, 1e-12);
    cr_assert_float_eq(raked_mean(r), 1, 1e-12);
    /* 1 is the mean: nothing may differ from it. */
    r = raked_new(cells, 3, 1, margins);
    r->raking.most = 1;
    raked_run(r);
    for (size_t i = 0; i < 3; i++) {
        cr_assert_float_eq(r->weights[i], 1, 1e-12);
        cr_assert_leq(r->weights[i], 1);
    }
}

Test(raking, a_limit_that_one_value_cannot_keep_does_not_ruin_the_other_margins)
{
    /* The last row's margin is 18 of 100; its 10 records reach 17 at most. Raking on would bring
     * weights of the second column to nothing. */
    static const double cells[] = {25, 15, 31, 19, 6, 4};
    static const double margins[] = {45, 37, 18, 80, 20};
    raked *r = raked_new(cells, 3, 2, margins);
    r->raking.most = 1.7;
    raked_run(r);
    cr_assert_eq(r->raking.status, KUNDIG__RAKING_CAPPED);
    cr_assert_float_eq(raked_mean(r), 1, 1e-9);
    /* A slow loop in other code: rakes, cuts and gives what is lacking to the others. */
    near(r->weights[0], 1.514753, 1e-6);
    near(r->weights[1], .614167, 1e-6);
    near(r->weights[2], 1.000198, 1e-6);
    near(r->weights[3], .405537, 1e-6);
    cr_assert_eq(r->weights[4], 1.7);
    near(r->weights[5], 1.001831, 1e-6);
    near(r->raking.error, (18 - 14.207325) / 18, 1e-6);
    cr_assert_eq(r->raking.trimmed, 6);
}

Test(raking, takes_sizes_of_any_unit_even_huge_and_tiny_ones)
{
    static const double cells[] = {20, 30, 10, 40};
    static const double margins[] = {60, 40, 50, 50};
    static const double units[][2] = {{1e300, 1e-300}, {2e306, 1}, {1, 1e-305}};
    double expected[4];
    raked *r = raked_new(cells, 2, 2, margins);
    raked_run(r);
    memcpy(expected, r->weights, sizeof expected);
    for (size_t turn = 0; turn < 3; turn++) {
        r = raked_new(cells, 2, 2, margins);
        for (size_t i = 0; i < 4; i++) {
            r->margins[i] *= units[turn][i / 2];
        }
        raked_run(r);
        for (size_t i = 0; i < 4; i++) {
            cr_assert_float_eq(r->weights[i], expected[i], 1e-9);
        }
    }
}

Test(raking, weighs_ten_thousand_cells)
{
    static double cells[10000];
    static double margins[200];
    kundig__prng prng;
    kundig__prng_init(&prng, 3);
    for (size_t i = 0; i < 10000; i++) {
        cells[i] = (double)kundig__prng_below(&prng, 4);
    }
    for (size_t i = 0; i < 200; i++) {
        margins[i] = 50 + raked_random(&prng, 50);
    }
    raked *r = raked_new(cells, 100, 100, margins);
    raked_run(r);
    cr_assert_eq(r->raking.status, KUNDIG__RAKING_OK);
    cr_assert_lt(r->raking.used, 100);
    double sum = 0;
    for (size_t i = 0; i < r->raking.units; i++) {
        sum += r->parts[2 * i + 1] == 37 ? r->weights[i] * r->counts[i] : 0;
    }
    double all = 0;
    double n = 0;
    for (size_t i = 0; i < 100; i++) {
        all += margins[100 + i];
    }
    for (size_t i = 0; i < r->raking.units; i++) {
        n += r->counts[i];
    }
    cr_assert_float_eq(sum, margins[137] / all * n, 1e-6);
}

static int raked_stop(void *ud, uint64_t done, uint64_t total)
{
    (void)ud;
    (void)total;
    return done >= 2;
}

Test(raking, fails_cleanly_and_can_be_stopped)
{
    static const double cells[] = {20, 30, 10, 40};
    static const double margins[] = {60, 40, 50, 50};
    for (int on = 0; on < 2; on++) {
        for (size_t n = 1;; n++) {
            raked *r = raked_new(cells, 2, 2, margins);
            r->raking.most = 1.6;
            probe_shared.allocations = 0;
            probe_shared.fail_at = n;
            probe_shared.fail_on = on;
            int rc = kundig__rake(&r->context, &r->raking, &r->err);
            probe_shared.fail_at = 0;
            cr_assert_eq(probe_shared.live_blocks, 0);
            if (!rc) {
                break;
            }
            cr_assert_eq(rc, KUNDIG_E_NOMEM);
        }
    }
    raked *r = raked_new(cells, 2, 2, margins);
    r->context.progress = raked_stop;
    cr_assert_eq(kundig__rake(&r->context, &r->raking, &r->err), KUNDIG_E_CANCELLED);
    cr_assert_eq(r->context.mem.used, 0);
}
