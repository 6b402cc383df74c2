#include <criterion/criterion.h>

#include "made.h"
#include "probe.h"
#include "topics/trials.h"

TestSuite(trials, .fini = probe_fini);

#define TRIALS_MOST    300u
#define TRIALS_CLASSES 6u

typedef struct trials_fixture {
    made_set *made;
    kundig_examples *set;
    kundig_learn_options options;
    kundig__trial_set own;
    float told[TRIALS_MOST][TRIALS_CLASSES];
    uint32_t told_by[TRIALS_MOST];
    uint32_t told_count[TRIALS_MOST];
    bool alone; /* one class alone is learned from */
} trials_fixture;

static void trials_begin(trials_fixture *f, size_t count)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_error err;
    memset(f, 0, sizeof *f);
    f->made = made_new(1, count, TRIALS_CLASSES, 0);
    f->set = made_examples(f->made, &allocator, KUNDIG_LESSON_TOPICS);
    kundig_learn_options_init(&f->options);
    cr_assert_eq(kundig__trial_set_open(&f->own, NULL, f->set, &f->options, 3, &err), KUNDIG_OK,
                 "%s", err.message);
    cr_assert_eq(f->own.lessons.class_count, TRIALS_CLASSES);
}

static void trials_end(trials_fixture *f)
{
    kundig__trial_set_close(&f->own);
    kundig_examples_free(f->set);
    made_free(f->made);
}

static bool trials_learns(const void *ud, uint32_t trial, uint32_t lesson)
{
    const trials_fixture *f = ud;
    if (f->alone && trial == 1) {
        return kundig__lesson_class(&f->own.lessons.lessons[lesson]) == 0;
    }
    return f->own.folds.fold[lesson] != trial;
}

static bool trials_asked(const void *ud, uint32_t trial, uint32_t lesson)
{
    const trials_fixture *f = ud;
    return f->own.folds.fold[lesson] == trial;
}

static void trials_told(void *ud, const kundig__told *told)
{
    trials_fixture *f = ud;
    memcpy(f->told[told->lesson], told->probabilities, sizeof f->told[0]);
    f->told_by[told->lesson] = told->trial;
    f->told_count[told->lesson]++;
}

static kundig__trials trials_of(trials_fixture *f)
{
    return (kundig__trials){.set = f->set,
                            .lessons = &f->own.lessons,
                            .options = &f->own.options,
                            .count = 3,
                            .learns = trials_learns,
                            .asked = trials_asked,
                            .told = trials_told,
                            .ud = f};
}

Test(trials, ask_models_that_never_saw_the_lesson)
{
    static trials_fixture f;
    trials_begin(&f, TRIALS_MOST);
    kundig__trials trials = trials_of(&f);
    kundig_error err;
    kundig__lesson learned[TRIALS_MOST];
    cr_assert_eq(kundig__trials_run(&trials, &f.own.mem, &err), KUNDIG_OK, "%s", err.message);
    /* The same by hand, for the second trial. */
    kundig__course course;
    kundig__classifier *classifier = NULL;
    kundig__classifying classifying;
    kundig__scratch scratch;
    kundig__course_init(&course, &f.own.options);
    course.lessons = learned;
    course.class_count = TRIALS_CLASSES;
    course.bare = true;
    for (uint32_t i = 0; i < TRIALS_MOST; i++) {
        cr_assert_eq(f.told_count[i], 1);
        cr_assert_eq(f.told_by[i], f.own.folds.fold[i]);
        if (f.own.folds.fold[i] != 1) {
            learned[course.lesson_count++] = f.own.lessons.lessons[i];
        }
    }
    cr_assert_eq(kundig__classifier_learn(&f.own.mem, &course, &classifier, &err), KUNDIG_OK);
    cr_assert_eq(kundig__classifying_init(&classifying, &f.own.mem, classifier), KUNDIG_OK);
    kundig__scratch_init(&scratch, &f.own.mem);
    for (uint32_t i = 0; i < TRIALS_MOST; i++) {
        kundig_text text = f.own.lessons.lessons[i].text;
        if (f.own.folds.fold[i] == 1) {
            cr_assert_eq(
                kundig__text_features(&scratch, text.data, text.len, KUNDIG__LEARN_FAMILIES),
                KUNDIG_OK);
            cr_assert_eq(kundig__classify(&classifying, &scratch, NULL, 0), KUNDIG_OK);
            cr_assert_eq(memcmp(classifying.probabilities, f.told[i], sizeof f.told[i]), 0);
        }
    }
    kundig__scratch_free(&scratch);
    kundig__classifying_free(&classifying);
    kundig__classifier_free(classifier);
    trials_end(&f);
}

