/* Learning, from lessons to a classifier; and asking it.
 *
 *   lessons > documents > for each block of classes: learn without those aside, try on those,
 *           go on with all, keep the weights > probabilities > rows of small numbers
 *
 * Blocks are worked on side by side, one a thread; what each learns depends on no other, and they
 * are put together by number, so the number of threads does not show.
 * Invariant: a classifier is never written once it was given out.
 * Cost: that of the learner (svm.c); to ask, features times classes. */
#include "base/os.h"
#include "base/text.h"
#include "learn/learned.h"

#define LEARN_THREADS 64u
#define LEARN_CURVE   500u /* documents aside that the curve of sizes is drawn from */

/* Sizes of weights below which they go, for the curve. */
static const float learn_leasts[KUNDIG__LEARN_SIZES] = {0.0f,  0.01f, 0.02f, 0.03f,
                                                        0.05f, 0.08f, 0.12f, 0.2f};

/* ---- Its life ------------------------------------------------------------------------------- */

kundig__classifier *kundig__classifier_new(const kundig_allocator *allocator, uint32_t class_count,
                                           int kind)
{
    kundig__mem mem;
    kundig__mem_init(&mem, allocator, 0);
    kundig__classifier *classifier = kundig__alloc_zero(&mem, sizeof *classifier);
    if (!classifier) {
        return NULL;
    }
    classifier->mem = mem;
    kundig__mem *own = &classifier->mem;
    atomic_init(&classifier->references, 1);
    kundig__arena_init(&classifier->names, own);
    classifier->facts.class_count = class_count;
    classifier->facts.kind = kind;
    kundig__judge *judge = &classifier->judge;
    judge->class_count = class_count;
    judge->kind = kind;
    classifier->classes = kundig__alloc_zero(own, class_count * sizeof *classifier->classes);
    classifier->taught = kundig__alloc_zero(own, class_count);
    judge->slopes = kundig__alloc_zero(own, class_count * sizeof *judge->slopes);
    judge->offsets = kundig__alloc_zero(own, class_count * sizeof *judge->offsets);
    judge->thresholds = kundig__alloc_zero(own, class_count * sizeof *judge->thresholds);
    judge->taught = classifier->taught;
    if (!classifier->classes || !classifier->taught || !judge->slopes || !judge->offsets ||
        !judge->thresholds) {
        kundig__classifier_free(classifier);
        return NULL;
    }
    return classifier;
}

kundig__classifier *kundig__classifier_retain(kundig__classifier *classifier)
{
    if (classifier) {
        atomic_fetch_add_explicit(&classifier->references, 1, memory_order_relaxed);
    }
    return classifier;
}

void kundig__classifier_free(kundig__classifier *classifier)
{
    if (!classifier ||
        atomic_fetch_sub_explicit(&classifier->references, 1, memory_order_acq_rel) != 1) {
        return;
    }
    kundig__mem mem = classifier->mem;
    size_t count = classifier->facts.class_count;
    kundig__weights_free(&classifier->weights);
    kundig__nets_free(&classifier->nets);
    kundig__free(&mem, classifier->classes, count * sizeof *classifier->classes);
    kundig__free(&mem, classifier->taught, count);
    kundig__free(&mem, classifier->judge.slopes, count * sizeof *classifier->judge.slopes);
    kundig__free(&mem, classifier->judge.offsets, count * sizeof *classifier->judge.offsets);
    kundig__free(&mem, classifier->judge.thresholds, count * sizeof *classifier->judge.thresholds);
    kundig__free(&mem, classifier->mistakes,
                 classifier->mistake_capacity * sizeof *classifier->mistakes);
    kundig__free(&mem, classifier->features,
                 classifier->feature_capacity * sizeof *classifier->features);
    kundig__arena_free(&classifier->names);
    kundig__free(&mem, classifier, sizeof *classifier);
}

const kundig__classifier_facts *kundig__classifier_facts_of(const kundig__classifier *classifier)
{
    return &classifier->facts;
}

