/* Rules as they are written, and the terms they become. */
#include "taxonomies.h"

TestSuite(taxonomy_terms, .fini = probe_fini);

static void terms_are(const char *rule, const char *terms)
{
    taxonomy_fixture f;
    char text[1200];
    char wanted[1200];
    taxonomies_begin(&f);
    snprintf(text, sizeof text, "topic t:\nde: %s", rule);
    int rc = taxonomies_read(&f, text, strlen(text));
    cr_assert_eq(rc, KUNDIG_OK, "%s: %s", rule, f.err.message);
    snprintf(wanted, sizeof wanted, "theme t 't'\ntopic t 't' in t\nhit de t: %s <%s>\n", terms,
             rule);
    cr_assert_str_eq(taxonomies_print(&f, false), wanted);
    taxonomies_end(&f);
}

Test(taxonomy_terms, are_what_the_tokeniser_makes_of_comments)
{
    terms_are("e-mail", "w:e w:- w:mail");
    terms_are("can\xE2\x80\x99t", "w:can't");
    terms_are("STRASSE straße", "w:strasse w:strasse");
    terms_are("soooooo", "w:soo");
    terms_are("24 Stunden", "w:24 w:stunden");
    terms_are("foo_bar", "w:foo_bar");
    terms_are("\xF0\x9F\x91\x8D\xF0\x9F\x8F\xBD", "w:\xF0\x9F\x91\x8D\xF0\x9F\x8F\xBD");
    terms_are("@kundig", "w:@kundig");
    terms_are("www.example.com", "w:ww.example.com");
    terms_are("遅い配送", "w:遅い w:い配 w:配送");
    terms_are("a\xC2\xA0_\xC2\xA0"
              "b",
              "w:a _ w:b");
}

Test(taxonomy_terms, have_beginnings_stems_and_gaps)
{
    terms_are("Liefer*", "p:liefer");
    terms_are("e-mail*", "w:e w:- p:mail");
    terms_are("äö*", "p:äö");
    terms_are("nicht .. _ ~Lieferung", "w:nicht .. _ s:lieferung");
    terms_are("a _ _ b", "w:a _ _ w:b");
    terms_are("Größen* ~straße", "p:grössen s:strasse");
}

Test(taxonomy_terms, stand_for_themselves_in_quotes)
{
    terms_are("\"~a\"", "w:~ w:a");
    terms_are("\"a*\" b", "w:a w:* w:b");
    terms_are("\"a .. _ b\"", "w:a w:.. w:_ w:b");
    terms_are("a\"b\"c", "w:a w:b w:c");
    terms_are("\"\"\"\"", "w:\"");
    terms_are("a \"...\"", "w:a w:...");
}

Test(taxonomy_terms, are_sixteen_at_most)
{
    terms_are("a b c d e f g h i j k l m n o p", "w:a w:b w:c w:d w:e w:f w:g w:h w:i w:j w:k w:l "
                                                 "w:m w:n w:o w:p");
}
