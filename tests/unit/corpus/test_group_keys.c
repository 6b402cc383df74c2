/* Fields to codes, and codes to places in byte order. */
#include <stdio.h>

#include "corpus/group.h"
#include "fixture.h"

TestSuite(group_keys, .fini = probe_fini);

enum { KEY_ROWS = 12 };

/* Answers 0 to 10 and one without; numbers and truths beside them; channels in no order. */
static void keys_open(fixture *f)
{
    static const char *const channels[5] = {"web", NULL, "E-Mail", "", "\xC3\x84mter"};
    fixture_open(f);
    for (int i = 0; i < KEY_ROWS; i++) {
        char id[4];
        snprintf(id, sizeof id, "r%d", i);
        kundig_score score = fixture_nps(i);
        kundig_attribute attributes[3] = {
            {{"size", 4}, {.type = KUNDIG_VALUE_NUMBER, .number = (i % 4) * 2.5}},
            {{"vip", 3}, {.type = KUNDIG_VALUE_BOOL, .boolean = i % 2}},
            {{"plan", 4}, {.type = KUNDIG_VALUE_TEXT, .text = {i % 2 ? "b" : "a", 1}}}};
        kundig_feedback r = fixture_record(id, "words");
        r.channel = kundig__str(channels[i % 5]);
        r.time_ms = i;
        r.scores = &score;
        r.score_count = i < 11;
        r.attributes = attributes;
        r.attribute_count = i < 11 ? 3 : 0;
        cr_assert_eq(fixture_add(f, &r, 1, NULL), KUNDIG_OK, "%s", f->err.message);
    }
}

/* The label of a row, "-" where it is missing. */
static const char *keys_label(const kundig__group_key *key, uint32_t row)
{
    static char label[40];
    uint32_t code = key->codes ? key->codes[row] : 0;
    kundig_text text = code ? kundig__dict_text(key->dict, code - 1) : KUNDIG__TEXT("-");
    snprintf(label, sizeof label, "%.*s", (int)text.len, text.data);
    return label;
}

Test(group_keys, numbers_and_truths_are_their_shortest_texts)
{
    static const char *const sizes[4] = {"0", "2.5", "5", "7.5"};
    fixture f;
    keys_open(&f);
    static const char *const names[3] = {"nps", "size", "vip"};
    for (int n = 0; n < 3; n++) {
        kundig__group_key key = {.name = {NULL, 0}};
        cr_assert_eq(kundig__group_key_init(&key, f.corpus, kundig__str(names[n]), &f.err),
                     KUNDIG_OK);
        cr_assert(kundig__text_equal(key.name, kundig__str(names[n])));
        static const uint32_t counts[3] = {12, 5, 3};
        cr_assert_eq(key.code_count, counts[n], "%s has %u codes", names[n], key.code_count);
        for (uint32_t row = 0; row < KEY_ROWS - 1; row++) {
            char answer[8];
            snprintf(answer, sizeof answer, "%u", row);
            const char *const wants[3] = {answer, sizes[row % 4], row % 2 ? "true" : "false"};
            cr_assert_str_eq(keys_label(&key, row), wants[n]);
        }
        cr_assert_eq(key.codes[KEY_ROWS - 1], 0, "missing");
        kundig__group_key_free(&key, &f.context.mem);
    }
    fixture_close(&f);
}

