#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/dict.h"
#include "base/prng.h"
#include "base/text.h"
#include "probe.h"

TestSuite(dict, .fini = probe_fini);

static const uint8_t dict_key[KUNDIG__SIPHASH_KEY_SIZE] = {1, 2, 3};

static kundig__mem dict_mem(probe *p)
{
    kundig__mem mem;
    kundig_allocator allocator = probe_allocator(p);
    kundig__mem_init(&mem, &allocator, 0);
    return mem;
}

/* Texts of many lengths, with NULs inside, some prefixes of others. */
static kundig_text nth(uint32_t i, char out[64])
{
    int len = snprintf(out, 64, "t%u", i);
    memset(out + len, i % 3 ? 0 : 'x', 40);
    return kundig__text(out, (size_t)len + i % 5 * 7);
}

static void is_sound(const kundig__dict *dict)
{
    char text[64];
    for (uint32_t code = 0; code < dict->count; code++) {
        kundig_text expected = nth(code, text);
        cr_assert(kundig__text_equal(kundig__dict_text(dict, code), expected), "code %u", code);
        cr_assert_eq(kundig__dict_find(dict, expected.data, expected.len), code, "code %u", code);
    }
    size_t filled = 0;
    for (size_t i = 0; i < dict->slot_count; i++) {
        filled += dict->slots[i] != 0;
    }
    cr_assert_eq(filled, dict->count);
}

Test(dict, answers_the_same_however_many_texts_share_a_guess)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__mem_init(&mem, &allocator, 0);
    kundig__dict dict;
    kundig__dict_init(&dict, &mem, (const uint8_t *)"0123456789abcdef");
    char text[40];
    /* The same head and tail, so that every text is taken for the one before; then a shrink. */
    for (uint32_t round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < 50; i++) {
            int len = snprintf(text, sizeof text, "samehead%02usametail", (unsigned)i);
            cr_assert_eq(kundig__dict_add(&dict, text, (size_t)len), i);
            cr_assert_eq(kundig__dict_add(&dict, text, (size_t)len), i);
            cr_assert_eq(kundig__dict_find(&dict, text, (size_t)len), i);
        }
    }
    kundig__dict_shrink(&dict, 49);
    cr_assert_eq(kundig__dict_add(&dict, "other", 5), 49);
    cr_assert_eq(kundig__dict_add(&dict, "samehead49sametail", 18), 50);
    cr_assert_eq(kundig__dict_add(&dict, "", 0), 51);
    cr_assert_eq(kundig__dict_add(&dict, "", 0), 51);
    kundig__dict_free(&dict);
}

Test(dict, codes_are_dense_in_order_of_arrival_and_stay)
{
    kundig__mem mem = dict_mem(NULL);
    kundig__dict dict;
    char text[64];
    kundig__dict_init(&dict, &mem, dict_key);
    cr_assert_eq(kundig__dict_find(&dict, "a", 1), KUNDIG__DICT_NONE);
    for (uint32_t i = 0; i < 5000; i++) {
        kundig_text t = nth(i, text);
        cr_assert_eq(kundig__dict_find(&dict, t.data, t.len), KUNDIG__DICT_NONE);
        cr_assert_eq(kundig__dict_add(&dict, t.data, t.len), i);
        t = nth(i / 2, text);
        cr_assert_eq(kundig__dict_add(&dict, t.data, t.len), i / 2);
    }
    is_sound(&dict);
    cr_assert_eq(kundig__dict_memory(&dict), mem.used);
    kundig__dict_free(&dict);
    cr_assert_eq(mem.used, 0);
    kundig__dict_free(&dict);
}

Test(dict, the_empty_text_and_nul_are_texts)
{
    kundig__mem mem = dict_mem(NULL);
    kundig__dict dict;
    kundig__dict_init(&dict, &mem, dict_key);
    cr_assert_eq(kundig__dict_add(&dict, "", 0), 0);
    cr_assert_eq(kundig__dict_add(&dict, "\0", 1), 1);
    cr_assert_eq(kundig__dict_add(&dict, "\0\0", 2), 2);
    cr_assert_eq(kundig__dict_add(&dict, NULL, 0), 0);
    cr_assert_eq(kundig__dict_find(&dict, "", 0), 0);
    cr_assert_eq(kundig__dict_text(&dict, 0).len, 0);
    cr_assert_not_null(kundig__dict_text(&dict, 0).data);
    kundig__dict_free(&dict);
}

Test(dict, shrinking_forgets_the_newest_and_breaks_no_look_up)
{
    kundig__mem mem = dict_mem(NULL);
    kundig__dict dict;
    kundig__prng prng;
    char text[64];
    kundig__dict_init(&dict, &mem, dict_key);
    kundig__prng_init(&prng, 9);
    for (int round = 0; round < 300; round++) {
        uint32_t target = (uint32_t)kundig__prng_below(&prng, 300);
        uint32_t before = dict.count;
        kundig__dict_shrink(&dict, target);
        cr_assert_eq(dict.count, before < target ? before : target);
        for (uint32_t i = dict.count; i < before; i++) {
            kundig_text t = nth(i, text);
            cr_assert_eq(kundig__dict_find(&dict, t.data, t.len), KUNDIG__DICT_NONE);
        }
        for (uint32_t i = dict.count; i < target; i++) {
            kundig_text t = nth(i, text);
            cr_assert_eq(kundig__dict_add(&dict, t.data, t.len), i);
        }
        is_sound(&dict);
    }
    kundig__dict_shrink(&dict, 0);
    is_sound(&dict);
    cr_assert_eq(dict.bytes_len, 0);
    kundig__dict_free(&dict);
}

