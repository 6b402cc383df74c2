/* Discovery in the facts of a corpus: comments become examples without labels, a model is
 * discovered in them, and where facts were erased, its numbers are counted anew.
 *
 * The plan of a discovery is noted in the model: which purpose was stated and by which options, so
 * that who erases facts can count anew by it. A filter is not noted, for it may name people: what
 * is counted anew is counted in all comments of the purpose.
 * Invariant: what is discovered depends on the facts, the query, the options and base alone. Cost:
 * one pass over the rows, a copy of their comments, and that of kundig__model_discover(). */
#include "base/text.h"
#include "corpus/collect.h"
#include "corpus/comments.h"
#include "corpus/query.h"
#include "topics/discovered.h"

#ifdef KUNDIG_TINY
#define SURVEY_BLOCK 3u
#else
#define SURVEY_BLOCK 1024u
#endif

typedef struct survey_job {
    kundig__corpus *corpus;
    const kundig__dimension *people;
    kundig_examples *set;
    kundig_example *block;
    size_t count;
} survey_job;

static int survey_flush(survey_job *job, kundig_error *err)
{
    int rc = job->count ? kundig_examples_add(job->set, job->block, job->count, err) : KUNDIG_OK;
    job->count = 0;
    return rc;
}

static int survey_add(survey_job *job, uint32_t row, kundig_error *err)
{
    const kundig__corpus *corpus = job->corpus;
    kundig_text text = kundig__corpus_text(corpus, row);
    if (!text.len) {
        return KUNDIG_OK;
    }
    kundig_example *example = &job->block[job->count++];
    kundig_example_init(example);
    example->text = text;
    example->source = kundig__dimension_text(&corpus->dims[KUNDIG__DIM_SOURCE], row);
    example->id = kundig__corpus_id(corpus, row);
    example->customer = kundig__dimension_text(job->people, row);
    return job->count == SURVEY_BLOCK ? survey_flush(job, err) : KUNDIG_OK;
}

static int survey_rows(survey_job *job, const kundig__grouping *grouping, kundig_error *err)
{
    kundig__corpus *corpus = job->corpus;
    uint32_t groups[KUNDIG__GROUP_BLOCK];
    int rc = KUNDIG_OK;
    for (uint32_t first = 0; first < corpus->rows && !rc; first += KUNDIG__GROUP_BLOCK) {
        uint32_t left = corpus->rows - first;
        uint32_t count = left < KUNDIG__GROUP_BLOCK ? left : KUNDIG__GROUP_BLOCK;
        kundig__grouping_rows(grouping, 0, first, count, groups);
        for (uint32_t i = 0; i < count && !rc; i++) {
            rc = groups[i] == KUNDIG__NO_GROUP ? KUNDIG_OK : survey_add(job, first + i, err);
        }
    }
    return rc ? rc : survey_flush(job, err);
}

/* The comments that a query keeps, as examples of a set of their own. */
static int survey_collect(kundig__corpus *corpus, const kundig_query *query, kundig_examples **out,
                          kundig_error *err)
{
    survey_job job = {.corpus = corpus};
    kundig__grouping *grouping = NULL;
    int rc = kundig__corpus_people(corpus, &job.people, err);
    rc = rc ? rc : kundig__comments_grouping(corpus, query, &grouping, err);
    rc = rc ? rc : kundig__examples_within(corpus->mem, KUNDIG_LESSON_TOPICS, &job.set, err);
    if (!rc) {
        job.block = kundig__alloc(corpus->mem, SURVEY_BLOCK * sizeof *job.block);
        rc = job.block ? survey_rows(&job, grouping, err) : kundig__nomem(corpus->mem, err);
    }
    kundig__grouping_free(grouping);
    kundig__free(corpus->mem, job.block, job.block ? SURVEY_BLOCK * sizeof *job.block : 0);
    if (rc) {
        kundig_examples_free(job.set);
        return rc;
    }
    *out = job.set;
    return KUNDIG_OK;
}

