#include "support.h"

TestSuite(documents, .fini = probe_fini);

static void documents_make(kundig__documents *documents, kundig__mem *mem, const learn_set *set)
{
    kundig_error err = {0, 0, ""};
    learn_mem(mem);
    cr_assert_eq(kundig__documents_make(documents, mem, &set->course, &err), KUNDIG_OK, "%s",
                 err.message);
}

static double documents_length(const kundig__documents *documents, size_t from, size_t to)
{
    double sum = 0;
    for (size_t i = from; i < to; i++) {
        sum += (double)documents->cells[i].value * (double)documents->cells[i].value;
    }
    return sum;
}

Test(documents, merge_equal_lessons_and_add_their_weights)
{
    kundig__documents documents;
    kundig__mem mem;
    learn_set *set = learn_make(30, KUNDIG__COURSE_ONE, 1);
    for (uint32_t i = 3; i < 30; i++) {
        set->lessons[i].text = set->lessons[i % 3].text;
        set->lessons[i].weight = 0.5;
    }
    documents_make(&documents, &mem, set);
    cr_assert_eq(documents.count, 3);
    for (size_t i = 0; i < 3; i++) {
        cr_assert_eq(documents.list[i].times, 10);
        cr_assert_eq(documents.list[i].weight, 5.5f);
    }
    cr_assert_eq(documents.lessons, 30);
    kundig__documents_free(&documents);
    free(set);
}

Test(documents, tell_apart_what_differs_in_any_way)
{
    kundig__documents documents;
    kundig__mem mem;
    uint32_t signs[1] = {0};
    learn_set *set = learn_make(6, KUNDIG__COURSE_SEVERAL, 1);
    set->course.sign_count = 1;
    for (uint32_t i = 0; i < 6; i++) {
        set->lessons[i].text = (kundig_text){"same text", 9};
        set->marks[i][0] = (kundig__mark){0, 1, true};
        set->lessons[i].mark_count = 1;
    }
    set->marks[1][0].klass = 1;
    set->marks[2][0].holds = false;
    set->marks[3][0].weight = 0.25f;
    set->lessons[4].partial = true;
    set->lessons[5].signs = signs;
    set->lessons[5].sign_count = 1;
    documents_make(&documents, &mem, set);
    cr_assert_eq(documents.count, 6);
    kundig__documents_free(&documents);
    free(set);
}

Test(documents, do_not_depend_on_the_order_of_lessons)
{
    kundig__documents one;
    kundig__documents two;
    kundig__mem mem;
    kundig__mem other;
    learn_set *set = learn_make(300, KUNDIG__COURSE_ONE, 7);
    for (uint32_t i = 0; i < 300; i++) {
        set->lessons[i].weight = i % 5 ? 1 : 0.1 * i;
    }
    documents_make(&one, &mem, set);
    char texts[8][LEARN_TEXT];
    for (size_t i = 0; i < 8; i++) {
        kundig_text text = set->lessons[one.list[i].lesson].text;
        snprintf(texts[i], sizeof texts[i], "%.*s", (int)text.len, text.data);
    }
    learn_shuffle(set, 3);
    documents_make(&two, &other, set);
    cr_assert_eq(one.count, two.count);
    cr_assert_eq(one.feature_count, two.feature_count);
    cr_assert_eq(one.cell_count, two.cell_count);
    cr_assert_eq(memcmp(one.cells, two.cells, one.cell_count * sizeof *one.cells), 0);
    cr_assert_eq(memcmp(one.buckets, two.buckets, one.feature_count * sizeof *one.buckets), 0);
    for (size_t i = 0; i < one.count; i++) {
        cr_assert_eq(one.list[i].weight, two.list[i].weight);
        cr_assert_eq(one.list[i].aside, two.list[i].aside);
        cr_assert_eq(one.list[i].label, two.list[i].label);
    }
    for (size_t i = 0; i < 8; i++) {
        kundig_text text = set->lessons[two.list[i].lesson].text;
        cr_assert(strlen(texts[i]) == text.len && memcmp(texts[i], text.data, text.len) == 0);
    }
    kundig__documents_free(&one);
    kundig__documents_free(&two);
    free(set);
}

