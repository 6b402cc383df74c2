#include "support.h"

TestSuite(mixed, .fini = probe_fini);

#define MIXED_ROOM (2 * DISCOVER_TEXT + 4)

/* Comments of two sentences, each of a subject of its own, drawn by lot. */
typedef struct mixed_set {
    char bytes[DISCOVER_TEXTS][MIXED_ROOM];
    uint32_t subjects[DISCOVER_TEXTS][2];
    kundig__told_text texts[DISCOVER_TEXTS];
    kundig__survey survey;
} mixed_set;

static void mixed_sentence(uint64_t *seed, uint32_t subject, char *out)
{
    discover_text(seed, subject, out, DISCOVER_TEXT - 2);
    out[0] = (char)(out[0] >= 'a' ? out[0] - 'a' + 'A' : out[0]);
    strcat(out, ".");
}

static mixed_set *mixed_make(uint32_t count, uint64_t seed)
{
    mixed_set *set = calloc(1, sizeof *set);
    cr_assert(set);
    for (uint32_t i = 0; i < count; i++) {
        char second[DISCOVER_TEXT];
        set->subjects[i][0] = discover_random(&seed) % DISCOVER_SUBJECTS;
        set->subjects[i][1] = discover_random(&seed) % DISCOVER_SUBJECTS;
        mixed_sentence(&seed, set->subjects[i][0], set->bytes[i]);
        mixed_sentence(&seed, set->subjects[i][1], second);
        strcat(set->bytes[i], " ");
        strcat(set->bytes[i], second);
        set->texts[i] =
            (kundig__told_text){{set->bytes[i], strlen(set->bytes[i])}, i % 50, KUNDIG__NO_HINT};
    }
    set->survey = (kundig__survey){.texts = set->texts,
                                   .text_count = count,
                                   .clusters = DISCOVER_SUBJECTS,
                                   .least_writers = 5,
                                   .threads = 1};
    return set;
}

/* Share of sentences of a subject that are told as of the cluster most of them are told as of. */
static double mixed_right(const mixed_set *set, kundig__mem *mem,
                          const kundig__clustered *clustered)
{
    uint32_t counts[DISCOVER_SUBJECTS][16] = {{0}};
    size_t all = 0;
    size_t right = 0;
    kundig__scratch scratch;
    kundig__scratch_init(&scratch, mem);
    kundig__assigning assigning;
    cr_assert_eq(kundig__assigning_init(&assigning, mem, clustered), KUNDIG_OK);
    for (size_t i = 0; i < set->survey.text_count; i++) {
        kundig_text text = set->texts[i].text;
        cr_assert_eq(
            kundig__text_features(&scratch, text.data, text.len, KUNDIG__DISCOVER_FAMILIES),
            KUNDIG_OK);
        cr_assert_eq(kundig__assign(&assigning, &scratch, text.data, text.len, true), KUNDIG_OK);
        for (size_t u = 0; u < assigning.unit_count && assigning.unit_count == 2; u++) {
            all++;
            if (assigning.units[u].cluster < 16) {
                counts[set->subjects[i][u]][assigning.units[u].cluster]++;
            }
        }
    }
    for (uint32_t s = 0; s < DISCOVER_SUBJECTS; s++) {
        uint32_t most = 0;
        for (uint32_t t = 0; t < 16; t++) {
            most = counts[s][t] > most ? counts[s][t] : most;
        }
        right += most;
    }
    kundig__assigning_free(&assigning);
    kundig__scratch_free(&scratch);
    return (double)right / (double)all;
}

