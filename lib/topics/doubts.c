/* Labels that may be wrong: confident learning (Northcutt and others 2021).
 *
 * Models that did not see an example tell how probable each class of it is. A class is believed of
 * an example where it is at least half as probable as it is, in the mean, where it was given; a
 * class that was given is doubted where another one is believed and is more probable. Where a text
 * has several classes, each is judged for itself, in both directions. Of equal texts that were
 * judged differently at least one is wrong: those on the side of the fewer are doubted, whatever
 * the model says.
 *
 * Invariant: rows are a function of the examples as a set, but for the number by which they call
 * them; thresholds come from whole-number sums.
 * Cost: cross-validation, and n log n for n examples. */
#include "base/order.h"
#include "base/text.h"
#include "topics/trials.h"

#define DOUBTS_TOP 8u /* most probable other classes of an example that are kept */
/* Of the mean, that is: at the mean itself a quarter of wrong labels is missed, at half of it a
 * tenth, and what comes first is the same. */
#define DOUBTS_SURE 0.5
#define DOUBTS_ONE  16777216.0

typedef struct doubts_other {
    uint32_t klass;
    float probability;
} doubts_other;

typedef struct doubts_row {
    uint32_t lesson;
    uint32_t label; /* KUNDIG__NO_CLASS: none */
    uint32_t instead;
    float probability;
    float instead_probability;
    double doubt; /* in [0, 1]: the greater, the first */
} doubts_row;

/* Sums of one class in one trial, or in all of them. */
typedef struct doubts_class {
    uint64_t given; /* probabilities where it holds */
    uint64_t given_count;
    uint64_t other; /* where it does not */
    uint64_t other_count;
} doubts_class;

/* What equal texts say of one class. */
typedef struct doubts_votes {
    uint32_t has;
    uint32_t whole_has; /* those of them that are whole */
    uint32_t denied;    /* in so many words */
} doubts_votes;

typedef struct doubts_work {
    kundig__trial_set own;
    size_t *first;         /* of each lesson: its first mark in marks; one more behind the last */
    float *marks;          /* of each mark of the lessons: probability of its class */
    doubts_other *others;  /* of each lesson: DOUBTS_TOP of them, most probable first */
    doubts_class *classes; /* by trial and class */
    doubts_votes *votes;   /* by class; zero between equal texts */
    uint32_t whole;        /* of the equal texts: those that deny what they do not have */
    doubts_row *rows;
    size_t row_count;
    size_t row_capacity;
    uint32_t *order;
    uint64_t judged; /* labels that could be doubted */
} doubts_work;

static bool doubts_learns(const void *ud, uint32_t trial, uint32_t lesson)
{
    const doubts_work *work = ud;
    return work->own.folds.fold[lesson] != trial;
}

static bool doubts_asked(const void *ud, uint32_t trial, uint32_t lesson)
{
    const doubts_work *work = ud;
    return work->own.folds.fold[lesson] == trial;
}

/* Keep the most probable ones; of equally probable ones the first. */
static void doubts_keep(doubts_other *top, uint32_t klass, float probability)
{
    size_t at = DOUBTS_TOP;
    while (at > 0 &&
           (top[at - 1].klass == KUNDIG__NO_CLASS || probability > top[at - 1].probability)) {
        at--;
    }
    if (at < DOUBTS_TOP) {
        memmove(top + at + 1, top + at, (DOUBTS_TOP - 1 - at) * sizeof *top);
        top[at] = (doubts_other){klass, probability};
    }
}

