#include "feelings.h"
#include "text/language.h"

TestSuite(lexicon, .fini = probe_fini);

#define DE KUNDIG__LANGUAGE_DE
#define EN KUNDIG__LANGUAGE_EN
#define NO KUNDIG__LANGUAGE_UNKNOWN

typedef struct said {
    const char *text;
    int language;
    int sign; /* of the value; 2: no word is known */
} said;

static void says(const said *all, size_t count)
{
    feelings read;
    feelings_begin(&read);
    for (size_t i = 0; i < count; i++) {
        double value = feelings_of(&read, all[i].text, all[i].language);
        int sign = value > 0.02 ? 1 : value < -0.02 ? -1 : 0;
        if (all[i].sign == 2) {
            cr_expect(read.opinion.words == 0 && value > -0.15 && value < 0.15, "%s: %f",
                      all[i].text, value);
        } else {
            cr_expect_eq(sign, all[i].sign, "%s: %f", all[i].text, value);
        }
    }
    feelings_end(&read);
}

#define SAYS(...) says((said[]){__VA_ARGS__}, sizeof((said[]){__VA_ARGS__}) / sizeof(said))

Test(lexicon, knows_words_in_their_forms)
{
    SAYS({"Das Personal war freundlich.", DE, 1}, {"Freundlichere Leute gibt es in Wien.", DE, 1},
         {"die freundlichsten Kellner", DE, 1}, {"Schlechtes Essen", DE, -1},
         {"enttäuschende Beratung", DE, -1}, {"ENTTÄUSCHEND", DE, -1}, {"enttaeuschend", DE, -1},
         {"Das ist schoen", DE, 1}, {"He disappoints", EN, -1}, {"They were disappointed", EN, -1},
         {"I am loving it", EN, 1}, {"It was delayed", EN, -1},
         {"The parcel arrived on Monday", EN, 2}, {"Das Paket kam am Montag", DE, 2}, {"", NO, 2});
}

Test(lexicon, knows_the_ends_of_german_compounds)
{
    SAYS({"Signalstörung in Köln", DE, -1}, {"Signalstoerungen", DE, -1},
         {"die Zugausfälle", DE, -1}, {"Riesenkatastrophe", DE, -1},
         {"sehr familienfreundliches Haus", DE, 1}, {"Das Softwareproblem", DE, -1});
}

Test(lexicon, negators_turn_what_is_near_them)
{
    SAYS({"Ich bin nicht zufrieden.", DE, -1}, {"nicht besonders freundlich", DE, -1},
         {"Ich bin damit nicht sehr glücklich", DE, -1}, {"Das gefällt mir nicht.", DE, -1},
         {"Ich empfehle das nicht.", DE, -1}, {"keineswegs schlecht", DE, 1},
         {"Das war nicht schlecht.", DE, 1}, {"not friendly", EN, -1},
         {"It is not a very good phone", EN, -1}, {"I don't like it", EN, -1},
         {"She wasnt helpful", EN, -1}, {"not bad", EN, 1}, {"never late", EN, 1},
         {"I would not recommend them", EN, -1});
}

Test(lexicon, a_negator_reaches_no_further_than_its_clause)
{
    SAYS({"Nein, nicht heute, es war wunderbar.", DE, 1}, {"I did not sleep. It was great.", EN, 1},
         {"I do not have any of the old ones any more and this one is great", EN, 1});
}

Test(lexicon, what_is_missing_is_bad_and_what_is_there_is_nothing)
{
    SAYS({"Kein Rückruf bis heute", DE, -1}, {"Ein Rückruf kam gestern", DE, 2},
         {"Der Zug kam nicht.", DE, -1}, {"Nobody called and no answer", EN, -1},
         {"They never answered", EN, -1}, {"An answer came", EN, 2});
}

Test(lexicon, rows_of_words_say_more_than_their_words)
{
    SAYS({"Kein Problem, lief", DE, 1}, {"Es gab keine Probleme", DE, 1}, {"nie wieder", DE, -1},
         {"lässt zu wünschen übrig", DE, -1}, {"nicht zu empfehlen", DE, -1}, {"Guten Tag", DE, 0},
         {"no problem at all", EN, 1}, {"what a waste of money", EN, -1}, {"fed up", EN, -1},
         {"They let me down", EN, -1}, {"couldn't be happier", EN, 1}, {"on time", EN, 1},
         {"Good morning", EN, 0});
}

