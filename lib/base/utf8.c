/* UTF-8 and Unicode properties, over utf8proc's tables.
 *
 * Invariant: only what passed kundig__utf8_valid or kundig__utf8_mend is decoded, so decoding
 * checks nothing. utf8proc's own allocating calls are never used: code points are decomposed one
 * by one into the folder's array, put in order there (utf8proc_decompose orders by exchange, which
 * is quadratic in the marks of one letter) and composed in place.
 * Cost: checking ASCII 8 bytes a step; all else linear, a table look-up a code point. */
#include "base/utf8.h"

#include <string.h>
#include <utf8proc.h>

#define UTF8_ONES            UINT64_C(0x0101010101010101)
#define UTF8_TOPS            UINT64_C(0x8080808080808080)
#define UTF8_VARIATION_EMOJI 0xFE0F
#define UTF8_REPLACEMENT     "\xEF\xBF\xBD"
#define UTF8_REPLACEMENT_LEN (sizeof UTF8_REPLACEMENT - 1)

/* Length of the well-formed sequence at text, 0 if there is none; then *bad is the length of the
 * maximal subpart: the longest beginning of a well-formed sequence, at least one byte. */
static size_t utf8_sequence(const unsigned char *text, size_t len, size_t *bad)
{
    unsigned char lead = text[0];
    unsigned char low = 0x80; /* the second byte's bounds carry all of Unicode's table 3-7 */
    unsigned char high = 0xBF;
    size_t need;
    *bad = 1;
    if (lead < 0x80) {
        return lead != 0;
    }
    if (lead < 0xC2 || lead > 0xF4) {
        return 0;
    }
    if (lead < 0xE0) {
        need = 2;
    } else if (lead < 0xF0) {
        need = 3;
        low = lead == 0xE0 ? 0xA0 : low;
        high = lead == 0xED ? 0x9F : high;
    } else {
        need = 4;
        low = lead == 0xF0 ? 0x90 : low;
        high = lead == 0xF4 ? 0x8F : high;
    }
    for (size_t i = 1; i < need; i++) {
        if (i == len || text[i] < low || text[i] > high) {
            *bad = i;
            return 0;
        }
        low = 0x80;
        high = 0xBF;
    }
    return need;
}

size_t kundig__utf8_valid(const char *text, size_t len)
{
    const unsigned char *bytes = (const unsigned char *)text;
    size_t pos = 0;
    while (pos < len) {
        uint64_t block;
        while (len - pos >= sizeof block) {
            memcpy(&block, bytes + pos, sizeof block);
            if (((block - UTF8_ONES) | block) & UTF8_TOPS) {
                break; /* a byte of 0, or one of 0x80 and above */
            }
            pos += sizeof block;
        }
        size_t bad;
        size_t end = len - pos < sizeof block ? len : pos + sizeof block;
        while (pos < end) {
            size_t step = utf8_sequence(bytes + pos, len - pos, &bad);
            if (step == 0) {
                return pos;
            }
            pos += step;
        }
    }
    return pos;
}

size_t kundig__utf8_mend(kundig__buf *out, const char *text, size_t len)
{
    size_t pos = 0;
    size_t replaced = 0;
    while (pos < len) {
        size_t good = kundig__utf8_valid(text + pos, len - pos);
        kundig__buf_add(out, text + pos, good);
        pos += good;
        if (pos < len) {
            size_t bad;
            utf8_sequence((const unsigned char *)text + pos, len - pos, &bad);
            kundig__buf_add(out, UTF8_REPLACEMENT, UTF8_REPLACEMENT_LEN);
            pos += bad;
            replaced += bad;
        }
    }
    return replaced;
}

void kundig__utf8_given_offsets(const char *given, size_t len, size_t *offsets, size_t count)
{
    size_t at = 0;
    size_t pos = 0;    /* in given */
    size_t mended = 0; /* where that is in the mended text */
    while (at < count && pos < len) {
        size_t good = kundig__utf8_valid(given + pos, len - pos);
        for (; at < count && offsets[at] - mended < good; at++) {
            offsets[at] = pos + (offsets[at] - mended);
        }
        pos += good;
        mended += good;
        if (pos < len) {
            size_t bad;
            utf8_sequence((const unsigned char *)given + pos, len - pos, &bad);
            for (; at < count && offsets[at] - mended < UTF8_REPLACEMENT_LEN; at++) {
                offsets[at] = pos;
            }
            pos += bad;
            mended += UTF8_REPLACEMENT_LEN;
        }
    }
    for (; at < count; at++) {
        offsets[at] = len;
    }
}

