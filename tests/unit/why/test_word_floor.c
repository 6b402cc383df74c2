#include "words_scene.h"

TestSuite(word_floor, .fini = probe_fini);

/* A text of eight words, some of which are common. */
static void floor_text(kundig__prng *prng, char text[200])
{
    *text = 0;
    for (int word = 0; word < 8; word++) {
        uint64_t at = kundig__prng_below(prng, 60);
        at = at < 30 ? at : kundig__prng_below(prng, 200);
        sprintf(text + strlen(text), "w%c%c ", (char)('a' + at % 20), (char)('a' + at / 20));
    }
}

static void floor_give(fixture *f, const char *channel, size_t count, size_t customers,
                       kundig__prng *prng, const char *planted)
{
    for (size_t i = 0; i < count; i++) {
        char text[256];
        floor_text(prng, text);
        if (planted && kundig__prng_below(prng, 4) == 0) {
            strcat(text, planted);
        }
        words_give(f, i, 1, channel, text, customers);
    }
}

Test(word_floor, halves_of_one_population_stay_below_it)
{
    kundig__prng prng;
    size_t above = 0;
    size_t words = 0;
    kundig__prng_init(&prng, 11);
    for (int turn = 0; turn < 10; turn++) {
        fixture f;
        fixture_open(&f);
        floor_give(&f, "sad", 400, 0, &prng, NULL);
        floor_give(&f, "glad", 400, 0, &prng, NULL);
        kundig_table *table = words_ask(&f, "channel = sad", "channel = glad",
                                        &(kundig_words_options){.everything = 1});
        size_t column = survey_column(table, "above_floor");
        words += kundig_table_row_count(table);
        for (size_t row = 0; row < kundig_table_row_count(table); row++) {
            above += kundig_table_int(table, row, column) != 0;
            double floor = survey_number(table, row, "floor");
            cr_assert(floor > 1 && floor < 6, "%g", floor);
        }
        kundig_table_free(table);
        fixture_close(&f);
    }
    cr_assert(words > 2500, "%zu", words);
    cr_assert(above < words / 200, "%zu of %zu", above, words);
}

Test(word_floor, a_planted_word_stands_above_it)
{
    for (size_t customers = 0; customers < 200; customers += 150) {
        fixture f;
        kundig__prng prng;
        kundig__prng_init(&prng, 12);
        fixture_open(&f);
        floor_give(&f, "sad", 400, customers, &prng, "planted");
        floor_give(&f, "glad", 400, customers, &prng, NULL);
        kundig_table *table = words_ask(&f, "channel = sad", "channel = glad",
                                        &(kundig_words_options){.everything = 0});
        size_t at = words_find(table, "planted");
        cr_assert_neq(at, SIZE_MAX);
        cr_assert_eq(kundig_table_int(table, at, survey_column(table, "above_floor")), 1);
        cr_assert(strstr(kundig_table_note(table, 1), "floor"));
        kundig_table_free(table);
        fixture_close(&f);
    }
}

/* What one customer says a hundred times is noise: halves keep customers whole. */
Test(word_floor, customers_who_say_one_thing_raise_it_no_further_than_chance)
{
    fixture f;
    kundig__prng prng;
    kundig__prng_init(&prng, 13);
    fixture_open(&f);
    for (int customer = 0; customer < 30; customer++) {
        char text[256];
        floor_text(&prng, text);
        char name[32];
        snprintf(name, sizeof name, "%s", customer % 2 ? "sad" : "glad");
        for (size_t i = 0; i < 40; i++) {
            char id[32];
            char who[32];
            snprintf(id, sizeof id, "%d-%zu", customer, i);
            snprintf(who, sizeof who, "c%d", customer);
            kundig_feedback record = fixture_record(id, text);
            record.channel = kundig__str(name);
            record.customer = kundig__str(who);
            cr_assert_eq(fixture_add(&f, &record, 1, NULL), KUNDIG_OK);
        }
    }
    kundig_table *table =
        words_ask(&f, "channel = sad", "channel = glad", &(kundig_words_options){.everything = 1});
    cr_assert(kundig_table_row_count(table) > 10);
    for (size_t row = 0; row < kundig_table_row_count(table); row++) {
        cr_assert(survey_number(table, row, "floor") < 4, "%g", survey_number(table, row, "floor"));
    }
    kundig_table_free(table);
    fixture_close(&f);
}

Test(word_floor, equal_records_without_a_name_fall_on_both_sides)
{
    fixture f;
    fixture_open(&f);
    static kundig_feedback records[400];
    for (size_t i = 0; i < 400; i++) {
        records[i] = fixture_record(NULL, i % 2 ? "late again" : "fine thanks");
        records[i].channel = kundig__str(i % 4 < 2 ? "sad" : "glad");
    }
    cr_assert_eq(fixture_add(&f, records, 400, NULL), KUNDIG_OK);
    kundig_table *table =
        words_ask(&f, "channel = sad", "channel = glad", &(kundig_words_options){.everything = 1});
    cr_assert_eq(kundig_table_row_count(table), 6);
    cr_assert(survey_number(table, 0, "floor") > 0);
    cr_assert(survey_number(table, 0, "floor") < 3);
    kundig_table_free(table);
    fixture_close(&f);
}

Test(word_floor, there_is_none_where_a_cannot_be_cut)
{
    fixture f;
    fixture_open(&f);
    words_give(&f, 0, 5, "sad", "late again", 1);
    words_give(&f, 0, 50, "glad", "fine", 0);
    kundig_table *table = words_ask(&f, "channel = sad", "channel = glad",
                                    &(kundig_words_options){.everything = 1, .least = 1});
    cr_assert_eq(kundig_table_row_count(table), 3);
    cr_assert(kundig_table_is_null(table, 0, survey_column(table, "floor")));
    cr_assert(kundig_table_is_null(table, 0, survey_column(table, "above_floor")));
    kundig_table_free(table);
    fixture_close(&f);
}
