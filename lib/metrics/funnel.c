/* kundig_funnel(): groups beside what chance does to them, and no league table.
 *
 *   cells of the groups, cell of the whole > limits for a group's size (Spiegelhalter 2005)
 *                                          > values drawn to the whole (shrink.c)
 *   answers one step about the cut         > heaping: two shares a group, it and the others
 *
 * Limits are exact where answers are counted, each of a customer of its own: binomial for shares,
 * and for Net Promoter Scores of few answers the sum of as many draws from the whole. Otherwise a
 * group counts as the smaller simple sample that says as much, by weights, and by how many answers
 * share a customer and how far those go together in the whole. Invariant: a group gets a rank only
 * where its interval lies apart from those of all groups above it and of all below; groups stand in
 * the order of their keys. Cost: three passes of the gather over the rows, O(groups log groups). */
#include "base/math.h"
#include "base/order.h"
#include "base/text.h"
#include "metrics/share.h"

#define FUNNEL_LEVELS 2

static const double funnel_levels[FUNNEL_LEVELS] = {0.95, 0.998};

typedef struct funnel_row {
    kundig__estimate estimate;
    kundig__moments moments;
    bool ok;
    uint32_t place; /* of its shrunk value */
    uint32_t rank;  /* 0: none */
    int outside;    /* how many of the limits it is beyond */
    kundig__interval limits[FUNNEL_LEVELS];
    const char *kind; /* of limits */
    bool heaps;
    double heaping; /* NaN: not told */
    double others;
    double q;
} funnel_row;

/* Exact limits of as many answers are asked for again and again. */
typedef struct funnel_known {
    bool known;
    kundig__interval limits[FUNNEL_LEVELS];
} funnel_known;

typedef struct funnel_job {
    kundig__mem *mem;
    const kundig__asked *asked;
    kundig__gather gather;
    kundig__gather all;
    kundig__grouped grouped;
    kundig__moments whole;
    double lowest;
    double highest;
    double within; /* variance of an answer inside its group */
    double alike;  /* correlation of answers of one customer */
    bool has_whole;
    funnel_row *rows;
    kundig__shrunk *shrunk; /* of those that are told */
    uint32_t *order;        /* those, greatest value first */
    size_t told;
    kundig__shrinkage shrinkage;
    funnel_known *known; /* of net limits, a number of answers */
    double *scratch;     /* two a group */
    double *q;
} funnel_job;

static void funnel_end(funnel_job *job)
{
    size_t count = job->grouped.count;
    kundig__free(job->mem, job->rows, count * sizeof *job->rows);
    kundig__free(job->mem, job->shrunk, count * sizeof *job->shrunk);
    kundig__free(job->mem, job->order, count * sizeof *job->order);
    kundig__free(job->mem, job->scratch, 2 * count * sizeof *job->scratch);
    kundig__free(job->mem, job->q, count * sizeof *job->q);
    kundig__free(job->mem, job->known, (KUNDIG__NET_MOST + 1) * sizeof *job->known);
    kundig__grouped_free(&job->grouped);
    kundig__gather_free(&job->gather);
    kundig__gather_free(&job->all);
}

static double funnel_nan(void)
{
    double zero = 0;
    return zero / zero;
}

/* ---- What is there -------------------------------------------------------------------------- */

static int funnel_gather(funnel_job *job, const kundig_query *query, kundig_error *err)
{
    int rc = kundig__gather_ready(&job->gather, err);
    rc = rc ? rc : kundig__share_ungrouped(&job->gather, query, err);
    rc = rc ? rc : kundig__grouped_new(&job->gather, query, &job->grouped, err);
    rc = rc ? rc : kundig__gather_ready(&job->all, err);
    rc = rc ? rc : kundig__share_ungrouped(&job->all, query, err);
    rc = rc ? rc : kundig__grouped_whole(&job->grouped, query, &job->all, err);
    if (rc) {
        return rc;
    }
    size_t count = job->grouped.count;
    job->rows = kundig__alloc_zero(job->mem, count * sizeof *job->rows);
    job->shrunk = kundig__alloc_zero(job->mem, count * sizeof *job->shrunk);
    job->order = kundig__alloc(job->mem, count * sizeof *job->order);
    job->scratch = kundig__alloc(job->mem, 2 * count * sizeof *job->scratch);
    job->q = kundig__alloc(job->mem, count * sizeof *job->q);
    job->known = kundig__alloc_zero(job->mem, (KUNDIG__NET_MOST + 1) * sizeof *job->known);
    return job->rows && job->shrunk && job->order && job->scratch && job->q && job->known
               ? KUNDIG_OK
               : kundig__nomem(job->mem, err);
}

