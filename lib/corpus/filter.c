/* Which rows a query keeps, compiled for one corpus.
 *
 * A condition on a dimension becomes a byte a code: rows cost one look-up whatever the operator.
 * One on a question becomes a range of thousandths, one on time a range of instants beside a range
 * of written dates. All others (text, id, numbers, sets of times) are answered once, when the
 * filter is made, as a bit a row. Invariant: two values only - a row without a value meets
 * "missing" and "not equal" alone, and "none of" is the plain opposite of "any of". Evaluating
 * allocates nothing and needs at most 64 levels of 1 KiB. Cost: 1 ns a row and condition;
 * "contains" one folding of each text when made. */
#include "base/calendar.h"
#include "base/math.h"
#include "base/number.h"
#include "base/text.h"
#include "corpus/facts.h"
#include "corpus/tree.h"
#include "text/text.h"

#define FILTER_STRIP 512u

#define FILTER_COMBINE 0 /* all, any or none of the children */
#define FILTER_CONST   1 /* every row the same */
#define FILTER_CODES   2
#define FILTER_RANGE   3
#define FILTER_TIME    4
#define FILTER_BITS    5

typedef struct filter_step {
    int32_t type;
    int32_t how;
    const uint32_t *children; /* of the query's node, as numbers of steps */
    size_t child_count;
    bool constant;
    bool negate;
    const uint32_t *codes;
    const uint8_t *pass; /* pass[code], code 0 is missing */
    const int32_t *values;
    int32_t least;
    int32_t greatest;
    int64_t from[2]; /* instants, written dates; both ends are inside */
    int64_t to[2];
    const uint64_t *bits;
} filter_step;

struct kundig__filter {
    kundig__corpus *corpus;
    kundig__arena arena;
    filter_step *steps; /* as the query's nodes; unused ones are empty */
    size_t step_count;
    uint32_t roots[2];
    size_t root_count;
    bool has_time;
    const int64_t *times;
    const uint8_t *precisions;
};

/* What compiling works with. */
typedef struct filter_maker {
    kundig__filter *filter;
    kundig__corpus *corpus;
    const kundig_query *query;
    const kundig__zone *zone;
    kundig__scratch scratch;
    kundig_error *err;
} filter_maker;

static int filter_nomem(filter_maker *maker)
{
    return kundig__nomem(maker->corpus->mem, maker->err);
}

static int filter_refuse(filter_maker *maker, const kundig__node *node, const char *why)
{
    return kundig__fail(maker->err, KUNDIG_E_ARG, 0, "'%.*s' %s", kundig__shown(node->field),
                        node->field.data, why);
}

static int filter_bad_value(filter_maker *maker, const kundig__node *node,
                            const kundig_value *value, const char *what)
{
    kundig_text text = value->type == KUNDIG_VALUE_TEXT ? value->text : KUNDIG__TEXT("a time");
    return kundig__fail(maker->err, KUNDIG_E_VALUE, 0, "'%.*s' is not %s, as '%.*s' needs",
                        kundig__shown(text), text.data, what, kundig__shown(node->field),
                        node->field.data);
}

/* ---- Texts ---- */

static bool filter_has_part(const char *text, size_t len, const char *part, size_t part_len)
{
    if (part_len == 0) {
        return true;
    }
    const char *end = text + len;
    while ((size_t)(end - text) >= part_len) {
        const char *hit = memchr(text, part[0], (size_t)(end - text) - part_len + 1);
        if (!hit) {
            return false;
        }
        if (memcmp(hit, part, part_len) == 0) {
            return true;
        }
        text = hit + 1;
    }
    return false;
}

/* The folded value of "contains", kept in the arena. */
static int filter_fold_value(filter_maker *maker, const kundig__node *node, kundig_text *out)
{
    kundig_text value = node->values[0].text;
    int rc = kundig__text_fold(&maker->scratch, value.data, value.len);
    if (!rc) {
        *out = kundig__arena_text(&maker->filter->arena,
                                  kundig__text(maker->scratch.folded ? maker->scratch.folded : "",
                                               maker->scratch.folded_len));
        rc = out->data ? KUNDIG_OK : KUNDIG_E_NOMEM;
    }
    return rc ? filter_nomem(maker) : KUNDIG_OK;
}

