#include <criterion/criterion.h>
#include <string.h>
#include <utf8proc.h>

#include "base/utf8.h"
#include "probe.h"

TestSuite(utf8, .fini = probe_fini);

static kundig__mem utf8_mem(void)
{
    kundig__mem mem;
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem_init(&mem, &allocator, 0);
    return mem;
}

static void mends(const char *bytes, size_t len, const char *expected, size_t replaced)
{
    kundig__mem mem = utf8_mem();
    kundig__buf buf;
    kundig__buf_init(&buf, &mem);
    size_t got = kundig__utf8_mend(&buf, bytes, len);
    cr_assert(!buf.failed);
    cr_assert_eq(got, replaced, "%zu bytes replaced, not %zu", got, replaced);
    cr_assert_eq(buf.len, strlen(expected), "%.*s", (int)buf.len, buf.data);
    cr_assert(buf.len == 0 || memcmp(buf.data, expected, buf.len) == 0, "%.*s", (int)buf.len,
              buf.data);
    cr_assert_eq(kundig__utf8_valid(expected, strlen(expected)), strlen(expected));
    kundig__buf_free(&buf);
}

#define R                                "\xEF\xBF\xBD"
#define MENDS(bytes, expected, replaced) mends(bytes, sizeof(bytes) - 1, expected, replaced)

/* The examples of The Unicode Standard, tables 3-8 to 3-11. */
Test(utf8, replaces_each_maximal_subpart_once)
{
    MENDS("", "", 0);
    MENDS("plain", "plain", 0);
    MENDS("gr\xC3\xB6\xC3\x9F"
          "er \xE2\x82\xAC \xF0\x9F\x98\x80",
          "größer € 😀", 0);
    MENDS("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41", R R R R R R R R "A", 8);
    MENDS("\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41", R R R R R R R R "A", 8);
    MENDS("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42", R R R R R "A" R R "B", 7);
    MENDS("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41", R R R R "A", 8);
    MENDS("a\xF1\x80\x80\xE1\x80\xC2"
          "b\x80"
          "c\x80\xBF"
          "d",
          "a" R R R "b" R "c" R R "d", 9);
    MENDS("\xF0\x9F\x98", R, 3);
    MENDS("\xC3", R, 1);
}

Test(utf8, replaces_nul)
{
    MENDS("a\0b\0", "a" R "b" R, 2);
    cr_assert_eq(kundig__utf8_valid("12345678\0", 9), 8);
    cr_assert_eq(kundig__utf8_valid("1234567\0abcdefgh", 16), 7);
}

Test(utf8, agrees_with_utf8proc_on_every_short_sequence)
{
    unsigned char bytes[4];
    for (uint32_t i = 0; i < 1u << 24; i++) {
        /* All three-byte beginnings, with the fourth byte at its bounds. */
        static const unsigned char fourth[] = {0x7F, 0x80, 0xBF, 0xC0};
        bytes[0] = (unsigned char)(i >> 16);
        bytes[1] = (unsigned char)(i >> 8);
        bytes[2] = (unsigned char)i;
        bytes[3] = fourth[i & 3];
        if (bytes[0] < 0x80 && bytes[0] != 0x41) {
            continue;
        }
        utf8proc_int32_t code;
        utf8proc_ssize_t step = utf8proc_iterate(bytes, 4, &code);
        size_t valid = kundig__utf8_valid((const char *)bytes, 4);
        if ((step > 0) != (valid > 0)) {
            cr_assert_fail("%02x %02x %02x %02x", bytes[0], bytes[1], bytes[2], bytes[3]);
        }
        if (step > 0) {
            uint32_t own;
            size_t len = kundig__utf8_decode((const char *)bytes, valid, &own);
            if (len != (size_t)step || own != (uint32_t)code) {
                cr_assert_fail("%02x %02x %02x %02x", bytes[0], bytes[1], bytes[2], bytes[3]);
            }
        }
    }
}

