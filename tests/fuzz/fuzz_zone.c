/* Zone files: parse, check what a zone promises, ask, parse again: the same. */
#include <stdint.h>
#include <stdlib.h>

#include "base/zone.h"

static void demand(int condition)
{
    if (!condition) {
        abort();
    }
}

static void check_zone(const kundig__zone *zone)
{
    demand(zone->count >= 1 && zone->starts[0] == INT64_MIN);
    for (size_t i = 0; i < zone->count; i++) {
        demand(zone->offsets[i] > -90000 && zone->offsets[i] < 93600);
        demand(i == 0 ||
               (zone->starts[i] > zone->starts[i - 1] && zone->offsets[i] != zone->offsets[i - 1]));
    }
    for (size_t i = 0; i < zone->count; i++) {
        int64_t from = 0;
        int64_t to = 0;
        int64_t instant = i ? zone->starts[i] : -INT64_C(9000000000000);
        instant =
            i || zone->count == 1 || instant < zone->starts[1] ? instant : zone->starts[1] - 1;
        int32_t offset = kundig__zone_offset(zone, instant, &from, &to);
        demand(offset == zone->offsets[i] && from <= instant && instant < to);
        if (instant > -INT64_C(9000000000000) && instant < INT64_C(9000000000000)) {
            int64_t local = (instant + offset) * 1000;
            int64_t utc = kundig__zone_to_utc_ms(zone, local);
            int32_t held = kundig__zone_offset(zone, utc / 1000 - (utc % 1000 < 0), NULL, NULL);
            /* Local time exists here, so it comes back exactly; the earlier instant wins. */
            demand(utc + (int64_t)held * 1000 == local && utc <= instant * 1000);
        }
    }
    (void)kundig__zone_to_utc_ms(zone, INT64_MIN);
    (void)kundig__zone_to_utc_ms(zone, INT64_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kundig__mem mem;
    kundig__zone *zone = NULL;
    kundig__zone *again = NULL;
    kundig_error err;
    kundig_text name = {"Fuzz/Zone", 9};
    kundig__mem_init(&mem, NULL, 64 << 20);
    int rc = kundig__zone_parse(&mem, name, data, size, &zone, &err);
    demand(rc == KUNDIG_OK || rc == KUNDIG_E_FORMAT || rc == KUNDIG_E_LIMIT);
    if (rc) {
        demand(!zone && err.code == rc && err.pos <= size);
    } else {
        check_zone(zone);
        demand(kundig__zone_parse(&mem, name, data, size, &again, &err) == KUNDIG_OK);
        demand(again->count == zone->count && again->checksum == zone->checksum);
        demand(memcmp(again->starts, zone->starts, zone->count * sizeof *zone->starts) == 0);
        demand(memcmp(again->offsets, zone->offsets, zone->count * sizeof *zone->offsets) == 0);
    }
    kundig__zone_free(zone);
    kundig__zone_free(again);
    demand(mem.used == 0);
    return 0;
}
