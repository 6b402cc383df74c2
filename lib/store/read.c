/* Facts from the file into the corpus.
 *
 * The rows of a kind are read in order of n; answers and attributes, whose keys begin with the same
 * n, are read beside them in one pass. Columns that no row ever used are not asked for. Each row is
 * added to the corpus as any record is, encoded again and hashed, and must give the hash that
 * stands beside it; all of them must give the sums of table `kind`.
 *
 * Invariant: the corpus holds what the file says or, on any failure, what it held before. Cost: a
 * few microseconds a row; hashing, about a third of it, is shared among threads. */
#include "base/os.h"
#include "base/text.h"
#include "store/db.h"

#include <stdio.h>

#ifdef KUNDIG_TINY
#define READ_CHUNK      8u
#define READ_HOT        4u
#define READ_PART_ROWS  2u
#define READ_FIRST_ITEM 1u
#else
#define READ_CHUNK      8192u
#define READ_HOT        256u /* rows that are hashed while they are at hand, by one thread */
#define READ_PART_ROWS  1024u
#define READ_FIRST_ITEM 16u
#endif
#define READ_LEAST_ROW 24u /* bytes: its key, header and hash */

/* A table of answers or attributes, one row ahead. */
typedef struct read_beside {
    sqlite3_stmt *statement; /* NULL: there is none */
    const char *table;
    bool has;
    int64_t key;
} read_beside;

typedef struct read_job {
    kundig__store *store;
    kundig__corpus *corpus;
    const kundig__store_table *table;
    int kind;
    bool plain; /* a format without hashes */
    sqlite3_stmt *statement;
    int columns[32]; /* those that are asked for */
    int column_count;
    read_beside answers;
    read_beside attributes;
    kundig_score *scores;
    size_t score_capacity;
    kundig_attribute *given;
    size_t given_capacity;
    kundig__buf texts;       /* of the attributes of a row */
    kundig__hash128 *hashes; /* as stored, of the rows from chunk_first on */
    uint32_t chunk_first;
    uint32_t chunk_count;
} read_job;

/* A row or key that is wrong: damage; told of, and then passed over, by who verifies. */
static int read_wrong(read_job *job, const char *table, int64_t n, const char *what,
                      kundig_error *err)
{
    if (job->store->faults) {
        kundig__fault(job->store->faults, "error", table, n, "%s", what);
        return KUNDIG_OK;
    }
    return kundig__db_damaged(job->store, err, "row %lld of table %s %s", (long long)n, table,
                              what);
}

/* ---- Hashes ---- */

typedef struct read_check_part {
    kundig__mem mem;
    uint32_t end;
    uint32_t wrong; /* row; end if none */
    bool failed;
} read_check_part;

typedef struct read_check {
    const read_job *job;
    uint32_t parts;
    read_check_part part[64];
} read_check;

static void read_check_work(void *ud, uint32_t index)
{
    read_check *check = ud;
    const read_job *job = check->job;
    read_check_part *part = &check->part[index];
    uint32_t first = (uint32_t)((uint64_t)job->chunk_count * index / check->parts);
    uint32_t end = (uint32_t)((uint64_t)job->chunk_count * (index + 1) / check->parts);
    kundig__buf bytes;
    kundig__buf_init(&bytes, &part->mem);
    part->end = end;
    part->wrong = end;
    for (uint32_t i = first; i < end && part->wrong == end; i++) {
        bytes.len = 0;
        kundig__fact_canonical(job->corpus, job->kind, job->chunk_first + i, &bytes);
        kundig__hash128 hash = kundig__canonical_hash(&bytes);
        if (memcmp(&hash, &job->hashes[i], sizeof hash) != 0) {
            part->wrong = i;
        }
    }
    part->failed = bytes.failed;
    kundig__buf_free(&bytes);
}

