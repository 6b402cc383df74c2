/* Facts on disk: one SQLite file behind a corpus in memory. Only this room includes sqlite3.h.
 *
 * The corpus is read from the file when first needed and follows it: a counter of appended rows
 * says that rows came, a counter of erasures that some went. Writing goes through the corpus, which
 * knows identities: under the write lock the corpus is brought up to date, a batch is added to it,
 * and the rows that are new in it are appended to the tables in one transaction.
 *
 * Invariant: rows are only ever appended or blanked in place, no index holds outside text, so
 * SQLite never moves a cell with personal data to another place of the file, and what is blanked is
 * gone (moved cells leave copies behind that secure_delete does not reach). */
#ifndef KUNDIG_STORE_STORE_H
#define KUNDIG_STORE_STORE_H

#include "corpus/rows.h"
#include "topics/model.h"

#define KUNDIG__STORE_VERSION "2"

typedef struct kundig__store kundig__store;

typedef struct kundig__store_options {
    int32_t access; /* KUNDIG_ACCESS_ */
    uint32_t busy_ms;
    bool pseudonyms;
    bool bare; /* for verifying: opened and not looked at */
} kundig__store_options;

/* ---- store.c: opening, following, writing ---- */

bool kundig__is_store(kundig__mem *mem, kundig_text path);
int kundig__store_open(kundig__context *context, kundig_text path,
                       const kundig__store_options *options, kundig__store **out,
                       kundig_error *err);
/* forked: by a child of the process that opened it, which may not touch the file. */
void kundig__store_close(kundig__store *store, bool forked);
/* Bring *corpus (NULL: not read yet) up to what the file holds now. On failure *corpus is unchanged
 * or NULL. */
int kundig__store_follow(kundig__store *store, kundig__corpus **corpus, kundig_error *err);
/* Take the write lock, then follow. */
int kundig__store_begin(kundig__store *store, kundig__corpus **corpus, kundig_error *err);
/* Append the rows that the corpus has and the file has not; commit. On failure nothing is written
 * and *corpus is freed and NULL: it is read anew. */
int kundig__store_commit(kundig__store *store, kundig__corpus **corpus, kundig_error *err);
/* Give the lock back without writing; the batch was abandoned, so the corpus is as the file. */
void kundig__store_rollback(kundig__store *store);
/* The pinned model, borrowed until the next call; NULL if there is none. */
int kundig__store_model(kundig__store *store, kundig_model **out, kundig_error *err);
/* The published name of what the file holds. Reads no facts. */
int kundig__store_hash(kundig__store *store, char hex[33], kundig_error *err);
/* Keep a saved model, or none (NULL), between begin and commit. */
int kundig__store_pin(kundig__store *store, const kundig_bytes *model, kundig_error *err);

/* How the columns of a source were mapped when it was last read, for the next file of it. Absent if
 * never; borrowed until the next call. set: between begin and commit. */
int kundig__store_mapping(kundig__store *store, kundig_text source, kundig_text *map,
                          kundig_error *err);
int kundig__store_set_mapping(kundig__store *store, kundig_text source, kundig_text map,
                              kundig_error *err);

/* ---- erase.c, receipts.c: forgetting and its log ---- */

typedef struct kundig__receipt {
    int64_t time_ms;
    const char *action;
    char subject[33]; /* "" if none */
    uint64_t records;
    uint64_t rows[KUNDIG__FACT_KINDS];
    char before[33];
    char after[33];
    bool pending;
} kundig__receipt;

/* Between begin and here: blank these rows, keep the model that the others teach instead of the
 * pinned one (NULL: it stays), log the receipt (its counts, before, after and pending are filled),
 * commit, empty the WAL. If rows went, *corpus is freed and NULL: it is read anew. On failure
 * nothing is written and *corpus stays. out: the receipt as a table; may be NULL. */
int kundig__store_forget(kundig__store *store, kundig__corpus **corpus,
                         const kundig__forgetting *forgetting, const kundig_bytes *model,
                         const kundig__receipt *receipt, kundig_table **out, kundig_error *err);
/* Between begin and commit: write what the corpus has more, log the receipt, whose `after` is
 * filled. On failure: kundig__store_give_up(). */
int kundig__store_log(kundig__store *store, kundig__corpus *corpus, kundig__receipt *receipt,
                      kundig_error *err);
/* As kundig__store_rollback(), where the corpus has more than the file: it is freed and NULL. */
void kundig__store_give_up(kundig__store *store, kundig__corpus **corpus);
/* Try to finish what is pending; no error where a reader still blocks it. */
int kundig__store_settle(kundig__store *store, kundig_error *err);
int kundig__store_audit(kundig__store *store, kundig_table **out, kundig_error *err);
/* A table of receipts, for one call or the log. */
int kundig__receipts_new(kundig__mem *mem, kundig_table **out, kundig_error *err);
void kundig__receipts_row(kundig_table *table, const kundig__receipt *receipt);
/* Of one call, with what it kept in notes; forgetting may be NULL. */
int kundig__receipts_one(kundig__mem *mem, const kundig__receipt *receipt,
                         const kundig__forgetting *forgetting, kundig_table **out,
                         kundig_error *err);

/* ---- verify.c, compact.c, cache.c ---- */

int kundig__store_verify(kundig__context *context, kundig_text path, uint32_t busy_ms,
                         kundig_table **out, kundig_error *err);
int kundig__store_compact(kundig__store *store, kundig__corpus **corpus, kundig_error *err);
int kundig__store_cache(kundig__store *store, kundig__corpus *corpus, kundig_error *err);

#endif
