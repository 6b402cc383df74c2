/* The text as the rules for personal data read it, and the places where they have to look.
 *
 * Invariant: places ascend, and view and places have one entry a character; of ASCII text the view
 * is a copy and places are not needed. A view is never longer than its text (sharp s is two bytes).
 * Cost: one pass to make it, one to mark it; a word costs a look at its length and first letter,
 * and only if those are of a cue a search. Marks: at most one a byte. */
#include "text/personal_view.h"

#include "text/fold.h"

/* Each character's class, in hexadecimal. */
#define U VIEW_IS_UPPER
#define L VIEW_IS_LOWER
#define D VIEW_IS_DIGIT
#define B VIEW_IS_BLANK
#define N VIEW_IS_LINE
#define S VIEW_IS_SPECIAL
#define T VIEW_IS_TAKEN
const uint8_t kundig__view_class[256] = {
    0, 0, 0,
    0, 0, 0,
    0, 0, 0,
    B, N, N,
    N, N, 0,
    0, /* 00 */
    0, 0, 0,
    0, 0, 0,
    0, 0, 0,
    0, 0, 0,
    0, 0, 0,
    0, /* 10 */
    B, 0, 0,
    S, 0, 0,
    0, 0, S,
    0, 0, 0,
    0, 0, 0,
    0, /*  !"# */
    D, D, D,
    D, D, D,
    D, D, D,
    D, S, S,
    0, 0, 0,
    S, /* 0-9 */
    S, U, U,
    U, U, U,
    U, U, U,
    U, U, U,
    U, U, U,
    U, /* @ */
    U, U, U,
    U, U, U,
    U, U, U,
    U, U, S,
    0, 0, 0,
    0, /* [ */
    0, L, L,
    L, L, L,
    L, L, L,
    L, L, L,
    L, L, L,
    L, /* a */
    L, L, L,
    L, L, L,
    L, L, L,
    L, L, S,
    0, 0, 0,
    0,                      /* { */
    U, L, VIEW_IS_CASELESS, /* letters of other scripts */
    0, 0, 0,
    0, 0, 0,
    0, 0, 0,
    0, 0, 0,
    0, /* 83 */
    0, 0, 0,
    0, 0, 0,
    0, 0, 0,
    0, 0, 0,
    0, 0, 0,
    0, /* 90 */
    0, 0, 0,
    0, 0, 0,
    0, 0, 0,
    0, 0, 0,
    0, 0, 0,
    0, /* A0 */
    0, 0, 0,
    0, 0, 0,
    0, 0, 0,
    0, 0, 0,
    0, 0, 0,
    0, /* B0 */
    0, 0, 0,
    0, 0, 0,
    0, 0, 0,
    0, 0, 0,
    0, 0, 0,
    0, /* C0 */
    0, 0, 0,
    0, 0, 0,
    0, 0, 0,
    0, 0, 0,
    0, 0, 0,
    0, /* D0 */
    0, 0, 0,
    0, 0, 0,
    0, 0, 0,
    0, 0, 0,
    0, 0, 0,
    0, /* E0 */
    T, T, T,
    T, T, T,
    T, T, T,
    0, 0, 0,
    0, 0, 0,
    0, /* F0 */
};
#undef U
#undef L
#undef D
#undef B
#undef N
#undef S
#undef T

/* Letters U+00C0 to U+017F without their marks; '?' is no letter, sharp s is seen to before. */
static const char view_latin[] = "AAAAAAACEEEEIIIIDNOOOOO?OUUUUYTs"
                                 "aaaaaaaceeeeiiiidnooooo?ouuuuyty"
                                 "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGg"
                                 "GgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlL"
                                 "lLlNnNnNnnNnOoOoOoOoRrRrRrSsSsSs"
                                 "SsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";
_Static_assert(sizeof view_latin - 1 == 0x180 - 0xC0, "one letter a code point");

/* What a letter of no table is: case is known where a script has it. */
static unsigned char view_letter(uint32_t code, uint32_t traits)
{
    if (code >= 0x1E00 && code <= 0x1EFF) {
        return code & 1 ? VIEW_LOWER : VIEW_UPPER;
    }
    if ((code >= 0x430 && code <= 0x45F) || (code >= 0x3AC && code <= 0x3CE)) {
        return VIEW_LOWER;
    }
    if (code >= 0x590 && !(code >= 0x1F00 && code <= 0x1FFF) && code < 0x10400) {
        return VIEW_CASELESS;
    }
    return traits & KUNDIG__CODE_FOLDS ? VIEW_UPPER : VIEW_LOWER;
}

