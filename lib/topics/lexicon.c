/* What words say of a feeling, without learning: a list of words and rows of words, and a few rules
 * of how they change each other in a sentence.
 *
 *   "nicht gut", "not very good"    a negator turns what is among the next few words of its clause;
 *   "empfehle ich nicht"            in German, if nothing is there, what was before it
 *   "kein Rückruf", "no reply"      turns what is neither good nor bad into something that is
 * missing "sehr gut", "a bit slow"        degrees; so do LETTERS and lettters that are drawn out
 *   "gut, aber teuer"               what stands before "but" counts half, what follows more
 *   "obwohl es spät war, ..."       what is conceded counts half
 *   "zu klein", "too small"         too much of what is neither good nor bad
 *   "could be nicer"                what would be good is not
 *   "is it good?"                   a question says less
 *   :-) and emoji                   count as they are
 *
 * Sums are whole numbers, so that nothing depends on the order of adding.
 *
 * Words are found by hash in a table made once, behind a filter: a stranger is taken for a known
 * word about once in 2^50. Texts choose no slots: the longest run of full ones is the table's own.
 *
 * Cost: linear; a few nanoseconds a word that is on no list, some ten more for its endings. */
#include "base/hash.h"
#include "base/math.h"
#include "base/text.h"
#include "topics/feeling.h"
#include "topics/lexicon_words.h"

#define LEXICON_SLOT_BITS   14
#define LEXICON_SLOT_COUNT  (1u << LEXICON_SLOT_BITS)
#define LEXICON_FILTER_BITS 16
#define LEXICON_ROW_MOST    8u  /* words of a row, hyphens between them counted */
#define LEXICON_WORD_MOST   40u /* bytes of a word that may take endings */
#define LEXICON_WORD_LEAST  3u  /* bytes of a word before its ending */
#define LEXICON_END_LEAST   9u  /* bytes of a word that may be a compound */

#define LEXICON_UNIT     64 /* a quarter of strength */
#define LEXICON_SCOPE    5u /* words that a negator reaches */
#define LEXICON_BACK     5u /* and back */
#define LEXICON_REACH    3u /* words that a degree reaches */
#define LEXICON_SQUEEZED 12.0
#define LEXICON_LEANS    0.15
#define LEXICON_HEAVIER  11 /* eighths: what is bad weighs more than what is good */

enum { LEXICON_TAKES_ENDINGS = 1, LEXICON_IS_END = 2, LEXICON_GOES_ON = 4 };

typedef struct lexicon_sense {
    uint8_t kind;
    int8_t strength;
    uint8_t flags;
} lexicon_sense;

enum { LEXICON_SENSE_DE, LEXICON_SENSE_EN, LEXICON_SENSES };

typedef struct lexicon_slot {
    uint64_t hash; /* 0: empty */
    lexicon_sense senses[LEXICON_SENSES];
} lexicon_slot;

struct kundig__lexicon {
    uint64_t filter[(1u << LEXICON_FILTER_BITS) / 64];
    uint64_t ends[4]; /* filter of the first four bytes of what may end a compound */
    lexicon_slot slots[LEXICON_SLOT_COUNT];
};

/* ---- The table ---- */

static inline uint32_t lexicon_end_bit(const char *bytes)
{
    uint32_t head;
    memcpy(&head, bytes, sizeof head);
    return (head * 0x9E3779B1u) >> 24;
}

/* The slot of a hash, or the empty one where it would stand. */
static inline uint32_t lexicon_place(const kundig__lexicon *lexicon, uint64_t hash)
{
    uint32_t at = (uint32_t)(hash >> (64 - LEXICON_SLOT_BITS));
    while (lexicon->slots[at].hash && lexicon->slots[at].hash != hash) {
        at = (at + 1) % LEXICON_SLOT_COUNT;
    }
    return at;
}

static inline const lexicon_slot *lexicon_find(const kundig__lexicon *lexicon, uint64_t hash)
{
    uint32_t bit = (uint32_t)(hash >> 8) % (1u << LEXICON_FILTER_BITS);
    if (!(lexicon->filter[bit / 64] >> bit % 64 & 1)) {
        return NULL;
    }
    const lexicon_slot *slot = &lexicon->slots[lexicon_place(lexicon, hash)];
    return slot->hash ? slot : NULL;
}

static lexicon_sense *lexicon_sense_of(kundig__lexicon *lexicon, uint64_t hash, int sense)
{
    lexicon_slot *slot = &lexicon->slots[lexicon_place(lexicon, hash)];
    uint32_t bit = (uint32_t)(hash >> 8) % (1u << LEXICON_FILTER_BITS);
    slot->hash = hash;
    lexicon->filter[bit / 64] |= UINT64_C(1) << bit % 64;
    return &slot->senses[sense];
}

