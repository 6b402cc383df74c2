/* Between the parts of the classifier: what it is made of. */
#ifndef KUNDIG_LEARN_LEARNED_H
#define KUNDIG_LEARN_LEARNED_H

#include <stdatomic.h>

#include "learn/calibrate.h"
#include "learn/net.h"
#include "learn/weights.h"

struct kundig__classifier {
    kundig__mem mem;
    atomic_size_t references;
    kundig__weights weights;
    kundig__nets nets; /* none unless KUNDIG_QUALITY_BEST found that they help */
    kundig__judge judge;
    uint8_t *taught; /* judge.taught */
    kundig__classifier_facts facts;
    kundig__class_facts *classes; /* facts.classes */
    kundig__mistake *mistakes;    /* facts.mistakes */
    size_t mistake_capacity;
    kundig__named_feature *features; /* facts.features */
    size_t feature_capacity;
    kundig__arena names;
};

/* One that knows nothing yet, of class_count classes; NULL on failure of memory. */
kundig__classifier *kundig__classifier_new(const kundig_allocator *allocator, uint32_t class_count,
                                           int kind);
/* Fill in what follows from the rest: counts of weights, pointers, bytes as saved. */
void kundig__classifier_settle(kundig__classifier *classifier);
/* How many bytes it takes saved, weights below `least` left out, and, where that is above 0, the
 * networks. */
uint64_t kundig__classifier_size(const kundig__classifier *classifier, float least);
/* The same for at most KUNDIG__LEARN_SIZES of them, which ascend. */
void kundig__classifier_sizes(const kundig__classifier *classifier, const float *leasts,
                              uint32_t count, uint64_t *sizes);

/* Work of one kundig__classifying. */
typedef struct kundig__asking {
    kundig__features features;
    kundig__weighing weighing;
    kundig__nets_asking nets;
    float *spoken; /* evidence: what each token says */
    size_t spoken_capacity;
} kundig__asking;

/* Words of the features that weigh most, found in the lessons again. names.c */
int kundig__names_find(kundig__classifier *classifier, const kundig__documents *documents,
                       kundig__mem *mem);

/* How far learning has come, for who asked to be told. */
typedef struct kundig__steps {
    const kundig__course *course;
    uint64_t done;
    uint64_t total;
} kundig__steps;

/* One more; KUNDIG_E_CANCELLED. */
int kundig__step(kundig__steps *steps, kundig_error *err);

/* Networks for a classifier that has its weights, where its course asks for them: kept where they
 * help, and then trial->margins become what is said together. net_blend.c */
int kundig__nets_learn(kundig__classifier *classifier, kundig__trial *trial, uint32_t threads,
                       kundig__steps *steps, kundig_error *err);
/* Steps that this will take. */
uint32_t kundig__nets_steps(const kundig__documents *documents, uint32_t threads);

#endif
