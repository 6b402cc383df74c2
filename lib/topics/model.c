/* Models: a taxonomy put in order, compiled, shared.
 *
 * Invariants: a made model is never written again, so any thread may read it; themes and topics
 * stand in byte order of their names, rules in order of topic, kind, language and terms, no two
 * equal, so two files that say the same make models that find the same, in the same order.
 * Cost: n log n in the rules to make; to free is O(arena blocks). */
#include "topics/compiled.h"

#include <assert.h>

#include "base/order.h"
#include "base/text.h"
#include "topics/model_bytes.h"

/* ---- Putting in order ----------------------------------------------------------------------- */

static int model_theme_order(const void *ud, uint32_t a, uint32_t b)
{
    const kundig__taxonomy *taxonomy = ud;
    return kundig__text_order(taxonomy->themes[a].name, taxonomy->themes[b].name);
}

static int model_topic_order(const void *ud, uint32_t a, uint32_t b)
{
    const kundig__taxonomy *taxonomy = ud;
    return kundig__text_order(taxonomy->topics[a].name, taxonomy->topics[b].name);
}

static int model_number_order(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

static int model_term_order(const kundig__rule *a, const kundig__rule *b)
{
    for (uint32_t i = 0; i < a->term_count && i < b->term_count; i++) {
        int order = model_number_order((uint64_t)a->terms[i].type, (uint64_t)b->terms[i].type);
        if (order == 0) {
            order = kundig__text_order(a->terms[i].text, b->terms[i].text);
        }
        if (order != 0) {
            return order;
        }
    }
    return model_number_order(a->term_count, b->term_count);
}

typedef struct model_ordering {
    const kundig__taxonomy *taxonomy;
    const uint32_t *topics; /* number in the model of a topic of the taxonomy */
} model_ordering;

/* Order by all that decides what a rule finds; parts of compounds behind everything. */
static int model_rule_meaning(const model_ordering *ordering, const kundig__rule *a,
                              const kundig__rule *b)
{
    bool part = a->kind == KUNDIG__RULE_PART;
    if (part != (b->kind == KUNDIG__RULE_PART)) {
        return part ? 1 : -1;
    }
    int order =
        part ? 0 : model_number_order(ordering->topics[a->topic], ordering->topics[b->topic]);
    if (order == 0) {
        order = model_number_order((uint64_t)a->kind, (uint64_t)b->kind);
    }
    if (order == 0) {
        order = model_number_order((uint64_t)a->language, (uint64_t)b->language);
    }
    return order != 0 ? order : model_term_order(a, b);
}

static int model_rule_order(const void *ud, uint32_t a, uint32_t b)
{
    const model_ordering *ordering = ud;
    const kundig__rule *left = &ordering->taxonomy->rules[a];
    const kundig__rule *right = &ordering->taxonomy->rules[b];
    int order = model_rule_meaning(ordering, left, right);
    if (order == 0) {
        order = model_number_order(left->line, right->line);
    }
    if (order == 0) {
        order = model_number_order(left->column, right->column);
    }
    return order != 0 ? order : kundig__text_order(left->written, right->written);
}

/* ---- Copying -------------------------------------------------------------------------------- */

static bool model_text(kundig_model *model, kundig_text text, kundig_text *out)
{
    *out = kundig__arena_text(&model->arena, text.data ? text : KUNDIG__TEXT(""));
    return out->data != NULL;
}

/* A text that the model does not own becomes its own; absent stays absent. */
static bool model_keep_text(kundig_model *model, kundig_text *text)
{
    return !text->data || model_text(model, *text, text);
}

static bool model_plan_texts(kundig_model *model, kundig__course_plan *plan)
{
    return model_keep_text(model, &plan->field) && model_keep_text(model, &plan->question);
}

static void *model_array(kundig_model *model, size_t count, size_t size)
{
    size_t bytes;
    if (!kundig__size_mul(count ? count : 1, size, &bytes)) {
        return NULL;
    }
    void *array = kundig__arena_alloc(&model->arena, bytes);
    if (array) {
        memset(array, 0, bytes);
    }
    return array;
}

static bool model_copy_rule(kundig_model *model, const kundig__rule *from, uint32_t topic)
{
    kundig__rule *rule = &model->rules[model->rule_count];
    *rule = *from;
    rule->topic = topic;
    rule->terms = model_array(model, from->term_count, sizeof *rule->terms);
    if (!rule->terms || !model_text(model, from->written, &rule->written)) {
        return false;
    }
    for (uint32_t i = 0; i < from->term_count; i++) {
        rule->terms[i].type = from->terms[i].type;
        if (from->terms[i].text.data &&
            !model_text(model, from->terms[i].text, &rule->terms[i].text)) {
            return false;
        }
    }
    model->infos[model->rule_count] = (kundig__rule_info){.topic = topic,
                                                          .kind = from->kind,
                                                          .language = from->language,
                                                          .line = from->line,
                                                          .written = rule->written};
    if (from->kind == KUNDIG__RULE_HIT) {
        model->topics[topic].rule_count++;
    } else if (from->kind == KUNDIG__RULE_NOT) {
        model->topics[topic].not_count++;
    }
    model->rule_count++;
    return true;
}

/* Fill the model from the taxonomy; `order` holds as many numbers as its longest list. */
static bool model_copy(kundig_model *model, const kundig__taxonomy *taxonomy, uint32_t *order,
                       uint32_t *themes, uint32_t *topics)
{
    model->themes = model_array(model, taxonomy->theme_count, sizeof *model->themes);
    model->topics = model_array(model, taxonomy->topic_count, sizeof *model->topics);
    model->rules = model_array(model, taxonomy->rule_count, sizeof *model->rules);
    model->infos = model_array(model, taxonomy->rule_count, sizeof *model->infos);
    if (!model->themes || !model->topics || !model->rules || !model->infos ||
        !model_text(model, taxonomy->title, &model->title)) {
        return false;
    }
    uint32_t named = 0;
    for (uint32_t i = 0; i < taxonomy->theme_count; i++) {
        order[i] = i;
    }
    kundig__order_sort(order, taxonomy->theme_count, model_theme_order, taxonomy);
    for (uint32_t i = 0; i < taxonomy->theme_count; i++) {
        const kundig__theme *from = &taxonomy->themes[order[i]];
        themes[order[i]] = i;
        model->themes[i].taught = from->taught;
        model->themes[i].discovered = from->discovered;
        model->themes[i].number = named;
        named += from->taught || from->discovered ? 0 : 1;
        if (!model_text(model, from->name, &model->themes[i].name) ||
            !model_text(model, from->title, &model->themes[i].title)) {
            return false;
        }
    }
    model->theme_count = taxonomy->theme_count;
    named = 0;
    for (uint32_t i = 0; i < taxonomy->topic_count; i++) {
        order[i] = i;
    }
    kundig__order_sort(order, taxonomy->topic_count, model_topic_order, taxonomy);
    for (uint32_t i = 0; i < taxonomy->topic_count; i++) {
        const kundig__topic *from = &taxonomy->topics[order[i]];
        topics[order[i]] = i;
        model->topics[i].theme = themes[from->theme];
        model->topics[i].klass = KUNDIG__NO_CLASS;
        model->topics[i].cluster = KUNDIG__NO_CLASS;
        model->topics[i].taught = from->taught;
        model->topics[i].number = named;
        named += from->taught || from->discovered ? 0 : 1;
        if (!model_text(model, from->name, &model->topics[i].name) ||
            !model_text(model, from->title, &model->topics[i].title)) {
            return false;
        }
    }
    model->topic_count = taxonomy->topic_count;
    for (uint32_t i = 0; i < taxonomy->rule_count; i++) {
        order[i] = i;
    }
    model_ordering ordering = {taxonomy, topics};
    kundig__order_sort(order, taxonomy->rule_count, model_rule_order, &ordering);
    for (uint32_t i = 0; i < taxonomy->rule_count; i++) {
        const kundig__rule *from = &taxonomy->rules[order[i]];
        if (i > 0 && model_rule_meaning(&ordering, &taxonomy->rules[order[i - 1]], from) == 0) {
            continue;
        }
        uint32_t topic = from->kind == KUNDIG__RULE_PART ? 0 : topics[from->topic];
        if (!model_copy_rule(model, from, topic)) {
            return false;
        }
    }
    return true;
}

/* ---- Making --------------------------------------------------------------------------------- */

static int model_limits(const kundig__taxonomy *taxonomy, kundig_error *err)
{
    if (taxonomy->topic_count > KUNDIG__MOST_TOPICS) {
        return kundig__fail(err, KUNDIG_E_LIMIT, 0, "%zu topics: a taxonomy has %u at most",
                            taxonomy->topic_count, KUNDIG__MOST_TOPICS);
    }
    if (taxonomy->theme_count > KUNDIG__MOST_TOPICS) {
        return kundig__fail(err, KUNDIG_E_LIMIT, 0, "%zu themes: a taxonomy has %u at most",
                            taxonomy->theme_count, KUNDIG__MOST_TOPICS);
    }
    if (taxonomy->rule_count > KUNDIG__MOST_RULES) {
        return kundig__fail(err, KUNDIG_E_LIMIT, 0, "%zu rules: a taxonomy has %lu at most",
                            taxonomy->rule_count, (unsigned long)KUNDIG__MOST_RULES);
    }
    return KUNDIG_OK;
}

/* What was taught becomes the model's. Its topics stand in order of their names, as classes do. */
static bool model_learn(kundig_model *model, const kundig__learned *learned)
{
    const kundig__classifier *topics = learned->taught.classifier;
    size_t classes = topics ? kundig__classifier_facts_of(topics)->class_count : 0;
    kundig__taught *taught = &model->taught;
    *taught = learned->taught;
    taught->classifier = kundig__classifier_retain(taught->classifier);
    model->mood = learned->mood;
    model->mood.classifier = kundig__classifier_retain(model->mood.classifier);
    taught->names = model_array(model, classes, sizeof *taught->names);
    taught->topics = model_array(model, classes, sizeof *taught->topics);
    taught->signs = model_array(model, model->topic_count, sizeof *taught->signs);
    taught->sign_count = 0;
    if (!taught->names || !taught->topics || !taught->signs ||
        !model_plan_texts(model, &taught->plan) || !model_plan_texts(model, &model->mood.plan) ||
        !model_keep_text(model, &model->mood.question)) {
        return false;
    }
    model->mood.scale.question = (kundig_text){NULL, 0};
    uint32_t topic = 0;
    for (uint32_t i = 0; i < classes; i++) {
        if (!model_text(model, learned->taught.names[i], &taught->names[i])) {
            return false;
        }
        while (kundig__text_order(model->topics[topic].name, taught->names[i]) < 0) {
            topic++;
        }
        taught->topics[i] = topic;
        model->topics[topic].klass = i;
    }
    for (uint32_t i = 0; i < model->topic_count; i++) {
        if (model->topics[i].rule_count) {
            taught->signs[taught->sign_count++] = i;
        }
    }
    return true;
}

/* What was discovered becomes the model's: each cluster finds the topic its texts count in. */
static bool model_discover(kundig_model *model, const kundig__discovered *from)
{
    kundig__discovered *discovered = &model->discovered;
    if (!from->clustered) {
        return true;
    }
    if (!kundig__discovered_copy(&model->arena, from, discovered)) {
        return false;
    }
    for (uint32_t i = 0; i < kundig__discovered_count(discovered); i++) {
        const kundig__discovered_topic *whole = &discovered->topics[discovered->wholes[i]];
        discovered->numbers[i] =
            kundig__discovered_hidden(discovered, i)
                ? KUNDIG__NO_CLUSTER
                : kundig__model_called(model, whole->known.data ? whole->known : whole->name);
        if (discovered->wholes[i] == i && discovered->numbers[i] != KUNDIG__NO_CLUSTER &&
            !whole->known.data) {
            model->topics[discovered->numbers[i]].cluster = i;
        }
    }
    return true;
}

/* Is there a rule that finds something? */
static int model_has_rule(const kundig__taxonomy *taxonomy, kundig_error *err)
{
    for (size_t i = 0; i < taxonomy->rule_count; i++) {
        if (taxonomy->rules[i].kind == KUNDIG__RULE_HIT) {
            return KUNDIG_OK;
        }
    }
    return kundig__fail(err, KUNDIG_E_EMPTY, 0,
                        "the taxonomy has no rule: give a topic some words to find");
}

static int model_compile(kundig_model *model, const kundig__taxonomy *taxonomy,
                         const kundig__learned *learned, kundig__stemmer *stemmer,
                         kundig_error *err)
{
    size_t most = taxonomy->rule_count;
    most = most < taxonomy->topic_count ? taxonomy->topic_count : most;
    most = most < taxonomy->theme_count ? taxonomy->theme_count : most;
    size_t scratch_count = most + taxonomy->theme_count + taxonomy->topic_count;
    uint32_t *scratch = kundig__alloc(&model->mem, scratch_count * sizeof *scratch);
    bool copied = scratch && model_copy(model, taxonomy, scratch, scratch + most,
                                        scratch + most + taxonomy->theme_count);
    if (scratch) {
        kundig__free(&model->mem, scratch, scratch_count * sizeof *scratch);
    }
    if (!copied || !model_learn(model, learned) ||
        !model_discover(model, &learned->discovered)) {
        return kundig__nomem(&model->mem, err);
    }
    model->languages = kundig__languages_new(&model->mem);
    model->lexicon = model->languages ? kundig__lexicon_new(&model->mem) : NULL;
    if (!model->lexicon) {
        return kundig__nomem(&model->mem, err);
    }
    if (kundig__stemmer_print(stemmer, &model->stemmer_print) != KUNDIG_OK) {
        return kundig__nomem(&model->mem, err);
    }
    int rc = kundig__tree_build(model, stemmer, err);
    if (rc == KUNDIG_OK) {
        rc = kundig__parts_build(model, stemmer, err);
    }
    return rc == KUNDIG_OK ? kundig__model_digest(model, &model->id, err) : rc;
}

int kundig__model_compile(const kundig_allocator *allocator, const kundig__taxonomy *taxonomy,
                          kundig_model **out, kundig_error *err)
{
    kundig__learned nothing;
    memset(&nothing, 0, sizeof nothing);
    int rc = model_has_rule(taxonomy, err);
    return rc ? rc : kundig__model_make(allocator, taxonomy, &nothing, out, err);
}

int kundig__model_make(const kundig_allocator *allocator, const kundig__taxonomy *taxonomy,
                       const kundig__learned *learned, kundig_model **out, kundig_error *err)
{
    int rc = model_limits(taxonomy, err);
    if (rc != KUNDIG_OK) {
        return rc;
    }
    kundig__mem mem;
    kundig__mem_init(&mem, allocator, 0);
    kundig_model *model = kundig__alloc_zero(&mem, sizeof *model);
    if (!model) {
        return kundig__nomem(&mem, err);
    }
    model->mem = mem;
    atomic_init(&model->references, 1);
    kundig__arena_init(&model->arena, &model->mem);
    kundig__stemmer stemmer;
    kundig__stemmer_init(&stemmer, &model->mem);
    rc = model_compile(model, taxonomy, learned, &stemmer, err);
    kundig__stemmer_free(&stemmer);
    if (rc != KUNDIG_OK) {
        kundig_model_free(model);
        return rc;
    }
    *out = model;
    return KUNDIG_OK;
}

int kundig_model_new(const kundig_allocator *allocator, const char *data, size_t len,
                     kundig_model **out, kundig_error *err)
{
    if (!out) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "out is NULL");
    }
    if (!data && len) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "data is NULL, len is not 0");
    }
    kundig_text text = data ? kundig__text(data, len) : kundig__taxonomy_ready();
    kundig__mem mem;
    kundig__taxonomy taxonomy;
    kundig__mem_init(&mem, allocator, 0);
    kundig__taxonomy_init(&taxonomy, &mem);
    int rc = kundig__taxonomy_read(&taxonomy, text.data, text.len, err);
    if (rc == KUNDIG_OK) {
        rc = kundig__model_compile(allocator, &taxonomy, out, err);
    }
    kundig__taxonomy_free(&taxonomy);
    return rc;
}

