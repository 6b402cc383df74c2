#include "base/math.h"
#include "words_scene.h"

TestSuite(words, .fini = probe_fini);

Test(words, log_odds_oracles_hold_to_every_digit)
{
    static const struct {
        double y, n, all, total; /* of one group, and of all groups */
        double informed, uninformed;
    } cars[] = {{12, 18, 15, 32, 1.1728, 1.8913}, {2, 18, 12, 32, -1.3768, -1.9691},
                {4, 18, 5, 32, .4033, .5549},     {3, 14, 15, 32, -1.1355, -1.7407},
                {10, 14, 12, 32, 1.5661, 2.8421}, {1, 14, 5, 32, -.4362, -.6571}};
    double delta;
    double variance;
    double z = kundig__log_odds(34, 1200, 14, 1200, &delta, &variance);
    cr_assert_float_eq(delta, .9043104, 5e-8);
    cr_assert_float_eq(variance, .1008403, 5e-8);
    cr_assert_float_eq(z, 2.8477403, 5e-8);
    for (size_t i = 0; i < 6; i++) {
        double y = cars[i].y;
        double n = cars[i].n;
        double all = cars[i].all;
        double total = cars[i].total;
        /* the prior of a group, and those of both groups together */
        z = kundig__log_odds(y + all, n + total, all + 2 * all, total + 2 * total, &delta,
                             &variance);
        cr_assert_float_eq(z, cars[i].informed, 5.001e-5);
        z = kundig__log_odds(y + 1, n + 3, all + 2, total + 6, &delta, &variance);
        cr_assert_float_eq(z, cars[i].uninformed, 5.001e-5);
    }
}

/* 1000 comments of one word on each side: with the prior a tenth of them, 200, spread as both use
 * it, "late" has 4. */
Test(words, the_oracle_comes_out_of_the_call)
{
    fixture f;
    fixture_open(&f);
    words_give(&f, 0, 30, "sad", "late", 0);
    words_give(&f, 30, 970, "sad", "other", 0);
    words_give(&f, 0, 10, "glad", "late", 0);
    words_give(&f, 10, 990, "glad", "other", 0);
    for (int turn = 0; turn < 2; turn++) {
        kundig_table *table = words_ask(&f, "channel = sad", "channel = glad",
                                        &(kundig_words_options){.prior = turn ? 200 : 0});
        cr_assert_float_eq(words_number(table, "late", "log_odds"), .9043104, 5e-8);
        cr_assert_float_eq(words_number(table, "late", "variance"), .1008403, 5e-8);
        cr_assert_float_eq(words_number(table, "late", "z_said"), 2.8477403, 5e-8);
        cr_assert(words_number(table, "late", "z") < 2.8477403, "two more terms of variance");
        cr_assert(words_number(table, "late", "z") > 2.8);
        cr_assert(!words_has(table, "other"));
        kundig_table_free(table);
    }
    fixture_close(&f);
}

/* Henderson's cars, as the R package tidylo shows them: engines (vs) by forward gears; each engine
 * against all. */
Test(words, one_set_against_all_is_as_tidylo_has_it)
{
    static const struct {
        const char *engine, *gears;
        size_t count;
        double informed, uninformed;
    } cars[] = {{"sad", "three", 12, 1.1728, 1.8913}, {"sad", "four", 2, -1.3768, -1.9691},
                {"sad", "five", 4, .4033, .5549},     {"glad", "three", 3, -1.1355, -1.7407},
                {"glad", "four", 10, 1.5661, 2.8421}, {"glad", "five", 1, -.4362, -.6571}};
    fixture f;
    fixture_open(&f);
    for (size_t i = 0; i < 6; i++) {
        words_give(&f, i * 100, cars[i].count, cars[i].engine, cars[i].gears, 0);
    }
    for (int engine = 0; engine < 2; engine++) {
        for (int counts = 0; counts < 2; counts++) {
            kundig_words_options options = {.prior_kind =
                                                counts ? KUNDIG_PRIOR_COUNTS : KUNDIG_PRIOR_UNIFORM,
                                            .least = 1,
                                            .everything = 1};
            kundig_table *table = words_ask(&f, engine ? "channel = glad" : "channel = sad",
                                            "channel in (sad, glad)", &options);
            cr_assert_eq(kundig_table_row_count(table), 3);
            for (size_t i = 0; i < 6; i++) {
                if (strcmp(cars[i].engine, engine ? "glad" : "sad") == 0) {
                    cr_assert_float_eq(words_number(table, cars[i].gears, "z_said"),
                                       counts ? cars[i].informed : cars[i].uninformed, 5.001e-5);
                }
            }
            cr_assert_eq(words_number(table, "three", "b"), 15);
            cr_assert_float_eq(words_number(table, "three", "share_b"), 15. / 32, 1e-15);
            kundig_table_free(table);
        }
    }
    fixture_close(&f);
}

