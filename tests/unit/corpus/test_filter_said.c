/* Conditions on what comments say: any topic meets "=", none may meet "!=", and names that the
 * model does not have are refused. */
#include <stdio.h>

#include "base/prng.h"
#include "saying.h"

TestSuite(filter_said, .fini = probe_fini);

enum { SAID_ROWS = 700 };

static uint8_t said_sets[SAID_ROWS];
static uint8_t said_languages[SAID_ROWS];

static bool said_has_text(int row)
{
    return row % 7 != 0;
}

static void said_open(fixture *f)
{
    kundig__prng prng;
    kundig__prng_init(&prng, 4);
    fixture_open(f);
    cr_assert_eq(kundig__batch_begin(f->corpus, &f->err), KUNDIG_OK);
    for (int i = 0; i < SAID_ROWS; i++) {
        char id[8];
        snprintf(id, sizeof id, "%d", i);
        kundig_feedback r = fixture_record(id, said_has_text(i) ? "words" : NULL);
        cr_assert_eq(kundig__batch_add(f->corpus, &r, NULL, NULL, &f->err), KUNDIG_OK);
        bool has = said_has_text(i);
        said_sets[i] = has && i % 3 ? (uint8_t)kundig__prng_below(&prng, 64) : 0;
        said_languages[i] = has ? (uint8_t)kundig__prng_below(&prng, KUNDIG__LANGUAGE_COUNT) : 0;
    }
    kundig__batch_commit(f->corpus);
    saying_plant(f, said_sets, said_languages);
    saying_feel(f);
}

/* Rows with a topic among `any`, without one among `none`; a row without topics if `empty`. */
static int64_t said_by_hand(unsigned any, unsigned none, bool empty)
{
    int64_t count = 0;
    for (int i = 0; i < SAID_ROWS; i++) {
        count += said_sets[i] ? (said_sets[i] & any) && !(said_sets[i] & none) : empty;
    }
    return count;
}

static void said_is(fixture *f, const char *where, int64_t expected)
{
    int64_t count = fixture_where(f, where);
    cr_assert_eq(count, expected, "%s: %lld, not %lld (%s)", where, (long long)count,
                 (long long)expected, count < 0 ? f->err.message : "");
}

Test(filter_said, a_record_meets_a_condition_if_any_of_its_topics_does)
{
    /* app, delay, invoice, price, staff, Uebergabe: bits 0 to 5. */
    fixture f;
    said_open(&f);
    said_is(&f, "topic = delay", said_by_hand(2, 0, false));
    said_is(&f, "model:topic = delay", said_by_hand(2, 0, false));
    said_is(&f, "topic != delay", said_by_hand(63, 2, true));
    said_is(&f, "not topic = delay", said_by_hand(63, 2, true));
    said_is(&f, "topic in (delay, staff)", said_by_hand(18, 0, false));
    said_is(&f, "topic not in (delay, staff)", said_by_hand(63, 18, true));
    said_is(&f, "topic contains AP", said_by_hand(1, 0, false));
    said_is(&f, "topic contains E", said_by_hand(2 + 4 + 8 + 32, 0, false));
    said_is(&f, "topic contains '\xC3\xBC'", said_by_hand(32, 0, false));
    said_is(&f, "topic contains nothing", 0);
    said_is(&f, "topic is missing", said_by_hand(0, 0, true));
    said_is(&f, "topic is not missing", said_by_hand(63, 0, false));
    said_is(&f, "topic > invoice", said_by_hand(8 + 16 + 32, 0, false));
    said_is(&f, "topic = delay and topic = staff",
            said_by_hand(2, 0, false) + said_by_hand(16, 0, false) - said_by_hand(18, 0, false));
    fixture_close(&f);
}

/* Comments of these sentiments, a bit each; bit 0: none is known. */
static int64_t said_felt(unsigned sides)
{
    int64_t count = 0;
    for (int i = 0; i < SAID_ROWS; i++) {
        int16_t mood = said_has_text(i) ? saying_mood((uint64_t)i, SAYING_TOPICS) : SAYING_UNKNOWN;
        count += sides >> saying_side(mood) & 1;
    }
    return count;
}

