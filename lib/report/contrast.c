/* The words that those at one end of the scale use more than those at the other. */
#include "base/text.h"
#include "report/analysis.h"
#include "table/table.h"
#include "why/why.h"

#define CONTRAST_WORDS 12

static int contrast_ask(kundig__analysis *a, bool bad_end, kundig_table **out, kundig_error *err)
{
    kundig_query *query = NULL;
    uint32_t bad;
    uint32_t good;
    int code = kundig__analysis_query(a, a->metric, a->question_name, &query, err);
    if (!code) {
        code = kundig__analysis_ends(a, query, &bad, &good, err);
    }
    if (!code) {
        code = kundig__words(a->corpus, query, bad_end ? bad : good, bad_end ? good : bad,
                             &(kundig_words_options){.limit = CONTRAST_WORDS}, out, err);
    }
    kundig_query_free(query);
    return code;
}

/* For the page: shares and counts under the names of the two ends. */
static int contrast_shown(kundig__analysis *a, const kundig_table *words, const char *mine,
                          const char *theirs, kundig_table **out, kundig_error *err)
{
    kundig_table *table = kundig__table_new(a->mem);
    size_t word = kundig_table_find_column(words, "word", 4);
    size_t count = kundig_table_find_column(words, "a", 1);
    size_t share_a = kundig_table_find_column(words, "share_a", 7);
    size_t share_b = kundig_table_find_column(words, "share_b", 7);
    size_t customers = kundig_table_find_column(words, "customers", 9);
    size_t z = kundig_table_find_column(words, "z", 1);
    kundig__table_column(table, "word", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, mine, KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    kundig__table_column(table, theirs, KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    kundig__table_column(table, "comments", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    size_t at_z = kundig__table_column(table, "z", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_POINTS);
    bool named = kundig_table_is_null(words, 0, customers) == 0;
    size_t at_customers = 0;
    if (named) {
        at_customers =
            kundig__table_column(table, "customers", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    }
    for (size_t row = 0; row < kundig_table_row_count(words); row++) {
        kundig__table_row(table);
        kundig__table_set_text(table, 0, kundig_table_text(words, row, word));
        kundig__table_set_number(table, 1, kundig_table_number(words, row, share_a));
        kundig__table_set_number(table, 2, kundig_table_number(words, row, share_b));
        kundig__table_set_int(table, 3, kundig_table_int(words, row, count));
        kundig__table_set_number(table, at_z, kundig_table_number(words, row, z));
        if (named) {
            kundig__table_set_int(table, at_customers, kundig_table_int(words, row, customers));
        }
    }
    return kundig__table_finish(table, out, err);
}

static int contrast_section(kundig__analysis *a, bool bad_end, kundig_error *err)
{
    kundig_table *words = NULL;
    int code = contrast_ask(a, bad_end, &words, err);
    if (code || kundig_table_row_count(words) == 0) {
        kundig_table_free(words);
        return code;
    }
    const char *mine = bad_end ? a->bad_name : a->good_name;
    const char *theirs = bad_end ? a->good_name : a->bad_name;
    bool nps = a->low == 6000 && a->high == 9000 && a->unit == KUNDIG_UNIT_SCORE;
    bool mine_low = bad_end == a->low_is_bad;
    kundig__section *section = nps ? kundig__section_new(a, "Words %s use more", mine)
                                   : kundig__section_new(a, "Words that go with %s", mine);
    if (!section) {
        kundig_table_free(words);
        return KUNDIG_OK;
    }
    section->table = words;
    if (bad_end) {
        kundig__buf ends;
        kundig__buf_init(&ends, a->mem);
        kundig__buf_number(&ends, (double)(mine_low ? a->low : a->high) / 1000);
        kundig__buf_str(&ends, mine_low ? " or less, " : " or more, ");
        kundig__buf_str(&ends, theirs);
        kundig__buf_char(&ends, ' ');
        kundig__buf_number(&ends, (double)(mine_low ? a->high : a->low) / 1000);
        kundig__buf_str(&ends, mine_low ? " or more" : " or less");
        kundig__section_line(a, section, KUNDIG__LINE_QUIET,
                             "Share of the comments of %s (%.*s) that hold the word, greatest "
                             "contrast first (z), beyond chance for all words looked at. An "
                             "association, not a cause.",
                             mine, (int)ends.len, ends.data ? ends.data : "");
        a->failed = a->failed || ends.failed;
        kundig__buf_free(&ends);
        size_t word = kundig_table_find_column(words, "word", 4);
        a->word = kundig__arena_text(&a->arena, kundig_table_text(words, 0, word));
        a->failed = a->failed || !a->word.data;
    }
    section->after = section->line_count;
    return contrast_shown(a, words, mine, theirs, &section->shown, err);
}

int kundig__find_words(kundig__analysis *a, kundig_error *err)
{
    if (!a->scored || a->with_text == 0) {
        return KUNDIG_OK;
    }
    int code = contrast_section(a, true, err);
    return code ? code : contrast_section(a, false, err);
}
