/* Bursts in a stream of events (Kleinberg 2003): pure functions of times. For the files of this
 * room. */
#ifndef KUNDIG_WHY_BURSTS_H
#define KUNDIG_WHY_BURSTS_H

#include "base/mem.h"

/* Events [first, last] come at the density of a level or above; level 1 is the stream's own. */
typedef struct kundig__burst {
    uint32_t level; /* from 2 */
    size_t first;   /* of the events */
    size_t last;
} kundig__burst;

typedef struct kundig__bursts {
    kundig__mem *mem;
    kundig__burst *bursts; /* by first event, longer ones first */
    size_t count;
    size_t capacity;
    uint32_t levels; /* that were looked at */
} kundig__bursts;

/* times: count of them, ascending; equal ones are fine. scale > 1: how much denser each level is;
 * gamma > 0: what a step up costs, in ln(gaps). Fewer than three events, or all at one time, have
 * no bursts. KUNDIG_E_NOMEM. */
int kundig__bursts_find(kundig__mem *mem, const int64_t *times, size_t count, double scale,
                        double gamma, kundig__bursts *out, kundig_error *err);
/* The same for data known by batches alone (section 4): relevant[i] of all[i] events. first and
 * last are batches. Levels whose share would be 1 or more are none. */
int kundig__bursts_of_batches(kundig__mem *mem, const uint32_t *relevant, const uint32_t *all,
                              size_t count, double scale, double gamma, kundig__bursts *out,
                              kundig_error *err);
void kundig__bursts_free(kundig__bursts *bursts);

#endif
