/* Models as bytes, and the distrust of bytes.
 *
 *   "KUNDIGMO"  u64 length of all  versions  title  themes  topics  rules  learned
 *   u64 XXH3 of all before
 *
 *   learned   nothing, where nothing was taught; else u8 bits of lessons and for each
 *   topics    u32 count  names  plan  classifier
 *   sentiment scale  means and ranges of scores  plan  classifier
 *   discovered        discovered_bytes.c
 *
 * Little-endian; a text is its length + 1 and its bytes. What is kept is the taxonomy, in the
 * model's order, and what was taught; topics that no taxonomy names, and what is compiled, are made
 * again. Equal taxonomies that learned the same give equal bytes.
 * Invariant: what load returns is what would be saved as these very bytes, so there is one way to
 * write a model, and bytes that are none are refused whatever their checksum.
 * Cost: linear in the bytes; to load is to make the model. */
#include "topics/model_bytes.h"

#include "base/bytes.h"
#include "base/math.h"
#include "base/text.h"
#include "base/utf8.h"
#include "topics/discovered_bytes.h"
#include "topics/examples.h"

#define MODEL_MAGIC       "KUNDIGMO"
#define MODEL_MAGIC_SIZE  8
#define MODEL_PREFIX_SIZE (MODEL_MAGIC_SIZE + 8)
#define MODEL_SUM_SIZE    8

#define MODEL_TOPICS     1u /* lessons that were taught */
#define MODEL_SENTIMENT  2u
#define MODEL_DISCOVERED 4u
#define MODEL_LEANING    1e6  /* of logits; what is learned stays far below */
#define MODEL_SLACK      1e-9 /* of a scale: sums of doubles may lie so far beyond its ends */

/* ---- Writing -------------------------------------------------------------------------------- */

static void model_put_versions(kundig__buf *buf, const kundig_model *model)
{
    kundig__put_text(buf, kundig__str(KUNDIG__MODEL_VERSION));
    kundig__put_text(buf, kundig__str(KUNDIG__TOKENISER_VERSION));
    kundig__put_text(buf, kundig__str(kundig__unicode_version()));
    kundig__put_u64(buf, model->stemmer_print);
}

/* Does its taxonomy name it? */
static bool model_names_theme(const kundig_model *model, size_t theme)
{
    return !model->themes[theme].taught && !model->themes[theme].discovered;
}

static bool model_names_topic(const kundig_model *model, size_t topic)
{
    return !model->topics[topic].taught && model->topics[topic].cluster == KUNDIG__NO_CLASS;
}

/* All of a model, or what decides what it finds. */
static void model_put(kundig__buf *buf, const kundig_model *model, bool all)
{
    if (all) {
        kundig__put_text(buf, model->title);
    }
    uint32_t count = 0;
    for (size_t i = 0; i < model->theme_count; i++) {
        count += model_names_theme(model, i) ? 1 : 0;
    }
    kundig__put_u32(buf, count);
    for (size_t i = 0; i < model->theme_count; i++) {
        if (model_names_theme(model, i)) {
            kundig__put_text(buf, model->themes[i].name);
        }
        if (model_names_theme(model, i) && all) {
            kundig__put_text(buf, model->themes[i].title);
        }
    }
    count = 0;
    for (size_t i = 0; i < model->topic_count; i++) {
        count += model_names_topic(model, i) ? 1 : 0;
    }
    kundig__put_u32(buf, count);
    for (size_t i = 0; i < model->topic_count; i++) {
        const kundig__topic_info *topic = &model->topics[i];
        if (!model_names_topic(model, i)) {
            continue;
        }
        kundig__put_u32(buf, model->themes[topic->theme].number);
        kundig__put_text(buf, topic->name);
        if (all) {
            kundig__put_text(buf, topic->title);
        }
    }
    kundig__put_u32(buf, (uint32_t)model->rule_count);
    for (size_t i = 0; i < model->rule_count; i++) {
        const kundig__rule *rule = &model->rules[i];
        kundig__put_u8(buf, (uint8_t)rule->kind);
        kundig__put_u8(buf, (uint8_t)rule->language);
        kundig__put_u32(buf, model->topic_count ? model->topics[rule->topic].number : 0);
        if (all) {
            kundig__put_u32(buf, rule->line);
            kundig__put_u32(buf, rule->column);
            kundig__put_text(buf, rule->written);
        }
        kundig__put_u8(buf, (uint8_t)rule->term_count);
        for (uint32_t at = 0; at < rule->term_count; at++) {
            kundig__put_u8(buf, (uint8_t)rule->terms[at].type);
            kundig__put_text(buf, rule->terms[at].text);
        }
    }
}

