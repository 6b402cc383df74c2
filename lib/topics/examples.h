/* Examples kept to learn from. */
#ifndef KUNDIG_TOPICS_EXAMPLES_H
#define KUNDIG_TOPICS_EXAMPLES_H

#include "base/dict.h"
#include "learn/classifier.h"

/* One example as it is kept; texts belong to the set. */
typedef struct kundig__example {
    kundig_text text; /* valid UTF-8 */
    kundig_text source;
    kundig_text id;
    uint32_t customer; /* code of set->customers, or KUNDIG__NOBODY */
    uint32_t first;    /* set->marks[first..first + mark_count), ascending by class */
    uint32_t mark_count;
    int32_t value; /* the score in thousandths; KUNDIG__EXAMPLE_NO_SCORE where there is none */
    double weight;
    bool partial;
    bool gone; /* taken out again */
} kundig__example;

#define KUNDIG__EXAMPLE_NO_SCORE INT32_MIN

struct kundig_examples {
    kundig__mem mem;
    kundig__arena arena;
    int32_t lesson;
    kundig__example *examples; /* in order of adding */
    size_t count;              /* those gone among them */
    size_t gone;
    size_t capacity;
    kundig__mark *marks;
    size_t mark_count;
    size_t mark_capacity;
    kundig__dict names;     /* code: class, in order of coming; sentiment: of the three */
    kundig__dict customers; /* code: number */
    kundig_score scale;     /* sentiment: of the scores, all alike; scale 0: none came yet */
};

/* What a set teaches, ready for kundig__classifier_learn(): classes in byte order of their names,
 * lessons that borrow from the set. */
typedef struct kundig__lessons {
    kundig__mem *mem;
    kundig__lesson *lessons;
    uint32_t *examples; /* of each lesson: its number in the set */
    size_t count;
    kundig__mark *marks;
    size_t mark_count;
    kundig_text *classes; /* byte order */
    uint32_t class_count;
    uint32_t *signs;
    size_t sign_total;   /* numbers kept in signs */
    uint32_t sign_count; /* course->sign_count */
    int kind;            /* KUNDIG__COURSE_ */
} kundig__lessons;

/* base: whose rules (topics) or whose lexicon (sentiment) give signs and weak marks; may be NULL.
 * options: labels is used. */
int kundig__lessons_make(kundig__lessons *lessons, kundig__mem *mem, const kundig_model *base,
                         const kundig_examples *set, const kundig_learn_options *options,
                         kundig_error *err);
void kundig__lessons_free(kundig__lessons *lessons);

/* Check options; fills known as far as options reach. */
int kundig__learn_options(const kundig_learn_options *options, kundig_learn_options *known,
                          kundig_error *err);
/* A course with what options say; lessons are not filled in. */
void kundig__course_init(kundig__course *course, const kundig_learn_options *known);

/* The class that a score has by its scale: 0 negative, 1 neutral, 2 positive. */
uint32_t kundig__score_class(const kundig_score *score);

#endif