/* Tell of every row of the chunk that does not agree with its hash. */
static int read_tell_chunk(read_job *job, kundig_error *err)
{
    kundig__buf bytes;
    int rc = KUNDIG_OK;
    kundig__buf_init(&bytes, job->store->mem);
    for (uint32_t i = 0; i < job->chunk_count && !rc; i++) {
        uint32_t row = job->chunk_first + i;
        bytes.len = 0;
        kundig__fact_canonical(job->corpus, job->kind, row, &bytes);
        if (bytes.failed) {
            rc = kundig__nomem(job->store->mem, err);
            break;
        }
        kundig__hash128 hash = kundig__canonical_hash(&bytes);
        if (memcmp(&hash, &job->hashes[i], sizeof hash) != 0) {
            rc = read_wrong(job, job->table->name,
                            (int64_t)kundig__store_n(job->store, job->kind, row),
                            "does not agree with its hash", err);
        }
    }
    kundig__buf_free(&bytes);
    return rc;
}

/* Compare the rows of the chunk with their hashes. */
static int read_compare_chunk(read_job *job, kundig_error *err)
{
    kundig__store *store = job->store;
    read_check check = {.job = job, .parts = job->chunk_count / READ_PART_ROWS};
    int rc = KUNDIG_OK;
    if (check.parts > store->context->threads) {
        check.parts = store->context->threads;
    }
    check.parts = check.parts ? check.parts : 1;
    for (uint32_t i = 0; i < check.parts; i++) {
        kundig__mem_lend(store->mem, &check.part[i].mem, check.parts, i);
    }
    kundig__fork_join(check.parts, read_check_work, &check);
    for (uint32_t i = 0; i < check.parts; i++) {
        kundig__mem_take_back(store->mem, &check.part[i].mem);
    }
    for (uint32_t i = 0; i < check.parts && !rc; i++) {
        const read_check_part *part = &check.part[i];
        if (part->failed) {
            rc = kundig__nomem((kundig__mem *)&part->mem, err);
        } else if (part->wrong != part->end) {
            uint32_t row = job->chunk_first + part->wrong;
            rc = read_wrong(job, job->table->name, (int64_t)kundig__store_n(store, job->kind, row),
                            "does not agree with its hash", err);
        }
    }
    return rc;
}

/* The rows of the chunk are checked, and counted in what is known. */
static int read_check_chunk(read_job *job, kundig_error *err)
{
    kundig__store *store = job->store;
    if (job->plain || !job->chunk_count) {
        return KUNDIG_OK;
    }
    int rc = store->faults ? read_tell_chunk(job, err) : read_compare_chunk(job, err);
    for (uint32_t i = 0; i < job->chunk_count && !rc; i++) {
        kundig__fact_sum_add(&store->known[job->kind].sum, &job->hashes[i]);
    }
    job->chunk_first += job->chunk_count;
    job->chunk_count = 0;
    return rc;
}

/* ---- What stands beside a row ---- */

static int read_beside_next(read_job *job, read_beside *beside, kundig_error *err)
{
    int rc = kundig__db_step(job->store, beside->statement, &beside->has, err);
    if (!rc && beside->has) {
        beside->key = sqlite3_column_int64(beside->statement, 0);
    }
    return rc;
}

static int read_beside_open(read_job *job, read_beside *beside, const char *table, uint64_t last,
                            kundig_error *err)
{
    char sql[96];
    beside->table = table;
    sqlite3_snprintf(sizeof sql, sql,
                     "SELECT key, value FROM %s WHERE key >= ?1 AND value IS NOT NULL ORDER BY key",
                     table);
    int rc = kundig__db_prepare(job->store, sql, &beside->statement, err);
    if (rc) {
        return rc;
    }
    /* From the first row on also what stands before it, which belongs to none. */
    sqlite3_bind_int64(beside->statement, 1,
                       last ? (int64_t)(last + 1) * KUNDIG__STORE_NAMES : INT64_MIN);
    return read_beside_next(job, beside, err);
}

