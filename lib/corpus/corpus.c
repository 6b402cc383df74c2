/* The facts in memory: making and freeing them, reading them, checking them.
 *
 *   row        0      1      2      3     ...
 *   flags      .      S      .      .          S: superseded by another version
 *   times      t      t      -      t
 *   channel    1      2      1      0          0: missing, else dictionary code + 1
 *   nps        9000   -      3000   10000      thousandths
 *   texts      offsets into chunks
 *
 * Invariant: kundig__corpus_check() says it in words. Cost: a column costs its width times the
 * rows, from its first value on. */
#include "base/text.h"
#include "corpus/facts.h"

static const char *const corpus_kinds[] = {"survey",    "review",   "ticket",   "call",    "chat",
                                           "interview", "user_lab", "workshop", "employee"};

static const char *const corpus_dimension_names[KUNDIG__DIM_COUNT] = {
    [KUNDIG__DIM_SOURCE] = "source",
    [KUNDIG__DIM_CUSTOMER] = "customer",
    [KUNDIG__DIM_KIND] = "kind",
    [KUNDIG__DIM_CHANNEL] = "channel",
    [KUNDIG__DIM_TOUCHPOINT] = "touchpoint",
    [KUNDIG__DIM_STAGE] = "stage",
    [KUNDIG__DIM_CASE] = "case",
    [KUNDIG__DIM_AGENT] = "agent",
    [KUNDIG__DIM_DEPARTMENT] = "department",
    [KUNDIG__DIM_SEGMENT] = "segment",
    [KUNDIG__DIM_PRODUCT] = "product",
    [KUNDIG__DIM_LANGUAGE] = "language",
    [KUNDIG__DIM_PURPOSE] = "purpose",
};

int kundig__corpus_new(kundig__context *context, kundig__corpus **out, kundig_error *err)
{
    kundig__mem *mem = &context->mem;
    kundig__corpus *corpus = kundig__alloc_zero(mem, sizeof *corpus);
    if (!corpus) {
        return kundig__nomem(mem, err);
    }
    corpus->context = context;
    corpus->mem = mem;
    corpus->serial = ++context->corpora;
    corpus->time_least = INT64_MAX;
    corpus->time_greatest = INT64_MIN;
    for (int d = 0; d < KUNDIG__DIM_COUNT; d++) {
        kundig__dict_init(&corpus->dims[d].dict, mem, context->siphash_key);
        corpus->last_codes[d] = KUNDIG__DICT_NONE;
    }
    kundig__pool_init(&corpus->texts, mem);
    kundig__dict_init(&corpus->question_names, mem, context->siphash_key);
    kundig__dict_init(&corpus->attribute_names, mem, context->siphash_key);
    kundig__identity_init(&corpus->identity, mem, context->siphash_key);
    kundig__buf_init(&corpus->checked.mended, mem);
    kundig__arena_init(&corpus->checked.mended_texts, mem);
    kundig__entity_init(&corpus->entity, context);
    for (int i = 0; i < KUNDIG__FACT_KINDS - 1; i++) {
        kundig__fact_store_init(&corpus->stores[i], mem, context->siphash_key);
    }
    kundig__people_init(&corpus->people, corpus);
    kundig__said_init(&corpus->said, corpus);
    for (size_t i = 0; i < sizeof corpus_kinds / sizeof *corpus_kinds; i++) {
        if (kundig__dict_add(&corpus->dims[KUNDIG__DIM_KIND].dict, corpus_kinds[i],
                             strlen(corpus_kinds[i])) == KUNDIG__DICT_NONE) {
            int rc = kundig__nomem(mem, err);
            kundig__corpus_free(corpus);
            return rc;
        }
    }
    *out = corpus;
    return KUNDIG_OK;
}

void kundig__corpus_free(kundig__corpus *corpus)
{
    if (corpus) {
        kundig__columns_free(corpus);
        kundig__pool_free(&corpus->texts);
        kundig__identity_free(&corpus->identity);
        for (int i = 0; i < KUNDIG__FACT_KINDS - 1; i++) {
            kundig__fact_store_free(&corpus->stores[i]);
        }
        kundig__people_free(&corpus->people, corpus->mem);
        kundig__said_free(&corpus->said, corpus->mem);
        kundig_model_free(corpus->model);
        kundig__free(corpus->mem, corpus, sizeof *corpus);
    }
}

