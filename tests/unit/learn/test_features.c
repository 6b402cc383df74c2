#include "support.h"

TestSuite(features, .fini = probe_fini);

typedef struct features_fixture {
    kundig__mem mem;
    kundig__scratch scratch;
    kundig__features features;
} features_fixture;

static void features_begin(features_fixture *fixture, const uint32_t *rows, uint32_t row_count)
{
    learn_mem(&fixture->mem);
    kundig__scratch_init(&fixture->scratch, &fixture->mem);
    cr_assert(kundig__features_init(&fixture->features, &fixture->mem, KUNDIG__FEATURE_BITS, 4,
                                    rows, row_count));
}

static void features_end(features_fixture *fixture)
{
    kundig__features_free(&fixture->features);
    kundig__scratch_free(&fixture->scratch);
}

static void features_read(features_fixture *fixture, const char *text, const uint32_t *signs,
                          size_t sign_count)
{
    cr_assert_eq(
        kundig__text_features(&fixture->scratch, text, strlen(text), KUNDIG__LEARN_FAMILIES),
        KUNDIG_OK);
    cr_assert(kundig__features_read(&fixture->features, &fixture->scratch, signs, sign_count));
}

static uint32_t features_count(const kundig__features *features, uint32_t row)
{
    for (size_t i = 0; i < features->ends[KUNDIG__BLOCK_SIGNS]; i++) {
        if (features->list[i].row == row) {
            return features->list[i].count;
        }
    }
    return 0;
}

Test(features, count_words_pairs_and_both_ends_of_the_text)
{
    features_fixture fixture;
    features_begin(&fixture, NULL, 0);
    features_read(&fixture, "very very late", NULL, 0);
    const kundig__token *tokens = fixture.scratch.tokens;
    uint32_t very = kundig__feature_bucket(tokens[0].hash, 0, KUNDIG__FEATURE_BITS);
    uint32_t late = kundig__feature_bucket(tokens[2].hash, 0, KUNDIG__FEATURE_BITS);
    uint64_t pair = kundig__pair_hash(tokens[1].hash, tokens[2].hash);
    cr_assert_eq(features_count(&fixture.features, very), 2);
    cr_assert_eq(features_count(&fixture.features, late), 1);
    cr_assert_eq(
        features_count(&fixture.features, kundig__feature_bucket(pair, 0, KUNDIG__FEATURE_BITS)),
        1);
    uint64_t begin = kundig__feature_begin(tokens[0].hash);
    uint64_t end = kundig__feature_end(tokens[2].hash);
    cr_assert_eq(
        features_count(&fixture.features, kundig__feature_bucket(begin, 0, KUNDIG__FEATURE_BITS)),
        1);
    cr_assert_eq(
        features_count(&fixture.features, kundig__feature_bucket(end, 0, KUNDIG__FEATURE_BITS)), 1);
    /* three words, two of them alike; two pairs; two ends */
    cr_assert_eq(fixture.features.ends[KUNDIG__BLOCK_WORDS], 6);
    cr_assert_eq(fixture.features.seen[KUNDIG__BLOCK_WORDS], 7);
    cr_assert_eq(fixture.features.seen[KUNDIG__BLOCK_CHARACTERS], fixture.scratch.gram_count);
    features_end(&fixture);
}

Test(features, keep_blocks_apart)
{
    features_fixture fixture;
    uint32_t signs[2] = {1, 3};
    features_begin(&fixture, NULL, 0);
    features_read(&fixture, "Where is my parcel? I wait and wait.", signs, 2);
    const kundig__features *features = &fixture.features;
    size_t at = 0;
    for (uint32_t block = 0; block < KUNDIG__BLOCKS; block++) {
        cr_assert_lt(at, features->ends[block]);
        for (; at < features->ends[block]; at++) {
            cr_assert_eq(features->list[at].row >> KUNDIG__FEATURE_BITS, block);
        }
    }
    cr_assert_eq(features_count(features, (UINT32_C(2) << KUNDIG__FEATURE_BITS) + 3), 1);
    cr_assert_eq(features->ends[KUNDIG__BLOCK_SIGNS] - features->ends[KUNDIG__BLOCK_CHARACTERS], 2);
    features_end(&fixture);
}

