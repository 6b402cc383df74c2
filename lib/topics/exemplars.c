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
    const kundig__discovered *discovered;
} exemplars_work;

static uint32_t exemplars_whole(const exemplars_work *work, uint32_t text)
{
    return work->discovered->wholes[work->placed[text].cluster];
}

static int exemplars_writer_order(const void *ud, uint32_t a, uint32_t b)
{
    const exemplars_work *work = ud;
    uint32_t left = exemplars_whole(work, a);
    uint32_t right = exemplars_whole(work, b);
    if (left == right) {
        left = work->surveyed->texts[a].writer;
        right = work->surveyed->texts[b].writer;
    }
    return left != right ? (left < right ? -1 : 1) : a < b ? -1 : a > b;
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
        if (placed[i].cluster != KUNDIG__NO_CLUSTER) {
            texts[count++] = i;
        }
    }
    for (uint32_t i = 0; i < kundig__discovered_count(discovered); i++) {
        kundig__discovered_topic *topic = &discovered->topics[i];
        topic->texts = 0;
        topic->customers = writers ? 0 : KUNDIG__NOT_COUNTED;
        topic->example_count = 0;
    }
    kundig__order_sort(texts, count, exemplars_writer_order, &work);
    for (size_t first = 0; first < count;) {
        size_t end = first;
        uint32_t whole = exemplars_whole(&work, texts[first]);
        kundig__discovered_topic *topic = &discovered->topics[whole];
        uint32_t last = KUNDIG__NO_WRITER;
        for (; end < count && exemplars_whole(&work, texts[end]) == whole; end++) {
            uint32_t writer = surveyed->texts[texts[end]].writer;
            topic->customers += writer != KUNDIG__NO_WRITER && writer != last;
            last = writer;
        }
        topic->texts = end - first;
        exemplars_choose(&work, texts + first, end - first, topic);
        first = end;
    }
    kundig__free(mem, texts, surveyed->count * sizeof *texts);
    return KUNDIG_OK;
}