/* The character that a code point above ASCII is; 0 if it is left out. */
static unsigned char view_character(uint32_t code)
{
    if (code >= 0xFF01 && code <= 0xFF5E) {
        return (unsigned char)(code - 0xFEE0);
    }
    if ((code >= 0x660 && code <= 0x669) || (code >= 0x6F0 && code <= 0x6F9)) {
        return (unsigned char)('0' + (code & 15));
    }
    switch (code) {
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x2015:
    case 0x2212:
    case 0xFE58:
    case 0xFE63:
        return '-';
    case 0x2018:
    case 0x2019:
    case 0x02BC:
    case 0x00B4:
        return '\'';
    case 0x00A2:
    case 0x00A3:
    case 0x00A5:
    case 0x20AC:
        return '$';
    case 0x0085:
    case 0x2028:
    case 0x2029:
        return '\n';
    default:
        break;
    }
    uint32_t traits = kundig__utf8_traits(code);
    switch (traits & KUNDIG__CODE_KIND) {
    case KUNDIG__CODE_LETTER:
        return view_letter(code, traits);
    case KUNDIG__CODE_MARK:
        return 0;
    case KUNDIG__CODE_GAP:
        return code == FOLD_SOFT_HYPHEN || code == 0x200C || code == 0x200D ||
                       kundig__utf8_is_hidden(code)
                   ? 0
                   : ' ';
    default:
        return VIEW_SYMBOL;
    }
}

static bool view_is_ascii(const char *text, size_t len)
{
    size_t i = 0;
    for (; len - i >= 8; i += 8) {
        if (fold_load(text + i, 8) & FOLD_TOPS) {
            return false;
        }
    }
    return (fold_load(text + i, len - i) & FOLD_TOPS) == 0;
}

static bool view_room(kundig__personal *p, size_t len, bool is_ascii)
{
    void *plain = p->plain;
    void *places = p->places;
    bool fits =
        kundig__grow(p->mem, &plain, &p->plain_capacity, len + 1, 1) &&
        (is_ascii || kundig__grow(p->mem, &places, &p->place_capacity, len + 1, sizeof *p->places));
    p->plain = plain;
    p->places = places;
    return fits;
}

static void view_fold(kundig__personal *p, const char *text, size_t len)
{
    char *plain = p->plain;
    uint32_t *places = p->places;
    size_t out = 0;
    for (size_t pos = 0; pos < len;) {
        unsigned char c = (unsigned char)text[pos];
        uint32_t here = (uint32_t)pos;
        if (c < 0x80) {
            plain[out] = (char)c;
            places[out++] = here;
            pos++;
            continue;
        }
        uint32_t code;
        pos += kundig__utf8_decode(text + pos, len - pos, &code);
        unsigned char folded;
        if (code >= 0xC0 && code < 0x180 && view_latin[code - 0xC0] != '?') {
            folded = (unsigned char)view_latin[code - 0xC0];
        } else {
            folded = code == 0x1E9E ? 'S' : view_character(code);
        }
        if (folded == 0) {
            continue;
        }
        plain[out] = (char)folded;
        places[out++] = here;
        if (code == 0xDF || code == 0x1E9E) {
            plain[out] = (char)folded;
            places[out++] = here;
        }
    }
    p->plain_len = out;
}

/* ---- Marks ---- */

typedef struct view_marking {
    kundig__personal *p;
    size_t chunk; /* where the stretch without blanks begins */
    bool failed;
} view_marking;

static void view_mark(view_marking *marking, size_t pos, size_t end, int type, int what)
{
    kundig__personal *p = marking->p;
    if (p->mark_count == p->mark_capacity) {
        void *marks = p->marks;
        if (!kundig__grow(p->mem, &marks, &p->mark_capacity, p->mark_count + 1, sizeof *p->marks)) {
            marking->failed = true;
            return;
        }
        p->marks = marks;
    }
    kundig__personal_mark *mark = &p->marks[p->mark_count++];
    mark->pos = (uint32_t)pos;
    mark->end = (uint32_t)end;
    mark->type = (uint16_t)type;
    mark->what = (uint16_t)what;
}

