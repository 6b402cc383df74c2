/* Names of topics: made once, at birth, and kept.
 *
 * Invariants: a topic's name is t- and 12 digits of a hash of what it was born from, or that of the
 * topic it goes on from; no two are equal, the one that comes later in order of content counts up.
 * A theme goes on as the one whose topics' texts make most of it.
 * Cost: n log n in the topics, and quadratic in the themes. */
#include "topics/lineage.h"

#include "base/hash.h"
#include "base/order.h"
#include "base/text.h"

#define LINEAGE_DIGITS 12u
#define LINEAGE_MASK   ((UINT64_C(1) << (4 * LINEAGE_DIGITS)) - 1)

typedef struct lineage_work {
    kundig__arena *arena;
    const kundig__discovered *before;
    kundig__discovered *after;
    const kundig__clustering_facts *facts;
} lineage_work;

/* ---- Names ---------------------------------------------------------------------------------- */

static bool lineage_name(kundig__arena *arena, char letter, uint64_t number, kundig_text *out)
{
    static const char digits[] = "0123456789abcdef";
    char name[KUNDIG__TOPIC_NAME] = {letter, '-'};
    for (unsigned i = 0; i < LINEAGE_DIGITS; i++) {
        name[KUNDIG__TOPIC_NAME - 1 - i] = digits[number >> (4 * i) & 15];
    }
    *out = kundig__arena_text(arena, kundig__text(name, sizeof name));
    return out->data != NULL;
}

static bool lineage_topic_taken(const lineage_work *work, kundig_text name)
{
    if (work->before && kundig__discovered_find(work->before, name) != KUNDIG__NO_CLUSTER) {
        return true; /* of one that is gone, too: it may be spoken of still */
    }
    for (uint32_t i = 0; i < work->facts->cluster_count; i++) {
        if (kundig__text_equal(work->after->topics[i].name, name)) {
            return true;
        }
    }
    return false;
}

static bool lineage_theme_taken(const lineage_work *work, kundig_text name)
{
    if (work->before && kundig__discovered_find_theme(work->before, name) != KUNDIG__NO_CLUSTER) {
        return true;
    }
    for (uint32_t i = 0; i < work->facts->theme_count; i++) {
        if (kundig__text_equal(work->after->themes[i].name, name)) {
            return true;
        }
    }
    return false;
}

static uint64_t lineage_birth(const lineage_work *work, uint64_t print)
{
    uint64_t of[3] = {print, work->after->generation, work->after->plan.seed};
    return kundig__xxh3(of, sizeof of) & LINEAGE_MASK;
}

static int lineage_print_order(const void *ud, uint32_t a, uint32_t b)
{
    const lineage_work *work = ud;
    const kundig__cluster_facts *clusters = work->facts->clusters;
    uint64_t left = clusters[a].print;
    uint64_t right = clusters[b].print;
    return left != right ? (left < right ? -1 : 1) : a < b ? -1 : a > b;
}

/* Those that go on keep their names; then the others are named, in order of content. */
static bool lineage_topics(lineage_work *work)
{
    uint32_t count = work->facts->cluster_count;
    kundig__discovered_topic *topics = work->after->topics;
    uint32_t *order = kundig__arena_alloc(work->arena, (count + 1) * sizeof *order);
    if (!order) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        const kundig__cluster_facts *facts = &work->facts->clusters[i];
        uint32_t known = work->before ? kundig__discovered_count(work->before) : 0;
        bool goes_on = facts->came == KUNDIG__CAME_KEPT || facts->came == KUNDIG__CAME_MERGED;
        kundig_text from =
            facts->from < known ? work->before->topics[facts->from].name : (kundig_text){NULL, 0};
        topics[i].came = facts->came;
        order[i] = i;
        for (uint32_t j = 0; goes_on && j < i; j++) {
            goes_on = !kundig__text_equal(topics[j].name, from);
        }
        if (goes_on && from.data) {
            topics[i].name = from;
        } else {
            topics[i].came = from.data ? KUNDIG__CAME_SPLIT : KUNDIG__CAME_NEW;
            topics[i].from = from;
        }
    }
    kundig__order_sort(order, count, lineage_print_order, work);
    for (uint32_t i = 0; i < count; i++) {
        kundig__discovered_topic *topic = &topics[order[i]];
        uint64_t number = lineage_birth(work, work->facts->clusters[order[i]].print);
        kundig_text name;
        while (!topic->name.data) {
            if (!lineage_name(work->arena, 't', number, &name)) {
                return false;
            }
            number = (number + 1) & LINEAGE_MASK;
            if (!lineage_topic_taken(work, name)) {
                topic->name = name;
            }
        }
    }
    return true;
}

/* ---- Themes --------------------------------------------------------------------------------- */

typedef struct lineage_claims {
    const uint64_t *texts; /* by theme of after and of before: how many they share */
} lineage_claims;

static int lineage_claim_order(const void *ud, uint32_t a, uint32_t b)
{
    const lineage_claims *claims = ud;
    uint64_t left = claims->texts[a];
    uint64_t right = claims->texts[b];
    return left != right ? (left > right ? -1 : 1) : a < b ? -1 : a > b;
}

