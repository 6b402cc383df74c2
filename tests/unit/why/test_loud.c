#include "../metrics/spoken.h"
#include "base/math.h"
#include "corpus/rows.h"
#include "why/why.h"

TestSuite(loud, .fini = probe_fini);

static kundig_table *louded(fixture *f, const kundig_query *query)
{
    kundig_table *table = NULL;
    int rc = kundig__loud(f->corpus, query, 0, &table, &f->err);
    cr_assert_eq(rc, KUNDIG_OK, "%s", f->err.message);
    return table;
}

static void loud_add(fixture *f, const char *channel, const char *customer, double answer,
                     int count)
{
    static int number;
    for (int i = 0; i < count; i++) {
        char id[32];
        snprintf(id, sizeof id, "v%d", number++);
        kundig_feedback record = fixture_record(id, NULL);
        kundig_score score = fixture_nps(answer);
        record.channel = kundig__str(channel);
        record.customer = kundig__str(customer);
        record.scores = &score;
        record.score_count = 1;
        cr_assert_eq(fixture_add(f, &record, 1, NULL), KUNDIG_OK);
    }
}

/* Customers who write once each. */
static void loud_crowd(fixture *f, const char *channel, const char *name, double answer, int count)
{
    for (int i = 0; i < count; i++) {
        char customer[32];
        snprintf(customer, sizeof customer, "%s%d", name, i);
        loud_add(f, channel, customer, answer, 1);
    }
}

static size_t loud_row_of(const kundig_table *table, const char *key)
{
    for (size_t row = 0; row < kundig_table_row_count(table); row++) {
        kundig_text text = kundig_table_text(table, row, 0);
        if (kundig__text_equal(text, kundig__str(key))) {
            return row;
        }
    }
    cr_assert(false, "no row of %s", key ? key : "nothing");
    return 0;
}

static bool loud_null(const kundig_table *table, size_t row, const char *name)
{
    return kundig_table_is_null(table, row, survey_column(table, name));
}

/* email: many, content. phone: few, all cross. chat: one who writes `mails` times, and two more.
 * shop: three who are as all the others. */
static void loud_scene(fixture *f, int mails)
{
    loud_crowd(f, "email", "e", 10, 60);
    loud_crowd(f, "email", "f", 8, 10);
    loud_crowd(f, "phone", "p", 1, 20);
    loud_add(f, "chat", "writer", 0, mails);
    loud_add(f, "chat", "d1", 9, 1);
    loud_add(f, "chat", "d2", 7, 1);
    loud_add(f, "shop", "s1", 10, 1);
    loud_add(f, "shop", "s2", 3, 1);
    loud_add(f, "shop", "s3", 10, 1);
}

static kundig_query *loud_query(const char *field)
{
    kundig_query *query = survey_query("nps");
    survey_group(query, field);
    return query;
}

Test(loud, one_customer_who_writes_38_mails_does_not_move_the_list)
{
    static const char *const columns[] = {"channel", "customers", "capped",    "impact", "lo", "hi",
                                          "q",       "meaning",   "direction", "at_risk"};
    fixture once;
    fixture often;
    fixture_open(&once);
    fixture_open(&often);
    loud_scene(&once, 1);
    loud_scene(&often, 38);
    kundig_query *query = loud_query("channel");
    kundig_table *a = louded(&once, query);
    kundig_table *b = louded(&often, query);
    cr_assert_eq(kundig_table_row_count(a), 4);
    cr_assert_eq(kundig_table_row_count(b), 4);
    for (size_t row = 0; row < 4; row++) {
        for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
            size_t column = survey_column(a, columns[i]);
            cr_assert_eq(kundig_table_is_null(a, row, column),
                         kundig_table_is_null(b, row, column));
            if (kundig_table_column_type(a, column) == KUNDIG_COLUMN_TEXT) {
                cr_assert(kundig__text_equal(kundig_table_text(a, row, column),
                                             kundig_table_text(b, row, column)),
                          "%s in row %zu", columns[i], row);
            } else if (!kundig_table_is_null(a, row, column)) {
                bool ranks = kundig_table_column_type(a, column) == KUNDIG_COLUMN_INT;
                /* a vote of 38 parts is whole but for its last digits */
                cr_assert_float_eq(kundig_table_number(a, row, column),
                                   kundig_table_number(b, row, column), ranks ? 0 : 1e-9,
                                   "%s in row %zu", columns[i], row);
            }
        }
    }
    size_t chat = loud_row_of(b, "chat");
    cr_assert_eq(survey_number(a, loud_row_of(a, "chat"), "loudness"), 3);
    cr_assert_eq(survey_number(b, chat, "loudness"), 2, "louder it is");
    cr_assert_eq(survey_number(b, chat, "records"), 40);
    cr_assert_eq(survey_number(b, chat, "top_share"), 38. / 40);
    cr_assert_eq(survey_number(b, chat, "gini"), 74. / 120); /* (-2 + 0 + 2 * 38) / (3 * 40) */
    cr_assert(survey_number(b, chat, "value") < -.9);
    cr_assert_eq(survey_number(b, chat, "capped"), 0);
    kundig_table_free(a);
    kundig_table_free(b);
    kundig_query_free(query);
    fixture_close(&once);
    fixture_close(&often);
}