Test(trials, say_the_same_with_any_number_of_threads)
{
    static trials_fixture f;
    static float alone[TRIALS_MOST][TRIALS_CLASSES];
    trials_begin(&f, TRIALS_MOST);
    kundig__trials trials = trials_of(&f);
    kundig_error err;
    for (uint32_t threads = 1; threads <= 4; threads++) {
        f.own.options.threads = threads;
        cr_assert_eq(kundig__trials_run(&trials, &f.own.mem, &err), KUNDIG_OK);
        if (threads == 1) {
            memcpy(alone, f.told, sizeof alone);
        }
        cr_assert_eq(memcmp(alone, f.told, sizeof alone), 0, "%u threads", threads);
    }
    trials_end(&f);
}

typedef struct trials_watch {
    uint64_t calls;
    uint64_t last;
    uint64_t stop; /* at this call */
    bool back;
} trials_watch;

static int trials_watched(void *ud, uint64_t done, uint64_t total)
{
    trials_watch *watch = ud;
    watch->back = watch->back || done < watch->last || done > total || total == 0;
    watch->last = done;
    return ++watch->calls == watch->stop;
}

Test(trials, tell_how_far_they_are_and_can_be_stopped)
{
    static trials_fixture f;
    trials_begin(&f, 120);
    kundig__trials trials = trials_of(&f);
    kundig_error err;
    for (uint32_t threads = 1; threads <= 2; threads++) {
        trials_watch watch = {0};
        f.own.options.threads = threads;
        f.own.options.progress = trials_watched;
        f.own.options.progress_ud = &watch;
        cr_assert_eq(kundig__trials_run(&trials, &f.own.mem, &err), KUNDIG_OK);
        cr_assert_not(watch.back);
        cr_assert_geq(watch.calls, threads == 1 ? 3 : 2);
        uint64_t calls = watch.calls;
        for (uint64_t stop = 1; stop <= calls; stop++) {
            watch = (trials_watch){.stop = stop};
            cr_assert_eq(kundig__trials_run(&trials, &f.own.mem, &err), KUNDIG_E_CANCELLED);
            cr_assert_eq(watch.calls, stop, "asked no more");
        }
    }
    trials_end(&f);
}

Test(trials, say_which_had_nothing_to_learn_from)
{
    static trials_fixture f;
    bool learned[3];
    trials_begin(&f, 120);
    kundig__trials trials = trials_of(&f);
    kundig_error err;
    f.alone = true;
    cr_assert_eq(kundig__trials_run(&trials, &f.own.mem, &err), KUNDIG_E_EMPTY);
    cr_assert(strstr(err.message, "kept aside"), "%s", err.message);
    trials.learned = learned;
    cr_assert_eq(kundig__trials_run(&trials, &f.own.mem, &err), KUNDIG_OK);
    cr_assert(learned[0] && !learned[1] && learned[2]);
    trials_end(&f);
}

Test(trials, check_what_they_are_asked_for)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__trial_set own;
    kundig_learn_options options;
    kundig_error err;
    made_set *made = made_new(1, 40, 3, 0);
    kundig_examples *set = made_examples(made, &allocator, KUNDIG_LESSON_TOPICS);
    kundig_examples *none = NULL;
    kundig_learn_options_init(&options);
    options.folds = 1;
    cr_assert_eq(kundig__trial_set_open(&own, NULL, set, &options, 0, &err), KUNDIG_E_ARG);
    options.folds = KUNDIG__FOLDS_MOST + 1;
    cr_assert_eq(kundig__trial_set_open(&own, NULL, set, &options, 0, &err), KUNDIG_E_ARG);
    options.folds = 0;
    options.quality = 9;
    cr_assert_eq(kundig__trial_set_open(&own, NULL, set, &options, 0, &err), KUNDIG_E_ARG);
    options.quality = 0;
    cr_assert_eq(kundig_examples_new(&allocator, KUNDIG_LESSON_TOPICS, &none, &err), KUNDIG_OK);
    cr_assert_eq(kundig__trial_set_open(&own, NULL, none, &options, 0, &err), KUNDIG_E_EMPTY);
    kundig_examples_free(none);
    kundig_examples_free(set);
    made_free(made);
}

Test(trials, end_cleanly_when_memory_fails)
{
    static trials_fixture f;
    trials_begin(&f, 24);
    kundig__trials trials = trials_of(&f);
    size_t live = probe_shared.live_blocks;
    size_t failures = 0;
    for (int on = 0; on < 2; on++) {
        int rc = KUNDIG_E_NOMEM;
        for (size_t fail_at = 1; rc; fail_at = probe_leap(fail_at)) {
            kundig_error err;
            probe_shared.allocations = 0;
            probe_shared.fail_at = fail_at;
            probe_shared.fail_on = on;
            f.own.options.threads = 1 + fail_at % 2;
            rc = kundig__trials_run(&trials, &f.own.mem, &err);
            probe_shared.fail_at = 0;
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM, "%s", err.message);
            failures += rc != KUNDIG_OK;
            cr_assert_eq(probe_shared.live_blocks, live);
        }
    }
    cr_assert_gt(failures, 15);
    trials_end(&f);
}
