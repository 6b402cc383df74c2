/* Keys: one spelling for what finding takes for equal.
 *
 * A key is folded text without accents (U+0300 to U+036F), joiners, soft hyphens and the mark that
 * asks for an emoji's picture, with ligatures and strokes resolved. Invariant: the key of a key is
 * itself, and runs of three equal letters are cut as folding cuts them.
 * Cost: linear. */
#include "text/find_inside.h"
#include "text/scan.h"

#define KEY_DIAERESIS 0x0308u

static bool key_is_mark(uint32_t code)
{
    return code >= 0x0300 && code <= 0x036F;
}

static bool key_vanishes(uint32_t code)
{
    return key_is_mark(code) || code == FOLD_SOFT_HYPHEN || code == TOKEN_JOINER ||
           code == TOKEN_NON_JOINER || code == TOKEN_AS_PICTURE;
}

/* Latin letters that no canonical decomposition resolves. NULL: not among them. */
static const char *key_letter(uint32_t code, bool umlauts)
{
    switch (code) {
    case 0xE6:
        return "ae";
    case 0xF8:
        return umlauts ? "oe" : "o";
    case 0x111:
        return "d";
    case 0x127:
        return "h";
    case 0x131:
        return "i";
    case 0x142:
        return "l";
    case 0x153:
        return "oe";
    default:
        return NULL;
    }
}

static void key_code(kundig__buf *out, uint32_t code)
{
    char bytes[4];
    kundig__buf_add(out, bytes, kundig__utf8_encode(code, bytes));
}

/* Append one code point without marks in it. *base is the letter that marks stand on. */
static void key_part(kundig__buf *out, uint32_t code, bool umlauts, uint32_t *base)
{
    const char *letter = key_letter(code, umlauts);
    if (letter) {
        kundig__buf_str(out, letter);
        *base = 0;
    } else if (code == KEY_DIAERESIS && umlauts && (*base == 'a' || *base == 'o' || *base == 'u')) {
        kundig__buf_char(out, 'e');
        *base = 0;
    } else if (!key_vanishes(code)) {
        key_code(out, code);
        *base = code;
    }
}

static void key_add(kundig__buf *out, uint32_t code, bool umlauts, uint32_t *base)
{
    uint32_t parts[4];
    size_t count =
        code == 0x439 ? 0 : kundig__utf8_decompose(code, parts); /* of и, not an accent */
    if (!count) {
        parts[count++] = code;
    }
    for (size_t i = 0; i < count; i++) {
        key_part(out, parts[i], umlauts, base);
    }
}

void kundig__find_key(kundig__buf *out, const char *folded, size_t len, bool umlauts)
{
    size_t from = out->len;
    uint32_t base = 0;
    for (size_t pos = 0; pos < len;) {
        uint32_t code;
        pos += kundig__utf8_decode(folded + pos, len - pos, &code);
        if (code < 0x80) {
            kundig__buf_char(out, (char)code);
            base = code;
        } else {
            key_add(out, code, umlauts, &base);
        }
    }
    if (!out->failed && out->len > from) {
        out->len = from + kundig__fold_collapse(out->data + from, out->len - from);
    }
}

static bool key_is_punctuation(uint32_t code)
{
    return code < 0x80 || (code >= 0xA1 && code <= 0xBF) || (code >= 0x2010 && code <= 0x205E) ||
           (code >= 0x3001 && code <= 0x301F) || (code >= 0xFF01 && code <= 0xFF65);
}

void kundig__find_symbol_key(kundig__buf *out, const char *folded, size_t len, bool punctuation)
{
    for (size_t pos = 0; pos < len;) {
        uint32_t code;
        pos += kundig__utf8_decode(folded + pos, len - pos, &code);
        if (!key_vanishes(code) && (punctuation || !key_is_punctuation(code))) {
            key_code(out, code);
        }
    }
}
