#include "why/contrary.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "base/mem.h"
#include "probe.h"

TestSuite(contrary, .fini = probe_fini);

typedef struct contrary_scene {
    kundig__mem mem;
    kundig__scratch scratch;
    kundig__contraries words;
} contrary_scene;

static void contrary_open(contrary_scene *s, const char *text, size_t len)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem_init(&s->mem, &allocator, 0);
    kundig__scratch_init(&s->scratch, &s->mem);
    kundig__contraries_init(&s->words);
    cr_assert_eq(kundig__text_features(&s->scratch, text, len, KUNDIG__WORDS), KUNDIG_OK);
}

/* The clauses of one sentence, as "word: clause|word: clause". */
static void contrary_clauses(const char *text, int language, char *out)
{
    contrary_scene s;
    contrary_open(&s, text, strlen(text));
    kundig__sentence sentence = {.first = 0, .end = (uint32_t)s.scratch.token_count};
    kundig__contrary found;
    uint32_t at = 0;
    *out = '\0';
    while (kundig__contrary_next(&s.words, &s.scratch, &sentence, language, &at, &found)) {
        cr_assert(found.first < found.end && found.end <= sentence.end);
        const kundig__token *tokens = s.scratch.tokens;
        sprintf(out + strlen(out), "%s%s: %.*s", *out ? "|" : "", found.spoken,
                (int)(tokens[found.end - 1].end - tokens[found.first].start),
                text + tokens[found.first].start);
    }
    cr_assert(!*out || kundig__contraries_any(&s.words, &s.scratch));
    kundig__scratch_free(&s.scratch);
}

Test(contrary, clauses_are_what_is_missed)
{
    static const struct {
        const char *text;
        int language;
        const char *clauses;
    } cases[] = {
        {"Great staff, but the queue was long.", KUNDIG__LANGUAGE_EN, "but: the queue was long"},
        {"BUT: the queue", KUNDIG__LANGUAGE_EN, "but: the queue"},
        {"Although it was late, I am happy", KUNDIG__LANGUAGE_EN, "although: it was late"},
        {"It was dear, though.", KUNDIG__LANGUAGE_EN, "though: It was dear"},
        {"All fine except the queue", KUNDIG__LANGUAGE_EN, "except: the queue"},
        {"Good; the queue was, however, long", KUNDIG__LANGUAGE_EN,
         "however: the queue was, however, long"},
        {"good but slow but dear", KUNDIG__LANGUAGE_EN, "but: slow|but: dear"},
        {"but", KUNDIG__LANGUAGE_EN, ""},
        {"but but but", KUNDIG__LANGUAGE_EN, ""},
        {"nothing but trouble", KUNDIG__LANGUAGE_EN, ""},
        {"last but not least the staff", KUNDIG__LANGUAGE_EN, ""},
        {"not only quick but also friendly", KUNDIG__LANGUAGE_EN, ""},
        {"not quick but friendly", KUNDIG__LANGUAGE_EN, "but: friendly"},
        {"butter and abut", KUNDIG__LANGUAGE_EN, ""},
        {"Alles super, aber die Wartezeit war lang", KUNDIG__LANGUAGE_DE,
         "aber: die Wartezeit war lang"},
        {"Gut, nur dass es lange dauert", KUNDIG__LANGUAGE_DE, "nur dass: es lange dauert"},
        {"Gut, leider war es teuer", KUNDIG__LANGUAGE_DE, "leider: leider war es teuer"},
        {"Alles gut bis auf das Essen", KUNDIG__LANGUAGE_DE, "bis auf: das Essen"},
        {"Alles gut auSSer dem Essen", KUNDIG__LANGUAGE_DE, "ausser: dem Essen"},
        {"Très bien mais trop cher", KUNDIG__LANGUAGE_FR, "mais: trop cher"},
        {"Le but est atteint", KUNDIG__LANGUAGE_FR, ""},
        {"Muy bien, sin embargo fue caro", KUNDIG__LANGUAGE_ES,
         "sin embargo: sin embargo fue caro"},
        {"Goed maar duur", KUNDIG__LANGUAGE_NL, "maar: duur"},
        {"Bello ma caro", KUNDIG__LANGUAGE_IT, "ma: caro"},
        {"Bom mas caro", KUNDIG__LANGUAGE_PT, "mas: caro"},
        {"my ma is caro", KUNDIG__LANGUAGE_UNKNOWN, ""},
        {"good but dear, aber gut", KUNDIG__LANGUAGE_UNKNOWN, "but: dear|aber: gut"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char clauses[512];
        contrary_clauses(cases[i].text, cases[i].language, clauses);
        cr_assert_str_eq(clauses, cases[i].clauses, "%s", cases[i].text);
    }
}

/* A comment may be nothing but words of contrast: a second is enough for a megabyte of them. */
Test(contrary, any_text_is_read_in_time, .timeout = 20)
{
    static const char *const parts[] = {"but ",       "leider a ", "although, ", "not only but ",
                                        "a however ", "nur nur ",  "x except ",  "but, "};
    static char text[1 << 20];
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        contrary_scene s;
        size_t len = 0;
        while (len + strlen(parts[i]) < sizeof text) {
            memcpy(text + len, parts[i], strlen(parts[i]));
            len += strlen(parts[i]);
        }
        contrary_open(&s, text, len);
        kundig__sentence sentence = {.first = 0, .end = (uint32_t)s.scratch.token_count};
        kundig__contrary found;
        uint32_t at = 0;
        while (kundig__contrary_next(&s.words, &s.scratch, &sentence, KUNDIG__LANGUAGE_UNKNOWN, &at,
                                     &found)) {
            cr_assert(found.end - found.first <= 200);
        }
        kundig__scratch_free(&s.scratch);
    }
}
