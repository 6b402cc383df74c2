#include "support.h"
#include "text/special.h"

TestSuite(special, .fini = probe_fini);

#define URL(text, pos)    kundig__url_end(text, strlen(text), pos)
#define DOMAIN(text, pos) kundig__domain_end(text, strlen(text), pos)

Test(special, ends_addresses_before_the_punctuation_of_the_sentence)
{
    cr_assert_eq(URL("a.de/x?y=1&z=2#f.", 0), 16);
    cr_assert_eq(URL("a.de, b", 0), 4);
    cr_assert_eq(URL("a.de/x_(y)", 0), 10);
    cr_assert_eq(URL("a.de/x_(y))!", 0), 10);
    cr_assert_eq(URL("a.de]", 0), 4);
    cr_assert_eq(URL("a.de\"x", 0), 4);
    cr_assert_eq(URL("müller.de/ü“", 0), strlen("müller.de/ü"));
    cr_assert_eq(URL("a.de/漢", 0), 5);
    cr_assert_eq(URL(".de", 0), 0);
    cr_assert_eq(URL("", 0), 0);
}

Test(special, knows_mail_domains)
{
    cr_assert_eq(DOMAIN("a.de", 0), 4);
    cr_assert_eq(DOMAIN("mail.example-shop.co.uk.", 0), 23);
    cr_assert_eq(DOMAIN("müller.de!", 0), strlen("müller.de"));
    cr_assert_eq(DOMAIN("a.d", 0), 0);
    cr_assert_eq(DOMAIN("a", 0), 0);
    cr_assert_eq(DOMAIN(".de", 0), 0);
    cr_assert_eq(DOMAIN("-a.de", 0), 0);
    cr_assert_eq(DOMAIN("a.de_x", 0), 0);
    cr_assert_eq(DOMAIN("a.de-", 0), 4);
    cr_assert_eq(DOMAIN("a..de", 0), 0);
    cr_assert_eq(DOMAIN("a.de.x", 0), 4);
}

Test(special, gives_up_on_a_domain_without_end)
{
    char text[1000];
    memset(text, 'a', sizeof text);
    cr_assert_eq(kundig__domain_end(text, sizeof text, 0), 0);
    text[100] = '.';
    cr_assert_eq(kundig__domain_end(text, sizeof text, 0), 0);
    cr_assert_eq(kundig__domain_end(text, 200, 0), 200);
}

Test(special, knows_scripts_without_blanks)
{
    static const uint32_t unspaced[] = {0x0E01, 0x0E81, 0x1000, 0x1780, 0x3005, 0x3007, 0x3021,
                                        0x3042, 0x30AB, 0x30FC, 0x4E00, 0x9FFF, 0xFF76, 0x20000};
    static const uint32_t spaced[] = {'a',    0xE4,   0x0E50, 0x0E31, 0x3099, 0x30FB,
                                      0xAC00, 0x0E3F, 0x300C, 0x0905, 0x1F600};
    for (size_t i = 0; i < sizeof unspaced / sizeof *unspaced; i++) {
        cr_assert(kundig__is_unspaced(unspaced[i], kundig__utf8_traits(unspaced[i])), "U+%04X",
                  (unsigned)unspaced[i]);
    }
    for (size_t i = 0; i < sizeof spaced / sizeof *spaced; i++) {
        cr_assert(!kundig__is_unspaced(spaced[i], kundig__utf8_traits(spaced[i])), "U+%04X",
                  (unsigned)spaced[i]);
    }
}

Test(special, knows_where_words_begin)
{
    static const char *const yes[] = {"a", "Z", "0", "_", "ä", "é", "ж", "٣", "각"};
    static const char *const no[] = {"", " ", "'", "@", "\xCC\x81", "漢", "ʼ", "’", "\xE1\x85\xA1"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        cr_assert(kundig__is_word_start(yes[i], strlen(yes[i]), 0), "%s", yes[i]);
    }
    for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
        cr_assert(!kundig__is_word_start(no[i], strlen(no[i]), 0), "%s", no[i]);
    }
}
