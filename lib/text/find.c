/* What is asked becomes rows of terms; a text is read once, a bit a term.
 *
 *   asked     verspaet*    "zu spät"     e-mail
 *   terms     verspaet*  | zu  spaet  |  e  mail      at most 64
 *
 * Reading: every token of the text says which terms it is. A term counts in its row if the one
 * before it was met by the token before, so all rows go on at once in one word of bits. Invariant:
 * a place is told from the first token of a row to its last; places that overlap are one.
 * Cost: linear in the text, 16 to 64 comparisons a token. */
#include "text/find.h"

#include "base/text.h"
#include "text/find_inside.h"
#include "text/personal.h"

/* ---- What is asked -------------------------------------------------------------------------- */

typedef struct find_maker {
    kundig__find *find;
    kundig__finder finder;
    kundig__buf piece; /* mended */
    kundig__buf other;
    size_t words;
    size_t at; /* of the piece in what was given */
    kundig_error *err;
} find_maker;

static int find_nomem(find_maker *maker)
{
    return kundig__nomem(maker->find->mem, maker->err);
}

/* The key of a token of the question; empty: it is not looked for. */
static bool find_token_key(find_maker *maker, const kundig__token *token, find_term *term)
{
    kundig__buf *keys = &maker->finder.keys;
    kundig__buf *other = &maker->other;
    const char *folded = maker->finder.scratch.folded + token->folded;
    keys->len = 0;
    other->len = 0;
    *term = (find_term){.plain = true, .symbol = token->kind == KUNDIG__TOKEN_SYMBOL};
    if (term->symbol) {
        kundig__find_symbol_key(keys, folded, token->folded_len, maker->find->punctuation);
    } else {
        kundig__find_key(keys, folded, token->folded_len, true);
        kundig__find_key(other, folded, token->folded_len, false);
        term->plain = keys->len == other->len &&
                      (!keys->len || memcmp(keys->data, other->data, keys->len) == 0);
    }
    term->key = kundig__text(keys->data, keys->len);
    return !keys->failed && !other->failed;
}

static int find_term_add(find_maker *maker, find_term *term, bool first, bool overlaps)
{
    kundig__find *find = maker->find;
    uint64_t bit = UINT64_C(1) << find->count;
    if (find->count == FIND_TERMS || (!overlaps && ++maker->words > KUNDIG__FIND_WORDS)) {
        return kundig__fail(maker->err, KUNDIG_E_LIMIT, maker->at,
                            "a search has at most %u words, and %d pairs of characters: leave "
                            "some out",
                            KUNDIG__FIND_WORDS, FIND_TERMS);
    }
    if (term->symbol && term->key.len > FIND_SYMBOLS) {
        return kundig__fail(maker->err, KUNDIG_E_LIMIT, maker->at,
                            "a symbol that is looked for has at most %d bytes", FIND_SYMBOLS);
    }
    term->key = kundig__arena_text(&find->arena, term->key);
    if (!term->key.data) {
        return find_nomem(maker);
    }
    find->row_of[find->count] = find->row_count;
    find->starts |= first ? bit : 0;
    find->overlaps |= overlaps ? bit : 0;
    find->terms[find->count++] = *term;
    return KUNDIG_OK;
}

/* Bytes of words in a row inside an address: its end from `at` on, its start if there is none. */
static size_t find_part(const char *folded, size_t len, size_t at)
{
    size_t end = at;
    while (end < len) {
        uint8_t c = (uint8_t)folded[end];
        bool inner = c == '\'' && end > at && end + 1 < len &&
                     ((uint8_t)folded[end + 1] >= 0x80 || find_word_byte((uint8_t)folded[end + 1]));
        if (c < 0x80 && !find_word_byte(c) && !inner) {
            break;
        }
        end++;
    }
    return end;
}

static bool find_is_address(const kundig__token *token)
{
    return token->kind == KUNDIG__TOKEN_URL || token->kind == KUNDIG__TOKEN_EMAIL ||
           token->kind == KUNDIG__TOKEN_HANDLE;
}

/* The terms of a token, several of an address. */
static int find_token_add(find_maker *maker, const kundig__token *token, bool *first, bool overlaps)
{
    const char *folded = maker->finder.scratch.folded;
    size_t at = 0;
    int rc = KUNDIG_OK;
    while (at < token->folded_len && !rc) {
        find_term term;
        kundig__token part = *token;
        if (find_is_address(token)) {
            size_t end = find_part(folded + token->folded, token->folded_len, at);
            part.folded += (uint32_t)at;
            part.folded_len = (uint32_t)(end - at);
            at = end == at ? at + 1 : end;
        } else {
            at = token->folded_len;
        }
        if (!find_token_key(maker, &part, &term)) {
            return find_nomem(maker);
        }
        if (term.key.len) {
            rc = find_term_add(maker, &term, *first, overlaps);
            *first = false;
        }
    }
    return rc;
}

