#include "discovering.h"

TestSuite(discover, .fini = probe_fini);

Test(discover, refuses_calls_without_what_they_need)
{
    kundig_model *model = NULL;
    kundig_error err = {0, 0, ""};
    kundig_examples *set = teach_set(KUNDIG_LESSON_TOPICS);
    cr_assert_eq(kundig_model_discover(NULL, NULL, NULL, &model, NULL, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_discover(NULL, set, NULL, NULL, NULL, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_discover(NULL, set, NULL, &model, NULL, &err), KUNDIG_E_EMPTY);
    cr_assert(err.message[0]);
    cr_assert_null(model);
    kundig_examples_free(set);
}

Test(discover, refuses_options_that_mean_nothing)
{
    kundig_discover_options known;
    kundig_discover_options options;
    kundig_error err = {0, 0, ""};
    kundig_edit edit;
    kundig_discover_options_init(&options);
    cr_assert_eq(kundig__discover_options(NULL, &known, &err), KUNDIG_OK);
    cr_assert_eq(known.least_customers, 5);
    cr_assert_eq(known.most_fitted, 200000);
    options.quality = KUNDIG_QUALITY_BEST;
    cr_assert_eq(kundig__discover_options(&options, &known, &err), KUNDIG_OK);
    cr_assert_eq(known.most_fitted, 50000);
    options.quality = 3;
    cr_assert_eq(kundig__discover_options(&options, &known, &err), KUNDIG_E_ARG);
    kundig_discover_options_init(&options);
    options.topics = 1;
    cr_assert_eq(kundig__discover_options(&options, &known, &err), KUNDIG_E_ARG);
    options.topics = 2001;
    cr_assert_eq(kundig__discover_options(&options, &known, &err), KUNDIG_E_ARG);
    kundig_discover_options_init(&options);
    options.themes = 2001;
    cr_assert_eq(kundig__discover_options(&options, &known, &err), KUNDIG_E_ARG);
    kundig_discover_options_init(&options);
    options.threads = 65;
    cr_assert_eq(kundig__discover_options(&options, &known, &err), KUNDIG_E_ARG);
    kundig_discover_options_init(&options);
    options.anew = 2;
    cr_assert_eq(kundig__discover_options(&options, &known, &err), KUNDIG_E_ARG);
    kundig_discover_options_init(&options);
    options.edit_count = 1;
    cr_assert_eq(kundig__discover_options(&options, &known, &err), KUNDIG_E_ARG);
    options.edits = &edit;
    options.reserved = 1;
    cr_assert_eq(kundig__discover_options(&options, &known, &err), KUNDIG_E_VERSION);
}

Test(discover, finds_the_subjects_of_texts_in_any_order)
{
    int32_t found[DISCOVER_ALL];
    kundig_model *model = discover_all(found);
    cr_assert_eq(kundig_model_class_count(model, KUNDIG_LESSON_DISCOVERED), TEACH_SUBJECTS);
    uint32_t right = 0;
    for (uint32_t i = 0; i < DISCOVER_ALL; i++) {
        right += found[i] == discover_of(found, DISCOVER_ALL, i % TEACH_SUBJECTS);
    }
    cr_assert_geq(right, DISCOVER_ALL * 9 / 10, "%u", right);
    kundig_examples *back = teach_set(KUNDIG_LESSON_TOPICS);
    for (uint32_t i = DISCOVER_ALL; i-- > 0;) {
        cr_assert_eq(discover_add(back, i, NULL), KUNDIG_OK);
    }
    int32_t again[DISCOVER_ALL];
    kundig_model *other = discover_with(NULL, back, NULL, 0, again);
    cr_assert(discover_same(model, other));
    for (uint32_t i = 0; i < DISCOVER_ALL; i++) {
        cr_assert_eq(again[DISCOVER_ALL - 1 - i], found[i]);
    }
    kundig_examples_free(back);
    kundig_model_free(other);
    kundig_model_free(model);
}

Test(discover, leaves_out_examples_that_are_gone_and_texts_without_words)
{
    kundig_examples *set = discover_set(DISCOVER_ALL);
    kundig_example example;
    int32_t found[DISCOVER_ALL + 1];
    kundig_example_init(&example);
    example.text = KUNDIG__TEXT("gone again");
    cr_assert_eq(kundig_examples_add(set, &example, 1, NULL), KUNDIG_OK);
    cr_assert_eq(kundig_examples_remove(set, &example, 1, NULL), KUNDIG_OK);
    example.text = KUNDIG__TEXT("  ");
    cr_assert_eq(kundig_examples_add(set, &example, 1, NULL), KUNDIG_OK);
    kundig_model *model = discover_with(NULL, set, NULL, 0, found);
    cr_assert_eq(found[DISCOVER_ALL], -1);
    cr_assert_geq(found[DISCOVER_ALL - 1], 0);
    kundig_model_free(model);
    kundig_examples_free(set);
}

Test(discover, stands_beside_rules_and_what_was_taught)
{
    kundig_model *rules = model_of("topic late: Late\nen: late\n");
    kundig_examples *taught = taught_examples();
    kundig_model *both = teach(rules, taught);
    kundig_examples *set = discover_set(DISCOVER_ALL);
    kundig_model *all = discover_with(both, set, NULL, 0, NULL);
    cr_assert_not_null(kundig__model_taught(all));
    cr_assert_eq(kundig__model_topic_count(all), kundig__model_topic_count(both) + TEACH_SUBJECTS);
    /* teaching anew keeps what was discovered */
    kundig_model *again = teach(all, taught);
    cr_assert(discover_same(all, again));
    kundig_model *less = NULL;
    kundig_allocator allocator = probe_allocator(NULL);
    cr_assert_eq(kundig__model_forget(&allocator, again, KUNDIG_LESSON_DISCOVERED, &less, NULL),
                 KUNDIG_OK);
    cr_assert(discover_same(less, both));
    kundig_model_free(less);
    kundig_model_free(again);
    kundig_model_free(all);
    kundig_model_free(both);
    kundig_model_free(rules);
    kundig_examples_free(taught);
    kundig_examples_free(set);
}

Test(discover, refuses_a_taxonomy_that_has_the_name_of_a_topic)
{
    char taxonomy[64];
    kundig_model *model = discover_all(NULL);
    kundig_text name = kundig_model_class_name(model, KUNDIG_LESSON_DISCOVERED, 0);
    snprintf(taxonomy, sizeof taxonomy, "topic %.*s: X\nany: late\n", (int)name.len, name.data);
    kundig_model *rules = model_of(taxonomy);
    kundig_examples *set = discover_set(DISCOVER_ALL);
    kundig_discover_options options = discover_options(NULL, 0);
    kundig_error err = {0, 0, ""};
    kundig_model *none = NULL;
    cr_assert_eq(kundig_model_discover(rules, set, &options, &none, NULL, &err), KUNDIG_E_VALUE);
    cr_assert_null(none);
    kundig_model_free(rules);
    kundig_model_free(model);
    kundig_examples_free(set);
}

Test(discover, fails_cleanly_at_every_allocation)
{
    kundig_examples *set = discover_set(48);
    kundig_edit edits[2] = {discover_edit(KUNDIG_EDIT_TOPIC, (kundig_text){NULL, 0}, "App"),
                            discover_edit(KUNDIG_EDIT_TOGETHER, (kundig_text){NULL, 0}, NULL)};
    edits[0].words = KUNDIG__TEXT("app; password");
    edits[1].source = edits[1].other_source = KUNDIG__TEXT("app");
    edits[1].id = KUNDIG__TEXT("1");
    edits[1].other_id = KUNDIG__TEXT("5");
    kundig_model *base = discover_with(NULL, set, edits, 2, NULL);
    kundig_discover_options options = discover_options(edits, 2);
    for (int on = 0; on < 2; on++) {
        int rc = KUNDIG_E_NOMEM;
        for (size_t n = 1; rc; n = probe_next(n) + n / 8) {
            kundig_model *model = NULL;
            kundig_error err = {0, 0, ""};
            size_t blocks = probe_shared.live_blocks;
            probe_shared.fail_at = probe_shared.allocations + n;
            probe_shared.fail_on = on;
            rc = kundig_model_discover(base, set, &options, &model, NULL, &err);
            probe_shared.fail_at = 0;
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM, "%d %s", rc, err.message);
            cr_assert_eq(model != NULL, rc == KUNDIG_OK);
            kundig_model_free(model);
            cr_assert_eq(probe_shared.live_blocks, blocks, "allocation %zu", n);
        }
    }
    kundig_model_free(base);
    kundig_examples_free(set);
}
Test(discover, keeps_names_when_more_texts_come)
{
    int32_t found[DISCOVER_ALL];
    kundig_examples *some = discover_set(DISCOVER_ALL * 3 / 4);
    kundig_model *model = discover_with(NULL, some, NULL, 0, found);
    kundig_examples *more = discover_set(DISCOVER_ALL);
    int32_t later[DISCOVER_ALL];
    kundig_model *refit = discover_with(model, more, NULL, 0, later);
    const kundig__discovered *after = kundig__model_discovered_of(refit);
    cr_assert_eq(after->generation, 1);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < DISCOVER_ALL * 3 / 4; i++) {
        kundig_text before =
            kundig_model_class_name(model, KUNDIG_LESSON_DISCOVERED, (size_t)found[i]);
        kept += kundig__text_equal(
            before, kundig_model_class_name(refit, KUNDIG_LESSON_DISCOVERED, (size_t)later[i]));
    }
    cr_assert_geq(kept, DISCOVER_ALL * 3 / 4 * 95 / 100, "%u", kept);
    /* and forgets them where it is told to */
    kundig_discover_options options = discover_options(NULL, 0);
    kundig_model *anew = NULL;
    options.anew = 1;
    cr_assert_eq(kundig_model_discover(refit, more, &options, &anew, NULL, NULL), KUNDIG_OK);
    cr_assert_eq(kundig__model_discovered_of(anew)->generation, 0);
    kundig_model_free(anew);
    kundig_model_free(refit);
    kundig_model_free(model);
    kundig_examples_free(some);
    kundig_examples_free(more);
}

