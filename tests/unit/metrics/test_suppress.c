/* That no hidden cell can be worked out is shown by tests/report/attack.c. */
#include "planned.h"

TestSuite(suppress, .fini = probe_fini);

static kundig__plan *suppress_plan(fixture *f, const kundig__plan_rules *rules)
{
    kundig__plan *plan = NULL;
    cr_assert_eq(kundig__plan_new(f->corpus, rules, &plan, &f->err), KUNDIG_OK, "%s",
                 f->err.message);
    return plan;
}

/* The word of the cell that the n-th record stands in. */
static int suppress_says(const fixture *f, const kundig__plan *plan, bool stage, bool channel,
                         uint32_t row)
{
    kundig__field fields[2];
    size_t count = 0;
    if (stage) {
        cr_assert_eq(
            kundig__field_resolve(f->corpus, KUNDIG__TEXT("stage"), &fields[count++], NULL), 0);
    }
    if (channel) {
        cr_assert_eq(
            kundig__field_resolve(f->corpus, KUNDIG__TEXT("channel"), &fields[count++], NULL), 0);
    }
    const kundig__cube_table *table = kundig__plan_table(plan, fields, count, KUNDIG_EVERY_NONE);
    cr_assert_not_null(table);
    return kundig__plan_says(plan, table, NULL, row);
}

Test(suppress, a_small_cell_takes_another_one_along)
{
    static const planned records[] = {
        {"A", NULL, 1, 9, NULL, 2}, {"B", NULL, 1, 9, NULL, 20}, {"C", NULL, 1, 9, NULL, 7}};
    kundig__plan_rules rules = planned_rules(5, false, 0);
    fixture f;
    fixture_open(&f);
    planned_add(&f, records, 3);
    kundig__plan *plan = suppress_plan(&f, &rules);
    cr_assert_eq(suppress_says(&f, plan, false, false, 0), KUNDIG__PLAN_SHOWN);
    cr_assert_eq(suppress_says(&f, plan, true, false, 0), KUNDIG__PLAN_HIDDEN);
    cr_assert_eq(suppress_says(&f, plan, true, false, 2), KUNDIG__PLAN_SHOWN);
    cr_assert_eq(suppress_says(&f, plan, true, false, 22), KUNDIG__PLAN_HIDDEN, "the smaller one");
    cr_assert(plan->shows_customers);
    kundig__plan_free(plan);
    fixture_close(&f);
}

Test(suppress, nothing_is_hidden_where_all_are_many)
{
    static const planned records[] = {{"A", "email", 1, 9, NULL, 6},
                                      {"A", "phone", 1, 2, NULL, 6},
                                      {"B", "phone", 1, 9, NULL, 6}};
    kundig__plan_rules rules = planned_rules(5, true, 1u << KUNDIG_EVERY_YEAR);
    fixture f;
    fixture_open(&f);
    planned_add(&f, records, 3);
    kundig__plan *plan = suppress_plan(&f, &rules);
    for (uint32_t row = 0; row < 18; row += 6) {
        for (int i = 0; i < 4; i++) {
            cr_assert_eq(suppress_says(&f, plan, i & 1, i & 2, row), KUNDIG__PLAN_SHOWN);
        }
    }
    kundig__plan_free(plan);
    fixture_close(&f);
}

Test(suppress, all_of_a_table_is_withheld_where_nothing_can_take_part)
{
    static const planned records[] = {{"A", NULL, 1, 9, NULL, 20}, {"B", NULL, 1, 2, NULL, 1}};
    kundig__plan_rules rules = planned_rules(5, false, 0);
    fixture f;
    fixture_open(&f);
    planned_add(&f, records, 2);
    kundig__plan *plan = suppress_plan(&f, &rules);
    cr_assert_eq(suppress_says(&f, plan, false, false, 0), KUNDIG__PLAN_SHOWN);
    cr_assert_neq(suppress_says(&f, plan, true, false, 0), KUNDIG__PLAN_SHOWN);
    cr_assert_neq(suppress_says(&f, plan, true, false, 20), KUNDIG__PLAN_SHOWN);
    kundig__plan_free(plan);
    fixture_close(&f);
}

Test(suppress, few_customers_are_few_however_much_they_say)
{
    static const planned records[] = {
        {"A", NULL, 1, 9, "Ann", 30}, {"B", NULL, 1, 9, NULL, 20}, {"C", NULL, 1, 9, NULL, 20}};
    kundig__plan_rules rules = planned_rules(5, false, 0);
    fixture f;
    fixture_open(&f);
    planned_add(&f, records, 3);
    kundig__plan *plan = suppress_plan(&f, &rules);
    cr_assert_neq(suppress_says(&f, plan, true, false, 0), KUNDIG__PLAN_SHOWN);
    kundig__plan_free(plan);
    fixture_close(&f);
}

Test(suppress, an_empty_corpus_has_a_plan_and_tables_must_be_declared)
{
    kundig__plan_rules rules = planned_rules(5, false, 1u << KUNDIG_EVERY_MONTH);
    fixture f;
    fixture_open(&f);
    kundig__plan *plan = suppress_plan(&f, &rules);
    kundig__field channel;
    cr_assert_eq(kundig__field_resolve(f.corpus, KUNDIG__TEXT("channel"), &channel, NULL), 0);
    cr_assert_null(kundig__plan_table(plan, &channel, 1, KUNDIG_EVERY_NONE));
    cr_assert_null(kundig__plan_table(plan, NULL, 0, KUNDIG_EVERY_WEEK));
    cr_assert_not_null(kundig__plan_table(plan, NULL, 0, KUNDIG_EVERY_MONTH));
    kundig__plan_free(plan);
    kundig__plan_free(NULL);
    fixture_close(&f);
}

static int64_t suppress_sweep(fixture *f, void *ud)
{
    kundig__plan *plan = NULL;
    int rc = kundig__plan_new(f->corpus, ud, &plan, &f->err);
    kundig__plan_free(plan);
    return rc;
}

Test(suppress, fails_cleanly_at_every_allocation)
{
    static const planned records[] = {{"A", "email", 1, 9, NULL, 2},
                                      {"B", "phone", 1, 9, "Ann", 3},
                                      {"B", "email", 40, 9, NULL, 9},
                                      {"A", "phone", 1, 9, NULL, 9},
                                      {"B", "phone", 1, 4, NULL, 9}};
    kundig__plan_rules rules = planned_rules(4, true, 1u << KUNDIG_EVERY_MONTH);
    fixture f;
    fixture_open(&f);
    planned_add(&f, records, 5);
    fixture_sweep(&f, suppress_sweep, &rules);
    fixture_close(&f);
}