/* A word or row of words as it is listed; its words are parted by `_`. */
static void lexicon_add(kundig__lexicon *lexicon, const kundig__lexicon_list *list, const char *row,
                        size_t len, uint8_t flags)
{
    int sense_of = list->language == KUNDIG__LANGUAGE_DE ? LEXICON_SENSE_DE : LEXICON_SENSE_EN;
    lexicon_sense *sense = NULL;
    uint64_t hash = 0;
    for (size_t i = 0; i < len;) {
        size_t end = i;
        while (end < len && row[end] != '_') {
            end++;
        }
        uint64_t word = kundig__xxh3(row + i, end - i);
        if (sense) {
            sense->flags |= LEXICON_GOES_ON;
        }
        hash = i ? kundig__pair_hash(hash, word) : word;
        sense = lexicon_sense_of(lexicon, hash, sense_of);
        i = end + (end < len);
    }
    if (sense && sense->kind == LEXICON_NONE) {
        sense->kind = (uint8_t)list->kind;
        sense->strength = list->strength;
        sense->flags |= flags;
    }
}

/* The same without umlauts ("ue"), as many write; 0 if it has none. */
static size_t lexicon_respell(const char *row, size_t len, char *out)
{
    size_t at = 0;
    bool changed = false;
    for (size_t i = 0; i < len; i++) {
        unsigned char next = i + 1 < len ? (unsigned char)row[i + 1] : 0;
        char plain = next == 0xA4 ? 'a' : next == 0xB6 ? 'o' : next == 0xBC ? 'u' : 0;
        if ((unsigned char)row[i] == 0xC3 && plain) {
            out[at++] = plain;
            out[at++] = 'e';
            i++;
            changed = true;
        } else {
            out[at++] = row[i];
        }
    }
    return changed ? at : 0;
}

static void lexicon_list_add(kundig__lexicon *lexicon, const kundig__lexicon_list *list)
{
    char respelt[128];
    for (const char *row = list->words; *row;) {
        size_t len = strcspn(row, " ");
        const char *next = row + len + strspn(row + len, " ");
        uint8_t flags = 0;
        if (row[0] == '-') {
            flags |= LEXICON_IS_END;
            row++;
            len--;
            uint32_t bit = lexicon_end_bit(row);
            lexicon->ends[bit / 64] |= UINT64_C(1) << bit % 64;
        }
        if (row[len - 1] == '~') {
            flags |= LEXICON_TAKES_ENDINGS;
            len--;
        }
        lexicon_add(lexicon, list, row, len, flags);
        size_t other = len < sizeof respelt ? lexicon_respell(row, len, respelt) : 0;
        if (other) {
            if (flags & LEXICON_IS_END) {
                uint32_t bit = lexicon_end_bit(respelt);
                lexicon->ends[bit / 64] |= UINT64_C(1) << bit % 64;
            }
            lexicon_add(lexicon, list, respelt, other, flags);
        }
        row = next;
    }
}

kundig__lexicon *kundig__lexicon_new(kundig__mem *mem)
{
    kundig__lexicon *lexicon = kundig__alloc_zero(mem, sizeof *lexicon);
    for (size_t i = 0; lexicon && kundig__lexicon_lists[i].words; i++) {
        lexicon_list_add(lexicon, &kundig__lexicon_lists[i]);
    }
    return lexicon;
}

void kundig__lexicon_free(kundig__lexicon *lexicon, kundig__mem *mem)
{
    kundig__free(mem, lexicon, sizeof *lexicon);
}

/* ---- One word ---- */

/* Languages whose words count, a bit each. */
static uint8_t lexicon_speaks(int language)
{
    switch (language) {
    case KUNDIG__LANGUAGE_DE:
        return 1u << LEXICON_SENSE_DE;
    case KUNDIG__LANGUAGE_EN:
        return 1u << LEXICON_SENSE_EN;
    case KUNDIG__LANGUAGE_UNKNOWN:
        return (1u << LEXICON_SENSES) - 1;
    default:
        return 0;
    }
}

