#include "fitted.h"

TestSuite(halves, .fini = probe_fini);

Test(halves, look_at_words_alone)
{
    fitted_set fitted;
    fitted_make(&fitted, 400, 5, true);
    const kundig__notes *notes = &fitted.fitting.notes;
    kundig__halves halves;
    cr_assert_eq(kundig__halves_make(&halves, &fitted.fitting), KUNDIG_OK);
    size_t words = 0;
    for (size_t i = 0; i < notes->starts[notes->fitted]; i++) {
        words += notes->buckets[notes->cells[i]] >> KUNDIG__NOTE_BITS == KUNDIG__NOTE_WORDS;
    }
    cr_assert_eq(halves.starts[halves.rows], words);
    cr_assert_gt(words, 0);
    cr_assert_lt(words, notes->starts[notes->fitted]);
    for (size_t i = 0; i < words; i++) {
        cr_assert_lt(halves.cells[i], halves.sheet.feature_count);
    }
    kundig__halves_free(&halves);
    fitted_free(&fitted);
}

Test(halves, are_two_and_cuts_differ)
{
    fitted_set fitted;
    fitted_make(&fitted, 400, 5, false);
    kundig__halves halves;
    cr_assert_eq(kundig__halves_make(&halves, &fitted.fitting), KUNDIG_OK);
    size_t first = 0;
    size_t same = 0;
    for (size_t i = 0; i < halves.rows; i++) {
        bool in = kundig__halves_has(&halves, 0, 0, i);
        cr_assert_neq(in, kundig__halves_has(&halves, 0, 1, i));
        first += in;
        same += in == kundig__halves_has(&halves, 1, 0, i);
    }
    cr_assert(first > halves.rows / 3 && first < halves.rows * 2 / 3);
    cr_assert(same > halves.rows / 3 && same < halves.rows * 2 / 3);
    kundig__halves_free(&halves);
    fitted_free(&fitted);
}

Test(halves, label_all_rows_alike_with_any_threads)
{
    fitted_set fitted;
    fitted_make(&fitted, 500, 5, false);
    kundig__halves halves;
    cr_assert_eq(kundig__halves_make(&halves, &fitted.fitting), KUNDIG_OK);
    cr_assert_eq(kundig__halves_fit(&halves, 0, 4), KUNDIG_OK);
    uint32_t labels[2][DISCOVER_TEXTS];
    for (int i = 0; i < 2; i++) {
        memcpy(labels[i], halves.labels[i], halves.rows * sizeof(uint32_t));
        cr_assert_gt(fitted_agreement(&fitted, labels[i], 4), 0.4);
    }
    cr_assert_neq(memcmp(labels[0], labels[1], halves.rows * sizeof(uint32_t)), 0);
    fitted.set->survey.threads = 2;
    cr_assert_eq(kundig__halves_fit(&halves, 0, 4), KUNDIG_OK);
    for (int i = 0; i < 2; i++) {
        cr_assert_eq(memcmp(labels[i], halves.labels[i], halves.rows * sizeof(uint32_t)), 0);
    }
    kundig__halves_free(&halves);
    fitted_free(&fitted);
}

static int halves_again(fitted_set *fitted)
{
    kundig__halves halves;
    int rc = kundig__halves_make(&halves, &fitted->fitting);
    if (rc == KUNDIG_OK) {
        rc = kundig__halves_fit(&halves, 1, 3);
        kundig__halves_free(&halves);
    }
    return rc;
}

Test(halves, free_all_where_memory_fails)
{
    fitted_set fitted;
    fitted_make(&fitted, 80, 5, false);
    fitted_sweep(&fitted, halves_again);
    fitted.set->survey.threads = 2;
    fitted_sweep(&fitted, halves_again);
    fitted_free(&fitted);
}
