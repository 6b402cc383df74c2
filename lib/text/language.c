/* Which language a sentence and a comment are in.
 *
 * Each sentence adds up the evidence of its words, eighths of a bit in a lane a language and one
 * for all other languages, to which words on no list add a little and letters of other scripts
 * much. A sentence left undecided looks at the letters of the words on no list. The best lane wins;
 * its sureness is what its lead over the second is worth: s = 1 / (1 + 2^-(lead / 2)), half the
 * lead because words depend on each other, never above .999, and unknown below .6 or where the lane
 * of the others leads. A comment is the sum of its sentences; a sure comment adds two bits to those
 * of its sentences that are not sure by themselves. Addresses and handles count for nothing.
 *
 * Invariant: nothing depends on anything but the text.
 * Cost: linear; a few nanoseconds a token, some 50 a word on no list in a sentence left undecided,
 * of which at most 64 are looked at. */
#include "text/language.h"

#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "text/fold.h"
#include "text/language_tables.h"
#include "text/sentence.h"

#define LANGUAGE_SURE         900
#define LANGUAGE_MIXED        985 /* what both of two languages must reach to call it mixed */
#define LANGUAGE_TOLD         600 /* below it a language is not named */
#define LANGUAGE_STRANGE_WORD 6   /* a word on no list, for the other languages */
#define LANGUAGE_SCRIPT       64  /* a word in another script */
#define LANGUAGE_OPENING      64  /* an opening ? or ! speaks for Spanish */
#define LANGUAGE_CONTEXT      48  /* what the comment says of its sentences */
#define LANGUAGE_LETTER_WORDS 64

static const char *const language_codes[KUNDIG__LANGUAGE_COUNT] = {"unknown", "de", "en", "fr",
                                                                   "es",      "pt", "it", "nl"};

/* Codes of ISO 639, and what the seven languages and their speakers call them. */
static const char *const language_names[KUNDIG__LANGUAGE_COUNT] = {
    NULL,
    "de deu ger german deutsch allemand alemán aleman alemão alemao tedesco duits",
    "en eng english englisch anglais inglés ingles inglês inglese engels",
    "fr fra fre french französisch franzoesisch franzosisch français francais francés frances "
    "francês francese frans",
    "es spa spanish spanisch espagnol español espanol espanhol spagnolo spaans castellano "
    "castilian",
    "pt por portuguese portugiesisch portugais portugués portugues português portoghese portugees",
    "it ita italian italienisch italien italiano italiaans",
    "nl nld dut dutch niederländisch niederlaendisch niederlandisch néerlandais neerlandais "
    "neerlandés neerlandes neerlandês olandese nederlands flemish flämisch flaemisch flamand "
    "vlaams holländisch hollandais holandés holandês",
};

const char *kundig__language_name(int language)
{
    return language_codes[language];
}

/* Equal but for case, of ASCII and Latin-1; pattern is in lower case. */
static bool language_is_named(kundig_text name, const char *pattern, size_t len)
{
    if (name.len != len) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)name.data[i];
        if (c >= 'A' && c <= 'Z') {
            c = (unsigned char)(c + 'a' - 'A');
        } else if (i > 0 && (unsigned char)name.data[i - 1] == 0xC3 && c >= 0x80 && c <= 0x9E &&
                   c != 0x97) {
            c = (unsigned char)(c + 0x20);
        }
        if (c != (unsigned char)pattern[i]) {
            return false;
        }
    }
    return true;
}

int kundig__language_find(kundig_text name)
{
    /* What stands behind a name is a region, a script or a charset: pt-BR, en_US.UTF-8. */
    size_t end = 0;
    while (end < name.len && !memchr("-_.@(/", name.data[end], 6)) {
        end++;
    }
    name = kundig__text_trim(kundig__text(name.data, end));
    for (int language = 1; language < KUNDIG__LANGUAGE_COUNT; language++) {
        for (const char *known = language_names[language]; *known;) {
            size_t len = strcspn(known, " ");
            if (language_is_named(name, known, len)) {
                return language;
            }
            known += len + strspn(known + len, " ");
        }
    }
    return KUNDIG__LANGUAGE_UNKNOWN;
}

