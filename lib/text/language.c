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
#define LANGUAGE_FLUSH        256 /* words whose lanes fit in 16 bits */
#define LANES_EVEN            UINT64_C(0x00FF00FF00FF00FF)

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

typedef struct language_sum {
    uint64_t even; /* lanes 0, 2, 4, 6 at 16 bits each */
    uint64_t odd;
    uint32_t pending; /* words in them */
    uint32_t strange; /* words on no list, in Latin letters */
    int64_t *scores;  /* of the sentence */
} language_sum;

static void language_flush(language_sum *sum)
{
    for (int i = 0; i < KUNDIG__LANGUAGE_COUNT / 2; i++) {
        sum->scores[2 * i] += (int64_t)(sum->even >> (16 * i) & 0xFFFF);
        sum->scores[2 * i + 1] += (int64_t)(sum->odd >> (16 * i) & 0xFFFF);
    }
    sum->even = 0;
    sum->odd = 0;
    sum->pending = 0;
}

static inline void language_add(language_sum *sum, uint64_t lanes)
{
    sum->even += lanes & LANES_EVEN;
    sum->odd += lanes >> 8 & LANES_EVEN;
    if (++sum->pending == LANGUAGE_FLUSH) {
        language_flush(sum);
    }
}

/* Where the apostrophe of a word stands, among its first seven bytes; 0 if nowhere. */
static inline size_t language_apostrophe(const char *word, size_t len)
{
    uint64_t marks = fold_load(word, len) ^ (FOLD_ONES * '\'');
    marks = (marks - FOLD_ONES) & ~marks & FOLD_TOPS & (FOLD_TOPS >> 8);
    if (len < 8) {
        marks &= (UINT64_C(1) << (8 * len)) - 1;
    }
    return marks ? fold_first(marks) : 0;
}

/* Two words with an apostrophe between them, not listed together: l'ascenseur, dell'ordine,
 * company's. The first counts with its apostrophe or without; true if either word is known. */
static bool language_elided(const kundig__languages *languages, language_sum *sum, const char *word,
                            size_t len, size_t apostrophe)
{
    uint64_t first = language_lanes(languages, kundig__xxh3(word, apostrophe + 1));
    if (!first) {
        first = language_lanes(languages, kundig__xxh3(word, apostrophe));
    }
    size_t rest = apostrophe + 1;
    uint64_t second = language_lanes(languages, kundig__xxh3(word + rest, len - rest));
    language_add(sum, first);
    language_add(sum, second);
    return first || second;
}

/* A word on no list: another script, or one lane of the others a little. */
static void language_strange(const kundig__languages *languages, language_sum *sum,
                             const char *word, size_t len)
{
    unsigned char lead = (unsigned char)word[0];
    /* Latin letters end at U+024F and go on at U+1E00 to U+1EFF. */
    if (lead >= 0xCD && !(lead == 0xE1 && len > 1 && (unsigned char)word[1] >= 0xB8 &&
                          (unsigned char)word[1] <= 0xBB)) {
        sum->scores[KUNDIG__LANGUAGE_UNKNOWN] += LANGUAGE_SCRIPT;
        return;
    }
    size_t apostrophe = language_apostrophe(word, len);
    if (apostrophe && apostrophe + 1 < len &&
        language_elided(languages, sum, word, len, apostrophe)) {
        return;
    }
    sum->scores[KUNDIG__LANGUAGE_UNKNOWN] += LANGUAGE_STRANGE_WORD;
    sum->strange++;
}

/* An opening question or exclamation mark at either end of a symbol. */
static inline bool language_opens(const char *symbol, size_t len)
{
    if (len < 2) {
        return false;
    }
    const char *last = symbol + len - 2;
    return (symbol[0] == '\xC2' && (symbol[1] == '\xBF' || symbol[1] == '\xA1')) ||
           (last[0] == '\xC2' && (last[1] == '\xBF' || last[1] == '\xA1'));
}

