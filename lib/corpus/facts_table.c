/* Facts as a table: one row a version of a record, one column a field that any row fills.
 *
 *   source id ... weight | answers, by question | attributes, by name | text
 *
 * Invariant: columns depend on the rows that are shown alone, and rows are in order of what names
 * the record, the updated time and the content's hash, so the order of arrival shows nowhere.
 * Cost: a microsecond a row for its hash, two passes over the rows, n log n comparisons. */
#include <stddef.h>

#include "base/calendar.h"
#include "base/number.h"
#include "base/text.h"
#include "corpus/comments.h"
#include "corpus/rows.h"
#include "table/table.h"
#include "text/mask.h"

enum {
    FACTS_END,
    FACTS_TEXT,
    FACTS_COMMENT, /* masked where the handle masks; last of all columns */
    FACTS_TIME,    /* milliseconds */
    FACTS_MOMENT,  /* with the precision that stands in time_precision */
    FACTS_YES_NO,
    FACTS_KIND,
    FACTS_EVENT,
    FACTS_EDIT,
    FACTS_NUMBER, /* a kundig_value */
    FACTS_DAYS,
    FACTS_WEIGHT
};

typedef struct facts_field {
    const char *name;
    int type;
    size_t at; /* in the record */
} facts_field;

#define FACTS_MOST_FIELDS      20
#define FACTS_FEEDBACK(member) offsetof(kundig_feedback, member)
#define FACTS_CUSTOMER(member) offsetof(kundig_customer, member)
#define FACTS_EVENT_AT(member) offsetof(kundig_event, member)

