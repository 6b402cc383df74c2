/* Reading by what was taught, beside the rules of a taxonomy.
 *
 * Invariants: of a topic that was taught the classifier decides, and what rules found of it is one
 * of the things it goes by; of all others rules decide. Hits of rules stay the evidence of a topic
 * where there are any, else it is what spoke most for the topic, else all of the text; so every
 * topic of a reading has a hit.
 * Cost: that of classifying, and for each topic without hits of rules that of finding what spoke
 * for it; of many such topics in a very long text the later ones have all of it for evidence. */
#include "topics/matching.h"

#define TAUGHT_MOST_LOOKS ((size_t)1 << 22) /* tokens gone through for evidence of one text */

void kundig__taught_free(kundig__reading *reading)
{
    if (reading->taught) {
        kundig__classifying_free(reading->taught);
        kundig__free(reading->mem, reading->taught, sizeof *reading->taught);
        reading->taught = NULL;
    }
}

static int taught_open(kundig__reading *reading, const kundig__taught *taught)
{
    if (reading->taught) {
        return KUNDIG_OK;
    }
    kundig__classifying *classifying = kundig__alloc(reading->mem, sizeof *classifying);
    if (!classifying) {
        return kundig__nomem(reading->mem, NULL);
    }
    int rc = kundig__classifying_init(classifying, reading->mem, taught->classifier);
    if (rc) {
        kundig__free(reading->mem, classifying, sizeof *classifying);
        return rc;
    }
    reading->taught = classifying;
    return KUNDIG_OK;
}

bool kundig__taught_signs(kundig__reading *reading, size_t *count)
{
    const kundig__taught *taught = &reading->model->taught;
    void *signs = reading->signs;
    bool room = kundig__grow(reading->mem, &signs, &reading->sign_capacity, reading->topic_count,
                             sizeof *reading->signs);
    reading->signs = signs;
    *count = 0;
    uint32_t sign = 0;
    for (size_t i = 0; room && i < reading->topic_count; i++) {
        while (sign < taught->sign_count && taught->signs[sign] < reading->topics[i]) {
            sign++;
        }
        if (sign < taught->sign_count && taught->signs[sign] == reading->topics[i]) {
            reading->signs[(*count)++] = sign;
        }
    }
    return room;
}

/* ---- Blending ------------------------------------------------------------------------------- */

/* Does the classifier say no of a topic that rules found? */
static bool taught_denies(const kundig__reading *reading, uint32_t topic)
{
    uint32_t klass = reading->model->topics[topic].klass;
    return klass != KUNDIG__NO_CLASS && !reading->taught->holds[klass];
}

static void taught_drop(kundig__reading *reading)
{
    size_t kept = 0;
    for (size_t i = 0; i < reading->hit_count; i++) {
        if (!taught_denies(reading, reading->hits[i].topic)) {
            reading->hits[kept++] = reading->hits[i];
        }
    }
    reading->hit_count = kept;
    kept = 0;
    for (size_t i = 0; i < reading->topic_count; i++) {
        if (!taught_denies(reading, reading->topics[i])) {
            reading->topics[kept++] = reading->topics[i];
        }
    }
    reading->topic_count = kept;
}

static bool taught_hit(kundig__reading *reading, uint32_t topic, kundig__range range)
{
    void *hits = reading->hits;
    bool room = kundig__grow(reading->mem, &hits, &reading->hit_capacity, reading->hit_count + 1,
                             sizeof *reading->hits);
    reading->hits = hits;
    if (room) {
        reading->hits[reading->hit_count++] =
            (kundig__hit){range.start, range.end, topic, KUNDIG__RULE_TAUGHT};
    }
    return room;
}

