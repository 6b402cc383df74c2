/* Customers and events: facts with identity and versions, whole calls or none. */
#include "fixture.h"

TestSuite(entities, .fini = probe_fini);

static kundig_customer entities_customer(const char *id)
{
    kundig_customer customer;
    kundig_customer_init(&customer);
    customer.source = kundig__str("crm");
    customer.id = kundig__str(id);
    return customer;
}

Test(entities, customers_have_versions)
{
    fixture f;
    kundig_added added;
    kundig_attribute attributes[2] = {
        {{"tier", 4}, {.type = KUNDIG_VALUE_TEXT, .text = {"gold", 4}}},
        {{"age", 3}, {.type = KUNDIG_VALUE_NUMBER, .number = 40}}};
    kundig_attribute swapped[2] = {attributes[1], attributes[0]};
    fixture_open(&f);
    kundig_customer c[2] = {entities_customer("1"), entities_customer("2")};
    c[0].attributes = attributes;
    c[0].attribute_count = 2;
    c[0].basket = (kundig_value){.type = KUNDIG_VALUE_NUMBER, .number = 12.5};
    kundig_added_init(&added);
    cr_assert_eq(kundig__facts_add(f.corpus, KUNDIG_FACTS_CUSTOMERS, c, 2, &added, &f.err),
                 KUNDIG_OK, "%s", f.err.message);
    cr_assert_eq(added.added, 2);
    uint64_t generation = kundig__corpus_generation(f.corpus);
    kundig_added_init(&added);
    c[0].attributes = swapped;
    cr_assert_eq(kundig__facts_add(f.corpus, KUNDIG_FACTS_CUSTOMERS, c, 2, &added, &f.err),
                 KUNDIG_OK);
    cr_assert_eq(added.unchanged, 2, "the order of attributes is none of their content");
    cr_assert_eq(kundig__corpus_generation(f.corpus), generation);
    kundig_added_init(&added);
    c[1].churned = KUNDIG_YES;
    c[1].updated_ms = 5;
    cr_assert_eq(kundig__facts_add(f.corpus, KUNDIG_FACTS_CUSTOMERS, c, 2, &added, &f.err),
                 KUNDIG_OK);
    cr_assert_eq(added.versions, 1);
    cr_assert_eq(added.conflicts, 0);
    fixture_check(&f);
    fixture_close(&f);
}

Test(entities, a_refused_record_undoes_its_call)
{
    fixture f;
    kundig_added added;
    fixture_open(&f);
    kundig_event e[3];
    for (int i = 0; i < 3; i++) {
        kundig_event_init(&e[i]);
        e[i].kind = KUNDIG_EVENT_CASE_OPENED;
        e[i].source = kundig__str("desk");
        e[i].id = kundig__str(i == 0 ? "a" : "b");
        e[i].time_ms = i;
    }
    kundig_added_init(&added);
    cr_assert_eq(kundig__facts_add(f.corpus, KUNDIG_FACTS_EVENTS, e, 1, &added, &f.err), KUNDIG_OK);
    e[0].updated_ms = 9;
    e[2].id = kundig__text(NULL, 0);
    kundig_added_init(&added);
    cr_assert_eq(kundig__facts_add(f.corpus, KUNDIG_FACTS_EVENTS, e, 3, &added, &f.err),
                 KUNDIG_E_ARG);
    cr_assert_eq(f.err.pos, 2);
    cr_assert_str_eq(f.err.message, "id is required");
    cr_assert_eq(added.records, 0);
    fixture_check(&f);
    e[2].id = kundig__str("c");
    e[2].value = (kundig_value){.type = KUNDIG_VALUE_TEXT, .text = {"x", 1}};
    cr_assert_eq(kundig__facts_add(f.corpus, KUNDIG_FACTS_EVENTS, e, 3, &added, &f.err),
                 KUNDIG_E_ARG);
    e[2].value.type = KUNDIG_VALUE_NULL;
    e[2].reserved = 1;
    cr_assert_eq(kundig__facts_add(f.corpus, KUNDIG_FACTS_EVENTS, e, 3, &added, &f.err),
                 KUNDIG_E_VERSION);
    e[2].reserved = 0;
    cr_assert_eq(kundig__facts_add(f.corpus, KUNDIG_FACTS_EVENTS, e, 3, &added, &f.err), KUNDIG_OK);
    cr_assert_eq(added.added, 2);
    cr_assert_eq(added.versions, 1);
    cr_assert_eq(kundig__facts_add(f.corpus, KUNDIG_FACTS_EVENTS, NULL, 0, &added, &f.err),
                 KUNDIG_OK);
    fixture_check(&f);
    fixture_close(&f);
}

Test(entities, survives_failure_of_every_allocation)
{
    kundig_attribute attribute = {{"ti\xFF", 3}, {.type = KUNDIG_VALUE_TEXT, .text = {"gold", 4}}};
    for (int forever = 0; forever < 2; forever++) {
        int rc = KUNDIG_E_NOMEM;
        for (size_t fail_at = 1; rc; fail_at++) {
            fixture f;
            kundig_added added;
            kundig_customer c[3] = {entities_customer("1"), entities_customer("2"),
                                    entities_customer("1")};
            fixture_open(&f);
            kundig_added_init(&added);
            cr_assert_eq(kundig__facts_add(f.corpus, KUNDIG_FACTS_CUSTOMERS, c, 1, &added, &f.err),
                         KUNDIG_OK);
            c[0].attributes = &attribute;
            c[0].attribute_count = 1;
            probe_shared.allocations = 0;
            probe_shared.fail_on = forever != 0;
            probe_shared.fail_at = fail_at;
            rc = kundig__facts_add(f.corpus, KUNDIG_FACTS_CUSTOMERS, c, 3, &added, &f.err);
            probe_shared.fail_at = 0;
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM);
            fixture_check(&f);
            cr_assert_eq(added.records, rc ? 1 : 4);
            cr_assert_eq(kundig__facts_add(f.corpus, KUNDIG_FACTS_CUSTOMERS, c, 3, &added, &f.err),
                         KUNDIG_OK);
            fixture_check(&f);
            fixture_close(&f);
        }
    }
}
