/* The words that tell topics from one another, and labels made of them. */
#ifndef KUNDIG_TOPICS_TOPIC_WORDS_H
#define KUNDIG_TOPICS_TOPIC_WORDS_H

#include "topics/survey.h"

/* Fill words and labels of topics and labels of themes. placed: of the surveyed texts. before: what
 * was gone on from, or NULL: its labels stay where they are nearly as good. A label's texts are
 * arena's; one that no words make is the name. KUNDIG_OK or failures of memory. */
int kundig__topic_words(kundig__mem *mem, kundig__arena *arena, const kundig__surveyed *surveyed,
                        const kundig__placed *placed, uint32_t least_customers,
                        const kundig__discovered *before, kundig__discovered *discovered);

#endif
