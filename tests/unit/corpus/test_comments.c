/* The records behind a number: which, in what order, with which columns. */
#include <stdio.h>

#include "model.h"

TestSuite(comments, .fini = probe_fini);

static kundig_table *comments_of(fixture *f, const char *where, size_t limit)
{
    kundig_table *table = NULL;
    kundig_query *query = fixture_query(where);
    cr_assert_eq(kundig__corpus_comments(f->corpus, query, limit, &table, &f->err), KUNDIG_OK, "%s",
                 f->err.message);
    kundig_query_free(query);
    return table;
}

/* The names of all columns, with commas. */
static void comments_columns(const kundig_table *table, char out[200])
{
    size_t len = 0;
    out[0] = '\0';
    for (size_t c = 0; c < kundig_table_column_count(table); c++) {
        len += (size_t)snprintf(out + len, 200 - len, "%s%s", c ? "," : "",
                                kundig_table_column_name(table, c));
    }
}

static void comments_is(const kundig_table *table, size_t row, const char *column, const char *want)
{
    size_t at = kundig_table_find_column(table, column, strlen(column));
    cr_assert_neq(at, SIZE_MAX, "%s", column);
    kundig_text text = kundig_table_text(table, row, at);
    cr_assert(kundig__text_equal(text, kundig__str(want)), "%s of row %zu is %.*s, not %s", column,
              row, (int)text.len, text.data ? text.data : "", want);
}

Test(comments, come_newest_first_and_as_many_as_asked)
{
    fixture f;
    kundig_table *table = NULL;
    fixture_open(&f);
    for (int i = 0; i < 50; i++) {
        char id[4];
        snprintf(id, sizeof id, "%02d", i);
        kundig_score score = fixture_nps(i % 11);
        kundig_feedback r = fixture_record(id, "words");
        r.time_ms = i == 22 ? KUNDIG_TIME_ABSENT : (i * 7 % 50) * INT64_C(60000);
        r.scores = &score;
        r.score_count = 1;
        cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    }
    kundig_query *query = fixture_query("nps < 9");
    kundig_query_set_every(query, KUNDIG_EVERY_DAY, &f.err);
    kundig_query_group_by(query, "stage", 5, &f.err);
    size_t all = 0;
    for (size_t limit = 0; limit < 60; limit = limit * 2 + 1) {
        cr_assert_eq(kundig__corpus_comments(f.corpus, query, limit, &table, &f.err), KUNDIG_OK);
        size_t rows = kundig_table_row_count(table);
        all = limit ? all : rows;
        cr_assert_eq(rows, limit && limit < all ? limit : all);
        cr_assert_eq(kundig_table_find_column(table, "channel", 7), SIZE_MAX);
        cr_assert_str_eq(kundig_table_note(table, 0), "42 records in all");
        for (size_t i = 1; i < rows && i + 1 < all; i++) {
            cr_assert_gt(kundig__text_order(kundig_table_text(table, i - 1, 0),
                                            kundig_table_text(table, i, 0)),
                         0);
        }
        if (rows == all) {
            cr_assert(kundig_table_is_null(table, rows - 1, 0), "without a time: last");
        }
        kundig_table_free(table);
    }
    kundig_query_free(query);
    fixture_close(&f);
}

Test(comments, columns_are_those_of_all_rows_that_match_however_few_are_shown)
{
    fixture f;
    char columns[200];
    fixture_open(&f);
    kundig_feedback r = fixture_record("old", "words");
    r.channel = kundig__str("phone");
    r.customer = kundig__str("c1");
    r.time_ms = 0;
    cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    r = fixture_record(NULL, "newer words");
    r.stage = kundig__str("Use");
    r.time_ms = 1;
    cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    kundig_table *table = comments_of(&f, NULL, 1);
    cr_assert_eq(kundig_table_row_count(table), 1);
    comments_columns(table, columns);
    cr_assert_str_eq(columns, "time,source,id,customer,channel,stage,text");
    comments_is(table, 0, "text", "newer words");
    comments_is(table, 0, "stage", "Use");
    cr_assert(kundig_table_is_null(table, 0, 2), "it has no id");
    cr_assert(kundig_table_is_null(table, 0, 4), "it has no channel");
    kundig_table_free(table);
    table = comments_of(&f, "channel is missing", 0);
    comments_columns(table, columns);
    cr_assert_str_eq(columns, "time,source,stage,text");
    cr_assert_str_eq(kundig_table_note(table, 0), "1 record in all");
    kundig_table_free(table);
    fixture_close(&f);
}

Test(comments, of_one_time_stand_by_source_and_id_in_any_order_of_arrival)
{
    static const char *const ids[4] = {"10", "2", "b", "a"};
    static const char *const sources[4] = {"x", "x", "x", "w"};
    static const char *const want[4] = {"a", "10", "2", "b"};
    for (int turn = 0; turn < 4; turn++) {
        fixture f;
        fixture_open(&f);
        for (int i = 0; i < 4; i++) {
            kundig_feedback r = fixture_record(ids[(i + turn) % 4], "words");
            r.source = kundig__str(sources[(i + turn) % 4]);
            r.time_ms = 5;
            cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
        }
        for (size_t limit = 1; limit <= 4; limit++) {
            kundig_table *table = comments_of(&f, NULL, limit);
            cr_assert_eq(kundig_table_row_count(table), limit);
            for (size_t i = 0; i < limit; i++) {
                comments_is(table, i, "id", want[i]);
            }
            kundig_table_free(table);
        }
        fixture_close(&f);
    }
}

