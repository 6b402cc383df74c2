/* Answers by channel and stage, and short ways to weigh them. */
#ifndef KUNDIG_TESTS_WEIGHED_H
#define KUNDIG_TESTS_WEIGHED_H

#include "base/math.h"
#include "cells.h"
#include "metrics/gather.h"
#include "survey.h"

/* n records of a channel and a stage (NULL: none) that weigh this much (0: nothing is said), with
 * so many answers 3, 8 and 10. */
typedef struct weighed_cell {
    const char *channel;
    const char *stage;
    double weight;
    int n;
    int answers[3];
} weighed_cell;

static inline void weighed_fill(fixture *f, const weighed_cell *cells, size_t count)
{
    static const double answers[] = {3, 8, 10};
    for (size_t i = 0; i < count; i++) {
        for (int made = 0, kind = 0; kind < 3; kind++) {
            for (int one = 0; one < cells[i].answers[kind]; one++, made++) {
                char id[32];
                snprintf(id, sizeof id, "%zu-%d", i, made);
                kundig_feedback record = fixture_record(id, NULL);
                kundig_score score = fixture_nps(answers[kind]);
                record.channel = kundig__str(cells[i].channel);
                record.stage = kundig__str(cells[i].stage);
                record.scores = &score;
                record.score_count = 1;
                record.has_weight = cells[i].weight > 0;
                record.weight = cells[i].weight;
                cr_assert_eq(fixture_add(f, &record, 1, NULL), KUNDIG_OK);
            }
        }
    }
}

static inline int weighed_try(fixture *f, const kundig_query *query, const kundig_margin *margins,
                              size_t count, double most,
                              kundig_table *tables[KUNDIG_WEIGHTS_TABLES])
{
    kundig_weights_options options;
    kundig_weights_options_init(&options);
    options.most = most;
    return kundig__weigh_answers(f->corpus, query, margins, count, &options, tables, &f->err);
}

static inline void weighed_ask(fixture *f, const kundig_query *query, const kundig_margin *margins,
                               size_t count, double most,
                               kundig_table *tables[KUNDIG_WEIGHTS_TABLES])
{
    int rc = weighed_try(f, query, margins, count, most, tables);
    cr_assert_eq(rc, KUNDIG_OK, "%s", f->err.message);
}

static inline void weighed_free(kundig_table *tables[KUNDIG_WEIGHTS_TABLES])
{
    for (size_t i = 0; i < KUNDIG_WEIGHTS_TABLES; i++) {
        kundig_table_free(tables[i]);
    }
}

#endif
