/* Sorting numbers by an order that needs more than the numbers: a heap, in place.
 *
 * Invariant: in a heap no item is less than its children's greatest; the greatest stands first.
 * Cost: about 2 n log2 n comparisons, no memory. */
#include "base/order.h"

static void order_sink(uint32_t *heap, size_t count, size_t at, kundig__order_fn *order,
                       const void *ud)
{
    uint32_t item = heap[at];
    for (size_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
        if (child + 1 < count && order(ud, heap[child + 1], heap[child]) > 0) {
            child++;
        }
        if (order(ud, heap[child], item) <= 0) {
            break;
        }
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = item;
}

void kundig__order_sort(uint32_t *items, size_t count, kundig__order_fn *order, const void *ud)
{
    for (size_t at = count / 2; at-- > 0;) {
        order_sink(items, count, at, order, ud);
    }
    for (size_t left = count; left > 1;) {
        uint32_t greatest = items[0];
        items[0] = items[--left];
        items[left] = greatest;
        order_sink(items, left, 0, order, ud);
    }
}

void kundig__order_push(uint32_t *heap, size_t *count, size_t keep, uint32_t item,
                        kundig__order_fn *order, const void *ud)
{
    if (*count == keep) {
        if (keep && order(ud, item, heap[0]) < 0) {
            heap[0] = item;
            order_sink(heap, *count, 0, order, ud);
        }
        return;
    }
    size_t at = (*count)++;
    while (at > 0 && order(ud, heap[(at - 1) / 2], item) < 0) {
        heap[at] = heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    heap[at] = item;
}

void kundig__order_replace(uint32_t *heap, size_t count, size_t at, uint32_t item,
                           kundig__order_fn *order, const void *ud)
{
    heap[at] = item;
    order_sink(heap, count, at, order, ud);
}