Test(utf8, mended_text_is_valid_and_mending_it_changes_nothing)
{
    kundig__mem mem = utf8_mem();
    uint64_t seed = 1;
    static const unsigned char alphabet[] = {0,    'a',  0x7F, 0x80, 0x8F, 0x90, 0x9F,
                                             0xA0, 0xBF, 0xC2, 0xE0, 0xED, 0xEF, 0xF0,
                                             0xF4, 0xFF, 'b',  'c',  0xC3, 0xBC};
    for (int round = 0; round < 20000; round++) {
        char text[24];
        size_t len = (size_t)(round % 25);
        for (size_t i = 0; i < len; i++) {
            seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
            text[i] = (char)alphabet[(seed >> 33) % sizeof alphabet];
        }
        kundig__buf once;
        kundig__buf_init(&once, &mem);
        size_t replaced = kundig__utf8_mend(&once, text, len);
        cr_assert_eq(kundig__utf8_valid(once.data, once.len), once.len);
        cr_assert_eq(replaced == 0, kundig__utf8_valid(text, len) == len);
        kundig__buf_free(&once);
    }
}

Test(utf8, finds_where_a_mended_byte_was_given)
{
    static const char given[] = "a\x80\xF0\x9F\x98-\0\xC3\xA4\xFF"; /* aRR-RäR */
    size_t offsets[] = {0, 1, 2, 3, 4, 4, 7, 8, 11, 12, 13, 16, 17};
    static const size_t expected[] = {0, 1, 1, 1, 2, 2, 5, 6, 7, 8, 9, 10, 10};
    kundig__utf8_given_offsets(given, sizeof given - 1, offsets, sizeof offsets / sizeof *offsets);
    for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++) {
        cr_assert_eq(offsets[i], expected[i], "offset %zu: %zu", i, offsets[i]);
    }
    size_t none[] = {0, 1};
    kundig__utf8_given_offsets(NULL, 0, none, 2);
    cr_assert(none[0] == 0 && none[1] == 0);
}

/* Mending the beginning alone gives as many bytes as the offset says, whatever the bytes. */
Test(utf8, given_offsets_are_right_for_any_bytes)
{
    kundig__mem mem = utf8_mem();
    uint64_t seed = 7;
    static const unsigned char alphabet[] = {0,    'a',  0x80, 0x9F, 0xA0, 0xBF, 0xC3,
                                             0xE2, 0xED, 0xF0, 0xF4, 0xFF, 'b'};
    for (int round = 0; round < 20000; round++) {
        char text[24];
        size_t len = (size_t)(round % 25);
        for (size_t i = 0; i < len; i++) {
            seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
            text[i] = (char)alphabet[(seed >> 33) % sizeof alphabet];
        }
        kundig__buf whole;
        kundig__buf_init(&whole, &mem);
        kundig__utf8_mend(&whole, text, len);
        size_t offsets[24 * 3 + 1];
        size_t starts[24 * 3 + 1];
        size_t count = 0;
        for (size_t pos = 0; pos < whole.len; count++) {
            uint32_t code;
            starts[count] = offsets[count] = pos;
            pos += kundig__utf8_decode(whole.data + pos, whole.len - pos, &code);
        }
        starts[count] = offsets[count] = whole.len;
        kundig__utf8_given_offsets(text, len, offsets, count + 1);
        for (size_t i = 0; i <= count; i++) {
            kundig__buf part;
            kundig__buf_init(&part, &mem);
            kundig__utf8_mend(&part, text, offsets[i]);
            cr_assert(part.len == starts[i] &&
                          (part.len == 0 || memcmp(part.data, whole.data, part.len) == 0),
                      "round %d, offset %zu", round, starts[i]);
            kundig__buf_free(&part);
        }
        kundig__buf_free(&whole);
    }
}

Test(utf8, encodes_what_it_decodes)
{
    for (uint32_t code = 0; code <= 0x10FFFF; code++) {
        if (code >= 0xD800 && code <= 0xDFFF) {
            continue;
        }
        char bytes[4];
        size_t len = kundig__utf8_encode(code, bytes);
        uint32_t back;
        if (kundig__utf8_decode(bytes, len, &back) != len || back != code ||
            (code && kundig__utf8_valid(bytes, len) != len)) {
            cr_assert_fail("U+%04X", (unsigned)code);
        }
    }
}

