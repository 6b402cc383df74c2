/* The inside of a filter, for its files alone. */
#ifndef KUNDIG_CORPUS_FILTER_H
#define KUNDIG_CORPUS_FILTER_H

#include "corpus/facts.h"
#include "corpus/tree.h"
#include "text/text.h"

#define KUNDIG__FILTER_COMBINE 0 /* all, any or none of the children */
#define KUNDIG__FILTER_CONST   1 /* every row the same */
#define KUNDIG__FILTER_CODES   2
#define KUNDIG__FILTER_RANGE   3
#define KUNDIG__FILTER_TIME    4
#define KUNDIG__FILTER_BITS    5

typedef struct kundig__filter_step {
    int32_t type;
    int32_t how;
    const uint32_t *children; /* of the query's node, as numbers of steps */
    size_t child_count;
    bool constant;
    bool negate;
    const uint32_t *codes;
    const uint8_t *pass; /* pass[code], code 0 is missing */
    const int32_t *values;
    int32_t least;
    int32_t greatest;
    int64_t from[2]; /* instants, written dates; both ends are inside */
    int64_t to[2];
    const uint64_t *bits;
} kundig__filter_step;

struct kundig__filter {
    kundig__corpus *corpus;
    kundig__arena arena;
    kundig__filter_step *steps; /* as the query's nodes; unused ones are empty */
    size_t step_count;
    uint32_t roots[2];
    size_t root_count;
    const int64_t *times;
    const uint8_t *precisions;
};

/* What compiling works with. */
typedef struct kundig__filter_maker {
    kundig__filter *filter;
    kundig__corpus *corpus;
    const kundig_query *query;
    const kundig__zone *zone;
    kundig__scratch scratch;
    kundig_error *err;
} kundig__filter_maker;

/* filter.c */
int kundig__filter_nomem(kundig__filter_maker *maker);
int kundig__filter_refuse(kundig__filter_maker *maker, const kundig__node *node, const char *why);
int kundig__filter_bad_value(kundig__filter_maker *maker, const kundig__node *node,
                             const kundig_value *value, const char *what);
bool kundig__filter_meets_missing(const kundig__node *node);
uint64_t *kundig__filter_bits_new(kundig__filter_maker *maker);
void kundig__filter_bits_set(uint64_t *bits, uint32_t row);

/* filter_text.c: conditions on texts, coded or not. */
int kundig__filter_codes(kundig__filter_maker *maker, const kundig__node *node,
                         const kundig__dimension *dimension, kundig__filter_step *step);
/* On customers: any name of a person finds them; other comparisons look at the person's name. */
int kundig__filter_people(kundig__filter_maker *maker, const kundig__node *node,
                          kundig__filter_step *step);
/* pass[code + 1]: does a text of the dictionary meet the condition? pass[0]: does a row without? */
int kundig__filter_pass(kundig__filter_maker *maker, const kundig__node *node,
                        const kundig__dict *dict, uint8_t **out);
int kundig__filter_rows_text(kundig__filter_maker *maker, const kundig__node *node, bool of_id,
                             kundig__filter_step *step);

/* filter_number.c: on answers, and on numbers, booleans and weights (column NULL). */
int kundig__filter_range(kundig__filter_maker *maker, const kundig__node *node,
                         const kundig__question *question, kundig__filter_step *step);
int kundig__filter_rows_number(kundig__filter_maker *maker, const kundig__node *node,
                               const kundig__attribute_column *column, kundig__filter_step *step);
int kundig__filter_novelty(kundig__filter_maker *maker, const kundig__node *node,
                           kundig__filter_step *step);

/* filter_said.c: on what comments say; type is KUNDIG__FIELD_TOPIC, _THEME, _SPOKEN
 * or _SENTIMENT. */
int kundig__filter_said(kundig__filter_maker *maker, const kundig__node *node, int32_t type,
                        kundig__filter_step *step);
/* As kundig__filter_pass(), a byte a topic, for conditions on topic or theme. */
int kundig__filter_topics(kundig__filter_maker *maker, const kundig__node *node, int32_t type,
                          const kundig__said *said, uint8_t **out);

/* filter_time.c: on time. */
int kundig__filter_time(kundig__filter_maker *maker, const kundig__node *node,
                        kundig__filter_step *step);
bool kundig__filter_time_in(const kundig__filter_step *step, int64_t time_ms, bool written);
bool kundig__filter_is_written(const kundig__filter *filter, uint32_t row);

#endif
