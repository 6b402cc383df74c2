#include <criterion/criterion.h>
#include <stdint.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "probe.h"

TestSuite(mem, .fini = probe_fini);

static kundig__mem mem_of(probe *p, uint64_t limit)
{
    kundig__mem mem;
    kundig_allocator allocator = probe_allocator(p);
    kundig__mem_init(&mem, &allocator, limit);
    return mem;
}

Test(mem, counts_what_is_in_use_and_the_peak)
{
    kundig__mem mem = mem_of(NULL, 0);
    void *a = kundig__alloc(&mem, 100);
    unsigned char *b = kundig__alloc_zero(&mem, 50);
    for (int i = 0; i < 50; i++) {
        cr_assert_eq(b[i], 0);
    }
    cr_assert_eq(mem.used, 150);
    cr_assert_eq(probe_shared.live_bytes, 150);
    a = kundig__realloc(&mem, a, 100, 300);
    cr_assert_eq(mem.used, 350);
    a = kundig__realloc(&mem, a, 300, 10);
    cr_assert_eq(mem.used, 60);
    cr_assert_eq(mem.peak, 350);
    kundig__free(&mem, a, 10);
    kundig__free(&mem, b, 50);
    kundig__free(&mem, NULL, 99);
    cr_assert_eq(mem.used, 0);
}

Test(mem, an_empty_piece_is_a_piece)
{
    kundig__mem mem = mem_of(NULL, 0);
    char *a = kundig__alloc(&mem, 0);
    char *b = kundig__alloc_zero(&mem, 0);
    cr_assert(a && b && a != b);
    a = kundig__realloc(&mem, a, 0, 5);
    memcpy(a, "12345", 5);
    a = kundig__realloc(&mem, a, 5, 0);
    cr_assert_not_null(a);
    kundig__free(&mem, a, 0);
    kundig__free(&mem, b, 0);
    cr_assert_eq(mem.used, 0);
}

Test(mem, without_an_allocator_it_is_malloc)
{
    kundig__mem mem;
    kundig_allocator none = {NULL, NULL};
    kundig__mem_init(&mem, NULL, 0);
    kundig__free(&mem, kundig__alloc(&mem, 10), 10);
    kundig__mem_init(&mem, &none, 0);
    kundig__free(&mem, kundig__alloc(&mem, 10), 10);
    cr_assert_eq(mem.used, 0);
}

Test(mem, the_limit_is_exact_and_told_from_lack_of_memory)
{
    probe p = {0};
    kundig__mem mem = mem_of(&p, 100);
    kundig_error err;
    void *a = kundig__alloc(&mem, 60);
    cr_assert_null(kundig__alloc(&mem, 41));
    cr_assert_eq(kundig__nomem(&mem, &err), KUNDIG_E_LIMIT);
    cr_assert_not_null(strstr(err.message, "100"), "%s", err.message);
    void *b = kundig__alloc(&mem, 40);
    cr_assert_not_null(b);
    cr_assert_null(kundig__realloc(&mem, b, 40, 41));
    cr_assert_eq(kundig__nomem(&mem, NULL), KUNDIG_E_LIMIT);
    b = kundig__realloc(&mem, b, 40, 30); /* shrinking is always allowed */
    cr_assert_not_null(b);
    cr_assert_null(kundig__alloc(&mem, SIZE_MAX));
    kundig__free(&mem, b, 30);
    p.fail_at = p.allocations + 1;
    cr_assert_null(kundig__alloc(&mem, 1));
    cr_assert_eq(kundig__nomem(&mem, &err), KUNDIG_E_NOMEM);
    kundig__free(&mem, a, 60);
    cr_assert_eq(mem.used, 0);
    cr_assert_eq(p.live_blocks, 0);
}

Test(mem, a_share_that_is_lent_counts_until_it_is_taken_back)
{
    probe p = {0};
    kundig__mem mem = mem_of(&p, 1000);
    void *piece = kundig__alloc(&mem, 100);
    kundig__mem lent[2];
    kundig__mem_lend(&mem, &lent[0], 2, 0);
    kundig__mem_lend(&mem, &lent[1], 2, 1);
    cr_assert_eq(mem.used, 700, "300 for each, and for the lender");
    void *most = kundig__alloc(&lent[1], 300);
    cr_assert_not_null(most);
    cr_assert_null(kundig__alloc(&lent[1], 1));
    cr_assert(lent[1].limit_hit);
    cr_assert_null(kundig__alloc(&mem, 301));
    kundig__free(&lent[1], most, 300);
    kundig__mem_take_back(&mem, &lent[0]);
    kundig__mem_take_back(&mem, &lent[1]);
    cr_assert_eq(mem.used, 100);
    cr_assert_eq(mem.peak, 400);
    kundig__free(&mem, piece, 100);

    mem = mem_of(&p, 0);
    kundig__mem_lend(&mem, &lent[0], 3, 0);
    cr_assert_eq(lent[0].limit, 0, "no limit is none");
    cr_assert_eq(mem.used, 0);
    piece = kundig__alloc(&lent[0], 5000);
    kundig__free(&lent[0], piece, 5000);
    kundig__mem_take_back(&mem, &lent[0]);
    cr_assert_eq(mem.peak, 5000);

    mem = mem_of(&p, 10); /* nothing is left: nothing is lent */
    piece = kundig__alloc(&mem, 10);
    kundig__mem_lend(&mem, &lent[0], 1, 0);
    cr_assert_null(kundig__alloc(&lent[0], 2));
    kundig__mem_take_back(&mem, &lent[0]);
    cr_assert_eq(mem.used, 10);
    kundig__free(&mem, piece, 10);
    cr_assert_eq(p.live_blocks, 0);
}