typedef struct lexicon_run {
    const kundig__lexicon *lexicon;
    const kundig__scratch *scratch;
    const char *text;
    uint32_t end;   /* tokens */
    uint8_t speaks; /* a bit a sense: languages whose words count */
    uint8_t in_row; /* words of the row found last, 1 for a word alone */
    /* The clause, in LEXICON_UNITs */
    uint32_t negated; /* words that a negator still reaches */
    bool negates;     /* a negator waits for something to turn */
    bool missed;      /* it turned something that is only wished for */
    uint32_t negator; /* the token */
    uint32_t reach;   /* words that a degree still reaches */
    int32_t degree;   /* in eighths */
    uint32_t excess;  /* the token behind "too"; 0: none */
    bool unreal;
    bool conceded;
    bool target;        /* something was said that a negator may follow */
    uint32_t target_at; /* the token */
    int64_t target_was; /* what it counts for */
    int64_t target_is;  /* what it means by itself */
    kundig__range target_range;
    /* The sentence */
    int64_t positive;
    int64_t negative;
    int32_t boost; /* in eighths: of what follows "but" */
    bool asks;
    bool calls;
    /* All sentences */
    int64_t all_positive;
    int64_t all_negative;
    int64_t last; /* of the last sentence that said something */
    uint32_t words;
    uint32_t questions;
    uint32_t negators;
    bool wants_ranges;
    size_t range_count;
    kundig__range ranges[KUNDIG__EVIDENCE_MOST];
    int64_t weights[KUNDIG__EVIDENCE_MOST];
} lexicon_run;

/* What counts of a slot in the languages that are spoken. Where two languages know a word and mean
 * different things, and either may be meant, it says nothing. */
static lexicon_sense lexicon_pick(const lexicon_run *run, const lexicon_slot *slot, uint8_t flag)
{
    lexicon_sense none = {LEXICON_NONE, 0, 0};
    lexicon_sense german = slot->senses[LEXICON_SENSE_DE];
    lexicon_sense english = slot->senses[LEXICON_SENSE_EN];
    bool is_german =
        (run->speaks & 1u << LEXICON_SENSE_DE) && german.kind && (german.flags & flag) == flag;
    bool is_english =
        (run->speaks & 1u << LEXICON_SENSE_EN) && english.kind && (english.flags & flag) == flag;
    if (is_german && is_english) {
        bool agree = german.kind == english.kind && (german.strength < 0) == (english.strength < 0);
        bool weaker = german.strength < 0 ? german.strength > english.strength
                                          : german.strength < english.strength;
        return !agree ? none : weaker ? german : english;
    }
    return is_german ? german : is_english ? english : none;
}

typedef struct lexicon_ending {
    char bytes[5];
    uint8_t len;
    uint8_t senses; /* a bit a sense that takes it */
    char puts;      /* stands in its place: "loving", "love" */
} lexicon_ending;

#define ENDING_DE (1u << LEXICON_SENSE_DE)
#define ENDING_EN (1u << LEXICON_SENSE_EN)

/* By last letter. */
static const lexicon_ending lexicon_endings_e[] = {{"e", 1, ENDING_DE, 0},
                                                   {"ere", 3, ENDING_DE, 0},
                                                   {"ste", 3, ENDING_DE, 0},
                                                   {"este", 4, ENDING_DE, 0}};
static const lexicon_ending lexicon_endings_n[] = {{"n", 1, ENDING_DE, 0},
                                                   {"en", 2, ENDING_DE, 0},
                                                   {"eren", 4, ENDING_DE, 0},
                                                   {"sten", 4, ENDING_DE, 0},
                                                   {"esten", 5, ENDING_DE, 0}};
static const lexicon_ending lexicon_endings_m[] = {{"em", 2, ENDING_DE, 0}};
static const lexicon_ending lexicon_endings_r[] = {
    {"er", 2, ENDING_DE, 0}, {"erer", 4, ENDING_DE, 0}, {"ster", 4, ENDING_DE, 0}};
static const lexicon_ending lexicon_endings_s[] = {{"s", 1, ENDING_DE | ENDING_EN, 0},
                                                   {"es", 2, ENDING_DE | ENDING_EN, 0},
                                                   {"eres", 4, ENDING_DE, 0},
                                                   {"stes", 4, ENDING_DE, 0}};
static const lexicon_ending lexicon_endings_d[] = {{"d", 1, ENDING_EN, 0}, {"ed", 2, ENDING_EN, 0}};
static const lexicon_ending lexicon_endings_g[] = {{"ing", 3, ENDING_EN, 0},
                                                   {"ing", 3, ENDING_EN, 'e'}};
static const lexicon_ending lexicon_endings_y[] = {{"ly", 2, ENDING_EN, 0}};

