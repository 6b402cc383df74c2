/* The regression of a score on what is praised and blamed.
 *
 *   x ~ b0 + sum over topics of b+ [the record praises it] + b- [the record blames it]
 *
 * A mixed mention praises and blames; a neutral one does neither.
 *
 *   rows, person by person > how often > columns > Z'WZ, Z'Wx > Cholesky > b
 *                                       > residuals > scores of a person > H M H, the sandwich
 *
 * Invariant: what is summed over records is a whole number (a residual is rounded to one), so the
 * order of rows cannot show; columns stand in the order of their numbers, and one that those before
 * it tell is dropped. Sums have their bits as those of parts.c: nothing overflows.
 * Cost: 4 bytes a record and a mention; three passes over the records, each the square of what a
 * record mentions (a person, for the last), at most KUNDIG__MENTIONS_ROW; columns cubed, at most
 * KUNDIG__MENTIONS_MOST. */
#include "why/regression.h"

#include "base/math.h"
#include "base/order.h"
#include "corpus/said.h"

#define MENTION_NONE     UINT32_MAX
#define MENTION_SUM_BITS 62
#define MENTION_PIVOT    1e-9 /* of a column that is left, of its length */

typedef struct mention_job {
    kundig__mem *mem;
    const kundig__score_parts *parts;
    const kundig__said *said;
    kundig__mentions *out;
    bool themes;
    double level;
    uint32_t *listed; /* of each record, in turn: how many sides it mentions, and which */
    size_t listed_count;
    size_t listed_capacity;
    size_t cursor;
    bool failed;
    uint64_t *marks; /* a side: the last person that was counted, then the last record */
    uint64_t *record_marks;
    uint64_t person;
    uint64_t record;
    uint64_t heaviest;
    uint64_t widest;   /* |x| less the centre */
    uint32_t *order;   /* sides, those of most persons first */
    uint32_t *columns; /* of a side, from 1; MENTION_NONE */
    uint32_t *sides;   /* of a column */
    uint32_t count;    /* columns, 0 is the constant */
    int64_t *gram;     /* Z'WZ, i <= j */
    kundig__i128 *right;
    double *factor;  /* lower triangle; then its inverse */
    double *inverse; /* of the Gram matrix, of columns that stay */
    bool *stays;
    double *effects; /* in x's units */
    double *temporary;
    /* of residuals: */
    double unit; /* a residual times a weight is rounded to 1 / unit */
    int64_t *scores;
    uint32_t *touched;
    uint32_t touched_count;
    kundig__i128 *meat; /* i <= j */
} mention_job;

void kundig__mentions_free(kundig__mentions *mentions)
{
    if (mentions->mem) {
        kundig__free(mentions->mem, mentions->sides,
                     (size_t)mentions->count * 2 * sizeof *mentions->sides);
        *mentions = (kundig__mentions){0};
    }
}

static double mention_nan(void)
{
    double zero = 0;
    return zero / zero;
}

/* ---- What a record mentions ----------------------------------------------------------------- */

/* Sides of a record, each once, KUNDIG__MENTIONS_ROW at most. */
static uint32_t mention_list(mention_job *job, uint32_t row, uint32_t sides[KUNDIG__MENTIONS_ROW])
{
    const kundig__said *said = job->said;
    uint32_t count = 0;
    job->record++;
    for (uint64_t at = said->starts[row];
         at < said->starts[row + 1] && count + 2 <= KUNDIG__MENTIONS_ROW; at++) {
        int mood = said->topic_sentiments[at];
        uint32_t topic = said->topics[at];
        uint32_t number = job->themes ? said->themes[topic] : topic;
        bool praises = mood == KUNDIG_SENTIMENT_POSITIVE || mood == KUNDIG_SENTIMENT_MIXED;
        bool blames = mood == KUNDIG_SENTIMENT_NEGATIVE || mood == KUNDIG_SENTIMENT_MIXED;
        for (uint32_t side = 0; side < 2; side++) {
            uint32_t mention = number * 2 + side;
            if ((side ? blames : praises) &&
                !(job->themes && job->record_marks[mention] == job->record)) {
                job->record_marks[mention] = job->record;
                sides[count++] = mention;
            }
        }
    }
    return count;
}

