#include "teaching.h"

TestSuite(lessons, .fini = probe_fini);

typedef struct lessons_fixture {
    kundig__mem mem;
    kundig_examples *set;
    kundig_learn_options known;
    kundig__lessons lessons;
    kundig_error err;
} lessons_fixture;

static void lessons_begin(lessons_fixture *f, int32_t lesson)
{
    kundig_allocator allocator = probe_allocator(NULL);
    memset(f, 0, sizeof *f);
    kundig__mem_init(&f->mem, &allocator, 0);
    f->set = teach_set(lesson);
    cr_assert_eq(kundig__learn_options(NULL, &f->known, NULL), KUNDIG_OK);
}

static void lessons_end(lessons_fixture *f)
{
    kundig__lessons_free(&f->lessons);
    kundig_examples_free(f->set);
    cr_assert_eq(f->mem.used, 0);
}

static int lessons_of(lessons_fixture *f, const kundig_model *base)
{
    kundig__lessons_free(&f->lessons);
    return kundig__lessons_make(&f->lessons, &f->mem, base, f->set, &f->known, &f->err);
}

/* labels and denied ones, parted by blanks; partial if `partial` */
static void lessons_add(lessons_fixture *f, const char *text, const char *labels,
                        const char *denied, bool partial, const char *customer)
{
    kundig_text names[16];
    kundig_example example;
    size_t count = 0;
    kundig_example_init(&example);
    example.text = kundig__str(text);
    example.customer = kundig__str(customer);
    example.partial = partial;
    example.labels = names;
    for (int part = 0; part < 2; part++) {
        const char *at = part ? denied : labels;
        while (*at) {
            size_t len = strcspn(at, " ");
            names[count++] = kundig__text(at, len);
            at += len + (at[len] == ' ');
        }
        if (part == 0) {
            example.label_count = count;
            example.denied = names + count;
        }
    }
    example.denied_count = count - example.label_count;
    cr_assert_eq(kundig_examples_add(f->set, &example, 1, NULL), KUNDIG_OK);
}

/* Marks as "+0 -1 ~2": yes, no, a little. */
static const char *marks_of(const kundig__lesson *lesson)
{
    static char out[256];
    size_t len = 0;
    out[0] = 0;
    for (uint32_t i = 0; i < lesson->mark_count; i++) {
        const kundig__mark *mark = &lesson->marks[i];
        len += (size_t)snprintf(out + len, sizeof out - len, "%s%s%c%u", len ? " " : "",
                                mark->weight < 1 ? "~" : "", mark->holds ? '+' : '-',
                                (unsigned)mark->klass);
    }
    return out;
}

Test(lessons, have_classes_in_order_of_their_names)
{
    lessons_fixture f;
    lessons_begin(&f, KUNDIG_LESSON_TOPICS);
    lessons_add(&f, "one", "c b", "", false, NULL);
    lessons_add(&f, "two", "a", "", false, NULL);
    cr_assert_eq(lessons_of(&f, NULL), KUNDIG_OK);
    cr_assert_eq(f.lessons.class_count, 3);
    for (uint32_t i = 0; i < 3; i++) {
        cr_assert_eq(f.lessons.classes[i].data[0], (char)('a' + i));
    }
    cr_assert_eq(f.lessons.kind, KUNDIG__COURSE_SEVERAL);
    cr_assert_str_eq(marks_of(&f.lessons.lessons[0]), "+1 +2");
    cr_assert_str_eq(marks_of(&f.lessons.lessons[1]), "+0");
    cr_assert_eq(f.lessons.sign_count, 0);
    lessons_end(&f);
}

