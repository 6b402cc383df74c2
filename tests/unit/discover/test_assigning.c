#include "support.h"

TestSuite(assigning, .fini = probe_fini);

static void assigning_ask(kundig__assigning *assigning, kundig__scratch *scratch, const char *text)
{
    size_t len = strlen(text);
    cr_assert_eq(kundig__text_features(scratch, text, len, KUNDIG__DISCOVER_FAMILIES), KUNDIG_OK);
    cr_assert_eq(kundig__assign(assigning, scratch, text, len, true), KUNDIG_OK);
}

Test(assigning, tells_of_each_sentence_where_it_belongs)
{
    kundig__mem mem;
    discover_mem(&mem);
    discover_set *set = discover_make(400, 6);
    kundig__placed placed[400];
    kundig__clustered *clustered = discover_cluster(&mem, &set->survey, placed);
    kundig__scratch scratch;
    kundig__scratch_init(&scratch, &mem);
    kundig__assigning assigning;
    cr_assert_eq(kundig__assigning_init(&assigning, &mem, clustered), KUNDIG_OK);

    const char *two = "The parcel delivery was late again. And the invoice price was expensive.";
    assigning_ask(&assigning, &scratch, two);
    cr_assert_eq(assigning.unit_count, 2);
    cr_assert_eq(assigning.units[0].cluster, placed[0].cluster);
    cr_assert_eq(assigning.units[1].cluster, placed[1].cluster);
    cr_assert_eq(assigning.units[0].start, 0);
    cr_assert_eq(two[assigning.units[0].end - 1], '.');
    cr_assert_eq(assigning.units[1].start, 36);
    cr_assert_eq(assigning.units[1].end, strlen(two));

    /* What is short joins its neighbour; a comment of one unit is its main topic alone. */
    assigning_ask(&assigning, &scratch, "No! The staff was friendly and helpful. Great.");
    cr_assert_eq(assigning.unit_count, 1);
    cr_assert_eq(assigning.cluster, placed[2].cluster);
    cr_assert_eq(assigning.units[0].start, 0);
    cr_assert_eq(assigning.units[0].end, 46);

    assigning_ask(&assigning, &scratch, "");
    cr_assert_eq(assigning.unit_count, 0);
    cr_assert_eq(assigning.cluster, KUNDIG__NO_CLUSTER);
    cr_assert(assigning.nowhere);
    assigning_ask(&assigning, &scratch, "\xE2\x9C\x88\xE2\x9C\x88");
    cr_assert_eq(assigning.cluster, KUNDIG__NO_CLUSTER);
    cr_assert(assigning.nowhere);
    cr_assert_eq(assigning.known, 0);
    cr_assert_eq(assigning.novelty, 1);

    kundig__assigning_free(&assigning);
    kundig__scratch_free(&scratch);
    kundig__clustered_free(clustered);
    free(set);
}

Test(assigning, scores_the_rows_of_characters_of_its_unit_alone)
{
    kundig__mem mem;
    discover_mem(&mem);
    discover_set *set = discover_make(400, 6);
    kundig__clustered *clustered = discover_cluster(&mem, &set->survey, NULL);
    kundig__scratch scratch;
    kundig__scratch_init(&scratch, &mem);
    kundig__assigning assigning;
    cr_assert_eq(kundig__assigning_init(&assigning, &mem, clustered), KUNDIG_OK);
    const char *parts[3] = {"my app login is a crash \xC3\xBC\x62\x65r \xE4\xBD\xA0\xE5\xA5\xBD!",
                            "I x yy https://example.org/late staff was rude and polite.",
                            "the tracking of @courier was never updated today"};
    char text[400];
    snprintf(text, sizeof text, "%s %s %s", parts[0], parts[1], parts[2]);
    float margins[3];
    uint32_t clusters[3];
    for (int i = 0; i < 3; i++) {
        assigning_ask(&assigning, &scratch, parts[i]);
        cr_assert_eq(assigning.unit_count, 1);
        margins[i] = assigning.margin;
        clusters[i] = assigning.units[0].cluster;
    }
    assigning_ask(&assigning, &scratch, text);
    cr_assert_eq(assigning.unit_count, 3);
    for (int i = 0; i < 3; i++) {
        cr_assert_eq(assigning.units[i].cluster, clusters[i]);
        cr_assert_eq(assigning.units[i].margin, margins[i]);
    }
    kundig__assigning_free(&assigning);
    kundig__scratch_free(&scratch);
    kundig__clustered_free(clustered);
    free(set);
}

Test(assigning, knows_a_bound_for_units)
{
    kundig__mem mem;
    discover_mem(&mem);
    discover_set *set = discover_make(200, 6);
    kundig__clustered *clustered = discover_cluster(&mem, &set->survey, NULL);
    kundig__scratch scratch;
    kundig__scratch_init(&scratch, &mem);
    kundig__assigning assigning;
    cr_assert_eq(kundig__assigning_init(&assigning, &mem, clustered), KUNDIG_OK);
    static char text[20000];
    for (size_t i = 0; i < 500; i++) {
        memcpy(text + i * 30, "My parcel was very late today. ", 31);
    }
    assigning_ask(&assigning, &scratch, text);
    cr_assert_leq(assigning.unit_count, KUNDIG__MOST_UNITS);
    cr_assert_gt(assigning.unit_count, 10);
    cr_assert_geq(assigning.units[assigning.unit_count - 1].end, 14990);
    kundig__assigning_free(&assigning);
    kundig__scratch_free(&scratch);
    kundig__clustered_free(clustered);
    free(set);
}

Test(assigning, frees_all_where_memory_fails)
{
    kundig__mem mem;
    discover_mem(&mem);
    discover_set *set = discover_make(100, 6);
    kundig__clustered *clustered = discover_cluster(&mem, &set->survey, NULL);
    kundig__scratch scratch;
    kundig__scratch_init(&scratch, &mem);
    kundig_text text = set->texts[0].text;
    cr_assert_eq(kundig__text_features(&scratch, text.data, text.len, KUNDIG__DISCOVER_FAMILIES),
                 KUNDIG_OK);
    size_t live = probe_shared.live_blocks;
    int rc = KUNDIG_E_NOMEM;
    for (size_t n = 1; rc != KUNDIG_OK; n++) {
        kundig__assigning assigning;
        probe_shared.allocations = 0;
        probe_shared.fail_at = n;
        rc = kundig__assigning_init(&assigning, &mem, clustered);
        if (rc == KUNDIG_OK) {
            rc = kundig__assign(&assigning, &scratch, text.data, text.len, true);
            kundig__assigning_free(&assigning);
        }
        probe_shared.fail_at = 0;
        cr_assert_eq(probe_shared.live_blocks, live);
    }
    kundig__scratch_free(&scratch);
    kundig__clustered_free(clustered);
    free(set);
}
