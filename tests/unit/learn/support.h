/* Shared by the tests of what is learned: lessons made from a seed. */
#ifndef KUNDIG_TESTS_LEARN_SUPPORT_H
#define KUNDIG_TESTS_LEARN_SUPPORT_H

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "learn/learned.h"
#include "probe.h"

#define LEARN_LESSONS 400u
#define LEARN_TEXT    160u
#define LEARN_MARKS   3u

/* Lessons on their own memory, so that what is tested is all that the probe sees. */
typedef struct learn_set {
    char texts[LEARN_LESSONS][LEARN_TEXT];
    kundig__mark marks[LEARN_LESSONS][LEARN_MARKS];
    kundig__lesson lessons[LEARN_LESSONS];
    kundig__course course;
} learn_set;

static inline uint32_t learn_random(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*seed >> 33);
}

/* What texts of each class say, and what all say. */
static const char *const learn_words[3][6] = {
    {"parcel", "late", "delivery", "courier", "waiting", "tracking"},
    {"price", "expensive", "cheap", "costs", "invoice", "fee"},
    {"friendly", "staff", "helpful", "rude", "advisor", "phone call"},
};
static const char *const learn_common[8] = {"the",  "was", "and", "again",
                                            "very", "my",  "I",   "please!"};

static inline void learn_text(uint64_t *seed, uint32_t klass, char *out, size_t room)
{
    size_t len = 0;
    uint32_t count = 4 + learn_random(seed) % 6;
    for (uint32_t i = 0; i < count; i++) {
        bool own = i == 1 || learn_random(seed) % 3 == 0;
        const char *word =
            own ? learn_words[klass][learn_random(seed) % 6] : learn_common[learn_random(seed) % 8];
        len += (size_t)snprintf(out + len, room - len, "%s%s", i ? " " : "", word);
    }
}

/* count texts of three classes in turn, each of one, or some of two. */
static inline learn_set *learn_make(uint32_t count, int kind, uint64_t seed)
{
    learn_set *set = calloc(1, sizeof *set);
    cr_assert(set && count <= LEARN_LESSONS);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t klass = i % 3;
        learn_text(&seed, klass, set->texts[i], LEARN_TEXT / 2);
        kundig__lesson *lesson = &set->lessons[i];
        uint32_t marks = 0;
        bool both = kind == KUNDIG__COURSE_SEVERAL && i % 4 == 0 && klass < 2;
        set->marks[i][marks++] = (kundig__mark){klass, 1, true};
        if (both) {
            size_t len = strlen(set->texts[i]);
            set->texts[i][len++] = ' ';
            learn_text(&seed, klass + 1, set->texts[i] + len, LEARN_TEXT - len);
            set->marks[i][marks++] = (kundig__mark){klass + 1, 1, true};
        }
        lesson->text = (kundig_text){set->texts[i], strlen(set->texts[i])};
        lesson->marks = set->marks[i];
        lesson->mark_count = marks;
        lesson->customer = KUNDIG__NOBODY;
        lesson->weight = 1;
    }
    set->course.lessons = set->lessons;
    set->course.lesson_count = count;
    set->course.class_count = 3;
    set->course.kind = kind;
    set->course.least_customers = 5;
    set->course.threads = 1;
    return set;
}

static inline void learn_shuffle(learn_set *set, uint64_t seed)
{
    for (size_t i = set->course.lesson_count; i > 1; i--) {
        size_t j = learn_random(&seed) % i;
        kundig__lesson lesson = set->lessons[i - 1];
        set->lessons[i - 1] = set->lessons[j];
        set->lessons[j] = lesson;
    }
}

static inline void learn_mem(kundig__mem *mem)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem_init(mem, &allocator, 0);
}

static inline kundig__classifier *learn_learn(kundig__mem *mem, const kundig__course *course)
{
    kundig__classifier *classifier = NULL;
    kundig_error err = {0, 0, ""};
    cr_assert_eq(kundig__classifier_learn(mem, course, &classifier, &err), KUNDIG_OK, "%s",
                 err.message);
    return classifier;
}

/* Equal classifiers have equal bytes. */
static inline void learn_same(kundig__mem *mem, const kundig__classifier *a,
                              const kundig__classifier *b)
{
    kundig__buf left;
    kundig__buf right;
    kundig__buf_init(&left, mem);
    kundig__buf_init(&right, mem);
    kundig__classifier_put(&left, a);
    kundig__classifier_put(&right, b);
    cr_assert(!left.failed && !right.failed);
    cr_assert_eq(left.len, right.len);
    cr_assert_eq(memcmp(left.data, right.data, left.len), 0);
    kundig__buf_free(&left);
    kundig__buf_free(&right);
}

/* Asks one text; the classifying keeps the answer. */
typedef struct learn_asking {
    kundig__mem *mem;
    kundig__scratch scratch;
    kundig__classifying classifying;
} learn_asking;

static inline void learn_ask_begin(learn_asking *asking, kundig__mem *mem,
                                   const kundig__classifier *classifier)
{
    asking->mem = mem;
    kundig__scratch_init(&asking->scratch, mem);
    cr_assert_eq(kundig__classifying_init(&asking->classifying, mem, classifier), KUNDIG_OK);
}

static inline void learn_ask(learn_asking *asking, const char *text)
{
    cr_assert_eq(
        kundig__text_features(&asking->scratch, text, strlen(text), KUNDIG__LEARN_FAMILIES),
        KUNDIG_OK);
    cr_assert_eq(kundig__classify(&asking->classifying, &asking->scratch, NULL, 0), KUNDIG_OK);
}

static inline void learn_ask_end(learn_asking *asking)
{
    kundig__classifying_free(&asking->classifying);
    kundig__scratch_free(&asking->scratch);
}

/* Run with the n-th allocation failing, once and for ever, until it works. */
#define LEARN_SWEEP(call)                                                                          \
    for (int on = 0; on < 2; on++) {                                                               \
        int rc = KUNDIG_E_NOMEM;                                                                   \
        for (size_t n = 1; rc != KUNDIG_OK; n++) {                                                 \
            size_t live = probe_shared.live_blocks;                                                \
            probe_shared.allocations = 0;                                                          \
            probe_shared.fail_at = n;                                                              \
            probe_shared.fail_on = on;                                                             \
            rc = (call);                                                                           \
            probe_shared.fail_at = 0;                                                              \
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM);                                    \
            cr_assert_eq(probe_shared.live_blocks, live);                                          \
            cr_assert_lt(n, 5000);                                                                 \
        }                                                                                          \
    }

#endif
