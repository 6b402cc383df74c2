/* What customers speak of: the topics with most comments, each with its score and a quote. */
#include "base/text.h"
#include "report/analysis.h"
#include "table/table.h"

#define TOPICS_MOST 12

static int topics_answer(kundig__analysis *a, kundig_table **out, kundig_error *err)
{
    kundig_query *query = NULL;
    const char *metric = a->scored ? a->metric : "count";
    kundig_text question = a->scored ? a->question_name : kundig__text(NULL, 0);
    int code = kundig__analysis_query(a, metric, question, &query, err);
    if (!code) {
        code = kundig__topics(a->corpus, query, 0, out, err);
    }
    kundig_query_free(query);
    return code;
}

/* For the page: the first rows and what people read first. */
static int topics_shown(kundig__analysis *a, const kundig_table *topics, kundig_table **out,
                        kundig_error *err)
{
    kundig_table *table = kundig__table_new(a->mem);
    size_t title = kundig_table_find_column(topics, "title", 5);
    size_t comments = kundig_table_find_column(topics, "comments", 8);
    size_t share = kundig_table_find_column(topics, "share", 5);
    size_t sentiment = kundig_table_find_column(topics, "sentiment", 9);
    size_t value = kundig_table_find_column(topics, "value", 5);
    size_t lo = kundig_table_find_column(topics, "lo", 2);
    size_t hi = kundig_table_find_column(topics, "hi", 2);
    size_t quote = kundig_table_find_column(topics, "quote", 5);
    size_t rows = kundig_table_row_count(topics);
    kundig__table_column(table, "topic", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "comments", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    kundig__table_column(table, "share", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    kundig__table_column(table, "mood", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SCORE);
    if (a->scored) {
        kundig__table_column(table, a->metric, KUNDIG_COLUMN_NUMBER, a->unit);
        kundig__table_column(table, "from", KUNDIG_COLUMN_NUMBER, a->unit);
        kundig__table_column(table, "to", KUNDIG_COLUMN_NUMBER, a->unit);
    }
    size_t at_quote = kundig__table_column(table, "typical comment", KUNDIG_COLUMN_TEXT, 0);
    for (size_t row = 0; row < rows && row < TOPICS_MOST; row++) {
        kundig__table_row(table);
        kundig__table_set_text(table, 0, kundig_table_text(topics, row, title));
        kundig__table_set_int(table, 1, kundig_table_int(topics, row, comments));
        if (!kundig_table_is_null(topics, row, share)) {
            kundig__table_set_number(table, 2, kundig_table_number(topics, row, share));
        }
        if (!kundig_table_is_null(topics, row, sentiment)) {
            kundig__table_set_number(table, 3, kundig_table_number(topics, row, sentiment));
        }
        if (a->scored && !kundig_table_is_null(topics, row, value)) {
            kundig__table_set_number(table, 4, kundig_table_number(topics, row, value));
            kundig__table_set_number(table, 5, kundig_table_number(topics, row, lo));
            kundig__table_set_number(table, 6, kundig_table_number(topics, row, hi));
        }
        kundig__table_set_text(table, at_quote, kundig_table_text(topics, row, quote));
    }
    return kundig__table_finish(table, out, err);
}

int kundig__find_topics(kundig__analysis *a, kundig_error *err)
{
    kundig_table *topics = NULL;
    if (a->with_text == 0) {
        return KUNDIG_OK;
    }
    int code = topics_answer(a, &topics, err);
    if (code || kundig_table_row_count(topics) == 0) {
        kundig_table_free(topics);
        return code;
    }
    kundig__section *section = kundig__section_new(a, "What customers speak of");
    if (!section) {
        kundig_table_free(topics);
        return KUNDIG_OK;
    }
    section->table = topics;
    size_t rows = kundig_table_row_count(topics);
    kundig__section_line(a, section, KUNDIG__LINE_QUIET,
                         "%s. A comment counts in each of its topics; mood is what they say of it, "
                         "-100 to 100; personal data in quotes is masked. An association, not a "
                         "cause.",
                         kundig__analysis_text(a, kundig__str(kundig_table_note(topics, 0))));
    if (rows > TOPICS_MOST) {
        kundig__section_line(a, section, KUNDIG__LINE_QUIET,
                             "The %d topics with most comments, of %zu: kundig topics shows all.",
                             TOPICS_MOST, rows);
    }
    section->after = section->line_count;
    size_t name = kundig_table_find_column(topics, "topic", 5);
    a->topic = kundig__arena_text(&a->arena, kundig_table_text(topics, 0, name));
    a->failed = a->failed || !a->topic.data;
    return topics_shown(a, topics, &section->shown, err);
}
