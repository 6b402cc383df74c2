/* What is found of what is asked, and where. */
#include "finding.h"

TestSuite(find, .fini = probe_fini);

/* places: what is marked, parted by "|"; NULL: the text does not hold the words. */
static void finds(finding *f, const char *question, const char *text, const char *places)
{
    char marked[400] = "";
    finding_ask(f, question);
    bool met = finding_met(f, text, strlen(text));
    cr_assert_eq(met, places != NULL, "\"%s\" in \"%s\"", question, text);
    for (size_t i = 0; i < f->finder.place_count && met; i++) {
        const kundig__find_place *place = &f->finder.places[i];
        size_t len = strlen(marked);
        snprintf(marked + len, sizeof marked - len, "%s%.*s", i ? "|" : "",
                 (int)(place->end - place->start), text + place->start);
    }
    cr_assert(!met || strcmp(marked, places) == 0, "\"%s\" marks \"%s\", not \"%s\"", question,
              marked, places);
}

Test(find, every_word_must_stand_somewhere)
{
    finding f;
    finding_begin(&f);
    finds(&f, "lieferung spät", "Spät kam die LIEFERUNG, die Lieferung!",
          "Spät|LIEFERUNG|Lieferung");
    finds(&f, "lieferung spät", "Die Lieferung kam gestern.", NULL);
    finds(&f, "liefer", "Die Lieferung kam gestern.", NULL);
    finds(&f, "liefer*", "Die Lieferung kam, geliefert hat liefer.", "Lieferung|liefer");
    finds(&f, "die die", "Die", "Die");
    finds(&f, "a b", "b a", "b|a");
    finds(&f, "50", "50 % von 500", "50");
    finds(&f, "geht's", "Wie geht’s? GEHT'S? gehts", "geht’s|GEHT'S");
    finding_end(&f);
}

Test(find, umlauts_and_accents_are_found_in_every_spelling)
{
    finding f;
    finding_begin(&f);
    const char *text = "spät spaet SPÄT spa\xCC\x88t spat Verspätung";
    finds(&f, "spät", text, "spät|spaet|SPÄT|spa\xCC\x88t");
    finds(&f, "SPAET", text, "spät|spaet|SPÄT|spa\xCC\x88t");
    finds(&f, "spat", text, "spät|SPÄT|spa\xCC\x88t|spat");
    finds(&f, "verspaet*", text, "Verspätung");
    finds(&f, "verspat*", text, "Verspätung");
    finds(&f, "schön", "schon schoen", "schoen");
    finds(&f, "strasse", "STRAßE Straße Strasse stra\xC2\xADsse",
          "STRAßE|Straße|Strasse|stra\xC2\xADsse");
    finds(&f, "straße", "Strasse", "Strasse");
    finds(&f, "cafe", "Café cafe\xCC\x81", "Café|cafe\xCC\x81");
    finds(&f, "café", "CAFE", "CAFE");
    finds(&f, "smorrebrod", "Smørrebrød", "Smørrebrød");
    finds(&f, "smoerrebroed", "Smørrebrød", "Smørrebrød");
    finds(&f, "oeuvre", "Œuvre", "Œuvre");
    finds(&f, "fisch kelvin",
          "\xEF\xAC\x81sch \xE2\x84\xAA"
          "elvin",
          "\xEF\xAC\x81sch|\xE2\x84\xAA"
          "elvin");
    finds(&f, "soooo", "soo sooooo so", "soo|sooooo");
    finds(&f, "елка", "Ёлка ЕЛКА", "Ёлка|ЕЛКА");
    finds(&f, "мои", "мой мои", "мои");
    finding_end(&f);
}

Test(find, words_in_quotes_stand_in_a_row)
{
    finding f;
    finding_begin(&f);
    finds(&f, "\"zu spät\"", "Viel zu  spaet, ZU SPÄT", "zu  spaet|ZU SPÄT");
    finds(&f, "\"zu spät\"", "spät zu; zu viel, spät", NULL);
    finds(&f, "\"zu zu spät\"", "zu zu zu spät", "zu zu spät");
    finds(&f, "\"zu spät\" gekommen", "gekommen, zu-spät", "gekommen|zu-spät");
    finds(&f, "e-mail", "E-Mail, e mail, email", "E-Mail|e mail");
    finds(&f, "e-mai*", "E-Mails", "E-Mails");
    finds(&f, "3,50", "kostet 3.50 Euro", "3.50");
    finds(&f, "\"der \" die", "Der Die", "Der|Die");
    finds(&f, "\"\" der", "der", "der");
    finding_end(&f);
}

Test(find, addresses_are_words_in_a_row)
{
    finding f;
    finding_begin(&f);
    const char *text =
        "Mail an max.muster@example.com oder @support, siehe https://example.com/hilfe";
    finds(&f, "muster@example.com", text, "max.muster@example.com");
    finds(&f, "support", text, "@support");
    finds(&f, "@support", text, "@support");
    finds(&f, "hilfe", text, "https://example.com/hilfe");
    finds(&f, "example", text, "max.muster@example.com|https://example.com/hilfe");
    finds(&f, "exam", text, NULL);
    finding_end(&f);
}