Test(words, sides_changed_change_the_sign_alone)
{
    fixture f;
    words_scene(&f);
    kundig_words_options options = {.everything = 1, .least = 1};
    kundig_table *there = words_ask(&f, "channel = sad", "channel = glad", &options);
    kundig_table *back = words_ask(&f, "channel = glad", "channel = sad", &options);
    size_t both = 0;
    for (size_t row = 0; row < kundig_table_row_count(there); row++) {
        const char *word = survey_text(there, row, "word");
        if (words_has(back, word)) {
            cr_assert_float_eq(survey_number(there, row, "z"), -words_z_of(back, word), 1e-12);
            cr_assert_float_eq(survey_number(there, row, "z_said"),
                               -words_number(back, word, "z_said"), 1e-12);
            both++;
        }
    }
    cr_assert(both >= 5, "%zu", both);
    cr_assert(!words_has(back, "parcel"), "least is of a");
    kundig_table_free(there);
    kundig_table_free(back);
    fixture_close(&f);
}

Test(words, options_that_mean_nothing_are_refused)
{
    static const kundig_words_options wrong[] = {
        {.prior_kind = 3}, {.prior_kind = -1}, {.prior = -1},
        {.prior = 1e-9},   {.prior = 1e300},   {.prior = 5, .prior_kind = KUNDIG_PRIOR_COUNTS},
        {.everything = 2}, {.everything = -1}, {.reserved = 1},
    };
    fixture f;
    words_scene(&f);
    kundig_query *query = survey_query("count");
    uint32_t a = survey_node(query, "channel = sad");
    uint32_t b = survey_node(query, "channel = glad");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong + 2; i++) {
        kundig_table *table = NULL;
        kundig_words_options options = {.limit = 1};
        if (i < sizeof wrong / sizeof *wrong) {
            options = wrong[i];
        } else {
            double zero = 0;
            options.prior = i % 2 ? zero / zero : 1 / zero;
        }
        cr_assert_eq(kundig__words(f.corpus, query, a, b, &options, &table, &f.err), KUNDIG_E_ARG,
                     "%zu", i);
        cr_assert_null(table);
        cr_assert(strlen(f.err.message) > 10);
    }
    kundig_query_free(query);
    kundig_words_options none = {.least = UINT64_MAX};
    kundig_table *table = words_ask(&f, "channel = sad", "channel = glad", &none);
    cr_assert_eq(kundig_table_row_count(table), 0);
    kundig_table_free(table);
    fixture_close(&f);
}

Test(words, where_nothing_else_is_said_there_are_no_odds)
{
    fixture f;
    fixture_open(&f);
    words_give(&f, 0, 20, "sad", "late", 0);
    words_give(&f, 0, 20, "glad", "late", 0);
    for (int32_t kind = 0; kind < 3; kind++) {
        kundig_table *table =
            words_ask(&f, "channel = sad", "channel = glad",
                      &(kundig_words_options){.prior_kind = kind, .everything = 1});
        cr_assert_eq(kundig_table_row_count(table), 1);
        cr_assert(kundig_table_is_null(table, 0, survey_column(table, "log_odds")));
        cr_assert(kundig_table_is_null(table, 0, survey_column(table, "z_said")));
        cr_assert_eq(survey_number(table, 0, "z"), 0);
        kundig_table_free(table);
    }
    fixture_close(&f);
}

Test(words, shows_what_one_set_says_more_spelled_as_people_do)
{
    fixture f;
    words_scene(&f);
    /* fifty records of one customer are one voice */
    words_give(&f, 200, 50, "sad", "hobbyhorse", 1);
    kundig_table *table = words_of(&f, 50);
    cr_assert(words_has(table, "parcel"));
    cr_assert(!words_has(table, "PARCEL") && !words_has(table, "Parcel"));
    cr_assert(words_has(table, "came late"));
    cr_assert(words_has(table, "unlucky Beate"));
    cr_assert(!words_has(table, "Beate"), "it stands in its pair alone");
    cr_assert(!words_has(table, "hobbyhorse"));
    cr_assert(!words_has(table, "quick") && !words_has(table, "say"));
    for (size_t row = 0; row < kundig_table_row_count(table); row++) {
        const char *word = survey_text(table, row, "word");
        cr_assert(!strpbrk(word, "@0123456789/"), "%s", word);
        cr_assert(survey_number(table, row, "z") > 1.96);
        cr_assert(row == 0 || survey_number(table, row, "z") <= survey_number(table, row - 1, "z"));
        if (strcmp(word, "parcel") == 0) {
            cr_assert_eq(survey_number(table, row, "a"), 50);
            cr_assert_eq(survey_number(table, row, "b"), 0);
            cr_assert_eq(survey_number(table, row, "customers"), 20);
            cr_assert_float_eq(survey_number(table, row, "share_a"), 50.0 / 160, 1e-15);
            cr_assert_eq(survey_number(table, row, "share_b"), 0);
        }
    }
    kundig_table_free(table);
    table = words_of(&f, 2);
    cr_assert_eq(kundig_table_row_count(table), 2);
    kundig_table_free(table);
    fixture_close(&f);
}

