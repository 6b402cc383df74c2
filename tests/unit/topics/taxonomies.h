/* Shared by the tests of taxonomies: reading one, printing it, and files that are faulty. */
#ifndef KUNDIG_TESTS_TAXONOMIES_H
#define KUNDIG_TESTS_TAXONOMIES_H

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "probe.h"
#include "topics/taxonomy_build.h"

typedef struct taxonomy_fixture {
    kundig__mem mem;
    kundig__taxonomy taxonomy;
    kundig__findings findings;
    kundig__buf print;
    kundig_error err;
} taxonomy_fixture;

static inline void taxonomies_begin(taxonomy_fixture *f)
{
    kundig_allocator allocator = probe_allocator(NULL);
    memset(f, 0, sizeof *f);
    kundig__mem_init(&f->mem, &allocator, 0);
    kundig__taxonomy_init(&f->taxonomy, &f->mem);
    kundig__findings_init(&f->findings, &f->mem);
    kundig__buf_init(&f->print, &f->mem);
}

static inline void taxonomies_end(taxonomy_fixture *f)
{
    kundig__taxonomy_free(&f->taxonomy);
    kundig__findings_free(&f->findings);
    kundig__buf_free(&f->print);
    cr_assert_eq(f->mem.used, 0);
}

static inline int taxonomies_read(taxonomy_fixture *f, const char *data, size_t len)
{
    kundig__taxonomy_free(&f->taxonomy);
    memset(&f->err, 0, sizeof f->err);
    return kundig__taxonomy_read(&f->taxonomy, data, len, &f->err);
}

/* Themes, topics and rules; a rule as "hit de delay: w:zu w:spät", its line in front if places. */
static inline const char *taxonomies_print(taxonomy_fixture *f, bool places)
{
    static const char *const languages[] = {"any", "de", "en", "fr", "es", "pt", "it", "nl"};
    static const char *const kinds[] = {"", "hit", "not", "part"};
    static const char *const types[] = {"", "w:", "p:", "s:", "_", ".."};
    const kundig__taxonomy *t = &f->taxonomy;
    kundig__buf *out = &f->print;
    out->len = 0;
    if (t->title.data) {
        kundig__buf_str(out, "taxonomy '");
        kundig__buf_text(out, t->title);
        kundig__buf_str(out, "'\n");
    }
    for (size_t i = 0; i < t->theme_count; i++) {
        kundig__buf_str(out, "theme ");
        kundig__buf_text(out, t->themes[i].name);
        kundig__buf_str(out, " '");
        kundig__buf_text(out, t->themes[i].title);
        kundig__buf_str(out, "'\n");
    }
    for (size_t i = 0; i < t->topic_count; i++) {
        kundig__buf_str(out, "topic ");
        kundig__buf_text(out, t->topics[i].name);
        kundig__buf_str(out, " '");
        kundig__buf_text(out, t->topics[i].title);
        kundig__buf_str(out, "' in ");
        kundig__buf_text(out, t->themes[t->topics[i].theme].name);
        kundig__buf_str(out, "\n");
    }
    for (size_t i = 0; i < t->rule_count; i++) {
        const kundig__rule *rule = &t->rules[i];
        if (places) {
            kundig__buf_int(out, rule->line);
            kundig__buf_str(out, ".");
            kundig__buf_int(out, rule->column);
            kundig__buf_str(out, " ");
        }
        kundig__buf_str(out, kinds[rule->kind]);
        kundig__buf_str(out, " ");
        kundig__buf_str(out, languages[rule->language]);
        if (rule->kind != KUNDIG__RULE_PART) {
            kundig__buf_str(out, " ");
            kundig__buf_text(out, t->topics[rule->topic].name);
        }
        kundig__buf_str(out, ":");
        for (uint32_t k = 0; k < rule->term_count; k++) {
            kundig__buf_str(out, " ");
            kundig__buf_str(out, types[rule->terms[k].type]);
            kundig__buf_text(out, rule->terms[k].text);
        }
        kundig__buf_str(out, " <");
        kundig__buf_text(out, rule->written);
        kundig__buf_str(out, ">\n");
    }
    kundig__buf_char(out, '\0');
    cr_assert_not(out->failed);
    return out->data;
}

