#include "text/language_words.h"

#include "base/text.h"
#include "support.h"

TestSuite(language_words, .fini = probe_fini);

/* The i-th word of all lists; *list is the list it stands in; absent behind the last. */
static kundig_text words_at(size_t *list, size_t *pos)
{
    while (*list < kundig__language_list_count) {
        const char *words = kundig__language_lists[*list].words + *pos;
        size_t len = strcspn(words, " ");
        if (len > 0) {
            *pos += len + (words[len] == ' ');
            return kundig__text(words, len);
        }
        cr_assert_eq(*words, 0, "two blanks at \"%.20s\"", words);
        (*list)++;
        *pos = 0;
    }
    return kundig__text(NULL, 0);
}

Test(language_words, are_folded_and_one_token)
{
    text_fixture fixture;
    text_begin(&fixture);
    size_t list = 0;
    size_t pos = 0;
    size_t count = 0;
    for (kundig_text word = words_at(&list, &pos); word.data; word = words_at(&list, &pos)) {
        cr_assert_eq(kundig__text_features(&fixture.scratch, word.data, word.len, KUNDIG__WORDS),
                     KUNDIG_OK);
        /* Elided articles stand with their apostrophe, which is no part of a token. */
        bool elided = word.data[word.len - 1] == '\'';
        cr_expect(fixture.scratch.token_count == (elided ? 2 : 1) &&
                      fixture.scratch.tokens[0].kind == KUNDIG__TOKEN_WORD,
                  "%.*s", (int)word.len, word.data);
        cr_assert_eq(kundig__text_fold(&fixture.scratch, word.data, word.len), KUNDIG_OK);
        cr_expect(kundig__text_equal(
                      word, kundig__text(fixture.scratch.folded, fixture.scratch.folded_len)),
                  "%.*s", (int)word.len, word.data);
        count++;
    }
    cr_assert_gt(count, 4000);
    text_end(&fixture);
}

Test(language_words, stand_once_in_a_language_and_are_many)
{
    size_t list = 0;
    size_t pos = 0;
    size_t counts[KUNDIG__LANGUAGE_COUNT] = {0};
    for (kundig_text word = words_at(&list, &pos); word.data; word = words_at(&list, &pos)) {
        int language = kundig__language_lists[list].language;
        counts[language]++;
        size_t other = list;
        size_t at = pos;
        for (kundig_text next = words_at(&other, &at); next.data; next = words_at(&other, &at)) {
            cr_expect(kundig__language_lists[other].language != language ||
                          !kundig__text_equal(word, next),
                      "%.*s stands twice in %s", (int)word.len, word.data,
                      kundig__language_name(language));
        }
    }
    for (int language = 0; language < KUNDIG__LANGUAGE_COUNT; language++) {
        cr_expect_gt(counts[language], 400, "%s", kundig__language_name(language));
    }
}
