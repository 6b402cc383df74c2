/* Models made of other models: the rules of one, what lessons taught, both put in order again.
 *
 * Invariant: a remade model has the rules of its base; its topics are those of the base's taxonomy
 * and those that were taught, by name, so teaching something else leaves no name behind.
 * Cost: that of compiling the rules. */
#include "base/order.h"
#include "base/text.h"
#include "topics/compiled.h"

/* ---- Names ---------------------------------------------------------------------------------- */

/* `service/waiting` stands in the theme `service`; a name without a slash makes its own. */
static kundig_text remake_theme_name(kundig_text name, kundig_text *title)
{
    const char *slash = memchr(name.data, '/', name.len);
    size_t before = slash ? (size_t)(slash - name.data) : 0;
    *title = name;
    if (before == 0 || before + 1 == name.len) {
        return name;
    }
    *title = kundig__text(name.data + before + 1, name.len - before - 1);
    return kundig__text(name.data, before);
}

/* The place of a name among a model's topics; KUNDIG__NO_CLASS if it has none. */
static uint32_t remake_find_topic(const kundig_model *model, kundig_text name)
{
    size_t low = 0;
    size_t count = model->topic_count;
    while (count > 0) {
        size_t half = count / 2;
        bool below = kundig__text_order(model->topics[low + half].name, name) < 0;
        low = below ? low + half + 1 : low;
        count = below ? count - half - 1 : half;
    }
    bool found = low < model->topic_count && kundig__text_equal(model->topics[low].name, name);
    return found ? (uint32_t)low : KUNDIG__NO_CLASS;
}

/* Does the taxonomy name it? */
static bool remake_is_named(const kundig_model *model, uint32_t topic)
{
    return topic != KUNDIG__NO_CLASS && !model->topics[topic].taught &&
           model->topics[topic].cluster == KUNDIG__NO_CLASS;
}

/* The topic of the taxonomy that theme/topic says; KUNDIG__NO_CLASS. */
static uint32_t remake_find_within(const kundig_model *model, kundig_text label)
{
    kundig_text rest;
    kundig_text theme = remake_theme_name(label, &rest);
    uint32_t topic = remake_find_topic(model, rest);
    bool within = remake_is_named(model, topic) &&
                  kundig__text_equal(model->themes[model->topics[topic].theme].name, theme);
    return within ? topic : KUNDIG__NO_CLASS;
}

uint32_t kundig__topic_labelled(const kundig_model *base, kundig_text label)
{
    uint32_t topic = remake_find_topic(base, label);
    return remake_is_named(base, topic) ? topic : remake_find_within(base, label);
}

uint32_t kundig__model_called(const kundig_model *model, kundig_text name)
{
    uint32_t topic = remake_find_topic(model, name);
    return topic != KUNDIG__NO_CLASS ? topic : remake_find_within(model, name);
}

/* ---- Joining -------------------------------------------------------------------------------- */

typedef struct remake_names {
    const kundig__taxonomy *taxonomy;
    bool themes;
} remake_names;

static kundig_text remake_name(const remake_names *names, uint32_t at)
{
    return names->themes ? names->taxonomy->themes[at].name : names->taxonomy->topics[at].name;
}

static int remake_order(const void *ud, uint32_t a, uint32_t b)
{
    const remake_names *names = ud;
    int order = kundig__text_order(remake_name(names, a), remake_name(names, b));
    return order ? order : a < b ? -1 : a > b;
}

/* Index of a name; KUNDIG__NO_CLASS if there is none. order holds count indices by name. */
static uint32_t remake_seek(const remake_names *names, const uint32_t *order, size_t count,
                            kundig_text name)
{
    size_t low = 0;
    size_t left = count;
    while (left > 0) {
        size_t half = left / 2;
        bool below = kundig__text_order(remake_name(names, order[low + half]), name) < 0;
        low = below ? low + half + 1 : low;
        left = below ? left - half - 1 : half;
    }
    bool found = low < count && kundig__text_equal(remake_name(names, order[low]), name);
    return found ? order[low] : KUNDIG__NO_CLASS;
}