size_t kundig__utf8_encode(uint32_t code, char out[4])
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xC0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xE0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3F));
    out[2] = (char)(0x80 | (code >> 6 & 0x3F));
    out[3] = (char)(0x80 | (code & 0x3F));
    return 4;
}

size_t kundig__utf8_decompose(uint32_t code, uint32_t out[4])
{
    const utf8proc_property_t *property = utf8proc_get_property((utf8proc_int32_t)code);
    int32_t parts[4]; /* no canonical decomposition is longer */
    if (property->decomp_seqindex == UINT16_MAX || property->decomp_type != 0) {
        return 0;
    }
    utf8proc_ssize_t count =
        utf8proc_decompose_char((utf8proc_int32_t)code, parts, 4, UTF8PROC_DECOMPOSE, NULL);
    for (utf8proc_ssize_t i = 0; i < count && i < 4; i++) {
        out[i] = (uint32_t)parts[i];
    }
    return count > 0 && count <= 4 ? (size_t)count : 0;
}

bool kundig__utf8_breaks(uint32_t before, uint32_t after, int32_t *state)
{
    return utf8proc_grapheme_break_stateful((utf8proc_int32_t)before, (utf8proc_int32_t)after,
                                            state);
}

/* The cluster at text + pos: its length, and its columns. */
static size_t utf8_cluster(const char *text, size_t len, size_t pos, size_t *columns)
{
    uint32_t code;
    size_t end = pos + kundig__utf8_decode(text + pos, len - pos, &code);
    size_t width = (size_t)utf8proc_charwidth((utf8proc_int32_t)code);
    int32_t state = 0;
    while (end < len) {
        uint32_t next;
        size_t step = kundig__utf8_decode(text + end, len - end, &next);
        if (kundig__utf8_breaks(code, next, &state)) {
            break;
        }
        size_t more = (size_t)utf8proc_charwidth((utf8proc_int32_t)next);
        if (next == UTF8_VARIATION_EMOJI || (next >= 0x1F1E6 && next <= 0x1F1FF)) {
            more = 2; /* shown as a picture; two indicators are one flag */
        }
        width = more > width ? more : width;
        code = next;
        end += step;
    }
    *columns = width;
    return end - pos;
}

size_t kundig__utf8_width(const char *text, size_t len)
{
    size_t total = 0;
    for (size_t pos = 0; pos < len;) {
        size_t columns;
        pos += utf8_cluster(text, len, pos, &columns);
        total += columns;
    }
    return total;
}

size_t kundig__utf8_cut(const char *text, size_t len, size_t width)
{
    size_t pos = 0;
    while (pos < len) {
        size_t columns;
        size_t step = utf8_cluster(text, len, pos, &columns);
        if (columns > width) {
            break;
        }
        width -= columns;
        pos += step;
    }
    return pos;
}

bool kundig__utf8_is_hidden(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code <= 0x9F) || code == 0x061C || code == 0x180E ||
           code == 0x200B || code == 0x200E || code == 0x200F ||
           (code >= 0x2028 && code <= 0x202E) || (code >= 0x2060 && code <= 0x206F) ||
           code == 0xFEFF || (code >= 0xFFF9 && code <= 0xFFFB) ||
           (code >= 0xE0000 && code <= 0xE007F);
}

const char *kundig__unicode_version(void)
{
    return utf8proc_unicode_version();
}

static uint32_t utf8_kind(int category)
{
    switch (category) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
        return KUNDIG__CODE_LETTER;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
        return KUNDIG__CODE_MARK;
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
        return KUNDIG__CODE_DIGIT;
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
        return KUNDIG__CODE_GAP;
    default:
        return KUNDIG__CODE_SYMBOL;
    }
}

uint32_t kundig__utf8_traits(uint32_t code)
{
    const utf8proc_property_t *property = utf8proc_get_property((utf8proc_int32_t)code);
    uint32_t traits = utf8_kind(property->category);
    if (property->casefold_seqindex != UINT16_MAX ||
        (property->decomp_seqindex != UINT16_MAX && property->decomp_type == 0)) {
        traits |= KUNDIG__CODE_FOLDS;
    }
    /* Second halves of compositions are marks, but for Hangul vowels and finals and, from Unicode
     * 16 on, the vowels of Kirat Rai. */
    if ((traits & KUNDIG__CODE_KIND) == KUNDIG__CODE_MARK || (code >= 0x1160 && code <= 0x11FF) ||
        (code >= 0x16D63 && code <= 0x16D6A)) {
        traits |= KUNDIG__CODE_JOINS;
    }
    return traits;
}

