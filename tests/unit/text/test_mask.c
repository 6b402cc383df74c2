/* One text masked: by the kinds asked for, and not at all without one. */
#include <criterion/criterion.h>

#include "base/text.h"
#include "probe.h"
#include "text/mask.h"

TestSuite(mask, .fini = probe_fini);

static const char mask_text[] = "Write to anna@example.org or call +49 30 23125 001.";

Test(mask, replaces_the_kinds_that_are_asked_for)
{
    static const struct {
        uint32_t kinds;
        const char *want;
    } cases[] = {
        {0, mask_text},
        {KUNDIG_PERSONAL_EMAIL, "Write to [e-mail] or call +49 30 23125 001."},
        {KUNDIG_PERSONAL_PHONE, "Write to anna@example.org or call [phone]."},
        {KUNDIG_PERSONAL_ALL, "Write to [e-mail] or call [phone]."},
    };
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__mem_init(&mem, &allocator, 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kundig__buf out;
        kundig__buf_init(&out, &mem);
        cr_assert_eq(kundig__text_masked(&mem, kundig__str(mask_text), cases[i].kinds, &out), 0);
        cr_assert(kundig__text_equal(kundig__text(out.data, out.len), kundig__str(cases[i].want)),
                  "%.*s", (int)out.len, out.data);
        kundig__buf_free(&out);
    }
}

Test(mask, takes_an_empty_and_an_absent_text)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__mem_init(&mem, &allocator, 0);
    kundig__buf out;
    kundig__buf_init(&out, &mem);
    cr_assert_eq(kundig__text_masked(&mem, KUNDIG__TEXT(""), KUNDIG_PERSONAL_ALL, &out), 0);
    cr_assert_eq(kundig__text_masked(&mem, kundig__str(NULL), KUNDIG_PERSONAL_ALL, &out), 0);
    cr_assert_eq(out.len, 0);
    kundig__buf_free(&out);
}

Test(mask, fails_cleanly_at_every_allocation)
{
    for (int forever = 0; forever < 2; forever++) {
        for (size_t n = 1;; n++) {
            probe p = {0};
            kundig_allocator allocator = probe_allocator(&p);
            kundig__mem mem;
            kundig__mem_init(&mem, &allocator, 0);
            kundig__buf out;
            kundig__buf_init(&out, &mem);
            p.fail_at = n;
            p.fail_on = forever;
            int rc = kundig__text_masked(&mem, kundig__str(mask_text), KUNDIG_PERSONAL_ALL, &out);
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM);
            kundig__buf_free(&out);
            cr_assert_eq(p.live_blocks, 0);
            if (rc == KUNDIG_OK) {
                cr_assert_gt(n, 1);
                break;
            }
        }
    }
}
