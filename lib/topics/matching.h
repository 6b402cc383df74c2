/* Between reading a comment and matching its sentences. */
#ifndef KUNDIG_TOPICS_MATCHING_H
#define KUNDIG_TOPICS_MATCHING_H

#include "topics/compiled.h"

#define MATCH_CACHED_BYTES 32u
#define MATCH_CACHED_NODES 4u

/* What begins with a word: one cache line. Holds the whole word, so it answers for no other. */
typedef struct match_known {
    uint32_t nodes[MATCH_CACHED_NODES]; /* behind the root, by this word */
    uint64_t hash;
    uint32_t tag; /* length, kind of token, languages that may count; 0: empty */
    uint8_t node_count;
    uint8_t compound; /* 1: it is one */
    uint8_t reserved[2];
    char bytes[MATCH_CACHED_BYTES]; /* zero behind the word */
} match_known;

/* A loose node is reached in several ways: what was seen of it from one first token. */
typedef struct match_seen {
    uint64_t turn;   /* of the first token */
    uint64_t places; /* bit n: n tokens behind the first */
    size_t hits;     /* where the hits of its rules stand */
    size_t nots;
    uint32_t end; /* the token behind them; 0: none yet */
    uint32_t reserved;
} match_seen;

/* A token's key. */
typedef struct match_key {
    uint64_t hash;
    uint32_t umlauts; /* 1: it is not the folded form */
    uint32_t reserved;
} match_key;

struct kundig__matching {
    kundig__mem *mem;
    kundig__stemmer stemmer;
    match_known *known; /* a cache, once it is worth it */
    match_seen *seen;   /* by loose number */
    uint64_t read;      /* bytes of comments */
    uint64_t turn;      /* counts first tokens, over all comments */
    uint64_t probes;    /* looks into buckets */
    match_key *keys;    /* by token; used in sentences beyond ASCII */
    size_t key_capacity;
    char *respelt; /* key of the token in work, if it has umlauts */
    size_t respelt_capacity;
    kundig__hit *nots; /* hits of exclusions */
    size_t not_count;
    size_t not_capacity;
    uint32_t *order; /* of hits, to sort them */
    size_t order_capacity;
    kundig__hit *spare;
    size_t spare_capacity;
    kundig__scratch slice; /* of one word, to find a byte's place */
};

/* ---- match.c ---- */

kundig__matching *kundig__matching_new(kundig__mem *mem, const kundig_model *model);
/* Keep what begins with words from now on, for other comments. */
bool kundig__matching_remember(kundig__matching *matching);
void kundig__matching_free(kundig__matching *matching, const kundig_model *model);
/* Append the hits of tokens [first, end), one sentence in which rules of these languages (bits)
 * count; exclusions go to matching->nots. KUNDIG_OK or failures of memory. */
int kundig__match_sentence(kundig__reading *reading, const char *text, uint32_t first, uint32_t end,
                           uint8_t languages);

/* ---- evidence.c ---- */

/* Exclusions take their toll, hits inside others of their topic go, the rest is put in order, and
 * reading->topics filled. */
int kundig__evidence_settle(kundig__reading *reading);
/* Put hits in order of start, end, topic, rule. KUNDIG_OK or failures of memory. */
int kundig__evidence_order(kundig__reading *reading);

/* ---- taught.c ---- */

/* Ask what was taught, about the text whose features reading->scratch holds and whose hits by rules
 * are settled: of topics that were taught it decides. Fills reading->probabilities. */
int kundig__taught_read(kundig__reading *reading);
void kundig__taught_free(kundig__reading *reading);
/* Topics that rules found, as signs of what was taught: ascending, reading->signs. false on failure
 * of memory. */
bool kundig__taught_signs(kundig__reading *reading, size_t *count);

/* ---- discovered_read.c ---- */

/* Ask what was discovered, about the text whose features reading->scratch holds and whose other
 * topics are settled: its topics and hits join those, in order. */
int kundig__discovered_read(kundig__reading *reading, const char *text, size_t len);
void kundig__discovered_read_free(kundig__reading *reading);
/* How likely the best is the one, by how much better it fits than the second. */
float kundig__discovered_probability(float margin);

#endif