/* Is there a value that belongs to row n? One that belongs to no row is damage. */
static int read_beside_at(read_job *job, read_beside *beside, int64_t n, bool *at,
                          kundig_error *err)
{
    int rc = KUNDIG_OK;
    while (!rc && beside->has && beside->key / KUNDIG__STORE_NAMES < n) {
        rc = read_wrong(job, beside->table, beside->key, "belongs to no record", err);
        rc = rc ? rc : read_beside_next(job, beside, err);
    }
    *at = !rc && beside->has && beside->key / KUNDIG__STORE_NAMES == n;
    return rc;
}

static bool read_grow(read_job *job, void **array, size_t *capacity, size_t need, size_t size)
{
    return need <= *capacity || kundig__grow(job->store->mem, array, capacity,
                                             need < READ_FIRST_ITEM ? READ_FIRST_ITEM : need, size);
}

/* The name of a value's number, and its place. */
static int read_name(read_job *job, const read_beside *beside, const kundig__store_names *names,
                     uint32_t *place, kundig_text *name, kundig_error *err)
{
    *place = kundig__names_place(names, (uint32_t)(beside->key % KUNDIG__STORE_NAMES));
    if (*place == KUNDIG__DICT_NONE) {
        return read_wrong(job, beside->table, beside->key, "has no name", err);
    }
    *name = kundig__dict_text(&names->dict, *place);
    return KUNDIG_OK;
}

static int read_answers(read_job *job, int64_t n, kundig_feedback *record, kundig_error *err)
{
    const kundig__store_names *names = &job->store->questions;
    bool at;
    int rc;
    while (!(rc = read_beside_at(job, &job->answers, n, &at, err)) && at) {
        void *array = job->scores;
        kundig_text name;
        uint32_t place;
        rc = read_name(job, &job->answers, names, &place, &name, err);
        if (!rc && place == KUNDIG__DICT_NONE) {
            rc = read_beside_next(job, &job->answers, err);
            if (!rc) {
                continue;
            }
        }
        if (rc) {
            return rc;
        }
        if (!read_grow(job, &array, &job->score_capacity, record->score_count + 1,
                       sizeof *job->scores)) {
            return kundig__nomem(job->store->mem, err);
        }
        job->scores = array;
        kundig_score *score = &job->scores[record->score_count++];
        *score = names->scales[place];
        score->question = name;
        score->value = sqlite3_column_double(job->answers.statement, 1);
        rc = read_beside_next(job, &job->answers, err);
        if (rc) {
            return rc;
        }
    }
    record->scores = job->scores;
    return rc;
}

/* A number that no field holds stays one that no record may have. */
static int32_t read_small(int64_t number)
{
    return number > INT32_MIN && number < INT32_MAX ? (int32_t)number : INT32_MIN;
}

static int read_attributes(read_job *job, int64_t n, const kundig_attribute **out, size_t *count,
                           kundig_error *err)
{
    const kundig__store_names *names = &job->store->properties;
    sqlite3_stmt *statement = job->attributes.statement;
    bool at;
    int rc;
    job->texts.len = 0;
    while (!(rc = read_beside_at(job, &job->attributes, n, &at, err)) && at) {
        void *array = job->given;
        kundig_text text;
        kundig_attribute attribute = {.name = {NULL, 0}};
        uint32_t place;
        rc = read_name(job, &job->attributes, names, &place, &attribute.name, err);
        if (!rc && place == KUNDIG__DICT_NONE) {
            rc = read_beside_next(job, &job->attributes, err);
            if (!rc) {
                continue;
            }
        }
        if (rc) {
            return rc;
        }
        switch (sqlite3_column_type(statement, 1)) {
        case SQLITE_INTEGER:
            attribute.value.type = KUNDIG_VALUE_BOOL;
            attribute.value.boolean = read_small(sqlite3_column_int64(statement, 1));
            break;
        case SQLITE_FLOAT:
            attribute.value.type = KUNDIG_VALUE_NUMBER;
            attribute.value.number = sqlite3_column_double(statement, 1);
            break;
        default:
            /* The text lives until the next step: it is copied, and pointed to at the end. */
            text = kundig__db_text(statement, 1);
            attribute.value.type = KUNDIG_VALUE_TEXT;
            attribute.value.text.len = text.len;
            kundig__buf_text(&job->texts, text);
            break;
        }
        if (job->texts.failed ||
            !read_grow(job, &array, &job->given_capacity, *count + 1, sizeof *job->given)) {
            return kundig__nomem(job->store->mem, err);
        }
        job->given = array;
        job->given[(*count)++] = attribute;
        rc = read_beside_next(job, &job->attributes, err);
        if (rc) {
            return rc;
        }
    }
    const char *data = job->texts.data ? job->texts.data : "";
    for (size_t i = 0; i < *count; i++) {
        kundig_value *value = &job->given[i].value;
        if (value->type == KUNDIG_VALUE_TEXT) {
            value->text.data = data;
            data += value->text.len;
        }
    }
    *out = job->given;
    return rc;
}