/* A faulty file, and what is said of it. */
typedef struct taxonomy_fault {
    const char *text;
    int code;
    uint32_t line;
    uint32_t column;
    size_t pos;
    const char *sentence;
} taxonomy_fault;

#define FAULTS_TOPIC "topic t: T\n" /* 11 bytes */

static const taxonomy_fault taxonomy_plain_faults[] = {
    {"", KUNDIG_E_EMPTY, 1, 1, 0,
     "there is no rule in this taxonomy: write a topic and words that tell it"},
    {"\xEF\xBB\xBF# nothing\n", KUNDIG_E_EMPTY, 1, 1, 3,
     "there is no rule in this taxonomy: write a topic and words that tell it"},
    {"topic t: T\nen:\n", KUNDIG_E_EMPTY, 1, 1, 0,
     "there is no rule in this taxonomy: write a topic and words that tell it"},
    {"# gr\xFC\xDF\n" FAULTS_TOPIC "en: a", KUNDIG_E_FORMAT, 1, 5, 4,
     "byte 0xFC is not UTF-8: save the file as UTF-8"},
    {FAULTS_TOPIC "en: \xC3\xA4\xC3\xA4 \xED\xA0\x80, a", KUNDIG_E_FORMAT, 2, 8, 20,
     "byte 0xED is not UTF-8: save the file as UTF-8"},
    {"late, slow\n", KUNDIG_E_FORMAT, 1, 1, 0,
     "a line begins with theme, topic, not, parts, taxonomy or a language and a colon; a list of "
     "rules goes on only behind a comma"},
    {FAULTS_TOPIC "en: late\n  slow\n", KUNDIG_E_FORMAT, 3, 3, 22,
     "a line begins with theme, topic, not, parts, taxonomy or a language and a colon; a list of "
     "rules goes on only behind a comma"},
    {FAULTS_TOPIC ": a\n", KUNDIG_E_FORMAT, 2, 1, 11,
     "a line begins with theme, topic, not, parts, taxonomy or a language and a colon; a list of "
     "rules goes on only behind a comma"},
    {FAULTS_TOPIC "only en: a\n", KUNDIG_E_FORMAT, 2, 1, 11,
     "a line begins with theme, topic, not, parts, taxonomy or a language and a colon; a list of "
     "rules goes on only behind a comma"},
    {FAULTS_TOPIC "eng: late\n", KUNDIG_E_FORMAT, 2, 1, 11,
     "'eng' is no language: write de, en, fr, es, pt, it, nl or any"},
    {FAULTS_TOPIC "en: a,\n eng: late\n", KUNDIG_E_FORMAT, 3, 2, 19,
     "'eng' is no language: write de, en, fr, es, pt, it, nl or any"},
    {FAULTS_TOPIC "en: a,\ntopic a/b: late\n", KUNDIG_E_FORMAT, 3, 7, 24,
     "'a/b' is no name: a name holds letters, digits, _ - and . alone, as in late-delivery"},
    {FAULTS_TOPIC "not xx: late\n", KUNDIG_E_FORMAT, 2, 5, 15,
     "'xx' is no language: write de, en, fr, es, pt, it, nl or any"},
    {FAULTS_TOPIC "not: late\n", KUNDIG_E_FORMAT, 2, 1, 11,
     "a language and a colon stand behind not: write not de: or not any:"},
    {FAULTS_TOPIC "parts Zeit\n", KUNDIG_E_FORMAT, 2, 1, 11,
     "a language and a colon stand behind parts: write parts de: or parts any:"},
    {"\n\ten: late\n", KUNDIG_E_FORMAT, 2, 2, 2,
     "these rules belong to no topic: write topic late-delivery: Late delivery above them"},
    {FAULTS_TOPIC "theme u:\nde: a", KUNDIG_E_FORMAT, 3, 1, 20,
     "these rules belong to no topic: write topic late-delivery: Late delivery above them"},
    {"theme: Delivery", KUNDIG_E_FORMAT, 1, 1, 0,
     "a theme needs a name: write theme late-delivery: Late delivery"},
    {"topic # none", KUNDIG_E_FORMAT, 1, 1, 0,
     "a topic needs a name: write topic late-delivery: Late delivery"},
    {"topic delay", KUNDIG_E_FORMAT, 1, 12, 11,
     "a colon stands behind the name, which holds no blanks: write topic late-delivery: Late "
     "delivery"},
    {"theme late delivery: X", KUNDIG_E_FORMAT, 1, 12, 11,
     "a colon stands behind the name, which holds no blanks: write theme late-delivery: Late "
     "delivery"},
    {"theme a/\xC3\xA4: X", KUNDIG_E_FORMAT, 1, 7, 6,
     "'a/\xC3\xA4' is no name: a name holds letters, digits, _ - and . alone, as in late-delivery"},
    {"topic \"a\": X", KUNDIG_E_FORMAT, 1, 7, 6,
     "'\"a\"' is no name: a name holds letters, digits, _ - and . alone, as in late-delivery"},
    {"topic Or: X", KUNDIG_E_FORMAT, 1, 7, 6,
     "'Or' is no name: conditions use it as a word of their own, choose another"},
    {"topic aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: 65", KUNDIG_E_FORMAT,
     1, 7, 6, "the name of a topic has at most 64 bytes: make it shorter, the title may be longer"},
    {FAULTS_TOPIC "en: a\ntopic t: T", KUNDIG_E_FORMAT, 3, 7, 23,
     "topic 't' stands already in line 1: put its rules there, or choose another name"},
    {"theme u: U\ntheme v:\ntheme u:", KUNDIG_E_FORMAT, 3, 7, 26,
     "theme 'u' stands already in line 1: put its topics there"},
    {"topic t: T\ntheme t: T", KUNDIG_E_FORMAT, 2, 7, 17,
     "theme 't' stands already in line 1: put its topics there"},
    {"taxonomy: A\n taxonomy: B", KUNDIG_E_FORMAT, 2, 2, 13,
     "the taxonomy has a title already: drop one"},
    {"taxonomy: # A", KUNDIG_E_FORMAT, 1, 1, 0,
     "the title is missing: write taxonomy: What customers say"},
    {"topic t: \"T", KUNDIG_E_FORMAT, 1, 10, 9,
     "this quote is not closed: write a second one, or two for a quote itself"},
    {"topic t: \"T\" x", KUNDIG_E_FORMAT, 1, 14, 13,
     "nothing stands behind a title in quotes: double the quotes inside it"},
    {FAULTS_TOPIC "en: a,, b", KUNDIG_E_FORMAT, 2, 7, 17,
     "no rule stands before this comma: drop it"},
    {FAULTS_TOPIC "en:\n , a", KUNDIG_E_FORMAT, 3, 2, 16,
     "no rule stands before this comma: drop it"},
    {FAULTS_TOPIC "en: a, \"b, c", KUNDIG_E_FORMAT, 2, 8, 18,
     "this quote is not closed: write a second one, or two for a quote itself"},
    {FAULTS_TOPIC "en: a \"\" b", KUNDIG_E_FORMAT, 2, 7, 17,
     "there is nothing to find between these quotes"},
    {FAULTS_TOPIC "en: a, \xE2\x80\x8B", KUNDIG_E_FORMAT, 2, 8, 18,
     "there is nothing to find in this rule: write a word"},
    {FAULTS_TOPIC "en: a .. ", KUNDIG_E_FORMAT, 2, 7, 17,
     "a rule ends with a word: drop this _ or .., or write a word behind it"},
    {FAULTS_TOPIC "en: a, _ a", KUNDIG_E_FORMAT, 2, 8, 18,
     "a rule begins with a word: drop this _ or .., or write a word before it"},
    {FAULTS_TOPIC "en: took ... weeks", KUNDIG_E_FORMAT, 2, 10, 20,
     "write .. for up to three words, or put the dots in double quotes"},
    {FAULTS_TOPIC "en: took \xE2\x80\xA6 weeks", KUNDIG_E_FORMAT, 2, 10, 20,
     "write .. for up to three words, or put the dots in double quotes"},
    {FAULTS_TOPIC "en: took..weeks", KUNDIG_E_FORMAT, 2, 5, 15,
     "put blanks on both sides of .. for up to three words, or all in double quotes"},
    {FAULTS_TOPIC "en: not ~delay*", KUNDIG_E_FORMAT, 2, 9, 19,
     "a term is a stem (~) or a beginning (*), not both: drop one"},
    {FAULTS_TOPIC "en: ~ delay", KUNDIG_E_FORMAT, 2, 5, 15,
     "~ stands right before a word, as in ~delay, and for itself in double quotes"},
    {FAULTS_TOPIC "en: de~lay", KUNDIG_E_FORMAT, 2, 5, 15,
     "~ stands right before a word, as in ~delay, and for itself in double quotes"},
    {FAULTS_TOPIC "any: ~delay", KUNDIG_E_FORMAT, 2, 6, 16,
     "a stem needs a language: write the rule behind de:, en:, fr:, es:, pt:, it: or nl:"},
    {FAULTS_TOPIC "en: ~e-mail", KUNDIG_E_FORMAT, 2, 5, 15,
     "~ takes one word of letters: write a ~ before each word that is meant, or leave it out"},
    {FAULTS_TOPIC "en: ~24", KUNDIG_E_FORMAT, 2, 5, 15,
     "~ takes one word of letters: write a ~ before each word that is meant, or leave it out"},
    {FAULTS_TOPIC "en: a *", KUNDIG_E_FORMAT, 2, 7, 17,
     "* stands right behind the beginning of a word, as in deliver*, and for itself in double "
     "quotes"},
    {FAULTS_TOPIC "en: *lay", KUNDIG_E_FORMAT, 2, 5, 15,
     "* stands at the end of a word, as in deliver*, and for itself in double quotes"},
    {FAULTS_TOPIC "en: d*", KUNDIG_E_FORMAT, 2, 5, 15,
     "a beginning needs at least 2 letters before the *"},
    {FAULTS_TOPIC "en: 2024*", KUNDIG_E_FORMAT, 2, 5, 15,
     "a beginning needs at least 2 letters before the *"},
    {FAULTS_TOPIC "en: abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijkl*",
     KUNDIG_E_LIMIT, 2, 5, 15, "a beginning has at most 63 bytes: make it shorter"},
    {FAULTS_TOPIC "en: a b c d e f g h i j k l m n o p q", KUNDIG_E_LIMIT, 2, 37, 47,
     "a rule has at most 16 terms, and a comma is what parts rules: make it shorter"},
    {"parts de: Zeit, zu spät", KUNDIG_E_FORMAT, 1, 17, 16,
     "a part of compounds is one plain word: put a comma between two, and neither ~ nor *"},
    {"parts de: Zeit*", KUNDIG_E_FORMAT, 1, 11, 10,
     "a part of compounds is one plain word: put a comma between two, and neither ~ nor *"},
};