Test(discover, settles_to_what_is_left_and_only_once)
{
    kundig_model *model = discover_all(NULL);
    kundig_examples *left = discover_set(DISCOVER_ALL - 20);
    kundig_discover_options known;
    kundig_model *settled = NULL;
    kundig_model *twice = NULL;
    kundig_error err = {0, 0, ""};
    cr_assert_eq(kundig__discover_options(NULL, &known, NULL), KUNDIG_OK);
    int rc = kundig__model_settle(model, left, &known, &settled, &err);
    cr_assert_eq(rc, KUNDIG_OK, "%s", err.message);
    uint64_t texts = 0;
    const kundig__discovered *before = kundig__model_discovered_of(model);
    const kundig__discovered *after = kundig__model_discovered_of(settled);
    for (uint32_t i = 0; i < TEACH_SUBJECTS; i++) {
        cr_assert(kundig__text_equal(before->topics[i].name, after->topics[i].name));
        texts += after->topics[i].texts;
    }
    cr_assert_eq(texts, DISCOVER_ALL - 20);
    cr_assert_eq(after->generation, before->generation);
    cr_assert_eq(kundig__model_settle(settled, left, &known, &twice, &err), KUNDIG_OK);
    cr_assert(discover_same(settled, twice));
    kundig_model *rules = model_of("topic late: Late\nen: late\n");
    kundig_model *none = NULL;
    cr_assert_eq(kundig__model_settle(rules, left, &known, &none, &err), KUNDIG_E_EMPTY);
    kundig_model_free(rules);
    kundig_model_free(twice);
    kundig_model_free(settled);
    kundig_model_free(model);
    kundig_examples_free(left);
}
