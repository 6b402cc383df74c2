#include "support.h"

#include "discover/units.h"

TestSuite(units, .fini = probe_fini);

/* Cuts text and says where, as "0-3 3-9". */
static void units_cut(const char *text, const char *wanted)
{
    kundig__mem mem;
    discover_mem(&mem);
    kundig__languages *languages = kundig__languages_new(&mem);
    kundig__scratch scratch;
    kundig__scratch_init(&scratch, &mem);
    cr_assert(languages);
    cr_assert_eq(kundig__text_features(&scratch, text, strlen(text), KUNDIG__WORDS), KUNDIG_OK);
    kundig__stretch stretches[KUNDIG__MOST_UNITS];
    size_t count = kundig__units_cut(languages, &scratch, text, stretches);
    char got[2048] = "";
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        cr_assert_eq(stretches[i].from, i ? stretches[i - 1].to : 0);
        cr_assert_lt(stretches[i].from, stretches[i].to);
        at += (size_t)snprintf(got + at, sizeof got - at, "%s%zu-%zu", i ? " " : "",
                               stretches[i].from, stretches[i].to);
    }
    cr_assert(count == 0 || stretches[count - 1].to == scratch.token_count);
    cr_assert_str_eq(got, wanted, "%s", text);
    kundig__scratch_free(&scratch);
    kundig__languages_free(languages, &mem);
}

Test(units, are_sentences)
{
    units_cut("The parcel came late. The driver was not friendly!", "0-5 5-11");
    units_cut("Das Paket kam zu spät; der Fahrer war unfreundlich", "0-6 6-10");
    units_cut("The parcel came late", "0-4");
}

Test(units, join_what_is_too_short_to_speak_of_anything)
{
    units_cut("No! The parcel came late. Bad.", "0-9");
    units_cut("The parcel came late. Bad. The driver was not friendly.", "0-5 5-13");
}

Test(units, are_none_where_there_is_no_word_and_one_of_symbols_alone)
{
    units_cut("", "");
    units_cut(" \n ", "");
    units_cut("!!!", "0-1");
}

Test(units, end_at_their_number_and_lose_no_token)
{
    char text[8192] = "";
    for (int i = 0; i < 200; i++) {
        strcat(text, "so it was late. ");
    }
    kundig__mem mem;
    discover_mem(&mem);
    kundig__languages *languages = kundig__languages_new(&mem);
    kundig__scratch scratch;
    kundig__scratch_init(&scratch, &mem);
    cr_assert_eq(kundig__text_features(&scratch, text, strlen(text), KUNDIG__WORDS), KUNDIG_OK);
    kundig__stretch stretches[KUNDIG__MOST_UNITS];
    cr_assert_eq(kundig__units_cut(languages, &scratch, text, stretches), KUNDIG__MOST_UNITS);
    cr_assert_eq(stretches[KUNDIG__MOST_UNITS - 1].to, scratch.token_count);
    kundig__scratch_free(&scratch);
    kundig__languages_free(languages, &mem);
}
