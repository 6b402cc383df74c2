#include "support.h"

#include "learn/split.h"

TestSuite(split, .fini = probe_fini);

static void split_make(kundig__documents *documents, kundig__mem *mem, const learn_set *set)
{
    kundig_error err = {0, 0, ""};
    learn_mem(mem);
    cr_assert_eq(kundig__documents_make(documents, mem, &set->course, &err), KUNDIG_OK, "%s",
                 err.message);
}

static uint64_t split_words_of(const char *text)
{
    kundig__mem mem;
    kundig__scratch scratch;
    learn_mem(&mem);
    kundig__scratch_init(&scratch, &mem);
    cr_assert_eq(kundig__text_features(&scratch, text, strlen(text), KUNDIG__WORDS), KUNDIG_OK);
    uint64_t words = kundig__split_words(&scratch);
    kundig__scratch_free(&scratch);
    return words;
}

Test(split, hears_the_same_words_through_case_blanks_and_marks)
{
    uint64_t words = split_words_of("my card was lost");
    cr_assert_eq(words, split_words_of("My CARD  was\tlost"));
    cr_assert_eq(words, split_words_of(" \"my card\" was lost!!! :-)"));
    cr_assert_neq(words, split_words_of("my card was lost lost"));
    cr_assert_neq(words, split_words_of("card my was lost"));
    cr_assert_neq(words, split_words_of("my card was"));
    cr_assert_neq(split_words_of("!!"), split_words_of("??"), "marks alone are all there is");
    cr_assert_eq(split_words_of(""), split_words_of("  \n"));
}

/* Documents of each class, and those aside. */
static void split_count(const kundig__documents *documents, size_t all[3], size_t aside[3])
{
    size_t sum = 0;
    memset(all, 0, 3 * sizeof *all);
    memset(aside, 0, 3 * sizeof *aside);
    for (size_t i = 0; i < documents->count; i++) {
        all[documents->list[i].label]++;
        aside[documents->list[i].label] += documents->list[i].aside;
        sum += documents->list[i].aside;
    }
    cr_assert_eq(sum, documents->aside_count);
}

Test(split, puts_texts_of_the_same_words_on_one_side)
{
    kundig__documents documents;
    kundig__mem mem;
    learn_set *set = learn_make(400, KUNDIG__COURSE_ONE, 11);
    /* each text four times, written differently, and once in five of another class */
    for (uint32_t i = 0; i < 400; i++) {
        uint32_t first = i / 4;
        char *text = set->texts[i];
        snprintf(text, LEARN_TEXT, i % 4 < 2 ? "card number %u is %s" : "CARD number  %u is %s!",
                 first, i % 2 ? "LOST" : "lost");
        set->lessons[i].text.len = strlen(text);
        set->marks[i][0].klass = (first + (i % 20 == 3)) % 3;
    }
    split_make(&documents, &mem, set);
    int side[100];
    size_t all[3];
    size_t aside[3];
    memset(side, -1, sizeof side);
    cr_assert_eq(documents.count, 400);
    for (size_t i = 0; i < documents.count; i++) {
        uint32_t first = documents.list[i].lesson / 4;
        cr_assert(side[first] == -1 || side[first] == documents.list[i].aside);
        side[first] = documents.list[i].aside;
    }
    split_count(&documents, all, aside);
    for (int k = 0; k < 3; k++) {
        cr_assert_leq(aside[k], all[k] / 5);
        cr_assert_geq(aside[k], all[k] / 8);
    }
    kundig__documents_free(&documents);
    free(set);
}

/* Lessons that say what their customers alone say, but for each tenth, which many say. */
static learn_set *split_customers(uint32_t customers)
{
    learn_set *set = learn_make(400, KUNDIG__COURSE_ONE, 12);
    uint64_t seed = 5;
    for (uint32_t i = 0; i < 400; i++) {
        uint32_t klass = set->marks[i][0].klass;
        size_t len = i % 10 ? (size_t)snprintf(set->texts[i], 40, "n%u ", i) : 0;
        learn_text(&seed, klass, set->texts[i] + len, LEARN_TEXT - len);
        if (i % 10 == 0) {
            snprintf(set->texts[i], LEARN_TEXT, "thank you class %u", klass);
        }
        set->lessons[i].text.len = strlen(set->texts[i]);
        set->lessons[i].customer = (i * 7919) % 400 % customers;
    }
    return set;
}

