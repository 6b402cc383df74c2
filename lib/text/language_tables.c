/* The tables behind language.c, made once of the lists in language_words.c.
 *
 * A word's evidence for a language is log2(p / 2^-17): p by its tier there, 2^-17 what a word off
 * the list is given. So a word that one language uses tells much, a word of all tells nothing, and
 * no number was fitted to anybody's comments. Without its accents a word tells two bits less.
 * Letters come from the same lists: three in a row, accents dropped and word ends included, and
 * letters with accents; smoothed towards all lists together.
 *
 * Invariant: immutable once made; most buckets are not full, so each look-up ends.
 * Cost: some milliseconds and 430 KiB; a look-up touches one cache line of 128 KiB, and one of the
 * few KiB of patterns. */
#include "text/language_tables.h"

#include <string.h>

#include "base/hash.h"
#include "text/language_words.h"

#define LANES_OTHER_CHANCE 20 /* a known word in another language: a loan, a name */
#define LANES_OTHER_LESS   16 /* none of the other languages is as common as the seven */
#define LANES_BARE_LESS    16 /* written without its accents */
#define LANES_SALT         UINT64_C(0x9E3779B97F4A7C15) /* keeps abbreviations apart from words */
#define LETTERS_WORD_MOST  48 /* of a word; what stands behind is not looked at */
#define LETTERS_APOSTROPHE 27
#define LETTERS_STRANGE    28
#define LETTERS_TRIPLES    4096 /* kinds to expect in a language */
#define LETTERS_SINGLES    1024

static const uint8_t lanes_of_tier[LANGUAGE_TIER_COUNT] = {88, 64, 40};

/* U+00DF to U+00FF and U+0100 to U+017F without accents; '?' is no Latin letter of its own. */
static const char letters_bare[LANGUAGE_LETTER_COUNT + 1] =
    "s"
    "aaaaaaaceeeeiiiidnooooo?ouuuuyty"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllllllln"
    "nnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

typedef struct letters_counts {
    uint32_t triples[LANGUAGE_TRIPLE_COUNT][KUNDIG__LANGUAGE_COUNT];
    uint32_t triple_totals[KUNDIG__LANGUAGE_COUNT];
    uint32_t letters[LANGUAGE_LETTER_COUNT][KUNDIG__LANGUAGE_COUNT];
    uint32_t letter_totals[KUNDIG__LANGUAGE_COUNT]; /* of all letters */
} letters_counts;

/* One letter of five bits: a to z from 1, accents dropped. */
static uint32_t letters_class(uint32_t code)
{
    if (code >= LANGUAGE_LETTER_FIRST && code < LANGUAGE_LETTER_FIRST + LANGUAGE_LETTER_COUNT) {
        code = (unsigned char)letters_bare[code - LANGUAGE_LETTER_FIRST];
    }
    if (code >= 'a' && code <= 'z') {
        return code - 'a' + 1;
    }
    return code == '\'' ? LETTERS_APOSTROPHE : LETTERS_STRANGE;
}

/* The letters of a word as classes, with a 0 before and behind; how many with the zeros. */
static size_t letters_classes(const char *word, size_t len, uint32_t *classes, uint32_t *codes)
{
    size_t count = 0;
    classes[count++] = 0;
    for (size_t pos = 0; pos < len && count <= LETTERS_WORD_MOST; count++) {
        pos += kundig__utf8_decode(word + pos, len - pos, &codes[count]);
        classes[count] = letters_class(codes[count]);
    }
    classes[count++] = 0;
    return count;
}

static bool letters_is_special(uint32_t code)
{
    return code >= LANGUAGE_LETTER_FIRST && code < LANGUAGE_LETTER_FIRST + LANGUAGE_LETTER_COUNT;
}

static void letters_count(letters_counts *counts, int language, const char *word, size_t len)
{
    uint32_t classes[LETTERS_WORD_MOST + 2];
    uint32_t codes[LETTERS_WORD_MOST + 2];
    size_t count = letters_classes(word, len, classes, codes);
    for (size_t i = 0; i + 2 < count; i++) {
        counts->triples[classes[i] << 10 | classes[i + 1] << 5 | classes[i + 2]][language]++;
        counts->triple_totals[language]++;
    }
    for (size_t i = 1; i + 1 < count; i++) {
        if (letters_is_special(codes[i])) {
            counts->letters[codes[i] - LANGUAGE_LETTER_FIRST][language]++;
        }
        counts->letter_totals[language]++;
    }
}

/* log2(value) in eighths, rounded down; value is not 0. */
static int32_t letters_log(uint64_t value)
{
    int32_t whole = 0;
    while ((value >> whole) > 1) {
        whole++;
    }
    /* value / 2^whole in [1, 2) against powers of the eighth root of two. */
    static const uint32_t roots[7] = {71468, 77936, 84990, 92682, 101070, 110218, 120194};
    uint64_t mantissa = whole > 16 ? value >> (whole - 16) : value << (16 - whole);
    int32_t eighths = 0;
    while (eighths < 7 && mantissa >= roots[eighths]) {
        eighths++;
    }
    return 8 * whole + eighths;
}

