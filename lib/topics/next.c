/* Which texts to label next. */
#include "base/error.h"

int kundig_model_next(const kundig_model *model, int32_t lesson, const kundig_text *texts,
                      size_t count, size_t limit, kundig_table **out, kundig_error *err)
{
    (void)model;
    (void)lesson;
    (void)texts;
    (void)count;
    (void)limit;
    (void)out;
    if (!model) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "model is NULL");
    }
    return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "not there yet");
}
