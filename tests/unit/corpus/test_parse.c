/* Conditions from text: what they mean is tested with filters; here errors and their places. */
#include "fixture.h"

TestSuite(parse, .fini = probe_fini);

Test(parse, says_where_and_what_was_expected)
{
    static const struct {
        const char *text;
        int rc;
        size_t pos;
        const char *message;
    } cases[] = {
        {"", KUNDIG_E_FORMAT, 0, "expected a field, found the end"},
        {"stage =", KUNDIG_E_FORMAT, 7, "expected a value after '=', found the end"},
        {"stage = and a = 1", KUNDIG_E_FORMAT, 8,
         "expected a value after '=' at byte 8, found 'and'"},
        {"stage", KUNDIG_E_FORMAT, 5,
         "expected =, !=, <, <=, >, >=, in, between, contains or is missing, found the end"},
        {"stage == Order", KUNDIG_E_FORMAT, 6, "write = for =="},
        {"stage <> Order", KUNDIG_E_FORMAT, 6, "write != for <>"},
        {"'stage' = Order", KUNDIG_E_FORMAT, 0,
         "expected a field at byte 0: quotes hold values, a field with blanks stands in "
         "backquotes"},
        {"stage = First Payment", KUNDIG_E_FORMAT, 14,
         "expected 'and' or 'or' at byte 14, found 'Payment'"},
        {"(stage = a", KUNDIG_E_FORMAT, 0, "the ( at byte 0 is not closed"},
        {"stage = a)", KUNDIG_E_FORMAT, 9, "expected 'and' or 'or' at byte 9, found ')'"},
        {"stage = 'a", KUNDIG_E_FORMAT, 8, "the quote ' at byte 8 is not closed"},
        {"stage in a", KUNDIG_E_FORMAT, 9, "expected ( after 'in' at byte 9, found 'a'"},
        {"stage in (a b)", KUNDIG_E_FORMAT, 12,
         "expected , or ) in the list at byte 12, found 'b'"},
        {"nps between 1 or 2", KUNDIG_E_FORMAT, 14,
         "expected 'and' and a second value of 'between' at byte 14, found 'or'"},
        {"stage is gone", KUNDIG_E_FORMAT, 9,
         "expected 'missing' after 'is' at byte 9, found "
         "'gone'"},
        {"stage not like x", KUNDIG_E_FORMAT, 10,
         "expected in, between or contains after 'not' at byte 10, found 'like'"},
        {"`` = 1", KUNDIG_E_FORMAT, 0, "the field at byte 0 has no name"},
        {"a = \xFF", KUNDIG_E_FORMAT, 4, "byte 4 is not valid UTF-8"},
        {"a = 1 and time = 2026-13", KUNDIG_E_VALUE, 10,
         "'2026-13' is not a date: write 2026, 2026-03, 2026-Q1, 2026-W11, 2026-03-09 or "
         "2026-03-09T14:30"},
    };
    kundig_query *q = fixture_query(NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kundig_error err = {0};
        uint32_t node = 12345;
        int rc = kundig_query_parse(q, cases[i].text, strlen(cases[i].text), &node, &err);
        cr_assert_eq(rc, cases[i].rc, "%s", cases[i].text);
        cr_assert_str_eq(err.message, cases[i].message);
        cr_assert_eq(err.pos, cases[i].pos, "%s: %zu", cases[i].text, err.pos);
        cr_assert_eq(node, 12345, "outputs are untouched");
        cr_assert_eq(q->node_count, 0, "a failed parse leaves no node");
    }
    kundig_query_free(q);
}

Test(parse, takes_what_it_documents)
{
    static const char *const good[] = {
        "channel = email and time >= 2026-01 and not (stage in (Order, \"First Payment\"))",
        "score between 0 and 6 or text contains \"late\"",
        "time = 2026-Q1 and customer is not missing",
        "  a=1  ",
        "NOT a IS MISSING AND b IN (c) OR d BETWEEN 1 AND 2",
        "`two words` = 'it''s'",
        "a not in (1,2) and b not between 1 and 2 and c not contains x",
        "stage = in and stage = missing",
        "größe = hoch",
        "a = -5 and b = 2026-03-09T14:30",
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        kundig_query_free(fixture_query(good[i]));
    }
}

Test(parse, bounds_nesting)
{
    char deep[400];
    kundig_error err;
    uint32_t node;
    kundig_query *q = fixture_query(NULL);
    memset(deep, '(', 200);
    memcpy(deep + 200, "a=1", 3);
    memset(deep + 203, ')', 197);
    cr_assert_eq(kundig_query_parse(q, deep, 400, &node, &err), KUNDIG_E_LIMIT);
    cr_assert_eq(kundig_query_parse(q, deep + 137, 129, &node, &err), KUNDIG_OK, "63 are fine: %s",
                 err.message);
    kundig_query_free(q);
}
