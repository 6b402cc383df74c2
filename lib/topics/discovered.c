/* What was discovered, put in order and copied: who is part of whom, who is called how.
 *
 * Invariant: a cluster's topic is found by its name alone; a topic that is part of one that is not
 * there, or in a ring of such, is its own whole. Cost: n log n in the topics. */
#include "topics/discovered.h"

#include "base/order.h"
#include "base/text.h"

uint32_t kundig__discovered_count(const kundig__discovered *discovered)
{
    return discovered->clustered ? kundig__clustered_facts(discovered->clustered)->cluster_count
                                 : 0;
}

uint32_t kundig__discovered_theme_count(const kundig__discovered *discovered)
{
    return discovered->clustered ? kundig__clustered_facts(discovered->clustered)->theme_count : 0;
}

kundig_text kundig__discovered_title(const kundig__discovered_topic *topic)
{
    return topic->said.data ? topic->said : topic->called.data ? topic->called : topic->label;
}

kundig_text kundig__discovered_theme_title(const kundig__discovered_theme *theme)
{
    return theme->said.data ? theme->said : theme->label;
}

/* ---- By name -------------------------------------------------------------------------------- */

static int discovered_name_order(const void *ud, uint32_t a, uint32_t b)
{
    const kundig__discovered *discovered = ud;
    return kundig__text_order(discovered->topics[a].name, discovered->topics[b].name);
}

static int discovered_theme_order(const void *ud, uint32_t a, uint32_t b)
{
    const kundig__discovered *discovered = ud;
    return kundig__text_order(discovered->themes[a].name, discovered->themes[b].name);
}

static uint32_t discovered_seek(const kundig__discovered *discovered, const uint32_t *order,
                                uint32_t count, bool theme, kundig_text name)
{
    uint32_t low = 0;
    while (count > 0) {
        uint32_t half = count / 2;
        uint32_t at = order[low + half];
        int way = kundig__text_order(
            theme ? discovered->themes[at].name : discovered->topics[at].name, name);
        if (way == 0) {
            return at;
        }
        low = way < 0 ? low + half + 1 : low;
        count = way < 0 ? count - half - 1 : half;
    }
    return KUNDIG__NO_CLUSTER;
}

uint32_t kundig__discovered_find(const kundig__discovered *discovered, kundig_text name)
{
    return discovered_seek(discovered, discovered->classes, kundig__discovered_count(discovered),
                           false, name);
}

uint32_t kundig__discovered_find_theme(const kundig__discovered *discovered, kundig_text name)
{
    return discovered_seek(discovered, discovered->theme_classes,
                           kundig__discovered_theme_count(discovered), true, name);
}

uint32_t kundig__discovered_class(const kundig__discovered *discovered, uint32_t cluster)
{
    return discovered->ranks[discovered->wholes[cluster]];
}

bool kundig__discovered_hidden(const kundig__discovered *discovered, uint32_t cluster)
{
    const kundig__discovered_topic *whole = &discovered->topics[discovered->wholes[cluster]];
    return whole->hidden || discovered->themes[whole->theme].hidden;
}

/* ---- Putting in order ----------------------------------------------------------------------- */

static void *discovered_array(kundig__arena *arena, size_t count, size_t size)
{
    size_t bytes;
    if (!kundig__size_mul(count ? count : 1, size, &bytes)) {
        return NULL;
    }
    void *array = kundig__arena_alloc(arena, bytes);
    if (array) {
        memset(array, 0, bytes);
    }
    return array;
}

/* Whom a topic is part of at last; itself if the way leads nowhere or round. */
static uint32_t discovered_whole(const kundig__discovered *discovered, uint32_t cluster,
                                 uint32_t count)
{
    uint32_t at = cluster;
    for (uint32_t steps = 0; discovered->topics[at].into.data; steps++) {
        uint32_t next = kundig__discovered_find(discovered, discovered->topics[at].into);
        if (next == KUNDIG__NO_CLUSTER) {
            return at;
        }
        if (next == cluster || steps > count) {
            return cluster;
        }
        at = next;
    }
    return at;
}

