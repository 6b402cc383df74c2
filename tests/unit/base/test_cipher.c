/* Hiding and showing are one call; what is hidden depends on every bit of key and number. */
#include <criterion/criterion.h>
#include <string.h>

#include "base/cipher.h"
#include "probe.h"

TestSuite(cipher, .fini = probe_fini);

Test(cipher, shows_what_it_hid_and_nothing_under_another_key_or_number)
{
    uint8_t key[KUNDIG__CIPHER_KEY_SIZE] = {1, 2, 3};
    char text[1000];
    char data[1000];
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = (char)('a' + i % 26);
    }
    memcpy(data, text, sizeof text);
    kundig__cipher(key, 7, data, sizeof data);
    for (size_t i = 0; i + 8 <= sizeof text; i++) {
        cr_assert_neq(memcmp(data + i, text + i, 8), 0, "readable at %zu", i);
    }
    char again[1000];
    memcpy(again, data, sizeof data);
    kundig__cipher(key, 7, again, sizeof again);
    cr_assert_eq(memcmp(again, text, sizeof text), 0);
    memcpy(again, data, sizeof data);
    kundig__cipher(key, 7 | UINT64_C(1) << 63, again, sizeof again);
    cr_assert_neq(memcmp(again, text, 16), 0);
    key[31] ^= 1;
    memcpy(again, data, sizeof data);
    kundig__cipher(key, 7, again, sizeof again);
    cr_assert_neq(memcmp(again, text, 16), 0);
    kundig__cipher(key, 7, NULL, 0);
}

/* An image hidden today must show for ever. */
Test(cipher, keystream_is_pinned)
{
    static const uint8_t expected[16] = {0x48, 0x20, 0x37, 0x9C, 0xDB, 0x97, 0x2B, 0x57,
                                         0x06, 0x62, 0x38, 0x9C, 0xA4, 0xC7, 0xE6, 0xB9};
    uint8_t key[KUNDIG__CIPHER_KEY_SIZE];
    uint8_t stream[16] = {0};
    for (uint8_t i = 0; i < sizeof key; i++) {
        key[i] = (uint8_t)(0x80 + i);
    }
    kundig__cipher(key, UINT64_C(0x0102030405060708), stream, sizeof stream);
    cr_assert_eq(memcmp(stream, expected, sizeof stream), 0);
}
