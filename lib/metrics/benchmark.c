/* kundig_benchmark(): every group of a query beside a figure from outside.
 *
 * The arithmetic is that of kundig_compare(), the figure being the other set: answers that are not
 * here, but whose number and spread are known, or that are so many that they are exact.
 * Cost: the gather's pass over the rows. */
#include "base/math.h"
#include "base/number.h"
#include "metrics/share.h"

#define BENCHMARK_MOST 1e12 /* answers */

typedef struct benchmark_job {
    kundig__mem *mem;
    kundig__gather gather;
    kundig__grouped grouped;
    kundig__outside outside;
    kundig__contrast *contrasts; /* a group */
    double *p;
    double *q;
    uint32_t *scratch;
} benchmark_job;

static void benchmark_end(benchmark_job *job)
{
    size_t count = job->grouped.count;
    kundig__free(job->mem, job->contrasts, count * sizeof *job->contrasts);
    kundig__free(job->mem, job->p, count * sizeof *job->p);
    kundig__free(job->mem, job->q, count * sizeof *job->q);
    kundig__free(job->mem, job->scratch, count * sizeof *job->scratch);
    kundig__grouped_free(&job->grouped);
    kundig__gather_free(&job->gather);
}

/* "from -1 to 1" */
static int benchmark_off(const kundig__asked *asked, const char *what, const double bounds[2],
                         kundig_error *err)
{
    char low[KUNDIG__NUMBER_SIZE];
    char high[KUNDIG__NUMBER_SIZE];
    int low_len = (int)kundig__number_write(bounds[0], low);
    int high_len = (int)kundig__number_write(bounds[1], high);
    return kundig__fail(err, KUNDIG_E_VALUE, 0, "%s of %s goes from %.*s to %.*s", what,
                        asked->metric->name, low_len, low, high_len, high);
}

static int benchmark_check(benchmark_job *job, const kundig__asked *asked, kundig_error *err)
{
    kundig__outside *outside = &job->outside;
    double scale[2];
    if (!asked->metric->contrast) {
        return kundig__fail(err, KUNDIG_E_ARG, 0,
                            "%s is a count: it has no benchmark; compare a score",
                            asked->metric->name);
    }
    kundig__asked_scale(asked, &scale[0], &scale[1]);
    if (!(outside->value >= scale[0] && outside->value <= scale[1])) {
        return benchmark_off(asked, "the benchmark is off the scale: that", scale, err);
    }
    if (!(outside->n >= 0 && outside->n <= BENCHMARK_MOST)) {
        return kundig__fail(err, KUNDIG_E_VALUE, 0,
                            "n of a benchmark is how many answers it stands on, or 0 where it is "
                            "exact");
    }
    double most = kundig__sqrt((outside->value - scale[0]) * (scale[1] - outside->value));
    if (!(outside->deviation >= 0 && outside->deviation <= most * 1.000001)) {
        return benchmark_off(asked, "the standard deviation of answers with that mean",
                             (const double[2]){0, most}, err);
    }
    if (outside->deviation <= 0) {
        outside->deviation = most;
    }
    return KUNDIG_OK;
}

static int benchmark_groups(benchmark_job *job, const kundig_query *query, kundig_error *err)
{
    int rc = kundig__grouped_new(&job->gather, query, &job->grouped, err);
    if (rc) {
        return rc;
    }
    size_t count = job->grouped.count;
    job->contrasts = kundig__alloc_zero(job->mem, count * sizeof *job->contrasts);
    job->p = kundig__alloc(job->mem, count * sizeof *job->p);
    job->q = kundig__alloc(job->mem, count * sizeof *job->q);
    job->scratch = kundig__alloc(job->mem, count * sizeof *job->scratch);
    if (!job->contrasts || !job->p || !job->q || !job->scratch) {
        return kundig__nomem(job->mem, err);
    }
    double zero = 0;
    for (size_t i = 0; i < count; i++) {
        kundig__contrast *contrast = &job->contrasts[i];
        kundig__cell_against(&job->outside, job->grouped.cells[i], job->gather.asked, contrast);
        job->p[i] = contrast->status == KUNDIG__STATUS_OK ? contrast->p : zero / zero;
    }
    kundig__benjamini_hochberg(job->p, count, job->q, job->scratch);
    return KUNDIG_OK;
}

static int benchmark_table(const benchmark_job *job, kundig_table **out, kundig_error *err)
{
    const kundig__asked *asked = job->gather.asked;
    kundig__counted counted = job->gather.counted;
    kundig__cell outside = {.n = (uint64_t)job->outside.n};
    kundig_table *table = kundig__table_new(job->mem);
    if (!table) {
        return kundig__nomem(job->mem, err);
    }
    kundig__grouped_columns(&job->grouped, table);
    size_t keys = kundig_table_column_count(table);
    kundig__contrast_columns(table, asked->metric->unit);
    for (size_t i = 0; i < job->grouped.count; i++) {
        const kundig__cell *cells[2] = {job->outside.n > 0 ? &outside : NULL,
                                        job->grouped.cells[i]};
        kundig__table_row(table);
        kundig__grouped_keys(&job->grouped, i, table);
        kundig__contrast_row(table, keys, asked, cells, &job->contrasts[i], job->q[i]);
    }
    kundig__table_note(table, "a is the benchmark%s",
                       job->outside.n > 0 ? "" : ": taken as exact, without an error of its own");
    kundig__grouping_left_out(job->grouped.grouping, &counted.left_out);
    kundig__answer_notes(table, asked, &counted);
    return kundig__table_finish(table, out, err);
}

int kundig__benchmark(kundig__corpus *corpus, const kundig_query *query, double value, double n,
                      double deviation, kundig_table **out, kundig_error *err)
{
    kundig__asked asked;
    const kundig__question *question;
    kundig_query *own = NULL;
    benchmark_job job = {.outside = {value, n, deviation}};
    int rc = kundig__query_copy(query, &kundig__corpus_context(corpus)->mem.hook, &own, err);
    rc = rc ? rc : kundig__ask_default(corpus, own, &asked, &question, err);
    rc = rc ? rc : benchmark_check(&job, &asked, err);
    if (rc) {
        kundig_query_free(own);
        return rc;
    }
    query = own;
    kundig__gather_init(&job.gather, corpus, &asked, question);
    job.mem = &job.gather.context->mem;
    rc = kundig__gather_ready(&job.gather, err);
    rc = rc ? rc : kundig__share_ungrouped(&job.gather, query, err);
    rc = rc ? rc : benchmark_groups(&job, query, err);
    rc = rc ? rc : benchmark_table(&job, out, err);
    benchmark_end(&job);
    kundig_query_free(own);
    return rc;
}
