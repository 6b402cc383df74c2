/* Bursts: the cheapest way through an automaton whose state i expects gaps scale^i times shorter
 * than the stream's mean (Kleinberg 2003, section 2).
 *
 *   a gap x in state i costs  -ln(alpha_i e^(-alpha_i x)), alpha_i = scale^i / mean gap
 *   a step from i up to j     gamma (j - i) ln(gaps); down nothing
 *
 * The number of states follows from the shortest gap above zero: no state denser than that could be
 * reached. Events at one time are a gap of zero, which every density allows; they do not ask for
 * more states.
 * Invariant: sums run in order of time, and of two ways as cheap the one through lower states is
 * taken, so equal times give equal bursts. Cost: gaps times states, and a byte for each.
 *
 * In batches (section 4) r of the d events of a batch are relevant, and state i costs
 * -(r ln p_i + (d - r) ln(1 - p_i)), p_i = scale^i times the share over all batches. */
#include "why/bursts.h"

#include "base/error.h"
#include "base/math.h"

#define BURSTS_MOST_STATES 25

typedef struct bursts_job {
    size_t steps;             /* gaps, or batches */
    const int64_t *times;     /* of gaps */
    const uint32_t *relevant; /* of batches */
    const uint32_t *all;
    uint32_t states;
    double rates[BURSTS_MOST_STATES]; /* of gaps: events in a unit of time; of batches: shares */
    double logs[BURSTS_MOST_STATES];
    double rest_logs[BURSTS_MOST_STATES]; /* of batches: ln(1 - share) */
    double up;                            /* cost of a step up */
    uint8_t *from; /* the state before, a step and state; then the states taken */
} bursts_job;

static uint32_t bursts_states(const int64_t *times, size_t gaps, double scale)
{
    int64_t least = INT64_MAX;
    for (size_t i = 0; i < gaps; i++) {
        int64_t gap = times[i + 1] - times[i];
        least = gap > 0 && gap < least ? gap : least;
    }
    double span = (double)(times[gaps] - times[0]);
    double states = 1 + (kundig__log(span) - kundig__log((double)least)) / kundig__log(scale);
    states = -kundig__floor(-states);
    return states < 2 ? 2 : states > BURSTS_MOST_STATES ? BURSTS_MOST_STATES : (uint32_t)states;
}

/* What a step costs in a state, beside the way there. */
static double bursts_cost(const bursts_job *job, size_t step, uint32_t state)
{
    if (job->times) {
        double gap = (double)(job->times[step + 1] - job->times[step]);
        return job->rates[state] * gap - job->logs[state];
    }
    double relevant = job->relevant[step];
    double others = job->all[step] - relevant;
    return -(relevant * job->logs[state] + others * job->rest_logs[state]);
}

/* The cheapest way there to every state at every step; returns the last state of the cheapest. */
static uint32_t bursts_walk(bursts_job *job)
{
    double costs[BURSTS_MOST_STATES];
    double falls[BURSTS_MOST_STATES]; /* the cheapest of a state and those above */
    uint32_t highs[BURSTS_MOST_STATES];
    for (uint32_t i = 0; i < job->states; i++) {
        costs[i] = job->up * (double)i;
    }
    for (size_t step = 0; step < job->steps; step++) {
        uint8_t *from = job->from + step * job->states;
        for (uint32_t j = job->states; j-- > 0;) {
            bool own = j + 1 == job->states || costs[j] <= falls[j + 1];
            falls[j] = own ? costs[j] : falls[j + 1];
            highs[j] = own ? j : highs[j + 1];
        }
        double rise = 0; /* the cheapest of those below, and the steps up */
        uint32_t low = 0;
        for (uint32_t j = 0; j < job->states; j++) {
            double own = costs[j];
            bool rises = step && j && rise <= falls[j];
            double least = !step ? own : rises ? rise : falls[j];
            from[j] = (uint8_t)(!step ? 0 : rises ? low : highs[j]);
            costs[j] = least + bursts_cost(job, step, j);
            low = j && rise <= own ? low : j;
            rise = (low == j ? own : rise) + job->up;
        }
    }
    uint32_t last = 0;
    for (uint32_t i = 1; i < job->states; i++) {
        last = costs[i] < costs[last] ? i : last;
    }
    return last;
}

