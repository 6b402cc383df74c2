#include "emerging_scene.h"

TestSuite(emerging, .fini = probe_fini);

Test(emerging, the_last_week_is_held_against_those_before)
{
    for (int by_day = 0; by_day < 2; by_day++) {
        fixture f;
        fixture_open(&f);
        emerging_weeks(&f, by_day, true, false);
        kundig_table *table = emerging_ask(&f, "channel", KUNDIG_EVERY_NONE);
        size_t row = emerging_row(table, "phone", "rise");
        cr_assert_neq(row, SIZE_MAX);
        cr_assert_eq(emerging_row(table, "email", "rise"), SIZE_MAX);
        cr_assert_str_eq(survey_text(table, row, "onset"), "2026-03-09");
        cr_assert_str_eq(survey_text(table, row, "until"), "2026-03-15");
        /* 53 of 70 against 158 of 630 */
        cr_assert_eq(survey_number(table, row, "records"), 53);
        cr_assert_eq(survey_number(table, row, "customers"), 53);
        cr_assert_float_eq(survey_number(table, row, "ratio"), 53.0 / 70 / (158.0 / 630), 1e-9);
        cr_assert(survey_number(table, row, "lo") > 2);
        cr_assert(strstr(survey_text(table, row, "quote_1"), "I rang them"));
        row = emerging_row(table, "phone", "burst");
        cr_assert_neq(row, SIZE_MAX);
        cr_assert_eq(strncmp(survey_text(table, row, "onset"), "2026-03-09", 10), 0);
        kundig_table_free(table);
        fixture_close(&f);
    }
}

Test(emerging, nothing_going_on_says_nothing)
{
    for (int by_day = 0; by_day < 2; by_day++) {
        fixture f;
        fixture_open(&f);
        emerging_weeks(&f, by_day, false, false);
        kundig_table *table = emerging_ask(&f, "channel", KUNDIG_EVERY_NONE);
        cr_assert_eq(kundig_table_row_count(table), 0);
        kundig_table_free(table);
        fixture_close(&f);
    }
}

/* Noise at the rate that is stated: of 40 runs of pure chance one in twenty may tell anything. */
Test(emerging, pure_chance_is_seldom_news)
{
    kundig__prng prng;
    size_t news = 0;
    kundig__prng_init(&prng, 3);
    for (int turn = 0; turn < 40; turn++) {
        fixture f;
        fixture_open(&f);
        for (size_t i = 0; i < 400; i++) {
            static const char *const channels[] = {"email", "phone", "chat", "shop"};
            emerging_add_one(
                &f, (emerging_give){.id = i,
                                    .channel = channels[kundig__prng_below(&prng, 4)],
                                    .time_ms = EMERGING_MONDAY + (int64_t)kundig__prng_below(
                                                                     &prng, 70 * KUNDIG__DAY_MS),
                                    .by_day = false});
        }
        kundig_table *table = emerging_ask(&f, "channel", KUNDIG_EVERY_NONE);
        news += kundig_table_row_count(table) > 0;
        kundig_table_free(table);
        fixture_close(&f);
    }
    cr_assert(news <= 6, "%zu", news);
}

Test(emerging, one_customer_who_writes_38_times_is_one_event)
{
    fixture f;
    fixture_open(&f);
    emerging_weeks(&f, false, false, false);
    for (size_t i = 0; i < 38; i++) {
        emerging_add_one(&f, (emerging_give){.id = 1000 + i,
                                             .customer = "loud",
                                             .channel = "phone",
                                             .text = "I ring and ring",
                                             .time_ms = EMERGING_MONDAY + 65 * KUNDIG__DAY_MS +
                                                        (int64_t)i * 60000});
    }
    kundig_table *table = emerging_ask(&f, "channel", KUNDIG_EVERY_NONE);
    cr_assert_eq(kundig_table_row_count(table), 0);
    kundig_table_free(table);
    fixture_close(&f);
}

