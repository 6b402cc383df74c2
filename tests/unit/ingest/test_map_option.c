#include <criterion/criterion.h>

#include "ingesting.h"

TestSuite(map_option, .fini = probe_fini);

static const char option_data[] = "Score,\"Was, genau?\",Where,Extra,\"a=b\",When\n"
                                  "7,good,web,x,1,2026-01-01\n3,bad,shop,y,2,2026-01-02\n";

Test(map_option, overrides_the_guess_column_by_column)
{
    ingesting it;
    ingesting_one(&it, option_data,
                  "nps=Score,text=\"Was, genau?\", channel = where ,ignore=Extra,attribute=\"a=b\"",
                  0);
    cr_assert(it.rc == 0, "%s", it.err.message);
    cr_expect_str_eq(field_of(&it, "Score"), "nps");
    cr_expect_str_eq(field_of(&it, "Was, genau?"), "text");
    cr_expect_str_eq(field_of(&it, "Where"), "channel");
    cr_expect_str_eq(field_of(&it, "Extra"), "ignore");
    cr_expect_str_eq(field_of(&it, "a=b"), "attribute");
    cr_expect_str_eq(field_of(&it, "When"), "time");
    cr_expect_str_eq(why_of(&it, "Score"), "as mapped");
    ingesting_end(&it);
}

Test(map_option, declares_scales)
{
    ingesting it;
    ingesting_one(&it, option_data, "score[1..8,lower]=Score", 0);
    cr_assert(it.rc == 0, "%s", it.err.message);
    cr_expect_str_eq(field_of(&it, "Score"), "score[1..8,lower]");
    const kundig__question *question = kundig__corpus_question(it.corpus, 0);
    cr_expect(question->minimum == 1000 && question->maximum == 8000 &&
              question->direction == KUNDIG_LOWER_IS_BETTER);
    ingesting_end(&it);
}

static void option_fails(const char *map, int rc, const char *words)
{
    ingesting it;
    ingesting_one(&it, option_data, map, 0);
    cr_expect(it.rc == rc && !it.report, "%s: %d", map, it.rc);
    cr_expect(strstr(it.err.message, words), "%s: %s", map, it.err.message);
    ingesting_end(&it);
}

Test(map_option, says_what_is_wrong)
{
    option_fails("nps=Missing", KUNDIG_E_NOT_FOUND, "no column \"Missing\"; there are Score, Was");
    option_fails("mood=Score", KUNDIG_E_ARG, "\"mood\" at byte 0 is no field");
    option_fails("=Score", KUNDIG_E_ARG, "\"\" at byte 0 is no field");
    option_fails("nps=", KUNDIG_E_NOT_FOUND, "no column \"\"; there are");
    option_fails("nps", KUNDIG_E_ARG, "equals sign is missing");
    option_fails("nps=Score,", KUNDIG_E_ARG, "equals sign is missing at byte 10");
    option_fails("text=\"Was", KUNDIG_E_ARG, "quote does not close");
    option_fails("nps=Score,csat=Score", KUNDIG_E_ARG, "named twice");
    option_fails("text=Score,text=Where", KUNDIG_E_ARG, "given twice");
    option_fails("score[5..1]=Score", KUNDIG_E_ARG, "is no scale: write its least");
    option_fails("score[0..10,upwards]=Score", KUNDIG_E_ARG, "is no scale: write its least");
    option_fails("score[]=Score", KUNDIG_E_ARG, "is no scale: write its least");
    option_fails("score=Score", KUNDIG_E_ARG, "is no scale: write its least");
}

Test(map_option, allows_scores_several_times)
{
    ingesting it;
    ingesting_one(&it, "a,b,c\n1,2,x\n3,4,y\n", "nps=a,nps=b,text=c", 0);
    cr_expect(it.rc == 0 && kundig__corpus_question_count(it.corpus) == 2);
    ingesting_end(&it);
}

Test(map_option, takes_bare_digits_for_a_mapped_time)
{
    ingesting it;
    ingesting_one(&it, "x,NPS\n1520600000,5\n", "time=x", 0);
    cr_expect(it.rc == 0, "%s", it.err.message);
    cr_expect(kundig__corpus_times(it.corpus)[0] == INT64_C(1520600000000));
    ingesting_end(&it);
}
