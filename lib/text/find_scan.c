/* Looking at bytes before reading them: can this text hold the words at all?
 *
 * Of each word two neighbouring ASCII letters that are rare together are its needle. A text that
 * holds the word holds them in either case, or holds a code point above ASCII that may stand for
 * one of them (ß, é, a ligature, the Kelvin sign) right where the other is, or one that is not
 * seen (a soft hyphen) between them, or a mark. The first is told by comparing 16 bytes a step, the
 * others by a table that is made of the keys of all such code points. Where the letters stand in
 * plain ASCII the rest of the word is compared at once, so few texts must be read.
 * Words without two such letters: of Greek, Cyrillic, Hebrew, Arabic one letter in all its cases,
 * of emoji the last two bytes; others are looked for by reading.
 *
 * Invariant: KUNDIG__FIND_NO is said only where reading would not meet the word,
 * KUNDIG__FIND_YES only where it would: test_find_scan.c asks it of every code point.
 * Cost: linear, 3 to 5 GB/s where the letters do not stand; a word longer than 64 bytes is not
 * compared but read. */
#include "text/find_inside.h"
#include "text/scan.h"

#define SCAN_KEY_BYTES 12 /* of one code point; longer ones are taken for anything */
#define SCAN_COMPARED  64 /* most bytes of a word that are compared in place */
#define SCAN_COMMON    (UINT32_MAX - 1)
#define SCAN_NONE      UINT32_MAX

/* ---- Choosing ------------------------------------------------------------------------------- */

/* The two keys of a code point of the table. */
typedef struct scan_code {
    char key[2][SCAN_KEY_BYTES];
    uint8_t len[2];
} scan_code;

static uint32_t scan_code_at(uint32_t index)
{
    return index < FOLD_TABLE_COUNT ? FOLD_TABLE_FIRST + index
                                    : FIND_LATIN_FIRST + (index - FOLD_TABLE_COUNT);
}

static bool scan_is_mark(uint32_t code)
{
    return code >= 0x300 && code <= 0x36F;
}

/* Append both keys of a code point. What neither folds nor joins and is no Latin letter is its own
 * key. */
static bool scan_code_keys(kundig__finder *finder, uint32_t code, scan_code *out)
{
    kundig__buf *keys = &finder->keys;
    char folded[64]; /* what the longest becomes */
    size_t len = kundig__utf8_encode(code, folded);
    if (kundig__utf8_traits(code) & (KUNDIG__CODE_FOLDS | KUNDIG__CODE_JOINS)) {
        if (!kundig__fold_run(&finder->scratch, folded, len)) {
            return false;
        }
        len = finder->scratch.result.bytes;
        kundig__fold_write(&finder->scratch, folded);
    } else if (code >= 0x180) {
        for (int spelling = 0; spelling < 2; spelling++) {
            memcpy(out->key[spelling], folded, len);
            out->len[spelling] = (uint8_t)len;
        }
        return true;
    }
    for (int spelling = 0; spelling < 2; spelling++) {
        keys->len = 0;
        kundig__find_key(keys, folded, len, !spelling);
        out->len[spelling] = (uint8_t)(keys->len < 255 ? keys->len : 255);
        if (keys->len && keys->len <= SCAN_KEY_BYTES) {
            memcpy(out->key[spelling], keys->data, keys->len);
        }
    }
    return !keys->failed;
}

static bool scan_codes(scan_code *codes, kundig__finder *finder)
{
    bool ok = true;
    for (uint32_t i = 0; i < FIND_CODES && ok; i++) {
        ok = scan_code_keys(finder, scan_code_at(i), &codes[i]);
    }
    return ok;
}

/* What a code point may do for a pair of letters. */
static uint8_t scan_flags(const scan_code *code, uint32_t value, char first, char second)
{
    uint8_t flags = 0;
    if (scan_is_mark(value)) {
        return FIND_MAKES;
    }
    for (int spelling = 0; spelling < 2; spelling++) {
        const char *key = code->key[spelling];
        size_t len = code->len[spelling];
        if (len > SCAN_KEY_BYTES) {
            return FIND_MAKES;
        }
        if (!len) {
            flags |= FIND_VANISH;
            continue;
        }
        flags |= key[0] == second ? FIND_FIRST : 0;
        flags |= key[len - 1] == first ? FIND_LAST : 0;
        for (size_t i = 1; i < len; i++) {
            flags |= key[i - 1] == first && key[i] == second ? FIND_MAKES : 0;
        }
    }
    return flags;
}

