/* The tables behind language.c, made once of the lists in language_words.c.
 *
 * A word's evidence for a language is log2(p / 2^-17): p by its tier there, 2^-17 what a word off
 * the list is given. So a word that one language uses tells much, a word of all tells nothing, and
 * no number was fitted to anybody's comments. Without its accents a word tells two bits less.
 * Letters come from the same lists: three in a row, accents dropped and word ends included, and
 * letters with accents; smoothed towards all lists together.
 *
 * Invariant: immutable once made; every word has a slot to itself, found in one look.
 * Cost: some milliseconds and 400 KiB, while being made 2 MiB; a look-up touches a cache line of
 * 4 KiB, one of 64 KiB and one of the few KiB of patterns. */
#include "text/language_tables.h"

#include <assert.h>
#include <string.h>

#include "base/hash.h"
#include "text/language_words.h"

#define LANES_OTHER_CHANCE 20 /* a known word in another language: a loan, a name */
#define LANES_OTHER_LESS   16 /* none of the other languages is as common as the seven */
#define LANES_BARE_LESS    16 /* written without its accents */
#define LANES_WORD_MOST    (LANGUAGE_SLOT_COUNT / 8 * 7)
#define LANES_SALT         UINT64_C(0x9E3779B97F4A7C15) /* keeps abbreviations apart from words */
#define LETTERS_WORD_MOST  48 /* of a word; what stands behind is not looked at */
#define LETTERS_APOSTROPHE 27
#define LETTERS_STRANGE    28
#define LETTERS_EVEN       UINT64_C(0x00FF00FF00FF00FF)
#define LETTERS_TRIPLES    4096 /* kinds to expect in a language */
#define LETTERS_SINGLES    1024

static const uint8_t lanes_of_tier[LANGUAGE_TIER_COUNT] = {88, 64, 40};

/* U+00DF to U+00FF and U+0100 to U+017F without accents; '?' is no Latin letter of its own. */
static const char letters_bare[LANGUAGE_LETTER_COUNT + 1] =
    "s"
    "aaaaaaaceeeeiiiidnooooo?ouuuuyty"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllllllln"
    "nnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

/* What the tables are made of. */
typedef struct language_build {
    kundig__languages *languages;
    kundig__buf bare;
    /* words by their hashes, in the order they came */
    uint64_t hashes[LANES_WORD_MOST];
    language_lanes lanes[LANES_WORD_MOST];
    uint32_t found[LANGUAGE_SLOT_COUNT]; /* open addressing: number of a word, from 1 */
    /* words that share a step: numbers from 1, the next of each, how many */
    uint32_t heads[LANGUAGE_STEP_COUNT];
    uint32_t next[LANES_WORD_MOST];
    uint32_t sharing[LANGUAGE_STEP_COUNT];
    /* letters */
    uint32_t triples[LANGUAGE_TRIPLE_COUNT][KUNDIG__LANGUAGE_COUNT];
    uint32_t triple_totals[KUNDIG__LANGUAGE_COUNT];
    uint32_t letters[LANGUAGE_LETTER_COUNT][KUNDIG__LANGUAGE_COUNT];
    uint32_t letter_totals[KUNDIG__LANGUAGE_COUNT]; /* of all letters */
} language_build;

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

