/* A rule as it is written becomes terms in a row.
 *
 * Words are what the tokeniser makes of them, so a rule finds what the tokeniser makes of comments:
 * "e-mail" is three terms, "can't" is one. Invariant: neither first nor last term is open (`_`,
 * `..`). Cost: linear; a rule has a bounded number of bytes and terms. */
#include "topics/taxonomy_build.h"

typedef struct term_cursor {
    kundig__taxonomy_build *build;
    kundig_error *fault;
    kundig_text written;
    int32_t language;
    size_t offset; /* of the piece in work */
    size_t first;  /* of the piece the first term stands in */
    bool starved;  /* for lack of memory */
} term_cursor;

static void term_fail(term_cursor *at, size_t offset, const char *sentence)
{
    kundig__fail(at->fault, KUNDIG_E_FORMAT, offset, "%s", sentence);
}

/* Bytes of the blank at pos; 0 if there is none. */
static size_t term_blank(kundig_text text, size_t pos)
{
    if (kundig__text_is_space(text.data[pos])) {
        return 1;
    }
    return text.len - pos >= 2 && memcmp(text.data + pos, "\xC2\xA0", 2) == 0 ? 2 : 0;
}

static void term_add(term_cursor *at, int32_t type, kundig_text text)
{
    kundig__taxonomy_build *build = at->build;
    if (at->fault->code || at->starved) {
        return;
    }
    if (build->term_count == KUNDIG__MOST_TERMS) {
        kundig__fail(
            at->fault, KUNDIG_E_LIMIT, at->offset,
            "a rule has at most %u terms, and a comma is what parts rules: make it shorter",
            KUNDIG__MOST_TERMS);
        return;
    }
    if (!build->term_count) {
        at->first = at->offset;
    }
    kundig__term *term = &build->terms[build->term_count++];
    term->type = type;
    term->text = kundig__arena_text(&build->taxonomy->arena, text);
    at->starved = text.data && !term->text.data;
}

static kundig_text term_folded(const kundig__scratch *scratch, size_t token)
{
    const kundig__token *it = &scratch->tokens[token];
    return kundig__text(scratch->folded + it->folded, it->folded_len);
}

/* Split a piece; returns how many tokens it is. */
static size_t term_split(term_cursor *at, kundig_text piece)
{
    kundig__scratch *scratch = &at->build->scratch;
    if (kundig__text_features(scratch, piece.data, piece.len, KUNDIG__WORDS)) {
        at->starved = true;
        return 0;
    }
    return scratch->token_count;
}

static void term_words(term_cursor *at, size_t count)
{
    for (size_t i = 0; i < count && !at->fault->code; i++) {
        term_add(at, KUNDIG__TERM_WORD, term_folded(&at->build->scratch, i));
    }
}

static size_t term_letters(kundig_text text)
{
    size_t letters = 0;
    for (size_t pos = 0; pos < text.len;) {
        uint32_t code;
        pos += kundig__utf8_decode(text.data + pos, text.len - pos, &code);
        letters += (kundig__utf8_traits(code) & KUNDIG__CODE_KIND) == KUNDIG__CODE_LETTER;
    }
    return letters;
}

static bool term_holds(kundig_text piece, char c)
{
    return piece.len && memchr(piece.data, c, piece.len) != NULL;
}

static bool term_is_kind(const term_cursor *at, size_t token, uint32_t kind)
{
    return at->build->scratch.tokens[token].kind == kind;
}

static void term_stem(term_cursor *at, kundig_text word)
{
    if (term_holds(word, '*')) {
        term_fail(at, at->offset, "a term is a stem (~) or a beginning (*), not both: drop one");
    } else if (!word.len || term_holds(word, '~')) {
        term_fail(at, at->offset,
                  "~ stands right before a word, as in ~delay, and for itself in "
                  "double quotes");
    } else if (at->language == KUNDIG__LANGUAGE_UNKNOWN) {
        term_fail(at, at->offset,
                  "a stem needs a language: write the rule behind de:, en:, fr:, "
                  "es:, pt:, it: or nl:");
    } else if (term_split(at, word) != 1 || !term_is_kind(at, 0, KUNDIG__TOKEN_WORD)) {
        if (!at->starved) {
            term_fail(at, at->offset,
                      "~ takes one word of letters: write a ~ before each word "
                      "that is meant, or leave it out");
        }
    } else {
        term_add(at, KUNDIG__TERM_STEM, term_folded(&at->build->scratch, 0));
    }
}

static void term_prefix(term_cursor *at, kundig_text word)
{
    if (!word.len || term_holds(word, '*') || term_holds(word, '~')) {
        term_fail(at, at->offset,
                  "* stands right behind the beginning of a word, as in deliver*, "
                  "and for itself in double quotes");
        return;
    }
    size_t count = term_split(at, word);
    kundig_text last = count ? term_folded(&at->build->scratch, count - 1) : word;
    if (at->starved) {
        return;
    }
    if (!count || !term_is_kind(at, count - 1, KUNDIG__TOKEN_WORD) || term_letters(last) < 2) {
        term_fail(at, at->offset, "a beginning needs at least 2 letters before the *");
        return;
    }
    if (last.len > KUNDIG__MOST_PREFIX) {
        kundig__fail(at->fault, KUNDIG_E_LIMIT, at->offset,
                     "a beginning has at most %u bytes: make it shorter", KUNDIG__MOST_PREFIX);
        return;
    }
    term_words(at, count - 1);
    term_add(at, KUNDIG__TERM_PREFIX, term_folded(&at->build->scratch, count - 1));
}

