#include "support.h"

TestSuite(classifier, .fini = probe_fini);

static void classifier_right(kundig__mem *mem, const kundig__classifier *classifier, double least)
{
    learn_asking asking;
    uint64_t seed = 99;
    double right = 0;
    learn_ask_begin(&asking, mem, classifier);
    for (uint32_t i = 0; i < 150; i++) {
        char text[LEARN_TEXT];
        learn_text(&seed, i % 3, text, sizeof text);
        learn_ask(&asking, text);
        double sum = 0;
        for (int k = 0; k < 3; k++) {
            sum += (double)asking.classifying.probabilities[k];
        }
        if (classifier->facts.kind != KUNDIG__COURSE_SEVERAL) {
            cr_assert(sum > 0.9999 && sum < 1.0001);
        }
        right += asking.classifying.best == i % 3;
    }
    cr_assert_gt(right / 150, least);
    learn_ask_end(&asking);
}

Test(classifier, learns_each_kind_of_course)
{
    kundig__mem mem;
    for (int kind = 0; kind < 3; kind++) {
        learn_set *set = learn_make(300, kind, 1);
        learn_mem(&mem);
        kundig__classifier *classifier = learn_learn(&mem, &set->course);
        const kundig__classifier_facts *facts = kundig__classifier_facts_of(classifier);
        classifier_right(&mem, classifier, 0.9);
        cr_assert_eq(facts->kind, kind);
        cr_assert_eq(facts->lessons, 300);
        cr_assert_gt(facts->accuracy, 0.8);
        cr_assert_gt(facts->macro_f1, 0.8);
        cr_assert_gt(facts->aside, 40);
        cr_assert(facts->words > 0 && facts->characters > 0 && facts->weights > 0);
        cr_assert_eq(facts->size_count, KUNDIG__LEARN_SIZES);
        for (uint32_t i = 1; i < facts->size_count; i++) {
            cr_assert_leq(facts->sizes[i].bytes, facts->sizes[i - 1].bytes);
        }
        kundig__classifier_free(classifier);
        free(set);
    }
}

Test(classifier, does_not_depend_on_order_or_threads)
{
    kundig__mem mem;
    learn_mem(&mem);
    for (int kind = 0; kind < 3; kind++) {
        learn_set *set = learn_make(210, kind, 2);
        if (kind == KUNDIG__COURSE_ONE) {
            /* more than one block of classes */
            set->course.class_count = 70;
            for (uint32_t i = 0; i < 210; i++) {
                set->marks[i][0].klass = i % 70;
            }
        }
        for (uint32_t i = 0; i < 210; i++) {
            set->lessons[i].weight = 0.1 + 0.1 * (i % 7);
            set->lessons[i].text = set->lessons[i % 200].text;
        }
        kundig__classifier *one = learn_learn(&mem, &set->course);
        learn_shuffle(set, 17);
        set->course.threads = 2;
        kundig__classifier *two = learn_learn(&mem, &set->course);
        learn_same(&mem, one, two);
        set->course.seed = 1;
        kundig__classifier_free(two);
        two = learn_learn(&mem, &set->course);
        cr_assert_eq(two->facts.documents, one->facts.documents);
        kundig__classifier_free(one);
        kundig__classifier_free(two);
        free(set);
    }
}

/* Customers have numbers of their caller's choice. */
Test(classifier, does_not_depend_on_how_customers_are_numbered)
{
    kundig__mem mem;
    learn_mem(&mem);
    learn_set *set = learn_make(240, KUNDIG__COURSE_ONE, 3);
    for (uint32_t i = 0; i < 240; i++) {
        set->lessons[i].customer = i / 4;
    }
    kundig__classifier *one = learn_learn(&mem, &set->course);
    cr_assert_eq(one->facts.customers, 60);
    cr_assert_gt(one->facts.feature_count, 0);
    for (uint32_t i = 0; i < 240; i++) {
        set->lessons[i].customer = 1000 - set->lessons[i].customer * 7;
    }
    learn_shuffle(set, 4);
    kundig__classifier *two = learn_learn(&mem, &set->course);
    learn_same(&mem, one, two);
    kundig__classifier_free(one);
    kundig__classifier_free(two);
    free(set);
}

Test(classifier, takes_equal_lessons_as_one_of_more_weight)
{
    kundig__mem mem;
    learn_mem(&mem);
    learn_set *set = learn_make(100, KUNDIG__COURSE_ONE, 3);
    learn_set *twice = learn_make(200, KUNDIG__COURSE_ONE, 3);
    for (uint32_t i = 0; i < 100; i++) {
        set->lessons[i].weight = 2;
        twice->lessons[i] = set->lessons[i];
        twice->lessons[i].weight = 1;
        twice->lessons[100 + i] = twice->lessons[i];
    }
    kundig__classifier *one = learn_learn(&mem, &set->course);
    kundig__classifier *two = learn_learn(&mem, &twice->course);
    cr_assert_eq(one->weights.cell_bytes, two->weights.cell_bytes);
    cr_assert_eq(memcmp(one->weights.cells, two->weights.cells, one->weights.cell_bytes), 0);
    cr_assert_eq(two->facts.lessons, 200);
    kundig__classifier_free(one);
    kundig__classifier_free(two);
    free(set);
    free(twice);
}

