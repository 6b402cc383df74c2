/* The sentiment of one text as a table. */
#include "base/error.h"

int kundig_model_sentiment(const kundig_model *model, const char *text, size_t len,
                           kundig_table **out, kundig_error *err)
{
    (void)model;
    (void)text;
    (void)len;
    (void)out;
    if (!model) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "model is NULL");
    }
    return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "not there yet");
}