/* ---- Evidence ---- */

/* What the words of a sentence tell, until it ends. */
typedef struct language_sum {
    language_lanes lanes;
    uint32_t carry;   /* how many more fit in them */
    uint32_t strange; /* words on no list, in Latin letters */
    int64_t scores[KUNDIG__LANGUAGE_COUNT];
} language_sum;

static void language_flush(language_sum *sum)
{
    for (int i = 0; i < KUNDIG__LANGUAGE_COUNT / 2; i++) {
        sum->scores[2 * i] += (int64_t)(sum->lanes.even >> (16 * i) & 0xFFFF);
        sum->scores[2 * i + 1] += (int64_t)(sum->lanes.odd >> (16 * i) & 0xFFFF);
    }
    sum->lanes = (language_lanes){0, 0};
    sum->carry = LANGUAGE_CARRY;
}

static inline void language_add(language_sum *sum, const kundig__languages *languages,
                                uint32_t pattern)
{
    sum->lanes.even += languages->patterns[pattern].even;
    sum->lanes.odd += languages->patterns[pattern].odd;
    if (--sum->carry == 0) {
        language_flush(sum);
    }
}

/* The top bits of the apostrophes among the first seven bytes of a folded token and, if it is
 * shorter, of what stands behind; there is padding behind all. */
static inline uint64_t language_apostrophes(const char *folded)
{
    uint64_t marks = fold_load(folded, 8) ^ (FOLD_ONES * '\'');
    return (marks - FOLD_ONES) & ~marks & (FOLD_TOPS >> 8);
}

/* Two words with an apostrophe between them, not listed together: l'ascenseur, dell'ordine,
 * company's. The first counts with its apostrophe or without; true if either word is known. */
static bool language_elided(const kundig__languages *languages, language_sum *sum, const char *word,
                            size_t len)
{
    uint64_t marks = language_apostrophes(word);
    size_t apostrophe = marks ? fold_first(marks) : 0;
    if (apostrophe == 0 || apostrophe + 1 >= len) {
        return false;
    }
    uint32_t first = language_pattern(languages, kundig__xxh3(word, apostrophe + 1));
    if (!first) {
        first = language_pattern(languages, kundig__xxh3(word, apostrophe));
    }
    size_t rest = apostrophe + 1;
    uint32_t second = language_pattern(languages, kundig__xxh3(word + rest, len - rest));
    language_add(sum, languages, first);
    language_add(sum, languages, second);
    return first || second;
}

/* An opening question or exclamation mark at either end of a symbol. */
static bool language_opens(const char *symbol, size_t len)
{
    if (len < 2) {
        return false;
    }
    const char *last = symbol + len - 2;
    return (symbol[0] == '\xC2' && (symbol[1] == '\xBF' || symbol[1] == '\xA1')) ||
           (last[0] == '\xC2' && (last[1] == '\xBF' || last[1] == '\xA1'));
}

/* A token on no list that is not plain Latin letters. Words among them were counted as strange. */
static void language_odd(const kundig__languages *languages, const kundig__scratch *scratch,
                         const kundig__token *token, language_sum *sum)
{
    const char *folded = scratch->folded + token->folded;
    size_t len = token->folded_len;
    unsigned char lead = (unsigned char)folded[0];
    /* Latin letters end at U+024F and go on at U+1E00 to U+1EFF. */
    bool latin = lead < 0xCD || (lead == 0xE1 && len > 1 && (unsigned char)folded[1] >= 0xB8 &&
                                 (unsigned char)folded[1] <= 0xBB);
    if (token->kind == KUNDIG__TOKEN_SYMBOL) {
        sum->scores[KUNDIG__LANGUAGE_ES] += language_opens(folded, len) ? LANGUAGE_OPENING : 0;
    } else if (token->kind == KUNDIG__TOKEN_CJK) {
        sum->scores[KUNDIG__LANGUAGE_UNKNOWN] += LANGUAGE_SCRIPT;
    } else if (token->kind == KUNDIG__TOKEN_WORD && !latin) {
        sum->scores[KUNDIG__LANGUAGE_UNKNOWN] += LANGUAGE_SCRIPT;
        sum->strange--;
    } else if (token->kind == KUNDIG__TOKEN_WORD && language_elided(languages, sum, folded, len)) {
        sum->strange--;
    }
}

