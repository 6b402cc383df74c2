#include "text/stem.h"

#include <libstemmer.h>
#include <stdlib.h>

#include "base/text.h"
#include "support.h"

TestSuite(stem, .fini = probe_fini);

/* Calls into libstemmer go through here (--wrap): the n-th from now fails, from 1; 0: none. */
static int stem_fail_new;
static int stem_fail_stem;

struct sb_stemmer *__real_sb_stemmer_new(const char *algorithm, const char *charenc);
const sb_symbol *__real_sb_stemmer_stem(struct sb_stemmer *stemmer, const sb_symbol *word,
                                        int size);
struct sb_stemmer *__wrap_sb_stemmer_new(const char *algorithm, const char *charenc);
const sb_symbol *__wrap_sb_stemmer_stem(struct sb_stemmer *stemmer, const sb_symbol *word,
                                        int size);

struct sb_stemmer *__wrap_sb_stemmer_new(const char *algorithm, const char *charenc)
{
    if (stem_fail_new && --stem_fail_new == 0) {
        return NULL;
    }
    return __real_sb_stemmer_new(algorithm, charenc);
}

const sb_symbol *__wrap_sb_stemmer_stem(struct sb_stemmer *stemmer, const sb_symbol *word, int size)
{
    if (stem_fail_stem && --stem_fail_stem == 0) {
        return NULL;
    }
    return __real_sb_stemmer_stem(stemmer, word, size);
}

typedef struct stem_fixture {
    kundig__mem mem;
    kundig__stemmer stemmer;
} stem_fixture;

static void stem_begin(stem_fixture *fixture)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem_init(&fixture->mem, &allocator, 0);
    kundig__stemmer_init(&fixture->stemmer, &fixture->mem);
}

static void stem_end(stem_fixture *fixture)
{
    kundig__stemmer_free(&fixture->stemmer);
}

/* Words of one line, all with the stem that stands first. */
static void one_stem(int language, const char *line)
{
    stem_fixture fixture;
    stem_begin(&fixture);
    char expected[64] = "";
    for (int again = 0; again < 2; again++) { /* from Snowball, then from the cache */
        size_t count = 0;
        for (const char *word = line; *word; count++) {
            size_t len = strcspn(word, " ");
            kundig_text stem;
            cr_assert_eq(kundig__stem(&fixture.stemmer, language, kundig__text(word, len), &stem),
                         KUNDIG_OK);
            if (count == 0) {
                memcpy(expected, word, len);
                expected[len] = 0;
            } else {
                cr_assert(kundig__text_equal(stem, kundig__str(expected)),
                          "%.*s gives %.*s, not %s", (int)len, word, (int)stem.len, stem.data,
                          expected);
                uint64_t hash;
                cr_assert_eq(kundig__stem_hash(&fixture.stemmer, language, kundig__text(word, len),
                                               kundig__xxh3(word, len), &hash),
                             KUNDIG_OK);
                cr_assert_eq(hash, kundig__xxh3(expected, strlen(expected)));
            }
            word += len + strspn(word + len, " ");
        }
        cr_assert_geq(count, 3);
    }
    stem_end(&fixture);
}

Test(stem, joins_the_forms_of_a_word_in_seven_languages)
{
    one_stem(KUNDIG__LANGUAGE_DE, "verspat verspätung verspätungen");
    one_stem(KUNDIG__LANGUAGE_DE, "freundlich freundliche freundlicher freundlichkeit");
    one_stem(KUNDIG__LANGUAGE_EN, "delay delay delays delayed delaying");
    one_stem(KUNDIG__LANGUAGE_EN, "custom customer's customers customer");
    one_stem(KUNDIG__LANGUAGE_FR, "livr livrer livré livrée livrées");
    one_stem(KUNDIG__LANGUAGE_ES, "retras retraso retrasos retrasado");
    one_stem(KUNDIG__LANGUAGE_PT, "entreg entrega entregas entregue");
    one_stem(KUNDIG__LANGUAGE_IT, "consegn consegna consegne consegnato");
    one_stem(KUNDIG__LANGUAGE_NL, "vertrag vertraging vertragingen");
}

