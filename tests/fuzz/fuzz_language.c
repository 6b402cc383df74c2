/* Any bytes: sentences hold every token, languages and sureness are in their bounds, stems are
 * those of a stemmer that has seen nothing yet; twice the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "text/stem.h"

static void check(int holds)
{
    if (!holds) {
        abort();
    }
}

static void check_spoken(int32_t language, uint32_t sureness)
{
    check(language >= 0 && language < KUNDIG__LANGUAGE_COUNT && sureness <= 999);
    check((language == KUNDIG__LANGUAGE_UNKNOWN) == (sureness == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static kundig__languages *languages; /* made once: it takes longer than a text */
    static kundig__mem shared;
    if (!languages) {
        kundig__mem_init(&shared, NULL, 0);
        languages = kundig__languages_new(&shared);
        check(languages != NULL);
    }
    kundig__mem mem;
    kundig__buf text;
    kundig__scratch scratch;
    kundig__spoken spoken;
    kundig__spoken again;
    kundig__stemmer stemmer;
    kundig__mem_init(&mem, NULL, 0);
    kundig__buf_init(&text, &mem);
    kundig__scratch_init(&scratch, &mem);
    kundig__spoken_init(&spoken, &mem);
    kundig__spoken_init(&again, &mem);
    kundig__stemmer_init(&stemmer, &mem);

    kundig__utf8_mend(&text, (const char *)data, size);
    check(!text.failed);
    check(kundig__text_features(&scratch, text.data, text.len, KUNDIG__WORDS) == KUNDIG_OK);
    check(kundig__language_read(languages, &scratch, text.data, text.len, &spoken));
    check(kundig__language_read(languages, &scratch, text.data, text.len, &again));
    check_spoken(spoken.language, spoken.sureness);
    check(spoken.language == again.language && spoken.sureness == again.sureness &&
          spoken.mixed == again.mixed && spoken.sentence_count == again.sentence_count);
    uint32_t end = 0;
    for (size_t i = 0; i < spoken.sentence_count; i++) {
        const kundig__sentence *sentence = &spoken.sentences[i];
        check(sentence->first == end && sentence->end > end);
        check_spoken(sentence->language, sentence->sureness);
        check(memcmp(sentence, &again.sentences[i], sizeof *sentence) == 0);
        end = sentence->end;
    }
    check(end == scratch.token_count);
    kundig__language_find(kundig__text(text.data, text.len));

    for (size_t i = 0; i < scratch.token_count; i++) {
        const kundig__token *token = &scratch.tokens[i];
        kundig_text word = {scratch.folded + token->folded, token->folded_len};
        int language = (int)(i % KUNDIG__LANGUAGE_COUNT);
        kundig_text stem;
        uint64_t first;
        uint64_t second;
        check(kundig__stem_hash(&stemmer, language, word, token->hash, &first) == KUNDIG_OK);
        check(kundig__stem_hash(&stemmer, language, word, token->hash, &second) == KUNDIG_OK);
        check(kundig__stem(&stemmer, language, word, &stem) == KUNDIG_OK);
        check(first == second && first == kundig__xxh3(stem.data, stem.len) && stem.len > 0);
        check(kundig__utf8_valid(stem.data, stem.len) == stem.len);
    }
    kundig__stemmer_free(&stemmer);
    kundig__spoken_free(&again);
    kundig__spoken_free(&spoken);
    kundig__scratch_free(&scratch);
    kundig__buf_free(&text);
    check(mem.used == 0);
    return 0;
}
