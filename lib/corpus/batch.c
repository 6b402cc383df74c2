/* Adding: the batch, which holds facts of every kind, and feedback in it (others: entities.c). A
 * record is checked, its columns and codes are made ready, it is written behind the last row, and
 * then its identity says whether that row counts.
 *
 * Invariant: a batch is whole or absent. What may fail stands before the writing; abandoning
 * shrinks every column, dictionary and set to where the batch began and frees the columns born in
 * it. Cost: a few hash look-ups a record; no allocation but for growth. */
#include "base/text.h"
#include "corpus/facts.h"

#ifdef KUNDIG_TINY
#define BATCH_FIRST_ROWS 2
#else
#define BATCH_FIRST_ROWS 16
#endif

/* Size of an element and its bits where a row has no value of its own. */
static const struct batch_column_kind {
    size_t size;
    uint64_t missing;
} batch_column_kinds[KUNDIG__COL_COUNT] = {
    [KUNDIG__COL_FLAGS] = {1, 0},
    [KUNDIG__COL_TIME] = {8, (uint64_t)1 << 63}, /* KUNDIG_TIME_ABSENT */
    [KUNDIG__COL_PRECISION] = {1, 0},
    [KUNDIG__COL_UPDATED] = {8, (uint64_t)1 << 63},
    [KUNDIG__COL_WEIGHT] = {8, (uint64_t)KUNDIG__WEIGHT_ONE},
    [KUNDIG__COL_CONSENT] = {1, 0},
};
#define BATCH_SCORE_MISSING  UINT64_C(0x80000000)         /* KUNDIG__SCORE_MISSING */
#define BATCH_NUMBER_MISSING UINT64_C(0x7FF8000000000000) /* a NaN */

size_t kundig__row_capacity(size_t count)
{
    size_t more = count < 4096 ? count : count / 8;
    return count + (more < BATCH_FIRST_ROWS ? BATCH_FIRST_ROWS : more);
}

static void batch_fill(void *data, size_t size, size_t count, uint64_t bits)
{
    if (size == 1) {
        memset(data, (int)bits, count);
    } else if (size == 4) {
        uint32_t *out = data;
        for (size_t i = 0; i < count; i++) {
            out[i] = (uint32_t)bits;
        }
    } else {
        uint64_t *out = data;
        for (size_t i = 0; i < count; i++) {
            out[i] = bits;
        }
    }
}

/* A column that exists gets room for `capacity` rows. */
static bool batch_widen(kundig__mem *mem, void **data, size_t *held, size_t capacity, size_t size)
{
    if (!*data || *held >= capacity) {
        return true;
    }
    void *fresh = kundig__realloc(mem, *data, *held * size, capacity * size);
    if (!fresh) {
        return false;
    }
    *data = fresh;
    *held = capacity;
    return true;
}

/* A column that does not exist yet comes into being, all rows missing. */
static bool batch_bear(kundig__corpus *corpus, void **data, size_t *held, size_t size,
                       uint64_t missing)
{
    if (*data) {
        return true;
    }
    void *fresh = kundig__alloc(corpus->mem, corpus->row_capacity * size);
    if (!fresh) {
        return false;
    }
    batch_fill(fresh, size, corpus->rows, missing);
    *data = fresh;
    *held = corpus->row_capacity;
    return true;
}

static bool batch_widen_dimension(kundig__corpus *corpus, kundig__dimension *dimension,
                                  size_t capacity)
{
    void *codes = dimension->codes;
    bool ok =
        batch_widen(corpus->mem, &codes, &dimension->capacity, capacity, sizeof *dimension->codes);
    dimension->codes = codes;
    return ok;
}

static bool batch_widen_all(kundig__corpus *corpus, size_t capacity)
{
    bool ok = true;
    for (int i = 0; i < KUNDIG__COL_COUNT && ok; i++) {
        kundig__row_column *column = &corpus->columns[i];
        ok = batch_widen(corpus->mem, &column->data, &column->capacity, capacity,
                         batch_column_kinds[i].size);
    }
    for (int d = 0; d < KUNDIG__DIM_COUNT && ok; d++) {
        ok = batch_widen_dimension(corpus, &corpus->dims[d], capacity);
    }
    for (size_t i = 0; i < corpus->question_count && ok; i++) {
        kundig__question *question = &corpus->questions[i];
        void *values = question->values;
        ok = batch_widen(corpus->mem, &values, &question->capacity, capacity,
                         sizeof *question->values);
        question->values = values;
    }
    for (size_t i = 0; i < corpus->attribute_count && ok; i++) {
        kundig__attribute_column *column = &corpus->attributes[i];
        void *numbers = column->numbers;
        ok = batch_widen(corpus->mem, &numbers, &column->capacity, capacity,
                         sizeof *column->numbers) &&
             batch_widen_dimension(corpus, &column->texts, capacity);
        column->numbers = numbers;
    }
    if (ok) {
        corpus->row_capacity = capacity;
    }
    return ok;
}