Test(comments, show_the_last_version_with_its_answers_and_its_date_as_written)
{
    fixture f;
    fixture_open(&f);
    kundig_score score = fixture_nps(3);
    kundig_feedback r = fixture_record("1", "first thought");
    r.time_ms = INT64_C(1774742400000);
    r.time_precision = KUNDIG_PRECISION_DAY;
    r.scores = &score;
    r.score_count = 1;
    cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    r.text = kundig__str(NULL);
    r.updated_ms = 1;
    score.value = 8;
    cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    r = fixture_record("2", "");
    cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    kundig_table *table = comments_of(&f, NULL, 0);
    cr_assert_eq(kundig_table_row_count(table), 2);
    comments_is(table, 0, "time", "2026-03-29");
    size_t nps = kundig_table_find_column(table, "nps", 3);
    size_t text = kundig_table_find_column(table, "text", 4);
    cr_assert_eq(kundig_table_number(table, 0, nps), 8);
    cr_assert(kundig_table_is_null(table, 0, text), "the text was taken back");
    cr_assert(kundig_table_is_null(table, 1, nps), "the other gave no answer");
    cr_assert(!kundig_table_is_null(table, 1, text), "an empty text is a text");
    kundig_table_free(table);
    fixture_close(&f);
}

Test(comments, of_a_topic_stand_with_their_topics_and_evidence)
{
    fixture f;
    char columns[200];
    model_open(&f);
    kundig_feedback r = fixture_record("1", "Late, late and broken; the staff was friendly");
    cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    r = fixture_record("2", "a fair price");
    cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    kundig_table *table = comments_of(&f, "topic in (delay, staff)", 0);
    comments_columns(table, columns);
    cr_assert_str_eq(columns, "source,id,text,topics,evidence");
    cr_assert_eq(kundig_table_row_count(table), 1);
    comments_is(table, 0, "topics", "damage, delay, staff");
    comments_is(table, 0, "evidence", "0-4 delay; 6-10 delay; 37-45 staff");
    kundig_table_free(table);
    table = comments_of(&f, "topic is missing", 0);
    comments_columns(table, columns);
    cr_assert_str_eq(columns, "text,topics,evidence");
    cr_assert_eq(kundig_table_row_count(table), 0);
    kundig_table_free(table);
    table = comments_of(&f, "text_language is not missing", 0);
    comments_columns(table, columns);
    cr_assert_str_eq(columns, "source,id,text");
    kundig_table_free(table);
    fixture_close(&f);
}

Test(comments, are_masked_where_the_handle_says_so)
{
    fixture f;
    fixture_open(&f);
    f.context.mask = KUNDIG_PERSONAL_EMAIL;
    kundig_feedback r = fixture_record("me@example.com", "write to me@example.com please");
    r.customer = kundig__str("me@example.com");
    cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    kundig_table *table = comments_of(&f, NULL, 0);
    comments_is(table, 0, "text", "write to [e-mail] please");
    comments_is(table, 0, "customer", "me@example.com");
    kundig_table_free(table);
    fixture_close(&f);
}

static int comments_stop(void *ud, uint64_t done, uint64_t total)
{
    (void)done;
    (void)total;
    ++*(int *)ud;
    return 1;
}

Test(comments, stop_when_told_to_and_leave_the_output_as_it_was)
{
    fixture f;
    int asked = 0;
    fixture_open(&f);
    kundig_feedback r = fixture_record("1", "words");
    cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    f.context.progress = comments_stop;
    f.context.progress_ud = &asked;
    kundig_query *query = fixture_query(NULL);
    kundig_table *table = (kundig_table *)&asked;
    cr_assert_eq(kundig__corpus_comments(f.corpus, query, 0, &table, &f.err), KUNDIG_E_CANCELLED);
    cr_assert_eq((void *)table, (void *)&asked);
    cr_assert_gt(asked, 0);
    kundig_query_free(query);
    fixture_close(&f);
}

static int64_t comments_call(fixture *f, void *ud)
{
    kundig_table *table = NULL;
    int rc = kundig__corpus_comments(f->corpus, ud, 3, &table, &f->err);
    cr_assert_eq(rc == KUNDIG_OK, table != NULL);
    kundig_table_free(table);
    return rc;
}

Test(comments, survive_failure_of_every_allocation)
{
    fixture f;
    fixture_open(&f);
    for (int i = 0; i < 20; i++) {
        char id[4];
        snprintf(id, sizeof id, "%02d", i);
        kundig_score score = fixture_nps(i % 11);
        kundig_feedback r = fixture_record(id, "words");
        r.time_ms = i;
        r.channel = kundig__str("web");
        r.scores = &score;
        r.score_count = 1;
        cr_assert_eq(fixture_add(&f, &r, 1, NULL), KUNDIG_OK);
    }
    kundig_query *query = fixture_query("nps < 9 and text contains word");
    fixture_sweep(&f, comments_call, query);
    kundig_query_free(query);
    fixture_close(&f);
}
