/* Iterative proportional fitting (Deming and Stephan 1940): in each round, field by field, the
 * weights of a value's units are multiplied by what its margin asks for over what they add up to.
 * With one field that is post-stratification, met in the first round. Odds ratios of the cells stay
 * what they were.
 *
 * Where a greatest weight is given, weights above it are set to it after every round, and the next
 * round rakes on from there. Where the margins can be met so, they are. Where they cannot, going on
 * would bring some weights to nothing, so the limit goes before the margins: what raking without it
 * finds is cut, and what is lacking then goes to those below the limit in proportion. The mean is 1
 * and no weight is above the limit.
 *
 * Invariant: sums go in the order of units, fields and values, so equal units give equal bytes.
 * Cost: O(units fields) a round; 8 bytes a value and, with a limit, 16 bytes a unit. */
#include "metrics/raking.h"
#include "base/math.h"

#define RAKING_STILL 1e-12 /* weights that move less from round to round stand still */

typedef struct raking_job {
    kundig__raking *raking;
    double *targets; /* a value: its margin, in records */
    double *sums;
    double *before; /* a unit: its weight a round ago; with a limit alone, as the next one */
    double *given;  /* and that it came with */
    size_t value_count;
    double records;
    bool clipped;
} raking_job;

/* Margins of a field as records. Ratios to the greatest first: sums of sizes may overflow. */
static void raking_targets(raking_job *job, size_t first, uint32_t count)
{
    const double *margins = job->raking->margins + first;
    double greatest = 0;
    double sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        greatest = margins[i] > greatest ? margins[i] : greatest;
    }
    for (uint32_t i = 0; i < count; i++) {
        job->targets[first + i] = greatest > 0 ? margins[i] / greatest : 0;
        sum += job->targets[first + i];
    }
    for (uint32_t i = 0; i < count; i++) {
        job->targets[first + i] *= sum > 0 ? job->records / sum : 0;
    }
}

static void raking_sum(const raking_job *job, size_t field, uint32_t count, double *sums)
{
    const kundig__raking *raking = job->raking;
    memset(sums, 0, count * sizeof *sums);
    for (size_t unit = 0; unit < raking->units; unit++) {
        sums[raking->parts[unit * raking->fields + field]] +=
            raking->counts[unit] * raking->weights[unit];
    }
}

/* One round; false where a weight has become nothing or endless: the margins cannot be met. */
static bool raking_round(raking_job *job)
{
    kundig__raking *raking = job->raking;
    size_t first = 0;
    for (size_t field = 0; field < raking->fields; field++) {
        uint32_t count = raking->values[field];
        raking_sum(job, field, count, job->sums);
        for (uint32_t i = 0; i < count; i++) {
            double target = job->targets[first + i];
            double factor = target > 0 ? target / job->sums[i] : 1;
            if (!kundig__is_finite(factor)) {
                return false;
            }
            job->sums[i] = factor;
        }
        for (size_t unit = 0; unit < raking->units; unit++) {
            raking->weights[unit] *= job->sums[raking->parts[unit * raking->fields + field]];
        }
        first += count;
    }
    return true;
}

static double raking_error(raking_job *job)
{
    const kundig__raking *raking = job->raking;
    double error = 0;
    size_t first = 0;
    for (size_t field = 0; field < raking->fields; field++) {
        raking_sum(job, field, raking->values[field], job->sums);
        for (uint32_t i = 0; i < raking->values[field]; i++) {
            double target = job->targets[first + i];
            double off = target > 0 ? kundig__abs(job->sums[i] - target) / target : 0;
            error = off > error ? off : error;
        }
        first += raking->values[field];
    }
    return error;
}

static void raking_clip(raking_job *job)
{
    kundig__raking *raking = job->raking;
    for (size_t unit = 0; unit < raking->units; unit++) {
        if (raking->weights[unit] > raking->most) {
            raking->weights[unit] = raking->most;
            job->clipped = true;
        }
    }
}

/* Do weights stand still? Notes them for the next round. */
static bool raking_is_still(raking_job *job)
{
    kundig__raking *raking = job->raking;
    bool still = true;
    for (size_t unit = 0; unit < raking->units; unit++) {
        double moved = kundig__abs(raking->weights[unit] - job->before[unit]);
        still = still && moved <= RAKING_STILL * raking->weights[unit];
        job->before[unit] = raking->weights[unit];
    }
    return still;
}

/* Raise those below the limit until the mean is 1. Each pass that does not end it brings at least
 * one more unit to the limit. */