/* Feedback's are named as a map names them: its CSV is read again. */
static const facts_field facts_fields[KUNDIG__FACT_KINDS][FACTS_MOST_FIELDS] = {
    [KUNDIG_FACTS_FEEDBACK] = {{"source", FACTS_TEXT, FACTS_FEEDBACK(source)},
                               {"id", FACTS_TEXT, FACTS_FEEDBACK(id)},
                               {"customer", FACTS_TEXT, FACTS_FEEDBACK(customer)},
                               {"time", FACTS_MOMENT, FACTS_FEEDBACK(time_ms)},
                               {"updated", FACTS_TIME, FACTS_FEEDBACK(updated_ms)},
                               {"kind", FACTS_KIND, FACTS_FEEDBACK(kind)},
                               {"channel", FACTS_TEXT, FACTS_FEEDBACK(channel)},
                               {"touchpoint", FACTS_TEXT, FACTS_FEEDBACK(touchpoint)},
                               {"stage", FACTS_TEXT, FACTS_FEEDBACK(stage)},
                               {"case", FACTS_TEXT, FACTS_FEEDBACK(case_id)},
                               {"agent", FACTS_TEXT, FACTS_FEEDBACK(agent)},
                               {"department", FACTS_TEXT, FACTS_FEEDBACK(department)},
                               {"segment", FACTS_TEXT, FACTS_FEEDBACK(segment)},
                               {"product", FACTS_TEXT, FACTS_FEEDBACK(product)},
                               {"language", FACTS_TEXT, FACTS_FEEDBACK(language)},
                               {"purpose", FACTS_TEXT, FACTS_FEEDBACK(purpose)},
                               {"consent", FACTS_YES_NO, FACTS_FEEDBACK(consent)},
                               {"weight", FACTS_WEIGHT, FACTS_FEEDBACK(weight)},
                               {"text", FACTS_COMMENT, FACTS_FEEDBACK(text)}},
    [KUNDIG_FACTS_CUSTOMERS] = {{"source", FACTS_TEXT, FACTS_CUSTOMER(source)},
                                {"id", FACTS_TEXT, FACTS_CUSTOMER(id)},
                                {"updated", FACTS_TIME, FACTS_CUSTOMER(updated_ms)},
                                {"since", FACTS_TIME, FACTS_CUSTOMER(since_ms)},
                                {"segment", FACTS_TEXT, FACTS_CUSTOMER(segment)},
                                {"churned", FACTS_YES_NO, FACTS_CUSTOMER(churned)},
                                {"basket", FACTS_NUMBER, FACTS_CUSTOMER(basket)},
                                {"orders", FACTS_NUMBER, FACTS_CUSTOMER(orders)},
                                {"revenue", FACTS_NUMBER, FACTS_CUSTOMER(revenue)}},
    [KUNDIG_FACTS_EVENTS] = {{"source", FACTS_TEXT, FACTS_EVENT_AT(source)},
                             {"id", FACTS_TEXT, FACTS_EVENT_AT(id)},
                             {"customer", FACTS_TEXT, FACTS_EVENT_AT(customer)},
                             {"case", FACTS_TEXT, FACTS_EVENT_AT(case_id)},
                             {"time", FACTS_MOMENT, FACTS_EVENT_AT(time_ms)},
                             {"updated", FACTS_TIME, FACTS_EVENT_AT(updated_ms)},
                             {"kind", FACTS_EVENT, FACTS_EVENT_AT(kind)},
                             {"agent", FACTS_TEXT, FACTS_EVENT_AT(agent)},
                             {"department", FACTS_TEXT, FACTS_EVENT_AT(department)},
                             {"topic", FACTS_TEXT, FACTS_EVENT_AT(topic)},
                             {"value", FACTS_NUMBER, FACTS_EVENT_AT(value)}},
    [KUNDIG_FACTS_LABELS] = {{"source", FACTS_TEXT, offsetof(kundig_label, source)},
                             {"id", FACTS_TEXT, offsetof(kundig_label, id)},
                             {"topic", FACTS_TEXT, offsetof(kundig_label, topic)},
                             {"by", FACTS_TEXT, offsetof(kundig_label, by)},
                             {"holds", FACTS_YES_NO, offsetof(kundig_label, holds)},
                             {"updated", FACTS_TIME, offsetof(kundig_label, updated_ms)}},
    [KUNDIG_FACTS_LINKS] = {{"customer", FACTS_TEXT, offsetof(kundig_link, customer)},
                            {"same_as", FACTS_TEXT, offsetof(kundig_link, same_as)},
                            {"by", FACTS_TEXT, offsetof(kundig_link, by)},
                            {"holds", FACTS_YES_NO, offsetof(kundig_link, holds)},
                            {"updated", FACTS_TIME, offsetof(kundig_link, updated_ms)}},
    [KUNDIG_FACTS_CONSENTS] = {{"customer", FACTS_TEXT, offsetof(kundig_consent, customer)},
                               {"purpose", FACTS_TEXT, offsetof(kundig_consent, purpose)},
                               {"consent", FACTS_YES_NO, offsetof(kundig_consent, consent)},
                               {"disclosure", FACTS_TEXT, offsetof(kundig_consent, disclosure)},
                               {"updated", FACTS_TIME, offsetof(kundig_consent, updated_ms)}},
    [KUNDIG_FACTS_RETENTION] = {{"purpose", FACTS_TEXT, offsetof(kundig_retention, purpose)},
                                {"days", FACTS_DAYS, offsetof(kundig_retention, days)},
                                {"updated", FACTS_TIME, offsetof(kundig_retention, updated_ms)}},
    [KUNDIG_FACTS_EDITS] = {{"kind", FACTS_EDIT, offsetof(kundig_edit, kind)},
                            {"topic", FACTS_TEXT, offsetof(kundig_edit, topic)},
                            {"other", FACTS_TEXT, offsetof(kundig_edit, other)},
                            {"name", FACTS_TEXT, offsetof(kundig_edit, name)},
                            {"words", FACTS_TEXT, offsetof(kundig_edit, words)},
                            {"source", FACTS_TEXT, offsetof(kundig_edit, source)},
                            {"id", FACTS_TEXT, offsetof(kundig_edit, id)},
                            {"other_source", FACTS_TEXT, offsetof(kundig_edit, other_source)},
                            {"other_id", FACTS_TEXT, offsetof(kundig_edit, other_id)},
                            {"by", FACTS_TEXT, offsetof(kundig_edit, by)},
                            {"holds", FACTS_YES_NO, offsetof(kundig_edit, holds)},
                            {"updated", FACTS_TIME, offsetof(kundig_edit, updated_ms)}},
};

/* What a row is ordered by; texts are the corpus'. */
typedef struct facts_key {
    kundig_text first;
    kundig_text second;
    int64_t updated;
    kundig__hash128 hash;
} facts_key;

