/* Networks learned beside the support vectors, and how much they have to say.
 *
 *   each network: epochs without what is aside, tried on that, epochs with all
 *   > each of a few shares: margins blended, calibrated, judged by their loss > the best, or none
 *
 * Networks learn side by side, one a thread; none knows of the others, so the number of threads
 * does not show. Where what was kept aside says that they do not help, there are none: then the
 * classifier is that of KUNDIG_QUALITY_FAST.
 * Cost: that of the learners (net_learn.c), and one calibration a share. */
#include "base/os.h"
#include "learn/learned.h"

#define BLEND_LEAST 100u /* documents aside, or nobody can say whether networks help */
#define BLEND_FEW   10u /* classes: below that networks help rarely, and must be right more often */
#define BLEND_GAIN  0.01 /* of micro-F1: and more so where a text has several classes */

static const float blend_shares[] = {0.4f, 0.6f, 0.75f};

typedef struct blend_work {
    kundig__mem *mem;
    kundig__classifier *classifier;
    kundig__trial *trial;
    kundig__net_learner learners[KUNDIG__NETS];
    uint32_t threads;
    uint32_t first;               /* network of the first thread */
    size_t size;                  /* margins of the trial */
    float *plain;                 /* those of the support vectors */
    float *nets;                  /* [KUNDIG__NETS][size]; then their mean, in the first */
    kundig__class_facts *classes; /* of a try: those of the classifier are of the last one alone */
} blend_work;

uint32_t kundig__nets_steps(const kundig__documents *documents, uint32_t threads)
{
    if (documents->course->quality != KUNDIG_QUALITY_BEST || documents->aside_count < BLEND_LEAST) {
        return 0;
    }
    uint32_t epochs = kundig__net_epochs(documents) + kundig__net_epochs_more(documents);
    return threads > 1 ? epochs : epochs * KUNDIG__NETS;
}

/* ---- Learning ------------------------------------------------------------------------------- */

static void blend_epoch(void *ud, uint32_t part)
{
    blend_work *work = ud;
    if (work->first + part < KUNDIG__NETS) {
        kundig__net_epoch(&work->learners[work->first + part]);
    }
}

static void blend_try(void *ud, uint32_t part)
{
    blend_work *work = ud;
    uint32_t net = work->first + part;
    if (net >= KUNDIG__NETS) {
        return;
    }
    const kundig__trial *trial = work->trial;
    size_t class_count = trial->documents->course->class_count;
    float *margins = work->nets + net * work->size;
    for (size_t i = 0; i < trial->count; i++) {
        kundig__net_margins(&work->learners[net], &trial->documents->list[trial->list[i]],
                            margins + i * class_count);
    }
}

/* One run of epochs of those that learn side by side. */
static int blend_run(blend_work *work, bool all, kundig__steps *steps, kundig_error *err)
{
    const kundig__documents *documents = work->trial->documents;
    uint32_t epochs = all ? kundig__net_epochs_more(documents) : kundig__net_epochs(documents);
    for (uint32_t i = 0; i < work->threads && work->first + i < KUNDIG__NETS; i++) {
        kundig__net_begin(&work->learners[work->first + i], all);
    }
    for (uint32_t epoch = 0; epoch < epochs; epoch++) {
        int rc = kundig__step(steps, err);
        if (rc != KUNDIG_OK) {
            return rc;
        }
        kundig__fork_join(work->threads, blend_epoch, work);
    }
    return KUNDIG_OK;
}

static int blend_learn(blend_work *work, kundig__steps *steps, kundig_error *err)
{
    kundig__classifier *classifier = work->classifier;
    const kundig__documents *documents = work->trial->documents;
    for (work->first = 0; work->first < KUNDIG__NETS; work->first += work->threads) {
        uint32_t end = work->first + work->threads;
        end = end < KUNDIG__NETS ? end : KUNDIG__NETS;
        for (uint32_t i = work->first; i < end; i++) {
            if (!kundig__net_learner_init(&work->learners[i], work->mem, documents, i)) {
                return kundig__nomem(work->mem, err);
            }
        }
        int rc = blend_run(work, false, steps, err);
        if (rc == KUNDIG_OK) {
            kundig__fork_join(work->threads, blend_try, work);
            rc = blend_run(work, true, steps, err);
        }
        if (rc != KUNDIG_OK) {
            return rc;
        }
        for (uint32_t i = work->first; i < end; i++) {
            if (!kundig__nets_add(&classifier->nets, &classifier->weights, &work->learners[i])) {
                return kundig__nomem(&classifier->mem, err);
            }
            kundig__net_learner_free(&work->learners[i]);
        }
    }
    return KUNDIG_OK;
}

/* ---- Shares --------------------------------------------------------------------------------- */

static void blend_margins(const blend_work *work, float share)
{
    for (size_t i = 0; i < work->size; i++) {
        work->trial->margins[i] = kundig__nets_blend(share, work->plain[i], work->nets[i]);
    }
}

