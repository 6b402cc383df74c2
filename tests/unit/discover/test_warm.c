#include "support.h"

TestSuite(warm, .fini = probe_fini);

static kundig__clustered *warm_on(kundig__mem *mem, discover_set *set, uint32_t count,
                                  const kundig__clustered *before, bool settle,
                                  kundig__placed *placed, uint32_t *moved)
{
    kundig__survey survey = set->survey;
    kundig__clustered *clustered = NULL;
    kundig_error err;
    survey.text_count = count;
    survey.clusters = 0;
    survey.before = before;
    survey.settle = settle;
    cr_assert_eq(kundig__cluster(mem, &survey, &clustered, placed, moved, &err), KUNDIG_OK, "%s",
                 err.message);
    return clustered;
}

Test(warm, keeps_clusters_and_their_numbers_when_texts_come)
{
    kundig__mem mem;
    discover_mem(&mem);
    discover_set *set = discover_make(DISCOVER_TEXTS, 3);
    kundig__placed first[DISCOVER_TEXTS];
    kundig__placed second[DISCOVER_TEXTS];
    uint32_t moved[DISCOVER_SUBJECTS];
    set->survey.text_count = 420;
    kundig__clustered *before = discover_cluster(&mem, &set->survey, first);
    kundig__clustered *after = warm_on(&mem, set, 600, before, false, second, moved);
    const kundig__clustering_facts *facts = kundig__clustered_facts(after);
    cr_assert_eq(facts->cluster_count, DISCOVER_SUBJECTS);
    size_t kept = 0;
    for (uint32_t i = 0; i < 420; i++) {
        kept += first[i].cluster == second[i].cluster;
    }
    cr_assert_geq(kept, 410);
    for (uint32_t t = 0; t < DISCOVER_SUBJECTS; t++) {
        cr_assert_eq(moved[t], t);
        cr_assert_eq(facts->clusters[t].came, KUNDIG__CAME_KEPT);
        cr_assert_eq(facts->clusters[t].from, t);
    }
    kundig__clustered_free(before);
    kundig__clustered_free(after);
    free(set);
}

/* Those of the last subject come late. */
static void warm_sort(discover_set *set)
{
    uint32_t at = 0;
    discover_set *copy = malloc(sizeof *copy);
    cr_assert(copy);
    *copy = *set;
    for (uint32_t late = 0; late < 2; late++) {
        for (uint32_t i = 0; i < DISCOVER_TEXTS; i++) {
            if ((copy->subjects[i] == DISCOVER_SUBJECTS - 1) == (late == 1)) {
                set->texts[at] = copy->texts[i];
                set->subjects[at++] = copy->subjects[i];
            }
        }
    }
    free(copy);
}

Test(warm, opens_a_cluster_for_what_is_new)
{
    kundig__mem mem;
    discover_mem(&mem);
    discover_set *set = discover_make(DISCOVER_TEXTS, 5);
    warm_sort(set);
    kundig__placed placed[DISCOVER_TEXTS];
    set->survey.text_count = 450;
    set->survey.clusters = 3;
    kundig__clustered *before = discover_cluster(&mem, &set->survey, NULL);
    kundig__clustered *after = warm_on(&mem, set, 600, before, false, placed, NULL);
    const kundig__clustering_facts *facts = kundig__clustered_facts(after);
    cr_assert_gt(facts->cluster_count, 3);
    size_t fresh = 0;
    for (uint32_t i = 450; i < 600; i++) {
        fresh += placed[i].cluster >= 3;
    }
    for (uint32_t i = 0; i < 450; i++) {
        cr_assert_lt(placed[i].cluster, 3);
    }
    cr_assert_gt(fresh, 140);
    for (uint32_t t = 3; t < facts->cluster_count; t++) {
        cr_assert_neq(facts->clusters[t].came, KUNDIG__CAME_KEPT);
    }
    kundig__clustered_free(before);
    kundig__clustered_free(after);
    free(set);
}