/* Add up the words of a sentence; how many of them stand on no list. */
static uint32_t language_words(const kundig__languages *languages, const kundig__scratch *scratch,
                               const char *text, kundig__sentence *sentence)
{
    language_sum held = {.scores = sentence->scores};
    language_sum *sum = &held;
    for (size_t i = sentence->first; i < sentence->end; i++) {
        const kundig__token *token = &scratch->tokens[i];
        if (token->kind == KUNDIG__TOKEN_WORD) {
            uint64_t lanes = language_lanes(languages, token->hash);
            if (lanes) {
                language_add(sum, lanes);
            } else {
                language_strange(languages, sum, scratch->folded + token->folded,
                                 token->folded_len);
            }
        } else if (token->kind == KUNDIG__TOKEN_SYMBOL) {
            if (language_opens(text + token->start, token->end - token->start)) {
                sum->scores[KUNDIG__LANGUAGE_ES] += LANGUAGE_OPENING;
            }
        } else if (token->kind == KUNDIG__TOKEN_CJK) {
            sum->scores[KUNDIG__LANGUAGE_UNKNOWN] += LANGUAGE_SCRIPT;
        }
    }
    language_flush(sum);
    return sum->strange;
}

/* Add up the letters of the words that stand on no list. */
static void language_spelling(const kundig__languages *languages, const kundig__scratch *scratch,
                              kundig__sentence *sentence)
{
    uint32_t seen = 0;
    for (size_t i = sentence->first; i < sentence->end && seen < LANGUAGE_LETTER_WORDS; i++) {
        const kundig__token *token = &scratch->tokens[i];
        if (token->kind == KUNDIG__TOKEN_WORD && !language_lanes(languages, token->hash)) {
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
    int best = 0;
    int64_t second = INT64_MIN;
    for (int language = 1; language < KUNDIG__LANGUAGE_COUNT; language++) {
        if (scores[language] > scores[best]) {
            second = scores[best];
            best = language;
        } else if (scores[language] > second) {
            second = scores[language];
        }
    }
    *sureness = language_worth(scores[best] - second);
    if (best == KUNDIG__LANGUAGE_UNKNOWN || *sureness < LANGUAGE_TOLD) {
        *sureness = 0;
        return KUNDIG__LANGUAGE_UNKNOWN;
    }
    return best;
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

bool kundig__language_read(const kundig__languages *languages, const kundig__scratch *scratch,
                           const char *text, size_t len, kundig__spoken *spoken)
{
    if (!kundig__sentences_find(languages, scratch, text, len, spoken)) {
        return false;
    }
    int64_t scores[KUNDIG__LANGUAGE_COUNT] = {0};
    int32_t first = KUNDIG__LANGUAGE_UNKNOWN; /* that some sentence is surely in */
    spoken->mixed = false;
    for (size_t i = 0; i < spoken->sentence_count; i++) {
        kundig__sentence *sentence = &spoken->sentences[i];
        uint32_t strange = language_words(languages, scratch, text, sentence);
        sentence->language = language_best(sentence->scores, &sentence->sureness);
        if (strange && sentence->sureness < LANGUAGE_SURE) {
            language_spelling(languages, scratch, sentence);
            sentence->language = language_best(sentence->scores, &sentence->sureness);
        }
        for (int language = 0; language < KUNDIG__LANGUAGE_COUNT; language++) {
            scores[language] += sentence->scores[language];
        }
        if (sentence->sureness >= LANGUAGE_MIXED) {
            spoken->mixed = spoken->mixed || (first && first != sentence->language);
            first = sentence->language;
        }
    }
    spoken->language = language_best(scores, &spoken->sureness);
    if (spoken->sureness < LANGUAGE_SURE) {
        return true;
    }
    for (size_t i = 0; i < spoken->sentence_count; i++) {
        kundig__sentence *sentence = &spoken->sentences[i];
        if (sentence->sureness < LANGUAGE_SURE) {
            sentence->scores[spoken->language] += LANGUAGE_CONTEXT;
            sentence->language = language_best(sentence->scores, &sentence->sureness);
        }
    }
    return true;
}
