/* What a model discovered, as tables, and as a taxonomy to start from. */
#include "topics/compiled.h"

int kundig_model_discovered(const kundig_model *model, kundig_table **out, kundig_error *err)
{
    if (!model || !out) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "%s is NULL", model ? "out" : "the model");
    }
    return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "not there yet");
}

int kundig_model_define(const kundig_model *model, kundig_text topic, kundig_text name,
                        kundig_bytes **out, kundig_error *err)
{
    (void)topic;
    (void)name;
    if (!model || !out) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "%s is NULL", model ? "out" : "the model");
    }
    return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "not there yet");
}