static void doubts_told(void *ud, const kundig__told *told)
{
    doubts_work *work = ud;
    const kundig__lessons *lessons = &work->own.lessons;
    const kundig__lesson *lesson = &lessons->lessons[told->lesson];
    float *marks = work->marks + work->first[told->lesson];
    doubts_other *top = &work->others[(size_t)told->lesson * DOUBTS_TOP];
    doubts_class *classes = &work->classes[(size_t)told->trial * lessons->class_count];
    uint32_t mark = 0;
    for (uint32_t klass = 0; klass < lessons->class_count; klass++) {
        float probability = told->probabilities[klass];
        uint64_t whole = (uint64_t)((double)probability * DOUBTS_ONE + 0.5);
        bool marked = mark < lesson->mark_count && lesson->marks[mark].klass == klass;
        bool firm = marked ? kundig__mark_is_firm(&lesson->marks[mark]) : !lesson->partial;
        bool holds = marked && lesson->marks[mark].holds;
        if (marked) {
            marks[mark++] = probability;
        }
        if (firm && holds) {
            classes[klass].given += whole;
            classes[klass].given_count++;
        } else if (firm || lessons->kind != KUNDIG__COURSE_SEVERAL) {
            classes[klass].other += whole;
            classes[klass].other_count++;
            doubts_keep(top, klass, probability);
        }
    }
}

static int doubts_room(doubts_work *work, kundig_error *err)
{
    kundig__mem *mem = &work->own.mem;
    const kundig__lessons *lessons = &work->own.lessons;
    size_t classes = lessons->class_count;
    work->first = kundig__alloc(mem, (lessons->count + 1) * sizeof *work->first);
    if (!work->first) {
        return kundig__nomem(mem, err);
    }
    work->first[0] = 0;
    for (size_t i = 0; i < lessons->count; i++) {
        work->first[i + 1] = work->first[i] + lessons->lessons[i].mark_count;
    }
    work->marks = kundig__alloc_zero(mem, work->first[lessons->count] * sizeof *work->marks);
    work->others = kundig__alloc(mem, lessons->count * DOUBTS_TOP * sizeof *work->others);
    work->classes =
        kundig__alloc_zero(mem, work->own.folds.fold_count * classes * sizeof *work->classes);
    work->votes = kundig__alloc_zero(mem, classes * sizeof *work->votes);
    if (!work->marks || !work->others || !work->classes || !work->votes) {
        return kundig__nomem(mem, err);
    }
    for (size_t i = 0; i < lessons->count * DOUBTS_TOP; i++) {
        work->others[i] = (doubts_other){KUNDIG__NO_CLASS, 0};
    }
    return KUNDIG_OK;
}

/* Sums of all trials come to stand in those of the first. */
static void doubts_sum(doubts_work *work)
{
    size_t classes = work->own.lessons.class_count;
    for (size_t i = classes; i < classes * work->own.folds.fold_count; i++) {
        doubts_class *to = &work->classes[i % classes];
        to->given += work->classes[i].given;
        to->given_count += work->classes[i].given_count;
        to->other += work->classes[i].other;
        to->other_count += work->classes[i].other_count;
    }
}

/* Mean probability of a class where it was given; more than any where it never was. */
static double doubts_given(const doubts_work *work, uint32_t klass)
{
    const doubts_class *of = &work->classes[klass];
    return of->given_count ? (double)of->given / DOUBTS_ONE / (double)of->given_count : 2;
}

static double doubts_not_given(const doubts_work *work, uint32_t klass)
{
    const doubts_class *of = &work->classes[klass];
    return of->other_count ? (double)of->other / DOUBTS_ONE / (double)of->other_count : -1;
}

static int doubts_add(doubts_work *work, const doubts_row *row, kundig_error *err)
{
    void *array = work->rows;
    if (!kundig__grow(&work->own.mem, &array, &work->row_capacity, work->row_count + 1,
                      sizeof *work->rows)) {
        return kundig__nomem(&work->own.mem, err);
    }
    work->rows = array;
    work->rows[work->row_count++] = *row;
    return KUNDIG_OK;
}

/* How sure equal texts are that this one is wrong: 0 where none says so. */
static double doubts_outvoted(uint32_t against, uint32_t with)
{
    return against ? (double)against / ((double)against + with) : 0;
}

/* Both reasons together. */
static double doubts_join(double a, double b)
{
    a = a > 0 ? a : 0;
    return 1 - (1 - a) * (1 - b);
}

