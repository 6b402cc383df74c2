/* What the corpus holds: its fields, and the records whose versions contradict each other.
 *
 * Invariant: counts are of current rows, and everything shown, the bytes among it, is a property of
 * the set of facts. Cost: one pass over each column; conflicts sort the rows that have versions. */
#include "base/calendar.h"
#include "base/number.h"
#include "base/text.h"
#include "corpus/facts.h"
#include "table/table.h"

#define FIELDS_WIDEST (INT64_C(1) << 24) /* thousandths between answers that are still counted */

enum {
    FIELDS_FIELD,
    FIELDS_TYPE,
    FIELDS_SCALE,
    FIELDS_RECORDS,
    FIELDS_DISTINCT,
    FIELDS_MINIMUM,
    FIELDS_MAXIMUM
};

static void fields_row(kundig_table *table, kundig_text field, const char *type, uint64_t records)
{
    kundig__table_row(table);
    kundig__table_set_text(table, FIELDS_FIELD, field);
    kundig__table_set_text(table, FIELDS_TYPE, kundig__str(type));
    kundig__table_set_int(table, FIELDS_RECORDS, (int64_t)records);
}

static void fields_set_number(kundig_table *table, size_t column, double value)
{
    char text[KUNDIG__NUMBER_SIZE];
    size_t len = kundig__number_write(value, text);
    kundig__table_set_text(table, column, kundig__text(text, len));
}

static void fields_set_time(kundig_table *table, size_t column, int64_t time_ms, int32_t precision)
{
    char text[32];
    size_t len = kundig__time_write(time_ms, precision, text);
    kundig__table_set_text(table, column, kundig__text(text, len));
}

static void fields_time(const kundig__corpus *corpus, kundig_table *table)
{
    const int64_t *times = kundig__corpus_times(corpus);
    const uint8_t *precisions = kundig__corpus_precisions(corpus);
    uint64_t records = 0;
    int64_t ends[2] = {0, 0};
    int32_t marks[2] = {0, 0};
    for (uint32_t row = 0; times && row < corpus->rows; row++) {
        if (times[row] == KUNDIG_TIME_ABSENT || !kundig__row_is_current(corpus, row)) {
            continue;
        }
        /* Equal times may be known differently well: the finer one is shown. */
        int32_t precision = precisions ? precisions[row] : KUNDIG_PRECISION_MS;
        if (!records || times[row] < ends[0] || (times[row] == ends[0] && precision < marks[0])) {
            ends[0] = times[row];
            marks[0] = precision;
        }
        if (!records || times[row] > ends[1] || (times[row] == ends[1] && precision < marks[1])) {
            ends[1] = times[row];
            marks[1] = precision;
        }
        records++;
    }
    if (records) {
        fields_row(table, KUNDIG__TEXT("time"), "time", records);
        fields_set_time(table, FIELDS_MINIMUM, ends[0], marks[0]);
        fields_set_time(table, FIELDS_MAXIMUM, ends[1], marks[1]);
    }
}

static int fields_codes(const kundig__corpus *corpus, kundig_table *table, kundig_text name,
                        const char *type, const kundig__dimension *dimension, kundig_error *err)
{
    uint64_t records = 0;
    int64_t distinct = 0;
    kundig_text least = {NULL, 0};
    kundig_text greatest = {NULL, 0};
    if (!dimension->codes) {
        return KUNDIG_OK;
    }
    size_t size = (size_t)dimension->dict.count + 1;
    uint8_t *seen = kundig__alloc_zero(corpus->mem, size);
    if (!seen) {
        return kundig__nomem(corpus->mem, err);
    }
    for (uint32_t row = 0; row < corpus->rows; row++) {
        uint32_t code = dimension->codes[row];
        if (code && kundig__row_is_current(corpus, row)) {
            records++;
            seen[code] = 1;
        }
    }
    for (uint32_t code = 1; code < size; code++) {
        kundig_text text = kundig__dict_text(&dimension->dict, code - 1);
        if (seen[code]) {
            least = !distinct || kundig__text_order(text, least) < 0 ? text : least;
            greatest = !distinct || kundig__text_order(text, greatest) > 0 ? text : greatest;
            distinct++;
        }
    }
    if (records) {
        fields_row(table, name, type, records);
        kundig__table_set_int(table, FIELDS_DISTINCT, distinct);
        kundig__table_set_text(table, FIELDS_MINIMUM, least);
        kundig__table_set_text(table, FIELDS_MAXIMUM, greatest);
    }
    kundig__free(corpus->mem, seen, size);
    return KUNDIG_OK;
}

/* A question or attribute by the name that a query would find it by: with its prefix where the
 * plain name means something else. */
