/* Examples to learn from, made of a seed: words of no language, topics that share words with their
 * neighbours, customers, scores. The same on every machine. */
#ifndef KUNDIG_TESTS_MADE_H
#define KUNDIG_TESTS_MADE_H

#include "kundig.h"

#define MADE_SEVERAL   1u /* one to three topics an example, or none; else one */
#define MADE_PARTIAL   2u /* every other example says nothing of topics it does not name */
#define MADE_CUSTOMERS 4u /* named, eight examples each in the mean */
#define MADE_SCORES    8u /* answers on NPS's scale and words of mood instead of topics */

typedef struct made_set {
    kundig_example *examples;
    size_t count;
    struct made_piece *pieces; /* memory */
} made_set;

/* count examples of so many topics, or of scores. */
made_set *made_new(uint64_t seed, size_t count, uint32_t topics, unsigned flags);
/* Stand them in another order; 0: as they were made, backwards; else by the seed. */
void made_shuffle(made_set *set, uint64_t seed);
void made_free(made_set *set); /* NULL is fine */
/* The topic that example i was made for, before shuffling the first one. */
const char *made_topic_name(made_set *set, uint32_t topic);
/* Put them into a set of examples for the lesson they are for; dies where it cannot. */
kundig_examples *made_examples(const made_set *set, const kundig_allocator *allocator,
                               int32_t lesson);

uint64_t made_random(uint64_t *state);

#endif
