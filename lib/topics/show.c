/* What a model knows of itself. */
#include "base/error.h"

int kundig_model_show(const kundig_model *model, int32_t lesson, int32_t which, kundig_table **out,
                      kundig_error *err)
{
    (void)model;
    (void)lesson;
    (void)which;
    (void)out;
    if (!model) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "model is NULL");
    }
    return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "not there yet");
}

int kundig_model_prune(const kundig_model *model, int32_t lesson, uint64_t most_bytes,
                       kundig_model **out, kundig_error *err)
{
    (void)model;
    (void)lesson;
    (void)most_bytes;
    (void)out;
    if (!model) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "model is NULL");
    }
    return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "not there yet");
}