/* Add a taught theme for each of `added` topics at the end, where there is none of its name. */
static bool remake_join_themes(kundig__taxonomy *taxonomy, size_t added, uint32_t *order)
{
    size_t known = taxonomy->theme_count;
    size_t first = taxonomy->topic_count - added;
    remake_names names = {taxonomy, true};
    kundig_text title;
    for (uint32_t i = 0; i < known; i++) {
        order[i] = i;
    }
    kundig__order_sort(order, known, remake_order, &names);
    void *themes = taxonomy->themes;
    bool room = kundig__grow(taxonomy->mem, &themes, &taxonomy->theme_capacity, known + added,
                             sizeof *taxonomy->themes);
    taxonomy->themes = themes;
    if (!room) {
        return false;
    }
    for (size_t i = 0; i < added; i++) {
        kundig_text name = remake_theme_name(taxonomy->topics[first + i].name, &title);
        if (remake_seek(&names, order, known, name) == KUNDIG__NO_CLASS) {
            taxonomy->themes[taxonomy->theme_count++] =
                (kundig__theme){.name = name, .title = name, .taught = true};
        }
    }
    /* Of new ones that are equal one stays. */
    size_t fresh = taxonomy->theme_count - known;
    uint32_t *more = order + known;
    for (uint32_t i = 0; i < fresh; i++) {
        more[i] = (uint32_t)known + i;
    }
    kundig__order_sort(more, fresh, remake_order, &names);
    kundig__theme *kept = kundig__arena_alloc(&taxonomy->arena, fresh * sizeof *kept);
    if (!kept) {
        return false;
    }
    size_t count = 0;
    for (size_t i = 0; i < fresh; i++) {
        const kundig__theme *theme = &taxonomy->themes[more[i]];
        if (count == 0 || !kundig__text_equal(kept[count - 1].name, theme->name)) {
            kept[count++] = *theme;
        }
    }
    memcpy(taxonomy->themes + known, kept, count * sizeof *kept);
    taxonomy->theme_count = known + count;
    for (uint32_t i = 0; i < taxonomy->theme_count; i++) {
        order[i] = i;
    }
    kundig__order_sort(order, taxonomy->theme_count, remake_order, &names);
    for (size_t i = 0; i < added; i++) {
        kundig__topic *topic = &taxonomy->topics[first + i];
        topic->theme = remake_seek(&names, order, taxonomy->theme_count,
                                   remake_theme_name(topic->name, &title));
    }
    return true;
}

static bool remake_join(kundig__taxonomy *taxonomy, const kundig_text *classes, size_t count,
                        uint32_t *order)
{
    size_t known = taxonomy->topic_count;
    remake_names names = {taxonomy, false};
    void *topics = taxonomy->topics;
    bool room = kundig__grow(taxonomy->mem, &topics, &taxonomy->topic_capacity, known + count,
                             sizeof *taxonomy->topics);
    taxonomy->topics = topics;
    if (!room) {
        return false;
    }
    for (uint32_t i = 0; i < known; i++) {
        order[i] = i;
    }
    kundig__order_sort(order, known, remake_order, &names);
    for (size_t i = 0; i < count; i++) {
        if (remake_seek(&names, order, known, classes[i]) == KUNDIG__NO_CLASS) {
            kundig__topic topic = {.name = classes[i], .taught = true};
            remake_theme_name(topic.name, &topic.title);
            taxonomy->topics[taxonomy->topic_count++] = topic;
        }
    }
    return remake_join_themes(taxonomy, taxonomy->topic_count - known, order);
}

/* Has the taxonomy a topic of this name, written theme/topic or not? */
static bool remake_has(const kundig__taxonomy *taxonomy, kundig_text name)
{
    kundig_text rest;
    kundig_text theme = remake_theme_name(name, &rest);
    for (size_t i = 0; i < taxonomy->topic_count; i++) {
        const kundig__topic *topic = &taxonomy->topics[i];
        if (kundig__text_equal(topic->name, name) ||
            (!topic->taught && kundig__text_equal(topic->name, rest) &&
             kundig__text_equal(taxonomy->themes[topic->theme].name, theme))) {
            return true;
        }
    }
    return false;
}

/* The topics that discovered ones stand for and nobody else names. */
static bool remake_join_known(kundig__taxonomy *taxonomy, const kundig__discovered *discovered)
{
    uint32_t count = kundig__discovered_count(discovered);
    for (uint32_t i = 0; i < count; i++) {
        kundig_text name = discovered->topics[i].known;
        bool stands = name.data && discovered->wholes[i] == i &&
                      !kundig__discovered_hidden(discovered, i);
        if (!stands || remake_has(taxonomy, name)) {
            continue;
        }
        size_t most = taxonomy->topic_count + taxonomy->theme_count + 1;
        uint32_t *order = kundig__alloc(taxonomy->mem, most * sizeof *order);
        bool room = order && remake_join(taxonomy, &name, 1, order);
        kundig__free(taxonomy->mem, order, most * sizeof *order);
        if (!room) {
            return false;
        }
    }
    return true;
}