Test(features, know_only_what_has_a_row)
{
    features_fixture fixture;
    size_t buckets = kundig__feature_buckets(KUNDIG__FEATURE_BITS, 4);
    uint32_t *rows = malloc(buckets * sizeof *rows);
    cr_assert(rows != NULL);
    memset(rows, 0xFF, buckets * sizeof *rows);
    features_begin(&fixture, NULL, 0);
    features_read(&fixture, "late parcel", NULL, 0);
    rows[kundig__feature_bucket(fixture.scratch.tokens[0].hash, 0, KUNDIG__FEATURE_BITS)] = 0;
    features_end(&fixture);
    features_begin(&fixture, rows, 1);
    features_read(&fixture, "late, late parcel", NULL, 0);
    cr_assert_eq(fixture.features.ends[KUNDIG__BLOCK_SIGNS], 1);
    cr_assert_eq(fixture.features.list[0].count, 2);
    cr_assert_eq(fixture.features.unknown[KUNDIG__BLOCK_WORDS],
                 fixture.features.seen[KUNDIG__BLOCK_WORDS] - 2);
    cr_assert_eq(fixture.features.unknown[KUNDIG__BLOCK_CHARACTERS],
                 fixture.features.seen[KUNDIG__BLOCK_CHARACTERS]);
    features_end(&fixture);
    free(rows);
}

Test(features, do_not_depend_on_the_text_before)
{
    features_fixture fixture;
    features_fixture fresh;
    const char *texts[] = {"one parcel", "", "one price, one staff, one parcel", "parcel one one"};
    features_begin(&fixture, NULL, 0);
    for (size_t i = 0; i < 40; i++) {
        const char *text = texts[(i * 7) % 4];
        features_begin(&fresh, NULL, 0);
        features_read(&fixture, text, NULL, 0);
        features_read(&fresh, text, NULL, 0);
        size_t count = fresh.features.ends[KUNDIG__BLOCK_SIGNS];
        cr_assert_eq(fixture.features.ends[KUNDIG__BLOCK_SIGNS], count);
        cr_assert_eq(
            memcmp(fixture.features.list, fresh.features.list, count * sizeof *fresh.features.list),
            0);
        features_end(&fresh);
    }
    features_end(&fixture);
}

Test(features, tell_how_many_rows_of_characters_a_token_has)
{
    features_fixture fixture;
    features_begin(&fixture, NULL, 0);
    const char *texts[] = {"a",    "ab",      "abc Größe 12 !?!", "https://x.de a@b.de @name late",
                           "漢字", "😀👍 okay", "ünïcödé-text"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        features_read(&fixture, texts[i], NULL, 0);
        size_t sum = 0;
        for (size_t j = 0; j < fixture.scratch.token_count; j++) {
            sum += kundig__feature_grams(&fixture.scratch, &fixture.scratch.tokens[j]);
        }
        cr_assert_eq(sum, fixture.scratch.gram_count, "%s", texts[i]);
    }
    char longest[400];
    memset(longest, 'x', sizeof longest);
    for (size_t i = 0; i < sizeof longest; i++) {
        longest[i] = (char)('a' + i % 20);
    }
    longest[sizeof longest - 1] = 0;
    features_read(&fixture, longest, NULL, 0);
    cr_assert_eq(kundig__feature_grams(&fixture.scratch, fixture.scratch.tokens),
                 fixture.scratch.gram_count);
    features_end(&fixture);
}

Test(features, count_no_further_than_they_may)
{
    features_fixture fixture;
    features_begin(&fixture, NULL, 0);
    char text[2000] = "";
    for (size_t i = 0; i < 400; i++) {
        strcat(text, "so ");
    }
    features_read(&fixture, text, NULL, 0);
    cr_assert_eq(fixture.features.list[0].count, KUNDIG__FEATURE_MOST);
    float counts[KUNDIG__FEATURE_MOST + 1];
    kundig__feature_counts(counts);
    cr_assert_eq(counts[0], 0);
    cr_assert_eq(counts[1], 1);
    cr_assert(counts[2] > 1.69f && counts[2] < 1.70f);
    features_end(&fixture);
}

static int features_sweep(void)
{
    features_fixture fixture;
    learn_mem(&fixture.mem);
    kundig__scratch_init(&fixture.scratch, &fixture.mem);
    int rc = KUNDIG_E_NOMEM;
    if (kundig__features_init(&fixture.features, &fixture.mem, KUNDIG__FEATURE_BITS, 0, NULL, 0)) {
        const char *text = "my parcel is late again and again";
        rc = kundig__text_features(&fixture.scratch, text, strlen(text), KUNDIG__LEARN_FAMILIES);
        if (rc == KUNDIG_OK &&
            !kundig__features_read(&fixture.features, &fixture.scratch, NULL, 0)) {
            rc = KUNDIG_E_NOMEM;
        }
        kundig__features_free(&fixture.features);
    }
    kundig__scratch_free(&fixture.scratch);
    return rc;
}

Test(features, say_so_when_memory_fails)
{
    LEARN_SWEEP(features_sweep());
}
