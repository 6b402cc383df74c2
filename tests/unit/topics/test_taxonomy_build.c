/* Themes, topics and rules as they are added, and what adding them may cost. */
#include "taxonomies.h"

TestSuite(taxonomy_build, .fini = probe_fini);

Test(taxonomy_build, takes_as_many_topics_as_it_says_and_no_more)
{
    taxonomy_fixture f;
    kundig__buf text;
    taxonomies_begin(&f);
    kundig__buf_init(&text, &f.mem);
    kundig__buf_str(&text, "theme all:\n");
    for (unsigned i = 0; i <= KUNDIG__MOST_TOPICS; i++) {
        kundig__buf_str(&text, "topic t");
        kundig__buf_int(&text, i);
        kundig__buf_str(&text, ":\nen: a\n");
    }
    cr_assert_eq(taxonomies_read(&f, text.data, text.len), KUNDIG_E_LIMIT);
    cr_assert_str_eq(f.err.message, "line 131072, column 7: a taxonomy has at most 65535 topics");
    cr_assert_eq(taxonomies_read(&f, text.data, text.len - strlen("topic t65535:\nen: a\n")),
                 KUNDIG_OK);
    cr_assert_eq(f.taxonomy.topic_count, KUNDIG__MOST_TOPICS);
    text.len = 0;
    for (unsigned i = 0; i <= KUNDIG__MOST_TOPICS; i++) {
        kundig__buf_str(&text, "theme t");
        kundig__buf_int(&text, i);
        kundig__buf_str(&text, ":\n");
    }
    cr_assert_eq(taxonomies_read(&f, text.data, text.len), KUNDIG_E_LIMIT);
    cr_assert_str_eq(f.err.message, "line 65536, column 7: a taxonomy has at most 65535 themes");
    kundig__buf_free(&text);
    taxonomies_end(&f);
}

Test(taxonomy_build, takes_as_many_rules_as_it_says_and_no_more)
{
    taxonomy_fixture f;
    kundig__buf text;
    taxonomies_begin(&f);
    kundig__buf_init(&text, &f.mem);
    kundig__buf_str(&text, "topic t:\nen:");
    for (unsigned i = 0; i < KUNDIG__MOST_RULES; i++) {
        kundig__buf_str(&text, "a,");
    }
    cr_assert_eq(taxonomies_read(&f, text.data, text.len), KUNDIG_OK, "%s", f.err.message);
    cr_assert_eq(f.taxonomy.rule_count, KUNDIG__MOST_RULES);
    kundig__buf_str(&text, "a");
    cr_assert_eq(taxonomies_read(&f, text.data, text.len), KUNDIG_E_LIMIT);
    cr_assert_str_eq(f.err.message, "line 2, column 2097156: a taxonomy has at most 1048576 rules");
    kundig__buf_free(&text);
    taxonomies_end(&f);
}

Test(taxonomy_build, bounds_what_people_read)
{
    taxonomy_fixture f;
    kundig__buf text;
    taxonomies_begin(&f);
    kundig__buf_init(&text, &f.mem);
    for (unsigned more = 0; more < 2; more++) {
        text.len = 0;
        kundig__buf_str(&text, "topic t: ");
        for (unsigned i = 0; i < KUNDIG__MOST_WRITTEN + more; i++) {
            kundig__buf_char(&text, 'x');
        }
        kundig__buf_str(&text, "\nen: a");
        cr_assert_eq(taxonomies_read(&f, text.data, text.len), more ? KUNDIG_E_LIMIT : KUNDIG_OK);
        text.len = 0;
        kundig__buf_str(&text, "topic t:\nen: b, ");
        for (unsigned i = 0; i < KUNDIG__MOST_WRITTEN + more; i++) {
            kundig__buf_char(&text, 'y');
        }
        kundig__buf_str(&text, ", a");
        cr_assert_eq(taxonomies_read(&f, text.data, text.len), more ? KUNDIG_E_LIMIT : KUNDIG_OK);
    }
    cr_assert_str_eq(f.err.message, "line 2, column 8: a rule has at most 1000 bytes, and a comma "
                                    "is what parts rules: make it shorter");
    kundig__buf_free(&text);
    taxonomies_end(&f);
}

Test(taxonomy_build, knows_languages_and_names)
{
    int32_t language = -1;
    cr_assert(kundig__taxonomy_language(KUNDIG__TEXT("De"), &language));
    cr_assert_eq(language, KUNDIG__LANGUAGE_DE);
    cr_assert(kundig__taxonomy_language(KUNDIG__TEXT("nl"), &language));
    cr_assert_eq(language, KUNDIG__LANGUAGE_NL);
    cr_assert(kundig__taxonomy_language(KUNDIG__TEXT("ANY"), &language));
    cr_assert_eq(language, KUNDIG__LANGUAGE_UNKNOWN);
    cr_assert_not(kundig__taxonomy_language(KUNDIG__TEXT("unknown"), &language));
    cr_assert_not(kundig__taxonomy_language(KUNDIG__TEXT(""), &language));
    cr_assert(kundig__taxonomy_is_name(KUNDIG__TEXT("a-b_c.9ß")));
    cr_assert_not(kundig__taxonomy_is_name(KUNDIG__TEXT("")));
    cr_assert_not(kundig__taxonomy_is_name(KUNDIG__TEXT("a b")));
    cr_assert_not(kundig__taxonomy_is_name(KUNDIG__TEXT("a:b")));
    cr_assert_not(kundig__taxonomy_is_name(KUNDIG__TEXT("\xF0\x9F\x98\x80")));
}

Test(taxonomy_build, ends_cleanly_when_memory_fails)
{
    static const char text[] = "taxonomy: A\ntheme u: \"U\"\ntopic t: T\nen: a, \"b c\", dd*\n"
                               "de: ~Größe, große Freude\nparts de: Zeit\nnot any: x";
    size_t failures = 0;
    for (int on = 0; on < 2; on++) {
        int rc = KUNDIG_E_NOMEM;
        for (size_t fail_at = 1; rc; fail_at++) {
            taxonomy_fixture f;
            taxonomies_begin(&f);
            probe_shared.allocations = 0;
            probe_shared.fail_at = fail_at;
            probe_shared.fail_on = on;
            rc = taxonomies_read(&f, text, sizeof text - 1);
            probe_shared.fail_at = 0;
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM, "%s", f.err.message);
            cr_assert_eq(f.err.code, rc);
            failures += rc != KUNDIG_OK;
            taxonomies_end(&f);
        }
    }
    cr_assert_gt(failures, 20);
}

Test(taxonomy_build, obeys_a_memory_limit)
{
    taxonomy_fixture f;
    taxonomies_begin(&f);
    f.mem.limit = 2000;
    cr_assert_eq(taxonomies_read(&f, "topic t:\nen: a", 14), KUNDIG_E_LIMIT);
    f.mem.limit = 0;
    taxonomies_end(&f);
}