/* Answers of a simple sample that say as much as these, were each of a customer of its own. */
static double funnel_alone(const kundig__moments *moments)
{
    return moments->weighted ? moments->worth : moments->items;
}

/* How many answers each answer shares a customer with, itself counted. */
static double funnel_crowd(const kundig__moments *moments)
{
    double crowd = moments->clustered ? moments->kish / moments->voices : 1;
    return crowd > 1 ? crowd : 1;
}

/* How far answers of one customer go together, from all groups at once: a group of few customers,
 * one of them loud, cannot tell it from its own. */
static void funnel_alike(funnel_job *job)
{
    const kundig__moments *whole = &job->whole;
    double variance;
    if (job->has_whole && whole->clustered && whole->variance > 0 && funnel_crowd(whole) > 1 &&
        kundig__design_variance(whole, true, whole->clusters, &variance)) {
        double deff = funnel_alone(whole) * variance / whole->variance;
        double alike = (deff - 1) / (funnel_crowd(whole) - 1);
        job->alike = alike < 0 ? 0 : alike > 1 ? 1 : alike;
    }
}

static double funnel_n(const funnel_job *job, const kundig__moments *moments)
{
    return funnel_alone(moments) / (1 + job->alike * (funnel_crowd(moments) - 1));
}

static void funnel_estimates(funnel_job *job)
{
    const kundig__asked *asked = job->asked;
    double sum = 0;
    double freedom = 0;
    job->has_whole = kundig__cell_items(&job->all.cells[0], asked->unit) > 0 &&
                     kundig__cell_moments(&job->all.cells[0], asked, &job->whole);
    funnel_alike(job);
    for (size_t i = 0; i < job->grouped.count; i++) {
        funnel_row *row = &job->rows[i];
        kundig__cell_finish(job->grouped.cells[i], asked, &row->estimate);
        row->ok = row->estimate.status == KUNDIG__STATUS_OK &&
                  kundig__cell_moments(job->grouped.cells[i], asked, &row->moments);
        row->heaping = funnel_nan();
        row->q = funnel_nan();
        if (row->ok) {
            row->place = (uint32_t)job->told;
            job->shrunk[job->told].value = row->moments.value;
            job->shrunk[job->told].n = funnel_n(job, &row->moments);
            job->order[job->told++] = (uint32_t)i;
            sum += row->moments.items * row->moments.variance;
            freedom += row->moments.items - 1;
        }
    }
    job->within = freedom > 0 && sum > 0 ? sum / freedom : job->whole.variance;
}

/* ---- Limits --------------------------------------------------------------------------------- */

/* Does every answer count once, and no customer twice? */
static bool funnel_is_plain(const funnel_job *job, const kundig__moments *moments)
{
    return job->asked->unit != KUNDIG_OF_CUSTOMERS && !moments->weighted && !moments->clustered;
}

static const char *funnel_net_limits(funnel_job *job, funnel_row *row)
{
    double s = job->whole.value;
    double v = job->whole.variance;
    double n = job->shrunk[row->place].n;
    if (funnel_is_plain(job, &row->moments) && n <= KUNDIG__NET_MOST) {
        funnel_known *known = &job->known[(size_t)n];
        for (int i = 0; i < FUNNEL_LEVELS && !known->known; i++) {
            known->limits[i] = kundig__net_limits(s, v, (uint32_t)n, funnel_levels[i]);
        }
        known->known = true;
        memcpy(row->limits, known->limits, sizeof row->limits);
        return "exact";
    }
    /* of answers that are -1, 0 or 1; means of customers have no more than a variance */
    double third = 0;
    if (job->asked->unit != KUNDIG_OF_CUSTOMERS) {
        double second = v + s * s;
        third = s - 3 * s * second + 2 * s * s * s;
    }
    for (int i = 0; i < FUNNEL_LEVELS; i++) {
        row->limits[i] = kundig__mean_limits(s, v, third, n, funnel_levels[i], -1, 1);
    }
    return "normal";
}

