/* Lists of records with their comments, newest first. */
#ifndef KUNDIG_CORPUS_COMMENTS_H
#define KUNDIG_CORPUS_COMMENTS_H

#include "corpus/facts.h"
#include "corpus/query.h"
#include "text/find.h"

#define KUNDIG__COMMENT_DIMS 5u

/* Begins as {.corpus = corpus}. */
typedef struct kundig__comments {
    kundig__corpus *corpus;
    uint32_t *rows; /* the newest */
    size_t count;
    size_t capacity;
    uint64_t matched;
    bool has_time;
    bool has_id;
    bool has_dim[KUNDIG__COMMENT_DIMS];
} kundig__comments;

/* What a query keeps, without its groups and windows: group 0. */
int kundig__comments_grouping(kundig__corpus *corpus, const kundig_query *query,
                              kundig__grouping **out, kundig_error *err);
/* Every record that it keeps. */
int kundig__comments_find(kundig__comments *list, const kundig__grouping *grouping, size_t limit,
                          kundig_error *err);
/* Newest first, those without a time last, then source and id. */
void kundig__comments_sort(kundig__comments *list);
/* The columns time, source and id of a table that begins with them, where any record has one; and
 * their cells in a row. Both return how many there are. */
size_t kundig__comments_names(const kundig__comments *list, kundig_table *table);
size_t kundig__comments_name(const kundig__comments *list, uint32_t row, kundig_table *table);
/* One more record; limit as kundig_comments() has it. */
int kundig__comments_take(kundig__comments *list, uint32_t row, size_t limit, kundig_error *err);
/* The table; find: the words that were searched, or NULL. */
int kundig__comments_show(kundig__comments *list, const kundig_query *query,
                          const kundig__find *find, kundig_table **out, kundig_error *err);
void kundig__comments_free(kundig__comments *list);

#endif
