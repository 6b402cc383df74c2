/* Sorting numbers by an order of one's own: rows, codes. */
#ifndef KUNDIG_BASE_ORDER_H
#define KUNDIG_BASE_ORDER_H

#include <stddef.h>
#include <stdint.h>

/* Order two items; ties must not matter. */
typedef int kundig__order_fn(const void *ud, uint32_t a, uint32_t b);
/* Sort in place. */
void kundig__order_sort(uint32_t *items, size_t count, kundig__order_fn *order, const void *ud);
/* Keep the `keep` least of a growing number of items in a heap; *count grows up to keep. */
void kundig__order_push(uint32_t *heap, size_t *count, size_t keep, uint32_t item,
                        kundig__order_fn *order, const void *ud);
/* Put a lesser item in the place of heap[at]. */
void kundig__order_replace(uint32_t *heap, size_t count, size_t at, uint32_t item,
                           kundig__order_fn *order, const void *ud);

#endif
