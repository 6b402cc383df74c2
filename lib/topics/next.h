/* Which texts to label next. */
#ifndef KUNDIG_TOPICS_NEXT_H
#define KUNDIG_TOPICS_NEXT_H

#include "topics/model.h"

/* A text whose label would teach much. */
typedef struct kundig__next_row {
    uint32_t text;   /* its number */
    uint32_t klass;  /* of the classes of the lesson: the most probable one */
    uint32_t second; /* the next; KUNDIG__NO_CLASS where there is none */
    float probability;
    float second_probability;
    float sureness; /* the greater the surer that some class fits */
} kundig__next_row;

typedef struct kundig__next {
    kundig__mem *mem;
    kundig__next_row *rows; /* those the model is least sure of first */
    size_t count;
    size_t capacity;
} kundig__next;

/* Choose at most limit texts (0: any number) out of count. Of texts much like each other, one is
 * chosen; of those that fold alike, the first. Absent texts, and such without a word, never are.
 * Names of classes: kundig_model_class_name(). progress may be NULL; it is called from this thread.
 * KUNDIG_OK, KUNDIG_E_EMPTY (the model learned no such lesson), KUNDIG_E_CANCELLED, failures of
 * memory; next is empty then and needs no free. */
int kundig__next_choose(kundig__next *next, kundig__mem *mem, const kundig_model *model,
                        int32_t lesson, const kundig_text *texts, size_t count, size_t limit,
                        uint32_t threads, int (*progress)(void *ud, uint64_t done, uint64_t total),
                        void *progress_ud, kundig_error *err);
void kundig__next_free(kundig__next *next);

#endif
