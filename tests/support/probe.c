#include "probe.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

probe probe_shared;

/* Parts of a call may allocate on threads of their own. */
static atomic_flag probe_busy = ATOMIC_FLAG_INIT;

static void *probe_alone(void *ud, void *ptr, size_t old_size, size_t new_size)
{
    probe *p = ud;
    if (new_size == 0) {
        if (ptr) {
            memset(ptr, 0xDD, old_size);
            free(ptr);
            p->live_blocks--;
            p->live_bytes -= old_size;
        }
        return NULL;
    }
    if (new_size > old_size) {
        p->allocations++;
        if (p->fail_at &&
            (p->allocations == p->fail_at || (p->fail_on && p->allocations > p->fail_at))) {
            return NULL;
        }
    }
    /* Always a new block, so that a kept old pointer shows. */
    unsigned char *fresh = malloc(new_size);
    if (!fresh) {
        return NULL;
    }
    memset(fresh, 0xA5, new_size);
    if (ptr) {
        memcpy(fresh, ptr, old_size < new_size ? old_size : new_size);
        memset(ptr, 0xDD, old_size);
        free(ptr);
    } else {
        p->live_blocks++;
    }
    p->live_bytes += new_size - (ptr ? old_size : 0);
    if (p->live_bytes > p->peak_bytes) {
        p->peak_bytes = p->live_bytes;
    }
    return fresh;
}

static void *probe_fn(void *ud, void *ptr, size_t old_size, size_t new_size)
{
    while (atomic_flag_test_and_set_explicit(&probe_busy, memory_order_acquire)) {
    }
    void *fresh = probe_alone(ud, ptr, old_size, new_size);
    atomic_flag_clear_explicit(&probe_busy, memory_order_release);
    return fresh;
}

kundig_allocator probe_allocator(probe *p)
{
    return (kundig_allocator){probe_fn, p ? p : &probe_shared};
}

void probe_fini(void)
{
    if (probe_shared.live_blocks != 0 || probe_shared.live_bytes != 0) {
        fprintf(stderr, "probe: %zu blocks, %zu bytes are live\n", probe_shared.live_blocks,
                probe_shared.live_bytes);
        abort();
    }
}

bool probe_full(void)
{
    return getenv("KUNDIG_TESTS_FULL") != NULL;
}

size_t probe_next(size_t n)
{
    static size_t dense;
    if (dense == 0) {
        dense = (probe_full() ? 64 : 32) / PROBE_STRIDE;
    }
    return n + 1 + n / dense;
}

size_t probe_leap(size_t n)
{
    return probe_full() ? probe_next(n) : n + 1 + n / 4;
}
