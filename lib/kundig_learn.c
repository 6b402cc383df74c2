/* The door of learning: examples from the facts, and what was learned asked about them. */
#include "base/error.h"

int kundig_examples_collect(kundig *k, const kundig_learn_options *options, kundig_examples *set,
                            kundig_error *err)
{
    (void)k;
    (void)options;
    (void)set;
    if (!k) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "k is NULL");
    }
    return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "not there yet");
}

int kundig_teach(kundig *k, const kundig_learn_options *options, kundig_model **out,
                 kundig_error *err)
{
    (void)k;
    (void)options;
    (void)out;
    if (!k) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "k is NULL");
    }
    return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "not there yet");
}

int kundig_classify(kundig *k, const kundig_query *query, size_t limit, kundig_table **out,
                    kundig_error *err)
{
    (void)k;
    (void)query;
    (void)limit;
    (void)out;
    if (!k) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "k is NULL");
    }
    return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "not there yet");
}

int kundig_sentiment(kundig *k, const kundig_query *query, size_t limit, kundig_table **out,
                     kundig_error *err)
{
    (void)k;
    (void)query;
    (void)limit;
    (void)out;
    if (!k) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "k is NULL");
    }
    return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "not there yet");
}

int kundig_label_next(kundig *k, const kundig_query *query, size_t limit, kundig_table **out,
                      kundig_error *err)
{
    (void)k;
    (void)query;
    (void)limit;
    (void)out;
    if (!k) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "k is NULL");
    }
    return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "not there yet");
}
