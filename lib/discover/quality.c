/* Which of the ways is gone from notes to labels, and what is told of the clusters afterwards.
 *
 * Invariant: a function of the notes, the seed and the survey's wishes; threads change no bit. */
#include "discover/quality.h"

int kundig__quality_go_on(const kundig__fitting *fitting, kundig_error *err)
{
    const kundig__survey *survey = fitting->survey;
    if (survey->progress && survey->progress(survey->progress_ud, 1, 4) != 0) {
        return kundig__fail(err, KUNDIG_E_CANCELLED, 0, "cancelled while topics were discovered");
    }
    return KUNDIG_OK;
}

/* Is any note in a cluster? */
static bool quality_labels(const kundig__fitting *fitting)
{
    for (size_t i = 0; i < fitting->sheet.count; i++) {
        if (fitting->clusters > 1 && fitting->labels[i] != KUNDIG__NO_CLUSTER) {
            return true;
        }
    }
    return false;
}

/* Nothing tells notes from one another: all that have a feature are one cluster. */
static void quality_one(kundig__fitting *fitting)
{
    const kundig__sheet *sheet = &fitting->sheet;
    fitting->clusters = 1;
    for (size_t i = 0; i < sheet->count; i++) {
        bool some = sheet->starts[i] < sheet->starts[i + 1];
        fitting->labels[i] = some ? 0 : KUNDIG__NO_CLUSTER;
    }
}

int kundig__quality_fit(kundig__fitting *fitting, kundig_error *err)
{
    int rc = KUNDIG_OK;
    if (fitting->clusters == 0) {
        rc = kundig__choose(fitting, &fitting->clusters, err);
    }
    if (rc == KUNDIG_OK) {
        rc = kundig__quality_go_on(fitting, err);
    }
    if (rc != KUNDIG_OK) {
        return rc;
    }
    if (fitting->clusters > 1 && fitting->survey->quality == KUNDIG_QUALITY_BEST) {
        rc = kundig__consensus(fitting, fitting->clusters, fitting->labels, err);
    } else if (fitting->clusters > 1) {
        rc = kundig__fit_run(fitting, fitting->mem, fitting->clusters, fitting->survey->seed,
                             fitting->labels);
    }
    if (rc == KUNDIG_OK && !quality_labels(fitting)) {
        quality_one(fitting);
    }
    return rc;
}

static int quality_tell(kundig__fitting *fitting, kundig__halves *halves, double *sureness,
                        uint32_t *themes)
{
    kundig__clustered *clustered = fitting->clustered;
    uint32_t count = clustered->cluster_count;
    double agreement = 0;
    int rc = kundig__sureness(halves, fitting->labels, count, sureness, &agreement);
    if (rc == KUNDIG_OK) {
        rc = kundig__themes(halves, fitting->labels, count, fitting->survey->themes, themes,
                            &clustered->facts.theme_count);
    }
    if (rc == KUNDIG_OK) {
        clustered->facts.agreement = kundig__clustered_share(agreement);
        for (uint32_t t = 0; t < count; t++) {
            clustered->clusters[t].sureness = kundig__clustered_share(sureness[t]);
            clustered->clusters[t].theme = themes[t];
        }
    }
    return rc;
}

int kundig__quality_tell(kundig__fitting *fitting)
{
    kundig__mem *mem = fitting->mem;
    size_t count = fitting->clustered->cluster_count;
    kundig__halves halves;
    int rc = kundig__halves_make(&halves, fitting);
    if (rc != KUNDIG_OK) {
        return rc;
    }
    double *sureness = kundig__alloc(mem, count * sizeof *sureness);
    uint32_t *themes = kundig__alloc(mem, count * sizeof *themes);
    rc = sureness && themes ? quality_tell(fitting, &halves, sureness, themes) : KUNDIG_E_NOMEM;
    kundig__free(mem, sureness, count * sizeof *sureness);
    kundig__free(mem, themes, count * sizeof *themes);
    kundig__halves_free(&halves);
    return rc;
}