void kundig__classifier_settle(kundig__classifier *classifier)
{
    kundig__classifier_facts *facts = &classifier->facts;
    const kundig__weights *weights = &classifier->weights;
    facts->classes = classifier->classes;
    facts->mistakes = classifier->mistakes;
    facts->features = classifier->features;
    facts->temperature = (double)classifier->judge.temperature;
    facts->sure = (double)classifier->judge.sure;
    facts->weights = weights->weight_count;
    facts->words = 0;
    facts->characters = 0;
    for (uint32_t i = 0; i < weights->row_count; i++) {
        facts->words += weights->buckets[i] >> weights->bits == KUNDIG__BLOCK_WORDS;
        facts->characters += weights->buckets[i] >> weights->bits == KUNDIG__BLOCK_CHARACTERS;
    }
    for (uint32_t k = 0; k < facts->class_count; k++) {
        classifier->classes[k].threshold = classifier->judge.thresholds[k];
    }
    facts->bytes = kundig__classifier_size(classifier, 0);
}

/* ---- Learning ------------------------------------------------------------------------------- */

typedef struct learn_work {
    kundig__mem *mem;
    const kundig__course *course;
    kundig__documents documents;
    kundig__trial trial;
    float *curve; /* margins at each of the learn_leasts but the first, of the first documents */
    size_t curve_count;
    kundig__svm *svms; /* one a thread */
    uint32_t threads;
    uint32_t block; /* of the first thread */
    uint32_t block_count;
    kundig__weight_block *blocks;
    kundig__steps steps;
} learn_work;

static void learn_try(learn_work *work, const kundig__svm *svm)
{
    uint32_t class_count = work->course->class_count;
    for (size_t i = 0; i < work->trial.count; i++) {
        const kundig__document *document = &work->documents.list[work->trial.list[i]];
        float margins[KUNDIG__SVM_WIDE];
        kundig__svm_margins(svm, document, 0, margins);
        memcpy(work->trial.margins + i * class_count + svm->first, margins,
               svm->classes * sizeof *margins);
        for (uint32_t j = 1; j < KUNDIG__LEARN_SIZES && i < work->curve_count; j++) {
            kundig__svm_margins(svm, document, learn_leasts[j], margins);
            memcpy(work->curve + ((j - 1) * work->curve_count + i) * class_count + svm->first,
                   margins, svm->classes * sizeof *margins);
        }
    }
}

static void learn_block(void *ud, uint32_t part)
{
    learn_work *work = ud;
    uint32_t block = work->block + part;
    if (block >= work->block_count) {
        return;
    }
    kundig__svm *svm = &work->svms[part];
    kundig__svm_begin(svm, block);
    learn_try(work, svm);
    kundig__svm_finish(svm);
}

int kundig__step(kundig__steps *steps, kundig_error *err)
{
    const kundig__course *course = steps->course;
    steps->done++;
    if (course->progress && course->progress(course->progress_ud, steps->done, steps->total) != 0) {
        return kundig__fail(err, KUNDIG_E_CANCELLED, 0, "cancelled by progress()");
    }
    return KUNDIG_OK;
}

static int learn_blocks(learn_work *work, kundig_error *err)
{
    kundig__mem *mem = work->mem;
    uint32_t threads = work->threads;
    for (uint32_t i = 0; i < threads; i++) {
        if (!kundig__svm_init(&work->svms[i], mem, &work->documents)) {
            return kundig__nomem(mem, err);
        }
    }
    for (work->block = 0; work->block < work->block_count; work->block += threads) {
        int rc = kundig__step(&work->steps, err);
        if (rc != KUNDIG_OK) {
            return rc;
        }
        kundig__fork_join(threads, learn_block, work);
        for (uint32_t i = 0; i < threads && work->block + i < work->block_count; i++) {
            if (!kundig__weight_block_keep(&work->blocks[work->block + i], mem, &work->svms[i])) {
                return kundig__nomem(mem, err);
            }
        }
    }
    kundig__trial_settle(&work->trial);
    return KUNDIG_OK;
}

