/* BG/NBD: how probably a customer is still one, and how much they will buy (Fader, Hardie and Lee
 * 2005, "Counting your customers the easy way"). Pure functions of four parameters and a history.
 * Cost: O(1), and the terms of one hypergeometric series. */
#include "base/error.h"
#include "base/math.h"

#define PURCHASING_TERMS 100000

static double purchasing_power(double base, double exponent)
{
    return kundig__exp(exponent * kundig__log(base));
}

/* Gauss's 2F1(a, b; c; z) for 0 <= z < 1: its series, until a term changes nothing. */
static double purchasing_gauss(double a, double b, double c, double z)
{
    double term = 1;
    double sum = 1;
    for (int i = 0; i < PURCHASING_TERMS; i++) {
        double n = (double)i;
        double before = sum;
        term *= (a + n) * (b + n) / (c + n) * z / (n + 1);
        sum += term;
        if (sum <= before && sum >= before) {
            break;
        }
    }
    return sum;
}

static bool purchasing_is_time(double time)
{
    return kundig__is_finite(time) && time >= 0;
}

static int purchasing_check(const kundig_purchasing *model, double repeats, double last, double age,
                            const double *out, kundig_error *err)
{
    if (!model || !out) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "model or out is NULL");
    }
    const double parameters[] = {model->r, model->alpha, model->a, model->b};
    for (size_t i = 0; i < 4; i++) {
        if (!kundig__is_finite(parameters[i]) || parameters[i] <= 0) {
            return kundig__fail(err, KUNDIG_E_VALUE, i, "r, alpha, a and b are above 0");
        }
    }
    if (!purchasing_is_time(repeats) || !purchasing_is_time(last) || !purchasing_is_time(age) ||
        last > age || (repeats <= 0 && last > 0)) {
        return kundig__fail(err, KUNDIG_E_VALUE, 0,
                            "repeats, last and age are 0 or more, last is not behind age, and 0 "
                            "where nothing was bought again");
    }
    return KUNDIG_OK;
}

/* How much likelier it is, beside having stayed, to have left at the last purchase. */
static double purchasing_left(const kundig_purchasing *m, double x, double last, double age)
{
    if (x <= 0) {
        return 0;
    }
    return m->a / (m->b + x - 1) * purchasing_power((m->alpha + age) / (m->alpha + last), m->r + x);
}

int kundig_purchasing_alive(const kundig_purchasing *model, double repeats, double last, double age,
                            double *out, kundig_error *err)
{
    int rc = purchasing_check(model, repeats, last, age, out, err);
    if (!rc) {
        *out = 1 / (1 + purchasing_left(model, repeats, last, age));
    }
    return rc;
}

int kundig_purchasing_expected(const kundig_purchasing *model, double repeats, double last,
                               double age, double ahead, double *out, kundig_error *err)
{
    int rc = purchasing_check(model, repeats, last, age, out, err);
    if (rc) {
        return rc;
    }
    if (!purchasing_is_time(ahead)) {
        return kundig__fail(err, KUNDIG_E_VALUE, 0, "ahead is 0 or more");
    }
    if (kundig__abs(model->a - 1) < 1e-9) {
        return kundig__fail(err, KUNDIG_E_VALUE, 2, "a is 1, where the formula divides by 0");
    }
    double r = model->r + repeats;
    double b = model->b + repeats;
    double now = model->alpha + age;
    double z = ahead / (now + ahead);
    double stays =
        purchasing_power(now / (now + ahead), r) * purchasing_gauss(r, b, model->a + b - 1, z);
    *out = (model->a + b - 1) / (model->a - 1) * (1 - stays) /
           (1 + purchasing_left(model, repeats, last, age));
    return KUNDIG_OK;
}