/* Every ending of word that may be one; the sense of what is before it, if it takes endings. */
static lexicon_sense lexicon_strip(const lexicon_run *run, const char *word, size_t len)
{
    lexicon_sense found = {LEXICON_NONE, 0, 0};
    const lexicon_ending *endings = NULL;
    size_t count = 0;
#define ENDINGS_CASE(letter, list)                                                                 \
    case letter:                                                                                   \
        endings = list;                                                                            \
        count = sizeof list / sizeof *list;                                                        \
        break
    switch (word[len - 1]) {
        ENDINGS_CASE('e', lexicon_endings_e);
        ENDINGS_CASE('n', lexicon_endings_n);
        ENDINGS_CASE('m', lexicon_endings_m);
        ENDINGS_CASE('r', lexicon_endings_r);
        ENDINGS_CASE('s', lexicon_endings_s);
        ENDINGS_CASE('d', lexicon_endings_d);
        ENDINGS_CASE('g', lexicon_endings_g);
        ENDINGS_CASE('y', lexicon_endings_y);
    default:
        return found;
    }
    if (len > LEXICON_WORD_MOST) {
        return found;
    }
    for (size_t i = 0; i < count && !found.kind; i++) {
        const lexicon_ending *ending = &endings[i];
        size_t stem = len - ending->len;
        if (!(ending->senses & run->speaks) || len < LEXICON_WORD_LEAST + ending->len ||
            memcmp(word + stem, ending->bytes, ending->len) != 0) {
            continue;
        }
        char put[LEXICON_WORD_MOST + 1];
        const char *bytes = word;
        if (ending->puts) {
            memcpy(put, word, stem);
            put[stem++] = ending->puts;
            bytes = put;
        }
        const lexicon_slot *slot = lexicon_find(run->lexicon, kundig__xxh3(bytes, stem));
        if (slot) {
            lexicon_run narrow = {.speaks = run->speaks & ending->senses};
            found = lexicon_pick(&narrow, slot, LEXICON_TAKES_ENDINGS);
        }
    }
    return found;
}

/* The end of a German compound: "Signalstörung". */
static lexicon_sense lexicon_compound(const lexicon_run *run, const char *word, size_t len)
{
    lexicon_sense found = {LEXICON_NONE, 0, 0};
    if (len > LEXICON_WORD_MOST) {
        return found;
    }
    for (size_t i = LEXICON_WORD_LEAST; i + 4 <= len && !found.kind; i++) {
        uint32_t bit = lexicon_end_bit(word + i);
        if (!(run->lexicon->ends[bit / 64] >> bit % 64 & 1)) {
            continue;
        }
        const lexicon_slot *slot = lexicon_find(run->lexicon, kundig__xxh3(word + i, len - i));
        if (slot && (slot->senses[LEXICON_SENSE_DE].flags & LEXICON_IS_END)) {
            return slot->senses[LEXICON_SENSE_DE];
        }
        lexicon_sense stripped = lexicon_strip(run, word + i, len - i);
        if (stripped.flags & LEXICON_IS_END) {
            found = stripped;
        }
    }
    return found;
}

/* A drawn-out word, "soo" or "looove", with its double letters single. */
static lexicon_sense lexicon_drawn(const lexicon_run *run, const char *word, size_t len)
{
    lexicon_sense none = {LEXICON_NONE, 0, 0};
    char plain[LEXICON_WORD_MOST];
    size_t at = 0;
    if (len > LEXICON_WORD_MOST) {
        return none;
    }
    for (size_t i = 0; i < len; i++) {
        if (at == 0 || plain[at - 1] != word[i] || (unsigned char)word[i] >= 0x80) {
            plain[at++] = word[i];
        }
    }
    const lexicon_slot *slot = lexicon_find(run->lexicon, kundig__xxh3(plain, at));
    lexicon_sense found = slot ? lexicon_pick(run, slot, 0) : none;
    return found.kind ? found : lexicon_strip(run, plain, at);
}

/* The word behind tokens[at], if nothing but a hyphen parts them ("top-notch"); run->end if none.
 */
static uint32_t lexicon_next(const lexicon_run *run, uint32_t at)
{
    const kundig__token *token = &run->scratch->tokens[at++];
    if (at + 1 < run->end && token[1].end - token[1].start == 1 && token[1].start == token->end &&
        run->text[token->end] == '-' && token[2].start == token[1].end) {
        at++;
    }
    return at < run->end && (run->scratch->tokens[at].kind == KUNDIG__TOKEN_WORD ||
                             run->scratch->tokens[at].kind == KUNDIG__TOKEN_NUMBER)
               ? at
               : run->end;
}

/* What the word at tokens[at], or the longest row of words that begins there, says; run->in_row
 * tells how many words. */
