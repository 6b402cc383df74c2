/* Where a change lies: in how much each part weighs (mix), or in how it scores (rate).
 *
 * Kitagawa (1955): with shares w and scores r of parts before (0) and after (1)
 *   change = sum (w1 - w0)(r0 + r1) / 2  +  sum (r1 - r0)(w0 + w1) / 2
 * A part that one set lacks has no score there: it gets that of the other set, so all it does is
 * mix. Causes are centred on the middle of both whole scores: a growing part below it counts
 * against the score; since shares sum to 1 the sums are the same.
 *
 * Intervals are by the delta method: every estimate is a function of sums over persons, so its
 * variance is that of its linear form, person by person. A cause has a form in its own part's sums;
 * mix and rate have one in those of all parts, for which persons are gone over again. There each
 * record's share of the form is rounded to 2^-31 of the greatest, and summed as integers.
 * Invariant: no order of rows shows. Cost: O(parts), and two passes over persons. */
#include "why/explain.h"

#include "base/math.h"
#include "base/order.h"

enum { FORM_RATE, FORM_MIX, FORMS };

/* What a record brings to the form of rate by one of its parts: inside (x - centre) + moved. */
typedef struct move_local {
    double inside;
    double centre;
    double moved;
    double spread; /* of rate's own interval: inside times this */
} move_local;

/* The form of rate: local ones of all parts, and what a record brings by its weight alone. */
typedef struct move_job {
    const kundig__score_parts *parts;
    const kundig__cause *causes;
    move_local *local[2]; /* of a set: of a part */
    double weight[2];     /* of W: rate */
    double change[2][2];  /* of X and W: the whole change */
    double greatest;      /* in the first pass */
    double scale;
    kundig__i128 squares[FORMS];
} move_job;

static double move_nan(void)
{
    double zero = 0;
    return zero / zero;
}

static double move_size(double x)
{
    return x < 0 ? -x : x;
}

/* ---- What parts contribute ------------------------------------------------------------------- */

typedef struct move_whole {
    double W[2];
    double S[2]; /* natural */
    double middle;
    double per;
} move_whole;

static move_whole move_whole_of(const kundig__score_parts *parts)
{
    move_whole whole = {.per = parts->per};
    for (int set = 0; set < 2; set++) {
        whole.W[set] = kundig__i128_to_double(parts->whole[set].B);
        whole.S[set] = kundig__i128_to_double(parts->whole[set].A) / whole.W[set] / whole.per;
    }
    whole.middle = (whole.S[0] + whole.S[1]) / 2;
    return whole;
}

static void move_part(const kundig__score_part *part, const move_whole *whole, kundig__cause *cause)
{
    double r[2];
    const double *w = cause->shares;
    for (int set = 0; set < 2; set++) {
        double b = kundig__i128_to_double(part->sets[set].b);
        cause->shares[set] = b / KUNDIG__PARTS_SPLIT / whole->W[set];
        cause->scores[set] =
            b > 0 ? kundig__i128_to_double(part->sets[set].a) / b / whole->per : move_nan();
    }
    for (int set = 0; set < 2; set++) {
        r[set] = w[set] > 0 ? cause->scores[set] : cause->scores[1 - set];
    }
    cause->mix = (w[1] - w[0]) * ((r[0] + r[1]) / 2 - whole->middle);
    cause->rate = (r[1] - r[0]) * (w[0] + w[1]) / 2;
    cause->contribution = cause->mix + cause->rate;
}

