#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "probe.h"

TestSuite(bytes, .fini = probe_fini);

static kundig__mem bytes_mem(void)
{
    kundig__mem mem;
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem_init(&mem, &allocator, 0);
    return mem;
}

static kundig__i128 far_number(void)
{
    return -(((kundig__i128)INT64_C(0x0123456789ABCDEF) << 64) | UINT64_C(0xFEDCBA9876543210));
}

static void write_all(kundig__buf *buf)
{
    kundig__put_u8(buf, 0xFE);
    kundig__put_u32(buf, UINT32_C(0x01020304));
    kundig__put_u64(buf, UINT64_C(0x0102030405060708));
    kundig__put_i64(buf, INT64_MIN);
    kundig__put_i128(buf, far_number());
    kundig__put_text(buf, KUNDIG__TEXT("ab"));
    kundig__put_text(buf, (kundig_text){"", 0});
    kundig__put_text(buf, (kundig_text){NULL, 0});
}

Test(bytes, are_little_endian_and_read_back)
{
    static const uint8_t head[] = {0xFE, 4, 3, 2, 1, 8, 7, 6, 5, 4,   3,
                                   2,    1, 0, 0, 0, 0, 0, 0, 0, 0x80};
    kundig__mem mem = bytes_mem();
    kundig__buf buf;
    kundig__buf_init(&buf, &mem);
    write_all(&buf);
    cr_assert_not(buf.failed);
    cr_assert_eq(buf.len, 1 + 4 + 8 + 8 + 16 + 10 + 8 + 8);
    cr_assert_eq(memcmp(buf.data, head, sizeof head), 0);
    kundig__reader reader = {(const uint8_t *)buf.data, buf.len, 0, false};
    cr_assert_eq(kundig__take_u8(&reader), 0xFE);
    cr_assert_eq(kundig__take_u32(&reader), UINT32_C(0x01020304));
    cr_assert_eq(kundig__take_u64(&reader), UINT64_C(0x0102030405060708));
    cr_assert_eq(kundig__take_i64(&reader), INT64_MIN);
    cr_assert(kundig__take_i128(&reader) == far_number());
    cr_assert(kundig__text_equal(kundig__take_text(&reader), KUNDIG__TEXT("ab")));
    kundig_text empty = kundig__take_text(&reader);
    cr_assert(empty.data && empty.len == 0);
    cr_assert_null(kundig__take_text(&reader).data);
    cr_assert_not(reader.failed);
    cr_assert_eq(reader.pos, buf.len);
    cr_assert_eq(kundig__take_u8(&reader), 0);
    cr_assert(reader.failed);
    kundig__buf_free(&buf);
}

Test(bytes, a_reader_fails_once_and_for_all_at_every_truncation)
{
    kundig__mem mem = bytes_mem();
    kundig__buf buf;
    kundig__buf_init(&buf, &mem);
    write_all(&buf);
    for (size_t size = 0; size < buf.len; size++) {
        uint8_t *copy = malloc(size ? size : 1);
        memcpy(copy, buf.data, size);
        kundig__reader reader = {copy, size, 0, false};
        (void)kundig__take_u8(&reader);
        (void)kundig__take_u32(&reader);
        (void)kundig__take_u64(&reader);
        (void)kundig__take_i64(&reader);
        (void)kundig__take_i128(&reader);
        for (int i = 0; i < 3; i++) {
            kundig_text text = kundig__take_text(&reader);
            cr_assert(!text.data || ((const uint8_t *)text.data >= copy &&
                                     (const uint8_t *)text.data + text.len <= copy + size));
        }
        cr_assert(reader.failed, "%zu", size);
        cr_assert(reader.pos <= size);
        cr_assert_eq(kundig__take_u64(&reader), 0);
        cr_assert(kundig__take_i128(&reader) == 0);
        free(copy);
    }
    kundig__buf_free(&buf);
}

Test(bytes, absurd_lengths_of_texts_are_refused)
{
    const uint64_t sizes[] = {3, 9, UINT64_MAX, UINT64_C(1) << 63, UINT32_MAX};
    for (size_t i = 0; i < 5; i++) {
        uint8_t data[9] = {0};
        for (int j = 0; j < 8; j++) {
            data[j] = (uint8_t)(sizes[i] >> (8 * j));
        }
        kundig__reader reader = {data, sizeof data, 0, false};
        kundig_text text = kundig__take_text(&reader);
        cr_assert_null(text.data);
        cr_assert(reader.failed, "%zu", i);
    }
}

Test(bytes, writing_without_memory_shows_in_the_buffer)
{
    probe p = {0};
    p.fail_at = 1;
    p.fail_on = true;
    kundig_allocator allocator = probe_allocator(&p);
    kundig__mem mem;
    kundig__buf buf;
    kundig__mem_init(&mem, &allocator, 0);
    kundig__buf_init(&buf, &mem);
    write_all(&buf);
    cr_assert(buf.failed && buf.len == 0);
    kundig__buf_free(&buf);
    cr_assert_eq(p.live_blocks, 0);
}
