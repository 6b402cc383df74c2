/* The inside of a store, for the files of this room alone: the handle, SQLite's calls with our
 * errors, what the tables are called and what their columns mean. */
#ifndef KUNDIG_STORE_DB_H
#define KUNDIG_STORE_DB_H

#include <sqlite3.h>

#include "base/dict.h"
#include "base/order.h"
#include "base/os.h"
#include "store/store.h"

#define KUNDIG__STORE_FORMAT         2
#define KUNDIG__STORE_APPLICATION_ID 0x6B756E64 /* "kund" */
/* Keys of answers and attributes: the record's n times this, plus the number of the name. */
#define KUNDIG__STORE_NAMES INT64_C(1048576)

/* ---- db.c: SQLite with our errors ---- */

/* What an SQLite result code means; doing: "writing", "reading", "opening". */
int kundig__db_fail(kundig__store *store, int code, const char *doing, kundig_error *err);
/* KUNDIG_E_FORMAT: "... in FILE ...: the file is damaged; kundig verify says more". */
int kundig__db_damaged(kundig__store *store, kundig_error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
int kundig__db_open(kundig__store *store, kundig_error *err);
int kundig__db_exec(kundig__store *store, const char *sql, kundig_error *err);
int kundig__db_prepare(kundig__store *store, const char *sql, sqlite3_stmt **out,
                       kundig_error *err);
/* One step; *row says whether there is a row. */
int kundig__db_step(kundig__store *store, sqlite3_stmt *statement, bool *row, kundig_error *err);
/* Run a statement that gives no rows and make it ready for the next time. */
int kundig__db_run(kundig__store *store, sqlite3_stmt *statement, kundig_error *err);
/* The one integer that a query answers. */
int kundig__db_integer(kundig__store *store, const char *sql, int64_t *out, kundig_error *err);
/* A number that differs once another connection wrote. KUNDIG_E_IO where the file no longer stands
 * where it was opened: what is written to it would be lost. Costs the system a look at the name. */
int kundig__db_version(kundig__store *store, int64_t *version, kundig_error *err);
/* Text or blob of a column, as bytes; absent if NULL. Lives until the next step. */
kundig_text kundig__db_text(sqlite3_stmt *statement, int column);
/* false unless it is a blob of `size` bytes. */
bool kundig__db_blob(sqlite3_stmt *statement, int column, void *out, size_t size);
/* NULL where absent; an empty text is not NULL. The text must live until the statement is run.
 * KUNDIG_E_LIMIT if it is longer than SQLite takes. */
int kundig__db_bind(kundig__store *store, sqlite3_stmt *statement, int column, kundig_text text,
                    kundig_error *err);
/* Give up the transaction that is open, if one is. */
void kundig__db_rollback(kundig__store *store);

/* ---- schema.c ---- */

/* Find out what the file is: *format is KUNDIG__STORE_FORMAT, an older one, or -1 for a file
 * without tables. KUNDIG_E_FORMAT if its schema is not that of its format, byte for byte. */
int kundig__schema_check(kundig__store *store, int *format,
                         kundig_error *err); /* in a transaction */
/* Make the tables of a format, inside a transaction. */
int kundig__schema_make(kundig__store *store, int format, kundig_error *err);
/* One table of a format alone. */
int kundig__schema_make_one(kundig__store *store, int format, const char *name, kundig_error *err);
/* Note what format the file is of. */
int kundig__schema_mark(kundig__store *store, int format, kundig_error *err);
/* Drop the tables of a format, inside a transaction. */
int kundig__schema_drop(kundig__store *store, int format, kundig_error *err);

/* ---- kinds.c: how each kind of fact lies in its table ---- */

#define KUNDIG__COLUMN_TEXT   1
#define KUNDIG__COLUMN_TIME   2 /* int64_t; NULL: KUNDIG_TIME_ABSENT */
#define KUNDIG__COLUMN_CODE   3 /* int32_t; NULL: 0 */
#define KUNDIG__COLUMN_INT    4 /* int32_t */
#define KUNDIG__COLUMN_NUMBER 5 /* kundig_value; NULL: null */
#define KUNDIG__COLUMN_WEIGHT 6 /* of feedback; NULL: 1 */

typedef struct kundig__store_column {
    const char *name;
    int type;
    size_t offset; /* in kundig__fact */
} kundig__store_column;

typedef struct kundig__store_table {
    const char *name;
    const char *attributes; /* their table; NULL: none */
    const char *answers;
    int column_count; /* behind n and hash */
    const kundig__store_column *columns;
} kundig__store_table;

/* Bits of `used` beside those of columns. */
#define KUNDIG__USED_ATTRIBUTES (UINT32_C(1) << 30)
#define KUNDIG__USED_ANSWERS    (UINT32_C(1) << 31)

const kundig__store_table *kundig__store_table_of(int kind); /* KUNDIG_FACTS_ */
/* An absent record of this kind. */
void kundig__store_fact_init(kundig__fact *fact, int kind);

/* ---- state.c: what the file says of itself ---- */

typedef struct kundig__store_kind {
    uint64_t last; /* greatest n given so far */
    uint32_t used; /* columns that ever had a value: bit i is column i */
    kundig__fact_sum sum;
} kundig__store_kind;

typedef struct kundig__store_state {
    uint64_t generation; /* one up a transaction that appended */
    uint64_t erasures;   /* one up a transaction that blanked */
    bool pending;        /* FILE-wal may still hold what was blanked */
    bool has_pseudonyms;
    bool has_model;
    bool has_cache_key;
    kundig__hash128 pseudonyms; /* of a fixed text, with the key */
    kundig__hash128 model;      /* BLAKE2b of the pinned model's bytes */
    uint8_t cache_key[32];
    kundig__store_kind kinds[KUNDIG__FACT_KINDS];
} kundig__store_state;

/* KUNDIG_E_FORMAT where its own hash does not fit. */
int kundig__store_state_read(kundig__store *store, kundig__store_state *out, kundig_error *err);
int kundig__store_state_write(kundig__store *store, const kundig__store_state *state,
                              kundig_error *err);
int kundig__store_state_make(kundig__store *store, const kundig__store_state *state,
                             kundig_error *err);

/* ---- names.c: questions and properties, by the numbers they have in the file ---- */

typedef struct kundig__store_names {
    kundig__mem *mem;
    kundig__dict dict; /* code: place in the arrays below */
    uint32_t *numbers; /* ascending */
    size_t number_capacity;
    kundig_score *scales; /* of questions: without name and value */
    size_t scale_capacity;
    uint32_t next; /* number */
} kundig__store_names;

void kundig__names_init(kundig__store_names *names, kundig__context *context);
void kundig__names_free(kundig__store_names *names);
/* Read what came since. */
int kundig__questions_read(kundig__store *store, kundig_error *err);
int kundig__properties_read(kundig__store *store, kundig_error *err);
/* Number of a name, given and written if it is new. */
int kundig__question_number(kundig__store *store, const kundig_score *score, uint32_t *number,
                            kundig_error *err);
int kundig__property_number(kundig__store *store, kundig_text name, uint32_t *number,
                            kundig_error *err);
/* Place of a number in the arrays; KUNDIG__DICT_NONE if there is none. */
uint32_t kundig__names_place(const kundig__store_names *names, uint32_t number);

/* ---- verify.c ---- */

/* What is wrong with a store, while it is verified. */
typedef struct kundig__faults {
    kundig_table *table;
    uint64_t told;
    uint64_t untold; /* too many */
} kundig__faults;

/* severity: "error", "warning", "note"; table may be NULL, n 0. */
void kundig__fault(kundig__faults *faults, const char *severity, const char *table, int64_t n,
                   const char *format, ...) __attribute__((format(printf, 5, 6)));

/* pinned.c: what a mapping is sealed with. */
int kundig__mapping_hash(kundig__store *store, kundig_text source, kundig_text map,
                         kundig__hash128 *out, kundig_error *err);

/* Blank a mapping where it stands, if there is one: its source becomes an empty blob. */
/* Keep a saved model or none; state is changed, and not written. */
int kundig__pinned_write(kundig__store *store, const kundig_bytes *model,
                         kundig__store_state *state, kundig_error *err);
int kundig__mapping_blank(kundig__store *store, kundig_text source, kundig_error *err);

/* ---- erase.c ---- */

/* Empty FILE-wal into the file, unless somebody reads. */
void kundig__store_write_back(kundig__store *store);

/* ---- audit.c: the log of receipts ---- */

/* receipt: NULL where the row does not agree with its hash. */
typedef int kundig__audit_fn(void *ud, int64_t n, const kundig__receipt *receipt,
                             kundig_error *err);
int kundig__audit_each(kundig__store *store, kundig__audit_fn *call, void *ud, kundig_error *err);
/* Inside a transaction: append one. */
int kundig__audit_log(kundig__store *store, const kundig__receipt *receipt, kundig_error *err);
/* Inside a transaction: what is pending is done. */
int kundig__audit_settled(kundig__store *store, kundig_error *err);

/* ---- The handle ---- */

/* Rows of the corpus and of the file: row `first_row + i` of a kind is n = first_n + i. */
typedef struct kundig__store_segment {
    uint32_t first_row;
    uint64_t first_n;
} kundig__store_segment;

/* What the corpus holds of the file. */
typedef struct kundig__store_known {
    uint32_t rows;
    uint64_t last; /* n up to which the table was read */
    kundig__fact_sum sum;
    kundig__store_segment *segments;
    size_t segment_count;
    size_t segment_capacity;
} kundig__store_known;

struct kundig__store {
    kundig__context *context;
    kundig__mem *mem;
    sqlite3 *db;
    char *path; /* as SQLite is told, NUL-terminated */
    size_t path_size;
    kundig_text name; /* as the caller gave it, within path */
    kundig__store_options options;
    bool immutable;
    bool writing; /* between begin and commit or rollback */
    bool seen;    /* state is that of data_version, or that of the open transaction */
    bool current; /* the corpus holds what state counts */
    int64_t data_version;
    int64_t schema_version;
    kundig__store_state state;
    kundig__store_known known[KUNDIG__FACT_KINDS];
    uint64_t known_erasures; /* of the corpus */
    kundig__store_names questions;
    kundig__store_names properties;
    kundig_model *model; /* pinned; NULL: none, or not loaded yet */
    kundig__hash128 model_hash;
    kundig__buf text;       /* handed out: mappings */
    kundig__faults *faults; /* NULL but while verifying: what is wrong is told, not failed on */
};

/* The corpus is gone: forget what it held. */
void kundig__store_forgets(kundig__store *store);
/* n of a row of the corpus. */
uint64_t kundig__store_n(const kundig__store *store, int kind, uint32_t row);
/* Note that the next row of a kind is n; in ascending order. */
int kundig__store_note(kundig__store *store, int kind, uint64_t n, kundig_error *err);
/* What the file keeps to tell one key of pseudonyms from another. */
kundig__hash128 kundig__store_key_mark(const kundig__context *context);
/* The current state, read anew if another process changed it. */
int kundig__store_look(kundig__store *store, kundig_error *err);

/* cache.c: the feedback of the cache, and what is known of it; *out stays NULL where there is none
 * that fits. Inside a transaction. */
int kundig__cache_read(kundig__store *store, kundig__corpus **out, kundig_error *err);

/* read.c: bring the corpus up to store->state, inside a transaction. */
int kundig__store_read(kundig__store *store, kundig__corpus *corpus, kundig_error *err);
/* Read a table of a format without hashes into an open batch. */
int kundig__store_read_plain(kundig__store *store, kundig__corpus *corpus, int kind,
                             kundig_error *err);
/* write.c: append what the file has not, and count it in store->state. */
int kundig__store_write(kundig__store *store, kundig__corpus *corpus, kundig_error *err);
/* migrate.c: from an older format to this one, in a transaction of its own. */
int kundig__store_migrate(kundig__store *store, int format, kundig_error *err);

#endif
