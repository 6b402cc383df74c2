/* Words of contrast and the clauses that they bring, of a sentence's tokens.
 *
 *   behind    "..., but the queue was long": up to the end of the sentence or the next contrast
 *   conceded  "although it was late, ...": up to the comma
 *   around    "the queue was unfortunately long": the clause that the word stands in
 *   except    "all fine except the queue": as behind; being left out of praise is blame enough
 *
 * Where nothing follows ("It was dear, though.") it is what stands before, back to the comma.
 * "Nothing but", "last but not least" and "not only ... but" part nothing.
 *
 * Invariant: clauses lie within their sentence and hold a word. Cost: a look into a filter a token,
 * and a bounded look back and forth for each word that is on the list. */
#include "why/contrary.h"

#include "base/hash.h"

enum { CONTRARY_BEHIND, CONTRARY_CONCEDED, CONTRARY_AROUND, CONTRARY_EXCEPT };

typedef struct contrary_row {
    int language; /* KUNDIG__LANGUAGE_ */
    int how;
    const char *words; /* folded, parted by one blank */
} contrary_row;

#define CONTRARY_REACH 64u /* tokens of a clause, and looked at before it */

#define EN KUNDIG__LANGUAGE_EN
#define DE KUNDIG__LANGUAGE_DE
#define FR KUNDIG__LANGUAGE_FR
#define ES KUNDIG__LANGUAGE_ES
#define IT KUNDIG__LANGUAGE_IT
#define NL KUNDIG__LANGUAGE_NL
#define PT KUNDIG__LANGUAGE_PT

/* Longer rows stand before those that they begin with. */
static const contrary_row contrary_rows[] = {
    {EN, CONTRARY_BEHIND, "but"},
    {EN, CONTRARY_BEHIND, "only that"},
    {EN, CONTRARY_AROUND, "however"},
    {EN, CONTRARY_AROUND, "unfortunately"},
    {EN, CONTRARY_AROUND, "sadly"},
    {EN, CONTRARY_AROUND, "only complaint"},
    {EN, CONTRARY_AROUND, "only criticism"},
    {EN, CONTRARY_AROUND, "only downside"},
    {EN, CONTRARY_AROUND, "only issue"},
    {EN, CONTRARY_AROUND, "only negative"},
    {EN, CONTRARY_AROUND, "only problem"},
    {EN, CONTRARY_AROUND, "only thing"},
    {EN, CONTRARY_CONCEDED, "although"},
    {EN, CONTRARY_CONCEDED, "though"},
    {EN, CONTRARY_EXCEPT, "except"},
    {EN, CONTRARY_EXCEPT, "apart from"},
    {EN, CONTRARY_EXCEPT, "aside from"},
    {DE, CONTRARY_BEHIND, "aber"},
    {DE, CONTRARY_BEHIND, "nur dass"},
    {DE, CONTRARY_BEHIND, "nur das"},
    {DE, CONTRARY_AROUND, "jedoch"},
    {DE, CONTRARY_AROUND, "allerdings"},
    {DE, CONTRARY_AROUND, "leider"},
    {DE, CONTRARY_AROUND, "schade"},
    {DE, CONTRARY_AROUND, "einziges manko"},
    {DE, CONTRARY_AROUND, "einzige manko"},
    {DE, CONTRARY_AROUND, "einziger kritikpunkt"},
    {DE, CONTRARY_AROUND, "einzige kritikpunkt"},
    {DE, CONTRARY_AROUND, "einziger minuspunkt"},
    {DE, CONTRARY_CONCEDED, "obwohl"},
    {DE, CONTRARY_CONCEDED, "obgleich"},
    {DE, CONTRARY_CONCEDED, "auch wenn"},
    {DE, CONTRARY_EXCEPT, "ausser"},
    {DE, CONTRARY_EXCEPT, "bis auf"},
    {DE, CONTRARY_EXCEPT, "abgesehen von"},
    {FR, CONTRARY_BEHIND, "mais"},
    {FR, CONTRARY_AROUND, "cependant"},
    {FR, CONTRARY_AROUND, "toutefois"},
    {FR, CONTRARY_AROUND, "malheureusement"},
    {FR, CONTRARY_AROUND, "dommage"},
    {FR, CONTRARY_CONCEDED, "bien que"},
    {FR, CONTRARY_CONCEDED, "même si"},
    {FR, CONTRARY_EXCEPT, "sauf"},
    {FR, CONTRARY_EXCEPT, "hormis"},
    {FR, CONTRARY_EXCEPT, "à part"},
    {ES, CONTRARY_BEHIND, "pero"},
    {ES, CONTRARY_AROUND, "sin embargo"},
    {ES, CONTRARY_AROUND, "lamentablemente"},
    {ES, CONTRARY_AROUND, "desafortunadamente"},
    {ES, CONTRARY_CONCEDED, "aunque"},
    {ES, CONTRARY_EXCEPT, "salvo"},
    {ES, CONTRARY_EXCEPT, "excepto"},
    {IT, CONTRARY_BEHIND, "ma"},
    {IT, CONTRARY_AROUND, "però"},
    {IT, CONTRARY_AROUND, "tuttavia"},
    {IT, CONTRARY_AROUND, "purtroppo"},
    {IT, CONTRARY_AROUND, "peccato"},
    {IT, CONTRARY_CONCEDED, "anche se"},
    {IT, CONTRARY_CONCEDED, "sebbene"},
    {IT, CONTRARY_EXCEPT, "tranne"},
    {IT, CONTRARY_EXCEPT, "eccetto"},
    {NL, CONTRARY_BEHIND, "maar"},
    {NL, CONTRARY_AROUND, "echter"},
    {NL, CONTRARY_AROUND, "helaas"},
    {NL, CONTRARY_AROUND, "jammer"},
    {NL, CONTRARY_CONCEDED, "hoewel"},
    {NL, CONTRARY_EXCEPT, "behalve"},
    {PT, CONTRARY_BEHIND, "mas"},
    {PT, CONTRARY_AROUND, "porém"},
    {PT, CONTRARY_AROUND, "infelizmente"},
    {PT, CONTRARY_CONCEDED, "embora"},
    {PT, CONTRARY_EXCEPT, "exceto"},
};

