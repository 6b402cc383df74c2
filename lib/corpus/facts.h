/* The inside of a corpus, for the files of this room alone. */
#ifndef KUNDIG_CORPUS_FACTS_H
#define KUNDIG_CORPUS_FACTS_H

#include "base/order.h"
#include "corpus/rows.h"
#include "corpus/said.h"

#define KUNDIG__MAX_TEXT    ((size_t)1 << 30)
#define KUNDIG__POOL_STRIDE 1024u /* rows an entry of a pool's directory */

/* Flags of a row that stay inside the room. */
#define KUNDIG__ROW_VERSIONED 2u /* its record has several versions */
#define KUNDIG__ROW_HAS_TEXT  4u

/* How many elements a column of facts holds after `count`: doubles while small, then an eighth
 * more, so that a large corpus wastes little. */
size_t kundig__row_capacity(size_t count);

/* ---- Texts of rows: appended in row order, never moved -------------------------------------- */

typedef struct kundig__pool_chunk {
    char *data;
    size_t size;
    size_t used;
    uint32_t first_row;
} kundig__pool_chunk;

typedef struct kundig__pool {
    kundig__mem *mem;
    kundig__pool_chunk *chunks;
    size_t chunk_count;
    size_t chunk_capacity;
    uint32_t *offsets; /* offsets[row]: where its text starts in its chunk; NULL: no text yet */
    size_t capacity;
    uint32_t *directory; /* directory[row / 1024]: chunk of the first of these rows */
    size_t directory_capacity;
    uint32_t rows;  /* put so far */
    uint64_t bytes; /* of all texts */
} kundig__pool;

void kundig__pool_init(kundig__pool *pool, kundig__mem *mem);
void kundig__pool_free(kundig__pool *pool);
/* Make sure that kundig__pool_put() of len bytes for `row` cannot fail. */
bool kundig__pool_reserve(kundig__pool *pool, uint32_t row, size_t len);
/* Every row is put, in order, once the pool has offsets; an absent text has length 0. */
void kundig__pool_put(kundig__pool *pool, uint32_t row, kundig_text text);
kundig_text kundig__pool_get(const kundig__pool *pool, uint32_t row);
void kundig__pool_shrink(kundig__pool *pool, uint32_t rows); /* forget rows >= rows */
size_t kundig__pool_memory(const kundig__pool *pool, bool texts);

/* ---- Identity: which rows are versions of one record ----------------------------------------- */

/* How identity asks its owner about rows. */
typedef struct kundig__rows_of {
    void *ud;
    void (*encode)(void *ud, uint32_t row, kundig__buf *out); /* canonical bytes, appended */
    int64_t (*updated)(void *ud, uint32_t row);
} kundig__rows_of;

/* What a version did, so that it can be undone. */
typedef struct kundig__version_step {
    uint32_t record;
    uint32_t old_head;
    bool first; /* the record had one version before */
} kundig__version_step;

typedef struct kundig__identity {
    kundig__mem *mem;
    kundig__dict keys;     /* code: number of the record, in order of arrival */
    kundig__dict versions; /* (record, content hash) and (record, updated) where several */
    uint32_t *record_of;   /* NULL: every row is a record of its own, number = row */
    size_t record_of_capacity;
    uint32_t *heads; /* current row of a record; NULL as above */
    size_t heads_capacity;
    uint64_t *repeats; /* of this batch: record + 1 above the count of equal rows */
    size_t repeat_slots;
    size_t repeat_count;
    kundig__version_step *steps; /* of this batch */
    size_t step_count;
    size_t step_capacity;
    kundig__buf fresh; /* scratch: the canonical bytes of two rows */
    kundig__buf known;
    kundig__buf key;
    uint32_t keys_before; /* at the begin of the batch */
    uint32_t versions_before;
    bool had_versions;
    bool restoring; /* equal rows without an id are further ones, whatever was there */
} kundig__identity;

#define KUNDIG__PLACED_NEW       1
#define KUNDIG__PLACED_VERSION   2
#define KUNDIG__PLACED_CONFLICT  3 /* a version that claims the updated time of another */
#define KUNDIG__PLACED_UNCHANGED 4