static void letters_count(language_build *build, int language, const char *word, size_t len)
{
    uint32_t classes[LETTERS_WORD_MOST + 2];
    uint32_t codes[LETTERS_WORD_MOST + 2];
    size_t count = letters_classes(word, len, classes, codes);
    for (size_t i = 0; i + 2 < count; i++) {
        build->triples[classes[i] << 10 | classes[i + 1] << 5 | classes[i + 2]][language]++;
        build->triple_totals[language]++;
    }
    for (size_t i = 1; i + 1 < count; i++) {
        if (letters_is_special(codes[i])) {
            build->letters[codes[i] - LANGUAGE_LETTER_FIRST][language]++;
        }
        build->letter_totals[language]++;
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
    language_lanes sum = {0, 0};
    int32_t added = 0; /* at most 2 * LETTERS_WORD_MOST of at most 127 */
    for (size_t i = 0; i + 2 < count; i++, added++) {
        uint64_t lanes =
            languages->triples[classes[i] << 10 | classes[i + 1] << 5 | classes[i + 2]];
        sum.even += lanes & LETTERS_EVEN;
        sum.odd += lanes >> 8 & LETTERS_EVEN;
    }
    for (size_t i = 1; i + 1 < count; i++) {
        if (letters_is_special(codes[i])) {
            uint64_t lanes = languages->letters[codes[i] - LANGUAGE_LETTER_FIRST];
            sum.even += lanes & LETTERS_EVEN;
            sum.odd += lanes >> 8 & LETTERS_EVEN;
            added++;
        }
    }
    /* Neighbouring threes share letters: count them half; and no word tells more than a listed
     * one. */
    for (int language = 0; language < KUNDIG__LANGUAGE_COUNT; language++) {
        uint64_t side = language % 2 ? sum.odd : sum.even;
        int32_t half =
            ((int32_t)(side >> (16 * (language / 2)) & 0xFFFF) - added * LANGUAGE_BIAS) / 2;
        scores[language] += half > 40 ? 40 : half < -40 ? -40 : half;
    }
}

/* ---- Words ---- */

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
static void lanes_raise(language_build *build, uint64_t hash, int language, uint32_t weight)
{
    size_t at = (size_t)(hash % LANGUAGE_SLOT_COUNT);
    while (build->found[at] != 0 && build->hashes[build->found[at] - 1] != hash) {
        at = (at + 1) % LANGUAGE_SLOT_COUNT;
    }
    if (build->found[at] == 0) {
        assert(build->languages->word_count < LANES_WORD_MOST);
        uint32_t number = build->languages->word_count++;
        build->hashes[number] = hash;
        build->lanes[number] = (language_lanes){LANES_OTHER_CHANCE, 0};
        build->found[at] = number + 1;
    }
    language_lanes *lanes = &build->lanes[build->found[at] - 1];
    uint64_t *side = language % 2 ? &lanes->odd : &lanes->even;
    int shift = 16 * (language / 2);
    if ((*side >> shift & 0xFFFF) < weight) {
        *side = (*side & ~(UINT64_C(0xFFFF) << shift)) | (uint64_t)weight << shift;
    }
}

/* Give the words that share a step a slot each: the first step that leads all of them to empty
 * slots. false if none does. */
static bool lanes_settle(language_build *build, uint32_t shared)
{
    kundig__languages *languages = build->languages;
    for (uint32_t step = 0; step <= UINT8_MAX; step++) {
        uint32_t taken = 0; /* slots filled so far */
        uint32_t word = build->heads[shared];
        for (; word != 0; word = build->next[word - 1], taken++) {
            uint64_t hash = build->hashes[word - 1];
            uint32_t *slot = &languages->slots[language_slot(hash, step)];
            if (*slot != 0) {
                break;
            }
            *slot = (uint32_t)hash << LANGUAGE_PATTERN_BITS |
                    lanes_pattern(languages, build->lanes[word - 1]);
        }
        languages->steps[shared] = (uint8_t)step;
        if (word == 0) {
            return true;
        }
        for (word = build->heads[shared]; taken > 0; word = build->next[word - 1], taken--) {
            languages->slots[language_slot(build->hashes[word - 1], step)] = 0;
        }
    }
    return false;
}

/* Give every word its slot: those that share a step with many first, while there is much room. */
static bool lanes_place(language_build *build)
{
    uint32_t most = 0;
    for (uint32_t i = 0; i < build->languages->word_count; i++) {
        uint32_t shared = (uint32_t)(build->hashes[i] >> (64 - LANGUAGE_STEP_BITS));
        build->next[i] = build->heads[shared];
        build->heads[shared] = i + 1;
        build->sharing[shared]++;
        most = build->sharing[shared] > most ? build->sharing[shared] : most;
    }
    for (; most > 0; most--) {
        for (uint32_t shared = 0; shared < LANGUAGE_STEP_COUNT; shared++) {
            if (build->sharing[shared] == most && !lanes_settle(build, shared)) {
                return false;
            }
        }
    }
    return true;
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

static void lanes_add(language_build *build, int language, int tier, kundig_text word)
{
    kundig__buf *bare = &build->bare;
    uint32_t weight = lanes_of_tier[tier];
    if (language == KUNDIG__LANGUAGE_UNKNOWN) {
        weight -= LANES_OTHER_LESS;
    }
    lanes_raise(build, kundig__xxh3(word.data, word.len), language, weight);
    letters_count(build, language, word.data, word.len);
    if (lanes_bare(word.data, word.len, false, bare)) {
        lanes_raise(build, kundig__xxh3(bare->data, bare->len), language, weight - LANES_BARE_LESS);
    }
    if (language == KUNDIG__LANGUAGE_DE && lanes_bare(word.data, word.len, true, bare)) {
        lanes_raise(build, kundig__xxh3(bare->data, bare->len), language, weight);
        letters_count(build, language, bare->data, bare->len);
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

static void letters_make(const language_build *build)
{
    kundig__languages *languages = build->languages;
    /* Most threes stand nowhere: none is 0 0 0, an empty word. */
    static const uint32_t none[KUNDIG__LANGUAGE_COUNT];
    uint64_t nowhere = letters_lanes(none, build->triple_totals, LETTERS_TRIPLES);
    for (size_t i = 0; i < LANGUAGE_TRIPLE_COUNT; i++) {
        languages->triples[i] =
            memcmp(build->triples[i], none, sizeof none) == 0
                ? nowhere
                : letters_lanes(build->triples[i], build->triple_totals, LETTERS_TRIPLES);
    }
    for (size_t i = 0; i < LANGUAGE_LETTER_COUNT; i++) {
        languages->letters[i] =
            letters_lanes(build->letters[i], build->letter_totals, LETTERS_SINGLES);
    }
}

kundig__languages *kundig__languages_new(kundig__mem *mem)
{
    bool made = false;
    kundig__languages *languages = kundig__alloc_zero(mem, sizeof *languages);
    language_build *build = kundig__alloc_zero(mem, sizeof *build);
    if (!build || !languages) {
        goto done;
    }
    build->languages = languages;
    kundig__buf_init(&build->bare, mem);
    languages->pattern_count = 1;
    for (size_t i = 0; i < kundig__language_list_count; i++) {
        const kundig__language_list *list = &kundig__language_lists[i];
        const char *words = list->words;
        for (kundig_text word = lanes_next(&words); word.data; word = lanes_next(&words)) {
            lanes_add(build, list->language, list->tier, word);
        }
    }
    const char *words = kundig__language_abbreviations;
    for (kundig_text word = lanes_next(&words); word.data; word = lanes_next(&words)) {
        lanes_raise(build, kundig__xxh3(word.data, word.len) ^ LANES_SALT, KUNDIG__LANGUAGE_UNKNOWN,
                    1);
    }
    letters_make(build);
    made = !build->bare.failed && lanes_place(build);
    kundig__buf_free(&build->bare);
done:
    kundig__free(mem, build, sizeof *build);
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