/* The judge of what the support vectors say alone. */
static kundig__judge learn_plain_judge(const kundig__classifier *classifier)
{
    kundig__judge judge = classifier->judge;
    if (classifier->nets.count) {
        judge.temperature = classifier->nets.temperature;
        judge.slopes = classifier->nets.slopes;
        judge.offsets = classifier->nets.offsets;
        judge.thresholds = classifier->nets.thresholds;
    }
    return judge;
}

/* Points of the curve behind the first are without networks. */
static void learn_curve(const learn_work *work, kundig__classifier *classifier)
{
    kundig__classifier_facts *facts = &classifier->facts;
    if (work->curve_count == 0) {
        return;
    }
    size_t size = work->curve_count * work->course->class_count;
    kundig__judge judge = learn_plain_judge(classifier);
    uint64_t bytes[KUNDIG__LEARN_SIZES];
    kundig__classifier_sizes(classifier, learn_leasts, KUNDIG__LEARN_SIZES, bytes);
    for (uint32_t i = 0; i < KUNDIG__LEARN_SIZES; i++) {
        const float *margins = i ? work->curve + (i - 1) * size : work->trial.margins;
        const kundig__judge *by = i ? &judge : &classifier->judge;
        facts->sizes[i].least = (double)learn_leasts[i];
        facts->sizes[i].bytes = bytes[i];
        facts->sizes[i].accuracy =
            kundig__trial_accuracy(by, &work->trial, margins, work->curve_count);
    }
    facts->size_count = KUNDIG__LEARN_SIZES;
}

static int learn_finish(learn_work *work, kundig__classifier *classifier, kundig_error *err)
{
    kundig__documents *documents = &work->documents;
    uint32_t class_count = work->course->class_count;
    kundig__classifier_facts *facts = &classifier->facts;
    memcpy(classifier->taught, documents->taught, class_count);
    memcpy(classifier->classes, documents->classes, class_count * sizeof *classifier->classes);
    facts->quality = work->course->quality;
    facts->lessons = documents->lessons;
    facts->documents = documents->count;
    facts->customers = documents->customers;
    classifier->mistake_capacity = KUNDIG__LEARN_MISTAKES;
    classifier->mistakes = kundig__alloc_zero(&classifier->mem, classifier->mistake_capacity *
                                                                    sizeof *classifier->mistakes);
    if (!classifier->mistakes) {
        return kundig__nomem(&classifier->mem, err);
    }
    if (!kundig__weights_make(&classifier->weights, &classifier->mem, documents, work->blocks,
                              work->block_count)) {
        return kundig__nomem(&classifier->mem, err);
    }
    uint32_t threads = work->course->threads ? work->course->threads : 1;
    int rc = kundig__nets_learn(classifier, &work->trial, threads, &work->steps, err);
    if (rc == KUNDIG_OK) {
        rc = kundig__step(&work->steps, err);
    }
    if (rc != KUNDIG_OK) {
        return rc;
    }
    rc = kundig__calibrate(&classifier->judge, &work->trial);
    if (rc == KUNDIG_OK) {
        rc = kundig__try(&classifier->judge, &work->trial, facts, classifier->classes,
                         classifier->mistakes);
    }
    if (rc == KUNDIG_OK && !work->course->bare) {
        rc = kundig__names_find(classifier, documents, work->mem);
    }
    if (rc != KUNDIG_OK) {
        return kundig__nomem(rc == KUNDIG_E_LIMIT ? work->mem : &classifier->mem, err);
    }
    learn_curve(work, classifier);
    kundig__classifier_settle(classifier);
    return KUNDIG_OK;
}

