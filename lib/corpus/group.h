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
    bool sentiment; /* of the comment, by codes; beside listed keys it becomes one of them */
    /* A key with several values a row (codes is NULL): */
    int32_t listed; /* KUNDIG__FIELD_TOPIC, _THEME or, of either, _SENTIMENT; 0: it is none */
    uint32_t *listed_codes; /* the code of a value of the grouping's list */
    size_t listed_count;
} kundig__group_key;

/* The values of rows that may have several: values[starts[row]..starts[row + 1]). */
typedef struct kundig__group_list {
    const uint64_t *starts; /* NULL: no key is listed */
    const uint16_t *values;
    const uint16_t *block_most; /* values of one row, at most, in KUNDIG__SAID_BLOCK rows */
    uint32_t most;
    const uint8_t *sentiments;     /* beside values; NULL: moods are not known */
    const int16_t *moods;          /* in thousandths, beside values */
    const uint8_t *row_sentiments; /* of comments */
    uint64_t *made_starts;         /* owned; NULL where the corpus's own column is used */
    uint16_t *made_values;
    uint16_t *made_most;
    uint8_t *made_sentiments;
    int16_t *made_moods;
    size_t made_count; /* of values, allocated */
    uint32_t rows;
} kundig__group_list;

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
    kundig__group_list list;
    /* Where the keys have too many combinations to number them all: */
    uint32_t *row_groups;  /* group of each row, in order of the keys' bytes */
    uint32_t *more_groups; /* group of value n > 0 of a row, at list.starts[row] + n */
    uint64_t more_count;
    uint32_t *examples;       /* one row of each group */
    uint16_t *example_layers; /* and which of its values; NULL: no key is listed */
    /* What leaves rows out, beside the filter: */
    const uint8_t *consents;  /* NULL: not asked */
    const uint32_t *purposes; /* codes; NULL: not asked */
    uint32_t purpose;         /* the one that is allowed, beside missing */
    const uint32_t *people;   /* codes, where `refused` is given */
    uint8_t *refused;         /* of a person: 1 if they said "no" last; NULL: nobody did */
    size_t refused_count;
    bool has_as_of;
    int64_t as_of_ms;
    int64_t as_of_date_ms; /* the date of that instant, as written dates are kept */
};

/* group_keys.c: fields to codes, and codes to places in byte order. */
int kundig__group_key_init(kundig__group_key *key, kundig__corpus *corpus, kundig_text name,
                           kundig_error *err);
int kundig__group_key_rank(kundig__group_key *key, kundig__mem *mem, kundig_error *err);
void kundig__group_key_free(kundig__group_key *key, kundig__mem *mem);
/* group_list.c: topics and themes, of which a row may have several. */
int kundig__group_list_init(kundig__grouping *grouping, kundig_error *err);
void kundig__group_list_free(kundig__group_list *list, kundig__mem *mem);
/* At least 1: a row without a value has the missing one. */
uint32_t kundig__group_list_count(const kundig__group_list *list, uint32_t row);
/* Codes of value `layer` of rows first.. in a listed key; 0 where a row has not so many. */
void kundig__group_list_codes(const kundig__group_list *list, const kundig__group_key *key,
                              uint32_t layer, uint32_t first, uint32_t count, uint32_t *codes);
/* The most values of one of these rows, at least 1. */
uint32_t kundig__group_list_most(const kundig__group_list *list, uint32_t first, uint32_t count);
/* Does the row have a value `layer`? */
bool kundig__group_list_has(const kundig__group_list *list, uint32_t row, uint32_t layer);
/* consent.c: a byte a code of people, with missing; NULL where nobody refuses this purpose. */
int kundig__consent_refused(kundig__corpus *corpus, kundig_text purpose,
                            const kundig__dimension **people, uint8_t **refused, size_t *count,
                            kundig_error *err);
/* group_pack.c: number the combinations that occur. */
int kundig__grouping_pack(kundig__grouping *grouping, kundig_error *err);
/* Code of a row's value `layer` in a key; in the period, the last key, its window: the row must
 * have a time. */
uint32_t kundig__grouping_row_digit(const kundig__grouping *grouping, uint32_t row, uint32_t layer,
                                    size_t key);
/* group.c: mask[i] is 1 for rows first + i inside, else 0. */
void kundig__grouping_mask(const kundig__grouping *grouping, uint32_t first, uint32_t count,
                           uint8_t *mask);

#endif
