/* Little-endian bytes. A text is its length + 1 and its bytes; absent is 0. Cost: linear. */
#include "base/bytes.h"

void kundig__put_u8(kundig__buf *buf, uint8_t value)
{
    kundig__buf_add(buf, &value, 1);
}

static void bytes_put(kundig__buf *buf, uint64_t value, unsigned size)
{
    uint8_t out[8];
    for (unsigned i = 0; i < size; i++) {
        out[i] = (uint8_t)(value >> (8 * i));
    }
    kundig__buf_add(buf, out, size);
}

void kundig__put_u32(kundig__buf *buf, uint32_t value)
{
    bytes_put(buf, value, 4);
}

void kundig__put_u64(kundig__buf *buf, uint64_t value)
{
    bytes_put(buf, value, 8);
}

void kundig__put_i64(kundig__buf *buf, int64_t value)
{
    bytes_put(buf, (uint64_t)value, 8);
}

void kundig__put_i128(kundig__buf *buf, kundig__i128 value)
{
    kundig__u128 bits = (kundig__u128)value;
    bytes_put(buf, (uint64_t)bits, 8);
    bytes_put(buf, (uint64_t)(bits >> 64), 8);
}

void kundig__put_text(kundig__buf *buf, kundig_text text)
{
    kundig__put_u64(buf, text.data ? (uint64_t)text.len + 1 : 0);
    kundig__buf_text(buf, text);
}

static const uint8_t *reader_take(kundig__reader *reader, size_t size)
{
    if (reader->failed || size > reader->size - reader->pos) {
        reader->failed = true;
        return NULL;
    }
    const uint8_t *at = reader->data + reader->pos;
    reader->pos += size;
    return at;
}

static uint64_t reader_number(kundig__reader *reader, unsigned size)
{
    const uint8_t *at = reader_take(reader, size);
    uint64_t value = 0;
    for (unsigned i = 0; at && i < size; i++) {
        value |= (uint64_t)at[i] << (8 * i);
    }
    return value;
}

uint8_t kundig__take_u8(kundig__reader *reader)
{
    return (uint8_t)reader_number(reader, 1);
}

uint32_t kundig__take_u32(kundig__reader *reader)
{
    return (uint32_t)reader_number(reader, 4);
}

uint64_t kundig__take_u64(kundig__reader *reader)
{
    return reader_number(reader, 8);
}

int64_t kundig__take_i64(kundig__reader *reader)
{
    uint64_t value = reader_number(reader, 8);
    int64_t out;
    memcpy(&out, &value, sizeof out);
    return out;
}

kundig__i128 kundig__take_i128(kundig__reader *reader)
{
    kundig__u128 low = reader_number(reader, 8);
    kundig__u128 high = reader_number(reader, 8);
    kundig__u128 bits = reader->failed ? 0 : high << 64 | low;
    kundig__i128 out;
    memcpy(&out, &bits, sizeof out);
    return out;
}

kundig_text kundig__take_text(kundig__reader *reader)
{
    kundig_text text = {NULL, 0};
    uint64_t size = kundig__take_u64(reader);
    if (size > 0) {
        if (size - 1 > reader->size) {
            reader->failed = true;
            return text;
        }
        const uint8_t *at = reader_take(reader, (size_t)(size - 1));
        if (at) {
            text.data = (const char *)at;
            text.len = (size_t)(size - 1);
        }
    }
    return text;
}