static void model_put_double(kundig__buf *buf, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    kundig__put_u64(buf, bits);
}

static void model_put_plan(kundig__buf *buf, const kundig__course_plan *plan)
{
    kundig__put_u8(buf, plan->of_facts);
    if (plan->of_facts) {
        kundig__put_u8(buf, (uint8_t)plan->quality);
        kundig__put_u8(buf, (uint8_t)plan->labels);
        kundig__put_u32(buf, plan->least_customers);
        kundig__put_u64(buf, plan->most_bytes);
        kundig__put_u64(buf, plan->seed);
        kundig__put_text(buf, plan->field);
        kundig__put_text(buf, plan->question);
    }
}

static void model_put_mood(kundig__buf *buf, const kundig__mood_learned *mood)
{
    const kundig_score *scale = &mood->scale;
    kundig__put_text(buf, mood->question);
    kundig__put_u8(buf, (uint8_t)scale->scale);
    if (scale->scale) {
        kundig__put_u8(buf, (uint8_t)scale->direction);
        model_put_double(buf, scale->minimum);
        model_put_double(buf, scale->maximum);
    }
    model_put_double(buf, mood->lexicon);
    for (size_t i = 0; i < 3; i++) {
        model_put_double(buf, mood->leaning[i]);
    }
    model_put_double(buf, mood->trust);
    model_put_double(buf, mood->least_known);
    for (size_t i = 0; i < 3; i++) {
        model_put_double(buf, mood->means[i]);
    }
    for (size_t i = 0; i < KUNDIG__LEARN_BINS; i++) {
        model_put_double(buf, mood->low[i]);
        model_put_double(buf, mood->high[i]);
    }
    kundig__put_u8(buf, mood->languages);
}

/* What was taught; or what of it decides. */
static void model_put_learned(kundig__buf *buf, const kundig_model *model, bool all)
{
    const kundig__taught *taught = kundig__model_taught(model);
    const kundig__mood_learned *mood = kundig__model_mood(model);
    const kundig__discovered *discovered = kundig__model_discovered_of(model);
    if (!taught && !mood && !discovered) {
        return;
    }
    kundig__put_u8(buf, (uint8_t)((taught ? MODEL_TOPICS : 0) | (mood ? MODEL_SENTIMENT : 0) |
                                  (discovered ? MODEL_DISCOVERED : 0)));
    if (taught) {
        uint32_t count = kundig__classifier_facts_of(taught->classifier)->class_count;
        kundig__put_u32(buf, count);
        for (uint32_t i = 0; i < count; i++) {
            kundig__put_text(buf, taught->names[i]);
        }
        if (all) {
            model_put_plan(buf, &taught->plan);
        }
        kundig__classifier_put(buf, taught->classifier);
    }
    if (mood) {
        model_put_mood(buf, mood);
        if (all) {
            model_put_plan(buf, &mood->plan);
        }
        kundig__classifier_put(buf, mood->classifier);
    }
    if (discovered) {
        kundig__discovered_put(buf, discovered, all);
    }
}

