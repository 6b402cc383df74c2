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

/* Where groups of rows come from, and what the gather calls them. */
typedef struct kundig__numbering {
    const kundig__grouping *grouping;
    const uint32_t *map; /* the gather's group of a number of the grouping; NULL: the same */
} kundig__numbering;

typedef struct kundig__gather {
    kundig__corpus *corpus;
    kundig__context *context;
    const kundig__asked *asked;
    const kundig__question *question;
    int32_t *answers; /* a row, where no question gives them; owned */
    uint32_t answer_rows;
    const int64_t *weights; /* of rows, in the place of those they come with, 0: the row is left
                               out; NULL: those; borrowed */
    kundig__numbering numberings[2]; /* no row is in both */
    uint32_t numbering_count;
    uint32_t layers; /* of them, at most */
    bool labelled;   /* labels hold the groups of layer 0 */
    uint32_t *labels;
    bool pairs;                     /* group numbers are 2 * group + set (0: a, 1: b) */
    kundig__member_visitor visitor; /* NULL: clusters go into the cells */
    void *visitor_ud;

    uint32_t count;         /* groups, or groups times two */
    kundig__cell *cells;    /* a group */
    kundig__cross *crosses; /* a pair of groups; NULL unless pairs */
    uint32_t *numbers;      /* the grouping's number of a group; NULL: the same */
    kundig__counted counted;
    uint32_t label_rows; /* allocated */
    uint32_t number_count;
} kundig__gather;

void kundig__gather_init(kundig__gather *gather, kundig__corpus *corpus, const kundig__asked *asked,
                         const kundig__question *question);
/* Read what the metric needs, before groupings are made. */
int kundig__gather_ready(kundig__gather *gather, kundig_error *err);
/* Cells of every group of a grouping. */
int kundig__gather_groups(kundig__gather *gather, const kundig__grouping *grouping,
                          kundig_error *err);
/* The group of each row in a layer, KUNDIG__NO_GROUP for those the metric does not read; labels
 * hold kundig__corpus_rows() entries. */
int kundig__gather_label(kundig__gather *gather, const kundig__grouping *grouping, uint32_t layer,
                         uint32_t *labels, kundig_error *err);
/* Cells of pairs of groups. labels, 2 * group + set in layer 0, become the gather's own; numberings
 * say the same of all layers. */
int kundig__gather_pairs(kundig__gather *gather, uint32_t *labels,
                         const kundig__numbering numberings[2], uint32_t group_count,
                         kundig_error *err);
void kundig__gather_free(kundig__gather *gather);

/* ---- The groups of a query, each with its cell (grouped.c) ----------------------------------- */

typedef struct kundig__grouped {
    kundig__mem *mem;
    kundig__grouping *grouping;
    uint32_t *numbers;          /* of groups that hold a record, in order of keys */
    const kundig__cell **cells; /* the gather's */
    size_t count;
    size_t capacity;
} kundig__grouped;

/* The gather is ready. grouped is empty before; after a failure too it must be freed. */
int kundig__grouped_new(kundig__gather *gather, const kundig_query *query, kundig__grouped *out,
                        kundig_error *err);
void kundig__grouped_free(kundig__grouped *grouped);
void kundig__grouped_columns(const kundig__grouped *grouped, kundig_table *table);
/* Keys of a group, by its place, into the last row. */
void kundig__grouped_keys(const kundig__grouped *grouped, size_t place, kundig_table *table);
/* The records of all groups, each once: cells[0] of a gather that is ready. */
int kundig__grouped_whole(const kundig__grouped *grouped, const kundig_query *query,
                          kundig__gather *whole, kundig_error *err);

/* ---- One set of rows: its labels, and its groups in order ------------------------------------ */

typedef struct kundig__side {
    kundig__mem *mem;
    kundig__grouping *grouping;
    uint32_t rows;
    uint32_t *labels; /* layer 0 */
    uint32_t *groups; /* numbers of those that hold a row, in order of keys */
    uint32_t count;
    uint32_t *places; /* of a number of the grouping: its place in groups */
} kundig__side;

/* The side is empty before; after a failure too it must be freed. */
int kundig__side_new(kundig__gather *gather, const kundig_query *query, uint32_t node,
                     kundig__side *side, kundig_error *err);
/* Labels become what places say of them. */
void kundig__side_translate(kundig__side *side);
void kundig__side_free(kundig__side *side);

#endif