static void view_mark_word(view_marking *marking, size_t pos, size_t end)
{
    kundig__personal *p = marking->p;
    unsigned first = (view_at(p, pos) | 0x20u) - 'a';
    if (first >= 26 || end - pos > 31 || !(p->cue_lengths[first] >> (end - pos) & 1)) {
        return;
    }
    int cue = kundig__view_cue(p, pos, end);
    if (cue == CUE_DOT) {
        view_mark(marking, pos, end, MARK_DOT, 0);
    } else if (cue != CUE_NONE) {
        view_mark(marking, pos, end, MARK_CUE, cue);
    }
}

/* Length of the mask that stands at pos; 0 if none does. */
static size_t view_mask_len(const kundig__personal *p, size_t pos)
{
    size_t left = p->plain_len - pos;
    for (uint32_t kind = 1; kind & KUNDIG_PERSONAL_ALL; kind <<= 1) {
        const char *name = kundig__personal_name(kind);
        size_t len = strlen(name);
        if (left >= len + 2 && p->plain[pos + 1 + len] == ']' &&
            memcmp(p->plain + pos + 1, name, len) == 0) {
            return len + 2;
        }
    }
    return 0;
}

/* The mark of a character that is neither letter nor digit; where to go on. */
static size_t view_mark_special(view_marking *marking, size_t pos)
{
    kundig__personal *p = marking->p;
    switch (view_at(p, pos)) {
    case '@':
        view_mark(marking, pos, pos + 1, MARK_AT, 0);
        break;
    case ':':
        if (view_at(p, pos + 1) == '/' && view_at(p, pos + 2) == '/') {
            view_mark(marking, pos, pos + 3, MARK_SCHEME, 0);
        }
        break;
    case '?':
    case ';':
    case '#':
        if (pos > marking->chunk && (view_is(p, pos + 1) & VIEW_IS_WORD)) {
            view_mark(marking, pos, marking->chunk, MARK_QUERY, 0);
        }
        break;
    case '[': {
        size_t len = view_mask_len(p, pos);
        if (len > 0) {
            memset(p->plain + pos, VIEW_MASK, len);
            return pos + len;
        }
        view_mark(marking, pos, pos + 1, MARK_BRACKET, 0);
        break;
    }
    default: { /* ( { */
        size_t inside = view_blanks(p, pos + 1, 1);
        if (view_at(p, inside) == '@' || view_lower(view_at(p, inside)) == 'a') {
            view_mark(marking, pos, pos + 1, MARK_BRACKET, 0);
        }
        break;
    }
    }
    return pos + 1;
}

static bool view_mark_all(kundig__personal *p)
{
    view_marking marking = {p, 0, false};
    const unsigned char *plain = (const unsigned char *)p->plain;
    size_t len = p->plain_len;
    for (size_t pos = 0; pos < len && !marking.failed;) {
        unsigned is = kundig__view_class[plain[pos]];
        size_t start = pos;
        if (is & VIEW_IS_LETTER) {
            do {
                pos++;
            } while (pos < len && (kundig__view_class[plain[pos]] & VIEW_IS_LETTER));
            if (pos - start == 3 && view_at(p, pos) == '.' && view_equal(p, start, pos, "www")) {
                view_mark(&marking, start, pos, MARK_WWW, 0);
            }
            view_mark_word(&marking, start, pos);
        } else if (is & VIEW_IS_DIGIT) {
            do {
                pos++;
            } while (pos < len && (kundig__view_class[plain[pos]] & VIEW_IS_DIGIT));
            view_mark(&marking, start, pos, MARK_DIGITS, 0);
        } else if (is & VIEW_IS_SPECIAL) {
            pos = view_mark_special(&marking, pos);
        } else {
            pos++;
            if (is & (VIEW_IS_BLANK | VIEW_IS_LINE)) {
                marking.chunk = pos;
            }
        }
    }
    return !marking.failed;
}

bool kundig__view_make(kundig__personal *p, const char *text, size_t len)
{
    p->is_ascii = view_is_ascii(text, len);
    p->has_found = false;
    p->mark_count = 0;
    p->plain_len = 0;
    if (!view_room(p, len, p->is_ascii)) {
        return false;
    }
    if (p->is_ascii) {
        if (len > 0) {
            memcpy(p->plain, text, len);
        }
        p->plain_len = len;
    } else {
        view_fold(p, text, len);
    }
    return view_mark_all(p);
}

void kundig__view_take(kundig__personal *p, size_t start, size_t end, uint32_t kind)
{
    unsigned char first = VIEW_START;
    for (; !(kind & 1); kind >>= 1) {
        first++;
    }
    memset(p->plain + start, VIEW_TAKEN, end - start);
    p->plain[start] = (char)first;
    p->has_found = true;
}