static void model_put_file(kundig__buf *buf, const kundig_model *model)
{
    kundig__buf_add(buf, MODEL_MAGIC, MODEL_MAGIC_SIZE);
    kundig__put_u64(buf, 0);
    model_put_versions(buf, model);
    model_put(buf, model, true);
    model_put_learned(buf, model, true);
    if (!buf->failed) {
        /* the length is known now: write it in its place */
        uint64_t length = (uint64_t)buf->len + MODEL_SUM_SIZE;
        for (size_t i = 0; i < 8; i++) {
            buf->data[MODEL_MAGIC_SIZE + i] = (char)(uint8_t)(length >> (8 * i));
        }
        kundig__put_u64(buf, kundig__xxh3(buf->data, buf->len));
    }
}

int kundig__model_digest(kundig_model *model, kundig__hash128 *id, kundig_error *err)
{
    kundig__buf buf;
    kundig__buf_init(&buf, &model->mem);
    model_put_versions(&buf, model);
    model_put(&buf, model, false);
    model_put_learned(&buf, model, false);
    bool failed = buf.failed;
    if (!failed) {
        *id = kundig__blake2b(NULL, buf.data, buf.len);
    }
    kundig__buf_free(&buf);
    return failed ? kundig__nomem(&model->mem, err) : KUNDIG_OK;
}

int kundig_model_save(const kundig_model *model, kundig_bytes **out, kundig_error *err)
{
    if (!model || !out) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "%s is NULL", model ? "out" : "the model");
    }
    kundig__mem mem;
    kundig__buf buf;
    kundig__mem_init(&mem, &model->mem.hook, 0);
    kundig__buf_init(&buf, &mem);
    model_put_file(&buf, model);
    int rc = kundig__buf_take(&buf, out, err);
    kundig__buf_free(&buf);
    return rc;
}

/* ---- Reading -------------------------------------------------------------------------------- */

static int model_broken(const kundig__reader *reader, const char *what, kundig_error *err)
{
    return kundig__fail(err, KUNDIG_E_FORMAT, reader->pos, "no whole model: %s at byte %zu", what,
                        reader->pos);
}

static bool model_take_text(kundig__reader *reader, kundig__taxonomy *taxonomy, kundig_text *out)
{
    kundig_text text = kundig__take_text(reader);
    if (reader->failed || !text.data || kundig__utf8_valid(text.data, text.len) != text.len) {
        reader->failed = true;
        return true;
    }
    *out = kundig__arena_text(&taxonomy->arena, text);
    return out->data != NULL;
}

/* A count of things that take at least `size` bytes each. */
static size_t model_take_count(kundig__reader *reader, size_t size)
{
    uint32_t count = kundig__take_u32(reader);
    if (count > (reader->size - reader->pos) / size) {
        reader->failed = true;
        return 0;
    }
    return count;
}

/* false on failure of memory; what is wrong with the bytes fails the reader */
static bool model_take_names(kundig__reader *reader, kundig__taxonomy *taxonomy)
{
    kundig__mem *mem = taxonomy->mem;
    size_t count = model_take_count(reader, 16);
    void *array = taxonomy->themes;
    bool room = kundig__grow(mem, &array, &taxonomy->theme_capacity, count, sizeof(kundig__theme));
    taxonomy->themes = array;
    for (size_t i = 0; room && i < count && !reader->failed; i++) {
        kundig__theme theme = {.line = 0};
        room = model_take_text(reader, taxonomy, &theme.name) &&
               model_take_text(reader, taxonomy, &theme.title);
        taxonomy->themes[taxonomy->theme_count++] = theme;
    }
    if (!room || reader->failed) {
        return room;
    }
    count = model_take_count(reader, 20);
    array = taxonomy->topics;
    room = kundig__grow(mem, &array, &taxonomy->topic_capacity, count, sizeof(kundig__topic));
    taxonomy->topics = array;
    for (size_t i = 0; room && i < count && !reader->failed; i++) {
        kundig__topic topic = {.theme = kundig__take_u32(reader)};
        reader->failed |= topic.theme >= taxonomy->theme_count;
        room = model_take_text(reader, taxonomy, &topic.name) &&
               model_take_text(reader, taxonomy, &topic.title);
        taxonomy->topics[taxonomy->topic_count++] = topic;
    }
    return room;
}

