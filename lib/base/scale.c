/* Scales of scores, and answers on them, in thousandths.
 *
 * Invariant: what kundig__score_read() takes lies on its scale. Cost: constant. */
#include "base/scale.h"

#include <string.h>

#include "base/math.h"
#include "base/number.h"
#include "base/text.h"

#define SCALE_LIMIT 1e6

/* Answers on scales that everybody knows, in thousandths. */
static const struct scale_known {
    const char *name;
    int32_t minimum;
    int32_t maximum;
    int32_t direction;
} scale_knowns[] = {
    [KUNDIG_SCALE_NPS] = {"nps", 0, 10000, KUNDIG_HIGHER_IS_BETTER},
    [KUNDIG_SCALE_CSAT] = {"csat", 1000, 5000, KUNDIG_HIGHER_IS_BETTER},
    [KUNDIG_SCALE_CES] = {"ces", 1000, 7000, KUNDIG_HIGHER_IS_BETTER},
    [KUNDIG_SCALE_CES_2010] = {"ces_2010", 1000, 5000, KUNDIG_LOWER_IS_BETTER},
    [KUNDIG_SCALE_STARS] = {"stars", 1000, 5000, KUNDIG_HIGHER_IS_BETTER},
    [KUNDIG_SCALE_DECLARED] = {"score", 0, 0, KUNDIG_HIGHER_IS_BETTER},
};

const char *kundig__scale_name(int32_t scale)
{
    return scale >= KUNDIG_SCALE_NPS && scale <= KUNDIG_SCALE_DECLARED ? scale_knowns[scale].name
                                                                       : "";
}

int64_t kundig__thousandths(double value)
{
    /* value = mantissa * 2^exponent exactly, so value * 1000 needs 63 bits and one rounding. */
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    int exponent = (int)(bits >> 52 & 0x7FF);
    uint64_t mantissa = bits & ((UINT64_C(1) << 52) - 1);
    if (exponent) {
        mantissa |= UINT64_C(1) << 52;
    } else {
        exponent = 1;
    }
    int shift = 1075 - exponent; /* |value| <= 2e6 < 2^21: shift is at least 32 */
    uint64_t scaled = mantissa * 1000;
    uint64_t whole = 0;
    if (shift < 64) {
        uint64_t rest = scaled & ((UINT64_C(1) << shift) - 1);
        uint64_t half = UINT64_C(1) << (shift - 1);
        whole = scaled >> shift;
        whole += rest > half || (rest == half && (whole & 1));
    }
    return bits >> 63 ? -(int64_t)whole : (int64_t)whole;
}

/* "0 to 10" of a scale in thousandths. */
void kundig__scale_words(int32_t minimum, int32_t maximum, char out[80])
{
    char *at = out;
    at += kundig__number_write(minimum / 1000.0, at);
    memcpy(at, " to ", 4);
    at += 4;
    at += kundig__number_write(maximum / 1000.0, at);
    *at = '\0';
}

static int scale_of(const kundig_score *given, kundig_text question, kundig__answer *score,
                    kundig_error *err)
{
    int shown = kundig__shown(question);
    const char *name = question.data;
    if (given->scale < KUNDIG_SCALE_NPS || given->scale > KUNDIG_SCALE_DECLARED) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "scale %ld of '%.*s' is unknown",
                            (long)given->scale, shown, name);
    }
    score->scale = given->scale;
    if (given->scale != KUNDIG_SCALE_DECLARED) {
        score->minimum = scale_knowns[given->scale].minimum;
        score->maximum = scale_knowns[given->scale].maximum;
        score->direction = scale_knowns[given->scale].direction;
        return KUNDIG_OK;
    }
    if (!kundig__is_finite(given->minimum) || !kundig__is_finite(given->maximum) ||
        kundig__abs(given->minimum) > SCALE_LIMIT || kundig__abs(given->maximum) > SCALE_LIMIT) {
        return kundig__fail(err, KUNDIG_E_VALUE, 0,
                            "the scale of '%.*s' must lie within -1000000 to 1000000", shown, name);
    }
    score->minimum = (int32_t)kundig__thousandths(given->minimum);
    score->maximum = (int32_t)kundig__thousandths(given->maximum);
    if (given->minimum >= given->maximum || score->minimum >= score->maximum) {
        return kundig__fail(err, KUNDIG_E_VALUE, 0,
                            "the scale of '%.*s' must have a maximum above its minimum", shown,
                            name);
    }
    if (given->direction != KUNDIG_HIGHER_IS_BETTER && given->direction != KUNDIG_LOWER_IS_BETTER) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "direction %ld of '%.*s' is unknown",
                            (long)given->direction, shown, name);
    }
    score->direction = given->direction;
    return KUNDIG_OK;
}

static int scale_refuse(const kundig_score *given, kundig_text question,
                        const kundig__answer *score, kundig_error *err)
{
    char words[80];
    char value[KUNDIG__NUMBER_SIZE];
    int len = (int)kundig__number_write(given->value, value);
    kundig__scale_words(score->minimum, score->maximum, words);
    return kundig__fail(
        err, KUNDIG_E_VALUE, 0, "the answer %.*s to '%.*s' is off its scale (%s, %s)", len, value,
        kundig__shown(question), question.data, kundig__scale_name(score->scale), words);
}

static int scale_hold(const kundig_score *given, kundig_text question, kundig__answer *score,
                      kundig_error *err)
{
    bool declared = score->scale == KUNDIG_SCALE_DECLARED;
    double least = declared ? given->minimum : score->minimum / 1000.0;
    double greatest = declared ? given->maximum : score->maximum / 1000.0;
    if (!kundig__is_finite(given->value)) {
        return kundig__fail(err, KUNDIG_E_VALUE, 0, "the answer to '%.*s' is not a number",
                            kundig__shown(question), question.data);
    }
    if (given->value < least || given->value > greatest) {
        return scale_refuse(given, question, score, err);
    }
    score->value = (int32_t)kundig__thousandths(given->value);
    if (score->scale == KUNDIG_SCALE_NPS && given->value != (double)(score->value / 1000)) {
        char value[KUNDIG__NUMBER_SIZE];
        int len = (int)kundig__number_write(given->value, value);
        return kundig__fail(err, KUNDIG_E_VALUE, 0,
                            "the answer %.*s to '%.*s' is not a whole number from 0 to 10", len,
                            value, kundig__shown(question), question.data);
    }
    return KUNDIG_OK;
}

int kundig__score_read(const kundig_score *given, kundig_text question, kundig__answer *out,
                       kundig_error *err)
{
    kundig__answer answer = {.scale = 0};
    int rc = scale_of(given, question, &answer, err);
    rc = rc ? rc : scale_hold(given, question, &answer, err);
    if (!rc) {
        *out = answer;
    }
    return rc;
}
