/* What was discovered, as bytes of a model, and the distrust of bytes.
 *
 *   clusters  plan  u64 generation  themes  topics, by cluster  u32 count  events
 *
 * Invariant: what is taken could have been made: names are names and no two are equal, numbers are
 * in range, texts are UTF-8. Cost: linear; n log n for names. */
#include "topics/discovered_bytes.h"

#include "base/math.h"
#include "base/text.h"
#include "base/utf8.h"

#define DISCOVERED_HIDDEN 1u
#define DISCOVERED_PINNED 2u
#define DISCOVERED_MOST   1e6 /* of weights; what is discovered stays far below */

/* ---- Writing -------------------------------------------------------------------------------- */

static void discovered_put_double(kundig__buf *buf, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    kundig__put_u64(buf, bits);
}

static void discovered_put_plan(kundig__buf *buf, const kundig__discover_plan *plan)
{
    kundig__put_u8(buf, plan->of_facts);
    kundig__put_u8(buf, (uint8_t)plan->quality);
    kundig__put_u32(buf, plan->topics);
    kundig__put_u32(buf, plan->themes);
    kundig__put_u32(buf, plan->least_customers);
    kundig__put_u64(buf, plan->most_fitted);
    kundig__put_u64(buf, plan->seed);
    kundig__put_text(buf, plan->purpose);
}

/* What a topic is, beside what decides. */
static void discovered_put_told(kundig__buf *buf, const kundig__discovered_topic *topic)
{
    kundig__put_text(buf, topic->label);
    kundig__put_text(buf, topic->said);
    kundig__put_text(buf, topic->called);
    kundig__put_u64(buf, topic->told);
    kundig__put_u64(buf, topic->own_texts);
    kundig__put_u64(buf, topic->own_customers);
    kundig__put_u64(buf, topic->texts);
    kundig__put_u64(buf, topic->customers);
    kundig__put_u8(buf, (uint8_t)topic->word_count);
    for (uint32_t i = 0; i < topic->word_count; i++) {
        kundig__put_text(buf, topic->words[i].name);
        discovered_put_double(buf, topic->words[i].weight);
    }
    kundig__put_u8(buf, (uint8_t)topic->example_count);
    for (uint32_t i = 0; i < topic->example_count; i++) {
        kundig__put_text(buf, topic->sources[i]);
        kundig__put_text(buf, topic->ids[i]);
    }
    discovered_put_double(buf, topic->collisions);
    kundig__put_u8(buf, (uint8_t)topic->came);
    kundig__put_text(buf, topic->from);
    kundig__put_text(buf, topic->matches);
    discovered_put_double(buf, topic->agreement);
}

void kundig__discovered_put(kundig__buf *buf, const kundig__discovered *discovered, bool all)
{
    kundig__clustered_put(buf, discovered->clustered);
    if (all) {
        discovered_put_plan(buf, &discovered->plan);
        kundig__put_u64(buf, discovered->generation);
    }
    for (uint32_t i = 0; i < kundig__discovered_theme_count(discovered); i++) {
        const kundig__discovered_theme *theme = &discovered->themes[i];
        kundig__put_text(buf, theme->name);
        kundig__put_u8(buf, theme->hidden);
        if (all) {
            kundig__put_text(buf, theme->label);
            kundig__put_text(buf, theme->said);
        }
    }
    for (uint32_t i = 0; i < kundig__discovered_count(discovered); i++) {
        const kundig__discovered_topic *topic = &discovered->topics[i];
        kundig__put_text(buf, topic->name);
        kundig__put_text(buf, topic->into);
        kundig__put_text(buf, topic->known);
        kundig__put_u8(buf, (uint8_t)((topic->hidden ? DISCOVERED_HIDDEN : 0) |
                                      (topic->pinned && all ? DISCOVERED_PINNED : 0)));
        if (all) {
            discovered_put_told(buf, topic);
        }
    }
    if (all) {
        kundig__put_u32(buf, (uint32_t)discovered->event_count);
        for (size_t i = 0; i < discovered->event_count; i++) {
            const kundig__discovered_event *event = &discovered->events[i];
            kundig__put_text(buf, event->topic);
            kundig__put_u8(buf, (uint8_t)event->came);
            kundig__put_text(buf, event->other);
            kundig__put_u64(buf, event->texts);
        }
    }
}

/* ---- Reading -------------------------------------------------------------------------------- */

/* What a text must be. */
enum { ANY, LABEL, TOPIC_NAME, THEME_NAME };

typedef struct discovered_taking {
    kundig__arena *arena;
    kundig__reader *reader;
    bool nomem;
} discovered_taking;