/* The contribution is u1 - u0 - (w1 - w0) m with u = a / (U W per). */
static double move_part_se(const kundig__score_parts *parts, uint32_t at, const move_whole *whole,
                           const kundig__cause *cause)
{
    double local[KUNDIG__PARTS_LOCAL];
    double global[KUNDIG__PARTS_GLOBAL];
    double grown = (cause->shares[1] - cause->shares[0]) / 2;
    for (int set = 0; set < 2; set++) {
        double sign = set ? 1 : -1;
        double W = whole->W[set];
        double w = cause->shares[set];
        double u = w > 0 ? w * cause->scores[set] : 0;
        local[2 * set] = sign / (KUNDIG__PARTS_SPLIT * W * whole->per);
        local[2 * set + 1] = -sign * whole->middle / (KUNDIG__PARTS_SPLIT * W);
        global[2 * set] = -grown / (W * whole->per);
        global[2 * set + 1] = (grown * whole->S[set] - sign * (u - whole->middle * w)) / W;
    }
    return kundig__sqrt(kundig__score_parts_variance(parts, at, local, global));
}

/* p of Student's t, two-sided. */
static double move_p(double value, double se, double df)
{
    double t = value / se;
    return kundig__beta_inc(df / 2, 0.5, df / (df + t * t));
}

static int move_causes(const kundig__score_parts *parts, double quantile, double df,
                       kundig__kitagawa *out, kundig_error *err)
{
    move_whole whole = move_whole_of(parts);
    double *p = kundig__alloc(out->mem, 2 * out->count * sizeof *p);
    uint32_t *scratch = kundig__alloc(out->mem, out->count * sizeof *scratch);
    int rc = p && scratch ? KUNDIG_OK : kundig__nomem(out->mem, err);
    for (uint32_t i = 0; i < out->count && !rc; i++) {
        kundig__cause *cause = &out->causes[i];
        move_part(&parts->parts[i], &whole, cause);
        double se = move_part_se(parts, i, &whole, cause);
        bool known = kundig__is_finite(se);
        cause->lo = known ? cause->contribution - quantile * se : move_nan();
        cause->hi = known ? cause->contribution + quantile * se : move_nan();
        cause->p = known && se > 0 ? move_p(cause->contribution, se, df) : move_nan();
        p[i] = cause->p;
    }
    if (!rc) {
        kundig__benjamini_hochberg(p, out->count, p + out->count, scratch);
    }
    for (uint32_t i = 0; i < out->count && !rc; i++) {
        out->causes[i].q = p[out->count + i];
    }
    kundig__free(out->mem, p, 2 * out->count * sizeof *p);
    kundig__free(out->mem, scratch, out->count * sizeof *scratch);
    return rc;
}

/* Parts stand in the order of their keys, so ties go by bytes. */
static int move_order(const void *ud, uint32_t a, uint32_t b)
{
    const kundig__cause *causes = ud;
    double first = move_size(causes[a].contribution);
    double second = move_size(causes[b].contribution);
    if (first != second) {
        return first > second ? -1 : 1;
    }
    return a < b ? -1 : a > b;
}

/* ---- Mix and rate of a whole field ----------------------------------------------------------- */

/* Scores inside a part are known from what is seen of them; one answer less than there are says how
 * they spread. */
static double move_spread(uint64_t n)
{
    return n > 1 ? kundig__sqrt((double)n / (double)(n - 1)) : 1;
}

static void move_forms(move_job *job)
{
    const kundig__score_parts *parts = job->parts;
    move_whole whole = move_whole_of(parts);
    for (int set = 0; set < 2; set++) {
        double sign = set ? 1 : -1;
        double W = whole.W[set];
        job->change[set][0] = sign / (W * whole.per);
        job->change[set][1] = -sign * whole.S[set] / W;
        job->weight[set] = 0;
        for (uint32_t i = 0; i < parts->count; i++) {
            const kundig__cause *cause = &job->causes[i];
            bool both = cause->shares[0] > 0 && cause->shares[1] > 0;
            job->local[set][i] = (move_local){0};
            if (both) {
                double b = kundig__i128_to_double(parts->parts[i].sets[set].b);
                double middle = (cause->shares[0] + cause->shares[1]) / 2;
                double moved = (cause->scores[1] - cause->scores[0]) / 2;
                job->local[set][i] = (move_local){
                    sign * middle / (b * whole.per), cause->scores[set] * whole.per,
                    moved / (KUNDIG__PARTS_SPLIT * W), move_spread(parts->parts[i].sets[set].n)};
                job->weight[set] -= moved * cause->shares[set] / W;
            }
        }
    }
}