static int doubts_judge_one(doubts_work *work, uint32_t lesson, uint32_t favoured,
                            kundig_error *err)
{
    const kundig__lesson *is = &work->own.lessons.lessons[lesson];
    const doubts_other *top = &work->others[(size_t)lesson * DOUBTS_TOP];
    uint32_t label = kundig__lesson_class(is);
    if (label == KUNDIG__NO_CLASS) {
        return KUNDIG_OK;
    }
    uint32_t mark = 0;
    while (is->marks[mark].klass != label) {
        mark++;
    }
    float probability = work->marks[work->first[lesson] + mark];
    doubts_row row = {lesson, label, KUNDIG__NO_CLASS, probability, 0, 0};
    work->judged++;
    for (size_t i = 0; i < DOUBTS_TOP && top[i].klass != KUNDIG__NO_CLASS; i++) {
        if (top[i].probability > probability &&
            (double)top[i].probability >= DOUBTS_SURE * doubts_given(work, top[i].klass)) {
            row.instead = top[i].klass;
            row.instead_probability = top[i].probability;
            row.doubt = (double)top[i].probability - (double)probability;
            break;
        }
    }
    if (favoured != KUNDIG__NO_CLASS && favoured != label) {
        double outvoted = doubts_outvoted(work->votes[favoured].has, work->votes[label].has);
        row.instead = favoured;
        row.instead_probability = 0;
        for (size_t i = 0; i < DOUBTS_TOP; i++) {
            if (top[i].klass == favoured) {
                row.instead_probability = top[i].probability;
            }
        }
        row.doubt = doubts_join((double)row.instead_probability - (double)probability, outvoted);
    }
    return row.instead == KUNDIG__NO_CLASS ? KUNDIG_OK : doubts_add(work, &row, err);
}

static uint32_t doubts_denials(const doubts_work *work, uint32_t klass)
{
    return work->whole - work->votes[klass].whole_has + work->votes[klass].denied;
}

static int doubts_judge_several(doubts_work *work, uint32_t lesson, bool alone, kundig_error *err)
{
    const kundig__lesson *is = &work->own.lessons.lessons[lesson];
    const doubts_other *top = &work->others[(size_t)lesson * DOUBTS_TOP];
    int rc = KUNDIG_OK;
    for (uint32_t m = 0; m < is->mark_count && rc == KUNDIG_OK; m++) {
        uint32_t klass = is->marks[m].klass;
        double p = (double)work->marks[work->first[lesson] + m];
        double against = 0;
        if (!is->marks[m].holds || !kundig__mark_is_firm(&is->marks[m])) {
            continue;
        }
        work->judged++;
        if (!alone && doubts_denials(work, klass) > work->votes[klass].has) {
            against = doubts_outvoted(doubts_denials(work, klass), work->votes[klass].has);
        }
        bool doubted = p < 0.5 && 1 - p >= DOUBTS_SURE * (1 - doubts_not_given(work, klass));
        if (doubted || against > 0) {
            doubts_row row = {lesson, klass, KUNDIG__NO_CLASS, (float)p, 0, 0};
            row.doubt = doubts_join(1 - 2 * p, against);
            rc = doubts_add(work, &row, err);
        }
    }
    for (size_t i = 0; i < DOUBTS_TOP && top[i].klass != KUNDIG__NO_CLASS && rc == KUNDIG_OK; i++) {
        uint32_t klass = top[i].klass;
        double p = (double)top[i].probability;
        double against = 0;
        if (!alone && work->votes[klass].has >= doubts_denials(work, klass)) {
            against = doubts_outvoted(work->votes[klass].has, doubts_denials(work, klass));
        }
        bool doubted = p > 0.5 && p >= DOUBTS_SURE * doubts_given(work, klass);
        if (doubted || against > 0) {
            doubts_row row = {lesson, KUNDIG__NO_CLASS, klass, 0, top[i].probability, 0};
            row.doubt = doubts_join(2 * p - 1, against);
            rc = doubts_add(work, &row, err);
        }
    }
    return rc;
}

