/* Labels that may be wrong. */
#include "base/error.h"

int kundig_examples_doubts(const kundig_model *base, const kundig_examples *set,
                           const kundig_learn_options *options, size_t limit, kundig_table **out,
                           kundig_error *err)
{
    (void)base;
    (void)set;
    (void)options;
    (void)limit;
    (void)out;
    if (!set) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "set is NULL");
    }
    return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "not there yet");
}