/* A column that came with the data: a question, or an attribute. */
typedef struct facts_named {
    kundig_score scale; /* of a question */
    int32_t type;       /* of an attribute: KUNDIG_VALUE_; text where rows differ */
    size_t column;      /* of the table */
} facts_named;

typedef struct facts_extra {
    kundig__dict names;
    facts_named *named; /* by code */
    size_t capacity;
    uint32_t *order; /* codes in byte order of the names; then as many to sort with */
} facts_extra;

typedef struct facts_list {
    kundig__corpus *corpus;
    kundig__mem *mem;
    int which;
    kundig__grouping *grouping; /* NULL: every version */
    uint32_t *rows;
    size_t count;
    size_t capacity;
    facts_key *keys; /* by row of the corpus */
    size_t key_count;
    bool used[FACTS_MOST_FIELDS];
    size_t columns[FACTS_MOST_FIELDS];
    facts_extra questions;
    facts_extra attributes;
    kundig__arena arena; /* of the fact in work */
    kundig__buf scratch;
    kundig__buf map;
} facts_list;

static int facts_nomem(const facts_list *list, kundig_error *err)
{
    return kundig__nomem(list->mem, err);
}

/* ---- Fields of a record --------------------------------------------------------------------- */

static const void *facts_record(const kundig__fact *fact)
{
    return &fact->as;
}

static int32_t facts_int(const void *record, size_t at)
{
    int32_t value;
    memcpy(&value, (const char *)record + at, sizeof value);
    return value;
}

static int64_t facts_time(const void *record, size_t at)
{
    int64_t value;
    memcpy(&value, (const char *)record + at, sizeof value);
    return value;
}

static kundig_text facts_text(const void *record, size_t at)
{
    kundig_text value;
    memcpy(&value, (const char *)record + at, sizeof value);
    return value;
}

static kundig_value facts_value(const void *record, size_t at)
{
    kundig_value value;
    memcpy(&value, (const char *)record + at, sizeof value);
    return value;
}

static bool facts_has(const facts_field *field, const kundig__fact *fact)
{
    const void *record = facts_record(fact);
    switch (field->type) {
    case FACTS_TEXT:
    case FACTS_COMMENT:
        return facts_text(record, field->at).data != NULL;
    case FACTS_TIME:
    case FACTS_MOMENT:
        return facts_time(record, field->at) != KUNDIG_TIME_ABSENT;
    case FACTS_YES_NO:
    case FACTS_KIND:
        return facts_int(record, field->at) != 0;
    case FACTS_NUMBER:
        return facts_value(record, field->at).type == KUNDIG_VALUE_NUMBER;
    case FACTS_WEIGHT:
        return fact->as.feedback.has_weight != 0;
    default:
        return true;
    }
}

static const kundig_attribute *facts_attributes(const kundig__fact *fact, size_t *count)
{
    *count = 0;
    if (fact->kind == KUNDIG_FACTS_FEEDBACK) {
        *count = fact->as.feedback.attribute_count;
        return fact->as.feedback.attributes;
    }
    if (fact->kind == KUNDIG_FACTS_CUSTOMERS) {
        *count = fact->as.customer.attribute_count;
        return fact->as.customer.attributes;
    }
    return NULL;
}

/* ---- Which rows, in which order, with which columns ----------------------------------------- */

static facts_named *facts_extra_add(facts_list *list, facts_extra *extra, kundig_text name)
{
    uint32_t before = extra->names.count;
    uint32_t code = kundig__dict_add(&extra->names, name.data, name.len);
    void *named = extra->named;
    bool fits = code != KUNDIG__DICT_NONE && kundig__grow(list->mem, &named, &extra->capacity,
                                                          (size_t)code + 1, sizeof *extra->named);
    extra->named = named;
    if (!fits) {
        return NULL;
    }
    if (code == before) {
        memset(&extra->named[code], 0, sizeof *extra->named);
    }
    return &extra->named[code];
}