kundig__context *kundig__corpus_context(const kundig__corpus *corpus)
{
    return corpus->context;
}

uint64_t kundig__corpus_serial(const kundig__corpus *corpus)
{
    return corpus->serial;
}

uint64_t kundig__corpus_generation(const kundig__corpus *corpus)
{
    return corpus->generation;
}

uint32_t kundig__corpus_rows(const kundig__corpus *corpus)
{
    return corpus->rows;
}

uint32_t kundig__corpus_current_rows(const kundig__corpus *corpus)
{
    return corpus->identity.keys.count;
}

const uint8_t *kundig__corpus_flags(const kundig__corpus *corpus)
{
    return corpus->columns[KUNDIG__COL_FLAGS].data;
}

const kundig__dimension *kundig__corpus_dimension(const kundig__corpus *corpus, int dim)
{
    return &corpus->dims[dim];
}

const char *kundig__dimension_name(int dim)
{
    return corpus_dimension_names[dim];
}

const int64_t *kundig__corpus_times(const kundig__corpus *corpus)
{
    return corpus->columns[KUNDIG__COL_TIME].data;
}

const uint8_t *kundig__corpus_precisions(const kundig__corpus *corpus)
{
    return corpus->columns[KUNDIG__COL_PRECISION].data;
}

const int64_t *kundig__corpus_weights(const kundig__corpus *corpus)
{
    return corpus->columns[KUNDIG__COL_WEIGHT].data;
}

const uint8_t *kundig__corpus_consents(const kundig__corpus *corpus)
{
    return corpus->columns[KUNDIG__COL_CONSENT].data;
}

size_t kundig__corpus_question_count(const kundig__corpus *corpus)
{
    return corpus->question_count;
}

const kundig__question *kundig__corpus_question(const kundig__corpus *corpus, size_t index)
{
    return &corpus->questions[corpus->question_order[index]];
}

size_t kundig__corpus_attribute_count(const kundig__corpus *corpus)
{
    return corpus->attribute_count;
}

const kundig__attribute_column *kundig__corpus_attribute(const kundig__corpus *corpus, size_t index)
{
    return &corpus->attributes[corpus->attribute_order[index]];
}

kundig_text kundig__corpus_text(const kundig__corpus *corpus, uint32_t row)
{
    if ((kundig__corpus_flags(corpus)[row] & KUNDIG__ROW_HAS_TEXT) == 0) {
        return kundig__text(NULL, 0);
    }
    return kundig__pool_get(&corpus->texts, row);
}

kundig_text kundig__corpus_id(const kundig__corpus *corpus, uint32_t row)
{
    return kundig__identity_id(&corpus->identity, kundig__identity_record(&corpus->identity, row));
}

uint64_t kundig__corpus_replaced_bytes(const kundig__corpus *corpus)
{
    return corpus->replaced;
}

kundig_text kundig__dimension_text(const kundig__dimension *dimension, uint32_t row)
{
    if (!dimension->codes || !dimension->codes[row]) {
        return kundig__text(NULL, 0);
    }
    return kundig__dict_text(&dimension->dict, dimension->codes[row] - 1);
}

bool kundig__row_is_current(const kundig__corpus *corpus, uint32_t row)
{
    return (kundig__corpus_flags(corpus)[row] & KUNDIG__ROW_SUPERSEDED) == 0;
}

bool kundig__attribute_has(const kundig__attribute_column *column, uint32_t row)
{
    if (column->type == KUNDIG_VALUE_TEXT) {
        return column->texts.codes[row] != 0;
    }
    return column->numbers[row] == column->numbers[row];
}

