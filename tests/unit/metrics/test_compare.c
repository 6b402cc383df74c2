#include "base/math.h"
#include "spoken.h"

TestSuite(compare, .fini = probe_fini);

static kundig_table *compared(fixture *f, kundig_query *query, const char *a, const char *b)
{
    kundig_table *table = NULL;
    int rc = kundig__compare(f->corpus, query, survey_node(query, a), survey_node(query, b), &table,
                             &f->err);
    cr_assert_eq(rc, KUNDIG_OK, "%s", f->err.message);
    return table;
}

static void compare_fill(fixture *f, const char *channel, const int *counts)
{
    static const double answers[] = {3, 8, 10};
    for (int kind = 0; kind < 3; kind++) {
        for (int i = 0; i < counts[kind]; i++) {
            char id[32];
            snprintf(id, sizeof id, "%s-%d-%d", channel, kind, i);
            kundig_feedback record = fixture_record(id, NULL);
            kundig_score score = fixture_nps(answers[kind]);
            record.channel = kundig__str(channel);
            record.scores = &score;
            record.score_count = 1;
            cr_assert_eq(fixture_add(f, &record, 1, NULL), KUNDIG_OK);
        }
    }
}

Test(compare, gives_the_published_difference)
{
    static const int first[] = {20, 30, 50};
    static const int second[] = {10, 20, 70};
    fixture f;
    fixture_open(&f);
    compare_fill(&f, "before", first);
    compare_fill(&f, "after", second);
    kundig_query *query = survey_query("nps");
    kundig_table *table = compared(&f, query, "channel = before", "channel = after");
    cr_assert_eq(kundig_table_row_count(table), 1);
    cr_assert_float_eq(survey_number(table, 0, "difference"), .3, 1e-12);
    cr_assert_float_eq(survey_number(table, 0, "z"), 2.869392, 5e-7);
    cr_assert_float_eq(survey_number(table, 0, "p"), .004113, 5e-7);
    cr_assert_eq(survey_number(table, 0, "q"), survey_number(table, 0, "p"));
    cr_assert_eq(survey_number(table, 0, "a_n"), 100);
    cr_assert_str_eq(survey_text(table, 0, "method"), "adjusted Wald");
    kundig_table_free(table);
    query->interval = KUNDIG_INTERVAL_WALD;
    table = compared(&f, query, "channel = before", "channel = after");
    cr_assert_float_eq(survey_number(table, 0, "lo"), .099163, 5e-7);
    cr_assert_float_eq(survey_number(table, 0, "hi"), .500837, 5e-7);
    cr_assert_float_eq(survey_number(table, 0, "p"), .003415, 5e-7);
    kundig_table_free(table);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(compare, refuses_sets_that_share_records_and_counts)
{
    static const int counts[] = {1, 2, 3};
    fixture f;
    kundig_table *table = NULL;
    fixture_open(&f);
    compare_fill(&f, "email", counts);
    kundig_query *query = survey_query("nps");
    uint32_t a = survey_node(query, "nps >= 8");
    uint32_t b = survey_node(query, "nps <= 8");
    cr_assert_eq(kundig__compare(f.corpus, query, a, b, &table, &f.err), KUNDIG_E_ARG);
    cr_assert(strstr(f.err.message, "2 records stand in both sets"), "%s", f.err.message);
    query->metric = kundig__str("count");
    cr_assert_eq(kundig__compare(f.corpus, query, a, b, &table, &f.err), KUNDIG_E_ARG);
    cr_assert_null(table);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(compare, influence_of_customers_is_summed_over_both_sets)
{
    static survey s;
    static double influence[SURVEY_MAX];
    fixture f;
    survey_make(&s, 300, SURVEY_CUSTOMERS | SURVEY_WEIGHTS, 21);
    fixture_open(&f);
    cr_assert_eq(survey_add(&f, &s, 0, s.count, 1), KUNDIG_OK);
    kundig_query *query = survey_query("nps");
    query->interval = KUNDIG_INTERVAL_WALD;
    kundig_table *table = compared(&f, query, "channel = email", "channel = phone");

    double w[2] = {0};
    double wx[2] = {0};
    for (size_t i = 0; i < s.count; i++) {
        const kundig_feedback *r = &s.answers[i].record;
        if (r->score_count && r->scores[0].scale == KUNDIG_SCALE_NPS) {
            int set = r->channel.data[0] == 'p';
            w[set] += r->weight;
            wx[set] += r->weight * ((r->scores[0].value >= 9) - (r->scores[0].value < 7));
        }
    }
    double q = 0;
    double clusters = 0;
    for (size_t i = 0; i < s.count; i++) {
        const kundig_feedback *r = &s.answers[i].record;
        size_t leader = i;
        influence[i] = 0;
        for (size_t j = 0; r->customer.data && j < i; j++) {
            const kundig_feedback *o = &s.answers[j].record;
            if (kundig__text_equal(o->customer, r->customer) && o->score_count &&
                o->scores[0].scale == KUNDIG_SCALE_NPS) {
                leader = j;
                break;
            }
        }
        if (r->score_count && r->scores[0].scale == KUNDIG_SCALE_NPS) {
            int set = r->channel.data[0] == 'p';
            double x = (r->scores[0].value >= 9) - (r->scores[0].value < 7);
            clusters += leader == i;
            influence[leader] += (set ? 1 : -1) * r->weight * (x - wx[set] / w[set]) / w[set];
        }
    }
    for (size_t i = 0; i < s.count; i++) {
        q += influence[i] * influence[i];
    }
    double se = kundig__sqrt(clusters / (clusters - 1) * q);
    cr_assert_float_eq(survey_number(table, 0, "se"), se, 1e-14);
    cr_assert_float_eq(survey_number(table, 0, "difference"), wx[1] / w[1] - wx[0] / w[0], 1e-14);
    cr_assert_str_eq(survey_text(table, 0, "method"), "Wald, weighted, clustered by customer");
    kundig_table_free(table);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(compare, joins_groups_by_key_and_corrects_over_rows)
{
    static survey s;
    fixture f;
    survey_make(&s, 300, SURVEY_CUSTOMERS, 22);
    /* one stage is never reached by phone */
    for (size_t i = 0; i < s.count; i++) {
        kundig_feedback *r = &s.answers[i].record;
        if (kundig__text_equal(r->stage, KUNDIG__TEXT("Delivery"))) {
            r->channel = KUNDIG__TEXT("email");
        }
    }
    fixture_open(&f);
    cr_assert_eq(survey_add(&f, &s, 0, s.count, 1), KUNDIG_OK);
    kundig_query *query = survey_query("nps");
    survey_group(query, "stage");
    kundig_table *table = compared(&f, query, "channel = email", "channel = phone");
    cr_assert_eq(kundig_table_row_count(table), 4);
    cr_assert(kundig_table_is_null(table, 0, 0));
    cr_assert_str_eq(survey_text(table, 1, "stage"), "Delivery");
    cr_assert_str_eq(survey_text(table, 1, "status"), "no_data");
    cr_assert_str_eq(survey_text(table, 1, "method"), "no answer in b");
    cr_assert(kundig_table_is_null(table, 1, survey_column(table, "p")));
    for (size_t row = 0; row < 4; row++) {
        if (row != 1) {
            cr_assert(survey_number(table, row, "q") >= survey_number(table, row, "p"));
            cr_assert(survey_number(table, row, "detectable") > 0);
        }
    }
    kundig_table_free(table);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(compare, same_bytes_in_any_order_and_with_any_threads)
{
    static survey s;
    static const char *const metrics[] = {"nps", "csat", "csat_mean"};
    survey_make(&s, 250, SURVEY_CUSTOMERS | SURVEY_WEIGHTS, 23);
    for (size_t m = 0; m < 6; m++) {
        kundig_query *query = survey_query(metrics[m % 3]);
        kundig_bytes *first = NULL;
        query->unit = m < 3 ? KUNDIG_OF_RECORDS : KUNDIG_OF_CUSTOMERS;
        survey_group(query, "stage");
        uint32_t a = survey_node(query, "channel = email");
        uint32_t b = survey_node(query, "channel = phone");
        for (size_t step = 1; step <= 3; step++) {
            fixture f;
            kundig_table *table = NULL;
            fixture_open(&f);
            f.context.threads = (uint32_t)step;
            for (size_t start = 0; start < step; start++) {
                cr_assert_eq(survey_add(&f, &s, step - 1 - start, s.count, step), KUNDIG_OK);
            }
            cr_assert_eq(kundig__compare(f.corpus, query, a, b, &table, &f.err), KUNDIG_OK);
            kundig_bytes *bytes = survey_json(table);
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

Test(compare, fails_cleanly_at_every_allocation)
{
    static survey s;
    fixture f;
    survey_make(&s, 40, SURVEY_CUSTOMERS, 24);
    fixture_open(&f);
    cr_assert_eq(survey_add(&f, &s, 0, s.count, 1), KUNDIG_OK);
    kundig_query *query = survey_query("nps");
    survey_group(query, "stage");
    uint32_t a = survey_node(query, "channel = email");
    uint32_t b = survey_node(query, "channel = phone");
    survey_warm(&f);
    for (int on = 0; on < 2; on++) {
        int rc = KUNDIG_E_NOMEM;
        for (size_t at = 1; rc; at++) {
            kundig_table *table = NULL;
            size_t live = probe_shared.live_blocks;
            probe_shared.fail_at = probe_shared.allocations + at;
            probe_shared.fail_on = on;
            rc = kundig__compare(f.corpus, query, a, b, &table, &f.err);
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

Test(compare, by_topic_is_what_the_same_sets_say_of_its_records)
{
    static spoken s;
    for (unsigned how = 0; how < 16; how++) {
        fixture f;
        spoken_make(&s, 200, how & 7, 700 + how);
        spoken_open(&f, &s, how % 2, 1);
        kundig_query *query = spoken_query(how % 3 ? "nps" : "csat_mean", "topic", NULL, NULL);
        query->unit = how & 8 ? KUNDIG_OF_CUSTOMERS : KUNDIG_OF_RECORDS;
        kundig_table *table = compared(&f, query, "channel = email", "channel = phone");
        cr_assert_eq(kundig_table_row_count(table), SAYING_TOPICS);
        for (size_t row = 0; row < SAYING_TOPICS; row++) {
            char condition[64];
            const char *name = row ? saying_topics[row - 1] : NULL;
            kundig_query *plain = survey_query(how % 3 ? "nps" : "csat_mean");
            plain->unit = query->unit;
            snprintf(condition, sizeof condition, name ? "topic = %s" : "topic is missing", name);
            cr_assert_eq(kundig_query_keep(plain, survey_node(plain, condition), NULL), KUNDIG_OK);
            kundig_table *alone = compared(&f, plain, "channel = email", "channel = phone");
            cr_assert(spoken_key_is(table, row, "topic", kundig__str(name)));
            spoken_same_row(table, row, alone, 0, "metric", "q");
            kundig_table_free(alone);
            kundig_query_free(plain);
        }
        kundig_table_free(table);
        kundig_query_free(query);
        fixture_close(&f);
    }
}
