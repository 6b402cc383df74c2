/* What customers speak of: counts, shares, scores and quotes of topics, joined by name. */
#include "said.h"

TestSuite(topics, .fini = probe_fini);

static void topics_scene(fixture *f)
{
    fixture_open(f);
    said_model(f, SAID_TAXONOMY);
    said_add(f, "1", "anna", 2, "It came late, call me on 020 7946 0018 please");
    said_add(f, "2", "anna", 4, "Again late and the driver was rude to me");
    said_add(f, "3", "bert", 9, "Friendly driver, and on the day they promised");
    said_add(f, "4", "cora", 10, "Nothing to complain about at all, many thanks");
    said_add(f, "5", "dora", 6, "The box was dented and the parcel was delayed");
    said_add(f, "6", "emil", 3, NULL);
}

static kundig_table *topics_of(fixture *f, const kundig_query *query, size_t limit)
{
    kundig_table *table = NULL;
    int rc = kundig__topics(f->corpus, query, limit, &table, &f->err);
    cr_assert_eq(rc, KUNDIG_OK, "%s", f->err.message);
    return table;
}

Test(topics, joins_counts_shares_scores_and_titles_most_comments_first)
{
    fixture f;
    topics_scene(&f);
    kundig_query *query = fixture_query(NULL);
    kundig_table *t = topics_of(&f, query, 0);
    cr_assert_eq(kundig_table_row_count(t), 3);
    cr_assert_str_eq(survey_text(t, 0, "topic"), "delay");
    cr_assert_str_eq(survey_text(t, 0, "theme"), "delivery");
    cr_assert_str_eq(survey_text(t, 0, "title"), "Late delivery");
    cr_assert_eq(survey_number(t, 0, "comments"), 3);
    cr_assert_eq(survey_number(t, 0, "customers"), 2);
    cr_assert_float_eq(survey_number(t, 0, "share"), 3.0 / 5, 1e-12);
    cr_assert_lt(survey_number(t, 0, "share_lo"), .6);
    cr_assert_gt(survey_number(t, 0, "share_hi"), .6);
    cr_assert_str_eq(survey_text(t, 0, "metric"), "nps");
    cr_assert_float_eq(survey_number(t, 0, "value"), -1, 1e-12);
    cr_assert_eq(survey_number(t, 0, "n"), 3);
    cr_assert_str_eq(survey_text(t, 1, "topic"), "staff");
    cr_assert_eq(survey_number(t, 1, "comments"), 2);
    cr_assert_float_eq(survey_number(t, 1, "value"), 0, 1e-12);
    cr_assert_str_eq(survey_text(t, 2, "topic"), "damage");
    cr_assert_float_eq(survey_number(t, 2, "share"), 1.0 / 5, 1e-12);
    cr_assert(survey_note(t, "5 comments"), "%s", kundig_table_note(t, 0));
    cr_assert(survey_note(t, "80.0 %"));
    kundig_table_free(t);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(topics, says_how_many_topics_there_are_where_a_limit_cuts)
{
    fixture f;
    topics_scene(&f);
    kundig_query *query = fixture_query(NULL);
    kundig_table *t = topics_of(&f, query, 1);
    cr_assert_eq(kundig_table_row_count(t), 1);
    cr_assert(survey_note(t, "3 topics in all"));
    kundig_table_free(t);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(topics, uses_filter_and_metric_of_the_query_and_none_of_its_groups)
{
    fixture f;
    topics_scene(&f);
    kundig_query *query = fixture_query("nps <= 6");
    survey_group(query, "stage");
    query->every = KUNDIG_EVERY_DAY;
    query->metric = KUNDIG__TEXT("score_mean");
    kundig_table *t = topics_of(&f, query, 0);
    cr_assert_eq(kundig_table_row_count(t), 3);
    cr_assert_str_eq(survey_text(t, 0, "metric"), "score_mean");
    cr_assert_float_eq(survey_number(t, 0, "value"), 4, 1e-12);
    cr_assert_float_eq(survey_number(t, 0, "share"), 1, 1e-12);
    kundig_table_free(t);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(topics, masks_personal_data_in_quotes_whatever_the_handle_says)
{
    fixture f;
    topics_scene(&f);
    kundig_query *query = fixture_query("id = 1");
    kundig_table *t = topics_of(&f, query, 0);
    cr_assert_eq(kundig_table_row_count(t), 1);
    cr_assert_str_eq(survey_text(t, 0, "quote"), "It came late, call me on [phone] please");
    kundig_table_free(t);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(topics, gives_no_score_where_nobody_was_asked_and_no_rows_where_nobody_speaks)
{
    fixture f;
    fixture_open(&f);
    said_model(&f, SAID_TAXONOMY);
    kundig_query *query = fixture_query(NULL);
    kundig_table *t = topics_of(&f, query, 0);
    cr_assert_eq(kundig_table_row_count(t), 0);
    kundig_table_free(t);
    said_add(&f, "1", NULL, -1, "It came late, as it has come every single time");
    t = topics_of(&f, query, 0);
    cr_assert_eq(kundig_table_row_count(t), 1);
    cr_assert(kundig_table_is_null(t, 0, survey_column(t, "value")));
    cr_assert(kundig_table_is_null(t, 0, survey_column(t, "metric")));
    cr_assert(kundig_table_is_null(t, 0, survey_column(t, "customers")));
    kundig_table_free(t);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(topics, says_which_comments_are_in_a_language_without_rules)
{
    fixture f;
    topics_scene(&f);
    said_add(&f, "7", NULL, 3, "El paquete llegó tarde y nadie nos dijo nada en toda la semana");
    kundig_query *query = fixture_query(NULL);
    kundig_table *t = topics_of(&f, query, 0);
    cr_assert(survey_note(t, "comments in es: 1; the model has no rules for that language"));
    cr_assert_not(survey_note(t, "comments in en"));
    kundig_table_free(t);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(topics, fails_cleanly_at_every_allocation)
{
    for (int forever = 0; forever < 2; forever++) {
        for (size_t n = 1;; n++) {
            fixture f;
            topics_scene(&f);
            kundig_query *query = fixture_query(NULL);
            kundig_table *t = NULL;
            probe_shared.fail_at = probe_shared.allocations + n;
            probe_shared.fail_on = forever;
            int rc = kundig__topics(f.corpus, query, 0, &t, &f.err);
            probe_shared.fail_at = 0;
            cr_assert(rc == KUNDIG_OK || (rc == KUNDIG_E_NOMEM && !t), "%d at %zu", rc, n);
            kundig_table_free(t);
            kundig_query_free(query);
            fixture_close(&f);
            if (rc == KUNDIG_OK) {
                cr_assert_gt(n, 20);
                break;
            }
        }
    }
}
