/* Rows that the corpus has and the file has not, appended.
 *
 * Invariant: each table is written at its right edge alone: n ascends, and the numbers of a row's
 * answers and attributes are sorted, so SQLite fills page after page and never moves a cell. The
 * state agrees with the rows when the transaction ends. Cost: one insert a row, an answer, an
 * attribute; one BLAKE2b a row. */
#include "base/text.h"
#include "store/db.h"

#ifdef KUNDIG_TINY
#define WRITE_PROGRESS 4u
#else
#define WRITE_PROGRESS 65536u
#endif

/* A value beside a row: where it stands in the record, and the number of its name. */
typedef struct write_item {
    uint32_t number;
    uint32_t at;
} write_item;

typedef struct write_job {
    kundig__store *store;
    kundig__corpus *corpus;
    const kundig__store_table *table;
    int kind;
    sqlite3_stmt *row;
    uint32_t bound; /* columns of `row` that are not NULL now: values stay bound */
    sqlite3_stmt *answer;
    sqlite3_stmt *attribute;
    kundig__buf canonical;
    kundig__arena arena;
    write_item *items;
    uint32_t *order;
    size_t item_capacity;
    size_t order_capacity;
} write_job;

static int write_item_order(const void *ud, uint32_t a, uint32_t b)
{
    const write_item *items = ud;
    return items[a].number < items[b].number ? -1 : items[a].number > items[b].number;
}

/* Make room for the items of a row. */
static int write_items(write_job *job, size_t count, kundig_error *err)
{
    void *items = job->items;
    void *order = job->order;
    if (!kundig__grow(job->store->mem, &items, &job->item_capacity, count, sizeof *job->items)) {
        return kundig__nomem(job->store->mem, err);
    }
    job->items = items;
    if (!kundig__grow(job->store->mem, &order, &job->order_capacity, count, sizeof *job->order)) {
        return kundig__nomem(job->store->mem, err);
    }
    job->order = order;
    return KUNDIG_OK;
}

static void write_sort(write_job *job, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        job->order[i] = (uint32_t)i;
    }
    if (count > 1) {
        kundig__order_sort(job->order, count, write_item_order, job->items);
    }
}

/* The number of a question; a new one is written with the ends of its scale, which the record does
 * not repeat where everybody knows them. */
static int write_question(write_job *job, const kundig_score *score, uint32_t *number,
                          kundig_error *err)
{
    kundig_score whole = *score;
    size_t count = kundig__corpus_question_count(job->corpus);
    if (kundig__dict_find(&job->store->questions.dict, score->question.data, score->question.len) ==
        KUNDIG__DICT_NONE) {
        for (size_t i = 0; i < count; i++) {
            const kundig__question *question = kundig__corpus_question(job->corpus, i);
            if (kundig__text_equal(question->name, score->question)) {
                whole.direction = question->direction;
                whole.minimum = question->minimum / 1000.0;
                whole.maximum = question->maximum / 1000.0;
            }
        }
    }
    return kundig__question_number(job->store, &whole, number, err);
}

static int write_answers(write_job *job, uint64_t n, const kundig_feedback *record,
                         kundig_error *err)
{
    size_t count = record->score_count;
    int rc = write_items(job, count, err);
    for (size_t i = 0; i < count && !rc; i++) {
        job->items[i].at = (uint32_t)i;
        rc = write_question(job, &record->scores[i], &job->items[i].number, err);
    }
    if (!rc) {
        write_sort(job, count);
    }
    for (size_t i = 0; i < count && !rc; i++) {
        const write_item *item = &job->items[job->order[i]];
        sqlite3_bind_int64(job->answer, 1, (int64_t)n * KUNDIG__STORE_NAMES + item->number);
        sqlite3_bind_double(job->answer, 2, record->scores[item->at].value);
        rc = kundig__db_run(job->store, job->answer, err);
    }
    return rc;
}