static int remake_taken(kundig_text name, kundig_error *err)
{
    return kundig__fail(err, KUNDIG_E_VALUE, 0,
                        "the taxonomy calls something '%.*s', which is the name of a discovered "
                        "topic: call it otherwise",
                        kundig__shown(name), name.data);
}

/* Add a theme if there is none of its name. KUNDIG_E_VALUE if the taxonomy has it. */
static int remake_join_theme(kundig__taxonomy *taxonomy, const kundig__discovered_theme *theme,
                             uint32_t *number, kundig_error *err)
{
    for (uint32_t i = 0; i < taxonomy->theme_count; i++) {
        if (kundig__text_equal(taxonomy->themes[i].name, theme->name)) {
            *number = i;
            bool named = !taxonomy->themes[i].taught && !taxonomy->themes[i].discovered;
            return named ? remake_taken(theme->name, err) : KUNDIG_OK;
        }
    }
    void *themes = taxonomy->themes;
    bool room = kundig__grow(taxonomy->mem, &themes, &taxonomy->theme_capacity,
                             taxonomy->theme_count + 1, sizeof *taxonomy->themes);
    taxonomy->themes = themes;
    if (!room) {
        return kundig__nomem(taxonomy->mem, err);
    }
    *number = (uint32_t)taxonomy->theme_count;
    taxonomy->themes[taxonomy->theme_count++] = (kundig__theme){
        .name = theme->name, .title = kundig__discovered_theme_title(theme), .discovered = true};
    return KUNDIG_OK;
}

/* order holds the topics there are, by name. */
static int remake_join_found(kundig__taxonomy *taxonomy, const kundig__discovered *discovered,
                             const uint32_t *order, kundig_error *err)
{
    const kundig__clustering_facts *facts = kundig__clustered_facts(discovered->clustered);
    size_t known = taxonomy->topic_count;
    remake_names names = {taxonomy, false};
    int rc = KUNDIG_OK;
    for (uint32_t i = 0; i < facts->cluster_count && !rc; i++) {
        const kundig__discovered_topic *topic = &discovered->topics[i];
        if (discovered->wholes[i] != i || topic->known.data ||
            kundig__discovered_hidden(discovered, i)) {
            continue;
        }
        uint32_t same = remake_seek(&names, order, known, topic->name);
        if (same != KUNDIG__NO_CLASS) {
            rc = taxonomy->topics[same].taught ? KUNDIG_OK : remake_taken(topic->name, err);
            continue;
        }
        kundig__topic joined = {.name = topic->name,
                                .title = kundig__discovered_title(topic),
                                .discovered = true};
        rc = remake_join_theme(taxonomy, &discovered->themes[topic->theme], &joined.theme, err);
        taxonomy->topics[taxonomy->topic_count++] = joined;
    }
    return rc;
}

static int remake_join_discovered(kundig__taxonomy *taxonomy, const kundig__discovered *discovered,
                                  kundig_error *err)
{
    if (!remake_join_known(taxonomy, discovered)) {
        return kundig__nomem(taxonomy->mem, err);
    }
    size_t known = taxonomy->topic_count;
    remake_names names = {taxonomy, false};
    uint32_t *order = kundig__alloc(taxonomy->mem, known * sizeof *order);
    void *topics = taxonomy->topics;
    bool room =
        order && kundig__grow(taxonomy->mem, &topics, &taxonomy->topic_capacity,
                              known + kundig__discovered_count(discovered), sizeof *taxonomy->topics);
    taxonomy->topics = topics;
    int rc = KUNDIG_OK;
    if (room) {
        for (uint32_t i = 0; i < known; i++) {
            order[i] = i;
        }
        kundig__order_sort(order, known, remake_order, &names);
        rc = remake_join_found(taxonomy, discovered, order, err);
    } else {
        rc = kundig__nomem(taxonomy->mem, err);
    }
    kundig__free(taxonomy->mem, order, known * sizeof *order);
    return rc;
}

static bool remake_join_taught(kundig__taxonomy *taxonomy, const kundig__taught *taught)
{
    size_t count = kundig__classifier_facts_of(taught->classifier)->class_count;
    size_t most = taxonomy->topic_count + taxonomy->theme_count + count;
    uint32_t *order = kundig__alloc(taxonomy->mem, most * sizeof *order);
    bool room = order && remake_join(taxonomy, taught->names, count, order);
    kundig__free(taxonomy->mem, order, most * sizeof *order);
    return room;
}