/* Records come in the same order again: what they mention is found out once. */
static const uint32_t *mention_keep(mention_job *job, uint32_t row)
{
    void *listed = job->listed;
    if (job->failed ||
        !kundig__grow(job->mem, &listed, &job->listed_capacity,
                      job->listed_count + KUNDIG__MENTIONS_ROW + 1, sizeof *job->listed)) {
        job->failed = true;
        return NULL;
    }
    job->listed = listed;
    uint32_t *to = job->listed + job->listed_count;
    *to = mention_list(job, row, to + 1);
    job->listed_count += *to + 1;
    return to;
}

/* The columns of the next record, the constant among them. */
static uint32_t mention_columns(mention_job *job, uint32_t columns[KUNDIG__MENTIONS_ROW + 1])
{
    const uint32_t *listed = job->listed + job->cursor;
    uint32_t count = 0;
    columns[count++] = 0;
    for (uint32_t i = 1; i <= listed[0]; i++) {
        uint32_t column = job->columns[listed[i]];
        if (column != MENTION_NONE) {
            columns[count++] = column;
        }
    }
    job->cursor += listed[0] + 1;
    return count;
}

static kundig__i128 mention_all(const mention_job *job, const kundig__score_answer *answers,
                                size_t count)
{
    kundig__i128 all = 0;
    for (size_t i = 0; job->parts->votes && i < count; i++) {
        all += answers[i].w;
    }
    return all;
}

/* Weights of all records together have MENTION_SUM_BITS. */
static int64_t mention_weight(const mention_job *job, const kundig__score_answer *answer,
                              kundig__i128 all)
{
    kundig__i128 w = job->parts->votes ? kundig__score_vote(answer->w, all) : answer->w;
    int shift = job->parts->global_shift[1];
    return (int64_t)(shift ? (w + ((kundig__i128)1 << (shift - 1))) >> shift : w);
}

/* ---- Which columns -------------------------------------------------------------------------- */

static void mention_count(void *ud, const kundig__score_answer *answers, size_t count, bool named)
{
    mention_job *job = ud;
    kundig__i128 all = mention_all(job, answers, count);
    (void)named;
    job->person++;
    for (size_t i = 0; i < count; i++) {
        __builtin_prefetch(&job->said->starts[answers[i].later]);
    }
    for (size_t i = 0; i < count; i++) {
        uint64_t at = job->said->starts[answers[i].row];
        __builtin_prefetch(&job->said->topics[at]);
        __builtin_prefetch(&job->said->topic_sentiments[at]);
    }
    for (size_t i = 0; i < count; i++) {
        uint64_t w = (uint64_t)mention_weight(job, &answers[i], all);
        const uint32_t *mentions = mention_keep(job, answers[i].row);
        int64_t x = answers[i].x - job->parts->centre;
        uint64_t wide = (uint64_t)(x < 0 ? -x : x);
        job->heaviest = w > job->heaviest ? w : job->heaviest;
        job->widest = wide > job->widest ? wide : job->widest;
        for (uint32_t j = 1; mentions && j <= mentions[0]; j++) {
            kundig__mention *side = &job->out->sides[mentions[j]];
            side->n++;
            side->persons += job->marks[mentions[j]] != job->person;
            job->marks[mentions[j]] = job->person;
        }
    }
}

static int mention_order(const void *ud, uint32_t a, uint32_t b)
{
    const kundig__mention *sides = ud;
    return sides[a].persons > sides[b].persons   ? -1
           : sides[a].persons < sides[b].persons ? 1
           : a < b                               ? -1
                                                 : 1;
}

