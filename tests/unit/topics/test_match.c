#include "modelling.h"

TestSuite(match, .fini = probe_fini);

#define A        "theme t: T\ntopic a: A\n"
#define AB(a, b) "theme t: T\ntopic a: A\n" a "\ntopic b: B\n" b "\n"

typedef struct match_case {
    const char *taxonomy;
    const char *marked;
} match_case;

static const match_case match_cases[] = {
    /* words */
    {A "any: late", "[late|a]"},
    {A "any: late", "It was [LATE|a]. Very [late|a]!"},
    {A "any: late", "later, plate, [late|a]-ish? [late|a]"},
    {A "any: late", ""},
    {A "any: 24", "in [24|a] hours, not 240"},
    {A "any: don't", "I [don’t|a] and [don't|a]"},
    {AB("any: late", "any: late, slow"), "[late|a b] and [slow|b]"},
    /* phrases */
    {A "any: too late", "[too late|a], too, late"},
    {A "any: too late", "too too [too late|a]"},
    {A "any: too late", "too. Late"},
    {A "any: not on time", "not on [not on time|a] not on"},
    {A "any: too late, late", "[too late|a] but [late|a]"},
    {AB("any: too late", "any: late"), "[too [late|b]|a]"},
    {A "any: a b c d e f g h i j k l m n o p", "x [a b c d e f g h i j k l m n o p|a] q"},
    /* beginnings */
    {A "any: deliver*", "[deliver|a] [Delivery|a] [DELIVERED|a] delive redeliver"},
    {A "any: deliver* late", "they [delivered late|a], delivered too late"},
    {A "any: too deliver*", "[too delivered|a]"},
    {A "any: de*, del*, deli*", "[delight|a] [deal|a] do xdel"},
    {AB("any: de*", "any: deliver*"), "[deliver|a b] [deal|a]"},
    {A "any: caf*", "[cafe|a] [café|a] ca"},
    /* any and gaps */
    {A "any: took _ weeks", "[took three weeks|a], took weeks, took two long weeks"},
    {A "any: took _ weeks", "[took 3 weeks|a], took ! weeks"},
    {A "any: took .. weeks", "[took weeks|a] [took a weeks|a] [took a b c weeks|a]"},
    {A "any: took .. weeks", "took a b c d weeks"},
    {A "any: took .. weeks", "took three. weeks"},
    {A "any: took .. weeks", "[took weeks|a] weeks"},
    {A "any: took .. weeks", "[took took took weeks|a]"},
    {A "any: a .. b .. c", "x [a b c|a] c"},
    {A "any: a .. b .. c", "[a x x x b x x x c|a]"},
    {A "any: a .. b .. c", "[a b b b b c|a]"},
    {A "any: took .. _ weeks", "[took x weeks|a] took weeks"},
    {A "any: took .. deliver*", "[took a delivery|a]"},
    /* stems */
    {A "en: ~delay", "[delays|a], [delayed|a] and [Delaying|a]"},
    {A "en: ~deliver late", "they [delivered late|a], [delivers late|a]"},
    {A "de: ~Verspätung", "[Verspätung|a] und [Verspätungen|a], verspätet"},
    {A "de: ~Vertrag", "der [Vertrag|a], die [Verträge|a], die [Vertraege|a], den [Verträgen|a]"},
    /* either spelling of German umlauts */
    {A "de: verspätet", "war [verspätet|a], war [verspaetet|a]"},
    {A "de: verspaetet", "war [verspätet|a], war [verspaetet|a]"},
    {A "any: verspätet", "war [verspätet|a], war verspaetet"},
    {A "de: zu spät geliefert", "[zu spaet geliefert|a], [ZU SPÄT geliefert|a]"},
    {A "de: Verspät*", "[Verspätung|a] [verspaetet|a]"},
    {A "de: ha*", "[haben|a] [haeuser|a] häuser"},
    {A "any: über*", "[überall|a] ueberall"},
    {A "de: über*", "[überall|a] [ueberall|a]"},
    {A "de: Größe", "die [Größe|a], die [GROESSE|a], die [Grösse|a]"},
    /* languages */
    {AB("en: gift", "de: Gift"),
     "This is a lovely [gift|a] for my mother. Das ist doch für mich reines [Gift|b]."},
    {AB("any: gift", "fr: gift"), "This is a lovely [gift|a] for my mother."},
    {AB("en: gift", "de: Gift"), "[gift|a b]"},
    /* exclusions */
    {A "en: late\nnot en: better late than never", "better late than never, but [late|a]"},
    {A "any: late\nnot any: too late", "too late, [late|a]"},
    {A "any: too late\nnot any: not too", "not too late, [too late|a]"},
    {A "any: late\nnot any: never .. late", "never ever late, [late|a]"},
    {A "any: late\nnot any: late", "late"},
    {AB("any: late\nnot any: late fee", "any: fee"), "late [fee|b]"},
    /* inside one another */
    {A "any: late, very late, so very late", "[so very late|a]"},
    /* compounds */
    {AB("de: Lieferung", "de: Verzögerung"), "Die [Liefer|a][verzögerung|b] war lang."},
    {AB("de: Lieferung", "de: Verzögerung"), "Die [Liefer|a][verzoegerung|b] war lang."},
    {AB("de: Lieferung", "de: Verzoegerung"), "Die [Liefer|a][verzögerungen|b] waren lang."},
    {AB("de: Lieferung", "de: ~Verzögerung"), "[LIEFER|a][VERZÖGERUNG|b]"},
    {AB("de: Lieferung", "de: Verzögerung"), "[Lieferungs|a][verzögerung|b]"},
    {AB("de: Lieferung", "de: Verzögerung"), "Lieferverzögerungsamt, Verlieferung"},
    {AB("de: Lieferung\nparts de: Zeit", "de: Punkt"), "[Liefer|a]zeit[punkt|b] [Liefer|a]zeit"},
    {AB("de: Bearbeitung", "de: Zeit"), "[Bearbeitungs|a][zeit|b]"},
    {AB("de: Lieferung", "de: Lieferverzögerung, Verzögerung"), "[Lieferverzögerung|b]"},
    {AB("de: Liefer*", "de: Verzögerung, Lieferung"), "[[Liefer|b][verzögerung|b]|a]"},
    {AB("de: Kunde", "de: Dienst"), "[Kunden|a][dienst|b] [Kunden|a][dienste|b]"},
    {AB("de: Vertrag", "de: Rückführung"), "[Vertrags|a][rückführung|b]"},
};

