#include "support.h"

TestSuite(fit, .fini = probe_fini);

Test(fit, finds_the_same_for_the_same_seed)
{
    kundig__mem mem;
    discover_mem(&mem);
    discover_set *set = discover_make(300, 4);
    kundig__placed first[300];
    kundig__placed second[300];
    kundig__clustered_free(discover_cluster(&mem, &set->survey, first));
    kundig__clustered_free(discover_cluster(&mem, &set->survey, second));
    for (uint32_t i = 0; i < 300; i++) {
        cr_assert_eq(first[i].cluster, second[i].cluster);
        cr_assert_eq(first[i].margin, second[i].margin);
    }
    free(set);
}

Test(fit, numbers_clusters_by_size)
{
    kundig__mem mem;
    discover_mem(&mem);
    discover_set *set = discover_make(300, 4);
    kundig__clustered *clustered = discover_cluster(&mem, &set->survey, NULL);
    const kundig__clustering_facts *facts = kundig__clustered_facts(clustered);
    for (uint32_t t = 1; t < facts->cluster_count; t++) {
        cr_assert_geq(facts->clusters[t - 1].texts, facts->clusters[t].texts);
    }
    for (uint32_t i = 1; i < KUNDIG__FROZEN_FITS; i++) {
        cr_assert_leq(clustered->fits[i - 1], clustered->fits[i]);
    }
    cr_assert_gt(clustered->fits[KUNDIG__FROZEN_FITS - 1], 0);
    kundig__clustered_free(clustered);
    free(set);
}
