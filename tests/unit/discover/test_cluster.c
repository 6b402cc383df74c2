#include "support.h"

TestSuite(cluster, .fini = probe_fini);

Test(cluster, finds_what_texts_speak_of)
{
    kundig__mem mem;
    discover_mem(&mem);
    discover_set *set = discover_make(DISCOVER_TEXTS, 1);
    kundig__placed placed[DISCOVER_TEXTS];
    kundig__clustered *clustered = discover_cluster(&mem, &set->survey, placed);
    const kundig__clustering_facts *facts = kundig__clustered_facts(clustered);
    cr_assert_eq(facts->cluster_count, DISCOVER_SUBJECTS);
    cr_assert_eq(facts->texts, DISCOVER_TEXTS);
    cr_assert_gt(discover_right(set, placed), 0.97);
    uint64_t texts = 0;
    for (uint32_t t = 0; t < facts->cluster_count; t++) {
        texts += facts->clusters[t].texts;
    }
    cr_assert_eq(texts, DISCOVER_TEXTS);
    kundig__clustered_free(clustered);
    free(set);
}

Test(cluster, knows_no_order_of_texts_and_no_threads)
{
    kundig__mem mem;
    discover_mem(&mem);
    discover_set *set = discover_make(DISCOVER_TEXTS, 11);
    for (uint32_t i = 0; i < DISCOVER_TEXTS; i++) {
        set->texts[i].writer = i / 3;
    }
    set->survey.most_fitted = 400;
    kundig__placed first[DISCOVER_TEXTS];
    kundig__placed second[DISCOVER_TEXTS];
    kundig__clustered *one = discover_cluster(&mem, &set->survey, first);
    for (uint32_t i = 0; i < DISCOVER_TEXTS / 2; i++) {
        kundig__told_text other = set->texts[i];
        set->texts[i] = set->texts[DISCOVER_TEXTS - 1 - i];
        set->texts[DISCOVER_TEXTS - 1 - i] = other;
    }
    set->survey.threads = 2;
    kundig__clustered *two = discover_cluster(&mem, &set->survey, second);
    kundig__buf left;
    kundig__buf right;
    discover_bytes(&mem, one, &left);
    discover_bytes(&mem, two, &right);
    cr_assert_eq(left.len, right.len);
    cr_assert_eq(memcmp(left.data, right.data, left.len), 0);
    for (uint32_t i = 0; i < DISCOVER_TEXTS; i++) {
        cr_assert_eq(first[i].cluster, second[DISCOVER_TEXTS - 1 - i].cluster);
        cr_assert_eq(first[i].margin, second[DISCOVER_TEXTS - 1 - i].margin);
    }
    kundig__buf_free(&left);
    kundig__buf_free(&right);
    kundig__clustered_free(one);
    kundig__clustered_free(two);
    free(set);
}

static void cluster_refuses(const kundig__survey *survey, const char *says)
{
    kundig__mem mem;
    discover_mem(&mem);
    kundig__clustered *clustered = NULL;
    kundig_error err;
    cr_assert_eq(kundig__cluster(&mem, survey, &clustered, NULL, NULL, &err), KUNDIG_E_EMPTY);
    cr_assert_null(clustered);
    cr_assert(strstr(err.message, says), "%s", err.message);
}

Test(cluster, of_too_little_says_what_is_missing)
{
    discover_set *set = discover_make(40, 2);
    set->survey.text_count = 0;
    cluster_refuses(&set->survey, "no comment has words");
    set->survey.text_count = 1;
    cluster_refuses(&set->survey, "all comments say the same");
    for (uint32_t i = 0; i < 40; i++) {
        discover_say(set, i, "All is well.");
    }
    set->survey.text_count = 40;
    cluster_refuses(&set->survey, "all comments say the same");
    for (uint32_t i = 0; i < 40; i++) {
        discover_say(set, i, i % 2 ? "" : "  ");
    }
    cluster_refuses(&set->survey, "no comment has words");
    discover_say(set, 0, "abc");
    discover_say(set, 1, "xyz");
    cluster_refuses(&set->survey, "no two comments share a word");
    for (uint32_t i = 0; i < 40; i++) {
        uint64_t seed = i;
        discover_text(&seed, i % 4, set->bytes[i], DISCOVER_TEXT);
        set->texts[i].text.len = strlen(set->bytes[i]);
        set->texts[i].writer = i % 4;
    }
    cluster_refuses(&set->survey, "no word is used by 5 customers");
    free(set);
}

Test(cluster, makes_no_more_clusters_than_there_are_texts)
{
    kundig__mem mem;
    discover_mem(&mem);
    discover_set *set = discover_make(12, 2);
    set->survey.clusters = 500;
    kundig__placed placed[12];
    kundig__clustered *clustered = discover_cluster(&mem, &set->survey, placed);
    cr_assert_leq(kundig__clustered_facts(clustered)->cluster_count, 12);
    kundig__clustered_free(clustered);
    set->survey.clusters = 1;
    clustered = discover_cluster(&mem, &set->survey, placed);
    cr_assert_eq(kundig__clustered_facts(clustered)->cluster_count, 1);
    for (uint32_t i = 0; i < 12; i++) {
        cr_assert(placed[i].cluster == 0 || placed[i].cluster == KUNDIG__NO_CLUSTER);
        cr_assert_eq(placed[i].margin, 0);
    }
    kundig__clustered_free(clustered);
    free(set);
}