static bool facts_extras(facts_list *list, const kundig__fact *fact)
{
    size_t count;
    const kundig_attribute *attributes = facts_attributes(fact, &count);
    const kundig_feedback *feedback = &fact->as.feedback;
    size_t scores = fact->kind == KUNDIG_FACTS_FEEDBACK ? feedback->score_count : 0;
    for (size_t i = 0; i < scores; i++) {
        facts_named *named = facts_extra_add(list, &list->questions, feedback->scores[i].question);
        if (!named) {
            return false;
        }
        named->scale = feedback->scores[i];
    }
    for (size_t i = 0; i < count; i++) {
        int32_t own = attributes[i].value.type;
        facts_named *named = facts_extra_add(list, &list->attributes, attributes[i].name);
        if (!named) {
            return false;
        }
        own = own == KUNDIG_VALUE_NUMBER || own == KUNDIG_VALUE_BOOL ? own : KUNDIG_VALUE_TEXT;
        named->type = !named->type || named->type == own ? own : KUNDIG_VALUE_TEXT;
    }
    return true;
}

static void facts_key_make(const facts_list *list, const kundig__fact *fact, facts_key *key)
{
    const facts_field *fields = facts_fields[list->which];
    size_t texts = 0;
    for (size_t i = 0; fields[i].type != FACTS_END; i++) {
        if (fields[i].type == FACTS_TEXT && texts < 2) {
            *(texts++ ? &key->second : &key->first) = facts_text(facts_record(fact), fields[i].at);
        } else if (strcmp(fields[i].name, "updated") == 0) {
            key->updated = facts_time(facts_record(fact), fields[i].at);
        }
    }
}

static int facts_take(facts_list *list, uint32_t row, kundig_error *err)
{
    kundig__fact fact;
    void *rows = list->rows;
    const facts_field *fields = facts_fields[list->which];
    facts_key *key = &list->keys[row];
    int rc = kundig__fact_at(list->corpus, list->which, row, &list->arena, &fact, err);
    if (!rc) {
        facts_key_make(list, &fact, key);
        for (size_t i = 0; fields[i].type != FACTS_END; i++) {
            list->used[i] = list->used[i] || facts_has(&fields[i], &fact);
        }
        rc = facts_extras(list, &fact) ? KUNDIG_OK : facts_nomem(list, err);
    }
    kundig__arena_free(&list->arena);
    list->scratch.len = 0;
    kundig__fact_canonical(list->corpus, list->which, row, &list->scratch);
    if (!rc && (list->scratch.failed || !kundig__grow(list->mem, &rows, &list->capacity,
                                                      list->count + 1, sizeof *list->rows))) {
        rc = facts_nomem(list, err);
    }
    list->rows = rows;
    if (!rc) {
        key->hash = kundig__canonical_hash(&list->scratch);
        list->rows[list->count++] = row;
    }
    return rc;
}

static int facts_order(const void *ud, uint32_t a, uint32_t b)
{
    const facts_key *keys = ud;
    int order = kundig__text_order(keys[a].first, keys[b].first);
    order = order ? order : kundig__text_order(keys[a].second, keys[b].second);
    if (!order && keys[a].updated != keys[b].updated) {
        order = keys[a].updated < keys[b].updated ? -1 : 1;
    }
    return order ? order : memcmp(&keys[a].hash, &keys[b].hash, sizeof keys[a].hash);
}

static int facts_find(facts_list *list, kundig_error *err)
{
    uint32_t groups[KUNDIG__GROUP_BLOCK];
    uint32_t rows = kundig__fact_rows(list->corpus, list->which);
    int rc = KUNDIG_OK;
    list->key_count = rows;
    list->keys = kundig__alloc_zero(list->mem, (size_t)rows * sizeof *list->keys);
    if (!list->keys) {
        return facts_nomem(list, err);
    }
    for (uint32_t first = 0; first < rows && !rc; first += KUNDIG__GROUP_BLOCK) {
        uint32_t count = rows - first < KUNDIG__GROUP_BLOCK ? rows - first : KUNDIG__GROUP_BLOCK;
        rc = kundig__progress(list->corpus->context, first, rows, err);
        if (list->grouping) {
            kundig__grouping_rows(list->grouping, 0, first, count, groups);
        }
        for (uint32_t i = 0; i < count && !rc; i++) {
            if (!list->grouping || groups[i] != KUNDIG__NO_GROUP) {
                rc = facts_take(list, first + i, err);
            }
        }
    }
    kundig__order_sort(list->rows, list->count, facts_order, list->keys);
    return rc;
}

/* ---- The table ------------------------------------------------------------------------------ */

