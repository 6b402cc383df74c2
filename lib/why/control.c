/* Control charts: is a period out of the ordinary, given those before?
 *
 *   share, count   the period against the sum of its baseline, by an exact test that needs no
 * level: hypergeometric or binomial; corrected over the series of the period EWMA, CUSUM    of
 * normal values that have the exact tails of each period: on counts they are at most normal, so
 * limits hold at least; or of a metric's values with a target three sigma    centre over all
 * periods, limits of three standard errors, as drawn by hand
 *
 * The baseline of a period is the periods before it that hold a customer and were in no alarm; of
 * the same weekday, where days of the week differ by more than chance. Where the baseline varies by
 * more than counts do by chance, counts are taken as so many fewer (the dispersion of the last
 * periods), as Laney (2002) widens limits.
 * Where customers are counted, a first and a last period may be cut off: the first tells no level,
 * the last is never too few; and days are tested after two weeks, when weekdays are known.
 * Invariant: on counts of chance alone at most `rate` of the periods see a signal of a chart.
 * Cost: a test a series and period, and CONTROL_LOOK periods of its baseline. */
#include "why/control.h"

#include "base/calendar.h"
#include "base/math.h"
#include "metrics/metrics.h"
#include "why/limits.h"

#define CONTROL_LOOK     60
#define CONTROL_WEEKDAYS 7
#define CONTROL_YOUNG    14 /* days: two weeks */
#define CONTROL_CLIP     8
#define CONTROL_SURE     3.090232306167813 /* normal, one in a thousand */
#define CONTROL_SPREAD   2.326347874040841 /* one in a hundred */

typedef struct control_sums {
    uint64_t y;
    uint64_t n;
    uint64_t periods;
} control_sums;

typedef struct control_line {
    control_sums all;
    control_sums days[CONTROL_WEEKDAYS];
    double up; /* of EWMA or CUSUM */
    double down;
    uint32_t up_since; /* the sum was last zero before this period */
    uint32_t down_since;
    uint32_t steps; /* since the last start */
} control_line;

typedef struct control_job {
    const kundig__series *series;
    const kundig_chart_options *options;
    int32_t chart;
    kundig__control *control;
    control_line *lines;
    kundig__tails *tails; /* a series, of the period in hand */
    double *p;
    double *q;
    uint32_t *scratch;
    double limit; /* of CUSUM */
} control_job;

static double control_nan(void)
{
    double zero = 0;
    return zero / zero;
}

static kundig__control_point *control_point(const control_job *job, uint32_t series, uint32_t t)
{
    return &job->control->points[(size_t)series * job->series->periods + t];
}

static uint64_t control_y(const control_job *job, uint32_t series, uint32_t t)
{
    return job->series->y[(size_t)series * job->series->periods + t];
}

static uint64_t control_n(const control_job *job, uint32_t series, uint32_t t)
{
    return job->series->n[(size_t)job->series->bases[series] * job->series->periods + t];
}

static uint32_t control_weekday(const control_job *job, uint32_t t)
{
    int64_t days = job->series->starts[t];
    return (uint32_t)(days - 7 * kundig__floor_div(days, 7));
}

static bool control_counts(const control_job *job)
{
    return job->chart == KUNDIG_CHART_COUNT;
}

/* ---- The baseline --------------------------------------------------------------------------- */

static void control_add(control_sums *sums, uint64_t y, uint64_t n, bool add)
{
    sums->y = add ? sums->y + y : sums->y - y;
    sums->n = add ? sums->n + n : sums->n - n;
    sums->periods = add ? sums->periods + 1 : sums->periods - 1;
}

/* Too early to know days of the week. */
static bool control_is_young(const control_job *job, uint32_t t)
{
    return job->series->every == KUNDIG_EVERY_DAY && t < CONTROL_YOUNG;
}

static void control_learn(control_job *job, uint32_t series, uint32_t t, bool add)
{
    control_line *line = &job->lines[series];
    const kundig__control_point *point = control_point(job, series, t);
    uint64_t n = control_n(job, series, t);
    /* Days in alarm count as well until every weekday was there twice: else the first weekend, out
     * of the ordinary then, would be so for ever. A first period may be cut off. */
    bool counts =
        !point->signal || (control_is_young(job, t) && job->options->weekdays != KUNDIG_NO);
    if (n && counts && !(control_counts(job) && t == 0)) {
        uint64_t y = control_y(job, series, t);
        control_add(&line->all, y, n, add);
        control_add(&line->days[control_weekday(job, t)], y, n, add);
    }
}

