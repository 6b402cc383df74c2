/* Reading by what was discovered, beside rules and what was taught.
 *
 * Invariants: the main topic of a text that fits one has a hit, whatever its sentences fit; that of
 * a text that fits none is what a sentence of it fits best, if one does; every other topic has one
 * for each sentence that surely fits it. Probability of a topic: that it, not the second best, is
 * the one, as far as their scores tell. Cost: that of assigning the text; nothing where nothing was
 * discovered. */
#include "base/math.h"
#include "topics/matching.h"

void kundig__discovered_read_free(kundig__reading *reading)
{
    if (reading->assigning) {
        kundig__assigning_free(reading->assigning);
        kundig__free(reading->mem, reading->assigning, sizeof *reading->assigning);
        reading->assigning = NULL;
    }
}

static int discovered_open(kundig__reading *reading, const kundig__discovered *discovered)
{
    if (reading->assigning) {
        return KUNDIG_OK;
    }
    kundig__assigning *assigning = kundig__alloc(reading->mem, sizeof *assigning);
    if (!assigning) {
        return kundig__nomem(reading->mem, NULL);
    }
    int rc = kundig__assigning_init(assigning, reading->mem, discovered->clustered);
    if (rc) {
        kundig__free(reading->mem, assigning, sizeof *assigning);
        return rc;
    }
    reading->assigning = assigning;
    return KUNDIG_OK;
}

float kundig__discovered_probability(float margin)
{
    return (float)(1 / (1 + kundig__exp(-(double)margin)));
}

/* Put a topic among those of the reading, which ascend; the greater probability stays. */
static bool discovered_topic(kundig__reading *reading, uint32_t topic, float probability)
{
    size_t at = 0;
    while (at < reading->topic_count && reading->topics[at] < topic) {
        at++;
    }
    if (at < reading->topic_count && reading->topics[at] == topic) {
        if (reading->probabilities[at] >= 0 && reading->probabilities[at] < probability) {
            reading->probabilities[at] = probability;
        }
        return true;
    }
    void *topics = reading->topics;
    void *probabilities = reading->probabilities;
    size_t count = reading->topic_count + 1;
    bool room = kundig__grow(reading->mem, &topics, &reading->topic_capacity, count,
                             sizeof *reading->topics);
    reading->topics = topics;
    room = room && kundig__grow(reading->mem, &probabilities, &reading->probability_capacity, count,
                                sizeof *reading->probabilities);
    reading->probabilities = probabilities;
    if (!room) {
        return false;
    }
    for (size_t i = reading->topic_count; i > at; i--) {
        reading->topics[i] = reading->topics[i - 1];
        reading->probabilities[i] = reading->probabilities[i - 1];
    }
    reading->topics[at] = topic;
    reading->probabilities[at] = probability;
    reading->topic_count = count;
    return true;
}

static bool discovered_hit(kundig__reading *reading, uint32_t topic, uint32_t start, uint32_t end,
                           float margin)
{
    void *hits = reading->hits;
    bool room = kundig__grow(reading->mem, &hits, &reading->hit_capacity, reading->hit_count + 1,
                             sizeof *reading->hits);
    reading->hits = hits;
    if (!room) {
        return false;
    }
    reading->hits[reading->hit_count++] = (kundig__hit){start, end, topic, KUNDIG__RULE_DISCOVERED};
    return discovered_topic(reading, topic, kundig__discovered_probability(margin));
}

/* The sentences that fit a topic; whether the main one is among them. */
static bool discovered_units(kundig__reading *reading, const kundig__discovered *discovered,
                             bool *main_has_hit)
{
    const kundig__assigning *assigning = reading->assigning;
    for (size_t i = 0; i < assigning->unit_count; i++) {
        const kundig__unit *unit = &assigning->units[i];
        uint32_t topic = unit->cluster == KUNDIG__NO_CLUSTER ? KUNDIG__NO_CLUSTER
                                                             : discovered->numbers[unit->cluster];
        if (topic == KUNDIG__NO_CLUSTER) {
            continue;
        }
        *main_has_hit = *main_has_hit || topic == reading->main_topic;
        if (!discovered_hit(reading, topic, unit->start, unit->end, unit->margin)) {
            return false;
        }
    }
    return true;
}

int kundig__discovered_read(kundig__reading *reading, const char *text, size_t len)
{
    const kundig__discovered *discovered = kundig__model_discovered_of(reading->model);
    const kundig__scratch *scratch = &reading->scratch;
    if (!discovered || scratch->token_count == 0) {
        return KUNDIG_OK;
    }
    int rc = discovered_open(reading, discovered);
    rc = rc ? rc : kundig__assign(reading->assigning, scratch, text, len, true);
    if (rc) {
        return rc;
    }
    const kundig__assigning *assigning = reading->assigning;
    reading->novelty = assigning->novelty;
    float margin;
    uint32_t main_cluster = kundig__assigned_main(assigning, &margin);
    if (main_cluster != KUNDIG__NO_CLUSTER &&
        discovered->numbers[main_cluster] != KUNDIG__NO_CLUSTER) {
        reading->main_topic = discovered->numbers[main_cluster];
    }
    size_t before = reading->hit_count;
    bool main_has_hit = reading->main_topic == KUNDIG__NO_CLASS;
    if (assigning->unit_count > 1 && !discovered_units(reading, discovered, &main_has_hit)) {
        return kundig__nomem(reading->mem, NULL);
    }
    if (!main_has_hit &&
        !discovered_hit(reading, reading->main_topic, scratch->tokens[0].start,
                        scratch->tokens[scratch->token_count - 1].end, assigning->margin)) {
        return kundig__nomem(reading->mem, NULL);
    }
    return reading->hit_count > before ? kundig__evidence_order(reading) : KUNDIG_OK;
}
