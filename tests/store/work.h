/* What happens to a store: a row of actions that follow from a seed, so that whoever knows the seed
 * and how many were done knows what must be there. Batches of all kinds of facts with known ids,
 * new versions, equal records and long comments; erasures of customers and records; a model is
 * pinned, a cache is kept, the file is written anew.
 *
 * What must be there is found without the library's own forgetting: rows of the erased are left out
 * by their names and a corpus in memory is made of the rest. */
#ifndef KUNDIG_TESTS_STORE_WORK_H
#define KUNDIG_TESTS_STORE_WORK_H

#include "help.h"
#include "kundig.h"

enum {
    WORK_FEEDBACK = 1,
    WORK_CUSTOMERS = 2,
    WORK_EVENTS = 4,
    WORK_LABELS = 8,
    WORK_LINKS = 16,
    WORK_CONSENTS = 32,
    WORK_RETENTIONS = 64,
    WORK_PIN = 128,
    WORK_ERASE = 256,
    WORK_ERASE_RECORD = 512,
    WORK_CACHE = 1024,
    WORK_COMPACT = 2048,
    WORK_EDITS = 4096,
    WORK_ADDING = 127 | WORK_EDITS,
    WORK_ALL = 8191
};

typedef struct work {
    uint64_t seed;
    unsigned kinds;   /* WORK_ together: which actions there are */
    uint32_t biggest; /* rows of a batch; 0: 200 */
    uint32_t calm;    /* the first so many add feedback, customers and events alone */
} work;

/* What action n is: one of WORK_. */
unsigned work_kind(const work *w, uint32_t n);
/* A word for it. */
const char *work_name(const work *w, uint32_t n);
/* Do action n. */
int work_do(const work *w, uint32_t n, kundig *k, kundig_error *err);
/* What must be there after the first n actions: a corpus in memory. Dies where it cannot. */
kundig *work_expected(const work *w, uint32_t n);
/* Calls `seen` with every name and word that only erased records held after the first n actions;
 * where action n may be under way, without what it would bring back. */
void work_gone(const work *w, uint32_t n, bool under_way,
               void (*seen)(void *with, kundig_text word), void *with);

/* ---- answers ---- */

kundig_model *work_model(void); /* small, made once; kundig_model_free() */

/* The state's name and the answers to many questions, as one text; NULL where one call failed and
 * err says why. free() it. */
char *work_answers(kundig *k, kundig_error *err);
/* Where two texts of answers differ, shortly; NULL if nowhere. Static. */
const char *work_differ(const char *a, const char *b);

/* ---- stores ---- */

/* Open a store that fails in no way; busy for at most a second. */
int work_open(const char *path, int32_t access, kundig **out, kundig_error *err);
/* The first error that kundig_verify() finds, "" if none; dies where it cannot look. Static. */
const char *work_verify(const char *path);

#endif