static void facts_map_name(kundig__buf *map, const char *name)
{
    kundig__buf_str(map, "=\"");
    for (; *name; name++) {
        if (*name == '"') {
            kundig__buf_char(map, '"');
        }
        kundig__buf_char(map, *name);
    }
    kundig__buf_char(map, '"');
}

/* "nps", or "score[1..10,lower]" */
static void facts_map_scale(kundig__buf *map, const kundig_score *score)
{
    if (score->scale != KUNDIG_SCALE_DECLARED) {
        kundig__buf_str(map, kundig__scale_name(score->scale));
        return;
    }
    kundig__buf_str(map, "score[");
    kundig__buf_number(map, score->minimum);
    kundig__buf_str(map, "..");
    kundig__buf_number(map, score->maximum);
    kundig__buf_str(map, score->direction == KUNDIG_LOWER_IS_BETTER ? ",lower]" : "]");
}

/* The columns of questions or attributes in byte order of their names. */
static bool facts_extra_columns(facts_list *list, facts_extra *extra, kundig_table *table,
                                bool questions)
{
    uint32_t count = extra->names.count;
    extra->order = kundig__alloc(list->mem, (size_t)count * 2 * sizeof *extra->order);
    if (!extra->order) {
        return false;
    }
    uint32_t *ranks = extra->order + count;
    kundig__dict_ranks(&extra->names, ranks, extra->order);
    for (uint32_t code = 0; code < count; code++) {
        extra->order[ranks[code]] = code;
    }
    for (uint32_t i = 0; i < count; i++) {
        facts_named *named = &extra->named[extra->order[i]];
        int32_t value = questions ? KUNDIG_VALUE_NUMBER : named->type;
        int type = value == KUNDIG_VALUE_NUMBER ? KUNDIG_COLUMN_NUMBER
                   : value == KUNDIG_VALUE_BOOL ? KUNDIG_COLUMN_BOOL
                                                : KUNDIG_COLUMN_TEXT;
        named->column =
            kundig__table_column_text(table, kundig__dict_text(&extra->names, extra->order[i]),
                                      type, questions ? KUNDIG_UNIT_POINTS : KUNDIG_UNIT_NONE);
    }
    return true;
}

static void facts_extra_map(facts_list *list, const facts_extra *extra, const kundig_table *table,
                            bool questions)
{
    kundig__buf *map = &list->map;
    for (uint32_t i = 0; i < extra->names.count; i++) {
        const facts_named *named = &extra->named[extra->order[i]];
        const char *name = kundig_table_column_name(table, named->column);
        kundig__buf_str(map, map->len ? "," : "");
        if (questions) {
            facts_map_scale(map, &named->scale);
        } else {
            kundig__buf_str(map, "attribute");
        }
        facts_map_name(map, name ? name : "");
    }
}

/* How the CSV is read again; names that were taken are others by now. */
static void facts_map(facts_list *list, const kundig_table *table)
{
    const facts_field *fields = facts_fields[list->which];
    for (size_t i = 0; fields[i].type != FACTS_END; i++) {
        if (list->used[i]) {
            kundig__buf_str(&list->map, list->map.len ? "," : "");
            kundig__buf_str(&list->map, fields[i].name);
            facts_map_name(&list->map, fields[i].name);
        }
    }
    facts_extra_map(list, &list->questions, table, true);
    facts_extra_map(list, &list->attributes, table, false);
}

static bool facts_columns(facts_list *list, kundig_table *table)
{
    const facts_field *fields = facts_fields[list->which];
    for (int last = 0; last < 2; last++) {
        for (size_t i = 0; fields[i].type != FACTS_END; i++) {
            int type = fields[i].type;
            if (!list->used[i] || (type == FACTS_COMMENT) != (last == 1)) {
                continue;
            }
            int column = type == FACTS_NUMBER || type == FACTS_WEIGHT ? KUNDIG_COLUMN_NUMBER
                         : type == FACTS_DAYS                         ? KUNDIG_COLUMN_INT
                                                                      : KUNDIG_COLUMN_TEXT;
            list->columns[i] =
                kundig__table_column(table, fields[i].name, column, KUNDIG_UNIT_NONE);
        }
        if (!last && (!facts_extra_columns(list, &list->questions, table, true) ||
                      !facts_extra_columns(list, &list->attributes, table, false))) {
            return false;
        }
    }
    if (list->which == KUNDIG_FACTS_FEEDBACK) {
        facts_map(list, table);
    }
    return !list->map.failed;
}