static int write_attributes(write_job *job, uint64_t n, const kundig_attribute *given, size_t count,
                            kundig_error *err)
{
    int rc = write_items(job, count, err);
    for (size_t i = 0; i < count && !rc; i++) {
        job->items[i].at = (uint32_t)i;
        rc = kundig__property_number(job->store, given[i].name, &job->items[i].number, err);
    }
    if (!rc) {
        write_sort(job, count);
    }
    for (size_t i = 0; i < count && !rc; i++) {
        const write_item *item = &job->items[job->order[i]];
        const kundig_value *value = &given[item->at].value;
        sqlite3_bind_int64(job->attribute, 1, (int64_t)n * KUNDIG__STORE_NAMES + item->number);
        if (value->type == KUNDIG_VALUE_TEXT) {
            rc = kundig__db_bind(job->store, job->attribute, 2, value->text, err);
        } else if (value->type == KUNDIG_VALUE_BOOL) {
            sqlite3_bind_int(job->attribute, 2, value->boolean);
        } else {
            sqlite3_bind_double(job->attribute, 2, value->number);
        }
        rc = rc ? rc : kundig__db_run(job->store, job->attribute, err);
    }
    return rc;
}

/* Bind a column; *used says whether it has a value. */
static int write_column(write_job *job, int place, const kundig__fact *fact, bool *used,
                        kundig_error *err)
{
    const kundig__store_column *column = &job->table->columns[place];
    const void *field = (const char *)fact + column->offset;
    sqlite3_stmt *statement = job->row;
    int at = place + 3;
    *used = false;
    switch (column->type) {
    case KUNDIG__COLUMN_TEXT:
        *used = ((const kundig_text *)field)->data != NULL;
        if (*used) {
            return kundig__db_bind(job->store, statement, at, *(const kundig_text *)field, err);
        }
        break;
    case KUNDIG__COLUMN_TIME:
        *used = *(const int64_t *)field != KUNDIG_TIME_ABSENT;
        if (*used) {
            sqlite3_bind_int64(statement, at, *(const int64_t *)field);
        }
        break;
    case KUNDIG__COLUMN_CODE:
    case KUNDIG__COLUMN_INT:
        *used = column->type == KUNDIG__COLUMN_INT || *(const int32_t *)field;
        if (*used) {
            sqlite3_bind_int(statement, at, *(const int32_t *)field);
        }
        break;
    case KUNDIG__COLUMN_NUMBER:
        *used = ((const kundig_value *)field)->type == KUNDIG_VALUE_NUMBER;
        if (*used) {
            sqlite3_bind_double(statement, at, ((const kundig_value *)field)->number);
        }
        break;
    default:
        *used = fact->as.feedback.has_weight;
        if (*used) {
            sqlite3_bind_double(statement, at, *(const double *)field);
        }
        break;
    }
    if (!*used && job->bound >> place & 1) {
        sqlite3_bind_null(statement, at);
    }
    return KUNDIG_OK;
}

static int write_row(write_job *job, uint32_t row, kundig_error *err)
{
    kundig__store *store = job->store;
    kundig__store_kind *of = &store->state.kinds[job->kind];
    kundig__fact fact;
    uint64_t n = of->last + 1;
    kundig__arena_free(&job->arena);
    int rc = kundig__fact_at(job->corpus, job->kind, row, &job->arena, &fact, err);
    if (rc) {
        return rc;
    }
    job->canonical.len = 0;
    kundig__fact_canonical(job->corpus, job->kind, row, &job->canonical);
    if (job->canonical.failed) {
        return kundig__nomem(store->mem, err);
    }
    kundig__hash128 hash = kundig__canonical_hash(&job->canonical);
    sqlite3_bind_int64(job->row, 1, (int64_t)n);
    sqlite3_bind_blob(job->row, 2, hash.bytes, sizeof hash.bytes, SQLITE_STATIC);
    uint32_t bound = 0;
    for (int i = 0; i < job->table->column_count && !rc; i++) {
        bool used = false;
        rc = write_column(job, i, &fact, &used, err);
        bound |= (uint32_t)used << i;
    }
    job->bound = bound;
    of->used |= bound;
    rc = rc ? rc : kundig__db_run(store, job->row, err);
    if (!rc && job->kind == KUNDIG_FACTS_FEEDBACK && fact.as.feedback.score_count) {
        of->used |= KUNDIG__USED_ANSWERS;
        rc = write_answers(job, n, &fact.as.feedback, err);
    }
    if (!rc && job->table->attributes) {
        bool of_feedback = job->kind == KUNDIG_FACTS_FEEDBACK;
        size_t count =
            of_feedback ? fact.as.feedback.attribute_count : fact.as.customer.attribute_count;
        if (count) {
            of->used |= KUNDIG__USED_ATTRIBUTES;
            rc = write_attributes(
                job, n, of_feedback ? fact.as.feedback.attributes : fact.as.customer.attributes,
                count, err);
        }
    }
    if (!rc) {
        of->last = n;
        kundig__fact_sum_add(&of->sum, &hash);
        rc = kundig__store_note(store, job->kind, n, err);
    }
    return rc;
}

