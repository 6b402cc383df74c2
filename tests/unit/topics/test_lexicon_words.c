#include "feelings.h"
#include "text/language.h"
#include "topics/lexicon_words.h"

TestSuite(lexicon_words, .fini = probe_fini);

enum { WORDS_MOST = 8000 };

static size_t words_of(int language, const char **words, size_t *lens)
{
    size_t count = 0;
    for (size_t i = 0; kundig__lexicon_lists[i].words; i++) {
        const kundig__lexicon_list *list = &kundig__lexicon_lists[i];
        for (const char *word = list->words; *word && list->language == language;) {
            size_t len = strcspn(word, " ");
            size_t dash = word[0] == '-';
            cr_assert_lt(count, WORDS_MOST);
            words[count] = word + dash;
            lens[count++] = len - dash - (word[len - 1] == '~');
            word += len + strspn(word + len, " ");
        }
    }
    return count;
}

Test(lexicon_words, stand_once_in_a_language)
{
    static const char *words[WORDS_MOST];
    static size_t lens[WORDS_MOST];
    for (int language = KUNDIG__LANGUAGE_DE; language <= KUNDIG__LANGUAGE_EN; language++) {
        size_t count = words_of(language, words, lens);
        cr_assert_gt(count, 1500);
        for (size_t i = 0; i < count; i++) {
            for (size_t j = i + 1; j < count; j++) {
                cr_assert(lens[i] != lens[j] || memcmp(words[i], words[j], lens[i]) != 0,
                          "%.*s stands twice", (int)lens[i], words[i]);
            }
        }
    }
}

Test(lexicon_words, are_folded_and_of_one_token_each)
{
    static const char *words[WORDS_MOST];
    static size_t lens[WORDS_MOST];
    feelings all;
    feelings_begin(&all);
    for (int language = KUNDIG__LANGUAGE_DE; language <= KUNDIG__LANGUAGE_EN; language++) {
        size_t count = words_of(language, words, lens);
        for (size_t i = 0; i < count; i++) {
            size_t parts = 0;
            for (size_t at = 0; at < lens[i];) {
                size_t len = 0;
                while (at + len < lens[i] && words[i][at + len] != '_') {
                    len++;
                }
                cr_assert_eq(kundig__text_features(&all.scratch, words[i] + at, len, KUNDIG__WORDS),
                             KUNDIG_OK);
                cr_assert_eq(all.scratch.token_count, 1, "%.*s", (int)lens[i], words[i]);
                cr_assert(all.scratch.tokens[0].folded_len == len &&
                              memcmp(all.scratch.folded, words[i] + at, len) == 0,
                          "%.*s is not folded", (int)lens[i], words[i]);
                at += len + 1;
                parts++;
            }
            cr_assert(parts >= 1 && parts <= 6, "%.*s", (int)lens[i], words[i]);
        }
    }
    feelings_end(&all);
}

Test(lexicon_words, have_the_strength_their_kind_may_have)
{
    for (size_t i = 0; kundig__lexicon_lists[i].words; i++) {
        const kundig__lexicon_list *list = &kundig__lexicon_lists[i];
        cr_assert(list->language == KUNDIG__LANGUAGE_DE || list->language == KUNDIG__LANGUAGE_EN);
        switch (list->kind) {
        case LEXICON_FEELING:
            cr_assert(list->strength >= -12 && list->strength <= 12);
            break;
        case LEXICON_WISHED:
        case LEXICON_DIMENSION:
            cr_assert(list->strength > 0 && list->strength <= 12);
            break;
        case LEXICON_DEGREE:
            cr_assert(list->strength > 0 && list->strength <= 16 && list->strength != 8);
            break;
        default:
            cr_assert_eq(list->strength, 0);
            cr_assert(list->kind > LEXICON_NONE && list->kind <= LEXICON_SILENT);
        }
    }
}

Test(lexicon_words, pictures_ascend)
{
    for (uint32_t i = 0; i < kundig__lexicon_picture_count; i++) {
        const kundig__lexicon_picture *picture = &kundig__lexicon_pictures[i];
        cr_assert(i == 0 || kundig__lexicon_pictures[i - 1].code < picture->code, "%x",
                  (unsigned)picture->code);
        cr_assert(picture->strength != 0 && picture->strength >= -12 && picture->strength <= 12);
    }
}
