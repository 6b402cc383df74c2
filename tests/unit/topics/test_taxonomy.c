/* Plain text: what it says, and what is said where it is faulty. */
#include "taxonomies.h"

TestSuite(taxonomy, .fini = probe_fini);

static void taxonomy_says(const char *text, bool places, const char *print)
{
    taxonomy_fixture f;
    taxonomies_begin(&f);
    int rc = taxonomies_read(&f, text, strlen(text));
    cr_assert_eq(rc, KUNDIG_OK, "%s: %s", text, f.err.message);
    cr_assert_str_eq(taxonomies_print(&f, places), print);
    taxonomies_end(&f);
}

Test(taxonomy, reads_what_its_grammar_shows)
{
    taxonomy_says("taxonomy: What customers say # a title\n"
                  "theme delivery: Delivery              # the first level\n"
                  "topic delay: Late delivery\n"
                  "en: late, ~delay, took .. weeks, \"not on time\"\n"
                  "de: verspätet, ~Verspätung, zu spät, Liefer* zu spät\n"
                  "any: ETA\n"
                  "not en: better late than never\n"
                  "topic refund:\n"
                  "  EN : money _ back\n"
                  "parts de: Zeit, Punkt\n",
                  false,
                  "taxonomy 'What customers say'\n"
                  "theme delivery 'Delivery'\n"
                  "topic delay 'Late delivery' in delivery\n"
                  "topic refund 'refund' in delivery\n"
                  "hit en delay: w:late <late>\n"
                  "hit en delay: s:delay <~delay>\n"
                  "hit en delay: w:took .. w:weeks <took .. weeks>\n"
                  "hit en delay: w:not w:on w:time <\"not on time\">\n"
                  "hit de delay: w:verspätet <verspätet>\n"
                  "hit de delay: s:verspätung <~Verspätung>\n"
                  "hit de delay: w:zu w:spät <zu spät>\n"
                  "hit de delay: p:liefer w:zu w:spät <Liefer* zu spät>\n"
                  "hit any delay: w:eta <ETA>\n"
                  "not en delay: w:better w:late w:than w:never <better late than never>\n"
                  "hit en refund: w:money _ w:back <money _ back>\n"
                  "part de: w:zeit <Zeit>\n"
                  "part de: w:punkt <Punkt>\n");
}

Test(taxonomy, knows_where_each_rule_stands)
{
    taxonomy_says("\xEF\xBB\xBFtopic t: T\r\n"
                  "\tde: ä\xCC\x88, \xF0\x9F\x98\x80 x,\r\n"
                  "\r\n"
                  "  # a remark,\n"
                  "   b # and another,\r"
                  "en:\n"
                  "\n"
                  "c\n",
                  true,
                  "theme t 'T'\n"
                  "topic t 'T' in t\n"
                  "2.6 hit de t: w:ä\xCC\x88 <ä\xCC\x88>\n"
                  "2.10 hit de t: w:\xF0\x9F\x98\x80 w:x <\xF0\x9F\x98\x80 x>\n"
                  "5.4 hit de t: w:b <b>\n"
                  "8.1 hit en t: w:c <c>\n");
}

Test(taxonomy, gives_topics_before_any_theme_a_theme_of_their_own)
{
    taxonomy_says("topic a: A\nen: a\ntopic b:\nen: b\ntheme c: C\ntopic d: D\nen: d\n", false,
                  "theme a 'A'\ntheme b 'b'\ntheme c 'C'\n"
                  "topic a 'A' in a\ntopic b 'b' in b\ntopic d 'D' in c\n"
                  "hit en a: w:a <a>\nhit en b: w:b <b>\nhit en d: w:d <d>\n");
}

Test(taxonomy, takes_a_comma_at_the_end_of_a_list_before_a_statement)
{
    taxonomy_says("topic a: A\nen: a,\n b,\n\ntopic b: B\nen: theme park,\nnot en: c,", false,
                  "theme a 'A'\ntheme b 'B'\n"
                  "topic a 'A' in a\ntopic b 'B' in b\n"
                  "hit en a: w:a <a>\nhit en a: w:b <b>\nhit en b: w:theme w:park <theme park>\n"
                  "not en b: w:c <c>\n");
}

Test(taxonomy, goes_on_with_rules_that_hold_colons)
{
    taxonomy_says("topic a:\nen: b,\nhttp://a.b/c,\n:), d :\n", false,
                  "theme a 'a'\ntopic a 'a' in a\nhit en a: w:b <b>\n"
                  "hit en a: w:http://a.b/c <http://a.b/c>\nhit en a: w::) <:)>\n"
                  "hit en a: w:d w:: <d :>\n");
}

Test(taxonomy, keeps_remarks_and_quotes_apart)
{
    taxonomy_says(
        "topic a: C# is # not this\nen: C#, \"a # b\" # \"not, this\n"
        "topic b: \"say \"\"#1\"\" # now\"   # remark\n#en: x\nen: \"a, b\" c \"d\"\"e\"\n",
        false,
        "theme a 'C# is'\ntheme b 'say \"#1\" # now'\n"
        "topic a 'C# is' in a\ntopic b 'say \"#1\" # now' in b\n"
        "hit en a: w:c w:# <C#>\n"
        "hit en a: w:a w:# w:b <\"a # b\">\n"
        "hit en b: w:a w:, w:b w:c w:d w:\" w:e <\"a, b\" c \"d\"\"e\">\n");
}

Test(taxonomy, takes_names_of_all_scripts)
{
    taxonomy_says("theme größe_1.x: \ntopic 価格-2: Price\nde: a\n", false,
                  "theme größe_1.x 'größe_1.x'\ntopic 価格-2 'Price' in größe_1.x\n"
                  "hit de 価格-2: w:a <a>\n");
}

Test(taxonomy, says_line_column_and_reason_of_the_first_fault)
{
    taxonomy_fixture f;
    taxonomies_begin(&f);
    for (size_t i = 0; i < sizeof taxonomy_plain_faults / sizeof *taxonomy_plain_faults; i++) {
        taxonomies_refuse(&f, &taxonomy_plain_faults[i]);
    }
    /* a NUL ends no text here */
    static const char nul[] = "topic t: T\nen: a\0b";
    cr_assert_eq(taxonomies_read(&f, nul, sizeof nul - 1), KUNDIG_E_FORMAT);
    cr_assert_str_eq(f.err.message, "line 2, column 6: byte 0x00 stands in no text: save the file "
                                    "as UTF-8");
    taxonomies_end(&f);
}
