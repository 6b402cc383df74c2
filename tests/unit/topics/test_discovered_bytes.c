#include "base/hash.h"
#include "discovering.h"

TestSuite(discovered_bytes, .fini = probe_fini);

/* A model whose topics are renamed, hidden, merged and known, as bytes. */
static kundig_bytes *discovered_saved(void)
{
    kundig_model *model = discover_all(NULL);
    const kundig__discovered *found = kundig__model_discovered_of(model);
    kundig_edit edits[4] = {discover_edit(KUNDIG_EDIT_RENAME, found->topics[0].name, "Parcels"),
                            discover_edit(KUNDIG_EDIT_MERGE, found->topics[1].name, NULL),
                            discover_edit(KUNDIG_EDIT_HIDE, found->topics[2].name, NULL),
                            discover_edit(KUNDIG_EDIT_KNOWN, found->topics[3].name, "apps/all")};
    kundig_model *edited = NULL;
    kundig_bytes *bytes = NULL;
    edits[1].other = found->topics[0].name;
    cr_assert_eq(kundig__model_edited(model, edits, 4, &edited, NULL), KUNDIG_OK);
    cr_assert_eq(kundig_model_save(edited, &bytes, NULL), KUNDIG_OK);
    kundig_model_free(edited);
    kundig_model_free(model);
    return bytes;
}

static int discovered_loads(const void *data, size_t size, kundig_model **out, kundig_error *err)
{
    kundig_allocator allocator = probe_allocator(NULL);
    return kundig_model_load(&allocator, data, size, out, err);
}

Test(discovered_bytes, are_read_back_whole)
{
    kundig_bytes *bytes = discovered_saved();
    kundig_model *model = NULL;
    kundig_error err = {0, 0, ""};
    int rc = discovered_loads(kundig_bytes_data(bytes), kundig_bytes_len(bytes), &model, &err);
    cr_assert_eq(rc, KUNDIG_OK, "%s", err.message);
    const kundig__discovered *found = kundig__model_discovered_of(model);
    cr_assert(kundig__text_equal(found->topics[0].said, KUNDIG__TEXT("Parcels")));
    cr_assert_eq(found->wholes[1], 0);
    cr_assert(found->topics[2].hidden);
    cr_assert(kundig__text_equal(found->topics[3].known, KUNDIG__TEXT("apps/all")));
    cr_assert_gt(found->topics[0].word_count, 0);
    cr_assert_gt(found->topics[0].example_count, 0);
    kundig_model_free(model);
    kundig_bytes_free(bytes);
}

/* Few bytes of texts are in it: clusters are features' hashes and numbers. */
Test(discovered_bytes, hold_no_word_that_few_customers_use)
{
    kundig_examples *set = discover_set(DISCOVER_ALL);
    kundig_example example;
    kundig_example_init(&example);
    example.text = KUNDIG__TEXT("parcel came late, says Xylophonius in Quuxstadt");
    for (int i = 0; i < 4; i++) {
        char customer[8];
        snprintf(customer, sizeof customer, "x%d", i);
        example.customer = kundig__str(customer);
        cr_assert_eq(kundig_examples_add(set, &example, 1, NULL), KUNDIG_OK);
    }
    for (int i = 0; i < 9; i++) { /* said often, by one */
        example.customer = KUNDIG__TEXT("x0");
        cr_assert_eq(kundig_examples_add(set, &example, 1, NULL), KUNDIG_OK);
    }
    kundig_model *model = discover_with(NULL, set, NULL, 0, NULL);
    kundig_bytes *bytes = NULL;
    cr_assert_eq(kundig_model_save(model, &bytes, NULL), KUNDIG_OK);
    const char *data = kundig_bytes_data(bytes);
    for (size_t i = 0; i + 8 < kundig_bytes_len(bytes); i++) {
        cr_assert(memcmp(data + i, "Xylophon", 8) != 0 && memcmp(data + i, "Quuxstad", 8) != 0);
    }
    kundig_bytes_free(bytes);
    kundig_model_free(model);
    kundig_examples_free(set);
}