/* How often a byte of ASCII stands in texts of people, in hundredths of all; roughly. */
static uint32_t scan_weight(char c)
{
    static const uint8_t letters[26] = {70, 20, 30, 45, 150, 18, 30, 48, 80, 3,  14, 40, 27,
                                        95, 40, 12, 1,  72,  68, 68, 42, 9,  17, 1,  8,  10};
    if (c >= 'a' && c <= 'z') {
        return letters[c - 'a'];
    }
    return c >= '0' && c <= '9' ? 4 : 0; /* others make no needle */
}

static uint32_t scan_pair_weight(char first, char second)
{
    static const char common[] = "en er ch ei ie in de te nd st sc th he an re ng ck be es un ge "
                                 "it ic au he es or on at ll ss";
    uint32_t weight = scan_weight(first) * scan_weight(second);
    for (size_t i = 0; i + 1 < sizeof common; i += 3) {
        weight *= common[i] == first && common[i + 1] == second ? 4 : 1;
    }
    return weight;
}

/* The rarest two letters of ASCII in the key. */
static void scan_choose_pair(find_term *term)
{
    term->rarity = SCAN_NONE;
    for (size_t i = 1; i < term->key.len; i++) {
        uint32_t weight = scan_pair_weight(term->key.data[i - 1], term->key.data[i]);
        if (weight && weight < term->rarity) {
            term->rarity = weight;
            term->needle = (find_needle){.count = 1,
                                         .mask = 0x20,
                                         .first = {(uint8_t)(term->key.data[i - 1] | 0x20)},
                                         .second = {(uint8_t)(term->key.data[i] | 0x20)},
                                         .at = (uint32_t)(i - 1)};
        }
    }
}

static bool scan_key_holds(const scan_code *code, const char *bytes)
{
    for (int spelling = 0; spelling < 2; spelling++) {
        for (size_t i = 1; i < code->len[spelling] && i < SCAN_KEY_BYTES; i++) {
            if (code->key[spelling][i - 1] == bytes[0] && code->key[spelling][i] == bytes[1]) {
                return true;
            }
        }
    }
    return false;
}

/* A letter of two bytes that few code points fold to. */
static void scan_choose_letter(find_term *term, const scan_code *codes)
{
    for (size_t pos = 0; pos < term->key.len && !term->needle.count;) {
        uint32_t code;
        find_needle needle = {0};
        const char *bytes = term->key.data + pos;
        pos += kundig__utf8_decode(bytes, term->key.len - pos, &code);
        if (code < 0x370 || code > 0x7FF) {
            continue;
        }
        size_t found = 0;
        for (uint32_t i = 0; i < FOLD_TABLE_COUNT; i++) {
            if (scan_key_holds(&codes[i], bytes)) {
                if (found < 4) {
                    char raw[4];
                    kundig__utf8_encode(scan_code_at(i), raw);
                    needle.first[found] = (uint8_t)raw[0];
                    needle.second[found] = (uint8_t)raw[1];
                }
                found++;
            }
        }
        if (found && found <= 4) {
            needle.count = (uint8_t)found;
            term->needle = needle;
            term->rarity = SCAN_COMMON;
        }
    }
}

/* A symbol that nothing else folds to. */
static void scan_choose_symbol(find_term *term)
{
    for (size_t pos = 0; pos < term->key.len && term->symbol;) {
        uint32_t code;
        size_t step = kundig__utf8_decode(term->key.data + pos, term->key.len - pos, &code);
        pos += step;
        if (code >= 0x1F000 || (code >= 0x2330 && code < 0x2460) ||
            (code >= 0x2500 && code < 0x2A00)) {
            term->rarity = 1;
            term->needle = (find_needle){.count = 1,
                                         .first = {(uint8_t)term->key.data[pos - 2]},
                                         .second = {(uint8_t)term->key.data[pos - 1]}};
            return;
        }
    }
}

static bool scan_table(find_term *term, const scan_code *codes, kundig__arena *arena)
{
    find_needle *needle = &term->needle;
    if (!needle->count || term->symbol) {
        return true;
    }
    needle->wild = kundig__arena_alloc(arena, FIND_CODES);
    if (!needle->wild) {
        return false;
    }
    for (uint32_t i = 0; i < FIND_CODES; i++) {
        uint32_t code = scan_code_at(i);
        needle->wild[i] = needle->mask ? scan_flags(&codes[i], code, (char)needle->first[0],
                                                    (char)needle->second[0])
                                       : (scan_is_mark(code) ? FIND_MAKES : 0);
    }
    return true;
}

static void scan_sort(kundig__find *find)
{
    for (uint32_t i = 0; i < find->count; i++) {
        uint32_t at = i;
        for (; at > 0 && find->terms[find->order[at - 1]].rarity > find->terms[i].rarity; at--) {
            find->order[at] = find->order[at - 1];
        }
        find->order[at] = i;
    }
}

