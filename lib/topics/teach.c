/* Learning a lesson from examples: a new model that knows what its base does, and that.
 *
 * Invariant: the model is a function of the base, the examples as a set and the options but threads
 * and progress. Cost: that of lessons and learner; the rules are compiled again, some milliseconds.
 */
#include "topics/compiled.h"
#include "topics/examples.h"

static int teach_topics(kundig__mem *mem, const kundig__course *course,
                        const kundig__lessons *lessons, const kundig__course_plan *plan,
                        kundig__learned *learned, kundig__classifier **own, kundig_error *err)
{
    int rc = kundig__classifier_learn(mem, course, own, err);
    memset(&learned->taught, 0, sizeof learned->taught);
    learned->taught.classifier = *own;
    learned->taught.names = lessons->classes;
    learned->taught.plan = *plan;
    return rc;
}

static int teach_mood(kundig__mem *mem, const kundig__course *course, const kundig_examples *set,
                      const kundig__lessons *lessons, const kundig_model *base,
                      const kundig__course_plan *plan, kundig__learned *learned,
                      kundig__classifier **own, kundig_error *err)
{
    kundig__mood_learned *mood = &learned->mood;
    memset(mood, 0, sizeof *mood);
    int rc = kundig__classifier_learn(mem, course, own, err);
    rc = rc ? rc : kundig__mood_teach(mem, course, set, lessons, base->lexicon, mood, err);
    mood->classifier = *own;
    mood->question = set->scale.question;
    mood->plan = *plan;
    return rc;
}

int kundig__model_teach(const kundig_model *base, const kundig_examples *set,
                        const kundig_learn_options *known, const kundig__course_plan *plan,
                        kundig_model **out, kundig_error *err)
{
    bool mood = set->lesson == KUNDIG_LESSON_SENTIMENT;
    kundig__mem mem;
    kundig__lessons lessons;
    kundig__course course;
    kundig__course_plan none;
    kundig__classifier *own = NULL;
    kundig_model *empty = NULL;
    memset(&lessons, 0, sizeof lessons);
    memset(&none, 0, sizeof none);
    kundig__mem_init(&mem, &set->mem.hook, kundig__mem_left(&set->mem));
    int rc = KUNDIG_OK;
    if (!base && mood) {
        /* the lexicon is a model's */
        rc = kundig__model_forget(&mem.hook, NULL, KUNDIG_LESSON_TOPICS, &empty, err);
        base = empty;
    }
    kundig__learned learned = kundig__learned_of(base);
    rc = rc ? rc : kundig__lessons_make(&lessons, &mem, base, set, known, err);
    if (!rc) {
        kundig__course_init(&course, known);
        kundig__course_give(&course, &lessons);
        plan = plan ? plan : &none;
        rc = mood ? teach_mood(&mem, &course, set, &lessons, base, plan, &learned, &own, err)
                  : teach_topics(&mem, &course, &lessons, plan, &learned, &own, err);
    }
    rc = rc ? rc : kundig__model_remake(&mem.hook, base, &learned, out, err);
    kundig__classifier_free(own);
    kundig__lessons_free(&lessons);
    kundig_model_free(empty);
    return rc;
}

int kundig_model_teach(const kundig_model *base, const kundig_examples *set,
                       const kundig_learn_options *options, kundig_model **out, kundig_error *err)
{
    kundig_learn_options known;
    if (!set || !out) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "%s is NULL", set ? "out" : "set");
    }
    int rc = kundig__learn_options(options, &known, err);
    return rc ? rc : kundig__model_teach(base, set, &known, NULL, out, err);
}
