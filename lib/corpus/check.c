/* A record as the caller gave it, checked and mended, into `corpus->checked`; nothing else changes.
 *
 * Every refusal names the field and says what would have been right. Invariant: after KUNDIG_OK the
 * record can be written without another look at its values. Cost: linear in its bytes; text that is
 * valid UTF-8, by far the most, is not copied. */
#include "base/calendar.h"
#include "base/int128.h"
#include "base/math.h"
#include "base/text.h"
#include "base/utf8.h"
#include "corpus/facts.h"

#define CHECK_TIME_LEAST    (INT64_C(-719162) * KUNDIG__DAY_MS)     /* 0001-01-01 */
#define CHECK_TIME_GREATEST (INT64_C(2932897) * KUNDIG__DAY_MS - 1) /* end of 9999-12-31 */

bool kundig__time_in_range(int64_t time_ms)
{
    return time_ms >= CHECK_TIME_LEAST && time_ms <= CHECK_TIME_GREATEST;
}

/* Is the text ASCII without NUL? Then it is valid, and most are. */
static bool check_plain(const char *data, size_t len)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const uint64_t tops = UINT64_C(0x8080808080808080);
    size_t i = 0;
    for (; i + 8 <= len; i += 8) {
        uint64_t word;
        memcpy(&word, data + i, 8);
        /* The second half is non-zero only if a byte is zero, where no byte has its top bit. */
        if ((word & tops) | ((word - ones) & ~word & tops)) {
            return false;
        }
    }
    for (; i < len; i++) {
        if (data[i] <= 0) {
            if (data[i] == 0 || (data[i] & 0x80)) {
                return false;
            }
        }
    }
    return true;
}

bool kundig__text_mended(kundig_text *text, kundig__buf *scratch, kundig__arena *arena,
                         uint64_t *replaced)
{
    if (!text->data || check_plain(text->data, text->len)) {
        return true;
    }
    if (kundig__utf8_valid(text->data, text->len) == text->len &&
        !memchr(text->data, '\0', text->len)) {
        return true;
    }
    scratch->len = 0;
    *replaced += kundig__utf8_mend(scratch, text->data, text->len);
    if (scratch->failed) {
        return false;
    }
    *text = kundig__arena_text(arena, kundig__text(scratch->data, scratch->len));
    return text->data != NULL;
}

bool kundig__customer_kept(const kundig__context *context, kundig_text *name, kundig__arena *arena)
{
    char hex[33];
    if (!context->pseudonyms || !name->data) {
        return true;
    }
    kundig__pseudonym(context, *name, hex);
    *name = kundig__arena_text(arena, kundig__text(hex, 32));
    return name->data != NULL;
}

static int check_text(kundig__corpus *corpus, kundig_text *text, const char *name,
                      const char **field, kundig_error *err)
{
    kundig__checked *checked = &corpus->checked;
    if (!text->data && text->len) {
        *field = name;
        return kundig__fail(err, KUNDIG_E_ARG, 0, "%s has a length but no bytes", name);
    }
    if (text->len >= KUNDIG__MAX_TEXT) {
        *field = name;
        return kundig__fail(err, KUNDIG_E_VALUE, 0, "%s is longer than 1 GiB", name);
    }
    if (!kundig__text_mended(text, &checked->mended, &checked->mended_texts, &checked->replaced)) {
        return kundig__nomem(corpus->mem, err);
    }
    return KUNDIG_OK;
}

static int check_time(int64_t time_ms, const char *name, const char **field, kundig_error *err)
{
    if (time_ms != KUNDIG_TIME_ABSENT && !kundig__time_in_range(time_ms)) {
        *field = name;
        return kundig__fail(err, KUNDIG_E_VALUE, 0, "%s lies outside the years 0001 to 9999", name);
    }
    return KUNDIG_OK;
}

static int check_enum(int32_t value, int32_t greatest, const char *name, const char **field,
                      kundig_error *err)
{
    if (value < 0 || value > greatest) {
        *field = name;
        return kundig__fail(err, KUNDIG_E_ARG, 0, "%s is %ld; known are 0 to %ld", name,
                            (long)value, (long)greatest);
    }
    return KUNDIG_OK;
}

/* ---- Answers ---- */

