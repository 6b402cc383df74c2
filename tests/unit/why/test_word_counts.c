#include "words_scene.h"

TestSuite(word_counts, .fini = probe_fini);

Test(word_counts, words_inside_personal_data_are_none_where_the_handle_masks)
{
    for (int masks = 0; masks < 2; masks++) {
        fixture f;
        fixture_open(&f);
        f.context.mask = masks ? KUNDIG_PERSONAL_ALL : 0;
        words_give(&f, 0, 60, "sad", "Dear Mrs. Kowalska, my parcel is late again", 20);
        words_give(&f, 0, 60, "glad", "The service came quick", 20);
        kundig_table *table = words_of(&f, 50);
        bool named = false;
        for (size_t row = 0; row < kundig_table_row_count(table); row++) {
            named = named || strstr(survey_text(table, row, "word"), "Kowalska");
        }
        cr_assert_eq(named, !masks);
        cr_assert(words_has(table, "my parcel") || words_has(table, "parcel"));
        kundig_table_free(table);
        fixture_close(&f);
    }
}

Test(word_counts, what_a_lost_character_left_of_a_word_is_none)
{
    static const char *const texts[] = {
        "they don\xEF\xBF\xBDt answer",             /* U+FFFD */
        "they don\xC3\xAF\xC2\xBF\xC2\xBDt answer", /* its bytes, read as Windows-1252 */
    };
    for (size_t i = 0; i < 2; i++) {
        fixture f;
        fixture_open(&f);
        words_give(&f, 0, 60, "sad", texts[i], 0);
        words_give(&f, 0, 60, "glad", "half \xC2\xBD half", 0);
        kundig_table *table = words_of(&f, 0);
        cr_assert(words_has(table, "they") && words_has(table, "answer"));
        cr_assert_eq(kundig_table_row_count(table), 2, "%s", survey_text(table, 2, "word"));
        kundig_table_free(table);
        fixture_close(&f);
    }
}

Test(word_counts, records_and_customers_count_once_for_a_word)
{
    fixture f;
    fixture_open(&f);
    words_give(&f, 0, 40, "sad", "late late LATE", 8);
    words_give(&f, 40, 5, "sad", "late", 0);
    words_give(&f, 0, 60, "glad", "fine", 60);
    kundig_table *table = words_of(&f, 0);
    cr_assert_eq(words_number(table, "late", "a"), 45);
    cr_assert_eq(words_number(table, "late", "customers"), 8, "those without a name aside");
    cr_assert_float_eq(words_number(table, "late", "share_a"), 1, 1e-15);
    kundig_table_free(table);
    /* as many where none of them comes twice */
    fixture_close(&f);
    fixture_open(&f);
    words_give(&f, 0, 40, "sad", "late late LATE", 40);
    words_give(&f, 40, 5, "sad", "late", 0);
    words_give(&f, 0, 60, "glad", "fine", 60);
    table = words_of(&f, 0);
    cr_assert_eq(words_number(table, "late", "customers"), 40);
    kundig_table_free(table);
    fixture_close(&f);
}