static void discovered_sum(char *data, size_t len)
{
    uint64_t sum = kundig__xxh3(data, len - 8);
    uint64_t length = len;
    for (size_t i = 0; i < 8; i++) {
        data[8 + i] = (char)(uint8_t)(length >> (8 * i));
        data[len - 8 + i] = (char)(uint8_t)(sum >> (8 * i));
    }
}

/* Whoever makes a checksum for what he changed gets a model that reads without harm, or a sentence.
 * What is this room's stands behind the clusters, at the end. */
Test(discovered_bytes, with_a_checksum_made_for_them_do_no_harm)
{
    kundig_bytes *bytes = discovered_saved();
    size_t len = kundig_bytes_len(bytes);
    char *copy = malloc(len);
    size_t refused = 0;
    size_t own = 4000;
    for (size_t i = len - 8 - own; i + 8 < len; i += 1 + (PROBE_STRIDE > 1 ? 30 : 2)) {
        kundig_model *model = NULL;
        kundig_error err = {0, 0, ""};
        memcpy(copy, kundig_bytes_data(bytes), len);
        copy[i] = (char)(copy[i] ^ (1 << i % 8));
        discovered_sum(copy, len);
        int rc = discovered_loads(copy, len, &model, &err);
        cr_assert(rc == KUNDIG_OK || (rc == KUNDIG_E_FORMAT && err.message[0] && err.pos <= len) ||
                      rc == KUNDIG_E_VALUE,
                  "byte %zu: %d %s", i, rc, err.message);
        cr_assert_eq(model != NULL, rc == KUNDIG_OK);
        refused += rc != KUNDIG_OK;
        if (model) {
            kundig_table *table = NULL;
            cr_assert_eq(kundig_model_discovered(model, &table, NULL), KUNDIG_OK);
            kundig_table_free(table);
            cr_assert_eq(kundig_model_read(model, "parcel came late", 16, &table, NULL), KUNDIG_OK);
            kundig_table_free(table);
        }
        kundig_model_free(model);
    }
    cr_assert_gt(refused, 0);
    free(copy);
    kundig_bytes_free(bytes);
}

Test(discovered_bytes, that_end_early_are_refused)
{
    kundig_bytes *bytes = discovered_saved();
    size_t len = kundig_bytes_len(bytes);
    char *copy = malloc(len);
    for (size_t cut = 1; cut<3000; cut += PROBE_STRIDE> 1 ? 97 : 13) {
        kundig_model *model = NULL;
        kundig_error err = {0, 0, ""};
        memcpy(copy, kundig_bytes_data(bytes), len - cut);
        discovered_sum(copy, len - cut);
        cr_assert_eq(discovered_loads(copy, len - cut, &model, &err), KUNDIG_E_FORMAT, "%zu", cut);
        cr_assert(err.message[0]);
        cr_assert_null(model);
    }
    free(copy);
    kundig_bytes_free(bytes);
}

Test(discovered_bytes, fail_cleanly_at_every_allocation)
{
    kundig_bytes *bytes = discovered_saved();
    for (int on = 0; on < 2; on++) {
        int rc = KUNDIG_E_NOMEM;
        for (size_t n = 1; rc; n = probe_next(n)) {
            kundig_model *model = NULL;
            kundig_error err = {0, 0, ""};
            size_t blocks = probe_shared.live_blocks;
            probe_shared.fail_at = probe_shared.allocations + n;
            probe_shared.fail_on = on;
            rc = discovered_loads(kundig_bytes_data(bytes), kundig_bytes_len(bytes), &model, &err);
            probe_shared.fail_at = 0;
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM, "%d %s", rc, err.message);
            kundig_model_free(model);
            cr_assert_eq(probe_shared.live_blocks, blocks, "allocation %zu", n);
        }
    }
    kundig_bytes_free(bytes);
}
