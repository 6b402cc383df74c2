/* Comments of known topics in a corpus. */
#ifndef KUNDIG_TESTS_METRICS_SAID_H
#define KUNDIG_TESTS_METRICS_SAID_H

#include "corpus/said.h"
#include "survey.h"

#define SAID_TAXONOMY                                                                              \
    "theme delivery: Delivery\n"                                                                   \
    "topic delay: Late delivery\n"                                                                 \
    "en: late, ~delay\n"                                                                           \
    "topic damage: Damaged goods\n"                                                                \
    "en: broken, dented\n"                                                                         \
    "theme people: People\n"                                                                       \
    "topic staff: Staff\n"                                                                         \
    "en: friendly, rude\n"

/* The model reads the comments from here on. */
static inline void said_model(fixture *f, const char *taxonomy)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_model *model = NULL;
    int rc = kundig_model_new(&allocator, taxonomy, strlen(taxonomy), &model, &f->err);
    cr_assert_eq(rc, KUNDIG_OK, "%s", f->err.message);
    kundig__corpus_set_model(f->corpus, model);
    kundig_model_free(model);
}

static inline void said_add(fixture *f, const char *id, const char *customer, double nps,
                            const char *text)
{
    kundig_score score = fixture_nps(nps);
    kundig_feedback record = fixture_record(id, text);
    record.customer = kundig__str(customer);
    record.scores = &score;
    record.score_count = nps < 0 ? 0 : 1;
    cr_assert_eq(fixture_add(f, &record, 1, NULL), KUNDIG_OK, "%s", f->err.message);
}

#endif
