#include "emerging_scene.h"

TestSuite(emerging_tell, .fini = probe_fini);

static kundig_bytes *tell_bytes(kundig_table *table)
{
    kundig_bytes *bytes = NULL;
    cr_assert_eq(kundig_table_to_csv(table, &bytes, NULL), KUNDIG_OK);
    kundig_table_free(table);
    return bytes;
}

Test(emerging_tell, no_order_of_arrival_shows)
{
    for (int by_day = 0; by_day < 2; by_day++) {
        kundig_bytes *bytes[2];
        for (int reverse = 0; reverse < 2; reverse++) {
            fixture f;
            fixture_open(&f);
            emerging_weeks(&f, by_day, true, reverse);
            bytes[reverse] = tell_bytes(emerging_ask(&f, "channel", KUNDIG_EVERY_NONE));
            fixture_close(&f);
        }
        cr_assert_eq(kundig_bytes_len(bytes[0]), kundig_bytes_len(bytes[1]));
        cr_assert_eq(memcmp(kundig_bytes_data(bytes[0]), kundig_bytes_data(bytes[1]),
                            kundig_bytes_len(bytes[0])),
                     0);
        kundig_bytes_free(bytes[0]);
        kundig_bytes_free(bytes[1]);
    }
}

Test(emerging_tell, nothing_one_record_and_one_time_say_nothing)
{
    for (size_t count = 0; count < 30; count += count < 3 ? 1 : 10) {
        fixture f;
        fixture_open(&f);
        for (size_t i = 0; i < count; i++) {
            emerging_add_one(
                &f, (emerging_give){.id = i, .channel = "phone", .time_ms = EMERGING_MONDAY});
        }
        kundig_table *table = emerging_ask(&f, "channel", KUNDIG_EVERY_NONE);
        cr_assert_eq(kundig_table_row_count(table), 0);
        cr_assert_neq(kundig_table_find_column(table, "quote_2", 7), SIZE_MAX);
        kundig_table_free(table);
        fixture_close(&f);
    }
}

Test(emerging_tell, notes_say_what_was_compared_and_left_out)
{
    fixture f;
    fixture_open(&f);
    emerging_weeks(&f, true, false, false);
    emerging_add_one(&f, (emerging_give){.id = 5000, .time_ms = KUNDIG_TIME_ABSENT});
    kundig_table *table = emerging_ask(&f, "channel", KUNDIG_EVERY_WEEK);
    cr_assert(strstr(kundig_table_note(table, 0), "once a week"));
    cr_assert(strstr(kundig_table_note(table, 1), "2026-W11 against"), "%s",
              kundig_table_note(table, 1));
    cr_assert(strstr(kundig_table_note(table, 2), "1 record"));
    kundig_table_free(table);
    fixture_close(&f);
}