Test(group_keys, texts_keep_the_codes_they_have)
{
    fixture f;
    keys_open(&f);
    kundig__group_key key = {.name = {NULL, 0}};
    cr_assert_eq(kundig__group_key_init(&key, f.corpus, KUNDIG__TEXT("channel"), &f.err),
                 KUNDIG_OK);
    cr_assert_eq(key.codes, f.corpus->dims[KUNDIG__DIM_CHANNEL].codes);
    cr_assert_eq(key.code_count, 5);
    kundig__group_key_free(&key, &f.context.mem);
    key = (kundig__group_key){.name = {NULL, 0}};
    cr_assert_eq(kundig__group_key_init(&key, f.corpus, KUNDIG__TEXT("attribute:plan"), &f.err),
                 KUNDIG_OK);
    cr_assert_eq(key.code_count, 3);
    cr_assert_str_eq(keys_label(&key, 0), "a");
    cr_assert_str_eq(keys_label(&key, KEY_ROWS - 1), "-");
    kundig__group_key_free(&key, &f.context.mem);
    key = (kundig__group_key){.name = {NULL, 0}};
    cr_assert_eq(kundig__group_key_init(&key, f.corpus, KUNDIG__TEXT("agent"), &f.err), KUNDIG_OK);
    cr_assert_null(key.codes, "no record has one");
    cr_assert_eq(key.code_count, 1);
    cr_assert_eq(kundig__group_key_rank(&key, &f.context.mem, &f.err), KUNDIG_OK);
    cr_assert_eq(key.ranks[0], 0);
    kundig__group_key_free(&key, &f.context.mem);
    fixture_close(&f);
}

Test(group_keys, places_stand_in_byte_order_with_missing_first)
{
    static const char *const names[4] = {"channel", "nps", "size", "plan"};
    fixture f;
    keys_open(&f);
    for (int n = 0; n < 4; n++) {
        kundig__group_key key = {.name = {NULL, 0}};
        cr_assert_eq(kundig__group_key_init(&key, f.corpus, kundig__str(names[n]), &f.err),
                     KUNDIG_OK);
        cr_assert_eq(kundig__group_key_rank(&key, &f.context.mem, &f.err), KUNDIG_OK);
        cr_assert_eq(key.ranks[0], 0);
        cr_assert_eq(key.ranked[0], 0);
        for (uint32_t place = 1; place < key.code_count; place++) {
            uint32_t code = key.ranked[place];
            cr_assert_neq(code, 0);
            cr_assert_eq(key.ranks[code], place, "one is the inverse of the other");
            if (place > 1) {
                cr_assert_lt(
                    kundig__text_order(kundig__dict_text(key.dict, key.ranked[place - 1] - 1),
                                       kundig__dict_text(key.dict, code - 1)),
                    0, "%s", names[n]);
            }
        }
        kundig__group_key_free(&key, &f.context.mem);
    }
    fixture_close(&f);
}

Test(group_keys, refuses_fields_that_make_no_groups)
{
    static const struct {
        const char *name;
        int rc;
        const char *message;
    } cases[] = {
        {"time", KUNDIG_E_ARG, "'time' cannot be grouped by: choose a window (every month)"},
        {"text", KUNDIG_E_ARG, "'text' cannot be grouped by"},
        {"id", KUNDIG_E_ARG, "'id' cannot be grouped by"},
        {"weight", KUNDIG_E_ARG, "'weight' cannot be grouped by"},
        {"plam", KUNDIG_E_NOT_FOUND,
         "there is no field 'plam'; the nearest are 'plan', 'nps', 'size'"},
    };
    fixture f;
    keys_open(&f);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kundig__group_key key = {.name = {NULL, 0}};
        cr_assert_eq(kundig__group_key_init(&key, f.corpus, kundig__str(cases[i].name), &f.err),
                     cases[i].rc, "%s", cases[i].name);
        cr_assert_str_eq(f.err.message, cases[i].message);
        kundig__group_key_free(&key, &f.context.mem);
    }
    fixture_close(&f);
}

static int64_t keys_call(fixture *f, void *ud)
{
    kundig__group_key key = {.name = {NULL, 0}};
    int rc = kundig__group_key_init(&key, f->corpus, kundig__str(ud), &f->err);
    if (!rc) {
        rc = kundig__group_key_rank(&key, &f->context.mem, &f->err);
    }
    kundig__group_key_free(&key, &f->context.mem);
    return rc;
}

Test(group_keys, survives_failure_of_every_allocation)
{
    static char names[3][8] = {"channel", "nps", "vip"};
    fixture f;
    keys_open(&f);
    for (int n = 0; n < 3; n++) {
        fixture_sweep(&f, keys_call, names[n]);
    }
    fixture_close(&f);
}
