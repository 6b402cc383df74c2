/* kundig_emerging(): what is coming up.
 *
 * Three looks at the events of every group, a customer once a period:
 *   burst    stretches that are denser than the rest (bursts.c): by time, or where days are all
 *            that is known, by the group's share of what came in on each
 *   rise     the last whole period against the whole ones before it
 *   novelty  both for comments near no known topic, and the words they have begun to use
 *
 * Each is then a rate against the rate elsewhere (rates.c). What it is counted by is all that came
 * in, so that a busy week is no news of any group; where a group is all there is, it is time. A
 * stretch is looked for upward alone and chosen among all that could have been: its p-value is one
 * tail, times their number.
 * Only what exceeds chance is told, p-values corrected over all that was looked at.
 *
 * Cost: emerging_events.c; bursts are linear in events; a row that is told costs a pass for its
 * comments. */
#include "why/emerging.h"

#include "base/calendar.h"
#include "why/bursts.h"
#include "why/why.h"

/* ---- Counts --------------------------------------------------------------------------------- */

/* How many of ascending times are at most `time`. */
static uint64_t emerging_until(const int64_t *times, uint32_t count, int64_t time)
{
    uint32_t low = 0;
    uint32_t high = count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (times[middle] <= time) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static uint64_t emerging_within(const int64_t *times, uint32_t count, int64_t from, int64_t to)
{
    return emerging_until(times, count, to) - emerging_until(times, count, from - 1);
}

/* Events of rows by key: their times; returns how many. */
static uint32_t emerging_take(emerging_job *job, const uint32_t *rows, uint32_t count,
                              int64_t *times)
{
    uint32_t found =
        kundig__emerging_first(&job->events, rows, count, job->every, ++job->mark, job->places);
    for (uint32_t i = 0; i < found; i++) {
        times[i] = job->events.keys[rows[job->places[i]]];
    }
    return found;
}

static int64_t emerging_day(const emerging_job *job, const uint32_t *rows, uint32_t place)
{
    return job->events.days[rows[job->places[place]]];
}

/* Events taken last, in the last period and in whole ones before it. */
static void emerging_now(const emerging_job *job, const uint32_t *rows, uint32_t count,
                         uint64_t *now, uint64_t *before)
{
    *now = 0;
    *before = 0;
    for (uint32_t i = 0; i < count; i++) {
        int64_t day = emerging_day(job, rows, i);
        *now += day >= job->period && day < job->next;
        *before += day >= job->first && day < job->period;
    }
}

/* ---- Periods -------------------------------------------------------------------------------- */

/* The last whole period and the first one; false where no whole one is before the last. */
static bool emerging_periods(emerging_job *job, int32_t every)
{
    int64_t last = job->events.last_day;
    int64_t first = job->events.first_day;
    int64_t start = kundig__window_start(every, last);
    int64_t next = kundig__window_next(every, start);
    if (last + 1 < next) {
        next = start;
        start = kundig__window_start(every, start - 1);
    }
    int64_t begin = kundig__window_start(every, first);
    begin = begin < first ? kundig__window_next(every, begin) : begin;
    job->period = (int32_t)start;
    job->next = (int32_t)next;
    job->first = (int32_t)begin;
    return begin < start;
}

static void emerging_choose(emerging_job *job)
{
    bool given = job->every != KUNDIG_EVERY_NONE;
    job->every = given ? job->every : KUNDIG_EVERY_WEEK;
    job->rises = job->events.all_count && emerging_periods(job, job->every);
    if (!job->rises && !given && job->events.all_count) {
        job->every = KUNDIG_EVERY_DAY;
        job->rises = emerging_periods(job, job->every);
    }
}

/* ---- Finds ---------------------------------------------------------------------------------- */

static int emerging_add(emerging_job *job, const emerging_find *find, kundig_error *err)
{
    void *finds = job->finds;
    if (!kundig__grow(job->mem, &finds, &job->capacity, job->count + 1, sizeof *job->finds)) {
        return kundig__nomem(job->mem, err);
    }
    job->finds = finds;
    job->finds[job->count++] = *find;
    return KUNDIG_OK;
}

/* A stretch of events of a group as a rate; p is 1 where it has nothing to stand against or is no
 * denser than the rest. */
static void emerging_weigh(const emerging_job *job, uint32_t count, emerging_find *find)
{
    uint64_t y = emerging_within(job->times, count, find->from, find->to);
    uint64_t y0 = count - y;
    double e;
    double e0;
    double stretches;
    if (count == job->all_count) {
        int64_t unit = job->events.by_day ? 1 : 0;
        double whole = (double)(job->all_times[count - 1] - job->all_times[0] + unit);
        int64_t length = find->to - find->from + unit;
        e = length > 0 ? (double)length : 1;
        e0 = whole - e;
    } else {
        uint64_t inside = emerging_within(job->all_times, job->all_count, find->from, find->to);
        inside = inside > y ? inside : y;
        e = (double)inside;
        e0 = job->all_count > inside ? (double)(job->all_count - inside) : 0;
    }
    if (job->batches && count != job->all_count) {
        stretches = (double)job->batch_count * ((double)job->batch_count + 1) / 2;
    } else {
        stretches = (double)count * ((double)count - 1) / 2;
    }
    find->p = 1;
    if (e0 > 0) {
        kundig__rate_ratio(y, e, y0, e0, job->level, &find->rate);
        double p = find->rate.p / 2 * (stretches > 1 ? stretches : 1);
        find->p = find->rate.lo > 1 && p < 1 ? p : 1;
    }
}

/* Days with an event of any group, and how many. */
static int emerging_batch(emerging_job *job, kundig_error *err)
{
    if (!job->events.by_day) {
        return KUNDIG_OK;
    }
    job->batches = kundig__alloc(job->mem, job->all_count * sizeof *job->batches);
    job->relevant = kundig__alloc(job->mem, job->all_count * sizeof *job->relevant);
    job->batch_days = kundig__alloc(job->mem, job->all_count * sizeof *job->batch_days);
    if (!job->batches || !job->relevant || !job->batch_days) {
        return kundig__nomem(job->mem, err);
    }
    for (uint32_t i = 0; i < job->all_count; i++) {
        if (!i || job->all_times[i] != job->all_times[i - 1]) {
            job->batch_days[job->batch_count] = (int32_t)job->all_times[i];
            job->batches[job->batch_count++] = 0;
        }
        job->batches[job->batch_count - 1]++;
    }
    return KUNDIG_OK;
}

/* Events of a group on each day of a batch; never more than there are of all. */
static void emerging_relevant(emerging_job *job, uint32_t count)
{
    uint32_t at = 0;
    for (uint32_t batch = 0; batch < job->batch_count; batch++) {
        uint32_t most = job->batches[batch];
        uint32_t found = 0;
        while (at < count && job->times[at] <= job->batch_days[batch]) {
            at++;
            found++;
        }
        job->relevant[batch] = found < most ? found : most;
    }
}

static int emerging_bursts(emerging_job *job, uint32_t group, int kind, uint32_t count,
                           kundig_error *err)
{
    kundig__bursts bursts;
    double scale = job->options->scale;
    double gamma = job->options->gamma;
    bool batched = job->batches && count != job->all_count;
    int rc;
    if (batched) {
        emerging_relevant(job, count);
        rc = kundig__bursts_of_batches(job->mem, job->relevant, job->batches, job->batch_count,
                                       scale, gamma, &bursts, err);
    } else {
        rc = kundig__bursts_find(job->mem, job->times, count, scale, gamma, &bursts, err);
    }
    if (rc) {
        return rc;
    }
    for (size_t i = 0; !rc && i < bursts.count; i++) {
        const kundig__burst *burst = &bursts.bursts[i];
        const kundig__burst *deeper = i + 1 < bursts.count ? burst + 1 : burst;
        if (deeper->level > burst->level && deeper->first == burst->first &&
            deeper->last == burst->last) {
            continue; /* one stretch is told once, by its highest level */
        }
        emerging_find find = {.kind = kind, .group = group, .level = burst->level};
        find.from = batched ? job->batch_days[burst->first] : job->times[burst->first];
        find.to = batched ? job->batch_days[burst->last] : job->times[burst->last];
        emerging_weigh(job, count, &find);
        rc = emerging_add(job, &find, err);
    }
    job->silent += !bursts.count;
    kundig__bursts_free(&bursts);
    return rc;
}

/* The last period of a group against those before. */
static int emerging_rise(emerging_job *job, uint32_t group, int kind, const uint32_t *rows,
                         uint32_t count, kundig_error *err)
{
    emerging_find find = {.kind = kind, .rises = true, .group = group};
    uint64_t now;
    uint64_t before;
    emerging_now(job, rows, count, &now, &before);
    if (!job->rises || !(now + before)) {
        return KUNDIG_OK;
    }
    bool whole = count == job->all_count;
    double e = whole ? (double)(job->next - job->period) : (double)job->all_now;
    double e0 = whole ? (double)(job->period - job->first) : (double)job->all_before;
    if (e <= 0 || e0 <= 0) {
        return KUNDIG_OK;
    }
    find.from = job->period;
    find.to = job->next - 1;
    kundig__rate_ratio(now, e, before, e0, job->level, &find.rate);
    find.p = find.rate.p;
    return emerging_add(job, &find, err);
}

static int emerging_group(emerging_job *job, uint32_t group, kundig_error *err)
{
    char buffer[32];
    bool strange = group == job->events.group_count;
    uint64_t start = job->events.starts[group];
    uint32_t rows_count = (uint32_t)(job->events.starts[group + 1] - start);
    const uint32_t *rows = job->events.members + start;
    if (!rows_count ||
        (!strange && !kundig__grouping_key(job->events.grouping, group, 0, buffer).data)) {
        return KUNDIG_OK;
    }
    uint32_t count = emerging_take(job, rows, rows_count, job->times);
    job->groups += !strange;
    int rc =
        emerging_rise(job, group, strange ? EMERGING_NOVELTY : EMERGING_RISE, rows, count, err);
    return rc ? rc
              : emerging_bursts(job, group, strange ? EMERGING_NOVELTY : EMERGING_BURST, count,
                                err);
}

static int emerging_all(emerging_job *job, kundig_error *err)
{
    uint32_t most = job->events.all_count;
    for (uint32_t group = 0; group <= job->events.group_count; group++) {
        uint64_t rows = job->events.starts[group + 1] - job->events.starts[group];
        most = rows > most ? (uint32_t)rows : most;
    }
    job->most = most;
    job->places = kundig__alloc(job->mem, most * sizeof *job->places);
    job->times = kundig__alloc(job->mem, most * sizeof *job->times);
    job->all_times = kundig__alloc(job->mem, job->events.all_count * sizeof *job->all_times);
    if (!job->places || !job->times || !job->all_times) {
        return kundig__nomem(job->mem, err);
    }
    job->all_count = emerging_take(job, job->events.all, job->events.all_count, job->all_times);
    emerging_now(job, job->events.all, job->all_count, &job->all_now, &job->all_before);
    int rc = emerging_batch(job, err);
    for (uint32_t group = 0; !rc && group <= job->events.group_count; group++) {
        rc = group % 64 ? KUNDIG_OK
                        : kundig__progress(job->context, group, job->events.group_count, err);
        rc = rc ? rc : emerging_group(job, group, err);
    }
    return rc;
}

static int emerging_options(const kundig_emerging_options *options, kundig_emerging_options *known,
                            kundig_error *err)
{
    *known = *options;
    known->scale = options->scale == 0 ? 2 : options->scale;
    known->gamma = options->gamma == 0 ? 1 : options->gamma;
    if (!(known->scale >= 1.01 && known->scale <= 1000)) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "scale is 1.01 to 1000: how much denser each "
                            "level of a burst is");
    }
    if (!(known->gamma >= 0.001 && known->gamma <= 1000)) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "gamma is 0.001 to 1000: what a step up in a burst costs");
    }
    return KUNDIG_OK;
}