static int fields_name(const kundig__corpus *corpus, kundig_text name, const char *prefix,
                       const kundig__dict *others, kundig__buf *buf, kundig_text *out,
                       kundig_error *err)
{
    /* The last five where there are texts. */
    static const char *const taken[] = {"time",  "text",          "id",        "weight", "topic",
                                        "theme", "text_language", "sentiment", "novelty"};
    bool clash = kundig__dict_find(others, name.data, name.len) != KUNDIG__DICT_NONE;
    for (int d = 0; d < KUNDIG__DIM_COUNT; d++) {
        clash = clash || kundig__text_equal(name, kundig__str(kundig__dimension_name(d)));
    }
    size_t count = sizeof taken / sizeof *taken;
    for (size_t i = 0; i < (corpus->texts.offsets ? count : count - 5); i++) {
        clash = clash || kundig__text_equal(name, kundig__str(taken[i]));
    }
    *out = name;
    if (clash) {
        buf->len = 0;
        kundig__buf_str(buf, prefix);
        kundig__buf_text(buf, name);
        if (buf->failed) {
            return kundig__nomem(corpus->mem, err);
        }
        *out = kundig__text(buf->data, buf->len);
    }
    return KUNDIG_OK;
}

/* "nps", or of a declared scale "0..100" and "0..100,lower". */
static void fields_set_scale(kundig_table *table, const kundig__question *question)
{
    char text[2 * KUNDIG__NUMBER_SIZE + 16];
    if (question->scale != KUNDIG_SCALE_DECLARED) {
        kundig__table_set_text(table, FIELDS_SCALE,
                               kundig__str(kundig__scale_name(question->scale)));
        return;
    }
    size_t len = kundig__number_write(question->minimum / 1000.0, text);
    memcpy(text + len, "..", 2);
    len += 2;
    len += kundig__number_write(question->maximum / 1000.0, text + len);
    if (question->direction == KUNDIG_LOWER_IS_BETTER) {
        memcpy(text + len, ",lower", 6);
        len += 6;
    }
    kundig__table_set_text(table, FIELDS_SCALE, kundig__text(text, len));
}

/* Counts different answers; -1 where the scale is too wide. */
static int fields_count_answers(const kundig__corpus *corpus, const kundig__question *question,
                                int64_t *distinct, kundig_error *err)
{
    int64_t width = (int64_t)question->maximum - question->minimum + 1;
    *distinct = -1;
    if (width > FIELDS_WIDEST) {
        return KUNDIG_OK;
    }
    uint8_t *seen = kundig__alloc_zero(corpus->mem, (size_t)width);
    if (!seen) {
        return kundig__nomem(corpus->mem, err);
    }
    *distinct = 0;
    for (uint32_t row = 0; row < corpus->rows; row++) {
        if (question->values[row] != KUNDIG__SCORE_MISSING && kundig__row_is_current(corpus, row)) {
            uint8_t *at = &seen[question->values[row] - question->minimum];
            *distinct += !*at;
            *at = 1;
        }
    }
    kundig__free(corpus->mem, seen, (size_t)width);
    return KUNDIG_OK;
}

static int fields_question(const kundig__corpus *corpus, kundig_table *table,
                           const kundig__question *question, kundig__buf *buf, kundig_error *err)
{
    kundig_text name;
    int64_t distinct = 0;
    uint64_t records = 0;
    int32_t least = INT32_MAX;
    int32_t greatest = INT32_MIN;
    int rc =
        fields_name(corpus, question->name, "question:", &corpus->attribute_names, buf, &name, err);
    if (!rc) {
        rc = fields_count_answers(corpus, question, &distinct, err);
    }
    if (rc) {
        return rc;
    }
    for (uint32_t row = 0; row < corpus->rows; row++) {
        int32_t value = question->values[row];
        if (value != KUNDIG__SCORE_MISSING && kundig__row_is_current(corpus, row)) {
            records++;
            least = value < least ? value : least;
            greatest = value > greatest ? value : greatest;
        }
    }
    if (records) {
        fields_row(table, name, "question", records);
        fields_set_scale(table, question);
        if (distinct >= 0) {
            kundig__table_set_int(table, FIELDS_DISTINCT, distinct);
        }
        fields_set_number(table, FIELDS_MINIMUM, least / 1000.0);
        fields_set_number(table, FIELDS_MAXIMUM, greatest / 1000.0);
    }
    return KUNDIG_OK;
}