/* What stands between blanks, or between quotes: a row of words. */
static int find_row_add(find_maker *maker, const char *text, size_t len, bool prefix)
{
    kundig__find *find = maker->find;
    kundig__scratch *scratch = &maker->finder.scratch;
    uint32_t before = find->count;
    bool first = true;
    maker->piece.len = 0;
    kundig__utf8_mend(&maker->piece, text, len);
    if (maker->piece.failed ||
        kundig__text_features(scratch, maker->piece.data ? maker->piece.data : "", maker->piece.len,
                              KUNDIG__WORDS)) {
        return find_nomem(maker);
    }
    size_t count = scratch->token_count;
    for (size_t i = 0; i < count; i++) {
        const kundig__token *token = &scratch->tokens[i];
        bool overlaps = i > 0 && token->start < token[-1].end;
        int rc = find_token_add(maker, token, &first, overlaps);
        if (rc) {
            return rc;
        }
        bool alone = token->kind == KUNDIG__TOKEN_CJK && !overlaps &&
                     (i + 1 == count || token[1].start >= token->end);
        if (alone && find->count > before) {
            uint32_t code;
            const kundig_text *key = &find->terms[find->count - 1].key;
            find->terms[find->count - 1].edge =
                kundig__utf8_decode(key->data, key->len, &code) == key->len;
        }
    }
    if (find->count > before) {
        find->ends |= UINT64_C(1) << (find->count - 1);
        find->terms[find->count - 1].prefix = prefix && !find->terms[find->count - 1].symbol;
        find->row_count++;
    }
    return KUNDIG_OK;
}

/* A piece out of quotes: a * may stand at its end. */
static int find_piece(find_maker *maker, const char *text, size_t len)
{
    size_t end = len;
    bool word = false;
    while (end > 0 && text[end - 1] == '*') {
        end--;
    }
    for (size_t i = 0; i < end; i++) {
        word = word || find_word_byte((uint8_t)text[i]) || (uint8_t)text[i] >= 0x80;
    }
    const char *star = end ? memchr(text, '*', end) : NULL;
    if (word && star) {
        return kundig__fail(maker->err, KUNDIG_E_FORMAT, maker->at + (size_t)(star - text),
                            "* stands right behind the beginning of a word, as in deliver*");
    }
    return word ? find_row_add(maker, text, end, end < len) : find_row_add(maker, text, len, false);
}

static int find_pieces(find_maker *maker, const char *text, size_t len)
{
    int rc = KUNDIG_OK;
    for (size_t pos = 0; pos < len && !rc;) {
        size_t from = pos;
        maker->at = pos;
        if (kundig__text_is_space(text[pos])) {
            pos++;
            continue;
        }
        if (text[pos] == '"') {
            const char *close = memchr(text + pos + 1, '"', len - pos - 1);
            if (!close) {
                return kundig__fail(maker->err, KUNDIG_E_FORMAT, pos,
                                    "this quote is not closed: write a second one behind the words "
                                    "that stand in a row");
            }
            pos = (size_t)(close - text) + 1;
            rc = find_row_add(maker, text + from + 1, pos - from - 2, false);
            continue;
        }
        while (pos < len && text[pos] != '"' && !kundig__text_is_space(text[pos])) {
            pos++;
        }
        rc = find_piece(maker, text + from, pos - from);
    }
    return rc;
}

/* What the masks of texts say, as one text. */
static bool find_masks(kundig__buf *out)
{
    for (uint32_t kind = 1; kind < KUNDIG_PERSONAL_ALL; kind <<= 1) {
        kundig__buf_char(out, '[');
        kundig__buf_str(out, kundig__personal_name(kind));
        kundig__buf_str(out, "] ");
    }
    kundig__buf_char(out, '\0');
    return !out->failed;
}

