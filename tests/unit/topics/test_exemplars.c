#include "discovering.h"
#include "topics/exemplars.h"

TestSuite(exemplars, .fini = probe_fini);

Test(exemplars, are_records_of_the_topic_by_different_customers)
{
    int32_t found[DISCOVER_ALL];
    kundig_model *model = discover_all(found);
    const kundig__discovered *discovered = kundig__model_discovered_of(model);
    for (uint32_t i = 0; i < TEACH_SUBJECTS; i++) {
        const kundig__discovered_topic *topic = &discovered->topics[i];
        uint32_t customers[KUNDIG__TOPIC_EXAMPLES];
        cr_assert_eq(topic->example_count, KUNDIG__TOPIC_EXAMPLES);
        for (uint32_t j = 0; j < topic->example_count; j++) {
            uint32_t n = (uint32_t)atoi(topic->ids[j].data);
            cr_assert(kundig__text_equal(topic->sources[j], KUNDIG__TEXT("app")));
            cr_assert_lt(n, DISCOVER_ALL);
            cr_assert_eq((uint32_t)found[n], kundig__discovered_class(discovered, i));
            customers[j] = n % 23;
            for (uint32_t k = 0; k < j; k++) {
                cr_assert_neq(customers[k], customers[j]);
            }
        }
    }
    kundig_model_free(model);
}

Test(exemplars, are_none_where_texts_have_no_keys_and_counts_stand_all_the_same)
{
    kundig_examples *set = teach_set(KUNDIG_LESSON_TOPICS);
    char text[160];
    for (uint32_t i = 0; i < DISCOVER_ALL; i++) {
        teach_text(i % TEACH_SUBJECTS, i / TEACH_SUBJECTS, text);
        cr_assert_eq(teach_add(set, text, NULL, NULL), KUNDIG_OK);
    }
    kundig_model *model = discover_with(NULL, set, NULL, 0, NULL);
    const kundig__discovered *discovered = kundig__model_discovered_of(model);
    uint64_t texts = 0;
    for (uint32_t i = 0; i < TEACH_SUBJECTS; i++) {
        cr_assert_eq(discovered->topics[i].example_count, 0);
        cr_assert_eq(discovered->topics[i].customers, KUNDIG__NOT_COUNTED);
        texts += discovered->topics[i].texts;
    }
    cr_assert_eq(texts, DISCOVER_ALL);
    kundig_model_free(model);
    kundig_examples_free(set);
}

Test(exemplars, count_customers_of_merged_topics_once)
{
    int32_t found[DISCOVER_ALL];
    kundig_model *model = discover_all(found);
    const kundig__discovered *before = kundig__model_discovered_of(model);
    kundig_edit merge = discover_edit(KUNDIG_EDIT_MERGE, before->topics[1].name, NULL);
    merge.other = before->topics[0].name;
    kundig_examples *set = discover_set(DISCOVER_ALL);
    kundig_model *merged = discover_with(model, set, &merge, 1, found);
    const kundig__discovered *after = kundig__model_discovered_of(merged);
    uint32_t whole = kundig__discovered_find(after, before->topics[0].name);
    cr_assert_neq(whole, KUNDIG__NO_CLUSTER);
    bool seen[23] = {false};
    uint64_t customers = 0;
    uint64_t texts = 0;
    for (uint32_t i = 0; i < DISCOVER_ALL; i++) {
        if (found[i] == (int32_t)kundig__discovered_class(after, whole)) {
            customers += !seen[i % 23];
            seen[i % 23] = true;
            texts++;
        }
    }
    cr_assert_eq(after->topics[whole].texts, texts);
    cr_assert_eq(after->topics[whole].customers, customers);
    kundig_model_free(merged);
    kundig_model_free(model);
    kundig_examples_free(set);
}