static int cluster_stop(void *ud, uint64_t done, uint64_t total)
{
    uint64_t *left = ud;
    cr_assert_leq(done, total);
    return (*left)-- == 0;
}

Test(cluster, stops_when_told_to)
{
    discover_set *set = discover_make(80, 2);
    int rc = KUNDIG_E_CANCELLED;
    for (uint64_t after = 0; rc != KUNDIG_OK; after++) {
        kundig__mem mem;
        discover_mem(&mem);
        uint64_t left = after;
        kundig__clustered *clustered = NULL;
        set->survey.progress = cluster_stop;
        set->survey.progress_ud = &left;
        rc = kundig__cluster(&mem, &set->survey, &clustered, NULL, NULL, NULL);
        cr_assert(rc == KUNDIG_OK || (rc == KUNDIG_E_CANCELLED && !clustered));
        kundig__clustered_free(clustered);
        cr_assert_eq(probe_shared.live_blocks, 0);
        cr_assert_lt(after, 1000);
    }
    free(set);
}

Test(cluster, frees_all_where_memory_fails)
{
    discover_set *set = discover_make(60, 7);
    for (uint32_t i = 0; i < 60; i++) {
        set->texts[i].writer = i;
    }
    set->survey.most_fitted = 50;
    for (int mode = 0; mode < 2; mode++) {
        int rc = KUNDIG_E_NOMEM;
        for (size_t n = 1; rc != KUNDIG_OK; n = probe_next(n)) {
            kundig__mem mem;
            discover_mem(&mem);
            kundig__clustered *clustered = NULL;
            probe_shared.allocations = 0;
            probe_shared.fail_on = mode == 1;
            probe_shared.fail_at = n;
            rc = kundig__cluster(&mem, &set->survey, &clustered, NULL, NULL, NULL);
            probe_shared.fail_at = 0;
            probe_shared.fail_on = false;
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM);
            kundig__clustered_free(clustered);
            cr_assert_eq(probe_shared.live_blocks, 0);
        }
    }
    free(set);
}

Test(cluster, makes_sense_of_odd_texts)
{
    kundig__mem mem;
    discover_mem(&mem);
    discover_set *set = discover_make(400, 21);
    static const char *const odd[] = {
        "\xF0\x9F\x98\x80\xF0\x9F\x98\x80",
        "\xF0\x9F\x91\x8D\xF0\x9F\x8F\xBD",
        "!!!???",
        "...",
        "\xE9\x85\x8D\xE9\x80\x81\xE5\xA4\xAA\xE6\x85\xA2\xE4\xBA\x86",
        "\xD8\xA7\xD9\x84\xD8\xAA\xD9\x88\xD8\xB5\xD9\x8A\xD9\x84 \xD9\x85\xD8\xAA\xD8\xA3\xD8\xAE",
        "\xD0\xB4\xD0\xBE\xD1\x81\xD1\x82\xD0\xB0\xD0\xB2\xD0\xBA\xD0\xB0",
        "",
        "\n\n\t",
        "\xEC\x95\xB1\xEC\x9D\xB4 \xEB\x8A\x90\xEB\xA0\xA4\xEC\x9A\x94",
        "https://example.org/a?b=c",
        "a",
        "zu teuer und zu langsam",
        "trop cher et trop lent"};
    enum { KINDS = sizeof odd / sizeof odd[0] };
    for (uint32_t i = 0; i < 200; i++) {
        discover_say(set, i * 2, odd[i % KINDS]);
    }
    kundig__placed placed[400];
    set->survey.clusters = 12;
    kundig__clustered *clustered = discover_cluster(&mem, &set->survey, placed);
    const kundig__clustering_facts *facts = kundig__clustered_facts(clustered);
    cr_assert_leq(facts->cluster_count, 12);
    uint64_t texts = 0;
    for (uint32_t t = 0; t < facts->cluster_count; t++) {
        cr_assert_gt(facts->clusters[t].texts, 0);
        texts += facts->clusters[t].texts;
    }
    uint64_t none = 0;
    for (uint32_t i = 0; i < 400; i++) {
        none += placed[i].cluster == KUNDIG__NO_CLUSTER;
        cr_assert(placed[i].cluster != KUNDIG__NO_CLUSTER || placed[i].nowhere);
        cr_assert(placed[i].margin >= 0);
        cr_assert(set->texts[i].text.len > 0 || placed[i].cluster == KUNDIG__NO_CLUSTER);
    }
    cr_assert_eq(texts + none, 400);
    cr_assert_geq(facts->nowhere, none);
    kundig__clustered_free(clustered);
    /* Emoji alone are words, too. */
    for (uint32_t i = 0; i < 400; i++) {
        char face[32];
        snprintf(face, sizeof face, "\xF0\x9F\x98%c \xF0\x9F\x9A%c", (int)(0x80 + i % 4),
                 (int)(0x80 + i % 4 * 4 + i / 4 % 4));
        discover_say(set, i, face);
    }
    set->survey.clusters = 4;
    clustered = discover_cluster(&mem, &set->survey, placed);
    cr_assert_leq(kundig__clustered_facts(clustered)->cluster_count, 4);
    kundig__clustered_free(clustered);
    free(set);
}
