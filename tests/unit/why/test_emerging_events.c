#include "emerging_scene.h"
#include "why/emerging.h"

TestSuite(emerging_events, .fini = probe_fini);

static void events_of(fixture *f, emerging_events *events)
{
    kundig_query *query = survey_query("count");
    cr_assert_eq(kundig_query_group_by(query, "channel", 7, NULL), KUNDIG_OK);
    cr_assert_eq(kundig__emerging_events_new(f->corpus, query, events, &f->err), KUNDIG_OK, "%s",
                 f->err.message);
    kundig_query_free(query);
}

Test(emerging_events, a_customer_counts_once_a_period_and_group)
{
    fixture f;
    emerging_events events;
    uint32_t places[8];
    fixture_open(&f);
    for (size_t i = 0; i < 6; i++) {
        /* Monday, Wednesday, ... of two customers: three weeks of one, then one of another */
        emerging_add_one(
            &f, (emerging_give){.id = i,
                                .customer = i < 4 ? "a" : "b",
                                .channel = "phone",
                                .time_ms = EMERGING_MONDAY + (int64_t)i * 4 * KUNDIG__DAY_MS});
    }
    events_of(&f, &events);
    cr_assert_eq(events.all_count, 6);
    /* days 0, 4 | 8, 12 | 16, 20 of weeks 1, 2, 3 */
    cr_assert_eq(kundig__emerging_first(&events, events.all, 6, KUNDIG_EVERY_WEEK, 1, places), 3);
    cr_assert_eq(kundig__emerging_first(&events, events.all, 6, KUNDIG_EVERY_DAY, 2, places), 6);
    cr_assert_eq(kundig__emerging_first(&events, events.all, 6, KUNDIG_EVERY_YEAR, 3, places), 2);
    uint64_t records;
    bool named;
    cr_assert_eq(kundig__emerging_customers(&events, events.all, 6, events.first_day,
                                            events.last_day, true, 4, &records, &named),
                 2);
    cr_assert_eq(records, 6);
    cr_assert(named);
    kundig__emerging_events_free(&events);
    fixture_close(&f);
}

Test(emerging_events, one_written_date_makes_all_of_them_days)
{
    fixture f;
    emerging_events events;
    fixture_open(&f);
    for (size_t i = 0; i < 3; i++) {
        emerging_add_one(
            &f, (emerging_give){.id = i,
                                .channel = "phone",
                                .time_ms = EMERGING_MONDAY + (int64_t)(2 - i) * KUNDIG__DAY_MS,
                                .by_day = i == 1});
    }
    events_of(&f, &events);
    cr_assert(events.by_day);
    for (size_t i = 0; i < 3; i++) {
        cr_assert_eq(events.keys[events.all[i]], 20458 + (int64_t)i);
    }
    cr_assert_eq(events.first_day, 20458);
    cr_assert_eq(events.last_day, 20460);
    kundig__emerging_events_free(&events);
    fixture_close(&f);
}

Test(emerging_events, records_without_a_time_are_counted_apart)
{
    fixture f;
    emerging_events events;
    fixture_open(&f);
    emerging_add_one(&f, (emerging_give){.id = 1, .time_ms = KUNDIG_TIME_ABSENT});
    emerging_add_one(&f, (emerging_give){.id = 2, .time_ms = EMERGING_MONDAY});
    events_of(&f, &events);
    cr_assert_eq(events.timeless, 1);
    cr_assert_eq(events.all_count, 1);
    kundig__emerging_events_free(&events);
    fixture_close(&f);
}
