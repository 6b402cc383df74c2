/* Counting what a classifier said right, and what follows from the counts.
 *
 * Where a text has one class: accuracy, macro F1, loss and calibration are of the most probable
 * class; precision, recall and micro F1 of the classes told, which a refused text has none of.
 * Where it has several, each class of which a person said whether it holds is a decision.
 *
 * Invariant: counts and sums are whole numbers, so tallies are equal whatever the order and merge
 * without a trace.
 * Cost: a text costs as many steps as there are classes. */
#include "base/math.h"
#include "base/number.h"
#include "topics/trials.h"

#define TALLY_LEAST 1e-6 /* no probability counts as less: one mistake is not the end */
#define TALLY_UNIT  16777216.0
#define TALLY_Z     1.959963984540054

enum { TALLY_RIGHT, TALLY_VAIN, TALLY_MISSED, TALLY_COUNTS };

bool kundig__tally_init(kundig__tally *tally, kundig__mem *mem, const kundig__lessons *lessons)
{
    memset(tally, 0, sizeof *tally);
    tally->class_count = lessons->class_count;
    tally->kind = lessons->kind;
    tally->classes = kundig__alloc_zero(mem, tally->class_count * TALLY_COUNTS * sizeof(uint64_t));
    return tally->classes != NULL;
}

void kundig__tally_free(kundig__tally *tally, kundig__mem *mem)
{
    kundig__free(mem, tally->classes, tally->class_count * TALLY_COUNTS * sizeof(uint64_t));
    memset(tally, 0, sizeof *tally);
}

static double tally_clip(double probability)
{
    if (!(probability > TALLY_LEAST)) {
        return TALLY_LEAST;
    }
    return probability < 1 ? probability : 1;
}

static void tally_loss(kundig__tally *tally, double probability)
{
    double loss = -kundig__log(tally_clip(probability)) * TALLY_UNIT;
    tally->loss += (uint64_t)(loss + 0.5);
}

static void tally_bin(kundig__tally *tally, double probability, bool right)
{
    double p = tally_clip(probability);
    unsigned bin = (unsigned)(p * KUNDIG__TALLY_BINS);
    bin = bin < KUNDIG__TALLY_BINS ? bin : KUNDIG__TALLY_BINS - 1;
    tally->bin_count[bin]++;
    tally->bin_right[bin] += right;
    tally->bin_sum[bin] += (uint64_t)(p * TALLY_UNIT + 0.5);
}

static void tally_class(kundig__tally *tally, uint32_t klass, bool truth, bool said)
{
    uint64_t *counts = &tally->classes[(size_t)klass * TALLY_COUNTS];
    counts[TALLY_RIGHT] += truth && said;
    counts[TALLY_VAIN] += !truth && said;
    counts[TALLY_MISSED] += truth && !said;
}

static void tally_add_one(kundig__tally *tally, const kundig__lesson *lesson,
                          const kundig__told *told)
{
    uint32_t truth = kundig__lesson_class(lesson);
    if (truth == KUNDIG__NO_CLASS) {
        return;
    }
    bool right = told->best == truth;
    tally->asked++;
    tally->decisions++;
    tally->true_count++;
    tally->right += right;
    tally->refused += told->refused;
    tally->said += !told->refused;
    tally->hit += !told->refused && right;
    tally_class(tally, truth, true, right);
    if (!right) {
        tally_class(tally, told->best, false, true);
    }
    tally_loss(tally, told->probabilities[truth]);
    tally_bin(tally, told->probabilities[told->best], right);
}

static void tally_add_several(kundig__tally *tally, const kundig__lesson *lesson,
                              const kundig__told *told)
{
    uint32_t mark = 0;
    uint64_t known = 0;
    bool any = false;
    for (uint32_t klass = 0; klass < tally->class_count; klass++) {
        while (mark < lesson->mark_count && lesson->marks[mark].klass < klass) {
            mark++;
        }
        bool marked = mark < lesson->mark_count && lesson->marks[mark].klass == klass;
        any = any || told->holds[klass];
        if (marked ? !kundig__mark_is_firm(&lesson->marks[mark]) : lesson->partial) {
            continue;
        }
        bool truth = marked && lesson->marks[mark].holds;
        bool said = told->holds[klass];
        double p = told->probabilities[klass];
        known++;
        tally->right += truth == said;
        tally->said += said;
        tally->hit += truth && said;
        tally->true_count += truth;
        tally_class(tally, klass, truth, said);
        tally_loss(tally, truth ? p : 1 - p);
        tally_bin(tally, p, truth);
    }
    if (known) {
        tally->asked++;
        tally->decisions += known;
        tally->refused += !any;
    }
}

