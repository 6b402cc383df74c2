/* A corpus on the probe allocator and an analysis of it that is found step by step. */
#ifndef KUNDIG_TESTS_REPORT_ANALYSING_H
#define KUNDIG_TESTS_REPORT_ANALYSING_H

#include <stdio.h>

#include <criterion/criterion.h>

#include "base/calendar.h"
#include "base/text.h"
#include "probe.h"
#include "report/analysis.h"
#include "table/table.h"

typedef struct analysing {
    kundig__context context;
    kundig__corpus *corpus;
    kundig__analysis a;
    kundig_error err;
    int records;
} analysing;

static inline void analysing_open(analysing *t)
{
    kundig_allocator allocator = probe_allocator(NULL);
    memset(t, 0, sizeof *t);
    kundig__mem_init(&t->context.mem, &allocator, 0);
    t->context.threads = 1;
    cr_assert_eq(kundig__corpus_new(&t->context, &t->corpus, &t->err), KUNDIG_OK);
}

static inline void analysing_end(analysing *t)
{
    kundig__analysis *a = &t->a;
    for (size_t i = 0; i < a->section_count; i++) {
        kundig_table_free(a->sections[i].table);
        kundig_table_free(a->sections[i].shown);
        kundig__free(a->mem, a->sections[i].lines,
                     a->sections[i].line_capacity * sizeof *a->sections[i].lines);
    }
    if (a->mem) {
        kundig__free(a->mem, a->sections, a->section_capacity * sizeof *a->sections);
        kundig__arena_free(&a->arena);
    }
    memset(a, 0, sizeof *a);
}

static inline void analysing_close(analysing *t)
{
    analysing_end(t);
    kundig__corpus_free(t->corpus);
    kundig__context_free(&t->context);
}

/* An analysis in which nothing was found yet. */
static inline void analysing_begin(analysing *t, const kundig_query *query)
{
    analysing_end(t);
    t->a.corpus = t->corpus;
    t->a.query = query;
    t->a.mem = &t->context.mem;
    t->a.level = 0.95;
    kundig__arena_init(&t->a.arena, t->a.mem);
}

static inline void analysing_find(analysing *t, int (*find)(kundig__analysis *, kundig_error *))
{
    cr_assert_eq(find(&t->a, &t->err), KUNDIG_OK, "%s", t->err.message);
    cr_assert_not(t->a.failed);
}

/* What all findings behind the scores stand on. */
static inline void analysing_scored(analysing *t, const kundig_query *query)
{
    analysing_begin(t, query);
    analysing_find(t, kundig__find_profile);
    analysing_find(t, kundig__find_scores);
}

static inline kundig_feedback analysing_record(void)
{
    kundig_feedback record;
    kundig_feedback_init(&record);
    record.source = KUNDIG__TEXT("survey");
    return record;
}

/* With an id of its own. */
static inline void analysing_add(analysing *t, kundig_feedback record)
{
    char id[16];
    snprintf(id, sizeof id, "%06d", t->records++);
    record.id = kundig__str(id);
    cr_assert_eq(kundig__batch_begin(t->corpus, &t->err), KUNDIG_OK);
    cr_assert_eq(kundig__batch_add(t->corpus, &record, NULL, NULL, &t->err), KUNDIG_OK, "%s",
                 t->err.message);
    kundig__batch_commit(t->corpus);
}

/* Days since 2026-01-01. */
static inline int64_t analysing_day(int day)
{
    return (INT64_C(20454) + day) * KUNDIG__DAY_MS;
}

/* `count` equal answers; day below 0: without a time; stage and text may be NULL. */
static inline void analysing_answers(analysing *t, int count, int32_t scale, double value, int day,
                                     const char *stage, const char *text)
{
    kundig_score score = {.scale = scale, .value = value};
    kundig_feedback record = analysing_record();
    record.scores = &score;
    record.score_count = 1;
    record.stage = kundig__str(stage);
    record.text = kundig__str(text);
    record.time_precision = KUNDIG_PRECISION_DAY;
    record.time_ms = day < 0 ? KUNDIG_TIME_ABSENT : analysing_day(day);
    for (int i = 0; i < count; i++) {
        analysing_add(t, record);
    }
}

static inline const kundig__section *analysing_section(const analysing *t, const char *title)
{
    for (size_t i = 0; i < t->a.section_count; i++) {
        if (kundig__text_equal(t->a.sections[i].title, kundig__str(title))) {
            return &t->a.sections[i];
        }
    }
    return NULL;
}

/* The mark of a line that reads so; -1: no section has it. */
static inline int analysing_mark(const analysing *t, const char *line)
{
    for (size_t i = 0; i < t->a.section_count; i++) {
        for (size_t l = 0; l < t->a.sections[i].line_count; l++) {
            if (kundig__text_equal(t->a.sections[i].lines[l].text, kundig__str(line))) {
                return t->a.sections[i].lines[l].mark;
            }
        }
    }
    return -1;
}

static inline void analysing_says(const analysing *t, int mark, const char *line)
{
    int found = analysing_mark(t, line);
    if (found < 0) {
        for (size_t i = 0; i < t->a.section_count; i++) {
            for (size_t l = 0; l < t->a.sections[i].line_count; l++) {
                fprintf(stderr, "  said: %s\n", t->a.sections[i].lines[l].text.data);
            }
        }
    }
    cr_assert_eq(found, mark, "mark %d, not %d: %s", found, mark, line);
}

static inline size_t analysing_column(const kundig_table *table, const char *name)
{
    size_t at = kundig_table_find_column(table, name, strlen(name));
    cr_assert_neq(at, SIZE_MAX, "%s", name);
    return at;
}

static inline int64_t analysing_int(const kundig_table *table, size_t row, const char *name)
{
    return kundig_table_int(table, row, analysing_column(table, name));
}

static inline void analysing_is(kundig_text text, const char *want)
{
    cr_assert(kundig__text_equal(text, kundig__str(want)), "\"%.*s\", not \"%s\"", (int)text.len,
              text.data ? text.data : "", want);
}

#endif
