/* Examples kept to learn from. */
#ifndef KUNDIG_TOPICS_EXAMPLES_H
#define KUNDIG_TOPICS_EXAMPLES_H

#include "base/dict.h"
#include "base/scale.h"
#include "topics/model.h"

#define KUNDIG__MOST_LABEL 200u /* bytes of a label's name */

/* One example as it is kept; texts belong to the set. */
typedef struct kundig__example {
    kundig_text text;   /* valid UTF-8 */
    kundig_text source; /* may be absent */
    kundig_text id;     /* may be absent */
    uint32_t customer;  /* code of set->customers, or KUNDIG__NOBODY */
    uint32_t mark_count;
    size_t first;  /* set->marks[first..first + mark_count), ascending by class */
    int32_t value; /* the score in thousandths; KUNDIG__EXAMPLE_NO_SCORE where there is none */
    bool partial;
    bool gone;     /* taken out again */
    double weight; /* a multiple of 2^-20 */
} kundig__example;

#define KUNDIG__EXAMPLE_NO_SCORE INT32_MIN

/* Where examples are found by what they are, once one is taken out. */
typedef struct kundig__examples_index {
    struct examples_entry *entries; /* by example */
    size_t capacity;
    size_t count; /* examples before it are in */
    uint32_t *heads;
    size_t head_count; /* a power of two; 0: no index yet */
} kundig__examples_index;

struct kundig_examples {
    kundig__mem mem;
    kundig__arena arena;
    uint8_t key[KUNDIG__SIPHASH_KEY_SIZE];
    int32_t lesson;
    kundig__example *examples; /* in order of adding */
    size_t count;              /* those gone among them */
    size_t gone;
    size_t capacity;
    kundig__mark *marks; /* weight 1; class: code of names */
    size_t mark_count;
    size_t mark_capacity;
    kundig__dict names;     /* code: class, in order of coming; sentiment: of the three */
    kundig__dict customers; /* code: number */
    kundig_score scale;     /* sentiment: of the scores, all alike; scale 0: there is none */
    size_t scored;          /* examples with a score */
    kundig__examples_index index;
    uint32_t *packed; /* marks of the example in work */
    size_t packed_capacity;
    kundig__buf mended; /* text in work */
};

/* What a set teaches, ready for kundig__classifier_learn(): classes in byte order of their names,
 * lessons that borrow from the set, in order of adding. */
typedef struct kundig__lessons {
    kundig__mem *mem;
    kundig__arena arena; /* marks, signs and names that stand nowhere else */
    kundig__lesson *lessons;
    uint32_t *examples; /* of each lesson: its place in set->examples */
    uint32_t *numbers;  /* of each lesson: how many examples that are not gone stand before it */
    size_t count;
    size_t capacity;      /* of each of the three */
    kundig_text *classes; /* byte order; they live as long as the set and base */
    uint32_t class_count;
    uint32_t sign_count; /* course->sign_count */
    int kind;            /* KUNDIG__COURSE_ */
} kundig__lessons;

/* base: whose rules (topics) or whose lexicon (sentiment) give signs and weak marks; may be NULL.
 * options: as kundig__learn_options() gives them. Classes that fewer customers have, where any are
 * named, and examples of one class that lose theirs so, or have none, are left out. Forks into
 * options->threads. KUNDIG_OK, KUNDIG_E_EMPTY, KUNDIG_E_VALUE (two labels where one is asked for;
 * err->pos is the example), failures of memory. A failed make needs no free. */
int kundig__lessons_make(kundig__lessons *lessons, kundig__mem *mem, const kundig_model *base,
                         const kundig_examples *set, const kundig_learn_options *options,
                         kundig_error *err);
void kundig__lessons_free(kundig__lessons *lessons);

/* Check options; known has defaults where they say nothing, but most_bytes and seed. */
int kundig__learn_options(const kundig_learn_options *options, kundig_learn_options *known,
                          kundig_error *err);
/* A course with what options say; lessons are not filled in. */
void kundig__course_init(kundig__course *course, const kundig_learn_options *known);
/* Fill them in: all of them, their classes, signs and kind. */
void kundig__course_give(kundig__course *course, const kundig__lessons *lessons);

/* An empty set within what the budget of mem leaves. As kundig_examples_new(). */
int kundig__examples_within(const kundig__mem *mem, int32_t lesson, kundig_examples **out,
                            kundig_error *err);

/* May a label be called so? */
bool kundig__label_is_name(kundig_text name);

/* What kundig_model_teach() does, with a plan of how to learn anew: NULL, from examples alone.
 * known: as kundig__learn_options() gives them. */
int kundig__model_teach(const kundig_model *base, const kundig_examples *set,
                        const kundig_learn_options *known, const kundig__course_plan *plan,
                        kundig_model **out, kundig_error *err);

/* The class that a score has by its scale: 0 negative, 1 neutral, 2 positive. */
uint32_t kundig__score_class(const kundig_score *score);

#endif