/* Does it fit what the question was before? */
static int check_question(kundig__corpus *corpus, kundig__checked_score *score, kundig_error *err)
{
    kundig__checked *checked = &corpus->checked;
    int shown = kundig__shown(score->question);
    bool twice = false;
    score->index =
        kundig__dict_find(&corpus->question_names, score->question.data, score->question.len);
    if (score->index != KUNDIG__DICT_NONE) {
        kundig__question *question = &corpus->questions[score->index];
        if (question->scale != score->scale || question->minimum != score->minimum ||
            question->maximum != score->maximum || question->direction != score->direction) {
            char known[80];
            char given[80];
            kundig__scale_words(question->minimum, question->maximum, known);
            kundig__scale_words(score->minimum, score->maximum, given);
            return kundig__fail(err, KUNDIG_E_VALUE, 0,
                                "'%.*s' is asked on %s (%s) in this corpus, here on %s (%s): give "
                                "the question another name",
                                shown, score->question.data, kundig__scale_name(question->scale),
                                known, kundig__scale_name(score->scale), given);
        }
        twice = question->stamp == corpus->stamp;
        question->stamp = corpus->stamp;
    } else {
        for (size_t i = 0; i < checked->score_count; i++) {
            twice |= checked->scores[i].index == KUNDIG__DICT_NONE &&
                     kundig__text_equal(checked->scores[i].question, score->question);
        }
    }
    if (twice) {
        return kundig__fail(err, KUNDIG_E_VALUE, 0, "'%.*s' is answered twice in one record", shown,
                            score->question.data);
    }
    return KUNDIG_OK;
}

static int check_scores(kundig__corpus *corpus, const kundig_feedback *record, const char **field,
                        kundig_error *err)
{
    kundig__checked *checked = &corpus->checked;
    void *array = checked->scores;
    size_t fresh = 0;
    if (record->score_count && !record->scores) {
        *field = "score";
        return kundig__fail(err, KUNDIG_E_ARG, 0, "scores is NULL, score_count is not 0");
    }
    if (record->score_count > KUNDIG__MAX_QUESTIONS) {
        *field = "score";
        return kundig__fail(err, KUNDIG_E_LIMIT, 0, "score_count is %zu; at most %d",
                            record->score_count, KUNDIG__MAX_QUESTIONS);
    }
    if (!kundig__grow(corpus->mem, &array, &checked->score_capacity, record->score_count,
                      sizeof *checked->scores)) {
        return kundig__nomem(corpus->mem, err);
    }
    checked->scores = array;
    for (size_t i = 0; i < record->score_count; i++) {
        const kundig_score *given = &record->scores[i];
        kundig__checked_score score = {.question = given->question};
        int rc = check_text(corpus, &score.question, "question", field, err);
        if (!rc) {
            *field = "score";
            if (!score.question.data) {
                score.question = kundig__str(kundig__scale_name(given->scale));
            } else if (!score.question.len) {
                rc = kundig__fail(err, KUNDIG_E_VALUE, 0, "a question has an empty name");
            }
        }
        if (!rc) {
            kundig__answer answer;
            rc = kundig__score_read(given, score.question, &answer, err);
            if (!rc) {
                score.scale = answer.scale;
                score.direction = answer.direction;
                score.minimum = answer.minimum;
                score.maximum = answer.maximum;
                score.value = answer.value;
            }
        }
        if (!rc) {
            rc = check_question(corpus, &score, err);
        }
        if (rc) {
            return rc;
        }
        fresh += score.index == KUNDIG__DICT_NONE;
        checked->scores[checked->score_count++] = score;
    }
    *field = NULL;
    if (fresh && corpus->question_count + fresh > KUNDIG__MAX_QUESTIONS) {
        *field = "score";
        return kundig__fail(err, KUNDIG_E_LIMIT, 0, "a corpus holds at most %d questions",
                            KUNDIG__MAX_QUESTIONS);
    }
    return KUNDIG_OK;
}

/* ---- Attributes ---- */

static int check_attribute_value(kundig__corpus *corpus, const kundig_attribute *given,
                                 kundig__checked_attribute *attribute, const char **field,
                                 kundig_error *err)
{
    int shown = kundig__shown(attribute->name);
    *field = "attribute";
    attribute->type = given->value.type;
    switch (given->value.type) {
    case KUNDIG_VALUE_TEXT:
        attribute->text = given->value.text;
        if (!attribute->text.data) {
            return kundig__fail(err, KUNDIG_E_ARG, 0, "the text of '%.*s' is NULL", shown,
                                attribute->name.data);
        }
        return check_text(corpus, &attribute->text, "attribute", field, err);
    case KUNDIG_VALUE_NUMBER:
        if (!kundig__is_finite(given->value.number)) {
            return kundig__fail(err, KUNDIG_E_VALUE, 0, "'%.*s' is not a finite number", shown,
                                attribute->name.data);
        }
        /* One zero alone: -0 has other bytes. */
        attribute->number = given->value.number == 0 ? 0 : given->value.number;
        return KUNDIG_OK;
    case KUNDIG_VALUE_BOOL:
        if (given->value.boolean != 0 && given->value.boolean != 1) {
            return kundig__fail(err, KUNDIG_E_ARG, 0, "the boolean '%.*s' is neither 0 nor 1",
                                shown, attribute->name.data);
        }
        attribute->number = given->value.boolean;
        return KUNDIG_OK;
    default:
        return kundig__fail(err, KUNDIG_E_ARG, 0, "'%.*s' must be a text, a number or a boolean",
                            shown, attribute->name.data);
    }
}