static const char *funnel_limits(funnel_job *job, funnel_row *row)
{
    const kundig__metric *metric = job->asked->metric;
    double n = job->shrunk[row->place].n;
    bool customers = job->asked->unit == KUNDIG_OF_CUSTOMERS;
    if (metric->unit == KUNDIG_UNIT_SCORE && kundig__metric_is_of_steps(metric)) {
        return funnel_net_limits(job, row);
    }
    bool share = kundig__metric_is_of_steps(metric);
    for (int i = 0; i < FUNNEL_LEVELS; i++) {
        row->limits[i] =
            share && !customers
                ? kundig__binomial_limits(job->whole.value, n, funnel_levels[i])
                : kundig__mean_limits(job->whole.value, share ? job->whole.variance : job->within,
                                      0, n, funnel_levels[i], job->lowest, job->highest);
    }
    return !share || customers                   ? "normal"
           : funnel_is_plain(job, &row->moments) ? "exact"
                                                 : "binomial";
}

static void funnel_beyond(funnel_job *job)
{
    for (size_t i = 0; i < job->grouped.count; i++) {
        funnel_row *row = &job->rows[i];
        if (row->ok && job->has_whole) {
            row->kind = funnel_limits(job, row);
            for (int level = 0; level < FUNNEL_LEVELS; level++) {
                /* what stands on a limit is inside, however the last digit was rounded */
                double room = 1e-12 * (job->highest - job->lowest);
                row->outside += row->moments.value < row->limits[level].lo - room ||
                                row->moments.value > row->limits[level].hi + room;
            }
        }
    }
}

/* ---- Ranks ---------------------------------------------------------------------------------- */

static int funnel_order(const void *ud, uint32_t a, uint32_t b)
{
    const funnel_job *job = ud;
    double left = job->rows[a].moments.value;
    double right = job->rows[b].moments.value;
    return left > right ? -1 : left < right ? 1 : a < b ? -1 : a > b;
}

static void funnel_ranks(funnel_job *job)
{
    double *above = job->scratch; /* lowest end of the intervals of those with greater values */
    double least = job->highest + 1;
    kundig__order_sort(job->order, job->told, funnel_order, job);
    for (size_t i = 0; i < job->told; i++) {
        const kundig__estimate *estimate = &job->rows[job->order[i]].estimate;
        above[i] = least;
        least = estimate->lo < least ? estimate->lo : least;
    }
    double most = job->lowest - 1;
    for (size_t i = job->told; i-- > 0;) {
        funnel_row *row = &job->rows[job->order[i]];
        row->rank = job->told > 1 && row->estimate.hi < above[i] && row->estimate.lo > most
                        ? (uint32_t)i + 1
                        : 0;
        most = row->estimate.hi > most ? row->estimate.hi : most;
    }
}

/* ---- Heaping -------------------------------------------------------------------------------- */

/* Answers at the cut as 1, those one step below as 0, the rest as none. */
static int funnel_heap_answers(const funnel_job *job, kundig__gather *gather, kundig_error *err)
{
    const int32_t *values = job->gather.question->values;
    int32_t cut = job->asked->metric->high;
    uint32_t rows = kundig__corpus_rows(gather->corpus);
    gather->answers = kundig__alloc(job->mem, rows * sizeof *gather->answers);
    if (!gather->answers) {
        return kundig__nomem(job->mem, err);
    }
    gather->answer_rows = rows;
    for (uint32_t row = 0; row < rows; row++) {
        bool near = values && (values[row] == cut || values[row] == cut - 1000);
        gather->answers[row] = near ? values[row] == cut : KUNDIG__SCORE_MISSING;
    }
    return KUNDIG_OK;
}

static bool funnel_heap_tests(funnel_job *job, const kundig__gather *gather,
                              const kundig__grouped *grouped)
{
    kundig__cell all = {0};
    const kundig__cross none = {0};
    double *p = job->scratch;
    bool fits = true;
    for (size_t i = 0; i < grouped->count; i++) {
        fits = kundig__cell_add(&all, grouped->cells[i], 1) && fits;
    }
    for (size_t i = 0; fits && i < grouped->count; i++) {
        kundig__cell others = all;
        kundig__contrast contrast;
        p[i] = funnel_nan();
        fits = kundig__cell_add(&others, grouped->cells[i], -1);
        kundig__cells_contrast(&others, grouped->cells[i], &none, gather->asked, &contrast);
        if (fits && contrast.status == KUNDIG__STATUS_OK) {
            job->rows[i].heaps = true;
            job->rows[i].heaping = contrast.b;
            job->rows[i].others = contrast.a;
            p[i] = contrast.p;
        }
    }
    return fits;
}