Test(lessons, guess_whether_a_text_has_one_topic)
{
    static const struct {
        const char *labels;
        const char *denied;
        bool partial;
        int kind;
    } cases[] = {
        {"a", "", false, KUNDIG__COURSE_ONE},       {"", "", false, KUNDIG__COURSE_SEVERAL},
        {"a b", "", false, KUNDIG__COURSE_SEVERAL}, {"a", "", true, KUNDIG__COURSE_SEVERAL},
        {"a", "b", false, KUNDIG__COURSE_SEVERAL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lessons_fixture f;
        lessons_begin(&f, KUNDIG_LESSON_TOPICS);
        lessons_add(&f, "x", "b", "", false, NULL);
        lessons_add(&f, "y", cases[i].labels, cases[i].denied, cases[i].partial, NULL);
        cr_assert_eq(lessons_of(&f, NULL), KUNDIG_OK);
        cr_expect_eq(f.lessons.kind, cases[i].kind, "case %zu", i);
        f.known.labels = KUNDIG_LABELS_SEVERAL;
        cr_assert_eq(lessons_of(&f, NULL), KUNDIG_OK);
        cr_expect_eq(f.lessons.kind, KUNDIG__COURSE_SEVERAL);
        lessons_end(&f);
    }
}

Test(lessons, leave_out_what_few_customers_have)
{
    static const char *const customers[] = {"a", "b", "c", "d", "e"};
    lessons_fixture f;
    lessons_begin(&f, KUNDIG_LESSON_TOPICS);
    for (size_t i = 0; i < 5; i++) {
        lessons_add(&f, "often said", "often", "", false, customers[i]);
        lessons_add(&f, "rarely said", "rare", "", false, customers[i % 4]);
        lessons_add(&f, "said by nobody", "nobody", "", false, NULL);
    }
    f.known.labels = KUNDIG_LABELS_ONE;
    cr_assert_eq(lessons_of(&f, NULL), KUNDIG_OK);
    cr_assert_eq(f.lessons.class_count, 1);
    cr_assert(kundig__text_equal(f.lessons.classes[0], KUNDIG__TEXT("often")));
    cr_assert_eq(f.lessons.count, 5, "examples without their class teach nothing");
    cr_assert_eq(f.lessons.numbers[1], 3);
    f.known.least_customers = 4;
    cr_assert_eq(lessons_of(&f, NULL), KUNDIG_OK);
    cr_assert_eq(f.lessons.class_count, 2);
    f.known.least_customers = 6;
    cr_assert_eq(lessons_of(&f, NULL), KUNDIG_E_EMPTY);
    cr_assert_not_null(strstr(f.err.message, "6 different customers"), "%s", f.err.message);
    lessons_end(&f);
}

Test(lessons, number_examples_that_are_left)
{
    lessons_fixture f;
    lessons_begin(&f, KUNDIG_LESSON_TOPICS);
    lessons_add(&f, "one", "a", "", false, NULL);
    lessons_add(&f, "two", "b", "", false, NULL);
    lessons_add(&f, "three", "c", "", false, NULL);
    kundig_text name = KUNDIG__TEXT("a");
    kundig_example gone;
    kundig_example_init(&gone);
    gone.text = KUNDIG__TEXT("one");
    gone.labels = &name;
    gone.label_count = 1;
    cr_assert_eq(kundig_examples_remove(f.set, &gone, 1, NULL), KUNDIG_OK);
    cr_assert_eq(lessons_of(&f, NULL), KUNDIG_OK);
    cr_assert_eq(f.lessons.class_count, 2, "a is gone with its example");
    cr_assert_eq(f.lessons.count, 2);
    for (uint32_t i = 0; i < 2; i++) {
        cr_assert_eq(f.lessons.numbers[i], i);
        cr_assert_eq(f.set->examples[f.lessons.examples[i]].gone, false);
    }
    lessons_end(&f);
}

Test(lessons, know_a_little_of_what_rules_say_and_nobody_judged)
{
    kundig_model *base = model_of("theme delivery: D\ntopic delay: Late\nen: late\n"
                                  "topic refund: R\nen: refund\ntopic empty: E\n");
    lessons_fixture f;
    lessons_begin(&f, KUNDIG_LESSON_TOPICS);
    lessons_add(&f, "so late, a refund please", "app", "", true, NULL);
    lessons_add(&f, "so late", "", "delivery/delay app", true, NULL);
    lessons_add(&f, "the app is late", "delay app", "", false, NULL);
    lessons_add(&f, "nothing", "delivery/refund", "", true, NULL);
    cr_assert_eq(lessons_of(&f, base), KUNDIG_OK);
    /* app, delay (under both names), refund; signs are delay and refund */
    cr_assert_eq(f.lessons.class_count, 3);
    cr_assert_eq(f.lessons.sign_count, 2);
    cr_assert_str_eq(marks_of(&f.lessons.lessons[0]), "+0 ~+1 ~+2");
    cr_assert_str_eq(marks_of(&f.lessons.lessons[1]), "-0 -1 ~-2");
    cr_assert_str_eq(marks_of(&f.lessons.lessons[2]), "+0 +1", "all of it is known");
    cr_assert_str_eq(marks_of(&f.lessons.lessons[3]), "~-1 +2");
    cr_assert_eq(f.lessons.lessons[0].sign_count, 2);
    cr_assert_eq(f.lessons.lessons[1].sign_count, 1);
    cr_assert_eq(f.lessons.lessons[1].signs[0], 0);
    cr_assert_eq(f.lessons.lessons[3].sign_count, 0);
    lessons_end(&f);
    kundig_model_free(base);
}

/* Threads change nothing. */
Test(lessons, are_the_same_read_by_one_thread_or_many)
{
    kundig_model *base = model_of("topic late: Late\nen: late\ntopic app: A\nany: app\n");
    for (int32_t lesson = 0; lesson < 2; lesson++) {
        lessons_fixture f;
        char text[160];
        lessons_begin(&f, lesson);
        for (uint32_t i = 0; i < 300; i++) {
            teach_text(i % TEACH_SUBJECTS, i / TEACH_SUBJECTS, text);
            lessons_add(&f, text, lesson ? (i % 2 ? "negative" : "positive") : "any", "", false,
                        NULL);
        }
        kundig__lessons alone;
        cr_assert_eq(kundig__lessons_make(&alone, &f.mem, base, f.set, &f.known, NULL), KUNDIG_OK);
        f.known.threads = 3;
        cr_assert_eq(lessons_of(&f, base), KUNDIG_OK);
        size_t signs = 0;
        for (size_t i = 0; i < alone.count; i++) {
            const kundig__lesson *a = &alone.lessons[i];
            const kundig__lesson *b = &f.lessons.lessons[i];
            cr_assert_eq(a->sign_count, b->sign_count);
            for (uint32_t j = 0; j < a->sign_count; j++) {
                cr_assert_eq(a->signs[j], b->signs[j]);
                cr_assert_lt(a->signs[j], alone.sign_count);
            }
            signs += a->sign_count;
        }
        cr_assert_gt(signs, 20);
        kundig__lessons_free(&alone);
        lessons_end(&f);
    }
    kundig_model_free(base);
}

Test(lessons, fail_cleanly_at_every_allocation)
{
    kundig_model *base = model_of("topic late: Late\nen: late\n");
    for (int32_t lesson = 0; lesson < 2; lesson++) {
        lessons_fixture f;
        lessons_begin(&f, lesson);
        for (uint32_t i = 0; i < 6; i++) {
            const char *mood = i % 2 ? "negative" : "positive";
            lessons_add(&f, "come late", lesson ? mood : "late x", "", i % 2 && !lesson,
                        i % 2 ? "Ada" : "Bob");
        }
        f.known.least_customers = 1;
        for (int forever = 0; forever < 2; forever++) {
            for (size_t n = 1;; n++) {
                probe p = {.fail_at = n, .fail_on = forever};
                kundig_allocator allocator = probe_allocator(&p);
                kundig__mem mem;
                kundig__lessons lessons;
                kundig_error err = {0, 0, ""};
                kundig__mem_init(&mem, &allocator, 0);
                int rc = kundig__lessons_make(&lessons, &mem, lesson && forever ? NULL : base,
                                              f.set, &f.known, &err);
                if (rc == KUNDIG_OK) {
                    kundig__lessons_free(&lessons);
                }
                cr_assert(rc == KUNDIG_OK || (rc == KUNDIG_E_NOMEM && err.message[0]));
                cr_assert_eq(p.live_blocks, 0, "allocation %zu leaks", n);
                if (p.allocations < n) {
                    cr_assert_gt(n, 5);
                    break;
                }
            }
        }
        lessons_end(&f);
    }
    kundig_model_free(base);
}