static int write_prepare(write_job *job, kundig_error *err)
{
    kundig__store *store = job->store;
    char sql[256];
    size_t len;
    sqlite3_snprintf(sizeof sql, sql, "INSERT INTO %s VALUES (?,?", job->table->name);
    len = strlen(sql);
    for (int i = 0; i < job->table->column_count; i++) {
        memcpy(sql + len, ",?", 2);
        len += 2;
    }
    memcpy(sql + len, ")", 2);
    int rc = kundig__db_prepare(store, sql, &job->row, err);
    if (!rc && job->table->answers) {
        rc = kundig__db_prepare(store, "INSERT INTO answer VALUES (?,?)", &job->answer, err);
    }
    if (!rc && job->table->attributes) {
        sqlite3_snprintf(sizeof sql, sql, "INSERT INTO %s VALUES (?,?)", job->table->attributes);
        rc = kundig__db_prepare(store, sql, &job->attribute, err);
    }
    return rc;
}

static int write_kind(write_job *job, kundig_error *err)
{
    kundig__store *store = job->store;
    kundig__store_known *known = &store->known[job->kind];
    uint32_t rows = kundig__fact_rows(job->corpus, job->kind);
    kundig__buf_init(&job->canonical, store->mem);
    kundig__arena_init(&job->arena, store->mem);
    int rc = write_prepare(job, err);
    for (uint32_t row = known->rows; row < rows && !rc; row++) {
        rc = write_row(job, row, err);
        if (!rc && (row + 1) % WRITE_PROGRESS == 0) {
            rc = kundig__progress(store->context, row + 1, rows, err);
        }
    }
    sqlite3_finalize(job->row);
    sqlite3_finalize(job->answer);
    sqlite3_finalize(job->attribute);
    kundig__buf_free(&job->canonical);
    kundig__arena_free(&job->arena);
    kundig__free(store->mem, job->items, job->item_capacity * sizeof *job->items);
    kundig__free(store->mem, job->order, job->order_capacity * sizeof *job->order);
    if (!rc) {
        known->last = store->state.kinds[job->kind].last;
        known->sum = store->state.kinds[job->kind].sum;
    }
    return rc;
}

int kundig__store_write(kundig__store *store, kundig__corpus *corpus, kundig_error *err)
{
    bool wrote = false;
    int rc = KUNDIG_OK;
    for (int kind = 0; kind < KUNDIG__FACT_KINDS && !rc; kind++) {
        if (kundig__fact_rows(corpus, kind) > store->known[kind].rows) {
            write_job job = {.store = store,
                             .corpus = corpus,
                             .table = kundig__store_table_of(kind),
                             .kind = kind};
            rc = write_kind(&job, err);
            wrote = true;
        }
    }
    if (!rc && wrote) {
        store->state.generation++;
        rc = kundig__store_state_write(store, &store->state, err);
    }
    return rc;
}
