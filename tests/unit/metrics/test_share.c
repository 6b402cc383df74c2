#include "spoken.h"

TestSuite(share, .fini = probe_fini);

/* `count` comments, the first `with` of them about topic 1. */
static void share_fill(fixture *f, size_t count, size_t with)
{
    static uint8_t sets[SURVEY_MAX];
    fixture_open(f);
    for (size_t i = 0; i < count; i++) {
        char id[32];
        snprintf(id, sizeof id, "r%zu", i);
        kundig_feedback record = fixture_record(id, "made-up words");
        cr_assert_eq(fixture_add(f, &record, 1, NULL), KUNDIG_OK);
        sets[i] = i < with ? 2 : 0;
    }
    saying_plant(f, sets, NULL);
}

Test(share, has_the_published_interval_of_wilson)
{
    fixture f;
    share_fill(&f, 100, 80);
    kundig_query *query = spoken_query("share", "topic", NULL, NULL);
    kundig_table *table = spoken_measure(&f, query);
    cr_assert_eq(kundig_table_row_count(table), 2);
    cr_assert(spoken_key_is(table, 0, "topic", (kundig_text){NULL, 0}));
    cr_assert_eq(survey_number(table, 0, "value"), .2);
    cr_assert_str_eq(survey_text(table, 1, "topic"), "delay");
    cr_assert_eq(survey_number(table, 1, "value"), .8);
    cr_assert_float_eq(survey_number(table, 1, "lo"), .711171, 5e-7);
    cr_assert_float_eq(survey_number(table, 1, "hi"), .866633, 5e-7);
    cr_assert_eq(survey_number(table, 1, "n"), 100);
    cr_assert_str_eq(survey_text(table, 1, "method"), "Wilson");
    kundig_table_free(table);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(share, of_nothing_seen_is_zero_with_an_interval_where_there_are_comments)
{
    fixture f;
    share_fill(&f, 10, 10);
    kundig_query *query = spoken_query("share", "topic", NULL, NULL);
    kundig_table *table = spoken_measure(&f, query);
    /* nobody is without a topic */
    cr_assert_eq(survey_number(table, 0, "value"), 0);
    cr_assert_eq(survey_number(table, 0, "lo"), 0);
    cr_assert_float_eq(survey_number(table, 0, "hi"), .277533, 5e-7);
    kundig_table_free(table);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(share, without_a_topic_is_of_comments_with_any)
{
    fixture f;
    share_fill(&f, 100, 80);
    kundig_feedback record = fixture_record("silent", NULL);
    cr_assert_eq(fixture_add(&f, &record, 1, NULL), KUNDIG_OK);
    static uint8_t sets[101];
    memset(sets, 2, 80);
    saying_plant(&f, sets, NULL);
    kundig_query *query = spoken_query("share", NULL, NULL, NULL);
    kundig_table *table = spoken_measure(&f, query);
    cr_assert_eq(kundig_table_row_count(table), 1);
    cr_assert_eq(survey_number(table, 0, "value"), .8);
    cr_assert_eq(survey_number(table, 0, "n"), 100);
    cr_assert(survey_note(table, "1 of 101 records have no text"));
    kundig_table_free(table);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(share, of_no_record_has_no_row_and_of_no_text_no_data)
{
    fixture f;
    share_fill(&f, 3, 3);
    kundig_query *query = spoken_query("share", "topic", NULL, NULL);
    cr_assert_eq(kundig_query_keep(query, survey_node(query, "channel = email"), NULL), KUNDIG_OK);
    kundig_table *table = spoken_measure(&f, query);
    cr_assert_eq(kundig_table_row_count(table), 0);
    kundig_table_free(table);
    kundig_feedback record = fixture_record("silent", NULL);
    record.channel = kundig__str("email");
    cr_assert_eq(fixture_add(&f, &record, 1, NULL), KUNDIG_OK);
    saying_plant(&f, (const uint8_t[]){2, 2, 2, 0}, NULL);
    table = spoken_measure(&f, query);
    cr_assert_eq(kundig_table_row_count(table), 1);
    cr_assert_str_eq(survey_text(table, 0, "status"), "no_data");
    cr_assert_str_eq(survey_text(table, 0, "method"), "no text");
    kundig_table_free(table);
    kundig_query_free(query);
    fixture_close(&f);
}

/* The rows of one topic in `table`, in order, are the rows of a table without topics. */
static void share_rows_are(const kundig_table *table, const char *key, kundig_text topic,
                           const kundig_table *plain)
{
    size_t at = 0;
    for (size_t row = 0; row < kundig_table_row_count(table); row++) {
        if (spoken_key_is(table, row, key, topic)) {
            cr_assert(at < kundig_table_row_count(plain));
            spoken_same_row(table, row, plain, at, "stage", NULL);
            at++;
        }
    }
    cr_assert_eq(at, kundig_table_row_count(plain), "%.*s", kundig__shown(topic), topic.data);
}

Test(share, of_each_topic_is_that_of_a_corpus_where_nobody_speaks_of_another)
{
    static spoken s;
    for (unsigned how = 0; how < 16; how++) {
        fixture f;
        spoken_make(&s, 150, how & 7, 300 + how);
        spoken_open(&f, &s, how % 3 ? 0 : 1, 1);
        kundig_query *query = spoken_query("share", "topic", "stage", NULL);
        kundig_query *plain = spoken_query("share", "stage", NULL, NULL);
        query->unit = plain->unit = how & 8 ? KUNDIG_OF_CUSTOMERS : KUNDIG_OF_RECORDS;
        query->every = plain->every = KUNDIG_EVERY_QUARTER;
        kundig_table *table = spoken_measure(&f, query);
        for (uint32_t topic = 0; topic < SAYING_TOPICS - 1; topic++) {
            spoken_plant(&f, &s, (uint8_t)(1u << topic));
            kundig_table *alone = spoken_measure(&f, plain);
            share_rows_are(table, "topic", kundig__str(saying_topics[topic]), alone);
            kundig_table_free(alone);
        }
        spoken_plant_silent(&f, &s);
        kundig_table *alone = spoken_measure(&f, plain);
        share_rows_are(table, "topic", (kundig_text){NULL, 0}, alone);
        cr_assert_eq(kundig_table_row_count(table), SAYING_TOPICS * kundig_table_row_count(alone),
                     "one topic is never met");
        kundig_table_free(alone);
        kundig_table_free(table);
        kundig_query_free(query);
        kundig_query_free(plain);
        fixture_close(&f);
    }
}

Test(share, of_themes_counts_a_comment_once_a_theme)
{
    static spoken s;
    for (unsigned how = 0; how < 4; how++) {
        fixture f;
        spoken_make(&s, 150, how, 320 + how);
        spoken_open(&f, &s, 0, 1);
        kundig_query *query = spoken_query("share", "theme", "stage", NULL);
        kundig_query *plain = spoken_query("share", "stage", NULL, NULL);
        kundig_table *table = spoken_measure(&f, query);
        for (uint32_t theme = 0; theme < SAYING_THEMES; theme++) {
            uint8_t topics = 0;
            for (uint32_t topic = 0; topic < SAYING_TOPICS; topic++) {
                topics |= (uint8_t)((saying_theme_of[topic] == theme) << topic);
            }
            spoken_plant(&f, &s, topics);
            kundig_table *alone = spoken_measure(&f, plain);
            share_rows_are(table, "theme", kundig__str(saying_themes[theme]), alone);
            kundig_table_free(alone);
        }
        kundig_table_free(table);
        kundig_query_free(query);
        kundig_query_free(plain);
        fixture_close(&f);
    }
}

Test(share, of_topics_compared_is_the_comparison_of_each_alone)
{
    static spoken s;
    for (unsigned how = 0; how < 16; how++) {
        fixture f;
        kundig_table *table = NULL;
        spoken_make(&s, 150, how & 7, 340 + how);
        spoken_open(&f, &s, 0, 1);
        kundig_query *query = spoken_query("share", "stage", "topic", NULL);
        kundig_query *plain = spoken_query("share", "stage", NULL, NULL);
        query->unit = plain->unit = how & 8 ? KUNDIG_OF_CUSTOMERS : KUNDIG_OF_RECORDS;
        uint32_t a = survey_node(query, "channel = email");
        uint32_t b = survey_node(query, "channel = phone");
        cr_assert_eq(survey_node(plain, "channel = email"), a);
        cr_assert_eq(survey_node(plain, "channel = phone"), b);
        cr_assert_eq(kundig__compare(f.corpus, query, a, b, &table, &f.err), KUNDIG_OK, "%s",
                     f.err.message);
        size_t seen = 0;
        for (uint32_t topic = 0; topic < SAYING_TOPICS; topic++) {
            kundig_table *alone = NULL;
            kundig_text name = topic ? kundig__str(saying_topics[topic - 1]) : (kundig_text){0};
            if (topic) {
                spoken_plant(&f, &s, (uint8_t)(1u << (topic - 1)));
            } else {
                spoken_plant_silent(&f, &s);
            }
            cr_assert_eq(kundig__compare(f.corpus, plain, a, b, &alone, &f.err), KUNDIG_OK);
            size_t at = 0;
            for (size_t row = 0; row < kundig_table_row_count(table); row++) {
                if (spoken_key_is(table, row, "topic", name)) {
                    spoken_same_row(table, row, alone, at++, "metric", "q");
                    seen++;
                }
            }
            cr_assert_eq(at, kundig_table_row_count(alone));
            kundig_table_free(alone);
        }
        cr_assert_eq(seen, kundig_table_row_count(table));
        bool corrected = false;
        for (size_t row = 0; row < kundig_table_row_count(table); row++) {
            size_t q = survey_column(table, "q");
            corrected = corrected ||
                        kundig_table_number(table, row, q) > kundig_table_number(table, row, q - 1);
        }
        cr_assert(corrected || !(how & SURVEY_CUSTOMERS), "many rows, one correction");
        kundig_table_free(table);
        kundig_query_free(query);
        kundig_query_free(plain);
        fixture_close(&f);
    }
}

Test(share, same_bytes_in_any_order_of_rows)
{
    static spoken s;
    static const size_t strides[] = {1, 7, 11};
    for (unsigned how = 0; how < 4; how++) {
        kundig_bytes *first = NULL;
        kundig_query *query = spoken_query("share", "stage", "topic", "channel");
        spoken_make(&s, 289, how, 360 + how);
        for (size_t order = 0; order < 3; order++) {
            fixture f;
            fixture_open(&f);
            f.context.threads = (uint32_t)order + 1;
            for (size_t start = 0; start < strides[order]; start++) {
                size_t from = (start * 5) % strides[order];
                cr_assert_eq(survey_add(&f, &s.survey, from, s.survey.count, strides[order]),
                             KUNDIG_OK);
            }
            spoken_plant(&f, &s, 0xFF);
            kundig_bytes *bytes = survey_measure(&f, query);
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

Test(share, fails_cleanly_at_every_allocation)
{
    static spoken s;
    fixture f;
    spoken_make(&s, 40, SURVEY_CUSTOMERS | SURVEY_WEIGHTS, 380);
    spoken_open(&f, &s, 0, 1);
    survey_warm(&f);
    for (int call = 0; call < 4; call++) {
        kundig_query *query = spoken_query("share", call & 1 ? "theme" : "topic", "stage", NULL);
        uint32_t a = survey_node(query, "channel = email");
        uint32_t b = survey_node(query, "channel = phone");
        for (int on = 0; on < 2; on++) {
            int rc = KUNDIG_E_NOMEM;
            for (size_t at = 1; rc; at++) {
                kundig_table *table = NULL;
                size_t live = probe_shared.live_blocks;
                probe_shared.fail_at = probe_shared.allocations + at;
                probe_shared.fail_on = on;
                rc = call < 2 ? kundig__measure(f.corpus, query, &table, &f.err)
                              : kundig__compare(f.corpus, query, a, b, &table, &f.err);
                probe_shared.fail_at = 0;
                probe_shared.fail_on = false;
                cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM);
                cr_assert((rc == KUNDIG_OK) == (table != NULL));
                kundig_table_free(table);
                cr_assert_eq(probe_shared.live_blocks, live);
            }
        }
        kundig_query_free(query);
    }
    fixture_close(&f);
}
