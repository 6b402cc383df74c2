/* Questions asked of texts, for the tests of finding. */
#ifndef KUNDIG_TESTS_TEXT_FINDING_H
#define KUNDIG_TESTS_TEXT_FINDING_H

#include "support.h"
#include "text/find_inside.h"

typedef struct finding {
    kundig__mem mem;
    kundig__finder finder;
    kundig__find *find;
    kundig_error err;
} finding;

static inline void finding_begin(finding *f)
{
    kundig_allocator allocator = probe_allocator(NULL);
    memset(f, 0, sizeof *f);
    kundig__mem_init(&f->mem, &allocator, 0);
    kundig__finder_init(&f->finder, &f->mem);
}

static inline void finding_end(finding *f)
{
    kundig__find_free(f->find);
    kundig__finder_free(&f->finder);
    cr_assert_eq(f->mem.used, 0);
}

static inline int finding_try(finding *f, const char *question, size_t len)
{
    kundig__find_free(f->find);
    f->find = NULL;
    return kundig__find_new(&f->mem, question, len, false, &f->find, &f->err);
}

static inline void finding_ask(finding *f, const char *question)
{
    cr_assert_eq(finding_try(f, question, strlen(question)), KUNDIG_OK, "\"%s\": %s", question,
                 f->err.message);
}

/* Does a text hold what was asked? Looking never says other than reading does. */
static inline bool finding_met(finding *f, const char *text, size_t len)
{
    bool met = false;
    bool again = false;
    cr_assert_eq(kundig__finder_read(&f->finder, f->find, text, len, false, &again), KUNDIG_OK);
    cr_assert_eq(kundig__finder_read(&f->finder, f->find, text, len, true, &met), KUNDIG_OK);
    int look = kundig__find_look(f->find, text, len);
    cr_assert_eq(met, again);
    cr_assert(look == KUNDIG__FIND_READ || (look == KUNDIG__FIND_YES) == met,
              "looking at \"%.*s\" says %d, reading %d", (int)len, text, look, met);
    return met;
}

#endif
