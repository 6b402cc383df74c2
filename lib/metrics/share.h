/* Shares of comments by what they speak of: for the files of this room.
 *
 * A share has two kinds of keys: those of the comment (stage, period, ...), which say among which
 * comments it is counted, and those of the topic. Every topic that somebody speaks of stands beside
 * every group of comments, also where it is 0 there. */
#ifndef KUNDIG_METRICS_SHARE_H
#define KUNDIG_METRICS_SHARE_H

#include "corpus/said.h"
#include "metrics/gather.h"

#define KUNDIG__MAX_KEYS (KUNDIG__MAX_GROUP_FIELDS + 1)

/* ---- Keys, and rows in order of them (share_rows.c) ------------------------------------------ */

typedef struct kundig__share_keys {
    size_t count;
    uint32_t topics; /* a bit a key: of the topic */
} kundig__share_keys;

/* One row of an answer; NULL texts are missing keys. */
typedef struct kundig__share_row {
    uint32_t group;
    uint32_t topic;
} kundig__share_row;

typedef struct kundig__share_rows {
    kundig__mem *mem;
    kundig__share_row *rows;
    size_t count;
} kundig__share_rows;

/* All topics beside all groups, in order of the keys. Keys of a topic stand one behind the other at
 * topic_texts; in topics the numbers to use, ordered here. Groups are in order of their keys;
 * differ[i] is the first key of group i that is another than of the group before. */
int kundig__share_rows_new(kundig__mem *mem, const kundig__share_keys *keys, size_t group_count,
                           const uint8_t *differ, const kundig_text *topic_texts, uint32_t *topics,
                           size_t topic_count, kundig__share_rows *out, kundig_error *err);
void kundig__share_rows_free(kundig__share_rows *rows);
/* How many keys of a topic stand one behind the other. */
size_t kundig__share_topic_keys(const kundig__share_keys *keys);

/* ---- What a query asks (share_plan.c) -------------------------------------------------------- */

/* Topics are counted from 1 in the order of the model, themes as well; 0: no topic at all. */
typedef struct kundig__share_plan {
    kundig__mem *mem;
    kundig_query *query; /* without the keys of topics */
    const kundig__said *said;
    kundig__share_keys keys;
    kundig_text names[KUNDIG__MAX_KEYS];
    bool of_themes;       /* no key is a topic's own */
    uint32_t topic_count; /* with 0 */
    kundig_text *texts;   /* of topics */
    size_t text_count;
} kundig__share_plan;

/* keys.topics is 0 where the query has no key of a topic; the rest is then empty. */
int kundig__share_plan_new(kundig__corpus *corpus, const kundig_query *query,
                           kundig__share_plan *plan, kundig_error *err);
void kundig__share_plan_free(kundig__share_plan *plan);

/* A group by the grouping that numbers it. */
typedef struct kundig__share_group {
    const kundig__grouping *grouping;
    uint32_t number;
} kundig__share_group;

/* Every one of these topics beside every group; groups are in order of their keys. */
int kundig__share_plan_rows(const kundig__share_plan *plan, const kundig__share_group *groups,
                            size_t group_count, uint32_t *topics, size_t topic_count,
                            kundig__share_rows *out, kundig_error *err);
void kundig__share_plan_columns(const kundig__share_plan *plan, kundig_table *table);
void kundig__share_plan_keys(const kundig__share_plan *plan, const kundig__share_group *group,
                             uint32_t topic, kundig_table *table);

#define KUNDIG__SHARE_OF_ANY 1 /* 1 where a comment has a topic, else 0 */
#define KUNDIG__SHARE_ALL    2 /* 0 for every comment */
#define KUNDIG__SHARE_EACH   3 /* 1 for every comment */

/* Give a gather its answers: one a comment, none where there is no text. */
int kundig__share_answers(kundig__gather *gather, int how, kundig_error *err);
/* Where the gather's metric is a share and no key of the query is of topics, the share of comments
 * with any of them; KUNDIG_E_ARG with such a key. */
int kundig__share_ungrouped(kundig__gather *gather, const kundig_query *query, kundig_error *err);

/* ---- Counting (share.c) ---------------------------------------------------------------------- */

typedef struct kundig__share_topic {
    uint32_t topic;
    uint32_t place; /* of the topic that stands here once they are in order */
} kundig__share_topic;

typedef struct kundig__share {
    kundig__corpus *corpus;
    kundig__context *context;
    const kundig__asked *asked;
    const kundig__share_plan *plan;
    const uint32_t *labels; /* the group of a row, with pairs 2 * group + set */
    uint32_t group_count;
    uint32_t width; /* sets: 1, or 2 with pairs */

    kundig__cell *bases;         /* a group and set: all its comments, none with the topic */
    kundig__cross *base_crosses; /* a group; NULL unless pairs */
    size_t *starts;              /* of a group's topics; group_count + 1 */
    kundig__share_topic *topics; /* those that occur in the group */
    kundig__cell *cells;         /* a topic and set */
    kundig__cross *crosses;      /* a topic; NULL unless pairs */
    size_t count;
    size_t topic_capacity;
    size_t cell_capacity;
    size_t cross_capacity;
    uint32_t *occurring; /* topics of any group, ascending, always with 0 */
    size_t occurring_count;
    kundig__counted counted;
} kundig__share;

/* labels are borrowed until the share is freed. */
int kundig__share_new(kundig__share *share, kundig__corpus *corpus, const kundig__asked *asked,
                      const kundig__share_plan *plan, const uint32_t *labels, uint32_t group_count,
                      uint32_t width, kundig_error *err);
void kundig__share_free(kundig__share *share);
/* The cell of a topic in a group, that of all comments if none has it. */
const kundig__cell *kundig__share_cell(const kundig__share *share, uint32_t group, uint32_t topic,
                                       uint32_t set);
const kundig__cross *kundig__share_cross(const kundig__share *share, uint32_t group,
                                         uint32_t topic);

#endif
