/* Which comments to label next: those that nobody judged, and of which the model is least sure.
 *
 * Invariant: comments are looked at in the canonical order of their records, so the answer does not
 * depend on how they came. Cost: one classification a comment that is not labelled. */
#include "corpus/told.h"

#include "base/text.h"
#include "corpus/comments.h"
#include "corpus/showing.h"
#include "table/table.h"
#include "topics/next.h"

#define UNLABELLED_LIMIT 20u

typedef struct unlabelled_job {
    kundig__corpus *corpus;
    const kundig_model *model;
    kundig__comments list;
    uint8_t *labelled; /* a row */
    uint32_t rows;
    kundig_text *texts;
    size_t text_count;
} unlabelled_job;

/* Rows of records that anybody said something of. */
static int unlabelled_mark(unlabelled_job *job, kundig_error *err)
{
    kundig__corpus *corpus = job->corpus;
    uint32_t facts = kundig__fact_rows(corpus, KUNDIG_FACTS_LABELS);
    kundig__buf scratch;
    int rc = KUNDIG_OK;
    job->labelled = kundig__alloc_zero(corpus->mem, corpus->rows);
    if (!job->labelled) {
        return kundig__nomem(corpus->mem, err);
    }
    job->rows = corpus->rows;
    kundig__buf_init(&scratch, corpus->mem);
    for (uint32_t fact_row = 0; fact_row < facts && !rc; fact_row++) {
        kundig__fact fact;
        rc = kundig__fact_at(corpus, KUNDIG_FACTS_LABELS, fact_row, NULL, &fact, err);
        uint32_t row =
            rc ? KUNDIG__DICT_NONE : kundig__labelled_row(corpus, &fact.as.label, &scratch);
        if (row != KUNDIG__DICT_NONE) {
            job->labelled[row] = 1;
        }
        rc = scratch.failed ? kundig__nomem(corpus->mem, err) : rc;
    }
    kundig__buf_free(&scratch);
    return rc;
}

static int unlabelled_order(const void *ud, uint32_t a, uint32_t b)
{
    return kundig__corpus_order(ud, a, b);
}

/* The rows that are not labelled and have a text, and their texts. */
static int unlabelled_texts(unlabelled_job *job, kundig_error *err)
{
    kundig__corpus *corpus = job->corpus;
    size_t kept = 0;
    for (size_t i = 0; i < job->list.count; i++) {
        uint32_t row = job->list.rows[i];
        if (!job->labelled[row] && kundig__corpus_text(corpus, row).len) {
            job->list.rows[kept++] = row;
        }
    }
    job->list.count = kept;
    kundig__order_sort(job->list.rows, kept, unlabelled_order, corpus);
    job->texts = kundig__alloc(corpus->mem, kept * sizeof *job->texts);
    if (!job->texts) {
        return kundig__nomem(corpus->mem, err);
    }
    job->text_count = kept;
    for (size_t i = 0; i < kept; i++) {
        job->texts[i] = kundig__corpus_text(corpus, job->list.rows[i]);
    }
    return KUNDIG_OK;
}

static void unlabelled_columns(kundig_table *table)
{
    kundig__table_column(table, "source", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "id", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "topic", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "probability", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    kundig__table_column(table, "second", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
    kundig__table_column(table, "second_probability", KUNDIG_COLUMN_NUMBER, KUNDIG_UNIT_SHARE);
    kundig__table_column(table, "text", KUNDIG_COLUMN_TEXT, KUNDIG_UNIT_NONE);
}

static void unlabelled_class(const unlabelled_job *job, kundig_table *table, size_t column,
                             uint32_t klass, float probability)
{
    if (klass != KUNDIG__NO_CLASS) {
        kundig__table_set_text(table, column,
                               kundig_model_class_name(job->model, KUNDIG_LESSON_TOPICS, klass));
        kundig__table_set_number(table, column + 1, probability);
    }
}

static int unlabelled_table(const unlabelled_job *job, const kundig__next *next, kundig_table **out,
                            kundig_error *err)
{
    const kundig_query nothing = {.keep = KUNDIG__NO_NODE};
    kundig__corpus *corpus = job->corpus;
    kundig__showing showing;
    kundig_table *table = kundig__table_new(corpus->mem);
    if (!table) {
        return kundig__nomem(corpus->mem, err);
    }
    int rc = kundig__showing_init(&showing, corpus, &nothing, err);
    if (rc) {
        kundig_table_free(table);
        return rc;
    }
    unlabelled_columns(table);
    for (size_t i = 0; i < next->count && !rc; i++) {
        const kundig__next_row *chosen = &next->rows[i];
        uint32_t row = job->list.rows[chosen->text];
        rc = kundig__showing_show(&showing, row, err);
        kundig__table_row(table);
        kundig__table_set_text(table, 0,
                               kundig__dimension_text(&corpus->dims[KUNDIG__DIM_SOURCE], row));
        kundig__table_set_text(table, 1, kundig__corpus_id(corpus, row));
        unlabelled_class(job, table, 2, chosen->klass, chosen->probability);
        unlabelled_class(job, table, 4, chosen->second, chosen->second_probability);
        kundig__table_set_text(table, 6, showing.text);
    }
    kundig__showing_free(&showing);
    if (rc) {
        kundig_table_free(table);
        return rc;
    }
    kundig__table_note(table, "%zu comment%s without a label", job->text_count,
                       job->text_count == 1 ? "" : "s");
    return kundig__table_finish(table, out, err);
}

int kundig__corpus_label_next(kundig__corpus *corpus, const kundig_query *query, size_t limit,
                              kundig_table **out, kundig_error *err)
{
    const kundig__context *context = corpus->context;
    unlabelled_job job = {.corpus = corpus, .list = {.corpus = corpus}};
    kundig__grouping *grouping = NULL;
    kundig__next next = {0};
    int rc = kundig__corpus_model(corpus, &job.model, err);
    rc = rc ? rc : kundig__comments_grouping(corpus, query, &grouping, err);
    rc = rc ? rc : kundig__comments_find(&job.list, grouping, 0, err);
    rc = rc ? rc : unlabelled_mark(&job, err);
    rc = rc ? rc : unlabelled_texts(&job, err);
    rc = rc ? rc
            : kundig__next_choose(&next, corpus->mem, job.model, KUNDIG_LESSON_TOPICS, job.texts,
                                  job.text_count, limit ? limit : UNLABELLED_LIMIT,
                                  context->threads, context->progress, context->progress_ud, err);
    if (!rc) {
        rc = unlabelled_table(&job, &next, out, err);
        kundig__next_free(&next);
    }
    kundig__grouping_free(grouping);
    kundig__comments_free(&job.list);
    kundig__free(corpus->mem, job.labelled, job.rows);
    kundig__free(corpus->mem, job.texts, job.text_count * sizeof *job.texts);
    return rc;
}
