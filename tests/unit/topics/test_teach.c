#include "teaching.h"

#include "base/prng.h"

TestSuite(teach, .fini = probe_fini);

static kundig_bytes *bytes_of(const kundig_model *model)
{
    kundig_bytes *bytes = NULL;
    cr_assert_eq(kundig_model_save(model, &bytes, NULL), KUNDIG_OK);
    return bytes;
}

static void are_equal(const kundig_model *a, const kundig_model *b, const char *why)
{
    kundig_bytes *left = bytes_of(a);
    kundig_bytes *right = bytes_of(b);
    cr_assert_eq(kundig_bytes_len(left), kundig_bytes_len(right), "%s", why);
    cr_assert_eq(memcmp(kundig_bytes_data(left), kundig_bytes_data(right), kundig_bytes_len(left)),
                 0, "%s", why);
    kundig_bytes_free(left);
    kundig_bytes_free(right);
}

/* The topics read in a text, by blanks. */
static const char *topics_in(const kundig_model *model, const char *text)
{
    static char out[512];
    kundig_table *table = NULL;
    kundig_text last = {NULL, 0};
    size_t len = 0;
    out[0] = 0;
    cr_assert_eq(kundig_model_read(model, text, strlen(text), &table, NULL), KUNDIG_OK);
    for (size_t row = 0; row < kundig_table_row_count(table); row++) {
        kundig_text topic = kundig_table_text(table, row, 3);
        if (!kundig__text_equal(topic, last)) {
            len += (size_t)snprintf(out + len, sizeof out - len, "%s%.*s", len ? " " : "",
                                    (int)topic.len, topic.data);
        }
        last = kundig__text(topic.data, topic.len);
    }
    kundig_table_free(table);
    return out;
}

