#include "discovering.h"

TestSuite(discovered, .fini = probe_fini);

/* Part of: by number; NO_CLUSTER for none. */
static void discovered_parts(const kundig_model *model, const uint32_t *into, uint32_t *wholes)
{
    const kundig__discovered *found = kundig__model_discovered_of(model);
    kundig_edit edits[TEACH_SUBJECTS];
    size_t count = 0;
    kundig_model *edited = NULL;
    for (uint32_t i = 0; i < TEACH_SUBJECTS; i++) {
        if (into[i] != KUNDIG__NO_CLUSTER) {
            edits[count] = discover_edit(KUNDIG_EDIT_MERGE, found->topics[i].name, NULL);
            edits[count++].other = into[i] < TEACH_SUBJECTS ? found->topics[into[i]].name
                                                            : KUNDIG__TEXT("t-000000000000");
        }
    }
    cr_assert_eq(kundig__model_edited(model, edits, count, &edited, NULL), KUNDIG_OK);
    memcpy(wholes, kundig__model_discovered_of(edited)->wholes, TEACH_SUBJECTS * sizeof *wholes);
    kundig_model_free(edited);
}

Test(discovered, finds_wholes_through_chains_and_not_round_rings)
{
    static const struct {
        uint32_t into[TEACH_SUBJECTS];
        uint32_t wholes[TEACH_SUBJECTS];
    } cases[] = {
        {{UINT32_MAX, 0, 1, UINT32_MAX}, {0, 0, 0, 3}},
        {{1, 0, UINT32_MAX, UINT32_MAX}, {0, 1, 2, 3}},
        {{1, 2, 0, 1}, {0, 1, 2, 3}},
        {{99, UINT32_MAX, UINT32_MAX, 0}, {0, 1, 2, 0}},
        {{UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX}, {0, 1, 2, 3}},
    };
    kundig_model *model = discover_all(NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t wholes[TEACH_SUBJECTS];
        discovered_parts(model, cases[i].into, wholes);
        cr_expect_arr_eq(wholes, cases[i].wholes, sizeof wholes, "case %zu", i);
    }
    kundig_model_free(model);
}

Test(discovered, are_found_by_name_and_counted_in_order_of_names)
{
    kundig_model *model = discover_all(NULL);
    const kundig__discovered *found = kundig__model_discovered_of(model);
    for (uint32_t i = 0; i < TEACH_SUBJECTS; i++) {
        kundig_text name = kundig_model_class_name(model, KUNDIG_LESSON_DISCOVERED, i);
        uint32_t cluster = kundig__discovered_find(found, name);
        cr_assert_eq(cluster, found->classes[i]);
        cr_assert_eq(kundig__discovered_class(found, cluster), i);
        cr_assert(i == 0 ||
                  kundig__text_order(
                      kundig_model_class_name(model, KUNDIG_LESSON_DISCOVERED, i - 1), name) < 0);
        const kundig__topic_info *info = kundig__model_topic(model, found->numbers[cluster]);
        cr_assert_eq(info->cluster, cluster);
        cr_assert(kundig__text_equal(info->name, name));
        cr_assert(kundig__text_equal(info->title, found->topics[cluster].label));
    }
    cr_assert_eq(kundig__discovered_find(found, KUNDIG__TEXT("t-000000000000")),
                 KUNDIG__NO_CLUSTER);
    cr_assert_eq(kundig__discovered_find_theme(found, found->themes[0].name), 0);
    cr_assert_eq(kundig__discovered_find_theme(found, KUNDIG__TEXT("g")), KUNDIG__NO_CLUSTER);
    kundig_model_free(model);
}

Test(discovered, are_called_as_a_person_says_before_labels)
{
    kundig__discovered_topic topic = {.label = KUNDIG__TEXT("parcel, late")};
    cr_assert(kundig__text_equal(kundig__discovered_title(&topic), topic.label));
    topic.called = KUNDIG__TEXT("delivery");
    cr_assert(kundig__text_equal(kundig__discovered_title(&topic), topic.called));
    topic.said = KUNDIG__TEXT("Parcels");
    cr_assert(kundig__text_equal(kundig__discovered_title(&topic), topic.said));
    kundig__discovered_theme theme = {.label = KUNDIG__TEXT("post")};
    cr_assert(kundig__text_equal(kundig__discovered_theme_title(&theme), theme.label));
    kundig__discovered none = {.clustered = NULL};
    cr_assert_eq(kundig__discovered_count(&none), 0);
    cr_assert_eq(kundig__discovered_theme_count(&none), 0);
}