static bool model_take_terms(kundig__reader *reader, kundig__taxonomy *taxonomy, kundig__rule *rule)
{
    rule->term_count = kundig__take_u8(reader);
    if (rule->term_count == 0 || rule->term_count > KUNDIG__MOST_TERMS) {
        reader->failed = true;
        return true;
    }
    rule->terms = kundig__arena_alloc(&taxonomy->arena, rule->term_count * sizeof *rule->terms);
    if (!rule->terms) {
        return false;
    }
    for (uint32_t i = 0; i < rule->term_count && !reader->failed; i++) {
        kundig__term *term = &rule->terms[i];
        *term = (kundig__term){.type = kundig__take_u8(reader)};
        bool loose = term->type == KUNDIG__TERM_ANY || term->type == KUNDIG__TERM_GAP;
        bool outside = i == 0 || i + 1 == rule->term_count;
        if (loose) {
            reader->failed |= outside || kundig__take_text(reader).data != NULL;
            continue;
        }
        reader->failed |= term->type < KUNDIG__TERM_WORD || term->type > KUNDIG__TERM_STEM;
        if (!model_take_text(reader, taxonomy, &term->text)) {
            return false;
        }
        reader->failed |= term->text.len == 0;
    }
    return true;
}

static bool model_take_rules(kundig__reader *reader, kundig__taxonomy *taxonomy)
{
    size_t count = model_take_count(reader, 33);
    void *array = taxonomy->rules;
    bool room =
        kundig__grow(taxonomy->mem, &array, &taxonomy->rule_capacity, count, sizeof(kundig__rule));
    taxonomy->rules = array;
    for (size_t i = 0; room && i < count && !reader->failed; i++) {
        kundig__rule rule = {.kind = kundig__take_u8(reader)};
        rule.language = kundig__take_u8(reader);
        rule.topic = kundig__take_u32(reader);
        rule.line = kundig__take_u32(reader);
        rule.column = kundig__take_u32(reader);
        bool part = rule.kind == KUNDIG__RULE_PART;
        reader->failed |= rule.kind < KUNDIG__RULE_HIT || rule.kind > KUNDIG__RULE_PART ||
                          rule.language >= KUNDIG__LANGUAGE_COUNT ||
                          (part ? rule.topic != 0 : rule.topic >= taxonomy->topic_count);
        room = model_take_text(reader, taxonomy, &rule.written) &&
               (reader->failed || model_take_terms(reader, taxonomy, &rule));
        taxonomy->rules[taxonomy->rule_count++] = rule;
    }
    return room;
}

static double model_take_double(kundig__reader *reader)
{
    uint64_t bits = kundig__take_u64(reader);
    double value;
    memcpy(&value, &bits, sizeof value);
    reader->failed |= !kundig__is_finite(value);
    return reader->failed ? 0 : value;
}

/* A text that may be absent. */
static bool model_take_absent(kundig__reader *reader, kundig__taxonomy *taxonomy, kundig_text *out)
{
    kundig__reader ahead = *reader;
    if (!kundig__take_text(&ahead).data && !ahead.failed) {
        *reader = ahead;
        return true;
    }
    return model_take_text(reader, taxonomy, out);
}

static bool model_take_plan(kundig__reader *reader, kundig__taxonomy *taxonomy,
                            kundig__course_plan *plan)
{
    uint8_t of_facts = kundig__take_u8(reader);
    reader->failed |= of_facts > 1;
    plan->of_facts = of_facts == 1;
    if (!plan->of_facts || reader->failed) {
        return true;
    }
    plan->quality = kundig__take_u8(reader);
    plan->labels = kundig__take_u8(reader);
    plan->least_customers = kundig__take_u32(reader);
    plan->most_bytes = kundig__take_u64(reader);
    plan->seed = kundig__take_u64(reader);
    reader->failed |= plan->quality > KUNDIG_QUALITY_BEST || plan->labels > KUNDIG_LABELS_SEVERAL ||
                      plan->least_customers == 0;
    return model_take_absent(reader, taxonomy, &plan->field) &&
           (reader->failed || model_take_absent(reader, taxonomy, &plan->question));
}

