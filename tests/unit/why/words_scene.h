/* Records of two channels, and the words that part them. */
#ifndef KUNDIG_TESTS_WORDS_SCENE_H
#define KUNDIG_TESTS_WORDS_SCENE_H

#include "../metrics/survey.h"
#include "why/why.h"

static inline void words_give(fixture *f, size_t first, size_t count, const char *channel,
                              const char *text, size_t customers)
{
    for (size_t i = first; i < first + count; i++) {
        char id[32];
        char customer[32];
        snprintf(id, sizeof id, "%s%zu", channel, i);
        snprintf(customer, sizeof customer, "%s%zu", channel, i % (customers ? customers : 1));
        kundig_feedback record = fixture_record(id, text);
        record.channel = kundig__str(channel);
        record.customer = kundig__str(customers ? customer : NULL);
        cr_assert_eq(fixture_add(f, &record, 1, NULL), KUNDIG_OK);
    }
}

static inline kundig_table *words_ask(fixture *f, const char *a, const char *b,
                                      const kundig_words_options *options)
{
    kundig_table *table = NULL;
    kundig_query *query = survey_query("count");
    uint32_t first = survey_node(query, a);
    uint32_t second = survey_node(query, b);
    int rc = kundig__words(f->corpus, query, first, second, options, &table, &f->err);
    cr_assert_eq(rc, KUNDIG_OK, "%s", f->err.message);
    kundig_query_free(query);
    return table;
}

static inline kundig_table *words_of(fixture *f, size_t limit)
{
    return words_ask(f, "channel = sad", "channel = glad", &(kundig_words_options){.limit = limit});
}

/* SIZE_MAX: the word is not told. */
static inline size_t words_find(const kundig_table *table, const char *word)
{
    for (size_t row = 0; row < kundig_table_row_count(table); row++) {
        if (strcmp(survey_text(table, row, "word"), word) == 0) {
            return row;
        }
    }
    return SIZE_MAX;
}

static inline bool words_has(const kundig_table *table, const char *word)
{
    return words_find(table, word) != SIZE_MAX;
}

static inline double words_number(const kundig_table *table, const char *word, const char *column)
{
    size_t row = words_find(table, word);
    cr_assert_neq(row, SIZE_MAX, "%s", word);
    return survey_number(table, row, column);
}

static inline double words_z_of(const kundig_table *table, const char *word)
{
    return words_has(table, word) ? words_number(table, word, "z") : 0;
}

static inline void words_scene(fixture *f)
{
    fixture_open(f);
    words_give(f, 0, 40, "sad", "The Parcel came late. parcel parcel, mail@example.org", 20);
    words_give(f, 40, 10, "sad", "my PARCEL is broken, see https://example.org 4711 @shop", 20);
    words_give(f, 50, 30, "sad", "nothing to say", 20);
    words_give(f, 80, 30, "sad", "unlucky Beate", 0);
    words_give(f, 0, 60, "glad", "The service came quick", 20);
    words_give(f, 60, 60, "glad", "nothing to say", 20);
}

#endif