Test(documents, give_each_block_the_length_of_one)
{
    kundig__documents documents;
    kundig__mem mem;
    learn_set *set = learn_make(60, KUNDIG__COURSE_ONE, 2);
    set->lessons[7].text = (kundig_text){"", 0};
    documents_make(&documents, &mem, set);
    for (size_t i = 0; i < documents.count; i++) {
        const kundig__document *document = &documents.list[i];
        size_t from = document->first;
        for (uint32_t block = 0; block < KUNDIG__BLOCKS; block++) {
            double length = documents_length(&documents, from, document->ends[block]);
            cr_assert(document->ends[block] == from || (length > 0.999 && length < 1.001));
            from = document->ends[block];
        }
        if (document->lesson == 7) {
            cr_assert_eq(document->ends[KUNDIG__BLOCK_SIGNS], document->first);
        }
    }
    kundig__documents_free(&documents);
    free(set);
}

Test(documents, number_features_from_the_most_frequent_on)
{
    kundig__documents documents;
    kundig__mem mem;
    learn_set *set = learn_make(200, KUNDIG__COURSE_ONE, 4);
    documents_make(&documents, &mem, set);
    uint32_t *counts = calloc(documents.feature_count, sizeof *counts);
    for (size_t i = 0; i < documents.cell_count; i++) {
        counts[documents.cells[i].feature]++;
    }
    for (uint32_t i = 1; i < documents.feature_count; i++) {
        cr_assert_leq(counts[i], counts[i - 1]);
        cr_assert_geq(documents.idf[i], documents.idf[i - 1]);
        cr_assert(counts[i] < counts[i - 1] || documents.buckets[i] > documents.buckets[i - 1]);
    }
    free(counts);
    kundig__documents_free(&documents);
    free(set);
}

Test(documents, keep_a_fifth_of_each_class_aside)
{
    kundig__documents documents;
    kundig__mem mem;
    learn_set *set = learn_make(300, KUNDIG__COURSE_ONE, 5);
    documents_make(&documents, &mem, set);
    size_t all[3] = {0};
    size_t aside[3] = {0};
    for (size_t i = 0; i < documents.count; i++) {
        all[documents.list[i].label]++;
        aside[documents.list[i].label] += documents.list[i].aside;
    }
    for (int k = 0; k < 3; k++) {
        cr_assert_eq(aside[k], all[k] / 5);
    }
    kundig__documents_free(&documents);
    free(set);
}

Test(documents, never_keep_aside_what_is_only_guessed)
{
    kundig__documents documents;
    kundig__mem mem;
    learn_set *set = learn_make(60, KUNDIG__COURSE_SEVERAL, 5);
    for (uint32_t i = 30; i < 60; i++) {
        set->lessons[i].partial = true;
        for (uint32_t j = 0; j < set->lessons[i].mark_count; j++) {
            set->marks[i][j].weight = 0.2f;
        }
    }
    documents_make(&documents, &mem, set);
    cr_assert_gt(documents.aside_count, 0);
    for (size_t i = 0; i < documents.count; i++) {
        cr_assert(!documents.list[i].aside || documents.list[i].lesson < 30);
    }
    kundig__documents_free(&documents);
    free(set);
}

