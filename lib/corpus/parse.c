/* A condition from text.
 *
 *   or         := and { "or" and }
 *   and        := not { "and" not }
 *   not        := "not" not | "(" or ")" | condition
 *   condition  := field comparison value | field [ "not" ] "in" "(" value { "," value } ")"
 *               | field [ "not" ] "between" value "and" value | field [ "not" ] "contains" value
 *               | field "is" [ "not" ] "missing"
 *   field      := word | `...`       value := word | "..." | '...'
 *
 * Keywords in any case; a quote is doubled inside itself. Each rule is one function; it leaves the
 * cursor behind what it read, or an error with the byte where reading stopped. Invariant: recursion
 * is bounded by KUNDIG__MAX_DEPTH; a failed parse leaves no node. Cost: linear. */
#include "base/text.h"
#include "base/utf8.h"
#include "corpus/tree.h"

typedef struct where_cursor {
    kundig_query *query;
    const char *text;
    size_t len;
    size_t pos;
    uint32_t depth;
    kundig_error *err;
    kundig__buf word; /* a quoted word without its quotes */
} where_cursor;

/* A growing list of nodes, or of values. */
typedef struct where_list {
    void *items;
    size_t count;
    size_t capacity;
} where_list;

static int where_or(where_cursor *at, uint32_t *node);

static bool where_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || kundig__text_is_digit(c) ||
           c == '_' || c == '-' || c == '.' || c == ':' || (c & 0x80) != 0;
}

static void where_skip(where_cursor *at)
{
    while (at->pos < at->len && kundig__text_is_space(at->text[at->pos])) {
        at->pos++;
    }
}

/* The plain word at the cursor; empty if there is none. */
static kundig_text where_peek(where_cursor *at)
{
    where_skip(at);
    size_t end = at->pos;
    while (end < at->len && where_plain(at->text[end])) {
        end++;
    }
    return kundig__text(at->text + at->pos, end - at->pos);
}

static bool where_is(kundig_text word, const char *keyword)
{
    return kundig__text_equal_nocase(word, kundig__str(keyword));
}

static bool where_take(where_cursor *at, const char *keyword)
{
    kundig_text word = where_peek(at);
    if (!where_is(word, keyword)) {
        return false;
    }
    at->pos += word.len;
    return true;
}

static bool where_take_char(where_cursor *at, char c)
{
    where_skip(at);
    if (at->pos < at->len && at->text[at->pos] == c) {
        at->pos++;
        return true;
    }
    return false;
}

static int where_fail(where_cursor *at, const char *expected)
{
    where_skip(at);
    if (at->pos == at->len) {
        return kundig__fail(at->err, KUNDIG_E_FORMAT, at->pos, "expected %s, found the end",
                            expected);
    }
    kundig_text rest = kundig__text(at->text + at->pos, at->len - at->pos);
    kundig_text word = where_peek(at);
    if (!word.len) {
        word = kundig__text(rest.data, 1);
    }
    return kundig__fail(at->err, KUNDIG_E_FORMAT, at->pos, "expected %s at byte %zu, found '%.*s'",
                        expected, at->pos, kundig__shown(word), word.data);
}

static bool where_is_joint(kundig_text word)
{
    return where_is(word, "and") || where_is(word, "or") || where_is(word, "not");
}

/* What stands between two quotes; a doubled quote is one. */
static int where_quoted(where_cursor *at, kundig_text *out)
{
    size_t start = at->pos;
    char quote = at->text[at->pos++];
    at->word.len = 0;
    for (;;) {
        if (at->pos == at->len) {
            at->pos = start;
            return kundig__fail(at->err, KUNDIG_E_FORMAT, start,
                                "the quote %c at byte %zu is not closed", quote, start);
        }
        char c = at->text[at->pos++];
        if (c == quote) {
            if (at->pos == at->len || at->text[at->pos] != quote) {
                break;
            }
            at->pos++;
        }
        kundig__buf_char(&at->word, c);
    }
    if (at->word.failed) {
        return kundig__nomem(&at->query->mem, at->err);
    }
    *out = kundig__text(at->word.len ? at->word.data : "", at->word.len);
    return KUNDIG_OK;
}

static bool where_add(where_cursor *at, where_list *list, const void *item, size_t size)
{
    if (!kundig__grow(&at->query->mem, &list->items, &list->capacity, list->count + 1, size)) {
        return false;
    }
    memcpy((char *)list->items + list->count++ * size, item, size);
    return true;
}

static void where_free(where_cursor *at, where_list *list, size_t size)
{
    kundig__free(&at->query->mem, list->items, list->capacity * size);
}

