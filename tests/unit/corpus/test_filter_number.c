/* Conditions on answers, numbers, booleans and weights, against plain comparison. */
#include <stdio.h>
#include <stdlib.h>

#include "fixture.h"

TestSuite(filter_number, .fini = probe_fini);

static const char *const number_ops[6] = {"=", "!=", "<", "<=", ">", ">="};

static bool number_meets(int op, double x, double value)
{
    const bool meets[6] = {x == value, x != value, x<value, x <= value, x> value, x >= value};
    return meets[op];
}

/* What stands in the records, and what it is compared with. */
static const double number_given[9] = {-1, -0.999, -0.001, 0, 0.001, 0.002, 0.29, 0.5, 1};
static const char *const number_values[14] = {"-9",     "-1",      "-0.0005", "-1e-300", "0",
                                              "0.0005", "0.001",   "0.002",   "0.29",    "0.5",
                                              "0.5001", "0.99999", "1",       "1e300"};

/* A record a number: as answer on a scale of its own, as attribute, as weight if it may be one; and
 * one record without all. */
static void number_open(fixture *f)
{
    fixture_open(f);
    for (int i = 0; i < 10; i++) {
        char id[2] = {(char)('0' + i), 0};
        double given = i < 9 ? number_given[i] : 0;
        kundig_score score = {.question = {"q", 1},
                              .scale = KUNDIG_SCALE_DECLARED,
                              .direction = KUNDIG_HIGHER_IS_BETTER,
                              .minimum = -1,
                              .maximum = 1,
                              .value = given};
        kundig_attribute attributes[2] = {
            {{"a", 1}, {.type = KUNDIG_VALUE_NUMBER, .number = given}},
            {{"yes", 3}, {.type = KUNDIG_VALUE_BOOL, .boolean = i % 3 == 0}}};
        kundig_feedback r = fixture_record(id, NULL);
        r.scores = &score;
        r.score_count = i < 9;
        r.attributes = attributes;
        r.attribute_count = i < 9 ? 2 : 0;
        r.has_weight = given > 0;
        r.weight = given;
        cr_assert_eq(fixture_add(f, &r, 1, NULL), KUNDIG_OK, "%s", f->err.message);
    }
}

static void number_is(fixture *f, const char *where, int64_t expected)
{
    int64_t count = fixture_where(f, where);
    cr_assert_eq(count, expected, "%s: %lld, not %lld (%s)", where, (long long)count,
                 (long long)expected, f->err.message);
}

Test(filter_number, answers_and_numbers_compare_as_the_decimals_they_are)
{
    fixture f;
    number_open(&f);
    for (int op = 0; op < 6; op++) {
        for (int v = 0; v < 14; v++) {
            char where[64];
            int64_t expected = op == 1; /* != holds where there is no value */
            for (int i = 0; i < 9; i++) {
                expected += number_meets(op, number_given[i], strtod(number_values[v], NULL));
            }
            snprintf(where, sizeof where, "q %s %s", number_ops[op], number_values[v]);
            number_is(&f, where, expected);
            snprintf(where, sizeof where, "a %s %s", number_ops[op], number_values[v]);
            number_is(&f, where, expected);
        }
    }
    fixture_close(&f);
}

Test(filter_number, ranges_and_sets_agree_with_the_comparisons_they_are_made_of)
{
    fixture f;
    number_open(&f);
    for (int v = 0; v < 14; v++) {
        for (int w = 0; w < 14; w++) {
            char where[96];
            double from = strtod(number_values[v], NULL);
            double to = strtod(number_values[w], NULL);
            int64_t between = 0;
            int64_t in = 0;
            for (int i = 0; i < 9; i++) {
                between += number_given[i] >= from && number_given[i] <= to;
                in += number_given[i] == from || number_given[i] == to;
            }
            for (int field = 0; field < 2; field++) {
                snprintf(where, sizeof where, "%s between %s and %s", field ? "q" : "a",
                         number_values[v], number_values[w]);
                number_is(&f, where, between);
                snprintf(where, sizeof where, "%s in (%s, %s)", field ? "q" : "a", number_values[v],
                         number_values[w]);
                number_is(&f, where, in);
            }
        }
    }
    fixture_close(&f);
}