static void raking_level(raking_job *job)
{
    kundig__raking *raking = job->raking;
    for (size_t pass = 0; pass <= raking->units; pass++) {
        double held = 0;
        double free = 0;
        bool above = false;
        for (size_t unit = 0; unit < raking->units; unit++) {
            bool at = raking->weights[unit] >= raking->most;
            double sum = raking->counts[unit] * raking->weights[unit];
            held += at ? sum : 0;
            free += at ? 0 : sum;
        }
        if (!(free > 0)) {
            return;
        }
        double factor = (job->records - held) / free;
        for (size_t unit = 0; unit < raking->units; unit++) {
            if (raking->weights[unit] < raking->most) {
                raking->weights[unit] *= factor;
                above = above || raking->weights[unit] > raking->most;
            }
        }
        raking_clip(job);
        if (!above) {
            return;
        }
    }
}

static int raking_run(raking_job *job, bool limited, kundig__context *context, kundig_error *err)
{
    kundig__raking *raking = job->raking;
    raking->status = KUNDIG__RAKING_UNSETTLED;
    for (raking->used = 0; raking->used < raking->rounds;) {
        int rc = kundig__progress(context, raking->used, raking->rounds, err);
        if (rc) {
            return rc;
        }
        raking->used++;
        if (!raking_round(job)) {
            return KUNDIG_OK;
        }
        if (limited) {
            raking_clip(job);
        }
        raking->error = raking_error(job);
        if (raking->error < KUNDIG__RAKING_ERROR) {
            raking->status = KUNDIG__RAKING_OK;
            return KUNDIG_OK;
        }
        if (limited && raking_is_still(job)) {
            return KUNDIG_OK;
        }
    }
    return KUNDIG_OK;
}

/* With a limit: as far as the margins allow, else before them. */
static int raking_limited(raking_job *job, kundig__context *context, kundig_error *err)
{
    kundig__raking *raking = job->raking;
    size_t size = raking->units * sizeof *raking->weights;
    memcpy(job->given, raking->weights, size);
    int rc = raking_run(job, true, context, err);
    if (!rc && raking->status != KUNDIG__RAKING_OK) {
        memcpy(raking->weights, job->given, size);
        rc = raking_run(job, false, context, err);
        if (!rc && raking->status == KUNDIG__RAKING_OK) {
            raking_clip(job);
            raking_level(job);
            raking->error = raking_error(job);
            raking->status = KUNDIG__RAKING_CAPPED;
        }
    }
    for (size_t unit = 0; !rc && job->clipped && unit < raking->units; unit++) {
        raking->trimmed += raking->weights[unit] >= raking->most ? raking->counts[unit] : 0;
    }
    return rc;
}

/* Is there a unit for every margin? */
static bool raking_is_filled(raking_job *job)
{
    kundig__raking *raking = job->raking;
    size_t first = 0;
    for (size_t field = 0; field < raking->fields; field++) {
        raking_sum(job, field, raking->values[field], job->sums);
        for (uint32_t i = 0; i < raking->values[field]; i++) {
            if (raking->margins[first + i] > 0 && !(job->sums[i] > 0)) {
                raking->status = KUNDIG__RAKING_EMPTY;
                raking->empty_field = field;
                raking->empty_value = i;
                return false;
            }
        }
        first += raking->values[field];
    }
    return true;
}

int kundig__rake(kundig__context *context, kundig__raking *raking, kundig_error *err)
{
    kundig__mem *mem = &context->mem;
    raking_job job = {.raking = raking};
    size_t limited = raking->most > 0 ? raking->units : 0;
    uint32_t widest = 0;
    int rc = KUNDIG_OK;
    raking->used = 0;
    raking->error = 0;
    raking->trimmed = 0;
    for (size_t field = 0; field < raking->fields; field++) {
        job.value_count += raking->values[field];
        widest = raking->values[field] > widest ? raking->values[field] : widest;
    }
    for (size_t unit = 0; unit < raking->units; unit++) {
        job.records += raking->counts[unit];
    }
    job.targets = kundig__alloc(mem, job.value_count * sizeof *job.targets);
    job.sums = kundig__alloc(mem, widest * sizeof *job.sums);
    job.before = kundig__alloc_zero(mem, limited * sizeof *job.before);
    job.given = kundig__alloc(mem, limited * sizeof *job.given);
    if (!job.targets || !job.sums || !job.before || !job.given) {
        rc = kundig__nomem(mem, err);
        goto done;
    }
    for (size_t field = 0, first = 0; field < raking->fields; field++) {
        raking_targets(&job, first, raking->values[field]);
        first += raking->values[field];
    }
    if (raking_is_filled(&job)) {
        rc = raking->most > 0 ? raking_limited(&job, context, err)
                              : raking_run(&job, false, context, err);
    }
done:
    kundig__free(mem, job.targets, job.value_count * sizeof *job.targets);
    kundig__free(mem, job.sums, widest * sizeof *job.sums);
    kundig__free(mem, job.before, limited * sizeof *job.before);
    kundig__free(mem, job.given, limited * sizeof *job.given);
    return rc;
}
