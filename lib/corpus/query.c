/* The query: what is asked, as data.
 *
 * Nothing here knows a corpus; names are resolved when a query is asked. Values are copied. Every
 * numeric or boolean value of a condition becomes its text, so that a query built by calls and the
 * same query parsed from text are equal. Invariant: children have smaller numbers than parents, and
 * depth and expanded size are bounded, so that evaluating needs neither a stack without end nor
 * time without end. Cost: linear in what is given. */
#include "base/bytes.h"
#include "base/calendar.h"
#include "base/math.h"
#include "base/number.h"
#include "base/text.h"
#include "base/utf8.h"
#include "corpus/tree.h"

int kundig_query_new(const kundig_allocator *allocator, kundig_query **out)
{
    kundig__mem mem;
    if (!out) {
        return KUNDIG_E_ARG;
    }
    kundig__mem_init(&mem, allocator, 0);
    kundig_query *query = kundig__alloc_zero(&mem, sizeof *query);
    if (!query) {
        return KUNDIG_E_NOMEM;
    }
    query->mem = mem;
    kundig__arena_init(&query->arena, &query->mem);
    query->level = 0.95;
    query->as_of_ms = KUNDIG_TIME_ABSENT;
    query->keep = KUNDIG__NO_NODE;
    *out = query;
    return KUNDIG_OK;
}

void kundig_query_free(kundig_query *query)
{
    if (query) {
        kundig__arena_free(&query->arena);
        kundig__free(&query->mem, query->nodes, query->node_capacity * sizeof *query->nodes);
        kundig__mem mem = query->mem;
        kundig__free(&mem, query, sizeof *query);
    }
}

static int query_none(kundig_error *err)
{
    return kundig__fail(err, KUNDIG_E_ARG, 0, "query is NULL");
}

static int query_check_text(kundig_text text, const char *what, kundig_error *err)
{
    if (!text.data && text.len) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "%s has a length but no bytes", what);
    }
    if (text.data && (kundig__utf8_valid(text.data, text.len) != text.len ||
                      memchr(text.data, '\0', text.len))) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "%s is not valid UTF-8 or holds a NUL", what);
    }
    return KUNDIG_OK;
}

/* Copy a name into the query; absent clears it. */
static int query_set_text(kundig_query *query, kundig_text *slot, const char *data, size_t len,
                          const char *what, kundig_error *err)
{
    kundig_text text = kundig__text(data, len);
    int rc = query_check_text(text, what, err);
    if (rc) {
        return rc;
    }
    if (data) {
        text = kundig__arena_text(&query->arena, text);
        if (!text.data) {
            return kundig__nomem(&query->mem, err);
        }
    }
    *slot = text;
    return KUNDIG_OK;
}

int kundig_query_set_metric(kundig_query *query, const char *name, size_t len, kundig_error *err)
{
    if (!query) {
        return query_none(err);
    }
    if (!name || !len) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "the metric has no name");
    }
    return query_set_text(query, &query->metric, name, len, "the metric", err);
}

int kundig_query_set_question(kundig_query *query, const char *name, size_t len, kundig_error *err)
{
    if (!query) {
        return query_none(err);
    }
    return query_set_text(query, &query->question, name, len, "the question", err);
}

int kundig_query_group_by(kundig_query *query, const char *field, size_t len, kundig_error *err)
{
    if (!query) {
        return query_none(err);
    }
    if (!field || !len) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "the field has no name");
    }
    if (query->group_field_count == KUNDIG__MAX_GROUP_FIELDS) {
        return kundig__fail(err, KUNDIG_E_LIMIT, 0, "at most %d fields can be grouped by",
                            KUNDIG__MAX_GROUP_FIELDS);
    }
    for (size_t i = 0; i < query->group_field_count; i++) {
        if (kundig__text_equal(query->group_fields[i], kundig__text(field, len))) {
            return kundig__fail(err, KUNDIG_E_ARG, 0, "'%.*s' is grouped by already",
                                kundig__shown(query->group_fields[i]), field);
        }
    }
    int rc = query_set_text(query, &query->group_fields[query->group_field_count], field, len,
                            "the field", err);
    if (!rc) {
        query->group_field_count++;
    }
    return rc;
}