/* Count what equal texts, at [first, end) of the order, say of classes. */
static void doubts_vote(doubts_work *work, uint32_t first, uint32_t end)
{
    work->whole = 0;
    for (uint32_t at = first; at < end; at++) {
        const kundig__lesson *lesson = &work->own.lessons.lessons[work->own.folds.order[at]];
        work->whole += !lesson->partial;
        for (uint32_t m = 0; m < lesson->mark_count; m++) {
            doubts_votes *votes = &work->votes[lesson->marks[m].klass];
            bool firm = kundig__mark_is_firm(&lesson->marks[m]);
            votes->has += firm && lesson->marks[m].holds;
            votes->whole_has += firm && lesson->marks[m].holds && !lesson->partial;
            votes->denied += firm && !lesson->marks[m].holds && lesson->partial;
        }
    }
}

static void doubts_forget(doubts_work *work, uint32_t first, uint32_t end)
{
    for (uint32_t at = first; at < end; at++) {
        const kundig__lesson *lesson = &work->own.lessons.lessons[work->own.folds.order[at]];
        for (uint32_t m = 0; m < lesson->mark_count; m++) {
            work->votes[lesson->marks[m].klass] = (doubts_votes){0, 0, 0};
        }
    }
}

/* The class that most of the equal texts have; of several the most probable, then the first. */
static uint32_t doubts_favoured(const doubts_work *work, uint32_t first, uint32_t end)
{
    const kundig__lessons *lessons = &work->own.lessons;
    uint32_t best = KUNDIG__NO_CLASS;
    float best_probability = 0;
    for (uint32_t at = first; at < end; at++) {
        const kundig__lesson *lesson = &lessons->lessons[work->own.folds.order[at]];
        uint32_t label = kundig__lesson_class(lesson);
        for (uint32_t m = 0; m < lesson->mark_count; m++) {
            if (lesson->marks[m].klass != label) {
                continue;
            }
            uint32_t has = work->votes[label].has;
            uint32_t most = best == KUNDIG__NO_CLASS ? 0 : work->votes[best].has;
            float probability = work->marks[work->first[work->own.folds.order[at]] + m];
            if (has > most ||
                (has == most && (probability > best_probability ||
                                 (!(probability < best_probability) && label < best)))) {
                best = label;
                best_probability = probability;
            }
        }
    }
    return best;
}

static int doubts_judge(doubts_work *work, kundig_error *err)
{
    const kundig__folds *folds = &work->own.folds;
    bool several = work->own.lessons.kind == KUNDIG__COURSE_SEVERAL;
    int rc = KUNDIG_OK;
    for (uint32_t first = 0, end = 0; first < folds->count && rc == KUNDIG_OK; first = end) {
        uint32_t favoured = KUNDIG__NO_CLASS;
        while (end < folds->count && folds->place[folds->order[end]] == first) {
            end++;
        }
        bool alone = end - first == 1;
        if (!alone) {
            doubts_vote(work, first, end);
            favoured = several ? KUNDIG__NO_CLASS : doubts_favoured(work, first, end);
        }
        for (uint32_t at = first; at < end && rc == KUNDIG_OK; at++) {
            uint32_t lesson = folds->order[at];
            rc = several ? doubts_judge_several(work, lesson, alone, err)
                         : doubts_judge_one(work, lesson, favoured, err);
        }
        if (!alone) {
            doubts_forget(work, first, end);
        }
    }
    return rc;
}

static int doubts_order(const void *ud, uint32_t a, uint32_t b)
{
    const doubts_work *work = ud;
    const doubts_row *x = &work->rows[a];
    const doubts_row *y = &work->rows[b];
    if (x->doubt > y->doubt || x->doubt < y->doubt) {
        return x->doubt > y->doubt ? -1 : 1;
    }
    int order = kundig__text_order(work->own.lessons.lessons[x->lesson].text,
                                   work->own.lessons.lessons[y->lesson].text);
    if (order) {
        return order;
    }
    if (x->label != y->label) {
        return x->label < y->label ? -1 : 1;
    }
    if (x->instead != y->instead) {
        return x->instead < y->instead ? -1 : 1;
    }
    uint32_t number_a = work->own.lessons.numbers[x->lesson];
    uint32_t number_b = work->own.lessons.numbers[y->lesson];
    return number_a < number_b ? -1 : number_a > number_b;
}

