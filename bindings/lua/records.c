/* Typed records: lists of Lua tables as kundig_feedback, kundig_customer and the other facts.
 *
 * Fields are looked up by the names below, raw, so no code of the caller runs and the first wrong
 * field is the same in every run. A field that is nil, kundig.null or NaN is absent; what is of
 * another form is raised with the record's number. Texts, scores and attributes are kept alive by a
 * list on the stack. Cost: one look-up for each known field of each record. */
#include <stddef.h>

#include "kundig_lua.h"

/* ---- Times ---------------------------------------------------------------------------------- */

/* A whole number among the fields of the table at index; fallback where it is absent. Returns 0
 * where it is something else or lies outside. */
static int date_part(lua_State *L, int index, const char *name, double least, double most,
                     double fallback, int64_t *part)
{
    double number = fallback;

    lua_pushstring(L, name);
    lua_rawget(L, index);
    if (!lua_isnil(L, -1)) {
        number = lua_type(L, -1) == LUA_TNUMBER ? (double)lua_tonumber(L, -1) : least - 1;
    }
    lua_pop(L, 1);
    if (!(number >= least && number <= most) || (double)(int64_t)number != number) {
        return 0;
    }
    *part = (int64_t)number;
    return 1;
}

/* {year = 2026, month = 3, day = 9} is a date; with an hour it is an instant in UTC, as
 * os.date("!*t") gives it. */