/* Does a text that is there meet the condition? folded is the folded value of "contains". */
static int filter_text_meets(filter_maker *maker, const kundig__node *node, kundig_text folded,
                             kundig_text text, bool *meets)
{
    const kundig_value *values = node->values;
    int first = 0;
    if (node->op != KUNDIG_OP_CONTAINS && node->op != KUNDIG_OP_MISSING) {
        first = kundig__text_order(text, values[0].text);
    }
    switch (node->op) {
    case KUNDIG_OP_EQUAL:
        *meets = first == 0;
        break;
    case KUNDIG_OP_NOT_EQUAL:
        *meets = first != 0;
        break;
    case KUNDIG_OP_LESS:
        *meets = first < 0;
        break;
    case KUNDIG_OP_LESS_OR_EQUAL:
        *meets = first <= 0;
        break;
    case KUNDIG_OP_GREATER:
        *meets = first > 0;
        break;
    case KUNDIG_OP_GREATER_OR_EQUAL:
        *meets = first >= 0;
        break;
    case KUNDIG_OP_BETWEEN:
        *meets = first >= 0 && kundig__text_order(text, values[1].text) <= 0;
        break;
    case KUNDIG_OP_IN:
        *meets = false;
        for (size_t i = 0; i < node->value_count && !*meets; i++) {
            *meets = kundig__text_equal(text, values[i].text);
        }
        break;
    case KUNDIG_OP_CONTAINS:
        if (kundig__text_fold(&maker->scratch, text.data, text.len)) {
            return filter_nomem(maker);
        }
        *meets = filter_has_part(maker->scratch.folded, maker->scratch.folded_len, folded.data,
                                 folded.len);
        break;
    default: /* missing */
        *meets = false;
        break;
    }
    return KUNDIG_OK;
}

static bool filter_meets_missing(const kundig__node *node)
{
    return node->op == KUNDIG_OP_MISSING || node->op == KUNDIG_OP_NOT_EQUAL;
}

static int filter_want_texts(filter_maker *maker, const kundig__node *node)
{
    for (size_t i = 0; i < node->value_count; i++) {
        if (node->values[i].type != KUNDIG_VALUE_TEXT) {
            return filter_refuse(maker, node, "is compared with texts, not with times");
        }
    }
    return KUNDIG_OK;
}

static int filter_codes(filter_maker *maker, const kundig__node *node,
                        const kundig__dimension *dimension, filter_step *step)
{
    kundig_text folded = {NULL, 0};
    const kundig__dict *dict = &dimension->dict;
    int rc = filter_want_texts(maker, node);
    if (rc) {
        return rc;
    }
    if (!dimension->codes) {
        step->type = FILTER_CONST;
        step->constant = filter_meets_missing(node);
        return KUNDIG_OK;
    }
    uint8_t *pass = kundig__arena_alloc(&maker->filter->arena, (size_t)dict->count + 1);
    if (!pass) {
        return filter_nomem(maker);
    }
    memset(pass, 0, (size_t)dict->count + 1);
    pass[0] = filter_meets_missing(node);
    if (node->op == KUNDIG_OP_EQUAL || node->op == KUNDIG_OP_NOT_EQUAL ||
        node->op == KUNDIG_OP_IN) {
        bool negate = node->op == KUNDIG_OP_NOT_EQUAL;
        memset(pass + 1, negate, dict->count);
        for (size_t i = 0; i < node->value_count; i++) {
            kundig_text text = node->values[i].text;
            uint32_t code = kundig__dict_find(dict, text.data, text.len);
            if (code != KUNDIG__DICT_NONE) {
                pass[code + 1] = !negate;
            }
        }
    } else {
        if (node->op == KUNDIG_OP_CONTAINS) {
            rc = filter_fold_value(maker, node, &folded);
        }
        for (uint32_t code = 0; code < dict->count && !rc; code++) {
            bool meets = false;
            rc = filter_text_meets(maker, node, folded, kundig__dict_text(dict, code), &meets);
            pass[code + 1] = meets;
        }
    }
    step->type = FILTER_CODES;
    step->codes = dimension->codes;
    step->pass = pass;
    return rc;
}

/* ---- A bit a row ---- */

