#include "text/language_tables.h"

#include "base/hash.h"
#include "support.h"
#include "text/language_words.h"

TestSuite(language_tables, .fini = probe_fini);

static uint32_t weight(const kundig__languages *languages, const char *word, int language)
{
    const language_lanes *lanes =
        &languages->patterns[language_pattern(languages, kundig__xxh3(word, strlen(word)))];
    return (language % 2 ? lanes->odd : lanes->even) >> (16 * (language / 2)) & 0xFFFF;
}

typedef struct tables_fixture {
    kundig__mem mem;
    kundig__languages *languages;
} tables_fixture;

static void tables_begin(tables_fixture *fixture)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem_init(&fixture->mem, &allocator, 0);
    fixture->languages = kundig__languages_new(&fixture->mem);
    cr_assert_not_null(fixture->languages);
}

static void tables_end(tables_fixture *fixture)
{
    kundig__languages_free(fixture->languages, &fixture->mem);
    cr_assert_eq(fixture->mem.used, 0);
}

Test(language_tables, give_words_the_weight_of_their_tier_in_each_language)
{
    tables_fixture fixture;
    tables_begin(&fixture);
    cr_assert_eq(weight(fixture.languages, "und", KUNDIG__LANGUAGE_DE), 88);
    cr_assert_eq(weight(fixture.languages, "und", KUNDIG__LANGUAGE_EN), 0);
    cr_assert_gt(weight(fixture.languages, "und", KUNDIG__LANGUAGE_UNKNOWN), 0);
    cr_assert_eq(weight(fixture.languages, "de", KUNDIG__LANGUAGE_FR), 88);
    cr_assert_eq(weight(fixture.languages, "de", KUNDIG__LANGUAGE_ES), 88);
    cr_assert_eq(weight(fixture.languages, "de", KUNDIG__LANGUAGE_NL), 88);
    cr_assert_eq(weight(fixture.languages, "de", KUNDIG__LANGUAGE_EN), 0);
    cr_assert_eq(weight(fixture.languages, "rechnung", KUNDIG__LANGUAGE_DE), 40);
    cr_assert_eq(weight(fixture.languages, "jestem", KUNDIG__LANGUAGE_UNKNOWN), 0);
    cr_assert_eq(weight(fixture.languages, "och", KUNDIG__LANGUAGE_UNKNOWN), 48);
    tables_end(&fixture);
}

Test(language_tables, know_words_without_their_accents)
{
    tables_fixture fixture;
    tables_begin(&fixture);
    cr_assert_eq(weight(fixture.languages, "für", KUNDIG__LANGUAGE_DE), 88);
    cr_assert_eq(weight(fixture.languages, "fuer", KUNDIG__LANGUAGE_DE), 88);
    cr_assert_eq(weight(fixture.languages, "fur", KUNDIG__LANGUAGE_DE), 72);
    cr_assert_eq(weight(fixture.languages, "também", KUNDIG__LANGUAGE_PT), 64);
    cr_assert_eq(weight(fixture.languages, "tambem", KUNDIG__LANGUAGE_PT), 48);
    cr_assert_eq(weight(fixture.languages, "anos", KUNDIG__LANGUAGE_ES), 24, "años");
    cr_assert_eq(weight(fixture.languages, "anos", KUNDIG__LANGUAGE_PT), 40);
    tables_end(&fixture);
}

Test(language_tables, have_room_to_spare)
{
    tables_fixture fixture;
    tables_begin(&fixture);
    uint32_t filled = 0;
    for (size_t i = 0; i < LANGUAGE_SLOT_COUNT; i++) {
        filled += fixture.languages->slots[i] != 0;
    }

    cr_assert_eq(filled, fixture.languages->word_count, "each word has a slot to itself");
    cr_assert_gt(filled, 4000);
    cr_assert_lt(filled, LANGUAGE_SLOT_COUNT / 4 * 3, "%u", filled);
    cr_assert_lt(fixture.languages->pattern_count, LANGUAGE_PATTERN_MOST / 2);
    cr_assert_eq(language_pattern(fixture.languages, 0x123456789ABCDEF0), 0);
    cr_assert_eq(language_pattern(fixture.languages, 0), 0);
    tables_end(&fixture);
}

/* Every word of every list is found and counts for its language. */
Test(language_tables, hold_every_word)
{
    tables_fixture fixture;
    tables_begin(&fixture);
    for (size_t i = 0; i < kundig__language_list_count; i++) {
        const kundig__language_list *list = &kundig__language_lists[i];
        for (const char *words = list->words; *words;) {
            char word[64];
            size_t len = strcspn(words, " ");
            memcpy(word, words, len);
            word[len] = 0;
            cr_expect_geq(weight(fixture.languages, word, list->language), 40, "%s", word);
            words += len + strspn(words + len, " ");
        }
    }
    tables_end(&fixture);
}

Test(language_tables, know_abbreviations_and_do_not_take_them_for_words)
{
    tables_fixture fixture;
    tables_begin(&fixture);
    cr_assert(kundig__language_is_abbreviation(fixture.languages, kundig__xxh3("bzw", 3)));
    cr_assert(kundig__language_is_abbreviation(fixture.languages, kundig__xxh3("mr", 2)));
    cr_assert_not(kundig__language_is_abbreviation(fixture.languages, kundig__xxh3("the", 3)));
    cr_assert_eq(language_pattern(fixture.languages, kundig__xxh3("zzgl", 4)), 0);
    tables_end(&fixture);
}

/* The language whose letters a word that stands on no list has. */
static const char *spelled(const kundig__languages *languages, const char *word)
{
    cr_assert_eq(language_pattern(languages, kundig__xxh3(word, strlen(word))), 0, "%s", word);
    int64_t scores[KUNDIG__LANGUAGE_COUNT] = {0};
    kundig__language_letters(languages, word, strlen(word), scores);
    int best = 0;
    for (int language = 1; language < KUNDIG__LANGUAGE_COUNT; language++) {
        best = scores[language] > scores[best] ? language : best;
    }
    for (int language = 0; language < KUNDIG__LANGUAGE_COUNT; language++) {
        cr_assert(scores[language] >= -40 && scores[language] <= 40);
    }
    return kundig__language_name(best);
}

Test(language_tables, tell_by_letters_what_no_list_holds)
{
    static const char *const words[][2] = {
        {"de", "ankündigung"},  {"de", "reinlichkeit"},   {"de", "schwierigkeiten"},
        {"en", "thoughtfully"}, {"en", "withholding"},    {"fr", "fréquemment"},
        {"fr", "gouvernement"}, {"es", "montaña"},        {"es", "reclamación"},
        {"pt", "reclamação"},   {"pt", "intenções"},      {"it", "sostituzione"},
        {"it", "spettacolo"},   {"nl", "aanwijzing"},     {"nl", "moeilijkheden"},
        {"unknown", "żółty"},   {"unknown", "şikayetçi"},
    };
    tables_fixture fixture;
    tables_begin(&fixture);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        cr_expect_str_eq(spelled(fixture.languages, words[i][1]), words[i][0], "%s", words[i][1]);
    }
    char word[200];
    memset(word, 'e', sizeof word);
    int64_t scores[KUNDIG__LANGUAGE_COUNT] = {0};
    kundig__language_letters(fixture.languages, word, sizeof word, scores);
    tables_end(&fixture);
}
