/* R^2 of a regression split among predictors: LMG and Johnson's relative weights.
 *
 * LMG: R^2 of every subset, by one Cholesky step more than that of the subset without its last
 * predictor. Johnson: the orthogonal variables nearest the predictors, by Jacobi's rotations in a
 * fixed order. Cost: 2^p p^2; p^3 a sweep. */
#include "base/error.h"
#include "base/math.h"
#include "base/mem.h"

#define RELATIVE_MOST_LMG     15
#define RELATIVE_MOST_JOHNSON 200
#define RELATIVE_SWEEPS       64
#define RELATIVE_LEAST        1e-10 /* of what a predictor has of its own */

typedef struct relative_job {
    const double *r; /* correlations */
    const double *y;
    size_t p;
    double *all;  /* R^2 of a subset, a bit a predictor */
    double *rows; /* Cholesky rows of the subset in hand, p + 1 each: the last is of the outcome */
    size_t members[RELATIVE_MOST_LMG];
    size_t fault;
} relative_job;

static int relative_check(const double *r, const double *y, size_t p, kundig_error *err)
{
    for (size_t i = 0; i < p; i++) {
        for (size_t j = 0; j < p; j++) {
            double x = r[i * p + j];
            bool diagonal = i == j;
            if (!kundig__is_finite(x) || (diagonal && kundig__abs(x - 1) > 1e-9) ||
                kundig__abs(x) > 1 + 1e-9 || kundig__abs(x - r[j * p + i]) > 1e-9) {
                return kundig__fail(err, KUNDIG_E_VALUE, i * p + j,
                                    "correlations are symmetric, from -1 to 1, and 1 on the "
                                    "diagonal; divide covariances by both standard deviations");
            }
        }
        if (!kundig__is_finite(y[i]) || kundig__abs(y[i]) > 1 + 1e-9) {
            return kundig__fail(err, KUNDIG_E_VALUE, i,
                                "correlations with the outcome are from -1 "
                                "to 1");
        }
    }
    return KUNDIG_OK;
}

static int relative_dependent(kundig_error *err, size_t predictor)
{
    return kundig__fail(err, KUNDIG_E_VALUE, predictor,
                        "a predictor is determined by others: leave it, or them, out");
}

/* All subsets whose members so far are `depth`, R^2 of them being r2. */
static bool relative_subsets(relative_job *job, size_t depth, size_t next, size_t set, double r2)
{
    size_t p = job->p;
    job->all[set] = r2;
    for (size_t i = next; i < p; i++) {
        double *row = job->rows + depth * (p + 1);
        double own = 1;
        double outcome = job->y[i];
        for (size_t k = 0; k < depth; k++) {
            const double *before = job->rows + k * (p + 1);
            double x = job->r[i * p + job->members[k]];
            for (size_t l = 0; l < k; l++) {
                x -= row[l] * before[l];
            }
            row[k] = x / before[k];
            own -= row[k] * row[k];
            outcome -= row[k] * before[p];
        }
        if (own < RELATIVE_LEAST) {
            job->fault = i;
            return false;
        }
        row[depth] = kundig__sqrt(own);
        row[p] = outcome / row[depth];
        job->members[depth] = i;
        if (!relative_subsets(job, depth + 1, i + 1, set | (size_t)1 << i, r2 + row[p] * row[p])) {
            return false;
        }
    }
    return true;
}

static int relative_lmg(relative_job *job, kundig__mem *mem, double *shares, double *r_squared,
                        kundig_error *err)
{
    size_t p = job->p;
    size_t sets = (size_t)1 << p;
    double weights[RELATIVE_MOST_LMG];
    int rc = KUNDIG_OK;
    job->all = kundig__alloc(mem, sets * sizeof *job->all);
    job->rows = kundig__alloc(mem, p * (p + 1) * sizeof *job->rows);
    if (!job->all || !job->rows) {
        rc = kundig__nomem(mem, err);
        goto done;
    }
    if (!relative_subsets(job, 0, 0, 0, 0)) {
        rc = relative_dependent(err, job->fault);
        goto done;
    }
    /* |S|! (p - |S| - 1)! / p! */
    weights[0] = 1 / (double)p;
    for (size_t k = 1; k < p; k++) {
        weights[k] = weights[k - 1] * (double)k / (double)(p - k);
    }
    for (size_t i = 0; i < p; i++) {
        size_t bit = (size_t)1 << i;
        shares[i] = 0;
        for (size_t set = 0; set < sets; set++) {
            if (!(set & bit)) {
                size_t size = (size_t)__builtin_popcountll(set);
                shares[i] += weights[size] * (job->all[set | bit] - job->all[set]);
            }
        }
    }
    *r_squared = job->all[sets - 1];
done:
    kundig__free(mem, job->all, sets * sizeof *job->all);
    kundig__free(mem, job->rows, p * (p + 1) * sizeof *job->rows);
    return rc;
}