void kundig__fact_reserve(kundig__corpus *corpus, uint32_t rows)
{
    if (rows > corpus->row_capacity && rows <= KUNDIG__MAX_ROWS) {
        batch_widen_all(corpus, rows);
        kundig__dict_reserve(&corpus->identity.keys, rows);
    }
}

/* ---- Making ready: everything that may fail ---- */

static bool batch_bear_column(kundig__corpus *corpus, int column, bool needed)
{
    kundig__row_column *at = &corpus->columns[column];
    return !needed || batch_bear(corpus, &at->data, &at->capacity, batch_column_kinds[column].size,
                                 batch_column_kinds[column].missing);
}

static bool batch_code(kundig__corpus *corpus, kundig__dimension *dimension, kundig_text text,
                       uint32_t *code)
{
    void *codes = dimension->codes;
    if (!batch_bear(corpus, &codes, &dimension->capacity, sizeof *dimension->codes, 0)) {
        return false;
    }
    dimension->codes = codes;
    *code = kundig__dict_add(&dimension->dict, text.data, text.len);
    return *code != KUNDIG__DICT_NONE;
}

/* Put number `fresh` into an order by names. */
static bool batch_order_add(kundig__corpus *corpus, uint32_t **order, size_t *capacity,
                            const kundig__dict *names, uint32_t fresh)
{
    void *array = *order;
    if (!kundig__grow(corpus->mem, &array, capacity, (size_t)fresh + 1, sizeof **order)) {
        return false;
    }
    *order = array;
    kundig_text name = kundig__dict_text(names, fresh);
    size_t at = fresh;
    while (at > 0 && kundig__text_order(kundig__dict_text(names, (*order)[at - 1]), name) > 0) {
        (*order)[at] = (*order)[at - 1];
        at--;
    }
    (*order)[at] = fresh;
    return true;
}

static bool batch_name_copy(kundig__corpus *corpus, kundig_text name, kundig_text *out)
{
    char *data = kundig__alloc(corpus->mem, name.len + 1);
    if (!data) {
        return false;
    }
    memcpy(data, name.data, name.len);
    data[name.len] = '\0';
    *out = kundig__text(data, name.len);
    return true;
}

static void batch_name_free(kundig__corpus *corpus, kundig_text name)
{
    kundig__free(corpus->mem, (void *)(uintptr_t)name.data, name.len + 1);
}

static void batch_question_free(kundig__corpus *corpus, kundig__question *question)
{
    batch_name_free(corpus, question->name);
    kundig__free(corpus->mem, question->values, question->capacity * sizeof *question->values);
}

static void batch_attribute_free(kundig__corpus *corpus, kundig__attribute_column *column)
{
    batch_name_free(corpus, column->name);
    kundig__dict_free(&column->texts.dict);
    kundig__free(corpus->mem, column->texts.codes,
                 column->texts.capacity * sizeof *column->texts.codes);
    kundig__free(corpus->mem, column->numbers, column->capacity * sizeof *column->numbers);
}

static bool batch_question_new(kundig__corpus *corpus, kundig__checked_score *score)
{
    kundig__question question = {.scale = score->scale,
                                 .direction = score->direction,
                                 .minimum = score->minimum,
                                 .maximum = score->maximum};
    void *array = corpus->questions;
    void *values = NULL;
    if (!kundig__grow(corpus->mem, &array, &corpus->question_capacity, corpus->question_count + 1,
                      sizeof *corpus->questions)) {
        return false;
    }
    corpus->questions = array;
    bool ok = batch_name_copy(corpus, score->question, &question.name) &&
              batch_bear(corpus, &values, &question.capacity, sizeof *question.values,
                         BATCH_SCORE_MISSING);
    question.values = values;
    uint32_t index = KUNDIG__DICT_NONE;
    if (ok) {
        index = kundig__dict_add(&corpus->question_names, question.name.data, question.name.len);
    }
    if (index == KUNDIG__DICT_NONE) {
        batch_question_free(corpus, &question);
        return false;
    }
    score->index = index;
    corpus->questions[corpus->question_count++] = question;
    return batch_order_add(corpus, &corpus->question_order, &corpus->question_order_capacity,
                           &corpus->question_names, index);
}

