/* Plain text: what it says, and what is said where it is faulty. */
#include <stdlib.h>

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

/* A file made of a head, one piece over and over up to a size, and a tail; what is said of it, how
 * many errors the check lists, and what both may take of memory, in bytes. */
typedef struct taxonomy_flood {
    const char *head;
    const char *piece;
    const char *tail;
    size_t size;
    int code;
    const char *message;
    size_t errors;
    size_t peak;
} taxonomy_flood;

static void taxonomy_survives(const taxonomy_flood *flood)
{
    taxonomy_fixture f;
    size_t head = strlen(flood->head);
    size_t piece = strlen(flood->piece);
    size_t tail = strlen(flood->tail);
    size_t count = flood->size / piece;
    size_t len = head + count * piece + tail;
    char *data = malloc(len);
    cr_assert(data);
    memcpy(data, flood->head, head);
    for (size_t i = 0; i < count; i++) {
        memcpy(data + head + i * piece, flood->piece, piece);
    }
    memcpy(data + head + count * piece, flood->tail, tail);
    taxonomies_begin(&f);
    probe_shared.peak_bytes = 0;
    cr_expect_eq(taxonomies_read(&f, data, len), flood->code, "%s", f.err.message);
    cr_expect_str_eq(f.err.message, flood->message, "%s", f.err.message);
    cr_expect_eq(kundig__taxonomy_check(&f.findings, data, len, &f.err), KUNDIG_OK);
    cr_expect_eq(f.findings.kept[KUNDIG__FINDING_ERROR], flood->errors, "%s: %zu", flood->message,
                 f.findings.kept[KUNDIG__FINDING_ERROR]);
    cr_expect_leq(f.findings.count, 2 * (KUNDIG__MOST_FINDINGS + 1));
    cr_expect_lt(probe_shared.peak_bytes, flood->peak, "%s: %zu", flood->message,
                 probe_shared.peak_bytes);
    taxonomies_end(&f);
    free(data);
}

Test(taxonomy, bounds_time_and_memory_for_any_file)
{
    static const size_t small = (size_t)4 << 20;
    static const size_t large = (size_t)20 << 20;
    static const size_t medium = (size_t)12 << 20;
    static const taxonomy_flood floods[] = {
        {"{\"topics\": ", "[", "", 100000, KUNDIG_E_LIMIT,
         "line 1, column 43: this is nested more than 32 levels deep: make it flatter", 1, small},
        {"{\"topics\": [", "{},", "1]}", (size_t)3 << 21, KUNDIG_E_LIMIT,
         "line 1, column 3145737: this holds more than 2097152 values: make it smaller", 1, small},
        {"{\"title\": \"", "x", "\"}", medium, KUNDIG_E_LIMIT,
         "line 1, column 11: a title has at most 1000 bytes: make it shorter", 1, 4 * medium},
        {"{\"topics\": [{\"name\": \"t\", \"match\": {\"en\": [\"", "\\u0020", "\"]}}]}", medium,
         KUNDIG_E_FORMAT, "line 1, column 45: there is nothing to find in this rule: write a word",
         1, (size_t)200 << 20},
        {"topic t:\nen: ", "a ", "", large, KUNDIG_E_LIMIT,
         "line 2, column 5: a rule has at most 1000 bytes, and a comma is what parts rules: make "
         "it "
         "shorter",
         1, small},
        {"topic t:\nen: ", "a,", "", medium, KUNDIG_E_LIMIT,
         "line 2, column 2097157: a taxonomy has at most 1048576 rules", 1, (size_t)1 << 30},
        {"topic t:\nen: a", ",", "", 1000000, KUNDIG_E_FORMAT,
         "line 2, column 7: no rule stands before this comma: drop it", 999999, small},
        {"topic t:\nen: a, ", "\"", "x", large + 1, KUNDIG_E_FORMAT,
         "line 2, column 8: this quote is not closed: write a second one, or two for a quote "
         "itself",
         1, small},
        {"topic t:\nen: ", "\"\n", "", 1000000, KUNDIG_E_FORMAT,
         "line 2, column 5: this quote is not closed: write a second one, or two for a quote "
         "itself",
         500000, small},
        {"topic t:\nen: a # ", "\xCC\x81", "", large, KUNDIG_OK, "", 0, small},
        {"topic ", "x", ": T", medium, KUNDIG_E_FORMAT,
         "line 1, column 7: the name of a topic has at most 64 bytes: make it shorter, the title "
         "may "
         "be longer",
         1, small},
        {"topic t:\nen: a\n", "\r\n", "", large, KUNDIG_OK, "", 0, small},
        {"", "a", "", (size_t)65 << 20, KUNDIG_E_LIMIT,
         "line 1, column 1: a taxonomy has at most 64 MiB", 1, small},
    };
    for (size_t i = 0; i < sizeof floods / sizeof *floods; i++) {
        taxonomy_survives(&floods[i]);
    }
}