/* What a letter or three letters tell: log2(p_L / q), q the mean of the languages. For other
 * languages p is half what their lists say and half 1 / kinds, so that what nobody writes here
 * speaks for them. */
static uint64_t letters_lanes(const uint32_t *counts, const uint32_t *totals, uint64_t kinds)
{
    /* Shares in units of 2^-30. */
    uint64_t rare = (UINT64_C(1) << 30) / kinds;
    uint64_t share[KUNDIG__LANGUAGE_COUNT];
    uint64_t mean = 0;
    for (int language = 0; language < KUNDIG__LANGUAGE_COUNT; language++) {
        share[language] = ((uint64_t)counts[language] << 30) / (totals[language] + 1);
        mean += language ? share[language] : 0;
    }
    mean = mean / (KUNDIG__LANGUAGE_COUNT - 1) * 9 / 10 + rare / 10 + 1;
    uint64_t lanes = 0;
    for (int language = 0; language < KUNDIG__LANGUAGE_COUNT; language++) {
        uint64_t p = language ? (share[language] * 4 + mean) / 5 : (share[0] + rare) / 2 + 1;
        int32_t bits = letters_log(p) - letters_log(mean) + LANGUAGE_BIAS;
        lanes |= (uint64_t)(bits < 0 ? 0 : bits > 127 ? 127 : bits) << (8 * language);
    }
    return lanes;
}

void kundig__language_letters(const kundig__languages *languages, const char *word, size_t len,
                              int64_t *scores)
{
    uint32_t classes[LETTERS_WORD_MOST + 2];
    uint32_t codes[LETTERS_WORD_MOST + 2];
    size_t count = letters_classes(word, len, classes, codes);
    int32_t sums[KUNDIG__LANGUAGE_COUNT] = {0};
    for (size_t i = 0; i + 2 < count; i++) {
        uint64_t lanes =
            languages->triples[classes[i] << 10 | classes[i + 1] << 5 | classes[i + 2]];
        for (int language = 0; language < KUNDIG__LANGUAGE_COUNT; language++) {
            sums[language] += (int32_t)(lanes >> (8 * language) & 0xFF) - LANGUAGE_BIAS;
        }
    }
    for (size_t i = 1; i + 1 < count; i++) {
        if (letters_is_special(codes[i])) {
            uint64_t lanes = languages->letters[codes[i] - LANGUAGE_LETTER_FIRST];
            for (int language = 0; language < KUNDIG__LANGUAGE_COUNT; language++) {
                sums[language] += (int32_t)(lanes >> (8 * language) & 0xFF) - LANGUAGE_BIAS;
            }
        }
    }
    /* Neighbouring threes share letters: count them half; and no word tells more than a listed
     * one. */
    for (int language = 0; language < KUNDIG__LANGUAGE_COUNT; language++) {
        int32_t half = sums[language] / 2;
        scores[language] += half > 40 ? 40 : half < -40 ? -40 : half;
    }
}

/* ---- Words ---- */

/* The slot of this hash: where it stands or would stand. Buckets fill from their first slot. */
static size_t lanes_slot(const kundig__languages *languages, uint64_t hash)
{
    uint32_t tag = (uint32_t)hash << LANGUAGE_PATTERN_BITS;
    size_t slot = (size_t)(hash >> (64 - LANGUAGE_BUCKET_BITS)) * LANGUAGE_BUCKET_SIZE;
    while (languages->slots[slot] != 0 && language_match(languages->slots[slot], tag) == 0) {
        slot = (slot + 1) % (LANGUAGE_BUCKET_COUNT * LANGUAGE_BUCKET_SIZE);
    }
    return slot;
}

static uint32_t lanes_pattern(kundig__languages *languages, language_lanes lanes)
{
    uint32_t index = 1;
    while (index < languages->pattern_count && (languages->patterns[index].even != lanes.even ||
                                                languages->patterns[index].odd != lanes.odd)) {
        index++;
    }
    if (index == languages->pattern_count) {
        languages->patterns[languages->pattern_count++] = lanes;
    }
    return index;
}

/* Let the word count at least `weight` in this lane. */
static void lanes_raise(kundig__languages *languages, uint64_t hash, int language, uint32_t weight)
{
    size_t slot = lanes_slot(languages, hash);
    uint32_t held = languages->slots[slot];
    language_lanes lanes = {LANES_OTHER_CHANCE, 0};
    if (held) {
        lanes = languages->patterns[held % LANGUAGE_PATTERN_MOST];
    }
    uint64_t *side = language % 2 ? &lanes.odd : &lanes.even;
    int shift = 16 * (language / 2);
    if ((*side >> shift & 0xFFFF) < weight) {
        *side = (*side & ~(UINT64_C(0xFFFF) << shift)) | (uint64_t)weight << shift;
    }
    languages->word_count += held == 0;
    languages->slots[slot] =
        (uint32_t)hash << LANGUAGE_PATTERN_BITS | lanes_pattern(languages, lanes);
}

