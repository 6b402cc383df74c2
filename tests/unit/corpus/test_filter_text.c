/* Conditions on texts: the same whether the text is coded, the words of a record or its id. */
#include <stdio.h>

#include "fixture.h"

TestSuite(filter_text, .fini = probe_fini);

enum { TEXTS = 10 };

static const char *const text_given[TEXTS] = {
    "A", "a", "ab", "aab", "aaab", "b", "B-1", "xyxyz", "\xC3\x84rger", "z\xF0\x9F\x91\x8D"};
static const char *const text_ops[6] = {"=", "!=", "<", "<=", ">", ">="};

/* Each text as channel, as attribute, as text and as id of one record; and a record without any. */
static void text_open(fixture *f)
{
    fixture_open(f);
    for (int i = 0; i <= TEXTS; i++) {
        const char *given = i < TEXTS ? text_given[i] : NULL;
        kundig_attribute attribute = {{"note", 4},
                                      {.type = KUNDIG_VALUE_TEXT, .text = kundig__str(given)}};
        kundig_feedback r = fixture_record(given, given);
        r.channel = kundig__str(given);
        r.attributes = &attribute;
        r.attribute_count = i < TEXTS;
        cr_assert_eq(fixture_add(f, &r, 1, NULL), KUNDIG_OK, "%s", f->err.message);
    }
}

static void text_is(fixture *f, const char *behind, int64_t expected)
{
    static const char *const fields[4] = {"channel", "note", "text", "id"};
    for (int i = 0; i < 4; i++) {
        char where[128];
        snprintf(where, sizeof where, "%s %s", fields[i], behind);
        int64_t count = fixture_where(f, where);
        cr_assert_eq(count, expected, "%s: %lld, not %lld (%s)", where, (long long)count,
                     (long long)expected, f->err.message);
    }
}

Test(filter_text, compares_bytes_alike_in_every_kind_of_text)
{
    fixture f;
    text_open(&f);
    for (int op = 0; op < 6; op++) {
        for (int v = 0; v < TEXTS; v++) {
            char behind[64];
            int64_t expected = op == 1; /* != holds where there is no text */
            for (int i = 0; i < TEXTS; i++) {
                int order = strcmp(text_given[i], text_given[v]);
                const bool meets[6] = {order == 0, order != 0, order<0, order <= 0, order> 0,
                                       order >= 0};
                expected += meets[op];
            }
            snprintf(behind, sizeof behind, "%s '%s'", text_ops[op], text_given[v]);
            text_is(&f, behind, expected);
        }
    }
    text_is(&f, "in (a, ab, nobody, a)", 2);
    text_is(&f, "not in (a, ab)", TEXTS - 2 + 1);
    text_is(&f, "between a and aab", 3);
    text_is(&f, "between b and a", 0);
    text_is(&f, "is missing", 1);
    text_is(&f, "is not missing", TEXTS);
    fixture_close(&f);
}

Test(filter_text, contains_finds_folded_parts_wherever_they_begin)
{
    fixture f;
    text_open(&f);
    text_is(&f, "contains a", 5);      /* not the one with an umlaut */
    text_is(&f, "contains AAB", 2);    /* also behind an a that leads astray */
    text_is(&f, "contains aaaaab", 2); /* folding leaves two of a run */
    text_is(&f, "contains xyz", 1);    /* its start overlaps a false start */
    text_is(&f, "contains b-1", 1);
    text_is(&f, "contains '-'", 1);
    text_is(&f, "contains '\xC3\xA4RGER'", 1);
    text_is(&f, "contains 'A\xCC\x88'", 1); /* letter and mark apart */
    text_is(&f, "contains '\xF0\x9F\x91\x8D'", 1);
    text_is(&f, "contains ''", TEXTS);
    text_is(&f, "contains nowhere", 0);
    fixture_close(&f);
}

Test(filter_text, an_empty_text_is_there)
{
    fixture f;
    fixture_open(&f);
    kundig_feedback r = fixture_record("1", "");
    r.channel = kundig__str("");
    cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    static const char *const fields[2] = {"channel", "text"};
    static const struct {
        const char *behind;
        int64_t count;
    } cases[] = {
        {"= ''", 1}, {"!= ''", 0}, {"is missing", 0}, {"contains ''", 1}, {"contains x", 0},
        {"< a", 1},  {">= ''", 1}, {"> ''", 0},       {"in ('', x)", 1},  {"between '' and a", 1}};
    for (int i = 0; i < 2; i++) {
        for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
            char where[64];
            snprintf(where, sizeof where, "%s %s", fields[i], cases[c].behind);
            cr_assert_eq(fixture_where(&f, where), cases[c].count, "%s", where);
        }
    }
    fixture_close(&f);
}

Test(filter_text, a_column_that_was_never_filled_is_missing_everywhere)
{
    fixture f;
    text_open(&f);
    cr_assert_eq(fixture_where(&f, "agent = a"), 0);
    cr_assert_eq(fixture_where(&f, "agent contains ''"), 0);
    cr_assert_eq(fixture_where(&f, "agent >= ''"), 0);
    cr_assert_eq(fixture_where(&f, "agent != a"), TEXTS + 1);
    cr_assert_eq(fixture_where(&f, "agent not in (a, b)"), TEXTS + 1);
    fixture_close(&f);
}

Test(filter_text, refuses_to_be_compared_with_times)
{
    static const char *const fields[3] = {"channel", "text", "agent"};
    fixture f;
    text_open(&f);
    for (int i = 0; i < 3; i++) {
        kundig_query *query = fixture_query(NULL);
        kundig_value values[2] = {{.type = KUNDIG_VALUE_TEXT, .text = {"a", 1}},
                                  {.type = KUNDIG_VALUE_TIME, .number = 5}};
        char message[80];
        uint32_t node;
        cr_assert_eq(kundig_query_condition(query, fields[i], strlen(fields[i]), KUNDIG_OP_IN,
                                            values, 2, &node, &f.err),
                     KUNDIG_OK);
        cr_assert_eq(kundig_query_keep(query, node, &f.err), KUNDIG_OK);
        cr_assert_eq(fixture_count(&f, query), KUNDIG_E_ARG);
        snprintf(message, sizeof message, "'%s' is compared with texts, not with times", fields[i]);
        cr_assert_str_eq(f.err.message, message);
        kundig_query_free(query);
    }
    fixture_close(&f);
}

static int64_t text_call(fixture *f, void *ud)
{
    return fixture_count(f, ud);
}

Test(filter_text, survives_failure_of_every_allocation)
{
    fixture f;
    text_open(&f);
    kundig_query *query = fixture_query("channel contains A or note > b or text contains AB or "
                                        "id in (a, b)");
    fixture_sweep(&f, text_call, query);
    kundig_query_free(query);
    fixture_close(&f);
}
