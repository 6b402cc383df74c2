#include "support.h"
#include "text/bits.h"

TestSuite(bits, .fini = probe_fini);

static bool bits_letter(unsigned char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* What a block says, byte by byte. */
static void bits_agree(const char in[BLOCK_SIZE], char before, const char out[BLOCK_SIZE],
                       const text_block *block)
{
    bool rare = false;
    for (unsigned i = 0; i < BLOCK_SIZE; i++) {
        unsigned char c = (unsigned char)in[i];
        unsigned char last = (unsigned char)(i ? in[i - 1] : before);
        bool letter = bits_letter(c);
        bool word = letter || (c >= '0' && c <= '9') || c == '_';
        cr_assert_eq(block->words >> i & 1, word, "%u: %02X", i, c);
        cr_assert_eq(block->symbols >> i & 1, c > ' ' && c < 0x7F && !word, "%u: %02X", i, c);
        cr_assert_eq(block->quotes >> i & 1, c == '\'', "%u: %02X", i, c);
        cr_assert_eq(block->high >> i & 1, c >= 0x80, "%u: %02X", i, c);
        cr_assert_eq(block->same >> i & 1, letter && (c | 0x20) == (last | 0x20), "%u: %02X %02X",
                     i, last, c);
        cr_assert_eq((unsigned char)out[i], letter ? c | 0x20 : c);
        rare |= c == '@' || c == '/';
    }
    cr_assert_eq(block->rare, rare);
}

Test(bits, says_of_every_byte_behind_every_byte_what_it_is_both_ways)
{
    char in[BLOCK_SIZE];
    char plain[BLOCK_SIZE];
    char wide[BLOCK_SIZE];
    text_block one;
    text_block two;
    uint64_t seed = 3;
    for (unsigned round = 0; round < 65536 + 100000; round++) {
        unsigned at = round % BLOCK_SIZE;
        for (unsigned i = 0; i < BLOCK_SIZE; i++) {
            uint64_t dice = text_random(&seed);
            in[i] = (char)(dice & 0x300 ? dice & 0x7F : dice & 0xFF);
            if (i && (dice & 0xC00) == 0) {
                in[i] = (char)((unsigned char)in[i - 1] ^ (dice & 0x20));
            }
        }
        char before = (char)text_random(&seed);
        if (round < 65536) {
            in[at] = (char)(round >> 8);
            in[(at + 1) % BLOCK_SIZE] = (char)round;
            before = at + 1 == BLOCK_SIZE ? in[at] : before;
        }
        block_plain(in, before, plain, &one);
        bits_agree(in, before, plain, &one);
        block_read(in, before, wide, &two);
        bits_agree(in, before, wide, &two);
    }
}

/* Whatever their place in a block, wide letters are bytes of words and gaps are nothing. */
Test(bits, sees_wide_letters_across_blocks)
{
    text_fixture fixture;
    text_begin(&fixture);
    for (size_t at = 0; at < 200; at++) {
        char text[260];
        memset(text, '.', sizeof text);
        memcpy(text + at, "Öß\xC2\xA0\xE2\x82\xAC\xC2\xA3", 11);
        bool triples;
        cr_assert(kundig__text_bits_read(&fixture.scratch, text, sizeof text, &triples));
        cr_assert_not(triples);
        cr_assert_arr_eq(fixture.scratch.folded + at, "öss", 4);
        for (size_t i = 0; i < sizeof text; i++) {
            const kundig__text_bits *bits = &fixture.scratch.bits[i / 64];
            cr_assert_eq(bits->words >> i % 64 & 1, i >= at && i < at + 4);
            cr_assert_eq(bits->symbols >> i % 64 & 1, i < at || i >= at + 11);
            cr_assert_eq(bits->odd >> i % 64 & 1, i == at + 6 || i == at + 9);
        }
    }
    text_end(&fixture);
}

static void bits_triples(text_fixture *fixture, const char *text, bool expected)
{
    char padded[256];
    for (size_t at = 0; at < 130; at++) {
        memset(padded, ' ', sizeof padded);
        memcpy(padded + at, text, strlen(text));
        bool triples;
        cr_assert(kundig__text_bits_read(&fixture->scratch, padded, at + strlen(text), &triples));
        cr_assert_eq(triples, expected, "%s at %zu", text, at);
    }
}

Test(bits, misses_no_letter_that_stands_three_times)
{
    text_fixture fixture;
    text_begin(&fixture);
    bits_triples(&fixture, "sooo", true);
    bits_triples(&fixture, "AaA", true);
    bits_triples(&fixture, "öÖö", true);
    bits_triples(&fixture, "ßs", true);
    bits_triples(&fixture, "Sß", true);
    bits_triples(&fixture, "ßß", true);
    bits_triples(&fixture, "ŉN", true);
    bits_triples(&fixture, "soo o", false);
    bits_triples(&fixture, "111...___", false);
    bits_triples(&fixture, "öö ö", false);
    bits_triples(&fixture, "aßa", false);
    text_end(&fixture);
}
