/* Which rows a query keeps, compiled for one corpus.
 *
 * A condition on a dimension becomes a byte a code: rows cost one look-up whatever the operator.
 * One on a question becomes a range of thousandths, one on time a range of instants beside a range
 * of written dates. All others (text, what it says, id, numbers, sets of times) are answered once,
 * when the filter is made, as a bit a row. Invariant: two values only - a row without a value meets
 * "missing" and "not equal" alone, and "none of" is the plain opposite of "any of". Evaluating
 * allocates nothing and needs at most 64 levels of 1 KiB. Cost: 1 ns a row and condition;
 * "contains" one folding of each text when made. */
#include "corpus/filter.h"

#include "base/text.h"

#define FILTER_STRIP 512u

/* ---- What all conditions need ---- */

int kundig__filter_nomem(kundig__filter_maker *maker)
{
    return kundig__nomem(maker->corpus->mem, maker->err);
}

int kundig__filter_refuse(kundig__filter_maker *maker, const kundig__node *node, const char *why)
{
    return kundig__fail(maker->err, KUNDIG_E_ARG, 0, "'%.*s' %s", kundig__shown(node->field),
                        node->field.data, why);
}

int kundig__filter_bad_value(kundig__filter_maker *maker, const kundig__node *node,
                             const kundig_value *value, const char *what)
{
    kundig_text text = value->type == KUNDIG_VALUE_TEXT ? value->text : KUNDIG__TEXT("a time");
    return kundig__fail(maker->err, KUNDIG_E_VALUE, 0, "'%.*s' is not %s, as '%.*s' needs",
                        kundig__shown(text), text.data, what, kundig__shown(node->field),
                        node->field.data);
}

bool kundig__filter_meets_missing(const kundig__node *node)
{
    return node->op == KUNDIG_OP_MISSING || node->op == KUNDIG_OP_NOT_EQUAL;
}

uint64_t *kundig__filter_bits_new(kundig__filter_maker *maker)
{
    size_t words = ((size_t)maker->corpus->rows + 63) / 64;
    uint64_t *bits = kundig__arena_alloc(&maker->filter->arena, words * sizeof *bits + 8);
    if (bits) {
        memset(bits, 0, words * sizeof *bits);
    }
    return bits;
}

void kundig__filter_bits_set(uint64_t *bits, uint32_t row)
{
    bits[row / 64] |= UINT64_C(1) << (row % 64);
}

/* ---- Making ---- */

static int filter_condition(kundig__filter_maker *maker, const kundig__node *node,
                            kundig__filter_step *step)
{
    kundig__corpus *corpus = maker->corpus;
    kundig__field field;
    int rc = kundig__field_resolve(corpus, node->field, &field, maker->err);
    if (rc) {
        return rc;
    }
    switch (field.type) {
    case KUNDIG__FIELD_DIMENSION:
        return field.index == KUNDIG__DIM_CUSTOMER
                   ? kundig__filter_people(maker, node, step)
                   : kundig__filter_codes(maker, node, &corpus->dims[field.index], step);
    case KUNDIG__FIELD_QUESTION:
        return kundig__filter_range(maker, node, kundig__corpus_question(corpus, field.index),
                                    step);
    case KUNDIG__FIELD_ATTRIBUTE: {
        const kundig__attribute_column *column = kundig__corpus_attribute(corpus, field.index);
        return column->type == KUNDIG_VALUE_TEXT
                   ? kundig__filter_codes(maker, node, &column->texts, step)
                   : kundig__filter_rows_number(maker, node, column, step);
    }
    case KUNDIG__FIELD_TIME:
        return kundig__filter_time(maker, node, step);
    case KUNDIG__FIELD_TOPIC:
    case KUNDIG__FIELD_THEME:
    case KUNDIG__FIELD_SPOKEN:
    case KUNDIG__FIELD_SENTIMENT:
        return kundig__filter_said(maker, node, field.type, step);
    case KUNDIG__FIELD_NOVELTY:
        return kundig__filter_novelty(maker, node, step);
    case KUNDIG__FIELD_WEIGHT:
        return kundig__filter_rows_number(maker, node, NULL, step);
    default:
        return kundig__filter_rows_text(maker, node, field.type == KUNDIG__FIELD_ID, step);
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

static int filter_make(kundig__filter_maker *maker)
{
    kundig__filter *filter = maker->filter;
    const kundig_query *query = maker->query;
    size_t count = query->node_count;
    filter->steps = kundig__arena_alloc(&filter->arena, count * sizeof *filter->steps);
    uint8_t *needed = kundig__arena_alloc(&filter->arena, count);
    if (!filter->steps || !needed) {
        return kundig__filter_nomem(maker);
    }
    memset(filter->steps, 0, count * sizeof *filter->steps);
    memset(needed, 0, count);
    for (size_t i = 0; i < filter->root_count; i++) {
        filter_mark_all(query, filter->roots[i], needed);
    }
    for (size_t i = 0; i < count; i++) {
        const kundig__node *node = &query->nodes[i];
        kundig__filter_step *step = &filter->steps[i];
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
    kundig__filter_maker maker = {
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

/* ---- Evaluating ---- */

static void filter_eval(const kundig__filter *filter, uint32_t number, uint32_t first,
                        uint32_t count, uint8_t *mask);

static void filter_eval_any(const kundig__filter *filter, const kundig__filter_step *step,
                            uint32_t first, uint32_t count, uint8_t *mask)
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

static void filter_eval_time(const kundig__filter *filter, const kundig__filter_step *step,
                             uint32_t first, uint32_t count, uint8_t *mask)
{
    const int64_t *times = filter->times + first;
    for (uint32_t i = 0; i < count; i++) {
        bool in =
            kundig__filter_time_in(step, times[i], kundig__filter_is_written(filter, first + i));
        mask[i] &= (uint8_t)(in != step->negate);
    }
}

static void filter_eval(const kundig__filter *filter, uint32_t number, uint32_t first,
                        uint32_t count, uint8_t *mask)
{
    const kundig__filter_step *step = &filter->steps[number];
    switch (step->type) {
    case KUNDIG__FILTER_COMBINE:
        if (step->how == KUNDIG_ALL_OF) {
            for (size_t c = 0; c < step->child_count; c++) {
                filter_eval(filter, step->children[c], first, count, mask);
            }
        } else {
            filter_eval_any(filter, step, first, count, mask);
        }
        break;
    case KUNDIG__FILTER_CONST:
        if (!step->constant) {
            memset(mask, 0, count);
        }
        break;
    case KUNDIG__FILTER_CODES:
        for (uint32_t i = 0; i < count; i++) {
            mask[i] &= step->pass[step->codes[first + i]];
        }
        break;
    case KUNDIG__FILTER_RANGE:
        for (uint32_t i = 0; i < count; i++) {
            int32_t value = step->values[first + i];
            bool in = (value >= step->least) & (value <= step->greatest);
            mask[i] &= (uint8_t)(in != step->negate);
        }
        break;
    case KUNDIG__FILTER_TIME:
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
