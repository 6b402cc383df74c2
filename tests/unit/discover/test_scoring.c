#include "support.h"

TestSuite(scoring, .fini = probe_fini);

Test(scoring, is_the_weighed_mean_of_rows_less_the_prior)
{
    kundig__mem mem;
    discover_mem(&mem);
    discover_set *set = discover_make(300, 8);
    set->survey.clusters = 21; /* more than one step of rows */
    kundig__clustered *clustered = discover_cluster(&mem, &set->survey, NULL);
    kundig__scratch scratch;
    kundig__scratch_init(&scratch, &mem);
    kundig__presence presence;
    kundig__scoring scoring;
    cr_assert(kundig__presence_init(&presence, &mem));
    cr_assert(kundig__scoring_init(&scoring, &mem, clustered));
    for (uint32_t i = 0; i < 100; i++) {
        kundig_text text = set->texts[i].text;
        cr_assert_eq(
            kundig__text_features(&scratch, text.data, text.len, KUNDIG__DISCOVER_FAMILIES), 0);
        cr_assert(kundig__presence_read(&presence, &scratch, 0, scratch.token_count, 0,
                                        scratch.gram_count, true));
        cr_assert(kundig__score(&scoring, &presence));
        cr_assert_gt(scoring.count, 0);
        for (uint32_t t = 0; t < clustered->cluster_count; t++) {
            double sum = 0;
            double all = 0;
            for (size_t j = 0; j < scoring.count; j++) {
                uint32_t row = scoring.rows[j];
                sum += (double)clustered->weights[row] *
                       clustered->rows[row * clustered->width + t] / KUNDIG__FROZEN_STEPS;
                all += clustered->weights[row];
            }
            double score = sum / all - (double)clustered->priors[t] / KUNDIG__FROZEN_PRIOR;
            double off = score - (double)scoring.scores[t];
            cr_assert(off < 0.01 && off > -0.01);
            cr_assert_leq(scoring.scores[t], scoring.scores[scoring.best]);
            cr_assert(t == scoring.best || scoring.scores[t] <= scoring.scores[scoring.second]);
        }
        float novelty = kundig__clustered_novelty(clustered, scoring.fit);
        cr_assert(novelty >= 0 && novelty <= 1);
    }
    kundig__scoring_free(&scoring);
    kundig__presence_free(&presence);
    kundig__scratch_free(&scratch);
    kundig__clustered_free(clustered);
    free(set);
}
