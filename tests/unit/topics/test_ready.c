/* The ready taxonomy: what it finds in comments of our own, beside this file, and that no rule of
 * it is dead. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "probe.h"
#include "topics/model.h"

#define READY_LONGEST 600
#define READY_MOST    100 /* topics, at least as many as there are */

typedef struct ready_fixture {
    kundig__mem mem;
    kundig_model *model;
    kundig__reading reading;
    int failures;
    unsigned long line;
    bool told[READY_MOST][KUNDIG__LANGUAGE_COUNT]; /* a comment of the language must have it */
} ready_fixture;

static void ready_begin(ready_fixture *f)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig_error err = {0};
    memset(f, 0, sizeof *f);
    kundig__mem_init(&f->mem, &allocator, 0);
    cr_assert_eq(kundig_model_new(&allocator, NULL, 0, &f->model, &err), KUNDIG_OK, "%s",
                 err.message);
    cr_assert_leq(kundig__model_topic_count(f->model), READY_MOST);
    kundig__reading_init(&f->reading, &f->mem, f->model);
}

static void ready_end(ready_fixture *f)
{
    kundig__reading_free(&f->reading);
    kundig_model_free(f->model);
    cr_assert_eq(f->mem.used, 0);
}

static size_t ready_topic(const ready_fixture *f, kundig_text name)
{
    size_t topic = 0;
    while (topic < kundig__model_topic_count(f->model) &&
           !kundig__text_equal(kundig__model_topic(f->model, topic)->name, name)) {
        topic++;
    }
    cr_assert_lt(topic, kundig__model_topic_count(f->model), "line %lu: no topic '%.*s'", f->line,
                 (int)name.len, name.data);
    return topic;
}

static bool ready_found(const ready_fixture *f, size_t topic)
{
    for (size_t i = 0; i < f->reading.topic_count; i++) {
        if (f->reading.topics[i] == topic) {
            return true;
        }
    }
    return false;
}

static kundig_text ready_trim(const char *from, const char *to)
{
    while (from < to && *from == ' ') {
        from++;
    }
    while (to > from && (to[-1] == ' ' || to[-1] == '\n')) {
        to--;
    }
    return kundig__text(from, (size_t)(to - from));
}

static void ready_try(ready_fixture *f, kundig_text topics, int language, kundig_text comment)
{
    cr_assert_eq(kundig__reading_run(&f->reading, comment.data, comment.len, language), KUNDIG_OK);
    const char *end = topics.data + topics.len;
    for (const char *at = topics.data; at < end;) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        kundig_text name = ready_trim(at, comma ? comma : end);
        bool wanted = name.data[0] != '!';
        if (!wanted) {
            name = kundig__text(name.data + 1, name.len - 1);
        }
        if (ready_found(f, ready_topic(f, name)) != wanted) {
            f->failures++;
            fprintf(stderr, "line %lu, read as %s: %.*s must %sbe found in '%.*s'\n", f->line,
                    kundig__language_name(language), (int)name.len, name.data, wanted ? "" : "not ",
                    (int)comment.len, comment.data);
        }
        at = comma ? comma + 1 : end;
    }
}

/* Every case is read twice: with its language left to find out, and told. */
static void ready_case(ready_fixture *f, const char *line)
{
    const char *first = strchr(line, '|');
    const char *second = first ? strchr(first + 1, '|') : NULL;
    cr_assert_not_null(second, "line %lu: a case is LANGUAGE | TOPICS | comment", f->line);
    kundig_text topics = ready_trim(first + 1, second);
    kundig_text comment = ready_trim(second + 1, second + strlen(second));
    kundig_text name = ready_trim(line, first);
    ready_try(f, topics, KUNDIG__LANGUAGE_UNKNOWN, comment);
    int language = kundig__language_find(name);
    cr_assert(language != KUNDIG__LANGUAGE_UNKNOWN || kundig__text_equal(name, KUNDIG__TEXT("?")),
              "line %lu: which language is that?", f->line);
    if (language != KUNDIG__LANGUAGE_UNKNOWN) {
        ready_try(f, topics, language, comment);
    }
    const char *end = topics.data + topics.len;
    for (const char *at = topics.data; at < end;) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        kundig_text topic = ready_trim(at, comma ? comma : end);
        if (topic.data[0] != '!') {
            f->told[ready_topic(f, topic)][language] = true;
        }
        at = comma ? comma + 1 : end;
    }
}

TestSuite(ready, .fini = probe_fini);

Test(ready, finds_in_comments_what_was_meant_and_nothing_that_was_not)
{
    ready_fixture f;
    ready_begin(&f);
    FILE *file = fopen(READY_CASES, "rb");
    cr_assert_not_null(file, "no %s", READY_CASES);
    char line[READY_LONGEST];
    size_t cases = 0;
    while (fgets(line, sizeof line, file)) {
        f.line++;
        cr_assert_not_null(strchr(line, '\n'), "line %lu is too long", f.line);
        if (line[0] != '#' && line[0] != '\n') {
            ready_case(&f, line);
            cases++;
        }
    }
    fclose(file);
    cr_expect_geq(cases, 300);
    cr_expect_eq(f.failures, 0, "%d", f.failures);
    for (size_t i = 0; i < kundig__model_topic_count(f.model); i++) {
        kundig_text name = kundig__model_topic(f.model, i)->name;
        cr_expect(f.told[i][KUNDIG__LANGUAGE_EN] && f.told[i][KUNDIG__LANGUAGE_DE],
                  "%.*s has no case in English, or none in German", (int)name.len, name.data);
    }
    ready_end(&f);
}

Test(ready, has_neither_faults_nor_rules_that_decide_nothing)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__mem_init(&mem, &allocator, 0);
    kundig__findings findings;
    kundig__findings_init(&findings, &mem);
    kundig_error err = {0};
    kundig_text ready = kundig__taxonomy_ready();
    cr_assert_eq(kundig__taxonomy_check(&findings, ready.data, ready.len, &err), KUNDIG_OK);
    for (size_t i = 0; i < findings.count; i++) {
        const kundig__finding *finding = &findings.items[i];
        cr_expect_eq(finding->severity, KUNDIG__FINDING_NOTE, "line %u, column %u: %.*s",
                     finding->line, finding->column, (int)finding->sentence.len,
                     finding->sentence.data);
    }
    kundig__findings_free(&findings);
    cr_assert_eq(mem.used, 0);
}
