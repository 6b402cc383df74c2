/* Records day by day in a corpus, and what charts say of them. */
#ifndef KUNDIG_TESTS_WHY_CHARTING_H
#define KUNDIG_TESTS_WHY_CHARTING_H

#include "../metrics/survey.h"
#include "why/control.h"
#include "why/why.h"

/* One record; customer NULL: none is named. Days since 2026-01-01, from 0. */
static inline void charting_add(fixture *f, int day, const char *channel, const char *stage,
                                const char *customer)
{
    static unsigned number;
    char id[32];
    snprintf(id, sizeof id, "r%07u", number++);
    kundig_feedback record =
        fixture_record(id, "The parcel came late again and nobody told me why.");
    kundig_score score = fixture_nps(9);
    record.channel = kundig__str(channel);
    record.stage = kundig__str(stage);
    record.customer = kundig__str(customer);
    record.time_ms = INT64_C(1767225600000) + day * KUNDIG__DAY_MS + KUNDIG__DAY_MS / 2;
    record.time_precision = KUNDIG_PRECISION_MINUTE;
    record.scores = &score;
    record.score_count = 1;
    cr_assert_eq(fixture_add(f, &record, 1, NULL), KUNDIG_OK, "%s", f->err.message);
}

/* So many customers of a day, each once; names differ from day to day. */
static inline void charting_crowd(fixture *f, int day, const char *channel, const char *stage,
                                  int count)
{
    for (int i = 0; i < count; i++) {
        char customer[64];
        snprintf(customer, sizeof customer, "%s %s %d %d", channel, stage, day, i);
        charting_add(f, day, channel, stage, customer);
    }
}

/* by: fields with commas between them; NULL for none. */
static inline kundig_query *charting_query(const char *by, int32_t every)
{
    kundig_query *query = survey_query(NULL);
    for (const char *at = by; at && *at;) {
        size_t len = strcspn(at, ",");
        cr_assert_eq(kundig_query_group_by(query, at, len, NULL), KUNDIG_OK);
        at += len + (at[len] == ',');
    }
    cr_assert_eq(kundig_query_set_every(query, every, NULL), KUNDIG_OK);
    return query;
}

static inline kundig_chart_options charting_options(void)
{
    kundig_chart_options options;
    kundig_chart_options known;
    kundig_chart_options_init(&options);
    cr_assert_eq(kundig__chart_options(&options, &known, NULL), KUNDIG_OK);
    return known;
}

/* Twenty quiet days: of 30 customers in the shop 3 complain, of 20 on the phone 2. On day 15 nine
 * more complain in the shop. */
static inline void charting_scene(fixture *f)
{
    for (int day = 0; day < 20; day++) {
        charting_crowd(f, day, "shop", "Complaint", day == 15 ? 12 : 3);
        charting_crowd(f, day, "shop", "Order", 27);
        charting_crowd(f, day, "phone", "Complaint", 2);
        charting_crowd(f, day, "phone", "Order", 18);
    }
}

#endif
