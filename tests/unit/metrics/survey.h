/* Made-up surveys in a corpus, and short ways to ask. */
#ifndef KUNDIG_TESTS_SURVEY_H
#define KUNDIG_TESTS_SURVEY_H

#include <stdio.h>

#include "../corpus/fixture.h"
#include "base/calendar.h"
#include "base/prng.h"
#include "metrics/metrics.h"

#define SURVEY_MAX 600

/* One answer of a made-up survey; texts borrow from it, so it stays where it is. */
typedef struct survey_answer {
    char id[32];
    char customer[32];
    kundig_score scores[2];
    kundig_feedback record;
} survey_answer;

typedef struct survey {
    survey_answer answers[SURVEY_MAX];
    size_t count;
} survey;

#define SURVEY_CUSTOMERS 1 /* some answers name one */
#define SURVEY_WEIGHTS   2
#define SURVEY_EMPLOYEES 4
#define SURVEY_ONCE      8 /* with customers: each answers once */

static inline void survey_make(survey *s, size_t count, unsigned how, uint64_t seed)
{
    static const char *const stages[] = {"Order", "Delivery", "First Payment"};
    static const char *const texts[] = {"too late again", "friendly and quick", "it was late",
                                        "Late, late, late!", "quick answer"};
    kundig__prng prng;
    kundig__prng_init(&prng, seed);
    s->count = count;
    for (size_t i = 0; i < count; i++) {
        survey_answer *answer = &s->answers[i];
        memset(answer, 0, sizeof *answer);
        snprintf(answer->id, sizeof answer->id, "r%zu", i);
        uint64_t customer = how & SURVEY_ONCE ? i : kundig__prng_below(&prng, count / 3 + 2);
        snprintf(answer->customer, sizeof answer->customer, "c%u", (unsigned)customer);
        kundig_feedback *record = &answer->record;
        *record = fixture_record(answer->id, texts[kundig__prng_below(&prng, 5)]);
        if (how & SURVEY_CUSTOMERS && kundig__prng_below(&prng, 8) > 0) {
            record->customer = kundig__str(answer->customer);
        }
        uint64_t stage = kundig__prng_below(&prng, 4);
        record->stage = kundig__str(stage < 3 ? stages[stage] : NULL);
        record->channel = kundig__str(kundig__prng_below(&prng, 2) ? "email" : "phone");
        record->time_ms =
            INT64_C(1767225600000) + (int64_t)kundig__prng_below(&prng, 120) * KUNDIG__DAY_MS;
        record->time_precision = KUNDIG_PRECISION_DAY;
        record->kind = how & SURVEY_EMPLOYEES && kundig__prng_below(&prng, 5) == 0
                           ? KUNDIG_KIND_EMPLOYEE
                           : KUNDIG_KIND_SURVEY;
        if (how & SURVEY_WEIGHTS) {
            record->has_weight = 1;
            record->weight = 0.25 * (double)(1 + kundig__prng_below(&prng, 12));
        }
        if (kundig__prng_below(&prng, 10) > 0) {
            answer->scores[record->score_count++] =
                fixture_nps((double)kundig__prng_below(&prng, 11));
        }
        if (kundig__prng_below(&prng, 3) > 0) {
            kundig_score csat = {.scale = KUNDIG_SCALE_CSAT,
                                 .value = (double)(1 + kundig__prng_below(&prng, 5))};
            answer->scores[record->score_count++] = csat;
        }
        record->scores = answer->scores;
    }
}

/* The zone of queries is kept by the handle once it was asked for. */
static inline void survey_warm(fixture *f)
{
    const kundig__zone *zone = NULL;
    cr_assert_eq(kundig__zone_get(&f->context, (kundig_text){NULL, 0}, &zone, &f->err), KUNDIG_OK);
}