void kundig__identity_init(kundig__identity *identity, kundig__mem *mem,
                           const uint8_t key[KUNDIG__SIPHASH_KEY_SIZE]);
void kundig__identity_free(kundig__identity *identity);
void kundig__identity_begin(kundig__identity *identity);
/* Place row `row` (written, not yet counted): KUNDIG__PLACED_, or a negative error, after which the
 * batch must be abandoned. flags is the owner's column of flags. id absent: identity by content. */
int kundig__identity_place(kundig__identity *identity, const kundig__rows_of *rows, uint8_t *flags,
                           uint32_t source, kundig_text id, uint32_t row, kundig_error *err);
void kundig__identity_commit(kundig__identity *identity);
void kundig__identity_undo(kundig__identity *identity, uint8_t *flags);
uint32_t kundig__identity_record(const kundig__identity *identity, uint32_t row);
uint32_t kundig__identity_head(const kundig__identity *identity, uint32_t record);
/* The id of a record; absent if it has none. */
kundig_text kundig__identity_id(const kundig__identity *identity, uint32_t record);
/* The record of a source's code (0: absent) and an id; KUNDIG__DICT_NONE if there is none, or if
 * scratch->failed. */
uint32_t kundig__identity_find(const kundig__identity *identity, kundig__buf *scratch,
                               uint32_t source, kundig_text id);
/* Order of records of one source: those without id first, by content, then by id bytes. */
int kundig__identity_order(const kundig__identity *identity, uint32_t a, uint32_t b);
size_t kundig__identity_memory(const kundig__identity *identity);
/* Says what is wrong, NULL if nothing is. */
const char *kundig__identity_check(const kundig__identity *identity, const uint8_t *flags,
                                   uint32_t rows);

/* ---- All facts but feedback: rows of canonical bytes ----------------------------------------- */

typedef struct kundig__fact_store {
    kundig__mem *mem;
    kundig__identity identity;
    kundig__dict sources;
    kundig__pool bytes; /* canonical bytes of each row: they are the row */
    uint8_t *flags;
    size_t flag_capacity;
    int64_t *updated;
    size_t updated_capacity;
    uint32_t rows;
    uint32_t rows_before; /* at the begin of the batch */
    uint32_t sources_before;
} kundig__fact_store;

void kundig__fact_store_init(kundig__fact_store *store, kundig__mem *mem,
                             const uint8_t key[KUNDIG__SIPHASH_KEY_SIZE]);
void kundig__fact_store_free(kundig__fact_store *store);
void kundig__fact_store_begin(kundig__fact_store *store);
bool kundig__fact_store_commit(kundig__fact_store *store); /* did rows come? */
void kundig__fact_store_abandon(kundig__fact_store *store);
size_t kundig__fact_store_memory(const kundig__fact_store *store);
const char *kundig__fact_store_check(const kundig__fact_store *store);
kundig_text kundig__fact_store_row(const kundig__fact_store *store, uint32_t row);
bool kundig__fact_store_is_current(const kundig__fact_store *store, uint32_t row);

/* What adding one of them works with: mended texts, the bytes of one record, its identity. */
typedef struct kundig__entity {
    kundig__mem *mem;
    const kundig__context *context;
    kundig__buf bytes; /* canonical */
    kundig__buf key;   /* of records whose identity is several fields */
    kundig__buf scratch;
    kundig__arena arena;
    uint64_t replaced;
    kundig_text source; /* absent where it is no part of the identity */
    kundig_text id;
    int64_t updated;
    const char *field; /* that was refused */
} kundig__entity;

void kundig__entity_init(kundig__entity *entity, kundig__context *context);
void kundig__entity_free(kundig__entity *entity);
/* entity_write.c: check a record and write its canonical bytes. */
int kundig__entity_write(kundig__entity *entity, const kundig__fact *fact, kundig_error *err);
/* entity_read.c: and back; texts borrow from `bytes`. */
int kundig__entity_read(int kind, kundig_text bytes, kundig__arena *arena, kundig__fact *out,
                        kundig_error *err);
