/* Names to fields: fixed fields first, then questions and attributes, and what the model reads.
 *
 * The fixed ones are older than anybody's data; topic, theme, text_language, sentiment and
 * novelty are not: where a question or attribute has such a name, it has to be said which is meant.
 * A name that nothing has is answered with the nearest ones there are. Invariant: the answer
 * depends on the set of names alone. Cost: a few look-ups; on failure one edit distance a name. */
#include "base/text.h"
#include "corpus/facts.h"
#include "corpus/nearest.h"
#include "corpus/tree.h"

/* What the model reads. */
#define FIELD_READ_COUNT 5
static const struct {
    const char *name;
    int32_t type;
} field_read[FIELD_READ_COUNT] = {{"topic", KUNDIG__FIELD_TOPIC},
                                  {"theme", KUNDIG__FIELD_THEME},
                                  {"text_language", KUNDIG__FIELD_SPOKEN},
                                  {"sentiment", KUNDIG__FIELD_SENTIMENT},
                                  {"novelty", KUNDIG__FIELD_NOVELTY}};

static bool field_of_model(kundig_text name, kundig__field *out)
{
    for (size_t i = 0; i < FIELD_READ_COUNT; i++) {
        if (kundig__text_equal(name, kundig__str(field_read[i].name))) {
            *out = (kundig__field){field_read[i].type, 0};
            return true;
        }
    }
    return false;
}

static bool field_question(const kundig__corpus *corpus, kundig_text name, size_t *index)
{
    for (size_t i = 0; i < corpus->question_count; i++) {
        if (kundig__text_equal(kundig__corpus_question(corpus, i)->name, name)) {
            *index = i;
            return true;
        }
    }
    return false;
}

static bool field_attribute(const kundig__corpus *corpus, kundig_text name, size_t *index)
{
    for (size_t i = 0; i < corpus->attribute_count; i++) {
        if (kundig__text_equal(kundig__corpus_attribute(corpus, i)->name, name)) {
            *index = i;
            return true;
        }
    }
    return false;
}

static bool field_fixed(kundig_text name, kundig__field *out)
{
    static const struct {
        const char *name;
        int32_t type;
    } others[] = {{"time", KUNDIG__FIELD_TIME},
                  {"text", KUNDIG__FIELD_TEXT},
                  {"id", KUNDIG__FIELD_ID},
                  {"weight", KUNDIG__FIELD_WEIGHT}};
    for (int d = 0; d < KUNDIG__DIM_COUNT; d++) {
        if (kundig__text_equal(name, kundig__str(kundig__dimension_name(d)))) {
            *out = (kundig__field){KUNDIG__FIELD_DIMENSION, (size_t)d};
            return true;
        }
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (kundig__text_equal(name, kundig__str(others[i].name))) {
            *out = (kundig__field){others[i].type, 0};
            return true;
        }
    }
    return false;
}

static int field_unknown(const kundig__corpus *corpus, kundig_text name, kundig_error *err)
{
    kundig__nearest nearest = {.wanted = name};
    for (int d = 0; d < KUNDIG__DIM_COUNT; d++) {
        if (corpus->dims[d].codes) {
            kundig__nearest_consider(&nearest, kundig__str(kundig__dimension_name(d)));
        }
    }
    if (kundig__corpus_times(corpus)) {
        kundig__nearest_consider(&nearest, KUNDIG__TEXT("time"));
    }
    if (corpus->texts.offsets) {
        kundig__nearest_consider(&nearest, KUNDIG__TEXT("text"));
        for (size_t i = 0; i < FIELD_READ_COUNT; i++) {
            kundig__nearest_consider(&nearest, kundig__str(field_read[i].name));
        }
    }
    for (size_t i = 0; i < corpus->question_count; i++) {
        kundig__nearest_consider(&nearest, corpus->questions[i].name);
    }
    for (size_t i = 0; i < corpus->attribute_count; i++) {
        kundig__nearest_consider(&nearest, corpus->attributes[i].name);
    }
    return kundig__nearest_fail(&nearest, "field", err);
}

/* The only question on a scale; scale 0: the only one there is. `name` is what was asked for. */
static int field_of_scale(const kundig__corpus *corpus, kundig_text name, int32_t scale,
                          kundig__field *out, kundig_error *err)
{
    kundig_text shown[2] = {{"", 0}, {"", 0}};
    size_t found = 0;
    for (size_t i = 0; i < corpus->question_count; i++) {
        const kundig__question *question = kundig__corpus_question(corpus, i);
        if (scale && question->scale != scale) {
            continue;
        }
        if (found < 2) {
            shown[found] = question->name;
        }
        if (!found++) {
            out->type = KUNDIG__FIELD_QUESTION;
            out->index = i;
        }
    }
    if (found == 1) {
        return KUNDIG_OK;
    }
    if (!found) {
        return kundig__fail(err, KUNDIG_E_NOT_FOUND, 0, "no question was answered: no score");
    }
    return kundig__fail(err, KUNDIG_E_AMBIGUOUS, 0,
                        "'%.*s' may be any of %zu questions: name one, '%.*s', '%.*s'%s",
                        kundig__shown(name), name.data, found, kundig__shown(shown[0]),
                        shown[0].data, kundig__shown(shown[1]), shown[1].data,
                        found > 2 ? ", ..." : "");
}

