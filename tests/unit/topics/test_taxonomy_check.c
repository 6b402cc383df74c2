/* What is said of taxonomies: all faults, and what is odd. */
#include "base/prng.h"
#include "taxonomies.h"
#include "topics/model.h"

TestSuite(taxonomy_check, .fini = probe_fini);

static int checks(taxonomy_fixture *f, const char *data, size_t len)
{
    kundig__findings_free(&f->findings);
    memset(&f->err, 0, sizeof f->err);
    return kundig__taxonomy_check(&f->findings, data, len, &f->err);
}

/* The findings, a line each: "W 2.5 sentence". */
static void finds(const char *text, const char *wanted)
{
    taxonomy_fixture f;
    taxonomies_begin(&f);
    cr_assert_eq(checks(&f, text, strlen(text)), KUNDIG_OK, "%s", f.err.message);
    f.print.len = 0;
    for (size_t i = 0; i < f.findings.count; i++) {
        const kundig__finding *finding = &f.findings.items[i];
        kundig__buf_char(&f.print, "-EWN"[finding->severity]);
        kundig__buf_char(&f.print, ' ');
        kundig__buf_int(&f.print, finding->line);
        kundig__buf_char(&f.print, '.');
        kundig__buf_int(&f.print, finding->column);
        kundig__buf_char(&f.print, ' ');
        kundig__buf_text(&f.print, finding->sentence);
        kundig__buf_char(&f.print, '\n');
    }
    kundig__buf_char(&f.print, '\0');
    cr_expect_str_eq(f.print.data, wanted, "%s\n%s", text, f.print.data);
    taxonomies_end(&f);
}

/* The first error of the check is what reading refuses, place and sentence. */
static void checks_as_it_reads(taxonomy_fixture *f, const taxonomy_fault *fault)
{
    int rc = checks(f, fault->text, strlen(fault->text));
    cr_assert_eq(rc, KUNDIG_OK, "%s: %s", fault->text, f->err.message);
    size_t i = 0;
    while (i < f->findings.count && f->findings.items[i].severity != KUNDIG__FINDING_ERROR) {
        i++;
    }
    cr_assert_lt(i, f->findings.count, "%s", fault->text);
    const kundig__finding *first = &f->findings.items[i];
    cr_expect_str_eq(first->sentence.data, fault->sentence);
    cr_expect_eq(first->line, fault->line);
    cr_expect_eq(first->column, fault->column);
}

Test(taxonomy_check, finds_every_fault_that_reading_refuses)
{
    taxonomy_fixture f;
    taxonomies_begin(&f);
    for (size_t i = 0; i < sizeof taxonomy_plain_faults / sizeof *taxonomy_plain_faults; i++) {
        checks_as_it_reads(&f, &taxonomy_plain_faults[i]);
    }
    for (size_t i = 0; i < sizeof taxonomy_json_faults / sizeof *taxonomy_json_faults; i++) {
        checks_as_it_reads(&f, &taxonomy_json_faults[i]);
    }
    taxonomies_end(&f);
}

Test(taxonomy_check, goes_on_behind_faults)
{
    finds(
        "topic a b: A\nen: late, d*, ~x y, slow,,\neng: late,\n more, d*\nde: \"x\n,_\n"
        "topic c: C\nxx yy\nany: ~a\n\xFF\nen: fine\n",
        "E 1.9 a colon stands behind the name, which holds no blanks: write topic late-delivery: "
        "Late delivery\n"
        "E 2.11 a beginning needs at least 2 letters before the *\n"
        "E 2.26 no rule stands before this comma: drop it\n"
        "E 3.1 'eng' is no language: write de, en, fr, es, pt, it, nl or any\n"
        "E 5.5 this quote is not closed: write a second one, or two for a quote itself\n"
        "E 6.1 no rule stands before this comma: drop it\n"
        "E 6.2 a rule begins with a word: drop this _ or .., or write a word before it\n"
        "E 8.1 a line begins with theme, topic, not, parts, taxonomy or a language and a colon; a "
        "list of rules goes on only behind a comma\n"
        "E 9.6 a stem needs a language: write the rule behind de:, en:, fr:, es:, pt:, it: or "
        "nl:\n"
        "E 10.1 byte 0xFF is not UTF-8: save the file as UTF-8\n");
    finds("{\"topics\": [{\"name\": 1, \"x\": 2, \"match\": {\"en\": [3, \"a b\", \"d*\"]}}],\n"
          "\"themes\": [4, {\"name\": [], \"topics\": [{\"name\": \"t\", \"match\": {\"xx\": 5, "
          "\"de\": [\"b\"]}}]}]}",
          "E 1.22 a text, \"...\", stands here\n"
          "E 1.25 'x' means nothing here: write name, title, match or not\n"
          "E 1.50 a rule, \"...\", stands here\n"
          "E 1.61 a beginning needs at least 2 letters before the *\n"
          "E 2.12 an object, {...}, stands here\n"
          "E 2.24 a text, \"...\", stands here\n"
          "E 2.63 'xx' is no language: write de, en, fr, es, pt, it, nl or any\n");
}

