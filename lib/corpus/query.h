/* The query as data, and what it selects and how it groups: rows to group numbers, block by block.
 */
#ifndef KUNDIG_CORPUS_QUERY_H
#define KUNDIG_CORPUS_QUERY_H

#include "corpus/corpus.h"

#define KUNDIG__MAX_GROUP_FIELDS 8
#define KUNDIG__NO_NODE          UINT32_MAX

typedef struct kundig__node kundig__node; /* corpus/query.c */

struct kundig_query {
    kundig__mem mem;
    kundig__arena arena;
    kundig_text metric; /* absent until set */
    kundig_text question;
    kundig_text group_fields[KUNDIG__MAX_GROUP_FIELDS];
    size_t group_field_count;
    int32_t every;
    int32_t unit;
    int32_t interval;
    double level; /* 0.95 unless set */
    uint64_t min_n;
    kundig_text zone;
    kundig_text purpose;
    int64_t as_of_ms;
    kundig__node *nodes;
    size_t node_count;
    size_t node_capacity;
    uint32_t keep;    /* KUNDIG__NO_NODE: everything */
    bool keep_joined; /* keep is an "and" that kundig_query_keep() made */
};

/* The canonical bytes of everything in a query that decides its answer: equal queries, equal bytes.
 */
void kundig__query_canonical(const kundig_query *query, kundig__buf *out);

/* A field as resolved against a corpus. */
typedef struct kundig__field {
    int32_t type; /* KUNDIG__FIELD_ */
    size_t index; /* dimension, question or attribute */
} kundig__field;
#define KUNDIG__FIELD_DIMENSION 1
#define KUNDIG__FIELD_QUESTION  2
#define KUNDIG__FIELD_ATTRIBUTE 3
#define KUNDIG__FIELD_TIME      4
#define KUNDIG__FIELD_TEXT      5
#define KUNDIG__FIELD_ID        6
#define KUNDIG__FIELD_WEIGHT    7
#define KUNDIG__FIELD_TOPIC     8 /* as the model reads the text; several a row */
#define KUNDIG__FIELD_THEME     9
#define KUNDIG__FIELD_SPOKEN    10 /* text_language */
#define KUNDIG__FIELD_SENTIMENT 11 /* of the comment; grouped beside topics, of each of them */

#define KUNDIG__FIELD_NOVELTY 12 /* a number; missing where nothing was discovered */

/* KUNDIG_E_NOT_FOUND names the nearest fields there are; KUNDIG_E_AMBIGUOUS names the prefixes. */
int kundig__field_resolve(const kundig__corpus *corpus, kundig_text name, kundig__field *out,
                          kundig_error *err);

/* Rows to group numbers. Made for one corpus, one query and one more condition (KUNDIG__NO_NODE:
 * none); read-only afterwards, so threads may share it. */
typedef struct kundig__grouping kundig__grouping;
#define KUNDIG__NO_GROUP    UINT32_MAX
#define KUNDIG__GROUP_BLOCK 4096

/* Does a query ask what comments say, by a group or a condition of its filter? Its answer depends
 * on the model then. Names that the corpus does not know say no. */
bool kundig__query_reads_said(const kundig_query *query, const kundig__corpus *corpus);
/* Is a field answered by the model's reading of comments? type is KUNDIG__FIELD_. */
bool kundig__field_is_read(int32_t type);

/* A query of its own with the same contents; from may be NULL: an empty one. */
int kundig__query_copy(const kundig_query *from, const kundig_allocator *allocator,
                       kundig_query **out, kundig_error *err);

int kundig__grouping_new(kundig__corpus *corpus, const kundig_query *query, uint32_t node,
                         kundig__grouping **out, kundig_error *err);
void kundig__grouping_free(kundig__grouping *grouping);
/* Number of group numbers; some may hold no row. Without groups it is 1. At most 2^24 unless that
 * many groups hold rows. */
uint32_t kundig__grouping_count(const kundig__grouping *grouping);
/* A record counts in each of its topics (or themes): such a grouping has layers. Layer 0 holds the
 * first group of every row, layer n the one behind the n-th of rows that have so many. Within a row
 * no group comes twice. 1 where no key has several values. */
uint32_t kundig__grouping_layers(const kundig__grouping *grouping);
/* As many layers as these rows need, 1 at least: the others hold none of them. One comment that
 * speaks of everything makes many layers; few blocks need them. */
uint32_t kundig__grouping_layers_of(const kundig__grouping *grouping, uint32_t first,
                                    uint32_t count);
/* Fill groups[0..count) for rows first.. (count <= KUNDIG__GROUP_BLOCK): a group number, or
 * KUNDIG__NO_GROUP for rows that are superseded, filtered out, without a time where one is needed,
 * or not in this layer. Allocates nothing: any thread. */
void kundig__grouping_rows(const kundig__grouping *grouping, uint32_t layer, uint32_t first,
                           uint32_t count, uint32_t *groups);
/* Moods, in thousandths, of layer `layer` of rows first..: where the grouping is by topics (or
 * themes), of the one that stands there; else, and where a row has none, of the comment.
 * KUNDIG__SCORE_MISSING where nothing is known. The grouping must have been made with `moods`. */
void kundig__grouping_values(const kundig__grouping *grouping, uint32_t layer, uint32_t first,
                             uint32_t count, int32_t *values);
/* Keys: the group fields, then the period. */
size_t kundig__grouping_key_count(const kundig__grouping *grouping);
kundig_text kundig__grouping_key_name(const kundig__grouping *grouping, size_t key);
/* Absent where missing; buffer holds labels that are made (periods, numbers). */
kundig_text kundig__grouping_key(const kundig__grouping *grouping, uint32_t group, size_t key,
                                 char buffer[32]);
/* Sort group numbers by their key bytes, missing first. */
void kundig__grouping_sort(const kundig__grouping *grouping, uint32_t *groups, size_t count);
/* Current rows that met the filter and were left out all the same. Counts of disjoint corpora add
 * up. */
typedef struct kundig__left_out {
    uint64_t no_time;       /* a window was asked for and the record has no time */
    uint64_t other_purpose; /* the record carries another purpose */
    uint64_t no_consent;    /* a purpose was stated and consent is "no" */
} kundig__left_out;

void kundig__grouping_left_out(const kundig__grouping *grouping, kundig__left_out *out);
/* One sentence a count that is not zero; states write them from added counts. */
void kundig__left_out_notes(const kundig__left_out *left_out, kundig_table *table);

int kundig__corpus_comments(kundig__corpus *corpus, const kundig_query *query, size_t limit,
                            kundig_table **out, kundig_error *err);
/* which is KUNDIG_FACTS_; query NULL: every version. */
int kundig__corpus_facts(kundig__corpus *corpus, int which, const kundig_query *query,
                         kundig_table **out, kundig_error *err);
int kundig__corpus_search(kundig__corpus *corpus, kundig_text text, const kundig_query *query,
                          size_t limit, kundig_table **out, kundig_error *err);

#endif