static bool field_has_scale(const kundig__corpus *corpus, int32_t scale)
{
    for (size_t i = 0; i < corpus->question_count; i++) {
        if (corpus->questions[i].scale == scale) {
            return true;
        }
    }
    return false;
}

/* What stands behind a prefix; absent if the name does not have it. */
static kundig_text field_behind(kundig_text name, kundig_text prefix)
{
    if (name.len > prefix.len && memcmp(name.data, prefix.data, prefix.len) == 0) {
        return kundig__text(name.data + prefix.len, name.len - prefix.len);
    }
    return kundig__text(NULL, 0);
}

int kundig__field_resolve(const kundig__corpus *corpus, kundig_text name, kundig__field *out,
                          kundig_error *err)
{
    size_t question = 0;
    size_t attribute = 0;
    kundig__field read = {0, 0};
    kundig_text behind = field_behind(name, KUNDIG__TEXT("model:"));
    if (field_fixed(name, out) || (behind.data && field_of_model(behind, out))) {
        return KUNDIG_OK;
    }
    bool is_read = field_of_model(name, &read);
    behind = field_behind(name, KUNDIG__TEXT("question:"));
    bool is_question = field_question(corpus, name, &question) ||
                       (behind.data && field_question(corpus, behind, &question));
    behind = field_behind(name, KUNDIG__TEXT("attribute:"));
    bool is_attribute = field_attribute(corpus, name, &attribute) ||
                        (behind.data && field_attribute(corpus, behind, &attribute));
    if (is_read && corpus->texts.offsets && (is_question || is_attribute)) {
        return kundig__fail(err, KUNDIG_E_AMBIGUOUS, 0,
                            "'%.*s' is read from comments and is %s: write model:%.*s or %s:%.*s",
                            kundig__shown(name), name.data,
                            is_question ? "a question" : "an attribute", kundig__shown(name),
                            name.data, is_question ? "question" : "attribute", kundig__shown(name),
                            name.data);
    }
    if (is_question && is_attribute) {
        return kundig__fail(err, KUNDIG_E_AMBIGUOUS, 0,
                            "'%.*s' is a question and an attribute: write question:%.*s or "
                            "attribute:%.*s",
                            kundig__shown(name), name.data, kundig__shown(name), name.data,
                            kundig__shown(name), name.data);
    }
    if (is_question) {
        *out = (kundig__field){KUNDIG__FIELD_QUESTION, question};
        return KUNDIG_OK;
    }
    if (is_attribute) {
        *out = (kundig__field){KUNDIG__FIELD_ATTRIBUTE, attribute};
        return KUNDIG_OK;
    }
    if (is_read && corpus->texts.offsets) {
        *out = read;
        return KUNDIG_OK;
    }
    if (is_read) {
        return kundig__fail(err, KUNDIG_E_NOT_FOUND, 0,
                            "'%.*s' is read from comments, and no record has a text",
                            kundig__shown(name), name.data);
    }
    if (kundig__text_equal(name, KUNDIG__TEXT("score"))) {
        return field_of_scale(corpus, name, 0, out, err);
    }
    for (int32_t scale = KUNDIG_SCALE_NPS; scale < KUNDIG_SCALE_DECLARED; scale++) {
        if (kundig__text_equal(name, kundig__str(kundig__scale_name(scale))) &&
            field_has_scale(corpus, scale)) {
            return field_of_scale(corpus, name, scale, out, err);
        }
    }
    return field_unknown(corpus, name, err);
}

bool kundig__field_is_read(int32_t type)
{
    return type == KUNDIG__FIELD_TOPIC || type == KUNDIG__FIELD_THEME ||
           type == KUNDIG__FIELD_SPOKEN || type == KUNDIG__FIELD_SENTIMENT ||
           type == KUNDIG__FIELD_NOVELTY;
}

static bool field_is_said(const kundig__corpus *corpus, kundig_text name)
{
    kundig__field field;
    if (kundig__field_resolve(corpus, name, &field, NULL)) {
        return false;
    }
    return kundig__field_is_read(field.type);
}

/* At most 64 deep, and bounded in all: kundig_query_combine() sees to it. */
static bool field_node_is_said(const kundig__corpus *corpus, const kundig_query *query,
                               uint32_t number)
{
    const kundig__node *node = &query->nodes[number];
    bool said = node->op && field_is_said(corpus, node->field);
    for (size_t i = 0; i < node->child_count && !said; i++) {
        said = field_node_is_said(corpus, query, node->children[i]);
    }
    return said;
}

bool kundig__query_reads_said(const kundig_query *query, const kundig__corpus *corpus)
{
    for (size_t i = 0; i < query->group_field_count; i++) {
        if (field_is_said(corpus, query->group_fields[i])) {
            return true;
        }
    }
    return query->keep != KUNDIG__NO_NODE && field_node_is_said(corpus, query, query->keep);
}