Test(taxonomy_check, has_nothing_to_say_of_a_good_file)
{
    finds("taxonomy: Good\ntheme delivery: Delivery\ntopic delay: Late delivery\n"
          "en: late, ~delay, took .. weeks\nde: verspätet, ~Verspätung, zu spät, Liefer* spät\n"
          "any: ETA\nnot en: better late than never\nparts de: Zeit, Punkt\n",
          "");
}

Test(taxonomy_check, finds_the_same_rule_twice)
{
    finds("topic a:\nen: late, Slow, LATE\nde: late\nany: x y, \"X\" y\nnot en: late z, late z\n",
          "W 2.17 this is the same as 'late' in line 2: drop one\n"
          "W 4.11 this is the same as 'x y' in line 4: drop one\n"
          "W 5.17 this is the same as 'late z' in line 5: drop one\n");
    finds(
        "topic a:\nde: Verspätung, Verspaetung, Grüß*, gruess*, ~Größe, ~Groesse\nen: Maerz, "
        "März\nparts de: Zeit, Zeit\n",
        "W 2.17 this is the same as 'Verspätung' in line 2, for German rules find umlauts and ae, "
        "oe, ue alike: drop one\n"
        "W 2.37 this is the same as 'Grüß*' in line 2, for German rules find umlauts and ae, oe, "
        "ue alike: drop one\n"
        "W 2.54 this decides nothing: '~Größe' in line 2 finds all that it finds\n"
        "W 4.17 this is the same as 'Zeit' in line 4: drop one\n");
}

Test(taxonomy_check, finds_rules_that_others_cover)
{
    finds("topic a:\nen: ~delay, delayed, ~delays, deliver*, delivery, delivering*, deliver*\n",
          "W 2.13 this decides nothing: '~delay' in line 2 finds all that it finds\n"
          "W 2.22 this decides nothing: '~delay' in line 2 finds all that it finds\n"
          "W 2.41 this decides nothing: 'deliver*' in line 2 finds all that it finds\n"
          "W 2.51 this decides nothing: 'deliver*' in line 2 finds all that it finds\n"
          "W 2.64 this is the same as 'deliver*' in line 2: drop one\n");
    finds(
        "topic a:\nen: too late, way .. too late, late _ again too, late _ again\n"
        "any: refund, \"x\"\nen: refund, my refund, x ray\nfr: refund\n",
        "N 2.15 this decides nothing: 'too late' in line 2 is found wherever it is; it only makes "
        "the evidence longer\n"
        "N 2.32 this decides nothing: 'late _ again' in line 2 is found wherever it is; it only "
        "makes the evidence longer\n"
        "W 4.5 this decides nothing: 'refund' in line 3 finds all that it finds\n"
        "N 4.13 this decides nothing: 'refund' in line 4 is found wherever it is; it only makes "
        "the evidence longer\n"
        "N 4.24 this decides nothing: '\"x\"' in line 3 is found wherever it is; it only makes the "
        "evidence longer\n"
        "W 5.5 this decides nothing: 'refund' in line 3 finds all that it finds\n");
    /* a stem or beginning of another language or topic covers nothing, nor does a longer rule */
    finds("topic a:\nen: ~delay, deliver*\nfr: delayed, delivery\nany: delaying\ntopic b:\nen: "
          "delayed, delivery is late\n",
          "");
    finds(
        "topic a:\nen: ~delay\nen: always delayed by, on delivery\nen: deliver*\n",
        "N 3.5 this decides nothing: '~delay' in line 2 is found wherever it is; it only makes the "
        "evidence longer\n"
        "N 3.24 this decides nothing: 'deliver*' in line 4 is found wherever it is; it only makes "
        "the evidence longer\n");
}

