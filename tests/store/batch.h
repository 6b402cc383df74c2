/* The rows of one action: known ids and new ones, new versions, equal records, long comments, all
 * from a seed. */
#ifndef KUNDIG_TESTS_STORE_BATCH_H
#define KUNDIG_TESTS_STORE_BATCH_H

#include "work.h"

#define WORK_ROWS      256
#define WORK_POOL      ((size_t)1 << 20)
#define WORK_NAMES     48  /* customers */
#define WORK_RECORDS   160 /* ids a source */
#define WORK_DAY_MS    INT64_C(86400000)
#define WORK_FIRST_DAY INT64_C(1735689600000) /* 2025-01-01 */

/* Rows of one batch, of one kind; `whose` of each is a customer's number, -1: nobody's. */
typedef struct work_batch {
    unsigned kind;
    size_t count;
    int whose[WORK_ROWS];
    int record[WORK_ROWS];  /* feedback, labels, edits: the record's number; -1: none */
    int at_case[WORK_ROWS]; /* events, feedback: the case's number; -1: none */
    union {
        kundig_feedback feedback[WORK_ROWS];
        kundig_customer customers[WORK_ROWS];
        kundig_event events[WORK_ROWS];
        kundig_label labels[WORK_ROWS];
        kundig_link links[WORK_ROWS];
        kundig_consent consents[WORK_ROWS];
        kundig_retention retentions[WORK_ROWS];
        kundig_edit edits[WORK_ROWS];
    } as;
    kundig_score scores[WORK_ROWS][3];
    kundig_attribute attributes[WORK_ROWS][2];
    char pool[WORK_POOL];
    size_t used;
} work_batch;

/* Rows of action n; free() it. */
work_batch *batch_of(const work *w, uint32_t n);
void batch_make(const work *w, uint32_t n, work_batch *b);
int batch_add(const work_batch *b, kundig *k, kundig_error *err);
/* Put row i of another batch of the same kind behind the rows of this one; borrowed from it. */
void batch_take(work_batch *b, const work_batch *other, size_t i);
bool batch_pins(const work_batch *b); /* every third pinning takes the model away again */

kundig_text batch_customer(work_batch *b, const work *w, int number);
kundig_text batch_record(work_batch *b, const work *w, int number);
kundig_text batch_source(int record);
/* A word that only this customer's comments hold. */
kundig_text batch_word(work_batch *b, const work *w, int customer);

#endif
