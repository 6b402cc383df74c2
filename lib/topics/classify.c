/* Many texts asked about at once: what was learned, and nothing of what it costs to say where.
 *
 * Invariants: each text is asked about alone, so threads and the order of texts change nothing;
 * arrays are written by the thread that has the text. Cost: that of features and rows of weights;
 * nothing is allocated for a text once a thread has seen the longest. */
#include <stdatomic.h>

#include "base/math.h"
#include "base/os.h"
#include "base/text.h"
#include "base/utf8.h"
#include "topics/examples.h"
#include "topics/matching.h"

#define CLASSIFY_AT_ONCE      32u /* texts that a thread takes */
#define CLASSIFY_MOST_THREADS 64u
#define CLASSIFY_MOST_TEXT    ((size_t)1 << 30)

static const char *const classify_moods[] = {"negative", "neutral", "positive"};

static const kundig__classifier *classify_learned(const kundig_model *model, int32_t lesson)
{
    return lesson == KUNDIG_LESSON_SENTIMENT ? model->mood.classifier
           : lesson == KUNDIG_LESSON_TOPICS  ? model->taught.classifier
                                             : NULL;
}

size_t kundig_model_class_count(const kundig_model *model, int32_t lesson)
{
    if (model && lesson == KUNDIG_LESSON_DISCOVERED) {
        return kundig__discovered_count(&model->discovered);
    }
    const kundig__classifier *learned = model ? classify_learned(model, lesson) : NULL;
    return learned ? kundig__classifier_facts_of(learned)->class_count : 0;
}

kundig_text kundig_model_class_name(const kundig_model *model, int32_t lesson, size_t klass)
{
    if (klass >= kundig_model_class_count(model, lesson)) {
        return (kundig_text){NULL, 0};
    }
    if (lesson == KUNDIG_LESSON_DISCOVERED) {
        return model->discovered.topics[model->discovered.classes[klass]].name;
    }
    return lesson == KUNDIG_LESSON_SENTIMENT ? kundig__str(classify_moods[klass])
                                             : model->taught.names[klass];
}

/* ---- One thread ----------------------------------------------------------------------------- */

typedef struct classify_job {
    const kundig_model *model;
    const kundig__classifier *learned;
    const kundig__discovered *discovered; /* asked about; else NULL */
    bool mood;
    bool ruled; /* rules of the taxonomy are signs */
    size_t class_count;
    const kundig_text *texts;
    size_t count;
    int32_t *classes;
    float *probabilities;
    uint8_t *holds;
    float *sureness;
    struct classify_part *parts;
    atomic_size_t next;
    atomic_bool failed;
} classify_job;

typedef struct classify_part {
    kundig__mem mem;
    kundig__reading reading;
    kundig__classifying classifying;
    kundig__assigning assigning;
    float *probabilities; /* of discovered topics, by class */
    kundig__buf mended;
    bool opened;
    int rc;
} classify_part;

/* A text as it can be read. KUNDIG_OK, failures of memory, KUNDIG_E_LIMIT. */
static int classify_text(classify_part *part, kundig_text *text)
{
    if (!text->data) {
        *text = KUNDIG__TEXT("");
    }
    if (text->len < CLASSIFY_MOST_TEXT && kundig__utf8_valid(text->data, text->len) != text->len) {
        part->mended.len = 0;
        kundig__utf8_mend(&part->mended, text->data, text->len);
        if (part->mended.failed) {
            return kundig__nomem(&part->mem, NULL);
        }
        *text = kundig__text(part->mended.data, part->mended.len);
    }
    return text->len < CLASSIFY_MOST_TEXT ? KUNDIG_OK : KUNDIG_E_LIMIT;
}

static void classify_row(const classify_job *job, size_t at, int32_t klass,
                         const float *probabilities, float sureness)
{
    job->classes[at] = klass;
    if (job->probabilities) {
        memcpy(job->probabilities + at * job->class_count, probabilities,
               job->class_count * sizeof *probabilities);
    }
    if (job->sureness) {
        job->sureness[at] = sureness;
    }
}

static int classify_topics(const classify_job *job, classify_part *part, kundig_text text,
                           size_t at)
{
    kundig__classifying *classifying = &part->classifying;
    kundig__reading *reading = &part->reading;
    size_t signs = 0;
    int rc;
    if (job->ruled) {
        rc = kundig__reading_run(reading, text.data, text.len, KUNDIG__LANGUAGE_UNKNOWN);
        if (!rc && !kundig__taught_signs(reading, &signs)) {
            rc = kundig__nomem(&part->mem, NULL);
        }
    } else {
        rc = kundig__text_features(&reading->scratch, text.data, text.len, KUNDIG__LEARN_FAMILIES);
    }
    rc = rc ? rc : kundig__classify(classifying, &reading->scratch, reading->signs, signs);
    if (rc) {
        return rc;
    }
    classify_row(job, at, classifying->refused ? -1 : (int32_t)classifying->best,
                 classifying->probabilities, classifying->sureness);
    if (job->holds) {
        memcpy(job->holds + at * job->class_count, classifying->holds, job->class_count);
    }
    return KUNDIG_OK;
}

