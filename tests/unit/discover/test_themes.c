#include "fitted.h"

TestSuite(themes, .fini = probe_fini);

/* Each subject in three clusters that differ by nothing: its themes are the subjects. */
static void themes_labels(const fitted_set *fitted, uint32_t *labels)
{
    for (size_t i = 0; i < fitted->fitting.notes.fitted; i++) {
        labels[i] = fitted_subject(fitted, i) * 3 + (uint32_t)(i % 3);
    }
}

static uint32_t themes_of(fitted_set *fitted, uint32_t wanted, uint32_t *themes)
{
    kundig__halves halves;
    uint32_t labels[DISCOVER_TEXTS];
    uint32_t count = 0;
    themes_labels(fitted, labels);
    cr_assert_eq(kundig__halves_make(&halves, &fitted->fitting), KUNDIG_OK);
    cr_assert_eq(kundig__themes(&halves, labels, 12, wanted, themes, &count), KUNDIG_OK);
    kundig__halves_free(&halves);
    return count;
}

Test(themes, hold_what_belongs_together)
{
    fitted_set fitted;
    fitted_make(&fitted, 600, 5, false);
    uint32_t themes[12];
    cr_assert_eq(themes_of(&fitted, 4, themes), 4);
    for (uint32_t t = 0; t < 12; t++) {
        cr_assert_eq(themes[t], t / 3, "cluster %u is in theme %u", t, themes[t]);
    }
    fitted_free(&fitted);
}

Test(themes, are_found_where_halves_agree)
{
    fitted_set fitted;
    fitted_make(&fitted, 600, 5, false);
    uint32_t themes[12];
    uint32_t count = themes_of(&fitted, 0, themes);
    cr_assert(count >= 3 && count <= 5, "%u", count);
    fitted_free(&fitted);
}

Test(themes, are_never_more_than_clusters_nor_empty)
{
    fitted_set fitted;
    fitted_make(&fitted, 300, 5, false);
    uint32_t themes[12];
    for (uint32_t wanted = 1; wanted < 40; wanted += 6) {
        uint32_t count = themes_of(&fitted, wanted, themes);
        cr_assert_eq(count, wanted < 12 ? wanted : 12);
        bool seen[12] = {false};
        for (uint32_t t = 0; t < 12; t++) {
            cr_assert_lt(themes[t], count);
            seen[themes[t]] = true;
        }
        for (uint32_t t = 0; t < count; t++) {
            cr_assert(seen[t]);
        }
    }
    fitted_free(&fitted);
}

static int themes_again(fitted_set *fitted)
{
    kundig__halves halves;
    uint32_t labels[DISCOVER_TEXTS];
    uint32_t themes[12];
    uint32_t count;
    themes_labels(fitted, labels);
    int rc = kundig__halves_make(&halves, &fitted->fitting);
    if (rc == KUNDIG_OK) {
        rc = kundig__themes(&halves, labels, 12, 0, themes, &count);
        kundig__halves_free(&halves);
    }
    return rc;
}

Test(themes, free_all_where_memory_fails)
{
    fitted_set fitted;
    fitted_make(&fitted, 60, 5, false);
    fitted_sweep(&fitted, themes_again);
    fitted_free(&fitted);
}
