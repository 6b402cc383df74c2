/* From rules that were met to evidence: exclusions, hits inside others, order.
 *
 * Invariants: a hit stays unless an exclusion of its topic overlaps it or it lies inside another
 * that stays; of hits of one topic on the same bytes the first rule stays; so evidence of a topic
 * does not say one thing twice.
 * Cost: n log n in the hits of one comment. */
#include "base/order.h"
#include "topics/matching.h"

#ifdef KUNDIG_TINY
#define EVIDENCE_FEW 2
#else
#define EVIDENCE_FEW 16
#endif

static int evidence_compare(uint32_t a, uint32_t b)
{
    return a < b ? -1 : a > b;
}

/* By topic; then from the left, the longer first. */
static int evidence_by_topic(const void *ud, uint32_t a, uint32_t b)
{
    const kundig__hit *left = (const kundig__hit *)ud + a;
    const kundig__hit *right = (const kundig__hit *)ud + b;
    int order = evidence_compare(left->topic, right->topic);
    if (order == 0) {
        order = evidence_compare(left->start, right->start);
    }
    if (order == 0) {
        order = evidence_compare(right->end, left->end);
    }
    return order != 0 ? order : evidence_compare(left->rule, right->rule);
}

/* As a reader meets them. */
static int evidence_by_place(const void *ud, uint32_t a, uint32_t b)
{
    const kundig__hit *left = (const kundig__hit *)ud + a;
    const kundig__hit *right = (const kundig__hit *)ud + b;
    int order = evidence_compare(left->start, right->start);
    if (order == 0) {
        order = evidence_compare(left->end, right->end);
    }
    if (order == 0) {
        order = evidence_compare(left->topic, right->topic);
    }
    return order != 0 ? order : evidence_compare(left->rule, right->rule);
}

/* A few are sorted in place, many through a list of their numbers. */
static bool evidence_sort(kundig__matching *matching, kundig__hit *hits, size_t count,
                          kundig__order_fn *order)
{
    if (count <= EVIDENCE_FEW) {
        for (uint32_t i = 1; i < count; i++) {
            for (uint32_t at = i; at > 0 && order(hits, at - 1, at) > 0; at--) {
                kundig__hit moved = hits[at];
                hits[at] = hits[at - 1];
                hits[at - 1] = moved;
            }
        }
        return true;
    }
    void *numbers = matching->order;
    void *spare = matching->spare;
    bool grown = kundig__grow(matching->mem, &numbers, &matching->order_capacity, count,
                              sizeof *matching->order);
    matching->order = numbers;
    grown = grown && kundig__grow(matching->mem, &spare, &matching->spare_capacity, count,
                                  sizeof *matching->spare);
    matching->spare = spare;
    if (!grown) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        matching->order[i] = i;
    }
    kundig__order_sort(matching->order, count, order, hits);
    for (size_t i = 0; i < count; i++) {
        matching->spare[i] = hits[matching->order[i]];
    }
    memcpy(hits, matching->spare, count * sizeof *hits);
    return true;
}

/* Join exclusions of one topic that touch; they are sorted. */
static size_t evidence_join(kundig__hit *nots, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        kundig__hit *last = kept ? &nots[kept - 1] : NULL;
        if (last && last->topic == nots[i].topic && nots[i].start <= last->end) {
            last->end = last->end < nots[i].end ? nots[i].end : last->end;
        } else {
            nots[kept++] = nots[i];
        }
    }
    return kept;
}

/* Does an exclusion overlap the hit? *at moves on with the hits, which are sorted as they are. */
static bool evidence_is_excluded(const kundig__hit *nots, size_t count, const kundig__hit *hit,
                                 size_t *at)
{
    while (*at < count && (nots[*at].topic < hit->topic ||
                           (nots[*at].topic == hit->topic && nots[*at].end <= hit->start))) {
        ++*at;
    }
    return *at < count && nots[*at].topic == hit->topic && nots[*at].start < hit->end;
}

int kundig__evidence_order(kundig__reading *reading)
{
    return evidence_sort(reading->matching, reading->hits, reading->hit_count, evidence_by_place)
               ? KUNDIG_OK
               : kundig__nomem(reading->mem, NULL);
}

static bool evidence_topic(kundig__reading *reading, uint32_t topic)
{
    if (reading->topic_count && reading->topics[reading->topic_count - 1] == topic) {
        return true;
    }
    void *topics = reading->topics;
    bool grown = kundig__grow(reading->mem, &topics, &reading->topic_capacity,
                              reading->topic_count + 1, sizeof *reading->topics);
    reading->topics = topics;
    if (grown) {
        reading->topics[reading->topic_count++] = topic;
    }
    return grown;
}

int kundig__evidence_settle(kundig__reading *reading)
{
    kundig__matching *matching = reading->matching;
    kundig__hit *hits = reading->hits;
    kundig__hit *nots = matching->nots;
    size_t count = reading->hit_count;
    size_t not_count = matching->not_count;
    if (!evidence_sort(matching, hits, count, evidence_by_topic) ||
        !evidence_sort(matching, nots, not_count, evidence_by_topic)) {
        return kundig__nomem(matching->mem, NULL);
    }
    not_count = evidence_join(nots, not_count);
    size_t kept = 0;
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        if (evidence_is_excluded(nots, not_count, &hits[i], &at)) {
            continue;
        }
        if (kept && hits[kept - 1].topic == hits[i].topic && hits[i].end <= hits[kept - 1].end) {
            continue; /* the last that stays reaches furthest of all before */
        }
        hits[kept++] = hits[i];
    }
    reading->hit_count = kept;
    reading->topic_count = 0;
    for (size_t i = 0; i < kept; i++) {
        if (!evidence_topic(reading, hits[i].topic)) {
            return kundig__nomem(reading->mem, NULL);
        }
    }
    return kundig__evidence_order(reading);
}
