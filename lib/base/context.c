/* What every call into a handle may need. Invariant: zones are owned here and have distinct names.
 */
#include "base/context.h"

#include "base/text.h"

int kundig__progress(kundig__context *context, uint64_t done, uint64_t total, kundig_error *err)
{
    if (context->progress && context->progress(context->progress_ud, done, total) != 0) {
        return kundig__fail(err, KUNDIG_E_CANCELLED, 0, "cancelled; nothing was changed");
    }
    return KUNDIG_OK;
}

static size_t context_find_zone(const kundig__context *context, kundig_text name)
{
    size_t i = 0;
    while (i < context->zone_count &&
           !kundig__text_equal(
               name, kundig__text(context->zones[i]->name, context->zones[i]->name_len))) {
        i++;
    }
    return i;
}

int kundig__zone_keep(kundig__context *context, kundig__zone *zone, kundig_error *err)
{
    size_t at = context_find_zone(context, kundig__text(zone->name, zone->name_len));
    if (at == context->zone_count) {
        void *array = context->zones;
        if (!kundig__grow(&context->mem, &array, &context->zone_capacity, context->zone_count + 1,
                          sizeof *context->zones)) {
            return kundig__nomem(&context->mem, err);
        }
        context->zones = array;
        context->zone_count++;
    } else {
        kundig__zone_free(context->zones[at]);
    }
    context->zones[at] = zone;
    return KUNDIG_OK;
}

int kundig__zone_get(kundig__context *context, kundig_text name, const kundig__zone **out,
                     kundig_error *err)
{
    kundig__zone *zone = NULL;
    if (!name.data || !name.len) {
        name = KUNDIG__TEXT("UTC");
    }
    size_t at = context_find_zone(context, name);
    if (at < context->zone_count) {
        *out = context->zones[at];
        return KUNDIG_OK;
    }
    int rc = kundig__zone_load(&context->mem, context->zone_directory, name, &zone, err);
    if (rc) {
        return rc;
    }
    rc = kundig__zone_keep(context, zone, err);
    if (rc) {
        kundig__zone_free(zone);
        return rc;
    }
    *out = zone;
    return KUNDIG_OK;
}

void kundig__pseudonym(const kundig__context *context, kundig_text name, char hex[33])
{
    static const char digits[] = "0123456789abcdef";
    kundig__hash128 hash = kundig__blake2b(context->pseudonym_key, name.data, name.len);
    for (unsigned i = 0; i < sizeof hash.bytes; i++) {
        hex[2 * i] = digits[hash.bytes[i] >> 4];
        hex[2 * i + 1] = digits[hash.bytes[i] & 15];
    }
    hex[32] = '\0';
}

void kundig__context_free(kundig__context *context)
{
    for (size_t i = 0; i < context->zone_count; i++) {
        kundig__zone_free(context->zones[i]);
    }
    kundig__free(&context->mem, context->zones, context->zone_capacity * sizeof *context->zones);
    context->zones = NULL;
    context->zone_count = 0;
    context->zone_capacity = 0;
}