/* Expected and variance of one, from a baseline. */
static double control_level(const control_job *job, const control_sums *sums)
{
    double of = (double)(control_counts(job) ? sums->periods : sums->n);
    return of > 0 ? (double)sums->y / of : 0;
}

/* Squares of what so many have beside what is expected, over its variance. */
static double control_square(const control_job *job, double y, double of, double level)
{
    double variance = of * level * (control_counts(job) ? 1 : 1 - level);
    double away = y - of * level;
    return variance > 0 ? away * away / variance : 0;
}

/* Do days of the week differ by more than chance? */
static bool control_has_rhythm(const control_job *job, const control_line *line)
{
    double squares = 0;
    double level = control_level(job, &line->all);
    if (job->series->every != KUNDIG_EVERY_DAY || job->options->weekdays == KUNDIG_NO) {
        return false;
    }
    if (job->options->weekdays == KUNDIG_YES) {
        return true;
    }
    for (size_t day = 0; day < CONTROL_WEEKDAYS; day++) {
        const control_sums *sums = &line->days[day];
        if (sums->periods < 2) {
            return false;
        }
        double of = (double)(control_counts(job) ? sums->periods : sums->n);
        squares += control_square(job, (double)sums->y, of, level);
    }
    return kundig__squares_z(squares, CONTROL_WEEKDAYS - 1) > CONTROL_SURE;
}

/* By how much the last periods of the baseline vary more than counts do; 1: they do not. */
static double control_dispersion(const control_job *job, uint32_t series, uint32_t t, bool rhythm)
{
    const control_line *line = &job->lines[series];
    double squares = 0;
    double seen = 0;
    uint32_t least = t > CONTROL_LOOK ? t - CONTROL_LOOK : 0;
    for (uint32_t at = least; at < t; at++) {
        uint64_t n = control_n(job, series, at);
        const control_sums *sums = rhythm ? &line->days[control_weekday(job, at)] : &line->all;
        if (n && !control_point(job, series, at)->signal && sums->y) {
            squares +=
                control_square(job, (double)control_y(job, series, at),
                               control_counts(job) ? 1 : (double)n, control_level(job, sums));
            seen += 1;
        }
    }
    double df = seen - (rhythm ? CONTROL_WEEKDAYS : 1);
    if (df < KUNDIG__CONTROL_LEAST || kundig__squares_z(squares, df) <= CONTROL_SPREAD) {
        return 1;
    }
    return squares / df;
}

static uint64_t control_shrunk(uint64_t count, double dispersion)
{
    return (uint64_t)kundig__floor((double)count / dispersion + 0.5);
}

/* The tails of a period; false where there is nothing to test it by. */
static bool control_test(control_job *job, uint32_t series, uint32_t t)
{
    const control_line *line = &job->lines[series];
    kundig__control_point *point = control_point(job, series, t);
    uint64_t y = control_y(job, series, t);
    uint64_t n = control_n(job, series, t);
    bool rhythm = control_has_rhythm(job, line);
    const control_sums *sums = rhythm ? &line->days[control_weekday(job, t)] : &line->all;
    if (!n || line->all.periods < KUNDIG__CONTROL_LEAST || (rhythm && sums->periods < 2)) {
        return false;
    }
    /* Fewer write on weekends, nearly everywhere. */
    if (control_counts(job) && control_is_young(job, t) && job->options->weekdays != KUNDIG_NO) {
        return false;
    }
    double dispersion = control_dispersion(job, series, t, rhythm);
    uint64_t y1 = control_shrunk(y, dispersion);
    uint64_t y0 = control_shrunk(sums->y, dispersion);
    if (control_counts(job)) {
        job->tails[series] = kundig__tails_of_count(y1, y0, sums->periods);
        point->value = (double)y;
        point->centre = control_level(job, sums);
        point->expected = point->centre;
    } else {
        uint64_t n1 = control_shrunk(n, dispersion);
        uint64_t n0 = control_shrunk(sums->n, dispersion);
        n1 = n1 > y1 ? n1 : y1;
        n0 = n0 > y0 ? n0 : y0;
        job->tails[series] = kundig__tails_of_share(y1, n1, y0, n0);
        point->value = (double)y / (double)n;
        point->centre = control_level(job, sums);
        point->expected = point->centre * (double)n;
    }
    point->overspread = dispersion > 1;
    point->p = kundig__tails_both(job->tails[series]);
    point->tested = true;
    return true;
}

