/* Discovered topics that speak of what a defined or taught one does.
 *
 * Agreement is F1: twice the texts that are in both, over those in either one. Invariant: a
 * function of the texts as a set; of equal agreements the first name counts. Cost: a reading of
 * each text, of a sample by content where there are many; n log n in what is found. */
#include "topics/matches.h"

#include "base/hash.h"
#include "base/order.h"
#include "base/text.h"
#include "topics/compiled.h"

#define MATCHES_MOST_TEXTS 10000u
#define MATCHES_LEAST      0.5 /* agreement */

typedef struct matches_work {
    kundig__mem *mem;
    const kundig_model *model;
    const kundig__surveyed *surveyed;
    const kundig__placed *placed;
    kundig__discovered *discovered;
    uint64_t *both; /* whole << 32 | topic, of each text and topic found in it */
    size_t count;
    size_t capacity;
    uint32_t *topics; /* by topic: in how many texts */
    uint32_t *wholes; /* by whole: how many texts */
} matches_work;

static int matches_read_text(matches_work *work, kundig__reading *reading, uint32_t text)
{
    kundig_text of = work->surveyed->texts[text].text;
    uint32_t whole = work->discovered->wholes[work->placed[text].cluster];
    int rc = kundig__reading_run(reading, of.data, of.len, KUNDIG__LANGUAGE_UNKNOWN);
    void *both = work->both;
    if (rc || !kundig__grow(work->mem, &both, &work->capacity, work->count + reading->topic_count,
                            sizeof *work->both)) {
        return rc ? rc : kundig__nomem(work->mem, NULL);
    }
    work->both = both;
    work->wholes[whole]++;
    for (size_t i = 0; i < reading->topic_count; i++) {
        uint32_t topic = reading->topics[i];
        if (work->model->topics[topic].cluster == KUNDIG__NO_CLASS) {
            work->topics[topic]++;
            work->both[work->count++] = (uint64_t)whole << 32 | topic;
        }
    }
    return KUNDIG_OK;
}

static int matches_read(matches_work *work)
{
    kundig__reading reading;
    size_t count = work->surveyed->count;
    uint64_t most =
        count > MATCHES_MOST_TEXTS ? UINT64_MAX / count * MATCHES_MOST_TEXTS : UINT64_MAX;
    int rc = KUNDIG_OK;
    kundig__reading_init(&reading, work->mem, work->model);
    reading.plain = !kundig__model_taught(work->model);
    for (uint32_t i = 0; i < count && !rc; i++) {
        kundig_text text = work->surveyed->texts[i].text;
        if (work->placed[i].cluster != KUNDIG__NO_CLUSTER && !work->placed[i].nowhere &&
            (most == UINT64_MAX || kundig__xxh3(text.data, text.len) <= most)) {
            rc = matches_read_text(work, &reading, i);
        }
    }
    kundig__reading_free(&reading);
    return rc;
}

static int matches_order(const void *ud, uint32_t a, uint32_t b)
{
    const uint64_t *both = ud;
    return both[a] < both[b] ? -1 : both[a] > both[b];
}

static int matches_tell(matches_work *work, kundig__arena *arena)
{
    uint32_t *order = kundig__alloc(work->mem, work->count * sizeof *order);
    bool room = order != NULL;
    for (uint32_t i = 0; room && i < work->count; i++) {
        order[i] = i;
    }
    if (room) {
        kundig__order_sort(order, work->count, matches_order, work->both);
    }
    for (size_t first = 0; room && first < work->count;) {
        size_t end = first;
        uint64_t pair = work->both[order[first]];
        while (end < work->count && work->both[order[end]] == pair) {
            end++;
        }
        kundig__discovered_topic *topic = &work->discovered->topics[pair >> 32];
        uint32_t known = (uint32_t)pair;
        double f1 =
            2 * (double)(end - first) / ((double)work->topics[known] + work->wholes[pair >> 32]);
        if (f1 >= MATCHES_LEAST && f1 > topic->agreement) {
            topic->agreement = f1;
            topic->matches = kundig__arena_text(arena, work->model->topics[known].name);
            room = topic->matches.data != NULL;
        }
        first = end;
    }
    kundig__free(work->mem, order, work->count * sizeof *order);
    return room ? KUNDIG_OK : kundig__nomem(work->mem, NULL);
}

/* Does it know a topic that was not discovered? */
static bool matches_knows(const kundig_model *model)
{
    for (size_t i = 0; model && i < model->topic_count; i++) {
        if (model->topics[i].cluster == KUNDIG__NO_CLASS &&
            (model->topics[i].rule_count || model->topics[i].klass != KUNDIG__NO_CLASS)) {
            return true;
        }
    }
    return false;
}

int kundig__matches(kundig__mem *mem, kundig__arena *arena, const kundig_model *base,
                    const kundig__surveyed *surveyed, const kundig__placed *placed,
                    kundig__discovered *discovered, kundig_error *err)
{
    kundig_model *ready = NULL;
    int rc = matches_knows(base) ? KUNDIG_OK : kundig_model_new(&mem->hook, NULL, 0, &ready, err);
    if (rc) {
        return rc;
    }
    matches_work work = {.mem = mem,
                         .model = ready ? ready : base,
                         .surveyed = surveyed,
                         .placed = placed,
                         .discovered = discovered};
    size_t wholes = kundig__discovered_count(discovered);
    work.topics = kundig__alloc_zero(mem, work.model->topic_count * sizeof *work.topics);
    work.wholes = kundig__alloc_zero(mem, wholes * sizeof *work.wholes);
    rc = work.topics && work.wholes ? matches_read(&work) : kundig__nomem(mem, NULL);
    rc = rc ? rc : matches_tell(&work, arena);
    kundig__free(mem, work.topics, work.topics ? work.model->topic_count * sizeof *work.topics : 0);
    kundig__free(mem, work.wholes, work.wholes ? wholes * sizeof *work.wholes : 0);
    kundig__free(mem, work.both, work.capacity * sizeof *work.both);
    kundig_model_free(ready);
    return rc ? kundig__nomem(mem, err) : KUNDIG_OK;
}
