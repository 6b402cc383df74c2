#include "discovering.h"

TestSuite(classify, .fini = probe_fini);

#define COUNT 200u

static char classify_said[COUNT][160];

static void classify_texts(kundig_text texts[COUNT])
{
    for (uint32_t i = 0; i < COUNT; i++) {
        teach_text(i % TEACH_SUBJECTS, i, classify_said[i]);
        texts[i] = kundig__str(classify_said[i]);
    }
}

Test(classify, refuses_calls_without_what_they_need)
{
    kundig_model *model = model_of("topic late: Late\nen: late\n");
    kundig_text text = KUNDIG__TEXT("late");
    kundig_text broken = {NULL, 3};
    int32_t klass = 7;
    kundig_error err = {0, 0, ""};
    cr_assert_eq(kundig_model_classify(NULL, 0, &text, 1, 0, &klass, NULL, NULL, NULL, &err),
                 KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_classify(model, 0, NULL, 1, 0, &klass, NULL, NULL, NULL, &err),
                 KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_classify(model, 0, &text, 1, 0, NULL, NULL, NULL, NULL, &err),
                 KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_classify(model, 3, &text, 1, 0, &klass, NULL, NULL, NULL, &err),
                 KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_classify(model, 0, &text, 1, 65, &klass, NULL, NULL, NULL, &err),
                 KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_classify(model, 0, &broken, 1, 0, &klass, NULL, NULL, NULL, &err),
                 KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_classify(model, 0, &text, 1, 0, &klass, NULL, NULL, NULL, &err),
                 KUNDIG_E_EMPTY);
    cr_assert_eq(klass, 7);
    cr_assert_eq(kundig_model_class_count(NULL, 0), 0);
    cr_assert_eq(kundig_model_class_count(model, 0), 0);
    cr_assert_eq(kundig_model_class_count(model, -1), 0);
    cr_assert_null(kundig_model_class_name(model, 0, 0).data);
    kundig_model_free(model);
}

Test(classify, tells_classes_and_probabilities_that_add_up)
{
    static float probabilities[COUNT * TEACH_SUBJECTS];
    static uint8_t holds[COUNT * TEACH_SUBJECTS];
    static float sureness[COUNT];
    static int32_t classes[COUNT];
    static kundig_text texts[COUNT];
    kundig_examples *set = taught_examples();
    kundig_model *model = teach(NULL, set);
    classify_texts(texts);
    cr_assert_eq(kundig_model_classify(model, KUNDIG_LESSON_TOPICS, texts, COUNT, 1, classes,
                                       probabilities, holds, sureness, NULL),
                 KUNDIG_OK);
    for (uint32_t i = 0; i < COUNT; i++) {
        const float *row = probabilities + i * TEACH_SUBJECTS;
        double sum = 0;
        uint32_t best = 0;
        for (uint32_t k = 0; k < TEACH_SUBJECTS; k++) {
            sum += (double)row[k];
            best = row[k] > row[best] ? k : best;
            cr_assert_eq(holds[i * TEACH_SUBJECTS + k], classes[i] == (int32_t)k);
        }
        cr_assert_float_eq(sum, 1, 1e-4);
        cr_assert_eq(classes[i], (int32_t)best, "text %u", (unsigned)i);
        kundig_text name = kundig_model_class_name(model, KUNDIG_LESSON_TOPICS, best);
        cr_assert(kundig__text_equal(name, kundig__str(teach_subjects[i % TEACH_SUBJECTS].label)));
    }
    cr_assert_null(kundig_model_class_name(model, 0, TEACH_SUBJECTS).data);
    kundig_model_free(model);
    kundig_examples_free(set);
}

/* Whatever stands beside a text, and however many threads ask, it gets the same answer, which is
 * that of reading it. */
Test(classify, answers_each_text_alone)
{
    static float one[COUNT * TEACH_SUBJECTS];
    static float many[COUNT * TEACH_SUBJECTS];
    static int32_t classes[COUNT];
    static kundig_text texts[COUNT];
    kundig_examples *set = taught_examples();
    kundig_model *base = model_of("topic late: Late\nen: late\ntopic app: A\nany: app\n");
    for (int ruled = 0; ruled < 2; ruled++) {
        kundig_model *model = teach(ruled ? base : NULL, set);
        classify_texts(texts);
        texts[3] = (kundig_text){NULL, 0};
        texts[5] = KUNDIG__TEXT("");
        texts[7] = KUNDIG__TEXT("the app\0 crashes \xFF late");
        cr_assert_eq(
            kundig_model_classify(model, 0, texts, COUNT, 3, classes, many, NULL, NULL, NULL),
            KUNDIG_OK);
        for (uint32_t i = 0; i < COUNT; i++) {
            int32_t klass = -7;
            cr_assert_eq(kundig_model_classify(model, 0, &texts[i], 1, 1, &klass,
                                               one + i * TEACH_SUBJECTS, NULL, NULL, NULL),
                         KUNDIG_OK);
            cr_assert_eq(klass, classes[i]);
        }
        cr_assert_eq(memcmp(one, many, sizeof one), 0);
        cr_assert_eq(memcmp(many + 3 * TEACH_SUBJECTS, many + 5 * TEACH_SUBJECTS,
                            TEACH_SUBJECTS * sizeof *many),
                     0, "an absent text is an empty one");
        for (uint32_t i = 0; i < COUNT; i += 7) {
            kundig_table *table = NULL;
            cr_assert_eq(kundig_model_read(model, texts[i].data, texts[i].len, &table, NULL),
                         KUNDIG_OK);
            size_t column = kundig_table_find_column(table, "probability", 11);
            for (size_t row = 0; row < kundig_table_row_count(table); row++) {
                kundig_text topic = kundig_table_text(table, row, 3);
                if (kundig__text_equal(topic,
                                       kundig_model_class_name(model, 0, (size_t)classes[i]))) {
                    cr_assert_float_eq(kundig_table_number(table, row, column),
                                       (double)many[i * TEACH_SUBJECTS + (uint32_t)classes[i]], 0);
                }
            }
            kundig_table_free(table);
        }
        kundig_model_free(model);
    }
    kundig_model_free(base);
    kundig_examples_free(set);
}

