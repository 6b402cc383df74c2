/* The inside of a state: shared by its arithmetic (state.c) and its bytes (state_bytes.c).
 *
 *   head    what must be equal in states that meet: versions, key, zone, query, question
 *   counts  of records, each once, for notes
 *   groups  in order of their key texts, absent first; only those that hold a record
 *     cell      sums over answers; its cluster sums hold the nameless alone
 *     members   one a customer, in order of pseudonyms
 *   bases   of shares by topic alone, else none: the same a group of the other keys, those of
 *           topics absent. There every comment counts 0 in its base and 1 in each of its groups, so
 *           what a share is of adds up though nobody in a part speaks of the topic
 */
#ifndef KUNDIG_METRICS_STATE_H
#define KUNDIG_METRICS_STATE_H

#include "base/bytes.h"
#include "base/hash.h"
#include "metrics/metric.h"

#define KUNDIG__STATE_MAX_KEYS (KUNDIG__MAX_GROUP_FIELDS + 1)

typedef struct kundig__state_head {
    kundig_text tokeniser;
    kundig_text unicode;
    kundig__hash128 key;   /* fingerprint of the pseudonym key */
    kundig__hash128 model; /* that read the comments; zero: none did */
    uint64_t zone;         /* checksum of the rules the query names; 0: UTC */
    kundig__hash128 query; /* of its canonical bytes */
    int32_t scale;
    int32_t direction;
    kundig__asked asked;
    size_t key_count;
    uint32_t topic_keys; /* a bit a key: of topics, of which a record has several */
    kundig_text keys[KUNDIG__STATE_MAX_KEYS]; /* names */
} kundig__state_head;

typedef struct kundig__state_member {
    kundig__hash128 pseudonym;
    uint64_t n;
    kundig__i128 w;
    kundig__i128 x;
} kundig__state_member;

typedef struct kundig__state_group {
    kundig_text *keys; /* key_count of them */
    kundig__cell cell; /* customers, m and mm are 0 */
    kundig__state_member *members;
    size_t member_count;
} kundig__state_group;

enum { KUNDIG__STATE_GROUPS, KUNDIG__STATE_BASES, KUNDIG__STATE_LISTS };

typedef struct kundig__state_list {
    kundig__state_group *groups;
    size_t count;
} kundig__state_list;

struct kundig_state {
    kundig__mem mem;
    kundig__arena arena; /* all texts, groups and members */
    kundig__state_head head;
    kundig__counted counted;
    kundig__state_list lists[KUNDIG__STATE_LISTS];
};

kundig_state *kundig__state_make(const kundig_allocator *allocator); /* NULL: no memory */
/* Copy texts into the state's arena; false: no memory. */
bool kundig__state_set_head(kundig_state *state, const kundig__state_head *head);
int kundig__state_order(const kundig__state_group *a, const kundig__state_group *b,
                        size_t key_count);
/* The cell kundig_measure() would have: members become clusters. false: beyond 128 bits. */
bool kundig__state_cell(const kundig__state_group *group, const kundig__asked *asked,
                        kundig__cell *cell);
/* NULL, or what is wrong with a group of the list. */
const char *kundig__state_group_check(const kundig__state_group *group,
                                      const kundig__state_head *head, int list);
/* NULL, or what is wrong between groups, each of which is right. */
const char *kundig__state_check(const kundig_state *state);
/* state_share.c: is it of shares by topic? */
bool kundig__state_is_share(const kundig__state_head *head);
/* NULL, or what is wrong between the groups and their bases. */
const char *kundig__state_share_check(const kundig_state *state);
/* One row a topic and base, into a table that has its columns. */
int kundig__state_share_rows(const kundig_state *state, const kundig__answer_columns *columns,
                             kundig_table *table, kundig__mem *mem, kundig_error *err);
void kundig__state_put_head(kundig__buf *buf, const kundig__state_head *head);

#endif
