#include "base/hash.h"
#include "fitted.h"

TestSuite(hints, .fini = probe_fini);

Test(hints, keep_texts_of_one_together)
{
    kundig__mem mem;
    discover_mem(&mem);
    discover_set *set = discover_make(400, 4);
    kundig__hint hints[2] = {{.before = KUNDIG__NO_CLUSTER}, {.before = KUNDIG__NO_CLUSTER}};
    kundig__placed placed[400];
    /* Texts of all subjects: nothing but the hint joins them. */
    for (uint32_t i = 0; i < 8; i++) {
        set->texts[i * 7].hint = 0;
    }
    set->survey.hints = hints;
    set->survey.hint_count = 2;
    kundig__clustered_free(discover_cluster(&mem, &set->survey, placed));
    for (uint32_t i = 1; i < 8; i++) {
        cr_assert_eq(placed[i * 7].cluster, placed[0].cluster);
    }
    free(set);
}

Test(hints, give_topics_a_cluster_of_their_own)
{
    kundig__mem mem;
    discover_mem(&mem);
    discover_set *set = discover_make(400, 4);
    kundig__hint hints[2] = {{.topic = true, .before = KUNDIG__NO_CLUSTER},
                             {.topic = true, .before = KUNDIG__NO_CLUSTER}};
    kundig__placed placed[400];
    set->texts[0].hint = 0;
    set->texts[4].hint = 1; /* of the same subject */
    set->survey.hints = hints;
    set->survey.hint_count = 2;
    kundig__clustered_free(discover_cluster(&mem, &set->survey, placed));
    cr_assert_neq(placed[0].cluster, placed[4].cluster);
    free(set);
}

Test(hints, make_groups_of_texts_and_of_words)
{
    fitted_set fitted;
    fitted_make(&fitted, 300, 5, false);
    const kundig__notes *notes = &fitted.fitting.notes;
    kundig__scratch scratch;
    kundig__scratch_init(&scratch, &fitted.mem);
    cr_assert_eq(kundig__text_features(&scratch, "parcel", 6, KUNDIG__WORDS), KUNDIG_OK);
    uint64_t word = scratch.tokens[0].hash;
    kundig__scratch_free(&scratch);
    kundig__hint said[2] = {{.before = KUNDIG__NO_CLUSTER},
                            {.topic = true, .words = &word, .word_count = 1}};
    fitted.set->texts[0].hint = 0;
    fitted.set->texts[1].hint = 1;
    fitted.set->survey.hints = said;
    fitted.set->survey.hint_count = 2;
    kundig__hints hints;
    cr_assert_eq(kundig__hints_make(&fitted.fitting, &hints), KUNDIG_OK);
    const kundig__sheet *sheet = &fitted.fitting.sheet;
    size_t with = 0;
    for (size_t i = 0; i < notes->fitted; i++) {
        bool has = strstr(fitted.set->bytes[notes->leads[i]], "parcel") != NULL;
        uint32_t wanted = i == notes->of_text[0]          ? 0
                          : has || i == notes->of_text[1] ? 1
                                                          : KUNDIG__NO_HINT;
        cr_assert_eq(sheet->groups[i], wanted, "%zu: %u", i, sheet->groups[i]);
        with += wanted == 1;
    }
    cr_assert_gt(with, 10);
    cr_assert_eq(sheet->group_starts[0], 0);
    cr_assert_eq(sheet->group_starts[1], 1);
    cr_assert_eq(sheet->group_starts[2], 1 + with);
    cr_assert_eq(sheet->members[0], notes->of_text[0]);
    for (uint32_t i = 1; i <= with; i++) {
        cr_assert_eq(sheet->groups[sheet->members[i]], 1);
    }
    cr_assert(!sheet->owners[0] && sheet->owners[1]);
    kundig__hints_free(&hints);
    fitted_free(&fitted);
}

static int hints_again(fitted_set *fitted)
{
    static const kundig__hint said[1] = {{.before = KUNDIG__NO_CLUSTER}};
    kundig__hints hints;
    fitted->set->survey.hints = said;
    fitted->set->survey.hint_count = 1;
    int rc = kundig__hints_make(&fitted->fitting, &hints);
    if (rc == KUNDIG_OK) {
        kundig__hints_free(&hints);
    }
    return rc;
}

Test(hints, free_all_where_memory_fails)
{
    fitted_set fitted;
    fitted_make(&fitted, 60, 5, false);
    fitted_sweep(&fitted, hints_again);
    fitted_free(&fitted);
}