int kundig_query_set_every(kundig_query *query, int32_t every, kundig_error *err)
{
    if (!query) {
        return query_none(err);
    }
    if (every < KUNDIG_EVERY_NONE || every > KUNDIG_EVERY_YEAR) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "window %ld is unknown", (long)every);
    }
    query->every = every;
    return KUNDIG_OK;
}

int kundig_query_set_zone(kundig_query *query, const char *name, size_t len, kundig_error *err)
{
    if (!query) {
        return query_none(err);
    }
    return query_set_text(query, &query->zone, name, len, "the zone", err);
}

int kundig_query_set_unit(kundig_query *query, int32_t unit, kundig_error *err)
{
    if (!query) {
        return query_none(err);
    }
    if (unit != KUNDIG_OF_RECORDS && unit != KUNDIG_OF_CUSTOMERS) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "unit %ld is unknown", (long)unit);
    }
    query->unit = unit;
    return KUNDIG_OK;
}

int kundig_query_set_interval(kundig_query *query, int32_t interval, double level,
                              kundig_error *err)
{
    if (!query) {
        return query_none(err);
    }
    if (interval < KUNDIG_INTERVAL_DEFAULT || interval > KUNDIG_INTERVAL_SCORE) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "interval %ld is unknown", (long)interval);
    }
    /* Written so that NaN is refused. */
    if (!(level >= 0 && level < 1)) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "the level must lie between 0 and 1, as in 0.95");
    }
    query->interval = interval;
    query->level = level > 0 ? level : 0.95;
    return KUNDIG_OK;
}

int kundig_query_set_min_n(kundig_query *query, uint64_t min_n, kundig_error *err)
{
    if (!query) {
        return query_none(err);
    }
    query->min_n = min_n;
    return KUNDIG_OK;
}

int kundig_query_set_purpose(kundig_query *query, const char *purpose, size_t len,
                             kundig_error *err)
{
    if (!query) {
        return query_none(err);
    }
    return query_set_text(query, &query->purpose, purpose, len, "the purpose", err);
}

int kundig_query_set_as_of(kundig_query *query, int64_t as_of_ms, kundig_error *err)
{
    if (!query) {
        return query_none(err);
    }
    query->as_of_ms = as_of_ms;
    return KUNDIG_OK;
}

/* ---- Conditions ---- */

static int query_node_add(kundig_query *query, kundig__node node, uint32_t *out, kundig_error *err)
{
    void *nodes = query->nodes;
    if (query->node_count >= KUNDIG__MAX_NODES) {
        return kundig__fail(err, KUNDIG_E_LIMIT, 0, "a query holds at most %d conditions",
                            KUNDIG__MAX_NODES);
    }
    if (!kundig__grow(&query->mem, &nodes, &query->node_capacity, query->node_count + 1,
                      sizeof *query->nodes)) {
        return kundig__nomem(&query->mem, err);
    }
    query->nodes = nodes;
    query->nodes[query->node_count] = node;
    *out = (uint32_t)query->node_count++;
    return KUNDIG_OK;
}

static int query_check_count(int32_t op, size_t count, kundig_error *err)
{
    const char *wanted = NULL;
    switch (op) {
    case KUNDIG_OP_IN:
        wanted = count >= 1 ? NULL : "at least one value";
        break;
    case KUNDIG_OP_BETWEEN:
        wanted = count == 2 ? NULL : "two values";
        break;
    case KUNDIG_OP_MISSING:
        wanted = count == 0 ? NULL : "no value";
        break;
    case KUNDIG_OP_EQUAL:
    case KUNDIG_OP_NOT_EQUAL:
    case KUNDIG_OP_LESS:
    case KUNDIG_OP_LESS_OR_EQUAL:
    case KUNDIG_OP_GREATER:
    case KUNDIG_OP_GREATER_OR_EQUAL:
    case KUNDIG_OP_CONTAINS:
        wanted = count == 1 ? NULL : "one value";
        break;
    default:
        return kundig__fail(err, KUNDIG_E_ARG, 0, "operator %ld is unknown", (long)op);
    }
    if (wanted) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "this operator takes %s, not %zu", wanted, count);
    }
    return KUNDIG_OK;
}

