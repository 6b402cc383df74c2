/* Customers, invitations and answers, and short ways to ask who answered. */
#ifndef KUNDIG_TESTS_CROWD_H
#define KUNDIG_TESTS_CROWD_H

#include "corpus/rows.h"
#include "survey.h"

static inline void crowd_add(fixture *f, int kind, const void *record)
{
    kundig_added added;
    kundig_added_init(&added);
    int rc = kundig__facts_add(f->corpus, kind, record, 1, &added, &f->err);
    cr_assert_eq(rc, KUNDIG_OK, "%s", f->err.message);
}

static inline void crowd_customer(fixture *f, const char *id, const char *segment, const char *plan,
                                  int64_t updated_ms)
{
    kundig_customer customer;
    kundig_attribute attribute = {kundig__str("plan"), {.type = KUNDIG_VALUE_TEXT}};
    kundig_customer_init(&customer);
    customer.source = kundig__str(plan ? plan : "crm");
    customer.id = kundig__str(id);
    customer.segment = kundig__str(segment);
    customer.updated_ms = updated_ms;
    attribute.value.text = kundig__str(plan);
    customer.attributes = &attribute;
    customer.attribute_count = plan != NULL;
    crowd_add(f, KUNDIG_FACTS_CUSTOMERS, &customer);
}

static inline void crowd_invite(fixture *f, const char *id, const char *customer, int64_t time_ms)
{
    kundig_event event;
    kundig_event_init(&event);
    event.kind = KUNDIG_EVENT_INVITATION;
    event.id = kundig__str(id);
    event.customer = kundig__str(customer);
    event.time_ms = time_ms;
    crowd_add(f, KUNDIG_FACTS_EVENTS, &event);
}

static inline void crowd_link(fixture *f, const char *a, const char *b)
{
    kundig_link link;
    kundig_link_init(&link);
    link.customer = kundig__str(a);
    link.same_as = kundig__str(b);
    crowd_add(f, KUNDIG_FACTS_LINKS, &link);
}

/* A record of a customer (NULL: it names none); score below 0: none. */
static inline void crowd_answer(fixture *f, const char *id, const char *customer, double score)
{
    kundig_feedback record = fixture_record(id, "thanks");
    kundig_score answer = fixture_nps(score);
    record.customer = kundig__str(customer);
    record.scores = &answer;
    record.score_count = score >= 0;
    cr_assert_eq(fixture_add(f, &record, 1, NULL), KUNDIG_OK, "%s", f->err.message);
}

static inline int crowd_try(fixture *f, const kundig_query *query,
                            kundig_table *tables[KUNDIG_REPRESENT_TABLES])
{
    kundig_query *empty = survey_query(NULL);
    int rc = kundig__represent(f->corpus, query ? query : empty, tables, &f->err);
    kundig_query_free(empty);
    return rc;
}

static inline void crowd_ask(fixture *f, const kundig_query *query,
                             kundig_table *tables[KUNDIG_REPRESENT_TABLES])
{
    int rc = crowd_try(f, query, tables);
    cr_assert_eq(rc, KUNDIG_OK, "%s", f->err.message);
}

static inline void crowd_free(kundig_table *tables[KUNDIG_REPRESENT_TABLES])
{
    kundig_table_free(tables[0]);
    kundig_table_free(tables[1]);
}

/* 50 of A and 50 of B; 30 and 10 of them answered: 9 or 10 by A, 0 by B, 5 of A with no score. */
static inline void crowd_fill(fixture *f, bool invited)
{
    for (int i = 0; i < 100; i++) {
        char id[16];
        snprintf(id, sizeof id, "c%02d", i);
        crowd_customer(f, id, i < 50 ? "A" : "B", NULL, 0);
        if (invited) {
            crowd_invite(f, id, id, 1000);
        }
        if (i < 30 || i >= 90) {
            crowd_answer(f, id, id, i < 5 ? -1 : i < 30 ? 9 + i % 2 : 0);
        }
    }
}

#endif
