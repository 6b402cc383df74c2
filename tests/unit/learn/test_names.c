#include "base/text.h"
#include "support.h"

TestSuite(names, .fini = probe_fini);

static bool names_has(const kundig__classifier *classifier, uint32_t klass, const char *name)
{
    bool found = false;
    for (size_t i = 0; i < classifier->facts.feature_count; i++) {
        const kundig__named_feature *feature = &classifier->features[i];
        found = found || (feature->klass == klass && feature->name.len == strlen(name) &&
                          memcmp(feature->name.data, name, feature->name.len) == 0);
    }
    return found;
}

Test(names, are_the_words_of_a_class)
{
    kundig__mem mem;
    learn_mem(&mem);
    learn_set *set = learn_make(300, KUNDIG__COURSE_ONE, 1);
    kundig__classifier *classifier = learn_learn(&mem, &set->course);
    cr_assert(names_has(classifier, 0, "parcel"));
    cr_assert(names_has(classifier, 1, "invoice"));
    cr_assert(names_has(classifier, 2, "friendly"));
    cr_assert(!names_has(classifier, 1, "parcel"));
    size_t counts[3] = {0};
    for (size_t i = 0; i < classifier->facts.feature_count; i++) {
        const kundig__named_feature *feature = &classifier->features[i];
        counts[feature->klass]++;
        cr_assert_gt(feature->weight, 0);
        if (i > 0 && feature[-1].klass == feature->klass) {
            cr_assert_leq(feature->weight, feature[-1].weight);
        } else {
            cr_assert(i == 0 || feature[-1].klass < feature->klass);
        }
    }
    for (int k = 0; k < 3; k++) {
        cr_assert(counts[k] > 0 && counts[k] <= 10);
    }
    kundig__classifier_free(classifier);
    free(set);
}

Test(names, are_never_those_of_a_few_nor_addresses)
{
    kundig__mem mem;
    learn_mem(&mem);
    for (int named = 0; named < 2; named++) {
        learn_set *set = learn_make(90, KUNDIG__COURSE_ONE, 2);
        for (uint32_t i = 0; i < 90; i++) {
            set->lessons[i].customer = named ? i : KUNDIG__NOBODY;
            if (i % 3 == 0) {
                snprintf(set->texts[i], LEARN_TEXT, "@acme parcel%s no4567 %u",
                         i < 12 ? " zyzzyva" : "", i);
                set->lessons[i].text.len = strlen(set->texts[i]);
            }
        }
        kundig__classifier *classifier = learn_learn(&mem, &set->course);
        cr_assert(names_has(classifier, 0, "parcel"));
        for (size_t i = 0; i < classifier->facts.feature_count; i++) {
            const char *name = classifier->features[i].name.data;
            cr_assert(!strstr(name, "zyzzyva") && !strchr(name, '@') && !strstr(name, "4567"));
        }
        kundig__classifier_free(classifier);
        free(set);
    }
}

static int names_sweep(const learn_set *set)
{
    kundig__mem mem;
    learn_mem(&mem);
    kundig__classifier *classifier = NULL;
    int rc = kundig__classifier_learn(&mem, &set->course, &classifier, NULL);
    kundig__classifier_free(classifier);
    return rc;
}

Test(names, say_so_when_memory_fails)
{
    learn_set *set = learn_make(60, KUNDIG__COURSE_SEVERAL, 10);
    for (uint32_t i = 0; i < 60; i++) {
        set->lessons[i].customer = i;
    }
    LEARN_SWEEP(names_sweep(set));
    free(set);
}