/* ---- Rows ---- */

static kundig_text read_text(sqlite3_value *value)
{
    const char *data = sqlite3_value_blob(value);
    int len = sqlite3_value_bytes(value);
    return len > 0 && data ? kundig__text(data, (size_t)len) : KUNDIG__TEXT("");
}

/* A statement and its values belong to one thread: they need no lock each. */
static void read_column(read_job *job, int place, kundig__fact *fact)
{
    const kundig__store_column *column = &job->table->columns[job->columns[place]];
    sqlite3_value *value = sqlite3_column_value(job->statement, place + 2);
    void *field = (char *)fact + column->offset;
    if (sqlite3_value_type(value) == SQLITE_NULL) {
        return;
    }
    switch (column->type) {
    case KUNDIG__COLUMN_TEXT:
        *(kundig_text *)field = read_text(value);
        break;
    case KUNDIG__COLUMN_TIME:
        *(int64_t *)field = sqlite3_value_int64(value);
        break;
    case KUNDIG__COLUMN_CODE:
    case KUNDIG__COLUMN_INT:
        *(int32_t *)field = read_small(sqlite3_value_int64(value));
        break;
    case KUNDIG__COLUMN_NUMBER:
        ((kundig_value *)field)->type = KUNDIG_VALUE_NUMBER;
        ((kundig_value *)field)->number = sqlite3_value_double(value);
        break;
    default:
        *(double *)field = sqlite3_value_double(value);
        fact->as.feedback.has_weight = 1;
        break;
    }
}

/* A record that the corpus refuses was never written by kundig. */
static int read_refused(read_job *job, int64_t n, const kundig_error *why, kundig_error *err)
{
    if (why->code == KUNDIG_E_NOMEM || why->code == KUNDIG_E_LIMIT ||
        why->code == KUNDIG_E_CANCELLED || why->code == KUNDIG_E_INTERNAL) {
        if (err) {
            *err = *why;
        }
        return why->code;
    }
    char what[80];
    snprintf(what, sizeof what, "is no record: %.60s", why->message);
    return read_wrong(job, job->table->name, n, what, err);
}

