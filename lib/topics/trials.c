/* Trials: learn from some lessons, ask about others.
 *
 * Each trial learns a classifier of its own and forgets it; trials share nothing, so they run side
 * by side, as many at once as there are threads. The caller's progress is called between them, and
 * within one where there is but one thread.
 *
 * Invariant: what is told of a lesson does not depend on threads, nor on where lessons stand.
 * Cost: count times learning; memory of one classifier a thread. */
#include "topics/trials.h"
#include "base/os.h"
#include "topics/feeling.h"

#define TRIALS_STEPS 1024u /* of progress within a trial */

typedef struct trials_job {
    const kundig__trials *trials;
    uint32_t first; /* trial of part 0 */
    uint32_t parts;
    uint64_t steps; /* done before this one */
    struct trials_part *part;
} trials_job;

typedef struct trials_part {
    kundig__mem mem;
    kundig_error err;
    int rc;
} trials_part;

/* A trial of its own */
typedef struct trials_one {
    const kundig__trials *trials;
    kundig__mem *mem;
    uint32_t trial;
    kundig__lessons part; /* learned from; its arrays have room for all */
    kundig__classifier *classifier;
    kundig__classifying classifying;
    kundig__mood_learned mood; /* sentiment alone: what is told is what a model would say */
    kundig__scratch scratch;
    kundig__spoken spoken;
} trials_one;

static int trials_cancelled(kundig_error *err)
{
    return kundig__fail(err, KUNDIG_E_CANCELLED, 0, "cancelled");
}

static int trials_step(void *ud, uint64_t done, uint64_t total)
{
    const trials_job *job = ud;
    const kundig_learn_options *options = job->trials->options;
    uint64_t within = total ? (done < total ? done : total) * TRIALS_STEPS / total : 0;
    return options->progress(options->progress_ud, job->steps + within,
                             (uint64_t)job->trials->count * TRIALS_STEPS);
}

static int trials_learn(trials_one *one, trials_job *job, kundig_error *err)
{
    const kundig__trials *trials = one->trials;
    const kundig__lessons *lessons = trials->lessons;
    for (uint32_t i = 0; i < lessons->count; i++) {
        if (trials->learns(trials->ud, one->trial, i)) {
            one->part.examples[one->part.count] = lessons->examples[i];
            one->part.lessons[one->part.count++] = lessons->lessons[i];
        }
    }
    kundig__course course;
    kundig__course_init(&course, trials->options);
    kundig__course_give(&course, &one->part);
    course.bare = true;
    course.progress = NULL;
    if (job->parts > 1) {
        course.threads = 1;
    } else if (trials->options->progress) {
        course.progress = trials_step;
        course.progress_ud = job;
    }
    int rc = kundig__classifier_learn(one->mem, &course, &one->classifier, err);
    if (rc == KUNDIG_OK && trials->set->lesson == KUNDIG_LESSON_SENTIMENT) {
        rc = kundig__mood_teach(one->mem, &course, trials->set, &one->part,
                                kundig__model_lexicon(trials->base), &one->mood, err);
        one->mood.classifier = one->classifier;
    }
    return rc;
}

static int trials_tell_topics(trials_one *one, uint32_t number, const kundig__lesson *lesson)
{
    int rc = kundig__text_features(&one->scratch, lesson->text.data, lesson->text.len,
                                   KUNDIG__LEARN_FAMILIES);
    rc = rc ? rc
            : kundig__classify(&one->classifying, &one->scratch, lesson->signs, lesson->sign_count);
    if (rc == KUNDIG_OK) {
        kundig__told told = {.trial = one->trial,
                             .lesson = number,
                             .probabilities = one->classifying.probabilities,
                             .holds = one->classifying.holds,
                             .best = one->classifying.best,
                             .refused = one->classifying.refused};
        one->trials->told(one->trials->ud, &told);
    }
    return rc;
}

