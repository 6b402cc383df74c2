/* Instants and written dates to windows of time, for group.c alone. */
#ifndef KUNDIG_CORPUS_PERIOD_H
#define KUNDIG_CORPUS_PERIOD_H

#include "corpus/corpus.h"

/* Every day of the data, with a margin, has its offset from UTC and the window it lies in. */
typedef struct kundig__period {
    kundig__mem *mem;
    const kundig__zone *zone;
    int32_t every;
    int64_t first_ms; /* UTC midnight of the first day */
    uint32_t day_count;
    int32_t *offsets; /* milliseconds east of UTC on a day in UTC; INT32_MIN: it changes that day */
    uint32_t *windows; /* window of a local day */
    int32_t *starts;   /* first day of a window, since 1970 */
    size_t start_capacity;
    uint32_t window_count;
} kundig__period;

/* least and greatest bound the times; least > greatest: there are none. */
int kundig__period_init(kundig__period *period, kundig__mem *mem, const kundig__zone *zone,
                        int32_t every, int64_t least, int64_t greatest, kundig_error *err);
void kundig__period_free(kundig__period *period);
/* The window of a time; it must not be absent. */
uint32_t kundig__period_window(const kundig__period *period, int64_t time_ms, bool written);
/* groups[i] = groups[i] * window_count + window, or UINT32_MAX without a time. */
void kundig__period_rows(const kundig__period *period, const int64_t *times,
                         const uint8_t *precisions, uint32_t count, uint32_t *groups);
size_t kundig__period_label(const kundig__period *period, uint32_t window, char out[32]);

#endif