Test(filter_number, weights_are_one_where_none_is_given)
{
    fixture f;
    number_open(&f);
    number_is(&f, "weight = 1", 6); /* five without, and the one that says so */
    number_is(&f, "weight = 0.5", 1);
    number_is(&f, "weight < 0.5", 3);
    number_is(&f, "weight is missing", 0);
    fixture_close(&f);
    fixture_open(&f);
    kundig_feedback r = fixture_record("1", NULL);
    cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    number_is(&f, "weight = 1", 1);
    number_is(&f, "weight != 1", 0);
    fixture_close(&f);
}

Test(filter_number, truth_is_written_in_three_ways_in_any_case)
{
    static const char *const words[6] = {"true", "YES", "1", "False", "no", "0"};
    fixture f;
    number_open(&f);
    for (int i = 0; i < 6; i++) {
        char where[40];
        snprintf(where, sizeof where, "yes = %s", words[i]);
        number_is(&f, where, i < 3 ? 3 : 6);
        snprintf(where, sizeof where, "yes != %s", words[i]);
        number_is(&f, where, i < 3 ? 7 : 4);
    }
    number_is(&f, "yes in (true, 0)", 9);
    number_is(&f, "yes is missing", 1);
    number_is(&f, "yes is not missing", 9);
    fixture_close(&f);
}

Test(filter_number, refuses_what_is_no_number_and_orders_of_truth)
{
    static const struct {
        const char *where;
        int64_t rc;
        const char *message;
    } cases[] = {
        {"q = ''", KUNDIG_E_VALUE, "'' is not a number, as 'q' needs"},
        {"q in (1, 2, x)", KUNDIG_E_VALUE, "'x' is not a number, as 'q' needs"},
        {"a between 1 and nan", KUNDIG_E_VALUE, "'nan' is not a number, as 'a' needs"},
        {"weight = inf", KUNDIG_E_VALUE, "'inf' is not a number, as 'weight' needs"},
        {"a contains 1", KUNDIG_E_ARG, "'a' is no text: 'contains' does not fit it"},
        {"yes contains t", KUNDIG_E_ARG, "'yes' is no text: 'contains' does not fit it"},
        {"yes between 0 and 1", KUNDIG_E_ARG,
         "'yes' is true or false: only =, !=, in and missing fit it"},
        {"yes = 2", KUNDIG_E_VALUE, "'2' is not true or false, as 'yes' needs"},
    };
    fixture f;
    number_open(&f);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cr_assert_eq(fixture_where(&f, cases[i].where), cases[i].rc, "%s", cases[i].where);
        cr_assert_str_eq(f.err.message, cases[i].message);
    }
    /* The calls may be given a time; a number it is not. */
    kundig_query *query = fixture_query(NULL);
    kundig_value value = {.type = KUNDIG_VALUE_TIME, .number = 5};
    uint32_t node;
    cr_assert_eq(kundig_query_condition(query, "q", 1, KUNDIG_OP_EQUAL, &value, 1, &node, &f.err),
                 KUNDIG_OK);
    cr_assert_eq(kundig_query_keep(query, node, &f.err), KUNDIG_OK);
    cr_assert_eq(fixture_count(&f, query), KUNDIG_E_VALUE);
    cr_assert_str_eq(f.err.message, "'a time' is not a number, as 'q' needs");
    kundig_query_free(query);
    fixture_close(&f);
}

static int64_t number_call(fixture *f, void *ud)
{
    return fixture_count(f, ud);
}

Test(filter_number, survives_failure_of_every_allocation)
{
    fixture f;
    number_open(&f);
    kundig_query *query = fixture_query("(q in (0, 0.5, 7) or a < 0 or yes = no) and weight > 0");
    fixture_sweep(&f, number_call, query);
    kundig_query_free(query);
    fixture_close(&f);
}