static int date_time(lua_State *L, int index, int64_t *time_ms, int32_t *precision)
{
    static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
    int64_t year = 0;
    int64_t month = 0;
    int64_t day = 0;
    int64_t hour = 0;
    int64_t minute = 0;
    int64_t second = 0;
    int64_t days = 0;
    int leap = 0;

    if (!date_part(L, index, "year", 1, 9999, 0, &year) ||
        !date_part(L, index, "month", 1, 12, 0, &month) ||
        !date_part(L, index, "day", 1, 31, 0, &day) ||
        !date_part(L, index, "hour", 0, 23, 0, &hour) ||
        !date_part(L, index, "min", 0, 59, 0, &minute) ||
        !date_part(L, index, "sec", 0, 59, 0, &second)) {
        return 0;
    }
    leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (day > before[month] - before[month - 1] + (month == 2 && leap)) {
        return 0;
    }
    days = (year - 1) * 365 + (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400 +
           before[month - 1] + (month > 2 && leap) + day - 1;
    days -= 719162; /* days before 1970 */
    lua_pushstring(L, "hour");
    lua_rawget(L, index);
    *precision = lua_isnil(L, -1) ? KUNDIG_PRECISION_DAY : KUNDIG_PRECISION_MS;
    lua_pop(L, 1);
    if (*precision == KUNDIG_PRECISION_DAY && (minute || second)) {
        return 0;
    }
    *time_ms = (((days * 24 + hour) * 60 + minute) * 60 + second) * 1000;
    return 1;
}

int klua_time(lua_State *L, int index, int64_t *time_ms, int32_t *precision)
{
    double number = 0;

    if (lua_istable(L, index)) {
        return date_time(L, index, time_ms, precision);
    }
    if (lua_type(L, index) != LUA_TNUMBER) {
        return 0;
    }
    number = (double)lua_tonumber(L, index);
    if (!(number >= -9007199254740992.0 && number <= 9007199254740992.0) ||
        (double)(int64_t)number != number) {
        return 0;
    }
    *time_ms = (int64_t)number;
    *precision = KUNDIG_PRECISION_MS;
    return 1;
}

/* ---- Fields --------------------------------------------------------------------------------- */

/* How the value of a field is read, and what stands at its offset. */
enum {
    FIELD_TEXT,       /* kundig_text */
    FIELD_TIME,       /* int64_t: an instant or a date */
    FIELD_KIND,       /* int32_t: a name among klua_kind_names */
    FIELD_EVENT_KIND, /* int32_t: a name among event_names */
    FIELD_EDIT_KIND,  /* int32_t: a name among edit_names */
    FIELD_YES_NO,     /* int32_t */
    FIELD_DAYS,       /* int32_t */
    FIELD_VALUE,      /* kundig_value */
    FIELD_WEIGHT,     /* double; sets has_weight */
    FIELD_ATTRIBUTES, /* kundig_attribute pointer: pop_attributes() */
    FIELD_SCORES,     /* a list of scores: read_scores() */
    FIELD_SCALE,      /* a score named by its scale: read_scores() */
    FIELD_SCORE,      /* kundig_score pointer: one score */
    FIELD_NAMES,      /* kundig_text pointer: pop_names() */
    FIELD_TRUTH,      /* int32_t: 0 or 1 */
};

typedef struct record_field {
    const char *name;
    size_t offset;
    int how;
} record_field;

#define IN(type, member) offsetof(kundig_##type, member)

static const record_field feedback_fields[] = {
    {"source", IN(feedback, source), FIELD_TEXT},
    {"id", IN(feedback, id), FIELD_TEXT},
    {"customer", IN(feedback, customer), FIELD_TEXT},
    {"time", IN(feedback, time_ms), FIELD_TIME},
    {"updated", IN(feedback, updated_ms), FIELD_TIME},
    {"kind", IN(feedback, kind), FIELD_KIND},
    {"channel", IN(feedback, channel), FIELD_TEXT},
    {"touchpoint", IN(feedback, touchpoint), FIELD_TEXT},
    {"stage", IN(feedback, stage), FIELD_TEXT},
    {"case", IN(feedback, case_id), FIELD_TEXT},
    {"agent", IN(feedback, agent), FIELD_TEXT},
    {"department", IN(feedback, department), FIELD_TEXT},
    {"segment", IN(feedback, segment), FIELD_TEXT},
    {"product", IN(feedback, product), FIELD_TEXT},
    {"language", IN(feedback, language), FIELD_TEXT},
    {"purpose", IN(feedback, purpose), FIELD_TEXT},
    {"consent", IN(feedback, consent), FIELD_YES_NO},
    {"weight", IN(feedback, weight), FIELD_WEIGHT},
    {"text", IN(feedback, text), FIELD_TEXT},
    {"attributes", IN(feedback, attributes), FIELD_ATTRIBUTES},
    {"scores", 0, FIELD_SCORES},
    {"nps", 0, FIELD_SCALE},
    {"csat", 0, FIELD_SCALE},
    {"ces", 0, FIELD_SCALE},
    {"ces_2010", 0, FIELD_SCALE},
    {"stars", 0, FIELD_SCALE},
    {NULL, 0, 0},
};

static const record_field customer_fields[] = {
    {"source", IN(customer, source), FIELD_TEXT},
    {"id", IN(customer, id), FIELD_TEXT},
    {"updated", IN(customer, updated_ms), FIELD_TIME},
    {"since", IN(customer, since_ms), FIELD_TIME},
    {"segment", IN(customer, segment), FIELD_TEXT},
    {"churned", IN(customer, churned), FIELD_YES_NO},
    {"basket", IN(customer, basket), FIELD_VALUE},
    {"orders", IN(customer, orders), FIELD_VALUE},
    {"revenue", IN(customer, revenue), FIELD_VALUE},
    {"attributes", IN(customer, attributes), FIELD_ATTRIBUTES},
    {NULL, 0, 0},
};

static const record_field event_fields[] = {
    {"source", IN(event, source), FIELD_TEXT},
    {"id", IN(event, id), FIELD_TEXT},
    {"kind", IN(event, kind), FIELD_EVENT_KIND},
    {"customer", IN(event, customer), FIELD_TEXT},
    {"case", IN(event, case_id), FIELD_TEXT},
    {"time", IN(event, time_ms), FIELD_TIME},
    {"updated", IN(event, updated_ms), FIELD_TIME},
    {"agent", IN(event, agent), FIELD_TEXT},
    {"department", IN(event, department), FIELD_TEXT},
    {"topic", IN(event, topic), FIELD_TEXT},
    {"value", IN(event, value), FIELD_VALUE},
    {NULL, 0, 0},
};

static const record_field label_fields[] = {
    {"source", IN(label, source), FIELD_TEXT},
    {"id", IN(label, id), FIELD_TEXT},
    {"topic", IN(label, topic), FIELD_TEXT},
    {"by", IN(label, by), FIELD_TEXT},
    {"holds", IN(label, holds), FIELD_YES_NO},
    {"updated", IN(label, updated_ms), FIELD_TIME},
    {NULL, 0, 0},
};

static const record_field link_fields[] = {
    {"customer", IN(link, customer), FIELD_TEXT},
    {"same_as", IN(link, same_as), FIELD_TEXT},
    {"by", IN(link, by), FIELD_TEXT},
    {"holds", IN(link, holds), FIELD_YES_NO},
    {"updated", IN(link, updated_ms), FIELD_TIME},
    {NULL, 0, 0},
};

static const record_field consent_fields[] = {
    {"customer", IN(consent, customer), FIELD_TEXT},
    {"purpose", IN(consent, purpose), FIELD_TEXT},
    {"consent", IN(consent, consent), FIELD_YES_NO},
    {"disclosure", IN(consent, disclosure), FIELD_TEXT},
    {"updated", IN(consent, updated_ms), FIELD_TIME},
    {NULL, 0, 0},
};

static const record_field retention_fields[] = {
    {"purpose", IN(retention, purpose), FIELD_TEXT},
    {"days", IN(retention, days), FIELD_DAYS},
    {"updated", IN(retention, updated_ms), FIELD_TIME},
    {NULL, 0, 0},
};

static const record_field edit_fields[] = {
    {"kind", IN(edit, kind), FIELD_EDIT_KIND},
    {"topic", IN(edit, topic), FIELD_TEXT},
    {"other", IN(edit, other), FIELD_TEXT},
    {"name", IN(edit, name), FIELD_TEXT},
    {"words", IN(edit, words), FIELD_TEXT},
    {"source", IN(edit, source), FIELD_TEXT},
    {"id", IN(edit, id), FIELD_TEXT},
    {"other_source", IN(edit, other_source), FIELD_TEXT},
    {"other_id", IN(edit, other_id), FIELD_TEXT},
    {"by", IN(edit, by), FIELD_TEXT},
    {"holds", IN(edit, holds), FIELD_YES_NO},
    {"updated", IN(edit, updated_ms), FIELD_TIME},
    {NULL, 0, 0},
};

static const record_field example_fields[] = {
    {"text", IN(example, text), FIELD_TEXT},       {"labels", IN(example, labels), FIELD_NAMES},
    {"denied", IN(example, denied), FIELD_NAMES},  {"partial", IN(example, partial), FIELD_TRUTH},
    {"score", IN(example, score), FIELD_SCORE},    {"customer", IN(example, customer), FIELD_TEXT},
    {"source", IN(example, source), FIELD_TEXT},   {"id", IN(example, id), FIELD_TEXT},
    {"weight", IN(example, weight), FIELD_WEIGHT}, {NULL, 0, 0},
};

/* By KUNDIG_FACTS_, then KLUA_EXAMPLES. */
static const struct {
    const record_field *fields;
    size_t size;
    const char *advice; /* where a field is unknown */
} record_types[] = {
    {feedback_fields, sizeof(kundig_feedback), "; other facts belong into attributes"},
    {customer_fields, sizeof(kundig_customer), "; other facts belong into attributes"},
    {event_fields, sizeof(kundig_event), ""},
    {label_fields, sizeof(kundig_label), ""},
    {link_fields, sizeof(kundig_link), ""},
    {consent_fields, sizeof(kundig_consent), ""},
    {retention_fields, sizeof(kundig_retention), ""},
    {edit_fields, sizeof(kundig_edit), ""},
    {example_fields, sizeof(kundig_example), ""},
};

/* By number, from 0. */
static const char *const event_names[] = {
    "other",      "case_opened", "case_answered",   "case_reopened", "case_resolved",
    "invitation", "action",      "acknowledgement", "purchase",      NULL};
static const char *const edit_names[] = {"",         "rename", "merge", "split", "pin", "hide",
                                         "together", "apart",  "topic", "known", NULL};
static const char *const scale_names[] = {"", "nps", "csat", "ces", "ces_2010", "stars", NULL};
static const char *const direction_names[] = {"higher", "lower", NULL};

/* ---- Values of one record ------------------------------------------------------------------- */

typedef struct reading {
    lua_State *L;
    int anchor; /* a list on the stack: what the records borrow */
    size_t anchored;
    size_t number; /* of the record, from 1 */
} reading;

static int wrong(const reading *self, const char *field, const char *what)
{
    return luaL_error(self->L, "record %d, %s: %s", (int)self->number, field, what);
}

/* Zeroed memory that lives as long as the anchor. */
static void *anchored_array(reading *self, size_t count, size_t size)
{
    void *block = lua_newuserdata(self->L, count * size);

    memset(block, 0, count * size);
    lua_rawseti(self->L, self->anchor, (int)++self->anchored);
    return block;
}

/* Whether a value is on top of the stack; what stands for "missing" is popped. */
static int is_present(lua_State *L)
{
    if (lua_isnil(L, -1) || klua_is_null(L, -1) ||
        (lua_type(L, -1) == LUA_TNUMBER && lua_tonumber(L, -1) != lua_tonumber(L, -1))) {
        lua_pop(L, 1);
        return 0;
    }
    return 1;
}

/* Push a field of the table at index; returns 0 and pushes nothing where it is absent. */
static int push_field(const reading *self, int index, const char *name, size_t *seen)
{
    lua_pushstring(self->L, name);
    lua_rawget(self->L, index);
    *seen += !lua_isnil(self->L, -1);
    return is_present(self->L);
}

/* Whether the table at index has more entries than those that were seen. */
static int has_others(lua_State *L, int index, size_t seen)
{
    size_t count = 0;

    lua_pushnil(L);
    while (lua_next(L, index)) {
        lua_pop(L, 1);
        count++;
    }
    return count != seen;
}

static void pop_text(reading *self, const char *field, kundig_text *text)
{
    if (!klua_pop_text(self->L, self->anchor, &self->anchored, text)) {
        wrong(self, field, "a text is a string, a number or a boolean");
    }
}

static double pop_number(const reading *self, const char *field)
{
    double number = 0;

    if (lua_type(self->L, -1) != LUA_TNUMBER) {
        wrong(self, field, "not a number");
    }
    number = (double)lua_tonumber(self->L, -1);
    lua_pop(self->L, 1);
    return number;
}

static int32_t pop_days(const reading *self, const char *field)
{
    double days = pop_number(self, field);

    if (!(days >= INT32_MIN && days <= INT32_MAX) || (double)(int32_t)days != days) {
        wrong(self, field, "not a whole number of days, or -1 for ever");
    }
    return (int32_t)days;
}

/* names[0] has the number 0, and so on. */
static int32_t pop_name(const reading *self, const char *field, const char *const *names)
{
    const char *name = lua_type(self->L, -1) == LUA_TSTRING ? lua_tostring(self->L, -1) : NULL;

    if (!name || !*name) {
        wrong(self, field, "not a name");
    }
    for (int32_t i = 0; names[i]; i++) {
        if (strcmp(names[i], name) == 0) {
            lua_pop(self->L, 1);
            return i;
        }
    }
    return luaL_error(self->L, "record %d, %s: '%s' is unknown", (int)self->number, field, name);
}

static void pop_value(reading *self, const char *field, kundig_value *value)
{
    lua_State *L = self->L;

    if (!klua_top_value(L, value)) {
        wrong(self, field, "a value is a string, a number or a boolean");
    }
    if (value->type == KUNDIG_VALUE_TEXT) {
        lua_rawseti(L, self->anchor, (int)++self->anchored);
    } else {
        lua_pop(L, 1);
    }
}

/* {Plan = "pro", seats = 12}, on top of the stack; popped. */
static size_t pop_attributes(reading *self, const kundig_attribute **out)
{
    lua_State *L = self->L;
    int given = lua_gettop(L);
    int keys = 0;
    size_t names = 0;
    size_t count = 0;
    kundig_attribute *attributes = NULL;

    if (!lua_istable(L, given)) {
        wrong(self, "attributes", "not a table of names and values");
    }
    names = klua_push_sorted_keys(L, given);
    keys = lua_gettop(L);
    if (has_others(L, given, names)) {
        wrong(self, "attributes", "a name is a string");
    }
    attributes = names ? anchored_array(self, names, sizeof *attributes) : NULL;
    for (size_t i = 1; i <= names; i++) {
        const char *name = NULL;
        lua_rawgeti(L, keys, (int)i);
        name = lua_tostring(L, -1);
        lua_pushvalue(L, -1);
        lua_rawget(L, given);
        if (is_present(L)) {
            pop_value(self, name, &attributes[count].value);
            pop_text(self, name, &attributes[count++].name);
        } else {
            lua_pop(L, 1);
        }
    }
    lua_settop(L, given - 1);
    *out = attributes;
    return count;
}

/* {question = "ease", scale = "ces", value = 6}, or with minimum, maximum and direction: on top of
 * the stack; popped. Returns 0 where it has no value. */
static int pop_score(reading *self, kundig_score *score)
{
    lua_State *L = self->L;
    int given = lua_gettop(L);
    int present = 0;
    size_t seen = 0;

    if (!lua_istable(L, given)) {
        wrong(self, "scores", "a score is a table with scale and value");
    }
    memset(score, 0, sizeof *score);
    score->scale = KUNDIG_SCALE_DECLARED;
    if (push_field(self, given, "value", &seen)) {
        score->value = pop_number(self, "scores");
        present = 1;
    }
    if (push_field(self, given, "scale", &seen)) {
        score->scale = pop_name(self, "scores", scale_names);
    }
    if (push_field(self, given, "question", &seen)) {
        pop_text(self, "scores", &score->question);
    }
    if (push_field(self, given, "minimum", &seen)) {
        score->minimum = pop_number(self, "scores");
    }
    if (push_field(self, given, "maximum", &seen)) {
        score->maximum = pop_number(self, "scores");
    }
    if (push_field(self, given, "direction", &seen)) {
        score->direction = pop_name(self, "scores", direction_names);
    }
    if (has_others(L, given, seen)) {
        wrong(self, "scores", "a score knows scale, value, question, minimum, maximum, direction");
    }
    lua_settop(L, given - 1);
    return present;
}

/* The scores of the record at index, those listed first. */
static void read_scores(reading *self, int index, kundig_feedback *feedback)
{
    lua_State *L = self->L;
    kundig_score named[5];
    kundig_score *scores = NULL;
    size_t named_count = 0;
    size_t given = 0;
    size_t count = 0;
    size_t seen = 0;

    memset(named, 0, sizeof named);
    for (int32_t i = 1; scale_names[i]; i++) {
        if (push_field(self, index, scale_names[i], &seen)) {
            named[named_count].scale = i;
            named[named_count++].value = pop_number(self, scale_names[i]);
        }
    }
    if (push_field(self, index, "scores", &seen)) {
        if (!lua_istable(L, -1)) {
            wrong(self, "scores", "not a list of tables");
        }
        given = lua_rawlen(L, -1);
        if (has_others(L, lua_gettop(L), given)) {
            wrong(self, "scores", "not a list of tables");
        }
    } else {
        lua_pushnil(L);
    }
    if (given + named_count) {
        scores = anchored_array(self, given + named_count, sizeof *scores);
    }
    for (size_t i = 1; i <= given; i++) {
        lua_rawgeti(L, -1, (int)i);
        count += (size_t)pop_score(self, &scores[count]);
    }
    for (size_t i = 0; i < named_count; i++) {
        scores[count++] = named[i];
    }
    lua_pop(L, 1);
    feedback->scores = scores;
    feedback->score_count = count;
}

/* A name, or a list of names, on top of the stack; popped. */
static size_t pop_names(reading *self, const char *field, const kundig_text **out)
{
    lua_State *L = self->L;
    int given = lua_gettop(L);
    size_t count = 1;
    kundig_text *names = NULL;

    if (!lua_istable(L, given)) {
        lua_newtable(L);
        lua_insert(L, given);
        lua_rawseti(L, given, 1);
    }
    count = lua_rawlen(L, given);
    if (has_others(L, given, count)) {
        wrong(self, field, "a name, or a list of names");
    }
    names = count ? anchored_array(self, count, sizeof *names) : NULL;
    for (size_t i = 0; i < count; i++) {
        lua_rawgeti(L, given, (int)i + 1);
        pop_text(self, field, &names[i]);
        if (!names[i].data) {
            wrong(self, field, "a name is missing");
        }
    }
    lua_pop(L, 1);
    *out = names;
    return count;
}

/* One score, on top of the stack; popped. */
static const kundig_score *pop_one_score(reading *self)
{
    kundig_score *score = anchored_array(self, 1, sizeof *score);

    return pop_score(self, score) ? score : NULL;
}

/* ---- Records -------------------------------------------------------------------------------- */

/* The value on top of the stack as the field of a record; popped. */
static void pop_field(reading *self, int what, const record_field *field, void *record)
{
    void *place = (char *)record + field->offset;
    int32_t precision = 0;

    switch (field->how) {
    case FIELD_TEXT:
        pop_text(self, field->name, place);
        return;
    case FIELD_KIND:
        *(int32_t *)place = pop_name(self, field->name, klua_kind_names);
        return;
    case FIELD_EVENT_KIND:
        *(int32_t *)place = pop_name(self, field->name, event_names);
        return;
    case FIELD_EDIT_KIND:
        *(int32_t *)place = pop_name(self, field->name, edit_names);
        return;
    case FIELD_VALUE:
        pop_value(self, field->name, place);
        return;
    case FIELD_WEIGHT:
        *(what == KLUA_EXAMPLES ? &((kundig_example *)record)->has_weight
                                : &((kundig_feedback *)record)->has_weight) = 1;
        *(double *)place = pop_number(self, field->name);
        return;
    case FIELD_ATTRIBUTES:
        if (what == KUNDIG_FACTS_FEEDBACK) {
            kundig_feedback *feedback = record;
            feedback->attribute_count = pop_attributes(self, &feedback->attributes);
        } else {
            kundig_customer *customer = record;
            customer->attribute_count = pop_attributes(self, &customer->attributes);
        }
        return;
    case FIELD_YES_NO:
        if (!lua_isboolean(self->L, -1)) {
            wrong(self, field->name, "neither true nor false");
        }
        *(int32_t *)place = lua_toboolean(self->L, -1) ? KUNDIG_YES : KUNDIG_NO;
        break;
    case FIELD_TRUTH:
        if (!lua_isboolean(self->L, -1)) {
            wrong(self, field->name, "neither true nor false");
        }
        *(int32_t *)place = lua_toboolean(self->L, -1);
        break;
    case FIELD_NAMES:
        *(field->offset == offsetof(kundig_example, labels)
              ? &((kundig_example *)record)->label_count
              : &((kundig_example *)record)->denied_count) = pop_names(self, field->name, place);
        return;
    case FIELD_SCORE:
        *(const kundig_score **)place = pop_one_score(self);
        return;
    case FIELD_DAYS:
        *(int32_t *)place = pop_days(self, field->name);
        return;
    case FIELD_TIME:
        if (!klua_time(self->L, lua_gettop(self->L), place, &precision)) {
            wrong(self, field->name,
                  "a time is milliseconds since 1970 or {year = 2026, month = 3, day = 9}");
        }
        if (what == KUNDIG_FACTS_FEEDBACK && field->offset == offsetof(kundig_feedback, time_ms)) {
            ((kundig_feedback *)record)->time_precision = precision;
        } else if (what == KUNDIG_FACTS_EVENTS &&
                   field->offset == offsetof(kundig_event, time_ms)) {
            ((kundig_event *)record)->time_precision = precision;
        }
        break;
    default:
        break; /* scores: read_scores() */
    }
    lua_pop(self->L, 1);
}

/* Raise the first field, by its bytes, that is not known. */
static void raise_unknown(const reading *self, int index, int what)
{
    const record_field *fields = record_types[what].fields;
    lua_State *L = self->L;
    size_t count = klua_push_sorted_keys(L, index);
    int keys = lua_gettop(L);

    for (size_t i = 1; i <= count; i++) {
        size_t len = 0;
        const char *name = NULL;
        const record_field *field = fields;
        lua_rawgeti(L, keys, (int)i);
        name = lua_tolstring(L, -1, &len);
        while (field->name && (strcmp(field->name, name) != 0 || strlen(name) != len)) {
            field++;
        }
        if (!field->name) {
            luaL_error(L, "record %d: there is no field '%s'%s", (int)self->number, name,
                       record_types[what].advice);
        }
        lua_pop(L, 1);
    }
    luaL_error(L, "record %d: a field's name is a string", (int)self->number);
}

static void init_record(int what, void *record)
{
    switch (what) {
    case KUNDIG_FACTS_FEEDBACK:
        kundig_feedback_init(record);
        return;
    case KUNDIG_FACTS_CUSTOMERS:
        kundig_customer_init(record);
        return;
    case KUNDIG_FACTS_EVENTS:
        kundig_event_init(record);
        return;
    case KUNDIG_FACTS_LABELS:
        kundig_label_init(record);
        return;
    case KUNDIG_FACTS_LINKS:
        kundig_link_init(record);
        return;
    case KUNDIG_FACTS_CONSENTS:
        kundig_consent_init(record);
        return;
    case KUNDIG_FACTS_EDITS:
        kundig_edit_init(record);
        return;
    case KLUA_EXAMPLES:
        kundig_example_init(record);
        return;
    default:
        kundig_retention_init(record);
    }
}

void *klua_records(lua_State *L, int index, int what, size_t *count)
{
    const record_field *fields = record_types[what].fields;
    size_t size = record_types[what].size;
    reading self = {L, 0, 0, 0};
    char *records = NULL;
    int row = 0;

    luaL_checktype(L, index, LUA_TTABLE);
    *count = lua_rawlen(L, index);
    luaL_argcheck(L, !has_others(L, index, *count), index, "not a list of tables");
    luaL_argcheck(L, *count <= (size_t)0x7fffffff / size, index, "too many records for one call");
    luaL_checkstack(L, 24, "kundig: no room for records");
    lua_newtable(L);
    self.anchor = lua_gettop(L);
    records = lua_newuserdata(L, *count * size + 1);
    row = lua_gettop(L) + 1;
    for (size_t i = 0; i < *count; i++) {
        char *record = records + i * size;
        size_t seen = 0;
        self.number = i + 1;
        init_record(what, record);
        lua_rawgeti(L, index, (int)i + 1);
        if (!lua_istable(L, row)) {
            luaL_error(L, "record %d is not a table", (int)self.number);
        }
        for (const record_field *field = fields; field->name; field++) {
            if (push_field(&self, row, field->name, &seen)) {
                pop_field(&self, what, field, record);
            }
        }
        if (has_others(L, row, seen)) {
            raise_unknown(&self, row, what);
        }
        if (what == KUNDIG_FACTS_FEEDBACK) {
            read_scores(&self, row, (kundig_feedback *)record);
        }
        lua_pop(L, 1);
    }
    return records;
}