Test(stem, leaves_words_of_an_unknown_language_and_long_ones)
{
    stem_fixture fixture;
    stem_begin(&fixture);
    char word[KUNDIG__STEM_MOST + 2];
    memset(word, 'a', sizeof word);
    memcpy(word + KUNDIG__STEM_MOST - 3, "ings", 4);
    kundig_text stem;
    uint64_t hash;
    cr_assert_eq(
        kundig__stem(&fixture.stemmer, KUNDIG__LANGUAGE_UNKNOWN, kundig__str("delays"), &stem),
        KUNDIG_OK);
    cr_assert(kundig__text_equal(stem, kundig__str("delays")));
    cr_assert_eq(kundig__stem_hash(&fixture.stemmer, KUNDIG__LANGUAGE_UNKNOWN,
                                   kundig__str("delays"), 77, &hash),
                 KUNDIG_OK);
    cr_assert_eq(hash, 77);
    cr_assert_eq(kundig__stem(&fixture.stemmer, KUNDIG__LANGUAGE_EN,
                              kundig__text(word, KUNDIG__STEM_MOST + 1), &stem),
                 KUNDIG_OK);
    cr_assert_eq(stem.len, KUNDIG__STEM_MOST + 1);
    cr_assert_eq(fixture.mem.used, 0);
    cr_assert_eq(kundig__stem(&fixture.stemmer, KUNDIG__LANGUAGE_EN,
                              kundig__text(word + 1, KUNDIG__STEM_MOST), &stem),
                 KUNDIG_OK);
    cr_assert_eq(stem.len, KUNDIG__STEM_MOST - 4, "a word of the full length is stemmed");
    cr_assert_eq(kundig__stem(&fixture.stemmer, KUNDIG__LANGUAGE_EN, kundig__text("", 0), &stem),
                 KUNDIG_OK);
    cr_assert_eq(stem.len, 0);
    stem_end(&fixture);
}

/* The oracle: a stemmer that has seen nothing yet. */
static kundig_text stem_fresh(struct sb_stemmer *snowball, kundig_text word)
{
    const sb_symbol *made =
        __real_sb_stemmer_stem(snowball, (const sb_symbol *)word.data, (int)word.len);
    int len = sb_stemmer_length(snowball);
    return len > 0 ? kundig__text((const char *)made, (size_t)len) : word;
}

Test(stem, answers_as_snowball_does_whatever_was_asked_before)
{
    static const char *const syllables[] = {
        "ver",  "lief",  "er", "ung",  "en", "ing", "ed", "s", "ation", "eux", "é", "ão",
        "ción", "zione", "'s", "heid", "y",  "q",   "ü",  "я", "字",    "7",   "_", "ment"};
    static const char *const names[] = {"",        "german",     "english", "french",
                                        "spanish", "portuguese", "italian", "dutch"};
    stem_fixture fixture;
    stem_begin(&fixture);
    struct sb_stemmer *fresh[KUNDIG__LANGUAGE_COUNT] = {NULL};
    for (int language = 1; language < KUNDIG__LANGUAGE_COUNT; language++) {
        fresh[language] = __real_sb_stemmer_new(names[language], "UTF_8");
        cr_assert_not_null(fresh[language]);
    }
    uint64_t seed = 11;
    for (int round = 0; round < 200000; round++) {
        char word[80];
        size_t len = 0;
        size_t count = 1 + text_random(&seed) % (text_random(&seed) % 8 ? 3 : 12);
        for (size_t i = 0; i < count; i++) {
            const char *piece =
                syllables[text_random(&seed) % (sizeof syllables / sizeof *syllables)];
            memcpy(word + len, piece, strlen(piece));
            len += strlen(piece);
        }
        int language = (int)(1 + text_random(&seed) % (KUNDIG__LANGUAGE_COUNT - 1));
        kundig_text text = kundig__text(word, len);
        uint64_t hash = kundig__xxh3(word, len);
        /* Hashes that meet must not matter. */
        if (text_random(&seed) % 2) {
            hash = text_random(&seed) % 4 << 40;
        }
        kundig_text expected = len > KUNDIG__STEM_MOST ? text : stem_fresh(fresh[language], text);
        uint64_t found;
        cr_assert_eq(kundig__stem_hash(&fixture.stemmer, language, text, hash, &found), KUNDIG_OK);
        cr_assert_eq(found,
                     len > KUNDIG__STEM_MOST ? hash : kundig__xxh3(expected.data, expected.len));
        kundig_text stem;
        cr_assert_eq(kundig__stem(&fixture.stemmer, language, text, &stem), KUNDIG_OK);
        cr_assert(kundig__text_equal(stem, expected), "%.*s", (int)len, word);
    }
    for (int language = 1; language < KUNDIG__LANGUAGE_COUNT; language++) {
        sb_stemmer_delete(fresh[language]);
    }
    stem_end(&fixture);
}

Test(stem, tells_equal_beginnings_and_ends_apart)
{
    static const char *const words[] = {"aaaaaaaaxaaaaaaaas",
                                        "aaaaaaaayaaaaaaaas",
                                        "aaaaxaaaas",
                                        "aaaayaaaas",
                                        "abcd",
                                        "abxd",
                                        "abc",
                                        "axc",
                                        "ab",
                                        "ac",
                                        "a",
                                        "b",
                                        "aaaaaaaaaaaxaaaaaaaaaaas",
                                        "aaaaaaaaaaayaaaaaaaaaaas"};
    stem_fixture fixture;
    stem_begin(&fixture);
    for (int again = 0; again < 3; again++) {
        for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
            kundig_text word = kundig__str(words[i]);
            kundig_text stem;
            uint64_t hash;
            cr_assert_eq(kundig__stem_hash(&fixture.stemmer, KUNDIG__LANGUAGE_EN, word, 5, &hash),
                         KUNDIG_OK);
            cr_assert_eq(kundig__stem(&fixture.stemmer, KUNDIG__LANGUAGE_EN, word, &stem),
                         KUNDIG_OK);
            cr_assert_eq(hash, kundig__xxh3(stem.data, stem.len), "%s", words[i]);
            cr_assert(memcmp(stem.data, word.data, stem.len) == 0 && stem.len >= word.len - 1);
        }
    }
    stem_end(&fixture);
}