kundig_model *kundig_model_retain(kundig_model *model)
{
    if (model) {
        atomic_fetch_add_explicit(&model->references, 1, memory_order_relaxed);
    }
    return model;
}

void kundig_model_free(kundig_model *model)
{
    if (!model || atomic_fetch_sub_explicit(&model->references, 1, memory_order_acq_rel) != 1) {
        return;
    }
    kundig__mem mem = model->mem;
    kundig__tree_free(&model->tree, &model->mem);
    kundig__parts_free(&model->parts, &model->mem);
    if (model->languages) {
        kundig__languages_free(model->languages, &model->mem);
    }
    if (model->lexicon) {
        kundig__lexicon_free(model->lexicon, &model->mem);
    }
    kundig__classifier_free(model->taught.classifier);
    kundig__classifier_free(model->mood.classifier);
    kundig__clustered_free(model->discovered.clustered);
    kundig__arena_free(&model->arena);
    kundig__free(&mem, model, sizeof *model);
}

/* ---- Looking up ----------------------------------------------------------------------------- */

size_t kundig__model_topic_count(const kundig_model *model)
{
    return model->topic_count;
}

const kundig__topic_info *kundig__model_topic(const kundig_model *model, size_t topic)
{
    assert(topic < model->topic_count);
    return &model->topics[topic];
}