static int model_take_topics(kundig__reader *reader, kundig__taxonomy *taxonomy,
                             kundig__taught *taught, kundig_error *err)
{
    size_t count = model_take_count(reader, 9);
    kundig_text *names = kundig__arena_alloc(&taxonomy->arena, count * sizeof *names);
    bool room = names != NULL;
    for (size_t i = 0; room && i < count && !reader->failed; i++) {
        room = model_take_text(reader, taxonomy, &names[i]);
        reader->failed |= room && !reader->failed && !kundig__label_is_name(names[i]);
        reader->failed |=
            room && !reader->failed && i > 0 && kundig__text_order(names[i - 1], names[i]) >= 0;
    }
    room = room && (reader->failed || model_take_plan(reader, taxonomy, &taught->plan));
    if (!room) {
        return kundig__nomem(taxonomy->mem, err);
    }
    if (reader->failed) {
        return model_broken(reader, "what topics were taught is wrong", err);
    }
    taught->names = names;
    int rc = kundig__classifier_take(taxonomy->mem, reader, &taught->classifier, err);
    if (!rc) {
        const kundig__classifier_facts *facts = kundig__classifier_facts_of(taught->classifier);
        if (facts->class_count != count || facts->kind == KUNDIG__COURSE_ORDERED) {
            rc = model_broken(reader, "what topics were taught does not fit their names", err);
        }
    }
    return rc;
}

/* Is it so many thousandths? */
static bool model_is(int32_t thousandths, double value)
{
    return value * 1000 > thousandths - 0.5 && value * 1000 < thousandths + 0.5;
}

static bool model_take_scale(kundig__reader *reader, kundig__taxonomy *taxonomy,
                             kundig__mood_learned *mood)
{
    kundig__answer answer;
    kundig_score *scale = &mood->scale;
    bool room = model_take_absent(reader, taxonomy, &mood->question);
    scale->scale = kundig__take_u8(reader);
    if (scale->scale && !reader->failed) {
        scale->direction = kundig__take_u8(reader);
        scale->minimum = model_take_double(reader);
        scale->maximum = model_take_double(reader);
        scale->value = scale->minimum;
        reader->failed |=
            reader->failed || kundig__score_read(scale, KUNDIG__TEXT(""), &answer, NULL);
        reader->failed |= !reader->failed && (answer.direction != scale->direction ||
                                              !model_is(answer.minimum, scale->minimum) ||
                                              !model_is(answer.maximum, scale->maximum));
    }
    return room;
}

/* What scores taught lies where scores can: without a scale nothing was. */
static void model_take_scores(kundig__reader *reader, kundig__mood_learned *mood)
{
    double span = mood->scale.maximum - mood->scale.minimum;
    double least = mood->scale.minimum - span * MODEL_SLACK;
    double most = mood->scale.maximum + span * MODEL_SLACK;
    double widest = span * (1 + MODEL_SLACK);
    for (size_t i = 0; i < 3; i++) {
        mood->means[i] = model_take_double(reader);
        reader->failed |= mood->means[i] < least || mood->means[i] > most;
    }
    for (size_t i = 0; i < KUNDIG__LEARN_BINS; i++) {
        mood->low[i] = model_take_double(reader);
        mood->high[i] = model_take_double(reader);
        reader->failed |= mood->low[i] > 0 || mood->low[i] < -widest;
        reader->failed |= mood->high[i] < 0 || mood->high[i] > widest;
    }
}

