/* Examples and edits as the room of clusters takes them. */
#ifndef KUNDIG_TOPICS_SURVEY_H
#define KUNDIG_TOPICS_SURVEY_H

#include "topics/edits.h"

/* What a hint says of the topic it becomes. */
typedef struct kundig__told_hint {
    uint64_t told;      /* KUNDIG__NO_TOLD: it makes no topic */
    kundig_text called; /* of a label */
} kundig__told_hint;

#define KUNDIG__NO_TOLD UINT64_C(0)

typedef struct kundig__surveyed {
    kundig__mem *mem;
    kundig__arena arena;
    kundig__told_text *texts;
    uint32_t *examples; /* of each text: its place in set->examples */
    size_t count;
    kundig__hint *hints;
    kundig__told_hint *tolds; /* by hint */
    uint32_t hint_count;
    kundig__apart *aparts;
    size_t apart_count;
} kundig__surveyed;

/* before: NULL, or what is gone on from. KUNDIG_OK or failures of memory; a failed make needs no
 * free. */
int kundig__survey_make(kundig__surveyed *surveyed, kundig__mem *mem, const kundig_examples *set,
                        const kundig__edits *edits, const kundig__discovered *before,
                        kundig_error *err);
void kundig__survey_free(kundig__surveyed *surveyed);

#endif
