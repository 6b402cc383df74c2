#include "discovering.h"
#include "topics/lineage.h"

TestSuite(lineage, .fini = probe_fini);

static void lineage_name_is(kundig_text name, char letter)
{
    cr_assert_eq(name.len, KUNDIG__TOPIC_NAME);
    cr_assert_eq(name.data[0], letter);
    cr_assert_eq(name.data[1], '-');
    for (size_t i = 2; i < name.len; i++) {
        cr_assert_not_null(strchr("0123456789abcdef", name.data[i]));
    }
}

Test(lineage, gives_names_that_differ_and_depend_on_the_seed)
{
    kundig_examples *set = discover_set(DISCOVER_ALL);
    kundig_model *model = discover_with(NULL, set, NULL, 0, NULL);
    const kundig__discovered *found = kundig__model_discovered_of(model);
    for (uint32_t i = 0; i < TEACH_SUBJECTS; i++) {
        lineage_name_is(found->topics[i].name, 't');
        lineage_name_is(found->themes[found->topics[i].theme].name, 'g');
        cr_assert_eq(found->topics[i].came, KUNDIG__CAME_NEW);
        cr_assert_null(found->topics[i].from.data);
        for (uint32_t j = 0; j < i; j++) {
            cr_assert(!kundig__text_equal(found->topics[i].name, found->topics[j].name));
        }
    }
    cr_assert_eq(found->event_count, TEACH_SUBJECTS);
    kundig_discover_options options = discover_options(NULL, 0);
    kundig_model *other = NULL;
    options.seed = 7;
    cr_assert_eq(kundig_model_discover(NULL, set, &options, &other, NULL, NULL), KUNDIG_OK);
    for (uint32_t i = 0; i < TEACH_SUBJECTS; i++) {
        kundig_text name = kundig__model_discovered_of(other)->topics[i].name;
        cr_assert_eq(kundig__discovered_find(found, name), KUNDIG__NO_CLUSTER);
    }
    kundig_model_free(other);
    kundig_model_free(model);
    kundig_examples_free(set);
}

Test(lineage, tells_of_topics_that_a_person_made)
{
    int32_t found[DISCOVER_ALL];
    kundig_examples *set = discover_set(DISCOVER_ALL);
    kundig_edit edit = discover_edit(KUNDIG_EDIT_TOPIC, (kundig_text){NULL, 0}, "App trouble");
    edit.source = KUNDIG__TEXT("app");
    edit.id = KUNDIG__TEXT("3");
    kundig_model *model = discover_with(NULL, set, &edit, 1, found);
    const kundig__discovered *discovered = kundig__model_discovered_of(model);
    uint32_t cluster = discovered->classes[found[3]];
    cr_assert_eq(discovered->topics[cluster].came, KUNDIG__CAME_TOLD);
    cr_assert(
        kundig__text_equal(kundig__discovered_title(&discovered->topics[cluster]), edit.name));
    kundig_model_free(model);
    kundig_examples_free(set);
}

Test(lineage, calls_topics_as_examples_are_labelled)
{
    int32_t found[DISCOVER_ALL];
    kundig_examples *set = teach_set(KUNDIG_LESSON_TOPICS);
    for (uint32_t i = 0; i < DISCOVER_ALL; i++) {
        cr_assert_eq(discover_add(set, i, i % TEACH_SUBJECTS == 1 && i < 40 ? "Prices" : NULL),
                     KUNDIG_OK);
    }
    kundig_model *model = discover_with(NULL, set, NULL, 0, found);
    const kundig__discovered *discovered = kundig__model_discovered_of(model);
    uint32_t cluster = discovered->classes[found[1]];
    cr_assert(kundig__text_equal(discovered->topics[cluster].called, KUNDIG__TEXT("Prices")));
    for (uint32_t i = 1; i < 40; i += TEACH_SUBJECTS) {
        cr_assert_eq(found[i], found[1]);
    }
    kundig_model_free(model);
    kundig_examples_free(set);
}
