#include "modelling.h"

#include "base/hash.h"

TestSuite(model_bytes, .fini = probe_fini);

static const char bytes_sample[] =
    "theme t: T\ntopic delay: Late\nen: late, ~delay, took .. weeks, in _ days, deliver* late\n"
    "not en: better late than never\ntopic kind: Kind\nde: freundlich\nparts de: Zeit\n";

static kundig_bytes *saved(const char *taxonomy)
{
    kundig_model *model = model_of(taxonomy);
    kundig_bytes *bytes = NULL;
    cr_assert_eq(kundig_model_save(model, &bytes, NULL), KUNDIG_OK);
    kundig_model_free(model);
    return bytes;
}

static int loads(const void *data, size_t size, kundig_model **out, kundig_error *err)
{
    kundig_allocator allocator = probe_allocator(NULL);
    return kundig_model_load(&allocator, data, size, out, err);
}

Test(model_bytes, are_read_back_whole)
{
    kundig_bytes *bytes = saved(bytes_sample);
    kundig_model *model = NULL;
    kundig_bytes *again = NULL;
    kundig_error err = {0, 0, ""};
    cr_assert_eq(loads(kundig_bytes_data(bytes), kundig_bytes_len(bytes), &model, &err), KUNDIG_OK,
                 "%s", err.message);
    cr_assert_eq(kundig_model_save(model, &again, &err), KUNDIG_OK);
    cr_assert_eq(kundig_bytes_len(again), kundig_bytes_len(bytes));
    cr_assert_eq(
        memcmp(kundig_bytes_data(again), kundig_bytes_data(bytes), kundig_bytes_len(bytes)), 0);
    kundig_model *made = model_of(bytes_sample);
    kundig__hash128 left = kundig__model_id(made);
    kundig__hash128 right = kundig__model_id(model);
    cr_assert_eq(memcmp(&left, &right, sizeof left), 0);
    kundig_model_free(made);
    kundig_model_free(model);
    kundig_bytes_free(bytes);
    kundig_bytes_free(again);
}

Test(model_bytes, of_which_any_is_changed_or_missing_are_refused)
{
    kundig_bytes *bytes = saved(bytes_sample);
    size_t len = kundig_bytes_len(bytes);
    char copy[4096];
    kundig_model *model = NULL;
    kundig_error err;
    cr_assert_lt(len, sizeof copy);
    for (size_t i = 0; i < len; i++) {
        memcpy(copy, kundig_bytes_data(bytes), len);
        copy[i] = (char)(copy[i] ^ (1 << i % 8));
        cr_assert_eq(loads(copy, len, &model, &err), KUNDIG_E_FORMAT, "byte %zu", i);
        cr_assert_eq(loads(kundig_bytes_data(bytes), i, &model, &err), KUNDIG_E_FORMAT);
    }
    memcpy(copy, kundig_bytes_data(bytes), len);
    cr_assert_eq(loads(copy, len + 1, &model, &err), KUNDIG_E_FORMAT);
    cr_assert_eq(loads(NULL, 1, &model, &err), KUNDIG_E_ARG);
    cr_assert_eq(loads(copy, len, NULL, &err), KUNDIG_E_ARG);
    cr_assert_eq(kundig_model_save(NULL, NULL, &err), KUNDIG_E_ARG);
    cr_assert_null(model);
    kundig_bytes_free(bytes);
}

/* Put a checksum behind bytes that were changed. */
static void bytes_sum(char *data, size_t len)
{
    uint64_t sum = kundig__xxh3(data, len - 8);
    for (size_t i = 0; i < 8; i++) {
        data[len - 8 + i] = (char)(uint8_t)(sum >> (8 * i));
    }
}

Test(model_bytes, with_a_checksum_made_for_them_are_a_model_or_refused)
{
    kundig_bytes *bytes = saved(bytes_sample);
    size_t len = kundig_bytes_len(bytes);
    char copy[4096];
    size_t taken = 0;
    for (size_t i = 16; i + 8 < len; i += PROBE_STRIDE) {
        for (int bit = 0; bit < 8; bit++) {
            kundig_model *model = NULL;
            kundig_error err = {0, 0, ""};
            memcpy(copy, kundig_bytes_data(bytes), len);
            copy[i] = (char)(copy[i] ^ (1 << bit));
            bytes_sum(copy, len);
            int rc = loads(copy, len, &model, &err);
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_FORMAT || rc == KUNDIG_E_VERSION,
                      "byte %zu: %d %s", i, rc, err.message);
            cr_assert_eq(model != NULL, rc == KUNDIG_OK);
            taken += rc == KUNDIG_OK;
            kundig_model_free(model);
        }
    }
    cr_assert_gt(taken, 0);
    kundig_bytes_free(bytes);
}

Test(model_bytes, of_other_versions_say_so)
{
    kundig_bytes *bytes = saved(bytes_sample);
    size_t len = kundig_bytes_len(bytes);
    char copy[4096];
    kundig_model *model = NULL;
    kundig_error err;
    memcpy(copy, kundig_bytes_data(bytes), len);
    cr_assert_eq(memcmp(copy + 24, KUNDIG__MODEL_VERSION, strlen(KUNDIG__MODEL_VERSION)), 0);
    copy[24] = '0';
    bytes_sum(copy, len);
    cr_assert_eq(loads(copy, len, &model, &err), KUNDIG_E_VERSION);
    cr_assert_not_null(strstr(err.message, "make it again"), "%s", err.message);
    kundig_bytes_free(bytes);
}

Test(model_bytes, are_equal_where_taxonomies_are)
{
    kundig_bytes *a = saved("theme t: T\ntopic a: A\nen: late, slow\n");
    kundig_bytes *b = saved("theme t: T\ntopic a: A\nen: late,slow\n");
    kundig_bytes *c = saved("theme t: T\ntopic a: A\nen: late, slower\n");
    (void)b;
    cr_assert_neq(kundig_bytes_len(a), kundig_bytes_len(c));
    kundig_bytes_free(a);
    kundig_bytes_free(b);
    kundig_bytes_free(c);
}

Test(model_bytes, fail_cleanly_at_every_allocation)
{
    kundig_bytes *bytes = saved(bytes_sample);
    for (int forever = 0; forever < 2; forever++) {
        for (size_t n = 1;; n++) {
            probe p = {.fail_at = n, .fail_on = forever};
            kundig_allocator allocator = probe_allocator(&p);
            kundig_model *model = NULL;
            kundig_bytes *again = NULL;
            kundig_error err = {0, 0, ""};
            int rc = kundig_model_load(&allocator, kundig_bytes_data(bytes),
                                       kundig_bytes_len(bytes), &model, &err);
            if (rc == KUNDIG_OK) {
                rc = kundig_model_save(model, &again, &err);
            }
            cr_assert(rc == KUNDIG_OK || (rc == KUNDIG_E_NOMEM && !again && err.message[0]));
            kundig_bytes_free(again);
            kundig_model_free(model);
            cr_assert_eq(p.live_blocks, 0, "allocation %zu leaks", n);
            if (rc == KUNDIG_OK) {
                cr_assert_gt(n, 5);
                break;
            }
        }
    }
    kundig_bytes_free(bytes);
}
