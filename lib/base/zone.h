/* Time zones from TZif files (RFC 8536, versions 1 to 4, with the footer's rule for later years).
 */
#ifndef KUNDIG_BASE_ZONE_H
#define KUNDIG_BASE_ZONE_H

#include "base/mem.h"

typedef struct kundig__zone {
    kundig__mem *mem;
    char *name;
    size_t name_len;
    int64_t *starts;  /* transition times in seconds, ascending; starts[0] is INT64_MIN */
    int32_t *offsets; /* seconds east of UTC from starts[i] on */
    size_t count;
    uint64_t checksum; /* XXH3 of the file: stands in states */
} kundig__zone;

/* Parse a TZif file's bytes; transitions of the footer's rule are laid out up to the year 2200.
 * KUNDIG_E_FORMAT with position on bad bytes. */
int kundig__zone_parse(kundig__mem *mem, kundig_text name, const void *data, size_t size,
                       kundig__zone **out, kundig_error *err);
/* Read directory/name; names with "..", a leading slash or odd characters are KUNDIG_E_NOT_FOUND,
 * as is a missing file. "UTC" needs no file. */
int kundig__zone_load(kundig__mem *mem, kundig_text directory, kundig_text name, kundig__zone **out,
                      kundig_error *err);
void kundig__zone_free(kundig__zone *zone);

/* Offset in seconds at an instant; *from and *to (may be NULL) bound the stretch, in seconds, in
 * which it holds: half-open. */
int32_t kundig__zone_offset(const kundig__zone *zone, int64_t utc_seconds, int64_t *from,
                            int64_t *to);
/* Instant of a local time. In a gap: moved forward by the gap; in an overlap: the earlier one. */
int64_t kundig__zone_to_utc_ms(const kundig__zone *zone, int64_t local_ms);

#endif