/* S = (61 + 2 - 21 - 1) / 96 over customers; without phone (63 - 2) / 76. */
Test(loud, quadrants_part_what_is_written_from_what_it_weighs)
{
    fixture f;
    fixture_open(&f);
    loud_scene(&f, 38);
    kundig_query *query = loud_query("channel");
    kundig_table *table = louded(&f, query);
    size_t email = loud_row_of(table, "email");
    size_t phone = loud_row_of(table, "phone");
    size_t chat = loud_row_of(table, "chat");
    double whole = (63. - 22) / 96;
    cr_assert_float_eq(survey_number(table, phone, "impact"), whole - 61. / 76, 1e-12);
    cr_assert_float_eq(survey_number(table, email, "impact"), whole - -19. / 26, 1e-12);
    cr_assert_eq(survey_number(table, email, "meaning"), 1);
    cr_assert_eq(survey_number(table, phone, "meaning"), 2);
    cr_assert_str_eq(survey_text(table, email, "quadrant"), "loud and meaningful");
    cr_assert_str_eq(survey_text(table, phone, "quadrant"), "quiet but meaningful");
    cr_assert_str_eq(survey_text(table, chat, "quadrant"), "loud only");
    cr_assert_str_eq(survey_text(table, loud_row_of(table, "shop"), "quadrant"), "neither");
    cr_assert_str_eq(survey_text(table, phone, "direction"), "down");
    cr_assert_str_eq(survey_text(table, email, "direction"), "up");
    cr_assert_str_eq(survey_text(table, chat, "direction"), "within chance");
    cr_assert_eq(survey_number(table, email, "share_records"), 70. / 133);
    cr_assert_eq(survey_number(table, email, "share_customers"), 70. / 96);
    cr_assert(loud_null(table, phone, "at_risk"));
    cr_assert(survey_note(table, "of 96 customers the busiest 1 % (1) wrote 28.6 %"));
    cr_assert(
        survey_note(table, "nps is +3.0 of records, +42.7 where every customer has one vote"));
    kundig_table_free(table);
    table = NULL;
    cr_assert_eq(kundig__loud(f.corpus, query, 2, &table, &f.err), KUNDIG_OK);
    cr_assert_eq(kundig_table_row_count(table), 2);
    cr_assert(survey_note(table, "4 rows in all; the 2 that mean most are shown"));
    kundig_table_free(table);
    kundig_query_free(query);
    fixture_close(&f);
}

static void loud_revenue(fixture *f, const char *id, double revenue)
{
    kundig_customer customer;
    kundig_added added;
    kundig_customer_init(&customer);
    kundig_added_init(&added);
    customer.id = kundig__str(id);
    customer.revenue.type = KUNDIG_VALUE_NUMBER;
    customer.revenue.number = revenue;
    cr_assert_eq(
        kundig__facts_add(f->corpus, KUNDIG_FACTS_CUSTOMERS, &customer, 1, &added, &f->err),
        KUNDIG_OK, "%s", f->err.message);
}