static lexicon_sense lexicon_look(lexicon_run *run, uint32_t at)
{
    const kundig__token *tokens = run->scratch->tokens;
    const kundig__token *token = &tokens[at];
    const char *word = run->scratch->folded + token->folded;
    const lexicon_slot *slot = lexicon_find(run->lexicon, token->hash);
    lexicon_sense best = {LEXICON_NONE, 0, 0};
    run->in_row = 1;
    if (slot) {
        best = lexicon_pick(run, slot, 0);
        uint64_t hash = token->hash;
        uint32_t next = at;
        while (slot && ((slot->senses[0].flags | slot->senses[1].flags) & LEXICON_GOES_ON)) {
            next = lexicon_next(run, next);
            if (next >= run->end || next - at >= LEXICON_ROW_MOST) {
                break;
            }
            hash = kundig__pair_hash(hash, tokens[next].hash);
            slot = lexicon_find(run->lexicon, hash);
            lexicon_sense row = best;
            if (slot) {
                row = lexicon_pick(run, slot, 0);
            }
            if (slot && row.kind) {
                best = row;
                run->in_row = (uint8_t)(next - at + 1);
            }
        }
    }
    if (!best.kind && token->end - token->start > token->folded_len) {
        best = lexicon_drawn(run, word, token->folded_len);
    }
    if (!best.kind && token->folded_len > LEXICON_WORD_LEAST) {
        best = lexicon_strip(run, word, token->folded_len);
        if (!best.kind && token->folded_len >= LEXICON_END_LEAST &&
            (run->speaks & 1u << LEXICON_SENSE_DE)) {
            best = lexicon_compound(run, word, token->folded_len);
        }
    }
    return best;
}

/* ---- Sums ---- */

static int64_t lexicon_size(int64_t value)
{
    return value < 0 ? -value : value;
}

/* Of more than fit, the strongest stay. */
static void lexicon_evidence(lexicon_run *run, kundig__range range, int64_t value)
{
    int64_t weight = lexicon_size(value);
    size_t at = run->range_count;
    if (!run->wants_ranges || weight == 0) {
        return;
    }
    for (size_t i = 0; i < run->range_count; i++) {
        if (run->ranges[i].start == range.start) {
            run->weights[i] = value;
            return;
        }
    }
    if (at == KUNDIG__EVIDENCE_MOST) {
        at = 0; /* the least goes, the later of two that are equal */
        for (size_t i = 1; i < run->range_count; i++) {
            if (lexicon_size(run->weights[i]) <= lexicon_size(run->weights[at])) {
                at = i;
            }
        }
        if (lexicon_size(run->weights[at]) >= weight) {
            return;
        }
    } else {
        run->range_count++;
    }
    run->ranges[at] = range;
    run->weights[at] = value;
}

static void lexicon_count(lexicon_run *run, int64_t value)
{
    if (value > 0) {
        run->positive += value;
    } else {
        run->negative -= value;
    }
}

/* What `value` means when it is turned. */
static int64_t lexicon_turn(int64_t value)
{
    return value > 0 ? -(value * 6 / 8) : -(value * 3 / 8);
}

/* Capital letters where the words beside it have others. */
static bool lexicon_shouts(const lexicon_run *run, uint32_t at)
{
    const kundig__token *token = &run->scratch->tokens[at];
    uint32_t letters = 0;
    for (uint32_t i = token->start; i < token->end; i++) {
        unsigned char c = (unsigned char)run->text[i];
        if (c < 'A' || c > 'Z') {
            return false;
        }
        letters++;
    }
    return letters > 2;
}

/* Something is said, whatever was before it is applied. */
static void lexicon_say(lexicon_run *run, uint32_t at, int64_t value, bool wished)
{
    const kundig__token *token = &run->scratch->tokens[at];
    kundig__range range = {token->start, run->scratch->tokens[at + run->in_row - 1u].end};
    int64_t meant = value;
    bool turned = run->negated > 0 && run->in_row == 1;
    if (wished && (!turned || run->missed)) {
        run->target = !turned && !run->target;
        if (run->target) {
            run->target_at = at;
            run->target_was = 0;
            run->target_is = value;
            run->target_range = range;
        }
        return;
    }
    if (run->reach && !wished) {
        value = value * run->degree / 8;
    }
    if (run->in_row == 1 && !wished) {
        bool shouts = lexicon_shouts(run, at) && !(at > 0 && lexicon_shouts(run, at - 1)) &&
                      !(at + 1 < run->end && lexicon_shouts(run, at + 1));
        value = shouts ? value * 10 / 8 : value;
    }
    if (turned) {
        value = wished ? -value : lexicon_turn(value);
        run->missed |= wished;
        run->negates = false;
    } else if (run->unreal && value > 0 && run->in_row == 1) {
        value = -(value * 2 / 8);
    }
    value = value * run->boost / 8;
    if (run->conceded) {
        value = value / 2;
    }
    lexicon_count(run, value);
    run->words++;
    run->reach = 0;
    run->target = !turned && meant > 0;
    if (run->target) {
        run->target_at = at;
        run->target_was = value;
        run->target_is = meant;
        run->target_range = range;
    }
    lexicon_evidence(run, range, value);
}