/* Fold accents away, or write German umlauts as two letters; false if nothing changes. */
static bool lanes_bare(const char *word, size_t len, bool umlauts, kundig__buf *out)
{
    bool changed = false;
    out->len = 0;
    for (size_t pos = 0; pos < len;) {
        uint32_t code;
        size_t size = kundig__utf8_decode(word + pos, len - pos, &code);
        if (!letters_is_special(code) ||
            (umlauts && code != 0xE4 && code != 0xF6 && code != 0xFC)) {
            kundig__buf_add(out, word + pos, size);
        } else {
            kundig__buf_char(out, letters_bare[code - LANGUAGE_LETTER_FIRST]);
            if (umlauts) {
                kundig__buf_char(out, 'e');
            }
            changed = true;
        }
        pos += size;
    }
    return changed && !out->failed;
}

static void lanes_add(kundig__languages *languages, letters_counts *counts, int language, int tier,
                      kundig_text word, kundig__buf *bare)
{
    uint32_t weight = lanes_of_tier[tier];
    if (language == KUNDIG__LANGUAGE_UNKNOWN) {
        weight -= LANES_OTHER_LESS;
    }
    lanes_raise(languages, kundig__xxh3(word.data, word.len), language, weight);
    letters_count(counts, language, word.data, word.len);
    if (lanes_bare(word.data, word.len, false, bare)) {
        lanes_raise(languages, kundig__xxh3(bare->data, bare->len), language,
                    weight - LANES_BARE_LESS);
    }
    if (language == KUNDIG__LANGUAGE_DE && lanes_bare(word.data, word.len, true, bare)) {
        lanes_raise(languages, kundig__xxh3(bare->data, bare->len), language, weight);
        letters_count(counts, language, bare->data, bare->len);
    }
}

/* The next of words parted by blanks, moving *words on; absent at the end. */
static kundig_text lanes_next(const char **words)
{
    size_t len = strcspn(*words, " ");
    kundig_text word = {len ? *words : NULL, len};
    *words += len + strspn(*words + len, " ");
    return word;
}

static void lanes_longest(kundig__languages *languages)
{
    uint32_t run = 0;
    /* Twice around: a run of full buckets may cross the end. */
    for (size_t i = 0; i < 2 * LANGUAGE_BUCKET_COUNT; i++) {
        size_t bucket = i % LANGUAGE_BUCKET_COUNT;
        bool full = languages->slots[bucket * LANGUAGE_BUCKET_SIZE + LANGUAGE_BUCKET_SIZE - 1] != 0;
        run = full ? run + 1 : 0;
        if (run + 1 > languages->most_buckets) {
            languages->most_buckets = run + 1;
        }
    }
}

kundig__languages *kundig__languages_new(kundig__mem *mem)
{
    bool made = false;
    kundig__buf bare;
    kundig__buf_init(&bare, mem);
    letters_counts *counts = kundig__alloc_zero(mem, sizeof *counts);
    kundig__languages *languages = kundig__alloc_zero(mem, sizeof *languages);
    if (!counts || !languages) {
        goto done;
    }
    languages->pattern_count = 1;
    for (size_t i = 0; i < kundig__language_list_count; i++) {
        const kundig__language_list *list = &kundig__language_lists[i];
        const char *words = list->words;
        for (kundig_text word = lanes_next(&words); word.data; word = lanes_next(&words)) {
            lanes_add(languages, counts, list->language, list->tier, word, &bare);
        }
    }
    const char *words = kundig__language_abbreviations;
    for (kundig_text word = lanes_next(&words); word.data; word = lanes_next(&words)) {
        lanes_raise(languages, kundig__xxh3(word.data, word.len) ^ LANES_SALT,
                    KUNDIG__LANGUAGE_UNKNOWN, 1);
    }
    if (bare.failed) {
        goto done;
    }
    /* Most threes stand nowhere: none is 0 0 0, an empty word. */
    uint64_t nowhere = letters_lanes(counts->triples[0], counts->triple_totals, LETTERS_TRIPLES);
    for (size_t i = 0; i < LANGUAGE_TRIPLE_COUNT; i++) {
        static const uint32_t none[KUNDIG__LANGUAGE_COUNT];
        languages->triples[i] =
            memcmp(counts->triples[i], none, sizeof none) == 0
                ? nowhere
                : letters_lanes(counts->triples[i], counts->triple_totals, LETTERS_TRIPLES);
    }
    for (size_t i = 0; i < LANGUAGE_LETTER_COUNT; i++) {
        languages->letters[i] =
            letters_lanes(counts->letters[i], counts->letter_totals, LETTERS_SINGLES);
    }
    lanes_longest(languages);
    made = true;
done:
    kundig__free(mem, counts, sizeof *counts);
    kundig__buf_free(&bare);
    if (!made) {
        kundig__languages_free(languages, mem);
        return NULL;
    }
    return languages;
}

void kundig__languages_free(kundig__languages *languages, kundig__mem *mem)
{
    kundig__free(mem, languages, sizeof *languages);
}

bool kundig__language_is_abbreviation(const kundig__languages *languages, uint64_t hash)
{
    return language_pattern(languages, hash ^ LANES_SALT) != 0;
}