Test(classify, fails_cleanly_at_every_allocation)
{
    static int32_t classes[COUNT];
    static float probabilities[COUNT * TEACH_SUBJECTS];
    static kundig_text texts[COUNT];
    kundig_examples *set = taught_examples();
    kundig_model *base = model_of("topic late: Late\nen: late\n");
    kundig_model *taught = teach(base, set);
    kundig_bytes *bytes = NULL;
    cr_assert_eq(kundig_model_save(taught, &bytes, NULL), KUNDIG_OK);
    classify_texts(texts);
    texts[1] = KUNDIG__TEXT("\xFF");
    probe p = {0};
    kundig_allocator allocator = probe_allocator(&p);
    kundig_model *model = NULL;
    cr_assert_eq(kundig_model_load(&allocator, kundig_bytes_data(bytes), kundig_bytes_len(bytes),
                                   &model, NULL),
                 KUNDIG_OK);
    size_t live = p.live_blocks;
    for (int forever = 0; forever < 2; forever++) {
        for (size_t n = 1;; n++) {
            kundig_error err = {0, 0, ""};
            p.allocations = 0;
            p.fail_at = n;
            p.fail_on = forever;
            int rc = kundig_model_classify(model, 0, texts, COUNT, 1, classes, probabilities, NULL,
                                           NULL, &err);
            cr_assert(rc == KUNDIG_OK || (rc == KUNDIG_E_NOMEM && err.message[0]));
            cr_assert_eq(p.live_blocks, live, "allocation %zu leaks", n);
            if (p.allocations < n) {
                cr_assert_gt(n, 5);
                break;
            }
        }
    }
    p.fail_at = 0;
    p.fail_on = false;
    kundig_model_free(model);
    cr_assert_eq(p.live_blocks, 0);
    kundig_bytes_free(bytes);
    kundig_model_free(taught);
    kundig_model_free(base);
    kundig_examples_free(set);
}

Test(classify, asks_what_was_discovered_of_many_texts_at_once)
{
    int32_t found[DISCOVER_ALL];
    int32_t classes[DISCOVER_ALL];
    static float probabilities[DISCOVER_ALL * TEACH_SUBJECTS];
    static uint8_t holds[DISCOVER_ALL * TEACH_SUBJECTS];
    float sureness[DISCOVER_ALL];
    kundig_text texts[DISCOVER_ALL];
    static char lines[DISCOVER_ALL][160];
    kundig_error err = {0, 0, ""};
    kundig_model *model = discover_all(found);
    for (uint32_t i = 0; i < DISCOVER_ALL; i++) {
        teach_text(i % TEACH_SUBJECTS, i / TEACH_SUBJECTS, lines[i]);
        texts[i] = kundig__str(lines[i]);
    }
    cr_assert_eq(kundig_model_classify(model, KUNDIG_LESSON_DISCOVERED, texts, DISCOVER_ALL, 2,
                                       classes, probabilities, holds, sureness, &err),
                 KUNDIG_OK, "%s", err.message);
    uint32_t same = 0;
    for (uint32_t i = 0; i < DISCOVER_ALL; i++) {
        double sum = 0;
        cr_assert(classes[i] >= 0 && classes[i] < (int32_t)TEACH_SUBJECTS);
        same += classes[i] == found[i];
        for (uint32_t k = 0; k < TEACH_SUBJECTS; k++) {
            float probability = probabilities[i * TEACH_SUBJECTS + k];
            sum += (double)probability;
            cr_assert_leq(probability,
                          probabilities[i * TEACH_SUBJECTS + (uint32_t)classes[i]] + 1e-6F);
            cr_assert_leq(holds[i * TEACH_SUBJECTS + k], 1);
        }
        cr_assert_float_eq(sum, 1, 1e-5);
        cr_assert_geq(sureness[i], 0);
    }
    cr_assert_geq(same, DISCOVER_ALL * 97 / 100);
    /* a text without words is of no class; merged topics are one */
    kundig_text none = KUNDIG__TEXT("  ");
    cr_assert_eq(kundig_model_classify(model, KUNDIG_LESSON_DISCOVERED, &none, 1, 0, classes,
                                       probabilities, holds, sureness, &err),
                 KUNDIG_OK);
    cr_assert_eq(classes[0], -1);
    const kundig__discovered *discovered = kundig__model_discovered_of(model);
    kundig_edit merge = discover_edit(KUNDIG_EDIT_MERGE, discovered->topics[1].name, NULL);
    kundig_model *merged = NULL;
    merge.other = discovered->topics[0].name;
    cr_assert_eq(kundig__model_edited(model, &merge, 1, &merged, NULL), KUNDIG_OK);
    cr_assert_eq(kundig_model_classify(merged, KUNDIG_LESSON_DISCOVERED, texts, DISCOVER_ALL, 0,
                                       classes, NULL, NULL, NULL, &err),
                 KUNDIG_OK);
    for (uint32_t i = 0; i < DISCOVER_ALL; i++) {
        cr_assert_neq(classes[i], (int32_t)discovered->ranks[1]);
    }
    kundig_model_free(merged);
    kundig_model_free(model);
}
