/* Made-up surveys whose comments speak of topics. */
#ifndef KUNDIG_TESTS_SPOKEN_H
#define KUNDIG_TESTS_SPOKEN_H

#include "../corpus/saying.h"
#include "survey.h"

typedef struct spoken {
    survey survey;
    uint8_t sets[SURVEY_MAX]; /* an answer: a bit a topic */
} spoken;

/* Some say nothing, some nothing that has a topic; the last topic is never met. */
static inline void spoken_make(spoken *s, size_t count, unsigned how, uint64_t seed)
{
    kundig__prng prng;
    kundig__prng_init(&prng, seed * 7 + 1);
    survey_make(&s->survey, count, how, seed);
    for (size_t i = 0; i < count; i++) {
        s->sets[i] = 0;
        if (kundig__prng_below(&prng, 7) == 0) {
            s->survey.answers[i].record.text = (kundig_text){NULL, 0};
            continue;
        }
        for (uint64_t topics = kundig__prng_below(&prng, 4); topics > 0; topics--) {
            s->sets[i] |= (uint8_t)(1u << kundig__prng_below(&prng, SAYING_TOPICS - 1));
        }
    }
}

/* Which answer a row is of. */
static inline size_t spoken_answer(const fixture *f, uint32_t row)
{
    kundig_text id = kundig__corpus_id(f->corpus, row);
    size_t answer = 0;
    for (size_t i = 1; i < id.len; i++) {
        answer = answer * 10 + (size_t)(id.data[i] - '0');
    }
    return answer;
}

/* States name the model; what it says is put in. */
static inline void spoken_choose_model(fixture *f, const char *taxonomy)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_model *model = NULL;
    cr_assert_eq(kundig_model_new(&allocator, taxonomy, strlen(taxonomy), &model, &f->err),
                 KUNDIG_OK, "%s", f->err.message);
    kundig__corpus_set_model(f->corpus, model);
    kundig_model_free(model);
}

/* Put in what the rows say: of these topics alone. */
static inline void spoken_plant(fixture *f, const spoken *s, uint8_t topics)
{
    static uint8_t sets[SURVEY_MAX];
    for (uint32_t row = 0; row < kundig__corpus_rows(f->corpus); row++) {
        sets[row] = s->sets[spoken_answer(f, row)] & topics;
    }
    saying_plant(f, sets, NULL);
    f->corpus->said.said.model = f->corpus->model;
}

/* As topic 0 those with a text that say nothing of a topic. */
static inline void spoken_plant_silent(fixture *f, const spoken *s)
{
    static uint8_t sets[SURVEY_MAX];
    for (uint32_t row = 0; row < kundig__corpus_rows(f->corpus); row++) {
        size_t answer = spoken_answer(f, row);
        sets[row] = s->survey.answers[answer].record.text.data && !s->sets[answer];
    }
    saying_plant(f, sets, NULL);
    f->corpus->said.said.model = f->corpus->model;
}

static inline void spoken_open(fixture *f, const spoken *s, size_t first, size_t step)
{
    fixture_open(f);
    f->context.threads = 1 + (uint32_t)first % 3;
    cr_assert_eq(survey_add(f, &s->survey, first, s->survey.count, step), KUNDIG_OK);
    spoken_choose_model(f, "theme some: Some\ntopic thing: A thing\nany: thing\n");
    spoken_plant(f, s, 0xFF);
}

static inline kundig_query *spoken_query(const char *metric, const char *a, const char *b,
                                         const char *c)
{
    kundig_query *query = survey_query(metric);
    const char *const fields[] = {a, b, c};
    for (size_t i = 0; i < 3; i++) {
        if (fields[i]) {
            survey_group(query, fields[i]);
        }
    }
    return query;
}

static inline kundig_table *spoken_measure(fixture *f, const kundig_query *query)
{
    kundig_table *table = NULL;
    int rc = kundig__measure(f->corpus, query, &table, &f->err);
    cr_assert_eq(rc, KUNDIG_OK, "%s", f->err.message);
    return table;
}

static inline bool spoken_key_is(const kundig_table *table, size_t row, const char *name,
                                 kundig_text text)
{
    kundig_text key = kundig_table_text(table, row, survey_column(table, name));
    return key.data ? text.data && kundig__text_equal(key, text) : !text.data;
}

/* All cells of two rows from column `name` on are the same. */
static inline void spoken_same_row(const kundig_table *a, size_t row_a, const kundig_table *b,
                                   size_t row_b, const char *name, const char *except)
{
    size_t column_b = survey_column(b, name);
    for (size_t column = survey_column(a, name); column < kundig_table_column_count(a);
         column++, column_b++) {
        const char *what = kundig_table_column_name(a, column);
        kundig_text text_a = kundig_table_text(a, row_a, column);
        kundig_text text_b = kundig_table_text(b, row_b, column_b);
        if (except && strcmp(what, except) == 0) {
            continue;
        }
        cr_assert_str_eq(what, kundig_table_column_name(b, column_b));
        cr_assert_eq(kundig_table_is_null(a, row_a, column),
                     kundig_table_is_null(b, row_b, column_b), "%s of row %zu", what, row_a);
        cr_assert_eq(kundig_table_int(a, row_a, column), kundig_table_int(b, row_b, column_b),
                     "%s of row %zu", what, row_a);
        double number_a = kundig_table_number(a, row_a, column);
        double number_b = kundig_table_number(b, row_b, column_b);
        cr_assert_eq(number_a, number_b, "%s of row %zu: %.17g %.17g", what, row_a, number_a,
                     number_b);
        cr_assert(text_a.data ? kundig__text_equal(text_a, text_b) : !text_b.data, "%s of row %zu",
                  what, row_a);
    }
}

#endif
