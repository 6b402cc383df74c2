/* Facts of every kind as rows: told apart by their kind, read back as the records they were given
 * as, added again.
 *
 * Invariant: what kundig__fact_at() gives is accepted by kundig__fact_add() of a corpus that has
 * not seen its questions on other scales, and has there the same canonical bytes. Cost: linear in
 * the record, for feedback also in the questions and attributes of the corpus; texts are not
 * copied. */
#include "corpus/rows.h"
#include "base/options.h"
#include "corpus/facts.h"

static const struct rows_kind {
    const char *name;
    const char *record; /* its struct */
    size_t size;
} rows_kinds[KUNDIG__FACT_KINDS] = {
    [KUNDIG_FACTS_FEEDBACK] = {"feedback", "kundig_feedback", sizeof(kundig_feedback)},
    [KUNDIG_FACTS_CUSTOMERS] = {"customers", "kundig_customer", sizeof(kundig_customer)},
    [KUNDIG_FACTS_EVENTS] = {"events", "kundig_event", sizeof(kundig_event)},
    [KUNDIG_FACTS_LABELS] = {"labels", "kundig_label", sizeof(kundig_label)},
    [KUNDIG_FACTS_LINKS] = {"links", "kundig_link", sizeof(kundig_link)},
    [KUNDIG_FACTS_CONSENTS] = {"consents", "kundig_consent", sizeof(kundig_consent)},
    [KUNDIG_FACTS_RETENTION] = {"retention", "kundig_retention", sizeof(kundig_retention)},
    [KUNDIG_FACTS_EDITS] = {"edits", "kundig_edit", sizeof(kundig_edit)},
};

const char *kundig__fact_kind_name(int kind)
{
    return rows_kinds[kind].name;
}

uint32_t kundig__fact_rows(const kundig__corpus *corpus, int kind)
{
    return kind == KUNDIG_FACTS_FEEDBACK ? corpus->rows : kundig__facts_of(corpus, kind)->rows;
}

uint32_t kundig__fact_records(const kundig__corpus *corpus, int kind)
{
    return kind == KUNDIG_FACTS_FEEDBACK ? corpus->identity.keys.count
                                         : kundig__facts_of(corpus, kind)->identity.keys.count;
}

bool kundig__fact_is_current(const kundig__corpus *corpus, int kind, uint32_t row)
{
    return kind == KUNDIG_FACTS_FEEDBACK
               ? kundig__row_is_current(corpus, row)
               : kundig__fact_store_is_current(kundig__facts_of(corpus, kind), row);
}

/* ---- Feedback from its columns ---- */

static bool rows_scores(const kundig__corpus *corpus, uint32_t row, kundig__arena *arena,
                        kundig_feedback *out)
{
    size_t count = 0;
    for (size_t i = 0; i < corpus->question_count; i++) {
        count += corpus->questions[i].values[row] != KUNDIG__SCORE_MISSING;
    }
    if (!count) {
        return true;
    }
    kundig_score *scores = kundig__arena_alloc(arena, count * sizeof *scores);
    if (!scores) {
        return false;
    }
    memset(scores, 0, count * sizeof *scores);
    out->scores = scores;
    for (size_t i = 0; out->score_count < count; i++) {
        const kundig__question *question = &corpus->questions[corpus->question_order[i]];
        if (question->values[row] != KUNDIG__SCORE_MISSING) {
            kundig_score *score = &scores[out->score_count++];
            score->question = question->name;
            score->scale = question->scale;
            score->value = question->values[row] / 1000.0;
            if (question->scale == KUNDIG_SCALE_DECLARED) {
                score->direction = question->direction;
                score->minimum = question->minimum / 1000.0;
                score->maximum = question->maximum / 1000.0;
            }
        }
    }
    return true;
}

static bool rows_attributes(const kundig__corpus *corpus, uint32_t row, kundig__arena *arena,
                            kundig_feedback *out)
{
    size_t count = 0;
    for (size_t i = 0; i < corpus->attribute_count; i++) {
        count += kundig__attribute_has(&corpus->attributes[i], row);
    }
    if (!count) {
        return true;
    }
    kundig_attribute *attributes = kundig__arena_alloc(arena, count * sizeof *attributes);
    if (!attributes) {
        return false;
    }
    memset(attributes, 0, count * sizeof *attributes);
    out->attributes = attributes;
    for (size_t i = 0; out->attribute_count < count; i++) {
        const kundig__attribute_column *column = &corpus->attributes[corpus->attribute_order[i]];
        if (kundig__attribute_has(column, row)) {
            kundig_attribute *attribute = &attributes[out->attribute_count++];
            attribute->name = column->name;
            attribute->value.type = column->type;
            if (column->type == KUNDIG_VALUE_TEXT) {
                attribute->value.text = kundig__dimension_text(&column->texts, row);
            } else if (column->type == KUNDIG_VALUE_BOOL) {
                attribute->value.boolean = column->numbers[row] != 0;
            } else {
                attribute->value.number = column->numbers[row];
            }
        }
    }
    return true;
}

