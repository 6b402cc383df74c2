#include "support.h"

TestSuite(clustered, .fini = probe_fini);

static uint64_t clustered_hash(const char *word)
{
    return kundig__xxh3(word, strlen(word));
}

Test(clustered, knows_which_words_speak_for_which_cluster)
{
    kundig__mem mem;
    discover_mem(&mem);
    discover_set *set = discover_make(400, 6);
    kundig__placed placed[400];
    kundig__clustered *clustered = discover_cluster(&mem, &set->survey, placed);
    for (uint32_t s = 0; s < DISCOVER_SUBJECTS; s++) {
        uint32_t own = placed[s].cluster;
        for (uint32_t w = 0; w < 8; w++) {
            uint64_t hash = clustered_hash(discover_words[s][w]);
            for (uint32_t t = 0; t < DISCOVER_SUBJECTS; t++) {
                double weight = kundig__clustered_weight(clustered, hash, false, t);
                cr_assert(t == own ? weight > 0.5 : weight < 0.5, "%s %u %f", discover_words[s][w],
                          t, weight);
            }
        }
    }
    cr_assert_eq(kundig__clustered_weight(clustered, clustered_hash("unheard"), false, 0), 0);
    cr_assert_eq(kundig__clustered_weight(clustered, clustered_hash("late"), false, 99), 0);
    kundig__clustered_free(clustered);
    free(set);
}

Test(clustered, lives_as_long_as_somebody_holds_it)
{
    kundig__mem mem;
    discover_mem(&mem);
    discover_set *set = discover_make(100, 6);
    kundig__clustered *clustered = discover_cluster(&mem, &set->survey, NULL);
    cr_assert_eq(kundig__clustered_retain(clustered), clustered);
    kundig__clustered_free(clustered);
    cr_assert_gt(kundig__clustered_facts(clustered)->words, 0);
    kundig__clustered_free(clustered);
    kundig__clustered_free(NULL);
    cr_assert_null(kundig__clustered_retain(NULL));
    free(set);
}