/* ---- Shares and counts ---------------------------------------------------------------------- */

/* The greatest deviation, in customers, that is within the rate: limits to draw, of the period
 * alone. */
static void control_limits(const control_job *job, uint32_t series, uint32_t t, double rate)
{
    const control_line *line = &job->lines[series];
    kundig__control_point *point = control_point(job, series, t);
    bool rhythm = control_has_rhythm(job, line);
    const control_sums *sums = rhythm ? &line->days[control_weekday(job, t)] : &line->all;
    uint64_t n = control_n(job, series, t);
    uint64_t most = control_counts(job) ? 10 * (sums->y + 10) : n;
    double of = control_counts(job) ? 1 : (double)n;
    uint64_t centre = (uint64_t)kundig__floor(point->expected);
    uint64_t bounds[2];
    for (size_t side = 0; side < 2; side++) {
        uint64_t low = side ? centre : 0;
        uint64_t high = side ? most : centre;
        while (low < high) {
            uint64_t middle = side ? low + (high - low + 1) / 2 : low + (high - low) / 2;
            kundig__tails tails = control_counts(job)
                                      ? kundig__tails_of_count(middle, sums->y, sums->periods)
                                      : kundig__tails_of_share(middle, n, sums->y, sums->n);
            bool inside = 2 * (side ? tails.up : tails.down) > rate;
            if (side) {
                low = inside ? middle : low;
                high = inside ? high : middle - 1;
            } else {
                high = inside ? middle : high;
                low = inside ? low : middle + 1;
            }
        }
        bounds[side] = low;
    }
    point->lower = (double)bounds[0] / of;
    point->upper = (double)bounds[1] / of;
}

static void control_signals(control_job *job, uint32_t t)
{
    for (uint32_t series = 0; series < job->series->count; series++) {
        kundig__control_point *point = control_point(job, series, t);
        point->q = job->q[series];
        if (point->tested) {
            control_limits(job, series, t, job->options->rate / (double)job->series->count);
        }
        bool up = job->tails[series].up < job->tails[series].down;
        /* The last period may not be over: few are no news yet. */
        bool early = control_counts(job) && !up && t + 1 == job->series->periods;
        if (point->tested && point->q <= job->options->rate && !early) {
            point->signal = up ? 1 : -1;
            point->onset = t;
        }
    }
}

/* ---- Moving averages and cumulative sums ---------------------------------------------------- */

static double control_normal(double tail)
{
    double least = 1e-15;
    double z = tail >= 1 ? -CONTROL_CLIP : -kundig__normal_quantile(tail > least ? tail : least);
    return z > CONTROL_CLIP ? CONTROL_CLIP : z < -CONTROL_CLIP ? -CONTROL_CLIP : z;
}

static void control_start(control_line *line, uint32_t t)
{
    line->up = 0;
    line->down = 0;
    line->up_since = t;
    line->down_since = t;
    line->steps = 0;
}

static double control_sum(double before, double z, double slack, uint32_t t, uint32_t *since)
{
    double sum = before + z - slack;
    if (before <= 0) {
        *since = t;
    }
    return sum > 0 ? sum : 0;
}

