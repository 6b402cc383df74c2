/* Typical texts of a topic: those that fit it best among those of a usual length.
 *
 * Invariants: an example has a key; no two of a topic are of one known customer or say the same;
 * ties go by the key and the text, so the order of rows changes nothing. Cost: n log n. */
#include "topics/exemplars.h"

#include "base/order.h"
#include "base/text.h"

#define EXEMPLARS_SHORT 20u  /* bytes: less says little */
#define EXEMPLARS_LONG  400u /* more is nothing to read at a glance */

typedef struct exemplars_work {
    const kundig_examples *set;
    const kundig__surveyed *surveyed;
    const kundig__placed *placed;
    kundig__discovered *discovered;
} exemplars_work;

static uint32_t exemplars_whole(const exemplars_work *work, uint32_t text)
{
    return work->discovered->wholes[work->placed[text].cluster];
}

/* By whole, what is part of it, and writer. */
static int exemplars_writer_order(const void *ud, uint32_t a, uint32_t b)
{
    const exemplars_work *work = ud;
    uint32_t left = exemplars_whole(work, a);
    uint32_t right = exemplars_whole(work, b);
    if (left == right) {
        left = work->placed[a].cluster;
        right = work->placed[b].cluster;
    }
    if (left == right) {
        left = work->surveyed->texts[a].writer;
        right = work->surveyed->texts[b].writer;
    }
    return left != right ? (left < right ? -1 : 1) : a < b ? -1 : a > b;
}

/* By writer alone. */
static int exemplars_customer_order(const void *ud, uint32_t a, uint32_t b)
{
    const exemplars_work *work = ud;
    uint32_t left = work->surveyed->texts[a].writer;
    uint32_t right = work->surveyed->texts[b].writer;
    return left != right ? (left < right ? -1 : 1) : a < b ? -1 : a > b;
}

/* How many different writers texts in order of writers have. */
static uint64_t exemplars_customers(const exemplars_work *work, const uint32_t *texts, size_t count)
{
    uint64_t customers = 0;
    uint32_t last = KUNDIG__NO_WRITER;
    for (size_t i = 0; i < count; i++) {
        uint32_t writer = work->surveyed->texts[texts[i]].writer;
        customers += writer != KUNDIG__NO_WRITER && writer != last;
        last = writer;
    }
    return customers;
}

static int exemplars_length_order(const void *ud, uint32_t a, uint32_t b)
{
    const exemplars_work *work = ud;
    size_t left = work->surveyed->texts[a].text.len;
    size_t right = work->surveyed->texts[b].text.len;
    return left != right ? (left < right ? -1 : 1) : a < b ? -1 : a > b;
}

static const kundig__example *exemplars_example(const exemplars_work *work, uint32_t text)
{
    return &work->set->examples[work->surveyed->examples[text]];
}

/* The best first. */
static int exemplars_order(const void *ud, uint32_t a, uint32_t b)
{
    const exemplars_work *work = ud;
    float left = work->placed[a].margin;
    float right = work->placed[b].margin;
    if (left < right || left > right) {
        return left > right ? -1 : 1;
    }
    const kundig__example *first = exemplars_example(work, a);
    const kundig__example *second = exemplars_example(work, b);
    int way = kundig__text_order(first->source, second->source);
    way = way ? way : kundig__text_order(first->id, second->id);
    way = way ? way : kundig__text_order(first->text, second->text);
    return way ? way : a < b ? -1 : a > b;
}

/* Of all that is part of one topic: those of usual length with a key, by how well they fit. */
static void exemplars_choose(const exemplars_work *work, uint32_t *texts, size_t count,
                             kundig__discovered_topic *topic)
{
    kundig__order_sort(texts, count, exemplars_length_order, work);
    size_t least = work->surveyed->texts[texts[count / 4]].text.len;
    size_t most = work->surveyed->texts[texts[count - 1 - count / 10]].text.len;
    least = least < EXEMPLARS_SHORT ? EXEMPLARS_SHORT : least;
    most = most > EXEMPLARS_LONG ? EXEMPLARS_LONG : most;
    if (least >= most) {
        least = 0;
        most = SIZE_MAX;
    }
    kundig__order_sort(texts, count, exemplars_order, work);
    uint32_t chosen[KUNDIG__TOPIC_EXAMPLES];
    for (size_t i = 0; i < count && topic->example_count < KUNDIG__TOPIC_EXAMPLES; i++) {
        const kundig__told_text *text = &work->surveyed->texts[texts[i]];
        const kundig__example *example = exemplars_example(work, texts[i]);
        bool fits = example->id.data && text->text.len >= least && text->text.len <= most;
        for (uint32_t j = 0; j < topic->example_count && fits; j++) {
            const kundig__told_text *other = &work->surveyed->texts[chosen[j]];
            fits = !kundig__text_equal(other->text, text->text) &&
                   (text->writer == KUNDIG__NO_WRITER || text->writer != other->writer);
        }
        if (fits) {
            chosen[topic->example_count] = texts[i];
            topic->sources[topic->example_count] = example->source;
            topic->ids[topic->example_count++] = example->id;
        }
    }
}

/* All that counts in one topic; texts stand by what is part of it, and by writer. */
static void exemplars_count(const exemplars_work *work, uint32_t *texts, size_t count, bool writers)
{
    kundig__discovered_topic *topics = work->discovered->topics;
    kundig__discovered_topic *whole = &topics[exemplars_whole(work, texts[0])];
    for (size_t first = 0; first < count;) {
        size_t end = first;
        uint32_t cluster = work->placed[texts[first]].cluster;
        while (end < count && work->placed[texts[end]].cluster == cluster) {
            end++;
        }
        topics[cluster].own_texts = end - first;
        if (writers) {
            topics[cluster].own_customers = exemplars_customers(work, texts + first, end - first);
        }
        first = end;
    }
    whole->texts = count;
    kundig__order_sort(texts, count, exemplars_customer_order, work);
    if (writers) {
        whole->customers = exemplars_customers(work, texts, count);
    }
    exemplars_choose(work, texts, count, whole);
}

int kundig__exemplars(kundig__mem *mem, const kundig_examples *set,
                      const kundig__surveyed *surveyed, const kundig__placed *placed,
                      kundig__discovered *discovered)
{
    exemplars_work work = {set, surveyed, placed, discovered};
    uint32_t *texts = kundig__alloc(mem, surveyed->count * sizeof *texts);
    if (!texts) {
        return kundig__nomem(mem, NULL);
    }
    size_t count = 0;
    bool writers = false;
    for (uint32_t i = 0; i < surveyed->count; i++) {
        writers = writers || surveyed->texts[i].writer != KUNDIG__NO_WRITER;
        if (placed[i].cluster != KUNDIG__NO_CLUSTER && !placed[i].nowhere) {
            texts[count++] = i;
        }
    }
    for (uint32_t i = 0; i < kundig__discovered_count(discovered); i++) {
        kundig__discovered_topic *topic = &discovered->topics[i];
        topic->texts = topic->own_texts = 0;
        topic->customers = topic->own_customers = writers ? 0 : KUNDIG__NOT_COUNTED;
        topic->example_count = 0;
    }
    kundig__order_sort(texts, count, exemplars_writer_order, &work);
    for (size_t first = 0; first < count;) {
        size_t end = first;
        uint32_t whole = exemplars_whole(&work, texts[first]);
        while (end < count && exemplars_whole(&work, texts[end]) == whole) {
            end++;
        }
        exemplars_count(&work, texts + first, end - first, writers);
        first = end;
    }
    kundig__free(mem, texts, surveyed->count * sizeof *texts);
    return KUNDIG_OK;
}
