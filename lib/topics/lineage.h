/* Which topic is which: names that stay, and what became of topics. */
#ifndef KUNDIG_TOPICS_LINEAGE_H
#define KUNDIG_TOPICS_LINEAGE_H

#include "topics/survey.h"

/* Name topics and themes of after->clustered, tell where they come from and what became of those of
 * before, which may be NULL; moved: as of kundig__cluster(), by cluster of before. Which told hint
 * a topic is stands in hints, by cluster; KUNDIG__NO_HINT. Texts are arena's, or borrowed from
 * before. Fills name, told, called, came, from of topics, names of themes, events. false on failure
 * of memory. */
bool kundig__lineage(kundig__arena *arena, const kundig__discovered *before, const uint32_t *moved,
                     const kundig__surveyed *surveyed, const uint32_t *hints,
                     kundig__discovered *after);

#endif
