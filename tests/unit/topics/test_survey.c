#include "discovering.h"
#include "topics/survey.h"

TestSuite(survey, .fini = probe_fini);

typedef struct survey_case {
    kundig__mem mem;
    kundig__edits edits;
    kundig__surveyed surveyed;
} survey_case;

static void survey_open(survey_case *on, const kundig_examples *set, const kundig_edit *edits,
                        size_t count, const kundig__discovered *before)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_error err = {0, 0, ""};
    kundig__mem_init(&on->mem, &allocator, 0);
    cr_assert_eq(kundig__edits_read(&on->edits, &on->mem, edits, count, &err), KUNDIG_OK, "%s",
                 err.message);
    cr_assert_eq(kundig__survey_make(&on->surveyed, &on->mem, set, &on->edits, before, &err),
                 KUNDIG_OK);
}

static void survey_close(survey_case *on)
{
    kundig__survey_free(&on->surveyed);
    kundig__edits_free(&on->edits);
    cr_assert_eq(on->mem.used, 0);
}

static kundig_edit survey_pair(int32_t kind, const char *a, const char *b)
{
    kundig_edit edit = discover_edit(kind, (kundig_text){NULL, 0}, NULL);
    edit.source = edit.other_source = KUNDIG__TEXT("app");
    edit.id = kundig__str(a);
    edit.other_id = kundig__str(b);
    return edit;
}

Test(survey, has_no_hints_where_nobody_said_anything)
{
    survey_case on;
    kundig_examples *set = discover_set(8);
    survey_open(&on, set, NULL, 0, NULL);
    cr_assert_eq(on.surveyed.count, 8);
    cr_assert_eq(on.surveyed.hint_count, 0);
    for (size_t i = 0; i < 8; i++) {
        cr_assert_eq(on.surveyed.texts[i].hint, KUNDIG__NO_HINT);
        cr_assert_eq(on.surveyed.examples[i], i);
    }
    survey_close(&on);
    kundig_examples_free(set);
}

Test(survey, takes_labels_for_topics)
{
    survey_case on;
    kundig_examples *set = teach_set(KUNDIG_LESSON_TOPICS);
    cr_assert_eq(discover_add(set, 0, "late"), KUNDIG_OK);
    cr_assert_eq(discover_add(set, 1, "app"), KUNDIG_OK);
    cr_assert_eq(discover_add(set, 2, NULL), KUNDIG_OK);
    cr_assert_eq(discover_add(set, 3, "late"), KUNDIG_OK);
    survey_open(&on, set, NULL, 0, NULL);
    cr_assert_eq(on.surveyed.hint_count, 2);
    cr_assert(on.surveyed.hints[0].topic && on.surveyed.hints[1].topic);
    cr_assert(kundig__text_equal(on.surveyed.tolds[0].called, KUNDIG__TEXT("app")));
    cr_assert_eq(on.surveyed.tolds[1].told, kundig__label_told(KUNDIG__TEXT("late")));
    cr_assert_eq(on.surveyed.texts[0].hint, 1);
    cr_assert_eq(on.surveyed.texts[1].hint, 0);
    cr_assert_eq(on.surveyed.texts[2].hint, KUNDIG__NO_HINT);
    cr_assert_eq(on.surveyed.texts[3].hint, 1);
    survey_close(&on);
    kundig_examples_free(set);
}

Test(survey, joins_and_parts_records)
{
    survey_case on;
    kundig_examples *set = discover_set(12);
    kundig_edit edits[4] = {
        survey_pair(KUNDIG_EDIT_TOGETHER, "1", "2"), survey_pair(KUNDIG_EDIT_TOGETHER, "2", "3"),
        survey_pair(KUNDIG_EDIT_APART, "3", "4"), survey_pair(KUNDIG_EDIT_APART, "1", "99")};
    survey_open(&on, set, edits, 4, NULL);
    const kundig__told_text *texts = on.surveyed.texts;
    cr_assert_neq(texts[1].hint, KUNDIG__NO_HINT);
    cr_assert_eq(texts[1].hint, texts[2].hint);
    cr_assert_eq(texts[1].hint, texts[3].hint);
    cr_assert_neq(texts[4].hint, KUNDIG__NO_HINT);
    cr_assert_neq(texts[4].hint, texts[1].hint);
    cr_assert_eq(texts[5].hint, KUNDIG__NO_HINT);
    cr_assert_eq(on.surveyed.apart_count, 2); /* the record that is not there hurts nobody */
    for (size_t i = 0; i < on.surveyed.apart_count; i++) {
        cr_assert(on.surveyed.aparts[i].hint == texts[1].hint ||
                  on.surveyed.aparts[i].other == texts[1].hint);
    }
    cr_assert(!on.surveyed.hints[texts[1].hint].topic);
    survey_close(&on);
    kundig_examples_free(set);
}

