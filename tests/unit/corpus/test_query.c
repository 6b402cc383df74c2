/* Building queries: values are copied, limits hold, equal queries have equal bytes. */
#include <stdio.h>

#include "fixture.h"

TestSuite(query, .fini = probe_fini);

static kundig_value query_text(const char *text)
{
    return (kundig_value){.type = KUNDIG_VALUE_TEXT, .text = {text, strlen(text)}};
}

static bool query_equal(const kundig_query *a, const kundig_query *b)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__buf x;
    kundig__buf y;
    kundig__mem_init(&mem, &allocator, 0);
    kundig__buf_init(&x, &mem);
    kundig__buf_init(&y, &mem);
    kundig__query_canonical(a, &x);
    kundig__query_canonical(b, &y);
    bool equal = x.len == y.len && memcmp(x.data, y.data, x.len) == 0;
    kundig__buf_free(&x);
    kundig__buf_free(&y);
    return equal;
}

Test(query, parsed_and_built_by_calls_are_equal)
{
    kundig_error err;
    uint32_t nodes[3];
    uint32_t node;
    kundig_query *parsed =
        fixture_query("score >= 9 and stage in (Order, 'First ''Payment') and not vip = true");
    kundig_query *built = fixture_query(NULL);
    kundig_value nine = {.type = KUNDIG_VALUE_NUMBER, .number = 9};
    kundig_value stages[2] = {query_text("Order"), query_text("First 'Payment")};
    kundig_value yes = {.type = KUNDIG_VALUE_BOOL, .boolean = 1};
    cr_assert_eq(kundig_query_condition(built, "score", 5, KUNDIG_OP_GREATER_OR_EQUAL, &nine, 1,
                                        &nodes[0], &err),
                 KUNDIG_OK);
    cr_assert_eq(
        kundig_query_condition(built, "stage", 5, KUNDIG_OP_IN, stages, 2, &nodes[1], &err),
        KUNDIG_OK);
    cr_assert_eq(kundig_query_condition(built, "vip", 3, KUNDIG_OP_EQUAL, &yes, 1, &node, &err),
                 KUNDIG_OK);
    cr_assert_eq(kundig_query_combine(built, KUNDIG_NONE_OF, &node, 1, &nodes[2], &err), KUNDIG_OK);
    cr_assert_eq(kundig_query_combine(built, KUNDIG_ALL_OF, nodes, 3, &node, &err), KUNDIG_OK);
    cr_assert_eq(kundig_query_keep(built, node, &err), KUNDIG_OK);
    cr_assert(query_equal(parsed, built));
    cr_assert_eq(kundig_query_set_zone(built, "UTC", 3, &err), KUNDIG_OK);
    cr_assert(query_equal(parsed, built), "no zone is UTC");
    cr_assert_eq(kundig_query_set_min_n(built, 5, &err), KUNDIG_OK);
    cr_assert_not(query_equal(parsed, built));
    kundig_query_free(parsed);
    kundig_query_free(built);
}

Test(query, a_copy_has_equal_bytes_and_a_life_of_its_own)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_error err;
    kundig_query *copy = NULL;
    kundig_query *query = fixture_query("a = 1 or b contains x");
    uint32_t node;
    for (int i = 0; i < 6; i++) {
        cr_assert_eq(kundig_query_parse(query, "c in (1,2)", 10, &node, &err), KUNDIG_OK);
        cr_assert_eq(kundig_query_keep(query, node, &err), KUNDIG_OK);
    }
    kundig_query_group_by(query, "stage", 5, &err);
    kundig_query_set_zone(query, "Europe/Berlin", 13, &err);
    cr_assert_eq(kundig__query_copy(query, &allocator, &copy, &err), KUNDIG_OK);
    cr_assert(query_equal(query, copy));
    kundig_query_free(query);
    for (int i = 0; i < 6; i++) {
        cr_assert_eq(kundig_query_parse(copy, "d = 1", 5, &node, &err), KUNDIG_OK);
        cr_assert_eq(kundig_query_keep(copy, node, &err), KUNDIG_OK);
    }
    kundig_query_free(copy);
    cr_assert_eq(kundig__query_copy(NULL, &allocator, &copy, &err), KUNDIG_OK);
    cr_assert_eq(copy->keep, KUNDIG__NO_NODE);
    kundig_query_free(copy);
}

