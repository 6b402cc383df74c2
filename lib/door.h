/* The handle, for the files of the door: kundig.c opens, adds and asks; kundig_store.c does what
 * only stores can. */
#ifndef KUNDIG_DOOR_H
#define KUNDIG_DOOR_H

#include <stdatomic.h>

#include "base/context.h"
#include "metrics/reporting.h"
#include "store/store.h"

struct kundig {
    kundig__context context;
    kundig__store *store;         /* NULL: facts in memory alone */
    kundig__corpus *corpus;       /* of a store NULL until it is first read */
    kundig__reporting *reporting; /* NULL: everything may be asked */
    kundig_model *chosen;         /* by kundig_set_model(); NULL: none */
    kundig_model *pinned;         /* in memory alone; NULL: none */
    kundig__hash128 pinned_hash;
    const kundig_model *applied; /* what the corpus was last told */
    kundig_model *plain;         /* what `heeded` was made of */
    kundig_model *heeded;        /* a discovered model with what people said of its topics */
    uint64_t heeded_serial;      /* of the corpus they stand in */
    uint32_t heeded_edits;       /* rows of edits */
    int64_t process;             /* that opened it */
    atomic_flag inside;
};

/* What options ask for, checked: as far as it needs no memory. */
int kundig__door_context(const kundig_options *options, kundig_options *known, kundig__context *out,
                         kundig_error *err);
/* Let a call into the handle, one at a time. */
int kundig__door_enter(kundig *k, kundig_error *err);
/* The same for calls that tell of facts in ways that reporting mode does not. */
int kundig__door_enter_operational(kundig *k, kundig_error *err);
/* And with the facts that the store holds now. */
int kundig__door_ask(kundig *k, kundig_error *err);
/* And for calls that change what questions are answered from: in reporting mode they come before
 * the first answer, for two answers would give away what changed between them. */
int kundig__door_enter_changing(kundig *k, kundig_error *err);
int kundig__door_leave(kundig *k, int rc);
int kundig__door_missing(kundig_error *err, const char *what);
/* Read the caller's idea of kundig_added's size; write the counts back as far as it reaches. added
 * may be NULL. */
int kundig__door_added_size(const kundig_added *added, uint32_t *size, kundig_error *err);
void kundig__door_added_write(kundig_added *added, uint32_t size, kundig_added *counts);
/* Of a handle that was entered: bring the corpus up to what the store holds now, and tell it which
 * model reads it. */
int kundig__door_follow(kundig *k, kundig_error *err);
/* The model that reads the comments: the chosen one, else the pinned one, else NULL for the ready
 * one. Borrowed until the next call. */
int kundig__door_model(kundig *k, kundig_model **out, kundig_error *err);
/* The model as the corpus is told it: of one that discovered topics, with what people said of them
 * heeded. The handle must have followed; borrowed until the next call. */
int kundig__door_heeded(kundig *k, kundig_model *model, kundig_model **out, kundig_error *err);
/* Around a change of facts: take the store's lock; then, if rc is KUNDIG_OK, write and commit, else
 * give up. Returns rc, or why nothing was committed. */
int kundig__door_begin(kundig *k, kundig_error *err);
int kundig__door_commit(kundig *k, int rc, kundig_error *err);

#endif