Test(mem, absurd_sizes_do_not_reach_the_allocator)
{
    probe p = {0};
    kundig__mem mem = mem_of(&p, 0);
    cr_assert_null(kundig__alloc(&mem, SIZE_MAX));
    cr_assert_null(kundig__alloc(&mem, (size_t)PTRDIFF_MAX + 1));
    cr_assert_eq(kundig__nomem(&mem, NULL), KUNDIG_E_NOMEM);
    cr_assert_eq(p.allocations, 0);
}

Test(mem, sizes_are_multiplied_and_added_with_a_check)
{
    size_t out = 7;
    cr_assert(kundig__size_mul(SIZE_MAX / 3, 3, &out));
    cr_assert_eq(out, SIZE_MAX / 3 * 3);
    cr_assert(kundig__size_mul(SIZE_MAX, 0, &out));
    cr_assert_eq(out, 0);
    cr_assert(kundig__size_mul(0, SIZE_MAX, &out));
    cr_assert_not(kundig__size_mul(SIZE_MAX / 2 + 1, 2, &out));
    cr_assert_not(kundig__size_mul(SIZE_MAX, SIZE_MAX, &out));
    cr_assert(kundig__size_add(SIZE_MAX - 1, 1, &out));
    cr_assert_eq(out, SIZE_MAX);
    cr_assert_not(kundig__size_add(SIZE_MAX, 1, &out));
}

Test(mem, a_growing_array_keeps_its_elements_and_survives_failure)
{
    probe p = {0};
    kundig__mem mem = mem_of(&p, 0);
    void *array = NULL;
    size_t capacity = 0;
    for (uint64_t i = 0; i < 1000; i++) {
        if (i % 7 == 3) {
            p.fail_at = p.allocations + 1;
            void *before = array;
            size_t held = capacity;
            cr_assert_not(kundig__grow(&mem, &array, &capacity, capacity + 1, sizeof i));
            cr_assert(array == before && capacity == held);
        }
        cr_assert(kundig__grow(&mem, &array, &capacity, i + 1, sizeof i));
        cr_assert(capacity > i);
        ((uint64_t *)array)[i] = i * i;
    }
    for (uint64_t i = 0; i < 1000; i++) {
        cr_assert_eq(((uint64_t *)array)[i], i * i);
    }
    cr_assert_not(kundig__grow(&mem, &array, &capacity, SIZE_MAX / 4, sizeof(uint64_t)));
    cr_assert_not(kundig__grow(&mem, &array, &capacity, SIZE_MAX, 1));
    kundig__free(&mem, array, capacity * sizeof(uint64_t));
    cr_assert_eq(p.live_bytes, 0);
}

Test(mem, pieces_of_an_arena_are_aligned_and_do_not_touch)
{
    kundig__mem mem = mem_of(NULL, 0);
    kundig__arena arena;
    kundig__arena_init(&arena, &mem);
    unsigned char *pieces[300];
    size_t sizes[300];
    for (size_t i = 0; i < 300; i++) {
        sizes[i] = i * 37 % 101 + (i == 150 ? 100000 : 1);
        pieces[i] = kundig__arena_alloc(&arena, sizes[i]);
        cr_assert_not_null(pieces[i]);
        cr_assert_eq((uintptr_t)pieces[i] % _Alignof(max_align_t) % 16, 0);
        memset(pieces[i], (int)i, sizes[i]);
    }
    for (size_t i = 0; i < 300; i++) {
        for (size_t j = 0; j < sizes[i]; j++) {
            cr_assert_eq(pieces[i][j], (unsigned char)i, "piece %zu byte %zu", i, j);
        }
    }
    cr_assert_not_null(kundig__arena_alloc(&arena, 0));
    cr_assert_null(kundig__arena_alloc(&arena, SIZE_MAX));
    cr_assert_null(kundig__arena_alloc(&arena, SIZE_MAX - 20));
    kundig__arena_free(&arena);
    cr_assert_eq(mem.used, 0);
    kundig__arena_free(&arena); /* twice is fine */
}