/* A value, copied at once: the next one reuses the word. */
static int where_value(where_cursor *at, const char *behind, where_list *values)
{
    kundig_value value = {.type = KUNDIG_VALUE_TEXT};
    char expected[40] = "a value after '";
    memcpy(expected + 15, behind, strlen(behind));
    memcpy(expected + 15 + strlen(behind), "'", 2);
    where_skip(at);
    if (at->pos < at->len && (at->text[at->pos] == '"' || at->text[at->pos] == '\'')) {
        int rc = where_quoted(at, &value.text);
        if (rc) {
            return rc;
        }
    } else {
        value.text = where_peek(at);
        if (!value.text.len || where_is_joint(value.text)) {
            return where_fail(at, expected);
        }
        at->pos += value.text.len;
    }
    value.text = kundig__arena_text(&at->query->arena, value.text);
    if (!value.text.data || !where_add(at, values, &value, sizeof value)) {
        return kundig__nomem(&at->query->mem, at->err);
    }
    return KUNDIG_OK;
}

static int where_values_in(where_cursor *at, where_list *values)
{
    if (!where_take_char(at, '(')) {
        return where_fail(at, "( after 'in'");
    }
    int rc = where_value(at, values->count ? "," : "(", values);
    while (!rc && !where_take_char(at, ')')) {
        rc = where_take_char(at, ',') ? where_value(at, ",", values)
                                      : where_fail(at, ", or ) in the list");
    }
    return rc;
}

static int where_values_between(where_cursor *at, where_list *values)
{
    int rc = where_value(at, "between", values);
    if (!rc && !where_take(at, "and")) {
        rc = where_fail(at, "'and' and a second value of 'between'");
    }
    return rc ? rc : where_value(at, "and", values);
}

/* The operator and its values. *negated: "not" stood before or in it. */
static int where_comparison(where_cursor *at, int32_t *op, bool *negated, where_list *values)
{
    static const struct {
        const char *sign;
        int32_t op;
    } signs[] = {{"!=", KUNDIG_OP_NOT_EQUAL},        {"<=", KUNDIG_OP_LESS_OR_EQUAL},
                 {">=", KUNDIG_OP_GREATER_OR_EQUAL}, {"<", KUNDIG_OP_LESS},
                 {">", KUNDIG_OP_GREATER},           {"=", KUNDIG_OP_EQUAL}};
    where_skip(at);
    size_t left = at->len - at->pos;
    const char *here = at->text + at->pos;
    if (left >= 2 && (memcmp(here, "==", 2) == 0 || memcmp(here, "<>", 2) == 0)) {
        return kundig__fail(at->err, KUNDIG_E_FORMAT, at->pos, "write %s for %.2s",
                            here[0] == '=' ? "=" : "!=", here);
    }
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        size_t len = strlen(signs[i].sign);
        if (left >= len && memcmp(here, signs[i].sign, len) == 0) {
            at->pos += len;
            *op = signs[i].op;
            return where_value(at, signs[i].sign, values);
        }
    }
    if (where_take(at, "is")) {
        *negated = where_take(at, "not");
        *op = KUNDIG_OP_MISSING;
        return where_take(at, "missing")
                   ? KUNDIG_OK
                   : where_fail(at, *negated ? "'missing' after 'is not'" : "'missing' after 'is'");
    }
    *negated = where_take(at, "not");
    if (where_take(at, "in")) {
        *op = KUNDIG_OP_IN;
        return where_values_in(at, values);
    }
    if (where_take(at, "between")) {
        *op = KUNDIG_OP_BETWEEN;
        return where_values_between(at, values);
    }
    if (where_take(at, "contains")) {
        *op = KUNDIG_OP_CONTAINS;
        return where_value(at, "contains", values);
    }
    return where_fail(at, *negated ? "in, between or contains after 'not'"
                                   : "=, !=, <, <=, >, >=, in, between, contains or is missing");
}

