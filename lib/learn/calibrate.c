/* Probabilities: one class a text, softmax of margins times a temperature (Guo and others, 2017);
 * several, a logistic curve a class (Platt, 1999), drawn towards the one of all classes together
 * where a class has few examples. Thresholds of several classes are those of the best F1, drawn
 * likewise. No class is told where the surest is less sure than nearly all of what was kept aside.
 *
 * Invariant: sums run over documents in their order, so the same documents give the same bits.
 * Cost: a few passes over documents aside times classes. */
#include "learn/calibrate.h"

#include "base/math.h"
#include "base/order.h"
#include "learn/lanes.h"

#define CALIBRATE_TEMPERATURE 5.0 /* where nothing tells better */
#define CALIBRATE_PRIOR       4.0 /* documents that this is worth */
#define CALIBRATE_ROUNDS      12
#define CALIBRATE_REFUSED     0.03 /* share of what was kept aside that is refused, about */
#define CALIBRATE_SURE        (-0.95f)
#define CALIBRATE_LEAST       (-80.0f)
#define CALIBRATE_KNOWN       0.5f

/* p, which are all at most 0 or what stands for nothing, to e^p. */
static void judge_exp(float *p, uint32_t count)
{
    lanes least = lane4_all(CALIBRATE_LEAST);
    uint32_t k = 0;
    for (; k + LANES <= count; k += LANES) {
        lane4_store(p + k, lane4_exp(lane4_max(lane4_load(p + k), least)));
    }
    if (k < count) {
        float rest[LANES] = {0};
        memcpy(rest, p + k, (count - k) * sizeof *rest);
        lane4_store(rest, lane4_exp(lane4_max(lane4_load(rest), least)));
        memcpy(p + k, rest, (count - k) * sizeof *rest);
    }
}

static uint32_t judge_best(const kundig__judge *judge, const float *x)
{
    uint32_t best = 0;
    float top = 0;
    bool found = false;
    for (uint32_t k = 0; k < judge->class_count; k++) {
        if (judge->taught[k] && (!found || x[k] > top)) {
            top = x[k];
            best = k;
            found = true;
        }
    }
    return best;
}

static void judge_one(const kundig__judge *judge, const float *margins, float *probabilities,
                      uint8_t *holds, uint32_t best)
{
    uint32_t count = judge->class_count;
    float top = margins[best];
    for (uint32_t k = 0; k < count; k++) {
        float x = (margins[k] - top) * judge->temperature;
        probabilities[k] = x < 0 ? x : 0;
    }
    judge_exp(probabilities, count);
    /* Four sums side by side, then their sum: one order on every machine. */
    float sums[LANES] = {0};
    for (uint32_t k = 0; k < count; k++) {
        probabilities[k] = judge->taught[k] ? probabilities[k] : 0;
        sums[k % LANES] += probabilities[k];
    }
    float by = 1 / ((sums[0] + sums[1]) + (sums[2] + sums[3]));
    for (uint32_t k = 0; k < count; k++) {
        probabilities[k] *= by;
    }
    memset(holds, 0, count);
    holds[best] = 1;
}

static void judge_several(const kundig__judge *judge, float *x, uint8_t *holds)
{
    for (uint32_t k = 0; k < judge->class_count; k++) {
        holds[k] = x[k] < 0;
        x[k] = holds[k] ? x[k] : -x[k];
    }
    judge_exp(x, judge->class_count);
    for (uint32_t k = 0; k < judge->class_count; k++) {
        /* e^-|x| / (1 + e^-|x|), or what is left of 1 */
        float small = x[k] / (1 + x[k]);
        x[k] = !judge->taught[k] ? 0 : holds[k] ? small : 1 - small;
        holds[k] = judge->taught[k] && x[k] >= judge->thresholds[k];
    }
}

