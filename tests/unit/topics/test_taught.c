#include "teaching.h"

TestSuite(taught, .fini = probe_fini);

Test(taught, topics_have_hits_and_probabilities)
{
    kundig_examples *set = taught_examples();
    kundig_model *model = teach(NULL, set);
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__reading reading;
    kundig__mem_init(&mem, &allocator, 0);
    kundig__reading_init(&reading, &mem, model);
    const char *text = "the courier was late by weeks";
    cr_assert_eq(kundig__reading_run(&reading, text, strlen(text), 0), KUNDIG_OK);
    cr_assert_eq(reading.topic_count, 1);
    cr_assert_gt(reading.hit_count, 0);
    cr_assert_eq(reading.hits[0].rule, KUNDIG__RULE_TAUGHT);
    cr_assert_gt(reading.probabilities[0], 0.5f);
    cr_assert_eq(kundig__reading_run(&reading, "", 0, 0), KUNDIG_OK);
    cr_assert_eq(reading.topic_count, 0);
    kundig__reading_free(&reading);
    cr_assert_eq(mem.used, 0);
    kundig_model_free(model);
    kundig_examples_free(set);
}