/* up and down are normal values of how far the period lies up and down. */
static void control_step(control_job *job, uint32_t series, uint32_t t, double up, double down)
{
    const kundig_chart_options *options = job->options;
    control_line *line = &job->lines[series];
    kundig__control_point *point = control_point(job, series, t);
    double limit = job->limit;
    line->steps++;
    if (job->chart == KUNDIG_CHART_CUSUM) {
        line->up = control_sum(line->up, up, options->slack, t, &line->up_since);
        line->down = control_sum(line->down, down, options->slack, t, &line->down_since);
    } else {
        double left = 1;
        for (uint32_t i = 0; i < line->steps && left > 1e-6; i++) {
            left *= (1 - options->lambda) * (1 - options->lambda);
        }
        line->up += options->lambda * (up - line->up);
        line->down += options->lambda * (down - line->down);
        if (line->up <= 0) {
            line->up_since = t + 1;
        }
        if (line->down <= 0) {
            line->down_since = t + 1;
        }
        limit *= kundig__sqrt(options->lambda / (2 - options->lambda) * (1 - left));
    }
    bool higher = line->up >= line->down;
    point->value = higher ? line->up : -line->down;
    point->centre = 0;
    point->lower = -limit;
    point->upper = limit;
    point->tested = true;
    if ((higher ? line->up : line->down) > limit) {
        point->signal = higher ? 1 : -1;
        point->onset = higher ? line->up_since : line->down_since;
        control_start(line, t + 1);
    }
}

/* ---- A metric's values ---------------------------------------------------------------------- */

static void control_metric(control_job *job, uint32_t series, const double *values)
{
    const kundig_chart_options *options = job->options;
    uint32_t periods = job->series->periods;
    double target = options->target;
    double sigma = options->sigma;
    double average = 0;
    double ups = 0;
    double downs = 0;
    uint32_t up_since = 0;
    uint32_t down_since = 0;
    double count = 0;
    double sum = 0;
    double squares = 0;
    for (uint32_t t = 0; t < periods && sigma <= 0; t++) {
        if (kundig__is_finite(values[t])) {
            count += 1;
            double away = values[t] - sum;
            sum += away / count;
            squares += away * (values[t] - sum);
        }
    }
    if (sigma <= 0) {
        target = sum;
        sigma = count > 1 ? kundig__sqrt(squares / (count - 1)) : 0;
    }
    average = target;
    for (uint32_t t = 0; t < periods; t++) {
        kundig__control_point *point = control_point(job, series, t);
        point->p = control_nan();
        point->q = control_nan();
        if (!kundig__is_finite(values[t]) || sigma <= 0) {
            continue;
        }
        point->tested = true;
        point->centre = target;
        if (job->chart == KUNDIG_CHART_EWMA) {
            double spread =
                job->limit * sigma * kundig__sqrt(options->lambda / (2 - options->lambda));
            average = options->lambda * values[t] + (1 - options->lambda) * average;
            point->value = average;
            point->lower = target - spread;
            point->upper = target + spread;
            point->signal = average > point->upper ? 1 : average < point->lower ? -1 : 0;
            point->onset = t;
            continue;
        }
        double z = (values[t] - target) / sigma;
        ups = control_sum(ups, z, options->slack, t, &up_since);
        downs = control_sum(downs, -z, options->slack, t, &down_since);
        point->value = ups >= downs ? ups : -downs;
        point->centre = 0;
        point->lower = -job->limit;
        point->upper = job->limit;
        if (ups > job->limit || downs > job->limit) {
            point->signal = ups >= downs ? 1 : -1;
            point->onset = ups >= downs ? up_since : down_since;
            ups = 0;
            downs = 0;
        }
    }
}

/* ---- Three sigma ---------------------------------------------------------------------------- */

static void control_textbook(control_job *job, uint32_t series)
{
    uint32_t periods = job->series->periods;
    control_sums sums = {0};
    for (uint32_t t = 0; t < periods; t++) {
        if (control_n(job, series, t)) {
            control_add(&sums, control_y(job, series, t), control_n(job, series, t), true);
        }
    }
    double level = control_level(job, &sums);
    for (uint32_t t = 0; t < periods; t++) {
        kundig__control_point *point = control_point(job, series, t);
        double n = (double)control_n(job, series, t);
        double y = (double)control_y(job, series, t);
        bool counts = control_counts(job);
        point->p = control_nan();
        point->q = control_nan();
        if (n <= 0) {
            continue;
        }
        double spread = 3 * kundig__sqrt(counts ? level : level * (1 - level) / n);
        point->tested = true;
        point->value = counts ? y : y / n;
        point->centre = level;
        point->expected = counts ? level : level * n;
        point->lower = level > spread ? level - spread : 0;
        point->upper = counts || level + spread < 1 ? level + spread : 1;
        point->signal = point->value > point->upper ? 1 : point->value < point->lower ? -1 : 0;
        point->onset = t;
    }
}

