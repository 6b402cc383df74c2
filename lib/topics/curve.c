/* The learning curve: what do more examples bring?
 *
 * One fifth of the examples is asked about and never learned from. Of the others a part is learned
 * from, then about twice as many, each part inside the next, until it is all of them. A part holds
 * its share of each class, those first that stand first by content.
 *
 * Invariant: the table is a function of the examples as a set and of the options but threads.
 * Cost: about twice learning from all of them. */
#include "base/math.h"
#include "topics/trials.h"

#define CURVE_FIFTH  5u
#define CURVE_LEAST  5.0                /* examples of a class in the smallest part, in the mean */
#define CURVE_MOST   24u                /* parts */
#define CURVE_NEARLY 0.8                /* a part greater than that is all */
#define CURVE_FITTED 4u                 /* the last so many parts tell how the curve goes on */
#define CURVE_SURE   1.6448536269514722 /* of a normal: 90 % */
#define CURVE_ASKED  0u                 /* the fold that is asked about */

typedef struct curve_work {
    kundig__trial_set own;
    uint8_t *level; /* of each lesson: the first part that holds it */
    uint32_t parts;
    double share[CURVE_MOST]; /* of the lessons learned from */
    uint64_t examples[CURVE_MOST];
    uint64_t marks[CURVE_MOST]; /* classes that hold */
    uint64_t met;               /* classes among those learned from */
    bool learned[CURVE_MOST];
    kundig__tally tallies[CURVE_MOST];
} curve_work;

static bool curve_learns(const void *ud, uint32_t trial, uint32_t lesson)
{
    const curve_work *work = ud;
    return work->own.folds.fold[lesson] != CURVE_ASKED && work->level[lesson] <= trial;
}

static bool curve_asked(const void *ud, uint32_t trial, uint32_t lesson)
{
    const curve_work *work = ud;
    (void)trial;
    return work->own.folds.fold[lesson] == CURVE_ASKED;
}

static void curve_told(void *ud, const kundig__told *told)
{
    curve_work *work = ud;
    kundig__tally_add(&work->tallies[told->trial], &work->own.lessons.lessons[told->lesson], told);
}

static uint64_t curve_marks(const kundig__lesson *lesson)
{
    uint64_t count = 0;
    for (uint32_t m = 0; m < lesson->mark_count; m++) {
        count += lesson->marks[m].holds && kundig__mark_is_firm(&lesson->marks[m]);
    }
    return count;
}

/* By stratum, while parts are made. */
typedef struct curve_stratum {
    uint32_t lessons; /* to learn from */
    uint32_t taken;
    uint32_t marks; /* of the class, whatever the stratum */
    uint32_t run;   /* place of the equal texts met last, + 1 */
    uint8_t level;  /* theirs */
} curve_stratum;

/* How great the parts are. */
static void curve_plan(curve_work *work, curve_stratum *strata)
{
    const kundig__lessons *lessons = &work->own.lessons;
    uint64_t marks = 0;
    for (uint32_t i = 0; i < lessons->count; i++) {
        const kundig__lesson *lesson = &lessons->lessons[i];
        if (work->own.folds.fold[i] == CURVE_ASKED) {
            continue;
        }
        strata[work->own.folds.strata[i]].lessons++;
        for (uint32_t m = 0; m < lesson->mark_count; m++) {
            bool firm = lesson->marks[m].holds && kundig__mark_is_firm(&lesson->marks[m]);
            strata[lesson->marks[m].klass].marks += firm;
            marks += firm;
        }
    }
    for (uint32_t klass = 0; klass < lessons->class_count; klass++) {
        work->met += strata[klass].marks != 0;
    }
    double each = work->met ? (double)marks / (double)work->met : 0;
    double least = CURVE_LEAST;
    while (least > 1 && 4 * least > each) {
        least /= 2;
    }
    for (double part = least; part < CURVE_NEARLY * each && work->parts + 1 < CURVE_MOST;
         part *= 2) {
        work->share[work->parts++] = part / each;
    }
    work->share[work->parts++] = 1;
}

/* The first part that holds the next lesson of a stratum: each holds one of each class. */
static uint8_t curve_next_level(const curve_work *work, const curve_stratum *stratum, bool classed)
{
    uint8_t level = 0;
    if (classed && !stratum->taken) {
        return 0;
    }
    while (level + 1u < work->parts &&
           stratum->taken >= (uint32_t)(work->share[level] * stratum->lessons + 0.5)) {
        level++;
    }
    return level;
}

