/* From margins to probabilities, and how good all that is: of documents kept aside. */
#ifndef KUNDIG_LEARN_CALIBRATE_H
#define KUNDIG_LEARN_CALIBRATE_H

#include "learn/documents.h"

/* What the learner said of documents that it had not learned from. */
typedef struct kundig__trial {
    kundig__mem *mem;
    const kundig__documents *documents;
    uint32_t *list; /* the documents, ascending */
    size_t count;
    float *margins;  /* [count][class_count] */
    float *sureness; /* of each: the greatest margin */
} kundig__trial;

/* How margins become probabilities and decisions. */
typedef struct kundig__judge {
    uint32_t class_count;
    int kind;
    const uint8_t *taught; /* of classes */
    float temperature;     /* one class a text */
    float sure;            /* below this sureness no class is told */
    float *slopes;         /* several: probability of class k is that of slopes[k] * margin */
    float *offsets;        /* + offsets[k] */
    float *thresholds;
} kundig__judge;

/* Probabilities of classes, and which of them are said to hold; returns the best class. */
uint32_t kundig__judge_margins(const kundig__judge *judge, const float *margins,
                               float *probabilities, uint8_t *holds);

/* A failed init needs no free. */
bool kundig__trial_init(kundig__trial *trial, kundig__mem *mem, const kundig__documents *documents);
void kundig__trial_free(kundig__trial *trial);
/* Fill sureness from margins. */
void kundig__trial_settle(kundig__trial *trial);
/* Fill judge, whose arrays are class_count long, from trial. */
int kundig__calibrate(kundig__judge *judge, const kundig__trial *trial);
/* Fill facts: numbers, bins, those of classes (lessons and customers stay as they are). mistakes
 * has room for KUNDIG__LEARN_MISTAKES. */
#define KUNDIG__LEARN_MISTAKES 1000u
int kundig__try(const kundig__judge *judge, const kundig__trial *trial,
                kundig__classifier_facts *facts, kundig__class_facts *classes,
                kundig__mistake *mistakes);
/* Share of documents aside, of the first `count` in trial, that are decided rightly by margins. */
double kundig__trial_accuracy(const kundig__judge *judge, const kundig__trial *trial,
                              const float *margins, size_t count);

#endif