static int fields_attribute(const kundig__corpus *corpus, kundig_table *table,
                            const kundig__attribute_column *column, kundig__buf *buf,
                            kundig_error *err)
{
    kundig_text name;
    uint64_t records = 0;
    double least = 0;
    double greatest = 0;
    int rc =
        fields_name(corpus, column->name, "attribute:", &corpus->question_names, buf, &name, err);
    if (rc) {
        return rc;
    }
    if (column->type == KUNDIG_VALUE_TEXT) {
        return fields_codes(corpus, table, name, "attribute", &column->texts, err);
    }
    for (uint32_t row = 0; row < corpus->rows; row++) {
        if (kundig__attribute_has(column, row) && kundig__row_is_current(corpus, row)) {
            double value = column->numbers[row];
            least = !records || value < least ? value : least;
            greatest = !records || value > greatest ? value : greatest;
            records++;
        }
    }
    if (!records) {
        return KUNDIG_OK;
    }
    fields_row(table, name, "attribute", records);
    if (column->type == KUNDIG_VALUE_BOOL) {
        static const char *const words[2] = {"false", "true"};
        kundig__table_set_int(table, FIELDS_DISTINCT, least < greatest ? 2 : 1);
        kundig__table_set_text(table, FIELDS_MINIMUM, kundig__str(words[least != 0]));
        kundig__table_set_text(table, FIELDS_MAXIMUM, kundig__str(words[greatest != 0]));
    } else {
        fields_set_number(table, FIELDS_MINIMUM, least);
        fields_set_number(table, FIELDS_MAXIMUM, greatest);
    }
    return KUNDIG_OK;
}

/* What the model reads in comments, by the names that a query would find it by. Counting would cost
 * a reading of every comment, and what has been read already must not show: nothing is counted. */
static void fields_read(const kundig__corpus *corpus, kundig_table *table)
{
    static const char *const names[5] = {"model:topic", "model:theme", "model:text_language",
                                         "model:sentiment", "model:novelty"};
    bool discovered = corpus->model && kundig__model_discovered_of(corpus->model);
    for (size_t i = 0; i < (discovered ? 5u : 4u); i++) {
        const char *plain = strchr(names[i], ':') + 1;
        size_t len = strlen(plain);
        bool taken = kundig__dict_find(&corpus->question_names, plain, len) != KUNDIG__DICT_NONE ||
                     kundig__dict_find(&corpus->attribute_names, plain, len) != KUNDIG__DICT_NONE;
        kundig__table_row(table);
        kundig__table_set_text(table, FIELDS_FIELD, kundig__str(taken ? names[i] : plain));
        kundig__table_set_text(table, FIELDS_TYPE, KUNDIG__TEXT("model"));
    }
}

/* Text, id and weight: how many records have them. */
static void fields_others(const kundig__corpus *corpus, kundig_table *table)
{
    const int64_t *weights = kundig__corpus_weights(corpus);
    uint64_t texts = 0;
    uint64_t ids = 0;
    int64_t least = INT64_MAX;
    int64_t greatest = INT64_MIN;
    for (uint32_t row = 0; row < corpus->rows; row++) {
        if (!kundig__row_is_current(corpus, row)) {
            continue;
        }
        texts += (kundig__corpus_flags(corpus)[row] & KUNDIG__ROW_HAS_TEXT) != 0;
        ids += kundig__corpus_id(corpus, row).data != NULL;
        if (weights) {
            least = weights[row] < least ? weights[row] : least;
            greatest = weights[row] > greatest ? weights[row] : greatest;
        }
    }
    if (texts) {
        fields_row(table, KUNDIG__TEXT("text"), "text", texts);
        fields_read(corpus, table);
    }
    if (ids) {
        fields_row(table, KUNDIG__TEXT("id"), "text", ids);
    }
    if (weights && least <= greatest) {
        fields_row(table, KUNDIG__TEXT("weight"), "number", kundig__corpus_current_rows(corpus));
        fields_set_number(table, FIELDS_MINIMUM, (double)least / (double)KUNDIG__WEIGHT_ONE);
        fields_set_number(table, FIELDS_MAXIMUM, (double)greatest / (double)KUNDIG__WEIGHT_ONE);
    }
}

/* ---- Conflicts ---- */

/* Rows of records with several versions, by record and updated time. */
static int fields_version_order(const void *ud, uint32_t a, uint32_t b)
{
    const kundig__corpus *corpus = ud;
    uint32_t x = kundig__identity_record(&corpus->identity, a);
    uint32_t y = kundig__identity_record(&corpus->identity, b);
    if (x != y) {
        return x < y ? -1 : 1;
    }
    int64_t s = kundig__row_updated(corpus, a);
    int64_t t = kundig__row_updated(corpus, b);
    return (s > t) - (s < t);
}

