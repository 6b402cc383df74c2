#include "discovering.h"

TestSuite(discovered_read, .fini = probe_fini);

static const char read_two[] = "The parcel came late, waiting for weeks, still not arrived. "
                               "The app crashes, cannot log in, the password was not accepted.";

Test(discovered_read, finds_the_main_topic_and_those_of_sentences)
{
    int32_t found[DISCOVER_ALL];
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__reading reading;
    kundig_model *model = discover_all(found);
    const kundig__discovered *discovered = kundig__model_discovered_of(model);
    uint32_t delivery =
        discovered->numbers[discovered->classes[discover_of(found, DISCOVER_ALL, 0)]];
    uint32_t app = discovered->numbers[discovered->classes[discover_of(found, DISCOVER_ALL, 3)]];
    kundig__mem_init(&mem, &allocator, 0);
    kundig__reading_init(&reading, &mem, model);
    cr_assert_eq(kundig__reading_run(&reading, "parcel came late", 16, KUNDIG__LANGUAGE_UNKNOWN),
                 KUNDIG_OK);
    cr_assert_eq(reading.main_topic, delivery);
    cr_assert_eq(reading.topic_count, 1);
    cr_assert_eq(reading.hit_count, 1);
    cr_assert_eq(reading.hits[0].start, 0);
    cr_assert_eq(reading.hits[0].end, 16);
    cr_assert_eq(reading.hits[0].rule, KUNDIG__RULE_DISCOVERED);
    cr_assert(reading.probabilities[0] >= 0.5F && reading.probabilities[0] <= 1);
    cr_assert(reading.novelty >= 0 && reading.novelty <= 1);
    cr_assert_eq(
        kundig__reading_run(&reading, read_two, sizeof read_two - 1, KUNDIG__LANGUAGE_UNKNOWN),
        KUNDIG_OK);
    cr_assert(reading.main_topic == delivery || reading.main_topic == app);
    for (size_t i = 1; i < reading.topic_count; i++) {
        cr_assert_lt(reading.topics[i - 1], reading.topics[i]);
    }
    for (size_t i = 0; i < reading.hit_count; i++) {
        cr_assert_leq(reading.hits[i].end, sizeof read_two - 1);
        cr_assert(reading.hits[i].topic == delivery || reading.hits[i].topic == app);
    }
    kundig__reading_free(&reading);
    cr_assert_eq(mem.used, 0);
    kundig_model_free(model);
}

Test(discovered_read, finds_nothing_where_nothing_is_said_or_only_rules_are_asked)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__reading reading;
    kundig_model *model = discover_all(NULL);
    kundig__mem_init(&mem, &allocator, 0);
    kundig__reading_init(&reading, &mem, model);
    cr_assert_eq(kundig__reading_run(&reading, "", 0, KUNDIG__LANGUAGE_UNKNOWN), KUNDIG_OK);
    cr_assert_eq(reading.hit_count, 0);
    cr_assert_eq(reading.main_topic, KUNDIG__NO_CLASS);
    cr_assert(reading.novelty < 0);
    reading.plain = true;
    cr_assert_eq(kundig__reading_run(&reading, "parcel came late", 16, KUNDIG__LANGUAGE_UNKNOWN),
                 KUNDIG_OK);
    cr_assert_eq(reading.hit_count, 0);
    cr_assert(reading.novelty < 0);
    kundig__reading_free(&reading);
    kundig_model_free(model);
}

Test(discovered_read, leaves_hidden_topics_out)
{
    int32_t found[DISCOVER_ALL];
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__reading reading;
    kundig_model *model = discover_all(found);
    kundig_edit hide =
        discover_edit(KUNDIG_EDIT_HIDE,
                      kundig_model_class_name(model, KUNDIG_LESSON_DISCOVERED,
                                              (size_t)discover_of(found, DISCOVER_ALL, 0)),
                      NULL);
    kundig_model *hidden = NULL;
    cr_assert_eq(kundig__model_edited(model, &hide, 1, &hidden, NULL), KUNDIG_OK);
    kundig__mem_init(&mem, &allocator, 0);
    kundig__reading_init(&reading, &mem, hidden);
    cr_assert_eq(kundig__reading_run(&reading, "parcel came late", 16, KUNDIG__LANGUAGE_UNKNOWN),
                 KUNDIG_OK);
    cr_assert_eq(reading.hit_count, 0);
    cr_assert_eq(reading.main_topic, KUNDIG__NO_CLASS);
    cr_assert(reading.novelty >= 0);
    kundig__reading_free(&reading);
    kundig_model_free(hidden);
    kundig_model_free(model);
}

Test(discovered_read, joins_what_rules_and_lessons_found_in_order)
{
    kundig_model *rules = model_of("topic late: Late\nen: late\n");
    kundig_examples *set = discover_set(DISCOVER_ALL);
    kundig_model *model = discover_with(rules, set, NULL, 0, NULL);
    kundig_table *table = NULL;
    cr_assert_eq(kundig_model_read(model, "parcel came late", 16, &table, NULL), KUNDIG_OK);
    cr_assert_eq(kundig_table_row_count(table), 2);
    cr_assert_eq(kundig_table_int(table, 0, 0), 0);
    cr_assert(kundig_table_is_null(table, 0, 4)); /* no rule */
    cr_assert(!kundig_table_is_null(table, 0, 7));
    cr_assert_eq(kundig_table_int(table, 1, 0), 12);
    cr_assert(kundig__text_equal(kundig_table_text(table, 1, 3), KUNDIG__TEXT("late")));
    cr_assert(kundig_table_is_null(table, 1, 7));
    kundig_table_free(table);
    kundig_model_free(model);
    kundig_model_free(rules);
    kundig_examples_free(set);
}

Test(discovered_read, is_surer_the_better_the_best_fits)
{
    cr_assert_float_eq(kundig__discovered_probability(0), 0.5F, 1e-6);
    cr_assert_gt(kundig__discovered_probability(2), kundig__discovered_probability(1));
    cr_assert_leq(kundig__discovered_probability(1000), 1);
}

Test(discovered_read, fails_cleanly_at_every_allocation)
{
    kundig_model *model = discover_all(NULL);
    for (int on = 0; on < 2; on++) {
        int rc = KUNDIG_E_NOMEM;
        for (size_t n = 1; rc; n++) {
            kundig_allocator allocator = probe_allocator(NULL);
            kundig__mem mem;
            kundig__reading reading;
            kundig__mem_init(&mem, &allocator, 0);
            kundig__reading_init(&reading, &mem, model);
            probe_shared.fail_at = probe_shared.allocations + n;
            probe_shared.fail_on = on;
            rc = kundig__reading_run(&reading, read_two, sizeof read_two - 1,
                                     KUNDIG__LANGUAGE_UNKNOWN);
            probe_shared.fail_at = 0;
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM);
            cr_assert(rc == KUNDIG_OK || reading.hit_count == 0);
            kundig__reading_free(&reading);
            cr_assert_eq(mem.used, 0);
        }
    }
    kundig_model_free(model);
}
