#include "base/math.h"
#include "spoken.h"

TestSuite(funnel, .fini = probe_fini);

static kundig_table *funnelled(fixture *f, kundig_query *query)
{
    kundig_table *table = NULL;
    int rc = kundig__funnel(f->corpus, query, &table, &f->err);
    cr_assert_eq(rc, KUNDIG_OK, "%s", f->err.message);
    return table;
}

static void funnel_add(fixture *f, const char *agent, const char *customer, double answer,
                       int count)
{
    static int number;
    for (int i = 0; i < count; i++) {
        char id[32];
        snprintf(id, sizeof id, "f%d", number++);
        kundig_feedback record = fixture_record(id, NULL);
        kundig_score score = fixture_nps(answer);
        record.agent = kundig__str(agent);
        record.customer = kundig__str(customer);
        record.scores = &score;
        record.score_count = 1;
        cr_assert_eq(fixture_add(f, &record, 1, NULL), KUNDIG_OK);
    }
}

/* Three agents of 100 answers each: s = .6, .3 and -.2. Ann's nines heap up. */
static void funnel_agents(fixture *f)
{
    funnel_add(f, "Ann", NULL, 2, 10);
    funnel_add(f, "Ann", NULL, 7, 15);
    funnel_add(f, "Ann", NULL, 8, 5);
    funnel_add(f, "Ann", NULL, 9, 45);
    funnel_add(f, "Ann", NULL, 10, 25);
    funnel_add(f, "Bob", NULL, 6, 20);
    funnel_add(f, "Bob", NULL, 7, 10);
    funnel_add(f, "Bob", NULL, 8, 20);
    funnel_add(f, "Bob", NULL, 9, 20);
    funnel_add(f, "Bob", NULL, 10, 30);
    funnel_add(f, "Cid", NULL, 0, 40);
    funnel_add(f, "Cid", NULL, 7, 20);
    funnel_add(f, "Cid", NULL, 8, 20);
    funnel_add(f, "Cid", NULL, 9, 20);
}

static bool funnel_null(const kundig_table *table, size_t row, const char *name)
{
    return kundig_table_is_null(table, row, survey_column(table, name));
}

/* Expected values: exact fractions, and the formulas, in other code. */
Test(funnel, groups_stand_beside_what_chance_does)
{
    fixture f;
    fixture_open(&f);
    funnel_agents(&f);
    kundig_query *query = survey_query("nps");
    survey_group(query, "agent");
    kundig_table *table = funnelled(&f, query);
    cr_assert_eq(kundig_table_row_count(table), 3);
    static const double shrunk[][3] = {
        {.5878306878306878, .4411981684740739, .7344632071873017},
        {.2977873977873978, .154955579092325, .44061921648247065},
        {-.18561808561808563, -.33378166555765454, -.037454505678516686}};
    for (size_t row = 0; row < 3; row++) {
        cr_assert_float_eq(survey_number(table, row, "whole"), 70. / 300, 1e-15);
        cr_assert_float_eq(survey_number(table, row, "limit_95_lo"), .07, 1e-15);
        cr_assert_float_eq(survey_number(table, row, "limit_95_hi"), .39, 1e-15);
        cr_assert_float_eq(survey_number(table, row, "limit_998_lo"), -.02, 1e-15);
        cr_assert_float_eq(survey_number(table, row, "limit_998_hi"), .48, 1e-15);
        cr_assert_float_eq(survey_number(table, row, "shrunk"), shrunk[row][0], 1e-12);
        cr_assert_float_eq(survey_number(table, row, "shrunk_lo"), shrunk[row][1], 1e-12);
        cr_assert_float_eq(survey_number(table, row, "shrunk_hi"), shrunk[row][2], 1e-12);
        cr_assert_str_eq(survey_text(table, row, "limits"), "exact");
        cr_assert_eq(survey_number(table, row, "rank"), (double)row + 1);
    }
    cr_assert_str_eq(survey_text(table, 0, "outside"), "99.8");
    cr_assert(funnel_null(table, 1, "outside"));
    cr_assert_str_eq(survey_text(table, 2, "outside"), "99.8");
    cr_assert(survey_note(table, "2 of 3 groups are outside the 95 % limits, 2 of them"));
    cr_assert(survey_note(table, "standard deviation of about 39.7 points"));
    kundig_table_free(table);
    kundig_query_free(query);
    fixture_close(&f);
}

