#include "reference.h"

TestSuite(token, .fini = probe_fini);

Test(token, splits_words_numbers_and_symbols)
{
    splits("", "");
    splits(" \t\n", "");
    splits("Die Lieferung war zu spät.", "w:die w:lieferung w:war w:zu w:spät s:.");
    splits("I paid 49.99 for 2 items_x", "w:i w:paid n:49 s:. n:99 w:for n:2 w:items_x");
    splits("A1 b2c 3D", "w:a1 w:b2c w:3d");
    splits("Größe/Farbe", "w:grösse s:/ w:farbe");
    splits("50 %, 3 €", "n:50 s:%, n:3 s:€");
    splits("½ m² Ⅳ ٣٤", "n:½ w:m² n:ⅳ n:٣٤");
    splits("a\xC2\xA0"
           "b\xE2\x80\x8B"
           "c",
           "w:a w:b w:c");
    splits("Donaudampfschifffahrtsgesellschaftskapitän",
           "w:donaudampfschiffahrtsgesellschaftskapitän");
}

Test(token, folds_each_slice_as_the_folder_does)
{
    text_fixture fixture;
    text_begin(&fixture);
    uint64_t seed = 11;
    for (int i = 0; i < 300000 / PROBE_STRIDE; i++) {
        char text[256];
        token_check(&fixture, text, text_make(&seed, text, sizeof text));
    }
    text_end(&fixture);
}

Test(token, holds_on_every_code_point_between_others)
{
    text_fixture fixture;
    text_begin(&fixture);
    static const char *const before[] = {"a", "1", "!", "漢", "ö", ""};
    static const char *const after[] = {"b", "2", "\xCC\x81", "字", "'s", ""};
    for (uint32_t code = 1; code <= 0x10FFFF; code += PROBE_STRIDE) {
        if (code >= 0xD800 && code <= 0xDFFF) {
            continue;
        }
        for (size_t i = 0; i < 6; i++) {
            char text[24];
            size_t len = strlen(before[i]);
            memcpy(text, before[i], len);
            len += kundig__utf8_encode(code, text + len);
            const char *tail = after[(i + code) % 6];
            memcpy(text + len, tail, strlen(tail));
            token_check(&fixture, text, len + strlen(tail));
        }
    }
    text_end(&fixture);
}

/* Letters, numbers and symbols of one byte and of two in any order: what the bits alone see, and
 * what stands next to it; long enough for several blocks. */
static size_t token_make(uint64_t *seed, char *out, size_t room)
{
    static const char *const common[] = {
        "a", "B", "w", "1", "7", "_", " ", " ", "\n", "'", "'", ".",        ",",        "!", ":",
        "/", "@", "s", "n", "ä", "Ö", "ß", "ŉ", "ж",  "²", "£", "\xC2\xA0", "\xC2\xAD", "w", "h"};
    size_t len = 0;
    uint64_t odd = text_random(seed) % 3;
    while (len + 40 < room && text_random(seed) % 64) {
        const char *piece = common[text_random(seed) % 30];
        if (odd && text_random(seed) % (odd == 1 ? 40 : 6) == 0) {
            piece = text_pieces[text_random(seed) % (sizeof text_pieces / sizeof *text_pieces)];
        }
        size_t times = text_random(seed) % 6 ? 1 : 1 + text_random(seed) % 6;
        for (; times > 0 && len + strlen(piece) < room; times--) {
            memcpy(out + len, piece, strlen(piece));
            len += strlen(piece);
        }
    }
    return len;
}

Test(token, splits_as_the_slow_way_does)
{
    text_fixture fixture;
    text_begin(&fixture);
    uint64_t seed = 5;
    for (int i = 0; i < 300000 / PROBE_STRIDE; i++) {
        char text[400];
        splits_as_slowly(&fixture.scratch, text, token_make(&seed, text, sizeof text));
        splits_as_slowly(&fixture.scratch, text, text_make(&seed, text, 256));
    }
    text_end(&fixture);
}