Test(survey, makes_topics_of_words_and_records)
{
    survey_case on;
    kundig_examples *set = discover_set(12);
    kundig__scratch scratch;
    kundig_edit edits[2] = {discover_edit(KUNDIG_EDIT_TOPIC, (kundig_text){NULL, 0}, "Parcels"),
                            survey_pair(KUNDIG_EDIT_TOGETHER, "0", "4")};
    edits[0].words = KUNDIG__TEXT("parcel; came late");
    edits[0].source = KUNDIG__TEXT("app");
    edits[0].id = KUNDIG__TEXT("0");
    survey_open(&on, set, edits, 2, NULL);
    uint32_t hint = on.surveyed.texts[0].hint;
    cr_assert_neq(hint, KUNDIG__NO_HINT);
    cr_assert_eq(on.surveyed.texts[4].hint, hint);
    cr_assert(on.surveyed.hints[hint].topic);
    cr_assert_eq(on.surveyed.tolds[hint].told, kundig__edit_told(&edits[0]));
    cr_assert_eq(on.surveyed.hints[hint].word_count, 2);
    kundig__scratch_init(&scratch, &on.mem);
    cr_assert_eq(
        kundig__text_features(&scratch, "parcel came late", 16, KUNDIG__WORDS | KUNDIG__PAIRS),
        KUNDIG_OK);
    cr_assert_eq(on.surveyed.hints[hint].words[0], scratch.tokens[0].hash);
    cr_assert_eq(on.surveyed.hints[hint].words[1], scratch.pairs[1]);
    kundig__scratch_free(&scratch);
    survey_close(&on);
    kundig_examples_free(set);
}

Test(survey, never_joins_two_topics)
{
    survey_case on;
    kundig_examples *set = teach_set(KUNDIG_LESSON_TOPICS);
    cr_assert_eq(discover_add(set, 0, "late"), KUNDIG_OK);
    cr_assert_eq(discover_add(set, 1, "app"), KUNDIG_OK);
    cr_assert_eq(discover_add(set, 2, NULL), KUNDIG_OK);
    kundig_edit edits[2] = {survey_pair(KUNDIG_EDIT_TOGETHER, "0", "1"),
                            survey_pair(KUNDIG_EDIT_TOGETHER, "1", "2")};
    survey_open(&on, set, edits, 2, NULL);
    uint32_t topics = 0;
    for (uint32_t i = 0; i < on.surveyed.hint_count; i++) {
        topics += on.surveyed.hints[i].topic;
    }
    cr_assert_eq(topics, 2);
    survey_close(&on);
    kundig_examples_free(set);
}

Test(survey, gives_records_of_two_labels_the_first_whichever_row_comes_first)
{
    kundig_edit pair = survey_pair(KUNDIG_EDIT_TOGETHER, "0", "1");
    for (int turn = 0; turn < 2; turn++) {
        survey_case on;
        kundig_examples *set = teach_set(KUNDIG_LESSON_TOPICS);
        cr_assert_eq(discover_add(set, turn ? 1 : 0, turn ? "late" : "app"), KUNDIG_OK);
        cr_assert_eq(discover_add(set, turn ? 0 : 1, turn ? "app" : "late"), KUNDIG_OK);
        survey_open(&on, set, &pair, 1, NULL);
        uint32_t hint = on.surveyed.texts[0].hint;
        cr_assert_eq(on.surveyed.texts[1].hint, hint);
        cr_assert(kundig__text_equal(on.surveyed.tolds[hint].called, kundig__str("app")), "turn %d",
                  turn);
        survey_close(&on);
        kundig_examples_free(set);
    }
}

Test(survey, pins_topics_that_are_there)
{
    survey_case on;
    kundig_model *model = discover_all(NULL);
    const kundig__discovered *before = kundig__model_discovered_of(model);
    kundig_examples *set = discover_set(12);
    kundig_edit edits[2] = {discover_edit(KUNDIG_EDIT_PIN, before->topics[2].name, NULL),
                            discover_edit(KUNDIG_EDIT_PIN, KUNDIG__TEXT("t-000000000000"), NULL)};
    survey_open(&on, set, edits, 2, before);
    cr_assert_eq(on.surveyed.hint_count, 1);
    cr_assert_eq(on.surveyed.hints[0].before, 2);
    cr_assert(on.surveyed.hints[0].topic);
    survey_close(&on);
    kundig_model_free(model);
    kundig_examples_free(set);
}