/* An instant is written with its seconds: without them it would be known to the minute. */
static kundig_text facts_time_write(int64_t time_ms, int32_t precision, char out[40])
{
    size_t len = kundig__time_write(time_ms, precision, out);
    if (precision == KUNDIG_PRECISION_MS && len == sizeof "2026-01-01T00:00Z" - 1) {
        memcpy(out + len - 1, ":00Z", 4);
        len += 3;
    }
    return kundig__text(out, len);
}

static const char *facts_event_name(int32_t kind)
{
    static const char *const names[] = {"other",         "case_opened",     "case_answered",
                                        "case_reopened", "case_resolved",   "invitation",
                                        "action",        "acknowledgement", "purchase"};
    return kind >= 0 && kind <= KUNDIG_EVENT_PURCHASE ? names[kind] : names[0];
}

static const char *facts_edit_name(int32_t kind)
{
    static const char *const names[] = {NULL,   "rename",   "merge", "split", "pin",
                                        "hide", "together", "apart", "topic", "known"};
    return names[kind];
}

static int32_t facts_precision(const kundig__fact *fact)
{
    return fact->kind == KUNDIG_FACTS_EVENTS ? fact->as.event.time_precision
                                             : fact->as.feedback.time_precision;
}

static int facts_cell(facts_list *list, kundig_table *table, size_t column,
                      const facts_field *field, const kundig__fact *fact, kundig_error *err)
{
    const void *record = facts_record(fact);
    const kundig__dict *kinds = &list->corpus->dims[KUNDIG__DIM_KIND].dict;
    char buffer[40];
    kundig_text text = {NULL, 0};
    switch (field->type) {
    case FACTS_TEXT:
        text = facts_text(record, field->at);
        break;
    case FACTS_COMMENT:
        text = facts_text(record, field->at);
        if (list->corpus->context->mask) {
            list->scratch.len = 0;
            int rc =
                kundig__text_masked(list->mem, text, list->corpus->context->mask, &list->scratch);
            if (rc) {
                return facts_nomem(list, err);
            }
            text = kundig__text(list->scratch.data ? list->scratch.data : "", list->scratch.len);
        }
        break;
    case FACTS_TIME:
        text = facts_time_write(facts_time(record, field->at), KUNDIG_PRECISION_MS, buffer);
        break;
    case FACTS_MOMENT:
        text = facts_time_write(facts_time(record, field->at), facts_precision(fact), buffer);
        break;
    case FACTS_YES_NO:
        text = kundig__str(facts_int(record, field->at) == KUNDIG_YES ? "yes" : "no");
        break;
    case FACTS_KIND:
        text = kundig__dict_text(kinds, (uint32_t)facts_int(record, field->at) - 1);
        break;
    case FACTS_EVENT:
        text = kundig__str(facts_event_name(facts_int(record, field->at)));
        break;
    case FACTS_EDIT:
        text = kundig__str(facts_edit_name(facts_int(record, field->at)));
        break;
    case FACTS_NUMBER:
        kundig__table_set_number(table, column, facts_value(record, field->at).number);
        return KUNDIG_OK;
    case FACTS_WEIGHT:
        kundig__table_set_number(table, column, fact->as.feedback.weight);
        return KUNDIG_OK;
    default:
        kundig__table_set_int(table, column, facts_int(record, field->at));
        return KUNDIG_OK;
    }
    kundig__table_set_text(table, column, text);
    return KUNDIG_OK;
}

