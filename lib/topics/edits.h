/* What people say of discovered topics, folded: one word on each matter, the latest. */
#ifndef KUNDIG_TOPICS_EDITS_H
#define KUNDIG_TOPICS_EDITS_H

#include "topics/discovered.h"

typedef struct kundig__edits {
    kundig__mem *mem;
    kundig_edit *edits; /* those that hold, in order of what they say; texts are borrowed */
    size_t count;
    size_t capacity;
} kundig__edits;

/* edits: count of them, edits[0].size bytes apart. KUNDIG_OK, KUNDIG_E_ARG, KUNDIG_E_VALUE
 * (err->pos is the edit), failures of memory. A failed read needs no free. */
int kundig__edits_read(kundig__edits *read, kundig__mem *mem, const kundig_edit *edits,
                       size_t count, kundig_error *err);
void kundig__edits_free(kundig__edits *read);
/* What an edit says that makes a topic, as a number that is not 0; of a label: its name. */
uint64_t kundig__edit_told(const kundig_edit *edit);
uint64_t kundig__label_told(kundig_text label);
/* Names, hidden, merged, known and pinned topics, as these edits say and nothing else does. Texts
 * are borrowed. Topics have their names and classes; wholes are found anew. */
void kundig__edits_heed(const kundig__edits *read, kundig__discovered *discovered);

#endif
