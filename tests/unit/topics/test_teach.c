#include "teaching.h"

TestSuite(teach, .fini = probe_fini);

Test(teach, refuses_calls_without_what_they_need)
{
    kundig_model *model = NULL;
    kundig_examples *set = teach_set(KUNDIG_LESSON_TOPICS);
    kundig_error err = {0, 0, ""};
    cr_assert_eq(kundig_model_teach(NULL, NULL, NULL, &model, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_teach(NULL, set, NULL, NULL, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_teach(NULL, set, NULL, &model, &err), KUNDIG_E_EMPTY);
    cr_assert(err.message[0]);
    cr_assert_eq(teach_add(set, "one alone", "a", NULL), KUNDIG_OK);
    cr_assert_eq(kundig_model_teach(NULL, set, NULL, &model, &err), KUNDIG_E_EMPTY, "one class");
    cr_assert_null(model);
    kundig_examples_free(set);
}

Test(teach, tells_the_subjects_of_new_texts)
{
    kundig_examples *set = taught_examples();
    kundig_model *model = teach(NULL, set);
    static const char *const texts[TEACH_SUBJECTS] = {
        "the courier was late by weeks", "such a high price", "rude people at the desk",
        "the app crashes when I log in"};
    cr_assert_eq(kundig_model_class_count(model, KUNDIG_LESSON_TOPICS), TEACH_SUBJECTS);
    for (size_t i = 0; i < TEACH_SUBJECTS; i++) {
        kundig_table *table = NULL;
        cr_assert_eq(kundig_model_read(model, texts[i], strlen(texts[i]), &table, NULL), KUNDIG_OK);
        cr_assert_gt(kundig_table_row_count(table), 0, "%s", texts[i]);
        cr_assert_str_eq(kundig_table_text(table, 0, 3).data, teach_subjects[i].label);
        kundig_table_free(table);
    }
    kundig_model_free(model);
    kundig_examples_free(set);
}