static uint64_t *filter_bits_new(filter_maker *maker)
{
    size_t words = ((size_t)maker->corpus->rows + 63) / 64;
    uint64_t *bits = kundig__arena_alloc(&maker->filter->arena, words * sizeof *bits + 8);
    if (bits) {
        memset(bits, 0, words * sizeof *bits);
    }
    return bits;
}

static void filter_bits_set(uint64_t *bits, uint32_t row)
{
    bits[row / 64] |= UINT64_C(1) << (row % 64);
}

/* Text and id: read row by row, once. */
static int filter_rows_text(filter_maker *maker, const kundig__node *node, bool of_id,
                            filter_step *step)
{
    kundig__corpus *corpus = maker->corpus;
    kundig_text folded = {NULL, 0};
    uint64_t *bits = filter_bits_new(maker);
    int rc = filter_want_texts(maker, node);
    if (!rc && !bits) {
        rc = filter_nomem(maker);
    }
    if (!rc && node->op == KUNDIG_OP_CONTAINS) {
        rc = filter_fold_value(maker, node, &folded);
    }
    for (uint32_t row = 0; row < corpus->rows && !rc; row++) {
        bool meets = false;
        if (row % 65536 == 65535) {
            rc = kundig__progress(corpus->context, row, corpus->rows, maker->err);
        }
        if (rc || !kundig__row_is_current(corpus, row)) {
            continue;
        }
        kundig_text text =
            of_id ? kundig__corpus_id(corpus, row) : kundig__corpus_text(corpus, row);
        if (text.data) {
            rc = filter_text_meets(maker, node, folded, text, &meets);
        } else {
            meets = filter_meets_missing(node);
        }
        if (meets) {
            filter_bits_set(bits, row);
        }
    }
    step->type = FILTER_BITS;
    step->bits = bits;
    return rc;
}

/* ---- Numbers ---- */

static int filter_read_number(filter_maker *maker, const kundig__node *node, size_t i, double *out)
{
    const kundig_value *value = &node->values[i];
    if (value->type != KUNDIG_VALUE_TEXT || !kundig__number_read(value->text, out)) {
        return filter_bad_value(maker, node, value, "a number");
    }
    return KUNDIG_OK;
}

static int filter_read_bool(filter_maker *maker, const kundig__node *node, size_t i, double *out)
{
    static const char *const words[2][3] = {{"false", "no", "0"}, {"true", "yes", "1"}};
    const kundig_value *value = &node->values[i];
    for (int b = 0; b < 2 && value->type == KUNDIG_VALUE_TEXT; b++) {
        for (int w = 0; w < 3; w++) {
            if (kundig__text_equal_nocase(value->text, kundig__str(words[b][w]))) {
                *out = b;
                return KUNDIG_OK;
            }
        }
    }
    return filter_bad_value(maker, node, value, "true or false");
}

static int filter_read_numbers(filter_maker *maker, const kundig__node *node, bool booleans,
                               double **out)
{
    if (node->op == KUNDIG_OP_CONTAINS) {
        return filter_refuse(maker, node, "is no text: 'contains' does not fit it");
    }
    if (booleans && node->op != KUNDIG_OP_EQUAL && node->op != KUNDIG_OP_NOT_EQUAL &&
        node->op != KUNDIG_OP_IN && node->op != KUNDIG_OP_MISSING) {
        return filter_refuse(maker, node, "is true or false: only =, !=, in and missing fit it");
    }
    double *numbers =
        kundig__arena_alloc(&maker->filter->arena, (node->value_count + 1) * sizeof *numbers);
    int rc = numbers ? KUNDIG_OK : filter_nomem(maker);
    for (size_t i = 0; i < node->value_count && !rc; i++) {
        rc = booleans ? filter_read_bool(maker, node, i, &numbers[i])
                      : filter_read_number(maker, node, i, &numbers[i]);
    }
    *out = numbers;
    return rc;
}

