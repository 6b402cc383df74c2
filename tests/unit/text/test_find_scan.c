/* Looking never loses what reading would find, nor finds what it would not. */
#include "finding.h"

TestSuite(find_scan, .fini = probe_fini);

/* Ask for the keys of a text in that text. Of texts whose keys are their own bytes in lower case
 * nothing new is learnt. */
static void finds_itself(finding *f, const char *text, size_t len)
{
    char question[200];
    size_t asked = SIZE_MAX;
    for (int umlauts = 0; umlauts < 2; umlauts++) {
        kundig__buf *keys = &f->finder.keys;
        cr_assert_eq(kundig__text_fold(&f->finder.scratch, text, len), KUNDIG_OK);
        keys->len = 0;
        kundig__find_key(keys, f->finder.scratch.folded, f->finder.scratch.folded_len, umlauts);
        cr_assert(keys->len < sizeof question);
        if (keys->len == asked) {
            break; /* there is one spelling */
        }
        asked = keys->len;
        memcpy(question, keys->data, keys->len);
        int rc = finding_try(f, question, keys->len);
        if (rc == KUNDIG_OK) {
            finding_met(f, text, len);
        } else {
            cr_assert(rc == KUNDIG_E_EMPTY || rc == KUNDIG_E_FORMAT, "%s", f->err.message);
        }
    }
}

/* Does folding, or making the key, change it? */
static bool changes(finding *f, const char *text, size_t len)
{
    kundig__buf *keys = &f->finder.keys;
    cr_assert_eq(kundig__text_fold(&f->finder.scratch, text, len), KUNDIG_OK);
    keys->len = 0;
    kundig__find_key(keys, f->finder.scratch.folded, f->finder.scratch.folded_len, true);
    return keys->len != len || memcmp(keys->data, text, len) != 0;
}

Test(find_scan, loses_no_code_point_whatever_it_folds_to)
{
    static const char *const around[][2] = {{"fo", "el"}, {"", "f"}, {"f", ""}, {"q", "x"}};
    finding f;
    size_t tried = 0;
    finding_begin(&f);
    for (uint32_t code = 0x80; code < 0x110000; code += PROBE_STRIDE) {
        char bytes[4];
        if (code >= 0xD800 && code <= 0xDFFF) {
            continue;
        }
        size_t len = kundig__utf8_encode(code, bytes);
        if (!changes(&f, bytes, len) && code % 1009) {
            continue;
        }
        tried++;
        for (size_t i = 0; i < sizeof around / sizeof *around; i++) {
            char text[16];
            int size = snprintf(text, sizeof text, "%s%.*s%s", around[i][0], (int)len, bytes,
                                around[i][1]);
            finds_itself(&f, text, (size_t)size);
        }
    }
    cr_assert_gt(tried, 3000 / PROBE_STRIDE);
    finding_end(&f);
}

/* Spell a word in one of its ways: case, umlauts, ligatures, letters too many. */
static size_t spell(uint64_t *seed, const char *word, char *out)
{
    static const char *const ways[][2] = {
        {"ae", "ä"}, {"ae", "a\xCC\x88"}, {"oe", "ö"},         {"oe", "ø"},  {"ue", "Ü"},
        {"ss", "ß"}, {"ss", "ſS"},        {"ff", "ﬀ"},         {"fi", "ﬁ"},  {"e", "É"},
        {"a", "ā"},  {"k", "K"},          {"s", "s\xC2\xADS"}, {"o", "ooo"}, {"t", "T"},
        {"r", "Rr"}, {"u", "u\xCC\x81"}};
    size_t len = 0;
    while (*word) {
        const char *const *way = ways[text_random(seed) % (sizeof ways / sizeof *ways)];
        size_t size = strlen(way[0]);
        bool fits = strncmp(word, way[0], size) == 0;
        const char *piece = fits ? way[1] : word;
        size_t piece_len = fits ? strlen(piece) : 1;
        memcpy(out + len, piece, piece_len);
        len += piece_len;
        word += fits ? size : 1;
    }
    return len;
}