static inline void language_token(const kundig__languages *languages,
                                  const kundig__scratch *scratch, const kundig__token *token,
                                  language_sum *sum)
{
    /* Whether a word is on a list cannot be foreseen, so no branch asks that alone. */
    const char *folded = scratch->folded + token->folded;
    uint32_t word = token->kind == KUNDIG__TOKEN_WORD;
    uint32_t pattern = language_pattern(languages, token->hash) & (0 - word);
    uint32_t strange = pattern == 0;
    uint32_t high = ((unsigned char)folded[0] >= 0xC0) & ((unsigned char)folded[0] != 0xC3);
    language_add(sum, languages, pattern);
    sum->strange += word & strange;
    if (strange & (high | (language_apostrophes(folded) != 0))) {
        language_odd(languages, scratch, token, sum);
    }
}

/* Add up the letters of the words that stand on no list. */
static void language_spelling(const kundig__languages *languages, const kundig__scratch *scratch,
                              kundig__sentence *sentence)
{
    uint32_t seen = 0;
    for (size_t i = sentence->first; i < sentence->end && seen < LANGUAGE_LETTER_WORDS; i++) {
        const kundig__token *token = &scratch->tokens[i];
        if (token->kind == KUNDIG__TOKEN_WORD && !language_pattern(languages, token->hash)) {
            kundig__language_letters(languages, scratch->folded + token->folded, token->folded_len,
                                     sentence->scores);
            seen++;
        }
    }
}

/* What a lead over the second, in eighths of a bit, is worth in thousandths. */
static uint32_t language_worth(int64_t lead)
{
    /* 1000 / (1 + 2^-(i / 4)) */
    static const uint16_t worth[] = {500, 543, 586, 627, 667, 704, 739, 771, 800, 826,
                                     850, 871, 889, 905, 919, 931, 941, 950, 958, 964,
                                     970, 974, 978, 982, 985, 987, 989, 991, 992, 993,
                                     994, 995, 996, 997, 997, 998, 998, 998, 999};
    size_t step = lead < 0 ? 0 : (size_t)lead / 4;
    size_t last = sizeof worth / sizeof *worth - 1;
    return worth[step < last ? step : last];
}

/* The language whose lane leads, and how surely. */
static int32_t language_best(const int64_t *scores, uint32_t *sureness)
{
    /* Score and lane in one number, so that no branch depends on who leads. */
    int64_t best = scores[0] * KUNDIG__LANGUAGE_COUNT;
    int64_t second = INT64_MIN;
    for (int language = 1; language < KUNDIG__LANGUAGE_COUNT; language++) {
        int64_t key = scores[language] * KUNDIG__LANGUAGE_COUNT + language;
        int64_t less = key < best ? key : best;
        best = key < best ? best : key;
        second = less < second ? second : less;
    }
    int32_t language = (int32_t)(best & (KUNDIG__LANGUAGE_COUNT - 1));
    *sureness = language_worth((best - second) / KUNDIG__LANGUAGE_COUNT);
    if (language == KUNDIG__LANGUAGE_UNKNOWN || *sureness < LANGUAGE_TOLD) {
        *sureness = 0;
        return KUNDIG__LANGUAGE_UNKNOWN;
    }
    return language;
}

