/* From rows to cells: one pass over the columns in use, two where customers are known. */
#ifndef KUNDIG_METRICS_GATHER_H
#define KUNDIG_METRICS_GATHER_H

#include "metrics/metric.h"

/* A customer's answers in one group. */
typedef struct kundig__member {
    uint32_t customer; /* code of the dimension, from 1 */
    uint32_t n;
    kundig__i128 w;
    kundig__i128 x; /* sum of w x */
} kundig__member;

/* Called on the caller's thread, once a group that holds answers, before its clusters are added. */
typedef int (*kundig__member_visitor)(void *ud, uint32_t group, const kundig__member *members,
                                      size_t count, kundig_error *err);

typedef struct kundig__gather {
    kundig__corpus *corpus;
    kundig__context *context;
    const kundig__asked *asked;
    const kundig__question *question;
    const kundig__grouping *grouping; /* NULL: labels hold the group of each row */
    uint32_t *labels;                 /* a row */
    bool pairs;                       /* group numbers are 2 * group + set (0: a, 1: b) */
    kundig__member_visitor visitor;   /* NULL: clusters go into the cells */
    void *visitor_ud;

    uint32_t count;         /* groups, or groups times two */
    kundig__cell *cells;    /* a group */
    kundig__cross *crosses; /* a pair of groups; NULL unless pairs */
    uint32_t *numbers;      /* the grouping's number of a group; NULL: the same */
    uint64_t other_kind;
    uint32_t label_rows; /* allocated */
    uint32_t number_count;
} kundig__gather;

void kundig__gather_init(kundig__gather *gather, kundig__corpus *corpus, const kundig__asked *asked,
                         const kundig__question *question);
/* Cells of every group of a grouping. */
int kundig__gather_groups(kundig__gather *gather, const kundig__grouping *grouping,
                          kundig_error *err);
/* The group of each row, KUNDIG__NO_GROUP for those the metric does not read; labels hold
 * kundig__corpus_rows() entries. */
int kundig__gather_label(kundig__gather *gather, const kundig__grouping *grouping, uint32_t *labels,
                         kundig_error *err);
/* Cells of pairs of groups; labels (2 * group + set) become the gather's own. */
int kundig__gather_pairs(kundig__gather *gather, uint32_t *labels, uint32_t group_count,
                         kundig_error *err);
void kundig__gather_free(kundig__gather *gather);

#endif