uint32_t kundig__judge_margins(const kundig__judge *judge, const float *margins,
                               float *probabilities, uint8_t *holds)
{
    if (judge->kind != KUNDIG__COURSE_SEVERAL) {
        uint32_t best = judge_best(judge, margins);
        judge_one(judge, margins, probabilities, holds, best);
        return best;
    }
    for (uint32_t k = 0; k < judge->class_count; k++) {
        probabilities[k] = margins[k] * judge->slopes[k] + judge->offsets[k];
    }
    uint32_t best = judge_best(judge, probabilities);
    judge_several(judge, probabilities, holds);
    return best;
}

bool kundig__trial_init(kundig__trial *trial, kundig__mem *mem, const kundig__documents *documents)
{
    memset(trial, 0, sizeof *trial);
    trial->mem = mem;
    trial->documents = documents;
    trial->count = documents->aside_count;
    size_t classes = documents->course->class_count;
    trial->list = kundig__alloc(mem, trial->count * sizeof *trial->list);
    trial->margins = kundig__alloc(mem, trial->count * classes * sizeof *trial->margins);
    trial->sureness = kundig__alloc(mem, trial->count * sizeof *trial->sureness);
    if (!trial->list || !trial->margins || !trial->sureness) {
        kundig__trial_free(trial);
        return false;
    }
    size_t at = 0;
    for (size_t i = 0; i < documents->count; i++) {
        if (documents->list[i].aside) {
            trial->list[at++] = (uint32_t)i;
        }
    }
    return true;
}

void kundig__trial_free(kundig__trial *trial)
{
    kundig__mem *mem = trial->mem;
    if (!mem) {
        return;
    }
    size_t classes = trial->documents->course->class_count;
    kundig__free(mem, trial->list, trial->count * sizeof *trial->list);
    kundig__free(mem, trial->margins, trial->count * classes * sizeof *trial->margins);
    kundig__free(mem, trial->sureness, trial->count * sizeof *trial->sureness);
    memset(trial, 0, sizeof *trial);
}

void kundig__trial_settle(kundig__trial *trial)
{
    uint32_t count = trial->documents->course->class_count;
    for (size_t i = 0; i < trial->count; i++) {
        trial->sureness[i] = -1e9f;
        for (uint32_t k = 0; k < count; k++) {
            float margin = trial->margins[i * count + k];
            bool more = trial->documents->taught[k] && margin > trial->sureness[i];
            trial->sureness[i] = more ? margin : trial->sureness[i];
        }
    }
}

static const kundig__document *trial_document(const kundig__trial *trial, size_t i)
{
    return &trial->documents->list[trial->list[i]];
}

/* ---- One class a text ----------------------------------------------------------------------- */

/* Slope and curve of the loss over the logarithm of the temperature, added to. */
static void calibrate_one(const kundig__judge *judge, const kundig__trial *trial, size_t i,
                          double *slope, double *curve)
{
    uint32_t label = trial_document(trial, i)->label;
    const float *margins = trial->margins + i * judge->class_count;
    float top = margins[label];
    for (uint32_t k = 0; k < judge->class_count; k++) {
        top = judge->taught[k] && margins[k] > top ? margins[k] : top;
    }
    double sum = 0;
    double mean = 0;
    double square = 0;
    for (uint32_t k = 0; k < judge->class_count; k += LANES) {
        float four[LANES];
        for (uint32_t j = 0; j < LANES; j++) {
            float x = CALIBRATE_LEAST;
            if (k + j < judge->class_count && judge->taught[k + j]) {
                x = (margins[k + j] - top) * judge->temperature;
            }
            four[j] = x < CALIBRATE_LEAST ? CALIBRATE_LEAST : x;
        }
        lane4_store(four, lane4_exp(lane4_load(four)));
        for (uint32_t j = 0; j < LANES && k + j < judge->class_count; j++) {
            double margin = (double)(margins[k + j] - top);
            sum += (double)four[j];
            mean += (double)four[j] * margin;
            square += (double)four[j] * margin * margin;
        }
    }
    mean /= sum;
    square /= sum;
    double t = (double)judge->temperature;
    double times = (double)trial_document(trial, i)->times;
    double first = mean - (double)(margins[label] - top);
    *slope += times * t * first;
    *curve += times * (t * t * (square - mean * mean) + t * first);
}

