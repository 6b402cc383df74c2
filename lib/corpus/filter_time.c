/* Conditions on time: a range of instants beside a range of written dates.
 *
 * A text means the whole of its span, in the zone of the query unless it names an offset. A written
 * date is compared as it is written, its first moment standing for it. Invariant: both ends of a
 * range are inside. Cost: none a row but the comparison; sets of times one pass a value. */
#include "base/calendar.h"
#include "corpus/filter.h"

/* A value as instants [0] and as written dates [1], both half-open. */
static int filter_span(kundig__filter_maker *maker, const kundig__node *node,
                       const kundig_value *value, int64_t from[2], int64_t to[2])
{
    kundig__span span;
    if (value->type == KUNDIG_VALUE_TIME) {
        span.from_ms = (int64_t)value->number;
        span.to_ms = span.from_ms + 1;
        span.has_offset = true;
        if (!kundig__time_in_range(span.from_ms)) {
            return kundig__filter_bad_value(maker, node, value, "within the years 0001 to 9999");
        }
    } else if (!kundig__span_read(value->text, &span)) {
        return kundig__filter_bad_value(maker, node, value, "a date");
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

bool kundig__filter_time_in(const kundig__filter_step *step, int64_t time_ms, bool written)
{
    return time_ms >= step->from[written] && time_ms <= step->to[written];
}

bool kundig__filter_is_written(const kundig__filter *filter, uint32_t row)
{
    return filter->precisions && filter->precisions[row] == KUNDIG_PRECISION_DAY;
}

/* A set of times: one span after the other into bits. */
static int filter_time_in_set(kundig__filter_maker *maker, const kundig__node *node,
                              kundig__filter_step *step)
{
    const kundig__filter *filter = maker->filter;
    uint64_t *bits = kundig__filter_bits_new(maker);
    int rc = bits ? KUNDIG_OK : kundig__filter_nomem(maker);
    for (size_t i = 0; i < node->value_count && !rc; i++) {
        kundig__filter_step one = {0};
        rc = filter_span(maker, node, &node->values[i], one.from, one.to);
        one.to[0]--;
        one.to[1]--;
        for (uint32_t row = 0; row < maker->corpus->rows && filter->times && !rc; row++) {
            if (kundig__filter_time_in(&one, filter->times[row],
                                       kundig__filter_is_written(filter, row))) {
                kundig__filter_bits_set(bits, row);
            }
        }
    }
    step->type = KUNDIG__FILTER_BITS;
    step->bits = bits;
    return rc;
}

int kundig__filter_time(kundig__filter_maker *maker, const kundig__node *node,
                        kundig__filter_step *step)
{
    int64_t from[2][2] = {{0}};
    int64_t to[2][2] = {{0}};
    if (node->op == KUNDIG_OP_CONTAINS) {
        return kundig__filter_refuse(maker, node,
                                     "is no text: write time = 2026-03 instead of 'contains'");
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
    step->type = KUNDIG__FILTER_TIME;
    step->negate = kundig__filter_meets_missing(node);
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
        step->type = KUNDIG__FILTER_CONST;
        step->constant = step->negate;
    }
    return KUNDIG_OK;
}