/* Columns are those that enough persons say, in the order of numbers. */
static void mention_choose(mention_job *job)
{
    kundig__mention *sides = job->out->sides;
    uint32_t all = job->out->count * 2;
    for (uint32_t side = 0; side < all; side++) {
        job->order[side] = side;
    }
    kundig__order_sort(job->order, all, mention_order, sides);
    for (uint32_t i = 0; i < all; i++) {
        kundig__mention *side = &sides[job->order[i]];
        side->status = side->persons < KUNDIG__MENTIONS_LEAST ? KUNDIG__MENTION_RARE
                       : i >= KUNDIG__MENTIONS_MOST           ? KUNDIG__MENTION_BEYOND
                                                              : KUNDIG__MENTION_TOLD;
        side->value = side->lo = side->hi = side->often = mention_nan();
    }
    job->count = 1;
    for (uint32_t side = 0; side < all; side++) {
        bool told = sides[side].status == KUNDIG__MENTION_TOLD;
        job->columns[side] = told ? job->count : MENTION_NONE;
        if (told) {
            job->sides[job->count++] = side;
        }
    }
}

/* ---- Normal equations ----------------------------------------------------------------------- */

/* The place of a pair: its lesser column's row. */
static size_t mention_at(const mention_job *job, uint32_t a, uint32_t b)
{
    return a < b ? (size_t)a * job->count + b : (size_t)b * job->count + a;
}

static void mention_sum(void *ud, const kundig__score_answer *answers, size_t count, bool named)
{
    mention_job *job = ud;
    uint32_t columns[KUNDIG__MENTIONS_ROW + 1];
    kundig__i128 all = mention_all(job, answers, count);
    (void)named;
    for (size_t i = 0; i < count; i++) {
        int64_t w = mention_weight(job, &answers[i], all);
        kundig__i128 wx = (kundig__i128)w * (answers[i].x - job->parts->centre);
        uint32_t have = mention_columns(job, columns);
        for (uint32_t j = 0; j < have; j++) {
            job->right[columns[j]] += wx;
            job->gram[(size_t)columns[j] * job->count + columns[j]] += w;
            for (uint32_t k = j + 1; k < have; k++) {
                job->gram[mention_at(job, columns[j], columns[k])] += w;
            }
        }
    }
}

/* The lower factor of the Gram matrix, over its first entry; columns that those before them tell do
 * not stay. */
static void mention_factor(mention_job *job)
{
    uint32_t n = job->count;
    double all = (double)job->gram[0];
    double *l = job->factor;
    for (uint32_t j = 0; j < n; j++) {
        double length = (double)job->gram[(size_t)j * n + j] / all;
        double left = length;
        for (uint32_t k = 0; k < j; k++) {
            left -= l[(size_t)j * n + k] * l[(size_t)j * n + k];
        }
        job->stays[j] = left > MENTION_PIVOT * length;
        double pivot = job->stays[j] ? kundig__sqrt(left) : 0;
        l[(size_t)j * n + j] = pivot;
        for (uint32_t i = j + 1; i < n; i++) {
            double sum = (double)job->gram[(size_t)j * n + i] / all;
            for (uint32_t k = 0; job->stays[j] && k < j; k++) {
                sum -= l[(size_t)i * n + k] * l[(size_t)j * n + k];
            }
            l[(size_t)i * n + j] = job->stays[j] ? sum / pivot : 0;
        }
    }
}

/* The factor's inverse in its place, then that of the matrix: the product with its transpose. */
static void mention_invert(mention_job *job)
{
    uint32_t n = job->count;
    double *l = job->factor;
    for (uint32_t j = 0; j < n; j++) {
        double *column = job->temporary;
        for (uint32_t i = j; i < n; i++) {
            double sum = i == j ? 1 : 0;
            for (uint32_t k = j; k < i; k++) {
                sum -= l[(size_t)i * n + k] * column[k];
            }
            column[i] = job->stays[i] && job->stays[j] ? sum / l[(size_t)i * n + i] : 0;
        }
        for (uint32_t i = j; i < n; i++) {
            job->inverse[(size_t)j * n + i] = column[i]; /* upper triangle: column j of L^-1 */
        }
    }
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t j = i; j < n; j++) {
            double sum = 0;
            for (uint32_t k = j; k < n; k++) {
                sum += job->inverse[(size_t)i * n + k] * job->inverse[(size_t)j * n + k];
            }
            l[(size_t)i * n + j] = sum;
        }
    }
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t j = i; j < n; j++) {
            job->inverse[(size_t)i * n + j] = l[(size_t)i * n + j];
            job->inverse[(size_t)j * n + i] = l[(size_t)i * n + j];
        }
    }
}

