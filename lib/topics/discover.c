/* Discovering topics in texts: from examples to a model that knows them. */
#include "base/options.h"
#include "topics/compiled.h"

int kundig__discover_options(const kundig_discover_options *options, kundig_discover_options *known,
                             kundig_error *err)
{
    (void)options;
    (void)known;
    return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "not there yet");
}

int kundig__model_discover(const kundig_model *base, const kundig_examples *set,
                           const kundig_discover_options *known, const kundig__discover_plan *plan,
                           kundig_model **out, int32_t *found, kundig_error *err)
{
    (void)base;
    (void)set;
    (void)known;
    (void)plan;
    (void)out;
    (void)found;
    return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "not there yet");
}

int kundig__model_settle(const kundig_model *model, const kundig_examples *set,
                         const kundig_discover_options *known, kundig_model **out,
                         kundig_error *err)
{
    (void)model;
    (void)set;
    (void)known;
    (void)out;
    return kundig__fail(err, KUNDIG_E_INTERNAL, 0, "not there yet");
}

int kundig_model_discover(const kundig_model *base, const kundig_examples *set,
                          const kundig_discover_options *options, kundig_model **out,
                          int32_t *found, kundig_error *err)
{
    kundig_discover_options known;
    if (!set || !out) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "%s is NULL", set ? "out" : "set");
    }
    int rc = kundig__discover_options(options, &known, err);
    return rc ? rc : kundig__model_discover(base, set, &known, NULL, out, found, err);
}