static bool batch_attribute_new(kundig__corpus *corpus, kundig__checked_attribute *attribute)
{
    kundig__attribute_column column = {.type = attribute->type};
    void *array = corpus->attributes;
    if (!kundig__grow(corpus->mem, &array, &corpus->attribute_capacity, corpus->attribute_count + 1,
                      sizeof *corpus->attributes)) {
        return false;
    }
    corpus->attributes = array;
    kundig__dict_init(&column.texts.dict, corpus->mem, corpus->context->siphash_key);
    bool ok = batch_name_copy(corpus, attribute->name, &column.name);
    if (ok && column.type == KUNDIG_VALUE_TEXT) {
        void *codes = NULL;
        ok = batch_bear(corpus, &codes, &column.texts.capacity, sizeof *column.texts.codes, 0);
        column.texts.codes = codes;
    } else if (ok) {
        void *numbers = NULL;
        ok = batch_bear(corpus, &numbers, &column.capacity, sizeof *column.numbers,
                        BATCH_NUMBER_MISSING);
        column.numbers = numbers;
    }
    uint32_t index = KUNDIG__DICT_NONE;
    if (ok) {
        index = kundig__dict_add(&corpus->attribute_names, column.name.data, column.name.len);
    }
    if (index == KUNDIG__DICT_NONE) {
        batch_attribute_free(corpus, &column);
        return false;
    }
    attribute->index = index;
    corpus->attributes[corpus->attribute_count++] = column;
    return batch_order_add(corpus, &corpus->attribute_order, &corpus->attribute_order_capacity,
                           &corpus->attribute_names, index);
}

static bool batch_ready(kundig__corpus *corpus, uint32_t codes[KUNDIG__DIM_COUNT])
{
    kundig__checked *checked = &corpus->checked;
    uint32_t row = corpus->rows;
    if (row >= corpus->row_capacity && !batch_widen_all(corpus, kundig__row_capacity(row))) {
        return false;
    }
    if (!batch_bear_column(corpus, KUNDIG__COL_FLAGS, true) ||
        !batch_bear_column(corpus, KUNDIG__COL_TIME, checked->time_ms != KUNDIG_TIME_ABSENT) ||
        !batch_bear_column(corpus, KUNDIG__COL_PRECISION,
                           checked->precision != KUNDIG_PRECISION_MS) ||
        !batch_bear_column(corpus, KUNDIG__COL_UPDATED,
                           checked->updated_ms != KUNDIG_TIME_ABSENT) ||
        !batch_bear_column(corpus, KUNDIG__COL_WEIGHT, checked->weight != KUNDIG__WEIGHT_ONE) ||
        !batch_bear_column(corpus, KUNDIG__COL_CONSENT, checked->consent != KUNDIG_UNKNOWN)) {
        return false;
    }
    for (int d = 0; d < KUNDIG__DIM_COUNT; d++) {
        kundig__dimension *dimension = &corpus->dims[d];
        kundig_text text = checked->dims[d];
        codes[d] = 0;
        if (d == KUNDIG__DIM_KIND && checked->kind) {
            text = kundig__dict_text(&dimension->dict, (uint32_t)checked->kind - 1);
        }
        if (text.data) {
            uint32_t code = corpus->last_codes[d];
            if (code == KUNDIG__DICT_NONE ||
                !kundig__text_equal(kundig__dict_text(&dimension->dict, code), text)) {
                if (!batch_code(corpus, dimension, text, &code)) {
                    return false;
                }
                corpus->last_codes[d] = code;
            }
            codes[d] = code + 1;
        }
    }
    for (size_t i = 0; i < checked->score_count; i++) {
        if (checked->scores[i].index == KUNDIG__DICT_NONE &&
            !batch_question_new(corpus, &checked->scores[i])) {
            return false;
        }
    }
    for (size_t i = 0; i < checked->attribute_count; i++) {
        kundig__checked_attribute *attribute = &checked->attributes[i];
        if (attribute->index == KUNDIG__DICT_NONE && !batch_attribute_new(corpus, attribute)) {
            return false;
        }
    }
    if (checked->text.data || corpus->texts.offsets) {
        return kundig__pool_reserve(&corpus->texts, row, checked->text.len);
    }
    return true;
}