static bool bursts_add(kundig__bursts *out, uint32_t level, size_t first, size_t last)
{
    if (!kundig__grow(out->mem, (void **)&out->bursts, &out->capacity, out->count + 1,
                      sizeof *out->bursts)) {
        return false;
    }
    out->bursts[out->count++] = (kundig__burst){level, first, last};
    return true;
}

/* Stretches of gaps in a state or above become bursts of its level. */
static bool bursts_read(const bursts_job *job, const uint8_t *states, kundig__bursts *out)
{
    size_t open[BURSTS_MOST_STATES]; /* where in `out` the burst of a level is that goes on */
    uint32_t now = 0;
    for (size_t step = 0; step <= job->steps; step++) {
        uint32_t state = step < job->steps ? states[step] : 0;
        while (now > state) {
            /* a gap ends with an event, a batch is one of its own */
            out->bursts[open[now--]].last = job->times ? step : step - 1;
        }
        while (now < state) {
            open[++now] = out->count;
            if (!bursts_add(out, now + 1, step, step)) {
                return false;
            }
        }
    }
    return true;
}

/* Walk, and read the way that was taken. */
static int bursts_run(kundig__mem *mem, bursts_job *job, kundig__bursts *out, kundig_error *err)
{
    kundig__bursts found = {.mem = mem, .levels = job->states};
    size_t size = 0;
    if (!kundig__size_mul(job->steps, job->states, &size)) {
        return kundig__fail(err, KUNDIG_E_LIMIT, 0, "too many events for their bursts");
    }
    job->from = kundig__alloc(mem, size);
    if (!job->from) {
        return kundig__nomem(mem, err);
    }
    uint32_t state = bursts_walk(job);
    /* Back along the way; the state of a step is written over what led to it. */
    for (size_t step = job->steps; step-- > 0;) {
        uint32_t before = job->from[step * job->states + state];
        job->from[step * job->states] = (uint8_t)state;
        state = before;
    }
    for (size_t step = 0; step < job->steps; step++) {
        job->from[step] = job->from[step * job->states];
    }
    bool fits = bursts_read(job, job->from, &found);
    kundig__free(mem, job->from, size);
    if (!fits) {
        kundig__bursts_free(&found);
        return kundig__nomem(mem, err);
    }
    *out = found;
    return KUNDIG_OK;
}

int kundig__bursts_find(kundig__mem *mem, const int64_t *times, size_t count, double scale,
                        double gamma, kundig__bursts *out, kundig_error *err)
{
    if (count < 3 || times[count - 1] == times[0]) {
        *out = (kundig__bursts){.mem = mem, .levels = 1};
        return KUNDIG_OK;
    }
    bursts_job job = {.steps = count - 1, .times = times};
    job.states = bursts_states(times, job.steps, scale);
    job.up = gamma * kundig__log((double)job.steps);
    double rate = (double)job.steps / (double)(times[job.steps] - times[0]);
    for (uint32_t i = 0; i < job.states; i++) {
        job.rates[i] = rate;
        job.logs[i] = kundig__log(rate);
        rate *= scale;
    }
    return bursts_run(mem, &job, out, err);
}

int kundig__bursts_of_batches(kundig__mem *mem, const uint32_t *relevant, const uint32_t *all,
                              size_t count, double scale, double gamma, kundig__bursts *out,
                              kundig_error *err)
{
    bursts_job job = {.steps = count, .relevant = relevant, .all = all};
    uint64_t sum = 0;
    uint64_t total = 0;
    for (size_t i = 0; i < count; i++) {
        sum += relevant[i];
        total += all[i];
    }
    double share = sum ? (double)sum / (double)total : 1;
    while (share < 1 && job.states < BURSTS_MOST_STATES) {
        job.logs[job.states] = kundig__log(share);
        job.rest_logs[job.states] = kundig__log(1 - share);
        job.states++;
        share *= scale;
    }
    if (count < 2 || job.states < 2) {
        *out = (kundig__bursts){.mem = mem, .levels = 1};
        return KUNDIG_OK;
    }
    job.up = gamma * kundig__log((double)count);
    return bursts_run(mem, &job, out, err);
}

void kundig__bursts_free(kundig__bursts *bursts)
{
    kundig__free(bursts->mem, bursts->bursts, bursts->capacity * sizeof *bursts->bursts);
    *bursts = (kundig__bursts){.mem = bursts->mem};
}