/* Before "but" these make it part nothing. */
static const char *const contrary_not_before[] = {
    "nothing", "anything", "none", "nobody", "all",    "everything", "everyone",
    "one",     "last",     "help", "noone",  "no-one", "alles"};

/* "not only": with these in the sentence before it, what follows is praise as well. */
static const char *const contrary_only[] = {"only", "just", "merely",    "simply", "nur", "allein",
                                            "solo", "sólo", "seulement", "alleen", "só"};
static const char *const contrary_nots[] = {"not", "nicht", "non", "no", "niet", "não"};

void kundig__contraries_init(kundig__contraries *words)
{
    memset(words, 0, sizeof *words);
    words->count = sizeof contrary_rows / sizeof *contrary_rows;
    for (size_t i = 0; i < words->count; i++) {
        const char *row = contrary_rows[i].words;
        uint64_t hash = kundig__xxh3(row, strcspn(row, " "));
        words->hashes[i] = hash;
        words->filter[hash >> 6 & 3] |= UINT64_C(1) << (hash & 63);
    }
}

static bool contrary_may_be(const kundig__contraries *words, const kundig__token *token)
{
    return words->filter[token->hash >> 6 & 3] >> (token->hash & 63) & 1;
}

bool kundig__contraries_any(const kundig__contraries *words, const kundig__scratch *scratch)
{
    for (size_t at = 0; at < scratch->token_count; at++) {
        const kundig__token *token = &scratch->tokens[at];
        for (size_t i = 0; contrary_may_be(words, token) && i < words->count; i++) {
            if (words->hashes[i] == token->hash) {
                return true;
            }
        }
    }
    return false;
}

static bool contrary_is(const kundig__scratch *scratch, uint32_t at, const char *word, size_t len)
{
    const kundig__token *token = &scratch->tokens[at];
    return token->kind == KUNDIG__TOKEN_WORD && token->folded_len == len &&
           memcmp(scratch->folded + token->folded, word, len) == 0;
}

static bool contrary_is_any(const kundig__scratch *scratch, uint32_t at, const char *const *list,
                            size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (contrary_is(scratch, at, list[i], strlen(list[i]))) {
            return true;
        }
    }
    return false;
}

/* The row of words that begins at a token, and how many tokens it has; NULL: none. */
static const contrary_row *contrary_at(const kundig__contraries *words,
                                       const kundig__scratch *scratch, uint32_t at, uint32_t end,
                                       int language, uint32_t *length)
{
    if (!contrary_may_be(words, &scratch->tokens[at])) {
        return NULL;
    }
    for (size_t i = 0; i < words->count; i++) {
        const contrary_row *row = &contrary_rows[i];
        bool spoken = language == KUNDIG__LANGUAGE_UNKNOWN
                          ? row->language == EN || row->language == DE
                          : row->language == language;
        const char *word = row->words;
        uint32_t token = at;
        bool same = spoken && words->hashes[i] == scratch->tokens[at].hash;
        while (same && *word) {
            size_t len = strcspn(word, " ");
            same = token < end && contrary_is(scratch, token, word, len);
            word += len + (word[len] == ' ');
            token++;
        }
        if (same) {
            *length = token - at;
            return row;
        }
    }
    return NULL;
}