Test(lexicon, degrees_strengthen_and_weaken)
{
    feelings read;
    feelings_begin(&read);
    double plain = feelings_of(&read, "gut", DE);
    cr_expect_gt(feelings_of(&read, "sehr gut", DE), plain);
    cr_expect_lt(feelings_of(&read, "einigermassen gut", DE), plain);
    cr_expect_gt(feelings_of(&read, "einigermassen gut", DE), 0);
    plain = feelings_of(&read, "slow", EN);
    cr_expect_lt(feelings_of(&read, "extremely slow", EN), plain);
    cr_expect_gt(feelings_of(&read, "a bit slow", EN), plain);
    cr_expect_lt(feelings_of(&read, "a bit slow", EN), 0);
    cr_expect_lt(feelings_of(&read, "it was SLOW today", EN), plain);
    cr_expect_eq(feelings_of(&read, "IT WAS SLOW TODAY", EN), plain);
    cr_expect_lt(feelings_of(&read, "slow!", EN), plain);
    cr_expect_gt(feelings_of(&read, "Sooooo gut", DE), feelings_of(&read, "gut", DE));
    cr_expect_gt(feelings_of(&read, "looooove it", EN), 0.3);
    cr_expect_lt(feelings_of(&read, "gut?", DE), feelings_of(&read, "gut", DE));
    feelings_end(&read);
}

Test(lexicon, what_follows_but_counts_more)
{
    SAYS({"Das Zimmer war schön, aber laut und dreckig", DE, -1}, {"top-notch staff", EN, 1},
         {"a run-around", EN, -1}, {"Das Essen war schlecht, aber der Service wunderbar", DE, 1},
         {"Nice room but the bed was awful", EN, -1},
         {"The bed was bad but the staff was wonderful", EN, 1},
         {"Although the flight was late, the crew was great", EN, 1},
         {"Obwohl es teuer war, bin ich begeistert", DE, 1});
}

Test(lexicon, too_much_is_bad)
{
    SAYS({"Die Hose ist zu klein", DE, -1}, {"Die Hose ist klein", DE, 2}, {"viel zu lang", DE, -1},
         {"sehr zu empfehlen", DE, 1}, {"it is too wide", EN, -1}, {"it is wide", EN, 2},
         {"far too high", EN, -1});
}

Test(lexicon, what_would_be_good_is_not)
{
    SAYS({"Ein Aufzug wäre schön", DE, -1}, {"Mehr Sitze wären toll", DE, -1},
         {"It could be nicer", EN, -1}, {"They should be friendlier", EN, -1});
}

Test(lexicon, knows_faces_and_pictures)
{
    SAYS({"na ja :-)", DE, 1}, {"ok dann :(", DE, -1}, {"das war's :D", DE, 1}, {":D", NO, 1},
         {"xyz <3", NO, 1}, {"xyz ;-)", NO, 1}, {"xyz :-/", NO, -1}, {"http://a.de/b", NO, 2},
         {"\xF0\x9F\x98\x8D", NO, 1}, {"\xF0\x9F\x98\xA1\xF0\x9F\x98\xA1", NO, -1},
         {"\xE2\x9D\xA4\xEF\xB8\x8F", NO, 1}, {"(a: b)", NO, 2}, {"12:30", NO, 2},
         {"Punkt 1: Danke", DE, 1}, {"\xF0\x9F\x91\x8E\xF0\x9F\x8F\xBD", NO, -1});
}

Test(lexicon, a_word_of_two_languages_counts_in_the_one_that_is_spoken)
{
    SAYS({"they die", EN, -1}, {"die Leute", DE, 2}, {"die da", NO, 2}, {"bad", EN, -1},
         {"das Bad", DE, 2}, {"toll", DE, 1}, {"the toll road", EN, 2},
         {"c'est super", KUNDIG__LANGUAGE_FR, 2}, {"merci :)", KUNDIG__LANGUAGE_FR, 1});
}

static void decided(feelings *read, const char *text, int language, const char *expected)
{
    char shown[512];
    feelings_of(read, text, language);
    feelings_shown(read, text, shown, sizeof shown);
    cr_expect_str_eq(shown, expected, "%s: %s", text, shown);
}

Test(lexicon, names_the_words_that_decided)
{
    feelings read;
    feelings_begin(&read);
    decided(&read, "Das Personal war sehr freundlich, danke!", DE, "freundlich; danke");
    decided(&read, "Nice crew but a terrible, terrible flight", EN, "terrible; terrible");
    decided(&read, "a waste of money", EN, "waste of money");
    decided(&read, "Das gefällt mir nicht", DE, "gefällt");
    decided(&read, "good \xF0\x9F\x98\x8D", EN, "good; \xF0\x9F\x98\x8D");
    decided(&read, "other words", NO, "");
    decided(&read, "good good good good great good good good good", EN,
            "good; good; good; good; great; good; good; good");
    feelings_end(&read);
}

