/* Discovered topics that speak of what a defined or taught one does. */
#ifndef KUNDIG_TOPICS_MATCHES_H
#define KUNDIG_TOPICS_MATCHES_H

#include "topics/survey.h"

/* Fill matches and agreement of topics, by what base, or the ready taxonomy where it knows no
 * topics, finds in their texts. Names are arena's. KUNDIG_OK or failures of memory. */
int kundig__matches(kundig__mem *mem, kundig__arena *arena, const kundig_model *base,
                    const kundig__surveyed *surveyed, const kundig__placed *placed,
                    kundig__discovered *discovered, kundig_error *err);

#endif
