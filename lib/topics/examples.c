/* Examples to learn from. */
#include "base/error.h"

int kundig_examples_new(const kundig_allocator *allocator, int32_t lesson, kundig_examples **out,
                        kundig_error *err)
{
    (void)allocator;
    (void)lesson;
    (void)out;
    if (!out) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "out is NULL");
    }
    return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "not there yet");
}

int kundig_examples_add(kundig_examples *set, const kundig_example *examples, size_t count,
                        kundig_error *err)
{
    (void)set;
    (void)examples;
    (void)count;
    if (!set) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "set is NULL");
    }
    return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "not there yet");
}

int kundig_examples_remove(kundig_examples *set, const kundig_example *examples, size_t count,
                           kundig_error *err)
{
    (void)set;
    (void)examples;
    (void)count;
    if (!set) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "set is NULL");
    }
    return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "not there yet");
}

size_t kundig_examples_count(const kundig_examples *set)
{
    (void)set;
    return 0;
}

void kundig_examples_free(kundig_examples *set)
{
    (void)set;
}