/* A piece between blanks, out of quotes. */
static void term_piece(term_cursor *at, kundig_text piece)
{
    static const kundig_text nothing = {NULL, 0};
    if (kundig__text_equal(piece, KUNDIG__TEXT("_"))) {
        term_add(at, KUNDIG__TERM_ANY, nothing);
    } else if (kundig__text_equal(piece, KUNDIG__TEXT(".."))) {
        term_add(at, KUNDIG__TERM_GAP, nothing);
    } else if (kundig__text_equal(piece, KUNDIG__TEXT("...")) ||
               kundig__text_equal(piece, KUNDIG__TEXT("\xE2\x80\xA6"))) {
        term_fail(at, at->offset,
                  "write .. for up to three words, or put the dots in double "
                  "quotes");
    } else if (piece.data[0] == '~') {
        term_stem(at, kundig__text(piece.data + 1, piece.len - 1));
    } else if (piece.data[piece.len - 1] == '*') {
        term_prefix(at, kundig__text(piece.data, piece.len - 1));
    } else if (term_holds(piece, '*')) {
        term_fail(at, at->offset,
                  "* stands at the end of a word, as in deliver*, and for itself in "
                  "double quotes");
    } else if (term_holds(piece, '~')) {
        term_fail(at, at->offset,
                  "~ stands right before a word, as in ~delay, and for itself in "
                  "double quotes");
    } else {
        for (size_t i = 1; i < piece.len; i++) {
            if (piece.data[i] == '.' && piece.data[i - 1] == '.') {
                term_fail(at, at->offset,
                          "put blanks on both sides of .. for up to three words, "
                          "or all in double quotes");
                return;
            }
        }
        term_words(at, term_split(at, piece));
    }
}

/* What stands between double quotes; returns where it ends. */
static size_t term_quoted(term_cursor *at)
{
    kundig_text written = at->written;
    kundig__buf *plain = &at->build->plain;
    size_t pos = at->offset + 1;
    plain->len = 0;
    for (;; pos++) {
        if (pos == written.len) {
            term_fail(at, at->offset,
                      "this quote is not closed: write a second one, or two for a "
                      "quote itself");
            return pos;
        }
        if (written.data[pos] == '"' && (++pos == written.len || written.data[pos] != '"')) {
            break;
        }
        kundig__buf_char(plain, written.data[pos]);
    }
    if (plain->failed) {
        at->starved = true;
        return pos;
    }
    size_t count = plain->len ? term_split(at, kundig__text(plain->data, plain->len)) : 0;
    if (!count && !at->starved) {
        term_fail(at, at->offset, "there is nothing to find between these quotes");
    }
    term_words(at, count);
    return pos;
}

static bool term_is_open(const kundig__term *term)
{
    return term->type == KUNDIG__TERM_ANY || term->type == KUNDIG__TERM_GAP;
}

/* What only the whole rule tells. */
static void term_whole(term_cursor *at, int32_t kind)
{
    const kundig__taxonomy_build *build = at->build;
    if (!build->term_count) {
        term_fail(at, 0, "there is nothing to find in this rule: write a word");
    } else if (term_is_open(&build->terms[0])) {
        term_fail(at, at->first,
                  "a rule begins with a word: drop this _ or .., or write a word "
                  "before it");
    } else if (term_is_open(&build->terms[build->term_count - 1])) {
        term_fail(at, at->offset,
                  "a rule ends with a word: drop this _ or .., or write a word "
                  "behind it");
    } else if (kind == KUNDIG__RULE_PART &&
               (build->term_count > 1 || build->terms[0].type != KUNDIG__TERM_WORD)) {
        term_fail(at, 0,
                  "a part of compounds is one plain word: put a comma between two, and "
                  "neither ~ nor *");
    }
}

bool kundig__taxonomy_terms(kundig__taxonomy_build *build, kundig_text written, int32_t kind,
                            int32_t language, kundig_error *fault)
{
    term_cursor at = {.build = build, .fault = fault, .written = written, .language = language};
    build->term_count = 0;
    fault->code = KUNDIG_OK;
    if (written.len > KUNDIG__MOST_WRITTEN) {
        kundig__fail(
            fault, KUNDIG_E_LIMIT, 0,
            "a rule has at most %u bytes, and a comma is what parts rules: make it shorter",
            KUNDIG__MOST_WRITTEN);
        return true;
    }
    for (size_t pos = 0; pos < written.len && !fault->code && !at.starved;) {
        size_t blank = term_blank(written, pos);
        if (blank) {
            pos += blank;
            continue;
        }
        at.offset = pos;
        if (written.data[pos] == '"') {
            pos = term_quoted(&at);
            continue;
        }
        while (pos < written.len && written.data[pos] != '"' && !term_blank(written, pos)) {
            pos++;
        }
        term_piece(&at, kundig__text(written.data + at.offset, pos - at.offset));
    }
    if (!fault->code && !at.starved) {
        term_whole(&at, kind);
    }
    return !at.starved;
}