/* Kleinberg's automaton on the example of a public package, through records. */
Test(emerging, the_published_bursts_hold_where_a_group_is_all_there_is)
{
    static const int64_t parts[][3] = {{0, 400, 100}, {410, 450, 5}, {451, 469, 2},   {480, 600, 5},
                                       {700, 700, 1}, {710, 800, 5}, {900, 1000, 100}};
    static const struct {
        int64_t level;
        const char *onset, *until;
    } expected[] = {{2, "2026-01-05T11:50Z", "2026-01-05T13:20Z"},
                    {3, "2026-01-05T07:30Z", "2026-01-05T07:49Z"},
                    {2, "2026-01-05T06:50Z", "2026-01-05T10:00Z"}};
    fixture f;
    size_t id = 0;
    fixture_open(&f);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        for (int64_t time = parts[i][0]; time <= parts[i][1]; time += parts[i][2]) {
            emerging_add_one(&f, (emerging_give){.id = id++,
                                                 .channel = "phone",
                                                 .time_ms = EMERGING_MONDAY + time * 60000});
        }
    }
    kundig_table *table = emerging_ask(&f, "channel", KUNDIG_EVERY_NONE);
    cr_assert_eq(kundig_table_row_count(table), 3);
    for (size_t i = 0; i < 3; i++) {
        bool found = false;
        for (size_t row = 0; row < 3; row++) {
            found = found || ((int64_t)survey_number(table, row, "level") == expected[i].level &&
                              strcmp(survey_text(table, row, "onset"), expected[i].onset) == 0 &&
                              strcmp(survey_text(table, row, "until"), expected[i].until) == 0);
        }
        cr_assert(found, "%zu", i);
    }
    kundig_table_free(table);
    fixture_close(&f);
}

Test(emerging, what_no_topic_knows_gets_the_name_of_its_word)
{
    fixture f;
    fixture_open(&f);
    for (size_t i = 0; i < 280; i++) {
        static const char *const old[] = {"grandmother visited on a sunny day",
                                          "the violet colour reminds me of home",
                                          "seven seas and a wooden boat"};
        bool fresh = i >= 240 && i % 2;
        emerging_add_one(
            &f,
            (emerging_give){.id = i,
                            .channel = "email",
                            .text = fresh ? "the hologram flickers above the table" : old[i % 3],
                            .time_ms = EMERGING_MONDAY + (int64_t)(i / 40) * 7 * KUNDIG__DAY_MS +
                                       (int64_t)(i % 7) * KUNDIG__DAY_MS});
    }
    kundig_table *table = emerging_ask(&f, NULL, KUNDIG_EVERY_NONE);
    bool named = false;
    for (size_t row = 0; row < kundig_table_row_count(table); row++) {
        if (strstr(survey_text(table, row, "title"), "hologram")) {
            named = true;
            cr_assert_str_eq(survey_text(table, row, "kind"), "novelty");
            cr_assert_eq(survey_number(table, row, "customers"), 20);
            cr_assert(strstr(survey_text(table, row, "quote_1"), "hologram"));
        }
    }
    cr_assert(named);
    kundig_table_free(table);
    fixture_close(&f);
}

Test(emerging, options_out_of_range_are_told)
{
    static const double bad[][2] = {{1, 1}, {-2, 1}, {2, -1}, {5000, 1}, {2, 1e9}};
    fixture f;
    fixture_open(&f);
    kundig_query *query = survey_query("count");
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        kundig_emerging_options options;
        kundig_table *table = NULL;
        kundig_emerging_options_init(&options);
        options.scale = bad[i][0];
        options.gamma = bad[i][1];
        cr_assert_eq(kundig__emerging(f.corpus, query, &options, &table, &f.err), KUNDIG_E_ARG);
    }
    kundig_query_free(query);
    fixture_close(&f);
}

Test(emerging, every_allocation_may_fail)
{
    fixture f;
    fixture_open(&f);
    emerging_weeks(&f, true, true, false);
    kundig_table_free(emerging_ask(&f, NULL, KUNDIG_EVERY_NONE)); /* comments are read by now */
    survey_warm(&f);
    for (int on = 0; on < 2; on++) {
        int rc = KUNDIG_E_NOMEM;
        for (size_t n = 1; rc; n = probe_next(n)) {
            kundig_table *table = NULL;
            probe_shared.fail_at = probe_shared.allocations + n;
            probe_shared.fail_on = on;
            rc = emerging_try(&f, "channel", KUNDIG_EVERY_NONE, &table);
            probe_shared.fail_at = 0;
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM, "%d %s", rc, f.err.message);
            kundig_table_free(table);
        }
    }
    fixture_close(&f);
}
