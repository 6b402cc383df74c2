/* One row becomes one record, by the plan of each column. Invariant: the record borrows from the
 * row and from the scratch arrays alone; nothing is allocated. Cost: O(cells). */
#include "base/number.h"
#include "base/text.h"
#include "base/utf8.h"
#include "ingest/columns.h"

static bool record_refuse(kundig__cell_fault *fault, size_t column)
{
    fault->column = column;
    return false;
}

/* A value as a sentence may show it: valid UTF-8, short. */
static kundig_text record_shown(kundig__ingest *ingest, kundig_text value)
{
    kundig__buf *mended = &ingest->sentence;
    mended->len = 0;
    kundig__utf8_mend(mended, value.data, value.len < 160 ? value.len : 160);
    return kundig__text(
        mended->data ? mended->data : "",
        mended->failed || !mended->len ? 0 : kundig__utf8_cut(mended->data, mended->len, 40));
}

static bool record_score(kundig__ingest *ingest, size_t column, kundig_text value,
                         kundig_feedback *record, kundig__cell_fault *fault)
{
    kundig__column_plan *plan = &ingest->plans[column];
    double number = 0;
    double whole = 0;
    bool read = kundig__value_score(value, &number, &whole);
    if (!read || number < plan->minimum || number > plan->maximum ||
        (whole > 0 && whole != plan->maximum)) {
        kundig_text shown = record_shown(ingest, value);
        char low[32];
        char high[32];
        low[kundig__number_write(plan->minimum, low)] = '\0';
        high[kundig__number_write(plan->maximum, high)] = '\0';
        kundig__fail(&fault->reason, KUNDIG_E_VALUE, 0, "%.*s: \"%.*s\" is %s %s to %s",
                     kundig__shown(plan->name), plan->name.data, (int)shown.len, shown.data,
                     read ? "not on the scale" : "not a number on the scale", low, high);
        return record_refuse(fault, column);
    }
    kundig_score *score = &ingest->scores[record->score_count++];
    memset(score, 0, sizeof *score);
    score->question = plan->name;
    score->scale = plan->scale;
    score->value = number;
    if (plan->scale == KUNDIG_SCALE_DECLARED) {
        score->direction = plan->direction;
        score->minimum = plan->minimum;
        score->maximum = plan->maximum;
    }
    return true;
}

static bool record_time(kundig__ingest *ingest, size_t column, kundig_text value, int64_t *time_ms,
                        int32_t *precision, kundig__cell_fault *fault)
{
    kundig__column_plan *plan = &ingest->plans[column];
    kundig__moment moment;
    const char *why = "it is no date";
    if (kundig__moment_read(value, plan->loose, &moment)) {
        why = kundig__moment_resolve(&moment, plan->order, plan->day_only, ingest->zone, time_ms,
                                     precision);
    }
    if (why) {
        kundig_text shown = record_shown(ingest, value);
        kundig__fail(&fault->reason, KUNDIG_E_VALUE, 0, "%.*s: \"%.*s\" is refused: %s",
                     kundig__shown(plan->name), plan->name.data, (int)shown.len, shown.data, why);
        return record_refuse(fault, column);
    }
    return true;
}

static bool record_odd(kundig__ingest *ingest, size_t column, kundig_text value, const char *wanted,
                       kundig__cell_fault *fault)
{
    kundig__column_plan *plan = &ingest->plans[column];
    kundig_text shown = record_shown(ingest, value);
    kundig__fail(&fault->reason, KUNDIG_E_VALUE, 0, "%.*s: \"%.*s\" is not %s",
                 kundig__shown(plan->name), plan->name.data, (int)shown.len, shown.data, wanted);
    return record_refuse(fault, column);
}

static bool record_attribute(kundig__ingest *ingest, size_t column, kundig_text value,
                             kundig_feedback *record, kundig__cell_fault *fault)
{
    kundig__column_plan *plan = &ingest->plans[column];
    kundig_attribute *attribute = &ingest->attributes[record->attribute_count];
    memset(attribute, 0, sizeof *attribute);
    attribute->name = plan->name;
    attribute->value.type = plan->type;
    if (plan->type == KUNDIG_VALUE_TEXT) {
        attribute->value.text = value;
    } else if (kundig__value_missing(value)) {
        return true;
    } else if (plan->type == KUNDIG_VALUE_NUMBER) {
        if (!kundig__value_number(value, &attribute->value.number)) {
            return record_odd(ingest, column, value, "a number", fault);
        }
    } else {
        int truth = kundig__value_bool(value);
        if (truth == KUNDIG_UNKNOWN) {
            return record_odd(ingest, column, value, "yes or no", fault);
        }
        attribute->value.boolean = truth == KUNDIG_YES;
    }
    record->attribute_count++;
    return true;
}