static bool discovered_is_id(kundig_text text, char letter)
{
    bool is = text.len == KUNDIG__TOPIC_NAME && text.data[0] == letter && text.data[1] == '-';
    for (size_t i = 2; is && i < text.len; i++) {
        char c = text.data[i];
        is = kundig__text_is_digit(c) || (c >= 'a' && c <= 'f');
    }
    return is;
}

/* A text; absent ones only where they may be. */
static kundig_text discovered_take_text(discovered_taking *taking, int kind, bool may_be_absent)
{
    kundig__reader *reader = taking->reader;
    kundig_text text = kundig__take_text(reader);
    kundig_text kept = {NULL, 0};
    if (reader->failed || !text.data) {
        reader->failed = reader->failed || !may_be_absent;
        return kept;
    }
    bool right = kundig__utf8_valid(text.data, text.len) == text.len;
    right = right && (kind == TOPIC_NAME   ? discovered_is_id(text, 't')
                      : kind == THEME_NAME ? discovered_is_id(text, 'g')
                      : kind == LABEL      ? kundig__label_is_name(text)
                                           : true);
    reader->failed = !right;
    if (right) {
        kept = kundig__arena_text(taking->arena, text);
        taking->nomem = taking->nomem || !kept.data;
        reader->failed = taking->nomem;
    }
    return kept;
}

static double discovered_take_double(kundig__reader *reader, double most)
{
    uint64_t bits = kundig__take_u64(reader);
    double value;
    memcpy(&value, &bits, sizeof value);
    reader->failed = reader->failed || !kundig__is_finite(value) || value < 0 || value > most;
    return reader->failed ? 0 : value;
}

static uint8_t discovered_take_small(kundig__reader *reader, unsigned most)
{
    uint8_t value = kundig__take_u8(reader);
    reader->failed = reader->failed || value > most;
    return reader->failed ? 0 : value;
}

static void discovered_take_plan(discovered_taking *taking, kundig__discover_plan *plan)
{
    kundig__reader *reader = taking->reader;
    plan->of_facts = discovered_take_small(reader, 1) == 1;
    plan->quality = discovered_take_small(reader, KUNDIG_QUALITY_DRAFT);
    plan->topics = kundig__take_u32(reader);
    plan->themes = kundig__take_u32(reader);
    plan->least_customers = kundig__take_u32(reader);
    plan->most_fitted = kundig__take_u64(reader);
    plan->seed = kundig__take_u64(reader);
    plan->purpose = discovered_take_text(taking, ANY, true);
    reader->failed = reader->failed || plan->topics == 1 || plan->topics > KUNDIG__MOST_CLUSTERS ||
                     plan->themes > KUNDIG__MOST_CLUSTERS || plan->least_customers == 0 ||
                     plan->most_fitted == 0;
}

static void discovered_take_told(discovered_taking *taking, kundig__discovered_topic *topic,
                                 uint64_t most)
{
    kundig__reader *reader = taking->reader;
    topic->label = discovered_take_text(taking, LABEL, false);
    topic->said = discovered_take_text(taking, LABEL, true);
    topic->called = discovered_take_text(taking, LABEL, true);
    topic->told = kundig__take_u64(reader);
    topic->own_texts = kundig__take_u64(reader);
    topic->own_customers = kundig__take_u64(reader);
    topic->texts = kundig__take_u64(reader);
    topic->customers = kundig__take_u64(reader);
    reader->failed =
        reader->failed || topic->texts > most || topic->own_texts > most ||
        (topic->own_customers != KUNDIG__NOT_COUNTED && topic->own_customers > topic->own_texts) ||
        (topic->customers != KUNDIG__NOT_COUNTED && topic->customers > topic->texts);
    topic->word_count = discovered_take_small(reader, KUNDIG__TOPIC_WORDS);
    for (uint32_t i = 0; i < topic->word_count && !reader->failed; i++) {
        topic->words[i].name = discovered_take_text(taking, LABEL, false);
        topic->words[i].weight = discovered_take_double(reader, DISCOVERED_MOST);
    }
    topic->example_count = discovered_take_small(reader, KUNDIG__TOPIC_EXAMPLES);
    for (uint32_t i = 0; i < topic->example_count && !reader->failed; i++) {
        topic->sources[i] = discovered_take_text(taking, ANY, true);
        topic->ids[i] = discovered_take_text(taking, ANY, false);
    }
    topic->collisions = discovered_take_double(reader, 1);
    topic->came = discovered_take_small(reader, KUNDIG__CAME_TOLD);
    topic->from = discovered_take_text(taking, TOPIC_NAME, true);
    topic->matches = discovered_take_text(taking, LABEL, true);
    topic->agreement = discovered_take_double(reader, 1);
    reader->failed = reader->failed || topic->came == KUNDIG__CAME_GONE;
}