Test(warm, settles_to_what_is_left_and_then_changes_nothing)
{
    kundig__mem mem;
    discover_mem(&mem);
    discover_set *set = discover_make(DISCOVER_TEXTS, 7);
    for (uint32_t i = 0; i < DISCOVER_TEXTS; i++) {
        set->texts[i].writer = i;
    }
    /* Six say a word, two of them go. */
    for (uint32_t i = 0; i < 6; i++) {
        uint32_t at = i < 4 ? i * 4 : 596 + (i - 4);
        size_t len = set->texts[at].text.len;
        memcpy(set->bytes[at] + len, " hush", 6);
        set->texts[at].text.len += 5;
    }
    kundig__placed first[DISCOVER_TEXTS];
    kundig__placed second[DISCOVER_TEXTS];
    uint32_t moved[DISCOVER_SUBJECTS];
    kundig__clustered *before = discover_cluster(&mem, &set->survey, first);
    kundig__clustered *once = warm_on(&mem, set, 590, before, true, second, moved);
    kundig__clustered *twice = warm_on(&mem, set, 590, once, true, NULL, NULL);
    kundig__buf left;
    kundig__buf right;
    discover_bytes(&mem, once, &left);
    discover_bytes(&mem, twice, &right);
    cr_assert_eq(left.len, right.len);
    cr_assert_eq(memcmp(left.data, right.data, left.len), 0);
    uint32_t hush = kundig__note_bucket(kundig__xxh3("hush", 4), KUNDIG__NOTE_WORDS);
    cr_assert_neq(before->lookup[hush], KUNDIG__NO_FEATURE);
    cr_assert_eq(once->lookup[hush], KUNDIG__NO_FEATURE);
    const kundig__clustering_facts *facts = kundig__clustered_facts(once);
    cr_assert_eq(facts->cluster_count, kundig__clustered_facts(before)->cluster_count);
    cr_assert_eq(facts->texts, 590);
    uint64_t texts = 0;
    for (uint32_t t = 0; t < facts->cluster_count; t++) {
        uint64_t counted = 0;
        for (uint32_t i = 0; i < 590; i++) {
            counted += second[i].cluster == t;
        }
        cr_assert_eq(facts->clusters[t].texts, counted);
        cr_assert_eq(facts->clusters[t].writers, counted);
        cr_assert_eq(moved[t], t);
        texts += counted;
    }
    cr_assert_eq(texts, 590);
    size_t kept = 0;
    for (uint32_t i = 0; i < 590; i++) {
        kept += first[i].cluster == second[i].cluster;
    }
    cr_assert_geq(kept, 585);
    kundig__buf_free(&left);
    kundig__buf_free(&right);
    kundig__clustered_free(before);
    kundig__clustered_free(once);
    kundig__clustered_free(twice);
    free(set);
}

Test(warm, settles_where_no_text_is_left)
{
    kundig__mem mem;
    discover_mem(&mem);
    discover_set *set = discover_make(100, 7);
    set->survey.text_count = 100;
    kundig__clustered *before = discover_cluster(&mem, &set->survey, NULL);
    kundig__clustered *after = warm_on(&mem, set, 0, before, true, NULL, NULL);
    const kundig__clustering_facts *facts = kundig__clustered_facts(after);
    cr_assert_eq(facts->cluster_count, DISCOVER_SUBJECTS);
    cr_assert_eq(facts->words + facts->characters, 0);
    cr_assert_eq(facts->clusters[0].texts, 0);
    kundig__clustered_free(before);
    kundig__clustered_free(after);
    free(set);
}

Test(warm, frees_all_where_memory_fails)
{
    kundig__mem mem;
    discover_mem(&mem);
    discover_set *set = discover_make(DISCOVER_TEXTS, 5);
    warm_sort(set);
    set->survey.text_count = 450;
    set->survey.clusters = 3;
    kundig__clustered *before = discover_cluster(&mem, &set->survey, NULL);
    size_t live = probe_shared.live_blocks;
    for (int mode = 0; mode < 4; mode++) {
        kundig__survey survey = set->survey;
        survey.text_count = 600;
        survey.clusters = 0;
        survey.before = before;
        survey.settle = mode > 1;
        int rc = KUNDIG_E_NOMEM;
        for (size_t n = 1; rc != KUNDIG_OK; n = probe_next(n)) {
            kundig__clustered *clustered = NULL;
            uint32_t moved[3];
            probe_shared.allocations = 0;
            probe_shared.fail_on = mode % 2 == 1;
            probe_shared.fail_at = n;
            rc = kundig__cluster(&mem, &survey, &clustered, NULL, moved, NULL);
            probe_shared.fail_at = 0;
            probe_shared.fail_on = false;
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM);
            kundig__clustered_free(clustered);
            cr_assert_eq(probe_shared.live_blocks, live);
        }
    }
    kundig__clustered_free(before);
    free(set);
}