Test(dict, ranks_are_places_in_byte_order)
{
    for (uint32_t count = 0; count < 70; count++) {
        kundig__mem mem = dict_mem(NULL);
        kundig__dict dict;
        uint32_t ranks[70];
        uint32_t scratch[70];
        char text[64];
        kundig__dict_init(&dict, &mem, dict_key);
        for (uint32_t i = 0; i < count; i++) {
            kundig_text t = nth(i, text);
            kundig__dict_add(&dict, t.data, t.len);
        }
        kundig__dict_ranks(&dict, ranks, scratch);
        for (uint32_t a = 0; a < count; a++) {
            uint32_t smaller = 0;
            for (uint32_t b = 0; b < count; b++) {
                smaller += kundig__text_order(kundig__dict_text(&dict, b),
                                              kundig__dict_text(&dict, a)) < 0;
            }
            cr_assert_eq(ranks[a], smaller, "%u of %u", a, count);
        }
        kundig__dict_free(&dict);
    }
}

Test(dict, fails_cleanly_at_every_allocation_and_stays_sound)
{
    for (int mode = 0; mode < 2; mode++) {
        bool failed = true;
        for (size_t n = 1; failed; n++) {
            probe p = {0};
            p.fail_at = n;
            p.fail_on = mode == 1;
            kundig__mem mem = dict_mem(&p);
            kundig__dict dict;
            char text[64];
            kundig__dict_init(&dict, &mem, dict_key);
            failed = false;
            for (uint32_t i = 0; i < 400 && !(failed && mode == 1); i++) {
                kundig_text t = nth(i, text);
                uint32_t code = kundig__dict_add(&dict, t.data, t.len);
                if (code == KUNDIG__DICT_NONE) {
                    failed = true;
                    cr_assert_eq(dict.count, i);
                    is_sound(&dict);
                    i -= mode == 0 ? 1 : 0; /* the next try succeeds */
                }
            }
            is_sound(&dict);
            kundig__dict_free(&dict);
            cr_assert_eq(p.live_blocks, 0);
            cr_assert_eq(mem.used, 0);
            cr_assert(n < 1000);
        }
    }
}

Test(dict, restored_at_once_answers_as_one_that_grew)
{
    kundig_allocator allocator = probe_allocator(NULL);
    static const uint8_t key[KUNDIG__SIPHASH_KEY_SIZE] = {5};
    static const uint8_t other[KUNDIG__SIPHASH_KEY_SIZE] = {6};
    kundig__mem mem;
    kundig__mem_init(&mem, &allocator, 0);
    for (uint32_t count = 0; count < 3000; count = count * 3 + 1) {
        kundig__dict grown;
        kundig__dict restored;
        kundig__dict_init(&grown, &mem, key);
        kundig__dict_init(&restored, &mem, other);
        char text[16];
        for (uint32_t i = 0; i < count; i++) {
            int len = snprintf(text, sizeof text, "%u", i * 7);
            kundig__dict_add(&grown, text, i == 5 ? 0 : (size_t)len);
        }
        char *bytes = kundig__alloc(&mem, grown.bytes_len);
        size_t *ends = kundig__alloc(&mem, count * sizeof *ends);
        if (count) {
            memcpy(bytes, grown.bytes, grown.bytes_len);
            memcpy(ends, grown.ends, count * sizeof *ends);
        }
        probe_shared.allocations = 0;
        probe_shared.fail_at = 1;
        cr_assert(!kundig__dict_restore(&restored, bytes, grown.bytes_len, ends, count));
        probe_shared.fail_at = 0;
        cr_assert(kundig__dict_restore(&restored, bytes, grown.bytes_len, ends, count));
        for (uint32_t i = 0; i < count; i++) {
            kundig_text was = kundig__dict_text(&grown, i);
            cr_assert_eq(kundig__dict_find(&restored, was.data, was.len), i);
            cr_assert_eq(kundig__dict_add(&restored, was.data, was.len), i);
        }
        cr_assert_eq(kundig__dict_find(&restored, "none", 4), KUNDIG__DICT_NONE);
        for (uint32_t i = 0; i < 500; i++) {
            int len = snprintf(text, sizeof text, "new %u", i);
            cr_assert_eq(kundig__dict_add(&restored, text, (size_t)len), count + i);
        }
        kundig__dict_free(&grown);
        kundig__dict_free(&restored);
    }
}

Test(dict, room_made_before_changes_no_code)
{
    kundig__mem mem = dict_mem(NULL);
    kundig__dict dict;
    char text[64];
    kundig__dict_init(&dict, &mem, dict_key);
    kundig__dict_reserve(&dict, 0);
    for (uint32_t i = 0; i < 900; i++) {
        if (i % 300 == 0) {
            kundig__dict_reserve(&dict, i + 450);
            is_sound(&dict);
        }
        size_t slots = dict.slot_count;
        kundig_text wanted = nth(i, text);
        cr_assert_eq(kundig__dict_add(&dict, wanted.data, wanted.len), i);
        cr_assert(i % 300 == 0 || i % 450 > 300 || dict.slot_count == slots, "there was room");
    }
    is_sound(&dict);
    size_t count = dict.slot_count;
    kundig__dict_reserve(&dict, 10);
    cr_assert_eq(dict.slot_count, count, "room is never taken away");
    probe_shared.fail_at = probe_shared.allocations + 1;
    probe_shared.fail_on = true;
    kundig__dict_reserve(&dict, 100000);
    probe_shared.fail_at = 0;
    is_sound(&dict);
    kundig__dict_free(&dict);
}