Test(split, puts_what_one_customer_alone_says_on_one_side)
{
    kundig__documents documents;
    kundig__mem mem;
    learn_set *set = split_customers(80);
    split_make(&documents, &mem, set);
    int side[80];
    size_t all[3];
    size_t aside[3];
    size_t both = 0;
    memset(side, -1, sizeof side);
    for (size_t i = 0; i < documents.count; i++) {
        const kundig__lesson *lesson = &set->lessons[documents.list[i].lesson];
        if (lesson->text.data[0] == 'n') {
            cr_assert(side[lesson->customer] == -1 ||
                      side[lesson->customer] == documents.list[i].aside);
            side[lesson->customer] = documents.list[i].aside;
        }
    }
    for (int i = 0; i < 80; i++) {
        both += side[i] == 1;
    }
    cr_assert_geq(both, 8, "%zu", both);
    split_count(&documents, all, aside);
    for (int k = 0; k < 3; k++) {
        cr_assert_leq(aside[k], all[k] / 5);
        cr_assert_geq(aside[k], all[k] / 12, "%zu of %zu", aside[k], all[k]);
    }
    kundig__documents_free(&documents);
    free(set);
}

Test(split, does_not_join_customers_by_what_they_all_say)
{
    kundig__documents documents;
    kundig__mem mem;
    learn_set *set = split_customers(50);
    for (uint32_t i = 0; i < 400; i++) {
        /* each customer says it, and so would join all */
        if (i % 8 == 0) {
            snprintf(set->texts[i], LEARN_TEXT, "thank you");
            set->lessons[i].text.len = strlen(set->texts[i]);
            set->lessons[i].customer = i / 8;
            set->marks[i][0].klass = 0;
        }
    }
    split_make(&documents, &mem, set);
    cr_assert_geq(documents.aside_count, 20);
    kundig__documents_free(&documents);
    free(set);
}

Test(split, knows_no_order_of_lessons_and_no_numbers_of_customers)
{
    kundig__documents one;
    kundig__documents two;
    kundig__mem mem;
    kundig__mem other;
    learn_set *set = split_customers(60);
    split_make(&one, &mem, set);
    bool aside[LEARN_LESSONS];
    uint64_t words[LEARN_LESSONS];
    for (size_t i = 0; i < one.count; i++) {
        aside[i] = one.list[i].aside;
        words[i] = one.list[i].words;
    }
    learn_shuffle(set, 9);
    for (uint32_t i = 0; i < 400; i++) {
        set->lessons[i].customer = 1000 - 13 * set->lessons[i].customer;
    }
    split_make(&two, &other, set);
    cr_assert_eq(one.count, two.count);
    for (size_t i = 0; i < two.count; i++) {
        cr_assert_eq(aside[i], two.list[i].aside);
        cr_assert_eq(words[i], two.list[i].words);
    }
    kundig__documents_free(&one);
    kundig__documents_free(&two);
    free(set);
}

Test(split, learns_from_a_customer_who_says_too_much_to_keep_aside)
{
    kundig__documents documents;
    kundig__mem mem;
    learn_set *set = split_customers(40);
    for (uint32_t i = 0; i < 200; i++) {
        set->lessons[i].customer = 7;
    }
    split_make(&documents, &mem, set);
    cr_assert_gt(documents.aside_count, 0);
    for (size_t i = 0; i < documents.count; i++) {
        const kundig__lesson *lesson = &set->lessons[documents.list[i].lesson];
        cr_assert(!documents.list[i].aside || lesson->customer != 7 || lesson->text.data[0] == 't');
    }
    kundig__documents_free(&documents);
    free(set);
}

static int split_sweep(const learn_set *set)
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

Test(split, says_so_when_memory_fails)
{
    learn_set *set = split_customers(20);
    LEARN_SWEEP(split_sweep(set));
    free(set);
}
