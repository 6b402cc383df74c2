/* Which documents are kept aside while the rest is learned from. */
#ifndef KUNDIG_LEARN_SPLIT_H
#define KUNDIG_LEARN_SPLIT_H

#include "learn/documents.h"

/* What a text says as words in a row: equal for texts that differ in case, blanks and marks alone.
 * scratch holds its tokens. */
uint64_t kundig__split_words(const kundig__scratch *scratch);

/* Set aside and aside_count of documents whose `words` are known. order holds the lessons by
 * customer; of_lesson tells the document of each, UINT32_MAX: none. */
int kundig__documents_split(kundig__documents *documents, const uint32_t *order,
                            const uint32_t *of_lesson);

#endif
