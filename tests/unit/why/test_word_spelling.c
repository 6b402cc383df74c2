#include "words_scene.h"

TestSuite(word_spelling, .fini = probe_fini);

Test(word_spelling, is_the_one_met_most_often_and_of_equal_ones_the_least)
{
    fixture f;
    fixture_open(&f);
    words_give(&f, 0, 20, "sad", "LATE Parcel", 0);
    words_give(&f, 20, 20, "sad", "Late parcel", 0);
    words_give(&f, 40, 21, "sad", "late parcel", 0);
    words_give(&f, 0, 60, "glad", "fine late", 0);
    words_give(&f, 60, 300, "glad", "FINE", 0);
    words_give(&f, 70, 40, "sad", "hi Zora", 0);
    words_give(&f, 110, 40, "sad", "hi zora", 0);
    kundig_table *table =
        words_ask(&f, "channel = sad", "channel = glad", &(kundig_words_options){.everything = 1});
    cr_assert(words_has(table, "late"), "of 20, 20 and 21");
    cr_assert(words_has(table, "parcel"));
    cr_assert(words_has(table, "late parcel"));
    cr_assert(words_has(table, "Zora") && words_has(table, "hi Zora"));
    cr_assert(!words_has(table, "fine"), "nobody in a says it");
    kundig_table_free(table);
    fixture_close(&f);
}

Test(word_spelling, of_every_word_is_found_without_a_limit)
{
    fixture f;
    fixture_open(&f);
    for (size_t i = 0; i < 300; i++) {
        char text[64];
        snprintf(text, sizeof text, "Word%c%c other", (char)('a' + i % 20), (char)('a' + i / 20));
        words_give(&f, 3 * i, 3, "sad", text, 0);
    }
    words_give(&f, 0, 10, "glad", "fine", 0);
    kundig_table *table =
        words_ask(&f, "channel = sad", "channel = glad", &(kundig_words_options){.everything = 1});
    cr_assert_eq(kundig_table_row_count(table), 601, "words, pairs and \"other\"");
    for (size_t row = 0; row < 601; row++) {
        const char *word = survey_text(table, row, "word");
        cr_assert(strncmp(word, "Word", 4) == 0 || strcmp(word, "other") == 0, "%s", word);
        cr_assert(row == 0 || words_find(table, word) == row, "%s comes twice", word);
    }
    kundig_table_free(table);
    fixture_close(&f);
}