static void discovered_take_topics(discovered_taking *taking, kundig__discovered *out)
{
    const kundig__clustering_facts *facts = kundig__clustered_facts(out->clustered);
    kundig__reader *reader = taking->reader;
    for (uint32_t i = 0; i < facts->theme_count && !reader->failed; i++) {
        kundig__discovered_theme *theme = &out->themes[i];
        theme->name = discovered_take_text(taking, THEME_NAME, false);
        theme->hidden = discovered_take_small(reader, 1) == 1;
        theme->label = discovered_take_text(taking, LABEL, false);
        theme->said = discovered_take_text(taking, LABEL, true);
    }
    for (uint32_t i = 0; i < facts->cluster_count && !reader->failed; i++) {
        kundig__discovered_topic *topic = &out->topics[i];
        topic->theme = facts->clusters[i].theme;
        topic->name = discovered_take_text(taking, TOPIC_NAME, false);
        topic->into = discovered_take_text(taking, TOPIC_NAME, true);
        topic->known = discovered_take_text(taking, LABEL, true);
        unsigned flags = discovered_take_small(reader, DISCOVERED_HIDDEN | DISCOVERED_PINNED);
        topic->hidden = (flags & DISCOVERED_HIDDEN) != 0;
        topic->pinned = (flags & DISCOVERED_PINNED) != 0;
        discovered_take_told(taking, topic, facts->texts);
    }
}

static void discovered_take_events(discovered_taking *taking, kundig__discovered *out)
{
    kundig__reader *reader = taking->reader;
    uint32_t count = kundig__take_u32(reader);
    if (reader->failed || count > (reader->size - reader->pos) / (KUNDIG__TOPIC_NAME + 9)) {
        reader->failed = true;
        return;
    }
    out->events = kundig__arena_alloc(taking->arena, ((size_t)count + 1) * sizeof *out->events);
    taking->nomem = !out->events;
    for (; out->events && out->event_count < count && !reader->failed; out->event_count++) {
        kundig__discovered_event *event = &out->events[out->event_count];
        event->topic = discovered_take_text(taking, TOPIC_NAME, false);
        event->came = discovered_take_small(reader, KUNDIG__CAME_TOLD);
        event->other = discovered_take_text(taking, TOPIC_NAME, true);
        event->texts = kundig__take_u64(reader);
        reader->failed =
            reader->failed || event->texts > kundig__clustered_facts(out->clustered)->texts;
    }
}

static bool discovered_names_differ(const kundig__discovered *out)
{
    bool differ = true;
    for (uint32_t i = 1; i < kundig__discovered_count(out) && differ; i++) {
        differ = !kundig__text_equal(out->topics[out->classes[i - 1]].name,
                                     out->topics[out->classes[i]].name);
    }
    for (uint32_t i = 1; i < kundig__discovered_theme_count(out) && differ; i++) {
        differ = !kundig__text_equal(out->themes[out->theme_classes[i - 1]].name,
                                     out->themes[out->theme_classes[i]].name);
    }
    return differ;
}

int kundig__discovered_take(kundig__arena *arena, kundig__reader *reader, kundig__discovered *out,
                            kundig_error *err)
{
    memset(out, 0, sizeof *out);
    discovered_taking taking = {arena, reader, false};
    int rc = kundig__clustered_take(arena->mem, reader, &out->clustered, err);
    if (rc) {
        return rc;
    }
    size_t count = kundig__discovered_count(out);
    size_t themes = kundig__discovered_theme_count(out);
    out->topics = kundig__arena_alloc(arena, (count + 1) * sizeof *out->topics);
    out->themes = kundig__arena_alloc(arena, (themes + 1) * sizeof *out->themes);
    if (!out->topics || !out->themes) {
        return kundig__nomem(arena->mem, err);
    }
    memset(out->topics, 0, count * sizeof *out->topics);
    memset(out->themes, 0, themes * sizeof *out->themes);
    discovered_take_plan(&taking, &out->plan);
    out->generation = kundig__take_u64(reader);
    if (!reader->failed) {
        discovered_take_topics(&taking, out);
    }
    if (!reader->failed) {
        discovered_take_events(&taking, out);
    }
    if (taking.nomem || (!reader->failed && !kundig__discovered_index(arena, out))) {
        return kundig__nomem(arena->mem, err);
    }
    if (reader->failed || !discovered_names_differ(out)) {
        return kundig__fail(err, KUNDIG_E_FORMAT, reader->pos,
                            "no whole model: what was discovered is wrong at byte %zu",
                            reader->pos);
    }
    return KUNDIG_OK;
}