/* A German word also stands for parts of compounds, which a beginning does not. */
Test(taxonomy_check, leaves_words_that_compounds_need)
{
    finds("topic a:\nde: Liefer*, Lieferung, sau*, sau\nany: Preis\nde: Preis, Preise, ~Preis\n",
          "W 2.25 'sau*' in line 2 finds every word that begins so: take 4 letters or more\n"
          "W 2.31 this decides nothing: 'sau*' in line 2 finds all that it finds\n"
          "W 4.5 this decides nothing: '~Preis' in line 4 finds all that it finds\n"
          "W 4.12 this decides nothing: '~Preis' in line 4 finds all that it finds\n");
    finds("topic a:\nde: Preis\nnot any: Preis\nnot de: der Preis\n", "");
    finds(
        "topic a:\nde: im Größenwahn\nany: größenwahn, preis\nde: im Preis\n",
        "N 4.5 this decides nothing: 'preis' in line 3 is found wherever it is; it only makes the "
        "evidence longer\n");
}

Test(taxonomy_check, finds_rules_that_exclusions_cancel)
{
    finds("topic a:\nen: late, too slow, ~delay, delay, fine words\nnot en: too, late, delay*\nnot "
          "any: words\nnot de: fine\n",
          "W 2.5 this never counts: the exclusion 'late' in line 3 overlaps it each time\n"
          "W 2.11 this never counts: the exclusion 'too' in line 3 overlaps it each time\n"
          "W 2.29 this never counts: the exclusion 'delay*' in line 3 overlaps it each time\n"
          "W 2.36 this never counts: the exclusion 'words' in line 4 overlaps it each time\n");
}

Test(taxonomy_check, finds_exclusions_that_exclude_nothing)
{
    finds("topic a:\nen: late, ~delay, deliver*\nnot en: never mind, better late, delays expected, "
          "delivered fast, ~mind it, mind*\nnot de: spät, delivery dates\n"
          "topic b:\nen: never mind\n",
          "W 3.9 this excludes nothing: no rule of topic 'a' has a word in common with it\n"
          "W 4.9 this excludes nothing: no rule of topic 'a' has a word in common with it\n");
    finds(
        "topic a:\nen: lately, slow food\nnot en: ~lately way, ~slows way, de* way, fo* way, ~mind "
        "way\n",
        "W 3.34 this excludes nothing: no rule of topic 'a' has a word in common with it\n"
        "W 3.52 this excludes nothing: no rule of topic 'a' has a word in common with it\n");
    /* where a gap, a compound or overlapping tokens may meet it, nothing is sure */
    finds("topic a:\nen: took .. weeks\nnot en: three\ntopic b:\nde: Lieferung\nnot de: "
          "Lieferverzögerung, Teillief*, kurz\ntopic c:\nany: 配送が遅い\nnot any: 速い\n",
          "W 6.39 this excludes nothing: no rule of topic 'b' has a word in common with it\n");
    finds("topic a:\nde: ~alt\nnot de: äl* da, so älter\n", "");
    finds("topic a:\nen: so late\nnot en: never late, later, lat*, lat* so\n",
          "W 2.5 this never counts: the exclusion 'lat*' in line 3 overlaps it each time\n"
          "W 3.21 this excludes nothing more: 'lat*' in line 3 finds all that it finds\n");
}

Test(taxonomy_check, names_rules_of_several_topics)
{
    finds(
        "topic a:\nen: late, slow\nde: late\ntopic b:\nen: quick, LATE\nany: slow\ntopic c:\nen: "
        "late\nnot en: slow late\n",
        "N 5.12 topics 'a' and 'b' share this rule, which stands in line 2 too: a comment counts "
        "in both\n"
        "N 8.5 topics 'a' and 'c' share this rule, which stands in line 2 too: a comment counts in "
        "both\n");
}

Test(taxonomy_check, finds_what_is_empty_or_too_short)
{
    finds("theme x: X\ntheme y: Y\n  topic a:\n  topic b:\nen: ab*, abc* d, abcd*\nnot en: d\n"
          "parts en: time\nparts any: Zeit, Tag\ntopic c:\nnot en: nothing\n",
          "W 1.7 theme 'x' has no topic: drop it\n"
          "W 3.9 topic 'a' has no rule: nothing is found for it\n"
          "W 5.5 'ab*' in line 5 finds every word that begins so: take 4 letters or more\n"
          "W 5.10 this never counts: the exclusion 'd' in line 6 overlaps it each time\n"
          "W 5.18 this decides nothing: 'ab*' in line 5 finds all that it finds\n"
          "W 7.11 'time' in line 7 does nothing: only German compounds are taken apart\n"
          "W 8.18 'Tag' in line 8 does nothing: a part of compounds has at least 4 letters\n"
          "W 9.7 topic 'c' has no rule: nothing is found for it\n"
          "W 10.9 this excludes nothing: no rule of topic 'c' has a word in common with it\n");
}