Test(find, symbols_are_found_inside_runs_and_punctuation_where_nothing_else_is_asked)
{
    finding f;
    finding_begin(&f);
    finds(&f, "😡", "Toll!😡😡 super", "!😡😡");
    finds(&f, "❤", "❤\xEF\xB8\x8F", "❤\xEF\xB8\x8F");
    finds(&f, "\"toll 😀\"", "toll 😀 toll 😡", "toll 😀");
    finds(&f, ":-(", "schade :-( !", ":-(");
    finds(&f, "!!", "so!!!", "!!!");
    finds(&f, "Die Lieferung, sie war - zu spät!", "die lieferung sie war zu spät",
          "die|lieferung|sie|war|zu|spät");
    finds(&f, "😡 !!!", "😡", "😡");
    finding_end(&f);
}

Test(find, scripts_without_blanks_are_found_by_their_pairs)
{
    finding f;
    finding_begin(&f);
    finds(&f, "配送遅延", "昨日の配送遅延でした", "配送遅延");
    finds(&f, "配送遅延", "配送 送遅 遅延", NULL);
    finds(&f, "送", "配送遅延", "配送遅");
    finds(&f, "延", "配送遅延", "遅延");
    finds(&f, "配送", "遅い配送", "配送");
    finding_end(&f);
}

static void refuses(finding *f, const char *question, size_t len, int code, size_t pos)
{
    f->err.pos = SIZE_MAX;
    cr_assert_eq(finding_try(f, question, len), code, "%.40s", question);
    cr_assert_eq(f->err.code, code);
    cr_assert_eq(f->err.pos, pos, "%.40s: %zu", question, f->err.pos);
    cr_assert_null(f->find);
}

Test(find, refuses_what_it_cannot_look_for)
{
    finding f;
    finding_begin(&f);
    refuses(&f, "", 0, KUNDIG_E_EMPTY, 0);
    refuses(&f, " \t\n", 3, KUNDIG_E_EMPTY, 0);
    refuses(&f, "\"\" \"\"", 5, KUNDIG_E_EMPTY, 0);
    refuses(&f, "der \"zu spät", 13, KUNDIG_E_FORMAT, 4);
    refuses(&f, "der lie*fer", 11, KUNDIG_E_FORMAT, 7);
    refuses(&f, "*lieferung", 10, KUNDIG_E_FORMAT, 0);
    const char *many = "a b c d e f g h i j k l m n o p q";
    refuses(&f, many, strlen(many), KUNDIG_E_LIMIT, 32);
    cr_assert_eq(finding_try(&f, many, strlen(many) - 2), KUNDIG_OK);
    finding_end(&f);
}

Test(find, bears_questions_of_any_size_and_bytes)
{
    finding f;
    finding_begin(&f);
    enum { SIZE = 1000000 };
    char *bytes = kundig__alloc(&f.mem, SIZE);
    memset(bytes, '"', SIZE);
    refuses(&f, bytes, SIZE, KUNDIG_E_EMPTY, 0);
    refuses(&f, bytes, SIZE - 1, KUNDIG_E_FORMAT, SIZE - 2);
    memset(bytes, 'a', SIZE);
    cr_assert_eq(finding_try(&f, bytes, SIZE), KUNDIG_OK);
    cr_assert(finding_met(&f, "aaaaa", 5));
    for (size_t i = 0; i < SIZE; i++) {
        bytes[i] = "ab"[i % 2];
    }
    cr_assert_eq(finding_try(&f, bytes, SIZE), KUNDIG_OK);
    cr_assert(finding_met(&f, bytes, SIZE));
    cr_assert(!finding_met(&f, bytes, SIZE - 1));
    memset(bytes, 0, SIZE);
    refuses(&f, bytes, SIZE, KUNDIG_E_LIMIT, 0); /* U+FFFD for each */
    memset(bytes, 0xC3, SIZE);
    refuses(&f, bytes, SIZE, KUNDIG_E_LIMIT, 0);
    cr_assert_eq(finding_try(&f, "\xC3\xA4\xFF\x62", 4), KUNDIG_OK);
    for (size_t i = 0; i < SIZE; i += 2) {
        bytes[i] = 'a';
        bytes[i + 1] = ' ';
    }
    refuses(&f, bytes, SIZE, KUNDIG_E_LIMIT, 32);
    kundig__free(&f.mem, bytes, SIZE);
    finding_end(&f);
}

Test(find, looks_for_words_of_masks_by_reading)
{
    finding f;
    finding_begin(&f);
    cr_assert_eq(kundig__find_new(&f.mem, "name muster", 11, true, &f.find, &f.err), KUNDIG_OK);
    cr_assert_eq(kundig__find_look(f.find, "Herr Muster", 11), KUNDIG__FIND_READ);
    cr_assert_eq(kundig__find_look(f.find, "Herr Meier", 10), KUNDIG__FIND_NO);
    finding_end(&f);
}

Test(find, fails_cleanly_at_every_allocation)
{
    for (int forever = 0; forever < 2; forever++) {
        bool met = false;
        int rc = KUNDIG_E_NOMEM;
        for (size_t fail_at = 1; rc; fail_at++) {
            finding f;
            finding_begin(&f);
            probe_shared.allocations = 0;
            probe_shared.fail_on = forever != 0;
            probe_shared.fail_at = fail_at;
            met = false;
            const char *question = "verspät* \"zu a@b.de\" 配送遅 😡";
            rc = kundig__find_new(&f.mem, question, strlen(question), true, &f.find, &f.err);
            if (!rc) {
                const char *text = "Verspa\xCC\x88tung zu a@b.de, 配送遅 😡😡";
                rc = kundig__finder_read(&f.finder, f.find, text, strlen(text), true, &met);
            }
            probe_shared.fail_at = 0;
            cr_assert(!rc || rc == KUNDIG_E_NOMEM);
            finding_end(&f);
        }
        cr_assert(met);
    }
}
