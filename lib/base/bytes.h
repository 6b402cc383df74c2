/* Little-endian bytes with bounds, for everything that leaves the process. */
#ifndef KUNDIG_BASE_BYTES_H
#define KUNDIG_BASE_BYTES_H

#include "base/int128.h"
#include "base/mem.h"

void kundig__put_u8(kundig__buf *buf, uint8_t value);
void kundig__put_u32(kundig__buf *buf, uint32_t value);
void kundig__put_u64(kundig__buf *buf, uint64_t value);
void kundig__put_i64(kundig__buf *buf, int64_t value);
void kundig__put_i128(kundig__buf *buf, kundig__i128 value);
void kundig__put_text(kundig__buf *buf, kundig_text text); /* absent differs from empty */

/* A reader that fails once and for all; values after a failure are zero. */
typedef struct kundig__reader {
    const uint8_t *data;
    size_t size;
    size_t pos;
    bool failed;
} kundig__reader;

uint8_t kundig__take_u8(kundig__reader *reader);
uint32_t kundig__take_u32(kundig__reader *reader);
uint64_t kundig__take_u64(kundig__reader *reader);
int64_t kundig__take_i64(kundig__reader *reader);
kundig__i128 kundig__take_i128(kundig__reader *reader);
kundig_text kundig__take_text(kundig__reader *reader); /* borrows */

#endif
