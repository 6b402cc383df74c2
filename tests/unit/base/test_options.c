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

Test(options, elements_of_an_array_are_of_one_size)
{
    sample known;
    kundig_error err;
    sample given[2] = {{sizeof given[0], 7, 8}, {sizeof given[0], 9, 10}};
    cr_assert_eq(kundig__element_read(&known, sizeof known, given, 1, "sample", NULL), KUNDIG_OK);
    cr_assert(known.a == 9 && known.b == 10);
    const uint32_t sizes[] = {0, 4, sizeof given[0] - 1, sizeof given[0] + 1, 4096, UINT32_MAX};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        given[1].size = sizes[i];
        int rc = kundig__element_read(&known, sizeof known, given, 1, "sample", &err);
        cr_assert_eq(rc, KUNDIG_E_ARG, "%u", sizes[i]);
        cr_assert_not_null(strstr(err.message, "one size"), "%s", err.message);
    }
    cr_assert(known.a == 9 && known.b == 10, "output touched");
}