static bool record_consent(kundig__ingest *ingest, size_t column, kundig_text value,
                           kundig_feedback *record, kundig__cell_fault *fault)
{
    double number;
    record->consent = kundig__value_bool(value);
    if (record->consent == KUNDIG_UNKNOWN && kundig__value_number(value, &number) &&
        (number == 0 || number == 1)) {
        record->consent = number == 1 ? KUNDIG_YES : KUNDIG_NO;
    }
    return record->consent != KUNDIG_UNKNOWN ||
           record_odd(ingest, column, value, "a yes or no of consent", fault);
}

static kundig_text *record_dimension(kundig_feedback *record, int field)
{
    switch (field) {
    case KUNDIG__COLUMN_SOURCE:
        return &record->source;
    case KUNDIG__COLUMN_ID:
        return &record->id;
    case KUNDIG__COLUMN_CUSTOMER:
        return &record->customer;
    case KUNDIG__COLUMN_CHANNEL:
        return &record->channel;
    case KUNDIG__COLUMN_TOUCHPOINT:
        return &record->touchpoint;
    case KUNDIG__COLUMN_STAGE:
        return &record->stage;
    case KUNDIG__COLUMN_CASE:
        return &record->case_id;
    case KUNDIG__COLUMN_AGENT:
        return &record->agent;
    case KUNDIG__COLUMN_DEPARTMENT:
        return &record->department;
    case KUNDIG__COLUMN_SEGMENT:
        return &record->segment;
    case KUNDIG__COLUMN_PRODUCT:
        return &record->product;
    case KUNDIG__COLUMN_LANGUAGE:
        return &record->language;
    case KUNDIG__COLUMN_PURPOSE:
        return &record->purpose;
    default:
        return NULL;
    }
}

/* A value that is there. */
static bool record_value(kundig__ingest *ingest, size_t column, kundig_text value,
                         kundig_feedback *record, kundig__cell_fault *fault)
{
    kundig__column_plan *plan = &ingest->plans[column];
    int32_t unused;
    switch (plan->field) {
    case KUNDIG__COLUMN_SCORE:
        return record_score(ingest, column, value, record, fault);
    case KUNDIG__COLUMN_TIME:
        return record_time(ingest, column, value, &record->time_ms, &record->time_precision, fault);
    case KUNDIG__COLUMN_UPDATED:
        return record_time(ingest, column, value, &record->updated_ms, &unused, fault);
    case KUNDIG__COLUMN_ATTRIBUTE:
        return record_attribute(ingest, column, value, record, fault);
    case KUNDIG__COLUMN_CONSENT:
        return record_consent(ingest, column, value, record, fault);
    case KUNDIG__COLUMN_KIND:
        record->kind = kundig__value_kind(value);
        return record->kind >= 0 ||
               record_odd(ingest, column, value,
                          "a kind of feedback (survey, review, ticket, call, chat, interview, "
                          "user lab, workshop, employee)",
                          fault);
    case KUNDIG__COLUMN_WEIGHT:
        record->has_weight = 1;
        return (kundig__value_number(value, &record->weight) && record->weight >= 1.0 / 1048576 &&
                record->weight <= 1048576) ||
               record_odd(ingest, column, value, "a weight (a number above 0, at most 1048576)",
                          fault);
    default: {
        kundig_text *place = record_dimension(record, plan->field);
        if (place) {
            *place = value;
        }
        return true;
    }
    }
}

bool kundig__record_read(kundig__ingest *ingest, const kundig__row *row, kundig_feedback *record,
                         kundig__cell_fault *fault)
{
    bool any = false;
    kundig_feedback_init(record);
    record->source = ingest->options->source.data ? ingest->options->source : KUNDIG__TEXT("");
    record->kind = ingest->kind;
    record->scores = ingest->scores;
    record->attributes = ingest->attributes;
    for (size_t i = 0; i < ingest->count; i++) {
        kundig__column_plan *plan = &ingest->plans[i];
        kundig_text value = row->cells[i];
        if (!value.data || !value.len) {
            continue;
        }
        value = kundig__text_trim(value);
        if (!value.len) {
            continue;
        }
        if (plan->field == KUNDIG__COLUMN_TEXT) {
            record->text = row->cells[i]; /* as it stands: evidence points into it */
            any = true;
            continue;
        }
        bool strict = plan->field == KUNDIG__COLUMN_SCORE || plan->field == KUNDIG__COLUMN_TIME ||
                      plan->field == KUNDIG__COLUMN_UPDATED ||
                      plan->field == KUNDIG__COLUMN_WEIGHT || plan->field == KUNDIG__COLUMN_CONSENT;
        if (strict ? kundig__value_missing(value) : kundig__value_blank(value)) {
            continue;
        }
        any = true;
        if (plan->field != KUNDIG__COLUMN_IGNORE &&
            !record_value(ingest, i, value, record, fault)) {
            return false;
        }
    }
    if (!any) {
        kundig__fail(&fault->reason, KUNDIG_E_VALUE, 0, "every cell of the row is empty");
        return record_refuse(fault, SIZE_MAX);
    }
    return true;
}