/* Put each lesson into a part. Equal texts of one stratum go together, since nothing says which of
 * them is the first. */
static void curve_level(curve_work *work, curve_stratum *strata)
{
    const kundig__folds *folds = &work->own.folds;
    for (uint32_t at = 0; at < folds->count; at++) {
        uint32_t lesson = folds->order[at];
        curve_stratum *stratum = &strata[folds->strata[lesson]];
        if (folds->fold[lesson] == CURVE_ASKED) {
            continue;
        }
        if (stratum->run != folds->place[lesson] + 1) {
            stratum->run = folds->place[lesson] + 1;
            stratum->level = curve_next_level(
                work, stratum, folds->strata[lesson] < work->own.lessons.class_count);
        }
        stratum->taken++;
        work->level[lesson] = stratum->level;
        for (uint32_t part = stratum->level; part < work->parts; part++) {
            work->examples[part]++;
            work->marks[part] += curve_marks(&work->own.lessons.lessons[lesson]);
        }
    }
}

static int curve_prepare(curve_work *work, kundig_error *err)
{
    kundig__mem *mem = &work->own.mem;
    size_t room = (work->own.lessons.class_count + (size_t)1) * sizeof(curve_stratum);
    curve_stratum *strata = kundig__alloc_zero(mem, room);
    work->level = kundig__alloc_zero(mem, work->own.folds.count);
    int rc = strata && work->level ? KUNDIG_OK : kundig__nomem(mem, err);
    if (rc == KUNDIG_OK) {
        curve_plan(work, strata);
        curve_level(work, strata);
        for (uint32_t part = 0; part < work->parts && rc == KUNDIG_OK; part++) {
            if (!kundig__tally_init(&work->tallies[part], mem, &work->own.lessons)) {
                rc = kundig__nomem(mem, err);
            }
        }
    }
    kundig__free(mem, strata, room);
    return rc;
}

static int curve_run(curve_work *work, const kundig_examples *set, kundig_error *err)
{
    int rc = curve_prepare(work, err);
    if (rc != KUNDIG_OK) {
        return rc;
    }
    kundig__trials trials = {.base = work->own.base,
                             .set = set,
                             .lessons = &work->own.lessons,
                             .options = &work->own.options,
                             .count = work->parts,
                             .learns = curve_learns,
                             .asked = curve_asked,
                             .told = curve_told,
                             .ud = work,
                             .learned = work->learned};
    rc = kundig__trials_run(&trials, &work->own.mem, err);
    if (rc == KUNDIG_OK && !work->learned[work->parts - 1]) {
        rc = kundig__fail(err, KUNDIG_E_EMPTY, 0,
                          "four fifths of the examples are too few to learn from: add more, of at "
                          "least two classes");
    }
    return rc;
}

/* Errors fall as a power of the number of examples (Hestness and others 2017): a line through
 * their logarithms, each point weighted by how surely it is known. */