static void calibrate_temperature(kundig__judge *judge, const kundig__trial *trial)
{
    double centre = kundig__log(CALIBRATE_TEMPERATURE);
    double log_t = centre;
    for (int round = 0; round < CALIBRATE_ROUNDS; round++) {
        double slope = CALIBRATE_PRIOR * (log_t - centre);
        double curve = CALIBRATE_PRIOR;
        judge->temperature = (float)kundig__exp(log_t);
        for (size_t i = 0; i < trial->count; i++) {
            if (trial_document(trial, i)->label != KUNDIG__NO_CLASS) {
                calibrate_one(judge, trial, i, &slope, &curve);
            }
        }
        double move = curve > 0 ? slope / curve : slope;
        move = move > 0.7 ? 0.7 : move < -0.7 ? -0.7 : move;
        log_t -= move;
        log_t = log_t > 6 ? 6 : log_t < -2 ? -2 : log_t;
        if (kundig__abs(move) < 0.001) {
            break;
        }
    }
    judge->temperature = (float)kundig__exp(log_t);
}

static int calibrate_sureness_order(const void *ud, uint32_t a, uint32_t b)
{
    const float *sureness = ud;
    return sureness[a] < sureness[b] ? -1 : sureness[a] > sureness[b];
}

/* The sureness that nearly all documents aside that have a class reach. */
static int calibrate_sure(kundig__judge *judge, const kundig__trial *trial)
{
    uint32_t *order = kundig__alloc(trial->mem, trial->count * sizeof *order);
    if (!order) {
        return kundig__nomem(trial->mem, NULL);
    }
    size_t count = 0;
    for (size_t i = 0; i < trial->count; i++) {
        if (trial_document(trial, i)->label != KUNDIG__NO_CLASS) {
            order[count++] = (uint32_t)i;
        }
    }
    kundig__order_sort(order, count, calibrate_sureness_order, trial->sureness);
    judge->sure = CALIBRATE_SURE;
    size_t at = (size_t)((double)count * CALIBRATE_REFUSED);
    if (count >= 20 && trial->sureness[order[at]] > judge->sure) {
        judge->sure = trial->sureness[order[at]];
    }
    kundig__free(trial->mem, order, trial->count * sizeof *order);
    return KUNDIG_OK;
}

/* ---- Several -------------------------------------------------------------------------------- */

/* What is known of a class in a document aside: 1 it holds, 0 it does not, -1 nothing. */
static int trial_truth(const kundig__document *document, uint32_t klass)
{
    uint32_t first = 0;
    uint32_t end = document->mark_count;
    while (first < end) {
        uint32_t middle = first + (end - first) / 2;
        if (document->marks[middle].klass < klass) {
            first = middle + 1;
        } else {
            end = middle;
        }
    }
    if (first < document->mark_count && document->marks[first].klass == klass) {
        const kundig__mark *mark = &document->marks[first];
        return mark->weight >= CALIBRATE_KNOWN ? mark->holds : -1;
    }
    return document->partial ? -1 : 0;
}

/* Sums for one step of Newton's over a slope and an offset. */
typedef struct calibrate_sums {
    double slope;
    double offset;
    double slope_slope;
    double slope_offset;
    double offset_offset;
    double holds; /* examples that hold */
} calibrate_sums;

static void calibrate_add(calibrate_sums *sums, double slope, double offset, double margin,
                          bool holds, double times)
{
    double x = slope * margin + offset;
    double small = kundig__exp(x < 0 ? x : -x);
    double p = x < 0 ? small / (1 + small) : 1 / (1 + small);
    double error = times * (p - (holds ? 1.0 : 0.0));
    double spread = times * p * (1 - p);
    sums->slope += error * margin;
    sums->offset += error;
    sums->slope_slope += spread * margin * margin;
    sums->slope_offset += spread * margin;
    sums->offset_offset += spread;
    sums->holds += holds ? times : 0;
}

