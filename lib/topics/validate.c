/* How good learning is: cross-validation and learning curve. */
#include "base/error.h"

int kundig_examples_validate(const kundig_model *base, const kundig_examples *set,
                             const kundig_learn_options *options, kundig_table **out,
                             kundig_error *err)
{
    (void)base;
    (void)set;
    (void)options;
    (void)out;
    if (!set) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "set is NULL");
    }
    return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "not there yet");
}

int kundig_examples_curve(const kundig_model *base, const kundig_examples *set,
                          const kundig_learn_options *options, kundig_table **out,
                          kundig_error *err)
{
    (void)base;
    (void)set;
    (void)options;
    (void)out;
    if (!set) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "set is NULL");
    }
    return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "not there yet");
}
