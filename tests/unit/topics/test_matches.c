#include "discovering.h"
#include "topics/matches.h"

TestSuite(matches, .fini = probe_fini);

Test(matches, are_told_where_rules_find_the_same_texts)
{
    int32_t found[DISCOVER_ALL];
    kundig_model *rules = model_of("topic apps: Apps\nen: app, menu, button, password, log in, "
                                   "screen\ntopic rare: Rare\nen: honestly\n");
    kundig_examples *set = discover_set(DISCOVER_ALL);
    kundig_model *model = discover_with(rules, set, NULL, 0, found);
    const kundig__discovered *discovered = kundig__model_discovered_of(model);
    uint32_t app = discovered->classes[discover_of(found, DISCOVER_ALL, 3)];
    for (uint32_t i = 0; i < TEACH_SUBJECTS; i++) {
        const kundig__discovered_topic *topic = &discovered->topics[i];
        cr_assert_eq(topic->matches.data != NULL, i == app);
        cr_assert(i != app || (topic->agreement >= 0.8 && topic->agreement <= 1));
    }
    cr_assert(kundig__text_equal(discovered->topics[app].matches, KUNDIG__TEXT("apps")));
    /* topics that were discovered before are no match */
    kundig_model *again = discover_with(model, set, NULL, 0, NULL);
    const kundig__discovered *after = kundig__model_discovered_of(again);
    for (uint32_t i = 0; i < kundig__discovered_count(after); i++) {
        cr_assert(!after->topics[i].matches.data ||
                  kundig__text_equal(after->topics[i].matches, KUNDIG__TEXT("apps")));
    }
    kundig_model_free(again);
    kundig_model_free(model);
    kundig_model_free(rules);
    kundig_examples_free(set);
}

Test(matches, are_with_the_ready_taxonomy_where_there_is_no_other)
{
    kundig_model *model = discover_all(NULL);
    const kundig__discovered *discovered = kundig__model_discovered_of(model);
    uint32_t matched = 0;
    for (uint32_t i = 0; i < TEACH_SUBJECTS; i++) {
        matched += discovered->topics[i].matches.data != NULL;
        cr_assert(!discovered->topics[i].matches.data || discovered->topics[i].agreement >= 0.5);
    }
    cr_assert_gt(matched, 0);
    cr_assert_eq(kundig__model_topic_count(model), TEACH_SUBJECTS);
    kundig_model_free(model);
}