static int rows_feedback(const kundig__corpus *corpus, uint32_t row, kundig__arena *arena,
                         kundig_feedback *out, kundig_error *err)
{
    kundig_text dims[KUNDIG__DIM_COUNT];
    const uint32_t *kinds = corpus->dims[KUNDIG__DIM_KIND].codes;
    const int64_t *times = kundig__corpus_times(corpus);
    const uint8_t *precisions = kundig__corpus_precisions(corpus);
    const uint8_t *consents = kundig__corpus_consents(corpus);
    const int64_t *weights = kundig__corpus_weights(corpus);
    for (int d = 0; d < KUNDIG__DIM_COUNT; d++) {
        dims[d] = kundig__dimension_text(&corpus->dims[d], row);
    }
    kundig_feedback_init(out);
    out->source = dims[KUNDIG__DIM_SOURCE];
    out->id = kundig__corpus_id(corpus, row);
    out->customer = dims[KUNDIG__DIM_CUSTOMER];
    out->kind = kinds ? (int32_t)kinds[row] : 0;
    out->channel = dims[KUNDIG__DIM_CHANNEL];
    out->touchpoint = dims[KUNDIG__DIM_TOUCHPOINT];
    out->stage = dims[KUNDIG__DIM_STAGE];
    out->case_id = dims[KUNDIG__DIM_CASE];
    out->agent = dims[KUNDIG__DIM_AGENT];
    out->department = dims[KUNDIG__DIM_DEPARTMENT];
    out->segment = dims[KUNDIG__DIM_SEGMENT];
    out->product = dims[KUNDIG__DIM_PRODUCT];
    out->language = dims[KUNDIG__DIM_LANGUAGE];
    out->purpose = dims[KUNDIG__DIM_PURPOSE];
    out->text = kundig__corpus_text(corpus, row);
    out->time_ms = times ? times[row] : KUNDIG_TIME_ABSENT;
    out->time_precision = precisions ? precisions[row] : KUNDIG_PRECISION_MS;
    out->updated_ms = kundig__row_updated(corpus, row);
    out->consent = consents ? consents[row] : KUNDIG_UNKNOWN;
    if (weights && weights[row] != KUNDIG__WEIGHT_ONE) {
        out->has_weight = 1;
        out->weight = (double)weights[row] / (double)KUNDIG__WEIGHT_ONE;
    }
    if (!rows_scores(corpus, row, arena, out) || !rows_attributes(corpus, row, arena, out)) {
        return kundig__nomem(arena->mem, err);
    }
    return KUNDIG_OK;
}

/* ---- Every kind ---- */

int kundig__fact_at(const kundig__corpus *corpus, int kind, uint32_t row, kundig__arena *arena,
                    kundig__fact *out, kundig_error *err)
{
    if (kind != KUNDIG_FACTS_FEEDBACK) {
        return kundig__entity_read(
            kind, kundig__fact_store_row(kundig__facts_of(corpus, kind), row), arena, out, err);
    }
    out->kind = kind;
    return rows_feedback(corpus, row, arena, &out->as.feedback, err);
}

void kundig__fact_canonical(const kundig__corpus *corpus, int kind, uint32_t row, kundig__buf *out)
{
    if (kind == KUNDIG_FACTS_FEEDBACK) {
        kundig__row_canonical(corpus, row, out);
    } else {
        kundig__buf_text(out, kundig__fact_store_row(kundig__facts_of(corpus, kind), row));
    }
}

kundig__hash128 kundig__canonical_hash(const kundig__buf *canonical)
{
    return kundig__blake2b(NULL, canonical->data, canonical->len);
}

int kundig__fact_add(kundig__corpus *corpus, const kundig__fact *fact, kundig_added *added,
                     const char **field, kundig_error *err)
{
    return fact->kind == KUNDIG_FACTS_FEEDBACK
               ? kundig__batch_add(corpus, &fact->as.feedback, added, field, err)
               : kundig__entity_add(corpus, fact, added, field, err);
}

int kundig__facts_add(kundig__corpus *corpus, int kind, const void *records, size_t count,
                      kundig_added *added, kundig_error *err)
{
    const struct rows_kind *known = &rows_kinds[kind];
    kundig__fact fact = {.kind = kind};
    kundig_added counts = *added;
    int rc = kundig__batch_begin(corpus, err);
    if (rc) {
        return rc;
    }
    for (size_t i = 0; i < count && !rc; i++) {
        rc = kundig__element_read(&fact.as, known->size, records, i, known->record, err);
        rc = rc ? rc : kundig__fact_add(corpus, &fact, &counts, NULL, err);
        if (!rc && i % 65536 == 65535) {
            rc = kundig__progress(corpus->context, i + 1, count, err);
        }
        if (rc && err) {
            err->pos = i;
        }
    }
    if (rc) {
        kundig__batch_abandon(corpus);
    } else {
        kundig__batch_commit(corpus);
        *added = counts;
    }
    return rc;
}
