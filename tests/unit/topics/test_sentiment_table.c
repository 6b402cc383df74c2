#include "modelling.h"
#include "topics/feeling.h"
#include "topics/topics.h"

TestSuite(sentiment_table, .fini = probe_fini);

static const char *const sentiment_taxonomy =
    "topic staff: Staff\nany: staff\ntopic room: Room\nany: room\n";

static kundig_table *sentiment_of(kundig_model *model, const char *text, size_t len)
{
    kundig_table *table = NULL;
    kundig_error err = {0, 0, ""};
    cr_assert_eq(kundig_model_sentiment(model, text, len, &table, &err), KUNDIG_OK, "%s",
                 err.message);
    return table;
}

static size_t sentiment_column(const kundig_table *table, const char *name)
{
    size_t column = 0;
    while (strcmp(kundig_table_column_name(table, column), name) != 0) {
        column++;
        cr_assert_lt(column, kundig_table_column_count(table));
    }
    return column;
}

static void shows(const char *text, size_t len, const char *expected)
{
    kundig_model *model = model_of(sentiment_taxonomy);
    kundig_table *table = sentiment_of(model, text, len);
    static const char *const wanted[] = {"part",      "start",  "end",    "topic",
                                         "sentiment", "status", "origin", "evidence"};
    char shown[2048];
    size_t at = 0;
    for (size_t row = 0; row < kundig_table_row_count(table); row++) {
        for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
            size_t column = sentiment_column(table, wanted[i]);
            if (kundig_table_is_null(table, row, column)) {
                at += (size_t)snprintf(shown + at, sizeof shown - at, "- ");
            } else if (i == 1 || i == 2) {
                at += (size_t)snprintf(shown + at, sizeof shown - at, "%d ",
                                       (int)kundig_table_int(table, row, column));
            } else {
                kundig_text cell = kundig_table_text(table, row, column);
                at += (size_t)snprintf(shown + at, sizeof shown - at, "%.*s ", (int)cell.len,
                                       cell.data);
            }
        }
        at += (size_t)snprintf(shown + at, sizeof shown - at, "\n");
    }
    cr_expect_str_eq(shown, expected, "%s", shown);
    kundig_table_free(table);
    kundig_model_free(model);
}

Test(sentiment_table, has_a_row_for_the_comment_its_sentences_and_its_topics)
{
    const char *text = "Great staff. The room was dirty.";
    shows(text, strlen(text),
          "comment 0 32 - mixed ok lexicon 0-5; 26-31 \n"
          "sentence 0 12 - positive ok lexicon 0-5 \n"
          "sentence 13 32 - negative ok lexicon 26-31 \n"
          "topic 17 21 room negative ok lexicon 26-31 \n"
          "topic 6 11 staff positive ok lexicon 0-5 \n");
}

Test(sentiment_table, of_nothing_says_so)
{
    shows("", 0, "comment 0 0 - - empty - - \n");
    shows("...", 3, "comment 0 3 - - empty - - \nsentence 0 3 - - empty - - \n");
}

Test(sentiment_table, places_are_those_of_the_text_as_given)
{
    /* The ill-formed byte reads as three. */
    shows("\xFFgreat\xFF staff", 13,
          "comment 0 13 - positive ok lexicon 1-6 \n"
          "sentence 0 13 - positive ok lexicon 1-6 \n"
          "topic 8 13 staff positive ok lexicon 1-6 \n");
}

Test(sentiment_table, has_its_columns_in_order)
{
    static const char *const names[] = {"part",  "start",    "end",     "topic",    "sentiment",
                                        "value", "negative", "neutral", "positive", "expected",
                                        "lo",    "hi",       "origin",  "status",   "evidence"};
    kundig_model *model = model_of(sentiment_taxonomy);
    kundig_table *table = sentiment_of(model, "awful", 5);
    cr_assert_eq(kundig_table_column_count(table), sizeof names / sizeof *names);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        cr_assert_eq(sentiment_column(table, names[i]), i);
    }
    cr_expect_lt(kundig_table_number(table, 0, 5), 0);
    cr_expect(kundig_table_is_null(table, 0, 9));
    kundig_table_free(table);
    kundig_model_free(model);
}

Test(sentiment_table, refuses_what_it_cannot_read)
{
    kundig_model *model = model_of(sentiment_taxonomy);
    kundig_table *table = NULL;
    kundig_error err;
    cr_expect_eq(kundig_model_sentiment(NULL, "", 0, &table, &err), KUNDIG_E_ARG);
    cr_expect_eq(kundig_model_sentiment(model, "", 0, NULL, &err), KUNDIG_E_ARG);
    cr_expect_eq(kundig_model_sentiment(model, NULL, 1, &table, &err), KUNDIG_E_ARG);
    cr_expect_null(table);
    kundig_model_free(model);
}

Test(sentiment_table, survives_every_failing_allocation)
{
    const char *text = "Great staff\xFF. The room was dirty, sadly.";
    kundig_model *model = model_of(sentiment_taxonomy);
    probe failing = {0};
    kundig_allocator allocator = probe_allocator(&failing);
    for (int once = 0; once < 2; once++) {
        int rc = KUNDIG_E_NOMEM;
        for (size_t at = 1; rc != KUNDIG_OK; at++) {
            kundig__mem mem;
            kundig_table *table = NULL;
            kundig_error err;
            kundig__mem_init(&mem, &allocator, 0);
            failing.fail_at = failing.allocations + at;
            failing.fail_on = once == 0;
            rc = kundig__sentiment_table(&mem, model, kundig__text(text, strlen(text)), &table,
                                         &err);
            cr_assert(rc == KUNDIG_OK ? table != NULL : rc == KUNDIG_E_NOMEM && table == NULL);
            failing.fail_at = 0;
            kundig_table_free(table);
            cr_assert_eq(failing.live_blocks, 0);
        }
    }
    kundig_model_free(model);
}