/* One step; returns how far it went. */
static double calibrate_step(const calibrate_sums *sums, double *slope, double *offset)
{
    double determinant =
        sums->slope_slope * sums->offset_offset - sums->slope_offset * sums->slope_offset;
    if (!(determinant > 1e-12)) {
        return 0;
    }
    double a =
        (sums->slope * sums->offset_offset - sums->offset * sums->slope_offset) / determinant;
    double b = (sums->offset * sums->slope_slope - sums->slope * sums->slope_offset) / determinant;
    a = a > 2 ? 2 : a < -2 ? -2 : a;
    b = b > 2 ? 2 : b < -2 ? -2 : b;
    *slope -= a;
    *offset -= b;
    *slope = *slope < 0.5 ? 0.5 : *slope > 50 ? 50 : *slope;
    *offset = *offset < -50 ? -50 : *offset > 50 ? 50 : *offset;
    return kundig__abs(a) + kundig__abs(b);
}

/* Class `klass`, or all of them together, towards a slope and an offset. */
static void calibrate_curve(const kundig__trial *trial, const kundig__judge *judge, uint32_t first,
                            uint32_t end, double prior, double *slope, double *offset)
{
    double slope_prior = *slope;
    double offset_prior = *offset;
    for (int round = 0; round < CALIBRATE_ROUNDS; round++) {
        calibrate_sums sums = {0};
        sums.slope = prior * 0.25 * (*slope - slope_prior);
        sums.offset = prior * 0.25 * (*offset - offset_prior);
        sums.slope_slope = prior * 0.25;
        sums.offset_offset = prior * 0.25;
        for (size_t i = 0; i < trial->count; i++) {
            const kundig__document *document = trial_document(trial, i);
            const float *margins = trial->margins + i * judge->class_count;
            for (uint32_t k = first; k < end; k++) {
                int truth = judge->taught[k] ? trial_truth(document, k) : -1;
                if (truth >= 0) {
                    calibrate_add(&sums, *slope, *offset, (double)margins[k], truth == 1,
                                  (double)document->times);
                }
            }
        }
        if (calibrate_step(&sums, slope, offset) < 0.001) {
            break;
        }
    }
}

typedef struct calibrate_pair {
    float probability;
    float times;
    bool holds;
} calibrate_pair;

static int calibrate_pair_order(const void *ud, uint32_t a, uint32_t b)
{
    const calibrate_pair *pairs = ud;
    return pairs[a].probability > pairs[b].probability   ? -1
           : pairs[a].probability < pairs[b].probability ? 1
                                                         : 0;
}

/* The threshold of the best F1 of pairs; `otherwise` where none holds. */
static double calibrate_best(const calibrate_pair *pairs, uint32_t *order, size_t count,
                             double otherwise, double *holding)
{
    double all = 0;
    for (size_t i = 0; i < count; i++) {
        order[i] = (uint32_t)i;
        all += pairs[i].holds ? (double)pairs[i].times : 0;
    }
    kundig__order_sort(order, count, calibrate_pair_order, pairs);
    double right = 0;
    double said = 0;
    double best = 0;
    double threshold = otherwise;
    for (size_t i = 0; i < count; i++) {
        const calibrate_pair *pair = &pairs[order[i]];
        said += (double)pair->times;
        right += pair->holds ? (double)pair->times : 0;
        double next = i + 1 < count ? (double)pairs[order[i + 1]].probability : 0;
        if (next < (double)pair->probability && 2 * right / (said + all) > best) {
            best = 2 * right / (said + all);
            threshold = ((double)pair->probability + next) / 2;
        }
    }
    *holding = all;
    return threshold;
}