size_t kundig__model_theme_count(const kundig_model *model)
{
    return model->theme_count;
}

const kundig__theme_info *kundig__model_theme(const kundig_model *model, size_t theme)
{
    assert(theme < model->theme_count);
    return &model->themes[theme];
}

size_t kundig__model_rule_count(const kundig_model *model)
{
    return model->rule_count;
}

const kundig__rule_info *kundig__model_rule(const kundig_model *model, size_t rule)
{
    assert(rule < model->rule_count);
    return &model->infos[rule];
}

kundig_text kundig__model_title(const kundig_model *model)
{
    return model->title;
}

const kundig__languages *kundig__model_languages(const kundig_model *model)
{
    return model->languages;
}

const kundig__lexicon *kundig__model_lexicon(const kundig_model *model)
{
    return model->lexicon;
}

const kundig__taught *kundig__model_taught(const kundig_model *model)
{
    return model->taught.classifier ? &model->taught : NULL;
}

const kundig__mood_learned *kundig__model_mood(const kundig_model *model)
{
    return model->mood.classifier ? &model->mood : NULL;
}

const kundig__discovered *kundig__model_discovered_of(const kundig_model *model)
{
    return model->discovered.clustered ? &model->discovered : NULL;
}

kundig__hash128 kundig__model_id(const kundig_model *model)
{
    return model->id;
}