static int model_take_mood(kundig__reader *reader, kundig__taxonomy *taxonomy,
                           kundig__mood_learned *mood, kundig_error *err)
{
    bool room = model_take_scale(reader, taxonomy, mood);
    mood->lexicon = model_take_double(reader);
    for (size_t i = 0; i < 3; i++) {
        mood->leaning[i] = model_take_double(reader);
        reader->failed |= mood->leaning[i] < -MODEL_LEANING || mood->leaning[i] > MODEL_LEANING;
    }
    mood->trust = model_take_double(reader);
    reader->failed |= mood->trust < 0 || mood->trust > MODEL_LEANING;
    mood->least_known = model_take_double(reader);
    reader->failed |= mood->lexicon < 0 || mood->lexicon > 1;
    reader->failed |= mood->least_known < 0 || mood->least_known > 1;
    model_take_scores(reader, mood);
    mood->languages = kundig__take_u8(reader);
    reader->failed |= !(mood->languages >> KUNDIG__LANGUAGE_UNKNOWN & 1) ||
                      mood->languages >> KUNDIG__LANGUAGE_COUNT != 0;
    room = room && (reader->failed || model_take_plan(reader, taxonomy, &mood->plan));
    if (!room) {
        return kundig__nomem(taxonomy->mem, err);
    }
    if (reader->failed) {
        return model_broken(reader, "what sentiment was taught is wrong", err);
    }
    int rc = kundig__classifier_take(taxonomy->mem, reader, &mood->classifier, err);
    if (!rc) {
        const kundig__classifier_facts *facts = kundig__classifier_facts_of(mood->classifier);
        if (facts->class_count != 3 || facts->kind != KUNDIG__COURSE_ORDERED) {
            rc = model_broken(reader, "what sentiment was taught tells no sentiments", err);
        }
    }
    return rc;
}

static int model_take_learned(kundig__reader *reader, kundig__taxonomy *taxonomy,
                              kundig__learned *learned, kundig_error *err)
{
    if (reader->pos == reader->size) {
        return KUNDIG_OK;
    }
    uint8_t lessons = kundig__take_u8(reader);
    int rc = KUNDIG_OK;
    if (lessons == 0 || lessons > (MODEL_TOPICS | MODEL_SENTIMENT | MODEL_DISCOVERED)) {
        return model_broken(reader, "what was taught is no lesson", err);
    }
    if (lessons & MODEL_TOPICS) {
        rc = model_take_topics(reader, taxonomy, &learned->taught, err);
    }
    if (!rc && (lessons & MODEL_SENTIMENT)) {
        rc = model_take_mood(reader, taxonomy, &learned->mood, err);
    }
    if (!rc && (lessons & MODEL_DISCOVERED)) {
        rc = kundig__discovered_take(&taxonomy->arena, reader, &learned->discovered, err);
    }
    return rc ? rc : kundig__taxonomy_join(taxonomy, learned, err);
}

/* Is the version that stands in the bytes ours? */
static int model_check_version(kundig__reader *reader, const char *what, const char *ours,
                               kundig_error *err)
{
    kundig_text theirs = kundig__take_text(reader);
    if (reader->failed || !theirs.data) {
        return model_broken(reader, "a version is missing", err);
    }
    if (!kundig__text_equal(theirs, kundig__str(ours))) {
        return kundig__fail(err, KUNDIG_E_VERSION, 0,
                            "the model was made with %s %.*s, here is %s: make it again from its "
                            "taxonomy",
                            what, kundig__shown(theirs), theirs.data, ours);
    }
    return KUNDIG_OK;
}

static int model_check_frame(kundig__reader *reader, kundig_error *err)
{
    if (reader->size < MODEL_PREFIX_SIZE + MODEL_SUM_SIZE ||
        memcmp(reader->data, MODEL_MAGIC, MODEL_MAGIC_SIZE) != 0) {
        return kundig__fail(err, KUNDIG_E_FORMAT, 0, "these bytes are no model of kundig");
    }
    reader->pos = MODEL_MAGIC_SIZE;
    if (kundig__take_u64(reader) != reader->size) {
        return kundig__fail(err, KUNDIG_E_FORMAT, MODEL_MAGIC_SIZE,
                            "the model is cut or has something behind it: its length is not the "
                            "%zu bytes given",
                            reader->size);
    }
    reader->size -= MODEL_SUM_SIZE;
    kundig__reader sum = {reader->data + reader->size, MODEL_SUM_SIZE, 0, false};
    if (kundig__take_u64(&sum) != kundig__xxh3(reader->data, reader->size)) {
        return kundig__fail(err, KUNDIG_E_FORMAT, reader->size,
                            "the model's checksum is wrong: some byte was changed");
    }
    int rc = model_check_version(reader, "model format", KUNDIG__MODEL_VERSION, err);
    if (rc == KUNDIG_OK) {
        rc = model_check_version(reader, "tokeniser", KUNDIG__TOKENISER_VERSION, err);
    }
    if (rc == KUNDIG_OK) {
        rc = model_check_version(reader, "Unicode", kundig__unicode_version(), err);
    }
    return rc;
}