/* How good the margins are that stand in the trial. */
typedef struct blend_grade {
    double loss;
    double right; /* accuracy, or micro-F1 where a text has several classes */
} blend_grade;

static int blend_try_margins(const blend_work *work, blend_grade *grade, kundig_error *err)
{
    kundig__classifier *classifier = work->classifier;
    kundig__classifier_facts facts = classifier->facts;
    memcpy(work->classes, classifier->classes, facts.class_count * sizeof *work->classes);
    int rc = kundig__calibrate(&classifier->judge, work->trial);
    if (rc == KUNDIG_OK) {
        rc = kundig__try(&classifier->judge, work->trial, &facts, work->classes,
                         classifier->mistakes);
    }
    bool several = classifier->judge.kind == KUNDIG__COURSE_SEVERAL;
    *grade = (blend_grade){facts.log_loss, several ? facts.micro_f1 : facts.accuracy};
    return rc == KUNDIG_OK ? rc : kundig__nomem(work->mem, err);
}

static int blend_choose(blend_work *work, kundig_error *err)
{
    kundig__nets *nets = &work->classifier->nets;
    const kundig__judge *judge = &work->classifier->judge;
    for (size_t i = 0; i < work->size; i++) {
        float sum = work->nets[i];
        for (uint32_t j = 1; j < KUNDIG__NETS; j++) {
            sum += work->nets[j * work->size + i];
        }
        work->nets[i] = sum / (float)KUNDIG__NETS;
    }
    blend_grade plain;
    int rc = blend_try_margins(work, &plain, err);
    double least = plain.loss;
    nets->temperature = judge->temperature;
    memcpy(nets->slopes, judge->slopes, nets->class_count * sizeof *nets->slopes);
    memcpy(nets->offsets, judge->offsets, nets->class_count * sizeof *nets->offsets);
    memcpy(nets->thresholds, judge->thresholds, nets->class_count * sizeof *nets->thresholds);
    float best = 0;
    for (size_t i = 0; i < sizeof blend_shares / sizeof *blend_shares && rc == KUNDIG_OK; i++) {
        blend_grade grade;
        blend_margins(work, blend_shares[i]);
        rc = blend_try_margins(work, &grade, err);
        bool good = judge->kind == KUNDIG__COURSE_SEVERAL ? grade.right >= plain.right + BLEND_GAIN
                    : nets->class_count < BLEND_FEW       ? grade.right > plain.right
                                                          : true;
        if (rc == KUNDIG_OK && good && grade.loss < least) {
            least = grade.loss;
            best = blend_shares[i];
        }
    }
    if (rc != KUNDIG_OK) {
        return rc;
    }
    if (best > 0) {
        blend_margins(work, best);
        nets->share = best;
    } else {
        memcpy(work->trial->margins, work->plain, work->size * sizeof *work->plain);
        kundig__nets_free(nets);
    }
    return KUNDIG_OK;
}

int kundig__nets_learn(kundig__classifier *classifier, kundig__trial *trial, uint32_t threads,
                       kundig__steps *steps, kundig_error *err)
{
    const kundig__documents *documents = trial->documents;
    if (!kundig__nets_steps(documents, threads)) {
        return KUNDIG_OK;
    }
    kundig__mem *mem = trial->mem;
    blend_work work = {.mem = mem, .classifier = classifier, .trial = trial};
    work.threads = threads < KUNDIG__NETS ? threads : KUNDIG__NETS;
    work.size = trial->count * documents->course->class_count;
    work.plain = kundig__alloc(mem, work.size * sizeof *work.plain);
    work.nets = kundig__alloc(mem, KUNDIG__NETS * work.size * sizeof *work.nets);
    size_t classes = documents->course->class_count * sizeof *work.classes;
    work.classes = kundig__alloc(mem, classes);
    int rc = KUNDIG_OK;
    if (!work.plain || !work.nets || !work.classes) {
        rc = kundig__nomem(mem, err);
    } else if (!kundig__nets_init(&classifier->nets, &classifier->mem, &classifier->weights)) {
        rc = kundig__nomem(&classifier->mem, err);
    }
    if (rc == KUNDIG_OK) {
        memcpy(work.plain, trial->margins, work.size * sizeof *work.plain);
        rc = blend_learn(&work, steps, err);
    }
    if (rc == KUNDIG_OK) {
        rc = blend_choose(&work, err);
    }
    for (uint32_t i = 0; i < KUNDIG__NETS; i++) {
        kundig__net_learner_free(&work.learners[i]);
    }
    kundig__free(mem, work.plain, work.size * sizeof *work.plain);
    kundig__free(mem, work.nets, KUNDIG__NETS * work.size * sizeof *work.nets);
    kundig__free(mem, work.classes, classes);
    return rc;
}