/* Within a batch. */
int kundig__entity_add(kundig__corpus *corpus, const kundig__fact *fact, kundig_added *added,
                       const char **field, kundig_error *err);

/* ---- What comments say: derived (said.c) ----------------------------------------------------- */

typedef struct kundig__said_column {
    kundig__said said; /* what is handed out */
    uint8_t *languages;
    size_t language_capacity;
    uint64_t *starts;
    size_t start_capacity;
    uint16_t *topics;
    size_t topic_capacity;
    uint16_t *block_most;
    size_t block_capacity;
    uint16_t *themes; /* as many as topic_names */
    size_t theme_capacity;
    int16_t *novelties;
    size_t novelty_capacity;
    uint32_t mood_rows; /* rows 0.. whose moods are known, at most said.rows */
    uint8_t *sentiments;
    size_t sentiment_capacity;
    int16_t *values;
    size_t value_capacity;
    uint8_t *topic_sentiments;
    size_t topic_sentiment_capacity;
    int16_t *topic_values;
    size_t topic_value_capacity;
    kundig__dict topic_names;
    kundig__dict theme_names;
} kundig__said_column;

void kundig__said_init(kundig__said_column *column, kundig__corpus *corpus);
void kundig__said_free(kundig__said_column *column, kundig__mem *mem);
size_t kundig__said_memory(const kundig__said_column *column);
/* Says what is wrong, NULL if nothing is. */
const char *kundig__said_check(const kundig__said_column *column);

/* ---- Who is one person: derived (people.c) --------------------------------------------------- */

typedef struct kundig__people {
    kundig__dict names; /* of links that hold */
    uint32_t *parents;  /* of a name: the name of its person */
    size_t parent_capacity;
    uint32_t links;            /* rows of links that were read */
    kundig__dimension persons; /* codes is NULL where people are the customers as given */
    uint32_t *person_of;       /* code of a customer: code of a row of theirs */
    size_t person_of_capacity;
    uint32_t customers; /* read so far, as rows */
    uint32_t rows;
} kundig__people;

void kundig__people_init(kundig__people *people, kundig__corpus *corpus);
void kundig__people_free(kundig__people *people, kundig__mem *mem);
size_t kundig__people_memory(const kundig__people *people);
/* Says what is wrong, NULL if nothing is. */
const char *kundig__people_check(const kundig__corpus *corpus);

/* ---- The corpus ------------------------------------------------------------------------------ */

/* Columns that every corpus may have, beside dimensions, questions and attributes. */
enum {
    KUNDIG__COL_FLAGS,
    KUNDIG__COL_TIME,
    KUNDIG__COL_PRECISION,
    KUNDIG__COL_UPDATED,
    KUNDIG__COL_WEIGHT,
    KUNDIG__COL_CONSENT,
    KUNDIG__COL_COUNT
};

typedef struct kundig__row_column {
    void *data; /* NULL until the first value that is not the default */
    size_t capacity;
} kundig__row_column;

/* A record after all checks, ready to be written. Texts are valid UTF-8. */
typedef struct kundig__checked_score {
    kundig_text question;
    uint32_t index; /* of the question; KUNDIG__DICT_NONE: a new one */
    int32_t scale;
    int32_t direction;
    int32_t minimum;
    int32_t maximum;
    int32_t value;
} kundig__checked_score;

typedef struct kundig__checked_attribute {
    kundig_text name;
    uint32_t index;
    int32_t type;
    kundig_text text;
    double number;
} kundig__checked_attribute;

typedef struct kundig__checked {
    kundig_text dims[KUNDIG__DIM_COUNT]; /* all but kind */
    kundig_text id;
    kundig_text text;
    int32_t kind;
    int32_t precision;
    int32_t consent;
    int64_t time_ms;
    int64_t updated_ms;
    int64_t weight;
    uint64_t replaced;
    kundig__checked_score *scores;
    size_t score_count;
    size_t score_capacity;
    kundig__checked_attribute *attributes;
    size_t attribute_count;
    size_t attribute_capacity;
    kundig__buf mended;         /* scratch */
    kundig__arena mended_texts; /* of this record alone */
} kundig__checked;

