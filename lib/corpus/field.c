/* Names to fields: fixed fields first, then questions and attributes.
 *
 * A name that nothing has is answered with the nearest ones there are. Invariant: the answer
 * depends on the set of names alone. Cost: a few look-ups; on failure one edit distance a name. */
#include "base/text.h"
#include "corpus/facts.h"
#include "corpus/query.h"

#define FIELD_LONGEST 64 /* bytes of a name that are compared for nearness */
#define FIELD_SHOWN   3

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

/* Optimal string alignment distance of two short texts, in bytes. */
static unsigned field_distance(kundig_text a, kundig_text b)
{
    unsigned rows[3][FIELD_LONGEST + 1];
    size_t a_len = a.len < FIELD_LONGEST ? a.len : FIELD_LONGEST;
    size_t b_len = b.len < FIELD_LONGEST ? b.len : FIELD_LONGEST;
    for (size_t j = 0; j <= b_len; j++) {
        rows[0][j] = (unsigned)j;
    }
    for (size_t i = 1; i <= a_len; i++) {
        unsigned *now = rows[i % 3];
        const unsigned *last = rows[(i + 2) % 3];
        const unsigned *before = rows[(i + 1) % 3];
        now[0] = (unsigned)i;
        for (size_t j = 1; j <= b_len; j++) {
            unsigned best = last[j - 1] + (a.data[i - 1] != b.data[j - 1]);
            best = last[j] + 1 < best ? last[j] + 1 : best;
            best = now[j - 1] + 1 < best ? now[j - 1] + 1 : best;
            if (i > 1 && j > 1 && a.data[i - 1] == b.data[j - 2] &&
                a.data[i - 2] == b.data[j - 1] && before[j - 2] + 1 < best) {
                best = before[j - 2] + 1;
            }
            now[j] = best;
        }
    }
    return rows[a_len % 3][b_len];
}

/* The nearest names so far, nearest first, ties by bytes. */
typedef struct field_nearest {
    kundig_text wanted;
    kundig_text names[FIELD_SHOWN];
    unsigned distances[FIELD_SHOWN];
    size_t count;
} field_nearest;

static void field_consider(field_nearest *nearest, kundig_text name)
{
    unsigned distance = field_distance(nearest->wanted, name);
    if (kundig__text_equal_nocase(nearest->wanted, name)) {
        distance = 0;
    }
    size_t at = nearest->count;
    while (at > 0 && (nearest->distances[at - 1] > distance ||
                      (nearest->distances[at - 1] == distance &&
                       kundig__text_order(nearest->names[at - 1], name) > 0))) {
        if (at < FIELD_SHOWN) {
            nearest->names[at] = nearest->names[at - 1];
            nearest->distances[at] = nearest->distances[at - 1];
        }
        at--;
    }
    if (at < FIELD_SHOWN) {
        nearest->names[at] = name;
        nearest->distances[at] = distance;
        nearest->count += nearest->count < FIELD_SHOWN;
    }
}

static int field_unknown(const kundig__corpus *corpus, kundig_text name, kundig_error *err)
{
    field_nearest nearest = {.wanted = name};
    for (int d = 0; d < KUNDIG__DIM_COUNT; d++) {
        if (corpus->dims[d].codes) {
            field_consider(&nearest, kundig__str(kundig__dimension_name(d)));
        }
    }
    if (kundig__corpus_times(corpus)) {
        field_consider(&nearest, KUNDIG__TEXT("time"));
    }
    if (corpus->texts.offsets) {
        field_consider(&nearest, KUNDIG__TEXT("text"));
    }
    for (size_t i = 0; i < corpus->question_count; i++) {
        field_consider(&nearest, corpus->questions[i].name);
    }
    for (size_t i = 0; i < corpus->attribute_count; i++) {
        field_consider(&nearest, corpus->attributes[i].name);
    }
    if (!nearest.count) {
        return kundig__fail(err, KUNDIG_E_NOT_FOUND, 0, "there is no field '%.*s'",
                            kundig__shown(name), name.data);
    }
    kundig_text *n = nearest.names;
    for (size_t i = nearest.count; i < FIELD_SHOWN; i++) {
        n[i] = kundig__text("", 0);
    }
    return kundig__fail(err, KUNDIG_E_NOT_FOUND, 0,
                        "there is no field '%.*s'; the nearest %s '%.*s'%s%.*s%s%.*s%s",
                        kundig__shown(name), name.data, nearest.count > 1 ? "are" : "is",
                        kundig__shown(n[0]), n[0].data, nearest.count > 1 ? ", '" : "",
                        kundig__shown(n[1]), n[1].data, nearest.count > 2 ? "', '" : "",
                        kundig__shown(n[2]), n[2].data, nearest.count > 1 ? "'" : "");
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
    kundig_text behind = field_behind(name, KUNDIG__TEXT("question:"));
    if (field_fixed(name, out)) {
        return KUNDIG_OK;
    }
    bool is_question = field_question(corpus, name, &question) ||
                       (behind.data && field_question(corpus, behind, &question));
    behind = field_behind(name, KUNDIG__TEXT("attribute:"));
    bool is_attribute = field_attribute(corpus, name, &attribute) ||
                        (behind.data && field_attribute(corpus, behind, &attribute));
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
