/* Scales of scores: what they are called, where they end, and what an answer on one is worth. */
#ifndef KUNDIG_BASE_SCALE_H
#define KUNDIG_BASE_SCALE_H

#include "base/error.h"

/* An answer on its scale; all but the first two in thousandths. */
typedef struct kundig__answer {
    int32_t scale; /* KUNDIG_SCALE_ */
    int32_t direction;
    int32_t minimum;
    int32_t maximum;
    int32_t value;
} kundig__answer;

/* "nps"; "" for none. Static text. */
const char *kundig__scale_name(int32_t scale);
/* Nearest thousandth of |value| <= 2e6, ties to even. */
int64_t kundig__thousandths(double value);
/* "0 to 10" of a scale in thousandths. */
void kundig__scale_words(int32_t minimum, int32_t maximum, char out[80]);
/* Read a score; question is how sentences call it. KUNDIG_E_ARG, KUNDIG_E_VALUE. */
int kundig__score_read(const kundig_score *given, kundig_text question, kundig__answer *out,
                       kundig_error *err);

#endif