static int model_take(kundig__reader *reader, kundig__taxonomy *taxonomy, kundig__learned *learned,
                      kundig_error *err)
{
    if (!model_take_text(reader, taxonomy, &taxonomy->title) ||
        !model_take_names(reader, taxonomy) ||
        (!reader->failed && !model_take_rules(reader, taxonomy))) {
        return kundig__nomem(taxonomy->mem, err);
    }
    if (reader->failed) {
        return model_broken(reader, "something is wrong", err);
    }
    int rc = model_take_learned(reader, taxonomy, learned, err);
    return rc || reader->pos == reader->size
               ? rc
               : model_broken(reader, "something follows its end", err);
}

/* Would the model be saved as these very bytes? */
static int model_check_same(const kundig_model *model, const uint8_t *data, size_t size,
                            kundig_error *err)
{
    kundig__mem mem;
    kundig__buf buf;
    kundig__mem_init(&mem, &model->mem.hook, 0);
    kundig__buf_init(&buf, &mem);
    model_put_file(&buf, model);
    int rc = KUNDIG_OK;
    if (buf.failed) {
        rc = kundig__nomem(&mem, err);
    } else {
        size_t same = 0;
        while (same < size && same < buf.len && (uint8_t)buf.data[same] == data[same]) {
            same++;
        }
        if (same != size || size != buf.len) {
            rc = kundig__fail(err, KUNDIG_E_FORMAT, same,
                              "the model is not in order at byte %zu: kundig did not write it",
                              same);
        }
    }
    kundig__buf_free(&buf);
    return rc;
}

int kundig_model_load(const kundig_allocator *allocator, const void *data, size_t size,
                      kundig_model **out, kundig_error *err)
{
    if (!out || (!data && size)) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "%s is NULL", out ? "data" : "out");
    }
    kundig__mem mem;
    kundig__taxonomy taxonomy;
    kundig__learned learned = kundig__learned_of(NULL);
    kundig_model *model = NULL;
    kundig__reader reader = {data, size, 0, false};
    kundig__mem_init(&mem, allocator, 0);
    kundig__taxonomy_init(&taxonomy, &mem);
    int rc = model_check_frame(&reader, err);
    if (rc != KUNDIG_OK) {
        goto done;
    }
    uint64_t print = kundig__take_u64(&reader);
    rc = model_take(&reader, &taxonomy, &learned, err);
    if (rc == KUNDIG_OK) {
        rc = learned.taught.classifier || learned.mood.classifier || learned.discovered.clustered
                 ? kundig__model_make(allocator, &taxonomy, &learned, &model, err)
                 : kundig__model_compile(allocator, &taxonomy, &model, err);
    }
    if (rc == KUNDIG_OK && model->stemmer_print != print) {
        rc = kundig__fail(err, KUNDIG_E_VERSION, 0,
                          "the model was made with another stemmer: make it again from its "
                          "taxonomy");
    }
    if (rc == KUNDIG_OK) {
        rc = model_check_same(model, data, size, err);
    }
    if (rc == KUNDIG_OK) {
        *out = model;
        model = NULL;
    }
done:
    kundig_model_free(model);
    kundig__classifier_free(learned.taught.classifier);
    kundig__classifier_free(learned.mood.classifier);
    kundig__clustered_free(learned.discovered.clustered);
    kundig__taxonomy_free(&taxonomy);
    return rc;
}
