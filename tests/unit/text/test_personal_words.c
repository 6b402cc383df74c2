#include "personal_cases.h"
#include "text/personal_view.h"

TestSuite(personal_words, .fini = probe_fini);

Test(personal_words, lists_are_in_order_and_every_word_is_found)
{
    personal_fixture fixture;
    personal_begin(&fixture);
    for (int list = 0; list < LIST_COUNT; list++) {
        const char *words = kundig__view_words((kundig__view_list)list);
        size_t len = strlen(words);
        char before[64] = "";
        cr_assert_gt(len, 0);
        cr_assert(kundig__view_make(&fixture.personal, words, len));
        for (size_t start = 0; start <= len;) {
            size_t end = start + strcspn(words + start, " ");
            char word[64];
            cr_assert(end > start && end - start < sizeof word, "list %d", list);
            memcpy(word, words + start, end - start);
            word[end - start] = 0;
            cr_assert_eq(strspn(word, "abcdefghijklmnopqrstuvwxyz"), end - start, "%s", word);
            cr_assert_lt(strcmp(before, word), 0, "%s before %s", before, word);
            cr_assert(kundig__view_among(&fixture.personal, start, end, (kundig__view_list)list),
                      "%s is not found", word);
            cr_assert(
                !kundig__view_among(&fixture.personal, start, start, (kundig__view_list)list));
            strcpy(before, word);
            start = end + 1;
        }
    }
    personal_end(&fixture);
}

static bool personal_among(const char *word, kundig__view_list list)
{
    personal_fixture fixture;
    personal_begin(&fixture);
    cr_assert(kundig__view_make(&fixture.personal, word, strlen(word)));
    bool among = kundig__view_among(&fixture.personal, 0, fixture.personal.plain_len, list);
    personal_end(&fixture);
    return among;
}

Test(personal_words, looks_at_the_whole_word_and_at_no_case)
{
    cr_assert(personal_among("Anna", LIST_GIVEN));
    cr_assert(personal_among("JÜRGEN", LIST_GIVEN));
    cr_assert(personal_among("Zoë", LIST_GIVEN_MORE));
    cr_assert(!personal_among("Ann a", LIST_GIVEN));
    cr_assert(!personal_among("Annax", LIST_GIVEN));
    cr_assert(!personal_among("An", LIST_GIVEN));
    cr_assert(!personal_among("zzz", LIST_UNITS));
    cr_assert(!personal_among("a", LIST_GIVEN_MORE));
}

Test(personal_words, knows_cues)
{
    static const struct {
        const char *word;
        int cue;
    } cues[] = {{"Frau", CUE_SALUTE},  {"herrn", CUE_SALUTE}, {"Dear", CUE_GREET},
                {"GRÜSSE", CUE_CLOSE}, {"Grüße", CUE_CLOSE},  {"Thanks", CUE_CLOSE_WEAK},
                {"heiße", CUE_CALLED}, {"I", CUE_I},          {"punkt", CUE_DOT},
                {"Frauen", CUE_NONE},  {"x", CUE_NONE}};
    personal_fixture fixture;
    personal_begin(&fixture);
    for (size_t i = 0; i < sizeof cues / sizeof *cues; i++) {
        cr_assert(kundig__view_make(&fixture.personal, cues[i].word, strlen(cues[i].word)));
        cr_assert_eq(kundig__view_cue(&fixture.personal, 0, fixture.personal.plain_len),
                     cues[i].cue, "%s", cues[i].word);
    }
    personal_end(&fixture);
}
