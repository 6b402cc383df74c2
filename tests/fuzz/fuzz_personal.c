/* Any bytes: personal data is found in order, inside the text and between grapheme clusters;
 * masking twice changes nothing; offsets into the bytes as given are those of the mended text;
 * twice the same; asking for one kind gives that kind's spans. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "text/personal.h"

static void check(int holds)
{
    if (!holds) {
        abort();
    }
}

/* Do spans begin and end at boundaries, in order? */
static void check_spans(const kundig__personal *found, const char *text, size_t len)
{
    size_t at = 0;
    size_t pos = 0;
    uint32_t before = 0;
    int32_t state = 0;
    while (pos <= len) {
        uint32_t code = 0;
        size_t step = pos < len ? kundig__utf8_decode(text + pos, len - pos, &code) : 1;
        int breaks = pos == 0 || pos == len || kundig__utf8_breaks(before, code, &state);
        for (size_t i = at; i < found->count && found->spans[i].start <= pos; i++) {
            const kundig__personal_span *span = &found->spans[i];
            check(span->start < span->end && span->end <= len);
            check(i == 0 || span->start >= span[-1].end);
            check(kundig__personal_name(span->kind) != NULL);
            check(span->start != pos || breaks);
            check(span->end != pos || breaks);
            at += span->end <= pos;
        }
        before = code;
        pos += step;
    }
    check(at == found->count);
}

static void check_given(const kundig__personal *found, const char *given, size_t size,
                        const kundig__buf *text, kundig__mem *mem)
{
    size_t offsets[2];
    for (size_t i = 0; i < found->count && i < 8; i++) {
        kundig__buf part;
        kundig__buf_init(&part, mem);
        offsets[0] = found->spans[i].start;
        offsets[1] = found->spans[i].end;
        kundig__utf8_given_offsets(given, size, offsets, 2);
        check(offsets[0] < offsets[1] && offsets[1] <= size);
        kundig__utf8_mend(&part, given + offsets[0], offsets[1] - offsets[0]);
        check(part.len == found->spans[i].end - found->spans[i].start);
        check(memcmp(part.data, text->data + found->spans[i].start, part.len) == 0);
        kundig__buf_free(&part);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kundig__mem mem;
    kundig__buf text;
    kundig__buf once;
    kundig__buf twice;
    kundig__personal found;
    kundig__personal again;
    uint32_t kinds = KUNDIG_PERSONAL_ALL;
    kundig__mem_init(&mem, NULL, 0);
    kundig__buf_init(&text, &mem);
    kundig__buf_init(&once, &mem);
    kundig__buf_init(&twice, &mem);
    kundig__personal_init(&found, &mem);
    kundig__personal_init(&again, &mem);

    kundig__utf8_mend(&text, (const char *)data, size);
    check(kundig__personal_find(&found, text.data, text.len, kinds) == KUNDIG_OK);
    check_spans(&found, text.data, text.len);
    check_given(&found, (const char *)data, size, &text, &mem);

    check(kundig__personal_find(&again, text.data, text.len, kinds) == KUNDIG_OK);
    check(again.count == found.count);
    check(found.count == 0 ||
          memcmp(again.spans, found.spans, found.count * sizeof *found.spans) == 0);
    for (uint32_t kind = 1; kind & kinds; kind <<= 1) {
        size_t at = 0;
        check(kundig__personal_find(&again, text.data, text.len, kind) == KUNDIG_OK);
        for (size_t i = 0; i < found.count; i++) {
            if (found.spans[i].kind == kind) {
                check(at < again.count &&
                      memcmp(&again.spans[at++], &found.spans[i], sizeof *found.spans) == 0);
            }
        }
        check(at == again.count);
    }

    kundig__personal_mask(&found, text.data, text.len, &once);
    check(kundig__personal_find(&again, once.data, once.len, kinds) == KUNDIG_OK);
    kundig__personal_mask(&again, once.data, once.len, &twice);
    check(twice.len == once.len && (once.len == 0 || memcmp(twice.data, once.data, once.len) == 0));

    kundig__personal_free(&found);
    kundig__personal_free(&again);
    kundig__buf_free(&text);
    kundig__buf_free(&once);
    kundig__buf_free(&twice);
    check(mem.used == 0);
    return 0;
}