static void doubts_set_class(kundig_table *table, size_t column, const doubts_work *work,
                             uint32_t klass, float probability)
{
    if (klass != KUNDIG__NO_CLASS) {
        kundig__table_set_text(table, column, work->own.lessons.classes[klass]);
        kundig__table_set_number(table, column + 1, (double)probability);
    }
}

static int doubts_table(doubts_work *work, const kundig_examples *set, size_t limit,
                        kundig_table **out, kundig_error *err)
{
    kundig__mem *mem = &work->own.mem;
    size_t keep = limit && limit < work->row_count ? limit : work->row_count;
    size_t count = 0;
    work->order = kundig__alloc(mem, work->row_count * sizeof *work->order);
    if (!work->order) {
        return kundig__nomem(mem, err);
    }
    for (uint32_t i = 0; i < work->row_count; i++) {
        kundig__order_push(work->order, &count, keep, i, doubts_order, work);
    }
    kundig__order_sort(work->order, count, doubts_order, work);
    kundig_table *table = kundig__table_new(mem);
    kundig__table_column(table, "example", KUNDIG_COLUMN_INT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "source", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "id", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "label", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "probability", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    kundig__table_column(table, "instead", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "instead_probability", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    kundig__table_column(table, "text", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    for (size_t i = 0; i < count; i++) {
        const doubts_row *row = &work->rows[work->order[i]];
        const kundig__example *example = &set->examples[work->own.lessons.examples[row->lesson]];
        kundig__table_row(table);
        kundig__table_set_int(table, 0, (int64_t)work->own.lessons.numbers[row->lesson]);
        kundig__table_set_text(table, 1, example->source);
        kundig__table_set_text(table, 2, example->id);
        doubts_set_class(table, 3, work, row->label, row->probability);
        doubts_set_class(table, 5, work, row->instead, row->instead_probability);
        kundig__table_set_text(table, 7, example->text);
    }
    kundig__table_note(table,
                       "models that did not see them disagree with %zu labels, given or missing; "
                       "%llu were given",
                       work->row_count, (unsigned long long)work->judged);
    return kundig__table_finish(table, out, err);
}

static void doubts_leave(doubts_work *work)
{
    kundig__mem *mem = &work->own.mem;
    const kundig__lessons *lessons = &work->own.lessons;
    size_t classes = lessons->class_count;
    if (work->first) {
        kundig__free(mem, work->marks, work->first[lessons->count] * sizeof *work->marks);
    }
    kundig__free(mem, work->first, (lessons->count + 1) * sizeof *work->first);
    kundig__free(mem, work->others, lessons->count * DOUBTS_TOP * sizeof *work->others);
    kundig__free(mem, work->classes, work->own.folds.fold_count * classes * sizeof *work->classes);
    kundig__free(mem, work->votes, classes * sizeof *work->votes);
    kundig__free(mem, work->rows, work->row_capacity * sizeof *work->rows);
    kundig__free(mem, work->order, work->row_count * sizeof *work->order);
    kundig__trial_set_close(&work->own);
}

int kundig_examples_doubts(const kundig_model *base, const kundig_examples *set,
                           const kundig_learn_options *options, size_t limit, kundig_table **out,
                           kundig_error *err)
{
    if (!set || !out) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "set or out is NULL");
    }
    doubts_work work = {.marks = NULL};
    int rc = kundig__trial_set_open(&work.own, base, set, options, 0, err);
    if (rc != KUNDIG_OK) {
        return rc;
    }
    rc = doubts_room(&work, err);
    if (rc == KUNDIG_OK) {
        kundig__trials trials = {.base = work.own.base,
                                 .set = set,
                                 .lessons = &work.own.lessons,
                                 .options = &work.own.options,
                                 .count = work.own.folds.fold_count,
                                 .learns = doubts_learns,
                                 .asked = doubts_asked,
                                 .told = doubts_told,
                                 .ud = &work};
        rc = kundig__trials_run(&trials, &work.own.mem, err);
    }
    if (rc == KUNDIG_OK) {
        doubts_sum(&work);
        rc = doubts_judge(&work, err);
    }
    if (rc == KUNDIG_OK) {
        rc = doubts_table(&work, set, limit, out, err);
    }
    doubts_leave(&work);
    return rc;
}
