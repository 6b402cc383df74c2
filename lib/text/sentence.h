/* Where sentences end. */
#ifndef KUNDIG_TEXT_SENTENCE_H
#define KUNDIG_TEXT_SENTENCE_H

#include "text/language.h"

/* Part the tokens of scratch into sentences, languages not yet told. false on failure of memory. */
bool kundig__sentences_find(const kundig__languages *languages, const kundig__scratch *scratch,
                            const char *text, size_t len, kundig__spoken *spoken);

#endif
