#include "teaching.h"

TestSuite(lessons, .fini = probe_fini);

Test(lessons, have_classes_in_order_of_their_names)
{
    kundig_examples *set = taught_examples();
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_learn_options known;
    kundig__mem mem;
    kundig__lessons lessons;
    kundig__mem_init(&mem, &allocator, 0);
    cr_assert_eq(kundig__learn_options(NULL, &known, NULL), KUNDIG_OK);
    cr_assert_eq(kundig__lessons_make(&lessons, &mem, NULL, set, &known, NULL), KUNDIG_OK);
    cr_assert_eq(lessons.class_count, TEACH_SUBJECTS);
    cr_assert_eq(lessons.kind, KUNDIG__COURSE_ONE);
    cr_assert_eq(lessons.count, 24 * TEACH_SUBJECTS);
    for (uint32_t i = 1; i < lessons.class_count; i++) {
        cr_assert_lt(kundig__text_order(lessons.classes[i - 1], lessons.classes[i]), 0);
    }
    kundig__lessons_free(&lessons);
    kundig_examples_free(set);
    cr_assert_eq(mem.used, 0);
}