/* Copy a value; numbers and booleans become texts. */
static int query_value(kundig_query *query, const kundig_value *given, bool of_time,
                       kundig_value *out, kundig_error *err)
{
    char number[KUNDIG__NUMBER_SIZE];
    kundig_text text = {NULL, 0};
    memset(out, 0, sizeof *out);
    switch (given->type) {
    case KUNDIG_VALUE_TEXT: {
        text = given->text;
        if (!text.data) {
            return kundig__fail(err, KUNDIG_E_ARG, 0, "the text of a value is NULL");
        }
        int rc = query_check_text(text, "a value", err);
        if (rc) {
            return rc;
        }
        break;
    }
    case KUNDIG_VALUE_NUMBER:
        if (!kundig__is_finite(given->number)) {
            return kundig__fail(err, KUNDIG_E_ARG, 0, "a value is not a finite number");
        }
        text = kundig__text(number, kundig__number_write(given->number, number));
        break;
    case KUNDIG_VALUE_BOOL:
        text = given->boolean ? KUNDIG__TEXT("true") : KUNDIG__TEXT("false");
        break;
    case KUNDIG_VALUE_TIME:
        /* 2^53: every millisecond below is a double. */
        if (!(kundig__abs(given->number) <= 9007199254740992.0)) {
            return kundig__fail(err, KUNDIG_E_ARG, 0, "a time is out of range");
        }
        out->type = KUNDIG_VALUE_TIME;
        out->number = kundig__floor(given->number) + 0.0;
        return KUNDIG_OK;
    case KUNDIG_VALUE_NULL:
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "null is not a value to compare with: ask whether it is missing");
    default:
        return kundig__fail(err, KUNDIG_E_ARG, 0, "value type %ld is unknown", (long)given->type);
    }
    kundig__span span;
    if (of_time && !kundig__span_read(text, &span)) {
        return kundig__fail(err, KUNDIG_E_VALUE, 0,
                            "'%.*s' is not a date: write 2026, 2026-03, 2026-Q1, 2026-W11, "
                            "2026-03-09 or 2026-03-09T14:30",
                            kundig__shown(text), text.data);
    }
    out->type = KUNDIG_VALUE_TEXT;
    out->text = kundig__arena_text(&query->arena, text);
    return out->text.data ? KUNDIG_OK : kundig__nomem(&query->mem, err);
}

int kundig_query_condition(kundig_query *query, const char *field, size_t len, int32_t op,
                           const kundig_value *values, size_t value_count, uint32_t *node,
                           kundig_error *err)
{
    kundig__node fresh = {.op = op, .depth = 1, .weight = 1};
    if (!query || !node) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "%s is NULL", query ? "node" : "query");
    }
    if (!field || !len) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "the field has no name");
    }
    if (!values && value_count) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "values is NULL");
    }
    int rc = query_check_count(op, value_count, err);
    if (!rc) {
        rc = query_set_text(query, &fresh.field, field, len, "the field", err);
    }
    size_t size;
    if (!rc && value_count) {
        fresh.values = kundig__size_mul(value_count, sizeof *values, &size)
                           ? kundig__arena_alloc(&query->arena, size)
                           : NULL;
        if (!fresh.values) {
            rc = kundig__nomem(&query->mem, err);
        }
    }
    bool of_time = kundig__text_equal(fresh.field, KUNDIG__TEXT("time"));
    for (size_t i = 0; i < value_count && !rc; i++) {
        rc = query_value(query, &values[i], of_time, &fresh.values[i], err);
    }
    fresh.value_count = value_count;
    return rc ? rc : query_node_add(query, fresh, node, err);
}

/* The "and" that kundig_query_keep() makes grows afterwards: nothing may stand on it, or conditions
 * could go in circles. */
static bool query_has_node(const kundig_query *query, uint32_t node)
{
    return node < query->node_count && !(query->keep_joined && node == query->keep);
}