/* Of steps alone, and of groups that have no record in common. */
static int funnel_heaping(funnel_job *job, const kundig_query *query, kundig_error *err)
{
    kundig__metric share = *job->asked->metric;
    kundig__asked asked = *job->asked;
    kundig__gather gather;
    kundig__grouped grouped = {0};
    if (share.reads != KUNDIG__READS_STEPS || !job->gather.question ||
        kundig__grouping_layers(job->grouped.grouping) > 1 || !job->grouped.count) {
        return KUNDIG_OK;
    }
    share.unit = KUNDIG_UNIT_SHARE;
    share.low = KUNDIG__NO_STEP;
    share.high = 1;
    share.finish = kundig__finish_share;
    share.contrast = kundig__contrast_share;
    asked.metric = &share;
    kundig__gather_init(&gather, job->gather.corpus, &asked, NULL);
    int rc = funnel_heap_answers(job, &gather, err);
    rc = rc ? rc : kundig__grouped_new(&gather, query, &grouped, err);
    if (!rc && funnel_heap_tests(job, &gather, &grouped)) {
        uint32_t *scratch = (uint32_t *)(job->scratch + grouped.count);
        kundig__benjamini_hochberg(job->scratch, grouped.count, job->q, scratch);
        for (size_t i = 0; i < grouped.count; i++) {
            job->rows[i].q = job->q[i];
        }
    }
    kundig__grouped_free(&grouped);
    kundig__gather_free(&gather);
    return rc;
}

/* ---- The table ------------------------------------------------------------------------------ */

enum {
    FUNNEL_METRIC,
    FUNNEL_VALUE,
    FUNNEL_LO,
    FUNNEL_HI,
    FUNNEL_N,
    FUNNEL_CUSTOMERS,
    FUNNEL_SHRUNK,
    FUNNEL_SHRUNK_LO,
    FUNNEL_SHRUNK_HI,
    FUNNEL_WHOLE,
    FUNNEL_LIMITS, /* four of them */
    FUNNEL_OUTSIDE = FUNNEL_LIMITS + 2 * FUNNEL_LEVELS,
    FUNNEL_RANK,
    FUNNEL_HEAPING,
    FUNNEL_HEAPING_OTHERS,
    FUNNEL_HEAPING_Q,
    FUNNEL_STATUS,
    FUNNEL_METHOD,
    FUNNEL_KIND
};

