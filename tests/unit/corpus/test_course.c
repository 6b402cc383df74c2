/* Models from the facts: the same whatever came first, and what they would be without somebody. */
#include "corpus/rows.h"
#include "model.h"
#include "teaching.h"
#include "topics/taught.h"

TestSuite(course, .fini = probe_fini);

static const char course_taxonomy[] = "topic delivery: Delivery\nen: courier\n"
                                      "topic price: Price\nen: price\n";

static kundig_learn_options course_options(void)
{
    kundig_learn_options options;
    kundig_learn_options given;
    kundig_learn_options_init(&given);
    given.least_customers = 2;
    cr_assert_eq(kundig__learn_options(&given, &options, NULL), KUNDIG_OK);
    return options;
}

static kundig_model *course_base(void)
{
    kundig_allocator allocator = probe_allocator(NULL);
    return model_of(&allocator, course_taxonomy);
}

static kundig_model *course_teach(fixture *f, const kundig_learn_options *options)
{
    kundig_model *base = course_base();
    kundig_model *model = NULL;
    cr_assert_eq(kundig__corpus_teach(f->corpus, base, options, &model, &f->err), KUNDIG_OK, "%s",
                 f->err.message);
    kundig_model_free(base);
    fixture_check(f);
    return model;
}

static void course_same(const kundig_model *a, const kundig_model *b)
{
    kundig_bytes *first = NULL;
    kundig_bytes *second = NULL;
    cr_assert_eq(kundig_model_save(a, &first, NULL), KUNDIG_OK);
    cr_assert_eq(kundig_model_save(b, &second, NULL), KUNDIG_OK);
    cr_assert_eq(kundig_bytes_len(first), kundig_bytes_len(second));
    cr_assert_arr_eq(kundig_bytes_data(first), kundig_bytes_data(second), kundig_bytes_len(first));
    kundig_bytes_free(first);
    kundig_bytes_free(second);
}

Test(course, both_lessons_are_learned_and_remember_how)
{
    fixture f;
    fixture_open(&f);
    teaching_fill(&f, TEACHING_ROWS, UINT32_MAX, 0);
    kundig_learn_options options = course_options();
    options.seed = 7;
    kundig_model *model = course_teach(&f, &options);
    cr_assert(kundig__model_is_of_facts(model));
    const kundig__course_plan *plan = &kundig__model_taught(model)->plan;
    cr_assert(plan->of_facts && plan->seed == 7 && plan->least_customers == 2);
    cr_assert(!plan->field.data && !plan->question.data);
    plan = &kundig__model_mood(model)->plan;
    cr_assert(plan->of_facts && kundig__text_equal(plan->question, KUNDIG__TEXT("nps")));
    cr_assert_eq(kundig_model_class_count(model, KUNDIG_LESSON_TOPICS), 3);
    kundig_model_free(model);
    fixture_close(&f);
}

Test(course, the_order_of_arrival_and_threads_leave_no_trace)
{
    kundig_learn_options options = course_options();
    kundig_model *expected = NULL;
    for (uint64_t seed = 0; seed < 3; seed++) {
        fixture f;
        fixture_open(&f);
        f.context.threads = 1 + (uint32_t)seed;
        teaching_fill(&f, TEACHING_ROWS, UINT32_MAX, seed);
        kundig_model *model = course_teach(&f, &options);
        if (expected) {
            course_same(model, expected);
            kundig_model_free(model);
        } else {
            expected = model;
        }
        fixture_close(&f);
    }
    kundig_model_free(expected);
}

Test(course, learned_anew_it_is_what_it_would_be_had_somebody_never_been_there)
{
    for (int by_field = 0; by_field < 2; by_field++) {
        kundig_learn_options options = course_options();
        options.field = kundig__str(by_field ? "channel" : NULL);
        fixture all;
        fixture some;
        kundig_model *anew = NULL;
        fixture_open(&all);
        fixture_open(&some);
        teaching_fill(&all, TEACHING_ROWS, UINT32_MAX, 1);
        teaching_fill(&some, TEACHING_ROWS, 4, 2);
        kundig_model *before = course_teach(&all, &options);
        kundig_model *expected = course_teach(&some, &options);
        cr_assert_eq(kundig__corpus_teach_anew(some.corpus, before, &anew, &some.err), KUNDIG_OK,
                     "%s", some.err.message);
        course_same(anew, expected);
        kundig_model_free(anew);
        cr_assert_eq(kundig__corpus_teach_anew(all.corpus, before, &anew, &all.err), KUNDIG_OK);
        course_same(anew, before);
        kundig_model_free(anew);
        kundig_model_free(before);
        kundig_model_free(expected);
        fixture_close(&all);
        fixture_close(&some);
    }
}

Test(course, lessons_that_nothing_teaches_any_more_go_and_the_rules_stay)
{
    fixture f;
    fixture nobody;
    kundig_model *anew = NULL;
    fixture_open(&f);
    fixture_open(&nobody);
    teaching_fill(&f, TEACHING_ROWS, UINT32_MAX, 0);
    kundig_learn_options options = course_options();
    options.field = kundig__str("channel");
    kundig_model *model = course_teach(&f, &options);
    kundig_model *base = course_base();
    cr_assert_eq(kundig__corpus_teach_anew(nobody.corpus, model, &anew, &nobody.err), KUNDIG_OK,
                 "%s", nobody.err.message);
    cr_assert(!kundig__model_is_of_facts(anew));
    course_same(anew, base);
    kundig_model_free(anew);
    kundig_model_free(base);
    kundig_model_free(model);
    fixture_close(&f);
    fixture_close(&nobody);
}

