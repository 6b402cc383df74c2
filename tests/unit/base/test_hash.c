#include <criterion/criterion.h>
#include <string.h>

#include "base/hash.h"
#include "probe.h"

TestSuite(hash, .fini = probe_fini);

/* The vectors of the SipHash paper: key 00..0f, message 00..0e. */
Test(hash, siphash_gives_the_published_value)
{
    uint8_t key[KUNDIG__SIPHASH_KEY_SIZE];
    uint8_t message[15];
    for (uint8_t i = 0; i < 16; i++) {
        key[i] = i;
    }
    for (uint8_t i = 0; i < 15; i++) {
        message[i] = i;
    }
    cr_assert_eq(kundig__siphash(key, message, 15), UINT64_C(0xA129CA6149BE45E5));
    cr_assert_eq(kundig__siphash(key, NULL, 0), UINT64_C(0x726FDB47DD0E0E31));
    cr_assert_eq(kundig__siphash(key, message, 1), UINT64_C(0x74F839C593DC67FD));
    key[0] ^= 1;
    cr_assert_neq(kundig__siphash(key, message, 15), UINT64_C(0xA129CA6149BE45E5));
}

Test(hash, xxh3_gives_the_published_values)
{
    cr_assert_eq(kundig__xxh3("", 0), UINT64_C(0x2D06800538D394C2));
    cr_assert_eq(kundig__xxh3(NULL, 0), UINT64_C(0x2D06800538D394C2));
    /* Every length class: 1-3, 4-8, 9-16, 17-128, 129-240, more; the address does not matter. */
    static const size_t lens[] = {1, 3, 4, 8, 9, 16, 17, 128, 129, 240, 241, 1000};
    unsigned char bytes[1016];
    for (size_t i = 0; i < 12; i++) {
        uint64_t first = 0;
        for (size_t shift = 0; shift < 16; shift++) {
            for (size_t j = 0; j < lens[i]; j++) {
                bytes[shift + j] = (unsigned char)(j * 31 + 7);
            }
            uint64_t got = kundig__xxh3(bytes + shift, lens[i]);
            cr_assert(shift == 0 || got == first);
            first = got;
        }
        cr_assert_neq(first, kundig__xxh3(bytes + 15, lens[i] - 1));
    }
}

Test(hash, blake2b_is_keyed_where_a_key_is_given)
{
    static const uint8_t of_empty[16] = {0xCA, 0xE6, 0x69, 0x41, 0xD9, 0xEF, 0xBD, 0x40,
                                         0x4E, 0x4D, 0x88, 0x75, 0x8E, 0xA6, 0x76, 0x70};
    static const uint8_t of_abc[16] = {0xCF, 0x4A, 0xB7, 0x91, 0xC6, 0x2B, 0x8D, 0x2B,
                                       0x21, 0x09, 0xC9, 0x02, 0x75, 0x28, 0x78, 0x16};
    uint8_t key[KUNDIG__BLAKE2B_KEY_SIZE] = {0};
    kundig__hash128 hash = kundig__blake2b(NULL, "", 0);
    cr_assert_eq(memcmp(hash.bytes, of_empty, 16), 0);
    hash = kundig__blake2b(NULL, NULL, 0);
    cr_assert_eq(memcmp(hash.bytes, of_empty, 16), 0);
    hash = kundig__blake2b(NULL, "abc", 3);
    cr_assert_eq(memcmp(hash.bytes, of_abc, 16), 0);
    hash = kundig__blake2b(key, "abc", 3);
    cr_assert_neq(memcmp(hash.bytes, of_abc, 16), 0);
    kundig__hash128 same = kundig__blake2b(key, "abc", 3);
    cr_assert_eq(memcmp(hash.bytes, same.bytes, 16), 0);
    key[31] = 1;
    same = kundig__blake2b(key, "abc", 3);
    cr_assert_neq(memcmp(hash.bytes, same.bytes, 16), 0);
}

/* Pieces of all lengths, more than one batch of them, in records of four words and of eight. */
Test(hash, of_many_pieces_is_that_of_each)
{
    char data[400];
    static uint64_t records[150][4];
    for (size_t i = 0; i < sizeof data; i++) {
        data[i] = (char)(i * i * 31 + i);
    }
    for (size_t step = 4; step <= 8; step += 4) {
        uint32_t *words = (uint32_t *)records;
        for (uint32_t i = 0; i < 150; i++) {
            words[i * step] = i * 7 % 200;
            words[i * step + 1] = i * 37 % 53 % (i % 2 ? 200 : 18);
        }
        words[77 * step + 1] = 190;
        kundig__xxh3_many(data, words, words + 1, &records[0][1], step, 150);
        for (size_t i = 0; i < 150; i++) {
            cr_assert_eq((&records[0][1])[i * step / 2],
                         kundig__xxh3(data + words[i * step], words[i * step + 1]), "%zu", i);
        }
    }
    kundig__xxh3_many(data, NULL, NULL, NULL, 4, 0);
}