Test(classifier, refuses_what_is_like_nothing_it_was_taught)
{
    kundig__mem mem;
    learn_asking asking;
    learn_mem(&mem);
    learn_set *set = learn_make(300, KUNDIG__COURSE_ONE, 5);
    kundig__classifier *classifier = learn_learn(&mem, &set->course);
    learn_ask_begin(&asking, &mem, classifier);
    learn_ask(&asking, "xylophone zyzzyva quokka vjux");
    float strange = asking.classifying.sureness;
    cr_assert(asking.classifying.refused);
    cr_assert_eq(asking.classifying.holds[asking.classifying.best], 0);
    cr_assert_lt(asking.classifying.known, 0.3f);
    learn_ask(&asking, "my parcel was late and the courier is late");
    cr_assert(!asking.classifying.refused);
    cr_assert_eq(asking.classifying.best, 0);
    cr_assert_eq(asking.classifying.holds[0], 1);
    cr_assert_gt(asking.classifying.sureness, strange + 0.3f);
    cr_assert_gt(asking.classifying.known, 0.7f);
    learn_ask(&asking, "");
    cr_assert(asking.classifying.refused);
    cr_assert_eq(asking.classifying.known, 0);
    learn_ask_end(&asking);
    kundig__classifier_free(classifier);
    free(set);
}

Test(classifier, tells_several_classes_of_one_text)
{
    kundig__mem mem;
    learn_asking asking;
    learn_mem(&mem);
    learn_set *set = learn_make(390, KUNDIG__COURSE_SEVERAL, 6);
    kundig__classifier *classifier = learn_learn(&mem, &set->course);
    learn_ask_begin(&asking, &mem, classifier);
    learn_ask(&asking, "my parcel delivery was late and expensive price and invoice costs");
    cr_assert(asking.classifying.holds[0] && asking.classifying.holds[1]);
    cr_assert(!asking.classifying.holds[2] && !asking.classifying.refused);
    learn_ask(&asking, "xylophone zyzzyva");
    cr_assert(asking.classifying.refused);
    cr_assert(!asking.classifying.holds[0] && !asking.classifying.holds[1] &&
              !asking.classifying.holds[2]);
    learn_ask_end(&asking);
    kundig__classifier_free(classifier);
    free(set);
}

Test(classifier, learns_from_signs)
{
    kundig__mem mem;
    learn_mem(&mem);
    learn_set *set = learn_make(120, KUNDIG__COURSE_SEVERAL, 7);
    static const uint32_t numbers[3] = {0, 1, 2};
    set->course.sign_count = 3;
    for (uint32_t i = 0; i < 120; i++) {
        set->lessons[i].text = (kundig_text){"all the same", 12};
        set->lessons[i].signs = &numbers[i % 3];
        set->lessons[i].sign_count = 1;
        set->lessons[i].mark_count = 1;
        set->marks[i][0] = (kundig__mark){i % 3, 1, true};
    }
    for (uint32_t i = 0; i < 120; i++) {
        snprintf(set->texts[i], LEARN_TEXT, "all the same %u", i % 11);
        set->lessons[i].text = (kundig_text){set->texts[i], strlen(set->texts[i])};
    }
    kundig__classifier *classifier = learn_learn(&mem, &set->course);
    learn_asking asking;
    learn_ask_begin(&asking, &mem, classifier);
    cr_assert_eq(kundig__text_features(&asking.scratch, "all the same", 12, KUNDIG__LEARN_FAMILIES),
                 KUNDIG_OK);
    for (uint32_t k = 0; k < 3; k++) {
        cr_assert_eq(kundig__classify(&asking.classifying, &asking.scratch, &numbers[k], 1),
                     KUNDIG_OK);
        cr_assert_eq(asking.classifying.best, k);
        cr_assert_eq(asking.classifying.holds[k], 1);
    }
    learn_ask_end(&asking);
    kundig__classifier_free(classifier);
    free(set);
}

