/* TZif bytes made by hand: no system's files are needed. */
#ifndef KUNDIG_TESTS_ZONE_BYTES_H
#define KUNDIG_TESTS_ZONE_BYTES_H

#include <stdint.h>
#include <string.h>

typedef struct zone_bytes {
    uint8_t data[4096];
    size_t size;
} zone_bytes;

static inline void zone_put(zone_bytes *out, uint64_t value, int width)
{
    for (int i = width - 1; i >= 0; i--) {
        out->data[out->size++] = (uint8_t)(value >> (8 * i));
    }
}

/* One block: times of `width` bytes; type i has the offset offsets[i]. */
static inline void zone_put_block(zone_bytes *out, char version, int width, const int64_t *times,
                                  const uint8_t *types, uint32_t time_count, const int32_t *offsets,
                                  uint32_t type_count)
{
    memcpy(out->data + out->size, "TZif", 4);
    out->data[out->size + 4] = (uint8_t)version;
    memset(out->data + out->size + 5, 0, 15);
    out->size += 20;
    zone_put(out, 0, 4);
    zone_put(out, 0, 4);
    zone_put(out, 0, 4);
    zone_put(out, time_count, 4);
    zone_put(out, type_count, 4);
    zone_put(out, 4, 4);
    for (uint32_t i = 0; i < time_count; i++) {
        zone_put(out, (uint64_t)times[i], width);
    }
    for (uint32_t i = 0; i < time_count; i++) {
        zone_put(out, types[i], 1);
    }
    for (uint32_t i = 0; i < type_count; i++) {
        zone_put(out, (uint32_t)offsets[i], 4);
        zone_put(out, 0, 2);
    }
    memcpy(out->data + out->size, "ABC", 4);
    out->size += 4;
}

/* A whole file of version 2 to 4: an empty first block, the second one, the rule. */
static inline zone_bytes zone_file(char version, const int64_t *times, const uint8_t *types,
                                   uint32_t time_count, const int32_t *offsets, uint32_t type_count,
                                   const char *rule)
{
    static const int32_t zero[1] = {0};
    zone_bytes out;
    out.size = 0;
    zone_put_block(&out, version, 4, NULL, NULL, 0, zero, 1);
    zone_put_block(&out, version, 8, times, types, time_count, offsets, type_count);
    out.data[out.size++] = '\n';
    memcpy(out.data + out.size, rule, strlen(rule));
    out.size += strlen(rule);
    out.data[out.size++] = '\n';
    return out;
}

#endif