/* What a batch must restore. */
typedef struct kundig__batch_mark {
    uint32_t rows;
    uint32_t dim_texts[KUNDIG__DIM_COUNT];
    bool had_dim[KUNDIG__DIM_COUNT];
    bool had_column[KUNDIG__COL_COUNT];
    bool had_text;
    size_t question_count;
    size_t attribute_count;
    uint64_t replaced;
    uint32_t timeless;
    int64_t time_least;
    int64_t time_greatest;
} kundig__batch_mark;

struct kundig__corpus {
    kundig__context *context;
    kundig__mem *mem;
    uint64_t generation;
    uint64_t serial;
    uint32_t rows;
    size_t row_capacity; /* every column that exists holds at least as many rows */
    kundig__row_column columns[KUNDIG__COL_COUNT];
    kundig__dimension dims[KUNDIG__DIM_COUNT];
    kundig__pool texts;
    kundig__question *questions;
    size_t question_count;
    size_t question_capacity;
    uint32_t *question_order; /* question numbers in byte order of their names */
    size_t question_order_capacity;
    kundig__dict question_names; /* code: number of the question */
    kundig__attribute_column *attributes;
    size_t attribute_count;
    size_t attribute_capacity;
    uint32_t *attribute_order;
    size_t attribute_order_capacity;
    kundig__dict attribute_names;
    kundig__identity identity;
    uint64_t replaced;
    uint32_t timeless;  /* rows without a time */
    int64_t time_least; /* of the rows that have one, old versions among them */
    int64_t time_greatest;
    kundig__checked checked;
    uint32_t last_codes[KUNDIG__DIM_COUNT]; /* of the record before: spares a look-up */
    uint64_t stamp;                         /* one up a record: finds two answers to one question */
    bool in_batch;
    bool batch_broken; /* memory failed: the batch can but be abandoned */
    kundig__batch_mark mark;
    kundig__entity entity;                             /* scratch of the batch */
    kundig__fact_store stores[KUNDIG__FACT_KINDS - 1]; /* all but feedback: kundig__facts_of() */
    kundig__people people;
    kundig_model *model; /* chosen; NULL: the ready one, not asked for yet */
    kundig__said_column said;
};

static inline const kundig__fact_store *kundig__facts_of(const kundig__corpus *corpus, int kind)
{
    return &corpus->stores[kind - 1];
}

/* Where customers are kept as pseudonyms, the pseudonym of a name that is not absent, in `arena`.
 * false on failure of memory. */
bool kundig__customer_kept(const kundig__context *context, kundig_text *name, kundig__arena *arena);
/* check.c: a record as given to `corpus->checked`. KUNDIG_E_VALUE, KUNDIG_E_ARG, _VERSION and
 * _LIMIT leave no trace. */
int kundig__record_check(kundig__corpus *corpus, const kundig_feedback *record, const char **field,
                         kundig_error *err);
/* Mend a text into `arena` unless it is valid; absent stays absent. false on failure of memory. */
bool kundig__text_mended(kundig_text *text, kundig__buf *scratch, kundig__arena *arena,
                         uint64_t *replaced);

/* batch.c: free every column. */
void kundig__columns_free(kundig__corpus *corpus);

/* canon.c: the canonical bytes of a row. */
void kundig__row_canonical(const kundig__corpus *corpus, uint32_t row, kundig__buf *out);
int64_t kundig__row_updated(const kundig__corpus *corpus, uint32_t row);
kundig__rows_of kundig__rows_of_corpus(kundig__corpus *corpus);

/* The current row of the record that a label is about; KUNDIG__DICT_NONE if it is not there, or if
 * scratch->failed (collect.c). */
uint32_t kundig__labelled_row(const kundig__corpus *corpus, const kundig_label *label,
                              kundig__buf *scratch);

/* Is this row the current version of its record? */
bool kundig__row_is_current(const kundig__corpus *corpus, uint32_t row);
bool kundig__attribute_has(const kundig__attribute_column *column, uint32_t row);

#endif