Test(words, long_texts_own_no_word_and_short_ones_neither)
{
    static const char *const longer = "service one two three four five six seven eight nine ten";
    for (int turn = 0; turn < 2; turn++) {
        fixture f;
        fixture_open(&f);
        /* both say "service" in half of their records; one set writes much more beside it */
        words_give(&f, 0, 200, "sad", turn ? longer : "service", 0);
        words_give(&f, 200, 200, "sad", turn ? longer + 8 : "well", 0);
        words_give(&f, 0, 200, "glad", turn ? "service" : longer, 0);
        words_give(&f, 200, 200, "glad", turn ? "well" : longer + 8, 0);
        kundig_table *table = words_of(&f, 50);
        cr_assert(!words_has(table, "service"));
        cr_assert_eq(words_has(table, "well"), turn == 0);
        kundig_table_free(table);
        fixture_close(&f);
    }
}

Test(words, what_everybody_says_belongs_to_nobody)
{
    static const char *const texts[] = {"hi", "some text"};
    for (size_t i = 0; i < 2; i++) {
        fixture f;
        fixture_open(&f);
        words_give(&f, 0, 56, "sad", texts[i], 0);
        words_give(&f, 0, 12, "glad", texts[i], 0);
        words_give(&f, 56, 2, "glad", "hello", 0);
        kundig_table *table = words_of(&f, 50);
        cr_assert_eq(kundig_table_row_count(table), 0, "%s", survey_text(table, 0, "word"));
        kundig_table_free(table);
        fixture_close(&f);
    }
}

Test(words, shares_of_records_are_held_against_chance)
{
    static const char *const longer = "service one two three four five six seven eight nine ten";
    fixture f;
    fixture_open(&f);
    words_give(&f, 0, 120, "sad", "service", 0);
    words_give(&f, 120, 80, "sad", "well", 0);
    words_give(&f, 0, 98, "glad", longer, 0);
    words_give(&f, 98, 102, "glad", longer + 8, 0);
    kundig_table *table = words_of(&f, 50);
    double share = 218.0 / 400;
    double se = kundig__sqrt(share * (1 - share) * 2 / 200);
    cr_assert_float_eq(words_z_of(table, "service"), (.6 - .49) / se, 1e-12);
    kundig_table_free(table);
    fixture_close(&f);
}

/* `each` records by a customer who says `text` */
static void words_voice(fixture *f, const char *channel, int customer, int each, const char *text)
{
    char name[32];
    snprintf(name, sizeof name, "voice%d", customer);
    for (int i = 0; i < each; i++) {
        char id[64];
        snprintf(id, sizeof id, "%s-%s-%d", channel, name, i);
        kundig_feedback record = fixture_record(id, text);
        record.channel = kundig__str(channel);
        record.customer = kundig__str(name);
        cr_assert_eq(fixture_add(f, &record, 1, NULL), KUNDIG_OK);
    }
}

Test(words, customers_who_repeat_themselves_are_one_voice_each)
{
    static const char *const longer = "service one two three four five six seven eight nine ten";
    fixture f;
    fixture_open(&f);
    /* customers 0 to 39 are sad five times, 30 to 69 glad; so ten are both */
    double sum = 0;
    double share = 210.0 / 400;
    for (int customer = 0; customer < 70; customer++) {
        bool sad = customer < 40;
        bool glad = customer >= 30;
        bool sad_says = sad && customer >= 10;
        bool glad_says = glad && customer < 42;
        if (sad) {
            words_voice(&f, "sad", customer, 5, sad_says ? "service" : "well");
        }
        if (glad) {
            words_voice(&f, "glad", customer, 5, glad_says ? longer : longer + 8);
        }
        double influence =
            (sad ? 5 * (sad_says - share) / 200 : 0) - (glad ? 5 * (glad_says - share) / 200 : 0);
        sum += influence * influence;
    }
    kundig_table *table = words_of(&f, 50);
    cr_assert_float_eq(words_z_of(table, "service"), .45 / kundig__sqrt(sum), 1e-12);
    kundig_table_free(table);
    fixture_close(&f);
    /* 13 and 10 of 20 customers are chance, however many records they write */
    fixture_open(&f);
    for (int customer = 0; customer < 20; customer++) {
        words_voice(&f, "sad", customer, 25, customer < 13 ? "service" : "well");
        words_voice(&f, "glad", 20 + customer, 25, customer < 10 ? longer : longer + 8);
    }
    table = words_of(&f, 50);
    cr_assert(words_has(table, "well"));
    cr_assert(!words_has(table, "service"));
    kundig_table_free(table);
    fixture_close(&f);
}