static int check_attribute_column(kundig__corpus *corpus, kundig__checked_attribute *attribute,
                                  kundig_error *err)
{
    static const char *const types[] = {"null", "text", "number", "boolean"};
    kundig__checked *checked = &corpus->checked;
    int shown = kundig__shown(attribute->name);
    bool twice = false;
    attribute->index =
        kundig__dict_find(&corpus->attribute_names, attribute->name.data, attribute->name.len);
    if (attribute->index != KUNDIG__DICT_NONE) {
        kundig__attribute_column *column = &corpus->attributes[attribute->index];
        if (column->type != attribute->type) {
            return kundig__fail(err, KUNDIG_E_VALUE, 0,
                                "'%.*s' is a %s in this corpus, here a %s: give the attribute "
                                "another name",
                                shown, attribute->name.data, types[column->type],
                                types[attribute->type]);
        }
        twice = column->stamp == corpus->stamp;
        column->stamp = corpus->stamp;
    } else {
        for (size_t i = 0; i < checked->attribute_count; i++) {
            twice |= checked->attributes[i].index == KUNDIG__DICT_NONE &&
                     kundig__text_equal(checked->attributes[i].name, attribute->name);
        }
    }
    if (twice) {
        return kundig__fail(err, KUNDIG_E_VALUE, 0, "'%.*s' is given twice in one record", shown,
                            attribute->name.data);
    }
    return KUNDIG_OK;
}

static int check_attributes(kundig__corpus *corpus, const kundig_feedback *record,
                            const char **field, kundig_error *err)
{
    kundig__checked *checked = &corpus->checked;
    void *array = checked->attributes;
    size_t fresh = 0;
    if (record->attribute_count && !record->attributes) {
        *field = "attribute";
        return kundig__fail(err, KUNDIG_E_ARG, 0, "attributes is NULL, attribute_count is not 0");
    }
    if (record->attribute_count > KUNDIG__MAX_ATTRIBUTES) {
        *field = "attribute";
        return kundig__fail(err, KUNDIG_E_LIMIT, 0, "attribute_count is %zu; at most %d",
                            record->attribute_count, KUNDIG__MAX_ATTRIBUTES);
    }
    if (!kundig__grow(corpus->mem, &array, &checked->attribute_capacity, record->attribute_count,
                      sizeof *checked->attributes)) {
        return kundig__nomem(corpus->mem, err);
    }
    checked->attributes = array;
    for (size_t i = 0; i < record->attribute_count; i++) {
        const kundig_attribute *given = &record->attributes[i];
        kundig__checked_attribute attribute = {.name = given->name};
        int rc = check_text(corpus, &attribute.name, "attribute", field, err);
        if (!rc && (!attribute.name.data || !attribute.name.len)) {
            *field = "attribute";
            rc = kundig__fail(err, KUNDIG_E_VALUE, 0, "an attribute has no name");
        }
        if (!rc && given->value.type == KUNDIG_VALUE_NULL) {
            continue;
        }
        if (!rc) {
            rc = check_attribute_value(corpus, given, &attribute, field, err);
        }
        if (!rc) {
            rc = check_attribute_column(corpus, &attribute, err);
        }
        if (rc) {
            return rc;
        }
        fresh += attribute.index == KUNDIG__DICT_NONE;
        checked->attributes[checked->attribute_count++] = attribute;
    }
    *field = NULL;
    if (fresh && corpus->attribute_count + fresh > KUNDIG__MAX_ATTRIBUTES) {
        *field = "attribute";
        return kundig__fail(err, KUNDIG_E_LIMIT, 0, "a corpus holds at most %d attributes",
                            KUNDIG__MAX_ATTRIBUTES);
    }
    return KUNDIG_OK;
}

/* ---- The record ---- */

static int check_weight(const kundig_feedback *record, int64_t *weight, const char **field,
                        kundig_error *err)
{
    *weight = KUNDIG__WEIGHT_ONE;
    if (record->has_weight == 0) {
        return KUNDIG_OK;
    }
    *field = "weight";
    if (record->has_weight != 1) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "has_weight is neither 0 nor 1");
    }
    if (!kundig__is_finite(record->weight) || record->weight < 1.0 / (double)KUNDIG__WEIGHT_ONE ||
        record->weight > (double)KUNDIG__WEIGHT_ONE) {
        return kundig__fail(err, KUNDIG_E_VALUE, 0, "weight must lie within 2^-20 and 2^20");
    }
    /* Times a power of two is exact; what is left is one rounding, ties to even. */
    double units = record->weight * (double)KUNDIG__WEIGHT_ONE;
    int64_t whole = (int64_t)units;
    double rest = units - (double)whole;
    *weight = whole + (rest > 0.5 || (rest == 0.5 && (whole & 1)));
    *field = NULL;
    return KUNDIG_OK;
}