bool kundig__find_needles(kundig__find *find, kundig__finder *finder, const char *masks)
{
    uint64_t masked = 0;
    scan_code *codes = kundig__alloc(finder->mem, FIND_CODES * sizeof *codes);
    bool ok = codes && scan_codes(codes, finder) &&
              (!masks || !kundig__find_terms(finder, find, masks, strlen(masks), &masked));
    for (uint32_t i = 0; i < find->count && ok; i++) {
        find_term *term = &find->terms[i];
        scan_choose_pair(term);
        if (!term->needle.count) {
            scan_choose_letter(term, codes);
            scan_choose_symbol(term);
        }
        if (masked >> i & 1) {
            term->needle = (find_needle){0};
            term->rarity = SCAN_NONE;
        }
        ok = scan_table(term, codes, &find->arena);
    }
    kundig__free(finder->mem, codes, codes ? FIND_CODES * sizeof *codes : 0);
    scan_sort(find);
    return ok;
}

/* ---- Looking -------------------------------------------------------------------------------- */

typedef struct scan_seen {
    bool pair;
    bool high; /* bytes above ASCII */
} scan_seen;

/* 16 pairs a step; compilers make vectors of it. */
static void scan_step(const uint8_t *text, uint8_t mask, uint8_t first, uint8_t second,
                      uint8_t pair[16], uint8_t high[16])
{
    for (int i = 0; i < 16; i++) {
        uint8_t here = (uint8_t)((text[i] | mask) ^ first);
        uint8_t next = (uint8_t)((text[i + 1] | mask) ^ second);
        pair[i] |= (here | next) == 0;
        high[i] |= text[i];
    }
}

static scan_seen scan_look(const char *data, size_t len, uint8_t mask, uint8_t first,
                           uint8_t second)
{
    const uint8_t *text = (const uint8_t *)data;
    uint8_t pair[16] = {0};
    uint8_t high[16] = {0};
    uint64_t halves[4];
    if (len < 17) {
        for (size_t i = 0; i < len; i++) {
            pair[0] |= i + 1 < len && (text[i] | mask) == first && (text[i + 1] | mask) == second;
            high[0] |= text[i];
        }
    } else {
        for (size_t i = 0; i + 17 <= len; i += 16) {
            scan_step(text + i, mask, first, second, pair, high);
        }
        scan_step(text + len - 17, mask, first, second, pair, high);
        high[0] |= text[len - 1];
    }
    memcpy(halves, pair, sizeof pair);
    memcpy(halves + 2, high, sizeof high);
    return (scan_seen){(halves[0] | halves[1]) != 0, ((halves[2] | halves[3]) & FOLD_TOPS) != 0};
}

/* May this byte end, or begin, what makes a letter? */
static bool scan_may(uint8_t byte, uint8_t letter)
{
    return byte >= 0x80 || (byte | 0x20) == letter;
}

/* Code points above the table that fold to what is below them, or to nothing. */
static uint8_t scan_far(uint32_t code)
{
    if (code == TOKEN_JOINER || code == TOKEN_NON_JOINER || code == TOKEN_AS_PICTURE) {
        return FIND_VANISH;
    }
    return (code >= 0x1C80 && code <= 0x1C8F) || (code >= 0x1F00 && code <= 0x1FFF) ||
                   (code >= 0x2126 && code <= 0x212B) || (code >= 0xFB00 && code <= 0xFB4F)
               ? FIND_MAKES
               : 0;
}

/* Does the code point at text[pos, end) do it? */
static bool scan_does(const find_needle *needle, const char *text, size_t len, size_t pos,
                      size_t end, uint32_t code)
{
    uint8_t flags;
    if (code < 0x800) {
        flags = needle->wild[code - FOLD_TABLE_FIRST];
    } else if (code >= FIND_LATIN_FIRST && code <= FIND_LATIN_LAST) {
        flags = needle->wild[FOLD_TABLE_COUNT + (code - FIND_LATIN_FIRST)];
    } else {
        flags = scan_far(code);
    }
    if (!flags) {
        return false;
    }
    bool before = pos > 0 && scan_may((uint8_t)text[pos - 1], needle->first[0]);
    bool behind = end < len && scan_may((uint8_t)text[end], needle->second[0]);
    return (flags & FIND_MAKES) || ((flags & FIND_FIRST) && before) ||
           ((flags & FIND_LAST) && behind) || ((flags & FIND_VANISH) && before && behind);
}

