/* What a model learned: the parts of it that are no rules. */
#ifndef KUNDIG_TOPICS_TAUGHT_H
#define KUNDIG_TOPICS_TAUGHT_H

#include "learn/classifier.h"

/* How a model was learned from the facts of a corpus, so that it can be learned anew. */
typedef struct kundig__course_plan {
    bool of_facts; /* else it was learned from examples, and nothing else is set */
    int32_t quality;
    int32_t labels;
    uint32_t least_customers;
    uint64_t most_bytes;
    uint64_t seed;
    kundig_text field;
    kundig_text question;
} kundig__course_plan;

/* Topics that were taught. */
typedef struct kundig__taught {
    kundig__classifier *classifier; /* NULL: none */
    kundig_text *names;             /* of its classes; byte order; the model's */
    uint32_t *topics;               /* of its classes: numbers of the model's topics */
    uint32_t *signs; /* signs of the classifier: numbers of the model's topics that have rules */
    uint32_t sign_count;
    kundig__course_plan plan;
} kundig__taught;

/* Sentiment that was taught. The lexicon is part of the library and needs none of this. */
typedef struct kundig__mood_learned {
    kundig__classifier *classifier; /* of three classes: negative, neutral, positive; NULL: none */
    double lexicon;                 /* weight of the lexicon beside what was learned, in [0, 1] */
    double leaning[3];  /* logarithms: how the lexicon leans to classes among such texts */
    double trust;       /* how steeply probabilities follow the lexicon; 1: as without teaching */
    double least_known; /* texts of which less is known lie outside */
    kundig_score scale; /* of the scores that taught; scale 0: labels taught */
    kundig_text question;
    double means[3];                /* mean score of a class */
    double low[KUNDIG__LEARN_BINS]; /* by bin of value: 5 % of scores lie below expected + low */
    double high[KUNDIG__LEARN_BINS];
    uint8_t languages; /* a bit a KUNDIG__LANGUAGE_: of the texts that taught */
    kundig__course_plan plan;
} kundig__mood_learned;

#endif
