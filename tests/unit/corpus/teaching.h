/* A corpus that teaches: comments of a few kinds, labels, scores, many customers. */
#ifndef KUNDIG_TESTS_CORPUS_TEACHING_H
#define KUNDIG_TESTS_CORPUS_TEACHING_H

#include <stdio.h>
#include <stdlib.h>

#include "base/prng.h"
#include "corpus/collect.h"
#include "fixture.h"

enum { TEACHING_ROWS = 90 };

static const char *const teaching_topics[3] = {"delivery", "service/phone", "praise"};

/* What record i says; its kind is i % 3. */
static inline void teaching_text(uint32_t i, char out[160])
{
    static const char *const words[3][4] = {
        {"the parcel came two weeks late", "my package never arrived", "the courier left the box",
         "shipping took ages"},
        {"nobody picked up the phone", "I was on hold for an hour", "the hotline hung up on me",
         "the call centre was useless"},
        {"I am happy with everything", "great shop, I love it", "wonderful, thank you",
         "excellent and friendly"}};
    kundig__prng prng;
    kundig__prng_init(&prng, i + 1);
    size_t one = (size_t)kundig__prng_below(&prng, 4);
    size_t two = (size_t)kundig__prng_below(&prng, 4);
    snprintf(out, 160, "%s, %s.", words[i % 3][one], words[i % 3][two]);
}

static inline void teaching_add(fixture *f, uint32_t i)
{
    char id[16];
    char customer[16];
    char text[160];
    kundig_added added;
    kundig_score score = fixture_nps(i % 3 == 2 ? 10 : (double)(i % 5));
    kundig__fact fact = {.kind = KUNDIG_FACTS_FEEDBACK};
    snprintf(id, sizeof id, "%u", (unsigned)i);
    snprintf(customer, sizeof customer, "c%u", (unsigned)(i % 17));
    teaching_text(i, text);
    kundig_added_init(&added);
    cr_assert_eq(kundig__batch_begin(f->corpus, &f->err), KUNDIG_OK);
    fact.as.feedback = fixture_record(id, text);
    fact.as.feedback.customer = kundig__str(customer);
    fact.as.feedback.time_ms = (int64_t)(i % 13) * 86400000;
    fact.as.feedback.channel = kundig__str(teaching_topics[i % 3]);
    fact.as.feedback.scores = &score;
    fact.as.feedback.score_count = i % 4 != 3;
    cr_assert_eq(kundig__fact_add(f->corpus, &fact, &added, NULL, &f->err), KUNDIG_OK);
    for (uint32_t topic = 0; topic < 3 && i % 3 != 1 + (i % 2); topic++) {
        kundig__fact label = {.kind = KUNDIG_FACTS_LABELS};
        kundig_label_init(&label.as.label);
        label.as.label.source = kundig__str("survey.csv");
        label.as.label.id = kundig__str(id);
        label.as.label.topic = kundig__str(teaching_topics[topic]);
        label.as.label.holds = topic == i % 3 ? KUNDIG_YES : KUNDIG_NO;
        cr_assert_eq(kundig__fact_add(f->corpus, &label, &added, NULL, &f->err), KUNDIG_OK);
    }
    kundig__batch_commit(f->corpus);
}

/* Records [0, count), but those of a customer (SIZE_MAX: none), in an order of their own. */
static inline void teaching_fill(fixture *f, uint32_t count, uint32_t without, uint64_t seed)
{
    static uint32_t order[1000];
    kundig__prng prng;
    kundig__prng_init(&prng, seed);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t j = seed ? (uint32_t)kundig__prng_below(&prng, i + 1) : i;
        order[i] = order[j];
        order[j] = i;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (order[i] % 17 != without) {
            teaching_add(f, order[i]);
        }
    }
}

#endif