/* The clause is over: a negator that found nothing turns what was before it. */
static void lexicon_end_clause(lexicon_run *run)
{
    if (run->negates) {
        if (run->target && run->target_at < run->negator &&
            run->negator - run->target_at <= LEXICON_BACK &&
            (run->speaks & 1u << LEXICON_SENSE_DE)) {
            int64_t value = run->target_was ? lexicon_turn(run->target_was) : -run->target_is;
            if (run->target_was > 0) {
                run->positive -= run->target_was;
            }
            lexicon_count(run, value);
            run->words += run->target_was == 0;
            lexicon_evidence(run, run->target_range, value);
        } else {
            run->negative += LEXICON_UNIT;
        }
    }
    run->negates = false;
    run->negated = 0;
    run->missed = false;
    run->reach = 0;
    run->excess = 0;
    run->target = false;
    run->unreal = false;
    run->conceded = false;
}

static void lexicon_end_sentence(lexicon_run *run)
{
    lexicon_end_clause(run);
    if (run->asks) {
        run->positive = run->positive * 5 / 8;
        run->negative = run->negative * 5 / 8;
        run->questions++;
    } else if (run->calls) {
        run->positive = run->positive * 9 / 8;
        run->negative = run->negative * 9 / 8;
    }
    if (run->positive || run->negative) {
        run->last = run->positive - run->negative;
    }
    run->all_positive += run->positive;
    run->all_negative += run->negative;
    run->positive = 0;
    run->negative = 0;
    run->boost = 8;
    run->asks = false;
    run->calls = false;
}

/* ---- Symbols ---- */

static int lexicon_picture(uint32_t code)
{
    uint32_t low = 0;
    uint32_t high = kundig__lexicon_picture_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (kundig__lexicon_pictures[middle].code < code) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < kundig__lexicon_picture_count && kundig__lexicon_pictures[low].code == code
               ? kundig__lexicon_pictures[low].strength
               : 0;
}

/* A face of signs at bytes[at..len): what it says in quarters, and *end behind it; 0 if none. */
static int lexicon_face(const char *bytes, size_t len, size_t at, size_t *end)
{
    size_t mouth = at + 1;
    if (!memchr(":;=8", bytes[at], 4) || mouth >= len) {
        return 0;
    }
    mouth += bytes[mouth] == '-' || bytes[mouth] == '\'' || bytes[mouth] == 'o';
    if (mouth >= len) {
        return 0;
    }
    *end = mouth + 1;
    switch (bytes[mouth]) {
    case ')':
    case ']':
    case '}':
    case '*':
        return bytes[at] == ';' ? 5 : 7;
    case '(':
    case '[':
    case '{':
    case '<':
        return -7;
    case '/':
    case '\\':
    case '|':
        return bytes[at] == ':' && bytes[mouth] == '/' && mouth + 1 < len && bytes[mouth + 1] == '/'
                   ? 0
                   : -5;
    default:
        return 0;
    }
}

static void lexicon_show(lexicon_run *run, uint32_t start, uint32_t end, int strength)
{
    int64_t value = (int64_t)strength * LEXICON_UNIT;
    lexicon_count(run, value);
    lexicon_evidence(run, (kundig__range){start, end}, value);
    run->words++;
}

