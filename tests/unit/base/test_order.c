/* Sorting by an order of one's own, and keeping the least. */
#include <criterion/criterion.h>

#include "base/order.h"
#include "base/prng.h"
#include "probe.h"

TestSuite(order, .fini = probe_fini);

static int order_backwards(const void *ud, uint32_t a, uint32_t b)
{
    const uint32_t *keys = ud;
    return (keys[a] < keys[b]) - (keys[a] > keys[b]);
}

Test(order, sorts_every_size_and_keeps_the_first)
{
    uint32_t keys[300];
    uint32_t items[300];
    uint32_t heap[300];
    kundig__prng prng;
    kundig__prng_init(&prng, 4);
    for (uint32_t n = 0; n < 300; n += n < 20 ? 1 : 31) {
        for (uint32_t i = 0; i < n; i++) {
            keys[i] = (uint32_t)kundig__prng_below(&prng, 1000000) * 300 + i; /* no ties */
            items[i] = i;
        }
        kundig__order_sort(items, n, order_backwards, keys);
        for (uint32_t i = 1; i < n; i++) {
            cr_assert_gt(keys[items[i - 1]], keys[items[i]]);
        }
        for (size_t keep = 0; keep < n + 2; keep += 1 + keep) {
            size_t count = 0;
            for (uint32_t i = 0; i < n; i++) {
                kundig__order_push(heap, &count, keep, i, order_backwards, keys);
            }
            cr_assert_eq(count, keep < n ? keep : n);
            kundig__order_sort(heap, count, order_backwards, keys);
            cr_assert_arr_eq(heap, items, count * sizeof *heap);
        }
    }
}

Test(order, a_lesser_item_takes_the_place_of_one_in_the_heap)
{
    uint32_t keys[40];
    uint32_t heap[8];
    size_t count = 0;
    for (uint32_t i = 0; i < 40; i++) {
        keys[i] = i * 7 % 40;
    }
    for (uint32_t i = 0; i < 20; i++) {
        kundig__order_push(heap, &count, 8, i, order_backwards, keys);
    }
    for (uint32_t i = 20; i < 40; i++) {
        uint32_t at = i % 8;
        if (keys[i] > keys[heap[at]]) {
            kundig__order_replace(heap, count, at, i, order_backwards, keys);
        }
        for (uint32_t child = 1; child < count; child++) {
            cr_assert_lt(keys[heap[(child - 1) / 2]], keys[heap[child]]);
        }
    }
}