int kundig__taxonomy_join(kundig__taxonomy *taxonomy, const kundig__learned *learned,
                          kundig_error *err)
{
    if (learned->taught.classifier && !remake_join_taught(taxonomy, &learned->taught)) {
        return kundig__nomem(taxonomy->mem, err);
    }
    return learned->discovered.clustered
               ? remake_join_discovered(taxonomy, &learned->discovered, err)
               : KUNDIG_OK;
}

/* ---- Remaking ------------------------------------------------------------------------------- */

/* The taxonomy that a model was made of; texts and terms are borrowed. */
static bool remake_taxonomy(kundig__taxonomy *taxonomy, const kundig_model *base)
{
    size_t most = base->theme_count + base->topic_count;
    uint32_t *themes = kundig__alloc(taxonomy->mem, most * sizeof *themes);
    uint32_t *topics = themes ? themes + base->theme_count : NULL;
    void *array = NULL;
    bool room = themes && kundig__grow(taxonomy->mem, &array, &taxonomy->theme_capacity,
                                       base->theme_count, sizeof *taxonomy->themes);
    taxonomy->themes = array;
    array = NULL;
    room = room && kundig__grow(taxonomy->mem, &array, &taxonomy->topic_capacity, base->topic_count,
                                sizeof *taxonomy->topics);
    taxonomy->topics = array;
    array = NULL;
    room = room && kundig__grow(taxonomy->mem, &array, &taxonomy->rule_capacity, base->rule_count,
                                sizeof *taxonomy->rules);
    taxonomy->rules = array;
    taxonomy->title = base->title;
    for (size_t i = 0; room && i < base->theme_count; i++) {
        themes[i] = (uint32_t)taxonomy->theme_count;
        if (!base->themes[i].taught && !base->themes[i].discovered) {
            taxonomy->themes[taxonomy->theme_count++] =
                (kundig__theme){.name = base->themes[i].name, .title = base->themes[i].title};
        }
    }
    for (size_t i = 0; room && i < base->topic_count; i++) {
        const kundig__topic_info *topic = &base->topics[i];
        topics[i] = (uint32_t)taxonomy->topic_count;
        if (!topic->taught && topic->cluster == KUNDIG__NO_CLASS) {
            taxonomy->topics[taxonomy->topic_count++] = (kundig__topic){
                .name = topic->name, .title = topic->title, .theme = themes[topic->theme]};
        }
    }
    for (size_t i = 0; room && i < base->rule_count; i++) {
        kundig__rule rule = base->rules[i];
        rule.topic = rule.kind == KUNDIG__RULE_PART ? 0 : topics[rule.topic];
        taxonomy->rules[taxonomy->rule_count++] = rule;
    }
    kundig__free(taxonomy->mem, themes, most * sizeof *themes);
    return room;
}

int kundig__model_remake(const kundig_allocator *allocator, const kundig_model *base,
                         const kundig__learned *learned, kundig_model **out, kundig_error *err)
{
    kundig__mem mem;
    kundig__taxonomy taxonomy;
    kundig__mem_init(&mem, allocator, 0);
    kundig__taxonomy_init(&taxonomy, &mem);
    int rc = !base || remake_taxonomy(&taxonomy, base) ? KUNDIG_OK : kundig__nomem(&mem, err);
    rc = rc ? rc : kundig__taxonomy_join(&taxonomy, learned, err);
    rc = rc ? rc : kundig__model_make(allocator, &taxonomy, learned, out, err);
    kundig__taxonomy_free(&taxonomy);
    return rc;
}

kundig__learned kundig__learned_of(const kundig_model *base)
{
    kundig__learned learned;
    memset(&learned, 0, sizeof learned);
    if (base) {
        learned.taught = base->taught;
        learned.mood = base->mood;
        learned.discovered = base->discovered;
    }
    return learned;
}

int kundig__model_forget(const kundig_allocator *allocator, const kundig_model *base,
                         int32_t lesson, kundig_model **out, kundig_error *err)
{
    kundig__learned learned = kundig__learned_of(base);
    if (lesson == KUNDIG_LESSON_SENTIMENT) {
        memset(&learned.mood, 0, sizeof learned.mood);
    } else if (lesson == KUNDIG_LESSON_DISCOVERED) {
        memset(&learned.discovered, 0, sizeof learned.discovered);
    } else {
        memset(&learned.taught, 0, sizeof learned.taught);
    }
    return kundig__model_remake(allocator, base, &learned, out, err);
}
