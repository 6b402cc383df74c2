/* Facts as lists of rows, whatever their kind: what hashes, stores, merges and erasures walk over.
 *
 * A kind is KUNDIG_FACTS_. A row is one version of one record; rows never move and none goes away
 * while the corpus lives. */
#ifndef KUNDIG_CORPUS_ROWS_H
#define KUNDIG_CORPUS_ROWS_H

#include "corpus/corpus.h"

#define KUNDIG__FACT_KINDS 8

/* One row as it was given: the record's struct with everything that was mended mended. */
typedef struct kundig__fact {
    int kind;
    union {
        kundig_feedback feedback;
        kundig_customer customer;
        kundig_event event;
        kundig_label label;
        kundig_link link;
        kundig_consent consent;
        kundig_retention retention;
        kundig_edit edit;
    } as;
} kundig__fact;

const char *kundig__fact_kind_name(int kind); /* "feedback", "customers", ... */
uint32_t kundig__fact_rows(const kundig__corpus *corpus, int kind);
uint32_t kundig__fact_records(const kundig__corpus *corpus, int kind);
/* Is this row the current version of its record? */
bool kundig__fact_is_current(const kundig__corpus *corpus, int kind, uint32_t row);
/* Borrows from the corpus until its next change, and from `arena` (needed where a record may have
 * scores or attributes). */
int kundig__fact_at(const kundig__corpus *corpus, int kind, uint32_t row, kundig__arena *arena,
                    kundig__fact *out, kundig_error *err);
/* Its canonical bytes, appended. */
void kundig__fact_canonical(const kundig__corpus *corpus, int kind, uint32_t row, kundig__buf *out);
kundig__hash128 kundig__canonical_hash(const kundig__buf *canonical);

/* ---- Adding: a batch may hold every kind and is whole or absent (kundig__batch_) ---- */

int kundig__fact_add(kundig__corpus *corpus, const kundig__fact *fact, kundig_added *added,
                     const char **field, kundig_error *err);
/* An array of records of one kind, as the public calls take it, as a batch of its own. */
int kundig__facts_add(kundig__corpus *corpus, int kind, const void *records, size_t count,
                      kundig_added *added, kundig_error *err);
/* Begin a batch of rows that are known to differ from each other and from all there are, read back
 * from a store: equal records without an id are further ones, never the same again. */
int kundig__batch_begin_restoring(kundig__corpus *corpus, kundig_error *err);

/* Make room for so many rows of feedback in all, as far as memory allows. */
void kundig__fact_reserve(kundig__corpus *corpus, uint32_t rows);

/* ---- Sums: the state of facts as integers ---- */

/* Of one kind: how many rows, and the sum of their hashes modulo 2^128. */
typedef struct kundig__fact_sum {
    uint64_t count;
    uint64_t low;
    uint64_t high;
} kundig__fact_sum;

void kundig__fact_sum_add(kundig__fact_sum *sum, const kundig__hash128 *hash);
void kundig__fact_sum_subtract(kundig__fact_sum *sum, const kundig__hash128 *hash);
/* Add the rows of a kind from `first` on. Cost: about a microsecond a row; forks. */
int kundig__fact_sum_rows(kundig__corpus *corpus, int kind, uint32_t first, kundig__fact_sum *sum,
                          kundig_error *err);
/* The published name of a state; model: hash of the pinned model's bytes, NULL if none. */
void kundig__facts_name(const kundig__fact_sum sums[KUNDIG__FACT_KINDS],
                        const kundig__hash128 *model, char hex[33]);

/* ---- Links: who is one person (people.c) ---- */

/* Customers with links applied: codes[row] and names of persons. Without links it is the dimension
 * itself. Derived: borrowed until facts change. */
int kundig__corpus_people(kundig__corpus *corpus, const kundig__dimension **out, kundig_error *err);
/* As kundig__corpus_people() found them last: for what comes later in the same question. */
const kundig__dimension *kundig__people_known(const kundig__corpus *corpus);
/* The name of the person whom a customer's name stands for; borrowed until facts change. */
int kundig__person_name(kundig__corpus *corpus, kundig_text customer, kundig_text *out,
                        kundig_error *err);
/* Every name linked to this one, itself among them, in byte order; in `arena`. */
int kundig__person_names(kundig__corpus *corpus, kundig_text customer, kundig__arena *arena,
                         kundig_text **names, size_t *count, kundig_error *err);

/* ---- Forgetting: which rows (forget.c) ---- */

typedef struct kundig__forgetting {
    kundig__mem *mem;
    uint32_t *rows[KUNDIG__FACT_KINDS]; /* ascending */
    size_t count[KUNDIG__FACT_KINDS];
    size_t capacity[KUNDIG__FACT_KINDS];
    uint64_t records;  /* of the feedback rows */
    uint64_t timeless; /* kept for want of a time, by expiry */
    uint64_t unruled;  /* kept because their purpose has no rule */
} kundig__forgetting;

void kundig__forgetting_free(kundig__forgetting *forgetting);
/* As kundig_erase() says whom it means. */
int kundig__forget_customer(kundig__corpus *corpus, kundig_text customer, kundig__forgetting *out,
                            kundig_error *err);
int kundig__forget_record(kundig__corpus *corpus, kundig_text source, kundig_text id,
                          kundig__forgetting *out, kundig_error *err);
int kundig__forget_expired(kundig__corpus *corpus, int64_t as_of_ms, kundig__forgetting *out,
                           kundig_error *err);
/* Names that stand in these rows and in no other: of questions; of attributes of feedback and
 * customers; of sources of feedback. In `arena`. */
typedef struct kundig__forgotten_names {
    kundig_text *names;
    size_t count;
} kundig__forgotten_names;

int kundig__forgotten_questions(const kundig__corpus *corpus, const kundig__forgetting *forgetting,
                                kundig__arena *arena, kundig__forgotten_names *out,
                                kundig_error *err);
int kundig__forgotten_attributes(const kundig__corpus *corpus, const kundig__forgetting *forgetting,
                                 kundig__arena *arena, kundig__forgotten_names *out,
                                 kundig_error *err);
int kundig__forgotten_sources(const kundig__corpus *corpus, const kundig__forgetting *forgetting,
                              kundig__arena *arena, kundig__forgotten_names *out,
                              kundig_error *err);
/* A new corpus of all other rows; the model stays chosen. */
int kundig__corpus_without(kundig__corpus *corpus, const kundig__forgetting *forgetting,
                           kundig__corpus **out, kundig_error *err);

#endif
