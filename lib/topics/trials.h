/* How good learning is: examples are put apart, some are learned from, others are asked about. */
#ifndef KUNDIG_TOPICS_TRIALS_H
#define KUNDIG_TOPICS_TRIALS_H

#include "table/table.h"
#include "topics/examples.h"
#include "topics/model.h"

/* ---- Who stands with whom (folds.c) ---- */

#define KUNDIG__FOLDS_MOST 1000u

/* Groups that must not be parted: equal texts, and one customer's. All of it is a function of the
 * lessons as a set, whatever their order. */
typedef struct kundig__folds {
    kundig__mem *mem;
    size_t count;     /* lessons */
    uint32_t *order;  /* lessons by content, equal texts beside each other */
    uint32_t *place;  /* of each lesson: that of the first of equal text, in order */
    uint32_t *strata; /* of each lesson: its class, or the rarest of its classes; class_count where
                         none holds */
    uint32_t *fold;   /* of each lesson */
    uint32_t fold_count;
    bool customers; /* some are named */
} kundig__folds;

/* Deal lessons out to folds that are alike in size and classes. seed: another one deals otherwise.
 * KUNDIG_OK, KUNDIG_E_EMPTY (all lessons belong together), failures of memory. */
int kundig__folds_make(kundig__folds *folds, kundig__mem *mem, const kundig__lessons *lessons,
                       uint32_t fold_count, uint64_t seed, kundig_error *err);
void kundig__folds_free(kundig__folds *folds);

/* ---- Learning from some, asking about others (trials.c) ---- */

/* What a model that never saw a lesson says of it. */
typedef struct kundig__told {
    uint32_t trial;
    uint32_t lesson;
    const float *probabilities; /* by class; one class a text: they add up to 1 */
    const uint8_t *holds;       /* by class */
    uint32_t best;
    bool refused;
} kundig__told;

typedef struct kundig__trials {
    const kundig_model *base; /* sentiment: never NULL */
    const kundig_examples *set;
    const kundig__lessons *lessons;
    const kundig_learn_options *options; /* checked */
    uint32_t count;
    /* Both pure; a lesson may be neither. */
    bool (*learns)(const void *ud, uint32_t trial, uint32_t lesson);
    bool (*asked)(const void *ud, uint32_t trial, uint32_t lesson);
    /* Trials run side by side: it may touch what belongs to the trial or the lesson alone. */
    void (*told)(void *ud, const kundig__told *told);
    void *ud;
    bool *learned; /* by trial: false if it had nothing to learn from; NULL: that is a failure */
} kundig__trials;

/* KUNDIG_OK, KUNDIG_E_EMPTY, KUNDIG_E_CANCELLED, failures of memory. */
int kundig__trials_run(const kundig__trials *trials, kundig__mem *mem, kundig_error *err);

/* Lessons of a set, its options checked, ready for trials. */
typedef struct kundig__trial_set {
    kundig__mem mem;
    const kundig_model *base;
    kundig_model *empty; /* where no base was given and one is needed */
    kundig_learn_options options;
    kundig__lessons lessons;
    kundig__folds folds;
} kundig__trial_set;

/* fold_count: 0 as options say. A failed one needs no free. */
int kundig__trial_set_open(kundig__trial_set *own, const kundig_model *base,
                           const kundig_examples *set, const kundig_learn_options *options,
                           uint32_t fold_count, kundig_error *err);
void kundig__trial_set_close(kundig__trial_set *own);

/* ---- Counting what was right (tally.c) ---- */

#define KUNDIG__TALLY_BINS 10u

/* Sums are whole numbers: any order of telling gives the same. */
typedef struct kundig__tally {
    uint64_t asked;   /* lessons whose truth is known */
    uint64_t refused; /* of them no class fits */
    uint64_t right;   /* the most probable class is the true one; decisions that are right */
    uint64_t decisions;
    uint64_t said; /* classes told */
    uint64_t hit;  /* and true */
    uint64_t true_count;
    uint64_t loss; /* negative logarithms */
    uint64_t bin_count[KUNDIG__TALLY_BINS];
    uint64_t bin_right[KUNDIG__TALLY_BINS];
    uint64_t bin_sum[KUNDIG__TALLY_BINS];
    uint64_t *classes; /* by class: right, said in vain, missed */
    uint32_t class_count;
    int kind;
} kundig__tally;

typedef struct kundig__measures {
    double accuracy;
    double lo;
    double hi;
    double precision; /* -1 where there is nothing to divide by, and so below */
    double recall;
    double micro_f1;
    double macro_f1;
    double log_loss;
    double ece;
    double refused;
} kundig__measures;

bool kundig__tally_init(kundig__tally *tally, kundig__mem *mem, const kundig__lessons *lessons);
void kundig__tally_free(kundig__tally *tally, kundig__mem *mem);
void kundig__tally_add(kundig__tally *tally, const kundig__lesson *lesson,
                       const kundig__told *told);
void kundig__tally_merge(kundig__tally *tally, const kundig__tally *other);
/* false: nothing was asked */
bool kundig__tally_measure(const kundig__tally *tally, kundig__measures *out);

/* The class that a lesson of one class has; KUNDIG__NO_CLASS if it has none. */
uint32_t kundig__lesson_class(const kundig__lesson *lesson);
/* Did a person say it, not a rule? */
bool kundig__mark_is_firm(const kundig__mark *mark);

/* A share in [0, 1] as percent with one decimal; at least 16 bytes. */
void kundig__percent(double share, char out[16]);

#endif