Test(documents, forget_words_and_classes_of_too_few_customers)
{
    kundig__documents documents;
    kundig__mem mem;
    learn_set *set = learn_make(90, KUNDIG__COURSE_ONE, 6);
    for (uint32_t i = 0; i < 90; i++) {
        set->lessons[i].customer = i / 3;
    }
    /* four customers say a word, and have a class, that nobody else has; many times */
    for (uint32_t i = 0; i < 40; i++) {
        snprintf(set->texts[i], LEARN_TEXT, "zyzzyva delivery %u", i % 9);
        set->lessons[i].text.len = strlen(set->texts[i]);
        set->lessons[i].customer = i % 4;
        set->marks[i][0].klass = i % 2 ? 0 : 2;
    }
    for (uint32_t i = 40; i < 90; i++) {
        set->marks[i][0].klass = i % 2;
    }
    kundig__scratch scratch;
    documents_make(&documents, &mem, set);
    cr_assert_eq(documents.taught[0], 1);
    cr_assert_eq(documents.taught[1], 1);
    cr_assert_eq(documents.taught[2], 0);
    cr_assert_eq(documents.classes[2].lessons, 0);
    kundig__scratch_init(&scratch, &mem);
    cr_assert_eq(kundig__text_features(&scratch, "zyzzyva", 7, KUNDIG__WORDS), KUNDIG_OK);
    uint32_t bucket = kundig__feature_bucket(scratch.tokens[0].hash, 0, documents.bits);
    for (uint32_t i = 0; i < documents.feature_count; i++) {
        cr_assert_neq(documents.buckets[i], bucket);
    }
    kundig__scratch_free(&scratch);
    kundig__documents_free(&documents);
    free(set);
}

Test(documents, weigh_what_tells_ordered_classes_apart)
{
    kundig__documents documents;
    kundig__mem mem;
    learn_set *set = learn_make(300, KUNDIG__COURSE_ORDERED, 8);
    documents_make(&documents, &mem, set);
    kundig__scratch scratch;
    kundig__scratch_init(&scratch, &mem);
    const char *text = "parcel the";
    cr_assert_eq(kundig__text_features(&scratch, text, strlen(text), KUNDIG__WORDS), KUNDIG_OK);
    int idf[2] = {0, 0};
    for (int j = 0; j < 2; j++) {
        uint32_t bucket = kundig__feature_bucket(scratch.tokens[j].hash, 0, documents.bits);
        for (uint32_t i = 0; i < documents.feature_count; i++) {
            idf[j] = documents.buckets[i] == bucket ? documents.idf[i] : idf[j];
        }
    }
    cr_assert_gt(idf[0], 2 * idf[1]);
    cr_assert_gt(idf[1], 0);
    kundig__scratch_free(&scratch);
    kundig__documents_free(&documents);
    free(set);
}

Test(documents, say_what_is_missing)
{
    kundig__documents documents;
    kundig__mem mem;
    kundig_error err = {0, 0, ""};
    learn_set *set = learn_make(30, KUNDIG__COURSE_ONE, 9);
    learn_mem(&mem);
    for (uint32_t i = 0; i < 30; i++) {
        set->marks[i][0].klass = 1;
    }
    cr_assert_eq(kundig__documents_make(&documents, &mem, &set->course, &err), KUNDIG_E_EMPTY);
    cr_assert(strstr(err.message, "one class has examples, two are needed"));
    set->course.lesson_count = 0;
    cr_assert_eq(kundig__documents_make(&documents, &mem, &set->course, &err), KUNDIG_E_EMPTY);
    cr_assert(strstr(err.message, "no class has examples"));
    set->course.lesson_count = 30;
    for (uint32_t i = 0; i < 30; i++) {
        set->marks[i][0].klass = i % 3;
        set->lessons[i].customer = i % 4;
    }
    cr_assert_eq(kundig__documents_make(&documents, &mem, &set->course, &err), KUNDIG_E_EMPTY);
    cr_assert(strstr(err.message, "5 different customers"));
    free(set);
}

static int documents_sweep(const learn_set *set)
{
    kundig__documents documents;
    kundig__mem mem;
    learn_mem(&mem);
    int rc = kundig__documents_make(&documents, &mem, &set->course, NULL);
    if (rc == KUNDIG_OK) {
        kundig__documents_free(&documents);
    }
    return rc;
}

Test(documents, say_so_when_memory_fails)
{
    learn_set *set = learn_make(40, KUNDIG__COURSE_ORDERED, 10);
    LEARN_SWEEP(documents_sweep(set));
    for (uint32_t i = 0; i < 40; i++) {
        set->lessons[i].customer = i % 20;
    }
    set->course.kind = KUNDIG__COURSE_ONE;
    LEARN_SWEEP(documents_sweep(set));
    free(set);
}
