/* The records that are most surely of a discovered topic: those that a person would label first.
 *
 * Only records with an id can be labelled. A record counts where the topic is its main one. Ties go
 * by the canonical order of records, so the choice depends on the facts and the model alone.
 * Invariant: a heap holds the best so far. Cost: one reading of each comment that speaks of the
 * topic; n log limit comparisons. */
#include "corpus/collect.h"
#include "corpus/facts.h"

typedef struct surest_job {
    kundig__corpus *corpus;
    kundig__reading reading;
    float *sure; /* of a row: how sure; only of those seen */
} surest_job;

static int surest_order(const void *ud, uint32_t a, uint32_t b)
{
    const surest_job *job = ud;
    if (job->sure[a] > job->sure[b] || job->sure[a] < job->sure[b]) {
        return job->sure[a] > job->sure[b] ? -1 : 1;
    }
    return kundig__corpus_order(job->corpus, a, b);
}

static bool surest_speaks(const kundig__said *said, uint32_t row, uint32_t topic)
{
    for (uint64_t at = said->starts[row]; at < said->starts[row + 1]; at++) {
        if (said->topics[at] == topic) {
            return true;
        }
    }
    return false;
}

/* Read a comment: *is_main says whether the topic is its main one, and how sure that is. */
static int surest_read(surest_job *job, uint32_t row, uint32_t topic, bool *is_main)
{
    kundig__reading *reading = &job->reading;
    kundig_text text = kundig__corpus_text(job->corpus, row);
    int rc = kundig__reading_run(reading, text.data, text.len,
                                 kundig__corpus_stated_language(job->corpus, row));
    *is_main = !rc && reading->main_topic == topic;
    for (size_t i = 0; *is_main && i < reading->topic_count; i++) {
        if (reading->topics[i] == topic) {
            job->sure[row] = reading->probabilities[i];
        }
    }
    return rc;
}

int kundig__corpus_surest(kundig__corpus *corpus, uint32_t topic, uint32_t *rows, size_t limit,
                          size_t *count, kundig_error *err)
{
    surest_job job = {.corpus = corpus};
    const kundig__said *said = NULL;
    size_t row_count = corpus->rows;
    *count = 0;
    int rc = kundig__corpus_said(corpus, &said, err);
    if (rc) {
        return rc;
    }
    job.sure = kundig__alloc_zero(corpus->mem, row_count * sizeof *job.sure);
    if (!job.sure) {
        return kundig__nomem(corpus->mem, err);
    }
    kundig__reading_init(&job.reading, corpus->mem, said->model);
    for (uint32_t row = 0; row < corpus->rows && !rc; row++) {
        bool is_main = false;
        if (surest_speaks(said, row, topic) && kundig__corpus_id(corpus, row).data) {
            rc = surest_read(&job, row, topic, &is_main) ? kundig__nomem(corpus->mem, err)
                                                         : KUNDIG_OK;
        }
        if (is_main) {
            kundig__order_push(rows, count, limit, row, surest_order, &job);
        }
        if (!rc && row % 65536 == 65535) {
            rc = kundig__progress(corpus->context, row, corpus->rows, err);
        }
    }
    kundig__reading_free(&job.reading);
    if (!rc) {
        kundig__order_sort(rows, *count, surest_order, &job);
    }
    kundig__free(corpus->mem, job.sure, row_count * sizeof *job.sure);
    return rc;
}