/* What the effects leave of the right side, by the inverse: added once more it takes off most of
 * what was rounded. */
static void mention_refine(mention_job *job)
{
    uint32_t n = job->count;
    double all = (double)job->gram[0];
    for (uint32_t i = 0; i < n; i++) {
        double sum = kundig__i128_to_double(job->right[i]) / all;
        for (uint32_t j = 0; j < n; j++) {
            size_t at = i < j ? (size_t)i * n + j : (size_t)j * n + i;
            sum -= (double)job->gram[at] / all * job->effects[j];
        }
        job->temporary[i] = sum;
    }
    for (uint32_t i = 0; i < n; i++) {
        double sum = 0;
        for (uint32_t j = 0; j < n; j++) {
            sum += job->inverse[(size_t)i * n + j] * job->temporary[j];
        }
        job->effects[i] += sum;
    }
}

static void mention_solve(mention_job *job)
{
    mention_factor(job);
    mention_invert(job);
    mention_refine(job); /* from nothing */
    mention_refine(job);
}

/* ---- The sandwich --------------------------------------------------------------------------- */

/* A power of two: all rounded residuals of a person have MENTION_SUM_BITS together. */
static void mention_unit(mention_job *job)
{
    double largest = 0;
    for (uint32_t i = 1; i < job->count; i++) {
        double size = kundig__abs(job->effects[i]);
        largest = size > largest ? size : largest;
    }
    double bound =
        ((double)job->widest + kundig__abs(job->effects[0]) + KUNDIG__MENTIONS_ROW * largest + 1) *
        (double)job->heaviest * (double)job->parts->whole[0].n;
    job->unit = 1;
    while (bound * job->unit < (double)(INT64_C(1) << (MENTION_SUM_BITS - 1))) {
        job->unit *= 2;
    }
    while (bound * job->unit > (double)(INT64_C(1) << MENTION_SUM_BITS)) {
        job->unit /= 2;
    }
}

/* What is left of the next record, times its weight, as a whole number. */
static int64_t mention_rest(mention_job *job, const kundig__score_answer *answer, kundig__i128 all,
                            uint32_t columns[KUNDIG__MENTIONS_ROW + 1], uint32_t *have)
{
    int64_t w = mention_weight(job, answer, all);
    double fitted = 0;
    *have = mention_columns(job, columns);
    for (uint32_t j = 0; j < *have; j++) {
        fitted += job->effects[columns[j]];
    }
    double moved = (double)w * ((double)(answer->x - job->parts->centre) - fitted) * job->unit;
    return (int64_t)(moved < 0 ? moved - 0.5 : moved + 0.5);
}

/* A record is a person: all its columns have the same score. */
static void mention_score_one(mention_job *job, const kundig__score_answer *answer)
{
    uint32_t columns[KUNDIG__MENTIONS_ROW + 1];
    uint32_t have;
    int64_t score = mention_rest(job, answer, answer->w, columns, &have);
    kundig__i128 square = (kundig__i128)score * score;
    for (uint32_t i = 0; i < have; i++) {
        for (uint32_t j = i; j < have; j++) {
            job->meat[mention_at(job, columns[i], columns[j])] += square;
        }
    }
}