int kundig__corpus_order(const kundig__corpus *corpus, uint32_t a, uint32_t b)
{
    const int64_t *times = kundig__corpus_times(corpus);
    const kundig__dimension *sources = &corpus->dims[KUNDIG__DIM_SOURCE];
    if (times && times[a] != times[b]) {
        return times[a] < times[b] ? -1 : 1;
    }
    if (sources->codes && sources->codes[a] != sources->codes[b]) {
        return kundig__text_order(kundig__dimension_text(sources, a),
                                  kundig__dimension_text(sources, b));
    }
    return kundig__identity_order(&corpus->identity, kundig__identity_record(&corpus->identity, a),
                                  kundig__identity_record(&corpus->identity, b));
}

static size_t corpus_dimension_memory(const kundig__dimension *dimension)
{
    return kundig__dict_memory(&dimension->dict) + dimension->capacity * sizeof *dimension->codes;
}

void kundig__corpus_memory(const kundig__corpus *corpus, uint64_t *columns, uint64_t *texts)
{
    static const size_t sizes[KUNDIG__COL_COUNT] = {1, 8, 1, 8, 8, 1};
    size_t bytes = sizeof *corpus;
    for (int i = 0; i < KUNDIG__COL_COUNT; i++) {
        bytes += corpus->columns[i].capacity * sizes[i];
    }
    for (int d = 0; d < KUNDIG__DIM_COUNT; d++) {
        bytes += corpus_dimension_memory(&corpus->dims[d]);
    }
    for (size_t i = 0; i < corpus->question_count; i++) {
        bytes += corpus->questions[i].capacity * sizeof *corpus->questions[i].values;
    }
    for (size_t i = 0; i < corpus->attribute_count; i++) {
        const kundig__attribute_column *column = &corpus->attributes[i];
        bytes +=
            corpus_dimension_memory(&column->texts) + column->capacity * sizeof *column->numbers;
    }
    for (int i = 0; i < KUNDIG__FACT_KINDS - 1; i++) {
        bytes += kundig__fact_store_memory(&corpus->stores[i]);
    }
    bytes += kundig__dict_memory(&corpus->question_names) +
             kundig__dict_memory(&corpus->attribute_names) +
             kundig__identity_memory(&corpus->identity) +
             kundig__pool_memory(&corpus->texts, false) + kundig__people_memory(&corpus->people) +
             kundig__said_memory(&corpus->said);
    *columns = bytes;
    *texts = kundig__pool_memory(&corpus->texts, true);
}

/* ---- Checking ---- */

static const char *corpus_check_codes(const kundig__dimension *dimension, uint32_t rows)
{
    if (!dimension->codes) {
        return NULL;
    }
    if (dimension->capacity < rows) {
        return "a column of codes is shorter than the rows";
    }
    for (uint32_t row = 0; row < rows; row++) {
        if (dimension->codes[row] > dimension->dict.count) {
            return "a code has no text in its dictionary";
        }
    }
    return NULL;
}

static const char *corpus_check_questions(const kundig__corpus *corpus)
{
    if (corpus->question_names.count != corpus->question_count) {
        return "questions and their names differ in number";
    }
    for (size_t i = 0; i < corpus->question_count; i++) {
        const kundig__question *question = &corpus->questions[i];
        if (question->capacity < corpus->rows) {
            return "a column of answers is shorter than the rows";
        }
        for (uint32_t row = 0; row < corpus->rows; row++) {
            int32_t value = question->values[row];
            if (value != KUNDIG__SCORE_MISSING &&
                (value < question->minimum || value > question->maximum)) {
                return "an answer is off its scale";
            }
        }
        if (i > 0 && kundig__text_order(kundig__corpus_question(corpus, i - 1)->name,
                                        kundig__corpus_question(corpus, i)->name) >= 0) {
            return "questions are out of order";
        }
    }
    return NULL;
}

static const char *corpus_check_attributes(const kundig__corpus *corpus)
{
    if (corpus->attribute_names.count != corpus->attribute_count) {
        return "attributes and their names differ in number";
    }
    for (size_t i = 0; i < corpus->attribute_count; i++) {
        const kundig__attribute_column *column = &corpus->attributes[i];
        const char *wrong = corpus_check_codes(&column->texts, corpus->rows);
        if (wrong) {
            return wrong;
        }
        if ((column->type == KUNDIG_VALUE_TEXT) != (column->texts.codes != NULL) ||
            (column->type == KUNDIG_VALUE_TEXT) != (column->numbers == NULL)) {
            return "an attribute has the column of another type";
        }
        if (column->numbers && column->capacity < corpus->rows) {
            return "a column of numbers is shorter than the rows";
        }
        if (i > 0 && kundig__text_order(kundig__corpus_attribute(corpus, i - 1)->name,
                                        kundig__corpus_attribute(corpus, i)->name) >= 0) {
            return "attributes are out of order";
        }
    }
    return NULL;
}