/* a becomes diagonal, v's columns its vectors. */
static void relative_rotate(double *a, double *v, size_t p)
{
    for (int sweep = 0; sweep < RELATIVE_SWEEPS; sweep++) {
        double off = 0;
        for (size_t i = 0; i < p; i++) {
            for (size_t j = i + 1; j < p; j++) {
                off += a[i * p + j] * a[i * p + j];
            }
        }
        if (off < 1e-28) {
            return;
        }
        for (size_t i = 0; i < p; i++) {
            for (size_t j = i + 1; j < p; j++) {
                double x = a[i * p + j];
                if (kundig__abs(x) < 1e-300) {
                    continue;
                }
                double theta = (a[j * p + j] - a[i * p + i]) / (2 * x);
                double t = 1 / (kundig__abs(theta) + kundig__sqrt(theta * theta + 1));
                t = theta < 0 ? -t : t;
                double c = 1 / kundig__sqrt(t * t + 1);
                double s = t * c;
                for (size_t k = 0; k < p; k++) {
                    double first = a[k * p + i];
                    double second = a[k * p + j];
                    a[k * p + i] = c * first - s * second;
                    a[k * p + j] = s * first + c * second;
                }
                for (size_t k = 0; k < p; k++) {
                    double first = a[i * p + k];
                    double second = a[j * p + k];
                    a[i * p + k] = c * first - s * second;
                    a[j * p + k] = s * first + c * second;
                }
                for (size_t k = 0; k < p; k++) {
                    double first = v[k * p + i];
                    double second = v[k * p + j];
                    v[k * p + i] = c * first - s * second;
                    v[k * p + j] = s * first + c * second;
                }
            }
        }
    }
}

static int relative_johnson(relative_job *job, kundig__mem *mem, double *shares, double *r_squared,
                            kundig_error *err)
{
    size_t p = job->p;
    double *a = kundig__alloc(mem, p * p * sizeof *a);
    double *v = kundig__alloc_zero(mem, p * p * sizeof *v);
    double *beta = kundig__alloc(mem, p * sizeof *beta);
    int rc = KUNDIG_OK;
    if (!a || !v || !beta) {
        rc = kundig__nomem(mem, err);
        goto done;
    }
    memcpy(a, job->r, p * p * sizeof *a);
    for (size_t i = 0; i < p; i++) {
        v[i * p + i] = 1;
    }
    relative_rotate(a, v, p);
    /* lambda = V D V', D^2 the values: beta = lambda^-1 y = V D^-1 V' y */
    *r_squared = 0;
    for (size_t k = 0; k < p; k++) {
        double value = a[k * p + k];
        double along = 0;
        if (value < RELATIVE_LEAST) {
            rc = relative_dependent(err, k);
            goto done;
        }
        for (size_t i = 0; i < p; i++) {
            along += v[i * p + k] * job->y[i];
        }
        *r_squared += along * along / value;
        beta[k] = along / kundig__sqrt(value);
    }
    memset(shares, 0, p * sizeof *shares);
    for (size_t k = 0; k < p; k++) {
        double weight = 0;
        for (size_t m = 0; m < p; m++) {
            weight += v[k * p + m] * beta[m];
        }
        for (size_t i = 0; i < p; i++) {
            double lambda = 0;
            for (size_t m = 0; m < p; m++) {
                lambda += v[i * p + m] * kundig__sqrt(a[m * p + m]) * v[k * p + m];
            }
            shares[i] += lambda * lambda * weight * weight;
        }
    }
done:
    kundig__free(mem, a, p * p * sizeof *a);
    kundig__free(mem, v, p * p * sizeof *v);
    kundig__free(mem, beta, p * sizeof *beta);
    return rc;
}

int kundig_relative_weights(const kundig_allocator *allocator, const double *correlations,
                            const double *outcome, size_t predictors, int32_t method,
                            double *shares, double *r_squared, kundig_error *err)
{
    double found[RELATIVE_MOST_JOHNSON];
    double sum = 0;
    kundig__mem mem;
    bool lmg = method == KUNDIG_RELATIVE_LMG;
    if (!correlations || !outcome || !shares) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "correlations, outcome or shares is NULL");
    }
    if (!lmg && method != KUNDIG_RELATIVE_JOHNSON) {
        return kundig__fail(err, KUNDIG_E_ARG, 0, "method is none of KUNDIG_RELATIVE_");
    }
    size_t most = lmg ? RELATIVE_MOST_LMG : RELATIVE_MOST_JOHNSON;
    if (predictors == 0 || predictors > most) {
        return kundig__fail(err, predictors ? KUNDIG_E_LIMIT : KUNDIG_E_ARG, 0,
                            "predictors are 1 to %d for LMG and 1 to %d for Johnson",
                            RELATIVE_MOST_LMG, RELATIVE_MOST_JOHNSON);
    }
    int rc = relative_check(correlations, outcome, predictors, err);
    if (rc) {
        return rc;
    }
    relative_job job = {.r = correlations, .y = outcome, .p = predictors};
    kundig__mem_init(&mem, allocator, 0);
    rc = lmg ? relative_lmg(&job, &mem, found, &sum, err)
             : relative_johnson(&job, &mem, found, &sum, err);
    if (!rc && !(sum <= 1 + 1e-9)) {
        rc = kundig__fail(err, KUNDIG_E_VALUE, 0,
                          "no data have these correlations: R squared would be above 1");
    }
    if (!rc) {
        memcpy(shares, found, predictors * sizeof *shares);
        if (r_squared) {
            *r_squared = sum;
        }
    }
    return rc;
}