static bool filter_number_meets(const kundig__node *node, const double *values, double x)
{
    switch (node->op) {
    case KUNDIG_OP_EQUAL:
        return x == values[0];
    case KUNDIG_OP_NOT_EQUAL:
        return x != values[0];
    case KUNDIG_OP_LESS:
        return x < values[0];
    case KUNDIG_OP_LESS_OR_EQUAL:
        return x <= values[0];
    case KUNDIG_OP_GREATER:
        return x > values[0];
    case KUNDIG_OP_GREATER_OR_EQUAL:
        return x >= values[0];
    case KUNDIG_OP_BETWEEN:
        return x >= values[0] && x <= values[1];
    case KUNDIG_OP_IN:
        for (size_t i = 0; i < node->value_count; i++) {
            if (x == values[i]) {
                return true;
            }
        }
        return false;
    default: /* missing */
        return false;
    }
}

/* Numbers and booleans of attributes, and weights. */
static int filter_rows_number(filter_maker *maker, const kundig__node *node,
                              const kundig__attribute_column *column, filter_step *step)
{
    kundig__corpus *corpus = maker->corpus;
    const int64_t *weights = kundig__corpus_weights(corpus);
    double *values = NULL;
    int rc = filter_read_numbers(maker, node, column && column->type == KUNDIG_VALUE_BOOL, &values);
    uint64_t *bits = rc ? NULL : filter_bits_new(maker);
    if (!rc && !bits) {
        rc = filter_nomem(maker);
    }
    for (uint32_t row = 0; row < corpus->rows && !rc; row++) {
        double x = 1;
        if (column) {
            x = column->numbers[row];
        } else if (weights) {
            x = (double)weights[row] / (double)KUNDIG__WEIGHT_ONE;
        }
        bool has = x == x;
        if (has ? filter_number_meets(node, values, x) : filter_meets_missing(node)) {
            filter_bits_set(bits, row);
        }
    }
    step->type = FILTER_BITS;
    step->bits = bits;
    return rc;
}

/* The thousandths at most below and at least above x; both are one where x is a thousandth. */
static void filter_thousandths(double x, int32_t *below, int32_t *above)
{
    const double limit = 2e6;
    double clamped = x < -limit ? -limit : x > limit ? limit : x;
    int64_t nearest = kundig__thousandths(clamped);
    double back = (double)nearest / 1000.0; /* the double that people mean by that decimal */
    *below = (int32_t)(back <= clamped ? nearest : nearest - 1);
    *above = (int32_t)(back >= clamped ? nearest : nearest + 1);
}

static int filter_range(filter_maker *maker, const kundig__node *node,
                        const kundig__question *question, filter_step *step)
{
    double *values = NULL;
    int32_t below[2] = {0, 0};
    int32_t above[2] = {0, 0};
    int rc = filter_read_numbers(maker, node, false, &values);
    if (rc) {
        return rc;
    }
    step->type = FILTER_RANGE;
    step->values = question->values;
    step->least = INT32_MIN + 1; /* the least that is not missing */
    step->greatest = INT32_MAX;
    for (size_t i = 0; i < node->value_count && i < 2; i++) {
        filter_thousandths(values[i], &below[i], &above[i]);
    }
    switch (node->op) {
    case KUNDIG_OP_NOT_EQUAL:
        step->negate = true;
        /* falls through */
    case KUNDIG_OP_EQUAL:
        step->least = above[0];
        step->greatest = below[0];
        break;
    case KUNDIG_OP_LESS:
        step->greatest = above[0] - 1;
        break;
    case KUNDIG_OP_LESS_OR_EQUAL:
        step->greatest = below[0];
        break;
    case KUNDIG_OP_GREATER:
        step->least = below[0] + 1;
        break;
    case KUNDIG_OP_GREATER_OR_EQUAL:
        step->least = above[0];
        break;
    case KUNDIG_OP_BETWEEN:
        step->least = above[0];
        step->greatest = below[1];
        break;
    case KUNDIG_OP_MISSING:
        step->negate = true;
        break;
    default: { /* in */
        uint64_t *bits = filter_bits_new(maker);
        if (!bits) {
            return filter_nomem(maker);
        }
        for (size_t i = 0; i < node->value_count; i++) {
            filter_thousandths(values[i], &below[0], &above[0]);
            for (uint32_t row = 0; row < maker->corpus->rows && below[0] == above[0]; row++) {
                if (question->values[row] == below[0]) {
                    filter_bits_set(bits, row);
                }
            }
        }
        step->type = FILTER_BITS;
        step->bits = bits;
        break;
    }
    }
    return KUNDIG_OK;
}