/* What its scores say of each topic: parts count in their wholes, all together are 1. */
static void classify_shares(const kundig__discovered *discovered, const float *scores,
                            uint32_t best, float *probabilities)
{
    uint32_t count = kundig__discovered_count(discovered);
    double sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        sum += kundig__exp((double)scores[i] - (double)scores[best]);
        probabilities[i] = 0;
    }
    for (uint32_t i = 0; i < count; i++) {
        double share = kundig__exp((double)scores[i] - (double)scores[best]) / sum;
        probabilities[kundig__discovered_class(discovered, i)] += (float)share;
    }
}

static int classify_discovered(const classify_job *job, classify_part *part, kundig_text text,
                               size_t at)
{
    const kundig__discovered *discovered = job->discovered;
    kundig__assigning *assigning = &part->assigning;
    kundig__scratch *scratch = &part->reading.scratch;
    int rc = kundig__text_features(scratch, text.data, text.len, KUNDIG__DISCOVER_FAMILIES);
    rc = rc ? rc : kundig__assign(assigning, scratch, text.data, text.len, job->holds != NULL);
    if (rc) {
        return rc;
    }
    bool known = assigning->cluster != KUNDIG__NO_CLUSTER;
    memset(part->probabilities, 0, job->class_count * sizeof *part->probabilities);
    if (known && job->probabilities) {
        classify_shares(discovered, assigning->scores, assigning->cluster, part->probabilities);
    }
    int32_t klass = known ? (int32_t)kundig__discovered_class(discovered, assigning->cluster) : -1;
    classify_row(job, at, klass, part->probabilities, known ? assigning->margin : 0);
    if (job->holds) {
        uint8_t *holds = job->holds + at * job->class_count;
        memset(holds, 0, job->class_count);
        for (size_t i = 0; i < assigning->unit_count && assigning->unit_count > 1; i++) {
            const kundig__unit *unit = &assigning->units[i];
            if (unit->cluster != KUNDIG__NO_CLUSTER) {
                holds[kundig__discovered_class(discovered, unit->cluster)] = 1;
            }
        }
        if (known && !assigning->nowhere) {
            holds[klass] = 1;
        }
    }
    return KUNDIG_OK;
}

static int classify_mood(const classify_job *job, classify_part *part, kundig_text text, size_t at)
{
    const kundig_model *model = job->model;
    kundig__reading *reading = &part->reading;
    kundig__mood mood;
    int rc = kundig__text_features(&reading->scratch, text.data, text.len,
                                   KUNDIG__WORDS | kundig__mood_families(&model->mood));
    if (!rc && !kundig__language_read(model->languages, &reading->scratch, text.data, text.len,
                                      &reading->spoken)) {
        rc = kundig__nomem(&part->mem, NULL);
    }
    rc = rc ? rc
            : kundig__mood_tell(&model->mood, &part->classifying, model->lexicon, &reading->scratch,
                                text.data,
                                kundig__mood_language(&reading->spoken, &reading->scratch,
                                                      KUNDIG__LANGUAGE_UNKNOWN),
                                &mood);
    if (rc) {
        return rc;
    }
    int32_t klass = mood.sentiment == KUNDIG_SENTIMENT_UNKNOWN
                        ? -1
                        : mood.sentiment - KUNDIG_SENTIMENT_NEGATIVE;
    classify_row(job, at, klass, mood.probabilities, part->classifying.sureness);
    for (int32_t i = 0; job->holds && i < 3; i++) {
        job->holds[at * 3 + (size_t)i] = i == klass;
    }
    return KUNDIG_OK;
}

static void classify_work(void *ud, uint32_t number)
{
    classify_job *job = ud;
    classify_part *part = &job->parts[number];
    while (!part->rc && !atomic_load_explicit(&job->failed, memory_order_relaxed)) {
        size_t first =
            atomic_fetch_add_explicit(&job->next, CLASSIFY_AT_ONCE, memory_order_relaxed);
        if (first >= job->count) {
            return;
        }
        size_t end = job->count - first < CLASSIFY_AT_ONCE ? job->count : first + CLASSIFY_AT_ONCE;
        for (size_t at = first; at < end && !part->rc; at++) {
            kundig_text text = job->texts[at];
            part->rc = classify_text(part, &text);
            if (!part->rc) {
                part->rc = job->discovered ? classify_discovered(job, part, text, at)
                           : job->mood     ? classify_mood(job, part, text, at)
                                           : classify_topics(job, part, text, at);
            }
        }
    }
    if (part->rc) {
        atomic_store_explicit(&job->failed, true, memory_order_relaxed);
    }
}

/* What one thread asks. */
static int classify_open(const classify_job *job, classify_part *part)
{
    int rc;
    if (job->discovered) {
        part->probabilities =
            kundig__alloc(&part->mem, job->class_count * sizeof *part->probabilities);
        rc = part->probabilities
                 ? kundig__assigning_init(&part->assigning, &part->mem, job->discovered->clustered)
                 : kundig__nomem(&part->mem, NULL);
    } else {
        rc = kundig__classifying_init(&part->classifying, &part->mem, job->learned);
    }
    part->opened = rc == KUNDIG_OK;
    return rc;
}