Test(find_scan, finds_what_is_spelt_in_any_way)
{
    static const char *const questions[][2] = {
        {"strasse", "strasse"},     {"verspaet*", "verspaetung"},
        {"schoen", "schoen"},       {"koffer", "koffer"},
        {"effizienz", "effizienz"}, {"mass", "mass"},
        {"uebel", "uebel"},         {"doof", "doof"},
        {"geht's", "geht's"}};
    static const char *const edges[] = {"",  " ", "",  " ",  ".", "'",        "’", "_",
                                        "1", "@", "é", "漢", "x", "\xCC\x81", "s", "\xC2\xAD"};
    finding f;
    uint64_t seed = 3;
    finding_begin(&f);
    for (size_t q = 0; q < sizeof questions / sizeof *questions; q++) {
        size_t met = 0;
        finding_ask(&f, questions[q][0]);
        for (int i = 0; i < 20000; i++) {
            char text[200];
            const char *before = edges[text_random(&seed) % 16];
            const char *behind = edges[text_random(&seed) % 16];
            size_t len = strlen(before);
            memcpy(text, before, len);
            len += spell(&seed, questions[q][1], text + len);
            memcpy(text + len, behind, strlen(behind));
            met += finding_met(&f, text, len + strlen(behind));
        }
        cr_assert(met > 1000 && met < 19000, "%s: %zu", questions[q][0], met);
    }
    finding_end(&f);
}

static void looks(finding *f, const char *question, const char *text, int want)
{
    finding_ask(f, question);
    int look = kundig__find_look(f->find, text, strlen(text));
    cr_assert_eq(look, want, "\"%s\" in \"%s\": %d", question, text, look);
}

Test(find_scan, reads_only_what_bytes_leave_open)
{
    finding f;
    finding_begin(&f);
    looks(&f, "lieferung", "die LIEFERUNG, bitte", KUNDIG__FIND_YES);
    looks(&f, "lieferung", "Lieferungen kamen", KUNDIG__FIND_NO);
    looks(&f, "lieferung", "Auslieferung", KUNDIG__FIND_NO);
    looks(&f, "liefer*", "Lieferungen kamen", KUNDIG__FIND_YES);
    looks(&f, "liefer*", "Lieferungen kamen spät über Österreich", KUNDIG__FIND_YES);
    looks(&f, "die", "Vögel über den Dächern", KUNDIG__FIND_NO);
    looks(&f, "uebel", "übel", KUNDIG__FIND_READ);
    looks(&f, "\"zu spät\"", "viel zu schnell", KUNDIG__FIND_NO);
    looks(&f, "doof", "dooof", KUNDIG__FIND_READ);
    looks(&f, "доставка", "only English here, größer", KUNDIG__FIND_NO);
    looks(&f, "😡", "so gut 😀 ß", KUNDIG__FIND_NO);
    looks(&f, "x", "nothing", KUNDIG__FIND_READ);
    looks(&f, "漢字", "nothing", KUNDIG__FIND_READ);
    finding_end(&f);
}

Test(find_scan, looks_at_texts_of_every_length_to_their_ends)
{
    finding f;
    char text[80];
    finding_begin(&f);
    finding_ask(&f, "qx");
    for (size_t len = 0; len < sizeof text; len++) {
        memset(text, ' ', sizeof text);
        cr_assert_eq(kundig__find_look(f.find, text, len), KUNDIG__FIND_NO);
        for (size_t at = 0; at + 2 <= len; at++) {
            memset(text, ' ', sizeof text);
            memcpy(text + at, "Qx", 2);
            cr_assert_eq(kundig__find_look(f.find, text, len), KUNDIG__FIND_YES, "%zu of %zu", at,
                         len);
        }
        if (len < sizeof text) {
            memset(text, ' ', sizeof text);
            text[len] = 'x';
            text[len ? len - 1 : 0] = 'q';
            cr_assert_eq(kundig__find_look(f.find, text, len), KUNDIG__FIND_NO);
        }
    }
    finding_end(&f);
}