void kundig__discovered_gather(kundig__discovered *discovered)
{
    uint32_t count = kundig__discovered_count(discovered);
    for (uint32_t i = 0; i < count; i++) {
        discovered->wholes[i] = discovered_whole(discovered, i, count);
    }
}

bool kundig__discovered_index(kundig__arena *arena, kundig__discovered *discovered)
{
    uint32_t count = kundig__discovered_count(discovered);
    uint32_t themes = kundig__discovered_theme_count(discovered);
    discovered->classes = discovered_array(arena, count, sizeof(uint32_t));
    discovered->ranks = discovered_array(arena, count, sizeof(uint32_t));
    discovered->wholes = discovered_array(arena, count, sizeof(uint32_t));
    discovered->numbers = discovered_array(arena, count, sizeof(uint32_t));
    discovered->theme_classes = discovered_array(arena, themes, sizeof(uint32_t));
    if (!discovered->classes || !discovered->ranks || !discovered->wholes || !discovered->numbers ||
        !discovered->theme_classes) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        discovered->classes[i] = i;
    }
    for (uint32_t i = 0; i < themes; i++) {
        discovered->theme_classes[i] = i;
    }
    kundig__order_sort(discovered->classes, count, discovered_name_order, discovered);
    kundig__order_sort(discovered->theme_classes, themes, discovered_theme_order, discovered);
    for (uint32_t i = 0; i < count; i++) {
        discovered->ranks[discovered->classes[i]] = i;
    }
    kundig__discovered_gather(discovered);
    return true;
}

/* ---- Copying -------------------------------------------------------------------------------- */

/* A text becomes the arena's own; absent stays absent. */
static bool discovered_text(kundig__arena *arena, kundig_text *text)
{
    if (text->data) {
        *text = kundig__arena_text(arena, *text);
        return text->data != NULL;
    }
    return true;
}

static bool discovered_copy_topic(kundig__arena *arena, kundig__discovered_topic *topic)
{
    bool room = discovered_text(arena, &topic->name) && discovered_text(arena, &topic->label) &&
                discovered_text(arena, &topic->said) && discovered_text(arena, &topic->called) &&
                discovered_text(arena, &topic->from) && discovered_text(arena, &topic->matches) &&
                discovered_text(arena, &topic->into) && discovered_text(arena, &topic->known);
    for (uint32_t i = 0; room && i < topic->word_count; i++) {
        room = discovered_text(arena, &topic->words[i].name);
    }
    for (uint32_t i = 0; room && i < topic->example_count; i++) {
        room = discovered_text(arena, &topic->sources[i]) && discovered_text(arena, &topic->ids[i]);
    }
    return room;
}

bool kundig__discovered_copy(kundig__arena *arena, const kundig__discovered *from,
                             kundig__discovered *to)
{
    uint32_t count = kundig__discovered_count(from);
    uint32_t themes = kundig__discovered_theme_count(from);
    *to = *from;
    to->clustered = kundig__clustered_retain(from->clustered);
    to->topics = discovered_array(arena, count, sizeof *to->topics);
    to->themes = discovered_array(arena, themes, sizeof *to->themes);
    to->events = discovered_array(arena, from->event_count, sizeof *to->events);
    bool room = to->topics && to->themes && to->events && discovered_text(arena, &to->plan.purpose);
    for (uint32_t i = 0; room && i < count; i++) {
        to->topics[i] = from->topics[i];
        room = discovered_copy_topic(arena, &to->topics[i]);
    }
    for (uint32_t i = 0; room && i < themes; i++) {
        kundig__discovered_theme *theme = &to->themes[i];
        *theme = from->themes[i];
        room = discovered_text(arena, &theme->name) && discovered_text(arena, &theme->label) &&
               discovered_text(arena, &theme->said);
    }
    for (size_t i = 0; room && i < from->event_count; i++) {
        to->events[i] = from->events[i];
        room = discovered_text(arena, &to->events[i].topic) &&
               discovered_text(arena, &to->events[i].other);
    }
    return room && kundig__discovered_index(arena, to);
}