/* ---- Time ---- */

/* A value as instants [0] and as written dates [1], both half-open. */
static int filter_span(filter_maker *maker, const kundig__node *node, const kundig_value *value,
                       int64_t from[2], int64_t to[2])
{
    kundig__span span;
    if (value->type == KUNDIG_VALUE_TIME) {
        span.from_ms = (int64_t)value->number;
        span.to_ms = span.from_ms + 1;
        span.has_offset = true;
        if (!kundig__time_in_range(span.from_ms)) {
            return filter_bad_value(maker, node, value, "within the years 0001 to 9999");
        }
    } else if (!kundig__span_read(value->text, &span)) {
        return filter_bad_value(maker, node, value, "a date");
    }
    if (span.has_offset) {
        int64_t seconds = kundig__floor_div(span.from_ms, 1000);
        int64_t shift = (int64_t)kundig__zone_offset(maker->zone, seconds, NULL, NULL) * 1000;
        from[0] = span.from_ms;
        to[0] = span.to_ms;
        from[1] = span.from_ms + shift;
        to[1] = span.to_ms + shift;
    } else {
        from[0] = kundig__zone_to_utc_ms(maker->zone, span.from_ms);
        to[0] = kundig__zone_to_utc_ms(maker->zone, span.to_ms);
        from[1] = span.from_ms;
        to[1] = span.to_ms;
    }
    return KUNDIG_OK;
}

static bool filter_time_in(const filter_step *step, int64_t time_ms, bool written)
{
    return time_ms >= step->from[written] && time_ms <= step->to[written];
}

static bool filter_is_written(const kundig__filter *filter, uint32_t row)
{
    return filter->precisions && filter->precisions[row] == KUNDIG_PRECISION_DAY;
}

/* A set of times: one span after the other into bits. */
static int filter_time_in_set(filter_maker *maker, const kundig__node *node, filter_step *step)
{
    const kundig__filter *filter = maker->filter;
    uint64_t *bits = filter_bits_new(maker);
    int rc = bits ? KUNDIG_OK : filter_nomem(maker);
    for (size_t i = 0; i < node->value_count && !rc; i++) {
        filter_step one = {0};
        rc = filter_span(maker, node, &node->values[i], one.from, one.to);
        one.to[0]--;
        one.to[1]--;
        for (uint32_t row = 0; row < maker->corpus->rows && filter->times && !rc; row++) {
            if (filter_time_in(&one, filter->times[row], filter_is_written(filter, row))) {
                filter_bits_set(bits, row);
            }
        }
    }
    step->type = FILTER_BITS;
    step->bits = bits;
    return rc;
}

static int filter_time(filter_maker *maker, const kundig__node *node, filter_step *step)
{
    int64_t from[2][2] = {{0}};
    int64_t to[2][2] = {{0}};
    maker->filter->has_time = true;
    if (node->op == KUNDIG_OP_CONTAINS) {
        return filter_refuse(maker, node, "is no text: write time = 2026-03 instead of 'contains'");
    }
    if (node->op == KUNDIG_OP_IN) {
        return filter_time_in_set(maker, node, step);
    }
    for (size_t i = 0; i < node->value_count; i++) {
        int rc = filter_span(maker, node, &node->values[i], from[i], to[i]);
        if (rc) {
            return rc;
        }
    }
    step->type = FILTER_TIME;
    step->negate = filter_meets_missing(node);
    for (int k = 0; k < 2; k++) {
        step->from[k] = KUNDIG_TIME_ABSENT + 1;
        step->to[k] = INT64_MAX;
        switch (node->op) {
        case KUNDIG_OP_EQUAL:
        case KUNDIG_OP_NOT_EQUAL:
            step->from[k] = from[0][k];
            step->to[k] = to[0][k] - 1;
            break;
        case KUNDIG_OP_LESS:
            step->to[k] = from[0][k] - 1;
            break;
        case KUNDIG_OP_LESS_OR_EQUAL:
            step->to[k] = to[0][k] - 1;
            break;
        case KUNDIG_OP_GREATER:
            step->from[k] = to[0][k];
            break;
        case KUNDIG_OP_GREATER_OR_EQUAL:
            step->from[k] = from[0][k];
            break;
        case KUNDIG_OP_BETWEEN:
            step->from[k] = from[0][k];
            step->to[k] = to[1][k] - 1;
            break;
        default: /* missing: not within all times */
            break;
        }
    }
    if (!maker->filter->times) {
        step->type = FILTER_CONST;
        step->constant = step->negate;
    }
    return KUNDIG_OK;
}

