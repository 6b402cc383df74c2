/* Many texts classified by what was learned. */
#include "base/error.h"

size_t kundig_model_class_count(const kundig_model *model, int32_t lesson)
{
    (void)model;
    (void)lesson;
    return 0;
}

kundig_text kundig_model_class_name(const kundig_model *model, int32_t lesson, size_t klass)
{
    (void)model;
    (void)lesson;
    (void)klass;
    return (kundig_text){NULL, 0};
}

int kundig_model_classify(const kundig_model *model, int32_t lesson, const kundig_text *texts,
                          size_t count, uint32_t threads, int32_t *classes, float *probabilities,
                          uint8_t *holds, float *sureness, kundig_error *err)
{
    (void)model;
    (void)lesson;
    (void)texts;
    (void)count;
    (void)threads;
    (void)classes;
    (void)probabilities;
    (void)holds;
    (void)sureness;
    if (!model) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "model is NULL");
    }
    return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "not there yet");
}
