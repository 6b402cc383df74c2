/* Shared by the tests of what is discovered: texts about a few subjects that nobody named. */
#ifndef KUNDIG_TESTS_DISCOVERING_H
#define KUNDIG_TESTS_DISCOVERING_H

#include "teaching.h"
#include "topics/discovered.h"

#define DISCOVER_EACH 40u /* texts of a subject */
#define DISCOVER_ALL  (DISCOVER_EACH * TEACH_SUBJECTS)

/* Text number n: about subject n % 4, of customer n % 23, the record "app n". */
static inline int discover_add(kundig_examples *set, uint32_t n, const char *label)
{
    char text[160];
    char customer[16];
    char id[16];
    kundig_text name = kundig__str(label);
    kundig_example example;
    kundig_example_init(&example);
    teach_text(n % TEACH_SUBJECTS, n / TEACH_SUBJECTS, text);
    snprintf(customer, sizeof customer, "c%u", (unsigned)(n % 23));
    snprintf(id, sizeof id, "%u", (unsigned)n);
    example.text = kundig__str(text);
    example.customer = kundig__str(customer);
    example.source = KUNDIG__TEXT("app");
    example.id = kundig__str(id);
    example.labels = &name;
    example.label_count = label ? 1 : 0;
    return kundig_examples_add(set, &example, 1, NULL);
}

static inline kundig_examples *discover_set(uint32_t count)
{
    kundig_examples *set = teach_set(KUNDIG_LESSON_TOPICS);
    for (uint32_t i = 0; i < count; i++) {
        cr_assert_eq(discover_add(set, i, NULL), KUNDIG_OK);
    }
    return set;
}

static inline kundig_discover_options discover_options(const kundig_edit *edits, size_t count)
{
    kundig_discover_options options;
    kundig_discover_options_init(&options);
    options.topics = TEACH_SUBJECTS;
    options.edits = edits;
    options.edit_count = count;
    return options;
}

static inline kundig_model *discover_with(const kundig_model *base, const kundig_examples *set,
                                          const kundig_edit *edits, size_t count, int32_t *found)
{
    kundig_model *model = NULL;
    kundig_error err = {0, 0, ""};
    kundig_discover_options options = discover_options(edits, count);
    int rc = kundig_model_discover(base, set, &options, &model, found, &err);
    cr_assert_eq(rc, KUNDIG_OK, "%d %s", rc, err.message);
    return model;
}

/* What all 160 texts speak of. */
static inline kundig_model *discover_all(int32_t *found)
{
    kundig_examples *set = discover_set(DISCOVER_ALL);
    kundig_model *model = discover_with(NULL, set, NULL, 0, found);
    kundig_examples_free(set);
    return model;
}

static inline kundig_edit discover_edit(int32_t kind, kundig_text topic, const char *name)
{
    kundig_edit edit;
    kundig_edit_init(&edit);
    edit.kind = kind;
    edit.topic = topic;
    edit.name = kundig__str(name);
    return edit;
}

static inline bool discover_same(const kundig_model *a, const kundig_model *b)
{
    kundig_bytes *left = NULL;
    kundig_bytes *right = NULL;
    cr_assert_eq(kundig_model_save(a, &left, NULL), KUNDIG_OK);
    cr_assert_eq(kundig_model_save(b, &right, NULL), KUNDIG_OK);
    bool same =
        kundig_bytes_len(left) == kundig_bytes_len(right) &&
        memcmp(kundig_bytes_data(left), kundig_bytes_data(right), kundig_bytes_len(left)) == 0;
    kundig_bytes_free(left);
    kundig_bytes_free(right);
    return same;
}

/* The topic that most texts of a subject are in, by class. */
static inline int32_t discover_of(const int32_t *found, uint32_t count, uint32_t subject)
{
    uint32_t votes[64] = {0};
    int32_t best = 0;
    for (uint32_t i = subject; i < count; i += TEACH_SUBJECTS) {
        if (found[i] >= 0 && found[i] < 64) {
            votes[found[i]]++;
        }
    }
    for (int32_t i = 0; i < 64; i++) {
        best = votes[i] > votes[best] ? i : best;
    }
    return best;
}

#endif