Test(query, refuses_wrong_arguments)
{
    kundig_error err;
    uint32_t node = 0;
    uint32_t none = 7;
    kundig_query *q = fixture_query(NULL);
    kundig_value two[2] = {query_text("a"), query_text("b")};
    cr_assert_eq(kundig_query_set_metric(NULL, "nps", 3, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_query_set_metric(q, NULL, 0, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_query_set_every(q, 6, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_query_set_unit(q, 2, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_query_set_interval(q, 0, 1.0, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_query_set_interval(q, 3, 0.9, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_query_set_zone(q, "a\xFF", 2, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_query_condition(q, "a", 1, 0, two, 1, &node, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_query_condition(q, "a", 1, KUNDIG_OP_EQUAL, two, 2, &node, &err),
                 KUNDIG_E_ARG);
    cr_assert_eq(kundig_query_condition(q, "a", 1, KUNDIG_OP_BETWEEN, two, 1, &node, &err),
                 KUNDIG_E_ARG);
    cr_assert_eq(kundig_query_condition(q, "a", 1, KUNDIG_OP_MISSING, two, 1, &node, &err),
                 KUNDIG_E_ARG);
    cr_assert_eq(kundig_query_condition(q, "a", 1, KUNDIG_OP_IN, NULL, 0, &node, &err),
                 KUNDIG_E_ARG);
    two[0].type = KUNDIG_VALUE_NULL;
    cr_assert_eq(kundig_query_condition(q, "a", 1, KUNDIG_OP_EQUAL, two, 1, &node, &err),
                 KUNDIG_E_ARG);
    two[0] = query_text("2026-02-30");
    cr_assert_eq(kundig_query_condition(q, "time", 4, KUNDIG_OP_EQUAL, two, 1, &node, &err),
                 KUNDIG_E_VALUE);
    cr_assert_eq(kundig_query_combine(q, KUNDIG_ALL_OF, &none, 1, &node, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_query_keep(q, 0, &err), KUNDIG_E_ARG);
    cr_assert_eq(q->node_count, 0);
    for (int i = 0; i < KUNDIG__MAX_GROUP_FIELDS; i++) {
        char name[2] = {(char)('a' + i), 0};
        cr_assert_eq(kundig_query_group_by(q, name, 1, &err), KUNDIG_OK);
        cr_assert_eq(kundig_query_group_by(q, name, 1, &err),
                     i + 1 < KUNDIG__MAX_GROUP_FIELDS ? KUNDIG_E_ARG : KUNDIG_E_LIMIT);
    }
    kundig_query_free(q);
    kundig_query_free(NULL);
}

Test(query, bounds_depth_size_and_shared_branches)
{
    kundig_error err;
    uint32_t node;
    kundig_query *q = fixture_query(NULL);
    kundig_value value = query_text("x");
    cr_assert_eq(kundig_query_condition(q, "a", 1, KUNDIG_OP_EQUAL, &value, 1, &node, &err),
                 KUNDIG_OK);
    int depth = 1;
    int rc = KUNDIG_OK;
    while (!rc) {
        rc = kundig_query_combine(q, KUNDIG_NONE_OF, &node, 1, &node, &err);
        depth += !rc;
    }
    cr_assert_eq(rc, KUNDIG_E_LIMIT);
    cr_assert_eq(depth, 64);
    kundig_query_free(q);

    /* Twice the same branch on each level would cost 2^n when evaluated. */
    q = fixture_query(NULL);
    kundig_query_condition(q, "a", 1, KUNDIG_OP_EQUAL, &value, 1, &node, &err);
    int levels = 0;
    rc = KUNDIG_OK;
    while (!rc) {
        uint32_t twice[2] = {node, node};
        rc = kundig_query_combine(q, KUNDIG_ANY_OF, twice, 2, &node, &err);
        levels += !rc;
    }
    cr_assert_eq(rc, KUNDIG_E_LIMIT);
    cr_assert_eq(levels, 11);
    kundig_query_free(q);
}

Test(query, nothing_stands_on_the_and_that_keep_grows)
{
    kundig_error err;
    uint32_t node;
    kundig_query *q = fixture_query("a = 1");
    kundig_query_parse(q, "b = 2", 5, &node, &err);
    cr_assert_eq(kundig_query_keep(q, node, &err), KUNDIG_OK);
    uint32_t joined = q->keep;
    cr_assert_eq(kundig_query_combine(q, KUNDIG_ALL_OF, &joined, 1, &node, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_query_keep(q, joined, &err), KUNDIG_E_ARG);
    kundig_query_free(q);
}

Test(query, survives_failure_of_every_allocation)
{
    static const char where[] = "a = 1 and (b in (x, 'y''z') or not c between 1 and 2)";
    kundig_allocator allocator = probe_allocator(NULL);
    for (int forever = 0; forever < 2; forever++) {
        int rc = KUNDIG_E_NOMEM;
        for (size_t fail_at = 1; rc; fail_at++) {
            kundig_error err;
            kundig_query *q = NULL;
            kundig_query *copy = NULL;
            uint32_t node;
            probe_shared.allocations = 0;
            probe_shared.fail_on = forever != 0;
            probe_shared.fail_at = fail_at;
            rc = kundig_query_new(&allocator, &q);
            rc = rc ? rc : kundig_query_set_zone(q, "Europe/Berlin", 13, &err);
            rc = rc ? rc : kundig_query_group_by(q, "stage", 5, &err);
            for (int i = 0; i < 4; i++) {
                rc = rc ? rc : kundig_query_parse(q, where, sizeof where - 1, &node, &err);
                rc = rc ? rc : kundig_query_keep(q, node, &err);
            }
            rc = rc ? rc : kundig__query_copy(q, &allocator, &copy, &err);
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM);
            kundig_query_free(copy);
            kundig_query_free(q);
        }
        probe_shared.fail_at = 0;
    }
}