static void curve_note(kundig_table *table, const curve_work *work)
{
    double x[CURVE_FITTED];
    double y[CURVE_FITTED];
    double w[CURVE_FITTED];
    size_t count = 0;
    double now = 0;
    double total = 0;
    for (uint32_t part = work->parts; part-- > 0 && count < CURVE_FITTED;) {
        kundig__measures is;
        if (!work->learned[part] || !kundig__tally_measure(&work->tallies[part], &is)) {
            continue;
        }
        double asked = (double)work->tallies[part].asked;
        double wrong = ((1 - is.accuracy) * asked + 0.5) / (asked + 1);
        now = count ? now : is.accuracy;
        x[count] = kundig__log((double)work->examples[part]);
        y[count] = kundig__log(wrong);
        w[count] = asked * wrong / (1 - wrong);
        total += w[count];
        count++;
    }
    if (count < 3) {
        kundig__table_note(table, "too few examples to say what more would bring");
        return;
    }
    double mean_x = 0;
    double mean_y = 0;
    for (size_t i = 0; i < count; i++) {
        mean_x += w[i] * x[i] / total;
        mean_y += w[i] * y[i] / total;
    }
    double sxx = 0;
    double sxy = 0;
    for (size_t i = 0; i < count; i++) {
        sxx += w[i] * (x[i] - mean_x) * (x[i] - mean_x);
        sxy += w[i] * (x[i] - mean_x) * (y[i] - mean_y);
    }
    double slope = sxy / sxx;
    double off = 0; /* how far the points lie from the line, in units of their own noise */
    for (size_t i = 0; i < count; i++) {
        double miss = y[i] - mean_y - slope * (x[i] - mean_x);
        off += w[i] * miss * miss;
    }
    off /= (double)(count - 2);
    off = off > 1 ? off : 1;
    double away = x[0] + kundig__log(2) - mean_x;
    double spread = CURVE_SURE * kundig__sqrt(off * (1 / total + away * away / sxx));
    double line = mean_y + slope * away;
    double least = 1 - kundig__exp(line + spread < 0 ? line + spread : 0);
    double most = 1 - kundig__exp(line - spread);
    char shown[4][16];
    kundig__percent(1 - kundig__exp(line), shown[0]);
    kundig__percent(least, shown[1]);
    kundig__percent(most, shown[2]);
    kundig__percent(now, shown[3]);
    if (1 - kundig__exp(line) <= now) {
        kundig__table_note(table,
                           "twice as many to learn from (%llu) may bring nothing: the accuracy, "
                           "%s %%, is what the curve foretells of them, with 90 %% sureness %s %% "
                           "to %s %%",
                           (unsigned long long)(2 * work->examples[work->parts - 1]), shown[3],
                           shown[1], shown[2]);
        return;
    }
    kundig__table_note(table,
                       "twice as many to learn from (%llu) would bring the accuracy from %s %% to "
                       "about %s %%, with 90 %% sureness to %s %% to %s %%, if errors go on to "
                       "fall as a power of the number of examples",
                       (unsigned long long)(2 * work->examples[work->parts - 1]), shown[3],
                       shown[0], shown[1], shown[2]);
    if (least <= now) {
        kundig__table_note(table, "they may bring nothing: the curve is too flat, or too few were "
                                  "asked about, to tell");
    }
}

static int curve_table(curve_work *work, kundig_table **out, kundig_error *err)
{
    kundig_table *table = kundig__table_new(&work->own.mem);
    size_t examples = kundig__table_column(table, "examples", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    size_t each = kundig__table_column(table, "each", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_NONE);
    size_t accuracy =
        kundig__table_column(table, "accuracy", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    size_t lo = kundig__table_column(table, "lo", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    size_t hi = kundig__table_column(table, "hi", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    size_t macro = kundig__table_column(table, "macro_f1", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    for (uint32_t part = 0; part < work->parts; part++) {
        kundig__measures is;
        if (!work->learned[part] || !kundig__tally_measure(&work->tallies[part], &is)) {
            continue;
        }
        kundig__table_row(table);
        kundig__table_set_int(table, examples, (int64_t)work->examples[part]);
        if (work->met) {
            kundig__table_set_number(table, each, (double)work->marks[part] / (double)work->met);
        }
        kundig__table_set_number(table, accuracy, is.accuracy);
        kundig__table_set_number(table, lo, is.lo);
        kundig__table_set_number(table, hi, is.hi);
        if (is.macro_f1 >= 0) {
            kundig__table_set_number(table, macro, is.macro_f1);
        }
    }
    kundig__table_note(table, "all parts are asked about the same %llu examples, which none holds",
                       (unsigned long long)work->tallies[work->parts - 1].asked);
    curve_note(table, work);
    return kundig__table_finish(table, out, err);
}

int kundig_examples_curve(const kundig_model *base, const kundig_examples *set,
                          const kundig_learn_options *options, kundig_table **out,
                          kundig_error *err)
{
    if (!set || !out) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "set or out is NULL");
    }
    curve_work work = {.level = NULL};
    int rc = kundig__trial_set_open(&work.own, base, set, options, CURVE_FIFTH, err);
    if (rc != KUNDIG_OK) {
        return rc;
    }
    rc = curve_run(&work, set, err);
    if (rc == KUNDIG_OK) {
        rc = curve_table(&work, out, err);
    }
    for (uint32_t part = 0; part < CURVE_MOST; part++) {
        kundig__tally_free(&work.tallies[part], &work.own.mem);
    }
    kundig__free(&work.own.mem, work.level, work.own.folds.count);
    kundig__trial_set_close(&work.own);
    return rc;
}