#define WIDTH(text) kundig__utf8_width(text, strlen(text))

Test(utf8, counts_terminal_columns)
{
    cr_assert_eq(WIDTH(""), 0);
    cr_assert_eq(WIDTH("größer"), 6);
    cr_assert_eq(WIDTH("e\xCC\x81\xCC\xA3"), 1);
    cr_assert_eq(WIDTH("\xE6\xBC\xA2\xE5\xAD\x97"), 4);
    cr_assert_eq(WIDTH("\xF0\x9F\x98\x80"), 2);
    cr_assert_eq(WIDTH("👩‍👩‍👧"), 2);
    cr_assert_eq(WIDTH("🇩🇪🇫🇷"), 4);
    cr_assert_eq(WIDTH("👍🏽!"), 3);
    cr_assert_eq(WIDTH("❤️"), 2);
    cr_assert_eq(WIDTH("\xC2\xA0x"), 2);
}

#define CUT(text, width) kundig__utf8_cut(text, strlen(text), width)

Test(utf8, cuts_between_clusters)
{
    cr_assert_eq(CUT("abc", 2), 2);
    cr_assert_eq(CUT("abc", 9), 3);
    cr_assert_eq(CUT("ae\xCC\x81x", 2), 4);
    cr_assert_eq(CUT("a漢字", 2), 1);
    cr_assert_eq(CUT("a漢字", 3), 4);
    cr_assert_eq(CUT("👩‍👩‍👧x", 1), 0);
    cr_assert_eq(CUT("👩‍👩‍👧x", 2), strlen("👩‍👩‍👧"));
    cr_assert_eq(CUT("🇩🇪🇫🇷", 3), strlen("🇩🇪"));
    cr_assert_eq(CUT("ab", 0), 0);
}

Test(utf8, hides_what_could_mislead)
{
    static const uint32_t hidden[] = {0,      7,      0x1B,   0x7F,   0x85,
                                      0x9B,   0x061C, 0x200B, 0x200E, 0x202E,
                                      0x2066, 0x2028, 0x2060, 0xFEFF, 0xE0041};
    static const uint32_t shown[] = {' ', 'a', 0xA0, 0xAD, 0x200C, 0x200D, 0x2013, 0x1F600, 0xFE0F};
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++) {
        cr_assert(kundig__utf8_is_hidden(hidden[i]), "U+%04X", (unsigned)hidden[i]);
    }
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        cr_assert(!kundig__utf8_is_hidden(shown[i]), "U+%04X", (unsigned)shown[i]);
    }
}

Test(utf8, names_its_unicode_version)
{
    const char *version = kundig__unicode_version();
    cr_assert(version[0] >= '1' && version[0] <= '9');
    cr_assert_not_null(strchr(version, '.'));
}

Test(utf8, knows_what_a_code_point_is)
{
    cr_assert_eq(kundig__utf8_traits('a'), KUNDIG__CODE_LETTER);
    cr_assert_eq(kundig__utf8_traits('A'), KUNDIG__CODE_LETTER | KUNDIG__CODE_FOLDS);
    cr_assert_eq(kundig__utf8_traits(0x301), KUNDIG__CODE_MARK | KUNDIG__CODE_JOINS);
    cr_assert_eq(kundig__utf8_traits(0xBD), KUNDIG__CODE_DIGIT);
    cr_assert_eq(kundig__utf8_traits(0x1F600), KUNDIG__CODE_SYMBOL);
    cr_assert_eq(kundig__utf8_traits(0xA0), KUNDIG__CODE_GAP);
    cr_assert_eq(kundig__utf8_traits(0x200B), KUNDIG__CODE_GAP);
    cr_assert_eq(kundig__utf8_traits(0x24B6), KUNDIG__CODE_SYMBOL | KUNDIG__CODE_FOLDS);
    cr_assert_eq(kundig__utf8_traits(0xAC00), KUNDIG__CODE_LETTER);
}