/* ---- Writing: nothing fails ---- */

static void batch_write_i64(kundig__corpus *corpus, int column, int64_t value)
{
    int64_t *data = corpus->columns[column].data;
    if (data) {
        data[corpus->rows] = value;
    }
}

static void batch_write_u8(kundig__corpus *corpus, int column, int32_t value)
{
    uint8_t *data = corpus->columns[column].data;
    if (data) {
        data[corpus->rows] = (uint8_t)value;
    }
}

/* Text attributes can fail: their codes are made here. */
static bool batch_write_attributes(kundig__corpus *corpus)
{
    const kundig__checked *checked = &corpus->checked;
    uint32_t row = corpus->rows;
    for (size_t i = 0; i < corpus->attribute_count; i++) {
        kundig__attribute_column *column = &corpus->attributes[i];
        if (column->type == KUNDIG_VALUE_TEXT) {
            column->texts.codes[row] = 0;
        } else {
            batch_fill(&column->numbers[row], sizeof *column->numbers, 1, BATCH_NUMBER_MISSING);
        }
    }
    for (size_t i = 0; i < checked->attribute_count; i++) {
        const kundig__checked_attribute *attribute = &checked->attributes[i];
        kundig__attribute_column *column = &corpus->attributes[attribute->index];
        if (column->type == KUNDIG_VALUE_TEXT) {
            uint32_t code;
            if (!batch_code(corpus, &column->texts, attribute->text, &code)) {
                return false;
            }
            column->texts.codes[row] = code + 1;
        } else {
            column->numbers[row] = attribute->number;
        }
    }
    return true;
}

static void batch_write(kundig__corpus *corpus, const uint32_t codes[KUNDIG__DIM_COUNT])
{
    const kundig__checked *checked = &corpus->checked;
    uint32_t row = corpus->rows;
    batch_write_u8(corpus, KUNDIG__COL_FLAGS,
                   checked->text.data ? (int32_t)KUNDIG__ROW_HAS_TEXT : 0);
    batch_write_i64(corpus, KUNDIG__COL_TIME, checked->time_ms);
    batch_write_u8(corpus, KUNDIG__COL_PRECISION, checked->precision);
    batch_write_i64(corpus, KUNDIG__COL_UPDATED, checked->updated_ms);
    batch_write_i64(corpus, KUNDIG__COL_WEIGHT, checked->weight);
    batch_write_u8(corpus, KUNDIG__COL_CONSENT, checked->consent);
    for (int d = 0; d < KUNDIG__DIM_COUNT; d++) {
        if (corpus->dims[d].codes) {
            corpus->dims[d].codes[row] = codes[d];
        }
    }
    for (size_t i = 0; i < corpus->question_count; i++) {
        corpus->questions[i].values[row] = KUNDIG__SCORE_MISSING;
    }
    for (size_t i = 0; i < checked->score_count; i++) {
        corpus->questions[checked->scores[i].index].values[row] = checked->scores[i].value;
    }
    if (corpus->texts.offsets) {
        kundig__pool_put(&corpus->texts, row, checked->text);
    }
}

static void batch_count_time(kundig__corpus *corpus)
{
    int64_t time_ms = corpus->checked.time_ms;
    if (time_ms == KUNDIG_TIME_ABSENT) {
        corpus->timeless++;
        return;
    }
    if (time_ms < corpus->time_least) {
        corpus->time_least = time_ms;
    }
    if (time_ms > corpus->time_greatest) {
        corpus->time_greatest = time_ms;
    }
}

static int batch_break(kundig__corpus *corpus, int rc)
{
    corpus->batch_broken = true;
    return rc;
}

