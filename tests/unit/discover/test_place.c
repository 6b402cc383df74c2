#include "support.h"

TestSuite(place, .fini = probe_fini);

Test(place, puts_notes_that_were_not_fitted_where_their_like_are)
{
    kundig__mem mem;
    discover_mem(&mem);
    discover_set *set = discover_make(DISCOVER_TEXTS, 1);
    set->survey.most_fitted = 250;
    kundig__placed placed[DISCOVER_TEXTS];
    kundig__placed again[DISCOVER_TEXTS];
    kundig__clustered *clustered = discover_cluster(&mem, &set->survey, placed);
    cr_assert_eq(kundig__clustered_facts(clustered)->texts, DISCOVER_TEXTS);
    cr_assert_lt(kundig__clustered_facts(clustered)->fitted, DISCOVER_TEXTS);
    cr_assert_gt(discover_right(set, placed), 0.95);
    set->survey.threads = 4;
    kundig__clustered_free(clustered);
    clustered = discover_cluster(&mem, &set->survey, again);
    for (uint32_t i = 0; i < DISCOVER_TEXTS; i++) {
        cr_assert_eq(placed[i].cluster, again[i].cluster);
        cr_assert_eq(placed[i].margin, again[i].margin);
        cr_assert_eq(placed[i].nowhere, again[i].nowhere);
    }
    kundig__clustered_free(clustered);
    free(set);
}
