#include "scored_scene.h"

TestSuite(buts, .fini = probe_fini);

static const scored_line buts_lines[] = {
    {"The staff was friendly but the queue was awful.", 9, "a"},
    {"Terrible price. I will be back.", 10, NULL},
    {"Although the parcel was broken, all went well.", 10, "b"},
    {"Good and friendly, but also quick.", 10, "c"},
    {"Nothing but praise for the friendly staff.", 9, NULL},
    {"Friendly but the queue was awful.", 8, "d"}, /* not satisfied */
    {"Friendly. I called Mrs. Kowalska on 020 7946 0018 but the queue was awful.", 9, "a"},
    {NULL, 10, "e"},
    {"Great except for the queue", 10, "f"},
};

#define BUTS_LINES (sizeof buts_lines / sizeof *buts_lines)

static void buts_open(fixture *f, size_t step)
{
    model_open(f);
    scored_give(f, buts_lines, BUTS_LINES, step);
}

static kundig_text buts_clause_of(const kundig_table *table, size_t row)
{
    kundig_text text = kundig_table_text(table, row, survey_column(table, "text"));
    unsigned long from = 0;
    unsigned long to = 0;
    cr_assert_eq(sscanf(survey_text(table, row, "clause"), "%lu-%lu", &from, &to), 2);
    cr_assert(from < to && to <= text.len);
    return kundig__text(text.data + from, to - from);
}

static void buts_is(const kundig_table *table, size_t row, const char *word, const char *topic,
                    const char *clause)
{
    size_t column = survey_column(table, "word");
    cr_assert_eq(kundig_table_is_null(table, row, column), !word, "%zu", row);
    if (word) {
        cr_assert_str_eq(survey_text(table, row, "word"), word);
    }
    cr_assert_str_eq(survey_text(table, row, "topic"), topic);
    kundig_text found = buts_clause_of(table, row);
    cr_assert(kundig__text_equal(found, kundig__str(clause)), "%.*s", (int)found.len, found.data);
}

Test(buts, tells_what_the_satisfied_miss_newest_first)
{
    fixture f;
    buts_open(&f, 1);
    kundig_table *table = scored_ask(&f, kundig__buts, NULL, 0);
    cr_assert_eq(kundig_table_row_count(table), 5);
    buts_is(table, 0, "except", "waiting", "for the queue");
    buts_is(table, 1, "but", "waiting", "the queue was awful");
    buts_is(table, 2, "although", "damage", "the parcel was broken");
    buts_is(table, 3, NULL, "price", "price");
    buts_is(table, 4, "but", "waiting", "the queue was awful");
    for (size_t row = 1; row < 5; row++) {
        cr_assert(survey_number(table, row, "value") < -.1);
        cr_assert(survey_number(table, row, "value") >= -1);
    }
    /* a, b, c, f and two without a name wrote; a, b, f and one without a name miss something */
    cr_assert(scored_notes(table, "of 6 satisfied customers who wrote, 4 miss something: 66.7 %"));
    kundig_table_free(table);
    fixture_close(&f);
}

Test(buts, a_limit_and_a_filter_are_heeded)
{
    fixture f;
    buts_open(&f, 1);
    kundig_table *table = scored_ask(&f, kundig__buts, NULL, 2);
    cr_assert_eq(kundig_table_row_count(table), 2);
    cr_assert(scored_notes(table, "5 records in all"));
    kundig_table_free(table);
    table = scored_ask(&f, kundig__buts, "customer = b", 0);
    cr_assert_eq(kundig_table_row_count(table), 1);
    buts_is(table, 0, "although", "damage", "the parcel was broken");
    kundig_table_free(table);
    table = scored_ask(&f, kundig__buts, "nps <= 6", 0);
    cr_assert_eq(kundig_table_row_count(table), 0);
    cr_assert(scored_notes(table, "nobody"));
    kundig_table_free(table);
    fixture_close(&f);
}

Test(buts, clauses_are_places_in_the_text_as_it_is_shown)
{
    fixture f;
    buts_open(&f, 1);
    f.context.mask = KUNDIG_PERSONAL_ALL;
    kundig_table *table = scored_ask(&f, kundig__buts, NULL, 0);
    buts_is(table, 1, "but", "waiting", "the queue was awful");
    kundig_bytes *bytes = survey_json(table);
    cr_assert(!strstr(kundig_bytes_data(bytes), "Kowalska"));
    cr_assert(!strstr(kundig_bytes_data(bytes), "7946"));
    kundig_bytes_free(bytes);
    fixture_close(&f);
}

Test(buts, same_bytes_in_any_order)
{
    kundig_bytes *first = NULL;
    for (size_t step = 1; step <= 5; step += 2) {
        fixture f;
        buts_open(&f, step);
        kundig_bytes *bytes = survey_json(scored_ask(&f, kundig__buts, NULL, 0));
        if (first) {
            survey_same(first, bytes);
            kundig_bytes_free(bytes);
        } else {
            first = bytes;
        }
        fixture_close(&f);
    }
    kundig_bytes_free(first);
}

Test(buts, of_nobody_are_a_sentence)
{
    fixture f;
    kundig_table *table = NULL;
    kundig_query *query = fixture_query(NULL);
    model_open(&f);
    cr_assert_eq(kundig__buts(f.corpus, query, 0, &table, &f.err), KUNDIG_E_NOT_FOUND);
    cr_assert_null(table);
    cr_assert(strlen(f.err.message) > 10);
    const scored_line silent = {NULL, 10, NULL};
    scored_give(&f, &silent, 1, 1);
    table = scored_ask(&f, kundig__buts, NULL, 0);
    cr_assert_eq(kundig_table_row_count(table), 0);
    cr_assert(scored_notes(table, "nobody"));
    kundig_table_free(table);
    kundig_query_free(query);
    fixture_close(&f);
}

Test(buts, fails_cleanly_at_every_allocation)
{
    fixture f;
    buts_open(&f, 1);
    f.context.mask = KUNDIG_PERSONAL_ALL;
    scored_sweep(&f, kundig__buts);
    fixture_close(&f);
}