int kundig__batch_add(kundig__corpus *corpus, const kundig_feedback *record, kundig_added *added,
                      const char **field, kundig_error *err)
{
    const char *refused = NULL;
    uint32_t codes[KUNDIG__DIM_COUNT];
    if (!corpus->in_batch || corpus->batch_broken) {
        return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "a record was added outside a batch");
    }
    int rc = kundig__record_check(corpus, record, &refused, err);
    if (field) {
        *field = refused;
    }
    if (rc) {
        return rc;
    }
    if (corpus->rows >= KUNDIG__MAX_ROWS) {
        return kundig__fail(err, KUNDIG_E_LIMIT, 0, "a corpus holds at most %lu records",
                            (unsigned long)KUNDIG__MAX_ROWS);
    }
    if (!batch_ready(corpus, codes)) {
        return batch_break(corpus, kundig__nomem(corpus->mem, err));
    }
    batch_write(corpus, codes);
    if (!batch_write_attributes(corpus)) {
        return batch_break(corpus, kundig__nomem(corpus->mem, err));
    }
    kundig__rows_of rows = kundig__rows_of_corpus(corpus);
    int placed =
        kundig__identity_place(&corpus->identity, &rows, corpus->columns[KUNDIG__COL_FLAGS].data,
                               codes[KUNDIG__DIM_SOURCE], corpus->checked.id, corpus->rows, err);
    if (placed < 0) {
        return batch_break(corpus, placed);
    }
    if (placed == KUNDIG__PLACED_UNCHANGED) {
        kundig__pool_shrink(&corpus->texts, corpus->rows);
    } else {
        batch_count_time(corpus);
        corpus->replaced += corpus->checked.replaced;
        corpus->rows++;
    }
    if (added) {
        added->records++;
        added->added += placed == KUNDIG__PLACED_NEW;
        added->versions += placed == KUNDIG__PLACED_VERSION || placed == KUNDIG__PLACED_CONFLICT;
        added->conflicts += placed == KUNDIG__PLACED_CONFLICT;
        added->unchanged += placed == KUNDIG__PLACED_UNCHANGED;
        added->replaced_bytes += corpus->checked.replaced;
    }
    return KUNDIG_OK;
}

/* ---- The batch ---- */

int kundig__batch_begin(kundig__corpus *corpus, kundig_error *err)
{
    kundig__batch_mark *mark = &corpus->mark;
    if (corpus->in_batch) {
        return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "a batch was begun inside another");
    }
    mark->rows = corpus->rows;
    for (int d = 0; d < KUNDIG__DIM_COUNT; d++) {
        mark->dim_texts[d] = corpus->dims[d].dict.count;
        mark->had_dim[d] = corpus->dims[d].codes != NULL;
    }
    for (int i = 0; i < KUNDIG__COL_COUNT; i++) {
        mark->had_column[i] = corpus->columns[i].data != NULL;
    }
    for (size_t i = 0; i < corpus->attribute_count; i++) {
        corpus->attributes[i].texts_before = corpus->attributes[i].texts.dict.count;
    }
    mark->had_text = corpus->texts.offsets != NULL;
    mark->question_count = corpus->question_count;
    mark->attribute_count = corpus->attribute_count;
    mark->replaced = corpus->replaced;
    mark->timeless = corpus->timeless;
    mark->time_least = corpus->time_least;
    mark->time_greatest = corpus->time_greatest;
    kundig__identity_begin(&corpus->identity);
    for (int i = 0; i < KUNDIG__FACT_KINDS - 1; i++) {
        kundig__fact_store_begin(&corpus->stores[i]);
    }
    corpus->in_batch = true;
    corpus->batch_broken = false;
    return KUNDIG_OK;
}

int kundig__batch_begin_restoring(kundig__corpus *corpus, kundig_error *err)
{
    int rc = kundig__batch_begin(corpus, err);
    if (!rc) {
        corpus->identity.restoring = true;
    }
    return rc;
}

/* Scratch of the batch; a corpus at rest holds facts alone. */
static void batch_end(kundig__corpus *corpus)
{
    kundig__checked *checked = &corpus->checked;
    kundig__arena_free(&checked->mended_texts);
    kundig__buf_free(&checked->mended);
    kundig__free(corpus->mem, checked->scores, checked->score_capacity * sizeof *checked->scores);
    kundig__free(corpus->mem, checked->attributes,
                 checked->attribute_capacity * sizeof *checked->attributes);
    checked->scores = NULL;
    checked->score_capacity = 0;
    checked->attributes = NULL;
    checked->attribute_capacity = 0;
    kundig__entity_free(&corpus->entity);
    corpus->in_batch = false;
    corpus->batch_broken = false;
}

void kundig__batch_commit(kundig__corpus *corpus)
{
    bool grown = corpus->rows != corpus->mark.rows;
    kundig__identity_commit(&corpus->identity);
    for (int i = 0; i < KUNDIG__FACT_KINDS - 1; i++) {
        grown |= kundig__fact_store_commit(&corpus->stores[i]);
    }
    corpus->generation += grown;
    batch_end(corpus);
}

static void batch_order_shrink(uint32_t *order, size_t before, size_t after)
{
    size_t kept = 0;
    for (size_t i = 0; i < before; i++) {
        if (order[i] < after) {
            order[kept++] = order[i];
        }
    }
}