/* By source, id and updated time. */
static int fields_conflict_order(const void *ud, uint32_t a, uint32_t b)
{
    const kundig__corpus *corpus = ud;
    const kundig__dimension *sources = &corpus->dims[KUNDIG__DIM_SOURCE];
    int order =
        kundig__text_order(kundig__dimension_text(sources, a), kundig__dimension_text(sources, b));
    if (!order) {
        order = kundig__text_order(kundig__corpus_id(corpus, a), kundig__corpus_id(corpus, b));
    }
    int64_t s = kundig__row_updated(corpus, a);
    int64_t t = kundig__row_updated(corpus, b);
    return order ? order : (s > t) - (s < t);
}

typedef struct fields_versions {
    uint32_t *rows; /* one after the other, equal ones together */
    size_t capacity;
    size_t count;
} fields_versions;

static int fields_versions_find(const kundig__corpus *corpus, fields_versions *list,
                                kundig_error *err)
{
    const uint8_t *flags = kundig__corpus_flags(corpus);
    for (uint32_t row = 0; corpus->identity.record_of && row < corpus->rows; row++) {
        void *rows = list->rows;
        if ((flags[row] & KUNDIG__ROW_VERSIONED) == 0) {
            continue;
        }
        if (!kundig__grow(corpus->mem, &rows, &list->capacity, list->count + 1,
                          sizeof *list->rows)) {
            return kundig__nomem(corpus->mem, err);
        }
        list->rows = rows;
        list->rows[list->count++] = row;
    }
    kundig__order_sort(list->rows, list->count, fields_version_order, corpus);
    return KUNDIG_OK;
}

/* How many rows from `at` on are versions that claim one updated time. */
static size_t fields_versions_run(const kundig__corpus *corpus, const fields_versions *list,
                                  size_t at)
{
    size_t end = at + 1;
    while (end < list->count &&
           fields_version_order(corpus, list->rows[at], list->rows[end]) == 0) {
        end++;
    }
    return end - at;
}

