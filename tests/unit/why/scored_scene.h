/* Answers with comments, read with a small taxonomy. */
#ifndef KUNDIG_TESTS_SCORED_SCENE_H
#define KUNDIG_TESTS_SCORED_SCENE_H

#include "../corpus/model.h"
#include "../metrics/survey.h"
#include "why/scored.h"
#include "why/why.h"

typedef struct scored_line {
    const char *text;
    double score;
    const char *customer; /* NULL: none */
} scored_line;

static inline void scored_add(fixture *f, size_t number, const scored_line *line,
                              const kundig_score *score)
{
    char id[32];
    snprintf(id, sizeof id, "r%02zu", number);
    kundig_feedback record = fixture_record(id, line->text);
    record.customer = kundig__str(line->customer);
    record.time_ms = INT64_C(1767225600000) + (int64_t)number * KUNDIG__DAY_MS;
    record.time_precision = KUNDIG_PRECISION_DAY;
    record.scores = score;
    record.score_count = score ? 1 : 0;
    cr_assert_eq(fixture_add(f, &record, 1, NULL), KUNDIG_OK, "%s", f->err.message);
}

/* Net Promoter answers; every step-th line first, then the others: any order. */
static inline void scored_give(fixture *f, const scored_line *lines, size_t count, size_t step)
{
    for (size_t start = step; start-- > 0;) {
        for (size_t i = start; i < count; i += step) {
            kundig_score score = fixture_nps(lines[i].score);
            scored_add(f, i, &lines[i], lines[i].score < 0 ? NULL : &score);
        }
    }
}

typedef int scored_call(kundig__corpus *corpus, const kundig_query *query, size_t limit,
                        kundig_table **out, kundig_error *err);

static inline kundig_table *scored_ask(fixture *f, scored_call *call, const char *where,
                                       size_t limit)
{
    kundig_table *table = NULL;
    kundig_query *query = fixture_query(where);
    int rc = call(f->corpus, query, limit, &table, &f->err);
    cr_assert_eq(rc, KUNDIG_OK, "%s", f->err.message);
    kundig_query_free(query);
    return table;
}

static inline bool scored_notes(const kundig_table *table, const char *words)
{
    for (size_t i = 0; i < kundig_table_note_count(table); i++) {
        if (strstr(kundig_table_note(table, i), words)) {
            return true;
        }
    }
    return false;
}

/* Every allocation of a call fails in turn: a clean answer, and nothing is lost. */
static inline void scored_sweep(fixture *f, scored_call *call)
{
    kundig_query *query = fixture_query(NULL);
    kundig_table *warm = NULL;
    survey_warm(f);
    cr_assert_eq(call(f->corpus, query, 0, &warm, &f->err), KUNDIG_OK, "%s", f->err.message);
    kundig_table_free(warm);
    for (int on = 0; on < 2; on++) {
        int rc = KUNDIG_E_NOMEM;
        for (size_t at = 1; rc; at++) {
            kundig_table *table = NULL;
            size_t live = probe_shared.live_blocks;
            probe_shared.fail_at = probe_shared.allocations + at;
            probe_shared.fail_on = on;
            rc = call(f->corpus, query, 0, &table, &f->err);
            probe_shared.fail_at = 0;
            probe_shared.fail_on = false;
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM, "%s", f->err.message);
            cr_assert(rc == KUNDIG_OK || !table);
            kundig_table_free(table);
            cr_assert_eq(probe_shared.live_blocks, live, "at %zu", at);
        }
    }
    kundig_query_free(query);
}

#endif
