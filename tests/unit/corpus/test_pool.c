/* Texts of rows: every length, with and without, and shrinking to any row. */
#include "base/prng.h"
#include "fixture.h"

TestSuite(pool, .fini = probe_fini);

enum { POOL_ROWS = 5000 };

static size_t pool_len(uint32_t row)
{
    return row % 7 == 0 ? 0 : row == 1234 ? 3000000 : (row * 37u) % 611;
}

static void pool_put_row(kundig__pool *pool, uint32_t row, char *scratch)
{
    size_t len = pool_len(row);
    memset(scratch, (int)('a' + row % 26), len);
    cr_assert(kundig__pool_reserve(pool, row, len));
    kundig__pool_put(pool, row, kundig__text(scratch, len));
}

static void pool_look(const kundig__pool *pool, uint32_t rows)
{
    uint64_t bytes = 0;
    for (uint32_t row = 0; row < rows; row++) {
        kundig_text text = kundig__pool_get(pool, row);
        cr_assert_eq(text.len, pool_len(row), "row %u", row);
        if (text.len) {
            cr_assert_eq(text.data[0], (char)('a' + row % 26));
            cr_assert_eq(text.data[text.len - 1], (char)('a' + row % 26));
        }
        bytes += text.len;
    }
    cr_assert_eq(pool->bytes, bytes);
}

Test(pool, gives_back_every_text_and_shrinks_to_any_row)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__pool pool;
    kundig__prng prng;
    kundig__mem_init(&mem, &allocator, 0);
    kundig__pool_init(&pool, &mem);
    kundig__prng_init(&prng, 3);
    char *scratch = kundig__alloc(&mem, 3000000);
    uint32_t row = 0;
    for (int round = 0; round < 12; round++) {
        while (row < POOL_ROWS) {
            pool_put_row(&pool, row++, scratch);
        }
        pool_look(&pool, row);
        row = (uint32_t)kundig__prng_below(&prng, POOL_ROWS);
        kundig__pool_shrink(&pool, row);
        pool_look(&pool, row);
    }
    kundig__free(&mem, scratch, 3000000);
    kundig__pool_free(&pool);
}

Test(pool, starts_at_any_row)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__pool pool;
    kundig__mem_init(&mem, &allocator, 0);
    kundig__pool_init(&pool, &mem);
    cr_assert(kundig__pool_reserve(&pool, 3000, 2));
    kundig__pool_put(&pool, 3000, kundig__str("hi"));
    cr_assert_eq(kundig__pool_get(&pool, 0).len, 0);
    cr_assert_eq(kundig__pool_get(&pool, 2999).len, 0);
    cr_assert(kundig__text_equal(kundig__pool_get(&pool, 3000), kundig__str("hi")));
    kundig__pool_free(&pool);
}
