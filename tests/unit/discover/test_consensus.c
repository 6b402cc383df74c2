#include "fitted.h"

TestSuite(consensus, .fini = probe_fini);

Test(consensus, finds_the_subjects_with_any_threads)
{
    fitted_set fitted;
    fitted_make(&fitted, 600, 5, true);
    uint32_t first[DISCOVER_TEXTS];
    uint32_t second[DISCOVER_TEXTS];
    kundig_error err;
    cr_assert_eq(kundig__consensus(&fitted.fitting, 4, first, &err), KUNDIG_OK);
    cr_assert_gt(fitted_agreement(&fitted, first, 4), 0.7);
    for (uint32_t threads = 2; threads < 9; threads += 3) {
        fitted.set->survey.threads = threads;
        cr_assert_eq(kundig__consensus(&fitted.fitting, 4, second, &err), KUNDIG_OK);
        cr_assert_eq(memcmp(first, second, fitted.fitting.notes.fitted * sizeof *first), 0);
    }
    fitted_free(&fitted);
}

Test(consensus, goes_by_the_seed)
{
    fitted_set fitted;
    fitted_make(&fitted, 300, 5, false);
    uint32_t first[DISCOVER_TEXTS];
    uint32_t second[DISCOVER_TEXTS];
    kundig_error err;
    cr_assert_eq(kundig__consensus(&fitted.fitting, 8, first, &err), KUNDIG_OK);
    fitted.set->survey.seed = 1;
    cr_assert_eq(kundig__consensus(&fitted.fitting, 8, second, &err), KUNDIG_OK);
    cr_assert_neq(memcmp(first, second, fitted.fitting.notes.fitted * sizeof *first), 0);
    fitted_free(&fitted);
}

static int consensus_stop(void *ud, uint64_t done, uint64_t total)
{
    (void)done;
    (void)total;
    return (*(int *)ud)-- == 0;
}

Test(consensus, stops_when_told_to)
{
    fitted_set fitted;
    fitted_make(&fitted, 100, 5, false);
    uint32_t labels[DISCOVER_TEXTS];
    int left = 2;
    fitted.set->survey.progress = consensus_stop;
    fitted.set->survey.progress_ud = &left;
    kundig_error err;
    cr_assert_eq(kundig__consensus(&fitted.fitting, 4, labels, &err), KUNDIG_E_CANCELLED);
    fitted_free(&fitted);
}

static int consensus_again(fitted_set *fitted)
{
    uint32_t labels[DISCOVER_TEXTS];
    return kundig__consensus(&fitted->fitting, 3, labels, NULL);
}

Test(consensus, frees_all_where_memory_fails)
{
    fitted_set fitted;
    fitted_make(&fitted, 60, 5, true);
    fitted_sweep(&fitted, consensus_again);
    fitted.set->survey.threads = 3;
    fitted_sweep(&fitted, consensus_again);
    fitted_free(&fitted);
}
