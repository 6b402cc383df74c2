/* How many texts and customers a topic has, and which texts are typical of it. */
#ifndef KUNDIG_TOPICS_EXEMPLARS_H
#define KUNDIG_TOPICS_EXEMPLARS_H

#include "topics/survey.h"

/* Fill texts, customers and examples of topics; the keys of examples are the set's. KUNDIG_OK or
 * failures of memory. */
int kundig__exemplars(kundig__mem *mem, const kundig_examples *set,
                      const kundig__surveyed *surveyed, const kundig__placed *placed,
                      kundig__discovered *discovered);

#endif