/* What the classifier and the lexicon say together. An empty text is told nothing. */
static int trials_tell_mood(trials_one *one, uint32_t number, const kundig__lesson *lesson)
{
    const kundig_model *base = one->trials->base;
    kundig_text text = lesson->text;
    kundig__mood mood;
    int rc = kundig__text_features(&one->scratch, text.data, text.len,
                                   KUNDIG__WORDS | kundig__mood_families(&one->mood));
    if (rc == KUNDIG_OK && !kundig__language_read(kundig__model_languages(base), &one->scratch,
                                                  text.data, text.len, &one->spoken)) {
        rc = KUNDIG_E_NOMEM;
    }
    rc = rc ? rc
            : kundig__mood_tell(
                  &one->mood, &one->classifying, kundig__model_lexicon(base), &one->scratch,
                  text.data,
                  kundig__mood_language(&one->spoken, &one->scratch, KUNDIG__LANGUAGE_UNKNOWN),
                  &mood);
    if (rc == KUNDIG_OK) {
        bool empty = mood.status == KUNDIG__MOOD_EMPTY;
        uint32_t best = empty ? 1 : (uint32_t)(mood.sentiment - KUNDIG_SENTIMENT_NEGATIVE);
        uint8_t holds[3] = {0, 0, 0};
        holds[best] = !empty;
        kundig__told told = {.trial = one->trial,
                             .lesson = number,
                             .probabilities = mood.probabilities,
                             .holds = holds,
                             .best = best,
                             .refused = empty};
        one->trials->told(one->trials->ud, &told);
    }
    return rc;
}

static int trials_ask(trials_one *one, kundig_error *err)
{
    const kundig__trials *trials = one->trials;
    const kundig__lessons *lessons = trials->lessons;
    bool mood = trials->set->lesson == KUNDIG_LESSON_SENTIMENT;
    int rc = kundig__classifying_init(&one->classifying, one->mem, one->classifier);
    if (rc != KUNDIG_OK) {
        return kundig__nomem(one->mem, err);
    }
    for (uint32_t i = 0; i < lessons->count && rc == KUNDIG_OK; i++) {
        if (trials->asked(trials->ud, one->trial, i)) {
            rc = mood ? trials_tell_mood(one, i, &lessons->lessons[i])
                      : trials_tell_topics(one, i, &lessons->lessons[i]);
        }
    }
    kundig__classifying_free(&one->classifying);
    return rc == KUNDIG_OK ? rc : kundig__nomem(one->mem, err);
}

static int trials_run_one(trials_job *job, kundig__mem *mem, uint32_t trial, kundig_error *err)
{
    const kundig__trials *trials = job->trials;
    size_t count = trials->lessons->count;
    trials_one one = {.trials = trials, .mem = mem, .trial = trial, .part = *trials->lessons};
    kundig__scratch_init(&one.scratch, mem);
    kundig__spoken_init(&one.spoken, mem);
    one.part.count = 0;
    one.part.lessons = kundig__alloc(mem, count * sizeof *one.part.lessons);
    one.part.examples = kundig__alloc(mem, count * sizeof *one.part.examples);
    int rc = one.part.lessons && one.part.examples ? trials_learn(&one, job, err)
                                                   : kundig__nomem(mem, err);
    if (trials->learned) {
        trials->learned[trial] = rc == KUNDIG_OK;
    }
    if (rc == KUNDIG_OK) {
        rc = trials_ask(&one, err);
    } else if (rc == KUNDIG_E_EMPTY) {
        rc = trials->learned ? KUNDIG_OK
                             : kundig__fail(err, rc, 0,
                                            "where a part of the examples is kept aside to ask "
                                            "about, too little is left to learn from: add more of "
                                            "each class");
    }
    kundig__classifier_free(one.classifier);
    kundig__free(mem, one.part.lessons, count * sizeof *one.part.lessons);
    kundig__free(mem, one.part.examples, count * sizeof *one.part.examples);
    kundig__spoken_free(&one.spoken);
    kundig__scratch_free(&one.scratch);
    return rc;
}

