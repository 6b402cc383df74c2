/* What is one token though it has punctuation inside: addresses of pages and of people.
 *
 * No list of top-level domains is kept, so a bare "example.com" stays three tokens: better than to
 * join two sentences with a blank forgotten between them.
 * Cost: bounded for mail domains, else linear in what is then one token or cannot be looked at
 * again. */
#include "text/special.h"

#include "text/fold.h"

static const struct {
    uint32_t first;
    uint32_t last;
} special_unspaced[] = {
    {0x0E00, 0x0EFF}, /* Thai, Lao */
    {0x1000, 0x109F}, /* Myanmar */
    {0x1780, 0x17FF}, /* Khmer */
    {0x3005, 0x3007}, /* Han marks and zero */
    {0x3021, 0x3029},   {0x3031, 0x3035},
    {0x3038, 0x303C},   {0x3041, 0x30FF}, /* Hiragana, Katakana */
    {0x3105, 0x312F},                     /* Bopomofo */
    {0x31A0, 0x31BF},   {0x31F0, 0x31FF},
    {0x3400, 0x4DBF},   {0x4E00, 0x9FFF}, /* Han */
    {0xA9E0, 0xA9FE},   {0xAA60, 0xAA7F}, /* Myanmar */
    {0xF900, 0xFAFF},   {0xFF66, 0xFF9F},
    {0x1AFF0, 0x1B16F}, {0x20000, 0x3FFFF},
};

bool kundig__is_unspaced(uint32_t code, uint32_t traits)
{
    uint32_t kind = traits & KUNDIG__CODE_KIND;
    bool numeral = kind == KUNDIG__CODE_DIGIT && code >= 0x3005 && code <= 0x303C; /* of Han */
    if (code < special_unspaced[0].first || (kind != KUNDIG__CODE_LETTER && !numeral)) {
        return false;
    }
    size_t low = 0;
    size_t high = sizeof special_unspaced / sizeof *special_unspaced;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (special_unspaced[middle].last < code) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < sizeof special_unspaced / sizeof *special_unspaced &&
           special_unspaced[low].first <= code;
}

static bool special_ascii_alnum(unsigned char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

bool kundig__is_word_start(const char *text, size_t len, size_t pos)
{
    if (pos >= len) {
        return false;
    }
    unsigned char c = (unsigned char)text[pos];
    if (c < 0x80) {
        return special_ascii_alnum(c) || c == '_';
    }
    uint32_t code;
    kundig__utf8_decode(text + pos, len - pos, &code);
    uint32_t traits = kundig__utf8_traits(code);
    uint32_t kind = traits & KUNDIG__CODE_KIND;
    return (kind == KUNDIG__CODE_LETTER || kind == KUNDIG__CODE_DIGIT) &&
           !(traits & KUNDIG__CODE_JOINS) && code != FOLD_MODIFIER &&
           !kundig__is_unspaced(code, traits);
}

/* Length of the code point at pos if an address may hold it, not being ASCII; else 0. */
static size_t special_foreign(const char *text, size_t len, size_t pos)
{
    uint32_t code;
    size_t step = kundig__utf8_decode(text + pos, len - pos, &code);
    uint32_t traits = kundig__utf8_traits(code);
    uint32_t kind = traits & KUNDIG__CODE_KIND;
    bool fits =
        kind == KUNDIG__CODE_MARK || ((kind == KUNDIG__CODE_LETTER || kind == KUNDIG__CODE_DIGIT) &&
                                      code != FOLD_MODIFIER && !kundig__is_unspaced(code, traits));
    return fits ? step : 0;
}

bool kundig__is_url_head(const char *text, size_t start, size_t end, bool www)
{
    static const char *const heads[] = {"www", "http", "https", "ftp"};
    for (size_t i = www ? 0 : 1; i < (www ? 1 : 4); i++) {
        size_t len = strlen(heads[i]);
        size_t same = 0;
        while (end - start == len && same < len && (text[start + same] | 0x20) == heads[i][same]) {
            same++;
        }
        if (same == len) {
            return true;
        }
    }
    return false;
}

static bool special_url_ascii(unsigned char c)
{
    return c > ' ' && c < 0x7F && !strchr("<>\"{}|\\^`", c);
}

size_t kundig__url_end(const char *text, size_t len, size_t pos)
{
    if (!kundig__is_word_start(text, len, pos)) {
        return pos;
    }
    size_t end = pos;
    int64_t round = 0; /* openers minus closers, of each kind */
    int64_t square = 0;
    while (end < len) {
        unsigned char c = (unsigned char)text[end];
        size_t step = c < 0x80 ? special_url_ascii(c) : special_foreign(text, len, end);
        if (step == 0) {
            break;
        }
        round += (c == '(') - (c == ')');
        square += (c == '[') - (c == ']');
        end += step;
    }
    /* A sentence's own punctuation stays outside, and a bracket that was opened outside. */
    for (;;) {
        char c = text[end - 1];
        if (c == ')' && round < 0) {
            round++;
        } else if (c == ']' && square < 0) {
            square++;
        } else if (c != '.' && c != ',' && c != ';' && c != ':' && c != '!' && c != '?' &&
                   c != '\'') {
            return end;
        }
        end--;
    }
}

size_t kundig__domain_end(const char *text, size_t len, size_t pos)
{
    size_t limit = len - pos < KUNDIG__EMAIL_DOMAIN_MAX ? len : pos + KUNDIG__EMAIL_DOMAIN_MAX;
    size_t end = pos;
    size_t label = pos; /* where the last label begins */
    size_t good = pos;  /* the longest domain so far */
    if (!kundig__is_word_start(text, len, pos)) {
        return pos;
    }
    while (end < limit) {
        unsigned char c = (unsigned char)text[end];
        size_t step;
        if (c == '.') {
            if (end == label || !kundig__is_word_start(text, len, end + 1)) {
                break;
            }
            label = end + 1;
            step = 1;
        } else if (c < 0x80) {
            step = special_ascii_alnum(c) || c == '-';
        } else {
            step = special_foreign(text, len, end);
        }
        if (step == 0) {
            break;
        }
        end += step;
        if (c != '.' && c != '-' && label > pos && end - label >= 2) {
            good = end;
        }
    }
    if (good == pos || (end >= limit && limit < len)) {
        return pos;
    }
    /* Not in the middle of a word. */
    if (good < len && (text[good] == '_' || kundig__is_word_start(text, len, good) ||
                       kundig__fold_stretch(text, len, good) != good)) {
        return pos;
    }
    return good;
}
