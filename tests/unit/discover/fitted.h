/* Notes ready to be fitted, for tests of single steps. */
#ifndef KUNDIG_TESTS_DISCOVER_FITTED_H
#define KUNDIG_TESTS_DISCOVER_FITTED_H

#include "discover/quality.h"
#include "support.h"

typedef struct fitted_set {
    kundig__mem mem;
    discover_set *set;
    kundig__fitting fitting;
} fitted_set;

static inline void fitted_make(fitted_set *fitted, uint32_t count, uint64_t seed, bool pairs)
{
    memset(fitted, 0, sizeof *fitted);
    discover_mem(&fitted->mem);
    fitted->set = discover_make(count, seed);
    kundig__fitting *fitting = &fitted->fitting;
    kundig_error err;
    fitting->mem = &fitted->mem;
    fitting->survey = &fitted->set->survey;
    cr_assert_eq(kundig__notes_make(&fitting->notes, &fitted->mem, fitting->survey, pairs, &err),
                 KUNDIG_OK);
    fitting->scales = malloc(fitting->notes.feature_count * sizeof *fitting->scales);
    fitting->labels = malloc(fitting->notes.fitted * sizeof *fitting->labels);
    cr_assert(fitting->scales && fitting->labels);
    for (uint32_t i = 0; i < fitting->notes.feature_count; i++) {
        bool word = fitting->notes.buckets[i] >> KUNDIG__NOTE_BITS == KUNDIG__NOTE_WORDS;
        fitting->scales[i] = word ? 1.0f : 0.05f;
    }
    fitting->sheet = (kundig__sheet){.count = fitting->notes.fitted,
                                     .starts = fitting->notes.starts,
                                     .cells = fitting->notes.cells,
                                     .feature_count = fitting->notes.feature_count,
                                     .scales = fitting->scales,
                                     .masses = fitting->notes.masses};
}

static inline void fitted_free(fitted_set *fitted)
{
    free(fitted->fitting.scales);
    free(fitted->fitting.labels);
    kundig__notes_free(&fitted->fitting.notes);
    free(fitted->set);
}

/* The subject of a note: that of the text it is read from. */
static inline uint32_t fitted_subject(const fitted_set *fitted, size_t note)
{
    return fitted->set->subjects[fitted->fitting.notes.leads[note]];
}

/* Labels that are the subjects. */
static inline void fitted_truth(const fitted_set *fitted, uint32_t *labels)
{
    for (size_t i = 0; i < fitted->fitting.notes.fitted; i++) {
        labels[i] = fitted_subject(fitted, i);
    }
}

/* How far labels agree with the subjects. */
static inline double fitted_agreement(fitted_set *fitted, const uint32_t *labels, uint32_t count)
{
    uint32_t truth[DISCOVER_TEXTS];
    kundig__agreement agreement;
    fitted_truth(fitted, truth);
    cr_assert_eq(kundig__agree(&fitted->mem, labels, count, truth, DISCOVER_SUBJECTS,
                               fitted->fitting.notes.fitted, &agreement),
                 KUNDIG_OK);
    return (agreement.rand + agreement.mutual) / 2;
}

/* Call until it no longer fails, with one allocation failing, then all from one on. */
typedef int fitted_fn(fitted_set *fitted);

static inline void fitted_sweep(fitted_set *fitted, fitted_fn *call)
{
    size_t blocks = probe_shared.live_blocks;
    for (int mode = 0; mode < 2; mode++) {
        int rc = KUNDIG_E_NOMEM;
        for (size_t n = 1; rc != KUNDIG_OK; n = probe_next(n)) {
            probe_shared.allocations = 0;
            probe_shared.fail_on = mode == 1;
            probe_shared.fail_at = n;
            rc = call(fitted);
            probe_shared.fail_at = 0;
            probe_shared.fail_on = false;
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM);
            cr_assert_eq(probe_shared.live_blocks, blocks);
        }
    }
}

#endif
