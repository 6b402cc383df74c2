#include "fitted.h"

TestSuite(quality, .fini = probe_fini);

Test(quality, goes_the_way_that_was_asked_for)
{
    kundig__mem mem;
    discover_mem(&mem);
    discover_set *set = discover_make(600, 4);
    kundig__placed placed[DISCOVER_TEXTS];
    const int qualities[] = {KUNDIG_QUALITY_FAST, KUNDIG_QUALITY_BEST, KUNDIG_QUALITY_DRAFT};
    for (int i = 0; i < 3; i++) {
        set->survey.quality = qualities[i];
        kundig__clustered *clustered = discover_cluster(&mem, &set->survey, placed);
        const kundig__clustering_facts *facts = kundig__clustered_facts(clustered);
        cr_assert_eq(facts->quality, qualities[i]);
        cr_assert_eq(facts->cluster_count, DISCOVER_SUBJECTS);
        cr_assert_gt(discover_right(set, placed), 0.85);
        cr_assert(facts->agreement > 0.2 && facts->agreement <= 1);
        for (uint32_t t = 0; t < facts->cluster_count; t++) {
            cr_assert_lt(facts->clusters[t].theme, facts->theme_count);
            cr_assert(facts->clusters[t].sureness > 0.2 && facts->clusters[t].sureness <= 1);
        }
        kundig__clustered_free(clustered);
    }
    free(set);
}

Test(quality, finds_how_many_where_nothing_was_said)
{
    kundig__mem mem;
    discover_mem(&mem);
    discover_set *set = discover_make(600, 4);
    set->survey.clusters = 0;
    kundig__clustered *clustered = discover_cluster(&mem, &set->survey, NULL);
    uint32_t count = kundig__clustered_facts(clustered)->cluster_count;
    cr_assert(count >= 2 && count <= 8, "%u", count);
    kundig__clustered_free(clustered);
    free(set);
}

Test(quality, ends_well_for_few_texts_and_many_equal_ones)
{
    for (uint32_t texts = 4; texts < 40; texts += 5) {
        kundig__mem mem;
        discover_mem(&mem);
        discover_set *set = discover_make(texts, 4);
        set->survey.clusters = 0;
        set->survey.quality = texts % 2 ? KUNDIG_QUALITY_BEST : KUNDIG_QUALITY_FAST;
        for (uint32_t i = 0; i < texts; i += 3) {
            discover_say(set, i, "the same as ever");
        }
        kundig__clustered *clustered = NULL;
        int rc = kundig__cluster(&mem, &set->survey, &clustered, NULL, NULL, NULL);
        cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_EMPTY);
        cr_assert_eq(rc == KUNDIG_OK, clustered != NULL);
        if (clustered) {
            cr_assert_leq(kundig__clustered_facts(clustered)->cluster_count, texts / 4 + 1);
            kundig__clustered_free(clustered);
        }
        free(set);
    }
}