Test(course, what_was_learned_from_examples_stays_beside_what_facts_teach)
{
    fixture f;
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_examples *set = NULL;
    kundig_model *by_hand = NULL;
    kundig_model *both = NULL;
    kundig_model *anew = NULL;
    kundig_learn_options options = course_options();
    fixture_open(&f);
    for (uint32_t i = 0; i < TEACHING_ROWS; i++) {
        char id[16];
        char text[160];
        snprintf(id, sizeof id, "%u", (unsigned)i);
        teaching_text(i, text);
        kundig_score score = fixture_nps(i % 3 == 2 ? 10 : 2);
        kundig_feedback record = fixture_record(id, text);
        record.scores = &score;
        record.score_count = 1;
        cr_assert_eq(fixture_add(&f, &record, 1, NULL), KUNDIG_OK);
    }
    cr_assert_eq(kundig_examples_new(&allocator, KUNDIG_LESSON_TOPICS, &set, &f.err), KUNDIG_OK);
    for (uint32_t i = 0; i < 30; i++) {
        char text[160];
        kundig_example example;
        kundig_text label = kundig__str(teaching_topics[i % 3]);
        teaching_text(i, text);
        kundig_example_init(&example);
        example.text = kundig__str(text);
        example.labels = &label;
        example.label_count = 1;
        cr_assert_eq(kundig_examples_add(set, &example, 1, &f.err), KUNDIG_OK);
    }
    cr_assert_eq(kundig_model_teach(NULL, set, &options, &by_hand, &f.err), KUNDIG_OK, "%s",
                 f.err.message);
    cr_assert_eq(kundig__corpus_teach(f.corpus, by_hand, &options, &both, &f.err), KUNDIG_OK, "%s",
                 f.err.message);
    cr_assert(!kundig__model_taught(both)->plan.of_facts);
    cr_assert(kundig__model_mood(both)->plan.of_facts);
    cr_assert_eq(kundig_model_class_count(both, KUNDIG_LESSON_TOPICS), 3);
    cr_assert_eq(kundig__corpus_teach_anew(f.corpus, both, &anew, &f.err), KUNDIG_OK);
    course_same(anew, both);
    kundig_model_free(anew);
    kundig_model_free(both);
    kundig_model_free(by_hand);
    kundig_examples_free(set);
    fixture_close(&f);
}

Test(course, says_what_is_missing_where_there_is_nothing_to_learn)
{
    fixture f;
    kundig_model *base = course_base();
    kundig_model *model = NULL;
    kundig_learn_options options = course_options();
    fixture_open(&f);
    kundig_feedback record = fixture_record("1", "words");
    cr_assert_eq(fixture_add(&f, &record, 1, NULL), KUNDIG_OK);
    cr_assert_eq(kundig__corpus_teach(f.corpus, base, &options, &model, &f.err), KUNDIG_E_EMPTY);
    cr_assert_str_eq(f.err.message, "nothing to learn. Topics: no record with a text has a label. "
                                    "Sentiment: no record has a text and a score");
    options.question = kundig__str("nps");
    cr_assert_eq(kundig__corpus_teach(f.corpus, base, &options, &model, &f.err),
                 KUNDIG_E_NOT_FOUND);
    options.field = kundig__str("colour");
    cr_assert_eq(kundig__corpus_teach(f.corpus, base, &options, &model, &f.err),
                 KUNDIG_E_NOT_FOUND);
    cr_assert_null(model);
    kundig_model_free(base);
    fixture_close(&f);
}

static int course_stop(void *ud, uint64_t done, uint64_t total)
{
    (void)ud;
    (void)done;
    (void)total;
    return 1;
}

Test(course, may_be_cancelled)
{
    fixture f;
    kundig_model *base = course_base();
    kundig_model *model = NULL;
    kundig_learn_options options = course_options();
    fixture_open(&f);
    teaching_fill(&f, TEACHING_ROWS, UINT32_MAX, 0);
    options.progress = course_stop;
    cr_assert_eq(kundig__corpus_teach(f.corpus, base, &options, &model, &f.err),
                 KUNDIG_E_CANCELLED);
    cr_assert_null(model);
    kundig_model_free(base);
    fixture_close(&f);
}

/* A sweep over every allocation would take minutes: they are failed in growing steps. */
Test(course, survives_failure_of_allocations)
{
    fixture f;
    kundig_learn_options options = course_options();
    kundig_model *base = course_base();
    fixture_open(&f);
    teaching_fill(&f, 30, UINT32_MAX, 0);
    kundig_model *first = course_teach(&f, &options);
    for (int forever = 0; forever < 2; forever++) {
        int rc = KUNDIG_E_NOMEM;
        for (size_t at = 1; rc; at += 1 + at / 16) {
            kundig_model *model = NULL;
            size_t live = probe_shared.live_blocks;
            probe_shared.fail_on = forever != 0;
            probe_shared.fail_at = probe_shared.allocations + at;
            rc = at % 2 ? kundig__corpus_teach(f.corpus, base, &options, &model, &f.err)
                        : kundig__corpus_teach_anew(f.corpus, first, &model, &f.err);
            probe_shared.fail_at = 0;
            probe_shared.fail_on = false;
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM, "%d %s", rc, f.err.message);
            cr_assert(!rc || !model);
            kundig_model_free(model);
            cr_assert_eq(probe_shared.live_blocks, live, "allocation %zu", at);
        }
    }
    kundig_model_free(first);
    kundig_model_free(base);
    fixture_close(&f);
}
