#include "support.h"

TestSuite(clustered_bytes, .fini = probe_fini);

Test(clustered_bytes, come_back_as_they_went)
{
    kundig__mem mem;
    discover_mem(&mem);
    discover_set *set = discover_make(300, 6);
    kundig__clustered *clustered = discover_cluster(&mem, &set->survey, NULL);
    kundig__buf first;
    kundig__buf second;
    discover_bytes(&mem, clustered, &first);
    cr_assert_eq(first.len, kundig__clustered_facts(clustered)->bytes);
    kundig__reader reader = {.data = (const uint8_t *)first.data, .size = first.len};
    kundig__clustered *back = NULL;
    cr_assert_eq(kundig__clustered_take(&mem, &reader, &back, NULL), KUNDIG_OK);
    cr_assert_eq(reader.pos, first.len);
    discover_bytes(&mem, back, &second);
    cr_assert_eq(second.len, first.len);
    cr_assert_eq(memcmp(first.data, second.data, first.len), 0);
    kundig__buf_free(&first);
    kundig__buf_free(&second);
    kundig__clustered_free(back);
    kundig__clustered_free(clustered);
    free(set);
}

/* What is read is refused with a sentence or is what would be written so. */
static void clustered_bytes_try(kundig__mem *mem, const kundig__buf *bytes, size_t size)
{
    kundig__reader reader = {.data = (const uint8_t *)bytes->data, .size = size};
    kundig__clustered *back = NULL;
    kundig_error err;
    int rc = kundig__clustered_take(mem, &reader, &back, &err);
    if (rc == KUNDIG_OK) {
        kundig__buf again;
        discover_bytes(mem, back, &again);
        cr_assert_eq(again.len, reader.pos);
        cr_assert_eq(memcmp(again.data, bytes->data, again.len), 0);
        kundig__buf_free(&again);
        kundig__clustered_free(back);
    } else {
        cr_assert(rc == KUNDIG_E_FORMAT || rc == KUNDIG_E_VERSION);
        cr_assert_neq(err.message[0], 0);
        cr_assert_null(back);
    }
}

Test(clustered_bytes, of_anyone_are_checked)
{
    kundig__mem mem;
    discover_mem(&mem);
    discover_set *set = discover_make(60, 6);
    kundig__clustered *clustered = discover_cluster(&mem, &set->survey, NULL);
    kundig__buf bytes;
    discover_bytes(&mem, clustered, &bytes);
    for (size_t i = 0; i < bytes.len; i += 1 + i / 100) {
        clustered_bytes_try(&mem, &bytes, i);
    }
    uint64_t seed = 77;
    for (size_t i = 0; i < bytes.len; i += 1 + i / 200) {
        char before = bytes.data[i];
        bytes.data[i] = (char)discover_random(&seed);
        clustered_bytes_try(&mem, &bytes, bytes.len);
        bytes.data[i] = (char)0xFF;
        clustered_bytes_try(&mem, &bytes, bytes.len);
        bytes.data[i] = before;
    }
    kundig__buf_free(&bytes);
    kundig__clustered_free(clustered);
    free(set);
}
