#include "discovering.h"
#include "topics/telling.h"

TestSuite(telling, .fini = probe_fini);

/* All texts of one cluster each, as the model found them. */
static telling_work telling_of(kundig__mem *mem, kundig__surveyed *surveyed,
                               const kundig_examples *set, const int32_t *found,
                               kundig__discovered *discovered, kundig__placed *placed,
                               uint32_t least)
{
    kundig__edits none = {.mem = mem};
    cr_assert_eq(kundig__survey_make(surveyed, mem, set, &none, NULL, NULL), KUNDIG_OK);
    for (size_t i = 0; i < surveyed->count; i++) {
        placed[i] = (kundig__placed){discovered->classes[found[i]], 1, false};
    }
    return (telling_work){.mem = mem,
                          .arena = &surveyed->arena,
                          .surveyed = surveyed,
                          .placed = placed,
                          .discovered = discovered,
                          .least = least};
}

Test(telling, keeps_the_best_of_each_group_and_how_it_is_written)
{
    int32_t found[DISCOVER_ALL];
    kundig__placed placed[DISCOVER_ALL];
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__surveyed surveyed;
    kundig_examples *set = discover_set(DISCOVER_ALL);
    kundig_model *model = discover_with(NULL, set, NULL, 0, found);
    kundig__discovered discovered = *kundig__model_discovered_of(model);
    kundig__mem_init(&mem, &allocator, 0);
    telling_work work = telling_of(&mem, &surveyed, set, found, &discovered, placed, 5);
    cr_assert_eq(kundig__telling_count(&work), KUNDIG_OK);
    cr_assert(work.writers);
    for (uint32_t i = 0; i < TEACH_SUBJECTS; i++) {
        const telling_group *group = &work.groups[i];
        cr_assert_gt(group->count, 0);
        cr_assert_eq(group->texts, work.groups[TEACH_SUBJECTS + i].texts);
        for (uint32_t j = 0; j < group->count; j++) {
            const telling_feature *feature = &work.features[group->best[j].feature];
            cr_assert(group->best[j].score > 0);
            cr_assert(j == 0 || group->best[j - 1].score >= group->best[j].score);
            cr_assert_leq(group->best[j].texts, feature->texts);
            cr_assert_geq(feature->texts, 5);
            cr_assert_gt(kundig__telling_written(&work, group->best[j].feature).len, 0);
        }
    }
    kundig__telling_free(&work);
    kundig__survey_free(&surveyed);
    cr_assert_eq(mem.used, 0);
    kundig_model_free(model);
    kundig_examples_free(set);
}

Test(telling, fails_cleanly_at_every_allocation)
{
    int32_t found[DISCOVER_ALL];
    kundig__placed placed[DISCOVER_ALL];
    kundig_examples *set = discover_set(DISCOVER_ALL);
    kundig_model *model = discover_with(NULL, set, NULL, 0, found);
    kundig__discovered discovered = *kundig__model_discovered_of(model);
    for (int on = 0; on < 2; on++) {
        int rc = KUNDIG_E_NOMEM;
        for (size_t n = 1; rc; n = probe_next(n)) {
            kundig_allocator allocator = probe_allocator(NULL);
            kundig__mem mem;
            kundig__surveyed surveyed;
            kundig__mem_init(&mem, &allocator, 0);
            telling_work work = telling_of(&mem, &surveyed, set, found, &discovered, placed, 5);
            probe_shared.fail_at = probe_shared.allocations + n;
            probe_shared.fail_on = on;
            rc = kundig__telling_count(&work);
            probe_shared.fail_at = 0;
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM);
            kundig__telling_free(&work);
            kundig__survey_free(&surveyed);
            cr_assert_eq(mem.used, 0, "allocation %zu", n);
        }
    }
    kundig_model_free(model);
    kundig_examples_free(set);
}