static bool contrary_is_break(const kundig__scratch *scratch, uint32_t at)
{
    const kundig__token *token = &scratch->tokens[at];
    const char *mark = scratch->folded + token->folded;
    if (token->kind != KUNDIG__TOKEN_SYMBOL || !token->folded_len) {
        return false;
    }
    return memchr(",;:()-", mark[0], 6) != NULL || (unsigned char)mark[0] >= 0x80;
}

/* "nothing but", "not only ... but": looked for from `from` on. */
static bool contrary_parts_nothing(const kundig__scratch *scratch, uint32_t from, uint32_t at)
{
    size_t nots = sizeof contrary_nots / sizeof *contrary_nots;
    size_t onlys = sizeof contrary_only / sizeof *contrary_only;
    if (at > from && contrary_is_any(scratch, at - 1, contrary_not_before,
                                     sizeof contrary_not_before / sizeof *contrary_not_before)) {
        return true;
    }
    from = at - from < CONTRARY_REACH ? from : at - CONTRARY_REACH;
    for (uint32_t i = from; i + 1 < at; i++) {
        if (contrary_is_any(scratch, i, contrary_nots, nots) &&
            contrary_is_any(scratch, i + 1, contrary_only, onlys)) {
            return true;
        }
    }
    return false;
}

static bool contrary_has_word(const kundig__scratch *scratch, uint32_t first, uint32_t end)
{
    for (uint32_t i = first; i < end; i++) {
        if (scratch->tokens[i].kind == KUNDIG__TOKEN_WORD) {
            return true;
        }
    }
    return false;
}

/* Without the marks at both ends. */
static void contrary_trim(const kundig__scratch *scratch, kundig__contrary *out)
{
    while (out->first < out->end && contrary_is_break(scratch, out->first)) {
        out->first++;
    }
    while (out->end > out->first && scratch->tokens[out->end - 1].kind == KUNDIG__TOKEN_SYMBOL) {
        out->end--;
    }
}

/* Where what begins at `first` ends: at the next contrast, if words stand before it; what is
 * conceded at a comma, too. *spoken: it holds a word that is no contrast. */
static uint32_t contrary_end(const kundig__contraries *words, const kundig__scratch *scratch,
                             const kundig__sentence *sentence, int language, uint32_t first,
                             bool conceded, bool *spoken)
{
    *spoken = false;
    uint32_t most = sentence->end - first < CONTRARY_REACH ? sentence->end : first + CONTRARY_REACH;
    for (uint32_t at = first; at < most; at++) {
        uint32_t length;
        if (conceded && *spoken && contrary_is_break(scratch, at)) {
            return at;
        }
        const contrary_row *row = contrary_at(words, scratch, at, sentence->end, language, &length);
        if (row && *spoken && row->how != CONTRARY_AROUND) {
            return at;
        }
        *spoken = *spoken || (scratch->tokens[at].kind == KUNDIG__TOKEN_WORD && !row);
    }
    return most;
}

/* Back from a contrast to what parts clauses, not before `from`. apart: it stands between marks, as
 * in "was, however, long", or at the end: the mark just before it parts nothing. */
static uint32_t contrary_begin(const kundig__scratch *scratch, uint32_t from, uint32_t at,
                               bool apart)
{
    uint32_t first = at;
    from = at - from < CONTRARY_REACH ? from : at - CONTRARY_REACH;
    while (first > from && ((apart && first == at) || !contrary_is_break(scratch, first - 1))) {
        first--;
    }
    return first;
}

bool kundig__contrary_next(const kundig__contraries *words, const kundig__scratch *scratch,
                           const kundig__sentence *sentence, int language, uint32_t *at,
                           kundig__contrary *out)
{
    uint32_t from = *at > sentence->first ? *at : sentence->first;
    for (uint32_t i = from; i < sentence->end; i++) {
        uint32_t length;
        const contrary_row *row = contrary_at(words, scratch, i, sentence->end, language, &length);
        if (!row || (row->how == CONTRARY_BEHIND && contrary_parts_nothing(scratch, from, i))) {
            continue;
        }
        uint32_t behind = i + length;
        bool follows;
        uint32_t end = contrary_end(words, scratch, sentence, language, behind,
                                    row->how == CONTRARY_CONCEDED, &follows);
        bool around = row->how == CONTRARY_AROUND || !follows;
        bool apart = !follows || (behind < sentence->end && contrary_is_break(scratch, behind));
        *out =
            (kundig__contrary){.first = around ? contrary_begin(scratch, from, i, apart) : behind,
                               .end = follows || row->how == CONTRARY_AROUND ? end : i,
                               .word = i,
                               .from = from,
                               .spoken = row->words,
                               .excepts = follows && row->how == CONTRARY_EXCEPT};
        contrary_trim(scratch, out);
        *at = behind;
        if (contrary_has_word(scratch, out->first, out->end)) {
            return true;
        }
        from = behind;
    }
    return false;
}
