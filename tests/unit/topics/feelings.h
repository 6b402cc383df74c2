/* Shared by the tests of moods: a lexicon, and what it says of a text. */
#ifndef KUNDIG_TESTS_FEELINGS_H
#define KUNDIG_TESTS_FEELINGS_H

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "probe.h"
#include "topics/feeling.h"

typedef struct feelings {
    kundig__mem mem;
    kundig__languages *languages;
    kundig__lexicon *lexicon;
    kundig__scratch scratch;
    kundig__spoken spoken;
    kundig__opinion opinion;
    kundig__range ranges[KUNDIG__EVIDENCE_MOST];
    size_t range_count;
} feelings;

static inline void feelings_begin(feelings *all)
{
    kundig_allocator allocator = probe_allocator(NULL);
    memset(all, 0, sizeof *all);
    kundig__mem_init(&all->mem, &allocator, 0);
    all->languages = kundig__languages_new(&all->mem);
    all->lexicon = kundig__lexicon_new(&all->mem);
    cr_assert(all->languages && all->lexicon);
    kundig__scratch_init(&all->scratch, &all->mem);
    kundig__spoken_init(&all->spoken, &all->mem);
}

static inline void feelings_end(feelings *all)
{
    kundig__lexicon_free(all->lexicon, &all->mem);
    kundig__languages_free(all->languages, &all->mem);
    kundig__scratch_free(&all->scratch);
    kundig__spoken_free(&all->spoken);
    cr_assert_eq(all->mem.used, 0);
}

/* Fills opinion and ranges; the value. */
static inline double feelings_of(feelings *all, const char *text, int language)
{
    size_t len = strlen(text);
    cr_assert_eq(kundig__text_features(&all->scratch, text, len, KUNDIG__WORDS), KUNDIG_OK);
    kundig__lexicon_read(all->lexicon, &all->scratch, text, 0, (uint32_t)all->scratch.token_count,
                         language, &all->opinion, all->ranges, &all->range_count);
    return (double)all->opinion.value;
}

/* The words that decided, "a; b". */
static inline void feelings_shown(const feelings *all, const char *text, char *out, size_t room)
{
    size_t len = 0;
    out[0] = 0;
    for (size_t i = 0; i < all->range_count && len < room; i++) {
        len += (size_t)snprintf(out + len, room - len, "%s%.*s", i ? "; " : "",
                                (int)(all->ranges[i].end - all->ranges[i].start),
                                text + all->ranges[i].start);
    }
}

#endif
