#include "support.h"

TestSuite(notes, .fini = probe_fini);

Test(notes, merge_texts_whose_words_are_equal)
{
    kundig__mem mem;
    discover_mem(&mem);
    discover_set *set = discover_make(40, 1);
    discover_say(set, 3, "Very  GOOD service!");
    discover_say(set, 7, "very good service !");
    discover_say(set, 9, "");
    discover_say(set, 11, "  \t ");
    kundig__notes notes;
    cr_assert_eq(kundig__notes_make(&notes, &mem, &set->survey, false, NULL), KUNDIG_OK);
    cr_assert_eq(notes.of_text[3], notes.of_text[7]);
    cr_assert_eq(notes.text_counts[notes.of_text[3]], 2);
    cr_assert_gt(notes.masses[notes.of_text[3]], KUNDIG__NOTE_MASS);
    cr_assert_lt(notes.masses[notes.of_text[3]], 2 * KUNDIG__NOTE_MASS);
    cr_assert_eq(notes.of_text[9], KUNDIG__NO_NOTE);
    cr_assert_eq(notes.of_text[11], KUNDIG__NO_NOTE);
    for (size_t i = 1; i < notes.count; i++) {
        cr_assert_lt(notes.hashes[i - 1], notes.hashes[i]);
    }
    kundig__notes_free(&notes);
    free(set);
}

Test(notes, know_no_order_of_texts_and_no_threads)
{
    kundig__mem mem;
    discover_mem(&mem);
    discover_set *set = discover_make(DISCOVER_TEXTS, 2);
    kundig__notes first;
    kundig__notes second;
    cr_assert_eq(kundig__notes_make(&first, &mem, &set->survey, true, NULL), KUNDIG_OK);
    for (uint32_t i = 0; i < DISCOVER_TEXTS / 2; i++) {
        kundig__told_text other = set->texts[i];
        set->texts[i] = set->texts[DISCOVER_TEXTS - 1 - i];
        set->texts[DISCOVER_TEXTS - 1 - i] = other;
    }
    set->survey.threads = 3;
    cr_assert_eq(kundig__notes_make(&second, &mem, &set->survey, true, NULL), KUNDIG_OK);
    cr_assert_eq(first.count, second.count);
    cr_assert_eq(first.cell_count, second.cell_count);
    cr_assert_eq(first.feature_count, second.feature_count);
    cr_assert_eq(memcmp(first.hashes, second.hashes, first.count * sizeof *first.hashes), 0);
    cr_assert_eq(memcmp(first.starts, second.starts, (first.count + 1) * sizeof *first.starts), 0);
    cr_assert_eq(memcmp(first.cells, second.cells, first.cell_count * sizeof *first.cells), 0);
    cr_assert_eq(first.collisions, second.collisions);
    kundig__notes_free(&first);
    kundig__notes_free(&second);
    free(set);
}

static bool notes_has(const kundig__notes *notes, const char *word)
{
    uint32_t bucket = kundig__note_bucket(kundig__xxh3(word, strlen(word)), KUNDIG__NOTE_WORDS);
    for (uint32_t i = 0; i < notes->feature_count; i++) {
        if (notes->buckets[i] == bucket) {
            return true;
        }
    }
    return false;
}

Test(notes, keep_features_of_enough_writers_alone)
{
    kundig__mem mem;
    discover_mem(&mem);
    discover_set *set = discover_make(60, 3);
    const char *const four[] = {"hush one", "hush two", "hush three", "hush four", "hush five"};
    for (uint32_t i = 0; i < 60; i++) {
        set->texts[i].writer = i;
    }
    for (uint32_t i = 0; i < 5; i++) {
        discover_say(set, i, four[i]);
    }
    kundig__notes notes;
    cr_assert_eq(kundig__notes_make(&notes, &mem, &set->survey, false, NULL), KUNDIG_OK);
    cr_assert(notes_has(&notes, "hush"));
    cr_assert_eq(notes.writers, 60);
    kundig__notes_free(&notes);
    set->texts[4].writer = 0; /* four writers now */
    cr_assert_eq(kundig__notes_make(&notes, &mem, &set->survey, false, NULL), KUNDIG_OK);
    cr_assert(!notes_has(&notes, "hush"));
    cr_assert_eq(notes.writers, 59);
    kundig__notes_free(&notes);
    free(set);
}

Test(notes, drop_what_half_of_all_say_and_what_one_says)
{
    kundig__mem mem;
    discover_mem(&mem);
    discover_set *set = discover_make(10, 3);
    for (uint32_t i = 0; i < 10; i++) {
        char words[40];
        snprintf(words, sizeof words, "%s%s%s x%u", i < 6 ? "often " : "", i < 5 ? "half " : "",
                 i < 2   ? "twice"
                 : i < 3 ? "once"
                         : "",
                 i);
        discover_say(set, i, words);
    }
    kundig__notes notes;
    cr_assert_eq(kundig__notes_make(&notes, &mem, &set->survey, false, NULL), KUNDIG_OK);
    cr_assert(!notes_has(&notes, "often"));
    cr_assert(notes_has(&notes, "half"));
    cr_assert(notes_has(&notes, "twice"));
    cr_assert(!notes_has(&notes, "once"));
    kundig__notes_free(&notes);
    free(set);
}

Test(notes, read_features_of_a_sample_alone)
{
    kundig__mem mem;
    discover_mem(&mem);
    discover_set *set = discover_make(200, 5);
    set->survey.most_fitted = 50;
    kundig__notes notes;
    cr_assert_eq(kundig__notes_make(&notes, &mem, &set->survey, false, NULL), KUNDIG_OK);
    cr_assert_eq(notes.fitted, 50);
    cr_assert_gt(notes.count, 50);
    cr_assert_eq(notes.starts[50], notes.cell_count);
    kundig__notes_free(&notes);
    free(set);
}

Test(notes, free_all_where_memory_fails)
{
    discover_set *set = discover_make(60, 7);
    for (uint32_t i = 0; i < 60; i++) {
        set->texts[i].writer = i / 2;
    }
    for (int mode = 0; mode < 2; mode++) {
        int rc = KUNDIG_E_NOMEM;
        for (size_t n = 1; rc != KUNDIG_OK; n = probe_next(n)) {
            kundig__mem mem;
            kundig__notes notes;
            discover_mem(&mem);
            probe_shared.allocations = 0;
            probe_shared.fail_on = mode == 1;
            probe_shared.fail_at = n;
            rc = kundig__notes_make(&notes, &mem, &set->survey, true, NULL);
            probe_shared.fail_at = 0;
            probe_shared.fail_on = false;
            if (rc == KUNDIG_OK) {
                kundig__notes_free(&notes);
            } else {
                cr_assert_eq(rc, KUNDIG_E_NOMEM);
            }
            cr_assert_eq(probe_shared.live_blocks, 0);
        }
    }
    free(set);
}