/* What spoke for a class becomes the hits of its topic. */
static int taught_evidence(kundig__reading *reading, uint32_t klass, size_t *looks)
{
    const kundig__scratch *scratch = &reading->scratch;
    kundig__range ranges[KUNDIG__EVIDENCE_MOST];
    size_t count = 0;
    *looks += scratch->token_count;
    if (*looks <= TAUGHT_MOST_LOOKS) {
        int rc = kundig__classify_evidence(reading->taught, scratch, klass, ranges, &count);
        if (rc) {
            return rc;
        }
    }
    if (count == 0) {
        ranges[count++] = (kundig__range){scratch->tokens[0].start,
                                          scratch->tokens[scratch->token_count - 1].end};
    }
    for (size_t i = 0; i < count; i++) {
        if (!taught_hit(reading, reading->model->taught.topics[klass], ranges[i])) {
            return kundig__nomem(reading->mem, NULL);
        }
    }
    return KUNDIG_OK;
}

/* Add the topics that hold and no rule found; both lists ascend. */
static int taught_add(kundig__reading *reading, uint32_t class_count)
{
    const kundig__taught *taught = &reading->model->taught;
    const uint8_t *holds = reading->taught->holds;
    size_t found = reading->topic_count;
    size_t fresh = 0;
    size_t at = 0;
    size_t looks = 0;
    for (uint32_t klass = 0; klass < class_count; klass++) {
        while (at < found && reading->topics[at] < taught->topics[klass]) {
            at++;
        }
        if (holds[klass] && (at == found || reading->topics[at] != taught->topics[klass])) {
            int rc = taught_evidence(reading, klass, &looks);
            if (rc) {
                return rc;
            }
            fresh++;
        }
    }
    if (fresh == 0) {
        return KUNDIG_OK;
    }
    void *topics = reading->topics;
    bool room = kundig__grow(reading->mem, &topics, &reading->topic_capacity, found + fresh,
                             sizeof *reading->topics);
    reading->topics = topics;
    if (!room) {
        return kundig__nomem(reading->mem, NULL);
    }
    /* from behind: what moves up leaves its place first */
    reading->topic_count = found + fresh;
    size_t to = found + fresh;
    for (uint32_t klass = class_count; klass-- > 0 && to > found;) {
        if (!holds[klass]) {
            continue;
        }
        while (found > 0 && reading->topics[found - 1] > taught->topics[klass]) {
            reading->topics[--to] = reading->topics[--found];
        }
        if (found == 0 || reading->topics[found - 1] != taught->topics[klass]) {
            reading->topics[--to] = taught->topics[klass];
        }
    }
    return kundig__evidence_order(reading);
}

static int taught_blend(kundig__reading *reading, const kundig__taught *taught)
{
    size_t signs;
    int rc = taught_open(reading, taught);
    if (rc) {
        return rc;
    }
    if (!kundig__taught_signs(reading, &signs)) {
        return kundig__nomem(reading->mem, NULL);
    }
    rc = kundig__classify(reading->taught, &reading->scratch, reading->signs, signs);
    if (rc) {
        return rc;
    }
    taught_drop(reading);
    return taught_add(reading, kundig__classifier_facts_of(taught->classifier)->class_count);
}

int kundig__taught_read(kundig__reading *reading)
{
    const kundig__taught *taught = kundig__model_taught(reading->model);
    bool asked = taught && reading->scratch.token_count > 0;
    int rc = asked ? taught_blend(reading, taught) : KUNDIG_OK;
    if (rc) {
        return rc;
    }
    void *probabilities = reading->probabilities;
    bool room = kundig__grow(reading->mem, &probabilities, &reading->probability_capacity,
                             reading->topic_count, sizeof *reading->probabilities);
    reading->probabilities = probabilities;
    if (!room) {
        return kundig__nomem(reading->mem, NULL);
    }
    for (size_t i = 0; i < reading->topic_count; i++) {
        uint32_t klass = reading->model->topics[reading->topics[i]].klass;
        bool decided = asked && klass != KUNDIG__NO_CLASS;
        reading->probabilities[i] = decided ? reading->taught->probabilities[klass] : -1.0f;
    }
    return KUNDIG_OK;
}