static int calibrate_thresholds(kundig__judge *judge, const kundig__trial *trial)
{
    int rc = KUNDIG_OK;
    calibrate_pair *pairs = kundig__alloc(trial->mem, trial->count * sizeof *pairs);
    uint32_t *order = kundig__alloc(trial->mem, trial->count * sizeof *order);
    float *probabilities =
        kundig__alloc(trial->mem, judge->class_count * (sizeof *probabilities + 1));
    if (!pairs || !order || !probabilities) {
        rc = kundig__nomem(trial->mem, NULL);
        goto done;
    }
    for (uint32_t k = 0; k < judge->class_count; k++) {
        size_t count = 0;
        for (size_t i = 0; i < trial->count && judge->taught[k]; i++) {
            const kundig__document *document = trial_document(trial, i);
            int truth = trial_truth(document, k);
            if (truth < 0) {
                continue;
            }
            double x = (double)(trial->margins[i * judge->class_count + k] * judge->slopes[k] +
                                judge->offsets[k]);
            double small = kundig__exp(x < 0 ? (x < -80 ? -80 : x) : (x > 80 ? -80 : -x));
            double p = x < 0 ? small / (1 + small) : 1 / (1 + small);
            pairs[count++] = (calibrate_pair){(float)p, (float)document->times, truth == 1};
        }
        double holding = 0;
        double best = calibrate_best(pairs, order, count, 0.4, &holding);
        judge->thresholds[k] = (float)((holding * best + 10 * 0.4) / (holding + 10));
    }
done:
    kundig__free(trial->mem, pairs, trial->count * sizeof *pairs);
    kundig__free(trial->mem, order, trial->count * sizeof *order);
    kundig__free(trial->mem, probabilities, judge->class_count * (sizeof *probabilities + 1));
    return rc;
}

int kundig__calibrate(kundig__judge *judge, const kundig__trial *trial)
{
    if (judge->kind != KUNDIG__COURSE_SEVERAL) {
        calibrate_temperature(judge, trial);
        return calibrate_sure(judge, trial);
    }
    judge->temperature = 1;
    judge->sure = CALIBRATE_SURE;
    double slope = CALIBRATE_TEMPERATURE;
    double offset = 0;
    calibrate_curve(trial, judge, 0, judge->class_count, CALIBRATE_PRIOR, &slope, &offset);
    for (uint32_t k = 0; k < judge->class_count; k++) {
        double own_slope = slope;
        double own_offset = offset;
        if (judge->taught[k]) {
            calibrate_curve(trial, judge, k, k + 1, CALIBRATE_PRIOR, &own_slope, &own_offset);
        }
        judge->slopes[k] = (float)own_slope;
        judge->offsets[k] = (float)own_offset;
    }
    return calibrate_thresholds(judge, trial);
}

/* ---- How good it is ------------------------------------------------------------------------- */

typedef struct try_work {
    const kundig__judge *judge;
    const kundig__trial *trial;
    kundig__classifier_facts *facts;
    kundig__class_facts *classes;
    float *probabilities;
    uint8_t *holds;
    kundig__mistake *mistakes; /* one a missed class of a document */
    size_t mistake_count;
    size_t mistake_capacity;
    double loss;
    double loss_count;
    double right;
    double count;
} try_work;

static bool try_mistake(try_work *work, uint32_t truth, uint32_t decided, uint64_t count)
{
    void *mistakes = work->mistakes;
    bool fits = kundig__grow(work->trial->mem, &mistakes, &work->mistake_capacity,
                             work->mistake_count + 1, sizeof *work->mistakes);
    work->mistakes = mistakes;
    if (fits) {
        work->mistakes[work->mistake_count++] = (kundig__mistake){truth, decided, count};
    }
    return fits;
}

static void try_bin(try_work *work, float probability, bool right, uint64_t times)
{
    uint32_t bin = (uint32_t)(probability * (float)KUNDIG__LEARN_BINS);
    bin = bin < KUNDIG__LEARN_BINS ? bin : KUNDIG__LEARN_BINS - 1;
    work->facts->bins[bin].count += times;
    work->facts->bins[bin].right += right ? times : 0;
    work->facts->bins[bin].probability += (double)probability * (double)times;
}

static double try_log_loss(float probability)
{
    return -kundig__log(probability > 1e-12f ? (double)probability : 1e-12);
}