/* What a record brings to the forms. */
static void move_record(const move_job *job, const kundig__score_answer *answer, double w,
                        double out[FORMS])
{
    uint32_t set = answer->set;
    uint32_t split = answer->count < KUNDIG__PARTS_MOST ? answer->count : KUNDIG__PARTS_MOST;
    double step = (double)(KUNDIG__PARTS_SPLIT / split);
    double x = (double)answer->x;
    double rate = job->weight[set];
    double plain = rate;
    for (uint32_t i = 0; i < split; i++) {
        const move_local *local = &job->local[set][answer->parts[i]];
        double inside = local->inside * (x - local->centre);
        plain += step * (inside + local->moved);
        rate += step * (inside * local->spread + local->moved);
    }
    out[FORM_RATE] = w * rate;
    out[FORM_MIX] = w * (job->change[set][0] * x + job->change[set][1] - plain);
}

static void move_weights(const move_job *job, const kundig__score_answer *answers, size_t count,
                         kundig__i128 all[2])
{
    all[0] = 0;
    all[1] = 0;
    for (size_t i = 0; job->parts->votes && i < count; i++) {
        all[answers[i].set] += answers[i].w;
    }
}

static double move_weight(const move_job *job, const kundig__score_answer *answer,
                          const kundig__i128 all[2])
{
    return kundig__i128_to_double(job->parts->votes
                                      ? kundig__score_vote(answer->w, all[answer->set])
                                      : (kundig__i128)answer->w);
}

static void move_measure(void *ud, const kundig__score_answer *answers, size_t count, bool named)
{
    move_job *job = ud;
    kundig__i128 all[2];
    (void)named;
    move_weights(job, answers, count, all);
    for (size_t i = 0; i < count; i++) {
        double forms[FORMS];
        move_record(job, &answers[i], move_weight(job, &answers[i], all), forms);
        for (int form = 0; form < FORMS; form++) {
            double size = move_size(forms[form]);
            job->greatest = size > job->greatest ? size : job->greatest;
        }
    }
}

static void move_square(void *ud, const kundig__score_answer *answers, size_t count, bool named)
{
    move_job *job = ud;
    kundig__i128 all[2];
    kundig__i128 sums[FORMS] = {0};
    (void)named;
    move_weights(job, answers, count, all);
    for (size_t i = 0; i < count; i++) {
        double forms[FORMS];
        move_record(job, &answers[i], move_weight(job, &answers[i], all), forms);
        for (int form = 0; form < FORMS; form++) {
            sums[form] += (int64_t)kundig__floor(forms[form] * job->scale + 0.5);
        }
    }
    for (int form = 0; form < FORMS; form++) {
        job->squares[form] += sums[form] * sums[form];
    }
}

/* At most 2^31 records bring at most 2^31 each: the squares of persons' sums add up to less than
 * 2^125. */
static double move_scale(double greatest)
{
    double scale = 1;
    while (greatest * scale < 1073741824.0) { /* 2^30 */
        scale *= 2;
    }
    while (greatest * scale > 2147483648.0) {
        scale /= 2;
    }
    return scale;
}

static int move_errors(move_job *job, double se[FORMS], kundig_error *err)
{
    const kundig__score_parts *parts = job->parts;
    double persons = (double)parts->persons;
    se[FORM_RATE] = 0;
    se[FORM_MIX] = 0;
    int rc = kundig__score_parts_each(parts, move_measure, job, err);
    if (rc || !(job->greatest > 1e-200)) {
        return rc;
    }
    job->scale = move_scale(job->greatest);
    rc = kundig__score_parts_each(parts, move_square, job, err);
    for (int form = 0; form < FORMS && !rc; form++) {
        double variance = kundig__i128_to_double(job->squares[form]) / job->scale / job->scale;
        if (parts->clustered) {
            variance = persons < 2 ? move_nan() : variance * persons / (persons - 1);
        }
        se[form] = kundig__sqrt(variance);
    }
    return rc;
}

