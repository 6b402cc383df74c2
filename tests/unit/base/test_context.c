#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/context.h"
#include "base/text.h"
#include "probe.h"
#include "zone_bytes.h"

TestSuite(context, .fini = probe_fini);

static kundig__context context_of(probe *p)
{
    kundig__context context;
    kundig_allocator allocator = probe_allocator(p);
    memset(&context, 0, sizeof context);
    kundig__mem_init(&context.mem, &allocator, 0);
    context.threads = 1;
    context.zone_directory = KUNDIG__TEXT("/no/such/folder");
    return context;
}

static zone_bytes fixed_zone(int32_t offset)
{
    return zone_file('2', NULL, NULL, 0, &offset, 1, "");
}

static int keep(kundig__context *context, const char *name, int32_t offset)
{
    zone_bytes bytes = fixed_zone(offset);
    kundig__zone *zone = NULL;
    int rc =
        kundig__zone_parse(&context->mem, kundig__str(name), bytes.data, bytes.size, &zone, NULL);
    if (!rc) {
        rc = kundig__zone_keep(context, zone, NULL);
        if (rc) {
            kundig__zone_free(zone);
        }
    }
    return rc;
}

static int32_t offset_in(kundig__context *context, kundig_text name)
{
    const kundig__zone *zone = NULL;
    kundig_error err = {0};
    int rc = kundig__zone_get(context, name, &zone, &err);
    cr_assert_eq(rc, KUNDIG_OK, "%s", err.message);
    return kundig__zone_offset(zone, 0, NULL, NULL);
}

Test(context, utc_is_always_there_and_made_once)
{
    kundig__context context = context_of(NULL);
    const kundig__zone *a = NULL;
    const kundig__zone *b = NULL;
    cr_assert_eq(kundig__zone_get(&context, (kundig_text){NULL, 0}, &a, NULL), KUNDIG_OK);
    cr_assert_eq(kundig__zone_get(&context, (kundig_text){"", 0}, &b, NULL), KUNDIG_OK);
    cr_assert_eq(a, b);
    cr_assert_eq(kundig__zone_get(&context, KUNDIG__TEXT("UTC"), &b, NULL), KUNDIG_OK);
    cr_assert_eq(a, b);
    cr_assert_eq(context.zone_count, 1);
    kundig__context_free(&context);
    cr_assert_eq(context.mem.used, 0);
    kundig__context_free(&context);
}

Test(context, zones_are_found_by_their_whole_name_and_replaced_by_it)
{
    kundig__context context = context_of(NULL);
    for (int i = 0; i < 40; i++) {
        char name[24];
        snprintf(name, sizeof name, "Zone/%d", i);
        cr_assert_eq(keep(&context, name, i * 60), KUNDIG_OK);
    }
    cr_assert_eq(context.zone_count, 40);
    cr_assert_eq(offset_in(&context, KUNDIG__TEXT("Zone/3")), 180);
    cr_assert_eq(offset_in(&context, KUNDIG__TEXT("Zone/33")), 1980);
    cr_assert_eq(keep(&context, "Zone/3", 7200), KUNDIG_OK);
    cr_assert_eq(context.zone_count, 40);
    cr_assert_eq(offset_in(&context, KUNDIG__TEXT("Zone/3")), 7200);
    /* A given zone goes before the system's, even for UTC. */
    cr_assert_eq(keep(&context, "UTC", 60), KUNDIG_OK);
    cr_assert_eq(offset_in(&context, (kundig_text){NULL, 0}), 60);
    const kundig__zone *zone = NULL;
    cr_assert_eq(kundig__zone_get(&context, KUNDIG__TEXT("Zone/99"), &zone, NULL),
                 KUNDIG_E_NOT_FOUND);
    cr_assert_null(zone);
    kundig__context_free(&context);
    cr_assert_eq(context.mem.used, 0);
}

typedef struct seen {
    uint64_t done;
    uint64_t total;
    int calls;
    int answer;
} seen;

static int watch(void *ud, uint64_t done, uint64_t total)
{
    seen *s = ud;
    s->done = done;
    s->total = total;
    s->calls++;
    return s->answer;
}

Test(context, progress_may_cancel)
{
    kundig__context context = context_of(NULL);
    kundig_error err = {0};
    seen s = {0};
    cr_assert_eq(kundig__progress(&context, 1, 2, &err), KUNDIG_OK);
    context.progress = watch;
    context.progress_ud = &s;
    cr_assert_eq(kundig__progress(&context, 3, 4, &err), KUNDIG_OK);
    cr_assert(s.calls == 1 && s.done == 3 && s.total == 4);
    s.answer = -1;
    cr_assert_eq(kundig__progress(&context, 3, 4, &err), KUNDIG_E_CANCELLED);
    cr_assert_eq(err.code, KUNDIG_E_CANCELLED);
    cr_assert_not_null(strstr(err.message, "cancelled"));
}

Test(context, fails_cleanly_at_every_allocation)
{
    for (int mode = 0; mode < 2; mode++) {
        bool failed = true;
        for (size_t n = 1; failed; n++) {
            probe p = {0};
            p.fail_at = n;
            p.fail_on = mode == 1;
            kundig__context context = context_of(&p);
            const kundig__zone *zone = NULL;
            failed = false;
            for (int i = 0; i < 6; i++) {
                char name[24];
                snprintf(name, sizeof name, "Zone/%d", i / 2);
                int rc = keep(&context, name, i * 60);
                cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM);
                failed = failed || rc;
            }
            int rc = kundig__zone_get(&context, (kundig_text){NULL, 0}, &zone, NULL);
            cr_assert(rc == KUNDIG_OK ? zone != NULL : rc == KUNDIG_E_NOMEM && !zone);
            failed = failed || rc;
            kundig__context_free(&context);
            cr_assert_eq(p.live_blocks, 0, "allocation %zu", n);
            cr_assert_eq(context.mem.used, 0);
            cr_assert(n < 1000);
        }
    }
}