static int where_condition(where_cursor *at, uint32_t *node)
{
    where_list values = {NULL, 0, 0};
    kundig_text field = where_peek(at);
    int32_t op = 0;
    bool negated = false;
    int rc = KUNDIG_OK;
    size_t start = at->pos;
    if (at->pos < at->len && at->text[at->pos] == '`') {
        rc = where_quoted(at, &field);
    } else if (at->pos < at->len && (at->text[at->pos] == '"' || at->text[at->pos] == '\'')) {
        rc = kundig__fail(at->err, KUNDIG_E_FORMAT, at->pos,
                          "expected a field at byte %zu: quotes hold values, a field with blanks "
                          "stands in backquotes",
                          at->pos);
    } else if (!field.len || where_is_joint(field)) {
        rc = where_fail(at, "a field");
    } else {
        at->pos += field.len;
    }
    if (!rc && !field.len) {
        rc = kundig__fail(at->err, KUNDIG_E_FORMAT, start, "the field at byte %zu has no name",
                          start);
    }
    if (!rc) {
        field = kundig__arena_text(&at->query->arena, field);
        if (!field.data) {
            rc = kundig__nomem(&at->query->mem, at->err);
        }
    }
    if (!rc) {
        rc = where_comparison(at, &op, &negated, &values);
    }
    if (!rc) {
        rc = kundig_query_condition(at->query, field.data, field.len, op, values.items,
                                    values.count, node, at->err);
        if (rc && at->err) {
            at->err->pos = start;
        }
    }
    if (!rc && negated) {
        rc = kundig_query_combine(at->query, KUNDIG_NONE_OF, node, 1, node, at->err);
    }
    where_free(at, &values, sizeof(kundig_value));
    return rc;
}

static int where_not(where_cursor *at, uint32_t *node)
{
    int rc;
    if (++at->depth > KUNDIG__MAX_DEPTH) {
        return kundig__fail(at->err, KUNDIG_E_LIMIT, at->pos,
                            "conditions are nested at most %d deep", KUNDIG__MAX_DEPTH);
    }
    if (where_take(at, "not")) {
        rc = where_not(at, node);
        if (!rc) {
            rc = kundig_query_combine(at->query, KUNDIG_NONE_OF, node, 1, node, at->err);
        }
    } else if (where_take_char(at, '(')) {
        size_t open = at->pos - 1;
        rc = where_or(at, node);
        if (!rc && !where_take_char(at, ')')) {
            rc = at->pos == at->len ? kundig__fail(at->err, KUNDIG_E_FORMAT, open,
                                                   "the ( at byte %zu is not closed", open)
                                    : where_fail(at, "'and', 'or' or )");
        }
    } else {
        rc = where_condition(at, node);
    }
    at->depth--;
    return rc;
}

/* A chain of one rule joined by one keyword. */
static int where_chain(where_cursor *at, const char *keyword, int32_t how,
                       int (*rule)(where_cursor *, uint32_t *), uint32_t *node)
{
    where_list nodes = {NULL, 0, 0};
    int rc = KUNDIG_OK;
    do {
        uint32_t one = 0;
        rc = rule(at, &one);
        if (!rc && !where_add(at, &nodes, &one, sizeof one)) {
            rc = kundig__nomem(&at->query->mem, at->err);
        }
    } while (!rc && where_take(at, keyword));
    if (!rc && nodes.count == 1) {
        memcpy(node, nodes.items, sizeof *node);
    } else if (!rc) {
        rc = kundig_query_combine(at->query, how, nodes.items, nodes.count, node, at->err);
    }
    where_free(at, &nodes, sizeof(uint32_t));
    return rc;
}

static int where_and(where_cursor *at, uint32_t *node)
{
    return where_chain(at, "and", KUNDIG_ALL_OF, where_not, node);
}

static int where_or(where_cursor *at, uint32_t *node)
{
    return where_chain(at, "or", KUNDIG_ANY_OF, where_and, node);
}

int kundig_query_parse(kundig_query *query, const char *text, size_t len, uint32_t *node,
                       kundig_error *err)
{
    where_cursor at = {.query = query, .text = text ? text : "", .len = len, .err = err};
    uint32_t made = 0;
    if (!query || !node) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "%s is NULL", query ? "node" : "query");
    }
    if (!text && len) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "text is NULL");
    }
    size_t valid = kundig__utf8_valid(at.text, len);
    const char *nul = memchr(at.text, '\0', len);
    if (nul && (size_t)(nul - at.text) < valid) {
        valid = (size_t)(nul - at.text);
    }
    if (valid != len) {
        return kundig__fail(err, KUNDIG_E_FORMAT, valid, "byte %zu is not valid UTF-8", valid);
    }
    size_t nodes_before = query->node_count;
    kundig__buf_init(&at.word, &query->mem);
    int rc = where_or(&at, &made);
    where_skip(&at);
    if (!rc && at.pos < len) {
        rc = where_fail(&at, "'and' or 'or'");
    }
    kundig__buf_free(&at.word);
    if (rc) {
        query->node_count = nodes_before;
        return rc;
    }
    *node = made;
    return KUNDIG_OK;
}