void kundig__tally_add(kundig__tally *tally, const kundig__lesson *lesson, const kundig__told *told)
{
    if (tally->kind == KUNDIG__COURSE_SEVERAL) {
        tally_add_several(tally, lesson, told);
    } else {
        tally_add_one(tally, lesson, told);
    }
}

void kundig__tally_merge(kundig__tally *tally, const kundig__tally *other)
{
    tally->asked += other->asked;
    tally->refused += other->refused;
    tally->right += other->right;
    tally->decisions += other->decisions;
    tally->said += other->said;
    tally->hit += other->hit;
    tally->true_count += other->true_count;
    tally->loss += other->loss;
    for (unsigned i = 0; i < KUNDIG__TALLY_BINS; i++) {
        tally->bin_count[i] += other->bin_count[i];
        tally->bin_right[i] += other->bin_right[i];
        tally->bin_sum[i] += other->bin_sum[i];
    }
    for (size_t i = 0; i < (size_t)tally->class_count * TALLY_COUNTS; i++) {
        tally->classes[i] += other->classes[i];
    }
}

static double tally_ratio(uint64_t part, uint64_t whole)
{
    /* no division by zero: sanitizers would mind */
    return whole ? (double)part / (double)whole : -1;
}

static double tally_macro(const kundig__tally *tally)
{
    double sum = 0;
    uint64_t met = 0;
    for (uint32_t klass = 0; klass < tally->class_count; klass++) {
        const uint64_t *counts = &tally->classes[(size_t)klass * TALLY_COUNTS];
        uint64_t all = 2 * counts[TALLY_RIGHT] + counts[TALLY_VAIN] + counts[TALLY_MISSED];
        if (all) {
            sum += 2 * (double)counts[TALLY_RIGHT] / (double)all;
            met++;
        }
    }
    return met ? sum / (double)met : -1;
}

/* Wilson's interval. Decisions about one text are not independent: texts are what is counted. */
static void tally_wilson(double share, double n, kundig__measures *out)
{
    double zz = TALLY_Z * TALLY_Z / n;
    double middle = (share + zz / 2) / (1 + zz);
    double half = TALLY_Z / (1 + zz) * kundig__sqrt(share * (1 - share) / n + zz / (4 * n));
    out->lo = middle - half > 0 ? middle - half : 0;
    out->hi = middle + half < 1 ? middle + half : 1;
}

bool kundig__tally_measure(const kundig__tally *tally, kundig__measures *out)
{
    if (!tally->asked) {
        return false;
    }
    double ece = 0;
    uint64_t binned = 0;
    for (unsigned i = 0; i < KUNDIG__TALLY_BINS; i++) {
        ece += kundig__abs((double)tally->bin_sum[i] / TALLY_UNIT - (double)tally->bin_right[i]);
        binned += tally->bin_count[i];
    }
    out->accuracy = tally_ratio(tally->right, tally->decisions);
    tally_wilson(out->accuracy, (double)tally->asked, out);
    out->precision = tally_ratio(tally->hit, tally->said);
    out->recall = tally_ratio(tally->hit, tally->true_count);
    out->micro_f1 = tally_ratio(2 * tally->hit, tally->said + tally->true_count);
    out->macro_f1 = tally_macro(tally);
    out->log_loss = (double)tally->loss / TALLY_UNIT / (double)tally->decisions;
    out->ece = ece / (double)binned;
    out->refused = tally_ratio(tally->refused, tally->asked);
    return true;
}

void kundig__percent(double share, char out[16])
{
    char text[KUNDIG__NUMBER_SIZE];
    size_t len = kundig__number_write_fixed(100 * share, 1, text);
    len = len < 15 ? len : 15;
    memcpy(out, text, len);
    out[len] = '\0';
}