static void trials_work(void *ud, uint32_t part)
{
    trials_job *job = ud;
    trials_part *own = &job->part[part];
    own->rc = trials_run_one(job, &own->mem, job->first + part, &own->err);
}

/* Some trials at once. The first that failed has the word, whichever ended first. */
static int trials_round(trials_job *job, kundig__mem *mem, kundig_error *err)
{
    for (uint32_t i = 0; i < job->parts; i++) {
        kundig__mem_lend(mem, &job->part[i].mem, job->parts, i);
    }
    kundig__fork_join(job->parts, trials_work, job);
    int rc = KUNDIG_OK;
    for (uint32_t i = 0; i < job->parts; i++) {
        kundig__mem_take_back(mem, &job->part[i].mem);
        if (rc == KUNDIG_OK && job->part[i].rc != KUNDIG_OK) {
            rc = job->part[i].rc;
            if (err) {
                *err = job->part[i].err;
            }
        }
    }
    return rc;
}

int kundig__trials_run(const kundig__trials *trials, kundig__mem *mem, kundig_error *err)
{
    uint32_t most = trials->options->threads ? trials->options->threads : 1;
    most = most < trials->count ? most : trials->count;
    trials_job job = {.trials = trials};
    job.part = kundig__alloc_zero(mem, most * sizeof *job.part);
    int rc = job.part ? KUNDIG_OK : kundig__nomem(mem, err);
    while (rc == KUNDIG_OK && job.first < trials->count) {
        uint32_t left = trials->count - job.first;
        job.parts = left < most ? left : most;
        job.steps = (uint64_t)job.first * TRIALS_STEPS;
        if (trials->options->progress && trials_step(&job, 0, 1) != 0) {
            rc = trials_cancelled(err);
        } else if (most == 1) {
            rc = trials_run_one(&job, mem, job.first, err);
        } else {
            rc = trials_round(&job, mem, err);
        }
        job.first += job.parts;
    }
    kundig__free(mem, job.part, most * sizeof *job.part);
    return rc;
}

int kundig__trial_set_open(kundig__trial_set *own, const kundig_model *base,
                           const kundig_examples *set, const kundig_learn_options *options,
                           uint32_t fold_count, kundig_error *err)
{
    memset(own, 0, sizeof *own);
    int rc = kundig__learn_options(options, &own->options, err);
    if (rc != KUNDIG_OK) {
        return rc;
    }
    fold_count = fold_count ? fold_count : own->options.folds ? own->options.folds : 5;
    if (fold_count < 2 || fold_count > KUNDIG__FOLDS_MOST) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "folds is %lu: give 2 to %u, or 0 for 5",
                            (unsigned long)fold_count, KUNDIG__FOLDS_MOST);
    }
    kundig__mem_init(&own->mem, &set->mem.hook, 0);
    if (!base && set->lesson == KUNDIG_LESSON_SENTIMENT) {
        /* the lexicon is a model's */
        rc = kundig__model_forget(&own->mem.hook, NULL, KUNDIG_LESSON_TOPICS, &own->empty, err);
        base = own->empty;
    }
    own->base = base;
    rc = rc ? rc : kundig__lessons_make(&own->lessons, &own->mem, base, set, &own->options, err);
    if (rc == KUNDIG_OK) {
        rc = kundig__folds_make(&own->folds, &own->mem, &own->lessons, fold_count,
                                own->options.seed, err);
        if (rc != KUNDIG_OK) {
            kundig__lessons_free(&own->lessons);
        }
    }
    if (rc != KUNDIG_OK) {
        kundig_model_free(own->empty);
    }
    return rc;
}

void kundig__trial_set_close(kundig__trial_set *own)
{
    kundig__folds_free(&own->folds);
    kundig__lessons_free(&own->lessons);
    kundig_model_free(own->empty);
}