static int learn_prepare(learn_work *work, kundig_error *err)
{
    kundig__mem *mem = work->mem;
    const kundig__course *course = work->course;
    int rc = kundig__documents_make(&work->documents, mem, course, err);
    if (rc != KUNDIG_OK) {
        return rc;
    }
    uint32_t width = kundig__svm_width(course->class_count);
    work->block_count = (course->class_count + width - 1) / width;
    work->threads = course->threads ? course->threads : 1;
    work->steps.course = course;
    work->steps.total = work->block_count + 1 + kundig__nets_steps(&work->documents, work->threads);
    work->threads = work->threads < LEARN_THREADS ? work->threads : LEARN_THREADS;
    work->threads = work->threads < work->block_count ? work->threads : work->block_count;
    work->svms = kundig__alloc_zero(mem, work->threads * sizeof *work->svms);
    work->blocks = kundig__alloc_zero(mem, work->block_count * sizeof *work->blocks);
    if (!work->svms || !work->blocks || !kundig__trial_init(&work->trial, mem, &work->documents)) {
        return kundig__nomem(mem, err);
    }
    size_t most = work->trial.count < LEARN_CURVE ? work->trial.count : LEARN_CURVE;
    work->curve_count = course->bare ? 0 : most;
    work->curve = kundig__alloc(mem, (KUNDIG__LEARN_SIZES - 1) * work->curve_count *
                                         course->class_count * sizeof *work->curve);
    return work->curve ? KUNDIG_OK : kundig__nomem(mem, err);
}

static void learn_free(learn_work *work)
{
    kundig__mem *mem = work->mem;
    size_t classes = work->course->class_count;
    for (uint32_t i = 0; work->svms && i < work->threads; i++) {
        kundig__svm_free(&work->svms[i]);
    }
    for (uint32_t i = 0; work->blocks && i < work->block_count; i++) {
        kundig__weight_block_free(&work->blocks[i], mem);
    }
    kundig__free(mem, work->svms, work->threads * sizeof *work->svms);
    kundig__free(mem, work->blocks, work->block_count * sizeof *work->blocks);
    kundig__free(mem, work->curve,
                 (KUNDIG__LEARN_SIZES - 1) * work->curve_count * classes * sizeof *work->curve);
    kundig__trial_free(&work->trial);
    kundig__documents_free(&work->documents);
}

int kundig__classifier_learn(kundig__mem *mem, const kundig__course *course,
                             kundig__classifier **out, kundig_error *err)
{
    if (course->class_count > KUNDIG__WEIGHTS_CLASSES) {
        return kundig__fail(err, KUNDIG_E_LIMIT, 0, "%lu classes are more than %lu",
                            (unsigned long)course->class_count,
                            (unsigned long)KUNDIG__WEIGHTS_CLASSES);
    }
    learn_work work = {.mem = mem, .course = course};
    kundig__classifier *classifier = NULL;
    kundig__classifier *small = NULL;
    int rc = learn_prepare(&work, err);
    if (rc == KUNDIG_OK) {
        rc = learn_blocks(&work, err);
    }
    if (rc == KUNDIG_OK) {
        classifier = kundig__classifier_new(&mem->hook, course->class_count, course->kind);
        rc = classifier ? learn_finish(&work, classifier, err) : kundig__nomem(mem, err);
    }
    learn_free(&work);
    if (rc == KUNDIG_OK && course->most_bytes && classifier->facts.bytes > course->most_bytes) {
        rc = kundig__classifier_prune(mem, classifier, course->most_bytes, &small, err);
        kundig__classifier_free(classifier);
        classifier = small;
    }
    if (rc == KUNDIG_OK) {
        *out = classifier;
    } else {
        kundig__classifier_free(classifier);
    }
    return rc;
}

/* ---- Pruning -------------------------------------------------------------------------------- */

