#include "probe.h"

#include <stdio.h>
#include <stdlib.h>

probe probe_shared;

static void *probe_fn(void *ud, void *ptr, size_t old_size, size_t new_size)
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
