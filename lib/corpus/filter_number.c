/* Conditions on numbers: a range of thousandths for answers, else a bit a row.
 *
 * A value of a condition is a text until here. Invariant: a value that stands for a decimal of
 * three places is that decimal, any other is exactly the double it is. Cost: none a row for
 * answers; one comparison a row and value for others. */
#include "base/number.h"
#include "base/text.h"
#include "corpus/filter.h"

static int filter_read_number(kundig__filter_maker *maker, const kundig__node *node, size_t i,
                              double *out)
{
    const kundig_value *value = &node->values[i];
    if (value->type != KUNDIG_VALUE_TEXT || !kundig__number_read(value->text, out)) {
        return kundig__filter_bad_value(maker, node, value, "a number");
    }
    return KUNDIG_OK;
}

static int filter_read_bool(kundig__filter_maker *maker, const kundig__node *node, size_t i,
                            double *out)
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
    return kundig__filter_bad_value(maker, node, value, "true or false");
}

static int filter_read_numbers(kundig__filter_maker *maker, const kundig__node *node, bool booleans,
                               double **out)
{
    if (node->op == KUNDIG_OP_CONTAINS) {
        return kundig__filter_refuse(maker, node, "is no text: 'contains' does not fit it");
    }
    if (booleans && node->op != KUNDIG_OP_EQUAL && node->op != KUNDIG_OP_NOT_EQUAL &&
        node->op != KUNDIG_OP_IN && node->op != KUNDIG_OP_MISSING) {
        return kundig__filter_refuse(maker, node,
                                     "is true or false: only =, !=, in and missing fit it");
    }
    double *numbers =
        kundig__arena_alloc(&maker->filter->arena, (node->value_count + 1) * sizeof *numbers);
    int rc = numbers ? KUNDIG_OK : kundig__filter_nomem(maker);
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
int kundig__filter_rows_number(kundig__filter_maker *maker, const kundig__node *node,
                               const kundig__attribute_column *column, kundig__filter_step *step)
{
    kundig__corpus *corpus = maker->corpus;
    const int64_t *weights = kundig__corpus_weights(corpus);
    double *values = NULL;
    int rc = filter_read_numbers(maker, node, column && column->type == KUNDIG_VALUE_BOOL, &values);
    uint64_t *bits = rc ? NULL : kundig__filter_bits_new(maker);
    if (!rc && !bits) {
        rc = kundig__filter_nomem(maker);
    }
    for (uint32_t row = 0; row < corpus->rows && !rc; row++) {
        double x = 1;
        if (column) {
            x = column->numbers[row];
        } else if (weights) {
            x = (double)weights[row] / (double)KUNDIG__WEIGHT_ONE;
        }
        bool has = x == x;
        if (has ? filter_number_meets(node, values, x) : kundig__filter_meets_missing(node)) {
            kundig__filter_bits_set(bits, row);
        }
    }
    step->type = KUNDIG__FILTER_BITS;
    step->bits = bits;
    return rc;
}

/* What is told in thousandths is compared as the decimal that it is. */
int kundig__filter_novelty(kundig__filter_maker *maker, const kundig__node *node,
                           kundig__filter_step *step)
{
    const kundig__said *said = NULL;
    double *values = NULL;
    uint64_t *bits = NULL;
    int rc = filter_read_numbers(maker, node, false, &values);
    rc = rc ? rc : kundig__corpus_said(maker->corpus, &said, maker->err);
    if (!rc) {
        bits = kundig__filter_bits_new(maker);
        rc = bits ? KUNDIG_OK : kundig__filter_nomem(maker);
    }
    for (uint32_t row = 0; row < maker->corpus->rows && !rc; row++) {
        bool has = said->novelties && said->novelties[row] >= 0;
        if (has ? filter_number_meets(node, values, said->novelties[row] / 1000.0)
                : kundig__filter_meets_missing(node)) {
            kundig__filter_bits_set(bits, row);
        }
    }
    step->type = KUNDIG__FILTER_BITS;
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

int kundig__filter_range(kundig__filter_maker *maker, const kundig__node *node,
                         const kundig__question *question, kundig__filter_step *step)
{
    double *values = NULL;
    int32_t below[2] = {0, 0};
    int32_t above[2] = {0, 0};
    int rc = filter_read_numbers(maker, node, false, &values);
    if (rc) {
        return rc;
    }
    step->type = KUNDIG__FILTER_RANGE;
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
        uint64_t *bits = kundig__filter_bits_new(maker);
        if (!bits) {
            return kundig__filter_nomem(maker);
        }
        for (size_t i = 0; i < node->value_count; i++) {
            filter_thousandths(values[i], &below[0], &above[0]);
            for (uint32_t row = 0; row < maker->corpus->rows && below[0] == above[0]; row++) {
                if (question->values[row] == below[0]) {
                    kundig__filter_bits_set(bits, row);
                }
            }
        }
        step->type = KUNDIG__FILTER_BITS;
        step->bits = bits;
        break;
    }
    }
    return KUNDIG_OK;
}
