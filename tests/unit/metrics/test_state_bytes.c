#include "base/hash.h"
#include "survey.h"

TestSuite(state_bytes, .fini = probe_fini);

#define SAVED_MAX 60000

/* The bytes of a state of a made-up survey. */
static size_t saved_make(size_t question, unsigned how, char *out)
{
    static survey s;
    fixture f;
    kundig_state *state = NULL;
    kundig_bytes *bytes = NULL;
    survey_make(&s, 60, how, 11);
    fixture_open(&f);
    cr_assert_eq(survey_add(&f, &s, 0, s.count, 1), KUNDIG_OK);
    kundig_query *query = survey_question(question);
    cr_assert_eq(kundig__state_new(f.corpus, query, &state, &f.err), KUNDIG_OK);
    cr_assert_eq(kundig_state_save(state, &bytes, NULL), KUNDIG_OK);
    size_t len = kundig_bytes_len(bytes);
    cr_assert(len <= SAVED_MAX);
    memcpy(out, kundig_bytes_data(bytes), len);
    kundig_bytes_free(bytes);
    kundig_state_free(state);
    kundig_query_free(query);
    fixture_close(&f);
    return len;
}

static int saved_load(const char *data, size_t len, kundig_state **out, kundig_error *err)
{
    kundig_allocator allocator = probe_allocator(NULL);
    return kundig_state_load(&allocator, data, len, out, err);
}

/* Make the checksum right again. */
static void saved_seal(char *data, size_t len)
{
    uint64_t sum = kundig__xxh3(data, len - 8);
    for (size_t i = 0; i < 8; i++) {
        data[len - 8 + i] = (char)(uint8_t)(sum >> (8 * i));
    }
}

Test(state_bytes, come_back_as_they_were)
{
    static char data[SAVED_MAX];
    for (size_t q = 0; q < SURVEY_QUESTIONS; q++) {
        for (unsigned how = 0; how < 4; how++) {
            size_t len = saved_make(q, how, data);
            kundig_state *state = NULL;
            kundig_bytes *bytes = NULL;
            kundig_error err;
            cr_assert_eq(saved_load(data, len, &state, &err), KUNDIG_OK, "%s", err.message);
            cr_assert_eq(kundig_state_save(state, &bytes, NULL), KUNDIG_OK);
            cr_assert_eq(kundig_bytes_len(bytes), len);
            cr_assert_eq(memcmp(kundig_bytes_data(bytes), data, len), 0);
            kundig_bytes_free(bytes);
            kundig_state_free(state);
        }
    }
}

Test(state_bytes, every_changed_or_missing_byte_is_noticed)
{
    static char data[SAVED_MAX];
    size_t len = saved_make(6, SURVEY_CUSTOMERS, data);
    kundig_state *state = NULL;
    kundig_error err;
    for (size_t i = 0; i < len; i++) {
        data[i] = (char)(data[i] ^ 0x10);
        int rc = saved_load(data, len, &state, &err);
        cr_assert(rc == KUNDIG_E_FORMAT || rc == KUNDIG_E_VERSION, "byte %zu: %d", i, rc);
        data[i] = (char)(data[i] ^ 0x10);
        cr_assert_eq(saved_load(data, i, &state, &err), KUNDIG_E_FORMAT);
    }
    cr_assert_null(state);
    cr_assert_eq(saved_load(NULL, 4, &state, &err), KUNDIG_E_ARG);
    cr_assert_eq(saved_load(NULL, 0, &state, &err), KUNDIG_E_FORMAT);
}

Test(state_bytes, changed_ones_with_a_right_checksum_are_refused_or_harmless)
{
    static char data[SAVED_MAX];
    static char fresh[SAVED_MAX];
    size_t refused = 0;
    size_t tried = 0;
    for (size_t q = 0; q < 2; q++) {
        size_t len = saved_make(q ? 7 : 6, SURVEY_CUSTOMERS | SURVEY_WEIGHTS, data);
        kundig_state *whole = NULL;
        kundig_error err;
        cr_assert_eq(saved_load(data, len, &whole, &err), KUNDIG_OK);
        for (size_t i = 20; i < len - 8; i++) {
            memcpy(fresh, data, len);
            fresh[i] = (char)(fresh[i] ^ (1 << i % 8));
            saved_seal(fresh, len);
            kundig_state *state = NULL;
            kundig_table *table = NULL;
            int rc = saved_load(fresh, len, &state, &err);
            tried++;
            if (rc) {
                refused++;
                cr_assert(rc == KUNDIG_E_FORMAT || rc == KUNDIG_E_VERSION);
                cr_assert(err.pos <= len);
                continue;
            }
            cr_assert_eq(kundig_state_finish(state, &table, &err), KUNDIG_OK);
            kundig_table_free(table);
            (void)kundig_state_merge(state, whole, &err);
            (void)kundig_state_subtract(state, whole, &err);
            kundig_state_free(state);
        }
        kundig_state_free(whole);
    }
    /* sums are bound to each other: most changes show */
    cr_assert(refused * 2 > tried, "%zu of %zu", refused, tried);
}

Test(state_bytes, another_format_is_a_version_not_damage)
{
    static char data[SAVED_MAX];
    size_t len = saved_make(0, 0, data);
    kundig_state *state = NULL;
    kundig_error err;
    data[8]++;
    saved_seal(data, len);
    cr_assert_eq(saved_load(data, len, &state, &err), KUNDIG_E_VERSION);
    cr_assert(strstr(err.message, "format 1000"));
}
