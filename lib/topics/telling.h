/* The words and pairs that tell groups of texts from one another: telling.c; labels are made of
 * them in topic_words.c. */
#ifndef KUNDIG_TOPICS_TELLING_H
#define KUNDIG_TOPICS_TELLING_H

#include "text/personal.h"
#include "topics/survey.h"

#define TELLING_BEST   48u /* kept of a group, to choose from */
#define TELLING_NONE   UINT32_MAX
#define TELLING_LEVELS 3 /* cluster, whole, theme */

typedef struct telling_entry {
    uint64_t hash;
    uint32_t texts; /* 0: empty */
    uint32_t writers;
    uint32_t last_text;
    uint32_t last_writer;
    uint32_t feature; /* once it is one */
    uint32_t first;   /* features of a pair */
    uint32_t second;
} telling_entry;

typedef struct telling_map {
    kundig__mem *mem;
    telling_entry *entries;
    size_t slots; /* a power of two */
    size_t count;
} telling_map;

typedef struct telling_feature {
    uint32_t texts;
    uint32_t first; /* TELLING_NONE: a word */
    uint32_t second;
    uint32_t form;    /* the first of its forms; TELLING_NONE */
    uint32_t uses;    /* seen while looking for forms */
    uint32_t private; /* of those, inside personal data */
    bool wanted;
    bool common;
    bool negation;
    bool particle;
    uint64_t hash;
} telling_feature;

/* How a feature was written. */
typedef struct telling_form {
    uint32_t next;
    uint32_t count;
    uint32_t weight; /* of the last use, by the last writer */
    uint32_t last_writer;
    uint32_t last_text;
} telling_form;

/* A feature that tells a group of texts. */
typedef struct telling_candidate {
    uint32_t feature;
    uint32_t texts; /* of the group */
    double score;
} telling_candidate;

/* A group: a cluster, a whole of several, a theme. */
typedef struct telling_group {
    uint64_t texts;
    telling_candidate best[TELLING_BEST];
    uint32_t count;
} telling_group;

typedef struct telling_work {
    kundig__mem *mem;
    kundig__arena *arena;
    const kundig__surveyed *surveyed;
    const kundig__placed *placed;
    const kundig__discovered *before;
    kundig__discovered *discovered;
    uint32_t least;
    bool writers; /* some are known */
    uint32_t *texts;
    size_t count;
    kundig__scratch scratch;
    telling_map words;
    telling_map pairs;
    telling_map lists; /* common words; feature 0, telling ones 1, negations 2,
                           particles 3 */
    telling_feature *features;
    size_t feature_count;
    size_t feature_capacity;
    uint32_t *counts[TELLING_LEVELS];  /* by feature */
    uint32_t *touched[TELLING_LEVELS]; /* features with a count */
    size_t touched_count[TELLING_LEVELS];
    uint32_t *stamps; /* by feature: text in work + 1 */
    uint32_t *found;  /* features of the text in work */
    size_t found_count;
    telling_group *groups; /* clusters, wholes, themes */
    size_t group_count;
    uint64_t *owners; /* of buckets of words: one of the words that fall into it */
    uint8_t *shared;  /* of those: several do */
    kundig__dict form_keys;
    telling_form *forms;
    size_t form_capacity;
    kundig__buf key;
    kundig__personal personal;
} telling_work;

/* Count the texts of work, whose mem, arena, surveyed, placed, before, discovered and least are set
 * and all else is 0: what tells each group, best first, and how it is written. KUNDIG_OK or
 * failures of memory; free it whatever is returned. */
int kundig__telling_count(telling_work *work);
void kundig__telling_free(telling_work *work);
/* As most customers write a feature; absent where it is personal. Small letters before capitals. */
kundig_text kundig__telling_written(const telling_work *work, uint32_t number);

#endif
