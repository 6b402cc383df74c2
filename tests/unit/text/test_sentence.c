#include "text/sentence.h"

#include "support.h"

TestSuite(sentence, .fini = probe_fini);

/* Sentences of text as slices from first to last token, parted by |. */
static void parts(const char *text, const char *expected)
{
    text_fixture fixture;
    text_begin(&fixture);
    kundig__languages *languages = kundig__languages_new(&fixture.mem);
    kundig__spoken spoken;
    kundig__spoken_init(&spoken, &fixture.mem);
    cr_assert_eq(kundig__text_features(&fixture.scratch, text, strlen(text), KUNDIG__WORDS),
                 KUNDIG_OK);
    cr_assert(kundig__language_read(languages, &fixture.scratch, text, strlen(text), &spoken));
    char shown[1024];
    size_t len = 0;
    uint32_t end = 0;
    for (size_t i = 0; i < spoken.sentence_count; i++) {
        const kundig__sentence *sentence = &spoken.sentences[i];
        cr_assert(sentence->first == end && sentence->end > end);
        end = sentence->end;
        uint32_t from = fixture.scratch.tokens[sentence->first].start;
        uint32_t to = fixture.scratch.tokens[end - 1].end;
        len += (size_t)snprintf(shown + len, sizeof shown - len, "%s%.*s", i ? "|" : "",
                                (int)(to - from), text + from);
    }
    shown[len] = 0;
    cr_assert_eq(end, fixture.scratch.token_count);
    cr_expect_str_eq(shown, expected);
    kundig__spoken_free(&spoken);
    kundig__languages_free(languages, &fixture.mem);
    text_end(&fixture);
}

Test(sentence, ends_behind_its_marks)
{
    parts("", "");
    parts("One", "One");
    parts("One. Two! Three? Four; five… six", "One.|Two!|Three?|Four;|five…|six");
    parts("Really?! Yes!!! No... Well..... Bye", "Really?!|Yes!!!|No...|Well.....|Bye");
    parts("今日。明日？昨日！はい", "今日。|明日？|昨日！|はい");
    parts("متى؟ الآن. نعم", "متى؟|الآن.|نعم");
    parts("यह है। वह है", "यह है।|वह है");
    parts("no!yes?maybe", "no!|yes?|maybe");
    parts("one, two: three - four", "one, two: three - four");
}

Test(sentence, ends_at_a_line_end)
{
    parts("One\ntwo\r\n\r\nthree", "One|two|three");
    parts("One.\nTwo.\n", "One.|Two.");
    parts("- one\n- two", "- one|- two");
    parts("One\xC2\x85two\xE2\x80\xA8three\xE2\x80\xA9"
          "four\vfive",
          "One|two|three|four|five");
    parts("One\ttwo\xC2\xA0three", "One\ttwo\xC2\xA0three");
}

Test(sentence, keeps_what_closes_it_and_gives_away_what_opens_the_next)
{
    parts("\"One.\" Two.", "\"One.\"|Two.");
    parts("One. :) Two", "One. :)|Two");
    parts("One! 👍 Two", "One! 👍|Two");
    parts("(One.) (Two.)", "(One.)|(Two.)");
    parts("Bueno. ¿Qué tal? ¡Bien!", "Bueno.|¿Qué tal?|¡Bien!");
    parts("One. „Two.“", "One.|„Two.“");
    parts("One. #two", "One.|#two");
}

Test(sentence, does_not_end_behind_abbreviations_single_letters_and_small_numbers)
{
    parts("Mr. Smith and Dr. Jones. They", "Mr. Smith and Dr. Jones.|They");
    parts("Es gibt z. B. Tee, bzw. Kaffee usw.", "Es gibt z. B. Tee, bzw. Kaffee usw.");
    parts("Viele, z.B. ich, e.g. you, i. d. R. alle.", "Viele, z.B. ich, e.g. you, i. d. R. alle.");
    parts("Am 3. Mai kam es.", "Am 3. Mai kam es.");
    parts("Das war 2019. Danach", "Das war 2019.|Danach");
    parts("Ca. 20 Stück inkl. MwSt.", "Ca. 20 Stück inkl. MwSt.");
    parts("Sra. López y el Sr. Ruiz", "Sra. López y el Sr. Ruiz");
    parts("J. R. Smith", "J. R. Smith");
    parts("Ö. Krüger", "Ö. Krüger");
}

Test(sentence, tells_a_forgotten_blank_from_a_dot_inside)
{
    parts("Alles gut.Danke euch", "Alles gut.|Danke euch");
    parts("It costs 3.50 or 1.000.000", "It costs 3.50 or 1.000.000");
    parts("version 2.Beta", "version 2.Beta");
    parts("the file name.txt here", "the file name.txt here");
    parts("U.S.A is far", "U.S.A is far");
    parts("See www.example.com. Then", "See www.example.com.|Then");
    parts("Dr.Meier", "Dr.Meier");
}