void kundig__folder_init(kundig__folder *folder, kundig__mem *mem)
{
    memset(folder, 0, sizeof *folder);
    folder->mem = mem;
}

void kundig__folder_free(kundig__folder *folder)
{
    kundig__free(folder->mem, folder->codes, folder->capacity * sizeof *folder->codes);
    kundig__free(folder->mem, folder->spare, folder->spare_capacity * sizeof *folder->spare);
    kundig__folder_init(folder, folder->mem);
}

static unsigned utf8_class(int32_t code)
{
    return (unsigned)utf8proc_get_property(code)->combining_class & 0xFF;
}

/* Canonical order of the marks codes[0..count), all of class > 0: a stable sort by class, by
 * insertion where few, else by counting. spare holds count entries. */
static void utf8_order_marks(int32_t *codes, int32_t *spare, size_t count)
{
    if (count <= 16) {
        for (size_t i = 1; i < count; i++) {
            int32_t code = codes[i];
            unsigned rank = utf8_class(code);
            size_t j = i;
            for (; j > 0 && utf8_class(codes[j - 1]) > rank; j--) {
                codes[j] = codes[j - 1];
            }
            codes[j] = code;
        }
        return;
    }
    size_t starts[256] = {0};
    for (size_t i = 0; i < count; i++) {
        starts[utf8_class(codes[i])]++;
    }
    size_t sum = 0;
    for (size_t rank = 0; rank < 256; rank++) {
        size_t here = starts[rank];
        starts[rank] = sum;
        sum += here;
    }
    for (size_t i = 0; i < count; i++) {
        spare[starts[utf8_class(codes[i])]++] = codes[i];
    }
    memcpy(codes, spare, count * sizeof *codes);
}

static void utf8_order(kundig__folder *folder)
{
    size_t first = 0;
    for (size_t i = 0; i <= folder->count; i++) {
        if (i == folder->count || utf8_class(folder->codes[i]) == 0) {
            if (i - first > 1) {
                utf8_order_marks(folder->codes + first, folder->spare, i - first);
            }
            first = i + 1;
        }
    }
}

/* Room for `need` code points in both arrays. */
static bool utf8_folder_room(kundig__folder *folder, size_t need)
{
    void *codes = folder->codes;
    void *spare = folder->spare;
    bool fits =
        kundig__grow(folder->mem, &codes, &folder->capacity, need, sizeof *folder->codes) &&
        kundig__grow(folder->mem, &spare, &folder->spare_capacity, need, sizeof *folder->spare);
    folder->codes = codes;
    folder->spare = spare;
    return fits;
}

/* Append what code becomes under options; the longest is 4 code points a step, folded and
 * decomposed less than 16. */
static bool utf8_append(kundig__folder *folder, int32_t code, int options)
{
    if (!utf8_folder_room(folder, folder->count + 16)) {
        return false;
    }
    utf8proc_ssize_t added = utf8proc_decompose_char(code, folder->codes + folder->count, 16,
                                                     (utf8proc_option_t)options, NULL);
    if (added > 0 && added <= 16) {
        folder->count += (size_t)added;
    }
    return true;
}

bool kundig__folder_run(kundig__folder *folder, const char *text, size_t len)
{
    folder->count = 0;
    for (size_t pos = 0; pos < len;) {
        uint32_t code;
        pos += kundig__utf8_decode(text + pos, len - pos, &code);
        if (!utf8_append(folder, (int32_t)code, UTF8PROC_DECOMPOSE)) {
            return false;
        }
    }
    utf8_order(folder);
    /* Fold from the second array back into the first. */
    size_t count = folder->count;
    int32_t *decomposed = folder->spare;
    size_t capacity = folder->spare_capacity;
    folder->spare = folder->codes;
    folder->spare_capacity = folder->capacity;
    folder->codes = decomposed;
    folder->capacity = capacity;
    folder->count = 0;
    for (size_t i = 0; i < count; i++) {
        if (!utf8_append(folder, folder->spare[i], UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD)) {
            return false;
        }
    }
    utf8_order(folder);
    utf8proc_ssize_t left =
        utf8proc_normalize_utf32(folder->codes, (utf8proc_ssize_t)folder->count,
                                 (utf8proc_option_t)(UTF8PROC_COMPOSE | UTF8PROC_STABLE));
    folder->count = left > 0 ? (size_t)left : 0;
    return true;
}