/* Every code point that moves in canonical ordering, or is the second half of a composition, or
 * decomposes into one, must be known to join; what it folds to must not begin with such a one. */
Test(utf8, knows_every_code_point_that_joins)
{
    kundig__mem mem = utf8_mem();
    kundig__folder folder;
    kundig__folder_init(&folder, &mem);
    for (uint32_t code = 1; code <= 0x10FFFF; code++) {
        if (code >= 0xD800 && code <= 0xDFFF) {
            continue;
        }
        const utf8proc_property_t *property = utf8proc_get_property((utf8proc_int32_t)code);
        bool joins = (kundig__utf8_traits(code) & KUNDIG__CODE_JOINS) != 0;
        if (property->combining_class != 0 && !joins) {
            cr_assert_fail("U+%04X has a class", (unsigned)code);
        }
        utf8proc_int32_t parts[16];
        utf8proc_ssize_t count =
            utf8proc_decompose_char((utf8proc_int32_t)code, parts, 16, UTF8PROC_DECOMPOSE, NULL);
        if (count > 1 && !(kundig__utf8_traits((uint32_t)parts[count - 1]) & KUNDIG__CODE_JOINS)) {
            cr_assert_fail("U+%04X ends in a second half", (unsigned)code);
        }
        char bytes[4];
        size_t len = kundig__utf8_encode(code, bytes);
        cr_assert(kundig__folder_run(&folder, bytes, len));
        cr_assert(folder.count > 0);
        if (!joins && (kundig__utf8_traits((uint32_t)folder.codes[0]) & KUNDIG__CODE_JOINS)) {
            cr_assert_fail("U+%04X folds to what joins", (unsigned)code);
        }
        bool same = folder.count == 1 && (uint32_t)folder.codes[0] == code;
        if (!same && !(kundig__utf8_traits(code) & KUNDIG__CODE_FOLDS)) {
            cr_assert_fail("U+%04X folds unannounced", (unsigned)code);
        }
    }
    kundig__folder_free(&folder);
}

static void folds(const char *text, const char *expected)
{
    kundig__mem mem = utf8_mem();
    kundig__folder folder;
    kundig__folder_init(&folder, &mem);
    cr_assert(kundig__folder_run(&folder, text, strlen(text)));
    char out[256];
    size_t len = 0;
    for (size_t i = 0; i < folder.count; i++) {
        len += kundig__utf8_encode((uint32_t)folder.codes[i], out + len);
    }
    out[len] = 0;
    cr_assert_str_eq(out, expected);
    kundig__folder_free(&folder);
}

Test(utf8, folds_case_in_full_and_composes)
{
    folds("", "");
    folds("STRASSE Straße STRAẞE", "strasse strasse strasse");
    folds("A\xCC\x88", "ä");
    folds("o\xCC\xA3\xCC\x82 o\xCC\x82\xCC\xA3", "ộ ộ");
    folds("İ", "i\xCC\x87"); /* Turkish-neutral */
    folds("I ı", "i ı");
    folds("\xE2\x84\xAB \xE2\x84\xAA", "å k");
    folds("ΌΣΟΣ", "όσοσ");
    /* An iota below folds to a letter: it must wait for the accent behind it. */
    folds("\xCE\xB1\xCD\x85\xCC\x81", "άι");
    folds("\xE1\xBE\xB3\xCC\x81", "άι");
    folds("\xEA\xB0\x80\xE1\x86\xA8", "각");
    folds("\xE1\x84\x80\xE1\x85\xA1\xE1\x86\xA8", "각");
    folds("\xE0\xA5\x98", "\xE0\xA4\x95\xE0\xA4\xBC"); /* excluded from composition */
}