static void funnel_columns(kundig_table *table, int unit)
{
    static const struct {
        const char *name;
        int type;
        int unit; /* -1: the metric's */
    } columns[] = {{"metric", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
                   {"value", KUNDIG_COLUMN_NUMBER, -1},
                   {"lo", KUNDIG_COLUMN_NUMBER, -1},
                   {"hi", KUNDIG_COLUMN_NUMBER, -1},
                   {"n", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT},
                   {"customers", KUNDIG_COLUMN_INT, KUNDIG_UNIT_COUNT},
                   {"shrunk", KUNDIG_COLUMN_NUMBER, -1},
                   {"shrunk_lo", KUNDIG_COLUMN_NUMBER, -1},
                   {"shrunk_hi", KUNDIG_COLUMN_NUMBER, -1},
                   {"whole", KUNDIG_COLUMN_NUMBER, -1},
                   {"limit_95_lo", KUNDIG_COLUMN_NUMBER, -1},
                   {"limit_95_hi", KUNDIG_COLUMN_NUMBER, -1},
                   {"limit_998_lo", KUNDIG_COLUMN_NUMBER, -1},
                   {"limit_998_hi", KUNDIG_COLUMN_NUMBER, -1},
                   {"outside", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
                   {"rank", KUNDIG_COLUMN_INT, KUNDIG_UNIT_NONE},
                   {"heaping", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE},
                   {"heaping_others", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE},
                   {"heaping_q", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_P_VALUE},
                   {"status", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
                   {"method", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE},
                   {"limits", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE}};
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        kundig__table_column(table, columns[i].name, columns[i].type,
                             columns[i].unit < 0 ? unit : columns[i].unit);
    }
}

static void funnel_numbers(const funnel_job *job, const funnel_row *row, kundig_table *table,
                           size_t first)
{
    static const char *const outside[] = {NULL, "95", "99.8"};
    const kundig__shrunk *shrunk = &job->shrunk[row->place];
    kundig__table_set_number(table, first + FUNNEL_VALUE, row->estimate.value);
    kundig__table_set_number(table, first + FUNNEL_LO, row->estimate.lo);
    kundig__table_set_number(table, first + FUNNEL_HI, row->estimate.hi);
    kundig__table_set_number(table, first + FUNNEL_SHRUNK, shrunk->shrunk);
    kundig__table_set_number(table, first + FUNNEL_SHRUNK_LO, shrunk->lo);
    kundig__table_set_number(table, first + FUNNEL_SHRUNK_HI, shrunk->hi);
    kundig__table_set_number(table, first + FUNNEL_WHOLE, job->whole.value);
    for (size_t i = 0; i < FUNNEL_LEVELS; i++) {
        kundig__table_set_number(table, first + FUNNEL_LIMITS + 2 * i, row->limits[i].lo);
        kundig__table_set_number(table, first + FUNNEL_LIMITS + 2 * i + 1, row->limits[i].hi);
    }
    kundig__table_set_text(table, first + FUNNEL_OUTSIDE, kundig__str(outside[row->outside]));
    if (row->rank) {
        kundig__table_set_int(table, first + FUNNEL_RANK, row->rank);
    }
    if (row->heaps) {
        kundig__table_set_number(table, first + FUNNEL_HEAPING, row->heaping);
        kundig__table_set_number(table, first + FUNNEL_HEAPING_OTHERS, row->others);
        kundig__table_set_number(table, first + FUNNEL_HEAPING_Q, row->q);
    }
    kundig__table_set_text(table, first + FUNNEL_KIND, kundig__str(row->kind));
}

static void funnel_set(const funnel_job *job, size_t i, kundig_table *table, size_t first)
{
    char method[96];
    const funnel_row *row = &job->rows[i];
    const kundig__cell *cell = job->grouped.cells[i];
    const kundig__estimate *estimate = &row->estimate;
    bool customers = job->asked->unit == KUNDIG_OF_CUSTOMERS;
    bool told = row->ok && job->has_whole;
    int status = estimate->status == KUNDIG__STATUS_OK && !told ? KUNDIG__STATUS_UNDEFINED
                                                                : estimate->status;
    kundig__method_text(estimate->method, estimate->weighted, estimate->clustered, job->asked->unit,
                        method);
    kundig__table_set_text(table, first + FUNNEL_METRIC, kundig__str(job->asked->metric->name));
    if (told) {
        funnel_numbers(job, row, table, first);
    }
    kundig__table_set_int(table, first + FUNNEL_N,
                          (int64_t)(cell->n - (customers ? cell->nameless : 0)));
    if (cell->customers) {
        kundig__table_set_int(table, first + FUNNEL_CUSTOMERS, (int64_t)cell->customers);
    }
    kundig__table_set_text(table, first + FUNNEL_STATUS, kundig__str(kundig__status_name(status)));
    kundig__table_set_text(table, first + FUNNEL_METHOD, kundig__str(method));
}

/* "groups differ by more than chance ..." */
static void funnel_notes(const funnel_job *job, kundig_table *table)
{
    size_t outside[FUNNEL_LEVELS + 1] = {0};
    bool heaps = false;
    int unit = job->asked->metric->unit;
    double times = unit == KUNDIG_UNIT_POINTS ? 1 : 100;
    kundig__buf text;
    for (size_t i = 0; i < job->grouped.count; i++) {
        outside[job->rows[i].outside]++;
        heaps = heaps || job->rows[i].heaps;
    }
    if (job->told < 2) {
        kundig__table_note(table, "one group alone stands beside nothing");
        return;
    }
    kundig__table_note(table,
                       "%zu of %zu groups are outside the 95 %% limits, %zu of them outside the "
                       "99.8 %% ones; by chance at most 1 in 20 would be, and 1 in 500",
                       outside[1] + outside[2], job->told, outside[2]);
    kundig__buf_init(&text, job->mem);
    kundig__buf_fixed(&text, times * kundig__sqrt(job->shrinkage.between),
                      unit == KUNDIG_UNIT_POINTS ? 2 : 1);
    if (job->shrinkage.between > 0 && job->shrinkage.dispersion > 0) {
        kundig__buf_str(&text, unit == KUNDIG_UNIT_SHARE ? " percentage points" : " points");
        kundig__buf_str(&text, " (their distances from the whole are ");
        kundig__buf_fixed(&text, job->shrinkage.dispersion, 1);
        kundig__buf_str(&text, " times what chance makes them, in squares)");
        kundig__table_note(table,
                           "beyond chance groups differ with a standard deviation of about %.*s",
                           (int)text.len, text.data ? text.data : "");
    } else {
        kundig__table_note(table, "all that groups differ by is what chance does: shrunk values "
                                  "stand at the whole");
    }
    kundig__buf_free(&text);
    kundig__table_note(table, "a group has a rank where its interval is apart from those of all "
                              "above and all below; the others are in no order");
    if (job->alike > 0) {
        kundig__buf_init(&text, job->mem);
        kundig__buf_fixed(&text, job->alike, 2);
        kundig__table_note(table,
                           "answers of one customer go together (correlation %.*s): limits and "
                           "shrunk values heed it",
                           (int)text.len, text.data ? text.data : "");
        kundig__buf_free(&text);
    }
    if (heaps) {
        kundig__table_note(
            table, "heaping is the share at the cut of answers at it and one below; "
                   "heaping_q tests it against the other groups; a reason to look, no proof");
    }
    if (kundig__grouping_layers(job->grouped.grouping) > 1) {
        kundig__table_note(table, "a record counts in each of its topics");
    }
}

static int funnel_table(const funnel_job *job, kundig_table **out, kundig_error *err)
{
    kundig__counted counted = job->gather.counted;
    kundig_table *table = kundig__table_new(job->mem);
    if (!table) {
        return kundig__nomem(job->mem, err);
    }
    kundig__grouped_columns(&job->grouped, table);
    size_t first = kundig_table_column_count(table);
    funnel_columns(table, job->asked->metric->unit);
    for (size_t i = 0; i < job->grouped.count; i++) {
        kundig__table_row(table);
        kundig__grouped_keys(&job->grouped, i, table);
        funnel_set(job, i, table, first);
    }
    funnel_notes(job, table);
    kundig__grouping_left_out(job->grouped.grouping, &counted.left_out);
    kundig__answer_notes(table, job->asked, &counted);
    return kundig__table_finish(table, out, err);
}

static int funnel_check(const kundig_query *query, const kundig__asked *asked, kundig_error *err)
{
    if (!asked->metric->contrast) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "%s is a count: chance has no limits for it; name a score",
                            asked->metric->name);
    }
    if (!query->group_field_count && query->every == KUNDIG_EVERY_NONE) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "a funnel is of groups: name a field to group by, as agent");
    }
    return KUNDIG_OK;
}