/* The symbol at tokens[at]; returns how many tokens it took, more than one for ":D". */
static uint32_t lexicon_symbol(lexicon_run *run, uint32_t at)
{
    const kundig__token *token = &run->scratch->tokens[at];
    const char *bytes = run->text + token->start;
    size_t len = token->end - token->start;
    bool clause = false;
    bool sentence = false;
    for (size_t i = 0; i < len;) {
        unsigned char c = (unsigned char)bytes[i];
        size_t end = i;
        if (c >= 0x80) {
            uint32_t code;
            size_t step = kundig__utf8_decode(bytes + i, len - i, &code);
            int strength = code >= 0x2000 ? lexicon_picture(code) : 0;
            if (strength) {
                lexicon_show(run, token->start + (uint32_t)i, token->start + (uint32_t)(i + step),
                             strength);
            }
            sentence |= code == 0x2026 || code == 0x3002;
            i += step;
            continue;
        }
        int face = lexicon_face(bytes, len, i, &end);
        if (face) {
            lexicon_show(run, token->start + (uint32_t)i, token->start + (uint32_t)end, face);
            i = end;
            continue;
        }
        clause |= c == ',' || c == ';' || c == ':' || c == '(' || c == ')';
        sentence |= c == '.' || c == '!' || c == '?';
        run->asks |= c == '?';
        run->calls |= c == '!';
        i++;
    }
    /* Eyes here and a letter for the mouth in the next token. */
    char last = len ? bytes[len - 1] : 0;
    bool eyes = last == ':' || last == ';' || last == '=' ||
                (last == '-' && len > 1 && (bytes[len - 2] == ':' || bytes[len - 2] == ';'));
    if (eyes && at + 1 < run->end) {
        const kundig__token *mouth = token + 1;
        if (mouth->start == token->end && mouth->end - mouth->start == 1 &&
            (at + 2 >= run->end || mouth[1].start > mouth->end)) {
            char c = run->text[mouth->start];
            int strength = c == 'D' ? 8 : c == 'P' || c == 'p' ? 5 : c == 'S' || c == 's' ? -4 : 0;
            if (strength) {
                lexicon_show(run, token->start, mouth->end, strength);
                return 2;
            }
        }
    }
    if (len == 1 && last == '<' && at + 1 < run->end && token[1].start == token->end &&
        token[1].end - token[1].start == 1 && run->text[token[1].start] == '3') {
        lexicon_show(run, token->start, token[1].end, 10);
        return 2;
    }
    if (sentence) {
        lexicon_end_sentence(run);
    } else if (clause) {
        lexicon_end_clause(run);
    }
    return 1;
}

/* ---- Sentences ---- */

static void lexicon_word(lexicon_run *run, uint32_t at, lexicon_sense sense)
{
    switch (sense.kind) {
    case LEXICON_FEELING:
        if (sense.strength == 0) {
            break;
        }
        if (run->excess && run->excess == at && sense.strength < 0) {
            run->reach = 1;
            run->degree = 12;
        }
        lexicon_say(run, at, (int64_t)sense.strength * LEXICON_UNIT, false);
        break;
    case LEXICON_WISHED:
        lexicon_say(run, at, (int64_t)sense.strength * LEXICON_UNIT, true);
        break;
    case LEXICON_DIMENSION:
        if (run->excess && run->excess == at) {
            lexicon_say(run, at, -(int64_t)sense.strength * LEXICON_UNIT * 3 / 2, false);
        }
        break;
    case LEXICON_NEGATOR:
        if (run->negates) {
            run->negative += LEXICON_UNIT;
        }
        run->negates = true;
        run->missed = false;
        run->negator = at;
        run->negated = LEXICON_SCOPE + 1;
        run->negators++;
        break;
    case LEXICON_DEGREE:
        run->degree = run->reach ? run->degree * sense.strength / 8 : sense.strength;
        run->degree = run->degree > 20 ? 20 : run->degree < 3 ? 3 : run->degree;
        run->reach = LEXICON_REACH + 1;
        run->negated += run->negated > 0;
        if (run->excess && run->excess == at) {
            run->excess++;
        }
        break;
    case LEXICON_CONTRAST:
        lexicon_end_clause(run);
        run->positive = run->positive / 2;
        run->negative = run->negative / 2;
        run->boost = 10;
        break;
    case LEXICON_CONCEDES:
        lexicon_end_clause(run);
        run->conceded = true;
        break;
    case LEXICON_EXCESS:
        run->excess = at + 1;
        break;
    case LEXICON_UNREAL:
        run->unreal = true;
        break;
    default:
        break;
    }
}

static void lexicon_run_tokens(lexicon_run *run, uint32_t first)
{
    const kundig__token *tokens = run->scratch->tokens;
    for (uint32_t at = first; at < run->end;) {
        const kundig__token *token = &tokens[at];
        if (at > first) {
            uint32_t gap = tokens[at - 1].end;
            while (gap < token->start && run->text[gap] != '\n') {
                gap++;
            }
            if (gap < token->start) {
                lexicon_end_sentence(run);
            }
        }
        if (token->kind == KUNDIG__TOKEN_SYMBOL) {
            at += lexicon_symbol(run, at);
            continue;
        }
        if (token->kind != KUNDIG__TOKEN_WORD || !run->speaks) {
            at++;
            continue;
        }
        lexicon_sense sense = lexicon_look(run, at);
        if (sense.kind) {
            lexicon_word(run, at, sense);
        }
        run->negated -= run->negated > 0;
        run->reach -= run->reach > 0;
        at += run->in_row;
    }
    lexicon_end_sentence(run);
}

