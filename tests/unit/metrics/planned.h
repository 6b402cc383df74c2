/* Small corpora for plans: records at a stage, in a channel, on a day. */
#ifndef KUNDIG_TESTS_PLANNED_H
#define KUNDIG_TESTS_PLANNED_H

#include "metrics/reporting.h"
#include "survey.h"

/* `count` records alike; customers are made up anew for each unless one is given. */
typedef struct planned {
    const char *stage;
    const char *channel;
    int day; /* of 2026, 0: no time */
    int score;
    const char *customer;
    size_t count;
} planned;

static inline void planned_add(fixture *f, const planned *records, size_t count)
{
    static unsigned serial;
    for (size_t i = 0; i < count; i++) {
        for (size_t n = 0; n < records[i].count; n++) {
            char id[16];
            char customer[16];
            snprintf(id, sizeof id, "p%u", serial);
            snprintf(customer, sizeof customer, "q%u", serial++);
            kundig_feedback record = fixture_record(id, NULL);
            kundig_score score = fixture_nps(records[i].score);
            record.stage = kundig__str(records[i].stage);
            record.channel = kundig__str(records[i].channel);
            record.customer = kundig__str(records[i].customer ? records[i].customer : customer);
            record.time_ms = records[i].day
                                 ? INT64_C(1767225600000) + (records[i].day - 1) * KUNDIG__DAY_MS
                                 : KUNDIG_TIME_ABSENT;
            record.scores = &score;
            record.score_count = records[i].score >= 0;
            cr_assert_eq(fixture_add(f, &record, 1, NULL), KUNDIG_OK);
        }
    }
}

static inline kundig__plan_rules planned_rules(uint64_t k, bool channel, uint32_t every)
{
    kundig__plan_rules rules = {.k = k, .field_count = channel ? 2 : 1, .every = every};
    rules.fields[0] = KUNDIG__TEXT("stage");
    rules.fields[1] = KUNDIG__TEXT("channel");
    return rules;
}

#endif
