#include "base/scale.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/text.h"
#include "probe.h"

TestSuite(scale, .fini = probe_fini);

Test(scale, rounds_to_the_nearest_thousandth_exactly)
{
    cr_assert_eq(kundig__thousandths(0.0005), 1, "the double lies above the tie");
    cr_assert_eq(kundig__thousandths(0.0015), 2);
    cr_assert_eq(kundig__thousandths(0.0625), 62, "a true tie goes to even");
    cr_assert_eq(kundig__thousandths(0.1875), 188);
    cr_assert_eq(kundig__thousandths(-0.0625), -62);
    cr_assert_eq(kundig__thousandths(4.35), 4350);
    cr_assert_eq(kundig__thousandths(1e6), 1000000000);
    cr_assert_eq(kundig__thousandths(-1e6), -1000000000);
    cr_assert_eq(kundig__thousandths(5e-324), 0);
    cr_assert_eq(kundig__thousandths(0), 0);
}

Test(scale, reads_answers_in_thousandths)
{
    kundig_score score = {.scale = KUNDIG_SCALE_CSAT, .value = 4.35};
    kundig__answer answer;
    cr_assert_eq(kundig__score_read(&score, KUNDIG__TEXT("q"), &answer, NULL), KUNDIG_OK);
    cr_assert_eq(answer.scale, KUNDIG_SCALE_CSAT);
    cr_assert_eq(answer.minimum, 1000);
    cr_assert_eq(answer.maximum, 5000);
    cr_assert_eq(answer.value, 4350);
    cr_assert_eq(answer.direction, KUNDIG_HIGHER_IS_BETTER);
    score = (kundig_score){.scale = KUNDIG_SCALE_DECLARED,
                           .direction = KUNDIG_LOWER_IS_BETTER,
                           .minimum = -1.5,
                           .maximum = 2,
                           .value = -1.5};
    cr_assert_eq(kundig__score_read(&score, KUNDIG__TEXT("q"), &answer, NULL), KUNDIG_OK);
    cr_assert_eq(answer.minimum, -1500);
    cr_assert_eq(answer.value, -1500);
    cr_assert_eq(answer.direction, KUNDIG_LOWER_IS_BETTER);
}

Test(scale, refuses_what_lies_off_it_in_words)
{
    static const struct {
        kundig_score score;
        int code;
        const char *sentence;
    } cases[] = {
        {{.scale = 0}, KUNDIG_E_ARG, "scale 0 of 'q' is unknown"},
        {{.scale = KUNDIG_SCALE_NPS, .value = 11},
         KUNDIG_E_VALUE,
         "the answer 11 to 'q' is off its scale (nps, 0 to 10)"},
        {{.scale = KUNDIG_SCALE_NPS, .value = 7.5},
         KUNDIG_E_VALUE,
         "the answer 7.5 to 'q' is not a whole number from 0 to 10"},
        {{.scale = KUNDIG_SCALE_DECLARED, .minimum = 2, .maximum = 2, .value = 2},
         KUNDIG_E_VALUE,
         "the scale of 'q' must have a maximum above its minimum"},
        {{.scale = KUNDIG_SCALE_DECLARED, .minimum = -2e6, .maximum = 2, .value = 2},
         KUNDIG_E_VALUE,
         "the scale of 'q' must lie within -1000000 to 1000000"},
        {{.scale = KUNDIG_SCALE_DECLARED, .direction = 7, .maximum = 2, .value = 2},
         KUNDIG_E_ARG,
         "direction 7 of 'q' is unknown"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        kundig__answer answer = {.scale = -7};
        kundig_error err = {0, 0, ""};
        int rc = kundig__score_read(&cases[i].score, KUNDIG__TEXT("q"), &answer, &err);
        cr_expect_eq(rc, cases[i].code, "case %zu", i);
        cr_expect_str_eq(err.message, cases[i].sentence);
        cr_expect_eq(answer.scale, -7, "nothing is written");
    }
    cr_assert_str_eq(kundig__scale_name(KUNDIG_SCALE_DECLARED), "score");
    cr_assert_str_eq(kundig__scale_name(77), "");
}