Test(filter_said, a_sentiment_is_that_of_the_comment)
{
    fixture f;
    said_open(&f);
    said_is(&f, "sentiment = negative", said_felt(2));
    said_is(&f, "model:sentiment = neutral", said_felt(4));
    said_is(&f, "sentiment in (positive, mixed)", said_felt(8 + 16));
    said_is(&f, "sentiment != positive", said_felt(1 + 2 + 4 + 16));
    said_is(&f, "sentiment is missing", said_felt(1));
    said_is(&f, "sentiment is not missing", said_felt(2 + 4 + 8 + 16));
    said_is(&f, "sentiment contains I", said_felt(2 + 8 + 16));
    cr_assert_eq(fixture_where(&f, "sentiment = angry"), KUNDIG_E_NOT_FOUND);
    cr_assert_not_null(strstr(f.err.message, "there is no sentiment 'angry'"), "%s", f.err.message);
    cr_assert_eq(fixture_where(&f, "sentiment = negativ"), KUNDIG_E_NOT_FOUND);
    cr_assert_not_null(strstr(f.err.message, "negative"), "%s", f.err.message);
    cr_assert_gt(said_felt(1), SAID_ROWS / 7, "of some comments nothing is known");
    fixture_close(&f);
}

Test(filter_said, a_theme_is_that_of_any_topic)
{
    fixture f;
    said_open(&f);
    said_is(&f, "theme = Money", said_by_hand(4 + 8, 0, false));
    said_is(&f, "theme != Money", said_by_hand(63, 4 + 8, true));
    said_is(&f, "theme in (service, delivery)", said_by_hand(1 + 2 + 16 + 32, 0, false));
    said_is(&f, "theme contains 'MON'", said_by_hand(4 + 8, 0, false));
    said_is(&f, "theme is missing", said_by_hand(0, 0, true));
    said_is(&f, "theme = service and not topic = staff",
            said_by_hand(1 + 16, 0, false) - said_by_hand(16, 0, false));
    fixture_close(&f);
}

Test(filter_said, languages_are_those_of_comments)
{
    fixture f;
    said_open(&f);
    for (int language = 0; language < KUNDIG__LANGUAGE_COUNT; language++) {
        char where[48];
        int64_t count = 0;
        for (int i = 0; i < SAID_ROWS; i++) {
            count += said_has_text(i) && said_languages[i] == language;
        }
        snprintf(where, sizeof where, "text_language = %s", kundig__language_name(language));
        said_is(&f, where, count);
        snprintf(where, sizeof where, "text_language != %s", kundig__language_name(language));
        said_is(&f, where, SAID_ROWS - count);
    }
    said_is(&f, "text_language is missing", SAID_ROWS / 7);
    fixture_close(&f);
}

static void said_refused(fixture *f, const char *where, int rc, const char *words)
{
    cr_assert_eq(fixture_where(f, where), rc, "%s", where);
    cr_assert_not_null(strstr(f->err.message, words), "%s: %s", where, f->err.message);
}

Test(filter_said, a_name_that_the_model_does_not_have_is_an_error_and_not_nobody)
{
    fixture f;
    said_open(&f);
    said_refused(&f, "topic = dely", KUNDIG_E_NOT_FOUND,
                 "there is no topic 'dely'; the nearest are 'delay'");
    said_refused(&f, "topic != Delay", KUNDIG_E_NOT_FOUND, "the nearest are 'delay'");
    said_refused(&f, "topic in (delay, delivery)", KUNDIG_E_NOT_FOUND, "no topic 'delivery'");
    said_refused(&f, "theme = money", KUNDIG_E_NOT_FOUND,
                 "there is no theme 'money'; the nearest are 'Money'");
    said_refused(&f, "text_language = german", KUNDIG_E_NOT_FOUND, "there is no language");
    fixture_close(&f);
}

static int64_t said_call(fixture *f, void *ud)
{
    return fixture_count(f, ud);
}

Test(filter_said, survives_failure_of_every_allocation)
{
    fixture f;
    said_open(&f);
    kundig_query *query =
        fixture_query("theme contains E or topic = delay or text_language in (de, unknown)");
    fixture_sweep(&f, said_call, query);
    kundig_query_free(query);
    fixture_close(&f);
}
