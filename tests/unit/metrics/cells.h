/* Cells by hand: what a group of records adds up to. */
#ifndef KUNDIG_TESTS_CELLS_H
#define KUNDIG_TESTS_CELLS_H

#include <criterion/criterion.h>

#include "metrics/metric.h"
#include "probe.h"

/* Equal to every digit shown: half a unit of the last one. */
#define near(actual, expected, digits)                                                             \
    cr_assert_float_eq(actual, expected, 0.5000001 * (digits), "%s is %.12g, not %.12g", #actual,  \
                       (double)(actual), (double)(expected))

static inline kundig__asked cells_asked(const char *metric)
{
    kundig_text name = {metric, strlen(metric)};
    kundig__asked asked = {0};
    asked.metric = kundig__metric_find(name);
    cr_assert_not_null(asked.metric);
    asked.question = name;
    asked.level = 0.95;
    if (asked.metric->reads != KUNDIG__READS_NOTHING) {
        asked.maximum = 10000;
    }
    return asked;
}

/* count records that name no customer, all with the contribution x and the weight w / 2^20 */
static inline void cells_add(kundig__cell *cell, uint64_t count, int64_t x, int64_t w)
{
    for (uint64_t i = 0; i < count; i++) {
        cell->selected++;
        cr_assert(kundig__cell_answer(cell, x, w));
        cr_assert(kundig__cell_nameless(cell, x, w));
    }
}

static inline kundig__cell cells_net(uint64_t detractors, uint64_t passives, uint64_t promoters)
{
    kundig__cell cell = {0};
    cells_add(&cell, detractors, -1, KUNDIG__WEIGHT_ONE);
    cells_add(&cell, passives, 0, KUNDIG__WEIGHT_ONE);
    cells_add(&cell, promoters, 1, KUNDIG__WEIGHT_ONE);
    return cell;
}

/* One customer with these contributions, each of weight 1. */
static inline void cells_customer(kundig__cell *cell, const kundig__asked *asked, const int64_t *x,
                                  size_t count)
{
    kundig__i128 sum_w = 0;
    kundig__i128 sum_x = 0;
    for (size_t i = 0; i < count; i++) {
        cell->selected++;
        cr_assert(kundig__cell_answer(cell, x[i], KUNDIG__WEIGHT_ONE));
        sum_w += KUNDIG__WEIGHT_ONE;
        sum_x += (kundig__i128)x[i] * KUNDIG__WEIGHT_ONE;
    }
    cr_assert(kundig__cell_customer(cell, asked, sum_w, sum_x));
}

static inline kundig__estimate cells_finish(const kundig__cell *cell, const kundig__asked *asked)
{
    kundig__estimate out;
    kundig__cell_finish(cell, asked, &out);
    return out;
}

static inline kundig__contrast cells_contrast(const kundig__cell *a, const kundig__cell *b,
                                              const kundig__asked *asked)
{
    kundig__cross cross = {0};
    kundig__contrast out;
    kundig__cells_contrast(a, b, &cross, asked, &out);
    return out;
}

#endif