/* What a handle says of itself, and the edits as they hold. */
static int survey_inside(kundig__corpus *corpus, kundig__arena *arena,
                         kundig_discover_options *options, kundig_error *err)
{
    const kundig__context *context = corpus->context;
    options->threads = context->threads;
    if (!options->progress) {
        options->progress = context->progress;
        options->progress_ud = context->progress_ud;
    }
    return kundig__corpus_edits(corpus, arena, &options->edits, &options->edit_count, err);
}

static kundig__discover_plan survey_plan(const kundig_discover_options *options,
                                         kundig_text purpose)
{
    return (kundig__discover_plan){.of_facts = true,
                                   .quality = options->quality,
                                   .topics = options->topics,
                                   .themes = options->themes,
                                   .least_customers = options->least_customers,
                                   .most_fitted = options->most_fitted,
                                   .seed = options->seed,
                                   .purpose = purpose};
}

int kundig__corpus_discover(kundig__corpus *corpus, const kundig_model *base,
                            const kundig_query *query, const kundig_discover_options *options,
                            kundig_model **out, kundig_error *err)
{
    kundig_discover_options known = *options;
    kundig_examples *set = NULL;
    kundig__arena arena;
    kundig__discover_plan plan = survey_plan(options, query->purpose);
    kundig__arena_init(&arena, corpus->mem);
    int rc = survey_inside(corpus, &arena, &known, err);
    rc = rc ? rc : survey_collect(corpus, query, &set, err);
    if (!rc && !kundig_examples_count(set)) {
        rc = kundig__fail(err, KUNDIG_E_EMPTY, 0,
                          "nothing to discover: no record that is asked for has a text");
    }
    rc = rc ? rc : kundig__model_discover(base, set, &known, &plan, out, NULL, err);
    kundig_examples_free(set);
    kundig__arena_free(&arena);
    return rc;
}

static const kundig__discover_plan *survey_plan_of(const kundig_model *model)
{
    const kundig__discovered *discovered = kundig__model_discovered_of(model);
    return discovered && discovered->plan.of_facts ? &discovered->plan : NULL;
}

bool kundig__model_is_discovered_of_facts(const kundig_model *model)
{
    return survey_plan_of(model) != NULL;
}

int kundig__corpus_settle(kundig__corpus *corpus, const kundig_model *model, kundig_model **out,
                          kundig_error *err)
{
    const kundig__discover_plan *plan = survey_plan_of(model);
    kundig_discover_options known;
    kundig_examples *set = NULL;
    kundig_query *query = NULL;
    kundig_model *settled = NULL;
    kundig__arena arena;
    kundig_discover_options_init(&known);
    known.quality = plan->quality;
    known.topics = plan->topics;
    known.themes = plan->themes;
    known.least_customers = plan->least_customers;
    known.most_fitted = plan->most_fitted;
    known.seed = plan->seed;
    kundig__arena_init(&arena, corpus->mem);
    int rc = kundig_query_new(&corpus->mem->hook, &query);
    rc = rc ? kundig__nomem(corpus->mem, err) : KUNDIG_OK;
    if (!rc && plan->purpose.data) {
        rc = kundig_query_set_purpose(query, plan->purpose.data, plan->purpose.len, err);
    }
    rc = rc ? rc : survey_inside(corpus, &arena, &known, err);
    rc = rc ? rc : survey_collect(corpus, query, &set, err);
    rc = rc ? rc : kundig__model_settle(model, set, &known, &settled, err);
    /* What was said by edits that went with their records is said no longer. */
    rc = rc ? rc : kundig__model_edited(settled, known.edits, known.edit_count, out, err);
    kundig_model_free(settled);
    kundig_query_free(query);
    kundig_examples_free(set);
    kundig__arena_free(&arena);
    return rc;
}