/* ---- The whole ------------------------------------------------------------------------------ */

/* EWMA: standard errors; CUSUM: standard deviations. Both ways and all series share the rate. */
static double control_limit(const control_job *job, bool metric)
{
    const kundig_chart_options *options = job->options;
    double ways = 2 * (double)(job->series->count ? job->series->count : 1);
    if (job->chart == KUNDIG_CHART_CUSUM) {
        return options->limit > 0 ? options->limit
                                  : kundig__cusum_limit(options->slack, ways / options->rate);
    }
    if (options->width > 0) {
        return options->width;
    }
    return metric && options->limits == KUNDIG_LIMITS_THREE_SIGMA
               ? 3
               : -kundig__normal_quantile(options->rate / ways);
}

static void control_periods(control_job *job)
{
    uint32_t count = job->series->count;
    uint32_t window = job->options->baseline;
    bool sums = job->chart == KUNDIG_CHART_EWMA || job->chart == KUNDIG_CHART_CUSUM;
    for (uint32_t t = 0; t < job->series->periods; t++) {
        for (uint32_t series = 0; series < count; series++) {
            kundig__control_point *point = control_point(job, series, t);
            point->p = control_nan();
            point->q = control_nan();
            bool tested = control_test(job, series, t);
            job->p[series] = tested ? point->p : control_nan();
            if (tested && sums) {
                control_step(job, series, t, control_normal(job->tails[series].up),
                             control_normal(job->tails[series].down));
            }
        }
        if (!sums) {
            kundig__benjamini_hochberg(job->p, count, job->q, job->scratch);
            control_signals(job, t);
        }
        for (uint32_t series = 0; series < count; series++) {
            control_learn(job, series, t, true);
            if (window && t >= window) {
                control_learn(job, series, t - window, false);
            }
        }
    }
}

int kundig__control_run(const kundig__series *series, const double *values, int32_t chart,
                        const kundig_chart_options *options, kundig__control *out,
                        kundig_error *err)
{
    kundig__mem *mem = series->mem;
    size_t count = series->count;
    size_t cells = count * series->periods;
    kundig__control control = {.mem = mem, .count = series->count, .periods = series->periods};
    control_job job = {series, options, chart, &control, NULL, NULL, NULL, NULL, NULL, 0};
    control.points = kundig__alloc_zero(mem, cells * sizeof *control.points);
    job.lines = kundig__alloc_zero(mem, count * sizeof *job.lines);
    job.tails = kundig__alloc_zero(mem, count * sizeof *job.tails);
    job.p = kundig__alloc(mem, count * sizeof *job.p);
    job.q = kundig__alloc(mem, count * sizeof *job.q);
    job.scratch = kundig__alloc(mem, count * sizeof *job.scratch);
    bool fits = control.points && job.lines && job.tails && job.p && job.q && job.scratch;
    if (fits) {
        bool sums = chart == KUNDIG_CHART_EWMA || chart == KUNDIG_CHART_CUSUM;
        job.limit = sums ? control_limit(&job, values != NULL) : 0;
        if (!values && (sums || options->limits == KUNDIG_LIMITS_EXACT)) {
            control_periods(&job);
        }
        for (uint32_t i = 0; i < series->count && values; i++) {
            control_metric(&job, i, values + (size_t)i * series->periods);
        }
        for (uint32_t i = 0;
             i < series->count && !values && !sums && options->limits == KUNDIG_LIMITS_THREE_SIGMA;
             i++) {
            control_textbook(&job, i);
        }
    }
    kundig__free(mem, job.lines, count * sizeof *job.lines);
    kundig__free(mem, job.tails, count * sizeof *job.tails);
    kundig__free(mem, job.p, count * sizeof *job.p);
    kundig__free(mem, job.q, count * sizeof *job.q);
    kundig__free(mem, job.scratch, count * sizeof *job.scratch);
    if (!fits) {
        kundig__control_free(&control);
        return kundig__nomem(mem, err);
    }
    *out = control;
    return KUNDIG_OK;
}

void kundig__control_free(kundig__control *control)
{
    if (control->mem) {
        kundig__free(control->mem, control->points,
                     (size_t)control->count * control->periods * sizeof *control->points);
    }
    *control = (kundig__control){0};
}
