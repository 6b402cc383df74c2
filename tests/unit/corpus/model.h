/* A small taxonomy of our own, and a corpus whose comments it reads. */
#ifndef KUNDIG_TESTS_CORPUS_MODEL_H
#define KUNDIG_TESTS_CORPUS_MODEL_H

#include "fixture.h"

static const char model_taxonomy[] = "theme service: Service\n"
                                     "topic staff: Staff\n"
                                     "any: friendly\n"
                                     "topic waiting: Waiting\n"
                                     "any: queue\n"
                                     "theme delivery: Delivery\n"
                                     "topic delay: Late delivery\n"
                                     "any: late\n"
                                     "topic damage: Damaged\n"
                                     "any: broken\n"
                                     "theme money: Money\n"
                                     "topic price: Price\n"
                                     "any: price\n";

static inline kundig_model *model_of(const kundig_allocator *allocator, const char *taxonomy)
{
    kundig_model *model = NULL;
    kundig_error err = {0};
    cr_assert_eq(kundig_model_new(allocator, taxonomy, strlen(taxonomy), &model, &err), KUNDIG_OK,
                 "%s", err.message);
    return model;
}

/* A corpus with this model. */
static inline void model_open(fixture *f)
{
    kundig_allocator allocator = probe_allocator(NULL);
    fixture_open(f);
    kundig_model *model = model_of(&allocator, model_taxonomy);
    kundig__corpus_set_model(f->corpus, model);
    kundig_model_free(model);
}

#endif