/* ---- Making ---- */

static int filter_condition(filter_maker *maker, const kundig__node *node, filter_step *step)
{
    kundig__corpus *corpus = maker->corpus;
    kundig__field field;
    int rc = kundig__field_resolve(corpus, node->field, &field, maker->err);
    if (rc) {
        return rc;
    }
    switch (field.type) {
    case KUNDIG__FIELD_DIMENSION:
        return filter_codes(maker, node, &corpus->dims[field.index], step);
    case KUNDIG__FIELD_QUESTION:
        return filter_range(maker, node, kundig__corpus_question(corpus, field.index), step);
    case KUNDIG__FIELD_ATTRIBUTE: {
        const kundig__attribute_column *column = kundig__corpus_attribute(corpus, field.index);
        return column->type == KUNDIG_VALUE_TEXT ? filter_codes(maker, node, &column->texts, step)
                                                 : filter_rows_number(maker, node, column, step);
    }
    case KUNDIG__FIELD_TIME:
        return filter_time(maker, node, step);
    case KUNDIG__FIELD_WEIGHT:
        return filter_rows_number(maker, node, NULL, step);
    default:
        return filter_rows_text(maker, node, field.type == KUNDIG__FIELD_ID, step);
    }
}

/* Mark what a root needs, from it downwards: children have smaller numbers. */
static void filter_mark(const kundig_query *query, uint32_t root, uint8_t *needed)
{
    needed[root] = 1;
    for (uint32_t i = root + 1; i-- > 0;) {
        const kundig__node *node = &query->nodes[i];
        for (size_t c = 0; needed[i] && c < node->child_count; c++) {
            needed[node->children[c]] = 1;
        }
    }
}

/* An "and" of kundig_query_keep() may hold nodes made after it: they count as roots as well. */
static void filter_mark_all(const kundig_query *query, uint32_t root, uint8_t *needed)
{
    const kundig__node *node = &query->nodes[root];
    filter_mark(query, root, needed);
    for (size_t c = 0; c < node->child_count; c++) {
        filter_mark(query, node->children[c], needed);
    }
}

static int filter_make(filter_maker *maker)
{
    kundig__filter *filter = maker->filter;
    const kundig_query *query = maker->query;
    size_t count = query->node_count;
    filter->steps = kundig__arena_alloc(&filter->arena, count * sizeof *filter->steps);
    uint8_t *needed = kundig__arena_alloc(&filter->arena, count);
    if (!filter->steps || !needed) {
        return filter_nomem(maker);
    }
    memset(filter->steps, 0, count * sizeof *filter->steps);
    memset(needed, 0, count);
    for (size_t i = 0; i < filter->root_count; i++) {
        filter_mark_all(query, filter->roots[i], needed);
    }
    for (size_t i = 0; i < count; i++) {
        const kundig__node *node = &query->nodes[i];
        filter_step *step = &filter->steps[i];
        if (!needed[i]) {
            continue;
        }
        if (node->op) {
            int rc = filter_condition(maker, node, step);
            if (rc) {
                return rc;
            }
        } else {
            step->how = node->how;
            step->child_count = node->child_count;
            step->children = node->children;
        }
    }
    return KUNDIG_OK;
}

int kundig__filter_new(kundig__corpus *corpus, const kundig_query *query, uint32_t node,
                       const kundig__zone *zone, kundig__filter **out, kundig_error *err)
{
    kundig__filter *filter = kundig__alloc_zero(corpus->mem, sizeof *filter);
    if (!filter) {
        return kundig__nomem(corpus->mem, err);
    }
    filter_maker maker = {
        .filter = filter, .corpus = corpus, .query = query, .zone = zone, .err = err};
    filter->corpus = corpus;
    filter->times = kundig__corpus_times(corpus);
    filter->precisions = kundig__corpus_precisions(corpus);
    kundig__arena_init(&filter->arena, corpus->mem);
    kundig__scratch_init(&maker.scratch, corpus->mem);
    if (query->keep != KUNDIG__NO_NODE) {
        filter->roots[filter->root_count++] = query->keep;
    }
    if (node != KUNDIG__NO_NODE) {
        filter->roots[filter->root_count++] = node;
    }
    int rc = filter->root_count ? filter_make(&maker) : KUNDIG_OK;
    kundig__scratch_free(&maker.scratch);
    if (rc) {
        kundig__filter_free(filter);
        return rc;
    }
    *out = filter;
    return KUNDIG_OK;
}