int kundig__corpus_conflicts(kundig__corpus *corpus, kundig_table **out, kundig_error *err)
{
    fields_versions list = {NULL, 0, 0};
    uint32_t *counts = NULL; /* of versions, by row */
    kundig_table *table = NULL;
    size_t found = 0;
    int rc = fields_versions_find(corpus, &list, err);
    size_t size = corpus->rows * sizeof *counts;
    if (!rc && list.count) {
        counts = kundig__alloc(corpus->mem, size);
        rc = counts ? KUNDIG_OK : kundig__nomem(corpus->mem, err);
    }
    for (size_t at = 0; !rc && at < list.count;) {
        size_t run = fields_versions_run(corpus, &list, at);
        if (run > 1) {
            counts[list.rows[at]] = (uint32_t)run;
            list.rows[found++] = list.rows[at];
        }
        at += run;
    }
    if (!rc) {
        kundig__order_sort(list.rows, found, fields_conflict_order, corpus);
        table = kundig__table_new(corpus->mem);
        rc = table ? KUNDIG_OK : kundig__nomem(corpus->mem, err);
    }
    if (!rc) {
        kundig__table_column(table, "source", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
        kundig__table_column(table, "id", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
        kundig__table_column(table, "updated", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
        kundig__table_column(table, "versions", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
        for (size_t i = 0; i < found; i++) {
            uint32_t row = list.rows[i];
            int64_t updated = kundig__row_updated(corpus, row);
            kundig__table_row(table);
            kundig__table_set_text(table, 0,
                                   kundig__dimension_text(&corpus->dims[KUNDIG__DIM_SOURCE], row));
            kundig__table_set_text(table, 1, kundig__corpus_id(corpus, row));
            if (updated != KUNDIG_TIME_ABSENT) {
                fields_set_time(table, 2, updated, KUNDIG_PRECISION_MS);
            }
            kundig__table_set_int(table, 3, counts[row]);
        }
        rc = kundig__table_finish(table, out, err);
    }
    kundig__free(corpus->mem, counts, size);
    kundig__free(corpus->mem, list.rows, list.capacity * sizeof *list.rows);
    return rc;
}

/* ---- The table of fields ---- */

static uint64_t fields_dict_bytes(const kundig__dict *dict)
{
    return dict->bytes_len + UINT64_C(24) * dict->count;
}

/* What the facts need at least: unlike capacities it does not tell how they arrived. */
static uint64_t fields_bytes(const kundig__corpus *corpus)
{
    static const uint64_t sizes[KUNDIG__COL_COUNT] = {1, 8, 1, 8, 8, 1};
    uint64_t row = corpus->texts.offsets ? sizeof *corpus->texts.offsets : 0;
    uint64_t bytes =
        fields_dict_bytes(&corpus->identity.keys) + fields_dict_bytes(&corpus->identity.versions);
    for (int i = 0; i < KUNDIG__COL_COUNT; i++) {
        row += corpus->columns[i].data ? sizes[i] : 0;
    }
    for (int d = 0; d < KUNDIG__DIM_COUNT; d++) {
        row += corpus->dims[d].codes ? sizeof(uint32_t) : 0;
        bytes += fields_dict_bytes(&corpus->dims[d].dict);
    }
    for (size_t i = 0; i < corpus->attribute_count; i++) {
        bool text = corpus->attributes[i].type == KUNDIG_VALUE_TEXT;
        row += text ? sizeof(uint32_t) : sizeof(double);
        bytes += fields_dict_bytes(&corpus->attributes[i].texts.dict);
    }
    return bytes + corpus->rows * (row + corpus->question_count * sizeof(int32_t));
}

static int fields_notes(const kundig__corpus *corpus, kundig_table *table, kundig_error *err)
{
    fields_versions list = {NULL, 0, 0};
    uint64_t conflicts = 0;
    uint32_t last = UINT32_MAX;
    int rc = fields_versions_find(corpus, &list, err);
    for (size_t at = 0; !rc && at < list.count;) {
        size_t run = fields_versions_run(corpus, &list, at);
        uint32_t record = kundig__identity_record(&corpus->identity, list.rows[at]);
        if (run > 1 && record != last) {
            conflicts++;
            last = record;
        }
        at += run;
    }
    kundig__free(corpus->mem, list.rows, list.capacity * sizeof *list.rows);
    if (rc) {
        return rc;
    }
    uint32_t records = kundig__corpus_current_rows(corpus);
    kundig__table_note(table, "records: %lu", (unsigned long)records);
    kundig__table_note(table, "older versions: %lu", (unsigned long)(corpus->rows - records));
    kundig__table_note(table, "records in conflict: %llu", (unsigned long long)conflicts);
    for (int kind = KUNDIG_FACTS_CUSTOMERS; kind < KUNDIG__FACT_KINDS; kind++) {
        uint32_t count = kundig__fact_records(corpus, kind);
        /* Facts that few give are not spoken of where there are none. */
        if (count || kind <= KUNDIG_FACTS_EVENTS) {
            kundig__table_note(table, "%s: %lu", kundig__fact_kind_name(kind),
                               (unsigned long)count);
        }
    }
    kundig__table_note(table, "bytes of text: %llu", (unsigned long long)corpus->texts.bytes);
    kundig__table_note(table, "bytes of columns: %llu", (unsigned long long)fields_bytes(corpus));
    return KUNDIG_OK;
}

static int fields_fill(kundig__corpus *corpus, kundig_table *table, kundig__buf *buf,
                       kundig_error *err)
{
    int rc = KUNDIG_OK;
    kundig__table_column(table, "field", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "type", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "scale", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "records", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    kundig__table_column(table, "distinct", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    kundig__table_column(table, "minimum", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "maximum", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    fields_time(corpus, table);
    for (int d = 0; d < KUNDIG__DIM_COUNT && !rc; d++) {
        const kundig__dimension *dimension = &corpus->dims[d];
        if (d == KUNDIG__DIM_CUSTOMER) {
            rc = kundig__corpus_people(corpus, &dimension, err);
        }
        rc = rc ? rc
                : fields_codes(corpus, table, kundig__str(kundig__dimension_name(d)), "dimension",
                               dimension, err);
    }
    for (size_t i = 0; i < corpus->question_count && !rc; i++) {
        rc = fields_question(corpus, table, kundig__corpus_question(corpus, i), buf, err);
    }
    for (size_t i = 0; i < corpus->attribute_count && !rc; i++) {
        rc = fields_attribute(corpus, table, kundig__corpus_attribute(corpus, i), buf, err);
    }
    if (!rc) {
        fields_others(corpus, table);
        rc = fields_notes(corpus, table, err);
    }
    return rc;
}

int kundig__corpus_fields(kundig__corpus *corpus, kundig_table **out, kundig_error *err)
{
    kundig__buf buf;
    kundig_table *table = kundig__table_new(corpus->mem);
    if (!table) {
        return kundig__nomem(corpus->mem, err);
    }
    kundig__buf_init(&buf, corpus->mem);
    int rc = fields_fill(corpus, table, &buf, err);
    kundig__buf_free(&buf);
    if (rc) {
        kundig_table_free(table);
        return rc;
    }
    return kundig__table_finish(table, out, err);
}
