/* Shared by the tests of what is discovered: texts made from a seed, of subjects that are known. */
#ifndef KUNDIG_TESTS_DISCOVER_SUPPORT_H
#define KUNDIG_TESTS_DISCOVER_SUPPORT_H

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "discover/fitting.h"
#include "probe.h"

#define DISCOVER_TEXTS    600u
#define DISCOVER_TEXT     160u
#define DISCOVER_SUBJECTS 4u

/* Texts on their own memory, so that what is tested is all that the probe sees. */
typedef struct discover_set {
    char bytes[DISCOVER_TEXTS][DISCOVER_TEXT];
    uint32_t subjects[DISCOVER_TEXTS];
    kundig__told_text texts[DISCOVER_TEXTS];
    kundig__survey survey;
} discover_set;

static inline uint32_t discover_random(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*seed >> 33);
}

static const char *const discover_words[DISCOVER_SUBJECTS][8] = {
    {"parcel", "late", "delivery", "courier", "waiting", "tracking", "arrived", "shipping"},
    {"price", "expensive", "cheap", "costs", "invoice", "fee", "charged", "refund"},
    {"friendly", "staff", "helpful", "rude", "advisor", "hotline", "polite", "service"},
    {"app", "login", "password", "crash", "screen", "update", "slow", "button"},
};
static const char *const discover_common[12] = {"the", "was", "and",  "again", "very", "my",
                                                "I",   "so",  "have", "with",  "it",   "today"};

static inline void discover_text(uint64_t *seed, uint32_t subject, char *out, size_t room)
{
    size_t len = 0;
    uint32_t count = 5 + discover_random(seed) % 7;
    for (uint32_t i = 0; i < count; i++) {
        bool own = i == 1 || discover_random(seed) % 2 == 0;
        const char *word = own ? discover_words[subject][discover_random(seed) % 8]
                               : discover_common[discover_random(seed) % 12];
        len += (size_t)snprintf(out + len, room - len, "%s%s", i ? " " : "", word);
    }
}

static inline discover_set *discover_make(uint32_t count, uint64_t seed)
{
    discover_set *set = calloc(1, sizeof *set);
    cr_assert(set && count <= DISCOVER_TEXTS);
    for (uint32_t i = 0; i < count; i++) {
        set->subjects[i] = i % DISCOVER_SUBJECTS;
        discover_text(&seed, set->subjects[i], set->bytes[i], DISCOVER_TEXT);
        set->texts[i] = (kundig__told_text){
            {set->bytes[i], strlen(set->bytes[i])}, KUNDIG__NO_WRITER, KUNDIG__NO_HINT};
    }
    set->survey = (kundig__survey){.texts = set->texts,
                                   .text_count = count,
                                   .clusters = DISCOVER_SUBJECTS,
                                   .least_writers = 5,
                                   .threads = 1};
    return set;
}

/* Say something else. */
static inline void discover_say(discover_set *set, uint32_t text, const char *words)
{
    snprintf(set->bytes[text], DISCOVER_TEXT, "%s", words);
    set->texts[text].text.len = strlen(set->bytes[text]);
}

static inline void discover_mem(kundig__mem *mem)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem_init(mem, &allocator, 0);
}

static inline kundig__clustered *discover_cluster(kundig__mem *mem, const kundig__survey *survey,
                                                  kundig__placed *placed)
{
    kundig__clustered *clustered = NULL;
    kundig_error err;
    cr_assert_eq(kundig__cluster(mem, survey, &clustered, placed, NULL, &err), KUNDIG_OK, "%s",
                 err.message);
    return clustered;
}

/* Share of texts whose cluster is that of most of their subject. */
static inline double discover_right(const discover_set *set, const kundig__placed *placed)
{
    uint32_t counts[DISCOVER_SUBJECTS][16] = {{0}};
    size_t right = 0;
    for (size_t i = 0; i < set->survey.text_count; i++) {
        if (placed[i].cluster < 16) {
            counts[set->subjects[i]][placed[i].cluster]++;
        }
    }
    for (uint32_t s = 0; s < DISCOVER_SUBJECTS; s++) {
        uint32_t most = 0;
        for (uint32_t t = 0; t < 16; t++) {
            most = counts[s][t] > most ? counts[s][t] : most;
        }
        right += most;
    }
    return (double)right / (double)set->survey.text_count;
}

/* As bytes; the buffer is the caller's to free. */
static inline void discover_bytes(kundig__mem *mem, const kundig__clustered *clustered,
                                  kundig__buf *buf)
{
    kundig__buf_init(buf, mem);
    kundig__clustered_put(buf, clustered);
    cr_assert(!buf->failed);
}

#endif