/* Names that found no place in the order, because memory failed, are not in it. */
static void batch_forget_questions(kundig__corpus *corpus, size_t count)
{
    size_t ordered = corpus->question_order_capacity < corpus->question_count
                         ? corpus->question_order_capacity
                         : corpus->question_count;
    batch_order_shrink(corpus->question_order, ordered, count);
    while (corpus->question_count > count) {
        batch_question_free(corpus, &corpus->questions[--corpus->question_count]);
    }
    kundig__dict_shrink(&corpus->question_names, (uint32_t)count);
}

static void batch_forget_attributes(kundig__corpus *corpus, size_t count)
{
    size_t ordered = corpus->attribute_order_capacity < corpus->attribute_count
                         ? corpus->attribute_order_capacity
                         : corpus->attribute_count;
    batch_order_shrink(corpus->attribute_order, ordered, count);
    while (corpus->attribute_count > count) {
        batch_attribute_free(corpus, &corpus->attributes[--corpus->attribute_count]);
    }
    kundig__dict_shrink(&corpus->attribute_names, (uint32_t)count);
    for (size_t i = 0; i < corpus->attribute_count; i++) {
        kundig__dict_shrink(&corpus->attributes[i].texts.dict, corpus->attributes[i].texts_before);
    }
}

void kundig__batch_abandon(kundig__corpus *corpus)
{
    const kundig__batch_mark *mark = &corpus->mark;
    kundig__identity_undo(&corpus->identity, corpus->columns[KUNDIG__COL_FLAGS].data);
    batch_forget_questions(corpus, mark->question_count);
    batch_forget_attributes(corpus, mark->attribute_count);
    for (int d = 0; d < KUNDIG__DIM_COUNT; d++) {
        kundig__dimension *dimension = &corpus->dims[d];
        kundig__dict_shrink(&dimension->dict, mark->dim_texts[d]);
        if (!mark->had_dim[d]) {
            kundig__free(corpus->mem, dimension->codes,
                         dimension->capacity * sizeof *dimension->codes);
            dimension->codes = NULL;
            dimension->capacity = 0;
        }
        corpus->last_codes[d] = KUNDIG__DICT_NONE;
    }
    for (int i = 0; i < KUNDIG__COL_COUNT; i++) {
        kundig__row_column *column = &corpus->columns[i];
        if (!mark->had_column[i]) {
            kundig__free(corpus->mem, column->data, column->capacity * batch_column_kinds[i].size);
            column->data = NULL;
            column->capacity = 0;
        }
    }
    if (mark->had_text) {
        kundig__pool_shrink(&corpus->texts, mark->rows);
    } else {
        kundig__pool_free(&corpus->texts);
    }
    for (int i = 0; i < KUNDIG__FACT_KINDS - 1; i++) {
        kundig__fact_store_abandon(&corpus->stores[i]);
    }
    corpus->rows = mark->rows;
    corpus->replaced = mark->replaced;
    corpus->timeless = mark->timeless;
    corpus->time_least = mark->time_least;
    corpus->time_greatest = mark->time_greatest;
    batch_end(corpus);
}

/* Everything, at the end of the corpus. */
void kundig__columns_free(kundig__corpus *corpus)
{
    batch_forget_questions(corpus, 0);
    batch_forget_attributes(corpus, 0);
    kundig__free(corpus->mem, corpus->questions,
                 corpus->question_capacity * sizeof *corpus->questions);
    kundig__free(corpus->mem, corpus->question_order,
                 corpus->question_order_capacity * sizeof *corpus->question_order);
    kundig__free(corpus->mem, corpus->attributes,
                 corpus->attribute_capacity * sizeof *corpus->attributes);
    kundig__free(corpus->mem, corpus->attribute_order,
                 corpus->attribute_order_capacity * sizeof *corpus->attribute_order);
    kundig__dict_free(&corpus->question_names);
    kundig__dict_free(&corpus->attribute_names);
    for (int d = 0; d < KUNDIG__DIM_COUNT; d++) {
        kundig__dict_free(&corpus->dims[d].dict);
        kundig__free(corpus->mem, corpus->dims[d].codes,
                     corpus->dims[d].capacity * sizeof *corpus->dims[d].codes);
    }
    for (int i = 0; i < KUNDIG__COL_COUNT; i++) {
        kundig__free(corpus->mem, corpus->columns[i].data,
                     corpus->columns[i].capacity * batch_column_kinds[i].size);
    }
    batch_end(corpus);
}