Test(lexicon, of_a_part_is_that_of_its_words_alone)
{
    feelings read;
    feelings_begin(&read);
    kundig__opinion opinion;
    const char *text = "Gut. Schlecht. Gut.";
    feelings_of(&read, text, DE);
    kundig__lexicon_read(read.lexicon, &read.scratch, text, 2, 4, DE, &opinion, NULL, NULL);
    cr_expect_lt(opinion.value, 0);
    cr_expect_eq(opinion.words, 1);
    kundig__lexicon_read(read.lexicon, &read.scratch, text, 3, 3, DE, &opinion, NULL, NULL);
    cr_expect_eq(opinion.value, 0);
    feelings_end(&read);
}

Test(lexicon, signs_ascend_and_stay_below_their_number)
{
    static const char *const texts[] = {"",
                                        "gut",
                                        "nicht gut? nein :(",
                                        "good but bad. bad!",
                                        "awful awful awful awful awful",
                                        "x y z",
                                        "great great great great great great"};
    feelings read;
    uint32_t signs[KUNDIG__MOOD_SIGNS];
    feelings_begin(&read);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        feelings_of(&read, texts[i], NO);
        size_t count = kundig__mood_signs(read.lexicon, &read.scratch, texts[i], NO, signs);
        cr_assert(count >= 1 && count <= KUNDIG__MOOD_SIGNS);
        for (size_t k = 0; k < count; k++) {
            cr_assert(signs[k] < KUNDIG__MOOD_SIGNS && (k == 0 || signs[k - 1] < signs[k]));
        }
    }
    feelings_end(&read);
}

/* ---- Hostile ---- */

Test(lexicon, a_megabyte_of_anything_has_a_value_in_range)
{
    static const char *const pieces[] = {
        "nicht ",           "not ",     "gut ", "sehr ",  "aber ",       "zu ",
        "waste of ",        "nie nie ", ":-",   "!?",     "aaaaaaaa",    "enttäuschende",
        "\xF0\x9F\x98\x8D", "störung",  ", ",   "could ", "obwohl gut, "};
    enum { SIZE = 1 << 20 };
    feelings read;
    feelings_begin(&read);
    char *text = kundig__alloc(&read.mem, SIZE + 64);
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        size_t len = strlen(pieces[i]);
        size_t at = 0;
        while (at + len < SIZE) {
            memcpy(text + at, pieces[i], len);
            at += len;
        }
        text[at] = 0;
        double value = feelings_of(&read, text, NO);
        cr_expect(value >= -1 && value <= 1, "%s: %f", pieces[i], value);
        cr_expect_leq(read.range_count, KUNDIG__EVIDENCE_MOST);
        for (size_t k = 0; k < read.range_count; k++) {
            cr_expect(read.ranges[k].start < read.ranges[k].end && read.ranges[k].end <= at);
        }
    }
    kundig__free(&read.mem, text, SIZE + 64);
    feelings_end(&read);
}

Test(lexicon, any_words_in_any_order_are_read_the_same_twice)
{
    static const char *const words[] = {"nicht", "gut",     "aber",  "sehr",   "zu",      "klein",
                                        "no",    "problem", "bad",   ":-)",    ",",       ".",
                                        "?",     "!",       "wäre",  "obwohl", "antwort", "SLOW",
                                        "waste", "of",      "money", "\n"};
    enum { WORDS = sizeof words / sizeof *words };
    feelings read;
    char text[1024];
    uint64_t seed = 3;
    feelings_begin(&read);
    for (int round = 0; round < 3000; round++) {
        size_t len = 0;
        for (int i = 0; i < 40; i++) {
            seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407U;
            len +=
                (size_t)snprintf(text + len, sizeof text - len, "%s ", words[(seed >> 33) % WORDS]);
        }
        int language = (int)(seed >> 60) % 3;
        double value = feelings_of(&read, text, language);
        kundig__opinion first = read.opinion;
        cr_assert(value >= -1 && value <= 1 && first.positive >= 0 && first.negative >= 0, "%s",
                  text);
        cr_assert_eq(feelings_of(&read, text, language), value);
        cr_assert_eq(read.opinion.positive, first.positive);
        cr_assert_eq(read.opinion.negative, first.negative);
    }
    feelings_end(&read);
}

Test(lexicon, is_made_or_not_at_all)
{
    probe failing = {0};
    kundig_allocator allocator = probe_allocator(&failing);
    for (int once = 0; once < 2; once++) {
        kundig__mem mem;
        failing.fail_at = failing.allocations + 1;
        failing.fail_on = once == 0;
        kundig__mem_init(&mem, &allocator, 0);
        cr_assert_null(kundig__lexicon_new(&mem));
        cr_assert_eq(failing.live_blocks, 0);
    }
}
