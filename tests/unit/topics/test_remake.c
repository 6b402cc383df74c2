#include "teaching.h"

TestSuite(remake, .fini = probe_fini);

Test(remake, of_a_model_that_learned_leaves_its_rules)
{
    kundig_examples *set = taught_examples();
    kundig_model *base = model_of("theme t: T\ntopic late: Late\nen: late\n");
    kundig_model *model = teach(base, set);
    kundig_model *plain = NULL;
    kundig_allocator allocator = probe_allocator(NULL);
    cr_assert_eq(kundig__model_topic_count(model), 1 + TEACH_SUBJECTS);
    cr_assert_eq(kundig__model_forget(&allocator, model, KUNDIG_LESSON_TOPICS, &plain, NULL),
                 KUNDIG_OK);
    kundig__hash128 before = kundig__model_id(base);
    kundig__hash128 after = kundig__model_id(plain);
    cr_assert_eq(memcmp(&before, &after, sizeof before), 0);
    kundig_model_free(base);
    kundig_model_free(model);
    kundig_model_free(plain);
    kundig_examples_free(set);
}