Test(token, splits_every_code_point_as_the_slow_way_does)
{
    text_fixture fixture;
    text_begin(&fixture);
    static const char *const before[] = {"a", "1", "!", "漢", "ö", ""};
    static const char *const after[] = {"b", "2", "\xCC\x81", "字", "'s", ""};
    for (uint32_t code = 1; code <= 0x10FFFF; code += PROBE_STRIDE) {
        if (code >= 0xD800 && code <= 0xDFFF) {
            continue;
        }
        for (size_t i = 0; i < 7; i++) {
            char text[24];
            size_t len = i < 6 ? strlen(before[i]) : 0;
            memcpy(text, before[i % 6], len);
            len += kundig__utf8_encode(code, text + len);
            const char *tail = i < 6 ? after[(i + code) % 6] : "";
            memcpy(text + len, tail, strlen(tail));
            splits_as_slowly(&fixture.scratch, text, len + strlen(tail));
        }
    }
    text_end(&fixture);
}

/* Canonically equivalent texts have the same tokens. */
Test(token, sees_no_difference_between_composed_and_decomposed)
{
    text_fixture fixture;
    text_begin(&fixture);
    static const char composed[] = "Größere Schälchen, déjà vu! ộ ấ 각 が≠b ẛ̣";
    static const char decomposed[] =
        "Gro\xCC\x88ßere Scha\xCC\x88lchen, de\xCC\x81ja\xCC\x80 vu! o\xCC\xA3\xCC\x82 "
        "a\xCC\x82\xCC\x81 \xE1\x84\x80\xE1\x85\xA1\xE1\x86\xA8 か\xE3\x82\x99=\xCC\xB8"
        "b ſ\xCC\xA3\xCC\x87";
    cr_assert_eq(
        kundig__text_features(&fixture.scratch, composed, sizeof composed - 1, KUNDIG__WORDS), 0);
    cr_assert_eq(
        kundig__text_features(&fixture.other, decomposed, sizeof decomposed - 1, KUNDIG__WORDS), 0);
    cr_assert_eq(fixture.scratch.token_count, fixture.other.token_count);
    for (size_t i = 0; i < fixture.scratch.token_count; i++) {
        cr_assert_eq(fixture.scratch.tokens[i].hash, fixture.other.tokens[i].hash, "token %zu", i);
    }
    text_end(&fixture);
}

/* Known answers: hashes stand in states and models, so they never change by accident. */
Test(token, hashes_as_ever)
{
    text_fixture fixture;
    text_begin(&fixture);
    cr_assert_eq(kundig__text_features(&fixture.scratch, "Sehr GUT!", 9, KUNDIG__PAIRS), 0);
    cr_assert_eq(fixture.scratch.token_count, 3);
    cr_assert_eq(fixture.scratch.tokens[0].hash, UINT64_C(0xFA3F9B89AF220660));
    cr_assert_eq(fixture.scratch.tokens[1].hash, UINT64_C(0x9407F26C68DCBA68));
    cr_assert_eq(fixture.scratch.tokens[2].hash, kundig__xxh3("!", 1));
    cr_assert_eq(fixture.scratch.pairs[0], UINT64_C(0xA9236EB43C96092D));
    text_end(&fixture);
}

Test(token, tells_pairs_apart_by_order)
{
    uint64_t a = kundig__xxh3("gut", 3);
    uint64_t b = kundig__xxh3("nicht", 5);
    cr_assert_neq(kundig__pair_hash(a, b), kundig__pair_hash(b, a));
    cr_assert_neq(kundig__pair_hash(a, a), kundig__pair_hash(b, b));
    cr_assert_neq(kundig__pair_hash(a, a), 0);
}

/* Of a million pairs of 1,000 words, the low and the high 20 bits must fill their buckets as chance
 * does: 2^20 (1 - e^(-10^6/2^20)) = 644,554 of them, give or take 350. */
Test(token, spreads_pairs_over_low_and_high_bits)
{
    static uint8_t low[1 << 20];
    static uint8_t high[1 << 20];
    static uint64_t words[1000];
    for (unsigned i = 0; i < 1000; i++) {
        words[i] = kundig__xxh3(&i, sizeof i);
    }
    for (unsigned i = 0; i < 1000; i++) {
        for (unsigned j = 0; j < 1000; j++) {
            uint64_t hash = kundig__pair_hash(words[i], words[j]);
            low[hash & 0xFFFFF] = 1;
            high[hash >> 44] = 1;
        }
    }
    long low_count = 0;
    long high_count = 0;
    for (size_t i = 0; i < sizeof low; i++) {
        low_count += low[i];
        high_count += high[i];
    }
    cr_assert(low_count > 642500 && low_count < 646500, "%ld", low_count);
    cr_assert(high_count > 642500 && high_count < 646500, "%ld", high_count);
}