static bool scan_wild(const find_needle *needle, const char *text, size_t len)
{
    for (size_t pos = 0; pos < len;) {
        uint64_t high = fold_load(text + pos, len - pos) & FOLD_TOPS;
        if (!high) {
            pos += 8;
            continue;
        }
        uint32_t code;
        pos += fold_first(high);
        size_t end = pos + kundig__utf8_decode(text + pos, len - pos, &code);
        if (scan_does(needle, text, len, pos, end, code)) {
            return true;
        }
        pos = end;
    }
    return false;
}

/* Where the word might go on: NO, it does not stand here; YES, it ends; or only reading tells. */
static int scan_boundary(uint8_t byte, uint8_t beside)
{
    if (byte >= 0x80 || byte == '\'') {
        return KUNDIG__FIND_READ;
    }
    if (!find_word_byte(byte)) {
        return KUNDIG__FIND_YES;
    }
    /* Of a letter three times in a row two are read. */
    return find_lower(byte) == find_lower(beside) ? KUNDIG__FIND_READ : KUNDIG__FIND_NO;
}

/* Is the byte as the key has it? */
static int scan_compare(uint8_t byte, uint8_t beside, char key)
{
    if (byte >= 0x80 || byte == '\'') { /* handles end before an apostrophe */
        return KUNDIG__FIND_READ;
    }
    if (find_lower(byte) == (uint8_t)key) {
        return KUNDIG__FIND_YES;
    }
    return find_lower(byte) == find_lower(beside) ? KUNDIG__FIND_READ : KUNDIG__FIND_NO;
}

/* The needle stands at pos. */
static int scan_word(const find_term *term, const char *data, size_t len, size_t pos)
{
    const uint8_t *text = (const uint8_t *)data;
    const char *key = term->key.data;
    size_t at = pos + 2;
    int is = KUNDIG__FIND_YES;
    for (size_t i = term->needle.at + 2; i < term->key.len && is == KUNDIG__FIND_YES; i++, at++) {
        is = at < len ? scan_compare(text[at], text[at - 1], key[i]) : KUNDIG__FIND_NO;
    }
    if (is == KUNDIG__FIND_YES && at < len) {
        is = scan_boundary(text[at], text[at - 1]);
        if (term->prefix && is == KUNDIG__FIND_NO) {
            is = KUNDIG__FIND_YES;
        }
    }
    if (is != KUNDIG__FIND_YES) {
        return is;
    }
    at = pos;
    for (size_t i = term->needle.at; i > 0 && is == KUNDIG__FIND_YES; i--, at--) {
        is = at > 0 ? scan_compare(text[at - 1], text[at], key[i - 1]) : KUNDIG__FIND_NO;
    }
    return is == KUNDIG__FIND_YES && at > 0 ? scan_boundary(text[at - 1], text[at]) : is;
}

static int scan_words(const find_term *term, const char *text, size_t len)
{
    const find_needle *needle = &term->needle;
    int best = KUNDIG__FIND_NO;
    if (term->key.len > SCAN_COMPARED) {
        return KUNDIG__FIND_READ;
    }
    for (size_t pos = 0; pos + 1 < len && best != KUNDIG__FIND_YES; pos++) {
        if (((uint8_t)text[pos] | 0x20) == needle->first[0] &&
            ((uint8_t)text[pos + 1] | 0x20) == needle->second[0]) {
            int is = scan_word(term, text, len, pos);
            best = is == KUNDIG__FIND_NO ? best : is;
        }
    }
    return best;
}

static int scan_term(const find_term *term, const char *text, size_t len)
{
    const find_needle *needle = &term->needle;
    scan_seen seen = {false, false};
    for (size_t i = 0; i < needle->count && !seen.pair; i++) {
        seen = scan_look(text, len, needle->mask, needle->first[i], needle->second[i]);
    }
    int found = KUNDIG__FIND_NO;
    if (!needle->count || (seen.pair && !needle->mask)) {
        return KUNDIG__FIND_READ;
    }
    if (seen.pair) {
        found = scan_words(term, text, len);
    }
    if (found == KUNDIG__FIND_NO && seen.high && needle->wild && scan_wild(needle, text, len)) {
        found = KUNDIG__FIND_READ;
    }
    return found;
}

int kundig__find_look(const kundig__find *find, const char *text, size_t len)
{
    int all = find->row_count == find->count ? KUNDIG__FIND_YES : KUNDIG__FIND_READ;
    for (uint32_t i = 0; i < find->count; i++) {
        int is = scan_term(&find->terms[find->order[i]], text, len);
        if (is == KUNDIG__FIND_NO) {
            return is;
        }
        all = is == KUNDIG__FIND_READ ? is : all;
    }
    return all;
}
