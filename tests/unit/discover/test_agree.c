#include "fitted.h"

TestSuite(agree, .fini = probe_fini);

static kundig__agreement agree_of(const uint32_t *a, uint32_t a_count, const uint32_t *b,
                                  uint32_t b_count, size_t rows)
{
    kundig__mem mem;
    kundig__agreement out = {0};
    discover_mem(&mem);
    cr_assert_eq(kundig__agree(&mem, a, a_count, b, b_count, rows, &out), KUNDIG_OK);
    return out;
}

Test(agree, knows_the_same_under_other_numbers)
{
    const uint32_t a[] = {0, 0, 1, 1, 2, 2};
    const uint32_t b[] = {2, 2, 0, 0, 1, 1};
    kundig__agreement found = agree_of(a, 3, b, 3, 6);
    cr_assert_float_eq(found.rand, 1, 1e-12);
    cr_assert_float_eq(found.mutual, 1, 1e-12);
}

Test(agree, gives_what_textbooks_give)
{
    /* By hand: pairs together in both 2; 6 x 5 / 2 = 15 pairs, 3 and 4 of them together in a and
     * b; expected 12 / 15. (2 - .8) / (3.5 - .8). */
    const uint32_t a[] = {0, 0, 1, 1, 2, 2};
    const uint32_t b[] = {0, 0, 0, 1, 2, 2};
    kundig__agreement found = agree_of(a, 3, b, 3, 6);
    cr_assert_float_eq(found.rand, 1.2 / 2.7, 1e-12);
    cr_assert(found.mutual > 0 && found.mutual < 1);
}

Test(agree, is_nothing_by_chance)
{
    uint32_t a[4000];
    uint32_t b[4000];
    uint64_t seed = 3;
    for (int i = 0; i < 4000; i++) {
        a[i] = discover_random(&seed) % 20;
        b[i] = discover_random(&seed) % 30;
    }
    kundig__agreement found = agree_of(a, 20, b, 30, 4000);
    cr_assert_float_eq(found.rand, 0, 0.01);
    cr_assert_float_eq(found.mutual, 0, 0.01);
}

Test(agree, leaves_out_rows_that_either_does_not_know)
{
    const uint32_t none = KUNDIG__NO_CLUSTER;
    const uint32_t a[] = {0, 0, none, 1, 1, 0};
    const uint32_t b[] = {1, 1, 0, 0, 0, none};
    kundig__agreement found = agree_of(a, 2, b, 2, 6);
    cr_assert_float_eq(found.rand, 1, 1e-12);
    found = agree_of(a, 2, b, 2, 0);
    cr_assert_float_eq(found.rand, 1, 1e-12);
}

static int agree_again(fitted_set *fitted)
{
    const uint32_t a[] = {0, 1, 0};
    kundig__agreement out;
    return kundig__agree(&fitted->mem, a, 2, a, 2, 3, &out);
}

Test(agree, frees_all_where_memory_fails)
{
    fitted_set fitted = {0};
    discover_mem(&fitted.mem);
    fitted_sweep(&fitted, agree_again);
}