Test(loud, what_customers_are_worth_weighs_in_where_it_is_known)
{
    fixture f;
    fixture_open(&f);
    loud_scene(&f, 1);
    for (int i = 0; i < 5; i++) {
        char id[32];
        snprintf(id, sizeof id, "e%d", i);
        loud_revenue(&f, id, 10);
        snprintf(id, sizeof id, "p%d", i);
        loud_revenue(&f, id, 2000.25);
    }
    kundig_query *query = loud_query("channel");
    kundig_table *table = louded(&f, query);
    size_t phone = loud_row_of(table, "phone");
    cr_assert_eq(survey_number(table, phone, "meaning"), 1, "few, but of great worth");
    cr_assert_eq(survey_number(table, phone, "at_risk"), 5 * 2000.25);
    cr_assert(loud_null(table, loud_row_of(table, "email"), "at_risk"), "nothing is at risk there");
    cr_assert(survey_note(table, "times their mean revenue"));
    kundig_table_free(table);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(loud, records_without_customers_are_ranked_by_records)
{
    fixture f;
    fixture_open(&f);
    loud_add(&f, "email", NULL, 10, 50);
    loud_add(&f, "email", NULL, 8, 10);
    loud_add(&f, "phone", NULL, 0, 30);
    loud_add(&f, "chat", NULL, 7, 10);
    loud_add(&f, NULL, NULL, 9, 4);
    kundig_query *query = loud_query("channel");
    kundig_table *table = louded(&f, query);
    cr_assert_eq(kundig_table_row_count(table), 4);
    for (size_t row = 0; row < 4; row++) {
        cr_assert(loud_null(table, row, "customers"));
        cr_assert(loud_null(table, row, "gini"));
        cr_assert(loud_null(table, row, "capped"));
    }
    cr_assert_eq(survey_number(table, loud_row_of(table, "email"), "meaning"), 1);
    cr_assert(loud_null(table, 3, "channel"), "records without a value stand last");
    cr_assert(loud_null(table, 3, "meaning"));
    cr_assert(loud_null(table, 3, "loudness"));
    cr_assert(survey_note(table, "no record names a customer"));
    kundig_table_free(table);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(loud, refuses_counts_and_several_fields_and_says_when_nothing_is_there)
{
    fixture f;
    kundig_table *table = NULL;
    fixture_open(&f);
    loud_scene(&f, 1);
    kundig_query *query = loud_query("channel");
    survey_group(query, "stage");
    cr_assert_eq(kundig__loud(f.corpus, query, 0, &table, &f.err), KUNDIG_E_ARG);
    kundig_query_free(query);
    query = loud_query("channel");
    query->metric = kundig__str("count");
    cr_assert_eq(kundig__loud(f.corpus, query, 0, &table, &f.err), KUNDIG_E_ARG);
    cr_assert_null(table);
    query->metric = kundig__str("nps");
    cr_assert_eq(kundig_query_keep(query, survey_node(query, "channel = none"), NULL), KUNDIG_OK);
    table = louded(&f, query);
    cr_assert_eq(kundig_table_row_count(table), 0);
    kundig_table_free(table);
    kundig_query_free(query);
    query = loud_query("channel");
    cr_assert_eq(kundig_query_keep(query, survey_node(query, "channel = phone"), NULL), KUNDIG_OK);
    table = louded(&f, query);
    cr_assert_str_eq(survey_text(table, 0, "status"), "undefined");
    cr_assert(loud_null(table, 0, "impact"));
    cr_assert(loud_null(table, 0, "meaning"));
    kundig_table_free(table);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(loud, same_bytes_in_any_order_and_with_any_threads)
{
    static spoken s;
    static const char *const fields[] = {"topic", "stage", "topic"};
    spoken_make(&s, 250, SURVEY_CUSTOMERS | SURVEY_WEIGHTS, 29);
    for (size_t m = 0; m < 3; m++) {
        kundig_query *query = loud_query(fields[m]);
        kundig_bytes *first = NULL;
        query->metric = kundig__str(m < 2 ? "nps" : "csat_mean");
        for (size_t step = 1; step <= 3; step++) {
            fixture f;
            fixture_open(&f);
            f.context.threads = (uint32_t)step;
            for (size_t start = 0; start < step; start++) {
                cr_assert_eq(survey_add(&f, &s.survey, step - 1 - start, s.survey.count, step),
                             KUNDIG_OK);
            }
            spoken_choose_model(&f, "theme some: Some\ntopic late: Late\nany: late\ntopic quick: "
                                    "Quick\nany: quick\n");
            kundig_bytes *bytes = survey_json(louded(&f, query));
            if (first) {
                survey_same(first, bytes);
                kundig_bytes_free(bytes);
            } else {
                first = bytes;
                cr_assert(m == 1 || strstr(kundig_bytes_data(bytes), "reliability: "));
            }
            fixture_close(&f);
        }
        kundig_bytes_free(first);
        kundig_query_free(query);
    }
}

Test(loud, fails_cleanly_at_every_allocation)
{
    static survey s;
    fixture f;
    survey_make(&s, 30, SURVEY_CUSTOMERS, 24);
    fixture_open(&f);
    cr_assert_eq(survey_add(&f, &s, 0, s.count, 1), KUNDIG_OK);
    loud_revenue(&f, "c1", 20);
    kundig_query *query = loud_query("stage");
    survey_warm(&f);
    for (int on = 0; on < 2; on++) {
        int rc = KUNDIG_E_NOMEM;
        for (size_t at = 1; rc; at++) {
            kundig_table *table = NULL;
            size_t live = probe_shared.live_blocks;
            probe_shared.fail_at = probe_shared.allocations + at;
            probe_shared.fail_on = on;
            rc = kundig__loud(f.corpus, query, 0, &table, &f.err);
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