static void emerging_free(emerging_job *job)
{
    kundig__mem *mem = job->mem;
    size_t all = job->events.all_count;
    kundig__free(mem, job->places, job->most * sizeof *job->places);
    kundig__free(mem, job->times, job->most * sizeof *job->times);
    kundig__free(mem, job->all_times, all * sizeof *job->all_times);
    kundig__free(mem, job->batches, job->all_count * sizeof *job->batches);
    kundig__free(mem, job->relevant, job->all_count * sizeof *job->relevant);
    kundig__free(mem, job->batch_days, job->all_count * sizeof *job->batch_days);
    kundig__free(mem, job->finds, job->capacity * sizeof *job->finds);
    kundig__arena_free(&job->arena);
    kundig__emerging_events_free(&job->events);
}

int kundig__emerging(kundig__corpus *corpus, const kundig_query *query,
                     const kundig_emerging_options *options, kundig_table **out, kundig_error *err)
{
    emerging_job job;
    kundig_emerging_options known;
    int rc = emerging_options(options, &known, err);
    if (rc) {
        return rc;
    }
    memset(&job, 0, sizeof job);
    job.context = kundig__corpus_context(corpus);
    job.mem = &job.context->mem;
    job.options = &known;
    job.level = query->level;
    job.every = query->every;
    kundig__arena_init(&job.arena, job.mem);
    rc = kundig__emerging_events_new(corpus, query, &job.events, err);
    if (!rc) {
        emerging_choose(&job);
        rc = emerging_all(&job, err);
    }
    rc = rc ? rc : kundig__emerging_words(&job, err);
    rc = rc ? rc : kundig__emerging_tell(&job, out, err);
    emerging_free(&job);
    return rc;
}