int kundig_query_combine(kundig_query *query, int32_t how, const uint32_t *nodes, size_t node_count,
                         uint32_t *node, kundig_error *err)
{
    kundig__node fresh = {.how = how, .depth = 1, .weight = 1};
    if (!query || !node) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "%s is NULL", query ? "node" : "query");
    }
    if (how < KUNDIG_ALL_OF || how > KUNDIG_NONE_OF) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "combination %ld is unknown", (long)how);
    }
    if (!nodes || !node_count) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "there is nothing to combine");
    }
    if (node_count > KUNDIG__MAX_NODES) {
        return kundig__fail(err, KUNDIG_E_LIMIT, 0, "a query holds at most %d conditions",
                            KUNDIG__MAX_NODES);
    }
    for (size_t i = 0; i < node_count; i++) {
        if (!query_has_node(query, nodes[i])) {
            return kundig__fail(err, KUNDIG_E_ARG, 0, "node %lu was not made in this query",
                                (unsigned long)nodes[i]);
        }
        const kundig__node *child = &query->nodes[nodes[i]];
        fresh.weight += child->weight;
        fresh.depth = child->depth >= fresh.depth ? child->depth + 1 : fresh.depth;
        if (fresh.weight > KUNDIG__MAX_NODES || fresh.depth > KUNDIG__MAX_DEPTH) {
            return kundig__fail(err, KUNDIG_E_LIMIT, 0,
                                "conditions are nested at most %d deep, %d in all",
                                KUNDIG__MAX_DEPTH, KUNDIG__MAX_NODES);
        }
    }
    fresh.children = kundig__arena_alloc(&query->arena, node_count * sizeof *fresh.children);
    if (!fresh.children) {
        return kundig__nomem(&query->mem, err);
    }
    memcpy(fresh.children, nodes, node_count * sizeof *nodes);
    fresh.child_count = node_count;
    return query_node_add(query, fresh, node, err);
}

int kundig_query_keep(kundig_query *query, uint32_t node, kundig_error *err)
{
    if (!query) {
        return query_none(err);
    }
    if (!query_has_node(query, node)) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "node %lu was not made in this query",
                            (unsigned long)node);
    }
    if (query->keep == KUNDIG__NO_NODE) {
        query->keep = node;
        return KUNDIG_OK;
    }
    uint32_t pair[2] = {query->keep, node};
    if (!query->keep_joined) {
        int rc = kundig_query_combine(query, KUNDIG_ALL_OF, pair, 2, &query->keep, err);
        query->keep_joined = query->keep_joined || rc == KUNDIG_OK;
        return rc;
    }
    /* One flat "and" however often this is called: its number is known to nobody else. */
    kundig__node *joined = &query->nodes[query->keep];
    const kundig__node *child = &query->nodes[node];
    uint32_t depth = child->depth >= joined->depth ? child->depth + 1 : joined->depth;
    if (joined->weight + child->weight > KUNDIG__MAX_NODES || depth > KUNDIG__MAX_DEPTH) {
        return kundig__fail(err, KUNDIG_E_LIMIT, 0,
                            "conditions are nested at most %d deep, %d in all", KUNDIG__MAX_DEPTH,
                            KUNDIG__MAX_NODES);
    }
    if ((joined->child_count & (joined->child_count - 1)) == 0) {
        uint32_t *children =
            kundig__arena_alloc(&query->arena, joined->child_count * 2 * sizeof *children);
        if (!children) {
            return kundig__nomem(&query->mem, err);
        }
        memcpy(children, joined->children, joined->child_count * sizeof *children);
        joined->children = children;
    }
    joined->children[joined->child_count++] = node;
    joined->weight += child->weight;
    joined->depth = depth;
    return KUNDIG_OK;
}

/* ---- Copies ---- */

static bool query_copy_text(kundig_query *query, kundig_text from, kundig_text *to)
{
    *to = from.data ? kundig__arena_text(&query->arena, from) : from;
    return !from.data || to->data;
}

static bool query_copy_node(kundig_query *query, const kundig__node *from, kundig__node *to)
{
    *to = *from;
    if (from->value_count) {
        to->values = kundig__arena_alloc(&query->arena, from->value_count * sizeof *to->values);
        if (!to->values) {
            return false;
        }
        for (size_t i = 0; i < from->value_count; i++) {
            to->values[i] = from->values[i];
            if (!query_copy_text(query, from->values[i].text, &to->values[i].text)) {
                return false;
            }
        }
    }
    if (from->child_count) {
        /* A power of two, as kundig_query_keep() counts on. */
        size_t capacity = 1;
        while (capacity < from->child_count) {
            capacity *= 2;
        }
        to->children = kundig__arena_alloc(&query->arena, capacity * sizeof *to->children);
        if (!to->children) {
            return false;
        }
        memcpy(to->children, from->children, from->child_count * sizeof *to->children);
    }
    return query_copy_text(query, from->field, &to->field);
}