/* Answers first, first + step, ... below end into a corpus. */
static inline int survey_add(fixture *f, const survey *s, size_t first, size_t end, size_t step)
{
    int rc = kundig__batch_begin(f->corpus, &f->err);
    kundig_added added;
    kundig_added_init(&added);
    for (size_t i = first; i < end && !rc; i += step) {
        rc = kundig__batch_add(f->corpus, &s->answers[i].record, &added, NULL, &f->err);
    }
    if (rc) {
        kundig__batch_abandon(f->corpus);
    } else {
        kundig__batch_commit(f->corpus);
    }
    return rc;
}

static inline kundig_query *survey_query(const char *metric)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_query *query = NULL;
    cr_assert_eq(kundig_query_new(&allocator, &query), KUNDIG_OK);
    query->metric = kundig__str(metric);
    return query;
}

static inline void survey_group(kundig_query *query, const char *field)
{
    cr_assert_eq(kundig_query_group_by(query, field, strlen(field), NULL), KUNDIG_OK);
}

static inline uint32_t survey_node(kundig_query *query, const char *condition)
{
    kundig_error err = {0};
    uint32_t node = 0;
    int rc = kundig_query_parse(query, condition, strlen(condition), &node, &err);
    cr_assert_eq(rc, KUNDIG_OK, "%s", err.message);
    return node;
}

/* The table as JSON, freed by the caller; the table is freed. */
static inline kundig_bytes *survey_json(kundig_table *table)
{
    kundig_bytes *bytes = NULL;
    cr_assert_eq(kundig_table_to_json(table, &bytes, NULL), KUNDIG_OK);
    kundig_table_free(table);
    return bytes;
}

static inline kundig_bytes *survey_measure(fixture *f, const kundig_query *query)
{
    kundig_table *table = NULL;
    int rc = kundig__measure(f->corpus, query, &table, &f->err);
    cr_assert_eq(rc, KUNDIG_OK, "%s", f->err.message);
    return survey_json(table);
}

static inline void survey_same(kundig_bytes *a, kundig_bytes *b)
{
    cr_assert_eq(kundig_bytes_len(a), kundig_bytes_len(b), "%s\n%s", kundig_bytes_data(a),
                 kundig_bytes_data(b));
    cr_assert_eq(memcmp(kundig_bytes_data(a), kundig_bytes_data(b), kundig_bytes_len(a)), 0,
                 "%s\n%s", kundig_bytes_data(a), kundig_bytes_data(b));
}

static inline size_t survey_column(const kundig_table *table, const char *name)
{
    size_t column = kundig_table_find_column(table, name, strlen(name));
    cr_assert_neq(column, SIZE_MAX, "no column %s", name);
    return column;
}

static inline double survey_number(const kundig_table *table, size_t row, const char *name)
{
    size_t column = survey_column(table, name);
    cr_assert(!kundig_table_is_null(table, row, column), "%s is null", name);
    return kundig_table_number(table, row, column);
}

static inline const char *survey_text(const kundig_table *table, size_t row, const char *name)
{
    return kundig_table_text(table, row, survey_column(table, name)).data;
}

static inline bool survey_note(const kundig_table *table, const char *part)
{
    for (size_t i = 0; i < kundig_table_note_count(table); i++) {
        if (strstr(kundig_table_note(table, i), part)) {
            return true;
        }
    }
    return false;
}

/* Every metric a made-up survey answers, in all units and groups. */
#define SURVEY_QUESTIONS 12
static inline kundig_query *survey_question(size_t i)
{
    static const char *const metrics[] = {"nps", "csat", "csat_mean", "count", "customers", "enps"};
    kundig_query *query = survey_query(metrics[i % 6]);
    if (i >= 6) {
        survey_group(query, "stage");
        survey_group(query, "channel");
        query->every = KUNDIG_EVERY_MONTH;
        query->unit = i & 1 ? KUNDIG_OF_CUSTOMERS : KUNDIG_OF_RECORDS;
    }
    return query;
}

#endif
