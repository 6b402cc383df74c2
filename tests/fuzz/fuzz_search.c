/* Any question of any text: a look at the bytes never says other than reading them does. The first
 * byte gives the length of the question, the rest is the text; texts made of the question are tried
 * as well, as it stands and with what folds to letters put into it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "text/find.h"

static void check(int holds)
{
    if (!holds) {
        abort();
    }
}

static void compare(kundig__finder *finder, const kundig__find *find, const kundig__buf *text)
{
    bool met;
    bool again;
    const char *data = text->data ? text->data : "";
    check(!text->failed);
    check(kundig__finder_read(finder, find, data, text->len, false, &met) == KUNDIG_OK);
    int look = kundig__find_look(find, data, text->len);
    check(look != KUNDIG__FIND_NO || !met);
    check(look != KUNDIG__FIND_YES || met);
    check(kundig__finder_read(finder, find, data, text->len, true, &again) == KUNDIG_OK);
    check(met == again && (!met || finder->place_count));
    for (size_t i = 0; i < finder->place_count; i++) {
        const kundig__find_place *place = &finder->places[i];
        check(place->start < place->end && place->end <= text->len);
        check(i == 0 || place->start >= place[-1].end);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const between[] = {"",    "\xC2\xAD", "\xCC\x88", "\xE2\x80\x8D", "\xC3\xA4",
                                          "sss", "'",        "@",        "\xC3\x9F",     " "};
    kundig__mem mem;
    kundig__buf text;
    kundig__finder finder;
    kundig__find *find = NULL;
    kundig_error err;
    size_t asked = size ? data[0] : 0;
    asked = asked < size ? asked : size ? size - 1 : 0;
    const char *question = size ? (const char *)data + 1 : "";
    kundig__mem_init(&mem, NULL, 0);
    kundig__buf_init(&text, &mem);
    kundig__finder_init(&finder, &mem);
    int rc = kundig__find_new(&mem, question, asked, false, &find, &err);
    check(rc == KUNDIG_OK || rc == KUNDIG_E_EMPTY || rc == KUNDIG_E_FORMAT || rc == KUNDIG_E_LIMIT);
    if (!rc) {
        kundig__utf8_mend(&text, question + asked, size - 1 - asked);
        compare(&finder, find, &text);
        for (size_t i = 0; i < sizeof between / sizeof *between; i++) {
            size_t half = asked / 2;
            text.len = 0;
            kundig__utf8_mend(&text, question, half);
            kundig__buf_str(&text, between[i]);
            kundig__utf8_mend(&text, question + half, asked - half);
            kundig__utf8_mend(&text, question + asked, (size - 1 - asked) / 2);
            compare(&finder, find, &text);
        }
    }
    kundig__find_free(find);
    kundig__finder_free(&finder);
    kundig__buf_free(&text);
    check(mem.used == 0);
    return 0;
}
