/* Facts of every kind in short, and worlds of them. */
#ifndef KUNDIG_TESTS_CORPUS_FORGETTING_H
#define KUNDIG_TESTS_CORPUS_FORGETTING_H

#include <stdio.h>

#include "base/prng.h"
#include "corpus/rows.h"
#include "fixture.h"

#define DAY INT64_C(86400000)

static inline void forget_add(fixture *f, const kundig__fact *facts, size_t count)
{
    kundig_added added;
    kundig_added_init(&added);
    cr_assert_eq(kundig__batch_begin(f->corpus, &f->err), KUNDIG_OK);
    for (size_t i = 0; i < count; i++) {
        cr_assert_eq(kundig__fact_add(f->corpus, &facts[i], &added, NULL, &f->err), KUNDIG_OK, "%s",
                     f->err.message);
    }
    kundig__batch_commit(f->corpus);
    fixture_check(f);
}

static inline kundig__fact forget_feedback(const char *id, const char *customer, const char *text)
{
    kundig__fact fact = {.kind = KUNDIG_FACTS_FEEDBACK};
    fact.as.feedback = fixture_record(id, text);
    fact.as.feedback.customer = kundig__str(customer);
    return fact;
}

static inline kundig__fact forget_customer(const char *id)
{
    kundig__fact fact = {.kind = KUNDIG_FACTS_CUSTOMERS};
    kundig_customer_init(&fact.as.customer);
    fact.as.customer.source = kundig__str("crm");
    fact.as.customer.id = kundig__str(id);
    return fact;
}

static inline kundig__fact forget_event(const char *id, const char *customer, const char *case_id)
{
    kundig__fact fact = {.kind = KUNDIG_FACTS_EVENTS};
    kundig_event_init(&fact.as.event);
    fact.as.event.source = kundig__str("desk");
    fact.as.event.id = kundig__str(id);
    fact.as.event.customer = kundig__str(customer);
    fact.as.event.case_id = kundig__str(case_id);
    return fact;
}

static inline kundig__fact forget_label(const char *source, const char *id, const char *topic)
{
    kundig__fact fact = {.kind = KUNDIG_FACTS_LABELS};
    kundig_label_init(&fact.as.label);
    fact.as.label.source = kundig__str(source);
    fact.as.label.id = kundig__str(id);
    fact.as.label.topic = kundig__str(topic);
    return fact;
}

/* Two records that belong together. */
static inline kundig__fact forget_edit(const char *id, const char *other_id)
{
    kundig__fact fact = {.kind = KUNDIG_FACTS_EDITS};
    kundig_edit_init(&fact.as.edit);
    fact.as.edit.kind = KUNDIG_EDIT_TOGETHER;
    fact.as.edit.source = fact.as.edit.other_source = kundig__str("survey.csv");
    fact.as.edit.id = kundig__str(id);
    fact.as.edit.other_id = kundig__str(other_id);
    return fact;
}

static inline kundig__fact forget_link(const char *a, const char *b, int32_t holds,
                                       int64_t updated_ms)
{
    kundig__fact fact = {.kind = KUNDIG_FACTS_LINKS};
    kundig_link_init(&fact.as.link);
    fact.as.link.customer = kundig__str(a);
    fact.as.link.same_as = kundig__str(b);
    fact.as.link.holds = holds;
    fact.as.link.updated_ms = updated_ms;
    return fact;
}

static inline kundig__fact forget_consent(const char *customer, int32_t consent, int64_t updated_ms)
{
    kundig__fact fact = {.kind = KUNDIG_FACTS_CONSENTS};
    kundig_consent_init(&fact.as.consent);
    fact.as.consent.customer = kundig__str(customer);
    fact.as.consent.consent = consent;
    fact.as.consent.updated_ms = updated_ms;
    return fact;
}

static inline kundig__fact forget_rule(const char *purpose, int32_t days, int64_t updated_ms)
{
    kundig__fact fact = {.kind = KUNDIG_FACTS_RETENTION};
    kundig_retention_init(&fact.as.retention);
    fact.as.retention.purpose = kundig__str(purpose);
    fact.as.retention.days = days;
    fact.as.retention.updated_ms = updated_ms;
    return fact;
}