/* The least size below which weights must go for the rest to fit; sizes only shrink as it grows. */
static float prune_least(const kundig__classifier *classifier, uint64_t most_bytes)
{
    float low = 0;
    float high = 64;
    for (int i = 0; i < 24; i++) {
        float middle = (low + high) / 2;
        if (kundig__classifier_size(classifier, middle) > most_bytes) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return high;
}

/* What that cost, by the curve: between two of its points, in proportion; networks go first. */
static double prune_loss(const kundig__classifier *classifier, double least)
{
    const kundig__classifier_facts *facts = &classifier->facts;
    if (!(least > 0)) {
        return 0;
    }
    for (uint32_t i = 1; i < facts->size_count; i++) {
        const kundig__learn_size *from = &facts->sizes[i - 1];
        const kundig__learn_size *to = &facts->sizes[i];
        if (least <= to->least || i + 1 == facts->size_count) {
            double share = (least - from->least) / (to->least - from->least);
            share = share > 1 || (i == 1 && classifier->nets.count) ? 1 : share;
            return facts->sizes[0].accuracy -
                   (from->accuracy + share * (to->accuracy - from->accuracy));
        }
    }
    return 0;
}

/* whole: with the networks, if there are any. */
static int prune_copy(kundig__classifier *out, const kundig__classifier *from, bool whole,
                      kundig_error *err)
{
    size_t count = from->facts.class_count;
    kundig__mem *mem = &out->mem;
    kundig__judge arrays = out->judge;
    kundig__judge judge = whole ? from->judge : learn_plain_judge(from);
    out->judge = judge;
    out->judge.taught = out->taught;
    out->judge.slopes = arrays.slopes;
    out->judge.offsets = arrays.offsets;
    out->judge.thresholds = arrays.thresholds;
    memcpy(out->taught, from->taught, count);
    memcpy(out->classes, from->classes, count * sizeof *out->classes);
    memcpy(out->judge.slopes, judge.slopes, count * sizeof *arrays.slopes);
    memcpy(out->judge.offsets, judge.offsets, count * sizeof *arrays.offsets);
    memcpy(out->judge.thresholds, judge.thresholds, count * sizeof *arrays.thresholds);
    out->facts = from->facts;
    size_t mistakes = from->facts.mistake_count;
    size_t features = from->facts.feature_count;
    out->mistakes = kundig__alloc(mem, mistakes * sizeof *out->mistakes);
    out->mistake_capacity = out->mistakes ? mistakes : 0;
    out->features = kundig__alloc(mem, features * sizeof *out->features);
    out->feature_capacity = out->features ? features : 0;
    if (!out->mistakes || !out->features) {
        return kundig__nomem(mem, err);
    }
    for (size_t i = 0; i < mistakes; i++) {
        out->mistakes[i] = from->mistakes[i];
    }
    for (size_t i = 0; i < features; i++) {
        out->features[i] = from->features[i];
        out->features[i].name = kundig__arena_text(&out->names, from->features[i].name);
        if (!out->features[i].name.data) {
            return kundig__nomem(mem, err);
        }
    }
    return KUNDIG_OK;
}

int kundig__classifier_prune(kundig__mem *mem, const kundig__classifier *classifier,
                             uint64_t most_bytes, kundig__classifier **out, kundig_error *err)
{
    float least = classifier->facts.bytes <= most_bytes ? 0 : prune_least(classifier, most_bytes);
    uint64_t size = kundig__classifier_size(classifier, least);
    if (size > most_bytes) {
        return kundig__fail(err, KUNDIG_E_VALUE, 0,
                            "%llu bytes are too few: what was learned takes %llu at least",
                            (unsigned long long)most_bytes, (unsigned long long)size);
    }
    kundig__classifier *small =
        kundig__classifier_new(&mem->hook, classifier->facts.class_count, classifier->facts.kind);
    if (!small) {
        return kundig__nomem(mem, err);
    }
    int rc = prune_copy(small, classifier, !(least > 0), err);
    if (rc == KUNDIG_OK &&
        !kundig__weights_prune(&small->weights, &small->mem, &classifier->weights, least)) {
        rc = kundig__nomem(&small->mem, err);
    }
    if (rc == KUNDIG_OK && !(least > 0) && classifier->nets.count &&
        (!kundig__nets_init(&small->nets, &small->mem, &small->weights) ||
         !kundig__nets_copy(&small->nets, &classifier->nets))) {
        rc = kundig__nomem(&small->mem, err);
    }
    if (rc != KUNDIG_OK) {
        kundig__classifier_free(small);
        return rc;
    }
    double loss = prune_loss(classifier, (double)least);
    small->facts.loss = loss > classifier->facts.loss ? loss : classifier->facts.loss;
    kundig__classifier_settle(small);
    *out = small;
    return KUNDIG_OK;
}

/* ---- Asking --------------------------------------------------------------------------------- */

int kundig__classifying_init(kundig__classifying *classifying, kundig__mem *mem,
                             const kundig__classifier *classifier)
{
    memset(classifying, 0, sizeof *classifying);
    const kundig__weights *weights = &classifier->weights;
    size_t count = weights->class_count;
    classifying->mem = mem;
    classifying->classifier = classifier;
    classifying->margins = kundig__alloc_zero(mem, count * sizeof *classifying->margins);
    classifying->probabilities =
        kundig__alloc_zero(mem, count * sizeof *classifying->probabilities);
    classifying->holds = kundig__alloc_zero(mem, count);
    kundig__asking *asking = kundig__alloc_zero(mem, sizeof *asking);
    classifying->work = asking;
    bool made = classifying->margins && classifying->probabilities && classifying->holds && asking;
    if (made) {
        made = kundig__features_init(&asking->features, mem, weights->bits, weights->sign_count,
                                     weights->lookup, weights->row_count) &&
               kundig__weighing_init(&asking->weighing, mem, weights) &&
               kundig__nets_asking_init(&asking->nets, mem, &classifier->nets);
    }
    if (!made) {
        kundig__classifying_free(classifying);
        return kundig__nomem(mem, NULL);
    }
    return KUNDIG_OK;
}

void kundig__classifying_free(kundig__classifying *classifying)
{
    kundig__mem *mem = classifying->mem;
    if (!mem) {
        return;
    }
    const kundig__weights *weights = &classifying->classifier->weights;
    size_t count = weights->class_count;
    kundig__asking *asking = classifying->work;
    if (asking) {
        kundig__features_free(&asking->features);
        kundig__weighing_free(&asking->weighing, mem, weights);
        kundig__nets_asking_free(&asking->nets, mem, &classifying->classifier->nets);
        kundig__free(mem, asking->spoken, asking->spoken_capacity * sizeof *asking->spoken);
        kundig__free(mem, asking, sizeof *asking);
    }
    kundig__free(mem, classifying->margins, count * sizeof *classifying->margins);
    kundig__free(mem, classifying->probabilities, count * sizeof *classifying->probabilities);
    kundig__free(mem, classifying->holds, count);
    memset(classifying, 0, sizeof *classifying);
}

int kundig__classify(kundig__classifying *classifying, const kundig__scratch *scratch,
                     const uint32_t *signs, size_t sign_count)
{
    const kundig__classifier *classifier = classifying->classifier;
    const kundig__judge *judge = &classifier->judge;
    kundig__asking *asking = classifying->work;
    kundig__features *features = &asking->features;
    if (!kundig__features_read(features, scratch, signs, sign_count) ||
        !kundig__weigh(&asking->weighing, classifying->mem, &classifier->weights, features,
                       classifying->margins)) {
        return kundig__nomem(classifying->mem, NULL);
    }
    float sureness = -1e9f;
    for (uint32_t k = 0; k < judge->class_count; k++) {
        float margin = classifying->margins[k];
        sureness = judge->taught[k] && margin > sureness ? margin : sureness;
    }
    if (!kundig__nets_ask(&asking->nets, classifying->mem, &classifier->nets, &classifier->weights,
                          &asking->weighing, features, classifying->margins)) {
        return kundig__nomem(classifying->mem, NULL);
    }
    classifying->best = kundig__judge_margins(judge, classifying->margins,
                                              classifying->probabilities, classifying->holds);
    bool any = false;
    for (uint32_t k = 0; k < judge->class_count; k++) {
        any = any || classifying->holds[k];
    }
    classifying->sureness = sureness;
    classifying->refused = judge->kind == KUNDIG__COURSE_SEVERAL ? !any : sureness < judge->sure;
    if (classifying->refused) {
        classifying->holds[classifying->best] = 0;
    }
    float known = 0;
    float blocks = 0;
    for (uint32_t block = 0; block < KUNDIG__BLOCK_SIGNS; block++) {
        if (features->seen[block]) {
            known += (float)(features->seen[block] - features->unknown[block]) /
                     (float)features->seen[block];
            blocks += 1;
        }
    }
    classifying->known = blocks > 0 ? known / blocks : 0;
    return KUNDIG_OK;
}