int kundig__funnel(kundig__corpus *corpus, const kundig_query *query, kundig_table **out,
                   kundig_error *err)
{
    kundig__asked asked;
    const kundig__question *question;
    kundig_query *own = NULL;
    funnel_job job = {0};
    int rc = kundig__query_copy(query, &kundig__corpus_context(corpus)->mem.hook, &own, err);
    rc = rc ? rc : kundig__ask_default(corpus, own, &asked, &question, err);
    rc = rc ? rc : funnel_check(own, &asked, err);
    if (rc) {
        kundig_query_free(own);
        return rc;
    }
    query = own;
    kundig__gather_init(&job.gather, corpus, &asked, question);
    kundig__gather_init(&job.all, corpus, &asked, question);
    job.mem = &job.gather.context->mem;
    job.asked = &asked;
    kundig__asked_scale(&asked, &job.lowest, &job.highest);
    rc = funnel_gather(&job, query, err);
    if (!rc) {
        funnel_estimates(&job);
        funnel_beyond(&job);
        funnel_ranks(&job);
        job.shrinkage = kundig__shrink(job.shrunk, job.told, job.whole.value, job.within,
                                       asked.level, job.lowest, job.highest);
        rc = funnel_heaping(&job, query, err);
    }
    rc = rc ? rc : funnel_table(&job, out, err);
    funnel_end(&job);
    kundig_query_free(own);
    return rc;
}