void kundig__spoken_init(kundig__spoken *spoken, kundig__mem *mem)
{
    memset(spoken, 0, sizeof *spoken);
    spoken->mem = mem;
}

void kundig__spoken_free(kundig__spoken *spoken)
{
    kundig__free(spoken->mem, spoken->sentences,
                 spoken->sentence_capacity * sizeof *spoken->sentences);
    kundig__spoken_init(spoken, spoken->mem);
}

/* A sentence of tokens [first, end) has ended. false on failure of memory. */
static bool language_end(const kundig__languages *languages, const kundig__scratch *scratch,
                         size_t first, size_t end, language_sum *sum, kundig__spoken *spoken)
{
    if (!kundig__grow(spoken->mem, (void **)&spoken->sentences, &spoken->sentence_capacity,
                      spoken->sentence_count + 1, sizeof *spoken->sentences)) {
        return false;
    }
    kundig__sentence *sentence = &spoken->sentences[spoken->sentence_count++];
    sentence->first = (uint32_t)first;
    sentence->end = (uint32_t)end;
    language_flush(sum);
    sum->scores[KUNDIG__LANGUAGE_UNKNOWN] += (int64_t)sum->strange * LANGUAGE_STRANGE_WORD;
    memcpy(sentence->scores, sum->scores, sizeof sum->scores);
    sentence->language = language_best(sentence->scores, &sentence->sureness);
    if (sum->strange && sentence->sureness < LANGUAGE_SURE) {
        language_spelling(languages, scratch, sentence);
        sentence->language = language_best(sentence->scores, &sentence->sureness);
    }
    sum->strange = 0;
    memset(sum->scores, 0, sizeof sum->scores);
    return true;
}

/* Add up the sentences, and let a sure comment speak for those that are not sure by themselves. */
static void language_conclude(kundig__spoken *spoken)
{
    int64_t scores[KUNDIG__LANGUAGE_COUNT] = {0};
    int32_t found = KUNDIG__LANGUAGE_UNKNOWN; /* that some sentence is surely in */
    spoken->mixed = false;
    for (size_t i = 0; i < spoken->sentence_count; i++) {
        const kundig__sentence *sentence = &spoken->sentences[i];
        for (int language = 0; language < KUNDIG__LANGUAGE_COUNT; language++) {
            scores[language] += sentence->scores[language];
        }
        if (sentence->sureness >= LANGUAGE_MIXED) {
            spoken->mixed = spoken->mixed || (found && found != sentence->language);
            found = sentence->language;
        }
    }
    spoken->language = language_best(scores, &spoken->sureness);
    if (spoken->sureness < LANGUAGE_SURE) {
        return;
    }
    for (size_t i = 0; i < spoken->sentence_count; i++) {
        kundig__sentence *sentence = &spoken->sentences[i];
        if (sentence->sureness < LANGUAGE_SURE) {
            sentence->scores[spoken->language] += LANGUAGE_CONTEXT;
            sentence->language = language_best(sentence->scores, &sentence->sureness);
        }
    }
}

bool kundig__language_read(const kundig__languages *languages, const kundig__scratch *scratch,
                           const char *text, size_t len, kundig__spoken *spoken)
{
    (void)len;
    sentence_state state = {.languages = languages, .scratch = scratch, .text = text};
    language_sum sum = {.carry = LANGUAGE_CARRY};
    size_t first = 0;
    spoken->sentence_count = 0;
    for (size_t i = 0; i < scratch->token_count; i++) {
        if (sentence_begins(&state, i) && i > first) {
            if (!language_end(languages, scratch, first, i, &sum, spoken)) {
                return false;
            }
            first = i;
        }
        language_token(languages, scratch, &scratch->tokens[i], &sum);
    }
    if (scratch->token_count > first &&
        !language_end(languages, scratch, first, scratch->token_count, &sum, spoken)) {
        return false;
    }
    language_conclude(spoken);
    return true;
}
