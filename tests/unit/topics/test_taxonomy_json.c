/* JSON: the same taxonomies as in plain text, and what is said where it is faulty. */
#include "taxonomies.h"

TestSuite(taxonomy_json, .fini = probe_fini);

/* The same in both forms, places apart. */
static const struct {
    const char *plain;
    const char *json;
} taxonomy_twins[] = {
    {"taxonomy: What\ntheme delivery: Delivery\ntopic delay: Late delivery\nen: late, ~delay\n"
     "not en: better late than never\nparts de: Zeit",
     "{\"title\": \"What\", \"themes\": [{\"name\": \"delivery\", \"title\": \"Delivery\", "
     "\"topics\": [{\"name\": \"delay\", \"title\": \"Late delivery\", \"match\": {\"en\": "
     "[\"late\", \"~delay\"]}, \"not\": {\"en\": [\"better late than never\"]}}]}], \"parts\": "
     "{\"de\": [\"Zeit\"]}}"},
    {"topic a:\nany: a\ntheme b:\ntopic c:\nde: \"x, y\" z, größe _ \"\"\"\"",
     "\xEF\xBB\xBF \n{\"topics\": [{\"match\": {\"ANY\": [\" a\"]}, \"name\": \"a\"}],\n"
     "\"themes\":[{\"topics\":[{\"match\":{\"de\":[\"\\\"x, y\\\" z\", \"gr\\u00f6\\u00dfe _ "
     "\\\"\\\"\\\"\\\"\"]}, \"name\": \"c\", \"title\": \" \"}], \"name\": \"b\"}]}"},
    {"topic t:\nen: \xF0\x9F\x98\x80\ntopic u:\nnot any: b c",
     "{\"topics\": [{\"name\": \"t\", \"match\": {\"en\": [\"\\ud83d\\ude00\"]}}, {\"name\": "
     "\"u\", \"not\": {\"any\": [\"b c\"]}, \"match\": {}}], \"themes\": [], \"parts\": {}}"},
};

Test(taxonomy_json, says_the_same_as_plain_text)
{
    taxonomy_fixture plain;
    taxonomy_fixture json;
    taxonomies_begin(&plain);
    taxonomies_begin(&json);
    for (size_t i = 0; i < sizeof taxonomy_twins / sizeof *taxonomy_twins; i++) {
        cr_assert_eq(
            taxonomies_read(&plain, taxonomy_twins[i].plain, strlen(taxonomy_twins[i].plain)),
            KUNDIG_OK, "%s", plain.err.message);
        cr_assert_eq(taxonomies_read(&json, taxonomy_twins[i].json, strlen(taxonomy_twins[i].json)),
                     KUNDIG_OK, "%s", json.err.message);
        cr_assert_str_eq(taxonomies_print(&plain, false), taxonomies_print(&json, false));
    }
    taxonomies_end(&plain);
    taxonomies_end(&json);
}

Test(taxonomy_json, knows_where_each_rule_stands)
{
    taxonomy_fixture f;
    static const char text[] = "{\"topics\": [{\"name\": \"t\", \"match\": {\n"
                               "  \"de\": [\"\\u00e4\", \"  b\",\n\"c\"]}}]}";
    taxonomies_begin(&f);
    cr_assert_eq(taxonomies_read(&f, text, sizeof text - 1), KUNDIG_OK, "%s", f.err.message);
    cr_assert_str_eq(taxonomies_print(&f, true), "theme t 't'\ntopic t 't' in t\n"
                                                 "2.11 hit de t: w:ä <ä>\n"
                                                 "2.23 hit de t: w:b <b>\n"
                                                 "3.2 hit de t: w:c <c>\n");
    taxonomies_end(&f);
}

Test(taxonomy_json, says_line_column_and_reason_of_the_first_fault)
{
    taxonomy_fixture f;
    taxonomies_begin(&f);
    for (size_t i = 0; i < sizeof taxonomy_json_faults / sizeof *taxonomy_json_faults; i++) {
        taxonomies_refuse(&f, &taxonomy_json_faults[i]);
    }
    taxonomies_end(&f);
}

Test(taxonomy_json, ends_cleanly_when_memory_fails)
{
    size_t failures = 0;
    for (int on = 0; on < 2; on++) {
        int rc = KUNDIG_E_NOMEM;
        for (size_t fail_at = 1; rc; fail_at++) {
            taxonomy_fixture f;
            taxonomies_begin(&f);
            probe_shared.allocations = 0;
            probe_shared.fail_at = fail_at;
            probe_shared.fail_on = on;
            rc = taxonomies_read(&f, taxonomy_twins[1].json, strlen(taxonomy_twins[1].json));
            probe_shared.fail_at = 0;
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM, "%s", f.err.message);
            cr_assert_eq(f.err.code, rc);
            failures += rc != KUNDIG_OK;
            taxonomies_end(&f);
        }
    }
    cr_assert_gt(failures, 20);
}