static bool try_one(try_work *work, const kundig__document *document, uint32_t best)
{
    uint64_t times = document->times;
    uint32_t label = document->label;
    if (label == KUNDIG__NO_CLASS) {
        return true;
    }
    bool right = best == label;
    try_bin(work, work->probabilities[best], right, times);
    work->loss += try_log_loss(work->probabilities[label]) * (double)times;
    work->loss_count += (double)times;
    work->count += (double)times;
    work->right += right ? (double)times : 0;
    if (right) {
        work->classes[label].right += times;
        return true;
    }
    work->classes[label].missed += times;
    work->classes[best].wrong += times;
    return try_mistake(work, label, best, times);
}

static bool try_several(try_work *work, const kundig__document *document)
{
    uint64_t times = document->times;
    uint32_t instead = KUNDIG__NO_CLASS;
    bool right = true;
    for (uint32_t k = 0; k < work->judge->class_count; k++) {
        int truth = work->judge->taught[k] ? trial_truth(document, k) : -1;
        if (truth < 0) {
            continue;
        }
        bool said = work->holds[k] != 0;
        float p = work->probabilities[k];
        try_bin(work, p, truth == 1, times);
        work->loss += try_log_loss(truth ? p : 1 - p) * (double)times;
        work->loss_count += (double)times;
        right = right && said == (truth == 1);
        work->classes[k].right += said && truth ? times : 0;
        work->classes[k].wrong += said && !truth ? times : 0;
        work->classes[k].missed += !said && truth ? times : 0;
        if (said && !truth && (instead == KUNDIG__NO_CLASS || p > work->probabilities[instead])) {
            instead = k;
        }
    }
    work->count += (double)times;
    work->right += right ? (double)times : 0;
    for (uint32_t k = 0; k < work->judge->class_count; k++) {
        int truth = work->judge->taught[k] ? trial_truth(document, k) : -1;
        if (truth == 1 && !work->holds[k] && !try_mistake(work, k, instead, times)) {
            return false;
        }
    }
    return true;
}

static int try_pair_order(const void *ud, uint32_t a, uint32_t b)
{
    const kundig__mistake *left = (const kundig__mistake *)ud + a;
    const kundig__mistake *right = (const kundig__mistake *)ud + b;
    if (left->truth != right->truth) {
        return left->truth < right->truth ? -1 : 1;
    }
    return left->decided < right->decided ? -1 : left->decided > right->decided;
}

static int try_count_order(const void *ud, uint32_t a, uint32_t b)
{
    const kundig__mistake *left = (const kundig__mistake *)ud + a;
    const kundig__mistake *right = (const kundig__mistake *)ud + b;
    if (left->count != right->count) {
        return left->count > right->count ? -1 : 1;
    }
    return try_pair_order(ud, a, b);
}

/* Equal mistakes together, the most frequent first. */
static int try_mistakes(try_work *work, kundig__mistake *out)
{
    size_t count = work->mistake_count;
    uint32_t *order = kundig__alloc(work->trial->mem, count * sizeof *order);
    if (!order) {
        return kundig__nomem(work->trial->mem, NULL);
    }
    for (size_t i = 0; i < count; i++) {
        order[i] = (uint32_t)i;
    }
    kundig__order_sort(order, count, try_pair_order, work->mistakes);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        kundig__mistake *one = &work->mistakes[order[i]];
        kundig__mistake *last = kept ? &work->mistakes[order[kept - 1]] : NULL;
        if (last && last->truth == one->truth && last->decided == one->decided) {
            last->count += one->count;
        } else {
            order[kept++] = order[i];
        }
    }
    kundig__order_sort(order, kept, try_count_order, work->mistakes);
    kept = kept < KUNDIG__LEARN_MISTAKES ? kept : KUNDIG__LEARN_MISTAKES;
    for (size_t i = 0; i < kept; i++) {
        out[i] = work->mistakes[order[i]];
    }
    work->facts->mistake_count = kept;
    kundig__free(work->trial->mem, order, count * sizeof *order);
    return KUNDIG_OK;
}