static void stem_many(stem_fixture *fixture, int first, int end)
{
    for (int i = first; i < end; i++) {
        char word[24];
        int len = snprintf(word, sizeof word, "wort%dungen", i);
        uint64_t hash;
        cr_assert_eq(kundig__stem_hash(&fixture->stemmer, KUNDIG__LANGUAGE_DE,
                                       kundig__text(word, (size_t)len),
                                       kundig__xxh3(word, (size_t)len), &hash),
                     KUNDIG_OK);
    }
}

Test(stem, grows_its_cache_up_to_a_bound)
{
    stem_fixture fixture;
    stem_begin(&fixture);
    stem_many(&fixture, 0, 2);
    size_t first = fixture.mem.used;
    cr_assert_leq(first, 8192);
    stem_many(&fixture, 2, 60000);
    size_t used = fixture.mem.used;
    cr_assert_gt(used, first);
    cr_assert_leq(used, 1u << 20);
    stem_many(&fixture, 60000, 120000);
    cr_assert_eq(fixture.mem.used, used);
    stem_end(&fixture);
}

Test(stem, works_on_where_its_cache_cannot_grow)
{
    stem_fixture fixture;
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem_init(&fixture.mem, &allocator, 9000);
    kundig__stemmer_init(&fixture.stemmer, &fixture.mem);
    stem_many(&fixture, 0, 5000);
    cr_assert_leq(fixture.mem.used, 9000);
    stem_end(&fixture);
}

Test(stem, has_a_print_that_does_not_depend_on_the_cache)
{
    stem_fixture fixture;
    stem_begin(&fixture);
    uint64_t first = 0;
    uint64_t second = 0;
    cr_assert_eq(kundig__stemmer_print(&fixture.stemmer, &first), KUNDIG_OK);
    cr_assert_eq(kundig__stemmer_print(&fixture.stemmer, &second), KUNDIG_OK);
    cr_assert_eq(first, second);
    cr_assert_neq(first, 0);
    stem_end(&fixture);
}

Test(stem, says_so_when_memory_fails)
{
    stem_fixture fixture;
    kundig_text word = kundig__str("delays");
    for (int on = 0; on < 2; on++) {
        int rc = KUNDIG_E_NOMEM;
        for (size_t n = 1; rc != KUNDIG_OK; n++) {
            stem_begin(&fixture);
            probe_shared.allocations = 0;
            probe_shared.fail_at = n;
            probe_shared.fail_on = on;
            uint64_t print = 7;
            rc = kundig__stemmer_print(&fixture.stemmer, &print);
            probe_shared.fail_at = 0;
            cr_assert(rc == KUNDIG_OK || (rc == KUNDIG_E_NOMEM && print == 7));
            cr_assert_eq(kundig__stemmer_print(&fixture.stemmer, &print), KUNDIG_OK);
            stem_end(&fixture);
            cr_assert_eq(probe_shared.live_blocks, 0);
            cr_assert_lt(n, 100);
        }
    }
    /* libstemmer's own. */
    for (int which = 0; which < 2; which++) {
        stem_begin(&fixture);
        stem_fail_new = which == 0;
        stem_fail_stem = which == 1;
        kundig_text stem = kundig__str("before");
        uint64_t hash = 3;
        cr_assert_eq(kundig__stem(&fixture.stemmer, KUNDIG__LANGUAGE_EN, word, &stem),
                     KUNDIG_E_NOMEM);
        cr_assert(kundig__text_equal(stem, kundig__str("before")));
        stem_fail_new = which == 0;
        stem_fail_stem = which == 1;
        int rc = kundig__stem_hash(&fixture.stemmer, KUNDIG__LANGUAGE_EN, word, 1, &hash);
        cr_assert_eq(rc, KUNDIG_E_NOMEM);
        cr_assert_eq(hash, 3);
        cr_assert_eq(kundig__stem(&fixture.stemmer, KUNDIG__LANGUAGE_EN, word, &stem), KUNDIG_OK);
        cr_assert(kundig__text_equal(stem, kundig__str("delay")));
        stem_end(&fixture);
    }
    /* A budget is not a lack. */
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem_init(&fixture.mem, &allocator, 64);
    kundig__stemmer_init(&fixture.stemmer, &fixture.mem);
    kundig_text stem;
    cr_assert_eq(kundig__stem(&fixture.stemmer, KUNDIG__LANGUAGE_EN, word, &stem), KUNDIG_E_LIMIT);
    stem_end(&fixture);
}