Test(classifier, is_smaller_when_pruned_and_says_what_that_cost)
{
    kundig__mem mem;
    learn_mem(&mem);
    kundig_error err = {0, 0, ""};
    learn_set *set = learn_make(390, KUNDIG__COURSE_ONE, 8);
    kundig__classifier *classifier = learn_learn(&mem, &set->course);
    uint64_t bytes = classifier->facts.bytes;
    kundig__classifier *small = NULL;
    cr_assert_eq(kundig__classifier_prune(&mem, classifier, bytes, &small, &err), KUNDIG_OK);
    learn_same(&mem, classifier, small);
    kundig__classifier_free(small);
    for (uint64_t share = 90; share >= 70; share -= 10) {
        cr_assert_eq(kundig__classifier_prune(&mem, classifier, bytes * share / 100, &small, &err),
                     KUNDIG_OK);
        cr_assert_leq(small->facts.bytes, bytes * share / 100);
        cr_assert_gt(small->facts.bytes, bytes * share / 100 * 9 / 10);
        cr_assert_lt(small->facts.weights, classifier->facts.weights);
        cr_assert(small->facts.loss >= 0 && small->facts.loss <= 1);
        classifier_right(&mem, small, 0.85);
        kundig__classifier_free(small);
    }
    cr_assert_eq(kundig__classifier_prune(&mem, classifier, 100, &small, &err), KUNDIG_E_VALUE);
    cr_assert(strstr(err.message, "100 bytes are too few"));
    /* or from the start */
    set->course.most_bytes = bytes * 3 / 4;
    small = learn_learn(&mem, &set->course);
    cr_assert_leq(small->facts.bytes, bytes * 3 / 4);
    kundig__classifier_free(small);
    kundig__classifier_free(classifier);
    free(set);
}

Test(classifier, lives_as_long_as_someone_holds_it)
{
    kundig__mem mem;
    learn_mem(&mem);
    learn_set *set = learn_make(60, KUNDIG__COURSE_ONE, 8);
    set->course.bare = true;
    kundig__classifier *classifier = learn_learn(&mem, &set->course);
    cr_assert_eq(kundig__classifier_retain(classifier), classifier);
    kundig__classifier_free(classifier);
    cr_assert_eq(kundig__classifier_facts_of(classifier)->lessons, 60);
    cr_assert_eq(classifier->facts.size_count, 0);
    cr_assert_eq(classifier->facts.feature_count, 0);
    kundig__classifier_free(classifier);
    kundig__classifier_free(NULL);
    free(set);
}

static int classifier_stop(void *ud, uint64_t done, uint64_t total)
{
    int *left = ud;
    cr_assert_leq(done, total);
    return (*left)-- == 0;
}

Test(classifier, stops_when_asked)
{
    kundig__mem mem;
    learn_mem(&mem);
    learn_set *set = learn_make(60, KUNDIG__COURSE_ONE, 8);
    set->course.progress = classifier_stop;
    int rc = KUNDIG_E_CANCELLED;
    int stops = 0;
    for (; rc == KUNDIG_E_CANCELLED; stops++) {
        int left = stops;
        set->course.progress_ud = &left;
        kundig__classifier *classifier = NULL;
        kundig_error err = {0, 0, ""};
        rc = kundig__classifier_learn(&mem, &set->course, &classifier, &err);
        cr_assert((rc == KUNDIG_OK) == (classifier != NULL));
        cr_assert(rc == KUNDIG_OK || strstr(err.message, "cancelled"));
        kundig__classifier_free(classifier);
        cr_assert_eq(mem.used, 0);
    }
    cr_assert_gt(stops, 1);
    free(set);
}

Test(classifier, refuses_more_classes_than_it_can_count)
{
    kundig__mem mem;
    learn_mem(&mem);
    learn_set *set = learn_make(60, KUNDIG__COURSE_ONE, 8);
    set->course.class_count = 65536;
    kundig__classifier *classifier = NULL;
    cr_assert_eq(kundig__classifier_learn(&mem, &set->course, &classifier, NULL), KUNDIG_E_LIMIT);
    cr_assert_null(classifier);
    free(set);
}

static int classifier_sweep(const learn_set *set)
{
    kundig__mem mem;
    learn_mem(&mem);
    kundig__classifier *classifier = NULL;
    kundig__classifying classifying;
    int rc = kundig__classifier_learn(&mem, &set->course, &classifier, NULL);
    cr_assert((rc == KUNDIG_OK) == (classifier != NULL));
    if (rc == KUNDIG_OK) {
        rc = kundig__classifying_init(&classifying, &mem, classifier);
        if (rc == KUNDIG_OK) {
            kundig__scratch scratch;
            kundig__scratch_init(&scratch, &mem);
            rc = kundig__text_features(&scratch, "late parcel", 11, KUNDIG__LEARN_FAMILIES);
            if (rc == KUNDIG_OK) {
                rc = kundig__classify(&classifying, &scratch, NULL, 0);
            }
            kundig__scratch_free(&scratch);
            kundig__classifying_free(&classifying);
        }
        kundig__classifier_free(classifier);
    }
    return rc;
}

Test(classifier, says_so_when_memory_fails)
{
    learn_set *set = learn_make(60, KUNDIG__COURSE_ONE, 10);
    set->course.most_bytes = 8000;
    LEARN_SWEEP(classifier_sweep(set));
    free(set);
}
