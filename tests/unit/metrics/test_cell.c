#include "base/prng.h"
#include "cells.h"

TestSuite(cell, .fini = probe_fini);

Test(cell, products_beyond_128_bits_are_refused)
{
    kundig__i128 big = (kundig__i128)1 << 100;
    kundig__i128 sum = 0;
    kundig__i128 product = 0;
    cr_assert(!kundig__i128_mul(big, big, &product));
    cr_assert(!kundig__i128_mul(-big, (kundig__i128)1 << 40, &product));
    cr_assert(kundig__i128_mul(-big, (kundig__i128)1 << 20, &product));
    cr_assert(product == -((kundig__i128)1 << 120));
    cr_assert(kundig__i128_mul(INT64_MIN, INT64_MIN, &product));
    cr_assert(kundig__i128_add_product(&sum, big, 1 << 25));
    sum = ((kundig__i128)1 << 126) - 1 + ((kundig__i128)1 << 126);
    cr_assert(!kundig__i128_add(&sum, 1));
}

Test(cell, means_of_customers_round_to_nearest_away_from_zero)
{
    kundig__i128 mean;
    cr_assert(kundig__cell_mean(3, 1, 2, &mean)); /* 1/3 = 1.33 quarters */
    cr_assert(mean == 1);
    cr_assert(kundig__cell_mean(8, 1, 2, &mean)); /* half a quarter */
    cr_assert(mean == 1);
    cr_assert(kundig__cell_mean(8, -1, 2, &mean));
    cr_assert(mean == -1);
    cr_assert(kundig__cell_mean(2, -7, 2, &mean));
    cr_assert(mean == -14);
    cr_assert(!kundig__cell_mean(1, (kundig__i128)1 << 100, 40, &mean));
}

Test(cell, adding_and_subtracting_give_the_first_cell_back)
{
    kundig__prng prng;
    kundig__asked asked = cells_asked("nps");
    kundig__prng_init(&prng, 7);
    for (int turn = 0; turn < 50; turn++) {
        kundig__cell a = cells_net(kundig__prng_below(&prng, 9), kundig__prng_below(&prng, 9),
                                   kundig__prng_below(&prng, 9));
        kundig__cell b = {0};
        kundig__cell c;
        int64_t x[] = {1, -1, 0};
        cells_customer(&b, &asked, x, 1 + (size_t)kundig__prng_below(&prng, 3));
        c = a;
        cr_assert(kundig__cell_add(&c, &b, 1));
        cr_assert(kundig__cell_add(&c, &b, -1));
        cr_assert_eq(memcmp(&a, &c, sizeof a), 0);
        cr_assert(!kundig__cell_add(&c, &(kundig__cell){.n = 1000}, -1));
    }
}

Test(cell, sums_too_large_say_so_instead_of_wrapping)
{
    kundig__asked asked = cells_asked("score_mean");
    kundig__cell cell = {0};
    kundig__i128 huge = (kundig__i128)1 << 70;
    cr_assert(!kundig__cell_customer(&cell, &asked, huge, huge));
    asked.minimum = -1000000000;
    asked.maximum = 1000000000;
    /* the largest weight on the largest answer: one still fits squared */
    kundig__cell one = {0};
    cells_add(&one, 1, 10000, INT64_C(1) << 40);
    kundig__moments moments;
    cr_assert(kundig__cell_moments(&one, &asked, &moments));
    near(moments.value, 10, 1e-12);
}
