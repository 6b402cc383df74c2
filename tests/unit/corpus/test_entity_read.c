/* Records from their canonical bytes; damaged bytes are refused. */
#include "records.h"

TestSuite(entity_read, .fini = probe_fini);

Test(entity_read, gives_every_field_of_a_record)
{
    fixture f;
    kundig__arena arena;
    kundig__fact back;
    fixture_open(&f);
    kundig__arena_init(&arena, &f.context.mem);
    kundig_attribute attribute = {{"tier", 4}, {.type = KUNDIG_VALUE_TEXT, .text = {"gold", 4}}};
    kundig__fact fact = {.kind = KUNDIG_FACTS_CUSTOMERS};
    kundig_customer_init(&fact.as.customer);
    fact.as.customer.source = kundig__str("crm");
    fact.as.customer.id = kundig__str("7");
    fact.as.customer.churned = KUNDIG_NO;
    fact.as.customer.updated_ms = 5;
    fact.as.customer.since_ms = -5;
    fact.as.customer.orders = (kundig_value){.type = KUNDIG_VALUE_NUMBER, .number = 3};
    fact.as.customer.attributes = &attribute;
    fact.as.customer.attribute_count = 1;
    cr_assert_eq(kundig__batch_begin(f.corpus, &f.err), KUNDIG_OK);
    cr_assert_eq(kundig__fact_add(f.corpus, &fact, NULL, NULL, &f.err), KUNDIG_OK);
    kundig__batch_commit(f.corpus);
    cr_assert_eq(kundig__fact_at(f.corpus, KUNDIG_FACTS_CUSTOMERS, 0, &arena, &back, &f.err),
                 KUNDIG_OK);
    const kundig_customer *customer = &back.as.customer;
    cr_assert_eq(customer->size, sizeof *customer);
    cr_assert(kundig__text_equal(customer->source, kundig__str("crm")));
    cr_assert(kundig__text_equal(customer->id, kundig__str("7")));
    cr_assert_eq(customer->churned, KUNDIG_NO);
    cr_assert_eq(customer->updated_ms, 5);
    cr_assert_eq(customer->since_ms, -5);
    cr_assert_null(customer->segment.data);
    cr_assert_eq(customer->basket.type, KUNDIG_VALUE_NULL);
    cr_assert_eq(customer->orders.type, KUNDIG_VALUE_NUMBER);
    cr_assert_eq(customer->orders.number, 3);
    cr_assert_eq(customer->attribute_count, 1);
    cr_assert(kundig__text_equal(customer->attributes[0].value.text, kundig__str("gold")));
    kundig__arena_free(&arena);
    fixture_close(&f);
}

Test(entity_read, refuses_bytes_that_end_early_or_go_on)
{
    fixture f;
    kundig__arena arena;
    kundig__buf bytes;
    fixture_open(&f);
    kundig__arena_init(&arena, &f.context.mem);
    kundig__buf_init(&bytes, &f.context.mem);
    records r = {.arena = &arena};
    kundig__prng_init(&r.prng, 5);
    for (int kind = KUNDIG_FACTS_CUSTOMERS; kind < KUNDIG__FACT_KINDS; kind++) {
        kundig__fact fact;
        records_add(&r, &f, kind, 20);
        for (uint32_t row = 0; row < kundig__fact_rows(f.corpus, kind); row++) {
            bytes.len = 0;
            kundig__fact_canonical(f.corpus, kind, row, &bytes);
            for (size_t len = 0; len < bytes.len; len++) {
                cr_assert_eq(
                    kundig__entity_read(kind, kundig__text(bytes.data, len), &arena, &fact, &f.err),
                    KUNDIG_E_INTERNAL);
            }
            kundig__buf_char(&bytes, 0);
            cr_assert_eq(kundig__entity_read(kind, kundig__text(bytes.data, bytes.len), &arena,
                                             &fact, &f.err),
                         KUNDIG_E_INTERNAL);
            cr_assert_str_eq(f.err.message, "the canonical bytes of a fact are damaged");
            bytes.data[0] = 2;
            cr_assert_eq(kundig__entity_read(kind, kundig__text(bytes.data, bytes.len - 1), &arena,
                                             &fact, &f.err),
                         KUNDIG_E_INTERNAL, "a version that nobody wrote");
        }
    }
    kundig__buf_free(&bytes);
    kundig__arena_free(&arena);
    fixture_close(&f);
}
