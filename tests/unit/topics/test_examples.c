#include "topics/examples.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "probe.h"

TestSuite(examples, .fini = probe_fini);

static kundig_examples *examples_of(int32_t lesson)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_examples *set = NULL;
    cr_assert_eq(kundig_examples_new(&allocator, lesson, &set, NULL), KUNDIG_OK);
    return set;
}

/* An example of topics; labels are parted by blanks. */
typedef struct labelled {
    kundig_example example;
    kundig_text labels[16];
} labelled;

static void label(labelled *out, const char *text, const char *labels)
{
    kundig_example_init(&out->example);
    out->example.text = kundig__str(text);
    out->example.labels = out->labels;
    while (*labels) {
        size_t len = strcspn(labels, " ");
        out->labels[out->example.label_count++] = kundig__text(labels, len);
        labels += len + (labels[len] == ' ');
    }
}

static int add(kundig_examples *set, const char *text, const char *labels)
{
    labelled one;
    label(&one, text, labels);
    return kundig_examples_add(set, &one.example, 1, NULL);
}

static int take_out(kundig_examples *set, const char *text, const char *labels)
{
    labelled one;
    label(&one, text, labels);
    return kundig_examples_remove(set, &one.example, 1, NULL);
}

static const kundig__example *last_of(const kundig_examples *set)
{
    return &set->examples[set->count - 1];
}