static int read_row(read_job *job, kundig_error *err)
{
    kundig__store *store = job->store;
    kundig__store_known *known = &store->known[job->kind];
    int64_t n = sqlite3_column_int64(job->statement, 0);
    kundig__fact fact;
    kundig_error why;
    int rc = KUNDIG_OK;
    if (!job->plain && (n < 1 || (uint64_t)n > store->state.kinds[job->kind].last)) {
        return read_wrong(job, job->table->name, n, "was never given", err);
    }
    known->last = (uint64_t)n;
    if (!job->plain) {
        if (sqlite3_column_type(job->statement, 1) == SQLITE_NULL) {
            return KUNDIG_OK;
        }
        if (!kundig__db_blob(job->statement, 1, job->hashes[job->chunk_count].bytes,
                             sizeof job->hashes->bytes)) {
            return read_wrong(job, job->table->name, n, "has no hash", err);
        }
    }
    kundig__store_fact_init(&fact, job->kind);
    for (int i = 0; i < job->column_count; i++) {
        read_column(job, i, &fact);
    }
    if (job->answers.statement) {
        rc = read_answers(job, n, &fact.as.feedback, err);
    }
    if (!rc && job->attributes.statement) {
        bool of_feedback = job->kind == KUNDIG_FACTS_FEEDBACK;
        rc = read_attributes(
            job, n, of_feedback ? &fact.as.feedback.attributes : &fact.as.customer.attributes,
            of_feedback ? &fact.as.feedback.attribute_count : &fact.as.customer.attribute_count,
            err);
    }
    if (rc) {
        return rc;
    }
    if (kundig__fact_add(job->corpus, &fact, NULL, NULL, &why)) {
        return read_refused(job, n, &why, err);
    }
    if (kundig__fact_rows(job->corpus, job->kind) != known->rows + 1) {
        return read_wrong(job, job->table->name, n, "stands there twice", err);
    }
    rc = kundig__store_note(store, job->kind, (uint64_t)n, err);
    job->chunk_count++;
    if (!rc && job->chunk_count == (store->context->threads > 1 ? READ_CHUNK : READ_HOT)) {
        rc = read_check_chunk(job, err);
        if (!rc && known->rows % (READ_CHUNK * 8) == 0) {
            rc = kundig__progress(store->context, known->rows,
                                  store->state.kinds[job->kind].sum.count, err);
        }
    }
    return rc;
}

static int read_open(read_job *job, kundig_error *err)
{
    kundig__store *store = job->store;
    uint32_t used = job->plain ? UINT32_MAX : store->state.kinds[job->kind].used;
    uint64_t last = store->known[job->kind].last;
    kundig__buf sql;
    kundig__buf_init(&sql, store->mem);
    kundig__buf_str(&sql, job->plain ? "SELECT n, NULL" : "SELECT n, hash");
    for (int i = 0; i < job->table->column_count; i++) {
        if (used >> i & 1) {
            job->columns[job->column_count++] = i;
            kundig__buf_str(&sql, ", ");
            kundig__buf_str(&sql, job->table->columns[i].name);
        }
    }
    kundig__buf_str(&sql, " FROM ");
    kundig__buf_str(&sql, job->table->name);
    kundig__buf_str(&sql, " WHERE n > ?1 ORDER BY n");
    kundig__buf_char(&sql, '\0');
    int rc = sql.failed ? kundig__nomem(store->mem, err)
                        : kundig__db_prepare(store, sql.data, &job->statement, err);
    kundig__buf_free(&sql);
    if (!rc) {
        sqlite3_bind_int64(job->statement, 1, (int64_t)last);
    }
    if (!rc && job->table->answers && used & KUNDIG__USED_ANSWERS) {
        rc = read_beside_open(job, &job->answers, job->table->answers, last, err);
    }
    if (!rc && job->table->attributes && used & KUNDIG__USED_ATTRIBUTES) {
        rc = read_beside_open(job, &job->attributes, job->table->attributes, last, err);
    }
    return rc;
}

static int read_kind(read_job *job, kundig_error *err)
{
    kundig__store *store = job->store;
    bool row = false;
    bool at;
    job->table = kundig__store_table_of(job->kind);
    job->chunk_first = store->known[job->kind].rows;
    kundig__buf_init(&job->texts, store->mem);
    job->hashes = kundig__alloc(store->mem, READ_CHUNK * sizeof *job->hashes);
    int rc = job->hashes ? read_open(job, err) : kundig__nomem(store->mem, err);
    while (!rc && !(rc = kundig__db_step(store, job->statement, &row, err)) && row) {
        rc = read_row(job, err);
    }
    rc = rc ? rc : read_check_chunk(job, err);
    if (!rc && job->answers.statement) {
        rc = read_beside_at(job, &job->answers, INT64_MAX, &at, err);
    }
    if (!rc && job->attributes.statement) {
        rc = read_beside_at(job, &job->attributes, INT64_MAX, &at, err);
    }
    sqlite3_finalize(job->statement);
    sqlite3_finalize(job->answers.statement);
    sqlite3_finalize(job->attributes.statement);
    kundig__buf_free(&job->texts);
    kundig__free(store->mem, job->scores, job->score_capacity * sizeof *job->scores);
    kundig__free(store->mem, job->given, job->given_capacity * sizeof *job->given);
    kundig__free(store->mem, job->hashes, job->hashes ? READ_CHUNK * sizeof *job->hashes : 0);
    return rc;
}