Test(words, halves_of_one_set_hardly_differ)
{
    static const char *const pool[] = {"late",   "parcel", "friendly", "price", "app",  "call",
                                       "refund", "again",  "never",    "good",  "slow", "help"};
    kundig__prng prng;
    size_t found = 0;
    kundig__prng_init(&prng, 5);
    for (int turn = 0; turn < 10; turn++) {
        fixture f;
        fixture_open(&f);
        for (size_t i = 0; i < 300; i++) {
            char text[200] = "";
            for (int word = 0; word < 8; word++) {
                uint64_t at = kundig__prng_below(&prng, 12);
                strcat(text, pool[at < 8 ? at : kundig__prng_below(&prng, 12)]);
                strcat(text, " ");
            }
            words_give(&f, i, 1, i % 2 ? "sad" : "glad", text, 0);
        }
        kundig_table *table = words_of(&f, 100);
        found += kundig_table_row_count(table);
        kundig_table_free(table);
        fixture_close(&f);
    }
    cr_assert(found <= 3, "%zu words of about 1500", found);
}

Test(words, same_bytes_in_any_order)
{
    kundig_bytes *first = NULL;
    static survey s;
    survey_make(&s, 300, SURVEY_CUSTOMERS, 8);
    for (size_t i = 0; i < s.count; i++) {
        s.answers[i].record.channel =
            kundig__str(strstr(s.answers[i].record.text.data, "late") && i % 7 ? "sad" : "glad");
    }
    for (size_t step = 1; step <= 5; step += 2) {
        fixture f;
        fixture_open(&f);
        for (size_t start = step; start-- > 0;) {
            cr_assert_eq(survey_add(&f, &s, start, s.count, step), KUNDIG_OK);
        }
        kundig_bytes *bytes = survey_json(words_of(&f, 30));
        if (first) {
            survey_same(first, bytes);
            kundig_bytes_free(bytes);
        } else {
            first = bytes;
        }
        fixture_close(&f);
    }
    kundig_bytes_free(first);
}

Test(words, of_nothing_are_none_and_common_records_are_refused)
{
    fixture f;
    kundig_table *table = NULL;
    fixture_open(&f);
    table = words_of(&f, 5);
    cr_assert_eq(kundig_table_row_count(table), 0);
    kundig_table_free(table);
    words_give(&f, 0, 3, "sad", "late", 0);
    kundig_query *query = survey_query("count");
    words_give(&f, 0, 3, "glad", "late", 0);
    uint32_t sets[] = {survey_node(query, "channel = sad"),
                       survey_node(query, "channel in (sad, glad)"),
                       survey_node(query, "channel in (sad, mad)")};
    words_give(&f, 0, 3, "mad", "late", 0);
    static const size_t wrong[][2] = {{0, 0}, {1, 0}, {1, 2}, {2, 1}};
    table = NULL;
    for (size_t i = 0; i < 4; i++) {
        cr_assert_eq(kundig__words(f.corpus, query, sets[wrong[i][0]], sets[wrong[i][1]],
                                   &(kundig_words_options){.limit = 5}, &table, &f.err),
                     KUNDIG_E_ARG);
        cr_assert_null(table);
    }
    kundig_query_free(query);
    fixture_close(&f);
}

Test(words, fails_cleanly_at_every_allocation)
{
    fixture f;
    words_scene(&f);
    kundig_query *query = survey_query("count");
    uint32_t a = survey_node(query, "channel = sad");
    uint32_t b = survey_node(query, "channel = glad");
    f.context.mask = KUNDIG_PERSONAL_ALL;
    survey_warm(&f);
    for (int on = 0; on < 2; on++) {
        int rc = KUNDIG_E_NOMEM;
        for (size_t at = 1; rc; at++) {
            kundig_table *table = NULL;
            size_t live = probe_shared.live_blocks;
            probe_shared.fail_at = probe_shared.allocations + at;
            probe_shared.fail_on = on;
            rc = kundig__words(f.corpus, query, a, b, &(kundig_words_options){.limit = 10}, &table,
                               &f.err);
            probe_shared.fail_at = 0;
            probe_shared.fail_on = false;
            cr_assert(rc == KUNDIG_OK || rc == KUNDIG_E_NOMEM);
            kundig_table_free(table);
            cr_assert_eq(probe_shared.live_blocks, live);
        }
    }
    kundig_query_free(query);
    fixture_close(&f);
}
