#include "modelling.h"

TestSuite(reading, .fini = probe_fini);

static const char reading_sample[] =
    "theme t: T\ntopic delay: Late\nen: late, ~delay, took .. weeks\nde: spät, Verzögerung\n"
    "not en: better late than never\ntopic delivery: Delivery\nen: deliver*\nde: Lieferung\n";

Test(reading, hits_stand_in_order_with_their_topics)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__reading reading;
    kundig_model *model = model_of(reading_sample);
    kundig__mem_init(&mem, &allocator, 0);
    kundig__reading_init(&reading, &mem, model);
    finds_in(&reading, "They [delivered|delivery] it [late|delay], it [took 3 weeks|delay].",
             KUNDIG__LANGUAGE_UNKNOWN);
    cr_assert_eq(reading.topic_count, 2);
    cr_assert(reading.topics[0] == 0 && reading.topics[1] == 1);
    finds_in(&reading, "", KUNDIG__LANGUAGE_UNKNOWN);
    cr_assert_eq(reading.topic_count, 0);
    kundig__reading_free(&reading);
    kundig_model_free(model);
}

Test(reading, the_language_given_counts_where_no_other_is_sure)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__reading reading;
    kundig_model *model = model_of("topic a: A\nde: gift\ntopic b: B\nen: gift\n");
    kundig__mem_init(&mem, &allocator, 0);
    kundig__reading_init(&reading, &mem, model);
    finds_in(&reading, "[gift|a b]", KUNDIG__LANGUAGE_UNKNOWN);
    finds_in(&reading, "[gift|a]", KUNDIG__LANGUAGE_DE);
    finds_in(&reading, "[gift|b]", KUNDIG__LANGUAGE_EN);
    finds_in(&reading, "gift", KUNDIG__LANGUAGE_FR);
    finds_in(&reading, "This was a very lovely [gift|b] for the whole of my family.",
             KUNDIG__LANGUAGE_DE);
    kundig__reading_free(&reading);
    kundig_model_free(model);
}

Test(reading, depends_on_no_comment_before)
{
    kundig_allocator allocator = probe_allocator(NULL);
    kundig__mem mem;
    kundig__reading old;
    kundig_model *model = model_of(reading_sample);
    static const char *const words[] = {
        "late",     "delayed", "took",       "two",   "long",   "weeks", "Lieferverzögerung",
        "spät",     "spaet",   "delivery",   ".",     ",",      "it",    "Lieferungen",
        "delivers", "the",     "verspätete", "delay", "better", "than",  "never",
    };
    uint64_t seed = 3;
    kundig__mem_init(&mem, &allocator, 0);
    kundig__reading_init(&old, &mem, model);
    for (int round = 0; round < 400; round++) {
        char text[512];
        size_t len = 0;
        size_t count = (seed >> 40) % 24;
        for (size_t i = 0; i < count; i++) {
            seed = seed * UINT64_C(6364136223846793005) + 1;
            const char *word = words[(seed >> 33) % (sizeof words / sizeof *words)];
            len += (size_t)snprintf(text + len, sizeof text - len, "%s ", word);
        }
        int language = (int)(seed >> 50) % 3;
        char first[4096];
        char second[4096];
        kundig__reading fresh;
        kundig__reading_init(&fresh, &mem, model);
        cr_assert_eq(kundig__reading_run(&old, text, len, language), KUNDIG_OK);
        cr_assert_eq(kundig__reading_run(&fresh, text, len, language), KUNDIG_OK);
        show_hits(&old, first, sizeof first);
        show_hits(&fresh, second, sizeof second);
        cr_assert_str_eq(first, second);
        kundig__reading_free(&fresh);
    }
    kundig__reading_free(&old);
    kundig_model_free(model);
    cr_assert_eq(mem.used, 0);
}

Test(reading, fails_cleanly_at_every_allocation)
{
    const char *text = "They delivered it late; it took 3 long weeks. Lieferverzögerung! Die "
                       "Lieferverzo\xCC\x88gerung war spaet.";
    kundig_model *model = model_of(reading_sample);
    for (int forever = 0; forever < 2; forever++) {
        for (size_t n = 1;; n++) {
            probe p = {.fail_at = n, .fail_on = forever};
            kundig_allocator allocator = probe_allocator(&p);
            kundig__mem mem;
            kundig__reading reading;
            kundig__mem_init(&mem, &allocator, 0);
            kundig__reading_init(&reading, &mem, model);
            int rc = KUNDIG_OK;
            for (int i = 0; i < 30 && rc == KUNDIG_OK; i++) {
                rc = kundig__reading_run(&reading, text, strlen(text), 0);
            }
            cr_assert(rc == KUNDIG_OK || (rc == KUNDIG_E_NOMEM && reading.hit_count == 0));
            if (rc != KUNDIG_OK && !forever) {
                cr_assert_eq(kundig__reading_run(&reading, text, strlen(text), 0), KUNDIG_OK);
                cr_assert_eq(reading.hit_count, 8);
            }
            kundig__reading_free(&reading);
            cr_assert_eq(p.live_blocks, 0, "allocation %zu leaks", n);
            if (rc == KUNDIG_OK) {
                cr_assert_gt(n, 5);
                break;
            }
        }
    }
    kundig_model_free(model);
}