Test(mixed, comments_of_several_things_are_clustered_by_their_sentences)
{
    kundig__mem mem;
    discover_mem(&mem);
    mixed_set *set = mixed_make(400, 3);
    kundig__placed placed[400];
    kundig__clustered *clustered = discover_cluster(&mem, &set->survey, placed);
    const kundig__clustering_facts *facts = kundig__clustered_facts(clustered);
    cr_assert(facts->cut);
    cr_assert_gt(mixed_right(set, &mem, clustered), 0.85);

    /* What is told counts comments and who wrote them, not sentences. */
    cr_assert_eq(facts->texts, 400);
    cr_assert_eq(facts->fitted, 400);
    cr_assert_eq(facts->writers, 50);
    uint64_t texts = 0;
    uint64_t nowhere = 0;
    for (uint32_t t = 0; t < facts->cluster_count; t++) {
        texts += facts->clusters[t].texts;
        cr_assert_leq(facts->clusters[t].writers, 50);
        cr_assert_gt(facts->clusters[t].writers, 0);
    }
    for (size_t i = 0; i < 400; i++) {
        texts += placed[i].cluster == KUNDIG__NO_CLUSTER;
        nowhere += placed[i].nowhere;
    }
    cr_assert_eq(texts, 400);
    cr_assert_eq(nowhere, facts->nowhere);
    kundig__clustered_free(clustered);
    free(set);
}

Test(mixed, comments_of_one_sentence_stay_whole)
{
    kundig__mem mem;
    discover_mem(&mem);
    discover_set *set = discover_make(300, 3);
    kundig__clustered *clustered = discover_cluster(&mem, &set->survey, NULL);
    cr_assert(!kundig__clustered_facts(clustered)->cut);
    kundig__clustered_free(clustered);
    free(set);
}

Test(mixed, gives_the_same_bytes_for_any_order_and_threads_and_where_nobody_asks_for_places)
{
    kundig__mem mem;
    discover_mem(&mem);
    mixed_set *set = mixed_make(300, 5);
    kundig__placed placed[300];
    kundig__clustered *clustered = discover_cluster(&mem, &set->survey, placed);
    kundig__buf first;
    kundig__buf second;
    discover_bytes(&mem, clustered, &first);
    kundig__clustered_free(clustered);
    for (size_t i = 0; i < 150; i++) {
        kundig__told_text text = set->texts[i];
        set->texts[i] = set->texts[299 - i];
        set->texts[299 - i] = text;
    }
    set->survey.threads = 3;
    clustered = discover_cluster(&mem, &set->survey, NULL);
    discover_bytes(&mem, clustered, &second);
    cr_assert_eq(first.len, second.len);
    cr_assert_eq(memcmp(first.data, second.data, first.len), 0);
    kundig__clustered_free(clustered);
    kundig__buf_free(&first);
    kundig__buf_free(&second);
    free(set);
}

Test(mixed, goes_on_and_settles_as_it_began)
{
    kundig__mem mem;
    discover_mem(&mem);
    mixed_set *set = mixed_make(300, 5);
    kundig__clustered *before = discover_cluster(&mem, &set->survey, NULL);
    set->survey.before = before;
    set->survey.settle = true;
    kundig__clustered *once = discover_cluster(&mem, &set->survey, NULL);
    set->survey.before = once;
    kundig__clustered *twice = discover_cluster(&mem, &set->survey, NULL);
    cr_assert(kundig__clustered_facts(twice)->cut);
    kundig__buf first;
    kundig__buf second;
    discover_bytes(&mem, once, &first);
    discover_bytes(&mem, twice, &second);
    cr_assert_eq(first.len, second.len);
    cr_assert_eq(memcmp(first.data, second.data, first.len), 0);
    kundig__buf_free(&first);
    kundig__buf_free(&second);
    kundig__clustered_free(before);
    kundig__clustered_free(once);
    kundig__clustered_free(twice);
    free(set);
}

Test(mixed, a_comment_with_a_hint_is_not_cut)
{
    kundig__mem mem;
    discover_mem(&mem);
    mixed_set *set = mixed_make(300, 7);
    kundig__hint hint = {.topic = true, .before = KUNDIG__NO_CLUSTER};
    for (size_t i = 0; i < 5; i++) {
        set->texts[i].hint = 0;
    }
    set->survey.hints = &hint;
    set->survey.hint_count = 1;
    kundig__placed placed[300];
    kundig__clustered *clustered = discover_cluster(&mem, &set->survey, placed);
    for (size_t i = 1; i < 5; i++) {
        cr_assert_eq(placed[i].cluster, placed[0].cluster);
    }
    kundig__clustered_free(clustered);
    free(set);
}

Test(mixed, frees_all_where_memory_fails)
{
    mixed_set *set = mixed_make(40, 9);
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