Test(mem, an_arena_copies_text_with_a_nul_behind_it)
{
    kundig__mem mem = mem_of(NULL, 0);
    kundig__arena arena;
    kundig__arena_init(&arena, &mem);
    kundig_text copy = kundig__arena_text(&arena, KUNDIG__TEXT("tidings"));
    cr_assert(copy.len == 7 && strcmp(copy.data, "tidings") == 0);
    copy = kundig__arena_text(&arena, (kundig_text){"", 0});
    cr_assert(copy.data && copy.len == 0 && copy.data[0] == '\0');
    copy = kundig__arena_text(&arena, (kundig_text){NULL, 0});
    cr_assert_null(copy.data);
    copy = kundig__arena_text(&arena, (kundig_text){"x", SIZE_MAX});
    cr_assert_null(copy.data);
    kundig__arena_free(&arena);
}

Test(mem, a_buffer_collects_text_and_numbers_and_becomes_bytes)
{
    kundig__mem mem = mem_of(NULL, 0);
    kundig__buf buf;
    kundig_bytes *bytes = NULL;
    kundig__buf_init(&buf, &mem);
    kundig__buf_add(&buf, NULL, 0);
    kundig__buf_text(&buf, (kundig_text){NULL, 0});
    kundig__buf_str(&buf, "n=");
    kundig__buf_int(&buf, -42);
    kundig__buf_char(&buf, '\0');
    kundig__buf_number(&buf, 0.1);
    kundig__buf_char(&buf, ' ');
    kundig__buf_fixed(&buf, 2.675, 2);
    cr_assert_eq(kundig__buf_take(&buf, &bytes, NULL), KUNDIG_OK);
    cr_assert_eq(kundig_bytes_len(bytes), 14);
    cr_assert_eq(memcmp(kundig_bytes_data(bytes), "n=-42\0000.1 2.67", 15), 0);
    cr_assert_eq(mem.used, 0); /* the caller's now */
    cr_assert_null(buf.data);
    /* Bytes outlive the memory they were made with. */
    memset(&mem, 0xEE, sizeof mem);
    kundig_bytes_free(bytes);
    kundig_bytes_free(NULL);
    cr_assert_str_eq(kundig_bytes_data(NULL), "");
    cr_assert_eq(kundig_bytes_len(NULL), 0);
}

Test(mem, an_empty_buffer_becomes_empty_bytes)
{
    kundig__mem mem = mem_of(NULL, 0);
    kundig__buf buf;
    kundig_bytes *bytes = NULL;
    kundig__buf_init(&buf, &mem);
    cr_assert_eq(kundig__buf_take(&buf, &bytes, NULL), KUNDIG_OK);
    cr_assert_eq(kundig_bytes_len(bytes), 0);
    cr_assert_eq(kundig_bytes_data(bytes)[0], '\0');
    kundig_bytes_free(bytes);
}

Test(mem, a_buffer_under_a_limit_answers_limit_and_frees)
{
    kundig__mem mem = mem_of(NULL, 1000);
    kundig__buf buf;
    kundig_bytes *bytes = NULL;
    kundig_error err;
    kundig__buf_init(&buf, &mem);
    for (int i = 0; i < 1000; i++) {
        kundig__buf_str(&buf, "0123456789");
    }
    cr_assert(buf.failed);
    cr_assert_eq(kundig__buf_take(&buf, &bytes, &err), KUNDIG_E_LIMIT);
    cr_assert_null(bytes);
    cr_assert_eq(mem.used, 0);
}

Test(mem, fails_cleanly_at_every_allocation)
{
    for (int mode = 0; mode < 2; mode++) {
        int rc = KUNDIG_E_NOMEM;
        for (size_t n = 1; rc != KUNDIG_OK; n++) {
            probe p = {0};
            p.fail_at = n;
            p.fail_on = mode == 1;
            kundig__mem mem = mem_of(&p, 0);
            kundig__buf buf;
            kundig__arena arena;
            kundig_bytes *bytes = NULL;
            kundig__buf_init(&buf, &mem);
            kundig__arena_init(&arena, &mem);
            bool ok = true;
            for (int i = 0; i < 200; i++) {
                kundig__buf_int(&buf, i);
                ok = kundig__arena_text(&arena, KUNDIG__TEXT("some words")).data && ok;
            }
            rc = kundig__buf_take(&buf, &bytes, NULL);
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM);
            cr_assert_eq(rc == KUNDIG_OK, bytes != NULL);
            kundig_bytes_free(bytes);
            kundig__arena_free(&arena);
            cr_assert_eq(p.live_blocks, 0, "allocation %zu", n);
            cr_assert_eq(p.live_bytes, 0);
            rc = ok ? rc : KUNDIG_E_NOMEM;
            cr_assert(n < 1000);
        }
    }
}
