/* Comments of some months in which one thing comes up. */
#ifndef KUNDIG_TESTS_EMERGING_SCENE_H
#define KUNDIG_TESTS_EMERGING_SCENE_H

#include "../metrics/survey.h"
#include "why/why.h"

#define EMERGING_MONDAY INT64_C(1767571200000) /* 2026-01-05 */

typedef struct emerging_give {
    size_t id;
    const char *customer; /* NULL: named by the id */
    const char *channel;
    const char *text;
    int64_t time_ms;
    bool by_day;
} emerging_give;

static inline void emerging_add_one(fixture *f, emerging_give given)
{
    char id[32];
    snprintf(id, sizeof id, "r%zu", given.id);
    kundig_feedback record = fixture_record(id, given.text);
    record.channel = kundig__str(given.channel);
    record.customer = kundig__str(given.customer ? given.customer : id);
    record.time_ms = given.time_ms;
    record.time_precision = given.by_day ? KUNDIG_PRECISION_DAY : KUNDIG_PRECISION_MS;
    cr_assert_eq(fixture_add(f, &record, 1, NULL), KUNDIG_OK, "%s", f->err.message);
}

/* Ten weeks of ten a day by e-mail and phone; in the last week three in four by phone. reverse: the
 * other way round. */
static inline void emerging_weeks(fixture *f, bool by_day, bool rising, bool reverse)
{
    for (size_t i = 0; i < 700; i++) {
        size_t at = reverse ? 699 - i : i;
        bool last = at >= 630;
        bool phone = last && rising ? at % 4 != 0 : at % 4 == 0;
        emerging_add_one(
            f, (emerging_give){.id = at,
                               .channel = phone ? "phone" : "email",
                               .text = phone ? "I rang them and was told nothing at all"
                                             : "They wrote back within the hour, thanks",
                               .time_ms = EMERGING_MONDAY + (int64_t)(at / 10) * KUNDIG__DAY_MS +
                                          (by_day ? 0 : (int64_t)(at % 10) * 7200000),
                               .by_day = by_day});
    }
}

static inline int emerging_try(fixture *f, const char *field, int every, kundig_table **table)
{
    kundig_query *query = NULL;
    kundig_emerging_options options;
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_emerging_options_init(&options);
    int rc = kundig_query_new(&allocator, &query);
    rc = rc || !field ? rc : kundig_query_group_by(query, field, strlen(field), &f->err);
    rc = rc ? rc : kundig_query_set_every(query, every, &f->err);
    rc = rc ? rc : kundig__emerging(f->corpus, query, &options, table, &f->err);
    kundig_query_free(query);
    return rc;
}

static inline kundig_table *emerging_ask(fixture *f, const char *field, int every)
{
    kundig_table *table = NULL;
    cr_assert_eq(emerging_try(f, field, every, &table), KUNDIG_OK, "%s", f->err.message);
    return table;
}

/* SIZE_MAX: there is none. */
static inline size_t emerging_row(const kundig_table *table, const char *key, const char *kind)
{
    for (size_t row = 0; row < kundig_table_row_count(table); row++) {
        if (kundig__text_equal(kundig_table_text(table, row, 0), kundig__str(key)) &&
            strcmp(survey_text(table, row, "kind"), kind) == 0) {
            return row;
        }
    }
    return SIZE_MAX;
}

#endif