Test(utf8, folding_twice_changes_nothing)
{
    kundig__mem mem = utf8_mem();
    kundig__folder folder;
    kundig__folder_init(&folder, &mem);
    for (uint32_t code = 1; code <= 0x10FFFF; code++) {
        if (code >= 0xD800 && code <= 0xDFFF) {
            continue;
        }
        char bytes[64];
        char again[64];
        size_t len = kundig__utf8_encode(code, bytes);
        len += kundig__utf8_encode(0x345, bytes + len);
        len += kundig__utf8_encode(0x301, bytes + len);
        cr_assert(kundig__folder_run(&folder, bytes, len));
        len = 0;
        for (size_t i = 0; i < folder.count; i++) {
            len += kundig__utf8_encode((uint32_t)folder.codes[i], bytes + len);
        }
        cr_assert(kundig__folder_run(&folder, bytes, len));
        size_t len_again = 0;
        for (size_t i = 0; i < folder.count; i++) {
            len_again += kundig__utf8_encode((uint32_t)folder.codes[i], again + len_again);
        }
        if (len != len_again || memcmp(bytes, again, len) != 0) {
            cr_assert_fail("U+%04X", (unsigned)code);
        }
    }
    kundig__folder_free(&folder);
}

/* A million marks in alternating classes: by exchange this would be 10^11 steps. */
Test(utf8, orders_a_million_marks_in_linear_time, .timeout = 20)
{
    kundig__mem mem = utf8_mem();
    kundig__folder folder;
    kundig__folder_init(&folder, &mem);
    size_t count = 1000000;
    char *text = kundig__alloc(&mem, 2 * count + 1);
    text[0] = 'q';
    for (size_t i = 0; i < count; i++) {
        memcpy(text + 1 + 2 * i, i % 2 ? "\xCC\xA3" : "\xCC\x81", 2);
    }
    cr_assert(kundig__folder_run(&folder, text, 2 * count + 1));
    cr_assert_eq(folder.count, count + 1);
    for (size_t i = 1; i <= count; i++) {
        cr_assert_eq(folder.codes[i], i <= count / 2 ? 0x323 : 0x301);
    }
    kundig__free(&mem, text, 2 * count + 1);
    kundig__folder_free(&folder);
}

Test(utf8, decomposes_wholly_and_in_order)
{
    uint32_t parts[4];
    cr_assert_eq(kundig__utf8_decompose('a', parts), 0);
    cr_assert_eq(kundig__utf8_decompose(0xFB01, parts), 0); /* not canonical */
    cr_assert_eq(kundig__utf8_decompose(0xE4, parts), 2);
    cr_assert(parts[0] == 'a' && parts[1] == 0x308);
    cr_assert_eq(kundig__utf8_decompose(0x1DF, parts), 3);
    cr_assert(parts[0] == 'a' && parts[1] == 0x308 && parts[2] == 0x304);
    cr_assert_eq(kundig__utf8_decompose(0x212B, parts), 2);
    cr_assert(parts[0] == 'A' && parts[1] == 0x30A);
    cr_assert_eq(kundig__utf8_decompose(0x1F82, parts), 4);
    cr_assert(parts[0] == 0x3B1 && parts[3] == 0x345);
}

Test(utf8, fails_cleanly_without_memory)
{
    static const char text[] = "\xE1\xBE\x82\xE1\xBE\x82\xE1\xBE\x82\xFF \xE1\xBE\x82";
    for (int forever = 0; forever < 2; forever++) {
        for (size_t fail_at = 1;; fail_at++) {
            probe_shared.allocations = 0;
            probe_shared.fail_at = fail_at;
            probe_shared.fail_on = forever != 0;
            kundig__mem mem = utf8_mem();
            kundig__folder folder;
            kundig__folder_init(&folder, &mem);
            kundig__buf buf;
            kundig__buf_init(&buf, &mem);
            bool folded = kundig__folder_run(&folder, text, 9);
            kundig__utf8_mend(&buf, text, sizeof text - 1);
            bool mended = !buf.failed;
            kundig__folder_free(&folder);
            kundig__buf_free(&buf);
            cr_assert_eq(probe_shared.live_blocks, 0);
            bool reached = probe_shared.allocations >= fail_at;
            probe_shared.fail_at = 0;
            cr_assert_eq(reached, !folded || !mended);
            if (!reached) {
                break;
            }
            cr_assert_lt(fail_at, 100);
        }
    }
}