static int check_texts(kundig__corpus *corpus, const kundig_feedback *record, const char **field,
                       kundig_error *err)
{
    kundig__checked *checked = &corpus->checked;
    const kundig_text dims[KUNDIG__DIM_COUNT] = {
        [KUNDIG__DIM_SOURCE] = record->source,     [KUNDIG__DIM_CUSTOMER] = record->customer,
        [KUNDIG__DIM_CHANNEL] = record->channel,   [KUNDIG__DIM_TOUCHPOINT] = record->touchpoint,
        [KUNDIG__DIM_STAGE] = record->stage,       [KUNDIG__DIM_CASE] = record->case_id,
        [KUNDIG__DIM_AGENT] = record->agent,       [KUNDIG__DIM_DEPARTMENT] = record->department,
        [KUNDIG__DIM_SEGMENT] = record->segment,   [KUNDIG__DIM_PRODUCT] = record->product,
        [KUNDIG__DIM_LANGUAGE] = record->language, [KUNDIG__DIM_PURPOSE] = record->purpose,
    };
    int rc = KUNDIG_OK;
    for (int d = 0; d < KUNDIG__DIM_COUNT && !rc; d++) {
        checked->dims[d] = dims[d];
        if (dims[d].data || dims[d].len) {
            rc = check_text(corpus, &checked->dims[d], kundig__dimension_name(d), field, err);
        }
    }
    if (!rc && !kundig__customer_kept(corpus->context, &checked->dims[KUNDIG__DIM_CUSTOMER],
                                      &checked->mended_texts)) {
        rc = kundig__nomem(corpus->mem, err);
    }
    checked->id = record->id;
    checked->text = record->text;
    if (!rc) {
        rc = check_text(corpus, &checked->id, "id", field, err);
    }
    if (!rc && checked->id.data && !checked->id.len) {
        *field = "id";
        rc = kundig__fail(err, KUNDIG_E_VALUE, 0,
                          "id is empty: leave it absent where a record has none");
    }
    if (!rc) {
        rc = check_text(corpus, &checked->text, "text", field, err);
    }
    return rc;
}

int kundig__record_check(kundig__corpus *corpus, const kundig_feedback *record, const char **field,
                         kundig_error *err)
{
    kundig__checked *checked = &corpus->checked;
    kundig__arena_free(&checked->mended_texts);
    checked->mended.failed = false;
    checked->replaced = 0;
    checked->score_count = 0;
    checked->attribute_count = 0;
    corpus->stamp++;
    *field = NULL;
    if (record->size < sizeof *record) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "size is %lu: fill the record with kundig_feedback_init()",
                            (unsigned long)record->size);
    }
    if (record->reserved) {
        return kundig__fail(err, KUNDIG_E_VERSION, 0, "a reserved field of the record is not zero");
    }
    int rc = check_enum(record->kind, KUNDIG_KIND_EMPLOYEE, "kind", field, err);
    if (!rc) {
        rc = check_enum(record->consent, KUNDIG_YES, "consent", field, err);
    }
    if (!rc) {
        rc = check_enum(record->time_precision, KUNDIG_PRECISION_DAY, "time_precision", field, err);
    }
    if (!rc) {
        rc = check_time(record->time_ms, "time", field, err);
    }
    if (!rc) {
        rc = check_time(record->updated_ms, "updated", field, err);
    }
    checked->kind = record->kind;
    checked->consent = record->consent;
    checked->time_ms = record->time_ms;
    checked->updated_ms = record->updated_ms;
    checked->precision =
        record->time_ms == KUNDIG_TIME_ABSENT ? KUNDIG_PRECISION_MS : record->time_precision;
    if (!rc && checked->precision == KUNDIG_PRECISION_DAY && record->time_ms % KUNDIG__DAY_MS) {
        *field = "time";
        rc = kundig__fail(err, KUNDIG_E_VALUE, 0, "a written date must be midnight in UTC");
    }
    if (!rc) {
        rc = check_weight(record, &checked->weight, field, err);
    }
    if (!rc) {
        rc = check_texts(corpus, record, field, err);
    }
    if (!rc) {
        rc = check_scores(corpus, record, field, err);
    }
    if (!rc) {
        rc = check_attributes(corpus, record, field, err);
    }
    return rc;
}
