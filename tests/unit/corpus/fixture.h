/* A corpus on the probe allocator, and short ways to give it records. */
#ifndef KUNDIG_TESTS_CORPUS_FIXTURE_H
#define KUNDIG_TESTS_CORPUS_FIXTURE_H

#include <criterion/criterion.h>

#include "base/text.h"
#include "corpus/facts.h"
#include "corpus/query.h"
#include "probe.h"

typedef struct fixture {
    kundig__context context;
    kundig__corpus *corpus;
    kundig_error err;
} fixture;

static inline int fixture_try(fixture *f)
{
    kundig_allocator allocator = probe_allocator(NULL);
    memset(f, 0, sizeof *f);
    kundig__mem_init(&f->context.mem, &allocator, 0);
    f->context.threads = 1;
    f->context.zone_directory = kundig__str("/usr/share/zoneinfo");
    return kundig__corpus_new(&f->context, &f->corpus, &f->err);
}

static inline void fixture_open(fixture *f)
{
    cr_assert_eq(fixture_try(f), KUNDIG_OK);
}

static inline void fixture_close(fixture *f)
{
    kundig__corpus_free(f->corpus);
    kundig__context_free(&f->context);
    f->corpus = NULL;
}

/* One batch: whole or absent. */
static inline int fixture_add(fixture *f, const kundig_feedback *records, size_t count,
                              kundig_added *added)
{
    kundig_added counts;
    kundig_added_init(&counts);
    int rc = kundig__batch_begin(f->corpus, &f->err);
    for (size_t i = 0; i < count && !rc; i++) {
        rc = kundig__batch_add(f->corpus, &records[i], &counts, NULL, &f->err);
    }
    if (rc) {
        kundig__batch_abandon(f->corpus);
        return rc;
    }
    kundig__batch_commit(f->corpus);
    if (added) {
        *added = counts;
    }
    return KUNDIG_OK;
}

static inline void fixture_check(fixture *f)
{
    cr_assert_eq(kundig__corpus_check(f->corpus, &f->err), KUNDIG_OK, "%s", f->err.message);
}

static inline kundig_feedback fixture_record(const char *id, const char *text)
{
    kundig_feedback record;
    kundig_feedback_init(&record);
    record.source = kundig__str("survey.csv");
    record.id = kundig__str(id);
    record.text = kundig__str(text);
    return record;
}

static inline kundig_score fixture_nps(double value)
{
    kundig_score score = {.scale = KUNDIG_SCALE_NPS, .value = value};
    return score;
}

static inline kundig_query *fixture_query(const char *where)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_query *query = NULL;
    kundig_error err = {0};
    uint32_t node;
    cr_assert_eq(kundig_query_new(&allocator, &query), KUNDIG_OK);
    if (where) {
        cr_assert_eq(kundig_query_parse(query, where, strlen(where), &node, &err), KUNDIG_OK,
                     "%s: %s", where, err.message);
        cr_assert_eq(kundig_query_keep(query, node, &err), KUNDIG_OK);
    }
    return query;
}

/* How many rows a query keeps, or its error. */
static inline int64_t fixture_count(fixture *f, const kundig_query *query)
{
    kundig__grouping *grouping = NULL;
    uint32_t groups[KUNDIG__GROUP_BLOCK];
    uint32_t rows = kundig__corpus_rows(f->corpus);
    int64_t kept = 0;
    int rc = kundig__grouping_new(f->corpus, query, KUNDIG__NO_NODE, &grouping, &f->err);
    if (rc) {
        return rc;
    }
    for (uint32_t first = 0; first < rows; first += KUNDIG__GROUP_BLOCK) {
        uint32_t count = rows - first < KUNDIG__GROUP_BLOCK ? rows - first : KUNDIG__GROUP_BLOCK;
        kundig__grouping_rows(grouping, 0, first, count, groups);
        for (uint32_t i = 0; i < count; i++) {
            kept += groups[i] != KUNDIG__NO_GROUP;
        }
    }
    kundig__grouping_free(grouping);
    return kept;
}

static inline int64_t fixture_where(fixture *f, const char *where)
{
    kundig_query *query = fixture_query(where);
    int64_t count = fixture_count(f, query);
    kundig_query_free(query);
    return count;
}

/* Fail every allocation of a call, once and for ever: KUNDIG_E_NOMEM, nothing lost, until it
 * succeeds. The call frees what it makes and returns less than 0 on failure. */
static inline void fixture_sweep(fixture *f, int64_t (*call)(fixture *f, void *ud), void *ud)
{
    cr_assert_geq(call(f, ud), 0, "%s", f->err.message); /* what is kept from now on */
    for (int forever = 0; forever < 2; forever++) {
        int64_t rc = KUNDIG_E_NOMEM;
        for (size_t fail_at = 1; rc < 0; fail_at++) {
            size_t live = probe_shared.live_blocks;
            probe_shared.allocations = 0;
            probe_shared.fail_on = forever != 0;
            probe_shared.fail_at = fail_at;
            rc = call(f, ud);
            probe_shared.fail_at = 0;
            cr_assert(rc >= 0 || rc == KUNDIG_E_NOMEM, "%s", f->err.message);
            cr_assert_eq(probe_shared.live_blocks, live, "allocation %zu", fail_at);
        }
    }
}

#endif
