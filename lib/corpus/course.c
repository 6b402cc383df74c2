/* Models from the facts of a corpus, and the same ones again from what is left of them.
 *
 * A lesson is collected, learned on top of what the model has, and its plan noted in it: who erases
 * facts learns the lesson anew by that plan. A plan names the question that was read, and the
 * attribute by its prefix, so that facts that come later do not make it ambiguous.
 * Invariant: what is learned depends on the facts, the rules of the model and the plan alone.
 * Cost: that of collecting and of kundig_model_teach(). */
#include "corpus/collect.h"

#include <stdio.h>

#include "base/text.h"
#include "corpus/facts.h"
#include "corpus/query.h"

typedef struct course_job {
    kundig__corpus *corpus;
    kundig__arena arena; /* names in plans */
    kundig_learn_options options;
    bool again; /* by plans: what is missing now is nothing to learn */
} course_job;

static bool course_is_nothing(const course_job *job, int rc)
{
    return rc == KUNDIG_E_EMPTY || (job->again && rc == KUNDIG_E_NOT_FOUND);
}

/* ---- Plans ---------------------------------------------------------------------------------- */

/* How a field is called whatever else may be called so later. */
static int course_field(course_job *job, kundig_text name, kundig_text *out, kundig_error *err)
{
    kundig__corpus *corpus = job->corpus;
    kundig__field field;
    kundig__buf buf;
    *out = name;
    if (!name.data) {
        return KUNDIG_OK;
    }
    int rc = kundig__field_resolve(corpus, name, &field, err);
    if (rc || field.type != KUNDIG__FIELD_ATTRIBUTE) {
        return rc;
    }
    kundig__buf_init(&buf, corpus->mem);
    kundig__buf_str(&buf, "attribute:");
    kundig__buf_text(&buf, kundig__corpus_attribute(corpus, field.index)->name);
    *out = kundig__text(NULL, 0);
    if (!buf.failed) {
        *out = kundig__arena_text(&job->arena, kundig__text(buf.data, buf.len));
    }
    kundig__buf_free(&buf);
    return out->data ? KUNDIG_OK : kundig__nomem(corpus->mem, err);
}

static int course_plan(course_job *job, int32_t lesson, kundig__course_plan *plan,
                       kundig_error *err)
{
    const kundig_learn_options *options = &job->options;
    const kundig__question *question = NULL;
    *plan = (kundig__course_plan){.of_facts = true,
                                  .quality = options->quality,
                                  .labels = options->labels,
                                  .least_customers = options->least_customers,
                                  .most_bytes = options->most_bytes,
                                  .seed = options->seed};
    if (lesson == KUNDIG_LESSON_TOPICS) {
        return course_field(job, options->field, &plan->field, err);
    }
    int rc = kundig__collect_question(job->corpus, options->question, &question, err);
    if (!rc && question) {
        plan->question = question->name;
    }
    return rc;
}

/* ---- One lesson ----------------------------------------------------------------------------- */

static int course_nothing(const course_job *job, int32_t lesson, kundig_error *err)
{
    const char *what = lesson == KUNDIG_LESSON_SENTIMENT ? "no record has a text and a score"
                       : job->options.field.data         ? "no record has a text and the field"
                                                         : "no record with a text has a label";
    return kundig__fail(err, KUNDIG_E_EMPTY, 0, "%s", what);
}

/* base with the lesson that the facts teach. */
static int course_lesson(course_job *job, const kundig_model *base, int32_t lesson,
                         kundig_model **out, kundig_error *err)
{
    kundig__corpus *corpus = job->corpus;
    kundig_examples *set = NULL;
    kundig__course_plan plan;
    int rc = course_plan(job, lesson, &plan, err);
    rc = rc ? rc : kundig__examples_within(corpus->mem, lesson, &set, err);
    rc = rc ? rc : kundig__corpus_collect(corpus, &job->options, base, set, err);
    if (!rc && !kundig_examples_count(set)) {
        rc = course_nothing(job, lesson, err);
    }
    rc = rc ? rc : kundig__model_teach(base, set, &job->options, &plan, out, err);
    kundig_examples_free(set);
    return rc;
}

static const kundig__course_plan *course_plan_of(const kundig_model *model, int32_t lesson)
{
    if (lesson == KUNDIG_LESSON_SENTIMENT) {
        const kundig__mood_learned *mood = kundig__model_mood(model);
        return mood ? &mood->plan : NULL;
    }
    const kundig__taught *taught = kundig__model_taught(model);
    return taught ? &taught->plan : NULL;
}