/* In order; where the whole leans to one side, what speaks for the other decided nothing. */
static void lexicon_order_ranges(const lexicon_run *run, double value, kundig__range *ranges,
                                 size_t *count)
{
    *count = 0;
    for (size_t i = 0; i < run->range_count; i++) {
        size_t at = *count;
        if ((value > LEXICON_LEANS && run->weights[i] < 0) ||
            (value < -LEXICON_LEANS && run->weights[i] > 0)) {
            continue;
        }
        while (at > 0 && ranges[at - 1].start > run->ranges[i].start) {
            ranges[at] = ranges[at - 1];
            at--;
        }
        ranges[at] = run->ranges[i];
        ++*count;
    }
}

bool kundig__lexicon_parts(const kundig__lexicon *lexicon, const kundig__scratch *scratch,
                           uint32_t at, int language, bool *soft)
{
    static const char *const joins[] = {"und", "and", "oder", "or", "sowie", "plus", "&", "+"};
    const kundig__token *token = &scratch->tokens[at];
    const char *word = scratch->folded + token->folded;
    *soft = false;
    if (token->kind == KUNDIG__TOKEN_SYMBOL && !memchr(word, '&', token->folded_len) &&
        !memchr(word, '+', token->folded_len)) {
        return false;
    }
    for (size_t i = 0; i < sizeof joins / sizeof *joins; i++) {
        *soft |=
            strlen(joins[i]) == token->folded_len && memcmp(joins[i], word, token->folded_len) == 0;
    }
    const lexicon_slot *slot = *soft ? NULL : lexicon_find(lexicon, token->hash);
    lexicon_run run = {.speaks = lexicon_speaks(language)};
    lexicon_sense sense = {LEXICON_NONE, 0, 0};
    sense = slot ? lexicon_pick(&run, slot, 0) : sense;
    return *soft || sense.kind == LEXICON_CONTRAST || sense.kind == LEXICON_CONCEDES;
}

void kundig__lexicon_read(const kundig__lexicon *lexicon, const kundig__scratch *scratch,
                          const char *text, uint32_t first, uint32_t end, int language,
                          kundig__opinion *out, kundig__range *ranges, size_t *range_count)
{
    lexicon_run run = {.lexicon = lexicon,
                       .scratch = scratch,
                       .text = text,
                       .end = end,
                       .boost = 8,
                       .speaks = lexicon_speaks(language),
                       .wants_ranges = ranges != NULL};
    lexicon_run_tokens(&run, first);
    double positive = (double)run.all_positive / (4 * LEXICON_UNIT);
    double negative = (double)(run.all_negative * LEXICON_HEAVIER / 8) / (4 * LEXICON_UNIT);
    double difference = positive - negative;
    out->positive = (float)positive;
    out->negative = (float)negative;
    out->value = (float)(difference / kundig__sqrt(difference * difference + LEXICON_SQUEEZED));
    out->words = run.words;
    out->negators = run.negators;
    out->questions = run.questions;
    out->last = run.last > 0 ? 1 : run.last < 0 ? -1 : 0;
    if (ranges) {
        lexicon_order_ranges(&run, (double)out->value, ranges, range_count);
    }
}

/* ---- Signs ---- */

size_t kundig__opinion_signs(const kundig__opinion *opinion, uint32_t signs[KUNDIG__MOOD_SIGNS])
{
    static const float bounds[] = {-0.75F, -0.4F, -0.1F, 0.1F, 0.4F, 0.75F};
    size_t count = 0;
    uint32_t bin = 0;
    while (bin < 6 && opinion->value > bounds[bin]) {
        bin++;
    }
    signs[count++] = opinion->words ? bin : 7;
    const bool holds[] = {opinion->positive > 0 && opinion->negative > 0,
                          opinion->positive > 0 && opinion->negative <= 0,
                          opinion->negative > 0 && opinion->positive <= 0,
                          opinion->last<0, opinion->last> 0,
                          opinion->negators > 0,
                          opinion->questions > 0,
                          opinion->words > 4};
    for (uint32_t i = 0; i < sizeof holds / sizeof *holds; i++) {
        if (holds[i]) {
            signs[count++] = 8 + i;
        }
    }
    return count;
}

size_t kundig__mood_signs(const kundig__lexicon *lexicon, const kundig__scratch *scratch,
                          const char *text, int language, uint32_t signs[KUNDIG__MOOD_SIGNS])
{
    kundig__opinion opinion;
    kundig__lexicon_read(lexicon, scratch, text, 0, (uint32_t)scratch->token_count, language,
                         &opinion, NULL, NULL);
    return kundig__opinion_signs(&opinion, signs);
}
