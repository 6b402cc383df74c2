#include "fitted.h"

TestSuite(sureness, .fini = probe_fini);

Test(sureness, is_more_for_subjects_than_for_labels_drawn_by_lot)
{
    fitted_set fitted;
    fitted_make(&fitted, 600, 5, false);
    kundig__halves halves;
    cr_assert_eq(kundig__halves_make(&halves, &fitted.fitting), KUNDIG_OK);
    uint32_t labels[DISCOVER_TEXTS];
    double sure[4];
    double lot[4];
    double agreement = -1;
    fitted_truth(&fitted, labels);
    cr_assert_eq(kundig__sureness(&halves, labels, 4, sure, &agreement), KUNDIG_OK);
    cr_assert(agreement > 0.2 && agreement <= 1);
    uint64_t seed = 1;
    for (size_t i = 0; i < halves.rows; i++) {
        labels[i] = discover_random(&seed) % 4;
    }
    cr_assert_eq(kundig__sureness(&halves, labels, 4, lot, &agreement), KUNDIG_OK);
    for (int t = 0; t < 4; t++) {
        cr_assert(sure[t] > 0.4 && sure[t] <= 1, "%g", sure[t]);
        cr_assert(lot[t] >= 0 && lot[t] < 0.3, "%g", lot[t]);
    }
    kundig__halves_free(&halves);
    fitted_free(&fitted);
}

Test(sureness, of_a_cluster_without_rows_is_nothing)
{
    fitted_set fitted;
    fitted_make(&fitted, 100, 5, false);
    kundig__halves halves;
    cr_assert_eq(kundig__halves_make(&halves, &fitted.fitting), KUNDIG_OK);
    uint32_t labels[DISCOVER_TEXTS];
    double sure[5];
    double agreement;
    fitted_truth(&fitted, labels);
    cr_assert_eq(kundig__sureness(&halves, labels, 5, sure, &agreement), KUNDIG_OK);
    cr_assert_eq(sure[4], 0);
    kundig__halves_free(&halves);
    fitted_free(&fitted);
}

static int sureness_again(fitted_set *fitted)
{
    kundig__halves halves;
    uint32_t labels[DISCOVER_TEXTS];
    double sure[4];
    double agreement;
    fitted_truth(fitted, labels);
    int rc = kundig__halves_make(&halves, &fitted->fitting);
    if (rc == KUNDIG_OK) {
        rc = kundig__sureness(&halves, labels, 4, sure, &agreement);
        kundig__halves_free(&halves);
    }
    return rc;
}

Test(sureness, frees_all_where_memory_fails)
{
    fitted_set fitted;
    fitted_make(&fitted, 60, 5, false);
    fitted_sweep(&fitted, sureness_again);
    fitted_free(&fitted);
}
