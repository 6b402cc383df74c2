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
 * taken, so equal times give equal bursts. Cost: gaps times states, and a byte for each. */
#include "why/bursts.h"

#include "base/error.h"
#include "base/math.h"

#define BURSTS_MOST_STATES 25

typedef struct bursts_job {
    const int64_t *times;
    size_t gaps;
    uint32_t states;
    double mean;
    double step;   /* ln scale */
    double up;     /* cost of a step up */
    uint8_t *from; /* the state before, a gap and state; then the states taken */
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

/* The cheapest way there to every state at every gap; returns the last state of the cheapest. */
static uint32_t bursts_walk(bursts_job *job)
{
    double costs[BURSTS_MOST_STATES];
    double rates[BURSTS_MOST_STATES];
    double rate = 1 / job->mean;
    for (uint32_t i = 0; i < job->states; i++) {
        costs[i] = job->up * (double)i;
        rates[i] = rate;
        rate *= kundig__exp(job->step);
    }
    for (size_t gap = 0; gap < job->gaps; gap++) {
        double x = (double)(job->times[gap + 1] - job->times[gap]);
        uint8_t *from = job->from + gap * job->states;
        double next[BURSTS_MOST_STATES];
        for (uint32_t j = 0; j < job->states; j++) {
            uint32_t best = 0;
            double least = costs[0] + job->up * (double)j;
            for (uint32_t i = 1; i < job->states && gap; i++) {
                double cost = costs[i] + (j > i ? job->up * (double)(j - i) : 0);
                if (cost < least) {
                    least = cost;
                    best = i;
                }
            }
            if (!gap) {
                least = costs[j];
            }
            from[j] = (uint8_t)best;
            next[j] = least + rates[j] * x - kundig__log(rates[j]);
        }
        memcpy(costs, next, job->states * sizeof *costs);
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
    for (size_t gap = 0; gap <= job->gaps; gap++) {
        uint32_t state = gap < job->gaps ? states[gap] : 0;
        while (now > state) {
            out->bursts[open[now--]].last = gap;
        }
        while (now < state) {
            open[++now] = out->count;
            if (!bursts_add(out, now + 1, gap, gap)) {
                return false;
            }
        }
    }
    return true;
}

int kundig__bursts_find(kundig__mem *mem, const int64_t *times, size_t count, double scale,
                        double gamma, kundig__bursts *out, kundig_error *err)
{
    kundig__bursts found = {.mem = mem, .levels = 1};
    if (count < 3 || times[count - 1] == times[0]) {
        *out = found;
        return KUNDIG_OK;
    }
    bursts_job job = {.times = times, .gaps = count - 1};
    job.states = bursts_states(times, job.gaps, scale);
    job.mean = (double)(times[job.gaps] - times[0]) / (double)job.gaps;
    job.step = kundig__log(scale);
    job.up = gamma * kundig__log((double)job.gaps);
    size_t size = 0;
    if (!kundig__size_mul(job.gaps, job.states, &size)) {
        return kundig__fail(err, KUNDIG_E_LIMIT, 0, "too many events for their bursts");
    }
    job.from = kundig__alloc(mem, size);
    if (!job.from) {
        return kundig__nomem(mem, err);
    }
    uint32_t state = bursts_walk(&job);
    /* Back along the way; the state of a gap is written over what led to it. */
    for (size_t gap = job.gaps; gap-- > 0;) {
        uint32_t before = job.from[gap * job.states + state];
        job.from[gap * job.states] = (uint8_t)state;
        state = before;
    }
    for (size_t gap = 0; gap < job.gaps; gap++) {
        job.from[gap] = job.from[gap * job.states];
    }
    found.levels = job.states;
    bool fits = bursts_read(&job, job.from, &found);
    kundig__free(mem, job.from, size);
    if (!fits) {
        kundig__bursts_free(&found);
        return kundig__nomem(mem, err);
    }
    *out = found;
    return KUNDIG_OK;
}

void kundig__bursts_free(kundig__bursts *bursts)
{
    kundig__free(bursts->mem, bursts->bursts, bursts->capacity * sizeof *bursts->bursts);
    *bursts = (kundig__bursts){.mem = bursts->mem};
}
