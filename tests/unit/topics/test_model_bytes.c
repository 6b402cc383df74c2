#include "teaching.h"

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
    int step = probe_full() ? 1 : 3;
    for (size_t i = 16; i + 8 < len; i += PROBE_STRIDE) {
        for (int bit = (int)(i % (size_t)step); bit < 8; bit += step) {
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

/* ---- What was taught ------------------------------------------------------------------------ */

/* Two subjects, a few words: small bytes, of which each is changed. */
static kundig_bytes *bytes_taught(const char *taxonomy, int32_t lesson)
{
    kundig_examples *set = teach_set(lesson);
    kundig_model *base = taxonomy ? model_of(taxonomy) : NULL;
    const char *const moods[] = {"negative", "positive"};
    const char *const labels[] = {"t/delay", "new/topic"};
    const char *const said[] = {"late again", "kind and fair"};
    for (uint32_t i = 0; i < 10; i++) {
        cr_assert_eq(teach_add(set, said[i % 2], lesson ? moods[i % 2] : labels[i % 2], NULL),
                     KUNDIG_OK);
    }
    kundig_model *model = teach(base, set);
    kundig_bytes *bytes = NULL;
    cr_assert_eq(kundig_model_save(model, &bytes, NULL), KUNDIG_OK);
    kundig_model_free(model);
    kundig_model_free(base);
    kundig_examples_free(set);
    return bytes;
}

Test(model_bytes, of_what_was_taught_are_read_back_whole)
{
    for (int32_t lesson = 0; lesson < 2; lesson++) {
        for (int based = 0; based < 2; based++) {
            kundig_bytes *bytes = bytes_taught(based ? bytes_sample : NULL, lesson);
            kundig_model *model = NULL;
            kundig_bytes *again = NULL;
            kundig_error err = {0, 0, ""};
            cr_assert_eq(loads(kundig_bytes_data(bytes), kundig_bytes_len(bytes), &model, &err),
                         KUNDIG_OK, "%s", err.message);
            cr_assert_eq(kundig_model_class_count(model, lesson), lesson ? 3 : 2);
            cr_assert_eq(kundig_model_save(model, &again, &err), KUNDIG_OK);
            cr_assert_eq(kundig_bytes_len(again), kundig_bytes_len(bytes));
            cr_assert_eq(
                memcmp(kundig_bytes_data(again), kundig_bytes_data(bytes), kundig_bytes_len(bytes)),
                0);
            if (!lesson) {
                kundig_text wanted = based ? KUNDIG__TEXT("delay") : KUNDIG__TEXT("new/topic");
                cr_assert(kundig__text_equal(kundig_model_class_name(model, 0, 0), wanted));
                cr_assert_eq(kundig__model_topic_count(model), based ? 3 : 2);
            }
            kundig_bytes_free(again);
            kundig_bytes_free(bytes);
            kundig_model_free(model);
        }
    }
}

Test(model_bytes, of_what_was_taught_and_is_changed_or_missing_are_refused)
{
    for (int32_t lesson = 0; lesson < 2; lesson++) {
        kundig_bytes *bytes = bytes_taught(bytes_sample, lesson);
        size_t len = kundig_bytes_len(bytes);
        char *copy = malloc(len);
        kundig_model *model = NULL;
        kundig_error err;
        for (size_t i = 0; i < len; i++) {
            memcpy(copy, kundig_bytes_data(bytes), len);
            copy[i] = (char)(copy[i] ^ (1 << i % 8));
            cr_assert_eq(loads(copy, len, &model, &err), KUNDIG_E_FORMAT, "byte %zu", i);
            cr_assert_eq(loads(kundig_bytes_data(bytes), i, &model, &err), KUNDIG_E_FORMAT);
        }
        cr_assert_null(model);
        free(copy);
        kundig_bytes_free(bytes);
    }
}

#ifdef NDEBUG
#define BYTES_STEP 5u
#else
#define BYTES_STEP 41u /* under assertions and sanitizers fewer do */
#endif

/* Whoever makes a checksum for what he changed gets a model that reads without harm, or a sentence.
 */
Test(model_bytes, of_what_was_taught_with_a_checksum_made_for_them_do_no_harm)
{
    for (int32_t lesson = 0; lesson < 2; lesson++) {
        kundig_bytes *bytes = bytes_taught(bytes_sample, lesson);
        size_t len = kundig_bytes_len(bytes);
        char *copy = malloc(len);
        size_t refused = 0;
        for (size_t i = 16; i + 8 < len; i += BYTES_STEP) {
            kundig_model *model = NULL;
            kundig_error err = {0, 0, ""};
            memcpy(copy, kundig_bytes_data(bytes), len);
            copy[i] = (char)(copy[i] ^ (1 << i % 8));
            bytes_sum(copy, len);
            int rc = loads(copy, len, &model, &err);
            cr_assert(rc == KUNDIG_OK || ((rc == KUNDIG_E_FORMAT || rc == KUNDIG_E_VERSION ||
                                           rc == KUNDIG_E_LIMIT) &&
                                          err.message[0] && err.pos <= len),
                      "byte %zu: %d %s", i, rc, err.message);
            cr_assert_eq(model != NULL, rc == KUNDIG_OK);
            refused += rc != KUNDIG_OK;
            if (model) {
                kundig_table *table = NULL;
                int32_t klass;
                kundig_text text = KUNDIG__TEXT("late again, kind and fair, delivered");
                cr_assert_eq(kundig_model_read(model, text.data, text.len, &table, NULL),
                             KUNDIG_OK);
                kundig_table_free(table);
                cr_assert_eq(kundig_model_classify(model, lesson, &text, 1, 1, &klass, NULL, NULL,
                                                   NULL, NULL),
                             KUNDIG_OK);
                cr_assert_lt(klass, 3);
            }
            kundig_model_free(model);
        }
        cr_assert_gt(refused, 50 / BYTES_STEP);
        free(copy);
        kundig_bytes_free(bytes);
    }
}

/* A model that learned from scores, and where its numbers stand: those from the lexicon's weight on
 * lie before the means, which lie before the ranges. */
static kundig_bytes *bytes_scored(kundig__mood_learned *learned, size_t *means)
{
    kundig_examples *set = teach_set(KUNDIG_LESSON_SENTIMENT);
    for (uint32_t i = 0; i < 24; i++) {
        kundig_example example;
        kundig_score score = {.scale = KUNDIG_SCALE_DECLARED,
                              .direction = KUNDIG_LOWER_IS_BETTER,
                              .minimum = -2.5,
                              .maximum = 4,
                              .value = i % 2 ? 3.5 - i % 3 : -2.5 + i % 3};
        kundig_example_init(&example);
        example.text = i % 2 ? KUNDIG__TEXT("late again") : KUNDIG__TEXT("kind and fair");
        example.score = &score;
        cr_assert_eq(kundig_examples_add(set, &example, 1, NULL), KUNDIG_OK);
    }
    kundig_model *model = teach(NULL, set);
    kundig_bytes *bytes = NULL;
    cr_assert_eq(kundig_model_save(model, &bytes, NULL), KUNDIG_OK);
    *learned = *kundig__model_mood(model);
    const char *data = kundig_bytes_data(bytes);
    *means = 0;
    for (size_t i = 0; i + sizeof learned->means < kundig_bytes_len(bytes); i++) {
        if (memcmp(data + i, learned->means, sizeof learned->means) == 0) {
            cr_assert_eq(*means, 0);
            *means = i;
        }
    }
    cr_assert_gt(*means, 0);
    kundig_model_free(model);
    kundig_examples_free(set);
    return bytes;
}

Test(model_bytes, of_moods_hold_nothing_that_no_score_teaches)
{
    kundig__mood_learned learned;
    size_t means;
    kundig_bytes *bytes = bytes_scored(&learned, &means);
    size_t len = kundig_bytes_len(bytes);
    char *copy = malloc(len);
    const double infinite = 1e308 * 10;
    const struct bytes_case {
        ptrdiff_t at; /* doubles from the means on */
        double value;
        int rc;
    } cases[] = {
        {0, 4, KUNDIG_OK},
        {0, -2.5, KUNDIG_OK},
        {0, 4.1, KUNDIG_E_FORMAT},
        {1, -2.6, KUNDIG_E_FORMAT},
        {2, 1e300, KUNDIG_E_FORMAT},
        {2, infinite, KUNDIG_E_FORMAT},
        {2, infinite - infinite, KUNDIG_E_FORMAT},
        {3, 0, KUNDIG_OK}, /* low, high, low, ... */
        {3, -6.5, KUNDIG_OK},
        {3, -6.6, KUNDIG_E_FORMAT},
        {3, 0.1, KUNDIG_E_FORMAT},
        {4, 6.5, KUNDIG_OK},
        {4, 6.6, KUNDIG_E_FORMAT},
        {4, -0.1, KUNDIG_E_FORMAT},
        {22, 1e18, KUNDIG_E_FORMAT},
        {22, infinite - infinite, KUNDIG_E_FORMAT},
        {-1, 0, KUNDIG_OK}, /* the least share known, */
        {-1, 1, KUNDIG_OK},
        {-1, 1.001, KUNDIG_E_FORMAT},
        {-1, -0.001, KUNDIG_E_FORMAT},
        {-2, -0.001, KUNDIG_E_FORMAT}, /* trust, */
        {-3, 1e9, KUNDIG_E_FORMAT},    /* leaning, */
        {-6, 1.001, KUNDIG_E_FORMAT},  /* the lexicon's weight, */
        {-7, -2.5, KUNDIG_E_FORMAT},   /* the ends of the scale */
        {-7, infinite, KUNDIG_E_FORMAT},
        {-8, 4, KUNDIG_E_FORMAT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kundig_model *model = NULL;
        kundig_error err = {0, 0, ""};
        memcpy(copy, kundig_bytes_data(bytes), len);
        memcpy(copy + (ptrdiff_t)means + 8 * cases[i].at, &cases[i].value, 8);
        bytes_sum(copy, len);
        int rc = loads(copy, len, &model, &err);
        cr_assert_eq(rc, cases[i].rc, "case %zu: %d %s", i, rc, err.message);
        cr_assert(rc == KUNDIG_OK || strstr(err.message, "what sentiment was taught"), "%s",
                  err.message);
        if (model) {
            kundig_table *table = NULL;
            cr_assert_eq(kundig_model_sentiment(model, "late again", 10, &table, NULL), KUNDIG_OK);
            kundig_table_free(table);
        }
        kundig_model_free(model);
    }
    free(copy);
    kundig_bytes_free(bytes);
}

Test(model_bytes, of_labelled_moods_hold_no_scores)
{
    kundig_bytes *bytes = bytes_taught(NULL, KUNDIG_LESSON_SENTIMENT);
    size_t len = kundig_bytes_len(bytes);
    char *copy = malloc(len);
    size_t zeros = 0; /* three means and ten ranges: the longest row of zeros */
    size_t longest = 0;
    memcpy(copy, kundig_bytes_data(bytes), len);
    for (size_t i = 0, row = 0; i < len; i++) {
        row = copy[i] ? 0 : row + 1;
        zeros = row > longest ? i + 1 - row : zeros;
        longest = row > longest ? row : longest;
    }
    cr_assert_geq(longest, 23 * 8);
    cr_assert_lt(longest, 25 * 8);
    const double means[3] = {1, 1, 1};
    memcpy(copy + zeros, means, sizeof means);
    bytes_sum(copy, len);
    kundig_model *model = NULL;
    kundig_error err = {0, 0, ""};
    cr_assert_eq(loads(copy, len, &model, &err), KUNDIG_E_FORMAT, "%s", err.message);
    free(copy);
    kundig_bytes_free(bytes);
}

Test(model_bytes, differ_where_what_was_learned_does)
{
    kundig_bytes *plain = saved(bytes_sample);
    kundig_bytes *topics = bytes_taught(bytes_sample, KUNDIG_LESSON_TOPICS);
    kundig_bytes *mood = bytes_taught(bytes_sample, KUNDIG_LESSON_SENTIMENT);
    const kundig_bytes *list[] = {plain, topics, mood};
    kundig__hash128 ids[3];
    for (size_t i = 0; i < 3; i++) {
        kundig_model *model = NULL;
        cr_assert_eq(loads(kundig_bytes_data(list[i]), kundig_bytes_len(list[i]), &model, NULL),
                     KUNDIG_OK);
        ids[i] = kundig__model_id(model);
        kundig_model_free(model);
        for (size_t j = 0; j < i; j++) {
            cr_assert_neq(memcmp(&ids[i], &ids[j], sizeof ids[i]), 0);
        }
    }
    kundig_bytes_free(plain);
    kundig_bytes_free(topics);
    kundig_bytes_free(mood);
}

Test(model_bytes, of_what_was_taught_fail_cleanly_at_every_allocation)
{
    for (int32_t lesson = 0; lesson < 2; lesson++) {
        kundig_bytes *bytes = bytes_taught(bytes_sample, lesson);
        for (int forever = 0; forever < 2; forever++) {
            for (size_t n = 1;; n++) {
                probe p = {.fail_at = n, .fail_on = forever};
                kundig_allocator allocator = probe_allocator(&p);
                kundig_model *model = NULL;
                kundig_bytes *again = NULL;
                kundig_error err = {0, 0, ""};
                int rc = kundig_model_load(&allocator, kundig_bytes_data(bytes),
                                           kundig_bytes_len(bytes), &model, &err);
                rc = rc ? rc : kundig_model_save(model, &again, &err);
                cr_assert(rc == KUNDIG_OK || (rc == KUNDIG_E_NOMEM && !again && err.message[0]));
                kundig_bytes_free(again);
                kundig_model_free(model);
                cr_assert_eq(p.live_blocks, 0, "allocation %zu leaks", n);
                if (p.allocations < n) {
                    cr_assert_gt(n, 20);
                    break;
                }
            }
        }
        kundig_bytes_free(bytes);
    }
}
