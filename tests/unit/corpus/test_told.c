/* What the model says of each record: rows newest first, moods of topics, places as shown. */
#include <stdio.h>

#include "corpus/told.h"
#include "model.h"
#include "teaching.h"

TestSuite(told, .fini = probe_fini);

static void told_fill(fixture *f)
{
    static const char *const texts[] = {"The staff was friendly, but the parcel came late.",
                                        "The price is terrible.",
                                        "Nothing to say.",
                                        NULL,
                                        "late again, late and broken",
                                        "I love it."};
    for (int i = 0; i < 6; i++) {
        char id[8];
        snprintf(id, sizeof id, "%d", i);
        kundig_score score = fixture_nps(i + 2);
        kundig_feedback r = fixture_record(id, texts[i]);
        r.language = kundig__str("en");
        r.time_ms = i == 5 ? KUNDIG_TIME_ABSENT : i * INT64_C(86400000);
        r.time_precision = i == 5 ? 0 : KUNDIG_PRECISION_DAY;
        r.scores = &score;
        r.score_count = i != 1;
        cr_assert_eq(fixture_add(f, &r, 1, NULL), KUNDIG_OK, "%s", f->err.message);
    }
}

static kundig_table *told_table(fixture *f, bool topics, const char *where, size_t limit)
{
    kundig_query *query = fixture_query(where);
    kundig_table *table = NULL;
    int rc = topics ? kundig__corpus_classify(f->corpus, query, limit, &table, &f->err)
                    : kundig__corpus_sentiment(f->corpus, query, limit, &table, &f->err);
    cr_assert_eq(rc, KUNDIG_OK, "%s", f->err.message);
    kundig_query_free(query);
    fixture_check(f);
    return table;
}

static size_t told_column(const kundig_table *table, const char *name)
{
    size_t column = kundig_table_find_column(table, name, strlen(name));
    cr_assert_neq(column, SIZE_MAX, "%s", name);
    return column;
}

static const char *told_cell(const kundig_table *table, size_t row, const char *name)
{
    kundig_text text = kundig_table_text(table, row, told_column(table, name));
    return text.data ? text.data : "-";
}

Test(told, one_row_a_record_and_topic_newest_first)
{
    static const struct {
        const char *id;
        const char *topic;
        const char *theme;
        const char *sentiment;
        const char *evidence;
    } expected[] = {{"4", "damage", "delivery", "negative", "21-27"},
                    {"4", "delay", "delivery", "negative", "0-4; 12-16"},
                    {"3", "-", "-", "-", "-"},
                    {"2", "-", "-", "neutral", "-"},
                    {"1", "price", "money", "negative", "4-9"},
                    {"0", "delay", "delivery", "negative", "44-48"},
                    {"0", "staff", "service", "positive", "14-22"},
                    {"5", "-", "-", "positive", "-"}};
    fixture f;
    model_open(&f);
    told_fill(&f);
    kundig_table *table = told_table(&f, true, NULL, 0);
    cr_assert_eq(kundig_table_row_count(table), sizeof expected / sizeof *expected);
    for (size_t row = 0; row < sizeof expected / sizeof *expected; row++) {
        cr_assert_str_eq(told_cell(table, row, "id"), expected[row].id);
        cr_assert_str_eq(told_cell(table, row, "topic"), expected[row].topic);
        cr_assert_str_eq(told_cell(table, row, "theme"), expected[row].theme);
        if (strcmp(expected[row].sentiment, "neutral") != 0) {
            cr_assert_str_eq(told_cell(table, row, "sentiment"), expected[row].sentiment,
                             "row %zu: %s", row, told_cell(table, row, "sentiment"));
        }
        cr_assert_str_eq(told_cell(table, row, "evidence"), expected[row].evidence, "row %zu: %s",
                         row, told_cell(table, row, "evidence"));
        cr_assert(kundig_table_is_null(table, row, told_column(table, "probability")));
    }
    cr_assert_str_eq(kundig_table_column_name(table, 0), "time");
    cr_assert_str_eq(kundig_table_column_name(table, 1), "source");
    cr_assert_str_eq(told_cell(table, 5, "time"), "1970-01-01");
    cr_assert_eq(kundig_table_note_count(table), 1);
    cr_assert_str_eq(kundig_table_note(table, 0), "6 records in all");
    kundig_table_free(table);
    fixture_close(&f);
}