static void move_sums(const kundig__score_parts *parts, const kundig__cause *causes,
                      kundig__split *split)
{
    move_whole whole = move_whole_of(parts);
    split->change = whole.S[1] - whole.S[0];
    for (uint32_t i = 0; i < parts->count; i++) {
        const kundig__cause *cause = &causes[i];
        const double *w = cause->shares;
        double r0 = w[0] > 0 ? cause->scores[0] : cause->scores[1];
        double r1 = w[1] > 0 ? cause->scores[1] : r0;
        split->mix += cause->mix;
        split->rate += cause->rate;
        split->mix_before += (w[1] - w[0]) * (r0 - whole.S[0]);
        split->rate_before += (r1 - r0) * w[0];
        split->interaction += (w[1] - w[0]) * (r1 - r0);
    }
    double noise = 1e-12 * (move_size(split->mix) + move_size(split->rate));
    split->simpson = (split->rate > noise && split->change < -noise) ||
                     (split->rate < -noise && split->change > noise);
}

static int move_split(const kundig__score_parts *parts, double quantile, kundig__kitagawa *out,
                      kundig_error *err)
{
    kundig__split *split = &out->split;
    move_job job = {.parts = parts, .causes = out->causes};
    double se[FORMS];
    size_t size = 2 * (size_t)parts->count * sizeof(move_local);
    job.local[0] = kundig__alloc(out->mem, size);
    if (!job.local[0]) {
        return kundig__nomem(out->mem, err);
    }
    job.local[1] = job.local[0] + parts->count;
    move_forms(&job);
    move_sums(parts, out->causes, split);
    int rc = move_errors(&job, se, err);
    kundig__free(out->mem, job.local[0], size);
    split->mix_lo = split->mix - quantile * se[FORM_MIX];
    split->mix_hi = split->mix + quantile * se[FORM_MIX];
    split->rate_lo = split->rate - quantile * se[FORM_RATE];
    split->rate_hi = split->rate + quantile * se[FORM_RATE];
    split->sure = split->simpson && (split->rate_lo > 0 || split->rate_hi < 0);
    return rc;
}

int kundig__kitagawa_new(const kundig__score_parts *parts, double level, kundig__kitagawa *out,
                         kundig_error *err)
{
    double df = parts->persons > 3 ? (double)(parts->persons - 2) : 1;
    double quantile = kundig__student_quantile(0.5 + level / 2, df);
    *out = (kundig__kitagawa){.mem = parts->mem, .count = parts->count};
    out->causes = kundig__alloc_zero(out->mem, out->count * sizeof *out->causes);
    out->order = kundig__alloc(out->mem, out->count * sizeof *out->order);
    if (!out->causes || !out->order) {
        return kundig__nomem(out->mem, err);
    }
    int rc = move_causes(parts, quantile, df, out, err);
    rc = rc ? rc : move_split(parts, quantile, out, err);
    for (uint32_t i = 0; i < out->count; i++) {
        out->order[i] = i;
    }
    kundig__order_sort(out->order, out->count, move_order, out->causes);
    return rc;
}

void kundig__kitagawa_free(kundig__kitagawa *kitagawa)
{
    if (kitagawa->mem) {
        kundig__free(kitagawa->mem, kitagawa->causes, kitagawa->count * sizeof *kitagawa->causes);
        kundig__free(kitagawa->mem, kitagawa->order, kitagawa->count * sizeof *kitagawa->order);
        *kitagawa = (kundig__kitagawa){0};
    }
}
