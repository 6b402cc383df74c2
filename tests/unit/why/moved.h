/* Records in two sets, and why a score moved from one to the other. */
#ifndef KUNDIG_TESTS_WHY_MOVED_H
#define KUNDIG_TESTS_WHY_MOVED_H

#include "../metrics/said.h"
#include "why/explain.h"

typedef struct moved {
    fixture f;
    uint32_t next; /* id of the next record */
} moved;

/* What is 0 or NULL is absent; nps of 11 is an answer of 0. */
typedef struct moved_record {
    const char *segment;
    const char *department;
    const char *channel;
    const char *customer;
    const char *text;
    double csat;
    double nps;
    int day; /* since 2026-01-01, from 1 */
} moved_record;

static inline void moved_open(moved *m)
{
    fixture_open(&m->f);
    m->next = 0;
}

static inline void moved_close(moved *m)
{
    fixture_close(&m->f);
}

static inline void moved_add(moved *m, const moved_record *from)
{
    char id[16];
    kundig_score scores[2];
    snprintf(id, sizeof id, "%07u", m->next++);
    kundig_feedback record = fixture_record(id, from->text);
    record.segment = kundig__str(from->segment);
    record.department = kundig__str(from->department);
    record.channel = kundig__str(from->channel);
    record.customer = kundig__str(from->customer);
    record.scores = scores;
    if (from->day) {
        record.time_ms = INT64_C(1767225600000) + (from->day - 1) * KUNDIG__DAY_MS;
        record.time_precision = KUNDIG_PRECISION_DAY;
    }
    if (from->csat > 0) {
        scores[record.score_count++] =
            (kundig_score){.scale = KUNDIG_SCALE_CSAT, .value = from->csat};
    }
    if (from->nps > 0) {
        scores[record.score_count++] = fixture_nps(from->nps > 10 ? 0 : from->nps);
    }
    cr_assert_eq(fixture_add(&m->f, &record, 1, NULL), KUNDIG_OK, "%s", m->f.err.message);
}

/* by: NULL for none. */
static inline int moved_try(moved *m, const char *before, const char *after, const char *metric,
                            const char *by, int32_t sentences,
                            kundig_table *tables[KUNDIG_EXPLAIN_TABLES])
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_query *query = NULL;
    kundig_explain_options options;
    uint32_t nodes[2] = {0, 0};
    kundig_explain_options_init(&options);
    options.sentences = sentences;
    int rc = kundig_query_new(&allocator, &query);
    rc = rc ? rc : kundig_query_parse(query, before, strlen(before), &nodes[0], &m->f.err);
    rc = rc ? rc : kundig_query_parse(query, after, strlen(after), &nodes[1], &m->f.err);
    if (!rc && metric) {
        rc = kundig_query_set_metric(query, metric, strlen(metric), &m->f.err);
    }
    if (!rc && by) {
        rc = kundig_query_group_by(query, by, strlen(by), &m->f.err);
    }
    rc = rc ? rc
            : kundig__explain(m->f.corpus, query, nodes[0], nodes[1], &options, tables, &m->f.err);
    kundig_query_free(query);
    return rc;
}

static inline void moved_explain(moved *m, const char *before, const char *after,
                                 const char *metric, const char *by, int32_t sentences,
                                 kundig_table *tables[KUNDIG_EXPLAIN_TABLES])
{
    cr_assert_eq(moved_try(m, before, after, metric, by, sentences, tables), KUNDIG_OK, "%s",
                 m->f.err.message);
}

static inline void moved_free(kundig_table *tables[KUNDIG_EXPLAIN_TABLES])
{
    for (int i = 0; i < KUNDIG_EXPLAIN_TABLES; i++) {
        kundig_table_free(tables[i]);
    }
}

#endif