static void mention_score(void *ud, const kundig__score_answer *answers, size_t count, bool named)
{
    mention_job *job = ud;
    uint32_t columns[KUNDIG__MENTIONS_ROW + 1];
    kundig__i128 all = mention_all(job, answers, count);
    (void)named;
    if (count == 1) {
        mention_score_one(job, answers);
        return;
    }
    job->touched_count = 0;
    job->person++;
    for (size_t i = 0; i < count; i++) {
        uint32_t have;
        int64_t score = mention_rest(job, &answers[i], all, columns, &have);
        for (uint32_t j = 0; j < have; j++) {
            uint32_t side = job->sides[columns[j]];
            if (job->marks[side] != job->person) {
                job->marks[side] = job->person;
                job->touched[job->touched_count++] = columns[j];
                job->scores[columns[j]] = 0;
            }
            job->scores[columns[j]] += score;
        }
    }
    for (uint32_t i = 0; i < job->touched_count; i++) {
        uint32_t a = job->touched[i];
        for (uint32_t j = i; j < job->touched_count; j++) {
            uint32_t b = job->touched[j];
            job->meat[mention_at(job, a, b)] += (kundig__i128)job->scores[a] * job->scores[b];
        }
    }
}

/* The products as numbers, in the place of the factor, which is done with. */
static void mention_number(mention_job *job)
{
    for (size_t i = 0; i < (size_t)job->count * job->count; i++) {
        job->factor[i] = kundig__i128_to_double(job->meat[i]);
    }
}

/* Variance of an effect, in x's units. */
static double mention_variance(const mention_job *job, uint32_t column)
{
    uint32_t n = job->count;
    const double *h = &job->inverse[(size_t)column * n];
    double sum = 0;
    for (uint32_t i = 0; i < n; i++) {
        double row = job->factor[(size_t)i * n + i] * h[i];
        for (uint32_t j = i + 1; j < n; j++) {
            row += 2 * job->factor[(size_t)i * n + j] * h[j];
        }
        sum += row * h[i];
    }
    double all = (double)job->gram[0] * job->unit;
    return sum > 0 ? sum / all / all : 0;
}

/* Of so many persons; of a column, those who say it: few make residuals that are too small. */
static void mention_tell(mention_job *job, uint32_t column)
{
    kundig__mention *side = &job->out->sides[job->sides[column]];
    const kundig__score_parts *parts = job->parts;
    double persons = (double)parts->persons;
    double items = parts->votes ? persons : (double)parts->whole[0].n;
    double own = (double)side->persons;
    double left = items - (double)job->count;
    side->often = (double)job->gram[column] / (double)job->gram[0];
    if (!job->stays[column]) {
        side->status = KUNDIG__MENTION_COLLINEAR;
        return;
    }
    side->value = job->effects[column] / parts->per;
    if (left < 1 || persons < 2) {
        return;
    }
    double variance = mention_variance(job, column) * (persons / (persons - 1)) *
                      ((items - 1) / left) * (own / (own - 1));
    double se = kundig__sqrt(variance) / parts->per;
    if (se > 1e-12 * (1 + kundig__abs(side->value))) {
        double t = kundig__student_quantile(0.5 + job->level / 2, own - 1);
        side->lo = side->value - t * se;
        side->hi = side->value + t * se;
    }
}

/* ---- The whole ------------------------------------------------------------------------------ */

static void mention_job_end(mention_job *job)
{
    kundig__mem *mem = job->mem;
    size_t all = (size_t)job->out->count * 2;
    size_t n = job->count;
    kundig__free(mem, job->listed, job->listed_capacity * sizeof *job->listed);
    kundig__free(mem, job->marks, (all + 1) * sizeof *job->marks);
    kundig__free(mem, job->record_marks, all * sizeof *job->record_marks);
    kundig__free(mem, job->order, all * sizeof *job->order);
    kundig__free(mem, job->columns, all * sizeof *job->columns);
    kundig__free(mem, job->sides, (KUNDIG__MENTIONS_MOST + 1) * sizeof *job->sides);
    kundig__free(mem, job->gram, n * n * sizeof *job->gram);
    kundig__free(mem, job->right, n * sizeof *job->right);
    kundig__free(mem, job->factor, n * n * sizeof *job->factor);
    kundig__free(mem, job->inverse, n * n * sizeof *job->inverse);
    kundig__free(mem, job->stays, n * sizeof *job->stays);
    kundig__free(mem, job->effects, n * sizeof *job->effects);
    kundig__free(mem, job->temporary, n * sizeof *job->temporary);
    kundig__free(mem, job->scores, n * sizeof *job->scores);
    kundig__free(mem, job->touched, n * sizeof *job->touched);
    kundig__free(mem, job->meat, n * n * sizeof *job->meat);
}