Test(taxonomy_check, says_of_the_ready_taxonomy_that_it_can_be_read)
{
    taxonomy_fixture f;
    kundig_text ready = kundig__taxonomy_ready();
    taxonomies_begin(&f);
    cr_assert_eq(checks(&f, ready.data, ready.len), KUNDIG_OK);
    cr_assert_eq(f.findings.kept[KUNDIG__FINDING_ERROR], 0);
    taxonomies_end(&f);
}

Test(taxonomy_check, ends_cleanly_when_memory_fails)
{
    static const char text[] =
        "theme x:\ntopic a:\nen: late, ~delay, delayed, deliver*, d*\nde: zu "
        "spät, größe\nnot en: ~mind, late\nfoo\ntopic b:\nen: late";
    size_t failures = 0;
    for (int on = 0; on < 2; on++) {
        int rc = KUNDIG_E_NOMEM;
        for (size_t fail_at = 1; rc; fail_at++) {
            taxonomy_fixture f;
            taxonomies_begin(&f);
            probe_shared.allocations = 0;
            probe_shared.fail_at = fail_at;
            probe_shared.fail_on = on;
            rc = checks(&f, text, sizeof text - 1);
            probe_shared.fail_at = 0;
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM, "%s", f.err.message);
            cr_assert_eq(f.err.code, rc);
            failures += rc != KUNDIG_OK;
            taxonomies_end(&f);
        }
    }
    cr_assert_gt(failures, 40);
}

/* Time grows with the file, not with its square: n rules, then four times as many. */
Test(taxonomy_check, takes_many_rules)
{
    taxonomy_fixture f;
    kundig__buf text;
    taxonomies_begin(&f);
    kundig__buf_init(&text, &f.mem);
    kundig__buf_str(&text, "theme all:\n");
    for (int i = 0; i < 100000; i++) {
        if (i % 100 == 0) {
            kundig__buf_str(&text, "topic t");
            kundig__buf_int(&text, i);
            kundig__buf_str(&text, ":\nnot en: better word");
            kundig__buf_int(&text, i);
            kundig__buf_str(&text, "\nen: x\n");
        }
        kundig__buf_str(&text, i % 3 ? "en: late word" : "de: word");
        kundig__buf_int(&text, i);
        kundig__buf_str(&text, i % 7 ? "\n" : "*\n");
    }
    cr_assert_eq(checks(&f, text.data, text.len), KUNDIG_OK);
    cr_assert_eq(f.findings.kept[KUNDIG__FINDING_ERROR], 0);
    cr_assert_eq(f.findings.kept[KUNDIG__FINDING_NOTE], 999, "x stands in 1,000 topics");
    kundig__buf_free(&text);
    taxonomies_end(&f);
}

/* ---- Is it true? A rule that is said to decide nothing may go, and no comment changes topics.
 * ---- */

static const char *const odd_words[] = {
    "late",       "delay",  "delayed",     "delays", "lieferung",      "lieferungen",    "liefer",
    "spät",       "spaet",  "verspätung",  "größe",  "groesse",        "größen",         "zu",
    "preis",      "preise", "lieferpreis", "häuser", "haus",           "hausverwaltung", "zeit",
    "lieferzeit", "can't",  "e-mail",      "24",     "preisverspätung"};

static void odd_rule(kundig__prng *prng, kundig__buf *out)
{
    static const char *const heads[] = {
        "en: ", "de: ", "any: ", "not en: ", "not de: ", "not any: "};
    size_t words = sizeof odd_words / sizeof *odd_words;
    size_t head = kundig__prng_below(prng, 6);
    uint64_t count = kundig__prng_below(prng, 2) ? 1 : 2 + kundig__prng_below(prng, 2);
    kundig__buf_str(out, heads[head]);
    for (uint64_t i = 0; i < count; i++) {
        uint64_t how = kundig__prng_below(prng, 8);
        const char *word = odd_words[kundig__prng_below(prng, words)];
        bool simple = !strchr("e2c", word[0]);
        if (i > 0) {
            kundig__buf_str(out, how == 0 ? " _ " : how == 1 ? " .. " : " ");
        }
        kundig__buf_str(out, how == 2 && simple && head % 3 < 2 ? "~" : "");
        size_t len = how == 3 ? 2 + kundig__prng_below(prng, 4) : strlen(word);
        len = len < strlen(word) ? len : strlen(word);
        len += len < strlen(word) && ((unsigned char)word[len] & 0xC0) == 0x80;
        kundig__buf_add(out, word, how == 3 && simple ? len : strlen(word));
        kundig__buf_str(out, how == 3 && simple ? "*" : "");
    }
    kundig__buf_char(out, '\n');
}