/* An attribute in a column of its own type, or as text. */
static void facts_attribute(facts_list *list, kundig_table *table, const kundig_attribute *it)
{
    uint32_t code = kundig__dict_find(&list->attributes.names, it->name.data, it->name.len);
    size_t column = list->attributes.named[code].column;
    int32_t type = list->attributes.named[code].type;
    const kundig_value *value = &it->value;
    char buffer[40];
    kundig_text text = value->text;
    if (type == KUNDIG_VALUE_NUMBER) {
        kundig__table_set_number(table, column, value->number);
        return;
    }
    if (type == KUNDIG_VALUE_BOOL) {
        kundig__table_set_bool(table, column, value->boolean != 0);
        return;
    }
    if (value->type == KUNDIG_VALUE_NUMBER) {
        text = kundig__text(buffer, kundig__number_write(value->number, buffer));
    } else if (value->type == KUNDIG_VALUE_BOOL) {
        text = kundig__str(value->boolean ? "true" : "false");
    } else if (value->type == KUNDIG_VALUE_TIME) {
        text = facts_time_write((int64_t)value->number, KUNDIG_PRECISION_MS, buffer);
    }
    kundig__table_set_text(table, column, text);
}

static int facts_row(facts_list *list, kundig_table *table, uint32_t row, kundig_error *err)
{
    const facts_field *fields = facts_fields[list->which];
    const facts_extra *questions = &list->questions;
    kundig__fact fact;
    size_t count;
    int rc = kundig__fact_at(list->corpus, list->which, row, &list->arena, &fact, err);
    kundig__table_row(table);
    for (size_t i = 0; !rc && fields[i].type != FACTS_END; i++) {
        if (facts_has(&fields[i], &fact)) {
            rc = facts_cell(list, table, list->columns[i], &fields[i], &fact, err);
        }
    }
    const kundig_attribute *attributes = rc ? NULL : facts_attributes(&fact, &count);
    for (size_t i = 0; attributes && i < count; i++) {
        facts_attribute(list, table, &attributes[i]);
    }
    if (!rc && list->which == KUNDIG_FACTS_FEEDBACK) {
        for (size_t i = 0; i < fact.as.feedback.score_count; i++) {
            const kundig_score *score = &fact.as.feedback.scores[i];
            uint32_t code =
                kundig__dict_find(&questions->names, score->question.data, score->question.len);
            kundig__table_set_number(table, questions->named[code].column, score->value);
        }
    }
    kundig__arena_free(&list->arena);
    return rc;
}

static int facts_write(facts_list *list, kundig_table **out, kundig_error *err)
{
    kundig_table *table = kundig__table_new(list->mem);
    int rc = KUNDIG_OK;
    if (!table) {
        return facts_nomem(list, err);
    }
    if (!facts_columns(list, table)) {
        rc = facts_nomem(list, err);
    }
    for (size_t i = 0; i < list->count && !rc; i++) {
        rc = facts_row(list, table, list->rows[i], err);
    }
    if (rc) {
        kundig_table_free(table);
        return rc;
    }
    if (list->map.len) {
        kundig__table_note(table, "map: %.*s", (int)list->map.len, list->map.data);
    }
    return kundig__table_finish(table, out, err);
}

static void facts_extra_free(facts_list *list, facts_extra *extra)
{
    kundig__free(list->mem, extra->order, (size_t)extra->names.count * 2 * sizeof *extra->order);
    kundig__free(list->mem, extra->named, extra->capacity * sizeof *extra->named);
    kundig__dict_free(&extra->names);
}

int kundig__corpus_facts(kundig__corpus *corpus, int which, const kundig_query *query,
                         kundig_table **out, kundig_error *err)
{
    facts_list list = {.corpus = corpus, .mem = corpus->mem, .which = which};
    kundig__arena_init(&list.arena, corpus->mem);
    kundig__buf_init(&list.scratch, corpus->mem);
    kundig__buf_init(&list.map, corpus->mem);
    kundig__dict_init(&list.questions.names, corpus->mem, corpus->context->siphash_key);
    kundig__dict_init(&list.attributes.names, corpus->mem, corpus->context->siphash_key);
    int rc = query ? kundig__comments_grouping(corpus, query, &list.grouping, err) : KUNDIG_OK;
    rc = rc ? rc : facts_find(&list, err);
    rc = rc ? rc : facts_write(&list, out, err);
    kundig__grouping_free(list.grouping);
    kundig__free(list.mem, list.keys, list.keys ? list.key_count * sizeof *list.keys : 0);
    kundig__free(list.mem, list.rows, list.capacity * sizeof *list.rows);
    facts_extra_free(&list, &list.questions);
    facts_extra_free(&list, &list.attributes);
    kundig__arena_free(&list.arena);
    kundig__buf_free(&list.scratch);
    kundig__buf_free(&list.map);
    return rc;
}