static void classify_close(const classify_job *job, classify_part *part)
{
    if (part->opened && job->discovered) {
        kundig__assigning_free(&part->assigning);
    } else if (part->opened) {
        kundig__classifying_free(&part->classifying);
    }
    kundig__free(&part->mem, part->probabilities,
                 part->probabilities ? job->class_count * sizeof *part->probabilities : 0);
}

/* ---- All threads ---------------------------------------------------------------------------- */

static int classify_run(classify_job *job, kundig__mem *mem, uint32_t threads, kundig_error *err)
{
    size_t worth = job->count / CLASSIFY_AT_ONCE;
    uint32_t parts = worth < threads ? (uint32_t)worth : threads;
    parts = parts ? parts : 1;
    job->parts = kundig__alloc_zero(mem, parts * sizeof *job->parts);
    if (!job->parts) {
        return kundig__nomem(mem, err);
    }
    uint32_t begun = 0;
    int rc = KUNDIG_OK;
    for (; begun < parts && !rc; begun++) {
        classify_part *part = &job->parts[begun];
        kundig__mem_lend(mem, &part->mem, parts, begun);
        kundig__reading_init(&part->reading, &part->mem, job->model);
        kundig__buf_init(&part->mended, &part->mem);
        part->reading.plain = true;
        part->reading.families = KUNDIG__LEARN_FAMILIES;
        part->rc = classify_open(job, part);
        rc = part->rc;
    }
    if (!rc) {
        kundig__fork_join(parts, classify_work, job);
    }
    rc = KUNDIG_OK;
    for (uint32_t i = 0; i < begun; i++) {
        classify_part *part = &job->parts[i];
        if (part->rc && !rc) {
            bool long_text = part->rc == KUNDIG_E_LIMIT && !part->mem.limit_hit;
            rc = long_text ? kundig__fail(err, KUNDIG_E_LIMIT, 0, "a text is 1 GiB or longer")
                           : kundig__nomem(&part->mem, err);
        }
        classify_close(job, part);
        kundig__buf_free(&part->mended);
        kundig__reading_free(&part->reading);
        kundig__mem_take_back(mem, &part->mem);
    }
    kundig__free(mem, job->parts, parts * sizeof *job->parts);
    return rc;
}

static int classify_arguments(const kundig_model *model, int32_t lesson, const kundig_text *texts,
                              size_t count, uint32_t threads, const int32_t *classes,
                              kundig_error *err)
{
    if (!model || (count && (!texts || !classes))) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "%s is NULL",
                            !model  ? "the model"
                            : texts ? "classes"
                                    : "texts");
    }
    if (lesson < KUNDIG_LESSON_TOPICS || lesson > KUNDIG_LESSON_DISCOVERED ||
        threads > CLASSIFY_MOST_THREADS) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "lesson is none of KUNDIG_LESSON_, or threads is "
                            "above %u",
                            CLASSIFY_MOST_THREADS);
    }
    for (size_t i = 0; i < count; i++) {
        if (!texts[i].data && texts[i].len) {
            return kundig__fail(err, KUNDIG_E_ARG, i, "text %zu has a length but no bytes", i);
        }
    }
    if (lesson == KUNDIG_LESSON_DISCOVERED) {
        return kundig__model_discovered_of(model)
                   ? KUNDIG_OK
                   : kundig__fail(err, KUNDIG_E_EMPTY, 0,
                                  "the model discovered nothing: kundig_model_discover() makes one "
                                  "that did");
    }
    return classify_learned(model, lesson)
               ? KUNDIG_OK
               : kundig__fail(err, KUNDIG_E_EMPTY, 0, "the model learned no %s: teach it some",
                              lesson == KUNDIG_LESSON_SENTIMENT ? "sentiment" : "topics");
}

int kundig_model_classify(const kundig_model *model, int32_t lesson, const kundig_text *texts,
                          size_t count, uint32_t threads, int32_t *classes, float *probabilities,
                          uint8_t *holds, float *sureness, kundig_error *err)
{
    int rc = classify_arguments(model, lesson, texts, count, threads, classes, err);
    if (rc || count == 0) {
        return rc;
    }
    kundig__mem mem;
    kundig__mem_init(&mem, &model->mem.hook, 0);
    classify_job job = {.model = model,
                        .learned = classify_learned(model, lesson),
                        .discovered = lesson == KUNDIG_LESSON_DISCOVERED
                                          ? kundig__model_discovered_of(model)
                                          : NULL,
                        .mood = lesson == KUNDIG_LESSON_SENTIMENT,
                        .ruled = model->taught.sign_count > 0,
                        .class_count = kundig_model_class_count(model, lesson),
                        .texts = texts,
                        .count = count,
                        .classes = classes,
                        .probabilities = probabilities,
                        .holds = holds,
                        .sureness = sureness};
    atomic_init(&job.next, 0);
    atomic_init(&job.failed, false);
    return classify_run(&job, &mem, threads ? threads : 1, err);
}