static void try_sums(const try_work *work)
{
    kundig__classifier_facts *facts = work->facts;
    double n = 0;
    double off = 0;
    for (uint32_t i = 0; i < KUNDIG__LEARN_BINS; i++) {
        n += (double)facts->bins[i].count;
        off += kundig__abs((double)facts->bins[i].right - facts->bins[i].probability);
    }
    double f1 = 0;
    double classes = 0;
    double right = 0;
    double said = 0;
    double all = 0;
    for (uint32_t k = 0; k < work->judge->class_count; k++) {
        const kundig__class_facts *one = &work->classes[k];
        if (one->right + one->missed == 0) {
            said += (double)one->wrong;
            continue;
        }
        double two = 2 * (double)one->right;
        f1 += two / (two + (double)(one->wrong + one->missed));
        classes++;
        right += (double)one->right;
        said += (double)(one->right + one->wrong);
        all += (double)(one->right + one->missed);
    }
    facts->calibration_error = n > 0 ? off / n : 0;
    facts->log_loss = work->loss_count > 0 ? work->loss / work->loss_count : 0;
    facts->accuracy = work->count > 0 ? work->right / work->count : 0;
    facts->macro_f1 = classes > 0 ? f1 / classes : 0;
    facts->micro_f1 = said + all > 0 ? 2 * right / (said + all) : 0;
}

int kundig__try(const kundig__judge *judge, const kundig__trial *trial,
                kundig__classifier_facts *facts, kundig__class_facts *classes,
                kundig__mistake *mistakes)
{
    int rc = KUNDIG_OK;
    kundig__mem *mem = trial->mem;
    try_work work = {.judge = judge, .trial = trial, .facts = facts, .classes = classes};
    work.probabilities = kundig__alloc(mem, judge->class_count * sizeof *work.probabilities);
    work.holds = kundig__alloc(mem, judge->class_count);
    bool fits = work.probabilities && work.holds;
    for (size_t i = 0; i < trial->count && fits; i++) {
        const kundig__document *document = trial_document(trial, i);
        uint32_t best = kundig__judge_margins(judge, trial->margins + i * judge->class_count,
                                              work.probabilities, work.holds);
        facts->aside += document->times;
        fits = judge->kind == KUNDIG__COURSE_SEVERAL ? try_several(&work, document)
                                                     : try_one(&work, document, best);
    }
    rc = fits ? try_mistakes(&work, mistakes) : kundig__nomem(mem, NULL);
    try_sums(&work);
    kundig__free(mem, work.probabilities, judge->class_count * sizeof *work.probabilities);
    kundig__free(mem, work.holds, judge->class_count);
    kundig__free(mem, work.mistakes, work.mistake_capacity * sizeof *work.mistakes);
    return rc;
}

double kundig__trial_accuracy(const kundig__judge *judge, const kundig__trial *trial,
                              const float *margins, size_t count)
{
    double right = 0;
    double all = 0;
    for (size_t i = 0; i < count; i++) {
        const kundig__document *document = trial_document(trial, i);
        const float *row = margins + i * judge->class_count;
        double times = (double)document->times;
        if (judge->kind != KUNDIG__COURSE_SEVERAL) {
            uint32_t best = document->label;
            if (best == KUNDIG__NO_CLASS) {
                continue;
            }
            bool first = true;
            for (uint32_t k = 0; k < judge->class_count && first; k++) {
                first =
                    !judge->taught[k] || row[k] < row[best] || (row[k] == row[best] && k >= best);
            }
            all += times;
            right += first ? times : 0;
            continue;
        }
        bool same = true;
        for (uint32_t k = 0; k < judge->class_count && same; k++) {
            int truth = judge->taught[k] ? trial_truth(document, k) : -1;
            double x = (double)(row[k] * judge->slopes[k] + judge->offsets[k]);
            double small = kundig__exp(x < 0 ? (x < -80 ? -80 : x) : (x > 80 ? -80 : -x));
            double p = x < 0 ? small / (1 + small) : 1 / (1 + small);
            same = truth < 0 || (p >= (double)judge->thresholds[k]) == (truth == 1);
        }
        all += times;
        right += same ? times : 0;
    }
    return all > 0 ? right / all : 0;
}