Test(examples, refuses_calls_without_what_they_need)
{
    kundig_examples *set = NULL;
    kundig_example example;
    kundig_example_init(&example);
    cr_assert_eq(kundig_examples_new(NULL, 0, NULL, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_examples_new(NULL, 2, &set, NULL), KUNDIG_E_ARG);
    cr_assert_null(set);
    cr_assert_eq(kundig_examples_add(NULL, &example, 1, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_examples_remove(NULL, NULL, 0, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_examples_count(NULL), 0);
    set = examples_of(KUNDIG_LESSON_TOPICS);
    cr_assert_eq(kundig_examples_add(set, NULL, 1, NULL), KUNDIG_E_ARG);
    cr_assert_eq(kundig_examples_add(set, NULL, 0, NULL), KUNDIG_OK);
    kundig_examples_free(set);
    kundig_examples_free(NULL);
}

Test(examples, keeps_what_was_given)
{
    kundig_examples *set = examples_of(KUNDIG_LESSON_TOPICS);
    kundig_text labels[] = {KUNDIG__TEXT("b"), KUNDIG__TEXT("a"), KUNDIG__TEXT("b")};
    kundig_text denied[] = {KUNDIG__TEXT("c")};
    kundig_example example;
    kundig_example_init(&example);
    example.text = KUNDIG__TEXT("too\0late \xFF");
    example.labels = labels;
    example.label_count = 3;
    example.denied = denied;
    example.denied_count = 1;
    example.partial = 1;
    example.customer = KUNDIG__TEXT("Ada");
    example.source = KUNDIG__TEXT("");
    example.weight = 0.3;
    example.has_weight = 1;
    cr_assert_eq(kundig_examples_add(set, &example, 1, NULL), KUNDIG_OK);
    const kundig__example *kept = last_of(set);
    cr_assert(kundig__text_equal(kept->text, KUNDIG__TEXT("too\xEF\xBF\xBDlate \xEF\xBF\xBD")));
    cr_assert_eq(kept->mark_count, 3);
    cr_assert(set->marks[0].holds && set->marks[0].klass == 0, "b came first");
    cr_assert(set->marks[1].holds && set->marks[1].klass == 1);
    cr_assert(!set->marks[2].holds && set->marks[2].klass == 2);
    cr_assert(kept->partial);
    cr_assert_eq(kept->customer, 0);
    cr_assert_not_null(kept->source.data, "an empty source is one");
    cr_assert_null(kept->id.data);
    cr_assert_float_eq(kept->weight, 0.3, 1e-6);
    cr_assert_eq(kept->weight * 1048576, (double)(int64_t)(kept->weight * 1048576));
    cr_assert_eq(kundig_examples_count(set), 1);
    kundig_examples_free(set);
}

Test(examples, are_refused_in_words_and_none_of_the_call_stays)
{
    static char longest[202];
    memset(longest, 'a', 201);
    const kundig_text names[] = {{"", 0},         {NULL, 0},   {"a\nb", 3},
                                 {"\xC2\x85", 2}, {"\xFF", 1}, {longest, 201}};
    kundig_examples *set = examples_of(KUNDIG_LESSON_TOPICS);
    labelled list[3];
    kundig_error err;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        label(&list[0], "one", "new");
        label(&list[1], "two", "other");
        list[1].labels[0] = names[i];
        kundig_example two[2] = {list[0].example, list[1].example};
        memset(&err, 0, sizeof err);
        cr_assert_eq(kundig_examples_add(set, two, 2, &err), KUNDIG_E_VALUE, "name %zu", i);
        cr_assert_eq(err.pos, 1);
        cr_assert(err.message[0]);
        cr_assert_eq(kundig_examples_count(set), 0);
        cr_assert_eq(set->names.count, 0, "a name of a call that failed is forgotten");
    }
    struct {
        int code;
        kundig_example example;
    } cases[12];
    size_t count = 0;
    kundig_score score = {.scale = KUNDIG_SCALE_NPS, .value = 9};
    kundig_text a = KUNDIG__TEXT("a");
    for (size_t i = 0; i < 12; i++) {
        kundig_example_init(&cases[i].example);
    }
    cases[count].example.score = &score;
    cases[count++].code = KUNDIG_E_VALUE;
    cases[count].example.labels = &a;
    cases[count].example.label_count = 1;
    cases[count].example.denied = &a;
    cases[count].example.denied_count = 1;
    cases[count++].code = KUNDIG_E_VALUE;
    cases[count].example.weight = 0;
    cases[count].example.has_weight = 1;
    cases[count++].code = KUNDIG_E_VALUE;
    cases[count].example.weight = 1.0 / 0.0;
    cases[count].example.has_weight = 1;
    cases[count++].code = KUNDIG_E_VALUE;
    cases[count].example.label_count = 1;
    cases[count++].code = KUNDIG_E_ARG;
    cases[count].example.denied_count = 1;
    cases[count++].code = KUNDIG_E_ARG;
    cases[count].example.text.len = 1;
    cases[count++].code = KUNDIG_E_ARG;
    cases[count].example.partial = 2;
    cases[count++].code = KUNDIG_E_ARG;
    cases[count].example.has_weight = -1;
    cases[count++].code = KUNDIG_E_ARG;
    cases[count].example.reserved = 1;
    cases[count++].code = KUNDIG_E_VERSION;
    cases[count].example.size = 0;
    cases[count++].code = KUNDIG_E_ARG;
    cases[count].example.text = (kundig_text){longest, (size_t)1 << 30};
    cases[count++].code = KUNDIG_E_LIMIT;
    for (size_t i = 0; i < count; i++) {
        memset(&err, 0, sizeof err);
        cr_expect_eq(kundig_examples_add(set, &cases[i].example, 1, &err), cases[i].code,
                     "case %zu: %s", i, err.message);
        cr_expect(err.message[0]);
    }
    cr_assert_eq(kundig_examples_count(set), 0);
    kundig_examples_free(set);
}

Test(examples, of_sentiment_have_a_label_or_a_score_on_one_scale)
{
    kundig_examples *set = examples_of(KUNDIG_LESSON_SENTIMENT);
    kundig_error err;
    kundig_example example;
    kundig_score score = {.scale = KUNDIG_SCALE_CSAT, .value = 4.5};
    cr_assert_eq(add(set, "fine", "positive"), KUNDIG_OK);
    cr_assert_eq(set->marks[0].klass, 2);
    cr_assert_eq(add(set, "fine", "good"), KUNDIG_E_VALUE);
    cr_assert_eq(add(set, "fine", ""), KUNDIG_E_VALUE);
    cr_assert_eq(add(set, "fine", "positive negative"), KUNDIG_E_VALUE);
    kundig_example_init(&example);
    example.score = &score;
    cr_assert_eq(kundig_examples_add(set, &example, 1, NULL), KUNDIG_OK);
    cr_assert_eq(last_of(set)->value, 4500);
    cr_assert_eq(set->marks[last_of(set)->first].klass, 2);
    cr_assert(kundig__text_equal(set->scale.question, KUNDIG__TEXT("csat")));
    score.value = 6;
    cr_assert_eq(kundig_examples_add(set, &example, 1, &err), KUNDIG_E_VALUE);
    score = (kundig_score){.scale = KUNDIG_SCALE_NPS, .value = 6};
    cr_assert_eq(kundig_examples_add(set, &example, 1, &err), KUNDIG_E_VALUE);
    cr_assert_not_null(strstr(err.message, "csat (1 to 5)"), "%s", err.message);
    /* once no score is left, any scale may come */
    score = (kundig_score){.scale = KUNDIG_SCALE_CSAT, .value = 4.5};
    cr_assert_eq(kundig_examples_remove(set, &example, 1, NULL), KUNDIG_OK);
    score = (kundig_score){.scale = KUNDIG_SCALE_NPS, .value = 6};
    cr_assert_eq(kundig_examples_add(set, &example, 1, &err), KUNDIG_OK);
    cr_assert_eq(set->scale.scale, KUNDIG_SCALE_NPS);
    kundig_examples_free(set);
}

Test(examples, of_sentiment_answer_one_question)
{
    kundig_examples *set = examples_of(KUNDIG_LESSON_SENTIMENT);
    kundig_error err;
    kundig_example example;
    kundig_score score = {
        .question = KUNDIG__TEXT("shop \xFF"), .scale = KUNDIG_SCALE_STARS, .value = 4};
    kundig_example two[2];
    kundig_example_init(&example);
    example.score = &score;
    cr_assert_eq(kundig_examples_add(set, &example, 1, NULL), KUNDIG_OK);
    cr_assert_eq(kundig_examples_add(set, &example, 1, NULL), KUNDIG_OK,
                 "a question that was mended is the same again");
    kundig_score other = {.question = KUNDIG__TEXT("app"), .scale = KUNDIG_SCALE_STARS, .value = 4};
    two[0] = example;
    two[1] = example;
    two[1].score = &other;
    cr_assert_eq(kundig_examples_add(set, two, 2, &err), KUNDIG_E_VALUE);
    cr_assert_eq(err.pos, 1);
    cr_assert_not_null(strstr(err.message, "one question a set"), "%s", err.message);
    cr_assert_not_null(strstr(err.message, "'app'"), "%s", err.message);
    other.question = (kundig_text){NULL, 0}; /* a name, too: that of its scale */
    cr_assert_eq(kundig_examples_add(set, two + 1, 1, &err), KUNDIG_E_VALUE);
    cr_assert_eq(kundig_examples_count(set), 2);
    cr_assert_eq(set->scored, 2);
    /* once no score is left, any question may come; labels ask none */
    cr_assert_eq(add(set, "fine", "positive"), KUNDIG_OK);
    cr_assert_eq(kundig_examples_remove(set, two, 1, NULL), KUNDIG_OK);
    cr_assert_eq(kundig_examples_add(set, two + 1, 1, &err), KUNDIG_E_VALUE);
    cr_assert_eq(kundig_examples_remove(set, two, 1, NULL), KUNDIG_OK);
    cr_assert_eq(kundig_examples_add(set, two + 1, 1, &err), KUNDIG_OK);
    cr_assert(kundig__text_equal(set->scale.question, KUNDIG__TEXT("stars")));
    kundig_examples_free(set);
}

Test(examples, have_classes_by_the_scale_of_their_scores)
{
    static const struct {
        kundig_score score;
        uint32_t klass;
    } cases[] = {
        {{.scale = KUNDIG_SCALE_NPS, .value = 0}, 0},
        {{.scale = KUNDIG_SCALE_NPS, .value = 6}, 0},
        {{.scale = KUNDIG_SCALE_NPS, .value = 7}, 1},
        {{.scale = KUNDIG_SCALE_NPS, .value = 8}, 1},
        {{.scale = KUNDIG_SCALE_NPS, .value = 9}, 2},
        {{.scale = KUNDIG_SCALE_CSAT, .value = 2}, 0},
        {{.scale = KUNDIG_SCALE_CSAT, .value = 2.5}, 1},
        {{.scale = KUNDIG_SCALE_STARS, .value = 3}, 1},
        {{.scale = KUNDIG_SCALE_STARS, .value = 4}, 2},
        {{.scale = KUNDIG_SCALE_CES, .value = 3}, 0},
        {{.scale = KUNDIG_SCALE_CES, .value = 4}, 1},
        {{.scale = KUNDIG_SCALE_CES, .value = 5}, 2},
        {{.scale = KUNDIG_SCALE_CES_2010, .value = 1}, 2},
        {{.scale = KUNDIG_SCALE_CES_2010, .value = 3}, 1},
        {{.scale = KUNDIG_SCALE_CES_2010, .value = 5}, 0},
        {{.scale = KUNDIG_SCALE_DECLARED, .minimum = 0, .maximum = 9, .value = 2.9}, 0},
        {{.scale = KUNDIG_SCALE_DECLARED, .minimum = 0, .maximum = 9, .value = 3}, 1},
        {{.scale = KUNDIG_SCALE_DECLARED, .minimum = 0, .maximum = 9, .value = 6.1}, 2},
        {{.scale = KUNDIG_SCALE_DECLARED,
          .direction = KUNDIG_LOWER_IS_BETTER,
          .minimum = 0,
          .maximum = 9,
          .value = 6.1},
         0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int32_t told = KUNDIG_SENTIMENT_UNKNOWN;
        cr_expect_eq(kundig__score_class(&cases[i].score), cases[i].klass, "case %zu", i);
        cr_expect_eq(kundig_score_sentiment(&cases[i].score, &told, NULL), KUNDIG_OK);
        cr_expect_eq(told, KUNDIG_SENTIMENT_NEGATIVE + (int32_t)cases[i].klass, "case %zu", i);
    }
    int32_t untouched = KUNDIG_SENTIMENT_MIXED;
    kundig_error err;
    kundig_score off = {.scale = KUNDIG_SCALE_STARS, .value = 6};
    cr_expect_eq(kundig_score_sentiment(&off, &untouched, &err), KUNDIG_E_VALUE);
    cr_expect(strlen(err.message) > 10);
    cr_expect_eq(kundig_score_sentiment(&(kundig_score){.value = 6}, &untouched, &err),
                 KUNDIG_E_ARG);
    cr_expect_eq(kundig_score_sentiment(NULL, &untouched, &err), KUNDIG_E_ARG);
    cr_expect_eq(kundig_score_sentiment(&off, NULL, &err), KUNDIG_E_ARG);
    cr_expect_eq(untouched, KUNDIG_SENTIMENT_MIXED);
}

Test(examples, are_taken_out_one_for_one)
{
    kundig_examples *set = examples_of(KUNDIG_LESSON_TOPICS);
    cr_assert_eq(add(set, "late", "delay"), KUNDIG_OK);
    cr_assert_eq(add(set, "late", "delay"), KUNDIG_OK);
    cr_assert_eq(add(set, "late", "delay bill"), KUNDIG_OK);
    cr_assert_eq(take_out(set, "late", "bill"), KUNDIG_E_NOT_FOUND);
    cr_assert_eq(take_out(set, "late", ""), KUNDIG_E_NOT_FOUND);
    cr_assert_eq(take_out(set, "late", "unheard"), KUNDIG_E_NOT_FOUND);
    cr_assert_eq(set->names.count, 2, "asking leaves no name");
    cr_assert_eq(take_out(set, "late", "bill delay"), KUNDIG_OK, "labels have no order");
    cr_assert_eq(take_out(set, "late", "delay"), KUNDIG_OK);
    cr_assert_eq(kundig_examples_count(set), 1);
    cr_assert_eq(take_out(set, "late", "delay"), KUNDIG_OK);
    cr_assert_eq(take_out(set, "late", "delay"), KUNDIG_E_NOT_FOUND);
    cr_assert_eq(kundig_examples_count(set), 0);
    kundig_examples_free(set);
}

Test(examples, are_taken_out_all_or_none)
{
    kundig_examples *set = examples_of(KUNDIG_LESSON_TOPICS);
    labelled one;
    labelled other;
    kundig_error err;
    label(&one, "late", "delay");
    label(&other, "paid twice", "bill");
    cr_assert_eq(kundig_examples_add(set, &one.example, 1, NULL), KUNDIG_OK);
    cr_assert_eq(kundig_examples_add(set, &other.example, 1, NULL), KUNDIG_OK);
    kundig_example list[3] = {one.example, other.example, one.example};
    cr_assert_eq(kundig_examples_remove(set, list, 3, &err), KUNDIG_E_NOT_FOUND);
    cr_assert_eq(err.pos, 2);
    cr_assert_eq(kundig_examples_count(set), 2);
    cr_assert_eq(kundig_examples_remove(set, list, 2, &err), KUNDIG_OK);
    cr_assert_eq(kundig_examples_count(set), 0);
    kundig_examples_free(set);
}

/* Come and go: what is left is what a set would hold to which nothing else ever came, and the set
 * does not grow. */
Test(examples, that_are_gone_leave_nothing)
{
    kundig_examples *set = examples_of(KUNDIG_LESSON_TOPICS);
    char text[64];
    char name[64];
    const int rounds = 6000;
    const int kept = 50;
    size_t most = 0;
    for (int i = 0; i < rounds; i++) {
        snprintf(text, sizeof text, "comment number %d", i / 2);
        snprintf(name, sizeof name, "z topic%d", i % 700);
        cr_assert_eq(add(set, text, name), KUNDIG_OK);
        if (i >= kept) {
            snprintf(text, sizeof text, "comment number %d", (i - kept) / 2);
            snprintf(name, sizeof name, "z topic%d", (i - kept) % 700);
            cr_assert_eq(take_out(set, text, name), KUNDIG_OK, "round %d", i);
        }
        most = most < set->mem.used ? set->mem.used : most;
        cr_assert_eq(kundig_examples_count(set), (size_t)(i < kept ? i + 1 : kept));
    }
    cr_assert_lt(set->count, 2500, "%zu are kept", set->count);
    cr_assert_lt(most, 2000000, "%zu bytes", most);
    size_t left = 0;
    for (size_t i = 0; i < set->count; i++) {
        if (!set->examples[i].gone) {
            snprintf(text, sizeof text, "comment number %d", (rounds - kept + (int)left) / 2);
            cr_assert(kundig__text_equal(set->examples[i].text, kundig__str(text)));
            left++;
        }
    }
    cr_assert_eq(left, (size_t)kept);
    kundig_examples_free(set);
}

Test(examples, that_are_equal_do_not_slow_each_other)
{
    kundig_examples *set = examples_of(KUNDIG_LESSON_TOPICS);
    labelled one;
    label(&one, "the same again", "a");
    const size_t count = 20000;
    kundig_example *list = calloc(count, sizeof *list);
    for (size_t i = 0; i < count; i++) {
        list[i] = one.example;
    }
    cr_assert_eq(kundig_examples_add(set, list, count, NULL), KUNDIG_OK);
    cr_assert_eq(add(set, "another", "a"), KUNDIG_OK);
    cr_assert_eq(kundig_examples_remove(set, list, count, NULL), KUNDIG_OK);
    cr_assert_eq(take_out(set, "another", "a"), KUNDIG_OK);
    cr_assert_eq(kundig_examples_count(set), 0);
    free(list);
    kundig_examples_free(set);
}

/* All that may grow: names, customers, marks, the index, the set written anew. */
static int examples_work(const kundig_allocator *allocator, kundig_error *err)
{
    kundig_examples *set = NULL;
    char text[32];
    char name[32];
    int rc = kundig_examples_new(allocator, KUNDIG_LESSON_TOPICS, &set, err);
    for (int i = 0; i < 12 && !rc; i++) {
        labelled one;
        snprintf(text, sizeof text, i == 3 ? "t\xFF%d" : "t%d", i);
        snprintf(name, sizeof name, "a b%d", i);
        label(&one, text, name);
        one.example.customer = kundig__str(name);
        size_t before = kundig_examples_count(set);
        rc = kundig_examples_add(set, &one.example, 1, err);
        cr_assert_eq(kundig_examples_count(set), before + (rc == KUNDIG_OK));
    }
    for (int i = 0; i < 9 && !rc; i++) {
        labelled one;
        snprintf(text, sizeof text, i == 3 ? "t\xFF%d" : "t%d", i);
        snprintf(name, sizeof name, "a b%d", i);
        label(&one, text, name);
        one.example.customer = kundig__str(name);
        size_t before = kundig_examples_count(set);
        rc = kundig_examples_remove(set, &one.example, 1, err);
        cr_assert_eq(kundig_examples_count(set), before - (rc == KUNDIG_OK));
    }
    kundig_examples_free(set);
    return rc;
}

Test(examples, fail_cleanly_at_every_allocation)
{
    for (int forever = 0; forever < 2; forever++) {
        for (size_t n = 1;; n++) {
            probe p = {.fail_at = n, .fail_on = forever};
            kundig_allocator allocator = probe_allocator(&p);
            kundig_error err = {0, 0, ""};
            int rc = examples_work(&allocator, &err);
            cr_assert(rc == KUNDIG_OK || (rc == KUNDIG_E_NOMEM && err.message[0]), "%d", rc);
            cr_assert_eq(p.live_blocks, 0, "allocation %zu leaks", n);
            if (p.allocations < n) {
                cr_assert_gt(n, 10);
                break;
            }
        }
    }
}
