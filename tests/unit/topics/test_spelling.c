#include "modelling.h"

TestSuite(spelling, .fini = probe_fini);

static void spells(bool (*spelling)(const char *, size_t, char *), const char *text,
                   const char *expected)
{
    char out[64] = "untouched";
    size_t len = strlen(text);
    bool changed = spelling(text, len, out);
    cr_assert_eq(changed, strcmp(text, expected) != 0, "%s", text);
    if (changed) {
        cr_assert(strlen(expected) == len && memcmp(out, expected, len) == 0, "%s", text);
    } else {
        cr_assert_str_eq(out, "untouched");
    }
}

Test(spelling, writes_keys_without_umlauts)
{
    spells(kundig__spelling_key, "verspätet", "verspaetet");
    spells(kundig__spelling_key, "öäü", "oeaeue");
    spells(kundig__spelling_key, "late", "late");
    spells(kundig__spelling_key, "é\xC3", "é\xC3");
    spells(kundig__spelling_key, "", "");
    spells(kundig__spelling_key, "ã", "ã");
}

Test(spelling, puts_umlauts_where_they_may_stand)
{
    spells(kundig__spelling_umlauts, "verspaetet", "verspätet");
    spells(kundig__spelling_umlauts, "ueber", "über");
    spells(kundig__spelling_umlauts, "oel", "öl");
    spells(kundig__spelling_umlauts, "neue", "neue");
    spells(kundig__spelling_umlauts, "feuer", "feuer");
    spells(kundig__spelling_umlauts, "quer", "quer");
    spells(kundig__spelling_umlauts, "säue", "säue");
    spells(kundig__spelling_umlauts, "ae", "ä");
    spells(kundig__spelling_umlauts, "a", "a");
    spells(kundig__spelling_umlauts, "ea", "ea");
}
