#include <criterion/criterion.h>
#include <string.h>

#include "base/options.h"
#include "probe.h"

TestSuite(options, .fini = probe_fini);

typedef struct sample_old {
    uint32_t size;
    int32_t a;
} sample_old;

typedef struct sample {
    uint32_t size;
    int32_t a;
    int64_t b;
} sample;

typedef struct sample_new {
    uint32_t size;
    int32_t a;
    int64_t b;
    int64_t c;
} sample_new;

static int reads(sample *known, const void *given, kundig_error *err)
{
    memset(known, 0xA5, sizeof *known);
    return kundig__options_read(known, sizeof *known, given, "sample", err);
}

Test(options, null_means_all_defaults)
{
    sample known;
    cr_assert_eq(reads(&known, NULL, NULL), KUNDIG_OK);
    cr_assert(known.size == 0 && known.a == 0 && known.b == 0);
}

Test(options, an_older_caller_gets_defaults_for_what_it_does_not_know)
{
    sample known;
    sample_old given = {sizeof given, 7};
    cr_assert_eq(reads(&known, &given, NULL), KUNDIG_OK);
    cr_assert(known.a == 7 && known.b == 0);
}

Test(options, a_newer_caller_is_served_unless_it_asks_for_the_unknown)
{
    sample known;
    kundig_error err;
    sample_new given = {sizeof given, 7, 8, 0};
    cr_assert_eq(reads(&known, &given, NULL), KUNDIG_OK);
    cr_assert(known.a == 7 && known.b == 8);
    given.c = INT64_MIN; /* the last byte alone */
    cr_assert_eq(reads(&known, &given, &err), KUNDIG_E_VERSION);
    cr_assert_not_null(strstr(err.message, "sample"), "%s", err.message);
    cr_assert_not_null(strstr(err.message, KUNDIG_VERSION_STRING), "%s", err.message);
    unsigned char bytes[sizeof known];
    memset(bytes, 0xA5, sizeof bytes);
    cr_assert_eq(memcmp(&known, bytes, sizeof bytes), 0, "output touched");
}

Test(options, a_struct_without_its_size_is_refused)
{
    sample known;
    kundig_error err;
    sample given = {0, 7, 8};
    const uint32_t sizes[] = {0, 3, 4097, UINT32_MAX};
    for (size_t i = 0; i < 4; i++) {
        given.size = sizes[i];
        cr_assert_eq(reads(&known, &given, &err), KUNDIG_E_ARG, "%u", sizes[i]);
        cr_assert_not_null(strstr(err.message, "_init"), "%s", err.message);
    }
    given.size = 4;
    cr_assert_eq(reads(&known, &given, NULL), KUNDIG_OK);
    cr_assert(known.a == 0 && known.b == 0);
}
