/* Sums of hashes: the same for equal facts, whatever their order, parts and ways there. */
#include "records.h"

TestSuite(sums, .fini = probe_fini);

Test(sums, are_numbers_of_128_bits)
{
    kundig__fact_sum sum = {0, UINT64_MAX, UINT64_MAX};
    kundig__hash128 one = {{1}};
    kundig__hash128 odd = {{3, 0, 0, 0, 0, 0, 0, 0x80, 7}};
    kundig__fact_sum_add(&sum, &one);
    cr_assert_eq(sum.count, 1);
    cr_assert_eq(sum.low, 0);
    cr_assert_eq(sum.high, 0, "modulo 2^128");
    kundig__fact_sum_add(&sum, &odd);
    cr_assert_eq(sum.low, UINT64_C(0x8000000000000003));
    cr_assert_eq(sum.high, 7);
    kundig__fact_sum_add(&sum, &odd);
    cr_assert_eq(sum.low, 6);
    cr_assert_eq(sum.high, 15, "one is carried");
    kundig__fact_sum_subtract(&sum, &odd);
    kundig__fact_sum_subtract(&sum, &one);
    cr_assert_eq(sum.low, UINT64_C(0x8000000000000002));
    cr_assert_eq(sum.high, 7);
    kundig__fact_sum_subtract(&sum, &odd);
    cr_assert_eq(sum.count, 0);
    cr_assert_eq(sum.low, UINT64_MAX);
    cr_assert_eq(sum.high, UINT64_MAX, "one is borrowed");
}

Test(sums, of_rows_go_on_where_they_stopped_on_any_number_of_threads)
{
    fixture f;
    kundig__arena arena;
    fixture_open(&f);
    kundig__arena_init(&arena, &f.context.mem);
    records r = {.arena = &arena};
    kundig__prng_init(&r.prng, 11);
    records_add(&r, &f, KUNDIG_FACTS_FEEDBACK, 5000);
    records_add(&r, &f, KUNDIG_FACTS_EVENTS, 50);
    for (int kind = 0; kind < 3; kind += 2) {
        kundig__fact_sum expected = {0, 0, 0};
        kundig__buf bytes;
        uint32_t rows = kundig__fact_rows(f.corpus, kind);
        kundig__buf_init(&bytes, &f.context.mem);
        for (uint32_t row = 0; row < rows; row++) {
            bytes.len = 0;
            kundig__fact_canonical(f.corpus, kind, row, &bytes);
            kundig__hash128 hash = kundig__canonical_hash(&bytes);
            kundig__fact_sum_add(&expected, &hash);
        }
        kundig__buf_free(&bytes);
        for (uint32_t threads = 1; threads <= 5; threads++) {
            kundig__fact_sum whole = {0, 0, 0};
            f.context.threads = threads;
            cr_assert_eq(kundig__fact_sum_rows(f.corpus, kind, 0, &whole, &f.err), KUNDIG_OK);
            cr_assert_eq(memcmp(&whole, &expected, sizeof whole), 0);
            cr_assert_eq(whole.count, rows);
            kundig__fact_sum rest = {0, 0, 0};
            cr_assert_eq(kundig__fact_sum_rows(f.corpus, kind, rows / 3, &rest, &f.err), KUNDIG_OK);
            cr_assert_eq(rest.count, rows - rows / 3);
            cr_assert_eq(kundig__fact_sum_rows(f.corpus, kind, rows, &rest, &f.err), KUNDIG_OK);
            cr_assert_eq(rest.count, rows - rows / 3);
        }
    }
    f.context.threads = 1;
    kundig__arena_free(&arena);
    fixture_close(&f);
}

/* The bytes behind the name are a promise to other machines. */
Test(sums, have_a_name_made_as_written_down)
{
    kundig__fact_sum sums[KUNDIG__FACT_KINDS];
    kundig__hash128 model = {{9, 8, 7}};
    uint8_t bytes[14 + 7 * 24 + 17] = "kundig facts 1";
    char hex[33];
    char with[33];
    memset(sums, 0, sizeof sums);
    sums[1] = (kundig__fact_sum){2, 3, UINT64_C(0x0400000000000000)};
    bytes[14 + 24] = 2;
    bytes[14 + 24 + 8] = 3;
    bytes[14 + 24 + 23] = 4;
    kundig__hash128 hash = kundig__blake2b(NULL, bytes, sizeof bytes - 16);
    kundig__facts_name(sums, NULL, hex);
    for (size_t i = 0; i < 16; i++) {
        char two[3];
        (void)snprintf(two, sizeof two, "%02x", hash.bytes[i]);
        cr_assert_eq(memcmp(hex + 2 * i, two, 2), 0);
    }
    cr_assert_eq(hex[32], '\0');
    bytes[sizeof bytes - 17] = 1;
    memcpy(bytes + sizeof bytes - 16, model.bytes, 16);
    hash = kundig__blake2b(NULL, bytes, sizeof bytes);
    kundig__facts_name(sums, &model, with);
    cr_assert_str_neq(hex, with);
    cr_assert_eq(with[0], "0123456789abcdef"[hash.bytes[0] >> 4]);
    cr_assert_eq(with[31], "0123456789abcdef"[hash.bytes[15] & 15]);
    /* Edits have their place behind the others, and none where there are none. */
    uint8_t more[14 + 8 * 24 + 1];
    memcpy(more, bytes, 14 + 7 * 24);
    memset(more + 14 + 7 * 24, 0, 25);
    more[14 + 7 * 24] = 1;
    sums[KUNDIG_FACTS_EDITS].count = 1;
    hash = kundig__blake2b(NULL, more, sizeof more);
    kundig__facts_name(sums, NULL, with);
    cr_assert_eq(with[0], "0123456789abcdef"[hash.bytes[0] >> 4]);
    cr_assert_eq(with[31], "0123456789abcdef"[hash.bytes[15] & 15]);
}

static int64_t sums_call(fixture *f, void *ud)
{
    kundig__fact_sum sum = {0, 0, 0};
    (void)ud;
    int rc = kundig__fact_sum_rows(f->corpus, KUNDIG_FACTS_FEEDBACK, 0, &sum, &f->err);
    cr_assert_eq(sum.count, rc ? 0 : kundig__corpus_rows(f->corpus));
    return rc;
}

Test(sums, survive_failure_of_every_allocation)
{
    fixture f;
    kundig__arena arena;
    fixture_open(&f);
    kundig__arena_init(&arena, &f.context.mem);
    records r = {.arena = &arena};
    kundig__prng_init(&r.prng, 11);
    records_add(&r, &f, KUNDIG_FACTS_FEEDBACK, 50);
    f.context.threads = 3;
    fixture_sweep(&f, sums_call, NULL);
    kundig__arena_free(&arena);
    fixture_close(&f);
}
