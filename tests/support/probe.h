/* An allocator that counts, fills new memory with junk, and fails on request; threads may share it.
 */
#ifndef KUNDIG_TESTS_PROBE_H
#define KUNDIG_TESTS_PROBE_H

#include <stdbool.h>

#include "kundig.h"

typedef struct probe {
    size_t live_blocks;
    size_t live_bytes;
    size_t peak_bytes;
    size_t allocations; /* calls that asked for more memory */
    size_t fail_at;     /* the n-th of them fails, from 1; 0: none */
    bool fail_on;       /* and all behind it */
} probe;

/* One probe a test process: tests of one suite share it, `probe_fini` looks at it. */
extern probe probe_shared;

kundig_allocator probe_allocator(probe *p); /* NULL: probe_shared */

/* For `.fini` of every suite: aborts if blocks or bytes are live. Criterion counts a failed assert
 * in .fini as a pass, an abort it does not. */
void probe_fini(void);

/* Sweeps over all of something take each case in the build as it is released, and one in so many
 * where assertions or sanitizers make every case many times as slow. */
#ifdef NDEBUG
#define PROBE_STRIDE 1
#else
#define PROBE_STRIDE 7
#endif

/* Are the long sweeps wanted? KUNDIG_TESTS_FULL is set: tests/run --full. */
bool probe_full(void);

/* The allocation to fail behind the n-th, in sweeps of calls that make thousands: each of the first
 * ones, then one in ever more. */
size_t probe_next(size_t n);
/* The same for calls that learn several times over: what learning allocates is swept elsewhere. */
size_t probe_leap(size_t n);

#endif