#define FAULTS_JSON(rules)                                                                         \
    "{\"topics\": [{\"name\": \"t\",\n\"match\": {\"en\": [" rules "]}}]}" /* match: 27 bytes */

static const taxonomy_fault taxonomy_json_faults[] = {
    {"{}", KUNDIG_E_EMPTY, 1, 1, 0,
     "there is no rule in this taxonomy: write a topic and words that tell it"},
    {" {\n\"topics\": [}", KUNDIG_E_FORMAT, 2, 12, 14,
     "this is not JSON: unexpected token near '}'"},
    {"{\"title\": \"a\xFFz\"}", KUNDIG_E_FORMAT, 1, 13, 12,
     "byte 0xFF is not UTF-8: save the file as UTF-8"},
    {"{\"title\": \"\"}", KUNDIG_E_FORMAT, 1, 11, 10,
     "the title is missing: write taxonomy: What customers say"},
    {"{\"theme\": []}", KUNDIG_E_FORMAT, 1, 2, 1,
     "'theme' means nothing here: write title, themes, topics or parts"},
    {"{\"themes\": {}}", KUNDIG_E_FORMAT, 1, 12, 11, "an array, [...], stands here"},
    {"{\"title\": 5}", KUNDIG_E_FORMAT, 1, 11, 10, "a text, \"...\", stands here"},
    {"{\"parts\": []}", KUNDIG_E_FORMAT, 1, 11, 10, "an object, {...}, stands here"},
    {"{\"themes\": [true]}", KUNDIG_E_FORMAT, 1, 13, 12, "an object, {...}, stands here"},
    {"{\"themes\": [{\"title\": \"a\"}]}", KUNDIG_E_FORMAT, 1, 13, 12,
     "a theme needs a name, as in late-delivery"},
    {"{\"themes\": [{\"name\": \"a b\"}]}", KUNDIG_E_FORMAT, 1, 23, 22,
     "'a b' is no name: a name holds letters, digits, _ - and . alone, as in late-delivery"},
    {"{\"themes\": [{\"name\": \"a\", \"match\": {}}]}", KUNDIG_E_FORMAT, 1, 27, 26,
     "'match' means nothing here: write name, title or topics"},
    {"{\"themes\": [{\"name\": \"a\"},\n{\"name\": \"a\"}]}", KUNDIG_E_FORMAT, 2, 11, 37,
     "theme 'a' stands already in line 1: put its topics there"},
    {"{\"topics\": [{}]}", KUNDIG_E_FORMAT, 1, 13, 12, "a topic needs a name, as in late-delivery"},
    {"{\"topics\": [{\"name\": null}]}", KUNDIG_E_FORMAT, 1, 22, 21,
     "a text, \"...\", stands here"},
    {"{\"topics\": [{\"name\": \"a\"}, {\"name\": \"a\"}]}", KUNDIG_E_FORMAT, 1, 38, 37,
     "topic 'a' stands already in line 1: put its rules there, or choose another name"},
    {"{\"topics\": [{\"name\": \"a\", \"topics\": []}]}", KUNDIG_E_FORMAT, 1, 27, 26,
     "'topics' means nothing here: write name, title, match or not"},
    {"{\"topics\": [{\"name\": \"a\", \"not\": {\"xx\": []}}]}", KUNDIG_E_FORMAT, 1, 35, 34,
     "'xx' is no language: write de, en, fr, es, pt, it, nl or any"},
    {"{\"topics\": [{\"name\": \"a\", \"not\": {\"de\": \"x\"}}]}", KUNDIG_E_FORMAT, 1, 41, 40,
     "an array of rules, [\"late\", \"~delay\"], stands here"},
    {FAULTS_JSON("\"a\", 7"), KUNDIG_E_FORMAT, 2, 23, 48, "a rule, \"...\", stands here"},
    {FAULTS_JSON("\"a\", \"\\u00e4 \\\"c,\\\", d\""), KUNDIG_E_FORMAT, 2, 37, 62,
     "a comma parts rules: make two texts of it, or put it in double quotes"},
    {FAULTS_JSON("\"\""), KUNDIG_E_FORMAT, 2, 19, 44,
     "there is nothing to find in this rule: write a word"},
    {FAULTS_JSON("\" \\u00e4 \\\"b\""), KUNDIG_E_FORMAT, 2, 27, 52,
     "this quote is not closed: write a second one, or two for a quote itself"},
    {FAULTS_JSON("\"a .. d*\""), KUNDIG_E_FORMAT, 2, 24, 49,
     "a beginning needs at least 2 letters before the *"},
    {FAULTS_JSON("\"a b c d e f g h i j k l m n o p q\""), KUNDIG_E_LIMIT, 2, 51, 76,
     "a rule has at most 16 terms, and a comma is what parts rules: make it shorter"},
    {"{\"parts\": {\"de\": [\"Zeit Punkt\"]}}", KUNDIG_E_FORMAT, 1, 20, 19,
     "a part of compounds is one plain word: put a comma between two, and neither ~ nor *"},
};

/* Read a faulty file: code, place and sentence are as they should be. */
static inline void taxonomies_refuse(taxonomy_fixture *f, const taxonomy_fault *fault)
{
    char message[300];
    snprintf(message, sizeof message, "line %u, column %u: %s", fault->line, fault->column,
             fault->sentence);
    cr_assert_lt(strlen(message), sizeof f->err.message, "%s", message);
    int rc = taxonomies_read(f, fault->text, strlen(fault->text));
    cr_expect_str_eq(f->err.message, message, "%s: %s", fault->text, f->err.message);
    cr_expect_eq(rc, fault->code, "%s", fault->text);
    cr_expect_eq(f->err.pos, fault->pos, "%s: %zu", fault->text, f->err.pos);
    cr_assert_eq(f->taxonomy.rule_count + f->taxonomy.theme_count, 0, "nothing is left");
}

#endif
