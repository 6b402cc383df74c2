/* Benjamini and Hochberg (1995): the false discovery rate of a family of tests.
 *
 * q of the i-th smallest p is the least p_j m / j over all j >= i. Equal p-values get equal q, so
 * the order of the tests cannot show. Cost: O(m log m), heap sort in the caller's scratch. */
#include "metrics/metrics.h"

static bool benjamini_less(const double *p, uint32_t a, uint32_t b)
{
    return p[a] < p[b] || (!(p[b] < p[a]) && a < b);
}

static void benjamini_sift(const double *p, uint32_t *heap, size_t at, size_t count)
{
    uint32_t moved = heap[at];
    for (size_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && benjamini_less(p, heap[child], heap[child + 1])) {
            child++;
        }
        if (!benjamini_less(p, moved, heap[child])) {
            break;
        }
        heap[at] = heap[child];
    }
    heap[at] = moved;
}

void kundig__benjamini_hochberg(const double *p, size_t count, double *q, uint32_t *scratch)
{
    size_t tested = 0;
    for (size_t i = 0; i < count; i++) {
        if (p[i] >= 0) { /* not so for NaN */
            scratch[tested++] = (uint32_t)i;
        } else {
            q[i] = p[i];
        }
    }
    for (size_t i = tested / 2; i-- > 0;) {
        benjamini_sift(p, scratch, i, tested);
    }
    double least = 1;
    for (size_t rank = tested; rank > 0; rank--) {
        uint32_t greatest = scratch[0];
        double value = p[greatest] * (double)tested / (double)rank;
        least = value < least ? value : least;
        q[greatest] = least;
        scratch[0] = scratch[rank - 1];
        benjamini_sift(p, scratch, 0, rank - 1);
    }
}