static bool course_is_of_facts(const kundig_model *model, int32_t lesson)
{
    const kundig__course_plan *plan = course_plan_of(model, lesson);
    return plan && plan->of_facts;
}

/* The lesson, or the model without it where nothing teaches it any more; *learned says which. */
static int course_step(course_job *job, int32_t lesson, kundig_model **model, bool *learned,
                       kundig_error *err)
{
    kundig_model *next = NULL;
    int rc = course_lesson(job, *model, lesson, &next, err);
    *learned = rc == KUNDIG_OK;
    if (course_is_nothing(job, rc)) {
        if (!course_is_of_facts(*model, lesson)) {
            return KUNDIG_OK;
        }
        rc = kundig__model_forget(&job->corpus->mem->hook, *model, lesson, &next, err);
    }
    if (!rc) {
        kundig_model_free(*model);
        *model = next;
    }
    return rc;
}

/* ---- Ways in -------------------------------------------------------------------------------- */

static void course_begin(course_job *job, kundig__corpus *corpus)
{
    *job = (course_job){.corpus = corpus};
    kundig__arena_init(&job->arena, corpus->mem);
    kundig_learn_options_init(&job->options);
}

static void course_inside(course_job *job)
{
    const kundig__context *context = job->corpus->context;
    job->options.threads = context->threads;
    if (!job->options.progress) {
        job->options.progress = context->progress;
        job->options.progress_ud = context->progress_ud;
    }
}

int kundig__corpus_teach(kundig__corpus *corpus, const kundig_model *base,
                         const kundig_learn_options *options, kundig_model **out, kundig_error *err)
{
    static const int32_t lessons[2] = {KUNDIG_LESSON_TOPICS, KUNDIG_LESSON_SENTIMENT};
    kundig_error why[2] = {{0}, {0}};
    bool learned[2] = {false, false};
    course_job job;
    course_begin(&job, corpus);
    job.options = *options;
    course_inside(&job);
    kundig_model *model = kundig_model_retain((kundig_model *)(uintptr_t)base);
    int rc = KUNDIG_OK;
    for (size_t i = 0; i < 2 && !rc; i++) {
        rc = course_step(&job, lessons[i], &model, &learned[i], &why[i]);
        if (rc && err) {
            *err = why[i];
        }
    }
    if (!rc && !learned[0] && !learned[1]) {
        rc = kundig__fail(err, KUNDIG_E_EMPTY, 0,
                          "nothing to learn. Topics: %.90s. Sentiment: %.90s", why[0].message,
                          why[1].message);
    }
    if (!rc) {
        *out = model;
        model = NULL;
    }
    kundig_model_free(model);
    kundig__arena_free(&job.arena);
    return rc;
}

bool kundig__model_is_of_facts(const kundig_model *model)
{
    return course_is_of_facts(model, KUNDIG_LESSON_TOPICS) ||
           course_is_of_facts(model, KUNDIG_LESSON_SENTIMENT) ||
           kundig__model_is_discovered_of_facts(model);
}

int kundig__corpus_teach_anew(kundig__corpus *corpus, const kundig_model *model, kundig_model **out,
                              kundig_error *err)
{
    static const int32_t lessons[2] = {KUNDIG_LESSON_TOPICS, KUNDIG_LESSON_SENTIMENT};
    kundig_model *fresh = kundig_model_retain((kundig_model *)(uintptr_t)model);
    int rc = KUNDIG_OK;
    for (size_t i = 0; i < 2 && !rc; i++) {
        const kundig__course_plan *plan = course_plan_of(model, lessons[i]);
        bool learned;
        course_job job;
        if (!plan || !plan->of_facts) {
            continue;
        }
        course_begin(&job, corpus);
        job.again = true;
        job.options.quality = plan->quality;
        job.options.labels = plan->labels;
        job.options.least_customers = plan->least_customers;
        job.options.most_bytes = plan->most_bytes;
        job.options.seed = plan->seed;
        job.options.field = plan->field;
        job.options.question = plan->question;
        course_inside(&job);
        rc = course_step(&job, lessons[i], &fresh, &learned, err);
        kundig__arena_free(&job.arena);
    }
    if (!rc && kundig__model_is_discovered_of_facts(fresh)) {
        kundig_model *settled = NULL;
        rc = kundig__corpus_settle(corpus, fresh, &settled, err);
        if (!rc) {
            kundig_model_free(fresh);
            fresh = settled;
        }
    }
    if (rc) {
        kundig_model_free(fresh);
    } else {
        *out = fresh;
    }
    return rc;
}