int kundig__find_new(kundig__mem *mem, const char *text, size_t len, bool masked,
                     kundig__find **out, kundig_error *err)
{
    kundig__find *find = kundig__alloc_zero(mem, sizeof *find);
    if (!find) {
        return kundig__nomem(mem, err);
    }
    find->mem = mem;
    kundig__arena_init(&find->arena, mem);
    find_maker maker = {.find = find, .err = err};
    kundig__finder_init(&maker.finder, mem);
    kundig__buf_init(&maker.piece, mem);
    kundig__buf_init(&maker.other, mem);
    int rc = find_pieces(&maker, text, len);
    if (!rc && !find->count) {
        find->punctuation = true;
        rc = find_pieces(&maker, text, len);
    }
    if (!rc && !find->count) {
        rc = kundig__fail(err, KUNDIG_E_EMPTY, 0, "there is no word to look for");
    }
    if (!rc) {
        maker.other.len = 0;
        bool ok = (!masked || find_masks(&maker.other)) &&
                  kundig__find_needles(find, &maker.finder, masked ? maker.other.data : NULL);
        rc = ok ? KUNDIG_OK : find_nomem(&maker);
    }
    kundig__finder_free(&maker.finder);
    kundig__buf_free(&maker.piece);
    kundig__buf_free(&maker.other);
    if (rc) {
        kundig__find_free(find);
    } else {
        *out = find;
    }
    return rc;
}

void kundig__find_free(kundig__find *find)
{
    if (find) {
        kundig__mem *mem = find->mem;
        kundig__arena_free(&find->arena);
        kundig__free(mem, find, sizeof *find);
    }
}

/* ---- Reading -------------------------------------------------------------------------------- */

void kundig__finder_init(kundig__finder *finder, kundig__mem *mem)
{
    memset(finder, 0, sizeof *finder);
    finder->mem = mem;
    kundig__scratch_init(&finder->scratch, mem);
    kundig__buf_init(&finder->keys, mem);
}

void kundig__finder_free(kundig__finder *finder)
{
    kundig__free(finder->mem, finder->places, finder->place_capacity * sizeof *finder->places);
    kundig__buf_free(&finder->keys);
    kundig__scratch_free(&finder->scratch);
    kundig__finder_init(finder, finder->mem);
}

/* A token of the text, or a part of an address. */
typedef struct find_unit {
    kundig_text key;   /* with ae for umlauts */
    kundig_text plain; /* with a */
    uint32_t start;
    uint32_t end;
    bool symbol;
} find_unit;

typedef struct find_run {
    kundig__finder *finder;
    const kundig__find *find;
    bool places;
    uint64_t open;  /* terms that were met by the last unit, their rows up to them as well */
    uint64_t terms; /* that any unit is */
    uint64_t rows;  /* met, a bit each, by their last term */
    uint32_t last_end;
    uint32_t units;
    uint32_t unit_starts[FIND_TERMS]; /* of the last units */
    bool failed;
} find_run;

static bool find_begins(kundig_text text, kundig_text with)
{
    return text.len >= with.len && memcmp(text.data, with.data, with.len) == 0;
}

static bool find_holds(kundig_text text, kundig_text part)
{
    for (size_t at = 0; at + part.len <= text.len; at++) {
        if (memcmp(text.data + at, part.data, part.len) == 0) {
            return true;
        }
    }
    return false;
}

static bool find_is(const find_term *term, kundig_text key)
{
    if (!term->prefix && !term->edge) {
        return key.len == term->key.len && memcmp(key.data, term->key.data, key.len) == 0;
    }
    return find_begins(key, term->key) ||
           (term->edge && key.len >= term->key.len &&
            memcmp(key.data + key.len - term->key.len, term->key.data, term->key.len) == 0);
}

static uint64_t find_unit_terms(const kundig__find *find, const find_unit *unit)
{
    uint64_t met = 0;
    for (uint32_t i = 0; i < find->count; i++) {
        const find_term *term = &find->terms[i];
        bool is = false;
        if (term->symbol == unit->symbol) {
            is = term->symbol ? find_holds(unit->key, term->key)
                              : find_is(term, unit->key) ||
                                    (term->plain && unit->plain.data != unit->key.data &&
                                     find_is(term, unit->plain));
        }
        met |= (uint64_t)is << i;
    }
    return met;
}

static uint32_t find_bit(uint64_t bits)
{
    return (uint32_t)fold_lowest(bits);
}