static bool query_copy_all(kundig_query *to, const kundig_query *from)
{
    void *nodes = to->nodes;
    bool ok =
        kundig__grow(&to->mem, &nodes, &to->node_capacity, from->node_count, sizeof *to->nodes) &&
        query_copy_text(to, from->metric, &to->metric) &&
        query_copy_text(to, from->question, &to->question) &&
        query_copy_text(to, from->zone, &to->zone) &&
        query_copy_text(to, from->purpose, &to->purpose);
    to->nodes = nodes;
    for (size_t i = 0; i < from->group_field_count && ok; i++) {
        ok = query_copy_text(to, from->group_fields[i], &to->group_fields[i]);
    }
    for (size_t i = 0; i < from->node_count && ok; i++) {
        ok = query_copy_node(to, &from->nodes[i], &to->nodes[i]);
    }
    to->group_field_count = from->group_field_count;
    to->node_count = from->node_count;
    to->every = from->every;
    to->unit = from->unit;
    to->interval = from->interval;
    to->level = from->level;
    to->min_n = from->min_n;
    to->as_of_ms = from->as_of_ms;
    to->keep = from->keep;
    to->keep_joined = from->keep_joined;
    return ok;
}

int kundig__query_copy(const kundig_query *from, const kundig_allocator *allocator,
                       kundig_query **out, kundig_error *err)
{
    kundig_query *query = NULL;
    int rc = kundig_query_new(allocator, &query);
    if (rc) {
        return kundig__fail(err, rc, 0, "out of memory");
    }
    if (from && !query_copy_all(query, from)) {
        rc = kundig__nomem(&query->mem, err);
        kundig_query_free(query);
        return rc;
    }
    *out = query;
    return KUNDIG_OK;
}

/* ---- Canonical bytes ---- */

static void query_put_double(kundig__buf *out, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    kundig__put_u64(out, bits);
}

static void query_put_node(const kundig_query *query, uint32_t number, kundig__buf *out)
{
    const kundig__node *node = &query->nodes[number];
    kundig__put_u8(out, (uint8_t)node->op);
    if (node->op == 0) {
        kundig__put_u8(out, (uint8_t)node->how);
        kundig__put_u64(out, node->child_count);
        for (size_t i = 0; i < node->child_count; i++) {
            query_put_node(query, node->children[i], out);
        }
        return;
    }
    kundig__put_text(out, node->field);
    kundig__put_u64(out, node->value_count);
    for (size_t i = 0; i < node->value_count; i++) {
        kundig__put_u8(out, (uint8_t)node->values[i].type);
        if (node->values[i].type == KUNDIG_VALUE_TIME) {
            query_put_double(out, node->values[i].number);
        } else {
            kundig__put_text(out, node->values[i].text);
        }
    }
}

void kundig__query_canonical(const kundig_query *query, kundig__buf *out)
{
    kundig__put_text(out, query->metric);
    kundig__put_text(out, query->question);
    kundig__put_u64(out, query->group_field_count);
    for (size_t i = 0; i < query->group_field_count; i++) {
        kundig__put_text(out, query->group_fields[i]);
    }
    kundig__put_u32(out, (uint32_t)query->every);
    kundig__put_u32(out, (uint32_t)query->unit);
    kundig__put_u32(out, (uint32_t)query->interval);
    query_put_double(out, query->level);
    kundig__put_u64(out, query->min_n);
    /* No zone, an empty one and UTC are one. */
    kundig__put_text(out, query->zone.len ? query->zone : KUNDIG__TEXT("UTC"));
    kundig__put_text(out, query->purpose);
    kundig__put_i64(out, query->as_of_ms);
    kundig__put_u8(out, query->keep != KUNDIG__NO_NODE);
    if (query->keep != KUNDIG__NO_NODE) {
        query_put_node(query, query->keep, out);
    }
}