Test(told, a_filter_and_a_limit_choose_records)
{
    fixture f;
    model_open(&f);
    told_fill(&f);
    kundig_table *table = told_table(&f, true, "topic = delay", 1);
    cr_assert_eq(kundig_table_row_count(table), 2, "one record, all its topics");
    cr_assert_str_eq(told_cell(table, 1, "id"), "4");
    cr_assert_str_eq(kundig_table_note(table, 0), "2 records in all");
    kundig_table_free(table);
    table = told_table(&f, false, "sentiment = positive", 0);
    cr_assert_eq(kundig_table_row_count(table), 1);
    cr_assert_str_eq(told_cell(table, 0, "id"), "5");
    cr_assert_eq(kundig_table_find_column(table, "time", 4), SIZE_MAX, "it has none");
    kundig_table_free(table);
    fixture_close(&f);
}

Test(told, a_sentiment_is_told_with_its_words)
{
    fixture f;
    model_open(&f);
    told_fill(&f);
    kundig_table *table = told_table(&f, false, NULL, 0);
    cr_assert_eq(kundig_table_row_count(table), 6);
    cr_assert_str_eq(told_cell(table, 3, "sentiment"), "negative");
    cr_assert_str_eq(told_cell(table, 3, "evidence"), "13-21");
    cr_assert_str_eq(told_cell(table, 3, "origin"), "lexicon");
    cr_assert_str_eq(told_cell(table, 3, "status"), "ok");
    cr_assert_lt(kundig_table_number(table, 3, told_column(table, "value")), -0.2);
    for (size_t row = 0; row < 6; row++) {
        cr_assert(kundig_table_is_null(table, row, told_column(table, "score")), "none taught");
        cr_assert(kundig_table_is_null(table, row, told_column(table, "expected")));
    }
    cr_assert_str_eq(told_cell(table, 1, "text"), "-");
    cr_assert_str_eq(told_cell(table, 1, "sentiment"), "-");
    kundig_table_free(table);
    fixture_close(&f);
}

Test(told, what_was_taught_has_probabilities_and_the_score_stands_beside)
{
    fixture f;
    kundig_learn_options options;
    kundig_learn_options known;
    const kundig_model *base = NULL;
    kundig_model *model = NULL;
    fixture_open(&f);
    teaching_fill(&f, TEACHING_ROWS, UINT32_MAX, 0);
    kundig_learn_options_init(&options);
    options.least_customers = 2;
    cr_assert_eq(kundig__learn_options(&options, &known, NULL), KUNDIG_OK);
    cr_assert_eq(kundig__corpus_model(f.corpus, &base, &f.err), KUNDIG_OK);
    cr_assert_eq(kundig__corpus_teach(f.corpus, base, &known, &model, &f.err), KUNDIG_OK, "%s",
                 f.err.message);
    kundig__corpus_set_model(f.corpus, model);
    kundig_table *table = told_table(&f, true, NULL, 0);
    size_t right = 0;
    size_t taught = 0;
    for (size_t row = 0; row < kundig_table_row_count(table); row++) {
        size_t column = told_column(table, "probability");
        const char *topic = told_cell(table, row, "topic");
        uint32_t record = (uint32_t)strtoul(told_cell(table, row, "id"), NULL, 10);
        if (kundig_table_is_null(table, row, column)) {
            continue;
        }
        double probability = kundig_table_number(table, row, column);
        taught++;
        right += strstr(teaching_topics[record % 3], topic) != NULL;
        cr_assert(probability >= 0 && probability <= 1);
        cr_assert_str_neq(told_cell(table, row, "evidence"), "-");
    }
    cr_assert_gt(taught, TEACHING_ROWS / 2);
    cr_assert_gt(right, taught * 9 / 10, "%zu of %zu", right, taught);
    kundig_table_free(table);
    table = told_table(&f, false, NULL, 0);
    for (size_t row = 0; row < kundig_table_row_count(table); row++) {
        uint32_t record = (uint32_t)strtoul(told_cell(table, row, "id"), NULL, 10);
        size_t column = told_column(table, "score");
        cr_assert_eq(kundig_table_is_null(table, row, column), record % 4 == 3);
        if (record % 4 != 3) {
            cr_assert_eq(kundig_table_number(table, row, column),
                         record % 3 == 2 ? 10.0 : (double)(record % 5));
        }
    }
    kundig_table_free(table);
    kundig_model_free(model);
    fixture_close(&f);
}

static int64_t told_again(fixture *f, void *ud)
{
    kundig_table *table = NULL;
    int rc = kundig__corpus_classify(f->corpus, ud, 0, &table, &f->err);
    kundig_table_free(table);
    table = NULL;
    rc = rc ? rc : kundig__corpus_sentiment(f->corpus, ud, 0, &table, &f->err);
    kundig_table_free(table);
    return rc;
}

Test(told, survives_failure_of_every_allocation)
{
    fixture f;
    model_open(&f);
    told_fill(&f);
    f.context.mask = KUNDIG_PERSONAL_ALL;
    kundig_query *query = fixture_query("id != 2");
    fixture_sweep(&f, told_again, query);
    kundig_query_free(query);
    fixture_close(&f);
}
