/* From hashes to buckets: which a text has, each once.
 *
 * Invariant: a bucket is in the list if its stamp is that of the text in work, so nothing is
 * cleared between texts, and no text finds a slow way: one look a feature.
 * Cost: linear, about 2 ns a feature; 768 KB a thread. */
#include <string.h>

#include "discover/notes.h"

#ifdef KUNDIG_TINY
#define PRESENCE_FIRST 2u
#else
#define PRESENCE_FIRST 512u
#endif

bool kundig__presence_init(kundig__presence *presence, kundig__mem *mem)
{
    memset(presence, 0, sizeof *presence);
    presence->mem = mem;
    presence->stamps = kundig__alloc_zero(mem, KUNDIG__NOTE_BUCKETS * sizeof *presence->stamps);
    presence->list = kundig__alloc(mem, PRESENCE_FIRST * sizeof *presence->list);
    if (!presence->stamps || !presence->list) {
        kundig__free(mem, presence->stamps, KUNDIG__NOTE_BUCKETS * sizeof *presence->stamps);
        kundig__free(mem, presence->list, PRESENCE_FIRST * sizeof *presence->list);
        return false;
    }
    presence->capacity = PRESENCE_FIRST;
    return true;
}

void kundig__presence_free(kundig__presence *presence)
{
    kundig__mem *mem = presence->mem;
    kundig__free(mem, presence->stamps, KUNDIG__NOTE_BUCKETS * sizeof *presence->stamps);
    kundig__free(mem, presence->list, presence->capacity * sizeof *presence->list);
}

static inline void presence_add(kundig__presence *presence, uint32_t bucket)
{
    /* Written in any case and counted where it is new: no guess to go wrong. */
    presence->list[presence->count] = bucket;
    presence->count += presence->stamps[bucket] != presence->stamp;
    presence->stamps[bucket] = presence->stamp;
}

bool kundig__presence_read(kundig__presence *presence, const kundig__scratch *scratch, size_t from,
                           size_t to, size_t first, size_t last, bool pairs)
{
    size_t most = (to - from) * (pairs ? 2 : 1) + (last - first);
    most = (most < KUNDIG__NOTE_BUCKETS ? most : KUNDIG__NOTE_BUCKETS) + 1;
    void *list = presence->list;
    bool fits = kundig__grow(presence->mem, &list, &presence->capacity, most, sizeof(uint32_t));
    presence->list = list;
    if (!fits) {
        return false;
    }
    if (++presence->stamp == 0) {
        memset(presence->stamps, 0, KUNDIG__NOTE_BUCKETS * sizeof *presence->stamps);
        presence->stamp = 1;
    }
    presence->count = 0;
    for (size_t i = from; i < to; i++) {
        presence_add(presence, kundig__note_bucket(scratch->tokens[i].hash, KUNDIG__NOTE_WORDS));
    }
    for (size_t i = from; pairs && i + 1 < to; i++) {
        presence_add(presence, kundig__note_bucket(scratch->pairs[i], KUNDIG__NOTE_PAIRS));
    }
    for (size_t i = first; i < last; i++) {
        presence_add(presence, kundig__note_bucket(scratch->grams[i], KUNDIG__NOTE_CHARACTERS));
    }
    return true;
}