/* Agresti and Caffo (2000) of 45/50 against 50/90 and so on, then Benjamini-Hochberg. */
Test(funnel, nines_that_heap_up_are_told)
{
    fixture f;
    fixture_open(&f);
    funnel_agents(&f);
    kundig_query *query = survey_query("nps");
    survey_group(query, "agent");
    kundig_table *table = funnelled(&f, query);
    cr_assert_float_eq(survey_number(table, 0, "heaping"), .9, 1e-15);
    cr_assert_float_eq(survey_number(table, 1, "heaping"), .5, 1e-15);
    cr_assert_float_eq(survey_number(table, 2, "heaping"), .5, 1e-15);
    cr_assert_float_eq(survey_number(table, 0, "heaping_others"), 40. / 80, 1e-15);
    cr_assert_float_eq(survey_number(table, 0, "heaping_q"), 1.6630050658380352e-07, 1e-18);
    kundig_table_free(table);
    query->metric = kundig__str("score_mean");
    table = funnelled(&f, query);
    cr_assert(funnel_null(table, 0, "heaping"), "a mean has no cut");
    cr_assert_str_eq(survey_text(table, 0, "limits"), "normal");
    kundig_table_free(table);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(funnel, groups_whose_intervals_overlap_have_no_rank)
{
    fixture f;
    fixture_open(&f);
    funnel_agents(&f);
    /* between Ann and Bob, and above and below nobody: few answers, a wide interval */
    funnel_add(&f, "Dee", NULL, 10, 3);
    funnel_add(&f, "Dee", NULL, 0, 2);
    kundig_query *query = survey_query("nps");
    survey_group(query, "agent");
    kundig_table *table = funnelled(&f, query);
    for (size_t row = 0; row < 4; row++) {
        double lo = survey_number(table, row, "lo");
        double hi = survey_number(table, row, "hi");
        bool apart = true;
        for (size_t other = 0; other < 4; other++) {
            apart = apart && (other == row || survey_number(table, other, "lo") > hi ||
                              survey_number(table, other, "hi") < lo);
        }
        cr_assert_eq(funnel_null(table, row, "rank"), !apart, "row %zu", row);
    }
    cr_assert(funnel_null(table, 3, "rank"));
    cr_assert(funnel_null(table, 0, "rank"), "one far down the list overlaps the first");
    cr_assert(survey_number(table, 3, "shrunk") > .2, "five answers say little");
    kundig_table_free(table);
    query->min_n = 10;
    table = funnelled(&f, query);
    cr_assert_str_eq(survey_text(table, 3, "status"), "too_few");
    cr_assert(funnel_null(table, 3, "shrunk"));
    cr_assert_eq(survey_number(table, 3, "n"), 5);
    cr_assert_eq(survey_number(table, 0, "rank"), 1);
    kundig_table_free(table);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(funnel, one_customer_who_answers_often_widens_the_limits_of_a_group)
{
    fixture f;
    fixture_open(&f);
    funnel_agents(&f);
    funnel_add(&f, "Eve", "loud", 0, 38);
    funnel_add(&f, "Eve", "one", 10, 1);
    funnel_add(&f, "Eve", "two", 10, 1);
    funnel_add(&f, "Fay", NULL, 0, 38);
    funnel_add(&f, "Fay", NULL, 10, 2);
    kundig_query *query = survey_query("nps");
    survey_group(query, "agent");
    kundig_table *table = funnelled(&f, query);
    cr_assert(funnel_null(table, 3, "outside"), "38 mails of one customer are one voice");
    cr_assert_str_eq(survey_text(table, 4, "outside"), "99.8");
    cr_assert_str_eq(survey_text(table, 3, "limits"), "normal");
    cr_assert(survey_number(table, 3, "shrunk") > survey_number(table, 4, "shrunk"));
    kundig_table_free(table);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(funnel, refuses_what_has_no_limits_or_no_groups)
{
    fixture f;
    kundig_table *table = NULL;
    fixture_open(&f);
    funnel_agents(&f);
    kundig_query *query = survey_query("nps");
    cr_assert_eq(kundig__funnel(f.corpus, query, &table, &f.err), KUNDIG_E_ARG);
    cr_assert(strstr(f.err.message, "name a field to group by"));
    survey_group(query, "agent");
    query->metric = kundig__str("count");
    cr_assert_eq(kundig__funnel(f.corpus, query, &table, &f.err), KUNDIG_E_ARG);
    kundig_feedback comment = fixture_record("said", "too late again");
    cr_assert_eq(fixture_add(&f, &comment, 1, NULL), KUNDIG_OK);
    query->metric = kundig__str("share");
    survey_group(query, "topic");
    cr_assert_eq(kundig__funnel(f.corpus, query, &table, &f.err), KUNDIG_E_ARG, "%s",
                 f.err.message);
    cr_assert_null(table);
    kundig_query_free(query);
    query = survey_query("nps");
    survey_group(query, "agent");
    uint32_t node = survey_node(query, "agent = nobody");
    cr_assert_eq(kundig_query_keep(query, node, NULL), KUNDIG_OK);
    table = funnelled(&f, query);
    cr_assert_eq(kundig_table_row_count(table), 0);
    kundig_table_free(table);
    kundig_query_free(query);
    fixture_close(&f);
}

/* With nothing going on the exact limits are left no more often than they say. */
Test(funnel, noise_leaves_exact_limits_no_more_often_than_stated)
{
    fixture f;
    kundig__prng prng;
    int outside = 0;
    fixture_open(&f);
    kundig__prng_init(&prng, 77);
    for (int agent = 0; agent < 400; agent++) {
        static const double answers[] = {1, 8, 10, 10, 9};
        char name[16];
        snprintf(name, sizeof name, "a%03d", agent);
        for (int i = 0; i < 12; i++) {
            funnel_add(&f, name, NULL, answers[kundig__prng_below(&prng, 5)], 1);
        }
    }
    kundig_query *query = survey_query("nps");
    survey_group(query, "agent");
    kundig_table *table = funnelled(&f, query);
    cr_assert_eq(kundig_table_row_count(table), 400);
    for (size_t row = 0; row < 400; row++) {
        outside += !funnel_null(table, row, "outside");
        cr_assert(funnel_null(table, row, "rank"));
    }
    cr_assert(outside > 0 && outside <= 20 + 13, "%d of 400", outside); /* three standard errors */
    kundig_table_free(table);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(funnel, same_bytes_in_any_order_and_with_any_threads)
{
    static spoken s;
    static const char *const metrics[] = {"nps", "csat", "csat_mean", "sentiment"};
    spoken_make(&s, 250, SURVEY_CUSTOMERS | SURVEY_WEIGHTS, 23);
    for (size_t m = 0; m < 8; m++) {
        kundig_query *query = survey_query(metrics[m % 4]);
        kundig_bytes *first = NULL;
        query->unit = m < 4 ? KUNDIG_OF_RECORDS : KUNDIG_OF_CUSTOMERS;
        query->every = m == 2 ? KUNDIG_EVERY_MONTH : KUNDIG_EVERY_NONE;
        survey_group(query, m % 2 ? "stage" : "topic");
        for (size_t step = 1; step <= 3; step++) {
            fixture f;
            fixture_open(&f);
            f.context.threads = (uint32_t)step;
            for (size_t start = 0; start < step; start++) {
                cr_assert_eq(survey_add(&f, &s.survey, step - 1 - start, s.survey.count, step),
                             KUNDIG_OK);
            }
            spoken_choose_model(&f, "theme some: Some\ntopic thing: A thing\nany: thing\n");
            spoken_plant(&f, &s, 0xFF);
            kundig_bytes *bytes = survey_json(funnelled(&f, query));
            if (first) {
                survey_same(first, bytes);
                kundig_bytes_free(bytes);
            } else {
                first = bytes;
            }
            fixture_close(&f);
        }
        kundig_bytes_free(first);
        kundig_query_free(query);
    }
}

Test(funnel, fails_cleanly_at_every_allocation)
{
    static survey s;
    fixture f;
    survey_make(&s, 40, SURVEY_CUSTOMERS, 24);
    fixture_open(&f);
    cr_assert_eq(survey_add(&f, &s, 0, s.count, 1), KUNDIG_OK);
    kundig_query *query = survey_query("nps");
    survey_group(query, "stage");
    survey_warm(&f);
    for (int on = 0; on < 2; on++) {
        int rc = KUNDIG_E_NOMEM;
        for (size_t at = 1; rc; at++) {
            kundig_table *table = NULL;
            size_t live = probe_shared.live_blocks;
            probe_shared.fail_at = probe_shared.allocations + at;
            probe_shared.fail_on = on;
            rc = kundig__funnel(f.corpus, query, &table, &f.err);
            probe_shared.fail_at = 0;
            probe_shared.fail_on = false;
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM);
            kundig_table_free(table);
            cr_assert_eq(probe_shared.live_blocks, live);
        }
    }
    kundig_query_free(query);
    fixture_close(&f);
}