static inline kundig__forgetting forget_whom(fixture *f, const char *customer)
{
    kundig__forgetting out;
    cr_assert_eq(kundig__forget_customer(f->corpus, kundig__str(customer), &out, &f->err),
                 KUNDIG_OK, "%s", f->err.message);
    return out;
}

/* ---- Facts at random, of a few people ---- */

#define WORLD_FACTS 160

static const char *const world_names[] = {"c0", "c1", "c2", "c3", "c4", "c5", "c6", NULL};
static const char *const world_cases[] = {"k0", "k1", "k2", "k3", "k4", NULL, NULL};
static const char *const world_ids[] = {"i0", "i1", "i2", "i3", "i4", "i5", "i6", "i7",
                                        "i8", "i9", "ia", "ib", "ic", "id", NULL, NULL};
static const char *const world_texts[] = {"fine", "late", "rude", "a longer one", NULL};

static inline const char *world_pick(kundig__prng *prng, const char *const *from, size_t count)
{
    return from[kundig__prng_below(prng, count)];
}
#define PICK(from) world_pick(prng, from, sizeof from / sizeof *from)

static inline void world_fact(kundig__prng *prng, kundig__fact *fact, kundig_score *score,
                              kundig_attribute *attribute)
{
    int64_t updated = (int64_t)kundig__prng_below(prng, 4);
    switch (kundig__prng_below(prng, 8)) {
    default: {
        *fact = forget_feedback(PICK(world_ids), PICK(world_names), PICK(world_texts));
        kundig_feedback *record = &fact->as.feedback;
        record->case_id = kundig__str(PICK(world_cases));
        record->updated_ms = updated;
        if (kundig__prng_below(prng, 2)) {
            *score = fixture_nps((double)kundig__prng_below(prng, 11));
            score->question = kundig__str(PICK(world_ids));
            record->scores = score;
            record->score_count = 1;
        }
        if (kundig__prng_below(prng, 2)) {
            attribute->name = kundig__str(world_names[kundig__prng_below(prng, 7)]);
            attribute->value = (kundig_value){.type = KUNDIG_VALUE_TEXT};
            attribute->value.text = kundig__str("value");
            record->attributes = attribute;
            record->attribute_count = 1;
        }
        break;
    }
    case 4:
        *fact = forget_customer(world_names[kundig__prng_below(prng, 7)]);
        fact->as.customer.updated_ms = updated;
        fact->as.customer.segment = kundig__str(PICK(world_texts));
        break;
    case 5:
        *fact = forget_event(world_ids[kundig__prng_below(prng, 14)], PICK(world_names),
                             PICK(world_cases));
        fact->as.event.updated_ms = updated;
        break;
    case 6:
        *fact = kundig__prng_below(prng, 4)
                    ? forget_label("survey.csv", world_ids[kundig__prng_below(prng, 14)], "x")
                    : forget_rule(PICK(world_cases), (int32_t)updated, updated);
        break;
    case 7: {
        size_t a = kundig__prng_below(prng, 7);
        size_t b = (a + 1 + kundig__prng_below(prng, 6)) % 7;
        *fact = kundig__prng_below(prng, 3)
                    ? forget_consent(world_names[a], KUNDIG_YES, updated)
                    : forget_link(world_names[a], world_names[b],
                                  kundig__prng_below(prng, 3) ? KUNDIG_NO : KUNDIG_YES, 1);
        break;
    }
    }
}

typedef struct world {
    kundig__fact facts[WORLD_FACTS];
    kundig_score scores[WORLD_FACTS];
    kundig_attribute attributes[WORLD_FACTS];
    bool gone[WORLD_FACTS];
    kundig_text names[8]; /* of the person, from links that hold */
    size_t name_count;
} world;

static inline void world_make(world *w, kundig__prng *prng)
{
    for (size_t i = 0; i < WORLD_FACTS; i++) {
        world_fact(prng, &w->facts[i], &w->scores[i], &w->attributes[i]);
    }
}

#endif
