/* Lessons in the form that learners take: sparse documents in an order of their own. */
#ifndef KUNDIG_LEARN_DOCUMENTS_H
#define KUNDIG_LEARN_DOCUMENTS_H

#include "learn/classifier.h"
#include "learn/features.h"

typedef struct kundig__learn_cell {
    uint32_t feature;
    float value;
} kundig__learn_cell;

/* Equal lessons are one document. Its blocks each have length 1, or none where they are empty. */
typedef struct kundig__document {
    size_t first; /* cells[first..): words, characters, signs; numbers of where each block ends */
    size_t ends[KUNDIG__BLOCKS];
    const kundig__mark *marks; /* the lesson's */
    uint32_t mark_count;
    uint32_t label; /* class that holds; of several the rarest; KUNDIG__NO_CLASS: none */
    uint32_t lesson;
    uint64_t words; /* kundig__split_words() of its text */
    uint32_t
        dropped[KUNDIG__BLOCKS]; /* different words and rows of characters that are no features */
    float norms[2];              /* length of these two blocks before they were made 1 */
    float weight;                /* sum of its lessons' */
    float cost;                  /* weight, and what its class counts */
    uint32_t times;              /* lessons */
    bool partial;
    bool aside; /* not learned from until it has told how good what was learned is */
} kundig__document;

typedef struct kundig__documents {
    kundig__mem *mem;
    const kundig__course *course;
    kundig__document *list; /* by content: the order of lessons does not show */
    size_t count;
    size_t aside_count;
    kundig__learn_cell *cells;
    size_t cell_count;
    size_t cell_capacity;
    uint32_t bits;
    uint32_t feature_count;
    uint32_t *buckets; /* of features, which are numbered from the most frequent to the rarest */
    uint8_t *idf;      /* of features: how much one counts, in steps */
    uint8_t *trained;  /* of features: enough of the documents that are not aside have it */
    float idf_step;
    uint8_t idf_unknown;          /* of what is no feature */
    kundig__class_facts *classes; /* lessons and customers */
    uint8_t *taught;              /* of classes: 1: learned, 0: left out */
    uint32_t taught_count;
    uint64_t lessons;
    uint64_t customers;
    uint32_t least; /* customers, or documents, that a feature needs */
} kundig__documents;

#define KUNDIG__MARK_SURE 0.5f /* marks from this weight on are known, not guessed */
#define KUNDIG__SIGN_IDF  1u   /* signs have no idf: the first step, whatever it is */

/* A failed make needs no free. */
int kundig__documents_make(kundig__documents *documents, kundig__mem *mem,
                           const kundig__course *course, kundig_error *err);
void kundig__documents_free(kundig__documents *documents);

#endif
