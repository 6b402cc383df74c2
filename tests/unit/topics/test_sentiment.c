#include "feelings.h"
#include "text/language.h"

TestSuite(sentiment, .fini = probe_fini);

static kundig__mood told(feelings *all, const char *text, int language)
{
    kundig__mood mood;
    size_t len = strlen(text);
    cr_assert_eq(kundig__text_features(&all->scratch, text, len, kundig__mood_families(NULL)),
                 KUNDIG_OK);
    memset(&mood, 0xA5, sizeof mood);
    cr_assert_eq(kundig__mood_tell(NULL, NULL, all->lexicon, &all->scratch, text, language, &mood),
                 KUNDIG_OK);
    return mood;
}

Test(sentiment, by_the_lexicon_alone_is_one_of_three)
{
    feelings all;
    feelings_begin(&all);
    kundig__mood good = told(&all, "Das Personal war sehr freundlich", KUNDIG__LANGUAGE_DE);
    cr_expect_eq(good.sentiment, KUNDIG_SENTIMENT_POSITIVE);
    cr_expect_eq(good.origin, KUNDIG__MOOD_LEXICON);
    cr_expect_eq(good.status, KUNDIG__MOOD_OK);
    cr_expect_gt(good.value, 300);
    kundig__mood bad = told(&all, "terrible and slow", KUNDIG__LANGUAGE_EN);
    cr_expect_eq(bad.sentiment, KUNDIG_SENTIMENT_NEGATIVE);
    cr_expect_lt(bad.value, -300);
    kundig__mood plain = told(&all, "The parcel arrived on Monday", KUNDIG__LANGUAGE_EN);
    cr_expect_eq(plain.sentiment, KUNDIG_SENTIMENT_NEUTRAL);
    cr_expect_not(plain.has_expected);
    feelings_end(&all);
}

Test(sentiment, probabilities_add_up_and_value_is_their_difference)
{
    static const char *const texts[] = {"gut",
                                        "schlecht",
                                        "gut und schlecht",
                                        "Tisch",
                                        "so so :)",
                                        "!?",
                                        "good good good good good",
                                        "not bad",
                                        "nie wieder nie wieder nie wieder"};
    feelings all;
    feelings_begin(&all);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        kundig__mood mood = told(&all, texts[i], KUNDIG__LANGUAGE_UNKNOWN);
        double sum = 0;
        if (mood.status == KUNDIG__MOOD_EMPTY) {
            continue;
        }
        for (int k = 0; k < 3; k++) {
            cr_expect(mood.probabilities[k] > 0 && mood.probabilities[k] < 1);
            sum += (double)mood.probabilities[k];
        }
        double value = 1000 * ((double)mood.probabilities[2] - (double)mood.probabilities[0]);
        cr_expect(sum > 0.9999 && sum < 1.0001, "%s", texts[i]);
        cr_expect((double)mood.value > value - 1 && (double)mood.value < value + 1);
        int best = mood.sentiment - KUNDIG_SENTIMENT_NEGATIVE;
        for (int k = 0; k < 3; k++) {
            cr_expect_geq(mood.probabilities[best], mood.probabilities[k]);
        }
    }
    feelings_end(&all);
}

Test(sentiment, of_nothing_is_empty)
{
    static const char *const texts[] = {"", "   ", "...", "10", "@name http://a.de"};
    feelings all;
    feelings_begin(&all);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        kundig__mood mood = told(&all, texts[i], KUNDIG__LANGUAGE_UNKNOWN);
        cr_expect_eq(mood.status, KUNDIG__MOOD_EMPTY, "%s", texts[i]);
        cr_expect_eq(mood.sentiment, KUNDIG_SENTIMENT_UNKNOWN);
        cr_expect_eq(mood.value, 0);
    }
    cr_expect_eq(told(&all, ":-)", KUNDIG__LANGUAGE_UNKNOWN).status, KUNDIG__MOOD_OK);
    feelings_end(&all);
}

Test(sentiment, of_a_language_that_nobody_taught_is_outside)
{
    feelings all;
    feelings_begin(&all);
    cr_expect_eq(told(&all, "le service était lent", KUNDIG__LANGUAGE_FR).status,
                 KUNDIG__MOOD_OUTSIDE);
    cr_expect_eq(told(&all, "der Service war langsam", KUNDIG__LANGUAGE_DE).status,
                 KUNDIG__MOOD_OK);
    feelings_end(&all);
}

Test(sentiment, bins_cover_all_values)
{
    int last = 0;
    for (int value = -1000; value <= 1000; value++) {
        int bin = kundig__mood_bin(value);
        cr_assert(bin >= last && bin - last <= 1 && bin < (int)KUNDIG__LEARN_BINS);
        last = bin;
    }
    cr_assert_eq(kundig__mood_bin(-1000), 0);
    cr_assert_eq(last, (int)KUNDIG__LEARN_BINS - 1);
}

Test(sentiment, the_lexicon_fades_by_its_weight)
{
    feelings all;
    kundig__mood_learned learned = {.trust = 1};
    const float other[3] = {0.9F, 0.05F, 0.05F};
    double before = 2;
    double blended[3];
    feelings_begin(&all);
    feelings_of(&all, "wunderbar", KUNDIG__LANGUAGE_DE);
    for (int i = 10; i >= 0; i--) {
        kundig__mood_blend(&learned, i / 10.0, other, &all.opinion, blended);
        cr_assert_lt(blended[2], before);
        before = blended[2];
    }
    cr_assert(before > 0.0499 && before < 0.0501);
    learned.leaning[0] = 3;
    kundig__mood_blend(&learned, 1, other, &all.opinion, blended);
    cr_assert_gt(blended[0], blended[2] / 4);
    feelings_end(&all);
}
