/* Any bytes: mended, folded, split; what text.h promises of every text; twice the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "text/text.h"

static void check(int holds)
{
    if (!holds) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kundig__mem mem;
    kundig__buf text;
    kundig__scratch scratch;
    kundig__scratch other;
    kundig__mem_init(&mem, NULL, 0);
    kundig__buf_init(&text, &mem);
    kundig__scratch_init(&scratch, &mem);
    kundig__scratch_init(&other, &mem);

    size_t replaced = kundig__utf8_mend(&text, (const char *)data, size);
    check(!text.failed && replaced <= size);
    check(kundig__utf8_valid(text.data, text.len) == text.len);
    check((replaced == 0) == (kundig__utf8_valid((const char *)data, size) == size));
    check(kundig__utf8_cut(text.data, text.len, SIZE_MAX) == text.len);
    check(kundig__utf8_width(text.data, text.len) <= 2 * text.len);

    check(kundig__text_fold(&scratch, text.data, text.len) == KUNDIG_OK);
    check(kundig__text_fold(&other, scratch.folded, scratch.folded_len) == KUNDIG_OK);
    check(scratch.folded_len == other.folded_len);
    check(scratch.folded_len == 0 || memcmp(scratch.folded, other.folded, other.folded_len) == 0);

    uint32_t families = KUNDIG__WORDS | KUNDIG__PAIRS;
    check(kundig__text_features(&scratch, text.data, text.len, families) == KUNDIG_OK);
    for (size_t i = 0; i < scratch.token_count; i++) {
        const kundig__token *token = &scratch.tokens[i];
        const char *folded = scratch.folded + token->folded;
        check(token->start < token->end && token->end <= text.len);
        check((size_t)token->folded + token->folded_len <= scratch.folded_len);
        check(i == 0 || token->start >= token[-1].end ||
              (token->kind == KUNDIG__TOKEN_CJK && token[-1].kind == KUNDIG__TOKEN_CJK &&
               token->start > token[-1].start && token->end > token[-1].end));
        check(token->hash == kundig__xxh3(folded, token->folded_len));
        check(i == 0 || scratch.pairs[i - 1] == kundig__pair_hash(token[-1].hash, token->hash));
        check(kundig__text_fold(&other, text.data + token->start, token->end - token->start) ==
              KUNDIG_OK);
        check(other.folded_len == token->folded_len &&
              memcmp(other.folded, folded, token->folded_len) == 0);
    }
    check(kundig__text_features(&other, text.data, text.len, families) == KUNDIG_OK);
    check(other.token_count == scratch.token_count);
    for (size_t i = 0; i < scratch.token_count; i++) {
        check(memcmp(&scratch.tokens[i], &other.tokens[i], sizeof *other.tokens) == 0);
    }

    kundig__scratch_free(&scratch);
    kundig__scratch_free(&other);
    kundig__buf_free(&text);
    check(mem.used == 0);
    return 0;
}
