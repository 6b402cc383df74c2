/* Shared by the tests of what is taught: a few subjects, texts about them, models that learned. */
#ifndef KUNDIG_TESTS_TEACHING_H
#define KUNDIG_TESTS_TEACHING_H

#include <stdlib.h>

#include "modelling.h"
#include "topics/examples.h"

#define TEACH_SUBJECTS 4u

static const struct teach_subject {
    const char *label;
    const char *said[6];
} teach_subjects[TEACH_SUBJECTS] = {
    {"delivery/delay",
     {"parcel came late", "waiting for weeks", "courier was delayed", "still not arrived",
      "delivery took too long", "my order is overdue"}},
    {"billing/price",
     {"far too expensive", "price went up", "costs more than elsewhere", "not worth the money",
      "cheap and fair price", "charged a high fee"}},
    {"staff",
     {"very friendly people", "rude man at the desk", "she was helpful and kind",
      "nobody listened to me", "polite staff", "the clerk smiled"}},
    {"app",
     {"the app crashes", "cannot log in", "screen stays white", "update broke the menu",
      "password was not accepted", "button does nothing"}},
};

static const char *const teach_fillers[] = {"again",     "today",      "I think",   "honestly",
                                            "as always", "last month", "this time", "in my view"};

/* Text number n about a subject. */
static inline void teach_text(uint32_t subject, uint32_t n, char out[160])
{
    const struct teach_subject *s = &teach_subjects[subject];
    snprintf(out, 160, "%s %s, %s", teach_fillers[n % 8], s->said[n % 6], s->said[(n / 6 + 1) % 6]);
}

static inline int teach_add(kundig_examples *set, const char *text, const char *label,
                            const char *customer)
{
    kundig_example example;
    kundig_text name = kundig__str(label);
    kundig_example_init(&example);
    example.text = kundig__str(text);
    example.labels = &name;
    example.label_count = label ? 1 : 0;
    example.customer = kundig__str(customer);
    return kundig_examples_add(set, &example, 1, NULL);
}

static inline kundig_examples *teach_set(int32_t lesson)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_examples *set = NULL;
    cr_assert_eq(kundig_examples_new(&allocator, lesson, &set, NULL), KUNDIG_OK);
    return set;
}

/* 24 examples of each subject, one topic each. */
static inline kundig_examples *taught_examples(void)
{
    kundig_examples *set = teach_set(KUNDIG_LESSON_TOPICS);
    char text[160];
    for (uint32_t i = 0; i < 24 * TEACH_SUBJECTS; i++) {
        teach_text(i % TEACH_SUBJECTS, i / TEACH_SUBJECTS, text);
        cr_assert_eq(teach_add(set, text, teach_subjects[i % TEACH_SUBJECTS].label, NULL),
                     KUNDIG_OK);
    }
    return set;
}

static inline kundig_model *teach(const kundig_model *base, const kundig_examples *set)
{
    kundig_model *model = NULL;
    kundig_error err = {0, 0, ""};
    int rc = kundig_model_teach(base, set, NULL, &model, &err);
    cr_assert_eq(rc, KUNDIG_OK, "%s", err.message);
    return model;
}

#endif