Test(match, finds_words_phrases_beginnings_and_gaps)
{
    for (size_t i = 0; i < sizeof match_cases / sizeof *match_cases; i++) {
        finds(match_cases[i].taxonomy, match_cases[i].marked);
    }
}

/* Rules made to cost as much as can be, and texts made for them. */
static void looks(const char *head, const char *pattern, const char *tail, uint32_t count,
                  const char *text, double most)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__buf taxonomy;
    kundig__reading reading;
    kundig__mem_init(&mem, &allocator, 0);
    kundig__buf_init(&taxonomy, &mem);
    kundig__buf_str(&taxonomy, head);
    for (uint32_t i = 0; i < count; i++) {
        kundig__buf_str(&taxonomy, pattern);
        kundig__buf_int(&taxonomy, i);
        kundig__buf_str(&taxonomy, tail);
    }
    kundig__buf_char(&taxonomy, 0);
    kundig_model *model = model_of(taxonomy.data);
    kundig__reading_init(&reading, &mem, model);
    cr_assert_eq(kundig__reading_run(&reading, text, strlen(text), 0), KUNDIG_OK);
    double probes = (double)kundig__reading_probes(&reading) / (double)reading.scratch.token_count;
    cr_assert_leq(probes, most, "%s: %.2f probes a token", pattern, probes);
    kundig__reading_free(&reading);
    kundig_model_free(model);
    kundig__buf_free(&taxonomy);
}

Test(match, looks_at_most_eight_times_a_token)
{
    const char *head = "topic a: A\nany: first\n";
    looks(head, "any: the w", "\n", 10000, "the the the w1 the w2 w3 the the w4 the the x", 8);
    looks(head, "any: the the w", "\n", 10000, "the the the the the the the the the the", 8);
    looks(head, "any: abcdefghijklm", "*\n", 10000, "abcdefghijklm9999x abcdefghijklm abcdefgh", 8);
    looks(head, "any: the .. w", "\n", 10000, "the the the the the the w9 the the w8 the", 8);
    looks(head, "de: ~wort", "en\n", 10000, "wort1 wort2en wort777 Wort9999en worten", 8);
    looks("topic a: A\nde: ~mal, ma*, mal, mal gut, mal*\nen: ~mal\nfr: ~mal\nes: ~mal\npt: ~mal\n"
          "it: ~mal\nnl: ~mal\n",
          "any: mal ", "\n", 10000, "mal mal mal mal mal mal mal mal", 8);
}

/* A compound is found however many soft hyphens stand in it, in time that grows with them alone:
 * folding every beginning of the word would take hours here. */
Test(match, places_parts_of_a_word_full_of_soft_hyphens)
{
    enum { HYPHENS = 200000 };
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__buf text;
    kundig__reading reading;
    kundig_model *model = model_of("topic delivery: D\nde: Lieferung\ntopic delay: L\n"
                                   "de: Verzögerung\n");
    kundig__mem_init(&mem, &allocator, 0);
    kundig__buf_init(&text, &mem);
    kundig__buf_str(&text, "Liefer");
    for (int i = 0; i < HYPHENS; i++) {
        kundig__buf_str(&text, "\xC2\xAD");
    }
    kundig__buf_str(&text, "verzögerung");
    kundig__reading_init(&reading, &mem, model);
    cr_assert_eq(kundig__reading_run(&reading, text.data, text.len, KUNDIG__LANGUAGE_DE), 0);
    cr_assert_eq(reading.hit_count, 2);
    cr_assert_eq(reading.hits[0].start, 0);
    cr_assert_eq(reading.hits[0].end, 6);
    cr_assert_eq(reading.hits[1].start, 6 + 2 * HYPHENS);
    cr_assert_eq(reading.hits[1].end, text.len);
    kundig__reading_free(&reading);
    kundig_model_free(model);
    kundig__buf_free(&text);
}
