/* The inside of a query's filter, for the files of this room alone. */
#ifndef KUNDIG_CORPUS_TREE_H
#define KUNDIG_CORPUS_TREE_H

#include "corpus/query.h"

#define KUNDIG__MAX_NODES 4096
#define KUNDIG__MAX_DEPTH 64

/* A condition on a field, or a combination of nodes made before it: a node's children have smaller
 * numbers, so there are no circles. */
struct kundig__node {
    int32_t op;  /* KUNDIG_OP_; 0: a combination */
    int32_t how; /* KUNDIG_ALL_OF, KUNDIG_ANY_OF or KUNDIG_NONE_OF */
    kundig_text field;
    kundig_value *values; /* texts, or times; numbers and booleans became their texts */
    size_t value_count;
    uint32_t *children;
    size_t child_count;
    uint32_t depth;  /* 1 for a condition */
    uint32_t weight; /* nodes below and with it, shared ones counted each time */
};

/* What rows a query keeps, compiled for one corpus. Read-only once made. */
typedef struct kundig__filter kundig__filter;
int kundig__filter_new(kundig__corpus *corpus, const kundig_query *query, uint32_t node,
                       const kundig__zone *zone, kundig__filter **out, kundig_error *err);
void kundig__filter_free(kundig__filter *filter);
bool kundig__filter_is_empty(const kundig__filter *filter); /* keeps every row */
/* Clear mask[i] where row first + i does not meet the filter; count <= KUNDIG__GROUP_BLOCK. */
void kundig__filter_rows(const kundig__filter *filter, uint32_t first, uint32_t count,
                         uint8_t *mask);

#endif
