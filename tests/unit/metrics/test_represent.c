#include "crowd.h"

TestSuite(represent, .fini = probe_fini);

Test(represent, the_base_is_who_was_invited_else_who_is_known)
{
    kundig_table *tables[KUNDIG_REPRESENT_TABLES];
    fixture f;
    fixture_open(&f);
    cr_assert_eq(crowd_try(&f, NULL, tables), KUNDIG_E_EMPTY);
    crowd_customer(&f, "a", "A", NULL, 0);
    crowd_customer(&f, "b", "B", NULL, 0);
    crowd_customer(&f, "c", "B", NULL, 0);
    crowd_answer(&f, "r1", "a", 10);
    crowd_answer(&f, "r2", "x", 0);
    crowd_answer(&f, "r3", "x", 0);
    crowd_answer(&f, "r4", NULL, 0);
    crowd_ask(&f, NULL, tables);
    cr_assert_str_eq(survey_text(tables[1], 0, "based_on"), "customers");
    cr_assert_eq(survey_number(tables[1], 0, "base"), 3);
    cr_assert_eq(survey_number(tables[1], 0, "answered"), 1);
    cr_assert_eq(survey_number(tables[1], 0, "value"), 1, "of the base alone");
    cr_assert(survey_note(tables[1], "1 customers answered who are not among those known"));
    cr_assert(survey_note(tables[1], "1 records name no customer"));
    crowd_free(tables);
    crowd_invite(&f, "i1", "b", 1000);
    crowd_invite(&f, "i2", "x", 2000);
    crowd_invite(&f, "i3", "x", 3000);
    crowd_ask(&f, NULL, tables);
    cr_assert_str_eq(survey_text(tables[1], 0, "based_on"), "invitations");
    cr_assert_eq(survey_number(tables[1], 0, "base"), 2);
    cr_assert_eq(survey_number(tables[1], 0, "answered"), 1);
    cr_assert(survey_note(tables[1], "1 customers answered who were not invited"));
    cr_assert(kundig_table_is_null(tables[0], 0, 1), "of x the CRM knows nothing");
    crowd_free(tables);
    kundig_query *query = survey_query("nps");
    query->as_of_ms = 1500;
    crowd_ask(&f, query, tables);
    cr_assert_eq(survey_number(tables[1], 0, "base"), 1, "x was invited later");
    crowd_free(tables);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(represent, links_make_one_person_of_two_names)
{
    kundig_table *tables[KUNDIG_REPRESENT_TABLES];
    fixture f;
    fixture_open(&f);
    crowd_customer(&f, "a", "A", NULL, 0);
    crowd_customer(&f, "b", "B", NULL, 0);
    crowd_answer(&f, "r1", "mail", 10);
    crowd_ask(&f, NULL, tables);
    cr_assert_eq(survey_number(tables[1], 0, "answered"), 0);
    cr_assert(kundig_table_is_null(tables[0], 0, survey_column(tables[0], "share_answered")));
    crowd_free(tables);
    crowd_link(&f, "mail", "b");
    crowd_ask(&f, NULL, tables);
    cr_assert_eq(survey_number(tables[1], 0, "base"), 2);
    cr_assert_eq(survey_number(tables[1], 0, "answered"), 1);
    cr_assert_str_eq(survey_text(tables[0], 1, "value"), "B");
    cr_assert_eq(survey_number(tables[0], 1, "answered"), 1);
    crowd_free(tables);
    crowd_link(&f, "b", "a");
    crowd_ask(&f, NULL, tables);
    cr_assert_eq(survey_number(tables[1], 0, "base"), 1);
    cr_assert_str_eq(survey_text(tables[0], 0, "value"), "A", "equally new: the least");
    crowd_free(tables);
    fixture_close(&f);
}

Test(represent, of_several_facts_the_newest_that_knows_counts)
{
    for (int turn = 0; turn < 2; turn++) {
        kundig_table *tables[KUNDIG_REPRESENT_TABLES];
        fixture f;
        fixture_open(&f);
        if (turn) {
            crowd_customer(&f, "a", "new", "gold", 20);
        }
        crowd_customer(&f, "a", "old", "basic", 10);
        crowd_customer(&f, "a", NULL, "later", 30);
        if (!turn) {
            crowd_customer(&f, "a", "new", "gold", 20);
        }
        kundig_query *query = survey_query(NULL);
        survey_group(query, "segment");
        survey_group(query, "plan");
        crowd_ask(&f, query, tables);
        cr_assert_eq(kundig_table_row_count(tables[0]), 2);
        cr_assert_str_eq(survey_text(tables[0], 0, "value"), "new");
        cr_assert_str_eq(survey_text(tables[0], 1, "value"), "later");
        cr_assert_str_eq(survey_text(tables[1], 0, "status"), "no_data", "nobody gave a score");
        crowd_free(tables);
        kundig_query_free(query);
        fixture_close(&f);
    }
}

Test(represent, names_what_customers_have_where_a_field_is_unknown)
{
    kundig_table *tables[KUNDIG_REPRESENT_TABLES];
    fixture f;
    fixture_open(&f);
    crowd_customer(&f, "a", NULL, "gold", 20);
    kundig_query *query = survey_query(NULL);
    survey_group(query, "plam");
    cr_assert_eq(crowd_try(&f, query, tables), KUNDIG_E_NOT_FOUND);
    cr_assert_not_null(strstr(f.err.message, "plan"), "%s", f.err.message);
    query->group_field_count = 0;
    query->every = KUNDIG_EVERY_MONTH;
    cr_assert_eq(crowd_try(&f, query, tables), KUNDIG_E_ARG);
    query->every = KUNDIG_EVERY_NONE;
    query->metric = kundig__str("count");
    cr_assert_eq(crowd_try(&f, query, tables), KUNDIG_E_ARG);
    query->metric = kundig__str("nps");
    cr_assert_eq(crowd_try(&f, query, tables), KUNDIG_E_NOT_FOUND);
    kundig_query_free(query);
    crowd_ask(&f, NULL, tables);
    cr_assert(survey_note(tables[1], "no customer has a segment"));
    cr_assert(kundig_table_is_null(tables[1], 0, survey_column(tables[1], "r_indicator")));
    crowd_free(tables);
    fixture_close(&f);
}

/* The same facts in another order. */
static void represent_shuffled(size_t step, kundig_bytes *out[2])
{
    kundig_table *tables[KUNDIG_REPRESENT_TABLES];
    fixture f;
    fixture_open(&f);
    for (size_t k = 0; k < 97; k++) {
        static const char *const segments[] = {"A", "B", "C", NULL};
        static const char *const plans[] = {"gold", "basic", "free"};
        size_t i = k * step % 97;
        char id[16];
        snprintf(id, sizeof id, "c%02zu", i);
        crowd_customer(&f, id, segments[i % 4], plans[i % 3], (int64_t)(i % 5));
        if (i % 5 == 0) {
            char other[16];
            snprintf(other, sizeof other, "c%02zu", (i + 40) % 97);
            crowd_link(&f, id, other);
        }
        if (i % 3 != 1) {
            crowd_invite(&f, id, id, 1000);
        }
        if (i % 7 < 4) {
            crowd_answer(&f, id, id, (double)(i % 11));
        }
    }
    kundig_query *query = survey_query("nps");
    survey_group(query, "segment");
    survey_group(query, "plan");
    crowd_ask(&f, query, tables);
    out[0] = survey_json(tables[0]);
    out[1] = survey_json(tables[1]);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(represent, gives_the_same_bytes_for_any_order_of_facts)
{
    kundig_bytes *expected[2];
    represent_shuffled(1, expected);
    for (size_t step = 2; step < 97; step += 19) {
        kundig_bytes *other[2];
        represent_shuffled(step, other);
        for (size_t i = 0; i < 2; i++) {
            survey_same(expected[i], other[i]);
            kundig_bytes_free(other[i]);
        }
    }
    kundig_bytes_free(expected[0]);
    kundig_bytes_free(expected[1]);
}

Test(represent, fails_cleanly_wherever_memory_ends)
{
    fixture f;
    fixture_open(&f);
    crowd_customer(&f, "a", "A", "gold", 20);
    crowd_customer(&f, "b", "B", "basic", 20);
    crowd_invite(&f, "i1", "a", 1000);
    crowd_invite(&f, "i2", "b", 1000);
    crowd_invite(&f, "i3", "c", 1000);
    crowd_answer(&f, "r1", "a", 10);
    crowd_answer(&f, "r2", "x", 0);
    survey_warm(&f);
    kundig_query *query = survey_query(NULL);
    survey_group(query, "segment");
    survey_group(query, "plan");
    kundig_query *wrong = survey_query(NULL);
    survey_group(wrong, "plam");
    for (int turn = 0; turn < 4; turn++) {
        for (size_t n = 1;; n++) {
            kundig_table *tables[KUNDIG_REPRESENT_TABLES] = {NULL};
            size_t blocks = probe_shared.live_blocks;
            probe_shared.allocations = 0;
            probe_shared.fail_at = n;
            probe_shared.fail_on = turn & 1;
            int rc = kundig__represent(f.corpus, turn & 2 ? wrong : query, tables, &f.err);
            probe_shared.fail_at = 0;
            if (!rc || rc == KUNDIG_E_NOT_FOUND) {
                crowd_free(tables);
                break;
            }
            cr_assert_eq(rc, KUNDIG_E_NOMEM);
            cr_assert_null(tables[0]);
            cr_assert_eq(probe_shared.live_blocks, blocks, "allocation %zu", n);
        }
    }
    kundig_query_free(query);
    kundig_query_free(wrong);
    fixture_close(&f);
}