static void odd_model(taxonomy_fixture *f, kundig_text text, kundig_model **model)
{
    kundig_allocator allocator = probe_allocator(NULL);
    cr_assert_eq(taxonomies_read(f, text.data, text.len), KUNDIG_OK, "%.*s: %s", (int)text.len,
                 text.data, f->err.message);
    cr_assert_eq(kundig__model_compile(&allocator, &f->taxonomy, model, &f->err), KUNDIG_OK, "%s",
                 f->err.message);
}

static void odd_compare(kundig__prng *prng, kundig__reading *before, kundig__reading *after,
                        kundig_text whole, const kundig__finding *finding)
{
    static const int languages[] = {KUNDIG__LANGUAGE_UNKNOWN, KUNDIG__LANGUAGE_DE,
                                    KUNDIG__LANGUAGE_EN, KUNDIG__LANGUAGE_FR};
    for (int i = 0; i < 60; i++) {
        char text[400] = "";
        uint64_t count = 1 + kundig__prng_below(prng, 1 + (uint64_t)i / 10);
        for (uint64_t k = 0; k < count; k++) {
            strcat(text, odd_words[kundig__prng_below(prng, sizeof odd_words / sizeof *odd_words)]);
            strcat(text, kundig__prng_below(prng, 9) ? " " : ". ");
        }
        int language = languages[kundig__prng_below(prng, 4)];
        cr_assert_eq(kundig__reading_run(before, text, strlen(text), language), KUNDIG_OK);
        cr_assert_eq(kundig__reading_run(after, text, strlen(text), language), KUNDIG_OK);
        bool same =
            before->topic_count == after->topic_count &&
            (!before->topic_count || memcmp(before->topics, after->topics,
                                            before->topic_count * sizeof *before->topics) == 0);
        cr_assert(same, "%.*s\nline %u: %s\ncomment (language %d): %s", (int)whole.len, whole.data,
                  finding->line, finding->sentence.data, language, text);
    }
}

/* The text without a line. */
static void odd_without(kundig__buf *out, kundig_text text, uint32_t line)
{
    uint32_t at = 1;
    out->len = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (at != line) {
            kundig__buf_char(out, text.data[i]);
        }
        at += text.data[i] == '\n';
    }
}

Test(taxonomy_check, says_only_what_is_so)
{
    taxonomy_fixture f;
    kundig__prng prng;
    kundig__buf text;
    kundig__buf less;
    size_t tried = 0;
    taxonomies_begin(&f);
    kundig__prng_init(&prng, 11);
    kundig__buf_init(&text, &f.mem);
    kundig__buf_init(&less, &f.mem);
    int rounds = probe_full() ? 200 : 60;
    for (int round = 0; round < rounds; round++) {
        kundig_model *before = NULL;
        kundig__reading first;
        text.len = 0;
        kundig__buf_str(&text, "parts de: Lieferung, Preis, Haus, Zeit, Verwaltung, Verspätung\n");
        for (int topic = 0; topic < 3; topic++) {
            kundig__buf_str(&text, "topic ");
            kundig__buf_char(&text, (char)('a' + topic));
            kundig__buf_str(&text, ":\nany: eta\n");
            for (int i = 0; i < 2 + round % 4; i++) {
                odd_rule(&prng, &text);
            }
        }
        kundig_text whole = kundig__text(text.data, text.len);
        odd_model(&f, whole, &before);
        kundig__reading_init(&first, &f.mem, before);
        cr_assert_eq(checks(&f, whole.data, whole.len), KUNDIG_OK);
        for (size_t i = 0; i < f.findings.count; i++) {
            const kundig__finding *finding = &f.findings.items[i];
            kundig_model *after = NULL;
            kundig__reading second;
            if (!strstr(finding->sentence.data, "this ") ||
                strstr(finding->sentence.data, "share this")) {
                continue;
            }
            odd_without(&less, whole, finding->line);
            odd_model(&f, kundig__text(less.data, less.len), &after);
            kundig__reading_init(&second, &f.mem, after);
            odd_compare(&prng, &first, &second, whole, finding);
            kundig__reading_free(&second);
            kundig_model_free(after);
            tried++;
        }
        kundig__reading_free(&first);
        kundig_model_free(before);
    }
    cr_assert_gt(tried, 2 * (size_t)rounds, "%zu", tried);
    kundig__buf_free(&text);
    kundig__buf_free(&less);
    taxonomies_end(&f);
}