int kundig__store_read_plain(kundig__store *store, kundig__corpus *corpus, int kind,
                             kundig_error *err)
{
    read_job job = {.store = store, .corpus = corpus, .kind = kind, .plain = true};
    return read_kind(&job, err);
}

/* Room for the rows of feedback that the file says it has, if it is large enough to have them. */
static int read_reserve(kundig__store *store, kundig__corpus *corpus, kundig_error *err)
{
    int64_t pages = 0;
    int64_t size = 0;
    uint64_t count = store->state.kinds[KUNDIG_FACTS_FEEDBACK].sum.count;
    int rc = kundig__db_integer(store, "PRAGMA page_count", &pages, err);
    rc = rc ? rc : kundig__db_integer(store, "PRAGMA page_size", &size, err);
    if (!rc && count < (uint64_t)pages * (uint64_t)size / READ_LEAST_ROW) {
        kundig__fact_reserve(corpus, (uint32_t)(count < KUNDIG__MAX_ROWS ? count : 0));
    }
    return rc;
}

static int read_new_rows(kundig__store *store, kundig__corpus *corpus, int kind, kundig_error *err)
{
    kundig__store_known *known = &store->known[kind];
    const kundig__store_kind *of = &store->state.kinds[kind];
    read_job job = {.store = store, .corpus = corpus, .kind = kind};
    int rc = read_kind(&job, err);
    if (!rc && memcmp(&known->sum, &of->sum, sizeof known->sum) != 0) {
        if (store->faults) {
            kundig__fault(store->faults, "error", job.table->name, 0,
                          "the rows do not add up to the sum in table kind");
        } else {
            rc = kundig__db_damaged(store, err,
                                    "the rows of table %s do not add up to the sum in table kind",
                                    job.table->name);
        }
    }
    if (!rc) {
        known->last = of->last;
    }
    return rc;
}

int kundig__store_read(kundig__store *store, kundig__corpus *corpus, kundig_error *err)
{
    kundig__store_known before[KUNDIG__FACT_KINDS];
    kundig__context *context = store->context;
    bool pseudonyms = context->pseudonyms;
    int rc = kundig__questions_read(store, err);
    rc = rc ? rc : kundig__properties_read(store, err);
    rc = rc ? rc : read_reserve(store, corpus, err);
    rc = rc ? rc : kundig__batch_begin_restoring(corpus, err);
    if (rc) {
        return rc;
    }
    memcpy(before, store->known, sizeof before);
    context->pseudonyms = false; /* they are in the file already */
    for (int kind = 0; kind < KUNDIG__FACT_KINDS && !rc; kind++) {
        if (store->faults ||
            memcmp(&store->known[kind].sum, &store->state.kinds[kind].sum,
                   sizeof store->known[kind].sum) != 0 ||
            store->known[kind].last != store->state.kinds[kind].last) {
            rc = read_new_rows(store, corpus, kind, err);
        }
    }
    context->pseudonyms = pseudonyms;
    if (!rc) {
        kundig__batch_commit(corpus);
        return KUNDIG_OK;
    }
    kundig__batch_abandon(corpus);
    for (int kind = 0; kind < KUNDIG__FACT_KINDS; kind++) {
        kundig__store_known *known = &store->known[kind];
        /* The segments may have moved; those behind the count are forgotten. */
        known->rows = before[kind].rows;
        known->last = before[kind].last;
        known->sum = before[kind].sum;
        known->segment_count = before[kind].segment_count;
    }
    return rc;
}