/* Places come in order of their ends; one that reaches back covers those it overlaps. */
static void find_place_add(find_run *run, uint32_t start, uint32_t end)
{
    kundig__finder *finder = run->finder;
    void *places = finder->places;
    while (finder->place_count && finder->places[finder->place_count - 1].end > start) {
        const kundig__find_place *last = &finder->places[--finder->place_count];
        start = last->start < start ? last->start : start;
        end = last->end > end ? last->end : end;
    }
    if (!kundig__grow(finder->mem, &places, &finder->place_capacity, finder->place_count + 1,
                      sizeof *finder->places)) {
        run->failed = true;
        return;
    }
    finder->places = places;
    finder->places[finder->place_count++] = (kundig__find_place){start, end};
}

static void find_unit_see(find_run *run, const find_unit *unit)
{
    const kundig__find *find = run->find;
    uint64_t met = find_unit_terms(find, unit);
    uint64_t open = run->open << 1 & ~find->starts;
    if (unit->start >= run->last_end) {
        open &= ~find->overlaps;
    }
    run->open = (open | find->starts) & met;
    run->terms |= met;
    run->unit_starts[run->units % FIND_TERMS] = unit->start;
    run->last_end = unit->end;
    for (uint64_t ends = run->open & find->ends; ends; ends &= ends - 1) {
        uint32_t last = find_bit(ends);
        run->rows |= UINT64_C(1) << last;
        if (run->places) {
            uint32_t back = 0; /* units between the first and the last */
            while (!(find->starts >> (last - back) & 1)) {
                back++;
            }
            find_place_add(run, run->unit_starts[(run->units - back) % FIND_TERMS], unit->end);
        }
    }
    run->units++;
}

static bool find_is_ascii(const char *data, size_t len)
{
    uint64_t high = 0;
    for (size_t i = 0; i < len; i += 8) {
        high |= fold_load(data + i, len - i);
    }
    return !(high & FOLD_TOPS);
}

/* See one token, or a part of an address: folded bytes. */
static void find_token_see(find_run *run, const kundig__token *token, const char *folded,
                           size_t len)
{
    kundig__buf *keys = &run->finder->keys;
    find_unit unit = {
        .start = token->start, .end = token->end, .symbol = token->kind == KUNDIG__TOKEN_SYMBOL};
    keys->len = 0;
    if (unit.symbol) {
        kundig__find_symbol_key(keys, folded, len, run->find->punctuation);
        unit.key = kundig__text(keys->data, keys->len);
        unit.plain = unit.key;
    } else if (find_is_ascii(folded, len)) {
        unit.key = kundig__text(folded, len);
        unit.plain = unit.key;
    } else {
        kundig__find_key(keys, folded, len, true);
        size_t middle = keys->len;
        kundig__find_key(keys, folded, len, false);
        if (middle) { /* else nothing of it is seen */
            unit.key = kundig__text(keys->data, middle);
            unit.plain = kundig__text(keys->data + middle, keys->len - middle);
        }
    }
    if (keys->failed) {
        run->failed = true;
    } else if (unit.key.len) {
        find_unit_see(run, &unit);
    }
}

static int find_run_text(find_run *run, const char *text, size_t len)
{
    kundig__scratch *scratch = &run->finder->scratch;
    const uint64_t all = run->find->ends;
    run->finder->place_count = 0;
    int rc = kundig__text_features(scratch, text, len, KUNDIG__WORDS);
    for (size_t i = 0; i < scratch->token_count && !rc && !run->failed; i++) {
        const kundig__token *token = &scratch->tokens[i];
        const char *folded = scratch->folded + token->folded;
        if (!find_is_address(token)) {
            find_token_see(run, token, folded, token->folded_len);
        } else {
            for (size_t at = 0; at < token->folded_len;) {
                size_t end = find_part(folded, token->folded_len, at);
                if (end > at) {
                    find_token_see(run, token, folded + at, end - at);
                }
                at = end > at ? end : at + 1;
            }
        }
        if (!run->places && run->rows == all) {
            break;
        }
    }
    return rc || run->failed ? kundig__nomem(run->finder->mem, NULL) : KUNDIG_OK;
}

int kundig__finder_read(kundig__finder *finder, const kundig__find *find, const char *text,
                        size_t len, bool places, bool *met)
{
    find_run run = {.finder = finder, .find = find, .places = places};
    int rc = find_run_text(&run, text, len);
    if (!rc) {
        *met = run.rows == find->ends;
    }
    return rc;
}

int kundig__find_terms(kundig__finder *finder, const kundig__find *find, const char *text,
                       size_t len, uint64_t *terms)
{
    find_run run = {.finder = finder, .find = find, .places = true};
    int rc = find_run_text(&run, text, len);
    if (!rc) {
        *terms = run.terms;
    }
    return rc;
}