static const char *corpus_check_times(const kundig__corpus *corpus)
{
    const int64_t *times = kundig__corpus_times(corpus);
    uint32_t timeless = 0;
    for (uint32_t row = 0; row < corpus->rows; row++) {
        int64_t time_ms = times ? times[row] : KUNDIG_TIME_ABSENT;
        if (time_ms == KUNDIG_TIME_ABSENT) {
            timeless++;
        } else if (time_ms < corpus->time_least || time_ms > corpus->time_greatest ||
                   !kundig__time_in_range(time_ms)) {
            return "a time lies outside the range of times";
        }
    }
    return timeless == corpus->timeless ? NULL : "rows without a time are miscounted";
}

static const char *corpus_check_versions(const kundig__corpus *corpus)
{
    const kundig__identity *identity = &corpus->identity;
    for (uint32_t row = 0; identity->record_of && row < corpus->rows; row++) {
        uint32_t head = identity->heads[identity->record_of[row]];
        if (kundig__row_updated(corpus, head) < kundig__row_updated(corpus, row)) {
            return "a record's current row is not its newest";
        }
    }
    return NULL;
}

static const char *corpus_check_texts(const kundig__corpus *corpus)
{
    uint64_t bytes = 0;
    for (uint32_t row = 0; row < corpus->rows; row++) {
        bool has = (kundig__corpus_flags(corpus)[row] & KUNDIG__ROW_HAS_TEXT) != 0;
        if (has && !corpus->texts.offsets) {
            return "a row has a text but there are no texts";
        }
        if (corpus->texts.offsets) {
            size_t len = kundig__pool_get(&corpus->texts, row).len;
            if (len && !has) {
                return "a row without a text has bytes";
            }
            bytes += len;
        }
    }
    return bytes == corpus->texts.bytes ? NULL : "the bytes of all texts are miscounted";
}

int kundig__corpus_check(const kundig__corpus *corpus, kundig_error *err)
{
    const char *wrong = NULL;
    static const size_t column_count = KUNDIG__COL_COUNT;
    for (size_t i = 0; i < column_count && !wrong; i++) {
        if (corpus->columns[i].data && corpus->columns[i].capacity < corpus->rows) {
            wrong = "a column is shorter than the rows";
        }
    }
    if (!wrong && corpus->in_batch) {
        wrong = "a batch is open";
    }
    if (!wrong && corpus->rows && !corpus->columns[KUNDIG__COL_FLAGS].data) {
        wrong = "there are rows but no flags";
    }
    for (int d = 0; d < KUNDIG__DIM_COUNT && !wrong; d++) {
        wrong = corpus_check_codes(&corpus->dims[d], corpus->rows);
    }
    if (!wrong) {
        wrong = corpus_check_questions(corpus);
    }
    if (!wrong) {
        wrong = corpus_check_attributes(corpus);
    }
    if (!wrong) {
        wrong = corpus_check_times(corpus);
    }
    if (!wrong) {
        wrong = corpus_check_texts(corpus);
    }
    if (!wrong) {
        wrong =
            kundig__identity_check(&corpus->identity, kundig__corpus_flags(corpus), corpus->rows);
    }
    if (!wrong) {
        wrong = corpus_check_versions(corpus);
    }
    for (int i = 0; i < KUNDIG__FACT_KINDS - 1 && !wrong; i++) {
        wrong = kundig__fact_store_check(&corpus->stores[i]);
    }
    if (!wrong) {
        wrong = kundig__people_check(corpus);
    }
    if (!wrong) {
        wrong = kundig__said_check(&corpus->said);
    }
    return wrong ? kundig__fail(err, KUNDIG_E_INTERNAL, 0, "%s", wrong) : KUNDIG_OK;
}