/* Those whose topics' texts were a theme before go on as it, the greatest share first. */
static bool lineage_themes_kept(lineage_work *work)
{
    uint32_t now = work->facts->theme_count;
    uint32_t then = work->before ? kundig__discovered_theme_count(work->before) : 0;
    size_t pairs = (size_t)now * then;
    uint64_t *texts = kundig__arena_alloc(work->arena, (pairs + 1) * sizeof *texts);
    uint32_t *order = kundig__arena_alloc(work->arena, (pairs + 1) * sizeof *order);
    bool *gone_on = kundig__arena_alloc(work->arena, then + 1);
    if (!texts || !order || !gone_on) {
        return false;
    }
    memset(texts, 0, pairs * sizeof *texts);
    memset(gone_on, 0, then);
    for (uint32_t i = 0; then && i < work->facts->cluster_count; i++) {
        const kundig__cluster_facts *facts = &work->facts->clusters[i];
        if (facts->from < kundig__discovered_count(work->before)) {
            uint32_t old = work->before->topics[facts->from].theme;
            texts[(size_t)facts->theme * then + old] += facts->texts + 1;
        }
    }
    for (uint32_t i = 0; i < pairs; i++) {
        order[i] = i;
    }
    lineage_claims claims = {texts};
    kundig__order_sort(order, pairs, lineage_claim_order, &claims);
    for (size_t i = 0; i < pairs && texts[order[i]]; i++) {
        kundig__discovered_theme *theme = &work->after->themes[order[i] / then];
        uint32_t old = order[i] % then;
        if (!theme->name.data && !gone_on[old]) {
            theme->name = work->before->themes[old].name;
            gone_on[old] = true;
        }
    }
    return true;
}

static bool lineage_themes(lineage_work *work)
{
    uint32_t count = work->facts->theme_count;
    uint64_t *prints = kundig__arena_alloc(work->arena, (count + 1) * sizeof *prints);
    if (!prints || !lineage_themes_kept(work)) {
        return false;
    }
    memset(prints, 0, count * sizeof *prints);
    for (uint32_t i = 0; i < work->facts->cluster_count; i++) {
        work->after->topics[i].theme = work->facts->clusters[i].theme;
        prints[work->facts->clusters[i].theme] += work->facts->clusters[i].print;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint64_t number = lineage_birth(work, ~prints[i]);
        kundig_text name;
        while (!work->after->themes[i].name.data) {
            if (!lineage_name(work->arena, 'g', number, &name)) {
                return false;
            }
            number = (number + 1) & LINEAGE_MASK;
            if (!lineage_theme_taken(work, name)) {
                work->after->themes[i].name = name;
            }
        }
    }
    return true;
}

/* ---- What became of them -------------------------------------------------------------------- */

static void lineage_event(kundig__discovered *after, kundig_text topic, int came, kundig_text other)
{
    after->events[after->event_count++] = (kundig__discovered_event){topic, came, other, 0};
}

/* A line for each topic that did not simply go on, and for each that is gone. */
static bool lineage_events(lineage_work *work, const uint32_t *moved)
{
    uint32_t count = work->facts->cluster_count;
    uint32_t known = work->before ? kundig__discovered_count(work->before) : 0;
    kundig__discovered *after = work->after;
    after->events =
        kundig__arena_alloc(work->arena, ((size_t)count + known + 1) * sizeof *after->events);
    if (!after->events) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        const kundig__discovered_topic *topic = &after->topics[i];
        if (topic->came != KUNDIG__CAME_KEPT && topic->came != KUNDIG__CAME_MERGED) {
            lineage_event(after, topic->name, topic->came, topic->from);
        }
    }
    for (uint32_t i = 0; i < known; i++) {
        kundig_text name = work->before->topics[i].name;
        bool goes_on = false;
        for (uint32_t j = 0; j < count && !goes_on; j++) {
            goes_on = kundig__text_equal(after->topics[j].name, name);
        }
        if (!goes_on && moved[i] < count) {
            kundig__discovered_topic *into = &after->topics[moved[i]];
            into->came = into->came == KUNDIG__CAME_KEPT ? KUNDIG__CAME_MERGED : into->came;
            into->from = into->came == KUNDIG__CAME_MERGED && !into->from.data ? name : into->from;
            lineage_event(after, into->name, KUNDIG__CAME_MERGED, name);
        } else if (!goes_on) {
            lineage_event(after, name, KUNDIG__CAME_GONE, (kundig_text){NULL, 0});
        }
    }
    return true;
}

bool kundig__lineage(kundig__arena *arena, const kundig__discovered *before, const uint32_t *moved,
                     const kundig__surveyed *surveyed, const uint32_t *hints,
                     kundig__discovered *after)
{
    lineage_work work = {arena, before, after, kundig__clustered_facts(after->clustered)};
    if (!lineage_topics(&work) || !lineage_themes(&work)) {
        return false;
    }
    for (uint32_t i = 0; i < work.facts->cluster_count; i++) {
        if (hints[i] != KUNDIG__NO_HINT) {
            kundig__discovered_topic *topic = &after->topics[i];
            topic->told = surveyed->tolds[hints[i]].told;
            topic->called = surveyed->tolds[hints[i]].called;
            if (topic->came == KUNDIG__CAME_NEW || topic->came == KUNDIG__CAME_SPLIT) {
                topic->came = KUNDIG__CAME_TOLD;
            }
        }
    }
    return lineage_events(&work, moved);
}