void kundig__filter_free(kundig__filter *filter)
{
    if (filter) {
        kundig__mem *mem = filter->corpus->mem;
        kundig__arena_free(&filter->arena);
        kundig__free(mem, filter, sizeof *filter);
    }
}

bool kundig__filter_is_empty(const kundig__filter *filter)
{
    return filter->root_count == 0;
}

bool kundig__filter_has_time(const kundig__filter *filter)
{
    return filter->has_time;
}

/* ---- Evaluating ---- */

static void filter_eval(const kundig__filter *filter, uint32_t number, uint32_t first,
                        uint32_t count, uint8_t *mask);

static void filter_eval_any(const kundig__filter *filter, const filter_step *step, uint32_t first,
                            uint32_t count, uint8_t *mask)
{
    uint8_t any[FILTER_STRIP];
    uint8_t one[FILTER_STRIP];
    memset(any, 0, count);
    for (size_t c = 0; c < step->child_count; c++) {
        memcpy(one, mask, count);
        filter_eval(filter, step->children[c], first, count, one);
        for (uint32_t i = 0; i < count; i++) {
            any[i] |= one[i];
        }
    }
    uint8_t flip = step->how == KUNDIG_NONE_OF;
    for (uint32_t i = 0; i < count; i++) {
        mask[i] &= any[i] ^ flip;
    }
}

static void filter_eval_time(const kundig__filter *filter, const filter_step *step, uint32_t first,
                             uint32_t count, uint8_t *mask)
{
    const int64_t *times = filter->times + first;
    for (uint32_t i = 0; i < count; i++) {
        bool in = filter_time_in(step, times[i], filter_is_written(filter, first + i));
        mask[i] &= (uint8_t)(in != step->negate);
    }
}

static void filter_eval(const kundig__filter *filter, uint32_t number, uint32_t first,
                        uint32_t count, uint8_t *mask)
{
    const filter_step *step = &filter->steps[number];
    switch (step->type) {
    case FILTER_COMBINE:
        if (step->how == KUNDIG_ALL_OF) {
            for (size_t c = 0; c < step->child_count; c++) {
                filter_eval(filter, step->children[c], first, count, mask);
            }
        } else {
            filter_eval_any(filter, step, first, count, mask);
        }
        break;
    case FILTER_CONST:
        if (!step->constant) {
            memset(mask, 0, count);
        }
        break;
    case FILTER_CODES:
        for (uint32_t i = 0; i < count; i++) {
            mask[i] &= step->pass[step->codes[first + i]];
        }
        break;
    case FILTER_RANGE:
        for (uint32_t i = 0; i < count; i++) {
            int32_t value = step->values[first + i];
            bool in = (value >= step->least) & (value <= step->greatest);
            mask[i] &= (uint8_t)(in != step->negate);
        }
        break;
    case FILTER_TIME:
        filter_eval_time(filter, step, first, count, mask);
        break;
    default: /* bits */
        for (uint32_t i = 0; i < count; i++) {
            uint32_t row = first + i;
            mask[i] &= (uint8_t)(step->bits[row / 64] >> (row % 64) & 1);
        }
        break;
    }
}

void kundig__filter_rows(const kundig__filter *filter, uint32_t first, uint32_t count,
                         uint8_t *mask)
{
    for (uint32_t done = 0; done < count; done += FILTER_STRIP) {
        uint32_t strip = count - done < FILTER_STRIP ? count - done : FILTER_STRIP;
        for (size_t i = 0; i < filter->root_count; i++) {
            filter_eval(filter, filter->roots[i], first + done, strip, mask + done);
        }
    }
}
