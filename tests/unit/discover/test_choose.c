#include "fitted.h"

TestSuite(choose, .fini = probe_fini);

static uint32_t choose_of(uint32_t texts, uint64_t seed, uint32_t threads)
{
    fitted_set fitted;
    fitted_make(&fitted, texts, seed, false);
    fitted.set->survey.threads = threads;
    kundig_error err;
    uint32_t clusters = 0;
    cr_assert_eq(kundig__choose(&fitted.fitting, &clusters, &err), KUNDIG_OK);
    fitted_free(&fitted);
    return clusters;
}

Test(choose, finds_about_as_many_as_there_are_subjects)
{
    for (uint64_t seed = 1; seed < 4; seed++) {
        uint32_t clusters = choose_of(600, seed, 1);
        cr_assert(clusters >= 2 && clusters <= 8, "%u", clusters);
        cr_assert_eq(choose_of(600, seed, 2), clusters);
    }
}

Test(choose, takes_few_of_few_texts)
{
    for (uint32_t texts = 2; texts < 40; texts++) {
        uint32_t clusters = choose_of(texts, 9, 1);
        cr_assert(clusters >= 1 && clusters <= texts / 4 + 1, "%u of %u", clusters, texts);
    }
}

static int choose_stop(void *ud, uint64_t done, uint64_t total)
{
    uint64_t *left = ud;
    cr_assert_leq(done, total);
    return (*left)-- == 0;
}

Test(choose, stops_when_told_to)
{
    fitted_set fitted;
    fitted_make(&fitted, 200, 3, false);
    uint64_t left = 3;
    fitted.set->survey.progress = choose_stop;
    fitted.set->survey.progress_ud = &left;
    kundig_error err;
    uint32_t clusters = 77;
    cr_assert_eq(kundig__choose(&fitted.fitting, &clusters, &err), KUNDIG_E_CANCELLED);
    cr_assert_eq(clusters, 77);
    fitted_free(&fitted);
}

static int choose_again(fitted_set *fitted)
{
    uint32_t clusters;
    return kundig__choose(&fitted->fitting, &clusters, NULL);
}

Test(choose, frees_all_where_memory_fails)
{
    fitted_set fitted;
    fitted_make(&fitted, 70, 5, false);
    fitted_sweep(&fitted, choose_again);
    fitted_free(&fitted);
}