static int mention_begin(mention_job *job, kundig_error *err)
{
    kundig__mem *mem = job->mem;
    size_t all = (size_t)job->out->count * 2;
    job->out->sides = kundig__alloc_zero(mem, all * sizeof *job->out->sides);
    job->marks = kundig__alloc_zero(mem, (all + 1) * sizeof *job->marks);
    job->record_marks = kundig__alloc_zero(mem, all * sizeof *job->record_marks);
    job->order = kundig__alloc(mem, all * sizeof *job->order);
    job->columns = kundig__alloc(mem, all * sizeof *job->columns);
    job->sides = kundig__alloc(mem, (KUNDIG__MENTIONS_MOST + 1) * sizeof *job->sides);
    return job->out->sides && job->marks && job->record_marks && job->order && job->columns &&
                   job->sides
               ? KUNDIG_OK
               : kundig__nomem(mem, err);
}

static int mention_matrices(mention_job *job, kundig_error *err)
{
    kundig__mem *mem = job->mem;
    size_t n = job->count;
    job->sides[0] = job->out->count * 2; /* the constant's mark */
    job->gram = kundig__alloc_zero(mem, n * n * sizeof *job->gram);
    job->right = kundig__alloc_zero(mem, n * sizeof *job->right);
    job->factor = kundig__alloc_zero(mem, n * n * sizeof *job->factor);
    job->inverse = kundig__alloc_zero(mem, n * n * sizeof *job->inverse);
    job->stays = kundig__alloc_zero(mem, n * sizeof *job->stays);
    job->effects = kundig__alloc_zero(mem, n * sizeof *job->effects);
    job->temporary = kundig__alloc_zero(mem, n * sizeof *job->temporary);
    job->scores = kundig__alloc_zero(mem, n * sizeof *job->scores);
    job->touched = kundig__alloc_zero(mem, n * sizeof *job->touched);
    job->meat = kundig__alloc_zero(mem, n * n * sizeof *job->meat);
    return job->gram && job->right && job->factor && job->inverse && job->stays && job->effects &&
                   job->temporary && job->scores && job->touched && job->meat
               ? KUNDIG_OK
               : kundig__nomem(mem, err);
}

static int mention_run(mention_job *job, kundig_error *err)
{
    int rc = mention_begin(job, err);
    rc = rc ? rc : kundig__score_parts_each(job->parts, mention_count, job, err);
    rc = !rc && job->failed ? kundig__nomem(job->mem, err) : rc;
    if (rc) {
        return rc;
    }
    mention_choose(job);
    if (job->count == 1) {
        return KUNDIG_OK;
    }
    rc = mention_matrices(job, err);
    rc = rc ? rc : kundig__score_parts_each(job->parts, mention_sum, job, err);
    if (rc) {
        return rc;
    }
    mention_solve(job);
    mention_unit(job);
    job->cursor = 0;
    rc = kundig__score_parts_each(job->parts, mention_score, job, err);
    mention_number(job);
    for (uint32_t column = 1; !rc && column < job->count; column++) {
        mention_tell(job, column);
    }
    return rc;
}

int kundig__mentions_new(kundig__corpus *corpus, const kundig__score_parts *parts, bool themes,
                         double level, kundig__mentions *out, kundig_error *err)
{
    mention_job job = {0};
    *out = (kundig__mentions){0};
    int rc = kundig__corpus_moods(corpus, &job.said, err);
    if (rc) {
        return rc;
    }
    out->mem = parts->mem;
    out->count = themes ? job.said->theme_names->count : job.said->topic_names->count;
    job.mem = parts->mem;
    job.parts = parts;
    job.out = out;
    job.themes = themes;
    job.level = level;
    rc = mention_run(&job, err);
    mention_job_end(&job);
    return rc;
}
