/* Cross-validation: how good is what these examples teach?
 *
 * Each fold is asked about by a model that learned from the others and saw nothing of it.
 *
 * Invariant: the table is a function of the examples as a set and of the options but threads.
 * Cost: as many times learning as there are folds. */
#include "base/error.h"
#include "topics/trials.h"

typedef struct validate_work {
    kundig__trial_set own;
    kundig__tally *tallies; /* by fold; the last one of all together */
    size_t tally_count;
} validate_work;

static bool validate_learns(const void *ud, uint32_t trial, uint32_t lesson)
{
    const validate_work *work = ud;
    return work->own.folds.fold[lesson] != trial;
}

static bool validate_asked(const void *ud, uint32_t trial, uint32_t lesson)
{
    const validate_work *work = ud;
    return work->own.folds.fold[lesson] == trial;
}

static void validate_told(void *ud, const kundig__told *told)
{
    validate_work *work = ud;
    kundig__tally_add(&work->tallies[told->trial], &work->own.lessons.lessons[told->lesson], told);
}

static int validate_run(validate_work *work, const kundig_examples *set, kundig_error *err)
{
    kundig__mem *mem = &work->own.mem;
    uint32_t folds = work->own.folds.fold_count;
    work->tally_count = folds + (size_t)1;
    work->tallies = kundig__alloc_zero(mem, work->tally_count * sizeof *work->tallies);
    for (size_t i = 0; work->tallies && i < work->tally_count; i++) {
        if (!kundig__tally_init(&work->tallies[i], mem, &work->own.lessons)) {
            return kundig__nomem(mem, err);
        }
    }
    if (!work->tallies) {
        return kundig__nomem(mem, err);
    }
    kundig__trials trials = {.base = work->own.base,
                             .set = set,
                             .lessons = &work->own.lessons,
                             .options = &work->own.options,
                             .count = folds,
                             .learns = validate_learns,
                             .asked = validate_asked,
                             .told = validate_told,
                             .ud = work};
    int rc = kundig__trials_run(&trials, mem, err);
    for (uint32_t i = 0; i < folds; i++) {
        kundig__tally_merge(&work->tallies[folds], &work->tallies[i]);
    }
    return rc;
}

static void validate_set(kundig_table *table, size_t column, double value)
{
    if (value >= 0) {
        kundig__table_set_number(table, column, value);
    }
}

static void validate_row(kundig_table *table, const kundig__tally *tally, int64_t fold)
{
    kundig__measures is;
    if (!kundig__tally_measure(tally, &is)) {
        return;
    }
    kundig__table_row(table);
    if (fold > 0) {
        kundig__table_set_int(table, 0, fold);
    }
    kundig__table_set_int(table, 1, (int64_t)tally->asked);
    const double values[] = {is.accuracy, is.lo,       is.hi,       is.precision, is.recall,
                             is.micro_f1, is.macro_f1, is.log_loss, is.ece,       is.refused};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        validate_set(table, 2 + i, values[i]);
    }
}

static void validate_notes(kundig_table *table, const validate_work *work)
{
    const kundig__lessons *lessons = &work->own.lessons;
    if (work->own.folds.customers) {
        kundig__table_note(table, "equal texts, and all texts of one customer, stand in one fold");
    } else {
        kundig__table_note(table, "equal texts stand in one fold");
    }
    if (lessons->kind == KUNDIG__COURSE_SEVERAL) {
        kundig__table_note(table, "several topics a text: accuracy is the share of decisions, a "
                                  "text and a topic each, that are right; refused: texts that were "
                                  "told none");
    } else {
        kundig__table_note(table, "one class a text: accuracy, macro_f1, log_loss and ece are of "
                                  "the most probable class; precision, recall and micro_f1 count a "
                                  "refused text as one that was told nothing");
    }
    if (work->tallies[work->own.folds.fold_count].asked < lessons->count) {
        size_t left = lessons->count - work->tallies[work->own.folds.fold_count].asked;
        kundig__table_note(table,
                           "%zu example%s no class that a person gave and %s not asked "
                           "about",
                           left, left == 1 ? " has" : "s have", left == 1 ? "was" : "were");
    }
}

static int validate_table(validate_work *work, kundig_table **out, kundig_error *err)
{
    static const char *const names[] = {"accuracy", "lo",       "hi",       "precision", "recall",
                                        "micro_f1", "macro_f1", "log_loss", "ece",       "refused"};
    uint32_t folds = work->own.folds.fold_count;
    kundig_table *table = kundig__table_new(&work->own.mem);
    kundig__table_column(table, "fold", KUNDIG_COLUMN_INT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "examples", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        bool loss = strcmp(names[i], "log_loss") == 0;
        kundig__table_column(table, names[i], KUNDIG_COLUMN_NUMBER,
                             loss ? KUNDIG_UNIT_NONE : KUNDIG_UNIT_SHARE);
    }
    for (uint32_t i = 0; i < folds; i++) {
        validate_row(table, &work->tallies[i], (int64_t)i + 1);
    }
    validate_row(table, &work->tallies[folds], 0);
    validate_notes(table, work);
    return kundig__table_finish(table, out, err);
}

int kundig_examples_validate(const kundig_model *base, const kundig_examples *set,
                             const kundig_learn_options *options, kundig_table **out,
                             kundig_error *err)
{
    if (!set || !out) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "set or out is NULL");
    }
    validate_work work = {.tallies = NULL};
    int rc = kundig__trial_set_open(&work.own, base, set, options, 0, err);
    if (rc != KUNDIG_OK) {
        return rc;
    }
    rc = validate_run(&work, set, err);
    if (rc == KUNDIG_OK) {
        rc = validate_table(&work, out, err);
    }
    for (size_t i = 0; work.tallies && i < work.tally_count; i++) {
        kundig__tally_free(&work.tallies[i], &work.own.mem);
    }
    kundig__free(&work.own.mem, work.tallies, work.tally_count * sizeof *work.tallies);
    kundig__trial_set_close(&work.own);
    return rc;
}
