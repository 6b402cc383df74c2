/* The inside of a grouping, for the files of this room alone. */
#ifndef KUNDIG_CORPUS_GROUP_H
#define KUNDIG_CORPUS_GROUP_H

#include "corpus/facts.h"
#include "corpus/period.h"
#include "corpus/tree.h"

/* One field that is grouped by: a code a row, a text a code. */
typedef struct kundig__group_key {
    kundig_text name;      /* the query's */
    const uint32_t *codes; /* NULL: no row has a value */
    const kundig__dict *dict;
    uint32_t code_count;    /* with 0, missing */
    uint32_t *ranks;        /* place of a code in byte order, 0 for missing */
    uint32_t *ranked;       /* the code of a place */
    kundig__dimension made; /* numbers as texts; owned */
} kundig__group_key;

struct kundig__grouping {
    kundig__corpus *corpus;
    kundig__mem *mem;
    kundig__filter *filter;
    kundig__group_key keys[KUNDIG__MAX_GROUP_FIELDS];
    size_t key_count;
    bool has_period;
    kundig__period period;
    const kundig__zone *zone;
    uint32_t group_count;
    /* Where the keys have too many combinations to number them all: */
    uint32_t *row_groups; /* group of each row, in order of the keys' bytes */
    uint32_t *examples;   /* one row of each group */
    /* What leaves rows out, beside the filter: */
    const uint8_t *consents;  /* NULL: not asked */
    const uint32_t *purposes; /* codes; NULL: not asked */
    uint32_t purpose;         /* the one that is allowed, beside missing */
    bool has_as_of;
    int64_t as_of_ms;
    int64_t as_of_date_ms; /* the date of that instant, as written dates are kept */
};

/* group_keys.c: fields to codes, and codes to places in byte order. */
int kundig__group_key_init(kundig__group_key *key, kundig__corpus *corpus, kundig_text name,
                           kundig_error *err);
int kundig__group_key_rank(kundig__group_key *key, kundig__mem *mem, kundig_error *err);
void kundig__group_key_free(kundig__group_key *key, kundig__mem *mem);
/* group_pack.c: number the combinations that occur. */
int kundig__grouping_pack(kundig__grouping *grouping, kundig_error *err);
/* Code of a row in a key; in the period, the last key, its window: the row must have a time. */
uint32_t kundig__grouping_row_digit(const kundig__grouping *grouping, uint32_t row, size_t key);
/* group.c: mask[i] is 1 for rows first + i inside, else 0. */
void kundig__grouping_mask(const kundig__grouping *grouping, uint32_t first, uint32_t count,
                           uint8_t *mask);

#endif
