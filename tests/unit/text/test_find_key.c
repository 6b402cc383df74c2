/* Keys: what is taken for equal. */
#include "finding.h"

TestSuite(find_key, .fini = probe_fini);

static void key_is(finding *f, const char *text, bool umlauts, const char *want)
{
    kundig__buf *keys = &f->finder.keys;
    cr_assert_eq(kundig__text_fold(&f->finder.scratch, text, strlen(text)), KUNDIG_OK);
    keys->len = 0;
    kundig__find_key(keys, f->finder.scratch.folded, f->finder.scratch.folded_len, umlauts);
    cr_assert(keys->len == strlen(want) && (!keys->len || !memcmp(keys->data, want, keys->len)),
              "the key of \"%s\" is \"%.*s\", not \"%s\"", text, (int)keys->len,
              keys->data ? keys->data : "", want);
}

Test(find_key, drops_accents_and_spells_umlauts)
{
    finding f;
    finding_begin(&f);
    key_is(&f, "", true, "");
    key_is(&f, "Größe Übermaß", true, "groesse uebermass");
    key_is(&f, "Größe Übermaß", false, "grosse ubermass");
    key_is(&f, "gro\xCC\x88\xC3\x9F", true, "groess");
    key_is(&f, "ǟ Naïve ÿ ñ ç", true, "ae naive y n c");
    key_is(&f, "ø æ œ ł đ ħ ı", true, "oe ae oe l d h i");
    key_is(&f, "ø æ œ ł đ ħ ı", false, "o ae oe l d h i");
    key_is(&f, "Việt İ", true, "viet i");
    key_is(&f, "ά ё й й", true, "α е й й");
    key_is(&f,
           "a\xE2\x80\x8C"
           "b\xC2\xAD"
           "c\xE2\x80\x8D"
           "d",
           true, "abcd");
    key_is(&f, "ééé", true, "ee");
    key_is(&f, "éee", false, "ee");
    key_is(&f, "किताब 각 ก้า", true, "किताब 각 ก้า");
    finding_end(&f);
}

Test(find_key, keys_of_keys_are_themselves)
{
    finding f;
    kundig__buf again;
    finding_begin(&f);
    kundig__buf_init(&again, &f.mem);
    kundig__buf *keys = &f.finder.keys;
    for (uint32_t code = 0x20; code < 0x110000; code += PROBE_STRIDE) {
        char text[6] = "a";
        if (code >= 0xD800 && code <= 0xDFFF) {
            continue;
        }
        size_t len = 1 + kundig__utf8_encode(code, text + 1);
        cr_assert_eq(kundig__text_fold(&f.finder.scratch, text, len), KUNDIG_OK);
        for (int umlauts = 0; umlauts < 2; umlauts++) {
            keys->len = 0;
            again.len = 0;
            kundig__find_key(keys, f.finder.scratch.folded, f.finder.scratch.folded_len, umlauts);
            kundig__find_key(&again, keys->data, keys->len, umlauts);
            cr_assert(keys->len == again.len && !memcmp(keys->data, again.data, again.len),
                      "U+%04X", (unsigned)code);
        }
    }
    kundig__buf_free(&again);
    finding_end(&f);
}

Test(find_key, leaves_of_symbols_what_is_no_punctuation)
{
    finding f;
    finding_begin(&f);
    kundig__buf *keys = &f.finder.keys;
    const char *text = "!…😡\xEF\xB8\x8F€";
    kundig__find_symbol_key(keys, text, strlen(text), false);
    cr_assert(keys->len == 7 && !memcmp(keys->data, "😡€", 7));
    keys->len = 0;
    kundig__find_symbol_key(keys, text, strlen(text), true);
    cr_assert(keys->len == 11 && !memcmp(keys->data, "!…😡€", 11));
    finding_end(&f);
}