Test(teach, refuses_calls_without_what_they_need)
{
    kundig_model *model = NULL;
    kundig_examples *set = teach_set(KUNDIG_LESSON_TOPICS);
    kundig_learn_options options;
    kundig_error err = {0, 0, ""};
    kundig_learn_options_init(&options);
    cr_assert_eq(kundig_model_teach(NULL, NULL, NULL, &model, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_teach(NULL, set, NULL, NULL, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_teach(NULL, set, NULL, &model, &err), KUNDIG_E_EMPTY);
    cr_assert(err.message[0]);
    cr_assert_eq(teach_add(set, "nothing of it", NULL, NULL), KUNDIG_OK);
    cr_assert_eq(kundig_model_teach(NULL, set, NULL, &model, &err), KUNDIG_E_EMPTY, "no class");
    kundig_examples_free(set);
    set = teach_set(KUNDIG_LESSON_TOPICS);
    cr_assert_eq(teach_add(set, "one alone", "a", NULL), KUNDIG_OK);
    cr_assert_eq(kundig_model_teach(NULL, set, NULL, &model, &err), KUNDIG_E_EMPTY, "one class");
    options.quality = 2;
    cr_assert_eq(kundig_model_teach(NULL, set, &options, &model, &err), KUNDIG_E_ARG);
    options.quality = 0;
    options.labels = 3;
    cr_assert_eq(kundig_model_teach(NULL, set, &options, &model, &err), KUNDIG_E_ARG);
    options.labels = 0;
    options.threads = 65;
    cr_assert_eq(kundig_model_teach(NULL, set, &options, &model, &err), KUNDIG_E_ARG);
    cr_assert_null(model);
    kundig_examples_free(set);
}

Test(teach, tells_the_subjects_of_new_texts)
{
    kundig_examples *set = taught_examples();
    kundig_model *model = teach(NULL, set);
    cr_assert_eq(kundig_model_class_count(model, KUNDIG_LESSON_TOPICS), TEACH_SUBJECTS);
    cr_assert_str_eq(topics_in(model, "the courier was late by weeks"), "delivery/delay");
    cr_assert_str_eq(topics_in(model, "such a high price"), "billing/price");
    cr_assert_str_eq(topics_in(model, "rude people at the desk"), "staff");
    cr_assert_str_eq(topics_in(model, "the app crashes when I log in"), "app");
    cr_assert_str_eq(topics_in(model, ""), "");
    kundig_model_free(model);
    kundig_examples_free(set);
}

/* Any order, any number of threads: the same bytes. */
Test(teach, depends_on_no_order)
{
    enum { COUNT = 24 * TEACH_SUBJECTS };
    kundig_examples *set = taught_examples();
    kundig_model *first = teach(NULL, set);
    kundig_examples_free(set);
    for (uint64_t seed = 1; seed <= 4; seed++) {
        uint32_t order[COUNT];
        char text[160];
        kundig__prng prng;
        kundig__prng_init(&prng, seed);
        for (uint32_t i = 0; i < COUNT; i++) {
            order[i] = i;
        }
        for (uint32_t i = COUNT; i > 1; i--) {
            uint32_t at = (uint32_t)(kundig__prng_next(&prng) % i);
            uint32_t moved = order[i - 1];
            order[i - 1] = order[at];
            order[at] = moved;
        }
        set = teach_set(KUNDIG_LESSON_TOPICS);
        for (uint32_t i = 0; i < COUNT; i++) {
            teach_text(order[i] % TEACH_SUBJECTS, order[i] / TEACH_SUBJECTS, text);
            cr_assert_eq(
                teach_add(set, text, teach_subjects[order[i] % TEACH_SUBJECTS].label, NULL),
                KUNDIG_OK);
        }
        kundig_learn_options options;
        kundig_model *model = NULL;
        kundig_learn_options_init(&options);
        options.threads = (uint32_t)seed;
        cr_assert_eq(kundig_model_teach(NULL, set, &options, &model, NULL), KUNDIG_OK);
        are_equal(first, model, "another order");
        kundig_model_free(model);
        kundig_examples_free(set);
    }
    kundig_model_free(first);
}

/* An example that was taken out was never there, to the byte; nor was its label. */
Test(teach, forgets_what_was_taken_out)
{
    kundig_examples *set = taught_examples();
    kundig_model *before = teach(NULL, set);
    const char *said[] = {"a secret thing", "parcel came late, again"};
    const char *labels[] = {"secret", "app"};
    for (size_t i = 0; i < 2; i++) {
        cr_assert_eq(teach_add(set, said[i], labels[i], "Ada"), KUNDIG_OK);
    }
    kundig_model *between = NULL;
    kundig_learn_options options;
    kundig_learn_options_init(&options);
    options.least_customers = 1;
    kundig_error err = {0, 0, ""};
    (void)kundig_model_teach(NULL, set, &options, &between, &err);
    for (size_t i = 0; i < 2; i++) {
        kundig_example example;
        kundig_text name = kundig__str(labels[i]);
        kundig_example_init(&example);
        example.text = kundig__str(said[i]);
        example.customer = KUNDIG__TEXT("Ada");
        example.labels = &name;
        example.label_count = 1;
        cr_assert_eq(kundig_examples_remove(set, &example, 1, NULL), KUNDIG_OK);
    }
    kundig_model *after = teach(NULL, set);
    are_equal(before, after, "taken out");
    kundig_model_free(before);
    kundig_model_free(between);
    kundig_model_free(after);
    kundig_examples_free(set);
}

/* Customers are named: what fewer than five said leaves no trace in the bytes. */
Test(teach, keeps_no_name_of_what_few_customers_said)
{
    kundig_examples *set = teach_set(KUNDIG_LESSON_TOPICS);
    char text[160];
    char customer[16];
    for (uint32_t i = 0; i < 24 * TEACH_SUBJECTS; i++) {
        teach_text(i % TEACH_SUBJECTS, i / TEACH_SUBJECTS, text);
        snprintf(customer, sizeof customer, "c%u", (unsigned)(i / TEACH_SUBJECTS % 8));
        cr_assert_eq(teach_add(set, text, teach_subjects[i % TEACH_SUBJECTS].label, customer),
                     KUNDIG_OK);
    }
    for (uint32_t i = 0; i < 12; i++) {
        snprintf(customer, sizeof customer, "c%u", (unsigned)(i % 4));
        cr_assert_eq(teach_add(set, "unheardof matter", "rarelabel", customer), KUNDIG_OK);
    }
    kundig_model *model = teach(NULL, set);
    kundig_bytes *bytes = bytes_of(model);
    cr_assert_eq(kundig_model_class_count(model, KUNDIG_LESSON_TOPICS), TEACH_SUBJECTS);
    const char *data = kundig_bytes_data(bytes);
    for (size_t i = 0; i + 9 < kundig_bytes_len(bytes); i++) {
        cr_assert(memcmp(data + i, "rarelabel", 9) != 0 && memcmp(data + i, "unheardof", 9) != 0);
    }
    kundig_bytes_free(bytes);
    kundig_model_free(model);
    kundig_examples_free(set);
}

/* A defined topic that is taught is one topic, under either of its names; what it learned before of
 * the lesson is replaced. */
Test(teach, joins_taught_topics_with_a_taxonomy)
{
    kundig_model *base = model_of("theme delivery: D\ntopic delay: Late\nen: late\n"
                                  "theme z: Z\ntopic refund: Refund\nen: refund\n");
    kundig_examples *set = taught_examples();
    kundig_model *model = teach(base, set);
    cr_assert_eq(kundig__model_topic_count(model), 2 + 3, "delivery/delay is delay");
    for (size_t i = 0; i < kundig__model_topic_count(model); i++) {
        const kundig__topic_info *topic = kundig__model_topic(model, i);
        kundig_text theme = kundig__model_theme(model, topic->theme)->name;
        const char *wanted = i == 0   ? "app"
                             : i == 1 ? "billing"
                             : i == 2 ? "delivery"
                             : i == 3 ? "z"
                                      : "staff";
        cr_expect_str_eq(theme.data, wanted);
        cr_expect_eq(topic->taught, i == 0 || i == 1 || i == 4);
        cr_expect_eq(topic->klass == KUNDIG__NO_CLASS, i == 3);
    }
    cr_assert_str_eq(topics_in(model, "parcel came late, I want a refund"), "delay refund");
    kundig_examples *other = teach_set(KUNDIG_LESSON_TOPICS);
    char text[160];
    for (uint32_t i = 0; i < 40; i++) {
        teach_text(i % 2, i / 2, text);
        cr_assert_eq(teach_add(other, text, i % 2 ? "x" : "y", NULL), KUNDIG_OK);
    }
    kundig_model *again = teach(model, other);
    kundig_model *fresh = teach(base, other);
    are_equal(again, fresh, "nothing is left of what was taught before");
    kundig_model_free(again);
    kundig_model_free(fresh);
    kundig_model_free(base);
    kundig_model_free(model);
    kundig_examples_free(set);
    kundig_examples_free(other);
}

/* Two thousand classes, of one example each, of empty and of very long texts; tests/learn/hostile.c
 * has more of them. */
Test(teach, ends_in_a_clear_status_whatever_the_labels)
{
    kundig_examples *set = teach_set(KUNDIG_LESSON_TOPICS);
    kundig_error err = {0, 0, ""};
    kundig_model *model = NULL;
    char text[64];
    char name[32];
    for (uint32_t i = 0; i < 2000; i++) {
        snprintf(text, sizeof text, "word%u and word%u", (unsigned)i, (unsigned)(i * 7 % 2000));
        snprintf(name, sizeof name, "label %u/%u", (unsigned)(i % 100), (unsigned)i);
        cr_assert_eq(teach_add(set, text, name, NULL), KUNDIG_OK);
    }
    int rc = kundig_model_teach(NULL, set, NULL, &model, &err);
    cr_assert_eq(rc, KUNDIG_OK, "%s", err.message);
    cr_assert_eq(kundig_model_class_count(model, KUNDIG_LESSON_TOPICS), 2000);
    cr_assert_eq(kundig__model_theme_count(model), 100);
    topics_in(model, "word17 and word119");
    kundig_model_free(model);
    kundig_examples_free(set);
    model = NULL;

    set = teach_set(KUNDIG_LESSON_TOPICS);
    for (uint32_t i = 0; i < 20; i++) {
        cr_assert_eq(teach_add(set, "", i % 2 ? "a" : "b", NULL), KUNDIG_OK);
    }
    rc = kundig_model_teach(NULL, set, NULL, &model, &err);
    cr_assert(rc == KUNDIG_OK || (rc == KUNDIG_E_EMPTY && err.message[0]), "%d", rc);
    kundig_model_free(model);
    kundig_examples_free(set);
    model = NULL;

    set = taught_examples();
    char *longest = malloc(((size_t)1 << 20) + 1);
    for (size_t i = 0; i < (size_t)1 << 20; i++) {
        longest[i] = i % 7 == 6 ? ' ' : (char)('a' + (i * i / 7) % 26);
    }
    longest[(size_t)1 << 20] = 0;
    cr_assert_eq(teach_add(set, longest, "app", NULL), KUNDIG_OK);
    model = teach(NULL, set);
    topics_in(model, longest);
    kundig_model_free(model);
    kundig_examples_free(set);
    free(longest);
}

Test(teach, says_which_example_has_two_topics_where_one_is_asked_for)
{
    kundig_examples *set = taught_examples();
    kundig_learn_options options;
    kundig_error err = {0, 0, ""};
    kundig_model *model = NULL;
    kundig_text both[] = {KUNDIG__TEXT("app"), KUNDIG__TEXT("staff")};
    kundig_example example;
    kundig_example_init(&example);
    kundig_learn_options_init(&options);
    example.text = KUNDIG__TEXT("kind staff, bad app");
    example.labels = both;
    example.label_count = 2;
    cr_assert_eq(kundig_examples_add(set, &example, 1, NULL), KUNDIG_OK);
    options.labels = KUNDIG_LABELS_ONE;
    cr_assert_eq(kundig_model_teach(NULL, set, &options, &model, &err), KUNDIG_E_VALUE);
    cr_assert_eq(err.pos, 24 * TEACH_SUBJECTS);
    options.labels = KUNDIG_LABELS_GUESS;
    cr_assert_eq(kundig_model_teach(NULL, set, &options, &model, &err), KUNDIG_OK);
    cr_assert_eq(kundig__classifier_facts_of(kundig__model_taught(model)->classifier)->kind,
                 KUNDIG__COURSE_SEVERAL);
    kundig_model_free(model);
    kundig_examples_free(set);
}

/* A set small enough to fail at each of its allocations. */
static int teach_work(const kundig_allocator *allocator, const kundig_model *base,
                      kundig_error *err)
{
    kundig_examples *set = NULL;
    kundig_model *model = NULL;
    char text[160];
    int rc = kundig_examples_new(allocator, KUNDIG_LESSON_TOPICS, &set, err);
    for (uint32_t i = 0; i < 8 && !rc; i++) {
        teach_text(i % 2, i / 2, text);
        rc = teach_add(set, text, teach_subjects[i % 2].label, NULL);
        if (rc && err) {
            err->message[0] = 'x';
        }
    }
    rc = rc ? rc : kundig_model_teach(base, set, NULL, &model, err);
    kundig_model_free(model);
    kundig_examples_free(set);
    return rc;
}

Test(teach, fails_cleanly_at_every_allocation)
{
    kundig_model *base = model_of("topic late: Late\nen: late\n");
    for (int forever = 0; forever < 2; forever++) {
        for (size_t n = 1;; n++) {
            probe p = {.fail_at = n, .fail_on = forever};
            kundig_allocator allocator = probe_allocator(&p);
            kundig_error err = {0, 0, ""};
            int rc = teach_work(&allocator, base, &err);
            cr_assert(rc == KUNDIG_OK || (rc == KUNDIG_E_NOMEM && err.message[0]), "%d at %zu", rc,
                      n);
            cr_assert_eq(p.live_blocks, 0, "allocation %zu leaks", n);
            if (p.allocations < n) {
                cr_assert_gt(n, 50);
                break;
            }
        }
    }
    kundig_model_free(base);
}
